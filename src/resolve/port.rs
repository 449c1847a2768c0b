//! What only inputs and outputs have: the range of their values, and their columns in data files.

use super::Resolver;
use super::error::ResolveError;
use crate::ast::Property;
use crate::network::ValueRange;
use crate::span::Span;
use crate::value::{Shape, evaluate};

impl Resolver<'_> {
    /// `range = [lo, hi]`; none after an error.
    pub(super) fn range(&mut self, property: &Property) -> Option<ValueRange> {
        let at = property.value.span;
        let tensor = evaluate(&property.value, &self.consts());
        let tensor = self.valued(tensor)?;
        let &[low, high] = tensor.values.as_slice() else {
            return self.not_a_range(at);
        };
        if tensor.shape != Shape::Vector(2) {
            return self.not_a_range(at);
        }
        if low > high {
            self.error(ResolveError::BackwardRange { low, high, at });
            return None;
        }
        Some(ValueRange { low, high, origin: property.name.span.to(at) })
    }

    fn not_a_range(&mut self, at: Span) -> Option<ValueRange> {
        let wanted = "a list of two numbers, the lowest and the highest: `range = [0, 1]`";
        self.error(ResolveError::BadProperty { name: "range", wanted, mend: None, at });
        None
    }

    /// Reports the first of `values`, which stand at `at`, that is outside `range`; `name` says whose each is.
    pub(super) fn within_range(
        &mut self,
        range: &ValueRange,
        values: &[f64],
        name: impl FnOnce(usize) -> String,
        at: Span,
    ) {
        if let Some(place) = values.iter().position(|value| !range.holds(*value)) {
            let (what, value, range) = (name(place), values[place], *range);
            self.error(ResolveError::OutsideRange { what, value, range, at });
        }
    }
}

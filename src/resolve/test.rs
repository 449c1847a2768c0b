//! `expect`: the tests that live with a network.

use std::collections::BTreeMap;

use super::Resolver;
use super::definition::Inside;
use super::error::{ResolveError, ShapeError, ValueOrigin};
use super::scope::Meaning;
use crate::ast::{Expect, Setting};
use crate::network::{Expectation, PopulationId, Units, Wanted};
use crate::span::Span;
use crate::value::{Shape, Tensor, evaluate};

/// Elements and their values, one each.
type Valued = Vec<(Units, Vec<f64>)>;

impl Resolver<'_> {
    pub(super) fn expectation(&mut self, expect: &Expect, origin: Span) -> Option<Expectation> {
        let given: Vec<_> = expect.inputs.iter().map(|setting| self.setting(setting, true)).collect();
        let wanted: Vec<_> = expect.wanted.iter().map(|setting| self.setting(setting, false)).collect();
        let within = expect.within.as_ref().map(|within| {
            let tensor = evaluate(within, &self.consts());
            let tensor = self.valued(tensor)?;
            let single = tensor.shape == Shape::Scalar && tensor.values[0] >= 0.0;
            if !single {
                let wanted = "one number of at least 0";
                self.error(ResolveError::BadProperty { name: "within", wanted, mend: None, at: within.span });
            }
            single.then(|| tensor.values[0])
        });
        let within = match within {
            Some(within) => Some(within?),
            None => None,
        };
        self.no_overlap(&expect.inputs, &given);
        let given: Option<Vec<_>> = given.into_iter().collect();
        let wanted: Option<Vec<_>> = wanted.into_iter().collect();
        let wanted = std::iter::zip(&expect.wanted, wanted?).flat_map(|(setting, parts)| {
            let origin = setting.reference.span.to(setting.value.span);
            parts.into_iter().map(move |(units, values)| Wanted { units, values, origin })
        });
        Some(Expectation { given: given?.into_iter().flatten().collect(), wanted: wanted.collect(), within, origin })
    }

    /// Reports inputs that one `expect` sets twice.
    fn no_overlap(&mut self, settings: &[Setting], given: &[Option<Valued>]) {
        let mut set: BTreeMap<(PopulationId, u32), (u32, Span)> = BTreeMap::new();
        for (setting, parts) in std::iter::zip(settings, given) {
            let at = setting.reference.span;
            for (units, _) in parts.iter().flatten() {
                let elements = units.elements();
                let before = set.range(..(units.population, elements.end)).next_back();
                let clash = before.filter(|((id, _), (end, _))| *id == units.population && *end > elements.start);
                if let Some((_, (_, first))) = clash {
                    let (name, first) = (setting.reference.name.text.clone(), *first);
                    self.error(ResolveError::SetTwice { name, first, at });
                    return;
                }
                set.insert((units.population, elements.start), (elements.end, at));
            }
        }
    }

    /// Reports a value that the range of its input does not hold.
    fn values_in_range(&mut self, parts: &[Units], tensor: &Tensor, setting: &Setting) {
        let [units] = parts else { return };
        let Some(range) = self.network.range(units.population).copied() else { return };
        let population = self.network.population(units.population);
        let (name, first, is_array) = (population.name.clone(), units.first as usize, population.is_array);
        let what = |place: usize| match tensor.shape {
            Shape::Scalar if units.count > 1 => crate::text::quoted(&name),
            _ if is_array => crate::text::quoted(&format!("{name}[{}]", first + place)),
            _ => crate::text::quoted(&name),
        };
        self.within_range(&range, &tensor.values, what, setting.value.span);
    }

    /// What a setting names and the values that it gives, one an element.
    fn setting(&mut self, setting: &Setting, is_input: bool) -> Option<Valued> {
        let tensor = evaluate(&setting.value, &self.names());
        let reference = &setting.reference;
        let output = match self.scope.get(&reference.name.text).map(|entry| &entry.meaning) {
            Some(Meaning::Output(parts)) if !is_input && reference.selector.is_none() => {
                Some(Inside { parts: parts.clone()?, is_array: false, declared: reference.name.span })
            }
            _ => None,
        };
        // Tests may look at everything inside an instance.
        let inside = if is_input { None } else { self.inside(&reference.name.text) };
        let parts = match output.or(inside) {
            Some(Inside { parts, is_array, declared }) => {
                let picked = self.names().parts(reference, &parts, is_array, declared);
                self.valued(picked)?
            }
            None => self.units(reference, if is_input { "input" } else { "input or neuron" })?,
        };
        let tensor = self.valued(tensor)?;
        let count: usize = parts.iter().map(|part| part.count as usize).sum();
        if !self.room_for_values(Some(count as u64), reference.span) {
            return None;
        }
        self.tally.values += count as u64;
        if is_input {
            self.values_in_range(&parts, &tensor, setting);
        }
        let mut values = match tensor.shape {
            Shape::Scalar => vec![tensor.values[0]; count],
            Shape::Vector(n) if n == count => tensor.values,
            Shape::Vector(_) | Shape::Matrix(..) => {
                let what = crate::text::quoted(&reference.name.text);
                let wanted = if count == 1 { Shape::Scalar } else { Shape::Vector(count) };
                let (value, size) = (setting.value.span, reference.span);
                self.error(ShapeError::ValueShape {
                    what,
                    shape: tensor.shape,
                    wanted,
                    value,
                    size,
                    origin: ValueOrigin::Written,
                });
                return None;
            }
        };
        let split = |part: Units| {
            let rest = values.split_off(part.count as usize);
            (part, std::mem::replace(&mut values, rest))
        };
        Some(parts.into_iter().map(split).collect())
    }
}

//! What only inputs and outputs have: the range of their values, and their columns in data files.

use std::collections::HashMap;

use super::Resolver;
use super::error::{PortError, ResolveError};
use crate::ast::{Expression, ExpressionKind, Name, Property};
use crate::network::ValueRange;
use crate::span::Span;
use crate::value::{Shape, evaluate};

/// A column that is named.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) at: Span,
}

/// The input or output whose columns are named.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner<'a> {
    pub(super) name: &'a Name,
    pub(super) size: u64,
    pub(super) is_array: bool,
}

/// The columns of outputs so far: those that are named, and those that bear the output's name.
#[derive(Debug, Default)]
pub(super) struct OutputColumns {
    named: Vec<Column>,
    /// By the output's name: its place, and how many elements it has if it is an array.
    by_name: HashMap<String, (Span, Option<u64>)>,
}

impl OutputColumns {
    /// Takes note of an output's columns.
    pub(super) fn add(&mut self, owner: Owner<'_>, columns: Option<Vec<Column>>) {
        match columns {
            Some(columns) => self.named.extend(columns),
            None => {
                let size = owner.is_array.then_some(owner.size);
                self.by_name.insert(owner.name.text.clone(), (owner.name.span, size));
            }
        }
    }

    /// Where an output stands that has this column because it bears its name: `y`, or `y[0]` of an array.
    fn bearing(&self, column: &str) -> Option<Span> {
        if let Some((at, _)) = self.by_name.get(column) {
            return Some(*at);
        }
        let (array, index) = column.strip_suffix(']')?.split_once('[')?;
        let (at, size) = self.by_name.get(array)?;
        let place: u64 = index.parse().ok()?;
        (place < (*size)? && index == place.to_string()).then_some(*at)
    }
}

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
            self.error(PortError::BackwardRange { low, high, at });
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
            self.error(PortError::OutsideRange { what, value, range, at });
        }
    }

    /// `column = "…"` of a single input or output, `columns = ["…", …]` of an array; none where neither is given, or
    /// after an error.
    pub(super) fn columns(
        &mut self,
        column: Option<&Property>,
        columns: Option<&Property>,
        owner: Owner<'_>,
    ) -> Option<Vec<Column>> {
        let wrong = if owner.is_array { column } else { columns };
        if let Some(wrong) = wrong {
            let (name, size, declared) = (owner.name.text.clone(), owner.size, owner.name.span);
            let at = wrong.name.span;
            let first = texts(&wrong.value).next().map(|(text, _)| text.to_owned());
            self.error(if owner.is_array {
                PortError::ColumnOfArray { name, size, first, declared, at }
            } else {
                PortError::ColumnsOfSingle { name, first, declared, at }
            });
        }
        let property = if owner.is_array { columns } else { column }?;
        let (value, at) = (&property.value, property.value.span);
        let is_list = matches!(value.kind, ExpressionKind::List(_) | ExpressionKind::Numbers(_));
        let items = match &value.kind {
            ExpressionKind::List(items) => items.iter().find(|item| !is_text(item)),
            _ => Some(value).filter(|value| !is_text(value)),
        };
        if owner.is_array != is_list || items.is_some() {
            self.error(not_a_column(property, owner.is_array, items.map_or(at, |item| item.span)));
            return None;
        }
        let named: Vec<Column> = texts(value).map(|(name, at)| Column { name: name.to_owned(), at }).collect();
        if named.len() as u64 != owner.size {
            let (name, given, declared) = (owner.name.text.clone(), named.len() as u64, owner.name.span);
            self.error(PortError::ColumnCount { name, size: owner.size, given, declared, at });
            return None;
        }
        let blank = named.iter().find(|column| column.name.trim().is_empty());
        if let Some(Column { at, .. }) = blank {
            self.error(PortError::BlankColumn { at: *at });
            return None;
        }
        self.distinct(&named, "two elements of this array have").then_some(named)
    }

    /// Reports the first column that two outputs have.
    pub(super) fn distinct_outputs(&mut self, columns: &OutputColumns) {
        if !self.distinct(&columns.named, "two outputs have") {
            return;
        }
        let clash = columns.named.iter().find_map(|column| Some((column, columns.bearing(&column.name)?)));
        if let Some((column, first)) = clash {
            let (name, at) = (column.name.clone(), column.at);
            self.error(PortError::ColumnIsOutput { name, first, at });
        }
    }

    /// Whether all columns differ; reports the first that does not.
    fn distinct(&mut self, columns: &[Column], who: &'static str) -> bool {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for Column { name, at } in columns {
            if let Some(first) = seen.insert(name, *at) {
                self.error(PortError::RepeatedColumn { name: name.clone(), who, first, at: *at });
                return false;
            }
        }
        true
    }
}

fn is_text(expression: &Expression) -> bool {
    matches!(expression.kind, ExpressionKind::Text(_))
}

/// The texts of a text or a list, with their places.
fn texts(value: &Expression) -> impl Iterator<Item = (&str, Span)> {
    let items = match &value.kind {
        ExpressionKind::List(items) => items.as_slice(),
        _ => std::slice::from_ref(value),
    };
    items.iter().filter_map(|item| match &item.kind {
        ExpressionKind::Text(text) => Some((text.as_str(), item.span)),
        _ => None,
    })
}

/// The error for something that is no text, or no list of them.
fn not_a_column(property: &Property, is_array: bool, at: Span) -> ResolveError {
    if is_array {
        let wanted = "a list of texts, one for each element: `columns = [\"length\", \"width\"]`";
        return ResolveError::BadProperty { name: "columns", wanted, mend: None, at };
    }
    let wanted = "a text: `column = \"petal length\"`";
    let mend = match &property.value.kind {
        ExpressionKind::Reference(reference) if reference.selector.is_none() => {
            Some(format!("\"{}\"", reference.name.text))
        }
        ExpressionKind::Number(number) => Some(format!("\"{}\"", number.spelling)),
        _ => None,
    };
    ResolveError::BadProperty { name: "column", wanted, mend, at }
}

#[cfg(test)]
mod tests {
    use crate::limits::Limits;
    use crate::network::PopulationKind;
    use crate::source::Sources;

    #[test]
    fn ranges_and_columns_are_kept_on_the_network() {
        let text = "input a { column = \"length\", range = [0, 1] }\ninput b[2] = 0 { columns = [\"x\", \"x y\"] }\n\
                    input c = 0\noutput a { column = \"out\" }\noutput d = [b, c] { columns = [\"1\", \"2\", \"3\"] }\noutput c\n";
        let (mut sources, limits) = (Sources::new(), Limits::default());
        let file = sources.add("ports.neuron", text.into(), &limits).expect("UTF-8");
        let (program, _) = crate::parser::parse(sources.get(file), &limits);
        let (network, mistakes) = super::super::resolve(&program, sources.get(file), &limits);
        let network = network.unwrap_or_else(|| panic!("{:?}", mistakes.into_sorted()));
        let of_inputs: Vec<Option<Vec<String>>> = network
            .inputs()
            .map(|(_, population)| match &population.kind {
                PopulationKind::Input { columns, .. } => columns.as_ref().map(|columns| columns.to_vec()),
                PopulationKind::Neuron { .. } => None,
            })
            .collect();
        let texts = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(of_inputs, [texts(&["length"]), texts(&["x", "x y"]), None]);
        let of_outputs: Vec<_> =
            network.outputs().iter().map(|output| output.columns.as_deref().map(<[_]>::to_vec)).collect();
        assert_eq!(of_outputs, [texts(&["out"]), texts(&["1", "2", "3"]), None]);
        let range = network.find("a").and_then(|a| network.range(a)).expect("it has a range");
        assert_eq!((range.low, range.high), (0.0, 1.0));
        assert_eq!(network.find("b").and_then(|b| network.range(b)), None);
    }
}

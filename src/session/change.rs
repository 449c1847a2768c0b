//! What differs between two states.

use std::collections::{HashMap, HashSet};

use super::model::State;
use crate::network::{Network, ParameterKind, Population, PopulationId, PopulationKind, Unit};
use crate::resolve::Thing;
use crate::value::Shape;

/// What a changed value is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// An input.
    Input,
    /// A const.
    Const,
    /// A named weight.
    Weight,
    /// A named bias.
    Bias,
    /// A neuron.
    Neuron,
    /// An output that is called otherwise than what it gives, or is computed inside of an instance.
    Output,
}

/// Something whose values differ, or that is there in one state alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its name.
    pub name: String,
    /// What it is.
    pub of: Of,
    /// Whether its elements are called `name[0]`.
    pub is_array: bool,
    /// How many columns it has, if it is a matrix.
    pub columns: Option<usize>,
    /// The values before, a matrix row by row; none where it was not there.
    pub before: Option<Vec<Option<f64>>>,
    /// The values after; none where it is no longer there. An element without a value waits for one of an input.
    pub after: Option<Vec<Option<f64>>>,
}

/// A statement or property that was written anew.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// What it is about: `c`, `h.bias`, `x1 -> c`.
    pub what: String,
    /// Its text before; of a connection or property, its value.
    pub before: Option<String>,
    /// Its text after.
    pub after: Option<String>,
}

/// What an entry changed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Changes {
    /// What was written to the document, in the order in which it was typed.
    pub written: Vec<Written>,
    /// Values that differ: inputs, consts, weights and biases, then neurons, each in the order of their declarations.
    pub values: Vec<Change>,
    /// Inputs that have no value yet, so that nothing can be computed.
    pub waiting: Vec<String>,
    /// Inputs whose values, set in the session, no longer fit their sizes or ranges, so that their defaults count.
    pub dropped: Vec<String>,
}

/// What differs between two states.
pub(super) fn changes(before: &State, after: &State, written: Vec<Written>) -> Changes {
    let mut values = Vec::new();
    units(before, after, true, &mut values);
    if !std::sync::Arc::ptr_eq(&before.model, &after.model) {
        named(before, after, &mut values);
    }
    units(before, after, false, &mut values);
    Changes { written, values, waiting: after.waiting(), dropped: Vec::new() }
}

/// The inputs of both states that lost a value that was set.
pub(super) fn dropped(before: &State, after: &State) -> Vec<String> {
    let is_lost = |name: &str, values: &[Option<f64>]| match after.set.get(name) {
        Some(now) => std::iter::zip(values, now).any(|(was, now)| was.is_some() && now.is_none()),
        None => matches!(after.model.known.thing(name), Some(Thing::Input(_))),
    };
    before.set.iter().filter(|(name, values)| is_lost(name, values)).map(|(name, _)| name.clone()).collect()
}

/// Inputs, or neurons.
fn units(before: &State, after: &State, inputs: bool, changes: &mut Vec<Change>) {
    let (old, new) = (&before.model.network, &after.model.network);
    let of = if inputs { Of::Input } else { Of::Neuron };
    let is_wanted = |population: &Population| matches!(population.kind, PopulationKind::Input { .. }) == inputs;
    let all = |network: &Network, state: &State, id: PopulationId| -> Vec<Option<f64>> {
        let units = network.population(id).units(id);
        units.elements().map(|element| state.value(Unit { population: id, element })).collect()
    };
    let mut known: HashMap<&str, PopulationId> =
        old.populations().filter(|(_, one)| is_wanted(one)).map(|(id, one)| (one.name.as_str(), id)).collect();
    for (id, population) in new.populations().filter(|(_, one)| is_wanted(one)) {
        let was = known.remove(population.name.as_str());
        let same = was.is_some_and(|was| {
            let old = old.population(was);
            let unit = |population, element| Unit { population, element };
            let is_same = |element| same(before.value(unit(was, element)), after.value(unit(id, element)));
            old.size == population.size && old.is_array == population.is_array && (0..old.size).all(is_same)
        });
        if !same {
            changes.push(Change {
                name: population.name.clone(),
                of,
                is_array: population.is_array,
                columns: None,
                before: was.map(|was| all(old, before, was)),
                after: Some(all(new, after, id)),
            });
        }
    }
    for (id, population) in old.populations().filter(|(_, one)| is_wanted(one)) {
        if known.contains_key(population.name.as_str()) {
            let (name, is_array) = (population.name.clone(), population.is_array);
            let before = Some(all(old, before, id));
            changes.push(Change { name, of, is_array, columns: None, before, after: None });
        }
    }
}

/// Two values that are shown alike: equal bits, or both no number.
fn same(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.to_bits() == other.to_bits() || one.is_nan() && other.is_nan(),
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// Consts, weights and biases.
fn named(before: &State, after: &State, changes: &mut Vec<Change>) {
    let (old, new) = (values(before), values(after));
    let known: HashMap<&str, &Stated<'_>> = old.iter().map(|one| (one.name, one)).collect();
    let there: HashSet<&str> = new.iter().map(|one| one.name).collect();
    for now in &new {
        let was = known.get(now.name);
        let is_same = was.is_some_and(|was| {
            (was.of, was.shape) == (now.of, now.shape)
                && std::iter::zip(was.values, now.values).all(|(was, now)| same(Some(*was), Some(*now)))
        });
        if !is_same {
            changes.push(now.change(was.map(|was| was.known()), Some(now.known())));
        }
    }
    let gone = old.iter().filter(|was| !there.contains(was.name));
    changes.extend(gone.map(|was| was.change(Some(was.known()), None)));
}

/// A const, weight or bias.
struct Stated<'a> {
    name: &'a str,
    of: Of,
    shape: Shape,
    values: &'a [f64],
}

impl Stated<'_> {
    fn known(&self) -> Vec<Option<f64>> {
        self.values.iter().copied().map(Some).collect()
    }

    fn change(&self, before: Option<Vec<Option<f64>>>, after: Option<Vec<Option<f64>>>) -> Change {
        let columns = match self.shape {
            Shape::Matrix(_, columns) => Some(columns),
            Shape::Scalar | Shape::Vector(_) => None,
        };
        let (name, is_array) = (self.name.to_owned(), self.shape != Shape::Scalar);
        Change { name, of: self.of, is_array, columns, before, after }
    }
}

fn values(state: &State) -> Vec<Stated<'_>> {
    state.model.known.things().filter_map(|(name, thing)| stated(name, thing, &state.model.network)).collect()
}

fn stated<'a>(name: &'a str, thing: &'a Thing, network: &'a Network) -> Option<Stated<'a>> {
    match thing {
        Thing::Const(value) => {
            let values = std::slice::from_ref(value);
            Some(Stated { name, of: Of::Const, shape: Shape::Scalar, values })
        }
        Thing::Parameter(id) => {
            let parameter = network.parameter(*id);
            let of = if parameter.kind == ParameterKind::Bias { Of::Bias } else { Of::Weight };
            Some(Stated { name, of, shape: parameter.shape, values: &parameter.values })
        }
        Thing::Input(_) | Thing::Neuron(_) | Thing::Output(..) | Thing::Instance => None,
    }
}

//! What is legal and probably not meant.

use std::collections::{BTreeMap, HashMap, HashSet};

use unicode_security::confusable_detection::skeleton;

use super::error::Lint;
use super::scope::{Meaning, Scope};
use crate::ast::Keyword;
use crate::combine::Combine;
use crate::diagnostic::Diagnostic;
use crate::network::{Connection, Network, PopulationId, PopulationKind, Unit};

/// The warnings for a network without errors.
pub(super) fn lint(scope: &Scope, network: &Network) -> Vec<Diagnostic> {
    let mut lints = Vec::new();
    unused(scope, network, &mut lints);
    unreachable(network, &mut lints);
    without_synapse(network, &mut lints);
    duplicates(network, &mut lints);
    look_alikes(scope, &mut lints);
    lints.into_iter().map(Lint::report).collect()
}

/// Inputs that feed nothing and are no output; parameters and consts that nothing uses.
fn unused(scope: &Scope, network: &Network, lints: &mut Vec<Lint>) {
    let parts = network.outputs().iter().flat_map(|output| &output.parts);
    let given: HashSet<PopulationId> = parts.map(|part| part.population).collect();
    for (id, population) in network.inputs() {
        if network.feeds_nothing(id) && !given.contains(&id) {
            lints.push(Lint::UnusedInput { name: population.name.clone(), at: population.origin });
        }
    }
    for (name, entry) in scope.iter().filter(|(_, entry)| !entry.used.get()) {
        let keyword = match entry.meaning {
            Meaning::Const(_) => Keyword::Const,
            Meaning::Parameter(keyword, _) => keyword,
            Meaning::Population(..) | Meaning::Output(_) => continue,
        };
        lints.push(Lint::UnusedValue { keyword, name: name.to_owned(), at: entry.declared });
    }
}

/// Neurons from which no way leads to an output, where there are outputs.
fn unreachable(network: &Network, lints: &mut Vec<Lint>) {
    if network.outputs().is_empty() {
        return;
    }
    let reaches = network.needed_by_outputs();
    for (id, population) in network.populations() {
        let is_neuron = matches!(population.kind, PopulationKind::Neuron { .. });
        if is_neuron && !reaches.contains(&id) {
            lints.push(Lint::ReachesNothing { name: population.name.clone(), at: population.origin });
        }
    }
}

/// Neurons that no synapse reaches and whose bias is 0: the first of each population.
fn without_synapse(network: &Network, lints: &mut Vec<Lint>) {
    for (id, population) in network.populations() {
        let PopulationKind::Neuron { bias, combine, .. } = population.kind else { continue };
        let values = &network.parameter(bias.parameter).values;
        let is_silent = |element: &u32| combine == Combine::Sum && values[bias.index(*element, 0)] == 0.0;
        let lonely = network.unreached(id).find(is_silent);
        if let Some(element) = lonely {
            let name = network.unit_name(Unit { population: id, element });
            lints.push(Lint::NoSynapse { name, at: population.origin });
        }
    }
}

/// Two synapses between the same pair: once a pair of populations.
fn duplicates(network: &Network, lints: &mut Vec<Lint>) {
    let mut between: BTreeMap<(PopulationId, PopulationId), Vec<&Connection>> = BTreeMap::new();
    for (_, connection) in network.connections() {
        between.entry((connection.targets.population, connection.sources.population)).or_default().push(connection);
    }
    for connections in between.into_values() {
        if let Some((first, second, from, to)) = overlap(connections) {
            let from = network.unit_name(from);
            let to = network.unit_name(to);
            lints.push(Lint::DuplicateSynapse { from, to, first: first.origin, at: second.origin });
        }
    }
}

/// Two connections between the same populations that share a synapse, as rectangles share a cell.
///
/// A sweep over the sources: as long as no two overlap, those open at one time are disjoint in their targets.
fn overlap(connections: Vec<&Connection>) -> Option<(&Connection, &Connection, Unit, Unit)> {
    let mut events: Vec<(u32, bool, usize)> = Vec::with_capacity(2 * connections.len());
    for (index, connection) in connections.iter().enumerate() {
        let sources = connection.sources.elements();
        events.push((sources.start, true, index));
        events.push((sources.end, false, index));
    }
    // At one source, what ends does so before anything begins.
    events.sort_unstable();
    let mut open: BTreeMap<u32, usize> = BTreeMap::new();
    for (source, begins, index) in events {
        let targets = connections[index].targets.elements();
        if !begins {
            open.remove(&targets.start);
            continue;
        }
        let before = open.range(..targets.end).next_back().map(|(_, other)| *other);
        let clash = before.filter(|other| connections[*other].targets.elements().end > targets.start);
        if let Some(other) = clash {
            let element = targets.start.max(connections[other].targets.first);
            let to = Unit { population: connections[index].targets.population, element };
            let from = Unit { population: connections[index].sources.population, element: source };
            let (first, second) = (index.min(other), index.max(other));
            return Some((connections[first], connections[second], from, to));
        }
        open.insert(targets.start, index);
    }
    None
}

/// Names that are drawn alike although their letters differ (Unicode TS #39); plain ASCII names are left alone.
fn look_alikes(scope: &Scope, lints: &mut Vec<Lint>) {
    if scope.iter().all(|(name, _)| name.is_ascii()) {
        return;
    }
    let mut drawn: HashMap<String, &str> = HashMap::new();
    for (name, entry) in scope.iter() {
        let shape: String = skeleton(name).collect();
        let Some(other) = drawn.get(&shape).copied() else {
            drawn.insert(shape, name);
            continue;
        };
        if name.is_ascii() && other.is_ascii() {
            continue;
        }
        let differing = std::iter::zip(name.chars(), other.chars()).find(|(here, there)| here != there);
        let (Some((here, there)), Some(first)) = (differing, scope.get(other)) else { continue };
        let (name, other) = (name.to_owned(), other.to_owned());
        lints.push(Lint::LookAlike { name, other, here, there, first: first.declared, at: entry.declared });
    }
}

//! What is legal and probably not meant.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use unicode_security::confusable_detection::skeleton;

use super::scope::{Meaning, Scope};
use super::warning::Lint;
use crate::ast::Keyword;
use crate::combine::Combine;
use crate::diagnostic::Diagnostic;
use crate::network::{Connection, ConnectionId, Network, PatternId, PopulationId, PopulationKind, Sources, Unit};

/// The warnings for a network without errors.
///
/// What a network inside an instance is not meant to be is told of that network. `is_library`: the file is there for
/// others, which may use all that it declares.
pub(super) fn lint(scope: &Scope, network: &Network, is_library: bool) -> Vec<Diagnostic> {
    let mut lints = Vec::new();
    if !is_library {
        unused(scope, network, &mut lints);
    }
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
    // The instances of which an output is read.
    let read = scope.iter().filter_map(|(_, entry)| match entry.meaning {
        Meaning::Port { instance, .. } => entry.used.get().then_some(instance),
        Meaning::Const(_)
        | Meaning::Parameter(..)
        | Meaning::Population(..)
        | Meaning::Output(_)
        | Meaning::Instance(_) => None,
    });
    let read: HashSet<usize> = read.collect();
    for (name, entry) in scope.iter().filter(|(_, entry)| !entry.used.get()) {
        let keyword = match entry.meaning {
            Meaning::Const(_) => Keyword::Const,
            Meaning::Parameter(..) if name.contains('.') => continue,
            Meaning::Parameter(keyword, _) => keyword,
            Meaning::Instance(place) => {
                if !read.contains(&place) {
                    lints.push(Lint::UnusedInstance { name: name.to_owned(), at: entry.declared });
                }
                continue;
            }
            Meaning::Population(..) | Meaning::Output(_) | Meaning::Port { .. } => continue,
        };
        lints.push(Lint::UnusedValue { keyword, name: name.to_owned(), at: entry.declared });
    }
    for (name, entry) in scope.activations().filter(|(_, entry)| !entry.used.get()) {
        lints.push(Lint::UnusedActivation { name: name.to_owned(), at: entry.declared });
    }
}

/// Neurons from which no way leads to an output, where there are outputs.
fn unreachable(network: &Network, lints: &mut Vec<Lint>) {
    if network.outputs().is_empty() {
        return;
    }
    for ((_, population), is_needed) in std::iter::zip(network.populations(), network.needed_by_outputs()) {
        let is_neuron = matches!(population.kind, PopulationKind::Neuron { .. });
        if is_neuron && !is_needed && !is_inside(&population.name) {
            lints.push(Lint::ReachesNothing { name: population.name.clone(), at: population.origin });
        }
    }
}

/// Whether a name is of something inside an instance.
fn is_inside(name: &str) -> bool {
    name.contains('.')
}

/// Neurons that no synapse reaches and whose bias is 0: the first of each population.
fn without_synapse(network: &Network, lints: &mut Vec<Lint>) {
    for (id, population) in network.populations() {
        let PopulationKind::Neuron { bias, combine: Combine::Sum, .. } = population.kind else { continue };
        if is_inside(&population.name) {
            continue;
        }
        let values = &network.parameter(bias.parameter).values;
        let is_silent = |element: &u32| values[bias.index(*element, 0)] == 0.0;
        let lonely = network.unreached(id).find(is_silent);
        if let Some(element) = lonely {
            let name = network.unit_name(Unit { population: id, element });
            lints.push(Lint::NoSynapse { name, at: population.origin });
        }
    }
}

/// Two synapses between the same pair: once a pair of populations.
fn duplicates(network: &Network, lints: &mut Vec<Lint>) {
    let between = |(id, connection): (ConnectionId, &Connection)| {
        (connection.targets.population, connection.sources.population, id)
    };
    let own = |(_, connection): &(ConnectionId, &Connection)| {
        !is_inside(&network.population(connection.targets.population).name)
    };
    let mut sorted: Vec<(PopulationId, PopulationId, ConnectionId)> =
        network.connections().filter(own).map(between).collect();
    sorted.sort_unstable();
    for group in sorted.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
        if group.len() == 1 {
            continue;
        }
        let ids = || group.iter().map(|(_, _, id)| *id);
        let is_single = |id| {
            let connection = network.connection(id);
            connection.sources.count == 1 && connection.targets.count == 1
        };
        let is_full = |id| network.connection(id).pattern == PatternId::ALL_TO_ALL;
        let found = if ids().all(is_single) {
            same_synapse(network, ids)
        } else if ids().all(is_full) {
            overlap(network, ids)
        } else {
            same_cell(network, ids)
        };
        if let Some((first, second, from, to)) = found {
            let (from, to) = (network.unit_name(from), network.unit_name(to));
            let (first, at) = (network.connection(first).origin, network.connection(second).origin);
            lints.push(Lint::DuplicateSynapse { from, to, first, at });
        }
    }
}

/// Two connections, the first one first, and a synapse that both have.
type Clash = (ConnectionId, ConnectionId, Unit, Unit);

/// The first of the synapses, by their ends, that two of the connections are; each is one synapse between the same
/// populations.
fn same_synapse<I: Iterator<Item = ConnectionId>>(network: &Network, ids: impl Fn() -> I) -> Option<Clash> {
    let ends = |id| {
        let connection = network.connection(id);
        (connection.sources.first, connection.targets.first)
    };
    let mut sorted: Vec<(u32, u32)> = ids().map(ends).collect();
    sorted.sort_unstable();
    let twice = sorted.windows(2).find(|pair| pair[0] == pair[1])?[0];
    let mut both = ids().filter(|id| ends(*id) == twice);
    let (first, second) = (both.next()?, both.next()?);
    let connection = network.connection(first);
    let from = Unit { population: connection.sources.population, element: twice.0 };
    let to = Unit { population: connection.targets.population, element: twice.1 };
    Some((first, second, from, to))
}

/// Two connections between the same populations that share a synapse, as rectangles share a cell.
///
/// A sweep over the sources: as long as no two overlap, those open at one time are disjoint in their targets.
fn overlap<I: Iterator<Item = ConnectionId>>(network: &Network, ids: impl Fn() -> I) -> Option<Clash> {
    let sources = |id| network.connection(id).sources.elements();
    let targets = |id| network.connection(id).targets.elements();
    let mut begins: Vec<(u32, ConnectionId)> = ids().map(|id| (sources(id).start, id)).collect();
    let mut ends: Vec<(u32, ConnectionId)> = ids().map(|id| (sources(id).end, id)).collect();
    begins.sort_unstable();
    ends.sort_unstable();
    let mut ends = ends.into_iter().peekable();
    let mut open: BTreeMap<u32, ConnectionId> = BTreeMap::new();
    for (source, id) in begins {
        // At one source, what ends does so before anything begins.
        while let Some((_, ended)) = ends.next_if(|(end, _)| *end <= source) {
            open.remove(&targets(ended).start);
        }
        let reached = targets(id);
        let before = open.range(..reached.end).next_back().map(|(_, other)| *other);
        if let Some(other) = before.filter(|other| targets(*other).end > reached.start) {
            let connection = network.connection(id);
            let to =
                Unit { population: connection.targets.population, element: reached.start.max(targets(other).start) };
            let from = Unit { population: connection.sources.population, element: source };
            return Some((id.min(other), id.max(other), from, to));
        }
        open.insert(reached.start, id);
    }
    None
}

/// Two connections between the same populations that share a synapse, where some do not join all with all: target by
/// target, the sources of each.
fn same_cell<I: Iterator<Item = ConnectionId>>(network: &Network, ids: impl Fn() -> I) -> Option<Clash> {
    let mut waiting: Vec<(ConnectionId, &Connection)> = ids().map(|id| (id, network.connection(id))).collect();
    // The last one to begin at the end.
    waiting.sort_unstable_by_key(|(id, connection)| std::cmp::Reverse((connection.targets.first, *id)));
    let mut active: Vec<(ConnectionId, &Connection)> = Vec::new();
    let mut read: Vec<(Range<u32>, ConnectionId)> = Vec::new();
    let mut target = 0;
    while !active.is_empty() || !waiting.is_empty() {
        if let (true, Some((_, next))) = (active.is_empty(), waiting.last()) {
            target = next.targets.first;
        }
        while let Some(next) = waiting.pop_if(|(_, next)| next.targets.first == target) {
            active.push(next);
        }
        read.clear();
        for (id, connection) in &active {
            let first = connection.sources.first;
            match network.synapses(connection, target - connection.targets.first).sources {
                Sources::Neighbours(range) => read.push((first + range.start..first + range.end, *id)),
                Sources::Listed(list) => {
                    read.extend(list.iter().map(|source| (first + source..first + source + 1, *id)));
                }
            }
        }
        read.sort_unstable_by_key(|(sources, id)| (sources.start, *id));
        // Neighbours tell: as long as no two overlap, each ends before the next begins.
        if let Some(pair) = read.windows(2).find(|pair| pair[0].0.end > pair[1].0.start) {
            let ((_, first), (second, other)) = (&pair[0], &pair[1]);
            let connection = network.connection(*first);
            let from = Unit { population: connection.sources.population, element: second.start };
            let to = Unit { population: connection.targets.population, element: target };
            return Some((*first.min(other), *first.max(other), from, to));
        }
        target += 1;
        active.retain(|(_, connection)| connection.targets.elements().end > target);
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

//! The order in which a network's neurons can be computed, or the loops that leave none.
//!
//! Order is found between populations. Only inside a group of populations that feed each other (or one that feeds
//! itself) is it found element by element, without listing the synapses.

use std::collections::{HashMap, VecDeque};

use petgraph::algo::kosaraju_scc;

use crate::network::{Connection, Network, PopulationId, PopulationKind, Unit, Units};

/// A loop without a delay: each unit feeds the next, the last one the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Loop {
    pub(crate) units: Vec<Unit>,
}

/// At the most so many synapses are walked in search of a shorter loop.
const SEARCH_BUDGET: usize = 5_000_000;

/// The neurons, sources before targets, as runs of neighbouring elements; or one loop a group that has some.
pub(crate) fn order(network: &Network) -> Result<Vec<Units>, Vec<Loop>> {
    // Kosaraju's algorithm yields groups in reverse topological order and, unlike Tarjan's, does not recurse.
    let mut groups = kosaraju_scc(&network.graph);
    groups.reverse();
    let mut runs = Vec::new();
    let mut loops = Vec::new();
    for group in groups {
        let ids: Vec<PopulationId> = group.into_iter().map(PopulationId::of).collect();
        let feeds_itself = |id: PopulationId| network.graph.contains_edge(id.node(), id.node());
        match ids.as_slice() {
            [only] if !feeds_itself(*only) => {
                let population = network.population(*only);
                if matches!(population.kind, PopulationKind::Neuron { .. }) {
                    runs.push(Units { population: *only, first: 0, count: population.size });
                }
            }
            _ => match Group::new(network, &ids).order() {
                Ok(ordered) => runs.extend(ordered),
                Err(found) => loops.push(found),
            },
        }
    }
    if loops.is_empty() { Ok(runs) } else { Err(loops) }
}

/// Populations that feed each other, element by element.
///
/// An element is a number: those of the first population, then those of the second, and so on. A population whose
/// activation needs the whole array is a single element, because each of its outputs depends on every net input.
struct Group<'a> {
    network: &'a Network,
    populations: Vec<PopulationId>,
    /// The first element's number of each population, and the count of all at the end.
    bases: Vec<usize>,
    /// Connections within the group, each with the places of its source's and its target's population.
    inner: Vec<(&'a Connection, usize, usize)>,
    /// Where each element's part of `feeds` starts, and the length of `feeds` at the end.
    starts: Vec<usize>,
    /// The inner connections that each element feeds.
    feeds: Vec<u32>,
}

impl<'a> Group<'a> {
    fn new(network: &'a Network, ids: &[PopulationId]) -> Group<'a> {
        let mut populations = ids.to_vec();
        populations.sort_unstable();
        let places: HashMap<PopulationId, usize> =
            populations.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        let mut bases = vec![0];
        for id in &populations {
            let elements = if is_whole(network, *id) { 1 } else { network.population(*id).size as usize };
            bases.push(bases[bases.len() - 1] + elements);
        }
        let mut inner = Vec::new();
        for (place, id) in populations.iter().enumerate() {
            for edge in network.graph.edges(id.node()) {
                let connection = edge.weight();
                if let Some(target) = places.get(&connection.targets.population) {
                    inner.push((connection, place, *target));
                }
            }
        }
        let mut group = Group { network, populations, bases, inner, starts: Vec::new(), feeds: Vec::new() };
        (group.starts, group.feeds) =
            group.listing(|(connection, source, _)| group.elements(*source, connection.sources));
        group
    }

    /// For each element the connections one of whose ends, as `end` tells it, holds the element: where each
    /// element's part of the list starts, and the list.
    fn listing(
        &self,
        end: impl Fn(&(&'a Connection, usize, usize)) -> std::ops::Range<usize>,
    ) -> (Vec<usize>, Vec<u32>) {
        let mut starts = vec![0; self.bases[self.bases.len() - 1] + 1];
        for connection in &self.inner {
            for element in end(connection) {
                starts[element + 1] += 1;
            }
        }
        for element in 1..starts.len() {
            starts[element] += starts[element - 1];
        }
        let mut next = starts.clone();
        let mut list = vec![0; starts[starts.len() - 1]];
        for (index, connection) in self.inner.iter().enumerate() {
            for element in end(connection) {
                list[next[element]] = u32::try_from(index).expect("edge indices are 32 bits");
                next[element] += 1;
            }
        }
        (starts, list)
    }

    /// The numbers of the elements of `units`, of the population at `place`.
    fn elements(&self, place: usize, units: Units) -> std::ops::Range<usize> {
        let base = self.bases[place];
        if is_whole(self.network, self.populations[place]) {
            return base..base + 1;
        }
        base + units.first as usize..base + (units.first + units.count) as usize
    }

    fn place_of(&self, element: usize) -> usize {
        self.bases.partition_point(|base| *base <= element) - 1
    }

    fn unit(&self, element: usize) -> Unit {
        let place = self.place_of(element);
        Unit { population: self.populations[place], element: (element - self.bases[place]) as u32 }
    }

    /// Calls `visit` with each element that `element` feeds, once a connection.
    fn fed_by(&self, element: usize, mut visit: impl FnMut(usize)) {
        for index in &self.feeds[self.starts[element]..self.starts[element + 1]] {
            let (connection, _, target) = self.inner[*index as usize];
            self.elements(target, connection.targets).for_each(&mut visit);
        }
    }

    /// Kahn's algorithm, element by element.
    fn order(&self) -> Result<Vec<Units>, Loop> {
        let count = self.bases[self.bases.len() - 1];
        let mut waiting = vec![0u64; count];
        for (connection, source, target) in &self.inner {
            let sources = self.elements(*source, connection.sources).len() as u64;
            for element in self.elements(*target, connection.targets) {
                waiting[element] += sources;
            }
        }
        let mut ready: VecDeque<usize> = (0..count).filter(|element| waiting[*element] == 0).collect();
        let mut runs: Vec<Units> = Vec::new();
        let mut done = 0;
        while let Some(element) = ready.pop_front() {
            done += 1;
            let unit = self.unit(element);
            let whole = is_whole(self.network, unit.population);
            let size = if whole { self.network.population(unit.population).size } else { 1 };
            runs.push(Units { population: unit.population, first: unit.element, count: size });
            self.fed_by(element, |target| {
                waiting[target] -= 1;
                if waiting[target] == 0 {
                    ready.push_back(target);
                }
            });
        }
        if done == count { Ok(runs) } else { Err(self.shortest_loop(&waiting)) }
    }

    /// The shortest loop among the elements that still wait, as far as the budget reaches.
    fn shortest_loop(&self, waiting: &[u64]) -> Loop {
        let mut best = self.any_loop(waiting);
        let mut budget = SEARCH_BUDGET;
        let first = best.clone();
        // What is on a loop comes first: the rest may only be fed by one.
        for start in first.into_iter().chain((0..waiting.len()).filter(|element| waiting[*element] > 0)) {
            if best.len() == 1 || budget == 0 {
                break;
            }
            if let Some(found) = self.loop_through(start, waiting, best.len(), &mut budget) {
                best = found;
            }
        }
        // Told from its first declared element on, wherever it was found.
        let first = (0..best.len()).min_by_key(|place| best[*place]).unwrap_or(0);
        best.rotate_left(first);
        Loop { units: best.into_iter().map(|element| self.unit(element)).collect() }
    }

    /// Some loop: each waiting element waits for another, so that going from one to what it waits for comes back.
    fn any_loop(&self, waiting: &[u64]) -> Vec<usize> {
        let (starts, into) = self.listing(|(connection, _, target)| self.elements(*target, connection.targets));
        let before = |element: usize| {
            let connections = &into[starts[element]..starts[element + 1]];
            let sources = connections.iter().flat_map(|index| {
                let (connection, source, _) = self.inner[*index as usize];
                self.elements(source, connection.sources)
            });
            let mut waited_for = sources.filter(|source| waiting[*source] > 0);
            waited_for.next().expect("a waiting element waits for another")
        };
        let mut element = (0..waiting.len()).find(|element| waiting[*element] > 0).expect("elements wait");
        let mut seen: HashMap<usize, usize> = HashMap::new();
        let mut path = Vec::new();
        loop {
            if let Some(place) = seen.insert(element, path.len()) {
                let mut found = path.split_off(place);
                found.reverse();
                return found;
            }
            path.push(element);
            element = before(element);
        }
    }

    /// The shortest loop through `start` with fewer than `bound` elements, by breadth-first search.
    fn loop_through(&self, start: usize, waiting: &[u64], bound: usize, budget: &mut usize) -> Option<Vec<usize>> {
        let mut before: HashMap<usize, usize> = HashMap::new();
        let mut queue = VecDeque::from([(start, 1usize)]);
        let mut closing: Option<usize> = None;
        while let Some((element, length)) = queue.pop_front() {
            if length >= bound || closing.is_some() || *budget == 0 {
                break;
            }
            self.fed_by(element, |target| {
                *budget = budget.saturating_sub(1);
                if waiting[target] == 0 || closing.is_some() {
                    return;
                }
                if target == start {
                    closing = Some(element);
                } else if let std::collections::hash_map::Entry::Vacant(entry) = before.entry(target) {
                    entry.insert(element);
                    queue.push_back((target, length + 1));
                }
            });
        }
        let mut element = closing?;
        let mut path = vec![element];
        while element != start {
            element = before[&element];
            path.push(element);
        }
        path.reverse();
        Some(path)
    }
}

fn is_whole(network: &Network, id: PopulationId) -> bool {
    network.population(id).is_whole()
}

//! The order in which a network's neurons can be computed, or the loops that leave none.
//!
//! Order is found between populations. Only inside a group of populations that feed each other (or one that feeds
//! itself) is it found element by element, without listing the synapses.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::Range;

use petgraph::algo::kosaraju_scc;
use petgraph::visit::EdgeRef;

use crate::network::{ConnectionId, Drawn, Network, Pattern, PopulationId, PopulationKind, Unit, Units};

/// A loop without a delay: each unit feeds the next, the last one the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Loop {
    pub(crate) units: Vec<Unit>,
}

/// At the most so many synapses are walked in search of a shorter loop.
const SEARCH_BUDGET: usize = 5_000_000;

/// The neurons, sources before targets, as runs of neighbouring elements; or one loop a group that has some.
pub(crate) fn order(network: &Network) -> Result<Vec<Units>, Vec<Loop>> {
    if let Some(ids) = order_of_populations(network) {
        let neurons = ids.into_iter().map(|id| (id, network.population(id)));
        let neurons = neurons.filter(|(_, population)| matches!(population.kind, PopulationKind::Neuron { .. }));
        return Ok(neurons.map(|(id, population)| population.units(id)).collect());
    }
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
                    runs.push(population.units(*only));
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

/// The populations, sources before targets, those that can be computed at one time as they were declared; none if some
/// feed each other.
///
/// Kahn's algorithm on a list of edges: walking the graph's own lists is many times slower.
fn order_of_populations(network: &Network) -> Option<Vec<PopulationId>> {
    let count = network.graph.node_count();
    let edges = network.graph.raw_edges();
    let mut waiting = vec![0u32; count];
    let mut starts = vec![0u32; count + 1];
    for edge in edges {
        waiting[edge.target().index()] += 1;
        starts[edge.source().index()] += 1;
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut targets = vec![0u32; edges.len()];
    for edge in edges.iter().rev() {
        let start = &mut starts[edge.source().index()];
        *start -= 1;
        targets[*start as usize] = narrow(edge.target().index());
    }
    let mut ordered: Vec<u32> = (0..narrow(count)).filter(|id| waiting[*id as usize] == 0).collect();
    let mut done = 0;
    while let Some(id) = ordered.get(done).map(|id| *id as usize) {
        done += 1;
        for target in &targets[starts[id] as usize..starts[id + 1] as usize] {
            waiting[*target as usize] -= 1;
            if waiting[*target as usize] == 0 {
                ordered.push(*target);
            }
        }
    }
    (done == count).then(|| ordered.into_iter().map(PopulationId).collect())
}

/// Populations that feed each other, element by element.
///
/// An element is a number: those of the first population, then those of the second, and so on. A population whose
/// activation needs the whole array is a single element, because each of its outputs depends on every net input.
struct Group<'a> {
    network: &'a Network,
    populations: Vec<PopulationId>,
    /// Which of them are a single element.
    whole: Vec<bool>,
    /// The first element's number of each population, and the count of all at the end.
    bases: Vec<usize>,
    /// Connections within the group.
    inner: Vec<Inner>,
    /// The inner connections that each element feeds.
    feeds: Listing,
    /// The targets of each source of the inner connections that are drawn, by their places in `inner`.
    drawn: BTreeMap<u32, Listing>,
}

/// A connection within a group, with the places of its source's and its target's population.
#[derive(Debug, Clone, Copy)]
struct Inner {
    connection: ConnectionId,
    source: u32,
    target: u32,
}

/// For each element some of the inner connections, or for each source its targets.
#[derive(Default)]
struct Listing {
    /// Where each element's part of the list starts, and the length of the list at the end.
    starts: Vec<u32>,
    list: Vec<u32>,
}

impl Listing {
    /// The targets of each of so many sources.
    fn of_targets(pairs: &Drawn, sources: u32) -> Listing {
        let mut starts = vec![0u32; sources as usize + 1];
        pairs.sources.iter().for_each(|source| starts[*source as usize] += 1);
        // First the end of each part; then the parts are filled from their ends.
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut list = vec![0; pairs.sources.len()];
        for (target, row) in pairs.rows.windows(2).enumerate().rev() {
            for source in &pairs.sources[row[0].0 as usize..row[1].0 as usize] {
                let start = &mut starts[*source as usize];
                *start -= 1;
                list[*start as usize] = narrow(target);
            }
        }
        Listing { starts, list }
    }

    fn of(&self, element: usize) -> &[u32] {
        &self.list[self.starts[element] as usize..self.starts[element + 1] as usize]
    }
}

impl<'a> Group<'a> {
    fn new(network: &'a Network, ids: &[PopulationId]) -> Group<'a> {
        let mut populations = ids.to_vec();
        populations.sort_unstable();
        let places: HashMap<PopulationId, usize> =
            populations.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        let whole: Vec<bool> = populations.iter().map(|id| network.population(*id).is_whole()).collect();
        let mut bases = vec![0];
        for (id, is_whole) in std::iter::zip(&populations, &whole) {
            let elements = if *is_whole { 1 } else { network.population(*id).size as usize };
            bases.push(bases[bases.len() - 1] + elements);
        }
        let mut inner = Vec::new();
        for (source, id) in populations.iter().enumerate() {
            for edge in network.graph.edges(id.node()) {
                if let Some(target) = places.get(&edge.weight().targets.population) {
                    let connection = ConnectionId(narrow(edge.id().index()));
                    inner.push(Inner { connection, source: narrow(source), target: narrow(*target) });
                }
            }
        }
        let mut drawn = BTreeMap::new();
        for (place, inner) in inner.iter().enumerate() {
            let connection = network.connection(inner.connection);
            if let Pattern::Random(pairs) = network.pattern(connection.pattern) {
                drawn.insert(narrow(place), Listing::of_targets(pairs, connection.sources.count));
            }
        }
        let mut group = Group { network, populations, whole, bases, inner, feeds: Listing::default(), drawn };
        group.feeds = group.listing(Group::sources);
        group
    }

    /// For each element the connections one of whose ends, as `end` tells it, holds the element.
    fn listing(&self, end: impl Fn(&Self, Inner) -> Range<usize>) -> Listing {
        let mut starts = vec![0u32; self.bases[self.bases.len() - 1] + 1];
        for inner in &self.inner {
            for element in end(self, *inner) {
                starts[element] += 1;
            }
        }
        // First the end of each part; then the parts are filled from their ends.
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut list = vec![0; sum as usize];
        for (index, inner) in self.inner.iter().enumerate().rev() {
            for element in end(self, *inner) {
                starts[element] -= 1;
                list[starts[element] as usize] = narrow(index);
            }
        }
        Listing { starts, list }
    }

    fn sources(&self, inner: Inner) -> Range<usize> {
        self.elements(inner.source as usize, self.network.connection(inner.connection).sources)
    }

    fn targets(&self, inner: Inner) -> Range<usize> {
        self.elements(inner.target as usize, self.network.connection(inner.connection).targets)
    }

    /// The numbers of the elements of `units`, of the population at `place`.
    fn elements(&self, place: usize, units: Units) -> Range<usize> {
        let base = self.bases[place];
        if self.whole[place] {
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

    /// Which of the connection's units at an end, counted from its first there, the element is; a population that is
    /// a single element is all of them.
    fn units_of(&self, element: usize, place: u32, units: Units) -> Range<u32> {
        if self.whole[place as usize] {
            return 0..units.count;
        }
        let unit = narrow(element - self.bases[place as usize]) - units.first;
        unit..unit + 1
    }

    /// The element that a target of an inner connection is, counted from its first.
    fn target(&self, inner: Inner, target: u32) -> usize {
        let targets = self.targets(inner);
        if self.whole[inner.target as usize] { targets.start } else { targets.start + target as usize }
    }

    /// Calls `visit` with each element that `element` feeds: once a connection from all to all, else once a synapse.
    fn fed_by(&self, element: usize, mut visit: impl FnMut(usize)) {
        for index in self.feeds.of(element) {
            let inner = self.inner[*index as usize];
            let connection = self.network.connection(inner.connection);
            let sources = self.units_of(element, inner.source, connection.sources);
            match self.network.pattern(connection.pattern) {
                Pattern::AllToAll => self.targets(inner).for_each(&mut visit),
                Pattern::OneToOne => sources.for_each(|source| visit(self.target(inner, source))),
                Pattern::Random(_) => {
                    let targets = |source: u32| self.drawn[index].of(source as usize);
                    let each =
                        |source: u32| targets(source).iter().for_each(|target| visit(self.target(inner, *target)));
                    sources.for_each(each);
                }
            }
        }
    }

    /// Kahn's algorithm, element by element.
    fn order(&self) -> Result<Vec<Units>, Loop> {
        let count = self.bases[self.bases.len() - 1];
        let mut waiting = vec![0u32; count];
        for inner in &self.inner {
            let connection = self.network.connection(inner.connection);
            for element in self.targets(*inner) {
                let targets = self.units_of(element, inner.target, connection.targets);
                // As often as `fed_by` comes to it.
                waiting[element] += match self.network.pattern(connection.pattern) {
                    Pattern::AllToAll => narrow(self.sources(*inner).len()),
                    Pattern::OneToOne | Pattern::Random(_) => {
                        u32::try_from(self.network.synapse_count(connection, targets)).expect("synapses are limited")
                    }
                };
            }
        }
        let is_ready = |element: &usize| waiting[*element] == 0;
        let mut ready: VecDeque<u32> = (0..count).filter(is_ready).map(narrow).collect();
        let mut runs: Vec<Units> = Vec::new();
        let mut done = 0;
        while let Some(element) = ready.pop_front() {
            let element = element as usize;
            done += 1;
            let unit = self.unit(element);
            let is_whole = self.whole[self.place_of(element)];
            let size = if is_whole { self.network.population(unit.population).size } else { 1 };
            runs.push(Units { population: unit.population, first: unit.element, count: size });
            self.fed_by(element, |target| {
                waiting[target] -= 1;
                if waiting[target] == 0 {
                    ready.push_back(narrow(target));
                }
            });
        }
        if done == count { Ok(runs) } else { Err(self.shortest_loop(waiting)) }
    }

    /// The shortest loop among the elements that still wait, as far as the budget reaches.
    fn shortest_loop(&self, mut waiting: Vec<u32>) -> Loop {
        let mut best = self.any_loop(&waiting);
        let mut budget = SEARCH_BUDGET;
        let first = best.clone();
        // What is on a loop comes first: the rest may only be fed by one.
        for start in first.into_iter().chain(0..waiting.len()) {
            if best.len() == 1 || budget == 0 {
                break;
            }
            if waiting[start] == 0 {
                continue;
            }
            if let Some(found) = self.loop_through(start, &waiting, best.len(), &mut budget) {
                best = found;
            }
            self.leave_out(start, &mut waiting);
        }
        // Told from its first declared element on, wherever it was found.
        let first = (0..best.len()).min_by_key(|place| best[*place]).unwrap_or(0);
        best.rotate_left(first);
        Loop { units: best.into_iter().map(|element| self.unit(element)).collect() }
    }

    /// An element whose loops are known waits no more, nor do those that waited for it alone: one long loop is walked
    /// once, not from each of its elements.
    fn leave_out(&self, element: usize, waiting: &mut [u32]) {
        waiting[element] = 0;
        let mut done = vec![element];
        while let Some(element) = done.pop() {
            self.fed_by(element, |target| {
                if waiting[target] > 0 {
                    waiting[target] -= 1;
                    if waiting[target] == 0 {
                        done.push(target);
                    }
                }
            });
        }
    }

    /// Some loop: each waiting element waits for another, so that going from one to what it waits for comes back.
    fn any_loop(&self, waiting: &[u32]) -> Vec<usize> {
        let reached_by = self.listing(Group::targets);
        let before = |element: usize| {
            let mut found = reached_by.of(element).iter().filter_map(|index| {
                let inner = self.inner[*index as usize];
                self.sources_of(inner, element).find(|source| waiting[*source] > 0)
            });
            found.next().expect("a waiting element waits for another")
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

    /// The elements that feed one target of an inner connection.
    fn sources_of(&self, inner: Inner, element: usize) -> impl Iterator<Item = usize> {
        let connection = self.network.connection(inner.connection);
        let all = self.sources(inner);
        let is_whole = self.whole[inner.source as usize];
        let targets = match self.network.pattern(connection.pattern) {
            // All its targets have the same.
            Pattern::AllToAll => 0..1,
            Pattern::OneToOne | Pattern::Random(_) => self.units_of(element, inner.target, connection.targets),
        };
        let sources = targets.flat_map(|target| self.network.synapses(connection, target));
        sources.map(move |(source, _)| if is_whole { all.start } else { all.start + source as usize })
    }

    /// The shortest loop through `start` with fewer than `bound` elements, by breadth-first search.
    fn loop_through(&self, start: usize, waiting: &[u32], bound: usize, budget: &mut usize) -> Option<Vec<usize>> {
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

/// Elements, connections and synapses are limited to what 32 bits count.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).expect("elements, connections and synapses are limited")
}

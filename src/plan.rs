//! How to compute a network: flat steps over slots, without names.
//!
//! A plan refers to the network's parameters, so that changing one needs no new plan. It never changes and can be
//! shared between threads.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::network::{ConnectionId, Network, PopulationId, Unit, Units};
use crate::order::order;

/// What of a network is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The outputs, and of the rest only what they need; the slots of values that nobody reads any more are reused.
    Outputs,
    /// Every neuron; each keeps its slot, so that any of them can be read afterwards.
    Everything,
}

/// Several neighbouring slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slots {
    pub(crate) first: u32,
    pub(crate) count: u32,
}

impl Slots {
    #[inline(always)]
    pub(crate) fn range(self) -> Range<usize> {
        self.first as usize..self.first as usize + self.count as usize
    }
}

/// One thing to compute.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// Neurons that read the same sources: each adds its synapses in order, then its bias, and applies the activation.
    Neurons(Neurons),
    /// An activation of a whole array: from net inputs to outputs, in place.
    Whole { population: PopulationId, slots: Slots },
}

/// Neighbouring neurons of one population that read the same sources. Combine, bias and activation are the population's.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Neurons {
    pub(crate) units: Units,
    /// Where the first one's output goes; the others follow.
    pub(crate) slot: u32,
    /// What they read, in order: a range of [`Plan::terms`].
    pub(crate) terms: Range<u32>,
}

/// What a connection brings to the neurons of a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Term {
    pub(crate) connection: ConnectionId,
    /// Where the connection's first source is; the others follow.
    pub(crate) slot: u32,
    /// The connection's first target is so many elements before the step's first neuron.
    pub(crate) row: u32,
}

/// How to compute what is wanted of a network, made by [`plan`](fn@plan).
///
/// It holds no values: those of weights and biases are read from the network at each evaluation, which must be the one
/// that the plan was made from.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How many slots an evaluation needs.
    pub(crate) slot_count: usize,
    /// Where the inputs are put: population and slots, in the order of their declarations.
    pub(crate) inputs: Vec<(PopulationId, Slots)>,
    pub(crate) steps: Vec<Step>,
    pub(crate) terms: Vec<Term>,
    /// Where the outputs are found at the end, in order.
    pub(crate) outputs: Vec<Slots>,
    /// Where each population's elements are, by its number, if all are kept.
    places: Vec<Option<u32>>,
}

impl Plan {
    /// How many values an evaluation takes: all elements of all inputs, in the order of their declarations.
    #[must_use]
    pub fn input_count(&self) -> usize {
        self.inputs.iter().map(|(_, slots)| slots.count as usize).sum()
    }

    /// How many values an evaluation gives: all elements of all outputs, in order.
    #[must_use]
    pub fn output_count(&self) -> usize {
        self.outputs.iter().map(|slots| slots.count as usize).sum()
    }

    /// The slot of a unit, in a plan for [`Wanted::Everything`].
    pub(crate) fn slot(&self, unit: Unit) -> Option<usize> {
        let first = *self.places.get(unit.population.0 as usize)?;
        first.map(|first| first as usize + unit.element as usize)
    }
}

/// Plans how to compute what is wanted of `network`: the order of evaluation, and where each value is kept.
///
/// For [`trace`](fn@crate::trace) either will do: it shows the neurons of the plan.
///
/// # Panics
/// Never on a network that [`resolve`](crate::resolve) made: it has no loops.
#[must_use]
pub fn plan(network: &Network, wanted: Wanted) -> Plan {
    let runs = order(network).unwrap_or_else(|_| panic!("a resolved network has no loops"));
    let runs = match wanted {
        Wanted::Everything => runs,
        Wanted::Outputs => needed(network, runs),
    };
    let places = vec![None; network.populations().count()];
    Planner { network, wanted, slots: Allocator::default(), places, plan: Vec::new(), terms: Vec::new() }.plan(&runs)
}

/// The runs of populations that the outputs depend on.
fn needed(network: &Network, runs: Vec<Units>) -> Vec<Units> {
    let needed = network.needed_by_outputs();
    runs.into_iter().filter(|run| needed[run.population.0 as usize]).collect()
}

struct Planner<'a> {
    network: &'a Network,
    wanted: Wanted,
    slots: Allocator,
    places: Vec<Option<u32>>,
    plan: Vec<Step>,
    terms: Vec<Term>,
}

impl Planner<'_> {
    fn plan(mut self, runs: &[Units]) -> Plan {
        let mut inputs = Vec::new();
        for (id, population) in self.network.inputs() {
            inputs.push((id, Slots { first: self.place(id), count: population.size }));
        }
        let last_reads = if self.wanted == Wanted::Outputs { self.last_reads(runs) } else { Vec::new() };
        let mut last_reads = last_reads.into_iter().peekable();
        let mut segments: HashMap<PopulationId, Segments> = HashMap::new();
        for (time, run) in runs.iter().enumerate() {
            let id = run.population;
            self.place(id);
            if run.count == self.network.population(id).size {
                self.neurons(*run, &Segments::of(self.network, id));
            } else {
                // Computed element by element: the same segments serve all runs.
                let segments = segments.entry(id).or_insert_with(|| Segments::of(self.network, id));
                self.neurons(*run, segments);
            }
            while let Some((_, id)) = last_reads.next_if(|(last, _)| *last as usize == time) {
                let units = self.network.population(id).units(id);
                self.slots.give_back(self.slots_of(units));
            }
        }
        let outputs = self.network.outputs().iter().flat_map(|output| &output.parts);
        Plan {
            slot_count: self.slots.end as usize,
            inputs,
            outputs: outputs.map(|part| self.slots_of(*part)).collect(),
            steps: self.plan,
            terms: self.terms,
            places: if self.wanted == Wanted::Everything { self.places } else { Vec::new() },
        }
    }

    /// The first slot of a population, which gets its slots when it is first asked for.
    fn place(&mut self, id: PopulationId) -> u32 {
        let place = &mut self.places[id.0 as usize];
        *place.get_or_insert_with(|| self.slots.take(self.network.population(id).size))
    }

    /// When each computed or read population is read for the last time, as the number of a run, sorted; those that are
    /// outputs are left out.
    fn last_reads(&self, runs: &[Units]) -> Vec<(u32, PopulationId)> {
        let mut last: Vec<Option<u32>> = vec![None; self.places.len()];
        let mut computed = last.clone();
        for (time, run) in runs.iter().enumerate() {
            let time = u32::try_from(time).expect("neurons are limited");
            computed[run.population.0 as usize] = Some(time);
        }
        for (id, _) in self.network.populations() {
            let Some(time) = computed[id.0 as usize] else { continue };
            for read in self.network.sources_of(id).chain([id]) {
                let known = &mut last[read.0 as usize];
                *known = (*known).max(Some(time));
            }
        }
        for part in self.network.outputs().iter().flat_map(|output| &output.parts) {
            last[part.population.0 as usize] = None;
        }
        let ids = self.network.populations().map(|(id, _)| id);
        let mut sorted: Vec<(u32, PopulationId)> =
            std::iter::zip(last, ids).filter_map(|(last, id)| Some((last?, id))).collect();
        sorted.sort_unstable();
        sorted
    }

    /// The slots of units whose population has its place.
    fn slots_of(&self, units: Units) -> Slots {
        let first = self.places[units.population.0 as usize].expect("sources come before their targets");
        Slots { first: first + units.first, count: units.count }
    }

    /// The steps of one run of neurons: a step for each part of it that reads the same sources.
    fn neurons(&mut self, run: Units, segments: &Segments) {
        let end = run.first + run.count;
        for segment in segments.first_within(run.first)..segments.ends.len() {
            let (elements, connections) = segments.get(segment);
            if elements.start >= end {
                break;
            }
            let first = elements.start.max(run.first);
            let units = Units { population: run.population, first, count: elements.end.min(end) - first };
            let terms = self.terms_end();
            for id in connections {
                let connection = self.network.connection(*id);
                let row = first - connection.targets.first;
                // Sources of other neurons alone may not have been computed yet.
                if self.network.synapse_count(connection, row..row + units.count) > 0 {
                    let slot = self.slots_of(connection.sources).first;
                    self.terms.push(Term { connection: *id, slot, row });
                }
            }
            let slot = self.slots_of(units).first;
            self.plan.push(Step::Neurons(Neurons { units, slot, terms: terms..self.terms_end() }));
        }
        if self.network.population(run.population).is_whole() {
            self.plan.push(Step::Whole { population: run.population, slots: self.slots_of(run) });
        }
    }

    fn terms_end(&self) -> u32 {
        u32::try_from(self.terms.len()).expect("there are at most as many terms as synapses, which are limited")
    }
}

/// A population cut where the connections that reach its elements change.
struct Segments {
    /// The element after each segment.
    ends: Vec<u32>,
    /// Where each segment's part of `connections` starts, and the length of `connections` at the end.
    starts: Vec<u32>,
    /// The connections that reach each segment, in the order of their synapses.
    connections: Vec<ConnectionId>,
}

impl Segments {
    fn of(network: &Network, id: PopulationId) -> Segments {
        let size = network.population(id).size;
        let targets = |connection: ConnectionId| network.connection(connection).targets.elements();
        let mut waiting = network.incoming(id);
        // The last one to begin at the end; of those that begin together, the first in order.
        waiting.sort_unstable_by_key(|connection| std::cmp::Reverse((targets(*connection).start, *connection)));
        let mut segments = Segments { ends: Vec::new(), starts: vec![0], connections: Vec::new() };
        let mut active: Vec<ConnectionId> = Vec::new();
        let mut start = 0;
        while start < size {
            active.retain(|connection| targets(*connection).end > start);
            let kept = active.len();
            while let Some(next) = waiting.pop_if(|next| targets(*next).start == start) {
                active.push(next);
            }
            if kept > 0 && active.len() > kept {
                active.sort_unstable();
            }
            let next = waiting.last().map_or(size, |next| targets(*next).start);
            start = active.iter().map(|connection| targets(*connection).end).chain([next]).min().unwrap_or(size);
            segments.ends.push(start);
            segments.connections.extend(&active);
            segments.starts.push(u32::try_from(segments.connections.len()).expect("synapses are limited"));
        }
        segments
    }

    /// The first segment that ends behind an element.
    fn first_within(&self, element: u32) -> usize {
        self.ends.partition_point(|end| *end <= element)
    }

    /// The elements of a segment and the connections that reach them.
    fn get(&self, segment: usize) -> (Range<u32>, &[ConnectionId]) {
        let start = segment.checked_sub(1).map_or(0, |before| self.ends[before]);
        let connections = self.starts[segment] as usize..self.starts[segment + 1] as usize;
        (start..self.ends[segment], &self.connections[connections])
    }
}

/// Hands out ranges of slots, and those given back again: the smallest that fits first.
#[derive(Debug, Default)]
struct Allocator {
    end: u32,
    /// The first slots of free ranges, by their size.
    free: BTreeMap<u32, Vec<u32>>,
}

impl Allocator {
    /// The first of `count` neighbouring slots.
    fn take(&mut self, count: u32) -> u32 {
        let fitting = self.free.range(count..).next().map(|(size, _)| *size);
        let Some(size) = fitting else {
            let first = self.end;
            self.end += count;
            return first;
        };
        let starts = self.free.get_mut(&size).expect("the size was just found");
        let first = starts.pop().expect("no size is kept without a range");
        if starts.is_empty() {
            self.free.remove(&size);
        }
        if size > count {
            self.give_back(Slots { first: first + count, count: size - count });
        }
        first
    }

    fn give_back(&mut self, slots: Slots) {
        self.free.entry(slots.count).or_default().push(slots.first);
    }
}

//! How to compute a network: flat steps over slots, without names.
//!
//! A plan refers to the network's parameters, so that changing one needs no new plan. It never changes and can be
//! shared between threads.

use std::collections::{BTreeMap, HashMap};

use crate::activation::Activation;
use crate::combine::Combine;
use crate::network::{ConnectionId, Network, PopulationId, PopulationKind, Unit, Units, View};
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
    pub(crate) first: usize,
    pub(crate) count: usize,
}

/// One thing to compute.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// Neurons that read the same sources: each adds its synapses in order, then its bias, and applies the activation.
    Neurons(Neurons),
    /// An activation of a whole array: from net inputs to outputs, in place.
    Whole { population: PopulationId, slots: Slots, activation: Activation },
}

/// Neighbouring neurons of one population that read the same sources.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Neurons {
    pub(crate) units: Units,
    /// Where their outputs go.
    pub(crate) slots: Slots,
    /// What they read, in order: a range of [`Plan::terms`].
    pub(crate) terms: std::ops::Range<usize>,
    /// The bias of neuron `i` of these is cell (i, 0).
    pub(crate) bias: View,
    pub(crate) combine: Combine,
    pub(crate) activation: Activation,
}

/// Neighbouring sources and their weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Term {
    pub(crate) connection: ConnectionId,
    pub(crate) sources: Units,
    pub(crate) slots: Slots,
    /// The weight from source `j` of these into neuron `i` of the step is cell (i, j).
    pub(crate) weights: View,
}

/// How to compute what is wanted of a network.
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
    /// Where each population's elements are, if all are kept.
    places: HashMap<PopulationId, Slots>,
}

impl Plan {
    /// How many values an evaluation takes: all elements of all inputs, in the order of their declarations.
    #[must_use]
    pub fn input_count(&self) -> usize {
        self.inputs.iter().map(|(_, slots)| slots.count).sum()
    }

    /// How many values an evaluation gives: all elements of all outputs, in order.
    #[must_use]
    pub fn output_count(&self) -> usize {
        self.outputs.iter().map(|slots| slots.count).sum()
    }

    /// The slot of a unit, in a plan for [`Wanted::Everything`].
    pub(crate) fn slot(&self, unit: Unit) -> Option<usize> {
        self.places.get(&unit.population).map(|slots| slots.first + unit.element as usize)
    }
}

/// Plans how to compute what is wanted of `network`.
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
    Planner {
        network,
        wanted,
        slots: Allocator::default(),
        places: HashMap::new(),
        plan: Vec::new(),
        terms: Vec::new(),
    }
    .plan(&runs)
}

/// The runs of populations that the outputs depend on.
fn needed(network: &Network, runs: Vec<Units>) -> Vec<Units> {
    let needed = network.needed_by_outputs();
    runs.into_iter().filter(|run| needed.contains(&run.population)).collect()
}

struct Planner<'a> {
    network: &'a Network,
    wanted: Wanted,
    slots: Allocator,
    places: HashMap<PopulationId, Slots>,
    plan: Vec<Step>,
    terms: Vec<Term>,
}

impl Planner<'_> {
    fn plan(mut self, runs: &[Units]) -> Plan {
        let mut inputs = Vec::new();
        for (id, population) in self.network.inputs() {
            let slots = self.slots.take(population.size as usize);
            self.places.insert(id, slots);
            inputs.push((id, slots));
        }
        let last_reads = self.last_reads(runs);
        let mut segments: HashMap<PopulationId, Vec<Segment>> = HashMap::new();
        for (time, run) in runs.iter().enumerate() {
            let id = run.population;
            let size = self.network.population(id).size;
            if !self.places.contains_key(&id) {
                let slots = self.slots.take(size as usize);
                self.places.insert(id, slots);
            }
            if run.count == size {
                self.neurons(*run, &segments_of(self.network, id));
            } else {
                // Computed element by element: the same segments serve all runs.
                let segments = segments.entry(id).or_insert_with(|| segments_of(self.network, id));
                self.neurons(*run, segments);
            }
            if self.wanted == Wanted::Outputs {
                for id in last_reads.get(&time).into_iter().flatten() {
                    if let Some(slots) = self.places.get(id) {
                        self.slots.give_back(*slots);
                    }
                }
            }
        }
        let outputs = self.network.outputs().iter().flat_map(|output| &output.parts);
        let outputs = outputs.filter_map(|part| self.slots_of(*part)).collect();
        Plan {
            slot_count: self.slots.end,
            inputs,
            steps: self.plan,
            terms: self.terms,
            outputs,
            places: if self.wanted == Wanted::Everything { self.places } else { HashMap::new() },
        }
    }

    /// The populations that are read for the last time by run number n; never those that are outputs.
    fn last_reads(&self, runs: &[Units]) -> HashMap<usize, Vec<PopulationId>> {
        let mut computed: BTreeMap<PopulationId, usize> = BTreeMap::new();
        for (time, run) in runs.iter().enumerate() {
            computed.insert(run.population, time);
        }
        let mut last = computed.clone();
        for (id, time) in &computed {
            for source in self.network.sources_of(*id) {
                let read = last.entry(source).or_default();
                *read = (*read).max(*time);
            }
        }
        for part in self.network.outputs().iter().flat_map(|output| &output.parts) {
            last.remove(&part.population);
        }
        let mut by_time: HashMap<usize, Vec<PopulationId>> = HashMap::new();
        for (id, time) in last {
            by_time.entry(time).or_default().push(id);
        }
        by_time
    }

    fn slots_of(&self, units: Units) -> Option<Slots> {
        let slots = self.places.get(&units.population)?;
        Some(Slots { first: slots.first + units.first as usize, count: units.count as usize })
    }

    /// The steps of one run of neurons: a step for each part of it that reads the same sources.
    fn neurons(&mut self, run: Units, segments: &[Segment]) {
        let PopulationKind::Neuron { activation, combine, bias } = self.network.population(run.population).kind else {
            return;
        };
        let start = segments.partition_point(|segment| segment.end <= run.first);
        let end = run.first + run.count;
        for segment in segments[start..].iter().take_while(|segment| segment.start < end) {
            let first = segment.start.max(run.first);
            let units = Units { population: run.population, first, count: segment.end.min(end) - first };
            let terms = self.terms.len();
            for id in &segment.connections {
                let connection = self.network.connection(*id);
                let row = first - connection.targets.first;
                let weights =
                    View { offset: connection.weights.offset + row * connection.weights.row, ..connection.weights };
                let slots = self.slots_of(connection.sources).expect("sources come before their targets");
                self.terms.push(Term { connection: *id, sources: connection.sources, slots, weights });
            }
            self.plan.push(Step::Neurons(Neurons {
                units,
                slots: self.slots_of(units).expect("a neuron has a slot"),
                terms: terms..self.terms.len(),
                bias: View { offset: bias.offset + first * bias.row, ..bias },
                combine,
                activation,
            }));
        }
        if activation.is_whole_array() {
            let slots = self.slots_of(run).expect("a neuron has a slot");
            self.plan.push(Step::Whole { population: run.population, slots, activation });
        }
    }
}

/// Elements `start..end` of a population, which the same connections reach.
struct Segment {
    start: u32,
    end: u32,
    /// In the order of their synapses.
    connections: Vec<ConnectionId>,
}

/// A population cut where the connections that reach its elements change.
fn segments_of(network: &Network, id: PopulationId) -> Vec<Segment> {
    let size = network.population(id).size;
    let incoming = network.incoming(id);
    let mut begins: BTreeMap<u32, Vec<usize>> = BTreeMap::from([(0, Vec::new())]);
    let mut ends: BTreeMap<u32, Vec<usize>> = BTreeMap::from([(size, Vec::new())]);
    for (rank, connection) in incoming.iter().enumerate() {
        let targets = network.connection(*connection).targets.elements();
        begins.entry(targets.start).or_default().push(rank);
        ends.entry(targets.end).or_default().push(rank);
    }
    let mut cuts: Vec<u32> = begins.keys().chain(ends.keys()).copied().collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut active: BTreeMap<usize, ConnectionId> = BTreeMap::new();
    let mut segments = Vec::with_capacity(cuts.len().saturating_sub(1));
    for window in cuts.windows(2) {
        for rank in ends.get(&window[0]).into_iter().flatten() {
            active.remove(rank);
        }
        for rank in begins.get(&window[0]).into_iter().flatten() {
            active.insert(*rank, incoming[*rank]);
        }
        segments.push(Segment { start: window[0], end: window[1], connections: active.values().copied().collect() });
    }
    segments
}

/// Hands out ranges of slots, and those given back again: the smallest that fits first.
#[derive(Debug, Default)]
struct Allocator {
    end: usize,
    /// Free ranges by their size.
    free: BTreeMap<usize, Vec<usize>>,
}

impl Allocator {
    fn take(&mut self, count: usize) -> Slots {
        let fitting = self.free.range(count..).next().map(|(size, _)| *size);
        let Some(size) = fitting else {
            let first = self.end;
            self.end += count;
            return Slots { first, count };
        };
        let starts = self.free.get_mut(&size).expect("the size was just found");
        let first = starts.pop().expect("no size is kept without a range");
        if starts.is_empty() {
            self.free.remove(&size);
        }
        if size > count {
            self.give_back(Slots { first: first + count, count: size - count });
        }
        Slots { first, count }
    }

    fn give_back(&mut self, slots: Slots) {
        self.free.entry(slots.count).or_default().push(slots.first);
    }
}

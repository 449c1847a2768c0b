//! From a network and its plan to flat lists of what many rows need.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::{Batch, Sources, Step};
use crate::combine::Combine;
use crate::eval::kernel::tile;
use crate::network::{self, Network, PopulationId, Synapses};
use crate::numeric::Real;
use crate::numeric::lanes::Lanes;
use crate::plan::{self, Neurons, Plan, Slots, Term};

/// A step reads at the most so many sources, so that a tile's weights and some rows' values stay in the first cache.
const MOST_SOURCES: usize = 256;

/// How many lines of each slot a block has where there is room.
const LINES: RangeInclusive<usize> = 8..=24;

/// So many multiply-adds of a line a step should have at the least, so that its start costs little.
const ENOUGH: usize = 256;

/// The bytes of values that a block has at the most, if it has several lines.
const LARGE: usize = 2 << 20;

pub(super) fn pack<R: Real>(network: &Network, plan: &Plan) -> Batch<R> {
    let columns = |slots: &Slots| slots.first..slots.first + slots.count;
    let batch = Batch {
        inputs: plan.inputs.iter().flat_map(|(_, slots)| columns(slots)).collect(),
        outputs: plan.outputs.iter().flat_map(columns).collect(),
        slots: plan.slot_count,
        pitch: pitch::<R>(network, plan),
        tiles: 0,
        steps: Vec::new(),
        places: Vec::new(),
        weights: Vec::new(),
        biases: Vec::new(),
        activations: Vec::new(),
        wholes: Vec::new(),
    };
    let mut packer = Packer { network, plan, batch, activations: HashMap::new() };
    for step in &plan.steps {
        match step {
            plan::Step::Neurons(neurons) => packer.neurons(neurons),
            plan::Step::Whole { population, slots } => {
                let (activation, ..) = network.population(*population).neuron();
                packer.batch.steps.push(Step::Whole { targets: *slots, activation: packer.batch.wholes.len() });
                packer.batch.wholes.push(activation.clone());
            }
        }
    }
    let mut batch = packer.batch;
    for step in &batch.steps {
        if let Step::Sum { targets, .. } = step {
            batch.tiles += tile::tile_count(targets.count as usize, batch.pitch);
        }
    }
    batch
}

/// How many lines of each slot a block has.
fn pitch<R>(network: &Network, plan: &Plan) -> usize {
    let synapses = usize::try_from(network.counts().synapses).unwrap_or(usize::MAX);
    let wanted = (ENOUGH * plan.steps.len()).div_ceil(synapses.max(1)).clamp(*LINES.start(), *LINES.end());
    let room = LARGE / (plan.slot_count.max(1) * size_of::<Lanes<R>>());
    wanted.min(room).max(1)
}

struct Packer<'a, R> {
    network: &'a Network,
    plan: &'a Plan,
    batch: Batch<R>,
    /// The number of each population's activation.
    activations: HashMap<PopulationId, usize>,
}

impl<R: Real> Packer<'_, R> {
    fn neurons(&mut self, neurons: &Neurons) {
        let plan = self.plan;
        let terms = &plan.terms[neurons.terms.start as usize..neurons.terms.end as usize];
        let count = neurons.units.count;
        let reads_itself = |term: &Term| {
            let sources = self.network.connection(term.connection).sources.count;
            term.slot < neurons.slot + count && neurons.slot < term.slot + sources
        };
        if count > 1 && terms.iter().any(reads_itself) {
            // An element reads an earlier one of the same array.
            for row in 0..count {
                self.part(neurons, terms, row, 1);
            }
        } else {
            self.part(neurons, terms, 0, count);
        }
    }

    /// Some of the neurons of a step of the plan.
    fn part(&mut self, neurons: &Neurons, terms: &[Term], row: u32, count: u32) {
        let (_, combine, bias) = self.network.population(neurons.units.population).neuron();
        let targets = Slots { first: neurons.slot + row, count };
        if combine == Combine::Sum {
            self.sums(terms, row, targets);
        } else {
            for row in row..row + count {
                let (sources, weights) = self.synapses(terms, row);
                let target = neurons.slot + row;
                self.batch.steps.push(Step::Combined { combine, target, sources, weights });
            }
        }
        let biases = self.batch.biases.len();
        let parameter = &self.network.parameter(bias.parameter).values;
        let first = neurons.units.first + row;
        let values = (first..first + count).map(|element| R::rounded(parameter[bias.index(element, 0)]));
        self.batch.biases.extend(values);
        let activation = self.activation(neurons.units.population);
        let ready = &self.batch.activations[activation];
        let is_done = match self.batch.steps.last_mut() {
            Some(Step::Sum { targets: last, biases: added, rectifies, .. }) if *last == targets => {
                *added = Some(biases);
                *rectifies = ready.rectifies();
                *rectifies
            }
            _ => {
                self.batch.steps.push(Step::Add { targets, biases });
                false
            }
        };
        if !is_done && !ready.leaves_alone() {
            self.batch.steps.push(Step::Finish { targets, activation });
        }
    }

    fn activation(&mut self, population: PopulationId) -> usize {
        *self.activations.entry(population).or_insert_with(|| {
            let (activation, ..) = self.network.population(population).neuron();
            self.batch.activations.push(activation.ready());
            self.batch.activations.len() - 1
        })
    }

    /// The sums of neighbouring neurons: those of neurons that read the same sources together, others one by one.
    fn sums(&mut self, terms: &[Term], row: u32, targets: Slots) {
        let joins_all = |term: &Term| {
            let connection = self.network.connection(term.connection);
            match self.network.pattern(connection.pattern) {
                network::Pattern::AllToAll => true,
                network::Pattern::OneToOne | network::Pattern::Random(_) => false,
            }
        };
        let mut starts = true;
        if terms.is_empty() {
            self.together(&[], row, targets, starts);
        }
        let groups = terms.chunk_by(|one, next| targets.count == 1 || joins_all(one) == joins_all(next));
        for group in groups {
            if targets.count == 1 || joins_all(&group[0]) {
                self.together(group, row, targets, starts);
            } else {
                for (place, target) in (targets.first..targets.first + targets.count).enumerate() {
                    self.together(group, row + place as u32, Slots { first: target, count: 1 }, starts);
                }
            }
            starts = false;
        }
    }

    /// The sums of neurons that read the same sources.
    fn together(&mut self, terms: &[Term], row: u32, targets: Slots, mut starts: bool) {
        let network = self.network;
        let mut sources: Vec<u32> = Vec::new();
        let mut rows: Vec<Vec<R>> = vec![Vec::new(); targets.count as usize];
        for term in terms {
            sources.extend(read(network, term, row).map(|(slot, _)| slot));
            for (row, weights) in (row..).zip(&mut rows) {
                weights.extend(read(network, term, row).map(|(_, weight)| R::rounded(weight)));
            }
        }
        if sources.is_empty() && !starts {
            return;
        }
        // Without any, the sums still start.
        let pieces = sources.len().div_ceil(MOST_SOURCES).max(1);
        for piece in 0..pieces {
            let within = piece * MOST_SOURCES..sources.len().min((piece + 1) * MOST_SOURCES);
            let listed = self.listed(&sources[within.clone()]);
            let weights = self.batch.weights.len();
            for tile in tile::tiles(rows.len()) {
                for source in within.clone() {
                    self.batch.weights.extend(rows[tile.clone()].iter().map(|weights| weights[source]));
                }
            }
            self.batch.steps.push(Step::Sum {
                targets,
                sources: listed,
                weights,
                starts,
                biases: None,
                rectifies: false,
            });
            starts = false;
        }
    }

    /// The sources and weights of one neuron.
    fn synapses(&mut self, terms: &[Term], row: u32) -> (Sources, usize) {
        let (network, weights) = (self.network, self.batch.weights.len());
        let mut sources = Vec::new();
        for term in terms {
            for (slot, weight) in read(network, term, row) {
                sources.push(slot);
                self.batch.weights.push(R::rounded(weight));
            }
        }
        (self.listed(&sources), weights)
    }

    fn listed(&mut self, slots: &[u32]) -> Sources {
        if slots.windows(2).all(|pair| pair[0] + 1 == pair[1]) {
            let count = u32::try_from(slots.len()).expect("synapses are limited");
            return Sources::Neighbours(Slots { first: slots.first().copied().unwrap_or(0), count });
        }
        let start = self.batch.places.len();
        let pitch = self.batch.pitch as u32;
        self.batch.places.extend(slots.iter().map(|slot| slot * pitch));
        Sources::Listed { start, end: self.batch.places.len() }
    }
}

/// The slots and weights that a term brings to neuron `row` of its step, in order.
fn read<'a>(network: &'a Network, term: &Term, row: u32) -> impl Iterator<Item = (u32, f64)> + use<'a> {
    let connection = network.connection(term.connection);
    let weights = &network.parameter(connection.weights.parameter).values;
    let (slot, synapses): (u32, Synapses<'a>) = (term.slot, network.synapses(connection, term.row + row));
    synapses.map(move |(source, place)| (slot + source, weights[place]))
}

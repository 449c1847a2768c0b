//! What can be changed, what it is searched along, and which of it is promising.

use std::collections::{BTreeMap, BTreeSet};

use super::behind::{Behind, Node, Place, Read, narrow};
use super::change::Change;
use super::cone::{Seed, Use};
use super::firing::Firing;
use crate::combine::Combine;
use crate::eval::{Path, output};
use crate::network::{Network, ParameterId, ParameterKind, View};

/// What a change is a change of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Input,
    Weight,
    Bias,
}

/// A value to change, and how it moves what is searched along.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) kind: Kind,
    pub(super) change: Change,
    pub(super) old: f64,
    /// What is searched along moves by so much when the value moves by 1.
    pub(super) rate: f64,
    /// What its size is relative to.
    pub(super) scale: f64,
    /// The values that it may take.
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Candidate {
    /// The candidate for a value without a range.
    fn new(kind: Kind, change: Change, old: f64, rate: f64) -> Candidate {
        Candidate { kind, change, old, rate, scale: old.abs().max(1.0), low: f64::MIN, high: f64::MAX }
    }

    /// How far what is searched along moves for a change of size 1.
    pub(super) fn gain(&self) -> f64 {
        (self.rate * self.scale).abs()
    }
}

/// One thing to search along, and the values that move it.
pub(super) struct Variable {
    pub(super) seed: Seed,
    pub(super) candidates: Vec<Candidate>,
    /// The size of the smallest change, by the slopes as they are.
    estimate: f64,
    /// What is searched along must move by so much at least.
    pub(super) least: f64,
}

/// Everything that can be changed.
pub(super) struct Variables {
    /// The most promising first.
    pub(super) list: Vec<Variable>,
    pub(super) candidates: u64,
    pub(super) left_out: Vec<ParameterId>,
}

/// How many weights of a neuron are tried.
const WEIGHTS: usize = 8;

/// Whose value a value is.
enum Owner {
    /// The one synapse's or neuron's that reads it.
    Own(Option<ParameterId>),
    /// Several read it.
    Shared,
    /// It follows others, or others follow it.
    Bound,
}

impl Variables {
    pub(super) fn of(network: &Network, behind: &Behind<'_>, firing: &Firing, path: Path) -> Variables {
        let net_input = behind.nodes[behind.last()].net_input;
        let (start, end) = firing.ends(firing.locate(net_input));
        let collector = Collector {
            network,
            behind,
            slopes: Slopes::of(behind, path),
            needed: (net_input - start).min(end - net_input),
            uses: uses(network, behind),
            literals: literal_uses(network, behind),
            shared: Vec::new(),
            found: Variables { list: Vec::new(), candidates: 0, left_out: Vec::new() },
        };
        collector.collect()
    }
}

struct Collector<'a> {
    network: &'a Network,
    behind: &'a Behind<'a>,
    slopes: Slopes,
    /// How far the net input in question is from where the neuron does otherwise.
    needed: f64,
    /// How often what stands behind the neuron reads each value of the weights and of the named biases, by parameter.
    uses: Vec<Vec<u32>>,
    /// How often the whole network reads each value of weights without a name, where several synapses may read one.
    literals: BTreeMap<ParameterId, Vec<u32>>,
    shared: Vec<(Place, Use)>,
    found: Variables,
}

impl Collector<'_> {
    fn collect(mut self) -> Variables {
        let behind = self.behind;
        for (number, input) in behind.inputs.iter().enumerate() {
            let mut candidate = Candidate::new(Kind::Input, Change::Input(input.unit), input.value, 1.0);
            if let Some(range) = self.network.range(input.unit.population) {
                (candidate.low, candidate.high) = (range.low, range.high);
                let width = range.high - range.low;
                candidate.scale = if width > 0.0 { width } else { candidate.scale };
            }
            let source = behind.nodes.len() + number;
            let (now, most) = (self.slopes.now[source], self.slopes.most[source]);
            self.found.candidates += 1;
            self.add(Seed::Input(narrow(number)), vec![candidate], now, most);
        }
        for (number, node) in behind.nodes.iter().enumerate() {
            self.node(number, node);
        }
        self.shared.sort_by_key(|(place, _)| *place);
        let shared = std::mem::take(&mut self.shared);
        for uses in shared.chunk_by(|(one, _), (other, _)| one == other) {
            self.found.candidates += 1;
            self.shared(uses[0].0, uses.iter().map(|(_, used)| *used).collect());
        }
        let mut left_out = BTreeSet::new();
        let places = behind.synapses.iter().map(|synapse| synapse.weight_value);
        for place in places.chain(behind.nodes.iter().map(|node| node.bias_value)) {
            if self.network.is_read(place.parameter) {
                left_out.insert(place.parameter);
            }
        }
        self.found.left_out = left_out.into_iter().collect();
        self.found.list.sort_by(|one, other| one.estimate.total_cmp(&other.estimate));
        self.found
    }

    /// The weights and the bias of one neuron. Of the weights those that move it most: the first one is the smallest
    /// change, unless the flip hangs on a net input alone, to which roundings do not let it come.
    fn node(&mut self, number: usize, node: &Node<'_>) {
        let (now, most) = (self.slopes.node_now[number], self.slopes.node_most[number]);
        let rates = rates(self.behind, number);
        let mut best: Vec<Candidate> = Vec::new();
        for (place, synapse) in self.behind.synapses_of(number).iter().enumerate() {
            let read = Read { node: narrow(number), synapse: node.synapses.start + narrow(place) };
            let change = match self.owner(synapse.weight_value) {
                Owner::Own(named) => {
                    named.map(|parameter| Change::Parameter { parameter, index: synapse.weight_value.index as usize })
                }
                Owner::Shared => {
                    self.shared.push((synapse.weight_value, Use::Weight(read)));
                    continue;
                }
                Owner::Bound => continue,
            };
            let from = self.behind.unit(synapse.from as usize);
            let change = change.unwrap_or(Change::Weight { connection: synapse.connection, from, to: node.unit });
            self.found.candidates += 1;
            match &rates {
                Some(rates) => {
                    let candidate = Candidate::new(Kind::Weight, change, synapse.weight, rates[place]);
                    let place = best.partition_point(|known| known.gain() >= candidate.gain());
                    if place < WEIGHTS && candidate.gain() > 0.0 {
                        best.insert(place, candidate);
                        best.truncate(WEIGHTS);
                    }
                }
                None => {
                    let candidate = Candidate::new(Kind::Weight, change, synapse.weight, 1.0);
                    let slope = self.slopes.passes_on(node, synapse.weight * synapse.value) * synapse.value;
                    let seed = Seed::Value(vec![Use::Weight(read)]);
                    self.add(seed, vec![candidate], now * slope, times(most, steepest(node) * synapse.value));
                }
            }
        }
        let mut along = best;
        match self.owner(node.bias_value) {
            Owner::Own(named) => {
                let index = node.bias_value.index as usize;
                let own = Change::Bias(node.unit);
                let change = named.map_or(own, |parameter| Change::Parameter { parameter, index });
                self.found.candidates += 1;
                along.push(Candidate::new(Kind::Bias, change, node.bias, 1.0));
            }
            Owner::Shared => self.shared.push((node.bias_value, Use::Bias(narrow(number)))),
            Owner::Bound => {}
        }
        if !along.is_empty() {
            self.add(Seed::NetInput(narrow(number)), along, now, most);
        }
    }

    /// A value that several read.
    fn shared(&mut self, place: Place, uses: Vec<Use>) {
        let parameter = self.network.parameter(place.parameter);
        let (mut now, mut most) = (0.0, 0.0);
        for used in &uses {
            match *used {
                Use::Bias(node) => {
                    now += self.slopes.node_now[node as usize];
                    most += self.slopes.node_most[node as usize];
                }
                Use::Weight(Read { node, synapse }) => {
                    let synapse = &self.behind.synapses[synapse as usize];
                    let neuron = &self.behind.nodes[node as usize];
                    let passed_on = self.slopes.passes_on(neuron, synapse.weight * synapse.value);
                    now += self.slopes.node_now[node as usize] * passed_on * synapse.value;
                    most += times(self.slopes.node_most[node as usize], steepest(neuron) * synapse.value);
                    // What a neuron carries may itself move with the weight.
                    if (synapse.from as usize) < self.behind.nodes.len() {
                        most = f64::INFINITY;
                    }
                }
            }
        }
        let kind = if parameter.kind == ParameterKind::Bias { Kind::Bias } else { Kind::Weight };
        let index = place.index as usize;
        let change = Change::Parameter { parameter: place.parameter, index };
        let candidate = Candidate::new(kind, change, parameter.values[index], 1.0);
        self.add(Seed::Value(uses), vec![candidate], now, most);
    }

    /// `now` and `most` are the slopes of the net input in question against what is searched along.
    fn add(&mut self, seed: Seed, candidates: Vec<Candidate>, now: f64, most: f64) {
        let gain = candidates.iter().map(Candidate::gain).fold(0.0, f64::max);
        let way = |slope: f64| if slope == 0.0 { f64::INFINITY } else { self.needed / slope.abs() };
        let estimate = if gain == 0.0 { f64::INFINITY } else { way(now) / gain };
        // A little less, for the roundings.
        self.found.list.push(Variable { seed, candidates, estimate, least: way(most) * (1.0 - 1e-9) });
    }

    fn owner(&self, place: Place) -> Owner {
        let parameter = self.network.parameter(place.parameter);
        match parameter.kind {
            ParameterKind::Derived => Owner::Bound,
            ParameterKind::Literal => {
                let count = |uses: Option<&Vec<u32>>| {
                    uses.and_then(|uses| uses.get(place.index as usize)).copied().unwrap_or_default()
                };
                match (count(self.uses.get(place.parameter.0 as usize)), count(self.literals.get(&place.parameter))) {
                    (2.., _) => Owner::Shared,
                    // One number of the source: it changes for synapses elsewhere, too.
                    (_, 2..) => Owner::Own(Some(place.parameter)),
                    _ => Owner::Own(None),
                }
            }
            ParameterKind::Weight | ParameterKind::Bias if self.network.is_read(place.parameter) => Owner::Bound,
            ParameterKind::Weight | ParameterKind::Bias => {
                let is_shared = self.uses[place.parameter.0 as usize][place.index as usize] > 1;
                if is_shared { Owner::Shared } else { Owner::Own(Some(place.parameter)) }
            }
        }
    }
}

/// How often what stands behind the neuron reads each value of the weights and of the named biases. A bias without a name
/// is each neuron's own, as a list can give it.
fn uses(network: &Network, behind: &Behind<'_>) -> Vec<Vec<u32>> {
    let mut uses: Vec<Vec<u32>> = vec![Vec::new(); network.parameters().count()];
    let weights = behind.synapses.iter().map(|synapse| synapse.weight_value);
    let biases = behind.nodes.iter().map(|node| node.bias_value);
    for Place { parameter, index } in
        weights.chain(biases.filter(|place| network.parameter(place.parameter).name.is_some()))
    {
        let counts = &mut uses[parameter.0 as usize];
        counts.resize(network.parameter(parameter).values.len(), 0);
        counts[index as usize] += 1;
    }
    uses
}

/// How often the whole network reads each value of the weights without a name behind the neuron; a matrix of which each
/// synapse reads a number of its own is left out.
fn literal_uses(network: &Network, behind: &Behind<'_>) -> BTreeMap<ParameterId, Vec<u32>> {
    let mut uses: BTreeMap<ParameterId, Vec<u32>> = BTreeMap::new();
    for synapse in &behind.synapses {
        let parameter = synapse.weight_value.parameter;
        if network.parameter(parameter).kind == ParameterKind::Literal {
            uses.entry(parameter).or_default();
        }
    }
    for (_, connection) in network.connections() {
        let View { parameter, row, column, .. } = connection.weights;
        let Some(counts) = uses.get_mut(&parameter).filter(|_| row == 0 || column == 0) else { continue };
        counts.resize(network.parameter(parameter).values.len(), 0);
        for target in 0..connection.targets.count {
            network.synapses(connection, target).for_each(|(_, index)| counts[index] += 1);
        }
    }
    uses
}

/// How far the net input of a node moves for each of its weights; none where that depends on how far the weight moves.
fn rates(behind: &Behind<'_>, node: usize) -> Option<Vec<f64>> {
    let synapses = behind.synapses_of(node);
    let values = || synapses.iter().map(|synapse| synapse.value);
    match behind.nodes[node].combine {
        Combine::Sum => Some(values().collect()),
        Combine::Mean => Some(values().map(|value| value / synapses.len() as f64).collect()),
        Combine::Product => {
            let amounts: Vec<f64> = synapses.iter().map(|synapse| synapse.weight * synapse.value).collect();
            let mut after = vec![1.0; amounts.len() + 1];
            for place in (0..amounts.len()).rev() {
                after[place] = after[place + 1] * amounts[place];
            }
            let mut before = 1.0;
            let rate = |(place, value): (usize, f64)| {
                let rate = before * after[place + 1] * value;
                before *= amounts[place];
                rate
            };
            Some(values().enumerate().map(rate).collect())
        }
        Combine::Min | Combine::Max | Combine::MaxAbs | Combine::Median => None,
    }
}

/// How fast the net input in question moves.
struct Slopes {
    /// Against outputs and inputs, as things are.
    now: Vec<f64>,
    /// At the most, wherever it is.
    most: Vec<f64>,
    /// The same against the net inputs of nodes.
    node_now: Vec<f64>,
    node_most: Vec<f64>,
}

impl Slopes {
    fn of(behind: &Behind<'_>, path: Path) -> Slopes {
        let (nodes, count) = (behind.nodes.len(), behind.nodes.len() + behind.inputs.len());
        let (now, most) = (vec![0.0; count], vec![0.0; count]);
        let mut slopes = Slopes { now, most, node_now: vec![0.0; nodes], node_most: vec![0.0; nodes] };
        (slopes.node_now[behind.last()], slopes.node_most[behind.last()]) = (1.0, 1.0);
        for (number, node) in behind.nodes.iter().enumerate().rev() {
            if number != behind.last() {
                slopes.node_now[number] = slopes.now[number] * slope(node, path);
                slopes.node_most[number] = times(slopes.most[number], node.curve.steepest);
                if node.whole.is_some() {
                    slopes.node_most[number] = f64::INFINITY;
                }
            }
            for synapse in behind.synapses_of(number) {
                let source = synapse.from as usize;
                let passed_on = slopes.passes_on(node, synapse.weight * synapse.value) * synapse.weight;
                slopes.now[source] += slopes.node_now[number] * passed_on;
                slopes.most[source] += times(slopes.node_most[number], steepest(node) * synapse.weight);
            }
        }
        slopes
    }

    /// How fast the net input of a node moves against a contribution, as things are.
    fn passes_on(&self, node: &Node<'_>, amount: f64) -> f64 {
        let combined = node.net_input - node.bias;
        match node.combine {
            Combine::Sum => 1.0,
            Combine::Mean => 1.0 / node.synapses.len() as f64,
            Combine::Product if amount != 0.0 => combined / amount,
            Combine::Product => 0.0,
            Combine::Min | Combine::Max | Combine::MaxAbs | Combine::Median => {
                f64::from(u8::from((combined - amount).abs() <= 1e-9 * node.magnitude))
            }
        }
    }
}

/// How fast the net input of a node moves against a contribution, at the most.
fn steepest(node: &Node<'_>) -> f64 {
    match node.combine {
        Combine::Sum | Combine::Min | Combine::Max | Combine::Median => 1.0,
        Combine::Mean => 1.0 / node.synapses.len() as f64,
        Combine::Product | Combine::MaxAbs if node.synapses.len() == 1 => 1.0,
        Combine::Product | Combine::MaxAbs => f64::INFINITY,
    }
}

/// The slope of a node's activation where it is.
fn slope(node: &Node<'_>, path: Path) -> f64 {
    if node.whole.is_some() {
        return 1.0;
    }
    if let Some(pieces) = &node.curve.pieces {
        let piece = pieces.partition_point(|piece| piece.start <= node.net_input).saturating_sub(1);
        return pieces[piece].slope;
    }
    let mut room = Vec::new();
    let step = 1e-6 * node.net_input.abs().max(1.0);
    let mut at = |net_input: f64| output(node.activation, net_input, &mut room, path);
    (at(node.net_input + step) - at(node.net_input - step)) / (2.0 * step)
}

/// A product of magnitudes in which nothing is infinite where one of them is 0.
fn times(most: f64, factor: f64) -> f64 {
    if most == 0.0 || factor == 0.0 { 0.0 } else { (most * factor).abs() }
}

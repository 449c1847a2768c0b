//! What would change whether a neuron fires: the answer, and how a change is made and proved.

use std::collections::BTreeSet;

use super::firing::{first_other, key, number};
use super::variables::Candidate;
use crate::eval::{Path, Scratch, evaluate};
use crate::network::{ConnectionId, Network, ParameterId, PopulationId, PopulationKind, Unit};
use crate::plan::Plan;

/// What it would take that a neuron fires, or no longer does, by [`why_not`](super::why_not).
#[derive(Debug, Clone, PartialEq)]
pub struct WhyNot {
    /// The neuron.
    pub neuron: Unit,
    /// Its output as it is.
    pub output: f64,
    /// What was found.
    pub answer: Answer,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Its activation has no resting level: it neither fires nor rests, whatever changes.
    NoLevel,
    /// The net input or output of this neuron, the first such one that it depends on, is not finite; nothing was searched.
    NotFinite(Unit),
    /// A search was made.
    Searched(Search),
}

/// A search for the smallest changes that make a neuron fire, or no longer fire.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// Whether it fires as it is.
    pub fires: bool,
    /// The smallest changes of one input, of one weight and of one bias, as far as there are any; the smallest first.
    pub changes: Vec<Flip>,
    /// How many inputs, weights and biases reach the neuron. A value that several share counts once.
    pub candidates: u64,
    /// Whether the budget ended the search: there may be smaller changes then.
    pub is_cut: bool,
    /// Whether some were tried on a grid, because the way from them to the neuron is a curve that may turn: a change
    /// between two points of the grid that leads back again is not found.
    pub is_sampled: bool,
    /// Parameters that reach it but were left out, because the source derives other values from them.
    pub left_out: Vec<ParameterId>,
}

/// A change by which a neuron fires, or no longer fires: proved by an evaluation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flip {
    /// What is changed.
    pub change: Change,
    /// Its value as it is.
    pub old: f64,
    /// The value that flips; the next double towards the old one does not.
    pub new: f64,
    /// `|new - old|`, relative to the width of the range that the input is declared with, otherwise to the larger of 1 and
    /// `|old|`.
    pub size: f64,
}

/// One number of a network or of its inputs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// The value of an element of an input.
    Input(Unit),
    /// A value of a parameter, wherever it is used: of a named one, or a number of the source that several synapses share.
    Parameter {
        /// The parameter.
        parameter: ParameterId,
        /// Which of [`Parameter::values`](crate::network::Parameter::values).
        index: usize,
    },
    /// The weight of one synapse, which has no name. [`why_not`](super::why_not) finds such a one only where no other synapse
    /// shares the number.
    Weight {
        /// The connection that the synapse belongs to.
        connection: ConnectionId,
        /// Where it comes from.
        from: Unit,
        /// The neuron that it reaches.
        to: Unit,
    },
    /// The bias of one neuron, which has no name.
    Bias(Unit),
}

impl Change {
    /// Makes the change in a network, or in a row of its inputs. A plan of the network stays right.
    ///
    /// Weights and biases without a name that share their value with others get one of their own first.
    ///
    /// # Panics
    /// If the network has no such input, parameter, synapse or neuron, or the row is of another network.
    pub fn apply(&self, network: &mut Network, inputs: &mut [f64], value: f64) {
        match self.separate(network) {
            Slot::Input(place) => inputs[place] = value,
            Slot::Value(parameter, index) => network.set_value(parameter, index, value),
        }
    }

    /// Gives what is changed a place of its own.
    fn separate(&self, network: &mut Network) -> Slot {
        match *self {
            Change::Weight { connection, .. } => network.separate_weights(connection),
            Change::Bias(neuron) => network.separate_biases(neuron.population),
            Change::Input(_) | Change::Parameter { .. } => {}
        }
        self.slot(network)
    }

    /// Where the value stands.
    fn slot(&self, network: &Network) -> Slot {
        match *self {
            Change::Input(unit) => {
                let before = network.inputs().take_while(|(id, _)| *id != unit.population);
                let start: usize = before.map(|(_, input)| input.size as usize).sum();
                Slot::Input(start + unit.element as usize)
            }
            Change::Parameter { parameter, index } => Slot::Value(parameter, index),
            Change::Weight { connection, from, to } => {
                let joined = network.connection(connection);
                let mut synapses = network.synapses(joined, to.element - joined.targets.first);
                let wanted = from.element - joined.sources.first;
                let (_, place) = synapses.find(|(source, _)| *source == wanted).expect("the synapse is there");
                Slot::Value(joined.weights.parameter, place)
            }
            Change::Bias(neuron) => match network.population(neuron.population).kind {
                PopulationKind::Neuron { bias, .. } => Slot::Value(bias.parameter, bias.index(neuron.element, 0)),
                PopulationKind::Input { .. } => panic!("an input has no bias"),
            },
        }
    }
}

/// Where the value of a change stands.
#[derive(Debug, Clone, Copy)]
enum Slot {
    Input(usize),
    Value(ParameterId, usize),
}

/// Tries changes by evaluating.
pub(super) struct Prover<'a> {
    network: &'a Network,
    plan: &'a Plan,
    inputs: Vec<f64>,
    neuron: Unit,
    fires: bool,
    /// The network to change, once one of its own values is tried.
    changed: Option<Box<Network>>,
    /// What has biases of its own there.
    separate: BTreeSet<PopulationId>,
    scratch: Scratch<f64>,
    outputs: Vec<f64>,
    path: Path,
    /// How many more changes are tried.
    pub(super) left: u64,
}

impl<'a> Prover<'a> {
    /// `fires` is what the neuron does as it is.
    pub(super) fn new(
        network: &'a Network,
        plan: &'a Plan,
        inputs: &[f64],
        neuron: Unit,
        fires: bool,
        path: Path,
    ) -> Prover<'a> {
        /// Each is a few dozen evaluations. So many synapses are looked at, if that is enough for some changes.
        const SYNAPSES: u64 = 1 << 27;
        const DOZENS: u64 = 48;
        let counts = network.counts();
        let left = SYNAPSES / DOZENS / (counts.synapses + counts.neurons).max(1);
        Prover {
            network,
            plan,
            inputs: inputs.to_vec(),
            neuron,
            fires,
            changed: None,
            separate: BTreeSet::new(),
            scratch: Scratch::new(),
            outputs: vec![0.0; plan.output_count()],
            path,
            left: left.clamp(32, 4096),
        }
    }

    /// The value from which on a change flips, near the value `about`, between `old` and `limit`; none if there is none.
    pub(super) fn prove(&mut self, candidate: &Candidate, about: f64, limit: f64) -> Option<f64> {
        let Candidate { change, old, scale, .. } = *candidate;
        self.left = self.left.checked_sub(1)?;
        let slot = self.slot(change);
        let mut flips = |value: f64| {
            self.set(slot, value);
            self.flips()
        };
        let found = search(old, about, limit, scale, &mut flips);
        self.set(slot, old);
        found
    }

    fn slot(&mut self, change: Change) -> Slot {
        if let Change::Input(_) = change {
            return change.slot(self.network);
        }
        let changed = self.changed.get_or_insert_with(|| Box::new(self.network.clone()));
        let is_separate = match change {
            Change::Bias(neuron) => !self.separate.insert(neuron.population),
            // No other synapse shares such a weight.
            Change::Input(_) | Change::Parameter { .. } | Change::Weight { .. } => true,
        };
        if is_separate { change.slot(changed) } else { change.separate(changed) }
    }

    fn set(&mut self, slot: Slot, value: f64) {
        match (slot, &mut self.changed) {
            (Slot::Input(place), _) => self.inputs[place] = value,
            (Slot::Value(parameter, index), Some(changed)) => changed.set_value(parameter, index, value),
            (Slot::Value(..), None) => {}
        }
    }

    /// Whether the neuron does otherwise than before.
    fn flips(&mut self) -> bool {
        let network = self.changed.as_deref().unwrap_or(self.network);
        evaluate(network, self.plan, &self.inputs, &mut self.outputs, &mut self.scratch, self.path);
        let output = self.scratch.value(self.plan, self.neuron);
        let (activation, ..) = network.population(self.neuron.population).neuron();
        output.and_then(|output| activation.fires(output)).is_some_and(|fires| fires != self.fires)
    }
}

/// The value near `about` that flips while the double before it, seen from `old`, does not.
fn search(old: f64, about: f64, limit: f64, scale: f64, flips: &mut dyn FnMut(f64) -> bool) -> Option<f64> {
    /// Roundings move the end by less than so many doublings of the distance between doubles, mostly; where the change is
    /// small beside what it is added to, by less than a share of its scale.
    const DOUBLINGS: i32 = 30;
    const SHARE: f64 = 1e-3;
    /// A value that flips alone is so near to where it should be.
    const NEIGHBOURS: i64 = 8;
    let (low, high) = (old.min(limit), old.max(limit));
    let within = |value: f64| value.clamp(low, high);
    let outwards = if limit > old { 1.0 } else { -1.0 };
    let next = if limit > old { old.next_up() } else { old.next_down() };
    // A change that is lost beside the value is still one by the next double.
    let about = within(if about == old { next } else { about });
    if about == old {
        return None;
    }
    // So far apart are doubles of the size of what changes.
    let unit = (f64::EPSILON * about.abs().max(old.abs())).max(f64::from_bits(1));
    let steps = || {
        let far = std::iter::successors(Some(unit * f64::from(1 << DOUBLINGS)), |step| Some(step * 1024.0));
        let far = far.take_while(|step| *step < SHARE * scale);
        (0..DOUBLINGS).map(|doubling| unit * f64::from(1 << doubling)).chain(far)
    };
    if flips(about) {
        let mut with = about;
        for step in steps() {
            let without = about - outwards * step;
            let is_before_old = (without - old) * outwards <= 0.0;
            if is_before_old {
                break;
            }
            if !flips(without) {
                return Some(first_other(without, with, flips));
            }
            with = without;
        }
        return Some(first_other(old, with, flips));
    }
    let mut without = about;
    for step in steps() {
        let with = within(about + outwards * step);
        if flips(with) {
            return Some(first_other(without, with, flips));
        }
        without = with;
    }
    let neighbours = (1..=NEIGHBOURS).flat_map(|distance| [distance, -distance]);
    let next = neighbours.clone().map(|distance| within(number(key(about) + distance)));
    // Where the value is small beside the old one, its error is that of the old one.
    let half = 0.5 * unit;
    let nearest = (about / half).round();
    let coarse = std::iter::once(0).chain(neighbours).map(|distance| within((nearest + distance as f64) * half));
    let mut neighbours = next.chain(coarse);
    let alone = neighbours.find(|neighbour| *neighbour != old && flips(*neighbour))?;
    Some(first_other(old, alone, flips)).filter(|value| value.is_finite())
}

//! A run of one row, with everything that was computed.

use super::kernel::Path;
use super::row::{Observer, Scratch, run};
use crate::activation::Activation;
use crate::combine::Combine;
use crate::network::{ConnectionId, Network, PopulationId, Unit, Units};
use crate::numeric::Real;
use crate::plan::{Neurons, Plan, Term};

/// Everything that an evaluation of one row computed. Single precision is widened, which is exact.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// The neurons, in the order in which they were computed.
    pub neurons: Vec<NeuronTrace>,
    /// The outputs' values, in order: of all elements of all outputs.
    pub outputs: Vec<f64>,
    /// The inputs' values, in order: of all elements of all inputs.
    pub inputs: Vec<f64>,
    /// The last value of each slot of the plan.
    slots: Vec<f64>,
}

/// What one neuron computed.
#[derive(Debug, Clone, PartialEq)]
pub struct NeuronTrace {
    /// The neuron.
    pub neuron: Unit,
    /// Its activation.
    pub activation: Activation,
    /// What is done with its contributions.
    pub combine: Combine,
    /// Its synapses, in order.
    pub synapses: Vec<SynapseTrace>,
    /// What was added to what the synapses brought together.
    pub bias: f64,
    /// What the synapses brought together, plus the bias.
    pub net_input: f64,
    /// The activation of the net input; of an activation of whole arrays, this neuron's part of it.
    pub output: f64,
    /// Whether it fires; none where firing means nothing.
    pub fires: Option<bool>,
}

/// What one synapse brought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SynapseTrace {
    /// The input or neuron that it comes from.
    pub from: Unit,
    /// The connection that it belongs to.
    pub connection: ConnectionId,
    /// What it carries.
    pub value: f64,
    /// Its weight.
    pub weight: f64,
    /// `weight × value`, rounded: for people. The sum is not made of it.
    pub contribution: f64,
    /// What the synapses up to this one bring together; of a sum, `fma(weight, value, sum before)`.
    pub sum: f64,
}

impl Trace {
    /// The value of an input or neuron, if `plan` keeps everything.
    #[must_use]
    pub fn value(&self, plan: &Plan, unit: Unit) -> Option<f64> {
        plan.slot(unit).and_then(|slot| self.slots.get(slot)).copied()
    }
}

/// Evaluates one row and keeps everything. Takes what [`evaluate`](super::evaluate) takes, and gives the same bits.
///
/// # Panics
/// If `inputs` has another length than [`Plan::input_count`], or `plan` was not made from `network`.
#[must_use]
pub fn trace<R: Real>(network: &Network, plan: &Plan, inputs: &[R], path: Path) -> Trace {
    record(network, plan, inputs, path, true)
}

/// [`trace`] without synapses: what each neuron computed, in memory that does not grow with the synapses.
///
/// # Panics
/// As [`trace`] does.
#[must_use]
pub fn trace_neurons<R: Real>(network: &Network, plan: &Plan, inputs: &[R], path: Path) -> Trace {
    record(network, plan, inputs, path, false)
}

fn record<R: Real>(network: &Network, plan: &Plan, inputs: &[R], path: Path, keeps_synapses: bool) -> Trace {
    let mut scratch = Scratch::new();
    let mut recorder = Recorder { network, neurons: Vec::new(), keeps_synapses };
    run(network, plan, inputs, &mut scratch, path, &mut recorder);
    let slots: Vec<f64> = scratch.slots.iter().map(|value| value.widened()).collect();
    let outputs = plan.outputs.iter().flat_map(|place| slots[place.range()].to_vec()).collect();
    Trace { neurons: recorder.neurons, outputs, inputs: inputs.iter().map(|value| value.widened()).collect(), slots }
}

struct Recorder<'a> {
    network: &'a Network,
    neurons: Vec<NeuronTrace>,
    keeps_synapses: bool,
}

impl Recorder<'_> {
    fn current(&mut self) -> &mut NeuronTrace {
        self.neurons.last_mut().expect("a neuron begins before anything is told of it")
    }
}

impl<R: Real> Observer<R> for Recorder<'_> {
    fn begin(&mut self, neurons: &Neurons, row: usize) {
        let Units { population, first, .. } = neurons.units;
        let neuron = Unit { population, element: first + row as u32 };
        let (activation, combine, _) = self.network.population(population).neuron();
        self.neurons.push(NeuronTrace {
            neuron,
            activation: activation.clone(),
            combine,
            synapses: Vec::new(),
            bias: 0.0,
            net_input: 0.0,
            output: 0.0,
            fires: None,
        });
    }

    fn synapse(&mut self, term: &Term, source: usize, value: R, weight: R, sum: R) {
        if !self.keeps_synapses {
            return;
        }
        let Units { population, first, .. } = self.network.connection(term.connection).sources;
        let from = Unit { population, element: first + source as u32 };
        let contribution = (weight * value).widened();
        let (value, weight, sum) = (value.widened(), weight.widened(), sum.widened());
        let synapse = SynapseTrace { from, connection: term.connection, value, weight, contribution, sum };
        self.current().synapses.push(synapse);
    }

    fn end(&mut self, bias: R, net_input: R, output: R) {
        let neuron = self.current();
        neuron.bias = bias.widened();
        neuron.net_input = net_input.widened();
        neuron.output = output.widened();
        neuron.fires = neuron.activation.fires(neuron.output);
    }

    fn whole(&mut self, population: PopulationId, outputs: &[R]) {
        // The array's neurons were begun one after the other, the last thing that happened.
        let size = self.network.population(population).size as usize;
        let start = self.neurons.len() - size;
        for neuron in &mut self.neurons[start..] {
            neuron.output = outputs[neuron.neuron.element as usize].widened();
        }
    }
}

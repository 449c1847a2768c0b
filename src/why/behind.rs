//! What stands behind one neuron in one evaluation, as flat lists: the neurons, their synapses, and what reads what.

use std::ops::Range;

use super::Numbers;
use crate::activation::{Activation, Curve};
use crate::combine::Combine;
use crate::eval::{NeuronTrace, Trace};
use crate::network::{ConnectionId, Network, ParameterId, PopulationKind, Unit, View};

/// The neurons and inputs that a neuron, the last one, depends on. Both are numbered together, neurons first.
pub(super) struct Behind<'a> {
    /// In the order of evaluation.
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) inputs: Vec<Input>,
    /// The synapses of all nodes, one node after the other.
    pub(super) synapses: Vec<Synapse>,
    /// For each neuron and input where what reads it starts in `reads`, and the length of `reads` at the end.
    starts: Vec<u32>,
    reads: Vec<Read>,
}

/// A neuron.
pub(super) struct Node<'a> {
    pub(super) unit: Unit,
    pub(super) activation: &'a Activation,
    pub(super) curve: Curve,
    pub(super) combine: Combine,
    pub(super) bias: f64,
    pub(super) bias_value: Place,
    pub(super) net_input: f64,
    pub(super) output: f64,
    pub(super) synapses: Range<u32>,
    /// The magnitude of its contributions and its bias.
    pub(super) magnitude: f64,
    /// The nodes of its array, if the activation needs all of it.
    pub(super) whole: Option<Range<u32>>,
}

/// An element of an input.
pub(super) struct Input {
    pub(super) unit: Unit,
    pub(super) value: f64,
}

/// A synapse of a node.
pub(super) struct Synapse {
    /// The number of its source.
    pub(super) from: u32,
    pub(super) value: f64,
    pub(super) weight: f64,
    pub(super) connection: ConnectionId,
    pub(super) weight_value: Place,
}

/// Which value of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) parameter: ParameterId,
    pub(super) index: u32,
}

/// That a node reads something by one of its synapses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Read {
    pub(super) node: u32,
    pub(super) synapse: u32,
}

impl<'a> Behind<'a> {
    /// What stands behind the neuron at `last` of the trace.
    pub(super) fn of(network: &'a Network, trace: &Trace, last: usize) -> Behind<'a> {
        let numbers = Numbers::of(network);
        let mut needed = needed(network, trace, last, &numbers);
        let computed = || trace.neurons[..=last].iter();
        let kept: Vec<&NeuronTrace> = computed().filter(|neuron| needed[numbers.of_unit(neuron.neuron)]).collect();
        // From here on the number among neurons and inputs, by the number of the unit.
        let mut sources = vec![u32::MAX; needed.len()];
        let mut next = 0;
        for neuron in &kept {
            let number = numbers.of_unit(neuron.neuron);
            sources[number] = next;
            needed[number] = false;
            next += 1;
        }
        let mut inputs = Vec::new();
        let units = network.inputs().flat_map(|(id, population)| {
            population.units(id).elements().map(move |element| Unit { population: id, element })
        });
        for (place, unit) in units.enumerate() {
            let number = numbers.of_unit(unit);
            if std::mem::take(&mut needed[number]) {
                sources[number] = next;
                inputs.push(Input { unit, value: trace.inputs[place] });
                next += 1;
            }
        }
        let mut behind =
            Behind { nodes: Vec::new(), inputs, synapses: Vec::new(), starts: Vec::new(), reads: Vec::new() };
        for neuron in kept {
            behind.add(network, neuron, &sources, &numbers);
        }
        behind.connect(next as usize);
        behind
    }

    fn add(&mut self, network: &'a Network, neuron: &NeuronTrace, sources: &[u32], numbers: &Numbers) {
        let Unit { population, element } = neuron.neuron;
        let start = self.synapses.len();
        let mut rest = neuron.synapses.as_slice();
        while let Some(first) = rest.first() {
            let connection = network.connection(first.connection);
            for (_, index) in network.synapses(connection, element - connection.targets.first) {
                let Some((synapse, after)) = rest.split_first() else { break };
                rest = after;
                self.synapses.push(Synapse {
                    from: sources[numbers.of_unit(synapse.from)],
                    value: synapse.value,
                    weight: synapse.weight,
                    connection: synapse.connection,
                    weight_value: Place { parameter: connection.weights.parameter, index: narrow(index) },
                });
            }
        }
        let (activation, combine, bias) = network.population(population).neuron();
        let View { parameter, .. } = bias;
        let amounts = neuron.synapses.iter().map(|synapse| synapse.contribution.abs());
        let number = sources[numbers.of_unit(neuron.neuron)];
        let size = network.population(population).size;
        self.nodes.push(Node {
            unit: neuron.neuron,
            activation,
            curve: activation.curve(),
            combine,
            bias: neuron.bias,
            bias_value: Place { parameter, index: narrow(bias.index(element, 0)) },
            net_input: neuron.net_input,
            output: neuron.output,
            synapses: narrow(start)..narrow(self.synapses.len()),
            magnitude: amounts.sum::<f64>() + neuron.bias.abs(),
            // All elements are needed if one is, and they are computed one after the other.
            whole: activation.is_whole_array().then(|| number - element..number - element + size),
        });
    }

    /// Fills in what reads what.
    fn connect(&mut self, count: usize) {
        let mut starts = vec![0_u32; count + 1];
        self.synapses.iter().for_each(|synapse| starts[synapse.from as usize + 1] += 1);
        for place in 0..count {
            starts[place + 1] += starts[place];
        }
        let mut free = starts.clone();
        let mut reads = vec![Read { node: 0, synapse: 0 }; self.synapses.len()];
        for (node, neuron) in self.nodes.iter().enumerate() {
            for synapse in neuron.synapses.clone() {
                let place = &mut free[self.synapses[synapse as usize].from as usize];
                reads[*place as usize] = Read { node: narrow(node), synapse };
                *place += 1;
            }
        }
        (self.starts, self.reads) = (starts, reads);
    }

    /// What reads a neuron or input, in the order of evaluation.
    pub(super) fn readers(&self, number: usize) -> &[Read] {
        &self.reads[self.starts[number] as usize..self.starts[number + 1] as usize]
    }

    /// The number of the last neuron, behind which all this stands.
    pub(super) fn last(&self) -> usize {
        self.nodes.len() - 1
    }

    /// The neuron or input of a number.
    pub(super) fn unit(&self, number: usize) -> Unit {
        match number.checked_sub(self.nodes.len()) {
            None => self.nodes[number].unit,
            Some(input) => self.inputs[input].unit,
        }
    }

    pub(super) fn synapses_of(&self, node: usize) -> &[Synapse] {
        let Range { start, end } = self.nodes[node].synapses;
        &self.synapses[start as usize..end as usize]
    }
}

/// Which units the neuron at `last` of the trace depends on, with itself.
fn needed(network: &Network, trace: &Trace, last: usize, numbers: &Numbers) -> Vec<bool> {
    let mut needed = vec![false; numbers.count()];
    let need = |unit: Unit, needed: &mut Vec<bool>| {
        let population = network.population(unit.population);
        let is_whole = match &population.kind {
            PopulationKind::Neuron { activation, .. } => activation.is_whole_array(),
            PopulationKind::Input { .. } => false,
        };
        let number = numbers.of_unit(unit);
        if is_whole && !needed[number] {
            let first = number - unit.element as usize;
            needed[first..first + population.size as usize].fill(true);
        }
        needed[number] = true;
    };
    need(trace.neurons[last].neuron, &mut needed);
    for neuron in trace.neurons[..=last].iter().rev() {
        if needed[numbers.of_unit(neuron.neuron)] {
            neuron.synapses.iter().for_each(|synapse| need(synapse.from, &mut needed));
        }
    }
    needed
}

/// A number of nodes, synapses or values.
pub(super) fn narrow(count: usize) -> u32 {
    u32::try_from(count).expect("neurons, synapses and values are limited to 32 bits")
}

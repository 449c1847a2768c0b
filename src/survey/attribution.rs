//! How much of an output is due to each input.
//!
//! Compared with silence, that is with all inputs at 0, each neuron's output differs by so much, and its net input by so
//! much; their quotient is its multiplier. Multipliers along a way are multiplied, those of several ways added, and an input's
//! part is its value times the multiplier from it to the output. (The rescale rule of Shrikumar, Greenside and Kundaje,
//! "Learning important features through propagating activation differences", 2017.) For a neuron that an input feeds directly, and
//! whose activation is `identity`, that is the contribution that a trace shows. All parts together make the difference
//! to silence.

use super::Survey;
use crate::combine::Combine;
use crate::network::{Network, Sources, Synapses, Unit};
use crate::plan::{Neurons, Step};

impl Survey {
    /// The multiplier from every slot to an output.
    pub(super) fn multipliers(
        &self,
        network: &Network,
        output: Unit,
        slots: &[f64],
        net_inputs: &[f64],
        multipliers: &mut Vec<f64>,
    ) {
        multipliers.clear();
        multipliers.resize(slots.len(), 0.0);
        multipliers[self.plan.slot(output).expect("the plan keeps everything")] = 1.0;
        let mut number = self.neurons.len();
        for step in self.plan.steps.iter().rev() {
            let neurons = match step {
                Step::Whole { .. } => continue,
                Step::Neurons(neurons) => neurons,
            };
            for row in (0..neurons.units.count).rev() {
                number -= 1;
                let slot = neurons.slot as usize + row as usize;
                let way = net_inputs[number] - self.silence.net_inputs[number];
                let through = multipliers[slot] * (slots[slot] - self.silence.slots[slot]) / way;
                // Without a difference there is nothing to pass on.
                if multipliers[slot] != 0.0 && way != 0.0 {
                    self.pass_on(network, neurons, row, through, slots, multipliers);
                }
            }
        }
    }

    /// Adds what a neuron's multiplier means for those that it reads.
    fn pass_on(
        &self,
        network: &Network,
        neurons: &Neurons,
        row: u32,
        through: f64,
        slots: &[f64],
        multipliers: &mut [f64],
    ) {
        let (_, combine, _) = network.population(neurons.units.population).neuron();
        let divisor = match combine {
            Combine::Sum => 1.0,
            Combine::Mean => {
                let mut count = 0.0;
                self.each(network, neurons, row, |_, _| count += 1.0);
                count
            }
            Combine::Product | Combine::Min | Combine::Max | Combine::MaxAbs | Combine::Median => {
                return self.pass_on_by_size(network, neurons, row, through, slots, multipliers);
            }
        };
        self.each(network, neurons, row, |slot, weight| multipliers[slot] += through * weight / divisor);
    }

    /// Contributions that are not added share the difference by how much each of them differs from silence.
    fn pass_on_by_size(
        &self,
        network: &Network,
        neurons: &Neurons,
        row: u32,
        through: f64,
        slots: &[f64],
        multipliers: &mut [f64],
    ) {
        let differs = |slot: usize, weight: f64| weight * (slots[slot] - self.silence.slots[slot]);
        let mut all = 0.0;
        self.each(network, neurons, row, |slot, weight| all += differs(slot, weight).abs());
        let mut combined = Vec::new();
        self.each(network, neurons, row, |slot, weight| combined.push((slot, weight)));
        let difference = self.combined_difference(network, neurons, &combined, slots);
        if all == 0.0 {
            return;
        }
        for (slot, weight) in combined {
            let share = difference * differs(slot, weight).abs() / all;
            let way = slots[slot] - self.silence.slots[slot];
            if way != 0.0 {
                multipliers[slot] += through * share / way;
            }
        }
    }

    /// How much what is combined differs from silence.
    fn combined_difference(
        &self,
        network: &Network,
        neurons: &Neurons,
        synapses: &[(usize, f64)],
        slots: &[f64],
    ) -> f64 {
        let (_, combine, _) = network.population(neurons.units.population).neuron();
        let value = |slots: &[f64]| {
            let mut room = Vec::new();
            let mut combination = crate::combine::Combination::new(combine, &mut room);
            for (slot, weight) in synapses {
                combination.take(weight * slots[*slot]);
            }
            combination.value()
        };
        value(slots) - value(&self.silence.slots)
    }

    /// Tells the slot and the weight of each synapse of a neuron, in order.
    fn each(&self, network: &Network, neurons: &Neurons, row: u32, mut tell: impl FnMut(usize, f64)) {
        for term in &self.plan.terms[neurons.terms.start as usize..neurons.terms.end as usize] {
            let connection = network.connection(term.connection);
            let weights = &network.parameter(connection.weights.parameter).values;
            let Synapses { sources, weight, step } = network.synapses(connection, term.row + row);
            let first = term.slot as usize;
            match sources {
                Sources::Neighbours(range) => {
                    for (place, source) in range.enumerate() {
                        tell(first + source as usize, weights[weight + place * step]);
                    }
                }
                Sources::Listed(list) => {
                    for (place, source) in list.iter().enumerate() {
                        tell(first + *source as usize, weights[weight + place * step]);
                    }
                }
            }
        }
    }
}

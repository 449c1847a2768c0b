//! What was counted, neuron by neuron and output by output.

use super::{Survey, Tally};
use crate::network::{Network, Unit};

/// What rows say of one neuron.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NeuronFinding {
    /// The neuron.
    pub neuron: Unit,
    /// In how many rows it fired; none where firing means nothing.
    pub fired: Option<u64>,
    /// In how many rows its slope was below [`Survey::FLAT`]; none where its activation is flat everywhere.
    pub flat: Option<u64>,
    /// The lowest output.
    pub lowest: f64,
    /// The highest.
    pub highest: f64,
    /// Whether it fired in no row.
    pub never_fires: bool,
    /// Whether it fired in every row.
    pub always_fires: bool,
    /// Whether its slope was below [`Survey::FLAT`] in at least [`Survey::SATURATED`] of the rows.
    pub is_saturated: bool,
}

/// What the network's inputs are to an element of an output.
#[derive(Debug, Clone, PartialEq)]
pub struct Influence {
    /// The neuron that the output gives.
    pub output: Unit,
    /// All elements of all inputs, what counts most first.
    pub inputs: Vec<InputInfluence>,
}

/// What an input is to an output, over all rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InputInfluence {
    /// The input's element.
    pub input: Unit,
    /// The mean magnitude of its part in the output.
    pub magnitude: f64,
    /// The mean of its part, with its sign.
    pub mean: f64,
    /// Its share of the magnitudes of all inputs, from 0 to 1.
    pub share: f64,
}

/// Neurons that something is found of, and inputs by output.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// All neurons, in the order of evaluation.
    pub neurons: Vec<NeuronFinding>,
    /// The outputs, in their order.
    pub influences: Vec<Influence>,
}

impl NeuronFinding {
    /// Whether something is to be told of it: that it never fires, always fires or is saturated.
    #[must_use]
    pub fn is_notable(&self) -> bool {
        self.never_fires || self.always_fires || self.is_saturated
    }
}

impl Survey {
    /// What was counted of every neuron, in the order of evaluation. Without rows nothing is found.
    #[must_use]
    pub fn neurons(&self, network: &Network, tally: &Tally) -> Vec<NeuronFinding> {
        let rows = tally.counted();
        let finding = |number: usize| {
            let (neuron, count) = (self.neurons[number], tally.neurons[number]);
            let (activation, ..) = network.population(neuron.population).neuron();
            let fired = activation.fires(0.0).map(|_| count.fired);
            let flat = self.can_saturate[number].then_some(count.flat);
            NeuronFinding {
                neuron,
                fired,
                flat,
                lowest: count.lowest,
                highest: count.highest,
                never_fires: rows > 0 && fired == Some(0),
                always_fires: rows > 0 && fired == Some(rows),
                is_saturated: rows > 0 && flat.is_some_and(|flat| flat as f64 >= Survey::SATURATED * rows as f64),
            }
        };
        (0..self.neurons.len()).map(finding).collect()
    }

    /// What each input is to each output.
    #[must_use]
    pub fn influences(&self, tally: &Tally) -> Vec<Influence> {
        let rows = tally.counted().max(1) as f64;
        let influence = |(place, output): (usize, &Unit)| {
            let sums = &tally.influences[place * self.inputs.len()..][..self.inputs.len()];
            let all: f64 = sums.iter().map(|[magnitude, _]| magnitude).sum();
            let mut inputs: Vec<InputInfluence> = std::iter::zip(&self.inputs, sums)
                .map(|(input, [magnitude, amount])| InputInfluence {
                    input: *input,
                    magnitude: magnitude / rows,
                    mean: amount / rows,
                    share: if all > 0.0 { magnitude / all } else { 0.0 },
                })
                .collect();
            inputs.sort_by(|one, other| other.magnitude.total_cmp(&one.magnitude));
            Influence { output: *output, inputs }
        };
        self.outputs.iter().enumerate().map(influence).collect()
    }

    /// Both.
    #[must_use]
    pub fn finding(&self, network: &Network, tally: &Tally) -> Finding {
        Finding { neurons: self.neurons(network, tally), influences: self.influences(tally) }
    }
}

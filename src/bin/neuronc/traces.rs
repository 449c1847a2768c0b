//! A trace for people and programs: every synapse of every neuron, in text, in sentences, as JSON.

mod json;
mod plain;
mod table;

use neuronc::network::{ConnectionId, Unit};
use neuronc::numeric::decimal::{rounded, shortest, shortest_single};
use neuronc::{Network, NeuronTrace, Position, Sources, SynapseTrace, neutralise};

use crate::arguments::{Precision, TraceForm};
pub use json::exact;

/// What the forms of a trace need to know beside it.
pub struct Setting<'a> {
    pub network: &'a Network,
    pub sources: &'a Sources,
    pub precision: Precision,
    /// All digits.
    pub exact: bool,
    /// All synapses.
    pub all: bool,
    /// Columns that there are.
    pub width: usize,
    /// Which row of inputs it is, counted from 0.
    pub row: usize,
}

/// Digits of a number that people read.
const DIGITS: usize = 6;

impl Setting<'_> {
    /// One neuron's part of the trace, with its line ends.
    pub fn neuron(&self, neuron: &NeuronTrace, form: TraceForm) -> String {
        match form {
            TraceForm::Text => table::neuron(self, neuron),
            TraceForm::Plain => plain::neuron(self, neuron),
            TraceForm::Json => json::neuron(self, neuron),
        }
    }

    /// A number as people read it.
    fn number(&self, value: f64) -> String {
        if self.exact { self.all_digits(value) } else { rounded(value, DIGITS) }
    }

    /// The shortest decimal that reads back to the same bits of the precision.
    #[expect(clippy::cast_possible_truncation, reason = "a value of single precision was widened before")]
    pub fn all_digits(&self, value: f64) -> String {
        match self.precision {
            Precision::F64 => shortest(value),
            Precision::F32 => shortest_single(value as f32),
        }
    }

    fn name(&self, unit: Unit) -> String {
        neutralise(&self.network.unit_name(unit)).into_owned()
    }

    /// The file and place of a neuron's declaration.
    fn place(&self, neuron: &NeuronTrace) -> (String, Position) {
        let origin = self.network.population(neuron.neuron.population).origin;
        (neutralise(self.sources.get(origin.file).name()).into_owned(), self.sources.position(origin))
    }

    /// The place of a synapse's statement.
    fn synapse_place(&self, connection: ConnectionId) -> Position {
        self.sources.position(self.network.connection(connection).origin)
    }
}

/// What a contribution does to its neuron.
fn effect(synapse: &SynapseTrace) -> &'static str {
    match synapse.contribution {
        above if above > 0.0 => "excitatory",
        below if below < 0.0 => "inhibitory",
        _ => "silent",
    }
}

/// How many synapses excite, inhibit, and do neither.
fn effects(neuron: &NeuronTrace) -> (usize, usize, usize) {
    let count = |wanted| neuron.synapses.iter().filter(|synapse| effect(synapse) == wanted).count();
    (count("excitatory"), count("inhibitory"), count("silent"))
}

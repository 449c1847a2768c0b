//! What all parts of an account need to know: the network, its values, and whose words are used.

use super::{Manner, Vocabulary};
use crate::eval::{InputError, NeuronTrace, Path, Scratch, Trace, evaluate, trace};
use crate::network::{ConnectionId, Network, Unit, Units};
use crate::numeric::decimal::rounded;
use crate::plan::{Plan, Wanted, plan};
use crate::source::Sources;
use crate::span::Span;
use crate::text::{neutralise, shown};

/// Digits of a number that people read.
const DIGITS: usize = 6;

/// In networks of more synapses than this no reasons are looked for: they need a trace of all synapses.
const MOST_TRACED: u64 = 4_000_000;

/// Things of one kind that are told, unless all are wanted.
const MOST: usize = 12;

pub(super) struct Facts<'a> {
    pub(super) network: &'a Network,
    pub(super) sources: &'a Sources,
    pub(super) vocabulary: Vocabulary,
    pub(super) all: bool,
    pub(super) path: Path,
    /// The connections into each population, by its number, in the order of their synapses.
    incoming: Vec<Vec<ConnectionId>>,
    computed: Option<Computed>,
}

/// What an evaluation computed.
struct Computed {
    plan: Plan,
    scratch: Scratch<f64>,
    trace: Option<Trace>,
}

impl<'a> Facts<'a> {
    pub(super) fn of(network: &'a Network, sources: &'a Sources, manner: Manner<'_>) -> Result<Facts<'a>, InputError> {
        let Manner { vocabulary, inputs, all, path } = manner;
        let row = inputs.map(|inputs| inputs.row(network)).transpose()?;
        let computed = row.map(|row| {
            let plan = plan(network, Wanted::Everything);
            let (mut scratch, mut outputs) = (Scratch::new(), vec![0.0; plan.output_count()]);
            evaluate(network, &plan, row, &mut outputs, &mut scratch, path);
            let is_small = network.counts().synapses <= MOST_TRACED;
            let trace = is_small.then(|| trace(network, &plan, row, path));
            Computed { plan, scratch, trace }
        });
        let mut incoming = vec![Vec::new(); network.populations().count()];
        for (id, connection) in network.connections() {
            incoming[connection.targets.population.0 as usize].push(id);
        }
        Ok(Facts { network, sources, vocabulary, all, path, incoming, computed })
    }

    /// The words of the vocabulary that is wanted.
    pub(super) fn say<'w>(&self, artificial: &'w str, biological: &'w str, both: &'w str) -> &'w str {
        match self.vocabulary {
            Vocabulary::Artificial => artificial,
            Vocabulary::Biological => biological,
            Vocabulary::Both => both,
        }
    }

    /// How many things of one kind are told.
    pub(super) fn most(&self) -> usize {
        if self.all { usize::MAX } else { MOST }
    }

    pub(super) fn has_values(&self) -> bool {
        self.computed.is_some()
    }

    /// What an input or neuron is, where there are values.
    pub(super) fn value(&self, unit: Unit) -> Option<f64> {
        let computed = self.computed.as_ref()?;
        computed.scratch.value(&computed.plan, unit)
    }

    pub(super) fn trace(&self) -> Option<&Trace> {
        self.computed.as_ref()?.trace.as_ref()
    }

    pub(super) fn neuron_trace(&self, neuron: Unit) -> Option<&NeuronTrace> {
        self.trace()?.neurons.iter().find(|known| known.neuron == neuron)
    }

    /// The connections into a population, in the order of their synapses.
    pub(super) fn incoming(&self, id: crate::network::PopulationId) -> &[ConnectionId] {
        &self.incoming[id.0 as usize]
    }

    /// The synapses into a neuron, in order.
    pub(super) fn synapses(&self, neuron: Unit) -> Vec<Synapse> {
        let mut found = Vec::new();
        for id in self.incoming(neuron.population) {
            let connection = self.network.connection(*id);
            if !connection.targets.elements().contains(&neuron.element) {
                continue;
            }
            let weights = &self.network.parameter(connection.weights.parameter).values;
            let Units { population, first, .. } = connection.sources;
            for (source, place) in self.network.synapses(connection, neuron.element - connection.targets.first) {
                let from = Unit { population, element: first + source };
                found.push(Synapse { from, connection: *id, weight: weights[place], value: self.value(from) });
            }
        }
        found
    }

    /// The bias of a neuron.
    pub(super) fn bias(&self, neuron: Unit) -> f64 {
        let (.., bias) = self.network.population(neuron.population).neuron();
        self.network.parameter(bias.parameter).values[bias.index(neuron.element, 0)]
    }

    pub(super) fn name(&self, unit: Unit) -> String {
        shown(&self.network.unit_name(unit))
    }

    /// `x`, `x[2]`, `x[0..3]`; of a whole array `x`.
    pub(super) fn units_name(&self, units: Units) -> String {
        let population = self.network.population(units.population);
        if !population.is_array || units.count == population.size {
            return shown(&population.name);
        }
        match units.count {
            1 => self.name(Unit { population: units.population, element: units.first }),
            _ => format!("{}[{}..{}]", shown(&population.name), units.first, units.first + units.count),
        }
    }

    /// The beginning of a long text, unless all is wanted.
    pub(super) fn cropped(&self, text: &str) -> String {
        const MOST: usize = 400;
        match text.char_indices().nth(MOST).filter(|_| !self.all) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.to_owned(),
        }
    }

    /// `article.neuron:11`
    pub(super) fn place(&self, span: Span) -> String {
        let file = neutralise(self.sources.get(span.file).name()).replace('`', "'");
        format!("{file}:{}", self.sources.position(span).line)
    }
}

/// One synapse.
#[derive(Debug, Clone, Copy)]
pub(super) struct Synapse {
    pub(super) from: Unit,
    pub(super) connection: ConnectionId,
    pub(super) weight: f64,
    /// What it carries, where there are values.
    pub(super) value: Option<f64>,
}

/// A number as people read it.
pub(super) fn number(value: f64) -> String {
    rounded(value, DIGITS)
}

/// With its sign, which is part of the meaning.
pub(super) fn signed(value: f64) -> String {
    if value > 0.0 { format!("+{}", number(value)) } else { number(value) }
}

/// `2`, `from 1 to 2`.
pub(super) fn span_of(values: impl Iterator<Item = f64>) -> Option<String> {
    let (low, high) = values.fold(None, |known: Option<(f64, f64)>, value| {
        Some(known.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
    })?;
    let (low, high) = (number(low), number(high));
    Some(if low == high { low } else { format!("from {low} to {high}") })
}

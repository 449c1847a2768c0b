//! Named weights and biases in words: what they are, and who shares them.

use std::collections::BTreeMap;

use super::connection::{made, named};
use super::facts::{Facts, span_of};
use super::{Section, facts};
use crate::network::{ParameterId, ParameterKind, PopulationKind};
use crate::text::counted;

/// Who uses a parameter.
#[derive(Debug, Default)]
struct Uses {
    /// Synapses, and the statements that they are of.
    synapses: u64,
    connections: Vec<String>,
    /// Neurons whose bias it is, and their arrays.
    neurons: u64,
    populations: Vec<String>,
}

/// Names that an item tells.
const NAMES: usize = 3;

pub(super) fn section(facts: &Facts<'_>) -> Option<Section> {
    let network = facts.network;
    let mut uses: BTreeMap<ParameterId, Uses> = BTreeMap::new();
    for (_, connection) in network.connections() {
        let of = uses.entry(connection.weights.parameter).or_default();
        of.synapses += network.synapse_count(connection, 0..connection.targets.count);
        let ends = [connection.sources, connection.targets].map(|units| facts.units_name(units));
        of.connections.push(format!("`{}`", ends.join(" -> ")));
    }
    for (_, population) in network.populations() {
        if let PopulationKind::Neuron { bias, .. } = &population.kind {
            let of = uses.entry(bias.parameter).or_default();
            of.neurons += u64::from(population.size);
            of.populations.push(format!("`{}`", crate::text::shown(&population.name)));
        }
    }
    let (named, literal): (Vec<_>, Vec<_>) =
        uses.into_iter().partition(|(id, _)| network.parameter(*id).name.is_some());
    if named.is_empty() {
        return None;
    }
    let mut section = Section::new(facts.say(
        "Parameters: weights and biases with names",
        "How strong the synapses are, and what the somata start from",
        "Parameters: how strong synapses are, and what somata start from",
    ));
    section.items(named, facts.most(), "parameter", |(id, uses)| item(facts, id, &uses));
    if literal.iter().any(|(id, _)| network.parameter(*id).kind == ParameterKind::Literal) {
        section.text("Numbers that are written where they are used have no name: each synapse and neuron has its own.");
    }
    Some(section)
}

fn item(facts: &Facts<'_>, id: ParameterId, uses: &Uses) -> String {
    let parameter = facts.network.parameter(id);
    let name = named(parameter).unwrap_or_default();
    let values = span_of(parameter.values.iter().copied()).unwrap_or_default();
    let values = if parameter.values.len() == 1 {
        format!(" = {}", facts::number(parameter.values[0]))
    } else {
        format!(" {values}")
    };
    let some = |names: &[String]| {
        let more = names.len().saturating_sub(NAMES);
        let mut some: Vec<String> = names.iter().take(NAMES).cloned().collect();
        if more > 0 {
            some.push(format!("{more} more"));
        }
        crate::text::all_of(&some)
    };
    let mut parts = Vec::new();
    match (uses.synapses, parameter.values.len()) {
        (0, _) => {}
        (1, 1) => parts.push(format!("the weight of {}", some(&uses.connections))),
        (count, 1) => {
            parts.push(format!("one weight that {} share ({})", counted(count, "synapse"), some(&uses.connections)));
        }
        (count, values) => {
            let is_shared = if count > values as u64 { ", several of which share one" } else { "" };
            let count = counted(count, "synapse");
            parts.push(format!("the weights of {count}{is_shared} ({})", some(&uses.connections)));
        }
    }
    match uses.neurons {
        0 => {}
        1 => parts.push(format!("the bias of {}", some(&uses.populations))),
        count if parameter.values.len() == 1 => {
            parts.push(format!("one bias that {} share ({})", counted(count, "neuron"), some(&uses.populations)));
        }
        count => parts.push(format!("the biases of {} ({})", counted(count, "neuron"), some(&uses.populations))),
    }
    let place = facts.place(parameter.origin);
    format!("`{name}`{values}: {}{} ({place})", parts.join(", and "), made(parameter))
}

//! One input or neuron in detail: where its signals come from, by size, and where its axon goes.

use super::connection::told;
use super::facts::{Facts, Synapse, number, signed};
use super::neuron::{how_it_fires, reasons, single};
use super::{Account, Block, Section};
use crate::network::{Connection, Population, Unit, Units};
use crate::order::order;
use crate::text::{counted, shown};

/// Synapses of a table, unless all are wanted.
const MOST_SYNAPSES: usize = 20;
/// Lines of reasons.
const MOST_REASONS: usize = 12;

pub(super) fn account(facts: &Facts<'_>, unit: Unit) -> Account {
    let population = facts.network.population(unit.population);
    let name = facts.name(unit);
    let is_input = facts.network.is_input(unit.population);
    let kind = match (is_input, population.is_array) {
        (true, false) => "an input".to_owned(),
        (true, true) => format!("an element of the input {}", shown(&population.name)),
        (false, false) => "a neuron".to_owned(),
        (false, true) => format!("a neuron of the array {}", shown(&population.name)),
    };
    let title = format!("{name}: {kind} of {}", shown(facts.network.name()));
    let mut first = Section::new(title.clone());
    first.place = Some(population.origin);
    let mut sections = Vec::new();
    if is_input {
        first.doc(&population.doc);
        first.item(super::network::input(facts, unit.population));
        sections.push(first);
    } else {
        let synapses = facts.synapses(unit);
        single(facts, unit, &synapses, &mut first);
        how_it_fires(facts, unit.population, &mut first);
        reasons(facts, unit, MOST_REASONS, &mut first);
        first.text(place(facts, unit, population));
        sections.push(first);
        sections.extend(by_size(facts, &synapses));
    }
    sections.push(readers(facts, Units { population: unit.population, first: unit.element, count: 1 }));
    Account { title, sections }
}

/// Where the neuron stands, in the file and in the order of evaluation.
fn place(facts: &Facts<'_>, neuron: Unit, population: &Population) -> String {
    let declared = facts.place(population.origin);
    let runs = order(facts.network).unwrap_or_default();
    let total: u64 = runs.iter().map(|run| u64::from(run.count)).sum();
    let mut before = 0;
    for run in runs {
        if run.population == neuron.population && run.elements().contains(&neuron.element) {
            before += u64::from(neuron.element - run.first);
            break;
        }
        before += u64::from(run.count);
    }
    format!("It is declared in {declared} and computed as number {} of {}.", before + 1, counted(total, "neuron"))
}

/// All synapses, by what they contribute, or by their weights where there are no values.
fn by_size(facts: &Facts<'_>, synapses: &[Synapse]) -> Option<Section> {
    if synapses.is_empty() {
        return None;
    }
    let contribution = |synapse: &Synapse| synapse.value.map(|value| synapse.weight * value);
    let size = |synapse: &Synapse| contribution(synapse).unwrap_or(synapse.weight).abs();
    let mut sorted: Vec<&Synapse> = synapses.iter().collect();
    sorted.sort_by(|one, other| size(other).total_cmp(&size(one)));
    let most = if facts.all { usize::MAX } else { MOST_SYNAPSES };
    let left_out = sorted.len().saturating_sub(most);
    sorted.truncate(most);
    let has_values = facts.has_values();
    let effect = |amount: f64| match amount {
        above if above > 0.0 => "excitatory",
        below if below < 0.0 => "inhibitory",
        _ => "silent",
    };
    let row = |synapse: &&Synapse| {
        let connection = facts.network.connection(synapse.connection);
        let parameter = facts.network.parameter(connection.weights.parameter);
        let weight = match &parameter.name {
            Some(name) => format!("{} ({})", signed(synapse.weight), shown(name)),
            None => signed(synapse.weight),
        };
        let mut row = vec![facts.name(synapse.from)];
        if let Some(value) = synapse.value {
            let amount = synapse.weight * value;
            row.extend([number(value), weight, signed(amount), effect(amount).to_owned()]);
        } else {
            row.extend([weight, effect(synapse.weight).to_owned()]);
        }
        row.push(facts.place(connection.origin));
        row
    };
    let head: &[&str] = match has_values {
        true => &["from", "value", "weight", "contribution", "effect", "place"],
        false => &["from", "weight", "effect", "place"],
    };
    let by = if has_values { "contribution" } else { "weight" };
    let title = facts.say("Synapses", "What the dendrites bring", "Synapses: what the dendrites bring");
    let mut section = Section::new(format!("{title}, by size of {by}"));
    let head = head.iter().map(|title| (*title).to_owned()).collect();
    section.blocks.push(Block::Table { head, rows: sorted.iter().map(row).collect() });
    if left_out > 0 {
        section.text(format!("… and {} that are smaller", counted(left_out as u64, "more synapse")));
    }
    Some(section)
}

/// Where signals of some units go.
pub(super) fn readers(facts: &Facts<'_>, units: Units) -> Section {
    let network = facts.network;
    let is_input = network.is_input(units.population);
    let mut section = Section::new(match is_input {
        true => facts.say("What reads it", "Which dendrites it reaches", "Which dendrites it reaches: what reads it"),
        false => facts.say("What reads it", "Where its axon goes", "Where its axon goes: what reads it"),
    });
    let elements = units.elements();
    let touches = |connection: &Connection| {
        let sources = connection.sources.elements();
        connection.sources.population == units.population
            && sources.start < elements.end
            && elements.start < sources.end
    };
    let mut lines = Vec::new();
    for (id, connection) in network.connections().filter(|(_, connection)| touches(connection)) {
        if units.count > 1 {
            lines.push(told(facts, id));
            continue;
        }
        let wanted = units.first - connection.sources.first;
        let values = &network.parameter(connection.weights.parameter).values;
        for target in 0..connection.targets.count {
            let mut found = network.synapses(connection, target).filter(|(source, _)| *source == wanted);
            let Some((_, place)) = found.next() else { continue };
            let to = Unit { population: connection.targets.population, element: connection.targets.first + target };
            lines.push(format!(
                "to `{}` with the weight {} ({})",
                facts.name(to),
                signed(values[place]),
                facts.place(connection.origin)
            ));
        }
    }
    let gives = |part: &Units| {
        part.population == units.population && part.first < elements.end && elements.start < part.elements().end
    };
    for output in network.outputs().iter().filter(|output| output.parts.iter().any(gives)) {
        let name = shown(&output.name);
        lines.push(format!(
            "it is part of what the network gives, as the output `{name}` ({})",
            facts.place(output.origin)
        ));
    }
    if lines.is_empty() {
        section.text("Nobody reads it.");
    }
    section.items(lines, if facts.all { usize::MAX } else { MOST_SYNAPSES }, "line", |line| line);
    section
}

//! A whole network in words: what comes in, what each neuron computes, what goes out.

use super::facts::{Facts, number, span_of};
use super::neuron::{is_neuron, rule, section};
use super::{Account, Manner, Section, activation, parameter};
use crate::activation::Activation;
use crate::network::{Network, Output, PopulationId, PopulationKind, Port, Unit, Units};
use crate::text::{all_of, counted, shown};

/// Values that are listed of an array.
const LISTED: usize = 8;

pub(super) fn account(facts: &Facts<'_>) -> Account {
    let network = facts.network;
    let title = match network.populations().next().is_none() && !network.networks().is_empty() {
        true => {
            let count = counted(network.networks().len() as u64, "network");
            format!("{}: {count} that others make instances of", shown(network.name()))
        }
        false => format!("{}: {}", shown(network.name()), sizes(network)),
    };
    let mut sections = Vec::new();
    let mut first = Section::new(title.clone());
    first.doc(network.doc());
    if !facts.has_values() {
        first.blocks.extend(without_values(facts));
    }
    sections.push(first);
    if network.populations().next().is_none() {
        sections.extend(declared(facts));
    }
    sections.extend(inputs(facts));
    sections.extend(instances(facts));
    sections.extend(neurons(facts));
    sections.extend(activations(facts));
    sections.extend(parameter::section(facts));
    sections.extend(outputs(facts));
    sections.extend(expectations(facts));
    Account { title, sections }
}

/// `2 inputs, 1 neuron and 2 synapses`
fn sizes(network: &Network) -> String {
    let counts = network.counts();
    let sizes = [(counts.inputs, "input"), (counts.neurons, "neuron"), (counts.synapses, "synapse")];
    all_of(&sizes.map(|(count, noun)| counted(count, noun)))
}

/// The networks of a file that has nothing else, without numbers.
fn declared(facts: &Facts<'_>) -> Vec<Section> {
    let all = facts.network.networks();
    let mut sections = Vec::new();
    for network in all.iter().take(facts.most()) {
        let Facts { vocabulary, all, path, .. } = *facts;
        let manner = Manner { vocabulary, inputs: None, all, path };
        let Ok(inner) = Facts::of(network, facts.sources, manner) else { continue };
        let mut title = Section::new(format!("network {}: {}", shown(network.name()), sizes(network)));
        title.doc(network.doc());
        let ids: Vec<PopulationId> = network.inputs().map(|(id, _)| id).collect();
        title.items(ids, inner.most(), "input", |id| format!("input {}", documented(&inner, id)));
        title.items(network.outputs().iter().collect(), inner.most(), "output", |output| {
            format!("output {}", told(&inner, output))
        });
        sections.push(title);
        let neurons = network.populations().filter(|(_, population)| is_neuron(population)).map(|(id, _)| id);
        sections.extend(neurons.take(inner.most()).map(|id| section(&inner, id)));
    }
    let more = all.len().saturating_sub(facts.most());
    if let Some(last) = sections.last_mut().filter(|_| more > 0) {
        last.text(format!("… and {}", counted(more as u64, "more network")));
    }
    sections
}

/// Which inputs would have to be given for numbers.
fn without_values(facts: &Facts<'_>) -> Option<super::Block> {
    let lacks = |kind: &PopulationKind| matches!(kind, PopulationKind::Input { default: None, .. });
    let names: Vec<String> = facts
        .network
        .inputs()
        .filter(|(_, population)| lacks(&population.kind))
        .map(|(_, population)| format!("`{}`", shown(&population.name)))
        .collect();
    if names.is_empty() {
        return None;
    }
    let count = names.len().saturating_sub(LISTED);
    let mut some: Vec<String> = names.iter().take(LISTED).cloned().collect();
    if count > 0 {
        some.push(format!("{count} more"));
    }
    let (has, it) = if names.len() == 1 { ("has", "it") } else { ("have", "them") };
    Some(super::Block::Text(format!(
        "Told without numbers: {} {has} no default. Give {it} behind the file, as `{}=1`, to see them put in.",
        all_of(&some),
        names[0].trim_matches('`')
    )))
}

fn inputs(facts: &Facts<'_>) -> Option<Section> {
    let ids: Vec<PopulationId> = facts.network.inputs().map(|(id, _)| id).collect();
    if ids.is_empty() {
        return None;
    }
    let mut section =
        Section::new(facts.say("Inputs", "What reaches the dendrites", "Inputs: signals that reach the dendrites"));
    section.items(ids, facts.most(), "input", |id| documented(facts, id));
    Some(section)
}

/// `` `x1` = 0.8, by default; it takes values from 0 to 1 (article.neuron:4) ``
pub(super) fn input(facts: &Facts<'_>, id: PopulationId) -> String {
    let population = facts.network.population(id);
    let PopulationKind::Input { default, range, columns } = &population.kind else { return String::new() };
    let name = shown(&population.name);
    let mut text = match population.is_array {
        true => format!("`{name}[{}]`", population.size),
        false => format!("`{name}`"),
    };
    let units = population.units(id);
    let now = values(facts, units).map(|now| listed(&now, population.is_array));
    let default = default.as_ref().map(|default| listed(default, population.is_array));
    text.push_str(&match (now, default) {
        (Some(now), Some(default)) if now == default => format!(" = {now}, by default"),
        (Some(now), Some(default)) => format!(" = {now} ({default} by default)"),
        (Some(now), None) => format!(" = {now}"),
        (None, Some(default)) => format!(", {default} by default"),
        (None, None) => ", without a default".to_owned(),
    });
    if let Some(range) = range {
        text.push_str(&format!("; it takes values from {} to {}", number(range.low), number(range.high)));
    }
    if let Some(columns) = columns {
        let count = columns.len().saturating_sub(LISTED);
        let mut some: Vec<String> =
            columns.iter().take(LISTED).map(|column| format!("`{}`", shown(column).replace('`', "'"))).collect();
        if count > 0 {
            some.push(format!("{count} more"));
        }
        let noun = if columns.len() == 1 { "column" } else { "columns" };
        text.push_str(&format!("; in files of rows it is the {noun} {}", all_of(&some)));
    }
    text + &format!(" ({})", facts.place(population.origin))
}

/// The same with its documentation, on one line.
fn documented(facts: &Facts<'_>, id: PopulationId) -> String {
    let (mut text, population) = (input(facts, id), facts.network.population(id));
    if !population.doc.is_empty() {
        let doc = facts.cropped(&population.doc.join(" ").replace('\t', " "));
        text.push_str(&format!(": {}", crate::text::neutralise(doc.trim())));
    }
    text
}

/// The values of units, where there are values.
fn values(facts: &Facts<'_>, units: Units) -> Option<Vec<f64>> {
    units.elements().map(|element| facts.value(Unit { population: units.population, element })).collect()
}

/// `0.8`, `[0.1, 0.2, … 782 more]`
fn listed(values: &[f64], is_array: bool) -> String {
    let some: Vec<String> = values.iter().take(LISTED).map(|value| number(*value)).collect();
    let more = values.len() - some.len();
    let more = if more > 0 { format!(", … {more} more") } else { String::new() };
    if is_array { format!("[{}{more}]", some.join(", ")) } else { some.concat() }
}

fn neurons(facts: &Facts<'_>) -> Vec<Section> {
    let network = facts.network;
    let ids: Vec<PopulationId> =
        network.populations().filter(|(_, population)| is_neuron(population)).map(|(id, _)| id).collect();
    let Some(last) = ids.len().checked_sub(1) else { return Vec::new() };
    let mut title = Section::new(facts.say(
        "Neurons: weighted sums and what becomes of them",
        "Neurons: what each soma sums, and when its axon fires",
        "Neurons: what each soma sums (net input), and what its axon carries (output)",
    ));
    title.text(rule(facts));
    if facts.has_values() {
        let fires = firing_count(facts);
        title.blocks.extend(fires.map(super::Block::Text));
    }
    let more = (last + 1).saturating_sub(facts.most());
    let mut sections = vec![title];
    sections.extend(ids.into_iter().take(facts.most()).map(|id| section(facts, id)));
    if more > 0 {
        let last = sections.last_mut().expect("there is the title");
        last.text(format!(
            "… and {}",
            counted(more as u64, "more neuron or array of neurons").replace("neurons or", "neuron or")
        ));
    }
    sections
}

/// What each activation makes of a net input, once for all neurons that have it.
fn activations(facts: &Facts<'_>) -> Option<Section> {
    let mut told: Vec<(&Activation, u64)> = Vec::new();
    for (_, population) in facts.network.populations().filter(|(_, population)| is_neuron(population)) {
        let (activation, ..) = population.neuron();
        let size = u64::from(population.size);
        match told.iter().position(|(known, _)| *known == activation) {
            Some(place) => told[place].1 += size,
            None => told.push((activation, size)),
        }
    }
    if told.is_empty() {
        return None;
    }
    let mut section = Section::new(facts.say(
        "Activations: from the net input z to the output",
        "When an axon fires, and what it carries",
        "Activations: from the net input z to what the axon carries",
    ));
    section.items(told, facts.most(), "activation", |(activation, count)| {
        let formula = activation::formula(facts, activation, count);
        format!("{formula} {}", activation::firing(facts, activation))
    });
    Some(section)
}

/// How many neurons fire, of those where that means something.
fn firing_count(facts: &Facts<'_>) -> Option<String> {
    let (mut fires, mut rests) = (0, 0);
    for (id, population) in facts.network.populations().filter(|(_, population)| is_neuron(population)) {
        let (activation, ..) = population.neuron();
        for value in values(facts, population.units(id))? {
            match activation.fires(value) {
                Some(true) => fires += 1,
                Some(false) => rests += 1,
                None => {}
            }
        }
    }
    let all = fires + rests;
    let fire = if fires == 1 { "fires" } else { "fire" };
    (all > 1).then(|| format!("With these inputs {fires} of {} {fire}.", counted(all, "neuron")))
}

/// Copies of networks.
fn instances(facts: &Facts<'_>) -> Option<Section> {
    let instances = facts.network.instances();
    if instances.is_empty() {
        return None;
    }
    let mut section = Section::new("Instances: copies of other networks");
    let ports = |ports: &[Port], joint: &str| {
        let told = |port: &Port| {
            let parts: Vec<String> = port.parts.iter().take(LISTED).map(|part| facts.units_name(*part)).collect();
            format!("its `{}` {joint} `{}`", shown(&port.name), parts.join(", "))
        };
        all_of(&ports.iter().take(LISTED).map(told).collect::<Vec<String>>())
    };
    section.items(instances.iter().collect(), facts.most(), "instance", |instance| {
        let parts = [ports(&instance.inputs, "is fed by"), ports(&instance.outputs, "is")];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let (name, of) = (shown(&instance.name), shown(&instance.network));
        let place = facts.place(instance.origin);
        format!("`{name}` is a copy of the network `{of}`: {} ({place})", parts.join("; "))
    });
    Some(section)
}

fn outputs(facts: &Facts<'_>) -> Option<Section> {
    let outputs = facts.network.outputs();
    if outputs.is_empty() {
        return None;
    }
    let mut section =
        Section::new(facts.say("Outputs", "What leaves along the axons", "Outputs: what leaves along the axons"));
    section.items(outputs.iter().collect(), facts.most(), "output", |output| told(facts, output));
    Some(section)
}

fn told(facts: &Facts<'_>, output: &Output) -> String {
    let name = shown(&output.name);
    let size: u32 = output.parts.iter().map(|part| part.count).sum();
    let mut text = if output.is_array { format!("`{name}[{size}]`") } else { format!("`{name}`") };
    let now: Option<Vec<f64>> =
        output.parts.iter().map(|part| values(facts, *part)).collect::<Option<Vec<_>>>().map(|it| it.concat());
    if let Some(now) = now {
        text.push_str(&format!(" = {}", listed(&now, output.is_array)));
        if now.len() > LISTED {
            text.push_str(&format!(", {}", span_of(now.into_iter()).unwrap_or_default()));
        }
    }
    let parts: Vec<String> = output.parts.iter().take(LISTED).map(|part| facts.units_name(*part)).collect();
    let joined = parts.join(", ");
    if joined != name {
        text.push_str(&format!("; it is `{joined}`"));
    }
    text + &format!(" ({})", facts.place(output.origin))
}

fn expectations(facts: &Facts<'_>) -> Option<Section> {
    let count = facts.network.expectations().len();
    let count = (count > 0).then(|| counted(count as u64, "expectation"))?;
    let mut section = Section::new("Tests");
    section.text(format!("The file says what must come out: {count}, which `neuronc test` checks."));
    Some(section)
}

//! What a name is, in sentences.

use neuronc::network::{Population, PopulationId, PopulationKind};
use neuronc::session::{Named, Of, Session};
use neuronc::{Activation, Combine, Network, counted, neutralise, shown};

use super::show::{flowed, inert, listed, number, wrapped};
use super::tree::synapses;

/// So many names of one kind are told.
const MOST: usize = 8;

/// What a name of the network or an activation is; none if it is neither.
pub fn explained(session: &Session, what: &str, width: usize) -> Option<String> {
    let network = session.network();
    let names = session.names();
    if let Some(named) = names.iter().find(|named| named.name == what) {
        return Some(value(session, named, width));
    }
    let name = shown(what);
    if let Some((_, of)) = session.instances().into_iter().find(|(instance, _)| instance == what) {
        let start = format!("{what}.");
        let inside = names.iter().map(|named| named.name.as_str()).filter(|name| name.starts_with(&start));
        let about = format!("`{name}` is an instance: a copy of the network `{}` under its own name. ", shown(&of));
        return Some(flowed(&(about + &has(inside)), width));
    }
    if let Some(one) = network.networks().iter().find(|one| one.name() == what) {
        return Some(definition(session, one, width));
    }
    if session.activations().iter().any(|declared| declared == what) {
        let mut text =
            flowed(&format!("`{name}` is an activation that is declared here or in a file that is imported."), width);
        for passage in session.passages(what).0 {
            text.extend(passage.text.lines().map(|line| wrapped(&inert(line), width)));
        }
        return Some(text);
    }
    built_in(what, width)
}

/// `It has `a`, `b`.`
fn has<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.take(MOST + 1).map(|name| format!("`{}`", shown(name))).collect();
    let more = if names.len() > MOST { ", …" } else { "" };
    match names.as_slice() {
        [] => "It has nothing that can be read.".to_owned(),
        names => format!("It has {}{more}.", names[..names.len().min(MOST)].join(", ")),
    }
}

/// A network that the document declares.
fn definition(session: &Session, network: &Network, width: usize) -> String {
    let counts = network.counts();
    let size = [(counts.inputs, "input"), (counts.neurons, "neuron"), (counts.synapses, "synapse")];
    let size = size.map(|(count, noun)| counted(count, noun)).join(", ");
    let outputs: Vec<String> = network.outputs().iter().take(MOST).map(|output| shown(&output.name)).collect();
    let instances = session.instances().into_iter().filter(|(_, of)| of == network.name());
    let instances: Vec<String> = instances.take(MOST).map(|(name, _)| format!("`{}`", shown(&name))).collect();
    let name = shown(network.name());
    let mut text =
        format!("`{name}` is a network that instances are copies of: {size}; it gives {}. ", outputs.join(", "));
    text.push_str(&match instances.as_slice() {
        [] => format!("There is none yet: `instance NAME = {name} {{ … }}` makes one."),
        instances => format!("There {} {}.", if instances.len() == 1 { "is" } else { "are" }, instances.join(", ")),
    });
    flowed(&text, width)
}

/// Something with a value.
fn value(session: &Session, named: &Named, width: usize) -> String {
    let network = session.network();
    let population = network.find(&named.name).map(|id| (id, network.population(id)));
    let mut text = String::new();
    if let Some((_, population)) = &population {
        text.extend(population.doc.iter().map(|line| wrapped(&neutralise(line), width)));
    }
    let size = if named.is_array { format!(" of {}", named.count) } else { String::new() };
    let kind = match named.of {
        Of::Input => "an input: a value from outside, as a dendrite receives it",
        Of::Const => "a const: a number with a name",
        Of::Weight => "a weight: how strongly a synapse passes on what it carries; above 0 excites, below 0 inhibits",
        Of::Bias => "a bias: what a neuron's net input has without any signal",
        Of::Neuron => "a neuron",
        Of::Output => "an output: what somebody reads of the network, under a name of its own",
    };
    text.push_str(&flowed(&format!("`{}`{size} is {kind}.", shown(&named.name)), width));
    if let Some((id, population)) = population {
        text.push_str(&neuron(network, id, population, width));
    }
    text.push_str(&flowed(&format!("Now it is {}.", listed(named)), width));
    text
}

/// How a neuron computes; nothing of an input.
fn neuron(network: &Network, id: PopulationId, population: &Population, width: usize) -> String {
    let PopulationKind::Neuron { activation, combine, .. } = &population.kind else { return String::new() };
    let into = network.connections().filter(|(_, connection)| connection.targets.population == id);
    let count: u64 = into.map(|(_, connection)| synapses(network, connection)).sum();
    let joined = match combine {
        Combine::Sum => "Their sum".to_owned(),
        Combine::Product | Combine::Mean | Combine::Min | Combine::Max | Combine::MaxAbs | Combine::Median => {
            format!("Their `{}`", combine.name())
        }
    };
    let of_all = if population.is_array { " of them all" } else { "" };
    let how = format!(
        "{} lead to it{of_all}; each brings its weight times what it carries. {joined} and the bias make the net input z, \
         and `{}` makes the output of it.",
        counted(count, "synapse"),
        activation.written(),
    );
    let mut text = flowed(&how, width);
    if let Some(description) = activation.description() {
        text.push_str(&wrapped(&format!("{}: {}", description.name, description.formula), width));
    }
    text
}

/// A built-in activation.
fn built_in(what: &str, width: usize) -> Option<String> {
    let description = Activation::named(what)?;
    let mut text = flowed(&format!("`{}` is an activation. {}", description.name, description.about.trim()), width);
    text.push_str(&wrapped(description.formula, width));
    for parameter in description.parameters {
        let default =
            parameter.default.map(|value| format!(", {} by default", number(Some(value)))).unwrap_or_default();
        text.push_str(&wrapped(&format!("  {}{default}", parameter.name), width));
    }
    Some(text)
}

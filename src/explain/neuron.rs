//! Neurons in words: a single one as a formula, an array as one sentence for all.

use super::connection::{Signs, told, weights};
use super::facts::{Facts, Synapse, number, span_of};
use super::formula::formula;
use super::one::readers;
use super::{Account, Section, Vocabulary, activation};
use crate::combine::Combine;
use crate::network::{Population, PopulationId, PopulationKind, Unit};
use crate::text::{counted, shown};
use crate::why::why;

/// A formula of more synapses names its connections, too.
const FEW_SYNAPSES: usize = 8;
/// Arrays up to this size have a formula for each element.
const SMALL: u32 = 4;
/// Elements that are named in a sentence.
const NAMED: usize = 8;

/// A neuron or array of neurons, as a part of a network's account.
pub(super) fn section(facts: &Facts<'_>, id: PopulationId) -> Section {
    let population = facts.network.population(id);
    let name = shown(&population.name);
    let size = if population.is_array { format!("[{}]", population.size) } else { String::new() };
    let mut section = Section::new(format!("{name}{size}"));
    section.is_inner = true;
    section.place = Some(population.origin);
    if population.is_array {
        array(facts, id, &mut section);
    } else {
        let neuron = Unit { population: id, element: 0 };
        let synapses = facts.synapses(neuron);
        single(facts, neuron, &synapses, &mut section);
        if synapses.len() > FEW_SYNAPSES {
            connections(facts, id, &mut section);
        }
        reasons(facts, neuron, 1, &mut section);
    }
    section
}

/// A whole array, as an account of its own.
pub(super) fn array_account(facts: &Facts<'_>, id: PopulationId) -> Account {
    let population = facts.network.population(id);
    let name = shown(&population.name);
    let kind = if facts.network.is_input(id) { "inputs" } else { "neurons" };
    let title = format!("{name}: an array of {} {kind}", population.size);
    let mut section = Section::new(title.clone());
    section.place = Some(population.origin);
    if facts.network.is_input(id) {
        section.doc(&population.doc);
        section.item(super::network::input(facts, id));
    } else {
        array(facts, id, &mut section);
        how_it_fires(facts, id, &mut section);
    }
    section.text(format!("`{name}[0]` is the first of them, and can be explained alone."));
    Account { title, sections: vec![section, readers(facts, population.units(id))] }
}

/// What all neurons do, what the activation does, and when it fires; for one neuron or array alone.
pub(super) fn how_it_fires(facts: &Facts<'_>, id: PopulationId, section: &mut Section) {
    let (of, ..) = facts.network.population(id).neuron();
    section.text(rule(facts));
    section.text(format!("{} {}", activation::formula(facts, of, 0), activation::firing(facts, of)));
}

/// The documentation, formula and synapses of one neuron.
pub(super) fn single(facts: &Facts<'_>, neuron: Unit, synapses: &[Synapse], section: &mut Section) {
    let population = facts.network.population(neuron.population);
    section.doc(&population.doc);
    section.blocks.push(formula(facts, neuron, synapses));
    let signs = Signs::of(synapses.iter().map(|synapse| synapse.weight)).told(facts);
    let bias = number(facts.bias(neuron));
    let at = facts.say("", " at its dendrites", " at its dendrites");
    let synapses = match synapses.len() {
        0 => "No synapse".to_owned(),
        count => format!("{}{at}: {signs}", counted(count as u64, "synapse")),
    };
    section.text(format!("{synapses}; bias {bias}.{}", combined(population)));
}

/// What all neurons do, but for the ways to combine that have a name of their own.
pub(super) fn rule(facts: &Facts<'_>) -> &'static str {
    match facts.vocabulary {
        Vocabulary::Artificial => {
            "A neuron adds weight times input over all its synapses, then its bias: the net input z. Its activation makes the \
             output of z."
        }
        Vocabulary::Biological => {
            "A soma adds what the synapses at its dendrites bring, each its signal times its strength: what is above 0 excites, \
             what is below 0 inhibits. It starts from its bias, the threshold with its sign turned. What comes to z there decides \
             what leaves along the axon."
        }
        Vocabulary::Both => {
            "A soma adds weight times signal of all synapses at its dendrites: a weight above 0 excites, one below 0 inhibits. With the \
             bias, which is its threshold with the sign turned, that is the net input z. Its activation makes of z what leaves \
             along the axon, the output."
        }
    }
}

/// What is done with the contributions, where it is not their sum.
fn combined(population: &Population) -> &'static str {
    let (_, combine, _) = population.neuron();
    match combine {
        Combine::Sum => "",
        Combine::Product => " What the synapses bring is multiplied, not added; then comes the bias.",
        Combine::Mean => " Of what the synapses bring the mean counts, not the sum; then comes the bias.",
        Combine::Min => " Of what the synapses bring only the smallest counts; then comes the bias.",
        Combine::Max => " Of what the synapses bring only the largest counts; then comes the bias.",
        Combine::MaxAbs => {
            " Of what the synapses bring only the largest in magnitude counts, with its sign; then comes the bias."
        }
        Combine::Median => " Of what the synapses bring only the middle one in size counts; then comes the bias.",
    }
}

/// Why the neuron has its value, by [`why`](fn@crate::why::why); so many lines.
pub(super) fn reasons(facts: &Facts<'_>, neuron: Unit, most: usize, section: &mut Section) {
    let why = facts.trace().and_then(|trace| why(facts.network, trace, neuron));
    for line in why.map(|why| why.lines(facts.network)).unwrap_or_default().into_iter().take(most) {
        section.item(line.trim().to_owned());
    }
}

/// An array in one sentence, then its connections.
fn array(facts: &Facts<'_>, id: PopulationId, section: &mut Section) {
    let network = facts.network;
    let population = network.population(id);
    section.doc(&population.doc);
    let (.., bias) = population.neuron();
    let values = &network.parameter(bias.parameter).values;
    let biases = span_of((0..population.size).map(|element| values[bias.index(element, 0)])).unwrap_or_default();
    let into = facts.incoming(id).iter().map(|connection| network.connection(*connection));
    let signs = Signs::of(into.flat_map(|connection| weights(facts, connection)));
    let total = signs.excitatory + signs.inhibitory + signs.silent;
    section.text(format!(
        "{} of {}, with {} in all: {}; bias {biases}.{}",
        facts.say("An array", "A group", "An array"),
        counted(u64::from(population.size), "neuron"),
        counted(total, "synapse"),
        signs.told(facts),
        combined(population),
    ));
    connections(facts, id, section);
    if population.size <= SMALL {
        for element in 0..population.size {
            let neuron = Unit { population: id, element };
            section.blocks.push(formula(facts, neuron, &facts.synapses(neuron)));
        }
    }
    if facts.has_values() {
        section.item(who_fires(facts, id));
    }
}

/// The connections into a population.
fn connections(facts: &Facts<'_>, id: PopulationId, section: &mut Section) {
    section.items(facts.incoming(id).to_vec(), facts.most(), "connection", |connection| told(facts, connection));
}

/// Which elements of an array fire now, and between what their values lie.
fn who_fires(facts: &Facts<'_>, id: PopulationId) -> String {
    let population = facts.network.population(id);
    let (activation, ..) = population.neuron();
    let units: Vec<Unit> = (0..population.size).map(|element| Unit { population: id, element }).collect();
    let values: Vec<f64> = units.iter().filter_map(|unit| facts.value(*unit)).collect();
    let range = span_of(values.iter().copied()).unwrap_or_default();
    // The first of several.
    let largest = std::iter::zip(&units, &values).rev().max_by(|one, other| one.1.total_cmp(other.1));
    let largest = largest.filter(|_| range.starts_with("from")).map(|(unit, _)| facts.name(*unit));
    let largest = largest.map(|largest| format!("; the largest is that of {largest}")).unwrap_or_default();
    if activation.fires(0.0).is_none() {
        return format!("now their outputs are {range}{largest}");
    }
    let firing: Vec<&Unit> = std::iter::zip(&units, &values)
        .filter(|(_, value)| activation.fires(**value) == Some(true))
        .map(|(unit, _)| unit)
        .collect();
    let named: Vec<String> = firing.iter().take(NAMED).map(|unit| facts.name(**unit)).collect();
    let more = firing.len() - named.len();
    let more = if more > 0 { format!(", … {more} more") } else { String::new() };
    let which = if named.is_empty() { String::new() } else { format!(": {}{more}", named.join(", ")) };
    let fire = if firing.len() == 1 { "fires" } else { "fire" };
    format!("now {} of {} {fire}{which}; their outputs are {range}{largest}", firing.len(), units.len())
}

/// Whether a population has neurons.
pub(super) fn is_neuron(population: &Population) -> bool {
    matches!(population.kind, PopulationKind::Neuron { .. })
}

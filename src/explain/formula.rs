//! What a neuron computes, as a formula: with names, with numbers, and what comes of it.

use super::Block;
use super::facts::{Facts, Synapse, number};
use crate::activation::Activation;
use crate::combine::Combine;
use crate::network::Unit;

/// Terms of a formula, unless all are wanted; of more the first stand there.
const MOST_TERMS: usize = 8;
const FIRST_TERMS: usize = 6;

/// `c = relu(1·x1 + 0.75·x2 + 0.5) = relu(1·0.8 + 0.75·1.2 + 0.5) = 2.2`
pub(super) fn formula(facts: &Facts<'_>, neuron: Unit, synapses: &[Synapse]) -> Block {
    let (activation, combine, _) = facts.network.population(neuron.population).neuron();
    let bias = facts.bias(neuron);
    let inside = |named: bool| {
        let sources = synapses.iter().map(|synapse| match synapse.value.filter(|_| !named) {
            Some(value) => number(value),
            None => facts.name(synapse.from),
        });
        net_input(combine, &terms(facts, synapses, sources), bias)
    };
    let name = facts.name(neuron);
    // The output of one needs the net inputs of all.
    if activation.is_whole_array() {
        let mut steps = vec![inside(true)];
        if let Some(trace) = facts.neuron_trace(neuron) {
            steps.extend([inside(false), number(trace.net_input)]);
        }
        return Block::Formula { left: format!("net input of {name}"), steps };
    }
    let applied = |inside: String| applied(activation, &inside);
    let mut steps = vec![applied(inside(true))];
    if let Some(value) = facts.value(neuron) {
        // Without synapses there is nothing to put in.
        if !synapses.is_empty() {
            steps.push(applied(inside(false)));
        }
        steps.push(number(value));
    }
    Block::Formula { left: name, steps }
}

/// A product of a weight and what a synapse carries; the sign stands before it.
struct Term {
    is_negative: bool,
    magnitude: String,
}

/// The terms that stand in a formula; the last one may say how many are left out.
fn terms(facts: &Facts<'_>, synapses: &[Synapse], sources: impl Iterator<Item = String>) -> Vec<Term> {
    let is_long = !facts.all && synapses.len() > MOST_TERMS;
    let most = if is_long { FIRST_TERMS } else { synapses.len() };
    let mut terms: Vec<Term> = std::iter::zip(synapses, sources)
        .take(most)
        .map(|(synapse, source)| {
            let source = if source.starts_with('-') { format!("({source})") } else { source };
            let is_negative = synapse.weight.is_sign_negative() && synapse.weight != 0.0;
            Term { is_negative, magnitude: format!("{}·{source}", number(synapse.weight.abs())) }
        })
        .collect();
    if is_long {
        terms.push(Term { is_negative: false, magnitude: format!("… {} more …", synapses.len() - most) });
    }
    terms
}

/// What the terms come to, plus the bias where there is one.
fn net_input(combine: Combine, terms: &[Term], bias: f64) -> String {
    let mut text = match combine {
        Combine::Sum => sum(terms),
        Combine::Product | Combine::Mean | Combine::Min | Combine::Max | Combine::MaxAbs | Combine::Median => {
            let signed = terms.iter().map(|term| format!("{}{}", sign(term), term.magnitude));
            format!("{}({})", combine.name(), signed.collect::<Vec<_>>().join(", "))
        }
    };
    let (is_alone, magnitude) = (text.is_empty(), number(bias.abs()));
    match bias {
        0.0 if is_alone => text.push('0'),
        0.0 => {}
        below if below < 0.0 => {
            text.push_str(&if is_alone { format!("-{magnitude}") } else { format!(" - {magnitude}") })
        }
        _ => text.push_str(&if is_alone { magnitude } else { format!(" + {magnitude}") }),
    }
    text
}

fn sum(terms: &[Term]) -> String {
    let mut text = String::new();
    for (place, term) in terms.iter().enumerate() {
        text.push_str(match (place, term.is_negative) {
            (0, _) => sign(term),
            (_, true) => " - ",
            (_, false) => " + ",
        });
        text.push_str(&term.magnitude);
    }
    text
}

fn sign(term: &Term) -> &'static str {
    if term.is_negative { "-" } else { "" }
}

/// `relu(…)`, `leaky_relu(…, slope = 0.1)`
fn applied(activation: &Activation, inside: &str) -> String {
    let written = activation.written();
    let written = crate::text::neutralise(&written);
    match written.strip_suffix(')').and_then(|rest| rest.split_once('(')) {
        Some((name, parameters)) => format!("{name}({inside}, {parameters})"),
        None => format!("{written}({inside})"),
    }
}

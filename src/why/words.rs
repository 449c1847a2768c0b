//! Reasons as lines of English.

use super::{Contribution, Explanation, Part, Route, Why};
use crate::combine::Combine;
use crate::network::{Network, Unit};
use crate::numeric::decimal::rounded;
use crate::text::{abridged_path, counted, shown};

/// How many contributions of a neuron are named.
const NAMED: usize = 5;
/// Digits of a number that people read.
const DIGITS: usize = 6;

impl Why {
    /// The reasons in English, a line a neuron and a line a way through other neurons; names are neutralised.
    ///
    /// `network` is the one that was explained.
    #[must_use]
    pub fn lines(&self, network: &Network) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for (place, explanation) in self.neurons.iter().enumerate() {
            let indent = if place == 0 { "" } else { "  " };
            lines.push(format!("{indent}{}", told(explanation, network)));
        }
        // What reaches the neuron directly stands in its own line.
        let far: Vec<&Route> = self.sources.iter().filter(|route| route.units.len() > 2).collect();
        for route in far {
            let source = name(network, route.units[0]);
            let way = abridged_path(route.units.len(), " -> ", |place| name(network, route.units[place]));
            lines.push(format!("  {source} counts most by {way} ({})", percent(route.strength.max(f64::MIN_POSITIVE))));
        }
        let left_out = self.source_count - self.sources.len();
        if left_out > 0 {
            lines.push(format!("  {} that count less are left out", counted(left_out as u64, "source")));
        }
        lines
    }
}

/// `c fires (2.2 > 0): net input 2.2 = x2 +0.9 (41 %) + bias +0.5 (23 %)`
fn told(explanation: &Explanation, network: &Network) -> String {
    let Explanation { activation, combine, contributions, net_input, output, .. } = explanation;
    let subject = name(network, explanation.neuron);
    let level = activation.description().and_then(|row| row.resting_level).unwrap_or(0.0);
    let (value, level) = (number(*output), number(level));
    let state = match explanation.fires {
        Some(true) => format!("{subject} fires ({value} > {level})"),
        Some(false) if output.is_nan() => format!("{subject} rests ({value} is no number)"),
        Some(false) => format!("{subject} rests ({value}, not above {level})"),
        None if activation.is_whole_array() => {
            let array = shown(&network.population(explanation.neuron.population).name);
            format!("{subject} is {value}, which {} makes of all net inputs of {array}", activation.name())
        }
        None => format!("{subject} is {value}"),
    };
    let (bias, synapses): (Vec<&Contribution>, Vec<&Contribution>) =
        contributions.iter().partition(|contribution| contribution.synapse.is_none());
    let count = counted(synapses.len() as u64, "contribution");
    let named = |part: &dyn Fn(Part) -> bool| {
        let chosen = synapses.iter().filter(|contribution| part(contribution.part));
        terms(chosen.copied(), " and ", network)
    };
    let deciding = named(&|part| part == Part::Decides);
    let with_bias = |combined: String| {
        let bias = terms(bias.iter().copied(), "", network);
        if synapses.is_empty() { bias } else { format!("{combined}, plus {bias}") }
    };
    let reason = match combine {
        Combine::Sum => terms(contributions.iter(), " + ", network),
        Combine::Mean => format!("the mean of {count} and the bias: {}", terms(contributions.iter(), " + ", network)),
        _ if synapses.iter().any(|contribution| contribution.amount.is_nan()) => {
            with_bias(format!("the {} of {count}, of which {deciding} is no number", combine_noun(*combine)))
        }
        Combine::Product if deciding.is_empty() => {
            let factors = named(&|part| part == Part::Factor);
            with_bias(format!("the product of {count}, {factors}"))
        }
        Combine::Product => with_bias(format!("the product of {count}, which {deciding} makes 0")),
        Combine::Min | Combine::Max | Combine::MaxAbs | Combine::Median => {
            with_bias(format!("the {} of {count}, {deciding}", combine_noun(*combine)))
        }
    };
    format!("{state}: net input {} = {reason}", number(*net_input))
}

fn combine_noun(combine: Combine) -> &'static str {
    match combine {
        Combine::Sum => "sum",
        Combine::Product => "product",
        Combine::Mean => "mean",
        Combine::Min => "smallest",
        Combine::Max => "largest",
        Combine::MaxAbs => "largest in magnitude",
        Combine::Median => "median",
    }
}

/// The first contributions by name, joined, and what the others come to.
fn terms<'a>(contributions: impl Iterator<Item = &'a Contribution> + Clone, joint: &str, network: &Network) -> String {
    let told = |contribution: &Contribution| {
        let from = contribution.from.map_or_else(|| "bias".to_owned(), |from| name(network, from));
        let amount = signed(contribution.amount);
        match contribution.part {
            Part::Share(share) => format!("{from} {amount} ({})", percent(share)),
            Part::Decides | Part::Outdone | Part::Factor => format!("{from} {amount}"),
        }
    };
    let mut words: Vec<String> = contributions.clone().take(NAMED).map(told).collect();
    let rest = contributions.skip(NAMED);
    let count = rest.clone().count();
    if count > 0 {
        let share = |contribution: &Contribution| match contribution.part {
            Part::Share(share) => Some(share),
            Part::Decides | Part::Outdone | Part::Factor => None,
        };
        let share: Option<f64> = rest.map(share).sum();
        let share = share.map_or(String::new(), |share| format!(" ({})", percent(share)));
        words.push(format!("{count} more{share}"));
    }
    words.join(joint)
}

fn name(network: &Network, unit: Unit) -> String {
    shown(&network.unit_name(unit))
}

fn number(value: f64) -> String {
    rounded(value, DIGITS)
}

/// With its sign, which is part of the meaning.
fn signed(value: f64) -> String {
    if value >= 0.0 { format!("+{}", number(value.abs())) } else { number(value) }
}

/// A share in whole per cent: `41 %`, `< 1 %`.
fn percent(share: f64) -> String {
    match (share * 100.0).round() {
        0.0 if share > 0.0 => "< 1 %".to_owned(),
        100.0 if share < 1.0 => "> 99 %".to_owned(),
        whole => format!("{whole} %"),
    }
}

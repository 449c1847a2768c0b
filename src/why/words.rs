//! Reasons as lines of English.

use std::collections::{BTreeMap, BTreeSet};

use super::{Answer, Change, Contribution, Explanation, Flip, Part, Route, Search, Why, WhyNot};
use crate::combine::Combine;
use crate::network::{Network, ParameterId, ParameterKind, PopulationId, Unit};
use crate::numeric::decimal::{rounded, shortest};
use crate::text::{abridged_path, counted, shown};
use crate::value::Shape;

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

impl WhyNot {
    /// The answer in English, a line a change, then what was searched; names are neutralised.
    ///
    /// `network` is the one that was searched.
    #[must_use]
    pub fn lines(&self, network: &Network) -> Vec<String> {
        let subject = name(network, self.neuron);
        let (activation, ..) = network.population(self.neuron.population).neuron();
        let search = match &self.answer {
            Answer::NoLevel => {
                let activation = shown(activation.name());
                return vec![format!("{subject} neither fires nor rests: {activation} has no resting level")];
            }
            Answer::NotFinite(culprit) => {
                let culprit = name(network, *culprit);
                return vec![format!(
                    "nothing was searched: {culprit} is the first neuron whose net input or output is not finite"
                )];
            }
            Answer::Searched(search) => search,
        };
        let would = if search.fires { "would not fire" } else { "would fire" };
        let mut lines: Vec<String> =
            search.changes.iter().map(|flip| format!("{subject} {would} if {}", flip.told(network))).collect();
        if lines.is_empty() {
            let now = if search.fires { "fires" } else { "rests" };
            lines.push(format!("{subject} {now}, and no single change that was searched alters that"));
        }
        lines.push(searched(search));
        if search.is_cut {
            lines.push("the search was cut short by its budget: there may be smaller changes".to_owned());
        }
        if search.is_sampled {
            let curved = "where the way to the neuron is a curve that may turn, values were tried on a grid";
            lines.push(format!("{curved}: a flip between two of them may be missed"));
        }
        for parameter in &search.left_out {
            let parameter = shown(network.parameter(*parameter).name.as_deref().unwrap_or_default());
            lines.push(format!("{parameter} was left out: other values are derived from it"));
        }
        lines
    }
}

/// What was looked at.
fn searched(search: &Search) -> String {
    let farthest = shortest(Search::FARTHEST);
    let candidates = counted(search.candidates, "value");
    format!("searched: {candidates}, changes up to {farthest} times the larger of 1 and the value, within ranges")
}

impl Flip {
    /// `the bias b were -1.7000000000000002 instead of 0.5 (change 2.2)`, for a sentence that starts with `c would fire if`.
    #[must_use]
    pub fn told(&self, network: &Network) -> String {
        let what = self.change.named(network);
        let has_range = match self.change {
            Change::Input(unit) => network.range(unit.population).is_some_and(|range| range.high > range.low),
            Change::Parameter { .. } | Change::Weight { .. } | Change::Bias(_) => false,
        };
        let of = if has_range { " of its range" } else { "" };
        let relative = if has_range || self.old.abs() <= 1.0 { "" } else { " of it" };
        let (new, old) = (shortest(self.new), shortest(self.old));
        format!("{what} were {new} instead of {old} (change {}{of}{relative})", number(self.size))
    }
}

impl Change {
    /// `the input x`, `the weight W[2, 0]`, `the bias b`, `the weight x -> c`, `the weight x -> h of 3 synapses`, `the bias of
    /// c`; neutralised.
    #[must_use]
    pub fn named(&self, network: &Network) -> String {
        match *self {
            Change::Input(unit) => format!("the input {}", name(network, unit)),
            Change::Parameter { parameter, index } if network.parameter(parameter).name.is_none() => {
                shared_weight(network, parameter, index)
            }
            Change::Parameter { parameter, index } => {
                let parameter = network.parameter(parameter);
                let place = match parameter.shape {
                    Shape::Scalar => String::new(),
                    Shape::Vector(_) => format!("[{index}]"),
                    Shape::Matrix(_, columns) => format!("[{}, {}]", index / columns, index % columns),
                };
                let kind = if parameter.kind == ParameterKind::Bias { "bias" } else { "weight" };
                format!("the {kind} {}{place}", shown(parameter.name.as_deref().unwrap_or_default()))
            }
            Change::Weight { from, to, .. } => format!("the weight {} -> {}", name(network, from), name(network, to)),
            Change::Bias(neuron) => format!("the bias of {}", name(network, neuron)),
        }
    }
}

/// A number without a name that several synapses share, by what they join: `the weight [a, b] -> h of 6 synapses`.
fn shared_weight(network: &Network, parameter: ParameterId, index: usize) -> String {
    let (mut sources, mut targets) = (BTreeMap::new(), BTreeMap::new());
    let mut count = 0;
    for (_, connection) in network.connections().filter(|(_, one)| one.weights.parameter == parameter) {
        for target in 0..connection.targets.count {
            let found = network.synapses(connection, target).filter(|(_, place)| *place == index);
            for (source, _) in found {
                count += 1;
                let ends = [(&mut sources, connection.sources, source), (&mut targets, connection.targets, target)];
                for (side, units, element) in ends {
                    let of: &mut BTreeSet<u32> = side.entry(units.population).or_default();
                    of.insert(units.first + element);
                }
            }
        }
    }
    let side = |side: &BTreeMap<PopulationId, BTreeSet<u32>>| {
        /// So many arrays and neurons are named.
        const MOST: usize = 3;
        let one = |(population, elements): (&PopulationId, &BTreeSet<u32>)| match elements.first() {
            Some(element) if elements.len() == 1 => name(network, Unit { population: *population, element: *element }),
            _ => shown(&network.population(*population).name),
        };
        let names: Vec<String> = side.iter().take(MOST).map(one).collect();
        let more = if side.len() > names.len() { ", …" } else { "" };
        if side.len() == 1 { names.concat() } else { format!("[{}{more}]", names.join(", ")) }
    };
    format!("the weight {} -> {} of {}", side(&sources), side(&targets), counted(count, "synapse"))
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

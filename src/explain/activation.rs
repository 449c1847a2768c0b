//! An activation in words: its formula and parameters, when a neuron fires, and what it does exactly at the threshold.

use super::facts::{Facts, number};
use crate::activation::Activation;
use crate::ast::{Program, Statement, StatementKind};
use crate::eval::output;
use crate::numeric::decimal::shortest;
use crate::printer::print;
use crate::text::{any_of, counted, neutralise, shown};
use crate::why::Firing;

/// So many pieces of the line of net inputs are told, where a neuron fires.
const MOST_PIECES: usize = 3;

/// What it makes of the net input: its formula, and the values of its parameters; of so many neurons, if of several.
pub(super) fn formula(facts: &Facts<'_>, activation: &Activation, count: u64) -> String {
    let name = format!("`{}`", shown(activation.name()));
    let name = if count > 0 { format!("{name} ({})", counted(count, "neuron")) } else { name };
    let makes = facts.say(
        "makes the output of z",
        "decides what leaves along the axon",
        "makes of z what leaves along the axon, the output",
    );
    let mut text = match (activation.description(), activation.declared()) {
        (Some(row), _) => format!("{name} {makes}: {}.", row.formula),
        (None, Some(declared)) => {
            let declaration = declared.template().written.declaration.clone();
            let span = declaration.name.span;
            let statement = Statement { doc: None, kind: StatementKind::Activation(Box::new(declaration)), span };
            let program = Program { file: span.file, doc: None, statements: vec![statement], comments: Vec::new() };
            let printed = print(&program, None);
            let printed = facts.cropped(&printed.split_whitespace().collect::<Vec<_>>().join(" "));
            format!("{name} {makes}: `{}`.", neutralise(&printed))
        }
        (None, None) => format!("{name} {makes}."),
    };
    let names: Vec<&str> = match activation.declared() {
        Some(declared) => declared.parameters().map(|(name, _)| name).collect(),
        None => activation.description().map_or([].as_slice(), |row| row.parameters).iter().map(|it| it.name).collect(),
    };
    let values: Vec<String> = std::iter::zip(names, activation.parameters())
        .map(|(name, value)| format!("{} = {}", shown(name), number(value)))
        .collect();
    if !values.is_empty() {
        text.push_str(&format!(" Here {}.", crate::text::all_of(&values)));
    }
    text
}

/// When a neuron fires, and what happens exactly there.
pub(super) fn firing(facts: &Facts<'_>, activation: &Activation) -> String {
    let name = shown(activation.name());
    let Some(firing) = Firing::of(activation, facts.path) else {
        return match activation.is_whole_array() {
            true => {
                format!("`{name}` looks at the net inputs of the whole array: that one neuron fires means nothing.")
            }
            false => format!("With `{name}` that a neuron fires means nothing: there is no level at which it rests."),
        };
    };
    let level = number(activation.description().and_then(|row| row.resting_level).unwrap_or(0.0));
    let fires = facts.say("It is active", "It fires an action potential", "It fires");
    let above = format!("its output is above {level}");
    let mut room = Vec::new();
    let mut at = |net_input: f64| output(activation, net_input, &mut room, facts.path);
    let regions = firing.regions();
    if regions.iter().filter(|(_, fires)| *fires).count() > MOST_PIECES {
        return format!("{fires} when {above}.");
    }
    // The end of a region as people write it, and whether the neuron fires exactly there.
    let mut end = |start: f64| {
        let end = readable(start);
        let value = at(end);
        (end, value, activation.fires(value) == Some(true))
    };
    let mut pieces = Vec::new();
    let mut ties: Vec<(f64, f64, bool)> = Vec::new();
    for (place, (start, fires)) in regions.iter().enumerate() {
        let low = (place > 0).then(|| end(*start));
        let high = regions.get(place + 1).map(|(next, _)| end(*next));
        ties.extend(low.filter(|low| ties.iter().all(|known| known.0 != low.0)));
        if *fires {
            pieces.push(piece(low, high));
        }
    }
    let mut text = match pieces.as_slice() {
        [] => return format!("It never fires: no net input gives an output above {level}."),
        [always] if always.is_empty() => return format!("{fires} for every net input: {above}."),
        pieces => format!("{fires} when {above}, that is, when {}", any_of(pieces)),
    };
    for (z, value, fires) in ties {
        let does = if fires { "it fires" } else { "it rests" };
        text.push_str(&format!("; exactly at z = {} the output is {}, and {does}", number(z), number(value)));
    }
    text + "."
}

/// `z > 0`, `z >= 1.5`, `0 < z < 1`; nothing where there are no ends.
fn piece(low: Option<(f64, f64, bool)>, high: Option<(f64, f64, bool)>) -> String {
    let equal = |fires: bool| if fires { "=" } else { "" };
    match (low, high) {
        (None, None) => String::new(),
        (Some((low, _, fires)), None) => format!("z >{} {}", equal(fires), number(low)),
        (None, Some((high, _, fires))) => format!("z <{} {}", equal(fires), number(high)),
        (Some((low, _, at_low)), Some((high, _, at_high))) => {
            format!("{} <{} z <{} {}", number(low), equal(at_low), equal(at_high), number(high))
        }
    }
}

/// Where a region starts, as its author would write it: the double itself, or the one before, or 0 beside 0.
fn readable(start: f64) -> f64 {
    const NEAR: f64 = 1e-12;
    let candidates = [start, start.next_down(), start.next_up()];
    let shortest_of = candidates.into_iter().min_by_key(|candidate| shortest(*candidate).len());
    if start.abs() < NEAR { 0.0 } else { shortest_of.unwrap_or(start) }
}

//! `NAME = VALUE`: inputs are set for the session, everything else is changed in the document.

use std::ops::Range;
use std::sync::Arc;

use super::document::{Kind, declared};
use super::edit::{Edit, Part};
use super::entry::{Setting, Target};
use super::error::EntryError;
use super::items::items;
use super::model::{Model, State};
use super::synapse::{both_ends, weight_between};
use super::unknown::{inside, instance_of, unknown_target};
use super::work::{Problem, Work, rebuilt};
use super::{Ground, Written};
use crate::ast::{Expression, ExpressionKind, Property, Reference, StatementKind};
use crate::network::{ParameterId, PopulationId};
use crate::numeric::decimal::shortest;
use crate::resolve::Thing;
use crate::source::Source;
use crate::span::Span;
use crate::text::{quoted, shown};
use crate::value::{Shape, Tensor};

/// What something is set to.
pub(super) enum Given {
    /// What stands at a range of the entry.
    Typed(Range<usize>),
    /// A value, and where in the entry it comes from.
    Computed { value: Tensor, at: Span },
}

/// A state after something was set, and what was written to the document for it.
pub(super) struct Set {
    pub(super) state: State,
    pub(super) written: Vec<Written>,
}

/// Sets what a setting of the entry says.
pub(super) fn assign(work: &Work<'_>, setting: &Setting) -> Result<Set, Problem> {
    let state = &work.state;
    match &setting.target {
        Target::Named(range) if let Some((name, place)) = matrix_element(work.entry.text(), range.clone()) => {
            let target = super::compute::read(work.entry, name, work.ground)?;
            let ExpressionKind::Reference(reference) = &target.expression.kind else {
                return Err(not_a_target(target.expression.span));
            };
            let given = match is_typed(work, &reference.name.text, setting)? {
                true => Given::Typed(setting.value.clone()),
                false => computed(work, setting)?,
            };
            set_in_matrix(work, work.place(range.clone()), reference, place, given)
        }
        Target::Named(range) => {
            let target = super::compute::read(work.entry, range.clone(), work.ground)?;
            let ExpressionKind::Reference(reference) = &target.expression.kind else {
                return Err(not_a_target(target.expression.span));
            };
            let typed = is_typed(work, &reference.name.text, setting)?;
            let given = if typed { Given::Typed(setting.value.clone()) } else { computed(work, setting)? };
            set_in(state, reference, given, work.entry, work.ground)
        }
        Target::Ends(..) => {
            let (sources, targets) = both_ends(work, setting)?;
            let given = match is_typed(work, "", setting)? {
                true => Given::Typed(setting.value.clone()),
                false => computed(work, setting)?,
            };
            weight_between(work, &sources, &targets, given)
        }
    }
}

pub(super) fn not_a_target(at: Span) -> Problem {
    let message = "this cannot be set".to_owned();
    let help = "`x1 = 2` sets an input, weight, bias or const, `h.bias = 1` a property, `(a -> b) = 0.9` a weight";
    EntryError::Malformed { message, help: help.to_owned(), at }.into()
}

/// Whether the value goes into the document as it was typed.
fn is_typed(work: &Work<'_>, name: &str, setting: &Setting) -> Result<bool, Problem> {
    let is_input = matches!(work.state.model.known.thing(name), Some(Thing::Input(_)));
    if is_input {
        return Ok(false);
    }
    // A property may be something else than an expression that can be computed, as an activation.
    if is_property(&work.state.model, name) {
        return Ok(!work.entry.text()[setting.value.clone()].contains('$'));
    }
    let value = super::compute::read(work.entry, setting.value.clone(), work.ground)?;
    Ok(value.is_constant(name, &work.state) || is_generated(&value.expression))
}

/// Whether a value is one that only declarations have: a generator or a file's.
fn is_generated(value: &Expression) -> bool {
    let ExpressionKind::Call(name, _) = &value.kind else { return false };
    crate::generate::Generator::named(&name.text).is_some() || name.text == "load"
}

fn computed(work: &Work<'_>, setting: &Setting) -> Result<Given, Problem> {
    let (value, at) = work.value(setting.value.clone())?;
    Ok(Given::Computed { value, at })
}

/// Sets an input, weight, bias, const or property to a value that is no text of an entry.
pub(super) fn set(state: &Arc<State>, target: &Reference, given: Given, ground: &Ground<'_>) -> Result<Set, Problem> {
    let entry = state.model.document();
    set_in(state, target, given, entry, ground)
}

fn set_in(
    state: &Arc<State>,
    target: &Reference,
    given: Given,
    entry: &Source,
    ground: &Ground<'_>,
) -> Result<Set, Problem> {
    let model = &state.model;
    let name = target.name.text.as_str();
    let at = target.span;
    match model.known.thing(name).cloned() {
        Some(Thing::Input(id)) => match given {
            Given::Computed { value, at } => set_input(state, target, id, &value, at),
            Given::Typed(_) => Err(not_a_target(at)),
        },
        Some(Thing::Const(_)) => {
            if target.selector.is_some() {
                return Err(not_settable(name, "a single number", format!("`{} = 2` sets it", shown(name)), at));
            }
            let range = declared_value(model, name).ok_or_else(|| elsewhere(name, at))?;
            change(state, range, given, name, entry, ground)
        }
        Some(Thing::Parameter(_)) if let Some((owner, setting)) = setting_of(model, name) => {
            if target.selector.is_some() {
                return Err(not_a_target(at));
            }
            set_property(state, &owner, &setting, given, entry, ground)
        }
        Some(Thing::Parameter(id)) => {
            let range = match &target.selector {
                None => declared_value(model, name).ok_or_else(|| elsewhere(name, at))?,
                Some(_) => element(model, target, id)?,
            };
            let what = entry_text(entry, at, name);
            change(state, range, given, &what, entry, ground)
        }
        Some(Thing::Neuron(_)) => {
            let help = match instance_of(model, name) {
                Some(instance) => inside(model, instance),
                None => format!(
                    "what it computes is changed by `{0}.bias = 1`, `{0}.activation = tanh` or the weights into it",
                    shown(name)
                ),
            };
            Err(not_settable(name, "a neuron, whose value is computed", help, at))
        }
        Some(Thing::Output(..)) => {
            let help = match name.split_once('.') {
                Some(_) => format!("it is computed inside of the instance: `:trace {}` shows how", shown(name)),
                None => format!("`output {} = …` makes it another one", shown(name)),
            };
            Err(not_settable(name, "an output, whose value is computed", help, at))
        }
        Some(Thing::Instance) => {
            let help = inside(model, name);
            Err(not_settable(name, "an instance", help, at))
        }
        None => match property_of(model, name) {
            Some(_) if target.selector.is_some() => Err(not_a_target(at)),
            Some((owner, property)) => set_property(state, &owner, &property, given, entry, ground),
            None => Err(unknown_target(model, name, at).into()),
        },
    }
}

fn not_settable(name: &str, what: &'static str, help: String, at: Span) -> Problem {
    EntryError::NotSettable { name: name.to_owned(), what, help, at }.into()
}

/// A name that the document itself does not declare.
fn elsewhere(name: &str, at: Span) -> Problem {
    not_settable(name, "declared in another file", "change it there, then `:reload`".to_owned(), at)
}

/// The name as the entry has it, with its selector.
fn entry_text(entry: &Source, at: Span, name: &str) -> String {
    if at.file == entry.id() { entry.slice(at).to_owned() } else { name.to_owned() }
}

/// Where the value of a declared weight, bias or const stands in the document.
fn declared_value(model: &Model, name: &str) -> Option<Range<usize>> {
    Some(value_expression(model, name)?.span.range())
}

pub(super) fn value_expression<'m>(model: &'m Model, name: &str) -> Option<&'m Expression> {
    let place = declared(&model.program).get(&(Kind::Value, name)).copied()?;
    let StatementKind::Declare(_, items) = &model.program.statements[place.statement].kind else { return None };
    items[place.item].value.as_ref()
}

/// Where the number that is one element of a weight or bias stands in the document.
fn element(model: &Model, target: &Reference, id: ParameterId) -> Result<Range<usize>, Problem> {
    let name = target.name.text.as_str();
    let shape = model.network.parameter(id).shape;
    if let Shape::Matrix(..) = shape {
        let help = format!("`{}[0, 0] = 1` sets one of its elements", shown(name));
        return Err(not_settable(name, "a matrix", help, target.span));
    }
    let (_, places) = model.known.select(target, id, &model.network).map_err(Problem::of)?;
    let value = value_expression(model, name).ok_or_else(|| elsewhere(name, target.span))?;
    if places.len() != 1 {
        let help = format!("set its elements one by one: `{}[{}] = 1`", shown(name), places.start);
        return Err(not_settable(name, "set by several elements here", help, target.span));
    }
    number_at(model.text(), value, places.start).ok_or_else(|| not_listed(name, shape, target.span))
}

/// `W[0, 1]` and `W[0][1]`, as messages and programs write an element of a matrix: its name, row and column.
fn matrix_element(text: &str, range: Range<usize>) -> Option<(Range<usize>, [usize; 2])> {
    let tokens: Vec<(usize, &str)> =
        crate::format::pieces(&text[range.clone()]).filter(|(_, token)| !token.starts_with('#')).collect();
    let marks: Vec<&str> = tokens.iter().map(|(_, token)| *token).collect();
    let (row, column) = match marks.as_slice() {
        [_, "[", row, ",", column, "]"] | [_, "[", row, "]", "[", column, "]"] => (row, column),
        _ => return None,
    };
    let name = range.start..range.start + marks[0].len();
    Some((name, [row.parse().ok()?, column.parse().ok()?]))
}

/// Sets one element of a matrix, where its numbers stand in the document.
fn set_in_matrix(
    work: &Work<'_>,
    whole: Span,
    reference: &Reference,
    [row, column]: [usize; 2],
    given: Given,
) -> Result<Set, Problem> {
    let model = &work.state.model;
    let name = reference.name.text.as_str();
    let Some(Thing::Parameter(id)) = model.known.thing(name) else {
        return set_in(&work.state, reference, given, work.entry, work.ground).and(Err(not_a_target(whole)));
    };
    let shape = model.network.parameter(*id).shape;
    let Shape::Matrix(rows, columns) = shape else {
        return Err(not_settable(
            name,
            "no matrix",
            format!("`{}[0] = 1` sets an element of a list", shown(name)),
            whole,
        ));
    };
    if row >= rows || column >= columns {
        let message = format!("{} has no element [{row}, {column}]", quoted(name));
        let help = format!("rows are numbered from 0 to {}, columns from 0 to {}", rows - 1, columns - 1);
        return Err(EntryError::Malformed { message, help, at: whole }.into());
    }
    let value = value_expression(model, name).ok_or_else(|| elsewhere(name, whole))?;
    let range = number_at(model.text(), value, row * columns + column).ok_or_else(|| not_listed(name, shape, whole))?;
    change(&work.state, range, given, &format!("{name}[{row}, {column}]"), work.entry, work.ground)
}

/// A weight or bias whose numbers do not stand in the document.
fn not_listed(name: &str, shape: Shape, at: Span) -> Problem {
    /// Longer lists are told and not shown.
    const MOST: usize = 4;
    let ones = |count: usize| match count {
        0..=MOST => format!("[{}]", vec!["1"; count].join(", ")),
        _ => format!("[1, …] with {count} numbers"),
    };
    let all = match shape {
        Shape::Scalar => "1".to_owned(),
        Shape::Vector(count) => ones(count),
        Shape::Matrix(rows @ 1..=MOST, columns @ 1..=MOST) => format!("[{}]", vec![ones(columns); rows].join(", ")),
        Shape::Matrix(rows, columns) => format!("[[1, …], …] with {rows} rows of {columns}"),
    };
    let help = format!("`:show {0}` shows it; `{0} = {all}` writes all its numbers", shown(name));
    not_settable(name, "not written as a list of numbers", help, at)
}

/// The place of one number of a literal, with its sign.
pub(super) fn number_at(text: &str, value: &Expression, place: usize) -> Option<Range<usize>> {
    let ExpressionKind::Numbers(_) = &value.kind else { return None };
    let range = value.span.range();
    let mut sign: Option<usize> = None;
    let mut seen = 0;
    for (at, token) in crate::format::pieces(&text[range.clone()]) {
        let start = range.start + at;
        match token {
            "-" | "+" => sign = Some(start),
            _ if token.starts_with(|first: char| first.is_ascii_digit()) => {
                if seen == place {
                    return Some(sign.unwrap_or(start)..start + token.len());
                }
                seen += 1;
                sign = None;
            }
            _ => {}
        }
    }
    None
}

/// The text of a value in a document.
fn written(value: &Tensor, at: Span) -> Result<String, Problem> {
    if let Some(value) = value.values.iter().copied().find(|value| !value.is_finite()) {
        return Err(EntryError::NotFinite { value, at }.into());
    }
    let list = |values: &[f64]| {
        let numbers: Vec<String> = values.iter().map(|value| shortest(*value)).collect();
        format!("[{}]", numbers.join(", "))
    };
    Ok(match value.shape {
        Shape::Scalar => shortest(value.values[0]),
        Shape::Vector(_) => list(&value.values),
        Shape::Matrix(_, columns) => {
            let rows: Vec<String> = value.values.chunks(columns.max(1)).map(list).collect();
            format!("[{}]", rows.join(", "))
        }
    })
}

/// A state with another value at a range of the document.
pub(super) fn change(
    state: &Arc<State>,
    range: Range<usize>,
    given: Given,
    what: &str,
    entry: &Source,
    ground: &Ground<'_>,
) -> Result<Set, Problem> {
    let before = Some(state.model.text()[range.clone()].to_owned());
    let (part, after) = part_of(given, entry)?;
    let edits = vec![Edit { range, parts: vec![part] }];
    let state = rebuilt(state, edits, entry, ground)?;
    Ok(Set { state, written: vec![Written { what: what.to_owned(), before, after: Some(after) }] })
}

fn part_of(given: Given, entry: &Source) -> Result<(Part, String), Problem> {
    Ok(match given {
        Given::Typed(range) => (Part::Typed(range.clone()), entry.text()[range].to_owned()),
        Given::Computed { value, at } => {
            let text = written(&value, at)?;
            (Part::Ours(text.clone()), text)
        }
    })
}

fn set_input(
    state: &Arc<State>,
    target: &Reference,
    id: PopulationId,
    value: &Tensor,
    at: Span,
) -> Result<Set, Problem> {
    let model = &state.model;
    let population = model.network.population(id);
    let units = model.known.units(target, id, &model.network).map_err(Problem::of)?;
    let (count, name) = (units.count as usize, &population.name);
    let declared = Some(population.origin);
    let bad = |message: String, declared: Option<Span>| Err(EntryError::BadValue { message, declared, at }.into());
    if let Some(value) = value.values.iter().copied().find(|value| !value.is_finite()) {
        return Err(EntryError::NotFinite { value, at }.into());
    }
    let spreads = value.shape == Shape::Scalar;
    if !spreads && (matches!(value.shape, Shape::Matrix(..)) || value.values.len() != count) {
        let wanted =
            if population.is_array { crate::text::counted(count as u64, "value") } else { "one number".to_owned() };
        return bad(format!("{} takes {wanted}, but {} is given", quoted(name), value.shape), declared);
    }
    if let Some(range) = model.network.range(id)
        && let Some(wrong) = value.values.iter().find(|value| !range.holds(**value))
    {
        let [wrong, low, high] = [*wrong, range.low, range.high].map(shortest);
        return bad(format!("{} takes values from {low} to {high}, not {wrong}", quoted(name)), Some(range.origin));
    }
    let mut set = state.set.clone();
    let known = set.entry(name.clone()).or_insert_with(|| vec![None; population.size as usize]);
    for (place, element) in units.elements().enumerate() {
        known[element as usize] = Some(value.values[if spreads { 0 } else { place }]);
    }
    Ok(Set { state: State::of(Arc::clone(model), set), written: Vec::new() })
}

/// The properties that can be set, of declarations and outputs.
const PROPERTIES: [&str; 7] = ["bias", "activation", "combine", "range", "column", "columns", "trainable"];

/// `h.bias` as what is declared and its property.
fn property_of(model: &Model, name: &str) -> Option<(String, String)> {
    let (owner, property) = name.rsplit_once('.')?;
    let places = declared(&model.program);
    let is_declared = places.contains_key(&(Kind::Value, owner)) || places.contains_key(&(Kind::Output, owner));
    (is_declared && PROPERTIES.contains(&property)).then(|| (owner.to_owned(), property.to_owned()))
}

/// `left.w` as an instance of the document and what is set in it.
fn setting_of(model: &Model, name: &str) -> Option<(String, String)> {
    let (owner, setting) = name.split_once('.')?;
    let place = declared(&model.program).get(&(Kind::Value, owner)).copied()?;
    let is_instance = matches!(model.program.statements[place.statement].kind, StatementKind::Instance(_));
    (is_instance && !setting.contains('.')).then(|| (owner.to_owned(), setting.to_owned()))
}

fn is_property(model: &Model, name: &str) -> bool {
    model.known.thing(name).is_none() && property_of(model, name).is_some()
}

fn set_property(
    state: &Arc<State>,
    owner: &str,
    property: &str,
    given: Given,
    entry: &Source,
    ground: &Ground<'_>,
) -> Result<Set, Problem> {
    let model = &state.model;
    let text = model.text();
    let places = declared(&model.program);
    let place = places.get(&(Kind::Value, owner)).or_else(|| places.get(&(Kind::Output, owner)));
    let place = *place.expect("the owner of a property was just found");
    let statement = &model.program.statements[place.statement];
    let properties: Option<&Vec<Property>> = match &statement.kind {
        StatementKind::Declare(_, items) => items[place.item].properties.as_ref(),
        StatementKind::Output(list) => list[place.item].properties.as_ref(),
        StatementKind::Instance(instance) => instance.settings.as_ref(),
        StatementKind::Network(_)
        | StatementKind::Define(_)
        | StatementKind::Import(_)
        | StatementKind::Connection(_)
        | StatementKind::Lines(_)
        | StatementKind::Activation(_)
        | StatementKind::Expect(_)
        | StatementKind::Broken(_) => None,
    };
    let what = format!("{owner}.{property}");
    if let Some(old) = properties.into_iter().flatten().find(|old| old.name.text == property) {
        return change(state, old.value.span.range(), given, &what, entry, ground);
    }
    let (part, after) = part_of(given, entry)?;
    let item = items(text, statement)[place.item].clone();
    let (at, before, behind) = match properties {
        None => (item.end, format!(" {{ {property} = "), " }".to_owned()),
        Some(list) => {
            // Behind the last property, before the bracket that closes them.
            let last = list.last().map(|last| last.value.span.range().end);
            let comma = if last.is_some() { ", " } else { " " };
            let behind = if last.is_some() { "" } else { " " };
            (last.unwrap_or(item.end - 1), format!("{comma}{property} = "), behind.to_owned())
        }
    };
    let edits = vec![Edit { range: at..at, parts: vec![Part::Ours(before), part, Part::Ours(behind)] }];
    let state = rebuilt(state, edits, entry, ground)?;
    Ok(Set { state, written: vec![Written { what, before: None, after: Some(after) }] })
}

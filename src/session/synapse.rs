//! `(a -> b) = 0.9`: the weight of one connection or synapse.

use std::collections::HashSet;
use std::ops::Range;

use super::assign::{Given, Set, change, not_a_target, number_at, value_expression};
use super::compute::{mask, unmasked};
use super::document::{ends, joints};
use super::edit::{Edit, Part};
use super::entry::{Setting, Target};
use super::error::EntryError;
use super::model::{DOCUMENT, Model};
use super::unknown::unknown_name;
use super::work::{Problem, Work, rebuilt};
use crate::ast::{Connection, Expression, Joining, Program, Reference, References, StatementKind};
use crate::network::Unit;
use crate::parser::parse;
use crate::resolve::Thing;
use crate::span::Span;
use crate::text::{quoted, shown};
use crate::value::Shape;

/// The ends of `(a -> b) = 0.9`, read as a connection.
pub(super) fn both_ends(work: &Work<'_>, setting: &Setting) -> Result<(References, References), Problem> {
    let text = work.entry.text();
    let Target::Ends(sources, targets) = &setting.target else { return Err(not_a_target(work.place(setting.range()))) };
    let mut masked = mask(text, sources.start..targets.end);
    // A weight that is there in any case, where the entry has its bracket and sign.
    masked.replace_range(targets.end.., &format!(":0{}", " ".repeat(text.len() - targets.end - 2)));
    let (program, diagnostics) = parse(&work.entry.masked(masked), work.ground.limits);
    if diagnostics.has_errors() {
        return Err(Problem::Reports(unmasked(diagnostics.into_sorted(), text)));
    }
    let connection = only_connection(&program).ok_or_else(|| not_a_target(work.place(setting.range())))?;
    Ok((connection.sources, connection.targets))
}

/// The connection that a program starts with, if it does.
pub(super) fn only_connection(program: &Program) -> Option<Connection> {
    match program.statements.first()?.kind.joining()? {
        Joining::Connection(connection) => Some(connection.clone()),
        Joining::Lines(lines) => lines.iter().next().map(|line| lines.connection(&line).0),
    }
}

/// `(a -> b) = 0.9`
pub(super) fn weight_between(
    work: &Work<'_>,
    sources: &References,
    targets: &References,
    given: Given,
) -> Result<Set, Problem> {
    let state = &work.state;
    let model = &state.model;
    let key = ends(work.entry.text(), sources, targets);
    let at = sources.span.to(targets.span);
    let found = joints(model.text(), &model.program, &HashSet::from([key.clone()]));
    match found.get(&key).map_or(&[][..], Vec::as_slice) {
        [only] => return change(state, only.value.clone(), given, &key, work.entry, work.ground),
        [] => {}
        several => {
            let places = several.iter().map(|joint| Span::new(DOCUMENT, joint.range.clone())).collect();
            return Err(EntryError::SeveralConnections { ends: key, places, at }.into());
        }
    }
    let range = synapse(work, &key, sources, targets, at)?;
    change(state, range, given, &key, work.entry, work.ground)
}

/// The place of the number that is the weight of the one synapse between two single units.
fn synapse(
    work: &Work<'_>,
    key: &str,
    sources: &References,
    targets: &References,
    at: Span,
) -> Result<Range<usize>, Problem> {
    let model = &work.state.model;
    let network = &model.network;
    let none = || no_connection(work, sources, targets, at);
    let from = single(model, sources)?.ok_or_else(none)?;
    let to = single(model, targets)?.ok_or_else(none)?;
    let mut found = Vec::new();
    for connection in network.between(from.population, to.population) {
        if !connection.targets.elements().contains(&to.element) {
            continue;
        }
        for (source, weight) in network.synapses(connection, to.element - connection.targets.first) {
            if connection.sources.first + source == from.element {
                found.push((connection, weight));
            }
        }
    }
    let (connection, weight) = match found.as_slice() {
        [] => return Err(none()),
        [only] => *only,
        several => {
            let places = several.iter().map(|(connection, _)| connection.origin).collect();
            return Err(EntryError::SeveralConnections { ends: key.to_owned(), places, at }.into());
        }
    };
    let id = connection.weights.parameter;
    let parameter = network.parameter(id);
    let shared =
        |why: String, help: String| Err(EntryError::SharedWeight { ends: key.to_owned(), why, help, at }.into());
    let own = format!("`{key} : 0.5` would add a synapse of its own beside it");
    if parameter.shape == Shape::Scalar {
        return match &parameter.name {
            Some(name) => shared(
                format!("is {}", quoted(name)),
                format!("`{} = 0.5` changes it for all that use it", shown(name)),
            ),
            None => shared("is that of all synapses of its statement".to_owned(), own),
        };
    }
    let users: HashSet<Span> = network
        .connections()
        .filter(|(_, other)| other.weights.parameter == id && parameter.name.is_some())
        .map(|(_, other)| other.origin)
        .collect();
    if users.len() > 1 {
        let name = parameter.name.clone().unwrap_or_default();
        return shared(format!("is one of {}, which {} connections use", quoted(&name), users.len()), own);
    }
    let value = match &parameter.name {
        Some(name) => value_expression(model, name),
        None => connection_value(model, connection.origin),
    };
    match value.and_then(|value| number_at(model.text(), value, weight)) {
        Some(range) => Ok(range),
        None => shared("is not written as a number of its own".to_owned(), own),
    }
}

/// There is no connection with these ends; the help says how to make one where that can be.
pub(super) fn no_connection(work: &Work<'_>, sources: &References, targets: &References, at: Span) -> Problem {
    let model = &work.state.model;
    let is_unknown = |reference: &&Reference| model.known.thing(&reference.name.text).is_none();
    if let Some(Reference { name, .. }) = sources.list.iter().chain(&targets.list).find(is_unknown) {
        return unknown_name(model, &name.text, name.span).into();
    }
    let ends = ends(work.entry.text(), sources, targets);
    let end = model.text().len();
    let edit = Edit { range: end..end, parts: vec![Part::Ours(format!("\n{ends} : 0.5\n"))] };
    let is_possible = rebuilt(&work.state, vec![edit], work.entry, work.ground).is_ok();
    EntryError::NoConnection { ends, is_possible, at }.into()
}

/// The one unit that references name, if it is one.
fn single(model: &Model, references: &References) -> Result<Option<Unit>, Problem> {
    let [only] = references.list.as_slice() else { return Ok(None) };
    let name = &only.name;
    let id = match model.known.thing(&name.text) {
        Some(Thing::Input(id) | Thing::Neuron(id)) => *id,
        Some(Thing::Const(_) | Thing::Parameter(_) | Thing::Output(..) | Thing::Instance) => return Ok(None),
        None => {
            return Err(unknown_name(model, &name.text, name.span).into());
        }
    };
    let units = model.known.units(only, id, &model.network).map_err(Problem::of)?;
    Ok((units.count == 1).then_some(Unit { population: id, element: units.first }))
}

/// The weights of the connection statement at a place of the document.
fn connection_value(model: &Model, origin: Span) -> Option<&Expression> {
    let statement = model.program.statements.iter().find(|statement| statement.span == origin)?;
    let StatementKind::Connection(connection) = &statement.kind else { return None };
    Some(&connection.value)
}

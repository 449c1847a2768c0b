//! What is said of names that nothing bears, and of what cannot be set or removed under a name.

use super::document::{Kind, declared, names};
use super::error::EntryError;
use super::model::Model;
use crate::ast::{Keyword, Statement, StatementKind};
use crate::resolve::Thing;
use crate::span::Span;
use crate::text::{all_of, closest, quoted, shown};

/// So many names are compared with a wrong one.
const MOST_KNOWN: usize = 10_000;
/// So many names are listed.
const MOST_LISTED: usize = 6;

/// A name that nothing bears, of something to read or set.
pub(super) fn unknown_name(model: &Model, name: &str, at: Span) -> EntryError {
    let known = model.known.things().map(|(name, _)| name.to_owned()).take(MOST_KNOWN).collect();
    EntryError::UnknownName { name: name.to_owned(), known, at }
}

/// `h.foo`, where `h` may be there: what it has.
pub(super) fn unknown_target(model: &Model, name: &str, at: Span) -> EntryError {
    let places = declared(&model.program);
    let Some((owner, property)) = name.rsplit_once('.') else { return unknown_name(model, name, at) };
    let of = |name: &str| {
        let place = places.get(&(Kind::Value, name)).or_else(|| places.get(&(Kind::Output, name)))?;
        Some(&model.program.statements[place.statement])
    };
    if let Some(instance) = instance_of(model, name) {
        let message = format!("{} is nothing that can be set", quoted(name));
        return EntryError::Unknown { message, help: inside(model, instance), at };
    }
    match of(owner) {
        Some(statement) => {
            let message = format!("{} has no {}", quoted(owner), quoted(property));
            EntryError::Unknown { message, help: properties(statement).to_owned(), at }
        }
        None => unknown_name(model, name, at),
    }
}

/// The instance of the document that a dotted name is inside of.
pub(super) fn instance_of<'n>(model: &Model, name: &'n str) -> Option<&'n str> {
    let (first, _) = name.split_once('.')?;
    matches!(model.known.thing(first), Some(Thing::Instance)).then_some(first)
}

/// What can be set of an instance.
pub(super) fn inside(model: &Model, instance: &str) -> String {
    let start = format!("{instance}.");
    let own = |name: &str| name.strip_prefix(&start).is_some_and(|rest| !rest.contains('.'));
    let parameters = model.known.things().filter(|(name, thing)| matches!(thing, Thing::Parameter(_)) && own(name));
    let list: Vec<String> = parameters.take(MOST_LISTED).map(|(name, _)| quoted(name)).collect();
    if list.is_empty() {
        return format!("it has no weights and biases of its own; `:show {}` shows what feeds it", shown(instance));
    }
    format!("{} can be set; `:show {}` shows what feeds it", all_of(&list), shown(instance))
}

/// The properties that what a statement declares may have.
fn properties(statement: &Statement) -> &'static str {
    match &statement.kind {
        StatementKind::Declare(Keyword::Neuron, _) => "neurons have `bias`, `activation` and `combine`",
        StatementKind::Declare(Keyword::Input, _) => "inputs have `range`, `column` and `columns`",
        StatementKind::Declare(Keyword::Weight | Keyword::Bias, _) => "weights and biases have `trainable`",
        StatementKind::Output(_) => "outputs have `column` and `columns`",
        StatementKind::Declare(Keyword::Const, _)
        | StatementKind::Network(_)
        | StatementKind::Define(_)
        | StatementKind::Import(_)
        | StatementKind::Instance(_)
        | StatementKind::Connection(_)
        | StatementKind::Lines(_)
        | StatementKind::Activation(_)
        | StatementKind::Expect(_)
        | StatementKind::Broken(_) => "it has no properties",
    }
}

/// A name that the document does not declare, of something to remove; `word` says as what.
pub(super) fn not_there(model: &Model, word: Option<&str>, name: &str, at: Span) -> EntryError {
    if let Some(instance) = instance_of(model, name).filter(|_| word.is_none()) {
        let message = format!("{} is inside of the instance {}", quoted(name), quoted(instance));
        let help = format!("`:remove {}` removes the whole instance", shown(instance));
        return EntryError::Unknown { message, help, at };
    }
    let places = declared(&model.program);
    let kinds = [Kind::Value, Kind::Callable, Kind::Output];
    let found = kinds.iter().find_map(|kind| places.get(&(*kind, name)));
    let is = found.and_then(|place| word_of(&model.program.statements[place.statement].kind));
    if let (Some(word), Some(is)) = (word, is) {
        let article = |word: &str| if word.starts_with(['a', 'i', 'o']) { "an" } else { "a" };
        let message = format!("{} is {} {is}, not {} {word}", quoted(name), article(is), article(word));
        return EntryError::Unknown { message, help: format!("`:remove {is} {}` removes it", shown(name)), at };
    }
    let is_wanted = |statement: &&Statement| word.is_none_or(|word| word_of(&statement.kind) == Some(word));
    let there = model.program.statements.iter().filter(is_wanted).flat_map(|statement| names(&statement.kind));
    let there: Vec<&str> = there.map(|(_, name)| name).take(MOST_KNOWN).collect();
    let message =
        format!("{} is called {}", word.map_or("nothing".to_owned(), |word| format!("no {word}")), quoted(name));
    let help = match closest(name, there.iter().copied()) {
        Some(meant) => format!("did you mean {}?", quoted(meant)),
        None if there.is_empty() => match word {
            Some(word) => format!("the document declares no {word}"),
            None => "nothing is declared yet: `input x = 1` declares an input".to_owned(),
        },
        None => {
            let list: Vec<String> = there.iter().take(MOST_LISTED).map(|name| quoted(name)).collect();
            let more = if there.len() > list.len() { ", …" } else { "" };
            format!("there {} {}{more}", if there.len() == 1 { "is" } else { "are" }, list.join(", "))
        }
    };
    EntryError::Unknown { message, help, at }
}

/// The word that a statement with names starts with.
pub(super) fn word_of(kind: &StatementKind) -> Option<&'static str> {
    match kind {
        StatementKind::Declare(keyword, _) => Some(keyword.word()),
        StatementKind::Output(_) => Some("output"),
        StatementKind::Activation(_) => Some("activation"),
        StatementKind::Define(_) | StatementKind::Network(_) => Some("network"),
        StatementKind::Import(_) => Some("import"),
        StatementKind::Instance(_) => Some("instance"),
        StatementKind::Connection(_)
        | StatementKind::Lines(_)
        | StatementKind::Expect(_)
        | StatementKind::Broken(_) => None,
    }
}

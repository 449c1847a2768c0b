//! What stands where in a document: names, items of statements, connections.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::ast::{Joining, Lines, Program, References, Selector, Statement, StatementKind};
use crate::span::Span;

/// A kind of names: two of one kind that are equal are the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// Inputs, parameters, consts, neurons.
    Value,
    /// Activations, networks, imports.
    Callable,
    Output,
}

/// Where a name is declared: which statement, which of its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) statement: usize,
    pub(super) item: usize,
}

/// Where all names of a program are declared.
pub(super) fn declared(program: &Program) -> HashMap<(Kind, &str), Place> {
    let mut places = HashMap::new();
    for (statement, Statement { kind, .. }) in program.statements.iter().enumerate() {
        for (item, (kind, name)) in names(kind).enumerate() {
            places.insert((kind, name), Place { statement, item });
        }
    }
    places
}

/// The names that a statement declares, an item each.
pub(super) fn names(kind: &StatementKind) -> Box<dyn Iterator<Item = (Kind, &str)> + '_> {
    match kind {
        StatementKind::Declare(_, items) => Box::new(items.iter().map(|item| (Kind::Value, item.name.text.as_str()))),
        StatementKind::Activation(activation) => {
            Box::new(std::iter::once((Kind::Callable, activation.name.text.as_str())))
        }
        StatementKind::Output(list) => Box::new(list.iter().map(|given| (Kind::Output, given.name.text.as_str()))),
        StatementKind::Define(definition) => Box::new(std::iter::once((Kind::Callable, definition.name.text.as_str()))),
        StatementKind::Import(import) => {
            let name = import.name.as_ref().map_or_else(|| crate::source::stem(&import.path), |name| &name.text);
            Box::new(std::iter::once((Kind::Callable, name)))
        }
        StatementKind::Instance(instance) => Box::new(std::iter::once((Kind::Value, instance.name.text.as_str()))),
        StatementKind::Network(_)
        | StatementKind::Connection(_)
        | StatementKind::Lines(_)
        | StatementKind::Expect(_)
        | StatementKind::Broken(_) => Box::new(std::iter::empty()),
    }
}

/// The ends of a connection as they are compared: blanks, comments and brackets around one reference do not matter.
pub(super) fn ends(text: &str, sources: &References, targets: &References) -> String {
    format!("{} -> {}", side(text, sources), side(text, targets))
}

fn side(text: &str, references: &References) -> String {
    let bare = |span: Span| crate::format::pieces(&text[span.range()]).map(|(_, token)| token).collect::<String>();
    let one = |reference: &crate::ast::Reference| match &reference.selector {
        None => reference.name.text.clone(),
        Some(Selector::Index(index)) => format!("{}[{}]", reference.name.text, bare(index.span)),
        Some(Selector::Slice(start, end)) => {
            format!("{}[{}..{}]", reference.name.text, bare(start.span), bare(end.span))
        }
    };
    let list: Vec<String> = references.list.iter().map(one).collect();
    match list.as_slice() {
        [only] => only.clone(),
        several => format!("[{}]", several.join(", ")),
    }
}

/// A connection in a document.
#[derive(Debug, Clone)]
pub(super) struct Joint {
    pub(super) statement: usize,
    /// From its sources to its end.
    pub(super) range: Range<usize>,
    /// Its weights.
    pub(super) value: Range<usize>,
}

/// The connections of a program whose ends are among those wanted.
pub(super) fn joints(text: &str, program: &Program, wanted: &HashSet<String>) -> HashMap<String, Vec<Joint>> {
    let mut found: HashMap<String, Vec<Joint>> = HashMap::new();
    for (statement, Statement { kind, span, .. }) in program.statements.iter().enumerate() {
        match kind.joining() {
            Some(Joining::Connection(connection)) => {
                let key = ends(text, &connection.sources, &connection.targets);
                if wanted.contains(&key) {
                    let (range, value) = (span.range(), connection.value.span.range());
                    found.entry(key).or_default().push(Joint { statement, range, value });
                }
            }
            Some(Joining::Lines(lines)) => {
                for (key, range, value) in plain(lines, wanted) {
                    found.entry(key).or_default().push(Joint { statement, range, value });
                }
            }
            None => {}
        }
    }
    found
}

/// Those of plain lines.
fn plain(lines: &Lines, wanted: &HashSet<String>) -> Vec<(String, Range<usize>, Range<usize>)> {
    /// More than these are looked up rather than tried.
    const FEW: usize = 8;
    let mut found = Vec::new();
    let mut key = String::new();
    let starts: Vec<&str> = wanted.iter().take(FEW + 1).filter_map(|ends| ends.split(' ').next()).collect();
    let may_be_wanted = |line: &str| starts.len() > FEW || starts.iter().any(|start| line.starts_with(start));
    for line in lines.kept(may_be_wanted) {
        let [sources, targets, _] = line.parts(lines.text());
        key.clear();
        key.extend([sources, " -> ", targets]);
        if wanted.contains(&key) {
            let (connection, span) = lines.connection(&line);
            found.push((key.clone(), span.range(), connection.value.span.range()));
        }
    }
    found
}

/// The lines of a statement with its documentation and the comment behind it.
pub(super) fn lines_of(text: &str, statement: &Statement) -> Range<usize> {
    let start = statement.doc.as_ref().map_or(statement.span, |doc| doc.span).range().start;
    whole_lines(text, start..statement.span.range().end)
}

/// The lines on which a range stands, with the end of the last.
pub(super) fn whole_lines(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text[..range.start].rfind('\n').map_or(0, |end| end + 1);
    let end = text[range.end..].find('\n').map_or(text.len(), |length| range.end + length + 1);
    start..end
}

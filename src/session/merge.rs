//! Statements that come into a document: what they redefine, and where new ones stand.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::Written;
use super::document::{Joint, Kind, Place, declared, ends, joints, names};
use super::edit::{Edit, Part};
use super::entry::trimmed;
use super::error::EntryError;
use super::items::{Fate, anew, bare, comment_behind, edits_of_items, items};
use super::model::Model;
use super::unknown::word_of;
use crate::ast::{Joining, Keyword, Program, Statement, StatementKind};
use crate::span::Span;

/// What statements do to a document.
#[derive(Debug, Default)]
pub(super) struct Merged {
    pub(super) edits: Vec<Edit>,
    pub(super) written: Vec<Written>,
}

/// The edits by which statements of an entry, which start behind `from`, come into a document; with `beside`,
/// connections stand beside others with the same ends.
pub(super) fn merge(
    model: &Model,
    entry: &Program,
    typed: &str,
    from: usize,
    beside: bool,
) -> Result<Merged, EntryError> {
    let text = model.text();
    let mut merger = Merger {
        text,
        program: &model.program,
        typed,
        places: declared(&model.program),
        items: BTreeMap::new(),
        new: BTreeMap::new(),
        merged: Merged::default(),
    };
    let found = merger.connections(entry, beside);
    let mut used: HashSet<usize> = HashSet::new();
    let mut behind = from;
    for statement in &entry.statements {
        let whole = whole(typed, statement, behind);
        behind = whole.end;
        match &statement.kind {
            StatementKind::Network(_) => merger.header(statement, whole),
            StatementKind::Declare(..)
            | StatementKind::Activation(_)
            | StatementKind::Define(_)
            | StatementKind::Import(_)
            | StatementKind::Instance(_)
            | StatementKind::Output(_) => {
                merger.declaration(statement, whole);
            }
            StatementKind::Connection(connection) => {
                let key = ends(typed, &connection.sources, &connection.targets);
                let value = connection.value.span.range();
                match merger.same_ends(&key, &found, &mut used, statement.span)? {
                    Some(joint) => merger.replace_joint(key, joint, statement.span.range(), value),
                    None => merger.new_joint(key, whole, value),
                }
            }
            StatementKind::Lines(lines) => {
                // Those that replace others leave the rest to be added together.
                let mut rest = whole.start;
                for line in lines.iter() {
                    let (connection, span) = lines.connection(&line);
                    let key = ends(typed, &connection.sources, &connection.targets);
                    let value = connection.value.span.range();
                    if let Some(joint) = merger.same_ends(&key, &found, &mut used, span)? {
                        merger.add_part(Family::Connection, rest..span.range().start);
                        rest = comment_behind(typed, span.range().end).map_or(span.range().end, |comment| comment.end);
                        merger.replace_joint(key, joint, span.range(), value);
                    } else {
                        let written = Some(typed[value].to_owned());
                        merger.merged.written.push(Written { what: key, before: None, after: written });
                    }
                }
                merger.add_part(Family::Connection, rest..whole.end);
            }
            StatementKind::Expect(_) => merger.expectation(statement, whole),
            StatementKind::Broken(_) => {}
        }
    }
    merger.finish();
    let mut merged = merger.merged;
    if model.program.statements.is_empty() && text.trim().is_empty() {
        // A whole file may have been typed: it stays as it is.
        let all = trimmed(typed, whole_of(entry, behind));
        merged.edits = vec![Edit { range: 0..text.len(), parts: vec![Part::Typed(all), Part::Ours("\n".to_owned())] }];
    }
    Ok(merged)
}

/// From the start of what was typed, or its documentation, to the end of its last statement.
fn whole_of(entry: &Program, end: usize) -> Range<usize> {
    let first = entry.statements.first().map_or(end, |first| first.span.range().start);
    let comments = entry.comments.first().map_or(first, |comment| comment.span.range().start);
    let docs = entry.doc.iter().chain(entry.statements.first().and_then(|first| first.doc.as_ref()));
    let docs = docs.map(|doc| doc.span.range().start).min().unwrap_or(first);
    first.min(comments).min(docs)..end
}

/// The range of a statement with what belongs to it: comments and documentation before it, a comment behind it.
fn whole(text: &str, statement: &Statement, behind: usize) -> Range<usize> {
    let end = statement.span.range().end;
    let line = text[end..].split('\n').next().unwrap_or_default();
    trimmed(text, behind..end + line.len())
}

/// Statements that stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    Network,
    Import,
    Define,
    Const,
    Input,
    Parameter,
    Activation,
    Neuron,
    Instance,
    Connection,
    Output,
    Expect,
}

fn family(kind: &StatementKind) -> Option<Family> {
    Some(match kind {
        StatementKind::Network(_) => Family::Network,
        StatementKind::Import(_) => Family::Import,
        StatementKind::Define(_) => Family::Define,
        StatementKind::Instance(_) => Family::Instance,
        StatementKind::Declare(Keyword::Const, _) => Family::Const,
        StatementKind::Declare(Keyword::Input, _) => Family::Input,
        StatementKind::Declare(Keyword::Weight | Keyword::Bias, _) => Family::Parameter,
        StatementKind::Declare(Keyword::Neuron, _) => Family::Neuron,
        StatementKind::Activation(_) => Family::Activation,
        StatementKind::Connection(_) | StatementKind::Lines(_) => Family::Connection,
        StatementKind::Output(_) => Family::Output,
        StatementKind::Expect(_) => Family::Expect,
        StatementKind::Broken(_) => return None,
    })
}

struct Merger<'a> {
    text: &'a str,
    program: &'a Program,
    typed: &'a str,
    places: HashMap<(Kind, &'a str), Place>,
    /// What becomes of items of statements that have several.
    items: BTreeMap<usize, BTreeMap<usize, Fate>>,
    /// New statements.
    new: BTreeMap<Family, Vec<Vec<Part>>>,
    merged: Merged,
}

impl Merger<'_> {
    /// The connections that an entry's have the ends of.
    fn connections(&self, entry: &Program, beside: bool) -> HashMap<String, Vec<Joint>> {
        let mut wanted = HashSet::new();
        for statement in entry.statements.iter().filter(|_| !beside) {
            match statement.kind.joining() {
                Some(Joining::Connection(connection)) => {
                    wanted.insert(ends(self.typed, &connection.sources, &connection.targets));
                }
                Some(Joining::Lines(lines)) => {
                    wanted.extend(lines.iter().map(|line| {
                        let [sources, targets, _] = line.parts(lines.text());
                        format!("{sources} -> {targets}")
                    }));
                }
                None => {}
            }
        }
        if wanted.is_empty() { HashMap::new() } else { joints(self.text, self.program, &wanted) }
    }

    /// The one connection that has the ends `key`, if it is not replaced already.
    fn same_ends<'j>(
        &self,
        key: &str,
        found: &'j HashMap<String, Vec<Joint>>,
        used: &mut HashSet<usize>,
        at: Span,
    ) -> Result<Option<&'j Joint>, EntryError> {
        match found.get(key).map_or(&[][..], Vec::as_slice) {
            [] => Ok(None),
            [only] => Ok(used.insert(only.range.start).then_some(only)),
            several => {
                let file = self.program.file;
                let places = several.iter().map(|joint| Span::new(file, joint.range.clone())).collect();
                Err(EntryError::SeveralConnections { ends: key.to_owned(), places, at })
            }
        }
    }

    fn replace_joint(&mut self, key: String, joint: &Joint, typed: Range<usize>, value: Range<usize>) {
        let before = self.text[joint.value.clone()].to_owned();
        let after = self.typed[value].to_owned();
        self.merged.written.push(Written { what: key, before: Some(before), after: Some(after) });
        let (old, new) = anew(self.text, joint.range.clone(), self.typed, typed);
        self.merged.edits.push(Edit::typed(old, new));
    }

    fn new_joint(&mut self, key: String, whole: Range<usize>, value: Range<usize>) {
        let after = self.typed[value].to_owned();
        self.merged.written.push(Written { what: key, before: None, after: Some(after) });
        self.add_part(Family::Connection, whole);
    }

    fn add_part(&mut self, family: Family, typed: Range<usize>) {
        let typed = trimmed(self.typed, typed);
        if !typed.is_empty() {
            self.new.entry(family).or_default().push(vec![Part::Typed(typed)]);
        }
    }

    /// `network NAME` replaces the one that there is.
    fn header(&mut self, statement: &Statement, whole: Range<usize>) {
        let is_header = |old: &&Statement| matches!(old.kind, StatementKind::Network(_));
        match self.program.statements.iter().find(is_header) {
            Some(old) => self.replace(old, statement, "network"),
            None => {
                let after = Some(self.typed[statement.span.range()].to_owned());
                self.merged.written.push(Written { what: "network".to_owned(), before: None, after });
                self.add_part(Family::Network, whole);
            }
        }
    }

    /// A new statement in the place of an old one. Documentation replaces documentation.
    fn replace(&mut self, old: &Statement, statement: &Statement, what: &str) {
        let written = |text: &str, range: Range<usize>| Some(text[bare(text, range)].to_owned());
        let (before, after) = (written(self.text, old.span.range()), written(self.typed, statement.span.range()));
        self.merged.written.push(Written { what: what.to_owned(), before, after });
        let (mut range, mut typed) = anew(self.text, old.span.range(), self.typed, statement.span.range());
        if let Some(doc) = &statement.doc {
            typed.start = doc.span.range().start;
            range.start = old.doc.as_ref().map_or(range.start, |doc| doc.span.range().start);
        }
        self.merged.edits.push(Edit::typed(range, typed));
    }

    /// A declaration: each item that bears the name of an old one takes its place.
    fn declaration(&mut self, statement: &Statement, whole: Range<usize>) {
        let given: Vec<(Kind, String)> = names(&statement.kind).map(|(kind, name)| (kind, name.to_owned())).collect();
        let places: Vec<Option<Place>> =
            given.iter().map(|(kind, name)| self.places.get(&(*kind, name.as_str())).copied()).collect();
        let family = family(&statement.kind).expect("a declaration is of a family");
        let ranges = items(self.typed, statement);
        if places.iter().all(Option::is_none) {
            for ((_, name), range) in given.iter().zip(&ranges) {
                let after = match ranges.len() {
                    1 => self.typed[bare(self.typed, statement.span.range())].to_owned(),
                    _ => of_item(self.typed, statement, range),
                };
                self.merged.written.push(Written { what: name.clone(), before: None, after: Some(after) });
            }
            return self.add_part(family, whole);
        }
        if let ([(_, name)], [Some(place)]) = (given.as_slice(), places.as_slice()) {
            let old = &self.program.statements[place.statement];
            if names(&old.kind).count() == 1 {
                return self.replace(old, statement, name);
            }
        }
        let mut old_items: HashMap<usize, Vec<Range<usize>>> = HashMap::new();
        for ((range, place), (_, name)) in ranges.into_iter().zip(places).zip(given) {
            let comment = comment_behind(self.typed, range.end);
            let mut alone = vec![
                Part::Ours(format!("{} ", word_of(&statement.kind).unwrap_or_default())),
                Part::Typed(range.clone()),
            ];
            if let Some(comment) = &comment {
                alone.extend([Part::Ours(" ".to_owned()), Part::Typed(comment.clone())]);
            }
            let after = Some(of_item(self.typed, statement, &range));
            let mut before = None;
            match place {
                None => self.new.entry(family).or_default().push(alone),
                Some(place) => {
                    let old = &self.program.statements[place.statement];
                    let old_items = old_items.entry(place.statement).or_insert_with(|| items(self.text, old));
                    before = Some(of_item(self.text, old, &old_items[place.item]));
                    let fates = self.items.entry(place.statement).or_default();
                    if std::mem::discriminant(&old.kind) == std::mem::discriminant(&statement.kind)
                        && keyword_of(old) == keyword_of(statement)
                    {
                        fates.insert(place.item, Fate::Replaced(range, comment));
                    } else {
                        fates.insert(place.item, Fate::Removed);
                        self.new.entry(family).or_default().push(alone);
                    }
                }
            }
            self.merged.written.push(Written { what: name, before, after });
        }
    }

    /// An expectation that is there already is not added again.
    fn expectation(&mut self, statement: &Statement, whole: Range<usize>) {
        let bare = |text: &str| -> Vec<String> {
            crate::format::pieces(text)
                .filter(|(_, token)| !token.starts_with('#'))
                .map(|(_, token)| token.to_owned())
                .collect()
        };
        let wanted = bare(&self.typed[statement.span.range()]);
        let mut statements = self.program.statements.iter();
        let is_there = statements
            .any(|old| matches!(old.kind, StatementKind::Expect(_)) && bare(&self.text[old.span.range()]) == wanted);
        let after = Some(self.typed[statement.span.range()].to_owned());
        let before = after.clone().filter(|_| is_there);
        self.merged.written.push(Written { what: "expect".to_owned(), before, after });
        if !is_there {
            self.add_part(Family::Expect, whole);
        }
    }

    /// The edits of items and of new statements.
    fn finish(&mut self) {
        for (statement, fates) in std::mem::take(&mut self.items) {
            let edits = edits_of_items(self.text, &self.program.statements[statement], &fates);
            self.merged.edits.extend(edits);
        }
        for (family, statements) in std::mem::take(&mut self.new) {
            let edit = self.addition(family, statements);
            self.merged.edits.push(edit);
        }
    }

    /// New statements of a family: behind its last one, or behind those that stand before it by custom.
    fn addition(&self, wanted: Family, statements: Vec<Vec<Part>>) -> Edit {
        let of = |test: &dyn Fn(Family) -> bool| {
            let last = |statement: &&Statement| family(&statement.kind).is_some_and(test);
            self.program.statements.iter().rfind(last)
        };
        let line_end = |statement: &Statement| {
            let end = statement.span.range().end;
            self.text[end..].find('\n').map_or(self.text.len(), |length| end + length)
        };
        let (at, before, after) = match of(&|family| family == wanted) {
            Some(last) => (line_end(last), "\n", ""),
            None => match of(&|family| family < wanted) {
                Some(last) => (line_end(last), "\n\n", ""),
                None => match self.program.statements.first() {
                    Some(first) => {
                        let start = first.doc.as_ref().map_or(first.span, |doc| doc.span).range().start;
                        (start, "", "\n\n")
                    }
                    None if self.text.trim().is_empty() => (self.text.len(), "", "\n"),
                    None => (self.text.len(), "\n", "\n"),
                },
            },
        };
        let mut parts = Vec::new();
        for (number, statement) in statements.into_iter().enumerate() {
            parts.push(Part::Ours(if number == 0 { before } else { "\n" }.to_owned()));
            parts.extend(statement);
        }
        parts.push(Part::Ours(after.to_owned()));
        Edit { range: at..at, parts }
    }
}

/// An item of a statement, as if it stood alone.
fn of_item(text: &str, statement: &Statement, item: &Range<usize>) -> String {
    format!("{} {}", word_of(&statement.kind).unwrap_or_default(), &text[item.clone()])
}

fn keyword_of(statement: &Statement) -> Option<Keyword> {
    let StatementKind::Declare(keyword, _) = &statement.kind else { return None };
    Some(*keyword)
}

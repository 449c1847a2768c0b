//! `:remove`: what can go without breaking anything else.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::Written;
use super::compute::{mask, unmasked};
use super::document::{Kind, declared, ends, joints, lines_of, whole_lines};
use super::edit::Edit;
use super::entry::{split, trimmed};
use super::error::EntryError;
use super::items::{Fate, bare, edits_of_items};
use super::model::{DOCUMENT, Model};
use super::synapse::{no_connection, only_connection};
use super::unknown::{not_there, word_of};
use super::work::{Problem, Work};
use crate::ast::{Statement, StatementKind};
use crate::diagnostic::Diagnostic;
use crate::parser::{STATEMENT_WORDS, parse};
use crate::span::Span;

/// The edits that take away what a range of the entry names: `c`, `output c`, `expect 2`, `a -> b`.
pub(super) fn removal(work: &Work<'_>, range: Range<usize>) -> Result<(Vec<Edit>, Written), Problem> {
    let text = work.entry.text();
    let range = trimmed(text, range);
    let what = &text[range.clone()];
    if split(text, range.clone(), "->").len() > 1 {
        return connections(work, range);
    }
    let model = &work.state.model;
    let (word, rest) = what.split_once([' ', '\t']).unwrap_or((what, ""));
    let rest = rest.trim();
    if word == "expect" && !rest.is_empty() {
        return expectation(work, rest, range);
    }
    // `output c` as a name alone is none.
    let word = Some(word).filter(|word| !rest.is_empty() && STATEMENT_WORDS.contains(word));
    let name = if word.is_some() { rest } else { what };
    let is_header = |statement: &&Statement| {
        let StatementKind::Network(header) = &statement.kind else { return false };
        what == "network" || word == Some("network") && header.text == name
    };
    if let Some(header) = model.program.statements.iter().find(is_header) {
        return Ok(whole(model, header, what));
    }
    let places = declared(&model.program);
    let kinds: &[Kind] = match word {
        Some("output") => &[Kind::Output],
        Some("activation" | "network" | "import") => &[Kind::Callable],
        Some(_) => &[Kind::Value],
        None => &[Kind::Value, Kind::Callable, Kind::Output],
    };
    let found = kinds.iter().find_map(|kind| places.get(&(*kind, name)));
    let found = found.map(|place| (place, &model.program.statements[place.statement]));
    let at = work.place(range);
    let Some((place, old)) = found.filter(|(_, old)| word.is_none_or(|word| word_of(&old.kind) == Some(word))) else {
        return Err(not_there(model, word, name, at).into());
    };
    let before = Some(model.text()[bare(model.text(), old.span.range())].to_owned());
    let edits = edits_of_items(model.text(), old, &BTreeMap::from([(place.item, Fate::Removed)]));
    Ok((edits, Written { what: name.to_owned(), before, after: None }))
}

fn whole(model: &Model, statement: &crate::ast::Statement, what: &str) -> (Vec<Edit>, Written) {
    let before = Some(model.text()[bare(model.text(), statement.span.range())].to_owned());
    let edit = Edit::removal(lines_of(model.text(), statement));
    (vec![edit], Written { what: what.to_owned(), before, after: None })
}

/// `expect 2`: the second of the document.
fn expectation(work: &Work<'_>, number: &str, range: Range<usize>) -> Result<(Vec<Edit>, Written), Problem> {
    let model = &work.state.model;
    let statements = model.program.statements.iter();
    let all: Vec<_> = statements.filter(|statement| matches!(statement.kind, StatementKind::Expect(_))).collect();
    let place = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    match place.and_then(|place| all.get(place)) {
        Some(found) => Ok(whole(model, found, &work.entry.text()[range])),
        None => {
            let message = format!("there is no such `expect`; there are {}", all.len());
            let help = "they are counted from 1, as `:expect` shows them".to_owned();
            Err(EntryError::Malformed { message, help, at: work.place(range) }.into())
        }
    }
}

/// `a -> b`: all connections with these ends.
fn connections(work: &Work<'_>, range: Range<usize>) -> Result<(Vec<Edit>, Written), Problem> {
    let model = &work.state.model;
    let text = work.entry.text();
    let mut masked = mask(text, range.clone());
    let weight = ":0";
    if masked.len() < range.end + weight.len() {
        masked.push_str(&" ".repeat(range.end + weight.len() - masked.len()));
    }
    masked.replace_range(range.end..range.end + weight.len(), weight);
    let (program, diagnostics) = parse(&work.entry.masked(masked), work.ground.limits);
    if diagnostics.has_errors() {
        return Err(Problem::Reports(unmasked(diagnostics.into_sorted(), text)));
    }
    let connection = only_connection(&program);
    let at = work.place(range.clone());
    let Some(connection) = connection else { return Err(not_there(model, None, &text[range], at).into()) };
    let key = ends(text, &connection.sources, &connection.targets);
    let found = joints(model.text(), &model.program, &HashSet::from([key.clone()]));
    let Some(found) = found.get(&key) else {
        return Err(no_connection(work, &connection.sources, &connection.targets, at));
    };
    let edits = found.iter().map(|joint| {
        let statement = &model.program.statements[joint.statement];
        let is_line = matches!(statement.kind, StatementKind::Lines(_));
        let lines =
            if is_line { whole_lines(model.text(), joint.range.clone()) } else { lines_of(model.text(), statement) };
        Edit::removal(lines)
    });
    let before = Some(model.text()[found[0].value.clone()].to_owned());
    Ok((edits.collect(), Written { what: key, before, after: None }))
}

/// What cannot be removed because others need it: the places in the document that came to mean nothing without it.
pub(super) fn needed(model: &Model, edits: &[Edit], what: &str, reports: &[Diagnostic], at: Span) -> Problem {
    // From the places after the removal to those before it.
    let mut removed: Vec<Range<usize>> = edits.iter().map(|edit| edit.range.clone()).collect();
    removed.sort_by_key(|range| range.start);
    let before = |span: &Span| {
        let (mut start, mut end) = (span.range().start, span.range().end);
        for range in &removed {
            if range.start <= start {
                start += range.len();
                end += range.len();
            }
        }
        Span::new(DOCUMENT, start..end.min(model.text().len()).max(start))
    };
    let mut uses: Vec<Span> = Vec::new();
    for report in reports {
        let Some(main) = report.label.as_ref().filter(|label| label.span.file == DOCUMENT) else { continue };
        let main = before(&main.span);
        uses.push(main);
        // Others are uses of the same name, or say what else it may be.
        let others = report.related.iter().filter(|label| label.span.file == DOCUMENT).map(|label| before(&label.span));
        uses.extend(others.filter(|span| model.text()[span.range()] == model.text()[main.range()]));
    }
    uses.sort_unstable();
    uses.dedup();
    EntryError::Needed { what: what.to_owned(), uses, at }.into()
}

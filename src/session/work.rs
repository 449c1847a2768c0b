//! What is being done for an entry, before any of it is the session's.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::change::{Changes, Written, changes, dropped};
use super::edit::{Edit, apply, point_into_entry};
use super::error::EntryError;
use super::merge::merge;
use super::model::{ENTRY, Model, State};
use super::{Failure, Ground, Kept, Session, Value, assign, compute, entry};
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::parser::parse;
use crate::source::Source;
use crate::span::Span;
use crate::value::Tensor;

/// What is being done for an entry; nothing of it is the session's yet.
pub(super) struct Work<'a> {
    pub(super) session: &'a Session,
    pub(super) ground: &'a Ground<'a>,
    pub(super) entry: &'a Source,
    pub(super) state: Arc<State>,
    pub(super) results: Vec<Kept>,
    pub(super) counted: u64,
    pub(super) warnings: Vec<Diagnostic>,
}

/// Why something of an entry is refused.
pub(super) enum Problem {
    Entry(Box<EntryError>),
    Reports(Vec<Diagnostic>),
    Failure(Box<Failure>),
}

impl From<EntryError> for Problem {
    fn from(error: EntryError) -> Problem {
        Problem::Entry(Box::new(error))
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Problem {
        Problem::Failure(Box::new(failure))
    }
}

impl Problem {
    /// A report, or none if it was made before.
    pub(super) fn of(report: Option<Diagnostic>) -> Problem {
        Problem::Reports(report.into_iter().collect())
    }
}

/// The state after edits of the document.
pub(super) fn rebuilt(
    state: &Arc<State>,
    edits: Vec<Edit>,
    entry: &Source,
    ground: &Ground<'_>,
) -> Result<State, Problem> {
    let model = &state.model;
    let (text, moved) = apply(model.text(), entry.text(), edits);
    if text == model.text() {
        return Ok(State::of(Arc::clone(model), state.set.clone()));
    }
    let entry = (entry.name(), entry.text());
    match Model::of(model.document().name(), &text, entry, ground) {
        Ok(mut model) => {
            model.warnings.iter_mut().for_each(|warning| point_into_entry(warning, &moved));
            Ok(State::of(Arc::new(model), state.set.clone()))
        }
        Err(mut failure) => {
            failure.diagnostics.retain(|report| report.severity == Severity::Error);
            failure.diagnostics.iter_mut().for_each(|report| point_into_entry(report, &moved));
            Err(failure.into())
        }
    }
}

impl Work<'_> {
    pub(super) fn place(&self, range: Range<usize>) -> Span {
        Span::new(ENTRY, range)
    }

    /// Statements come into the document.
    pub(super) fn statements(&mut self, range: Range<usize>, beside: bool) -> Result<Changes, Problem> {
        let text = self.entry.text();
        let blank = |part: &str| {
            part.chars()
                .map(|it| if it == '\n' { "\n".to_owned() } else { " ".repeat(it.len_utf8()) })
                .collect::<String>()
        };
        let masked = format!("{}{}{}", blank(&text[..range.start]), &text[range.clone()], blank(&text[range.end..]));
        let (program, diagnostics) = parse(&self.entry.masked(masked), self.ground.limits);
        if diagnostics.has_errors() {
            return Err(Problem::Reports(diagnostics.into_sorted()));
        }
        let merged = merge(&self.state.model, &program, text, range.start, beside)?;
        let before = Arc::clone(&self.state);
        self.state = Arc::new(rebuilt(&before, merged.edits, self.entry, self.ground)?);
        let changes = self.changes(&before, merged.written);
        // Who adds a second one knows of the first.
        self.warnings.retain(|warning| !beside || warning.code != Code::W0205);
        Ok(changes)
    }

    /// Inputs, weights, biases, consts and properties are set, in order.
    pub(super) fn settings(&mut self, settings: &[entry::Setting]) -> Result<Changes, Problem> {
        let before = Arc::clone(&self.state);
        let mut written = Vec::new();
        for setting in settings {
            let set = assign::assign(self, setting)?;
            self.state = Arc::new(set.state);
            written.extend(set.written);
        }
        Ok(self.changes(&before, written))
    }

    /// What changed, with warnings that are new.
    pub(super) fn changes(&mut self, before: &Arc<State>, written: Vec<Written>) -> Changes {
        if !Arc::ptr_eq(&before.model, &self.state.model) {
            let identity = |warning: &Diagnostic| (warning.code, warning.message.clone());
            let old: HashSet<_> = before.model.warnings.iter().map(identity).collect();
            let now = self.state.model.warnings.iter().filter(|warning| !is_of_unfinished(warning));
            self.warnings.extend(now.filter(|warning| !old.contains(&identity(warning))).cloned());
        }
        Changes { dropped: dropped(before, &self.state), ..changes(before, &self.state, written) }
    }

    /// An expression is computed and gets a number.
    pub(super) fn expression(&mut self, range: Range<usize>) -> Result<Value, Problem> {
        let (value, _) = self.value(range)?;
        Ok(self.keep(value, Arc::clone(&self.state)))
    }

    /// Gives a value of a state a number.
    pub(super) fn keep(&mut self, value: Tensor, state: Arc<State>) -> Value {
        self.counted += 1;
        let number = self.counted;
        let (shape, values) = (value.shape, value.values.clone());
        self.results.push(Kept { number, value: Arc::new(value), state: Some(state) });
        Value { number, shape, values }
    }

    /// The value of the expression at a range of the entry, and its place.
    pub(super) fn value(&self, range: Range<usize>) -> Result<(Tensor, Span), Problem> {
        self.value_in(range, &self.state)
    }

    pub(super) fn value_in(&self, range: Range<usize>, state: &Arc<State>) -> Result<(Tensor, Span), Problem> {
        let typed = compute::read(self.entry, range, self.ground)?;
        let at = typed.expression.span;
        let results = |number| self.result(number).map(|kept| Tensor::clone(&kept.value));
        Ok((compute::value(&typed, state, &results, self.counted, self.ground)?, at))
    }

    pub(super) fn result(&self, number: u64) -> Option<&Kept> {
        self.results.iter().chain(&self.session.results).find(|kept| kept.number == number)
    }
}

/// Whether a warning only says that something is not connected yet.
fn is_of_unfinished(warning: &Diagnostic) -> bool {
    matches!(warning.code, Code::W0201 | Code::W0202 | Code::W0203 | Code::W0204)
}

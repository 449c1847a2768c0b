//! Changes of a text, and where what was typed came to stand in it.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Label};
use crate::span::Span;

use super::model::{DOCUMENT, ENTRY};

/// A part of the document that is replaced.
#[derive(Debug, Clone)]
pub(super) struct Edit {
    pub(super) range: Range<usize>,
    /// What comes to stand there, in pieces.
    pub(super) parts: Vec<Part>,
}

/// A piece of new text.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// Blanks, keywords and numbers of ours.
    Ours(String),
    /// A range of the entry.
    Typed(Range<usize>),
}

impl Edit {
    pub(super) fn typed(range: Range<usize>, typed: Range<usize>) -> Edit {
        Edit { range, parts: vec![Part::Typed(typed)] }
    }

    pub(super) fn removal(range: Range<usize>) -> Edit {
        Edit { range, parts: Vec::new() }
    }
}

/// Where typed text stands in the new document.
#[derive(Debug)]
pub(super) struct Moved {
    new: Range<usize>,
    entry: usize,
}

/// The text after the edits, which do not overlap; edits at one place keep their order.
pub(super) fn apply(text: &str, entry: &str, mut edits: Vec<Edit>) -> (String, Vec<Moved>) {
    edits.sort_by_key(|edit| edit.range.start);
    let mut new = String::with_capacity(text.len() + entry.len() + 16);
    let mut moved = Vec::new();
    let mut at = 0;
    for edit in edits {
        // What was replaced already is not replaced again.
        let start = edit.range.start.max(at);
        new.push_str(&text[at..start]);
        for part in edit.parts {
            match part {
                Part::Ours(ours) => new.push_str(&ours),
                Part::Typed(range) => {
                    moved.push(Moved { new: new.len()..new.len() + range.len(), entry: range.start });
                    new.push_str(&entry[range]);
                }
            }
        }
        at = edit.range.end.max(start);
    }
    new.push_str(&text[at..]);
    (new, moved)
}

/// Makes a report point into the entry where what it points to was typed.
pub(super) fn point_into_entry(report: &mut Diagnostic, moved: &[Moved]) {
    for label in report.label.iter_mut().chain(&mut report.related) {
        move_label(label, moved);
    }
}

fn move_label(label: &mut Label, moved: &[Moved]) {
    if label.span.file != DOCUMENT {
        return;
    }
    let range = label.span.range();
    let found = moved.iter().find(|moved| moved.new.start <= range.start && range.end <= moved.new.end);
    if let Some(found) = found {
        let start = range.start - found.new.start + found.entry;
        label.span = Span::new(ENTRY, start..start + range.len());
    }
}

//! From text to syntax tree: the source is cut into statements, and the grammar parses each of them alone.
//!
//! A statement that cannot be read costs one error; the names it seems to declare are kept, so that no second error
//! follows from the first.

mod brackets;
mod build;
mod cut;
mod docs;
mod error;
mod expected;
mod literal;
mod lost;
mod parts;
pub(crate) mod plain;
mod reader;
mod scan;
mod slips;

use std::ops::Range;

use pest::Parser;

use crate::ast::{Expression, Program};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::limits::Limits;
use crate::source::Source;
pub(crate) use build::normalised;
pub(crate) use cut::Fault;
use cut::{Cutter, Part};
use error::ParseError;
use reader::Reader;
pub(crate) use scan::STATEMENT_WORDS;

mod grammar {
    /// The parser that pest derives from the grammar.
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/neuron.pest"]
    pub(super) struct NeuronParser;
}
use grammar::{NeuronParser, Rule};

/// Reads a source: what is written, before anything is made of names and values.
///
/// Never fails as a whole: what cannot be read is a [`StatementKind::Broken`](crate::ast::StatementKind::Broken) and an
/// error among the diagnostics, one for each statement. Of the limits, `nesting` is held here. The diagnostics are the errors and warnings of spelling;
/// [`resolve`](crate::resolve) has the others. Time and memory are linear in the length of the text.
///
/// # Stack
/// Nested text needs stack here and in what follows: 12 KiB a level of nesting where this crate is compiled with
/// optimisation, 48 KiB where not. For the 256 levels of the default limit that is 3 or 12 MiB, more than threads have
/// by themselves; a text that passes its thread's stack ends the process. For text from strangers, work on a thread
/// made with a stack of 16 MiB, as the program does, or lower [`Limits::nesting`].
#[must_use]
pub fn parse(source: &Source, limits: &Limits) -> (Program, Diagnostics) {
    let mut reader = Reader::new(source, limits);
    let program = reader.program();
    (program, reader.diagnostics)
}

/// Reads the VALUE of a `NAME=VALUE` argument: an expression, or several with commas between, which make a list.
///
/// `2`, `sqrt(2)/3`, `1,2,3` and `[1, 2, 3]` are values; [`resolve_value`](crate::resolve_value) computes them. The
/// source holds the value alone.
///
/// # Errors
/// The whole of `source` is not such a value, or is nested deeper than the limit `nesting`.
pub fn parse_value(source: &Source, limits: &Limits) -> Result<Expression, Vec<Diagnostic>> {
    let mut reader = Reader::new(source, limits);
    let range = 0..source.text().trim_end().len();
    let value = match reader.forbidden().or_else(|| fault_of(source, limits)) {
        Some(error) => Err(error),
        None => reader.tree(Rule::given_value, range, |builder, pair| builder.given_value(pair)),
    };
    value.map_err(|error| vec![error.report(source)])
}

/// Whether a text can stand, as it is, where a name must.
pub(crate) fn is_name(text: &str) -> bool {
    let read = NeuronParser::parse(Rule::name, text).ok().and_then(|mut pairs| pairs.next());
    read.is_some_and(|pair| pair.as_str() == text) && normalised(text) == text
}

/// What is wrong with the brackets of a source that is one value.
fn fault_of(source: &Source, limits: &Limits) -> Option<ParseError> {
    Cutter::new(source.text(), limits.nesting as usize).find_map(|part| match part {
        Part::Statement(statement, fault) => {
            fault.map(|fault| ParseError::Brackets { fault, statement, limit: limits.nesting })
        }
        Part::Lines(_)
        | Part::Doc(_)
        | Part::Comment(_)
        | Part::LateDoc(_)
        | Part::Head(..)
        | Part::Tail(_)
        | Part::Gap => None,
    })
}

/// Whether a text that may be typed line by line, as at a prompt, is whole: no bracket is open, and its last line goes
/// not on in the next one, as behind a comma or documentation.
///
/// ```
/// assert!(neuronc::is_complete("neuron c { bias = 1 }"));
/// assert!(!neuronc::is_complete("neuron c {"));
/// assert!(!neuronc::is_complete("x -> c :"));
/// ```
#[must_use]
pub fn is_complete(text: &str) -> bool {
    match pieces_of(text).last() {
        Some(Piece::Statement { range, fault }) => {
            let left_open = matches!(fault, Some(Fault::Unclosed { before: None, .. }));
            !left_open && !scan::continues(text[range.clone()].trim_end())
        }
        Some(Piece::Doc) => false,
        None => true,
    }
}

/// Where the last statement of a text starts, if a bracket of the one before it was left open.
///
/// ```
/// assert_eq!(neuronc::left_open("weight w = [1, 2\ninput x = 1"), Some(17));
/// assert_eq!(neuronc::left_open("weight w = [1, 2\n"), None);
/// ```
#[must_use]
pub fn left_open(text: &str) -> Option<usize> {
    let pieces = pieces_of(text);
    let [
        ..,
        Piece::Statement { fault: Some(Fault::Unclosed { before: None, .. }), .. },
        Piece::Statement { range, .. },
    ] = pieces.as_slice()
    else {
        return None;
    };
    Some(range.start)
}

/// A part of a text that may be typed at a prompt.
pub(crate) enum Piece {
    /// A statement, or what looks like one, with what is wrong with its brackets; or plain connections, a line each.
    Statement { range: Range<usize>, fault: Option<Fault> },
    /// Documentation of what follows.
    Doc,
}

/// The parts of a text, without comments.
pub(crate) fn pieces_of(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    // Where the networks that are open start, and behind their brackets.
    let mut heads: Vec<Range<usize>> = Vec::new();
    for part in Cutter::new(text, Limits::default().nesting as usize) {
        let is_inner = !heads.is_empty();
        match part {
            Part::Head(range, _) => heads.push(range),
            Part::Tail(range) => {
                let Some(head) = heads.pop().filter(|_| heads.is_empty()) else { continue };
                let fault = range.is_empty().then(|| Fault::Unclosed { open: head.end - 1, before: None });
                pieces.push(Piece::Statement { range: head.start..range.end, fault });
            }
            Part::Statement(..) | Part::Lines(_) | Part::Doc(_) if is_inner => {}
            Part::Statement(range, fault) => pieces.push(Piece::Statement { range, fault }),
            Part::Lines(range) => pieces.push(Piece::Statement { range, fault: None }),
            Part::Doc(_) => pieces.push(Piece::Doc),
            Part::Comment(_) | Part::LateDoc(_) | Part::Gap => {}
        }
    }
    pieces
}

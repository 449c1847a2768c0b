//! What can be wrong with a row, in the user's words.

use std::ops::Range;

use super::{Columns, line_around, lines};
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::numeric::decimal::{shortest, shortest_single};
use crate::source::Sources;
use crate::span::Span;
use crate::text::{counted, quoted};

/// A row that cannot be taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// The bytes of the record in its block, with its line end.
    pub record: Range<usize>,
    /// How many lines of the block end before the place.
    pub lines: usize,
    pub(super) wrong: Wrong,
}

/// What is wrong, and where in the block.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wrong {
    pub(super) what: What,
    pub(super) place: Range<usize>,
    /// The column of the file, where it is of one.
    pub(super) column: Option<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    /// A line without anything.
    EmptyLine,
    /// Another number of cells than the first record.
    Cells { found: usize, wanted: usize },
    /// Nothing where a number belongs.
    Empty,
    /// Something else where a number belongs.
    NoNumber,
    /// NaN or an infinity.
    NotFinite,
    /// Larger than any double.
    TooLarge,
    /// A whole number between two doubles.
    NoDouble,
    /// Larger than any number of single precision.
    TooLargeForSingle,
    /// Outside the range of its input.
    OutsideRange { value: f64, low: f64, high: f64 },
    /// A quote that is never closed.
    Unclosed,
    /// Something between the quote that closes a cell and the next cell.
    Behind,
    /// A cell that is to be copied and is no text.
    NotText,
    /// Something else was expected in JSON.
    Json { expected: &'static str },
    /// A key that the first object has, or has not.
    Key { name: String, is_missing: bool },
    /// A key that is there twice.
    Twice,
    /// Another number of values than the array has.
    Values { found: usize, wanted: usize },
    /// A cell longer than the limit.
    LongCell { length: usize, limit: u64 },
    /// A record longer than the limit.
    LongRow { length: usize, limit: u64 },
}

impl Wrong {
    pub(super) fn new(what: What, place: Range<usize>) -> Wrong {
        Wrong { what, place, column: None }
    }

    pub(super) fn in_column(self, column: usize) -> Wrong {
        Wrong { column: Some(column), ..self }
    }

    /// The fault, if so many lines of the block end before the record.
    pub(super) fn fault(self, block: &[u8], record: Range<usize>, before: usize) -> Fault {
        let lines = before + lines(&block[record.start..self.place.start.max(record.start)]);
        Fault { record, lines, wrong: self }
    }
}

impl Fault {
    /// A record of which `block` is only the start, as it is longer than the limit on rows.
    #[must_use]
    pub fn endless(block: &[u8], limit: u64) -> Fault {
        let what = What::LongRow { length: block.len(), limit };
        Fault { record: 0..block.len(), lines: 0, wrong: Wrong::new(what, 0..1.min(block.len())) }
    }

    /// What keeps a block from being read on: a limit, whatever is to be done with bad rows.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        self.code().is_limit()
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> Code {
        match self.wrong.what {
            What::Empty | What::NoNumber | What::NotFinite | What::TooLarge | What::NoDouble => Code::E0803,
            What::TooLargeForSingle | What::OutsideRange { .. } => Code::E0804,
            What::EmptyLine | What::Cells { .. } | What::Key { .. } | What::Values { .. } => Code::E0805,
            What::Unclosed | What::Behind | What::NotText | What::Json { .. } => Code::E0806,
            What::Twice => Code::E0802,
            What::LongCell { .. } | What::LongRow { .. } => Code::E0914,
        }
    }

    /// The character of its line at which the place starts, counted from 1.
    #[must_use]
    pub fn column(&self, block: &[u8]) -> usize {
        let line = line_around(block, self.wrong.place.start);
        block[line.start..self.wrong.place.start].iter().filter(|byte| **byte & 0xC0 != 0x80).count() + 1
    }

    /// The name of the column of the file, where it is of one.
    #[must_use]
    pub fn name<'a>(&self, columns: &'a Columns) -> Option<&'a str> {
        columns.name(self.wrong.column?)
    }

    /// One sentence.
    #[must_use]
    pub fn message(&self, block: &[u8]) -> String {
        let text = || quoted(&String::from_utf8_lossy(&block[self.wrong.place.clone()]));
        match &self.wrong.what {
            What::EmptyLine => "this line is empty".to_owned(),
            What::Cells { found, wanted } => {
                format!("this row has {}, the first has {wanted}", counted(*found as u64, "cell"))
            }
            What::Empty => "this cell is empty".to_owned(),
            What::NoNumber => format!("{} is no number", text()),
            What::NotFinite => format!("{} is not finite", text()),
            What::NoDouble => format!("{} is no double: it lies between two", text()),
            What::TooLarge => format!("{} is larger than any double", text()),
            What::TooLargeForSingle => {
                format!("{} is larger than any number of single precision, {}", text(), shortest_single(f32::MAX))
            }
            What::OutsideRange { value, low, high } => {
                let [value, low, high] = [value, low, high].map(|number| shortest(*number));
                format!("{value} is outside the range of its input, from {low} to {high}")
            }
            What::Unclosed => "this quote is never closed".to_owned(),
            What::Behind => "something stands behind the quote that closes this cell".to_owned(),
            What::NotText => "this cell is not UTF-8 text".to_owned(),
            What::Json { expected } => format!("expected {expected}"),
            What::Key { name, is_missing: true } => {
                format!("this row has no {}, which the first has", quoted(name))
            }
            What::Key { name, is_missing: false } => {
                format!("this row has {}, which the first has not", quoted(name))
            }
            What::Twice => format!("the key {} is there twice", text()),
            What::Values { found, wanted } => {
                format!("this list has {}, its input takes {wanted}", counted(*found as u64, "value"))
            }
            What::LongCell { length, limit } => format!("this cell has {length} bytes; the limit is {limit}"),
            What::LongRow { length, limit } => format!("this row has {length} bytes or more; the limit is {limit}"),
        }
    }

    /// The message with the line around the place. The file is called `name`, so many of its lines end before the
    /// block, and its columns are known by then or not.
    #[must_use]
    pub fn report(
        &self,
        block: &[u8],
        name: &str,
        before: usize,
        columns: Option<&Columns>,
        sources: &mut Sources,
    ) -> Diagnostic {
        let place = &self.wrong.place;
        let line = line_around(block, place.start);
        let file = sources.add_line(name, &block[line.clone()], before + self.lines);
        // Whole characters, of which a place may have a part.
        let goes_on = |at: usize| at < line.end && block[at] & 0xC0 == 0x80;
        let start = (line.start..=place.start).rev().find(|at| !goes_on(*at)).unwrap_or(line.start);
        let end = (place.end.min(line.end)..line.end).find(|at| !goes_on(*at)).unwrap_or(line.end).max(start);
        let length = |end: usize| String::from_utf8_lossy(&block[line.start..end]).len();
        let column = self.wrong.column.and_then(|column| columns?.name(column));
        let label = column.map_or(String::new(), |column| format!("the column {}", quoted(column)));
        Diagnostic::error(self.code(), self.message(block))
            .label(Span::new(file, length(start)..length(end)), label)
            .help_if(self.help(block))
    }

    fn help(&self, block: &[u8]) -> Option<String> {
        let text = &block[self.wrong.place.clone()];
        let help = match &self.wrong.what {
            What::EmptyLine => "every line is a row; empty lines may stand at the end of the file",
            What::Cells { .. } => "every row has as many cells; a cell with a comma in it stands between quotes",
            What::Empty => "nothing is put in its place; `--on-bad-row skip` leaves such rows out",
            What::NoNumber => match text {
                [b'"', .., b'"'] => "a number in JSON stands without quotes; quotes of CSV start right behind a comma",
                _ if text.contains(&b',') => "numbers have a point, and nothing between thousands: `1234.5`",
                [b'.', ..] | [.., b'.'] => "a point has digits on both sides: `0.5`, `1.0`",
                _ => "numbers are written as `-0.5` and `1e-3`; `--on-bad-row skip` leaves such rows out",
            },
            What::NotFinite => "`--allow-nonfinite` takes NaN and infinities as they are",
            What::NoDouble => "whole numbers are exact up to 2^53; a column of doubles has been rounded by who made it",
            What::TooLarge => return None,
            What::TooLargeForSingle => "`--precision f64` holds it",
            What::OutsideRange { .. } => "`--on-bad-row skip` leaves such rows out",
            What::Unclosed => "the cell and the row end where a quote closes this one; a quote in a cell is doubled",
            What::Behind => "a quote in a cell is doubled: `\"5\"\" pipe\"`",
            What::NotText => "save the file as UTF-8",
            What::Json { .. } => "every line is one JSON object, as in `{\"x\": 0.5, \"y\": [1, 2]}`",
            What::Key { .. } => "the keys of the first row decide which inputs have their values in the file",
            What::Twice => "which one is meant?",
            What::Values { .. } => "give one value for each element",
            What::LongCell { .. } => "is a quote missing? `--limit cell=N` allows more",
            What::LongRow { .. } => "is a quote or line end missing? `--limit row=N` allows more",
        };
        Some(help.to_owned())
    }
}

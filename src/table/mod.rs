//! Files of rows: one file per format, one list of formats.
//!
//! A file is taken in blocks of whole records, so that its length does not matter. [`Format::cut`] tells where a block
//! can end, [`Format::header`] what the columns are called, [`Columns::matched`] which column feeds which input.
//! [`Reading`] makes a block the row-major values that [`evaluate_rows`](crate::evaluate_rows) takes, and [`Writing`]
//! what that gives text again. All of it is on bytes in memory, and a block needs nothing of the others.
//!
//! Formats that are no text come as [`Cells`], which [`Reading::read_cells`] takes, column by column.
//!
//! Nothing is guessed: a cell is a number of its own, exactly rounded, or a [`Fault`] with its line and column.
//!
//! ```
//! # use neuronc::{Limits, Inputs, Network, Sources, parse, resolve};
//! use neuronc::table::{Choice, Columns, Format, Reading, Rows, Rules};
//! # let mut sources = Sources::new();
//! # let text = "input a, b = 1\nneuron y\n[a, b] -> y : 1\noutput y\n";
//! # let file = sources.add("y", text.into(), &Limits::default()).unwrap();
//! # let (program, _) = parse(sources.get(file), &Limits::default());
//! # let network = resolve(&program, sources.get(file), &Limits::default()).0.unwrap();
//! // input a, b = 1
//! let bytes = b"note,a\nx,0.5\n\"y, z\",-2e3\n";
//! let header = Format::Csv.header(bytes).unwrap();
//! let choice = Choice { format: Format::Csv, file: "rows.csv", ..Choice::default() };
//! let columns = Columns::matched(&network, &Inputs::new(&network), &header.names, &choice).unwrap();
//! assert_eq!((columns.unread(), columns.defaults()), (&["note".to_owned()][..], &["b".to_owned()][..]));
//! let reading = Reading::<f64>::new(Format::Csv, columns, &Inputs::new(&network), &Rules::default());
//! let mut rows = Rows::new();
//! reading.read(&bytes[header.end..], &mut rows, &mut |_| ()).unwrap();
//! assert_eq!((rows.count(), rows.values()), (2, &[0.5, 1.0, -2000.0, 1.0][..]));
//! ```

mod cells;
mod columns;
mod csv;
mod fault;
mod jsonl;
mod read;
mod write;

use std::ops::Range;

pub use cells::{Cell, Cells};
pub use columns::{Choice, Columns};
pub use fault::Fault;
pub use read::{Policy, Reading, Rows, Rules};
pub use write::{Quoted, Writing};

use fault::{What, Wrong};

/// A format of files of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Cells with commas between them, a header in the first line.
    #[default]
    Csv,
    /// Cells with tabs between them.
    Tsv,
    /// One JSON object a line.
    JsonLines,
}

/// What the columns of a file are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The names, in the order of the file.
    pub names: Vec<String>,
    /// Where the rows start.
    pub end: usize,
}

impl Format {
    /// Every format, its name, and how names of such files end.
    pub const TABLE: [(Format, &str, &[&str]); 3] = [
        (Format::Csv, "csv", &["csv"]),
        (Format::Tsv, "tsv", &["tsv", "tab"]),
        (Format::JsonLines, "jsonl", &["jsonl", "ndjson"]),
    ];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Format::TABLE.iter().find(|(format, ..)| *format == self).map_or("", |(_, name, _)| name)
    }

    /// The format that a file's name ends with, perhaps before `.gz`.
    #[must_use]
    pub fn of(path: &str) -> Option<Format> {
        let path = match path.len().checked_sub(3).and_then(|end| path.split_at_checked(end)) {
            Some((start, gz)) if gz.eq_ignore_ascii_case(".gz") => start,
            _ => path,
        };
        let (_, ending) = path.rsplit_once('.')?;
        let has = |endings: &[&str]| endings.iter().any(|known| known.eq_ignore_ascii_case(ending));
        Format::TABLE.iter().find(|(_, _, endings)| has(endings)).map(|(format, ..)| *format)
    }

    /// Where a block of whole records can end, 0 if no record is known to end in `bytes`, which start with one.
    ///
    /// Empty lines stay with what follows them, so that those at the end of a file can be told from others.
    #[must_use]
    pub fn cut(self, bytes: &[u8]) -> usize {
        let end = match self.separator() {
            Some(separator) => csv::cut(bytes, separator),
            None => memchr::memrchr(b'\n', bytes).map_or(0, |end| end + 1),
        };
        let Some(last) = bytes[..end].iter().rposition(|byte| !is_line_end(*byte)) else { return 0 };
        match self.separator() {
            Some(_) => next_line(bytes, last + 1).unwrap_or(end),
            None => self.record_end(bytes, last + 1),
        }
    }

    /// What the columns are called, from the first record of `bytes`, or from the keys of the first object. `bytes` hold
    /// that record whole.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn header(self, bytes: &[u8]) -> Result<Header, Fault> {
        let header = match self.separator() {
            Some(separator) => csv::header(bytes, separator),
            None => jsonl::keys(bytes).map(|names| Header { names, end: 0 }),
        };
        header.map_err(|wrong| wrong.fault(bytes, 0..self.record_end(bytes, 0), 0))
    }

    /// Where the record that starts at `start` ends.
    fn record_end(self, bytes: &[u8], start: usize) -> usize {
        match self.separator() {
            Some(separator) => csv::record_end(bytes, start, separator),
            None => memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |end| start + end + 1),
        }
    }

    /// What stands between cells, where there are such.
    fn separator(self) -> Option<u8> {
        match self {
            Format::Csv => Some(b','),
            Format::Tsv => Some(b'\t'),
            Format::JsonLines => None,
        }
    }
}

/// How many lines end in `bytes`: by a line feed, a carriage return, or both.
#[must_use]
pub fn lines(bytes: &[u8]) -> usize {
    let feeds = memchr::memchr_iter(b'\n', bytes).count();
    feeds + memchr::memchr_iter(b'\r', bytes).filter(|at| bytes.get(at + 1) != Some(&b'\n')).count()
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Where the next line starts if one ends at `at`.
#[inline(always)]
fn next_line(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at) {
        Some(b'\n') => Some(at + 1),
        Some(b'\r') => Some(at + 1 + usize::from(bytes.get(at + 1) == Some(&b'\n'))),
        _ => None,
    }
}

/// The line that holds byte `at`, without its end.
fn line_around(bytes: &[u8], at: usize) -> Range<usize> {
    let start = memchr::memrchr2(b'\n', b'\r', &bytes[..at]).map_or(0, |end| end + 1);
    let end = memchr::memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |end| at + end);
    start..end
}

/// Without the blanks around it; `separator` is none.
fn trimmed(bytes: &[u8], cell: Range<usize>, separator: u8) -> Range<usize> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t') && *byte != separator;
    let Some(first) = bytes[cell.clone()].iter().position(|byte| !is_blank(byte)) else {
        return cell.start..cell.start;
    };
    let last = bytes[cell.clone()].iter().rposition(|byte| !is_blank(byte)).unwrap_or(first);
    cell.start + first..cell.start + last + 1
}

//! Comma- and tab-separated cells, read as RFC 4180 and as the `csv` crate does, but for what that lets pass: an empty
//! line is no row, and nothing stands behind the quote that closes a cell.
//!
//! A quote is one only at the very start of its cell. Lines end with a line feed, a carriage return, or both.

use std::ops::Range;

use super::read::{NONE, Reading, number};
use super::{Header, What, Wrong, is_line_end, next_line, trimmed};
use crate::numeric::Real;
use crate::numeric::decimal::digits;

/// What follows a cell, and where that starts.
enum End {
    Cell(usize),
    Record(usize),
}

/// A cell as it stands in the file.
struct Cell {
    /// Without its quotes.
    content: Range<usize>,
    /// Where the separator or line end is.
    close: usize,
    end: End,
}

#[inline(always)]
fn end_at(bytes: &[u8], at: usize, separator: u8) -> Option<End> {
    match bytes.get(at) {
        None => Some(End::Record(at)),
        Some(byte) if *byte == separator => Some(End::Cell(at + 1)),
        Some(_) => next_line(bytes, at).map(End::Record),
    }
}

/// Where the quote that is opened at `start` is closed.
fn closed(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += memchr::memchr(b'"', bytes.get(at..)?)?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

/// The cell that starts at `start`.
fn cell(bytes: &[u8], start: usize, separator: u8) -> Result<Cell, Wrong> {
    if bytes.get(start) == Some(&b'"') {
        let close = closed(bytes, start).ok_or_else(|| Wrong::new(What::Unclosed, start..start + 1))?;
        let end = end_at(bytes, close + 1, separator);
        let end = end.ok_or_else(|| Wrong::new(What::Behind, close + 1..close + 2))?;
        return Ok(Cell { content: start + 1..close, close: close + 1, end });
    }
    let close = memchr::memchr3(separator, b'\n', b'\r', &bytes[start..]).map_or(bytes.len(), |end| start + end);
    let end = end_at(bytes, close, separator).expect("a cell ends there");
    Ok(Cell { content: start..close, close, end })
}

/// Takes one record; gives where the next one starts.
#[inline(always)]
pub(super) fn row<R: Real>(
    reading: &Reading<R>,
    separator: u8,
    bytes: &[u8],
    start: usize,
    values: &mut [R],
    kept: &mut [Range<u32>],
) -> Result<usize, Wrong> {
    if bytes.get(start).is_some_and(|byte| is_line_end(*byte)) {
        return Err(Wrong::new(What::EmptyLine, start..start));
    }
    let uses = reading.columns.uses();
    let last = uses.len().saturating_sub(1);
    let mut at = start;
    for (column, wanted) in uses.iter().enumerate() {
        let end = if wanted.slot == NONE {
            let cell = cell(bytes, at, separator).map_err(|wrong| wrong.in_column(column))?;
            keep(reading, bytes, at, &cell, column, kept)?;
            cell.end
        } else {
            // Straight on, as values that are handed to closures go through memory.
            let first = at + usize::from(bytes.get(at) == Some(&b'-'));
            let mut quick = None;
            if let Some(digits) = digits(bytes, first)
                && digits.is_moderate()
            {
                let magnitude = digits.value(bytes, first);
                let value = if first > at { -magnitude } else { magnitude };
                if wanted.takes(value)
                    && (digits.end - at) as u64 <= reading.limits.cell
                    && let Some(end) = end_at(bytes, digits.end, separator)
                {
                    quick = Some((value, digits.end, end));
                }
            }
            if let Some((value, close, end)) = quick {
                values[wanted.slot as usize] = R::rounded(value);
                if let Some(place) = kept.get_mut(wanted.keep as usize) {
                    *place = at as u32..close as u32;
                }
                end
            } else {
                let in_column = |wrong: Wrong| wrong.in_column(column);
                let cell = cell(bytes, at, separator).map_err(in_column)?;
                keep(reading, bytes, at, &cell, column, kept)?;
                let content = trimmed(bytes, cell.content, separator);
                let value = number(&bytes[content.clone()]).and_then(|value| reading.checked(wanted, value));
                let value = value.map_err(|what| in_column(Wrong::new(what, content)))?;
                values[wanted.slot as usize] = R::rounded(value);
                cell.end
            }
        };
        match end {
            End::Cell(next) if column < last => at = next,
            End::Record(next) if column == last => return Ok(next),
            End::Cell(_) | End::Record(_) => break,
        }
    }
    let found = cells(bytes, start, separator)?;
    Err(Wrong::new(What::Cells { found, wanted: uses.len() }, start..line_end(bytes, start)))
}

/// Checks a cell that was not read quickly, and remembers one that is to be copied.
fn keep<R: Real>(
    reading: &Reading<R>,
    bytes: &[u8],
    start: usize,
    cell: &Cell,
    column: usize,
    kept: &mut [Range<u32>],
) -> Result<(), Wrong> {
    let length = cell.close - start;
    if length as u64 > reading.limits.cell {
        let what = What::LongCell { length, limit: reading.limits.cell };
        return Err(Wrong::new(what, start..start + 1).in_column(column));
    }
    let Some(place) = kept.get_mut(reading.columns.uses()[column].keep as usize) else { return Ok(()) };
    if std::str::from_utf8(&bytes[start..cell.close]).is_err() {
        return Err(Wrong::new(What::NotText, start..cell.close).in_column(column));
    }
    *place = start as u32..cell.close as u32;
    Ok(())
}

/// What is to be copied of a record that has a fault: the cells before one that cannot be read.
pub(super) fn kept<R: Real>(reading: &Reading<R>, separator: u8, bytes: &[u8], start: usize, kept: &mut [Range<u32>]) {
    let mut at = start;
    for column in 0..reading.columns.uses().len() {
        let Ok(cell) = cell(bytes, at, separator) else { return };
        // One that is no text stays empty.
        let _ = keep(reading, bytes, at, &cell, column, kept);
        match cell.end {
            End::Cell(next) => at = next,
            End::Record(_) => return,
        }
    }
}

/// How many cells a record has.
fn cells(bytes: &[u8], start: usize, separator: u8) -> Result<usize, Wrong> {
    let (mut at, mut count) = (start, 1);
    loop {
        match cell(bytes, at, separator)?.end {
            End::Cell(next) => (at, count) = (next, count + 1),
            End::Record(_) => return Ok(count),
        }
    }
}

fn line_end(bytes: &[u8], start: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &bytes[start..]).map_or(bytes.len(), |end| start + end)
}

/// The cells of the first record, without their quotes and the blanks around them.
pub(super) fn header(bytes: &[u8], separator: u8) -> Result<Header, Wrong> {
    if bytes.first().is_some_and(|byte| is_line_end(*byte)) {
        return Err(Wrong::new(What::EmptyLine, 0..0));
    }
    let mut names = Vec::new();
    let mut at = 0;
    loop {
        let cell = cell(bytes, at, separator)?;
        let content = trimmed(bytes, cell.content.clone(), separator);
        // Texts of two bytes a letter have zeros in them.
        let name = std::str::from_utf8(&bytes[content.clone()]).ok().filter(|name| !name.contains('\0'));
        let name = name.ok_or_else(|| Wrong::new(What::NotText, content))?;
        names.push(if bytes.get(at) == Some(&b'"') { name.replace("\"\"", "\"") } else { name.to_owned() });
        match cell.end {
            End::Cell(next) => at = next,
            End::Record(end) => return Ok(Header { names, end }),
        }
    }
}

/// Where the record that starts at `start` ends, whatever it holds.
pub(super) fn record_end(bytes: &[u8], start: usize, separator: u8) -> usize {
    next_record(bytes, start, separator).unwrap_or(bytes.len())
}

/// Where the record behind the one that starts at `start` starts, if a line end outside of quotes is there.
fn next_record(bytes: &[u8], start: usize, separator: u8) -> Option<usize> {
    let mut at = start;
    loop {
        at += memchr::memchr3(b'"', b'\n', b'\r', bytes.get(at..)?)?;
        if bytes[at] != b'"' {
            return next_line(bytes, at);
        }
        let opens = at == start || bytes[at - 1] == separator;
        at = if opens { closed(bytes, at)? + 1 } else { at + 1 };
    }
}

/// Where the last record that surely ends does so.
pub(super) fn cut(bytes: &[u8], separator: u8) -> usize {
    // A carriage return at the very end is perhaps half a line end.
    let sure = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    if memchr::memchr(b'"', sure).is_none() {
        return memchr::memrchr(b'\n', sure).or_else(|| memchr::memrchr(b'\r', sure)).map_or(0, |end| end + 1);
    }
    let mut end = 0;
    while let Some(next) = next_record(sure, end, separator) {
        end = next;
    }
    end
}

//! Numbers as text: cells with commas between them, a row a line, without quotes and without a header.
//!
//! One line is a list, several are a matrix with a row a line. Blanks around cells are skipped; lines end as in any
//! system, and a byte-order mark may stand at the start.

use super::error::{NoDouble, Place};
use super::{Contents, Data, Room, TensorError};
use crate::text::{counted, quoted};

/// Reads all cells.
pub(super) fn open(bytes: Vec<u8>, room: &Room) -> Result<Contents, TensorError> {
    let text = std::str::from_utf8(&bytes)
        .map_err(|error| TensorError::broken("this is not UTF-8 text", Place::Byte(error.valid_up_to() as u64)))?;
    let marked = text.starts_with('\u{FEFF}');
    let text = text.trim_start_matches('\u{FEFF}').trim_end_matches(['\n', '\r']);
    let mut values = Vec::new();
    let mut columns = None;
    let (mut start, mut line, mut rows) = (if marked { 3 } else { 0 }, 0, 0);
    let mut rest = Some(text);
    while let Some(lines) = rest {
        line += 1;
        let end = lines.find(['\n', '\r']);
        let row = &lines[..end.unwrap_or(lines.len())];
        rest = end.map(|end| &lines[end + if lines[end..].starts_with("\r\n") { 2 } else { 1 }..]);
        let before = values.len();
        cells(row, line, start, &mut values, rows)?;
        if values.len() as u64 > room.values {
            return Err(TensorError::TooMany { count: None, allowed: room.values });
        }
        let count = values.len() - before;
        let wanted = *columns.get_or_insert(count);
        if count != wanted {
            let what = format!("this row has {}, the first has {wanted}", counted(count as u64, "cell"));
            return Err(broken(what, line, 1, Some("every row has as many cells")));
        }
        rows += 1;
        start += lines.len() - rest.map_or(0, str::len);
    }
    let columns = columns.unwrap_or(0) as u64;
    let dimensions = if rows == 1 { vec![columns] } else { vec![rows as u64, columns] };
    Ok(Contents::single(Vec::new(), dimensions, Data::Values(values)))
}

/// Adds the numbers of one line, which starts at byte `start`; `row` counts from 0.
fn cells(text: &str, line: usize, start: usize, values: &mut Vec<f64>, row: usize) -> Result<(), TensorError> {
    let mut at = 0;
    for (place, cell) in text.split(',').enumerate() {
        let trimmed = cell.trim_matches([' ', '\t']);
        let offset = at + (cell.len() - cell.trim_start_matches([' ', '\t']).len());
        let column = || text[..offset].chars().count() + 1;
        match number(trimmed) {
            Some(value) if value.is_finite() => values.push(value),
            Some(value) => {
                let (index, offset) = (vec![row, place], start + offset);
                return Err(TensorError::Element { index, offset, what: NoDouble::NotFinite(value) });
            }
            None => return Err(no_number(text, trimmed, line, column())),
        }
        at += cell.len() + 1;
    }
    Ok(())
}

fn no_number(text: &str, cell: &str, line: usize, column: usize) -> TensorError {
    let header = line == 1 && text.split(',').all(|cell| number(cell.trim()).is_none() && !cell.trim().is_empty());
    let (what, mend) = match cell {
        "" if text.trim().is_empty() => ("this line is empty".to_owned(), "every line is a row of numbers; remove it"),
        "" => ("this cell is empty".to_owned(), "every cell holds a number"),
        _ if cell.contains(';') => {
            (format!("{} is no number", quoted(cell)), "cells have commas between them, and numbers a point: `0.5,1.5`")
        }
        _ if cell.starts_with(['"', '\'']) => {
            (format!("{} is no number", quoted(cell)), "numbers stand without quotes")
        }
        _ if header => (
            "this line is a header, not a row of numbers".to_owned(),
            "remove the first line: a file of weights has none",
        ),
        _ => (format!("{} is no number", quoted(cell)), "cells are numbers such as `-0.5` and `1e-3`"),
    };
    broken(what, line, column, Some(mend))
}

fn broken(what: String, line: usize, column: usize, mend: Option<&'static str>) -> TensorError {
    TensorError::Broken { what, at: Place::Cell(line, column), mend }
}

/// The double nearest to a cell: a sign, digits, perhaps a point with digits behind it, perhaps an exponent. Words for
/// what is not finite are read so that they are told.
fn number(cell: &str) -> Option<f64> {
    let unsigned = cell.strip_prefix(['+', '-']).unwrap_or(cell);
    let word = |words: [&str; 3]| words.iter().any(|word| word.eq_ignore_ascii_case(unsigned));
    if word(["nan", "inf", "infinity"]) {
        return cell.parse().ok();
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        None => (unsigned, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    if !(digits(whole) && digits(fraction) && digits(exponent)) {
        return None;
    }
    cell.parse().ok()
}

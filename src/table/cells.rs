//! Rows that come column by column, as binary formats have them, rather than as text.

use std::collections::BTreeMap;

use super::read::{NONE, Rows};
use super::write::{key, string};
use super::{Columns, Fault, Policy, Reading, What, Wrong};
use crate::numeric::Real;
use crate::numeric::decimal::{push_shortest, push_shortest_single};

/// What one cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Null,
    /// A double.
    Number(f64),
    /// A number of single precision.
    Single(f32),
    /// A whole number.
    Integer(i128),
    /// True or false: 1 or 0 for an input.
    Truth(bool),
    /// A text, which no input takes.
    Text(&'a str),
}

/// The cells of some rows of a file: the numbers of the columns that inputs read, the texts of those that are copied.
#[derive(Debug, Clone, Default)]
pub struct Cells {
    count: usize,
    columns: Vec<Column>,
}

#[derive(Debug, Clone, Default)]
struct Column {
    is_fed: bool,
    is_kept: bool,
    /// A number for each row.
    numbers: Vec<f64>,
    /// What the rows have whose cells are no doubles, in their order.
    odd: Vec<(usize, Option<i128>)>,
    /// What is copied, as values of JSON, and where each ends.
    text: Vec<u8>,
    ends: Vec<usize>,
}

/// Whole numbers beyond this one are not all doubles.
const LARGEST_OF_ALL: u128 = 1 << 53;

/// The double that a whole number is.
fn exact(value: i128) -> Option<f64> {
    let significant = value.unsigned_abs() >> value.trailing_zeros().min(127);
    // Of 128 bits none is larger than the largest double.
    (significant <= LARGEST_OF_ALL).then_some(value as f64)
}

impl Cells {
    /// No rows yet of a file of such columns.
    #[must_use]
    pub fn new(columns: &Columns) -> Cells {
        let column =
            |place| Column { is_fed: columns.is_fed(place), is_kept: columns.is_kept(place), ..Column::default() };
        Cells { count: 0, columns: (0..columns.count()).map(column).collect() }
    }

    /// Starts with so many rows in the place of what was there. Every column that is read wants to be filled then.
    pub fn begin(&mut self, count: usize) {
        self.count = count;
        for column in &mut self.columns {
            column.numbers.clear();
            column.odd.clear();
            column.text.clear();
            column.ends.clear();
        }
    }

    /// How many rows there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Fills the column at `place`, with one cell for each row; those that are left over, or missing, count as null.
    pub fn fill<'a>(&mut self, place: usize, cells: impl Iterator<Item = Cell<'a>> + Clone) {
        let (count, Some(column)) = (self.count, self.columns.get_mut(place)) else { return };
        if column.is_fed {
            let odd = &mut column.odd;
            let number = |(row, cell)| match cell {
                Cell::Number(value) => value,
                Cell::Single(value) => f64::from(value),
                Cell::Truth(value) => f64::from(u8::from(value)),
                Cell::Integer(value) => exact(value).unwrap_or_else(|| {
                    odd.push((row, Some(value)));
                    f64::NAN
                }),
                Cell::Null | Cell::Text(_) => {
                    odd.push((row, None));
                    f64::NAN
                }
            };
            column.numbers.extend(cells.clone().take(count).enumerate().map(number));
            column.odd.extend((column.numbers.len()..count).map(|row| (row, None)));
            column.numbers.resize(count, f64::NAN);
        }
        if column.is_kept {
            for cell in cells.take(count) {
                push(cell, &mut column.text);
                column.ends.push(column.text.len());
            }
        }
    }
}

/// A cell as a value of JSON; numbers that it has no words for are texts.
fn push(cell: Cell<'_>, text: &mut Vec<u8>) {
    match cell {
        Cell::Null => text.extend_from_slice(b"null"),
        Cell::Truth(value) => text.extend_from_slice(if value { b"true" } else { b"false" }),
        Cell::Integer(value) => text.extend_from_slice(value.to_string().as_bytes()),
        Cell::Text(content) => string(content, text),
        Cell::Number(value) => between(!value.is_finite(), text, |text| push_shortest(value, text)),
        Cell::Single(value) => between(!value.is_finite(), text, |text| push_shortest_single(value, text)),
    }
}

/// What is pushed, between quotes if it `is_quoted`.
fn between(is_quoted: bool, text: &mut Vec<u8>, push: impl Fn(&mut Vec<u8>)) {
    let quote: &[u8] = if is_quoted { b"\"" } else { b"" };
    text.extend_from_slice(quote);
    push(text);
    text.extend_from_slice(quote);
}

impl Column {
    fn text(&self, row: usize) -> &[u8] {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.ends.get(row).map_or(b"null", |end| &self.text[start..*end])
    }

    fn odd(&self, row: usize) -> Option<Option<i128>> {
        self.odd.binary_search_by_key(&row, |(odd, _)| *odd).ok().map(|place| self.odd[place].1)
    }
}

impl<R: Real> Reading<R> {
    /// Reads `cells` in the place of what `rows` had. What is copied, and a row that is told, are put into `block`, which
    /// takes the place of the file's text. `told` is called for each row that has a fault, unless reading ends with it;
    /// the text of such a row is an object of JSON.
    ///
    /// # Errors
    /// The first row with a fault, if reading ends there: `rows` has those before it.
    pub fn read_cells(
        &self,
        cells: &Cells,
        block: &mut Vec<u8>,
        rows: &mut Rows<R>,
        told: &mut dyn FnMut(&Fault, &[u8]),
    ) -> Result<(), Fault> {
        block.clear();
        rows.clear();
        let (width, count) = (self.template.len(), cells.count);
        for _ in 0..count {
            rows.values.extend_from_slice(&self.template);
        }
        let mut wrong = BTreeMap::new();
        for (place, (column, wanted)) in cells.columns.iter().zip(self.columns.uses()).enumerate() {
            if !column.is_fed {
                continue;
            }
            let targets = rows.values.iter_mut().skip(wanted.slot as usize).step_by(width.max(1));
            for (row, (target, value)) in targets.zip(&column.numbers).enumerate() {
                if wanted.takes(*value) {
                    *target = R::rounded(*value);
                    continue;
                }
                let what = match column.odd(row) {
                    Some(None) => What::Empty,
                    Some(Some(_)) => What::NoDouble,
                    None => match self.checked(wanted, *value) {
                        Ok(value) => {
                            *target = R::rounded(value);
                            continue;
                        }
                        Err(what) => what,
                    },
                };
                wrong.entry(row).or_insert((place, what));
            }
        }
        let mut kept: Vec<(u32, &Column)> = self.columns.uses().iter().map(|of| of.keep).zip(&cells.columns).collect();
        kept.retain(|(place, _)| *place != NONE);
        kept.sort_by_key(|(place, _)| *place);
        let limit = self.limits.cell;
        let too_long = kept.iter().flat_map(|(_, column)| (0..count).map(move |row| (row, column.text(row).len())));
        if let Some((row, length)) = too_long.filter(|(_, length)| *length as u64 > limit).min_by_key(|(row, _)| *row) {
            wrong.retain(|bad, _| *bad < row);
            wrong.insert(row, (usize::MAX, What::LongCell { length, limit }));
        }
        let mut next = 0;
        for row in 0..count {
            let bad = wrong.remove(&row);
            if let Some((place, what)) = bad {
                let start = block.len();
                let fault = fault(cells, &self.columns, row, place, what, block);
                if self.policy == Policy::Stop || fault.is_limit() {
                    rows.count = next;
                    rows.values.truncate(next * width);
                    return Err(fault);
                }
                told(&fault, block);
                block.truncate(start);
                match self.policy {
                    Policy::Stop | Policy::Skip => continue,
                    Policy::Null => {
                        rows.values[row * width..][..width].copy_from_slice(&self.template);
                        rows.nulls.push(next);
                    }
                }
            }
            rows.values.copy_within(row * width..(row + 1) * width, next * width);
            for (_, column) in &kept {
                let start = block.len() as u32;
                block.extend_from_slice(column.text(row));
                rows.kept.push(start..block.len() as u32);
            }
            next += 1;
        }
        rows.count = next;
        rows.values.truncate(next * width);
        Ok(())
    }
}

/// What is wrong with a row, behind the text of it that is put into `block`.
fn fault(cells: &Cells, columns: &Columns, row: usize, place: usize, what: What, block: &mut Vec<u8>) -> Fault {
    // A line of its own.
    block.push(b'\n');
    let start = block.len();
    let mut found = start..start + 1;
    block.push(b'{');
    let is_limit = matches!(what, What::LongCell { .. });
    let read = cells.columns.iter().enumerate().filter(|(_, column)| column.is_fed || (column.is_kept && !is_limit));
    for (index, column) in read {
        block.extend_from_slice(&key(columns.name(index).unwrap_or_default()));
        let first = block.len();
        match column.odd(row) {
            _ if column.is_kept && !is_limit => block.extend_from_slice(column.text(row)),
            Some(None) => push(Cell::Null, block),
            Some(Some(value)) => push(Cell::Integer(value), block),
            None => push(Cell::Number(column.numbers[row]), block),
        }
        if index == place {
            let is_quoted = block[first] == b'"';
            found = first + usize::from(is_quoted)..block.len() - usize::from(is_quoted);
        }
        block.push(b',');
    }
    if block.last() == Some(&b',') {
        block.pop();
    }
    block.push(b'}');
    let record = start..block.len();
    block.push(b'\n');
    let wrong = Wrong { what, place: found, column: (place != usize::MAX).then_some(place) };
    Fault { record, lines: row, wrong }
}

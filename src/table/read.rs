//! From blocks of whole records to row-major values.

use std::ops::Range;

use super::columns::Use;
use super::{Columns, Fault, Format, What, Wrong, csv, jsonl, lines};
use crate::eval::Inputs;
use crate::limits::Limits;
use crate::numeric::Real;
use crate::numeric::decimal::digits;

/// A place that there is not.
pub(super) const NONE: u32 = u32::MAX;

/// What is done with a row that has a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// Reading ends.
    #[default]
    Stop,
    /// The row is left out.
    Skip,
    /// The row has no outputs.
    Null,
}

/// How rows are read.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// What is done with rows that have a fault.
    pub policy: Policy,
    /// Whether inputs without a range take NaN and infinities.
    pub allow_nonfinite: bool,
    /// The limits on cells and rows.
    pub limits: Limits,
}

/// Reads blocks of one file. Never changes and can be shared between threads.
#[derive(Debug, Clone)]
pub struct Reading<R> {
    pub(super) columns: Columns,
    pub(super) limits: Limits,
    format: Format,
    /// A row of the values that inputs without a column have.
    pub(super) template: Vec<R>,
    pub(super) policy: Policy,
    allow_nonfinite: bool,
    /// The largest number of the precision, before it is rounded to it.
    largest: f64,
}

/// The rows of a block; keep one for each thread to read again without allocating.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows<R> {
    pub(super) values: Vec<R>,
    /// What is copied, row by row: bytes of the block.
    pub(super) kept: Vec<Range<u32>>,
    /// The rows that have no outputs.
    pub(super) nulls: Vec<usize>,
    pub(super) count: usize,
}

impl<R> Rows<R> {
    /// No rows yet.
    #[must_use]
    pub fn new() -> Rows<R> {
        Rows { values: Vec::new(), kept: Vec::new(), nulls: Vec::new(), count: 0 }
    }

    pub(super) fn clear(&mut self) {
        self.values.clear();
        self.kept.clear();
        self.nulls.clear();
        self.count = 0;
    }

    /// The values of the inputs, one row after the other.
    #[must_use]
    pub fn values(&self) -> &[R] {
        &self.values
    }

    /// How many rows there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The rows, counted from 0, that had a fault and have no outputs.
    #[must_use]
    pub fn nulls(&self) -> &[usize] {
        &self.nulls
    }
}

impl<R> Default for Rows<R> {
    fn default() -> Rows<R> {
        Rows::new()
    }
}

impl<R: Real> Reading<R> {
    /// Reads files of such columns; inputs without one have the values of `inputs`.
    #[must_use]
    pub fn new(format: Format, columns: Columns, inputs: &Inputs, rules: &Rules) -> Reading<R> {
        let largest = largest::<R>();
        Reading {
            template: inputs.parts().0.iter().map(|value| R::rounded(*value)).collect(),
            columns: columns.within(largest),
            limits: rules.limits.clone(),
            format,
            policy: rules.policy,
            allow_nonfinite: rules.allow_nonfinite,
            largest,
        }
    }

    /// The columns.
    #[must_use]
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Reads a block of whole records in the place of what `rows` had. `told` is called for each row that has a fault,
    /// unless reading ends with it.
    ///
    /// # Errors
    /// The first row with a fault, if reading ends there: `rows` has those before it.
    pub fn read(&self, block: &[u8], rows: &mut Rows<R>, told: &mut dyn FnMut(&Fault)) -> Result<(), Fault> {
        rows.clear();
        let (mut at, mut counted, mut before) = (0, 0, 0);
        while at < block.len() {
            let (values, kept) = (rows.values.len(), rows.kept.len());
            rows.values.extend_from_slice(&self.template);
            rows.kept.resize(kept + self.columns.kept().len(), 0..0);
            let (row, copies) = (&mut rows.values[values..], &mut rows.kept[kept..]);
            let wrong = match self.row(block, at, row, copies) {
                Ok(next) => {
                    at = next;
                    rows.count += 1;
                    continue;
                }
                Err(wrong) => wrong,
            };
            let end = self.format.record_end(block, at);
            before += lines(&block[counted..at]);
            counted = at;
            let fault = wrong.fault(block, at..end, before);
            if self.policy == Policy::Stop || fault.is_limit() {
                rows.values.truncate(values);
                rows.kept.truncate(kept);
                return Err(fault);
            }
            told(&fault);
            match self.policy {
                Policy::Stop | Policy::Skip => {
                    rows.values.truncate(values);
                    rows.kept.truncate(kept);
                }
                Policy::Null => {
                    row.copy_from_slice(&self.template);
                    match self.format.separator() {
                        Some(separator) => csv::kept(self, separator, block, at, copies),
                        None => jsonl::kept(self, &block[..end], at, copies),
                    }
                    rows.nulls.push(rows.count);
                    rows.count += 1;
                }
            }
            at = end;
        }
        Ok(())
    }

    #[inline(always)]
    fn row(&self, block: &[u8], start: usize, values: &mut [R], kept: &mut [Range<u32>]) -> Result<usize, Wrong> {
        let end = match self.format {
            Format::Csv => csv::row(self, b',', block, start, values, kept),
            Format::Tsv => csv::row(self, b'\t', block, start, values, kept),
            Format::JsonLines => jsonl::row(self, block, start, values, kept),
        }?;
        let (length, limit) = (end - start, self.limits.row);
        if length as u64 > limit {
            return Err(Wrong::new(What::LongRow { length, limit }, start..start + 1));
        }
        Ok(end)
    }

    /// A value that its input takes.
    pub(super) fn checked(&self, wanted: &Use, value: f64) -> Result<f64, What> {
        if wanted.takes(value) {
            return Ok(value);
        }
        if value.is_finite() && value.abs() > self.largest {
            return Err(What::TooLargeForSingle);
        }
        if wanted.is_declared && !value.is_nan() {
            return Err(What::OutsideRange { value, low: wanted.low, high: wanted.high });
        }
        if self.allow_nonfinite && !wanted.is_declared { Ok(value) } else { Err(What::NotFinite) }
    }
}

/// The largest double that does not become infinite in a precision.
fn largest<R: Real>() -> f64 {
    /// Half a step of the largest singles: what is so much above the largest one is rounded up.
    const HALF_STEP: f64 = f64::from_bits((1023 + 103) << 52);
    let is_double = R::rounded(f64::MAX).widened().is_finite();
    if is_double { f64::MAX } else { (f64::from(f32::MAX) + HALF_STEP).next_down() }
}

/// The double nearest to a cell: a sign, digits, perhaps a point with digits on both sides, perhaps an exponent; or a
/// word for what is not finite.
pub(super) fn number(cell: &[u8]) -> Result<f64, What> {
    let (sign, unsigned) = match cell {
        [b'-', rest @ ..] => (-1.0, rest),
        [b'+', rest @ ..] => (1.0, rest),
        rest => (1.0, rest),
    };
    if cell.is_empty() {
        return Err(What::Empty);
    }
    match digits(unsigned, 0).filter(|digits| digits.end == unsigned.len()) {
        Some(digits) => {
            let value = digits.value(unsigned, 0);
            if value.is_finite() { Ok(sign * value) } else { Err(What::TooLarge) }
        }
        None if unsigned.eq_ignore_ascii_case(b"nan") => Ok(f64::NAN),
        None if [&b"inf"[..], b"infinity"].iter().any(|word| unsigned.eq_ignore_ascii_case(word)) => {
            Ok(sign * f64::INFINITY)
        }
        None => Err(What::NoNumber),
    }
}

//! One block: from its bytes to the bytes of its outputs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use neuronc::network::Unit;
use neuronc::table::{Cells, Fault, Format, Quoted, Reading, Rows, Writing};
use neuronc::{
    Batch, BatchScratch, Network, Plan, Precision, Scratch, Sources, Survey, SurveyScratch, Tally, evaluate,
    evaluate_rows, grouped, shown, trace,
};

use super::blocks::Place;
use super::encode::{Batch as Encoded, Encoding};
use crate::arguments::{self, TraceForm};
use crate::paths::chosen_path;
use crate::traces::Setting;

/// What is done with every block. Never changes and is shared between threads.
pub struct Work<R> {
    pub network: Arc<Network>,
    pub plan: Plan,
    pub batch: Batch<R>,
    pub reading: Reading<R>,
    pub writing: Writing,
    /// How outputs are written as columns rather than text.
    pub encoding: Option<Encoding>,
    /// The format of the rows that are left out, if they are kept.
    pub rejects: Option<Format>,
    /// Whether the file has rows of columns rather than lines.
    pub is_typed: bool,
    /// Bytes of a row at the most.
    pub row_limit: u64,
    /// The number of the first block that made something not finite, of those that are known.
    pub not_finite_in: AtomicUsize,
    /// The number of the first block that copies a text that begins like a formula, of those that are known.
    pub formula_in: AtomicUsize,
    /// How traces are written, if they are wanted. There is one thread then.
    pub traces: Option<Traces>,
    /// What rows are looked at for, instead of their outputs.
    pub survey: Option<Arc<Survey>>,
}

/// How traces of rows are written.
pub struct Traces {
    pub sources: Sources,
    pub form: TraceForm,
    pub precision: arguments::Precision,
    pub exact: bool,
    pub all: bool,
    pub width: usize,
    /// How many rows were traced.
    pub rows: AtomicUsize,
}

/// What a thread keeps from block to block.
pub struct Room<R> {
    rows: Rows<R>,
    outputs: Vec<R>,
    scratch: BatchScratch<R>,
    survey: SurveyScratch,
}

/// What came of a block.
#[derive(Default)]
pub struct Done {
    /// The rows of the output.
    pub text: Vec<u8>,
    /// The same as columns.
    pub batch: Option<Encoded>,
    /// The traces of these rows.
    pub traces: String,
    /// The rows that have a fault.
    pub rejects: Vec<u8>,
    /// How many rows the output has.
    pub rows: usize,
    /// How many rows have a fault, without one that ends all.
    pub bad: usize,
    /// The first of them.
    pub first: Option<String>,
    /// The fault that ends all.
    pub fault: Option<Fault>,
    /// The first row, counted from 0, that made something not finite of what was; and the neuron that did.
    pub culprit: Option<(usize, Unit)>,
    /// The first row, counted from 0, that copies a text that begins like a formula; and the text.
    pub formula: Option<(usize, String)>,
    /// What was counted, if rows are looked at.
    pub tally: Option<Tally>,
}

/// The columns of the rows that are left out.
pub const REJECTED: [&str; 4] = ["line", "column", "reason", "text"];

impl<R: Precision> Room<R> {
    pub fn new() -> Room<R> {
        let (rows, scratch) = (Rows::new(), BatchScratch::new());
        Room { rows, outputs: Vec::new(), scratch, survey: SurveyScratch::default() }
    }
}

impl<R: Precision> Work<R> {
    /// Takes a block, or the cells of rows for which it is only memory; `done` is only memory, too.
    pub fn block(&self, block: &mut Vec<u8>, cells: Option<&Cells>, place: Place, room: &mut Room<R>, done: &mut Done) {
        let Room { rows, outputs, scratch, survey } = room;
        done.text.clear();
        done.traces.clear();
        done.rejects.clear();
        (done.bad, done.first, done.culprit, done.formula) = (0, None, None, None);
        let (rejects, bad, first) = (&mut done.rejects, &mut done.bad, &mut done.first);
        let mut told = |fault: &Fault, block: &[u8]| {
            *bad += 1;
            first.get_or_insert_with(|| self.place_and_message(fault, block, place));
            self.reject(fault, block, place, rejects);
        };
        let read = match cells {
            Some(cells) => self.reading.read_cells(cells, block, rows, &mut told),
            None => self.reading.read(block, rows, &mut |fault| told(fault, block)),
        };
        done.fault = read.err();
        done.rows = rows.count();
        if let Some(wanted) = &self.survey {
            done.tally = Some(self.looked_at(wanted, rows, survey));
            // A row without outputs is none that was looked at.
            done.rows -= rows.nulls().len();
            return;
        }
        outputs.clear();
        outputs.resize(rows.count() * self.batch.output_count(), R::rounded(0.0));
        evaluate_rows(&self.batch, rows.values(), outputs, scratch, chosen_path());
        let is_first = |known: &AtomicUsize| place.number < known.load(Ordering::Relaxed);
        if is_first(&self.not_finite_in) && outputs.iter().any(|output| !output.widened().is_finite()) {
            done.culprit = self.culprit(rows, outputs);
            if done.culprit.is_some() {
                self.not_finite_in.fetch_min(place.number, Ordering::Relaxed);
            }
        }
        if self.encoding.is_none() && is_first(&self.formula_in) {
            done.formula = self.writing.formula(block, rows);
            if done.formula.is_some() {
                self.formula_in.fetch_min(place.number, Ordering::Relaxed);
            }
        }
        if let Some(traces) = &self.traces {
            self.trace(traces, rows, &mut done.traces);
        }
        let encoded = |encoding: &Encoding| encoding.batch(&self.writing, block, rows, outputs);
        done.batch = self.encoding.as_ref().map(encoded);
        if done.batch.is_none() {
            self.writing.rows(block, rows, outputs, &mut done.text);
        }
    }

    fn looked_at(&self, survey: &Survey, rows: &Rows<R>, scratch: &mut SurveyScratch) -> Tally {
        let mut tally = survey.tally();
        let inputs = self.batch.input_count();
        for row in (0..rows.count()).filter(|row| rows.nulls().binary_search(row).is_err()) {
            let values: Vec<f64> =
                rows.values()[row * inputs..][..inputs].iter().map(|value| value.widened()).collect();
            survey.add(&self.network, &values, &mut tally, scratch, chosen_path());
        }
        tally
    }

    /// `line 3, column 5: …`, or ``row 3, column `x`: …``
    fn place_and_message(&self, fault: &Fault, block: &[u8], place: Place) -> String {
        let (line, message) = (place.lines + fault.lines + 1, fault.message(block));
        match fault.name(self.reading.columns()).filter(|_| self.is_typed) {
            Some(column) => format!("row {line}, column `{}`: {message}", shown(column)),
            None if self.is_typed => format!("row {line}: {message}"),
            None => format!("line {line}, column {}: {message}", fault.column(block)),
        }
    }

    fn reject(&self, fault: &Fault, block: &[u8], place: Place, rejects: &mut Vec<u8>) {
        let Some(format) = self.rejects else { return };
        let record = &block[fault.record.clone()];
        let record = record.strip_suffix(b"\n").unwrap_or(record);
        let record = record.strip_suffix(b"\r").unwrap_or(record);
        let line = (place.lines + fault.lines + 1).to_string();
        let column = match self.is_typed {
            true => fault.name(self.reading.columns()).unwrap_or_default().to_owned(),
            false => fault.column(block).to_string(),
        };
        let reason = fault.message(block);
        let cells = [line.as_bytes(), column.as_bytes(), reason.as_bytes(), record];
        let cells: Vec<(&str, &[u8])> = REJECTED.into_iter().zip(cells).collect();
        Quoted(format).row(&cells, rejects);
    }

    fn trace(&self, traces: &Traces, rows: &Rows<R>, text: &mut String) {
        let first = traces.rows.fetch_add(rows.count(), Ordering::Relaxed);
        let inputs = self.batch.input_count();
        for row in (0..rows.count()).filter(|row| rows.nulls().binary_search(row).is_err()) {
            let setting = Setting {
                network: &self.network,
                sources: &traces.sources,
                precision: traces.precision,
                exact: traces.exact,
                all: traces.all,
                width: traces.width,
                row: first + row,
            };
            if traces.form != TraceForm::Json {
                text.push_str(&format!("row {}\n\n", grouped((first + row) as u64 + 1)));
            }
            let values = &rows.values()[row * inputs..][..inputs];
            for neuron in &trace(&self.network, &self.plan, values, chosen_path()).neurons {
                text.push_str(&setting.neuron(neuron, traces.form));
                if traces.form != TraceForm::Json {
                    text.push('\n');
                }
            }
        }
    }

    fn culprit(&self, rows: &Rows<R>, outputs: &[R]) -> Option<(usize, Unit)> {
        let finite = |values: &[R]| values.iter().all(|value| value.widened().is_finite());
        let (inputs, width) = (self.batch.input_count(), self.batch.output_count());
        let row = |row: usize| &rows.values()[row * inputs..][..inputs];
        let is_null = |row: &usize| rows.nulls().binary_search(row).is_ok();
        let mut made = (0..rows.count()).filter(|index| !finite(&outputs[index * width..][..width]));
        let found = made.find(|index| !is_null(index) && finite(row(*index)))?;
        let mut again = vec![R::rounded(0.0); width];
        let unit = evaluate(&self.network, &self.plan, row(found), &mut again, &mut Scratch::new(), chosen_path())?;
        Some((found, unit))
    }
}

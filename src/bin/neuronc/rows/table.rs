//! Files of rows that are no text: which columns they have, and their rows as cells.

use std::fmt::Display;
use std::fs::File;
use std::io;
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, SchemaRef};
use neuronc::table::{Cells, Columns};
use neuronc::{Code, Diagnostic, Limits, neutralise, shown};

use super::arrays;
use super::arrow::Arrow;
use super::blocks::{Place, READ};
use super::guard::guarded;
use super::parquet::Parquet;
use crate::files::reason;
use crate::form::{Binary, Unread};
use crate::inputs::usage;

/// Rows of some columns, in the order of the file.
pub type Batches = Box<dyn Iterator<Item = Result<RecordBatch, Unread>> + Send>;

impl Unread {
    /// What the crates that read it say.
    pub fn broken(error: &dyn Display) -> Unread {
        const MOST: usize = 200;
        let text: String = error.to_string().chars().take(MOST).collect();
        Unread { reason: neutralise(&text).into_owned(), is_broken: true }
    }

    pub fn failed(error: &io::Error) -> Unread {
        Unread::refused(reason(error))
    }
}

/// A file of columns.
pub struct Table {
    schema: SchemaRef,
    names: Vec<String>,
    state: State,
    /// The places of the columns that are read.
    places: Vec<usize>,
    /// The rows that were read last, of which those from this one on are not taken yet.
    batch: Option<(RecordBatch, usize)>,
    /// How many rows are taken at once.
    size: usize,
    place: Place,
}

enum State {
    Parquet(Parquet),
    Arrow(Arrow),
    Begun(Batches),
    Over,
}

impl Table {
    /// Opens a file, or standard input for `-`.
    pub fn open(path: &Path, binary: Binary, limits: &Limits) -> Result<Table, Unread> {
        if path.as_os_str() == "-" {
            let arrow = guarded(|| Arrow::stream(Box::new(io::stdin())))?;
            return Ok(Table::of(arrow.schema().clone(), State::Arrow(arrow)));
        }
        let file = File::open(path).map_err(|error| Unread::failed(&error))?;
        if !file.metadata().is_ok_and(|metadata| metadata.is_file()) {
            return Err(Unread::refused(format!("{} is read from regular files only", binary.shown())));
        }
        Ok(match binary {
            Binary::Parquet => {
                let parquet = guarded(|| Parquet::open(file))?;
                Table::of(parquet.schema().clone(), State::Parquet(parquet))
            }
            Binary::Arrow => {
                let arrow = guarded(|| Arrow::open(file, limits.header))?;
                Table::of(arrow.schema().clone(), State::Arrow(arrow))
            }
        })
    }

    fn of(schema: SchemaRef, state: State) -> Table {
        let names = schema.fields().iter().map(|field| field.name().clone()).collect();
        let (places, batch, place) = (Vec::new(), None, Place::default());
        Table { schema, names, state, places, batch, size: 1, place }
    }

    /// What the columns are called.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The type of the first column of a name.
    pub fn kind(&self, name: &str) -> Option<&DataType> {
        self.schema.fields().iter().find(|field| field.name() == name).map(|field| field.data_type())
    }

    /// The columns that are read although their types do not allow it. The file is called `name`.
    pub fn refused(&self, columns: &Columns, name: &str) -> Vec<Diagnostic> {
        let mut reports = Vec::new();
        for (place, field) in self.schema.fields().iter().enumerate() {
            let kind = field.data_type();
            let (is_fed, is_kept) = (columns.is_fed(place), columns.is_kept(place));
            let what = match (arrays::is_number(kind), arrays::is_copied(kind)) {
                (false, _) if is_fed => "which is no number",
                (_, false) if is_kept => "which is not copied",
                _ => continue,
            };
            let message = format!(
                "the column `{}` of `{}` has the type {}, {what}",
                shown(field.name()),
                shown(name),
                shown(&named(kind))
            );
            let help = match is_fed {
                true => "inputs read whole numbers, floating-point numbers of 16, 32 and 64 bits, and true and false",
                false => "numbers, true and false, and texts are copied",
            };
            reports.push(usage(Code::E0810, message, Some(help.to_owned())));
        }
        reports
    }

    /// Begins to read rows, so many at once at the most.
    pub fn begin(&mut self, columns: &Columns, size: usize) -> Result<(), Unread> {
        let is_read = |place: &usize| columns.is_fed(*place) || columns.is_kept(*place);
        (self.places, self.size) = ((0..self.names.len()).filter(is_read).collect(), size);
        self.state = match std::mem::replace(&mut self.state, State::Over) {
            State::Parquet(parquet) => State::Begun(guarded(|| parquet.batches(&self.places, size))?),
            State::Arrow(arrow) => State::Begun(arrow.batches(&self.places)),
            other @ (State::Begun(_) | State::Over) => other,
        };
        Ok(())
    }

    /// Puts the next rows in the place of what `cells` have; tells their place, or why there are none.
    pub fn next(&mut self, cells: &mut Cells) -> Result<Option<Place>, (Unread, Place)> {
        let place = self.place;
        let count = guarded(|| self.fill(cells)).map_err(|error| {
            self.state = State::Over;
            (error, place)
        })?;
        let next = |count| Place { number: place.number + 1, lines: place.lines + count };
        self.place = count.map_or(place, next);
        Ok(count.map(|_| place))
    }

    /// How many rows came next, if some did.
    fn fill(&mut self, cells: &mut Cells) -> Result<Option<usize>, Unread> {
        let State::Begun(batches) = &mut self.state else { return Ok(None) };
        let (batch, start) = loop {
            if let Some((batch, start)) = self.batch.take().filter(|(batch, start)| *start < batch.num_rows()) {
                break (batch, start);
            }
            match batches.next().transpose()? {
                None => {
                    self.state = State::Over;
                    return Ok(None);
                }
                Some(batch) => self.batch = Some((batch, 0)),
            }
        };
        let mut rest = batch.slice(start, self.size.min(batch.num_rows() - start));
        let short = rest.columns().iter().map(|array| arrays::within(array, READ)).min();
        rest = rest.slice(0, short.unwrap_or(rest.num_rows()));
        let count = rest.num_rows();
        cells.begin(count);
        for (place, array) in self.places.iter().zip(rest.columns()) {
            arrays::fill(cells, *place, array);
        }
        self.batch = Some((batch, start + count));
        Ok(Some(count))
    }
}

/// The name of a type, without what it is made of.
fn named(kind: &DataType) -> String {
    let text = format!("{kind:?}");
    text.split(['(', ' ', '{']).next().unwrap_or_default().to_owned()
}

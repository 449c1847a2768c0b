//! What is known of a file before its first row is read.

use std::io;

use neuronc::table::{Columns, Fault};
use neuronc::{Code, Diagnostic, Precision, Sources};

use super::blocks::{Blocks, Next, Place};
use super::options::Plain;
use super::table::Table;
use super::work::Work;
use super::{Rows, told};
use crate::Outcome;
use crate::arguments::Everywhere;
use crate::files::shown_path;
use crate::form::{Binary, Unread};
use crate::messages;
use crate::streams::Streams;

/// Why no row is read.
pub enum Unbegun {
    Reports(Vec<Diagnostic>),
    Failed(io::Error),
    Unread(Unread),
}

impl Rows<'_> {
    /// What the columns are for, and where the rows start, from the first block.
    pub fn first(
        &self,
        blocks: &mut Blocks,
        block: &mut Vec<u8>,
        sources: &mut Sources,
    ) -> Result<(Columns, Place), Unbegun> {
        match blocks.next(block) {
            Next::Block(place) => self.columns(block, place, sources).map_err(Unbegun::Reports),
            Next::End => {
                let columns = self.without_rows().map_err(|report| Unbegun::Reports(vec![report]))?;
                Ok((columns, Place::default()))
            }
            Next::Endless(place) => {
                let fault = Fault::endless(block, self.everywhere.limits().row);
                let report = fault.report(block, &self.options.name, place.lines, None, sources);
                Err(Unbegun::Reports(vec![report]))
            }
            Next::Failed(error, _) => Err(Unbegun::Failed(error)),
            Next::Unread(error, _) => Err(Unbegun::Unread(error)),
        }
    }

    /// What the columns of a file that knows their types are for.
    pub fn typed(&self, table: &Table) -> Result<Columns, Unbegun> {
        let columns = self.matched(table.names()).map_err(Unbegun::Reports)?;
        let refused = table.refused(&columns, &self.options.name);
        if refused.is_empty() { Ok(columns) } else { Err(Unbegun::Reports(refused)) }
    }

    /// How many rows of columns are taken at once: their values are some MiB.
    pub fn rows_at_once<R: Precision>(&self, work: &Work<R>) -> usize {
        const VALUES: usize = 1 << 18;
        let most = if self.arguments.trace.is_some() { 1 << 6 } else { 1 << 16 };
        (VALUES / (work.batch.input_count() + work.batch.output_count()).max(1)).clamp(1, most)
    }
}

/// Tells why a file of columns cannot be read.
pub fn tell_unread(
    error: &Unread,
    options: &Plain,
    everywhere: &Everywhere,
    streams: &mut Streams,
) -> io::Result<Outcome> {
    let name = shown_path(&options.name);
    let form = options.from.binary().map_or("", Binary::shown);
    let (report, outcome) = match error.is_broken {
        true => {
            let message = format!("`{name}` is no whole file of {form}: {}", error.reason);
            (messages::error(Code::E0708, message), Outcome::Errors)
        }
        false => {
            let message = format!("`{name}` cannot be read: {}", error.reason);
            (messages::error(Code::E0701, message), Outcome::InputOutput)
        }
    };
    told(&[report], outcome, &Sources::new(), everywhere, streams)
}

//! What stands for files of rows that are no text in a program without the crates that read them.

use std::path::Path;

use neuronc::table::{Cells, Columns};
use neuronc::{Diagnostic, Limits};

use super::blocks::Place;
use crate::form::{Binary, Unread};

/// There is none.
pub enum Table {}

impl Table {
    pub fn open(_: &Path, binary: Binary, _: &Limits) -> Result<Table, Unread> {
        Err(Unread::refused(format!("this program was built without {}", binary.shown())))
    }

    pub fn names(&self) -> &[String] {
        match *self {}
    }

    pub fn refused(&self, _: &Columns, _: &str) -> Vec<Diagnostic> {
        match *self {}
    }

    pub fn begin(&mut self, _: &Columns, _: usize) -> Result<(), Unread> {
        match *self {}
    }

    pub fn next(&mut self, _: &mut Cells) -> Result<Option<Place>, (Unread, Place)> {
        match *self {}
    }
}

//! What stands for columns of outputs in a program without the crates that write them.

use std::io;

use neuronc::Precision;
use neuronc::table::{Columns, Policy, Rows, Writing};

use super::table::Table;
use crate::form::Binary;

/// There is none: options that want one are refused.
pub enum Encoding {}

/// There is none.
pub enum Encoder {}

/// There is none.
pub enum Batch {}

impl Encoding {
    pub fn new(_: &Writing, _: &Columns, _: Option<&Table>, _: Policy) -> Option<Encoding> {
        None
    }

    pub fn batch<R: Precision>(&self, _: &Writing, _: &[u8], _: &Rows<R>, _: &[R]) -> Batch {
        match *self {}
    }

    pub fn begin(&self, _: Binary) -> io::Result<Encoder> {
        match *self {}
    }
}

impl Encoder {
    pub fn rows(&mut self, _: &Batch) -> io::Result<Vec<u8>> {
        match *self {}
    }

    pub fn end(self) -> io::Result<Vec<u8>> {
        match self {}
    }
}

//! Options of files of rows.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::form::Form;

/// Options for files of rows.
#[derive(Debug, Args)]
#[command(next_help_heading = "Files of rows")]
pub struct RowOptions {
    #[command(flatten)]
    pub read: ReadOptions,
    /// Where the outputs go, complete or not at all; by default to standard output
    #[arg(long, value_name = "FILE", requires = "data")]
    pub out: Option<PathBuf>,
    /// Copy columns to the output, before the outputs
    #[arg(long, value_name = "COLUMN,…", requires = "data", value_parser = names)]
    #[arg(long_help = "Copy columns to the output, before the outputs; a name with a comma stands between quotes")]
    pub keep: Vec<Names>,
}

/// How files of rows are read.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Files of rows")]
pub struct ReadOptions {
    /// Take each row of a file, or of standard input for `-`
    #[arg(long, value_name = "ROWS")]
    pub data: Option<PathBuf>,
    /// The format of ROWS, where its name does not tell it
    #[arg(long, value_name = "FORM", requires = "data", value_parser = Form::parser())]
    pub in_format: Option<Form>,
    /// Read an input, or an element of one, from a column of another name (repeatable)
    #[arg(long, value_name = "NAME=COLUMN", requires = "data", value_parser = pair)]
    pub map: Vec<(String, String)>,
    /// ROWS has no header: its columns are for the inputs in their order
    #[arg(long, requires = "data")]
    pub no_header: bool,
    /// What to do with rows that have a fault
    #[arg(long, value_name = "WHAT", requires = "data", default_value = "stop")]
    pub on_bad_row: OnBadRow,
    /// Where rows that have a fault are written, with the reason
    #[arg(long, value_name = "FILE", requires = "data")]
    pub rejects: Option<PathBuf>,
    /// Take NaN and infinities as values of inputs without a range
    #[arg(long, requires = "data")]
    pub allow_nonfinite: bool,
    /// Use N threads; the output is the same for any N
    #[arg(long, value_name = "N", requires = "data", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OnBadRow {
    /// End with the first
    Stop,
    /// Leave them out
    Skip,
    /// Give them empty outputs
    Null,
}

/// Names with commas between them.
#[derive(Debug, Clone)]
pub struct Names(pub Vec<String>);

/// Reads `COLUMN,…` of `--keep`, as a header is read.
fn names(text: &str) -> Result<Names, String> {
    let header = neuronc::table::Format::Csv.header(text.as_bytes());
    header.map(|header| Names(header.names)).map_err(|fault| fault.message(text.as_bytes()))
}

/// Reads `NAME=COLUMN` of `--map`.
fn pair(text: &str) -> Result<(String, String), String> {
    let (name, column) = text.split_once('=').ok_or("write it as NAME=COLUMN")?;
    Ok((name.trim().to_owned(), column.to_owned()))
}

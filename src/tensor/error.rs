//! What can be wrong with a file of tensors, in the user's words.

use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::numeric::decimal::shortest;
use crate::span::Span;
use crate::text::{counted, quoted};
use crate::value::Shape;

/// Why a file gives no tensor.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TensorError {
    /// A file that is not what its name says: what is wrong, and where.
    Broken { what: String, at: Place, mend: Option<&'static str> },
    /// A header longer than the limit.
    Header { asked: u64, allowed: u64 },
    /// More values than the limit allows; how many, if that can be counted.
    TooMany { count: Option<u64>, allowed: u64 },
    /// No tensor has that name.
    Unknown { name: String, meant: Option<String>, has: String },
    /// None of several tensors with names is asked for.
    Nameless { has: String },
    /// Elements of a type that no weight can be.
    Type { what: String },
    /// More than two dimensions, or none of any size.
    Dimensions { dimensions: Vec<u64> },
    /// `transpose` of something that is no matrix.
    NoTranspose { shape: Shape },
    /// An element that is not finite, or that no double holds.
    Element { index: Vec<usize>, offset: usize, what: NoDouble },
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// A byte, counted from 0.
    Byte(u64),
    /// A line and a character, both counted from 1.
    Cell(usize, usize),
    /// The bytes of a tensor.
    Tensor(String),
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Byte(offset) => write!(formatter, "byte {offset}"),
            Place::Cell(line, column) => write!(formatter, "line {line}, column {column}"),
            Place::Tensor(name) => write!(formatter, "tensor {}", quoted(name)),
        }
    }
}

/// A number that is no finite double.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum NoDouble {
    NotFinite(f64),
    Inexact(i128),
}

impl TensorError {
    pub(crate) fn broken(what: impl Into<String>, at: Place) -> TensorError {
        TensorError::Broken { what: what.into(), at, mend: None }
    }

    /// The report at the `load` that asks for `tensor` of the file at `path`.
    pub(crate) fn report(self, path: &str, tensor: Option<&str>, at: Span) -> Diagnostic {
        let file = quoted(path);
        let whose = match tensor {
            Some(tensor) => format!("{} of {file}", quoted(tensor)),
            None => file.clone(),
        };
        match self {
            TensorError::Broken { what, at: place, mend } => {
                Diagnostic::error(Code::E0708, format!("{file}, {place}: {what}"))
                    .label(at, "a broken file")
                    .help_if(mend.map(str::to_owned))
            }
            TensorError::Header { asked, allowed } => Diagnostic::error(
                Code::E0909,
                format!("the header of {file} has {asked} bytes; the limit is {allowed}"),
            )
            .label(at, "passes the limit")
            .help("`--limit header=N` allows more"),
            TensorError::TooMany { count, allowed } => {
                let message = match count {
                    Some(count) => format!("{whose} has {}; the limit is {allowed}", counted(count, "value")),
                    None => format!("{whose} has more values than the limit, {allowed}"),
                };
                Diagnostic::error(Code::E0905, message)
                    .label(at, "passes the limit")
                    .help("`--limit parameters=N` allows more")
            }
            TensorError::Unknown { name, meant, has } => {
                let help = match meant {
                    Some(meant) => format!("did you mean {}? {has}", quoted(&meant)),
                    None => has,
                };
                Diagnostic::error(Code::E0710, format!("{file} has no tensor called {}", quoted(&name)))
                    .label(at, "no such tensor")
                    .help(help)
            }
            TensorError::Nameless { has } => {
                Diagnostic::error(Code::E0710, format!("{file} holds tensors with names, and none is named here"))
                    .label(at, "which tensor?")
                    .help(format!("name it behind the path, as in `load(\"w.safetensors\", \"fc1.weight\")`; {has}"))
            }
            TensorError::Type { what } => Diagnostic::error(Code::E0711, format!("{whose} holds {what}"))
                .label(at, "no weights can be made of these")
                .help("convert it to a type such as 32-bit floating point first"),
            TensorError::Dimensions { dimensions } => {
                let shown = super::dimensions(&dimensions);
                let (message, help) = if dimensions.contains(&0) {
                    (format!("{whose} is empty: its shape is {shown}"), "an array has at least one element")
                } else {
                    let count = counted(dimensions.len() as u64, "dimension");
                    let help = "weights are one number, a list or a matrix; reshape it first";
                    (format!("{whose} has {count}: its shape is {shown}"), help)
                };
                Diagnostic::error(Code::E0711, message).label(at, format!("shape {shown}")).help(help)
            }
            TensorError::NoTranspose { shape } => {
                Diagnostic::error(Code::E0301, format!("{whose} is {shape}, which has no transpose"))
                    .label(at, format!("{shape}"))
                    .help("remove `transpose = true`, which swaps the rows and columns of a matrix")
            }
            TensorError::Element { index, offset, what } => {
                let index: Vec<String> = index.iter().map(usize::to_string).collect();
                let place = match index.as_slice() {
                    [] => "the value".to_owned(),
                    index => format!("element [{}]", index.join(", ")),
                };
                let (what, help) = match what {
                    NoDouble::NotFinite(value) => (shortest(value), "values in a source are finite"),
                    NoDouble::Inexact(whole) => {
                        (format!("{whole}, which no double holds exactly"), "doubles hold all whole numbers up to 2^53")
                    }
                };
                Diagnostic::error(Code::E0709, format!("{place} of {whose} is {what}"))
                    .label(at, format!("at byte {offset} of the file"))
                    .help(help)
            }
        }
    }
}

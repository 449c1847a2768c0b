//! The formats of files of rows: the library's, which are text, and those of columns, which are not.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use neuronc::table::Format;

/// A format of files of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Text(Format),
    Binary(Binary),
}

/// A format of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binary {
    Parquet,
    /// Arrow IPC, as a file or as a stream.
    Arrow,
}

impl Binary {
    /// Every one, its name on the command line and in messages, and how names of such files end.
    pub const TABLE: [(Binary, &str, &str, &[&str]); 2] = [
        (Binary::Parquet, "parquet", "Parquet", &["parquet"]),
        (Binary::Arrow, "arrow", "Arrow IPC", &["arrow", "feather"]),
    ];

    /// What messages call it.
    pub fn shown(self) -> &'static str {
        Binary::TABLE.iter().find(|(binary, ..)| *binary == self).map_or("", |(_, _, shown, _)| shown)
    }
}

impl Form {
    /// The format that a file's name ends with.
    pub fn of(path: &str) -> Option<Form> {
        let ending = path.rsplit_once('.').map(|(_, ending)| ending);
        let has =
            |endings: &[&str]| ending.is_some_and(|ending| endings.iter().any(|it| it.eq_ignore_ascii_case(ending)));
        let binary = Binary::TABLE.iter().find(|(.., endings)| has(endings));
        binary.map(|(binary, ..)| Form::Binary(*binary)).or_else(|| Format::of(path).map(Form::Text))
    }

    /// The text format that has the same names of columns.
    pub fn named_as(self) -> Format {
        match self {
            Form::Text(format) => format,
            Form::Binary(_) => Format::Csv,
        }
    }

    /// The text format in which cells that are copied are known.
    pub fn copied_as(self) -> Format {
        match self {
            Form::Text(format) => format,
            Form::Binary(_) => Format::JsonLines,
        }
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Form::Text(format) => format.name(),
            Form::Binary(binary) => {
                Binary::TABLE.iter().find(|(known, ..)| *known == binary).map_or("", |(_, name, ..)| name)
            }
        }
    }

    pub fn binary(self) -> Option<Binary> {
        match self {
            Form::Text(_) => None,
            Form::Binary(binary) => Some(binary),
        }
    }

    /// Reads the name of one.
    pub fn parser() -> impl TypedValueParser<Value = Form> {
        let text = Format::TABLE.map(|(format, name, _)| (name, Form::Text(format)));
        let binary = Binary::TABLE.map(|(binary, name, ..)| (name, Form::Binary(binary)));
        let all: Vec<(&str, Form)> = text.into_iter().chain(binary).collect();
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        let named = move |name: String| all.iter().find(|(known, _)| *known == name).map(|(_, form)| *form);
        PossibleValuesParser::new(names).map(move |name| named(name).unwrap_or(Form::Text(Format::Csv)))
    }
}

/// Why a file of columns cannot be read.
#[derive(Debug)]
pub struct Unread {
    pub reason: String,
    /// Whether it is not what it says.
    pub is_broken: bool,
}

impl Unread {
    pub fn refused(reason: String) -> Unread {
        Unread { reason, is_broken: false }
    }
}

//! What can be wrong with ranges, columns and outputs, in the user's words.

use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::network::ValueRange;
use crate::span::Span;
use crate::text::{counted, quoted, shown};

/// Something wrong with ranges, columns and outputs.
#[derive(Debug)]
pub(in crate::resolve) enum PortError {
    /// An output that is given twice under one name.
    RepeatedOutput { name: String, first: Span, at: Span },
    /// A range whose lowest value is above its highest.
    BackwardRange { low: f64, high: f64, at: Span },
    /// A value that its input does not take.
    OutsideRange { what: String, value: f64, range: ValueRange, at: Span },
    /// `column` of an array.
    ColumnOfArray { name: String, size: u64, first: Option<String>, declared: Span, at: Span },
    /// `columns` of something single.
    ColumnsOfSingle { name: String, first: Option<String>, declared: Span, at: Span },
    /// More or fewer columns than elements.
    ColumnCount { name: String, size: u64, given: u64, declared: Span, at: Span },
    /// A column whose name is empty.
    BlankColumn { at: Span },
    /// A column that is named twice where each must differ.
    RepeatedColumn { name: String, who: &'static str, first: Span, at: Span },
    /// A column that bears the name of another output, which is its column.
    ColumnIsOutput { name: String, first: Span, at: Span },
}

impl PortError {
    pub(in crate::resolve) fn report(self) -> Diagnostic {
        match self {
            PortError::RepeatedOutput { name, first, at } => {
                Diagnostic::error(Code::E0205, format!("the output {} is given twice", quoted(&name)))
                    .label(at, "given again")
                    .also(first, "first given here")
                    .help(format!("remove one of them, or give it a second name: `output NAME = {}`", shown(&name)))
            }
            PortError::BackwardRange { low, high, at } => {
                let [low, high] = [low, high].map(crate::numeric::decimal::shortest);
                Diagnostic::error(Code::E0213, "`range` is the lowest value, then the highest")
                    .label(at, format!("from {low} down to {high}"))
                    .help(format!("write `range = [{high}, {low}]`"))
            }
            PortError::OutsideRange { what, value, range, at } => {
                let side = if value < range.low { "below the lowest" } else { "above the highest" };
                let [value, low, high] = [value, range.low, range.high].map(crate::numeric::decimal::shortest);
                Diagnostic::error(Code::E0314, format!("{what} is {value}, outside its range from {low} to {high}"))
                    .label(at, side)
                    .also(range.origin, "the range, both ends included")
                    .help("choose another value, or widen the range")
            }
            PortError::ColumnOfArray { name, size, first, declared, at } => {
                let elements = counted(size, "element");
                let first = column_text(first.as_deref());
                let more = if size > 1 { ", …" } else { "" };
                Diagnostic::error(
                    Code::E0213,
                    format!("the array {} has `columns`, one for each element", quoted(&name)),
                )
                .label(at, format!("one column for {elements}"))
                .also(declared, format!("{elements} here"))
                .help(format!("write `columns = [{first}{more}]`"))
            }
            PortError::ColumnsOfSingle { name, first, declared, at } => {
                let first = column_text(first.as_deref());
                Diagnostic::error(Code::E0213, format!("{} is single and has one `column`", quoted(&name)))
                    .label(at, "columns of an array")
                    .also(declared, "single")
                    .help(format!("write `column = {first}`"))
            }
            PortError::ColumnCount { name, size, given, declared, at } => {
                let (elements, columns) = (counted(size, "element"), counted(given, "column"));
                let verb = if given == 1 { "is" } else { "are" };
                Diagnostic::error(Code::E0301, format!("{} has {elements}, but {columns} {verb} named", quoted(&name)))
                    .label(at, columns)
                    .also(declared, format!("{elements} here"))
                    .help("name one column for each element")
            }
            PortError::BlankColumn { at } => Diagnostic::error(Code::E0213, "a column has a name")
                .label(at, "nothing in it")
                .help("write the column's name as it stands in the data: `\"petal length\"`"),
            PortError::RepeatedColumn { name, who, first, at } => {
                Diagnostic::error(Code::E0205, format!("{who} the column {}", quoted(&name)))
                    .label(at, "named again")
                    .also(first, "first named here")
                    .help("each value has a column of its own; rename one of them")
            }
            PortError::ColumnIsOutput { name, first, at } => {
                Diagnostic::error(Code::E0205, format!("two outputs have the column {}", quoted(&name)))
                    .label(at, "named here")
                    .also(first, "an output without a `column` has its name as one")
                    .help("each value has a column of its own; choose another name")
            }
        }
    }
}

/// The name of a column as a source writes it.
fn column_text(name: Option<&str>) -> String {
    let shown = quoted(name.unwrap_or("…"));
    format!("\"{}\"", shown.trim_matches('`'))
}

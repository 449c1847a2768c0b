//! What can be wrong with shapes, sizes and indices, in the user's words.

use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::network::FileOrigin;
use crate::span::Span;
use crate::text::{counted, quoted, shown};
use crate::value::Shape;

/// Where a value of a wrong shape comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::resolve) enum ValueOrigin {
    Written,
    Loaded,
    /// Loaded by `transpose = true`.
    Transposed,
}

impl ValueOrigin {
    pub(in crate::resolve) fn of(file: Option<&FileOrigin>) -> ValueOrigin {
        match file {
            None => ValueOrigin::Written,
            Some(FileOrigin { transposed: false, .. }) => ValueOrigin::Loaded,
            Some(FileOrigin { transposed: true, .. }) => ValueOrigin::Transposed,
        }
    }

    /// How rows and columns are swapped.
    fn swapped(self) -> &'static str {
        match self {
            ValueOrigin::Written | ValueOrigin::Loaded => {
                "its transpose would fit: `load(…, transpose = true)` swaps the rows and columns"
            }
            ValueOrigin::Transposed => "as it stands in the file it would fit: remove `transpose = true`",
        }
    }
}

/// Something wrong with shapes, sizes and indices.
#[derive(Debug)]
pub(in crate::resolve) enum ShapeError {
    /// Weights of another shape than the connection has.
    WeightShape {
        shape: Shape,
        rows: u64,
        columns: u64,
        value: Span,
        declared: Option<Span>,
        sources: Span,
        targets: Span,
        /// Whether an item looks like two, as in `[1 -1]`.
        comma: bool,
        /// Whether they are of a file.
        origin: ValueOrigin,
    },
    /// `one_to_one` between different numbers of sources and targets.
    OneToOne { rows: u64, columns: u64, sources: Span, targets: Span },
    /// Weights of another shape than a rule takes: one number, or a list of so many.
    RuleWeights { rule: &'static str, shape: Shape, list: Option<u64>, value: Span },
    /// Values of another shape than a declaration or neuron has.
    ValueShape {
        what: String,
        shape: Shape,
        wanted: Shape,
        value: Span,
        size: Span,
        /// Whether they are of a file.
        origin: ValueOrigin,
    },
    /// An element that the array does not have.
    OutOfRange { name: String, size: u32, asked: f64, declared: Span, at: Span },
    /// A slice that ends behind the array.
    SliceOutside { name: String, size: u32, start: u64, end: u64, declared: Span, at: Span },
    /// `x[3..3]`, `x[4..2]`
    EmptySlice { start: u64, end: u64, at: Span },
    /// A selector on something that is no array.
    NotAnArray { name: String, declared: Span, at: Span },
    /// A selector on a matrix.
    Matrix { name: String, declared: Span, at: Span },
    /// A size or index that is no whole number in range.
    NotACount { what: &'static str, value: f64, at: Span },
    /// A size or index that is a list.
    NotSingle { what: &'static str, shape: Shape, at: Span },
    /// More sizes than the kind of declaration has.
    TooManySizes { what: &'static str, allowed: usize, at: Span },
}

impl ShapeError {
    pub(in crate::resolve) fn report(self) -> Diagnostic {
        match self {
            ShapeError::WeightShape { shape, rows, columns, value, declared, sources, targets, comma, origin } => {
                let needs = match (rows, columns) {
                    (1, 1) => "one weight".to_owned(),
                    (1, n) | (n, 1) => format!("{n} weights"),
                    _ => Shape::Matrix(rows as usize, columns as usize).to_string(),
                };
                let transposed = matches!(shape, Shape::Matrix(m, n) if (n as u64, m as u64) == (rows, columns));
                let each = match (rows, columns) {
                    (1, 1) => "give one number".to_owned(),
                    (1, _) | (_, 1) => format!("give one number for all, or a list of {}", rows.max(columns)),
                    _ => format!("give one number for all, or {needs}: one row a target, one column a source"),
                };
                let help = if comma {
                    "is a comma missing? `[1 -1]` holds one number, 1 minus 1; write `[1, -1]` for two".to_owned()
                } else if transposed && origin != ValueOrigin::Written {
                    origin.swapped().to_owned()
                } else if transposed {
                    "its transpose would fit: row i holds the weights into target i".to_owned()
                } else {
                    each
                };
                let report = Diagnostic::error(
                    Code::E0301,
                    format!("the weights are {shape}, but this connection needs {needs}"),
                )
                .label(value, format!("{shape}"))
                .also(sources, counted(columns, "source"))
                .also(targets, counted(rows, "target"))
                .help(help);
                match declared {
                    Some(declared) => report.also(declared, "the weights' shape comes from here"),
                    None => report,
                }
            }
            ShapeError::OneToOne { rows, columns, sources, targets } => {
                let (from, to) = (counted(columns, "source"), counted(rows, "target"));
                Diagnostic::error(
                    Code::E0301,
                    format!("`one_to_one` joins as many sources as targets, but here are {from} and {to}"),
                )
                .label(sources, from)
                .also(targets, to)
                .help("take a slice of the longer one, as in `x[0..4]`, or leave the rule out to join all with all")
            }
            ShapeError::RuleWeights { rule, shape, list, value } => {
                let (needs, help) = match list {
                    Some(count) => (
                        format!("one number, or a list of {count}"),
                        "give one number for all synapses, or a list with one for each",
                    ),
                    None => (
                        "one number or a generator".to_owned(),
                        "which pairs are joined is drawn; a generator, such as `uniform(-1, 1, seed = 1)`, gives each of them its own weight",
                    ),
                };
                Diagnostic::error(Code::E0301, format!("the weights are {shape}, but `{rule}` needs {needs}"))
                    .label(value, format!("{shape}"))
                    .help(help)
            }
            ShapeError::ValueShape { what, shape, wanted, value, size, origin } => {
                let help = match (shape, wanted) {
                    (Shape::Matrix(m, n), Shape::Matrix(rows, columns))
                        if origin != ValueOrigin::Written && (m, n) == (columns, rows) =>
                    {
                        origin.swapped().to_owned()
                    }
                    _ if origin != ValueOrigin::Written => {
                        "a file's values keep their shape: change the size to it, or load another tensor".to_owned()
                    }
                    (Shape::Matrix(m, n), Shape::Matrix(rows, columns)) if (m, n) == (columns, rows) => {
                        format!("the first size counts the rows: `[{m}, {n}]` is the size of this value")
                    }
                    _ => "give one number for all elements, or one for each".to_owned(),
                };
                Diagnostic::error(Code::E0301, format!("{what} needs {wanted}, but this is {shape}"))
                    .label(value, format!("{shape}"))
                    .also(size, format!("{wanted} because of this"))
                    .help(help)
            }
            ShapeError::OutOfRange { name, size, asked, declared, at } => {
                let asked = crate::numeric::decimal::shortest(asked);
                Diagnostic::error(Code::E0302, format!("{} has no element {asked}", quoted(&name)))
                    .label(at, "outside the array")
                    .also(declared, format!("{} here", counted(u64::from(size), "element")))
                    .help(format!("elements are numbered from 0 to {}", size - 1))
            }
            ShapeError::SliceOutside { name, size, start, end, declared, at } => {
                let has = counted(u64::from(size), "element");
                let help = match u64::from(size) {
                    size if start < size => {
                        format!("`{}[{start}..{size}]` goes to its end; the end is excluded", shown(&name))
                    }
                    _ => format!("elements are numbered from 0 to {}", size - 1),
                };
                Diagnostic::error(Code::E0302, format!("the slice {start}..{end} passes the end of {}", quoted(&name)))
                    .label(at, "outside the array")
                    .also(declared, format!("{has} here"))
                    .help(help)
            }
            ShapeError::EmptySlice { start, end, at } => {
                Diagnostic::error(Code::E0303, format!("the slice {start}..{end} holds nothing"))
                    .label(at, if end < start { "runs backwards" } else { "the end is excluded" })
                    .help(format!("`{start}..{}` is the shortest slice from {start}", start + 1))
            }
            ShapeError::NotAnArray { name, declared, at } => {
                Diagnostic::error(Code::E0310, format!("{} is single: it has no elements to pick", quoted(&name)))
                    .label(at, "no array")
                    .also(declared, "declared without a size")
                    .help("write the name alone, or declare an array: `NAME[3]`")
            }
            ShapeError::Matrix { name, declared, at } => Diagnostic::error(
                Code::E0310,
                format!("{} is a matrix: elements are picked from lists only", quoted(&name)),
            )
            .label(at, "no list")
            .also(declared, "declared with two sizes")
            .help("use the whole matrix, or declare the part as a list of its own"),
            ShapeError::NotACount { what, value, at } if value > 9_007_199_254_740_992.0 => {
                let value = crate::numeric::decimal::shortest(value);
                Diagnostic::error(Code::E0304, format!("{what} of {value} is more than can be counted"))
                    .label(at, format!("computes to {value}"))
                    .help("sizes, indices and seeds are whole numbers up to 2^53")
            }
            ShapeError::NotACount { what, value, at } => {
                let value = crate::numeric::decimal::shortest(value);
                let least = if what == "a size" { "of at least 1" } else { "of at least 0" };
                let help = match what {
                    "a size" => "an array has at least one element, and sizes are never rounded",
                    "a seed" => "any whole number will do; another one gives other numbers",
                    _ => "the first element is number 0; indices are never rounded and do not count from the end",
                };
                Diagnostic::error(Code::E0304, format!("{what} is a whole number {least}, not {value}"))
                    .label(at, format!("computes to {value}"))
                    .help(help)
            }
            ShapeError::NotSingle { what, shape, at } => {
                Diagnostic::error(Code::E0306, format!("{what} is one number, not {shape}"))
                    .label(at, format!("{shape}"))
            }
            ShapeError::TooManySizes { what, allowed, at } => {
                let most = match allowed {
                    0 => "no size".to_owned(),
                    1 => "one size".to_owned(),
                    _ => format!("at most {allowed} sizes"),
                };
                let help = match allowed {
                    1 => Some("an array of neurons or inputs is one row; use the product, such as `[6]` for `[2, 3]`"),
                    _ => None,
                };
                Diagnostic::error(Code::E0308, format!("{what} has {most}"))
                    .label(at, "too many")
                    .help_if(help.filter(|_| what != "a bias").map(str::to_owned))
            }
        }
    }
}

//! The published limits, each with its name, its default and its error code.

use crate::codes::Code;

/// One row of the table: what the limit is called, in help, messages and on the command line.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// The name, as in `--limit NAME=N`.
    pub name: &'static str,
    /// What is counted.
    pub what: &'static str,
    /// The value that holds if the user sets none.
    pub default: u64,
    /// The largest value that can be set.
    pub ceiling: u64,
    /// The code of the error that says that the limit was passed.
    pub code: Code,
}

macro_rules! limits {
    ($($(#[$doc:meta])* $field:ident: $what:literal, $default:expr, $ceiling:expr, $code:ident;)*) => {
        /// What a source, a network and its evaluation may cost at the most; [`Limits::default`] are the published ones.
        ///
        /// [`Sources::add`](crate::Sources::add), [`parse`](crate::parse) and [`resolve`](crate::resolve) hold them, and
        /// report what passes one by its code.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Limits { $($(#[$doc])* pub $field: u64,)* }

        impl Default for Limits {
            fn default() -> Limits { Limits { $($field: $default,)* } }
        }

        impl Limits {
            /// Every limit there is.
            pub const TABLE: &[Limit] = &[$(Limit {
                name: stringify!($field), what: $what, default: $default, ceiling: $ceiling, code: Code::$code,
            }),*];

            /// Sets the limit called `name`, which [`Limits::TABLE`] lists.
            ///
            /// # Errors
            /// The name is none of the table's ([`SetLimitError::Unknown`]) or the value is above the limit's
            /// ceiling ([`SetLimitError::TooHigh`]).
            pub fn set(&mut self, name: &str, value: u64) -> Result<(), SetLimitError> {
                match name {
                    $(stringify!($field) if value > $ceiling => Err(SetLimitError::TooHigh { ceiling: $ceiling }),
                    stringify!($field) => { self.$field = value; Ok(()) })*
                    _ => Err(SetLimitError::Unknown),
                }
            }
        }
    };
}

limits! {
    /// Bytes of one source. It cannot be raised: places are 32 bits.
    source: "bytes of a source", 1 << 30, 1 << 30, E0901;
    /// Brackets, signs and powers around one place, together. It cannot be raised: the parser's stack is made for it.
    nesting: "levels of nesting", 256, 256, E0902;
    /// Elements of all inputs and neurons together.
    neurons: "neurons and inputs", 10_000_000, 1 << 31, E0903;
    /// Synapses of all connections together.
    synapses: "synapses", 1 << 28, 1 << 31, E0904;
    /// Elements of all weights and biases together.
    parameters: "values of weights and biases", 1 << 28, 1 << 31, E0905;
    /// Operations of one declared activation, with those of the activations that it calls. All that a file keeps are at
    /// most 1,000 times as many, and those that its values take to compute at most 100,000 times as many.
    operations: "operations of one activation", 10_000, 1 << 24, E0906;
    /// Names, numbers, texts and marks of one statement, without the commas outside of brackets; a long list of plain
    /// numbers counts as one.
    statement: "names, numbers and marks of a statement", 1 << 20, 1 << 30, E0907;
    /// Statements of one source; consecutive plain connections, a line each, count as one.
    statements: "statements of a source", 1 << 20, 1 << 30, E0910;
    /// Bytes of all files that a source names, together.
    files: "bytes of files that a source names", 1 << 31, 1 << 40, E0908;
    /// Files that are imported, directly or not.
    imports: "files that are imported", 1_000, 1 << 20, E0911;
    /// How many files import each other in a row. It cannot be raised: the reader's stack is made for it.
    import_depth: "levels of imports", 64, 64, E0912;
    /// Populations, connections, parameters, outputs and instances that all instances copy, together.
    copies: "parts that instances copy", 1 << 20, 1 << 31, E0913;
    /// Bytes of the header of a file of weights.
    header: "bytes of a weights file's header", 1 << 24, 1 << 30, E0909;
    /// Bytes of one cell of a file of rows.
    cell: "bytes of a cell in a file of rows", 1 << 20, 1 << 30, E0914;
    /// Bytes of one row of a file of rows, with its line end.
    row: "bytes of a row in a file of rows", 1 << 26, 1 << 30, E0914;
}

/// How many times the limit on operations all declared activations of a file may have together, each with every set of
/// parameters that it is used with.
pub(crate) const KEPT: u64 = 1_000;
/// How many times the limit on operations the values of a file may take of declared activations.
pub(crate) const COMPUTED: u64 = 100_000;

/// Why a limit could not be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetLimitError {
    /// No limit has that name.
    Unknown,
    /// The value is above what can be set.
    TooHigh {
        /// The largest value that can be set.
        ceiling: u64,
    },
}

//! What can be wrong with values that are made or loaded, in the user's words.

use crate::ast::Keyword;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::text::{any_of, quoted};

/// Something wrong with values that are made or loaded.
#[derive(Debug)]
pub(in crate::resolve) enum MadeError {
    /// A generator as the value of something without a size.
    GeneratorSize { generator: String, keyword: Keyword, name: String, at: Span },
    /// A generator that needs to know sources and targets, where there are none.
    GeneratorFans { generator: String, at: Span },
    /// An argument that its parameter cannot have.
    ArgumentRange { name: &'static str, wanted: &'static str, value: f64, at: Span },
    /// An argument of `load` of another kind.
    LoadArgument { name: &'static str, wanted: &'static str, at: Span },
    /// The name of a tensor in a file that has one without a name.
    NamelessTensor { path: String, format: &'static str, at: Span },
    /// A file whose name ends with no format's name.
    UnknownFormat { path: String, known: Vec<String>, at: Span },
}

impl MadeError {
    pub(in crate::resolve) fn report(self) -> Diagnostic {
        match self {
            MadeError::GeneratorSize { generator, keyword, name, at } => {
                let (called, word) = (quoted(&name), keyword.word());
                let sizes = if keyword == Keyword::Weight { "[3]`, for a matrix `[2, 3]" } else { "[3]" };
                Diagnostic::error(
                    Code::E0318,
                    format!("`{generator}` makes as many values as are declared, but {called} has no size"),
                )
                .label(at, "of what size?")
                .help(format!("write the size behind the name, as in `{word} {name}{sizes}`; `[1]` is a single value"))
            }
            MadeError::GeneratorFans { generator, at } => Diagnostic::error(
                Code::E0318,
                format!("`{generator}` depends on how many sources and targets are joined, which only a matrix of weights tells"),
            )
            .label(at, "no matrix of weights")
            .help("declare one with both sizes, as in `weight W[2, 3]` for 2 targets and 3 sources, or use `uniform` or `normal`"),
            MadeError::ArgumentRange { name, wanted, value, at } => {
                let value = crate::numeric::decimal::shortest(value);
                Diagnostic::error(Code::E0316, format!("`{name}` is {wanted}, not {value}"))
                    .label(at, format!("computes to {value}"))
            }
            MadeError::LoadArgument { name, wanted, at } => {
                Diagnostic::error(Code::E0320, format!("`{name}` of `load` is {wanted}"))
                    .label(at, "this is something else")
                    .help("write it as `load(\"weights.safetensors\", \"fc1.weight\", transpose = true)`")
            }
            MadeError::NamelessTensor { path, format, at } => {
                Diagnostic::error(Code::E0320, format!("{} holds one tensor, which has no name", quoted(&path)))
                    .label(at, "a name")
                    .help(format!(
                        "name only the path of a file that ends in `.{format}`, and by name what else is meant: `transpose = true`"
                    ))
            }
            MadeError::UnknownFormat { path, known, at } => {
                Diagnostic::error(Code::E0707, format!("{} ends like no file of weights", quoted(&path)))
                    .label(at, "unknown format")
                    .help(format!("weights are loaded from files that end in {}", any_of(&known)))
            }
        }
    }
}

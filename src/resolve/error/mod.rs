//! What can be wrong with the meaning of a program, in the user's words.

mod activation;
mod made;
mod network;
mod port;
mod shape;

use unicode_security::confusable_detection::skeleton;

pub(super) use activation::ActivationError;
pub(super) use made::MadeError;
pub(super) use network::NetworkError;
pub(super) use port::PortError;
pub(super) use shape::{ShapeError, ValueOrigin};

use crate::activation::Activation;
use crate::ast::Keyword;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::resolve::scope::MOST_KNOWN;
use crate::span::Span;
use crate::text::{abridged_path, all_of, quoted, shown};

/// So many steps of a loop are shown.
pub(super) const STEPS_SHOWN: usize = 8;

/// Errors are diagnostics by their reports.
macro_rules! reported {
    ($($error:ty),*) => {$(
        impl From<$error> for Diagnostic {
            fn from(error: $error) -> Diagnostic {
                error.report()
            }
        }
    )*};
}
reported!(ResolveError, ActivationError, MadeError, NetworkError, PortError, ShapeError);

/// Something wrong with what a program means.
#[derive(Debug)]
pub(in crate::resolve) enum ResolveError {
    /// A name that nothing bears; `wanted` is what it must be.
    Unknown {
        name: String,
        wanted: &'static str,
        meant: Option<(String, Span)>,
        /// Where none is meant, the names that fit; at least one more than are shown if there are more.
        known: Vec<String>,
        at: Span,
    },
    /// A name of the wrong kind.
    WrongKind {
        name: String,
        is: &'static str,
        wanted: &'static str,
        declared: Span,
        at: Span,
    },
    /// A name that is declared twice.
    Duplicate {
        name: String,
        first: Span,
        at: Span,
    },
    /// A property that this kind of thing does not have.
    UnknownProperty {
        name: String,
        of: &'static str,
        known: Vec<&'static str>,
        meant: Option<&'static str>,
        at: Span,
    },
    /// A property that comes with a later release.
    LaterProperty {
        name: String,
        at: Span,
    },
    /// An input that an `expect` sets twice.
    SetTwice {
        name: String,
        first: Span,
        at: Span,
    },
    /// A property that is given twice.
    RepeatedProperty {
        name: String,
        first: Span,
        at: Span,
    },
    BadProperty {
        name: &'static str,
        wanted: &'static str,
        mend: Option<String>,
        at: Span,
    },
    /// Consts or parameters that need each other.
    ValueLoop {
        names: Vec<String>,
        places: Vec<Span>,
    },
    /// A const that reads something else than consts.
    NotConst {
        name: String,
        is: &'static str,
        declared: Span,
        at: Span,
    },
    /// A weight as a bias, or the reverse.
    WrongParameter {
        name: String,
        is: Keyword,
        declared: Span,
        at: Span,
    },
    /// `network NAME` in another place than at the start, or again.
    MisplacedNetwork {
        first: Option<Span>,
        at: Span,
    },
    /// A declaration that needs a value.
    NoValue {
        keyword: Keyword,
        name: String,
        later_has_one: bool,
        at: Span,
    },
    /// A declaration that cannot have a value.
    ForbiddenValue {
        name: String,
        at: Span,
    },
    /// A limit that the network passes.
    Limit {
        code: Code,
        what: &'static str,
        asked: Option<u64>,
        allowed: u64,
        flag: &'static str,
        at: Span,
    },
    /// Neurons that feed each other without a delay.
    Loop {
        count: usize,
        /// The step that closes the loop, then the first others.
        steps: Vec<Span>,
        path: String,
    },
}

impl ResolveError {
    pub(super) fn report(self) -> Diagnostic {
        match self {
            ResolveError::Unknown { name, wanted, meant, known, at } => {
                let report = Diagnostic::error(Code::E0201, format!("no {wanted} is called {}", quoted(&name)))
                    .label(at, "unknown name");
                match meant {
                    Some((meant, declared)) => report
                        .also(declared, format!("{} is declared here", quoted(&meant)))
                        .help(match looks_alike(&name, &meant) {
                            Some((written, there)) => format!(
                                "did you mean {}? here stands U+{written:04X}, there U+{there:04X}, which look alike",
                                quoted(&meant)
                            ),
                            None => format!("did you mean {}?", quoted(&meant)),
                        }),
                    None => report.help(declare_it(&name, wanted, &known)),
                }
            }
            ResolveError::WrongKind { name, is, wanted, declared, at } => {
                let help = match (is, wanted) {
                    ("an output of an instance", "a neuron") => {
                        Some("an instance is fed where it is declared: `instance NAME = NETWORK { INPUT = SOURCE }`")
                    }
                    ("an input", "a neuron") => Some("inputs come from outside; connections end at neurons"),
                    ("a weight" | "a bias" | "a const", "an input") => {
                        Some("an `expect` sets inputs; all else keeps the value that it has in the file")
                    }
                    ("a neuron", "an input") => Some("inputs stand before `=>`, what neurons give after it"),
                    ("a weight" | "a bias" | "a const", "an input or a neuron" | "a neuron") => Some(
                        "signals run from inputs and neurons to neurons; a weight stands behind the `:`, as in `a -> b : w`",
                    ),
                    (
                        "an input" | "a neuron",
                        "a weight, a bias or a const" | "a weight or a const" | "a bias or a const",
                    ) => Some("what is computed in a run cannot be a weight, bias or default"),
                    _ => None,
                };
                Diagnostic::error(Code::E0203, format!("{} is {is}, but {wanted} belongs here", quoted(&name)))
                    .label(at, format!("this is {is}"))
                    .also(declared, "declared here")
                    .help_if(help.map(str::to_owned))
            }
            ResolveError::Duplicate { name, first, at } => Diagnostic::error(
                Code::E0202,
                format!("the name {} is declared twice", quoted(&name)),
            )
            .label(at, "declared again")
            .also(first, "first declared here")
            .help("inputs, weights, biases, consts, neurons, instances and outputs share one set of names; rename one of them"),
            ResolveError::UnknownProperty { name, of, known, meant, at } => {
                let help = match (meant, known.as_slice()) {
                    _ if matches!(name.as_str(), "default" | "value") => {
                        "a value stands before the `{`, behind a `=`: `input x = 1`".to_owned()
                    }
                    _ if name == "weight" => "weights belong to connections: `a -> b : 0.5`".to_owned(),
                    _ if name == "threshold" && !known.is_empty() => {
                        "a neuron that fires above 1 has `bias = -1`, or `activation = step(1)`".to_owned()
                    }
                    (Some(meant), _) => format!("did you mean `{meant}`?"),
                    (None, []) => "it has none".to_owned(),
                    (None, known) => {
                        format!("it has {}", all_of(&known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>()))
                    }
                };
                Diagnostic::error(Code::E0204, format!("{of} has no property {}", quoted(&name)))
                    .label(at, "unknown property")
                    .help(help)
            }
            ResolveError::LaterProperty { name, at } => {
                let message = format!("the property `{name}` is part of the language, but not of this release yet");
                Diagnostic::error(Code::E0501, message).label(at, "not yet")
            }
            ResolveError::SetTwice { name, first, at } => {
                Diagnostic::error(Code::E0205, format!("this `expect` sets {} twice", quoted(&name)))
                    .label(at, "set again")
                    .also(first, "first set here")
                    .help("remove one of them, or write a second `expect`")
            }
            ResolveError::RepeatedProperty { name, first, at } => {
                Diagnostic::error(Code::E0205, format!("the property {} is given twice", quoted(&name)))
                    .label(at, "given again")
                    .also(first, "first given here")
                    .help("remove one of them")
            }
            ResolveError::BadProperty { name, wanted, mend, at } => {
                Diagnostic::error(Code::E0213, format!("`{name}` is {wanted}"))
                    .label(at, "this is something else")
                    .help_if(mend.map(|mend| format!("write `{mend}`")))
            }
            ResolveError::ValueLoop { names, places } => {
                let path = abridged_path(names.len(), " needs ", |place| quoted(&names[place]));
                let (message, help) = match names.as_slice() {
                    [only, _] => {
                        (format!("the value of {} needs itself", quoted(only)), "give it a value that does not read it")
                    }
                    _ => (format!("these values need each other: {path}"), "one of them must have a value of its own"),
                };
                let report =
                    Diagnostic::error(Code::E0208, message).label(places[0], "needs itself in the end").help(help);
                let places = places[1..].iter().take(STEPS_SHOWN);
                places.fold(report, |report, place| report.also(*place, "part of the loop"))
            }
            ResolveError::NotConst { name, is, declared, at } => {
                Diagnostic::error(Code::E0203, format!("{} is {is}; only consts can be used here", quoted(&name)))
                    .label(at, format!("this is {is}"))
                    .also(declared, "declared here")
                    .help("what stands here is fixed before any weight or input has a value")
            }
            ResolveError::WrongParameter { name, is, declared, at } => {
                let (is, wanted) = if is == Keyword::Weight { ("weight", "bias") } else { ("bias", "weight") };
                Diagnostic::error(Code::E0209, format!("the {is} {} cannot be used as a {wanted}", quoted(&name)))
                    .label(at, format!("a {wanted} belongs here"))
                    .also(declared, format!("declared as a {is}"))
                    .help(format!("declare it with `{wanted}`; weights belong to synapses, biases to neurons"))
            }
            ResolveError::MisplacedNetwork { first, at } => {
                let (message, label) = match first {
                    Some(_) => ("a file has one `network NAME`", "the second"),
                    None => ("`network NAME` is the first statement of its file", "statements stand before it"),
                };
                let report = Diagnostic::error(Code::E0210, message).label(at, label);
                match first {
                    Some(first) => report.also(first, "the first").help("remove one of them"),
                    None => report.help("move it to the top"),
                }
            }
            ResolveError::NoValue { keyword, name, later_has_one, at } => {
                let word = keyword.word();
                let help = if later_has_one {
                    format!("each name takes its own value: `{word} {} = 0.5, …`", shown(&name))
                } else {
                    format!("write it as `{word} {} = 0.5`", shown(&name))
                };
                Diagnostic::error(Code::E0309, format!("the {word} {} has no value", quoted(&name)))
                    .label(at, "`= VALUE` is missing")
                    .help(help)
            }
            ResolveError::ForbiddenValue { name, at } => Diagnostic::error(
                Code::E0311,
                format!("the neuron {} cannot be given a value: it computes one", quoted(&name)),
            )
            .label(at, "a value")
            .help("a constant belongs into a `const` or `input`; a neuron takes `{ bias = …, activation = … }`"),
            ResolveError::Limit { code, what, asked, allowed, flag, at } => {
                let asked = asked.map_or("more than can be counted".to_owned(), |asked| asked.to_string());
                Diagnostic::error(code, format!("this asks for {asked} {what}; the limit is {allowed}"))
                    .label(at, "passes the limit")
                    .help(format!("`--limit {flag}=N` allows more"))
            }
            ResolveError::Loop { count, steps, path } => {
                let what = if count == 1 { "a neuron feeds itself" } else { "these neurons feed each other in a loop" };
                let report = Diagnostic::error(Code::E0401, format!("{what}: {path}"))
                    .label(steps[0], "closes the loop")
                    .help("signals go one way; remove one of these connections (delays, which allow loops, come with a later release)");
                steps[1..].iter().fold(report, |report, step| report.also(*step, "part of the loop"))
            }
        }
    }
}

/// The code points of the first letters in which two names differ, if they are drawn alike.
fn looks_alike(name: &str, other: &str) -> Option<(u32, u32)> {
    if name.is_ascii() && other.is_ascii() || !skeleton(name).eq(skeleton(other)) {
        return None;
    }
    let (here, there) = std::iter::zip(name.chars(), other.chars()).find(|(here, there)| here != there)?;
    Some((u32::from(here), u32::from(there)))
}

/// How the missing name is declared, and which there are if they are few.
fn declare_it(name: &str, wanted: &str, known: &[String]) -> String {
    if name.eq_ignore_ascii_case("pi") || name == "π" {
        return "3.14159… is written `pi`".to_owned();
    }
    if wanted.ends_with("neuron") && Activation::named(name).is_some() {
        return format!(
            "`{name}` is an activation, which stands in a neuron's braces: `neuron c {{ activation = {name} }}`"
        );
    }
    // A name that reaches into something, or is too long to show, is no example.
    let name = if name.contains('.') || name.chars().count() > 20 { "NAME" } else { name };
    let name = shown(name);
    let example = match wanted {
        "input or neuron" => format!("`input {name}` or `neuron {name}`"),
        "input" | "neuron" => format!("`{wanted} {name}`"),
        "const" | "parameter or const" => format!("`const {name} = 2`"),
        "bias or const" => format!("`bias {name} = 0.5`"),
        _ => format!("`weight {name} = 0.5`"),
    };
    if known.is_empty() || known.len() > MOST_KNOWN {
        return format!("declare it, as {example}");
    }
    let known: Vec<String> = known.iter().map(|name| quoted(name)).collect();
    let verb = if known.len() == 1 { "is" } else { "are" };
    format!("there {verb} {}; a new one is declared as {example}", all_of(&known))
}

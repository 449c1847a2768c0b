//! What can be wrong with an entry beyond what is wrong with a source.

use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::parser::is_name;
use crate::span::Span;
use crate::text::{closest, counted, quoted};

/// Why an entry is refused.
#[derive(Debug)]
pub(super) enum EntryError {
    /// Several connections have the ends of the one that is to be changed.
    SeveralConnections { ends: String, places: Vec<Span>, at: Span },
    /// No connection has these ends; whether one could.
    NoConnection { ends: String, is_possible: bool, at: Span },
    /// Something that cannot be set.
    NotSettable { name: String, what: &'static str, help: String, at: Span },
    /// The weight of one of several synapses that share it, or that are made by a formula.
    SharedWeight { ends: String, why: String, help: String, at: Span },
    /// A name that nothing bears.
    UnknownName { name: String, known: Vec<String>, at: Span },
    /// A name that nothing bears which it could be of.
    Unknown { message: String, help: String, at: Span },
    /// `$9` where there are fewer results.
    UnknownResult { number: u64, last: u64, at: Span },
    /// A result whose evaluation is no longer kept.
    Forgotten { number: u64, at: Span },
    /// Inputs without value or default, which the expression needs.
    Waiting { names: Vec<String>, at: Span },
    /// Values of a wrong number or outside of a range.
    BadValue { message: String, declared: Option<Span>, at: Span },
    /// A value that is not finite.
    NotFinite { value: f64, at: Span },
    /// Something that others need.
    Needed { what: String, uses: Vec<Span>, at: Span },
    /// `:undo` and `:redo` at the end of the history.
    NothingTo { what: &'static str },
    /// An argument that a command does not take.
    Malformed { message: String, help: String, at: Span },
}

/// So many places are shown with an error.
const MOST_PLACES: usize = 4;

impl EntryError {
    pub(super) fn report(self) -> Diagnostic {
        match self {
            EntryError::SeveralConnections { ends, places, at } => {
                let count = counted(places.len() as u64, "connection");
                let report = Diagnostic::error(Code::E0608, format!("{count} lead {}", route(&ends)))
                    .label(at, "which one is meant is not clear")
                    .help(format!("`:remove {ends}` removes them all; `add {ends} : 0.5` makes another one"));
                places.into_iter().take(MOST_PLACES).fold(report, |report, place| report.also(place, "one of them"))
            }
            EntryError::NoConnection { ends, is_possible, at } => {
                let report = Diagnostic::error(Code::E0609, format!("no synapse leads {}", route(&ends)))
                    .label(at, "there is none");
                if is_possible { report.help(format!("`{ends} : 0.5` makes one")) } else { report }
            }
            EntryError::NotSettable { name, what, help, at } => {
                Diagnostic::error(Code::E0610, format!("{} is {what}", quoted(&name))).label(at, "not set").help(help)
            }
            EntryError::SharedWeight { ends, why, help, at } => {
                Diagnostic::error(Code::E0610, format!("the weight of {} {why}", quoted(&ends)))
                    .label(at, "not set")
                    .help(help)
            }
            EntryError::UnknownName { name, known, at } => {
                let meant = closest(&name, known.iter().map(String::as_str)).map(str::to_owned);
                Diagnostic::error(Code::E0201, format!("nothing is called {}", quoted(&name)))
                    .label(at, "unknown name")
                    .help(match meant {
                        Some(meant) => format!("did you mean {}?", quoted(&meant)),
                        None if known.is_empty() => {
                            "nothing is declared yet: `input x = 1` declares an input".to_owned()
                        }
                        None if !is_name(&name) => "`:list` shows what there is".to_owned(),
                        None => format!(
                            "`const {0} = 1` or `input {0} = 1` declares it; `:list` shows what there is",
                            crate::text::shown(&name)
                        ),
                    })
            }
            EntryError::Unknown { message, help, at } => {
                Diagnostic::error(Code::E0201, message).label(at, "unknown name").help(help)
            }
            EntryError::UnknownResult { number, last, at } => {
                Diagnostic::error(Code::E0611, format!("there is no result `${number}`"))
                    .label(at, "no such result")
                    .help(match last {
                        0 => "there are none yet: what is shown or computed gets a number".to_owned(),
                        1 => "the only one is `$1`".to_owned(),
                        _ => format!("the last one is `${last}`"),
                    })
            }
            EntryError::Forgotten { number, at } => {
                Diagnostic::error(Code::E0611, format!("the result `${number}` is no longer kept"))
                    .label(at, "too old")
                    .help("only the last results are kept in a long session")
            }
            EntryError::Waiting { names, at } => {
                let names: Vec<String> = names.iter().take(4).map(|name| crate::text::shown(name)).collect();
                let have = if names.len() == 1 { "has" } else { "have" };
                let list: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                Diagnostic::error(Code::E0602, format!("{} {have} no value", crate::text::all_of(&list)))
                    .label(at, "needs it")
                    .help(format!("`{} = 1` gives it one", names[0]))
            }
            EntryError::BadValue { message, declared, at } => {
                let report = Diagnostic::error(Code::E0604, message).label(at, "does not fit");
                match declared {
                    Some(declared) => report.also(declared, "declared here"),
                    None => report,
                }
            }
            EntryError::NotFinite { value, at } => {
                let shown = crate::numeric::decimal::shortest(value);
                Diagnostic::error(Code::E0307, format!("this value is {shown}, which nothing can be set to"))
                    .label(at, format!("computes to {shown}"))
                    .help("values are finite")
            }
            EntryError::Needed { what, uses, at } => {
                let report = Diagnostic::error(Code::E0612, format!("{} is needed", quoted(&what)))
                    .help("remove or change first what needs it; nothing is changed");
                let (first, others) = match uses.split_first() {
                    Some((first, others)) => (report.label(*first, "needs it"), others),
                    None => (report.label(at, "not removed"), &[][..]),
                };
                others.iter().take(MOST_PLACES).fold(first, |report, place| report.also(*place, "needs it"))
            }
            EntryError::NothingTo { what } => Diagnostic::error(Code::E0613, format!("there is nothing to {what}"))
                .help("`:undo` takes back what changed the network or an input, `:redo` does it again"),
            EntryError::Malformed { message, help, at } => {
                Diagnostic::error(Code::E0614, message).label(at, "not understood").help(help)
            }
        }
    }
}

/// `from `a` to `b``
fn route(ends: &str) -> String {
    match ends.split_once(" -> ") {
        Some((from, to)) => format!("from {} to {}", quoted(from), quoted(to)),
        None => format!("as {}", quoted(ends)),
    }
}

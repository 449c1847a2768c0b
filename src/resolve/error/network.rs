//! What can be wrong with networks in networks, in the user's words: definitions, imports and instances.

use super::STEPS_SHOWN;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::resolve::scope::MOST_KNOWN;
use crate::span::Span;
use crate::text::{abridged_path, all_of, any_of, closest, counted, quoted, shown};
use crate::value::Shape;

/// Something wrong with networks of which others are made.
#[derive(Debug)]
pub(in crate::resolve) enum NetworkError {
    /// An activation, network or import with a name that another one has.
    DuplicateNetwork { name: String, what: &'static str, before: &'static str, first: Span, at: Span },
    /// No network has that name.
    UnknownNetwork {
        name: String,
        meant: Option<String>,
        known: Vec<String>,
        /// Whether it is the name of the network itself.
        is_own: bool,
        at: Span,
    },
    /// Networks that contain each other; the last name is the first one again.
    NetworkLoop { names: Vec<String>, places: Vec<Span> },
    /// Files that import each other; the last is the first one again.
    ImportLoop {
        files: Vec<String>,
        /// The other imports of the loop.
        others: Vec<Span>,
        at: Span,
    },
    /// A file whose name is no name for what it gives.
    ImportName { path: String, name: String, at: Span },
    /// An instance of a network without outputs.
    NoOutputs { name: String, unread: Vec<String>, at: Span },
    /// A setting of an instance that is neither an input nor a parameter of its network; what it is, if anything.
    UnknownSetting {
        name: String,
        network: String,
        is: Option<&'static str>,
        meant: Option<String>,
        known: Vec<String>,
        at: Span,
    },
    /// A const that is set in an instance.
    LaterConst { name: String, at: Span },
    /// Inputs of an instance that nothing feeds and that have no default.
    NotFed {
        name: String,
        network: String,
        /// With the places of their declarations.
        inputs: Vec<(String, Span)>,
        at: Span,
    },
    /// A value where sources belong.
    NoSources { name: String, is_number: bool, at: Span },
    /// A parameter that is shared with one of another shape.
    SharedShape { what: String, shape: Shape, wanted: Shape, declared: Span, at: Span },
    /// As many sources as an input has no elements.
    PortSize { name: String, count: u64, wanted: u64, declared: Span, at: Span },
    /// Instances that pass each other's inputs on; the last name is the first one again.
    PassedInCircles { names: Vec<String>, places: Vec<Span> },
    /// An instance as if it were a value.
    BareInstance { name: String, wanted: &'static str, known: Vec<String>, declared: Span, at: Span },
    /// A name of the file that its networks do not see.
    NotSeen { name: String, is: &'static str, declared: Span, at: Span },
    /// Something that an instance does not offer to its file, or a dot behind something that is no instance.
    NotOffered { instance: String, is: &'static str, inner: String, known: Vec<String>, declared: Span, at: Span },
}

impl NetworkError {
    pub(in crate::resolve) fn report(self) -> Diagnostic {
        match self {
            NetworkError::DuplicateNetwork { name, what, before, first, at } => {
                let message = if what == before {
                    format!("the {what} {} is declared twice", quoted(&name))
                } else {
                    format!("the {what} {} has the name of {}", quoted(&name), with_article(before))
                };
                let help = match (what, before) {
                    ("activation", "activation") => {
                        "rename one of them, or give one activation a parameter for what differs"
                    }
                    ("import", _) => "give it another name: `import \"FILE\" as NAME`",
                    _ => "activations, networks and imports share one set of names; rename one of them",
                };
                Diagnostic::error(Code::E0202, message)
                    .label(at, "declared again")
                    .also(first, "first declared here")
                    .help(help)
            }
            NetworkError::UnknownNetwork { name, meant, known, is_own, at } => {
                let report = Diagnostic::error(Code::E0215, format!("no network is called {}", quoted(&name)))
                    .label(at, "unknown network");
                match meant {
                    _ if is_own => {
                        report.help("it is the name of this file's own network, which cannot contain itself")
                    }
                    Some(meant) => report.help(format!("did you mean {}?", quoted(&meant))),
                    None if known.is_empty() => report
                        .help("`network NAME { … }` declares one, `import \"FILE\" as NAME` takes those of a file"),
                    None => {
                        let known: Vec<&str> = known.iter().map(String::as_str).collect();
                        report.help(format!("there are {}", crate::text::abridged(&known)))
                    }
                }
            }
            NetworkError::NetworkLoop { names, places } => {
                let path = names.iter().map(|name| shown(name)).collect::<Vec<_>>().join(" -> ");
                let message = match names.len() {
                    2 => format!("the network {} contains an instance of itself", quoted(&names[0])),
                    _ => format!("these networks contain each other: {path}"),
                };
                let mut report = Diagnostic::error(Code::E0217, message).label(places[0], "this instance");
                for place in places.iter().skip(1).take(STEPS_SHOWN) {
                    report = report.also(*place, "and this one");
                }
                report.help("a copy inside a copy never ends: take one of the instances out")
            }
            NetworkError::ImportLoop { files, others, at } => {
                let path = abridged_path(files.len(), " -> ", |place| shown(&files[place]));
                let message = match files.len() {
                    2 => format!("{} imports itself", quoted(&files[0])),
                    _ => format!("these files import each other: {path}"),
                };
                let mut report = Diagnostic::error(Code::E0218, message).label(at, "this import");
                for place in others.into_iter().take(STEPS_SHOWN) {
                    report = report.also(place, "and this one");
                }
                report.help("move what both need into a file that imports neither")
            }
            NetworkError::ImportName { path, name, at } => {
                Diagnostic::error(Code::E0219, format!("{} is no name for what the file gives", quoted(&name)))
                    .label(at, "no name of its own")
                    .help(format!("give it one: `import \"{}\" as NAME`", shown(&path)))
            }
            NetworkError::NoOutputs { name, unread, at } => {
                let report = Diagnostic::error(
                    Code::E0601,
                    format!(
                        "the network {} has no outputs, so that nothing could be read of an instance",
                        quoted(&name)
                    ),
                )
                .label(at, "has no outputs");
                match unread.first() {
                    Some(first) => report.help(format!("end it with what it gives, as in `output {}`", shown(first))),
                    None => report.help("end it with what it gives, as in `output y`"),
                }
            }
            NetworkError::UnknownSetting { name, network, is, meant, known, at } => {
                let (message, label) = match is {
                    Some(is) => (
                        format!("{} of {} is {is}, which cannot be set", quoted(&name), quoted(&network)),
                        format!("this is {is} inside"),
                    ),
                    None => (
                        format!("{} has no input, weight or bias called {}", quoted(&network), quoted(&name)),
                        "unknown name".to_owned(),
                    ),
                };
                let report = Diagnostic::error(Code::E0216, message).label(at, label);
                match meant {
                    Some(meant) => report.help(format!("did you mean {}?", quoted(&meant))),
                    None if known.is_empty() => report.help("it has no inputs and no parameters"),
                    None => {
                        let known: Vec<String> = known.iter().take(MOST_KNOWN + 3).map(|name| quoted(name)).collect();
                        report.help(format!("it has {}", all_of(&known)))
                    }
                }
            }
            NetworkError::LaterConst { name, at } => {
                Diagnostic::error(Code::E0501, format!("the const {} cannot be set in an instance yet", quoted(&name)))
                    .label(at, "a const")
                    .help("an instance sets inputs, weights and biases; declare a network of its own for another size")
            }
            NetworkError::NotFed { name, network, inputs, at } => {
                let names: Vec<String> = inputs.iter().take(4).map(|(name, _)| quoted(name)).collect();
                let message = format!("nothing feeds {} of the instance {}", all_of(&names), quoted(&name));
                let mut report = Diagnostic::error(Code::E0222, message).label(at, "not all inputs are fed");
                for (_, declared) in inputs.iter().take(4) {
                    report = report.also(*declared, "declared here, without a default");
                }
                let (name, network) = (shown(&name), shown(&network));
                let feeds: Vec<String> =
                    inputs.iter().take(4).map(|(input, _)| format!("{} = SOURCE", shown(input))).collect();
                let feeds = feeds.join(", ");
                report.help(format!("write what feeds it: `instance {name} = {network} {{ {feeds} }}`"))
            }
            NetworkError::NoSources { name, is_number, at } => {
                let report = Diagnostic::error(
                    Code::E0223,
                    format!("the input {} is fed by inputs, neurons and outputs of instances", quoted(&name)),
                )
                .label(at, if is_number { "this is a value" } else { "this is something else" });
                report.help(if is_number {
                    "an input with a default may be left out; for another constant, feed it by a neuron with that bias"
                } else {
                    "a name, an element, a slice or a list of them: `x`, `h[2]`, `[x1, x2]`; for a sum, make a neuron"
                })
            }
            NetworkError::SharedShape { what, shape, wanted, declared, at } => {
                Diagnostic::error(Code::E0301, format!("{what} is {wanted}, but what it would share is {shape}"))
                    .label(at, format!("{shape}"))
                    .also(declared, format!("{wanted} because of this"))
                    .help("a bare name shares the parameter itself, so that both need the same shape")
            }
            NetworkError::PortSize { name, count, wanted, declared, at } => {
                let message = format!("{} takes {}, but this is {count}", quoted(&name), counted(wanted, "value"));
                Diagnostic::error(Code::E0301, message)
                    .label(at, counted(count, "source"))
                    .also(declared, format!("{} because of this", counted(wanted, "value")))
                    .help("an input is fed by as many inputs or neurons as it has elements")
            }
            NetworkError::PassedInCircles { names, places } => {
                let path = abridged_path(names.len(), " -> ", |place| shown(&names[place]));
                let mut report = Diagnostic::error(
                    Code::E0401,
                    format!("these instances pass their inputs on to each other, and no neuron is between: {path}"),
                )
                .label(places[0], "this instance");
                for place in places.iter().skip(1).take(STEPS_SHOWN) {
                    report = report.also(*place, "and this one");
                }
                report.help("let one of them be fed by something else")
            }
            NetworkError::NotSeen { name, is, declared, at } => {
                let mend = match is {
                    "an input" | "a neuron" => "give the network an input, and feed it where the instance is declared",
                    "a weight" | "a bias" => {
                        "give the network one of its own; an instance may share the file's: `NAME = NAME`"
                    }
                    _ => "declare it inside the network",
                };
                Diagnostic::error(Code::E0201, format!("networks do not see {}, {is} of their file", quoted(&name)))
                    .label(at, "not seen here")
                    .also(declared, "declared here, outside of the network")
                    .help(mend)
            }
            NetworkError::BareInstance { name, wanted, known, declared, at } => {
                let report = Diagnostic::error(
                    Code::E0221,
                    format!("{} is an instance, but {wanted} belongs here", quoted(&name)),
                )
                .label(at, "this is an instance")
                .also(declared, "declared here");
                let known: Vec<String> = known.iter().map(|name| quoted(name)).collect();
                match known.as_slice() {
                    [] if wanted == "a neuron" => report
                        .help("an instance is fed where it is declared: `instance NAME = NETWORK { INPUT = SOURCE }`"),
                    [] => report,
                    _ => report.help(format!("write {}", any_of(&known))),
                }
            }
            NetworkError::NotOffered { instance, is: "an instance", inner, known, declared, at } => {
                let report = Diagnostic::error(
                    Code::E0220,
                    format!("the instance {} does not offer {} here", quoted(&instance), quoted(&inner)),
                )
                .label(at, "cannot be used here")
                .also(declared, "the instance");
                let meant = closest(&format!("{instance}.{inner}"), known.iter().map(String::as_str));
                match meant {
                    Some(meant) => report.help(format!("did you mean {}?", quoted(meant))),
                    None if known.is_empty() => report.help(
                        "of an instance its outputs, weights and biases can be used; tests may look at everything inside",
                    ),
                    None => {
                        let known: Vec<String> = known.iter().map(|name| quoted(name)).collect();
                        report.help(format!("it offers {}; tests may look at everything inside", all_of(&known)))
                    }
                }
            }
            NetworkError::NotOffered { instance, is, inner, declared, at, .. } => Diagnostic::error(
                Code::E0220,
                format!("{} is {is}, which has no {} inside", quoted(&instance), quoted(&inner)),
            )
            .label(at, "nothing is inside")
            .also(declared, "declared here")
            .help("a dot reaches into an instance of a network"),
        }
    }
}

fn with_article(what: &str) -> String {
    let article = if what.starts_with(['a', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {what}")
}

//! What is legal and probably not meant, in the user's words.

use crate::ast::Keyword;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::text::{all_of, quoted, shown};

/// Something that is probably not meant.
#[derive(Debug)]
pub(super) enum Lint {
    /// An input that nothing reads.
    UnusedInput { name: String, at: Span },
    /// A weight, bias or const that nothing uses.
    UnusedValue { keyword: Keyword, name: String, at: Span },
    /// A declared activation that nothing uses.
    UnusedActivation { name: String, at: Span },
    /// An instance whose outputs nothing reads.
    UnusedInstance { name: String, at: Span },
    /// A file that is imported for nothing.
    UnusedImport { name: String, at: Span },
    /// A parameter that its activation does not read.
    UnusedParameter { activation: String, name: String, is_input: bool, at: Span },
    /// A declared activation with the name of a built-in one, of a function or of a generator.
    HidesBuiltIn { name: String, at: Span },
    /// Neurons whose output changes no output of the network.
    ReachesNothing { name: String, at: Span },
    /// Neurons without synapse and without bias.
    NoSynapse { name: String, at: Span },
    /// Two synapses from one source to one target.
    DuplicateSynapse { from: String, to: String, first: Span, at: Span },
    /// Names that differ but look the same.
    LookAlike { name: String, other: String, here: char, there: char, first: Span, at: Span },
    /// `neuron a, b { … }`: the block is `b`'s.
    LastOnly { last: String, others: Vec<String>, at: Span },
    /// `input a, b = 0`: the value is `b`'s.
    LastValue { last: String, others: Vec<String>, at: Span },
    /// One number between two arrays of equal size.
    AllToAll { size: u32, at: Span },
}

impl Lint {
    pub(super) fn report(self) -> Diagnostic {
        match self {
            Lint::UnusedInput { name, at } => Diagnostic::warning(Code::W0201, format!("nothing reads the input {}", quoted(&name)))
                .label(at, "no connection starts here")
                .help(format!("connect it, as in `{} -> NEURON : 1.0`, or remove it", shown(&name))),
            Lint::UnusedValue { keyword, name, at } => {
                Diagnostic::warning(Code::W0202, format!("nothing uses the {} {}", keyword.word(), quoted(&name)))
                    .label(at, "never used")
                    .help("use it or remove it")
            }
            Lint::UnusedActivation { name, at } => {
                Diagnostic::warning(Code::W0202, format!("nothing uses the activation {}", quoted(&name)))
                    .label(at, "never used")
                    .help(format!("use it, as in `neuron c {{ activation = {} }}`, or remove it", shown(&name)))
            }
            Lint::UnusedInstance { name, at } => {
                Diagnostic::warning(Code::W0202, format!("nothing reads the outputs of the instance {}", quoted(&name)))
                    .label(at, "never used")
                    .help("connect one of its outputs, give it as one of the network's, or remove the instance")
            }
            Lint::UnusedImport { name, at } => {
                Diagnostic::warning(Code::W0202, format!("nothing uses the import {}", quoted(&name)))
                    .label(at, "never used")
                    .help(format!("make an instance of it, as in `instance a = {} {{ … }}`, or remove it", shown(&name)))
            }
            Lint::UnusedParameter { activation, name, is_input: true, at } => {
                let message = format!("the activation {} does not read its net input {}", quoted(&activation), quoted(&name));
                Diagnostic::warning(Code::W0202, message)
                    .label(at, "never used")
                    .help("it gives the same for every net input; the first parameter is the net input, whatever its name")
            }
            Lint::UnusedParameter { activation, name, is_input: false, at } => {
                let message = format!("the activation {} does not use its parameter {}", quoted(&activation), quoted(&name));
                Diagnostic::warning(Code::W0202, message).label(at, "never used").help("use it or remove it")
            }
            Lint::HidesBuiltIn { name, at } => {
                let what = match crate::generate::Generator::named(&name) {
                    Some(_) => "generator",
                    None if crate::activation::Activation::named(&name).is_some() => "activation",
                    None => "function",
                };
                let message = format!("this activation hides the built-in {what} {}", quoted(&name));
                Diagnostic::warning(Code::W0209, message)
                    .label(at, "the name means this one in the whole file")
                    .help("give it a name of its own, so that both can be used")
            }
            Lint::ReachesNothing { name, at } => {
                Diagnostic::warning(Code::W0203, format!("the neuron {} reaches no output", quoted(&name)))
                    .label(at, "changes nothing that the network gives")
                    .help(format!("connect it onwards, or add `output {}`", shown(&name)))
            }
            Lint::NoSynapse { name, at } => {
                Diagnostic::warning(Code::W0204, format!("no synapse reaches the neuron {}, and its bias is 0", quoted(&name)))
                    .label(at, "its net input is always 0")
                    .help("connect something to it, or give it a bias if a constant is meant")
            }
            Lint::DuplicateSynapse { from, to, first, at } => {
                Diagnostic::warning(Code::W0205, format!("two synapses lead from {} to {}", quoted(&from), quoted(&to)))
                    .label(at, "the second")
                    .also(first, "the first")
                    .help("both count, as in a brain; if one replaces the other, remove the other")
            }
            Lint::LookAlike { name, other, here, there, first, at } => {
                let message = format!("the names {} and {} look alike but differ", quoted(&name), quoted(&other));
                Diagnostic::warning(Code::W0206, message)
                    .label(at, format!("`{here}` is U+{:04X} here", u32::from(here)))
                    .also(first, format!("`{there}` is U+{:04X} here", u32::from(there)))
                    .help("use letters of one script")
            }
            Lint::LastOnly { last, others, at } => {
                let without: Vec<String> = others.iter().map(|name| quoted(name)).collect();
                let (last, without) = (quoted(&last), all_of(&without));
                Diagnostic::warning(Code::W0208, format!("these properties belong to {last} only, not to {without}"))
                    .label(at, format!("{last} alone has this block"))
                    .help("each name has its own block: give every one its properties, or declare them on lines of their own")
            }
            Lint::LastValue { last, others, at } => {
                let without: Vec<String> = others.iter().map(|name| quoted(name)).collect();
                let (shown, without) = (quoted(&last), all_of(&without));
                Diagnostic::warning(Code::W0208, format!("this value belongs to {shown} only, not to {without}"))
                    .label(at, format!("the default of {shown} alone"))
                    .help("each name takes its own value, as in `input a = 0, b = 0`; declare those without one on a line of their own")
            }
            Lint::AllToAll { size, at } => {
                Diagnostic::warning(Code::W0207, format!("every one of {size} targets sums all {size} sources with this weight"))
                    .label(at, "one number for all pairs")
                    .help("if each source feeds one target, write `{ rule = one_to_one }` behind it; if this is meant, `{ rule = all_to_all }`")
            }
        }
    }
}

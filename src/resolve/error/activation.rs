//! What can be wrong with activations and ways to combine, in the user's words.

use super::STEPS_SHOWN;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::text::{abridged_path, quoted, shown};

/// Something wrong with activations and ways to combine.
#[derive(Debug)]
pub(in crate::resolve) enum ActivationError {
    /// Two parameters of one name.
    RepeatedParameter { name: String, first: Span, at: Span },
    /// A property's value that is none of those it can have.
    /// No way to combine has that name.
    UnknownCombine { wanted: String, meant: Option<&'static str>, at: Span },
    /// Neurons without synapses whose combine needs one.
    NothingToCombine { combine: &'static str, name: String, at: Span },
    /// No activation has that name.
    UnknownActivation { name: String, known: String, meant: Option<String>, at: Span },
    /// A default that reads another parameter.
    ParameterInDefault { name: String, declared: Span, at: Span },
    /// `activation = relu(z)`
    GivenNetInput { name: String, signature: String, at: Span },
    /// Something in an activation's formula that is neither a parameter nor a const.
    NotInFormula { name: String, is: &'static str, activation: String, input: String, declared: Span, at: Span },
    /// Activations that call each other.
    Recursion { names: Vec<String>, places: Vec<Span> },
    /// An activation of whole arrays on a single neuron.
    NeedsArray { activation: &'static str, name: String, at: Span },
}

impl ActivationError {
    pub(in crate::resolve) fn report(self) -> Diagnostic {
        match self {
            ActivationError::RepeatedParameter { name, first, at } => {
                Diagnostic::error(Code::E0202, format!("two parameters are called {}", quoted(&name)))
                    .label(at, "declared again")
                    .also(first, "first declared here")
                    .help("rename one of them")
            }
            ActivationError::UnknownCombine { wanted, meant, at } => {
                let help = meant.map(|meant| format!("did you mean `{meant}`?"));
                Diagnostic::error(Code::E0213, format!("`combine` is {wanted}"))
                    .label(at, "something else")
                    .help_if(help)
            }
            ActivationError::NothingToCombine { combine, name, at } => {
                let message = format!("no synapse reaches {}, so there is no {combine} to take", quoted(&name));
                Diagnostic::error(Code::E0313, message)
                    .label(at, "no connection ends here")
                    .help("connect something to it; without synapses a neuron has only a `sum`, 0, or a `product`, 1")
            }
            ActivationError::UnknownActivation { name, known, meant, at } => {
                let help = match meant {
                    Some(meant) => format!("did you mean {}?", quoted(&meant)),
                    None => format!("known activations: {known}"),
                };
                Diagnostic::error(Code::E0206, format!("no activation is called {}", quoted(&name)))
                    .label(at, "unknown activation")
                    .help(help)
            }
            ActivationError::ParameterInDefault { name, declared, at } => {
                Diagnostic::error(Code::E0203, format!("{} is a parameter; a default reads only consts", quoted(&name)))
                    .label(at, "has no value yet")
                    .also(declared, "declared here")
                    .help("leave the default out, and use the parameter in the formula")
            }
            ActivationError::GivenNetInput { name, signature, at } => {
                let message =
                    format!("{} is given to the activation, but each neuron brings its own net input", quoted(&name));
                Diagnostic::error(Code::E0212, message)
                    .label(at, "not a parameter")
                    .help(format!("leave it out, as in `activation = {signature}`"))
            }
            ActivationError::NotInFormula { name, is, activation, input, declared, at } => {
                let message = format!("{} is {is}; an activation reads only its parameters and consts", quoted(&name));
                let help = match is {
                    "an input" | "a neuron" => {
                        format!("what reaches a neuron is in its net input already, here {}", quoted(&input))
                    }
                    _ => {
                        let [activation, input, name] = [&activation, &input, &name].map(|name| shown(name));
                        format!(
                            "make it a parameter: `activation {activation}({input}, {name}) = …`, and give its value at the neuron: `activation = {activation}({name} = 2)`"
                        )
                    }
                };
                Diagnostic::error(Code::E0203, message)
                    .label(at, format!("this is {is}"))
                    .also(declared, "declared here")
                    .help(help)
            }
            ActivationError::Recursion { names, places } => {
                let message = match names.as_slice() {
                    [only, _] => format!("the activation {} calls itself", quoted(only)),
                    _ => format!(
                        "these activations call each other: {}",
                        abridged_path(names.len(), " calls ", |place| quoted(&names[place]))
                    ),
                };
                let built_in = crate::activation::Activation::named(&names[0]).is_some();
                let help = if built_in {
                    "here the name means the declared activation, which hides the built-in one; give it another name"
                } else {
                    "an activation is a formula: it is computed in one go and cannot come back to itself"
                };
                let report =
                    Diagnostic::error(Code::E0214, message).label(places[0], "comes back to itself").help(help);
                places[1..]
                    .iter()
                    .take(STEPS_SHOWN)
                    .fold(report, |report, place| report.also(*place, "part of the loop"))
            }
            ActivationError::NeedsArray { activation, name, at } => Diagnostic::error(
                Code::E0312,
                format!("`{activation}` works on a whole array, but {} is a single neuron", quoted(&name)),
            )
            .label(at, "needs an array")
            .help(format!(
                "declare the neurons together, as `neuron {}[3] {{ activation = {activation} }}`",
                shown(&name)
            )),
        }
    }
}

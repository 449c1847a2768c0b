//! Calls: which function, activation or declared activation a name means, and which argument is which parameter.

use std::collections::HashMap;

use crate::activation::{Activation, Applied, Description, Template};
use crate::ast::{Argument, Name};
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::function::Function;
use crate::generate::Generator;
use crate::numeric::decimal::shortest;
use crate::span::Span;
use crate::text::{any_of, closest, counted, quoted};

/// What a call means.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Callee<'a> {
    Function(Function),
    /// A built-in activation of single neurons, with the net input first.
    Element(&'static Description, Applied),
    /// One that the source declares, with the net input first.
    Declared(&'a Template),
}

impl<'a> Callee<'a> {
    /// What `name` means if the source declares no activation of that name; `declared` gives those that it does declare,
    /// in search of what was meant.
    pub(crate) fn built_in<'n>(
        name: &Name,
        declared: impl FnOnce() -> Vec<&'n str>,
    ) -> Result<Callee<'static>, CallError> {
        let (text, at) = (name.text.as_str(), name.span);
        if let Some(function) = Function::named(text) {
            return Ok(Callee::Function(function));
        }
        if let Some(row) = Activation::named(text) {
            let Some(element) = row.element else { return Err(CallError::WholeArray { name: row.name, at }) };
            return Ok(Callee::Element(row, Applied::Element(element)));
        }
        let name = text.to_owned();
        if Generator::named(text).is_some() {
            return Err(CallError::Generator { name, at });
        }
        if text == "load" {
            return Err(CallError::LoadInside { at });
        }
        let activations = Activation::TABLE.iter().filter(|row| !row.whole_array).map(|row| row.name);
        let functions = Function::TABLE.iter().map(|function| function.name());
        let generators = Generator::TABLE.iter().map(|(name, _)| *name);
        let mut known: Vec<&str> = functions.chain(activations).chain(generators).chain(["load"]).collect();
        known.sort_unstable();
        known.extend(declared());
        let meant = closest(text, known).map(str::to_owned);
        Err(CallError::UnknownFunction { name, meant, at })
    }

    /// Its parameters with their defaults; the net input of an activation is the first.
    pub(crate) fn parameters(&self) -> Parameters<'a> {
        match *self {
            Callee::Function(function) => Parameters {
                name: function.name(),
                list: function.parameters().iter().map(|name| (*name, None)).collect(),
                written: None,
            },
            Callee::Element(row, _) => {
                let mut parameters = Parameters::of_built_in(row);
                parameters.list.insert(0, ("z", None));
                parameters
            }
            Callee::Declared(template) => {
                let mut parameters = Parameters::of_declared(template);
                parameters.list.insert(0, (&template.input, None));
                parameters
            }
        }
    }
}

/// Parameters and their defaults, in order, and whose they are.
#[derive(Debug, Clone)]
pub(crate) struct Parameters<'a> {
    pub(crate) name: &'a str,
    pub(crate) list: Vec<(&'a str, Option<f64>)>,
    /// How a call is written, where the list does not say it well.
    pub(crate) written: Option<&'static str>,
}

impl<'a> Parameters<'a> {
    /// Those of an activation without the net input.
    pub(crate) fn of_built_in(row: &'static Description) -> Parameters<'static> {
        let list = row.parameters.iter().map(|parameter| (parameter.name, parameter.default)).collect();
        Parameters { name: row.name, list, written: None }
    }

    /// Those of an activation without the net input.
    pub(crate) fn of_declared(template: &'a Template) -> Parameters<'a> {
        let list = template.parameters.iter().map(|(name, default)| (name.as_str(), *default)).collect();
        Parameters { name: &template.name, list, written: None }
    }

    /// Those of `load`. Its arguments are no numbers; those with a default may be left out.
    pub(crate) fn of_load() -> Parameters<'static> {
        let list = vec![("path", None), ("tensor", Some(0.0)), ("transpose", Some(0.0))];
        let written = Some("load(\"weights.safetensors\", \"fc1.weight\", transpose = false)");
        Parameters { name: "load", list, written }
    }

    /// How it is written with all its parameters, as messages show it.
    pub(crate) fn signature(&self) -> String {
        const MOST: usize = 12;
        if let Some(written) = self.written {
            return written.to_owned();
        }
        let shown = |name: &str| quoted(name).trim_matches('`').to_owned();
        let written = |(name, default): &(&str, Option<f64>)| match default {
            Some(default) => format!("{} = {}", shown(name), shortest(*default)),
            None => shown(name),
        };
        let mut all: Vec<String> = self.list.iter().take(MOST).map(written).collect();
        if self.list.len() > MOST {
            all.push("…".to_owned());
        }
        let name = shown(self.name);
        if all.is_empty() { name } else { format!("{name}({})", all.join(", ")) }
    }

    /// The argument of each parameter; none where its default counts. Those without a name come first, in order.
    pub(crate) fn bind<'c>(&self, arguments: &'c [Argument], at: Span) -> Result<Vec<Option<&'c Argument>>, CallError> {
        let mut bound: Vec<Option<&Argument>> = vec![None; self.list.len()];
        let any_named = arguments.iter().any(|argument| argument.name.is_some());
        let names = self.list.iter().enumerate().filter(|_| any_named);
        let places: HashMap<&str, usize> = names.map(|(place, (name, _))| (*name, place)).collect();
        let mut after_name = false;
        for (position, argument) in arguments.iter().enumerate() {
            let place = match &argument.name {
                None => position,
                Some(name) => match places.get(name.text.as_str()) {
                    Some(place) => *place,
                    None => return Err(self.unknown(name)),
                },
            };
            if place >= self.list.len() {
                return Err(CallError::Arity { signature: self.signature(), given: arguments.len(), at });
            }
            if argument.name.is_none() && after_name {
                return Err(CallError::NamedFirst { signature: self.signature(), at: argument.value.span });
            }
            after_name |= argument.name.is_some();
            if bound[place].is_some() {
                let name = self.list[place].0.to_owned();
                return Err(CallError::RepeatedArgument { name, at: argument.value.span });
            }
            bound[place] = Some(argument);
        }
        let missing =
            std::iter::zip(&bound, &self.list).find(|(given, (_, default))| given.is_none() && default.is_none());
        match missing {
            Some((_, (name, _))) => {
                Err(CallError::Missing { name: (*name).to_owned(), signature: self.signature(), at })
            }
            None => Ok(bound),
        }
    }

    /// As [`bind`](Self::bind), where a missing `seed` has words of its own.
    pub(crate) fn bind_seeded<'c>(
        &self,
        arguments: &'c [Argument],
        at: Span,
    ) -> Result<Vec<Option<&'c Argument>>, CallError> {
        self.bind(arguments, at).map_err(|error| match error {
            CallError::Missing { name, at, .. } if name == "seed" => CallError::NoSeed { at },
            other => other,
        })
    }

    fn unknown(&self, name: &Name) -> CallError {
        let known = self.list.iter().map(|(name, _)| (*name).to_owned()).collect();
        CallError::UnknownArgument { name: name.text.clone(), signature: self.signature(), known, at: name.span }
    }
}

/// What can be wrong with a call.
#[derive(Debug)]
pub(crate) enum CallError {
    /// No function has that name.
    UnknownFunction { name: String, meant: Option<String>, at: Span },
    /// An activation of whole arrays, which has no value for a single number.
    WholeArray { name: &'static str, at: Span },
    /// `load` where it is not the whole value.
    LoadInside { at: Span },
    /// More arguments than the function takes.
    Arity { signature: String, given: usize, at: Span },
    /// A parameter without a default that is not given.
    Missing { name: String, signature: String, at: Span },
    /// A generator within an expression, or where one number stands.
    Generator { name: String, at: Span },
    /// Random numbers without a seed.
    NoSeed { at: Span },
    /// Arguments without a name behind one with a name.
    NamedFirst { signature: String, at: Span },
    /// A named argument that the function does not have.
    UnknownArgument { name: String, signature: String, known: Vec<String>, at: Span },
    /// An argument that is given twice.
    RepeatedArgument { name: String, at: Span },
}

impl CallError {
    pub(crate) fn report(self) -> Diagnostic {
        match self {
            CallError::UnknownFunction { name, meant, at } => {
                let help = match meant {
                    _ if name == "log" => "the natural logarithm is `ln`, the binary one `log2`".to_owned(),
                    Some(meant) => format!("did you mean {}?", quoted(&meant)),
                    None => {
                        let own: Vec<&str> = Function::TABLE.iter().map(|function| function.name()).collect();
                        format!("known functions: {}, and the activations", own.join(", "))
                    }
                };
                Diagnostic::error(Code::E0207, format!("unknown function {}", quoted(&name)))
                    .label(at, "unknown function")
                    .help(help)
            }
            CallError::WholeArray { name, at } => Diagnostic::error(
                Code::E0312,
                format!("`{name}` works on a whole array of neurons and cannot be called in an expression"),
            )
            .label(at, "needs an array")
            .help(format!("neurons have it as their activation: `neuron p[3] {{ activation = {name} }}`")),
            CallError::LoadInside { at } => Diagnostic::error(
                Code::E0319,
                "`load` is the whole value of a weight, bias, input or connection, and stands in no other",
            )
            .label(at, "not the whole value")
            .help("name what is loaded, as in `weight W = load(\"w.npy\")`, and compute with the name: `2 * W`"),
            CallError::Arity { signature, given, at } => Diagnostic::error(
                Code::E0212,
                format!("`{signature}` does not take {}", counted(given as u64, "argument")),
            )
            .label(at, format!("{} given", counted(given as u64, "argument")))
            .help(format!("write it as `{signature}`")),
            CallError::Missing { name, signature, at } => {
                Diagnostic::error(Code::E0212, format!("the parameter {} has neither value nor default", quoted(&name)))
                    .label(at, format!("{} is missing", quoted(&name)))
                    .help(match name.as_str() {
                        "path" => format!("write it as `{signature}`"),
                        _ => format!("give it in its order, `{signature}`, or by name, as in `{name} = 1`"),
                    })
            }
            CallError::Generator { name, at } => {
                let message =
                    format!("{} makes all values of a declaration and cannot be computed with", quoted(&name));
                Diagnostic::error(Code::E0317, message)
                    .label(at, "a generator")
                    .help(format!("give its values a name, `weight w[3] = {name}(…)`, and compute with `w`"))
            }
            CallError::NoSeed { at } => Diagnostic::error(
                Code::E0315,
                "random numbers need a seed, so that the file is the same network every time",
            )
            .label(at, "`seed` is missing")
            .help("choose any whole number, as in `seed = 1`"),
            CallError::NamedFirst { signature, at } => {
                Diagnostic::error(Code::E0212, "an argument without a name stands behind one with a name")
                    .label(at, "without a name")
                    .help(format!("arguments without names come first, in the order of `{signature}`"))
            }
            CallError::UnknownArgument { name, signature, known, at } => {
                const MOST: usize = 12;
                let help = match closest(&name, known.iter().map(String::as_str)) {
                    Some(meant) => format!("did you mean {}?", quoted(meant)),
                    None if known.is_empty() => "it takes none".to_owned(),
                    None if known.len() > MOST => format!("it takes {} others", known.len()),
                    None => {
                        format!("it takes {}", any_of(&known.iter().map(|name| quoted(name)).collect::<Vec<_>>()))
                    }
                };
                Diagnostic::error(Code::E0211, format!("`{signature}` has no parameter {}", quoted(&name)))
                    .label(at, "unknown parameter")
                    .help(help)
            }
            CallError::RepeatedArgument { name, at } => {
                Diagnostic::error(Code::E0205, format!("{} is given twice", quoted(&name)))
                    .label(at, "given again")
                    .help("remove one of them; values without a name count in the order of the parameters")
            }
        }
    }
}

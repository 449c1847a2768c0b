//! NAME=VALUE arguments: what they set, and what is wrong with them.

use std::collections::HashSet;
use std::iter::Peekable;

use neuronc::network::Population;
use neuronc::{
    Code, Diagnostic, InputError, Inputs, Label, Network, Shape, Sources, counted, parse_value, resolve_value, shown,
};

use crate::arguments::Everywhere;
use crate::messages;

/// Takes every `NAME=VALUE`; all that is wrong with them.
pub fn set_inputs(
    values: &[String],
    everywhere: &Everywhere,
    network: &Network,
    inputs: &mut Inputs,
    sources: &mut Sources,
) -> Result<(), Vec<Diagnostic>> {
    let limits = everywhere.limits();
    let mut reports = Vec::new();
    let mut given = HashSet::new();
    let mut elements: Vec<Elements<'_>> = Vec::new();
    let mut rest = values.iter().map(String::as_str).peekable();
    while let Some(argument) = rest.next() {
        let goes_on = rest.peek().is_some_and(|next| !next.contains('='));
        let parts = argument.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
        let (name, value) = parts.unwrap_or_default();
        if name.is_empty() || value.is_empty() || goes_on && unfinished(value) {
            reports.push(torn(argument, &mut rest));
            continue;
        }
        if let Some((array, index)) = element_of(name, network) {
            match elements.iter_mut().find(|elements| elements.array.name == array.name) {
                Some(elements) => elements.given.push((index, value)),
                None => elements.push(Elements { array, written: name, given: vec![(index, value)] }),
            }
            continue;
        }
        if !given.insert(name) {
            reports.push(usage(Code::E0205, format!("`{}` is given twice", shown(name)), None));
            continue;
        }
        match value_of(name, value, sources, &limits) {
            Err(found) => reports.extend(found),
            Ok((Shape::Matrix(..), _)) => {
                let message = format!("the value of `{}` is a matrix; an input takes a number or a list", shown(name));
                reports.push(usage(Code::E0604, message, None));
            }
            Ok((_, values)) => {
                if let Err(error) = inputs.set(network, name, &values) {
                    reports.push(input_error(&error, network));
                }
            }
        }
    }
    reports.extend(elements.iter().map(Elements::report));
    if reports.is_empty() { Ok(()) } else { Err(reports) }
}

/// Elements of an array that were given one by one.
struct Elements<'a> {
    array: &'a Population,
    /// The first as it was written.
    written: &'a str,
    given: Vec<(usize, &'a str)>,
}

/// The array and index of a name like `z[0]`.
fn element_of<'a>(name: &str, network: &'a Network) -> Option<(&'a Population, usize)> {
    let (array, index) = name.strip_suffix(']')?.split_once('[')?;
    let mut inputs = network.inputs().map(|(_, population)| population);
    Some((inputs.find(|input| input.is_array && input.name == array)?, index.trim().parse().ok()?))
}

impl Elements<'_> {
    fn report(&self) -> Diagnostic {
        const MOST: usize = 8;
        let name = shown(&self.array.name);
        let size = self.array.size as usize;
        let mut values = vec!["0"; size.min(MOST)];
        for (index, value) in &self.given {
            if let Some(element) = values.get_mut(*index) {
                *element = value.trim();
            }
        }
        let more = if size > MOST { ",…" } else { "" };
        let whole = format!("`{name}={}{more}`", shown(&values.join(",")));
        let written = shown(self.written);
        let message = format!("`{written}` is an element of the input `{name}`, whose values are given together");
        usage(Code::E0604, message, Some(format!("give the whole array: {whole}")))
    }
}

/// Whether more of a value must follow.
fn unfinished(value: &str) -> bool {
    value.ends_with(',') || value.contains('[') && !value.contains(']')
}

/// What is wrong with an argument that is no NAME=VALUE; takes those after it that belong to it, as in `x = 2`.
fn torn<'a>(argument: &'a str, rest: &mut Peekable<impl Iterator<Item = &'a str>>) -> Diagnostic {
    let mut typed = vec![argument];
    if !argument.contains('=') {
        typed.extend(rest.next_if(|next| next.starts_with('=')));
    }
    let waits = |typed: &[&str]| {
        let joined = typed.concat();
        joined.split_once('=').is_some_and(|(_, value)| value.is_empty() || unfinished(value))
    };
    while waits(&typed)
        && let Some(next) = rest.next_if(|next| !next.contains('='))
    {
        typed.push(next);
    }
    let joined = typed.concat();
    let mend = match joined.split_once('=') {
        Some(("", _)) => None,
        Some((name, "")) => Some(format!("{name}=2")),
        Some(_) => Some(joined),
        None if joined.parse::<f64>().is_ok() => None,
        None => Some(format!("{joined}=2")),
    };
    let message = format!("`{}` is not of the form NAME=VALUE", shown(&typed.join(" ")));
    usage(Code::E0604, message, mend.map(|mend| format!("write it without blanks, as `{}`", shown(&mend))))
}

/// The numbers of one VALUE, which stands in messages as a source of its own.
fn value_of(
    name: &str,
    value: &str,
    sources: &mut Sources,
    limits: &neuronc::Limits,
) -> Result<(Shape, Vec<f64>), Vec<Diagnostic>> {
    let file = sources
        .add(&format!("the value of {}", shown(name)), value.as_bytes().to_vec(), limits)
        .map_err(|error| vec![error])?;
    resolve_value(&parse_value(sources.get(file), limits)?)
}

pub fn usage(code: Code, message: String, help: Option<String>) -> Diagnostic {
    Diagnostic { help, ..messages::error(code, message) }
}

pub fn input_error(error: &InputError, network: &Network) -> Diagnostic {
    let declared = |name: &str| {
        let found = network.inputs().find(|(_, population)| population.name == *name);
        found.map(|(_, population)| Label { span: population.origin, text: "declared here".to_owned() })
    };
    match error {
        InputError::Unknown { meant, .. } => {
            let names = network.inputs().map(|(_, population)| population.name.as_str());
            let help = match meant {
                Some(_) => None,
                None if network.inputs().next().is_none() => Some("the network has no inputs".to_owned()),
                None => Some(format!("its inputs are {}", abridged(names))),
            };
            usage(Code::E0603, error.to_string(), help)
        }
        InputError::Size { name, size, .. } => {
            let example: Vec<&str> = vec!["1"; (*size).min(4)];
            let mut report =
                usage(Code::E0604, error.to_string(), Some(format!("as in `{}={}`", shown(name), example.join(","))));
            report.label = declared(name);
            report
        }
        InputError::OutsideRange { name, .. } => {
            let mut report = usage(Code::E0604, error.to_string(), None);
            let range = network.find(name).and_then(|input| network.range(input));
            report.label = range.map(|range| Label { span: range.origin, text: "both ends included".to_owned() });
            report
        }
        InputError::NotFinite { name } | InputError::TooLargeForSingle { name, .. } => {
            let mut report = usage(Code::E0604, error.to_string(), None);
            report.label = declared(name);
            report
        }
        _ => usage(Code::E0602, error.to_string(), None),
    }
}

pub fn missing_input(error: &InputError, network: &Network) -> Diagnostic {
    let InputError::Missing { names } = error else { return input_error(error, network) };
    let missing: HashSet<&str> = names.iter().map(String::as_str).collect();
    let inputs = network.inputs().map(|(_, population)| population);
    let inputs: Vec<&Population> = inputs.filter(|input| missing.contains(input.name.as_str())).take(SHOWN).collect();
    let label = |population: &&Population| Label { span: population.origin, text: "has no default".to_owned() };
    let example: Vec<String> = inputs
        .iter()
        .take(4)
        .map(|input| format!("{}={}", shown(&input.name), vec!["1"; (input.size as usize).min(4)].join(",")))
        .collect();
    let message = format!("{} no value: {}", counted_have(names.len()), abridged(names.iter().map(String::as_str)));
    Diagnostic {
        label: inputs.first().map(label),
        related: inputs.iter().skip(1).take(8).map(label).collect(),
        help: Some(format!("give them after the file, as `{}`, or a default in it", example.join(" "))),
        ..messages::error(Code::E0602, message)
    }
}

fn counted_have(count: usize) -> String {
    let verb = if count == 1 { "has" } else { "have" };
    format!("{} {verb}", counted(count as u64, "input"))
}

/// Names that a message shows at the most.
const SHOWN: usize = 10;

/// The first names in backticks, and how many more there are.
pub fn abridged<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names = names.fuse();
    let shown: Vec<String> = names.by_ref().take(SHOWN).map(|name| format!("`{}`", shown(name))).collect();
    let shown = shown.join(", ");
    match names.count() {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

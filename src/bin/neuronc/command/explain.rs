//! `neuronc explain FILE`: a network in words; `neuronc explain CODE`: what a code means, with an example and its mend.

use std::io::{self, Write};

use neuronc::network::{Population, Unit};
use neuronc::{
    Code, Diagnostic, Inputs, LARGEST_PAGE, Manner, Network, Sources, Subject, Vocabulary, closest, comparison,
    grouped, neutralise, page, shown,
};

use crate::Outcome;
use crate::accounts::laid_out;
use crate::arguments::{AccountForm, Everywhere, Explain, Precision, RowOptions, Run, Words};
use crate::inputs::{missing_input, set_inputs, usage};
use crate::load::load_or_tell;
use crate::messages;
use crate::paths::chosen_path;
use crate::rows::{SurveyWanted, rows};
use crate::streams::Streams;

/// What compares the two neurons.
const NEURONS: &str = "neurons";

pub fn explain(arguments: &Explain, everywhere: &Everywhere, streams: &mut Streams) -> io::Result<Outcome> {
    let what = arguments.what.to_string_lossy();
    let code = Code::parse(&what);
    if code.is_some() || what == NEURONS {
        if let Some(more) = arguments.rest.first() {
            let help = "it is used as `neuronc explain CODE`, `neuronc explain neurons` or `neuronc explain FILE`";
            let message = format!("`{}` is one argument too many", shown(more));
            return refused(usage(Code::E0607, message, Some(help.to_owned())), everywhere, streams);
        }
        if arguments.rows.data.is_some() {
            let message = format!("`--data` says what rows show about a network, and `{what}` is none");
            return refused(usage(Code::E0607, message, None), everywhere, streams);
        }
        match code {
            Some(code) => write!(streams.out, "{}", code.page())?,
            None if arguments.format == AccountForm::Html => {
                let help = "it is written as text, markdown or json".to_owned();
                let report = usage(Code::E0607, "the comparison is no page".to_owned(), Some(help));
                return refused(report, everywhere, streams);
            }
            None => {
                let text = laid_out(&comparison(), &Sources::new(), arguments.format, streams.width);
                write!(streams.out, "{text}")?;
            }
        }
        return Ok(Outcome::Done);
    }
    // What can only be a word is no missing file.
    let is_word = what.chars().all(|letter| letter.is_ascii_alphanumeric());
    if is_word && !arguments.what.exists() {
        return refused(unknown_word(&what), everywhere, streams);
    }
    match arguments.rows.data {
        Some(_) => survey(arguments, everywhere, streams),
        None => network(arguments, everywhere, streams),
    }
}

fn refused(report: Diagnostic, everywhere: &Everywhere, streams: &mut Streams) -> io::Result<Outcome> {
    messages::tell(&[report], &Sources::new(), everywhere, streams)?;
    Ok(Outcome::Usage)
}

fn unknown_word(word: &str) -> Diagnostic {
    let asked: String = neutralise(word).chars().take(200).collect();
    let known = Code::ALL.iter().map(|code| code.as_str()).chain([NEURONS]);
    let help = match closest(word, known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "a code is written like E0201; messages show theirs".to_owned(),
    };
    usage(Code::E0607, format!("no error code is called `{asked}`, and no file"), Some(help))
}

/// What rows say about a network.
fn survey(arguments: &Explain, everywhere: &Everywhere, streams: &mut Streams) -> io::Result<Outcome> {
    if let Some(neuron) = arguments.rest.iter().find(|argument| !argument.contains('=')) {
        let message = format!("with `--data` the whole network is looked at, not `{}` alone", shown(neuron));
        return refused(usage(Code::E0607, message, Some("remove one of them".to_owned())), everywhere, streams);
    }
    if arguments.format == AccountForm::Html {
        let message = "what rows say is no page".to_owned();
        let help = "it is written as text, markdown or json".to_owned();
        return refused(usage(Code::E0607, message, Some(help)), everywhere, streams);
    }
    let run = Run {
        file: arguments.what.clone(),
        values: arguments.rest.clone(),
        trace: None,
        watch: false,
        exact: false,
        all: arguments.all,
        format: None,
        precision: Precision::F64,
        rows: RowOptions { read: arguments.rows.clone(), out: None, keep: Vec::new() },
    };
    let wanted = SurveyWanted { vocabulary: vocabulary(arguments), form: arguments.format, all: arguments.all };
    rows(&run, Some(wanted), everywhere, streams)
}

fn vocabulary(arguments: &Explain) -> Vocabulary {
    match arguments.vocabulary {
        Words::Artificial => Vocabulary::Artificial,
        Words::Biological => Vocabulary::Biological,
        Words::Both => Vocabulary::Both,
    }
}

fn network(arguments: &Explain, everywhere: &Everywhere, streams: &mut Streams) -> io::Result<Outcome> {
    let (mut sources, network) = match load_or_tell(&arguments.what, everywhere, streams)? {
        Ok(loaded) => loaded,
        Err(outcome) => return Ok(outcome),
    };
    let (name, values) = match arguments.rest.split_first() {
        // `x = 2` with blanks is no neuron called `x`.
        Some((name, rest)) if !name.contains('=') && !rest.first().is_some_and(|next| next.starts_with('=')) => {
            (Some(name), rest)
        }
        _ => (None, arguments.rest.as_slice()),
    };
    let mut inputs = Inputs::new(&network);
    let subject = name.map_or(Ok(Subject::Network), |name| subject(&network, name));
    let set = set_inputs(values, everywhere, &network, &mut inputs, &mut sources);
    let wrong: Vec<Diagnostic> =
        [subject.as_ref().err().cloned()].into_iter().flatten().chain(set.err().unwrap_or_default()).collect();
    let subject = match subject {
        Ok(subject) if wrong.is_empty() => subject,
        _ => {
            messages::tell(&wrong, &sources, everywhere, streams)?;
            return Ok(Outcome::Usage);
        }
    };
    if arguments.format == AccountForm::Html {
        let chosen = match subject {
            Subject::Network => None,
            Subject::Population(population) => Some(Unit { population, element: 0 }),
            Subject::Unit(unit) => Some(unit),
        };
        return match page(&network, &sources, &inputs, chosen, vocabulary(arguments), chosen_path()) {
            Ok(page) => write!(streams.out, "{page}").map(|()| Outcome::Done),
            Err(size) => refused(too_large(size), everywhere, streams),
        };
    }
    // Without any value the formulas are told; who gives some wants numbers.
    let given = match inputs.row(&network) {
        Ok(_) => Some(&inputs),
        Err(_) if values.is_empty() => None,
        Err(error) => {
            messages::tell(&[missing_input(&error, &network)], &sources, everywhere, streams)?;
            return Ok(Outcome::Usage);
        }
    };
    let manner = Manner { vocabulary: vocabulary(arguments), inputs: given, all: arguments.all, path: chosen_path() };
    let account = neuronc::explain(&network, &sources, subject, manner).expect("each input has a value");
    write!(streams.out, "{}", laid_out(&account, &sources, arguments.format, streams.width))?;
    Ok(Outcome::Done)
}

/// A network that is too large for a page.
pub fn too_large(size: u64) -> Diagnostic {
    let [size, most] = [size, LARGEST_PAGE].map(grouped);
    let message = format!("the network has {size} inputs, neurons and synapses, and a page {most} at the most");
    let help = "`neuronc draw FILE -o F.svg` folds what is large, `neuronc explain FILE` tells it in words".to_owned();
    usage(Code::E0607, message, Some(help))
}

/// What `c`, `h` or `h[2]` names.
fn subject(network: &Network, what: &str) -> Result<Subject, Diagnostic> {
    let (name, index) = match what.strip_suffix(']').and_then(|rest| rest.split_once('[')) {
        Some((name, index)) => (name.trim(), Some(index.trim())),
        None => (what, None),
    };
    let unknown = |message: String, help: Option<String>| Err(usage(Code::E0201, message, help));
    let Some((id, population)) = network.find(name).map(|id| (id, network.population(id))) else {
        let meant = closest(name, network.populations().map(|(_, population)| population.name.as_str()));
        let of_outputs = network.outputs().iter().find(|output| output.name == name);
        let is_parameter = network.parameters().any(|parameter| parameter.name.as_deref() == Some(name));
        let help = match (meant, of_outputs) {
            _ if is_parameter => Some(
                "it is a parameter: the whole network's account tells which synapses and neurons use it".to_owned(),
            ),
            (_, Some(output)) => output.parts.first().map(|part| {
                let unit = Unit { population: part.population, element: part.first };
                format!("it is an output: `{}` computes it", shown(&network.unit_name(unit)))
            }),
            (Some(meant), None) => Some(format!("did you mean `{}`?", shown(meant))),
            (None, None) => {
                Some("without a name the whole network is explained, with the names that it has".to_owned())
            }
        };
        return unknown(format!("no input or neuron is called `{}`", shown(name)), help);
    };
    let Some(index) = index else { return Ok(Subject::Population(id)) };
    match index.parse::<u32>().ok().filter(|element| population.is_array && *element < population.size) {
        Some(element) => Ok(Subject::Unit(Unit { population: id, element })),
        None => {
            let help = elements(population);
            unknown(format!("`{}` has no element `{}`", shown(name), shown(index)), Some(help))
        }
    }
}

/// Which elements there are.
fn elements(population: &Population) -> String {
    let name = shown(&population.name);
    match population.is_array {
        true => format!("its elements are `{name}[0]` to `{name}[{}]`", population.size - 1),
        false => format!("it is no array: `{name}` alone names it"),
    }
}

//! `neuronc run FILE [NAME=VALUE …]`: one evaluation.

use std::io::{self, Write};
use std::path::{Path as FilePath, PathBuf};

use neuronc::network::Unit;
use neuronc::{
    Code, Diagnostic, Inputs, NeuronTrace, Plan, Scratch, Sources, Wanted, evaluate, neutralise, plan, trace,
};
use serde_json::{Map, Value};

use crate::Outcome;
use crate::arguments::{Everywhere, OutputForm, Precision, Run, TraceForm};
use crate::files::{name_of, shown_path};
use crate::inputs::{missing_input, set_inputs, usage};
use crate::load::{load_or_tell_watched, outcome_of};
use crate::messages;
use crate::outputs::{no_outputs, not_finite};
use crate::paths::chosen_path;
use crate::streams::Streams;
use crate::traces::{Setting, exact};
use crate::watch::{LOOK, Watched};

pub fn run(arguments: &Run, everywhere: &Everywhere, streams: &mut Streams) -> io::Result<Outcome> {
    if arguments.rows.read.data.is_some() {
        return crate::rows::rows(arguments, None, everywhere, streams);
    }
    if let Some(form) = arguments.format.filter(|form| form.of_rows().is_some()) {
        let message = "the formats csv, tsv, jsonl, parquet and arrow are for files of rows".to_owned();
        let help = format!("{} needs `--data ROWS`; one evaluation is written as text or json", shown_form(form));
        messages::tell(&[usage(Code::E0607, message, Some(help))], &Sources::new(), everywhere, streams)?;
        return Ok(Outcome::Usage);
    }
    if !arguments.watch {
        return once(arguments, everywhere, streams, &mut Watched::default());
    }
    if arguments.file.as_os_str() == "-" {
        let message = "standard input cannot be watched".to_owned();
        messages::tell(&[usage(Code::E0607, message, None)], &Sources::new(), everywhere, streams)?;
        return Ok(Outcome::Usage);
    }
    let mut watched = Watched::default();
    let outcome = once(arguments, everywhere, streams, &mut watched)?;
    let is_there = arguments.file.is_file();
    if outcome == Outcome::Usage || !is_there {
        return Ok(outcome);
    }
    loop {
        std::thread::sleep(LOOK);
        let Some(changed) = watched.changed().map(|path| name_of(&beside(&arguments.file, path))) else { continue };
        if !everywhere.quiet {
            writeln!(streams.err, "{} was saved", shown_path(&changed))?;
        }
        once(arguments, everywhere, streams, &mut watched)?;
        streams.out.flush()?;
    }
}

/// A watched file as the user would name it: beside the file that is run, or as the system knows it.
fn beside(file: &FilePath, watched: &FilePath) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(FilePath::new("."));
    let inside = folder.canonicalize().ok().and_then(|home| watched.strip_prefix(home).ok().map(FilePath::to_owned));
    inside.map_or_else(|| watched.to_owned(), |inside| file.with_file_name(inside))
}

fn once(arguments: &Run, everywhere: &Everywhere, streams: &mut Streams, watched: &mut Watched) -> io::Result<Outcome> {
    let (mut sources, network) = match load_or_tell_watched(&arguments.file, everywhere, streams, watched)? {
        Ok(loaded) => loaded,
        Err(outcome) => return Ok(outcome),
    };
    if network.outputs().is_empty() {
        messages::tell(&[no_outputs(&network)], &sources, everywhere, streams)?;
        return Ok(Outcome::Errors);
    }
    let mut inputs = Inputs::new(&network);
    if let Err(reports) = set_inputs(&arguments.values, everywhere, &network, &mut inputs, &mut sources) {
        messages::tell(&reports, &sources, everywhere, streams)?;
        return Ok(Outcome::Usage);
    }
    let row = match arguments.precision {
        Precision::F64 => inputs.row(&network).map(Row::Double),
        Precision::F32 => inputs.single_row(&network).map(Row::Single),
    };
    let row = match row {
        Ok(row) => row,
        Err(error) => {
            messages::tell(&[missing_input(&error, &network)], &sources, everywhere, streams)?;
            return Ok(Outcome::Usage);
        }
    };
    let plan = plan(&network, Wanted::Outputs);
    let setting = Setting {
        network: &network,
        sources: &sources,
        precision: arguments.precision,
        exact: arguments.exact,
        all: arguments.all,
        width: streams.width,
        row: 0,
    };
    let (outputs, culprit) = match &row {
        Row::Double(row) => compute::<f64>(arguments, &setting, &plan, row, streams)?,
        Row::Single(row) => compute::<f32>(arguments, &setting, &plan, row, streams)?,
    };
    if arguments.trace != Some(TraceForm::Json) || arguments.format == Some(OutputForm::Json) {
        give(arguments, &setting, &outputs, streams)?;
    }
    streams.out.flush()?;
    let culprit = Vec::from_iter(culprit);
    messages::tell(&culprit, &sources, everywhere, streams)?;
    Ok(outcome_of(&culprit, everywhere))
}

/// The inputs' values in the precision of the run.
enum Row<'a> {
    Double(&'a [f64]),
    Single(Vec<f32>),
}

/// The outputs, and a warning of the first neuron that made something not finite. Writes the trace if one is wanted.
fn compute<R: neuronc::numeric::Real>(
    arguments: &Run,
    setting: &Setting<'_>,
    plan: &Plan,
    row: &[R],
    streams: &mut Streams,
) -> io::Result<(Vec<f64>, Option<Diagnostic>)> {
    let network = setting.network;
    let path = chosen_path();
    if let Some(form) = arguments.trace {
        let trace = trace(network, plan, row, path);
        for neuron in &trace.neurons {
            write!(streams.out, "{}", setting.neuron(neuron, form))?;
            if form != TraceForm::Json {
                writeln!(streams.out)?;
            }
        }
        let culprit = first_not_finite(&trace.neurons).map(|unit| not_finite(unit, network));
        return Ok((trace.outputs, culprit));
    }
    let mut outputs = vec![R::rounded(0.0); plan.output_count()];
    let culprit = evaluate(network, plan, row, &mut outputs, &mut Scratch::new(), path);
    let culprit = culprit.map(|unit| not_finite(unit, network));
    Ok((outputs.into_iter().map(R::widened).collect(), culprit))
}

/// What [`evaluate`] would have given, from a trace. A whole array has all its net inputs before its first output.
fn first_not_finite(neurons: &[NeuronTrace]) -> Option<Unit> {
    let first = neurons.iter().find(|neuron| !neuron.net_input.is_finite() || !neuron.output.is_finite())?;
    let whole = neurons.iter().filter(|neuron| neuron.neuron.population == first.neuron.population);
    let mut whole = whole.take_while(|_| first.activation.is_whole_array());
    Some(whole.find(|neuron| !neuron.net_input.is_finite()).unwrap_or(first).neuron)
}

/// The format as it is written behind `--format`.
fn shown_form(form: OutputForm) -> String {
    let name = form.of_rows().map_or("text", crate::form::Form::name);
    format!("`--format {name}`")
}

/// Writes the outputs.
fn give(arguments: &Run, setting: &Setting<'_>, values: &[f64], streams: &mut Streams) -> io::Result<()> {
    let form = arguments.format.unwrap_or(OutputForm::Text);
    let mut rest = values;
    let mut object = Map::new();
    for output in setting.network.outputs() {
        let count = output.parts.iter().map(|part| part.count as usize).sum();
        let (here, after) = rest.split_at(count);
        rest = after;
        match form {
            OutputForm::Text
            | OutputForm::Csv
            | OutputForm::Tsv
            | OutputForm::Jsonl
            | OutputForm::Parquet
            | OutputForm::Arrow => {
                let numbers: Vec<String> = here.iter().map(|value| setting.all_digits(*value)).collect();
                let value = if output.is_array { format!("[{}]", numbers.join(", ")) } else { numbers.join(", ") };
                writeln!(streams.out, "{} = {value}", neutralise(&output.name))?;
            }
            OutputForm::Json => {
                let mut numbers: Vec<Value> = here.iter().map(|value| exact(setting, *value)).collect();
                let value = if output.is_array { Value::Array(numbers) } else { numbers.remove(0) };
                object.insert(output.name.clone(), value);
            }
        }
    }
    match form {
        OutputForm::Text
        | OutputForm::Csv
        | OutputForm::Tsv
        | OutputForm::Jsonl
        | OutputForm::Parquet
        | OutputForm::Arrow => Ok(()),
        OutputForm::Json => writeln!(streams.out, "{}", Value::Object(object)),
    }
}

//! `neuronc test FILE…`: runs every `expect`.

use std::io::{self, Write};

use neuronc::network::{Expectation, Unit};
use neuronc::{
    Code, Diagnostic, Inputs, Label, Network, Scratch, Sources, Trace, Wanted, evaluate, neutralise, plan, shown, trace,
};

use super::check::worse;
use crate::Outcome;
use crate::arguments::{Everywhere, Files, MessageForm, Precision, TraceForm};
use crate::files::name_of;
use crate::load::load_or_tell;
use crate::messages;
use crate::paths::chosen_path;
use crate::streams::Streams;
use crate::traces::Setting;

pub fn test(arguments: &Files, everywhere: &Everywhere, streams: &mut Streams) -> io::Result<Outcome> {
    let mut worst = Outcome::Done;
    for path in &arguments.files {
        let outcome = match load_or_tell(path, everywhere, streams)? {
            Ok((sources, network)) => all_expectations(&name_of(path), &sources, &network, everywhere, streams)?,
            Err(outcome) => outcome,
        };
        worst = worse(worst, outcome);
    }
    Ok(worst)
}

/// What became of expectations.
#[derive(Default)]
struct Score {
    count: usize,
    held: usize,
    shown: usize,
    left_out: usize,
}

/// Runs the expectations of one file, which messages call `name`: of the networks that it declares, then its own.
pub fn all_expectations(
    name: &str,
    sources: &Sources,
    network: &Network,
    everywhere: &Everywhere,
    streams: &mut Streams,
) -> io::Result<Outcome> {
    let name = neutralise(name);
    let mut score = Score::default();
    for network in network.networks().iter().chain([network]) {
        expectations(sources, network, &mut score, everywhere, streams)?;
    }
    let Score { count, held, left_out, .. } = score;
    if !everywhere.quiet || held < count {
        let line = match count {
            0 => format!("{name}: no expectations"),
            _ if held == count => format!("{name}: {} of {count} expectations hold", held),
            _ if left_out == 0 => format!("{name}: {} of {count} expectations FAIL", count - held),
            _ => format!("{name}: {} of {count} expectations FAIL ({left_out} not shown)", count - held),
        };
        writeln!(streams.out, "{line}")?;
        streams.out.flush()?;
    }
    Ok(if held == count { Outcome::Done } else { Outcome::Errors })
}

/// Runs the expectations of one network.
fn expectations(
    sources: &Sources,
    network: &Network,
    score: &mut Score,
    everywhere: &Everywhere,
    streams: &mut Streams,
) -> io::Result<()> {
    let plan = plan(network, Wanted::Everything);
    let mut inputs = Inputs::new(network);
    let mut scratch = Scratch::new();
    let mut outputs = vec![0.0; plan.output_count()];
    score.count += network.expectations().len();
    for expectation in network.expectations() {
        inputs.give(expectation);
        let failure = match inputs.row(network) {
            Ok(row) => {
                evaluate::<f64>(network, &plan, row, &mut outputs, &mut scratch, chosen_path());
                let value = |unit| scratch.value(&plan, unit).unwrap_or(f64::NAN);
                missed(network, expectation, value).map(|(report, unit)| (report, Some((row, unit))))
            }
            Err(error) => {
                let label = Label { span: expectation.origin, text: "in this `expect`".to_owned() };
                Some((failed(Code::E0602, error.to_string(), label, None), None))
            }
        };
        match failure {
            None => score.held += 1,
            Some(_) if score.shown == everywhere.max_errors => score.left_out += 1,
            Some((report, traced)) => {
                score.shown += 1;
                messages::tell(&[report], sources, everywhere, streams)?;
                if let Some((row, unit)) = traced.filter(|_| everywhere.message_format == MessageForm::Human) {
                    show(network, sources, &trace(network, &plan, row, chosen_path()), unit, streams)?;
                }
            }
        }
        inputs.take_back(network, expectation);
    }
    Ok(())
}

/// The first value of an expectation that did not come out, and whose it is.
fn missed(network: &Network, expectation: &Expectation, value: impl Fn(Unit) -> f64) -> Option<(Diagnostic, Unit)> {
    for wanted in &expectation.wanted {
        let elements = wanted.units.elements().map(|element| Unit { population: wanted.units.population, element });
        for (unit, want) in std::iter::zip(elements, &wanted.values) {
            let got = value(unit);
            if !expectation.accepts(got, *want) {
                let name = shown(&network.unit_name(unit));
                let digits = neuronc::numeric::decimal::shortest;
                let message = format!("expected {name} = {}, but it is {}", digits(*want), digits(got));
                let label = Label { span: wanted.origin, text: format!("is {}", digits(got)) };
                let difference = (got - want).abs();
                let help = format!("they differ by {}", neuronc::numeric::decimal::rounded(difference, 3));
                return Some((failed(Code::E0605, message, label, Some(help)), unit));
            }
        }
    }
    None
}

fn failed(code: Code, message: String, label: Label, help: Option<String>) -> Diagnostic {
    Diagnostic { label: Some(label), help, ..messages::error(code, message) }
}

/// Shows how the missed neuron came to its value.
fn show(network: &Network, sources: &Sources, trace: &Trace, unit: Unit, streams: &mut Streams) -> io::Result<()> {
    let Some(neuron) = trace.neurons.iter().find(|neuron| neuron.neuron == unit) else { return Ok(()) };
    let setting =
        Setting { network, sources, precision: Precision::F64, exact: false, all: false, width: streams.width, row: 0 };
    writeln!(streams.err, "{}", setting.neuron(neuron, TraceForm::Text))
}

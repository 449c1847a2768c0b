//! `neuronc check FILE…`: all errors and warnings.

use std::io::{self, Write};

use neuronc::{counted, neutralise};

use crate::Outcome;
use crate::arguments::{Everywhere, Files};
use crate::files::name_of;
use crate::load::{load, tell_file_error};
use crate::messages;
use crate::streams::Streams;

pub fn check(arguments: &Files, everywhere: &Everywhere, streams: &mut Streams) -> io::Result<Outcome> {
    let mut worst = Outcome::Done;
    for path in &arguments.files {
        let outcome = match load(path, everywhere) {
            Err(error) => tell_file_error(&error, everywhere, streams)?,
            Ok(loaded) => {
                messages::tell(&loaded.diagnostics, &loaded.sources, everywhere, streams)?;
                if let Some(network) = loaded.network.filter(|_| streams.err_is_terminal && !everywhere.quiet) {
                    let counts = network.counts();
                    let name = name_of(path);
                    let problems = match loaded.diagnostics.len() {
                        0 => "no problems".to_owned(),
                        warnings => counted(warnings as u64, "warning"),
                    };
                    writeln!(
                        streams.err,
                        "{}: {}, {}, {}, {problems}",
                        neutralise(&name),
                        counted(counts.inputs, "input"),
                        counted(counts.neurons, "neuron"),
                        counted(counts.synapses, "synapse"),
                    )?;
                }
                crate::load::outcome_of(&loaded.diagnostics, everywhere)
            }
        };
        worst = worse(worst, outcome);
    }
    Ok(worst)
}

/// The outcome that matters more; the first of two alike.
pub fn worse(one: Outcome, other: Outcome) -> Outcome {
    let rank = |outcome| match outcome {
        Outcome::Done => 0,
        Outcome::Limit => 1,
        Outcome::Errors => 2,
        Outcome::Usage => 3,
        Outcome::InputOutput => 4,
        Outcome::BrokenPipe => 5,
        Outcome::Bug => 6,
    };
    if rank(other) > rank(one) { other } else { one }
}

//! The program: arguments, streams and exit codes around the library.

mod accounts;
mod arguments;
mod chart;
mod command;
mod disk;
mod files;
mod form;
mod inputs;
mod load;
mod messages;
mod outputs;
mod paths;
#[cfg(feature = "png")]
mod png;
#[cfg(not(feature = "png"))]
#[path = "no_png.rs"]
mod png;
mod repl;
mod rows;
mod same;
mod streams;
mod target;
mod templates;
mod traces;
mod usage;
mod watch;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use neuronc::Sources;

use arguments::{Arguments, Command, Everywhere};
use streams::Streams;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done, perhaps with warnings.
    Done,
    /// The source has errors, or an `expect` failed.
    Errors,
    /// The command line is wrong.
    Usage,
    /// Something could not be read or written.
    InputOutput,
    /// A published limit was passed, and nothing else is wrong.
    Limit,
    /// The reader of our output went away.
    BrokenPipe,
    /// A bug of ours.
    Bug,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(match outcome {
            Outcome::Done => 0,
            Outcome::Errors => 1,
            Outcome::Usage => 2,
            Outcome::InputOutput => 3,
            Outcome::Limit => 4,
            Outcome::BrokenPipe => 141,
            Outcome::Bug => 70,
        })
    }
}

/// Room for the deepest source that the limit on nesting allows.
pub const STACK: usize = 16 << 20;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        #[cfg(feature = "parquet")]
        if rows::is_guarded() {
            return;
        }
        let place = panic.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
        let reason = panic.payload_as_str().unwrap_or("unknown reason");
        let _ = writeln!(
            std::io::stderr(),
            "neuronc has a bug: {}{place}\nWhat was written until then may be incomplete. Please report it with the file and the command that you used.",
            neuronc::neutralise(reason)
        );
    }));
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(run);
    match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(outcome)) => outcome.into(),
        Ok(Err(_)) => Outcome::Bug.into(),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "neuronc could not start: {error}");
            Outcome::InputOutput.into()
        }
    }
}

fn run() -> Outcome {
    if streams::output_takes_nothing() {
        let _ = writeln!(
            std::io::stderr(),
            "neuronc: the output could not be written: standard output is open for reading only"
        );
        return Outcome::InputOutput;
    }
    let given: Vec<OsString> = std::env::args_os().collect();
    let guessed = usage::everywhere(&given);
    let arguments = match parse(given) {
        Ok(arguments) => arguments,
        Err(error) => return refused(&error, &guessed),
    };
    let Arguments { everywhere, command } = arguments;
    let mut streams = Streams::new(everywhere.color);
    let outcome = execute(command, &everywhere, &mut streams);
    ended(outcome, &mut streams)
}

/// The outcome once all output has arrived, or what kept it from arriving.
fn ended(outcome: std::io::Result<Outcome>, streams: &mut Streams) -> Outcome {
    let finished = outcome.and_then(|outcome| streams.finish().map(|()| outcome));
    finished.unwrap_or_else(|error| {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Outcome::BrokenPipe;
        }
        let _ = writeln!(streams.err, "neuronc: the output could not be written: {error}");
        Outcome::InputOutput
    })
}

/// The arguments; `FILE …` is read as `run FILE …`.
fn parse(given: Vec<OsString>) -> Result<Arguments, clap::Error> {
    let arguments = Arguments::try_parse_from(&given)?;
    let Some(Command::File(rest)) = &arguments.command else { return Ok(arguments) };
    let mut completed = given;
    let mut file = completed.len() - rest.len();
    if completed[file - 1] == "--" {
        file -= 1;
    }
    completed.insert(file, OsString::from("run"));
    Arguments::try_parse_from(completed)
}

/// Tells what is wrong with the arguments, or gives the help that they ask for.
fn refused(error: &clap::Error, everywhere: &Everywhere) -> Outcome {
    let mut streams = Streams::new(everywhere.color);
    let outcome = if error.use_stderr() {
        messages::tell(&[usage::report(error)], &Sources::new(), everywhere, &mut streams).map(|()| Outcome::Usage)
    } else {
        // Help and version hold nothing of the user's: they keep their colours.
        write!(streams.out, "{}", error.render().ansi()).map(|()| Outcome::Done)
    };
    ended(outcome, &mut streams)
}

fn execute(command: Option<Command>, everywhere: &Everywhere, streams: &mut Streams) -> std::io::Result<Outcome> {
    match command {
        None => {
            writeln!(streams.out, "neuronc describes neurons in text and shows what they compute.")?;
            writeln!(
                streams.out,
                "Next: `neuronc new` gives a file to start with, `neuronc run FILE --trace` shows every"
            )?;
            writeln!(streams.out, "synapse, `neuronc check FILE` explains mistakes, `neuronc help` lists the rest.")?;
            Ok(Outcome::Done)
        }
        Some(Command::Run(run)) => command::run::run(&run, everywhere, streams),
        Some(Command::New(new)) => command::new::new(&new, everywhere, streams),
        Some(Command::Check(files)) => command::check::check(&files, everywhere, streams),
        Some(Command::Test(files)) => command::test::test(&files, everywhere, streams),
        Some(Command::Fmt(fmt)) => command::fmt::fmt(&fmt, everywhere, streams),
        Some(Command::Repl(prompt)) => repl::repl(&prompt, everywhere, streams),
        Some(Command::Bench(bench)) => command::bench::bench(&bench, everywhere, streams),
        Some(Command::Draw(draw)) => command::draw::draw(&draw, everywhere, streams),
        Some(Command::Explain(explain)) => command::explain::explain(&explain, everywhere, streams),
        Some(Command::Completions(completions)) => {
            // Into memory first: the generator panics where it cannot write.
            let mut script = Vec::new();
            clap_complete::generate(completions.shell, &mut Arguments::command(), "neuronc", &mut script);
            streams.out.write_all(&script)?;
            Ok(Outcome::Done)
        }
        Some(Command::File(_)) => unreachable!("a bare file was parsed again as `run`"),
    }
}

//! From a path to a network, with all messages on the way.

use std::io;
use std::path::Path;

use neuronc::{Code, Diagnostic, Network, Severity, Sources, Surroundings, parse, resolve_with_files};

use crate::Outcome;
use crate::arguments::Everywhere;
use crate::disk::Disk;
use crate::files::{self, Content, FileError, shown_path};
use crate::messages;
use crate::streams::Streams;
use crate::watch::Watched;

/// A file that was read: its network if it has no error.
pub struct Loaded {
    pub sources: Sources,
    pub network: Option<Network>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// What the messages amount to.
    pub fn outcome(&self, everywhere: &Everywhere) -> Outcome {
        outcome_of(&self.diagnostics, everywhere)
    }
}

/// What messages amount to.
pub fn outcome_of(diagnostics: &[Diagnostic], everywhere: &Everywhere) -> Outcome {
    let mut errors = diagnostics.iter().filter(|report| report.severity == Severity::Error).peekable();
    if errors.peek().is_none() {
        let warned = everywhere.error_on_warning && !diagnostics.is_empty();
        return if warned { Outcome::Errors } else { Outcome::Done };
    }
    let (mut limits, mut files) = (false, false);
    for error in errors {
        match error.code {
            code if code.is_limit() => limits = true,
            code if code.is_file() => files = true,
            _ => return Outcome::Errors,
        }
    }
    if limits && !files { Outcome::Limit } else { Outcome::InputOutput }
}

/// Reads, parses and resolves a file; all that is wrong with its text is among the diagnostics.
pub fn load(path: &Path, everywhere: &Everywhere) -> Result<Loaded, FileError> {
    load_watched(path, everywhere, &mut Watched::default())
}

/// [`load`], which takes note of all files that are read.
fn load_watched(path: &Path, everywhere: &Everywhere, watched: &mut Watched) -> Result<Loaded, FileError> {
    let limits = &everywhere.limits();
    let disk = Disk::new(path, &everywhere.allow_path)?;
    *watched = Watched::file(path);
    let content = files::read(path, limits.source)?;
    let mut sources = Sources::new();
    let name = files::name_of(path);
    let added = match content {
        Content::Bytes(bytes) => sources.add(&name, bytes, limits),
        Content::TooLong(length) => Err(sources.refuse(&name, length, limits)),
    };
    let file = match added {
        Ok(file) => file,
        Err(error) => return Ok(Loaded { sources, network: None, diagnostics: vec![error] }),
    };
    let (program, mut diagnostics) = parse(sources.get(file), limits);
    let surroundings = Surroundings { sources: &mut sources, files: &disk, limits };
    let (network, resolved) = resolve_with_files(&program, surroundings);
    diagnostics.extend(resolved.into_sorted());
    let network = network.filter(|_| !diagnostics.has_errors());
    watched.extend(disk.seen());
    Ok(Loaded { sources, network, diagnostics: diagnostics.into_sorted() })
}

/// [`load`], with everything told; none if there is no network to go on with.
pub fn load_or_tell(
    path: &Path,
    everywhere: &Everywhere,
    streams: &mut Streams,
) -> io::Result<Result<(Sources, Network), Outcome>> {
    load_or_tell_watched(path, everywhere, streams, &mut Watched::default())
}

/// [`load_or_tell`], which takes note of all files that are read; of none if the file itself cannot be.
pub fn load_or_tell_watched(
    path: &Path,
    everywhere: &Everywhere,
    streams: &mut Streams,
    watched: &mut Watched,
) -> io::Result<Result<(Sources, Network), Outcome>> {
    let loaded = match load_watched(path, everywhere, watched) {
        Ok(loaded) => loaded,
        Err(error) => return tell_file_error(&error, everywhere, streams).map(Err),
    };
    messages::tell(&loaded.diagnostics, &loaded.sources, everywhere, streams)?;
    let outcome = loaded.outcome(everywhere);
    Ok(match loaded.network {
        Some(network) if outcome == Outcome::Done => Ok((loaded.sources, network)),
        _ => Err(outcome),
    })
}

/// Says that a file could not be read.
pub fn tell_file_error(error: &FileError, everywhere: &Everywhere, streams: &mut Streams) -> io::Result<Outcome> {
    use clap::CommandFactory;
    let name = shown_path(&error.name);
    let mut report = messages::error(Code::E0701, format!("`{name}` cannot be read: {}", error.reason));
    let command = crate::arguments::Arguments::command();
    let commands = command.get_subcommands().map(clap::Command::get_name);
    if error.kind == io::ErrorKind::NotFound
        && let Some(meant) = neuronc::closest(&error.name, commands)
    {
        report.help = Some(format!("did you mean the command `{meant}`?"));
    }
    messages::tell(&[report], &Sources::new(), everywhere, streams)?;
    Ok(Outcome::InputOutput)
}

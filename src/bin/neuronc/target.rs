//! Where output is written: standard output, a file that replaces its target at the end, or something that is no file.

use std::fs::{self, File};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anstream::{AutoStream, ColorChoice};
use neuronc::neutralise;

use crate::files::{FileError, Growing, reason};

pub enum Target {
    Standard {
        is_terminal: bool,
    },
    File {
        name: PathBuf,
        growing: Growing,
    },
    /// Standard output, for text of ours that may have colours.
    Coloured(AutoStream<io::Stdout>),
    /// A device or a pipe.
    Device {
        name: PathBuf,
        file: File,
    },
}

/// Why nothing more can be written.
#[derive(Debug)]
pub enum TargetError {
    Standard(io::Error),
    File(FileError),
}

impl Target {
    pub fn standard() -> Target {
        Target::Standard { is_terminal: io::stdout().is_terminal() }
    }

    /// Standard output, with or without colours.
    pub fn coloured(choice: ColorChoice) -> Target {
        Target::Coloured(AutoStream::new(io::stdout(), choice))
    }

    pub fn begin(path: &Path) -> Result<Target, TargetError> {
        let fail = |error: io::Error| failed(path, error);
        let name = path.to_owned();
        let is_file = match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => true,
            found => found.map_err(fail)?.is_file(),
        };
        if !is_file {
            let file = File::options().write(true).open(path).map_err(fail)?;
            return Ok(Target::Device { name, file });
        }
        let growing = Growing::begin(path).map_err(fail)?;
        Ok(Target::File { name, growing })
    }

    /// What is there only for now.
    pub fn temporary(&self) -> Option<&Path> {
        match self {
            Target::File { growing, .. } => Some(growing.path()),
            Target::Standard { .. } | Target::Coloured(_) | Target::Device { .. } => None,
        }
    }

    /// Writes whole rows.
    pub fn write(&mut self, text: &[u8]) -> Result<(), TargetError> {
        match self {
            Target::Standard { is_terminal: true } => inert(text).map_err(TargetError::Standard),
            Target::Standard { is_terminal: false } => io::stdout().write_all(text).map_err(TargetError::Standard),
            Target::Coloured(out) => out.write_all(text).map_err(TargetError::Standard),
            Target::File { name, growing } => growing.write_all(text).map_err(|error| failed(name, error)),
            Target::Device { name, file } => file.write_all(text).map_err(|error| failed(name, error)),
        }
    }

    /// Makes what was written last.
    pub fn finish(self) -> Result<(), TargetError> {
        match self {
            Target::Standard { .. } | Target::Coloured(_) => io::stdout().flush().map_err(TargetError::Standard),
            Target::File { name, growing } => growing.finish().map_err(|error| failed(&name, error)),
            Target::Device { .. } => Ok(()),
        }
    }
}

fn failed(path: &Path, error: io::Error) -> TargetError {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "there is no such folder".to_owned(),
        _ => reason(&error),
    };
    TargetError::File(FileError { name: path.to_string_lossy().into_owned(), reason: why, kind: error.kind() })
}

/// Nothing that was copied can move a terminal's cursor.
fn inert(text: &[u8]) -> io::Result<()> {
    let text = String::from_utf8_lossy(text);
    let lines = text.split_inclusive('\n');
    let shown = lines.map(|line| {
        let cells = line.trim_end_matches('\n').split('\t').map(neutralise);
        cells.collect::<Vec<_>>().join("\t") + "\n"
    });
    io::stdout().write_all(shown.collect::<String>().as_bytes())
}

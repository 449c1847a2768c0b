//! `neuronc fmt FILE…`: files in the one layout.

use std::io::{self, Write};
use std::path::Path;

use neuronc::{Code, Sources, format, neutralise, parse};

use super::check::worse;
use crate::Outcome;
use crate::arguments::{Everywhere, Fmt};
use crate::files::{Content, FileError, name_of, read, replace, shown_path};
use crate::load::{outcome_of, tell_file_error};
use crate::messages;
use crate::streams::Streams;

pub fn fmt(arguments: &Fmt, everywhere: &Everywhere, streams: &mut Streams) -> io::Result<Outcome> {
    let mut worst = Outcome::Done;
    for path in &arguments.files {
        worst = worse(worst, one(path, arguments.check, everywhere, streams)?);
    }
    Ok(worst)
}

fn one(path: &Path, check: bool, everywhere: &Everywhere, streams: &mut Streams) -> io::Result<Outcome> {
    let bytes = match read(path, everywhere.limits().source) {
        Ok(Content::Bytes(bytes)) => bytes,
        Ok(Content::TooLong(length)) => {
            let mut sources = Sources::new();
            let refused = [sources.refuse(&name_of(path), length, &everywhere.limits())];
            messages::tell(&refused, &sources, everywhere, streams)?;
            return Ok(outcome_of(&refused, everywhere));
        }
        Err(error) => return tell_file_error(&error, everywhere, streams),
    };
    let (outcome, formatted) = formatted(path, &bytes, everywhere, streams)?;
    let Some(formatted) = formatted else { return Ok(outcome) };
    let changed = formatted != bytes;
    if check {
        if changed {
            writeln!(streams.out, "{}", neutralise(&name_of(path)))?;
        }
        return Ok(if changed { Outcome::Errors } else { Outcome::Done });
    }
    if path.as_os_str() == "-" {
        streams.out.write_all(&formatted)?;
    } else if changed && let Err(error) = replace(path, &formatted) {
        return tell_not_written(&error, everywhere, streams);
    }
    Ok(Outcome::Done)
}

/// The bytes of a file in their layout, or what keeps it from having one. Warnings are told as well: what some point to,
/// such as the blanks around a minus, can no longer be seen when all blanks are alike.
fn formatted(
    path: &Path,
    bytes: &[u8],
    everywhere: &Everywhere,
    streams: &mut Streams,
) -> io::Result<(Outcome, Option<Vec<u8>>)> {
    let limits = everywhere.limits();
    let mut sources = Sources::new();
    let (diagnostics, text) = match sources.add(&name_of(path), bytes.to_vec(), &limits) {
        Err(error) => (vec![error], String::new()),
        Ok(file) => {
            let source = sources.get(file);
            let (program, diagnostics) = parse(source, &limits);
            let text = if diagnostics.has_errors() { String::new() } else { format(&program, source) };
            (diagnostics.into_sorted(), text)
        }
    };
    messages::tell(&diagnostics, &sources, everywhere, streams)?;
    let outcome = outcome_of(&diagnostics, everywhere);
    let text = with_line_ends(text, bytes);
    Ok((outcome, (outcome == Outcome::Done).then_some(text)))
}

/// The text with the line ends of the file that it comes from: those of its first line.
fn with_line_ends(text: String, file: &[u8]) -> Vec<u8> {
    let first = file.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
    let ends = match first.map(|first| &file[first..]) {
        Some([b'\r', b'\n', ..]) => "\r\n",
        Some([b'\r', ..]) => "\r",
        _ => return text.into_bytes(),
    };
    text.replace('\n', ends).into_bytes()
}

fn tell_not_written(error: &FileError, everywhere: &Everywhere, streams: &mut Streams) -> io::Result<Outcome> {
    let message = format!("`{}` cannot be written: {}", shown_path(&error.name), error.reason);
    messages::tell(&[messages::error(Code::E0702, message)], &Sources::new(), everywhere, streams)?;
    Ok(Outcome::InputOutput)
}

//! `neuronc new [TEMPLATE] [FILE]`: a starting file with comments.

use std::ffi::OsStr;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use neuronc::{Code, Diagnostic, Sources, closest, neutralise, shown};

use crate::Outcome;
use crate::arguments::{Everywhere, MessageForm, New};
use crate::files::{FileError, shown_path, write_new};
use crate::inputs::usage;
use crate::messages;
use crate::streams::Streams;
use crate::templates::{TEMPLATES, Template};

pub fn new(arguments: &New, everywhere: &Everywhere, streams: &mut Streams) -> io::Result<Outcome> {
    let Some(first) = &arguments.first else { return list(streams) };
    let (template, path) = match chosen(first, arguments.file.as_deref()) {
        Ok(chosen) => chosen,
        Err(report) => {
            messages::tell(&[report], &Sources::new(), everywhere, streams)?;
            return Ok(Outcome::Usage);
        }
    };
    if path.as_os_str() == "-" {
        streams.out.write_all(template.text_for(template.name).as_bytes())?;
        return Ok(Outcome::Done);
    }
    let stem = path.file_stem().and_then(OsStr::to_str).unwrap_or(template.name);
    if let Err(error) = write_new(&path, template.text_for(stem).as_bytes()) {
        messages::tell(&[not_written(&error, template)], &Sources::new(), everywhere, streams)?;
        return Ok(Outcome::InputOutput);
    }
    // Where messages are JSON, every line on standard error is an object.
    if !everywhere.quiet && everywhere.message_format != MessageForm::Json {
        let typed = typed(&path);
        writeln!(streams.err, "wrote {}: {}", neutralise(&path.to_string_lossy()), template.about)?;
        writeln!(streams.err, "next: neuronc run {typed} {}", template.first_run)?;
        writeln!(streams.err, "      neuronc test {typed}")?;
    }
    Ok(Outcome::Done)
}

fn list(streams: &mut Streams) -> io::Result<Outcome> {
    for template in TEMPLATES {
        writeln!(streams.out, "{:<8} {}", template.name, template.about)?;
    }
    let name = TEMPLATES[0].name;
    writeln!(streams.out, "Next: `neuronc new {name}` writes {name}.neuron, with comments.")?;
    Ok(Outcome::Done)
}

/// The template and the file that are meant, or why there are none.
fn chosen(first: &OsStr, file: Option<&Path>) -> Result<(&'static Template, PathBuf), Diagnostic> {
    let template = first.to_str().and_then(Template::named);
    match (template, file) {
        (Some(template), None) => Ok((template, PathBuf::from(format!("{}.neuron", template.name)))),
        (Some(template), Some(path)) if is_file(path) => Ok((template, path.to_owned())),
        (Some(_), Some(path)) => Err(no_ending(path)),
        (None, None) if is_file(Path::new(first)) => {
            let path = PathBuf::from(first);
            let named = path.file_stem().and_then(OsStr::to_str).and_then(Template::named);
            Ok((named.unwrap_or(&TEMPLATES[0]), path))
        }
        (None, _) => Err(no_template(first, file)),
    }
}

/// Whether a name is one of a network's file, or standard output.
fn is_file(path: &Path) -> bool {
    path.as_os_str() == "-" || path.extension().is_some_and(|ending| ending == "neuron")
}

fn no_ending(path: &Path) -> Diagnostic {
    let name = path.to_string_lossy();
    let name = shown_path(&name);
    let message = format!("the file's name `{name}` does not end with `.neuron`");
    usage(Code::E0606, message, Some(format!("write `{name}.neuron`")))
}

fn no_template(first: &OsStr, file: Option<&Path>) -> Diagnostic {
    let word = first.to_string_lossy();
    let shown = shown(&word);
    let names = || TEMPLATES.iter().map(|template| template.name);
    let reversed = file.and_then(Path::to_str).and_then(Template::named).filter(|_| is_file(Path::new(first)));
    let help = match (reversed, closest(&word, names())) {
        (Some(template), _) => format!("the template stands first: `neuronc new {} {shown}`", template.name),
        (None, Some(meant)) => format!("did you mean `{meant}`?"),
        (None, None) => {
            let names: Vec<&str> = names().collect();
            format!("the templates are {}; a file's name ends with `.neuron`", names.join(", "))
        }
    };
    usage(Code::E0606, format!("no template is called `{shown}`"), Some(help))
}

fn not_written(error: &FileError, template: &Template) -> Diagnostic {
    let message = format!("`{}` cannot be written: {}", shown_path(&error.name), error.reason);
    let help = (error.kind == ErrorKind::AlreadyExists)
        .then(|| format!("it is as it was; give another name: `neuronc new {} NAME.neuron`", template.name));
    usage(Code::E0702, message, help)
}

/// A path as it is typed in a shell.
fn typed(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = neutralise(&text);
    let start = if text.starts_with('-') { "./" } else { "" };
    let is_plain = |character: char| character.is_alphanumeric() || "._-/\\:".contains(character);
    if text.chars().all(is_plain) {
        format!("{start}{text}")
    } else {
        format!("'{start}{}'", text.replace('\'', "'\\''"))
    }
}

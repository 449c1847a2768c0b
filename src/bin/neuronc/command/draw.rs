//! `neuronc draw FILE [NAME=VALUE …]`: a picture of a network.

use std::io::{self, IsTerminal};
use std::path::Path as FilePath;

use clap::ValueEnum;
use neuronc::picture;
use neuronc::{Code, Diagnostic, Inputs, Network, Sources, Trace, Vocabulary, Wanted, page, plan, trace_neurons};

use super::explain::too_large;
use crate::Outcome;
use crate::arguments::{Draw, Everywhere, PictureForm, Theme};
use crate::files::shown_path;
use crate::inputs::{missing_input, set_inputs, usage};
use crate::load::load_or_tell_watched;
use crate::messages;
use crate::paths::chosen_path;
use crate::png::png;
use crate::same::{is_same, metadata, same_file, standard_output};
use crate::streams::Streams;
use crate::target::{Target, TargetError};
use crate::watch::Watched;

/// Why there is no PNG.
#[derive(Debug)]
#[allow(dead_code, reason = "which of them there are depends on the feature")]
pub enum Unmade {
    /// The program was built without it.
    Absent,
    /// The machine has no font.
    NoFont,
    /// So many pixels in width and height.
    TooLarge(u64, u64),
}

pub fn draw(arguments: &Draw, everywhere: &Everywhere, streams: &mut Streams) -> io::Result<Outcome> {
    let out = arguments.out.as_deref().filter(|out| out.as_os_str() != "-");
    let form = match form(arguments.format, out) {
        Ok(form) => form,
        Err(report) => return refused(&report, everywhere, streams),
    };
    if let Some(report) = unusable(form, out.is_none() && io::stdout().is_terminal()) {
        return refused(&report, everywhere, streams);
    }
    let mut read = Watched::default();
    let (mut sources, network) = match load_or_tell_watched(&arguments.file, everywhere, streams, &mut read)? {
        Ok(loaded) => loaded,
        Err(outcome) => return Ok(outcome),
    };
    if let Some(report) = overwrites(&arguments.file, &read, out) {
        return refused(&report, everywhere, streams);
    }
    if form == PictureForm::Html {
        let mut inputs = Inputs::new(&network);
        if let Err(reports) = set_inputs(&arguments.values, everywhere, &network, &mut inputs, &mut sources) {
            messages::tell(&reports, &sources, everywhere, streams)?;
            return Ok(Outcome::Usage);
        }
        return match page(&network, &sources, &inputs, None, Vocabulary::Both, chosen_path()) {
            Ok(page) => put(page.as_bytes(), out, everywhere, streams),
            Err(size) => refused(&too_large(size), everywhere, streams),
        };
    }
    let trace = match evaluated(arguments, everywhere, &network, &mut sources) {
        Ok(trace) => trace,
        Err(reports) => {
            messages::tell(&reports, &sources, everywhere, streams)?;
            return Ok(Outcome::Usage);
        }
    };
    match written(arguments, form, &network, trace.as_ref()) {
        Ok(bytes) => put(&bytes, out, everywhere, streams),
        Err(unmade) => tell_unmade(&unmade, out, everywhere, streams),
    }
}

/// Writes the bytes to the output, whole or not at all.
fn put(bytes: &[u8], out: Option<&FilePath>, everywhere: &Everywhere, streams: &mut Streams) -> io::Result<Outcome> {
    let target = out.map_or_else(|| Ok(Target::standard()), Target::begin);
    let put = target.and_then(|mut target| {
        target.write(bytes)?;
        target.finish()
    });
    match put {
        Ok(()) => Ok(Outcome::Done),
        Err(TargetError::Standard(error)) => Err(error),
        Err(TargetError::File(error)) => {
            let message = format!("`{}` cannot be written: {}", shown_path(&error.name), error.reason);
            messages::tell(&[messages::error(Code::E0702, message)], &Sources::new(), everywhere, streams)?;
            Ok(Outcome::InputOutput)
        }
    }
}

fn refused(report: &Diagnostic, everywhere: &Everywhere, streams: &mut Streams) -> io::Result<Outcome> {
    messages::tell(std::slice::from_ref(report), &Sources::new(), everywhere, streams)?;
    Ok(Outcome::Usage)
}

/// The format that is asked for, or that the output's name tells.
fn form(asked: Option<PictureForm>, out: Option<&FilePath>) -> Result<PictureForm, Box<Diagnostic>> {
    let Some(out) = out.filter(|_| asked.is_none()) else { return Ok(asked.unwrap_or(PictureForm::Svg)) };
    let extension = out.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default();
    PictureForm::from_str(&extension, false).map_err(|_| {
        let names: Vec<String> = PictureForm::value_variants()
            .iter()
            .filter_map(|form| form.to_possible_value().map(|value| value.get_name().to_owned()))
            .collect();
        let message = format!("the name `{}` does not tell a format", shown_path(&out.to_string_lossy()));
        let help = format!("say it as `--format svg`; the formats are {}", names.join(", "));
        Box::new(usage(Code::E0607, message, Some(help)))
    })
}

/// Whether the output would replace what was read.
fn overwrites(file: &FilePath, read: &Watched, out: Option<&FilePath>) -> Option<Diagnostic> {
    let mut files = std::iter::once(file).chain(read.files());
    let help = Some("write to another file: this one would be lost".to_owned());
    match out {
        Some(out) => {
            let source = files.find(|file| is_same(file, out))?;
            let message = format!("`--out` is a file that was read, `{}`", shown_path(&source.to_string_lossy()));
            Some(usage(Code::E0808, message, help))
        }
        None => {
            let standard = standard_output()?;
            let source = files.find(|file| metadata(file).is_some_and(|file| same_file(&standard, &file)))?;
            let message =
                format!("standard output is a file that was read, `{}`", shown_path(&source.to_string_lossy()));
            Some(usage(Code::E0808, message, help))
        }
    }
}

/// What the network computes, where that is wanted.
fn evaluated(
    arguments: &Draw,
    everywhere: &Everywhere,
    network: &Network,
    sources: &mut Sources,
) -> Result<Option<Trace>, Vec<Diagnostic>> {
    if arguments.values.is_empty() && !arguments.is_evaluated {
        return Ok(None);
    }
    let mut inputs = Inputs::new(network);
    set_inputs(&arguments.values, everywhere, network, &mut inputs, sources)?;
    let row = inputs.row(network).map_err(|error| vec![missing_input(&error, network)])?;
    let plan = plan(network, Wanted::Everything);
    Ok(Some(trace_neurons::<f64>(network, &plan, row, chosen_path())))
}

/// The picture in its format.
fn written(arguments: &Draw, form: PictureForm, network: &Network, trace: Option<&Trace>) -> Result<Vec<u8>, Unmade> {
    let theme = match arguments.theme {
        Theme::Light => picture::Theme::Light,
        Theme::Dark => picture::Theme::Dark,
        Theme::Auto => picture::Theme::Auto,
    };
    Ok(match form {
        PictureForm::Svg | PictureForm::Html => picture::svg(&picture::draw(network, trace), theme).into_bytes(),
        PictureForm::Png => {
            // Pixels cannot ask what the reader prefers.
            let theme = if theme == picture::Theme::Auto { picture::Theme::Light } else { theme };
            return png(&picture::svg(&picture::draw(network, trace), theme), arguments.scale);
        }
        PictureForm::Dot => picture::dot(&picture::draw(network, trace)).into_bytes(),
        PictureForm::Mermaid => picture::mermaid(&picture::draw_small(network, trace)).into_bytes(),
    })
}

/// What keeps a format from being written at all, found before anything is read. `is_seen` says that it would be written to
/// a terminal.
fn unusable(form: PictureForm, is_seen: bool) -> Option<Diagnostic> {
    if form != PictureForm::Png {
        return None;
    }
    if crate::png::check().is_err() {
        let help =
            "`cargo install --path . --features png` installs one that has it; `rsvg-convert` makes PNG of svg, too";
        return Some(usage(Code::E0607, "this program was built without PNG".to_owned(), Some(help.to_owned())));
    }
    let help = || Some("say where it goes: `--out FILE.png`".to_owned());
    is_seen.then(|| usage(Code::E0607, "PNG is not written to a terminal".to_owned(), help()))
}

/// Says why there is no PNG.
fn tell_unmade(
    unmade: &Unmade,
    out: Option<&FilePath>,
    everywhere: &Everywhere,
    streams: &mut Streams,
) -> io::Result<Outcome> {
    let name = out.map_or_else(|| "standard output".to_owned(), |out| out.to_string_lossy().into_owned());
    let (why, help) = match unmade {
        Unmade::Absent => ("this program was built without PNG".to_owned(), None),
        Unmade::NoFont => {
            ("no font was found on this machine".to_owned(), Some("install one, such as DejaVu Sans; svg needs none"))
        }
        Unmade::TooLarge(width, height) => {
            let pixels = format!("{width} × {height} pixels are more than 67 million");
            (pixels, Some("give a smaller `--scale`, or draw svg"))
        }
    };
    let message = format!("`{}` cannot be written: {why}", shown_path(&name));
    let report = Diagnostic { help: help.map(str::to_owned), ..messages::error(Code::E0702, message) };
    messages::tell(&[report], &Sources::new(), everywhere, streams)?;
    Ok(Outcome::InputOutput)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_not_written_to_a_terminal() {
        let refused = |form, is_seen| unusable(form, is_seen).map(|report| report.message);
        for form in PictureForm::value_variants() {
            let is_png = *form == PictureForm::Png;
            assert_eq!(refused(*form, true).is_some(), is_png, "{form:?}");
            assert_eq!(refused(*form, false).is_some(), is_png && !cfg!(feature = "png"), "{form:?}");
        }
        let told = if cfg!(feature = "png") { "not written to a terminal" } else { "built without PNG" };
        assert!(refused(PictureForm::Png, true).is_some_and(|message| message.contains(told)));
    }
}

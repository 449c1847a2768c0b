//! Diagnostics on standard error: for people, one line each, or as JSON.

use std::io::{self, Write};

use miette::{GraphicalReportHandler, GraphicalTheme};
use neuronc::{Code, Diagnostic, Label, Report, Severity, Sources, counted, neutralise};
use serde_json::{Map, Value, json};

use crate::arguments::{Everywhere, MessageForm};
use crate::streams::Streams;

/// An error of the command line or the run, rather than of a source's text.
pub fn error(code: Code, message: String) -> Diagnostic {
    Diagnostic { severity: Severity::Error, code, message, label: None, related: Vec::new(), help: None }
}

/// Writes messages in the form that is asked for: at most as many errors, and as many warnings, as the limit says.
pub fn tell(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    everywhere: &Everywhere,
    streams: &mut Streams,
) -> io::Result<()> {
    let text = rendered(diagnostics, sources, everywhere, Look::of(streams));
    streams.err.write_all(text.as_bytes())
}

/// How messages look to people.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    pub coloured: bool,
    /// Columns.
    pub width: usize,
}

impl Look {
    /// That of what is written to standard error.
    pub fn of(streams: &Streams) -> Look {
        Look { coloured: streams.err_is_coloured(), width: streams.width }
    }
}

/// The text that [`tell`] writes.
pub fn rendered(diagnostics: &[Diagnostic], sources: &Sources, everywhere: &Everywhere, look: Look) -> String {
    let of = |severity| move |report: &&Diagnostic| report.severity == severity;
    let errors = diagnostics.iter().filter(of(Severity::Error)).count();
    let warnings = if everywhere.quiet && !everywhere.error_on_warning {
        0
    } else {
        diagnostics.iter().filter(of(Severity::Warning)).count()
    };
    let mut told = (0, 0);
    let mut text = String::new();
    for report in diagnostics {
        let (count, of) = match report.severity {
            Severity::Error => (&mut told.0, errors),
            Severity::Warning => (&mut told.1, warnings),
        };
        if *count < everywhere.max_errors.min(of) {
            *count += 1;
            match everywhere.message_format {
                MessageForm::Human => human(report, sources, look, &mut text),
                MessageForm::Short => short(report, sources, &mut text),
                MessageForm::Json => text.push_str(&format!("{}\n", json(report, sources))),
            }
        }
    }
    let left = (errors - told.0, warnings - told.1);
    if everywhere.message_format != MessageForm::Json && errors + warnings > 0 {
        let mut parts = Vec::new();
        for (count, left, noun) in [(errors, left.0, "error"), (warnings, left.1, "warning")] {
            if count > 0 {
                let more = if left > 0 { format!(" ({left} not shown)") } else { String::new() };
                parts.push(format!("{}{more}", counted(count as u64, noun)));
            }
        }
        if errors + warnings > 1 {
            text.push_str(&format!("{}\n", parts.join(", ")));
        }
    }
    text
}

fn human(report: &Diagnostic, sources: &Sources, look: Look, text: &mut String) {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let theme = match (dumb, look.coloured) {
        (true, _) => GraphicalTheme::none(),
        (false, true) => GraphicalTheme::unicode(),
        (false, false) => GraphicalTheme::unicode_nocolor(),
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(look.width.clamp(40, 100)).with_links(false);
    let start = text.len();
    if handler.render_report(text, &Report::new(report, sources)).is_err() {
        text.truncate(start);
        short(report, sources, text);
    }
    text.push('\n');
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn short(report: &Diagnostic, sources: &Sources, text: &mut String) {
    if let Some(label) = &report.label {
        let source = sources.get(label.span.file);
        let position = sources.position(label.span);
        text.push_str(&format!("{}:{}:{}: ", neutralise(source.name()), position.line, position.column));
    }
    text.push_str(&format!("{}[{}]: {}", word(report.severity), report.code, report.message));
    if let Some(help) = &report.help {
        text.push_str(&format!(" ({help})"));
    }
    text.push('\n');
}

fn json(report: &Diagnostic, sources: &Sources) -> Value {
    let mut object = Map::new();
    object.insert("schema".to_owned(), json!("neuronc.message/1"));
    object.insert("severity".to_owned(), json!(word(report.severity)));
    object.insert("code".to_owned(), json!(report.code.as_str()));
    object.insert("message".to_owned(), json!(report.message));
    if let Some(label) = &report.label {
        let source = sources.get(label.span.file);
        let (start, end) = (source.position(label.span.start as usize), source.position(label.span.end as usize));
        object.insert("file".to_owned(), json!(neutralise(source.name())));
        object.insert("line".to_owned(), json!(start.line));
        object.insert("column".to_owned(), json!(start.column));
        object.insert("end_line".to_owned(), json!(end.line));
        object.insert("end_column".to_owned(), json!(end.column));
        object.insert("label".to_owned(), json!(label.text));
    }
    if let Some(help) = &report.help {
        object.insert("help".to_owned(), json!(help));
    }
    let related = |label: &Label| {
        let position = sources.position(label.span);
        let file = neutralise(sources.get(label.span.file).name());
        json!({ "message": label.text, "file": file, "line": position.line, "column": position.column })
    };
    object.insert("related".to_owned(), report.related.iter().map(related).collect());
    Value::Object(object)
}

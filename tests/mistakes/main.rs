//! Mistakes planted in the examples and in files of the suite: each is told once, at its place, with its code.
//!
//! `planted.txt` has what is said of each, `slips.txt` how often what is said of random slips.

mod generated;
mod planted;
mod random;

use std::path::Path;

use neuronc::{Diagnostic, Limits, Severity, Source, Sources, parse, resolve};

/// A file without mistakes: an example, or one of the suite's values.
fn base(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let example = root.join("examples").join(format!("{name}.neuron"));
    let value = root.join("tests/suite/values").join(format!("{name}.neuron"));
    std::fs::read_to_string(if example.exists() { example } else { value }).expect("the file is there")
}

/// All messages of a text, by place.
fn check(text: &str) -> (Sources, Vec<Diagnostic>) {
    let limits = Limits::default();
    let mut sources = Sources::new();
    let file = sources.add("mistake.neuron", text.into(), &limits).expect("a text");
    let (program, mut diagnostics) = parse(sources.get(file), &limits);
    let (_, more) = resolve(&program, sources.get(file), &limits);
    diagnostics.extend(more.into_sorted());
    (sources, diagnostics.into_sorted())
}

fn is_error(report: &&Diagnostic) -> bool {
    report.severity == Severity::Error
}

/// A message in a few lines.
fn shown(report: &Diagnostic, source: &Source) -> String {
    let mut text = format!("{}: {}\n", report.code, report.message);
    for label in report.label.iter().chain(&report.related) {
        let position = source.position(label.span.start as usize);
        let line = &source.text()[source.line_range(position.line)];
        let marked = source.slice(label.span).lines().next().unwrap_or("").chars().count().max(1);
        text.push_str(&format!("  {:>3} | {line}\n", position.line));
        text.push_str(&format!("      | {}{} {}\n", " ".repeat(position.column - 1), "^".repeat(marked), label.text));
    }
    if let Some(help) = &report.help {
        text.push_str(&format!("  help: {help}\n"));
    }
    text
}

/// Holds what was told to what a file says; with `UPDATE=1` the file is written anew.
#[track_caller]
fn assert_recorded(name: &str, told: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, told).expect("the folder can be written");
        return;
    }
    let recorded = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = std::iter::zip(recorded.lines(), told.lines()).position(|(was, is)| was != is);
    if recorded != told {
        let line = differs.unwrap_or_else(|| recorded.lines().count().min(told.lines().count()));
        let near = |text: &str| text.lines().skip(line.saturating_sub(2)).take(6).collect::<Vec<_>>().join("\n");
        panic!("{name}:{}: recorded\n{}\nnow\n{}\nUPDATE=1 records it", line + 1, near(&recorded), near(told));
    }
}

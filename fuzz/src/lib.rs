//! Doors through which bytes of strangers come. Each function takes any bytes and panics if a promise is broken: that
//! nothing panics, that places lie within the text, that what is laid out or saved means the same, that shown text is inert.

mod alike;
mod beside;
mod rows;
mod told;
mod typed;

use std::collections::BTreeMap;

use neuronc::network::Network;
use neuronc::numeric::decimal;
use neuronc::{
    Diagnostics, Inputs, Limits, Manner, Path, Report, Sources, Subject, Surroundings, Vocabulary, Wanted, evaluate,
    explain, format, page, parse, picture, plan, resolve_with_files, save, trace,
};

pub use alike::alike;
pub use beside::{files, imports, tensors};
pub use rows::tables;
pub use told::messages;
pub use typed::entries;

/// Limits that keep a run short.
fn limits() -> Limits {
    Limits {
        nesting: 48,
        neurons: 2_000,
        synapses: 20_000,
        parameters: 20_000,
        operations: 1_000,
        source: 1 << 16,
        ..Limits::default()
    }
}

/// Whatever is reported points into the sources and shows nothing that a terminal obeys.
fn check(reports: Diagnostics, sources: &Sources) -> bool {
    let has_errors = reports.has_errors();
    for report in reports.into_sorted() {
        for label in report.label.iter().chain(&report.related) {
            let text = sources.get(label.span.file).text();
            let (start, end) = (label.span.start as usize, label.span.end as usize);
            assert!(start <= end && end <= text.len(), "{label:?} of {} bytes", text.len());
            assert!(text.is_char_boundary(start) && text.is_char_boundary(end), "{label:?}");
        }
        assert_inert(&report.message);
        let mut shown = String::new();
        let told = Report::new(&report, sources);
        render(&mut shown, &told);
        assert_inert(&shown);
    }
    has_errors
}

/// As miette's handler for screen readers writes it: without colours.
fn render(text: &mut String, report: &Report<'_>) {
    miette::NarratableReportHandler::new().render_report(text, report).expect("a string takes all");
}

/// No control characters but tabs and line ends, none that turn the direction of text.
fn assert_inert(text: &str) {
    let obeyed = |character: &char| {
        (character.is_control() && !matches!(character, '\n' | '\t'))
            || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
    };
    assert_eq!(text.chars().find(obeyed), None, "{text:?}");
}

/// The network of a text, with these files beside it.
fn resolved(text: Vec<u8>, files: &BTreeMap<String, Vec<u8>>, sources: &mut Sources) -> Option<Network> {
    let limits = limits();
    let file = sources.add("main.neuron", text, &limits).ok()?;
    let (program, mut reports) = parse(sources.get(file), &limits);
    let (network, more) = resolve_with_files(&program, Surroundings { sources, files, limits: &limits });
    reports.extend(more.into_sorted());
    let has_errors = check(reports, sources);
    network.filter(|_| !has_errors)
}

/// Values of all inputs: those given, else ones.
fn row(network: &Network) -> Vec<f64> {
    match Inputs::new(network).row(network) {
        Ok(row) => row.to_vec(),
        Err(_) => vec![1.0; plan(network, Wanted::Outputs).input_count()],
    }
}

/// The bits of all outputs; NaN is NaN.
fn outputs(network: &Network, row: &[f64]) -> Vec<Option<u64>> {
    let order = plan(network, Wanted::Outputs);
    let mut outputs = vec![0.0; order.output_count()];
    evaluate(network, &order, row, &mut outputs, &mut neuronc::Scratch::new(), Path::best());
    outputs.iter().map(|output| (!output.is_nan()).then_some(output.to_bits())).collect()
}

/// A source file: parsed, resolved, evaluated, traced, explained, drawn.
pub fn text(bytes: &[u8]) {
    let mut sources = Sources::new();
    let Some(network) = resolved(bytes.to_vec(), &BTreeMap::new(), &mut sources) else { return };
    let row = row(&network);
    let traced = trace::<f64>(&network, &plan(&network, Wanted::Everything), &row, Path::best());
    let told: Vec<_> = traced.outputs.iter().map(|output| (!output.is_nan()).then_some(output.to_bits())).collect();
    assert_eq!(told, outputs(&network, &row), "the trace and the evaluation");
    let manner = Manner { vocabulary: Vocabulary::Both, inputs: None, all: true, path: Path::best() };
    explain(&network, &sources, Subject::Network, manner).expect("no values are needed");
    let picture = picture::draw(&network, Some(&traced));
    assert_inert(&picture::svg(&picture, picture::Theme::Auto));
    assert_inert(&picture::dot(&picture));
    assert_inert(&picture::mermaid(&picture::draw_small(&network, None)));
    let _ = page(&network, &sources, &Inputs::new(&network), None, Vocabulary::Both, Path::best());
}

/// The layout of a file, and a network saved as text: both mean the same as before.
pub fn layout(bytes: &[u8]) {
    let limits = limits();
    let mut sources = Sources::new();
    let Ok(file) = sources.add("main.neuron", bytes.to_vec(), &limits) else { return };
    let (program, reports) = parse(sources.get(file), &limits);
    if reports.has_errors() {
        return;
    }
    let laid = format(&program, sources.get(file));
    let mut again = Sources::new();
    // What is laid out may be longer than the limit.
    let Ok(file) = again.add("main.neuron", laid.clone().into_bytes(), &limits) else { return };
    let (program, reports) = parse(again.get(file), &limits);
    assert!(!reports.has_errors(), "{laid}");
    assert_eq!(format(&program, again.get(file)), laid, "laid out twice");
    let Some(network) = resolved(bytes.to_vec(), &BTreeMap::new(), &mut Sources::new()) else { return };
    let row = row(&network);
    for text in [laid, save(&network)] {
        if text.len() as u64 > limits.source {
            continue;
        }
        let mut sources = Sources::new();
        let same = resolved(text.clone().into_bytes(), &BTreeMap::new(), &mut sources);
        let same = same.unwrap_or_else(|| panic!("{text}"));
        assert_eq!(outputs(&same, &row), outputs(&network, &row), "{text}");
    }
}

/// Numbers, read and written: what is written reads back to the same bits.
pub fn numbers(bytes: &[u8]) {
    for chunk in bytes.as_chunks::<8>().0 {
        let value = f64::from_le_bytes(*chunk);
        let single = value as f32;
        let (text, short) = (decimal::shortest(value), decimal::shortest_single(single));
        if !value.is_nan() {
            assert_eq!(text.parse::<f64>().map(f64::to_bits), Ok(value.to_bits()), "{text}");
        }
        if !single.is_nan() {
            assert_eq!(short.parse::<f32>().map(f32::to_bits), Ok(single.to_bits()), "{short}");
        }
        for digits in [1, 6, 17] {
            let _ = decimal::rounded(value, digits);
        }
    }
    // A number in a source is the nearest double, however it is written.
    let Ok(written) = std::str::from_utf8(bytes) else { return };
    let written = written.trim();
    let is_plain = written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'e' || byte == b'-');
    let Ok(expected) = written.parse::<f64>() else { return };
    if !is_plain || !expected.is_finite() || !written.starts_with(|first: char| first.is_ascii_digit()) {
        return;
    }
    let text = format!("input x = {written}\nneuron y\nx -> y : 1\noutput y\n");
    let Some(network) = resolved(text.into_bytes(), &BTreeMap::new(), &mut Sources::new()) else { return };
    assert_eq!(row(&network)[0].to_bits(), expected.to_bits(), "{written}");
}

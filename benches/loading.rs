//! How fast a source becomes a plan, stage by stage: connection lines, and one matrix literal.
//!
//! `cargo bench --bench loading [-- [FORM] [SYNAPSES]]`, where FORM is `lines`, `named` or `matrix`; all without it.

use std::fmt::Write;
use std::time::Instant;

use neuronc::{Limits, Sources, Wanted, parse, plan, resolve};

/// The best of so many runs counts.
const RUNS: usize = 5;

/// Weights of sixteen digits, as a program prints them.
struct Weights(u64);

impl Weights {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64 * 2.0 - 1.0
    }
}

fn lines(synapses: usize) -> String {
    let mut weights = Weights(1);
    let mut text = String::from("input x[1000] = 0\nneuron h[1000]\n");
    for number in 0..synapses {
        let (source, target) = (number * 7 % 1000, number / 1000 % 1000);
        let _ = writeln!(text, "x[{source}] -> h[{target}] : {}", weights.next());
    }
    text + "output h\n"
}

/// Lines between neurons with names of their own, ten into each, as an irregular network has them.
fn named(synapses: usize) -> String {
    let mut weights = Weights(1);
    let neurons = synapses / 10;
    let mut text = String::from("input n0 = 1\n");
    for neuron in 1..=neurons {
        let _ = writeln!(text, "neuron n{neuron}");
    }
    for neuron in 1..=neurons {
        for _ in 0..10 {
            let source = ((weights.next() + 1.0) / 2.0 * neuron as f64) as usize;
            let _ = writeln!(text, "n{source} -> n{neuron} : {}", weights.next());
        }
    }
    let _ = writeln!(text, "output n{neurons}");
    text
}

fn matrix(synapses: usize) -> String {
    let mut weights = Weights(1);
    let (rows, columns) = (synapses.div_ceil(1000), synapses.min(1000));
    let mut text = format!("input x[{columns}] = 0\nneuron h[{rows}]\nx -> h : [\n");
    for _ in 0..rows {
        let row: Vec<String> = (0..columns).map(|_| weights.next().to_string()).collect();
        let _ = writeln!(text, "  [{}],", row.join(", "));
    }
    text + "]\noutput h\n"
}

/// A form of text and what writes so many synapses in it.
type Form = (&'static str, fn(usize) -> String);

/// Seconds of decoding, parsing, resolving and planning.
fn load(text: &str) -> [f64; 4] {
    let limits = Limits::default();
    let bytes = text.as_bytes().to_vec();
    let mut seconds = [0.0; 4];
    let mut sources = Sources::new();
    let start = Instant::now();
    let file = sources.add("bench.neuron", bytes, &limits).expect("the text is a source");
    seconds[0] = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let (program, mistakes) = parse(sources.get(file), &limits);
    seconds[1] = start.elapsed().as_secs_f64();
    assert!(!mistakes.has_errors());
    let start = Instant::now();
    let (network, _) = resolve(&program, sources.get(file), &limits);
    seconds[2] = start.elapsed().as_secs_f64();
    drop(program);
    let network = network.expect("the source has no errors");
    let start = Instant::now();
    let plan = plan(&network, Wanted::Outputs);
    seconds[3] = start.elapsed().as_secs_f64();
    assert!(plan.output_count() > 0);
    seconds
}

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let synapses = given.iter().find_map(|argument| argument.parse::<f64>().ok()).unwrap_or(1e6) as usize;
    let forms: [Form; 3] = [("lines", lines), ("named", named), ("matrix", matrix)];
    let asked = |form: &str| given.iter().any(|argument| argument == form);
    let all = !forms.iter().any(|(form, _)| asked(form));
    println!(
        "{:8}{:>10}{:>8}{:>9}{:>9}{:>9}{:>9}{:>14}{:>15}",
        "form", "synapses", "MB", "decode", "parse", "resolve", "plan", "MB/s parsed", "s a million"
    );
    for (form, make) in forms.into_iter().filter(|(form, _)| all || asked(form)) {
        let text = make(synapses);
        let mut best = [f64::INFINITY; 4];
        for _ in 0..RUNS {
            for (best, seconds) in std::iter::zip(&mut best, load(&text)) {
                *best = best.min(seconds);
            }
        }
        let megabytes = text.len() as f64 / 1e6;
        let [decode, parse, resolve, plan] = best;
        println!(
            "{form:8}{synapses:10}{megabytes:8.1}{decode:9.4}{parse:9.4}{resolve:9.4}{plan:9.4}{:14.0}{:15.3}",
            megabytes / (decode + parse),
            best.iter().sum::<f64>() / synapses as f64 * 1e6,
        );
    }
}

//! How many rows a second go through five networks, from row-major arrays to row-major arrays, and what share of the
//! machine's peak that is.
//!
//! `cargo bench --bench rows [-- [NETWORK…] [ROUNDS]]`; all networks without names, `row` for a single row. The forms
//! are measured in turn, round after round, so that a machine that drifts slows all of them; the best round of each
//! counts.

use std::fmt::Write;
use std::time::Instant;

use neuronc::{
    Batch, BatchScratch, Limits, Network, Path, Precision, Scratch, Sources, Wanted, evaluate, evaluate_rows,
    multiply_adds, parse, plan, resolve,
};

/// A network, its text and how many rows it gets.
struct Workload {
    name: &'static str,
    text: String,
    rows: usize,
}

fn workloads() -> Vec<Workload> {
    let layered =
        |name, sizes: &[usize], activations: &[&str], rows| Workload { name, text: layers(sizes, activations), rows };
    vec![
        layered("xor", &[2, 2, 1], &["tanh", "sigmoid"], 2_000_000),
        layered("iris", &[4, 16, 8, 3], &["relu", "relu", "identity"], 500_000),
        layered("digits", &[64, 32, 10], &["relu", "identity"], 200_000),
        layered("mnist", &[784, 512, 256, 10], &["relu", "relu", "identity"], 8_000),
        Workload { name: "neat", text: neat(), rows: 20_000 },
    ]
}

/// Layers whose weights are standard normal / √fan-in, and whose biases are 0.1 × normal.
fn layers(sizes: &[usize], activations: &[&str]) -> String {
    let mut text = format!("input l0[{}]\n", sizes[0]);
    for (layer, (pair, activation)) in std::iter::zip(sizes.windows(2), activations).enumerate() {
        let (from, to, deviation) = (layer, layer + 1, 1.0 / (pair[0] as f64).sqrt());
        let _ = writeln!(text, "bias b{to}[{}] = normal(0, 0.1, seed = {to})", pair[1]);
        let _ = writeln!(text, "neuron l{to}[{}] {{ bias = b{to}, activation = {activation} }}", pair[1]);
        let _ = writeln!(text, "l{from} -> l{to} : normal(0, {deviation:?}, seed = 10{to})");
    }
    let _ = writeln!(text, "output l{}", activations.len());
    text
}

/// 20 inputs and 1,000 neurons, each fed by 10 earlier ones, half of them among the last 200.
fn neat() -> String {
    let mut random = Random(1);
    let mut text = String::new();
    (0..20).for_each(|input| {
        let _ = writeln!(text, "input n{input}");
    });
    for neuron in 20..1020usize {
        let activation = if neuron % 2 == 0 { "tanh" } else { "sigmoid" };
        let _ = writeln!(text, "neuron n{neuron} {{ activation = {activation}, bias = {:?} }}", 0.1 * random.normal());
        for synapse in 0..10 {
            let first = if synapse % 2 == 0 { 0 } else { neuron.saturating_sub(200) };
            let source = first + (random.uniform() * (neuron - first) as f64) as usize;
            let _ = writeln!(text, "n{source} -> n{neuron} : {:?}", random.normal() / 10.0_f64.sqrt());
        }
    }
    text + "output n1015, n1016, n1017, n1018, n1019\n"
}

struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.uniform()).ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

fn network(text: &str) -> Network {
    let limits = Limits::default();
    let mut sources = Sources::new();
    let file = sources.add("rows.neuron", text.as_bytes().to_vec(), &limits).expect("the text is a source");
    let (program, mistakes) = parse(sources.get(file), &limits);
    assert!(!mistakes.has_errors());
    resolve(&program, sources.get(file), &limits).0.expect("the source has no errors")
}

/// A network in one precision, with rows.
struct Case<R> {
    batch: Batch<R>,
    rows: Vec<R>,
    outputs: Vec<R>,
    scratches: Vec<BatchScratch<R>>,
    best: [f64; 2],
}

impl<R: Precision> Case<R> {
    fn new(network: &Network, count: usize) -> Case<R> {
        let batch = Batch::<R>::new(network, &plan(network, Wanted::Outputs));
        let mut random = Random(3);
        let rows = (0..count * batch.input_count()).map(|_| R::rounded(random.normal())).collect();
        let outputs = vec![R::rounded(0.0); count * batch.output_count()];
        Case {
            batch,
            rows,
            outputs,
            scratches: vec![BatchScratch::new(), BatchScratch::new()],
            best: [f64::INFINITY; 2],
        }
    }

    /// Evaluates all rows on one thread, or halves of them on two.
    fn round(&mut self, threads: usize) {
        let Case { batch, rows, outputs, scratches, best } = self;
        let half = outputs.len() / batch.output_count() / threads;
        let parts =
            std::iter::zip(rows.chunks(half * batch.input_count()), outputs.chunks_mut(half * batch.output_count()));
        let path = Path::best();
        let start = Instant::now();
        if threads == 1 {
            parts.for_each(|(rows, outputs)| evaluate_rows(batch, rows, outputs, &mut scratches[0], path));
        } else {
            std::thread::scope(|scope| {
                for ((rows, outputs), scratch) in std::iter::zip(parts, scratches) {
                    let batch = &*batch;
                    scope.spawn(move || evaluate_rows(batch, rows, outputs, scratch, path));
                }
            });
        }
        best[threads - 1] = best[threads - 1].min(start.elapsed().as_secs_f64());
    }
}

/// Multiply-adds a second of one core.
fn peak() -> f64 {
    let start = Instant::now();
    let (count, last) = multiply_adds::<f32>(std::hint::black_box(200_000), Path::best());
    std::hint::black_box(last);
    count as f64 / start.elapsed().as_secs_f64()
}

/// Seconds of one row through [`evaluate`], and through [`evaluate_rows`].
fn single(network: &Network) -> [f64; 2] {
    const TIMES: usize = 20_000;
    let plan = plan(network, Wanted::Outputs);
    let batch = Batch::<f64>::new(network, &plan);
    let (mut scratch, mut batch_scratch) = (Scratch::new(), BatchScratch::new());
    let mut outputs = [0.0];
    let row = std::hint::black_box([0.25, -0.5]);
    let mut best = [f64::INFINITY; 2];
    for _ in 0..20 {
        let start = Instant::now();
        for _ in 0..TIMES {
            evaluate(network, &plan, &row, &mut outputs, &mut scratch, Path::best());
        }
        best[0] = best[0].min(start.elapsed().as_secs_f64() / TIMES as f64);
        let start = Instant::now();
        for _ in 0..TIMES {
            evaluate_rows(&batch, &row, &mut outputs, &mut batch_scratch, Path::best());
        }
        best[1] = best[1].min(start.elapsed().as_secs_f64() / TIMES as f64);
    }
    best
}

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let rounds = given.iter().find_map(|argument| argument.parse::<usize>().ok()).unwrap_or(10);
    let asked = |name: &str| given.iter().any(|argument| argument == name);
    let workloads = workloads();
    let all = !workloads.iter().any(|workload| asked(workload.name));
    println!(
        "{:8}{:>14}{:>14}{:>8}{:>10}{:>14}{:>9}{:>9}",
        "network", "f32 rows/s", "G synapses/s", "peak", "threads", "f64 rows/s", "to f32", "threads"
    );
    for Workload { name, text, rows } in workloads.into_iter().filter(|workload| all || asked(workload.name)) {
        let network = network(&text);
        let synapses = network.counts().synapses as f64;
        let (mut single, mut double) = (Case::<f32>::new(&network, rows), Case::<f64>::new(&network, rows));
        let mut best_peak: f64 = 0.0;
        for _ in 0..rounds {
            best_peak = best_peak.max(peak());
            single.round(1);
            double.round(1);
            single.round(2);
            double.round(2);
        }
        let rows_of = |seconds: f64| rows as f64 / seconds;
        println!(
            "{name:8}{:14.0}{:14.2}{:7.0}%{:9.2}×{:14.0}{:8.2}×{:8.2}×",
            rows_of(single.best[0]),
            rows_of(single.best[0]) * synapses / 1e9,
            100.0 * rows_of(single.best[0]) * synapses / best_peak,
            single.best[0] / single.best[1],
            rows_of(double.best[0]),
            single.best[0] / double.best[0],
            double.best[0] / double.best[1],
        );
    }
    if all || asked("row") {
        let [one, batch] = single(&network(&layers(&[2, 2, 1], &["tanh", "sigmoid"])));
        println!("one row of xor, f64: {:.0} ns by evaluate, {:.0} ns by evaluate_rows", one * 1e9, batch * 1e9);
    }
}

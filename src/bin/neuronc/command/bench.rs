//! `neuronc bench FILE`: how many rows a second go through a network, in memory.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use neuronc::{
    Batch, BatchScratch, Code, Network, Path, Precision, Sources, Wanted, evaluate_rows, grouped, multiply_adds, plan,
};
use serde_json::json;

use crate::Outcome;
use crate::arguments::{self, Bench, BenchForm, Everywhere};
use crate::files::{name_of, shown_path};
use crate::inputs::usage;
use crate::load::load_or_tell;
use crate::messages;
use crate::outputs::no_outputs;
use crate::paths::{self, chosen_path};
use crate::streams::Streams;

/// The bytes of the rows and outputs without `--rows`: more than caches hold, so that rows come from memory, as in use.
const USUAL: usize = 64 << 20;

/// The bytes of the rows and outputs at the most.
const MOST: usize = 4 << 30;

/// So many rows without `--rows`, at the most.
const MOST_ROWS: usize = 1_000_000;

/// So long is measured, and so often at the least.
const LONG: Duration = Duration::from_secs(1);
const OFTEN: usize = 5;

pub fn bench(arguments: &Bench, everywhere: &Everywhere, streams: &mut Streams) -> io::Result<Outcome> {
    let (sources, network) = match load_or_tell(&arguments.file, everywhere, streams)? {
        Ok(loaded) => loaded,
        Err(outcome) => return Ok(outcome),
    };
    if network.outputs().is_empty() {
        messages::tell(&[no_outputs(&network)], &sources, everywhere, streams)?;
        return Ok(Outcome::Errors);
    }
    let measured = match arguments.precision {
        arguments::Precision::F64 => measure::<f64>(arguments, &network),
        arguments::Precision::F32 => measure::<f32>(arguments, &network),
    };
    let Some(measured) = measured else {
        let message = format!("{} rows and their outputs need more than 4 GiB", grouped(arguments.rows.unwrap_or(0)));
        let help = Some("measure with fewer: the speed does not depend on how many there are".to_owned());
        messages::tell(&[usage(Code::E0607, message, help)], &Sources::new(), everywhere, streams)?;
        return Ok(Outcome::Usage);
    };
    let counts = network.counts();
    let synapses = measured.rows_per_second * counts.synapses as f64;
    let share = synapses / measured.peak;
    let precision = match arguments.precision {
        arguments::Precision::F64 => "f64",
        arguments::Precision::F32 => "f32",
    };
    match arguments.format {
        BenchForm::Json => writeln!(
            streams.out,
            "{}",
            json!({
                "schema": "neuronc.bench/1",
                "file": name_of(&arguments.file),
                "inputs": counts.inputs,
                "neurons": counts.neurons,
                "synapses": counts.synapses,
                "rows": measured.rows,
                "threads": measured.threads,
                "precision": precision,
                "path": paths::name_of(chosen_path()),
                "rows_per_second": measured.rows_per_second,
                "synapses_per_second": synapses,
                "peak_synapses_per_second": measured.peak,
                "share_of_peak": share,
            })
        )?,
        BenchForm::Text => {
            let name = name_of(&arguments.file);
            let threads = neuronc::counted(measured.threads as u64, "thread");
            let rows = grouped(measured.rows as u64);
            writeln!(streams.out, "{}: {rows} rows in {precision} on {threads}", shown_path(&name))?;
            writeln!(streams.out, "  rows/s      {:>18}", grouped(measured.rows_per_second as u64))?;
            writeln!(streams.out, "  synapses/s  {:>18}", grouped(synapses as u64))?;
            writeln!(
                streams.out,
                "  peak        {:>18}  multiply-adds a second on as many threads",
                grouped(measured.peak as u64)
            )?;
            writeln!(streams.out, "  share       {:>16.1} %", 100.0 * share)?;
        }
    }
    Ok(Outcome::Done)
}

struct Measured {
    rows: usize,
    threads: usize,
    rows_per_second: f64,
    /// Multiply-adds a second of so many threads.
    peak: f64,
}

/// The best of several rounds, with the best peak beside them; none if the rows would be too many.
fn measure<R: Precision>(arguments: &Bench, network: &Network) -> Option<Measured> {
    let batch = Batch::<R>::new(network, &plan(network, Wanted::Outputs));
    let width = (batch.input_count() + batch.output_count()).max(1);
    let usual = (USUAL / (width * size_of::<R>())).clamp(1, MOST_ROWS);
    let rows = arguments.rows.map_or(usual, |rows| usize::try_from(rows).unwrap_or(usize::MAX));
    rows.checked_mul(width * size_of::<R>()).filter(|bytes| *bytes <= MOST)?;
    let available = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = arguments.threads.map_or(available, usize::from).min(rows);
    let values = normal(rows * batch.input_count());
    let mut outputs = vec![R::rounded(0.0); rows * batch.output_count()];
    let mut scratches: Vec<BatchScratch<R>> = (0..threads).map(|_| BatchScratch::new()).collect();
    let (start, mut round, mut peak) = (Instant::now(), 0, 0.0_f64);
    let mut best = f64::INFINITY;
    while round < OFTEN || start.elapsed() < LONG {
        peak = peak.max(peak_of::<R>());
        best = best.min(seconds(&batch, &values, &mut outputs, &mut scratches));
        round += 1;
    }
    Some(Measured { rows, threads, rows_per_second: rows as f64 / best, peak: peak * threads as f64 })
}

/// Seconds of all rows once, cut into as many parts as there are scratches.
fn seconds<R: Precision>(batch: &Batch<R>, values: &[R], outputs: &mut [R], scratches: &mut [BatchScratch<R>]) -> f64 {
    let start = Instant::now();
    let (inputs, width) = (batch.input_count(), batch.output_count());
    let part = (outputs.len() / width).div_ceil(scratches.len());
    if let [scratch] = scratches {
        evaluate_rows(batch, values, outputs, scratch, chosen_path());
        return start.elapsed().as_secs_f64();
    }
    std::thread::scope(|scope| {
        let mut rest = values;
        for (outputs, scratch) in std::iter::zip(outputs.chunks_mut(part * width), scratches) {
            let (here, after) = rest.split_at(outputs.len() / width * inputs);
            rest = after;
            scope.spawn(move || evaluate_rows(batch, here, outputs, scratch, chosen_path()));
        }
    });
    start.elapsed().as_secs_f64()
}

/// Multiply-adds a second of one thread.
fn peak_of<R: Precision>() -> f64 {
    // Software takes some hundred times as long.
    let times = if chosen_path() == Path::Portable { 2_000 } else { 200_000 };
    let start = Instant::now();
    let (count, last) = multiply_adds::<R>(std::hint::black_box(times), chosen_path());
    std::hint::black_box(last);
    count as f64 / start.elapsed().as_secs_f64()
}

/// Standard normal numbers, always the same.
fn normal<R: Precision>(count: usize) -> Vec<R> {
    let mut state = 1_u64;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let pair = |uniform: &mut dyn FnMut() -> f64| {
        let radius = (-2.0 * (1.0 - uniform()).ln()).sqrt();
        let (sin, cos) = (std::f64::consts::TAU * uniform()).sin_cos();
        [radius * sin, radius * cos]
    };
    let mut numbers: Vec<R> = Vec::with_capacity(count + 1);
    while numbers.len() < count {
        numbers.extend(pair(&mut uniform).map(R::rounded));
    }
    numbers.truncate(count);
    numbers
}

//! How long `neuronc run examples/article.neuron` takes as a process, against an empty Rust program.
//!
//! Both run in turn, so that a machine that drifts slows both; what counts is the ratio of the medians.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROUNDS: usize = 400;

fn main() {
    let program = Path::new(env!("CARGO_BIN_EXE_neuronc"));
    let empty = program.parent().expect("a program has a folder").join("examples").join("empty");
    if !empty.exists() {
        println!("build the empty program first: cargo build --release --example empty");
        return;
    }
    let article = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/article.neuron");
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        times[0].push(time(Command::new(program).arg("run").arg(&article)));
        times[1].push(time(&mut Command::new(&empty)));
    }
    let [ours, theirs] = times.map(median);
    println!("neuronc run article.neuron: {ours:?}; an empty program: {theirs:?} (medians of {ROUNDS})");
    println!("ratio {:.2}", ours.as_secs_f64() / theirs.as_secs_f64());
}

fn time(command: &mut Command) -> Duration {
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).status().expect("the program runs");
    assert!(status.success());
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

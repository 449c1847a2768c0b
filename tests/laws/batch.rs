//! Many rows at once have the bits of one row, on random networks of everything there is.

use std::fmt::Write;

use neuronc::numeric::Real;
use neuronc::{
    Activation, Batch, BatchScratch, Combine, Network, Path, Plan, Precision, Scratch, Wanted, evaluate, evaluate_rows,
    plan, trace,
};

use crate::oracle::network;
use crate::random::{Description, Random};

/// Around the number of rows that are computed side by side, and around the largest block.
const COUNTS: &[usize] = &[0, 1, 2, 15, 16, 17, 31, 33, 255, 256, 257, 511, 512, 513];

/// A network with all activations, ways to combine and rules.
fn text(random: &mut Random) -> String {
    let built_in: Vec<&'static str> = Activation::TABLE
        .iter()
        .filter(|row| !row.whole_array && row.with_defaults().is_some())
        .map(|row| row.name)
        .collect();
    let mut activations = built_in;
    activations.extend([
        "scaled_tanh(1.7, 0.6)",
        "leaky_relu(-0.3)",
        "step(0.25, at = 0.5)",
        "bent",
        "bent(-2)",
        "flat",
    ]);
    let mut description = Description::random(random, &activations);
    for place in 0..description.populations.len() {
        let size = description.populations[place].size;
        let whole = |join: &crate::random::Join| join.target.population == place && join.target.count == size.max(1);
        if description.joins.iter().any(whole) && random.below(2) == 0 {
            description.populations[place].combine = Combine::TABLE[random.below(Combine::TABLE.len())].0;
        }
        if size > 0 && random.below(6) == 0 {
            description.populations[place].activation = ["softmax", "log_softmax", "hardmax"][random.below(3)];
        }
    }
    let mut text = description.text();
    text.push_str("activation bent(z, p = 0.5) = if(z > p, tanh(z) + p * z^2, max(z, -3) / (1 + exp(z)))\n");
    text.push_str("activation flat(z) = 0.125\n");
    for _ in 0..random.below(4) {
        rule(random, &description, &mut text);
    }
    text
}

/// A connection by a rule.
fn rule(random: &mut Random, description: &Description, text: &mut String) {
    let populations = &description.populations;
    let target = random.below(populations.len());
    let (source, size) = (random.below(target + 1), populations[target].size);
    if populations[target].is_input {
        return;
    }
    if source < target {
        let probability = random.below(11) as f64 / 10.0;
        let seed = random.below(1000);
        let _ = writeln!(
            text,
            "p{source} -> p{target} : {:?} {{ rule = random({probability:?}, seed = {seed}) }}",
            random.number()
        );
        if size > 0 && populations[source].size == size {
            let _ = writeln!(text, "p{source} -> p{target} : {:?} {{ rule = one_to_one }}", random.number());
        }
    } else if size > 1 && !populations[target].activation.ends_with("max") {
        // Each element reads the one before it.
        let _ = writeln!(text, "p{0}[0..{1}] -> p{0}[1..{size}] : 0.5 {{ rule = one_to_one }}", target, size - 1);
    }
}

/// Every number the same, where all NaN are.
fn same<R: Real>(one: &[R], other: &[R]) -> bool {
    let is_same = |(one, other): (&R, &R)| {
        let (one, other) = (one.widened(), other.widened());
        one.to_bits() == other.to_bits() || one.is_nan() && other.is_nan()
    };
    one.len() == other.len() && std::iter::zip(one, other).all(is_same)
}

/// The outputs of rows one by one.
fn one_by_one<R: Real>(network: &Network, plan: &Plan, rows: &[R], count: usize) -> Vec<R> {
    let mut outputs = vec![R::rounded(0.0); count * plan.output_count()];
    let mut scratch = Scratch::new();
    let (inputs, path) = (plan.input_count(), Path::best());
    for (row, outputs) in outputs.chunks_exact_mut(plan.output_count()).enumerate() {
        let row = &rows[row * inputs..(row + 1) * inputs];
        evaluate(network, plan, row, outputs, &mut scratch, path);
    }
    outputs
}

/// A value of an input: now and then one that formulas treat in a way of its own.
fn given(random: &mut Random) -> f64 {
    const SPECIAL: [f64; 8] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 0.0, 1e-310, 1e-40, -1e30];
    if random.below(16) == 0 { SPECIAL[random.below(SPECIAL.len())] } else { random.number() }
}

/// Holds many rows to single ones, and some of these to a trace.
fn agree<R: Precision>(network: &Network, random: &mut Random, counts: &[usize], context: &str) {
    for wanted in [Wanted::Outputs, Wanted::Everything] {
        let plan = plan(network, wanted);
        let batch = Batch::<R>::new(network, &plan);
        let mut scratch = BatchScratch::new();
        for count in counts {
            let rows: Vec<R> = (0..count * plan.input_count()).map(|_| R::rounded(given(random))).collect();
            let expected = one_by_one(network, &plan, &rows, *count);
            for path in Path::available() {
                let mut outputs = vec![R::rounded(0.0); expected.len()];
                evaluate_rows(&batch, &rows, &mut outputs, &mut scratch, path);
                assert!(same(&outputs, &expected), "{path:?}, {wanted:?}, {count} rows, {context}");
                if *count > 0 {
                    let row = random.below(*count);
                    let inputs = &rows[row * plan.input_count()..(row + 1) * plan.input_count()];
                    let traced: Vec<R> =
                        trace(network, &plan, inputs, path).outputs.into_iter().map(R::rounded).collect();
                    let here = &outputs[row * plan.output_count()..(row + 1) * plan.output_count()];
                    assert!(same(here, &traced), "{path:?}, {wanted:?}, row {row}, {context}");
                }
            }
        }
    }
}

fn agree_on(seed: u64) {
    let mut random = Random(seed);
    let text = text(&mut random);
    let context = format!("seed {seed}\n{text}");
    let network = network(&text);
    let counts = [COUNTS[random.below(8)], COUNTS[random.below(if seed.is_multiple_of(8) { COUNTS.len() } else { 8 })]];
    agree::<f64>(&network, &mut random, &counts, &context);
    agree::<f32>(&network, &mut random, &counts, &context);
}

/// `SEEDS=10000 cargo test --release --test laws many_rows` takes as many networks; without it they are 400.
#[test]
fn many_rows_have_the_bits_of_one() {
    let seeds = std::env::var("SEEDS").map_or(400, |count| count.parse().expect("SEEDS is a number"));
    (0..seeds).for_each(agree_on);
}

/// Sources beyond what one step takes, in neighbouring slots and in others, and blocks of different sizes.
#[test]
fn large_layers_have_the_bits_of_one_row() {
    let text = "input x[600], a, b\n\
        neuron h[13] { activation = tanh }, g { activation = sigmoid }, k[7] { activation = relu }, s[40] { activation = softmax }\n\
        x -> h : normal(0, 0.1, seed = 1)\n\
        [h, b, x[3..590], a, x] -> k : normal(0, 0.1, seed = 2)\n\
        [x, h, a] -> g : normal(0, 0.1, seed = 3)\n\
        x -> k : 0.1 { rule = random(0.3, seed = 4) }\n\
        [k, g, h] -> s : normal(0, 1, seed = 5)\n\
        output s, k, g, y = x[5]\n";
    let network = network(text);
    agree::<f64>(&network, &mut Random(1), &[1, 257], text);
    agree::<f32>(&network, &mut Random(2), &[1, 257], text);
}

#[test]
fn threads_share_a_batch() {
    let mut random = Random(7);
    let network = network(
        "input x[5]\nneuron h[9] { activation = tanh }, y[3] { activation = softmax }\n\
        x -> h : normal(0, 1, seed = 1)\nh -> y : normal(0, 1, seed = 2)\noutput y\n",
    );
    let plan = plan(&network, Wanted::Outputs);
    let batch = Batch::<f64>::new(&network, &plan);
    let rows = random.numbers(700 * 5);
    let expected = one_by_one(&network, &plan, &rows, 700);
    let mut outputs = vec![0.0; 700 * 3];
    let (first, second) = outputs.split_at_mut(333 * 3);
    std::thread::scope(|scope| {
        let batch = &batch;
        for (rows, outputs) in [(&rows[..333 * 5], first), (&rows[333 * 5..], second)] {
            scope.spawn(move || evaluate_rows(batch, rows, outputs, &mut BatchScratch::new(), Path::best()));
        }
    });
    assert!(same(&outputs, &expected));
}

/// Without inputs or without outputs there is nothing to go wrong with.
#[test]
fn rows_may_be_empty() {
    let constant = network("neuron y { bias = 2 }\noutput y\n");
    agree::<f64>(&constant, &mut Random(1), &[0, 1, 40], "a constant");
    let silent = network("input x\nneuron y\nx -> y : 1\n");
    let batch = Batch::<f64>::new(&silent, &plan(&silent, Wanted::Outputs));
    evaluate_rows(&batch, &[], &mut [], &mut BatchScratch::new(), Path::best());
    assert_eq!((batch.input_count(), batch.output_count()), (1, 0));
}

//! Large networks: right, in linear time and little memory.

use std::fmt::Write;

use crate::Test;

/// Half a GiB, for the source, the program and what it needs.
const ROOM: u64 = 512 * 1024;

/// A chain in which every neuron adds 1 to what the one before gives.
fn chain(length: usize) -> String {
    let mut text = format!("input x = 0.5\nneuron h[{length}] {{ bias = 1 }}\nx -> h[0] : 1\n");
    for element in 1..length {
        let _ = writeln!(text, "h[{}] -> h[{element}] : 1", element - 1);
    }
    let _ = writeln!(text, "output y = h[{}]", length - 1);
    text
}

#[test]
fn a_chain_of_a_million_neurons_is_exact() {
    let test = Test::new().file("chain.neuron", chain(1_000_000)).args("chain.neuron");
    test.run_within(ROOM).code(0).stdout("y = 1000000.5\n").stderr("");
}

#[test]
fn a_million_lines_are_laid_out() {
    let text = chain(1_000_000);
    let ran = Test::new().args("fmt -").input(&text).run_within(ROOM).code(0).stderr("");
    let mut lines = ran.stdout.lines().zip(text.lines()).skip(3);
    assert_eq!(lines.next(), Some(("h[0]      -> h[1]      : 1", "h[0] -> h[1] : 1")));
    assert!(lines.all(|(new, old)| new.split_whitespace().eq(old.split_whitespace())));
    assert_eq!(ran.stdout.lines().count(), text.lines().count());
    Test::new().args("fmt --check -").input(&ran.stdout).run_within(ROOM).code(0).stdout("");
}

#[test]
fn a_ring_of_a_million_neurons_is_one_error_with_both_ends_of_its_path() {
    let ring = chain(1_000_000) + "h[999999] -> h[0] : 1\n";
    let test = Test::new().file("ring.neuron", ring).args("check ring.neuron --message-format short");
    let ran = test.run_within(ROOM).code(1);
    let path = "h[0] -> h[1] -> h[2] -> h[3] -> … 999993 more … -> h[999997] -> h[999998] -> h[999999] -> h[0]";
    assert!(ran.stderr.starts_with("ring.neuron:1000004:1: error[E0401]"), "{}", ran.stderr);
    assert!(ran.stderr.contains(path), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
}

#[test]
fn a_chain_of_named_neurons_is_exact_whatever_the_order_of_its_lines() {
    let length = 50_000;
    let mut text = format!("output n{length}\n");
    for neuron in (1..=length).rev() {
        let _ = writeln!(text, "n{} -> n{neuron} : 1\nneuron n{neuron} {{ bias = 1 }}", neuron - 1);
    }
    text.push_str("input n0 = 0.25\n");
    Test::new().file("n.neuron", text).args("n.neuron").run_within(ROOM).code(0).stdout("n50000 = 50000.25\n");
}

/// Ten synapses a neuron from anywhere before it, against sums made here in the same order.
#[test]
fn an_irregular_network_of_lines_sums_in_their_order() {
    let mut state = 1u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut text = String::from("input n0 = 0.1\n");
    let mut lines = Vec::new();
    let mut values = vec![0.1f64];
    for neuron in 1..2_000 {
        let _ = writeln!(text, "neuron n{neuron} {{ activation = softsign }}");
        let mut sum = 0.0f64;
        for _ in 0..10 {
            let (source, weight) = (next(neuron), next(2_001) as f64 / 1_000.0 - 1.0);
            lines.push(format!("n{source} -> n{neuron} : {weight}"));
            sum = weight.mul_add(values[source], sum);
        }
        values.push(sum / (1.0 + sum.abs()));
    }
    let text = text + &lines.join("\n") + "\noutput n1999\n";
    let expected = format!("n1999 = {}\n", neuronc::numeric::decimal::shortest(values[1_999]));
    Test::new().file("i.neuron", text).args("i.neuron").run().code(0).stdout(&expected);
}

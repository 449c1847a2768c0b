//! `test`: every `expect`, and the trace of the neuron that missed.

use crate::{Test, example};

#[test]
fn what_holds_is_counted() {
    let ran = Test::new().file("xor.neuron", example("xor.neuron")).args("test xor.neuron").run().code(0);
    ran.stdout("xor.neuron: 6 of 6 expectations hold\n").stderr("");
    let text = "input x = 1\nneuron y\nx -> y : 1\noutput y\n";
    Test::new().file("y.neuron", text).args("test y.neuron").run().code(0).stdout("y.neuron: no expectations\n");
}

#[test]
fn what_fails_is_shown_with_its_trace() {
    let text = "input x = 1\nneuron y\nx -> y : 0.5\noutput y\nexpect x = 1 => y = 0.5\nexpect x = 2 => y = 0.5\n";
    let ran = Test::new().file("y.neuron", text).args("test y.neuron").run().code(1);
    let ran = ran.stdout("y.neuron: 1 of 2 expectations FAIL\n");
    ran.stderr_has("expected y = 0.5, but it is 1").stderr_has("y.neuron:6:17").stderr_has("net input 1");
}

#[test]
fn tolerances_are_relative_unless_given() {
    let text = |expect: &str| format!("input x = 1000000\nneuron y\nx -> y : 1\noutput y\nexpect => {expect}\n");
    let code = |expect: &str| Test::new().file("y.neuron", text(expect)).args("test y.neuron").run().code;
    assert_eq!(code("y = 1000000.0005"), Some(0));
    assert_eq!(code("y = 1000000.002"), Some(1));
    assert_eq!(code("y = 1000000.002 within 0.01"), Some(0));
    assert_eq!(code("y = 1000000.0000001 within 0"), Some(1));
}

#[test]
fn every_file_is_tested_and_the_worst_counts() {
    let good = "input x = 1\nneuron y\nx -> y : 1\noutput y\nexpect => y = 1\n";
    let test = Test::new().file("good.neuron", good).file("bad.neuron", good.replace("y = 1\n", "y = 2\n"));
    let ran = test.args("test bad.neuron good.neuron").run().code(1);
    ran.stdout("bad.neuron: 1 of 1 expectations FAIL\ngood.neuron: 1 of 1 expectations hold\n");
    let missing = Test::new().file("good.neuron", good).args("test missing.neuron good.neuron").run().code(3);
    missing.stdout("good.neuron: 1 of 1 expectations hold\n");
    let no_value = "input x\nneuron y\nx -> y : 1\noutput y\nexpect => y = 1\n";
    Test::new().file("n.neuron", no_value).args("test n.neuron").run().code(1).stderr_has("E0602");
}

#[test]
fn what_an_expect_sets_is_forgotten_by_the_next() {
    let text = "input x[2] = [1, 2]\ninput z\nneuron y\nx -> y : 1\nz -> y : 1\noutput y\n\
        expect x[1] = 5, z = 0 => y = 6\nexpect z = 1 => y = 4\nexpect x = 0, z = 0 => y = 0\nexpect => y = 3\n";
    let ran = Test::new().file("y.neuron", text).args("test y.neuron").run().code(1);
    let ran = ran.stdout("y.neuron: 1 of 4 expectations FAIL\n");
    ran.stderr_has("no value and no default for the input `z`").stderr_has("y.neuron:10:");
}

#[test]
fn failures_are_capped_over_the_file_and_counted() {
    let network = "input x = 1\nneuron y\nx -> y : 1\noutput y\nexpect => y = 1\n";
    let text = format!("{network}{}", "expect => y = 2\n".repeat(150));
    let run = |arguments: &str| Test::new().file("y.neuron", &text).args(arguments).run().code(1);
    let failures = |stderr: &str| stderr.matches("E0605").count();
    let ran = run("test y.neuron").stdout("y.neuron: 150 of 151 expectations FAIL (50 not shown)\n");
    assert_eq!(failures(&ran.stderr), 100);
    let ran = run("test y.neuron --max-errors 3 --message-format short");
    assert_eq!(failures(&ran.stderr), 3);
    ran.stdout("y.neuron: 150 of 151 expectations FAIL (147 not shown)\n");
    run("test y.neuron --max-errors 0").stdout("y.neuron: 150 of 151 expectations FAIL (150 not shown)\n").stderr("");
}

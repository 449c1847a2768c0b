//! `why`: contributions by size, followed back.

use std::fmt::Write;

use neuronc::{Effect, Inputs, Path, Wanted, Why, plan, trace, why};

use crate::{network, unit};

/// What is said of element 0 of `name`.
fn lines(text: &str, name: &str) -> Vec<String> {
    let network = network(text);
    explained(text, name).lines(&network)
}

fn explained(text: &str, name: &str) -> Why {
    let network = network(text);
    let plan = plan(&network, Wanted::Everything);
    let inputs = Inputs::new(&network);
    let trace = trace::<f64>(&network, &plan, inputs.row(&network).expect("defaults"), Path::best());
    why(&network, &trace, unit(&network, name, 0)).expect("it is a neuron")
}

const ARTICLE: &str = "input x1 = 0.8, x2 = 1.2
neuron c { activation = relu, bias = 0.5 }
x1 -> c : 1
x2 -> c : 0.75
output c
";

#[test]
fn one_neuron_in_one_line() {
    let wanted = "c fires (2.2 > 0): net input 2.2 = x2 +0.9 (41 %) + x1 +0.8 (36 %) + bias +0.5 (23 %)";
    assert_eq!(lines(ARTICLE, "c"), [wanted]);
    let resting = ARTICLE.replace("bias = 0.5", "bias = -3");
    let wanted = "c rests (0, not above 0): net input -1.3 = bias -3 (64 %) + x2 +0.9 (19 %) + x1 +0.8 (17 %)";
    assert_eq!(lines(&resting, "c"), [wanted]);
}

#[test]
fn what_excites_inhibits_and_is_silent() {
    let why = explained("input x[3] = [1, 1, 0]\nneuron y\nx -> y : [2, -1, 5]\noutput y\n", "y");
    let effects: Vec<Effect> = why.neurons[0].contributions.iter().map(|contribution| contribution.effect).collect();
    assert_eq!(effects, [Effect::Excitatory, Effect::Inhibitory, Effect::Silent, Effect::Silent]);
    assert_eq!((why.sources.len(), why.source_count), (2, 2));
}

#[test]
fn hidden_neurons_are_followed_back() {
    let text = "input x[2] = [1, 0.5]
neuron h[2] { activation = relu }
neuron y { activation = sigmoid, bias = -1 }
x -> h : [[1, 1], [2, -1]]
h -> y : [2, 0.5]
output y
";
    let wanted = [
        "y fires (0.939913 > 0.5): net input 2.75 = h[0] +3 (63 %) + bias -1 (21 %) + h[1] +0.75 (16 %)",
        "  h[0] fires (1.5 > 0): net input 1.5 = x[0] +1 (67 %) + x[1] +0.5 (33 %) + bias +0 (0 %)",
        "  h[1] fires (1.5 > 0): net input 1.5 = x[0] +2 (80 %) + x[1] -0.5 (20 %) + bias +0 (0 %)",
        "  x[0] counts most by x[0] -> h[0] -> y (42 %)",
        "  x[1] counts most by x[1] -> h[0] -> y (21 %)",
    ];
    assert_eq!(lines(text, "y"), wanted);
}

#[test]
fn other_ways_to_combine_have_no_shares() {
    let text = |combine: &str, weights: &str| {
        format!("input x[3] = [1, 2, 3]\nneuron y {{ combine = {combine}, bias = 1 }}\nx -> y : {weights}\noutput y\n")
    };
    let first = |combine: &str, weights: &str| lines(&text(combine, weights), "y").remove(0);
    let told = [
        (
            "max",
            "[1, 1, -1]",
            "y fires (3 > 0): net input 3 = the largest of 3 contributions, x[1] +2, plus bias +1 (33 %)",
        ),
        (
            "min",
            "[1, 1, 1]",
            "y fires (2 > 0): net input 2 = the smallest of 3 contributions, x[0] +1, plus bias +1 (50 %)",
        ),
        (
            "max_abs",
            "[1, 1, -1]",
            "y rests (-2, not above 0): net input -2 = the largest in magnitude of 3 contributions, x[2] -3, plus bias +1 (25 %)",
        ),
        (
            "median",
            "[1, 1, 1]",
            "y fires (3 > 0): net input 3 = the median of 3 contributions, x[1] +2, plus bias +1 (33 %)",
        ),
        (
            "product",
            "[1, 1, 1]",
            "y fires (7 > 0): net input 7 = the product of 3 contributions, x[2] +3 and x[1] +2 and x[0] +1, plus bias +1 (14 %)",
        ),
        (
            "product",
            "[1, 0, 1]",
            "y fires (1 > 0): net input 1 = the product of 3 contributions, which x[1] +0 makes 0, plus bias +1 (100 %)",
        ),
        (
            "mean",
            "[1, 1, 1]",
            "y fires (3 > 0): net input 3 = the mean of 3 contributions and the bias: \
             x[2] +3 (33 %) + bias +1 (33 %) + x[1] +2 (22 %) + x[0] +1 (11 %)",
        ),
    ];
    for (combine, weights, wanted) in told {
        assert_eq!(first(combine, weights), wanted);
    }
    let even = text("median", "[1, 1, 1]")
        .replace("[3] = [1, 2, 3]", "[4] = [4, 1, 2, 3]")
        .replace("[1, 1, 1]", "[1, 1, 1, 1]");
    let wanted =
        "y fires (3.5 > 0): net input 3.5 = the median of 4 contributions, x[3] +3 and x[2] +2, plus bias +1 (29 %)";
    assert_eq!(lines(&even, "y")[0], wanted);
}

#[test]
fn what_is_not_finite_takes_the_blame() {
    let text = "input x[3] = [1, 800, 1]
neuron h[3] { activation = exp }
neuron y
x -> h : 1 { rule = one_to_one }
h -> y : [1, 0, 1]
output y
";
    let told = lines(text, "y");
    assert!(told[0].starts_with("y rests (NaN is no number): net input NaN = h[1] NaN (100 %)"), "{}", told[0]);
    assert!(told.contains(&"  x[1] counts most by x[1] -> h[1] -> y (100 %)".to_owned()), "{told:?}");
    let largest = text.replace("neuron y", "neuron y { combine = max }");
    let told = lines(&largest, "y");
    assert!(told[0].contains("the largest of 3 contributions, of which h[1] NaN is no number"), "{}", told[0]);
}

#[test]
fn an_activation_of_a_whole_array_is_said_to_read_it() {
    let text = "input x[2] = [1, 1]\nneuron p[2] { activation = softmax }\nx -> p : [[1, 1], [1, 0]]\noutput p\n";
    let told = lines(text, "p");
    assert!(
        told[0].starts_with("p[0] is 0.731059, which softmax makes of all net inputs of p: net input 2 ="),
        "{told:?}"
    );
}

#[test]
fn inputs_and_neurons_that_were_left_out_have_no_reasons() {
    let network = network("input x = 1\nneuron y, z\nx -> [y, z] : 1\noutput y\n");
    let plan = plan(&network, Wanted::Outputs);
    let inputs = Inputs::new(&network);
    let trace = trace::<f64>(&network, &plan, inputs.row(&network).expect("defaults"), Path::best());
    assert!(why(&network, &trace, unit(&network, "y", 0)).is_some());
    assert_eq!(why(&network, &trace, unit(&network, "z", 0)), None);
    assert_eq!(why(&network, &trace, unit(&network, "x", 0)), None);
    assert_eq!(why(&network, &trace, unit(&network, "y", 1)), None);
}

/// The way through a chain longer than any stack, whose shares multiply to less than any double.
#[test]
fn a_long_chain_stays_readable() {
    const LENGTH: usize = 50_000;
    let mut text = format!("input x = 1\nneuron h[{LENGTH}] {{ bias = 1, activation = relu }}\nx -> h[0] : 1\n");
    for place in 1..LENGTH {
        let _ = writeln!(text, "h[{}] -> h[{place}] : 0.5", place - 1);
    }
    text.push_str("neuron y\nh[49999] -> y : 1\noutput y\n");
    let told = lines(&text, "y");
    assert!(told.len() < 12, "{}", told.len());
    let wanted = "  x counts most by x -> h[0] -> h[1] -> h[2] -> … 49994 more … \
                  -> h[49997] -> h[49998] -> h[49999] -> y (< 1 %)";
    assert_eq!(told[told.len() - 1], wanted);
}

#[test]
fn many_synapses_are_abridged() {
    let text = "input x[100000] = 1\nneuron y\nx -> y : 1\noutput y\n";
    let why = explained(text, "y");
    assert_eq!((why.neurons[0].contributions.len(), why.sources.len(), why.source_count), (100_001, 10, 100_000));
    let told = lines(text, "y");
    assert!(told[0].ends_with("x[3] +1 (< 1 %) + x[4] +1 (< 1 %) + 99996 more (> 99 %)"), "{}", told[0]);
    assert_eq!(told[1], "  99990 sources that count less are left out");
}

//! `why_not`: the smallest changes, proved.

use std::fmt::Write;

use neuronc::network::{PopulationKind, Unit};
use neuronc::{Answer, Change, Flip, Inputs, Network, Path, Scratch, Search, Wanted, WhyNot, evaluate, plan, why_not};

use crate::{network, unit};

fn asked(network: &Network, neuron: Unit) -> WhyNot {
    let plan = plan(network, Wanted::Everything);
    let inputs = Inputs::new(network);
    why_not(network, &plan, inputs.row(network).expect("defaults"), neuron, Search::BUDGET).expect("it is a neuron")
}

/// What is said of element 0 of `name`, whose changes hold what they promise.
fn lines(text: &str, name: &str) -> Vec<String> {
    let network = network(text);
    let neuron = unit(&network, name, 0);
    let answer = asked(&network, neuron);
    if let Answer::Searched(search) = &answer.answer {
        search.changes.iter().for_each(|flip| assert_flips(&network, neuron, search.fires, flip));
    }
    answer.lines(&network)
}

/// Its new value flips, and the next double towards the old one does not.
fn assert_flips(network: &Network, neuron: Unit, fires: bool, flip: &Flip) {
    let towards_old = if flip.new > flip.old { flip.new.next_down() } else { flip.new.next_up() };
    for (value, expected) in [(flip.new, !fires), (towards_old, fires), (flip.old, fires)] {
        let mut network = network.clone();
        let plan = plan(&network, Wanted::Everything);
        let mut row = Inputs::new(&network).row(&network).expect("defaults").to_vec();
        flip.change.apply(&mut network, &mut row, value);
        let mut scratch = Scratch::new();
        evaluate(&network, &plan, &row, &mut vec![0.0; plan.output_count()], &mut scratch, Path::best());
        let output = scratch.value(&plan, neuron).expect("everything is kept");
        let (PopulationKind::Neuron { activation, .. }, level) = (&network.population(neuron.population).kind, output)
        else {
            panic!("it is a neuron")
        };
        let got = activation.fires(level).expect("it has a resting level");
        assert_eq!(got, expected, "{flip:?} at {value:?}, where the output is {output:?}");
    }
}

const SEARCHED: &str = "times the larger of 1 and the value, within ranges";

#[test]
fn the_article_neuron() {
    let text = "input x1 = 0.8, x2 = 1.2
weight w1 = 1, w2 = 0.75
bias b = 0.5
neuron c { activation = relu, bias = b }
x1 -> c : w1
x2 -> c : w2
output c
";
    let told = lines(text, "c");
    let wanted = [
        "c would not fire if the weight w2 were -1.0833333333333335 instead of 0.75 (change 1.83333)",
        "c would not fire if the input x1 were -1.4000000000000001 instead of 0.8 (change 2.2)",
        "c would not fire if the bias b were -1.7 instead of 0.5 (change 2.2)",
    ];
    assert_eq!(told[..3], wanted);
    assert_eq!(told[3], format!("searched: 5 values, changes up to 1000000000 {SEARCHED}"));
    assert_eq!(told.len(), 4);
}

#[test]
fn values_without_a_name_are_named_by_what_they_join() {
    let text = "input x[2] = [1, 2]\nneuron h[2] { bias = -9 }\nx -> h : [[1, 1], [1, 0.5]]\noutput h\n";
    let told = lines(text, "h");
    assert_eq!(
        told[0],
        "h[0] would fire if the bias of h[0] were -2.9999999999999996 instead of -9 (change 0.666667 of it)"
    );
    assert_eq!(told[1], "h[0] would fire if the input x[1] were 8.000000000000002 instead of 2 (change 3 of it)");
    assert_eq!(told[2], "h[0] would fire if the weight x[1] -> h[0] were 4.000000000000001 instead of 1 (change 3)");
}

/// One change of a weight that several synapses share moves all of them.
#[test]
fn a_shared_weight_changes_everywhere() {
    let text = "input x = 1\nweight w = 1\nneuron h[3] { activation = relu }\nneuron y { bias = -6 }
x -> h : w\nh -> y : 1\noutput y\n";
    let told = lines(text, "y");
    assert_eq!(told[0], "y would fire if the bias of y were -2.9999999999999996 instead of -6 (change 0.5 of it)");
    assert_eq!(told[1], "y would fire if the input x were 2.0000000000000004 instead of 1 (change 1)");
    assert_eq!(told[2], "y would fire if the weight w were 2.0000000000000004 instead of 1 (change 1)");
    // Without a name it is one number of the source, too.
    let own = text.replace("weight w = 1\n", "").replace("h : w", "h : 1 { rule = all_to_all }");
    let told = lines(&own, "y");
    assert_eq!(
        told[2],
        "y would fire if the weight x -> h of 3 synapses were 2.0000000000000004 instead of 1 (change 1)"
    );
    // It changes for synapses elsewhere, too.
    let text = "input x = 1\nneuron y { activation = relu }\nneuron z\nx -> [y, z] : -1\noutput y, z\n";
    let told = lines(text, "y");
    assert!(told.iter().any(|line| line.contains("the weight x -> [y, z] of 2 synapses were")), "{told:?}");
}

/// A weight that is used twice on one way is a square.
#[test]
fn a_shared_weight_in_two_layers_is_a_curve() {
    let text = "input x = 1\nweight w = 1\nneuron h\nneuron y { bias = -4 }\nx -> h : w\nh -> y : w\noutput y\n";
    let network = network(text);
    let Answer::Searched(search) = asked(&network, unit(&network, "y", 0)).answer else { panic!("it is searched") };
    assert!(search.is_sampled);
    let weight = search.changes.iter().find(|flip| matches!(flip.change, Change::Parameter { .. })).expect("w is one");
    assert!((weight.new - 2.0).abs() < 1e-12, "{weight:?}");
    assert_flips(&network, unit(&network, "y", 0), false, weight);
}

#[test]
fn inputs_stay_in_their_ranges_and_are_measured_by_them() {
    let text =
        |range: &str| format!("input x = 5 {{ range = {range} }}\nneuron y {{ bias = -50 }}\nx -> y : 1\noutput y\n");
    assert!(!lines(&text("[0, 50]"), "y").iter().any(|line| line.contains("the input x")));
    let told = lines(&text("[0, 100]"), "y");
    assert_eq!(told[0], "y would fire if the input x were 50.00000000000001 instead of 5 (change 0.45 of its range)");
    // The range ends at the one double that still flips.
    let told = lines(&text("[0, 50.00000000000001]"), "y");
    assert!(told[0].starts_with("y would fire if the input x were 50.00000000000001 instead"), "{told:?}");
}

#[test]
fn without_a_resting_level_nothing_fires() {
    let told = lines("input x = 1\nneuron y { activation = exp }\nx -> y : 1\noutput y\n", "y");
    assert_eq!(told, ["y neither fires nor rests: exp has no resting level"]);
    let network = network("input x = 1\nneuron y\nx -> y : 1\noutput y\n");
    let kept = plan(&network, Wanted::Everything);
    assert_eq!(why_not(&network, &kept, &[1.0], unit(&network, "x", 0), Search::BUDGET), None);
    let dropped = plan(&network, Wanted::Outputs);
    assert_eq!(why_not(&network, &dropped, &[1.0], unit(&network, "y", 0), Search::BUDGET), None);
}

/// What a saturated neuron hides does not reach: no change there flips, though one of the neuron's own bias does.
#[test]
fn what_cannot_flip_is_said_so() {
    let text = "input x = 1\nneuron h { activation = sigmoid }\nneuron y { activation = step(threshold = 3) }
x -> h : 1\nh -> y : 1\noutput y\n";
    let told = lines(text, "y");
    assert!(told[0].starts_with("y would fire if the bias of y were"), "{told:?}");
    assert!(told[1].starts_with("y would fire if the weight h -> y were"), "{told:?}");
    assert!(!told.iter().any(|line| line.contains("the input")), "{told:?}");
    let never = "input x = 1\nneuron y { activation = hard_tanh(-2, -1) }\nx -> y : 1\noutput y\n";
    assert_eq!(lines(never, "y")[0], "y rests, and no single change that was searched alters that");
}

#[test]
fn nan_inside_is_named_and_not_searched() {
    let text = "input x = 800\nneuron h { activation = exp }, y\nx -> h : 1\nh -> y : 0\noutput y\n";
    let wanted = "nothing was searched: h is the first neuron whose net input or output is not finite";
    assert_eq!(lines(text, "y"), [wanted]);
    // What the neuron does not depend on does not matter.
    assert!(lines(&format!("{text}neuron z\nx -> z : 1\noutput z\n"), "z").len() > 1);
}

#[test]
fn what_other_values_are_derived_from_is_left_out() {
    let text = "input x = 1\nweight w = 1\nneuron y\nx -> y : w\nx -> y : 2 * w\noutput y\n";
    let told = lines(text, "y");
    assert!(told.contains(&"w was left out: other values are derived from it".to_owned()), "{told:?}");
    assert!(!told.iter().any(|line| line.contains("if the weight")), "{told:?}");
}

/// Flips that hang on one net input alone.
#[test]
fn a_magnitude_rests_at_nothing_alone() {
    let text = "input x = 3\nneuron y { activation = abs, bias = -2 }\nx -> y : 1\noutput y\n";
    let told = lines(text, "y");
    assert_eq!(told[0], "y would not fire if the weight x -> y were 0.6666666666666667 instead of 1 (change 0.333333)");
    assert_eq!(told[1], "y would not fire if the input x were 2 instead of 3 (change 0.333333 of it)");
    assert_eq!(told[2], "y would not fire if the bias of y were -3 instead of -2 (change 0.5 of it)");
}

/// The nearest flip is beyond a bend where things first get worse.
#[test]
fn ways_that_turn_are_followed_from_bend_to_bend() {
    // y's net input is |x - 4| - 3 by two rectifiers: it rises again beyond 4.
    let text = "input x = 3\nneuron up { activation = relu, bias = -4 }, down { activation = relu, bias = 4 }
neuron y { bias = -3 }\nx -> up : 1\nx -> down : -1\n[up, down] -> y : [1, 1]\noutput y\n";
    let told = lines(text, "y");
    assert!(told.iter().any(|line| line.contains("the input x were 0.9999999999999997 instead")), "{told:?}");
    let narrow = text.replace("x = 3", "x = 3 { range = [2, 10] }");
    let told = lines(&narrow, "y");
    assert!(told.iter().any(|line| line.contains("the input x were 7.000000000000001 instead")), "{told:?}");
    // A step in between: exclusive or, which one input alone flips.
    let text = "input a = 1, b = 1\nneuron either { activation = step(threshold = 0.5) }
neuron both { activation = step(threshold = 1.5) }\nneuron y { activation = step(threshold = 0.5) }
[a, b] -> either : 1\n[a, b] -> both : 1\neither -> y : 1\nboth -> y : -1\noutput y\n";
    let told = lines(text, "y");
    assert!(
        told.iter().any(|line| line.contains("the input a were 0.5000000000000001 instead of 1 (change 0.5)")),
        "{told:?}"
    );
}

#[test]
fn other_ways_to_combine_are_followed() {
    let text = |combine: &str| {
        format!(
            "input x[3] = [1, 2, 3]\nneuron y {{ combine = {combine}, bias = -10 }}\nx -> y : [1, 1, 1]\noutput y\n"
        )
    };
    // The largest is 3: it must come to more than 10, by the shortest way.
    let told = lines(&text("max"), "y");
    assert!(told.iter().any(|line| line.contains("the input x[2] were 10.000000000000002")), "{told:?}");
    assert!(told.iter().any(|line| line.contains("the weight x[2] -> y were 3.333333333333334")), "{told:?}");
    // All must exceed 10: one change does not do it.
    let told = lines(&text("min"), "y");
    assert!(told[0].contains("the bias of y") && told[1].starts_with("searched"), "{told:?}");
    // 3 · 2 · 1, of which one more factor of 5 / 3 is enough.
    let told = lines(&text("product"), "y");
    assert!(told.iter().any(|line| line.contains("the weight x[0] -> y were 1.666666666666667 ")), "{told:?}");
    // 6 / 3: 24 more.
    let told = lines(&text("mean"), "y");
    assert!(told.iter().any(|line| line.contains("the weight x[2] -> y were 9.00000000000000")), "{told:?}");
}

#[test]
fn a_small_budget_cuts_the_search_and_says_so() {
    let mut text = "input x = 1\nneuron h[40] { activation = tanh }\nneuron y { bias = -20 }\n".to_owned();
    text.push_str("x -> h : uniform(-1, 1, seed = 1)\nh -> y : uniform(-1, 1, seed = 2)\noutput y\n");
    let network = network(&text);
    let plan = plan(&network, Wanted::Everything);
    let neuron = unit(&network, "y", 0);
    let cut = why_not(&network, &plan, &[1.0], neuron, 500).expect("it is a neuron");
    assert!(cut.lines(&network).iter().any(|line| line.contains("cut short by its budget")), "{cut:?}");
    let whole = asked(&network, neuron);
    assert!(!whole.lines(&network).iter().any(|line| line.contains("cut short")), "{whole:?}");
    assert_eq!(whole, asked(&network, neuron), "the same question has the same answer");
}

/// 100,000 synapses, in one layer and in two; a chain longer than any stack.
#[test]
fn large_networks_are_searched_in_bounded_time() {
    let wide =
        "input x[100000] = 1\nneuron y { activation = relu, bias = -1 }\nx -> y : uniform(-1, 1, seed = 1)\noutput y\n";
    let deep =
        "input x[784] = uniform(0, 1, seed = 3)\nneuron h[128] { activation = relu }, g[8] { activation = relu }, y
x -> h : he_uniform(seed = 1)\nh -> g : he_uniform(seed = 2)\ng -> y : he_uniform(seed = 4)\noutput y\n";
    let curved = deep.replace("activation = relu", "activation = gelu");
    let mut chain = "input x = 1\nneuron h[50000] { activation = relu, bias = 0.001 }, y\nx -> h[0] : 1\n".to_owned();
    for place in 1..50_000 {
        let _ = writeln!(chain, "h[{}] -> h[{place}] : 1", place - 1);
    }
    chain.push_str("h[49999] -> y : 1\noutput y\n");
    // A relay that rectifies cannot be silenced from its input: each neuron adds something.
    for (text, kinds) in [(wide, 3), (deep, 3), (&curved, 3), (&chain, 2)] {
        let network = network(text);
        let started = std::time::Instant::now();
        let neuron = unit(&network, "y", 0);
        let answer = asked(&network, neuron);
        let Answer::Searched(search) = &answer.answer else { panic!("it is searched") };
        assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
        assert_eq!(search.changes.len(), kinds, "{search:?}");
        search.changes.iter().for_each(|flip| assert_flips(&network, neuron, search.fires, flip));
    }
}

/// A weight or bias of its own changes nothing until it is changed, and then only its own synapse or neuron.
#[test]
fn separate_values_are_the_same_until_they_change() {
    let text = "input x[3] = [1, 2, 4], z = 8\nneuron h[3] { bias = 0.5 }, y\n[x, z] -> h : 0.25\n
x -> h : 3 { rule = one_to_one }\n[z, x] -> h : 2 { rule = random(0.6, seed = 3) }\nh -> y : [1, 16, 256]\noutput h, y\n";
    let network = network(text);
    let plan = plan(&network, Wanted::Outputs);
    let outputs = |network: &Network| neuronc::trace(network, &plan, &[1.0, 2.0, 4.0, 8.0], Path::best());
    let before = outputs(&network);
    let mut separate = network.clone();
    network.connections().for_each(|(id, _)| separate.separate_weights(id));
    network.populations().for_each(|(id, _)| separate.separate_biases(id));
    assert_eq!(outputs(&separate), before);
    for neuron in &before.neurons {
        for synapse in &neuron.synapses {
            let (connection, from, to) = (synapse.connection, synapse.from, neuron.neuron);
            let mut changed = network.clone();
            Change::Weight { connection, from, to }.apply(&mut changed, &mut [], 0.125);
            let after = outputs(&changed);
            for (was, is) in std::iter::zip(&before.neurons, &after.neurons) {
                for (old, new) in std::iter::zip(&was.synapses, &is.synapses) {
                    let is_meant = is.neuron == to && new.from == from && new.connection == connection;
                    assert_eq!(new.weight, if is_meant { 0.125 } else { old.weight });
                }
                assert_eq!(was.bias, is.bias);
            }
        }
        let mut changed = network.clone();
        Change::Bias(neuron.neuron).apply(&mut changed, &mut [], -3.0);
        for (was, is) in std::iter::zip(&before.neurons, &outputs(&changed).neurons) {
            assert_eq!(is.bias, if is.neuron == neuron.neuron { -3.0 } else { was.bias });
        }
    }
}

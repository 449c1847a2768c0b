//! Networks that are saved: those of the suite and of the examples, and what is easily lost.

use std::fs;
use std::time::{Duration, Instant};

use neuronc::network::ParameterKind;
use neuronc::{Inputs, Network, Path, Wanted, plan, save, trace};

use crate::saving::{Folder, load, proved};

fn network(text: &str) -> Network {
    load("net.neuron", text, &Folder::new())
}

/// Whether a text has all these lines, but for blanks that align them.
fn has_lines(text: &str, lines: &[&str]) {
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<String>>();
    let all: Vec<Vec<String>> = text.lines().map(words).collect();
    for line in lines {
        assert!(all.contains(&words(line)), "{line}\n{text}");
    }
}

/// All files of a folder by their names.
fn folder(path: &str) -> Folder {
    let entries = fs::read_dir(path).expect("the folder is there").map(|entry| entry.expect("it can be listed"));
    let files = entries.filter(|entry| entry.path().is_file());
    files
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).expect("a file")))
        .collect()
}

fn expectations_hold(network: &Network, text: &str) -> usize {
    let plan = plan(network, Wanted::Everything);
    for expectation in network.expectations() {
        let inputs = Inputs::for_expectation(network, expectation);
        let trace = trace::<f64>(network, &plan, inputs.row(network).expect("all are given"), Path::best());
        for wanted in &expectation.wanted {
            for (element, want) in std::iter::zip(wanted.units.elements(), &wanted.values) {
                let unit = neuronc::network::Unit { population: wanted.units.population, element };
                let got = trace.value(&plan, unit).expect("everything was wanted");
                assert!(expectation.accepts(got, *want), "{} is {got}, not {want}\n{text}", network.unit_name(unit));
            }
        }
    }
    network.expectations().len()
}

#[test]
fn the_suite_and_the_examples_are_saved_with_their_expectations() {
    let mut beside = folder("tests/suite_files");
    let loaded = [
        ("row.csv", "0.5, -1.5\n"),
        ("two_by_two.csv", "0.5, -1\n2, 0.25\n"),
        ("three_by_two.csv", "1, 2\n3, 4\n5, 6\n"),
    ];
    beside.extend(loaded.map(|(name, text)| (name.to_owned(), text.into())));
    let mut count = 0;
    for (path, files) in [("tests/suite/values", &beside), ("examples", &folder("examples"))] {
        for (name, bytes) in folder(path).into_iter().filter(|(name, _)| name.ends_with(".neuron")) {
            let text = String::from_utf8(bytes).expect("it is UTF-8");
            let network = load(&name, &text, files);
            for network in network.networks().iter().chain([&network]) {
                let saved = proved(network);
                count += expectations_hold(&load("saved.neuron", &saved, &Folder::new()), &saved);
            }
        }
    }
    assert!(count > 200, "{count} expectations");
}

#[test]
fn a_saved_network_reads_as_if_written() {
    let text = "## A layer.\nnetwork pair\nnetwork layer {\n  input x[3], gain = 2\n  weight W[2, 3] = [[1, 2, 3], [4, 5, 6]]\n\
                bias b[3] = 0.5\n  ## Two of them.\n  neuron h[2] { bias = b[1..3], activation = relu }\n  x -> h : W\n\
                gain -> h : 0.25\n  output h }\n\
                input a, c[2] = [-1, 1] { range = [-1, 1], columns = [\"one\", \"a \\\"two\\\"\"] }\n\
                weight s = 1.5 { trainable = false }\ninstance left = layer { x = [c[1], c] }\n\
                instance right = layer { x = [a, left.h], W = left.W }\nneuron y\n[left.h, right.h] -> y : s\n\
                output y, both = [left.h, right.h[0]]\nexpect a = 1 => y = 41.25, left.h = [9, 22] within 100\n";
    let saved = proved(&network(text));
    let start = "## A layer.\nnetwork pair\n\ninput a\ninput c[2] = [-1, 1] { range = [-1, 1], columns = [\"one\", \"a \\\"two\\\"\"] }\n\n\
                 neuron left_gain { bias = 2 }\n## Two of them.\nneuron left_h[2]";
    assert!(saved.starts_with(start), "{saved}");
    let lines = [
        "neuron left_h[2] { bias = left_b[1..3], activation = relu }",
        "bias right_b[3] = 0.5",
        "weight s = 1.5 { trainable = false }",
        "weight left_W[2, 3] = [[1, 2, 3], [4, 5, 6]]",
        "[c[1], c] -> left_h : left_W",
        "[a, left_h] -> right_h : left_W",
        "[left_h, right_h] -> y : s",
        "output both = [left_h, right_h[0]]",
        "expect a = 1 => y = 41.25, left_h = [9, 22] within 100",
    ];
    has_lines(&saved, &lines);
}

#[test]
fn declared_activations_bring_what_they_call_and_read() {
    let file = "const half = 0.5, k = -1\nactivation bent(z, half_2 = 1) = if(z > 0, z, half * z * half_2)\nactivation relu(z) = bent(z) - k\n";
    let text = "import \"file.neuron\" as file\nconst k = 2, unused = 3\n## Mine.\n\
                activation bent(z, half = 0.25) = half * file.bent(z)^k + relu(z)\n\
                activation never(z) = z\ninput x\n\
                neuron half { activation = file.bent }, a { activation = bent }, b { activation = bent(half = -2) }\n\
                neuron c { activation = file.relu }, d { activation = relu }\n\
                x -> [half, a, b, c, d] : 1\noutput half, a, b, c, d\n";
    let files = Folder::from([("file.neuron".to_owned(), file.into())]);
    let saved = proved(&load("net.neuron", text, &files));
    let lines = [
        "const half_3 = 0.5",
        "const k = -1",
        "const k_2 = 2",
        "activation bent_2(z, half_2 = 1) = if(z > 0, z, half_3 * z * half_2)",
        "activation relu_2(z) = bent_2(z) - k",
        "activation bent(z, half = 0.25) = half * bent_2(z)^k_2 + relu(z)",
    ];
    has_lines(&saved, &lines);
    assert!(!saved.contains("never") && !saved.contains("unused"), "{saved}");
    assert!(saved.contains("## Mine.\nactivation bent(z, half"), "{saved}");
}

#[test]
fn many_activations_that_call_each_other_are_no_deep_chain() {
    let mut text = "activation f0(z) = z + 1\n".to_owned();
    for place in 1..2_000 {
        text.push_str(&format!("activation f{place}(z) = f{}(z) + 1\n", place - 1));
    }
    text.push_str("input x\nneuron y { activation = f1999 }\nx -> y : 1\noutput y\n");
    assert_eq!(proved(&network(&text)).matches("activation f").count(), 2_000);
    // Each calls the one before twice: the formula has thousands of operations, the text a line each.
    let mut text = "activation f0(z) = z + 1\n".to_owned();
    for place in 1..11 {
        text.push_str(&format!("activation f{place}(z) = f{0}(z) + f{0}(-z)\n", place - 1));
    }
    text.push_str("input x\nneuron y { activation = f10 }\nx -> y : 1\noutput y\n");
    assert!(proved(&network(&text)).len() < 1_000);
}

#[test]
fn what_is_nested_as_deep_as_may_be_stays_so() {
    let deep = format!("{}k{}", "(".repeat(255), ")".repeat(255));
    let text = format!(
        "const k = -1\nactivation f(z) = z + {deep}\ninput x\nneuron y {{ activation = f }}\nx -> y : 1\noutput y\n"
    );
    let thread = std::thread::Builder::new().stack_size(64 << 20);
    thread.spawn(move || proved(&network(&text))).expect("a thread").join().expect("it is the same");
}

#[test]
fn signs_of_zero_and_extreme_numbers_are_kept() {
    let text = "input x = -0.0 { range = [-0.0, 1e308] }, y[2] = -0.0\nweight w = -0.0\nbias b[2] = [-0.0, 5e-324]\n\
                neuron h[2] { bias = b, activation = step(threshold = -0.0, at = -1) }, g { bias = -0.0 }\n\
                x -> h : w\ny -> h : [[-0.0, 0], [1.7976931348623157e308, -5e-324]]\nh -> g : -0.0\noutput h, g\n\
                expect x = -0.0 => g = -0.0 within 1e-300\n";
    let saved = proved(&network(text));
    assert!(saved.contains("weight w = -0.0") && saved.contains("[[-0.0, 0], ["), "{saved}");
    assert!(saved.contains("neuron g    { bias = -0.0 }"), "{saved}");
}

#[test]
fn arrays_of_one_stay_arrays() {
    let text = "input x[1] = [2] { columns = [\"c\"] }, y[1]\nweight v[1] = 3\nweight M[1, 1] = 4\nbias b[1] = [5]\n\
                neuron h[1] { bias = b }, g[1] { activation = softmax }, s { bias = b[0] }, t[3]\n\
                x -> h : v\nx -> h : M\ny -> g : [[1]]\nh -> s : v[0]\n[x, x] -> t[0..2] : v[0]\nx -> t[0..1] : v\n\
                output h, one = h[0], list = h[0..1], single = s, listed = [s], part = t[1..2], x\n\
                expect x = [1], y = 1 => h = [12]\n";
    let saved = proved(&network(text));
    assert!(saved.contains("output one = h[0]\noutput list = h\noutput single = s\noutput listed = [s]\n"), "{saved}");
}

#[test]
fn parts_of_shared_vectors_stay_shared() {
    let text = "input x[4]\nweight v[6] = [1, 2, 3, 4, 5, 6]\nbias b[3] = [1, 2, 3]\n\
                neuron h[2] { bias = b[1..3] }, g[3] { bias = b }, k[2] { bias = b[1] }\n\
                x -> h[0] : v[1..5]\n[x[0..2], x[3]] -> h[1] : v[3..6]\nx[0] -> g : v[0..3]\nx -> k : v[5]\n\
                x[0..2] -> k : v[4..6] { rule = one_to_one }\noutput h, g, k\n";
    let saved = proved(&network(text));
    for part in
        ["bias = b[1..3]", "bias = b[1]", "v[1..5]", "v[3..6]", "v[0..3]", ": v[5]", "v[4..6] { rule = one_to_one }"]
    {
        assert!(saved.contains(part), "{part}\n{saved}");
    }
}

#[test]
fn inputs_that_several_populations_feed_are_one_statement() {
    let text = "network layer {\ninput x[5], z[2] = [7, 8]\nneuron all[2], other, pairs[5], some[3]\n\
                weight W[3, 7] = 1\nweight v[5] = [1, 2, 3, 4, 5]\n[x, z] -> [all, other] : W\n\
                x -> pairs : v { rule = one_to_one }\nx -> some : 0.5 { rule = random(0.5, seed = 3) }\n\
                output all, other, pairs, some }\n\
                input a, b[3], c\ninstance one = layer { x = [a, b, c] }\ninstance two = layer { x = [b[1..3], b], W = one.W }\n\
                output y = one.pairs, u = two.pairs, o = [one.all, two.other]\n";
    let saved = proved(&network(text));
    let lines = [
        "[a, b, c, one_z] -> [one_all, one_other] : one_W",
        "[b[1..3], b, two_z] -> [two_all, two_other] : one_W",
        "[a, b, c] -> one_pairs : one_v { rule = one_to_one }",
    ];
    has_lines(&saved, &lines);
}

#[test]
fn drawn_pairs_are_written_out() {
    let text = "input x[6]\nneuron h[4]\nweight w = 2\nx -> h : w { rule = random(0.5, seed = 3) }\n\
                x -> h : normal(0, 1, seed = 2) { rule = random(0.6, seed = 4) }\nx -> h : 1 { rule = random(0, seed = 1) }\n\
                output h\n";
    let network = network(text);
    let saved = proved(&network);
    assert!(!saved.contains("random") && saved.matches(": w\n").count() >= 3, "{saved}");
    // Very many sources of one target are several statements.
    let text = "input x[9000]\nneuron h\nx -> h : normal(0, 1, seed = 2) { rule = random(0.5, seed = 4) }\noutput h\n";
    assert_eq!(proved(&load("net.neuron", text, &Folder::new())).matches("-> h").count(), 3);
}

#[test]
fn names_stay_different() {
    let text = "network cell {\ninput x\nweight w = 1\nneuron h, y { bias = 1 }\nx -> h : w\nh -> y : w\noutput y }\n\
                network outer {\ninput x\ninstance a = cell { x = x }\ninstance b = cell { x = a.y }\noutput y = b.y }\n\
                input x, a_h\nweight a_w = 3\nneuron a_h_2\ninstance a = cell { x = x }\ninstance c = outer { x = a.y }\n\
                neuron c_a_h { bias = 1 }\n[x, a_h] -> a_h_2 : a_w\noutput a_y = a.y, c_a_h, a_h_2, z = c.y\n";
    let network = network(text);
    let saved = save(&network);
    for name in ["neuron a_h_3", "neuron a_y_2", "weight a_w_2", "neuron c_a_h_2", "neuron c_b_y"] {
        assert!(saved.contains(name), "{name}\n{saved}");
    }
    let again = load("saved.neuron", &saved, &Folder::new());
    assert_eq!((save(&again), again.counts()), (saved, network.counts()));
}

#[test]
fn a_name_that_cannot_be_written_is_left_out() {
    for (name, header) in
        [("my-net.neuron", None), ("neuron.neuron", None), ("7.neuron", None), ("é.neuron", Some("network é"))]
    {
        let saved = proved(&load(name, "## About it.\n\n## Of x.\ninput x\noutput x\n", &Folder::new()));
        let start = header
            .map_or("## About it.\n\n## Of x.\n".to_owned(), |header| format!("## About it.\n{header}\n\n## Of x.\n"));
        assert!(saved.starts_with(&start), "{saved}");
        let saved = proved(&load(name, "## Of x.\ninput x\noutput x\n", &Folder::new()));
        assert!(saved.ends_with("## Of x.\ninput x\n\noutput x\n"), "{saved}");
    }
}

#[test]
fn changed_values_and_separate_weights_are_saved() {
    let text = "input x[2]\nweight W[3, 2] = 1\nweight v[2] = 2\nbias b = 3\nneuron h[2] { bias = b }, g\nx -> [h, g] : W\n\
                x -> g : v\nx -> h : v { rule = one_to_one }\nx -> h : 0.5 { rule = random(0.9, seed = 2) }\noutput h, g\n";
    let mut network = network(text);
    let all: Vec<_> = network.connections().map(|(id, _)| id).collect();
    for (place, id) in all.into_iter().enumerate() {
        network.separate_weights(id);
        let parameter = network.connection(id).weights.parameter;
        for index in 0..network.parameter(parameter).values.len() {
            network.set_value(parameter, index, (10 * place + index) as f64);
        }
        // Of a named matrix, a part has no name.
        if place > 0 {
            proved(&network);
        }
    }
    let (h, _) = network.populations().nth(1).expect("it is there");
    network.separate_biases(h);
    let saved = proved(&network);
    has_lines(&saved, &["x -> h : [[0, 1], [2, 3]]", "x -> g : [10, 11]", "neuron h[2] { bias = [3, 3] }"]);
    assert_eq!(network.parameters().filter(|parameter| parameter.kind == ParameterKind::Weight).count(), 2);
}

#[test]
#[should_panic(expected = "a source has finite numbers only")]
fn what_is_no_number_cannot_be_saved() {
    let mut network = network("input x\nweight w = 1\nneuron y\nx -> y : w\noutput y\n");
    let (_, connection) = network.connections().next().expect("there is one");
    let parameter = connection.weights.parameter;
    network.set_value(parameter, 0, f64::NAN);
    let _ = save(&network);
}

/// A statement for each of 100,000 synapses, and a matrix of as many.
#[test]
fn large_networks_are_saved_in_time() {
    let mut text = "input x[1000]\nneuron h[100], g[100]\nx -> g : uniform(-1, 1, seed = 1)\noutput h, g\n".to_owned();
    for synapse in 0..100_000 {
        text.push_str(&format!("x[{}] -> h[{}] : 0.{}\n", synapse % 1000, synapse / 1000, 1 + synapse % 9));
    }
    let network = network(&text);
    let start = Instant::now();
    let saved = save(&network);
    let again = load("saved.neuron", &saved, &Folder::new());
    let again = save(&again);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    assert!(again == saved);
    eprintln!("{:?} for {} bytes", start.elapsed(), saved.len());
}

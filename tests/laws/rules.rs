//! Rules of connections are the synapses that they stand for, written out.

use std::fmt::Write;

use neuronc::{Inputs, Network, Path, Scratch, Wanted, evaluate, plan, trace};

use crate::oracle::network;
use crate::random::Random;

/// The bits of all outputs, which every path and both kinds of plan give.
fn bits(network: &Network, text: &str) -> Vec<u64> {
    let inputs = Inputs::new(network);
    let row = inputs.row(network).expect("every input has a default");
    let mut found: Option<Vec<u64>> = None;
    for path in Path::available() {
        for wanted in [Wanted::Outputs, Wanted::Everything] {
            let plan = plan(network, wanted);
            let mut outputs = vec![0.0; plan.output_count()];
            evaluate(network, &plan, row, &mut outputs, &mut Scratch::new(), path);
            assert_eq!(trace(network, &plan, row, path).outputs, outputs, "{path:?}\n{text}");
            let bits: Vec<u64> = outputs.iter().map(|value: &f64| value.to_bits()).collect();
            assert_eq!(*found.get_or_insert_with(|| bits.clone()), bits, "{path:?}, {wanted:?}\n{text}");
        }
    }
    found.expect("there is a path")
}

fn list(values: &[f64]) -> String {
    let numbers: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
    format!("[{}]", numbers.join(", "))
}

/// Names of `count` units: arrays of random sizes, cut at random places, with their declarations.
fn parts(random: &mut Random, keyword: &str, letter: char, count: usize, text: &mut String) -> Vec<String> {
    let mut names = Vec::new();
    let mut done = 0;
    while done < count {
        let size = 1 + random.below(count - done);
        let name = format!("{letter}{}", names.len());
        let value = if keyword == "input" { format!(" = {}", list(&random.numbers(size))) } else { String::new() };
        let _ = writeln!(text, "{keyword} {name}[{size}]{value}");
        names.push(name);
        done += size;
    }
    names
}

/// `[x0, x1] -> [y0, y1]`, where one part may be cut in two.
fn joined(random: &mut Random, names: &[String], text: &str) -> String {
    let mut written = Vec::new();
    for name in names {
        let size = text.split(&format!(" {name}[")).nth(1).and_then(|rest| rest.split(']').next());
        let size: usize = size.and_then(|size| size.parse().ok()).expect("it is declared so");
        let cut = random.below(size);
        if cut == 0 {
            written.push(name.clone());
        } else {
            written.push(format!("{name}[0..{cut}], {name}[{cut}..{size}]"));
        }
    }
    format!("[{}]", written.join(", "))
}

#[test]
fn one_to_one_is_a_diagonal_matrix() {
    for seed in 0..200 {
        let mut random = Random(seed);
        let count = 1 + random.below(9);
        let mut head = String::new();
        let sources = parts(&mut random, "input", 'x', count, &mut head);
        let targets = parts(&mut random, "neuron", 'y', count, &mut head);
        let _ = writeln!(head, "output {}", targets.join(", "));
        let ends = format!("{} -> {}", joined(&mut random, &sources, &head), joined(&mut random, &targets, &head));
        let weights = random.numbers(count);
        let row = |i: usize| list(&(0..count).map(|j| if i == j { weights[i] } else { 0.0 }).collect::<Vec<f64>>());
        let rows: Vec<String> = (0..count).map(row).collect();
        let rule = format!("{head}{ends} : {} {{ rule = one_to_one }}\n", list(&weights));
        let matrix = format!("{head}{ends} : [{}]\n", rows.join(", "));
        let network_of_rule = network(&rule);
        assert_eq!(network_of_rule.counts().synapses, count as u64, "{rule}");
        // What a weight of 0 adds is +0 or -0, to a sum that starts at +0: no bit changes.
        assert_eq!(bits(&network_of_rule, &rule), bits(&network(&matrix), &matrix), "{rule}\n{matrix}");
    }
}

#[test]
fn random_is_a_list_of_connections() {
    for seed in 0..200 {
        let mut random = Random(seed);
        let (n, m) = (1 + random.below(9), 1 + random.below(9));
        let mut head = String::new();
        let sources = parts(&mut random, "input", 'x', n, &mut head);
        let targets = parts(&mut random, "neuron", 'y', m, &mut head);
        let _ = writeln!(head, "output {}", targets.join(", "));
        let ends = format!("{} -> {}", joined(&mut random, &sources, &head), joined(&mut random, &targets, &head));
        let probability = random.below(11) as f64 / 10.0;
        // One number for all synapses, or one for each, which those of a list of its own are.
        let (value, made) = if seed % 2 == 0 {
            ("0.3".to_owned(), vec![0.3; n * m])
        } else {
            let value = format!("uniform(-1, 1, seed = {seed})");
            let listed = network(&format!("input x\nneuron y[{0}]\nx -> y : w\nweight w[{0}] = {value}\n", n * m));
            let (_, connection) = listed.connections().next().expect("there is one");
            (value, listed.parameter(connection.weights.parameter).values.clone())
        };
        let rule = format!("{head}{ends} : {value} {{ rule = random({probability:?}, seed = {seed}) }}\n");
        let drawn = network(&rule);
        let mut places: Vec<usize> = Vec::new();
        let mut written = head.clone();
        for (_, connection) in drawn.connections() {
            let name = |population| drawn.population(population).name.clone();
            let (from, to) = (name(connection.sources.population), name(connection.targets.population));
            for target in 0..connection.targets.count {
                for (source, place) in drawn.synapses(connection, target) {
                    let weight = drawn.parameter(connection.weights.parameter).values[place];
                    assert_eq!(weight, made[place], "{rule}");
                    places.push(place);
                    let (i, j) = (connection.targets.first + target, connection.sources.first + source);
                    let _ = writeln!(written, "{from}[{j}] -> {to}[{i}] : {weight:?}");
                }
            }
        }
        if seed % 2 == 1 {
            places.sort_unstable();
            assert!(places.iter().copied().eq(0..places.len()), "each synapse has a value of its own\n{rule}");
        }
        let explicit = network(&written);
        assert_eq!(drawn.counts(), explicit.counts(), "{rule}\n{written}");
        assert_eq!(bits(&drawn, &rule), bits(&explicit, &written), "{rule}\n{written}");
    }
}

/// How the ends of a rule are cut into parts changes nothing.
#[test]
fn random_does_not_depend_on_how_its_ends_are_written() {
    let whole =
        "input x[6] = [1, 2, 4, 8, 16, 32]\nneuron y[5]\nx -> y : 1 { rule = random(0.4, seed = 3) }\noutput y\n";
    let cut = whole.replace("x -> y", "[x[0..1], x[1..4], x[4..6]] -> [y[0..3], y[3..5]]");
    assert_eq!(bits(&network(whole), whole), bits(&network(&cut), &cut));
    let other = whole.replace("seed = 3", "seed = 4");
    assert_ne!(bits(&network(whole), whole), bits(&network(&other), &other));
}

/// An array whose neurons feed each other by rules is computed neuron by neuron, or has a loop.
#[test]
fn drawn_pairs_within_an_array_are_ordered_or_a_loop() {
    let mut random = Random(11);
    let (mut ordered, mut loops) = (0, 0);
    for seed in 0..300 {
        let size = 2 + random.below(4);
        let rule = format!(
            "input x = 1\nneuron h[{size}] {{ bias = 1 }}\nx -> h : 1\nh -> h : 0.5 {{ rule = random(0.15, seed = {seed}) }}\noutput h\n"
        );
        // The same pairs between two arrays, which have no loop, tell which they are.
        let apart = rule.replace("h -> h", "h -> g").replace("output h", &format!("neuron g[{size}]\noutput g"));
        let apart = network(&apart);
        let mut written = rule.lines().filter(|line| !line.contains("rule")).collect::<Vec<_>>().join("\n") + "\n";
        for (_, connection) in apart.connections().filter(|(_, connection)| connection.sources.count > 1) {
            for target in 0..connection.targets.count {
                for (source, _) in apart.synapses(connection, target) {
                    let _ = writeln!(written, "h[{source}] -> h[{target}] : 0.5");
                }
            }
        }
        match (try_network(&rule), try_network(&written)) {
            (Some(drawn), Some(explicit)) => {
                assert_eq!(bits(&drawn, &rule), bits(&explicit, &written), "{rule}\n{written}");
                ordered += 1;
            }
            (None, None) => loops += 1,
            (drawn, _) => panic!("a loop in one only, {}\n{rule}\n{written}", drawn.is_some()),
        }
    }
    assert!(ordered > 50 && loops > 50, "{ordered} ordered, {loops} loops");
}

/// The network of a text; none if it has a loop.
fn try_network(text: &str) -> Option<Network> {
    let mut sources = neuronc::Sources::new();
    let limits = neuronc::Limits::default();
    let file = sources.add("random.neuron", text.as_bytes().to_vec(), &limits).expect("the text is UTF-8");
    let (program, _) = neuronc::parse(sources.get(file), &limits);
    let (network, mistakes) = neuronc::resolve(&program, sources.get(file), &limits);
    assert!(mistakes.iter().all(|mistake| mistake.code != neuronc::Code::E0201), "{text}");
    network
}

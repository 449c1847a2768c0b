//! The reference values of docs/generators.md are what networks have.

use neuronc::{Limits, Network, Sources, parse, resolve};

use crate::{blocks, read};

/// The network of a text that has no errors.
fn network(text: &str) -> Network {
    let (mut sources, limits) = (Sources::new(), Limits::default());
    let file = sources.add("page.neuron", text.into(), &limits).expect("the text is UTF-8");
    let (program, _) = parse(sources.get(file), &limits);
    let (network, mistakes) = resolve(&program, sources.get(file), &limits);
    network.unwrap_or_else(|| panic!("{:?}\n{text}", mistakes.into_sorted()))
}

/// Blocks of the page whose first word is `what`: the words after it, and the lines.
fn references(what: &str) -> Vec<(Vec<String>, Vec<String>)> {
    let lines = |content: &str| content.lines().map(str::to_owned).collect();
    let words = |info: &str| info.split_whitespace().map(str::to_owned).collect::<Vec<String>>();
    let all = blocks(&read("docs/generators.md")).into_iter().map(|(info, content)| (words(&info), lines(&content)));
    let found: Vec<(Vec<String>, Vec<String>)> =
        all.filter(|(info, _)| info.first().is_some_and(|word| word == what)).collect();
    assert!(!found.is_empty(), "the page has reference values of `{what}`");
    found
}

#[test]
fn the_pages_pairs_are_drawn() {
    for (info, rows) in references("pairs") {
        let (p, seed) = (&info[1], &info[2]);
        let columns = rows[0].split(' ').count();
        let rule = format!("x -> y : 1 {{ rule = random({p}, seed = {seed}) }}");
        let network = network(&format!("input x[{columns}]\nneuron y[{}]\n{rule}\noutput y\n", rows.len()));
        let (_, connection) = network.connections().next().expect("there is one");
        for (target, row) in (0..).zip(&rows) {
            let drawn: Vec<u32> = network.synapses(connection, target).map(|(source, _)| source).collect();
            let told = (0..).zip(row.split(' ')).filter(|(_, digit)| *digit == "1").map(|(source, _)| source);
            assert_eq!(drawn, told.collect::<Vec<u32>>(), "row {target} of `{rule}`");
        }
    }
}

#[test]
fn the_pages_values_are_made() {
    for what in ["uniform", "normal"] {
        for (info, values) in references(what) {
            let call = format!("{what}({}, {}, seed = {})", info[1], info[2], info[3]);
            let network = network(&format!(
                "input x = 1\nweight w[{}] = {call}\nneuron y[{0}]\nx -> y : w\noutput y\n",
                values.len()
            ));
            let (_, connection) = network.connections().next().expect("there is one");
            let made = &network.parameter(connection.weights.parameter).values;
            for (made, told) in std::iter::zip(made, &values) {
                let told: f64 = told.parse().expect("the page has numbers");
                assert_eq!(made.to_bits(), told.to_bits(), "{call} makes {made}, not {told}");
            }
        }
    }
}

//! What is told of random networks is what they compute.

use neuronc::network::Unit;
use neuronc::{
    Account, Block, Inputs, Limits, Manner, Network, Path, Sources, Subject, Vocabulary, explain, parse, resolve,
};
use neuronc::{Wanted, plan, trace};

use crate::random::{Description, Random};

const VOCABULARIES: [Vocabulary; 3] = [Vocabulary::Artificial, Vocabulary::Biological, Vocabulary::Both];

fn network(text: &str) -> (Sources, Network) {
    let (mut sources, limits) = (Sources::new(), Limits::default());
    let file = sources.add("n.neuron", text.into(), &limits).expect("it is UTF-8");
    let (program, _) = parse(sources.get(file), &limits);
    let network = resolve(&program, sources.get(file), &limits).0.expect("it has no mistakes");
    (sources, network)
}

/// A sum of products as a formula writes it, `1·0.8 - 0.75·(-1.2) + 0.5`, and that of their magnitudes.
fn value(formula: &str) -> (f64, f64) {
    let number =
        |text: &str| text.trim_matches(['(', ')']).parse::<f64>().unwrap_or_else(|_| panic!("{text} in {formula}"));
    let (mut sum, mut size, mut sign) = (0.0, 0.0, 1.0);
    for word in formula.split(' ') {
        match word {
            "+" => sign = 1.0,
            "-" => sign = -1.0,
            term => {
                let (negative, term) = term.strip_prefix('-').map_or((1.0, term), |term| (-1.0, term));
                let amount = negative * term.split('·').map(number).product::<f64>();
                sum += sign * amount;
                size += amount.abs();
            }
        }
    }
    (sum, size)
}

fn formulas(account: &Account) -> impl Iterator<Item = (&String, &Vec<String>)> {
    account.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
        Block::Formula { left, steps } => Some((left, steps)),
        Block::Text(_) | Block::Item(_) | Block::Doc(_) | Block::Table { .. } => None,
    })
}

/// Each formula with numbers comes to the value behind it, as far as its digits go.
#[test]
fn formulas_come_to_their_values() {
    let mut compared = 0;
    for seed in 6_000..6_150 {
        let mut random = Random(seed);
        let mut description = Description::random(&mut random, &["identity"]);
        let number = |random: &mut Random| (random.below(4001) as f64 - 2000.0) / 1000.0;
        for population in &mut description.populations {
            population.values.iter_mut().for_each(|value| *value = number(&mut random));
        }
        for join in &mut description.joins {
            let first = number(&mut random);
            join.weights.iter_mut().for_each(|weight| *weight = if join.scalar { first } else { number(&mut random) });
        }
        let (sources, network) = network(&description.text());
        let (inputs, plan) = (Inputs::new(&network), plan(&network, Wanted::Everything));
        let trace = trace::<f64>(&network, &plan, inputs.row(&network).expect("defaults"), Path::best());
        let vocabulary = VOCABULARIES[random.below(3)];
        for (id, population) in network.populations() {
            for unit in (0..population.size).map(|element| Unit { population: id, element }) {
                let manner = Manner { vocabulary, inputs: Some(&inputs), all: true, path: Path::best() };
                let account = explain(&network, &sources, Subject::Unit(unit), manner).expect("there are values");
                let wanted = trace.value(&plan, unit).expect("the plan keeps everything");
                for (left, steps) in formulas(&account) {
                    assert_eq!(*left, network.unit_name(unit), "seed {seed}");
                    let inner = |step: &str| {
                        value(step.strip_prefix("identity(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(step))
                    };
                    for step in &steps[steps.len() - 2..] {
                        let (sum, size) = inner(step);
                        assert!((sum - wanted).abs() <= 1e-5 * size, "seed {seed}: {left} = {steps:?}, not {wanted}");
                    }
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 500, "{compared}");
}

/// Whatever a network is made of, every part of it can be told, with and without numbers, in all words.
#[test]
fn everything_can_be_told() {
    for seed in 6_200..6_300 {
        let mut random = Random(seed);
        let names: Vec<&str> = neuronc::Activation::TABLE
            .iter()
            .filter(|row| !row.whole_array && row.with_defaults().is_some())
            .map(|row| row.name)
            .collect();
        let (sources, network) = network(&Description::random(&mut random, &names).text());
        let inputs = Inputs::new(&network);
        let units = network
            .populations()
            .flat_map(|(population, one)| (0..one.size).map(move |element| Unit { population, element }));
        let populations = network.populations().map(|(id, _)| Subject::Population(id));
        let subjects: Vec<Subject> =
            [Subject::Network].into_iter().chain(populations).chain(units.map(Subject::Unit)).collect();
        for vocabulary in VOCABULARIES {
            for inputs in [None, Some(&inputs)] {
                for all in [false, true] {
                    for subject in &subjects {
                        let manner = Manner { vocabulary, inputs, all, path: Path::best() };
                        let account = explain(&network, &sources, *subject, manner).expect("defaults");
                        let has_steps = formulas(&account)
                            .all(|(_, steps)| if inputs.is_some() { steps.len() >= 2 } else { steps.len() == 1 });
                        assert!(has_steps && !account.sections.is_empty(), "seed {seed}: {subject:?}");
                    }
                }
            }
        }
    }
}

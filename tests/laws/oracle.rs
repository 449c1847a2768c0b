//! Evaluation against an independent one in exact rational numbers, which shares nothing with the library.

use std::cmp::Ordering;

use neuronc::{Inputs, Limits, Network, Path, Scratch, Sources, Wanted, evaluate, parse, plan, resolve, trace};

use crate::exact::{DOUBLE, Format, SINGLE};
use crate::random::{Description, Join, Part, Population, Random, part};

/// The network of a text that has no errors.
pub fn network(text: &str) -> Network {
    let mut sources = Sources::new();
    let limits = Limits::default();
    let file = sources.add("random.neuron", text.as_bytes().to_vec(), &limits).expect("the text is UTF-8");
    let (program, mistakes) = parse(sources.get(file), &limits);
    assert!(!mistakes.has_errors(), "{:?}\n{text}", mistakes.into_sorted());
    let (network, mistakes) = resolve(&program, sources.get(file), &limits);
    network.unwrap_or_else(|| panic!("{:?}\n{text}", mistakes.into_sorted()))
}

/// The activations whose formula is made of sums, products, quotients and comparisons alone.
const RATIONAL: &[&str] = &[
    "identity",
    "relu",
    "step",
    "step(0.25, at = 0.5)",
    "sign",
    "leaky_relu",
    "leaky_relu(slope = -0.3)",
    "softsign",
    "thresholded_relu",
    "relu6",
    "hard_sigmoid",
    "hard_sigmoid(alpha = 0.7, beta = 0.1)",
    "hard_tanh",
    "hard_tanh(lo = -0.1, hi = 3)",
    "hard_swish",
    "hard_shrink",
    "soft_shrink",
    "soft_shrink(lambda = 0.1)",
    "square",
    "cube",
    "abs",
    "reciprocal",
];

/// The output for a net input, as docs/activations.md has it, every step rounded.
fn activated(format: Format, activation: &str, z: f64) -> f64 {
    if z.is_nan() {
        return z;
    }
    let between = |value: f64, lo: f64, hi: f64| match value {
        value if value <= lo => lo,
        value if value > hi => hi,
        value => value,
    };
    let step = |threshold: f64, at: f64| match z.partial_cmp(&threshold) {
        Some(Ordering::Greater) => 1.0,
        Some(Ordering::Equal) => at,
        Some(Ordering::Less) | None => 0.0,
    };
    let leak = |slope: f64| if z >= 0.0 { z } else { format.times(format.rounded(slope), z) };
    let ramp = |alpha: f64, beta: f64| between(format.fused(format.rounded(alpha), z, format.rounded(beta)), 0.0, 1.0);
    let drawn = |lambda: f64| {
        let towards = if z > 0.0 { -format.rounded(lambda) } else { format.rounded(lambda) };
        if z.abs() <= format.rounded(lambda) { 0.0 } else { format.plus(z, towards) }
    };
    match activation {
        "identity" => z,
        "relu" => {
            if z <= 0.0 {
                0.0
            } else {
                z
            }
        }
        "step" => step(0.0, 0.0),
        "step(0.25, at = 0.5)" => step(0.25, 0.5),
        "sign" => {
            if z == 0.0 {
                0.0
            } else {
                1f64.copysign(z)
            }
        }
        "leaky_relu" => leak(0.01),
        "leaky_relu(slope = -0.3)" => leak(-0.3),
        "softsign" if z.is_infinite() => 1f64.copysign(z),
        "softsign" => format.over(z, format.plus(1.0, z.abs())),
        "thresholded_relu" => {
            if z <= 1.0 {
                0.0
            } else {
                z
            }
        }
        "relu6" => between(z, 0.0, 6.0),
        "hard_sigmoid" => ramp(0.2, 0.5),
        "hard_sigmoid(alpha = 0.7, beta = 0.1)" => ramp(0.7, 0.1),
        "hard_tanh" => between(z, -1.0, 1.0),
        "hard_tanh(lo = -0.1, hi = 3)" => between(z, format.rounded(-0.1), 3.0),
        "hard_swish" if z <= -3.0 => 0.0,
        "hard_swish" if z >= 3.0 => z,
        // The share is rounded before z is multiplied by it.
        "hard_swish" => format.times(z, format.over(format.plus(z, 3.0), 6.0)),
        "hard_shrink" => {
            if z.abs() <= 0.5 {
                0.0
            } else {
                z
            }
        }
        "soft_shrink" => drawn(0.5),
        "soft_shrink(lambda = 0.1)" => drawn(0.1),
        "square" => format.times(z, z),
        "cube" => format.times(format.times(z, z), z),
        "abs" => z.abs(),
        "reciprocal" => format.over(1.0, z),
        "hardmax" => z,
        other => panic!("{other} is in no table"),
    }
}

/// What is made of weights and values, as docs/language.md has it, before the bias is added.
fn combined(format: Format, combine: &str, synapses: &[(f64, f64)]) -> f64 {
    if combine == "sum" {
        return synapses.iter().fold(0.0, |sum, (weight, value)| format.fused(*weight, *value, sum));
    }
    let mut products: Vec<f64> = synapses.iter().map(|(weight, value)| format.times(*weight, *value)).collect();
    if let Some(nan) = products.iter().find(|product| product.is_nan()) {
        return *nan;
    }
    let sum = || products.iter().fold(0.0, |sum, product| format.plus(sum, *product));
    match combine {
        "product" => products.iter().fold(1.0, |so_far, product| format.times(so_far, *product)),
        "mean" => format.over(sum(), products.len() as f64),
        "max_abs" => products.iter().fold(
            0.0,
            |largest: f64, product| {
                if product.abs() > largest.abs() { *product } else { largest }
            },
        ),
        "min" | "max" | "median" => {
            products.sort_by(f64::total_cmp);
            let (count, middle) = (products.len(), products.len() / 2);
            match combine {
                "min" => products[0],
                "max" => products[count - 1],
                _ if count % 2 == 1 => products[middle],
                _ => format.middle(products[middle - 1], products[middle]),
            }
        }
        other => panic!("{other} is in no table"),
    }
}

/// The values of all populations: the synapses of each neuron in the order of the statements.
fn values(description: &Description, format: Format) -> Vec<Vec<f64>> {
    let mut values: Vec<Vec<f64>> = Vec::new();
    for (place, population) in description.populations.iter().enumerate() {
        let given = population.values.iter().map(|value| format.rounded(*value));
        if population.is_input {
            values.push(given.collect());
            continue;
        }
        // Elements may read those before them.
        values.push(Vec::new());
        for (element, bias) in given.enumerate() {
            let mut synapses = Vec::new();
            for join in description.joins.iter().filter(|join| join.target.population == place) {
                let Some(row) = element.checked_sub(join.target.first).filter(|row| *row < join.target.count) else {
                    continue;
                };
                let from = |part: &Part| {
                    let Part { population, first, count } = *part;
                    (first..first + count).map(move |place| (population, place))
                };
                let sources: Vec<(usize, usize)> = join.sources.iter().flat_map(from).collect();
                let mut reached = |weight: f64, (population, place): (usize, usize)| {
                    let values: &Vec<f64> = &values[population];
                    synapses.push((format.rounded(weight), values[place]));
                };
                if join.one_to_one {
                    reached(join.weights[row], sources[row]);
                } else {
                    let weights = &join.weights[row * sources.len()..];
                    std::iter::zip(weights, sources).for_each(|(weight, source)| reached(*weight, source));
                }
            }
            let net_input = format.plus(combined(format, population.combine, &synapses), bias);
            values[place].push(activated(format, population.activation, net_input));
        }
        if population.activation == "hardmax" {
            winner(&mut values[place]);
        }
    }
    values
}

/// 1 for the first of the largest, 0 for all others.
fn winner(values: &mut [f64]) {
    if values.iter().any(|value| value.is_nan()) {
        return values.fill(f64::NAN);
    }
    let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let first = values.iter().position(|value| *value == largest);
    values.fill(0.0);
    first.into_iter().for_each(|place| values[place] = 1.0);
}

/// A network whose every step is rational.
fn rational(random: &mut Random) -> Description {
    let mut description = Description::random(random, RATIONAL);
    let Description { populations, joins } = &mut description;
    for place in (0..populations.len()).filter(|place| !populations[*place].is_input) {
        one_to_one(random, populations, joins, place);
    }
    for (place, population) in populations.iter_mut().enumerate() {
        let within = |join: &&Join| join.target.population == place;
        let reached = |element| {
            let holds = |join: &Join| (join.target.first..join.target.first + join.target.count).contains(&element);
            joins.iter().filter(within).any(holds)
        };
        if (0..population.count()).all(reached) {
            population.combine = ["sum", "product", "mean", "min", "max", "max_abs", "median"][random.below(7)];
        }
        let is_chain = joins.iter().filter(within).any(|join| join.sources.iter().any(|part| part.population == place));
        if population.size > 0 && !is_chain && random.below(6) == 0 {
            population.activation = "hardmax";
        }
    }
    // Where magnitudes are alike, more digits of a sum count.
    if random.below(2) == 0 {
        let numbers = populations.iter_mut().flat_map(|population| &mut population.values);
        for number in numbers.chain(joins.iter_mut().flat_map(|join| &mut join.weights)) {
            let alike = number.to_bits() & !(0x7ff << 52) | (1021 + random.below(4) as u64) << 52;
            *number = if number.abs() < 1e-3 || number.abs() > 1e3 { f64::from_bits(alike) } else { *number };
        }
        joins.iter_mut().filter(|join| join.scalar).for_each(|join| {
            let weight = join.weights[0];
            join.weights.fill(weight);
        });
    }
    description
}

/// Connections of pairs to this population, from one before it or from its own elements.
fn one_to_one(random: &mut Random, populations: &[Population], joins: &mut Vec<Join>, place: usize) {
    let count = populations[place].count();
    let (source, target) = match random.below(4) {
        0 if count > 1 => {
            let count = 1 + random.below(count - 1);
            (Part { population: place, first: 0, count }, Part { population: place, first: 1, count })
        }
        1 => {
            let source = part(random, populations, place);
            let fitting = source.count.min(count);
            let first = random.below(count - fitting + 1);
            (Part { count: fitting, ..source }, Part { population: place, first, count: fitting })
        }
        _ => return,
    };
    let scalar = random.below(2) == 0;
    let weights = if scalar { vec![random.number(); target.count] } else { random.numbers(target.count) };
    let join = Join { sources: vec![source], target, weights, scalar, one_to_one: true };
    joins.insert(random.below(joins.len() + 1), join);
}

/// The network twice, as copies of a declared one: the second, in a network of its own, reads what the first computes.
/// Beside its text, which parts of the first each input of the second reads.
fn nested(random: &mut Random, description: &Description) -> (String, Vec<Vec<Part>>) {
    let populations = &description.populations;
    let mut read: Vec<Vec<Part>> = Vec::new();
    for input in populations.iter().filter(|population| population.is_input) {
        let mut parts: Vec<Part> = Vec::new();
        let mut missing = input.count();
        while missing > 0 {
            let next = part(random, populations, populations.len());
            let count = next.count.min(missing);
            parts.push(Part { count, ..next });
            missing -= count;
        }
        read.push(parts);
    }
    let each = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<Vec<String>>().join(", ");
    let from_a = |part: &Part| format!("a.{}", description.reference(*part));
    let fed = each(read.len(), &|place| {
        let parts: Vec<String> = read[place].iter().map(from_a).collect();
        format!("p{place} = [{}]", parts.join(", "))
    });
    let same = each(read.len(), &|place| format!("p{place} = p{place}"));
    let all = populations.len();
    let inner = description.text();
    let inputs: Vec<&str> = inner.lines().filter(|line| line.starts_with("input")).collect();
    let inputs = inputs.join("\n");
    let text = format!(
        "network inner {{\n{inner}}}\n\
         network outer {{\n{inputs}\ninstance i = inner {{ {same} }}\noutput {}\n}}\n\
         {inputs}\ninstance b = outer {{ {fed} }}\ninstance a = inner {{ {same} }}\noutput {}, {}\n",
        each(all, &|place| format!("q{place} = i.p{place}")),
        each(all, &|place| format!("a{place} = a.p{place}")),
        each(all, &|place| format!("b{place} = b.q{place}")),
    );
    (text, read)
}

fn holds<R: neuronc::numeric::Real>(network: &Network, expected: &[f64], context: &str) {
    let plan = plan(network, Wanted::Outputs);
    let inputs = Inputs::new(network);
    let row: Vec<R> =
        inputs.row(network).expect("every input has a default").iter().map(|value| R::rounded(*value)).collect();
    assert_eq!(plan.output_count(), expected.len(), "{context}");
    for path in Path::available() {
        let mut outputs = vec![R::rounded(0.0); plan.output_count()];
        evaluate(network, &plan, &row, &mut outputs, &mut Scratch::new(), path);
        for (place, (got, want)) in std::iter::zip(&outputs, expected).enumerate() {
            let got = got.widened();
            let same = got.to_bits() == want.to_bits() || got.is_nan() && want.is_nan();
            assert!(same, "value {place}: {got:e}, not {want:e}, on {path:?}, {context}");
        }
    }
}

/// Every bit of every value in both precisions; every eighth network as two copies.
/// `SEEDS=1000000 cargo test --release --test laws rational` takes as many networks; without it they are 300.
#[test]
fn rational_networks_equal_exact_arithmetic_bit_for_bit() {
    let seeds = std::env::var("SEEDS").map_or(300, |count| count.parse().expect("SEEDS is a number"));
    for seed in 0..seeds {
        let mut random = Random(seed);
        let description = rational(&mut random);
        let nested = seed.is_multiple_of(8).then(|| nested(&mut random, &description));
        let text = nested.as_ref().map_or_else(|| description.text(), |(text, _)| text.clone());
        let network = network(&text);
        for format in [DOUBLE, SINGLE] {
            let first = values(&description, format);
            let mut expected = first.concat();
            if let Some((_, read)) = &nested {
                let mut second = description.clone();
                for (population, parts) in std::iter::zip(&mut second.populations, read) {
                    let fed =
                        parts.iter().flat_map(|part| &first[part.population][part.first..part.first + part.count]);
                    population.values = fed.copied().collect();
                }
                expected.extend(values(&second, format).concat());
            }
            let context = format!("seed {seed}, {format:?}\n{text}");
            if format == DOUBLE {
                holds::<f64>(&network, &expected, &context);
            } else {
                holds::<f32>(&network, &expected, &context);
            }
        }
    }
}

/// All activations, both precisions, all paths: planning for the outputs, planning for everything, with a trace and
/// without, are one computation.
#[test]
fn every_way_to_evaluate_gives_the_same_bits() {
    let names = |rows: &mut dyn Iterator<Item = &'static neuronc::Description>| -> Vec<&'static str> {
        let written =
            |row: &neuronc::Description| if row.with_defaults().is_some() { row.name } else { "scaled_tanh(1.5, 0.5)" };
        rows.map(written).collect()
    };
    let declared = ["bent", "bent(p = 2)", "wave", "wave(0.5)"];
    let declarations = "activation bent(z, p = 0.5) = if(z > 0, z, p * z)\n\
                        activation wave(z, k = 1) = sinh(clamp(bent(z), -k, k)) + k^2 / (1 + abs(z)^0.5)\n";
    let all = [names(&mut neuronc::Activation::TABLE.iter()), declared.to_vec()].concat();
    let element = names(&mut neuronc::Activation::TABLE.iter().filter(|row| !row.whole_array));
    let element = [element, declared.to_vec()].concat();
    for seed in 1_000..1_200 {
        let mut description = Description::random(&mut Random(seed), &all);
        for population in description.populations.iter_mut().filter(|population| population.size == 0) {
            population.activation = element[seed as usize % element.len()];
        }
        // Every neuron needs a synapse for all ways to combine.
        for (place, population) in description.populations.iter_mut().enumerate() {
            let reached = |element: usize| {
                let mut joins = description.joins.iter().filter(|join| join.target.population == place);
                joins.any(|join| (join.target.first..join.target.first + join.target.count).contains(&element))
            };
            if (0..population.count()).all(reached) {
                population.combine = neuronc::Combine::TABLE[(seed as usize + place) % 7].0;
            }
        }
        let text = format!("{declarations}{}", description.text());
        let network = network(&text);
        let inputs = Inputs::new(&network);
        let row = inputs.row(&network).expect("every input has a default");
        let single: Vec<f32> = row.iter().map(|value| *value as f32).collect();
        agree::<f64>(&network, row, &text);
        agree::<f32>(&network, &single, &text);
    }
}

fn agree<R: neuronc::numeric::Real>(network: &Network, row: &[R], text: &str) {
    let narrow = plan(network, Wanted::Outputs);
    let wide = plan(network, Wanted::Everything);
    let mut reference: Option<Vec<u64>> = None;
    let bits = |values: &[f64]| -> Vec<u64> {
        values.iter().map(|value| if value.is_nan() { u64::MAX } else { value.to_bits() }).collect()
    };
    for path in Path::available() {
        let mut outputs = vec![R::rounded(0.0); narrow.output_count()];
        evaluate(network, &narrow, row, &mut outputs, &mut Scratch::new(), path);
        let outputs: Vec<f64> = outputs.into_iter().map(R::widened).collect();
        let expected = reference.get_or_insert_with(|| bits(&outputs)).clone();
        assert_eq!(bits(&outputs), expected, "{path:?}\n{text}");
        assert_eq!(bits(&trace(network, &narrow, row, path).outputs), expected, "{path:?}, traced\n{text}");
        let everything = trace(network, &wide, row, path);
        assert_eq!(bits(&everything.outputs), expected, "{path:?}, everything\n{text}");
        for neuron in &everything.neurons {
            let kept = everything.value(&wide, neuron.neuron).expect("everything is kept");
            assert_eq!(bits(&[kept]), bits(&[neuron.output]));
        }
    }
}

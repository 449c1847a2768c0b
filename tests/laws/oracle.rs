//! Evaluation against an independent one in exact rational numbers, which shares nothing with the library.

use neuronc::{Inputs, Limits, Network, Path, Scratch, Sources, Wanted, evaluate, parse, plan, resolve, trace};
use num_bigint::{BigInt, Sign};
use num_rational::BigRational;

use crate::random::{Description, Random};

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

/// The double nearest to an exact number, ties to even.
fn nearest(exact: &BigRational) -> f64 {
    let negative = exact.numer().sign() == Sign::Minus;
    let magnitude = if negative { -exact } else { exact.clone() };
    if *magnitude.numer() == BigInt::ZERO {
        return 0.0;
    }
    // Scale to a whole number of 55 bits or more, so that two bits below the last one tell how to round.
    let bits = magnitude.numer().bits() as i64 - magnitude.denom().bits() as i64;
    let exponent = (bits - 1).max(-1022) - 54;
    let scaled = if exponent >= 0 {
        magnitude / BigRational::from(BigInt::from(1) << exponent)
    } else {
        magnitude * BigRational::from(BigInt::from(1) << -exponent)
    };
    let floor = scaled.floor().to_integer();
    let exact_floor = BigRational::from(floor.clone()) == scaled;
    let excess = (floor.bits() as i64 - 53).max(2);
    let mut kept: BigInt = &floor >> excess;
    let rest = &floor - (&kept << excess);
    let half = BigInt::from(1) << (excess - 1);
    let above = rest > half || rest == half && !exact_floor;
    let tie = rest == half && exact_floor;
    if above || tie && kept.bit(0) {
        kept += 1;
    }
    let digits = kept.iter_u64_digits().next().unwrap_or(0) as f64;
    // Both factors are exact, and so is their product: it is representable.
    let mut power = exponent + excess;
    let mut value = digits;
    while power != 0 {
        let step = power.clamp(-1000, 1000);
        value *= f64::from_bits(((1023 + step) as u64) << 52);
        power -= step;
    }
    if negative { -value } else { value }
}

fn exact(value: f64) -> BigRational {
    BigRational::from_float(value).expect("the number is finite")
}

/// The values of all populations: each sum in the order of the statements, rounded once a synapse.
fn values(description: &Description) -> Vec<Vec<f64>> {
    let mut values: Vec<Vec<f64>> = Vec::new();
    for (place, population) in description.populations.iter().enumerate() {
        if population.is_input {
            values.push(population.values.clone());
            continue;
        }
        let mut outputs = Vec::new();
        for element in 0..population.count() {
            let mut sum = 0.0;
            for join in description.joins.iter().filter(|join| join.target.population == place) {
                let Some(row) = element.checked_sub(join.target.first).filter(|row| *row < join.target.count) else {
                    continue;
                };
                let columns: usize = join.sources.iter().map(|part| part.count).sum();
                let carried = join
                    .sources
                    .iter()
                    .flat_map(|part| values[part.population][part.first..part.first + part.count].to_vec());
                for (column, value) in carried.enumerate() {
                    let weight = join.weights[row * columns + column];
                    sum = nearest(&(exact(weight) * exact(value) + exact(sum)));
                }
            }
            let net_input = nearest(&(exact(sum) + exact(population.values[element])));
            outputs.push(match population.activation {
                "relu" => net_input.max(0.0),
                "step" => f64::from(u8::from(net_input > 0.0)),
                _ => net_input,
            });
        }
        values.push(outputs);
    }
    values
}

/// Equal bits, but for the sign of zero, which rational numbers do not have.
fn same(one: f64, other: f64) -> bool {
    one.to_bits() == other.to_bits() || one == 0.0 && other == 0.0
}

#[test]
fn rounding_to_the_nearest_double_is_right() {
    let mut random = Random(7);
    for _ in 0..2_000 {
        let value = random.number();
        assert_eq!(nearest(&exact(value)), value);
        let (x, y) = (random.number(), random.number());
        assert!(same(nearest(&(exact(x) * exact(y))), x * y), "{x:e} * {y:e}");
        assert!(same(nearest(&(exact(x) + exact(y))), x + y), "{x:e} + {y:e}");
    }
    for value in [5e-324, 2.5e-320, f64::MIN_POSITIVE, f64::MAX] {
        assert_eq!(nearest(&exact(value)), value);
    }
}

#[test]
fn linear_networks_equal_exact_arithmetic_bit_for_bit() {
    for seed in 0..300 {
        let description = Description::random(&mut Random(seed), &["identity", "relu", "step"]);
        let expected: Vec<f64> = values(&description).concat();
        if expected.iter().any(|value| !value.is_finite()) {
            continue;
        }
        let text = description.text();
        let network = network(&text);
        let plan = plan(&network, Wanted::Outputs);
        let inputs = Inputs::new(&network);
        let row = inputs.row(&network).expect("every input has a default");
        for path in Path::available() {
            let mut outputs = vec![0.0; plan.output_count()];
            evaluate(&network, &plan, row, &mut outputs, &mut Scratch::new(), path);
            for (place, (got, want)) in std::iter::zip(&outputs, &expected).enumerate() {
                assert!(same(*got, *want), "seed {seed}, value {place}: {got:e}, not {want:e}, on {path:?}\n{text}");
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

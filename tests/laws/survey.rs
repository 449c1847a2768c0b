//! What a survey counts is what traces show, and the parts of an output make its difference to silence.

use neuronc::{Network, Path, Survey, SurveyScratch, Wanted, plan, trace};

use crate::oracle::network;
use crate::random::{Description, Random};

const ACTIVATIONS: [&str; 7] = ["identity", "relu", "tanh", "step", "sigmoid", "gelu", "leaky_relu"];
const COMBINES: [&str; 8] = ["sum", "sum", "product", "mean", "min", "max", "max_abs", "median"];

/// A random network whose numbers lie between -2 and 2, so that sums do not cancel to nothing.
fn moderate(seed: u64) -> Description {
    let mut random = Random(seed);
    let mut description = Description::random(&mut random, &ACTIVATIONS);
    let number = |random: &mut Random| (random.below(4001) as f64 - 2000.0) / 1000.0;
    for (place, population) in description.populations.iter_mut().enumerate() {
        // The others need a synapse.
        let reached = |element: usize| {
            let into = description.joins.iter().map(|join| join.target).filter(|part| part.population == place);
            into.into_iter().any(|part| (part.first..part.first + part.count).contains(&element))
        };
        let combine = COMBINES[random.below(COMBINES.len())];
        population.combine = if (0..population.count()).all(reached) { combine } else { "sum" };
        population.values.iter_mut().for_each(|value| *value = number(&mut random));
    }
    for join in &mut description.joins {
        let first = number(&mut random);
        join.weights.iter_mut().for_each(|weight| *weight = if join.scalar { first } else { number(&mut random) });
    }
    description
}

/// Values for all inputs.
fn row(network: &Network, random: &mut Random) -> Vec<f64> {
    let size: u32 = network.inputs().map(|(_, population)| population.size).sum();
    (0..size).map(|_| (random.below(4001) as f64 - 2000.0) / 1000.0).collect()
}

#[test]
fn what_is_counted_is_what_traces_show() {
    for seed in 0..200 {
        let network = network(&moderate(seed).text());
        let survey = Survey::new(&network, Path::best());
        let (mut tally, mut scratch) = (survey.tally(), SurveyScratch::default());
        let plan = plan(&network, Wanted::Everything);
        let mut random = Random(seed + 1_000);
        let rows: Vec<Vec<f64>> = (0..7).map(|_| row(&network, &mut random)).collect();
        for row in &rows {
            survey.add(&network, row, &mut tally, &mut scratch, Path::best());
        }
        let traces: Vec<_> = rows.iter().map(|row| trace::<f64>(&network, &plan, row, Path::best())).collect();
        for (number, finding) in survey.neurons(&network, &tally).iter().enumerate() {
            let of = |place: usize| &traces[place].neurons[number];
            let outputs: Vec<f64> = (0..rows.len()).map(|place| of(place).output).collect();
            let fired = (0..rows.len()).filter(|place| of(*place).fires == Some(true)).count() as u64;
            assert_eq!(finding.neuron, of(0).neuron, "seed {seed}");
            assert_eq!(finding.fired, Some(fired), "seed {seed}");
            assert_eq!((finding.never_fires, finding.always_fires), (fired == 0, fired == 7), "seed {seed}");
            assert_eq!(finding.lowest, outputs.iter().copied().fold(f64::INFINITY, f64::min), "seed {seed}");
            assert_eq!(finding.highest, outputs.iter().copied().fold(f64::NEG_INFINITY, f64::max), "seed {seed}");
        }
        // Two halves make the whole; sums of halves are rounded otherwise.
        let (mut left, mut right) = (survey.tally(), survey.tally());
        for (place, row) in rows.iter().enumerate() {
            let half = if place < 3 { &mut left } else { &mut right };
            survey.add(&network, row, half, &mut scratch, Path::best());
        }
        left.merge(&right);
        assert_eq!(left.rows(), 7);
        assert_eq!(survey.neurons(&network, &left), survey.neurons(&network, &tally), "seed {seed}");
    }
}

#[test]
fn parts_make_the_difference_to_silence() {
    let mut compared = 0;
    for seed in 200..500 {
        let network = network(&moderate(seed).text());
        let survey = Survey::new(&network, Path::best());
        let plan = plan(&network, Wanted::Everything);
        let values = row(&network, &mut Random(seed + 1_000));
        let (mut tally, mut scratch) = (survey.tally(), SurveyScratch::default());
        survey.add(&network, &values, &mut tally, &mut scratch, Path::best());
        let value = |row: &[f64], unit| trace::<f64>(&network, &plan, row, Path::best()).value(&plan, unit);
        for influence in survey.influences(&tally) {
            let [now, silent] = [values.clone(), vec![0.0; values.len()]]
                .map(|row| value(&row, influence.output).expect("the plan keeps everything"));
            let parts: f64 = influence.inputs.iter().map(|input| input.mean).sum();
            let size: f64 = influence.inputs.iter().map(|input| input.magnitude).sum();
            let difference = now - silent;
            let tolerance = 1e-9 * (1.0 + size + now.abs() + silent.abs());
            assert!((parts - difference).abs() <= tolerance, "seed {seed}: {parts} and {difference}");
            compared += usize::from(difference != 0.0);
        }
    }
    assert!(compared > 300, "{compared}");
}

/// What an input brings to a neuron of its own that passes everything on is its contribution in a trace.
#[test]
fn a_direct_part_is_the_contribution() {
    let text = "input x, y\nneuron c { bias = 0.5 }\nx -> c : 1.5\ny -> c : -2\noutput c\n";
    let network = network(text);
    let survey = Survey::new(&network, Path::best());
    let (mut tally, mut scratch) = (survey.tally(), SurveyScratch::default());
    for row in [[2.0, 1.0], [-4.0, 3.0]] {
        survey.add(&network, &row, &mut tally, &mut scratch, Path::best());
    }
    let parts = &survey.influences(&tally)[0].inputs;
    let told: Vec<(String, f64, f64)> =
        parts.iter().map(|part| (network.unit_name(part.input), part.magnitude, part.mean)).collect();
    assert_eq!(told, [("x".to_owned(), 4.5, -1.5), ("y".to_owned(), 4.0, -4.0)]);
    assert!((parts[0].share - 4.5 / 8.5).abs() < 1e-15);
}

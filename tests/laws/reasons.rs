//! What `why` tells is what was computed.

use neuronc::numeric::fma::{Fused, Software};
use neuronc::{Inputs, Part, Path, Wanted, plan, trace, why};

use crate::oracle::network;
use crate::random::{Description, Random};

/// In the order of their synapses the contributions lead to the net input, bit for bit, and their shares are one whole.
#[test]
fn contributions_replay_to_the_net_input() {
    for seed in 4_000..4_200 {
        let description = Description::random(&mut Random(seed), &["identity", "tanh", "gelu", "relu"]);
        let network = network(&description.text());
        let plan = plan(&network, Wanted::Everything);
        let inputs = Inputs::new(&network);
        let trace = trace::<f64>(&network, &plan, inputs.row(&network).expect("defaults"), Path::best());
        for neuron in &trace.neurons {
            let why = why(&network, &trace, neuron.neuron).expect("it is a neuron of the trace");
            let mut contributions = why.neurons[0].contributions.clone();
            let shares = contributions.iter().map(|contribution| match contribution.part {
                Part::Share(share) => share,
                part => panic!("a sum has shares, not {part:?}"),
            });
            let shares: f64 = shares.sum();
            let all_zero = contributions.iter().all(|contribution| contribution.amount == 0.0);
            assert!(if all_zero { shares == 0.0 } else { (shares - 1.0).abs() < 1e-12 }, "seed {seed}: {shares}");
            contributions.sort_by_key(|contribution| contribution.synapse.unwrap_or(usize::MAX));
            let (bias, synapses) = contributions.split_last().expect("the bias is one of them");
            let mut sum = 0.0;
            for synapse in synapses {
                sum = Software::fma64(synapse.weight, synapse.value, sum);
                assert_eq!(synapse.amount.to_bits(), (synapse.weight * synapse.value).to_bits());
            }
            assert_eq!((sum + bias.weight).to_bits(), neuron.net_input.to_bits(), "seed {seed}");
            assert_eq!(bias.amount.to_bits(), bias.weight.to_bits());
            assert_eq!(why.neurons[0].net_input.to_bits(), neuron.net_input.to_bits());
        }
    }
}

/// No way from a source is stronger than the one that is told: against all ways, one by one.
#[test]
fn the_strongest_way_is_told() {
    for seed in 4_200..4_400 {
        let description = Description::random(&mut Random(seed), &["identity", "relu", "tanh"]);
        let network = network(&description.text());
        let plan = plan(&network, Wanted::Everything);
        let inputs = Inputs::new(&network);
        let trace = trace::<f64>(&network, &plan, inputs.row(&network).expect("defaults"), Path::best());
        let Some(last) = trace.neurons.last() else { continue };
        let why = why(&network, &trace, last.neuron).expect("it is a neuron of the trace");
        for route in &why.sources {
            assert_eq!(route.units.last(), Some(&last.neuron));
            let strongest = strongest(&trace, last.neuron, route.units[0]);
            assert!((route.strength - strongest).abs() <= 1e-9 * strongest, "seed {seed}");
        }
        let strengths: Vec<f64> = why.sources.iter().map(|route| route.strength).collect();
        assert!(strengths.is_sorted_by(|one, other| one >= other), "seed {seed}: {strengths:?}");
    }
}

fn strongest(trace: &neuronc::Trace, from: neuronc::network::Unit, to: neuronc::network::Unit) -> f64 {
    if from == to {
        return 0.0;
    }
    let Some(neuron) = trace.neurons.iter().find(|neuron| neuron.neuron == from) else { return 0.0 };
    let total: f64 = neuron.synapses.iter().map(|synapse| synapse.contribution.abs()).sum::<f64>() + neuron.bias.abs();
    let share = |contribution: f64| if total > 0.0 { contribution.abs() / total } else { 0.0 };
    neuron.synapses.iter().fold(0.0, |best: f64, synapse| {
        let further = if synapse.from == to { 1.0 } else { strongest(trace, synapse.from, to) };
        best.max(share(synapse.contribution) * further)
    })
}

//! What a trace shows is what was computed: its numbers alone lead to the same bits.

use neuronc::numeric::fma::{Fused, Software};
use neuronc::{Inputs, Path, Wanted, plan, trace};

use crate::oracle::network;
use crate::random::{Description, Random};

#[test]
fn sums_replay_from_the_trace() {
    for seed in 2_000..2_200 {
        let description = Description::random(&mut Random(seed), &["identity", "tanh", "gelu", "relu"]);
        let network = network(&description.text());
        let plan = plan(&network, Wanted::Outputs);
        let inputs = Inputs::new(&network);
        let trace = trace::<f64>(&network, &plan, inputs.row(&network).expect("defaults"), Path::best());
        assert!(!trace.neurons.is_empty());
        for neuron in &trace.neurons {
            let mut sum = 0.0;
            for synapse in &neuron.synapses {
                sum = Software::fma64(synapse.weight, synapse.value, sum);
                assert_eq!(sum.to_bits(), synapse.sum.to_bits(), "seed {seed}");
                assert_eq!(synapse.contribution.to_bits(), (synapse.weight * synapse.value).to_bits());
            }
            assert_eq!((sum + neuron.bias).to_bits(), neuron.net_input.to_bits(), "seed {seed}");
        }
    }
}

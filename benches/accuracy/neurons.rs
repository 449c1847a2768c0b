//! Activations that are formulas of their own, computed by neurons through the library's public way, for the
//! programs that measure them.

use neuronc::numeric::Real;
use neuronc::{Limits, Network, Path, Plan, Scratch, Sources, Wanted, evaluate, parse, plan, resolve};

/// Activations of single neurons, as they are written in a source; `scaled_tanh` with the parameters of LeCun
/// and others, "Efficient BackProp", 1998.
pub const ONE: [(&str, &str); 3] = [("silu", "silu"), ("selu", "selu"), ("scaled_tanh", "scaled_tanh(1.7159, 2/3)")];

/// Activations of whole arrays.
pub const WHOLE: [&str; 2] = ["softmax", "log_softmax"];

/// Neurons of an array that is measured.
pub const SIZE: usize = 10;

/// An array of neurons of one activation, each fed by its own input.
pub struct Neurons<R> {
    network: Network,
    plan: Plan,
    scratch: Scratch<R>,
}

impl<R: Real> Neurons<R> {
    pub fn new(activation: &str, count: usize) -> Neurons<R> {
        let connections: String = (0..count).map(|index| format!("x[{index}] -> y[{index}] : 1\n")).collect();
        let text =
            format!("input x[{count}] = 0\nneuron y[{count}] {{ activation = {activation} }}\n{connections}output y\n");
        let limits = Limits::default();
        let mut sources = Sources::new();
        let file = sources.add("neurons", text.into_bytes(), &limits).expect("it is text");
        let (program, _) = parse(sources.get(file), &limits);
        let (network, _) = resolve(&program, sources.get(file), &limits);
        let network = network.expect("it has no errors");
        let plan = plan(&network, Wanted::Outputs);
        Neurons { network, plan, scratch: Scratch::new() }
    }

    /// The outputs for these net inputs.
    pub fn outputs(&mut self, net_inputs: &[R], outputs: &mut [R]) {
        evaluate(&self.network, &self.plan, net_inputs, outputs, &mut self.scratch, Path::best());
    }

    /// The output of a single neuron.
    pub fn output(&mut self, net_input: R) -> R {
        let mut output = [net_input];
        self.outputs(&[net_input], &mut output);
        output[0]
    }
}

//! What activations of other systems are here: each row is written on the page and held to the library.

use crate::curves::Curve;

/// An activation of another system.
pub struct Origin {
    pub system: &'static str,
    pub theirs: &'static str,
    /// As it is written in a `.neuron` file.
    pub ours: &'static str,
    /// Theirs, as their sources have it.
    formula: fn(f64) -> f64,
}

macro_rules! origins {
    ($($system:literal: $theirs:literal, $ours:literal, |$z:ident| $formula:expr;)*) => {
        pub const ORIGINS: &[Origin] = &[$(Origin {
            system: $system,
            theirs: $theirs,
            ours: $ours,
            formula: |$z| $formula,
        }),*];
    };
}

origins! {
    "PyTorch": "Hardsigmoid", "hard_sigmoid(alpha = 1/6)", |z| (z / 6.0 + 0.5).clamp(0.0, 1.0);
    "PyTorch": "RReLU, in evaluation", "leaky_relu(slope = 11/48)", |z| if z > 0.0 { z } else { z * (1.0 / 8.0 + 1.0 / 3.0) / 2.0 };
    "Keras": "leaky_relu", "leaky_relu(slope = 0.2)", |z| if z > 0.0 { z } else { 0.2 * z };
    "Keras 3": "hard_sigmoid", "hard_sigmoid(alpha = 1/6)", |z| (z / 6.0 + 0.5).clamp(0.0, 1.0);
    "NNEF": "gelu", "silu(beta = 1.702)", |z| z / (1.0 + (-1.702 * z).exp());
    "neat-python": "sigmoid", "sigmoid(slope = 5)", |z| 1.0 / (1.0 + (-(5.0 * z).clamp(-60.0, 60.0)).exp());
    "neat-python": "tanh", "tanh(slope = 2.5)", |z| (2.5 * z).clamp(-60.0, 60.0).tanh();
    "neat-python": "gauss", "gaussian(k = 5)", |z| (-5.0 * z.clamp(-3.4, 3.4).powi(2)).exp();
    "neat-python": "softplus", "softplus(beta = 5)", |z| 0.2 * (1.0 + (5.0 * z).clamp(-60.0, 60.0).exp()).ln();
    "neat-python": "lelu", "leaky_relu(slope = 0.005)", |z| if z > 0.0 { z } else { 0.005 * z };
    "neat-python": "clamped", "hard_tanh", |z| z.clamp(-1.0, 1.0);
    "FANN": "THRESHOLD", "step(at = 1)", |z| if z < 0.0 { 0.0 } else { 1.0 };
    "FANN": "SIGMOID", "sigmoid", |z| 1.0 / (1.0 + (-2.0 * 0.5 * z).exp());
    "FANN": "SIGMOID_SYMMETRIC", "tanh(slope = 0.5)", |z| 2.0 / (1.0 + (-2.0 * 0.5 * z).exp()) - 1.0;
    "FANN": "GAUSSIAN", "gaussian(k = 0.25)", |z| (-(0.5 * z).powi(2)).exp();
    "FANN": "LINEAR_PIECE", "hard_sigmoid(alpha = 0.5, beta = 0)", |z| (0.5 * z).clamp(0.0, 1.0);
    "SNNS": "Act_Perceptron", "step(at = 1)", |z| if z >= 0.0 { 1.0 } else { 0.0 };
    "SNNS": "Act_StepFunc", "step", |z| if z > 0.0 { 1.0 } else { 0.0 };
    "McCulloch and Pitts": "the neuron", "step(at = 1)", |z| if z >= 0.0 { 1.0 } else { 0.0 };
}

#[test]
fn what_others_compute_is_what_is_written_for_it_here() {
    for origin in ORIGINS {
        let curve = Curve::of(origin.ours, false);
        for step in -400..=400 {
            let z = f64::from(step) / 100.0;
            let (got, want) = (curve.at(z), (origin.formula)(z));
            let near = (got - want).abs() <= 1e-12;
            assert!(near, "{}: {}({z}) = {want}, but {} gives {got}", origin.system, origin.theirs, origin.ours);
        }
    }
}

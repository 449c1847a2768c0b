//! neuronc: a description language and interpreter for artificial neurons.
//!
//! A `.neuron` file declares inputs, weights, biases, neurons and connections. This crate turns it into numbers in
//! stages, each a type and a verb; the program `neuronc` uses nothing but what stands here.
//!
//! ```
//! use neuronc::{Inputs, Limits, Path, Sources, Wanted, parse, plan, resolve, trace};
//!
//! // Text: a source has a name and an identity, and every message points into it.
//! let mut sources = Sources::new();
//! let text = "input x = 2.0\nneuron y { bias = 0.5, activation = relu }\nx -> y : 1.5\noutput y\n";
//! let file = sources.add("tiny.neuron", text.into(), &Limits::default()).unwrap();
//!
//! // Parse: what was written. Resolve: what is meant.
//! let (program, mistakes) = parse(sources.get(file), &Limits::default());
//! assert!(!mistakes.has_errors());
//! let (network, mistakes) = resolve(&program, sources.get(file), &Limits::default());
//! assert!(!mistakes.has_errors());
//! let network = network.unwrap();
//!
//! // Plan: how to compute it. Trace: what every synapse brought.
//! let plan = plan(&network, Wanted::Everything);
//! let inputs = Inputs::new(&network);
//! let trace = trace::<f64>(&network, &plan, inputs.row(&network).unwrap(), Path::best());
//! assert_eq!(trace.outputs, [3.5]);
//! assert_eq!(trace.neurons[0].synapses[0].contribution, 3.0);
//! assert_eq!(trace.neurons[0].fires, Some(true));
//! ```
//!
//! The library never reads a file, prints or exits.

#![deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::disallowed_methods)]

mod codes;
mod diagnostic;
mod limits;
mod report;
mod source;
mod span;
mod text;

pub mod ast;
mod parser;
mod printer;

mod resolve;
mod value;

mod activation;
mod call;
mod combine;
mod function;
pub mod network;
pub mod numeric;
mod order;

mod eval;
mod plan;

pub use activation::{Accuracy, Activation, ActivationParameter, DeclaredActivation, Description};
pub use codes::Code;
pub use combine::Combine;
pub use diagnostic::{Diagnostic, Diagnostics, Label, Severity};
pub use eval::{InputError, Inputs, NeuronTrace, Path, Scratch, SynapseTrace, Trace, evaluate, trace};
pub use function::Function;
pub use limits::{Limit, Limits, SetLimitError};
pub use network::Network;
pub use parser::{parse, parse_value};
pub use plan::{Plan, Wanted, plan};
pub use printer::print;
pub use report::Report;
pub use resolve::{resolve, resolve_value};
pub use source::{Position, Source, Sources};
pub use span::{FileId, Span};
pub use text::{closest, counted, neutralise};
pub use value::Shape;

/// Runs the README's Rust with the documentation's.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

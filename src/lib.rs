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
//! Mistakes are no panics and no `Err`: [`parse`] and [`resolve`] go on and report all of them, each a [`Diagnostic`]
//! with a stable [`Code`], a sentence, places and often the mend.
//!
//! ```
//! use neuronc::{Limits, Sources, parse, resolve};
//!
//! let mut sources = Sources::new();
//! let text = "input x = 2.0\nneuron y { activation = rleu }\nx -> z : 1.5\noutput y\n";
//! let file = sources.add("slip.neuron", text.into(), &Limits::default()).unwrap();
//! let (program, mut mistakes) = parse(sources.get(file), &Limits::default());
//! let (network, more) = resolve(&program, sources.get(file), &Limits::default());
//! assert!(network.is_none());
//!
//! mistakes.extend(more.into_sorted());
//! let mut lines = Vec::new();
//! for mistake in mistakes.into_sorted() {
//!     let place = sources.position(mistake.label.unwrap().span);
//!     lines.push(format!("{}:{} {}: {}", place.line, place.column, mistake.code, mistake.message));
//! }
//! assert_eq!(lines, ["2:25 E0206: no activation is called `rleu`", "3:6 E0201: no neuron is called `z`"]);
//! ```
//!
//! # Where to look
//!
//! | for | see |
//! |---|---|
//! | files and places in them | [`Sources`], [`Source`], [`Span`], [`Position`] |
//! | messages, as data and for miette's renderers | [`Diagnostics`], [`Diagnostic`], [`Report`], [`Code`] |
//! | what was written, and its text in one form | [`ast`], [`parse`], [`format`](fn@format), [`print`](fn@print) |
//! | what is meant: neurons, connections, weights, tests | [`Network`], [`network`] |
//! | a network as text again | [`save`](fn@save) |
//! | activations, ways to combine | [`Activation::TABLE`], [`Combine::TABLE`] |
//! | values of inputs | [`Inputs`] |
//! | evaluating, fast or with every synapse told | [`plan`](fn@plan), [`evaluate`], [`trace`](fn@trace), [`trace_neurons`] |
//! | evaluating many rows | [`Batch`], [`evaluate_rows`] |
//! | pictures of a network | [`picture`] |
//! | files of rows | [`table`] |
//! | why a neuron has its value, what would change whether it fires | [`why`](fn@why), [`why_not`] |
//! | a network, or one of its neurons, in words | [`explain`](fn@explain), [`comparison`] |
//! | a network as a page of HTML | [`page`](fn@page) |
//! | what many rows say about a network's neurons and inputs | [`Survey`] |
//! | a network that is changed at a prompt | [`session`] |
//! | what a file may cost | [`Limits`] |
//! | the elementary functions | [`numeric`] |
//!
//! # What holds everywhere
//!
//! - The library never reads a file, prints or exits. User text never makes it panic, given the stack that
//!   [`parse`](fn@parse#stack) asks for; each panic that a caller can cause is documented.
//! - Values have no unit: they are what the file's author means. Arrays are lists in the order of their elements,
//!   counted from 0; matrices are stored row by row, row i holding the weights into target i.
//! - The same file and the same inputs give the same bits on every machine and every [`Path`].
//! - Every type may be sent to and shared between threads. [`evaluate`] and [`evaluate_rows`] take a scratch and
//!   a place for the outputs of their own, so that threads can share one [`Network`], one [`Plan`] and one [`Batch`].
//! - The feature `cli`, on by default, is the program's. A library needs none of it: `default-features = false`.

#![deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::disallowed_methods)]

mod codes;
mod diagnostic;
mod files;
mod limits;
mod report;
mod source;
mod span;
mod text;

pub mod ast;
mod format;
mod parser;
mod printer;

mod resolve;
mod tensor;
mod value;

mod activation;
mod call;
mod combine;
mod function;
mod generate;
pub mod network;
pub mod numeric;
mod order;
mod save;

mod eval;
mod explain;
mod page;
mod plan;
mod survey;
mod why;

pub mod picture;
pub mod table;

pub mod session;

pub use activation::{Accuracy, Activation, ActivationParameter, DeclaredActivation, Description};
pub use codes::Code;
pub use combine::Combine;
pub use diagnostic::{Diagnostic, Diagnostics, Label, Severity};
pub use eval::{
    Batch, BatchScratch, InputError, Inputs, NeuronTrace, Path, Precision, Scratch, SynapseTrace, Trace, evaluate,
    evaluate_rows, multiply_adds, trace, trace_neurons,
};
pub use explain::{Account, Block, Manner, Section, Subject, Vocabulary, comparison, explain};
pub use files::{Files, NoFiles, Refusal, beside};
pub use format::{TokenKind, format, highlighted as tokens, statement_words};
pub use function::Function;
pub use limits::{Limit, Limits, SetLimitError};
pub use network::Network;
pub use page::{LARGEST_PAGE, page};
pub use parser::{is_complete, left_open, parse, parse_value};
pub use plan::{Plan, Wanted, plan};
pub use printer::print;
pub use report::Report;
pub use resolve::{Surroundings, resolve, resolve_value, resolve_with_files};
pub use save::save;
pub use source::{Position, Source, Sources};
pub use span::{FileId, Span};
pub use survey::{Finding, Influence, InputInfluence, NeuronFinding, Survey, SurveyScratch, Tally};
pub use text::{closest, counted, grouped, neutralise, shown};
pub use value::Shape;
pub use why::{
    Answer, Change, Contribution, Effect, Explanation, Flip, Part, Route, Search, Why, WhyNot, why, why_not,
};

/// Runs the README's Rust with the documentation's.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

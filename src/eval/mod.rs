//! Ways to run a plan: one row of inputs, with or without a trace of every synapse.
//!
//! There is one loop. What a trace shows is what the loop did, because it is told while the loop runs.

mod batch;
mod inputs;
pub(crate) mod kernel;
mod row;
mod trace;

pub use batch::{Batch, BatchScratch, Precision, evaluate_rows, multiply_adds};
pub use inputs::{InputError, Inputs};
pub use kernel::Path;
pub(crate) use row::{Observer, output, run as observed, whole_output};
pub use row::{Scratch, evaluate};
pub use trace::{NeuronTrace, SynapseTrace, Trace, trace, trace_neurons};

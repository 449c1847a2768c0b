//! Many rows through a plan, with the bits of one.
//!
//! Rows are taken in blocks. In a block the values that a slot has in neighbouring rows stand side by side, so that one
//! instruction computes several rows; a neuron's synapses are taken one after the other, as in one row.

mod pack;
mod run;
mod transfer;

use super::kernel::{Path, peak};
use crate::activation::{Activation, Ready};
use crate::combine::Combine;
use crate::network::Network;
use crate::numeric::Real;
use crate::numeric::lanes::Lanes;
use crate::plan::{Plan, Slots};

/// A network's plan made ready for many rows in the precision `R`, `f64` or `f32`.
///
/// It has copies of all weights and biases, rounded once: a change of the network needs a new one. Never changes and can
/// be shared between threads.
#[derive(Debug, Clone)]
pub struct Batch<R> {
    /// Where the values of a row go, in their order.
    inputs: Vec<u32>,
    /// Where the outputs are found at the end, in order.
    outputs: Vec<u32>,
    /// How many values are kept of a row.
    slots: usize,
    /// How many lines of lanes a block has of each of them.
    pitch: usize,
    /// How many tiles such a block has, at the least.
    tiles: usize,
    steps: Vec<Step>,
    /// Where the lines of the slots start that the steps read.
    places: Vec<u32>,
    /// The weights, in the order in which they are needed.
    weights: Vec<R>,
    biases: Vec<R>,
    activations: Vec<Ready<R>>,
    wholes: Vec<Activation>,
}

/// One thing to do for a block.
#[derive(Debug, Clone)]
enum Step {
    /// Neighbouring neurons that read the same sources take their synapses into their sums.
    Sum {
        targets: Slots,
        sources: Sources,
        /// Where the weights start: in tiles of targets, source by source.
        weights: usize,
        /// Whether the sums start at +0, or go on.
        starts: bool,
        /// Where the biases are that are added at the end, if they are added here.
        biases: Option<usize>,
        /// Whether what is below or at 0 then becomes 0, as by `relu`.
        rectifies: bool,
    },
    /// One neuron combines its contributions otherwise.
    Combined { combine: Combine, target: u32, sources: Sources, weights: usize },
    /// Neighbouring neurons add their biases.
    Add { targets: Slots, biases: usize },
    /// Neighbouring neurons apply their activation, by its number.
    Finish { targets: Slots, activation: usize },
    /// An activation of a whole array, by its number.
    Whole { targets: Slots, activation: usize },
}

/// The slots that a step reads.
#[derive(Debug, Clone, Copy)]
enum Sources {
    Neighbours(Slots),
    /// A range of [`Batch::places`].
    Listed {
        start: usize,
        end: usize,
    },
}

/// The values of a block; keep one for each thread to evaluate again without allocating.
#[derive(Debug, Clone, Default)]
pub struct BatchScratch<R> {
    values: Vec<Lanes<R>>,
    /// Room for what one operation after the other makes.
    made: Vec<Lanes<R>>,
    /// Room for the contributions of one neuron, or the values of one array, in one row.
    room: Vec<R>,
}

impl<R: Real> BatchScratch<R> {
    /// Empty: the first evaluation makes room.
    #[must_use]
    pub fn new() -> BatchScratch<R> {
        BatchScratch { values: Vec::new(), made: Vec::new(), room: Vec::new() }
    }
}

impl<R: Real> Batch<R> {
    /// Makes `plan` ready, with the parameters that `network` has now.
    ///
    /// # Panics
    /// If `plan` was not made from `network`.
    #[must_use]
    pub fn new(network: &Network, plan: &Plan) -> Batch<R> {
        pack::pack(network, plan)
    }

    /// How many values a row has: all elements of all inputs, in the order of their declarations.
    #[must_use]
    pub fn input_count(&self) -> usize {
        self.inputs.len()
    }

    /// How many values a row gives: all elements of all outputs, in order.
    #[must_use]
    pub fn output_count(&self) -> usize {
        self.outputs.len()
    }
}

/// Evaluates many rows; the outputs' bits are those of [`evaluate`](super::evaluate) for each row. From the second time
/// with one `scratch` on, nothing is allocated.
///
/// `rows` are the inputs, one row after the other, each of [`Batch::input_count`] values; `outputs` receives
/// [`Batch::output_count`] values a row, and so tells how many rows there are. Rows do not depend on each other: several
/// threads may share a `batch`, each with rows, outputs and a scratch of its own.
///
/// A NaN or infinity goes on as IEEE 754 says. Which neuron made it, [`evaluate`](super::evaluate) tells for its row.
///
/// ```
/// # use neuronc::{Batch, BatchScratch, Limits, Path, Sources, Wanted, evaluate_rows, parse, plan, resolve};
/// # let mut sources = Sources::new();
/// # let text = "input a, b\nneuron y { activation = relu }\n[a, b] -> y : [1, -1]\noutput y, a\n";
/// # let file = sources.add("y", text.into(), &Limits::default()).unwrap();
/// # let (program, _) = parse(sources.get(file), &Limits::default());
/// # let network = resolve(&program, sources.get(file), &Limits::default()).0.unwrap();
/// // input a, b
/// // neuron y { activation = relu }
/// // [a, b] -> y : [1, -1]
/// // output y, a
/// let batch = Batch::<f32>::new(&network, &plan(&network, Wanted::Outputs));
/// let mut outputs = [0.0; 6];
/// let rows = [5.0, 2.0, 1.0, 3.0, 0.5, 0.25];
/// evaluate_rows(&batch, &rows, &mut outputs, &mut BatchScratch::new(), Path::best());
/// assert_eq!(outputs, [3.0, 5.0, 0.0, 1.0, 0.25, 0.5]);
/// ```
///
/// # Panics
/// If `outputs` or `rows` do not hold whole rows, or not equally many.
pub fn evaluate_rows<R: Precision>(
    batch: &Batch<R>,
    rows: &[R],
    outputs: &mut [R],
    scratch: &mut BatchScratch<R>,
    path: Path,
) {
    let count = outputs.len().checked_div(batch.output_count()).unwrap_or(0);
    assert_eq!(outputs.len(), count * batch.output_count(), "the outputs of whole rows");
    assert_eq!(rows.len(), count * batch.input_count(), "one row of inputs a row of outputs");
    R::run(batch, rows, outputs, scratch, path);
}

/// Does `times` rounds of multiply-adds that hardly wait for each other, as wide as the path's registers are; returns how
/// many these are, and a number that depends on all of them. So long as one thread takes for these, so long it takes at the least
/// for as many synapses: the peak that [`evaluate_rows`] is measured against.
#[must_use]
pub fn multiply_adds<R: Precision>(times: usize, path: Path) -> (u64, R) {
    R::multiply_adds(times, path)
}

/// A precision in which many rows are evaluated: `f64` or `f32`.
///
/// The code for each is compiled here once, and not again wherever it is used.
pub trait Precision: Real + sealed::Sealed {
    #[doc(hidden)]
    fn run(batch: &Batch<Self>, rows: &[Self], outputs: &mut [Self], scratch: &mut BatchScratch<Self>, path: Path);
    #[doc(hidden)]
    fn multiply_adds(times: usize, path: Path) -> (u64, Self);
}

impl Precision for f64 {
    fn run(batch: &Batch<f64>, rows: &[f64], outputs: &mut [f64], scratch: &mut BatchScratch<f64>, path: Path) {
        run::run(batch, rows, outputs, scratch, path)
    }

    fn multiply_adds(times: usize, path: Path) -> (u64, f64) {
        peak::multiply_adds(times, path)
    }
}

impl Precision for f32 {
    fn run(batch: &Batch<f32>, rows: &[f32], outputs: &mut [f32], scratch: &mut BatchScratch<f32>, path: Path) {
        run::run(batch, rows, outputs, scratch, path)
    }

    fn multiply_adds(times: usize, path: Path) -> (u64, f32) {
        peak::multiply_adds(times, path)
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f64 {}
    impl Sealed for f32 {}
}

//! What rows say about a network: which neurons never fire, always fire or are saturated, and which inputs count most.
//!
//! Rows are looked at one by one and only counted, so that nothing grows with their number.

mod attribution;
mod finding;
mod row;
mod words;

pub use finding::{Finding, Influence, InputInfluence, NeuronFinding};

use crate::activation::Activation;
use crate::eval::{Path, Scratch};
use crate::network::{Network, PopulationKind, Unit};
use crate::plan::{Plan, Step, Wanted, plan};

/// What is needed to look at rows of a network's inputs; never changes and can be shared between threads.
#[derive(Debug, Clone)]
pub struct Survey {
    plan: Plan,
    /// The neurons, in the order of evaluation.
    neurons: Vec<Unit>,
    /// Whether each can be saturated: no curve that is flat everywhere is.
    can_saturate: Vec<bool>,
    /// The elements of inputs, in the order of a row.
    inputs: Vec<Unit>,
    /// The elements of outputs that inputs are attributed to.
    outputs: Vec<Unit>,
    /// How many such elements there are more.
    left_out: usize,
    /// What each slot and each neuron's net input is when all inputs are 0.
    silence: Silence,
}

/// An evaluation without any signal.
#[derive(Debug, Clone, Default)]
struct Silence {
    slots: Vec<f64>,
    net_inputs: Vec<f64>,
}

/// What was counted so far; [`merge`](Tally::merge) puts two together.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    rows: u64,
    /// Rows in which something was not finite; they are not counted further.
    not_finite: u64,
    neurons: Vec<Count>,
    /// For each output and each input the sums of all magnitudes and of all amounts.
    influences: Vec<[f64; 2]>,
}

/// What was counted of one neuron.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Count {
    fired: u64,
    flat: u64,
    lowest: f64,
    highest: f64,
}

/// Room for one row; keep one to look at the next without allocating.
#[derive(Debug, Clone, Default)]
pub struct SurveyScratch {
    scratch: Scratch<f64>,
    net_inputs: Vec<f64>,
    multipliers: Vec<f64>,
    room: Vec<f64>,
}

impl Survey {
    /// Below this magnitude the slope of an activation is called flat.
    pub const FLAT: f64 = 1e-3;
    /// A neuron is saturated that is flat in this share of the rows.
    pub const SATURATED: f64 = 0.99;
    /// Elements of outputs that inputs are attributed to.
    pub const OUTPUTS: usize = 64;
    /// Pairs of elements of inputs and of outputs at the most, unless there is one output.
    const PAIRS: usize = 1 << 20;

    /// Makes ready to look at rows.
    ///
    /// ```
    /// # use neuronc::{Limits, Path, Sources, Survey, SurveyScratch, parse, resolve};
    /// # let mut sources = Sources::new();
    /// # let text = "input a, b\nneuron y { activation = relu, bias = -9 }\n[a, b] -> y : [1, 2]\noutput y, s = a\n";
    /// # let file = sources.add("y", text.into(), &Limits::default()).unwrap();
    /// # let (program, _) = parse(sources.get(file), &Limits::default());
    /// # let network = resolve(&program, sources.get(file), &Limits::default()).0.unwrap();
    /// // input a, b
    /// // neuron y { activation = relu, bias = -9 }
    /// // [a, b] -> y : [1, 2]
    /// let survey = Survey::new(&network, Path::best());
    /// let mut tally = survey.tally();
    /// let mut scratch = SurveyScratch::default();
    /// for row in [[1.0, 1.0], [2.0, 3.0]] {
    ///     survey.add(&network, &row, &mut tally, &mut scratch, Path::best());
    /// }
    /// let findings = survey.neurons(&network, &tally);
    /// assert!(findings[0].never_fires);
    /// ```
    ///
    /// # Panics
    /// Never on a network that [`resolve`](crate::resolve) made.
    #[must_use]
    pub fn new(network: &Network, path: Path) -> Survey {
        let plan = plan(network, Wanted::Everything);
        let mut neurons = Vec::new();
        for step in &plan.steps {
            match step {
                Step::Neurons(of) => {
                    let population = of.units.population;
                    neurons.extend(of.units.elements().map(|element| Unit { population, element }));
                }
                Step::Whole { .. } => {}
            }
        }
        let can_saturate = neurons.iter().map(|unit| bends(network.population(unit.population).neuron().0)).collect();
        let inputs: Vec<Unit> = network
            .inputs()
            .flat_map(|(id, population)| (0..population.size).map(move |element| Unit { population: id, element }))
            .collect();
        let all: Vec<Unit> = network
            .outputs()
            .iter()
            .flat_map(|output| &output.parts)
            .flat_map(|part| part.elements().map(|element| Unit { population: part.population, element }))
            .filter(|unit| matches!(network.population(unit.population).kind, PopulationKind::Neuron { .. }))
            .collect();
        let most = Survey::OUTPUTS.min((Survey::PAIRS / inputs.len().max(1)).max(1));
        let outputs: Vec<Unit> = all.iter().take(most).copied().collect();
        let left_out = all.len() - outputs.len();
        let silence = Silence::default();
        let mut survey = Survey { plan, neurons, can_saturate, inputs, outputs, left_out, silence };
        let mut scratch = SurveyScratch::default();
        survey.run(network, &vec![0.0; survey.inputs.len()], &mut scratch, path);
        survey.silence = Silence { slots: scratch.scratch.slots, net_inputs: scratch.net_inputs };
        survey
    }

    /// Nothing counted yet.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let nothing = Count { fired: 0, flat: 0, lowest: f64::INFINITY, highest: f64::NEG_INFINITY };
        Tally {
            rows: 0,
            not_finite: 0,
            neurons: vec![nothing; self.neurons.len()],
            influences: vec![[0.0; 2]; self.outputs.len() * self.inputs.len()],
        }
    }

    /// How many elements of outputs nothing is attributed to, since there are too many.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out
    }
}

/// Whether an activation is not flat everywhere.
fn bends(activation: &Activation) -> bool {
    let rises = || activation.curve().pieces.is_none_or(|pieces| pieces.iter().any(|piece| piece.slope != 0.0));
    !matches!(activation, Activation::Hardmax) && rises()
}

impl Tally {
    /// How many rows were looked at.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// In how many of them something was not finite; all else is told of the others.
    #[must_use]
    pub fn not_finite(&self) -> u64 {
        self.not_finite
    }

    /// Adds what another one counted, behind what this one did.
    ///
    /// # Panics
    /// If they are of different surveys.
    pub fn merge(&mut self, other: &Tally) {
        assert_eq!(self.neurons.len(), other.neurons.len(), "tallies of one survey");
        self.rows += other.rows;
        self.not_finite += other.not_finite;
        for (one, other) in std::iter::zip(&mut self.neurons, &other.neurons) {
            one.fired += other.fired;
            one.flat += other.flat;
            one.lowest = one.lowest.min(other.lowest);
            one.highest = one.highest.max(other.highest);
        }
        for (one, other) in std::iter::zip(&mut self.influences, &other.influences) {
            one[0] += other[0];
            one[1] += other[1];
        }
    }

    /// Rows in which everything was finite.
    fn counted(&self) -> u64 {
        self.rows - self.not_finite
    }
}

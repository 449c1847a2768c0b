//! One row of inputs through a plan.

use super::kernel::machine::Machine;
use super::kernel::{Path, Present, Task, dispatch};
use crate::activation::Activation;
use crate::combine::{Combination, Combine};
use crate::network::{Network, PopulationId, Sources, Synapses, Unit, Units};
use crate::numeric::Real;
use crate::numeric::fma::Fused;
use crate::plan::{Neurons, Plan, Slots, Step, Term};

/// The values of an evaluation in the precision `R`, `f64` or `f32`; keep one to evaluate again without allocating.
#[derive(Debug, Clone, Default)]
pub struct Scratch<R> {
    pub(crate) slots: Vec<R>,
    /// Room for the contributions of one neuron, then for the values of its activation.
    room: Vec<R>,
}

impl<R: Real> Scratch<R> {
    /// Empty: the first evaluation makes room.
    #[must_use]
    pub fn new() -> Scratch<R> {
        Scratch { slots: Vec::new(), room: Vec::new() }
    }

    /// The value that an input or neuron had in the last evaluation, if `plan`, by which it was done, keeps everything.
    #[must_use]
    pub fn value(&self, plan: &Plan, unit: Unit) -> Option<R> {
        plan.slot(unit).and_then(|slot| self.slots.get(slot)).copied()
    }
}

/// Evaluates one row. From the second time with one `scratch` on, nothing is allocated.
///
/// `inputs` are all elements of all inputs in the order of their declarations ([`Plan::input_count`]), `outputs`
/// receives all elements of all outputs in order ([`Plan::output_count`]). With `f32`, every parameter is rounded once
/// and every step is single precision. The result's bits are the same on every [`Path`].
///
/// A neuron's net input is what its [`Combine`] makes of its contributions, plus its bias; its output is the
/// [`Activation`] of that. A sum starts at +0 and takes each synapse, in the order of their statements, with one fused
/// multiply-add: `sum = fma(weight, value, sum)`.
///
/// Gives the first neuron, in the order of evaluation, whose net input or output is not finite, if there is one. What
/// reads it goes on as IEEE 754 says.
///
/// # Panics
/// If `inputs` or `outputs` have another length, or `plan` was not made from `network`.
pub fn evaluate<R: Real>(
    network: &Network,
    plan: &Plan,
    inputs: &[R],
    outputs: &mut [R],
    scratch: &mut Scratch<R>,
    path: Path,
) -> Option<Unit> {
    assert_eq!(outputs.len(), plan.output_count(), "one value an output element");
    let mut watch = Watch { current: None, found: None };
    run(network, plan, inputs, scratch, path, &mut watch);
    let mut rest = outputs;
    for slots in &plan.outputs {
        let (here, after) = rest.split_at_mut(slots.count as usize);
        here.copy_from_slice(&scratch.slots[slots.range()]);
        rest = after;
    }
    watch.found
}

/// Runs `plan` and tells `observer` everything that is computed, while it is computed.
pub(crate) fn run<R: Real, O: Observer<R>>(
    network: &Network,
    plan: &Plan,
    inputs: &[R],
    scratch: &mut Scratch<R>,
    path: Path,
    observer: &mut O,
) {
    assert_eq!(inputs.len(), plan.input_count(), "one value an input element");
    scratch.slots.clear();
    scratch.slots.resize(plan.slot_count, R::rounded(0.0));
    let mut rest = inputs;
    for (_, slots) in &plan.inputs {
        let (here, after) = rest.split_at(slots.count as usize);
        scratch.slots[slots.range()].copy_from_slice(here);
        rest = after;
    }
    let (slots, room) = (&mut scratch.slots, &mut scratch.room);
    let path = path.present();
    dispatch(path, Run { network, plan, slots, room, observer, path });
}

/// Is told what a run computes.
pub(crate) trait Observer<R> {
    /// Neuron `row` of `neurons` begins.
    fn begin(&mut self, neurons: &Neurons, row: usize);
    /// Its synapse from source `source` of `term`: the value it brings, its weight, the sum after it.
    fn synapse(&mut self, term: &Term, source: usize, value: R, weight: R, sum: R);
    /// Its bias, net input and output.
    fn end(&mut self, bias: R, net_input: R, output: R);
    /// The outputs of a whole array.
    fn whole(&mut self, population: PopulationId, outputs: &[R]);
}

/// Remembers the first neuron whose net input or output is not finite.
struct Watch {
    current: Option<Unit>,
    found: Option<Unit>,
}

impl<R: Real> Observer<R> for Watch {
    #[inline(always)]
    fn begin(&mut self, neurons: &Neurons, row: usize) {
        let Units { population, first, .. } = neurons.units;
        self.current = Some(Unit { population, element: first + row as u32 });
    }
    #[inline(always)]
    fn synapse(&mut self, _: &Term, _: usize, _: R, _: R, _: R) {}
    #[inline(always)]
    fn end(&mut self, _: R, net_input: R, output: R) {
        // A saturating activation hides an infinite net input.
        if !net_input.widened().is_finite() || !output.widened().is_finite() {
            self.found = self.found.or(self.current);
        }
    }
    #[inline(always)]
    fn whole(&mut self, population: PopulationId, outputs: &[R]) {
        let element = outputs.iter().position(|output| !output.widened().is_finite());
        self.found = self.found.or(element.map(|element| Unit { population, element: element as u32 }));
    }
}

struct Run<'a, R, O> {
    network: &'a Network,
    plan: &'a Plan,
    slots: &'a mut [R],
    room: &'a mut Vec<R>,
    observer: &'a mut O,
    path: Present,
}

impl<R: Real, O: Observer<R>> Task for Run<'_, R, O> {
    type Output = ();

    #[inline(always)]
    fn run<M: Machine>(self) {
        let Run { network, plan, slots, room, observer, path } = self;
        for step in &plan.steps {
            match step {
                Step::Neurons(neurons) => {
                    for row in 0..neurons.units.count as usize {
                        let output = neuron::<M, R, O>(network, plan, neurons, row, slots, room, observer, path);
                        slots[neurons.slot as usize + row] = output;
                    }
                }
                Step::Whole { population, slots: place } => {
                    let values = &mut slots[place.range()];
                    let (activation, ..) = network.population(*population).neuron();
                    activation.apply_whole::<M, R>(values);
                    observer.whole(*population, values);
                }
            }
        }
    }
}

/// From net input to output. A task of its own: all formulas are compiled into it, once for each precision and path.
struct Output<'a, R> {
    activation: &'a Activation,
    net_input: R,
    values: &'a mut Vec<R>,
}

impl<R: Real> Task for Output<'_, R> {
    type Output = R;

    #[inline(always)]
    fn run<M: Machine>(self) -> R {
        self.activation.apply::<M, R>(self.net_input, self.values)
    }
}

/// The output of a neuron of its own for its net input. `values` is only for its memory.
pub(crate) fn output(activation: &Activation, net_input: f64, values: &mut Vec<f64>, path: Path) -> f64 {
    dispatch(path.present(), Output { activation, net_input, values })
}

/// The outputs of a whole array for its net inputs, in place.
pub(crate) fn whole_output(activation: &Activation, values: &mut [f64], path: Path) {
    dispatch(path.present(), Whole { activation, values });
}

/// From all net inputs of an array to its outputs.
struct Whole<'a> {
    activation: &'a Activation,
    values: &'a mut [f64],
}

impl Task for Whole<'_> {
    type Output = ();

    #[inline(always)]
    fn run<M: Machine>(self) {
        self.activation.apply_whole::<M, f64>(self.values);
    }
}

/// The output of one neuron: its synapses in order, then its bias, then its activation.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "the parts of a run, each borrowed in its own way")]
fn neuron<F: Fused, R: Real, O: Observer<R>>(
    network: &Network,
    plan: &Plan,
    neurons: &Neurons,
    row: usize,
    slots: &[R],
    room: &mut Vec<R>,
    observer: &mut O,
    path: Present,
) -> R {
    observer.begin(neurons, row);
    let (activation, combine, bias) = network.population(neurons.units.population).neuron();
    let mut sum = R::rounded(0.0);
    let mut others = (combine != Combine::Sum).then(|| Combination::new(combine, room));
    for term in &plan.terms[neurons.terms.start as usize..neurons.terms.end as usize] {
        let connection = network.connection(term.connection);
        let weights = &network.parameter(connection.weights.parameter).values;
        let Synapses { sources, weight, step } = network.synapses(connection, term.row + row as u32);
        let mut take = |place: usize, source: usize, value: R| {
            let weight = R::rounded(weights[weight + place * step]);
            sum = match &mut others {
                None => weight.fused::<F>(value, sum),
                Some(combination) => combination.take(weight * value),
            };
            observer.synapse(term, source, value, weight, sum);
        };
        match sources {
            Sources::Neighbours(range) => {
                let first = range.start as usize;
                let read = Slots { first: term.slot + range.start, count: range.end - range.start };
                for (place, value) in slots[read.range()].iter().enumerate() {
                    take(place, first + place, *value);
                }
            }
            Sources::Listed(list) => {
                for (place, source) in list.iter().enumerate() {
                    take(place, *source as usize, slots[term.slot as usize + *source as usize]);
                }
            }
        }
    }
    let place = bias.index(neurons.units.first + row as u32, 0);
    let bias = R::rounded(network.parameter(bias.parameter).values[place]);
    let combined = others.map_or(sum, |combination| combination.value());
    let net_input = combined + bias;
    let output = dispatch(path, Output { activation, net_input, values: room });
    observer.end(bias, net_input, output);
    output
}

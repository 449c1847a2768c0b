//! One row: every neuron's net input, output and slope.

use super::{Survey, SurveyScratch, Tally};
use crate::activation::Activation;
use crate::eval::{Observer, Path, observed, output};
use crate::network::{Network, PopulationId};
use crate::numeric::Real;
use crate::numeric::fma::Software;
use crate::plan::{Neurons, Term};

impl Survey {
    /// Looks at one row: all elements of all inputs, in the order of their declarations.
    ///
    /// # Panics
    /// If the row has another length, or the survey or the tally are of another network.
    pub fn add(&self, network: &Network, row: &[f64], tally: &mut Tally, scratch: &mut SurveyScratch, path: Path) {
        self.run(network, row, scratch, path);
        tally.rows += 1;
        let SurveyScratch { scratch: computed, net_inputs, multipliers, room } = scratch;
        let is_finite = |values: &[f64]| values.iter().all(|value| value.is_finite());
        if !is_finite(&computed.slots) || !is_finite(net_inputs) {
            tally.not_finite += 1;
            return;
        }
        for (number, (neuron, count)) in std::iter::zip(&self.neurons, &mut tally.neurons).enumerate() {
            let (activation, ..) = network.population(neuron.population).neuron();
            let value = computed.slots[self.plan.slot(*neuron).expect("the plan keeps everything")];
            count.fired += u64::from(activation.fires(value) == Some(true));
            count.lowest = count.lowest.min(value);
            count.highest = count.highest.max(value);
            if self.can_saturate[number] {
                let slope = slope(activation, net_inputs[number], value, room, path);
                count.flat += u64::from(slope.abs() < Survey::FLAT);
            }
        }
        for (place, unit) in self.outputs.iter().enumerate() {
            self.multipliers(network, *unit, &computed.slots, net_inputs, multipliers);
            let sums = &mut tally.influences[place * self.inputs.len()..];
            for ((input, value), sums) in std::iter::zip(&self.inputs, row).zip(sums) {
                let amount = multipliers[self.plan.slot(*input).expect("the plan keeps everything")] * value;
                sums[0] += amount.abs();
                sums[1] += amount;
            }
        }
    }

    /// Evaluates a row and keeps the net inputs.
    pub(super) fn run(&self, network: &Network, row: &[f64], scratch: &mut SurveyScratch, path: Path) {
        scratch.net_inputs.clear();
        let mut watch = NetInputs(&mut scratch.net_inputs);
        observed(network, &self.plan, row, &mut scratch.scratch, path, &mut watch);
    }
}

/// Keeps the net inputs, in the order of evaluation.
struct NetInputs<'a>(&'a mut Vec<f64>);

impl Observer<f64> for NetInputs<'_> {
    #[inline(always)]
    fn begin(&mut self, _: &Neurons, _: usize) {}
    #[inline(always)]
    fn synapse(&mut self, _: &Term, _: usize, _: f64, _: f64, _: f64) {}
    #[inline(always)]
    fn end(&mut self, _: f64, net_input: f64, _: f64) {
        self.0.push(net_input);
    }
    #[inline(always)]
    fn whole(&mut self, _: PopulationId, _: &[f64]) {}
}

/// How much the output changes with the neuron's own net input: the difference quotient over a short way to both sides, which
/// every activation has; of `softmax` and `log_softmax` the derivative, by the output.
fn slope(activation: &Activation, net_input: f64, value: f64, room: &mut Vec<f64>, path: Path) -> f64 {
    /// 2^-20.
    const SHORT: f64 = 1.0 / 1_048_576.0;
    if activation.is_whole_array() {
        let is_logarithm = matches!(activation, Activation::LogSoftmax);
        return if is_logarithm { 1.0 - Real::exp::<Software>(value) } else { value * (1.0 - value) };
    }
    let half = SHORT * net_input.abs().max(1.0);
    let (before, after) = (net_input - half, net_input + half);
    (output(activation, after, room, path) - output(activation, before, room, path)) / (after - before)
}

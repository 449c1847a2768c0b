//! Block by block: rows in, step after step, outputs out.

use super::{Batch, BatchScratch, Sources, Step, transfer};
use crate::activation::{Activation, Many, Ready};
use crate::combine::{Combination, Combine, begun, ended, joined};
use crate::eval::kernel::{Path, Task, dispatch, tile};
use crate::numeric::Real;
use crate::numeric::fma::Fused;
use crate::numeric::lanes::{LANES, Lanes};
use crate::plan::Slots;

pub(super) struct Run<'a, R> {
    pub(super) batch: &'a Batch<R>,
    pub(super) rows: &'a [R],
    pub(super) outputs: &'a mut [R],
    pub(super) scratch: &'a mut BatchScratch<R>,
    pub(super) path: Path,
}

impl<R: Real> Task for Run<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<F: Fused>(self) {
        let Run { batch, rows, outputs, scratch, path } = self;
        let count = outputs.len().checked_div(batch.output_count()).unwrap_or(0);
        let block = batch.panels * LANES;
        let needed = batch.panel * count.div_ceil(LANES).min(batch.panels);
        if scratch.values.len() < needed {
            scratch.values.resize(needed, Lanes::all(R::rounded(0.0)));
        }
        let mut start = 0;
        while start < count {
            let end = count.min(start + block);
            let values = &mut scratch.values[..batch.panel * (end - start).div_ceil(LANES)];
            let inputs = &rows[start * batch.inputs.len()..end * batch.inputs.len()];
            transfer::put(values, batch.panel, &batch.inputs, inputs);
            for step in &batch.steps {
                take::<F, R>(batch, step, values, &mut scratch.made, &mut scratch.room, path);
            }
            let outputs = &mut outputs[start * batch.outputs.len()..end * batch.outputs.len()];
            transfer::get(values, batch.panel, &batch.outputs, outputs);
            start = end;
        }
    }
}

#[inline(always)]
fn take<F: Fused, R: Real>(
    batch: &Batch<R>,
    step: &Step,
    values: &mut [Lanes<R>],
    made: &mut Vec<Lanes<R>>,
    room: &mut Vec<R>,
    path: Path,
) {
    let panel = batch.panel;
    match step {
        Step::Sum { targets, sources, weights, starts } => {
            let weights = &batch.weights[*weights..];
            match sources {
                Sources::Neighbours(slots) => {
                    tile::sum::<F, R, _>(values, panel, targets.range(), slots.range(), weights, *starts);
                }
                Sources::Listed { start, end } => {
                    let slots = batch.sources[*start..*end].iter().map(|slot| *slot as usize);
                    tile::sum::<F, R, _>(values, panel, targets.range(), slots, weights, *starts);
                }
            }
        }
        Step::Combined { combine, target, sources, weights } => {
            let weights = &batch.weights[*weights..];
            match sources {
                Sources::Neighbours(slots) => {
                    combined(*combine, values, panel, *target as usize, slots.range(), weights, room);
                }
                Sources::Listed { start, end } => {
                    let slots = batch.sources[*start..*end].iter().map(|slot| *slot as usize);
                    combined(*combine, values, panel, *target as usize, slots, weights, room);
                }
            }
        }
        Step::Finish { targets, biases, activation } => {
            let biases = &batch.biases[*biases..*biases + targets.count as usize];
            let many = Many { values, panel, first: targets.first as usize, biases };
            dispatch(path, Finish { many, activation: &batch.activations[*activation], made });
        }
        Step::Whole { targets, activation } => {
            let activation = &batch.wholes[*activation];
            dispatch(path, Whole { values, panel, targets: *targets, activation, room });
        }
    }
}

/// From sums to outputs. A task of its own: all formulas are compiled into it.
struct Finish<'a, R> {
    many: Many<'a, R>,
    activation: &'a Ready<R>,
    made: &'a mut Vec<Lanes<R>>,
}

impl<R: Real> Task for Finish<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<F: Fused>(self) {
        self.activation.apply::<F>(self.many, self.made);
    }
}

/// From all net inputs of an array to its outputs, row by row.
struct Whole<'a, R> {
    values: &'a mut [Lanes<R>],
    panel: usize,
    targets: Slots,
    activation: &'a Activation,
    room: &'a mut Vec<R>,
}

impl<R: Real> Task for Whole<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<F: Fused>(self) {
        let Whole { values, panel, targets, activation, room } = self;
        for panel in values.chunks_exact_mut(panel) {
            for lane in 0..LANES {
                room.clear();
                for value in &panel[targets.range()] {
                    room.push(value.0[lane]);
                }
                activation.apply_whole::<F, R>(room);
                for (value, output) in std::iter::zip(&mut panel[targets.range()], room.iter()) {
                    value.0[lane] = *output;
                }
            }
        }
    }
}

/// What one neuron makes of its contributions, if that is no sum.
#[inline(always)]
fn combined<R: Real>(
    combine: Combine,
    values: &mut [Lanes<R>],
    panel: usize,
    target: usize,
    sources: impl Iterator<Item = usize> + Clone,
    weights: &[R],
    room: &mut Vec<R>,
) {
    for panel in values.chunks_exact_mut(panel) {
        let mut so_far = Lanes::all(begun::<R>(combine));
        let mut count = 0;
        if combine == Combine::Median {
            for lane in 0..LANES {
                let mut combination = Combination::new(combine, room);
                for (source, weight) in std::iter::zip(sources.clone(), weights) {
                    combination.take(*weight * panel[source].0[lane]);
                }
                so_far.0[lane] = combination.value();
            }
        } else {
            for (source, weight) in std::iter::zip(sources.clone(), weights) {
                let value = panel[source];
                for lane in 0..LANES {
                    so_far.0[lane] = joined(combine, so_far.0[lane], *weight * value.0[lane], count == 0);
                }
                count += 1;
            }
        }
        panel[target] = Lanes(so_far.0.map(|so_far| ended(combine, so_far, count)));
    }
}

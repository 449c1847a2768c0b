//! Block by block: rows in, step after step, outputs out.

use super::transfer::{Get, Put};
use super::{Batch, BatchScratch, Sources, Step};
use crate::activation::{Activation, Ready};
use crate::combine::{Combination, Combine, begun, ended, joined};
use crate::eval::kernel::machine::{Machine, Row, Vector};
use crate::eval::kernel::tile::{Ahead, Neighbours, Places, Sum};
use crate::eval::kernel::{Path, Task, dispatch_wide, flat};
use crate::numeric::Real;
use crate::numeric::lanes::{LANES, Lanes};
use crate::plan::Slots;

/// Evaluates rows; the counts of `rows` and `outputs` are right.
pub(super) fn run<R: Row>(batch: &Batch<R>, rows: &[R], outputs: &mut [R], scratch: &mut BatchScratch<R>, path: Path) {
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
        // Narrow rows are read beyond their ends as far as there are others.
        let rows = &rows[start * batch.inputs.len()..];
        dispatch_wide(path, Put { values, panel: batch.panel, slots: &batch.inputs, rows });
        let next = rows.len().min(block * batch.inputs.len())..rows.len().min(2 * block * batch.inputs.len());
        let mut ahead = Ahead::new(&rows[next], batch.tiles);
        for step in &batch.steps {
            take(batch, step, values, &mut scratch.made, &mut scratch.room, &mut ahead, path);
        }
        let outputs = &mut outputs[start * batch.outputs.len()..end * batch.outputs.len()];
        dispatch_wide(path, Get { values, panel: batch.panel, slots: &batch.outputs, rows: outputs });
        start = end;
    }
}

/// Takes all panels one step further.
fn take<R: Row>(
    batch: &Batch<R>,
    step: &Step,
    values: &mut [Lanes<R>],
    made: &mut Vec<Lanes<R>>,
    room: &mut Vec<R>,
    ahead: &mut Ahead<'_, R>,
    path: Path,
) {
    let panel = batch.panel;
    match step {
        Step::Sum { targets, sources, weights, starts, biases, rectifies } => {
            let rectifies = *rectifies;
            let biases = biases.map(|first| &batch.biases[first..first + targets.count as usize]);
            let (targets, weights, starts) = (targets.range(), &batch.weights[*weights..], *starts);
            match sources {
                Sources::Neighbours(slots) => {
                    let sources = Neighbours::from(*slots);
                    Sum { values, panel, targets, sources, weights, starts, biases, rectifies }.run(ahead, path);
                }
                Sources::Listed { start, end } => {
                    let sources = &batch.sources[*start..*end];
                    Sum { values, panel, targets, sources, weights, starts, biases, rectifies }.run(ahead, path);
                }
            }
        }
        Step::Combined { combine, target, sources, weights } => {
            let (combine, target, weights) = (*combine, *target as usize, &batch.weights[*weights..]);
            match sources {
                Sources::Neighbours(slots) => {
                    let sources = Neighbours::from(*slots);
                    dispatch_wide(path, Combined { combine, values, panel, target, sources, weights, room });
                }
                Sources::Listed { start, end } => {
                    let sources = &batch.sources[*start..*end];
                    dispatch_wide(path, Combined { combine, values, panel, target, sources, weights, room });
                }
            }
        }
        Step::Add { targets, biases } => {
            let biases = &batch.biases[*biases..*biases + targets.count as usize];
            dispatch_wide(path, Add { values, panel, targets: *targets, biases });
        }
        Step::Finish { targets, activation } => {
            let activation = &batch.activations[*activation];
            dispatch_wide(path, Finish { values, panel, targets: *targets, activation, made });
        }
        Step::Whole { targets, activation } => {
            let activation = &batch.wholes[*activation];
            dispatch_wide(path, Whole { values, panel, targets: *targets, activation, room });
        }
    }
}

/// Adds its bias to each neuron's combination.
struct Add<'a, R> {
    values: &'a mut [Lanes<R>],
    panel: usize,
    targets: Slots,
    biases: &'a [R],
}

impl<R: Row> Task for Add<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<M: Machine>(self) {
        let Add { values, panel, targets, biases } = self;
        for panel in values.chunks_exact_mut(panel) {
            let sums = &mut panel[targets.range()];
            for target in 0..sums.len() {
                let bias = R::Vector::<M>::all(biases[target]);
                for part in 0..R::Vector::<M>::PARTS {
                    R::Vector::<M>::read(&sums[target], part).plus(bias).write(&mut sums[target], part);
                }
            }
        }
    }
}

/// From net inputs to outputs. A task of its own: all formulas are compiled into it.
struct Finish<'a, R> {
    values: &'a mut [Lanes<R>],
    panel: usize,
    targets: Slots,
    activation: &'a Ready<R>,
    made: &'a mut Vec<Lanes<R>>,
}

impl<R: Real> Task for Finish<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<M: Machine>(self) {
        let Finish { values, panel, targets, activation, made } = self;
        for panel in values.chunks_exact_mut(panel) {
            activation.apply::<M>(flat(&mut panel[targets.range()]), made);
        }
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
    fn run<M: Machine>(self) {
        let Whole { values, panel, targets, activation, room } = self;
        for panel in values.chunks_exact_mut(panel) {
            for lane in 0..LANES {
                room.clear();
                for value in &panel[targets.range()] {
                    room.push(value.0[lane]);
                }
                activation.apply_whole::<M, R>(room);
                for (value, output) in std::iter::zip(&mut panel[targets.range()], room.iter()) {
                    value.0[lane] = *output;
                }
            }
        }
    }
}

/// What one neuron makes of its contributions, if that is no sum.
struct Combined<'a, R, S> {
    combine: Combine,
    values: &'a mut [Lanes<R>],
    panel: usize,
    target: usize,
    sources: S,
    weights: &'a [R],
    room: &'a mut Vec<R>,
}

impl<R: Real, S: Places> Task for Combined<'_, R, S> {
    type Output = ();

    #[inline(always)]
    fn run<M: Machine>(self) {
        let Combined { combine, values, panel, target, sources, weights, room } = self;
        let weights = &weights[..sources.count()];
        for panel in values.chunks_exact_mut(panel) {
            let mut so_far = Lanes::all(begun::<R>(combine));
            if combine == Combine::Median {
                for lane in 0..LANES {
                    let mut combination = Combination::new(combine, room);
                    for (number, weight) in weights.iter().enumerate() {
                        combination.take(*weight * panel[sources.place(number)].0[lane]);
                    }
                    so_far.0[lane] = combination.value();
                }
            } else {
                for (number, weight) in weights.iter().enumerate() {
                    let value = panel[sources.place(number)];
                    for lane in 0..LANES {
                        so_far.0[lane] = joined(combine, so_far.0[lane], *weight * value.0[lane], number == 0);
                    }
                }
            }
            for so_far in &mut so_far.0 {
                *so_far = ended(combine, *so_far, weights.len());
            }
            panel[target] = so_far;
        }
    }
}

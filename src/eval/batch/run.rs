//! Block by block: rows in, step after step, outputs out.

use super::transfer::{Get, Put};
use super::{Batch, BatchScratch, Sources, Step};
use crate::activation::{Activation, Ready};
use crate::combine::{Combination, Combine, begun, ended, joined};
use crate::eval::kernel::block::Block;
use crate::eval::kernel::machine::{Machine, Row, Vector};
use crate::eval::kernel::tile::{Ahead, Neighbours, Places, Sum};
use crate::eval::kernel::{Path, Present, Task, dispatch_wide, flat};
use crate::numeric::Real;
use crate::numeric::lanes::{LANES, Lanes};
use crate::plan::Slots;

/// Evaluates rows; the counts of `rows` and `outputs` are right.
pub(super) fn run<R: Row>(batch: &Batch<R>, rows: &[R], outputs: &mut [R], scratch: &mut BatchScratch<R>, path: Path) {
    let count = outputs.len().checked_div(batch.output_count()).unwrap_or(0);
    let (path, pitch) = (path.present(), batch.pitch);
    let most = pitch * LANES;
    let BatchScratch { values, made, room } = scratch;
    if count > 0 && values.len() < batch.slots * pitch {
        values.resize(batch.slots * pitch, Lanes::all(R::rounded(0.0)));
    }
    let mut start = 0;
    while start < count {
        let end = count.min(start + most);
        let mut block = Block { values: &mut *values, pitch, lines: (end - start).div_ceil(LANES) };
        // Narrow rows are read beyond their ends as far as there are others.
        let rows = &rows[start * batch.inputs.len()..];
        dispatch_wide(path, Put { block: block.again(), slots: &batch.inputs, rows });
        let next = rows.len().min(most * batch.inputs.len())..rows.len().min(2 * most * batch.inputs.len());
        let mut ahead = Ahead::new(&rows[next], batch.tiles);
        for step in &batch.steps {
            take(batch, step, block.again(), made, room, &mut ahead, path);
        }
        let outputs = &mut outputs[start * batch.outputs.len()..end * batch.outputs.len()];
        dispatch_wide(path, Get { block, slots: &batch.outputs, rows: outputs });
        start = end;
    }
}

/// Takes all rows of a block one step further.
fn take<R: Row>(
    batch: &Batch<R>,
    step: &Step,
    block: Block<'_, R>,
    made: &mut Vec<Lanes<R>>,
    room: &mut Vec<R>,
    ahead: &mut Ahead<'_, R>,
    path: Present,
) {
    match step {
        Step::Sum { targets, sources, weights, starts, biases, rectifies } => {
            let (targets, starts, rectifies) = (*targets, *starts, *rectifies);
            let biases = biases.map(|first| &batch.biases[first..first + targets.count as usize]);
            let weights = &batch.weights[*weights..];
            match sources {
                Sources::Neighbours(slots) => {
                    let sources = Neighbours { slots: *slots, pitch: block.pitch };
                    Sum { block, targets, sources, weights, starts, biases, rectifies }.run(ahead, path);
                }
                Sources::Listed { start, end } => {
                    let sources = &batch.places[*start..*end];
                    Sum { block, targets, sources, weights, starts, biases, rectifies }.run(ahead, path);
                }
            }
        }
        Step::Combined { combine, target, sources, weights } => {
            let (combine, target) = (*combine, *target as usize * block.pitch);
            let weights = &batch.weights[*weights..];
            match sources {
                Sources::Neighbours(slots) => {
                    let sources = Neighbours { slots: *slots, pitch: block.pitch };
                    dispatch_wide(path, Combined { combine, block, target, sources, weights, room });
                }
                Sources::Listed { start, end } => {
                    let sources = &batch.places[*start..*end];
                    dispatch_wide(path, Combined { combine, block, target, sources, weights, room });
                }
            }
        }
        Step::Add { targets, biases } => {
            let biases = &batch.biases[*biases..*biases + targets.count as usize];
            dispatch_wide(path, Add { block, first: targets.first as usize, biases });
        }
        Step::Finish { targets, activation } => {
            let activation = &batch.activations[*activation];
            dispatch_wide(path, Finish { block, targets: *targets, activation, made });
        }
        Step::Whole { targets, activation } => {
            let activation = &batch.wholes[*activation];
            dispatch_wide(path, Whole { block, targets: *targets, activation, room });
        }
    }
}

/// Adds its bias to each neuron's combination.
struct Add<'a, R> {
    block: Block<'a, R>,
    /// The first target's slot.
    first: usize,
    biases: &'a [R],
}

impl<R: Row> Task for Add<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<M: Machine>(self) {
        let Add { block: Block { values, pitch, lines }, first, biases } = self;
        for line in 0..lines {
            for target in 0..biases.len() {
                let bias = R::Vector::<M>::all(biases[target]);
                let sums = &mut values[(first + target) * pitch + line];
                for part in 0..R::Vector::<M>::PARTS {
                    R::Vector::<M>::read(sums, part).plus(bias).write(sums, part);
                }
            }
        }
    }
}

/// From net inputs to outputs. A task of its own: all formulas are compiled into it.
struct Finish<'a, R> {
    block: Block<'a, R>,
    targets: Slots,
    activation: &'a Ready<R>,
    made: &'a mut Vec<Lanes<R>>,
}

impl<R: Real> Task for Finish<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<M: Machine>(self) {
        let Finish { block, targets, activation, made } = self;
        let mut pieces = block.pieces(targets);
        while let Some(piece) = pieces.next() {
            activation.apply::<M>(flat(&mut block.values[piece]), made);
        }
    }
}

/// From all net inputs of an array to its outputs, row by row.
struct Whole<'a, R> {
    block: Block<'a, R>,
    targets: Slots,
    activation: &'a Activation,
    room: &'a mut Vec<R>,
}

impl<R: Real> Task for Whole<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<M: Machine>(self) {
        let Whole { block: Block { values, pitch, lines }, targets, activation, room } = self;
        for line in 0..lines {
            for lane in 0..LANES {
                room.clear();
                for slot in targets.range() {
                    room.push(values[slot * pitch + line].0[lane]);
                }
                activation.apply_whole::<M, R>(room);
                for (slot, output) in std::iter::zip(targets.range(), room.iter()) {
                    values[slot * pitch + line].0[lane] = *output;
                }
            }
        }
    }
}

/// What one neuron makes of its contributions, if that is no sum.
struct Combined<'a, R, S> {
    combine: Combine,
    block: Block<'a, R>,
    /// The place of the neuron.
    target: usize,
    sources: S,
    weights: &'a [R],
    room: &'a mut Vec<R>,
}

impl<R: Real, S: Places> Task for Combined<'_, R, S> {
    type Output = ();

    #[inline(always)]
    fn run<M: Machine>(self) {
        let Combined { combine, block: Block { values, lines, .. }, target, sources, weights, room } = self;
        let weights = &weights[..sources.count()];
        for line in 0..lines {
            let values = &mut values[line..];
            let mut so_far = Lanes::all(begun::<R>(combine));
            if combine == Combine::Median {
                for lane in 0..LANES {
                    let mut combination = Combination::new(combine, room);
                    for (number, weight) in weights.iter().enumerate() {
                        combination.take(*weight * values[sources.place(number)].0[lane]);
                    }
                    so_far.0[lane] = combination.value();
                }
            } else {
                for (number, weight) in weights.iter().enumerate() {
                    let value = values[sources.place(number)];
                    for lane in 0..LANES {
                        so_far.0[lane] = joined(combine, so_far.0[lane], *weight * value.0[lane], number == 0);
                    }
                }
            }
            for so_far in &mut so_far.0 {
                *so_far = ended(combine, *so_far, weights.len());
            }
            values[target] = so_far;
        }
    }
}

//! Sums of several neurons that read the same sources, in registers.
//!
//! A tile is a few targets of sixteen rows, or of more where there are few targets. Its sums are read, take one source
//! after the other, and are written; so a source's values are read once for all its targets, and no sum is reordered.

use std::ops::Range;

use super::block::Block;
use super::machine::{Machine, Row, Vector};
use super::{Present, Task, dispatch_wide};
use crate::numeric::lanes::Lanes;
use crate::plan::Slots;

/// How many targets a tile has at the most: with a line of lanes each, as many as fit into 16 wide registers.
const MOST_TARGETS: usize = 6;

/// The bytes of weights that are used again and again for some rows before the next rows are taken.
const NEAR: usize = 8 << 10;

/// Cuts so many targets into tiles, as even as can be: how many of which size, and how many that have one more.
fn cut(targets: usize) -> [(usize, usize); 2] {
    if targets <= MOST_TARGETS {
        return [(1, targets), (0, 0)];
    }
    let tiles = targets.div_ceil(MOST_TARGETS);
    let larger = targets % tiles;
    [(tiles - larger, targets / tiles), (larger, targets / tiles + 1)]
}

/// The tiles of so many targets.
pub(crate) fn tiles(targets: usize) -> impl Iterator<Item = Range<usize>> {
    let mut next = 0;
    cut(targets).into_iter().flat_map(|(count, size)| std::iter::repeat_n(size, count)).map(move |size| {
        next += size;
        next - size..next
    })
}

/// The places of what a tile reads, in order: where the first line of each stands.
pub(crate) trait Places: Copy {
    /// How many there are.
    fn count(self) -> usize;
    /// One of them. Must be `#[inline(always)]`, to be compiled with the path's instructions.
    fn place(self, number: usize) -> usize;
}

/// The places of neighbouring slots.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Neighbours {
    pub(crate) slots: Slots,
    /// How many lines of each slot there is room for.
    pub(crate) pitch: usize,
}

impl Places for Neighbours {
    #[inline(always)]
    fn count(self) -> usize {
        self.slots.count as usize
    }

    #[inline(always)]
    fn place(self, number: usize) -> usize {
        (self.slots.first as usize + number) * self.pitch
    }
}

impl Places for &[u32] {
    #[inline(always)]
    fn count(self) -> usize {
        self.len()
    }

    #[inline(always)]
    fn place(self, number: usize) -> usize {
        self[number] as usize
    }
}

/// Rows that are needed after those of now: they are asked for bit by bit while there is something to compute.
pub(crate) struct Ahead<'a, R> {
    rows: &'a [R],
    /// So many values at a time.
    portion: usize,
}

impl<'a, R> Ahead<'a, R> {
    /// All of `rows`, in so many portions.
    pub(crate) fn new(rows: &'a [R], portions: usize) -> Ahead<'a, R> {
        let line = LINE / size_of::<R>();
        Ahead { rows, portion: rows.len().div_ceil(portions.max(1)).next_multiple_of(line) }
    }

    #[inline(always)]
    fn fetch<M: Machine>(&mut self) {
        let portion = self.portion.min(self.rows.len());
        let mut value = 0;
        while value < portion {
            M::fetch_early(&self.rows[value]);
            value += LINE / size_of::<R>();
        }
        self.rows = &self.rows[portion..];
    }
}

/// The bytes of a line of a cache.
const LINE: usize = 64;

/// Neighbouring targets that take sources, in order, into their sums.
pub(crate) struct Sum<'a, R, S> {
    pub(crate) block: Block<'a, R>,
    pub(crate) targets: Slots,
    pub(crate) sources: S,
    /// Those of the first tile for the first source, for the second source, …, then those of the next tile.
    pub(crate) weights: &'a [R],
    /// Whether the sums start at +0, or go on.
    pub(crate) starts: bool,
    /// What is added to each sum at the end, if something is.
    pub(crate) biases: Option<&'a [R]>,
    /// Whether what is below or at 0 then becomes 0.
    pub(crate) rectifies: bool,
}

/// How many tiles are computed for so many targets and lines of each, at the least.
pub(crate) fn tile_count(targets: usize, lines: usize) -> usize {
    let [less, more] = cut(targets).map(|(tiles, size)| {
        let at_once = match size {
            0 | 1 => 8,
            2 | 3 => 4,
            _ => 2,
        };
        tiles * lines.div_ceil(at_once)
    });
    less + more
}

impl<R: Row, S: Places> Sum<'_, R, S> {
    /// Computes it.
    pub(crate) fn run(self, ahead: &mut Ahead<'_, R>, path: Present) {
        let Sum { mut block, targets, sources, weights, starts, biases, rectifies } = self;
        let (mut first, mut weights, mut biases) = (targets.first as usize, weights, biases);
        for (tiles, size) in cut(targets.count as usize) {
            if tiles == 0 {
                continue;
            }
            let (here, after) = weights.split_at(sources.count() * tiles * size);
            weights = after;
            let added = biases.map(|biases| biases.split_at(tiles * size));
            biases = added.map(|(_, after)| after);
            let (block, biases) = (block.again(), added.map(|(here, _)| here));
            let work =
                Work { block, tiles, first, sources, weights: here, starts, biases, rectifies, ahead: &mut *ahead };
            first += tiles * size;
            // As many sums at a time as there are registers for, and enough of them to keep the machine busy.
            match size {
                0 => {}
                1 => dispatch_wide(path, Tiles::<R, S, 1, 8, 4>(work)),
                2 => dispatch_wide(path, Tiles::<R, S, 2, 4, 2>(work)),
                3 => dispatch_wide(path, Tiles::<R, S, 3, 4, 2>(work)),
                4 => dispatch_wide(path, Tiles::<R, S, 4, 2, 1>(work)),
                5 => dispatch_wide(path, Tiles::<R, S, 5, 2, 1>(work)),
                _ => dispatch_wide(path, Tiles::<R, S, MOST_TARGETS, 2, 1>(work)),
            }
        }
    }
}

/// Tiles of one size, of every line.
struct Work<'a, 'b, R, S> {
    block: Block<'a, R>,
    tiles: usize,
    /// The slot of the first target.
    first: usize,
    sources: S,
    weights: &'a [R],
    starts: bool,
    biases: Option<&'a [R]>,
    rectifies: bool,
    ahead: &'a mut Ahead<'b, R>,
}

/// Work in tiles of so many targets, and so many vectors of each: parts of a line, or several lines; `FEWER` of them
/// where so many are not left. A task of its own, since only small functions are compiled well.
struct Tiles<'a, 'b, R, S, const TARGETS: usize, const VECTORS: usize, const FEWER: usize>(Work<'a, 'b, R, S>);

impl<R: Row, S: Places, const TARGETS: usize, const VECTORS: usize, const FEWER: usize> Task
    for Tiles<'_, '_, R, S, TARGETS, VECTORS, FEWER>
{
    type Output = ();

    #[inline(always)]
    fn run<M: Machine>(self) {
        let Work {
            block: Block { values, pitch, lines },
            tiles,
            first,
            sources,
            weights,
            starts,
            biases,
            rectifies,
            ahead,
        } = self.0;
        let (weights, _) = weights.as_chunks::<TARGETS>();
        let source_count = sources.count();
        // A division takes long.
        let near = if tiles == 1 { 1 } else { (NEAR / size_of::<R>() / TARGETS / source_count.max(1)).max(1) };
        let parts = R::Vector::<M>::PARTS;
        let (many, fewer) = ((VECTORS / parts).max(1), (FEWER / parts).max(1));
        let mut start = 0;
        while start < tiles {
            let end = tiles.min(start + near);
            let mut line = 0;
            while line < lines {
                let values = &mut values[line..];
                let step = if line + many <= lines {
                    many
                } else if line + fewer <= lines {
                    fewer
                } else {
                    1
                };
                for tile in start..end {
                    ahead.fetch::<M>();
                    let first = (first + tile * TARGETS) * pitch;
                    let weights = &weights[tile * source_count..(tile + 1) * source_count];
                    let biases = match biases {
                        Some(biases) => biases[tile * TARGETS..].first_chunk::<TARGETS>(),
                        None => None,
                    };
                    let end = End { biases, rectifies };
                    if step == many {
                        of::<M, R, S, TARGETS, VECTORS>(values, pitch, first, sources, weights, starts, end);
                    } else if step == fewer {
                        of::<M, R, S, TARGETS, FEWER>(values, pitch, first, sources, weights, starts, end);
                    } else {
                        of::<M, R, S, TARGETS, 1>(values, pitch, first, sources, weights, starts, end);
                    }
                }
                line += step;
            }
            start = end;
        }
    }
}

/// What is done with complete sums.
#[derive(Clone, Copy)]
struct End<'a, R, const TARGETS: usize> {
    biases: Option<&'a [R; TARGETS]>,
    rectifies: bool,
}

/// The tile of some lines, `VECTORS` at a time.
#[inline(always)]
#[expect(
    clippy::needless_range_loop,
    reason = "iterators' functions are not always compiled with the path's instructions"
)]
fn of<M: Machine, R: Row, S: Places, const TARGETS: usize, const VECTORS: usize>(
    values: &mut [Lanes<R>],
    pitch: usize,
    first: usize,
    sources: S,
    weights: &[[R; TARGETS]],
    starts: bool,
    end: End<'_, R, TARGETS>,
) {
    let parts = R::Vector::<M>::PARTS;
    let lines = (VECTORS / parts).max(1);
    let mut start = 0;
    // Once, where there are several lines.
    while start < parts {
        let mut sums = [[R::Vector::<M>::all(R::rounded(0.0)); TARGETS]; VECTORS];
        if !starts {
            for target in 0..TARGETS {
                let from = &values[first + target * pitch..][..lines];
                for vector in 0..VECTORS {
                    sums[vector][target] =
                        R::Vector::<M>::read(&from[(start + vector) / parts], (start + vector) % parts);
                }
            }
        }
        for source in 0..weights.len() {
            let from = &values[sources.place(source)..][..lines];
            // The longer loop inside needs fewer registers.
            if VECTORS > TARGETS {
                for vector in 0..VECTORS {
                    let value = R::Vector::<M>::read(&from[(start + vector) / parts], (start + vector) % parts);
                    for target in 0..TARGETS {
                        let weight = R::Vector::<M>::all(weights[source][target]);
                        sums[vector][target] = weight.fused(value, sums[vector][target]);
                    }
                }
            } else {
                let mut read = [R::Vector::<M>::all(R::rounded(0.0)); VECTORS];
                for vector in 0..VECTORS {
                    read[vector] = R::Vector::<M>::read(&from[(start + vector) / parts], (start + vector) % parts);
                }
                for target in 0..TARGETS {
                    let weight = R::Vector::<M>::all(weights[source][target]);
                    for vector in 0..VECTORS {
                        sums[vector][target] = weight.fused(read[vector], sums[vector][target]);
                    }
                }
            }
        }
        if let Some(biases) = end.biases {
            for target in 0..TARGETS {
                let bias = R::Vector::<M>::all(biases[target]);
                for vector in 0..VECTORS {
                    sums[vector][target] = sums[vector][target].plus(bias);
                }
            }
        }
        if end.rectifies {
            for vector in 0..VECTORS {
                for target in 0..TARGETS {
                    sums[vector][target] = sums[vector][target].rectified();
                }
            }
        }
        for target in 0..TARGETS {
            let to = &mut values[first + target * pitch..][..lines];
            for vector in 0..VECTORS {
                sums[vector][target].write(&mut to[(start + vector) / parts], (start + vector) % parts);
            }
        }
        start += VECTORS;
    }
}

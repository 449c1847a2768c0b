//! Sums of several neurons that read the same sources, in registers.
//!
//! A tile is a few targets of one panel, or of several where there are few targets. Its sums are read, take one source
//! after the other, and are written; so a source's values are read once for all its targets, and no sum is reordered.

use std::ops::Range;

use super::machine::{Machine, Row, Vector};
use super::{Path, Task, dispatch_wide};
use crate::numeric::lanes::Lanes;
use crate::plan::Slots;

/// How many targets a tile has at the most: with a line of lanes each, as many as fit into 16 wide registers.
const MOST_TARGETS: usize = 6;

/// Cuts so many targets into tiles, as even as can be.
pub(crate) fn tiles(targets: usize) -> impl Iterator<Item = Range<usize>> {
    let count = targets.div_ceil(MOST_TARGETS);
    (0..count).map(move |tile| tile * targets / count..(tile + 1) * targets / count)
}

/// The places of what a tile reads, in order.
pub(crate) trait Places: Copy {
    /// How many there are.
    fn count(self) -> usize;
    /// One of them. Must be `#[inline(always)]`, to be compiled with the path's instructions.
    fn place(self, number: usize) -> usize;
}

/// Neighbouring places from one on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Neighbours {
    first: usize,
    count: usize,
}

impl From<Slots> for Neighbours {
    fn from(slots: Slots) -> Neighbours {
        Neighbours { first: slots.first as usize, count: slots.count as usize }
    }
}

impl Places for Neighbours {
    #[inline(always)]
    fn count(self) -> usize {
        self.count
    }

    #[inline(always)]
    fn place(self, number: usize) -> usize {
        self.first + number
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

/// Neighbouring targets of each panel that take sources, in order, into their sums.
pub(crate) struct Sum<'a, R, S> {
    pub(crate) values: &'a mut [Lanes<R>],
    /// How many values a panel has.
    pub(crate) panel: usize,
    pub(crate) targets: Range<usize>,
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

/// How many tiles are computed for so many targets and panels, at the least.
pub(crate) fn tile_count(targets: usize, panels: usize) -> usize {
    targets.div_ceil(MOST_TARGETS) * panels.div_ceil(if targets == 1 { 8 } else { 4 })
}

impl<R: Row, S: Places> Sum<'_, R, S> {
    /// Computes it.
    pub(crate) fn run(self, ahead: &mut Ahead<'_, R>, path: Path) {
        let Sum { values, panel, targets, sources, weights, starts, biases, rectifies } = self;
        let mut rest = weights;
        for tile in tiles(targets.len()) {
            let (weights, after) = rest.split_at(sources.count() * tile.len());
            rest = after;
            let first = targets.start + tile.start;
            let biases = biases.map(|biases| &biases[tile.clone()]);
            let work = Work {
                values: &mut *values,
                panel,
                first,
                sources,
                weights,
                starts,
                biases,
                rectifies,
                ahead: &mut *ahead,
            };
            // As many sums at a time as there are registers for, and enough of them to keep the machine busy.
            match tile.len() {
                1 => dispatch_wide(path, Tile::<R, S, 1, 8, 4>(work)),
                2 => dispatch_wide(path, Tile::<R, S, 2, 4, 2>(work)),
                3 => dispatch_wide(path, Tile::<R, S, 3, 4, 2>(work)),
                4 => dispatch_wide(path, Tile::<R, S, 4, 2, 1>(work)),
                5 => dispatch_wide(path, Tile::<R, S, 5, 2, 1>(work)),
                _ => dispatch_wide(path, Tile::<R, S, MOST_TARGETS, 2, 1>(work)),
            }
        }
    }
}

/// One tile of every panel.
struct Work<'a, 'b, R, S> {
    values: &'a mut [Lanes<R>],
    panel: usize,
    /// The first target.
    first: usize,
    sources: S,
    weights: &'a [R],
    starts: bool,
    biases: Option<&'a [R]>,
    rectifies: bool,
    ahead: &'a mut Ahead<'b, R>,
}

/// Work in tiles of so many targets, and so many vectors of each: parts of a panel, or several panels; `FEWER` of them
/// where so many are not left. A task of its own, since only small functions are compiled well.
struct Tile<'a, 'b, R, S, const TARGETS: usize, const VECTORS: usize, const FEWER: usize>(Work<'a, 'b, R, S>);

impl<R: Row, S: Places, const TARGETS: usize, const VECTORS: usize, const FEWER: usize> Task
    for Tile<'_, '_, R, S, TARGETS, VECTORS, FEWER>
{
    type Output = ();

    #[inline(always)]
    fn run<M: Machine>(self) {
        let Work { values, panel, first, sources, weights, starts, biases, rectifies, ahead } = self.0;
        let (weights, _) = weights.as_chunks::<TARGETS>();
        let biases = match biases {
            Some(biases) => biases.first_chunk::<TARGETS>(),
            None => None,
        };
        let end = End { biases, rectifies };
        let parts = R::Vector::<M>::PARTS;
        let mut groups = values.chunks_exact_mut(panel * (VECTORS / parts).max(1));
        for group in &mut groups {
            ahead.fetch::<M>();
            of::<M, R, S, TARGETS, VECTORS>(group, panel, first, sources, weights, starts, end);
        }
        let mut groups = groups.into_remainder().chunks_exact_mut(panel * (FEWER / parts).max(1));
        for group in &mut groups {
            ahead.fetch::<M>();
            of::<M, R, S, TARGETS, FEWER>(group, panel, first, sources, weights, starts, end);
        }
        for group in groups.into_remainder().chunks_exact_mut(panel) {
            ahead.fetch::<M>();
            of::<M, R, S, TARGETS, 1>(group, panel, first, sources, weights, starts, end);
        }
    }
}

/// What is done with complete sums.
#[derive(Clone, Copy)]
struct End<'a, R, const TARGETS: usize> {
    biases: Option<&'a [R; TARGETS]>,
    rectifies: bool,
}

/// The tile of some panels, `VECTORS` at a time.
#[inline(always)]
#[expect(
    clippy::needless_range_loop,
    reason = "iterators' functions are not always compiled with the path's instructions"
)]
fn of<M: Machine, R: Row, S: Places, const TARGETS: usize, const VECTORS: usize>(
    values: &mut [Lanes<R>],
    panel: usize,
    first: usize,
    sources: S,
    weights: &[[R; TARGETS]],
    starts: bool,
    end: End<'_, R, TARGETS>,
) {
    let parts = R::Vector::<M>::PARTS;
    let mut start = 0;
    // Once, where there are several panels.
    while start < parts {
        let mut sums = [[R::Vector::<M>::all(R::rounded(0.0)); TARGETS]; VECTORS];
        if !starts {
            for vector in 0..VECTORS {
                let (at, part) = ((start + vector) / parts * panel, (start + vector) % parts);
                for target in 0..TARGETS {
                    sums[vector][target] = R::Vector::<M>::read(&values[at + first + target], part);
                }
            }
        }
        for source in 0..weights.len() {
            let place = sources.place(source);
            // The longer loop inside needs fewer registers.
            if VECTORS > TARGETS {
                for vector in 0..VECTORS {
                    let (at, part) = ((start + vector) / parts * panel, (start + vector) % parts);
                    let value = R::Vector::<M>::read(&values[at + place], part);
                    for target in 0..TARGETS {
                        let weight = R::Vector::<M>::all(weights[source][target]);
                        sums[vector][target] = weight.fused(value, sums[vector][target]);
                    }
                }
            } else {
                let mut read = [R::Vector::<M>::all(R::rounded(0.0)); VECTORS];
                for vector in 0..VECTORS {
                    let (at, part) = ((start + vector) / parts * panel, (start + vector) % parts);
                    read[vector] = R::Vector::<M>::read(&values[at + place], part);
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
        for vector in 0..VECTORS {
            let (at, part) = ((start + vector) / parts * panel, (start + vector) % parts);
            for target in 0..TARGETS {
                sums[vector][target].write(&mut values[at + first + target], part);
            }
        }
        start += VECTORS;
    }
}

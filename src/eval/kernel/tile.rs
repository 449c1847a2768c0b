//! Sums of several neurons that read the same sources, in registers.
//!
//! A tile is a few targets of one panel. Its sums are read, take one source after the other, and are written; so a
//! source's values are read once for all its targets, and no sum is reordered. The loops have fixed lengths, which the
//! compiler keeps in wide registers as long as there are enough: `benches/README.md` tells how to see that it does.

use std::ops::Range;

use crate::numeric::Real;
use crate::numeric::fma::Fused;
use crate::numeric::lanes::{LANES, Lanes};

/// How many targets a tile has at the most: with a line of lanes each, as many as fit into 16 wide registers.
const MOST_TARGETS: usize = 6;

/// Cuts so many targets into tiles, as even as can be.
pub(crate) fn tiles(targets: usize) -> impl Iterator<Item = Range<usize>> {
    let count = targets.div_ceil(MOST_TARGETS);
    (0..count).map(move |tile| tile * targets / count..(tile + 1) * targets / count)
}

/// Neighbouring `targets` of each panel take `sources`, in order, into their sums; or into +0, if the sums start here.
///
/// `weights` are those of the first tile for the first source, for the second source, …, then those of the next tile.
#[inline(always)]
pub(crate) fn sum<F: Fused, R: Real, S: ExactSizeIterator<Item = usize> + Clone>(
    values: &mut [Lanes<R>],
    panel: usize,
    targets: Range<usize>,
    sources: S,
    weights: &[R],
    starts: bool,
) {
    let mut rest = weights;
    for tile in tiles(targets.len()) {
        let (weights, after) = rest.split_at(sources.len() * tile.len());
        rest = after;
        let first = targets.start + tile.start;
        let work = Work { values: &mut *values, panel, first, sources: sources.clone(), weights, starts };
        match tile.len() {
            1 => of_height::<F, R, S, 1>(work),
            2 => of_height::<F, R, S, 2>(work),
            3 => of_height::<F, R, S, 3>(work),
            4 => of_height::<F, R, S, 4>(work),
            5 => of_height::<F, R, S, 5>(work),
            _ => of_height::<F, R, S, MOST_TARGETS>(work),
        }
    }
}

/// One tile of every panel.
struct Work<'a, R, S> {
    values: &'a mut [Lanes<R>],
    panel: usize,
    /// The first target.
    first: usize,
    sources: S,
    weights: &'a [R],
    starts: bool,
}

/// A tile of `TARGETS`, with as many lanes at a time as a cache line holds: more would not stay in registers.
#[inline(always)]
fn of_height<F: Fused, R: Real, S: Iterator<Item = usize> + Clone, const TARGETS: usize>(work: Work<'_, R, S>) {
    if size_of::<R>() == size_of::<f32>() {
        of_size::<F, R, S, TARGETS, LANES>(work);
    } else {
        of_size::<F, R, S, TARGETS, { LANES / 2 }>(work);
    }
}

#[inline(always)]
fn of_size<F: Fused, R: Real, S: Iterator<Item = usize> + Clone, const TARGETS: usize, const WIDTH: usize>(
    work: Work<'_, R, S>,
) {
    let Work { values, panel, first, sources, weights, starts } = work;
    let (weights, _) = weights.as_chunks::<TARGETS>();
    for values in values.chunks_exact_mut(panel) {
        for part in 0..LANES / WIDTH {
            let mut sums = [[R::rounded(0.0); WIDTH]; TARGETS];
            if !starts {
                for (target, sums) in sums.iter_mut().enumerate() {
                    *sums = values[first + target].0.as_chunks().0[part];
                }
            }
            for (source, weights) in std::iter::zip(sources.clone(), weights) {
                let values: &[R; WIDTH] = &values[source].0.as_chunks().0[part];
                for target in 0..TARGETS {
                    for lane in 0..WIDTH {
                        sums[target][lane] = weights[target].fused::<F>(values[lane], sums[target][lane]);
                    }
                }
            }
            for (target, sums) in sums.iter().enumerate() {
                values[first + target].0.as_chunks_mut().0[part] = *sums;
            }
        }
    }
}

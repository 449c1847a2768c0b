//! What code is compiled for: its fused multiply-add and its registers.

use super::transpose;
use crate::numeric::Real;
use crate::numeric::fma::{Fused, Hardware, Software};
use crate::numeric::lanes::{LANES, Lanes};

/// A kind of machine. Code that is generic over it is entered by [`dispatch`](super::dispatch) alone, and only where the
/// machine is of that kind.
pub(crate) trait Machine: Fused {
    /// Numbers in single precision, side by side.
    type Singles: Vector<f32>;
    /// Numbers in double precision, side by side.
    type Doubles: Vector<f64>;

    /// Asks for the cache line of a value that is needed soon.
    fn fetch<R>(value: &R);
    /// Asks for the cache line of a value that is needed, but not soon.
    fn fetch_early<R>(value: &R);
    /// The first [`COLUMNS`](transpose::COLUMNS) values of [`LANES`] rows, which start `width` values apart.
    fn singles_to_lanes(rows: &[f32], width: usize, lanes: &mut [Lanes<f32>], pitch: usize);
    /// As the one before, in double precision.
    fn doubles_to_lanes(rows: &[f64], width: usize, lanes: &mut [Lanes<f64>], pitch: usize);
    /// The way back.
    fn lanes_to_singles(lanes: &[Lanes<f32>], pitch: usize, rows: &mut [f32], width: usize);
    /// As the one before, in double precision.
    fn lanes_to_doubles(lanes: &[Lanes<f64>], pitch: usize, rows: &mut [f64], width: usize);
    /// Sixteen rows of two values.
    fn single_pairs(rows: &[f32; 2 * LANES], pair: &mut [Lanes<f32>; 2]);
    /// As the one before, in double precision.
    fn double_pairs(rows: &[f64; 2 * LANES], pair: &mut [Lanes<f64>; 2]);
    /// Sixteen rows of two values from their columns.
    fn pair_of_singles(pair: &[Lanes<f32>; 2], rows: &mut [f32; 2 * LANES]);
    /// As the one before, in double precision.
    fn pair_of_doubles(pair: &[Lanes<f64>; 2], rows: &mut [f64; 2 * LANES]);
}

/// Some numbers in one register.
pub(crate) trait Vector<R>: Copy {
    /// How many registers hold a line of lanes.
    const PARTS: usize;
    /// The same number everywhere.
    fn all(value: R) -> Self;
    /// A part of a line of lanes.
    fn read(lanes: &Lanes<R>, part: usize) -> Self;
    /// The way back.
    fn write(self, lanes: &mut Lanes<R>, part: usize);
    /// `self × factor + addend` of each, with one rounding.
    fn fused(self, factor: Self, addend: Self) -> Self;
    /// The sum of each.
    fn plus(self, addend: Self) -> Self;
    /// Each that is not below or at 0, and +0 for each other.
    fn rectified(self) -> Self;
}

/// A precision of the rows: what a machine has for it.
pub(crate) trait Row: Real {
    /// Numbers side by side.
    type Vector<M: Machine>: Vector<Self>;

    /// The first [`COLUMNS`](transpose::COLUMNS) values of each of [`LANES`] rows, which start `width` values apart.
    ///
    /// # Panics
    /// If `rows` ends before the last of them.
    fn to_lanes<M: Machine>(rows: &[Self], width: usize, lanes: &mut [Lanes<Self>], pitch: usize);
    /// The way back. Rows are written one after the other, so that where they are narrower than [`COLUMNS`](transpose::COLUMNS) each is
    /// complete at the end but for what follows the last.
    ///
    /// # Panics
    /// If `rows` ends before the last of them.
    fn to_rows<M: Machine>(lanes: &[Lanes<Self>], pitch: usize, rows: &mut [Self], width: usize);
    /// Sixteen rows of two values.
    fn to_pair<M: Machine>(rows: &[Self; 2 * LANES], pair: &mut [Lanes<Self>; 2]);
    /// The way back.
    fn from_pair<M: Machine>(pair: &[Lanes<Self>; 2], rows: &mut [Self; 2 * LANES]);
}

impl Row for f32 {
    type Vector<M: Machine> = M::Singles;

    #[inline(always)]
    fn to_lanes<M: Machine>(rows: &[f32], width: usize, lanes: &mut [Lanes<f32>], pitch: usize) {
        M::singles_to_lanes(rows, width, lanes, pitch);
    }

    #[inline(always)]
    fn to_rows<M: Machine>(lanes: &[Lanes<f32>], pitch: usize, rows: &mut [f32], width: usize) {
        M::lanes_to_singles(lanes, pitch, rows, width);
    }

    #[inline(always)]
    fn to_pair<M: Machine>(rows: &[f32; 2 * LANES], pair: &mut [Lanes<f32>; 2]) {
        M::single_pairs(rows, pair);
    }

    #[inline(always)]
    fn from_pair<M: Machine>(pair: &[Lanes<f32>; 2], rows: &mut [f32; 2 * LANES]) {
        M::pair_of_singles(pair, rows);
    }
}

impl Row for f64 {
    type Vector<M: Machine> = M::Doubles;

    #[inline(always)]
    fn to_lanes<M: Machine>(rows: &[f64], width: usize, lanes: &mut [Lanes<f64>], pitch: usize) {
        M::doubles_to_lanes(rows, width, lanes, pitch);
    }

    #[inline(always)]
    fn to_rows<M: Machine>(lanes: &[Lanes<f64>], pitch: usize, rows: &mut [f64], width: usize) {
        M::lanes_to_doubles(lanes, pitch, rows, width);
    }

    #[inline(always)]
    fn to_pair<M: Machine>(rows: &[f64; 2 * LANES], pair: &mut [Lanes<f64>; 2]) {
        M::double_pairs(rows, pair);
    }

    #[inline(always)]
    fn from_pair<M: Machine>(pair: &[Lanes<f64>; 2], rows: &mut [f64; 2 * LANES]) {
        M::pair_of_doubles(pair, rows);
    }
}

/// Eight numbers that the compiler may put into registers: for machines that the project knows nothing of.
#[derive(Clone, Copy)]
pub(crate) struct Eight<F, R>([R; 8], std::marker::PhantomData<F>);

impl<F: Fused, R: Real> Vector<R> for Eight<F, R> {
    const PARTS: usize = LANES / 8;

    #[inline(always)]
    fn all(value: R) -> Self {
        Eight([value; 8], std::marker::PhantomData)
    }

    #[inline(always)]
    fn read(lanes: &Lanes<R>, part: usize) -> Self {
        Eight(lanes.0.as_chunks().0[part], std::marker::PhantomData)
    }

    #[inline(always)]
    fn write(self, lanes: &mut Lanes<R>, part: usize) {
        lanes.0.as_chunks_mut().0[part] = self.0;
    }

    #[inline(always)]
    fn fused(self, factor: Self, mut addend: Self) -> Self {
        for lane in 0..8 {
            addend.0[lane] = self.0[lane].fused::<F>(factor.0[lane], addend.0[lane]);
        }
        addend
    }

    #[inline(always)]
    fn plus(self, mut addend: Self) -> Self {
        for lane in 0..8 {
            addend.0[lane] = self.0[lane] + addend.0[lane];
        }
        addend
    }

    #[inline(always)]
    fn rectified(mut self) -> Self {
        let nothing = R::rounded(0.0);
        for lane in 0..8 {
            self.0[lane] = if self.0[lane] <= nothing { nothing } else { self.0[lane] };
        }
        self
    }
}

/// What every machine has.
macro_rules! plain {
    ($machine:ty) => {
        impl Machine for $machine {
            type Singles = Eight<$machine, f32>;
            type Doubles = Eight<$machine, f64>;

            #[inline(always)]
            fn fetch<R>(_: &R) {}

            #[inline(always)]
            fn fetch_early<R>(_: &R) {}

            #[inline(always)]
            fn singles_to_lanes(rows: &[f32], width: usize, lanes: &mut [Lanes<f32>], pitch: usize) {
                transpose::to_lanes(rows, width, lanes, pitch);
            }

            #[inline(always)]
            fn doubles_to_lanes(rows: &[f64], width: usize, lanes: &mut [Lanes<f64>], pitch: usize) {
                transpose::to_lanes(rows, width, lanes, pitch);
            }

            #[inline(always)]
            fn lanes_to_singles(lanes: &[Lanes<f32>], pitch: usize, rows: &mut [f32], width: usize) {
                transpose::to_rows(lanes, pitch, rows, width);
            }

            #[inline(always)]
            fn lanes_to_doubles(lanes: &[Lanes<f64>], pitch: usize, rows: &mut [f64], width: usize) {
                transpose::to_rows(lanes, pitch, rows, width);
            }

            #[inline(always)]
            fn single_pairs(rows: &[f32; 2 * LANES], pair: &mut [Lanes<f32>; 2]) {
                transpose::to_pair(rows, pair);
            }

            #[inline(always)]
            fn double_pairs(rows: &[f64; 2 * LANES], pair: &mut [Lanes<f64>; 2]) {
                transpose::to_pair(rows, pair);
            }

            #[inline(always)]
            fn pair_of_singles(pair: &[Lanes<f32>; 2], rows: &mut [f32; 2 * LANES]) {
                transpose::from_pair(pair, rows);
            }

            #[inline(always)]
            fn pair_of_doubles(pair: &[Lanes<f64>; 2], rows: &mut [f64; 2 * LANES]) {
                transpose::from_pair(pair, rows);
            }
        }
    };
}

plain!(Software);
plain!(Hardware);

//! Machines with registers of 256 and of 512 bits.

use std::arch::x86_64::{
    __m256, __m256d, __m512, __m512d, _MM_HINT_T0, _MM_HINT_T1, _mm_prefetch, _mm256_add_pd, _mm256_add_ps,
    _mm256_fmadd_pd, _mm256_fmadd_ps, _mm256_loadu_pd, _mm256_loadu_ps, _mm256_max_pd, _mm256_max_ps, _mm256_set1_pd,
    _mm256_set1_ps, _mm256_storeu_pd, _mm256_storeu_ps, _mm512_add_pd, _mm512_add_ps, _mm512_fmadd_pd, _mm512_fmadd_ps,
    _mm512_loadu_pd, _mm512_loadu_ps, _mm512_max_pd, _mm512_max_ps, _mm512_set1_pd, _mm512_set1_ps, _mm512_storeu_pd,
    _mm512_storeu_ps,
};

use super::machine::{Machine, Vector};
use super::transpose::wide;
use crate::numeric::fma::{Fused, Hardware};
use crate::numeric::lanes::{LANES, Lanes};

/// A machine with AVX2 and FMA.
#[derive(Clone, Copy)]
pub(super) struct Avx2;

/// A machine with AVX-512 beside them.
#[derive(Clone, Copy)]
pub(super) struct Avx512;

/// A vector in a register; `$width` numbers at a time.
macro_rules! vector {
    ($name:ident, $register:ty, $real:ty, $width:literal, $all:ident, $read:ident, $write:ident, $fused:ident, $plus:ident, $larger:ident) => {
        #[derive(Clone, Copy)]
        pub(super) struct $name($register);

        #[expect(unsafe_code, reason = "instructions that the machine has where this is entered")]
        impl Vector<$real> for $name {
            const PARTS: usize = LANES / $width;

            #[inline(always)]
            fn all(value: $real) -> $name {
                // SAFETY: `dispatch` enters code for this machine only where its instructions are.
                $name(unsafe { $all(value) })
            }

            #[inline(always)]
            fn read(lanes: &Lanes<$real>, part: usize) -> $name {
                let numbers: &[$real; $width] = &lanes.0.as_chunks().0[part];
                // SAFETY: as in `all`; so many numbers are there.
                $name(unsafe { $read(numbers.as_ptr()) })
            }

            #[inline(always)]
            fn write(self, lanes: &mut Lanes<$real>, part: usize) {
                let numbers: &mut [$real; $width] = &mut lanes.0.as_chunks_mut().0[part];
                // SAFETY: as in `all`; there is room for so many numbers.
                unsafe { $write(numbers.as_mut_ptr(), self.0) }
            }

            #[inline(always)]
            fn fused(self, factor: $name, addend: $name) -> $name {
                // SAFETY: as in `all`.
                $name(unsafe { $fused(self.0, factor.0, addend.0) })
            }

            #[inline(always)]
            fn plus(self, addend: $name) -> $name {
                // SAFETY: as in `all`.
                $name(unsafe { $plus(self.0, addend.0) })
            }

            #[inline(always)]
            fn rectified(self) -> $name {
                // The instruction gives its second operand for NaN, and where none is larger: -0, which +0 makes +0.
                // SAFETY: as in `all`.
                $name(unsafe { $plus($larger($all(0.0), self.0), $all(0.0)) })
            }
        }
    };
}

vector!(
    Singles8,
    __m256,
    f32,
    8,
    _mm256_set1_ps,
    _mm256_loadu_ps,
    _mm256_storeu_ps,
    _mm256_fmadd_ps,
    _mm256_add_ps,
    _mm256_max_ps
);
vector!(
    Doubles4,
    __m256d,
    f64,
    4,
    _mm256_set1_pd,
    _mm256_loadu_pd,
    _mm256_storeu_pd,
    _mm256_fmadd_pd,
    _mm256_add_pd,
    _mm256_max_pd
);
vector!(
    Singles16,
    __m512,
    f32,
    16,
    _mm512_set1_ps,
    _mm512_loadu_ps,
    _mm512_storeu_ps,
    _mm512_fmadd_ps,
    _mm512_add_ps,
    _mm512_max_ps
);
vector!(
    Doubles8,
    __m512d,
    f64,
    8,
    _mm512_set1_pd,
    _mm512_loadu_pd,
    _mm512_storeu_pd,
    _mm512_fmadd_pd,
    _mm512_add_pd,
    _mm512_max_pd
);

macro_rules! machine {
    ($machine:ty, $singles:ty, $doubles:ty) => {
        impl Fused for $machine {
            #[inline(always)]
            fn fma64(a: f64, b: f64, c: f64) -> f64 {
                Hardware::fma64(a, b, c)
            }

            #[inline(always)]
            fn fma32(a: f32, b: f32, c: f32) -> f32 {
                Hardware::fma32(a, b, c)
            }
        }

        #[expect(unsafe_code, reason = "functions for instructions that the machine has where this is entered")]
        impl Machine for $machine {
            type Singles = $singles;
            type Doubles = $doubles;

            #[inline(always)]
            fn fetch<R>(value: &R) {
                // SAFETY: every machine of this kind has the instruction, which reads nothing.
                unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(value).cast()) }
            }

            #[inline(always)]
            fn fetch_early<R>(value: &R) {
                // SAFETY: as in `fetch`.
                unsafe { _mm_prefetch::<_MM_HINT_T1>(std::ptr::from_ref(value).cast()) }
            }

            #[inline(always)]
            fn singles_to_lanes(rows: &[f32], width: usize, lanes: &mut [Lanes<f32>], pitch: usize) {
                // SAFETY: `dispatch` enters code for this machine only where AVX2 is; so for those that follow.
                unsafe { wide::singles_to_lanes(rows, width, lanes, pitch) }
            }

            #[inline(always)]
            fn doubles_to_lanes(rows: &[f64], width: usize, lanes: &mut [Lanes<f64>], pitch: usize) {
                // SAFETY: as in `singles_to_lanes`.
                unsafe { wide::doubles_to_lanes(rows, width, lanes, pitch) }
            }

            #[inline(always)]
            fn lanes_to_singles(lanes: &[Lanes<f32>], pitch: usize, rows: &mut [f32], width: usize) {
                // SAFETY: as in `singles_to_lanes`.
                unsafe { wide::lanes_to_singles(lanes, pitch, rows, width) }
            }

            #[inline(always)]
            fn lanes_to_doubles(lanes: &[Lanes<f64>], pitch: usize, rows: &mut [f64], width: usize) {
                // SAFETY: as in `singles_to_lanes`.
                unsafe { wide::lanes_to_doubles(lanes, pitch, rows, width) }
            }

            #[inline(always)]
            fn single_pairs(rows: &[f32; 2 * LANES], pair: &mut [Lanes<f32>; 2]) {
                // SAFETY: as in `singles_to_lanes`.
                unsafe { wide::single_pairs(rows, pair) }
            }

            #[inline(always)]
            fn double_pairs(rows: &[f64; 2 * LANES], pair: &mut [Lanes<f64>; 2]) {
                // SAFETY: as in `singles_to_lanes`.
                unsafe { wide::double_pairs(rows, pair) }
            }

            #[inline(always)]
            fn pair_of_singles(pair: &[Lanes<f32>; 2], rows: &mut [f32; 2 * LANES]) {
                // SAFETY: as in `singles_to_lanes`.
                unsafe { wide::pair_of_singles(pair, rows) }
            }

            #[inline(always)]
            fn pair_of_doubles(pair: &[Lanes<f64>; 2], rows: &mut [f64; 2 * LANES]) {
                // SAFETY: as in `singles_to_lanes`.
                unsafe { wide::pair_of_doubles(pair, rows) }
            }
        }
    };
}

machine!(Avx2, Singles8, Doubles4);
machine!(Avx512, Singles16, Doubles8);

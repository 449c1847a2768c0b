//! Elementary functions and activation formulas in single precision.
//!
//! Every function is branch-free and calls nothing but the [`Fused`] operation
//! it is generic over, so that a loop over a slice becomes vector code wherever
//! the surrounding function enables vector instructions. Choices are made by
//! computing both sides and selecting, and comparisons are written so that NaN
//! falls through to the side that propagates it.
//!
//! Errors are stated in units in the last place of the true value; among
//! subnormal results the unit is the smallest subnormal number. They hold for
//! round-to-nearest with subnormal numbers neither flushed nor read as zero,
//! and need [`Fused`] to round once. Polynomials and rational functions are
//! near-minimax fits (least squares with Lawson's weights); the stated errors
//! are those with the coefficients rounded as they stand.

use super::fma::Fused;

mod erf;
mod exp;
mod hyperbolic;
mod log;
mod logistic;
mod power;
mod round;
mod trig;

pub use erf::{erf, erfc, gelu};
pub use exp::{exp, expm1, gaussian};
pub use hyperbolic::{cosh, sinh, tanh, tanh_scaled, tanh_shrink};
pub use log::{ln, log1p, log2};
pub use logistic::{gelu_tanh, mish, sigmoid, sigmoid_scaled, softplus, softplus_scaled};
pub use power::pow;
pub use round::{ceil, floor};
pub use trig::{atan, cos, sin};

/// 1.5·2²³: adding it rounds a value below 2²² in magnitude to an integer,
/// which then stands in two's complement in the low bits of the sum.
const MAGIC: f32 = 12_582_912.0;

/// A low part that changes nothing: `x + -0.0` is `x` for every `x`, so the
/// addition disappears from the forms that have no low part.
const NO_LOW: f32 = -0.0;

/// The sign bit.
const SIGN: u32 = 0x8000_0000;

/// Products beyond this magnitude saturate every formula here, and their low
/// part may be NaN because the product overflowed.
const LOW_MATTERS: f32 = 1024.0;

/// Evaluates `c[0] + c[1]·x + …` by Horner's rule.
#[inline(always)]
fn horner<F: Fused, const N: usize>(x: f32, c: [f32; N]) -> f32 {
    let mut sum = c[N - 1];
    let mut i = N - 1;
    while i > 0 {
        i -= 1;
        sum = F::fma32(sum, x, c[i]);
    }
    sum
}

/// Evaluates a polynomial of nine terms by G. Estrin's scheme, whose chain of
/// dependent operations is half as long as Horner's. Its rounding is slightly
/// worse, so it suits corrections to a larger term.
#[inline(always)]
fn nine_terms<F: Fused>(x: f32, c: [f32; 9]) -> f32 {
    let x2 = x * x;
    let x4 = x2 * x2;
    let low = F::fma32(F::fma32(c[3], x, c[2]), x2, F::fma32(c[1], x, c[0]));
    let high = F::fma32(F::fma32(c[7], x, c[6]), x2, F::fma32(c[5], x, c[4]));
    F::fma32(F::fma32(c[8], x4, high), x4, low)
}

/// Evaluates `c[0] + c[1]·x + …` by Horner's rule in double precision.
#[inline(always)]
fn horner64<F: Fused, const N: usize>(x: f64, c: [f64; N]) -> f64 {
    let mut sum = c[N - 1];
    let mut i = N - 1;
    while i > 0 {
        i -= 1;
        sum = F::fma64(sum, x, c[i]);
    }
    sum
}

/// Returns the smaller value, or `x` when `x` is NaN.
#[inline(always)]
fn at_most(x: f32, bound: f32) -> f32 {
    if bound < x { bound } else { x }
}

/// Returns the larger value, or `x` when `x` is NaN.
#[inline(always)]
fn at_least(x: f32, bound: f32) -> f32 {
    if bound > x { bound } else { x }
}

/// Flips the sign of `x` where `by` has its sign bit set.
#[inline(always)]
fn flip_sign(x: f32, by: f32) -> f32 {
    f32::from_bits(x.to_bits() ^ (by.to_bits() & SIGN))
}

/// Returns `a·b` as a rounded product and what the rounding left out.
///
/// The low part is zero where the product is too large for it to matter.
#[inline(always)]
fn product<F: Fused>(a: f32, b: f32) -> (f32, f32) {
    let high = a * b;
    let low = F::fma32(a, b, -high);
    (high, significant(high, low))
}

/// Returns `low` unless `high` is so large that `low` no longer matters.
#[inline(always)]
fn significant(high: f32, low: f32) -> f32 {
    if high.abs() < LOW_MATTERS { low } else { 0.0 }
}

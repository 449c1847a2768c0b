//! Logarithms.

use super::exp::{GUARD, LN2_HIGH, LN2_LOW, LOG2_E, UNGUARD};
use super::{Fused, nine_terms};

/// log₂ e − `LOG2_E`.
const LOG2_E_LOW: f32 = 1.925_963e-8;
/// The bits of √½: mantissas are brought to [√½, √2).
const SQRT_HALF: u32 = 0x3f35_04f3;

/// `(ln(1+f) − f + f²/2)/f³` on [√½ − 1, √2 − 1]: relative error of the
/// logarithm 2⁻³⁰·³.
const LOG_TAIL: [f32; 9] = [
    0.333_333_13,
    -0.250_000_1,
    0.200_020_72,
    -0.166_679_9,
    0.142_203_63,
    -0.124_062_08,
    0.118_834_71,
    -0.116_701_834,
    0.067_495_406,
];

/// Splits a positive `x` into `2^k·(1 + f)` with `1 + f` in [√½, √2).
#[inline(always)]
fn split(x: f32) -> (f32, f32) {
    // A subnormal number has no exponent field to read.
    let (x, shift) = if x < f32::MIN_POSITIVE { (x * 33_554_432.0, 25.0) } else { (x, 0.0) };
    let (k, field) = exponent(x);
    let m = f32::from_bits(x.to_bits().wrapping_sub(field));
    (k - shift, m - 1.0)
}

/// Returns the exponent that brings a positive normal `x` to [√½, √2), as a
/// float and in the place of the exponent field.
#[inline(always)]
fn exponent(x: f32) -> (f32, u32) {
    let k = (x.to_bits().wrapping_sub(SQRT_HALF) as i32) >> 23;
    (k as f32, (k as u32) << 23)
}

/// Returns `ln(1 + f) − f`.
#[inline(always)]
fn beyond_linear<F: Fused>(f: f32) -> f32 {
    (f * f) * F::fma32(f, nine_terms::<F>(f, LOG_TAIL), -0.5)
}

/// Returns `k·ln 2 + f + small` with the rounding of the leading sum restored.
#[inline(always)]
fn assemble<F: Fused>(k: f32, f: f32, small: f32) -> f32 {
    let sum = F::fma32(k, LN2_HIGH, f);
    let lost = F::fma32(k, LN2_HIGH, -sum) + f;
    sum + (lost + F::fma32(k, LN2_LOW, small))
}

/// Puts in the values a logarithm takes outside (0, ∞), at `x` above or at
/// the `pole`.
#[inline(always)]
fn with_limits(x: f32, pole: f32, value: f32) -> f32 {
    let value = if x < f32::INFINITY { value } else { x };
    let value = if x == pole { f32::NEG_INFINITY } else { value };
    if x < pole { f32::NAN } else { value }
}

/// Returns the natural logarithm.
///
/// Formula: `k·ln 2 + f − f²/2 + f³·q(f)`, `x = 2^k·(1 + f)`.
/// Source: the reduction of fdlibm (Sun Microsystems, 1993); minimax
/// polynomial.
/// Domain: x ≥ 0, −∞ at ±0; NaN below zero.
/// Maximum error measured: 0.89 ulp (all floats of magnitude 2⁻⁸ to 2⁸,
/// every 7th elsewhere, at x = 0.6998752).
#[inline(always)]
pub fn ln<F: Fused>(x: f32) -> f32 {
    let (k, f) = split(x);
    with_limits(x, 0.0, assemble::<F>(k, f, beyond_linear::<F>(f)))
}

/// Returns `ln(1 + x)` without loss near zero.
///
/// Formula: that of the logarithm, with `1 + x` scaled before the sum is
/// formed and the rounding of the sum carried along.
/// Source: D. E. Knuth's two-sum; minimax polynomial.
/// Domain: x ≥ −1, −∞ at −1; NaN below. Keeps the sign of zero.
/// Maximum error measured: 0.89 ulp (all floats of magnitude 2⁻⁸ to 2⁸,
/// every 7th elsewhere, at x = -0.30012482).
#[inline(always)]
pub fn log1p<F: Fused>(x: f32) -> f32 {
    // Far out the one has no weight, and 2^−k would be subnormal.
    let (x_scaled, one, shift) = if x > GUARD { (x * UNGUARD, 0.0, 64.0) } else { (x, 1.0, 0.0) };
    let (k, field) = exponent(x_scaled + one);
    let inverse = f32::from_bits(0x3f80_0000_u32.wrapping_sub(field));
    let a = x_scaled * inverse;
    let b = F::fma32(one, inverse, -1.0);
    let f = a + b;
    let b_seen = f - a;
    let low = (a - (f - b_seen)) + (b - b_seen);
    let small = beyond_linear::<F>(f) + F::fma32(-low, f, low);
    let value = assemble::<F>(k + shift, f, small);
    with_limits(x, -1.0, value).copysign(x)
}

/// Returns the logarithm to base two, exact at powers of two.
///
/// Formula: `k + log₂e·(f − f²/2 + f³·q(f))`, `x = 2^k·(1 + f)`, the leading
/// product and sum each held as a high and a low part.
/// Source: the reduction of fdlibm (Sun Microsystems, 1993); minimax
/// polynomial.
/// Domain: x ≥ 0, −∞ at ±0; NaN below zero.
/// Maximum error measured: 1.18 ulp (all floats of magnitude 2⁻⁸ to 2⁸,
/// every 7th elsewhere, at x = 1.4117228).
#[inline(always)]
pub fn log2<F: Fused>(x: f32) -> f32 {
    let (k, f) = split(x);
    let rest = beyond_linear::<F>(f);
    let high = f * LOG2_E;
    let low = F::fma32(rest, LOG2_E, F::fma32(f, LOG2_E_LOW, F::fma32(f, LOG2_E, -high)));
    let sum = k + high;
    let lost = (k - sum) + high;
    with_limits(x, 0.0, sum + (lost + low))
}

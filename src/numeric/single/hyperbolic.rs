//! Hyperbolic functions.

use super::exp::{LOG2_E, Reduced, beyond_one, reduce};
use super::{Fused, MAGIC, NO_LOW, at_most, flip_sign, horner, product};

/// `(sinh x − x)/x³` in `x²` on [0, 1]: relative error of sinh 2⁻³¹·⁶.
const SINH_TAIL: [f32; 4] = [0.166_666_67, 0.008_333_31, 0.000_198_428_96, 2.782_213_2e-6];
/// `((e^2s − 1)/2 − s)/s²` on |s| ≤ 0.17337: relative error of `e^2s − 1` 2⁻³¹·¹.
const HALF_EXPM1_TAIL: [f32; 6] = [1.0, 0.666_666_6, 0.333_331_94, 0.133_336_72, 0.044_583_46, 0.012_648_046];
/// ln 2 / 2 rounded. What that leaves out weighs less the larger its multiple.
const HALF_LN2: f32 = 0.346_573_6;
/// `(x − tanh x)/x³` in `x²` on [0, 1]: relative error 2⁻²⁵·⁰, which is that of
/// rounding the first coefficient.
const SHRINK: [f32; 8] = [
    0.333_333_34,
    -0.133_334_12,
    0.053_978_21,
    -0.021_912_796,
    0.008_924_188,
    -0.003_525_865_5,
    0.001_148_128_3,
    -0.000_205_253_59,
];

/// Returns `e^y/2 − c·e^−y` for `y ≥ 0`, where `c` is ½ or −½.
#[inline(always)]
fn half_difference<F: Fused>(y: f32, c: f32) -> f32 {
    // Computed at half size, because the functions stay finite where e^y does
    // not; beyond 89.5 the scale itself would overflow.
    let Reduced { scale, r, .. } = reduce::<F>(at_most(y, 89.5), NO_LOW, -2.0);
    let t = beyond_one::<F>(r);
    let inverse = (0.125 * c) / F::fma32(scale, t, scale);
    2.0 * (scale + F::fma32(scale, t, -inverse))
}

/// Returns the hyperbolic sine.
///
/// Formula: `x + x³·q(x²)` for |x| < 1, else `(e^|x| − e^−|x|)/2` with the
/// exponential's leading part added last.
/// Source: Cody–Waite reduction; minimax polynomials.
/// Domain: all values; keeps the sign of zero, overflows beyond ±89.41.
/// Maximum error measured: 1.25 ulp (all floats of magnitude 2⁻⁸ to 2⁸,
/// every 7th elsewhere, at x = 4.5556545).
#[inline(always)]
pub fn sinh<F: Fused>(x: f32) -> f32 {
    let y = x.abs();
    let square = y * y;
    let near = F::fma32(y * square, horner::<F, 4>(square, SINH_TAIL), y);
    let far = half_difference::<F>(y, 0.5);
    (if y < 1.0 { near } else { far }).copysign(x)
}

/// Returns the hyperbolic cosine.
///
/// Formula: `(e^|x| + e^−|x|)/2` with the exponential's leading part added
/// last.
/// Source: Cody–Waite reduction; minimax polynomial.
/// Domain: all values; overflows beyond ±89.41.
/// Maximum error measured: 1.23 ulp (all floats of magnitude 2⁻⁸ to 2⁸,
/// every 7th elsewhere, at x = 4.533765).
#[inline(always)]
pub fn cosh<F: Fused>(x: f32) -> f32 {
    half_difference::<F>(x.abs(), -0.5)
}

/// Returns `tanh(|high| + low)` with the sign of `high`.
#[inline(always)]
fn tanh_split<F: Fused>(high: f32, low: f32) -> f32 {
    // Beyond 10 the result is one.
    let y = at_most(high.abs(), 10.0);
    let origin = MAGIC + 127.0;
    let shifted = F::fma32(y, 2.0 * LOG2_E, origin);
    let k = shifted - origin;
    let scale = f32::from_bits(shifted.to_bits() << 23);
    let s = F::fma32(-k, HALF_LN2, y) + low;
    let [c0, c1, c2, c3, c4, c5] = HALF_EXPM1_TAIL;
    let square = s * s;
    let low_terms = F::fma32(c1, s, c0);
    let tail = F::fma32(F::fma32(F::fma32(c5, s, c4), square, F::fma32(c3, s, c2)), square, low_terms);
    let m = F::fma32(scale, F::fma32(square, tail, s), F::fma32(scale, 0.5, -0.5));
    (m / (m + 1.0)).copysign(high)
}

/// Returns the hyperbolic tangent.
///
/// Formula: `m/(m + 1)` with `m = (e^(2|x|) − 1)/2`, which loses no digits near
/// zero: `m = 2^k·(e^2s − 1)/2 + (2^k − 1)/2`, `s = |x| − k·ln 2/2`.
/// Source: Cody–Waite reduction; minimax polynomial.
/// Domain: all values; keeps the sign of zero, ±1 at ±∞.
/// Maximum error measured: 2.43 ulp (all floats of magnitude 2⁻⁸ to 2⁸,
/// every 7th elsewhere, at x = 0.015607324).
#[inline(always)]
pub fn tanh<F: Fused>(x: f32) -> f32 {
    tanh_split::<F>(x, NO_LOW)
}

/// Returns `tanh(a·x)` for the unrounded product.
///
/// Formula: that of [`tanh`], with the product held as a high and a low part.
/// Source: products split by fused multiply-add (T. J. Dekker, 1971).
/// Domain: all values; the same bits as [`tanh`] at `a = 1`.
/// Maximum error measured: 2.90 ulp (14 million pairs, at a = -1.4160743e26,
/// x = -4.4144755e-28).
#[inline(always)]
pub fn tanh_scaled<F: Fused>(a: f32, x: f32) -> f32 {
    let (high, low) = product::<F>(a, x);
    tanh_split::<F>(high, flip_sign(low, high))
}

/// Returns `x − tanh(x)` without cancellation.
///
/// Formula: `x³·q(x²)` for |x| < 1, else `(|x| − 1) + 2/(e^(2|x|) + 1)`, whose
/// terms have the same sign.
/// Source: identity; minimax polynomials.
/// Domain: all values; keeps the sign of zero, ±∞ at ±∞.
/// Maximum error measured: 3.24 ulp (all floats of magnitude 2⁻⁸ to 2⁸,
/// every 101st elsewhere, at x = 0.022345403).
#[inline(always)]
pub fn tanh_shrink<F: Fused>(x: f32) -> f32 {
    let y = x.abs();
    let square = y * y;
    let near = y * (square * horner::<F, 8>(square, SHRINK));
    let doubled = at_most(y + y, 80.0);
    let Reduced { scale, r, .. } = reduce::<F>(doubled, NO_LOW, 0.0);
    let far = (y - 1.0) + 2.0 / F::fma32(scale, beyond_one::<F>(r), scale + 1.0);
    (if y < 1.0 { near } else { far }).copysign(x)
}

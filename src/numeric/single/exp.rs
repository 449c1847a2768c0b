//! The exponential, its relatives, and the reduction the other formulas share.

use super::{Fused, MAGIC, NO_LOW, at_least, at_most, significant};

/// log₂ e rounded.
pub(super) const LOG2_E: f32 = core::f32::consts::LOG2_E;
/// ln 2 to 16 bits, so that its product with an exponent is exact.
pub(super) const LN2_HIGH: f32 = 0.693_145_75;
/// ln 2 − `LN2_HIGH`.
pub(super) const LN2_LOW: f32 = 1.428_606_8e-6;

/// `(e^r − 1 − r)/r²` on |r| ≤ 0.34675: relative error of `e^r` 2⁻²⁸·³.
const EXP_TAIL: [f32; 5] = [0.499_999_94, 0.166_665_21, 0.041_668_266, 0.008_368_677, 0.001_382_073_4];
/// `(e^r − 1 − r)/r²` on |r| ≤ 0.34675: relative error of `e^r − 1` 2⁻³¹·¹.
const EXPM1_TAIL: [f32; 6] = [0.5, 0.166_666_66, 0.041_666_493, 0.008_333_545, 0.001_393_233_1, 0.000_197_625_72];

/// 2⁶⁴, carried by [`Decay::scale`] to keep small exponentials normal.
pub(super) const GUARD: f32 = 18_446_744_073_709_551_616.0;
/// 2⁻⁶⁴.
pub(super) const UNGUARD: f32 = 1.0 / GUARD;
/// Beyond this every formula built on `e^−x` has underflowed, even with a factor
/// `x`; 2⁶⁴·e⁻¹³⁰ is still a normal number.
const DECAY_END: f32 = 130.0;

/// An exponential taken apart: `e^x = 2^k·e^r`.
pub(super) struct Reduced {
    /// 2^(k + bias) for the bias asked for.
    pub scale: f32,
    /// The exponent `k`.
    pub k: f32,
    /// The remainder, |r| ≤ 0.3467.
    pub r: f32,
}

/// Splits `e^(high + low)` with `scale` biased by a power of two.
///
/// The bias must be such that 1 ≤ k + bias + 127 ≤ 254. It is a float because
/// it joins the rounding constant, whose low bits become the exponent field.
/// Reduction after W. J. Cody and W. Waite, "Software Manual for the
/// Elementary Functions", 1980.
#[inline(always)]
pub(super) fn reduce<F: Fused>(high: f32, low: f32, bias: f32) -> Reduced {
    let origin = MAGIC + (127.0 + bias);
    let shifted = F::fma32(high, LOG2_E, origin);
    let k = shifted - origin;
    let r = F::fma32(-k, LN2_LOW, F::fma32(-k, LN2_HIGH, high)) + low;
    Reduced { scale: f32::from_bits(shifted.to_bits() << 23), k, r }
}

/// Returns `e^r − 1`, accurate relative to `e^r`.
#[inline(always)]
pub(super) fn beyond_one<F: Fused>(r: f32) -> f32 {
    let [c0, c1, c2, c3, c4] = EXP_TAIL;
    let square = r * r;
    let low = F::fma32(c1, r, c0);
    let high = F::fma32(c4, square, F::fma32(c3, r, c2));
    F::fma32(square, F::fma32(high, square, low), r)
}

/// Returns `e^r − 1`, accurate relative to itself.
#[inline(always)]
pub(super) fn beyond_one_relative<F: Fused>(r: f32) -> f32 {
    let [c0, c1, c2, c3, c4, c5] = EXPM1_TAIL;
    let square = r * r;
    let low = F::fma32(c1, r, c0);
    let high = F::fma32(F::fma32(c5, r, c4), square, F::fma32(c3, r, c2));
    F::fma32(square, F::fma32(high, square, low), r)
}

/// A decaying exponential times 2⁶⁴: `scale·(1 + t)`.
pub(super) struct Decay {
    /// 2^(k + 64).
    pub scale: f32,
    /// `e^r − 1`.
    pub t: f32,
}

/// Splits `e^−(high + low)` as [`reduce`] does.
///
/// Written out because a negation before the reduction would be moved into the
/// bound put on `high`, which is one instruction only on the positive side.
#[inline(always)]
pub(super) fn reduce_falling<F: Fused>(high: f32, low: f32, bias: f32) -> Reduced {
    let origin = MAGIC + (127.0 + bias);
    let shifted = F::fma32(high, -LOG2_E, origin);
    let k = shifted - origin;
    let r = F::fma32(k, LN2_LOW, F::fma32(k, LN2_HIGH, high)) + low;
    Reduced { scale: f32::from_bits(shifted.to_bits() << 23), k, r: -r }
}

/// Takes `e^−(high + low)` apart for `high ≥ 0`.
#[inline(always)]
pub(super) fn decay<F: Fused>(high: f32, low: f32) -> Decay {
    let reduced = reduce_falling::<F>(at_most(high, DECAY_END), low, 64.0);
    Decay { scale: reduced.scale, t: beyond_one::<F>(reduced.r) }
}

impl Decay {
    /// Returns 2⁶⁴ times the exponential: a normal number.
    #[inline(always)]
    pub(super) fn guarded<F: Fused>(&self) -> f32 {
        F::fma32(self.scale, self.t, self.scale)
    }
}

/// Returns `e^(high + low)`.
#[inline(always)]
fn exp_split<F: Fused>(high: f32, low: f32) -> f32 {
    let x = at_least(at_most(high, 89.0), -104.0);
    // No single power of two spans subnormal results to overflow.
    let (bias, rest) = if x < 0.0 { (64.0, UNGUARD) } else { (-64.0, GUARD) };
    let Reduced { scale, r, .. } = reduce::<F>(x, low, bias);
    F::fma32(scale, beyond_one::<F>(r), scale) * rest
}

/// Returns `e^x`.
///
/// Formula: `2^k·(1 + r + r²·q(r))`, `r = x − k·ln 2`, |r| ≤ ln 2 / 2.
/// Source: Cody–Waite reduction; minimax polynomial of degree 6.
/// Domain: all values; overflows to +∞ above 88.72, underflows to 0 below
/// −103.97.
/// Maximum error measured: 1.04 ulp (all floats of magnitude 2⁻⁸ to 2⁸,
/// every 7th elsewhere, at x = 26.730072).
#[inline(always)]
pub fn exp<F: Fused>(x: f32) -> f32 {
    exp_split::<F>(x, NO_LOW)
}

/// Returns `e^x − 1` without cancellation near zero.
///
/// Formula: `2^k·(e^r − 1) + (2^k − 1)` with one fused rounding.
/// Source: Cody–Waite reduction; minimax polynomial of degree 7.
/// Domain: all values; keeps the sign of zero, −1 at −∞.
/// Maximum error measured: 1.46 ulp (all floats of magnitude 2⁻⁸ to 2⁸,
/// every 7th elsewhere, at x = 16.99975).
#[inline(always)]
pub fn expm1<F: Fused>(x: f32) -> f32 {
    let reduced = reduce::<F>(at_least(at_most(x, 89.0), -20.0), NO_LOW, 0.0);
    let t = beyond_one_relative::<F>(reduced.r);
    // 2^128 is no float: there the result is twice that of 2^127.
    let (scale, rest) = if reduced.k > 127.5 { (1.701_411_8e38, 2.0) } else { (reduced.scale, 1.0) };
    (F::fma32(scale, t, scale - 1.0) * rest).copysign(x)
}

/// Returns `e^(−k·x²)`.
///
/// Formula: the exponential of `(k·x)·x` held as a high and a low part. The
/// factors are taken in this order because `x²` may overflow where `k·x²`
/// does not.
/// Source: products split by fused multiply-add (T. J. Dekker, 1971).
/// Domain: all values; a negative `k` makes it grow, 0·∞ is NaN.
/// Maximum error measured: 1.18 ulp (20 million pairs, at k = 10.49887,
/// x = 0.746695).
#[inline(always)]
pub fn gaussian<F: Fused>(k: f32, x: f32) -> f32 {
    let a = k * x;
    let a_low = F::fma32(k, x, -a);
    let high = a * x;
    let low = F::fma32(a_low, x, F::fma32(a, x, -high));
    exp_split::<F>(-high, -significant(high, low))
}

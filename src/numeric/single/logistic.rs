//! The logistic function and the activation formulas made from it.

use super::exp::{GUARD, Reduced, UNGUARD, beyond_one, decay, reduce_falling};
use super::{Fused, NO_LOW, at_least, at_most, flip_sign, nine_terms, product};

/// `(ln(1+E)/E − 1 + 0.49999988·E)/E²` on [0, 1]: relative error of the
/// logarithm 2⁻³⁰·¹.
const LOG1P_RATIO: [f32; 9] = [
    0.333_327_14,
    -0.249_888_66,
    0.198_996_41,
    -0.161_352_59,
    0.124_797_61,
    -0.083_242_51,
    0.042_118_035,
    -0.013_693_251,
    0.002_084_872_2,
];

/// 2√(2/π) and what rounding it leaves out.
const SLOPE: f32 = 1.595_769_2;
const SLOPE_LOW: f32 = -4.534_068e-8;
/// 0.044715·2√(2/π) and what rounding it leaves out.
const CUBIC: f32 = 0.071_354_814;
const CUBIC_LOW: f32 = 2.398_832_5e-9;

/// Returns `e^−(|high| + low)` times 2⁶⁴ and as it is.
#[inline(always)]
fn falling<F: Fused>(high: f32, low: f32) -> (f32, f32) {
    let guarded = decay::<F>(high.abs(), low).guarded::<F>();
    (guarded, guarded * UNGUARD)
}

/// Returns the logistic function of `high + low`.
#[inline(always)]
fn sigmoid_split<F: Fused>(high: f32, low: f32) -> f32 {
    // Above 40 the result is one, below −104 it is zero.
    let x = at_least(at_most(high, 40.0), -104.0);
    let Reduced { scale, r, .. } = reduce_falling::<F>(x, low, -64.0);
    let e = F::fma32(scale, beyond_one::<F>(r), scale);
    UNGUARD / (UNGUARD + e)
}

/// Returns the logistic function `1/(1 + e^−x)`.
///
/// Formula: as it stands; one and the exponential are held 2⁶⁴ times too small,
/// so that neither overflows and only the quotient is a subnormal number.
/// Source: Cody–Waite reduction; minimax polynomial.
/// Domain: all values; 0 at −∞, 1 at +∞.
/// Maximum error measured: 2.49 ulp (all floats of magnitude 2⁻⁸ to 2⁸,
/// every 7th elsewhere, at x = -16.635704).
#[inline(always)]
pub fn sigmoid<F: Fused>(x: f32) -> f32 {
    sigmoid_split::<F>(x, NO_LOW)
}

/// Returns `1/(1 + e^(−a·x))` for the unrounded product.
///
/// Formula: that of [`sigmoid`], with the product held as a high and a low
/// part.
/// Source: products split by fused multiply-add (T. J. Dekker, 1971).
/// Domain: all values; the same bits as [`sigmoid`] at `a = 1`.
/// Maximum error measured: 2.34 ulp (14 million pairs, at a = 2.6978385,
/// x = -6.1731324).
#[inline(always)]
pub fn sigmoid_scaled<F: Fused>(a: f32, x: f32) -> f32 {
    let (high, low) = product::<F>(a, x);
    sigmoid_split::<F>(high, low)
}

/// Returns `softplus(beta·x)/beta`, where `beta·x` is `|high| + low` with
/// the sign of `high`.
///
/// `far` says that the exponential lies below every float, where a small
/// `beta` may still bring the quotient back into range.
#[inline(always)]
fn softplus_split<F: Fused>(high: f32, low: f32, beta: f32, x: f32, far: bool) -> f32 {
    let (end, bias, shift) = if far { (215.0, 192.0, UNGUARD * UNGUARD) } else { (130.0, 64.0, 1.0) };
    let y = at_most(high.abs(), end);
    let reduced = reduce_falling::<F>(y, low, bias);
    let guarded = F::fma32(reduced.scale, beyond_one::<F>(reduced.r), reduced.scale);
    let e = guarded * UNGUARD;
    let ratio = F::fma32(nine_terms::<F>(e, LOG1P_RATIO), e, -0.499_999_88);
    let log = guarded * F::fma32(ratio, e, 1.0);
    // The factor 2⁶⁴ leaves through the divisor where that is small and after
    // the division where it is large: neither end over- or underflows early.
    let (divisor, rest) =
        if beta.abs() < 1.0 { (beta * GUARD, shift) } else { (beta, if far { 0.0 } else { UNGUARD }) };
    // Adding −0 leaves the sign of a logarithm that underflowed.
    let linear = if high > 0.0 { x } else { -0.0 };
    F::fma32(log / divisor, rest, linear)
}

/// Returns `ln(1 + e^x)`, with no cut-off.
///
/// Formula: `max(x, 0) + ln(1 + E)`, `E = e^−|x|`, the logarithm as a polynomial
/// in `E`.
/// Source: identity; minimax polynomials.
/// Domain: all values; 0 at −∞, +∞ at +∞.
/// Maximum error measured: 2.23 ulp (all floats of magnitude 2⁻⁸ to 2⁸,
/// every 7th elsewhere, at x = 0.0122859785).
#[inline(always)]
pub fn softplus<F: Fused>(x: f32) -> f32 {
    softplus_split::<F>(x, NO_LOW, 1.0, x, false)
}

/// Returns `ln(1 + e^(beta·x))/beta` for the unrounded product.
///
/// Formula: that of [`softplus`], with the product held as a high and a low
/// part and the linear term taken undivided.
/// Source: products split by fused multiply-add (T. J. Dekker, 1971).
/// Domain: all values; the same bits as [`softplus`] at `beta = 1`, infinite
/// at `beta = 0`.
/// Maximum error measured: 2.92 ulp (20 million pairs, at beta = -4.0482073,
/// x = 4.106761).
#[inline(always)]
pub fn softplus_scaled<F: Fused>(beta: f32, x: f32) -> f32 {
    let (high, low) = product::<F>(beta, x);
    softplus_split::<F>(high, flip_sign(low, high), beta, x, high.abs() > 120.0)
}

/// Returns `x·tanh(ln(1 + e^x))`.
///
/// Formula: with `E = e^−|x|`, `x·E(E + 2)/(E(E + 2) + 2)` below zero and
/// `x·(1 + 2E)/(1 + 2E + 2E²)` above.
/// Source: D. Misra, "Mish", 2019, in rational form.
/// Domain: all values; −0 at −∞, +∞ at +∞, keeps the sign of zero.
/// Maximum error measured: 3.79 ulp (all floats of magnitude 2⁻⁸ to 2⁸,
/// every 101st elsewhere, at x = -0.23746753).
#[inline(always)]
pub fn mish<F: Fused>(x: f32) -> f32 {
    let split = decay::<F>(x.abs(), NO_LOW);
    let guarded = split.guarded::<F>();
    // What rounding the exponential left out counts in full below zero.
    let lost = F::fma32(split.scale, split.t, split.scale - guarded);
    let e = guarded * UNGUARD;
    let right = F::fma32(2.0, e, 1.0);
    let (above, below, rest) = if x < 0.0 {
        (F::fma32(2.0, guarded, F::fma32(guarded, e, lost + lost)), F::fma32(e, e + 2.0, 2.0), UNGUARD)
    } else {
        (right, F::fma32(e + e, e, right), 1.0)
    };
    // A finite factor keeps −∞·0 from becoming NaN.
    (at_least(x, -130.0) * (above / below)) * rest
}

/// Returns `x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³)))`.
///
/// Formula: `x·sigmoid(2u)` with `2u = x·(c₁ + c₃·x²)` held as a high and a
/// low part.
/// Source: D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units", 2016.
/// Domain: all values; −0 at −∞, +∞ at +∞, keeps the sign of zero.
/// Maximum error measured: 3.21 ulp (all floats of magnitude 2⁻⁸ to 2⁸,
/// every 7th elsewhere, at x = -1.8217092).
#[inline(always)]
pub fn gelu_tanh<F: Fused>(x: f32) -> f32 {
    // At 12 both sides have reached their limits.
    let y = at_most(x.abs(), 12.0);
    let square = y * y;
    let square_low = F::fma32(y, y, -square);
    let cubic = CUBIC * square;
    let cubic_low = F::fma32(CUBIC, square_low, F::fma32(CUBIC_LOW, square, F::fma32(CUBIC, square, -cubic)));
    let sum = SLOPE + cubic;
    let seen = sum - SLOPE;
    let sum_low = (SLOPE - (sum - seen)) + (cubic - seen) + (cubic_low + SLOPE_LOW);
    let high = y * sum;
    let low = F::fma32(y, sum_low, F::fma32(y, sum, -high));
    let (guarded, e) = falling::<F>(high, low);
    let (above, rest) = if x < 0.0 { (-y * guarded, UNGUARD) } else { (x, 1.0) };
    above / (1.0 + e) * rest
}

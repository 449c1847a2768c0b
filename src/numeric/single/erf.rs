//! The error function and the Gaussian error linear unit.

use super::exp::{UNGUARD, decay};
use super::{Fused, NO_LOW, at_most, horner};

/// `erf(x)/x − 1` in `x²` on [0, 1]: relative error of erf 2⁻²⁹·⁴.
const ERF_NEAR: [f32; 7] =
    [0.128_379_17, -0.376_126_26, 0.112_835_79, -0.026_853_35, 0.005_187_179_4, -0.000_799_810_4, 7.808_077e-5];

/// √π, with which `e^(y²)·erfc(y)` is `(1 + δ)/(1 + √π·y)`, exact at both ends.
const ROOT_PI: f32 = 1.772_453_9;
/// That δ on [0, 10.2] is `y·ERFC_ABOVE(y)/ERFC_BELOW(y)`: error relative to
/// `1 + δ` 2⁻²⁶·⁷. As δ ≤ 0.19, the fraction's rounding hardly counts.
const ERFC_ABOVE: [f32; 4] = [0.644_075_33, 0.584_814_4, 0.241_508_75, 0.045_261_122];
const ERFC_BELOW: [f32; 6] = [1.0, 2.460_631, 2.611_195_3, 1.521_594_3, 0.498_971_64, 0.080_228_94];

/// √(2π), with which `e^(y²/2)·Φ(−y)` is `(1 + δ)/(2 + √(2π)·y)`.
const ROOT_TWO_PI: f32 = 2.506_628_3;
/// That δ on [0, 14.7] is `y·TAIL_ABOVE(y)/TAIL_BELOW(y)`: error relative to
/// `1 + δ` 2⁻²⁶·⁸.
const TAIL_ABOVE: [f32; 4] = [0.455_430_03, 0.292_726_96, 0.085_549_206, 0.011_352_75];
const TAIL_BELOW: [f32; 6] = [1.0, 1.740_631_3, 1.306_724_8, 0.538_733_6, 0.125_006_6, 0.014_229_566];

/// Returns `lead·(1 + lost)·(1 + δ)·e^−(high + low)`, `high ≥ 0`, `lost`
/// tiny.
#[inline(always)]
fn corrected_decay<F: Fused>(lead: f32, delta: f32, lost: f32, high: f32, low: f32) -> f32 {
    let e = decay::<F>(high, low);
    // (1 + lost)·(1 + δ)·(1 + t) − 1, so that the leading factor is rounded
    // only once.
    let all = (F::fma32(delta, e.t, delta) + lost) + e.t;
    F::fma32(lead, all, lead) * e.scale * UNGUARD
}

/// Returns `erfc(y)` for `y ≥ 0`.
#[inline(always)]
fn erfc_positive<F: Fused>(y: f32) -> f32 {
    // At 10.1 the result has underflowed.
    let y = at_most(y, 10.1);
    let square = y * y;
    let low = F::fma32(y, y, -square);
    let below = F::fma32(y, ROOT_PI, 1.0);
    let lead = 1.0 / below;
    // What the two roundings left out, relative to the leading factor.
    let below_low = F::fma32(y, ROOT_PI, 1.0 - below);
    let lost = F::fma32(-lead, below_low, F::fma32(-lead, below, 1.0));
    let delta = y * horner::<F, 4>(y, ERFC_ABOVE) / horner::<F, 6>(y, ERFC_BELOW);
    corrected_decay::<F>(lead, delta, lost, square, low)
}

/// Returns the error function.
///
/// Formula: `x + x·q(x²)` for |x| < 1, else one less the complementary
/// function.
/// Source: minimax polynomial and rational function.
/// Domain: all values; keeps the sign of zero, ±1 at ±∞.
/// Maximum error measured: 0.99 ulp (all floats of magnitude 2⁻⁸ to 2⁸,
/// every 7th elsewhere, at x = 0.99542993).
#[inline(always)]
pub fn erf<F: Fused>(x: f32) -> f32 {
    let y = x.abs();
    let near = F::fma32(y, horner::<F, 7>(y * y, ERF_NEAR), y);
    let far = 1.0 - erfc_positive::<F>(y);
    (if y < 1.0 { near } else { far }).copysign(x)
}

/// Returns the complementary error function `1 − erf(x)`.
///
/// Formula: `e^−x²·(1 + δ)/(1 + √π·x)` for x ≥ 0 with δ a rational function
/// and the square held as a high and a low part; `2 − erfc(−x)` below.
/// Source: asymptotic form at both ends; rational function fitted for the
/// purpose.
/// Domain: all values; 2 at −∞, underflows to 0 above 10.05.
/// Maximum error measured: 2.03 ulp (all floats of magnitude 2⁻⁸ to 2⁸,
/// every 7th elsewhere, at x = 1.3181055).
#[inline(always)]
pub fn erfc<F: Fused>(x: f32) -> f32 {
    let far = erfc_positive::<F>(x.abs());
    if x < 0.0 { 2.0 - far } else { far }
}

/// Returns `x·Φ(x)`, the Gaussian error linear unit.
///
/// Formula: with `T = |x|·Φ(−|x|) = |x|·e^(−x²/2)·(1 + δ)/(2 + √(2π)·|x|)` and
/// δ a rational function, `−T` below zero and `x − T` above; the square is held as a high and a low part, so the
/// negative tail keeps its relative accuracy.
/// Source: D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units", 2016;
/// rational function fitted for the purpose.
/// Domain: all values; −0 at −∞, +∞ at +∞, keeps the sign of zero.
/// Maximum error measured: 2.93 ulp (all floats of magnitude 2⁻⁸ to 2⁸,
/// every 7th elsewhere, at x = -3.24109).
#[inline(always)]
pub fn gelu<F: Fused>(x: f32) -> f32 {
    // At 14.6 the tail has underflowed.
    let y = at_most(x.abs(), 14.6);
    let half = 0.5 * y;
    let square = half * y;
    let low = F::fma32(half, y, -square);
    let lead = y / F::fma32(y, ROOT_TWO_PI, 2.0);
    let delta = y * horner::<F, 4>(y, TAIL_ABOVE) / horner::<F, 6>(y, TAIL_BELOW);
    let tail = corrected_decay::<F>(lead, delta, NO_LOW, square, low);
    if x < 0.0 { -tail } else { x - tail }
}

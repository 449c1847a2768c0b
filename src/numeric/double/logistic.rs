//! The logistic function and what is built on it.

use super::pair::{
    NO_LOW, Pair, clamp, divide, fast_two_sum, multiply, power_of_two, scale, scaled_argument, small_power_of_two,
    two_product, two_sum,
};
use super::reduced::{exp_parts, exp_reduced, reduce};
use crate::numeric::fma::Fused;

/// e^-|x| = (h + l) 2^k, for a pair x.
#[inline(always)]
pub(super) fn decay<F: Fused>(x: Pair) -> (Pair, i64) {
    let a = x.0.abs();
    let low = if x.0 > 0.0 { -x.1 } else { x.1 };
    // The low part of a product that is clamped may be anything.
    let low = if a < 800.0 { low } else { 0.0 };
    exp_parts::<F>((clamp(-a, -800.0, 0.0), low))
}

/// The logistic function as `(h + l) 2^k`.
///
/// 1 / (1 + w) above 0 and w / (1 + w) below, w = e^-|x|: nothing cancels in either tail.
#[inline(always)]
fn sigmoid_parts<F: Fused>(x: Pair) -> (Pair, i64) {
    let (m, k) = decay::<F>(x);
    let p = small_power_of_two(k);
    let (dh, dl) = fast_two_sum(1.0, m.0 * p);
    let dl = F::fma64(m.1, p, dl);
    let positive = x.0 > 0.0;
    let nh = if positive { 1.0 } else { m.0 };
    let nl = if positive { 0.0 } else { m.1 };
    (divide::<F>((nh, nl), (dh, dl)), if positive { 0 } else { k })
}

/// 1 / (1 + e^-x), for x from -746 to 40; `low` is what -x lacks.
///
/// Both terms are 2^64 times too small, so that neither overflows and only the quotient is a
/// subnormal number.
#[inline(always)]
fn sigmoid_of<F: Fused>(x: f64, low: f64) -> f64 {
    let (r, k) = reduce::<F>((-x, low));
    let (h, l) = exp_reduced::<F>(r);
    let one = power_of_two(-64);
    let scale = power_of_two(k.wrapping_sub(64));
    let (d, dl) = two_sum(one, scale * h);
    let inverse = 1.0 / d;
    let q = one * inverse;
    let rest = F::fma64(-q, F::fma64(scale, l, dl), F::fma64(-q, d, one));
    F::fma64(rest, inverse, q)
}

/// 1 / (1 + e^-x).
///
/// All doubles: subnormal below -708.4, zero below -745.13.
///
/// Maximum error measured: 0.61 ulp (4·10⁵ points, at x = -201.41115276934636).
#[inline(always)]
pub fn sigmoid<F: Fused>(x: f64) -> f64 {
    sigmoid_of::<F>(clamp(x, -746.0, 40.0), NO_LOW)
}

/// 1 / (1 + e^-(a x)), the product not rounded.
///
/// The product is held as a pair; the bits of [`sigmoid`] where a is 1.
///
/// Maximum error measured: 0.60 ulp (4·10⁵ points, at
/// a = -0.6659514932374919, x = 4.742120547627204).
#[inline(always)]
pub fn sigmoid_scaled<F: Fused>(a: f64, x: f64) -> f64 {
    let (high, low) = scaled_argument::<F>(a, x);
    let end = clamp(high, -746.0, 40.0);
    sigmoid_of::<F>(end, if end == high { -low } else { NO_LOW })
}

/// `x (h + l) 2^k`, and `x` itself above 40: for the gates, whose factor is 1 there.
#[inline(always)]
pub(super) fn gate<F: Fused>(x: f64, factor: Pair, k: i64) -> f64 {
    let c = clamp(x, -1000.0, 40.0);
    let (p, e) = two_product::<F>(c, factor.0);
    let y = scale(p + F::fma64(c, factor.1, e), k);
    if x > 40.0 { x } else { y.copysign(x) }
}

/// 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x^3))), the usual approximation of `gelu`.
///
/// x σ(2u) with 2u = x (c1 + c3 x^2) as a pair, the constants being the real numbers: accurate in
/// the negative tail. All doubles: -0 at -infinity.
///
/// Maximum error measured: 0.73 ulp (4·10⁵ points, at x = -21.181664626078014).
#[inline(always)]
pub fn gelu_tanh<F: Fused>(x: f64) -> f64 {
    let c = clamp(x, -40.0, 40.0);
    // 2 √(2/π) and 0.044715 times that
    let linear = (1.5957691216057308, -9.96930880911092e-17);
    let cubic = (0.07135481627260025, -6.175149918155315e-19);
    let square = two_product::<F>(c, c);
    let (h, l) = multiply::<F>(square, cubic);
    // The linear term is not the larger one above 4.7.
    let (t, r) = two_sum(linear.0, h);
    let v = multiply::<F>((c, 0.0), (t, r + (l + linear.1)));
    let (factor, k) = sigmoid_parts::<F>(v);
    gate::<F>(x, factor, k)
}

/// x tanh(ln(1 + e^x)).
///
/// With w = e^-|x|: x (1+2w)/(1+2w+2w²) above 0, x w(2+w)/(2+2w+w²) below, both of positive terms
/// only. All doubles: -0 at -infinity.
///
/// Maximum error measured: 0.80 ulp (4·10⁵ points, at x = 2.967938122467379e-308).
#[inline(always)]
pub fn mish<F: Fused>(x: f64) -> f64 {
    let (m, k) = decay::<F>((x, 0.0));
    let p = small_power_of_two(k);
    let (wh, wl) = (m.0 * p, m.1 * p);
    let (qh, ql) = multiply::<F>((wh, wl), (wh, wl));
    let positive = x > 0.0;
    // Above 0: c0 = 1 and c2 = 2; below: 2 and 1.
    let c0 = if positive { 1.0 } else { 2.0 };
    let c2 = if positive { 2.0 } else { 1.0 };
    let (s, e) = two_sum(c0, 2.0 * wh);
    let (d, r) = two_sum(s, c2 * qh);
    let denominator = (d, r + (e + F::fma64(2.0, wl, c2 * ql)));
    let (t, f) = fast_two_sum(2.0, wh);
    let (bh, bl) = multiply::<F>(m, (t, f + wl));
    let nh = if positive { s } else { bh };
    let nl = if positive { F::fma64(2.0, wl, e) } else { bl };
    let factor = divide::<F>((nh, nl), denominator);
    gate::<F>(x, factor, if positive { 0 } else { k })
}

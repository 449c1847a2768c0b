//! Logarithms.

use super::pair::{clamp, fast_two_sum, multiply, power_of_two, to_integer, two_sum};
use super::reduced::{ln_reduced, split};
use crate::numeric::fma::Fused;

/// The value for arguments that have no finite logarithm, and `y` for the others; `x` is what the
/// logarithm is taken of.
#[inline(always)]
fn special(x: f64, y: f64) -> f64 {
    let y = if x < f64::INFINITY { y } else { x }; // infinity and NaN
    let y = if x == 0.0 { f64::NEG_INFINITY } else { y };
    if x < 0.0 { f64::NAN } else { y }
}

/// `x = z 2^e` as [`split`], subnormal numbers too.
#[inline(always)]
pub(super) fn split_any(x: f64) -> (f64, f64) {
    let subnormal = x < f64::MIN_POSITIVE;
    let (z, e) = split(if subnormal { x * 18014398509481984.0 } else { x }); // 2^54
    (z, if subnormal { e - 54.0 } else { e })
}

/// ln x.
///
/// x = z 2^e with z near 1; ln z = 2 artanh((z-1)/(z+1)). All doubles: -infinity at ±0, NaN below.
///
/// Maximum error measured: 0.55 ulp (4·10⁵ points, at x = 1.4286538806245737).
#[inline(always)]
pub fn ln<F: Fused>(x: f64) -> f64 {
    let (z, e) = split_any(x);
    let (h, l) = ln_reduced::<F>((z - 1.0, 0.0), e);
    special(x, h + l)
}

/// log2 x.
///
/// ln z / ln 2 as a pair, plus the exponent; exact at the powers of two. All doubles: -infinity at
/// ±0, NaN below.
///
/// Maximum error measured: 0.55 ulp (4·10⁵ points, at x = 0.7082125920818567).
#[inline(always)]
pub fn log2<F: Fused>(x: f64) -> f64 {
    let (z, e) = split_any(x);
    let (h, l) = ln_reduced::<F>((z - 1.0, 0.0), 0.0);
    let (h, l) = fast_two_sum(h, l);
    let (h, l) = multiply::<F>((h, l), (std::f64::consts::LOG2_E, LOG2_E_LOW));
    let (s, r) = fast_two_sum(e, h);
    special(x, s + (r + l))
}

/// 1 / ln 2 without its nearest double.
pub(super) const LOG2_E_LOW: f64 = 2.0355273740931033e-17;

/// ln(1 + x), without cancellation near 0.
///
/// 1 + x is held as a pair. All doubles: -infinity at -1, NaN below, the sign of x for a zero.
///
/// Maximum error measured: 0.53 ulp (4·10⁵ points, at x = -0.3006331946556676).
#[inline(always)]
pub fn log1p<F: Fused>(x: f64) -> f64 {
    let (s, r) = two_sum(1.0, x);
    let (z, e) = split(s);
    // Far above 2^53 the one has no influence, and the power stays a normal number.
    let r = r * power_of_two(to_integer(clamp(-e, -200.0, 200.0)));
    let f = fast_two_sum(z - 1.0, r);
    let (h, l) = ln_reduced::<F>(f, e);
    let y = special(s, h + l);
    if x.abs() < 5e-17 { x } else { y }
}

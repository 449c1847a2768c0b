//! Sine and cosine of all finite arguments, with one argument reduction for all of them.

use super::pair::{Pair, ROUNDER, fast_two_sum, horner, multiply, power_of_two, to_integer, two_product, two_sum};
use super::trig_table::TWO_OVER_PI;
use crate::numeric::fma::Fused;
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4};

/// The integer nearest to `x` (below 2^51) and the rest, without error.
#[inline(always)]
fn integer_and_rest(x: f64) -> Pair {
    let n = (x + ROUNDER) - ROUNDER;
    (n, x - n)
}

/// All ones where the condition holds.
#[inline(always)]
fn mask(condition: bool) -> u64 {
    u64::from(condition).wrapping_neg()
}

/// `a` where the mask is all ones, `b` where it is 0. An `if` on values as long to compute as
/// these is compiled to a branch, which keeps the loop around it from becoming vector code.
#[inline(always)]
fn choose(mask: u64, a: f64, b: f64) -> f64 {
    f64::from_bits((a.to_bits() & mask) | (b.to_bits() & !mask))
}

/// `x = n π/2 + r`: r as a pair of relative error below 2^-70, |r| <= π/4, and n modulo 4.
///
/// Payne and Hanek, "Radian reduction for trigonometric functions", 1983: x 2^(-16 j) is an
/// integer or j is 0, so the multiples of 4 in 2^(16 j) 2/π can be left out of the table.
#[inline(always)]
fn reduce<F: Fused>(x: f64) -> (Pair, i64) {
    let exponent = ((x.to_bits() >> 52) & 0x7ff) as i64;
    let above = exponent - 1075;
    let j = (if above > 0 { above } else { 0 } >> 4) & 63;
    let y = x * power_of_two(-16 * j);
    let part = |i: usize| f64::from_bits(TWO_OVER_PI[i][j as usize]);

    // Up to 2^71, 2^18, 2^-35 and 2^-88, each with a rest 2^53 times smaller.
    let (a, b) = two_product::<F>(y, part(0));
    let (c, d) = two_product::<F>(y, part(1));
    let (e, f) = two_product::<F>(y, part(2));
    let g = y * part(3);
    const MULTIPLES: f64 = 7253555839163922915524608.0; // 1.5 * 2^82: multiples of 2^30
    let a = a - ((a + MULTIPLES) - MULTIPLES);
    let (n0, a) = integer_and_rest(a);
    let (n1, b) = integer_and_rest(b);
    let (n2, c) = integer_and_rest(c);
    let (s, e0) = two_sum(a, b);
    let (s, e1) = two_sum(s, c);
    let (n3, s) = integer_and_rest(s);
    let (s, e2) = two_sum(s, d);
    let (s, e3) = two_sum(s, e);
    // A result near a multiple of π/2 leaves only these.
    let (v, r0) = two_sum(e2, e3);
    let (v, r1) = two_sum(v, e0 + e1);
    let (v, r2) = two_sum(v, f);
    let (h, w) = two_sum(s, v);
    let fraction = fast_two_sum(h, w + ((r0 + r1) + (r2 + g)));
    let r = multiply::<F>(fraction, (FRAC_PI_2, 6.123233995736766e-17));
    let n = to_integer((n0 + n1) + (n2 + n3));

    let outside = mask(x.abs() > FRAC_PI_4);
    let low = f64::from_bits(r.1.to_bits() & outside);
    ((choose(outside, r.0, x), low), n & outside as i64)
}

/// The sine of r + n π/2.
#[inline(always)]
fn quadrant<F: Fused>(r: Pair, n: i64) -> f64 {
    let (u, ul) = two_product::<F>(r.0, r.0);
    let half = 0.5 * u;
    // (sin r - r)/r^3 in r^2 on [0, 0.61685], error 2^-57.3 of r.
    let p = horner!(F, u;
        -0.16666666666666666, 0.008333333333333323, -0.00019841269841255137,
        2.755731921422707e-06, -2.505210492133292e-08, 1.605836789341962e-10,
        -7.578761784248133e-13);
    let sine = r.0 + F::fma64(r.0 * u, p, F::fma64(-half, r.1, r.1));
    // (cos r - 1 + r^2/2)/r^4 in r^2 on [0, 0.61685], error 2^-60.
    let p = horner!(F, u;
        0.041666666666666664, -0.0013888888888888883, 2.4801587301577916e-05,
        -2.7557319217800007e-07, 2.0876754854680403e-09, -1.1470343544752749e-11,
        4.7401881783281205e-14);
    let (h, l) = fast_two_sum(1.0, -half);
    let cosine = h + F::fma64(u * u, p, l - F::fma64(0.5, ul, r.0 * r.1));
    let y = choose((n as u64 & 1).wrapping_neg(), cosine, sine);
    f64::from_bits(y.to_bits() ^ ((n as u64 & 2) << 62))
}

/// sin x.
///
/// All doubles: NaN for infinities, the sign of x for a zero.
///
/// Maximum error measured: 0.71 ulp (4·10⁵ points, at x = 1.3037521380397918e+146).
#[inline(always)]
pub fn sin<F: Fused>(x: f64) -> f64 {
    let (r, n) = reduce::<F>(x);
    let y = quadrant::<F>(r, n);
    if x == 0.0 { x } else { y }
}

/// cos x.
///
/// All doubles: NaN for infinities.
///
/// Maximum error measured: 0.73 ulp (4·10⁵ points, at x = 0.8056761785585795).
#[inline(always)]
pub fn cos<F: Fused>(x: f64) -> f64 {
    let (r, n) = reduce::<F>(x);
    quadrant::<F>(r, n.wrapping_add(1))
}

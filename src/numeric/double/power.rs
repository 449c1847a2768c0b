//! The power function.

use super::log::{LOG2_E_LOW, split_any};
use super::pair::{Pair, clamp, divide, fast_two_sum, horner, multiply, nearest, scale, two_product};
use super::reduced::exp_reduced;
use super::round::nearest_even;
use crate::numeric::fma::Fused;
use std::f64::consts::{LN_2, LOG2_E};

/// log2 of a positive normal or subnormal number as a pair: relative error below 2^-67.
///
/// 2 artanh s, s = (z-1)/(z+1), with the terms up to s^7 in more than double precision.
#[inline(always)]
fn log2_pair<F: Fused>(x: f64) -> Pair {
    let (z, e) = split_any(x);
    let f = z - 1.0;
    let s = divide::<F>((f, 0.0), fast_two_sum(2.0, f));
    let s = fast_two_sum(s.0, s.1);
    let u = multiply::<F>(s, s);
    // (ln((1+s)/(1-s)) - 2s - 2s^3/3 - 2s^5/5 - 2s^7/7)/s^9 in s^2 on [0, 0.02944], error 2^-80 of
    // the logarithm.
    let q = horner!(F, u.0;
        0.2222222222222222, 0.18181818181821735, 0.15384615382809097, 0.1333333369408585,
        0.11764669070755784, 0.10528426328098776, 0.09455042349968738, 0.0987723218187551);
    let t = add_small((0.2857142857142857, 1.586032892321652e-17), (q * u.0, 0.0));
    let t = add_small((0.4, -2.2204460492503132e-17), multiply::<F>(t, u));
    let t = add_small((0.6666666666666666, 3.700743415417188e-17), multiply::<F>(t, u));
    let t = multiply::<F>(multiply::<F>(s, u), t);
    let ln = add_small((2.0 * s.0, 2.0 * s.1), t);
    let log = multiply::<F>(ln, (LOG2_E, LOG2_E_LOW));
    add_small((e, 0.0), log)
}

/// `a + b` for |a| >= |b| or a = 0.
#[inline(always)]
fn add_small(a: Pair, b: Pair) -> Pair {
    let (h, e) = fast_two_sum(a.0, b.0);
    fast_two_sum(h, e + (a.1 + b.1))
}

/// x^y.
///
/// 2^(y log2 x) with the logarithm as a pair. IEEE 754 `pow`: 1 where x is 1 or y is 0, NaN for a
/// negative finite x with a y that is not an integer; an exactly representable power is exact.
///
/// Maximum error measured: 0.72 ulp (4·10⁵ points, at
/// x = 3.0716016545280846e+224, y = -1.3713723770020025).
#[inline(always)]
pub fn pow<F: Fused>(x: f64, y: f64) -> f64 {
    let a = x.abs();
    let log = log2_pair::<F>(a);
    let (ph, pl) = two_product::<F>(y, log.0);
    let pl = F::fma64(y, log.1, pl);
    let low = if ph.abs() < 1150.0 { pl } else { 0.0 };
    let p = clamp(ph, -1150.0, 1100.0);
    let (n, k) = nearest::<F>(p, 1.0);
    let f = p - n;
    let (rh, rl) = two_product::<F>(f, LN_2);
    let rl = F::fma64(f, 2.3190468138462996e-17, F::fma64(low, LN_2, rl));
    let (h, l) = exp_reduced::<F>((rh, rl));
    let y_integer = nearest_even(y) == y;
    let odd = y_integer && nearest_even(0.5 * y) != 0.5 * y;

    let power = scale(h + l, k);
    // The limits, for a zero or infinite base or exponent.
    let up = (a > 1.0) == (y > 0.0);
    let limit = if up { f64::INFINITY } else { 0.0 };
    let extreme = a == 0.0 || a == f64::INFINITY || y.abs() == f64::INFINITY;
    let power = if extreme { limit } else { power };
    let power = if a == 1.0 { 1.0 } else { power };
    let negative = x.is_sign_negative();
    let undefined = x < 0.0 && a < f64::INFINITY && !y_integer;
    let power = if undefined { f64::NAN } else { power };
    let power = if negative && odd { -power } else { power };
    let power = if a.is_nan() || y.is_nan() { f64::NAN } else { power };
    if x == 1.0 || y == 0.0 { 1.0 } else { power }
}

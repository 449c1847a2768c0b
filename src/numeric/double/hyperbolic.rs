//! The hyperbolic functions, from one quotient-free core.

use super::pair::{
    NO_LOW, Pair, at_most, clamp, divide, fast_two_sum, horner, power_of_two, scale, scaled_argument, two_product,
    two_sum,
};
use super::reduced::{exp_tail, reduce};
use crate::numeric::fma::Fused;

/// sinh a and cosh a times 2^(1-k), as pairs, and k; for a from 0 to 720.
///
/// With a = k ln 2 + r and E = 2^-2k: (1-E) cosh r + (1+E) sinh r and (1+E) cosh r + (1-E) sinh r,
/// from the even and the odd polynomial of r; no reciprocal of e^a is needed.
#[inline(always)]
fn parts<F: Fused>(a: Pair) -> (Pair, Pair, i64) {
    let (r, k) = reduce::<F>(a);
    let small = power_of_two(if k > 500 { -1000 } else { k.wrapping_mul(-2) });
    let u = r.0 * r.0;
    // (sinh r - r)/r^3 in r^2 on [0, 0.12041], error 2^-59.6 of r.
    let odd = horner!(F, u;
        0.16666666666666666, 0.008333333333333337, 0.00019841269841253055,
        2.7557319265470445e-06, 2.505205655545565e-08, 1.6090892410257687e-10);
    // (cosh r - 1)/r^2 in r^2 on [0, 0.12041], error 2^-65.
    let even = horner!(F, u;
        0.5, 0.04166666666666671, 0.0013888888888863706, 2.4801587363826056e-05,
        2.755724146584526e-07, 2.0924535883025797e-09);
    let even = u * even;
    let sinh = F::fma64(r.0 * u, odd, F::fma64(r.1, even, r.1)); // without r.0
    let cosh = F::fma64(r.0, r.1, even); // without 1
    let (minus, minus_low) = fast_two_sum(1.0, -small);
    let (plus, plus_low) = fast_two_sum(1.0, small);

    let (p, pl) = two_product::<F>(plus, r.0);
    let (s, sl) = two_sum(minus, p);
    let rest = (pl + sl) + F::fma64(plus_low, r.0, minus_low);
    let sine = fast_two_sum(s, F::fma64(plus, sinh, minus * cosh) + rest);

    let (p, pl) = two_product::<F>(minus, r.0);
    let (s, sl) = fast_two_sum(plus, p);
    let rest = (pl + sl) + F::fma64(minus_low, r.0, plus_low);
    let cosine = fast_two_sum(s, F::fma64(minus, sinh, plus * cosh) + rest);
    (sine, cosine, k)
}

/// sinh x.
///
/// All doubles: infinite above 710.48, the sign of x for a zero.
///
/// Maximum error measured: 0.70 ulp (4·10⁵ points, at x = 0.3629991997483888).
#[inline(always)]
pub fn sinh<F: Fused>(x: f64) -> f64 {
    let (s, _, k) = parts::<F>((clamp(x.abs(), 0.0, 720.0), 0.0));
    scale(s.0 + s.1, k.wrapping_sub(1)).copysign(x)
}

/// cosh x.
///
/// All doubles: infinite above 710.48.
///
/// Maximum error measured: 0.70 ulp (4·10⁵ points, at x = -1.0409426007007632).
#[inline(always)]
pub fn cosh<F: Fused>(x: f64) -> f64 {
    let (_, c, k) = parts::<F>((clamp(x.abs(), 0.0, 720.0), 0.0));
    scale(c.0 + c.1, k.wrapping_sub(1))
}

/// tanh a as a pair, for a from 0 to 40; `low` is what -2a lacks.
///
/// -m / (m + 2) with m = e^(-2a) - 1, which loses no digits near 0: with -2a = k ln 2 + r,
/// m = 2^k (e^r - 1) + (2^k - 1).
#[inline(always)]
fn tanh_parts<F: Fused>(a: f64, low: f64) -> Pair {
    let (r, k) = reduce::<F>((-2.0 * a, low));
    let (t, tl) = fast_two_sum(r.0, exp_tail::<F>(r.0) + F::fma64(r.1, r.0, r.1));
    let scale = power_of_two(k);
    let (base, base_low) = fast_two_sum(-1.0, scale);
    let m = F::fma64(scale, t, base);
    let ml = F::fma64(scale, t, base - m) + F::fma64(scale, tl, base_low);
    let (d, dl) = fast_two_sum(2.0, m);
    divide::<F>((-m, -ml), (d, dl + ml))
}

/// tanh x.
///
/// -m / (m + 2), m = e^(-2|x|) - 1 in more than double precision. All doubles: ±1 above 19.1,
/// the sign of x for a zero.
///
/// Maximum error measured: 0.78 ulp (4·10⁵ points, at x = 0.15719060639979032).
#[inline(always)]
pub fn tanh<F: Fused>(x: f64) -> f64 {
    let (h, l) = tanh_parts::<F>(at_most(x.abs(), 40.0), NO_LOW);
    (h + l).copysign(x)
}

/// tanh(a x), the product not rounded.
///
/// The product is held as a pair; the bits of [`tanh`] where a is 1.
///
/// Maximum error measured: 0.83 ulp (4·10⁵ points, at
/// a = -0.12338143718780248, x = 1.1458702215118386).
#[inline(always)]
pub fn tanh_scaled<F: Fused>(a: f64, x: f64) -> f64 {
    let product = scaled_argument::<F>(a, x);
    let low = if product.0 > 0.0 { -2.0 * product.1 } else { 2.0 * product.1 };
    let end = at_most(product.0.abs(), 40.0);
    let (h, l) = tanh_parts::<F>(end, if end < 40.0 { low } else { NO_LOW });
    (h + l).copysign(product.0)
}

const THIRD: f64 = 1.0 / 3.0;
/// 1/3 without its nearest double.
const THIRD_LOW: f64 = 1.850371707708594e-17;

/// x - tanh x, without cancellation near 0.
///
/// Below 1/2 a polynomial, above it the difference with tanh in more than double precision. All
/// doubles: the sign of x for a zero.
///
/// Maximum error measured: 1.78 ulp (4·10⁵ points, at x = 0.51729116536841).
#[inline(always)]
pub fn tanh_shrink<F: Fused>(x: f64) -> f64 {
    let a = x.abs();
    let c = clamp(a, 0.0, 1.0);
    let (u, ul) = two_product::<F>(c, c);
    let (t, tl) = two_product::<F>(c, u);
    let tl = F::fma64(c, ul, tl);
    // (x - tanh x)/x^3 in x^2 on [0, 0.2501], error 2^-54 of it; from x^2 on.
    let p = horner!(F, u;
        -0.13333333333333233, 0.05396825396809439, -0.021869488526102276, 0.008863235204689544,
        -0.0035921218859611827, 0.0014557616137291119, -0.0005894711904274829,
        0.0002363685936389419, -8.822362051762033e-05, 2.2975300619158862e-05);
    let (ph, pl) = fast_two_sum(THIRD, u * p);
    let (h, l) = two_product::<F>(t, ph);
    let near = h + F::fma64(t, pl + THIRD_LOW, F::fma64(tl, ph, l));
    let (h, l) = tanh_parts::<F>(at_most(a, 40.0), NO_LOW);
    let (d, e) = fast_two_sum(a, -h);
    let far = d + (e - l);
    let far = if a > 1e18 { a } else { far };
    (if a < 0.5 { near } else { far }).copysign(x)
}

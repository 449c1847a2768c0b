//! The exponential and the logarithm of numbers already reduced to the neighbourhood of 0 and 1,
//! with results of more than double precision: shared by the functions built on them.

use super::pair::{Pair, fast_two_sum, horner, nearest, paired};
use crate::numeric::fma::Fused;

/// ln 2 in 41 bits: its product with an exponent is exact.
pub(super) const LN2_HIGH: f64 = f64::from_bits(0x3fe62e42fefa3000);
/// ln 2 without [`LN2_HIGH`].
pub(super) const LN2_LOW: f64 = f64::from_bits(0x3d53de6af278ece6);

/// `x = k ln 2 + r`, |r| <= 0.347: r as a pair, and k; for |x| below 2000.
///
/// Cody and Waite, "Software Manual for the Elementary Functions", 1980.
#[inline(always)]
pub(super) fn reduce<F: Fused>(x: Pair) -> (Pair, i64) {
    let (n, k) = nearest::<F>(x.0, std::f64::consts::LOG2_E);
    let exact = F::fma64(-n, LN2_HIGH, x.0);
    let high = F::fma64(-n, LN2_LOW, exact);
    let low = F::fma64(-n, LN2_LOW, exact - high) + x.1;
    ((high, low), k)
}

/// `e^r - 1 - r`, |r| <= 0.347: error 2^-60.6 of e^r.
#[inline(always)]
pub(super) fn exp_tail<F: Fused>(r: f64) -> f64 {
    // (e^r - 1 - r)/r^2 on [-0.347, 0.347].
    let square = r * r;
    let q = paired!(F, r, square;
        [0.5, 0.04166666666666673, 0.0013888888888858272, 2.4801587374035178e-05,
         2.755723312962029e-07, 2.0927010089589495e-09],
        [0.16666666666666685, 0.008333333333316588, 0.00019841269897440187, 2.75572338501695e-06,
         2.511237645856013e-08]);
    square * q
}

/// e^r as a normalised pair, |r| <= 0.347: relative error about 2^-56.
#[inline(always)]
pub(super) fn exp_reduced<F: Fused>(r: Pair) -> Pair {
    let (h, e) = fast_two_sum(1.0, r.0);
    let tail = exp_tail::<F>(r.0);
    // The low part of r counts times e^r.
    fast_two_sum(h, e + F::fma64(r.1, r.0 + tail, tail + r.1))
}

/// `e^x = (h + l) 2^k`, for |x| below 1200.
#[inline(always)]
pub(super) fn exp_parts<F: Fused>(x: Pair) -> (Pair, i64) {
    let (r, k) = reduce::<F>(x);
    (exp_reduced::<F>(r), k)
}

/// `x = z 2^e` with z in [√½, √2): z, and e as a double; for positive normal x.
#[inline(always)]
pub(super) fn split(x: f64) -> (f64, f64) {
    const LOWEST: u64 = std::f64::consts::FRAC_1_SQRT_2.to_bits();
    const BIAS: u64 = 1 << 62; // keeps the difference positive; 1024 in the exponent field
    let shifted = x.to_bits().wrapping_sub(LOWEST).wrapping_add(BIAS);
    let z = (shifted & ((1 << 52) - 1)).wrapping_add(LOWEST);
    // The exponent in the low bits of 2^52 makes a double of it: 2^52 + exponent + 1024.
    let e = f64::from_bits((shifted >> 52) | 0x4330000000000000) - 4503599627371520.0;
    (f64::from_bits(z), e)
}

/// ln(1 + f) + e ln 2 as a pair, 1 + f in [√½, √2]: relative error about 2^-57.
///
/// ln(1 + f) = 2 artanh(f / (2 + f)), as in Sun's fdlibm (`e_log.c`), with the quotient in more
/// than double precision.
#[inline(always)]
pub(super) fn ln_reduced<F: Fused>(f: Pair, e: f64) -> Pair {
    let (dh, dl) = fast_two_sum(2.0, f.0);
    let inverse = 1.0 / dh;
    let s = f.0 * inverse;
    let rest = F::fma64(-s, dh, f.0) + F::fma64(-s, dl + f.1, f.1);
    let u = s * s;
    // (ln((1+s)/(1-s)) - 2s)/s^3 in s^2 on [0, 0.02944], error 2^-59.6 of the logarithm.
    let p = paired!(F, u, u * u;
        [0.6666666666666666, 0.2857142857145641, 0.18181819041539982, 0.13336620077355807,
         0.12027680383493151],
        [0.3999999999999994, 0.22222222215688497, 0.15384547474318885, 0.11669531255764534]);
    let low = F::fma64(s * u, p, 2.0 * (rest * inverse));
    let (h, l) = fast_two_sum(e * LN2_HIGH, 2.0 * s);
    (h, l + F::fma64(e, LN2_LOW, low))
}

//! Unevaluated sums of two doubles, powers of two, and the polynomial macro: what the formulas
//! are built from.
//!
//! The sums and products are Dekker's and Knuth's error-free transformations (see Muller et al.,
//! "Handbook of Floating-Point Arithmetic", 2nd edition, chapter 4).

use crate::numeric::fma::Fused;

/// A number held as a high part and a much smaller low part.
pub(super) type Pair = (f64, f64);

/// Adding and subtracting it rounds a number below 2^51 to an integer, whose two's complement
/// then stands in the low bits.
pub(super) const ROUNDER: f64 = 6755399441055744.0; // 1.5 * 2^52

/// The polynomial with the coefficients `c0, c1, ...` at `x`, by Horner's rule.
macro_rules! horner {
    ($f:ident, $x:expr; $c:expr $(,)?) => { $c };
    ($f:ident, $x:expr; $c:expr, $($rest:expr),+ $(,)?) => {
        $f::fma64(horner!($f, $x; $($rest),+), $x, $c)
    };
}
pub(super) use horner;

/// The polynomial from its even and its odd coefficients, given the square of `x` too: two chains
/// of half the length.
macro_rules! paired {
    ($f:ident, $x:expr, $square:expr; [$($even:expr),+ $(,)?], [$($odd:expr),+ $(,)?]) => {
        $f::fma64(horner!($f, $square; $($odd),+), $x, horner!($f, $square; $($even),+))
    };
}
pub(super) use paired;

/// The polynomial in four interleaved chains, from groups of four coefficients.
macro_rules! interleaved {
    ($f:ident, $x:expr; $([$c0:expr, $c1:expr, $c2:expr, $c3:expr]),+ $(,)?) => {{
        let square = $x * $x;
        let fourth = square * square;
        let even = $f::fma64(
            horner!($f, fourth; $($c2),+),
            square,
            horner!($f, fourth; $($c0),+),
        );
        let odd = $f::fma64(
            horner!($f, fourth; $($c3),+),
            square,
            horner!($f, fourth; $($c1),+),
        );
        $f::fma64(odd, $x, even)
    }};
}
pub(super) use interleaved;

/// `a + b` without error, for any two numbers.
#[inline(always)]
pub(super) fn two_sum(a: f64, b: f64) -> Pair {
    let s = a + b;
    let v = s - a;
    (s, (a - (s - v)) + (b - v))
}

/// `a + b` without error, for `|a| >= |b|` or `a == 0`.
#[inline(always)]
pub(super) fn fast_two_sum(a: f64, b: f64) -> Pair {
    let s = a + b;
    (s, b - (s - a))
}

/// `a * b` without error, as long as the low part does not underflow.
#[inline(always)]
pub(super) fn two_product<F: Fused>(a: f64, b: f64) -> Pair {
    let p = a * b;
    (p, F::fma64(a, b, -p))
}

/// `a * b` to about 2^-102.
#[inline(always)]
pub(super) fn multiply<F: Fused>(a: Pair, b: Pair) -> Pair {
    let (p, e) = two_product::<F>(a.0, b.0);
    fast_two_sum(p, F::fma64(a.0, b.1, F::fma64(a.1, b.0, e)))
}

/// `a / b` to about 2^-102, with one division; not normalised.
#[inline(always)]
pub(super) fn divide<F: Fused>(a: Pair, b: Pair) -> Pair {
    let inverse = 1.0 / b.0;
    let q = a.0 * inverse;
    let rest = F::fma64(-q, b.0, a.0) + F::fma64(-q, b.1, a.1);
    (q, rest * inverse)
}

/// The product as a pair whose low part is 0 where the high part is infinite or NaN.
#[inline(always)]
pub(super) fn scaled_argument<F: Fused>(a: f64, x: f64) -> Pair {
    let (p, e) = two_product::<F>(a, x);
    (p, if p.abs() < f64::INFINITY { e } else { 0.0 })
}

/// A low part that changes nothing: `x + -0.0` is `x` for every `x`, so that the addition disappears.
pub(super) const NO_LOW: f64 = -0.0;

/// The smaller; NaN stays.
#[inline(always)]
pub(super) fn at_most(x: f64, high: f64) -> f64 {
    if x > high { high } else { x }
}

/// `x`, or the nearer end of the interval; NaN stays.
#[inline(always)]
pub(super) fn clamp(x: f64, low: f64, high: f64) -> f64 {
    at_most(if x < low { low } else { x }, high)
}

/// The integer nearest to `x * factor`, below 2^51, as a double and as an integer.
#[inline(always)]
pub(super) fn nearest<F: Fused>(x: f64, factor: f64) -> (f64, i64) {
    let shifted = F::fma64(x, factor, ROUNDER);
    (shifted - ROUNDER, low_bits(shifted))
}

/// An integer below 2^51, as an integer type.
#[inline(always)]
pub(super) fn to_integer(x: f64) -> i64 {
    low_bits(x + ROUNDER)
}

#[inline(always)]
fn low_bits(shifted: f64) -> i64 {
    (shifted.to_bits() as i64).wrapping_sub(ROUNDER.to_bits() as i64)
}

/// 2^k, for k from -1022 to 1023.
#[inline(always)]
pub(super) fn power_of_two(k: i64) -> f64 {
    f64::from_bits((k.wrapping_add(1023) as u64) << 52)
}

/// 2^k, or 2^-200 where it is smaller: for a term that is added to a number near 1.
#[inline(always)]
pub(super) fn small_power_of_two(k: i64) -> f64 {
    power_of_two(if k < -200 { -200 } else { k })
}

/// `x * 2^k`, for k from -2044 to 2046; two factors, so that a subnormal result is rounded once.
#[inline(always)]
pub(super) fn scale(x: f64, k: i64) -> f64 {
    // A logical shift of a positive number: there is no vector instruction for the other one.
    let half = ((k.wrapping_add(4096) as u64) >> 1) as i64;
    let first = half.wrapping_sub(2048);
    x * power_of_two(first) * power_of_two(k.wrapping_sub(first))
}

//! Rounding to an integer, without the instruction that older machines lack.

use crate::numeric::fma::Fused;

/// Adding and subtracting it rounds a non-negative number below 2^52 to an integer.
const LARGE: f64 = 4503599627370496.0; // 2^52

/// The nearest integer of the same sign, ties to even; numbers from 2^52 on are integers.
#[inline(always)]
pub(super) fn nearest_even(x: f64) -> f64 {
    let a = x.abs();
    let rounded = (a + LARGE) - LARGE;
    (if a < LARGE { rounded } else { a }).copysign(x)
}

/// The largest integer not above x; exact.
///
/// All doubles: keeps ±0, infinity and NaN.
#[inline(always)]
pub fn floor<F: Fused>(x: f64) -> f64 {
    let r = nearest_even(x);
    (if r > x { r - 1.0 } else { r }).copysign(x)
}

/// The smallest integer not below x; exact.
///
/// All doubles: keeps ±0, infinity and NaN; -0 between -1 and 0.
#[inline(always)]
pub fn ceil<F: Fused>(x: f64) -> f64 {
    let r = nearest_even(x);
    (if r < x { r + 1.0 } else { r }).copysign(x)
}

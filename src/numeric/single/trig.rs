//! Trigonometric functions.

use super::{Fused, MAGIC, SIGN, flip_sign, horner};

/// `(sin r − r)/r³` in `r²` on |r| ≤ π/4: relative error of the sine 2⁻³²·⁵.
const SIN_TAIL: [f32; 4] = [-0.166_666_67, 0.008_333_379, -0.000_198_530_75, 2.832_765_6e-6];
/// `(cos r − 1 + r²/2)/r⁴` in `r²` on |r| ≤ π/4: relative error of the cosine
/// 2⁻³³·⁰.
const COS_TAIL: [f32; 3] = [0.041_666_646, -0.001_388_731_1, 2.443_256_4e-5];
/// `(atan x − x)/x³` in `x²` on [0, 1]: relative error of the arc 2⁻³¹·¹.
const ATAN_TAIL: [f32; 10] = [
    -0.333_333_28,
    0.199_997_16,
    -0.142_803_43,
    0.110_612_33,
    -0.088_214_62,
    0.067_636_49,
    -0.044_983_257,
    0.022_777_617,
    -0.007_425_363,
    0.001_134_522_1,
];

/// π/2 rounded, and what the rounding left out.
const HALF_PI: f32 = core::f32::consts::FRAC_PI_2;
const HALF_PI_LOW: f32 = -4.371_139e-8;

/// 2/π in three parts of 53 bits.
const NEAR: [f64; 3] = [core::f64::consts::FRAC_2_PI, -3.935735335036497e-17, -2.1442872565786008e-33];
/// 2/π modulo 2⁻⁵⁵ in three parts of 53 bits: what is left out is a multiple
/// of four quarter turns for every `x` from 2⁸⁰ on.
const FAR: [f64; 3] = [1.6153797880892852e-17, 9.372006544409767e-34, -9.985662914018286e-51];
/// 2⁸⁰, up to which `NEAR` reaches.
const NEAR_END: f32 = 1_208_925_819_614_629_174_706_176.0;
/// 1.5·2⁵⁴: adding it rounds a value below 2⁵³ to a multiple of four.
const TO_FOURS: f64 = 27_021_597_764_222_976.0;
/// 2⁵⁵: doubles from here on are multiples of four.
const ALL_FOURS: f64 = 36_028_797_018_963_968.0;
/// 1.5·2⁵²: adding it rounds to an integer.
const TO_ONES: f64 = 6_755_399_441_055_744.0;

/// Returns `p` less the nearest multiple of four.
#[inline(always)]
fn modulo_four(p: f64) -> f64 {
    p - ((p + TO_FOURS) - TO_FOURS)
}

/// Returns the remainder of `y ≥ 0` from the nearest multiple of π/2 and the
/// multiple's number modulo four, in the low two bits.
///
/// The products with 2/π are formed exactly and taken modulo four before they
/// are added, in the manner of M. Payne and R. Hanek, "Radian Reduction for
/// Trigonometric Functions", 1983; the closest that a single comes to a
/// multiple of π/2 leaves 2⁻³⁰ of it, so the sum needs 2⁻⁵⁶. Double precision
/// serves small arguments too: a path of their own would be computed as well
/// and only add to the work.
#[inline(always)]
fn quarter_turns<F: Fused>(y: f32) -> (f32, u32) {
    let near = y < NEAR_END;
    let a = if near { NEAR[0] } else { FAR[0] };
    let b = if near { NEAR[1] } else { FAR[1] };
    let c = if near { NEAR[2] } else { FAR[2] };
    let x = f64::from(y);
    let p = x * a;
    let p_low = F::fma64(x, a, -p);
    let q = x * b;
    let q_low = F::fma64(x, b, -q);
    let first = if p >= ALL_FOURS { 0.0 } else { modulo_four(p) };
    let second = modulo_four(p_low);
    let third = modulo_four(q);
    let rest = F::fma64(x, c, q_low);
    let n = ((first + second) + third + TO_ONES) - TO_ONES;
    let turns = (((first - n) + second) + third) + rest;
    let r = (turns * core::f64::consts::FRAC_PI_2) as f32;
    (r, (n as f32 + MAGIC).to_bits())
}

/// Returns the sine of `r + quarters·π/2`.
#[inline(always)]
fn sine<F: Fused>(r: f32, quarters: u32) -> f32 {
    let square = r * r;
    let sin = F::fma32(r * square, horner::<F, 4>(square, SIN_TAIL), r);
    let even = F::fma32(square, horner::<F, 3>(square, COS_TAIL), -0.5);
    let cos = F::fma32(square, even, 1.0);
    let value = if quarters & 1 == 0 { sin } else { cos };
    f32::from_bits(value.to_bits() ^ ((quarters << 30) & SIGN))
}

/// Returns the sine of an angle in radians.
///
/// Formula: ± a polynomial for the sine or the cosine of the remainder from
/// the nearest multiple of π/2, which is found exactly enough for every float.
/// Source: M. Payne and R. Hanek's reduction; minimax polynomials.
/// Domain: all finite values, NaN at ±∞; keeps the sign of zero.
/// Maximum error measured: 1.50 ulp (all floats of magnitude 2⁻⁸ to 2⁸,
/// every 7th elsewhere, at x = 4.1335034e36).
#[inline(always)]
pub fn sin<F: Fused>(x: f32) -> f32 {
    let (r, quarters) = quarter_turns::<F>(x.abs());
    flip_sign(sine::<F>(r, quarters), x)
}

/// Returns the cosine of an angle in radians.
///
/// Formula: that of [`sin`], a quarter turn on.
/// Source: M. Payne and R. Hanek's reduction; minimax polynomials.
/// Domain: all finite values, NaN at ±∞.
/// Maximum error measured: 1.49 ulp (all floats of magnitude 2⁻⁸ to 2⁸,
/// every 7th elsewhere, at x = 5.3695978e29).
#[inline(always)]
pub fn cos<F: Fused>(x: f32) -> f32 {
    let (r, quarters) = quarter_turns::<F>(x.abs());
    sine::<F>(r, quarters.wrapping_add(1))
}

/// Returns the angle in radians whose tangent is `x`.
///
/// Formula: `z + z³·q(z²)` with `z = |x|` up to one; beyond, π/2 less the same
/// with `z = 1/|x|`.
/// Source: identity; minimax polynomial.
/// Domain: all values; keeps the sign of zero, ±π/2 at ±∞.
/// Maximum error measured: 1.25 ulp (all floats of magnitude 2⁻⁸ to 2⁸,
/// every 7th elsewhere, at x = 1.0621691).
#[inline(always)]
pub fn atan<F: Fused>(x: f32) -> f32 {
    let y = x.abs();
    let beyond = y > 1.0;
    let z = if beyond { 1.0 / y } else { y };
    let square = z * z;
    let tail = (z * square) * horner::<F, 10>(square, ATAN_TAIL);
    let near = tail + z;
    let far = HALF_PI - (z + (tail - HALF_PI_LOW));
    (if beyond { far } else { near }).copysign(x)
}

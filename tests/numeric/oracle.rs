//! True values for the single-precision formulas, and the error against them.
//!
//! The elementary values are `pxfm`'s double-precision functions; the composed
//! ones are put together in double precision so that at least 40 bits are good.

use neuronc::numeric::fma::Hardware as H;
use neuronc::numeric::single as s;

/// How a function behaves under a change of its argument's sign.
#[derive(Clone, Copy, PartialEq)]
pub enum Symmetry {
    None,
    Odd,
    Even,
}

/// A function under test beside its true value.
pub struct Unary {
    pub name: &'static str,
    pub got: fn(f32) -> f32,
    pub truth: fn(f64) -> f64,
    pub symmetry: Symmetry,
    /// The bound asserted, in ulps: a little above the maximum measured.
    pub bound: f64,
}

/// A function of two arguments beside its true value.
pub struct Binary {
    pub name: &'static str,
    pub got: fn(f32, f32) -> f32,
    pub truth: fn(f64, f64) -> f64,
    pub bound: f64,
}

macro_rules! unary {
    ($name:ident, $truth:expr, $symmetry:ident, $bound:expr) => {
        Unary {
            name: stringify!($name),
            got: s::$name::<H>,
            truth: $truth,
            symmetry: Symmetry::$symmetry,
            bound: $bound,
        }
    };
}

macro_rules! binary {
    ($name:ident, $truth:expr, $bound:expr) => {
        Binary { name: stringify!($name), got: s::$name::<H>, truth: $truth, bound: $bound }
    };
}

/// Every function of one argument.
pub const UNARY: &[Unary] = &[
    unary!(exp, pxfm::f_exp, None, 1.1),
    unary!(expm1, pxfm::f_expm1, None, 1.55),
    unary!(ln, pxfm::f_log, None, 0.95),
    unary!(log1p, pxfm::f_log1p, None, 0.95),
    unary!(log2, pxfm::f_log2, None, 1.25),
    unary!(sinh, pxfm::f_sinh, Odd, 1.3),
    unary!(cosh, pxfm::f_cosh, Even, 1.3),
    unary!(tanh, pxfm::f_tanh, Odd, 2.5),
    unary!(sin, pxfm::f_sin, Odd, 1.55),
    unary!(cos, pxfm::f_cos, Even, 1.55),
    unary!(atan, pxfm::f_atan, Odd, 1.3),
    unary!(erf, pxfm::f_erf, Odd, 1.05),
    unary!(erfc, pxfm::f_erfc, None, 2.1),
    unary!(floor, f64::floor, None, 0.0),
    unary!(ceil, f64::ceil, None, 0.0),
    unary!(sigmoid, sigmoid, None, 2.5),
    unary!(softplus, softplus, None, 2.3),
    unary!(gelu, gelu, None, 3.0),
    unary!(gelu_tanh, gelu_tanh, None, 3.3),
    unary!(mish, mish, None, 3.85),
    unary!(tanh_shrink, tanh_shrink, Odd, 3.3),
];

/// Every function of two arguments.
pub const BINARY: &[Binary] = &[
    binary!(pow, pow, 0.8),
    binary!(gaussian, gaussian, 1.4),
    binary!(sigmoid_scaled, |a, x| sigmoid(a * x), 2.6),
    binary!(tanh_scaled, |a, x| pxfm::f_tanh(a * x), 3.1),
    binary!(softplus_scaled, softplus_scaled, 3.2),
];

pub fn sigmoid(x: f64) -> f64 {
    let e = pxfm::f_exp(-x.abs());
    if x < 0.0 { e / (1.0 + e) } else { 1.0 / (1.0 + e) }
}

/// `max(0, x)`, or NaN.
fn positive(x: f64) -> f64 {
    if x < 0.0 { 0.0 } else { x }
}

fn softplus(x: f64) -> f64 {
    positive(x) + pxfm::f_log1p(pxfm::f_exp(-x.abs()))
}

fn softplus_scaled(beta: f64, x: f64) -> f64 {
    let log = pxfm::f_log1p(pxfm::f_exp(-(beta * x).abs())) / beta;
    if beta * x > 0.0 { x + log } else { log }
}

fn gelu(x: f64) -> f64 {
    // Beyond 40 both sides are at their limits.
    let y = if x < -40.0 { -40.0 } else { x };
    0.5 * y * pxfm::f_erfc(-y * core::f64::consts::FRAC_1_SQRT_2)
}

fn gelu_tanh(x: f64) -> f64 {
    let y = if x < -40.0 { -40.0 } else { x };
    let slope = 2.0 * (2.0 / core::f64::consts::PI).sqrt();
    y * sigmoid(slope * y * (1.0 + 0.044715 * y * y))
}

fn mish(x: f64) -> f64 {
    let y = if x < -400.0 { -400.0 } else { x };
    let e = pxfm::f_exp(-y.abs());
    if y < 0.0 {
        y * (e * (e + 2.0) / (e * (e + 2.0) + 2.0))
    } else {
        y * ((1.0 + 2.0 * e) / (1.0 + 2.0 * e + 2.0 * e * e))
    }
}

fn tanh_shrink(x: f64) -> f64 {
    if x.abs() < 0.5 {
        // Gauss's continued fraction: tanh x = x/(1 + c).
        let z = x * x;
        let c = z / (3.0 + z / (5.0 + z / (7.0 + z / (9.0 + z / (11.0 + z / 13.0)))));
        x * (c / (1.0 + c))
    } else {
        x - pxfm::f_tanh(x)
    }
}

fn gaussian(k: f64, x: f64) -> f64 {
    pxfm::f_exp(-(k * x * x))
}

fn pow(x: f64, y: f64) -> f64 {
    pxfm::f_pow(x, y)
}

/// Returns the distance of `got` from `truth` in ulps of the true value.
///
/// Infinity counts as 2¹²⁸. A NaN on one side only is infinitely wrong, and so
/// is a wrong sign, of an underflowed zero as well. The sign of a true zero is
/// left to explicit tests, because the reference does not always keep it.
pub fn ulps(got: f32, truth: f64) -> f64 {
    if truth.is_nan() || got.is_nan() {
        return if truth.is_nan() && got.is_nan() { 0.0 } else { f64::INFINITY };
    }
    let limit = 2.0f64.powi(128);
    let size = truth.abs().min(limit);
    if truth != 0.0 && got.is_sign_negative() != truth.is_sign_negative() {
        return f64::INFINITY;
    }
    let found = if got.is_infinite() { limit } else { f64::from(got.abs()) };
    let exponent = ((size.to_bits() >> 52) as i64 - 1023).clamp(-126, 127);
    let inverse_ulp = f64::from_bits(((23 - exponent + 1023) as u64) << 52);
    (found - size).abs() * inverse_ulp
}

/// The largest error seen so far and where.
#[derive(Clone, Copy, Default)]
pub struct Worst {
    pub ulps: f64,
    pub at: [f32; 2],
}

impl Worst {
    pub fn see(&mut self, ulps: f64, at: [f32; 2]) {
        if ulps > self.ulps {
            *self = Worst { ulps, at };
        }
    }
}

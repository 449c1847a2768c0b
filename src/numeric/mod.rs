//! Numbers: the fused multiply-add, the project's own elementary functions, and numbers as text.
//!
//! The formulas are made only of `+ - × ÷ √`, the fused multiply-add, comparisons, bit moves and small tables. So
//! every machine, every width and every number of threads gives the same bits; platform libraries do not.

pub mod decimal;
pub mod double;
pub mod fma;
pub(crate) mod lanes;
pub mod single;

use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Neg, Sub};

use fma::Fused;

/// A precision in which networks are evaluated: `f64` or `f32`.
///
/// Formulas written against this trait exist once and are compiled for both, and for every way to multiply and add.
pub trait Real:
    Copy
    + Debug
    + Default
    + PartialOrd
    + Send
    + Sync
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + 'static
{
    /// A constant, rounded once to this precision.
    fn rounded(value: f64) -> Self;
    /// The same number as a double; exact.
    fn widened(self) -> f64;
    /// `self × factor + addend` with one rounding.
    fn fused<F: Fused>(self, factor: Self, addend: Self) -> Self;
    /// The magnitude.
    fn abs(self) -> Self;
    /// The square root, correctly rounded.
    fn sqrt(self) -> Self;
    /// Whether it is no number.
    fn is_nan(self) -> bool;
    /// Whether its sign bit is set, as that of -0 is.
    fn is_sign_negative(self) -> bool;
    /// The natural exponential.
    fn exp<F: Fused>(self) -> Self;
    /// `exp(self) - 1`, without cancellation near 0.
    fn expm1<F: Fused>(self) -> Self;
    /// `ln(1 + self)`, without cancellation near 0.
    fn log1p<F: Fused>(self) -> Self;
    /// The natural logarithm.
    fn ln<F: Fused>(self) -> Self;
    /// The binary logarithm.
    fn log2<F: Fused>(self) -> Self;
    /// `self` raised to the power `exponent`, with the special values of IEEE 754.
    fn pow<F: Fused>(self, exponent: Self) -> Self;
    /// The largest integer that is not above it; exact.
    fn floor<F: Fused>(self) -> Self;
    /// The smallest integer that is not below it; exact.
    fn ceil<F: Fused>(self) -> Self;
    /// The hyperbolic sine.
    fn sinh<F: Fused>(self) -> Self;
    /// The hyperbolic cosine.
    fn cosh<F: Fused>(self) -> Self;
    /// The angle in radians whose tangent it is.
    fn atan<F: Fused>(self) -> Self;
    /// The error function.
    fn erf<F: Fused>(self) -> Self;
    /// The sine of an angle in radians.
    fn sin<F: Fused>(self) -> Self;
    /// The cosine of an angle in radians.
    fn cos<F: Fused>(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh<F: Fused>(self) -> Self;
    /// `1 / (1 + exp(-self))`.
    fn sigmoid<F: Fused>(self) -> Self;
    /// `tanh(slope × self)` for the exact product.
    fn tanh_scaled<F: Fused>(self, slope: Self) -> Self;
    /// `1 / (1 + exp(-slope × self))` for the exact product.
    fn sigmoid_scaled<F: Fused>(self, slope: Self) -> Self;
    /// `ln(1 + exp(beta × self)) / beta`, without a cut-off.
    fn softplus_scaled<F: Fused>(self, beta: Self) -> Self;
    /// `self × Φ(self)` with the normal distribution's Φ.
    fn gelu<F: Fused>(self) -> Self;
    /// `self / 2 × (1 + tanh(√(2/π) × (self + 0.044715 × self³)))`.
    fn gelu_tanh<F: Fused>(self) -> Self;
    /// `self × tanh(ln(1 + exp(self)))`.
    fn mish<F: Fused>(self) -> Self;
    /// `self - tanh(self)`, without cancellation near 0.
    fn tanh_shrink<F: Fused>(self) -> Self;
    /// `exp(-k × self²)` for the exact product.
    fn gaussian<F: Fused>(self, k: Self) -> Self;
}

macro_rules! real {
    ($type:ty, $module:ident, $fma:ident) => {
        impl Real for $type {
            #[inline(always)]
            #[allow(clippy::unnecessary_cast, reason = "the macro serves both precisions")]
            fn rounded(value: f64) -> Self {
                value as $type
            }
            #[inline(always)]
            fn widened(self) -> f64 {
                f64::from(self)
            }
            #[inline(always)]
            fn fused<F: Fused>(self, factor: Self, addend: Self) -> Self {
                F::$fma(self, factor, addend)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                self.abs()
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                self.sqrt()
            }
            #[inline(always)]
            fn is_nan(self) -> bool {
                self.is_nan()
            }
            #[inline(always)]
            fn is_sign_negative(self) -> bool {
                self.is_sign_negative()
            }
            #[inline(always)]
            fn exp<F: Fused>(self) -> Self {
                $module::exp::<F>(self)
            }
            #[inline(always)]
            fn expm1<F: Fused>(self) -> Self {
                $module::expm1::<F>(self)
            }
            #[inline(always)]
            fn log1p<F: Fused>(self) -> Self {
                $module::log1p::<F>(self)
            }
            #[inline(always)]
            fn ln<F: Fused>(self) -> Self {
                $module::ln::<F>(self)
            }
            #[inline(always)]
            fn log2<F: Fused>(self) -> Self {
                $module::log2::<F>(self)
            }
            #[inline(always)]
            fn pow<F: Fused>(self, exponent: Self) -> Self {
                $module::pow::<F>(self, exponent)
            }
            #[inline(always)]
            fn floor<F: Fused>(self) -> Self {
                $module::floor::<F>(self)
            }
            #[inline(always)]
            fn ceil<F: Fused>(self) -> Self {
                $module::ceil::<F>(self)
            }
            #[inline(always)]
            fn sinh<F: Fused>(self) -> Self {
                $module::sinh::<F>(self)
            }
            #[inline(always)]
            fn cosh<F: Fused>(self) -> Self {
                $module::cosh::<F>(self)
            }
            #[inline(always)]
            fn atan<F: Fused>(self) -> Self {
                $module::atan::<F>(self)
            }
            #[inline(always)]
            fn erf<F: Fused>(self) -> Self {
                $module::erf::<F>(self)
            }
            #[inline(always)]
            fn sin<F: Fused>(self) -> Self {
                $module::sin::<F>(self)
            }
            #[inline(always)]
            fn cos<F: Fused>(self) -> Self {
                $module::cos::<F>(self)
            }
            #[inline(always)]
            fn tanh<F: Fused>(self) -> Self {
                $module::tanh::<F>(self)
            }
            #[inline(always)]
            fn sigmoid<F: Fused>(self) -> Self {
                $module::sigmoid::<F>(self)
            }
            #[inline(always)]
            fn tanh_scaled<F: Fused>(self, slope: Self) -> Self {
                $module::tanh_scaled::<F>(slope, self)
            }
            #[inline(always)]
            fn sigmoid_scaled<F: Fused>(self, slope: Self) -> Self {
                $module::sigmoid_scaled::<F>(slope, self)
            }
            #[inline(always)]
            fn softplus_scaled<F: Fused>(self, beta: Self) -> Self {
                $module::softplus_scaled::<F>(beta, self)
            }
            #[inline(always)]
            fn gelu<F: Fused>(self) -> Self {
                $module::gelu::<F>(self)
            }
            #[inline(always)]
            fn gelu_tanh<F: Fused>(self) -> Self {
                $module::gelu_tanh::<F>(self)
            }
            #[inline(always)]
            fn mish<F: Fused>(self) -> Self {
                $module::mish::<F>(self)
            }
            #[inline(always)]
            fn tanh_shrink<F: Fused>(self) -> Self {
                $module::tanh_shrink::<F>(self)
            }
            #[inline(always)]
            fn gaussian<F: Fused>(self, k: Self) -> Self {
                $module::gaussian::<F>(k, self)
            }
        }
    };
}

real!(f64, double, fma64);
real!(f32, single, fma32);

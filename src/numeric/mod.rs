//! Numbers: the fused multiply-add, the project's own elementary functions, and numbers as text.
//!
//! The formulas are made only of `+ - × ÷ √`, the fused multiply-add, comparisons, bit moves and small tables. So
//! every machine, every width and every number of threads gives the same bits; platform libraries do not.

pub mod decimal;
pub mod double;
pub mod fma;
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
    /// The natural exponential.
    fn exp<F: Fused>(self) -> Self;
    /// `tanh(slope × self)` for the exact product.
    fn tanh_scaled<F: Fused>(self, slope: Self) -> Self;
    /// `1 / (1 + exp(-slope × self))` for the exact product.
    fn sigmoid_scaled<F: Fused>(self, slope: Self) -> Self;
    /// `ln(1 + exp(beta × self)) / beta`, without a cut-off.
    fn softplus_scaled<F: Fused>(self, beta: Self) -> Self;
    /// `self × Φ(self)` with the normal distribution's Φ.
    fn gelu<F: Fused>(self) -> Self;
}

macro_rules! real {
    ($type:ty, $module:ident, $fma:ident) => {
        impl Real for $type {
            #[inline(always)]
            #[expect(clippy::allow_attributes_without_reason, reason = "the macro serves both precisions")]
            #[allow(clippy::cast_possible_truncation, clippy::unnecessary_cast)]
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
            fn exp<F: Fused>(self) -> Self {
                $module::exp::<F>(self)
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
        }
    };
}

real!(f64, double, fma64);
real!(f32, single, fma32);

//! Double-precision functions without branches and without library calls: the same bits with the
//! fused multiply-add instruction and without it, in a loop over a slice and in a single call.
//!
//! Every function is generic over [`Fused`](super::fma::Fused) and inlined into its caller, so
//! that a loop inside a function compiled for vector instructions becomes vector code: both sides
//! of every case are computed and one is selected. A NaN gives a NaN, of unspecified sign and
//! payload.

mod atan;
mod erf;
mod exp;
mod hyperbolic;
mod log;
mod logistic;
mod pair;
mod power;
mod reduced;
mod round;
mod softplus;
mod trig;
mod trig_table;

pub use atan::atan;
pub use erf::{erf, erfc, gelu};
pub use exp::{exp, expm1, gaussian};
pub use hyperbolic::{cosh, sinh, tanh, tanh_scaled, tanh_shrink};
pub use log::{ln, log1p, log2};
pub use logistic::{gelu_tanh, mish, sigmoid, sigmoid_scaled};
pub use power::pow;
pub use round::{ceil, floor};
pub use softplus::{softplus, softplus_scaled};
pub use trig::{cos, sin};

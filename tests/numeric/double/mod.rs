//! The double-precision formulas against correctly rounded results.

mod composed;
mod elementary;
mod points;
mod power;
mod special;

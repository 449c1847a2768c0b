//! The project's formulas against correctly rounded results, at dense and at hard points.

mod double;
mod fma;
mod oracle;
mod single;

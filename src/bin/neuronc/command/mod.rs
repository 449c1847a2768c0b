//! The commands, one a file.

pub mod bench;
pub mod check;
pub mod draw;
pub mod explain;
pub mod fmt;
pub mod new;
pub mod run;
pub mod test;

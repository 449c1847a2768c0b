//! What stands for PNG in a program without the crate that makes it.

use crate::command::draw::Unmade;

/// Whether this program can make PNG.
pub fn check() -> Result<(), Unmade> {
    Err(Unmade::Absent)
}

/// There is none.
pub fn png(_: &str, _: u32) -> Result<Vec<u8>, Unmade> {
    Err(Unmade::Absent)
}

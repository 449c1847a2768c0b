//! The crates that read columns panic on some damaged files: that is such a file's fault, and told as others are.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::form::Unread;

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread is told as the fault of a file.
pub fn is_guarded() -> bool {
    IS_GUARDED.get()
}

/// What `read` gives; nothing that it worked on is to be used again if it fails.
pub fn guarded<T>(read: impl FnOnce() -> Result<T, Unread>) -> Result<T, Unread> {
    IS_GUARDED.set(true);
    let read = catch_unwind(AssertUnwindSafe(read));
    IS_GUARDED.set(false);
    read.unwrap_or_else(|_| Err(Unread::broken(&"what it tells of itself contradicts itself")))
}

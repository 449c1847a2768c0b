//! Values of many rows side by side.

/// How many rows stand side by side: in single precision they fill a line of the caches.
pub(crate) const LANES: usize = 16;

/// One value of each of [`LANES`] rows.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(C, align(64))]
pub(crate) struct Lanes<R>(pub(crate) [R; LANES]);

impl<R: Copy> Lanes<R> {
    /// The same value in each row.
    #[inline(always)]
    pub(crate) fn all(value: R) -> Lanes<R> {
        Lanes([value; LANES])
    }
}

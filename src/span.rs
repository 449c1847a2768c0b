//! Where something stands: a file and a range of its bytes.

use std::ops::Range;

/// Which of the [`Sources`](crate::Sources) a span points into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(pub(crate) u32);

/// A range of bytes in one source; `start <= end`, both on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The source.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The bytes `range` of `file`.
    ///
    /// A source is at most 1 GiB long, so that its offsets fit 32 bits.
    pub(crate) fn new(file: FileId, range: Range<usize>) -> Span {
        let narrow = |offset: usize| u32::try_from(offset).expect("a source is at most 1 GiB");
        Span { file, start: narrow(range.start), end: narrow(range.end) }
    }

    /// The range of bytes.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// From the start of `self` to the end of `other`, in the file of `self`.
    #[must_use]
    pub(crate) fn to(self, other: Span) -> Span {
        Span { file: self.file, start: self.start, end: self.end.max(other.end) }
    }
}

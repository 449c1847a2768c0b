//! Where the values of a block of rows stand.

use std::ops::Range;

use crate::numeric::lanes::Lanes;
use crate::plan::Slots;

/// The values of some rows: slot after slot, of each some lines of lanes, sixteen rows a line.
pub(crate) struct Block<'a, R> {
    pub(crate) values: &'a mut [Lanes<R>],
    /// How many lines of each slot there is room for.
    pub(crate) pitch: usize,
    /// How many of them are there now.
    pub(crate) lines: usize,
}

impl<R> Block<'_, R> {
    /// The same block for a while.
    pub(crate) fn again(&mut self) -> Block<'_, R> {
        Block { values: &mut *self.values, pitch: self.pitch, lines: self.lines }
    }

    /// The lines of neighbouring slots, in as few pieces of neighbouring lines as they are.
    #[inline(always)]
    pub(crate) fn pieces(&self, slots: Slots) -> Pieces {
        let (next, step, count) = (slots.first as usize * self.pitch, self.pitch, slots.count as usize);
        if self.lines == self.pitch {
            Pieces { next, step, length: count * step, left: 1 }
        } else {
            Pieces { next, step, length: self.lines, left: count }
        }
    }
}

/// Ranges of lines.
pub(crate) struct Pieces {
    next: usize,
    step: usize,
    length: usize,
    left: usize,
}

impl Pieces {
    /// The next one. No iterator: its functions are not always compiled with the path's instructions.
    #[inline(always)]
    pub(crate) fn next(&mut self) -> Option<Range<usize>> {
        if self.left == 0 {
            return None;
        }
        let range = self.next..self.next + self.length;
        self.next += self.step;
        self.left -= 1;
        Some(range)
    }
}

//! Between rows and blocks.

use crate::eval::kernel::Task;
use crate::eval::kernel::block::Block;
use crate::eval::kernel::machine::{Machine, Row};
use crate::eval::kernel::transpose::COLUMNS;
use crate::numeric::Real;
use crate::numeric::lanes::{LANES, Lanes};

/// Puts rows into a block: each row's values into `slots`, in order. Lanes without a row get zeros.
pub(super) struct Put<'a, R> {
    pub(super) block: Block<'a, R>,
    pub(super) slots: &'a [u32],
    /// Perhaps more of them than there is room for.
    pub(super) rows: &'a [R],
}

/// Takes rows out of a block: each row's values from `slots`, in order.
pub(super) struct Get<'a, R> {
    pub(super) block: Block<'a, R>,
    pub(super) slots: &'a [u32],
    pub(super) rows: &'a mut [R],
}

impl<R: Row> Task for Put<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<M: Machine>(self) {
        put::<M, R>(self.block, self.slots, self.rows);
    }
}

impl<R: Row> Task for Get<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<M: Machine>(self) {
        get::<M, R>(self.block, self.slots, self.rows);
    }
}

#[inline(always)]
fn put<M: Machine, R: Row>(block: Block<'_, R>, slots: &[u32], rows: &[R]) {
    let Block { values, pitch, lines } = block;
    let width = slots.len();
    if width == 0 {
        return;
    }
    let is_run = are_neighbours(slots);
    let mut aside = [Lanes::all(R::rounded(0.0)); COLUMNS];
    let mut rest = rows;
    for line in 0..lines {
        let values = &mut values[line..];
        // Where rows are narrow, what follows them is read, too.
        let is_whole = rest.len() >= LANES * width && (width <= 2 || rest.len() >= (LANES - 1) * width + COLUMNS);
        if !is_whole {
            put_one_by_one(values, pitch, slots, rest);
        } else if width == 1 {
            values[slots[0] as usize * pitch].0.copy_from_slice(&rest[..LANES]);
        } else if width == 2 {
            let mut pair = [Lanes::all(R::rounded(0.0)); 2];
            R::to_pair::<M>(rest.first_chunk().expect("the rows are whole"), &mut pair);
            values[slots[0] as usize * pitch] = pair[0];
            values[slots[1] as usize * pitch] = pair[1];
        } else {
            for group in 0..width.div_ceil(COLUMNS) {
                let first = start_of(group, width);
                // The next sixteen rows, of which a machine does not foresee that they follow.
                let next = LANES * (width + group * COLUMNS);
                let mut line = 0;
                while line < LANES * COLUMNS && next + line < rest.len() {
                    M::fetch(&rest[next + line]);
                    line += 64 / size_of::<R>();
                }
                // Behind few inputs stand neurons, which are computed later.
                let place = slots[first] as usize * pitch;
                match values.get_mut(place..=place + (COLUMNS - 1) * pitch) {
                    Some(lanes) if is_run => {
                        R::to_lanes::<M>(&rest[first..], width, lanes, pitch);
                    }
                    Some(_) | None => {
                        R::to_lanes::<M>(&rest[first..], width, &mut aside, 1);
                        let slots = &slots[first..width.min(first + COLUMNS)];
                        for column in 0..slots.len() {
                            values[slots[column] as usize * pitch] = aside[column];
                        }
                    }
                }
            }
        }
        rest = &rest[rest.len().min(LANES * width)..];
    }
}

#[inline(always)]
fn get<M: Machine, R: Row>(block: Block<'_, R>, slots: &[u32], rows: &mut [R]) {
    let Block { values, pitch, lines } = block;
    let width = slots.len();
    if width == 0 {
        return;
    }
    let is_run = are_neighbours(slots);
    let mut aside = [Lanes::all(R::rounded(0.0)); COLUMNS];
    let mut rest = rows;
    for line in 0..lines {
        let values = &values[line..];
        // Where rows are narrow, what follows them is written, too; the next rows come after.
        let is_whole = rest.len() >= LANES * width && (width <= 2 || rest.len() >= (LANES - 1) * width + COLUMNS);
        if !is_whole {
            get_one_by_one(values, pitch, slots, rest);
        } else if width == 1 {
            rest[..LANES].copy_from_slice(&values[slots[0] as usize * pitch].0);
        } else if width == 2 {
            let pair = [values[slots[0] as usize * pitch], values[slots[1] as usize * pitch]];
            R::from_pair::<M>(&pair, rest.first_chunk_mut().expect("the rows are whole"));
        } else {
            for group in 0..width.div_ceil(COLUMNS) {
                let first = start_of(group, width);
                let place = slots[first] as usize * pitch;
                match values.get(place..=place + (COLUMNS - 1) * pitch) {
                    Some(lanes) if is_run => {
                        R::to_rows::<M>(lanes, pitch, &mut rest[first..], width);
                    }
                    Some(_) | None => {
                        let slots = &slots[first..width.min(first + COLUMNS)];
                        for column in 0..slots.len() {
                            aside[column] = values[slots[column] as usize * pitch];
                        }
                        R::to_rows::<M>(&aside, 1, &mut rest[first..], width);
                    }
                }
            }
        }
        let count = rest.len().min(LANES * width);
        rest = &mut rest[count..];
    }
}

/// Whether each slot follows the one before it.
#[inline(always)]
fn are_neighbours(slots: &[u32]) -> bool {
    for place in 1..slots.len() {
        if slots[place] != slots[place - 1] + 1 {
            return false;
        }
    }
    true
}

/// Where a group of columns starts: all are whole where the rows are wide enough, so that the last two may overlap.
#[inline(always)]
fn start_of(group: usize, width: usize) -> usize {
    (group * COLUMNS).min(width.saturating_sub(COLUMNS))
}

#[inline(always)]
fn put_one_by_one<R: Real>(values: &mut [Lanes<R>], pitch: usize, slots: &[u32], rows: &[R]) {
    for (column, slot) in slots.iter().enumerate() {
        let lanes = &mut values[*slot as usize * pitch];
        *lanes = Lanes::all(R::rounded(0.0));
        for (lane, row) in std::iter::zip(&mut lanes.0, rows.chunks_exact(slots.len())) {
            *lane = row[column];
        }
    }
}

#[inline(always)]
fn get_one_by_one<R: Real>(values: &[Lanes<R>], pitch: usize, slots: &[u32], rows: &mut [R]) {
    for (column, slot) in slots.iter().enumerate() {
        for (lane, row) in std::iter::zip(&values[*slot as usize * pitch].0, rows.chunks_exact_mut(slots.len())) {
            row[column] = *lane;
        }
    }
}

//! Between rows and panels.

use crate::numeric::Real;
use crate::numeric::lanes::{LANES, Lanes};

/// Puts rows into panels: each row's values into `slots`, in order. Lanes without a row get zeros.
#[inline(always)]
pub(super) fn put<R: Real>(values: &mut [Lanes<R>], panel: usize, slots: &[u32], rows: &[R]) {
    if slots.is_empty() {
        return;
    }
    let panels = values.chunks_exact_mut(panel);
    for (panel, rows) in std::iter::zip(panels, rows.chunks(LANES * slots.len())) {
        for (column, slot) in slots.iter().enumerate() {
            let lanes = &mut panel[*slot as usize];
            *lanes = Lanes::all(R::rounded(0.0));
            for (lane, row) in std::iter::zip(&mut lanes.0, rows.chunks_exact(slots.len())) {
                *lane = row[column];
            }
        }
    }
}

/// Takes rows out of panels: each row's values from `slots`, in order.
#[inline(always)]
pub(super) fn get<R: Real>(values: &[Lanes<R>], panel: usize, slots: &[u32], rows: &mut [R]) {
    let panels = values.chunks_exact(panel);
    for (panel, rows) in std::iter::zip(panels, rows.chunks_mut(LANES * slots.len())) {
        for (column, slot) in slots.iter().enumerate() {
            for (lane, row) in std::iter::zip(&panel[*slot as usize].0, rows.chunks_exact_mut(slots.len())) {
                row[column] = *lane;
            }
        }
    }
}

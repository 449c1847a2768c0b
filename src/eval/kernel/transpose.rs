//! Between rows and columns: sixteen rows of a table as they stand in memory, and their values side by side.

use crate::numeric::Real;
use crate::numeric::lanes::{LANES, Lanes};

/// How many columns are turned at once.
pub(crate) const COLUMNS: usize = 8;

/// Where the last of the values ends.
fn end(width: usize) -> usize {
    (LANES - 1) * width + COLUMNS
}

#[inline(always)]
pub(super) fn to_lanes<R: Real>(rows: &[R], width: usize, lanes: &mut [Lanes<R>], pitch: usize) {
    for row in 0..LANES {
        for (column, value) in rows[row * width..row * width + COLUMNS].iter().enumerate() {
            lanes[column * pitch].0[row] = *value;
        }
    }
}

#[inline(always)]
pub(super) fn to_rows<R: Real>(lanes: &[Lanes<R>], pitch: usize, rows: &mut [R], width: usize) {
    for row in 0..LANES {
        for (column, value) in rows[row * width..row * width + COLUMNS].iter_mut().enumerate() {
            *value = lanes[column * pitch].0[row];
        }
    }
}

#[inline(always)]
pub(super) fn to_pair<R: Real>(rows: &[R; 2 * LANES], lanes: &mut [Lanes<R>; 2]) {
    for row in 0..LANES {
        lanes[0].0[row] = rows[2 * row];
        lanes[1].0[row] = rows[2 * row + 1];
    }
}

#[inline(always)]
pub(super) fn from_pair<R: Real>(pair: &[Lanes<R>; 2], rows: &mut [R; 2 * LANES]) {
    for row in 0..LANES {
        rows[2 * row] = pair[0].0[row];
        rows[2 * row + 1] = pair[1].0[row];
    }
}

/// By registers of 256 bits.
#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "wide loads and stores")]
pub(super) mod wide {
    use std::arch::x86_64::{
        __m256, __m256d, _mm256_loadu_pd, _mm256_loadu_ps, _mm256_permute2f128_pd, _mm256_permute2f128_ps,
        _mm256_permute4x64_pd, _mm256_shuffle_ps, _mm256_storeu_pd, _mm256_storeu_ps, _mm256_unpackhi_pd,
        _mm256_unpackhi_ps, _mm256_unpacklo_pd, _mm256_unpacklo_ps,
    };

    use super::{COLUMNS, LANES, Lanes, end};

    /// Eight rows of eight become eight columns of eight.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn turn_32(rows: [__m256; 8]) -> [__m256; 8] {
        const LOW: i32 = 0b01_00_01_00;
        const HIGH: i32 = 0b11_10_11_10;
        let [a, b, c, d, e, f, g, h] = rows;
        let (ab, ab_high) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
        let (cd, cd_high) = (_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
        let (ef, ef_high) = (_mm256_unpacklo_ps(e, f), _mm256_unpackhi_ps(e, f));
        let (gh, gh_high) = (_mm256_unpacklo_ps(g, h), _mm256_unpackhi_ps(g, h));
        let (above_0, below_0) = (_mm256_shuffle_ps::<LOW>(ab, cd), _mm256_shuffle_ps::<LOW>(ef, gh));
        let (above_1, below_1) = (_mm256_shuffle_ps::<HIGH>(ab, cd), _mm256_shuffle_ps::<HIGH>(ef, gh));
        let (above_2, below_2) =
            (_mm256_shuffle_ps::<LOW>(ab_high, cd_high), _mm256_shuffle_ps::<LOW>(ef_high, gh_high));
        let (above_3, below_3) =
            (_mm256_shuffle_ps::<HIGH>(ab_high, cd_high), _mm256_shuffle_ps::<HIGH>(ef_high, gh_high));
        [
            _mm256_permute2f128_ps::<0x20>(above_0, below_0),
            _mm256_permute2f128_ps::<0x20>(above_1, below_1),
            _mm256_permute2f128_ps::<0x20>(above_2, below_2),
            _mm256_permute2f128_ps::<0x20>(above_3, below_3),
            _mm256_permute2f128_ps::<0x31>(above_0, below_0),
            _mm256_permute2f128_ps::<0x31>(above_1, below_1),
            _mm256_permute2f128_ps::<0x31>(above_2, below_2),
            _mm256_permute2f128_ps::<0x31>(above_3, below_3),
        ]
    }

    /// Four rows of four become four columns of four.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn turn_64(rows: [__m256d; 4]) -> [__m256d; 4] {
        let [a, b, c, d] = rows;
        let (ab, ab_high) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
        let (cd, cd_high) = (_mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d));
        [
            _mm256_permute2f128_pd::<0x20>(ab, cd),
            _mm256_permute2f128_pd::<0x20>(ab_high, cd_high),
            _mm256_permute2f128_pd::<0x31>(ab, cd),
            _mm256_permute2f128_pd::<0x31>(ab_high, cd_high),
        ]
    }

    /// The first eight values of eight rows.
    ///
    /// # Safety
    /// They lie behind `rows`.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    unsafe fn eight_32(rows: *const f32, width: usize) -> [__m256; 8] {
        // SAFETY: the caller's.
        unsafe {
            [
                _mm256_loadu_ps(rows),
                _mm256_loadu_ps(rows.add(width)),
                _mm256_loadu_ps(rows.add(2 * width)),
                _mm256_loadu_ps(rows.add(3 * width)),
                _mm256_loadu_ps(rows.add(4 * width)),
                _mm256_loadu_ps(rows.add(5 * width)),
                _mm256_loadu_ps(rows.add(6 * width)),
                _mm256_loadu_ps(rows.add(7 * width)),
            ]
        }
    }

    /// The first four values of four rows.
    ///
    /// # Safety
    /// They lie behind `rows`.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    unsafe fn four_64(rows: *const f64, width: usize) -> [__m256d; 4] {
        // SAFETY: the caller's.
        unsafe {
            [
                _mm256_loadu_pd(rows),
                _mm256_loadu_pd(rows.add(width)),
                _mm256_loadu_pd(rows.add(2 * width)),
                _mm256_loadu_pd(rows.add(3 * width)),
            ]
        }
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub(in crate::eval::kernel) fn singles_to_lanes(
        rows: &[f32],
        width: usize,
        lanes: &mut [Lanes<f32>],
        pitch: usize,
    ) {
        assert!(rows.len() >= end(width) && lanes.len() > (COLUMNS - 1) * pitch, "rows and lanes are complete");
        let (rows, lanes) = (rows.as_ptr(), lanes.as_mut_ptr().cast::<f32>());
        for half in [0, 8] {
            // SAFETY: the last row's eighth value lies within `rows`, and so do those before it; eight lanes are written,
            // each eight values.
            unsafe {
                let block = turn_32(eight_32(rows.add(half * width), width));
                for (column, values) in block.into_iter().enumerate() {
                    _mm256_storeu_ps(lanes.add(column * pitch * LANES + half), values);
                }
            }
        }
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub(in crate::eval::kernel) fn lanes_to_singles(
        lanes: &[Lanes<f32>],
        pitch: usize,
        rows: &mut [f32],
        width: usize,
    ) {
        assert!(rows.len() >= end(width) && lanes.len() > (COLUMNS - 1) * pitch, "rows and lanes are complete");
        let (rows, lanes) = (rows.as_mut_ptr(), lanes.as_ptr().cast::<f32>());
        for half in [0, 8] {
            // SAFETY: eight lanes are read, each eight values; the last row's eighth value lies within `rows`, and so do
            // those before it.
            unsafe {
                let block = turn_32(eight_32(lanes.add(half), pitch * LANES));
                for (row, values) in block.into_iter().enumerate() {
                    _mm256_storeu_ps(rows.add((half + row) * width), values);
                }
            }
        }
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub(in crate::eval::kernel) fn single_pairs(rows: &[f32; 2 * LANES], lanes: &mut [Lanes<f32>; 2]) {
        for half in [0, 8] {
            // SAFETY: 16 values of `rows` are read from twice `half` on, and 8 of each lane written.
            unsafe {
                let first = _mm256_loadu_ps(rows.as_ptr().add(2 * half));
                let second = _mm256_loadu_ps(rows.as_ptr().add(2 * half + 8));
                let near = _mm256_permute2f128_ps::<0x20>(first, second);
                let far = _mm256_permute2f128_ps::<0x31>(first, second);
                let even = _mm256_shuffle_ps::<0b10_00_10_00>(near, far);
                let odd = _mm256_shuffle_ps::<0b11_01_11_01>(near, far);
                _mm256_storeu_ps(lanes[0].0.as_mut_ptr().add(half), even);
                _mm256_storeu_ps(lanes[1].0.as_mut_ptr().add(half), odd);
            }
        }
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub(in crate::eval::kernel) fn doubles_to_lanes(
        rows: &[f64],
        width: usize,
        lanes: &mut [Lanes<f64>],
        pitch: usize,
    ) {
        assert!(rows.len() >= end(width) && lanes.len() > (COLUMNS - 1) * pitch, "rows and lanes are complete");
        let (rows, lanes) = (rows.as_ptr(), lanes.as_mut_ptr().cast::<f64>());
        for quarter in [0, 4, 8, 12] {
            for half in [0, 4] {
                // SAFETY: the last row's eighth value lies within `rows`, and so do those before it; of eight lanes four
                // values each are written.
                unsafe {
                    let block = turn_64(four_64(rows.add(quarter * width + half), width));
                    for (column, values) in block.into_iter().enumerate() {
                        _mm256_storeu_pd(lanes.add((half + column) * pitch * LANES + quarter), values);
                    }
                }
            }
        }
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub(in crate::eval::kernel) fn lanes_to_doubles(
        lanes: &[Lanes<f64>],
        pitch: usize,
        rows: &mut [f64],
        width: usize,
    ) {
        assert!(rows.len() >= end(width) && lanes.len() > (COLUMNS - 1) * pitch, "rows and lanes are complete");
        let (rows, lanes) = (rows.as_mut_ptr(), lanes.as_ptr().cast::<f64>());
        for quarter in [0, 4, 8, 12] {
            // SAFETY: of eight lanes four values each are read; the last row's eighth value lies within `rows`, and so do
            // those before it.
            unsafe {
                let near = turn_64(four_64(lanes.add(quarter), pitch * LANES));
                let far = turn_64(four_64(lanes.add(4 * pitch * LANES + quarter), pitch * LANES));
                for row in 0..4 {
                    _mm256_storeu_pd(rows.add((quarter + row) * width), near[row]);
                    _mm256_storeu_pd(rows.add((quarter + row) * width + 4), far[row]);
                }
            }
        }
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub(in crate::eval::kernel) fn double_pairs(rows: &[f64; 2 * LANES], lanes: &mut [Lanes<f64>; 2]) {
        const ORDER: i32 = 0b11_01_10_00;
        for quarter in [0, 4, 8, 12] {
            // SAFETY: 8 values of `rows` are read from twice `quarter` on, and 4 of each lane written.
            unsafe {
                let first = _mm256_loadu_pd(rows.as_ptr().add(2 * quarter));
                let second = _mm256_loadu_pd(rows.as_ptr().add(2 * quarter + 4));
                let even = _mm256_permute4x64_pd::<ORDER>(_mm256_unpacklo_pd(first, second));
                let odd = _mm256_permute4x64_pd::<ORDER>(_mm256_unpackhi_pd(first, second));
                _mm256_storeu_pd(lanes[0].0.as_mut_ptr().add(quarter), even);
                _mm256_storeu_pd(lanes[1].0.as_mut_ptr().add(quarter), odd);
            }
        }
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub(in crate::eval::kernel) fn pair_of_singles(pair: &[Lanes<f32>; 2], rows: &mut [f32; 2 * LANES]) {
        for half in [0, 8] {
            // SAFETY: 8 values of each lane are read from `half` on, and 16 of `rows` written from twice that on.
            unsafe {
                let even = _mm256_loadu_ps(pair[0].0.as_ptr().add(half));
                let odd = _mm256_loadu_ps(pair[1].0.as_ptr().add(half));
                let (near, far) = (_mm256_unpacklo_ps(even, odd), _mm256_unpackhi_ps(even, odd));
                _mm256_storeu_ps(rows.as_mut_ptr().add(2 * half), _mm256_permute2f128_ps::<0x20>(near, far));
                _mm256_storeu_ps(rows.as_mut_ptr().add(2 * half + 8), _mm256_permute2f128_ps::<0x31>(near, far));
            }
        }
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub(in crate::eval::kernel) fn pair_of_doubles(pair: &[Lanes<f64>; 2], rows: &mut [f64; 2 * LANES]) {
        for quarter in [0, 4, 8, 12] {
            // SAFETY: 4 values of each lane are read from `quarter` on, and 8 of `rows` written from twice that on.
            unsafe {
                let even = _mm256_loadu_pd(pair[0].0.as_ptr().add(quarter));
                let odd = _mm256_loadu_pd(pair[1].0.as_ptr().add(quarter));
                let (near, far) = (_mm256_unpacklo_pd(even, odd), _mm256_unpackhi_pd(even, odd));
                _mm256_storeu_pd(rows.as_mut_ptr().add(2 * quarter), _mm256_permute2f128_pd::<0x20>(near, far));
                _mm256_storeu_pd(rows.as_mut_ptr().add(2 * quarter + 4), _mm256_permute2f128_pd::<0x31>(near, far));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::kernel::machine::{Machine, Row};
    use crate::eval::kernel::{Path, Task, dispatch_wide};

    /// Rows of `width` numbers to lanes and back.
    struct There<R> {
        rows: Vec<R>,
        width: usize,
    }

    impl<R: Row> Task for There<R> {
        type Output = ();

        #[inline(always)]
        fn run<M: Machine>(self) {
            let There { rows, width } = self;
            let mut lanes = [Lanes::all(R::rounded(-1.0)); COLUMNS];
            R::to_lanes::<M>(&rows, width, &mut lanes, 1);
            for (column, lanes) in lanes.iter().enumerate() {
                for (row, value) in lanes.0.iter().enumerate() {
                    assert_eq!(*value, rows[row * width + column], "row {row}, column {column} of {width}");
                }
            }
            let mut back = vec![R::rounded(-1.0); rows.len()];
            R::to_rows::<M>(&lanes, 1, &mut back, width);
            for row in 0..LANES {
                let written = row * width..row * width + width.min(COLUMNS);
                assert_eq!(back[written.clone()], rows[written], "row {row} of {width}");
            }
            if let Some(pairs) = rows.first_chunk() {
                let mut pair = [Lanes::all(R::rounded(-1.0)); 2];
                R::to_pair::<M>(pairs, &mut pair);
                for row in 0..LANES {
                    assert_eq!([pair[0].0[row], pair[1].0[row]], pairs[2 * row..2 * row + 2], "row {row}");
                }
                let mut back = [R::rounded(-1.0); 2 * LANES];
                R::from_pair::<M>(&pair, &mut back);
                assert_eq!(&back, pairs);
            }
        }
    }

    #[test]
    fn rows_become_columns_and_rows_again_on_every_path() {
        for path in Path::available() {
            for width in [1, 2, 3, 7, 8, 9, 20] {
                let count = end(width);
                let rows: Vec<f64> = (0..count).map(|value| value as f64).collect();
                dispatch_wide(path.present(), There { rows: rows.iter().map(|value| *value as f32).collect(), width });
                dispatch_wide(path.present(), There { rows, width });
            }
        }
    }
}

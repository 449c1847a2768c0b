//! Entry into code compiled for what the machine has: the same formulas, the same bits, other instructions.
//!
//! The only place with `unsafe` code.

pub(crate) mod block;
pub(crate) mod machine;
pub(crate) mod peak;
pub(crate) mod tile;
pub(crate) mod transpose;
#[cfg(target_arch = "x86_64")]
mod x86;

#[cfg(not(target_arch = "x86_64"))]
use crate::numeric::fma::Hardware;
use crate::numeric::fma::Software;
use crate::numeric::lanes::{LANES, Lanes};
use machine::Machine;

/// How products are added with one rounding: by which instructions, never with which result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Path {
    /// Exact software that runs everywhere.
    Portable,
    /// The machine's fused multiply-add instruction: on x86-64 with registers of 256 bits (AVX2), on AArch64 of 128. On
    /// a machine without it this is the portable path.
    Fused,
    /// The same with registers of 512 bits (AVX-512), where many rows are evaluated. On a machine without them this is
    /// the path before.
    Wide,
}

impl Path {
    /// The paths of this machine, best last.
    #[must_use]
    pub fn available() -> Vec<Path> {
        let mut paths = vec![Path::Portable];
        paths.extend(has_fused().then_some(Path::Fused));
        paths.extend(has_wide().then_some(Path::Wide));
        paths
    }

    /// The fastest path of this machine.
    #[must_use]
    pub fn best() -> Path {
        Path::Wide.present().0
    }

    /// This path, or the best one before it that the machine has.
    pub(crate) fn present(self) -> Present {
        match self {
            Path::Wide if has_wide() => Present(Path::Wide),
            Path::Wide | Path::Fused if has_fused() => Present(Path::Fused),
            Path::Wide | Path::Fused | Path::Portable => Present(Path::Portable),
        }
    }
}

/// A path that this machine has; only [`Path::present`], which looks, makes one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Present(Path);

#[cfg(target_arch = "x86_64")]
fn has_fused() -> bool {
    std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")
}

#[cfg(not(target_arch = "x86_64"))]
fn has_fused() -> bool {
    // Every AArch64 machine has the instruction, so that `mul_add` compiles to it without a feature test.
    cfg!(target_arch = "aarch64")
}

#[cfg(target_arch = "x86_64")]
fn has_wide() -> bool {
    has_fused()
        && std::arch::is_x86_feature_detected!("avx512f")
        && std::arch::is_x86_feature_detected!("avx512bw")
        && std::arch::is_x86_feature_detected!("avx512dq")
        && std::arch::is_x86_feature_detected!("avx512vl")
}

#[cfg(not(target_arch = "x86_64"))]
fn has_wide() -> bool {
    false
}

/// Work that is written once and compiled for every path.
pub(crate) trait Task {
    type Output;
    /// Must be `#[inline(always)]`, to be compiled with the path's instructions.
    fn run<M: Machine>(self) -> Self::Output;
}

/// Runs `task` on `path`: work on one row, which registers of 512 bits make no faster.
pub(crate) fn dispatch<T: Task>(path: Present, task: T) -> T::Output {
    match path.0 {
        Path::Fused | Path::Wide => run_fused(path, task),
        Path::Portable => task.run::<Software>(),
    }
}

/// As [`dispatch`], for work on many rows.
pub(crate) fn dispatch_wide<T: Task>(path: Present, task: T) -> T::Output {
    match path.0 {
        Path::Wide => run_wide(path, task),
        Path::Fused | Path::Portable => dispatch(path, task),
    }
}

/// The numbers of lanes, one line after the other.
#[inline(always)]
#[expect(unsafe_code, reason = "the compiler widens one long loop better than loops in loops")]
pub(crate) fn flat<R>(lanes: &mut [Lanes<R>]) -> &mut [R] {
    const { assert!(size_of::<Lanes<R>>() == LANES * size_of::<R>(), "nothing stands between the numbers") };
    let count = LANES * lanes.len();
    // SAFETY: lanes are arrays of numbers in C's layout, and no larger than these; they stay borrowed.
    unsafe { std::slice::from_raw_parts_mut(lanes.as_mut_ptr().cast(), count) }
}

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "calls a function compiled for instructions whose presence was checked")]
fn run_fused<T: Task>(_: Present, task: T) -> T::Output {
    #[target_feature(enable = "avx2,fma")]
    fn with_features<T: Task>(task: T) -> T::Output {
        task.run::<x86::Avx2>()
    }
    // SAFETY: called only with a path that is present and has AVX2 and FMA.
    unsafe { with_features(task) }
}

#[cfg(not(target_arch = "x86_64"))]
fn run_fused<T: Task>(_: Present, task: T) -> T::Output {
    task.run::<Hardware>()
}

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "calls a function compiled for instructions whose presence was checked")]
fn run_wide<T: Task>(_: Present, task: T) -> T::Output {
    #[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl")]
    fn with_features<T: Task>(task: T) -> T::Output {
        task.run::<x86::Avx512>()
    }
    // SAFETY: called only with a path that is present and has these.
    unsafe { with_features(task) }
}

#[cfg(not(target_arch = "x86_64"))]
fn run_wide<T: Task>(path: Present, task: T) -> T::Output {
    run_fused(path, task)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Products;
    impl Task for Products {
        type Output = Vec<u64>;
        #[inline(always)]
        fn run<M: Machine>(self) -> Vec<u64> {
            let values = [1.2, 0.75, -1e-300, 1e300, f64::MIN_POSITIVE, 3.0, 0.1];
            values.iter().flat_map(|a| values.map(|b| M::fma64(*a, b, 0.8).to_bits())).collect()
        }
    }

    #[test]
    fn every_path_gives_the_same_bits() {
        let expected = dispatch(Path::Portable.present(), Products);
        for path in Path::available() {
            assert_eq!(dispatch(path.present(), Products), expected, "{path:?}");
            assert_eq!(dispatch_wide(path.present(), Products), expected, "{path:?}");
        }
        assert_eq!(Path::available().last(), Some(&Path::best()));
    }
}

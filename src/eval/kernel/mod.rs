//! Entry into code compiled for what the machine has: the same formulas, the same bits, other instructions.
//!
//! The only place with `unsafe` code.

pub(crate) mod tile;

use crate::numeric::fma::{Fused, Hardware, Software};

/// How products are added with one rounding: by which instructions, never with which result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Path {
    /// Exact software that runs everywhere.
    Portable,
    /// The machine's fused multiply-add instruction, with wide registers where it has them. On a machine without it
    /// this is the portable path.
    Fused,
}

impl Path {
    /// The paths of this machine, best last.
    #[must_use]
    pub fn available() -> Vec<Path> {
        if has_fused() { vec![Path::Portable, Path::Fused] } else { vec![Path::Portable] }
    }

    /// The fastest path of this machine.
    #[must_use]
    pub fn best() -> Path {
        if has_fused() { Path::Fused } else { Path::Portable }
    }
}

#[cfg(target_arch = "x86_64")]
fn has_fused() -> bool {
    std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")
}

#[cfg(not(target_arch = "x86_64"))]
fn has_fused() -> bool {
    // Every AArch64 machine has the instruction, so that `mul_add` compiles to it without a feature test.
    cfg!(target_arch = "aarch64")
}

/// Work that is written once and compiled for every path.
pub(crate) trait Task {
    type Output;
    /// Must be `#[inline(always)]`, to be compiled with the path's instructions.
    fn run<F: Fused>(self) -> Self::Output;
}

/// Runs `task` on `path`, or on the portable one if the machine has no other.
pub(crate) fn dispatch<T: Task>(path: Path, task: T) -> T::Output {
    match path {
        Path::Fused if has_fused() => run_fused(task),
        Path::Fused | Path::Portable => task.run::<Software>(),
    }
}

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "calls a function compiled for instructions whose presence was checked")]
fn run_fused<T: Task>(task: T) -> T::Output {
    #[target_feature(enable = "avx2,fma")]
    fn with_features<T: Task>(task: T) -> T::Output {
        task.run::<Hardware>()
    }
    // SAFETY: `dispatch` calls this only where `has_fused` found AVX2 and FMA.
    unsafe { with_features(task) }
}

#[cfg(not(target_arch = "x86_64"))]
fn run_fused<T: Task>(task: T) -> T::Output {
    task.run::<Hardware>()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Products;
    impl Task for Products {
        type Output = Vec<u64>;
        #[inline(always)]
        fn run<F: Fused>(self) -> Vec<u64> {
            let values = [1.2, 0.75, -1e-300, 1e300, f64::MIN_POSITIVE, 3.0, 0.1];
            values.iter().flat_map(|a| values.map(|b| F::fma64(*a, b, 0.8).to_bits())).collect()
        }
    }

    #[test]
    fn every_path_gives_the_same_bits() {
        let expected = dispatch(Path::Portable, Products);
        for path in Path::available() {
            assert_eq!(dispatch(path, Products), expected, "{path:?}");
        }
        assert_eq!(Path::available().last(), Some(&Path::best()));
    }
}

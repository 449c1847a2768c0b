//! What a machine can do at the most.

use super::machine::{Machine, Row, Vector};
use super::{Path, Task, dispatch_wide};
use crate::numeric::lanes::Lanes;

/// As many chains as keep a machine busy, and not more than registers for them.
const CHAINS: usize = 12;

/// Does multiply-adds that wait for nothing but each other, as wide as the path's registers are; returns how many, and a
/// number that depends on all of them.
pub(crate) fn multiply_adds<R: Row>(times: usize, path: Path) -> (u64, R) {
    dispatch_wide(path.present(), Chains { times, factor: R::rounded(0.9) })
}

struct Chains<R> {
    times: usize,
    factor: R,
}

impl<R: Row> Task for Chains<R> {
    type Output = (u64, R);

    #[inline(always)]
    fn run<M: Machine>(self) -> (u64, R) {
        let factor = R::Vector::<M>::all(self.factor);
        let mut chains = [R::Vector::<M>::all(R::rounded(0.1)); CHAINS];
        for _ in 0..self.times {
            for chain in &mut chains {
                *chain = chain.fused(factor, factor);
            }
        }
        let mut last = Lanes::all(R::rounded(0.0));
        let mut sum = R::rounded(0.0);
        for chain in chains {
            chain.write(&mut last, 0);
            sum = sum + last.0[0];
        }
        let width = last.0.len() / R::Vector::<M>::PARTS;
        ((self.times * CHAINS * width) as u64, sum)
    }
}

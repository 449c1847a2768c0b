//! Numbers that look random and are the same everywhere, in every release.
//!
//! Nothing is drawn one after the other: what belongs to place i of a seed is a function of the two. The page
//! `docs/generators.md` specifies all of it.

/// What numbers are drawn for: one seed gives other numbers for each.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    /// The pairs of a `random` rule.
    Pairs,
}

impl Purpose {
    fn word(self) -> u32 {
        match self {
            Purpose::Pairs => 1,
        }
    }
}

/// Whether pair number `pair` of a `random` rule has a synapse.
pub(crate) fn is_drawn(probability: f64, seed: u64, pair: u64) -> bool {
    let [fraction, _] = fractions(seed, Purpose::Pairs, pair);
    fraction < probability
}

/// The two numbers from 0 to below 1 that belong to a place of a seed: multiples of 2^-53, all equally probable.
fn fractions(seed: u64, purpose: Purpose, place: u64) -> [f64; 2] {
    let words = philox([place as u32, (place >> 32) as u32, purpose.word(), 0], [seed as u32, (seed >> 32) as u32]);
    let fraction = |low: u32, high: u32| {
        let bits = u64::from(high) << 32 | u64::from(low);
        (bits >> 11) as f64 / 9_007_199_254_740_992.0 // 2^53
    };
    [fraction(words[0], words[1]), fraction(words[2], words[3])]
}

/// Philox4x32-10: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011.
fn philox(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let [mut a, mut b, mut c, mut d] = counter;
    let [mut first, mut second] = key;
    for _ in 0..10 {
        let (left, right) = (0xd251_1f53 * u64::from(a), 0xcd9e_8d57 * u64::from(c));
        (a, b, c, d) = ((right >> 32) as u32 ^ b ^ first, right as u32, (left >> 32) as u32 ^ d ^ second, left as u32);
        first = first.wrapping_add(0x9e37_79b9);
        second = second.wrapping_add(0xbb67_ae85);
    }
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers that its authors publish with it, in Random123.
    #[test]
    fn philox_gives_its_known_answers() {
        let ones = u32::MAX;
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox([ones; 4], [ones; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        let (counter, key) = ([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]);
        assert_eq!(philox(counter, key), [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]);
    }

    #[test]
    fn pairs_are_drawn_as_often_as_they_are_probable() {
        let drawn = |probability: f64| (0..100_000).filter(|pair| is_drawn(probability, 7, *pair)).count();
        assert_eq!((drawn(0.0), drawn(1.0)), (0, 100_000));
        // The standard deviation is 145.
        assert!(drawn(0.3).abs_diff(30_000) < 600, "{}", drawn(0.3));
    }
}

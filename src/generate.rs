//! Numbers that look random and are the same everywhere, in every release.
//!
//! Nothing is drawn one after the other: what belongs to place i of a seed is a function of the two. The page
//! `docs/generators.md` specifies all of it.

use crate::numeric::double;
use crate::numeric::fma::Software;

/// A way to make many values: by its name, with two numbers or with the sizes of what the values are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generator {
    /// `uniform(lo, hi, seed = k)`
    Uniform,
    /// `normal(mean, std, seed = k)`
    Normal,
    /// `xavier_uniform(seed = k)`: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
    /// networks", 2010.
    XavierUniform,
    /// `xavier_normal(seed = k)`
    XavierNormal,
    /// `he_uniform(seed = k)`: He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015.
    HeUniform,
    /// `he_normal(seed = k)`
    HeNormal,
}

impl Generator {
    pub(crate) const TABLE: [(&str, Generator); 6] = [
        ("uniform", Generator::Uniform),
        ("normal", Generator::Normal),
        ("xavier_uniform", Generator::XavierUniform),
        ("xavier_normal", Generator::XavierNormal),
        ("he_uniform", Generator::HeUniform),
        ("he_normal", Generator::HeNormal),
    ];

    /// The generator of that name.
    pub(crate) fn named(name: &str) -> Option<Generator> {
        Generator::TABLE.into_iter().find(|(known, _)| *known == name).map(|(_, generator)| generator)
    }

    /// The names of its parameters; the last one is the seed.
    pub(crate) fn parameters(self) -> &'static [&'static str] {
        match self {
            Generator::Uniform => &["lo", "hi", "seed"],
            Generator::Normal => &["mean", "std", "seed"],
            Generator::XavierUniform | Generator::XavierNormal | Generator::HeUniform | Generator::HeNormal => {
                &["seed"]
            }
        }
    }

    /// How values are spread: by the numbers that it is given, or by how many sources (the fan-in) and targets (the
    /// fan-out) their synapses join. None if it needs those and there are none.
    pub(crate) fn distribution(self, numbers: &[f64], fans: Option<Fans>) -> Option<Distribution> {
        let around_zero = |limit: f64| Distribution::Uniform { lo: -limit, hi: limit };
        let normal = |std: f64| Distribution::Normal { mean: 0.0, std };
        Some(match self {
            Generator::Uniform => Distribution::Uniform { lo: numbers[0], hi: numbers[1] },
            Generator::Normal => Distribution::Normal { mean: numbers[0], std: numbers[1] },
            Generator::XavierUniform => fans.map(|fans| around_zero((6.0 / (fans.sources + fans.targets)).sqrt()))?,
            Generator::XavierNormal => fans.map(|fans| normal((2.0 / (fans.sources + fans.targets)).sqrt()))?,
            Generator::HeUniform => fans.map(|fans| around_zero((6.0 / fans.sources).sqrt()))?,
            Generator::HeNormal => fans.map(|fans| normal((2.0 / fans.sources).sqrt()))?,
        })
    }
}

/// How many sources and targets the full matrix of some synapses has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fans {
    pub(crate) sources: f64,
    pub(crate) targets: f64,
}

/// How values are spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Distribution {
    /// From `lo` to below `hi`, all equally probable.
    Uniform { lo: f64, hi: f64 },
    /// A bell around `mean`, of standard deviation `std`.
    Normal { mean: f64, std: f64 },
}

impl Distribution {
    /// The value of one place.
    pub(crate) fn value(self, seed: u64, place: u64) -> f64 {
        let [u, v] = fractions(seed, Purpose::Values, place);
        match self {
            Distribution::Uniform { lo, hi } => {
                let value = lo + (hi - lo) * u;
                if value < hi { value } else { hi.next_down() }
            }
            Distribution::Normal { mean, std } => {
                // Box and Muller, "A note on the generation of random normal deviates", 1958. 1 - u is exact, and not 0.
                let radius = (-2.0 * double::ln::<Software>(1.0 - u)).sqrt();
                mean + std * (radius * double::cos::<Software>(std::f64::consts::TAU * v))
            }
        }
    }
}

/// What numbers are drawn for: one seed gives other numbers for each.
#[derive(Debug, Clone, Copy)]
enum Purpose {
    /// The values of a generator.
    Values,
    /// The pairs of a `random` rule.
    Pairs,
}

impl Purpose {
    fn word(self) -> u32 {
        match self {
            Purpose::Values => 0,
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

    /// The largest distance between the shares of values below a number, as found and as they should be, lies above
    /// 1.95 / √n in one of a thousand honest tests (Kolmogorov and Smirnov).
    fn fits(mut values: Vec<f64>, share_below: impl Fn(f64) -> f64) -> bool {
        values.sort_unstable_by(f64::total_cmp);
        let count = values.len() as f64;
        let distance = |(place, value): (usize, &f64)| {
            let share = share_below(*value);
            (share - place as f64 / count).abs().max((share - (place + 1) as f64 / count).abs())
        };
        let largest = values.iter().enumerate().map(distance).fold(0.0, f64::max);
        largest < 1.95 / count.sqrt()
    }

    fn mean_and_variance(values: &[f64]) -> (f64, f64) {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        (mean, values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count)
    }

    #[test]
    fn uniform_values_are_spread_evenly() {
        for seed in [0, 1, 7, 1 << 53] {
            let spread = Distribution::Uniform { lo: -1.0, hi: 3.0 };
            let values: Vec<f64> = (0..100_000).map(|place| spread.value(seed, place)).collect();
            assert!(values.iter().all(|value| (-1.0..3.0).contains(value)));
            let (mean, variance) = mean_and_variance(&values);
            assert!((mean - 1.0).abs() < 0.015 && (variance - 4.0 / 3.0).abs() < 0.015, "{seed}: {mean}, {variance}");
            assert!(fits(values.clone(), |value| (value + 1.0) / 4.0), "seed {seed}");
            // The test can fail.
            assert!(!fits(values, |value| (value + 1.0) / 4.0 + 0.01), "seed {seed}");
        }
    }

    #[test]
    fn normal_values_are_spread_normally() {
        for seed in [0, 1, 7, 1 << 53] {
            let spread = Distribution::Normal { mean: 2.0, std: 0.5 };
            let values: Vec<f64> = (0..100_000).map(|place| spread.value(seed, place)).collect();
            let (mean, variance) = mean_and_variance(&values);
            assert!((mean - 2.0).abs() < 0.006 && (variance - 0.25).abs() < 0.005, "{seed}: {mean}, {variance}");
            let below = |mean: f64| {
                move |value: f64| 0.5 * double::erfc::<Software>((mean - value) / 0.5 * std::f64::consts::FRAC_1_SQRT_2)
            };
            assert!(fits(values.clone(), below(2.0)), "seed {seed}");
            assert!(!fits(values, below(2.01)), "seed {seed}");
        }
    }

    /// Neighbouring places and seeds have nothing to do with each other.
    #[test]
    fn neighbours_are_unrelated() {
        let spread = Distribution::Uniform { lo: -1.0, hi: 1.0 };
        let product = |pair: fn(u64) -> [(u64, u64); 2]| {
            let products = (0..100_000).map(|i| pair(i).map(|(seed, place)| spread.value(seed, place)));
            products.map(|[one, other]| one * other).sum::<f64>() / 100_000.0
        };
        // The standard deviation of the mean product is 0.001.
        for (place, found) in [
            product(|i| [(7, i), (7, i + 1)]),
            product(|i| [(i, 0), (i + 1, 0)]),
            product(|i| [(i, 0), (i + (1 << 32), 0)]),
            product(|i| [(7, i), (7, i + (1 << 32))]),
        ]
        .into_iter()
        .enumerate()
        {
            assert!(found.abs() < 0.005, "{place}: {found}");
        }
        let same = product(|i| [(7, i), (7, i)]);
        assert!((same - 1.0 / 3.0).abs() < 0.005, "{same}");
    }

    #[test]
    fn values_stay_below_the_upper_end() {
        let (lo, hi) = (1.0, 1.0f64.next_up());
        assert!((0..1_000).all(|place| Distribution::Uniform { lo, hi }.value(3, place) == lo));
    }
}

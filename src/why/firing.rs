//! For which net inputs a neuron fires.

use crate::activation::Activation;
use crate::eval::{Path, output};

/// For which net inputs a neuron fires: regions, one after the other, from the left.
pub(crate) struct Firing {
    /// Where each region starts, and whether the neuron fires in it.
    regions: Vec<(f64, bool)>,
}

impl Firing {
    /// None where firing means nothing.
    ///
    /// Regions that lie between two neighbours of ±2^k, 0 and the ends of straight pieces are not found.
    pub(crate) fn of(activation: &Activation, path: Path) -> Option<Firing> {
        activation.fires(0.0)?;
        let mut room = Vec::new();
        let mut fires = |net_input: f64| activation.fires(output(activation, net_input, &mut room, path)) == Some(true);
        let powers = (-1074..=1023).map(power_of_two);
        let mut grid: Vec<f64> = powers.flat_map(|power| [-power, power]).chain([f64::MIN, 0.0, f64::MAX]).collect();
        for piece in activation.curve().pieces.unwrap_or_default() {
            grid.extend([piece.start.next_down(), piece.start, piece.start.next_up()]);
        }
        grid.retain(|net_input| net_input.is_finite());
        grid.sort_by(f64::total_cmp);
        let mut regions = vec![(f64::NEG_INFINITY, fires(grid[0]))];
        for pair in grid.windows(2) {
            let before = regions[regions.len() - 1].1;
            if fires(pair[1]) != before {
                regions.push((first_other(pair[0], pair[1], |net_input| fires(net_input) != before), !before));
            }
        }
        Some(Firing { regions })
    }

    /// Where each region starts, and whether the neuron fires in it; from the left.
    pub(crate) fn regions(&self) -> &[(f64, bool)] {
        &self.regions
    }

    /// The number of the region of a net input.
    pub(super) fn locate(&self, net_input: f64) -> usize {
        self.regions.partition_point(|(start, _)| *start <= net_input).saturating_sub(1)
    }

    pub(super) fn fires(&self, region: usize) -> bool {
        self.regions[region].1
    }

    /// Where a region starts and where the next one does.
    pub(super) fn ends(&self, region: usize) -> (f64, f64) {
        let next = self.regions.get(region + 1).map_or(f64::INFINITY, |(start, _)| *start);
        (self.regions[region].0, next)
    }

    /// Whether it starts or ends to fire once at the most, from the left to the right.
    pub(super) fn has_one_end(&self) -> bool {
        self.regions.len() <= 2
    }
}

/// 2^exponent, for exponents of doubles.
fn power_of_two(exponent: i32) -> f64 {
    if exponent < -1022 {
        f64::from_bits(1 << (exponent + 1074))
    } else {
        f64::from_bits(((1023 + exponent) as u64) << 52)
    }
}

/// Of two numbers, of which `holds` holds for the second alone, and of those between, the one where it begins to hold:
/// it holds there and not for the double before, seen from the first one.
pub(super) fn first_other(without: f64, with: f64, mut holds: impl FnMut(f64) -> bool) -> f64 {
    let (mut without, mut with) = (key(without), key(with));
    while without.abs_diff(with) > 1 {
        let middle = ((i128::from(without) + i128::from(with)) / 2) as i64;
        if holds(number(middle)) {
            with = middle;
        } else {
            without = middle;
        }
    }
    number(with)
}

/// Counts doubles from 0 upwards and downwards, in their order; both zeros are one.
pub(super) fn key(number: f64) -> i64 {
    let magnitude = (number.abs().to_bits()) as i64;
    if number < 0.0 { -magnitude } else { magnitude }
}

/// The double that a key counts.
pub(super) fn number(key: i64) -> f64 {
    let magnitude = f64::from_bits(key.unsigned_abs());
    if key < 0 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_count_doubles() {
        for number_ in [0.0, 5e-324, -5e-324, 1.0, -1.5, f64::MAX, f64::MIN] {
            assert_eq!(number(key(number_)), number_);
            assert!(number_ == f64::MAX || number(key(number_) + 1) == number_.next_up());
        }
        assert_eq!(first_other(-1.0, 1.0, |number| number > 0.0), 5e-324);
        assert_eq!(first_other(1.0, -1.0, |number| number <= 0.25), 0.25);
    }

    #[test]
    fn regions_are_found() {
        let regions = |name: &str, parameters: &[f64]| {
            let row = Activation::named(name).expect("it is built in");
            Firing::of(&row.with(parameters), Path::best()).map(|firing| firing.regions)
        };
        let from = f64::NEG_INFINITY;
        assert_eq!(regions("relu", &[]), Some(vec![(from, false), (5e-324, true)]));
        assert_eq!(regions("step", &[1.5, 1.0]), Some(vec![(from, false), (1.5, true)]));
        assert_eq!(regions("step", &[1.5, 0.0]), Some(vec![(from, false), (1.5f64.next_up(), true)]));
        assert_eq!(regions("abs", &[]), Some(vec![(from, true), (0.0, false), (5e-324, true)]));
        assert_eq!(regions("hard_shrink", &[0.3]), Some(vec![(from, false), (0.3f64.next_up(), true)]));
        assert_eq!(regions("tanh", &[-1.0]), Some(vec![(from, true), (0.0, false)]));
        assert_eq!(regions("exp", &[]), None);
    }
}

//! How a neuron makes one number of what its synapses bring. Names and formulas stand in one table.

use std::cmp::Ordering;

use crate::numeric::Real;

/// What is done with the contributions `w·x` of a neuron's synapses, before the bias is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Combine {
    /// Their sum, each added with one rounding; 0 without synapses.
    #[default]
    Sum,
    /// Their product; 1 without synapses.
    Product,
    /// Their sum in order, divided by their number.
    Mean,
    /// The smallest; -0 is below +0.
    Min,
    /// The largest; -0 is below +0.
    Max,
    /// The one with the largest magnitude, with its sign; the first of several.
    MaxAbs,
    /// The middle one in size; the mean of the middle two for an even number.
    Median,
}

impl Combine {
    /// Every way there is, with its name in the source.
    pub const TABLE: &[(&'static str, Combine)] = &[
        ("sum", Combine::Sum),
        ("product", Combine::Product),
        ("mean", Combine::Mean),
        ("min", Combine::Min),
        ("max", Combine::Max),
        ("max_abs", Combine::MaxAbs),
        ("median", Combine::Median),
    ];

    /// The name in the source.
    #[must_use]
    pub fn name(self) -> &'static str {
        let row = Combine::TABLE.iter().find(|(_, combine)| *combine == self);
        row.map_or("", |(name, _)| name)
    }

    /// The one called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Combine> {
        Combine::TABLE.iter().find(|(known, _)| *known == name).map(|(_, combine)| *combine)
    }

    /// Whether a neuron without synapses has a value.
    #[must_use]
    pub fn takes_nothing(self) -> bool {
        match self {
            Combine::Sum | Combine::Product => true,
            Combine::Mean | Combine::Min | Combine::Max | Combine::MaxAbs | Combine::Median => false,
        }
    }
}

/// Contributions as they are combined, one after the other. NaN spreads.
pub(crate) struct Combination<'a, R> {
    combine: Combine,
    so_far: R,
    count: usize,
    /// The contributions in order of size, for the median.
    sorted: &'a mut Vec<R>,
}

impl<'a, R: Real> Combination<'a, R> {
    /// Nothing yet; `room` is only for its memory.
    pub(crate) fn new(combine: Combine, room: &'a mut Vec<R>) -> Combination<'a, R> {
        room.clear();
        Combination { combine, so_far: begun(combine), count: 0, sorted: room }
    }

    /// Takes the next contribution; gives the value after it.
    pub(crate) fn take(&mut self, contribution: R) -> R {
        self.so_far = joined(self.combine, self.so_far, contribution, self.count == 0);
        self.count += 1;
        if self.combine == Combine::Median {
            let place = self.sorted.partition_point(|known| order(*known, contribution) != Ordering::Greater);
            self.sorted.insert(place, contribution);
        }
        self.value()
    }

    /// The value of all that was taken.
    pub(crate) fn value(&self) -> R {
        match self.combine {
            Combine::Median => self.median(),
            Combine::Sum | Combine::Product | Combine::Mean | Combine::Min | Combine::Max | Combine::MaxAbs => {
                ended(self.combine, self.so_far, self.count)
            }
        }
    }

    fn median(&self) -> R {
        // In the total order a NaN stands at one of the ends.
        let ends = [self.sorted.first(), self.sorted.last()];
        if let Some(nan) = ends.into_iter().flatten().find(|end| end.widened().is_nan()) {
            return *nan;
        }
        let middle = self.sorted.len() / 2;
        match self.sorted.len() % 2 {
            1 => self.sorted[middle],
            _ if middle == 0 => R::rounded(0.0),
            _ => {
                // Halved before they are added, so that no sum overflows; exact but for the last subnormal bit.
                let half = R::rounded(0.5);
                let (low, high) = (self.sorted[middle - 1], self.sorted[middle]);
                let sum = low + high;
                if sum.widened().is_finite() { half * sum } else { half * low + half * high }
            }
        }
    }
}

/// What there is before any contribution.
#[inline(always)]
pub(crate) fn begun<R: Real>(combine: Combine) -> R {
    R::rounded(if combine == Combine::Product { 1.0 } else { 0.0 })
}

/// What there is after the next contribution; of a median, which needs all of them at once, the contribution.
#[inline(always)]
pub(crate) fn joined<R: Real>(combine: Combine, so_far: R, contribution: R, first: bool) -> R {
    let kept = |replaces: bool| {
        if !so_far.is_nan() && (replaces || contribution.is_nan()) { contribution } else { so_far }
    };
    match combine {
        Combine::Sum | Combine::Mean => so_far + contribution,
        Combine::Product => so_far * contribution,
        Combine::Min => kept(first || order(contribution, so_far) == Ordering::Less),
        Combine::Max => kept(first || order(contribution, so_far) == Ordering::Greater),
        Combine::MaxAbs => kept(first || contribution.abs() > so_far.abs()),
        Combine::Median => contribution,
    }
}

/// The value of so many contributions; not of a median.
#[inline(always)]
pub(crate) fn ended<R: Real>(combine: Combine, so_far: R, count: usize) -> R {
    match combine {
        Combine::Mean if count > 0 => so_far / R::rounded(count as f64),
        Combine::Sum
        | Combine::Product
        | Combine::Mean
        | Combine::Min
        | Combine::Max
        | Combine::MaxAbs
        | Combine::Median => so_far,
    }
}

/// The order of numbers with -0 below +0.
fn order<R: Real>(one: R, other: R) -> Ordering {
    one.widened().total_cmp(&other.widened())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn combined(combine: Combine, contributions: &[f64]) -> f64 {
        let mut room = Vec::new();
        let mut combination = Combination::new(combine, &mut room);
        contributions.iter().for_each(|contribution| {
            combination.take(*contribution);
        });
        combination.value()
    }

    #[test]
    fn each_way_has_its_value() {
        let contributions = [3.0, -4.0, 4.0, 0.5];
        assert_eq!(combined(Combine::Sum, &contributions), 3.5);
        assert_eq!(combined(Combine::Product, &contributions), -24.0);
        assert_eq!(combined(Combine::Mean, &contributions), 0.875);
        assert_eq!(combined(Combine::Min, &contributions), -4.0);
        assert_eq!(combined(Combine::Max, &contributions), 4.0);
        assert_eq!(combined(Combine::MaxAbs, &contributions), -4.0);
        assert_eq!(combined(Combine::Median, &contributions), 1.75);
        assert_eq!(combined(Combine::Median, &contributions[..3]), 3.0);
        assert_eq!(combined(Combine::Product, &[]), 1.0);
        assert_eq!(combined(Combine::Median, &[f64::MAX, f64::MAX]), f64::MAX);
    }

    #[test]
    fn zeros_have_an_order_and_nan_spreads() {
        for zeros in [[0.0, -0.0], [-0.0, 0.0]] {
            assert!(combined(Combine::Min, &zeros).is_sign_negative());
            assert!(combined(Combine::Max, &zeros).is_sign_positive());
        }
        for (_, combine) in Combine::TABLE {
            for place in 0..3 {
                for nan in [f64::NAN, -f64::NAN] {
                    let mut contributions = [1.0, -2.0, 3.0];
                    contributions[place] = nan;
                    assert!(combined(*combine, &contributions).is_nan(), "{combine:?} {place}");
                }
            }
        }
    }
}

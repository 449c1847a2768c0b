//! Exact arithmetic, rounded where IEEE 754 rounds: made of whole numbers, and of nothing that the library has.

use num_bigint::BigInt;

/// A precision, as IEEE 754 defines it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Format {
    /// How many binary digits a number has.
    digits: i64,
    /// The exponent of the smallest subnormal number.
    least: i64,
    /// From this power of 2 on there is only infinity.
    top: i64,
}

pub const DOUBLE: Format = Format { digits: 53, least: -1074, top: 1024 };
pub const SINGLE: Format = Format { digits: 24, least: -149, top: 128 };

/// `units · 2^power`; finite doubles are such numbers, and so are their sums and products.
struct Exact {
    units: BigInt,
    power: i64,
}

fn exact(value: f64) -> Exact {
    let bits = value.to_bits();
    let (field, fraction) = ((bits >> 52 & 0x7ff) as i64, (bits & ((1 << 52) - 1)) as i64);
    assert!(field < 0x7ff, "{value} is finite");
    let magnitude = if field == 0 { fraction } else { fraction | 1 << 52 };
    let units = BigInt::from(if value.is_sign_negative() { -magnitude } else { magnitude });
    Exact { units, power: field.max(1) - 1075 }
}

fn product(one: &Exact, other: &Exact) -> Exact {
    Exact { units: &one.units * &other.units, power: one.power + other.power }
}

fn sum(one: &Exact, other: &Exact) -> Exact {
    let power = one.power.min(other.power);
    let aligned = |part: &Exact| &part.units << (part.power - power);
    Exact { units: aligned(one) + aligned(other), power }
}

impl Format {
    /// The number nearest to `above / below`, ties to even. `zero` is what it is if there is nothing to round.
    fn nearest_quotient(self, above: &Exact, below: &Exact, zero: f64) -> f64 {
        if above.units == BigInt::ZERO {
            return zero;
        }
        let negative = (above.units < BigInt::ZERO) != (below.units < BigInt::ZERO);
        let (above_units, below_units) = (above.units.magnitude(), below.units.magnitude());
        // At least two digits more than are kept, and one that says whether anything is left of the division.
        let shift = (self.digits + 2 + below_units.bits() as i64 - above_units.bits() as i64).max(0);
        let shifted = above_units << shift;
        let whole = &shifted / below_units;
        let is_whole = &whole * below_units == shifted;
        let units = BigInt::from(whole << 1) + i32::from(!is_whole);
        let power = above.power - below.power - shift - 1;

        let last = (units.bits() as i64 + power - self.digits).max(self.least);
        let dropped = last - power;
        let mut kept = if dropped <= 0 { &units << -dropped } else { &units >> dropped };
        if dropped > 0 {
            let (rest, half) = (&units - (&kept << dropped), BigInt::from(1) << (dropped - 1));
            if rest > half || rest == half && kept.bit(0) {
                kept += 1;
            }
        }
        let magnitude = if kept.bits() as i64 + last > self.top {
            f64::INFINITY
        } else {
            scaled(kept.iter_u64_digits().next().unwrap_or(0) as f64, last)
        };
        if negative { -magnitude } else { magnitude }
    }

    fn nearest(self, value: &Exact, zero: f64) -> f64 {
        self.nearest_quotient(value, &Exact { units: BigInt::from(1), power: 0 }, zero)
    }

    /// The number nearest to `value`.
    pub fn rounded(self, value: f64) -> f64 {
        if value.is_finite() { self.nearest(&exact(value), value) } else { value }
    }

    /// `x·y + z`, rounded once. What is not finite has no digits, and doubles tell what comes of it.
    pub fn fused(self, x: f64, y: f64, z: f64) -> f64 {
        if !x.is_finite() || !y.is_finite() {
            return x * y + z;
        }
        if !z.is_finite() {
            return z;
        }
        // A sum of zeros is -0 only if both are.
        let times = product(&exact(x), &exact(y));
        let zero = if times.units == BigInt::ZERO { signed_zero(x, y) + z } else { 0.0 };
        self.nearest(&sum(&times, &exact(z)), zero)
    }

    pub fn times(self, x: f64, y: f64) -> f64 {
        if !x.is_finite() || !y.is_finite() {
            return x * y;
        }
        self.nearest(&product(&exact(x), &exact(y)), signed_zero(x, y))
    }

    pub fn plus(self, x: f64, y: f64) -> f64 {
        self.fused(x, 1.0, y)
    }

    pub fn over(self, x: f64, y: f64) -> f64 {
        if !x.is_finite() || !y.is_finite() || y == 0.0 {
            return x / y;
        }
        self.nearest_quotient(&exact(x), &exact(y), signed_zero(x, y))
    }

    /// The mean of two numbers, rounded once.
    pub fn middle(self, x: f64, y: f64) -> f64 {
        if !x.is_finite() || !y.is_finite() {
            return x + y;
        }
        let Exact { units, power } = sum(&exact(x), &exact(y));
        self.nearest(&Exact { units, power: power - 1 }, x + y)
    }
}

/// Zero with the sign of a product or quotient.
fn signed_zero(x: f64, y: f64) -> f64 {
    if x.is_sign_negative() != y.is_sign_negative() { -0.0 } else { 0.0 }
}

/// `digits · 2^power` where that is a double.
fn scaled(digits: f64, mut power: i64) -> f64 {
    let mut value = digits;
    while power != 0 {
        let step = power.clamp(-1000, 1000);
        value *= f64::from_bits(((1023 + step) as u64) << 52);
        power -= step;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// A number of any sign, exponent and digits.
    fn any(random: &mut Random) -> f64 {
        let value = if random.below(2) == 0 { random.number() } else { f64::from_bits(random.bits()) };
        if value.is_finite() { value } else { -0.0 }
    }

    #[test]
    fn doubles_are_rounded_as_the_machine_does() {
        let mut random = Random(7);
        for _ in 0..20_000 {
            let (x, y) = (any(&mut random), any(&mut random));
            assert_eq!(DOUBLE.rounded(x).to_bits(), x.to_bits());
            assert_eq!(DOUBLE.times(x, y).to_bits(), (x * y).to_bits(), "{x:e} * {y:e}");
            assert_eq!(DOUBLE.plus(x, y).to_bits(), (x + y).to_bits(), "{x:e} + {y:e}");
            if y != 0.0 {
                assert_eq!(DOUBLE.over(x, y).to_bits(), (x / y).to_bits(), "{x:e} / {y:e}");
            }
        }
        for value in [5e-324, 2.5e-320, f64::MIN_POSITIVE, f64::MAX] {
            assert_eq!(DOUBLE.rounded(value), value);
        }
    }

    #[test]
    fn singles_are_rounded_as_the_machine_does() {
        let mut random = Random(8);
        for _ in 0..20_000 {
            let (wide, narrow) = (any(&mut random), f32::from_bits(random.bits() as u32));
            assert_eq!(SINGLE.rounded(wide).to_bits(), f64::from(wide as f32).to_bits(), "{wide:e}");
            let other = f32::from_bits(random.bits() as u32);
            if !narrow.is_finite() || !other.is_finite() {
                continue;
            }
            let [x, y] = [narrow, other].map(f64::from);
            assert_eq!(SINGLE.times(x, y).to_bits(), f64::from(narrow * other).to_bits(), "{x:e} * {y:e}");
            assert_eq!(SINGLE.plus(x, y).to_bits(), f64::from(narrow + other).to_bits(), "{x:e} + {y:e}");
            if y != 0.0 {
                assert_eq!(SINGLE.over(x, y).to_bits(), f64::from(narrow / other).to_bits(), "{x:e} / {y:e}");
            }
        }
    }

    /// 1 + 2⁻⁶⁰ is lost in a product that is rounded by itself, and kept in one that is not.
    #[test]
    fn a_fused_product_is_rounded_once() {
        let tiny = 2f64.powi(-30);
        let square = DOUBLE.times(1.0 + tiny, 1.0 + tiny);
        assert_eq!(DOUBLE.plus(square, -1.0 - 2.0 * tiny), 0.0);
        assert_eq!(DOUBLE.fused(1.0 + tiny, 1.0 + tiny, -1.0 - 2.0 * tiny), tiny * tiny);
    }
}

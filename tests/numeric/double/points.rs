//! Points and distances for the tests of the double-precision formulas.

const INF: f64 = f64::INFINITY;

/// How many doubles apart; 0 for two NaN, and for zeros only if the sign agrees.
pub fn steps(a: f64, b: f64) -> u64 {
    let order = |x: f64| {
        let bits = x.to_bits() as i64;
        if bits < 0 { !(bits & i64::MAX) } else { bits }
    };
    if a.is_nan() || b.is_nan() {
        return if a.is_nan() && b.is_nan() { 0 } else { u64::MAX };
    }
    order(a).abs_diff(order(b))
}

/// `count` doubles from `low` to `high`, evenly spread.
pub fn linear(low: f64, high: f64, count: u32) -> impl Iterator<Item = f64> {
    (0..=count).map(move |i| low + (high - low) * (f64::from(i) / f64::from(count)))
}

/// `count` doubles between two positive ones, evenly spread in their bits.
pub fn exponents(low: f64, high: f64, count: u64) -> impl Iterator<Item = f64> {
    let (from, to) = (low.to_bits(), high.to_bits());
    let step = (to - from) / count;
    // The offset keeps the significands from repeating.
    let offset = move |i: u64| (i.wrapping_mul(0x9e3779b97f4a7c15) >> 2) % step.max(1);
    (0..count).map(move |i| f64::from_bits(from + i * step + offset(i)))
}

/// The doubles around `x`.
pub fn around(x: f64) -> impl Iterator<Item = f64> {
    (0..41u64).map(move |i| f64::from_bits(x.to_bits().wrapping_add(i).wrapping_sub(20)))
}

pub fn both(points: impl Iterator<Item = f64>) -> impl Iterator<Item = f64> {
    points.flat_map(|x| [x, -x])
}

/// The whole range, the interval where something happens, and special points.
pub fn points(low: f64, high: f64, special: &[f64]) -> Vec<f64> {
    both(exponents(5e-324, f64::MAX, 30_000))
        .chain(both(exponents(1e-20, 1e3, 20_000)))
        .chain(linear(low, high, 60_000))
        .chain(linear(-1.0, 1.0, 20_000))
        .chain(special.iter().flat_map(|x| around(*x)))
        .chain([0.0, -0.0, INF, -INF, f64::NAN])
        .collect()
}

pub fn compare(name: &str, bound: u64, points: &[f64], ours: fn(f64) -> f64, oracle: fn(f64) -> f64) {
    let mut worst = (0, 0.0);
    for x in points {
        let distance = steps(ours(*x), oracle(*x));
        if distance > worst.0 {
            worst = (distance, *x);
        }
    }
    let (distance, x) = worst;
    assert!(distance <= bound, "{name}({x:e}) = {:e}, not {:e}: {distance} steps", ours(x), oracle(x));
}

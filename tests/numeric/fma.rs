//! The software fused multiply-add against the exact one of the standard library.

use neuronc::numeric::fma::{Fused, Hardware, Software};

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e3779b97f4a7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d049bb133111eb);
        z ^ (z >> 31)
    }

    /// A significand with long runs of equal bits as often as a random one, around an exponent.
    fn double(&mut self, exponent: i64, spread: u64) -> f64 {
        let r = self.next();
        let run = (1u64 << (r >> 8 & 63)) ^ (1u64 << (r >> 16 & 63));
        let fraction = match r & 7 {
            0 => 0,
            1 => u64::MAX,
            2 => run,
            3 => run.wrapping_sub(1),
            4 => 1,
            _ => self.next(),
        } & ((1 << 52) - 1);
        let e = (exponent + (self.next() % (2 * spread + 1)) as i64 - spread as i64).clamp(0, 2046);
        f64::from_bits((r >> 63 << 63) | (e as u64) << 52 | fraction)
    }

    fn single(&mut self, exponent: i64, spread: u64) -> f32 {
        let r = self.next();
        let fraction = match r & 3 {
            0 => 1u32 << (r >> 8 & 31),
            1 => (1u32 << (r >> 8 & 31)).wrapping_sub(1),
            _ => (r >> 16) as u32,
        } & 0x7fffff;
        let e = (exponent + (self.next() % (2 * spread + 1)) as i64 - spread as i64).clamp(0, 254);
        f32::from_bits(((r >> 63) as u32) << 31 | (e as u32) << 23 | fraction)
    }
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

fn check(a: f64, b: f64, c: f64) {
    let (software, exact) = (Software::fma64(a, b, c), a.mul_add(b, c));
    assert!(same(software, exact), "{a:e} * {b:e} + {c:e}: {software:e}, not {exact:e}");
}

fn check_single(a: f32, b: f32, c: f32) {
    let (software, exact) = (Software::fma32(a, b, c), Hardware::fma32(a, b, c));
    assert!(
        software.to_bits() == exact.to_bits() || (software.is_nan() && exact.is_nan()),
        "{a:e} * {b:e} + {c:e}: {software:e}, not {exact:e}"
    );
}

fn doubles(count: u64, seed: u64) {
    let mut random = Random(seed);
    for i in 0..count {
        let exponent = match i % 8 {
            0 => 1023,
            1 => (random.next() % 2047) as i64,
            2 => 490,  // products around the smallest numbers
            3 => 1534, // and around the largest
            4 => 512,
            5 => 1,
            _ => 1000,
        };
        let a = random.double(exponent, 30);
        let b = random.double(if i % 8 == 5 { 1023 } else { exponent }, 30);
        // An addend near the product, so that bits cancel; or anywhere.
        let product = a * b;
        let c = match i % 5 {
            0 => -product,
            1 => f64::from_bits((-product).to_bits().wrapping_add(random.next() % 5).wrapping_sub(2)),
            2 => random.double((product.to_bits() >> 52 & 0x7ff) as i64, 3),
            3 => random.double((product.to_bits() >> 52 & 0x7ff) as i64, 120),
            _ => f64::from_bits(random.next()),
        };
        check(a, b, c);
    }
}

fn singles(count: u64, seed: u64) {
    let mut random = Random(seed);
    for i in 0..count {
        let exponent = [127, (random.next() % 255) as i64, 58, 190, 70, 127][(i % 6) as usize];
        let (a, b) = (random.single(exponent, 10), random.single(exponent, 10));
        let product = a * b;
        let c = match i % 4 {
            0 => f32::from_bits((-product).to_bits().wrapping_add((random.next() % 5) as u32).wrapping_sub(2)),
            1 => random.single((product.to_bits() >> 23 & 0xff) as i64, 3),
            2 => random.single((product.to_bits() >> 23 & 0xff) as i64, 60),
            _ => f32::from_bits(random.next() as u32),
        };
        check_single(a, b, c);
    }
}

#[test]
fn special_doubles() {
    let values = [
        0.0,
        5e-324,
        1e-323,
        2.225073858507201e-308,
        f64::MIN_POSITIVE,
        1e-200,
        1.5e-162,
        0.5,
        1.0,
        1.0 - f64::EPSILON / 2.0,
        1.0 + f64::EPSILON,
        3.0,
        4503599627370497.0,
        1e200,
        8.98e307,
        f64::MAX,
        f64::INFINITY,
        f64::NAN,
    ];
    let all: Vec<f64> = values.iter().flat_map(|v| [*v, -*v]).collect();
    for a in &all {
        for b in &all {
            for c in &all {
                check(*a, *b, *c);
                check_single(*a as f32, *b as f32, *c as f32);
            }
        }
    }
}

#[test]
fn random_doubles() {
    doubles(10_000_000, 1);
}

#[test]
fn random_singles() {
    singles(10_000_000, 2);
}

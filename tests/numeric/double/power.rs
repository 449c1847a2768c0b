//! The power function: against `pxfm`, exact results, and the special cases of IEEE 754.

use super::points::{both, exponents, linear, steps};
use neuronc::numeric::double::*;
use neuronc::numeric::fma::Hardware as H;

const INF: f64 = f64::INFINITY;

#[test]
fn powers() {
    let mut worst = (0, 0.0, 0.0);
    let mut check = |x: f64, y: f64| {
        let distance = steps(pow::<H>(x, y), pxfm::f_pow(x, y));
        if distance > worst.0 {
            worst = (distance, x, y);
        }
    };
    for x in exponents(5e-324, f64::MAX, 500) {
        for y in both(exponents(1e-20, 1e4, 200)) {
            check(x, y);
        }
    }
    for x in linear(0.0, 3.0, 400) {
        for y in linear(-60.0, 60.0, 400) {
            check(x, y);
        }
    }
    for x in linear(0.99, 1.01, 300) {
        for y in linear(-80000.0, 80000.0, 300) {
            check(x, y);
        }
    }
    for x in [-3.0, -2.0, -1.0, -0.5, -1.25, 3.0, 5.0, 7.0, 11.0] {
        for y in -400..400 {
            check(x, f64::from(y));
        }
    }
    assert!(worst.0 <= 1, "pow{:?}: {} steps", (worst.1, worst.2), worst.0);
}

/// `pxfm` 0.1.30 is wrong for powers of ten with subnormal results; the parser of the standard
/// library rounds correctly.
#[test]
fn powers_of_ten() {
    for y in -330..310 {
        let exact: f64 = format!("1e{y}").parse().expect("a number");
        assert!(steps(pow::<H>(10.0, f64::from(y)), exact) <= 1, "10^{y}");
    }
}

#[test]
fn powers_that_are_exact() {
    for base in 1..=40u64 {
        let mut exact = 1u64;
        for y in 0..60 {
            assert_eq!(pow::<H>(base as f64, f64::from(y)), exact as f64, "{base}^{y}");
            assert_eq!(pow::<H>(-(base as f64), f64::from(y)).abs(), exact as f64);
            match exact.checked_mul(base) {
                Some(next) if next < 1 << 53 => exact = next,
                _ => break,
            }
        }
    }
    for k in -1074..1024 {
        let y = pow::<H>(2.0, f64::from(k));
        let bits = if k < -1022 { 1 << (k + 1074) } else { ((k + 1023) as u64) << 52 };
        assert_eq!(y.to_bits(), bits, "2^{k}");
    }
    assert_eq!(pow::<H>(6.25, 0.5), 2.5);
    assert_eq!(pow::<H>(16.0, -0.25), 0.5);
}

#[test]
fn special_powers() {
    let values = [
        0.0,
        5e-324,
        1e-300,
        0.5,
        1.0,
        1.5,
        2.0,
        3.0,
        4.0,
        1e15 + 0.5,
        4503599627370497.0,
        9007199254740991.0,
        9007199254740992.0,
        1e300,
        f64::MAX,
        INF,
        f64::NAN,
    ];
    let all: Vec<f64> = both(values.into_iter()).collect();
    for x in &all {
        for y in &all {
            let (ours, exact) = (pow::<H>(*x, *y), x.powf(*y));
            assert!(steps(ours, exact) <= 1, "pow({x:e}, {y:e}) = {ours:e}, not {exact:e}");
        }
    }
}

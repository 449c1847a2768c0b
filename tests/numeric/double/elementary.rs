//! The elementary functions against `pxfm`, which rounds correctly: at most one step apart.

use super::points::{around, both, compare, exponents, linear, points, steps};
use neuronc::numeric::double::*;
use neuronc::numeric::fma::Hardware as H;

#[test]
fn exponentials() {
    let edges =
        [709.782712893384, -745.1332191019411, -708.3964185322641, 0.34657359027997264, -0.34657359027997264, 1e-8];
    let p = points(-746.0, 710.0, &edges);
    compare("exp", 1, &p, exp::<H>, pxfm::f_exp);
    compare("expm1", 1, &p, expm1::<H>, pxfm::f_expm1);
    let p = points(-40.0, 3.0, &[-37.42994775023705, 1.0, 0.5]);
    compare("exp", 1, &p, exp::<H>, pxfm::f_exp);
    compare("expm1", 1, &p, expm1::<H>, pxfm::f_expm1);
}

#[test]
fn logarithms() {
    let edges =
        [1.0, std::f64::consts::FRAC_1_SQRT_2, std::f64::consts::SQRT_2, 2.0, 0.5, f64::MIN_POSITIVE, f64::MAX / 1.1];
    let mut p = points(0.0, 4.0, &edges);
    p.extend(linear(0.99, 1.01, 50_000));
    compare("ln", 1, &p, ln::<H>, pxfm::f_log);
    compare("log2", 1, &p, log2::<H>, pxfm::f_log2);
    let mut p = points(-1.0, 4.0, &[-0.5, -0.99999, 1.0, 1e-16, 5e-17, 1e-8, 0.41421356237309503, -0.2928932188134524]);
    p.extend(linear(-0.01, 0.01, 50_000));
    compare("log1p", 1, &p, log1p::<H>, pxfm::f_log1p);
    for k in -1074..1024 {
        let x = if k < -1022 { f64::from_bits(1 << (k + 1074)) } else { f64::from_bits(((k + 1023) as u64) << 52) };
        assert_eq!(log2::<H>(x), f64::from(k));
    }
}

#[test]
fn hyperbolics() {
    let edges = [710.4758600739439, 0.34657359027997264, 22.0, 19.0615, 1e-8, 0.5];
    let p = points(-711.0, 711.0, &edges);
    compare("sinh", 1, &p, sinh::<H>, pxfm::f_sinh);
    compare("cosh", 1, &p, cosh::<H>, pxfm::f_cosh);
    let p = points(-20.0, 20.0, &edges);
    compare("tanh", 1, &p, tanh::<H>, pxfm::f_tanh);
    compare("sinh", 1, &p, sinh::<H>, pxfm::f_sinh);
}

#[test]
fn trigonometrics() {
    let mut p = points(
        -100.0,
        100.0,
        &[
            std::f64::consts::FRAC_PI_4,
            std::f64::consts::FRAC_PI_2,
            1e22,
            6381956970095103.0 * 2f64.powi(797),
            f64::MAX / 1.1,
        ],
    );
    for n in 1..20_000 {
        p.push(f64::from(n) * std::f64::consts::FRAC_PI_2);
        p.push(f64::from(n) * std::f64::consts::FRAC_PI_4);
    }
    p.extend(both(exponents(1.0, f64::MAX, 60_000)));
    compare("sin", 1, &p, sin::<H>, pxfm::f_sin);
    compare("cos", 1, &p, cos::<H>, pxfm::f_cos);
    let p = points(-4.0, 4.0, &[0.4375, 0.6875, 1.0, 1.1875, 2.4375, 1e18, 1152921504606846976.0]);
    compare("atan", 1, &p, atan::<H>, pxfm::f_atan);
}

#[test]
fn error_functions() {
    let p = points(-6.0, 6.0, &[0.5, 5.921587195794507, 1e-300]);
    compare("erf", 1, &p, erf::<H>, pxfm::f_erf);
    let p = points(-6.0, 27.5, &[0.5, 26.543, 27.2262, 5.0]);
    compare("erfc", 1, &p, erfc::<H>, pxfm::f_erfc);
}

#[test]
fn rounding() {
    let halves: Vec<f64> = both((0..400).map(|i| f64::from(i) * 0.25)).collect();
    let large = both(
        [4503599627370495.5, 4503599627370496.0, 4503599627370497.0, 2251799813685247.8, 9007199254740993.0]
            .into_iter()
            .flat_map(around),
    );
    for x in points(-300.0, 300.0, &[]).into_iter().chain(halves).chain(large) {
        assert_eq!(steps(floor::<H>(x), x.floor()), 0, "floor({x:e})");
        assert_eq!(steps(ceil::<H>(x), x.ceil()), 0, "ceil({x:e})");
    }
}

#[test]
fn monotone_in_coarse_steps() {
    type Rising = (&'static str, fn(f64) -> f64, f64, f64);
    let rising: [Rising; 9] = [
        ("exp", exp::<H>, -750.0, 715.0),
        ("expm1", expm1::<H>, -40.0, 715.0),
        ("sinh", sinh::<H>, -712.0, 712.0),
        ("tanh", tanh::<H>, -22.0, 22.0),
        ("atan", atan::<H>, -10.0, 10.0),
        ("erf", erf::<H>, -6.5, 6.5),
        ("sigmoid", sigmoid::<H>, -750.0, 45.0),
        ("softplus", softplus::<H>, -750.0, 45.0),
        ("tanh_shrink", tanh_shrink::<H>, -25.0, 25.0),
    ];
    for (name, f, low, high) in rising {
        let mut before = f(low);
        for x in linear(low, high, 30_000) {
            let y = f(x);
            // One step back is within the error.
            assert!(y >= before || steps(y, before) == 1, "{name}({x:e})");
            before = y;
        }
    }
}

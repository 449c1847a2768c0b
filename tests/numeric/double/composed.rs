//! The functions built on the elementary ones: against results rounded correctly from MPFR
//! (`reference.txt`, written by `benches/accuracy/reference.py`), and at dense points against
//! formulas of `pxfm` functions; and the two fused multiply-adds against each other.

use super::points::{both, compare, exponents, linear, points, steps};
use neuronc::numeric::double::*;
use neuronc::numeric::fma::{Hardware as H, Software as S};

const INF: f64 = f64::INFINITY;

fn reference() -> impl Iterator<Item = (&'static str, f64, f64, f64)> {
    include_str!("reference.txt").lines().map(|line| {
        let mut words = line.split(' ');
        let name = words.next().expect("a name");
        let mut number = || f64::from_bits(u64::from_str_radix(words.next().expect("a number"), 16).expect("digits"));
        (name, number(), number(), number())
    })
}

#[test]
fn against_the_reference() {
    for (name, a, x, exact) in reference() {
        let (y, bound) = match name {
            "sin" => (sin::<H>(x), 1),
            "cos" => (cos::<H>(x), 1),
            "pow" => (pow::<H>(a, x), 1),
            "sigmoid" => (sigmoid::<H>(x), 1),
            "softplus" => (softplus::<H>(x), 1),
            "gelu" => (gelu::<H>(x), 2),
            "gelu_tanh" => (gelu_tanh::<H>(x), 1),
            "mish" => (mish::<H>(x), 1),
            "tanh_shrink" => (tanh_shrink::<H>(x), 2),
            "gaussian" => (gaussian::<H>(a, x), 1),
            "sigmoid_scaled" => (sigmoid_scaled::<H>(a, x), 1),
            "tanh_scaled" => (tanh_scaled::<H>(a, x), 1),
            "softplus_scaled" => (softplus_scaled::<H>(a, x), 1),
            other => panic!("no function {other}"),
        };
        let distance = steps(y, exact);
        assert!(distance <= bound, "{name}({a:e}, {x:e}) = {y:e}, not {exact:e}: {distance} steps");
    }
}

/// Coarser than the reference but dense: formulas of library functions, with their own error.
#[test]
fn composed_functions_everywhere() {
    fn sigmoid_oracle(x: f64) -> f64 {
        if x > 0.0 { 1.0 / (1.0 + pxfm::f_exp(-x)) } else { pxfm::f_exp(x) / (1.0 + pxfm::f_exp(x)) }
    }
    fn softplus_oracle(x: f64) -> f64 {
        if x > 0.0 { x + pxfm::f_log1p(pxfm::f_exp(-x)) } else { pxfm::f_log1p(pxfm::f_exp(x)) }
    }
    fn mish_oracle(x: f64) -> f64 {
        let w = pxfm::f_exp(-x.abs());
        match x {
            _ if x > 40.0 => x,
            _ if x < -800.0 => -0.0,
            _ if x > 0.0 => x * ((1.0 + 2.0 * w) / (1.0 + 2.0 * w + 2.0 * w * w)),
            _ => {
                // A factor that keeps a subnormal exponential from losing bits.
                let v = pxfm::f_exp(x + 60.0 * f64::from(x < -600.0));
                let last = if x < -600.0 { pxfm::f_exp(-60.0) } else { 1.0 };
                x * v * ((w + 2.0) / (w * (w + 2.0) + 2.0)) * last
            }
        }
    }
    fn shrink_oracle(x: f64) -> f64 {
        let u = x * x;
        if x.abs() < 0.01 {
            x * (u * (1.0 / 3.0 + u * (-2.0 / 15.0 + u * (17.0 / 315.0 - u * (62.0 / 2835.0)))))
        } else if x.abs() > 2.0 {
            x - pxfm::f_tanh(x)
        } else {
            tanh_shrink::<H>(x) // where the difference cancels: left to the reference
        }
    }
    let p = points(-746.0, 42.0, &[0.8813735870195429, -0.8813735870195429, 40.0, -40.0, -41.59, -60.0]);
    compare("sigmoid", 3, &p, sigmoid::<H>, sigmoid_oracle);
    compare("softplus", 3, &p, softplus::<H>, softplus_oracle);
    compare("mish", 7, &p, mish::<H>, mish_oracle);
    compare("tanh_shrink", 5, &p, tanh_shrink::<H>, shrink_oracle);
    compare("sigmoid_scaled", 0, &p, |x| sigmoid_scaled::<H>(1.0, x), sigmoid::<H>);
    compare("softplus_scaled", 0, &p, |x| softplus_scaled::<H>(1.0, x), softplus::<H>);
    compare("tanh_scaled", 0, &p, |x| tanh_scaled::<H>(1.0, x), tanh::<H>);
    compare("gaussian", 1, &p, |x| gaussian::<H>(-x, 1.0), exp::<H>);
    let p: Vec<f64> = linear(-6.0, 9.0, 100_000).collect();
    compare("gelu", 7, &p, gelu::<H>, |x| {
        let z = -x * std::f64::consts::FRAC_1_SQRT_2;
        // What the rounding of the argument leaves out, times the derivative.
        let rest = f64::mul_add(-x, std::f64::consts::FRAC_1_SQRT_2, -z) + x * 4.833646656726457e-17;
        let slope = -std::f64::consts::FRAC_2_SQRT_PI * pxfm::f_exp(-z * z);
        0.5 * x * (pxfm::f_erfc(z) + slope * rest)
    });
}

#[test]
fn software_gives_the_same_bits() {
    let mut p: Vec<f64> = both(exponents(5e-324, f64::MAX, 1500)).collect();
    p.extend(both(exponents(1e-9, 1e3, 2500)));
    p.extend(linear(-750.0, 750.0, 3000));
    p.extend(linear(-3.0, 3.0, 3000));
    p.extend([0.0, -0.0, INF, -INF, f64::NAN]);
    macro_rules! check {
        ($($name:ident),+; $($pair:ident),+) => {
            for x in &p {
                $(assert_eq!(steps($name::<H>(*x), $name::<S>(*x)), 0, "{}({x:e})", stringify!($name));)+
                for a in [1.0, 0.3, -1.7, 40.0, 1e-3] {
                    $(assert_eq!(steps($pair::<H>(a, *x), $pair::<S>(a, *x)), 0, "{}({a}, {x:e})", stringify!($pair));)+
                }
            }
        };
    }
    check!(exp, expm1, ln, log1p, log2, sinh, cosh, tanh, sin, cos, atan, erf, erfc, floor, ceil, sigmoid, softplus, gelu, gelu_tanh, mish, tanh_shrink;
        pow, gaussian, sigmoid_scaled, tanh_scaled, softplus_scaled);
}

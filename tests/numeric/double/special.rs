//! Zeros, infinities, NaN and overflowing products.

use super::points::steps;
use neuronc::numeric::double::*;
use neuronc::numeric::fma::Hardware as H;

const INF: f64 = f64::INFINITY;

type Odd = (&'static str, fn(f64) -> f64);
/// The function and its values at minus and plus infinity.
type Limits = (&'static str, fn(f64) -> f64, f64, f64);

#[test]
fn special_values() {
    let same = |name: &str, y: f64, exact: f64| assert_eq!(steps(y, exact), 0, "{name}: {y:e}, not {exact:e}");
    let odd: [Odd; 9] = [
        ("expm1", expm1::<H>),
        ("log1p", log1p::<H>),
        ("sinh", sinh::<H>),
        ("tanh", tanh::<H>),
        ("sin", sin::<H>),
        ("atan", atan::<H>),
        ("erf", erf::<H>),
        ("tanh_shrink", tanh_shrink::<H>),
        ("mish", mish::<H>),
    ];
    for (name, f) in odd {
        same(name, f(0.0), 0.0);
        same(name, f(-0.0), -0.0);
    }
    for f in [gelu::<H>, gelu_tanh::<H>] {
        same("gelu", f(0.0), 0.0);
        same("gelu", f(-0.0), -0.0);
    }
    let limits: [Limits; 21] = [
        ("exp", exp::<H>, 0.0, INF),
        ("expm1", expm1::<H>, -1.0, INF),
        ("ln", ln::<H>, f64::NAN, INF),
        ("log2", log2::<H>, f64::NAN, INF),
        ("log1p", log1p::<H>, f64::NAN, INF),
        ("sinh", sinh::<H>, -INF, INF),
        ("cosh", cosh::<H>, INF, INF),
        ("tanh", tanh::<H>, -1.0, 1.0),
        ("sin", sin::<H>, f64::NAN, f64::NAN),
        ("cos", cos::<H>, f64::NAN, f64::NAN),
        ("atan", atan::<H>, -std::f64::consts::FRAC_PI_2, std::f64::consts::FRAC_PI_2),
        ("erf", erf::<H>, -1.0, 1.0),
        ("erfc", erfc::<H>, 2.0, 0.0),
        ("sigmoid", sigmoid::<H>, 0.0, 1.0),
        ("softplus", softplus::<H>, 0.0, INF),
        ("gelu", gelu::<H>, -0.0, INF),
        ("gelu_tanh", gelu_tanh::<H>, -0.0, INF),
        ("mish", mish::<H>, -0.0, INF),
        ("tanh_shrink", tanh_shrink::<H>, -INF, INF),
        ("floor", floor::<H>, -INF, INF),
        ("gaussian", |x| gaussian::<H>(2.0, x), 0.0, 0.0),
    ];
    for (name, f, low, high) in limits {
        same(name, f(-INF), low);
        same(name, f(INF), high);
        same(name, f(f64::NAN), f64::NAN);
        same(name, f(-f64::NAN), f64::NAN);
        // Far out, what the limit says; no NaN from the way there.
        if !matches!(name, "sin" | "cos" | "ln" | "log2" | "log1p") {
            assert!(!f(f64::MAX).is_nan() && !f(-f64::MAX).is_nan(), "{name}");
        }
    }
    same("ln(0)", ln::<H>(0.0), -INF);
    same("ln(-0)", ln::<H>(-0.0), -INF);
    same("log2(-0)", log2::<H>(-0.0), -INF);
    same("log1p(-1)", log1p::<H>(-1.0), -INF);
    same("ln(1)", ln::<H>(1.0), 0.0);
    same("cos(0)", cos::<H>(0.0), 1.0);
    same("sigmoid(0)", sigmoid::<H>(-0.0), 0.5);
    same("softplus(0)", softplus::<H>(0.0), std::f64::consts::LN_2);
    same("tanh_shrink(max)", tanh_shrink::<H>(f64::MAX), f64::MAX);
    same("softplus(max)", softplus::<H>(f64::MAX), f64::MAX);
    same("softplus_scaled, product overflows", softplus_scaled::<H>(1e300, 1e300), 1e300);
    same("softplus_scaled, product underflows", softplus_scaled::<H>(1e300, -1e300), 0.0);
    same("sigmoid_scaled, product overflows", sigmoid_scaled::<H>(1e300, -1e300), 0.0);
    same("tanh_scaled, product overflows", tanh_scaled::<H>(1e300, -1e300), -1.0);
    same("tanh_scaled, product is not a number", tanh_scaled::<H>(0.0, INF), f64::NAN);
    let one_over_e = pxfm::f_exp(-1.0);
    let (tiny, huge) = (2f64.powi(-1040), 2f64.powi(1000));
    same("gaussian, square overflows", gaussian::<H>(tiny, 2f64.powi(520)), one_over_e);
    same("gaussian, square underflows", gaussian::<H>(huge, 2f64.powi(-500)), one_over_e);
}

#[test]
fn products_far_outside() {
    // The low part of such a product is large by itself.
    for a in [3.7e8, 1.1e100, 1.3e153] {
        for x in [-7.3e7, -1.7e99, -1.9e154] {
            assert_eq!(sigmoid_scaled::<H>(a, x), 0.0);
            assert_eq!(sigmoid_scaled::<H>(-a, x), 1.0);
            assert_eq!(softplus_scaled::<H>(a, x), 0.0);
            assert_eq!(softplus_scaled::<H>(a, -x), -x);
            assert_eq!(tanh_scaled::<H>(a, x), -1.0);
            assert_eq!(gaussian::<H>(a, x), 0.0);
            assert_eq!(gaussian::<H>(-a, x), INF);
        }
    }
}

//! The arc tangent.

use super::pair::{divide, fast_two_sum, horner, two_product, two_sum};
use crate::numeric::fma::Fused;
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4};

/// atan x.
///
/// atan c + atan((x-c)/(1+cx)) with c one of 0, 1/2, 1, 3/2 and infinity, as in Sun's fdlibm
/// (`s_atan.c`), the quotient in more than double precision. All doubles: the sign of x for a
/// zero.
///
/// Maximum error measured: 0.64 ulp (4·10⁵ points, at x = -0.40071391203102014).
#[inline(always)]
pub fn atan<F: Fused>(x: f64) -> f64 {
    let a = x.abs();
    let (mut c, mut high, mut low) = (0.0, 0.0, 0.0);
    let steps = [
        (0.4375, 0.5, 0.4636476090008061, 2.2698777452961687e-17),
        (0.6875, 1.0, FRAC_PI_4, 3.061616997868383e-17),
        (1.1875, 1.5, 0.982793723247329, 1.3903311031230998e-17),
    ];
    for (from, center, h, l) in steps {
        let reached = a > from;
        c = if reached { center } else { c };
        high = if reached { h } else { high };
        low = if reached { l } else { low };
    }
    let inverse = a > 2.4375;
    let (p, e) = two_product::<F>(c, a);
    let (dh, dl) = two_sum(1.0, p);
    // -1/x where c is infinite; above 2^60 a constant serves as well and stays a normal number.
    let nh = if inverse { -1.0 } else { a - c };
    let dh = if inverse { a } else { dh };
    let dh = if dh > 1152921504606846976.0 { 1152921504606846976.0 } else { dh };
    let dl = if inverse { 0.0 } else { dl + e };
    let high = if inverse { FRAC_PI_2 } else { high };
    let low = if inverse { 6.123233995736766e-17 } else { low };
    let (t, tl) = divide::<F>((nh, 0.0), (dh, dl));
    let u = t * t;
    // (atan t - t)/t^3 in t^2 on [0, 0.19141], error 2^-57.6 of t.
    let p = horner!(F, u;
        -0.33333333333333326, 0.19999999999995266, -0.14285714285034995, 0.11111111064914858,
        -0.0909090729440423, 0.07692263713055286, -0.0666595158094249, 0.058744054882330705,
        -0.0520213142421076, 0.04439814760084848, -0.03204813343436416, 0.013804449586585183);
    let (h, l) = fast_two_sum(high, t);
    (h + (l + F::fma64(t * u, p, tl + low))).copysign(x)
}

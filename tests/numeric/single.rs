//! The single-precision formulas against true values, at the special points
//! and over a sample of all bit patterns.

use crate::oracle::{BINARY, Symmetry, UNARY, Unary, Worst, ulps};
use neuronc::numeric::fma::Hardware as H;
use neuronc::numeric::single as s;

/// Where something happens to some function: reductions change, series give
/// way to closed forms, results saturate, overflow or turn subnormal.
const SPECIAL: &[f32] = &[
    0.0,
    f32::MIN_POSITIVE,
    f32::MAX,
    1e-30,
    5.960_464_5e-8,
    1.192_092_9e-7,
    0.173_286_8,
    0.346_573_6,
    core::f32::consts::FRAC_1_SQRT_2,
    core::f32::consts::SQRT_2,
    core::f32::consts::FRAC_PI_4,
    core::f32::consts::FRAC_PI_2,
    core::f32::consts::PI,
    core::f32::consts::LN_2,
    core::f32::consts::E,
    0.5,
    0.6,
    1.0,
    2.0,
    3.0,
    9.010_913,
    10.0,
    10.05,
    12.0,
    14.6,
    16.635_532,
    20.0,
    87.336_54,
    88.722_84,
    89.06,
    89.415_985,
    103.278_93,
    103.972_08,
    110.0,
    120.0,
    130.0,
    8_388_608.0,
    16_777_216.0,
    16_367_173e30,
    1.844_674_4e19,
    1.208_925_8e24,
];

fn check(f: &Unary, worst: &mut Worst, x: f32) {
    if !x.is_nan() {
        worst.see(ulps((f.got)(x), (f.truth)(f64::from(x))), [x, 0.0]);
    }
}

#[test]
fn errors_stay_within_bounds() {
    for f in UNARY {
        let mut worst = Worst::default();
        for bits in (0..=u32::MAX).step_by(2003) {
            check(f, &mut worst, f32::from_bits(bits));
        }
        for special in SPECIAL {
            for step in -2000..2000_i32 {
                let bits = special.to_bits().wrapping_add_signed(step);
                check(f, &mut worst, f32::from_bits(bits));
                check(f, &mut worst, f32::from_bits(bits ^ 0x8000_0000));
            }
        }
        // Evenly in value, where most patterns are far smaller or larger.
        for i in -100_000..100_000 {
            check(f, &mut worst, i as f32 * 1.3e-4);
            check(f, &mut worst, i as f32 * 1.1e-3);
        }
        assert!(worst.ulps <= f.bound, "{}: {} ulp at {:e}", f.name, worst.ulps, worst.at[0]);
    }
}

#[test]
fn errors_of_two_arguments_stay_within_bounds() {
    for f in BINARY {
        let mut worst = Worst::default();
        let mut see = |a: f32, b: f32| {
            if !(a.is_nan() || b.is_nan()) {
                worst.see(ulps((f.got)(a, b), (f.truth)(f64::from(a), f64::from(b))), [a, b]);
            }
        };
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        for i in 0..1_000_000 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let (a, b) = (state as u32, (state >> 32) as u32);
            if i % 4 == 0 {
                see(f32::from_bits(a), f32::from_bits(b));
            } else {
                let near = |bits: u32, r: u64| f32::from_bits((bits & 0x807f_ffff) | (119 + (r % 16) as u32) << 23);
                see(near(a, state >> 8), near(b, state >> 40));
            }
            // A product of the size where results turn subnormal or overflow.
            let a = f32::from_bits(a);
            see(a, (90.0 + (i % 140) as f32) / a);
        }
        assert!(worst.ulps <= f.bound, "{}: {} ulp at {:e}, {:e}", f.name, worst.ulps, worst.at[0], worst.at[1]);
    }
}

#[test]
fn symmetric_functions_are_symmetric_bit_by_bit() {
    for f in UNARY {
        for bits in (0..0x7f80_0000_u32).step_by(20_011) {
            let x = f32::from_bits(bits);
            let (right, left) = ((f.got)(x).to_bits(), (f.got)(-x).to_bits());
            match f.symmetry {
                Symmetry::Odd => assert_eq!(right ^ 0x8000_0000, left, "{} at {x:e}", f.name),
                Symmetry::Even => assert_eq!(right, left, "{} at {x:e}", f.name),
                Symmetry::None => {}
            }
        }
    }
}

#[test]
fn scaled_forms_at_one_are_the_plain_ones() {
    for bits in (0..=u32::MAX).step_by(2003).chain([0x8000_0000, 0x7f80_0000, 0xff80_0000]) {
        let x = f32::from_bits(bits);
        let same = |a: f32, b: f32| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
        assert!(same(s::sigmoid_scaled::<H>(1.0, x), s::sigmoid::<H>(x)), "{x:e}");
        assert!(same(s::tanh_scaled::<H>(1.0, x), s::tanh::<H>(x)), "{x:e}");
        assert!(same(s::softplus_scaled::<H>(1.0, x), s::softplus::<H>(x)), "{x:e}");
    }
}

#[test]
fn nan_gives_nan() {
    for f in UNARY {
        for bits in [0x7fc0_0000, 0xffc0_0000, 0x7f80_0001, 0x7fff_ffff] {
            assert!((f.got)(f32::from_bits(bits)).is_nan(), "{}", f.name);
        }
    }
    for f in BINARY {
        assert!((f.got)(f32::NAN, 0.5).is_nan(), "{}", f.name);
        assert!((f.got)(0.5, f32::NAN).is_nan(), "{}", f.name);
        assert!((f.got)(f32::NAN, f32::NAN).is_nan(), "{}", f.name);
    }
}

/// Asserts equality bit by bit, any NaN being as good as another.
fn same(name: &str, got: f32, expected: f32) {
    assert!(
        got.to_bits() == expected.to_bits() || (got.is_nan() && expected.is_nan()),
        "{name}: {got:e} instead of {expected:e}"
    );
}

#[test]
fn values_at_zeros_and_infinities() {
    const INF: f32 = f32::INFINITY;
    const NAN: f32 = f32::NAN;
    const HALF_PI: f32 = core::f32::consts::FRAC_PI_2;
    const LN_2: f32 = core::f32::consts::LN_2;
    // The values at −0, +0, −∞ and +∞.
    let table: &[(&str, [f32; 4])] = &[
        ("exp", [1.0, 1.0, 0.0, INF]),
        ("expm1", [-0.0, 0.0, -1.0, INF]),
        ("ln", [-INF, -INF, NAN, INF]),
        ("log1p", [-0.0, 0.0, NAN, INF]),
        ("log2", [-INF, -INF, NAN, INF]),
        ("sinh", [-0.0, 0.0, -INF, INF]),
        ("cosh", [1.0, 1.0, INF, INF]),
        ("tanh", [-0.0, 0.0, -1.0, 1.0]),
        ("sin", [-0.0, 0.0, NAN, NAN]),
        ("cos", [1.0, 1.0, NAN, NAN]),
        ("atan", [-0.0, 0.0, -HALF_PI, HALF_PI]),
        ("erf", [-0.0, 0.0, -1.0, 1.0]),
        ("erfc", [1.0, 1.0, 2.0, 0.0]),
        ("floor", [-0.0, 0.0, -INF, INF]),
        ("ceil", [-0.0, 0.0, -INF, INF]),
        ("sigmoid", [0.5, 0.5, 0.0, 1.0]),
        ("softplus", [LN_2, LN_2, 0.0, INF]),
        ("gelu", [-0.0, 0.0, -0.0, INF]),
        ("gelu_tanh", [-0.0, 0.0, -0.0, INF]),
        ("mish", [-0.0, 0.0, -0.0, INF]),
        ("tanh_shrink", [-0.0, 0.0, -INF, INF]),
    ];
    assert_eq!(table.len(), UNARY.len());
    for (name, expected) in table {
        let f = UNARY.iter().find(|f| f.name == *name).expect("a known name");
        for (x, value) in [-0.0, 0.0, -INF, INF].into_iter().zip(expected) {
            same(&format!("{name} at {x}"), (f.got)(x), *value);
        }
    }
    same("log1p", s::log1p::<H>(-1.0), -INF);
    same("log1p", s::log1p::<H>(-1.5), NAN);
    same("ln", s::ln::<H>(-f32::MIN_POSITIVE), NAN);
    same("ln", s::ln::<H>(1.0), 0.0);
    same("ceil", s::ceil::<H>(-0.7), -0.0);
    for k in -149..128 {
        same("log2", s::log2::<H>(2.0f64.powi(k) as f32), k as f32);
    }
}

#[test]
fn powers_have_the_special_values_of_the_standard() {
    const INF: f32 = f32::INFINITY;
    const NAN: f32 = f32::NAN;
    let table: &[(f32, f32, f32)] = &[
        (NAN, 0.0, 1.0),
        (NAN, -0.0, 1.0),
        (INF, 0.0, 1.0),
        (-0.0, 0.0, 1.0),
        (1.0, NAN, 1.0),
        (1.0, INF, 1.0),
        (-1.0, INF, 1.0),
        (-1.0, -INF, 1.0),
        (0.0, 3.0, 0.0),
        (-0.0, 3.0, -0.0),
        (-0.0, 2.0, 0.0),
        (-0.0, 2.5, 0.0),
        (0.0, -3.0, INF),
        (-0.0, -3.0, -INF),
        (-0.0, -2.0, INF),
        (-0.0, -2.5, INF),
        (0.0, INF, 0.0),
        (0.0, -INF, INF),
        (-0.0, -INF, INF),
        (0.5, INF, 0.0),
        (-0.5, INF, 0.0),
        (0.5, -INF, INF),
        (2.0, INF, INF),
        (-2.0, INF, INF),
        (2.0, -INF, 0.0),
        (INF, 2.0, INF),
        (INF, -0.5, 0.0),
        (-INF, 3.0, -INF),
        (-INF, 2.0, INF),
        (-INF, 0.5, INF),
        (-INF, -3.0, -0.0),
        (-INF, -2.0, 0.0),
        (-INF, -0.5, 0.0),
        (-2.0, 0.5, NAN),
        (-f32::MIN_POSITIVE, -1.5, NAN),
        (-8.0, 3.0, -512.0),
        (-2.0, -3.0, -0.125),
        (-1.0, 16_777_215.0, -1.0),
        (-1.0, 16_777_216.0, 1.0),
        (-1.0, 8_388_607.5, NAN),
        (-1.0, f32::MAX, 1.0),
        (2.0, -149.0, 1e-45),
        (2.0, -151.0, 0.0),
        (-2.0, -151.0, -0.0),
        (2.0, 128.0, INF),
        (-2.0, 129.0, -INF),
        (3.0, 4.0, 81.0),
    ];
    for (x, y, expected) in table {
        same(&format!("{x} to the {y}"), s::pow::<H>(*x, *y), *expected);
    }
}

#[test]
fn scaled_forms_survive_products_out_of_range() {
    const INF: f32 = f32::INFINITY;
    same("sigmoid", s::sigmoid_scaled::<H>(1e30, 1e30), 1.0);
    same("sigmoid", s::sigmoid_scaled::<H>(1e30, -1e30), 0.0);
    same("tanh", s::tanh_scaled::<H>(-1e30, 1e30), -1.0);
    same("tanh", s::tanh_scaled::<H>(2.0, -INF), -1.0);
    same("softplus", s::softplus_scaled::<H>(1e30, 1e30), 1e30);
    same("softplus", s::softplus_scaled::<H>(1e30, -1e30), 0.0);
    same("softplus", s::softplus_scaled::<H>(-1e30, -1e30), -1e30);
    same("softplus", s::softplus_scaled::<H>(0.0, 1.0), INF);
    same("softplus", s::softplus_scaled::<H>(2.0, INF), INF);
    same("softplus", s::softplus_scaled::<H>(2.0, -INF), 0.0);
    same("gaussian", s::gaussian::<H>(1.0, INF), 0.0);
    same("gaussian", s::gaussian::<H>(-1.0, -INF), INF);
    same("gaussian", s::gaussian::<H>(1e30, 1e30), 0.0);
    same("gaussian", s::gaussian::<H>(0.0, 1e30), 1.0);
}

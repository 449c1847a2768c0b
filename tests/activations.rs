//! Activations against their definitions: values, ties, ends of the range, errors in both precisions.

use neuronc::{Activation, Inputs, Limits, Network, Path, Scratch, Sources, Wanted, evaluate, parse, plan, resolve};

/// `count` neurons of one activation, each fed by its own input.
fn network(activation: &str, count: usize) -> Network {
    let diagonal: Vec<String> = (0..count)
        .map(|row| {
            let cells: Vec<&str> = (0..count).map(|column| if column == row { "1" } else { "0" }).collect();
            format!("[{}]", cells.join(", "))
        })
        .collect();
    let text = format!(
        "input x[{count}] = 0\nneuron y[{count}] {{ activation = {activation} }}\nx -> y : [{}]\noutput y\n",
        diagonal.join(", ")
    );
    let mut sources = Sources::new();
    let limits = Limits::default();
    let file = sources.add("activation.neuron", text.into_bytes(), &limits).expect("UTF-8");
    let (program, _) = parse(sources.get(file), &limits);
    let (network, mistakes) = resolve(&program, sources.get(file), &limits);
    network.unwrap_or_else(|| panic!("{activation}: {:?}", mistakes.into_sorted()))
}

/// The activation of one net input, which need not be finite.
fn one<R: neuronc::numeric::Real>(network: &Network, z: R) -> R {
    let plan = plan(network, Wanted::Outputs);
    let mut outputs = vec![z];
    evaluate(network, &plan, &[z], &mut outputs, &mut Scratch::new(), Path::best());
    outputs[0]
}

fn is(activation: &str, cases: &[(f64, f64)]) {
    let network = network(activation, 1);
    for (z, want) in cases {
        let got = one(&network, *z);
        let near = (got - want).abs() <= 1e-15 * want.abs().max(1e-300);
        assert!(got == *want || near || got.is_nan() && want.is_nan(), "{activation}({z}) = {got}, not {want}");
        let single = f64::from(one(&network, *z as f32));
        let near = (single - want).abs() <= 1e-6 * want.abs().max(1e-6);
        let huge = z.abs() > 1e30;
        assert!(
            huge || single == *want || near || single.is_nan() && want.is_nan(),
            "{activation}({z}) in f32 = {single}, not {want}"
        );
    }
}

const INF: f64 = f64::INFINITY;

#[test]
fn values_are_those_of_the_definitions() {
    is("identity", &[(2.0, 2.0), (-3.0, -3.0), (-INF, -INF)]);
    is("step", &[(0.1, 1.0), (0.0, 0.0), (-0.1, 0.0), (INF, 1.0)]);
    is("step(threshold = 2, at = 0.5)", &[(2.0, 0.5), (2.5, 1.0), (1.5, 0.0)]);
    is("step(0, at = 1)", &[(0.0, 1.0), (-0.0, 1.0)]);
    is("sign", &[(3.0, 1.0), (0.0, 0.0), (-3.0, -1.0)]);
    is("relu", &[(3.0, 3.0), (-3.0, 0.0), (-INF, 0.0)]);
    is("leaky_relu", &[(3.0, 3.0), (-1.0, -0.01)]);
    is("leaky_relu(slope = 0.2)", &[(-1.0, -0.2)]);
    is("thresholded_relu", &[(1.0, 0.0), (1.5, 1.5), (0.5, 0.0)]);
    is("relu6", &[(-1.0, 0.0), (3.0, 3.0), (7.0, 6.0)]);
    is("elu", &[(1.0, 1.0), (-1.0, -0.6321205588285577), (-INF, -1.0)]);
    is("elu(0.1)", &[(-1.0, -0.06321205588285577)]);
    is("selu", &[(1.0, 1.0507009873554805), (-1.0, -1.1113307378125627)]);
    is("celu(2)", &[(-1.0, -0.7869386805747332), (1.0, 1.0)]);
    is("sigmoid", &[(0.0, 0.5), (1.0, 0.7310585786300049), (-INF, 0.0), (INF, 1.0)]);
    is("sigmoid(slope = 5)", &[(1.0, 0.9933071490757153)]);
    is("hard_sigmoid", &[(1.0, 0.7), (-2.5, 0.0), (2.5, 1.0), (9.0, 1.0), (-INF, 0.0)]);
    is("log_sigmoid", &[(0.0, -std::f64::consts::LN_2), (-800.0, -800.0), (40.0, -4.248354255291589e-18)]);
    is("tanh", &[(1.0, 0.7615941559557649), (INF, 1.0)]);
    is("hard_tanh", &[(0.3, 0.3), (5.0, 1.0), (-5.0, -1.0)]);
    is("hard_tanh(0, 2)", &[(-1.0, 0.0), (5.0, 2.0)]);
    is("scaled_tanh(2, 0.5)", &[(2.0, 1.5231883119115298)]);
    is("softplus", &[(0.0, std::f64::consts::LN_2), (25.0, 25.000000000013888), (-INF, 0.0), (INF, INF)]);
    is("softplus(5)", &[(1.0, 1.0013430696978236)]);
    is("softsign", &[(1.0, 0.5), (-3.0, -0.75), (INF, 1.0), (-INF, -1.0), (1e300, 1.0)]);
    is("gelu", &[(1.0, 0.8413447460685429), (-1.0, -0.15865525393145705), (INF, INF)]);
    is("gelu_tanh", &[(1.0, 0.8411919906082768)]);
    is("silu", &[(1.0, 0.7310585786300049), (-INF, 0.0), (INF, INF), (-700.0, -6.90177358063184e-302)]);
    is("mish", &[(1.0, 0.8650983882673103)]);
    is("hard_swish", &[(1.0, 0.6666666666666666), (-3.0, 0.0), (4.0, 4.0), (-INF, 0.0), (1e308, 1e308)]);
    is("hard_shrink", &[(0.5, 0.0), (-0.6, -0.6), (0.4, 0.0)]);
    is("soft_shrink", &[(0.75, 0.25), (-0.75, -0.25), (0.5, 0.0)]);
    is("tanh_shrink", &[(1.0, 0.23840584404423512), (1e-3, 3.3333320000005396e-10)]);
    is("exp", &[(1.0, std::f64::consts::E), (-INF, 0.0)]);
    is("sin", &[(1.0, 0.8414709848078965)]);
    is("cos", &[(1.0, 0.5403023058681398)]);
    is("square", &[(-3.0, 9.0)]);
    is("cube", &[(-2.0, -8.0)]);
    is("abs", &[(-2.0, 2.0)]);
    is("reciprocal", &[(4.0, 0.25), (0.0, INF)]);
    is("gaussian", &[(1.0, 0.36787944117144233)]);
    is("gaussian(k = 5)", &[(1.0, 0.006737946999085467)]);
}

#[test]
fn nan_stays_nan_and_zeros_are_as_written() {
    for row in Activation::TABLE.iter().filter(|row| !row.whole_array) {
        let name = if row.with_defaults().is_some() { row.name.to_owned() } else { format!("{}(1, 1)", row.name) };
        let network = network(&name, 1);
        assert!(one(&network, f64::NAN).is_nan(), "{name}(NaN)");
        assert!(one(&network, f32::NAN).is_nan(), "{name}(NaN) in f32");
    }
    // The net input is `0 + w·x + 0`: a negative zero cannot arise, so that 0 is the only zero to test.
    for name in ["relu", "relu6", "thresholded_relu", "hard_shrink", "soft_shrink", "hard_swish"] {
        assert_eq!(one(&network(name, 1), 0.0_f64).to_bits(), 0, "{name}(0)");
    }
}

/// What runs over a whole array.
fn whole(activation: &str, z: &[f64]) -> Vec<f64> {
    let network = network(activation, z.len());
    let mut inputs = Inputs::new(&network);
    inputs.set(&network, "x", z).expect("finite values");
    let plan = plan(&network, Wanted::Outputs);
    let mut outputs = vec![0.0; z.len()];
    let row = inputs.row(&network).expect("values");
    evaluate(&network, &plan, row, &mut outputs, &mut Scratch::new(), Path::best());
    outputs
}

#[test]
fn whole_arrays_share_one() {
    let near = |got: Vec<f64>, want: &[f64]| {
        assert_eq!(got.len(), want.len());
        for (got, want) in std::iter::zip(&got, want) {
            assert!((got - want).abs() <= 1e-15 * want.abs().max(1e-3), "{got} is not {want}");
        }
    };
    let shares = [0.09003057317038046, 0.24472847105479767, 0.6652409557748219];
    near(whole("softmax", &[1.0, 2.0, 3.0]), &shares);
    near(whole("softmax", &[1e300, -1e300, 1e300]), &[0.5, 0.0, 0.5]);
    near(whole("log_softmax", &[1.0, 2.0, 3.0]), &[-2.4076059644443806, -1.4076059644443804, -0.4076059644443804]);
    // The sum of what is small decides the largest output here; 1 + e⁻⁴⁰ would lose it.
    near(whole("log_softmax", &[0.0, 40.0]), &[-40.0, -4.248354255291589e-18]);
    near(whole("hardmax", &[1.0, 3.0, 3.0, 2.0]), &[0.0, 1.0, 0.0, 0.0]);
}

/// The error of `softmax` does not grow with the array: in single precision, against doubles.
#[test]
fn shares_of_large_arrays_are_as_good_as_those_of_small_ones() {
    const SIZE: usize = 400;
    let network = network("softmax", SIZE);
    let plan = plan(&network, Wanted::Outputs);
    let mut scratch = Scratch::new();
    let mut outputs = [0.0_f32; SIZE];
    let mut worst = 0.0_f64;
    for round in 0..50 {
        let z: Vec<f32> = (0..SIZE).map(|index| ((index * (round + 7)) as f32 * 0.618_034).fract()).collect();
        evaluate(&network, &plan, &z, &mut outputs, &mut scratch, Path::best());
        let shares: Vec<f64> = z.iter().map(|z| pxfm::f_exp(f64::from(*z))).collect();
        let (sum, largest) = (shares.iter().sum::<f64>(), shares.iter().copied().fold(0.0, f64::max));
        for (got, share) in std::iter::zip(outputs, shares) {
            worst = worst.max((f64::from(got) - share / sum).abs() / (largest / sum));
        }
    }
    assert!(worst <= 3.0 * f64::from(f32::EPSILON) / 2.0, "{worst:e}");
}

/// Distance in representable doubles.
fn steps(one: f64, other: f64) -> u64 {
    let place = |value: f64| {
        let bits = value.to_bits() as i64;
        if bits < 0 { i64::MIN.wrapping_sub(bits) } else { bits }
    };
    place(one).abs_diff(place(other))
}

/// Compositions that no other test holds to their bound, against correctly rounded parts, at default parameters.
#[test]
fn compositions_stay_within_four_steps() {
    use pxfm::{f_exp, f_expm1, f_log1p};
    type Oracle = fn(f64) -> f64;
    let oracles: [(&str, Oracle); 6] = [
        ("elu", |z| if z >= 0.0 { z } else { f_expm1(z) }),
        ("celu", |z| if z >= 0.0 { z } else { f_expm1(z) }),
        ("selu", |z| {
            let inner = if z >= 0.0 { z } else { 1.6732632423543772 * f_expm1(z) };
            1.0507009873554805 * inner
        }),
        ("silu", |z| if z < -700.0 { z * f_exp(z / 2.0) * f_exp(z / 2.0) } else { z / (1.0 + f_exp(-z)) }),
        ("log_sigmoid", |z| if z < 0.0 { z - f_log1p(f_exp(z)) } else { -f_log1p(f_exp(-z)) }),
        ("softsign", |z| z / (1.0 + z.abs())),
    ];
    for (name, oracle) in oracles {
        let network = network(name, 1);
        let plan = plan(&network, Wanted::Outputs);
        let mut scratch = Scratch::new();
        let mut worst = (0, 0.0);
        for index in -60_000..60_000 {
            let z = f64::from(index) * 0.0117;
            let mut output = [0.0];
            evaluate(&network, &plan, &[z], &mut output, &mut scratch, Path::best());
            let distance = steps(output[0], oracle(z));
            if distance > worst.0 {
                worst = (distance, z);
            }
        }
        // The oracles are themselves rounded: at most two steps of the six.
        assert!(worst.0 <= 6, "{name}({}): {} steps", worst.1, worst.0);
    }
}

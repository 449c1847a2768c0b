//! Measures the single-precision formulas against true values.
//!
//! `single_maxima [stride] [name…]`: functions of one argument are run over
//! every bit pattern of a magnitude from 2⁻⁸ to 2⁸ and every stride-th pattern
//! elsewhere, all by default; odd and even ones over the positive half with
//! their symmetry checked bit by bit. Functions of two
//! arguments are run over pairs of random patterns of the interesting range, activations of whole
//! arrays over random arrays.

#[path = "../../tests/numeric/oracle.rs"]
mod oracle;

mod neurons;

use neurons::Neurons;
use oracle::{BINARY, Symmetry, UNARY, Worst, sigmoid, ulps};

/// The bit patterns of 2⁻⁸ to 2⁸.
const DENSE: std::ops::Range<u32> = 0x3b80_0000..0x4380_0000;

/// Replaces the exponent of `x` by one in −8..8.
fn moderate(x: f32, random: u64) -> f32 {
    let exponent = 119 + (random % 16) as u32;
    f32::from_bits((x.to_bits() & 0x807f_ffff) | (exponent << 23))
}

fn main() {
    let mut args = std::env::args().skip(1);
    let stride: u32 = args.next().map_or(1, |a| a.parse().expect("a stride"));
    let names: Vec<String> = args.collect();
    let wanted = |name: &str| names.is_empty() || names.iter().any(|n| n == name);
    for f in UNARY.iter().filter(|f| wanted(f.name)) {
        one(f.name, &format!(" (bound {})", f.bound), f.symmetry, stride, f.got, f.truth);
    }
    for (name, activation) in neurons::ONE.iter().filter(|(name, _)| wanted(name)) {
        let truth = match *name {
            "silu" => silu,
            "selu" => selu,
            _ => scaled_tanh,
        };
        let mut neuron = Neurons::new(activation, 1);
        one(name, "", Symmetry::None, stride, |x| neuron.output(x), truth);
    }
    for name in neurons::WHOLE.into_iter().filter(|name| wanted(name)) {
        arrays(name, 100_000_000 / stride as usize / neurons::SIZE);
    }
    for f in BINARY.iter().filter(|f| wanted(f.name)) {
        let start = std::time::Instant::now();
        let mut worst = Worst::default();
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let count = 100_000_000 / stride;
        for i in 0..count {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let mut a = f32::from_bits(state as u32);
            let mut b = f32::from_bits((state >> 32) as u32);
            // Three in four pairs lie within 2^±8, where results are neither
            // zero, one nor infinite.
            if i & 3 != 0 {
                a = moderate(a, state >> 8);
                b = moderate(b, state >> 40);
            }
            if a.is_nan() || b.is_nan() {
                continue;
            }
            worst.see(ulps((f.got)(a, b), (f.truth)(f64::from(a), f64::from(b))), [a, b]);
        }
        println!(
            "{} {:.4} ulp (bound {}) at {:e}, {:e}, {count} pairs, {:.0} s",
            f.name,
            worst.ulps,
            f.bound,
            worst.at[0],
            worst.at[1],
            start.elapsed().as_secs_f64()
        );
    }
}

/// Measures a function of one argument.
fn one(
    name: &str,
    note: &str,
    symmetry: Symmetry,
    stride: u32,
    mut got: impl FnMut(f32) -> f32,
    truth: fn(f64) -> f64,
) {
    let start = std::time::Instant::now();
    let mut worst = Worst::default();
    let end = if symmetry == Symmetry::None { u32::MAX } else { 0x7fff_ffff };
    let mut next = Some(0u32);
    while let Some(bits) = next.filter(|bits| *bits <= end) {
        let x = f32::from_bits(bits);
        let dense = DENSE.contains(&(bits & 0x7fff_ffff));
        next = bits.checked_add(if dense { 1 } else { stride });
        if x.is_nan() {
            continue;
        }
        let value = got(x);
        worst.see(ulps(value, truth(f64::from(x))), [x, 0.0]);
        let mirror = match symmetry {
            Symmetry::None => continue,
            Symmetry::Odd => -value,
            Symmetry::Even => value,
        };
        let other = got(-x);
        if other.to_bits() != mirror.to_bits() && !(other.is_nan() && value.is_nan()) {
            worst.see(f64::INFINITY, [-x, 0.0]);
        }
    }
    println!(
        "{name} {:.4} ulp{note} at {:e} (bits {:#010x}), stride {stride}, {:.0} s",
        worst.ulps,
        worst.at[0],
        worst.at[0].to_bits(),
        start.elapsed().as_secs_f64()
    );
}

/// Measures an activation of whole arrays, in ulps of the array's largest output by magnitude.
fn arrays(name: &str, count: usize) {
    let mut array = Neurons::new(name, neurons::SIZE);
    let (mut worst, mut at) = (0.0, Vec::new());
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut outputs = [0.0f32; neurons::SIZE];
    for i in 0..count {
        let half_width = [1.0, 5.0, 40.0, 90.0][i % 4];
        let net_inputs: [f32; neurons::SIZE] = std::array::from_fn(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            ((state >> 11) as f64 / 2f64.powi(52) * half_width - half_width) as f32
        });
        array.outputs(&net_inputs, &mut outputs);
        let truth = family(name, net_inputs.map(f64::from));
        let largest = truth.into_iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        let exponent = (largest.to_bits() >> 52) as i32 - 1023;
        for (got, truth) in std::iter::zip(outputs, truth) {
            let ulps = (f64::from(got) - truth).abs() * 2f64.powi(23 - exponent);
            if ulps > worst {
                (worst, at) = (ulps, net_inputs.to_vec());
            }
        }
    }
    println!("{name} {worst:.4} ulp at {at:?}, {count} arrays");
}

/// The true outputs of `softmax` or `log_softmax`.
fn family(name: &str, net_inputs: [f64; neurons::SIZE]) -> [f64; neurons::SIZE] {
    let largest = net_inputs.into_iter().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = net_inputs.iter().map(|z| pxfm::f_exp(z - largest)).sum();
    match name {
        "softmax" => net_inputs.map(|z| pxfm::f_exp(z - largest) / sum),
        _ => net_inputs.map(|z| z - largest - pxfm::f_log(sum)),
    }
}

fn silu(z: f64) -> f64 {
    // Below, the result is a zero of single precision.
    let y = if z < -400.0 { -400.0 } else { z };
    y * sigmoid(y)
}

fn selu(z: f64) -> f64 {
    1.0507009873554805 * if z >= 0.0 { z } else { 1.6732632423543772 * pxfm::f_expm1(z) }
}

fn scaled_tanh(z: f64) -> f64 {
    f64::from(1.7159f32) * pxfm::f_tanh(f64::from(2.0f32 / 3.0) * z)
}

//! Prints the results of the double-precision formulas at many points, for
//! `benches/accuracy/measure.py`: one line `name x y`, or `name a x y` for two arguments, or
//! `name z… y…` for a whole array, the numbers as the hexadecimal digits of their bits.
//!
//! Arguments: the number of points per function, then the names of the functions (none: all).

use neuronc::numeric::double::{
    atan, cos, cosh, erf, erfc, exp, expm1, gaussian, gelu, gelu_tanh, ln, log1p, log2, mish, pow, sigmoid,
    sigmoid_scaled, sin, sinh, softplus, softplus_scaled, tanh, tanh_scaled, tanh_shrink,
};
use neuronc::numeric::fma::Hardware as H;
use std::io::Write;

mod neurons;
use neurons::Neurons;

/// Where the points of a function lie.
enum Span {
    /// Evenly spread.
    Linear(f64, f64),
    /// Evenly spread exponents, both signs where the first number is negative.
    Logarithmic(f64, f64),
}
use Span::{Linear, Logarithmic};

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e3779b97f4a7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d049bb133111eb);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn point(&mut self, span: &Span) -> f64 {
        match *span {
            Linear(low, high) => low + (high - low) * self.unit(),
            Logarithmic(low, high) => {
                let (from, to) = (low.abs().to_bits(), high.to_bits());
                let x = f64::from_bits(from + (self.unit() * (to - from) as f64) as u64);
                if low < 0.0 && self.bits() & 1 == 1 { -x } else { x }
            }
        }
    }
}

type One = (&'static str, fn(f64) -> f64, &'static [Span]);
type Two = (&'static str, fn(f64, f64) -> f64, &'static [Span], &'static [Span]);

const ALL: Span = Logarithmic(-5e-324, f64::MAX);
const LATE: Span = Logarithmic(-1e-18, 1e3);

const ONE: &[One] = &[
    ("exp", exp::<H>, &[LATE, Linear(-1.0, 1.0), Linear(-746.0, 710.0)]),
    ("expm1", expm1::<H>, &[ALL, LATE, Linear(-1.0, 1.5), Linear(-40.0, 710.0)]),
    ("ln", ln::<H>, &[Logarithmic(5e-324, f64::MAX), Linear(0.5, 2.0), Linear(0.98, 1.02)]),
    ("log2", log2::<H>, &[Logarithmic(5e-324, f64::MAX), Linear(0.5, 2.0), Linear(0.98, 1.02)]),
    ("log1p", log1p::<H>, &[Logarithmic(5e-324, f64::MAX), LATE, Linear(-1.0, 2.0), Linear(-0.02, 0.02)]),
    ("sinh", sinh::<H>, &[ALL, LATE, Linear(-2.0, 2.0), Linear(-711.0, 711.0)]),
    ("cosh", cosh::<H>, &[LATE, Linear(-2.0, 2.0), Linear(-711.0, 711.0)]),
    ("tanh", tanh::<H>, &[ALL, LATE, Linear(-2.0, 2.0), Linear(-20.0, 20.0)]),
    ("sin", sin::<H>, &[ALL, LATE, Linear(-1.6, 1.6), Linear(-100.0, 100.0), Logarithmic(-1.0, f64::MAX)]),
    ("cos", cos::<H>, &[ALL, LATE, Linear(-1.6, 1.6), Linear(-100.0, 100.0), Logarithmic(-1.0, f64::MAX)]),
    ("atan", atan::<H>, &[ALL, Logarithmic(-1e-9, 1e18), Linear(-3.0, 3.0), Linear(-0.5, 0.5)]),
    ("erf", erf::<H>, &[ALL, Logarithmic(-1e-9, 6.0), Linear(-0.7, 0.7), Linear(-6.0, 6.0)]),
    ("erfc", erfc::<H>, &[LATE, Linear(-6.0, 6.0), Linear(-1.0, 1.0), Linear(0.4, 27.3)]),
    ("sigmoid", sigmoid::<H>, &[LATE, Linear(-5.0, 5.0), Linear(-746.0, 40.0)]),
    ("softplus", softplus::<H>, &[LATE, Linear(-5.0, 5.0), Linear(-746.0, 50.0)]),
    ("gelu", gelu::<H>, &[ALL, LATE, Linear(-5.0, 5.0), Linear(-38.8, 10.0)]),
    ("gelu_tanh", gelu_tanh::<H>, &[ALL, LATE, Linear(-5.0, 5.0), Linear(-21.7, 10.0)]),
    ("mish", mish::<H>, &[ALL, LATE, Linear(-5.0, 5.0), Linear(-752.0, 45.0)]),
    ("tanh_shrink", tanh_shrink::<H>, &[ALL, LATE, Linear(-1.0, 1.0), Linear(-20.0, 20.0)]),
];

const TWO: &[Two] = &[
    (
        "pow",
        pow::<H>,
        &[Logarithmic(5e-324, f64::MAX), Linear(0.5, 2.0), Linear(0.0, 50.0), Linear(0.9, 1.1)],
        &[Linear(-2.0, 2.0), Linear(-20.0, 20.0), Linear(-300.0, 300.0), Linear(-7000.0, 7000.0), LATE],
    ),
    (
        "gaussian",
        gaussian::<H>,
        &[Logarithmic(1e-3, 1e3), Linear(0.5, 2.0)],
        &[Logarithmic(-1e-3, 50.0), Linear(-20.0, 20.0), Linear(-3.0, 3.0)],
    ),
    (
        "sigmoid_scaled",
        sigmoid_scaled::<H>,
        &[Linear(-3.0, 3.0), Logarithmic(-1e-3, 1e3)],
        &[Linear(-5.0, 5.0), Linear(-300.0, 300.0)],
    ),
    ("tanh_scaled", tanh_scaled::<H>, &[Linear(-3.0, 3.0), Logarithmic(-1e-3, 1e3)], &[Linear(-5.0, 5.0), LATE]),
    (
        "softplus_scaled",
        softplus_scaled::<H>,
        &[Linear(-3.0, 3.0), Logarithmic(-1e-3, 1e3)],
        &[Linear(-5.0, 5.0), Linear(-300.0, 300.0)],
    ),
];

/// Where the net inputs of [`neurons::ONE`] lie.
const NET_INPUTS: &[Span] = &[ALL, LATE, Linear(-5.0, 5.0), Linear(-750.0, 40.0), Linear(-38.5, -37.5)];

/// Where the net inputs of one array lie.
const ARRAYS: &[Span] = &[Linear(-1.0, 1.0), Linear(-5.0, 5.0), Linear(-40.0, 40.0), Linear(-700.0, 700.0)];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let count: usize = arguments.next().map_or(1000, |n| n.parse().expect("the number of points"));
    let names: Vec<String> = arguments.collect();
    let wanted = |name: &str| names.is_empty() || names.iter().any(|n| n == name);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut random = Random(20260101);
    for (name, function, spans) in ONE {
        for i in 0..if wanted(name) { count } else { 0 } {
            let x = random.point(&spans[i % spans.len()]);
            writeln!(out, "{name} {:x} {:x}", x.to_bits(), function(x).to_bits()).expect("output");
        }
    }
    for (name, function, first, second) in TWO {
        for i in 0..if wanted(name) { count } else { 0 } {
            let a = random.point(&first[i % first.len()]);
            let x = random.point(&second[i / first.len() % second.len()]);
            let y = function(a, x);
            writeln!(out, "{name} {:x} {:x} {:x}", a.to_bits(), x.to_bits(), y.to_bits()).expect("output");
        }
    }
    for (name, activation) in neurons::ONE {
        let mut neuron = Neurons::new(activation, 1);
        for i in 0..if wanted(name) { count } else { 0 } {
            let x = random.point(&NET_INPUTS[i % NET_INPUTS.len()]);
            writeln!(out, "{name} {:x} {:x}", x.to_bits(), neuron.output(x).to_bits()).expect("output");
        }
    }
    for name in neurons::WHOLE {
        let mut array = Neurons::new(name, neurons::SIZE);
        for i in 0..if wanted(name) { count / neurons::SIZE } else { 0 } {
            let net_inputs: Vec<f64> = (0..neurons::SIZE).map(|_| random.point(&ARRAYS[i % ARRAYS.len()])).collect();
            let mut outputs = vec![0.0; neurons::SIZE];
            array.outputs(&net_inputs, &mut outputs);
            write!(out, "{name}").expect("output");
            for number in net_inputs.iter().chain(&outputs) {
                write!(out, " {:x}", number.to_bits()).expect("output");
            }
            writeln!(out).expect("output");
        }
    }
}

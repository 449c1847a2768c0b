//! Measures the single-precision formulas against true values.
//!
//! `single_maxima [stride] [name…]`: functions of one argument are run over
//! every bit pattern of a magnitude from 2⁻⁸ to 2⁸ and every stride-th pattern
//! elsewhere, all by default; odd and even ones over the positive half with
//! their symmetry checked bit by bit. Functions of two
//! arguments are run over pairs of random patterns of the interesting range.

#[path = "../../tests/numeric/oracle.rs"]
mod oracle;

use oracle::{BINARY, Symmetry, UNARY, Worst, ulps};

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
        let start = std::time::Instant::now();
        let mut worst = Worst::default();
        let end = if f.symmetry == Symmetry::None { u32::MAX } else { 0x7fff_ffff };
        let mut next = Some(0u32);
        while let Some(bits) = next.filter(|bits| *bits <= end) {
            let x = f32::from_bits(bits);
            let dense = DENSE.contains(&(bits & 0x7fff_ffff));
            next = bits.checked_add(if dense { 1 } else { stride });
            if x.is_nan() {
                continue;
            }
            let got = (f.got)(x);
            worst.see(ulps(got, (f.truth)(f64::from(x))), [x, 0.0]);
            let mirror = match f.symmetry {
                Symmetry::None => continue,
                Symmetry::Odd => -got,
                Symmetry::Even => got,
            };
            let other = (f.got)(-x);
            if other.to_bits() != mirror.to_bits() && !(other.is_nan() && got.is_nan()) {
                worst.see(f64::INFINITY, [-x, 0.0]);
            }
        }
        println!(
            "{} {:.4} ulp (bound {}) at {:e} (bits {:#010x}), stride {stride}, {:.0} s",
            f.name,
            worst.ulps,
            f.bound,
            worst.at[0],
            worst.at[0].to_bits(),
            start.elapsed().as_secs_f64()
        );
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

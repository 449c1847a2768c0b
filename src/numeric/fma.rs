//! Fused multiply-add with one result everywhere: the instruction where the machine has it, and
//! an exact integer implementation where it has not.

/// How a formula does its fused multiply-adds; both implementations round `a * b + c` once.
pub trait Fused: Copy + Send + Sync + 'static {
    /// `a * b + c` in double precision, rounded once.
    fn fma64(a: f64, b: f64, c: f64) -> f64;
    /// `a * b + c` in single precision, rounded once.
    fn fma32(a: f32, b: f32, c: f32) -> f32;
}

/// The processor's instruction, inside a function compiled with fused multiply-add; elsewhere
/// the same bits through the C library.
#[derive(Clone, Copy, Debug)]
pub struct Hardware;

#[expect(clippy::disallowed_methods, reason = "dispatched to where it is one instruction")]
impl Fused for Hardware {
    #[inline(always)]
    fn fma64(a: f64, b: f64, c: f64) -> f64 {
        a.mul_add(b, c)
    }

    #[inline(always)]
    fn fma32(a: f32, b: f32, c: f32) -> f32 {
        a.mul_add(b, c)
    }
}

/// The same bits in integer arithmetic, for machines without the instruction; the payload and the
/// sign of a NaN are not specified.
#[derive(Clone, Copy, Debug)]
pub struct Software;

impl Fused for Software {
    #[inline]
    fn fma64(a: f64, b: f64, c: f64) -> f64 {
        fused(a, b, c)
    }

    #[inline]
    fn fma32(a: f32, b: f32, c: f32) -> f32 {
        // Two 24-bit significands: the product is exact.
        let product = f64::from(a) * f64::from(b);
        let addend = f64::from(c);
        let sum = product + addend;
        // What the rounding of the sum left out, exactly (Knuth's two-sum).
        let virtual_addend = sum - product;
        let rest = (product - (sum - virtual_addend)) + (addend - virtual_addend);
        let bits = sum.to_bits();
        let inexact = sum.is_finite() && rest != 0.0;
        // Rounding to odd keeps the second rounding, to 24 bits, right (Boldo and Melquiond,
        // "Emulation of FMA and correctly rounded sums", 2008).
        let odd =
            if inexact && bits & 1 == 0 { if (rest > 0.0) == (sum > 0.0) { bits + 1 } else { bits - 1 } } else { bits };
        f64::from_bits(odd) as f32
    }
}

const FRACTION: u64 = (1 << 52) - 1;

/// The significand and the exponent of its last bit, of a finite number's magnitude.
#[inline]
fn decode(x: f64) -> (u64, i32) {
    let bits = x.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32;
    if exponent == 0 { (bits & FRACTION, -1074) } else { ((bits & FRACTION) | (1 << 52), exponent - 1075) }
}

/// The value with its top bit moved to bit 126, and the exponent that goes with it.
#[inline]
fn normalise(value: u128, exponent: i32) -> (u128, i32) {
    let shift = value.leading_zeros() as i32 - 1;
    (value << shift, exponent - shift)
}

fn fused(a: f64, b: f64, c: f64) -> f64 {
    // Every case that ordinary arithmetic gets right with one rounding.
    if !a.is_finite() || !b.is_finite() || a == 0.0 || b == 0.0 {
        return a * b + c;
    }
    if !c.is_finite() {
        return c + c;
    }
    if c == 0.0 {
        return a * b;
    }
    let ((ma, ea), (mb, eb), (mc, ec)) = (decode(a), decode(b), decode(c));
    let product_negative = a.is_sign_negative() != b.is_sign_negative();
    let addend_negative = c.is_sign_negative();
    let (product, ep) = normalise(u128::from(ma) * u128::from(mb), ea + eb);
    let (addend, ec) = normalise(u128::from(mc), ec);
    let product_larger = ep > ec || (ep == ec && product >= addend);
    let (large, exponent, negative, small, distance) = if product_larger {
        (product, ep, product_negative, addend, ep - ec)
    } else {
        (addend, ec, addend_negative, product, ec - ep)
    };
    // Both have at least 20 zero bits at the end, so a bit lost here only has to stay visible in
    // the last one; where the difference cancels (distance 0 or 1) none is lost.
    let shifted = if distance > 126 {
        1
    } else {
        let kept = small >> distance;
        kept | u128::from(kept << distance != small)
    };
    let sum = if product_negative == addend_negative { large + shifted } else { large - shifted };
    if sum == 0 {
        return 0.0;
    }
    round(sum, exponent, negative)
}

/// `value * 2^exponent` to nearest, ties to even.
fn round(value: u128, exponent: i32, negative: bool) -> f64 {
    let top = 127 - value.leading_zeros() as i32;
    let last = (exponent + top - 52).max(-1074);
    let shift = last - exponent;
    let kept = if shift <= 0 {
        (value << -shift) as u64
    } else if shift > 127 {
        0
    } else {
        let kept = (value >> shift) as u64;
        let rest = value << (128 - shift);
        let half = 1u128 << 127;
        kept + u64::from(rest > half || (rest == half && kept & 1 == 1))
    };
    // The hidden bit carries into the exponent field, for subnormals as for the rest.
    let magnitude = if last > 971 {
        f64::INFINITY.to_bits()
    } else {
        ((((last + 1074) as u64) << 52) + kept).min(f64::INFINITY.to_bits())
    };
    f64::from_bits(magnitude | (u64::from(negative) << 63))
}

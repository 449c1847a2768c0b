//! The elements of binary tensors: their types, and the doubles that they are.

use super::error::NoDouble;

/// A type of numbers. Complex numbers, truth values and texts are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Element {
    F16,
    Bf16,
    F32,
    F64,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
}

impl Element {
    /// How many bytes one takes.
    pub(crate) fn width(self) -> usize {
        match self {
            Element::I8 | Element::U8 => 1,
            Element::F16 | Element::Bf16 | Element::I16 | Element::U16 => 2,
            Element::F32 | Element::I32 | Element::U32 => 4,
            Element::F64 | Element::I64 | Element::U64 => 8,
        }
    }

    /// The doubles that `bytes` hold, exactly; or the place of the first that is not finite or that no double holds.
    pub(super) fn decode(self, bytes: &[u8], big_endian: bool) -> Result<Vec<f64>, (usize, NoDouble)> {
        match self {
            Element::F16 => floats(bytes, big_endian, |raw| half(u16::from_le_bytes(raw))),
            Element::Bf16 => {
                floats(bytes, big_endian, |raw| f64::from(f32::from_bits(u32::from(u16::from_le_bytes(raw)) << 16)))
            }
            Element::F32 => floats(bytes, big_endian, |raw| f64::from(f32::from_le_bytes(raw))),
            Element::F64 => floats(bytes, big_endian, f64::from_le_bytes),
            Element::I8 => floats(bytes, big_endian, |raw| f64::from(i8::from_le_bytes(raw))),
            Element::U8 => floats(bytes, big_endian, |raw: [u8; 1]| f64::from(raw[0])),
            Element::I16 => floats(bytes, big_endian, |raw| f64::from(i16::from_le_bytes(raw))),
            Element::U16 => floats(bytes, big_endian, |raw| f64::from(u16::from_le_bytes(raw))),
            Element::I32 => floats(bytes, big_endian, |raw| f64::from(i32::from_le_bytes(raw))),
            Element::U32 => floats(bytes, big_endian, |raw| f64::from(u32::from_le_bytes(raw))),
            Element::I64 => wide(bytes, big_endian, |raw| i128::from(i64::from_le_bytes(raw))),
            Element::U64 => wide(bytes, big_endian, |raw| i128::from(u64::from_le_bytes(raw))),
        }
    }
}

/// The bytes of each element, least first.
fn raw<const N: usize>(bytes: &[u8], big_endian: bool) -> impl ExactSizeIterator<Item = [u8; N]> {
    bytes.as_chunks::<N>().0.iter().map(move |chunk| {
        let mut chunk = *chunk;
        if big_endian {
            chunk.reverse();
        }
        chunk
    })
}

fn floats<const N: usize>(
    bytes: &[u8],
    big_endian: bool,
    value: impl Fn([u8; N]) -> f64,
) -> Result<Vec<f64>, (usize, NoDouble)> {
    let values: Vec<f64> = raw(bytes, big_endian).map(value).collect();
    match values.iter().position(|value| !value.is_finite()) {
        Some(place) => Err((place, NoDouble::NotFinite(values[place]))),
        None => Ok(values),
    }
}

fn wide(bytes: &[u8], big_endian: bool, value: impl Fn([u8; 8]) -> i128) -> Result<Vec<f64>, (usize, NoDouble)> {
    let exact = |(place, raw)| {
        let whole = value(raw);
        let double = whole as f64;
        if double as i128 == whole { Ok(double) } else { Err((place, NoDouble::Inexact(whole))) }
    };
    raw(bytes, big_endian).enumerate().map(exact).collect()
}

/// A number of half precision (IEEE 754 binary16): 1 bit of sign, 5 of exponent, 10 of fraction.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (u64::from(bits >> 10 & 0x1F), u64::from(bits & 0x3FF));
    let magnitude = match exponent {
        // Below the least normal one a unit is 2^-24.
        0 => fraction as f64 / 16_777_216.0,
        0x1F if fraction == 0 => f64::INFINITY,
        0x1F => f64::NAN,
        _ => f64::from_bits((exponent + 1023 - 15) << 52 | fraction << 42),
    };
    sign * magnitude
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_what_their_bits_say() {
        for (bits, value) in [
            (0x0000, 0.0),
            (0x0001, 5.960_464_477_539_063e-8),
            (0x03FF, 6.097_555_160_522_461e-5),
            (0x0400, 6.103_515_625e-5),
            (0x3555, 0.333_251_953_125),
            (0x3C00, 1.0),
            (0xC000, -2.0),
            (0x7BFF, 65504.0),
            (0x7C00, f64::INFINITY),
            (0xFC00, f64::NEG_INFINITY),
        ] {
            assert_eq!(half(bits), value, "{bits:#06x}");
        }
        assert!(half(0x8000).is_sign_negative() && half(0x7E00).is_nan());
    }

    #[test]
    fn integers_are_exact_or_refused() {
        let decode = |value: i64| Element::I64.decode(&value.to_le_bytes(), false);
        assert_eq!(decode(-9_007_199_254_740_992), Ok(vec![-9_007_199_254_740_992.0]));
        assert_eq!(decode(i64::MIN), Ok(vec![-9_223_372_036_854_775_808.0]));
        for value in [9_007_199_254_740_993, i64::MAX] {
            assert_eq!(decode(value), Err((0, NoDouble::Inexact(value.into()))));
        }
        let large = u64::MAX - 2047;
        assert_eq!(Element::U64.decode(&large.to_be_bytes(), true), Ok(vec![large as f64]));
        assert!(Element::U64.decode(&u64::MAX.to_be_bytes(), true).is_err());
    }
}

//! Numbers as text: read with correct rounding, printed in the shortest form that reads back to the same bits.

/// What a spelling reads as.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Reading {
    /// The nearest double; infinite where there is none.
    pub(crate) value: f64,
    /// Whether the value is 0 although a digit is not.
    pub(crate) underflowed: bool,
}

/// Reads a number of the language's form: digits, perhaps a point with digits on both sides, perhaps an exponent,
/// `_` between digits, no sign.
pub(crate) fn read(spelling: &str) -> Reading {
    let digits: std::borrow::Cow<'_, str> =
        if spelling.contains('_') { spelling.replace('_', "").into() } else { spelling.into() };
    let value: f64 = digits.parse().expect("the grammar's numbers are numbers");
    let mantissa = digits.split(['e', 'E']).next().unwrap_or_default();
    let underflowed = value == 0.0 && mantissa.bytes().any(|digit| matches!(digit, b'1'..=b'9'));
    Reading { value, underflowed }
}

/// A number without `_`, by its digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digits {
    /// Where it ends.
    pub(crate) end: usize,
    /// Its digits as a whole number, if 64 bits surely hold it.
    mantissa: Option<u64>,
    /// The power of ten that the mantissa is multiplied with, unless it or the digits are very many.
    power: Option<i32>,
}

/// The number of the language's form that starts at `start`, as far as it is plain: no `_`.
pub(crate) fn digits(bytes: &[u8], start: usize) -> Option<Digits> {
    let mut mantissa = 0u64;
    let take = |mut at: usize, mantissa: &mut u64| {
        let from = at;
        while let Some(digit) = bytes.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
            // An overflow shows in the count of digits.
            *mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
            at += 1;
        }
        (at > from).then_some(at)
    };
    let whole = take(start, &mut mantissa)?;
    let (mut end, mut decimals) = (whole, 0);
    if bytes.get(whole) == Some(&b'.') {
        end = take(whole + 1, &mut mantissa)?;
        decimals = end - whole - 1;
    }
    let zeros = bytes[start..end].iter().take_while(|byte| matches!(byte, b'0' | b'.')).count();
    // Any 19 digits fit 64 bits.
    let mantissa = Some(mantissa).filter(|_| end - start - zeros <= 19);
    let mut power = Some(-(decimals as i32)).filter(|_| end - start <= 64);
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let is_negative = bytes.get(end + 1) == Some(&b'-');
        let signed = is_negative || bytes.get(end + 1) == Some(&b'+');
        let mut exponent = 0u64;
        let first = end + 1 + usize::from(signed);
        end = take(first, &mut exponent)?;
        let exponent = i32::try_from(exponent).ok().filter(|exponent| end - first <= 3 && *exponent < 200);
        let exponent = exponent.map(|exponent| if is_negative { -exponent } else { exponent });
        power = power.zip(exponent).map(|(power, exponent)| power + exponent);
    }
    Some(Digits { end, mantissa, power })
}

impl Digits {
    /// Whether the value is surely finite, and 0 only if its digits are: it needs no look at the ends of the range.
    pub(crate) fn is_moderate(self) -> bool {
        self.power.is_some()
    }

    /// The double nearest to the number, which starts at `start` of `text`; infinite where there is none.
    pub(crate) fn value(self, text: &str, start: usize) -> f64 {
        /// The powers of ten that are doubles.
        const POWERS: [f64; 23] = [
            1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
            1e19, 1e20, 1e21, 1e22,
        ];
        // Both are exact, so that their product or quotient is rounded once (Clinger 1990).
        match (self.mantissa, self.power) {
            (Some(mantissa), Some(power)) if mantissa <= 1 << 53 && power.unsigned_abs() <= 22 => {
                let (mantissa, factor) = (mantissa as f64, POWERS[power.unsigned_abs() as usize]);
                if power < 0 { mantissa / factor } else { mantissa * factor }
            }
            _ => text[start..self.end].parse().expect("digits are a number"),
        }
    }
}

/// The shortest decimal that reads back to the same bits, ties to the nearest; `NaN`, `inf`, `-inf`.
///
/// Whole numbers below 10¹⁶ have no point; numbers below 10⁻⁵ or from 10¹⁶ on have an exponent.
#[must_use]
pub fn shortest(value: f64) -> String {
    spell(value, zmij::Buffer::new().format(value))
}

/// [`shortest`] in single precision.
#[must_use]
pub fn shortest_single(value: f32) -> String {
    spell(f64::from(value), zmij::Buffer::new().format(value))
}

fn spell(value: f64, digits: &str) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    digits.strip_suffix(".0").unwrap_or(digits).replace("e+", "e")
}

/// `value` rounded to `digits` significant digits, trailing zeros removed, for people to read.
#[must_use]
pub fn rounded(value: f64, digits: usize) -> String {
    if !value.is_finite() || value == 0.0 {
        return shortest(value);
    }
    let scientific = format!("{value:.*e}", digits.saturating_sub(1));
    // What is printed is read again: the shortest form of the rounded number.
    scientific.parse().map_or(scientific, shortest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_rounds_correctly_and_tells_the_ends_of_the_range() {
        assert_eq!(read("0.75").value, 0.75);
        assert_eq!(read("1_000.5e-1").value, 100.05);
        assert!(read("1e999").value.is_infinite());
        assert_eq!(read("1e-999"), Reading { value: 0.0, underflowed: true });
        assert_eq!(read("0.000e-999"), Reading { value: 0.0, underflowed: false });
        let digits = format!("0.1{}", "0".repeat(10_000));
        assert_eq!(read(&digits).value, 0.1);
        assert_eq!(read("9007199254740993").value, 9_007_199_254_740_992.0);
    }

    #[test]
    fn digits_are_read_as_the_standard_library_does() {
        let mut state = 1u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        };
        for round in 0..200_000 {
            let mut text = format!("{}", next() % 10u64.pow(1 + (next() % 9) as u32));
            if round % 3 > 0 {
                text.push_str(&format!(".{:0width$}", next() % 100_000, width = 1 + (next() % 14) as usize));
            }
            if round % 5 == 0 {
                text.push_str(&format!("e{}{}", ["", "+", "-"][next() as usize % 3], next() % 330));
            }
            let read = digits(text.as_bytes(), 0).expect("a number");
            let wanted: f64 = text.parse().expect("a number");
            assert_eq!(read.end, text.len(), "{text}");
            assert_eq!(read.value(&text, 0).to_bits(), wanted.to_bits(), "{text}");
            if read.is_moderate() {
                assert!(wanted.is_finite(), "{text}");
                assert_eq!(
                    wanted == 0.0,
                    text.split('e').next().expect("digits").bytes().all(|b| matches!(b, b'0' | b'.')),
                    "{text}"
                );
            }
        }
        for text in ["", ".5", "1.", "1e", "1.e5", "x", "1e+", "-1"] {
            assert_eq!(digits(text.as_bytes(), 0), None, "{text}");
        }
        assert_eq!(digits(b"1_000", 0).map(|digits| digits.end), Some(1));
    }

    #[test]
    fn printing_is_shortest() {
        let cases = [
            (2.2, "2.2"),
            (1.0, "1"),
            (-0.0, "-0"),
            (1.2 * 0.75, "0.8999999999999999"),
            (1e300, "1e300"),
            (5e-324, "5e-324"),
            (0.1 + 0.2, "0.30000000000000004"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (-f64::NAN, "NaN"),
        ];
        for (value, text) in cases {
            assert_eq!(shortest(value), text);
        }
        assert_eq!(shortest_single(0.1), "0.1");
    }

    #[test]
    fn rounding_keeps_six_digits_and_no_zeros() {
        assert_eq!(rounded(1.2 * 0.75, 6), "0.9");
        assert_eq!(rounded(1.0 / 3.0, 6), "0.333333");
        assert_eq!(rounded(-1234567.0, 6), "-1234570");
        assert_eq!(rounded(0.0, 6), "0");
        assert_eq!(rounded(f64::NAN, 6), "NaN");
    }
}

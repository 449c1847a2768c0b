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

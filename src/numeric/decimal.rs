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
#[inline(always)]
pub(crate) fn digits(bytes: &[u8], start: usize) -> Option<Digits> {
    let mut mantissa = 0;
    let whole = digits_end(bytes, start, &mut mantissa)?;
    let (mut end, mut decimals) = (whole, 0);
    if bytes.get(whole) == Some(&b'.') {
        end = digits_end(bytes, whole + 1, &mut mantissa)?;
        decimals = end - whole - 1;
    }
    // Any 19 digits fit 64 bits.
    let fits = end - start <= 19 || {
        let zeros = bytes[start..end].iter().take_while(|byte| matches!(byte, b'0' | b'.')).count();
        end - start - zeros <= 19
    };
    let mut power = Some(-(decimals as i32)).filter(|_| end - start <= 64);
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let is_negative = bytes.get(end + 1) == Some(&b'-');
        let signed = is_negative || bytes.get(end + 1) == Some(&b'+');
        let mut exponent = 0;
        let first = end + 1 + usize::from(signed);
        end = digits_end(bytes, first, &mut exponent)?;
        let exponent = i32::try_from(exponent).ok().filter(|exponent| end - first <= 3 && *exponent < 200);
        let exponent = exponent.map(|exponent| if is_negative { -exponent } else { exponent });
        power = power.zip(exponent).map(|(power, exponent)| power + exponent);
    }
    Some(Digits { end, mantissa: Some(mantissa).filter(|_| fits), power })
}

/// Where the digits that start at `start` end, if there are any; puts them behind those of `number`, which wraps where
/// it has no room.
#[inline(always)]
fn digits_end(bytes: &[u8], start: usize, number: &mut u64) -> Option<usize> {
    const POWERS: [u64; 9] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];
    let mut at = start;
    while let Some(eight) = bytes.get(at..at + 8) {
        let (digits, count) = leading_digits(eight.try_into().expect("they are eight"));
        *number = number.wrapping_mul(POWERS[count]).wrapping_add(digits);
        at += count;
        if count < 8 {
            return (at > start).then_some(at);
        }
    }
    while let Some(digit) = bytes.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
        *number = number.wrapping_mul(10).wrapping_add(u64::from(digit));
        at += 1;
    }
    (at > start).then_some(at)
}

/// The number that the digits before any other byte are, and how many there are.
#[inline(always)]
fn leading_digits(bytes: [u8; 8]) -> (u64, usize) {
    let values = u64::from_le_bytes(bytes) ^ 0x3030_3030_3030_3030;
    // A byte above 9 has a bit of its high half set, or gets one when 6 is added; a carry goes to later bytes alone.
    let others = (values | values.wrapping_add(0x0606_0606_0606_0606)) & 0xF0F0_F0F0_F0F0_F0F0;
    let count = others.trailing_zeros() as usize / 8;
    // Zeros in front in the place of what follows. Then pairs of digits, of pairs, of fours; the first digit stands in
    // the lowest byte.
    let values = values.checked_shl(64 - 8 * count as u32).unwrap_or(0);
    let pairs = values.wrapping_mul(10).wrapping_add(values >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_FFFF_0000_FFFF;
    (fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xFFFF_FFFF, count)
}

impl Digits {
    /// Whether the value is surely finite, and 0 only if its digits are: it needs no look at the ends of the range.
    pub(crate) fn is_moderate(self) -> bool {
        self.power.is_some()
    }

    /// The double nearest to the number, which starts at `start` of `text`; infinite where there is none.
    #[inline(always)]
    pub(crate) fn value(self, text: &[u8], start: usize) -> f64 {
        if let (Some(mantissa), Some(power)) = (self.mantissa, self.power) {
            if let Some(value) = exact(mantissa, power) {
                return value;
            }
            if let Some(value) = quotient(mantissa, power) {
                return value;
            }
        }
        parsed(&text[start..self.end])
    }
}

/// The number that the standard library reads.
#[cold]
fn parsed(digits: &[u8]) -> f64 {
    std::str::from_utf8(digits).expect("digits are ASCII").parse().expect("digits are a number")
}

/// `mantissa × 10^power` where both are doubles, so that their product or quotient is rounded once (W. D. Clinger, How
/// to read floating point numbers accurately, 1990).
#[inline(always)]
fn exact(mantissa: u64, power: i32) -> Option<f64> {
    /// The powers of ten that are doubles.
    const POWERS: [f64; 23] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ];
    let factor = POWERS.get(power.unsigned_abs() as usize)?;
    let mantissa = (mantissa <= 1 << 53).then_some(mantissa as f64)?;
    Some(if power < 0 { mantissa / factor } else { mantissa * factor })
}

/// `mantissa ÷ 10^-power` for the 16 or more digits of printed doubles, unless the rounding hangs on bits that are not
/// computed (after D. Lemire, Number parsing at a gigabyte per second, 2021).
#[inline(always)]
fn quotient(mantissa: u64, power: i32) -> Option<f64> {
    const COUNT: usize = 28;
    /// 2^(63 + n) ÷ 5^k without its fraction, 64 bits with the first one set, where 5^k has n bits; and n.
    const RECIPROCALS: [(u64, u32); COUNT] = {
        let mut table = [(0, 0); COUNT];
        let mut five_to_k = 1u128;
        let mut k = 0;
        while k < COUNT {
            let bits = 128 - five_to_k.leading_zeros();
            // One bit too many for k = 0 alone, which needs no quotient.
            table[k] = (((1u128 << (63 + bits)) / five_to_k) as u64, bits);
            five_to_k *= 5;
            k += 1;
        }
        table
    };
    let k = power.checked_neg().filter(|k| *k > 0)?;
    let (reciprocal, bits) = *RECIPROCALS.get(k as usize)?;
    if mantissa == 0 {
        return None;
    }
    let zeros = mantissa.leading_zeros();
    let product = u128::from(mantissa << zeros) * u128::from(reciprocal);
    let high = (product >> 64) as u64;
    // The true product is less than 2^64 larger: at most 1 in the last bit of `high`.
    let cut = if high >> 63 == 1 { 10 } else { 9 };
    let below = high & ((1 << cut) - 1);
    if below == 0 || below == (1 << cut) - 1 {
        return None;
    }
    // 53 bits and the one that rounds them.
    let rounded = ((high >> cut) + 1) >> 1;
    let exponent = 2 + cut - zeros as i32 - k - bits as i32;
    let scale = f64::from_bits(((1023 + exponent) as u64) << 52);
    Some(rounded as f64 * scale)
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

/// Puts [`shortest`] behind a text of bytes, which alone may grow.
pub fn push_shortest(value: f64, text: &mut Vec<u8>) {
    push(value, zmij::Buffer::new().format(value).as_bytes(), text);
}

/// [`push_shortest`] in single precision.
pub fn push_shortest_single(value: f32, text: &mut Vec<u8>) {
    push(f64::from(value), zmij::Buffer::new().format(value).as_bytes(), text);
}

#[inline(always)]
fn push(value: f64, digits: &[u8], text: &mut Vec<u8>) {
    // Only large numbers have an exponent with a plus.
    if value.abs() < 1e6 {
        return text.extend_from_slice(digits.strip_suffix(b".0").unwrap_or(digits));
    }
    text.extend_from_slice(spell(value, std::str::from_utf8(digits).unwrap_or_default()).as_bytes());
}

/// `value` rounded to `digits` significant digits, trailing zeros removed, for people to read.
#[must_use]
pub fn rounded(value: f64, digits: usize) -> String {
    if !value.is_finite() || value == 0.0 {
        return shortest(value);
    }
    let scientific = format!("{value:.*e}", digits.saturating_sub(1));
    // What is printed is read again: the shortest form of the rounded number.
    scientific.parse().ok().filter(|rounded: &f64| rounded.is_finite()).map_or(scientific, shortest)
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
    fn rounding_reaches_the_ends_of_the_range() {
        assert_eq!(rounded(0.8999999999999999, 6), "0.9");
        assert_eq!(rounded(f64::MAX, 4), "1.798e308");
        assert_eq!(rounded(5e-324, 4), "5e-324");
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
            assert_eq!(read.value(text.as_bytes(), 0).to_bits(), wanted.to_bits(), "{text}");
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
    fn printed_doubles_are_read_quickly_and_back() {
        let mut state = 7u64;
        let mut quick = 0;
        for _ in 0..200_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            const SCALES: [f64; 6] = [1e-6, 1e-3, 0.1, 1.0, 10.0, 1e5];
            let value = (state >> 11) as f64 / (1u64 << 53) as f64 * SCALES[(state % 6) as usize];
            let text = format!("{value}");
            let read = digits(text.as_bytes(), 0).expect("a number");
            assert_eq!(read.value(text.as_bytes(), 0).to_bits(), value.to_bits(), "{text}");
            let parts = read.mantissa.zip(read.power);
            quick += u32::from(parts.is_some_and(|(m, p)| exact(m, p).or(quotient(m, p)).is_some()));
        }
        assert!(quick > 190_000, "{quick}");
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
            let mut pushed = b"is ".to_vec();
            push_shortest(value, &mut pushed);
            assert_eq!(pushed, format!("is {text}").as_bytes());
        }
        let mut pushed = Vec::new();
        push_shortest_single(0.1, &mut pushed);
        push_shortest_single(f32::MAX, &mut pushed);
        assert_eq!(pushed, b"0.13.4028235e38");
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

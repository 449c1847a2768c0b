//! Text as a picture shows it: how wide it is, cut to its room, and numbers.

use crate::numeric::decimal::{rounded, shortest};

/// Advance widths of the printable characters of ASCII in hundredths of the font's size: the wider of DejaVu Sans
/// and Liberation Sans, so that text fits whichever of the usual fonts shows it.
const WIDTHS: [u8; 95] = [
    32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84,
    84, 84, 56, 102, 69, 69, 73, 78, 67, 62, 78, 76, 30, 50, 67, 56, 87, 75, 79, 67, 79, 73, 67, 62, 74, 69, 99, 69,
    67, 69, 40, 34, 40, 84, 56, 50, 62, 64, 55, 64, 62, 36, 64, 64, 28, 28, 58, 28, 98, 64, 62, 64, 64, 42, 53, 40, 64,
    60, 82, 60, 60, 53, 64, 34, 64, 84,
];

/// A font's size and weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Font {
    pub(super) size: f64,
    pub(super) is_bold: bool,
    /// The class that the style sheet gives it by.
    pub(super) class: &'static str,
}

pub(super) const NAME: Font = Font { size: 14.0, is_bold: true, class: "name" };
pub(super) const DETAIL: Font = Font { size: 12.0, is_bold: false, class: "detail" };
pub(super) const VALUE: Font = Font { size: 13.0, is_bold: true, class: "value" };
pub(super) const SMALL: Font = Font { size: 12.0, is_bold: false, class: "small" };
pub(super) const HEADING: Font = Font { size: 16.0, is_bold: true, class: "heading" };

/// How wide a text is at the most.
pub(super) fn width(text: &str, font: Font) -> f64 {
    let hundredths: f64 = text.chars().map(advance).sum();
    hundredths * font.size * if font.is_bold { 0.0112 } else { 0.01 }
}

fn advance(character: char) -> f64 {
    let code = u32::from(character);
    match code {
        0x20..=0x7e => f64::from(WIDTHS[code as usize - 0x20]),
        // Combining marks and joiners stand on what is before them.
        0x300..0x370 | 0x200b..0x200e | 0xfe00..0xfe10 => 0.0,
        0xb7 => 38.0,
        0x7f..0x1100 | 0x1e00..0x2e80 => 100.0,
        // Scripts of the Far East, and pictures, are as wide as high.
        _ => 110.0,
    }
}

/// A text that is at most so wide: the middle of a longer one is left out.
pub(super) fn fitted(text: &str, room: f64, font: Font) -> String {
    if width(text, font) <= room {
        return text.to_owned();
    }
    let characters: Vec<char> = text.chars().collect();
    let room = room - width("…", font);
    let (mut head, mut tail) = (0, characters.len());
    let mut used = 0.0;
    while head < tail {
        // One from the front, then one from the back.
        let from_front = head <= characters.len() - tail;
        let next = if from_front { characters[head] } else { characters[tail - 1] };
        used += width(&next.to_string(), font);
        if used > room {
            break;
        }
        if from_front {
            head += 1;
        } else {
            tail -= 1;
        }
    }
    characters[..head].iter().chain(&['…']).chain(&characters[tail..]).collect()
}

/// A number in a few digits, with a real minus.
pub(super) fn short(value: f64) -> String {
    // Adding 0 takes the sign of -0 away.
    rounded(value + 0.0, 4).replace("inf", "∞").replace('-', "−")
}

/// [`short`], with a plus before a positive one.
pub(super) fn signed(value: f64) -> String {
    if value > 0.0 { format!("+{}", short(value)) } else { short(value) }
}

/// All digits of a number.
pub(super) fn exact(value: f64) -> String {
    shortest(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_in_its_middle() {
        assert_eq!(fitted("short", 200.0, NAME), "short");
        let cut = fitted("a_very_long_name_of_a_neuron_indeed", 120.0, NAME);
        assert!(width(&cut, NAME) <= 120.0, "{cut}");
        assert!(cut.starts_with("a_very") && cut.ends_with("ndeed"), "{cut}");
        assert_eq!(fitted("ab", 0.0, NAME), "…");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!((short(-0.123456).as_str(), signed(0.75).as_str()), ("−0.1235", "+0.75"));
        assert_eq!((signed(-0.0).as_str(), signed(-2.0).as_str()), ("0", "−2"));
    }
}

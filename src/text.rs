//! Text for people: neutralised, quoted, joined, and compared with what was meant.

use std::borrow::Cow;

/// Whether a character could move a cursor, forge a line or reverse the reading order.
pub(crate) fn is_harmful(character: char) -> bool {
    character.is_control() || is_bidirectional_control(character) || matches!(character, '\u{2028}' | '\u{2029}')
}

/// Whether a character changes the reading order of what follows it (Unicode, UAX #9).
pub(crate) fn is_bidirectional_control(character: char) -> bool {
    matches!(character, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// `text` with every harmful character replaced by an inert one of as many bytes, so that offsets stay true.
///
/// One byte becomes `?`, two bytes become `¿`, three become U+FFFD.
#[must_use]
pub fn neutralise(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let stand_in = |character: char| match character {
        safe if !is_harmful(safe) => safe,
        harmful => match harmful.len_utf8() {
            1 => '?',
            2 => '¿',
            _ => '\u{FFFD}',
        },
    };
    Cow::Owned(text.chars().map(stand_in).collect())
}

/// A user's word, neutralised and cropped to 40 characters.
pub fn shown(word: &str) -> String {
    const MOST: usize = 40;
    match word.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", neutralise(&word[..end])),
        None => neutralise(word).into_owned(),
    }
}

/// A user's word in backticks, as [`shown`].
pub(crate) fn quoted(word: &str) -> String {
    format!("`{}`", shown(word))
}

/// `a`, `a or b`, `a, b or c`.
pub(crate) fn any_of(words: &[String]) -> String {
    listed(words, "or")
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn all_of(words: &[String]) -> String {
    listed(words, "and")
}

fn listed(words: &[String], conjunction: &str) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {conjunction} {last}", first.join(", ")),
    }
}

/// The first twelve of what is known, and how many more there are.
pub(crate) fn abridged(words: &[&str]) -> String {
    const MOST: usize = 12;
    if words.len() <= MOST {
        return words.join(", ");
    }
    format!("{} and {} more", words[..MOST].join(", "), words.len() - MOST)
}

/// `a -> b -> c`; the middle of a long path is left out. `word` tells each of the `count` words.
pub(crate) fn abridged_path(count: usize, joint: &str, word: impl Fn(usize) -> String) -> String {
    const SHOWN: usize = 4;
    let words: Vec<String> = if count > 2 * SHOWN + 2 {
        let left_out = format!("… {} more …", count - 2 * SHOWN);
        (0..SHOWN).map(&word).chain([left_out]).chain((count - SHOWN..count).map(&word)).collect()
    } else {
        (0..count).map(word).collect()
    };
    words.join(joint)
}

/// A whole number with commas between its thousands.
///
/// ```
/// assert_eq!((neuronc::grouped(999).as_str(), neuronc::grouped(1_000_000).as_str()), ("999", "1,000,000"));
/// ```
#[must_use]
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number and what it counts: `1 neuron`, `2 neurons`.
#[must_use]
pub fn counted(count: u64, noun: &str) -> String {
    match (count, noun) {
        (1, _) => format!("1 {noun}"),
        (_, "bias") => format!("{count} biases"),
        _ => format!("{count} {noun}s"),
    }
}

/// Names longer than this are never compared: the edit distance is quadratic.
const LONGEST_COMPARED: usize = 64;
/// At the most so many candidates are compared with one wrong name.
const MOST_COMPARED: usize = 10_000;

/// The candidate that `wrong` most likely stands for, if one is near enough.
///
/// Near is: equal but for case, or at most a third of the letters (and at least one) apart in the
/// Damerau-Levenshtein distance. Names above 64 bytes, and candidates behind the 10,000th, are not compared.
#[must_use]
pub fn closest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if wrong.len() > LONGEST_COMPARED {
        return None;
    }
    let folded = wrong.to_lowercase();
    let allowed = (wrong.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .take(MOST_COMPARED)
        .filter(|candidate| candidate.len() <= LONGEST_COMPARED && *candidate != wrong)
        .filter(|candidate| candidate.chars().count().abs_diff(wrong.chars().count()) <= allowed)
        .map(|candidate| (strsim::damerau_levenshtein(&folded, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _candidate)| *distance <= allowed && *distance < wrong.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmful_characters_become_inert_ones_of_the_same_length() {
        for character in ['\u{1b}', '\u{9b}', '\u{202e}', '\0', '\n', '\u{2028}'] {
            let text = format!("a{character}b");
            let shown = neutralise(&text);
            assert_eq!(shown.len(), text.len());
            assert!(!shown.chars().any(is_harmful), "{shown:?}");
        }
        assert!(matches!(neutralise("plain ünïcode"), Cow::Borrowed(_)));
    }

    #[test]
    fn the_closest_name_is_near_or_none() {
        assert_eq!(closest("rleu", ["identity", "relu", "elu"]), Some("relu"));
        assert_eq!(closest("Relu", ["relu"]), Some("relu"));
        assert_eq!(closest("x", ["y"]), None);
        assert_eq!(closest("x3", ["x1", "y2"]), Some("x1"));
        assert_eq!(closest("elephant", ["relu", "tanh"]), None);
        assert_eq!(closest(&"n".repeat(65), ["n"]), None);
    }

    #[test]
    fn lists_read_like_sentences() {
        let words = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(any_of(&words), "a, b or c");
        assert_eq!(all_of(&words[..2]), "a and b");
        assert_eq!(counted(1, "synapse"), "1 synapse");
        assert_eq!(counted(3, "bias"), "3 biases");
    }
}

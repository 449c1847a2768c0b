//! How long a statement is, and how the mistake in one that is too long for the grammar is found all the same.
//!
//! The grammar needs some hundred bytes of memory for each name, number and mark.

use super::literal::number_end;
use super::scan::string_end;

/// The offset of the part of `text`, a name, number, text or mark, with which there are more than `limit`. Commas count
/// inside brackets only, where an item costs the grammar twice as much.
pub(super) fn beyond(text: &str, limit: u64) -> Option<usize> {
    let bytes = text.as_bytes();
    if bytes.len() as u64 <= limit {
        return None;
    }
    let (mut at, mut count, mut depth) = (0, 0, 0usize);
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at = match bytes[at] {
            b' ' | b'\t' | b'\n' => {
                at += 1;
                continue;
            }
            b',' if depth == 0 => {
                at += 1;
                continue;
            }
            b'#' => {
                at = text[at..].find('\n').map_or(text.len(), |length| at + length);
                continue;
            }
            b'"' => string_end(bytes, at).0,
            byte if is_word(byte) => word_end(bytes, at),
            _ => at + 1,
        };
        count += 1;
        if count > limit {
            return Some(start);
        }
    }
    None
}

/// The end of a name, or of a number with its exponent's sign.
fn word_end(bytes: &[u8], start: usize) -> usize {
    let is_number = bytes[start].is_ascii_digit();
    let mut at = start;
    while bytes.get(at).is_some_and(|byte| is_word(*byte)) {
        at += 1;
        let is_sign = matches!(bytes.get(at), Some(b'+' | b'-')) && matches!(bytes[at - 1], b'e' | b'E');
        at += usize::from(is_number && is_sign);
    }
    at
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.') || !byte.is_ascii()
}

/// A statement without most of the plain numbers of its lists. If it has a mistake behind them, so has the whole.
pub(super) struct Excerpt {
    pub(super) text: String,
    /// Behind which offset of the excerpt how many bytes are left out in all.
    left_out: Vec<(usize, usize)>,
}

impl Excerpt {
    pub(super) fn of(whole: &str) -> Excerpt {
        let bytes = whole.as_bytes();
        let mut excerpt = Excerpt { text: String::new(), left_out: Vec::new() };
        let (mut at, mut kept) = (0, 0);
        while at < bytes.len() {
            match bytes[at] {
                b'#' => at = whole[at..].find('\n').map_or(whole.len(), |length| at + length),
                b'"' => at = string_end(bytes, at).0,
                b'[' => {
                    let last = last_item(whole, at + 1);
                    excerpt.text.push_str(&whole[kept..at + 1]);
                    (at, kept) = (last, last);
                    excerpt.left_out.push((excerpt.text.len(), last - excerpt.text.len()));
                }
                _ => at += 1,
            }
        }
        excerpt.text.push_str(&whole[kept..]);
        excerpt
    }

    /// The offset in the whole statement of an offset in the excerpt.
    pub(super) fn original(&self, offset: usize) -> usize {
        let before = self.left_out.partition_point(|(end, _)| *end <= offset);
        offset + before.checked_sub(1).map_or(0, |last| self.left_out[last].1)
    }
}

/// Where the last plain number, or row of plain numbers, with a comma behind it starts in the list whose first item is
/// at `start`.
fn last_item(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut last, mut next) = (start, start);
    loop {
        let first = blanks_end(bytes, next);
        let end = match bytes.get(first) {
            Some(b'[') => row_end(text, first + 1),
            _ => number_end(text, first),
        };
        let comma = end.map(|end| blanks_end(bytes, end)).filter(|at| bytes.get(*at) == Some(&b','));
        match comma {
            Some(comma) => (last, next) = (next, comma + 1),
            None => return last,
        }
    }
}

/// Where the row of plain numbers ends whose first is at `start`.
fn row_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = blanks_end(bytes, start);
    loop {
        at = blanks_end(bytes, number_end(text, at)?);
        let comma = bytes.get(at) == Some(&b',');
        at = blanks_end(bytes, at + usize::from(comma));
        match bytes.get(at)? {
            b']' => return Some(at + 1),
            _ if comma => {}
            _ => return None,
        }
    }
}

fn blanks_end(bytes: &[u8], start: usize) -> usize {
    let blanks = bytes.get(start..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n'));
    start + blanks.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_numbers_texts_and_marks_are_counted() {
        for (text, count) in [
            ("", 0),
            ("input x", 2),
            ("input a, b", 3),
            ("x1 -> c : -1.5e-3 # 1 2 3", 7),
            ("w = [1, 2_0, \"a b\"]", 9),
            ("é = e-1", 5),
        ] {
            // Texts of no more bytes than the limit are not looked at.
            let parts = (0..).find(|limit| beyond(text, *limit).is_none()).expect("some limit");
            assert_eq!(parts, count, "{text}");
        }
        assert_eq!(beyond("a b, c d", 2), Some(5));
    }

    #[test]
    fn an_excerpt_has_the_last_items_and_their_places() {
        let whole = "weight w = [1, 2, -3.5, 4 5, 6]";
        let excerpt = Excerpt::of(whole);
        assert_eq!(excerpt.text, "weight w = [ -3.5, 4 5, 6]");
        let kept = excerpt.text.find("5, 6").expect("it is kept");
        assert_eq!(Some(excerpt.original(kept)), whole.find("5, 6"));
        assert_eq!(excerpt.original(3), 3);
        let rows = Excerpt::of("w = [\n  [1, 2],\n  [3, 4],\n  [5 6],\n]");
        assert_eq!(rows.text, "w = [\n  [3, 4],\n  [5 6],\n]");
        assert_eq!(Excerpt::of("x[0] -> y : [a, 1, 2]").text, "x[0] -> y : [a, 1, 2]");
    }
}

//! Questions about a place in a text that no grammar has read: which word stands there, what ends there, what follows.

/// The words that start statements.
pub(crate) const STATEMENT_WORDS: [&str; 11] =
    ["network", "import", "const", "input", "weight", "bias", "activation", "neuron", "instance", "output", "expect"];

/// What stands on the line at `start` up to any comment, without blanks at its end.
pub(super) fn code_of_line(text: &str, start: usize) -> &str {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < bytes.len() && !matches!(bytes[at], b'\n' | b'#') {
        at = if bytes[at] == b'"' { string_end(bytes, at).0 } else { at + 1 };
    }
    text[start..at].trim_end()
}

/// Where the first thing behind `from` starts that is neither blank nor comment; else the end.
pub(super) fn next_code(text: &str, from: usize) -> usize {
    let mut at = skip_blank_lines(text, from);
    while text[at..].starts_with('#') {
        at = skip_blank_lines(text, text[at..].find('\n').map_or(text.len(), |length| at + length));
    }
    at
}

/// Whether the curly bracket that opens before `start` is closed, by number.
pub(super) fn is_closed(text: &str, start: usize) -> bool {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (start, 1usize);
    while at < bytes.len() {
        at += dull_length(&bytes[at..]);
        match bytes.get(at) {
            Some(b'#') => at = text[at..].find('\n').map_or(text.len(), |length| at + length),
            Some(b'"') => at = string_end(bytes, at).0,
            Some(b'{') => (at, depth) = (at + 1, depth + 1),
            Some(b'}') if depth == 1 => return true,
            Some(b'}') => (at, depth) = (at + 1, depth - 1),
            Some(_) => at += 1,
            None => {}
        }
    }
    false
}

/// How many bytes there are before the first that can end a statement, open or close something.
pub(super) fn dull_length(bytes: &[u8]) -> usize {
    // Without an early exit a look at a chunk is vector code.
    let is_dull = |chunk: &&[u8]| !chunk.iter().fold(false, |found, byte| found | is_mark(*byte));
    let chunks = bytes.chunks_exact(64).take_while(is_dull).count() * 64;
    chunks + bytes[chunks..].iter().take_while(|byte| !is_mark(**byte)).count()
}

/// Whether a byte can end a statement, open or close something.
fn is_mark(byte: u8) -> bool {
    matches!(byte, b'\n' | b'#' | b'"' | b'(' | b'[' | b'{' | b')' | b']' | b'}')
}

/// Whether documentation starts at `start`.
pub(super) fn is_doc(text: &str, start: usize) -> bool {
    text[start..].starts_with("##") && !text[start..].starts_with("###")
}

/// Whether a line that ends so goes on in the next one.
pub(super) fn continues(line: &str) -> bool {
    line.ends_with([',', '=', ':', '>', '<', '+', '-', '*', '/', '^'])
}

pub(super) fn skip_blanks(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or("");
    from + rest.len() - rest.trim_start_matches([' ', '\t']).len()
}

pub(super) fn skip_blank_lines(text: &str, from: usize) -> usize {
    from + text[from..].len() - text[from..].trim_start_matches([' ', '\t', '\n']).len()
}

/// The letters, digits and `_` at `at`.
pub(super) fn word_at(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let length = rest.find(|character: char| !(character.is_alphanumeric() || character == '_'));
    &rest[..length.unwrap_or(rest.len())]
}

/// Whether the line at `from` starts with a statement's word that is not used as a property's name.
pub(super) fn starts_statement(text: &str, from: usize) -> bool {
    let from = skip_blanks(text, from);
    if !text.as_bytes().get(from).is_some_and(u8::is_ascii_lowercase) {
        return false;
    }
    let word = word_at(text, from);
    if !STATEMENT_WORDS.contains(&word) {
        return false;
    }
    let after = from + word.len();
    let next = skip_blanks(text, after);
    let rest = &text[next.min(text.len())..];
    match rest.chars().next() {
        Some('"') => word == "import",
        Some('=') => word == "expect" && rest.starts_with("=>"),
        Some(first) => next > after && (first.is_alphabetic() || first == '_'),
        None => false,
    }
}

/// Whether the line at `from`, inside the braces of the statement at `start`, is a property's without its `=`.
pub(super) fn lacks_equals(text: &str, start: usize, from: usize) -> bool {
    let word = skip_blanks(text, from);
    matches!(word_at(text, word), "bias" | "activation") && word - from > indentation(text, start)
}

/// How many bytes stand before `at` on its line.
pub(super) fn indentation(text: &str, at: usize) -> usize {
    at - text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// Whether nothing but blanks stands before `at` on its line.
pub(super) fn is_first_on_line(text: &str, at: usize) -> bool {
    let blanks = text[..at].trim_end_matches([' ', '\t']);
    blanks.is_empty() || blanks.ends_with('\n')
}

/// Whether the line at `from` has `->` before any comment.
pub(super) fn line_has_arrow(text: &str, from: usize) -> bool {
    let line = text.get(from..).unwrap_or("").split('\n').next().unwrap_or("");
    line.split('#').next().unwrap_or("").contains("->")
}

/// The offset after the string that opens at `open`, and whether it is closed: else its line's end.
pub(super) fn string_end(bytes: &[u8], open: usize) -> (usize, bool) {
    let mut at = open + 1;
    while at < bytes.len() && bytes[at] != b'\n' {
        match bytes[at] {
            b'"' => return (at + 1, true),
            b'\\' if bytes.get(at + 1).is_some_and(|next| *next != b'\n') => at += 2,
            _ => at += 1,
        }
    }
    (at.min(bytes.len()), false)
}

//! What a statement that could not be read seems to declare, so that no second error follows from it.

use super::build::normalised;
use super::expected::is_reserved;
use super::scan::{STATEMENT_WORDS, string_end, word_at};
use super::slips::connects;
use crate::ast::{Statement, StatementKind};

/// The names that a statement which could not be read seems to declare; an empty one stands for a name that is missing.
///
/// Rather too many than too few: uses of a name that it could have declared are no mistakes of their own.
pub(super) fn names_declared(text: &str) -> Vec<String> {
    let word = word_at(text, 0);
    let after = text[word.len()..].trim_start();
    if let Some((_, rest)) = text.split_once(" as ").filter(|_| word == "import") {
        return vec![normalised(word_at(rest.trim_start(), 0))];
    }
    let (rest, has_keyword) = match word {
        // A network that has lost its name may be any.
        "network" | "instance" => return vec![normalised(word_at(after, 0))],
        "import" | "expect" => return Vec::new(),
        // A line that connects was taken for a part of it.
        _ if STATEMENT_WORDS.contains(&word) => (before_connections(after), true),
        // A connection, or a test that lacks its word.
        _ if word.is_empty() || text.contains("->") || text.contains("=>") => return Vec::new(),
        // A misspelt keyword before a name; else the keyword is missing.
        _ if after.starts_with(|first: char| first.is_alphabetic() || first == '_') => (after, true),
        _ => (text, false),
    };
    let found = Found::of(rest, false);
    // Where brackets do not match, names may seem to stand inside some.
    let mut found = if found.is_balanced { found } else { Found::of(rest, true) };
    // The parameters of an activation have values of their own.
    let of_parameters = usize::from(word == "activation" && !found.is_balanced);
    let nameless = if has_keyword { found.nameless + of_parameters } else { 0 };
    found.names.extend(std::iter::repeat_n(String::new(), nameless));
    found.names
}

/// The names that statements declare.
pub(super) fn names_in(statements: &[Statement]) -> impl Iterator<Item = String> {
    statements.iter().flat_map(|statement| match &statement.kind {
        StatementKind::Declare(_, items) => items.iter().map(|item| item.name.text.clone()).collect(),
        StatementKind::Output(outputs) => outputs.iter().map(|output| output.name.text.clone()).collect(),
        StatementKind::Instance(instance) => vec![instance.name.text.clone()],
        StatementKind::Activation(activation) => vec![activation.name.text.clone()],
        StatementKind::Define(network) => vec![network.name.text.clone()],
        StatementKind::Import(import) => import.name.iter().map(|name| name.text.clone()).collect(),
        StatementKind::Broken(names) => names.clone(),
        StatementKind::Network(_)
        | StatementKind::Connection(_)
        | StatementKind::Lines(_)
        | StatementKind::Expect(_) => Vec::new(),
    })
}

fn before_connections(text: &str) -> &str {
    let mut ends = text.match_indices('\n').map(|(end, _)| end);
    let end = ends.find(|end| connects(&text[end + 1..]));
    &text[..end.unwrap_or(text.len())]
}

/// So many names are looked for in one statement.
const MOST_NAMES: usize = 1 << 20;

/// What could be declared.
struct Found {
    names: Vec<String>,
    /// How many items have no name.
    nameless: usize,
    is_balanced: bool,
}

impl Found {
    /// Goes through the items of a declaration. Every word outside of brackets counts as a name, as a comma may be
    /// missing before it; `everywhere` also inside of brackets.
    fn of(text: &str, everywhere: bool) -> Found {
        let bytes = text.as_bytes();
        let mut found = Found { names: Vec::new(), nameless: 0, is_balanced: true };
        let (mut at, mut depth, mut expects_name) = (0, 0usize, true);
        // Whether what an item is called may still be meant: its value or properties have not begun.
        let mut is_head = true;
        while at < bytes.len() && found.names.len() < MOST_NAMES {
            let word = word_at(text, at);
            if !word.is_empty() {
                at += word.len();
                // What starts with a digit is no name that anything could use; `x-1` and `x.1` are other names than meant.
                let is_name = !word.starts_with(|first: char| first.is_ascii_digit()) && !is_reserved(word);
                let goes_on = matches!(bytes.get(at), Some(b'-' | b'.'));
                found.nameless += usize::from(expects_name && (!is_name || goes_on));
                if is_name && (depth == 0 || everywhere) {
                    found.names.push(normalised(word));
                }
                expects_name = false;
                continue;
            }
            match bytes[at] {
                b'"' => {
                    at = string_end(bytes, at).0;
                    continue;
                }
                b'#' => {
                    at = text[at..].find('\n').map_or(text.len(), |length| at + length);
                    continue;
                }
                b')' | b']' | b'}' if depth == 0 => {
                    found.is_balanced = false;
                    found.nameless += usize::from(is_head);
                }
                b')' | b']' | b'}' => depth -= 1,
                b',' if depth == 0 => {
                    found.nameless += usize::from(expects_name);
                    (expects_name, is_head) = (true, true);
                }
                byte => {
                    let starts_rest = matches!(byte, b'=' | b'(' | b'[' | b'{' | b':');
                    found.nameless += usize::from(expects_name && starts_rest && depth == 0);
                    expects_name &= !starts_rest;
                    is_head &= !(depth == 0 && matches!(byte, b'=' | b'{' | b':'));
                    depth += usize::from(matches!(byte, b'(' | b'[' | b'{'));
                }
            }
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
        found.nameless += usize::from(expects_name);
        found.is_balanced &= depth == 0;
        found
    }
}

#[cfg(test)]
mod tests {
    use super::names_declared;

    #[test]
    fn a_broken_statement_still_tells_its_names() {
        assert_eq!(names_declared("neuron c { bias = , d }"), ["c"]);
        assert_eq!(names_declared("input a = 0, b[3] ;, c"), ["a", "b", "c"]);
        assert_eq!(names_declared("input a = 0 b = 0"), ["a", "b"]);
        assert_eq!(names_declared("import \"gates.neuron\" as gates"), ["gates"]);
        assert_eq!(names_declared("imput x = 1, y"), ["x", "y"]);
        assert_eq!(names_declared("x = 1, y = 2"), ["x", "y"]);
        assert_eq!(names_declared("c { bias = d }"), ["c"]);
        assert_eq!(names_declared("x[3] = 1"), ["x"]);
        assert!(names_declared("a -> b :").is_empty());
        assert!(names_declared("expect a = 1").is_empty());
        assert!(names_declared("a => b : 1").is_empty());
    }

    #[test]
    fn missing_names_are_counted() {
        assert_eq!(names_declared("input x-1 = 1"), ["x", ""]);
        for nameless in ["input = 1", "neuron { bias = 1 }", "input 1x", "weight [3] = 1", "output", "input \"a\""] {
            assert_eq!(names_declared(nameless), [""], "{nameless}");
        }
        assert_eq!(names_declared("input , b"), ["b", ""]);
        assert_eq!(names_declared("input a, # b\n = 1,"), ["a", "", ""]);
        assert_eq!(names_declared("neuron a,\nx -> a : 1"), ["a", ""]);
    }

    #[test]
    fn brackets_that_do_not_match_hide_no_name() {
        assert_eq!(names_declared("output a = h[0..n, b = h[1]"), ["a", "h", "n", "b", "h"]);
        assert_eq!(names_declared("neuron h2] { bias = b }"), ["h2", "b", ""]);
        assert_eq!(names_declared("weight w = [1, 2])"), ["w"]);
        assert_eq!(names_declared("activation f z, p = 1) = z"), ["f", "z", "p", "z", ""]);
    }
}

//! Slips that the grammar notices at another place than a reader would, or for which it has no words.

use super::error::ParseError;
use super::expected::is_reserved;
use super::grammar::Rule;
use super::scan::{STATEMENT_WORDS, word_at};

/// Where the grammar stopped.
pub(super) struct Stop<'a> {
    /// What the statement should be.
    pub(super) rule: Rule,
    /// The statement.
    pub(super) text: &'a str,
    /// Where the source has it.
    pub(super) offset: usize,
    /// The place in the statement.
    pub(super) at: usize,
    /// What stands there.
    pub(super) found: &'a str,
    /// What could stand there.
    pub(super) positives: &'a [Rule],
}

impl Stop<'_> {
    fn wants(&self, rule: Rule) -> bool {
        self.positives.contains(&rule)
    }

    fn before(&self) -> &str {
        &self.text[..self.at]
    }

    fn expected(
        &self,
        thing: &str,
        found: Option<&str>,
        help: Option<&'static str>,
        start: usize,
        length: usize,
    ) -> ParseError {
        let at = self.offset + start..self.offset + start + length;
        ParseError::Unexpected { expected: vec![thing.to_owned()], found: found.map(str::to_owned), help, at }
    }
}

/// The error for a slip that is better told at another place.
pub(super) fn elsewhere(stop: &Stop<'_>) -> Option<ParseError> {
    swallowed_line(stop).or_else(|| selector_of_values(stop)).or_else(|| value_before_mark(stop))
}

/// `a = => …`, `a = = 1`: what lacks its value, or has its mark twice.
fn value_before_mark(stop: &Stop<'_>) -> Option<ParseError> {
    if stop.found != "=" || !stop.wants(Rule::equals) {
        return None;
    }
    let rest = stop.text[stop.at + 1..].trim_start();
    let at = stop.text.len() - rest.len();
    let (mark, help) = match rest {
        _ if rest.starts_with("=>") => ("=>", None),
        _ if rest.starts_with('=') => ("=", Some("one `=` is enough: remove the other")),
        _ => return None,
    };
    Some(stop.expected("a value", Some(mark), help, at, mark.len()))
}

/// The next connection after a line that ends in a mark which cannot end one: that line lacks something.
fn swallowed_line(stop: &Stop<'_>) -> Option<ParseError> {
    let line = stop.before().rfind('\n')?;
    let is_swallowed = match stop.rule {
        Rule::connection_statement => stop.found == "->",
        Rule::declare_statement | Rule::output_statement => connects(&stop.text[line + 1..]),
        _ => false,
    };
    let end = code_end(&stop.text[..line]);
    let (thing, length) = match &stop.text[..end] {
        _ if !is_swallowed => return None,
        line if line.ends_with("->") => ("a neuron or input", 2),
        line if line.ends_with(',') && stop.rule != Rule::connection_statement => ("a name", 1),
        line if line.ends_with([':', '=', '+', '-', '*', '/', '^']) => ("a value", 1),
        _ => return None,
    };
    Some(stop.expected(thing, None, None, end - length, length))
}

/// Whether the first line of `text` is a connection.
pub(super) fn connects(text: &str) -> bool {
    let line = text.split('\n').next().unwrap_or("");
    line[..comment_start(line).unwrap_or(line.len())].contains("->")
}

/// `a -> b [1, 2]`, `x [1, 2] => …`: a list that was read as a selector, because the mark before it is missing.
fn selector_of_values(stop: &Stop<'_>) -> Option<ParseError> {
    if stop.found != "," || !stop.wants(Rule::dots) {
        return None;
    }
    let open = open_square(stop.before())?;
    let (mark, help) = match stop.rule {
        Rule::connection_statement if stop.text[..open].contains("->") => ("`:`", WEIGHT),
        Rule::expect_statement => ("`=`", SETTING),
        _ => return None,
    };
    let apart = stop.text[..open].ends_with([' ', '\t', '\n']);
    apart.then(|| stop.expected(mark, Some("["), Some(help), open, 1))
}

const WEIGHT: &str = "the weight stands behind a `:`, as in `a -> b : 0.5`";
const SETTING: &str = "a value stands behind a `=`: `expect a = 1, b = 0 => y = 1`";
const PROPERTY: &str = "a property has its value behind a `=`: `{ activation = relu }`";

/// The mend of a slip where the grammar's place is right.
pub(super) fn mend(stop: &Stop<'_>) -> Option<&'static str> {
    let found = stop.found;
    let ends = stop.wants(Rule::finish) || stop.wants(Rule::EOI);
    let before = &stop.before()[..code_end(stop.before())];
    let doubled = match found {
        "," => "one `,` is enough: remove the other",
        ":" => "one `:` is enough: remove the other",
        "=" => "one `=` is enough: remove the other",
        "=>" => "one `=>` is enough: remove the other",
        _ => "",
    };
    if !doubled.is_empty() && before.ends_with(found) {
        return Some(doubled);
    }
    let digits = |text: &str| text.len() - text.trim_end_matches(|last: char| last.is_ascii_digit()).len();
    if found.len() == 3 && digits(found) == 3 && (1..4).contains(&digits(before)) && !before.ends_with('.') {
        return Some("digits are grouped with `_`, as in `1_000`");
    }
    if stop.wants(Rule::dots) && matches!(found, "," | ":") {
        return Some(if found == "," {
            "several elements are a slice, `x[0..2]`, or a list, `[x[0], x[2]]`"
        } else {
            "a slice is written with two points: `x[0..2]`"
        });
    }
    let rest = stop.text[stop.at + found.len()..].trim_start_matches([' ', '\t']);
    let wants_value = stop.wants(Rule::number);
    if found == "{" && wants_value || found == "," && stop.wants(Rule::close_round) && !stop.wants(Rule::comma) {
        return Some("a list stands in square brackets: `[1, 2]`");
    }
    if found == "(" && ends && !wants_value && rest.starts_with(|first: char| first.is_ascii_digit()) {
        return Some("the size of an array stands in square brackets: `input x[3]`, `neuron h[3]`");
    }
    if found == "," && ends && stop.rule == Rule::connection_statement && (rest.is_empty() || rest.starts_with('\n')) {
        return Some("a connection ends with its line: remove it");
    }
    let begins_value =
        found.starts_with(|first: char| first.is_alphanumeric() || matches!(first, '_' | '"' | '(' | '['));
    let is_word = found.starts_with(|first: char| first.is_alphabetic() || first == '_');
    let is_name = is_word && !is_reserved(found);
    let wants_name = [Rule::name, Rule::path, Rule::population, Rule::setting].iter().any(|rule| stop.wants(*rule));
    if wants_name && found.starts_with(|first: char| first.is_ascii_digit()) && stop.rule != Rule::declare_statement {
        let is_weight = stop.text[stop.at + found.len()..].trim_start().starts_with('*');
        return Some(match before {
            _ if is_weight => WEIGHT,
            _ if before.ends_with(',') && stop.rule == Rule::expect_statement => {
                "several values stand in brackets: `expect x = [1, 0] => y = 1`"
            }
            _ if before.ends_with('[') => "a slice stands behind the name of its array: `x[0..2]`",
            _ => "a name starts with a letter or `_`",
        });
    }
    let is_number = found.starts_with(|first: char| first.is_ascii_digit()) && found.parse::<f64>().is_ok();
    if wants_name && is_number && before.ends_with(',') && before.contains('=') {
        return Some("several values stand in brackets: `[1, 2]`");
    }
    let last_word = &before[before.trim_end_matches(|last: char| last.is_alphanumeric() || last == '_').len()..];
    let after_name =
        last_word.starts_with(|first: char| first.is_alphabetic() || first == '_') && !is_reserved(last_word);
    if is_number && after_name && ends && stop.wants(Rule::power) {
        return Some("an operator is missing, or the parentheses of a function: `2 * w`, `sqrt(2)`");
    }
    match stop.rule {
        Rule::expect_statement if stop.wants(Rule::equals) && found != "=>" => Some(SETTING),
        Rule::expect_statement if stop.wants(Rule::implies) && stop.wants(Rule::comma) && begins_value => {
            Some(if is_word && !stop.text.contains("=>") {
                "what is expected stands behind a `=>`: `expect a = 1 => y = 0`"
            } else if is_word {
                "inputs are separated by commas: `expect a = 1, b = 0 => y = 1`"
            } else {
                "several values stand in brackets with commas between them: `expect x = [1, 0] => y = 1`"
            })
        }
        Rule::declare_statement if ends && is_name && stop.wants(Rule::comma) && !stop.wants(Rule::equals) => {
            Some("what one line declares is separated by commas: `input a = 0, b = 1`")
        }
        Rule::output_statement if ends && is_name && stop.wants(Rule::comma) => {
            Some("outputs are separated by commas: `output a, b`")
        }
        Rule::declare_statement | Rule::connection_statement | Rule::output_statement
            if stop.wants(Rule::equals) && !ends =>
        {
            Some(PROPERTY)
        }
        _ => None,
    }
}

/// The word that stands for a statement of the language elsewhere.
pub(super) fn other_word(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "cell" | "layer" | "node" | "perceptron" | "unit" => "neuron",
        "out" | "print" | "return" | "show" => "output",
        "in" | "data" => "input",
        "assert" | "check" | "test" => "expect",
        "param" | "parameter" | "synaptic_weight" => "weight",
        "constant" | "define" | "final" | "static" => "const",
        "include" | "use" | "from" => "import",
        "model" | "module" | "net" => "network",
        _ => return None,
    })
}

/// What the word is that a statement lacks, if it starts like one that does.
pub(super) fn missing_word(text: &str) -> Option<&'static str> {
    let word = word_at(text, 0);
    let after = text[word.len()..].trim_start();
    if text.contains("=>") && text.split("=>").next().is_some_and(|inputs| inputs.contains('=')) {
        return Some("a test starts with its word: `expect a = 1 => y = 0`");
    }
    if after.starts_with('{') && !word.is_empty() {
        return Some("a neuron is declared with its word: `neuron c { activation = relu }`");
    }
    if text.contains("->") {
        return Some("a connection starts with its sources, without a word before them: `a -> b : 0.5`");
    }
    // `a b : 1`, `[a, b] c : 1`
    let ends = text.split_once(':').map(|(ends, _)| ends.trim_end())?;
    let sources = if text.starts_with('[') { ends.split_once(']')?.1 } else { ends.split_once([' ', '\t'])?.1 };
    let target = word_at(sources.trim_start(), 0);
    let is_target = !target.is_empty() && !is_reserved(target) && !STATEMENT_WORDS.contains(&word);
    (is_target && !ends.contains(['=', '{'])).then_some("a connection has an arrow: `a -> b : 0.5`")
}

/// The last token of `text` and where it starts, if a line end stands between it and the end of `text`.
pub(super) fn token_of_earlier_line(text: &str) -> Option<(usize, &str)> {
    let end = code_end(text);
    if !text[end..].contains('\n') {
        return None;
    }
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '.');
    let start = text[..end].trim_end_matches(is_part).len();
    let start = if start == end { text[..end].char_indices().next_back()?.0 } else { start };
    Some((start, &text[start..end]))
}

/// Where `text` ends without the blanks, line ends and comments at its end.
fn code_end(text: &str) -> usize {
    let mut end = text.len();
    loop {
        let line = text[..end].rfind('\n').map_or(0, |before| before + 1);
        let code = comment_start(&text[line..end]).map_or(end, |comment| line + comment);
        let code = line + text[line..code].trim_end().len();
        if code > line || line == 0 {
            return code;
        }
        end = line - 1;
    }
}

/// Where the comment of a line starts.
fn comment_start(line: &str) -> Option<usize> {
    let mut quoted = false;
    line.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'#' && !quoted
    })
}

/// The innermost `[` that is open at the end of `text`.
fn open_square(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate().rev() {
        match byte {
            b']' => depth += 1,
            b'[' if depth == 0 => return Some(at),
            b'[' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_token_of_an_earlier_line_is_found() {
        assert_eq!(token_of_earlier_line("[1, 0.5 # \" # 3\n # a\n\n  "), Some((4, "0.5")));
        assert_eq!(token_of_earlier_line("[\n  [1]\n  "), Some((6, "]")));
        assert_eq!(token_of_earlier_line("[1 "), None);
        assert_eq!(code_end("# nothing"), 0);
    }

    #[test]
    fn statements_tell_which_word_they_lack() {
        let says = |text, word: &str| missing_word(text).is_some_and(|mend| mend.contains(word));
        assert!(says("a = 1 => y = 0", "expect"));
        assert!(says("y { bias = 1 }", "neuron"));
        for text in ["a b : 1", "x[0] y : w", "[a, b] c : 1"] {
            assert!(says(text, "->"), "{text}");
        }
        assert!(says("synapse a -> b : 1", "without a word"));
        for text in ["x", "x = 1", "a : 1", "input x : 1", "weight w[3] : 1", "let x = 1", "a => b : 1"] {
            assert_eq!(missing_word(text), None, "{text}");
        }
    }
}

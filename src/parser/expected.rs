//! From what the grammar expected to the user's words.

use pest::error::{ErrorVariant, InputLocation};

use super::cut::STATEMENT_WORDS;
use super::error::ParseError;
use super::grammar::Rule;

/// What a rule is to a user.
enum Meaning {
    /// A mark, spelt so.
    Mark(&'static str),
    /// Something with a name, an article before it.
    Thing(&'static str),
    /// Anything that starts a value.
    Value,
    /// An operator that could go on where the statement stopped: hardly ever what is missing.
    Operator,
}

/// Every rule that can fail, and what the user calls it.
fn meaning(rule: Rule) -> Meaning {
    match rule {
        Rule::comma => Meaning::Mark("`,`"),
        Rule::equals => Meaning::Mark("`=`"),
        Rule::colon => Meaning::Mark("`:`"),
        Rule::arrow => Meaning::Mark("`->`"),
        Rule::implies => Meaning::Mark("`=>`"),
        Rule::dots => Meaning::Mark("`..`"),
        Rule::close_round => Meaning::Mark("`)`"),
        Rule::close_square => Meaning::Mark("`]`"),
        Rule::open_curly | Rule::block => Meaning::Mark("`{`"),
        Rule::close_curly => Meaning::Mark("`}`"),
        Rule::separator => Meaning::Mark("`,`"),
        Rule::within => Meaning::Mark("`within`"),
        Rule::finish | Rule::EOI => Meaning::Thing("the end of the statement"),
        Rule::name | Rule::item | Rule::given | Rule::word => Meaning::Thing("a name"),
        Rule::path | Rule::reference | Rule::setting => Meaning::Thing("a name"),
        Rule::property_name | Rule::property => Meaning::Thing("a property"),
        Rule::population | Rule::reference_list => Meaning::Thing("a neuron or input"),
        Rule::number
        | Rule::digits
        | Rule::string
        | Rule::truth
        | Rule::pi
        | Rule::expression
        | Rule::sum
        | Rule::product
        | Rule::signed
        | Rule::powers
        | Rule::operand
        | Rule::parenthesised
        | Rule::list
        | Rule::call
        | Rule::argument
        | Rule::given_value => Meaning::Value,
        Rule::comparison
        | Rule::plus
        | Rule::minus
        | Rule::times
        | Rule::divided
        | Rule::power
        | Rule::open_round
        | Rule::open_square
        | Rule::selector
        | Rule::size
        | Rule::reserved
        | Rule::WHITESPACE
        | Rule::COMMENT => Meaning::Operator,
        Rule::network_statement
        | Rule::declare_statement
        | Rule::connection_statement
        | Rule::output_statement
        | Rule::expect_statement => Meaning::Thing("a statement"),
    }
}

/// The error that a failed match of `rule` on `text`, which starts at `offset` of its source, amounts to.
pub(super) fn explain(rule: Rule, text: &str, offset: usize, error: &pest::error::Error<Rule>) -> ParseError {
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let positives: &[Rule] = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => &[],
    };
    let found = token_at(text, at);
    let range = offset + at..offset + at + found.len();
    let wants_value = positives.iter().any(|rule| matches!(meaning(*rule), Meaning::Value));
    let wants = |wanted: Rule| positives.contains(&wanted);
    if found.is_empty() || found == "\n" {
        // The place is behind the last token; the label stands on that token.
        let before = text[..at].trim_end().len();
        let last = text[..before].char_indices().next_back().map_or(0, |(start, _)| start);
        if rule == Rule::expect_statement && wants(Rule::implies) {
            return ParseError::NoImplies { at: offset..offset + "expect".len() };
        }
        let names_reserved = None;
        let at = offset + last..offset + before.max(last);
        return ParseError::Unexpected { expected: words(positives), found: names_reserved, at };
    }
    let wants_name =
        positives.iter().any(|rule| matches!(meaning(*rule), Meaning::Thing("a name" | "a neuron or input")));
    if (wants_name || wants_value) && is_reserved(found) {
        return ParseError::Reserved { word: found.to_owned(), at: range };
    }
    if found == "->" && rule == Rule::connection_statement && (wants(Rule::colon) || wants(Rule::finish)) {
        return ParseError::SecondArrow { at: range };
    }
    if found == "=>" && rule == Rule::connection_statement
        || found == "=" && rule == Rule::connection_statement && wants(Rule::colon)
    {
        let mend = if wants(Rule::arrow) { "->" } else { ":" };
        return ParseError::Foreign { found: found.to_owned(), mend: format!("write `{mend}` here"), at: range };
    }
    if let Some(mend) = foreign(found) {
        return ParseError::Foreign { found: found.to_owned(), mend: mend.to_owned(), at: range };
    }
    if found.starts_with('"') && wants_value {
        return ParseError::BadString { at: range };
    }
    if let Some(error) = malformed_number(text, at, offset, wants_value) {
        return error;
    }
    let begins_item =
        found.starts_with(|first: char| first.is_alphanumeric() || matches!(first, '_' | '-' | '+' | '"' | '('));
    if begins_item && wants(Rule::separator) {
        return ParseError::NoSeparator { before: found.to_owned(), in_block: true, at: range };
    }
    if begins_item && wants(Rule::comma) && wants(Rule::close_square) | wants(Rule::close_round) {
        return ParseError::NoSeparator { before: found.to_owned(), in_block: false, at: range };
    }
    ParseError::Unexpected { expected: words(positives), found: Some(found.to_owned()), at: range }
}

/// What was expected, each thing once; operators only where there is nothing else.
fn words(positives: &[Rule]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut add = |word: &str| {
        if !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    };
    let has_value = positives.iter().any(|rule| matches!(meaning(*rule), Meaning::Value));
    if has_value {
        add("a value");
    }
    for rule in positives {
        match meaning(*rule) {
            Meaning::Mark(word) => add(word),
            // A value may be a name: said once.
            Meaning::Thing("a name") if has_value => {}
            Meaning::Thing(word) => add(word),
            Meaning::Value | Meaning::Operator => {}
        }
    }
    if words.is_empty() {
        words.push("an operator".to_owned());
    }
    words.truncate(5);
    words
}

/// The words that no name may be.
pub(super) fn is_reserved(word: &str) -> bool {
    STATEMENT_WORDS.contains(&word) || matches!(word, "as" | "within" | "then" | "true" | "false" | "pi")
}

/// Marks of other languages, and what to write instead.
fn foreign(found: &str) -> Option<&'static str> {
    Some(match found {
        ";" => "a statement ends with its line: remove it",
        "//" | "/*" => "a comment starts with `#`",
        ":=" | "==" => "write `=` here",
        "**" => "a power is written `^`",
        "<-" => "write the sources first: `a -> b : weight`",
        "'" => "text stands in double quotes, `\"…\"`",
        "&&" | "||" | "!" | "%" | "&" | "|" => "the language has `+ - * / ^` and comparisons",
        _ => return None,
    })
}

/// The error for a number spelt in a way that other languages allow, if the token at `at` is one.
fn malformed_number(text: &str, at: usize, offset: usize, wants_value: bool) -> Option<ParseError> {
    let rest = &text[at..];
    let starts = |rest: &str| rest.starts_with(|first: char| first.is_ascii_digit());
    let number_like = |rest: &str| {
        let stop = |character: char| !(character.is_alphanumeric() || matches!(character, '.' | '_'));
        rest.find(stop).map_or(rest.len(), |length| length)
    };
    if rest.starts_with('.') && starts(&rest[1..]) && wants_value {
        let length = number_like(rest);
        let mend = format!("0{}", &rest[..length]);
        return Some(ParseError::BadNumber { mend: Some(mend), at: offset + at..offset + at + length });
    }
    if rest.starts_with('.') && !rest.starts_with("..") && text[..at].ends_with(|last: char| last.is_ascii_digit()) {
        let digits =
            text[..at].trim_end_matches(|character: char| character.is_ascii_digit() || character == '_').len();
        let mend = format!("{}.0", &text[digits..at]);
        return Some(ParseError::BadNumber { mend: Some(mend), at: offset + digits..offset + at + 1 });
    }
    if starts(rest) && wants_value {
        let length = number_like(rest);
        let mend = rest[..length].strip_suffix(['f', 'd', 'F']).map(str::to_owned);
        return Some(ParseError::BadNumber { mend, at: offset + at..offset + at + length });
    }
    None
}

/// The token that starts at `at`: a word, a number, a mark, one character, or nothing at the end.
fn token_at(text: &str, at: usize) -> &str {
    const MARKS: [&str; 18] =
        ["->", "=>", "..", "<=", ">=", "==", "!=", ":=", "//", "/*", "**", "<-", "&&", "||", "--", "++", "<<", ">>"];
    let rest = &text[at..];
    let Some(first) = rest.chars().next() else { return "" };
    if let Some(mark) = MARKS.into_iter().find(|mark| rest.starts_with(mark)) {
        return &rest[..mark.len()];
    }
    let length = match first {
        '"' => rest[1..].find(['"', '\n']).map_or(rest.len(), |length| length + 2).min(rest.trim_end().len()),
        _ if first.is_alphanumeric() || first == '_' => {
            rest.find(|next: char| !(next.is_alphanumeric() || next == '_')).unwrap_or(rest.len())
        }
        _ => first.len_utf8(),
    };
    &rest[..length]
}

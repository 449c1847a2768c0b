//! From what the grammar expected to the user's words.

use pest::error::{ErrorVariant, InputLocation};

use super::error::ParseError;
use super::grammar::Rule;
use super::scan::STATEMENT_WORDS;
use super::slips::{self, Stop};

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
        Rule::parameters => Meaning::Mark("`(`"),
        Rule::close_curly => Meaning::Mark("`}`"),
        Rule::separator => Meaning::Mark("`,`"),
        Rule::within => Meaning::Mark("`within`"),
        Rule::as_word => Meaning::Mark("`as`"),
        Rule::finish | Rule::EOI => Meaning::Thing("the end of the statement"),
        Rule::name | Rule::item | Rule::given | Rule::word | Rule::parameter => Meaning::Thing("a name"),
        Rule::path | Rule::reference | Rule::setting => Meaning::Thing("a name"),
        Rule::property_name | Rule::property => Meaning::Thing("a property"),
        Rule::population | Rule::reference_list => Meaning::Thing("a neuron or input"),
        Rule::number
        | Rule::numbers
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
        | Rule::network_head
        | Rule::import_statement
        | Rule::instance_statement
        | Rule::declare_statement
        | Rule::connection_statement
        | Rule::activation_statement
        | Rule::output_statement
        | Rule::expect_statement => Meaning::Thing("a statement"),
    }
}

/// The error that a failed match of `rule` on `text`, which starts at `offset` of its source, amounts to.
pub(super) fn explain(rule: Rule, text: &str, offset: usize, error: &pest::error::Error<Rule>) -> ParseError {
    let (at, positives) = stop(error);
    explain_at(rule, text, offset, at, positives)
}

/// Where a match failed, and what could have stood there.
pub(super) fn stop(error: &pest::error::Error<Rule>) -> (usize, &[Rule]) {
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => (at, positives),
        ErrorVariant::CustomError { .. } => (at, &[]),
    }
}

/// The error for a statement in which something of `positives` should stand at `at`.
pub(super) fn explain_at(rule: Rule, text: &str, offset: usize, at: usize, positives: &[Rule]) -> ParseError {
    let found = token_at(text, at);
    let range = offset + at..offset + at + found.len();
    let wants_value = positives.iter().any(|rule| matches!(meaning(*rule), Meaning::Value));
    let wants = |wanted: Rule| positives.contains(&wanted);
    if rule == Rule::activation_statement && !text[..at].contains('(') && !wants(Rule::name) {
        let before = text[..at].trim_end().len();
        let last = last_token(&text[..before]);
        return ParseError::NoNetInput { name: text[last..before].to_owned(), at: offset + last..offset + before };
    }
    if found.is_empty() || found == "\n" {
        // The place is behind the last token; the label stands on that token.
        let before = text[..at].trim_end().len();
        let last = last_token(&text[..before]);
        if rule == Rule::expect_statement && wants(Rule::implies) {
            return ParseError::NoImplies { at: offset..offset + "expect".len() };
        }
        let at = offset + last..offset + before.max(last);
        return ParseError::Unexpected { expected: words(positives), found: None, help: None, at };
    }
    if let Some(error) = decimal_comma(text, at, offset, found) {
        return error;
    }
    if let Some(mend) = found.chars().next().and_then(unseen) {
        return ParseError::Unseen { character: found.chars().next().unwrap_or_default(), mend, at: range };
    }
    let stop = Stop { rule, text, offset, at, found, positives };
    if let Some(error) = slips::elsewhere(&stop) {
        return error;
    }
    let wants_name =
        positives.iter().any(|rule| matches!(meaning(*rule), Meaning::Thing("a name" | "a neuron or input")));
    if rule == Rule::declare_statement
        && text.starts_with("neuron")
        && matches!(found, "bias" | "activation")
        && text[..at].contains(',')
        && wants_name
    {
        let help = Some("properties stand in braces: `neuron c { activation = relu }`");
        return ParseError::Unexpected { expected: words(positives), found: Some(found.to_owned()), help, at: range };
    }
    let lacks_value = rule == Rule::expect_statement && found == "within" && text[..at].trim_end().ends_with('=');
    if (wants_name || wants_value) && is_reserved(found) && !lacks_value {
        return ParseError::Reserved { word: found.to_owned(), at: range };
    }
    let is_connection = rule == Rule::connection_statement;
    if found == "->" && is_connection && text[..at].contains("->") && !wants_value {
        return ParseError::SecondArrow { at: range };
    }
    if rule == Rule::expect_statement && found == "then" {
        return ParseError::NotYet { what: "`then`, which tests one step after another,", at: range };
    }
    if is_connection && wants(Rule::arrow) && !text.starts_with('[') && is_word(found) {
        // `synapse a -> b : 1`
        return super::error::unknown_statement(text, offset..offset + text.len());
    }
    if found == "--" && is_connection && text[at..].starts_with("-->") {
        let mend = "write `->` here".to_owned();
        return ParseError::Foreign { found: "-->".to_owned(), mend, at: range.start..range.end + 1 };
    }
    if found == "'" && text[..at].ends_with(|last: char| last.is_ascii_digit()) {
        let mend = "digits are grouped with `_`, as in `1_000`".to_owned();
        return ParseError::Foreign { found: found.to_owned(), mend, at: range };
    }
    if found == "/" && text[..at].ends_with('/') {
        let mend = "a comment starts with `#`".to_owned();
        return ParseError::Foreign { found: "//".to_owned(), mend, at: range.start - 1..range.end };
    }
    if found == "*" && text[..at].ends_with('*') {
        let mend = "a power is written `^`".to_owned();
        return ParseError::Foreign { found: "**".to_owned(), mend, at: range.start - 1..range.end };
    }
    let other_mark = match found {
        "->" if rule == Rule::expect_statement => Some("write `=>` here"),
        "->" | "=>" if rule == Rule::activation_statement && wants(Rule::equals) => Some("write `=` here"),
        ":" if wants(Rule::equals) => Some("write `=` here"),
        ";" if wants(Rule::separator) => Some("write `,` here, or end the line"),
        _ => None,
    };
    if let Some(mend) =
        other_mark.filter(|_| !text.starts_with("neuron") || wants(Rule::separator) || text.contains('{'))
    {
        return ParseError::Foreign { found: found.to_owned(), mend: mend.to_owned(), at: range };
    }
    if found == "=>" && rule == Rule::connection_statement
        || found == "=" && rule == Rule::connection_statement && wants(Rule::colon)
    {
        let mend = if wants(Rule::arrow) { "->" } else { ":" };
        return ParseError::Foreign { found: found.to_owned(), mend: format!("write `{mend}` here"), at: range };
    }
    // Behind a comparison, `==` is one too many.
    if let Some(mend) = foreign(found).filter(|_| !(found == "==" && wants(Rule::power))) {
        return ParseError::Foreign { found: found.to_owned(), mend: mend.to_owned(), at: range };
    }
    if found.starts_with('"') && wants_value {
        return ParseError::BadEscape { at: range };
    }
    if let Some(error) = malformed_number(text, at, offset, wants_value) {
        return error;
    }
    let begins_item =
        found.starts_with(|first: char| first.is_alphanumeric() || matches!(first, '_' | '-' | '+' | '"' | '(' | '['));
    if begins_item && wants(Rule::separator) {
        return no_separator(&stop, true);
    }
    if begins_item && wants(Rule::comma) && wants(Rule::close_square) | wants(Rule::close_round) {
        return no_separator(&stop, false);
    }
    let help = slips::mend(&stop).or_else(|| help_for(rule, &text[..at], text, found, &wants));
    let expected = match help {
        // The one thing that is missing, not all that could stand here.
        Some(_) if is_connection && wants(Rule::colon) && found != "," => vec!["`:`".to_owned()],
        _ => words(positives),
    };
    ParseError::Unexpected { expected, found: Some(found.to_owned()), help, at: range }
}

/// The error for a missing separator, which is told of the item before it where that stands on an earlier line.
fn no_separator(stop: &Stop<'_>, in_block: bool) -> ParseError {
    match slips::token_of_earlier_line(&stop.text[..stop.at]) {
        Some((start, token)) => {
            let at = stop.offset + start..stop.offset + start + token.len();
            ParseError::NoSeparator { item: token.to_owned(), is_before: true, in_block, at }
        }
        None => {
            let at = stop.offset + stop.at..stop.offset + stop.at + stop.found.len();
            ParseError::NoSeparator { item: stop.found.to_owned(), is_before: false, in_block, at }
        }
    }
}

/// The mend of what beginners often write.
fn help_for(rule: Rule, before: &str, text: &str, found: &str, wants: &dyn Fn(Rule) -> bool) -> Option<&'static str> {
    let ends = wants(Rule::finish) || wants(Rule::EOI);
    let declares = |keyword: &str| rule == Rule::declare_statement && text.starts_with(keyword);
    let begins_value = found.starts_with(|first: char| first.is_alphanumeric() || matches!(first, '_' | '"' | '('));
    if wants(Rule::power) && (matches!(found, "?" | "if" | "then" | "else") || before.trim_end().ends_with("if")) {
        return Some("a choice is a function: `if(c, a, b)` is a where c is not 0, else b");
    }
    if found == "," && wants(Rule::close_round) && !wants(Rule::comma) {
        return Some("a list stands in square brackets: `[1, 2]`");
    }
    if found == ".." && rule == Rule::declare_statement {
        return Some("a range is a list of the lowest and the highest value: `range = [0, 1]`");
    }
    if rule == Rule::activation_statement {
        return match found {
            "=" if wants(Rule::name) => {
                Some("a neuron's activation stands in its braces: `neuron c { activation = relu }`")
            }
            _ if wants(Rule::name) && found.starts_with(|first: char| first.is_ascii_digit()) => {
                Some("a name starts with a letter or `_`")
            }
            "{" if wants(Rule::equals) => Some("its formula stands behind a `=`: `activation bent(z) = 2 * z`"),
            _ if STATEMENT_WORDS.contains(&found) && ends => Some("every statement starts on a line of its own"),
            _ if begins_value && ends => Some("a product is written with `*`, as in `2 * z`"),
            "," if ends => Some("each activation is a statement of its own"),
            _ => None,
        };
    }
    if rule == Rule::connection_statement {
        return match found {
            "," if wants(Rule::arrow) => Some("several sources stand in brackets: `[a, b] -> c : 0.5`"),
            "," if wants(Rule::colon) => Some("several targets stand in brackets: `a -> [b, c] : 0.5`"),
            "," if ends => Some("several weights stand in brackets: `[a, b] -> c : [0.5, 0.7]`"),
            "+" if wants(Rule::arrow) => {
                Some("a target adds up what reaches it: write one connection for each source, or `[a, b] -> c : 0.5`")
            }
            "*" | "/" if wants(Rule::arrow) => Some("the weight stands behind a `:`, as in `a -> b : 0.5`"),
            _ if STATEMENT_WORDS.contains(&found) && ends => Some("every statement starts on a line of its own"),
            _ if wants(Rule::colon) && (begins_value || found == "*") => {
                Some("the weight stands behind a `:`, as in `a -> b : 0.5`")
            }
            _ if begins_value && ends => {
                Some("a connection ends with its weight; the next one stands on a line of its own")
            }
            _ => None,
        };
    }
    if rule == Rule::output_statement && matches!(found, "[" | ".") && ends {
        return Some("a part of something is given under a new name: `output y = x[0]`");
    }
    if rule == Rule::expect_statement && found == "=>" && wants(Rule::equals) {
        return Some("every input has its value: `expect a = 1 => y = 0`");
    }
    if rule == Rule::expect_statement && found == "," && !wants(Rule::comma) && ends {
        return Some("`within` ends an `expect` and counts for all of it; write another `expect` for the others");
    }
    if STATEMENT_WORDS.contains(&found) && ends {
        return Some("every statement starts on a line of its own");
    }
    if rule == Rule::network_statement && ends {
        return Some("a name has letters, digits and `_`, as in `network and_gate`");
    }
    if found.starts_with(['"', '\'']) && wants(Rule::name) {
        return Some("a name stands without quotes");
    }
    if wants(Rule::equals) && ends {
        return match found {
            _ if found.starts_with(|first: char| first.is_ascii_digit()) && !declares("neuron") => {
                Some("a value stands behind a `=`: `input x = 1`")
            }
            "." => Some("a name has letters, digits and `_`, but no point"),
            "-" => Some("a name has letters, digits and `_`; `-` is the sign of subtraction"),
            _ if declares("neuron") => Some("properties stand in braces: `neuron c { activation = relu }`"),
            _ if begins_value => Some("several names are separated by commas: `input x, y`"),
            _ => None,
        };
    }
    if rule == Rule::declare_statement && wants(Rule::name) && found.starts_with(|first: char| first.is_ascii_digit()) {
        return Some("a name starts with a letter or `_`");
    }
    if matches!(found, "<" | "<=" | ">" | ">=" | "==" | "!=") {
        return Some("comparisons are not chained: compare two values at a time");
    }
    (begins_value && found != "(" && rule == Rule::declare_statement && ends)
        .then_some("several values stand in brackets with commas between them: `[1, 2]`")
}

fn is_word(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Where the last token of `text` starts.
fn last_token(text: &str) -> usize {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    if text.ends_with(is_part) {
        return text.trim_end_matches(is_part).len();
    }
    if text.ends_with("->") || text.ends_with("=>") {
        return text.len() - 2;
    }
    text.char_indices().next_back().map_or(0, |(start, _)| start)
}

/// `1,5` with no blank outside brackets: a point is meant.
fn decimal_comma(text: &str, at: usize, offset: usize, found: &str) -> Option<ParseError> {
    let (comma, after) = match found {
        "," => (at, at + 1),
        _ => (at.checked_sub(1)?, at),
    };
    let is_digit = |character: char| character.is_ascii_digit();
    let before = text.get(..comma)?;
    // `1.000,5` has points between its thousands.
    let whole = before.len() - before.trim_end_matches(|character| is_digit(character) || character == '.').len();
    let fraction: &str = text.get(after..)?;
    let fraction = &fraction[..fraction.find(|character| !is_digit(character)).unwrap_or(fraction.len())];
    if text.as_bytes()[comma] != b',' || !before.ends_with(is_digit) || fraction.is_empty() {
        return None;
    }
    let mend = format!("{}.{fraction}", before[comma - whole..].replace('.', ""));
    let at = offset + comma - whole..offset + after + fraction.len();
    Some(ParseError::BadNumber { label: "a decimal point is a `.`", mend: Some(mend), at })
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
    // Most names show at a glance that they are none.
    word.bytes().all(|byte| byte.is_ascii_lowercase())
        && (STATEMENT_WORDS.contains(&word) || matches!(word, "as" | "within" | "then" | "true" | "false" | "pi"))
}

/// What to do about a character that cannot be seen, or looks like a blank and is none.
pub(super) fn unseen(character: char) -> Option<&'static str> {
    match character {
        ' ' | '\t' | '\n' => None,
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{180e}' => Some("it is invisible: remove it"),
        blank if blank.is_whitespace() => Some("it looks like a blank, but is none of the language: write a plain one"),
        _ => None,
    }
}

/// Marks of other languages, and what to write instead.
fn foreign(found: &str) -> Option<&'static str> {
    Some(match found {
        ";" => "a statement ends with its line: remove it; another one stands on the next line",
        "//" | "/*" => "a comment starts with `#`",
        ":=" | "==" => "write `=` here",
        "<-" => "write the sources first: `a -> b : weight`",
        "'" => "a name stands without quotes, text in double ones: `\"…\"`",
        "“" | "”" | "„" | "«" | "»" | "‘" | "’" => {
            "a text stands between plain quotes, `\"…\"`, a name without any"
        }
        "−" | "–" | "—" => "a minus is written `-`",
        "×" | "·" | "⋅" => "a product is written `*`",
        "÷" => "a quotient is written `/`",
        "≤" => "write `<=` here",
        "≥" => "write `>=` here",
        "≠" => "write `!=` here",
        "±" => "a tolerance stands behind `within`: `expect a = 1 => y = 2 within 0.1`",
        "√" => "a root is written `sqrt(2)`",
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
        return Some(ParseError::BadNumber { label: POINT, mend: Some(mend), at: offset + at..offset + at + length });
    }
    if rest.starts_with('.') && !rest.starts_with("..") && text[..at].ends_with(|last: char| last.is_ascii_digit()) {
        let digits =
            text[..at].trim_end_matches(|character: char| character.is_ascii_digit() || character == '_').len();
        if text[..digits].ends_with(char::is_alphanumeric) {
            return None;
        }
        let mend = format!("{}.0", &text[digits..at]);
        return Some(ParseError::BadNumber { label: POINT, mend: Some(mend), at: offset + digits..offset + at + 1 });
    }
    if starts(rest) && wants_value {
        let length = number_like(rest);
        let mend = decimal_mend(&rest[..length]);
        return Some(ParseError::BadNumber { label: "no decimal number", mend, at: offset + at..offset + at + length });
    }
    None
}

const POINT: &str = "digits stand on both sides of a point";

/// What is meant by a number with a suffix, of another base, or stuck to a name.
fn decimal_mend(written: &str) -> Option<String> {
    let digits = written.len() - written.trim_start_matches(|character: char| character.is_ascii_digit()).len();
    let (number, rest) = written.split_at(digits);
    let base = match rest.as_bytes().first()? {
        b'x' | b'X' => 16,
        b'b' | b'B' => 2,
        b'o' | b'O' => 8,
        _ => 10,
    };
    if number == "0" && base != 10 {
        return u64::from_str_radix(&rest[1..], base).ok().map(|value| value.to_string());
    }
    if let Some(plain) = written.strip_suffix(['f', 'd', 'F']).filter(|plain| plain.parse::<f64>().is_ok()) {
        return Some(plain.to_owned());
    }
    let is_name =
        is_word(rest) && !rest.starts_with(['e', 'E', '_']) && rest.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_name.then(|| format!("{number} * {rest}"))
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
        _ if first.is_ascii_digit() => {
            let is_part = |next: char| next.is_alphanumeric() || next == '_';
            let whole = rest.find(|next| !is_part(next)).unwrap_or(rest.len());
            let fraction =
                rest[whole..].strip_prefix('.').filter(|rest| rest.starts_with(|next: char| next.is_ascii_digit()));
            whole + fraction.map_or(0, |rest| 1 + rest.find(|next| !is_part(next)).unwrap_or(rest.len()))
        }
        _ if first.is_alphanumeric() || first == '_' => {
            rest.find(|next: char| !(next.is_alphanumeric() || next == '_')).unwrap_or(rest.len())
        }
        _ => first.len_utf8(),
    };
    &rest[..length]
}

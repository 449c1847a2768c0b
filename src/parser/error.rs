//! What can be wrong with a text, in the user's words.

use std::ops::Range;

use super::cut::Fault;
use super::scan::{STATEMENT_WORDS, word_at};
use super::{brackets, expected, slips};
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use crate::span::Span;
use crate::text::{any_of, closest, quoted};

/// Something wrong with a text; places are bytes of its source.
#[derive(Debug)]
pub(super) enum ParseError {
    /// A control or bidirectional character.
    Forbidden { character: char, at: usize, more: usize },
    /// Brackets that do not match or nest too deep.
    Brackets { fault: Fault, statement: Range<usize>, limit: u64 },
    /// A network that is never closed; where that shows.
    OpenNetwork { open: usize, before: usize },
    /// The head of a network without its bracket.
    NoBracket { head: Range<usize> },
    /// A network or import inside a network.
    Nested { what: &'static str, at: Range<usize> },
    /// Too many levels of brackets, signs and powers.
    TooDeep { at: Range<usize>, limit: u64 },
    /// A statement of too many parts; the place of the first that is too many.
    TooLong { at: Range<usize>, limit: u64 },
    /// More statements than a source may have.
    TooMany { at: Range<usize>, limit: u64 },
    /// Something else was expected; `found` is none at the end of the statement.
    Unexpected { expected: Vec<String>, found: Option<String>, help: Option<&'static str>, at: Range<usize> },
    /// `bias = 1` as a statement.
    PropertyAlone { name: String, at: Range<usize> },
    /// Nothing that a statement starts with.
    UnknownStatement { word: String, meant: Option<&'static str>, mend: Option<&'static str>, at: Range<usize> },
    /// `NAME = VALUE` as a statement.
    Assignment { name: String, at: Range<usize> },
    /// `bent(z) = z` as a statement.
    BareActivation { name: String, at: Range<usize> },
    /// `{` at the start of a line.
    BlockAlone { at: Range<usize> },
    /// `a -> b`
    NoWeight { at: Range<usize>, targets: Range<usize> },
    /// `a -> b -> c`
    SecondArrow { at: Range<usize> },
    /// `activation bent = 1`, `activation bent() = 1`: no parameter is the net input.
    NoNetInput { name: String, at: Range<usize> },
    /// `activation bent(z = 1) = z`
    NetInputDefault { name: String, at: Range<usize> },
    /// A reserved word where a name must stand.
    Reserved { word: String, at: Range<usize> },
    /// `.5`, `1.`, `0x10`
    BadNumber { label: &'static str, mend: Option<String>, at: Range<usize> },
    /// `1e999`
    TooLarge { at: Range<usize> },
    /// A string with an escape that there is not.
    BadEscape { at: Range<usize> },
    /// Two items without a comma between them: the one before or the one after.
    NoSeparator { item: String, is_before: bool, in_block: bool, at: Range<usize> },
    /// A mark of another language.
    Foreign { found: String, mend: String, at: Range<usize> },
    /// A character that cannot be seen, or looks like a blank.
    Unseen { character: char, mend: &'static str, at: Range<usize> },
    /// `[]`
    EmptyList { at: Range<usize> },
    /// `expect` without `=>`
    NoImplies { at: Range<usize> },
    /// A part of the language that this release does not have.
    NotYet { what: &'static str, at: Range<usize> },
    /// `1e-999` (warning)
    Underflow { at: Range<usize> },
    /// `[1 -1]`: one item, where two may be meant (warning)
    MinusInList { at: Range<usize> },
    /// `## …` behind something on its line (warning)
    LateDoc { at: Range<usize> },
    /// `## …` before nothing (warning)
    UnattachedDoc { at: Range<usize> },
}

impl ParseError {
    pub(super) fn report(self, source: &Source) -> Diagnostic {
        let span = |range: Range<usize>| Span::new(source.id(), range);
        match self {
            ParseError::Forbidden { character, at, more } => {
                let name = format!("U+{:04X}", u32::from(character));
                if character == '\u{FEFF}' {
                    let message = "the byte-order mark U+FEFF stands at the start of a file only";
                    return Diagnostic::error(Code::E0002, message)
                        .label(span(at..at + character.len_utf8()), "remove it")
                        .help("it is invisible, and no part of a name");
                }
                let bidirectional = !character.is_control();
                let (code, kind) = if bidirectional {
                    (Code::E0003, "the bidirectional control character")
                } else {
                    (Code::E0002, "the control character")
                };
                let why = if bidirectional {
                    "it makes text look different from what it says"
                } else {
                    "it is invisible and can change what a terminal shows"
                };
                let others = match more {
                    0 => String::new(),
                    1 => "; one more such character follows".to_owned(),
                    _ => format!("; {more} more such characters follow"),
                };
                Diagnostic::error(code, format!("{kind} {name} cannot stand in a source"))
                    .label(span(at..at + character.len_utf8()), "remove it")
                    .help(format!("{why}{others}"))
            }
            ParseError::OpenNetwork { open, before } => {
                let report = Diagnostic::error(Code::E0102, "this `{` is never closed").label(span(open..open + 1), "");
                let next = source.text()[before..].split('\n').next().map_or(0, str::len);
                let report = match next {
                    0 => report,
                    _ => report.also(span(before..before + next), "this starts another network"),
                };
                report.help("the `}` that ends a network stands on a line of its own behind its last statement")
            }
            ParseError::NoBracket { head } => {
                let mend = quoted(&format!("{} {{", &source.text()[head.clone()]));
                Diagnostic::error(Code::E0101, "expected `{` behind the name of the network, but the line ends")
                    .label(span(head), "`{` is missing after this")
                    .help(format!("write {mend}; what it opens, the `}}` behind its statements closes"))
            }
            ParseError::Nested { what, at } => {
                Diagnostic::error(Code::E0117, format!("`{what}` cannot stand inside a network"))
                    .label(span(at), "inside a network")
                    .help(match what {
                        "network" => "write it beside the other one: networks see those of their file",
                        _ => "write it at the start of the file: the file's networks see what it imports",
                    })
            }
            ParseError::Brackets { fault: Fault::TooDeep { open }, limit, .. } => {
                let message = format!("brackets nest more than {limit} deep");
                Diagnostic::error(Code::E0902, message)
                    .label(span(open..open + 1), format!("level {}", limit + 1))
                    .help(NAME_PARTS)
            }
            ParseError::TooDeep { at, limit } => {
                let message = format!("brackets, signs and powers nest more than {limit} deep");
                Diagnostic::error(Code::E0902, message).label(span(at), format!("level {}", limit + 1)).help(NAME_PARTS)
            }
            ParseError::TooLong { at, limit } => {
                let message = format!("this statement has more names, numbers and marks than the limit, {limit}");
                Diagnostic::error(Code::E0907, message)
                    .label(span(at.start..source.text().ceil_char_boundary(at.end)), "passes the limit")
                    .help("write several statements, or allow more with `--limit statement=N`; lists of plain numbers do not count")
            }
            ParseError::TooMany { at, limit } => {
                Diagnostic::error(Code::E0910, format!("the source has more statements than the limit, {limit}"))
                    .label(span(at), "passes the limit")
                    .help("declare arrays, as `neuron h[1000]`, or allow more with `--limit statements=N`")
            }
            ParseError::Brackets { fault: Fault::Unclosed { open, before }, statement, .. } => {
                let guess = brackets::unclosed(source.text(), statement, open);
                // Where another kind of bracket shows it, that is the place.
                let (open, missing) = if before.is_some() { (open, None) } else { (guess.open, guess.missing) };
                let bracket = &source.text()[open..=open];
                let closing = closing(bracket);
                let doubled = bracket == "{" && source.text()[open + 1..].trim_start_matches([' ', '\t']).starts_with('{');
                let report = Diagnostic::error(Code::E0102, format!("`{bracket}` is never closed"))
                    .label(span(open..open + 1), "opened here")
                    .help(if doubled { "one `{` is enough: remove the other".to_owned() } else { format!("close it with `{closing}`") });
                match (before, missing) {
                    (Some(close), _) => {
                        let mark = &source.text()[close..=close];
                        report.also(span(close..close + 1), format!("`{closing}` is missing before this `{mark}`"))
                    }
                    (None, Some(missing)) if !doubled => {
                        report.also(span(missing), format!("`{closing}` is probably missing after this"))
                    }
                    (None, _) => report,
                }
            }
            ParseError::Brackets { fault: Fault::Stray { close, open: Some(open) }, statement, .. }
                if !brackets::stands_in(source.text(), close + 1..statement.end, closing_byte(source, open)) =>
            {
                let (closes, opened) = (&source.text()[close..=close], &source.text()[open..=open]);
                Diagnostic::error(Code::E0103, format!("`{closes}` cannot close `{opened}`"))
                    .label(span(close..close + 1), "another kind of bracket")
                    .also(span(open..open + 1), "opened here")
                    .help(format!("write `{}`", closing(opened)))
            }
            ParseError::Brackets { fault: Fault::Stray { close, open }, statement, .. } => {
                let bracket = &source.text()[close..=close];
                let opening = match bracket {
                    ")" => "(",
                    "]" => "[",
                    _ => "{",
                };
                let label = if open.is_some() { format!("no `{opening}` is open here") } else { "no bracket is open here".to_owned() };
                let help = match bracket {
                    "}" => "remove it, or write its `{` before the properties: `neuron c { bias = 1, activation = relu }`".to_owned(),
                    _ => format!("remove it, or write its `{opening}` where it belongs"),
                };
                let report = Diagnostic::error(Code::E0103, format!("`{bracket}` closes nothing"))
                    .label(span(close..close + 1), label)
                    .help(help);
                match brackets::closed_before(source.text(), statement, close) {
                    Some(last) => report.also(span(last..last + 1), format!("the `{opening}` is closed here already")),
                    None => report,
                }
            }
            ParseError::Unexpected { expected, found, help, at } => {
                let found_words = found
                    .as_deref()
                    .map_or("the statement ends".to_owned(), |found| format!("found {}", quoted(found)));
                let missing = expected.iter().find(|thing| THINGS.contains(&thing.as_str()));
                let label = match (&found, missing) {
                    (Some(found), Some(thing)) if is_mark(found, thing) => format!("{thing} is missing before this"),
                    (Some(_), _) => "not expected here".to_owned(),
                    (None, _) => format!("{} is missing after this", any_of(&expected)),
                };
                Diagnostic::error(Code::E0101, format!("expected {}, but {found_words}", any_of(&expected)))
                    .label(span(at), label)
                    .help_if(help.map(str::to_owned))
            }
            ParseError::PropertyAlone { name, at } => {
                let help = match name.as_str() {
                    "activation" => "a neuron's activation stands in its braces: `neuron c { activation = relu }`",
                    "bias" => "a bias has a name, `bias b = 0.5`; a neuron's own stands in its braces, `neuron c { bias = 0.5 }`",
                    _ => "properties stand in braces: `neuron c { bias = 1, activation = relu }`",
                };
                Diagnostic::error(Code::E0101, format!("`{name} = …` is no statement"))
                    .label(span(at), if name == "bias" { "of what?" } else { "outside of braces" })
                    .help(help)
            }
            ParseError::UnknownStatement { word, meant, mend, at } => {
                let help = match (meant, mend) {
                    (Some(meant), _) => format!("did you mean `{meant}`?"),
                    (None, Some(mend)) => mend.to_owned(),
                    (None, None) => {
                        "a line declares something, as `input x = 1` or `neuron c`, or connects, as `x -> c : 0.5`"
                            .to_owned()
                    }
                };
                Diagnostic::error(Code::E0104, format!("no statement starts with {}", quoted(&word)))
                    .label(span(at), "unknown statement")
                    .help(help)
            }
            ParseError::Assignment { name, at } => {
                let name = quoted(&name);
                Diagnostic::error(Code::E0104, format!("{name} is set without being declared here"))
                    .label(span(at), "what is it?")
                    .help("say what it is: `input NAME = 1`, or `weight`, `bias` or `const` in its place; a neuron is declared with `neuron NAME` and fed by connections")
            }
            ParseError::BareActivation { name, at } => {
                Diagnostic::error(Code::E0104, format!("no statement starts with {}", quoted(&name)))
                    .label(span(at), "unknown statement")
                    .help("a function of the net input is declared with its word: `activation bent(z) = 2 * z`")
            }
            ParseError::BlockAlone { at } => {
                Diagnostic::error(Code::E0112, "a block cannot start on a line of its own")
                    .label(span(at), "this `{`")
                    .help("write the `{` at the end of the line that it belongs to")
            }
            ParseError::NoWeight { at, targets } => {
                let at = if at.is_empty() { targets } else { at };
                Diagnostic::error(Code::E0105, "this connection has no weight")
                    .label(span(at), "`: weight` is missing after this")
                    .help("every synapse has a weight: `a -> b : 0.5`")
            }
            ParseError::SecondArrow { at } => {
                let doubled = source.text()[..at.start].trim_end().ends_with("->");
                Diagnostic::error(Code::E0106, "a connection has one `->`").label(span(at), "the second arrow").help(
                    if doubled {
                        "one `->` is enough: remove the other"
                    } else {
                        "write one connection a line, each with its weight: `a -> b : 0.5`, then `b -> c : 0.5`"
                    },
                )
            }
            ParseError::NoNetInput { name, at } => {
                let message = format!("the activation {} has no parameter for its net input", quoted(&name));
                let label = if source.text()[at.clone()].starts_with('(') { "nothing in it" } else { "`(z)` is missing after this" };
                Diagnostic::error(Code::E0116, message)
                    .label(span(at), label)
                    .help("an activation is a function of the net input, its first parameter: `activation bent(z) = 2 * z`")
            }
            ParseError::NetInputDefault { name, at } => {
                Diagnostic::error(Code::E0116, format!("the net input {} has no default", quoted(&name)))
                    .label(span(at), "every neuron brings its own")
                    .help("the first parameter is the net input; parameters behind it may have defaults: `activation bent(z, p = 1) = p * z`")
            }
            ParseError::Reserved { word, at } => {
                Diagnostic::error(Code::E0107, format!("`{word}` is a word of the language and cannot be a name"))
                    .label(span(at), "reserved word")
                    .help(format!("choose another name, such as `{word}_` or `my_{word}`"))
            }
            ParseError::BadNumber { label, mend, at } => {
                let written = quoted(&source.text()[at.clone()]);
                let help = match mend {
                    Some(mend) if mend.contains('*') => format!("write {}; a name starts with a letter or `_`", quoted(&mend)),
                    Some(mend) => format!("write {}", quoted(&mend)),
                    None => {
                        "a number is decimal, as `12`, `0.5` or `1.5e-3`; a name starts with a letter or `_`".to_owned()
                    }
                };
                Diagnostic::error(Code::E0108, format!("{written} is not a number")).label(span(at), label).help(help)
            }
            ParseError::TooLarge { at } => {
                let written = quoted(&source.text()[at.clone()]);
                Diagnostic::error(Code::E0109, format!("{written} is larger than any double"))
                    .label(span(at), "the largest is about 1.8e308")
                    .help("values are 64-bit floating-point numbers: choose a smaller unit")
            }
            ParseError::BadEscape { at } => {
                Diagnostic::error(Code::E0110, "a `\\` in a text stands only before `\"` or another `\\`")
                    .label(span(at), "an unknown escape")
                    .help("write `\\\\` for a backslash and `/` between folders; nothing else needs an escape")
            }
            ParseError::Brackets { fault: Fault::OpenText { open, end }, .. } => {
                Diagnostic::error(Code::E0110, "this text is not closed")
                    .label(span(open..end), "starts here and ends with its line")
                    .help("a text stands between two `\"` on one line")
            }
            ParseError::NoSeparator { item, is_before, in_block, at } => {
                let item = quoted(&item);
                let side = if is_before { "after" } else { "before" };
                let (what, help) = if in_block {
                    (
                        "a `,` or a line end",
                        "properties are separated by commas or line ends: `{ bias = b, activation = relu }`",
                    )
                } else {
                    ("a `,`", "items are separated by commas: `[1, 2]`")
                };
                Diagnostic::error(Code::E0111, format!("{what} is missing {side} {item}"))
                    .label(span(at), format!("{side} this"))
                    .help(help)
            }
            ParseError::Foreign { found, mend, at } => {
                Diagnostic::error(Code::E0114, format!("{} does not belong here", quoted(&found)))
                    .label(span(at), "not expected here")
                    .help(mend)
            }
            ParseError::Unseen { character, mend, at } => {
                let name = format!("U+{:04X}", u32::from(character));
                Diagnostic::error(Code::E0114, format!("the character {name} does not belong here"))
                    .label(span(at), "not expected here")
                    .help(mend)
            }
            ParseError::EmptyList { at } => Diagnostic::error(Code::E0113, "a list has at least one item")
                .label(span(at), "nothing in it")
                .help("write its items with commas between them: `[1, 2]`"),
            ParseError::NoImplies { at } => {
                Diagnostic::error(Code::E0115, "this `expect` says nothing of what comes out")
                    .label(span(at), "`=>` is missing")
                    .help("inputs stand before `=>`, what is expected after it: `expect a = 1 => y = 0`")
            }
            ParseError::NotYet { what, at } => {
                Diagnostic::error(Code::E0501, format!("{what} is part of the language, but not of this release yet"))
                    .label(span(at), "not yet")
            }
            ParseError::Underflow { at } => {
                let written = quoted(&source.text()[at.clone()]);
                Diagnostic::warning(Code::W0101, format!("{written} is closer to 0 than any double and becomes 0"))
                    .label(span(at), "read as 0")
                    .help("write `0` if nothing is meant, else choose a smaller unit")
            }
            ParseError::MinusInList { at } => {
                Diagnostic::warning(Code::W0104, "this minus subtracts within one item of the list")
                    .label(span(at), "read as a difference")
                    .help("two items need a comma between them: `[1, -1]`; a difference is written with a blank after its minus: `[1 - 1]`")
            }
            ParseError::LateDoc { at } => {
                Diagnostic::warning(Code::W0102, "documentation stands on lines of its own; this is read as a comment")
                    .label(span(at), "not the first thing on its line")
                    .help("move it to the line before, or write one `#`")
            }
            ParseError::UnattachedDoc { at } => {
                Diagnostic::warning(Code::W0103, "this documentation belongs to nothing")
                    .label(span(at), "no declaration follows on the next line")
                    .help("move it directly before what it documents, or write one `#`")
            }
        }
    }
}

/// What can be missing before a mark.
const THINGS: [&str; 4] = ["a value", "a name", "a neuron or input", "a property"];

/// Whether a token goes on where something is missing, rather than being something else.
fn is_mark(token: &str, thing: &str) -> bool {
    matches!(token, "," | ":" | "=" | "->" | "=>" | ".." | "*" | "/" | "^" | ")" | "]" | "}" | "within")
        || token == "{" && thing == "a name"
}

const NAME_PARTS: &str = "give parts of the expression names of their own with `const`";

/// What closes the bracket at `open`.
fn closing_byte(source: &Source, open: usize) -> u8 {
    closing(&source.text()[open..=open]).as_bytes()[0]
}

fn closing(bracket: &str) -> &'static str {
    match bracket {
        "(" => ")",
        "[" => "]",
        _ => "}",
    }
}

/// The error for a statement that starts with no word of the language and connects nothing.
pub(super) fn unknown_statement(text: &str, range: Range<usize>) -> ParseError {
    let word = word_at(text, 0);
    let first = text.chars().next().map_or(0, char::len_utf8);
    let at = range.start..range.start + word.len().max(first);
    if text.starts_with('{') {
        return ParseError::BlockAlone { at };
    }
    let first = text[word.len()..].chars().next().map(|first| (first, expected::unseen(first)));
    if let Some((character, Some(mend))) = first {
        let start = range.start + word.len();
        return ParseError::Unseen { character, mend, at: start..start + character.len_utf8() };
    }
    if text.starts_with("//") || text.starts_with("/*") {
        return ParseError::Foreign {
            found: text[..2].to_owned(),
            mend: "a comment starts with `#`".to_owned(),
            at: range.start..range.start + 2,
        };
    }
    let rest = text[word.len()..].trim_start();
    let meant = match word {
        "function" | "func" | "fn" | "def" | "let" if text.contains('(') && text.contains('=') => Some("activation"),
        _ => closest(word, STATEMENT_WORDS).or_else(|| slips::other_word(word)),
    };
    if !word.is_empty() && meant.is_none() && rest.starts_with('(') && rest.contains(") =") {
        return ParseError::BareActivation { name: word.to_owned(), at };
    }
    let mend = slips::missing_word(text);
    let sized = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let is_set = sized.map_or(rest, |(_, rest)| rest.trim_start()).starts_with('=');
    if !word.is_empty() && is_set && !text.contains("=>") {
        return ParseError::Assignment { name: word.to_owned(), at };
    }
    if meant.is_none() && mend.is_none() && (text.starts_with('[') || !word.is_empty()) {
        let arrow = ["=>", "- >", "<-", "→", "⇒", "-->"].into_iter().find_map(|arrow| Some((arrow, text.find(arrow)?)));
        if let Some((arrow, place)) = arrow {
            let mend = match arrow {
                "<-" => "signals run from left to right: write `SOURCE -> TARGET : weight`",
                _ => "a connection is written `a -> b : weight`",
            };
            let at = range.start + place..range.start + place + arrow.len();
            return ParseError::Foreign { found: arrow.to_owned(), mend: mend.to_owned(), at };
        }
    }
    let word = text[..at.len()].to_owned();
    ParseError::UnknownStatement { word, meant, mend, at }
}

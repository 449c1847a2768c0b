//! User text inside of other languages: inert, and never a part of their syntax.

use std::fmt::Write;

use crate::text::neutralise;

/// Text of an element or attribute of XML.
pub(crate) fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in neutralised(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' => escaped.push_str("&#10;"),
            // What XML does not have at all.
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Lines stay lines; within them nothing is harmful.
fn neutralised(text: &str) -> String {
    text.split('\n').map(|line| neutralise(line).into_owned()).collect::<Vec<_>>().join("\n")
}

/// Text between double quotes of Graphviz's language; lines are centred.
pub(super) fn dot(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in neutralised(text).chars() {
        match character {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            // Graphviz reads entities.
            '&' => escaped.push_str("&amp;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Text between double quotes of Mermaid: all that means something there becomes a number.
pub(super) fn mermaid(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in neutralised(text).chars() {
        match character {
            '\n' => escaped.push_str("<br/>"),
            plain if plain.is_alphanumeric() || !plain.is_ascii() || " _.,:+-=()[]/*%".contains(plain) => {
                escaped.push(plain)
            }
            other => {
                let _ = write!(escaped, "#{};", u32::from(other));
            }
        }
    }
    escaped
}

/// A name as a part of an identity: what is no letter, digit, `.` or `_` becomes `-`.
pub(super) fn identity(name: &str) -> String {
    let plain = |character: char| if character.is_alphanumeric() || "._".contains(character) { character } else { '-' };
    name.chars().map(plain).collect::<String>().trim_end_matches('-').to_owned()
}

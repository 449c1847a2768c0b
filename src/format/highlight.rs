//! The tokens of a text as an editor colours them, finished or not.

use std::ops::Range;

use super::token::pieces;
use crate::parser::STATEMENT_WORDS;

/// What a token is to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// `input`, `within`, `true`
    Keyword,
    /// A name.
    Name,
    /// A function or activation that is called.
    Function,
    /// `bias` in `bias = 1`, inside of brackets.
    Property,
    /// A number, `pi`.
    Number,
    /// `"text"`
    Text,
    /// `# …`
    Comment,
    /// `## …`
    Documentation,
    /// A bracket, an operator, `->`.
    Mark,
}

/// The words that statements start with.
#[must_use]
pub fn statement_words() -> &'static [&'static str] {
    &STATEMENT_WORDS
}

/// The tokens and comments of a text, in order; it need not be a right one.
///
/// ```
/// use neuronc::TokenKind;
///
/// let kinds: Vec<TokenKind> = neuronc::tokens("input x = 1").into_iter().map(|(_, kind)| kind).collect();
/// assert_eq!(kinds, [TokenKind::Keyword, TokenKind::Name, TokenKind::Mark, TokenKind::Number]);
/// ```
#[must_use]
pub fn tokens(text: &str) -> Vec<(Range<usize>, TokenKind)> {
    let all: Vec<(usize, &str)> = pieces(text).collect();
    let mut depth = 0usize;
    let mut starts = true;
    let mut tokens = Vec::with_capacity(all.len());
    for (place, (at, token)) in all.iter().enumerate() {
        let next = all.get(place + 1).map(|(_, next)| *next);
        let first = token.chars().next().unwrap_or(' ');
        starts |= place > 0 && depth == 0 && text[all[place - 1].0..*at].contains('\n');
        let is_word = first.is_alphabetic() || first == '_';
        let kind = match first {
            '#' if token.starts_with("##") && !token.starts_with("###") => TokenKind::Documentation,
            '#' => TokenKind::Comment,
            '"' => TokenKind::Text,
            '0'..='9' => TokenKind::Number,
            _ if !is_word => TokenKind::Mark,
            _ if starts && STATEMENT_WORDS.contains(token) => TokenKind::Keyword,
            _ => match *token {
                "within" | "true" | "false" | "as" | "then" => TokenKind::Keyword,
                "pi" => TokenKind::Number,
                _ if next == Some("(") => TokenKind::Function,
                _ if depth > 0 && next == Some("=") => TokenKind::Property,
                _ => TokenKind::Name,
            },
        };
        starts = false;
        match *token {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        tokens.push((*at..at + token.len(), kind));
    }
    tokens
}

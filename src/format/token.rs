//! A statement as tokens and comments, with what the source's lines tell of its layout.
//!
//! Commas are made alike on the way: each stands directly behind its item, line ends that separate the properties of a
//! block become commas, and none stands before a closing bracket.

/// A token or comment of a statement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    pub(super) kind: Kind,
    /// Whether a blank stands before it where it does not start a line.
    pub(super) spaced: bool,
    pub(super) start: Start,
    /// Of a bracket: the token of the other one.
    pub(super) partner: usize,
    /// Of an opening bracket: whether its content keeps lines of its own, although it might fit on one.
    pub(super) opened: bool,
}

/// Where a token stands in its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Start {
    /// Behind another one on its line.
    Within,
    /// First on its line.
    Line,
    /// First on its line, behind an empty one.
    Paragraph,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, a keyword, a number or a text.
    Word,
    /// `within`
    Tolerance,
    Open(Shape),
    Close(Shape),
    Comma,
    /// `=`
    Equals,
    /// `->` or `:`
    Joint,
    /// `=>`
    Implies,
    Comparison,
    /// `+` or `-` between two operands
    Sum,
    /// `*` or `/`
    Product,
    Power,
    /// `+` or `-` before one operand
    Sign,
    /// `..`
    Dots,
    Comment,
}

/// What a pair of brackets holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `f(…)`, and the parameters of a declared activation
    Call,
    /// `(…)`
    Parentheses,
    /// `x[…]`: a size or a selector
    Picked,
    /// `[…]`
    List,
    /// `[[…], […]]`
    Matrix,
    /// `{ … }`
    Block,
}

impl Kind {
    /// Whether an operand ends with it, so that a sign behind it is an operator.
    fn ends_operand(self) -> bool {
        match self {
            Kind::Word | Kind::Close(_) => true,
            Kind::Tolerance
            | Kind::Open(_)
            | Kind::Comma
            | Kind::Equals
            | Kind::Joint
            | Kind::Implies
            | Kind::Comparison
            | Kind::Sum
            | Kind::Product
            | Kind::Power
            | Kind::Sign
            | Kind::Dots
            | Kind::Comment => false,
        }
    }
}

/// The tokens of a statement without errors.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new(), open: Vec::new(), last: None, apart: false };
    lexer.all();
    lexer.tokens
}

/// The tokens and comments of any text as they stand, each with its place: words, numbers, texts in quotes, marks.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += text[at..].len() - text[at..].trim_start_matches(is_blank).len();
        let length = length_at(&text[at..])?;
        let start = at;
        at += length;
        Some((start, &text[start..at]))
    })
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n')
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token<'a>>,
    /// The brackets that are open.
    open: Vec<usize>,
    /// The last token that is no comment.
    last: Option<usize>,
    /// Whether the next token must not come to stand directly below the comment before it.
    apart: bool,
}

impl<'a> Lexer<'a> {
    fn all(&mut self) {
        loop {
            let start = self.blanks();
            let Some(length) = length_at(&self.text[self.at..]) else { return };
            let text = &self.text[self.at..self.at + length];
            self.at += length;
            if text.starts_with('#') {
                self.push(text.trim_end(), Kind::Comment, start);
            } else {
                self.token(text, start);
            }
        }
    }

    /// Passes blanks and line ends.
    fn blanks(&mut self) -> Start {
        let rest = &self.text[self.at..];
        let blanks = &rest[..rest.len() - rest.trim_start_matches([' ', '\t', '\n']).len()];
        self.at += blanks.len();
        match blanks.bytes().filter(|byte| *byte == b'\n').count() {
            0 => Start::Within,
            1 => Start::Line,
            _ => Start::Paragraph,
        }
    }

    fn token(&mut self, text: &'a str, start: Start) {
        let kind = self.kind(text);
        if kind == Kind::Comma {
            return self.comma();
        }
        if let Kind::Close(_) = kind {
            return self.close(text, start);
        }
        let last = self.last.map(|last| self.tokens[last].kind);
        if kind == Kind::Word && self.is_in_block() && last.is_some_and(Kind::ends_operand) {
            self.comma();
            self.apart = false;
        }
        let place = self.push(text, kind, start);
        self.last = Some(place);
        if let Kind::Open(shape) = kind {
            if let (Shape::List, Some(outer)) = (shape, self.list_around(place)) {
                self.tokens[outer].kind = Kind::Open(Shape::Matrix);
                self.tokens[outer].opened |= start > Start::Within;
            }
            self.open.push(place);
        }
    }

    /// The list that the list at `place` is the first item of, or the matrix that it is a row of.
    fn list_around(&self, place: usize) -> Option<usize> {
        let outer = *self.open.last()?;
        match self.tokens[outer].kind {
            Kind::Open(Shape::Matrix) => Some(outer),
            Kind::Open(Shape::List) => {
                let before = self.tokens[outer + 1..place].iter();
                before.clone().all(|token| token.kind == Kind::Comment).then_some(outer)
            }
            _ => None,
        }
    }

    fn kind(&self, text: &str) -> Kind {
        let last = self.last.map(|last| self.tokens[last].kind);
        let after_operand = last.is_some_and(Kind::ends_operand);
        match text {
            "within" if !self.is_in_block() => Kind::Tolerance,
            "(" if last == Some(Kind::Word) => Kind::Open(Shape::Call),
            "(" => Kind::Open(Shape::Parentheses),
            "[" if last == Some(Kind::Word) => Kind::Open(Shape::Picked),
            "[" => Kind::Open(Shape::List),
            "{" => Kind::Open(Shape::Block),
            ")" | "]" | "}" => {
                let shape = self.open.last().map_or(Shape::Block, |open| match self.tokens[*open].kind {
                    Kind::Open(shape) => shape,
                    _ => Shape::Block,
                });
                Kind::Close(shape)
            }
            "," => Kind::Comma,
            "=" => Kind::Equals,
            "->" | ":" => Kind::Joint,
            "=>" => Kind::Implies,
            "<" | "<=" | ">" | ">=" | "==" | "!=" => Kind::Comparison,
            "+" | "-" if after_operand => Kind::Sum,
            "+" | "-" => Kind::Sign,
            "*" | "/" => Kind::Product,
            "^" => Kind::Power,
            ".." => Kind::Dots,
            _ => Kind::Word,
        }
    }

    fn is_in_block(&self) -> bool {
        self.open.last().is_some_and(|open| self.tokens[*open].kind == Kind::Open(Shape::Block))
    }

    fn push(&mut self, text: &'a str, kind: Kind, start: Start) -> usize {
        let place = self.tokens.len();
        let start = if std::mem::take(&mut self.apart) { Start::Paragraph } else { start };
        let spaced = kind == Kind::Comment || self.is_spaced(kind);
        // What stands behind the bracket itself opens it.
        if start > Start::Within
            && let Some(Kind::Open(Shape::List | Shape::Block)) = self.tokens.last().map(|token| token.kind)
        {
            self.tokens[place - 1].opened = !matches!(kind, Kind::Close(_));
        }
        self.tokens.push(Token { text, kind, spaced, start, partner: place, opened: false });
        place
    }

    fn is_spaced(&self, kind: Kind) -> bool {
        let Some(last) = self.last.map(|last| self.tokens[last].kind) else { return false };
        let after = match last {
            Kind::Open(Shape::Block) => !matches!(kind, Kind::Close(_)),
            Kind::Open(_) | Kind::Power | Kind::Sign | Kind::Dots => false,
            Kind::Word
            | Kind::Tolerance
            | Kind::Close(_)
            | Kind::Comma
            | Kind::Equals
            | Kind::Joint
            | Kind::Implies
            | Kind::Comparison
            | Kind::Sum
            | Kind::Product
            | Kind::Comment => true,
        };
        let before = match kind {
            Kind::Open(Shape::Call | Shape::Picked) | Kind::Comma | Kind::Power | Kind::Dots => false,
            Kind::Close(shape) => shape == Shape::Block,
            Kind::Word
            | Kind::Tolerance
            | Kind::Open(_)
            | Kind::Equals
            | Kind::Joint
            | Kind::Implies
            | Kind::Comparison
            | Kind::Sum
            | Kind::Product
            | Kind::Sign
            | Kind::Comment => true,
        };
        after && before
    }

    /// Puts a comma directly behind the last token.
    fn comma(&mut self) {
        let place = self.last.map_or(0, |last| last + 1);
        // Documentation before a comma documents nothing, and must not come to document the next property.
        let is_documentation = |token: &Token<'_>| token.start > Start::Within && token.text.starts_with("##");
        self.apart = self.tokens[place..].last().is_some_and(is_documentation);
        let comma =
            Token { text: ",", kind: Kind::Comma, spaced: false, start: Start::Within, partner: place, opened: false };
        self.tokens.insert(place, comma);
        self.last = Some(place);
    }

    fn close(&mut self, text: &'a str, start: Start) {
        if let Some(last) = self.last.filter(|last| self.tokens[*last].kind == Kind::Comma) {
            self.tokens.remove(last);
            self.last = Some(last - 1);
        }
        let kind = self.kind(text);
        let place = self.push(text, kind, start);
        self.last = Some(place);
        if let Some(open) = self.open.pop() {
            self.tokens[open].partner = place;
            self.tokens[place].partner = open;
        }
    }
}

/// How long the token or comment is with which `text` starts; none at its end.
fn length_at(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 128;
    Some(match bytes.first()? {
        b'#' => text.find('\n').unwrap_or(text.len()),
        b'"' => text_length(bytes),
        b'0'..=b'9' => number_length(bytes),
        first if is_word(first) => {
            let mut length = 0;
            loop {
                length += bytes[length..].iter().take_while(|byte| is_word(byte)).count();
                let leads_on = bytes.get(length) == Some(&b'.')
                    && bytes.get(length + 1).is_some_and(|next| is_word(next) && !next.is_ascii_digit());
                if !leads_on {
                    break length;
                }
                length += 1;
            }
        }
        _ => {
            let marks = ["->", "=>", "<=", ">=", "==", "!=", ".."];
            if marks.iter().any(|mark| text.starts_with(mark)) { 2 } else { 1 }
        }
    })
}

fn text_length(bytes: &[u8]) -> usize {
    let mut at = 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

fn number_length(bytes: &[u8]) -> usize {
    let digits = |from: usize| {
        bytes[from.min(bytes.len())..].iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'_').count()
    };
    let mut length = digits(0);
    if bytes.get(length) == Some(&b'.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    length
}

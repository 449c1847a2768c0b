//! Plain connection lines, `x[3] -> y : -0.5`, without the grammar, many times as fast and in no more memory than
//! their text.
//!
//! Only ASCII names, whole indices, one name or one number with at most one sign directly before it, and blanks are
//! read here; everything else, and every mistake, is the grammar's.

use super::expected::is_reserved;
use crate::ast::{
    Connection, Expression, ExpressionKind, Lines, Name, Number, Reference, References, Selector, Sign, Statement,
    StatementKind,
};
use crate::numeric::decimal::{self, Digits};
use crate::span::Span;

/// A plain connection line; places are bytes of the text that it was read from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    pub(crate) sources: End<'a>,
    pub(crate) targets: End<'a>,
    pub(crate) weight: Weight<'a>,
    /// After its last character.
    end: usize,
}

/// What a line connects: `x`, `x[3]`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct End<'a> {
    pub(crate) name: &'a str,
    pub(crate) index: Option<u32>,
    start: usize,
    /// After the whole reference.
    end: usize,
}

/// What a line connects with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Weight<'a> {
    Number {
        sign: Option<Sign>,
        /// Where it stands, with its sign.
        start: usize,
        digits: Digits,
    },
    Name {
        name: &'a str,
        start: usize,
    },
}

/// Where the plain lines that start at `start` end, if there are any.
pub(super) fn lines_end(text: &str, start: usize) -> Option<usize> {
    let mut end = None;
    let mut at = start;
    while let Some(line) = read(text, at) {
        let next = skip_blanks(text.as_bytes(), line.end);
        if !matches!(text.as_bytes().get(next), None | Some(b'\n')) {
            break;
        }
        end = Some(line.end);
        at = skip_blanks(text.as_bytes(), next + 1);
    }
    end
}

fn skip_blanks(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t')) {
        at += 1;
    }
    at
}

/// The plain line at `at`, whatever stands behind it.
fn read(text: &str, at: usize) -> Option<Line<'_>> {
    let bytes = text.as_bytes();
    let sources = end_at(text, at)?;
    let arrow = skip_blanks(bytes, sources.end);
    if bytes.get(arrow..arrow + 2) != Some(b"->") {
        return None;
    }
    let targets = end_at(text, skip_blanks(bytes, arrow + 2))?;
    let colon = skip_blanks(bytes, targets.end);
    if bytes.get(colon) != Some(&b':') {
        return None;
    }
    let (weight, end) = weight_at(text, skip_blanks(bytes, colon + 1))?;
    Some(Line { sources, targets, weight, end })
}

fn end_at(text: &str, start: usize) -> Option<End<'_>> {
    /// Digits that surely fit 32 bits.
    const MOST: usize = 9;
    let bytes = text.as_bytes();
    let name = name_at(text, start)?;
    let mut end = start + name.len();
    let mut index = None;
    if bytes.get(end) == Some(&b'[') {
        let mut number = 0u32;
        let mut at = end + 1;
        while let Some(digit) = bytes.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
            number = number.wrapping_mul(10).wrapping_add(u32::from(digit));
            at += 1;
        }
        if !(1..=MOST).contains(&(at - end - 1)) || bytes.get(at) != Some(&b']') {
            return None;
        }
        index = Some(number);
        end = at + 1;
    }
    Some(End { name, index, start, end })
}

fn name_at(text: &str, start: usize) -> Option<&str> {
    let bytes = text.as_bytes();
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    bytes.get(start).filter(|first| is_part(first) && !first.is_ascii_digit())?;
    let length = bytes[start..].iter().position(|byte| !is_part(byte)).unwrap_or(bytes.len() - start);
    // A letter beyond ASCII would go on the name, and a point leads into an instance.
    if matches!(bytes.get(start + length), Some(128.. | b'.')) {
        return None;
    }
    let name = &text[start..start + length];
    (!is_reserved(name)).then_some(name)
}

/// The weight at `start` and where it ends.
fn weight_at(text: &str, start: usize) -> Option<(Weight<'_>, usize)> {
    let sign = match text.as_bytes().get(start)? {
        b'-' => Some(Sign::Minus),
        b'+' => Some(Sign::Plus),
        b'0'..=b'9' => None,
        _ => {
            let name = name_at(text, start)?;
            return Some((Weight::Name { name, start }, start + name.len()));
        }
    };
    let digits = decimal::digits(text.as_bytes(), start + usize::from(sign.is_some()))?;
    // What may be too large or too small has messages of its own.
    digits.is_moderate().then_some((Weight::Number { sign, start, digits }, digits.end))
}

impl Line<'_> {
    /// What stands before the arrow, before the colon and behind it; `text` is what the line was read from.
    pub(crate) fn parts<'t>(&self, text: &'t str) -> [&'t str; 3] {
        let weight = match self.weight {
            Weight::Number { start, .. } | Weight::Name { start, .. } => start,
        };
        [self.sources.start..self.sources.end, self.targets.start..self.targets.end, weight..self.end]
            .map(|range| &text[range])
    }

    /// The value of the weight, if it is a number; `text` is what the line was read from.
    pub(crate) fn number(&self, text: &str) -> Option<f64> {
        match self.weight {
            Weight::Number { sign, start, digits } => {
                let value = digits.value(text.as_bytes(), start + usize::from(sign.is_some()));
                Some(if sign == Some(Sign::Minus) { -value } else { value })
            }
            Weight::Name { .. } => None,
        }
    }
}

impl Lines {
    /// The lines, each where it stands in [`text`](Lines::text).
    pub(crate) fn iter(&self) -> impl Iterator<Item = Line<'_>> {
        let text = self.text();
        let mut at = 0;
        std::iter::from_fn(move || {
            let line = read(text, at)?;
            at = skip_blanks(text.as_bytes(), skip_blanks(text.as_bytes(), line.end) + 1);
            Some(line)
        })
    }

    /// Those of the lines whose text, without the blanks before it, is kept; the others are not read.
    pub(crate) fn kept(&self, keep: impl Fn(&str) -> bool) -> impl Iterator<Item = Line<'_>> {
        let text = self.text();
        let mut start = 0;
        std::iter::from_fn(move || {
            while start < text.len() {
                let at = skip_blanks(text.as_bytes(), start);
                let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |length| at + length);
                start = end + 1;
                if keep(&text[at..end]) {
                    return read(text, at);
                }
            }
            None
        })
    }

    /// Each line as a statement of its own, as the grammar would have read it.
    pub fn statements(&self) -> impl Iterator<Item = Statement> {
        self.iter().map(|line| {
            let (connection, span) = self.connection(&line);
            Statement { doc: None, kind: StatementKind::Connection(Box::new(connection)), span }
        })
    }

    /// One of the lines as the grammar would have read it, and its place.
    pub(crate) fn connection(&self, line: &Line<'_>) -> (Connection, Span) {
        let value = match line.weight {
            Weight::Name { name, start } => {
                let end = End { name, index: None, start, end: start + name.len() };
                let reference = self.reference(&end);
                Expression { span: reference.span, kind: ExpressionKind::Reference(reference) }
            }
            Weight::Number { sign, start, digits } => {
                let first = start + usize::from(sign.is_some());
                let number = self.number(first, digits);
                match sign {
                    Some(sign) => Expression {
                        kind: ExpressionKind::Signed(sign, Box::new(number)),
                        span: self.place(start, digits.end),
                    },
                    None => number,
                }
            }
        };
        let (sources, targets) = (self.references(&line.sources), self.references(&line.targets));
        let connection = Connection { sources, targets, value, properties: None };
        (connection, self.place_of(line))
    }

    /// The place of one of the lines.
    pub(crate) fn place_of(&self, line: &Line<'_>) -> Span {
        self.place(line.sources.start, line.end)
    }

    fn references(&self, end: &End<'_>) -> References {
        let reference = self.reference(end);
        let span = reference.span;
        References { list: vec![reference], bracketed: false, span }
    }

    fn reference(&self, end: &End<'_>) -> Reference {
        let after_name = end.start + end.name.len();
        let name = Name { text: end.name.to_owned(), span: self.place(end.start, after_name) };
        let selector = end.index.and_then(|_| {
            let digits = decimal::digits(self.text().as_bytes(), after_name + 1)?;
            Some(Selector::Index(Box::new(self.number(after_name + 1, digits))))
        });
        Reference { name, selector, span: self.place(end.start, end.end) }
    }

    fn number(&self, start: usize, digits: Digits) -> Expression {
        let spelling = self.text()[start..digits.end].to_owned();
        let number = Number { value: digits.value(self.text().as_bytes(), start), spelling };
        Expression { kind: ExpressionKind::Number(number), span: self.place(start, digits.end) }
    }

    fn place(&self, start: usize, end: usize) -> Span {
        let offset = self.span().range().start;
        Span::new(self.span().file, offset + start..offset + end)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use pest::Parser;
    use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
    use proptest::test_runner::RngSeed;

    use super::super::build::Builder;
    use super::super::grammar::{NeuronParser, Rule};
    use super::lines_end;
    use crate::ast::{Lines, StatementKind};
    use crate::span::{FileId, Span};

    fn by_grammar(text: &str) -> Option<StatementKind> {
        let pair = NeuronParser::parse(Rule::connection_statement, text).ok()?.next()?;
        Builder::new(FileId::default(), 7, 256).connection(pair).ok()
    }

    /// The one line of `text`, which is told to start at offset 7.
    fn by_lines(text: &str) -> Option<StatementKind> {
        let end = lines_end(text, 0).filter(|end| text[*end..].trim().is_empty())?;
        let whole = Arc::new(format!("seven..{text}"));
        let lines = Lines::new(whole, Span::new(FileId::default(), 7..7 + end));
        let mut statements = lines.statements();
        let first = statements.next().map(|statement| statement.kind);
        assert!(statements.next().is_none(), "{text}");
        first
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..Default::default() })]

        /// The tree, with its places, is the one that the grammar makes.
        #[test]
        fn the_fast_way_is_the_grammars(
            text in "(x|h1|_a|pi|bias|é|xé|l\\.y)(\\[[0-9]{1,2}(\\.\\.3)?\\]|\\[i\\])? {0,2}-> ?(y|out)(\\[[0-9]{1,11}\\])? ?(:|: | :\t)([+-]?[0-9]{1,3}(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?(_0| \\* 2| \\{\\}|x)?|[a-z]{1,2}[0-9]?(\\[1\\]|\\.w| \\+ 1)?)"
        ) {
            if let Some(read) = by_lines(&text) {
                prop_assert_eq!(Some(read), by_grammar(&text), "{}", text);
            }
        }
    }

    #[test]
    fn plain_connections_are_read() {
        for text in ["x -> y : 0.5", "x[3]->y[0]:-2e3", "a1 -> _b\t: +0", "x -> y : w", "x[007] -> y : 1"] {
            assert_eq!(by_lines(text), by_grammar(text), "{text}");
            assert!(by_lines(text).is_some(), "{text}");
        }
        for text in [
            "x -> y",
            "x -> y : w[1]",
            "x -> y : l.w",
            "x -> y : pi",
            "[x] -> y : 1",
            "x -> y : 1 {}",
            "pi -> y : 1",
            "x -> y : 1e999",
            "x -> y : - 1",
            "x[4294967296] -> y : 1",
        ] {
            assert!(by_lines(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_run_ends_before_what_is_not_plain() {
        let text = "x -> y : 1\n\t x -> y : w \nx -> y : 2 # c\nx -> y : 3\n";
        assert_eq!(lines_end(text, 0), Some(text.find(" \nx -> y : 2").expect("it is there")));
        assert_eq!(lines_end("x -> y : 1\n\nx -> y : 2", 0), Some(10));
        assert_eq!(lines_end("neuron y", 0), None);
    }
}

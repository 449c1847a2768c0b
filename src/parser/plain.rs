//! Reads plain connection lines, `x[3] -> y : -0.5`, without the grammar.
//!
//! Only ASCII names, whole indices, one number with at most one sign directly before it, and blanks are read here;
//! everything else, and every mistake, is the grammar's.

use super::expected::is_reserved;
use super::literal::{PlainNumber, digits, number};
use crate::ast::{
    Connection, Expression, ExpressionKind, Name, Number, Reference, References, Selector, StatementKind,
};
use crate::span::{FileId, Span};

/// The statement, if it is a plain connection; it starts at `offset` of its source.
pub(super) fn connection(text: &str, file: FileId, offset: usize) -> Option<StatementKind> {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, file, offset };
    let sources = reader.population()?;
    reader.mark("->")?;
    let targets = reader.population()?;
    reader.mark(":")?;
    let value = reader.value()?;
    let complete = reader.at == text.len();
    complete.then_some(StatementKind::Connection(Connection { sources, targets, value, properties: None }))
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    file: FileId,
    offset: usize,
}

impl Reader<'_> {
    fn blanks(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    fn mark(&mut self, mark: &str) -> Option<()> {
        self.blanks();
        let found = self.text[self.at..].starts_with(mark);
        self.at += mark.len();
        self.blanks();
        found.then_some(())
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.file, self.offset + start..self.offset + self.at)
    }

    fn population(&mut self) -> Option<References> {
        let start = self.at;
        let first = *self.bytes.get(start)?;
        if !(first.is_ascii_alphabetic() || first == b'_') {
            return None;
        }
        while self.bytes.get(self.at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
            self.at += 1;
        }
        let word = &self.text[start..self.at];
        // A letter beyond ASCII would go on the name.
        if is_reserved(word) || self.bytes.get(self.at).is_some_and(|byte| !byte.is_ascii()) {
            return None;
        }
        let name = Name { text: word.to_owned(), span: self.span(start) };
        let mut selector = None;
        if self.bytes.get(self.at) == Some(&b'[') {
            self.at += 1;
            let end = digits(self.bytes, self.at)?;
            let index = number(&self.text[..end], self.at)?;
            self.at = end;
            selector = Some(Selector::Index(Box::new(self.number(&index))));
            if self.bytes.get(self.at) != Some(&b']') {
                return None;
            }
            self.at += 1;
        }
        let span = self.span(start);
        Some(References { list: vec![Reference { name, selector, span }], bracketed: false, span })
    }

    fn value(&mut self) -> Option<Expression> {
        let start = self.at;
        let number = number(self.text, start)?;
        self.at = number.digits.end;
        let value = self.number(&number);
        Some(match number.sign {
            Some(sign) => Expression { kind: ExpressionKind::Signed(sign, Box::new(value)), span: self.span(start) },
            None => value,
        })
    }

    /// The number without its sign; it ends here.
    fn number(&self, number: &PlainNumber) -> Expression {
        let spelling = self.text[number.digits.clone()].to_owned();
        let kind = ExpressionKind::Number(Number { value: number.value, spelling });
        Expression { kind, span: self.span(number.digits.start) }
    }
}

#[cfg(test)]
mod tests {
    use pest::Parser;
    use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
    use proptest::test_runner::RngSeed;

    use super::super::build::Builder;
    use super::super::grammar::{NeuronParser, Rule};
    use super::connection;
    use crate::ast::StatementKind;
    use crate::span::FileId;

    fn by_grammar(text: &str) -> Option<StatementKind> {
        let pair = NeuronParser::parse(Rule::connection_statement, text).ok()?.next()?;
        Builder::new(FileId::default(), 7, 256).connection(pair).ok()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..Default::default() })]

        /// The tree, with its places, is the one that the grammar makes.
        #[test]
        fn the_fast_way_is_the_grammars(
            text in "(x|h1|_a|pi|bias|é|xé)(\\[[0-9]{1,2}(\\.\\.3)?\\]|\\[i\\])? {0,2}-> ?(y|out)(\\[[0-9]\\])? ?(:|: | :\t)[+-]?[0-9]{1,3}(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?(_0| \\* 2| \\{\\}|x)?"
        ) {
            if let Some(read) = connection(&text, FileId::default(), 7) {
                prop_assert_eq!(Some(read), by_grammar(&text), "{}", text);
            }
        }
    }

    #[test]
    fn plain_connections_are_read() {
        for text in ["x -> y : 0.5", "x[3]->y[0]:-2e3", "a1 -> _b\t: +0"] {
            assert_eq!(connection(text, FileId::default(), 7), by_grammar(text), "{text}");
            assert!(connection(text, FileId::default(), 7).is_some(), "{text}");
        }
        for text in
            ["x -> y", "x -> y : w", "[x] -> y : 1", "x -> y : 1 {}", "pi -> y : 1", "x -> y : 1e999", "x -> y : - 1"]
        {
            assert!(connection(text, FileId::default(), 7).is_none(), "{text}");
        }
    }
}

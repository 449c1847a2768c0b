//! Pairs of the grammar to nodes of the syntax tree.
//!
//! The grammar guarantees each rule's children; an `expect` here says which guarantee it leans on.

use pest::iterators::{Pair, Pairs};
use unicode_normalization::UnicodeNormalization;

use super::error::ParseError;
use super::grammar::Rule;
use super::literal::Shortened;
use crate::ast::{
    Activation, Argument, Comparison, Connection, Expect, Expression, ExpressionKind, Given, Import, Instance, Item,
    Keyword, Name, Number, Numbers, Operator, Parameter, Property, Reference, References, Selector, Setting, Sign,
    StatementKind,
};
use crate::numeric::decimal;
use crate::span::{FileId, Span};

/// The name in normal form C, in which names are compared.
pub(crate) fn normalised(name: &str) -> String {
    if name.is_ascii() { name.to_owned() } else { name.nfc().collect() }
}

type Built<T> = Result<T, ParseError>;

/// Builds the tree of one statement that starts at `offset` of its source.
pub(super) struct Builder {
    pub(super) file: FileId,
    pub(super) offset: usize,
    /// How many levels of brackets, signs and powers there may be.
    pub(super) nesting: usize,
    /// How many levels of brackets, signs and powers are open.
    pub(super) depth: usize,
    pub(super) warnings: Vec<ParseError>,
    /// The lists that were read before.
    pub(super) shortened: Shortened,
}

impl Builder {
    pub(super) fn new(file: FileId, offset: usize, nesting: usize) -> Builder {
        Builder { file, offset, nesting, depth: 0, warnings: Vec::new(), shortened: Shortened::default() }
    }

    pub(super) fn network(&mut self, pair: Pair<'_, Rule>) -> Built<StatementKind> {
        let name = content(pair).next().expect("a network has a name");
        Ok(StatementKind::Network(self.name(&name)))
    }

    pub(super) fn network_head(&mut self, pair: Pair<'_, Rule>) -> Name {
        let name = content(pair).next().expect("a network has a name");
        self.name(&name)
    }

    pub(super) fn import(&mut self, pair: Pair<'_, Rule>) -> Built<StatementKind> {
        let mut parts = content(pair);
        let path = parts.next().expect("an import has a path");
        let path_span = self.span(&path);
        let name = parts.find(|part| part.as_rule() == Rule::name).map(|name| self.name(&name));
        Ok(StatementKind::Import(Box::new(Import { path: unquoted(path.as_str()), path_span, name })))
    }

    pub(super) fn instance(&mut self, pair: Pair<'_, Rule>) -> Built<StatementKind> {
        let mut parts = content(pair);
        let name = self.name(&parts.next().expect("an instance has a name"));
        let network = parts.next().expect("an instance has a network");
        if network.as_rule() == Rule::size {
            let at = self.span(&network).range();
            return Err(ParseError::NotYet { what: "an array of instances", at });
        }
        let settings = parts.next().map(|block| self.block(block)).transpose()?;
        let network = self.name(&network);
        Ok(StatementKind::Instance(Box::new(Instance { name, network, settings })))
    }

    pub(super) fn declare(&mut self, pair: Pair<'_, Rule>) -> Built<StatementKind> {
        let text = pair.as_str();
        let keyword = Keyword::ALL.into_iter().find(|keyword| text.starts_with(keyword.word()));
        let keyword = keyword.expect("a declaration starts with its keyword");
        let mut items: Vec<Item> = content(pair).map(|item| self.item(item)).collect::<Built<_>>()?;
        // There may be a million such statements of one item each.
        items.shrink_to_fit();
        Ok(StatementKind::Declare(keyword, items))
    }

    fn item(&mut self, pair: Pair<'_, Rule>) -> Built<Item> {
        let mut parts = content(pair);
        let name = self.name(&parts.next().expect("an item has a name"));
        let mut item = Item { name, size: None, value: None, properties: None };
        for part in parts {
            match part.as_rule() {
                Rule::size => item.size = Some(content(part).map(|size| self.expression(size)).collect::<Built<_>>()?),
                Rule::block => item.properties = Some(self.block(part)?),
                _ => item.value = Some(self.expression(part)?),
            }
        }
        Ok(item)
    }

    fn block(&mut self, pair: Pair<'_, Rule>) -> Built<Vec<Property>> {
        let property = |pair| {
            let mut parts = content(pair);
            let name = self.name(&parts.next().expect("a property has a name"));
            let value = self.expression(parts.next().expect("a property has a value"))?;
            Ok(Property { doc: None, name, value })
        };
        let mut properties: Vec<Property> = content(pair).map(property).collect::<Built<_>>()?;
        properties.shrink_to_fit();
        Ok(properties)
    }

    pub(super) fn connection(&mut self, pair: Pair<'_, Rule>) -> Built<StatementKind> {
        let end = self.place(pair.as_span().start() + pair.as_str().len());
        let mut parts = content(pair);
        let sources = self.population(parts.next().expect("a connection has sources"))?;
        let targets = self.population(parts.next().expect("a connection has targets"))?;
        let mut value = None;
        let mut properties = None;
        for part in parts {
            match part.as_rule() {
                Rule::block => properties = Some(self.block(part)?),
                _ => value = Some(self.expression(part)?),
            }
        }
        let Some(value) = value else {
            let at = targets.span.range().end..end;
            return Err(ParseError::NoWeight { at, targets: targets.span.range() });
        };
        Ok(StatementKind::Connection(Box::new(Connection { sources, targets, value, properties })))
    }

    pub(super) fn activation(&mut self, pair: Pair<'_, Rule>) -> Built<StatementKind> {
        let mut parts = content(pair);
        let name = self.name(&parts.next().expect("an activation has a name"));
        let list = parts.next().expect("an activation has a list of parameters");
        let brackets = self.span(&list);
        let parameters = content(list).map(|pair| self.parameter(pair)).collect::<Built<Vec<_>>>()?;
        let Some(first) = parameters.first() else {
            return Err(ParseError::NoNetInput { name: name.text, at: brackets.range() });
        };
        if let Some(default) = &first.default {
            let name = first.name.text.clone();
            return Err(ParseError::NetInputDefault { name, at: first.name.span.to(default.span).range() });
        }
        let body = self.expression(parts.next().expect("an activation has a formula"))?;
        Ok(StatementKind::Activation(Box::new(Activation { name, parameters, body })))
    }

    fn parameter(&mut self, pair: Pair<'_, Rule>) -> Built<Parameter> {
        let mut parts = content(pair);
        let name = self.name(&parts.next().expect("a parameter has a name"));
        let default = parts.next().map(|default| self.expression(default)).transpose()?;
        Ok(Parameter { name, default })
    }

    pub(super) fn output(&mut self, pair: Pair<'_, Rule>) -> Built<StatementKind> {
        let given = |pair| {
            let mut parts = content(pair);
            let name = self.name(&parts.next().expect("an output has a name"));
            let mut given = Given { name, reference: None, properties: None };
            for part in parts {
                match part.as_rule() {
                    Rule::block => given.properties = Some(self.block(part)?),
                    _ => given.reference = Some(self.population(part)?),
                }
            }
            Ok(given)
        };
        Ok(StatementKind::Output(content(pair).map(given).collect::<Built<_>>()?))
    }

    pub(super) fn expect(&mut self, pair: Pair<'_, Rule>) -> Built<StatementKind> {
        let mut expect = Expect { inputs: Vec::new(), wanted: Vec::new(), within: None };
        let mut implied = false;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::implies => implied = true,
                Rule::setting if implied => expect.wanted.push(self.setting(part)?),
                Rule::setting => expect.inputs.push(self.setting(part)?),
                Rule::expression => expect.within = Some(self.expression(part)?),
                _ => {}
            }
        }
        Ok(StatementKind::Expect(Box::new(expect)))
    }

    fn setting(&mut self, pair: Pair<'_, Rule>) -> Built<Setting> {
        let mut parts = content(pair);
        let reference = self.reference(parts.next().expect("a setting names something"))?;
        let value = self.expression(parts.next().expect("a setting has a value"))?;
        Ok(Setting { reference, value })
    }

    pub(super) fn given_value(&mut self, pair: Pair<'_, Rule>) -> Built<Expression> {
        let span = self.span(&pair);
        let mut values: Vec<Expression> = content(pair).map(|value| self.expression(value)).collect::<Built<_>>()?;
        if values.len() == 1 {
            return Ok(values.remove(0));
        }
        Ok(Expression { kind: ExpressionKind::List(values), span })
    }

    fn population(&mut self, pair: Pair<'_, Rule>) -> Built<References> {
        let span = self.span(&pair);
        let inner = content(pair).next().expect("a population is a reference or a list of them");
        if inner.as_rule() == Rule::reference {
            return Ok(References { list: vec![self.reference(inner)?], bracketed: false, span });
        }
        let list: Vec<Reference> = content(inner).map(|pair| self.reference(pair)).collect::<Built<_>>()?;
        if list.is_empty() {
            return Err(ParseError::EmptyList { at: span.range() });
        }
        Ok(References { list, bracketed: true, span })
    }

    fn reference(&mut self, pair: Pair<'_, Rule>) -> Built<Reference> {
        let span = self.span(&pair);
        let mut parts = content(pair);
        let name = self.name(&parts.next().expect("a reference has a name"));
        let selector = parts.next().map(|selector| {
            let mut bounds = content(selector).map(|bound| self.expression(bound).map(Box::new));
            let first = bounds.next().expect("a selector has an index")?;
            Ok(match bounds.next() {
                Some(end) => Selector::Slice(first, end?),
                None => Selector::Index(first),
            })
        });
        Ok(Reference { name, selector: selector.transpose()?, span })
    }

    /// An expression, or any operand of one.
    fn expression(&mut self, pair: Pair<'_, Rule>) -> Built<Expression> {
        match pair.as_rule() {
            Rule::parenthesised | Rule::list | Rule::call | Rule::reference => {
                self.deeper(std::slice::from_ref(&pair), |builder| builder.operand(pair.clone()))
            }
            _ => self.operand(pair),
        }
    }

    fn operand(&mut self, pair: Pair<'_, Rule>) -> Built<Expression> {
        let span = self.span(&pair);
        let rule = pair.as_rule();
        let text = pair.as_str();
        let kind = match rule {
            Rule::expression => return self.comparison(pair),
            Rule::sum | Rule::product => return self.chain(pair),
            Rule::signed => return self.signed(pair.into_inner()),
            Rule::powers => return self.powers(pair),
            Rule::numbers => {
                let numbers = self.shortened.take(text).expect("a mark stands for one list");
                ExpressionKind::Numbers(numbers)
            }
            Rule::number => ExpressionKind::Number(self.number(text, span)?),
            Rule::string => ExpressionKind::Text(unquoted(text)),
            Rule::truth => ExpressionKind::Truth(text == "true"),
            Rule::pi => ExpressionKind::Pi,
            Rule::parenthesised => {
                let inner = content(pair).next().expect("parentheses hold an expression");
                ExpressionKind::Parenthesised(Box::new(self.expression(inner)?))
            }
            Rule::list => {
                let items: Vec<Pair<'_, Rule>> = content(pair).collect();
                for item in &items {
                    let minus = minus_like_a_sign(item.as_str()).map(|at| self.place(item.as_span().start() + at));
                    self.warnings.extend(minus.map(|at| ParseError::MinusInList { at: at..at + 1 }));
                }
                let list: Vec<Expression> =
                    items.into_iter().map(|item| self.expression(item)).collect::<Built<_>>()?;
                if list.is_empty() {
                    return Err(ParseError::EmptyList { at: span.range() });
                }
                match Numbers::of(&list) {
                    Some(numbers) => ExpressionKind::Numbers(numbers),
                    None => ExpressionKind::List(list),
                }
            }
            Rule::call => {
                let mut parts = content(pair);
                let function = self.name(&parts.next().expect("a call names a function"));
                ExpressionKind::Call(function, parts.map(|argument| self.argument(argument)).collect::<Built<_>>()?)
            }
            Rule::reference => ExpressionKind::Reference(self.reference(pair)?),
            other => unreachable!("the grammar puts no {other:?} into an expression"),
        };
        Ok(Expression { kind, span })
    }

    fn argument(&mut self, pair: Pair<'_, Rule>) -> Built<Argument> {
        let mut name = None;
        let mut parts = content(pair);
        let mut part = parts.next().expect("an argument has a value");
        if part.as_rule() == Rule::name {
            name = Some(self.name(&part));
            part = parts.next().expect("an argument's name has a value");
        }
        Ok(Argument { name, value: self.expression(part)? })
    }

    fn comparison(&mut self, pair: Pair<'_, Rule>) -> Built<Expression> {
        let span = self.span(&pair);
        let mut parts = pair.into_inner();
        let left = self.expression(parts.next().expect("an expression has an operand"))?;
        let Some(mark) = parts.next() else { return Ok(left) };
        let comparison = match mark.as_str().trim_end() {
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterOrEqual,
            "==" => Comparison::Equal,
            _ => Comparison::NotEqual,
        };
        let right = self.expression(parts.next().expect("a comparison has a right side"))?;
        Ok(Expression { kind: ExpressionKind::Compare(Box::new(left), comparison, Box::new(right)), span })
    }

    fn chain(&mut self, pair: Pair<'_, Rule>) -> Built<Expression> {
        let span = self.span(&pair);
        let mut parts = pair.into_inner();
        let first = self.expression(parts.next().expect("a chain has a first operand"))?;
        let mut rest = Vec::new();
        while let Some(mark) = parts.next() {
            let operator = match mark.as_rule() {
                Rule::plus => Operator::Add,
                Rule::minus => Operator::Subtract,
                Rule::times => Operator::Multiply,
                _ => Operator::Divide,
            };
            rest.push((operator, self.expression(parts.next().expect("an operator has a right side"))?));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        Ok(Expression { kind: ExpressionKind::Chain(Box::new(first), rest), span })
    }

    /// Signs and what they stand before; the last sign binds closest.
    fn signed(&mut self, parts: Pairs<'_, Rule>) -> Built<Expression> {
        let parts: Vec<Pair<'_, Rule>> = parts.collect();
        let (operand, signs) = parts.split_last().expect("a sign stands before an operand");
        let mut value = self.deeper(signs, |builder| builder.expression(operand.clone()))?;
        for sign in signs.iter().rev() {
            value = self.with_sign(sign, value);
        }
        Ok(value)
    }

    fn with_sign(&self, sign: &Pair<'_, Rule>, value: Expression) -> Expression {
        let which = if sign.as_rule() == Rule::minus { Sign::Minus } else { Sign::Plus };
        let span = self.span(sign).to(value.span);
        Expression { kind: ExpressionKind::Signed(which, Box::new(value)), span }
    }

    /// `a ^ -b ^ c`, from right to left.
    fn powers(&mut self, pair: Pair<'_, Rule>) -> Built<Expression> {
        let is_mark = |part: &Pair<'_, Rule>| matches!(part.as_rule(), Rule::power | Rule::plus | Rule::minus);
        let marks: Vec<Pair<'_, Rule>> = pair.clone().into_inner().filter(is_mark).collect();
        self.deeper(&marks, |builder| builder.power_chain(pair))
    }

    fn power_chain(&mut self, pair: Pair<'_, Rule>) -> Built<Expression> {
        let mut operands: Vec<Vec<Pair<'_, Rule>>> = vec![Vec::new()];
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::power => operands.push(Vec::new()),
                _ => operands.last_mut().expect("there is a first").push(part),
            }
        }
        let mut value: Option<Expression> = None;
        for mut parts in operands.into_iter().rev() {
            let base = self.expression(parts.pop().expect("a power has operands"))?;
            let mut power = match value {
                Some(exponent) => {
                    let span = base.span.to(exponent.span);
                    Expression { kind: ExpressionKind::Power(Box::new(base), Box::new(exponent)), span }
                }
                None => base,
            };
            for sign in parts.iter().rev() {
                power = self.with_sign(sign, power);
            }
            value = Some(power);
        }
        Ok(value.expect("a power has operands"))
    }

    /// Builds what stands behind `marks`, each of which makes the tree one level deeper.
    fn deeper<T>(&mut self, marks: &[Pair<'_, Rule>], build: impl FnOnce(&mut Builder) -> Built<T>) -> Built<T> {
        if let Some(mark) = marks.get(self.nesting - self.depth) {
            let limit = self.nesting as u64;
            return Err(ParseError::TooDeep { at: self.span(mark).range(), limit });
        }
        self.depth += marks.len();
        let built = build(self);
        self.depth -= marks.len();
        built
    }

    fn number(&mut self, spelling: &str, span: Span) -> Built<Number> {
        let read = decimal::read(spelling);
        if read.value.is_infinite() {
            return Err(ParseError::TooLarge { at: span.range() });
        }
        if read.underflowed {
            self.warnings.push(ParseError::Underflow { at: span.range() });
        }
        Ok(Number { value: read.value, spelling: spelling.to_owned() })
    }

    fn name(&self, pair: &Pair<'_, Rule>) -> Name {
        Name { text: normalised(pair.as_str()), span: self.span(pair) }
    }

    /// The place of a pair, without the blanks, line ends and comments that the grammar took behind it.
    fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let start = pair.as_span().start();
        Span::new(self.file, self.place(start)..self.place(start + code_length(pair)))
    }

    /// The offset in the source of an offset in the text that was parsed.
    fn place(&self, offset: usize) -> usize {
        self.offset + self.shortened.original(offset)
    }
}

/// How long a pair is up to the end of its last token.
fn code_length(pair: &Pair<'_, Rule>) -> usize {
    let text = pair.as_str().trim_end();
    if !text.contains('#') {
        return text.len();
    }
    let mut last = pair.clone();
    while let Some(inner) = last.clone().into_inner().next_back() {
        last = inner;
    }
    last.as_span().end() - pair.as_span().start()
}

/// A text without its quotes and escapes.
fn unquoted(text: &str) -> String {
    text[1..text.len() - 1].replace("\\\"", "\"").replace("\\\\", "\\")
}

/// Where, in an item of a list, a minus stands as a sign would, with a blank before it and none after it, though it
/// subtracts.
fn minus_like_a_sign(item: &str) -> Option<usize> {
    let bytes = item.as_bytes();
    let mut depth = 0i32;
    let mut operand_before = false;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'#' | b'"' => return None,
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b'-' if depth == 0 && operand_before => {
                let blank = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_whitespace);
                if blank(bytes.get(at.wrapping_sub(1))) && !blank(bytes.get(at + 1)) {
                    return Some(at);
                }
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            operand_before = !matches!(byte, b'+' | b'-' | b'*' | b'/' | b'^' | b'<' | b'>' | b'=' | b'!');
        }
    }
    None
}

/// The children of a pair that are no punctuation.
fn content<'i>(pair: Pair<'i, Rule>) -> impl Iterator<Item = Pair<'i, Rule>> {
    pair.into_inner().filter(|part| {
        !matches!(
            part.as_rule(),
            Rule::comma
                | Rule::equals
                | Rule::colon
                | Rule::arrow
                | Rule::dots
                | Rule::open_round
                | Rule::close_round
                | Rule::open_square
                | Rule::close_square
                | Rule::open_curly
                | Rule::close_curly
                | Rule::separator
                | Rule::finish
                | Rule::EOI
        )
    })
}

#[cfg(test)]
mod tests {
    use super::minus_like_a_sign;

    #[test]
    fn a_minus_that_may_be_a_sign_is_found() {
        assert_eq!(minus_like_a_sign("1 -1"), Some(2));
        assert_eq!(minus_like_a_sign("w[2] -w"), Some(5));
        for plain in ["1 - 1", "1-1", "-1", "2 * -1", "f(1 -1)", "1e-3", "1 - -1"] {
            assert_eq!(minus_like_a_sign(plain), None, "{plain}");
        }
    }
}

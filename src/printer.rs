//! From syntax tree to text: how each node is spelt. `parse(print(tree))` is `tree`, but for places.
//!
//! What blanks and line ends stand between the tokens is `format`'s.

use std::fmt::Write;
use std::ops::Range;

use crate::ast::{
    Activation, Argument, Comment, Connection, Doc, Expect, Expression, ExpressionKind, Given, Import, Instance, Item,
    Numbers, Parameter, Program, Property, Reference, References, Selector, Setting, Sign, Statement, StatementKind,
};
use crate::format::{PartKind, arrange};
use crate::source::Source;

/// The text of a program without a look at the one that it comes from; parsing it gives the program again but for
/// places. [`format`](fn@crate::format) keeps more where there is such a text.
///
/// Comments stand where they stood between statements; those inside a statement follow it. A statement with an error
/// is copied from `source`, which must be the program's own if there is one.
#[must_use]
pub fn print(program: &Program, source: Option<&Source>) -> String {
    let mut printer = Printer { text: String::new(), parts: Vec::new(), source };
    printer.program(program);
    arrange(&printer.text, printer.parts.into_iter())
}

/// The comments that are not printed yet.
type Comments<'c> = std::iter::Peekable<std::slice::Iter<'c, Comment>>;

struct Printer<'a> {
    text: String,
    /// Where the statements stand in the text.
    parts: Vec<(Range<usize>, PartKind<'a>)>,
    source: Option<&'a Source>,
}

impl<'a> Printer<'a> {
    fn program(&mut self, program: &'a Program) {
        let mut comments = program.comments.iter().peekable();
        let header_first =
            matches!(program.statements.first(), Some(Statement { kind: StatementKind::Network(_), .. }));
        if let Some(doc) = &program.doc {
            self.doc(doc, "");
            if !header_first {
                self.text.push('\n');
            }
        }
        self.statements(&program.statements, &mut comments);
        comments.for_each(|comment| self.comment(comment));
    }

    /// Statements, each behind the comments that stand before it.
    fn statements(&mut self, statements: &'a [Statement], comments: &mut Comments<'_>) {
        for statement in statements {
            let start = statement.doc.as_ref().map_or(statement.span, |doc| doc.span).start;
            while let Some(comment) = comments.next_if(|comment| comment.span.start < start) {
                self.comment(comment);
            }
            if let Some(doc) = &statement.doc {
                self.doc(doc, "");
            }
            self.statement(statement, comments);
        }
    }

    fn doc(&mut self, doc: &Doc, indentation: &str) {
        for line in &doc.lines {
            let line = format!("{indentation}## {line}");
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    fn comment(&mut self, comment: &Comment) {
        // A line of documentation that stood elsewhere would become one here.
        let is_doc = comment.text.starts_with("##") && !comment.text.starts_with("###");
        self.text.push_str(if is_doc { &comment.text[1..] } else { &comment.text });
        self.text.push('\n');
    }

    fn statement(&mut self, statement: &'a Statement, comments: &mut Comments<'_>) {
        let start = self.text.len();
        let mut part = PartKind::Statement;
        match &statement.kind {
            StatementKind::Network(name) => {
                self.text.push_str("network ");
                self.text.push_str(&name.text);
            }
            StatementKind::Define(network) => {
                self.text.push_str(&format!("network {} {{", network.name.text));
                self.parts.push((start..self.text.len(), PartKind::Head));
                self.text.push('\n');
                self.statements(&network.statements, comments);
                while let Some(comment) = comments.next_if(|comment| comment.span.end < statement.span.end) {
                    self.comment(comment);
                }
                let tail = self.text.len();
                self.text.push_str("}\n");
                return self.parts.push((tail..tail + 1, PartKind::Tail));
            }
            StatementKind::Import(import) => self.import(import),
            StatementKind::Instance(instance) => self.instance(instance),
            StatementKind::Declare(keyword, items) => {
                self.text.push_str(keyword.word());
                self.text.push(' ');
                self.separated(items, Printer::item);
            }
            StatementKind::Connection(connection) => self.connection(connection),
            StatementKind::Lines(lines) => {
                self.text.push_str(lines.text());
                part = PartKind::Lines(lines);
            }
            StatementKind::Activation(activation) => self.activation(activation),
            StatementKind::Output(list) => {
                self.text.push_str("output ");
                self.separated(list, Printer::given);
            }
            StatementKind::Expect(expect) => self.expect(expect),
            StatementKind::Broken(_) => {
                let copied = self.source.map_or("", |source| source.slice(statement.span));
                self.text.push_str(copied);
                part = PartKind::Copied;
            }
        }
        self.parts.push((start..self.text.len(), part));
        self.text.push('\n');
    }

    fn quoted(&mut self, text: &str) {
        self.text.push_str(&quoted(text));
    }

    fn import(&mut self, import: &Import) {
        self.text.push_str("import ");
        self.quoted(&import.path);
        if let Some(name) = &import.name {
            self.text.push_str(" as ");
            self.text.push_str(&name.text);
        }
    }

    fn instance(&mut self, instance: &Instance) {
        self.text.push_str(&format!("instance {} = {}", instance.name.text, instance.network.text));
        self.block(instance.settings.as_deref());
    }

    fn separated<T>(&mut self, items: &[T], mut print: impl FnMut(&mut Self, &T)) {
        for (place, item) in items.iter().enumerate() {
            if place > 0 {
                self.text.push_str(", ");
            }
            print(self, item);
        }
    }

    fn item(&mut self, item: &Item) {
        self.text.push_str(&item.name.text);
        if let Some(sizes) = &item.size {
            self.text.push('[');
            self.separated(sizes, Printer::expression);
            self.text.push(']');
        }
        if let Some(value) = &item.value {
            self.text.push_str(" = ");
            self.expression(value);
        }
        self.block(item.properties.as_deref());
    }

    fn block(&mut self, properties: Option<&[Property]>) {
        match properties {
            None => {}
            Some([]) => self.text.push_str(" {}"),
            Some(properties) if properties.iter().all(|property| property.doc.is_none()) => {
                self.text.push_str(" { ");
                self.separated(properties, Printer::property);
                self.text.push_str(" }");
            }
            Some(properties) => {
                self.text.push_str(" {\n");
                for property in properties {
                    if let Some(doc) = &property.doc {
                        self.doc(doc, "    ");
                    }
                    self.text.push_str("    ");
                    self.property(property);
                    self.text.push('\n');
                }
                self.text.push('}');
            }
        }
    }

    fn property(&mut self, property: &Property) {
        self.text.push_str(&property.name.text);
        self.text.push_str(" = ");
        self.expression(&property.value);
    }

    fn connection(&mut self, connection: &Connection) {
        self.references(&connection.sources);
        self.text.push_str(" -> ");
        self.references(&connection.targets);
        self.text.push_str(" : ");
        self.expression(&connection.value);
        self.block(connection.properties.as_deref());
    }

    fn activation(&mut self, activation: &Activation) {
        self.text.push_str("activation ");
        self.text.push_str(&activation.name.text);
        self.text.push('(');
        self.separated(&activation.parameters, Printer::parameter);
        self.text.push_str(") = ");
        self.expression(&activation.body);
    }

    fn parameter(&mut self, parameter: &Parameter) {
        self.text.push_str(&parameter.name.text);
        if let Some(default) = &parameter.default {
            self.text.push_str(" = ");
            self.expression(default);
        }
    }

    fn given(&mut self, given: &Given) {
        self.text.push_str(&given.name.text);
        if let Some(references) = &given.reference {
            self.text.push_str(" = ");
            self.references(references);
        }
        self.block(given.properties.as_deref());
    }

    fn expect(&mut self, expect: &Expect) {
        self.text.push_str("expect ");
        self.separated(&expect.inputs, Printer::setting);
        if !expect.inputs.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str("=> ");
        self.separated(&expect.wanted, Printer::setting);
        if let Some(within) = &expect.within {
            self.text.push_str(" within ");
            self.expression(within);
        }
    }

    fn setting(&mut self, setting: &Setting) {
        self.reference(&setting.reference);
        self.text.push_str(" = ");
        self.expression(&setting.value);
    }

    fn references(&mut self, references: &References) {
        if references.bracketed {
            self.text.push('[');
        }
        self.separated(&references.list, Printer::reference);
        if references.bracketed {
            self.text.push(']');
        }
    }

    fn reference(&mut self, reference: &Reference) {
        self.text.push_str(&reference.name.text);
        match &reference.selector {
            None => {}
            Some(Selector::Index(index)) => {
                self.text.push('[');
                self.expression(index);
                self.text.push(']');
            }
            Some(Selector::Slice(start, end)) => {
                self.text.push('[');
                self.expression(start);
                self.text.push_str("..");
                self.expression(end);
                self.text.push(']');
            }
        }
    }

    fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Number(number) => self.text.push_str(&number.spelling),
            ExpressionKind::Pi => self.text.push_str("pi"),
            ExpressionKind::Truth(truth) => self.text.push_str(if *truth { "true" } else { "false" }),
            ExpressionKind::Text(text) => self.quoted(text),
            ExpressionKind::Reference(reference) => self.reference(reference),
            ExpressionKind::Numbers(numbers) => self.numbers(numbers),
            ExpressionKind::List(items) => {
                self.text.push('[');
                self.separated(items, Printer::expression);
                self.text.push(']');
            }
            ExpressionKind::Parenthesised(inner) => {
                self.text.push('(');
                self.expression(inner);
                self.text.push(')');
            }
            ExpressionKind::Signed(sign, operand) => {
                self.text.push(if *sign == Sign::Minus { '-' } else { '+' });
                self.expression(operand);
            }
            ExpressionKind::Chain(first, rest) => {
                self.expression(first);
                for (operator, operand) in rest {
                    let _ = write!(self.text, " {} ", operator.mark());
                    self.expression(operand);
                }
            }
            ExpressionKind::Power(base, exponent) => {
                self.expression(base);
                self.text.push('^');
                self.expression(exponent);
            }
            ExpressionKind::Compare(left, comparison, right) => {
                self.expression(left);
                let _ = write!(self.text, " {} ", comparison.mark());
                self.expression(right);
            }
            ExpressionKind::Call(function, arguments) => {
                self.text.push_str(&function.text);
                self.text.push('(');
                self.separated(arguments, Printer::argument);
                self.text.push(')');
            }
        }
    }

    fn numbers(&mut self, numbers: &Numbers) {
        let columns = numbers.rows.map(|rows| numbers.values.len() / rows.max(1));
        self.text.push_str(if columns.is_some() { "[[" } else { "[" });
        for (place, number) in numbers.spelling.split(' ').enumerate() {
            if place > 0 {
                let ends_row = columns.is_some_and(|columns| place % columns == 0);
                self.text.push_str(if ends_row { "], [" } else { ", " });
            }
            self.text.push_str(number);
        }
        self.text.push_str(if columns.is_some() { "]]" } else { "]" });
    }

    fn argument(&mut self, argument: &Argument) {
        if let Some(name) = &argument.name {
            self.text.push_str(&name.text);
            self.text.push_str(" = ");
        }
        self.expression(&argument.value);
    }
}

/// A text between quotes, as the language spells it.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

//! What was written: the syntax tree of one source.
//!
//! Names are in Unicode normal form C; numbers keep their spelling; every node knows its place.

use std::sync::Arc;

use crate::span::{FileId, Span};

/// A source as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    /// The source.
    pub file: FileId,
    /// `## …` at the start of the file: what the file is about.
    pub doc: Option<Doc>,
    /// The statements, in their order.
    pub statements: Vec<Statement>,
    /// Every `# …` that documents nothing.
    pub comments: Vec<Comment>,
}

/// `## first line`, `## second line`: consecutive documentation lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Doc {
    /// The lines, without `##` and the blank after it.
    pub lines: Vec<String>,
    /// From the first `##` to the end of the last line.
    pub span: Span,
}

/// `# …` up to the line's end.
#[derive(Debug, Clone, PartialEq)]
pub struct Comment {
    /// The text, from `#` on, without blanks at its end.
    pub text: String,
    /// The place.
    pub span: Span,
}

/// One statement and its documentation.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// `## …` on the lines before it.
    pub doc: Option<Doc>,
    /// What it says.
    pub kind: StatementKind,
    /// The place, without the documentation.
    pub span: Span,
}

/// What a statement says. Most statements of large sources are short declarations: what is larger is boxed.
#[derive(Debug, Clone, PartialEq)]
pub enum StatementKind {
    /// `network NAME`
    Network(Name),
    /// `network NAME { … }`
    Define(Box<Definition>),
    /// `import "FILE" as NAME`
    Import(Box<Import>),
    /// `instance NAME = NETWORK { … }`
    Instance(Box<Instance>),
    /// `input …`, `weight …`, `bias …`, `const …`, `neuron …`
    Declare(Keyword, Vec<Item>),
    /// `SOURCES -> TARGETS : VALUE { … }`
    Connection(Box<Connection>),
    /// `x[3] -> y : 0.5`, a line each.
    Lines(Lines),
    /// `activation NAME(z, p = 1) = EXPR`
    Activation(Box<Activation>),
    /// `output …`
    Output(Vec<Given>),
    /// `expect … => … within …`
    Expect(Box<Expect>),
    /// A statement that could not be read (its error is reported), with the names it seems to declare; an empty one
    /// stands for a name that is missing.
    Broken(Vec<String>),
}

impl StatementKind {
    /// The connections that it is, if it is any.
    #[must_use]
    pub fn joining(&self) -> Option<Joining<'_>> {
        match self {
            StatementKind::Connection(connection) => Some(Joining::Connection(connection)),
            StatementKind::Lines(lines) => Some(Joining::Lines(lines)),
            StatementKind::Network(_)
            | StatementKind::Define(_)
            | StatementKind::Import(_)
            | StatementKind::Instance(_)
            | StatementKind::Declare(..)
            | StatementKind::Activation(_)
            | StatementKind::Output(_)
            | StatementKind::Expect(_)
            | StatementKind::Broken(_) => None,
        }
    }
}

/// Connections of a statement.
#[derive(Debug, Clone, Copy)]
pub enum Joining<'a> {
    /// One, from any references to any others.
    Connection(&'a Connection),
    /// Plain ones, a line each.
    Lines(&'a Lines),
}

/// `network NAME { … }`: a network to make instances of.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// The name.
    pub name: Name,
    /// The statements, in their order.
    pub statements: Vec<Statement>,
    /// `network NAME {`
    pub head: Span,
}

/// `import "FILE" as NAME`: the networks and activations of another file.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// The path, without its quotes and escapes.
    pub path: String,
    /// The place of the path.
    pub path_span: Span,
    /// What they are called by, if that is not the file's own name.
    pub name: Option<Name>,
}

/// `instance NAME = NETWORK { PORT = SOURCES, PARAMETER = VALUE, … }`: a copy of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// The name.
    pub name: Name,
    /// The network, dotted where it is of another file.
    pub network: Name,
    /// What its inputs are fed by, and the values of its parameters that are set.
    pub settings: Option<Vec<Property>>,
}

/// What a declaration declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keyword {
    /// `input`: a value from outside.
    Input,
    /// `weight`: a parameter for synapses.
    Weight,
    /// `bias`: a parameter for neurons.
    Bias,
    /// `const`: a number with a name.
    Const,
    /// `neuron`: one neuron or an array.
    Neuron,
}

impl Keyword {
    /// Every kind of declaration.
    pub const ALL: [Keyword; 5] = [Keyword::Input, Keyword::Weight, Keyword::Bias, Keyword::Const, Keyword::Neuron];

    /// The word in the source.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Keyword::Input => "input",
            Keyword::Weight => "weight",
            Keyword::Bias => "bias",
            Keyword::Const => "const",
            Keyword::Neuron => "neuron",
        }
    }
}

/// `NAME[n] = VALUE { … }`: one thing that a declaration declares.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The name.
    pub name: Name,
    /// `[n]` or `[m, n]`.
    pub size: Option<Vec<Expression>>,
    /// `= VALUE`
    pub value: Option<Expression>,
    /// `{ … }`
    pub properties: Option<Vec<Property>>,
}

/// `NAME = VALUE` inside `{ }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// `## …` on the lines before it.
    pub doc: Option<Doc>,
    /// The property's name.
    pub name: Name,
    /// The value.
    pub value: Expression,
}

/// `SOURCES -> TARGETS : VALUE { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Connection {
    /// Where the signals come from.
    pub sources: References,
    /// The neurons they reach.
    pub targets: References,
    /// The weights.
    pub value: Expression,
    /// `{ … }`
    pub properties: Option<Vec<Property>>,
}

/// Consecutive lines that are plain connections, such as `x[3] -> y : 0.5`.
///
/// There may be millions, so that they are kept as their text; [`Lines::statements`] gives them one by one.
#[derive(Clone)]
pub struct Lines {
    source: Arc<String>,
    span: Span,
}

impl Lines {
    /// The lines at `span` of a source's text.
    pub(crate) fn new(source: Arc<String>, span: Span) -> Lines {
        Lines { source, span }
    }

    /// The lines as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.source[self.span.range()]
    }

    /// The place.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }
}

impl std::fmt::Debug for Lines {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Lines").field("text", &self.text()).field("span", &self.span).finish()
    }
}

impl PartialEq for Lines {
    fn eq(&self, other: &Lines) -> bool {
        self.span == other.span && self.text() == other.text()
    }
}

/// `activation NAME(z, p = 1) = EXPR`: a function of the net input.
#[derive(Debug, Clone, PartialEq)]
pub struct Activation {
    /// The name.
    pub name: Name,
    /// The parameters, at least one; the first is the net input and has no default.
    pub parameters: Vec<Parameter>,
    /// The formula.
    pub body: Expression,
}

/// `z` or `p = 1` in an [`Activation`].
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// The name.
    pub name: Name,
    /// The value if none is given.
    pub default: Option<Expression>,
}

/// `NAME` or `NAME = REF`: one thing that the network gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// The output's name.
    pub name: Name,
    /// What it gives, if that is not the neuron or input of the same name.
    pub reference: Option<References>,
    /// `{ … }`
    pub properties: Option<Vec<Property>>,
}

/// `a = 1, b = 0 => y = 1 within 1e-6`
#[derive(Debug, Clone, PartialEq)]
pub struct Expect {
    /// The inputs that are set.
    pub inputs: Vec<Setting>,
    /// The values that must come out.
    pub wanted: Vec<Setting>,
    /// The absolute tolerance.
    pub within: Option<Expression>,
}

/// `REF = VALUE` in an `expect`.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// An input or a neuron, one of an array, or several.
    pub reference: Reference,
    /// The value or values.
    pub value: Expression,
}

/// One reference, or `[a, b, h[2]]`: arrays joined in order.
#[derive(Debug, Clone, PartialEq)]
pub struct References {
    /// The references, in order.
    pub list: Vec<Reference>,
    /// Whether they are written in brackets.
    pub bracketed: bool,
    /// The place.
    pub span: Span,
}

/// `x`, `x[3]`, `x[0..4]`
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// The name, dotted where it reaches into an instance.
    pub name: Name,
    /// What is picked from an array.
    pub selector: Option<Selector>,
    /// The place.
    pub span: Span,
}

/// What is picked from an array; counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub enum Selector {
    /// `[3]`
    Index(Box<Expression>),
    /// `[0..4]`, the end excluded.
    Slice(Box<Expression>, Box<Expression>),
}

/// A name and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name in normal form C.
    pub text: String,
    /// The place.
    pub span: Span,
}

/// A value as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// What it says.
    pub kind: ExpressionKind,
    /// The place.
    pub span: Span,
}

/// What an expression says.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpressionKind {
    /// `0.75`
    Number(Number),
    /// `pi`
    Pi,
    /// `true`, `false`
    Truth(bool),
    /// `"text"`, without its quotes and escapes.
    Text(String),
    /// `w`, `h[2]`
    Reference(Reference),
    /// `[1, -2]`, `[[1, 2], [3, 4]]`: numbers only, in rows of one length if in rows.
    Numbers(Numbers),
    /// `[a, 2]`: any other list.
    List(Vec<Expression>),
    /// `(…)`
    Parenthesised(Box<Expression>),
    /// `-x`, `+x`
    Signed(Sign, Box<Expression>),
    /// `a + b - c`, `a * b / c`: operators of one precedence, from left to right.
    Chain(Box<Expression>, Vec<(Operator, Expression)>),
    /// `a ^ b`
    Power(Box<Expression>, Box<Expression>),
    /// `a < b`
    Compare(Box<Expression>, Comparison, Box<Expression>),
    /// `f(a, slope = 2)`
    Call(Name, Vec<Argument>),
}

/// A number's value and its spelling.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// The double nearest to what is written.
    pub value: f64,
    /// As written.
    pub spelling: String,
}

/// A list of numbers, or a list of rows of numbers, with or without signs. Large ones take little more memory than
/// their text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Numbers {
    /// How many rows there are; none where the list has no rows.
    pub rows: Option<usize>,
    /// The values, row by row.
    pub values: Vec<f64>,
    /// The numbers as written, each with its sign, separated by single blanks.
    pub spelling: String,
}

impl Numbers {
    /// Adds a number and its spelling with its sign.
    pub(crate) fn push(&mut self, value: f64, spelling: &str) {
        if !self.spelling.is_empty() {
            self.spelling.push(' ');
        }
        self.spelling.push_str(spelling);
        self.values.push(value);
    }

    /// The list as numbers, if it is nothing else.
    pub(crate) fn of(items: &[Expression]) -> Option<Numbers> {
        let mut numbers = Numbers::default();
        let mut columns = None;
        for item in items {
            match &item.kind {
                ExpressionKind::Number(number) if numbers.rows.is_none() => {
                    numbers.push(number.value, &number.spelling);
                }
                ExpressionKind::Signed(sign, operand) if numbers.rows.is_none() => match &operand.kind {
                    ExpressionKind::Number(number) => {
                        let value = if *sign == Sign::Minus { -number.value } else { number.value };
                        numbers.push(value, &format!("{}{}", sign.mark(), number.spelling));
                    }
                    _ => return None,
                },
                ExpressionKind::Numbers(row) if row.rows.is_none() => {
                    let fits = *columns.get_or_insert(row.values.len()) == row.values.len();
                    if !fits || numbers.rows.is_none() && !numbers.values.is_empty() {
                        return None;
                    }
                    numbers.rows = Some(numbers.rows.unwrap_or(0) + 1);
                    numbers.values.extend(&row.values);
                    if !numbers.spelling.is_empty() {
                        numbers.spelling.push(' ');
                    }
                    numbers.spelling.push_str(&row.spelling);
                }
                _ => return None,
            }
        }
        Some(numbers)
    }
}

/// `2` or `slope = 2` in a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// The parameter's name, where it is given by name.
    pub name: Option<Name>,
    /// The value.
    pub value: Expression,
}

/// The sign before an operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// `+`
    Plus,
    /// `-`
    Minus,
}

impl Sign {
    /// The mark in the source.
    #[must_use]
    pub fn mark(self) -> char {
        match self {
            Sign::Plus => '+',
            Sign::Minus => '-',
        }
    }
}

/// An operator of a [`ExpressionKind::Chain`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

impl Operator {
    /// The mark in the source.
    #[must_use]
    pub fn mark(self) -> char {
        match self {
            Operator::Add => '+',
            Operator::Subtract => '-',
            Operator::Multiply => '*',
            Operator::Divide => '/',
        }
    }
}

impl Comparison {
    /// The mark in the source.
    #[must_use]
    pub fn mark(self) -> &'static str {
        match self {
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
        }
    }
}

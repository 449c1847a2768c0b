//! The values that a source states: numbers, vectors and matrices, computed from constant expressions.

use crate::activation::{Applied, applied};
use crate::ast::{Argument, Expression, ExpressionKind, Name, Numbers, Reference, Selector, Sign};
use crate::call::{CallError, Callee, Parameters};
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::function::Function;
use crate::span::Span;
use crate::text::counted;

/// How values are arranged; they are stored in one list, a matrix row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// One number.
    Scalar,
    /// A list of `n` numbers.
    Vector(usize),
    /// `m` rows of `n` numbers.
    Matrix(usize, usize),
}

impl Shape {
    /// How many values there are; none if that passes what a machine can count.
    #[must_use]
    pub fn count(self) -> Option<usize> {
        match self {
            Shape::Scalar => Some(1),
            Shape::Vector(n) => Some(n),
            Shape::Matrix(m, n) => m.checked_mul(n),
        }
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Shape::Scalar => write!(formatter, "one number"),
            Shape::Vector(n) => write!(formatter, "a list of {n}"),
            Shape::Matrix(m, n) => write!(formatter, "{} {m} × {n} matrix", article(*m)),
        }
    }
}

/// The article before a number: an 8, an 11, a 12.
fn article(number: usize) -> &'static str {
    let digits = number.to_string();
    let sounds_open = digits.starts_with('8')
        || digits.len() % 3 == 2 && digits.starts_with(['1']) && matches!(&digits[..2], "11" | "18");
    if sounds_open { "an" } else { "a" }
}

/// Numbers in a shape; a matrix row by row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tensor {
    pub(crate) shape: Shape,
    /// As many as the shape counts.
    pub(crate) values: Vec<f64>,
}

impl Tensor {
    pub(crate) fn scalar(value: f64) -> Tensor {
        Tensor { shape: Shape::Scalar, values: vec![value] }
    }
}

/// What a name in an expression stands for, as the resolver sees it.
pub(crate) trait Names {
    /// How many values a list may have.
    fn room(&self) -> u64;
    /// The value of a reference.
    fn value(&self, reference: &Reference) -> Result<Tensor, ValueError>;
    /// What a call of this name means.
    fn callee(&self, name: &Name) -> Result<Callee<'_>, ValueError>;
    /// Takes note of so many operations of declared activations; an error where they pass the limit.
    fn work(&self, operations: u64, at: Span) -> Result<(), ValueError>;
}

/// Why an expression has no value.
#[derive(Debug)]
pub(crate) enum ValueError {
    /// The reason is reported already.
    Silent,
    /// The reason, reported by the resolver.
    Named(Box<Diagnostic>),
    /// Text or truth where a number must stand.
    NotANumber { what: &'static str, at: Span },
    /// Rows of different lengths.
    Ragged { row: usize, shape: Shape, other_row: usize, other: Shape, at: Span },
    /// A list longer than the limit on values.
    TooMany { allowed: u64, at: Span },
    /// More than two levels of lists.
    TooDeep { at: Span },
    /// Operands of different shapes.
    Shapes { left: Shape, right: Shape, left_at: Span, right_at: Span, at: Span },
    /// Division by 0, overflow, …
    NotFinite { value: f64, at: Span },
    /// A call that means nothing, or does not fit its function.
    Call(CallError),
}

impl From<CallError> for ValueError {
    fn from(error: CallError) -> ValueError {
        ValueError::Call(error)
    }
}

impl ValueError {
    /// The report, or none if it is made already.
    pub(crate) fn report(self) -> Option<Diagnostic> {
        Some(match self {
            ValueError::Silent => return None,
            ValueError::Named(report) => *report,
            ValueError::NotANumber { what, at } => {
                Diagnostic::error(Code::E0306, format!("expected a number, but found {what}"))
                    .label(at, "not a number")
                    .help_if(match what {
                        "a truth value" => Some("write 1 for true and 0 for false".to_owned()),
                        "text" => Some("a number stands without quotes".to_owned()),
                        _ => None,
                    })
            }
            ValueError::Ragged { row, shape, other_row, other, at } => {
                let words = |shape| match shape {
                    Shape::Scalar => "one number".to_owned(),
                    Shape::Vector(n) => counted(n as u64, "value"),
                    Shape::Matrix(m, n) => format!("{m} × {n} values"),
                };
                Diagnostic::error(
                    Code::E0305,
                    format!("row {row} of this matrix has {}, row {other_row} has {}", words(shape), words(other)),
                )
                .label(at, format!("{} here", words(shape)))
                .help("every row of a matrix has as many values")
            }
            ValueError::TooMany { allowed, at } => {
                Diagnostic::error(Code::E0905, format!("this list has more values than the limit, {allowed}"))
                    .label(at, "passes the limit")
                    .help("`--limit parameters=N` allows more")
            }
            ValueError::TooDeep { at } => {
                Diagnostic::error(Code::E0305, "lists nest at most two deep: a matrix is a list of rows")
                    .label(at, "a third level")
                    .help("write each row as one list of numbers: `[[1, 2], [3, 4]]`")
            }
            ValueError::Shapes { left, right, left_at, right_at, at } => {
                Diagnostic::error(Code::E0301, format!("{left} and {right} cannot be combined"))
                    .label(at, "element by element")
                    .also(left_at, format!("{left}"))
                    .also(right_at, format!("{right}"))
                    .help("both sides need the same shape, or one of them is a single number")
            }
            ValueError::NotFinite { value, at } => {
                let what = if value.is_nan() { "not a number" } else { "infinite" };
                Diagnostic::error(Code::E0307, format!("this value is {what}"))
                    .label(at, format!("computes to {}", crate::numeric::decimal::shortest(value)))
                    .help("values in a source are finite; look for a division by 0, an overflow, or a root or logarithm out of its domain")
            }
            ValueError::Call(error) => error.report(),
        })
    }
}

type Valued<T> = Result<T, ValueError>;

/// The value of an expression. Every value in it is finite.
pub(crate) fn evaluate(expression: &Expression, names: &dyn Names) -> Valued<Tensor> {
    let tensor = compute(expression, names)?;
    match tensor.values.iter().find(|value| !value.is_finite()) {
        Some(value) => Err(ValueError::NotFinite { value: *value, at: expression.span }),
        None => Ok(tensor),
    }
}

/// The value of an expression, which may be not finite.
pub(crate) fn compute(expression: &Expression, names: &dyn Names) -> Valued<Tensor> {
    let at = expression.span;
    match &expression.kind {
        ExpressionKind::Number(number) => Ok(Tensor::scalar(number.value)),
        ExpressionKind::Pi => Ok(Tensor::scalar(std::f64::consts::PI)),
        ExpressionKind::Truth(_) => Err(ValueError::NotANumber { what: "a truth value", at }),
        ExpressionKind::Text(_) => Err(ValueError::NotANumber { what: "text", at }),
        ExpressionKind::Reference(reference) => names.value(reference),
        ExpressionKind::Parenthesised(inner) => compute(inner, names),
        ExpressionKind::Numbers(numbers) => literal(numbers, at, names),
        ExpressionKind::List(items) => list(items, names),
        ExpressionKind::Signed(sign, operand) => {
            let mut value = compute(operand, names)?;
            if *sign == Sign::Minus {
                value.values.iter_mut().for_each(|value| *value = -*value);
            }
            Ok(value)
        }
        ExpressionKind::Chain(first, rest) => {
            let mut left = compute(first, names)?;
            for (operator, operand) in rest {
                let right = compute(operand, names)?;
                left = combine(left, right, first.span, operand.span, at, Function::from(*operator))?;
            }
            Ok(left)
        }
        ExpressionKind::Power(base, exponent) => {
            let (x, y) = (compute(base, names)?, compute(exponent, names)?);
            combine(x, y, base.span, exponent.span, at, Function::Power)
        }
        ExpressionKind::Compare(left, comparison, right) => {
            let (x, y) = (compute(left, names)?, compute(right, names)?);
            combine(x, y, left.span, right.span, at, Function::from(*comparison))
        }
        ExpressionKind::Call(function, arguments) => call(function, arguments, at, names),
    }
}

/// A list of numbers, which needs no computing.
fn literal(numbers: &Numbers, at: Span, names: &dyn Names) -> Valued<Tensor> {
    let count = numbers.values.len();
    if count as u64 > names.room() {
        return Err(ValueError::TooMany { allowed: names.room(), at });
    }
    let shape = match numbers.rows {
        None => Shape::Vector(count),
        Some(rows) => Shape::Matrix(rows, count / rows.max(1)),
    };
    Ok(Tensor { shape, values: numbers.values.clone() })
}

/// `[a, b]`: numbers make a vector, vectors of one length a matrix.
fn list(items: &[Expression], names: &dyn Names) -> Valued<Tensor> {
    let mut values = Vec::with_capacity(items.len());
    let mut first = Shape::Scalar;
    for (row, item) in items.iter().enumerate() {
        let tensor = compute(item, names)?;
        if matches!(tensor.shape, Shape::Matrix(..)) {
            return Err(ValueError::TooDeep { at: item.span });
        }
        if row == 0 {
            first = tensor.shape;
        } else if tensor.shape != first {
            // Where the two rows after the first are alike, the first is the odd one.
            let next = items.get(2).filter(|_| row == 1).map(|item| compute(item, names));
            return Err(match next {
                Some(Ok(next)) if next.shape == tensor.shape => {
                    ValueError::Ragged { row: 0, shape: first, other_row: 1, other: tensor.shape, at: items[0].span }
                }
                _ => ValueError::Ragged { row, shape: tensor.shape, other_row: 0, other: first, at: item.span },
            });
        }
        let asked = values.len() as u64 + tensor.values.len() as u64;
        if asked > names.room() {
            return Err(ValueError::TooMany { allowed: names.room(), at: item.span });
        }
        values.extend(tensor.values);
    }
    let shape = match first {
        Shape::Vector(n) => Shape::Matrix(items.len(), n),
        Shape::Scalar | Shape::Matrix(..) => Shape::Vector(items.len()),
    };
    Ok(Tensor { shape, values })
}

/// Both element by element; a scalar spreads.
fn combine(left: Tensor, right: Tensor, left_at: Span, right_at: Span, at: Span, operator: Function) -> Valued<Tensor> {
    let apply = |x: f64, y: f64| applied(Applied::Function(operator), [x, y, 0.0]);
    match (left.shape, right.shape) {
        (l, r) if l == r => {
            let values = std::iter::zip(&left.values, &right.values).map(|(x, y)| apply(*x, *y)).collect();
            Ok(Tensor { shape: l, values })
        }
        (shape, Shape::Scalar) => {
            let y = right.values[0];
            Ok(Tensor { shape, values: left.values.iter().map(|x| apply(*x, y)).collect() })
        }
        (Shape::Scalar, shape) => {
            let x = left.values[0];
            Ok(Tensor { shape, values: right.values.iter().map(|y| apply(x, *y)).collect() })
        }
        (left, right) => Err(ValueError::Shapes { left, right, left_at, right_at, at }),
    }
}

/// The value of a call, element by element; scalars spread.
fn call(function: &Name, arguments: &[Argument], at: Span, names: &dyn Names) -> Valued<Tensor> {
    let callee = names.callee(function)?;
    let values = arguments_of(&callee.parameters(), arguments, at, names)?;
    match callee {
        Callee::Function(function) => spread(&values, at, once(Applied::Function(function))),
        Callee::Element(_, element) => spread(&values, at, once(element)),
        Callee::Declared(template) => {
            let count = values.iter().map(|(tensor, _)| tensor.values.len()).max().unwrap_or(1) as u64;
            names.work(template.operations.saturating_mul(count), at)?;
            let mut room = Vec::new();
            spread(&values, at, |row| template.formula.value(row, &mut room))
        }
    }
}

/// One function of up to three operands.
fn once(what: Applied) -> impl Fn(&[f64]) -> f64 {
    move |row| {
        let mut operands = [0.0; 3];
        operands[..row.len()].copy_from_slice(row);
        applied(what, operands)
    }
}

/// The parameters of an activation as a property gives them, each one number.
pub(crate) fn activation_parameters(
    parameters: &Parameters<'_>,
    arguments: &[Argument],
    at: Span,
    names: &dyn Names,
) -> Valued<Vec<f64>> {
    arguments_of(parameters, arguments, at, names)?
        .into_iter()
        .map(|(tensor, at)| match (tensor.shape, tensor.values[0]) {
            (Shape::Vector(_) | Shape::Matrix(..), _) => Err(ValueError::NotANumber { what: "a list", at }),
            (Shape::Scalar, value) if !value.is_finite() => Err(ValueError::NotFinite { value, at }),
            (Shape::Scalar, value) => Ok(value),
        })
        .collect()
}

/// One value a parameter, and where it stands.
fn arguments_of(
    parameters: &Parameters<'_>,
    arguments: &[Argument],
    at: Span,
    names: &dyn Names,
) -> Valued<Vec<(Tensor, Span)>> {
    let bound = parameters.bind(arguments, at)?;
    std::iter::zip(bound, &parameters.list)
        .map(|(given, (_, default))| match given {
            Some(argument) => Ok((compute(&argument.value, names)?, argument.value.span)),
            None => Ok((Tensor::scalar(default.unwrap_or(f64::NAN)), at)),
        })
        .collect()
}

/// Applies `function` element by element; scalars spread.
fn spread(arguments: &[(Tensor, Span)], at: Span, mut function: impl FnMut(&[f64]) -> f64) -> Valued<Tensor> {
    let largest = arguments.iter().find(|(tensor, _)| tensor.shape != Shape::Scalar).unwrap_or(&arguments[0]);
    for (tensor, span) in arguments {
        if tensor.shape != Shape::Scalar && tensor.shape != largest.0.shape {
            let (left, right) = (largest.0.shape, tensor.shape);
            return Err(ValueError::Shapes { left, right, left_at: largest.1, right_at: *span, at });
        }
    }
    let mut row = vec![0.0; arguments.len()];
    let values = (0..largest.0.values.len()).map(|index| {
        for (value, (tensor, _)) in std::iter::zip(&mut row, arguments) {
            *value = tensor.values[if tensor.shape == Shape::Scalar { 0 } else { index }];
        }
        function(&row)
    });
    Ok(Tensor { shape: largest.0.shape, values: values.collect() })
}

/// A name in an expression.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mention<'a> {
    /// Something is read.
    Reference(&'a Reference),
    /// A function is called.
    Call(&'a Name),
}

/// Calls `visit` with every name that an expression reads.
pub(crate) fn visit_references<'a>(expression: &'a Expression, visit: &mut impl FnMut(&'a Reference)) {
    visit_names(expression, &mut |mention| match mention {
        Mention::Reference(reference) => visit(reference),
        Mention::Call(_) => {}
    });
}

/// Calls `visit` with every name in an expression.
pub(crate) fn visit_names<'a>(expression: &'a Expression, visit: &mut impl FnMut(Mention<'a>)) {
    match &expression.kind {
        ExpressionKind::Number(_)
        | ExpressionKind::Numbers(_)
        | ExpressionKind::Pi
        | ExpressionKind::Truth(_)
        | ExpressionKind::Text(_) => {}
        ExpressionKind::Reference(reference) => {
            visit(Mention::Reference(reference));
            match &reference.selector {
                None => {}
                Some(Selector::Index(index)) => visit_names(index, visit),
                Some(Selector::Slice(start, end)) => {
                    visit_names(start, visit);
                    visit_names(end, visit);
                }
            }
        }
        ExpressionKind::List(items) => items.iter().for_each(|item| visit_names(item, visit)),
        ExpressionKind::Parenthesised(inner) | ExpressionKind::Signed(_, inner) => visit_names(inner, visit),
        ExpressionKind::Chain(first, rest) => {
            visit_names(first, visit);
            rest.iter().for_each(|(_, operand)| visit_names(operand, visit));
        }
        ExpressionKind::Power(left, right) | ExpressionKind::Compare(left, _, right) => {
            visit_names(left, visit);
            visit_names(right, visit);
        }
        ExpressionKind::Call(name, arguments) => {
            visit(Mention::Call(name));
            arguments.iter().for_each(|argument| visit_names(&argument.value, visit));
        }
    }
}

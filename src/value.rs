//! The values that a source states: numbers, vectors and matrices, computed from constant expressions.

use crate::activation::Activation;
use crate::ast::{Argument, Comparison, Expression, ExpressionKind, Name, Numbers, Operator, Reference, Sign};
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::numeric::double;
use crate::numeric::fma::Software;
use crate::span::Span;
use crate::text::{any_of, closest, counted, quoted};

/// How many values stand where.
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
            Shape::Matrix(m, n) => write!(formatter, "a {m} × {n} matrix"),
        }
    }
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
    Ragged { first: Shape, row: usize, other: Shape, at: Span },
    /// A list longer than the limit on values.
    TooMany { allowed: u64, at: Span },
    /// Arguments without a name behind one with a name.
    NamedFirst { signature: String, at: Span },
    /// More than two levels of lists.
    TooDeep { at: Span },
    /// Operands of different shapes.
    Shapes { left: Shape, right: Shape, left_at: Span, right_at: Span, at: Span },
    /// Division by 0, overflow, …
    NotFinite { value: f64, at: Span },
    /// No function has that name.
    UnknownFunction { name: String, at: Span },
    /// A part of the language that this release does not have.
    NotYet { name: String, at: Span },
    /// More or fewer arguments than the function takes.
    Arity { signature: String, given: usize, at: Span },
    /// A named argument that the function does not have.
    UnknownArgument { name: String, signature: String, known: Vec<&'static str>, at: Span },
    /// An argument that is given twice.
    RepeatedArgument { name: &'static str, at: Span },
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
            ValueError::Ragged { first, row, other, at } => {
                let words = |shape| match shape {
                    Shape::Scalar => "one number".to_owned(),
                    Shape::Vector(n) => counted(n as u64, "value"),
                    Shape::Matrix(m, n) => format!("{m} × {n} values"),
                };
                Diagnostic::error(
                    Code::E0305,
                    format!("row {row} of this matrix has {}, row 0 has {}", words(other), words(first)),
                )
                .label(at, format!("{} here", words(other)))
                .help("every row of a matrix has as many values")
            }
            ValueError::TooMany { allowed, at } => {
                Diagnostic::error(Code::E0905, format!("this list has more values than the limit, {allowed}"))
                    .label(at, "passes the limit")
                    .help("`--limit parameters=N` allows more")
            }
            ValueError::NamedFirst { signature, at } => {
                Diagnostic::error(Code::E0212, "an argument without a name stands behind one with a name")
                    .label(at, "without a name")
                    .help(format!("arguments without names come first, in the order of `{signature}`"))
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
            ValueError::UnknownFunction { name, at } => {
                let known = function_names();
                let help = match closest(&name, known.iter().copied()) {
                    Some(meant) => Some(format!("did you mean `{meant}`?")),
                    None if name == "log" => Some("the natural logarithm is `ln`, the binary one `log2`".to_owned()),
                    None => {
                        let own: Vec<&str> = FUNCTIONS.iter().map(|function| function.name).collect();
                        Some(format!("known functions: {}, and the activations", own.join(", ")))
                    }
                };
                let help = if Activation::named(&name).is_some() {
                    let shown = quoted(&name);
                    Some(format!("{shown} works on arrays of neurons: `neuron p[3] {{ activation = {name} }}`"))
                } else if name == "log" {
                    Some("the natural logarithm is `ln`, the binary one `log2`".to_owned())
                } else {
                    help
                };
                Diagnostic::error(Code::E0207, format!("unknown function {}", quoted(&name)))
                    .label(at, "unknown function")
                    .help_if(help)
            }
            ValueError::NotYet { name, at } => {
                let message = format!("{} is part of the language, but not of this release yet", quoted(&name));
                Diagnostic::error(Code::E0501, message).label(at, "not yet")
            }
            ValueError::Arity { signature, given, at } => Diagnostic::error(
                Code::E0212,
                format!("`{signature}` does not take {}", counted(given as u64, "argument")),
            )
            .label(at, format!("{} given", counted(given as u64, "argument")))
            .help(format!("write it as `{signature}`")),
            ValueError::UnknownArgument { name, signature, known, at } => {
                let help = match closest(&name, known.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None if known.is_empty() => "it takes none".to_owned(),
                    None => format!(
                        "it takes {}",
                        any_of(&known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>())
                    ),
                };
                Diagnostic::error(Code::E0211, format!("`{signature}` has no parameter {}", quoted(&name)))
                    .label(at, "unknown parameter")
                    .help(help)
            }
            ValueError::RepeatedArgument { name, at } => {
                Diagnostic::error(Code::E0205, format!("`{name}` is given twice"))
                    .label(at, "given again")
                    .help("remove one of them; values without a name count in the order of the parameters")
            }
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

fn compute(expression: &Expression, names: &dyn Names) -> Valued<Tensor> {
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
                let apply = |x: f64, y: f64| match operator {
                    Operator::Add => x + y,
                    Operator::Subtract => x - y,
                    Operator::Multiply => x * y,
                    Operator::Divide => x / y,
                };
                left = combine(left, right, first.span, operand.span, at, apply)?;
            }
            Ok(left)
        }
        ExpressionKind::Power(base, exponent) => {
            let (x, y) = (compute(base, names)?, compute(exponent, names)?);
            combine(x, y, base.span, exponent.span, at, power)
        }
        ExpressionKind::Compare(left, comparison, right) => {
            let (x, y) = (compute(left, names)?, compute(right, names)?);
            combine(x, y, left.span, right.span, at, |x, y| f64::from(compare(x, *comparison, y)))
        }
        ExpressionKind::Call(function, arguments) => call(function, arguments, at, names),
    }
}

/// `x^2` is `x·x`, so that squares are exact where a product is.
fn power(x: f64, y: f64) -> f64 {
    if y == 2.0 { x * x } else { double::pow::<Software>(x, y) }
}

fn compare(x: f64, comparison: Comparison, y: f64) -> bool {
    match comparison {
        Comparison::Less => x < y,
        Comparison::LessOrEqual => x <= y,
        Comparison::Greater => x > y,
        Comparison::GreaterOrEqual => x >= y,
        Comparison::Equal => x == y,
        Comparison::NotEqual => x != y,
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
            return Err(ValueError::Ragged { first, row, other: tensor.shape, at: item.span });
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
fn combine(
    left: Tensor,
    right: Tensor,
    left_at: Span,
    right_at: Span,
    at: Span,
    apply: impl Fn(f64, f64) -> f64,
) -> Valued<Tensor> {
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

/// A function of constant expressions that is no activation.
struct Function {
    name: &'static str,
    parameters: &'static [&'static str],
    compute: fn(&[f64]) -> f64,
}

const FUNCTIONS: &[Function] = &[
    Function { name: "ln", parameters: &["x"], compute: |x| double::ln::<Software>(x[0]) },
    Function { name: "log2", parameters: &["x"], compute: |x| double::log2::<Software>(x[0]) },
    Function { name: "sqrt", parameters: &["x"], compute: |x| x[0].sqrt() },
    Function { name: "min", parameters: &["x", "y"], compute: |x| smaller(x[0], x[1]) },
    Function { name: "max", parameters: &["x", "y"], compute: |x| -smaller(-x[0], -x[1]) },
    Function { name: "clamp", parameters: &["x", "lo", "hi"], compute: |x| -smaller(-smaller(x[0], x[2]), -x[1]) },
    Function { name: "floor", parameters: &["x"], compute: |x| double::floor::<Software>(x[0]) },
    Function { name: "ceil", parameters: &["x"], compute: |x| double::ceil::<Software>(x[0]) },
    Function { name: "sinh", parameters: &["x"], compute: |x| double::sinh::<Software>(x[0]) },
    Function { name: "cosh", parameters: &["x"], compute: |x| double::cosh::<Software>(x[0]) },
    Function { name: "atan", parameters: &["x"], compute: |x| double::atan::<Software>(x[0]) },
    Function { name: "erf", parameters: &["x"], compute: |x| double::erf::<Software>(x[0]) },
    Function { name: "if", parameters: &["c", "a", "b"], compute: |x| choose(x[0], x[1], x[2]) },
];

/// Functions of the language that come with a later release.
const LATER: [&str; 7] = ["load", "uniform", "normal", "xavier_uniform", "xavier_normal", "he_uniform", "he_normal"];

/// The smaller; NaN if one is NaN; -0 < +0.
fn smaller(x: f64, y: f64) -> f64 {
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    if x < y || x == y && x.is_sign_negative() { x } else { y }
}

fn choose(condition: f64, then: f64, otherwise: f64) -> f64 {
    match condition {
        nan if nan.is_nan() => f64::NAN,
        0.0 => otherwise,
        _ => then,
    }
}

/// Every name that a call may bear, sorted.
fn function_names() -> Vec<&'static str> {
    let activations = Activation::TABLE.iter().filter(|row| !row.whole_array).map(|row| row.name);
    let mut names: Vec<&'static str> = FUNCTIONS.iter().map(|function| function.name).chain(activations).collect();
    names.sort_unstable();
    names
}

fn call(function: &Name, arguments: &[Argument], at: Span, names: &dyn Names) -> Valued<Tensor> {
    let name = function.text.as_str();
    if let Some(found) = FUNCTIONS.iter().find(|candidate| candidate.name == name) {
        let signature = format!("{name}({})", found.parameters.join(", "));
        let parameters: Vec<(&'static str, Option<f64>)> = found.parameters.iter().map(|name| (*name, None)).collect();
        let values = bind(&parameters, arguments, &signature, at, names)?;
        return spread(&values, at, found.compute);
    }
    if let Some(row) = Activation::named(name).filter(|row| !row.whole_array) {
        let named = row.parameters.iter().map(|parameter| (parameter.name, parameter.default));
        let parameters: Vec<(&'static str, Option<f64>)> = std::iter::once(("z", None)).chain(named).collect();
        let values = bind(&parameters, arguments, &signature(row, true), at, names)?;
        return spread(&values, at, |values| row.with(&values[1..]).apply::<Software, f64>(values[0]));
    }
    if LATER.contains(&name) {
        return Err(ValueError::NotYet { name: name.to_owned(), at: function.span });
    }
    Err(ValueError::UnknownFunction { name: name.to_owned(), at: function.span })
}

/// How an activation is written with all its parameters.
fn signature(row: &crate::activation::Description, with_input: bool) -> String {
    let input = with_input.then(|| "z".to_owned());
    let parameters = row.parameters.iter().map(|parameter| match parameter.default {
        Some(default) => format!("{} = {default}", parameter.name),
        None => parameter.name.to_owned(),
    });
    let all: Vec<String> = input.into_iter().chain(parameters).collect();
    if all.is_empty() { row.name.to_owned() } else { format!("{}({})", row.name, all.join(", ")) }
}

/// The parameters of an activation as a property gives them: by name or in order, each one number.
pub(crate) fn activation_parameters(
    row: &crate::activation::Description,
    arguments: &[Argument],
    at: Span,
    names: &dyn Names,
) -> Valued<Vec<f64>> {
    let parameters: Vec<(&'static str, Option<f64>)> =
        row.parameters.iter().map(|parameter| (parameter.name, parameter.default)).collect();
    let values = bind(&parameters, arguments, &signature(row, false), at, names)?;
    values
        .into_iter()
        .map(|(tensor, at)| match (tensor.shape, tensor.values[0]) {
            (Shape::Vector(_) | Shape::Matrix(..), _) => Err(ValueError::NotANumber { what: "a list", at }),
            (Shape::Scalar, value) if !value.is_finite() => Err(ValueError::NotFinite { value, at }),
            (Shape::Scalar, value) => Ok(value),
        })
        .collect()
}

/// The arguments in the parameters' order: positional ones first, then named ones, then defaults.
fn bind(
    parameters: &[(&'static str, Option<f64>)],
    arguments: &[Argument],
    signature: &str,
    at: Span,
    names: &dyn Names,
) -> Valued<Vec<(Tensor, Span)>> {
    let arity = || ValueError::Arity { signature: signature.to_owned(), given: arguments.len(), at };
    let mut bound: Vec<Option<(Tensor, Span)>> = vec![None; parameters.len()];
    for (position, argument) in arguments.iter().enumerate() {
        let slot = match &argument.name {
            None => position,
            Some(name) => parameters.iter().position(|(known, _)| *known == name.text).ok_or_else(|| {
                let known = parameters.iter().map(|(name, _)| *name).collect();
                ValueError::UnknownArgument {
                    name: name.text.clone(),
                    signature: signature.to_owned(),
                    known,
                    at: name.span,
                }
            })?,
        };
        if slot >= parameters.len() {
            return Err(arity());
        }
        if argument.name.is_none() && arguments[..position].iter().any(|earlier| earlier.name.is_some()) {
            return Err(ValueError::NamedFirst { signature: signature.to_owned(), at: argument.value.span });
        }
        if bound[slot].is_some() {
            return Err(ValueError::RepeatedArgument { name: parameters[slot].0, at: argument.value.span });
        }
        bound[slot] = Some((compute(&argument.value, names)?, argument.value.span));
    }
    std::iter::zip(bound, parameters)
        .map(|(given, (_, default))| given.or(default.map(|value| (Tensor::scalar(value), at))).ok_or_else(arity))
        .collect()
}

/// Applies `function` element by element; scalars spread.
fn spread(arguments: &[(Tensor, Span)], at: Span, function: impl Fn(&[f64]) -> f64) -> Valued<Tensor> {
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

/// Calls `visit` with every name that an expression reads.
pub(crate) fn visit_references<'a>(expression: &'a Expression, visit: &mut impl FnMut(&'a Reference)) {
    match &expression.kind {
        ExpressionKind::Number(_)
        | ExpressionKind::Numbers(_)
        | ExpressionKind::Pi
        | ExpressionKind::Truth(_)
        | ExpressionKind::Text(_) => {}
        ExpressionKind::Reference(reference) => {
            visit(reference);
            if let Some(selector) = &reference.selector {
                match selector {
                    crate::ast::Selector::Index(index) => visit_references(index, visit),
                    crate::ast::Selector::Slice(start, end) => {
                        visit_references(start, visit);
                        visit_references(end, visit);
                    }
                }
            }
        }
        ExpressionKind::List(items) => items.iter().for_each(|item| visit_references(item, visit)),
        ExpressionKind::Parenthesised(inner) | ExpressionKind::Signed(_, inner) => visit_references(inner, visit),
        ExpressionKind::Chain(first, rest) => {
            visit_references(first, visit);
            rest.iter().for_each(|(_, operand)| visit_references(operand, visit));
        }
        ExpressionKind::Power(left, right) | ExpressionKind::Compare(left, _, right) => {
            visit_references(left, visit);
            visit_references(right, visit);
        }
        ExpressionKind::Call(_, arguments) => {
            arguments.iter().for_each(|argument| visit_references(&argument.value, visit));
        }
    }
}

//! Random declared activations against a recursive evaluation of what is written, which knows no operation list.
//!
//! Constants stay constants until something that is none meets them: they are computed in double precision and rounded
//! once. The elementary functions are the library's own; tests/numeric holds them.

use std::fmt::Write;

use neuronc::numeric::Real;
use neuronc::numeric::fma::Software;
use neuronc::{Inputs, Path, Scratch, Wanted, evaluate, plan};

use crate::oracle::network;
use crate::random::Random;

/// An expression in a body; parameter 0 is the net input.
#[derive(Debug, Clone)]
enum Expression {
    Number(f64),
    Pi,
    Const(usize),
    Parameter(usize),
    Negative(Box<Expression>),
    Operator(&'static str, Box<Expression>, Box<Expression>),
    /// A function or built-in activation; parameters that are left out have their defaults.
    Call(&'static Function, Vec<Expression>),
    /// The activation of that number: what is given of each parameter, and whether by name.
    Declared(usize, Vec<(Option<Expression>, bool)>),
}

#[derive(Debug)]
struct Function {
    name: &'static str,
    /// How many arguments must be given.
    required: usize,
    defaults: &'static [f64],
}

const fn function(name: &'static str, required: usize, defaults: &'static [f64]) -> Function {
    Function { name, required, defaults }
}

const FUNCTIONS: &[Function] = &[
    function("ln", 1, &[]),
    function("log2", 1, &[]),
    function("sqrt", 1, &[]),
    function("min", 2, &[]),
    function("max", 2, &[]),
    function("clamp", 3, &[]),
    function("floor", 1, &[]),
    function("ceil", 1, &[]),
    function("sinh", 1, &[]),
    function("cosh", 1, &[]),
    function("atan", 1, &[]),
    function("erf", 1, &[]),
    function("if", 3, &[]),
    function("exp", 1, &[]),
    function("abs", 1, &[]),
    function("sign", 1, &[]),
    function("sin", 1, &[]),
    function("cos", 1, &[]),
    function("tanh", 1, &[1.0]),
    function("sigmoid", 1, &[1.0]),
    function("softplus", 1, &[1.0]),
    function("relu", 1, &[]),
    function("leaky_relu", 1, &[0.01]),
    function("step", 1, &[0.0, 0.0]),
    function("gaussian", 1, &[1.0]),
    function("scaled_tanh", 3, &[]),
];

const OPERATORS: [&str; 11] = ["+", "-", "*", "/", "^", "<", "<=", ">", ">=", "==", "!="];

/// `activation f0(z, p1 = 2) = …`
struct Declaration {
    /// Of the parameters behind the net input.
    defaults: Vec<Option<f64>>,
    body: Expression,
}

/// Consts and activations, each of which calls only earlier ones.
struct Declarations {
    consts: Vec<f64>,
    activations: Vec<Declaration>,
}

const NUMBERS: [f64; 10] = [0.0, 1.0, 2.0, 0.5, 3.0, 0.1, 10.0, 1e-3, 7.25, 1e30];

impl Declarations {
    fn random(random: &mut Random) -> Declarations {
        let consts = vec![-2.5, 0.3, random.number()];
        let mut all = Declarations { consts, activations: Vec::new() };
        for _ in 0..1 + random.below(4) {
            let defaults: Vec<Option<f64>> =
                (0..random.below(4)).map(|_| (random.below(3) > 0).then(|| NUMBERS[random.below(10)])).collect();
            let body = all.expression(random, 4, 1 + defaults.len());
            all.activations.push(Declaration { defaults, body });
        }
        all
    }

    fn expression(&self, random: &mut Random, depth: usize, parameters: usize) -> Expression {
        let inner = |random: &mut Random| self.expression(random, depth - 1, parameters);
        match random.below(if depth == 0 { 5 } else { 14 }) {
            0 => Expression::Number(NUMBERS[random.below(10)]),
            1 => [Expression::Pi, Expression::Const(random.below(3))][random.below(2)].clone(),
            2 => Expression::Parameter(random.below(parameters)),
            3 | 4 => Expression::Parameter(0),
            5 => Expression::Negative(Box::new(inner(random))),
            6..9 => {
                let (left, right) = (inner(random), inner(random));
                Expression::Operator(OPERATORS[random.below(11)], Box::new(left), Box::new(right))
            }
            9 => Expression::Operator("^", Box::new(inner(random)), Box::new(Expression::Number(2.0))),
            10 | 11 if !self.activations.is_empty() => {
                let called = random.below(self.activations.len());
                let mut arguments = vec![(Some(inner(random)), random.below(4) == 0)];
                for default in &self.activations[called].defaults {
                    let given = default.is_none() || random.below(2) == 0;
                    // Behind a name or a gap, only names tell which is which.
                    let (before, by_name) = arguments.last().expect("the net input is given");
                    let named = *by_name || before.is_none() || random.below(3) == 0;
                    arguments.push((given.then(|| inner(random)), named));
                }
                Expression::Declared(called, arguments)
            }
            _ => {
                let function = &FUNCTIONS[random.below(FUNCTIONS.len())];
                let count = function.required + random.below(function.defaults.len() + 1);
                Expression::Call(function, (0..count).map(|_| inner(random)).collect())
            }
        }
    }

    /// As a source, the last activation first.
    fn text(&self) -> String {
        let mut text = String::new();
        for (place, declaration) in self.activations.iter().enumerate().rev() {
            let parameters = (1..).zip(&declaration.defaults).map(|(place, default)| match default {
                Some(default) => format!(", p{place} = {default:?}"),
                None => format!(", p{place}"),
            });
            let parameters: String = parameters.collect();
            let _ = writeln!(text, "activation f{place}(p0{parameters}) = {}", written(&declaration.body));
        }
        for (place, value) in self.consts.iter().enumerate() {
            let _ = writeln!(text, "const c{place} = {value:?}");
        }
        text
    }

    fn value<R: Real>(&self, expression: &Expression, parameters: &[Value<R>]) -> Value<R> {
        let operands = |operands: &[&Expression]| -> Vec<Value<R>> {
            operands.iter().map(|operand| self.value(operand, parameters)).collect()
        };
        match expression {
            Expression::Number(value) => Value::Constant(*value),
            Expression::Pi => Value::Constant(std::f64::consts::PI),
            Expression::Const(place) => Value::Constant(self.consts[*place]),
            Expression::Parameter(place) => parameters[*place],
            Expression::Negative(operand) => computed("negative", &operands(&[operand])),
            Expression::Operator(mark, left, right) => computed(mark, &operands(&[left, right])),
            Expression::Call(function, arguments) => {
                let mut all = operands(&arguments.iter().collect::<Vec<_>>());
                let left_out = function.required + function.defaults.len() - all.len();
                let defaults = &function.defaults[function.defaults.len() - left_out..];
                all.extend(defaults.iter().map(|default| Value::Constant(*default)));
                computed(function.name, &all)
            }
            Expression::Declared(called, arguments) => {
                let given =
                    arguments.iter().map(|(given, _)| given.as_ref().map(|given| self.value(given, parameters)));
                let given: Vec<Option<Value<R>>> = given.collect();
                self.called(*called, &given)
            }
        }
    }

    /// The value of an activation; none of a parameter that has its default.
    fn called<R: Real>(&self, called: usize, given: &[Option<Value<R>>]) -> Value<R> {
        let Declaration { defaults, body } = &self.activations[called];
        let defaults = std::iter::once(&None).chain(defaults);
        let parameters = std::iter::zip(given, defaults)
            .map(|(given, default)| given.or(default.map(Value::Constant)).expect("what has no default is given"));
        self.value(body, &parameters.collect::<Vec<_>>())
    }
}

fn written(expression: &Expression) -> String {
    match expression {
        Expression::Number(value) => format!("{value:?}"),
        Expression::Pi => "pi".to_owned(),
        Expression::Const(place) => format!("c{place}"),
        Expression::Parameter(place) => format!("p{place}"),
        Expression::Negative(operand) => format!("(-{})", written(operand)),
        Expression::Operator(mark, left, right) => format!("({} {mark} {})", written(left), written(right)),
        Expression::Call(function, arguments) => {
            format!("{}({})", function.name, arguments.iter().map(written).collect::<Vec<_>>().join(", "))
        }
        Expression::Declared(called, arguments) => {
            let given = (0..).zip(arguments).filter_map(|(place, (given, named))| {
                let given = written(given.as_ref()?);
                Some(if *named { format!("p{place} = {given}") } else { given })
            });
            format!("f{called}({})", given.collect::<Vec<_>>().join(", "))
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Value<R> {
    Constant(f64),
    Computed(R),
}

impl<R: Real> Value<R> {
    fn rounded(self) -> R {
        match self {
            Value::Constant(value) => R::rounded(value),
            Value::Computed(value) => value,
        }
    }
}

fn computed<R: Real>(what: &str, operands: &[Value<R>]) -> Value<R> {
    let constants: Option<Vec<f64>> = operands
        .iter()
        .map(|operand| match operand {
            Value::Constant(value) => Some(*value),
            Value::Computed(_) => None,
        })
        .collect();
    match constants {
        Some(constants) => Value::Constant(apply(what, &constants)),
        None => Value::Computed(apply(what, &operands.iter().map(|operand| operand.rounded()).collect::<Vec<R>>())),
    }
}

/// Each definition as plainly as it can be said.
fn apply<R: Real>(what: &str, x: &[R]) -> R {
    let number = R::rounded;
    let truth = |holds| number(if holds { 1.0 } else { 0.0 });
    let nan = x.iter().copied().find(|operand| operand.is_nan());
    match what {
        "negative" => -x[0],
        "+" => x[0] + x[1],
        "-" => x[0] - x[1],
        "*" => x[0] * x[1],
        "/" => x[0] / x[1],
        "^" if x[1] == number(2.0) => x[0] * x[0],
        "^" => x[0].pow::<Software>(x[1]),
        "<" => truth(x[0] < x[1]),
        "<=" => truth(x[0] <= x[1]),
        ">" => truth(x[0] > x[1]),
        ">=" => truth(x[0] >= x[1]),
        "==" => truth(x[0] == x[1]),
        "!=" => truth(x[0] != x[1]),
        "min" => nan.unwrap_or(sorted(x)[0]),
        "max" => nan.unwrap_or(sorted(x)[1]),
        "clamp" => {
            let at_most = nan.unwrap_or(sorted(&[x[0], x[2]])[0]);
            nan.unwrap_or(sorted(&[at_most, x[1]])[1])
        }
        "if" if x[0].is_nan() => x[0],
        "if" if x[0] == number(0.0) => x[2],
        "if" => x[1],
        "ln" => x[0].ln::<Software>(),
        "log2" => x[0].log2::<Software>(),
        "sqrt" => x[0].sqrt(),
        "floor" => x[0].floor::<Software>(),
        "ceil" => x[0].ceil::<Software>(),
        "sinh" => x[0].sinh::<Software>(),
        "cosh" => x[0].cosh::<Software>(),
        "atan" => x[0].atan::<Software>(),
        "erf" => x[0].erf::<Software>(),
        "exp" => x[0].exp::<Software>(),
        "sin" => x[0].sin::<Software>(),
        "cos" => x[0].cos::<Software>(),
        "abs" if x[0].is_sign_negative() => -x[0],
        "abs" => x[0],
        "tanh" => x[0].tanh_scaled::<Software>(x[1]),
        "sigmoid" => x[0].sigmoid_scaled::<Software>(x[1]),
        "softplus" => x[0].softplus_scaled::<Software>(x[1]),
        "gaussian" => x[0].gaussian::<Software>(x[1]),
        "scaled_tanh" => x[1] * x[0].tanh_scaled::<Software>(x[2]),
        "sign" | "relu" | "leaky_relu" | "step" if x[0].is_nan() => x[0],
        "sign" if x[0] > number(0.0) => number(1.0),
        "sign" => {
            if x[0] < number(0.0) {
                number(-1.0)
            } else {
                number(0.0)
            }
        }
        "relu" => {
            if x[0] > number(0.0) {
                x[0]
            } else {
                number(0.0)
            }
        }
        "leaky_relu" => {
            if x[0] >= number(0.0) {
                x[0]
            } else {
                x[1] * x[0]
            }
        }
        "step" if x[0] == x[1] => x[2],
        // A threshold that is no number compares with nothing.
        "step" if x[1].is_nan() => x[0],
        "step" => truth(x[0] > x[1]),
        other => panic!("nobody computes {other}"),
    }
}

/// Two numbers in order, -0 before +0.
fn sorted<R: Real>(x: &[R]) -> [R; 2] {
    let swapped = x[1] < x[0] || x[0] == x[1] && x[1].is_sign_negative();
    if swapped { [x[1], x[0]] } else { [x[0], x[1]] }
}

fn bits(value: f64) -> u64 {
    if value.is_nan() { u64::MAX } else { value.to_bits() }
}

const NET_INPUTS: [f64; 14] =
    [0.0, 1.0, -1.0, 0.5, -0.3, 2.0, -7.1, 1e-30, 88.5, -1e20, 1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];

/// Neurons that have the last activation, with random parameters.
#[test]
fn operation_lists_compute_what_is_written() {
    let (mut finite, mut others) = (0, 0);
    for seed in 5_000..5_600 {
        let mut random = Random(seed);
        let all = Declarations::random(&mut random);
        let last = all.activations.len() - 1;
        let given: Vec<Option<f64>> = all.activations[last]
            .defaults
            .iter()
            .map(|default| (default.is_none() || random.below(2) == 0).then(|| random.number()))
            .collect();
        let named = (1..).zip(&given).filter_map(|(place, given)| Some(format!("p{place} = {:?}", (*given)?)));
        let named = named.collect::<Vec<_>>().join(", ");
        let activation = if named.is_empty() { format!("f{last}") } else { format!("f{last}({named})") };
        let text = format!("{}input x\nneuron y {{ activation = {activation} }}\nx -> y : 1\noutput y\n", all.text());
        let network = network(&text);
        for z in NET_INPUTS {
            let double = compare::<f64>(&all, last, &given, &network, z, &text);
            compare::<f32>(&all, last, &given, &network, z, &text);
            *if double.is_finite() { &mut finite } else { &mut others } += 1;
        }
    }
    // Not all of it is about infinities.
    assert!(finite > 4 * others / 3 && others > 100, "{finite} finite, {others} others");
}

fn compare<R: Real>(
    all: &Declarations,
    last: usize,
    given: &[Option<f64>],
    network: &neuronc::Network,
    z: f64,
    text: &str,
) -> f64 {
    let z = R::rounded(z);
    let parameters: Vec<Option<Value<R>>> =
        std::iter::once(Some(Value::Computed(z))).chain(given.iter().map(|given| given.map(Value::Constant))).collect();
    let expected = all.called(last, &parameters).rounded().widened();
    let plan = plan(network, Wanted::Outputs);
    for path in Path::available() {
        let mut outputs = [z];
        evaluate(network, &plan, &[z], &mut outputs, &mut Scratch::new(), path);
        let got = outputs[0].widened();
        assert_eq!(bits(got), bits(expected), "{got:e}, not {expected:e}, for {:e} on {path:?}\n{text}", z.widened());
    }
    expected
}

/// Values that call the last activation.
#[test]
fn values_call_what_is_written() {
    let mut compared = 0;
    for seed in 7_000..7_600 {
        let mut random = Random(seed);
        let all = Declarations::random(&mut random);
        let last = all.activations.len() - 1;
        let count = 1 + all.activations[last].defaults.len();
        let arguments = [(); 3].map(|()| random.numbers(count));
        let parameters = |arguments: &Vec<f64>| -> Vec<Option<Value<f64>>> {
            arguments.iter().map(|argument| Some(Value::Constant(*argument))).collect()
        };
        let expected = arguments.each_ref().map(|arguments| all.called(last, &parameters(arguments)).rounded());
        if expected.iter().any(|value| !value.is_finite()) {
            continue;
        }
        compared += 1;
        let lists = (0..count).map(|place| format!("{:?}", arguments.each_ref().map(|arguments| arguments[place])));
        let lists = lists.collect::<Vec<_>>().join(", ");
        let text = format!("{}input x = f{last}({lists})\noutput x\n", all.text());
        let network = network(&text);
        let inputs = Inputs::new(&network);
        let got: Vec<u64> = inputs.row(&network).expect("a default").iter().map(|value| bits(*value)).collect();
        assert_eq!(got, expected.map(bits), "{text}");
    }
    assert!(compared > 100, "{compared} compared");
}

//! The activations: the only file that knows one. Name, parameters, formula and resting level stand in one table.
//! Those that a source declares are formulas over them.

mod curve;
mod declared;
mod formula;
mod ready;
mod whole;

use std::sync::Arc;

use crate::function::{Pointwise, Use};
use crate::numeric::Real;
use crate::numeric::fma::Fused;

pub(crate) use curve::Curve;
pub use declared::DeclaredActivation;
pub(crate) use declared::{Template, Written};
pub(crate) use formula::{Applied, Builder, Formula, applied};
pub(crate) use ready::Ready;
use whole::{hardmax, log_softmax, softmax};

/// A parameter of an activation and its default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ActivationParameter {
    /// The name, as in `leaky_relu(slope = 0.1)`.
    pub name: &'static str,
    /// The value if none is given; none where one must be given.
    pub default: Option<f64>,
}

/// How far the outputs of an activation are from the true ones, for the net input and the parameters as they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Accuracy {
    /// No step of the formula rounds.
    Exact,
    /// So many steps of the formula round, each by half an ulp at the most.
    Roundings(u32),
    /// The largest error that was measured, in ulps: `benches/README.md` tells where and how. Parameters are at their
    /// defaults; `softmax` and `log_softmax` run over arrays of ten, in ulps of the largest output by magnitude.
    Measured {
        /// In double precision.
        double: f64,
        /// In single precision.
        single: f64,
    },
}

/// One row of the table: what an activation is called, takes and computes.
#[derive(Debug, Clone, Copy)]
pub struct Description {
    /// The name in the source.
    pub name: &'static str,
    /// What it is and what others call it, in a sentence.
    pub about: &'static str,
    /// The parameters, in order.
    pub parameters: &'static [ActivationParameter],
    /// The formula in `z`, for people.
    pub formula: &'static str,
    /// ONNX's operator, with what makes it equal; none if it has none.
    pub onnx: Option<&'static str>,
    /// PyTorch's module or function, with what makes it equal; none if it has none.
    pub torch: Option<&'static str>,
    /// How far its outputs are from the true ones.
    pub accuracy: Accuracy,
    /// A neuron fires when its output is above this level; none where firing means nothing.
    pub resting_level: Option<f64>,
    /// Whether it needs a whole array of neurons.
    pub whole_array: bool,
    /// What it does to a single neuron; none where it needs an array.
    pub(crate) element: Option<Element>,
    make: fn(&[f64]) -> Activation,
}

impl Description {
    /// The activation with these parameters, one for each of [`parameters`](Description::parameters).
    #[must_use]
    pub(crate) fn with(&self, parameters: &[f64]) -> Activation {
        (self.make)(parameters)
    }

    /// The activation with its defaults, if every parameter has one.
    #[must_use]
    pub fn with_defaults(&self) -> Option<Activation> {
        let defaults: Option<Vec<f64>> = self.parameters.iter().map(|parameter| parameter.default).collect();
        defaults.map(|defaults| self.with(&defaults))
    }
}

const fn measured(double: f64, single: f64) -> Accuracy {
    Accuracy::Measured { double, single }
}

/// Stands in the table where a parameter must be given.
const REQUIRED: f64 = f64::NAN;

const fn default(value: f64) -> Option<f64> {
    if value.is_nan() { None } else { Some(value) }
}

macro_rules! activations {
    (
        element: { $(
            $(#[doc = $doc:literal])*
            $variant:ident $name:literal ($($parameter:ident = $default:expr),*),
            $formula:literal, onnx $onnx:expr, torch $torch:expr,
            fires above $rest:expr, error $accuracy:expr, [$f:ident, $r:ident] |$z:ident| $body:expr;
        )* }
        whole: { $(
            $(#[doc = $whole_doc:literal])*
            $whole:ident $whole_name:literal, $whole_formula:literal,
            onnx $whole_onnx:expr, torch $whole_torch:expr, error $whole_accuracy:expr, $compute:ident;
        )* }
    ) => {
        /// An activation of single neurons, whose parameters are given when it is applied.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Element { $($(#[doc = $doc])* $variant,)* }

        impl Element {
            /// How many parameters it has beside the net input.
            pub(crate) fn parameter_count(self) -> usize {
                match self {
                    $(Element::$variant => {
                        let parameters: &[&str] = &[$(stringify!($parameter)),*];
                        parameters.len()
                    })*
                }
            }

            /// Does `what` with its formula: its output for the net input and its parameters, in order.
            #[inline(always)]
            pub(crate) fn choose<U: Use>(self, what: U) -> U::Output {
                match self {
                    $(Element::$variant => {
                        struct Here;
                        impl Pointwise for Here {
                            #[inline(always)]
                            fn of<$f: Fused, $r: Real>(operands: [$r; 3]) -> $r {
                                let [$z, $($parameter,)* ..] = operands;
                                $body
                            }
                        }
                        what.formula::<Here>()
                    })*
                }
            }
        }

        /// An activation with its parameters: a function of the net input `z`.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Activation {
            $($(#[doc = $doc])* #[doc = concat!("\n\n`", $name, "`: ", $formula, ".")] $variant { $(
                #[doc = concat!("The parameter `", stringify!($parameter), "`.")]
                $parameter: f64,
            )* },)*
            $($(#[doc = $whole_doc])* #[doc = concat!("\n\n`", $whole_name, "`: ", $whole_formula, ".")] $whole,)*
            /// One that the source declares.
            Declared(Arc<DeclaredActivation>),
        }

        impl Activation {
            /// Every built-in activation.
            pub const TABLE: &[Description] = &[
                $(Description {
                    name: $name,
                    about: concat!($($doc),*),
                    parameters: &[$(ActivationParameter { name: stringify!($parameter), default: default($default) }),*],
                    formula: $formula,
                    onnx: $onnx,
                    torch: $torch,
                    accuracy: $accuracy,
                    resting_level: $rest,
                    whole_array: false,
                    element: Some(Element::$variant),
                    make: |values| {
                        let mut values = values.iter().copied();
                        let mut next = || values.next().expect("one value a parameter");
                        let _ = &mut next;
                        Activation::$variant { $($parameter: next()),* }
                    },
                },)*
                $(Description {
                    name: $whole_name,
                    about: concat!($($whole_doc),*),
                    parameters: &[],
                    formula: $whole_formula,
                    onnx: $whole_onnx,
                    torch: $whole_torch,
                    accuracy: $whole_accuracy,
                    resting_level: None,
                    whole_array: true,
                    element: None,
                    make: |_| Activation::$whole,
                },)*
            ];

            /// What the source declares; none where it is built in.
            #[must_use]
            pub fn declared(&self) -> Option<&DeclaredActivation> {
                match self {
                    $(Activation::$variant { .. } => None,)*
                    $(Activation::$whole => None,)*
                    Activation::Declared(declared) => Some(declared),
                }
            }

            /// Its row of the table; none where the source declares it.
            #[must_use]
            pub fn description(&self) -> Option<&'static Description> {
                let name = match self {
                    $(Activation::$variant { .. } => $name,)*
                    $(Activation::$whole => $whole_name,)*
                    Activation::Declared(_) => return None,
                };
                Some(Activation::named(name).expect("every variant has its row"))
            }

            /// The values of its parameters, in their order.
            #[must_use]
            pub fn parameters(&self) -> Vec<f64> {
                match self {
                    $(Activation::$variant { $($parameter),* } => vec![$(*$parameter),*],)*
                    $(Activation::$whole => Vec::new(),)*
                    Activation::Declared(declared) => declared.values().to_vec(),
                }
            }

            /// The output of one neuron for its net input. An activation of whole arrays leaves it as it is:
            /// [`apply_whole`](Activation::apply_whole) follows. `values` is only for its memory.
            #[inline(always)]
            pub(crate) fn apply<F: Fused, R: Real>(&self, z: R, values: &mut Vec<R>) -> R {
                let (first, operands, rest) = match self {
                    Activation::Declared(declared) => declared.formula().begin(z, values),
                    built_in => match built_in.element() {
                        Some((element, [first, second])) => (Applied::Element(element), [z, first, second], [].as_slice()),
                        None => return z,
                    },
                };
                formula::run::<F, R>(first, operands, rest, values)
            }

            /// What a built-in one does to a single neuron, with its parameters rounded once; those behind them are 0.
            #[inline(always)]
            fn element<R: Real>(&self) -> Option<(Element, [R; 2])> {
                match self {
                    $(Activation::$variant { $($parameter),* } => {
                        let mut rounded = [R::rounded(0.0); 2];
                        let parameters: &[f64] = &[$(*$parameter),*];
                        for (rounded, parameter) in std::iter::zip(&mut rounded, parameters) {
                            *rounded = R::rounded(*parameter);
                        }
                        Some((Element::$variant, rounded))
                    })*
                    $(Activation::$whole => None,)*
                    Activation::Declared(_) => None,
                }
            }

            /// The outputs of a whole array of neurons for their net inputs, in place.
            #[inline(always)]
            pub(crate) fn apply_whole<F: Fused, R: Real>(&self, values: &mut [R]) {
                match self {
                    $(Activation::$variant { .. } => {})*
                    $(Activation::$whole => $compute::<F, R>(values),)*
                    Activation::Declared(_) => {}
                }
            }
        }
    };
}

activations! {
    element: {
        /// The net input itself.
        Identity "identity" (), "z",
        onnx Some("Identity"), torch Some("Identity"),
        fires above Some(0.0), error Accuracy::Exact, [F, R] |z| z;

        /// Fires or does not: McCulloch and Pitts (1943). Systems disagree on the value at the threshold: it is a parameter.
        Step "step" (threshold = 0.0, at = 0.0), "1 if z > threshold, at if z = threshold, else 0",
        onnx None, torch Some("heaviside(z - threshold, at)"),
        fires above Some(0.0), error Accuracy::Exact, [F, R] |z| {
            let above = if z > threshold { R::rounded(1.0) } else { R::rounded(0.0) };
            let value = if z == threshold { at } else { above };
            if z < threshold || z >= threshold { value } else { z }
        };

        /// The sign: -1, 0 or 1.
        Sign "sign" (), "1 if z > 0, -1 if z < 0, else 0",
        onnx Some("Sign"), torch Some("sign"),
        fires above Some(0.0), error Accuracy::Exact, [F, R] |z| sign(z);

        /// The rectifier.
        Relu "relu" (), "z if z > 0, else 0",
        onnx Some("Relu"), torch Some("ReLU"),
        fires above Some(0.0), error Accuracy::Exact, [F, R] |z| {
            let zero = R::rounded(0.0);
            if z <= zero { zero } else { z }
        };

        /// The rectifier that leaks.
        LeakyRelu "leaky_relu" (slope = 0.01), "z if z >= 0, else slope·z",
        onnx Some("LeakyRelu(alpha = slope)"), torch Some("LeakyReLU(slope)"),
        fires above Some(0.0), error Accuracy::Roundings(1), [F, R] |z| {
            if z >= R::rounded(0.0) { z } else { slope * z }
        };

        /// The logistic function.
        Sigmoid "sigmoid" (slope = 1.0), "1 / (1 + exp(-slope·z))",
        onnx Some("Sigmoid at slope = 1"), torch Some("Sigmoid at slope = 1"),
        fires above Some(0.5), error measured(0.61, 2.49), [F, R] |z| {
            z.sigmoid_scaled::<F>(slope)
        };

        /// The hyperbolic tangent.
        Tanh "tanh" (slope = 1.0), "tanh(slope·z)",
        onnx Some("Tanh at slope = 1"), torch Some("Tanh at slope = 1"),
        fires above Some(0.0), error measured(0.78, 2.43), [F, R] |z| z.tanh_scaled::<F>(slope);

        /// The smooth rectifier, without a cut-off.
        Softplus "softplus" (beta = 1.0), "ln(1 + exp(beta·z)) / beta",
        onnx Some("Softplus at beta = 1"), torch Some("Softplus(beta), which becomes z where beta·z > 20"),
        fires above None, error measured(0.74, 2.23), [F, R] |z| {
            z.softplus_scaled::<F>(beta)
        };

        /// The Gaussian error linear unit.
        Gelu "gelu" (), "z·Φ(z), Φ the normal distribution",
        onnx Some("Gelu"), torch Some("GELU"),
        fires above Some(0.0), error measured(1.30, 2.93), [F, R] |z| z.gelu::<F>();

        /// The sigmoid linear unit, or swish.
        Silu "silu" (beta = 1.0), "z / (1 + exp(-beta·z))",
        onnx Some("Swish(alpha = beta)"), torch Some("SiLU at beta = 1"),
        fires above Some(0.0), error measured(2.76, 3.63), [F, R] |z| {
            // Far below 0 the sigmoid alone would be subnormal: there it is e^(beta·z), taken in two halves.
            let argument = beta * z;
            let half = (R::rounded(0.5) * argument).exp::<F>();
            let near = z * z.sigmoid_scaled::<F>(beta);
            let far = if half == R::rounded(0.0) { -half } else { z * half * half };
            if argument < R::rounded(-38.0) { far } else { near }
        };

        /// The exponential linear unit.
        Elu "elu" (alpha = 1.0), "z if z >= 0, else alpha·(exp(z) - 1)",
        onnx Some("Elu(alpha)"), torch Some("ELU(alpha)"),
        fires above Some(0.0), error measured(0.56, 1.46), [F, R] |z| {
            if z >= R::rounded(0.0) { z } else { alpha * z.expm1::<F>() }
        };

        /// The rational sigmoid.
        Softsign "softsign" (), "z / (1 + |z|)",
        onnx Some("Softsign"), torch Some("Softsign"),
        fires above Some(0.0), error Accuracy::Roundings(2), [F, R] |z| {
            // From 2^60 on the quotient is 1 in both precisions; infinities would make it NaN.
            if z.abs() > R::rounded(1_152_921_504_606_846_976.0) { sign(z) } else { z / (R::rounded(1.0) + z.abs()) }
        };

        /// The rectifier with a threshold.
        ThresholdedRelu "thresholded_relu" (theta = 1.0), "z if z > theta, else 0",
        onnx Some("ThresholdedRelu(alpha = theta)"), torch Some("Threshold(theta, 0)"),
        fires above Some(0.0), error Accuracy::Exact, [F, R] |z| {
            if z <= theta { R::rounded(0.0) } else { z }
        };

        /// The rectifier that saturates at 6.
        Relu6 "relu6" (), "0 if z <= 0, 6 if z > 6, else z",
        onnx Some("Clip(0, 6)"), torch Some("ReLU6"),
        fires above Some(0.0), error Accuracy::Exact, [F, R] |z| {
            clipped(z, R::rounded(0.0), R::rounded(6.0))
        };

        /// The self-normalising exponential linear unit.
        Selu "selu" (), "1.0507009873554805·(z if z >= 0, else 1.6732632423543772·(exp(z) - 1))",
        onnx Some("Selu, whose constants are single precision"), torch Some("SELU"),
        fires above Some(0.0), error measured(2.26, 2.11), [F, R] |z| {
            let inner = if z >= R::rounded(0.0) { z } else { R::rounded(1.673_263_242_354_377_2) * z.expm1::<F>() };
            R::rounded(1.050_700_987_355_480_5) * inner
        };

        /// The continuously differentiable exponential linear unit.
        Celu "celu" (alpha = 1.0), "z if z >= 0, else alpha·(exp(z/alpha) - 1)",
        onnx Some("Celu(alpha)"), torch Some("CELU(alpha)"),
        fires above Some(0.0), error measured(0.56, 1.46), [F, R] |z| {
            if z >= R::rounded(0.0) { z } else { alpha * (z / alpha).expm1::<F>() }
        };

        /// The logistic function in three straight pieces.
        HardSigmoid "hard_sigmoid" (alpha = 0.2, beta = 0.5), "alpha·z + beta, at least 0 and at most 1",
        onnx Some("HardSigmoid(alpha, beta)"), torch Some("Hardsigmoid at alpha = 1/6"),
        fires above Some(0.5), error Accuracy::Roundings(1), [F, R] |z| clipped(alpha.fused::<F>(z, beta), R::rounded(0.0), R::rounded(1.0));

        /// The logarithm of the logistic function.
        LogSigmoid "log_sigmoid" (), "-ln(1 + exp(-z))",
        onnx None, torch Some("LogSigmoid"),
        fires above None, error measured(0.74, 2.23), [F, R] |z| {
            -(-z).softplus_scaled::<F>(R::rounded(1.0))
        };

        /// The hyperbolic tangent in three straight pieces.
        HardTanh "hard_tanh" (lo = -1.0, hi = 1.0), "z, at least lo and at most hi",
        onnx Some("Clip(lo, hi)"), torch Some("Hardtanh(lo, hi)"),
        fires above Some(0.0), error Accuracy::Exact, [F, R] |z| {
            clipped(z, lo, hi)
        };

        /// The hyperbolic tangent with both scales.
        ScaledTanh "scaled_tanh" (a = REQUIRED, b = REQUIRED), "a·tanh(b·z)",
        onnx Some("ScaledTanh(alpha = a, beta = b) of recurrent networks"), torch None,
        fires above Some(0.0), error measured(1.55, 3.74), [F, R] |z| {
            a * z.tanh_scaled::<F>(b)
        };

        /// The Gaussian error linear unit, approximated by a hyperbolic tangent.
        GeluTanh "gelu_tanh" (), "z/2·(1 + tanh(√(2/π)·(z + 0.044715·z³)))",
        onnx Some("Gelu(approximate = tanh)"), torch Some("GELU(approximate = tanh)"),
        fires above Some(0.0), error measured(0.73, 3.21), [F, R] |z| z.gelu_tanh::<F>();

        /// A smooth, self-regularised rectifier.
        Mish "mish" (), "z·tanh(ln(1 + exp(z)))",
        onnx Some("Mish"), torch Some("Mish"),
        fires above Some(0.0), error measured(0.80, 3.79), [F, R] |z| z.mish::<F>();

        /// Swish in straight and square pieces.
        HardSwish "hard_swish" (), "0 if z <= -3, z if z >= 3, else z·((z + 3)/6)",
        onnx Some("HardSwish"), torch Some("Hardswish"),
        fires above Some(0.0), error Accuracy::Roundings(3), [F, R] |z| {
            let three = R::rounded(3.0);
            let share = clipped(z + three, R::rounded(0.0), R::rounded(6.0)) / R::rounded(6.0);
            if z <= -three { R::rounded(0.0) } else { z * share }
        };

        /// Keeps what is large.
        HardShrink "hard_shrink" (lambda = 0.5), "z if |z| > lambda, else 0",
        onnx Some("Shrink(lambd = lambda)"), torch Some("Hardshrink(lambda)"),
        fires above Some(0.0), error Accuracy::Exact, [F, R] |z| {
            if z.abs() <= lambda { R::rounded(0.0) } else { z }
        };

        /// Keeps what is large, drawn towards 0.
        SoftShrink "soft_shrink" (lambda = 0.5), "z - lambda if z > lambda, z + lambda if z < -lambda, else 0",
        onnx Some("Shrink(lambd = lambda, bias = lambda)"), torch Some("Softshrink(lambda)"),
        fires above Some(0.0), error Accuracy::Roundings(1), [F, R] |z| {
            let outside = if z > R::rounded(0.0) { z - lambda } else { z + lambda };
            if z.abs() <= lambda { R::rounded(0.0) } else { outside }
        };

        /// What the hyperbolic tangent takes away.
        TanhShrink "tanh_shrink" (), "z - tanh(z)",
        onnx None, torch Some("Tanhshrink"),
        fires above Some(0.0), error measured(1.78, 3.24), [F, R] |z| z.tanh_shrink::<F>();

        /// The exponential.
        Exp "exp" (), "exp(z)",
        onnx Some("Exp"), torch Some("exp"),
        fires above None, error measured(0.74, 1.04), [F, R] |z| z.exp::<F>();

        /// The sine.
        Sin "sin" (), "sin(z)",
        onnx Some("Sin"), torch Some("sin"),
        fires above None, error measured(0.71, 1.50), [F, R] |z| z.sin::<F>();

        /// The cosine.
        Cos "cos" (), "cos(z)",
        onnx Some("Cos"), torch Some("cos"),
        fires above None, error measured(0.73, 1.49), [F, R] |z| z.cos::<F>();

        /// The square.
        Square "square" (), "z²",
        onnx None, torch Some("square"),
        fires above Some(0.0), error Accuracy::Roundings(1), [F, R] |z| z * z;

        /// The cube.
        Cube "cube" (), "z³",
        onnx None, torch None,
        fires above Some(0.0), error Accuracy::Roundings(2), [F, R] |z| z * z * z;

        /// The magnitude.
        Abs "abs" (), "|z|",
        onnx Some("Abs"), torch Some("abs"),
        fires above Some(0.0), error Accuracy::Exact, [F, R] |z| z.abs();

        /// The reciprocal.
        Reciprocal "reciprocal" (), "1 / z",
        onnx Some("Reciprocal"), torch Some("reciprocal"),
        fires above None, error Accuracy::Roundings(1), [F, R] |z| R::rounded(1.0) / z;

        /// The bell curve.
        Gaussian "gaussian" (k = 1.0), "exp(-k·z²)",
        onnx None, torch None,
        fires above None, error measured(0.72, 1.18), [F, R] |z| z.gaussian::<F>(k);
    }
    whole: {
        /// Positive shares of 1.
        Softmax "softmax", "exp(z) / Σ exp(z), over the array",
        onnx Some("Softmax over the last axis"), torch Some("Softmax over the last dimension"),
        error measured(1.65, 1.97), softmax;

        /// The logarithms of softmax.
        LogSoftmax "log_softmax", "z - ln(Σ exp(z)), over the array",
        onnx Some("LogSoftmax over the last axis"), torch Some("LogSoftmax over the last dimension"),
        error measured(1.30, 1.59), log_softmax;

        /// 1 for the first of the largest, 0 for all others.
        Hardmax "hardmax", "1 for the first maximum of the array, else 0",
        onnx Some("Hardmax over the last axis"), torch None,
        error Accuracy::Exact, hardmax;
    }
}

impl Activation {
    /// The row of the activation called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Description> {
        Activation::TABLE.iter().find(|row| row.name == name)
    }

    /// The name in the source.
    #[must_use]
    pub fn name(&self) -> &str {
        match self.declared() {
            Some(declared) => declared.name(),
            None => self.description().map_or("", |row| row.name),
        }
    }

    /// Whether a neuron with this output fires, that is, is above the resting level; none where firing means nothing, as
    /// for one that the source declares.
    #[must_use]
    pub fn fires(&self, output: f64) -> Option<bool> {
        self.description()?.resting_level.map(|level| output > level)
    }

    /// Whether it needs a whole array of neurons.
    #[must_use]
    pub fn is_whole_array(&self) -> bool {
        self.description().is_some_and(|row| row.whole_array)
    }

    /// As in a source: `relu`, `leaky_relu(slope = 0.1)`; parameters at their defaults are left out.
    #[must_use]
    pub fn written(&self) -> String {
        let parameters: Vec<(&str, Option<f64>)> = match self.declared() {
            Some(declared) => declared.parameters().collect(),
            None => {
                let rows = self.description().map_or([].as_slice(), |row| row.parameters);
                rows.iter().map(|parameter| (parameter.name, parameter.default)).collect()
            }
        };
        let given: Vec<String> = std::iter::zip(parameters, self.parameters())
            .filter(|((_, default), value)| default.map(f64::to_bits) != Some(value.to_bits()))
            .map(|((name, _), value)| format!("{name} = {}", crate::numeric::decimal::shortest(value)))
            .collect();
        if given.is_empty() { self.name().to_owned() } else { format!("{}({})", self.name(), given.join(", ")) }
    }
}

/// -1, 0 or 1; NaN for NaN.
#[inline(always)]
pub(crate) fn sign<R: Real>(z: R) -> R {
    let zero = R::rounded(0.0);
    let positive = if z > zero { R::rounded(1.0) } else { zero };
    let value = if z < zero { R::rounded(-1.0) } else { positive };
    if z < zero || z >= zero { value } else { z }
}

/// `z`, at least `lo`, then at most `hi`; NaN for NaN, and `lo` for a zero of the other sign.
#[inline(always)]
fn clipped<R: Real>(z: R, lo: R, hi: R) -> R {
    let raised = if z <= lo { lo } else { z };
    if raised > hi { hi } else { raised }
}

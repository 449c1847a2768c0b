//! The activations: the only file that knows one. Name, parameters, formula and resting level stand in one table.

use crate::numeric::Real;
use crate::numeric::fma::Fused;

/// A parameter of an activation and its default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ActivationParameter {
    /// The name, as in `leaky_relu(slope = 0.1)`.
    pub name: &'static str,
    /// The value if none is given; none where one must be given.
    pub default: Option<f64>,
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
    /// A neuron fires when its output is above this level; none where firing means nothing.
    pub resting_level: Option<f64>,
    /// Whether it needs a whole array of neurons.
    pub whole_array: bool,
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
            $formula:literal, fires above $rest:expr, [$f:ident, $r:ident] |$z:ident| $body:expr;
        )* }
        whole: { $(
            $(#[doc = $whole_doc:literal])*
            $whole:ident $whole_name:literal, $whole_formula:literal, $compute:ident;
        )* }
    ) => {
        /// An activation with its parameters: a function of the net input `z`.
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub enum Activation {
            $($(#[doc = $doc])* $variant { $(
                #[doc = concat!("The parameter `", stringify!($parameter), "`.")]
                $parameter: f64,
            )* },)*
            $($(#[doc = $whole_doc])* $whole,)*
        }

        impl Activation {
            /// Every activation there is.
            pub const TABLE: &[Description] = &[
                $(Description {
                    name: $name,
                    about: concat!($($doc),*),
                    parameters: &[$(ActivationParameter { name: stringify!($parameter), default: default($default) }),*],
                    formula: $formula,
                    resting_level: $rest,
                    whole_array: false,
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
                    resting_level: None,
                    whole_array: true,
                    make: |_| Activation::$whole,
                },)*
            ];

            /// Its row of the table.
            #[must_use]
            pub fn description(&self) -> &'static Description {
                let name = match self {
                    $(Activation::$variant { .. } => $name,)*
                    $(Activation::$whole => $whole_name,)*
                };
                Activation::named(name).expect("every variant has its row")
            }

            /// The values of its parameters, in the table's order.
            #[must_use]
            pub fn parameters(&self) -> Vec<f64> {
                match *self {
                    $(Activation::$variant { $($parameter),* } => vec![$($parameter),*],)*
                    $(Activation::$whole => Vec::new(),)*
                }
            }

            /// The output of one neuron for its net input. An activation of whole arrays leaves it as it is:
            /// [`apply_whole`](Activation::apply_whole) follows.
            #[inline(always)]
            pub(crate) fn apply<F: Fused, R: Real>(&self, z: R) -> R {
                match *self {
                    $(Activation::$variant { $($parameter),* } => {
                        #[inline(always)]
                        #[allow(clippy::extra_unused_type_parameters, reason = "some formulas need no multiply-add")]
                        fn formula<$f: Fused, $r: Real>($z: $r $(, $parameter: $r)*) -> $r { $body }
                        formula::<F, R>(z $(, R::rounded($parameter))*)
                    })*
                    $(Activation::$whole => z,)*
                }
            }

            /// The outputs of a whole array of neurons for their net inputs, in place.
            #[inline(always)]
            pub(crate) fn apply_whole<F: Fused, R: Real>(&self, values: &mut [R]) {
                match self {
                    $(Activation::$variant { .. } => {})*
                    $(Activation::$whole => $compute::<F, R>(values),)*
                }
            }
        }
    };
}

activations! {
    element: {
        /// The net input itself.
        Identity "identity" (), "z", fires above Some(0.0), [F, R] |z| z;

        /// Fires or does not: McCulloch and Pitts (1943). Systems disagree on the value at the threshold: it is a parameter.
        Step "step" (threshold = 0.0, at = 0.0), "1 if z > threshold, at if z = threshold, else 0", fires above Some(0.0),
        [F, R] |z| {
            let above = if z > threshold { R::rounded(1.0) } else { R::rounded(0.0) };
            let value = if z == threshold { at } else { above };
            if z < threshold || z >= threshold { value } else { z }
        };

        /// The sign: -1, 0 or 1 (ONNX Sign).
        Sign "sign" (), "1 if z > 0, -1 if z < 0, else 0", fires above Some(0.0), [F, R] |z| sign(z);

        /// The rectifier (ONNX Relu).
        Relu "relu" (), "z if z > 0, else 0", fires above Some(0.0), [F, R] |z| {
            let zero = R::rounded(0.0);
            if z <= zero { zero } else { z }
        };

        /// The rectifier that leaks (ONNX LeakyRelu).
        LeakyRelu "leaky_relu" (slope = 0.01), "z if z >= 0, else slope·z", fires above Some(0.0), [F, R] |z| {
            if z >= R::rounded(0.0) { z } else { slope * z }
        };

        /// The logistic function (ONNX Sigmoid at slope 1).
        Sigmoid "sigmoid" (slope = 1.0), "1 / (1 + exp(-slope·z))", fires above Some(0.5), [F, R] |z| {
            z.sigmoid_scaled::<F>(slope)
        };

        /// The hyperbolic tangent (ONNX Tanh at slope 1).
        Tanh "tanh" (slope = 1.0), "tanh(slope·z)", fires above Some(0.0), [F, R] |z| z.tanh_scaled::<F>(slope);

        /// The smooth rectifier, exact everywhere (ONNX Softplus at beta 1; PyTorch's becomes z above 20).
        Softplus "softplus" (beta = 1.0), "ln(1 + exp(beta·z)) / beta", fires above None, [F, R] |z| {
            z.softplus_scaled::<F>(beta)
        };

        /// The Gaussian error linear unit in its exact form (ONNX Gelu).
        Gelu "gelu" (), "z·Φ(z), Φ the normal distribution", fires above Some(0.0), [F, R] |z| z.gelu::<F>();

        /// The sigmoid linear unit, or swish (PyTorch SiLU, ONNX Swish).
        Silu "silu" (beta = 1.0), "z / (1 + exp(-beta·z))", fires above Some(0.0), [F, R] |z| {
            // Far below 0 the sigmoid alone would be subnormal: there it is e^(beta·z), taken in two halves.
            let argument = beta * z;
            let half = (R::rounded(0.5) * argument).exp::<F>();
            let near = z * z.sigmoid_scaled::<F>(beta);
            let far = if half == R::rounded(0.0) { -half } else { z * half * half };
            if argument < R::rounded(-38.0) { far } else { near }
        };

        /// The exponential linear unit (ONNX Elu).
        Elu "elu" (alpha = 1.0), "z if z >= 0, else alpha·(exp(z) - 1)", fires above Some(0.0), [F, R] |z| {
            if z >= R::rounded(0.0) { z } else { alpha * z.expm1::<F>() }
        };

        /// The rational sigmoid (ONNX Softsign).
        Softsign "softsign" (), "z / (1 + |z|)", fires above Some(0.0), [F, R] |z| {
            // From 2^60 on the quotient is 1 in both precisions; infinities would make it NaN.
            if z.abs() > R::rounded(1_152_921_504_606_846_976.0) { sign(z) } else { z / (R::rounded(1.0) + z.abs()) }
        };

        /// The rectifier with a threshold (ONNX ThresholdedRelu).
        ThresholdedRelu "thresholded_relu" (theta = 1.0), "z if z > theta, else 0", fires above Some(0.0), [F, R] |z| {
            if z <= theta { R::rounded(0.0) } else { z }
        };

        /// The rectifier that saturates at 6 (PyTorch ReLU6, ONNX Clip).
        Relu6 "relu6" (), "0 if z <= 0, 6 if z > 6, else z", fires above Some(0.0), [F, R] |z| {
            clipped(z, R::rounded(0.0), R::rounded(6.0))
        };

        /// The self-normalising exponential linear unit (ONNX Selu, with PyTorch's doubles as constants).
        Selu "selu" (), "1.0507009873554805·(z if z >= 0, else 1.6732632423543772·(exp(z) - 1))", fires above Some(0.0),
        [F, R] |z| {
            let inner = if z >= R::rounded(0.0) { z } else { R::rounded(1.673_263_242_354_377_2) * z.expm1::<F>() };
            R::rounded(1.050_700_987_355_480_5) * inner
        };

        /// The continuously differentiable exponential linear unit (ONNX Celu).
        Celu "celu" (alpha = 1.0), "z if z >= 0, else alpha·(exp(z/alpha) - 1)", fires above Some(0.0), [F, R] |z| {
            if z >= R::rounded(0.0) { z } else { alpha * (z / alpha).expm1::<F>() }
        };

        /// The logistic function in three straight pieces (ONNX HardSigmoid; PyTorch's has alpha = 1/6).
        HardSigmoid "hard_sigmoid" (alpha = 0.2, beta = 0.5), "alpha·z + beta, at least 0 and at most 1", fires above Some(0.5),
        [F, R] |z| clipped(alpha.fused::<F>(z, beta), R::rounded(0.0), R::rounded(1.0));

        /// The logarithm of the logistic function (PyTorch LogSigmoid).
        LogSigmoid "log_sigmoid" (), "-ln(1 + exp(-z))", fires above None, [F, R] |z| {
            -(-z).softplus_scaled::<F>(R::rounded(1.0))
        };

        /// The hyperbolic tangent in three straight pieces (PyTorch Hardtanh, ONNX Clip).
        HardTanh "hard_tanh" (lo = -1.0, hi = 1.0), "z, at least lo and at most hi", fires above Some(0.0), [F, R] |z| {
            clipped(z, lo, hi)
        };

        /// The hyperbolic tangent with both scales (ONNX's ScaledTanh of recurrent networks).
        ScaledTanh "scaled_tanh" (a = REQUIRED, b = REQUIRED), "a·tanh(b·z)", fires above Some(0.0), [F, R] |z| {
            a * z.tanh_scaled::<F>(b)
        };

        /// The Gaussian error linear unit by a hyperbolic tangent (ONNX Gelu with approximate = tanh).
        GeluTanh "gelu_tanh" (), "z/2·(1 + tanh(√(2/π)·(z + 0.044715·z³)))", fires above Some(0.0), [F, R] |z| z.gelu_tanh::<F>();

        /// A smooth, self-regularised rectifier (ONNX Mish).
        Mish "mish" (), "z·tanh(ln(1 + exp(z)))", fires above Some(0.0), [F, R] |z| z.mish::<F>();

        /// Swish in straight and square pieces (ONNX HardSwish).
        HardSwish "hard_swish" (), "0 if z <= -3, z if z >= 3, else z·(z + 3)/6", fires above Some(0.0), [F, R] |z| {
            let three = R::rounded(3.0);
            let share = clipped(z + three, R::rounded(0.0), R::rounded(6.0)) / R::rounded(6.0);
            if z <= -three { R::rounded(0.0) } else { z * share }
        };

        /// Keeps what is large (PyTorch Hardshrink, ONNX Shrink).
        HardShrink "hard_shrink" (lambda = 0.5), "z if |z| > lambda, else 0", fires above Some(0.0), [F, R] |z| {
            if z.abs() <= lambda { R::rounded(0.0) } else { z }
        };

        /// Keeps what is large, drawn towards 0 (PyTorch Softshrink, ONNX Shrink with bias).
        SoftShrink "soft_shrink" (lambda = 0.5), "z - lambda if z > lambda, z + lambda if z < -lambda, else 0", fires above Some(0.0),
        [F, R] |z| {
            let outside = if z > R::rounded(0.0) { z - lambda } else { z + lambda };
            if z.abs() <= lambda { R::rounded(0.0) } else { outside }
        };

        /// What the hyperbolic tangent takes away (PyTorch Tanhshrink).
        TanhShrink "tanh_shrink" (), "z - tanh(z)", fires above Some(0.0), [F, R] |z| z.tanh_shrink::<F>();

        /// The exponential (ONNX Exp).
        Exp "exp" (), "exp(z)", fires above None, [F, R] |z| z.exp::<F>();

        /// The sine (ONNX Sin).
        Sin "sin" (), "sin(z)", fires above None, [F, R] |z| z.sin::<F>();

        /// The cosine (ONNX Cos).
        Cos "cos" (), "cos(z)", fires above None, [F, R] |z| z.cos::<F>();

        /// The square.
        Square "square" (), "z²", fires above Some(0.0), [F, R] |z| z * z;

        /// The cube.
        Cube "cube" (), "z³", fires above Some(0.0), [F, R] |z| z * z * z;

        /// The magnitude (ONNX Abs).
        Abs "abs" (), "|z|", fires above Some(0.0), [F, R] |z| z.abs();

        /// The reciprocal (ONNX Reciprocal).
        Reciprocal "reciprocal" (), "1 / z", fires above None, [F, R] |z| R::rounded(1.0) / z;

        /// The bell curve.
        Gaussian "gaussian" (k = 1.0), "exp(-k·z²)", fires above None, [F, R] |z| z.gaussian::<F>(k);
    }
    whole: {
        /// Positive shares of 1 (ONNX Softmax over the last axis).
        Softmax "softmax", "exp(z) / Σ exp(z), over the array", softmax;

        /// The logarithms of softmax (ONNX LogSoftmax over the last axis).
        LogSoftmax "log_softmax", "z - ln(Σ exp(z)), over the array", log_softmax;

        /// 1 for the first of the largest, 0 for all others (ONNX Hardmax over the last axis).
        Hardmax "hardmax", "1 for the first maximum of the array, else 0", hardmax;
    }
}

impl Activation {
    /// The row of the activation called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Description> {
        Activation::TABLE.iter().find(|row| row.name == name)
    }

    /// Whether a neuron with this output fires; none where firing means nothing.
    #[must_use]
    pub fn fires(&self, output: f64) -> Option<bool> {
        self.description().resting_level.map(|level| output > level)
    }

    /// Whether it needs a whole array of neurons.
    #[must_use]
    pub fn is_whole_array(&self) -> bool {
        self.description().whole_array
    }

    /// As in a source: `relu`, `leaky_relu(slope = 0.1)`; parameters at their defaults are left out.
    #[must_use]
    pub fn written(&self) -> String {
        let row = self.description();
        let values = self.parameters();
        let given: Vec<String> = std::iter::zip(row.parameters, values)
            .filter(|(parameter, value)| parameter.default.map(f64::to_bits) != Some(value.to_bits()))
            .map(|(parameter, value)| format!("{} = {}", parameter.name, crate::numeric::decimal::shortest(value)))
            .collect();
        if given.is_empty() { row.name.to_owned() } else { format!("{}({})", row.name, given.join(", ")) }
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

/// The place of the first of the largest; none if there is a NaN or nothing.
#[inline(always)]
fn first_largest<R: Real>(values: &[R]) -> Option<usize> {
    let mut largest = 0;
    for (place, value) in values.iter().enumerate() {
        if value.widened().is_nan() {
            return None;
        }
        largest = if *value > values[largest] { place } else { largest };
    }
    (!values.is_empty()).then_some(largest)
}

/// Shares of 1: the largest is subtracted first, so that nothing overflows; the sum runs in order and keeps what its
/// roundings lose, so that its error does not grow with the array.
#[inline(always)]
fn softmax<F: Fused, R: Real>(values: &mut [R]) {
    let Some(place) = first_largest(values) else { return values.fill(R::rounded(f64::NAN)) };
    let largest = values[place];
    let (mut sum, mut lost) = (R::rounded(0.0), R::rounded(0.0));
    for value in values.iter_mut() {
        *value = (*value - largest).exp::<F>();
        let rounded = sum + *value;
        // What the addition lost, exactly: Knuth, "The Art of Computer Programming", volume 2, 4.2.2, theorem B.
        let addend = rounded - sum;
        lost = lost + ((sum - (rounded - addend)) + (*value - addend));
        sum = rounded;
    }
    let sum = sum + lost;
    for value in values.iter_mut() {
        *value = *value / sum;
    }
}

/// The largest is subtracted first and left out of the sum, so that its own logarithm is right near 0.
#[inline(always)]
fn log_softmax<F: Fused, R: Real>(values: &mut [R]) {
    let Some(place) = first_largest(values) else { return values.fill(R::rounded(f64::NAN)) };
    let largest = values[place];
    let mut others = R::rounded(0.0);
    for (index, value) in values.iter_mut().enumerate() {
        *value = *value - largest;
        let share = value.exp::<F>();
        others = others + if index == place { R::rounded(0.0) } else { share };
    }
    let logarithm = others.log1p::<F>();
    for value in values.iter_mut() {
        *value = *value - logarithm;
    }
}

#[inline(always)]
#[expect(clippy::extra_unused_type_parameters, reason = "called as the others are")]
fn hardmax<F: Fused, R: Real>(values: &mut [R]) {
    let Some(place) = first_largest(values) else { return values.fill(R::rounded(f64::NAN)) };
    values.fill(R::rounded(0.0));
    values[place] = R::rounded(1.0);
}

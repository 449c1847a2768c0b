//! The activations: the only file that knows one. Name, parameters, formula and resting level stand in one table.

use crate::numeric::Real;
use crate::numeric::fma::Fused;

/// A parameter of an activation and its default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ActivationParameter {
    /// The name, as in `leaky_relu(slope = 0.1)`.
    pub name: &'static str,
    /// The value if none is given.
    pub default: f64,
}

/// One row of the table: what an activation is called, takes and computes.
#[derive(Debug, Clone, Copy)]
pub struct Description {
    /// The name in the source.
    pub name: &'static str,
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

    /// The activation with its defaults.
    #[must_use]
    pub fn with_defaults(&self) -> Activation {
        let defaults: Vec<f64> = self.parameters.iter().map(|parameter| parameter.default).collect();
        self.with(&defaults)
    }
}

macro_rules! activations {
    (
        element: { $(
            $(#[$doc:meta])*
            $variant:ident $name:literal ($($parameter:ident = $default:expr),*),
            $formula:literal, fires above $rest:expr, [$f:ident, $r:ident] |$z:ident| $body:expr;
        )* }
        whole: { $(
            $(#[$whole_doc:meta])*
            $whole:ident $whole_name:literal, $whole_formula:literal, $compute:ident;
        )* }
    ) => {
        /// An activation with its parameters: a function of the net input `z`.
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub enum Activation {
            $($(#[$doc])* $variant { $(
                #[doc = concat!("The parameter `", stringify!($parameter), "`.")]
                $parameter: f64,
            )* },)*
            $($(#[$whole_doc])* $whole,)*
        }

        impl Activation {
            /// Every activation there is.
            pub const TABLE: &[Description] = &[
                $(Description {
                    name: $name,
                    parameters: &[$(ActivationParameter { name: stringify!($parameter), default: $default }),*],
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

        /// Fires or does not: McCulloch and Pitts (1943); the value on the threshold is a parameter because systems disagree.
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

        /// The smooth rectifier, exact everywhere (ONNX Softplus at beta 1).
        Softplus "softplus" (beta = 1.0), "ln(1 + exp(beta·z)) / beta", fires above None, [F, R] |z| {
            z.softplus_scaled::<F>(beta)
        };

        /// The Gaussian error linear unit in its exact form (ONNX Gelu).
        Gelu "gelu" (), "z·Φ(z), Φ the normal distribution", fires above Some(0.0), [F, R] |z| z.gelu::<F>();
    }
    whole: {
        /// Positive shares of 1 (ONNX Softmax over the last axis).
        Softmax "softmax", "exp(z) / Σ exp(z), over the array", softmax;
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
            .filter(|(parameter, value)| parameter.default.to_bits() != value.to_bits())
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

/// Shares of 1: the largest is subtracted first, so that nothing overflows; the sum runs in order.
#[inline(always)]
fn softmax<F: Fused, R: Real>(values: &mut [R]) {
    let Some(mut largest) = values.first().copied() else { return };
    for value in values.iter() {
        largest = if *value > largest { *value } else { largest };
    }
    let mut sum = R::rounded(0.0);
    for value in values.iter_mut() {
        *value = (*value - largest).exp::<F>();
        sum = sum + *value;
    }
    for value in values.iter_mut() {
        *value = *value / sum;
    }
}

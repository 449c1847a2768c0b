//! The operators and scalar functions of the language: name, parameters and formula stand in one table, which constant
//! expressions and the formulas of activations both read.

use crate::ast::{Comparison, Operator};
use crate::numeric::Real;
use crate::numeric::fma::Fused;

macro_rules! functions {
    (
        operators: { $(
            $(#[doc = $operator_doc:literal])*
            $operator:ident $mark:literal ($($operand:ident),*), [$of:ident, $or:ident] $operator_body:expr;
        )* }
        functions: { $(
            $(#[doc = $doc:literal])*
            $variant:ident $name:literal ($($parameter:ident),*), [$f:ident, $r:ident] $body:expr;
        )* }
    ) => {
        /// What makes one number of one to three: an operator, or a function that is no activation.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Function {
            $($(#[doc = $operator_doc])* $operator,)*
            $($(#[doc = $doc])* $variant,)*
        }

        impl Function {
            /// Every function that is called by its name.
            pub const TABLE: &[Function] = &[$(Function::$variant),*];

            /// The name or the mark in the source.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Function::$operator => $mark,)*
                    $(Function::$variant => $name,)*
                }
            }

            /// What it gives, in a sentence.
            #[must_use]
            pub fn about(self) -> &'static str {
                match self {
                    $(Function::$operator => concat!($($operator_doc),*),)*
                    $(Function::$variant => concat!($($doc),*),)*
                }
            }

            /// The parameters, in order.
            #[must_use]
            pub fn parameters(self) -> &'static [&'static str] {
                match self {
                    $(Function::$operator => &[$(stringify!($operand)),*],)*
                    $(Function::$variant => &[$(stringify!($parameter)),*],)*
                }
            }

            /// Its value; operands behind its parameters are not read.
            #[inline(always)]
            pub(crate) fn apply<F: Fused, R: Real>(self, operands: [R; 3]) -> R {
                match self {
                    $(Function::$operator => {
                        #[inline(always)]
                        #[allow(clippy::extra_unused_type_parameters, reason = "some formulas need no multiply-add")]
                        fn formula<$of: Fused, $or: Real>($($operand: $or),*) -> $or { $operator_body }
                        let [$($operand,)* ..] = operands;
                        formula::<F, R>($($operand),*)
                    })*
                    $(Function::$variant => {
                        #[inline(always)]
                        #[allow(clippy::extra_unused_type_parameters, reason = "some formulas need no multiply-add")]
                        fn formula<$f: Fused, $r: Real>($($parameter: $r),*) -> $r { $body }
                        let [$($parameter,)* ..] = operands;
                        formula::<F, R>($($parameter),*)
                    })*
                }
            }
        }
    };
}

functions! {
    operators: {
        /// The sum.
        Add "+" (x, y), [F, R] x + y;
        /// The difference.
        Subtract "-" (x, y), [F, R] x - y;
        /// The product.
        Multiply "*" (x, y), [F, R] x * y;
        /// The quotient.
        Divide "/" (x, y), [F, R] x / y;
        /// The power; a square is the product, so that it is exact where a product is.
        Power "^" (x, y), [F, R] {
            let power = x.pow::<F>(y);
            if y == R::rounded(2.0) { x * x } else { power }
        };
        /// The number with the other sign.
        Negate "-" (x), [F, R] -x;
        /// 1 if it is less, else 0; 0 with NaN.
        Less "<" (x, y), [F, R] truth(x < y);
        /// 1 if it is less or equal, else 0; 0 with NaN.
        LessOrEqual "<=" (x, y), [F, R] truth(x <= y);
        /// 1 if it is greater, else 0; 0 with NaN.
        Greater ">" (x, y), [F, R] truth(x > y);
        /// 1 if it is greater or equal, else 0; 0 with NaN.
        GreaterOrEqual ">=" (x, y), [F, R] truth(x >= y);
        /// 1 if both are equal, else 0; 0 with NaN.
        Equal "==" (x, y), [F, R] truth(x == y);
        /// 1 if both differ, else 0; 1 with NaN.
        NotEqual "!=" (x, y), [F, R] truth(x != y);
    }
    functions: {
        /// The natural logarithm.
        Ln "ln" (x), [F, R] x.ln::<F>();
        /// The binary logarithm.
        Log2 "log2" (x), [F, R] x.log2::<F>();
        /// The square root.
        Sqrt "sqrt" (x), [F, R] x.sqrt();
        /// The smaller; NaN if one of them is, and -0 is below +0.
        Min "min" (x, y), [F, R] smaller(x, y);
        /// The larger; NaN if one of them is, and -0 is below +0.
        Max "max" (x, y), [F, R] -smaller(-x, -y);
        /// `x`, at most `hi`, then at least `lo`; NaN if one of them is.
        Clamp "clamp" (x, lo, hi), [F, R] -smaller(-smaller(x, hi), -lo);
        /// The largest integer that is not above `x`.
        Floor "floor" (x), [F, R] x.floor::<F>();
        /// The smallest integer that is not below `x`.
        Ceil "ceil" (x), [F, R] x.ceil::<F>();
        /// The hyperbolic sine.
        Sinh "sinh" (x), [F, R] x.sinh::<F>();
        /// The hyperbolic cosine.
        Cosh "cosh" (x), [F, R] x.cosh::<F>();
        /// The angle in radians whose tangent is `x`.
        Atan "atan" (x), [F, R] x.atan::<F>();
        /// The error function.
        Erf "erf" (x), [F, R] x.erf::<F>();
        /// `b` if `c` is 0, NaN if it is NaN, else `a`; both are computed.
        If "if" (c, a, b), [F, R] {
            let chosen = if c == R::rounded(0.0) { b } else { a };
            if c.is_nan() { c } else { chosen }
        };
    }
}

impl Function {
    /// The function called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Function> {
        Function::TABLE.iter().copied().find(|function| function.name() == name)
    }
}

impl From<Operator> for Function {
    fn from(operator: Operator) -> Function {
        match operator {
            Operator::Add => Function::Add,
            Operator::Subtract => Function::Subtract,
            Operator::Multiply => Function::Multiply,
            Operator::Divide => Function::Divide,
        }
    }
}

impl From<Comparison> for Function {
    fn from(comparison: Comparison) -> Function {
        match comparison {
            Comparison::Less => Function::Less,
            Comparison::LessOrEqual => Function::LessOrEqual,
            Comparison::Greater => Function::Greater,
            Comparison::GreaterOrEqual => Function::GreaterOrEqual,
            Comparison::Equal => Function::Equal,
            Comparison::NotEqual => Function::NotEqual,
        }
    }
}

#[inline(always)]
fn truth<R: Real>(holds: bool) -> R {
    R::rounded(if holds { 1.0 } else { 0.0 })
}

/// The smaller; NaN if one is NaN; -0 < +0.
#[inline(always)]
fn smaller<R: Real>(x: R, y: R) -> R {
    // A NaN in `y` compares as neither and is taken.
    let first = (x < y) | ((x == y) & x.is_sign_negative()) | x.is_nan();
    if first { x } else { y }
}

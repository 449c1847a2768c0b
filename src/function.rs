//! The operators and scalar functions of the language: name, parameters and formula stand in one table, which constant
//! expressions and the formulas of activations both read.

use crate::ast::{Comparison, Operator};
use crate::numeric::Real;
use crate::numeric::fma::Fused;

/// A formula of up to three operands; it does not read those that it has no name for.
pub(crate) trait Pointwise {
    /// Its value. Must be `#[inline(always)]`, to be compiled with the instructions of what uses it.
    fn of<F: Fused, R: Real>(operands: [R; 3]) -> R;
}

/// What is done with a formula that is chosen while the program runs: chosen once, it can be used for many values.
pub(crate) trait Use {
    type Output;
    /// Must be `#[inline(always)]`, as [`Pointwise::of`].
    fn formula<P: Pointwise>(self) -> Self::Output;
}

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

            /// Does `what` with its formula.
            #[inline(always)]
            pub(crate) fn choose<U: Use>(self, what: U) -> U::Output {
                match self {
                    $(Function::$operator => {
                        struct Here;
                        impl Pointwise for Here {
                            #[inline(always)]
                            fn of<$of: Fused, $or: Real>(operands: [$or; 3]) -> $or {
                                let [$($operand,)* ..] = operands;
                                $operator_body
                            }
                        }
                        what.formula::<Here>()
                    })*
                    $(Function::$variant => {
                        struct Here;
                        impl Pointwise for Here {
                            #[inline(always)]
                            fn of<$f: Fused, $r: Real>(operands: [$r; 3]) -> $r {
                                let [$($parameter,)* ..] = operands;
                                $body
                            }
                        }
                        what.formula::<Here>()
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

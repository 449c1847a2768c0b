//! An activation made ready for many rows: its constants in the precision of the evaluation, its formula chosen once for
//! all of them.

use std::marker::PhantomData;

use super::formula::Operation;
use super::{Activation, Element};
use crate::function::{Pointwise, Use};
use crate::numeric::Real;
use crate::numeric::fma::Fused;
use crate::numeric::lanes::{LANES, Lanes};

/// An activation with its constants rounded once to the precision `R`.
#[derive(Debug, Clone)]
pub(crate) enum Ready<R> {
    /// Leaves the net inputs as they are: one of whole arrays follows.
    Later,
    /// A built-in one with its parameters.
    Element(Element, [R; 2]),
    /// A declared one.
    Formula { constants: Vec<R>, operations: Vec<Operation> },
}

/// Sums of neighbouring neurons in several panels of rows.
pub(crate) struct Many<'a, R> {
    /// All values of all panels.
    pub(crate) values: &'a mut [Lanes<R>],
    /// How many values a panel has.
    pub(crate) panel: usize,
    /// The first neuron's place in a panel.
    pub(crate) first: usize,
    /// What is added to each neuron's sum.
    pub(crate) biases: &'a [R],
}

impl Activation {
    /// The activation for evaluations in the precision `R`.
    pub(crate) fn ready<R: Real>(&self) -> Ready<R> {
        match (self.declared(), self.element()) {
            (Some(declared), _) => {
                let formula = declared.formula();
                let constants = formula.constants.iter().map(|constant| R::rounded(*constant)).collect();
                Ready::Formula { constants, operations: formula.operations.clone() }
            }
            (None, Some((element, parameters))) => Ready::Element(element, parameters),
            (None, None) => Ready::Later,
        }
    }
}

impl<R: Real> Ready<R> {
    /// Adds its bias to each sum and makes the neuron's output of that, as
    /// [`apply`](Activation::apply) does for one. `made` is only for its memory.
    #[inline(always)]
    pub(crate) fn apply<F: Fused>(&self, many: Many<'_, R>, made: &mut Vec<Lanes<R>>) {
        match self {
            Ready::Later => {
                for panel in many.values.chunks_exact_mut(many.panel) {
                    let sums = &mut panel[many.first..many.first + many.biases.len()];
                    for (sum, bias) in std::iter::zip(sums, many.biases) {
                        for lane in &mut sum.0 {
                            *lane = *lane + *bias;
                        }
                    }
                }
            }
            Ready::Element(element, parameters) => {
                element.choose(Outputs::<F, R> { many, parameters: *parameters, fused: PhantomData });
            }
            // No closures: only what is inlined is compiled with the path's instructions.
            Ready::Formula { constants, operations } => {
                for panel in many.values.chunks_exact_mut(many.panel) {
                    let sums = &mut panel[many.first..many.first + many.biases.len()];
                    for (sum, bias) in std::iter::zip(sums, many.biases) {
                        made.clear();
                        for lane in &mut sum.0 {
                            *lane = *lane + *bias;
                        }
                        made.push(*sum);
                        for constant in constants {
                            made.push(Lanes::all(*constant));
                        }
                        for Operation { what, operands: [x, y, z] } in operations {
                            let operands = [made[*x as usize], made[*y as usize], made[*z as usize]];
                            made.push(what.choose(Each::<F, R> { operands, fused: PhantomData }));
                        }
                        *sum = made[made.len() - 1];
                    }
                }
            }
        }
    }
}

/// Outputs for sums, in place.
struct Outputs<'a, F, R> {
    many: Many<'a, R>,
    parameters: [R; 2],
    fused: PhantomData<F>,
}

impl<F: Fused, R: Real> Use for Outputs<'_, F, R> {
    type Output = ();

    #[inline(always)]
    fn formula<P: Pointwise>(self) {
        let [first, second] = self.parameters;
        for panel in self.many.values.chunks_exact_mut(self.many.panel) {
            let sums = &mut panel[self.many.first..self.many.first + self.many.biases.len()];
            for (sum, bias) in std::iter::zip(sums, self.many.biases) {
                for sum in &mut sum.0 {
                    *sum = P::of::<F, R>([*sum + *bias, first, second]);
                }
            }
        }
    }
}

/// The value of one operation for each row.
struct Each<F, R> {
    operands: [Lanes<R>; 3],
    fused: PhantomData<F>,
}

impl<F: Fused, R: Real> Use for Each<F, R> {
    type Output = Lanes<R>;

    #[inline(always)]
    fn formula<P: Pointwise>(self) -> Lanes<R> {
        let [x, y, z] = self.operands;
        let mut made = x;
        for lane in 0..LANES {
            made.0[lane] = P::of::<F, R>([x.0[lane], y.0[lane], z.0[lane]]);
        }
        made
    }
}

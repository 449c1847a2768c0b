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
    /// A built-in one whose slope is 1.
    AtOne(AtOne),
    /// A declared one.
    Formula { constants: Vec<R>, operations: Vec<Operation> },
}

/// Activations that take fewer steps to the same bits where their slope is 1.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AtOne {
    Sigmoid,
    Tanh,
}

impl AtOne {
    fn of<R: Real>(element: Element, slope: R) -> Option<AtOne> {
        let forms = [(Element::Sigmoid, AtOne::Sigmoid), (Element::Tanh, AtOne::Tanh)];
        let found = forms.into_iter().find(|(general, _)| *general == element && slope == R::rounded(1.0));
        found.map(|(_, form)| form)
    }
}

struct Sigmoid;
impl Pointwise for Sigmoid {
    #[inline(always)]
    fn of<F: Fused, R: Real>([z, ..]: [R; 3]) -> R {
        z.sigmoid::<F>()
    }
}

struct Tanh;
impl Pointwise for Tanh {
    #[inline(always)]
    fn of<F: Fused, R: Real>([z, ..]: [R; 3]) -> R {
        z.tanh::<F>()
    }
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
            (None, Some((element, parameters))) => {
                AtOne::of(element, parameters[0]).map_or(Ready::Element(element, parameters), Ready::AtOne)
            }
            (None, None) => Ready::Later,
        }
    }
}

impl<R: Real> Ready<R> {
    /// Whether the net inputs are the outputs, or those of whole arrays follow.
    pub(crate) fn leaves_alone(&self) -> bool {
        matches!(self, Ready::Later | Ready::Element(Element::Identity, _))
    }

    /// Whether what is below or at 0 becomes 0, and all else stays.
    pub(crate) fn rectifies(&self) -> bool {
        matches!(self, Ready::Element(Element::Relu, _))
    }

    /// Makes outputs of net inputs, [`LANES`] of each neuron, as [`apply`](Activation::apply) does of one. `made` is only
    /// for its memory.
    #[inline(always)]
    pub(crate) fn apply<F: Fused>(&self, net_inputs: &mut [R], made: &mut Vec<Lanes<R>>) {
        match self {
            Ready::Later => {}
            Ready::Element(element, parameters) => {
                element.choose(Outputs::<F, R> { net_inputs, parameters: *parameters, fused: PhantomData });
            }
            Ready::AtOne(AtOne::Sigmoid) => {
                Outputs::<F, R> { net_inputs, parameters: [R::rounded(0.0); 2], fused: PhantomData }
                    .formula::<Sigmoid>();
            }
            Ready::AtOne(AtOne::Tanh) => {
                Outputs::<F, R> { net_inputs, parameters: [R::rounded(0.0); 2], fused: PhantomData }.formula::<Tanh>();
            }
            // No closures: only what is inlined is compiled with the path's instructions.
            Ready::Formula { constants, operations } => {
                for net_input in net_inputs.as_chunks_mut::<LANES>().0 {
                    made.clear();
                    made.push(Lanes(*net_input));
                    for constant in constants {
                        made.push(Lanes::all(*constant));
                    }
                    for Operation { what, operands: [x, y, z] } in operations {
                        let operands = [made[*x as usize], made[*y as usize], made[*z as usize]];
                        made.push(what.choose(Each::<F, R> { operands, fused: PhantomData }));
                    }
                    *net_input = made[made.len() - 1].0;
                }
            }
        }
    }
}

/// Outputs for net inputs, in place: one long loop, which the compiler makes wide.
struct Outputs<'a, F, R> {
    net_inputs: &'a mut [R],
    parameters: [R; 2],
    fused: PhantomData<F>,
}

impl<F: Fused, R: Real> Use for Outputs<'_, F, R> {
    type Output = ();

    #[inline(always)]
    fn formula<P: Pointwise>(self) {
        let [first, second] = self.parameters;
        for value in self.net_inputs {
            *value = P::of::<F, R>([*value, first, second]);
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

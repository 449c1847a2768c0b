//! The formula of an activation as a flat list of operations, each of which makes one number of earlier ones.
//!
//! What is called is part of the list, so that nothing is called while it runs; what only constants decide is computed
//! beforehand, in double precision. An evaluation of many rows runs each operation over several of them (`ready.rs`).

use std::marker::PhantomData;

use super::Element;
use crate::function::{Function, Pointwise, Use};
use crate::numeric::Real;
use crate::numeric::fma::{Fused, Software};

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Applied {
    Function(Function),
    Element(Element),
}

impl Applied {
    #[inline(always)]
    fn apply<F: Fused, R: Real>(self, operands: [R; 3]) -> R {
        self.choose(Once::<F, R> { operands, fused: PhantomData })
    }

    /// Does `what` with its formula.
    #[inline(always)]
    pub(super) fn choose<U: Use>(self, what: U) -> U::Output {
        match self {
            Applied::Function(function) => function.choose(what),
            Applied::Element(element) => element.choose(what),
        }
    }
}

/// The value for one set of operands.
struct Once<F, R> {
    operands: [R; 3],
    fused: PhantomData<F>,
}

impl<F: Fused, R: Real> Use for Once<F, R> {
    type Output = R;

    #[inline(always)]
    fn formula<P: Pointwise>(self) -> R {
        P::of::<F, R>(self.operands)
    }
}

/// The value of one function, operator or activation in double precision; operands behind its parameters are not read.
#[inline(never)]
pub(crate) fn applied(what: Applied, operands: [f64; 3]) -> f64 {
    what.apply::<Software, f64>(operands)
}

/// One step of a formula. Operands are numbers of values: first the inputs, then the constants, then what the operations
/// before this one made. Those behind the parameters of `what` are 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Operation {
    pub(super) what: Applied,
    pub(super) operands: [u32; 3],
}

/// A formula: the last operation makes its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Formula {
    /// How many inputs it has: of an activation the net input, then its parameters as long as they have no value.
    inputs: u32,
    pub(super) constants: Vec<f64>,
    /// At least one.
    pub(super) operations: Vec<Operation>,
}

impl Formula {
    /// Its value in double precision for one value an input. `values` is only for its memory.
    pub(crate) fn value(&self, inputs: &[f64], values: &mut Vec<f64>) -> f64 {
        values.clear();
        values.extend_from_slice(inputs);
        values.extend_from_slice(&self.constants);
        let mut last = 0.0;
        for Operation { what, operands } in &self.operations {
            last = applied(*what, operands.map(|operand| values[operand as usize]));
            values.push(last);
        }
        last
    }

    /// The constants, and each operation with the numbers of the values that it reads: first the inputs, then the constants, then
    /// what operations make.
    pub(crate) fn parts(&self) -> (&[f64], impl Iterator<Item = (Applied, &[u32])>) {
        (&self.constants, self.operations.iter().map(|operation| (operation.what, operation.read())))
    }

    /// The formula with values for all inputs but the first.
    pub(super) fn bind(&self, parameters: &[f64]) -> Formula {
        let mut builder = Builder::new(1);
        let inputs: Vec<u32> =
            std::iter::once(0).chain(parameters.iter().map(|value| builder.constant(*value))).collect();
        let value = builder.inline(self, &inputs);
        builder.finish(value)
    }

    /// Puts the input `z` and the constants into `values`; what [`run`] starts with.
    #[inline(always)]
    pub(super) fn begin<R: Real>(&self, z: R, values: &mut Vec<R>) -> (Applied, [R; 3], &[Operation]) {
        values.clear();
        values.push(z);
        values.extend(self.constants.iter().map(|constant| R::rounded(*constant)));
        let (first, rest) = self.operations.split_first().expect("a formula has an operation");
        (first.what, first.operands.map(|operand| values[operand as usize]), rest)
    }
}

/// Runs a first operation and the rest, each of which reads `values` and adds to them.
#[inline(always)]
pub(super) fn run<F: Fused, R: Real>(first: Applied, operands: [R; 3], rest: &[Operation], values: &mut Vec<R>) -> R {
    let (mut what, mut operands, mut rest) = (first, operands, rest.iter());
    loop {
        let value = what.apply::<F, R>(operands);
        let Some(next) = rest.next() else { return value };
        values.push(value);
        what = next.what;
        operands = next.operands.map(|operand| values[operand as usize]);
    }
}

/// A value while a formula is built.
#[derive(Debug, Clone, Copy)]
enum Node {
    Input,
    Constant(f64),
    Operation(Operation),
}

/// Builds a formula, operation by operation; values are numbered in the order in which they are added.
#[derive(Debug)]
pub(crate) struct Builder {
    inputs: u32,
    nodes: Vec<Node>,
}

impl Builder {
    /// Nothing but the inputs, which are the first values.
    pub(crate) fn new(inputs: u32) -> Builder {
        Builder { inputs, nodes: vec![Node::Input; inputs as usize] }
    }

    /// A constant.
    pub(crate) fn constant(&mut self, value: f64) -> u32 {
        self.add(Node::Constant(value))
    }

    /// What an operation makes of earlier values; computed at once if all of them are constants.
    pub(crate) fn apply(&mut self, what: Applied, operands: &[u32]) -> u32 {
        let constants: Vec<f64> = operands.iter().filter_map(|operand| self.known(*operand)).collect();
        if constants.len() == operands.len() {
            let mut all = [0.0; 3];
            all[..constants.len()].copy_from_slice(&constants);
            return self.constant(applied(what, all));
        }
        let (what, operands) = match (what, operands) {
            (Applied::Element(Element::Identity), [operand]) => return *operand,
            // The power computes both; which is chosen is known here.
            (Applied::Function(Function::Power), [base, exponent]) if self.known(*exponent) == Some(2.0) => {
                (Applied::Function(Function::Multiply), [*base, *base, 0])
            }
            (what, operands) => {
                let mut all = [0; 3];
                all[..operands.len()].copy_from_slice(operands);
                (what, all)
            }
        };
        self.add(Node::Operation(Operation { what, operands }))
    }

    /// The value of another formula for these inputs.
    pub(crate) fn inline(&mut self, formula: &Formula, inputs: &[u32]) -> u32 {
        let mut values = Vec::with_capacity(inputs.len() + formula.constants.len() + formula.operations.len());
        values.extend_from_slice(inputs);
        values.extend(formula.constants.iter().map(|constant| self.constant(*constant)));
        for Operation { what, operands } in &formula.operations {
            let operands = operands.map(|operand| values[operand as usize]);
            values.push(self.apply(*what, &operands[..what.arity()]));
        }
        values[values.len() - 1]
    }

    /// The formula whose value is `result`, with nothing in it that the result does not need.
    pub(crate) fn finish(mut self, result: u32) -> Formula {
        if !matches!(self.nodes[result as usize], Node::Operation(_)) {
            let identity = Operation { what: Applied::Element(Element::Identity), operands: [result, 0, 0] };
            self.add(Node::Operation(identity));
        } else {
            self.nodes.truncate(result as usize + 1);
        }
        let mut needed = vec![false; self.nodes.len()];
        needed[self.nodes.len() - 1] = true;
        for (place, node) in self.nodes.iter().enumerate().rev() {
            if let Node::Operation(operation) = node
                && needed[place]
            {
                operation.read().iter().for_each(|operand| needed[*operand as usize] = true);
            }
        }
        self.numbered(&needed)
    }

    /// The needed nodes as a formula, with the numbers that they have there.
    fn numbered(&self, needed: &[bool]) -> Formula {
        let kept = || std::iter::zip(self.nodes.iter().enumerate(), needed).filter(|(_, needed)| **needed);
        let mut formula = Formula { inputs: self.inputs, constants: Vec::new(), operations: Vec::new() };
        let mut numbers: Vec<u32> = (0..self.inputs).collect();
        numbers.resize(self.nodes.len(), 0);
        let mut next = self.inputs;
        for ((place, node), _) in kept() {
            if let Node::Constant(value) = node {
                formula.constants.push(*value);
                numbers[place] = next;
                next += 1;
            }
        }
        for ((place, node), _) in kept() {
            if let Node::Operation(operation) = node {
                let mut operands = [0; 3];
                for (number, operand) in std::iter::zip(&mut operands, operation.read()) {
                    *number = numbers[*operand as usize];
                }
                formula.operations.push(Operation { what: operation.what, operands });
                numbers[place] = next;
                next += 1;
            }
        }
        formula
    }

    /// The value of a constant.
    fn known(&self, value: u32) -> Option<f64> {
        match self.nodes[value as usize] {
            Node::Constant(value) => Some(value),
            Node::Input | Node::Operation(_) => None,
        }
    }

    fn add(&mut self, node: Node) -> u32 {
        self.nodes.push(node);
        u32::try_from(self.nodes.len() - 1).expect("the limit on operations is far below")
    }
}

impl Applied {
    /// How many operands it reads.
    fn arity(self) -> usize {
        match self {
            Applied::Function(function) => function.parameters().len(),
            Applied::Element(element) => 1 + element.parameter_count(),
        }
    }
}

impl Operation {
    /// The operands that it reads.
    fn read(&self) -> &[u32] {
        &self.operands[..self.what.arity()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADD: Applied = Applied::Function(Function::Add);
    const MULTIPLY: Applied = Applied::Function(Function::Multiply);

    /// `(2·p + 1)·z`
    fn line() -> Formula {
        let mut builder = Builder::new(2);
        let (two, one) = (builder.constant(2.0), builder.constant(1.0));
        let slope = builder.apply(MULTIPLY, &[two, 1]);
        let slope = builder.apply(ADD, &[slope, one]);
        let unused = builder.apply(MULTIPLY, &[slope, slope]);
        builder.apply(ADD, &[unused, one]);
        let value = builder.apply(MULTIPLY, &[slope, 0]);
        builder.finish(value)
    }

    #[test]
    fn only_what_is_needed_is_kept() {
        let line = line();
        assert_eq!((line.constants.as_slice(), line.operations.len()), ([2.0, 1.0].as_slice(), 3));
        assert_eq!(line.value(&[10.0, 3.0], &mut Vec::new()), 70.0);
    }

    #[test]
    fn constants_are_computed_once() {
        let bound = line().bind(&[3.0]);
        assert_eq!((bound.constants.as_slice(), bound.operations.len()), ([7.0].as_slice(), 1));
        let mut values = Vec::new();
        let (first, operands, rest) = bound.begin(10.0_f32, &mut values);
        assert_eq!(run::<Software, f32>(first, operands, rest, &mut values), 70.0);
    }

    #[test]
    fn a_square_is_a_product() {
        let mut builder = Builder::new(1);
        let two = builder.constant(2.0);
        let square = builder.apply(Applied::Function(Function::Power), &[0, two]);
        let formula = builder.finish(square);
        assert_eq!(formula.operations, [Operation { what: MULTIPLY, operands: [0, 0, 0] }]);
    }

    #[test]
    fn a_formula_may_compute_nothing() {
        assert_eq!(Builder::new(1).finish(0).value(&[3.0], &mut Vec::new()), 3.0);
        let mut builder = Builder::new(1);
        let half = builder.constant(0.5);
        assert_eq!(builder.finish(half).value(&[3.0], &mut Vec::new()), 0.5);
        let mut outer = Builder::new(1);
        let value = outer.inline(&Builder::new(1).finish(0), &[0]);
        assert_eq!(value, 0);
    }
}

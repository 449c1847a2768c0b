//! Generators as values: what they are given, and the values that they make.

use super::Resolver;
use super::error::MadeError;
use crate::ast::{Expression, ExpressionKind};
use crate::call::Parameters;
use crate::generate::{Fans, Generator};
use crate::network::{GeneratedOrigin, Parameter, ParameterId};
use crate::span::Span;
use crate::value::{Shape, Tensor, ValueError};

/// A generator with its arguments, as a VALUE states it.
#[derive(Debug)]
pub(super) struct Generated {
    pub(super) name: String,
    generator: Generator,
    /// The arguments but the seed.
    numbers: Vec<f64>,
    seed: u64,
    pub(super) at: Span,
}

impl Generated {
    /// What is remembered of it with the values.
    pub(super) fn origin(&self) -> GeneratedOrigin {
        GeneratedOrigin { generator: self.name.clone(), arguments: self.numbers.clone(), seed: self.seed }
    }
}

impl Resolver<'_> {
    /// The generator that a VALUE is, if it is one; the inner option is none after an error in its arguments.
    pub(super) fn generator(&mut self, value: &Expression) -> Option<Option<Generated>> {
        match &value.kind {
            ExpressionKind::Parenthesised(inner) => self.generator(inner),
            ExpressionKind::Call(name, arguments) => {
                let generator = Generator::named(&name.text)?;
                // A declared activation hides the generator of its name.
                if self.scope.activation(&name.text).is_some() || self.scope.is_broken(&name.text) {
                    return None;
                }
                let list = generator.parameters().iter().map(|name| (*name, None)).collect();
                let parameters = Parameters { name: &name.text, list, written: None };
                let bound = parameters.bind_seeded(arguments, value.span);
                let Some(bound) = self.valued(bound.map_err(ValueError::from)) else { return Some(None) };
                let given: Vec<&Expression> = bound.iter().flatten().map(|argument| &argument.value).collect();
                Some(self.arguments(generator, name.text.clone(), &given, value.span))
            }
            ExpressionKind::Number(_)
            | ExpressionKind::Numbers(_)
            | ExpressionKind::Pi
            | ExpressionKind::Truth(_)
            | ExpressionKind::Text(_)
            | ExpressionKind::Reference(_)
            | ExpressionKind::List(_)
            | ExpressionKind::Signed(..)
            | ExpressionKind::Chain(..)
            | ExpressionKind::Power(..)
            | ExpressionKind::Compare(..) => None,
        }
    }

    /// The arguments' values; the seed is the last one.
    fn arguments(&mut self, generator: Generator, name: String, given: &[&Expression], at: Span) -> Option<Generated> {
        let (seed, others) = given.split_last().expect("every generator has a seed");
        let numbers: Vec<_> = others.iter().map(|number| self.consts().number(number, "an argument")).collect();
        let numbers: Vec<Option<f64>> = numbers.into_iter().map(|number| self.valued(number)).collect();
        let seed = self.consts().count(seed, "a seed", 0);
        let seed = self.valued(seed);
        let numbers = numbers.into_iter().collect::<Option<Vec<f64>>>()?;
        let wrong = match (generator, numbers.as_slice()) {
            (Generator::Uniform, [lo, hi]) if lo >= hi => Some(("hi", "a number above `lo`", *hi)),
            (Generator::Normal, [_, std]) if *std < 0.0 => Some(("std", "a standard deviation, 0 or more", *std)),
            _ => None,
        };
        if let Some((name, wanted, value)) = wrong {
            self.error(MadeError::ArgumentRange { name, wanted, value, at: others[1].span });
            return None;
        }
        if let (Generator::Uniform, [lo, hi]) = (generator, numbers.as_slice())
            && !(hi - lo).is_finite()
        {
            return self.valued(Err(ValueError::NotFinite { value: hi - lo, at }));
        }
        Some(Generated { name, generator, numbers, seed: seed?, at })
    }

    /// As many values as `shape` has, in their order; `fans` are what the synapses join, where that is known. The limit
    /// on values must have been looked at.
    pub(super) fn generated(&mut self, generated: &Generated, shape: Shape, fans: Option<Fans>) -> Option<Tensor> {
        let Generated { generator, numbers, seed, at, .. } = generated;
        let Some(distribution) = generator.distribution(numbers, fans) else {
            self.error(MadeError::GeneratorFans { generator: generated.name.clone(), at: *at });
            return None;
        };
        let values: Vec<f64> = (0..shape.count()? as u64).map(|place| distribution.value(*seed, place)).collect();
        if let Some(value) = values.iter().find(|value| !value.is_finite()) {
            return self.valued(Err(ValueError::NotFinite { value: *value, at: *at }));
        }
        Some(Tensor { shape, values })
    }

    /// A parameter without a name that holds such values, if the limit allows.
    pub(super) fn generated_parameter(
        &mut self,
        generated: &Generated,
        shape: Shape,
        fans: Option<Fans>,
    ) -> Option<ParameterId> {
        let count = shape.count().map(|count| count as u64);
        if !self.room_for_values(count, generated.at) {
            return None;
        }
        let Tensor { shape, values } = self.generated(generated, shape, fans)?;
        let made_by = Some(Box::new(generated.origin()));
        self.parameter(Parameter { generated: made_by, ..Parameter::literal(shape, values, generated.at) })
    }
}

/// What synapses between so many sources and targets have, a matrix of them.
pub(super) fn fans(sources: u64, targets: u64) -> Fans {
    Fans { sources: sources as f64, targets: targets as f64 }
}

/// What the synapses of a matrix of weights have; none of another shape, which does not tell what they join.
pub(super) fn fans_of(shape: Shape) -> Option<Fans> {
    match shape {
        Shape::Matrix(rows, columns) => Some(fans(columns as u64, rows as u64)),
        Shape::Scalar | Shape::Vector(_) => None,
    }
}

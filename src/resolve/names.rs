//! The names of a network as expressions see them.

use std::sync::Arc;

use super::error::{ResolveError, ShapeError};
use super::scope::{Meaning, Scope};
use crate::activation::Template;
use crate::ast::{Name, Reference, Selector};
use crate::call::Callee;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::network::{Parameter, ParameterId, Population, PopulationId, Units};
use crate::span::Span;
use crate::value::{Names, Shape, Tensor, ValueError, evaluate};

/// The names as constant expressions see them.
pub(super) struct Values<'a> {
    pub(super) scope: &'a Scope,
    pub(super) parameters: &'a [Parameter],
    /// What the parameters of the scope are in the table, where that is another network's.
    pub(super) map: Option<&'a [ParameterId]>,
    /// Whether only consts may be read.
    pub(super) consts_only: bool,
    /// How many values a list may have.
    pub(super) room: u64,
    /// How many operations of declared activations all values may take.
    pub(super) computed: u64,
}

impl Names for Values<'_> {
    fn room(&self) -> u64 {
        self.room
    }

    fn value(&self, reference: &Reference) -> Result<Tensor, ValueError> {
        let name = &reference.name;
        let wanted = if self.consts_only { "const" } else { "weight, bias or const" };
        let fits = |meaning: &Meaning| match meaning {
            Meaning::Const(_) => true,
            Meaning::Parameter(..) => !self.consts_only,
            Meaning::Population(..) | Meaning::Output(_) | Meaning::Instance(_) | Meaning::Port { .. } => false,
        };
        let Some(entry) = self.scope.get(&name.text).filter(|entry| fits(&entry.meaning)) else {
            let error = match self.scope.get(&name.text) {
                Some(entry) if self.consts_only && !self.scope.is_broken(&name.text) => {
                    let (is, declared) = (entry.meaning.kind(), entry.declared);
                    Some(ResolveError::NotConst { name: name.text.clone(), is, declared, at: name.span }.report())
                }
                _ => self.scope.unknown(name, wanted, fits),
            };
            return Err(error.map_or(ValueError::Silent, |report| ValueError::Named(Box::new(report))));
        };
        entry.used.set(true);
        match &entry.meaning {
            Meaning::Const(Some(value)) => match &reference.selector {
                None => Ok(Tensor::scalar(*value)),
                Some(_) => {
                    let (name, declared) = (name.text.clone(), entry.declared);
                    Err(named(ShapeError::NotAnArray { name, declared, at: reference.span }))
                }
            },
            Meaning::Parameter(_, Some(id)) => {
                let (shape, values) = self.select(*id, reference, entry.declared)?;
                let parameter = self.parameter(*id);
                Ok(Tensor { shape, values: parameter.values[values].to_vec() })
            }
            Meaning::Const(None)
            | Meaning::Parameter(_, None)
            | Meaning::Population(..)
            | Meaning::Output(_)
            | Meaning::Instance(_)
            | Meaning::Port { .. } => Err(ValueError::Silent),
        }
    }

    fn callee(&self, name: &Name) -> Result<Callee<'_>, ValueError> {
        match self.declared(&name.text) {
            Some(template) => template.map(|template| Callee::Declared(template)).ok_or(ValueError::Silent),
            None if self.scope.is_broken(&name.text) => Err(ValueError::Silent),
            None => Ok(Callee::built_in(name, || self.scope.activation_names().collect())?),
        }
    }

    fn work(&self, operations: u64, at: Span) -> Result<(), ValueError> {
        let computed = self.scope.computed.get().saturating_add(operations);
        let (what, allowed) = ("operations of activations in values", self.computed);
        if computed > allowed {
            let asked = Some(computed).filter(|asked| *asked < u64::MAX);
            let error = ResolveError::Limit { code: Code::E0906, what, asked, allowed, flag: "operations", at };
            return Err(named(error));
        }
        self.scope.computed.set(computed);
        Ok(())
    }
}

impl<'a> Values<'a> {
    /// The declared activation of that name; none where its declaration has an error.
    pub(super) fn declared(&self, name: &str) -> Option<Option<&'a Arc<Template>>> {
        let entry = self.scope.activation(name)?;
        entry.used.set(true);
        Some(entry.template.as_ref())
    }

    /// A parameter of the scope.
    fn parameter(&self, id: ParameterId) -> &'a Parameter {
        let id = self.map.map_or(id, |map| map[id.0 as usize]);
        &self.parameters[id.0 as usize]
    }

    /// The part of a parameter that a reference picks: its shape, and which of the values.
    pub(super) fn select(
        &self,
        id: ParameterId,
        reference: &Reference,
        declared: Span,
    ) -> Result<(Shape, std::ops::Range<usize>), ValueError> {
        let parameter = self.parameter(id);
        let Some(selector) = &reference.selector else { return Ok((parameter.shape, 0..parameter.values.len())) };
        let name = reference.name.text.clone();
        let at = reference.span;
        let size = match parameter.shape {
            Shape::Vector(size) => size,
            Shape::Scalar => return Err(named(ShapeError::NotAnArray { name, declared, at })),
            Shape::Matrix(..) => return Err(named(ShapeError::Matrix { name, declared, at })),
        };
        let size = u32::try_from(size).expect("parameters are limited");
        let range = self.range(selector, &name, size, declared, reference.span)?;
        let shape = match selector {
            Selector::Index(_) => Shape::Scalar,
            Selector::Slice(..) => Shape::Vector(range.len()),
        };
        Ok((shape, range.start as usize..range.end as usize))
    }

    /// The elements that a selector picks from an array of `size`.
    pub(super) fn range(
        &self,
        selector: &Selector,
        name: &str,
        size: u32,
        declared: Span,
        at: Span,
    ) -> Result<std::ops::Range<u32>, ValueError> {
        let outside = |asked| named(ShapeError::OutOfRange { name: name.to_owned(), size, asked, declared, at });
        match selector {
            Selector::Index(index) => {
                let index = self.count(index, "an index", 0)?;
                if index >= u64::from(size) { Err(outside(index as f64)) } else { Ok(index as u32..index as u32 + 1) }
            }
            Selector::Slice(start, end) => {
                let (start, end) = (self.count(start, "an index", 0)?, self.count(end, "an index", 0)?);
                if end <= start {
                    return Err(named(ShapeError::EmptySlice { start, end, at }));
                }
                if end > u64::from(size) {
                    let (name, end) = (name.to_owned(), end);
                    return Err(named(ShapeError::SliceOutside { name, size, start, end, declared, at }));
                }
                Ok(start as u32..end as u32)
            }
        }
    }

    /// A whole number of at least `least`, made of consts.
    pub(super) fn count(
        &self,
        expression: &crate::ast::Expression,
        what: &'static str,
        least: u64,
    ) -> Result<u64, ValueError> {
        let at = expression.span;
        let value = self.number(expression, what)?;
        let whole = value as u64;
        if whole as f64 != value || whole < least || value > 9_007_199_254_740_992.0 {
            return Err(named(ShapeError::NotACount { what, value, at }));
        }
        Ok(whole)
    }

    /// One number, made of consts.
    pub(super) fn number(&self, expression: &crate::ast::Expression, what: &'static str) -> Result<f64, ValueError> {
        let consts = Values { consts_only: true, ..*self };
        let tensor = evaluate(expression, &consts)?;
        if tensor.shape != Shape::Scalar {
            let error = ShapeError::NotSingle { what, shape: tensor.shape, at: expression.span };
            return Err(named(error));
        }
        Ok(tensor.values[0])
    }

    /// What a reference to an output of an instance picks of its parts.
    pub(super) fn parts(
        &self,
        reference: &Reference,
        parts: &[Units],
        is_array: bool,
        declared: Span,
    ) -> Result<Vec<Units>, ValueError> {
        let Some(selector) = &reference.selector else { return Ok(parts.to_vec()) };
        let name = &reference.name.text;
        if !is_array {
            let error = ShapeError::NotAnArray { name: name.clone(), declared, at: reference.span };
            return Err(named(error));
        }
        let size = parts.iter().map(|part| part.count).sum();
        let range = self.range(selector, name, size, declared, reference.span)?;
        Ok(super::instance::pick(parts, range.start, range.end - range.start))
    }

    /// What a reference to inputs or neurons picks.
    pub(super) fn units(
        &self,
        reference: &Reference,
        id: PopulationId,
        population: &Population,
    ) -> Result<Units, ValueError> {
        let whole = Units { population: id, first: 0, count: population.size };
        let Some(selector) = &reference.selector else { return Ok(whole) };
        let (name, declared) = (&population.name, population.origin);
        if !population.is_array {
            let error = ShapeError::NotAnArray { name: name.clone(), declared, at: reference.span };
            return Err(named(error));
        }
        let range = self.range(selector, name, population.size, declared, reference.span)?;
        Ok(Units { population: id, first: range.start, count: range.end - range.start })
    }

    /// The report of a failed value, if it is not made already.
    pub(super) fn reported<T>(result: Result<T, ValueError>, reports: &mut Vec<Diagnostic>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                reports.extend(error.report());
                None
            }
        }
    }
}

/// An error of a name in a value.
pub(super) fn named(error: impl Into<Diagnostic>) -> ValueError {
    ValueError::Named(Box::new(error.into()))
}

//! Activations that a source declares: `activation bent(z, p = 1) = …`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Activation, Formula};
use crate::ast;
use crate::span::Span;

/// A declaration: a formula whose parameters have no values yet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Template {
    pub(crate) name: String,
    /// What it calls the net input.
    pub(crate) input: String,
    /// The parameters behind the net input, with their defaults.
    pub(crate) parameters: Vec<(String, Option<f64>)>,
    /// Its inputs are the net input and the parameters.
    pub(crate) formula: Formula,
    /// How much it costs to put it in the place of a call: its operations as they are written, with those that it
    /// calls, and one for each parameter.
    pub(crate) operations: u64,
    pub(crate) doc: Vec<String>,
    /// The name's place.
    pub(crate) origin: Span,
    /// Its number among all that the program declares, which stand behind those that they call.
    pub(crate) place: usize,
    pub(crate) written: Written,
}

/// What is needed to write a declaration again. What it calls is told by number, so that a long chain of calls is no
/// chain of owners.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Written {
    pub(crate) declaration: ast::Activation,
    /// The consts that the formula reads.
    pub(crate) consts: BTreeMap<String, f64>,
    /// The declared activations that the formula calls, by what it calls them.
    pub(crate) calls: BTreeMap<String, usize>,
}

impl Template {
    /// The activation with these parameters, one for each of [`parameters`](Template::parameters).
    pub(crate) fn with(self: &Arc<Template>, values: Vec<f64>) -> DeclaredActivation {
        let formula = self.formula.bind(&values);
        DeclaredActivation { template: Arc::clone(self), values, formula }
    }
}

/// An activation that a source declares, with its parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct DeclaredActivation {
    template: Arc<Template>,
    /// One a parameter.
    values: Vec<f64>,
    /// Of the net input alone.
    formula: Formula,
}

impl DeclaredActivation {
    /// The name in the source.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.template.name
    }

    /// The parameters behind the net input with their defaults, in order; none where one must be given.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, Option<f64>)> {
        self.template.parameters.iter().map(|(name, default)| (name.as_str(), *default))
    }

    /// The values of the parameters, in order.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The lines that document the declaration.
    #[must_use]
    pub fn doc(&self) -> &[String] {
        &self.template.doc
    }

    /// The name's place in the declaration.
    #[must_use]
    pub fn origin(&self) -> Span {
        self.template.origin
    }

    /// Its declaration.
    pub(crate) fn template(&self) -> &Template {
        &self.template
    }

    /// From the net input to the output.
    pub(crate) fn formula(&self) -> &Formula {
        &self.formula
    }
}

impl From<DeclaredActivation> for Activation {
    fn from(declared: DeclaredActivation) -> Activation {
        Activation::Declared(Arc::new(declared))
    }
}

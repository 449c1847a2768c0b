//! What a network gives, what is expected of it, and the networks that it is made of.

use super::Units;
use crate::span::Span;

/// What the network gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// The name.
    pub name: String,
    /// The elements, in order.
    pub parts: Vec<Units>,
    /// Whether its value is written as a list.
    pub is_array: bool,
    /// What its elements are called in data files, one name an element, where that is declared.
    pub columns: Option<Box<[String]>>,
    /// The name's place.
    pub origin: Span,
}

/// A copy of a network inside another one. Its neurons and parameters are the other one's, under dotted names; its
/// inputs are whatever feeds them.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// The name, dotted where it is inside another instance.
    pub name: String,
    /// The name of the network that it is a copy of, as written where the instance is declared.
    pub network: String,
    /// What feeds its inputs, in their order; an input that nothing feeds is a neuron with its default as its bias.
    pub inputs: Vec<Port>,
    /// What its outputs are, in their order.
    pub outputs: Vec<Port>,
    /// The place of its name.
    pub origin: Span,
}

/// An input or output of an [`Instance`]: another name for signals of the network around it.
#[derive(Debug, Clone, PartialEq)]
pub struct Port {
    /// The name, as the instance's network declares it.
    pub name: String,
    /// The signals, in order.
    pub parts: Vec<Units>,
    /// Whether it is an array.
    pub is_array: bool,
}

/// A test that lives with the network.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// Inputs that are set; others take their defaults.
    pub given: Vec<(Units, Vec<f64>)>,
    /// Values that must come out.
    pub wanted: Vec<Wanted>,
    /// The absolute tolerance; by default 1e-9 · max(1, |wanted|).
    pub within: Option<f64>,
    /// The statement.
    pub origin: Span,
}

impl Expectation {
    /// Whether `got` is what was wanted, by this expectation's tolerance; NaN never is.
    #[must_use]
    pub fn accepts(&self, got: f64, wanted: f64) -> bool {
        let tolerance = self.within.unwrap_or_else(|| 1e-9 * wanted.abs().max(1.0));
        (got - wanted).abs() <= tolerance
    }
}

/// Values that an [`Expectation`] wants of some neurons.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The neurons or inputs.
    pub units: Units,
    /// One value an element.
    pub values: Vec<f64>,
    /// The setting's place.
    pub origin: Span,
}

//! Inputs and neurons, single or arrays.

use std::ops::Range;
use std::sync::Arc;

use petgraph::graph::NodeIndex;

use super::View;
use crate::activation::Activation;
use crate::combine::Combine;
use crate::span::Span;

/// Which population of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PopulationId(pub(crate) u32);

impl PopulationId {
    pub(crate) fn node(self) -> NodeIndex<u32> {
        NodeIndex::new(self.0 as usize)
    }

    pub(crate) fn of(node: NodeIndex<u32>) -> PopulationId {
        PopulationId(u32::try_from(node.index()).expect("node indices are 32 bits"))
    }
}

/// One input or neuron of a population; `element` counts from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unit {
    /// The population.
    pub population: PopulationId,
    /// Which of its elements.
    pub element: u32,
}

/// Several neighbouring elements of one population.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Units {
    /// The population.
    pub population: PopulationId,
    /// The first element.
    pub first: u32,
    /// How many.
    pub count: u32,
}

impl Units {
    /// The elements' numbers.
    #[must_use]
    pub fn elements(self) -> Range<u32> {
        self.first..self.first + self.count
    }
}

/// An input or neuron, or an array of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// The name.
    pub name: String,
    /// How many elements; 1 for a single one.
    pub size: u32,
    /// Whether it is declared as an array, so that its elements are called `name[0]`.
    pub is_array: bool,
    /// What it is.
    pub kind: PopulationKind,
    /// The name's place in its declaration.
    pub origin: Span,
    /// The lines of its documentation.
    pub doc: Arc<[String]>,
}

impl Population {
    /// All its elements; `id` is its own.
    pub(crate) fn units(&self, id: PopulationId) -> Units {
        Units { population: id, first: 0, count: self.size }
    }

    /// What a neuron does with what it gets: its activation, its combine and its bias, the value at (element, 0).
    ///
    /// # Panics
    /// It is an input.
    #[inline(always)]
    pub(crate) fn neuron(&self) -> (&Activation, Combine, View) {
        match &self.kind {
            PopulationKind::Neuron { activation, combine, bias } => (activation, *combine, *bias),
            PopulationKind::Input { .. } => panic!("an input computes nothing"),
        }
    }

    /// Whether its activation takes all its net inputs at once.
    pub(crate) fn is_whole(&self) -> bool {
        match &self.kind {
            PopulationKind::Neuron { activation, .. } => activation.is_whole_array(),
            PopulationKind::Input { .. } => false,
        }
    }
}

/// What a population is.
#[derive(Debug, Clone, PartialEq)]
pub enum PopulationKind {
    /// Values from outside.
    Input {
        /// The values if none are given, one an element.
        default: Option<Vec<f64>>,
        /// What its values must lie in, where that is declared.
        range: Option<Box<ValueRange>>,
        /// What its elements are called in data files, one name an element, where that is declared.
        columns: Option<Box<[String]>>,
    },
    /// Neurons.
    Neuron {
        /// From net input to output.
        activation: Activation,
        /// What is done with the contributions of its synapses.
        combine: Combine,
        /// What is added to that.
        bias: View,
    },
}

/// The values that an input takes: from the lowest to the highest, both included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValueRange {
    /// The lowest.
    pub low: f64,
    /// The highest.
    pub high: f64,
    /// The property.
    pub origin: Span,
}

impl ValueRange {
    /// Whether a value lies in it; NaN never does.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

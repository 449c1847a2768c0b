//! Weights and biases: values that synapses and neurons refer to.

use crate::span::Span;
use crate::value::Shape;

/// Which parameter of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParameterId(pub(crate) u32);

/// Values of a parameter as a grid: cell (i, j) is its value number `offset + i·row + j·column`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// The parameter.
    pub parameter: ParameterId,
    /// The value at (0, 0).
    pub offset: u32,
    /// From one row to the next; 0 shares one value.
    pub row: u32,
    /// From one column to the next; 0 shares one value.
    pub column: u32,
}

impl View {
    /// The number of the value at (i, j) within [`Parameter::values`].
    #[inline]
    #[must_use]
    pub fn index(self, i: u32, j: u32) -> usize {
        self.offset as usize + i as usize * self.row as usize + j as usize * self.column as usize
    }
}

/// What a parameter was written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// `weight NAME = …`
    Weight,
    /// `bias NAME = …`
    Bias,
    /// A number or list in a connection or neuron: a parameter of its own for every synapse or neuron, though equal
    /// ones are stored once.
    Literal,
    /// An expression over named parameters, with the value that these had when the network was made.
    Derived,
}

/// Values that synapses or neurons use.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// The name, where it has one.
    pub name: Option<String>,
    /// What it was written as.
    pub kind: ParameterKind,
    /// The shape.
    pub shape: Shape,
    /// The values, a matrix row by row.
    pub values: Vec<f64>,
    /// Whether training may change it.
    pub trainable: bool,
    /// The name's or the value's place.
    pub origin: Span,
    /// The file that the values are of, where they are loaded.
    pub file: Option<Box<FileOrigin>>,
    /// The generator that made the values, where one did.
    pub generated: Option<Box<GeneratedOrigin>>,
}

impl Parameter {
    /// Values without a name, as they are written where they are used.
    pub(crate) fn literal(shape: Shape, values: Vec<f64>, origin: Span) -> Parameter {
        let kind = ParameterKind::Literal;
        Parameter { name: None, kind, shape, values, trainable: true, origin, file: None, generated: None }
    }
}

/// The file, and the tensor in it, that loaded values are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileOrigin {
    /// The path as written.
    pub path: String,
    /// The tensor's name, where the format has names.
    pub tensor: Option<String>,
    /// Whether rows and columns were swapped.
    pub transposed: bool,
}

/// The generator that made values: the same call makes the same, everywhere.
#[derive(Debug, Clone, PartialEq)]
pub struct GeneratedOrigin {
    /// The generator's name, as `normal`.
    pub generator: String,
    /// Its arguments but the seed, in order.
    pub arguments: Vec<f64>,
    /// The seed.
    pub seed: u64,
}

//! What is meant: populations of neurons joined by connections, and the parameters that they share.
//!
//! The graph's nodes are declared inputs and neurons, single or arrays; its edges are connections between a range of
//! one and a range of another. A matrix of any size is one edge. Weights and biases refer to the table of parameters.

use std::ops::Range;

use petgraph::Directed;
use petgraph::graph::{EdgeIndex, Graph, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::activation::Activation;
use crate::combine::Combine;
use crate::span::Span;
use crate::value::Shape;

/// Which population of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PopulationId(pub(crate) u32);

/// Which connection of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub(crate) u32);

/// Which parameter of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParameterId(pub(crate) u32);

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
    pub doc: Vec<String>,
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

/// Synapses from every source to every target of one statement, as far as both lie in one population each.
///
/// The weight from source j into target i is cell (i, j) of `weights`.
#[derive(Debug, Clone, PartialEq)]
pub struct Connection {
    /// Where the signals come from.
    pub sources: Units,
    /// The neurons that they reach.
    pub targets: Units,
    /// The weights, a row a target.
    pub weights: View,
    /// The statement.
    pub origin: Span,
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
}

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

impl Expectation {
    /// Whether `got` is what was wanted, by this expectation's tolerance; NaN never is.
    #[must_use]
    pub fn accepts(&self, got: f64, wanted: f64) -> bool {
        let tolerance = self.within.unwrap_or_else(|| 1e-9 * wanted.abs().max(1.0));
        (got - wanted).abs() <= tolerance
    }
}

/// A network of neurons, as meant: what [`resolve`](crate::resolve) makes of a program, free of errors and loops.
///
/// Populations (inputs and neurons, single or arrays) are joined by [`Connection`]s, whose weights are in the table of
/// [`Parameter`]s, as the biases are. Everything has its name and its place in the source.
///
/// ```
/// # use neuronc::{Limits, Sources, parse, resolve};
/// # let mut sources = Sources::new();
/// # let text = "weight W[2, 3] = [[1, 2, 3], [4, 5, 6]]\ninput x[3]\nneuron h[2]\nx -> h : W\noutput h\n";
/// # let file = sources.add("h.neuron", text.into(), &Limits::default()).unwrap();
/// # let (program, _) = parse(sources.get(file), &Limits::default());
/// # let network = resolve(&program, sources.get(file), &Limits::default()).0.unwrap();
/// // weight W[2, 3] = [[1, 2, 3], [4, 5, 6]]
/// // x -> h : W
/// let (_, connection) = network.connections().next().unwrap();
/// let source = connection.sources.elements().nth(2).unwrap();
/// assert_eq!((connection.sources.count, connection.targets.count, source), (3, 2, 2));
/// // The weight from source 2 into target 1.
/// let weights = network.parameter(connection.weights.parameter);
/// assert_eq!(weights.name.as_deref(), Some("W"));
/// assert_eq!(weights.values[connection.weights.index(1, 2)], 6.0);
/// ```
#[derive(Debug, Clone)]
pub struct Network {
    pub(crate) name: String,
    pub(crate) doc: Vec<String>,
    pub(crate) graph: Graph<Population, Connection, Directed, u32>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) expectations: Vec<Expectation>,
}

impl Network {
    /// A network of nothing yet.
    pub(crate) fn empty(name: String, doc: Vec<String>) -> Network {
        let (parameters, outputs, expectations) = (Vec::new(), Vec::new(), Vec::new());
        Network { name, doc, graph: Graph::default(), parameters, outputs, expectations }
    }

    pub(crate) fn add_population(&mut self, population: Population) -> PopulationId {
        PopulationId::of(self.graph.add_node(population))
    }

    /// Adds a connection behind all others in the order of synapses.
    pub(crate) fn add_connection(&mut self, connection: Connection) {
        let (source, target) = (connection.sources.population.node(), connection.targets.population.node());
        self.graph.add_edge(source, target, connection);
    }

    /// The name, which the file gives or its own name does.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The lines that document it, without `##`.
    #[must_use]
    pub fn doc(&self) -> &[String] {
        &self.doc
    }

    /// A population.
    ///
    /// # Panics
    /// If the identity is of another network, which this one does not have.
    #[must_use]
    pub fn population(&self, id: PopulationId) -> &Population {
        &self.graph[id.node()]
    }

    /// All populations, in the order of their declarations.
    pub fn populations(&self) -> impl Iterator<Item = (PopulationId, &Population)> {
        self.graph.node_indices().map(|node| (PopulationId::of(node), &self.graph[node]))
    }

    /// The inputs, in the order of their declarations.
    pub fn inputs(&self) -> impl Iterator<Item = (PopulationId, &Population)> {
        self.populations().filter(|(_, population)| matches!(population.kind, PopulationKind::Input { .. }))
    }

    /// What the values of an input must lie in, where that is declared.
    #[must_use]
    pub fn range(&self, id: PopulationId) -> Option<&ValueRange> {
        match &self.population(id).kind {
            PopulationKind::Input { range, .. } => range.as_deref(),
            PopulationKind::Neuron { .. } => None,
        }
    }

    /// The population called `name`, an input or neuron, in Unicode's normal form C.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<PopulationId> {
        self.populations().find(|(_, population)| population.name == name).map(|(id, _)| id)
    }

    /// A connection.
    ///
    /// # Panics
    /// If the identity is of another network, which this one does not have.
    #[must_use]
    pub fn connection(&self, id: ConnectionId) -> &Connection {
        &self.graph[EdgeIndex::new(id.0 as usize)]
    }

    /// All connections, in the order of their synapses.
    pub fn connections(&self) -> impl Iterator<Item = (ConnectionId, &Connection)> {
        self.graph.edge_references().map(|edge| (connection_id(edge.id()), edge.weight()))
    }

    /// The connections into a population, in the order of their synapses.
    pub(crate) fn incoming(&self, id: PopulationId) -> Vec<ConnectionId> {
        let edges = self.graph.edges_directed(id.node(), petgraph::Direction::Incoming);
        let mut found: Vec<ConnectionId> = edges.map(|edge| connection_id(edge.id())).collect();
        // They were added in order, and petgraph tells the last one first.
        found.sort_unstable();
        found
    }

    /// The populations that feed `id`; one that feeds it by several connections comes as often.
    pub(crate) fn sources_of(&self, id: PopulationId) -> impl Iterator<Item = PopulationId> {
        self.graph.neighbors_directed(id.node(), petgraph::Direction::Incoming).map(PopulationId::of)
    }

    /// Whether no connection starts at `id`.
    pub(crate) fn feeds_nothing(&self, id: PopulationId) -> bool {
        self.graph.neighbors(id.node()).next().is_none()
    }

    /// The connections from one population to another.
    pub(crate) fn between(&self, from: PopulationId, to: PopulationId) -> impl Iterator<Item = &Connection> {
        self.graph.edges_connecting(from.node(), to.node()).map(|edge| edge.weight())
    }

    /// Whether an output names or depends on each population, in the order of their declarations.
    pub(crate) fn needed_by_outputs(&self) -> Vec<bool> {
        let mut needed = vec![false; self.graph.node_count()];
        let given = self.outputs.iter().flat_map(|output| &output.parts);
        let mut waiting: Vec<PopulationId> = given.map(|part| part.population).collect();
        waiting.iter().for_each(|id| needed[id.0 as usize] = true);
        while let Some(id) = waiting.pop() {
            for source in self.sources_of(id) {
                if !std::mem::replace(&mut needed[source.0 as usize], true) {
                    waiting.push(source);
                }
            }
        }
        needed
    }

    /// The names of the neurons that feed nothing.
    pub fn unread_neurons(&self) -> impl Iterator<Item = &str> {
        self.populations()
            .filter(|(id, population)| {
                matches!(population.kind, PopulationKind::Neuron { .. }) && self.feeds_nothing(*id)
            })
            .map(|(_, population)| population.name.as_str())
    }

    /// The elements of a population that no synapse reaches.
    pub(crate) fn unreached(&self, id: PopulationId) -> impl Iterator<Item = u32> {
        let targets = self.graph.edges_directed(id.node(), petgraph::Direction::Incoming);
        let mut reached: Vec<Range<u32>> = targets.map(|edge| edge.weight().targets.elements()).collect();
        reached.sort_unstable_by_key(|elements| elements.start);
        let size = self.population(id).size;
        reached.push(size..size);
        let mut end = 0;
        reached.into_iter().flat_map(move |elements| {
            let gap = end..elements.start;
            end = end.max(elements.end);
            gap
        })
    }

    /// A parameter.
    ///
    /// # Panics
    /// If the identity is of another network, which this one does not have.
    #[must_use]
    pub fn parameter(&self, id: ParameterId) -> &Parameter {
        &self.parameters[id.0 as usize]
    }

    /// What it gives, in order.
    #[must_use]
    pub fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    /// Its tests, in order.
    #[must_use]
    pub fn expectations(&self) -> &[Expectation] {
        &self.expectations
    }

    /// What an element is called: `x`, `h[2]`.
    ///
    /// # Panics
    /// If the unit is of another network, which this one does not have.
    #[must_use]
    pub fn unit_name(&self, unit: Unit) -> String {
        let population = self.population(unit.population);
        if population.is_array { format!("{}[{}]", population.name, unit.element) } else { population.name.clone() }
    }

    /// How many inputs, neurons and synapses there are, element by element.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { inputs: 0, neurons: 0, synapses: 0 };
        for (_, population) in self.populations() {
            match population.kind {
                PopulationKind::Input { .. } => counts.inputs += u64::from(population.size),
                PopulationKind::Neuron { .. } => counts.neurons += u64::from(population.size),
            }
        }
        for (_, connection) in self.connections() {
            counts.synapses += u64::from(connection.sources.count) * u64::from(connection.targets.count);
        }
        counts
    }
}

fn connection_id(edge: EdgeIndex<u32>) -> ConnectionId {
    ConnectionId(u32::try_from(edge.index()).expect("edge indices are 32 bits"))
}

/// How large a network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Elements of all inputs.
    pub inputs: u64,
    /// Elements of all neurons.
    pub neurons: u64,
    /// Synapses of all connections.
    pub synapses: u64,
}

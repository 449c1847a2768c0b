//! What is meant: populations of neurons joined by connections, and the parameters that they share.
//!
//! The graph's nodes are declared inputs and neurons, single or arrays; its edges are connections between a range of
//! one and a range of another. A matrix of any size is one edge. Weights and biases refer to the table of parameters.

mod connection;
mod parameter;
mod population;
mod port;
mod values;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use petgraph::Directed;
use petgraph::graph::{EdgeIndex, Graph};
use petgraph::visit::EdgeRef;

use crate::activation::Template;

pub(crate) use connection::Sources;
pub use connection::{Connection, ConnectionId, Drawn, Pattern, PatternId, Synapses};
pub use parameter::{FileOrigin, GeneratedOrigin, Parameter, ParameterId, ParameterKind, View};
pub use population::{Population, PopulationId, PopulationKind, Unit, Units, ValueRange};
pub use port::{Expectation, Instance, Output, Port, Wanted};

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
/// assert_eq!((connection.sources.count, connection.targets.count), (3, 2));
/// // The synapses into target 1, and the weight of the last one.
/// let (source, place) = network.synapses(connection, 1).last().unwrap();
/// let weights = network.parameter(connection.weights.parameter);
/// assert_eq!(weights.name.as_deref(), Some("W"));
/// assert_eq!((source, weights.values[place]), (2, 6.0));
/// ```
#[derive(Debug, Clone)]
pub struct Network {
    pub(crate) name: String,
    pub(crate) doc: Vec<String>,
    pub(crate) graph: Graph<Population, Connection, Directed, u32>,
    pub(crate) parameters: Vec<Parameter>,
    /// The parameters that the source derives other values from.
    pub(crate) read: BTreeSet<ParameterId>,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) expectations: Vec<Expectation>,
    pub(crate) instances: Vec<Instance>,
    pub(crate) networks: Vec<Network>,
    /// The activations that its program declares, each behind those that it calls.
    pub(crate) declared: Arc<[Arc<Template>]>,
}

impl Network {
    /// A network of nothing yet.
    pub(crate) fn empty(name: String, doc: Vec<String>) -> Network {
        let (parameters, outputs, expectations) = (Vec::new(), Vec::new(), Vec::new());
        // In the order of the identities that `PatternId` names.
        let patterns = vec![Pattern::AllToAll, Pattern::OneToOne];
        let (graph, read, instances, networks) = (Graph::default(), BTreeSet::new(), Vec::new(), Vec::new());
        let declared = Arc::default();
        Network { name, doc, graph, parameters, read, patterns, outputs, expectations, instances, networks, declared }
    }

    pub(crate) fn add_pattern(&mut self, pattern: Pattern) -> PatternId {
        self.patterns.push(pattern);
        PatternId(u32::try_from(self.patterns.len() - 1).expect("a source is at most 1 GiB"))
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

    /// Whether a population is an input.
    pub(crate) fn is_input(&self, id: PopulationId) -> bool {
        matches!(self.population(id).kind, PopulationKind::Input { .. })
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

    /// Which pairs of sources and targets a connection joins: its rule, and what came of it.
    ///
    /// # Panics
    /// If the identity is of another network, which this one does not have.
    #[must_use]
    #[inline(always)]
    pub fn pattern(&self, id: PatternId) -> &Pattern {
        &self.patterns[id.0 as usize]
    }

    /// The synapses of a connection into its target number `target`, counted from its first, in the order in which
    /// they are summed.
    ///
    /// # Panics
    /// If the connection has no such target, or is of another network.
    #[must_use]
    #[inline(always)]
    pub fn synapses(&self, connection: &Connection, target: u32) -> Synapses<'_> {
        let weights = connection.weights;
        match self.pattern(connection.pattern) {
            Pattern::AllToAll => Synapses {
                sources: Sources::Neighbours(0..connection.sources.count),
                weight: weights.index(target, 0),
                step: weights.column as usize,
            },
            Pattern::OneToOne => {
                Synapses { sources: Sources::Neighbours(target..target + 1), weight: weights.index(target, 0), step: 0 }
            }
            Pattern::Random(drawn) => Synapses {
                sources: Sources::Listed(&drawn.sources[drawn.range(target..target + 1)]),
                weight: weights.index(drawn.rows[target as usize].1, 0),
                step: weights.row as usize,
            },
        }
    }

    /// How many synapses a connection has into some of its targets, counted from its first.
    pub(crate) fn synapse_count(&self, connection: &Connection, targets: Range<u32>) -> u64 {
        match self.pattern(connection.pattern) {
            Pattern::AllToAll => u64::from(connection.sources.count) * targets.len() as u64,
            Pattern::OneToOne => targets.len() as u64,
            Pattern::Random(drawn) => drawn.range(targets).len() as u64,
        }
    }

    /// Whether a synapse of the connection leads from some elements of its sources' population to some of its targets'.
    pub(crate) fn leads(&self, connection: &Connection, from: &Range<u32>, to: &Range<u32>) -> bool {
        let within = |elements: Range<u32>, first: u32, wanted: &Range<u32>| {
            elements.start.max(wanted.start).saturating_sub(first)..elements.end.min(wanted.end).saturating_sub(first)
        };
        let (sources, targets) = (connection.sources, connection.targets);
        let from = within(sources.elements(), sources.first, from);
        let mut to = within(targets.elements(), targets.first, to);
        match self.pattern(connection.pattern) {
            Pattern::AllToAll => !from.is_empty() && !to.is_empty(),
            Pattern::OneToOne => to.any(|target| from.contains(&target)),
            Pattern::Random(_) => {
                to.any(|target| self.synapses(connection, target).any(|(source, _)| from.contains(&source)))
            }
        }
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
        let mut reached: Vec<Range<u32>> = Vec::new();
        for edge in targets {
            let connection = edge.weight();
            match self.pattern(connection.pattern) {
                Pattern::AllToAll | Pattern::OneToOne => reached.push(connection.targets.elements()),
                Pattern::Random(drawn) => {
                    let has_some = |target: &u32| !drawn.range(*target..*target + 1).is_empty();
                    let first = connection.targets.first;
                    let hit = (0..connection.targets.count).filter(has_some);
                    reached.extend(hit.map(|target| first + target..first + target + 1));
                }
            }
        }
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

    /// All parameters: named ones, and those of literals, in the order in which they were found.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter()
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

    /// The instances of other networks that it is made of, each before those inside it. What is inside an instance
    /// called `left` is called `left.…`.
    #[must_use]
    pub fn instances(&self) -> &[Instance] {
        &self.instances
    }

    /// The networks that its file declares by `network NAME { … }`, in order, each by itself.
    #[must_use]
    pub fn networks(&self) -> &[Network] {
        &self.networks
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
            counts.synapses += self.synapse_count(connection, 0..connection.targets.count);
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

//! Changing the values of a network, one by one.

use petgraph::graph::EdgeIndex;

use super::{ConnectionId, Network, Parameter, ParameterId, Pattern, PopulationId, PopulationKind, View};
use crate::value::Shape;

impl Network {
    /// Changes one value of a parameter, wherever it is used. A plan of the network stays right.
    ///
    /// Values that the source derives from it are other parameters' and do not follow: see [`Network::is_read`].
    ///
    /// # Panics
    /// If the identity is of another network, or the parameter has no such value.
    pub fn set_value(&mut self, id: ParameterId, index: usize, value: f64) {
        self.parameters[id.0 as usize].values[index] = value;
    }

    /// Whether the source derives other values from a parameter.
    #[must_use]
    pub fn is_read(&self, id: ParameterId) -> bool {
        self.read.contains(&id)
    }

    /// Gives a connection a copy of its weights that nothing else uses, one value a synapse. A plan of the network stays
    /// right.
    ///
    /// # Panics
    /// If the identity is of another network.
    pub fn separate_weights(&mut self, id: ConnectionId) {
        let connection = self.connection(id);
        let (columns, rows) = (connection.sources.count, connection.targets.count);
        let old = self.parameter(connection.weights.parameter);
        let copied = |targets: &mut dyn Iterator<Item = u32>| -> Vec<f64> {
            targets.flat_map(|target| self.synapses(connection, target)).map(|(_, place)| old.values[place]).collect()
        };
        let (values, row, column) = match self.pattern(connection.pattern) {
            Pattern::AllToAll => (copied(&mut (0..rows)), columns, 1),
            Pattern::OneToOne => (copied(&mut (0..rows)), 1, 0),
            Pattern::Random(drawn) => {
                // Synapses keep their numbers, which are those of the whole statement.
                let last = |target: u32| drawn.rows[target as usize].1 as usize + drawn.range(target..target + 1).len();
                let mut values = vec![0.0; (0..rows).map(last).max().unwrap_or(0)];
                for target in 0..rows {
                    let first = drawn.rows[target as usize].1 as usize;
                    let weights = copied(&mut std::iter::once(target));
                    values[first..first + weights.len()].copy_from_slice(&weights);
                }
                (values, 1, 0)
            }
        };
        let parameter = self.add_copy(connection.weights.parameter, values);
        let edge = EdgeIndex::new(id.0 as usize);
        self.graph[edge].weights = View { parameter, offset: 0, row, column };
    }

    /// Gives the neurons of a population a copy of their biases that nothing else uses, one value a neuron. A plan of
    /// the network stays right.
    ///
    /// # Panics
    /// If the identity is of another network. Inputs have no biases and stay as they are.
    pub fn separate_biases(&mut self, id: PopulationId) {
        let population = self.population(id);
        let PopulationKind::Neuron { bias: old, .. } = population.kind else { return };
        let values = &self.parameter(old.parameter).values;
        let values = (0..population.size).map(|element| values[old.index(element, 0)]).collect();
        let parameter = self.add_copy(old.parameter, values);
        if let PopulationKind::Neuron { bias, .. } = &mut self.graph[id.node()].kind {
            *bias = View { parameter, offset: 0, row: 1, column: 0 };
        }
    }

    /// A parameter without a name, otherwise like another one.
    fn add_copy(&mut self, of: ParameterId, values: Vec<f64>) -> ParameterId {
        let Parameter { trainable, origin, .. } = *self.parameter(of);
        let copy = Parameter::literal(Shape::Vector(values.len()), values, origin);
        self.parameters.push(Parameter { trainable, ..copy });
        ParameterId(u32::try_from(self.parameters.len() - 1).expect("there are fewer parameters than bytes of source"))
    }
}

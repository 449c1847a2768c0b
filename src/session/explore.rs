//! What a document declares, and where.

use super::document::names;
use super::{Of, Session};
use crate::ast::{Definition, Instance, Joining, Statement, StatementKind};
use crate::network::ParameterKind;
use crate::resolve::Thing;
use crate::span::Span;

/// A name of the network.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// What it is.
    pub of: Of,
    /// Whether it is an array or a matrix.
    pub is_array: bool,
    /// How many values it has.
    pub count: usize,
    /// Its first values, a matrix row by row; an element without a value waits for one of an input.
    pub values: Vec<Option<f64>>,
}

/// A part of the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// The line on which it starts, counted from 1.
    pub line: usize,
    /// The text, with its documentation.
    pub text: String,
}

/// So many values of one name are given.
const MOST_VALUES: usize = 16;
/// So many connections of one name are shown.
const MOST_PASSAGES: usize = 20;

impl Session {
    /// The inputs, consts, weights, biases and neurons, then outputs with names of their own, each in the order of their
    /// declarations; also what is inside of instances.
    #[must_use]
    pub fn names(&self) -> Vec<Named> {
        let state = self.state();
        let network = &state.model.network;
        let units = |name: &str, of: Of, id: crate::network::PopulationId| {
            let population = network.population(id);
            let elements = population.units(id).elements().take(MOST_VALUES);
            let values = elements.map(|element| state.value(crate::network::Unit { population: id, element }));
            let (count, is_array) = (population.size as usize, population.is_array);
            Named { name: name.to_owned(), of, is_array, count, values: values.collect() }
        };
        let named = |(name, thing): (&str, &Thing)| match thing {
            Thing::Input(id) => Some(units(name, Of::Input, *id)),
            Thing::Neuron(id) => Some(units(name, Of::Neuron, *id)),
            Thing::Const(value) => {
                let (name, values) = (name.to_owned(), vec![Some(*value)]);
                Some(Named { name, of: Of::Const, is_array: false, count: 1, values })
            }
            Thing::Parameter(id) => {
                let parameter = network.parameter(*id);
                let of = if parameter.kind == ParameterKind::Bias { Of::Bias } else { Of::Weight };
                let is_array = parameter.shape != crate::value::Shape::Scalar;
                let values = parameter.values.iter().take(MOST_VALUES).copied().map(Some).collect();
                Some(Named { name: name.to_owned(), of, is_array, count: parameter.values.len(), values })
            }
            // An instance's outputs are its neurons, mostly.
            Thing::Output(..) if let Some(id) = network.find(name) => Some(units(name, Of::Neuron, id)),
            Thing::Output(parts, is_array) => {
                let all = || parts.iter().flat_map(|part| part.elements().map(|element| (part.population, element)));
                let value = |(population, element)| state.value(crate::network::Unit { population, element });
                let (count, values) = (all().count(), all().take(MOST_VALUES).map(value).collect());
                Some(Named { name: name.to_owned(), of: Of::Output, is_array: *is_array, count, values })
            }
            Thing::Instance => None,
        };
        let mut names: Vec<Named> = state.model.known.things().filter_map(named).collect();
        names.sort_by_key(|named| named.of);
        names
    }

    /// The names of the activations that the document declares.
    #[must_use]
    pub fn activations(&self) -> Vec<String> {
        self.state().model.known.activations().map(str::to_owned).collect()
    }

    /// The instances that the document makes, each with the network that it is a copy of.
    #[must_use]
    pub fn instances(&self) -> Vec<(String, String)> {
        let statements = self.state().model.program.statements.iter();
        let one = |statement: &Statement| match &statement.kind {
            StatementKind::Instance(instance) => Some((instance.name.text.clone(), instance.network.text.clone())),
            StatementKind::Network(_)
            | StatementKind::Define(_)
            | StatementKind::Import(_)
            | StatementKind::Declare(..)
            | StatementKind::Connection(_)
            | StatementKind::Lines(_)
            | StatementKind::Activation(_)
            | StatementKind::Output(_)
            | StatementKind::Expect(_)
            | StatementKind::Broken(_) => None,
        };
        statements.filter_map(one).collect()
    }

    /// The statements that declare `name`, and the connections into it, as far as they are not too many; how many
    /// connections there are more. Of what is inside of an instance, those of its network, behind the instance.
    #[must_use]
    pub fn passages(&self, name: &str) -> (Vec<Passage>, usize) {
        let model = &self.state().model;
        let text = model.text();
        let passage = |span: Span| Passage {
            line: model.document().line_of(span.range().start),
            text: text[span.range()].to_owned(),
        };
        let whole = |statement: &Statement| match &statement.doc {
            Some(doc) => Span::new(statement.span.file, doc.span.range().start..statement.span.range().end),
            None => statement.span,
        };
        let (mut all, mut name) = (&model.program.statements[..], name);
        let mut passages: Vec<Passage> = Vec::new();
        while let Some((first, rest)) = name.split_once('.') {
            let Some((statement, instance)) = instance_in(all, first) else { break };
            passages.push(passage(whole(statement)));
            // A network of another file stands there.
            let Some(definition) = definition_of(&model.program.statements, &instance.network.text) else {
                return (passages, 0);
            };
            (all, name) = (&definition.statements, rest);
        }
        let declares = |statement: &&Statement| names(&statement.kind).any(|(_, declared)| declared == name);
        let before = passages.len();
        passages.extend(all.iter().filter(declares).map(|statement| passage(whole(statement))));
        let mut connections: Vec<Span> = Vec::new();
        for statement in all {
            match statement.kind.joining() {
                Some(Joining::Connection(connection)) => {
                    let mut targets = connection.targets.list.iter();
                    if targets.any(|target| target.name.text == name) {
                        connections.push(statement.span);
                    }
                }
                Some(Joining::Lines(lines)) => {
                    let into = lines.iter().filter(|line| line.targets.name == name);
                    connections.extend(into.map(|line| lines.place_of(&line)));
                }
                None => {}
            }
        }
        if passages.len() == before && connections.is_empty() {
            return (Vec::new(), 0);
        }
        let more = connections.len().saturating_sub(MOST_PASSAGES);
        passages.extend(connections.into_iter().take(MOST_PASSAGES).map(passage));
        (passages, more)
    }
}

/// The instance of a name among statements.
fn instance_in<'s>(statements: &'s [Statement], name: &str) -> Option<(&'s Statement, &'s Instance)> {
    statements.iter().find_map(|statement| match &statement.kind {
        StatementKind::Instance(instance) if instance.name.text == name => Some((statement, &**instance)),
        StatementKind::Instance(_)
        | StatementKind::Network(_)
        | StatementKind::Define(_)
        | StatementKind::Import(_)
        | StatementKind::Declare(..)
        | StatementKind::Connection(_)
        | StatementKind::Lines(_)
        | StatementKind::Activation(_)
        | StatementKind::Output(_)
        | StatementKind::Expect(_)
        | StatementKind::Broken(_) => None,
    })
}

/// The network of a name among the statements of a document.
fn definition_of<'s>(statements: &'s [Statement], name: &str) -> Option<&'s Definition> {
    statements.iter().find_map(|statement| match &statement.kind {
        StatementKind::Define(definition) if definition.name.text == name => Some(&**definition),
        StatementKind::Define(_)
        | StatementKind::Instance(_)
        | StatementKind::Network(_)
        | StatementKind::Import(_)
        | StatementKind::Declare(..)
        | StatementKind::Connection(_)
        | StatementKind::Lines(_)
        | StatementKind::Activation(_)
        | StatementKind::Output(_)
        | StatementKind::Expect(_)
        | StatementKind::Broken(_) => None,
    })
}

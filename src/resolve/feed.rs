//! What feeds the inputs of instances, which may pass them on to each other.

use std::collections::HashMap;

use petgraph::algo::toposort;
use petgraph::graph::Graph;

use super::Resolver;
use super::error::NetworkError;
use super::instance::{Placed, input};
use super::scope::Meaning;
use crate::ast::{self, ExpressionKind, Property, References};
use crate::network::{Population, PopulationId, Unit, Units};
use crate::span::Span;
use crate::value::visit_references;

/// An input of an instance, and what is written to feed it.
struct Fed<'a> {
    /// The instance.
    place: usize,
    input: PopulationId,
    setting: &'a Property,
}

impl<'a> Resolver<'a> {
    /// What feeds the inputs of all instances, and what they give: each input after those that are passed on to it.
    pub(super) fn feed_instances(&mut self) {
        let mut inputs: Vec<Fed<'a>> = Vec::new();
        let mut places: HashMap<(usize, PopulationId), usize> = HashMap::new();
        for (place, instance) in self.instances.iter().enumerate() {
            let Some(prototype) = &instance.prototype else { continue };
            for setting in instance.written.settings.iter().flatten() {
                if let Some(input) = input(prototype, &setting.name.text)
                    && places.insert((place, input), inputs.len()).is_none()
                {
                    inputs.push(Fed { place, input, setting });
                }
            }
        }
        let mut graph: Graph<usize, ()> = Graph::new();
        let nodes: Vec<_> = (0..inputs.len()).map(|place| graph.add_node(place)).collect();
        for (number, fed) in inputs.iter().enumerate() {
            visit_references(&fed.setting.value, &mut |reference| {
                let Some(entry) = self.scope.get(&reference.name.text) else { return };
                let Meaning::Port { instance, .. } = entry.meaning else { return };
                for passed in self.instances[instance].passed_on(&reference.name.text) {
                    if let Some(before) = places.get(&(instance, passed)) {
                        graph.add_edge(nodes[*before], nodes[number], ());
                    }
                }
            });
        }
        for place in 0..self.instances.len() {
            let outputs = self.instances[place].prototype.as_ref().map_or(0, |known| known.network.outputs().len());
            (0..outputs).for_each(|output| self.give(place, output));
        }
        match toposort(&graph, None) {
            Ok(order) => {
                order.into_iter().for_each(|node| self.feed(&inputs[graph[node]]));
                self.instances.iter_mut().filter(|instance| instance.is_misfed).for_each(Placed::forget);
            }
            Err(cycle) => {
                let path = super::need::shortest_loop(&graph, cycle.node_id());
                let inputs: Vec<&Fed<'_>> = path.iter().map(|node| &inputs[graph[*node]]).collect();
                let name = |fed: &&Fed<'_>| {
                    format!("{}.{}", self.instances[fed.place].written.name.text, fed.setting.name.text)
                };
                let mut names: Vec<String> = inputs.iter().map(name).collect();
                names.push(names[0].clone());
                let places = inputs.iter().map(|fed| fed.setting.name.span).collect();
                self.error(NetworkError::PassedInCircles { names, places });
                // Nothing more is known of any instance.
                self.instances.iter_mut().for_each(Placed::forget);
            }
        }
    }

    /// What feeds an input of an instance.
    fn feed(&mut self, fed: &Fed<'a>) {
        let Some(prototype) = self.instances[fed.place].prototype.clone() else { return };
        let written = self.instances[fed.place].written;
        match self.sources(written, fed.setting, prototype.network.population(fed.input)) {
            Some(parts) => {
                self.instances[fed.place].fed.insert(fed.input, parts);
                let passing = prototype.ports().passing.get(&fed.input);
                passing.into_iter().flatten().for_each(|output| self.give(fed.place, *output));
            }
            None => self.instances[fed.place].is_misfed = true,
        }
    }

    /// The sources that feed an input of an instance, as many as it has elements.
    fn sources(&mut self, written: &ast::Instance, setting: &Property, input: &Population) -> Option<Vec<Units>> {
        let span = setting.value.span;
        let references = match &setting.value.kind {
            ExpressionKind::Reference(reference) => vec![reference.clone()],
            ExpressionKind::List(items) => {
                let references: Option<Vec<_>> = items
                    .iter()
                    .map(|item| match &item.kind {
                        ExpressionKind::Reference(reference) => Some(reference.clone()),
                        _ => None,
                    })
                    .collect();
                references.unwrap_or_default()
            }
            _ => Vec::new(),
        };
        if references.is_empty() {
            let is_number = matches!(
                &setting.value.kind,
                ExpressionKind::Number(_) | ExpressionKind::Numbers(_) | ExpressionKind::Signed(..)
            );
            let name = setting.name.text.clone();
            self.error(NetworkError::NoSources { name, is_number, at: span });
            return None;
        }
        let references = References { list: references, bracketed: true, span };
        let parts = self.all_units(&references, "input or neuron")?;
        let count: u64 = parts.iter().map(|part| u64::from(part.count)).sum();
        if count != u64::from(input.size) {
            let name = format!("{}.{}", written.name.text, input.name);
            let wanted = u64::from(input.size);
            self.error(NetworkError::PortSize { name, count, wanted, declared: input.origin, at: span });
            return None;
        }
        Some(parts)
    }

    /// What an output of an instance is here, as far as it is known what feeds the inputs that it passes on.
    fn give(&mut self, place: usize, output: usize) {
        let instance = &self.instances[place];
        let Some(prototype) = &instance.prototype else { return };
        let is_known = |part: &Units| {
            instance.populations[part.population.0 as usize].is_some() || instance.fed.contains_key(&part.population)
        };
        let output = &prototype.network.outputs()[output];
        if output.parts.iter().all(is_known) {
            let (parts, is_array) = (Some(instance.all_here(&output.parts)), output.is_array);
            let name = format!("{}.{}", instance.written.name.text, output.name);
            self.scope.set(&name, Meaning::Port { parts, is_array, instance: place });
        }
    }
}

impl Placed<'_> {
    /// The setting by which a unit feeds an input.
    pub(super) fn fed_by(&self, unit: Unit) -> Option<Span> {
        let network = &self.prototype.as_ref()?.network;
        let holds = |part: &Units| part.population == unit.population && part.elements().contains(&unit.element);
        let fed = |(id, _): &(PopulationId, &Population)| self.fed.get(id).is_some_and(|parts| parts.iter().any(holds));
        let (_, input) = network.inputs().find(fed)?;
        self.setting(&input.name).map(|setting| setting.value.span)
    }

    /// The inputs, by their identities in the network, that the output of that dotted name passes on.
    fn passed_on(&self, name: &str) -> Vec<PopulationId> {
        let Some(prototype) = &self.prototype else { return Vec::new() };
        let name = name.split_once('.').map_or(name, |(_, output)| output);
        let Some(place) = prototype.ports().outputs.get(name) else { return Vec::new() };
        let parts = prototype.network.outputs()[*place].parts.iter().map(|part| part.population);
        parts.filter(|id| prototype.network.is_input(*id)).collect()
    }
}

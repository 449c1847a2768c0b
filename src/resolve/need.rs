//! What needs what: values, activations and instances in an order in which each stands after what it reads and calls.

use std::collections::{HashMap, HashSet};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{Graph, NodeIndex};

use super::Resolver;
use super::declare::Declared;
use super::error::{ActivationError, ResolveError};
use super::instance::Placed;
use crate::ast;
use crate::ast::{Doc, Keyword};
use crate::value::{Mention, visit_names, visit_references};

/// What has a value or formula that others may need.
#[derive(Clone, Copy)]
pub(super) enum Needed<'a> {
    /// A const, weight or bias.
    Value(Declared<'a>),
    Activation(&'a ast::Activation, Option<&'a Doc>),
    /// The parameters of an instance, by its place.
    Instance(&'a ast::Instance, usize),
}

impl<'a> Needed<'a> {
    fn name(self) -> &'a ast::Name {
        match self {
            Needed::Value(thing) => &thing.item.name,
            Needed::Activation(activation, _) => &activation.name,
            Needed::Instance(instance, _) => &instance.name,
        }
    }

    /// Whether networks see it, and it needs nothing of what they do not see.
    pub(super) fn is_seen_inside(self) -> bool {
        match self {
            Needed::Value(thing) => thing.keyword == Keyword::Const,
            Needed::Activation(..) => true,
            Needed::Instance(..) => false,
        }
    }
}

impl<'a> Resolver<'a> {
    /// Gives each of some things its value, after what it reads and calls; those in a loop are reported and get none.
    pub(super) fn by_need(&mut self, all: &[Needed<'a>]) {
        let graph = needs(all, &self.instances);
        let mut groups = kosaraju_scc(&graph);
        groups.reverse();
        for mut group in groups {
            if let [only] = group.as_slice()
                && !graph.contains_edge(*only, *only)
            {
                self.needed(all[graph[*only]]);
                continue;
            }
            group.sort_unstable();
            let path = shortest_loop(&graph, group[0]);
            let things: Vec<Needed<'a>> = path.iter().map(|node| all[graph[*node]]).collect();
            let mut names: Vec<String> = things.iter().map(|thing| thing.name().text.clone()).collect();
            names.push(names[0].clone());
            let places = things.iter().map(|thing| thing.name().span).collect();
            let calls = things.iter().all(|thing| matches!(thing, Needed::Activation(..)));
            if calls {
                self.error(ActivationError::Recursion { names, places });
            } else {
                self.error(ResolveError::ValueLoop { names, places });
            }
            for thing in things {
                if let Needed::Instance(instance, place) = thing {
                    self.scope.break_instance(&instance.name.text);
                    self.instances[place].forget();
                }
            }
        }
    }

    fn needed(&mut self, thing: Needed<'a>) {
        match thing {
            Needed::Value(thing) => self.named_value(thing),
            Needed::Activation(activation, doc) => self.declared_activation(activation, doc),
            Needed::Instance(_, place) => self.instance_parameters(place),
        }
    }
}

/// Edges lead from what is needed to what needs it; nodes are places in `all`.
fn needs(all: &[Needed<'_>], instances: &[Placed<'_>]) -> Graph<usize, ()> {
    let mut graph: Graph<usize, ()> = Graph::new();
    let mut values: HashMap<&str, NodeIndex> = HashMap::new();
    let mut consts: HashMap<&str, NodeIndex> = HashMap::new();
    let mut activations: HashMap<&str, NodeIndex> = HashMap::new();
    for (place, thing) in all.iter().enumerate() {
        let node = graph.add_node(place);
        let name = thing.name().text.as_str();
        match thing {
            Needed::Activation(..) => activations.insert(name, node),
            Needed::Instance(..) => values.insert(name, node),
            Needed::Value(Declared { keyword: Keyword::Const, .. }) => {
                consts.insert(name, node);
                values.insert(name, node)
            }
            Needed::Value(_) => values.insert(name, node),
        };
    }
    for (place, thing) in all.iter().enumerate() {
        let node = NodeIndex::new(place);
        let mut need = |source: Option<&NodeIndex>| {
            if let Some(source) = source {
                graph.add_edge(*source, node, ());
            }
        };
        match thing {
            Needed::Value(thing) => {
                for expression in thing.item.size.iter().flatten().chain(&thing.item.value) {
                    visit_names(expression, &mut |mention| match mention {
                        Mention::Reference(reference) => need(values.get(first(&reference.name.text))),
                        Mention::Call(name) => need(activations.get(name.text.as_str())),
                    });
                }
            }
            // What feeds its inputs is no value.
            Needed::Instance(_, place) => {
                for setting in instances[*place].parameter_settings() {
                    visit_references(&setting.value, &mut |reference| need(values.get(first(&reference.name.text))));
                }
            }
            Needed::Activation(activation, _) => {
                let parameters: HashSet<&str> =
                    activation.parameters.iter().map(|parameter| parameter.name.text.as_str()).collect();
                let defaults = activation.parameters.iter().filter_map(|parameter| parameter.default.as_ref());
                for (expression, hides) in defaults.map(|default| (default, false)).chain([(&activation.body, true)]) {
                    visit_names(expression, &mut |mention| match mention {
                        Mention::Reference(reference) => {
                            let name = reference.name.text.as_str();
                            need(consts.get(name).filter(|_| !(hides && parameters.contains(name))));
                        }
                        Mention::Call(name) => need(activations.get(name.text.as_str())),
                    });
                }
            }
        }
    }
    graph
}

/// The name, or the instance in which it stands.
fn first(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// The shortest way from `start` back to itself.
pub(super) fn shortest_loop(graph: &Graph<usize, ()>, start: NodeIndex) -> Vec<NodeIndex> {
    let mut before: HashMap<NodeIndex, NodeIndex> = HashMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        // A value needs what its incoming edges start from.
        for source in graph.neighbors_directed(node, petgraph::Direction::Incoming) {
            if source == start {
                let mut path = vec![node];
                while let Some(earlier) = before.get(&path[path.len() - 1]).filter(|_| path[path.len() - 1] != start) {
                    path.push(*earlier);
                }
                path.reverse();
                return path;
            }
            if let std::collections::hash_map::Entry::Vacant(entry) = before.entry(source) {
                entry.insert(node);
                queue.push_back(source);
            }
        }
    }
    vec![start]
}

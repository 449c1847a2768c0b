//! Networks to make instances of: those that a file declares, and those of the files that it imports.

use std::cell::{Cell, OnceCell};
use std::collections::HashMap;
use std::rc::Rc;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{Graph, NodeIndex};

use super::error::NetworkError;
use super::need::shortest_loop;
use super::scope::Scope;
use super::{Resolver, Text};
use crate::ast::{Definition, Expression, Name, Statement, StatementKind};
use crate::network::{Counts, Network, ParameterId, PopulationId, Units};
use crate::parser::{is_name, normalised};
use crate::span::Span;
use crate::text::closest;
use crate::value::Shape;

/// A network that is resolved by itself.
pub(super) struct Prototype {
    pub(super) network: Network,
    pub(super) scope: Rc<Scope>,
    pub(super) recipes: Vec<Recipe>,
    /// What may be looked at from outside, by name.
    inside: OnceCell<HashMap<String, Inside>>,
    ports: OnceCell<Ports>,
}

/// Inputs and neurons of a network, as a name means them.
pub(super) struct Inside {
    pub(super) parts: Vec<Units>,
    pub(super) is_array: bool,
    pub(super) declared: Span,
}

/// What instances ask of a network, found once for all of them.
pub(super) struct Ports {
    /// The outputs by their names.
    pub(super) outputs: HashMap<String, usize>,
    /// The outputs that pass an input on, at least partly.
    pub(super) passing: HashMap<PopulationId, Vec<usize>>,
    /// The recipes of inputs whose defaults follow from parameters.
    pub(super) defaults: HashMap<PopulationId, usize>,
    /// How many inputs, neurons, synapses and values of parameters it has.
    pub(super) counts: Counts,
    pub(super) values: u64,
    /// How many things a copy is made of.
    pub(super) parts: u64,
    /// How many names a copy has, and how many bytes they have together.
    pub(super) names: (u64, u64),
}

/// A value that follows from parameters, and how.
#[derive(Clone)]
pub(super) struct Recipe {
    pub(super) target: Target,
    /// The shape that is wanted, over which a number spreads.
    pub(super) shape: Shape,
    pub(super) expression: Rc<Expression>,
    /// The names as the expression sees them, and what their parameters are in this network; none for those of the
    /// network itself.
    pub(super) names: Option<(Rc<Scope>, Rc<[ParameterId]>)>,
}

/// What has a value that follows from parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Target {
    Parameter(ParameterId),
    /// The default of an input.
    Default(PopulationId),
}

impl Prototype {
    pub(super) fn new(network: Network, scope: Scope, recipes: Vec<Recipe>) -> Prototype {
        Prototype { network, scope: Rc::new(scope), recipes, inside: OnceCell::new(), ports: OnceCell::new() }
    }

    pub(super) fn ports(&self) -> &Ports {
        self.ports.get_or_init(|| {
            let network = &self.network;
            let outputs = network.outputs().iter().enumerate();
            let mut passing: HashMap<PopulationId, Vec<usize>> = HashMap::new();
            for (place, output) in outputs.clone() {
                for part in output.parts.iter().filter(|part| network.is_input(part.population)) {
                    passing.entry(part.population).or_default().push(place);
                }
            }
            let defaults = self.recipes.iter().enumerate().filter_map(|(place, recipe)| match recipe.target {
                Target::Default(id) => Some((id, place)),
                Target::Parameter(_) => None,
            });
            let named = network.parameters().filter_map(|parameter| parameter.name.as_ref());
            let ports = network.instances().iter().flat_map(|instance| instance.inputs.iter().chain(&instance.outputs));
            let names = network.populations().map(|(_, population)| &population.name).chain(named);
            let names = names.chain(network.instances().iter().map(|instance| &instance.name));
            let names = names.chain(ports.map(|port| &port.name));
            Ports {
                outputs: outputs.map(|(place, output)| (output.name.clone(), place)).collect(),
                passing,
                defaults: defaults.collect(),
                counts: network.counts(),
                values: network.parameters().map(|parameter| parameter.values.len() as u64).sum(),
                parts: (network.populations().count()
                    + network.connections().count()
                    + network.parameters().count()
                    + network.outputs().len()
                    + network.instances().len()) as u64,
                names: names.fold((0, 0), |(count, bytes), name| (count + 1, bytes + name.len() as u64)),
            }
        })
    }

    /// The inputs and neurons called `name`, which may be anything inside.
    pub(super) fn inside(&self, name: &str) -> Option<&Inside> {
        let names = self.inside.get_or_init(|| {
            let network = &self.network;
            let mut names = HashMap::new();
            for instance in network.instances() {
                let ports = instance.inputs.iter().chain(&instance.outputs);
                names.extend(ports.map(|port| {
                    let (parts, is_array, declared) = (port.parts.clone(), port.is_array, instance.origin);
                    (format!("{}.{}", instance.name, port.name), Inside { parts, is_array, declared })
                }));
            }
            names.extend(network.outputs().iter().map(|output| {
                let (parts, is_array, declared) = (output.parts.clone(), output.is_array, output.origin);
                (output.name.clone(), Inside { parts, is_array, declared })
            }));
            names.extend(network.populations().map(|(id, population)| {
                let (parts, is_array, declared) = (vec![population.units(id)], population.is_array, population.origin);
                (population.name.clone(), Inside { parts, is_array, declared })
            }));
            names
        });
        names.get(name)
    }
}

/// The networks that a file may make instances of.
#[derive(Default)]
pub(super) struct Networks {
    /// Those that the file declares; none where there is an error.
    pub(super) defined: HashMap<String, Option<Rc<Prototype>>>,
    /// Their names in the order of their declarations.
    pub(super) order: Vec<String>,
    imported: HashMap<String, Imported>,
    /// The name that the file's own network has.
    own: String,
}

struct Imported {
    /// None where the file could not be read.
    exports: Option<Rc<Exports>>,
    used: Rc<Cell<bool>>,
    at: Span,
}

/// What a file gives to those that import it.
pub(super) struct Exports {
    pub(super) name: String,
    /// The file's own network.
    own: Option<Rc<Prototype>>,
    /// The networks that it declares.
    defined: HashMap<String, Option<Rc<Prototype>>>,
    order: Vec<String>,
    /// Its activations.
    scope: Option<Rc<Scope>>,
}

impl Networks {
    /// The network called so; the inner option is none after an error in it.
    fn find(&self, name: &str) -> Option<Option<&Rc<Prototype>>> {
        if let Some(defined) = self.defined.get(name) {
            return Some(defined.as_ref());
        }
        let (first, rest) = name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
        let imported = self.imported.get(first)?;
        imported.used.set(true);
        let Some(exports) = &imported.exports else { return Some(None) };
        match rest {
            None => Some(exports.own.as_ref()),
            Some(rest) => exports.defined.get(rest).map(Option::as_ref),
        }
    }

    /// All names that `find` knows.
    fn names(&self) -> Vec<String> {
        let mut imported: Vec<(&String, &Imported)> = self.imported.iter().collect();
        imported.sort_by_key(|(_, imported)| imported.at);
        let mut names = self.order.clone();
        for (name, imported) in imported {
            names.push(name.clone());
            let inner = imported.exports.iter().flat_map(|exports| &exports.order);
            names.extend(inner.map(|inner| format!("{name}.{inner}")));
        }
        names
    }

    /// The imports that nothing uses, in their order.
    pub(super) fn unused(&self) -> Vec<(&str, Span)> {
        let unused = self.imported.iter().filter(|(_, imported)| !imported.used.get());
        let mut unused: Vec<(&str, Span)> = unused.map(|(name, imported)| (name.as_str(), imported.at)).collect();
        unused.sort_by_key(|(_, at)| *at);
        unused
    }
}

impl<'a> Resolver<'a> {
    /// `import` statements: what they name is known under the names that they give.
    pub(super) fn imports(&mut self, modules: &[Option<Rc<Exports>>], imports: &[Option<usize>]) {
        let written = self.statements.iter().filter_map(|statement| match &statement.kind {
            StatementKind::Import(import) => Some(import),
            _ => None,
        });
        for (import, module) in std::iter::zip(written, imports) {
            let exports = module.and_then(|module| modules[module].clone());
            let name = match (&import.name, &exports) {
                (Some(name), _) => name.clone(),
                (None, Some(exports)) => Name { text: normalised(&exports.name), span: import.path_span },
                // Its name is that of its network, which nobody knows: perhaps the file's.
                (None, None) => Name { text: normalised(crate::source::stem(&import.path)), span: import.path_span },
            };
            if !is_name(&name.text) {
                // What is wrong with the file is told already.
                if exports.is_none() {
                    continue;
                }
                let path = import.path.clone();
                self.error(NetworkError::ImportName { path, name: name.text, at: import.path_span });
                continue;
            }
            let used = Rc::new(Cell::new(false));
            let scope = exports.as_ref().and_then(|exports| exports.scope.clone());
            if let Err(error) = self.scope.declare_import(&name, scope, Rc::clone(&used)) {
                self.error(error);
                continue;
            }
            self.networks.imported.insert(name.text, Imported { exports, used, at: name.span });
        }
    }

    /// `network NAME { … }` statements, each after those that it makes instances of.
    pub(super) fn definitions(&mut self) {
        if !self.text.is_inner {
            self.networks.own.clone_from(&self.network.name);
        }
        let mut definitions: Vec<(&'a Definition, &'a Statement)> = Vec::new();
        for statement in self.statements {
            let StatementKind::Define(definition) = &statement.kind else { continue };
            if let Err(error) = self.scope.declare_network(&definition.name) {
                // Its instances stay silent: which of the two is meant is not known.
                self.scope.break_instance(&definition.name.text);
                self.error(error);
                continue;
            }
            self.networks.order.push(definition.name.text.clone());
            self.networks.defined.insert(definition.name.text.clone(), None);
            definitions.push((definition, statement));
        }
        if definitions.is_empty() {
            return;
        }
        let seen = Rc::new(self.scope.seen_inside());
        let order = self.by_instances(&definitions);
        for place in order {
            let (definition, statement) = definitions[place];
            let doc = statement.doc.as_ref().map(|doc| doc.lines.clone()).unwrap_or_default();
            let text = Text { statements: &definition.statements, is_inner: true, ..self.text };
            let network = Network::empty(definition.name.text.clone(), doc);
            let scope = Scope::within(Rc::clone(&seen));
            let prototype = self.inner(text, network, scope);
            self.networks.defined.insert(definition.name.text.clone(), prototype.map(Rc::new));
        }
        self.scope.use_seen(&seen);
    }

    /// The places of networks, each behind those that it makes instances of; those that contain each other are
    /// reported and left out.
    fn by_instances(&mut self, definitions: &[(&'a Definition, &'a Statement)]) -> Vec<usize> {
        let mut graph: Graph<usize, ()> = Graph::new();
        let mut nodes: HashMap<&str, NodeIndex> = HashMap::new();
        for (place, (definition, _)) in definitions.iter().enumerate() {
            nodes.insert(&definition.name.text, graph.add_node(place));
        }
        for (definition, _) in definitions {
            for instance in instances(&definition.statements) {
                if let Some(source) = nodes.get(instance.network.text.as_str()) {
                    graph.add_edge(*source, nodes[definition.name.text.as_str()], ());
                }
            }
        }
        let mut ordered = Vec::new();
        for mut group in kosaraju_scc(&graph).into_iter().rev() {
            if let [only] = group.as_slice()
                && !graph.contains_edge(*only, *only)
            {
                ordered.push(graph[*only]);
                continue;
            }
            group.sort_unstable();
            // From what contains to what is contained.
            let path: Vec<usize> = shortest_loop(&graph, group[0]).into_iter().map(|node| graph[node]).collect();
            let names: Vec<&Name> = path.iter().map(|place| &definitions[*place].0.name).collect();
            let places = (0..path.len()).filter_map(|step| {
                let inner = names[(step + 1) % path.len()];
                let mut all = instances(&definitions[path[step]].0.statements);
                all.find(|instance| instance.network.text == inner.text).map(|instance| instance.network.span)
            });
            let places = places.collect();
            let mut names: Vec<String> = names.into_iter().map(|name| name.text.clone()).collect();
            names.push(names[0].clone());
            self.error(NetworkError::NetworkLoop { names, places });
        }
        ordered
    }

    /// The network that an instance is made of; none after an error.
    pub(super) fn prototype(&mut self, name: &Name) -> Option<Rc<Prototype>> {
        if let Some(found) = self.networks.find(&name.text) {
            return found.cloned();
        }
        if self.scope.is_broken(&name.text) || self.scope.follows(&format!("network {}", name.text), name.span) {
            return None;
        }
        let names = self.networks.names();
        let budget = self.scope.budget(names.len());
        let known: Vec<String> = names.into_iter().take(budget).collect();
        let is_own = name.text == self.networks.own;
        let meant = closest(&name.text, known.iter().map(String::as_str)).map(str::to_owned);
        // A network of an import without the import's name.
        let inner = known.iter().find(|known| known.split_once('.').is_some_and(|(_, inner)| inner == name.text));
        let meant = inner.cloned().or(meant);
        self.error(NetworkError::UnknownNetwork { name: name.text.clone(), meant, known, is_own, at: name.span });
        None
    }
}

/// What the files of a program give, in the order of the modules.
pub(super) fn exports(name: String, own: Option<Prototype>, networks: Networks) -> Exports {
    let own = own.map(Rc::new);
    let scope = own.as_ref().map(|own| Rc::clone(&own.scope));
    Exports { name, own, defined: networks.defined, order: networks.order, scope }
}

/// The instances among some statements.
fn instances(statements: &[Statement]) -> impl Iterator<Item = &crate::ast::Instance> {
    statements.iter().filter_map(|statement| match &statement.kind {
        StatementKind::Instance(instance) => Some(&**instance),
        _ => None,
    })
}

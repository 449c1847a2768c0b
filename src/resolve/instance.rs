//! Instances: copies of networks, their inputs fed by others, some of their parameters shared or set.

use std::collections::HashMap;
use std::rc::Rc;

use super::Resolver;
use super::definition::{Inside, Prototype, Recipe, Target};
use super::error::{NetworkError, ResolveError, STEPS_SHOWN};
use super::scope::Meaning;
use crate::activation::Activation;
use crate::ast::{self, Keyword, Property};
use crate::codes::Code;
use crate::combine::Combine;
use crate::network::{
    Connection, Drawn, Instance, Parameter, ParameterId, Pattern, PatternId, Population, PopulationId, PopulationKind,
    Port, Units, View,
};
use crate::value::Shape;

/// An instance while its network is being made.
pub(super) struct Placed<'a> {
    pub(super) written: &'a ast::Instance,
    /// None after an error, in it or in its network.
    pub(super) prototype: Option<Rc<Prototype>>,
    /// What the network's parameters are here.
    pub(super) parameters: Rc<[ParameterId]>,
    /// What the network's populations are here; none for inputs that are fed.
    pub(super) populations: Vec<Option<PopulationId>>,
    /// What feeds its inputs.
    pub(super) fed: HashMap<PopulationId, Vec<Units>>,
    /// Whether something that feeds an input has an error.
    pub(super) is_misfed: bool,
    /// What is set, by name; of two of one name the first.
    settings: HashMap<&'a str, &'a Property>,
}

impl<'a> Placed<'a> {
    pub(super) fn new(written: &'a ast::Instance) -> Placed<'a> {
        let (parameters, populations, fed) = (Rc::default(), Vec::new(), HashMap::new());
        let settings = written.settings.iter().flatten().rev();
        let settings = settings.map(|setting| (setting.name.text.as_str(), setting)).collect();
        Placed { written, prototype: None, parameters, populations, fed, is_misfed: false, settings }
    }

    /// What some units of the network are here.
    fn here(&self, units: Units) -> Vec<Units> {
        match self.populations[units.population.0 as usize] {
            Some(population) => vec![Units { population, ..units }],
            None => pick(&self.fed[&units.population], units.first, units.count),
        }
    }

    pub(super) fn all_here(&self, parts: &[Units]) -> Vec<Units> {
        parts.iter().flat_map(|part| self.here(*part)).collect()
    }

    fn view(&self, view: View) -> View {
        View { parameter: self.parameters[view.parameter.0 as usize], ..view }
    }

    /// Whether it is given up, for an error that may be told elsewhere.
    pub(super) fn is_silent(&self) -> bool {
        self.prototype.is_none()
    }

    /// Gives it up, after an error.
    pub(super) fn forget(&mut self) {
        self.prototype = None;
    }

    /// What is set that is no input of the network.
    pub(super) fn parameter_settings(&self) -> impl Iterator<Item = &'a Property> {
        self.prototype.iter().flat_map(|prototype| {
            let settings = self.written.settings.iter().flatten();
            settings.filter(|setting| input(prototype, &setting.name.text).is_none())
        })
    }

    pub(super) fn setting(&self, name: &str) -> Option<&'a Property> {
        self.settings.get(name).copied()
    }
}

/// Names that instances copy count as a part for each so many bytes.
const NAME: u64 = 64;

/// `count` of the elements that some units are together, from `first` on.
pub(super) fn pick(parts: &[Units], first: u32, count: u32) -> Vec<Units> {
    let (mut skip, mut left) = (first, count);
    let mut picked = Vec::new();
    for part in parts {
        let skipped = skip.min(part.count);
        let taken = (part.count - skipped).min(left);
        if taken > 0 {
            picked.push(Units { population: part.population, first: part.first + skipped, count: taken });
        }
        (skip, left) = (skip - skipped, left - taken);
    }
    picked
}

impl<'a> Resolver<'a> {
    /// Finds the networks of all instances, and makes the names known that each of them has to offer.
    pub(super) fn instance_names(&mut self) {
        for place in 0..self.instances.len() {
            let written = self.instances[place].written;
            let prototype = self.prototype(&written.network).filter(|prototype| self.may_be_placed(written, prototype));
            let Some(prototype) = prototype else {
                self.scope.break_instance(&written.name.text);
                continue;
            };
            let name = |inner: &str| format!("{}.{inner}", written.name.text);
            for output in prototype.network.outputs() {
                let meaning = Meaning::Port { parts: None, is_array: output.is_array, instance: place };
                self.scope.declare_inside(name(&output.name), meaning, output.origin);
            }
            for (inner, entry) in prototype.scope.iter() {
                if let Meaning::Parameter(keyword, Some(_)) = entry.meaning
                    && !inner.contains('.')
                {
                    self.scope.declare_inside(name(inner), Meaning::Parameter(keyword, None), entry.declared);
                }
            }
            self.instances[place].prototype = Some(prototype);
        }
    }

    /// Whether an instance of this network may stand here: it has outputs, and its size is within the limits.
    fn may_be_placed(&mut self, written: &ast::Instance, prototype: &Prototype) -> bool {
        let network = &prototype.network;
        let at = written.network.span;
        if network.outputs().is_empty() {
            let unread = network.unread_neurons().take(STEPS_SHOWN).map(str::to_owned).collect();
            self.error(NetworkError::NoOutputs { name: written.network.text.clone(), unread, at });
            return false;
        }
        let ports = prototype.ports();
        let (counts, values, (names, bytes)) = (ports.counts, ports.values, ports.names);
        let name_bytes = bytes + names * (written.name.text.len() as u64 + 1);
        let parts = ports.parts.saturating_add(name_bytes / NAME);
        let limits = self.limits;
        let (tally, neurons) = (&self.tally, counts.neurons + counts.inputs);
        let asked = [
            (Code::E0913, "parts that instances copy", tally.copies + parts, limits.copies, "copies"),
            (Code::E0903, "neurons and inputs", tally.neurons.saturating_add(neurons), limits.neurons, "neurons"),
            (Code::E0904, "synapses", tally.synapses + counts.synapses, limits.synapses, "synapses"),
            (Code::E0905, "values of weights and biases", tally.values + values, limits.parameters, "parameters"),
        ];
        if let Some((code, what, asked, allowed, flag)) = asked.into_iter().find(|row| row.2 > row.3) {
            // Many may follow: it is told once.
            if !std::mem::replace(&mut self.tally.is_told, true) {
                self.error(ResolveError::Limit { code, what, asked: Some(asked), allowed, flag, at });
            }
            return false;
        }
        self.tally.copies += parts;
        self.tally.neurons += neurons;
        self.tally.synapses += counts.synapses;
        self.tally.values += values;
        true
    }

    /// The neurons of an instance, and constants for the inputs that nothing feeds.
    pub(super) fn instance_populations(&mut self, place: usize) {
        let Some(prototype) = self.instances[place].prototype.clone() else { return };
        let written = self.instances[place].written;
        let prefix = &written.name.text;
        let mut populations = Vec::with_capacity(prototype.network.graph.node_count());
        let mut unfed = Vec::new();
        for (id, population) in prototype.network.populations() {
            let kind = match &population.kind {
                PopulationKind::Neuron { activation, combine, bias } => {
                    let bias = self.instances[place].view(*bias);
                    PopulationKind::Neuron { activation: activation.clone(), combine: *combine, bias }
                }
                PopulationKind::Input { .. } if self.instances[place].setting(&population.name).is_some() => {
                    populations.push(None);
                    continue;
                }
                PopulationKind::Input { default: Some(values), .. } => {
                    let bias = self.constant(place, id, population, values.clone());
                    PopulationKind::Neuron { activation: Activation::Identity {}, combine: Combine::Sum, bias }
                }
                PopulationKind::Input { default: None, .. } => {
                    unfed.push((population.name.clone(), population.origin));
                    populations.push(None);
                    continue;
                }
            };
            let name = format!("{prefix}.{}", population.name);
            let copy = Population { name, kind, doc: population.doc.clone(), ..*population };
            populations.push(Some(self.network.add_population(copy)));
        }
        self.instances[place].populations = populations;
        if !unfed.is_empty() {
            self.instances[place].prototype = None;
            if has_misnamed(written, &prototype) {
                // What is misnamed, and told, probably means an input that is not fed.
                return;
            }
            let (name, network) = (prefix.clone(), written.network.text.clone());
            self.error(NetworkError::NotFed { name, network, inputs: unfed, at: written.name.span });
        }
    }

    /// The bias of the constant that stands for an input which nothing feeds: its default.
    fn constant(&mut self, place: usize, id: PopulationId, input: &Population, values: Vec<f64>) -> View {
        let prototype = self.instances[place].prototype.clone().expect("only then its populations are made");
        let at = self.instances[place].written.name.span;
        let shape = if input.is_array { Shape::Vector(values.len()) } else { Shape::Scalar };
        let constant = Parameter::literal(shape, values, input.origin);
        let parameter = self.unlimited_parameter(Parameter { trainable: false, ..constant });
        if let Some(recipe) = prototype.ports().defaults.get(&id).map(|place| &prototype.recipes[*place]) {
            let own = Rc::clone(&self.instances[place].parameters);
            let copy = self.recipe_here(&prototype, recipe, &own, &mut HashMap::new());
            let copy = Recipe { target: Target::Parameter(parameter), shape, ..copy };
            if let Some(tensor) = self.followed(&copy, at) {
                self.network.parameters[parameter.0 as usize].values = tensor.values;
            }
            self.recipes.push(copy);
        }
        View { parameter, offset: 0, row: u32::from(input.is_array), column: 0 }
    }

    /// The connections of an instance, and its entry in the table of instances.
    pub(super) fn instance_connections(&mut self, place: usize) {
        let Some(prototype) = self.instances[place].prototype.clone() else { return };
        let network = &prototype.network;
        let mut patterns = vec![PatternId::ALL_TO_ALL, PatternId::ONE_TO_ONE];
        for pattern in &network.patterns[patterns.len()..] {
            patterns.push(self.network.add_pattern(pattern.clone()));
        }
        for (_, connection) in network.connections() {
            let instance = &self.instances[place];
            let weights = instance.view(connection.weights);
            let sources = instance.here(connection.sources);
            // Targets are neurons, which are one part.
            let [targets] = *instance.here(connection.targets) else { continue };
            let pattern = patterns[connection.pattern.0 as usize];
            let origin = connection.origin;
            if let [sources] = *sources {
                self.network.add_connection(Connection { sources, targets, weights, pattern, origin });
                continue;
            }
            let mut first = 0;
            for part in sources {
                let cut = Part { first, count: part.count };
                first += part.count;
                let (targets, weights, pattern) = match network.pattern(connection.pattern) {
                    Pattern::AllToAll => {
                        let offset = weights.offset + cut.first * weights.column;
                        (targets, View { offset, ..weights }, pattern)
                    }
                    Pattern::OneToOne => {
                        let offset = weights.offset + cut.first * weights.row;
                        let targets = Units { first: targets.first + cut.first, count: cut.count, ..targets };
                        (targets, View { offset, ..weights }, pattern)
                    }
                    Pattern::Random(drawn) => {
                        let pattern = self.network.add_pattern(Pattern::Random(part_of(drawn, cut)));
                        (targets, weights, pattern)
                    }
                };
                self.network.add_connection(Connection { sources: part, targets, weights, pattern, origin });
            }
        }
        self.record(place, &prototype);
    }

    /// Adds an instance, and those inside it, to the network's table.
    fn record(&mut self, place: usize, prototype: &Prototype) {
        let instance = &self.instances[place];
        let prefix = &instance.written.name.text;
        let ports = |list: &[Port]| {
            let here = |port: &Port| Port { name: port.name.clone(), parts: instance.all_here(&port.parts), ..*port };
            list.iter().map(here).collect::<Vec<Port>>()
        };
        let network = &prototype.network;
        let inputs = network.inputs().map(|(id, input)| Port {
            name: input.name.clone(),
            parts: instance.here(input.units(id)),
            is_array: input.is_array,
        });
        let outputs = network.outputs().iter().map(|output| Port {
            name: output.name.clone(),
            parts: instance.all_here(&output.parts),
            is_array: output.is_array,
        });
        let mut added = vec![Instance {
            name: prefix.clone(),
            network: instance.written.network.text.clone(),
            inputs: inputs.collect(),
            outputs: outputs.collect(),
            origin: instance.written.name.span,
        }];
        added.extend(network.instances().iter().map(|inner| Instance {
            name: format!("{prefix}.{}", inner.name),
            network: inner.network.clone(),
            inputs: ports(&inner.inputs),
            outputs: ports(&inner.outputs),
            origin: inner.origin,
        }));
        self.network.instances.extend(added);
    }

    /// The inputs and neurons that a dotted name means to those who may look inside an instance.
    pub(super) fn inside(&self, name: &str) -> Option<Inside> {
        let (first, rest) = name.split_once('.')?;
        let entry = self.scope.get(first)?;
        let Meaning::Instance(place) = entry.meaning else { return None };
        let instance = &self.instances[place];
        let Inside { parts, is_array, declared } = instance.prototype.as_ref()?.inside(rest)?;
        Some(Inside { parts: instance.all_here(parts), is_array: *is_array, declared: *declared })
    }
}

/// Some neighbouring sources of a connection.
#[derive(Clone, Copy)]
struct Part {
    first: u32,
    count: u32,
}

/// The drawn pairs whose sources are in a part.
fn part_of(drawn: &Drawn, part: Part) -> Drawn {
    let (mut rows, mut sources) = (Vec::with_capacity(drawn.rows.len()), Vec::new());
    let length = |list: &Vec<u32>| u32::try_from(list.len()).expect("pairs are limited");
    for pair in drawn.rows.windows(2) {
        let row = &drawn.sources[pair[0].0 as usize..pair[1].0 as usize];
        let start = row.partition_point(|source| *source < part.first);
        let end = row.partition_point(|source| *source < part.first + part.count);
        rows.push((length(&sources), pair[0].1 + start as u32));
        sources.extend(row[start..end].iter().map(|source| source - part.first));
    }
    rows.push((length(&sources), drawn.rows.last().map_or(0, |last| last.1)));
    Drawn { rows, sources, ..*drawn }
}

/// The input of that name.
pub(super) fn input(prototype: &Prototype, name: &str) -> Option<PopulationId> {
    match prototype.scope.own(name)?.meaning {
        Meaning::Population(Keyword::Input, id) => id,
        _ => None,
    }
}

/// Whether what is written gives a value to something that the network cannot be given.
fn has_misnamed(written: &ast::Instance, prototype: &Prototype) -> bool {
    written.settings.iter().flatten().any(|setting| {
        prototype.scope.own(&setting.name.text).is_none_or(|entry| match entry.meaning {
            Meaning::Parameter(..) | Meaning::Population(Keyword::Input, _) => false,
            Meaning::Population(..)
            | Meaning::Const(_)
            | Meaning::Output(_)
            | Meaning::Port { .. }
            | Meaning::Instance(_) => true,
        })
    })
}

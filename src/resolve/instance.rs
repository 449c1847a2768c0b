//! Instances: copies of networks, their inputs fed by others, some of their parameters shared or set.

use std::collections::HashMap;
use std::rc::Rc;

use petgraph::algo::toposort;
use petgraph::graph::Graph;

use super::Resolver;
use super::definition::{Prototype, Recipe, Target};
use super::error::ResolveError;
use super::scope::{Meaning, Scope, Values};
use crate::activation::Activation;
use crate::ast::{self, Expression, ExpressionKind, Keyword, Numbers, Property, References};
use crate::codes::Code;
use crate::combine::Combine;
use crate::network::{
    Connection, Drawn, Instance, Parameter, ParameterId, ParameterKind, Pattern, PatternId, Population, PopulationId,
    PopulationKind, Port, Units, View,
};
use crate::span::Span;
use crate::text::closest;
use crate::value::{Shape, Tensor, evaluate, visit_references};

/// An instance while its network is being made.
pub(super) struct Placed<'a> {
    pub(super) written: &'a ast::Instance,
    /// None after an error, in it or in its network.
    prototype: Option<Rc<Prototype>>,
    /// What the network's parameters are here.
    parameters: Vec<ParameterId>,
    /// What the network's populations are here; none for inputs that are fed.
    populations: Vec<Option<PopulationId>>,
    /// What feeds its inputs.
    fed: HashMap<PopulationId, Vec<Units>>,
}

impl<'a> Placed<'a> {
    pub(super) fn new(written: &'a ast::Instance) -> Placed<'a> {
        let (parameters, populations, fed) = (Vec::new(), Vec::new(), HashMap::new());
        Placed { written, prototype: None, parameters, populations, fed }
    }

    /// What some units of the network are here.
    fn here(&self, units: Units) -> Vec<Units> {
        match self.populations[units.population.0 as usize] {
            Some(population) => vec![Units { population, ..units }],
            None => pick(&self.fed[&units.population], units.first, units.count),
        }
    }

    fn all_here(&self, parts: &[Units]) -> Vec<Units> {
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
        let settings = self.prototype.iter().flat_map(|_| self.written.settings.iter().flatten());
        settings
            .filter(|setting| self.prototype.as_ref().is_some_and(|known| input(known, &setting.name.text).is_none()))
    }

    fn setting(&self, name: &str) -> Option<&'a Property> {
        self.written.settings.iter().flatten().find(|setting| setting.name.text == name)
    }
}

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
            let unread = network.unread_neurons().take(ResolveError::STEPS_SHOWN).map(str::to_owned).collect();
            self.error(ResolveError::NoOutputs { name: written.network.text.clone(), unread, at });
            return false;
        }
        let counts = network.counts();
        let values: u64 = network.parameters().map(|parameter| parameter.values.len() as u64).sum();
        let parts = network.populations().count() + network.connections().count() + network.parameters().count();
        let parts = (parts + network.outputs().len() + network.instances().len()) as u64;
        let limits = self.limits;
        let (tally, neurons) = (&self.tally, counts.neurons + counts.inputs);
        let asked = [
            (Code::E0913, "parts that instances copy", tally.copies + parts, limits.copies, "copies"),
            (Code::E0903, "neurons and inputs", tally.neurons.saturating_add(neurons), limits.neurons, "neurons"),
            (Code::E0904, "synapses", tally.synapses + counts.synapses, limits.synapses, "synapses"),
            (Code::E0905, "values of weights and biases", tally.values + values, limits.parameters, "parameters"),
        ];
        if let Some((code, what, asked, allowed, flag)) = asked.into_iter().find(|row| row.2 > row.3) {
            self.error(ResolveError::Limit { code, what, asked: Some(asked), allowed, flag, at });
            return false;
        }
        self.tally.copies += parts;
        self.tally.neurons += neurons;
        self.tally.synapses += counts.synapses;
        self.tally.values += values;
        true
    }

    /// The parameters of an instance: shared, set, or with the values of its network.
    pub(super) fn instance_parameters(&mut self, place: usize) {
        let Some(prototype) = self.instances[place].prototype.clone() else { return };
        let written = self.instances[place].written;
        self.settings(written, &prototype);
        let network = &prototype.network;
        let mut here: Vec<Option<ParameterId>> = vec![None; network.parameters.len()];
        let mut changed = vec![false; network.parameters.len()];
        for setting in written.settings.iter().flatten() {
            let entry = prototype.scope.own(&setting.name.text);
            let Some(Meaning::Parameter(keyword, Some(id))) = entry.map(|entry| &entry.meaning) else { continue };
            let set = self.set_parameter(written, setting, *keyword, network.parameter(*id));
            here[id.0 as usize] = here[id.0 as usize].or(set);
            changed[id.0 as usize] = true;
        }
        let prefix = &written.name.text;
        let here: Vec<ParameterId> = std::iter::zip(here, &network.parameters)
            .map(|(set, parameter)| {
                set.unwrap_or_else(|| {
                    let name = parameter.name.as_ref().map(|name| format!("{prefix}.{name}"));
                    self.unlimited_parameter(Parameter { name, ..parameter.clone() })
                })
            })
            .collect();
        self.follow(&prototype, &here, &mut changed, written.name.span);
        for (name, entry) in prototype.scope.iter() {
            if let Meaning::Parameter(keyword, Some(id)) = entry.meaning {
                let id = here[id.0 as usize];
                self.scope.set(&format!("{prefix}.{name}"), Meaning::Parameter(keyword, Some(id)));
            }
        }
        self.instances[place].parameters = here;
    }

    /// Takes over how values follow from parameters, and lets those follow that read what is changed.
    fn follow(&mut self, prototype: &Prototype, here: &[ParameterId], changed: &mut [bool], at: Span) {
        let own: Rc<[ParameterId]> = here.into();
        let mut maps: HashMap<*const ParameterId, Rc<[ParameterId]>> = HashMap::new();
        for recipe in &prototype.recipes {
            let Target::Parameter(target) = recipe.target else { continue };
            if changed[target.0 as usize] {
                continue;
            }
            let copy = self.recipe_here(prototype, recipe, &own, &mut maps);
            let mut follows = false;
            recipe.reads(&prototype.scope, |id| follows |= changed[id.0 as usize]);
            if follows {
                changed[target.0 as usize] = true;
                let id = here[target.0 as usize];
                if let Some(tensor) = self.followed(&copy, at) {
                    self.network.parameters[id.0 as usize].values = tensor.values;
                }
            }
            self.recipes.push(Recipe { target: Target::Parameter(here[target.0 as usize]), ..copy });
        }
    }

    /// A recipe of a network as that of an instance; its target stays that of the network.
    fn recipe_here(
        &self,
        prototype: &Prototype,
        recipe: &Recipe,
        own: &Rc<[ParameterId]>,
        maps: &mut HashMap<*const ParameterId, Rc<[ParameterId]>>,
    ) -> Recipe {
        let names = match &recipe.names {
            None => (Rc::clone(&prototype.scope), Rc::clone(own)),
            Some((scope, map)) => {
                let here = || map.iter().map(|id| own[id.0 as usize]).collect();
                (Rc::clone(scope), Rc::clone(maps.entry(map.as_ptr()).or_insert_with(here)))
            }
        };
        Recipe { names: Some(names), ..recipe.clone() }
    }

    /// What a recipe of an instance comes to.
    fn followed(&mut self, recipe: &Recipe, at: Span) -> Option<Tensor> {
        let (scope, map) = recipe.names.as_ref().expect("a recipe of an instance has its names");
        let names = Values { scope, map: Some(map), ..self.names() };
        let outcome = evaluate(&recipe.expression, &names);
        let before = self.reports.len();
        let tensor = self.valued(outcome);
        for report in &mut self.reports[before..] {
            report.related.push(crate::diagnostic::Label { span: at, text: "with what this instance sets".to_owned() });
        }
        let Tensor { shape, values } = tensor?;
        if shape == recipe.shape {
            return Some(Tensor { shape, values });
        }
        Some(Tensor { shape: recipe.shape, values: vec![values[0]; recipe.shape.count()?] })
    }

    /// Reports settings that name nothing of the network, or the same twice.
    fn settings(&mut self, written: &ast::Instance, prototype: &Prototype) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for setting in written.settings.iter().flatten() {
            let (name, at) = (setting.name.text.as_str(), setting.name.span);
            if let Some(first) = seen.insert(name, at) {
                self.error(ResolveError::RepeatedProperty { name: name.to_owned(), first, at });
                continue;
            }
            let network = written.network.text.clone();
            match prototype.scope.own(name).map(|entry| &entry.meaning) {
                Some(Meaning::Parameter(..) | Meaning::Population(Keyword::Input, _)) => {}
                Some(Meaning::Const(_)) => self.error(ResolveError::LaterConst { name: name.to_owned(), at }),
                found @ (Some(
                    Meaning::Population(..) | Meaning::Output(_) | Meaning::Port { .. } | Meaning::Instance(_),
                )
                | None) => {
                    let is = found.map(Meaning::kind);
                    let known = prototype.scope.iter().filter(|(name, entry)| match entry.meaning {
                        Meaning::Parameter(..) => !name.contains('.'),
                        Meaning::Population(keyword, _) => keyword == Keyword::Input,
                        Meaning::Const(_) | Meaning::Output(_) | Meaning::Port { .. } | Meaning::Instance(_) => false,
                    });
                    let known: Vec<String> = known.map(|(name, _)| name.to_owned()).collect();
                    let meant = closest(name, known.iter().map(String::as_str)).map(str::to_owned);
                    self.error(ResolveError::UnknownSetting { name: name.to_owned(), network, is, meant, known, at });
                }
            }
        }
    }

    /// The parameter that `parameter = VALUE` stands for: a shared one for a bare name, else one of its own.
    fn set_parameter(
        &mut self,
        written: &ast::Instance,
        setting: &Property,
        keyword: Keyword,
        inner: &Parameter,
    ) -> Option<ParameterId> {
        let (value, at) = (&setting.value, setting.name.span);
        let what = crate::text::quoted(&format!("{}.{}", written.name.text, setting.name.text));
        let is_name = matches!(&value.kind, ExpressionKind::Reference(reference) if reference.selector.is_none());
        let misfit = |resolver: &mut Self, shape, loaded| {
            let (wanted, value, size, what) = (inner.shape, value.span, inner.origin, what.clone());
            resolver.error(ResolveError::ValueShape { what, shape, wanted, value, size, loaded });
        };
        if is_name {
            let (id, shape, _) = self.parameter_of(value, keyword)?;
            let found = self.network.parameter(id);
            // A const is no parameter that could be shared.
            if found.name.is_some() {
                if shape != inner.shape {
                    let (wanted, declared, at) = (inner.shape, inner.origin, value.span);
                    self.error(ResolveError::SharedShape { what, shape, wanted, declared, at });
                    return None;
                }
                return Some(id);
            }
        }
        let (tensor, file) = match self.generator(value) {
            Some(generated) => {
                let fans = match inner.shape {
                    Shape::Matrix(rows, columns) => Some(super::generator::fans(columns as u64, rows as u64)),
                    Shape::Scalar | Shape::Vector(_) => None,
                };
                (self.generated(&generated?, inner.shape, fans)?, None)
            }
            None => self.value_of(value)?,
        };
        let spreads = tensor.shape == Shape::Scalar && file.is_none();
        if tensor.shape != inner.shape && !spreads {
            misfit(self, tensor.shape, file.is_some());
            return None;
        }
        let values = match tensor.shape == inner.shape {
            true => tensor.values,
            false => vec![tensor.values[0]; inner.shape.count()?],
        };
        let name = Some(format!("{}.{}", written.name.text, setting.name.text));
        let (kind, shape, trainable) = (inner.kind, inner.shape, inner.trainable);
        let id = self.unlimited_parameter(Parameter { name, kind, shape, values, trainable, origin: at, file });
        self.note_recipe(Target::Parameter(id), shape, value);
        Some(id)
    }

    /// Keeps how a value follows from parameters, if it does.
    pub(super) fn note_recipe(&mut self, target: Target, shape: Shape, value: &Expression) {
        let mut follows = false;
        visit_references(value, &mut |reference| {
            let entry = self.scope.get(&reference.name.text);
            follows |= entry.is_some_and(|entry| matches!(entry.meaning, Meaning::Parameter(..)));
        });
        if follows {
            self.recipes.push(Recipe { target, shape, expression: Rc::new(value.clone()), names: None });
        }
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
            let (name, network) = (prefix.clone(), written.network.text.clone());
            self.error(ResolveError::NotFed { name, network, inputs: unfed, at: written.name.span });
        }
    }

    /// The bias of the constant that stands for an input which nothing feeds: its default.
    fn constant(&mut self, place: usize, id: PopulationId, input: &Population, values: Vec<f64>) -> View {
        let prototype = self.instances[place].prototype.clone().expect("only then its populations are made");
        let at = self.instances[place].written.name.span;
        let shape = if input.is_array { Shape::Vector(values.len()) } else { Shape::Scalar };
        let (kind, origin) = (ParameterKind::Literal, input.origin);
        let parameter = self.unlimited_parameter(Parameter {
            name: None,
            kind,
            shape,
            values,
            trainable: false,
            origin,
            file: None,
        });
        let recipe = prototype.recipes.iter().find(|recipe| recipe.target == Target::Default(id));
        if let Some(recipe) = recipe {
            let own: Rc<[ParameterId]> = self.instances[place].parameters.as_slice().into();
            let copy = self.recipe_here(&prototype, recipe, &own, &mut HashMap::new());
            let copy = Recipe { target: Target::Parameter(parameter), shape, ..copy };
            if let Some(tensor) = self.followed(&copy, at) {
                self.network.parameters[parameter.0 as usize].values = tensor.values;
            }
            self.recipes.push(copy);
        }
        View { parameter, offset: 0, row: u32::from(input.is_array), column: 0 }
    }

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
            self.give(place);
        }
        match toposort(&graph, None) {
            Ok(order) => order.into_iter().for_each(|node| self.feed(&inputs[graph[node]])),
            Err(cycle) => {
                let path = super::declare::shortest_loop(&graph, cycle.node_id());
                let inputs: Vec<&Fed<'_>> = path.iter().map(|node| &inputs[graph[*node]]).collect();
                let name = |fed: &&Fed<'_>| {
                    format!("{}.{}", self.instances[fed.place].written.name.text, fed.setting.name.text)
                };
                let mut names: Vec<String> = inputs.iter().map(name).collect();
                names.push(names[0].clone());
                let places = inputs.iter().map(|fed| fed.setting.name.span).collect();
                self.error(ResolveError::PassedInCircles { names, places });
                // Nothing more is known of any instance.
                self.instances.iter_mut().for_each(|instance| instance.prototype = None);
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
                self.give(fed.place);
            }
            None => self.instances[fed.place].prototype = None,
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
                ExpressionKind::Number(_) | ExpressionKind::Numbers(Numbers { .. }) | ExpressionKind::Signed(..)
            );
            let name = setting.name.text.clone();
            self.error(ResolveError::NoSources { name, is_number, at: span });
            return None;
        }
        let references = References { list: references, bracketed: true, span };
        let parts = self.all_units(&references, "input or neuron")?;
        let count: u64 = parts.iter().map(|part| u64::from(part.count)).sum();
        if count != u64::from(input.size) {
            let name = format!("{}.{}", written.name.text, input.name);
            let wanted = u64::from(input.size);
            self.error(ResolveError::PortSize { name, count, wanted, declared: input.origin, at: span });
            return None;
        }
        Some(parts)
    }

    /// What the outputs of an instance are here, as far as it is known what feeds the inputs that they pass on.
    fn give(&mut self, place: usize) {
        let instance = &self.instances[place];
        let Some(prototype) = &instance.prototype else { return };
        let is_known = |part: &Units| {
            instance.populations[part.population.0 as usize].is_some() || instance.fed.contains_key(&part.population)
        };
        for output in prototype.network.outputs().iter().filter(|output| output.parts.iter().all(is_known)) {
            let (parts, is_array) = (Some(instance.all_here(&output.parts)), output.is_array);
            let name = format!("{}.{}", instance.written.name.text, output.name);
            self.scope.set(&name, Meaning::Port { parts, is_array, instance: place });
        }
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

    /// The inputs and neurons that a dotted name means to those who may look inside an instance, and whether they are
    /// an array.
    pub(super) fn inside(&self, name: &str) -> Option<(Vec<Units>, bool)> {
        let (first, rest) = name.split_once('.')?;
        let entry = self.scope.get(first)?;
        let Meaning::Instance(place) = entry.meaning else { return None };
        let instance = &self.instances[place];
        let (parts, is_array) = instance.prototype.as_ref()?.inside(rest)?;
        Some((instance.all_here(parts), is_array))
    }
}

/// An input of an instance, and what is written to feed it.
struct Fed<'a> {
    /// The instance.
    place: usize,
    input: PopulationId,
    setting: &'a Property,
}

impl Placed<'_> {
    /// The inputs, by their identities in the network, that the output of that dotted name passes on.
    fn passed_on(&self, name: &str) -> Vec<PopulationId> {
        let Some(prototype) = &self.prototype else { return Vec::new() };
        let name = name.split_once('.').map_or(name, |(_, output)| output);
        let outputs = prototype.network.outputs().iter().filter(|output| output.name == name);
        let parts = outputs.flat_map(|output| &output.parts).map(|part| part.population);
        let is_input =
            |id: &PopulationId| matches!(prototype.network.population(*id).kind, PopulationKind::Input { .. });
        parts.filter(is_input).collect()
    }
}

/// The input of that name.
fn input(prototype: &Prototype, name: &str) -> Option<PopulationId> {
    match prototype.scope.own(name)?.meaning {
        Meaning::Population(Keyword::Input, id) => id,
        _ => None,
    }
}

impl Recipe {
    /// Calls `visit` with every parameter that it reads, by its identity in the network whose scope this is.
    pub(super) fn reads(&self, own: &Scope, mut visit: impl FnMut(ParameterId)) {
        let (scope, map) = match &self.names {
            None => (own, None),
            Some((scope, map)) => (&**scope, Some(map)),
        };
        visit_references(&self.expression, &mut |reference| {
            if let Some(Meaning::Parameter(_, Some(id))) = scope.get(&reference.name.text).map(|entry| &entry.meaning) {
                visit(map.map_or(*id, |map| map[id.0 as usize]));
            }
        });
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

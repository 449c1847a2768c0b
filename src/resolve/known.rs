//! What the names of a resolved program stand for, kept so that expressions can be computed later.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::names::Values;
use super::scope::{Meaning, Scope};
use crate::activation::Template;
use crate::ast::{Expression, Keyword, Name, Reference, Selector};
use crate::call::Callee;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::limits::{COMPUTED, Limits};
use crate::network::{Network, ParameterId, PopulationId, PopulationKind, Unit, Units};
use crate::span::Span;
use crate::text::{closest, quoted};
use crate::value::{Names, Shape, Tensor, ValueError, compute, visit_references};

/// The names of one resolved program, with what is inside of its instances. They belong to its network alone.
#[derive(Debug)]
pub(crate) struct Known {
    things: HashMap<String, (Thing, Span)>,
    /// The names in the order of their declarations, then what is inside of instances.
    order: Vec<String>,
    activations: BTreeMap<String, Arc<Template>>,
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Thing {
    Const(f64),
    Parameter(ParameterId),
    Input(PopulationId),
    Neuron(PopulationId),
    /// An output with a name of its own, or one of an instance; whether it is an array.
    Output(Vec<Units>, bool),
    Instance,
}

/// The values of an evaluation, for expressions that read inputs and neurons.
pub(crate) struct Moment<'a> {
    pub(crate) network: &'a Network,
    pub(crate) limits: &'a Limits,
    /// Values of references that stand for something else than their names say, by where they start.
    pub(crate) given: &'a HashMap<u32, Tensor>,
    /// The value of an input or neuron.
    pub(crate) value: &'a dyn Fn(Unit) -> Option<f64>,
}

impl Known {
    pub(super) fn new(scope: &Scope, network: &Network) -> Known {
        let mut known = Known { things: HashMap::new(), order: Vec::new(), activations: scope.all_activations() };
        for (name, entry) in scope.iter() {
            if let Some(thing) = thing(&entry.meaning, name, network) {
                known.add(name, thing, entry.declared);
            }
        }
        for (id, population) in network.populations() {
            let thing = match population.kind {
                PopulationKind::Input { .. } => Thing::Input(id),
                PopulationKind::Neuron { .. } => Thing::Neuron(id),
            };
            known.add(&population.name, thing, population.origin);
        }
        known
    }

    fn add(&mut self, name: &str, thing: Thing, declared: Span) {
        if !self.things.contains_key(name) {
            self.things.insert(name.to_owned(), (thing, declared));
            self.order.push(name.to_owned());
        }
    }

    /// What a name stands for.
    pub(crate) fn thing(&self, name: &str) -> Option<&Thing> {
        self.things.get(name).map(|(thing, _)| thing)
    }

    /// All names, in the order of their declarations, then what is inside of instances.
    pub(crate) fn things(&self) -> impl Iterator<Item = (&str, &Thing)> {
        self.order.iter().map(|name| (name.as_str(), &self.things[name].0))
    }

    /// The names of declared activations.
    pub(crate) fn activations(&self) -> impl Iterator<Item = &str> {
        self.activations.keys().map(String::as_str)
    }

    /// What a reference picks of a parameter: its shape, and which of the values.
    pub(crate) fn select(
        &self,
        reference: &Reference,
        id: ParameterId,
        network: &Network,
    ) -> Result<(Shape, std::ops::Range<usize>), Option<Diagnostic>> {
        let (scope, limits) = (self.scope_of_selector(reference), Limits::default());
        let declared = network.parameter(id).origin;
        values(&scope, network, &limits).select(id, reference, declared).map_err(ValueError::report)
    }

    /// What a reference picks of inputs or neurons.
    pub(crate) fn units(
        &self,
        reference: &Reference,
        id: PopulationId,
        network: &Network,
    ) -> Result<Units, Option<Diagnostic>> {
        let (scope, limits) = (self.scope_of_selector(reference), Limits::default());
        values(&scope, network, &limits).units(reference, id, network.population(id)).map_err(ValueError::report)
    }

    /// The value of an expression, in which every name of the network may stand. It may be not finite.
    pub(crate) fn compute(&self, expression: &Expression, moment: &Moment<'_>) -> Result<Tensor, Option<Diagnostic>> {
        let mut names = Vec::new();
        read_by(expression, &mut names);
        let scope = self.scope(&names);
        let values = values(&scope, moment.network, moment.limits);
        compute(expression, &Momentary { values, moment, known: self }).map_err(ValueError::report)
    }

    fn scope_of_selector(&self, reference: &Reference) -> Scope {
        let mut names = Vec::new();
        match &reference.selector {
            None => {}
            Some(Selector::Index(index)) => read_by(index, &mut names),
            Some(Selector::Slice(start, end)) => {
                read_by(start, &mut names);
                read_by(end, &mut names);
            }
        }
        self.scope(&names)
    }

    /// A scope of these names, as far as they stand for something.
    fn scope(&self, names: &[&str]) -> Scope {
        let mut scope = Scope::default();
        for name in names {
            let Some((thing, declared)) = self.things.get(*name) else { continue };
            let meaning = match thing {
                Thing::Const(value) => Meaning::Const(Some(*value)),
                Thing::Parameter(id) => Meaning::Parameter(Keyword::Weight, Some(*id)),
                Thing::Input(id) => Meaning::Population(Keyword::Input, Some(*id)),
                Thing::Neuron(id) => Meaning::Population(Keyword::Neuron, Some(*id)),
                Thing::Output(parts, _) => Meaning::Output(Some(parts.clone())),
                Thing::Instance => continue,
            };
            if scope.get(name).is_none() {
                scope.declare_inside((*name).to_owned(), meaning, *declared);
            }
        }
        scope
    }
}

/// The names that an expression reads.
fn read_by<'a>(expression: &'a Expression, names: &mut Vec<&'a str>) {
    visit_references(expression, &mut |reference| names.push(&reference.name.text));
}

fn values<'a>(scope: &'a Scope, network: &'a Network, limits: &Limits) -> Values<'a> {
    let computed = limits.operations.saturating_mul(COMPUTED);
    let (parameters, room) = (&network.parameters, limits.parameters);
    Values { scope, parameters, map: None, consts_only: false, room, computed }
}

fn thing(meaning: &Meaning, name: &str, network: &Network) -> Option<Thing> {
    Some(match meaning {
        Meaning::Const(value) => Thing::Const((*value)?),
        Meaning::Parameter(_, id) => Thing::Parameter((*id)?),
        Meaning::Population(Keyword::Input, id) => Thing::Input((*id)?),
        Meaning::Population(_, id) => Thing::Neuron((*id)?),
        Meaning::Output(parts) => {
            let is_array = network.outputs().iter().find(|output| output.name == name).is_none_or(|one| one.is_array);
            Thing::Output(parts.clone()?, is_array)
        }
        Meaning::Port { parts, is_array, .. } => Thing::Output(parts.clone()?, *is_array),
        Meaning::Instance(_) => Thing::Instance,
    })
}

/// The names as an expression at a moment sees them.
struct Momentary<'a> {
    values: Values<'a>,
    moment: &'a Moment<'a>,
    known: &'a Known,
}

impl Momentary<'_> {
    /// The values of several parts in order.
    fn read(&self, parts: &[Units]) -> Result<Vec<f64>, ValueError> {
        let count: u64 = parts.iter().map(|part| u64::from(part.count)).sum();
        if count > self.values.room {
            return Err(ValueError::Silent);
        }
        let elements =
            parts.iter().flat_map(|part| part.elements().map(|element| Unit { population: part.population, element }));
        elements.map(|unit| (self.moment.value)(unit).ok_or(ValueError::Silent)).collect()
    }

    fn unknown(&self, name: &Name) -> ValueError {
        /// So many names are compared with a wrong one.
        const MOST: usize = 10_000;
        let meant = closest(&name.text, self.known.order.iter().take(MOST).map(String::as_str));
        let report = Diagnostic::error(Code::E0201, format!("nothing is called {}", quoted(&name.text)))
            .label(name.span, "unknown name");
        ValueError::Named(Box::new(report.help(match meant {
            Some(meant) => format!("did you mean {}?", quoted(meant)),
            None if self.known.order.is_empty() => {
                "nothing is declared yet: `input x = 1` declares an input".to_owned()
            }
            None => "`:list` shows what there is; `input NAME = 1` or `neuron NAME` makes more".to_owned(),
        })))
    }
}

impl Names for Momentary<'_> {
    fn room(&self) -> u64 {
        self.values.room()
    }

    fn value(&self, reference: &Reference) -> Result<Tensor, ValueError> {
        if let Some(tensor) = self.moment.given.get(&reference.span.start) {
            return Ok(tensor.clone());
        }
        let network = self.moment.network;
        let name = &reference.name;
        let picks_one = matches!(reference.selector, Some(Selector::Index(_)));
        match self.known.thing(&name.text) {
            Some(Thing::Const(_) | Thing::Parameter(_)) => self.values.value(reference),
            Some(Thing::Input(id) | Thing::Neuron(id)) => {
                let population = network.population(*id);
                let units = self.values.units(reference, *id, population)?;
                let values = self.read(&[units])?;
                let is_array = population.is_array && !picks_one;
                let shape = if is_array { Shape::Vector(values.len()) } else { Shape::Scalar };
                Ok(Tensor { shape, values })
            }
            Some(Thing::Output(parts, is_array)) => {
                let values = self.read(parts)?;
                let Some(selector) = reference.selector.as_ref() else {
                    let shape = if *is_array { Shape::Vector(values.len()) } else { Shape::Scalar };
                    return Ok(Tensor { shape, values });
                };
                let declared = self.known.things[&name.text].1;
                let size = u32::try_from(values.len()).unwrap_or(u32::MAX);
                let range = self.values.range(selector, &name.text, size, declared, reference.span)?;
                let values = values[range.start as usize..range.end as usize].to_vec();
                let shape = if picks_one { Shape::Scalar } else { Shape::Vector(values.len()) };
                Ok(Tensor { shape, values })
            }
            Some(Thing::Instance) => {
                let start = format!("{}.", name.text);
                let inside: Vec<&str> =
                    self.known.order.iter().map(String::as_str).filter(|one| one.starts_with(&start)).take(6).collect();
                let report =
                    Diagnostic::error(Code::E0203, format!("{} is an instance, not a value", quoted(&name.text)))
                        .label(name.span, "a whole instance")
                        .help(format!(
                            "it has {}",
                            inside.iter().map(|one| quoted(one)).collect::<Vec<_>>().join(", ")
                        ));
                Err(ValueError::Named(Box::new(report)))
            }
            None => Err(self.unknown(name)),
        }
    }

    fn callee(&self, name: &Name) -> Result<Callee<'_>, ValueError> {
        match self.known.activations.get(&name.text) {
            Some(template) => Ok(Callee::Declared(template)),
            None => Ok(Callee::built_in(name, || self.known.activations().collect())?),
        }
    }

    fn work(&self, operations: u64, at: Span) -> Result<(), ValueError> {
        self.values.work(operations, at)
    }
}

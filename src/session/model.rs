//! A document as a network, and the values that it has with some inputs.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Failure, Ground};
use crate::ast::Program;
use crate::diagnostic::Diagnostic;
use crate::eval::{InputError, Inputs, Path, Scratch, Trace, evaluate, trace};
use crate::network::{Network, PopulationId, PopulationKind, Unit, Units};
use crate::parser::parse;
use crate::plan::{Plan, Wanted, plan};
use crate::resolve::{Known, Surroundings, resolve_known};
use crate::source::{Source, Sources};
use crate::span::FileId;

/// The document's text among a model's sources.
pub(super) const DOCUMENT: FileId = FileId(0);
/// What was typed.
pub(super) const ENTRY: FileId = FileId(1);

/// A document that has no errors, and what was made of it.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) sources: Sources,
    pub(super) program: Program,
    pub(super) network: Network,
    pub(super) known: Known,
    pub(super) plan: Plan,
    pub(super) warnings: Vec<Diagnostic>,
    /// About how many bytes it takes.
    pub(super) cost: usize,
}

/// The sources of a document and an entry, in that order.
pub(super) fn sources_of(name: &str, text: &str, entry: (&str, &str), ground: &Ground<'_>) -> Result<Sources, Failure> {
    let mut sources = Sources::new();
    for (name, text) in [(name, text), entry] {
        if let Err(error) = sources.add(name, text.as_bytes().to_vec(), ground.limits) {
            return Err(Failure { diagnostics: vec![error], sources });
        }
    }
    Ok(sources)
}

impl Model {
    /// The network that a document describes.
    pub(super) fn of(name: &str, text: &str, entry: (&str, &str), ground: &Ground<'_>) -> Result<Model, Failure> {
        let mut sources = sources_of(name, text, entry, ground)?;
        let (program, mut diagnostics) = parse(sources.get(DOCUMENT), ground.limits);
        let surroundings = Surroundings { sources: &mut sources, files: ground.files, limits: ground.limits };
        let (found, more) = resolve_known(&program, surroundings);
        diagnostics.extend(more.into_sorted());
        let has_errors = diagnostics.has_errors();
        let warnings = diagnostics.into_sorted();
        let Some((network, known)) = found.filter(|_| !has_errors) else {
            return Err(Failure { diagnostics: warnings, sources });
        };
        let plan = plan(&network, Wanted::Everything);
        let mut model = Model { sources, program, network, known, plan, warnings, cost: 0 };
        model.cost = cost(&model);
        Ok(model)
    }

    pub(super) fn document(&self) -> &Source {
        self.sources.get(DOCUMENT)
    }

    pub(super) fn text(&self) -> &str {
        self.document().text()
    }
}

/// About how many bytes a model takes: what follows from the length of its text, and what does from the size of its
/// network, which may be much larger.
fn cost(model: &Model) -> usize {
    /// Of the tree and of literals in it, for a byte of the text.
    const TREE: usize = 5;
    const STATEMENT: usize = 600;
    const WARNING: usize = 400;
    /// Of a name with what it stands for.
    const NAME: usize = 250;
    /// Of neurons and connections in the network and the plan.
    const POPULATION: usize = 600;
    const CONNECTION: usize = 250;
    let network = &model.network;
    let values: usize = network.parameters().map(|parameter| 200 + parameter.values.len() * size_of::<f64>()).sum();
    values
        + model.text().len() * (1 + TREE)
        + model.program.statements.len() * STATEMENT
        + model.warnings.len() * WARNING
        + model.known.things().count() * NAME
        + network.populations().count() * POPULATION
        + network.connections().count() * CONNECTION
}

/// Values of inputs that were set, by name; an element that was not set has none.
pub(super) type Settings = BTreeMap<String, Vec<Option<f64>>>;

/// A network with the values of its inputs, and what it computes of them.
#[derive(Debug)]
pub(super) struct State {
    pub(super) model: Arc<Model>,
    pub(super) set: Settings,
    pub(super) inputs: Inputs,
    /// The value of each slot of the plan; none while an input has no value.
    values: Option<Vec<f64>>,
    /// The first neuron whose net input or output is not finite.
    pub(super) culprit: Option<Unit>,
}

impl State {
    /// Evaluates a model. Values that were set for inputs that it has not, or of another size or range, are left out.
    pub(super) fn of(model: Arc<Model>, mut set: Settings) -> State {
        let network = &model.network;
        let mut inputs = Inputs::new(network);
        let mut fits: BTreeMap<&str, (PopulationId, u32)> = BTreeMap::new();
        for (id, population) in network.inputs().filter(|(_, population)| set.contains_key(&population.name)) {
            fits.insert(&population.name, (id, population.size));
        }
        set.retain(|name, values| {
            let Some((id, _)) = fits.get(name.as_str()).filter(|(_, size)| *size as usize == values.len()) else {
                return false;
            };
            if let Some(range) = network.range(*id) {
                values.iter_mut().for_each(|value| *value = value.filter(|value| range.holds(*value)));
            }
            values.iter().any(Option::is_some)
        });
        for (name, values) in &set {
            let (population, _) = fits[name.as_str()];
            for (element, value) in values.iter().enumerate() {
                let Some(value) = value else { continue };
                let first = u32::try_from(element).expect("an input has at most 2^32 elements");
                inputs.put(Units { population, first, count: 1 }, &[*value]);
            }
        }
        let mut scratch = Scratch::new();
        let mut outputs = vec![0.0; model.plan.output_count()];
        let evaluated = inputs
            .row(network)
            .ok()
            .map(|row| evaluate(network, &model.plan, row, &mut outputs, &mut scratch, Path::best()));
        let values = evaluated.is_some().then_some(scratch.slots);
        State { set, inputs, values, culprit: evaluated.flatten(), model }
    }

    /// The value of an input or neuron; none while it is not known.
    pub(super) fn value(&self, unit: Unit) -> Option<f64> {
        if let Some(values) = &self.values {
            return self.model.plan.slot(unit).map(|slot| values[slot]);
        }
        let PopulationKind::Input { .. } = self.model.network.population(unit.population).kind else { return None };
        self.inputs.value(unit)
    }

    /// The inputs without value and default.
    pub(super) fn waiting(&self) -> Vec<String> {
        match self.inputs.row(&self.model.network) {
            Err(InputError::Missing { names }) => names,
            Ok(_)
            | Err(
                InputError::Unknown { .. }
                | InputError::Size { .. }
                | InputError::NotFinite { .. }
                | InputError::OutsideRange { .. }
                | InputError::TooLargeForSingle { .. },
            ) => Vec::new(),
        }
    }

    /// Everything that the evaluation computed; none while an input has no value.
    pub(super) fn trace(&self) -> Option<Trace> {
        let model = &self.model;
        let row = self.inputs.row(&model.network).ok()?;
        Some(trace(&model.network, &model.plan, row, Path::best()))
    }

    /// About how many bytes it takes without its model.
    pub(super) fn cost(&self) -> usize {
        self.values.as_ref().map_or(0, |values| values.len() * 8) + 200
    }
}

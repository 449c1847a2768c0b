//! What can only be told of a whole network: loops, neurons without synapses, and where unknown names are used.

use super::Resolver;
use super::error::{ActivationError, ResolveError, STEPS_SHOWN};
use super::scope::Meaning;
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Label};
use crate::network::{PopulationKind, Unit};
use crate::order::order;
use crate::span::Span;
use crate::text::{abridged_path, shown};

impl Resolver<'_> {
    /// Neurons without synapses whose combine needs one: the first of each population.
    pub(super) fn empty_combinations(&mut self) {
        let mut errors = Vec::new();
        for (id, population) in self.network.populations() {
            let PopulationKind::Neuron { combine, .. } = population.kind else { continue };
            if combine.takes_nothing() {
                continue;
            }
            if let Some(element) = self.network.unreached(id).next() {
                let name = self.network.unit_name(Unit { population: id, element });
                errors.push(ActivationError::NothingToCombine { combine: combine.name(), name, at: population.origin });
            }
        }
        errors.into_iter().for_each(|error| self.error(error));
    }

    /// Loops, one error for each group of neurons that has some.
    pub(super) fn loops(&mut self) {
        let Err(loops) = order(&self.network) else { return };
        for found in loops {
            let name = |unit: &Unit| match self.network.population(unit.population) {
                whole if whole.is_whole() => whole.name.clone(),
                _ => self.network.unit_name(*unit),
            };
            let units = &found.units;
            let count = units.len();
            let path = abridged_path(count + 1, " -> ", |place| shown(&name(&units[place % count])));
            // The last step closes the loop: it is told first.
            let shown = std::iter::once(count - 1).chain(0..(count - 1).min(STEPS_SHOWN));
            let pairs = shown.map(|place| (units[place], units[(place + 1) % count]));
            let mut steps: Vec<Span> = pairs.filter_map(|(from, to)| self.span_between(from, to)).collect();
            steps.dedup();
            self.error(ResolveError::Loop { count, steps, path });
        }
    }

    /// What feeds an instance, or else the statement that connects one unit to another. A statement inside an instance
    /// is no place to mend a loop that leads through it.
    fn span_between(&self, from: Unit, to: Unit) -> Option<Span> {
        self.fed_between(from, to).or_else(|| self.connected_between(from, to))
    }

    /// The setting by which a unit outside of an instance reaches one inside.
    fn fed_between(&self, from: Unit, to: Unit) -> Option<Span> {
        let inside = |unit: Unit| self.network.population(unit.population).name.split_once('.').map(|(first, _)| first);
        let first = inside(to).filter(|first| inside(from) != Some(first))?;
        let Meaning::Instance(place) = self.scope.own(first)?.meaning else { return None };
        self.instances[place].fed_by(from)
    }

    fn connected_between(&self, from: Unit, to: Unit) -> Option<Span> {
        let elements = |unit: Unit| match self.network.population(unit.population) {
            whole if whole.is_whole() => 0..whole.size,
            _ => unit.element..unit.element + 1,
        };
        let mut between = self.network.between(from.population, to.population);
        let found = between.find(|connection| self.network.leads(connection, &elements(from), &elements(to)));
        found.map(|connection| connection.origin)
    }

    /// Shows the other uses of unknown names with their reports; the first use in the file comes first.
    pub(super) fn uses_of_unknown(&mut self) {
        let mut uses = self.scope.uses_of_unknown();
        let is_unknown =
            |report: &&mut Diagnostic| matches!(report.code, Code::E0201 | Code::E0206 | Code::E0215 | Code::E0220);
        for report in self.reports.iter_mut().filter(is_unknown) {
            let Some(label) = &mut report.label else { continue };
            let mut others = uses.remove(&label.span).unwrap_or_default();
            others.push(label.span);
            others.sort_unstable();
            label.span = others.remove(0);
            let labels = others.into_iter().map(|span| Label { span, text: "used here too".to_owned() });
            report.related.extend(labels);
        }
    }
}

//! `output …`: what a network gives, in order.

use std::collections::HashMap;

use super::Resolver;
use super::error::{PortError, ResolveError};
use super::port::{OutputColumns, Owner};
use super::scope::Meaning;
use crate::ast::{Given, StatementKind};
use crate::network::{Output, Units};
use crate::span::Span;

impl Resolver<'_> {
    /// `output …`, in order; new names join the others.
    pub(super) fn output_names(&mut self) {
        let mut given: HashMap<&str, Span> = HashMap::new();
        let mut all_columns = OutputColumns::default();
        for statement in self.statements {
            let StatementKind::Output(list) = &statement.kind else { continue };
            for output in list {
                let properties = output.properties.as_deref().unwrap_or_default();
                let found = self.properties(properties, "an output", &["column", "columns"], &[]);
                let name = output.name.text.as_str();
                if let Some(first) = given.get(name).copied().filter(|_| output.reference.is_none()) {
                    let name = name.to_owned();
                    self.error(PortError::RepeatedOutput { name, first, at: output.name.span });
                    continue;
                }
                given.entry(name).or_insert(output.name.span);
                let Some(mut resolved) = self.output(output) else { continue };
                let size = resolved.parts.iter().map(|part| u64::from(part.count)).sum();
                let owner = Owner { name: &output.name, size, is_array: resolved.is_array };
                let columns = self.columns(found[0], found[1], owner);
                resolved.columns =
                    columns.as_ref().map(|columns| columns.iter().map(|column| column.name.clone()).collect());
                // After an error nothing is known of its columns.
                if columns.is_some() || properties.is_empty() {
                    all_columns.add(owner, columns);
                }
                self.network.outputs.push(resolved);
            }
        }
        self.distinct_outputs(&all_columns);
    }

    fn output(&mut self, given: &Given) -> Option<Output> {
        let name = given.name.text.clone();
        let origin = given.name.span;
        let Some(references) = &given.reference else {
            let reference = crate::ast::Reference { name: given.name.clone(), selector: None, span: origin };
            let units = self.unit(&reference, "input or neuron")?;
            let is_array = self.network.population(units.population).is_array;
            self.room_for_outputs(&[units], origin)?;
            return Some(Output { name, parts: vec![units], is_array, columns: None, origin });
        };
        let parts = self.all_units(references, "input or neuron");
        if let Err(error) = self.scope.declare(&given.name, Meaning::Output(parts.clone())) {
            self.error(error);
            return None;
        }
        let parts = parts?;
        self.room_for_outputs(&parts, origin)?;
        let [only] = references.list.as_slice() else {
            return Some(Output { name, parts, is_array: true, columns: None, origin });
        };
        let picks_one = matches!(only.selector, Some(crate::ast::Selector::Index(_)));
        let is_whole_array = match self.scope.get(&only.name.text).map(|entry| &entry.meaning) {
            Some(Meaning::Port { is_array, .. }) => *is_array,
            _ => self.network.population(parts[0].population).is_array,
        };
        let is_array = references.bracketed || is_whole_array && !picks_one;
        Some(Output { name, parts, is_array, columns: None, origin })
    }

    /// Counts the values of an output against the limit on neurons.
    fn room_for_outputs(&mut self, parts: &[Units], at: Span) -> Option<()> {
        let more: u64 = parts.iter().map(|part| u64::from(part.count)).sum();
        let (asked, allowed) = (self.tally.given + more, self.limits.neurons);
        if asked > allowed {
            let (code, what) = (crate::codes::Code::E0903, "values of outputs");
            self.error(ResolveError::Limit { code, what, asked: Some(asked), allowed, flag: "neurons", at });
            return None;
        }
        self.tally.given = asked;
        Some(())
    }
}

//! `:why` and `:whynot`: what made a value, and what would change whether a neuron fires.

use std::io::{self, Write};

use neuronc::network::{PopulationKind, Unit};
use neuronc::{Code, Search, shown, why, why_not};

use super::Repl;
use super::commands::Row;
use super::show::wrapped;
use crate::inputs::usage;

impl Repl<'_> {
    pub(super) fn why(&mut self, row: &Row, what: &str) -> io::Result<()> {
        let Some(neuron) = self.one_neuron(row, what)? else { return Ok(()) };
        let Some(trace) = self.session.trace() else { return self.waits() };
        let network = self.session.network();
        let lines = why(network, &trace, neuron).map(|reasons| reasons.lines(network)).unwrap_or_default();
        self.lines(&lines)
    }

    pub(super) fn why_not(&mut self, row: &Row, what: &str) -> io::Result<()> {
        let Some(neuron) = self.one_neuron(row, what)? else { return Ok(()) };
        if !self.session.waiting().is_empty() {
            return self.waits();
        }
        let lines = self.working(move |session, _, _| {
            let network = session.network();
            let row = session.inputs().row(network).ok()?;
            let found = why_not(network, session.plan(), row, neuron, Search::BUDGET)?;
            Some(found.lines(network))
        })?;
        match lines {
            None => Ok(()),
            Some(lines) => self.lines(&lines.unwrap_or_default()),
        }
    }

    fn lines(&mut self, lines: &[String]) -> io::Result<()> {
        let width = self.streams.width;
        lines.iter().try_for_each(|line| write!(self.streams.out, "{}", wrapped(line, width)))
    }

    /// The neuron that is named; none if there is an error, or none is named where the network has several.
    fn one_neuron(&mut self, row: &Row, what: &str) -> io::Result<Option<Unit>> {
        let network = self.session.network();
        let what = match what {
            "" => {
                // Of a network with one neuron it is clear which.
                let neurons =
                    network.populations().filter(|(_, one)| matches!(one.kind, PopulationKind::Neuron { .. }));
                let names: Vec<String> = neurons.take(2).map(|(_, one)| one.name.clone()).collect();
                match names.as_slice() {
                    [only] => only.clone(),
                    _ => return self.lacks(row).map(|()| None),
                }
            }
            what => what.to_owned(),
        };
        let Some(Some((population, element))) = self.neurons(&what)? else { return Ok(None) };
        let network = self.session.network();
        let known = network.population(population);
        match element {
            Some(element) => Ok(Some(Unit { population, element })),
            None if known.size == 1 => Ok(Some(Unit { population, element: 0 })),
            None => {
                let name = shown(&known.name);
                let message = format!("`{name}` has {} neurons", known.size);
                let help = format!("say which one: `:{} {name}[0]`", row.name);
                self.refuse(usage(Code::E0614, message, Some(help))).map(|()| None)
            }
        }
    }
}

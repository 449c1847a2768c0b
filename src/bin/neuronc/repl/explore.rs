//! Commands that show what there is and how it is computed.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::io::{self, Write};

use neuronc::network::{PopulationId, PopulationKind, Unit};
use neuronc::session::{Passage, Session};
use neuronc::{Code, Network, NeuronTrace, closest, counted, shown};

use super::commands::Row;
use super::explained::explained;
use super::show::{FAINT, number, page};
use super::tree::Tree;
use super::{Repl, help};
use crate::arguments::{Precision, TraceForm};
use crate::inputs::usage;
use crate::traces::Setting;

/// Neurons that a trace without a name shows.
const MOST_TRACED: usize = 50;
/// Neurons that are traced after a change.
const MOST_CHANGED: usize = 5;

fn setting(session: &Session, width: usize) -> Setting<'_> {
    Setting {
        network: session.network(),
        sources: session.sources(),
        precision: Precision::F64,
        exact: false,
        all: false,
        width,
        row: 0,
    }
}

/// The traces of neurons whose output is another one than before.
pub fn changed_traces(before: &Session, session: &Session, width: usize) -> String {
    let Some(trace) = session.trace() else { return String::new() };
    let old: HashMap<String, f64> = before
        .trace()
        .map(|trace| trace.neurons.iter().map(|one| (before.network().unit_name(one.neuron), one.output)).collect())
        .unwrap_or_default();
    let is_changed = |neuron: &&NeuronTrace| {
        old.get(&session.network().unit_name(neuron.neuron)).is_none_or(|old| old.to_bits() != neuron.output.to_bits())
    };
    let changed: Vec<&NeuronTrace> = trace.neurons.iter().filter(is_changed).collect();
    let setting = setting(session, width);
    let mut text = String::new();
    for neuron in changed.iter().take(MOST_CHANGED) {
        text.push_str(&setting.neuron(neuron, TraceForm::Text));
    }
    if changed.len() > MOST_CHANGED {
        let more = counted((changed.len() - MOST_CHANGED) as u64, "more neuron");
        let _ = writeln!(text, "{FAINT}… and {more} (`:trace NEURON` shows one){FAINT:#}");
    }
    text
}

impl Repl<'_> {
    pub(super) fn trace(&mut self, what: &str) -> io::Result<()> {
        match what {
            "on" | "off" if !self.session.knows(what) => {
                self.traces = what == "on";
                let says = if self.traces { "neurons that change are traced" } else { "no neuron is traced by itself" };
                return writeln!(self.streams.out, "{says}");
            }
            _ => {}
        }
        let Some(trace) = self.session.trace() else { return self.waits() };
        let Some(wanted) = self.neurons(what)? else { return Ok(()) };
        let is_wanted = |unit: Unit| match wanted {
            None => true,
            Some((id, None)) => unit.population == id,
            Some((id, Some(element))) => unit == Unit { population: id, element },
        };
        let found: Vec<&NeuronTrace> = trace.neurons.iter().filter(|neuron| is_wanted(neuron.neuron)).collect();
        let mut text = String::new();
        let setting = setting(&self.session, self.streams.width);
        for (place, neuron) in found.iter().take(MOST_TRACED).enumerate() {
            text.push_str(if place > 0 { "\n" } else { "" });
            text.push_str(&setting.neuron(neuron, TraceForm::Text));
        }
        if found.len() > MOST_TRACED {
            let more = counted((found.len() - MOST_TRACED) as u64, "more neuron");
            let _ = writeln!(text, "{FAINT}… and {more} (`:trace NEURON` shows one){FAINT:#}");
        }
        if found.is_empty() {
            text.push_str("there are no neurons yet: `neuron y` declares one\n");
        }
        write!(self.streams.out, "{text}")
    }

    /// Says which inputs need values.
    pub(super) fn waits(&mut self) -> io::Result<()> {
        let waiting = self.session.waiting();
        let names: Vec<String> = waiting.iter().take(8).map(|name| format!("`{}`", shown(name))).collect();
        let have = if names.len() == 1 { "has" } else { "have" };
        let help = names.first().map(|first| format!("`{} = 1` gives it one", first.trim_matches('`')));
        self.refuse(usage(Code::E0602, format!("{} {have} no value", names.join(", ")), help))
    }

    /// Which neurons `h` or `h[2]` names; the inner option is none for all of them, the outer one after an error.
    #[expect(clippy::type_complexity, reason = "a population, and perhaps one of its elements")]
    pub(super) fn neurons(&mut self, what: &str) -> io::Result<Option<Option<(PopulationId, Option<u32>)>>> {
        if what.is_empty() {
            return Ok(Some(None));
        }
        let (name, element) = match what.strip_suffix(']').and_then(|rest| rest.split_once('[')) {
            Some((name, index)) => (name.trim(), Some(index.trim().parse::<u32>().ok())),
            None => (what, None),
        };
        let network = self.session.network();
        let found = network.find(name).map(|id| (id, network.population(id)));
        let refusal = match found {
            Some((id, population)) => match (&population.kind, element) {
                (PopulationKind::Input { .. }, _) => {
                    Some((format!("`{}` is an input, not a neuron", shown(name)), None))
                }
                (PopulationKind::Neuron { .. }, None) => return Ok(Some(Some((id, None)))),
                (PopulationKind::Neuron { .. }, Some(element)) => match element.filter(|it| *it < population.size) {
                    Some(element) if population.is_array => return Ok(Some(Some((id, Some(element))))),
                    _ => Some((format!("`{}` has no such element", shown(name)), None)),
                },
            },
            None => {
                let names = network.populations().filter(|(_, one)| matches!(one.kind, PopulationKind::Neuron { .. }));
                let meant = closest(name, names.map(|(_, one)| one.name.as_str()));
                let help = meant.map(|meant| format!("did you mean `{}`?", shown(meant)));
                Some((format!("no neuron is called `{}`", shown(name)), help))
            }
        };
        if let Some((message, help)) = refusal {
            self.refuse(usage(Code::E0201, message, help))?;
        }
        Ok(None)
    }

    /// The next neuron of the trace, or the one before.
    pub(super) fn step(&mut self, forwards: bool) -> io::Result<()> {
        let Some(trace) = self.session.trace() else { return self.waits() };
        let count = trace.neurons.len();
        let next = match (self.at, forwards) {
            (None, true) => Some(0),
            (None, false) => None,
            (Some(at), true) => Some(at + 1).filter(|next| *next < count),
            (Some(at), false) => at.checked_sub(1),
        };
        let Some(next) = next.filter(|_| count > 0) else {
            let says = match (count, forwards) {
                (0, _) => "there are no neurons yet: `neuron y` declares one",
                (_, true) => "that was the last neuron; `:step` starts again",
                (_, false) => "that was the first neuron",
            };
            self.at = if forwards { None } else { self.at.filter(|at| *at > 0) };
            return writeln!(self.streams.out, "{says}");
        };
        self.at = Some(next);
        let neuron = &trace.neurons[next];
        let mut text = setting(&self.session, self.streams.width).neuron(neuron, TraceForm::Text);
        let name = |unit: Unit| shown(&self.session.network().unit_name(unit));
        let before = &trace.neurons[..=next];
        let skipped = before.len().saturating_sub(12);
        let values: Vec<String> = before[skipped..]
            .iter()
            .map(|one| format!("{} = {}", name(one.neuron), number(Some(one.output))))
            .collect();
        let dots = if skipped > 0 { "… " } else { "" };
        let _ = writeln!(text, "{FAINT}{} of {count}: {dots}{}{FAINT:#}", next + 1, values.join(", "));
        write!(self.streams.out, "{text}")
    }

    pub(super) fn show(&mut self, name: &str) -> io::Result<()> {
        if name.is_empty() {
            let text = self.session.text();
            for line in text.lines() {
                writeln!(self.streams.out, "{}", super::show::inert(line))?;
            }
            return Ok(());
        }
        let (passages, more) = self.session.passages(name);
        if passages.is_empty() {
            return self.unknown(name);
        }
        let last = passages.iter().map(|passage| passage.line + passage.text.lines().count() - 1).max().unwrap_or(1);
        let width = last.to_string().len();
        let mut text = String::new();
        for Passage { line, text: passage } in &passages {
            for (place, one) in passage.lines().enumerate() {
                let one = super::show::inert(one);
                let _ = writeln!(text, "{FAINT}{:>width$} │{FAINT:#} {one}", line + place);
            }
        }
        if more > 0 {
            let _ = writeln!(text, "{FAINT}… and {}{FAINT:#}", counted(more as u64, "more connection"));
        }
        write!(self.streams.out, "{text}")
    }

    fn unknown(&mut self, name: &str) -> io::Result<()> {
        let names = self.session.names();
        let activations = self.session.activations();
        let instances = self.session.instances();
        let networks = self.session.network().networks().iter().map(Network::name);
        let known = names.iter().map(|named| named.name.as_str()).chain(activations.iter().map(String::as_str));
        let known = known.chain(instances.iter().map(|(name, _)| name.as_str())).chain(networks);
        let help = match closest(name, known) {
            Some(meant) => format!("did you mean `{}`?", shown(meant)),
            None => "`:list` shows what there is".to_owned(),
        };
        self.refuse(usage(Code::E0201, format!("nothing is called `{}`", shown(name)), Some(help)))
    }

    pub(super) fn expect(&mut self) -> io::Result<()> {
        let (network, sources) = (self.session.network(), self.session.sources());
        let outcome = crate::command::test::all_expectations(
            self.session.name(),
            sources,
            network,
            self.everywhere,
            self.streams,
        )?;
        self.failed |= outcome != crate::Outcome::Done;
        Ok(())
    }

    pub(super) fn graph(&mut self, what: &str) -> io::Result<()> {
        let Some(wanted) = self.neurons(what)? else { return Ok(()) };
        let network = self.session.network();
        let roots: Vec<PopulationId> = match wanted {
            Some((id, _)) => vec![id],
            None => {
                let outputs = network.outputs().iter().flat_map(|output| &output.parts).map(|part| part.population);
                let mut seen = HashSet::new();
                let mut roots: Vec<PopulationId> = outputs.filter(|id| seen.insert(*id)).collect();
                if roots.is_empty() {
                    let unread: HashSet<&str> = network.unread_neurons().collect();
                    let ends = network.populations().filter(|(_, one)| unread.contains(one.name.as_str()));
                    roots = ends.map(|(id, _)| id).collect();
                }
                roots
            }
        };
        let tree = Tree::of(&self.session, self.streams.width);
        let text = tree.text(&roots);
        if text.is_empty() {
            return writeln!(self.streams.out, "there are no neurons yet: `neuron y` declares one");
        }
        write!(self.streams.out, "{text}")
    }

    pub(super) fn explain(&mut self, row: &Row, what: &str) -> io::Result<()> {
        if what.is_empty() {
            return self.lacks(row);
        }
        let width = self.streams.width;
        if let Some(code) = Code::parse(what) {
            return write!(self.streams.out, "{}", page(code.page(), width));
        }
        if let Some(text) = explained(&self.session, what, width) {
            return write!(self.streams.out, "{text}");
        }
        if let Some(text) = help::about(what, width) {
            return write!(self.streams.out, "{text}");
        }
        self.unknown(what)
    }
}

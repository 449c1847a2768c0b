//! A network as a tree of lines, from its outputs to its inputs.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use neuronc::network::{Connection, Pattern, PopulationId, PopulationKind, Unit};
use neuronc::session::Session;
use neuronc::{Network, counted, neutralise, shown};

use super::show::{BOLD, FAINT, NAME, number};

/// Lines of a tree.
const MOST_LINES: usize = 200;
/// Sources of a neuron that a tree shows.
const MOST_SOURCES: usize = 8;
/// Levels of a tree.
const DEEPEST: usize = 32;

/// The network from its outputs to its inputs.
pub struct Tree<'a> {
    session: &'a Session,
    width: usize,
    incoming: HashMap<PopulationId, Vec<&'a Connection>>,
}

/// A line of a tree that is still to be written.
struct Branch<'a> {
    id: PopulationId,
    /// What leads here: the connection, where it is no root.
    by: Option<&'a Connection>,
    /// What stands before its name, and before those of its own sources.
    lead: String,
    indent: String,
    depth: usize,
}

impl<'a> Tree<'a> {
    pub fn of(session: &'a Session, width: usize) -> Tree<'a> {
        let mut incoming: HashMap<PopulationId, Vec<&Connection>> = HashMap::new();
        for (_, connection) in session.network().connections() {
            incoming.entry(connection.targets.population).or_default().push(connection);
        }
        Tree { session, width, incoming }
    }

    pub fn text(&self, roots: &[PopulationId]) -> String {
        let mut text = String::new();
        let mut shown: HashSet<PopulationId> = HashSet::new();
        let root =
            |id: &PopulationId| Branch { id: *id, by: None, lead: String::new(), indent: String::new(), depth: 0 };
        let mut waiting: Vec<Branch<'_>> = roots.iter().rev().map(root).collect();
        let mut lines = 0;
        while let Some(branch) = waiting.pop() {
            lines += 1;
            if lines > MOST_LINES {
                let _ = writeln!(text, "{FAINT}… `:graph NEURON` shows a part{FAINT:#}");
                break;
            }
            let is_new = shown.insert(branch.id);
            let sources = self.incoming.get(&branch.id).map_or(&[][..], Vec::as_slice);
            let seen =
                if !is_new && !sources.is_empty() { format!("  {FAINT}(see above){FAINT:#}") } else { String::new() };
            let _ = writeln!(text, "{}{}{seen}", branch.lead, self.line(&branch));
            if !is_new || branch.depth >= DEEPEST {
                continue;
            }
            let left_out = sources.len().saturating_sub(MOST_SOURCES);
            let kept = if left_out > 0 { MOST_SOURCES - 1 } else { sources.len() };
            if left_out > 0 {
                let last = sources[kept];
                let more = counted((sources.len() - kept) as u64, "more connection");
                waiting.push(Branch {
                    id: last.sources.population,
                    by: None,
                    lead: format!("{}└─ {FAINT}… {more}, the first from{FAINT:#} ", branch.indent),
                    indent: format!("{}   ", branch.indent),
                    depth: DEEPEST,
                });
            }
            for (place, connection) in sources[..kept].iter().enumerate().rev() {
                let is_last = place + 1 == kept && left_out == 0;
                waiting.push(Branch {
                    id: connection.sources.population,
                    by: Some(connection),
                    lead: format!("{}{}", branch.indent, if is_last { "└─ " } else { "├─ " }),
                    indent: format!("{}{}", branch.indent, if is_last { "   " } else { "│  " }),
                    depth: branch.depth + 1,
                });
            }
        }
        text
    }

    /// A population, what it does and has, and what leads to it.
    fn line(&self, branch: &Branch<'_>) -> String {
        let network = self.session.network();
        let population = network.population(branch.id);
        let units = branch.by.map(|by| by.sources);
        let name = match units {
            Some(units) if population.is_array && units.count == 1 => format!("{}[{}]", population.name, units.first),
            Some(units) if population.is_array && units.count < population.size => {
                format!("{}[{}..{}]", population.name, units.first, units.first + units.count)
            }
            _ if population.is_array => format!("{}[{}]", population.name, population.size),
            _ => population.name.clone(),
        };
        let value = match units.map_or((population.size, 0), |units| (units.count, units.first)) {
            (1, element) => format!(" = {}", number(self.session.value(Unit { population: branch.id, element }))),
            _ => String::new(),
        };
        let what = match &population.kind {
            PopulationKind::Input { .. } => String::new(),
            PopulationKind::Neuron { activation, .. } => format!("  {FAINT}{}{FAINT:#}", activation.written()),
        };
        let weight = branch.by.map(|by| format!("  × {}", self.weight(by))).unwrap_or_default();
        let room = self.width.saturating_sub(branch.lead.chars().count()).max(12);
        let name: String = neutralise(&name).chars().take(room).collect();
        let (start, end) = if branch.by.is_none() {
            (format!("{BOLD}"), format!("{BOLD:#}"))
        } else {
            (format!("{NAME}"), format!("{NAME:#}"))
        };
        format!("{start}{name}{end}{value}{weight}{what}")
    }

    fn weight(&self, connection: &Connection) -> String {
        let network = self.session.network();
        let parameter = network.parameter(connection.weights.parameter);
        let count = synapses(network, connection);
        let name = parameter.name.as_deref().map(shown);
        if count == 1 {
            let place = (0..connection.targets.count).find_map(|target| network.synapses(connection, target).next());
            let value = place.map(|(_, place)| number(Some(parameter.values[place]))).unwrap_or_default();
            return match name {
                Some(name) => format!("{name} = {value}"),
                None => value,
            };
        }
        let synapses = counted(count, "synapse");
        match name {
            Some(name) => format!("{name} ({synapses})"),
            None if connection.weights.row == 0 && connection.weights.column == 0 => {
                let value = parameter.values.get(connection.weights.offset as usize).copied();
                format!("{} ({synapses})", number(value))
            }
            None => synapses,
        }
    }
}

/// How many synapses a connection has.
pub fn synapses(network: &Network, connection: &Connection) -> u64 {
    match network.pattern(connection.pattern) {
        Pattern::AllToAll => u64::from(connection.sources.count) * u64::from(connection.targets.count),
        Pattern::OneToOne => u64::from(connection.targets.count),
        Pattern::Random(_) => {
            (0..connection.targets.count).map(|target| network.synapses(connection, target).count() as u64).sum()
        }
    }
}

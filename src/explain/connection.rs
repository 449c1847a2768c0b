//! Connections in words: which synapses they have, and with which weights.

use super::Vocabulary;
use super::facts::{Facts, number, span_of};
use crate::network::{Connection, ConnectionId, Parameter, ParameterKind, Pattern};
use crate::text::{counted, neutralise, shown};

/// The synapses of several connections by the sign of their weights.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Signs {
    pub(super) excitatory: u64,
    pub(super) inhibitory: u64,
    pub(super) silent: u64,
}

impl Signs {
    pub(super) fn of(weights: impl Iterator<Item = f64>) -> Signs {
        let mut signs = Signs::default();
        for weight in weights {
            match weight {
                above if above > 0.0 => signs.excitatory += 1,
                below if below < 0.0 => signs.inhibitory += 1,
                _ => signs.silent += 1,
            }
        }
        signs
    }

    /// `2 excitatory, 1 inhibitory`
    pub(super) fn told(self, facts: &Facts<'_>) -> String {
        let Signs { excitatory, inhibitory, silent } = self;
        let mut text = match facts.vocabulary {
            Vocabulary::Artificial => format!("{excitatory} with a weight above 0, {inhibitory} below"),
            Vocabulary::Biological | Vocabulary::Both => format!("{excitatory} excitatory, {inhibitory} inhibitory"),
        };
        if silent > 0 {
            text.push_str(&format!(", {silent} {}", facts.say("that are 0", "silent", "silent")));
        }
        text
    }
}

/// The weights of all synapses of a connection.
pub(super) fn weights<'a>(facts: &Facts<'a>, connection: &'a Connection) -> impl Iterator<Item = f64> + 'a {
    let network = facts.network;
    let values = &network.parameter(connection.weights.parameter).values;
    let targets = 0..connection.targets.count;
    targets.flat_map(move |target| network.synapses(connection, target)).map(move |(_, place)| values[place])
}

/// `` `x` -> `hidden`: each of 2 to each of 3, 6 synapses with the weights `W[3, 2]` from -0.5 to 1 (layers.neuron:19) ``
pub(super) fn told(facts: &Facts<'_>, id: ConnectionId) -> String {
    let network = facts.network;
    let connection = network.connection(id);
    let (sources, targets) = (connection.sources, connection.targets);
    let ends = format!("`{}` -> `{}`", facts.units_name(sources), facts.units_name(targets));
    let count = network.synapse_count(connection, 0..targets.count);
    let joins = match network.pattern(connection.pattern) {
        Pattern::AllToAll if sources.count == 1 && targets.count == 1 => String::new(),
        Pattern::AllToAll if targets.count == 1 => format!("all {} to it, ", sources.count),
        Pattern::AllToAll if sources.count == 1 => format!("it to all {}, ", targets.count),
        Pattern::AllToAll => format!("each of {} to each of {}, ", sources.count, targets.count),
        Pattern::OneToOne => format!("each of {} to the one of its own number, ", sources.count),
        Pattern::Random(drawn) => format!(
            "pairs that were drawn, each with the probability {} (seed {}), ",
            number(drawn.probability),
            drawn.seed
        ),
    };
    let parameter = network.parameter(connection.weights.parameter);
    let range = span_of(weights(facts, connection)).unwrap_or_else(|| "none".to_owned());
    let is_shared = connection.weights.row == 0 && connection.weights.column == 0 && parameter.name.is_some();
    let name = named(parameter).map(|name| format!(" `{name}`")).unwrap_or_default();
    let weights = match count {
        1 => format!("1 synapse with the weight{name} {range}"),
        _ if is_shared => format!("{} that share the weight{name} {range}", counted(count, "synapse")),
        _ => format!("{} with the weights{name} {range}", counted(count, "synapse")),
    };
    format!("{ends}: {joins}{weights}{} ({})", made(parameter), facts.place(connection.origin))
}

/// `W[3, 2]`
pub(super) fn named(parameter: &Parameter) -> Option<String> {
    use crate::value::Shape;
    let name = shown(parameter.name.as_deref()?);
    Some(match parameter.shape {
        Shape::Scalar => name,
        Shape::Vector(count) => format!("{name}[{count}]"),
        Shape::Matrix(rows, columns) => format!("{name}[{rows}, {columns}]"),
    })
}

/// Where values are from that nobody wrote as numbers.
pub(super) fn made(parameter: &Parameter) -> String {
    if let Some(file) = &parameter.file {
        let tensor = file.tensor.as_ref().map(|tensor| format!("`{}` of ", shown(tensor))).unwrap_or_default();
        return format!(", loaded from {tensor}`{}`", neutralise(&file.path));
    }
    if let Some(made) = &parameter.generated {
        let arguments: Vec<String> = made.arguments.iter().map(|argument| number(*argument)).collect();
        let arguments = if arguments.is_empty() { String::new() } else { format!("{}, ", arguments.join(", ")) };
        return format!(", made by `{}({arguments}seed = {})`", made.generator, made.seed);
    }
    if parameter.kind == ParameterKind::Derived {
        return ", computed from other parameters".to_owned();
    }
    String::new()
}

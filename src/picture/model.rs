//! What a picture shows: nodes, the synapses between them, and frames round the nodes of instances.

use crate::activation::Activation;

/// The smallest and the largest of some numbers; NaN if one of them is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spread {
    pub(super) least: f64,
    pub(super) largest: f64,
}

impl Spread {
    pub(super) fn of(value: f64) -> Spread {
        Spread { least: value, largest: value }
    }

    pub(super) fn take(&mut self, value: f64) {
        if value.is_nan() {
            *self = Spread::of(value);
        }
        // Comparisons with NaN are false, so that it stays.
        if value < self.least {
            self.least = value;
        }
        if value > self.largest {
            self.largest = value;
        }
    }

    /// The one number, if all are the same.
    pub(super) fn one(self) -> Option<f64> {
        (self.least == self.largest || self.least.is_nan()).then_some(self.least)
    }

    /// The largest magnitude.
    pub(super) fn magnitude(self) -> f64 {
        self.least.abs().max(self.largest.abs())
    }
}

/// Adds a number to those of a spread that perhaps has none yet.
pub(super) fn take(spread: &mut Option<Spread>, value: f64) {
    match spread {
        Some(spread) => spread.take(value),
        None => *spread = Some(Spread::of(value)),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeKind {
    Input,
    Neuron,
    Output,
}

impl NodeKind {
    pub(super) fn word(self) -> &'static str {
        match self {
            NodeKind::Input => "input",
            NodeKind::Neuron => "neuron",
            NodeKind::Output => "output",
        }
    }
}

/// What a node stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Made {
    /// One input, neuron or output.
    Single,
    /// An array, with all its elements.
    Array,
    /// An instance of a network, with all that is inside.
    Instance(String),
    /// Some that stand at the same place of the order.
    Several,
}

/// A box of the picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    pub(super) made: Made,
    /// The whole name, dotted inside of instances.
    pub(super) name: String,
    /// The lines of its documentation.
    pub(super) doc: String,
    /// How many inputs, neurons or outputs it stands for.
    pub(super) count: u64,
    /// Of neurons that have the same.
    pub(super) activation: Option<Activation>,
    /// What is done with contributions, where that is no sum.
    pub(super) combine: Option<&'static str>,
    pub(super) bias: Option<Spread>,
    pub(super) net_input: Option<Spread>,
    pub(super) value: Option<Spread>,
    /// How many of those fire for which firing means something, and how many these are.
    pub(super) fires: Option<(u64, u64)>,
    /// The innermost frame that it stands in.
    pub(super) frame: Option<usize>,
}

/// A line of the picture: one synapse, or all that lead from one node to another.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Synapse {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) count: u64,
    pub(super) weight: Spread,
    pub(super) contribution: Option<Spread>,
}

/// What the weights of a line do to the neuron that it reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    /// All above 0.
    Excitatory,
    /// All below 0.
    Inhibitory,
    /// Some above and some below.
    Mixed,
    /// 0, or no number.
    Silent,
}

impl Effect {
    pub(super) const ALL: [Effect; 4] = [Effect::Excitatory, Effect::Inhibitory, Effect::Mixed, Effect::Silent];

    pub(super) fn word(self) -> &'static str {
        match self {
            Effect::Excitatory => "excitatory",
            Effect::Inhibitory => "inhibitory",
            Effect::Mixed => "mixed",
            Effect::Silent => "silent",
        }
    }
}

impl Synapse {
    pub(super) fn effect(&self) -> Effect {
        match (self.weight.least < 0.0, self.weight.largest > 0.0) {
            (false, true) => Effect::Excitatory,
            (true, false) => Effect::Inhibitory,
            (true, true) => Effect::Mixed,
            (false, false) => Effect::Silent,
        }
    }
}

/// How thick each line is drawn, from 0 to 1: its largest weight beside that of all.
pub(super) fn thickness(synapses: &[Synapse]) -> Vec<f64> {
    let weights = synapses.iter().map(|synapse| synapse.weight.magnitude()).filter(|weight| weight.is_finite());
    let (least, largest) = (weights.clone().fold(f64::INFINITY, f64::min), weights.fold(0.0, f64::max));
    // Where all are the same, none is large.
    let largest = if least == largest { 4.0 * largest } else { largest };
    let share = |weight: f64| if largest > 0.0 && !weight.is_nan() { (weight / largest).min(1.0).sqrt() } else { 0.0 };
    synapses.iter().map(|synapse| share(synapse.weight.magnitude())).collect()
}

/// An instance of a network, or a network that a file declares, round its nodes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Frame {
    /// The whole name, dotted inside of others.
    pub(super) name: String,
    /// The name of the network that it is an instance of; none of a network itself.
    pub(super) network: Option<String>,
    /// The frame around it, which stands before it.
    pub(super) parent: Option<usize>,
}

impl Frame {
    /// What stands on it: its name within the frame around it, and of what it is an instance.
    pub(super) fn label(&self, frames: &[Frame]) -> String {
        let parent = self.parent.map(|parent| frames[parent].name.as_str()).unwrap_or_default();
        let own = self.name.strip_prefix(parent).and_then(|rest| rest.strip_prefix('.')).unwrap_or(&self.name);
        match &self.network {
            Some(network) => format!("{own} = {network}"),
            None => format!("network {own}"),
        }
    }
}

/// A step through all nodes, those of a frame within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nested {
    Node(usize),
    Begin(usize),
    End,
}

/// All nodes, and the frames that hold some, as they lie in each other, with how deep.
pub(super) fn nested(nodes: &[Node], frames: &[Frame]) -> Vec<(usize, Nested)> {
    let mut holds = vec![false; frames.len()];
    nodes.iter().filter_map(|node| node.frame).for_each(|frame| holds[frame] = true);
    for (place, frame) in frames.iter().enumerate().rev() {
        if let Some(parent) = frame.parent {
            holds[parent] |= holds[place];
        }
    }
    // What the whole and each frame hold, from behind.
    let mut inner: Vec<Vec<Nested>> = vec![Vec::new(); frames.len() + 1];
    for (place, frame) in frames.iter().enumerate().rev().filter(|(place, _)| holds[*place]) {
        inner[frame.parent.map_or(0, |parent| parent + 1)].push(Nested::Begin(place));
    }
    for (place, node) in nodes.iter().enumerate().rev() {
        inner[node.frame.map_or(0, |frame| frame + 1)].push(Nested::Node(place));
    }
    let mut steps = Vec::new();
    let mut open = vec![0];
    while let Some(group) = open.last().copied() {
        let depth = open.len();
        match inner[group].pop() {
            Some(Nested::Begin(frame)) => {
                steps.push((depth, Nested::Begin(frame)));
                open.push(frame + 1);
            }
            Some(step) => steps.push((depth, step)),
            None => {
                open.pop();
                if !open.is_empty() {
                    steps.push((depth - 1, Nested::End));
                }
            }
        }
    }
    steps
}

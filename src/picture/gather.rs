//! From a network, and perhaps what it computed, to what its picture shows.

use std::collections::HashMap;

use super::fold::{Detail, Folded, fold};
use super::model::{Frame, Made, Node, NodeKind, Spread, Synapse, take};
use crate::eval::Trace;
use crate::network::{Network, Output, PopulationKind};

/// What is drawn of one or more networks.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathered {
    pub(super) nodes: Vec<Node>,
    pub(super) synapses: Vec<Synapse>,
    /// From a node to the output that gives its value.
    pub(super) taps: Vec<(usize, usize)>,
    pub(super) frames: Vec<Frame>,
}

/// Outputs of an array, and outputs of a network, that are drawn one by one at the most.
const MOST_OUTPUTS: u64 = 32;
const MOST_OUTPUT_NODES: usize = 200;

/// A network whose nodes were added, the first as number `first`.
struct Adding<'a> {
    network: &'a Network,
    folded: Folded,
    told: Told,
    first: usize,
}

/// How much a picture holds at the most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub(super) nodes: usize,
    pub(super) lines: usize,
}

impl Gathered {
    /// Adds a network; none if there is no room for it at this detail.
    pub(super) fn add(
        mut self,
        network: &Network,
        trace: Option<&Trace>,
        prefix: &str,
        detail: Detail,
        room: Room,
    ) -> Option<Gathered> {
        let frames = self.frame(network, prefix, detail);
        if detail < Detail::Levels && least_nodes(network, detail) + self.nodes.len() > room.nodes {
            return None;
        }
        let (folded, told) = (fold(network, detail, &frames, prefix), Told::of(network, trace));
        let first = self.nodes.len();
        self.nodes.extend(folded.nodes.iter().cloned());
        let adding = Adding { network, folded, told, first };
        self.values(&adding);
        let lines = if detail == Detail::Levels { usize::MAX } else { room.lines };
        self.synapses(&adding, lines)?;
        let frame = (!prefix.is_empty()).then(|| frames_of_network(&self.frames, prefix)).flatten();
        let most = if detail == Detail::Levels { MOST_OUTPUTS as usize } else { MOST_OUTPUT_NODES };
        let many = network.outputs().len() > most;
        self.outputs(&adding, prefix, frame, many);
        (self.nodes.len() <= room.nodes || detail == Detail::Levels).then_some(self)
    }

    /// Adds the frames of a network; for each population its own.
    fn frame(&mut self, network: &Network, prefix: &str, detail: Detail) -> Vec<Option<usize>> {
        let outer = (!prefix.is_empty()).then(|| {
            let name = prefix.trim_end_matches('.').to_owned();
            self.frames.push(Frame { name, network: None, parent: None });
            self.frames.len() - 1
        });
        let mut known: HashMap<&str, usize> = HashMap::new();
        if detail < Detail::Instances {
            for instance in network.instances() {
                let parent = enclosing(&known, &instance.name).or(outer);
                known.insert(&instance.name, self.frames.len());
                let name = format!("{prefix}{}", instance.name);
                self.frames.push(Frame { name, network: Some(instance.network.clone()), parent });
            }
        }
        network.populations().map(|(_, population)| enclosing(&known, &population.name).or(outer)).collect()
    }

    /// Biases, net inputs and values of the nodes.
    fn values(&mut self, adding: &Adding<'_>) {
        let Adding { network, folded, told, first } = adding;
        for (id, population) in network.populations() {
            let bias = match &population.kind {
                PopulationKind::Neuron { bias, .. } => Some((*bias, &network.parameter(bias.parameter).values)),
                PopulationKind::Input { .. } => None,
            };
            for element in 0..population.size {
                let node = &mut self.nodes[first + folded.node(id, element)];
                if let Some((bias, values)) = bias {
                    take(&mut node.bias, values[bias.index(element, 0)]);
                }
                let Some(one) = told.one(id.0 as usize, element) else { continue };
                take(&mut node.value, one.value);
                if bias.is_some() {
                    take(&mut node.net_input, one.net_input);
                }
                if let Some(fires) = one.fires {
                    let (firing, all) = node.fires.unwrap_or_default();
                    node.fires = Some((firing + u64::from(fires), all + 1));
                }
            }
        }
    }

    /// The synapses between the nodes, or none if there are too many.
    fn synapses(&mut self, adding: &Adding<'_>, most: usize) -> Option<()> {
        let Adding { network, folded, told, first } = adding;
        let mut known: HashMap<(usize, usize), usize> = HashMap::new();
        let mut last = ((usize::MAX, usize::MAX), 0);
        for (_, connection) in network.connections() {
            let weights = &network.parameter(connection.weights.parameter).values;
            let (from, to) = (connection.sources, connection.targets);
            for target in 0..to.count {
                let end = first + folded.node(to.population, to.first + target);
                for (source, place) in network.synapses(connection, target) {
                    let start = first + folded.node(from.population, from.first + source);
                    let weight = weights[place];
                    if last.0 != (start, end) {
                        let line = *known.entry((start, end)).or_insert(self.synapses.len());
                        if line == self.synapses.len() {
                            if line >= most {
                                return None;
                            }
                            let weight = Spread::of(weight);
                            self.synapses.push(Synapse { from: start, to: end, count: 0, weight, contribution: None });
                        }
                        last = ((start, end), line);
                    }
                    let line = &mut self.synapses[last.1];
                    line.count += 1;
                    line.weight.take(weight);
                    if let Some(one) = told.one(from.population.0 as usize, from.first + source) {
                        take(&mut line.contribution, weight * one.value);
                    }
                }
            }
        }
        Some(())
    }

    /// A node for each output, and what leads to it.
    fn outputs(&mut self, adding: &Adding<'_>, prefix: &str, frame: Option<usize>, are_many: bool) {
        let Adding { network, folded, told, first } = adding;
        for (place, output) in network.outputs().iter().enumerate() {
            let count: u64 = output.parts.iter().map(|part| u64::from(part.count)).sum();
            let single =
                count <= MOST_OUTPUTS && output.parts.iter().all(|part| folded.is_single(part.population)) && !are_many;
            let goes_on = are_many && place > 0;
            let mut element = 0;
            for part in &output.parts {
                for unit in part.elements() {
                    if (single || element == 0) && !goes_on {
                        self.nodes.push(output_node(output, prefix, frame, single.then_some(element)));
                    }
                    element += 1;
                    let last = self.nodes.len() - 1;
                    let node = &mut self.nodes[last];
                    node.count += 1;
                    if let Some(one) = told.one(part.population.0 as usize, unit) {
                        take(&mut node.value, one.value);
                    }
                    let tap = (first + folded.node(part.population, unit), last);
                    if self.taps.last() != Some(&tap) {
                        self.taps.push(tap);
                    }
                }
            }
            if goes_on && let Some(node) = self.nodes.last_mut() {
                let start = node.name.split(" … ").next().unwrap_or_default();
                node.name = format!("{start} … {}", output.name);
                node.made = Made::Several;
            }
        }
        self.taps.sort_unstable();
        self.taps.dedup();
    }
}

fn output_node(output: &Output, prefix: &str, frame: Option<usize>, element: Option<u64>) -> Node {
    let name = match element {
        Some(element) if output.is_array => format!("{prefix}{}[{element}]", output.name),
        _ => format!("{prefix}{}", output.name),
    };
    Node {
        kind: NodeKind::Output,
        made: if output.is_array && element.is_none() { Made::Array } else { Made::Single },
        name,
        doc: String::new(),
        count: 0,
        activation: None,
        combine: None,
        bias: None,
        net_input: None,
        value: None,
        fires: None,
        frame,
    }
}

/// How many nodes there are at least, without making them.
fn least_nodes(network: &Network, detail: Detail) -> usize {
    network
        .populations()
        .map(|(_, population)| match detail {
            Detail::Elements if population.size <= super::fold::MOST_ELEMENTS => population.size as usize,
            Detail::Elements | Detail::Arrays => 1,
            Detail::Instances | Detail::Levels => 0,
        })
        .sum()
}

/// The frame of the network that a prefix stands for.
fn frames_of_network(frames: &[Frame], prefix: &str) -> Option<usize> {
    frames.iter().rposition(|frame| frame.network.is_none() && prefix.strip_suffix('.') == Some(&frame.name))
}

/// The innermost instance that a name with dots lies in.
fn enclosing(known: &HashMap<&str, usize>, name: &str) -> Option<usize> {
    let mut rest = name;
    while let Some((outer, _)) = rest.rsplit_once('.') {
        if let Some(frame) = known.get(outer) {
            return Some(*frame);
        }
        rest = outer;
    }
    None
}

/// What an evaluation told, by population and element.
struct Told {
    /// Where each population starts.
    bases: Vec<usize>,
    all: Vec<Option<One>>,
}

#[derive(Debug, Clone, Copy)]
struct One {
    value: f64,
    net_input: f64,
    fires: Option<bool>,
}

impl Told {
    fn of(network: &Network, trace: Option<&Trace>) -> Told {
        let Some(trace) = trace else { return Told { bases: Vec::new(), all: Vec::new() } };
        let mut bases = vec![0];
        for (_, population) in network.populations() {
            bases.push(bases[bases.len() - 1] + population.size as usize);
        }
        let mut all = vec![None; bases[bases.len() - 1]];
        let mut inputs = trace.inputs.iter();
        for (id, population) in network.inputs() {
            for (place, value) in (bases[id.0 as usize]..).zip(inputs.by_ref().take(population.size as usize)) {
                all[place] = Some(One { value: *value, net_input: *value, fires: None });
            }
        }
        for neuron in &trace.neurons {
            let place = bases[neuron.neuron.population.0 as usize] + neuron.neuron.element as usize;
            all[place] = Some(One { value: neuron.output, net_input: neuron.net_input, fires: neuron.fires });
        }
        Told { bases, all }
    }

    #[inline]
    fn one(&self, population: usize, element: u32) -> Option<One> {
        let base = *self.bases.get(population)?;
        self.all[base + element as usize]
    }
}

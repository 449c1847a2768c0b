//! Which inputs and neurons a node stands for.

use std::collections::HashMap;

use super::level::levels;
use super::model::{Made, Node, NodeKind};
use crate::network::{Network, PopulationId, PopulationKind, Unit};

/// Elements of an array that are drawn one by one, at the most.
pub(super) const MOST_ELEMENTS: u32 = 32;
/// Columns that populations are put together in.
const MOST_BANDS: usize = 12;

/// How much is put together, until a picture is small enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Detail {
    /// Arrays of up to 32 elements are drawn element by element.
    Elements,
    /// Each array is one node.
    Arrays,
    /// Each instance of a network is one node.
    Instances,
    /// All inputs or neurons at the same place of the order are one node.
    Levels,
}

impl Detail {
    pub(super) const ALL: [Detail; 4] = [Detail::Elements, Detail::Arrays, Detail::Instances, Detail::Levels];
}

/// The nodes of a network, and where each input and neuron is found among them.
pub(super) struct Folded {
    pub(super) nodes: Vec<Node>,
    /// For each population its node, or that of its first element, and whether the others follow.
    places: Vec<(usize, bool)>,
}

impl Folded {
    /// The node that an input or neuron belongs to.
    #[inline]
    pub(super) fn node(&self, population: PopulationId, element: u32) -> usize {
        let (first, follow) = self.places[population.0 as usize];
        if follow { first + element as usize } else { first }
    }

    pub(super) fn is_single(&self, population: PopulationId) -> bool {
        self.places[population.0 as usize].1
    }
}

/// Puts the populations of a network together. `frame` tells the frame of each, `prefix` stands before its name.
pub(super) fn fold(network: &Network, detail: Detail, frames: &[Option<usize>], prefix: &str) -> Folded {
    let mut folded = Folded { nodes: Vec::new(), places: Vec::new() };
    let mut known: HashMap<Group, usize> = HashMap::new();
    let bands = if detail == Detail::Levels { bands(network) } else { Vec::new() };
    let instances: HashMap<&str, usize> =
        network.instances().iter().enumerate().map(|(place, instance)| (instance.name.as_str(), place)).collect();
    // The outermost instance that a name with dots lies in.
    let outermost = |name: &str| name.split_once('.').and_then(|(first, _)| instances.get(first).copied());
    for (id, population) in network.populations() {
        let place = id.0 as usize;
        let group = match detail {
            Detail::Elements | Detail::Arrays => None,
            Detail::Instances => outermost(&population.name).map(Group::Instance),
            Detail::Levels => Some(Group::Band(kind_of(&population.kind), bands[place])),
        };
        let follow = group.is_none()
            && match detail {
                Detail::Elements => population.size <= MOST_ELEMENTS,
                Detail::Arrays | Detail::Instances | Detail::Levels => !population.is_array,
            };
        let first = folded.nodes.len();
        if let Some(group) = group {
            let node = *known.entry(group).or_insert(first);
            folded.places.push((node, false));
            if node == first {
                let frame = if detail == Detail::Instances { None } else { frames[place] };
                folded.nodes.push(grouped(network, id, group, frame, prefix));
            } else {
                join(&mut folded.nodes[node], network, id, group);
            }
            continue;
        }
        folded.places.push((first, follow));
        let elements = if follow { population.size } else { 1 };
        for element in 0..elements {
            let mut node = node_of(network, id, frames[place], prefix);
            if follow {
                node.name = format!("{prefix}{}", network.unit_name(Unit { population: id, element }));
            } else {
                node.count = u64::from(population.size);
                node.made = Made::Array;
            }
            folded.nodes.push(node);
        }
    }
    folded
}

/// What populations are put together by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Group {
    /// The instance of this number.
    Instance(usize),
    /// Those of a kind in some neighbouring levels.
    Band(bool, usize),
}

/// Whether a population is an input.
fn kind_of(kind: &PopulationKind) -> bool {
    matches!(kind, PopulationKind::Input { .. })
}

fn node_of(network: &Network, id: PopulationId, frame: Option<usize>, prefix: &str) -> Node {
    let population = network.population(id);
    let (kind, activation, combine) = match &population.kind {
        PopulationKind::Input { .. } => (NodeKind::Input, None, None),
        PopulationKind::Neuron { activation, combine, .. } => {
            let combine = combine.name();
            (NodeKind::Neuron, Some(activation.clone()), (combine != "sum").then_some(combine))
        }
    };
    Node {
        kind,
        made: Made::Single,
        name: format!("{prefix}{}", population.name),
        doc: population.doc.join(" "),
        count: 1,
        activation,
        combine,
        bias: None,
        net_input: None,
        value: None,
        fires: None,
        frame,
    }
}

/// The node of a group, from its first population.
fn grouped(network: &Network, id: PopulationId, group: Group, frame: Option<usize>, prefix: &str) -> Node {
    let population = network.population(id);
    let mut node = node_of(network, id, frame, prefix);
    node.count = u64::from(population.size);
    match group {
        Group::Instance(place) => {
            let instance = &network.instances()[place];
            node.name = format!("{prefix}{}", instance.name);
            node.made = Made::Instance(instance.network.clone());
            node.doc.clear();
        }
        Group::Band(..) if population.is_array => node.made = Made::Array,
        Group::Band(..) => {}
    }
    node
}

/// Adds a population to the node of its group.
fn join(node: &mut Node, network: &Network, id: PopulationId, group: Group) {
    let population = network.population(id);
    node.count += u64::from(population.size);
    if let PopulationKind::Neuron { activation, combine, .. } = &population.kind {
        if node.activation.as_ref() != Some(activation) {
            node.activation = None;
        }
        let combine = combine.name();
        if node.combine != (combine != "sum").then_some(combine) {
            node.combine = None;
        }
    }
    if let Group::Band(..) = group {
        // Named by the first and the last.
        let first = node.name.split(" … ").next().unwrap_or_default();
        node.name = format!("{first} … {}", population.name);
        node.made = Made::Several;
        node.doc.clear();
        node.frame = None;
    }
}

/// For each population the band of levels that it is in.
fn bands(network: &Network) -> Vec<usize> {
    let edges: Vec<(usize, usize)> = network
        .connections()
        .map(|(_, connection)| (connection.sources.population.0 as usize, connection.targets.population.0 as usize))
        .collect();
    let levels = levels(network.populations().count(), &edges);
    let highest = levels.iter().copied().max().unwrap_or(0);
    let bands = (highest + 1).min(MOST_BANDS);
    levels.into_iter().map(|level| level * bands / (highest + 1)).collect()
}

//! What a change reaches on its way to a neuron, and whether the neuron fires then. `walk.rs` goes along straight ways.

use std::ops::Range;

use super::behind::{Behind, Read, narrow};
use super::firing::Firing;
use crate::combine::{Combination, Combine};
use crate::eval::{Path, output, whole_output};

/// What is changed, by one number that is added to it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Seed {
    /// The net input of a node.
    NetInput(u32),
    /// The input of this number among the inputs.
    Input(u32),
    /// One value that these read.
    Value(Vec<Use>),
}

/// What reads a value of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Use {
    /// A synapse of a node.
    Weight(Read),
    /// The bias of a node.
    Bias(u32),
}

/// The neurons that a change reaches, in the order of evaluation; the last one is the neuron in question.
pub(super) struct Cone {
    pub(super) members: Vec<Member>,
    pub(super) edges: Vec<Edge>,
    /// What moves by itself.
    pub(super) input: Option<usize>,
    /// Whether the net input of the neuron in question is a curve of straight pieces.
    pub(super) is_straight: bool,
    /// Whether it never turns, but for roundings.
    pub(super) is_monotone: bool,
}

pub(super) struct Member {
    pub(super) node: usize,
    /// Its synapses that move.
    pub(super) edges: Range<usize>,
    /// How much of the change is added to its net input directly.
    pub(super) direct: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub(super) node: u32,
    pub(super) synapse: u32,
    /// Whether the weight moves; otherwise what the synapse carries does.
    pub(super) weight_moves: bool,
}

/// Follows changes through what stands behind a neuron.
pub(super) struct Follower<'a> {
    pub(super) behind: &'a Behind<'a>,
    pub(super) firing: &'a Firing,
    path: Path,
    /// How many synapses may still be looked at.
    pub(super) budget: u64,
    /// Net inputs and their slopes against the change, by node.
    pub(super) net_inputs: Vec<f64>,
    pub(super) slopes: Vec<f64>,
    /// Outputs of nodes and values of inputs, and their slopes.
    pub(super) outputs: Vec<f64>,
    pub(super) output_slopes: Vec<f64>,
    /// The piece of its curve that a node is on, of the last one the region of firing.
    pub(super) pieces: Vec<usize>,
    /// The synapse that decides, of nodes whose combine is `min` or `max`.
    pub(super) choices: Vec<usize>,
    is_member: Vec<bool>,
    /// The contributions of one node and their slopes.
    pub(super) contributions: Vec<(f64, f64)>,
    room: Vec<f64>,
}

impl<'a> Follower<'a> {
    pub(super) fn new(behind: &'a Behind<'a>, firing: &'a Firing, path: Path, budget: u64) -> Follower<'a> {
        let count = behind.nodes.len();
        let outputs = behind.nodes.iter().map(|node| node.output).chain(behind.inputs.iter().map(|input| input.value));
        let outputs: Vec<f64> = outputs.collect();
        Follower {
            behind,
            firing,
            path,
            budget,
            net_inputs: behind.nodes.iter().map(|node| node.net_input).collect(),
            slopes: vec![0.0; count],
            output_slopes: vec![0.0; outputs.len()],
            outputs,
            pieces: vec![0; count],
            choices: vec![0; count],
            is_member: vec![false; count],
            contributions: Vec::new(),
            room: Vec::new(),
        }
    }

    /// What a change of `seed` reaches.
    pub(super) fn cone(&mut self, seed: &Seed) -> Cone {
        let behind = self.behind;
        let mut edges: Vec<Edge> = Vec::new();
        let mut members: Vec<u32> = Vec::new();
        let mut direct: Vec<u32> = Vec::new();
        let mut input = None;
        let add = |node: u32, is_member: &mut Vec<bool>, members: &mut Vec<u32>| {
            let group = behind.nodes[node as usize].whole.clone().unwrap_or(node..node + 1);
            if !std::mem::replace(&mut is_member[node as usize], true) {
                members.push(node);
                for other in group.filter(|other| *other != node) {
                    if !std::mem::replace(&mut is_member[other as usize], true) {
                        members.push(other);
                    }
                }
            }
        };
        match seed {
            Seed::NetInput(node) => {
                direct.push(*node);
                add(*node, &mut self.is_member, &mut members);
            }
            Seed::Input(number) => {
                let source = behind.nodes.len() + *number as usize;
                input = Some(source);
                for Read { node, synapse } in behind.readers(source).iter().copied() {
                    edges.push(Edge { node, synapse, weight_moves: false });
                    add(node, &mut self.is_member, &mut members);
                }
            }
            Seed::Value(uses) => {
                for used in uses {
                    let node = match *used {
                        Use::Weight(Read { node, synapse }) => {
                            edges.push(Edge { node, synapse, weight_moves: true });
                            node
                        }
                        Use::Bias(node) => {
                            direct.push(node);
                            node
                        }
                    };
                    add(node, &mut self.is_member, &mut members);
                }
            }
        }
        let mut next = 0;
        while let Some(node) = members.get(next).copied() {
            next += 1;
            for Read { node, synapse } in behind.readers(node as usize).iter().copied() {
                edges.push(Edge { node, synapse, weight_moves: false });
                add(node, &mut self.is_member, &mut members);
            }
        }
        members.iter().for_each(|node| self.is_member[*node as usize] = false);
        self.spend(edges.len() + members.len());
        edges.sort_unstable();
        members.sort_unstable();
        direct.sort_unstable();
        let (mut at, mut direct) = (0, direct.into_iter().peekable());
        let members = members.into_iter().map(|node| {
            let start = at;
            while edges.get(at).is_some_and(|edge| edge.node == node) {
                at += 1;
            }
            let adds = direct.next_if_eq(&node).is_some();
            Member { node: node as usize, edges: start..at, direct: if adds { 1.0 } else { 0.0 } }
        });
        let mut cone = Cone { members: members.collect(), edges, input, is_straight: true, is_monotone: true };
        self.judge(&mut cone);
        cone
    }

    /// Whether the way through a cone is straight, and whether it turns.
    fn judge(&mut self, cone: &mut Cone) {
        let behind = self.behind;
        // Directions stand where slopes will: 1, -1, 0, or NaN for unknown. NaN spreads over sums and products.
        let signum = |value: f64| if value == 0.0 { 0.0 } else { value.signum() };
        if let Some(input) = cone.input {
            self.output_slopes[input] = 1.0;
        }
        for member in &cone.members {
            let node = &behind.nodes[member.node];
            let edges = &cone.edges[member.edges.clone()];
            let mut directions = (member.direct, member.direct);
            for (place, edge) in edges.iter().enumerate() {
                let synapse = &behind.synapses[edge.synapse as usize];
                let moves_twice = edges[..place].last().is_some_and(|before| before.synapse == edge.synapse);
                let way = if edge.weight_moves {
                    signum(synapse.value)
                } else {
                    let way = self.output_slopes[synapse.from as usize];
                    // An unknown direction stays unknown even where nothing is carried.
                    signum(synapse.weight) * way
                };
                if moves_twice {
                    cone.is_straight = false;
                }
                let way = if moves_twice { f64::NAN } else { way };
                directions = (directions.0.min(way) + 0.0 * way, directions.1.max(way) + 0.0 * way);
            }
            let is_known = directions.0 >= 0.0 || directions.1 <= 0.0;
            let mut direction = if is_known { signum(directions.0 + directions.1) } else { f64::NAN };
            match node.combine {
                Combine::Sum | Combine::Mean | Combine::Min | Combine::Max => {}
                Combine::Product | Combine::MaxAbs | Combine::Median => {
                    cone.is_straight &= edges.is_empty() || node.combine == Combine::Product && edges.len() == 1;
                    direction = if edges.is_empty() || node.combine == Combine::Median { direction } else { f64::NAN };
                }
            }
            if member.node == behind.last() {
                cone.is_monotone = !direction.is_nan();
                continue;
            }
            cone.is_straight &= node.curve.pieces.is_some() && node.whole.is_none();
            let curve = if node.curve.direction == 0 { f64::NAN } else { f64::from(node.curve.direction) };
            self.output_slopes[member.node] = curve * direction;
        }
        self.restore(cone);
    }

    /// Whether the neuron fires after a change, through all curves.
    pub(super) fn fires_at(&mut self, cone: &Cone, change: f64) -> bool {
        /// So many synapses cost as much as the formula of an activation.
        const FORMULA: usize = 8;
        if let Some(input) = cone.input {
            self.outputs[input] = self.behind.inputs[input - self.behind.nodes.len()].value + change;
        }
        self.spend(cone.edges.len() + FORMULA * cone.members.len());
        for member in &cone.members {
            let node = &self.behind.nodes[member.node];
            let (net_input, _) = self.combined(cone, member, change, false);
            self.net_inputs[member.node] = net_input;
            match &node.whole {
                None => self.outputs[member.node] = output(node.activation, net_input, &mut self.room, self.path),
                Some(group) if group.end as usize == member.node + 1 => {
                    let group = group.start as usize..group.end as usize;
                    self.outputs[group.clone()].copy_from_slice(&self.net_inputs[group.clone()]);
                    whole_output(node.activation, &mut self.outputs[group], self.path);
                }
                Some(_) => {}
            }
        }
        let net_input = self.net_inputs[self.behind.last()];
        let fires = self.firing.fires(self.firing.locate(net_input));
        self.restore(cone);
        fires
    }

    /// The net input of a member, and its slope where the cone is straight.
    pub(super) fn combined(&mut self, cone: &Cone, member: &Member, change: f64, is_straight: bool) -> (f64, f64) {
        let behind = self.behind;
        let node = &behind.nodes[member.node];
        let direct = member.direct;
        if member.edges.is_empty() {
            return (node.net_input + direct * change, direct);
        }
        let bias = node.bias + direct * change;
        match node.combine {
            Combine::Sum | Combine::Mean => {
                let count = node.synapses.len() as f64;
                let divisor = if node.combine == Combine::Mean { count } else { 1.0 };
                let (mut sum, mut slope) = (0.0, 0.0);
                for edge in &cone.edges[member.edges.clone()] {
                    let synapse = &behind.synapses[edge.synapse as usize];
                    let source = synapse.from as usize;
                    if edge.weight_moves {
                        // What the source carries by now: where both move, the other edge takes the weight as it was.
                        sum += change * self.outputs[source];
                        slope += self.outputs[source];
                    } else {
                        sum += synapse.weight * (self.outputs[source] - synapse.value);
                        slope += synapse.weight * self.output_slopes[source];
                    }
                }
                (node.net_input + direct * change + sum / divisor, slope / divisor + direct)
            }
            Combine::Product => {
                self.contribute(cone, member, change, is_straight);
                let product = self.contributions.iter().fold(1.0, |product, (amount, _)| product * amount);
                // One at the most has a slope where the cone is straight.
                let moving = self.contributions.iter().position(|(_, slope)| *slope != 0.0);
                let others = self.contributions.iter().enumerate().filter(|(place, _)| Some(*place) != moving);
                let others = others.fold(1.0, |product, (_, (amount, _))| product * amount);
                let slope = moving.map_or(0.0, |moving| self.contributions[moving].1 * others);
                (product + bias, slope + direct)
            }
            Combine::Min | Combine::Max if is_straight => {
                self.contribute(cone, member, change, true);
                let upwards = if node.combine == Combine::Max { 1.0 } else { -1.0 };
                let (amount, _) = self.contributions[self.choices[member.node]];
                let largest = self.contributions.iter().map(|(amount, _)| amount * upwards).enumerate();
                if let Some((place, largest)) = largest.max_by(|(_, one), (_, other)| one.total_cmp(other))
                    && largest - amount * upwards > 1e-12 * (node.magnitude + largest.abs())
                {
                    self.choices[member.node] = place;
                }
                let (amount, slope) = self.contributions[self.choices[member.node]];
                (amount + bias, slope + direct)
            }
            Combine::Min | Combine::Max | Combine::MaxAbs | Combine::Median => {
                self.contribute(cone, member, change, false);
                let mut combination = Combination::new(node.combine, &mut self.room);
                self.contributions.iter().for_each(|(amount, _)| {
                    combination.take(*amount);
                });
                (combination.value() + bias, 0.0)
            }
        }
    }

    /// All contributions of a member, with their slopes.
    pub(super) fn contribute(&mut self, cone: &Cone, member: &Member, change: f64, is_straight: bool) {
        let behind = self.behind;
        let node = &behind.nodes[member.node];
        let still = behind.synapses_of(member.node).iter().map(|synapse| (synapse.weight * synapse.value, 0.0));
        self.contributions.clear();
        self.contributions.extend(still);
        let edges = &cone.edges[member.edges.clone()];
        for edge in edges {
            let synapse = &behind.synapses[edge.synapse as usize];
            let source = synapse.from as usize;
            let (value, slope) = (self.outputs[source], self.output_slopes[source]);
            let place = (edge.synapse - node.synapses.start) as usize;
            // Where both move, the edge whose weight moves comes last.
            self.contributions[place] = if edge.weight_moves {
                ((synapse.weight + change) * value, value)
            } else {
                (synapse.weight * value, synapse.weight * slope)
            };
        }
        let cost = if is_straight { node.synapses.len() } else { 2 * node.synapses.len() };
        self.spend(cost);
    }

    /// Everything as it is without a change.
    pub(super) fn restore(&mut self, cone: &Cone) {
        if let Some(input) = cone.input {
            self.outputs[input] = self.behind.inputs[input - self.behind.nodes.len()].value;
            self.output_slopes[input] = 0.0;
        }
        for Member { node, .. } in &cone.members {
            let node = *node;
            (self.net_inputs[node], self.slopes[node]) = (self.behind.nodes[node].net_input, 0.0);
            (self.outputs[node], self.output_slopes[node]) = (self.behind.nodes[node].output, 0.0);
        }
    }

    pub(super) fn spend(&mut self, synapses: usize) {
        self.budget = self.budget.saturating_sub(narrow(synapses).into());
    }
}

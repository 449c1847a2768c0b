//! The way of a change through straight pieces, from bend to bend.

use super::behind::Synapse;
use super::cone::{Cone, Follower, Member};
use crate::combine::Combine;
use crate::numeric::fma::{Fused, Software};

/// Where the next straight piece begins.
struct Event {
    distance: f64,
    member: usize,
    /// The synapse that decides from there on; otherwise the node is on another piece.
    choice: Option<usize>,
}

impl Follower<'_> {
    /// Walks along a straight cone, to both sides of nothing as `sign` says, from bend to bend, until the neuron fires
    /// otherwise than before for the time number `skip`. Gives the change there, at the most `limit`.
    pub(super) fn walk(&mut self, cone: &Cone, sign: f64, limit: f64, skip: usize) -> Option<f64> {
        self.begin(cone);
        let last = self.behind.last();
        let usual = self.firing.fires(self.pieces[last]);
        let (mut change, mut step, mut skip, mut was_usual) = (0.0, 0.0, skip, true);
        let found = loop {
            self.move_on(cone, sign * change, sign * step);
            let is_usual = self.firing.fires(self.pieces[last]) == usual;
            if was_usual && !is_usual {
                if skip == 0 {
                    break Some(sign * change);
                }
                skip -= 1;
            }
            was_usual = is_usual;
            let Some(event) = self.next_event(cone, sign) else { break None };
            step = event.distance;
            change += step;
            // A change that is no number is beyond every limit.
            let is_within = change <= limit;
            if !is_within || self.budget == 0 {
                break None;
            }
            let node = cone.members[event.member].node;
            match event.choice {
                Some(choice) => self.choices[node] = choice,
                None if self.slopes[node] * sign > 0.0 => self.pieces[node] += 1,
                None => self.pieces[node] -= 1,
            }
        };
        self.restore(cone);
        found
    }

    /// Puts every member on the piece where it is without a change.
    fn begin(&mut self, cone: &Cone) {
        let behind = self.behind;
        if let Some(input) = cone.input {
            self.output_slopes[input] = 1.0;
        }
        for member in &cone.members {
            let node = &behind.nodes[member.node];
            self.pieces[member.node] = self.locate(member.node, node.net_input);
            let combined = node.net_input - node.bias;
            let nearest = |synapse: &Synapse| (synapse.weight * synapse.value - combined).abs();
            if matches!(node.combine, Combine::Min | Combine::Max) {
                let synapses = behind.synapses_of(member.node).iter().map(nearest).enumerate();
                let choice = synapses.min_by(|(_, one), (_, other)| one.total_cmp(other));
                self.choices[member.node] = choice.map_or(0, |(place, _)| place);
            }
        }
    }

    /// The number of the piece of a node's curve at a net input.
    fn locate(&self, node: usize, net_input: f64) -> usize {
        if node == self.behind.last() {
            return self.firing.locate(net_input);
        }
        let pieces = self.behind.nodes[node].curve.pieces.as_deref().unwrap_or_default();
        pieces.partition_point(|piece| piece.start <= net_input).saturating_sub(1)
    }

    /// Where the piece that a node is on starts and ends.
    fn ends(&self, node: usize) -> (f64, f64) {
        let piece = self.pieces[node];
        if node == self.behind.last() {
            return self.firing.ends(piece);
        }
        let pieces = self.behind.nodes[node].curve.pieces.as_deref().unwrap_or_default();
        let start = |piece: usize| pieces.get(piece).map(|piece| piece.start);
        (start(piece).unwrap_or(f64::NEG_INFINITY), start(piece + 1).unwrap_or(f64::INFINITY))
    }

    /// All values and slopes at `change`, a `step` behind the ones before.
    fn move_on(&mut self, cone: &Cone, change: f64, step: f64) {
        /// Net inputs that differ less from what the slope said, relative to what they are made of, did not jump.
        const ROUNDING: f64 = 1e-12;
        /// A synapse costs so many times as much as in a search without pieces.
        const BEND: usize = 4;
        if let Some(input) = cone.input {
            self.outputs[input] = self.behind.inputs[input - self.behind.nodes.len()].value + change;
        }
        self.spend(BEND * (cone.edges.len() + cone.members.len()));
        for member in &cone.members {
            let number = member.node;
            let node = &self.behind.nodes[number];
            let expected = self.net_inputs[number] + self.slopes[number] * step;
            let (net_input, slope) = self.combined(cone, member, change, true);
            let magnitude = node.magnitude + net_input.abs() + (slope * change).abs();
            let jumped = (net_input - expected).abs() > ROUNDING * magnitude;
            let (start, end) = self.ends(number);
            let margin = ROUNDING * magnitude;
            let near_an_end = (net_input - start).abs() <= margin || (net_input - end).abs() <= margin;
            let stands_at_an_end = slope == 0.0 && near_an_end;
            let net_input = if stands_at_an_end { self.exact(cone, member, change, net_input) } else { net_input };
            let stands_outside = slope == 0.0 && (net_input < start || net_input >= end);
            if jumped || stands_outside {
                self.pieces[number] = self.locate(number, net_input);
            }
            (self.net_inputs[number], self.slopes[number]) = (net_input, slope);
            if number != self.behind.last()
                && let Some(piece) = node.curve.pieces.as_ref().and_then(|pieces| pieces.get(self.pieces[number]))
            {
                let offset = piece.offset;
                self.outputs[number] = if piece.slope == 0.0 { offset } else { piece.slope * net_input + offset };
                self.output_slopes[number] = piece.slope * slope;
            }
        }
    }

    /// The nearest place in the direction of `sign` where a piece ends.
    fn next_event(&mut self, cone: &Cone, sign: f64) -> Option<Event> {
        let mut nearest: Option<Event> = None;
        let last = cone.members.len() - 1;
        let mut offer = |distance: f64, member: usize, choice: Option<usize>| {
            let distance = distance.max(0.0);
            // Where what is in front turns back at once, the neuron in question is at its end all the same.
            let slack = if member == last && choice.is_none() { 1.0 + 1e-12 } else { 1.0 };
            let is_nearer = |known: &Event| distance < known.distance * slack;
            if distance.is_finite() && nearest.as_ref().is_none_or(is_nearer) {
                nearest = Some(Event { distance, member, choice });
            }
        };
        for (place, member) in cone.members.iter().enumerate() {
            let node = member.node;
            let speed = self.slopes[node] * sign;
            let (start, end) = self.ends(node);
            if speed > 0.0 {
                offer((end - self.net_inputs[node]) / speed, place, None);
            } else if speed < 0.0 {
                offer((self.net_inputs[node] - start) / -speed, place, None);
            }
        }
        for (place, member) in cone.members.iter().enumerate() {
            let combine = self.behind.nodes[member.node].combine;
            if matches!(combine, Combine::Min | Combine::Max) && !member.edges.is_empty() {
                self.contribute(cone, member, 0.0, true);
                let choice = self.choices[member.node];
                let (amount, slope) = self.contributions[choice];
                let upwards = if combine == Combine::Max { 1.0 } else { -1.0 };
                for (other, (other_amount, other_slope)) in self.contributions.iter().enumerate() {
                    let speed = (other_slope - slope) * sign * upwards;
                    if other != choice && speed > 0.0 {
                        offer((amount - other_amount) * upwards / speed, place, Some(other));
                    }
                }
            }
        }
        nearest
    }

    /// The net input of a member as an evaluation rounds it, for the values that the others have; `known` where it is
    /// no sum.
    fn exact(&mut self, cone: &Cone, member: &Member, change: f64, known: f64) -> f64 {
        let node = &self.behind.nodes[member.node];
        if node.combine != Combine::Sum {
            return known;
        }
        let moving = cone.edges[member.edges.clone()].iter().filter(|edge| edge.weight_moves);
        let mut moving = moving.map(|edge| edge.synapse).peekable();
        let mut sum = 0.0;
        for (number, synapse) in std::iter::zip(node.synapses.clone(), self.behind.synapses_of(member.node)) {
            let moves = moving.next_if_eq(&number).is_some();
            let weight = if moves { synapse.weight + change } else { synapse.weight };
            sum = Software::fma64(weight, self.outputs[synapse.from as usize], sum);
        }
        self.spend(node.synapses.len());
        sum + (node.bias + member.direct * change)
    }
}

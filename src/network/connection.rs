//! Connections between ranges of populations, and which of their pairs have a synapse.

use std::ops::Range;

use super::{Units, View};
use crate::span::Span;

/// Which connection of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub(crate) u32);

/// Synapses from sources to targets of one statement, as far as both lie in one population each.
///
/// Which of the pairs have a synapse, and which cell of `weights` is whose, is told by the [`Pattern`].
/// [`Network::synapses`](super::Network::synapses) lists them.
#[derive(Debug, Clone, PartialEq)]
pub struct Connection {
    /// Where the signals come from.
    pub sources: Units,
    /// The neurons that they reach.
    pub targets: Units,
    /// The weights.
    pub weights: View,
    /// Which pairs of sources and targets are joined, by [`Network::pattern`](super::Network::pattern).
    pub pattern: PatternId,
    /// The statement.
    pub origin: Span,
}

/// Which pattern of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PatternId(pub(crate) u32);

impl PatternId {
    /// [`Pattern::AllToAll`], which every network has.
    pub const ALL_TO_ALL: PatternId = PatternId(0);
    /// [`Pattern::OneToOne`], which every network has.
    pub const ONE_TO_ONE: PatternId = PatternId(1);
}

/// Which pairs of a connection's sources and targets have a synapse: the rule of its statement, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    /// `all_to_all`: each source with each target. The weight from source j into target i is cell (i, j).
    AllToAll,
    /// `one_to_one`: each source with the target of its own number. The weight into target i is cell (i, 0).
    OneToOne,
    /// `random(p, seed = k)`: the pairs that were drawn. The weight of synapse k of the statement is cell (k, 0).
    Random(Drawn),
}

/// The pairs that a `random` rule drew between the sources and targets of a connection.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// How probable each pair was.
    pub probability: f64,
    /// The seed.
    pub seed: u64,
    /// For each target where its sources start in `sources`, and the number that its first synapse has among those of
    /// the whole statement; at the end the length of `sources`.
    pub(crate) rows: Vec<(u32, u32)>,
    /// The sources of the targets, one target after the other.
    pub(crate) sources: Vec<u32>,
}

impl Drawn {
    /// Where the sources of some targets stand in `sources`.
    pub(super) fn range(&self, targets: Range<u32>) -> Range<usize> {
        self.rows[targets.start as usize].0 as usize..self.rows[targets.end as usize].0 as usize
    }
}

/// The synapses of a connection into one of its targets, in order. Sources count from the connection's first.
#[derive(Debug, Clone)]
pub struct Synapses<'a> {
    pub(crate) sources: Sources<'a>,
    /// The place of the first one's weight within [`Parameter::values`](super::Parameter::values).
    pub(crate) weight: usize,
    /// From one weight to the next.
    pub(crate) step: usize,
}

impl Iterator for Synapses<'_> {
    /// The source, and the place of the weight within [`Parameter::values`](super::Parameter::values).
    type Item = (u32, usize);

    fn next(&mut self) -> Option<(u32, usize)> {
        let source = match &mut self.sources {
            Sources::Neighbours(range) => range.next()?,
            Sources::Listed(list) => {
                let (first, rest) = list.split_first()?;
                *list = rest;
                *first
            }
        };
        let weight = self.weight;
        self.weight += self.step;
        Some((source, weight))
    }
}

/// Sources of one target, ascending.
#[derive(Debug, Clone)]
pub(crate) enum Sources<'a> {
    Neighbours(Range<u32>),
    Listed(&'a [u32]),
}

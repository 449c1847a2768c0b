//! Rules of connections: which of the pairs of sources and targets have a synapse.

use super::Resolver;
use super::connect::{Given, Joined, Weights};
use super::error::{MadeError, ResolveError, ShapeError};
use super::generator::fans;
use crate::ast::{Argument, ExpressionKind, Property};
use crate::call::Parameters;
use crate::codes::Code;
use crate::generate::is_drawn;
use crate::network::{Connection, Drawn, Pattern, PatternId, Units, View};
use crate::text::closest;
use crate::value::Shape;

/// What is written as a connection's `rule`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Rule {
    /// `all_to_all`, also where nothing is written.
    AllToAll,
    /// `one_to_one`
    OneToOne,
    /// `random(p, seed = k)`
    Random { probability: f64, seed: u64 },
}

impl Rule {
    const NAMES: [&str; 3] = ["all_to_all", "one_to_one", "random"];
}

impl Resolver<'_> {
    /// `rule = R`; none after an error.
    pub(super) fn rule(&mut self, property: Option<&Property>) -> Option<Rule> {
        let Some(property) = property else { return Some(Rule::AllToAll) };
        let at = property.value.span;
        let (name, arguments): (&str, &[Argument]) = match &property.value.kind {
            ExpressionKind::Reference(reference) if reference.selector.is_none() => (&reference.name.text, &[]),
            ExpressionKind::Call(name, arguments) => (&name.text, arguments),
            ExpressionKind::Text(text) => (text, &[]),
            _ => ("", &[]),
        };
        let is_text = matches!(property.value.kind, ExpressionKind::Text(_));
        let Some(known) = Rule::NAMES.into_iter().find(|known| *known == name && !is_text) else {
            let wanted = "`all_to_all`, `one_to_one` or `random(p, seed = k)`";
            let exact = Rule::NAMES.into_iter().find(|known| *known == name);
            let mend = exact.or_else(|| closest(name, Rule::NAMES)).map(|meant| match meant {
                "random" => "random(0.1, seed = 1)".to_owned(),
                _ => meant.to_owned(),
            });
            self.error(ResolveError::BadProperty { name: "rule", wanted, mend, at });
            return None;
        };
        let list = if known == "random" { vec![("p", None), ("seed", None)] } else { Vec::new() };
        let bound = Parameters { name: known, list, written: None }.bind_seeded(arguments, at);
        let bound = self.valued(bound.map_err(Into::into))?;
        let [Some(p), Some(seed)] = bound.as_slice() else {
            return Some(if known == "one_to_one" { Rule::OneToOne } else { Rule::AllToAll });
        };
        let probability = self.consts().number(&p.value, "a probability");
        let (probability, seed) = (self.valued(probability), self.consts().count(&seed.value, "a seed", 0));
        let seed = self.valued(seed);
        let (probability, at) = (probability?, p.value.span);
        if !(0.0..=1.0).contains(&probability) {
            let (name, wanted) = ("p", "a probability, from 0 to 1");
            self.error(MadeError::ArgumentRange { name, wanted, value: probability, at });
            return None;
        }
        Some(Rule::Random { probability, seed: seed? })
    }

    /// Each source with the target of its own number.
    pub(super) fn one_to_one(&mut self, joined: &Joined<'_>, weights: &Given) {
        let Joined { rows, columns, .. } = *joined;
        let (sources_at, targets_at) = (joined.written.sources.span, joined.written.targets.span);
        if rows != columns {
            self.error(ShapeError::OneToOne { rows, columns, sources: sources_at, targets: targets_at });
            return;
        }
        // Each target has one source, so that there is no matrix whose sizes could tell anything.
        let Some(weights) = self.weights(weights, Shape::Vector(columns as usize), None) else { return };
        let Weights { parameter, shape, offset } = weights;
        let row = match shape {
            Shape::Scalar => 0,
            Shape::Vector(n) if n as u64 == columns => 1,
            Shape::Vector(_) | Shape::Matrix(..) => {
                let value = joined.written.value.span;
                self.error(ShapeError::RuleWeights { rule: "one_to_one", shape, list: Some(columns), value });
                return;
            }
        };
        if !self.room_for_synapses(Some(columns), joined.origin) {
            return;
        }
        let mut sources = joined.sources.iter().copied();
        let mut targets = joined.targets.iter().copied();
        let (mut source, mut target) = (sources.next(), targets.next());
        let mut done = 0;
        // Cut where a part of either list ends.
        while let (Some(from), Some(to)) = (source, target) {
            let count = from.count.min(to.count);
            let weights = View { parameter, offset: offset + done * row, row, column: 0 };
            self.network.add_connection(Connection {
                sources: Units { count, ..from },
                targets: Units { count, ..to },
                weights,
                pattern: PatternId::ONE_TO_ONE,
                origin: joined.origin,
            });
            done += count;
            source = behind(from, count).or_else(|| sources.next());
            target = behind(to, count).or_else(|| targets.next());
        }
    }

    /// The pairs that are drawn, row by row.
    pub(super) fn random(&mut self, joined: &Joined<'_>, weights: &Given, probability: f64, seed: u64) {
        let Joined { rows, columns, origin, .. } = *joined;
        if let Given::Stated(Weights { shape, .. }) = weights
            && *shape != Shape::Scalar
        {
            let (shape, value) = (*shape, joined.written.value.span);
            self.error(ShapeError::RuleWeights { rule: "random", shape, list: None, value });
            return;
        }
        if !self.room_for_pairs(rows, columns, origin) {
            return;
        }
        let Some(parts) = self.drawn(joined, probability, seed) else { return };
        let count: usize = parts.iter().map(|(_, _, drawn)| drawn.sources.len()).sum();
        let weights = self.weights(weights, Shape::Vector(count), Some(fans(columns, rows)));
        let Some(Weights { parameter, shape, offset }) = weights else { return };
        let row = u32::from(shape != Shape::Scalar);
        for (sources, targets, drawn) in parts {
            let weights = View { parameter, offset, row, column: 0 };
            let pattern = self.network.add_pattern(Pattern::Random(drawn));
            self.network.add_connection(Connection { sources, targets, weights, pattern, origin });
        }
    }

    /// The pairs that are drawn between each two parts that have some, as far as the limit allows.
    fn drawn(&mut self, joined: &Joined<'_>, probability: f64, seed: u64) -> Option<Vec<(Units, Units, Drawn)>> {
        let room = self.limits.synapses - self.tally.synapses;
        let mut parts = Vec::new();
        let (mut pair, mut count) = (0, 0);
        for targets in &joined.targets {
            let empty = || Drawn { probability, seed, rows: Vec::new(), sources: Vec::new() };
            let mut blocks: Vec<Drawn> = joined.sources.iter().map(|_| empty()).collect();
            for _ in targets.elements() {
                for (sources, block) in std::iter::zip(&joined.sources, &mut blocks) {
                    block.rows.push((narrow(block.sources.len()), narrow(count)));
                    for source in 0..sources.count {
                        if is_drawn(probability, seed, pair) {
                            count += 1;
                            // What passes the limit is only counted.
                            if count as u64 <= room {
                                block.sources.push(source);
                            }
                        }
                        pair += 1;
                    }
                }
            }
            for (sources, mut block) in std::iter::zip(&joined.sources, blocks) {
                block.rows.push((narrow(block.sources.len()), narrow(count)));
                if !block.sources.is_empty() {
                    block.sources.shrink_to_fit();
                    parts.push((*sources, *targets, block));
                }
            }
        }
        self.room_for_synapses(Some(count as u64), joined.origin).then_some(parts)
    }

    /// Whether the limit on synapses allows to draw `rows × columns` more pairs, which bounds the time that it takes.
    fn room_for_pairs(&mut self, rows: u64, columns: u64, at: crate::span::Span) -> bool {
        let asked = rows.checked_mul(columns).and_then(|more| more.checked_add(self.tally.pairs));
        let allowed = self.limits.synapses;
        match asked {
            Some(asked) if asked <= allowed => {
                self.tally.pairs = asked;
                true
            }
            _ => {
                let (code, what) = (Code::E0904, "pairs that may become synapses");
                self.error(ResolveError::Limit { code, what, asked, allowed, flag: "synapses", at });
                false
            }
        }
    }
}

/// What is left of some units behind the first `count`.
fn behind(units: Units, count: u32) -> Option<Units> {
    (units.count > count).then(|| Units { first: units.first + count, count: units.count - count, ..units })
}

/// Pairs are limited to what 32 bits count.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).expect("pairs are limited")
}

//! The search for the smallest change.
//!
//! All weights of one neuron, and its bias, move its net input: one search along the net input serves all of them, and the
//! one that moves it most is the smallest change. What several neurons or synapses share, and inputs, are searched one
//! by one. The most promising come first, by the slopes as they are; what cannot beat the best, by the steepest that the
//! curves have, is left out.

use super::behind::Behind;
use super::change::{Answer, Flip, Prover, Search, WhyNot};
use super::cone::{Cone, Follower};
use super::firing::{Firing, first_other};
use super::variables::{Candidate, Kind, Variable, Variables};
use crate::eval::{Path, trace};
use crate::network::{Network, Unit};
use crate::plan::Plan;

/// What is searched, as multiples of the size of a value: changes of [`Flip::size`] up to this.
const FARTHEST: f64 = 1e9;

/// Finds the smallest single change of an input, of a weight and of a bias by which a neuron fires, or no longer does.
///
/// `plan` must be one for [`Wanted::Everything`](crate::Wanted::Everything), `inputs` all elements of all inputs in the
/// order of their declarations; `budget` is how many synapses the search may look at, for which
/// [`Search::BUDGET`] is a good value. None for an input, and if the plan or network has no such neuron.
///
/// Changes go as far as [`Search::FARTHEST`] times the size of the value, and as the ranges of inputs allow. Where the
/// way from what changes to the neuron is made of straight pieces (`identity`, `relu`, `step` and the like; `sum`, `mean`,
/// `min`, `max`), or never turns, the nearest flip is found; otherwise the nearest on a grid
/// ([`Search::is_sampled`]). Each change is proved by [`evaluate`](crate::evaluate): its value flips, the next
/// double towards the old value does not. Sizes that differ by less than 4e-9 of themselves count as equal.
///
/// ```
/// # use neuronc::{Inputs, Limits, Path, Search, Sources, Wanted, network::Unit, parse, plan, resolve, trace, why, why_not};
/// # let mut sources = Sources::new();
/// # let text = "input x1 = 0.8, x2 = 1.2\nneuron c { activation = relu, bias = 0.5 }\nx1 -> c : 1\nx2 -> c : 0.75\noutput c\n";
/// # let file = sources.add("c", text.into(), &Limits::default()).unwrap();
/// # let (program, _) = parse(sources.get(file), &Limits::default());
/// # let network = resolve(&program, sources.get(file), &Limits::default()).0.unwrap();
/// // neuron c { activation = relu, bias = 0.5 }
/// // x1 -> c : 1
/// // x2 -> c : 0.75
/// let plan = plan(&network, Wanted::Everything);
/// let inputs = Inputs::new(&network);
/// let row = inputs.row(&network).unwrap();
/// let neuron = Unit { population: network.find("c").unwrap(), element: 0 };
/// let answer = why_not(&network, &plan, row, neuron, Search::BUDGET).unwrap();
/// let lines = answer.lines(&network);
/// assert_eq!(lines[2], "c would not fire if the bias of c were -1.7 instead of 0.5 (change 2.2)");
/// ```
///
/// # Panics
/// If `inputs` has another length than [`Plan::input_count`], or `plan` was not made from `network`.
#[must_use]
pub fn why_not(network: &Network, plan: &Plan, inputs: &[f64], neuron: Unit, budget: u64) -> Option<WhyNot> {
    let path = Path::best();
    let trace = trace(network, plan, inputs, path);
    trace.value(plan, neuron)?;
    let last = trace.neurons.iter().position(|known| known.neuron == neuron)?;
    let (activation, ..) = network.population(neuron.population).neuron();
    let output = trace.neurons[last].output;
    let answer = |answer: Answer| Some(WhyNot { neuron, output, answer });
    let Some(firing) = Firing::of(activation, path) else { return answer(Answer::NoLevel) };
    let behind = Behind::of(network, &trace, last);
    let is_finite = |value: f64| value.is_finite();
    if let Some(node) = behind.nodes.iter().find(|node| !is_finite(node.net_input) || !is_finite(node.output)) {
        return answer(Answer::NotFinite(node.unit));
    }
    let fires = activation.fires(output) == Some(true);
    let prover = Prover::new(network, plan, inputs, neuron, fires, path);
    let follower = Follower::new(&behind, &firing, path, budget);
    let mut search = Searcher { follower, prover, grid: grid(), best: [None; 3], is_sampled: false, is_cut: false };
    let variables = Variables::of(network, &behind, &firing, path);
    search.run(&variables.list);
    let Searcher { best, is_sampled, is_cut, .. } = search;
    let mut changes: Vec<Flip> = best.into_iter().flatten().collect();
    changes.sort_by(|one, other| one.size.total_cmp(&other.size));
    let (candidates, left_out) = (variables.candidates, variables.left_out);
    answer(Answer::Searched(Search { fires, changes, candidates, is_cut, is_sampled, left_out }))
}

impl Search {
    /// How many synapses a search that answers at once looks at.
    pub const BUDGET: u64 = 1 << 27;
    /// How far changes go, as [`Flip::size`].
    pub const FARTHEST: f64 = FARTHEST;
}

struct Searcher<'a> {
    follower: Follower<'a>,
    prover: Prover<'a>,
    grid: Vec<f64>,
    /// The best of each kind.
    best: [Option<Flip>; 3],
    is_sampled: bool,
    is_cut: bool,
}

/// Sizes that differ by less, relative to themselves, are equal: what comes first in the search is kept.
const NEARLY: f64 = 4e-9;

impl Searcher<'_> {
    fn run(&mut self, variables: &[Variable]) {
        for variable in variables {
            let can_win = |candidate: &&Candidate| {
                // Nothing is searched along what does not move it.
                let least = if candidate.gain() > 0.0 { variable.least / candidate.gain() } else { f64::INFINITY };
                least * (1.0 + NEARLY) < self.to_beat(candidate.kind)
            };
            let candidates: Vec<Candidate> = variable.candidates.iter().filter(can_win).copied().collect();
            if candidates.is_empty() {
                continue;
            }
            if self.follower.budget == 0 || self.prover.left == 0 {
                self.is_cut = true;
                break;
            }
            self.variable(variable, &candidates);
            // What was not looked at to the end may hide a smaller change.
            self.is_cut |= self.follower.budget == 0;
        }
    }

    /// The size that a change of a kind must be smaller than.
    fn to_beat(&self, kind: Kind) -> f64 {
        self.best[kind as usize].map_or(FARTHEST, |flip| flip.size)
    }

    fn variable(&mut self, variable: &Variable, candidates: &[Candidate]) {
        let cone = self.follower.cone(&variable.seed);
        let is_exact = cone.is_straight || cone.is_monotone && self.follower.firing.has_one_end();
        self.is_sampled |= !is_exact;
        for sign in [1.0, -1.0] {
            let mut waiting: Vec<Candidate> = candidates.to_vec();
            /// Where a flip hangs on one double alone, roundings may not let it come; then the next one counts.
            const TRIES: usize = 4;
            for skip in 0..TRIES {
                waiting.retain(|candidate| self.reach(candidate, sign) > 0.0);
                let reach = waiting.iter().map(|candidate| self.reach(candidate, sign)).fold(0.0, f64::max);
                if reach == 0.0 {
                    break;
                }
                let Some(flip) = self.flip(&cone, sign, reach, skip, variable) else { break };
                waiting.retain(|candidate| {
                    let size = flip.abs() / candidate.gain();
                    size * (1.0 + NEARLY) < self.to_beat(candidate.kind) && !self.prove(candidate, flip, sign)
                });
            }
        }
    }

    /// How far what is searched along may move in a direction, for a change that would be the best.
    fn reach(&self, candidate: &Candidate, sign: f64) -> f64 {
        let outwards = sign * candidate.rate;
        let room = if outwards > 0.0 { candidate.high - candidate.old } else { candidate.old - candidate.low };
        let size = self.to_beat(candidate.kind) * candidate.scale;
        room.min(size).max(0.0) * candidate.rate.abs()
    }

    /// The nearest flip in a direction.
    fn flip(&mut self, cone: &Cone, sign: f64, reach: f64, skip: usize, variable: &Variable) -> Option<f64> {
        if cone.is_straight {
            return self.follower.walk(cone, sign, reach, skip);
        }
        if skip > 0 {
            return None;
        }
        let is_one_end = cone.is_monotone && self.follower.firing.has_one_end();
        let follower = &mut self.follower;
        let before = follower.fires_at(cone, 0.0);
        let gain = variable.candidates.iter().map(Candidate::gain).fold(0.0, f64::max);
        let sizes = if is_one_end { &[f64::INFINITY] } else { self.grid.as_slice() };
        // Nothing flips before.
        let mut without = if variable.least.is_finite() { sign * variable.least } else { 0.0 };
        for size in sizes.iter().filter(|size| **size * gain > variable.least) {
            let change = sign * (size * gain).min(reach);
            if follower.fires_at(cone, change) != before {
                return Some(first_other(without, change, |change| follower.fires_at(cone, change) != before));
            }
            if change.abs() >= reach || follower.budget == 0 {
                break;
            }
            without = change;
        }
        None
    }

    /// Proves a change that moves what is searched along to `flip`, and keeps it if it is the best. Whether there is one.
    fn prove(&mut self, candidate: &Candidate, flip: f64, sign: f64) -> bool {
        let Candidate { kind, change, old, rate, scale, low, high } = *candidate;
        let limit = if sign * rate > 0.0 { high } else { low };
        let Some(new) = self.prover.prove(candidate, old + flip / rate, limit) else { return false };
        let found = Flip { change, old, new, size: (new - old).abs() / scale };
        let best = &mut self.best[kind as usize];
        if best.is_none_or(|best| found.size < best.size) && found.size <= FARTHEST {
            *best = Some(found);
        }
        true
    }
}

/// The sizes that are tried where the way is a curve: four to a doubling, and finer ones where ranges are.
fn grid() -> Vec<f64> {
    /// The fourth root of 2.
    const QUARTER: f64 = 1.189_207_115_002_721;
    let smallest = 1.0 / f64::from(1 << 30);
    let geometric =
        std::iter::successors(Some(smallest), |size| Some(size * QUARTER)).take_while(|size| *size < FARTHEST);
    let fine = (1..64).map(|step| f64::from(step) / 64.0);
    let coarse = (16..64).map(|step| f64::from(step) / 16.0);
    let mut sizes: Vec<f64> = geometric.chain(fine).chain(coarse).chain([FARTHEST]).collect();
    sizes.sort_by(f64::total_cmp);
    sizes
}

//! The contributions of one neuron, largest first, and the ways along which inputs and other neurons count for it.

use std::cmp::Ordering;

use super::Numbers;
use crate::activation::Activation;
use crate::combine::Combine;
use crate::eval::{NeuronTrace, SynapseTrace, Trace};
use crate::network::{Network, Unit};

/// Why a neuron had its value in an evaluation, by [`why`](fn@why).
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// The neuron with all its contributions, then the neurons behind it that count most, at most seven.
    ///
    /// The strongest comes first, and a neuron stands before those that count through it.
    pub neurons: Vec<Explanation>,
    /// The inputs that count, and neurons without synapses; the ten that count most, strongest first.
    pub sources: Vec<Route>,
    /// How many such sources there are altogether.
    pub source_count: usize,
}

/// What made the value of one neuron.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The neuron.
    pub neuron: Unit,
    /// Its activation.
    pub activation: Activation,
    /// What is done with its contributions.
    pub combine: Combine,
    /// What brought its net input together: its synapses' contributions and the bias, what counts most first.
    pub contributions: Vec<Contribution>,
    /// What the synapses brought together, plus the bias.
    pub net_input: f64,
    /// What the activation made of it.
    pub output: f64,
    /// Whether it fires; none where firing means nothing.
    pub fires: Option<bool>,
}

/// One thing that a net input is made of: what a synapse brings, or the bias.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// The synapse's number in the order in which they are summed; none of the bias.
    pub synapse: Option<usize>,
    /// Where the synapse comes from; none of the bias.
    pub from: Option<Unit>,
    /// What the synapse carries; 1 for the bias.
    pub value: f64,
    /// The synapse's weight, or the bias.
    pub weight: f64,
    /// `weight × value`, rounded.
    pub amount: f64,
    /// What it does to the neuron.
    pub effect: Effect,
    /// Its part in the net input.
    pub part: Part,
}

/// What a contribution does to its neuron.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Above 0.
    Excitatory,
    /// Below 0.
    Inhibitory,
    /// 0, or no number.
    Silent,
}

/// The part that a contribution has in a net input, by what is true of the neuron's [`Combine`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Part {
    /// It is added. Its share, from 0 to 1, is its magnitude divided by that of everything that is added: of `sum` and
    /// `mean` the contributions and the bias, of all others the combined contributions and the bias.
    ///
    /// What is not finite takes everything: NaN first, then infinities.
    Share(f64),
    /// It alone is what the contributions come to, or with another such one: the largest of `max`, the smallest of `min`,
    /// the middle one or two of `median`, a factor 0 of `product`, any that is NaN.
    Decides,
    /// Another one decides; its exact amount does not matter.
    Outdone,
    /// A factor of `product`: what the contributions come to changes by the factor by which it changes.
    Factor,
}

/// The strongest way from a unit to the neuron that is explained.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// From the source, by way of other neurons, to the neuron.
    pub units: Vec<Unit>,
    /// The product of the shares along it, from 0 to 1: deciding contributions and factors pass on the share of what
    /// the contributions come to.
    pub strength: f64,
}

/// How many neurons behind the first are explained.
const NEURONS: usize = 7;
/// How many sources are told.
const SOURCES: usize = 10;

/// Explains the value of a neuron in an evaluation of the network; none for an input, and for a neuron that the trace
/// does not hold because its plan left it out.
///
/// Takes time in proportion to the trace, however deep the network is.
///
/// The contributions of the neuron, in the order of their synapses, replay to the net input as the trace does: of a sum
/// bit for bit, by `sum_after = fma(weight, value, sum_before)` from 0 on, the bias added last.
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
/// let trace = trace(&network, &plan, row, Path::best());
/// let why = why(&network, &trace, neuron).unwrap();
/// let line = "c fires (2.2 > 0): net input 2.2 = x2 +0.9 (41 %) + x1 +0.8 (36 %) + bias +0.5 (23 %)";
/// assert_eq!(why.lines(&network), [line]);
/// ```
#[must_use]
pub fn why(network: &Network, trace: &Trace, neuron: Unit) -> Option<Why> {
    let numbers = Numbers::of(network);
    let asked = numbers.find(neuron)?;
    let last = trace.neurons.iter().rposition(|known| known.neuron == neuron)?;
    let mut ways: Vec<Option<Way>> = vec![None; numbers.count()];
    ways[asked] = Some(Way { strength: Strength::WHOLE, reader: last, order: 0 });
    let mut neurons = Vec::new();
    let mut sources = Vec::new();
    let mut order = 0;
    // What reads a neuron was computed after it, so that its way is known before it is passed on.
    for place in (0..=last).rev() {
        let computed = &trace.neurons[place];
        let Some(way) = ways[numbers.of_unit(computed.neuron)] else { continue };
        if computed.synapses.is_empty() && place != last {
            sources.push((way, computed.neuron));
            continue;
        }
        neurons.push((way, place));
        let parts = Parts::of(computed);
        for (number, synapse) in computed.synapses.iter().enumerate() {
            let strength = way.strength.times(parts.passed_on(parts.synapse(number, synapse)));
            let known = &mut ways[numbers.of_unit(synapse.from)];
            if strength.is_some() && known.is_none_or(|known| strength > Some(known.strength)) {
                order += 1;
                *known = strength.map(|strength| Way { strength, reader: place, order });
            }
        }
    }
    for (id, population) in network.inputs() {
        for unit in population.units(id).elements().map(|element| Unit { population: id, element }) {
            sources.extend(ways[numbers.of_unit(unit)].map(|way| (way, unit)));
        }
    }
    let stronger = |one: &Way, other: &Way| other.strength.compare(one.strength).then(one.order.cmp(&other.order));
    neurons.sort_by(|(one, _), (other, _)| stronger(one, other));
    sources.sort_by(|(one, _), (other, _)| stronger(one, other));
    let source_count = sources.len();
    let route = |(way, source): &(Way, Unit)| {
        let mut units = vec![*source];
        let mut place = way.reader;
        while place != last {
            let reader = trace.neurons[place].neuron;
            units.push(reader);
            place = ways[numbers.of_unit(reader)].map_or(last, |way| way.reader);
        }
        units.push(neuron);
        Route { units, strength: way.strength.value() }
    };
    let explained = neurons.iter().take(1 + NEURONS).map(|(_, place)| explain(&trace.neurons[*place]));
    Some(Why { neurons: explained.collect(), sources: sources.iter().take(SOURCES).map(route).collect(), source_count })
}

/// The strongest way from a unit to the neuron that is explained.
#[derive(Debug, Clone, Copy)]
struct Way {
    strength: Strength,
    /// The place in the trace of the neuron that reads it.
    reader: usize,
    /// Counts ways, for those that are equally strong.
    order: usize,
}

/// A product of shares, above 0, which may be far smaller than any double: `factor · 2^(-512 · steps)`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Strength {
    /// Above 2^-512, at most 1.
    factor: f64,
    steps: u32,
}

impl Strength {
    const WHOLE: Strength = Strength { factor: 1.0, steps: 0 };
    /// 2^-512.
    const STEP: f64 = f64::from_bits((1023 - 512) << 52);

    /// None where the share is 0.
    fn times(self, share: f64) -> Option<Strength> {
        let (share, more) = if share <= Strength::STEP { (share / Strength::STEP, 1) } else { (share, 0) };
        let (mut factor, mut steps) = (self.factor * share, self.steps + more);
        while factor > 0.0 && factor <= Strength::STEP {
            (factor, steps) = (factor / Strength::STEP, steps + 1);
        }
        (factor > 0.0).then_some(Strength { factor, steps })
    }

    fn compare(self, other: Strength) -> Ordering {
        other.steps.cmp(&self.steps).then(self.factor.total_cmp(&other.factor))
    }

    /// As a double, 0 where it is smaller than any.
    fn value(self) -> f64 {
        (0..self.steps.min(3)).fold(self.factor, |value, _| value * Strength::STEP)
    }
}

impl PartialOrd for Strength {
    fn partial_cmp(&self, other: &Strength) -> Option<Ordering> {
        Some(self.compare(*other))
    }
}

fn explain(computed: &NeuronTrace) -> Explanation {
    let parts = Parts::of(computed);
    let of_synapse = |(number, synapse): (usize, &SynapseTrace)| Contribution {
        synapse: Some(number),
        from: Some(synapse.from),
        value: synapse.value,
        weight: synapse.weight,
        amount: synapse.contribution,
        effect: effect(synapse.contribution),
        part: parts.synapse(number, synapse),
    };
    let mut contributions: Vec<Contribution> = computed.synapses.iter().enumerate().map(of_synapse).collect();
    contributions.push(Contribution {
        synapse: None,
        from: None,
        value: 1.0,
        weight: computed.bias,
        amount: computed.bias,
        effect: effect(computed.bias),
        part: Part::Share(parts.added.share(computed.bias)),
    });
    let counts = |one: &Contribution| parts.passed_on(one.part);
    contributions.sort_by(|one, other| {
        let amounts = || other.amount.abs().total_cmp(&one.amount.abs());
        counts(other).total_cmp(&counts(one)).then_with(amounts)
    });
    Explanation {
        neuron: computed.neuron,
        activation: computed.activation.clone(),
        combine: computed.combine,
        contributions,
        net_input: computed.net_input,
        output: computed.output,
        fires: computed.fires,
    }
}

fn effect(amount: f64) -> Effect {
    match amount {
        above if above > 0.0 => Effect::Excitatory,
        below if below < 0.0 => Effect::Inhibitory,
        _ => Effect::Silent,
    }
}

/// What the contributions of one neuron are to its net input.
struct Parts {
    combine: Combine,
    /// What the contributions come to, before the bias.
    combined: f64,
    /// What a contribution is divided by before it is added.
    divisor: f64,
    /// Everything that is added.
    added: Total,
    /// The synapses that decide, where only some do.
    deciding: Vec<usize>,
}

impl Parts {
    fn of(computed: &NeuronTrace) -> Parts {
        let (combine, synapses) = (computed.combine, &computed.synapses);
        let amounts: Vec<f64> = synapses.iter().map(|synapse| synapse.contribution).collect();
        let places = |wanted: &dyn Fn(f64) -> bool| -> Vec<usize> {
            (0..amounts.len()).filter(|place| wanted(amounts[*place])).collect()
        };
        let combined = synapses.last().map_or(0.0, |synapse| synapse.sum);
        let divisor = if combine == Combine::Mean { amounts.len().max(1) as f64 } else { 1.0 };
        let added = match combine {
            Combine::Sum | Combine::Mean => {
                Total::of(amounts.iter().map(|amount| amount / divisor).chain([computed.bias]))
            }
            Combine::Product | Combine::Min | Combine::Max | Combine::MaxAbs | Combine::Median => {
                Total::of([combined, computed.bias].into_iter())
            }
        };
        let deciding = match combine {
            Combine::Sum | Combine::Mean => Vec::new(),
            _ if combined.is_nan() => places(&f64::is_nan),
            Combine::Product => places(&|amount| amount == 0.0),
            Combine::Min | Combine::Max | Combine::MaxAbs => {
                places(&|amount| amount.to_bits() == combined.to_bits()).into_iter().take(1).collect()
            }
            Combine::Median => {
                let mut order: Vec<usize> = (0..amounts.len()).collect();
                order.sort_by(|one, other| amounts[*one].total_cmp(&amounts[*other]));
                let middle = order.len() / 2;
                order[middle.saturating_sub(1 - order.len() % 2)..(middle + 1).min(order.len())].to_vec()
            }
        };
        Parts { combine, combined, divisor, added, deciding }
    }

    fn synapse(&self, number: usize, synapse: &SynapseTrace) -> Part {
        match self.combine {
            Combine::Sum | Combine::Mean => Part::Share(self.added.share(synapse.contribution / self.divisor)),
            Combine::Product if self.deciding.is_empty() => Part::Factor,
            Combine::Product | Combine::Min | Combine::Max | Combine::MaxAbs | Combine::Median => {
                if self.deciding.binary_search(&number).is_ok() { Part::Decides } else { Part::Outdone }
            }
        }
    }

    /// The share that a contribution passes on to where it comes from.
    fn passed_on(&self, part: Part) -> f64 {
        match part {
            Part::Share(share) => share,
            Part::Decides | Part::Factor => self.added.share(self.combined),
            Part::Outdone => 0.0,
        }
    }
}

/// The magnitude of several numbers together.
enum Total {
    /// The largest, and the sum of all, each divided by the largest so that nothing overflows.
    Finite(f64, f64),
    /// So many are infinite.
    Infinite(f64),
    /// So many are NaN.
    Nan(f64),
}

impl Total {
    fn of(amounts: impl Iterator<Item = f64> + Clone) -> Total {
        let count = |wanted: fn(f64) -> bool| amounts.clone().filter(|amount| wanted(*amount)).count() as f64;
        if count(f64::is_nan) > 0.0 {
            return Total::Nan(count(f64::is_nan));
        }
        if count(f64::is_infinite) > 0.0 {
            return Total::Infinite(count(f64::is_infinite));
        }
        let largest = amounts.clone().fold(0.0, |largest: f64, amount| largest.max(amount.abs()));
        let sum = amounts.fold(0.0, |sum, amount| sum + if largest > 0.0 { amount.abs() / largest } else { 0.0 });
        Total::Finite(largest, sum)
    }

    /// The share of one of them, from 0 to 1.
    fn share(&self, amount: f64) -> f64 {
        match self {
            Total::Finite(largest, sum) if *largest > 0.0 => amount.abs() / largest / sum,
            Total::Finite(..) => 0.0,
            Total::Infinite(count) => f64::from(u8::from(amount.is_infinite())) / count,
            Total::Nan(count) => f64::from(u8::from(amount.is_nan())) / count,
        }
    }
}

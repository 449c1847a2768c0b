//! What `why_not` finds flips, by the smallest change there is.

use std::collections::BTreeMap;

use neuronc::network::{ParameterId, PopulationKind, Unit};
use neuronc::{Answer, Change, Flip, Inputs, Network, Path, Search, Wanted, evaluate, plan, trace, why_not};

use crate::oracle::network;
use crate::random::{Description, Random};

/// Evaluates changes of one network.
struct Trial {
    network: Network,
    plan: neuronc::Plan,
    row: Vec<f64>,
    neuron: Unit,
}

impl Trial {
    fn fires(&self, change: Change, value: f64) -> bool {
        let (mut network, mut row) = (self.network.clone(), self.row.clone());
        change.apply(&mut network, &mut row, value);
        let mut scratch = neuronc::Scratch::new();
        let mut outputs = vec![0.0; self.plan.output_count()];
        evaluate(&network, &self.plan, &row, &mut outputs, &mut scratch, Path::best());
        let output = scratch.value(&self.plan, self.neuron).expect("everything is kept");
        let PopulationKind::Neuron { activation, .. } = &network.population(self.neuron.population).kind else {
            panic!("it is a neuron")
        };
        activation.fires(output).expect("it has a resting level")
    }

    fn assert_flips(&self, search: &Search, context: &str) {
        for flip in &search.changes {
            let Flip { change, old, new, .. } = *flip;
            let before = if new > old { new.next_down() } else { new.next_up() };
            assert_eq!(self.fires(change, old), search.fires, "{flip:?}\n{context}");
            assert_eq!(self.fires(change, new), !search.fires, "{flip:?}\n{context}");
            assert_eq!(self.fires(change, before), search.fires, "{flip:?}\n{context}");
        }
    }
}

/// Every neuron of random networks with what was found.
fn each(seeds: std::ops::Range<u64>, make: impl Fn(u64) -> String, mut check: impl FnMut(u64, &Trial, &Search, &str)) {
    let mut searched = 0;
    let mut found = 0;
    for seed in seeds {
        let text = make(seed);
        let network = network(&text);
        let plan = plan(&network, Wanted::Everything);
        let inputs = Inputs::new(&network);
        let row = inputs.row(&network).expect("every input has a default").to_vec();
        let trace = trace::<f64>(&network, &plan, &row, Path::best());
        let mut trial = Trial { network, plan, row, neuron: trace.neurons[0].neuron };
        for neuron in &trace.neurons {
            trial.neuron = neuron.neuron;
            let answer = why_not(&trial.network, &trial.plan, &trial.row, neuron.neuron, Search::BUDGET);
            let Answer::Searched(search) = answer.expect("it is a neuron").answer else { continue };
            assert_eq!(Some(search.fires), neuron.fires);
            assert!(!search.is_cut, "seed {seed}");
            searched += 1;
            found += search.changes.len();
            let context = format!("seed {seed}, {}\n{text}", trial.network.unit_name(neuron.neuron));
            trial.assert_flips(&search, &context);
            assert_can_be_made(&trial.network, &search, &context);
            check(seed, &trial, &search, &context);
        }
    }
    assert!(searched > 100 && found > searched, "{searched} searched, {found} found");
}

/// A weight is proposed for one synapse only if no other shares its number, so that it stands alone in the source.
fn assert_can_be_made(network: &Network, search: &Search, context: &str) {
    for flip in &search.changes {
        let Change::Weight { connection, from, to } = flip.change else { continue };
        let joined = network.connection(connection);
        let readers = |index: usize| {
            let connections =
                network.connections().filter(|(_, one)| one.weights.parameter == joined.weights.parameter);
            let targets = connections.flat_map(|(_, one)| (0..one.targets.count).map(move |target| (one, target)));
            targets.flat_map(|(one, target)| network.synapses(one, target)).filter(|(_, place)| *place == index).count()
        };
        let mut synapses = network.synapses(joined, to.element - joined.targets.first);
        let own = synapses.find(|(source, _)| joined.sources.first + source == from.element);
        assert_eq!(readers(own.expect("the synapse is there").1), 1, "{flip:?}\n{context}");
    }
}

const STRAIGHT: &[&str] = &[
    "identity",
    "relu",
    "step",
    "step(threshold = 0.5, at = 1)",
    "abs",
    "hard_tanh",
    "hard_shrink",
    "soft_shrink",
    "leaky_relu",
    "sign",
    "relu6",
    "hard_sigmoid",
    "thresholded_relu",
];

#[test]
fn changes_flip_and_the_double_before_does_not() {
    let straight = |seed| Description::random(&mut Random(seed), STRAIGHT).text();
    each(5_000..5_150, straight, |_, _, search, context| assert!(!search.is_sampled, "{context}"));
    let curved = ["tanh", "sigmoid", "gelu", "silu", "elu", "softplus", "relu", "sin", "hard_swish", "square"];
    each(15_200..15_280, |seed| Description::random(&mut Random(seed), &curved).text(), |_, _, _, _| {});
}

/// A small network of moderate numbers, with shared weights and all ways to combine that have straight pieces.
fn small(seed: u64, activations: &[&'static str]) -> String {
    let mut random = Random(seed);
    let mut number = || (random.below(41) as f64 - 20.0) / 8.0;
    let numbers: Vec<f64> = (0..16).map(|_| number()).collect();
    let [a, b, w, v] = [0, 1, 2, 3].map(|place| numbers[place]);
    let mut pick = Random(seed ^ 0xabcd);
    let mut activation = || activations[pick.below(activations.len())];
    let (f, g, h) = (activation(), activation(), activation());
    let combine = ["sum", "sum", "mean", "min", "max"][pick.below(5)];
    let list = |from: usize, count: usize| format!("{:?}", &numbers[from..from + count]);
    // Numbers that several synapses share: one for all, one for each source, one for each neuron of a list.
    let shared = [
        String::new(),
        format!("b -> h : {:?}\n", numbers[14]),
        format!("[a, b] -> [g, y] : {:?} {{ rule = all_to_all }}\n", numbers[14]),
        format!("h -> g : {:?} {{ rule = all_to_all }}\n", numbers[15]),
        format!("h -> k : {:?} {{ rule = one_to_one }}\nneuron k[3] {{ activation = {g} }}\nk[1..3] -> g : 0.5\n", numbers[14]),
        format!("h -> k : {:?} {{ rule = random(0.7, seed = 3) }}\nneuron k[3] {{ activation = {g} }}\nk -> y : [1, -1, 0.5]\n", numbers[15]),
    ][pick.below(6)]
    .clone();
    let rows = format!("[{}, {}, {}]", list(4, 2), list(6, 2), list(8, 2));
    format!(
        "input a = {a:?} {{ range = [-4, 4] }}, b = {b:?}\nweight w = {w:?}, v = {v:?}\n\
         neuron h[3] {{ activation = {f}, bias = {} }}\nneuron g {{ activation = {g} }}\n\
         neuron y {{ activation = {h}, combine = {combine}, bias = {:?} }}\n\
         [a, b] -> h : {rows}\n[a, h[0]] -> g : w\nh -> y : {}\ng -> y : v\noutput y\n{shared}",
        list(10, 3),
        numbers[13],
        list(13, 3),
    )
}

#[test]
fn nothing_smaller_flips() {
    each(
        11_000..11_080,
        |seed| small(seed, STRAIGHT),
        |_, trial, search, context| {
            assert!(!search.is_sampled || context.contains("combine = "), "{context}");
            assert_smallest(trial, search, context);
        },
    );
    // Curves that never turn, between others that do not either.
    let rising = ["tanh", "sigmoid", "softsign", "selu", "relu", "cube", "softplus"];
    let mut exact = 0;
    each(
        11_100..11_170,
        |seed| small(seed, &rising),
        |_, trial, search, context| {
            if !search.is_sampled {
                exact += 1;
                assert_smallest(trial, search, context);
            }
        },
    );
    assert!(exact > 20, "{exact}");
}

/// Against a dense scan of every input, weight and bias: nothing nearer flips.
fn assert_smallest(trial: &Trial, search: &Search, context: &str) {
    /// So many values a unit of size.
    const STEPS: i32 = 64;
    /// Up to this size.
    const UP_TO: i32 = 6;
    let network = &trial.network;
    for (change, old, scale, range) in all(network, &trial.row) {
        let kind = trial_kind(network, change);
        let mut flips = search.changes.iter().filter(|flip| trial_kind(network, flip.change) == kind);
        let smallest = flips.next().map_or(f64::INFINITY, |flip| flip.size);
        for step in 1..=STEPS * UP_TO {
            let size = f64::from(step) / f64::from(STEPS);
            // Sizes that are equal but for roundings are one.
            if size >= smallest * (1.0 - 1e-8) {
                break;
            }
            for value in [old - size * scale, old + size * scale] {
                if range.is_some_and(|(low, high)| value < low || value > high) {
                    continue;
                }
                let name = change.named(network);
                let fires = trial.fires(change, value);
                assert_eq!(fires, search.fires, "{name} = {value:?}, size {size}, found {smallest}\n{context}");
            }
        }
    }
}

fn trial_kind(network: &Network, change: Change) -> &'static str {
    let name = change.named(network);
    ["the input", "the weight", "the bias"].into_iter().find(|kind| name.starts_with(kind)).expect("it is one of them")
}

/// A change, the value as it is, what its size is relative to, and its range.
type Candidate = (Change, f64, f64, Option<(f64, f64)>);

/// Every single value of the small network.
fn all(network: &Network, row: &[f64]) -> Vec<Candidate> {
    let scale = |old: f64| old.abs().max(1.0);
    let mut all: Vec<Candidate> = Vec::new();
    for ((id, _), value) in std::iter::zip(network.inputs(), row) {
        let range = network.range(id).map(|range| (range.low, range.high));
        let width = range.map_or(scale(*value), |(low, high)| high - low);
        all.push((Change::Input(Unit { population: id, element: 0 }), *value, width, range));
    }
    let mut uses: BTreeMap<(ParameterId, usize), usize> = BTreeMap::new();
    for (_, connection) in network.connections() {
        for target in 0..connection.targets.count {
            for (_, place) in network.synapses(connection, target) {
                *uses.entry((connection.weights.parameter, place)).or_default() += 1;
            }
        }
    }
    for (id, connection) in network.connections() {
        let parameter = network.parameter(connection.weights.parameter);
        for target in 0..connection.targets.count {
            for (source, place) in network.synapses(connection, target) {
                let from =
                    Unit { population: connection.sources.population, element: connection.sources.first + source };
                let to = Unit { population: connection.targets.population, element: connection.targets.first + target };
                let is_shared = uses[&(connection.weights.parameter, place)] > 1;
                let change = match parameter.name {
                    Some(_) => Change::Parameter { parameter: connection.weights.parameter, index: place },
                    None if is_shared => Change::Parameter { parameter: connection.weights.parameter, index: place },
                    None => Change::Weight { connection: id, from, to },
                };
                let old = parameter.values[place];
                all.push((change, old, scale(old), None));
            }
        }
    }
    for (id, population) in network.populations() {
        let PopulationKind::Neuron { bias, .. } = population.kind else { continue };
        for element in 0..population.size {
            let old = network.parameter(bias.parameter).values[bias.index(element, 0)];
            all.push((Change::Bias(Unit { population: id, element }), old, scale(old), None));
        }
    }
    all
}

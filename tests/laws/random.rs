//! Random networks: as data, for oracles, and as text, for neuronc.

use std::fmt::Write;

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
pub struct Random(pub u64);

impl Random {
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.bits() % bound as u64) as usize
    }

    /// A finite number: small, with few digits, or of any exponent within ±2⁶⁰, so that sums round and cancel.
    pub fn number(&mut self) -> f64 {
        match self.below(4) {
            0 => [0.0, 1.0, -1.0, 0.5, -2.0][self.below(5)],
            1 => (self.below(2001) as f64 - 1000.0) / 100.0,
            2 => (self.bits() >> 11) as f64 / 9_007_199_254_740_992.0 - 0.5,
            _ => {
                let exponent = 1023 - 60 + self.bits() % 121;
                f64::from_bits(self.bits() >> 63 << 63 | exponent << 52 | self.bits() >> 12)
            }
        }
    }

    pub fn numbers(&mut self, count: usize) -> Vec<f64> {
        (0..count).map(|_| self.number()).collect()
    }
}

/// Neighbouring elements of a population.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    pub population: usize,
    pub first: usize,
    pub count: usize,
}

/// `[sources] -> target : weights`
#[derive(Debug, Clone)]
pub struct Join {
    pub sources: Vec<Part>,
    pub target: Part,
    /// Row by row, a row a target; one for each pair if it is `one_to_one`.
    pub weights: Vec<f64>,
    /// Whether one number is written for all.
    pub scalar: bool,
    pub one_to_one: bool,
}

#[derive(Debug, Clone)]
pub struct Population {
    /// 0 for a single one.
    pub size: usize,
    pub is_input: bool,
    /// Values of inputs, biases of neurons.
    pub values: Vec<f64>,
    pub activation: &'static str,
    pub combine: &'static str,
}

impl Population {
    pub fn count(&self) -> usize {
        self.size.max(1)
    }
}

/// A network without loops: connections lead from earlier to later populations.
#[derive(Debug, Clone)]
pub struct Description {
    pub populations: Vec<Population>,
    /// In the order of their statements.
    pub joins: Vec<Join>,
}

impl Description {
    /// A random network whose neurons have one of `activations`.
    pub fn random(random: &mut Random, activations: &[&'static str]) -> Description {
        let inputs = 1 + random.below(3);
        let neurons = 1 + random.below(5);
        let mut populations = Vec::new();
        for place in 0..inputs + neurons {
            let size = random.below(6);
            let activation = activations[random.below(activations.len())];
            let values = random.numbers(size.max(1));
            populations.push(Population { size, is_input: place < inputs, values, activation, combine: "sum" });
        }
        let mut joins = Vec::new();
        for target in inputs..inputs + neurons {
            for _ in 0..1 + random.below(3) {
                let sources: Vec<Part> = (0..1 + random.below(3)).map(|_| part(random, &populations, target)).collect();
                let within = part_of(random, target, populations[target].count());
                let columns: usize = sources.iter().map(|part| part.count).sum();
                let scalar = random.below(4) == 0;
                let weights = if scalar {
                    vec![random.number(); within.count * columns]
                } else {
                    random.numbers(within.count * columns)
                };
                joins.push(Join { sources, target: within, weights, scalar, one_to_one: false });
            }
        }
        // The order of statements is free: it is the order of synapses.
        for place in (1..joins.len()).rev() {
            joins.swap(place, random.below(place + 1));
        }
        Description { populations, joins }
    }

    /// As a source; every number in the shortest decimal of the standard library.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (place, population) in self.populations.iter().enumerate() {
            let size = if population.size == 0 { String::new() } else { format!("[{}]", population.size) };
            let values = list(&population.values, population.size == 0);
            let _ = if population.is_input {
                writeln!(text, "input p{place}{size} = {values}")
            } else {
                let (activation, combine) = (population.activation, population.combine);
                let properties = format!("bias = {values}, activation = {activation}, combine = {combine}");
                writeln!(text, "neuron p{place}{size} {{ {properties} }}")
            };
        }
        for join in &self.joins {
            let sources: Vec<String> = join.sources.iter().map(|part| self.reference(*part)).collect();
            let columns: usize = join.sources.iter().map(|part| part.count).sum();
            let rows: Vec<String> = join.weights.chunks(columns).map(|row| list(row, false)).collect();
            let value = match (join.scalar, join.one_to_one) {
                (true, _) => format!("{:?}", join.weights[0]),
                (false, true) => list(&join.weights, false),
                (false, false) => format!("[{}]", rows.join(",\n  ")),
            };
            let rule = if join.one_to_one { " { rule = one_to_one }" } else { "" };
            let _ = writeln!(text, "[{}] -> {} : {value}{rule}", sources.join(", "), self.reference(join.target));
        }
        let names: Vec<String> = (0..self.populations.len()).map(|place| format!("p{place}")).collect();
        let _ = writeln!(text, "output {}", names.join(", "));
        text
    }

    /// As in `p3[0..2]`.
    pub fn reference(&self, part: Part) -> String {
        let name = format!("p{}", part.population);
        let population = &self.populations[part.population];
        match (population.size, part.count) {
            (0, _) => name,
            (size, count) if count == size => name,
            (_, 1) => format!("{name}[{}]", part.first),
            (_, count) => format!("{name}[{}..{}]", part.first, part.first + count),
        }
    }
}

/// A part of one of the populations `before` this one.
pub fn part(random: &mut Random, populations: &[Population], before: usize) -> Part {
    let population = random.below(before);
    part_of(random, population, populations[population].count())
}

pub fn part_of(random: &mut Random, population: usize, count: usize) -> Part {
    let first = random.below(count);
    match random.below(2) {
        0 => Part { population, first: 0, count },
        _ => Part { population, first, count: 1 + random.below(count - first) },
    }
}

fn list(values: &[f64], single: bool) -> String {
    let numbers: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
    if single { numbers.join(", ") } else { format!("[{}]", numbers.join(", ")) }
}

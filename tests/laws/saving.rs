//! What is saved and read again is the same network, and is saved as the same text.

use std::collections::BTreeMap;
use std::fmt::Write;

use neuronc::network::{Parameter, ParameterKind, PopulationId, PopulationKind, Unit, Units};
use neuronc::{
    Activation, Inputs, Limits, Network, Path, Scratch, Sources, Surroundings, Wanted, evaluate, format, parse, plan,
    resolve_with_files, save, trace,
};

use crate::random::Random;

pub type Folder = BTreeMap<String, Vec<u8>>;

/// The network of a text without errors.
pub fn load(name: &str, text: &str, files: &Folder) -> Network {
    let (mut sources, limits) = (Sources::new(), Limits::default());
    let file = sources.add(name, text.into(), &limits).expect("the text is UTF-8");
    let (program, mistakes) = parse(sources.get(file), &limits);
    assert!(!mistakes.has_errors(), "{:?}\n{text}", mistakes.into_sorted());
    let surroundings = Surroundings { sources: &mut sources, files, limits: &limits };
    let (network, mistakes) = resolve_with_files(&program, surroundings);
    network.unwrap_or_else(|| panic!("{:?}\n{text}", mistakes.into_sorted()))
}

/// Saves a network and reads it again: the text, of which everything that must hold is proved.
pub fn proved(network: &Network) -> String {
    let text = save(network);
    let (mut sources, limits) = (Sources::new(), Limits::default());
    let file = sources.add("saved.neuron", text.clone().into(), &limits).expect("the text is UTF-8");
    let (program, mistakes) = parse(sources.get(file), &limits);
    assert!(mistakes.iter().next().is_none(), "{:?}\n{text}", mistakes.into_sorted());
    assert_eq!(format(&program, sources.get(file)), text, "it is laid out");
    let again = load("7.neuron", &text, &Folder::new());
    // A name that could be written would become that of a network without one.
    assert_eq!(described(&again), described(network), "{text}");
    assert_eq!(save(&again), text);
    same_values(network, &again, &text);
    text
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| if value.is_nan() { u64::MAX } else { value.to_bits() }).collect()
}

/// All that a network is, line by line, with names as they are saved.
fn described(network: &Network) -> Vec<String> {
    let mut lines = vec![format!("{:?}", network.counts())];
    let plain = |name: &str| name.replace('.', "_");
    let unit = |population: PopulationId, element: u32| plain(&network.unit_name(Unit { population, element }));
    let units =
        |units: &Units| -> Vec<String> { units.elements().map(|element| unit(units.population, element)).collect() };
    let is_named = |parameter: &Parameter| matches!(parameter.kind, ParameterKind::Weight | ParameterKind::Bias);
    // The cell of a named parameter, or nothing but the number.
    let cell = |parameter: &Parameter, place: usize| {
        let name = parameter.name.as_deref().filter(|_| is_named(parameter)).map(plain);
        let of = name.map(|name| format!("{name}[{place}] of {:?}", parameter.shape)).unwrap_or_default();
        format!("{of} {:?}", parameter.values[place].to_bits())
    };
    for (id, population) in network.populations() {
        let mut line =
            format!("{} {} {} {:?}", plain(&population.name), population.size, population.is_array, population.doc);
        match &population.kind {
            PopulationKind::Input { default, range, columns } => {
                let range = range.as_ref().map(|range| bits(&[range.low, range.high]));
                let _ = write!(line, " {:?} {range:?} {columns:?}", default.as_deref().map(bits));
            }
            PopulationKind::Neuron { activation, combine, bias } => {
                let parameter = network.parameter(bias.parameter);
                let biases = (0..population.size).map(|element| cell(parameter, bias.index(element, 0)));
                let biases: Vec<String> = biases.collect();
                let name = activation.description().map_or("declared", |row| row.name);
                let _ = write!(line, " {name} {:?} {combine:?} {biases:?}", bits(&activation.parameters()));
            }
        }
        lines.push(line);
        let mut synapses: Vec<Vec<String>> = vec![Vec::new(); population.size as usize];
        for (_, connection) in network.connections().filter(|(_, connection)| connection.targets.population == id) {
            let parameter = network.parameter(connection.weights.parameter);
            for target in 0..connection.targets.count {
                let list = &mut synapses[(connection.targets.first + target) as usize];
                for (source, place) in network.synapses(connection, target) {
                    let from = unit(connection.sources.population, connection.sources.first + source);
                    list.push(format!("{from} by {}", cell(parameter, place)));
                }
            }
        }
        lines.extend(synapses.into_iter().map(|list| format!("{list:?}")));
    }
    for parameter in network.parameters().filter(|parameter| is_named(parameter)) {
        let Parameter { name, kind, shape, values, trainable, .. } = parameter;
        let name = plain(name.as_deref().expect("it is named"));
        lines.push(format!("{kind:?} {name} {shape:?} {:?} {trainable}", bits(values)));
    }
    for output in network.outputs() {
        let parts: Vec<String> = output.parts.iter().flat_map(units).collect();
        lines.push(format!("{} {parts:?} {} {:?}", output.name, output.is_array, output.columns));
    }
    for expectation in network.expectations() {
        let given: Vec<_> = expectation.given.iter().map(|(given, values)| (units(given), bits(values))).collect();
        let wanted: Vec<_> =
            expectation.wanted.iter().map(|wanted| (units(&wanted.units), bits(&wanted.values))).collect();
        lines.push(format!("{given:?} {wanted:?} {:?}", expectation.within.map(f64::to_bits)));
    }
    lines
}

/// Compares every neuron of two networks, in both precisions.
fn same_values(one: &Network, other: &Network, text: &str) {
    let size: usize = one.inputs().map(|(_, input)| input.size as usize).sum();
    let mut random = Random(77);
    let mut rows: Vec<Vec<f64>> = (0..4).map(|_| random.numbers(size)).collect();
    for expectation in one.expectations() {
        let row = Inputs::for_expectation(one, expectation).row(one).map(<[f64]>::to_vec);
        let again = other.expectations().iter().map(|expectation| Inputs::for_expectation(other, expectation));
        let again: Vec<_> = again.map(|inputs| inputs.row(other).map(<[f64]>::to_vec)).collect();
        assert!(again.contains(&row), "{text}");
        rows.extend(row);
    }
    let plans = [plan(one, Wanted::Outputs), plan(other, Wanted::Outputs)];
    let everything = [plan(one, Wanted::Everything), plan(other, Wanted::Everything)];
    for row in rows {
        let mut outputs = [one, other].map(|_| vec![0.0; plans[0].output_count()]);
        let mut singles = [one, other].map(|_| vec![0.0_f32; plans[0].output_count()]);
        let single: Vec<f32> = row.iter().map(|value| *value as f32).collect();
        for (place, network) in [one, other].into_iter().enumerate() {
            evaluate(network, &plans[place], &row, &mut outputs[place], &mut Scratch::new(), Path::best());
            evaluate(network, &plans[place], &single, &mut singles[place], &mut Scratch::new(), Path::best());
        }
        assert_eq!(bits(&outputs[0]), bits(&outputs[1]), "{row:?}\n{text}");
        let singles = singles.map(|values| values.into_iter().map(f64::from).collect::<Vec<f64>>());
        assert_eq!(bits(&singles[0]), bits(&singles[1]), "{row:?}\n{text}");
        let traces = [trace(one, &everything[0], &row, Path::best()), trace(other, &everything[1], &row, Path::best())];
        let values = traces.map(|trace| {
            let all = trace.neurons.iter().map(|neuron| (neuron.neuron, bits(&[neuron.net_input, neuron.output])));
            all.collect::<BTreeMap<_, _>>()
        });
        assert_eq!(values[0], values[1], "{row:?}\n{text}");
    }
}

/// A population of a random source.
struct Made {
    /// What it is called as a source.
    name: String,
    /// 0 for a single one.
    size: usize,
}

/// A random source: what is declared so far, and the text.
struct Source<'r> {
    random: &'r mut Random,
    text: String,
    /// Names of parameters are numbered.
    parameters: usize,
}

fn numbers(values: &[f64]) -> String {
    format!("[{}]", values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(", "))
}

impl Source<'_> {
    /// A declared size, and how many elements that is.
    fn size(&mut self) -> (String, usize) {
        match self.random.below(6) {
            0 => (String::new(), 0),
            size => (format!("[{size}]"), size),
        }
    }

    /// The value of an array, or of a single one.
    fn value(&mut self, size: usize) -> String {
        let values = self.random.numbers(size.max(1));
        match (size, self.random.below(3)) {
            (0, _) | (_, 0) => format!("{:?}", values[0]),
            _ => numbers(&values),
        }
    }

    /// A named parameter of that shape.
    fn parameter(&mut self, keyword: &str, shape: &[usize]) -> String {
        let name = format!("{keyword}{}", self.parameters);
        self.parameters += 1;
        let sizes: Vec<String> = shape.iter().map(usize::to_string).collect();
        let size = if shape.is_empty() { String::new() } else { format!("[{}]", sizes.join(", ")) };
        let fixed = if self.random.below(4) == 0 { " { trainable = false }" } else { "" };
        let value = match shape {
            [m, n] => {
                let rows: Vec<String> = (0..*m).map(|_| numbers(&self.random.numbers(*n))).collect();
                format!("[{}]", rows.join(", "))
            }
            _ => self.value(shape.first().copied().unwrap_or(0)),
        };
        let _ = writeln!(self.text, "{keyword} {name}{size} = {value}{fixed}");
        name
    }

    fn activation(&mut self, is_array: bool) -> String {
        let declared = ["bent", "bent(p = -0.0)", "wave", "wave(0.5)", "file.bent(2)", "file.wave"];
        let rows: Vec<&neuronc::Description> =
            Activation::TABLE.iter().filter(|row| is_array || !row.whole_array).collect();
        if self.random.below(3) == 0 {
            return declared[self.random.below(declared.len())].to_owned();
        }
        let row = rows[self.random.below(rows.len())];
        let given = row.parameters.iter().map(|parameter| format!("{} = {:?}", parameter.name, self.random.number()));
        let given: Vec<String> = given.collect();
        if given.is_empty() { row.name.to_owned() } else { format!("{}({})", row.name, given.join(", ")) }
    }

    /// Some parts of populations, with how many units they are.
    fn parts(&mut self, populations: &[Made]) -> (String, usize) {
        let (mut parts, mut count) = (Vec::new(), 0);
        for _ in 0..1 + self.random.below(3) {
            let Made { name, size } = &populations[self.random.below(populations.len())];
            let first = if *size > 0 { self.random.below(*size) } else { 0 };
            let (part, units) = match self.random.below(3) {
                0 if *size > 0 => (format!("{name}[{first}]"), 1),
                1 if *size > 0 => {
                    let end = first + 1 + self.random.below(size - first);
                    (format!("{name}[{first}..{end}]"), end - first)
                }
                _ => (name.clone(), (*size).max(1)),
            };
            parts.push(part);
            count += units;
        }
        (format!("[{}]", parts.join(", ")), count)
    }

    /// A connection from some populations to others.
    fn connection(&mut self, sources: &[Made], targets: &[Made]) {
        let ((from, n), (to, m)) = (self.parts(sources), self.parts(targets));
        let seed = self.random.below(100);
        let (value, rule) = match self.random.below(8) {
            0 => (self.parameter("weight", &[]), ""),
            1 => (self.parameter("weight", &[m, n]), ""),
            2 if n == 1 || m == 1 => {
                let name = self.parameter("weight", &[n * m + 2]);
                let first = self.random.below(3);
                (format!("{name}[{first}..{}]", first + n * m), "")
            }
            3 if n == m => {
                let name = self.parameter("weight", &[n + 1]);
                (format!("{name}[1..{}]", n + 1), " { rule = one_to_one }")
            }
            4 if n == m => (numbers(&self.random.numbers(n)), " { rule = one_to_one }"),
            5 => (format!("uniform(-1, 1, seed = {seed})"), " { rule = random(0.4, seed = 3) }"),
            6 => (self.parameter("weight", &[]), " { rule = random(0.3, seed = 5) }"),
            _ if self.random.below(2) == 0 => (format!("{:?}", self.random.number()), ""),
            _ => {
                let rows: Vec<String> = (0..m).map(|_| numbers(&self.random.numbers(n))).collect();
                (format!("[{}]", rows.join(", ")), "")
            }
        };
        let _ = writeln!(self.text, "{from} -> {to} : {value}{rule}");
    }

    /// A network with inputs `x0`, `x1`, … and neurons `h0`, `h1`, …; instances of `inner`, whose inputs and outputs
    /// are single ones or arrays as told, stand between them.
    fn network(&mut self, inner: Option<(&str, &[usize], &[usize])>) -> (Vec<usize>, Vec<usize>) {
        let mut made: Vec<Made> = Vec::new();
        let mut inputs = Vec::new();
        for place in 0..1 + self.random.below(3) {
            let (size, count) = self.size();
            let value = self.value(count);
            let doc = if place == 1 { "## Known\n##   or not.\n" } else { "" };
            let _ = writeln!(self.text, "{doc}input x{place}{size} = {value}");
            made.push(Made { name: format!("x{place}"), size: count });
            inputs.push(count);
        }
        let mut joined = String::new();
        let mut outputs = Vec::new();
        for place in 0..1 + self.random.below(4) {
            if let Some((network, sizes, given)) = inner
                && self.random.below(2) == 0
            {
                let mut settings = Vec::new();
                for (port, size) in sizes.iter().enumerate() {
                    // Some are left to their defaults, others are fed by as many single units as they have.
                    if self.random.below(4) > 0 {
                        let units = (0..(*size).max(1)).map(|_| {
                            let Made { name, size } = &made[self.random.below(made.len())];
                            if *size == 0 { name.clone() } else { format!("{name}[{}]", self.random.below(*size)) }
                        });
                        settings.push(format!("x{port} = [{}]", units.collect::<Vec<_>>().join(", ")));
                    }
                }
                let name = format!("part{place}");
                let _ = writeln!(self.text, "instance {name} = {network} {{ {} }}", settings.join(", "));
                for (port, size) in given.iter().enumerate() {
                    made.push(Made { name: format!("{name}.h{port}"), size: *size });
                }
            }
            let (size, count) = self.size();
            let bias = match self.random.below(4) {
                0 => self.value(count),
                1 => self.parameter("bias", &[]),
                2 if count > 0 => {
                    let name = self.parameter("bias", &[count + 1]);
                    format!("{name}[1..{}]", count + 1)
                }
                _ => "0".to_owned(),
            };
            let combine = neuronc::Combine::TABLE[self.random.below(7)].0;
            let activation = self.activation(count > 0);
            let properties = format!("bias = {bias}, activation = {activation}, combine = {combine}");
            let _ = writeln!(self.text, "neuron h{place}{size} {{ {properties} }}");
            let target = [Made { name: format!("h{place}"), size: count }];
            // Every neuron has a synapse, which all ways to combine need.
            let whole = std::mem::take(&mut self.text);
            let _ = writeln!(self.text, "x0 -> h{place} : {:?} {{ rule = all_to_all }}", self.random.number());
            for _ in 0..self.random.below(3) {
                self.connection(&made, &target);
            }
            joined.push_str(&std::mem::replace(&mut self.text, whole));
            made.extend(target);
            outputs.push(count);
        }
        self.text.push_str(&joined);
        let names: Vec<String> = (0..outputs.len()).map(|place| format!("h{place}")).collect();
        let _ = writeln!(self.text, "output {}", names.join(", "));
        let (all, _) = self.parts(&made);
        let _ = writeln!(self.text, "output all = {all}");
        (inputs, outputs)
    }
}

const DECLARED: &str = "const k = -0.5, deep = 2\n## Bent at 0.\nactivation bent(z, p = 0.5) = if(z > 0, z, p * z) + k * 0\n\
                        activation wave(z, k = 1) = sinh(clamp(bent(z), -k, k)) + deep^2 / (1 + abs(z)^0.5)\n";

fn random_network(seed: u64) -> Network {
    let mut random = Random(seed);
    let mut source = Source { random: &mut random, text: String::new(), parameters: 0 };
    source.text.push_str("## A random network.\nnetwork made\nimport \"file.neuron\" as file\n");
    source.text.push_str(DECLARED);
    source.text.push_str("network small {\n");
    let small = source.network(None);
    source.text.push_str("}\nnetwork large {\n");
    let large = source.network(Some(("small", &small.0, &small.1)));
    source.text.push_str("}\n");
    source.network(Some(("large", &large.0, &large.1)));
    let file = "const k = -3, deep = 1\nactivation bent(z, p = 1) = if(z > k, z * p, -p)\nactivation wave(y) = bent(tanh(y)) * -deep\n";
    load("random.neuron", &source.text, &Folder::from([("file.neuron".to_owned(), file.into())]))
}

#[test]
fn random_networks_are_saved_and_read_again() {
    let (mut synapses, mut instances, mut declared) = (0, 0, 0);
    for seed in 0..300 {
        let network = random_network(seed);
        let text = proved(&network);
        synapses += network.counts().synapses;
        instances += network.instances().len();
        declared += text.matches("activation wave").count();
    }
    assert!(synapses > 5_000 && instances > 300 && declared > 100, "{synapses}, {instances}, {declared}");
}

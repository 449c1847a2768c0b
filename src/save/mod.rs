//! From a network to text: a source that is the same network.
//!
//! Names are `names`', declared activations `activations`', connections `connections`'.

mod activations;
mod connections;
mod names;

use std::collections::HashMap;
use std::ops::Range;

use crate::activation::Activation;
use crate::combine::Combine;
use crate::format::{PartKind, arrange};
use crate::network::{
    Expectation, Network, Output, Parameter, ParameterId, ParameterKind, Population, PopulationKind, Units, View,
};
use crate::numeric::decimal::shortest;
use crate::parser::is_name;
use crate::printer::quoted;
use crate::value::Shape;
use names::{Called, Names, called};

/// The text of a source that is this network, in the layout of [`format`](fn@crate::format). Takes time and memory
/// linear in the size of the network and of the text.
///
/// What [`parse`](crate::parse) and [`resolve`](crate::resolve) make of the text computes the same bits: it has the same
/// inputs with their defaults, ranges and columns, the same outputs, neurons and expectations, each neuron's synapses in
/// their order, and the weights and biases that are shared by name. Saving that network gives the text again.
///
/// It stands for itself, and is flat:
/// - What is inside an instance has dotted names, which nothing can be declared by: each dot becomes `_`, and where the
///   name is then another one's, a number follows. An input that nothing feeds is a neuron with its default as its bias.
/// - What is loaded, generated or computed is written as numbers, and so are values that are derived from named
///   parameters: they no longer follow these. A value that is written in its place is
///   [trainable](crate::network::Parameter::trainable).
/// - The pairs that a `random` rule drew are written out, target by target.
/// - A part of a named matrix has no name, so that it is written as numbers; only [`Network::separate_weights`] leaves
///   one.
/// - Activations that the network does not use, and the networks that its file declares ([`Network::networks`]), are
///   left out. So is the network's name where no source can say it; the file's own then counts.
/// - Very many instances or drawn pairs make a long text: reading it may need a higher limit on statements.
///
/// # Panics
/// A value of a parameter is infinite or no number, which no source can say; only [`Network::set_value`] makes one so.
///
/// ```
/// # use neuronc::{Limits, Sources, parse, resolve};
/// # let load = |text: &str| {
/// #     let mut sources = Sources::new();
/// #     let file = sources.add("half.neuron", text.into(), &Limits::default()).unwrap();
/// #     let (program, _) = parse(sources.get(file), &Limits::default());
/// #     resolve(&program, sources.get(file), &Limits::default()).0.unwrap()
/// # };
/// let text = "network half { input a\nneuron h\na -> h : 1/2\noutput h }\n\
///             input x\ninstance one = half { a = x }\noutput y = one.h\n";
/// let saved = neuronc::save(&load(text));
/// assert_eq!(saved, "network half\n\ninput x\n\nneuron one_h\n\nx -> one_h : 0.5\n\noutput y = one_h\n");
/// ```
#[must_use]
pub fn save(network: &Network) -> String {
    let mut names = Names::default();
    let called = called(network, &mut names);
    let mut writer =
        Writer { network, called, activations: HashMap::new(), text: String::new(), parts: Vec::new(), last: "" };
    writer.header();
    writer.activations(names);
    for (id, population) in network.populations() {
        writer.population(&writer.called.populations[id.0 as usize].clone(), population);
    }
    for (place, parameter) in network.parameters().enumerate() {
        if let Some(name) = writer.called.parameters[place].clone() {
            writer.parameter(&name, parameter);
        }
    }
    writer.connections();
    network.outputs().iter().for_each(|output| writer.output(output));
    network.expectations().iter().for_each(|expectation| writer.expectation(expectation));
    arrange(&writer.text, writer.parts.into_iter().map(|range| (range, PartKind::Statement)))
}

struct Writer<'a> {
    network: &'a Network,
    called: Called,
    /// What declared activations are called, by their places.
    activations: HashMap<usize, String>,
    text: String,
    /// Where the statements stand in the text.
    parts: Vec<Range<usize>>,
    /// What kind of statement the last one is.
    last: &'static str,
}

impl Writer<'_> {
    /// A statement behind its documentation; those of one kind stand together.
    fn statement(&mut self, kind: &'static str, doc: &[String], statement: &str) {
        if kind != self.last && !self.text.is_empty() {
            self.text.push('\n');
        }
        self.last = kind;
        self.doc(doc);
        let start = self.text.len();
        self.text.push_str(statement);
        self.parts.push(start..self.text.len());
        self.text.push('\n');
    }

    fn doc(&mut self, lines: &[String]) {
        for line in lines {
            self.text.push_str(format!("## {line}").trim_end());
            self.text.push('\n');
        }
    }

    fn header(&mut self) {
        let network = self.network;
        if is_name(network.name()) {
            self.statement("network", network.doc(), &format!("network {}", network.name()));
        } else {
            // The empty line behind it makes it the file's; the next statement is of another kind.
            self.doc(network.doc());
        }
    }

    fn population(&mut self, name: &str, population: &Population) {
        let size = if population.is_array { format!("[{}]", population.size) } else { String::new() };
        let (keyword, value, properties) = match &population.kind {
            PopulationKind::Input { default, range, columns } => {
                let shape = if population.is_array { Shape::Vector(population.size as usize) } else { Shape::Scalar };
                let range = range.as_ref().map(|range| format!("range = {}", list([range.low, range.high])));
                let columns = columns.as_deref().map(|columns| written_columns(columns, population.is_array));
                let value = default.as_ref().map(|values| format!(" = {}", tensor(shape, values)));
                ("input", value.unwrap_or_default(), [range, columns, None])
            }
            PopulationKind::Neuron { activation, combine, bias } => {
                let bias = self.bias(*bias, population.size).map(|bias| format!("bias = {bias}"));
                let activation = Some(activation).filter(|activation| **activation != Activation::Identity {});
                let activation = activation.map(|activation| format!("activation = {}", self.activation(activation)));
                let combine = Some(combine).filter(|combine| **combine != Combine::default());
                let combine = combine.map(|combine| format!("combine = {}", combine.name()));
                ("neuron", String::new(), [bias, activation, combine])
            }
        };
        self.statement(keyword, &population.doc, &format!("{keyword} {name}{size}{value}{}", block(&properties)));
    }

    /// The bias of a population of that size; none where nothing needs to be written.
    fn bias(&self, view: View, size: u32) -> Option<String> {
        let View { parameter: id, offset, row, .. } = view;
        let parameter = self.network.parameter(id);
        let is_shared = row == 0 || size == 1;
        let values = || (0..size).map(|element| parameter.values[view.index(element, 0)]);
        let is_left_out = parameter.kind == ParameterKind::Literal && !parameter.trainable;
        if is_left_out && values().all(|value| value.to_bits() == 0) {
            return None;
        }
        let named = match (is_shared, row) {
            _ if parameter.kind != ParameterKind::Bias => None,
            (true, _) => self.element(id, offset),
            (false, 1) => self.slice(id, offset, size),
            (false, _) => None,
        };
        Some(
            named.unwrap_or_else(|| if is_shared { number(parameter.values[offset as usize]) } else { list(values()) }),
        )
    }

    /// An activation as a property gives it.
    fn activation(&self, activation: &Activation) -> String {
        let written = activation.written();
        match activation.declared() {
            Some(declared) => {
                let name = &self.activations[&declared.template().place];
                format!("{name}{}", &written[declared.name().len()..])
            }
            None => written,
        }
    }

    fn parameter(&mut self, name: &str, parameter: &Parameter) {
        let keyword = if parameter.kind == ParameterKind::Bias { "bias" } else { "weight" };
        let size = match parameter.shape {
            Shape::Scalar => String::new(),
            Shape::Vector(n) => format!("[{n}]"),
            Shape::Matrix(m, n) => format!("[{m}, {n}]"),
        };
        let trainable = Some("trainable = false".to_owned()).filter(|_| !parameter.trainable);
        let value = tensor(parameter.shape, &parameter.values);
        self.statement(keyword, &[], &format!("{keyword} {name}{size} = {value}{}", block(&[trainable])));
    }

    fn output(&mut self, output: &Output) {
        let Output { name, parts, is_array, columns, .. } = output;
        let reference = match parts.as_slice() {
            [only] if self.network.population(only.population).name == *name => String::new(),
            [only] if !is_array => format!(" = {}", self.one(*only)),
            [only] if self.is_list(*only) => format!(" = {}", self.units(*only)),
            parts => format!(" = [{}]", self.all_units(parts)),
        };
        let columns = columns.as_deref().map(|columns| written_columns(columns, *is_array));
        self.statement("output", &[], &format!("output {name}{reference}{}", block(&[columns])));
    }

    fn expectation(&mut self, expectation: &Expectation) {
        let setting = |units: Units, values: &[f64]| {
            let shape = if units.count == 1 { Shape::Scalar } else { Shape::Vector(values.len()) };
            format!("{} = {}", self.units(units), tensor(shape, values))
        };
        let given: Vec<String> = expectation.given.iter().map(|(units, values)| setting(*units, values)).collect();
        let wanted = expectation.wanted.iter().map(|wanted| setting(wanted.units, &wanted.values));
        let wanted: Vec<String> = wanted.collect();
        let within = expectation.within.map(|within| format!(" within {}", number(within)));
        let text = format!("expect {} => {}{}", given.join(", "), wanted.join(", "), within.unwrap_or_default());
        self.statement("expect", &[], &text);
    }

    /// A reference to some units: `x`, `x[3]` or `x[0..4]`.
    fn units(&self, units: Units) -> String {
        let population = self.network.population(units.population);
        let name = &self.called.populations[units.population.0 as usize];
        match units.count {
            count if count == population.size => name.clone(),
            1 => format!("{name}[{}]", units.first),
            count => format!("{name}[{}..{}]", units.first, units.first + count),
        }
    }

    /// References to several units, without brackets around them.
    fn all_units(&self, parts: &[Units]) -> String {
        parts.iter().map(|part| self.units(*part)).collect::<Vec<String>>().join(", ")
    }

    /// A reference to one unit that is no list.
    fn one(&self, units: Units) -> String {
        let name = &self.called.populations[units.population.0 as usize];
        let is_array = self.network.population(units.population).is_array;
        if is_array { format!("{name}[{}]", units.first) } else { name.clone() }
    }

    /// Whether the reference to some units is one to a list.
    fn is_list(&self, units: Units) -> bool {
        let population = self.network.population(units.population);
        population.is_array && (units.count > 1 || population.size == 1)
    }

    /// The name of one value of a parameter, as a single number; none if it has none.
    fn element(&self, id: ParameterId, offset: u32) -> Option<String> {
        let name = self.called.parameters[id.0 as usize].as_ref()?;
        match self.network.parameter(id).shape {
            Shape::Scalar => Some(name.clone()),
            Shape::Vector(_) => Some(format!("{name}[{offset}]")),
            Shape::Matrix(..) => None,
        }
    }

    /// The name of neighbouring values of a parameter, as a list; of one value as a single number.
    fn slice(&self, id: ParameterId, offset: u32, count: u32) -> Option<String> {
        let name = self.called.parameters[id.0 as usize].as_ref()?;
        match self.network.parameter(id).shape {
            Shape::Vector(n) if n == count as usize => Some(name.clone()),
            Shape::Vector(_) if count > 1 => Some(format!("{name}[{offset}..{}]", offset + count)),
            Shape::Vector(_) | Shape::Scalar if count == 1 => self.element(id, offset),
            Shape::Scalar | Shape::Vector(_) | Shape::Matrix(..) => None,
        }
    }
}

/// A number that reads back to the same bits.
fn number(value: f64) -> String {
    assert!(value.is_finite(), "a source has finite numbers only, and this network has {value}");
    if value.to_bits() == (-0.0_f64).to_bits() { "-0.0".to_owned() } else { shortest(value) }
}

fn list(values: impl IntoIterator<Item = f64>) -> String {
    let mut text = "[".to_owned();
    for (place, value) in values.into_iter().enumerate() {
        text.push_str(if place == 0 { "" } else { ", " });
        text.push_str(&number(value));
    }
    text.push(']');
    text
}

/// Rows of so many columns.
fn matrix(columns: usize, values: &[f64]) -> String {
    let mut text = "[".to_owned();
    for (place, row) in values.chunks(columns.max(1)).enumerate() {
        text.push_str(if place == 0 { "" } else { ", " });
        text.push_str(&list(row.iter().copied()));
    }
    text.push(']');
    text
}

/// Values where their shape is known: a single number stands for as many equal ones as there are.
fn tensor(shape: Shape, values: &[f64]) -> String {
    let is_same = |value: &f64| value.to_bits() == values[0].to_bits();
    match shape {
        Shape::Scalar => number(values[0]),
        Shape::Vector(_) | Shape::Matrix(..) if values.len() > 1 && values.iter().all(is_same) => number(values[0]),
        Shape::Vector(_) => list(values.iter().copied()),
        Shape::Matrix(_, columns) => matrix(columns, values),
    }
}

fn written_columns(columns: &[String], is_array: bool) -> String {
    let all: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
    if is_array { format!("columns = [{}]", all.join(", ")) } else { format!("column = {}", all.join(", ")) }
}

/// `{ … }` around the properties that there are.
fn block(properties: &[Option<String>]) -> String {
    let all: Vec<&str> = properties.iter().flatten().map(String::as_str).collect();
    if all.is_empty() { String::new() } else { format!(" {{ {} }}", all.join(", ")) }
}

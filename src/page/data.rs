//! A network as the page's script reads it: slots, steps and activations, as JSON.

use std::fmt::Write;

use crate::activation::{Activation, Applied};
use crate::eval::Inputs;
use crate::network::{Network, PopulationId, PopulationKind, Unit, Units};
use crate::numeric::decimal::shortest;
use crate::order::order;
use crate::source::Sources;
use crate::text::neutralise;

/// The network and the values that its inputs have at first, 0 where there is none.
pub(super) fn data(network: &Network, sources: &Sources, inputs: &Inputs, chosen: Option<Unit>) -> String {
    let mut starts = Vec::new();
    let mut slots = 0u32;
    for (_, population) in network.populations() {
        starts.push(slots);
        slots += population.size;
    }
    let mut writer = Writer { network, sources, starts, activations: Vec::new(), json: String::new() };
    let _ = write!(writer.json, "{{\"name\":{},\"slots\":{slots},", string(network.name()));
    if let Some(unit) = chosen {
        let _ = write!(writer.json, "\"chosen\":{},", writer.start(unit.population) + unit.element);
    }
    writer.populations(inputs);
    writer.steps();
    writer.activations();
    writer.outputs();
    writer.json.push('}');
    writer.json
}

struct Writer<'a> {
    network: &'a Network,
    sources: &'a Sources,
    /// The first slot of each population, by its number.
    starts: Vec<u32>,
    /// Those that neurons have, in the order in which they are found.
    activations: Vec<&'a Activation>,
    json: String,
}

impl<'a> Writer<'a> {
    fn start(&self, id: PopulationId) -> u32 {
        self.starts[id.0 as usize]
    }

    fn list<T>(&mut self, name: &str, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        let _ = write!(self.json, "\"{name}\":[");
        for (place, item) in items.into_iter().enumerate() {
            if place > 0 {
                self.json.push(',');
            }
            write(self, item);
        }
        self.json.push(']');
    }

    /// All populations with their names and places; of inputs their values and ranges.
    fn populations(&mut self, inputs: &Inputs) {
        let network = self.network;
        let values = inputs.completed(network);
        let mut next = 0;
        self.list("populations", network.populations(), |writer, (id, population)| {
            let place = writer.sources.position(population.origin);
            let file = neutralise(writer.sources.get(population.origin.file).name()).into_owned();
            let _ = write!(
                writer.json,
                "{{\"name\":{},\"first\":{},\"size\":{},\"array\":{},\"doc\":{},\"place\":{}",
                string(&population.name),
                writer.start(id),
                population.size,
                population.is_array,
                string(&population.doc.join(" ")),
                string(&format!("{file}:{}", place.line)),
            );
            if let PopulationKind::Input { range, .. } = &population.kind {
                let own = next..next + population.size as usize;
                next = own.end;
                let all: Vec<String> = values[own].iter().map(|value| shortest(*value)).collect();
                let _ = write!(writer.json, ",\"values\":[{}]", all.join(","));
                if let Some(range) = range {
                    let _ = write!(writer.json, ",\"range\":[{},{}]", shortest(range.low), shortest(range.high));
                }
            }
            writer.json.push('}');
        });
        let rows = network.inputs().flat_map(|(id, population)| {
            let first = self.starts[id.0 as usize];
            first..first + population.size
        });
        let slots: Vec<String> = rows.map(|slot| slot.to_string()).collect();
        let _ = write!(self.json, ",\"inputs\":[{}],", slots.join(","));
    }

    /// The neurons in the order of evaluation, each with its synapses, and activations of whole arrays.
    fn steps(&mut self) {
        let runs = order(self.network).unwrap_or_default();
        let mut left: Vec<u32> = self.network.populations().map(|(_, population)| population.size).collect();
        let mut steps: Vec<Step> = Vec::new();
        for run in runs {
            steps.extend(run.elements().map(|element| Step::Neuron(run.population, element)));
            left[run.population.0 as usize] -= run.count;
            let population = self.network.population(run.population);
            if population.is_whole() && left[run.population.0 as usize] == 0 {
                steps.push(Step::Whole(population.units(run.population)));
            }
        }
        self.list("steps", steps, |writer, step| match step {
            Step::Whole(units) => {
                let (first, activation) = (writer.start(units.population), writer.activation(units.population));
                let count = units.count;
                let _ = write!(
                    writer.json,
                    "{{\"whole\":{{\"first\":{first},\"count\":{count},\"activation\":{activation}}}}}"
                );
            }
            Step::Neuron(id, element) => writer.neuron(id, element),
        });
        self.json.push(',');
    }

    fn neuron(&mut self, id: PopulationId, element: u32) {
        let network = self.network;
        let (_, combine, bias) = network.population(id).neuron();
        let (mut from, mut weights) = (Vec::new(), Vec::new());
        for connection in network.incoming(id).into_iter().map(|connection| network.connection(connection)) {
            if !connection.targets.elements().contains(&element) {
                continue;
            }
            let first = self.start(connection.sources.population) + connection.sources.first;
            let values = &network.parameter(connection.weights.parameter).values;
            for (source, place) in network.synapses(connection, element - connection.targets.first) {
                from.push((first + source).to_string());
                weights.push(shortest(values[place]));
            }
        }
        let bias = network.parameter(bias.parameter).values[bias.index(element, 0)];
        let (slot, activation) = (self.start(id) + element, self.activation(id));
        let _ = write!(
            self.json,
            "{{\"slot\":{slot},\"activation\":{activation},\"combine\":\"{}\",\"bias\":{},\"sources\":[{}],\"weights\":[{}]}}",
            combine.name(),
            shortest(bias),
            from.join(","),
            weights.join(",")
        );
    }

    /// The number of a neuron's activation.
    fn activation(&mut self, id: PopulationId) -> usize {
        let (activation, ..) = self.network.population(id).neuron();
        let known = self.activations.iter().position(|known| *known == activation);
        known.unwrap_or_else(|| {
            self.activations.push(activation);
            self.activations.len() - 1
        })
    }

    fn activations(&mut self) {
        let all = self.activations.clone();
        self.list("activations", all, |writer, activation| {
            let numbers = |values: &[f64]| values.iter().map(|value| number(*value)).collect::<Vec<_>>().join(",");
            let description = activation.description();
            let level = description.and_then(|row| row.resting_level).map_or("null".to_owned(), shortest);
            let formula = description.map_or("", |row| row.formula);
            let _ = write!(
                writer.json,
                "{{\"written\":{},\"formula\":{},\"level\":{level},",
                string(&activation.written()),
                string(formula)
            );
            let parameters = numbers(&activation.parameters());
            let _ = match (activation.declared(), description.and_then(|row| row.element)) {
                (Some(declared), _) => {
                    let (constants, operations) = declared.formula().parts();
                    let operations: Vec<String> = operations
                        .map(|(what, operands)| {
                            let id = match what {
                                Applied::Function(function) => format!("{function:?}"),
                                Applied::Element(element) => format!("{element:?}"),
                            };
                            let operands: String = operands.iter().map(|operand| format!(",{operand}")).collect();
                            format!("[\"{id}\"{operands}]")
                        })
                        .collect();
                    let (constants, operations) = (numbers(constants), operations.join(","));
                    write!(
                        writer.json,
                        "\"kind\":\"formula\",\"constants\":[{constants}],\"operations\":[{operations}]}}"
                    )
                }
                (None, Some(element)) => {
                    write!(writer.json, "\"kind\":\"element\",\"id\":\"{element:?}\",\"parameters\":[{parameters}]}}")
                }
                (None, None) => write!(writer.json, "\"kind\":\"whole\",\"id\":\"{}\"}}", activation.name()),
            };
        });
        self.json.push(',');
    }

    fn outputs(&mut self) {
        let network = self.network;
        self.list("outputs", network.outputs(), |writer, output| {
            let slots = output.parts.iter().flat_map(|part| {
                let first = writer.starts[part.population.0 as usize] + part.first;
                first..first + part.count
            });
            let slots: Vec<String> = slots.map(|slot| slot.to_string()).collect();
            let (name, slots, array) = (string(&output.name), slots.join(","), output.is_array);
            let _ = write!(writer.json, "{{\"name\":{name},\"array\":{array},\"slots\":[{slots}]}}");
        });
    }
}

enum Step {
    Neuron(PopulationId, u32),
    Whole(Units),
}

/// A number of JSON; what is not finite becomes one that reads as it.
fn number(value: f64) -> String {
    match value {
        nan if nan.is_nan() => "null".to_owned(),
        f64::INFINITY => "1e999".to_owned(),
        f64::NEG_INFINITY => "-1e999".to_owned(),
        finite => shortest(finite),
    }
}

/// A text of JSON that ends no element of a page.
pub(super) fn string(text: &str) -> String {
    let mut json = String::from("\"");
    for character in neutralise(text).chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '<' | '>' | '&' | '\'' => {
                let _ = write!(json, "\\u{:04x}", u32::from(character));
            }
            other => json.push(other),
        }
    }
    json + "\""
}

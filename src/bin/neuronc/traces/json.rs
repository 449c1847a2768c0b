//! One object a neuron, with exact numbers.

use neuronc::network::{ConnectionId, Pattern};
use neuronc::{NeuronTrace, SynapseTrace, neutralise};
use serde_json::{Map, Value, json};

use super::Setting;
use crate::arguments::Precision;

/// A number, or `"NaN"`, `"inf"`, `"-inf"`, which JSON numbers cannot say.
pub fn exact(setting: &Setting<'_>, value: f64) -> Value {
    if !value.is_finite() {
        return json!(setting.all_digits(value));
    }
    match setting.precision {
        Precision::F64 => json!(value),
        // The shortest decimal of the single, read as a double, prints as it is and reads back to the same single.
        Precision::F32 => json!(setting.all_digits(value).parse::<f64>().unwrap_or(value)),
    }
}

pub(super) fn neuron(setting: &Setting<'_>, neuron: &NeuronTrace) -> String {
    let (file, position) = setting.place(neuron);
    let synapse = |synapse: &SynapseTrace| {
        let place = setting.synapse_place(synapse.connection);
        let mut object = json!({
            "from": setting.name(synapse.from),
            "value": exact(setting, synapse.value),
            "weight": exact(setting, synapse.weight),
            "contribution": exact(setting, synapse.contribution),
            "sum": exact(setting, synapse.sum),
            "file": file_of(setting, synapse.connection),
            "line": place.line,
            "column": place.column,
        });
        object.as_object_mut().expect("it is one").extend(made_by(setting, synapse.connection));
        object
    };
    let fields = [
        ("schema", json!("neuronc.trace/1")),
        ("row", json!(setting.row)),
        ("neuron", json!(setting.name(neuron.neuron))),
        ("file", json!(file)),
        ("line", json!(position.line)),
        ("column", json!(position.column)),
        ("activation", json!(neuron.activation.written())),
        ("combine", json!(neuron.combine.name())),
        ("synapses", neuron.synapses.iter().map(synapse).collect()),
        ("bias", exact(setting, neuron.bias)),
        ("net_input", exact(setting, neuron.net_input)),
        ("output", exact(setting, neuron.output)),
        ("fired", json!(neuron.fires)),
    ];
    let object: Map<String, Value> = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    format!("{}\n", Value::Object(object))
}

fn file_of(setting: &Setting<'_>, connection: ConnectionId) -> String {
    let origin = setting.network.connection(connection).origin;
    neutralise(setting.sources.get(origin.file).name()).into_owned()
}

/// What made a synapse and its weight, beside its statement: a rule, a file, a generator.
fn made_by(setting: &Setting<'_>, connection: ConnectionId) -> Map<String, Value> {
    let connection = setting.network.connection(connection);
    let mut fields = Map::new();
    let rule = match setting.network.pattern(connection.pattern) {
        Pattern::AllToAll => None,
        Pattern::OneToOne => Some(json!({ "name": "one_to_one" })),
        Pattern::Random(drawn) => {
            Some(json!({ "name": "random", "probability": drawn.probability, "seed": drawn.seed }))
        }
    };
    fields.extend(rule.map(|rule| ("rule".to_owned(), rule)));
    let parameter = setting.network.parameter(connection.weights.parameter);
    if let Some(name) = &parameter.name {
        fields.insert("parameter".to_owned(), json!(neutralise(name)));
    }
    if let Some(file) = &parameter.file {
        let tensor = file.tensor.as_deref().map(neutralise);
        fields.insert("loaded".to_owned(), json!({ "file": neutralise(&file.path), "tensor": tensor }));
    }
    if let Some(made) = &parameter.generated {
        let made = json!({ "name": made.generator, "arguments": made.arguments, "seed": made.seed });
        fields.insert("generator".to_owned(), made);
    }
    fields
}

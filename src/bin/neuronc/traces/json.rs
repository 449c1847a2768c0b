//! One object a neuron, with exact numbers.

use neuronc::{NeuronTrace, SynapseTrace};
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
        json!({
            "from": setting.name(synapse.from),
            "value": exact(setting, synapse.value),
            "weight": exact(setting, synapse.weight),
            "contribution": exact(setting, synapse.contribution),
            "sum": exact(setting, synapse.sum),
            "line": place.line,
            "column": place.column,
        })
    };
    let fields = [
        ("schema", json!("neuronc.trace/1")),
        ("row", json!(0)),
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

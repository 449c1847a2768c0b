//! The same in sentences, without drawing.

use std::fmt::Write;

use neuronc::{NeuronTrace, counted};

use super::{Setting, effect, effects};

pub(super) fn neuron(setting: &Setting<'_>, neuron: &NeuronTrace) -> String {
    let (file, position) = setting.place(neuron);
    let name = setting.name(neuron.neuron);
    let number = |value| setting.number(value);
    let activation = neuron.activation.written();
    let mut text = format!("Neuron {name}, {file} line {}, activation {activation}.\n", position.line);
    let so_far = match neuron.combine {
        neuronc::Combine::Sum => "sum".to_owned(),
        other => format!("{} so far", other.name()),
    };
    for synapse in super::table::shown(setting, neuron) {
        let _ = writeln!(
            text,
            "From {}: value {} times weight {} contributes {}, {}; the {so_far} is {}.",
            setting.name(synapse.from),
            number(synapse.value),
            number(synapse.weight),
            number(synapse.contribution),
            effect(synapse),
            number(synapse.sum),
        );
    }
    let left_out = neuron.synapses.len() - super::table::shown(setting, neuron).len();
    if left_out > 0 {
        let _ = writeln!(text, "{} with smaller contributions are left out.", counted(left_out as u64, "synapse"));
    }
    let (excitatory, inhibitory, silent) = effects(neuron);
    let _ = writeln!(text, "The bias is {}; the net input is {}.", number(neuron.bias), number(neuron.net_input));
    let fires = match neuron.fires {
        Some(true) => " The neuron fires.",
        Some(false) => " The neuron rests.",
        None => "",
    };
    let _ = writeln!(text, "{activation} makes it {}.{fires}", number(neuron.output));
    let silent = if silent > 0 { format!(", {silent} silent") } else { String::new() };
    let _ = writeln!(text, "{excitatory} excitatory, {inhibitory} inhibitory{silent}.");
    text
}

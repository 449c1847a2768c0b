//! For programs: one object.

use neuronc::network::Unit;
use neuronc::{
    Account, Block, Influence, InputInfluence, Network, NeuronFinding, Section, Sources, Survey, Tally, neutralise,
};
use serde_json::{Value, json};

pub(super) fn account(account: &Account, sources: &Sources) -> String {
    let sections: Vec<Value> = account.sections.iter().map(|section| self::section(section, sources)).collect();
    let object = json!({ "schema": "neuronc.explain/1", "title": account.title, "sections": sections });
    format!("{object}\n")
}

fn section(section: &Section, sources: &Sources) -> Value {
    let place = section.place.map(|span| {
        let position = sources.position(span);
        let file = neutralise(sources.get(span.file).name());
        json!({ "file": file, "line": position.line, "column": position.column })
    });
    let blocks: Vec<Value> = section.blocks.iter().map(block).collect();
    json!({ "title": section.title, "inner": section.is_inner, "place": place, "blocks": blocks })
}

fn block(block: &Block) -> Value {
    match block {
        Block::Text(said) => json!({ "text": said }),
        Block::Item(said) => json!({ "item": said }),
        Block::Doc(lines) => json!({ "doc": lines }),
        Block::Formula { left, steps } => json!({ "formula": { "left": left, "steps": steps } }),
        Block::Table { head, rows } => json!({ "table": { "head": head, "rows": rows } }),
    }
}

/// What rows say, with exact numbers: all neurons, and all inputs of each output.
pub fn findings(network: &Network, sources: &Sources, survey: &Survey, tally: &Tally, data: &str) -> String {
    let unit = |unit: Unit| {
        let origin = network.population(unit.population).origin;
        let position = sources.position(origin);
        let file = neutralise(sources.get(origin.file).name());
        let name = network.unit_name(unit);
        json!({ "name": neutralise(&name), "file": file, "line": position.line, "column": position.column })
    };
    let neuron = |finding: &NeuronFinding| {
        let rows = finding.lowest <= finding.highest;
        let mut object = unit(finding.neuron);
        let fields = [
            ("fired", json!(finding.fired)),
            ("flat", json!(finding.flat)),
            ("lowest", json!(rows.then_some(finding.lowest))),
            ("highest", json!(rows.then_some(finding.highest))),
            ("never_fires", json!(finding.never_fires)),
            ("always_fires", json!(finding.always_fires)),
            ("saturated", json!(finding.is_saturated)),
        ];
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value));
        object.as_object_mut().expect("it is one").extend(fields);
        object
    };
    let input = |input: &InputInfluence| {
        let mut object = unit(input.input);
        let fields = [("mean_magnitude", input.magnitude), ("mean", input.mean), ("share", input.share)];
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), json!(value)));
        object.as_object_mut().expect("it is one").extend(fields);
        object
    };
    let output = |influence: &Influence| {
        let mut object = unit(influence.output);
        let inputs: Vec<Value> = influence.inputs.iter().map(input).collect();
        object.as_object_mut().expect("it is one").insert("inputs".to_owned(), inputs.into());
        object
    };
    let neurons: Vec<Value> = survey.neurons(network, tally).iter().map(neuron).collect();
    let outputs: Vec<Value> = survey.influences(tally).iter().map(output).collect();
    let object = json!({
        "schema": "neuronc.survey/1",
        "data": neutralise(data),
        "rows": tally.rows(),
        "not_finite": tally.not_finite(),
        "neurons": neurons,
        "outputs": outputs,
        "outputs_left_out": survey.left_out(),
    });
    format!("{object}\n")
}

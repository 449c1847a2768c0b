//! For programs: one object.

use neuronc::{Account, Block, Section, Sources, neutralise};
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

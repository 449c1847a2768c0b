//! `docs/activations.md` is written from the table of activations; `UPDATE=1` rewrites it.

use std::fmt::Write;

use neuronc::{Activation, Combine};

use crate::{path, read};

fn page() -> String {
    let mut page = String::from(
        "# Activations

What a neuron makes of its net input `z`. Parameters are given by name or in order, as in
`leaky_relu(slope = 0.1)` or `step(0.5, at = 1)`. A neuron *fires* when its output is above the level
in the last column; a dash means that firing says nothing there.

This page is written from the table in `src/activation.rs`. The measured errors of the functions that
the formulas use stand in [benches/README.md](../benches/README.md).

| name | parameters | formula | fires above |
|---|---|---|---|
",
    );
    for row in Activation::TABLE {
        let parameters: Vec<String> = row
            .parameters
            .iter()
            .map(|parameter| match parameter.default {
                Some(default) => format!("{} = {default}", parameter.name),
                None => format!("{} (required)", parameter.name),
            })
            .collect();
        let level = row.resting_level.map_or("–".to_owned(), |level| level.to_string());
        let formula = row.formula.replace('|', "\\|");
        let _ = writeln!(page, "| `{}` | {} | {formula} | {level} |", row.name, parameters.join(", "));
    }
    page.push_str("\n## What they are\n\n");
    for row in Activation::TABLE {
        let _ = writeln!(page, "- `{}`: {}", row.name, row.about.trim());
    }
    page.push_str(
        "
## Combining

`combine` says what is done with the contributions `w·x` of a neuron's synapses before the bias is
added. A sum takes each synapse with one fused multiply-add, in order; the others work on rounded
products. NaN spreads, and -0 is below +0.

",
    );
    for (name, combine) in Combine::TABLE {
        let without = if combine.takes_nothing() { "" } else { " (needs a synapse)" };
        let _ = writeln!(page, "- `{name}`{without}");
    }
    page
}

#[test]
fn the_page_is_the_table() {
    let page = page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path("docs/activations.md"), &page).expect("the page can be written");
    }
    assert_eq!(read("docs/activations.md"), page, "UPDATE=1 cargo test --test project rewrites the page");
}

//! `docs/activations.md` and its plots are written from the table of activations; `UPDATE=1` rewrites them.

use std::fmt::Write;

use neuronc::{Accuracy, Activation, Combine, Description, Function};

use crate::curves::{Curve, svg};
use crate::origins::ORIGINS;
use crate::{path, read};

fn page() -> String {
    let mut page = String::from(
        "# Activations

What a neuron makes of its net input `z`: one of these, or [one of your own](#your-own). Parameters are
given by name or in order, as in `leaky_relu(slope = 0.1)` or `step(0.5, at = 1)`. A neuron *fires* when
its output is above its activation's resting level; a dash means that firing says nothing there.

An error is the largest that was measured, in ulps (the distance to the next number), first in double
and then in single precision, for the net input and the parameters as they are:
[benches/README.md](../benches/README.md) tells where and how. *Exact* means that nothing is rounded;
each *rounding* is half an ulp at the most.

This page and its plots are written from the table in `src/activation.rs`.

| name | formula | fires above | error |
|---|---|---|---|
",
    );
    for row in Activation::TABLE {
        let formula = row.formula.replace('|', "\\|");
        let level = row.resting_level.map_or("–".to_owned(), |level| level.to_string());
        let _ = writeln!(page, "| [`{0}`](#{0}) | {formula} | {level} | {1} |", row.name, error(row.accuracy));
    }
    page.push_str(
        "
- [Each of them](#each-of-them)
- [If you come from another system](#if-you-come-from-another-system)
- [Your own](#your-own)
- [Combining](#combining)

## Each of them

The plots show net inputs from -4 to 4 and outputs from -2 to 3, in equal units, at the defaults of
all parameters. A dot is the value where a curve jumps.
",
    );
    for row in Activation::TABLE {
        section(&mut page, row);
    }
    page.push_str(
        "
## If you come from another system

A plain name means the form on which ONNX and PyTorch agree. Where another system's form differs, a
parameter gives it:

| there | its name | here |
|---|---|---|
",
    );
    for origin in ORIGINS {
        let _ = writeln!(page, "| {} | {} | `{}` |", origin.system, origin.theirs, origin.ours);
    }
    page.push_str(
        "
- FANN's are at its default steepness s of 0.5: `SIGMOID` is `sigmoid(slope = 2·s)`,
  `SIGMOID_SYMMETRIC` is `tanh(slope = s)`. Its `LINEAR` is s·z: multiply weights and bias instead.
- SNNS' `Act_Perceptron` compares with its bias: here the bias is that number with the other sign.
- neat-python multiplies what it aggregated by a response: multiply the weights instead. It clamps what
  goes into its functions, which tells only far outside: `softplus` ends at 12. Its `sin` is that of
  5·z: multiply weights and bias instead. Its `inv` makes 1/0 zero, where `reciprocal` is infinite.
- ONNX keeps the parameters and constants of its operators in single precision: `LeakyRelu`'s 0.01 is
  0.009999999776. What comes from there has that number.

## Your own

`activation NAME(z, p = 1) = EXPR` declares one: a function of the net input, which is its first
parameter, of any name. Parameters behind it have a default, or must be given:

```text
activation bent(z, leak = 0.1) = if(z > 0, z, leak * z)
neuron c { activation = bent(leak = 0.2) }
```

The formula reads its parameters and consts, and is made of numbers, `pi`, `+ - * / ^`, the comparisons
`< <= > >= == !=` (1 or 0), the functions below and every activation of single neurons, declared ones
too, with the net input first: `leaky_relu(z, slope = leak)`. The same can be written in values, as in
`weight w = bent(-1)`. The order of declarations does not matter; a declared activation that bears a
built-in name hides the built-in one, with a warning. Whether its neurons fire is not said: the level
at which they rest is not known.

In single precision every step is rounded to it, but what only numbers, consts and the given parameters
decide is computed in double precision and rounded once.

| function | value |
|---|---|
",
    );
    for function in Function::TABLE {
        let _ = writeln!(
            page,
            "| `{}({})` | {} |",
            function.name(),
            function.parameters().join(", "),
            function.about().trim()
        );
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

fn error(accuracy: Accuracy) -> String {
    match accuracy {
        Accuracy::Exact => "exact".to_owned(),
        Accuracy::Roundings(1) => "1 rounding".to_owned(),
        Accuracy::Roundings(count) => format!("{count} roundings"),
        Accuracy::Measured { double, single } => format!("{double:.2}, {single:.2}"),
    }
}

/// The activation as it is plotted.
fn plotted(row: &Description) -> &'static str {
    if row.with_defaults().is_some() { row.name } else { "scaled_tanh(1.7159, 2/3)" }
}

fn section(page: &mut String, row: &Description) {
    let Description { name, formula, .. } = row;
    let _ = write!(page, "\n### {name}\n\n![the curve of {name}](activations/{name}.svg)\n\n");
    let _ = writeln!(page, "`{formula}`\n\n{}\n", row.about.trim());
    if !row.parameters.is_empty() {
        let parameters = row.parameters.iter().map(|parameter| match parameter.default {
            Some(default) => format!("`{} = {default}`", parameter.name),
            None => format!("`{}` (must be given)", parameter.name),
        });
        let _ = writeln!(page, "- parameters: {}", parameters.collect::<Vec<_>>().join(", "));
    }
    if row.whole_array {
        let _ = writeln!(page, "- plotted: the first of two neurons, the other's net input being 0");
    } else if plotted(row) != *name {
        let _ = writeln!(page, "- plotted: `{}`", plotted(row));
    }
    if let Some(level) = row.resting_level {
        let _ = writeln!(page, "- fires above {level}");
    }
    let _ = match row.accuracy {
        Accuracy::Exact | Accuracy::Roundings(_) => writeln!(page, "- error: {}", error(row.accuracy)),
        Accuracy::Measured { double, single } => {
            writeln!(page, "- error: {double:.2} ulp in double, {single:.2} ulp in single precision")
        }
    };
    for (system, equal) in [("ONNX", row.onnx), ("PyTorch", row.torch)] {
        let _ = writeln!(page, "- {system}: {}", equal.unwrap_or("none"));
    }
}

#[test]
fn the_page_and_its_plots_are_the_table() {
    let mut files = vec![("docs/activations.md".to_owned(), page())];
    for row in Activation::TABLE {
        let plot = svg(&format!("{}: {}", row.name, row.formula), &Curve::of(plotted(row), row.whole_array));
        assert!(plot.len() <= 4096, "the plot of {} has {} bytes", row.name, plot.len());
        files.push((format!("docs/activations/{}.svg", row.name), plot));
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path("docs/activations")).expect("the folder can be made");
        for (name, content) in &files {
            std::fs::write(path(name), content).expect("the file can be written");
        }
    }
    for (name, content) in &files {
        assert!(read(name) == *content, "{name}: UPDATE=1 cargo test --test project rewrites the page and its plots");
    }
    let plots = std::fs::read_dir(path("docs/activations")).expect("the folder is there").count();
    assert_eq!(plots, Activation::TABLE.len(), "one plot each");
}

/// The figures of the table are those of `benches/README.md`, of the function that the activation is at its defaults.
#[test]
fn measured_errors_are_those_of_the_figures() {
    let figures = read("benches/README.md");
    let mut count = 0;
    for row in Activation::TABLE {
        let Accuracy::Measured { double, single } = row.accuracy else { continue };
        let function = match row.name {
            "elu" | "celu" => "expm1",
            "log_sigmoid" => "softplus",
            own => own,
        };
        let line = format!("\n| {function} | {double:.2} | {single:.2} |\n");
        assert!(figures.contains(&line), "{}: benches/README.md has no line {}", row.name, line.trim());
        count += 1;
    }
    assert!(count >= 15, "{count}");
}

/// The operators that `benches/onnx/compare.py` compares are those that the table names.
#[test]
fn operators_of_onnx_are_those_that_are_compared() {
    let script = read("benches/onnx/compare.py");
    let mut count = 0;
    for line in script.lines().filter_map(|line| line.strip_prefix("    (\"")) {
        let mut words = line.split('"');
        let (name, operator) = (words.next().unwrap_or_default(), words.nth(1).unwrap_or_default());
        let row = Activation::named(name).unwrap_or_else(|| panic!("no activation is called {name}"));
        let named = row.onnx.unwrap_or_else(|| panic!("{name} is compared with {operator}"));
        assert!(named.split([' ', '(', ',']).next() == Some(operator), "{name}: {named}, compared with {operator}");
        count += 1;
    }
    assert!(count >= 27, "{count}");
}

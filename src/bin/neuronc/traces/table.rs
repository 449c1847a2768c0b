//! A table a neuron: a line a synapse, with aligned points and a bar for the contribution.

use std::fmt::Write;

use clap::builder::styling::{Ansi256Color, Color, Style};
use neuronc::{NeuronTrace, SynapseTrace, counted};

use super::{Setting, effects};

/// More synapses than this are abridged.
const MOST_SHOWN: usize = 20;
/// So many of them are shown then.
const LARGEST: usize = 10;
/// Columns of the longest bar, where there is room.
const BAR: usize = 10;
/// Columns under which a bar says too little.
const SHORTEST_BAR: usize = 5;

const EXCITATORY: Style = Style::new().fg_color(Some(Color::Ansi256(Ansi256Color(33))));
const INHIBITORY: Style = Style::new().fg_color(Some(Color::Ansi256(Ansi256Color(208))));
const BOLD: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// The synapses that are shown, in their order: all, or those with the largest contributions.
pub(super) fn shown<'a>(setting: &Setting<'_>, neuron: &'a NeuronTrace) -> Vec<&'a SynapseTrace> {
    if setting.all || neuron.synapses.len() <= MOST_SHOWN {
        return neuron.synapses.iter().collect();
    }
    let size = |index: &usize| neuron.synapses[*index].contribution.abs();
    let mut largest: Vec<usize> = (0..neuron.synapses.len()).collect();
    largest.sort_by(|one, other| size(other).total_cmp(&size(one)));
    largest.truncate(LARGEST);
    largest.sort_unstable();
    largest.into_iter().map(|index| &neuron.synapses[index]).collect()
}

/// One line of the table: a synapse, or the bias.
struct Row {
    from: String,
    value: String,
    weight: String,
    contribution: String,
    sum: String,
    amount: f64,
}

pub(super) fn neuron(setting: &Setting<'_>, neuron: &NeuronTrace) -> String {
    let synapses = shown(setting, neuron);
    let left_out = neuron.synapses.len() - synapses.len();
    let rows = rows(setting, neuron, &synapses);
    let mut text = header(setting, neuron);
    if setting.width < 40 || setting.width < least(neuron, &rows) {
        narrow(&rows, &mut text);
    } else {
        table(setting, neuron, &rows, left_out, &mut text);
    }
    footer(setting, neuron, &mut text);
    text
}

/// The cells, each column with its points aligned.
fn rows(setting: &Setting<'_>, neuron: &NeuronTrace, synapses: &[&SynapseTrace]) -> Vec<Row> {
    let signed = |value: f64| {
        let number = setting.number(value);
        match value {
            0.0 => number.trim_start_matches('-').to_owned(),
            positive if positive > 0.0 => format!("+{number}"),
            _ => number,
        }
    };
    let mut values: Vec<String> = synapses.iter().map(|synapse| setting.number(synapse.value)).collect();
    let mut weights: Vec<String> = synapses.iter().map(|synapse| signed(synapse.weight)).collect();
    let bias = std::iter::once(neuron.bias);
    let amounts: Vec<f64> = synapses.iter().map(|synapse| synapse.contribution).chain(bias).collect();
    let mut contributions: Vec<String> = amounts.iter().map(|amount| signed(*amount)).collect();
    let total = std::iter::once(neuron.net_input);
    let mut sums: Vec<String> =
        synapses.iter().map(|synapse| synapse.sum).chain(total).map(|sum| setting.number(sum)).collect();
    for column in [&mut values, &mut weights, &mut contributions, &mut sums] {
        align(column);
    }
    values.push(String::new());
    weights.push(String::new());
    let names = synapses.iter().map(|synapse| setting.name(synapse.from)).chain(["bias".to_owned()]);
    let names: Vec<String> = names.map(|name| shortened(&name, 24)).collect();
    let mut cells = names.into_iter().zip(values).zip(weights).zip(contributions).zip(sums).zip(amounts);
    std::iter::from_fn(|| {
        let (((((from, value), weight), contribution), sum), amount) = cells.next()?;
        Some(Row { from, value, weight, contribution, sum, amount })
    })
    .collect()
}

/// Fills the cells so that points stand in line: behind few decimals with zeros, behind many with blanks, since zeros
/// would claim digits that rounding took.
fn align(column: &mut [String]) {
    const FEW: usize = 3;
    let plain = |number: &String| number.chars().all(|digit| digit.is_ascii_digit() || "+-.".contains(digit));
    let decimals = |number: &str| number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let most = column.iter().filter(|number| plain(number)).map(|number| decimals(number)).max().unwrap_or(0);
    let filling = if most <= FEW { "0" } else { " " };
    for number in column.iter_mut().filter(|number| plain(number)) {
        let missing = most - decimals(number);
        if missing > 0 && !number.contains('.') {
            number.push_str(if most <= FEW { "." } else { " " });
        }
        number.push_str(&filling.repeat(missing));
    }
    let width = column.iter().map(|number| number.chars().count()).max().unwrap_or(0);
    for number in column.iter_mut() {
        *number = format!("{number:>width$}");
    }
}

fn shortened(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let start: String = name.chars().take(most - 1).collect();
    format!("{start}…")
}

fn width_of(rows: &[Row], cell: impl Fn(&Row) -> &String, title: &str) -> usize {
    rows.iter().map(|row| cell(row).chars().count()).chain([title.chars().count()]).max().unwrap_or(0)
}

/// `c = relu(sum)`, and where it stands.
fn header(setting: &Setting<'_>, neuron: &NeuronTrace) -> String {
    let (file, position) = setting.place(neuron);
    let activation = neuron.activation.written();
    let combine = neuron.combine.name();
    let formula = match activation.strip_suffix(')') {
        Some(with_parameters) => format!("{with_parameters}, {combine})"),
        None => format!("{activation}({combine})"),
    };
    let name = setting.name(neuron.neuron);
    let title = format!("{name} = {formula}");
    let is_long = title.chars().count() > setting.width;
    let title = if is_long { format!("{name}\n  = {formula}") } else { title };
    let place = format!("{file}:{}", position.line);
    let line = setting.width.min(76);
    let used = title.chars().count() + place.chars().count();
    let gap = if used + 2 <= line { " ".repeat(line - used) } else { "\n  ".to_owned() };
    format!("{BOLD}{title}{BOLD:#}{gap}{FAINT}{place}{FAINT:#}\n")
}

/// The titles of the last two columns where there is no room for longer ones.
fn short_titles(neuron: &NeuronTrace) -> (&'static str, &'static str) {
    ("adds", if neuron.combine == neuronc::Combine::Sum { "sum" } else { "so far" })
}

/// Columns of the table with such titles and no bars.
fn least(neuron: &NeuronTrace, rows: &[Row]) -> usize {
    let titles = short_titles(neuron);
    let cells = width_of(rows, |row| &row.from, "from")
        + width_of(rows, |row| &row.value, "value")
        + width_of(rows, |row| &row.weight, "weight")
        + width_of(rows, |row| &row.contribution, titles.0)
        + width_of(rows, |row| &row.sum, titles.1);
    cells + 2 + 2 + 5 + 5 + 3
}

fn table(setting: &Setting<'_>, neuron: &NeuronTrace, rows: &[Row], left_out: usize, text: &mut String) {
    let is_sum = neuron.combine == neuronc::Combine::Sum;
    let from = width_of(rows, |row| &row.from, "from");
    let value = width_of(rows, |row| &row.value, "value");
    let weight = width_of(rows, |row| &row.weight, "weight");
    let wide = if is_sum { ("contribution", "sum so far") } else { ("contribution", "so far") };
    let measure = |titles: (&str, &str)| {
        let contribution = width_of(rows, |row| &row.contribution, titles.0);
        let sum = width_of(rows, |row| &row.sum, titles.1);
        (contribution, sum, 2 + from + 2 + value + 5 + weight + 5 + contribution + 3 + sum)
    };
    let sides = if rows.iter().any(|row| row.amount < 0.0) { 2 } else { 1 };
    let room = setting.width.saturating_sub(measure(wide).2 + 3 + 1) / sides;
    let length = room.min(BAR);
    let bars = length >= SHORTEST_BAR;
    let titles = if bars { wide } else { short_titles(neuron) };
    let (contribution, sum, line) = measure(titles);
    let _ = writeln!(
        text,
        "  {FAINT}{:<from$}  {:>value$}     {:>weight$}     {:>contribution$}   {:>sum$}{FAINT:#}",
        "from", "value", "weight", titles.0, titles.1
    );
    let largest = rows.iter().map(|row| row.amount.abs()).filter(|amount| amount.is_finite()).fold(0.0, f64::max);
    for (place, row) in rows.iter().enumerate() {
        let is_bias = place + 1 == rows.len();
        if is_bias && left_out > 0 {
            let _ = writeln!(
                text,
                "  {FAINT}… and {} with smaller contributions{FAINT:#}",
                counted(left_out as u64, "synapse")
            );
        }
        let (times, equals) = if is_bias { (" ", " ") } else { ("×", "=") };
        let colour = colour(row.amount);
        let start = text.len();
        let _ = write!(
            text,
            "  {:<from$}  {:>value$}  {times}  {:>weight$}  {equals}  {colour}{:>contribution$}{colour:#}   {:>sum$}",
            row.from, row.value, row.weight, row.contribution, row.sum
        );
        if bars {
            let left_of_axis = if sides == 2 { length } else { 0 };
            let _ = write!(text, "   {}", bar(row.amount, largest, length, left_of_axis));
        }
        text.truncate(start + text[start..].trim_end().len());
        text.push('\n');
    }
    let _ = writeln!(text, "  {FAINT}{}{FAINT:#}", "─".repeat(line.min(setting.width) - 2));
}

/// Where the table is wider than the terminal: a synapse in one short line.
fn narrow(rows: &[Row], text: &mut String) {
    for row in rows {
        let colour = colour(row.amount);
        let contribution = row.contribution.trim();
        let _ = if row.value.is_empty() {
            writeln!(text, " {} {colour}{contribution}{colour:#}", row.from)
        } else {
            writeln!(
                text,
                " {} {} × {} = {colour}{contribution}{colour:#}",
                row.from,
                row.value.trim(),
                row.weight.trim()
            )
        };
    }
}

fn colour(amount: f64) -> Style {
    match amount {
        above if above > 0.0 => EXCITATORY,
        below if below < 0.0 => INHIBITORY,
        _ => Style::new(),
    }
}

/// A bar in eighths of a column, to the right of the axis for what excites, to the left for what inhibits.
fn bar(amount: f64, largest: f64, length: usize, left_of_axis: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let share = if largest > 0.0 && amount.is_finite() { amount.abs() / largest } else { 0.0 };
    let eighths = (share * (length * 8) as f64).round() as usize;
    let colour = colour(amount);
    if amount < 0.0 {
        // Blocks fill from the left, so that to the left only halves can be drawn: `▐`.
        let (full, half) = ((eighths + 2) / 8, (eighths + 2) % 8 >= 4);
        let drawn = format!("{}{}", if half { "▐" } else { "" }, "█".repeat(full));
        let blank = " ".repeat(left_of_axis.saturating_sub(drawn.chars().count()));
        return format!("{blank}{colour}{drawn}{colour:#}│");
    }
    let drawn = format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8]);
    format!("{}│{colour}{drawn}{colour:#}", " ".repeat(left_of_axis))
}

/// From net input to output.
fn footer(setting: &Setting<'_>, neuron: &NeuronTrace, text: &mut String) {
    let (excitatory, inhibitory, silent) = effects(neuron);
    let fires = match neuron.fires {
        Some(true) => "● fires",
        Some(false) => "○ rests",
        None => "",
    };
    let net_input = setting.number(neuron.net_input);
    let output = setting.number(neuron.output);
    let name = neuron.activation.name();
    let whole = if neuron.activation.is_whole_array() { " over the array" } else { "" };
    let silent = if silent > 0 { format!(", {silent} silent") } else { String::new() };
    let counts = format!("{excitatory} excitatory, {inhibitory} inhibitory{silent}");
    let one_line = format!("net input {net_input}  →  {name}{whole}  →  ");
    let fits = 2 + one_line.chars().count() + output.chars().count() <= setting.width;
    let path = if fits {
        one_line
    } else {
        let _ = writeln!(text, "  net input {net_input}");
        format!("→  {name}{whole}  →  ")
    };
    let mut used = 2 + path.chars().count() + output.chars().count();
    let _ = write!(text, "  {path}{BOLD}{output}{BOLD:#}");
    for (gap, part) in [(3, fires), (6, counts.as_str())].into_iter().filter(|(_, part)| !part.is_empty()) {
        let length = part.chars().count();
        if used + gap + length <= setting.width {
            let _ = write!(text, "{}{part}", " ".repeat(gap));
            used += gap + length;
        } else {
            let _ = write!(text, "\n  {part}");
            used = 2 + length;
        }
    }
    text.push('\n');
}

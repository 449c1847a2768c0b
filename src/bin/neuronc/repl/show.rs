//! Values and changes as text.

use std::fmt::Write;

use clap::builder::styling::{AnsiColor, Style};
use neuronc::numeric::decimal::{rounded, shortest};
use neuronc::session::{Change, Changes, Named, Of, Value, Written};
use neuronc::{Shape, counted, neutralise, shown};

pub const BOLD: Style = Style::new().bold();
pub const FAINT: Style = Style::new().dimmed();
pub const NAME: Style = AnsiColor::Cyan.on_default();

/// Lines of changes that are shown at once.
const MOST_LINES: usize = 16;
/// Elements of an array that stand on one line.
const MOST_ELEMENTS: usize = 8;
/// Elements of a value that is asked for.
const MOST_VALUES: usize = 64;
/// Changed elements of an array that are told one by one.
const FEW: usize = 3;
/// Digits of a number in a change.
const DIGITS: usize = 6;

/// What an entry changed, a line each, broken where it is longer than the terminal is wide.
pub fn changes(changes: &Changes, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for one in &changes.written {
        let bare = one.what.split('[').next().unwrap_or_default().trim();
        let is_joint = one.what.contains(" -> ");
        let has_value = !is_joint && changes.values.iter().any(|change| change.name == bare);
        if !has_value && one.before != one.after {
            lines.push(written(one));
        }
    }
    lines.extend(changes.values.iter().flat_map(change));
    let more = lines.len().saturating_sub(MOST_LINES);
    lines.truncate(MOST_LINES);
    if more > 0 {
        lines.push(format!("{FAINT}… and {}{FAINT:#}", counted(more as u64, "more change")));
    }
    if lines.is_empty() {
        lines.push(format!("{FAINT}nothing changes{FAINT:#}"));
    }
    lines.extend(
        changes
            .dropped
            .iter()
            .take(MOST_LINES)
            .map(|name| format!("{FAINT}{}: what was set no longer fits and is dropped{FAINT:#}", shown(name))),
    );
    if let Some(first) = changes.waiting.first() {
        let names: Vec<String> = changes.waiting.iter().take(4).map(|name| shown(name)).collect();
        let more = if changes.waiting.len() > names.len() { ", …" } else { "" };
        lines.push(format!(
            "{FAINT}no value yet: {}{more} (`{} = 1` gives it one){FAINT:#}",
            names.join(", "),
            shown(first)
        ));
    }
    lines.iter().map(|line| wrapped(line, width)).collect()
}

/// A statement or property that was written anew.
fn written(one: &Written) -> String {
    let line = |text: &str| {
        let first = neutralise(text.lines().next().unwrap_or_default()).into_owned();
        if first.len() < text.trim_end().len() { format!("{first} …") } else { first }
    };
    let what = shown(&one.what);
    let is_value = one.what.contains([' ', '.', '[']) && !one.what.starts_with("expect ");
    match (&one.before, &one.after) {
        (None, None) => String::new(),
        (None, Some(after)) if is_value => format!("{NAME}{what}{NAME:#}: {}", line(after)),
        (Some(before), Some(after)) if is_value => {
            format!("{NAME}{what}{NAME:#}: {} → {}", line(before), line(after))
        }
        (_, Some(after)) => line(after),
        (Some(before), None) if is_value => format!("{NAME}{what}{NAME:#}: {} is gone", line(before)),
        (Some(before), None) => format!("{} is gone", line(before)),
    }
}

/// The lines of one changed value.
fn change(change: &Change) -> Vec<String> {
    let name = neutralise(&change.name);
    match (&change.before, &change.after) {
        (None, None) => Vec::new(),
        (Some(_), None) => vec![format!("{NAME}{name}{NAME:#} is gone")],
        (None, Some(after)) => vec![format!("{NAME}{name}{NAME:#} = {}", list(after, change.is_array))],
        (Some(before), Some(after)) if before.len() == after.len() && change.is_array => {
            elements(&name, before, after, change.columns)
        }
        (Some(before), Some(after)) => {
            let (before, after) = match (before.as_slice(), after.as_slice()) {
                ([before], [after]) => pair(*before, *after),
                _ => (list(before, change.is_array), list(after, change.is_array)),
            };
            vec![format!("{NAME}{name}{NAME:#}: {before} → {BOLD}{after}{BOLD:#}")]
        }
    }
}

/// The elements of an array that changed, or how many.
fn elements(name: &str, before: &[Option<f64>], after: &[Option<f64>], columns: Option<usize>) -> Vec<String> {
    let changed: Vec<usize> = (0..after.len()).filter(|place| differs(before[*place], after[*place])).collect();
    let one = |place: usize| {
        let (before, after) = pair(before[place], after[place]);
        let index = match columns {
            Some(columns) => format!("{}, {}", place / columns, place % columns),
            None => place.to_string(),
        };
        format!("{NAME}{name}[{index}]{NAME:#}: {before} → {BOLD}{after}{BOLD:#}")
    };
    if changed.len() <= FEW {
        return changed.into_iter().map(one).collect();
    }
    if after.len() <= MOST_ELEMENTS {
        return vec![format!("{NAME}{name}{NAME:#}: {} → {BOLD}{}{BOLD:#}", list(before, true), list(after, true))];
    }
    let distance = |place: &usize| match (before[*place], after[*place]) {
        (Some(before), Some(after)) => (after - before).abs(),
        _ => 0.0,
    };
    let largest = changed.iter().copied().max_by(|one, other| distance(one).total_cmp(&distance(other)));
    let most = largest.map(|place| format!(", most {}", one(place))).unwrap_or_default();
    vec![format!("{NAME}{name}{NAME:#}: {} of {} change{most}", changed.len(), after.len())]
}

fn differs(before: Option<f64>, after: Option<f64>) -> bool {
    match (before, after) {
        (Some(before), Some(after)) => before.to_bits() != after.to_bits() && !(before.is_nan() && after.is_nan()),
        (before, after) => before.is_some() != after.is_some(),
    }
}

/// Two numbers, with as many digits as tell them apart.
fn pair(before: Option<f64>, after: Option<f64>) -> (String, String) {
    let (short, other) = (number(before), number(after));
    if short == other && before.is_some() {
        let all = |value: Option<f64>| value.map_or("?".to_owned(), shortest);
        return (all(before), all(after));
    }
    (short, other)
}

/// A number as people read it; one that waits for an input is `?`.
pub fn number(value: Option<f64>) -> String {
    value.map_or("?".to_owned(), |value| rounded(value, DIGITS))
}

/// Values on one line; the end of a long list is left out.
pub fn list(values: &[Option<f64>], is_array: bool) -> String {
    beginning(values, values.len(), is_array)
}

/// The values of a name on one line.
pub fn listed(named: &Named) -> String {
    beginning(&named.values, named.count, named.is_array)
}

fn beginning(values: &[Option<f64>], count: usize, is_array: bool) -> String {
    if let ([only], false) = (values, is_array) {
        return number(*only);
    }
    let shown: Vec<String> = values.iter().take(MOST_ELEMENTS).map(|value| number(*value)).collect();
    let more = count - shown.len();
    let more = if more > 0 { format!(", … {more} more") } else { String::new() };
    format!("[{}{more}]", shown.join(", "))
}

/// A value with all its digits, over several lines where it is a matrix.
pub fn value(value: &Value) -> String {
    let title = format!("{FAINT}${} ={FAINT:#} ", value.number);
    let indent = format!("${} = ", value.number).len();
    format!("{title}{}\n", exact(value.shape, &value.values, indent))
}

/// Values with all their digits; lines after the first start at a column.
pub fn exact(shape: Shape, values: &[f64], column: usize) -> String {
    let list = |values: &[f64]| {
        let shown: Vec<String> = values.iter().take(MOST_VALUES).map(|value| shortest(*value)).collect();
        let more = values.len() - shown.len();
        let more = if more > 0 { format!(", … {more} more") } else { String::new() };
        format!("[{}{more}]", shown.join(", "))
    };
    match shape {
        Shape::Scalar => format!("{BOLD}{}{BOLD:#}", shortest(values[0])),
        Shape::Vector(_) => list(values),
        Shape::Matrix(rows, columns) => {
            let mut text = String::from("[");
            for (place, row) in values.chunks(columns.max(1)).take(MOST_LINES).enumerate() {
                let start = if place > 0 { format!(",\n{}", " ".repeat(column + 1)) } else { String::new() };
                let _ = write!(text, "{start}{}", list(row));
            }
            if rows > MOST_LINES {
                let _ =
                    write!(text, ",\n{}… {} more", " ".repeat(column + 1), counted((rows - MOST_LINES) as u64, "row"));
            }
            text + "]"
        }
    }
}

/// What a name is, in a word.
pub fn word(of: Of) -> &'static str {
    match of {
        Of::Input => "input",
        Of::Const => "const",
        Of::Weight => "weight",
        Of::Bias => "bias",
        Of::Neuron => "neuron",
        Of::Output => "output",
    }
}

/// A line of somebody's text that can do nothing to the screen; its tabs stay.
pub fn inert(line: &str) -> String {
    line.split('\t').map(neutralise).collect::<Vec<_>>().join("\t")
}

/// Text, broken at blanks where it is longer than the terminal is wide.
pub fn flowed(text: &str, width: usize) -> String {
    wrapped(text, width).lines().map(|line| line.trim_start().to_owned() + "\n").collect()
}

/// A page whose lines are broken for readers of wide terminals: paragraphs and items of lists are broken anew where this
/// one is narrower.
pub fn page(text: &str, width: usize) -> String {
    if text.lines().all(|line| line.chars().count() <= width) {
        return text.trim_end().to_owned() + "\n";
    }
    let mut broken = String::new();
    let mut gathered = String::new();
    let mut is_code = false;
    for line in text.lines() {
        let is_fence = line.starts_with("```");
        let is_new = is_code || is_fence || line.starts_with(['#', '-', '|', ' ', '>']) || line.is_empty();
        let goes_on = line.starts_with("  ") && gathered.starts_with("- ") && !is_code;
        if is_new && !goes_on && !gathered.is_empty() {
            broken.push_str(&wrapped_item(&std::mem::take(&mut gathered), width));
        }
        is_code ^= is_fence;
        if is_code
            || is_fence
            || line.starts_with(['#', '|', '>'])
            || line.is_empty()
            || !goes_on && line.starts_with(' ')
        {
            broken.push_str(line);
            broken.push('\n');
        } else {
            gathered.push_str(if gathered.is_empty() { "" } else { " " });
            gathered.push_str(line.trim_start());
        }
    }
    if !gathered.is_empty() {
        broken.push_str(&wrapped_item(&gathered, width));
    }
    broken
}

fn wrapped_item(text: &str, width: usize) -> String {
    if text.starts_with("- ") { wrapped(text, width) } else { flowed(text, width) }
}

/// A line, broken at blanks where it is longer than the terminal is wide; what follows stands two columns further in. What
/// stands between backticks stays together where it is short.
pub fn wrapped(line: &str, width: usize) -> String {
    let indent = line.len() - line.trim_start().len();
    let mut text = " ".repeat(indent);
    let mut used = indent;
    for (number, word) in words(line.trim_start(), width / 2).into_iter().enumerate() {
        let length = length(word);
        if number > 0 && used + 1 + length > width {
            text.push('\n');
            text.push_str(&" ".repeat(indent + 2));
            used = indent + 2;
        } else if number > 0 {
            text.push(' ');
            used += 1;
        }
        text.push_str(word);
        used += length;
    }
    text + "\n"
}

/// Columns of a text without its colours.
fn length(text: &str) -> usize {
    anstream::adapter::strip_str(text).to_string().chars().count()
}

/// The words of a line; what stands between backticks is one of up to so many columns.
pub fn words(line: &str, most: usize) -> Vec<&str> {
    let ends: Vec<usize> = line.match_indices(' ').map(|(at, _)| at).chain([line.len()]).collect();
    let mut words = Vec::new();
    let (mut start, mut place) = (0, 0);
    while place < ends.len() {
        let is_closed = |place: &usize| line[start..ends[*place]].matches('`').count().is_multiple_of(2);
        let closed = (place..ends.len()).take(most.max(1)).find(is_closed);
        let last = closed.filter(|last| length(&line[start..ends[*last]]) <= most).unwrap_or(place);
        words.push(&line[start..ends[last]]);
        (start, place) = (ends[last] + 1, last + 1);
    }
    words
}

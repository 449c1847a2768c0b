//! Which column of a file feeds which input.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::Format;
use super::read::NONE;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::eval::Inputs;
use crate::network::{Network, PopulationKind};
use crate::span::Span;
use crate::text::{abridged, all_of, closest, quoted};

/// What is said about columns beside the names of a network and of a file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choice<'a> {
    /// The file's format.
    pub format: Format,
    /// The file's name, for messages.
    pub file: &'a str,
    /// Inputs that have one value for all rows: a column of their name is not read.
    pub fixed: &'a [String],
    /// Which column an input, or an element of an array, is in, instead of the one of its name.
    pub map: &'a [(String, String)],
    /// Columns that are copied to the output, in that order.
    pub keep: &'a [String],
    /// The file has no header: its columns are called `1`, `2`, …, and feed the inputs in their order.
    pub by_position: bool,
}

/// The columns of a file, and what becomes of each.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    names: Vec<String>,
    places: HashMap<String, usize>,
    uses: Vec<Use>,
    kept: Vec<String>,
    unread: Vec<String>,
    defaults: Vec<String>,
    /// What inputs that the file does not have would be called in it.
    absent: HashSet<String>,
}

/// What becomes of one column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Use {
    /// Where its value goes in a row, or [`NONE`].
    pub(super) slot: u32,
    /// How many values it has.
    pub(super) count: u32,
    /// Whether its values stand in a list.
    pub(super) is_list: bool,
    /// Its place among the columns that are copied, or [`NONE`].
    pub(super) keep: u32,
    /// The lowest value that its input takes, if a range is declared; else the largest double's negative.
    pub(super) low: f64,
    /// The highest.
    pub(super) high: f64,
    /// Whether the range is declared.
    pub(super) is_declared: bool,
}

impl Use {
    /// Whether anything is done with it.
    pub(super) fn is_used(&self) -> bool {
        self.slot != NONE || self.keep != NONE
    }

    #[inline(always)]
    pub(super) fn takes(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// A column that is looked for.
struct Wanted {
    column: String,
    input: String,
    origin: Span,
    is_known: bool,
    feeds: Use,
}

impl Columns {
    /// Finds a column for every input of `network` that has no fixed value, among the names that a file's header has.
    /// An input without a column keeps the value that it has in `inputs`.
    ///
    /// # Errors
    /// All that is wrong: a column that is not there, or several times, a choice that names nothing.
    pub fn matched(
        network: &Network,
        inputs: &Inputs,
        names: &[String],
        choice: &Choice<'_>,
    ) -> Result<Columns, Vec<Diagnostic>> {
        let mut reports = Vec::new();
        let wanted = wanted(network, inputs, choice, &mut reports);
        let found = Found::new(names, choice.file);
        let mut columns = Columns {
            names: names.to_vec(),
            places: names.iter().enumerate().rev().map(|(place, name)| (name.clone(), place)).collect(),
            uses: vec![UNUSED; names.len()],
            kept: choice.keep.to_vec(),
            unread: Vec::new(),
            defaults: Vec::new(),
            absent: HashSet::new(),
        };
        let mut missing: Vec<&Wanted> = Vec::new();
        for wanted in &wanted {
            match found.place(&wanted.column) {
                Ok(Some(place)) if columns.uses[place].slot != NONE => {
                    let message = format!("two inputs have their values in the column {}", quoted(&wanted.column));
                    reports.push(Diagnostic::error(Code::E0607, message).label(wanted.origin, "one of them"));
                }
                Ok(Some(place)) => columns.uses[place] = wanted.feeds,
                Ok(None) if wanted.is_known => {
                    columns.defaults.push(wanted.input.clone());
                    columns.absent.insert(wanted.column.clone());
                }
                Ok(None) => missing.push(wanted),
                Err(report) => reports.push(report.label(wanted.origin, "read for this input")),
            }
        }
        if columns.defaults.len() == wanted.len() {
            reports.extend(report_of_none(&wanted, &found));
        }
        reports.extend(report_of_missing(&missing, &found));
        for (keep, name) in choice.keep.iter().enumerate() {
            match found.place(name) {
                Ok(Some(place)) => columns.uses[place].keep = keep as u32,
                Ok(None) => reports.push(found.lacks(&[name])),
                Err(report) => reports.push(report),
            }
        }
        reports.extend(twice(network, choice));
        let unread = columns.uses.iter().zip(names).filter(|(use_, _)| use_.slot == NONE && use_.keep == NONE);
        columns.unread = unread.map(|(_, name)| name.clone()).collect();
        if reports.is_empty() { Ok(columns) } else { Err(reports) }
    }

    /// The columns of a file without rows and without a header; those of `keep` are in the output.
    #[must_use]
    pub fn none(keep: &[String]) -> Columns {
        let (names, places, uses, kept) = (Vec::new(), HashMap::new(), Vec::new(), keep.to_vec());
        Columns { names, places, uses, kept, unread: Vec::new(), defaults: Vec::new(), absent: HashSet::new() }
    }

    /// The columns that nobody reads.
    #[must_use]
    pub fn unread(&self) -> &[String] {
        &self.unread
    }

    /// The inputs, or elements of them, that have no column and take their defaults.
    #[must_use]
    pub fn defaults(&self) -> &[String] {
        &self.defaults
    }

    /// The columns that are copied.
    #[must_use]
    pub fn kept(&self) -> &[String] {
        &self.kept
    }

    /// The name of a column of the file, by its number.
    pub(super) fn name(&self, column: usize) -> Option<&str> {
        self.names.get(column).map(String::as_str)
    }

    /// How many columns the file has.
    #[must_use]
    pub fn count(&self) -> usize {
        self.names.len()
    }

    /// Whether the column at `place` has the values of an input.
    #[must_use]
    pub fn is_fed(&self, place: usize) -> bool {
        self.uses.get(place).is_some_and(|of| of.slot != NONE)
    }

    /// Whether the column at `place` is copied.
    #[must_use]
    pub fn is_kept(&self, place: usize) -> bool {
        self.uses.get(place).is_some_and(|of| of.keep != NONE)
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The place of the first column that is called so.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// The same, with no value above `largest`.
    pub(super) fn within(mut self, largest: f64) -> Columns {
        for feeds in &mut self.uses {
            (feeds.low, feeds.high) = (feeds.low.max(-largest), feeds.high.min(largest));
        }
        self
    }

    #[inline(always)]
    pub(super) fn uses(&self) -> &[Use] {
        &self.uses
    }

    /// Whether an input that the first row does not have is called so.
    pub(super) fn is_absent(&self, name: &str) -> bool {
        self.absent.contains(name)
    }
}

const UNUSED: Use =
    Use { slot: NONE, count: 0, is_list: false, keep: NONE, low: -f64::MAX, high: f64::MAX, is_declared: false };

/// The columns that are looked for, in the order of the inputs and their elements.
fn wanted(network: &Network, inputs: &Inputs, choice: &Choice<'_>, reports: &mut Vec<Diagnostic>) -> Vec<Wanted> {
    let (_, known) = inputs.parts();
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut slot = 0;
    for (_, input) in network.inputs() {
        let (first, size) = (slot, input.size as usize);
        slot += size;
        let PopulationKind::Input { range, columns, .. } = &input.kind else { continue };
        if choice.fixed.contains(&input.name) {
            continue;
        }
        let mut add = |input: String, column: Option<&String>, origin: Span, first: usize, count: usize, is_list| {
            let number = (wanted.len() + 1).to_string();
            let column = column.cloned().unwrap_or_else(|| if choice.by_position { number } else { input.clone() });
            let (low, high) = range.as_ref().map_or((-f64::MAX, f64::MAX), |range| (range.low, range.high));
            let is_known = known[first..first + count].iter().all(|known| *known);
            let (slot, count, is_declared) = (first as u32, count as u32, range.is_some());
            let feeds = Use { slot, count, is_list, low, high, is_declared, ..UNUSED };
            wanted.push(Wanted { column, input, origin, is_known, feeds });
        };
        match columns.as_deref().filter(|_| !choice.by_position) {
            _ if !input.is_array => {
                let column = columns.as_deref().and_then(<[String]>::first).filter(|_| !choice.by_position);
                add(input.name.clone(), column, input.origin, first, 1, false);
            }
            None if choice.format == Format::JsonLines => {
                add(input.name.clone(), None, input.origin, first, size, true);
            }
            names => {
                for element in 0..size {
                    let column = names.and_then(|names| names.get(element));
                    add(format!("{}[{element}]", input.name), column, input.origin, first + element, 1, false);
                }
            }
        }
    }
    for (name, column) in choice.map {
        if let Some(wanted) = wanted.iter_mut().find(|wanted| wanted.input == *name) {
            wanted.column.clone_from(column);
            continue;
        }
        let names = || wanted.iter().map(|wanted| wanted.input.as_str());
        let help = match closest(name, names()) {
            Some(meant) => format!("did you mean {}?", quoted(meant)),
            None if choice.fixed.contains(name) => "it has one value for all rows".to_owned(),
            None => format!("inputs are read for {}", abridged(&names().collect::<Vec<_>>())),
        };
        let message = format!("no input is called {} that a column could be for", quoted(name));
        reports.push(Diagnostic::error(Code::E0603, message).help(help));
    }
    wanted
}

/// The names of a file's columns.
struct Found<'a> {
    file: &'a str,
    names: &'a [String],
    /// The place of each, if there is one alone.
    places: HashMap<&'a str, Result<usize, usize>>,
}

impl<'a> Found<'a> {
    fn new(names: &'a [String], file: &'a str) -> Found<'a> {
        let mut places = HashMap::new();
        for (place, name) in names.iter().enumerate() {
            match places.entry(name.as_str()) {
                Entry::Vacant(entry) => {
                    entry.insert(Ok(place));
                }
                Entry::Occupied(mut entry) => {
                    let first = match *entry.get() {
                        Ok(first) | Err(first) => first,
                    };
                    *entry.get_mut() = Err(first);
                }
            }
        }
        Found { file, names, places }
    }

    fn place(&self, name: &str) -> Result<Option<usize>, Diagnostic> {
        match self.places.get(name) {
            None => Ok(None),
            Some(Ok(place)) => Ok(Some(*place)),
            Some(Err(_)) => {
                let message = format!("{} has several columns called {}", quoted(self.file), quoted(name));
                Err(Diagnostic::error(Code::E0802, message).help("give each column a name of its own"))
            }
        }
    }

    /// The report of columns that are not there.
    fn lacks(&self, columns: &[&str]) -> Diagnostic {
        const MOST: usize = 8;
        let mut words: Vec<String> = columns.iter().take(MOST).map(|name| quoted(name)).collect();
        if columns.len() > MOST {
            words.push(format!("{} more", columns.len() - MOST));
        }
        let noun = if columns.len() == 1 { "column" } else { "columns" };
        let message = format!("{} has no {noun} called {}", quoted(self.file), all_of(&words));
        let all: Vec<String> = self.names.iter().map(|name| crate::text::shown(name)).collect();
        let has = abridged(&all.iter().map(String::as_str).collect::<Vec<_>>());
        let meant = columns.iter().take(MOST).find_map(|name| closest(name, self.names.iter().map(String::as_str)));
        let meant = meant.map_or(String::new(), |meant| format!("did you mean {}? ", quoted(meant)));
        let columns = if self.names.len() == 1 { "column is" } else { "columns are" };
        // Programs of some countries separate cells so.
        let separated = match self.names {
            [only] if only.contains(';') => "; cells are separated by commas, or by tabs in TSV, and never by `;`",
            [only] if only.contains('\t') => "; `--in-format tsv` reads cells that are separated by tabs",
            _ => "",
        };
        Diagnostic::error(Code::E0801, message).help(format!("{meant}its {columns} {has}{separated}"))
    }
}

/// One report of all inputs whose columns are not there.
fn report_of_missing(missing: &[&Wanted], found: &Found<'_>) -> Option<Diagnostic> {
    let first = missing.first()?;
    let columns: Vec<&str> = missing.iter().map(|wanted| wanted.column.as_str()).collect();
    let mut report = found.lacks(&columns).label(first.origin, "has no default");
    let mut origins = vec![first.origin];
    for wanted in &missing[1..] {
        if !origins.contains(&wanted.origin) && origins.len() < 8 {
            origins.push(wanted.origin);
            report = report.also(wanted.origin, "has no default");
        }
    }
    let help = report.help.take().unwrap_or_default();
    let example = format!("`--map {}=COLUMN` reads another one", crate::text::shown(&first.input));
    Some(report.help(format!("{help}; {example}")))
}

/// A file of which no input reads anything is another one's.
fn report_of_none(wanted: &[Wanted], found: &Found<'_>) -> Option<Diagnostic> {
    let first = wanted.first()?;
    let columns: Vec<&str> = wanted.iter().map(|wanted| wanted.column.as_str()).collect();
    let report = found.lacks(&columns);
    let message = format!("{} has no column for any input", quoted(found.file));
    let names: Vec<String> = columns.iter().map(|name| crate::text::shown(name)).collect();
    let wanted = abridged(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let help = format!("{}; wanted: {wanted}", report.help.unwrap_or_default());
    Some(Diagnostic::error(Code::E0801, message).label(first.origin, "the first input").help(help))
}

/// Columns that would be in the output twice.
fn twice(network: &Network, choice: &Choice<'_>) -> Option<Diagnostic> {
    let outputs = super::write::names(network, Format::Csv);
    let all = || choice.keep.iter().chain(&outputs);
    let mut seen = HashSet::new();
    let name = all().find(|name| !seen.insert(name.as_str())).filter(|name| choice.keep.contains(name))?;
    let message = format!("the output would have two columns called {}", quoted(name));
    Some(
        Diagnostic::error(Code::E0802, message)
            .help("name each column once behind `--keep`, and none that an output has"),
    )
}

//! What if: other inputs, weights or biases, without changing anything.

use std::ops::Range;
use std::sync::Arc;

use super::assign::{Given, assign, set};
use super::entry::{Setting, settings, split, trimmed};
use super::error::EntryError;
use super::model::{ENTRY, State};
use super::work::{Problem, Work};
use super::{Change, Failure, Ground, Session, Value, compute};
use crate::ast::ExpressionKind;
use crate::network::Unit;
use crate::span::Span;
use crate::value::{Shape, Tensor};

/// The answer to a question: a value, or those of all outputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// What was asked for, or an output's name.
    pub what: String,
    /// The value.
    pub value: Value,
}

/// The values of an expression while something goes from one value to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Swept {
    /// What was changed.
    pub name: String,
    /// Its values.
    pub points: Vec<f64>,
    /// What was asked for: each expression, and its value at each of the points; an array has several.
    pub series: Vec<(String, Vec<f64>)>,
}

/// So many points may be asked for at once.
const MOST_POINTS: usize = 10_000;

impl Session {
    /// `x1 = 2, x2 = 0 c`: the value of `c`, or of all outputs where nothing is asked for, with other inputs, weights or
    /// biases. Nothing but the numbers of results changes.
    ///
    /// # Errors
    /// It is not understood, or something of it is wrong. The session is as it was.
    pub fn ask(&mut self, text: &str, ground: &Ground<'_>) -> Result<Vec<Asked>, Failure> {
        let mut asked = Vec::new();
        self.work("", text, ground, |work| {
            let (settings, question) = parts(work)?;
            let now = Arc::clone(&work.state);
            for setting in &settings {
                work.state = Arc::new(assign(work, setting)?.state);
            }
            let then = std::mem::replace(&mut work.state, now);
            for (what, value) in answers(work, &then, question)? {
                asked.push(Asked { what, value: work.keep(value, Arc::clone(&then)) });
            }
            Ok(Vec::new())
        })?;
        Ok(asked)
    }

    /// `x1 from -1 to 1 by 0.1 c`: the value of `c`, or of all outputs, at each point. Nothing changes. `stopped` is
    /// asked before each point whether to go on.
    ///
    /// # Errors
    /// It is not understood, or something of it is wrong, or it was stopped. The session is as it was.
    pub fn sweep(&mut self, text: &str, ground: &Ground<'_>, stopped: &dyn Fn() -> bool) -> Result<Swept, Failure> {
        let mut swept = Swept { name: String::new(), points: Vec::new(), series: Vec::new() };
        self.work("", text, ground, |work| {
            let all = trimmed(work.entry.text(), 0..work.entry.text().len());
            let [name, from, to, by] = words(work, all.clone())?;
            let (by, question) = value_and_question(work, by);
            let number = |work: &Work<'_>, range: Range<usize>| {
                let (value, at) = work.value(range)?;
                match value.shape {
                    Shape::Scalar if value.values[0].is_finite() => Ok(value.values[0]),
                    Shape::Scalar | Shape::Vector(_) | Shape::Matrix(..) => {
                        Err(malformed("this is not one finite number", at))
                    }
                }
            };
            let (low, high) = (number(work, from)?, number(work, to)?);
            let step = number(work, by.clone())?;
            let points = points(low, high, step).map_err(|message| malformed(message, work.place(by)))?;
            let target = compute::read(work.entry, name.clone(), work.ground)?;
            let ExpressionKind::Reference(reference) = &target.expression.kind else {
                return Err(malformed("this is no input, weight, bias or const", work.place(name)));
            };
            swept.name = work.entry.text()[name.clone()].to_owned();
            for point in &points {
                if stopped() {
                    return Err(malformed("the sweep was stopped", work.place(all)));
                }
                let given = Given::Computed { value: Tensor::scalar(*point), at: work.place(name.clone()) };
                let then = Arc::new(set(&work.state, reference, given, work.ground)?.state);
                for (place, (what, value)) in answers(work, &then, question.clone())?.into_iter().enumerate() {
                    add(&mut swept.series, place, &what, &value);
                }
            }
            swept.points = points;
            Ok(Vec::new())
        })?;
        Ok(swept)
    }

    /// `$1 $2`: what differs between the evaluations that two results are of.
    ///
    /// # Errors
    /// There are no such results, or they are no longer kept.
    pub fn difference(&self, one: u64, other: u64) -> Result<Vec<Change>, Failure> {
        let fail = |error: EntryError| {
            let mut sources = self.sources().clone();
            let text = format!("${one} ${other}");
            let added = sources.add("<entry>", text.into_bytes(), &crate::limits::Limits::default());
            let mut report = error.report();
            if let (Ok(file), Some(label)) = (added, &mut report.label) {
                label.span.file = file;
            }
            Failure { diagnostics: vec![report], sources }
        };
        let state = |number: u64, at: Range<usize>| {
            let at = Span::new(ENTRY, at);
            let last = self.result_count();
            let kept = self.results.iter().find(|kept| kept.number == number);
            let kept = match kept {
                Some(kept) => kept,
                None if number == 0 || number > last => {
                    return Err(fail(EntryError::UnknownResult { number, last, at }));
                }
                None => return Err(fail(EntryError::Forgotten { number, at })),
            };
            kept.state.as_ref().ok_or_else(|| fail(EntryError::Forgotten { number, at }))
        };
        let first = format!("${one}").len();
        let before = state(one, 0..first)?;
        let after = state(other, first + 1..first + 1 + format!("${other}").len())?;
        Ok(super::change::changes(before, after, Vec::new()).values)
    }
}

fn malformed(message: impl Into<String>, at: Span) -> Problem {
    let help = "`:with x1 = 2, x2 = 0 c` and `:sweep x1 from -1 to 1 by 0.1 c` are such questions".to_owned();
    EntryError::Malformed { message: message.into(), help, at }.into()
}

/// The points from `low` to `high`, both included where the steps meet it.
fn points(low: f64, high: f64, step: f64) -> Result<Vec<f64>, String> {
    let steps = (high - low) / step;
    if step == 0.0 || !steps.is_finite() || steps < 0.0 {
        return Err("the steps do not lead from the first value to the last".to_owned());
    }
    // A step that is no exact double may end a little before the last point.
    let count = (steps + 1e-9).floor();
    if count >= MOST_POINTS as f64 {
        return Err(format!("these are more than {MOST_POINTS} points"));
    }
    let count = count as usize;
    let is_end = |place: usize| place == count && (steps - steps.round()).abs() < 1e-9;
    Ok((0..=count).map(|place| if is_end(place) { high } else { low + place as f64 * step }).collect())
}

fn add(series: &mut Vec<(String, Vec<f64>)>, place: usize, what: &str, value: &Tensor) {
    let width = value.values.len();
    for (element, one) in value.values.iter().enumerate() {
        let at = place * width + element;
        if series.len() <= at {
            let name = if value.shape == Shape::Scalar { what.to_owned() } else { format!("{what}[{element}]") };
            series.push((name, Vec::new()));
        }
        series[at].1.push(*one);
    }
}

/// The settings of a question, and what is asked for: `x1 = 2, x2 = 0 c`.
fn parts(work: &Work<'_>) -> Result<(Vec<Setting>, Option<Range<usize>>), Problem> {
    let text = work.entry.text();
    let all = trimmed(text, 0..text.len());
    let pieces = split(text, all.clone(), ",");
    let last = pieces.last().cloned().unwrap_or(all.clone());
    let sides = split(text, last, "=");
    let [_, value] = sides.as_slice() else { return Err(malformed("nothing is set here", work.place(all))) };
    let (value, question) = value_and_question(work, value.clone());
    let found = settings(text, all.start..value.end);
    found.map(|settings| (settings, question)).ok_or_else(|| malformed("this is not understood", work.place(all)))
}

/// `0 c` as a value and what is asked for behind it.
fn value_and_question(work: &Work<'_>, range: Range<usize>) -> (Range<usize>, Option<Range<usize>>) {
    let reads = |range: &Range<usize>| compute::read(work.entry, range.clone(), work.ground).is_ok();
    if reads(&range) {
        return (range, None);
    }
    let text = work.entry.text();
    let blanks = text[range.clone()].match_indices([' ', '\t']).map(|(at, _)| range.start + at);
    for at in blanks {
        let (value, question) = (trimmed(text, range.start..at), trimmed(text, at..range.end));
        if !value.is_empty() && !question.is_empty() && reads(&value) && reads(&question) {
            return (value, Some(question));
        }
    }
    (range, None)
}

/// `x1 from -1 to 1 by 0.1 c`, cut at its words.
fn words(work: &Work<'_>, all: Range<usize>) -> Result<[Range<usize>; 4], Problem> {
    let text = work.entry.text();
    let mut parts = Vec::new();
    let mut rest = all.clone();
    for word in ["from", "to", "by"] {
        let sides = split(text, rest.clone(), word);
        let Some(first) = sides.first().filter(|_| sides.len() > 1) else {
            let message = format!("`{word}` is missing");
            return Err(malformed(message, work.place(all)));
        };
        parts.push(first.clone());
        rest = trimmed(text, sides[1].start..rest.end);
    }
    parts.push(rest);
    <[Range<usize>; 4]>::try_from(parts).map_err(|_| malformed("this is not understood", work.place(all)))
}

/// What is asked for in a state: an expression, or all outputs.
fn answers(
    work: &Work<'_>,
    state: &Arc<State>,
    question: Option<Range<usize>>,
) -> Result<Vec<(String, Tensor)>, Problem> {
    if let Some(question) = question {
        let what = work.entry.text()[question.clone()].to_owned();
        let (value, _) = work.value_in(question, state)?;
        return Ok(vec![(what, value)]);
    }
    let network = &state.model.network;
    let whole = work.place(0..work.entry.text().len());
    let mut answers = Vec::new();
    for output in network.outputs() {
        let units = output
            .parts
            .iter()
            .flat_map(|part| part.elements().map(|element| Unit { population: part.population, element }));
        let values: Option<Vec<f64>> = units.map(|unit| state.value(unit)).collect();
        let Some(values) = values else {
            return Err(EntryError::Waiting { names: state.waiting(), at: whole }.into());
        };
        let shape = if output.is_array { Shape::Vector(values.len()) } else { Shape::Scalar };
        answers.push((output.name.clone(), Tensor { shape, values }));
    }
    if answers.is_empty() {
        let message = "the network has no outputs: say what is asked for behind the values";
        return Err(malformed(message, whole));
    }
    Ok(answers)
}

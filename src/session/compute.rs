//! Expressions at the prompt: what is computed from the values that there are.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::Ground;
use super::assign::{Given, set};
use super::error::EntryError;
use super::model::State;
use super::work::Problem;
use crate::ast::{Argument, Expression, ExpressionKind, Reference};
use crate::diagnostic::Diagnostic;
use crate::format::pieces;
use crate::parser::parse_value;
use crate::resolve::{Moment, Thing};
use crate::source::Source;
use crate::value::{Mention, Tensor, visit_names};

/// What an expression may read beside the names of the network: the results before it, by their numbers.
pub(super) type Results<'a> = dyn Fn(u64) -> Option<Tensor> + 'a;

/// An expression as typed, with the results that it reads.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    pub(super) expression: Expression,
    /// Where each result is read, and its number.
    results: Vec<(u32, u64)>,
}

/// The text of a source outside of a range made blank, and `$` before digits made the start of a name.
pub(super) fn mask(text: &str, range: Range<usize>) -> String {
    let mut masked = " ".repeat(range.start);
    let part = &text[range.clone()];
    for (at, character) in part.char_indices() {
        let is_result = character == '$' && part[at + 1..].starts_with(|next: char| next.is_ascii_digit());
        masked.push(if is_result { '_' } else { character });
    }
    masked.push_str(&" ".repeat(text.len() - range.end));
    masked
}

/// Reports of a masked text, in which results are called as they were typed.
pub(super) fn unmasked(mut reports: Vec<Diagnostic>, text: &str) -> Vec<Diagnostic> {
    let mut typed: Vec<&str> = pieces(text).map(|(_, token)| token).collect();
    typed.sort_unstable();
    let named = |text: &mut String| {
        let mut shown = String::with_capacity(text.len());
        let mut at = 0;
        for (start, token) in pieces(text) {
            let number = token.strip_prefix('_').filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
            // What somebody called so keeps its name.
            if let Some(number) = number.filter(|_| typed.binary_search(&token).is_err()) {
                shown.push_str(&text[at..start]);
                shown.extend(["$", number]);
                at = start + token.len();
            }
        }
        shown.push_str(&text[at..]);
        *text = shown;
    };
    for report in &mut reports {
        named(&mut report.message);
        report.help.as_mut().map(named);
        report.label.iter_mut().chain(&mut report.related).for_each(|label| named(&mut label.text));
    }
    reports
}

/// The results that a part of a text reads: where, and which.
fn results(text: &str, range: Range<usize>) -> Vec<(u32, u64)> {
    let marks = text[range.clone()].match_indices('$');
    let read = |(at, _): (usize, &str)| {
        let digits = &text[range.start + at + 1..range.end];
        let end = digits.find(|digit: char| !digit.is_ascii_digit()).unwrap_or(digits.len());
        let number = digits[..end].parse().unwrap_or(if end == 0 { 0 } else { u64::MAX });
        (end > 0).then_some((u32::try_from(range.start + at).unwrap_or(u32::MAX), number))
    };
    marks.filter_map(read).collect()
}

/// Reads the expression at a range of an entry.
pub(super) fn read(entry: &Source, range: Range<usize>, ground: &Ground<'_>) -> Result<Typed, Problem> {
    let masked = entry.masked(mask(entry.text(), range.clone()));
    let expression = parse_value(&masked, ground.limits)
        .map_err(|reports| Problem::Reports(unmasked(reports, &entry.text()[range.clone()])))?;
    Ok(Typed { expression, results: results(entry.text(), range) })
}

impl Typed {
    /// Whether it can stand in the document as the value of `name`: it reads no result, no input and no neuron, and not
    /// itself.
    pub(super) fn is_constant(&self, name: &str, state: &State) -> bool {
        let mut is_constant = self.results.is_empty();
        visit_names(&self.expression, &mut |mention| {
            let read = match mention {
                Mention::Reference(reference) => &reference.name.text,
                Mention::Call(function) => &function.text,
            };
            is_constant &= read != name && !is_unit(state, read);
        });
        is_constant
    }
}

/// Whether a name is that of inputs, neurons or an output.
fn is_unit(state: &State, name: &str) -> bool {
    matches!(
        state.model.known.thing(name),
        Some(Thing::Input(_) | Thing::Neuron(_) | Thing::Output(..) | Thing::Instance)
    )
}

/// The value of an expression in a state.
pub(super) fn value(
    typed: &Typed,
    state: &Arc<State>,
    results: &Results<'_>,
    last: u64,
    ground: &Ground<'_>,
) -> Result<Tensor, Problem> {
    let mut reader = Reader { state, ground, given: HashMap::new(), results, typed, last };
    let expression = reader.prepared(&typed.expression)?;
    reader.compute(&expression)
}

struct Reader<'a> {
    state: &'a Arc<State>,
    ground: &'a Ground<'a>,
    /// Values that stand in the place of references, by where these start.
    given: HashMap<u32, Tensor>,
    results: &'a Results<'a>,
    typed: &'a Typed,
    last: u64,
}

impl Reader<'_> {
    fn compute(&self, expression: &Expression) -> Result<Tensor, Problem> {
        let State { model, .. } = &**self.state;
        let value = |unit| self.state.value(unit);
        let moment = Moment { network: &model.network, limits: self.ground.limits, given: &self.given, value: &value };
        model.known.compute(expression, &moment).map_err(|report| match report {
            Some(report) => Problem::Reports(vec![report]),
            None => EntryError::Waiting { names: self.state.waiting(), at: expression.span }.into(),
        })
    }

    /// An expression in which results and questions, as `c(x1 = 2)`, are references to their values.
    fn prepared(&mut self, expression: &Expression) -> Result<Expression, Problem> {
        let span = expression.span;
        let mut boxed = |inner: &Expression| self.prepared(inner).map(Box::new);
        let kind = match &expression.kind {
            ExpressionKind::Number(_)
            | ExpressionKind::Numbers(_)
            | ExpressionKind::Pi
            | ExpressionKind::Truth(_)
            | ExpressionKind::Text(_) => expression.kind.clone(),
            ExpressionKind::Reference(reference) => {
                self.result(reference)?;
                ExpressionKind::Reference(reference.clone())
            }
            ExpressionKind::Parenthesised(inner) => ExpressionKind::Parenthesised(boxed(inner)?),
            ExpressionKind::Signed(sign, inner) => ExpressionKind::Signed(*sign, boxed(inner)?),
            ExpressionKind::Power(left, right) => ExpressionKind::Power(boxed(left)?, boxed(right)?),
            ExpressionKind::Compare(left, how, right) => ExpressionKind::Compare(boxed(left)?, *how, boxed(right)?),
            ExpressionKind::List(items) => {
                ExpressionKind::List(items.iter().map(|item| self.prepared(item)).collect::<Result<_, _>>()?)
            }
            ExpressionKind::Chain(first, rest) => {
                let first = boxed(first)?;
                let rest = rest.iter().map(|(operator, operand)| Ok((*operator, self.prepared(operand)?)));
                ExpressionKind::Chain(first, rest.collect::<Result<_, Problem>>()?)
            }
            ExpressionKind::Call(name, arguments) if is_unit(self.state, &name.text) => {
                let asked = self.asked(expression, &name.text, arguments)?;
                self.given.insert(span.start, asked);
                let name = name.clone();
                ExpressionKind::Reference(Reference { name, selector: None, span })
            }
            ExpressionKind::Call(name, arguments) => {
                let one = |argument: &Argument| {
                    Ok(Argument { name: argument.name.clone(), value: self.prepared(&argument.value)? })
                };
                ExpressionKind::Call(name.clone(), arguments.iter().map(one).collect::<Result<_, Problem>>()?)
            }
        };
        Ok(Expression { kind, span })
    }

    /// Takes the value of a reference that is a result.
    fn result(&mut self, reference: &Reference) -> Result<(), Problem> {
        let start = reference.span.start;
        let Some((_, number)) = self.typed.results.iter().find(|(at, _)| *at == start) else { return Ok(()) };
        if let Some(selector) = &reference.selector {
            let message = format!("`${number}` is shown whole");
            let help = "elements are picked from names: `h[0]`".to_owned();
            let at = match selector {
                crate::ast::Selector::Index(index) => index.span,
                crate::ast::Selector::Slice(first, _) => first.span,
            };
            return Err(EntryError::Malformed { message, help, at }.into());
        }
        let (number, last, at) = (*number, self.last, reference.span);
        let value = (self.results)(number).ok_or(match number {
            old if (1..=last).contains(&old) => EntryError::Forgotten { number, at },
            _ => EntryError::UnknownResult { number, last, at },
        })?;
        self.given.insert(start, value);
        Ok(())
    }

    /// The value of `name` with other inputs, weights, biases or consts.
    fn asked(&mut self, whole: &Expression, name: &str, arguments: &[Argument]) -> Result<Tensor, Problem> {
        let mut state = Arc::clone(self.state);
        for argument in arguments {
            let Some(target) = &argument.name else {
                let message = format!("{} is no function", crate::text::quoted(name));
                let first = self.state.model.network.inputs().next().map_or("x1", |(_, input)| &input.name);
                let help = format!(
                    "name what it is asked with: `{0}({1} = 2)`",
                    crate::text::shown(name),
                    crate::text::shown(first)
                );
                return Err(EntryError::Malformed { message, help, at: argument.value.span }.into());
            };
            let prepared = self.prepared(&argument.value)?;
            let value = self.compute(&prepared)?;
            let reference = Reference { name: target.clone(), selector: None, span: target.span };
            let given = Given::Computed { value, at: argument.value.span };
            state = Arc::new(set(&state, &reference, given, self.ground)?.state);
        }
        let reference = Reference {
            name: crate::ast::Name { text: name.to_owned(), span: whole.span },
            selector: None,
            span: whole.span,
        };
        let expression = Expression { kind: ExpressionKind::Reference(reference), span: whole.span };
        let nothing = Typed { expression, results: Vec::new() };
        value(&nothing, &state, self.results, self.last, self.ground)
    }
}

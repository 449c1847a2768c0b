//! The engine of a prompt: a document that grows statement by statement, the values of its inputs, and what was asked.
//!
//! The truth is one text, the document; what is typed changes it where it stands, and it is resolved as a whole. So
//! what is saved is what was computed, undoing is an earlier text, and every error has a real place. It reads files
//! through [`Files`] alone and knows no terminal.

mod ask;
mod assign;
mod change;
mod compute;
mod edit;
mod entry;
mod error;
mod explore;
mod merge;
mod model;
mod remove;

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

pub use ask::{Asked, Swept};
pub use change::{Change, Changes, Of, Written};
pub use explore::{Named, Passage};

use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::eval::{Inputs, Trace};
use crate::files::Files;
use crate::limits::Limits;
use crate::network::{Network, Unit};
use crate::parser::parse;
use crate::plan::Plan;
use crate::source::{Source, Sources};
use crate::span::Span;
use crate::value::{Shape, Tensor};
use edit::{Edit, apply, point_into_entry};
use entry::{Deed, deeds};
use error::EntryError;
use merge::merge;
use model::{ENTRY, Model, Settings, State, sources_of};

/// What a session may use: the files that a document names, and what it may cost.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The files.
    pub files: &'a dyn Files,
    /// The limits.
    pub limits: &'a Limits,
}

/// Why an entry was refused; the session is as it was.
#[derive(Debug)]
pub struct Failure {
    /// What is wrong, sorted by place; warnings among them.
    pub diagnostics: Vec<Diagnostic>,
    /// What they point into.
    pub sources: Sources,
}

/// What came of a part of an entry.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The network or an input changed.
    Changed(Changes),
    /// Something was shown or computed.
    Value(Value),
}

/// A value with its number, under which it can be read as `$1`.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// The number.
    pub number: u64,
    /// The shape.
    pub shape: Shape,
    /// The values, a matrix row by row.
    pub values: Vec<f64>,
}

/// What came of an entry.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Entered {
    /// What came of its parts, in order.
    pub answers: Vec<Answer>,
    /// Warnings that were not there before. What only says that a network is not finished is left out.
    pub warnings: Vec<Diagnostic>,
}

/// A network at a prompt: what was typed so far, the values of its inputs, what can be undone, the results.
///
/// ```
/// use neuronc::session::{Answer, Ground, Session};
/// use neuronc::{Limits, NoFiles};
///
/// let limits = Limits::default();
/// let ground = Ground { files: &NoFiles, limits: &limits };
/// let mut session = Session::new("session", &ground);
/// for entry in ["input x = 2", "neuron y { bias = 1 }", "x -> y : 0.5", "x = 4"] {
///     session.enter(entry, &ground).unwrap();
/// }
/// let entered = session.enter("y", &ground).unwrap();
/// let Answer::Value(value) = &entered.answers[0] else { panic!("it is a value") };
/// assert_eq!((value.number, value.values[0]), (1, 3.0));
/// assert!(session.enter("z", &ground).is_err());
/// session.undo().unwrap();
/// assert_eq!(session.enter("y - $1", &ground).unwrap().answers.len(), 1);
/// assert_eq!(session.text(), "input x = 2\n\nneuron y { bias = 1 }\n\nx -> y : 0.5\n");
/// ```
#[derive(Debug, Clone)]
pub struct Session {
    /// What can be undone and redone.
    history: Vec<Step>,
    /// Which of the history is now.
    now: usize,
    /// The last results.
    results: Vec<Kept>,
    /// How many results there were.
    counted: u64,
    /// How many entries there were.
    entries: u64,
}

/// A state, and what led to it.
#[derive(Debug, Clone)]
struct Step {
    state: Arc<State>,
    entry: Arc<str>,
    /// The state in which the document was loaded or saved last, which `reset` goes back to.
    base: Arc<State>,
}

/// A result.
#[derive(Debug, Clone)]
struct Kept {
    number: u64,
    value: Arc<Tensor>,
    /// The evaluation that it is of, while that is kept.
    state: Option<Arc<State>>,
}

/// So many bytes the states that can be undone may take, about.
const MOST_HISTORY: usize = 512 << 20;
/// So many steps can be undone.
const MOST_STEPS: usize = 1_000;
/// So many results can be read.
const MOST_RESULTS: usize = 1_000;
/// So many bytes the evaluations of results may take, about.
const MOST_RESULT_BYTES: usize = 128 << 20;

/// What is being done for an entry; nothing of it is the session's yet.
struct Work<'a> {
    session: &'a Session,
    ground: &'a Ground<'a>,
    entry: &'a Source,
    state: Arc<State>,
    results: Vec<Kept>,
    counted: u64,
    warnings: Vec<Diagnostic>,
}

/// Why something of an entry is refused.
enum Problem {
    Entry(Box<EntryError>),
    Reports(Vec<Diagnostic>),
    Failure(Box<Failure>),
}

impl From<EntryError> for Problem {
    fn from(error: EntryError) -> Problem {
        Problem::Entry(Box::new(error))
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Problem {
        Problem::Failure(Box::new(failure))
    }
}

impl Problem {
    /// A report, or none if it was made before.
    fn of(report: Option<Diagnostic>) -> Problem {
        Problem::Reports(report.into_iter().collect())
    }
}

impl Session {
    /// A session without a file; its document is called `name`.
    ///
    /// # Panics
    /// Never: an empty document has no errors.
    #[must_use]
    pub fn new(name: &str, ground: &Ground<'_>) -> Session {
        let model = Model::of(name, "", ("", ""), ground);
        let model = model.unwrap_or_else(|_| panic!("an empty document has no errors"));
        Session::start(State::of(Arc::new(model), Settings::new()))
    }

    /// A session on the text of a file called `name`.
    ///
    /// # Errors
    /// The file has errors.
    pub fn open(name: &str, text: Vec<u8>, ground: &Ground<'_>) -> Result<(Session, Vec<Diagnostic>), Failure> {
        let (model, warnings) = opened(name, text, ground)?;
        Ok((Session::start(State::of(Arc::new(model), Settings::new())), warnings))
    }

    fn start(state: State) -> Session {
        let state = Arc::new(state);
        let first = Step { state: Arc::clone(&state), entry: Arc::from(""), base: state };
        Session { history: vec![first], now: 0, results: Vec::new(), counted: 0, entries: 0 }
    }

    /// Does what is typed: statements come into the document, in the place of those with the same names or ends;
    /// `NAME = VALUE` sets something; anything else is computed and gets a number.
    ///
    /// # Errors
    /// Something of it is wrong. The session is as it was.
    pub fn enter(&mut self, text: &str, ground: &Ground<'_>) -> Result<Entered, Failure> {
        self.work(text, ground, |work| {
            let mut answers = Vec::new();
            for deed in deeds(work.entry.text()) {
                answers.push(match deed {
                    Deed::Statements(range) => Answer::Changed(work.statements(range, false)?),
                    Deed::Add(range) => Answer::Changed(work.statements(range, true)?),
                    Deed::Settings(settings) => Answer::Changed(work.settings(&settings)?),
                    Deed::Expression(range) => Answer::Value(work.expression(range)?),
                });
            }
            Ok(answers)
        })
    }

    /// Takes away what `what` names: `c`, `output c`, `expect 2`, `a -> b`.
    ///
    /// # Errors
    /// There is no such thing, or something else needs it. The session is as it was.
    pub fn remove(&mut self, what: &str, ground: &Ground<'_>) -> Result<Entered, Failure> {
        self.work(what, ground, |work| {
            let range = 0..work.entry.text().len();
            let (edits, written) = remove::removal(work, range.clone())?;
            let before = Arc::clone(&work.state);
            match rebuilt(&before, edits.clone(), work.entry, work.ground) {
                Ok(state) => work.state = Arc::new(state),
                Err(Problem::Failure(failure)) => {
                    let name = written.what.clone();
                    return Err(remove::needed(&before.model, &edits, &name, &failure.diagnostics, work.place(range)));
                }
                Err(problem) => return Err(problem),
            }
            Ok(vec![Answer::Changed(work.changes(&before, vec![written]))])
        })
    }

    /// Works on an entry; the session changes only if all of it succeeds.
    fn work(
        &mut self,
        text: &str,
        ground: &Ground<'_>,
        deed: impl FnOnce(&mut Work<'_>) -> Result<Vec<Answer>, Problem>,
    ) -> Result<Entered, Failure> {
        let name = format!("<entry {}>", self.entries + 1);
        let state = Arc::clone(&self.history[self.now].state);
        let sources = sources_of(self.name(), state.model.text(), (&name, text), ground)?;
        let results = Vec::new();
        let entry = sources.get(ENTRY);
        let counted = self.counted;
        let mut work = Work { session: self, ground, entry, state, results, counted, warnings: Vec::new() };
        match deed(&mut work) {
            Ok(answers) => {
                let Work { state, results, counted, warnings, .. } = work;
                let entry = Arc::from(text.trim());
                self.entries += 1;
                self.counted = counted;
                self.results.extend(results);
                let base = Arc::clone(self.base());
                self.go_on(state, entry, base);
                Ok(Entered { answers, warnings })
            }
            Err(Problem::Failure(failure)) => Err(*failure),
            Err(Problem::Reports(diagnostics)) => Err(Failure { diagnostics, sources }),
            Err(Problem::Entry(error)) => Err(Failure { diagnostics: vec![error.report()], sources }),
        }
    }

    /// Makes a state the one of now, if it is another.
    fn go_on(&mut self, state: Arc<State>, entry: Arc<str>, base: Arc<State>) {
        let now = self.state();
        if !Arc::ptr_eq(&state.model, &now.model) || state.set != now.set {
            self.history.truncate(self.now + 1);
            self.history.push(Step { state, entry, base });
            self.now = self.history.len() - 1;
        }
        self.forget();
    }

    /// Lets go of what is too old or takes too much.
    fn forget(&mut self) {
        let mut bytes = 0;
        let mut kept = 0;
        for (place, step) in self.history.iter().enumerate().rev() {
            let before = place.checked_sub(1).map(|before| &self.history[before].state.model);
            let own_model = before.is_none_or(|before| !Arc::ptr_eq(before, &step.state.model));
            bytes += step.state.cost() + if own_model { step.state.model.cost() } else { 0 };
            if kept > 0 && (bytes > MOST_HISTORY || kept >= MOST_STEPS) {
                break;
            }
            kept += 1;
        }
        let dropped = (self.history.len() - kept).min(self.now);
        self.history.drain(..dropped);
        self.now -= dropped;
        let gone = self.results.len().saturating_sub(MOST_RESULTS);
        self.results.drain(..gone);
        let models: HashSet<*const Model> = self.history.iter().map(|step| Arc::as_ptr(&step.state.model)).collect();
        let mut bytes = 0;
        for result in self.results.iter_mut().rev() {
            bytes += result.value.values.len() * 8;
            let Some(state) = &result.state else { continue };
            let is_in_history = models.contains(&Arc::as_ptr(&state.model));
            bytes += state.cost() + if is_in_history { 0 } else { state.model.cost() };
            if bytes > MOST_RESULT_BYTES {
                result.state = None;
            }
        }
        let values = |kept: &Kept| kept.value.values.len() * 8;
        let mut bytes: usize = self.results.iter().map(values).sum();
        while bytes > MOST_RESULT_BYTES && self.results.len() > 1 {
            bytes -= values(&self.results.remove(0));
        }
    }

    fn state(&self) -> &Arc<State> {
        &self.history[self.now].state
    }

    fn base(&self) -> &Arc<State> {
        &self.history[self.now].base
    }

    /// Takes back the last change of the network or an input. Gives what led to it, and what changes back.
    ///
    /// # Errors
    /// There is none.
    pub fn undo(&mut self) -> Result<(String, Changes), Failure> {
        let Some(before) = self.now.checked_sub(1) else { return Err(self.nothing_to("undo")) };
        let entry = self.history[self.now].entry.to_string();
        let changes = change::changes(self.state(), &self.history[before].state, Vec::new());
        self.now = before;
        Ok((entry, changes))
    }

    /// Does again what was undone. Gives what led to it, and what changes.
    ///
    /// # Errors
    /// Nothing was undone.
    pub fn redo(&mut self) -> Result<(String, Changes), Failure> {
        let Some(step) = self.history.get(self.now + 1) else { return Err(self.nothing_to("redo")) };
        let entry = step.entry.to_string();
        let changes = change::changes(self.state(), &step.state, Vec::new());
        self.now += 1;
        Ok((entry, changes))
    }

    fn nothing_to(&self, what: &'static str) -> Failure {
        Failure { diagnostics: vec![EntryError::NothingTo { what }.report()], sources: self.sources().clone() }
    }

    /// Goes back to how the document was loaded or saved last, or to nothing, and to the defaults of all inputs. It can
    /// be undone.
    pub fn reset(&mut self) -> Changes {
        let base = Arc::clone(self.base());
        let changes = change::changes(self.state(), &base, Vec::new());
        self.go_on(Arc::clone(&base), Arc::from(":reset"), base);
        changes
    }

    /// Takes the text of a file as the document, and keeps the inputs that were set as far as they fit if it is the one
    /// of before; gives what changes, and the warnings. It can be undone.
    ///
    /// # Errors
    /// The text has errors. The session is as it was.
    pub fn load(
        &mut self,
        name: &str,
        text: Vec<u8>,
        ground: &Ground<'_>,
    ) -> Result<(Changes, Vec<Diagnostic>), Failure> {
        let (model, warnings) = opened(name, text, ground)?;
        let is_same = name == self.name();
        let set = if is_same { self.state().set.clone() } else { Settings::new() };
        let model = Arc::new(model);
        let base = Arc::new(State::of(Arc::clone(&model), Settings::new()));
        let state = Arc::new(State::of(model, set));
        let changes = change::changes(self.state(), &state, Vec::new());
        let entry = if is_same { ":reload".to_owned() } else { format!(":load {name}") };
        self.go_on(state, Arc::from(entry), base);
        Ok((changes, warnings))
    }

    /// Takes note that the document was saved as the file `name`.
    ///
    /// # Errors
    /// Under that name the document has errors, as files that it names are not there. The session is as it was.
    pub fn saved(&mut self, name: &str, ground: &Ground<'_>) -> Result<(), Failure> {
        let now = self.state();
        let state = if name == self.name() {
            Arc::clone(now)
        } else {
            let model = Model::of(name, now.model.text(), ("", ""), ground)?;
            Arc::new(State::of(Arc::new(model), now.set.clone()))
        };
        let base = Arc::new(State::of(Arc::clone(&state.model), Settings::new()));
        let step = &mut self.history[self.now];
        (step.state, step.base) = (state, base);
        Ok(())
    }

    /// The name of the document.
    #[must_use]
    pub fn name(&self) -> &str {
        self.state().model.document().name()
    }

    /// Whether the document differs from the one that was loaded or saved last.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.state().model.text() != self.base().model.text()
    }

    /// The document in its layout, with its comments.
    #[must_use]
    pub fn text(&self) -> String {
        let model = &self.state().model;
        crate::format::format(&model.program, model.document())
    }

    /// The network.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.state().model.network
    }

    /// The plan by which it is computed, with every neuron.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.state().model.plan
    }

    /// What the network's places point into.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.state().model.sources
    }

    /// The values of the inputs: defaults, and what was set.
    #[must_use]
    pub fn inputs(&self) -> &Inputs {
        &self.state().inputs
    }

    /// The names of the inputs that were set.
    pub fn set_inputs(&self) -> impl Iterator<Item = &str> {
        self.state().set.keys().map(String::as_str)
    }

    /// The value of an input or neuron; none while an input that it may need has none.
    ///
    /// # Panics
    /// If the unit is of another network.
    #[must_use]
    pub fn value(&self, unit: Unit) -> Option<f64> {
        self.state().value(unit)
    }

    /// Everything that the evaluation computed; none while an input has no value.
    #[must_use]
    pub fn trace(&self) -> Option<Trace> {
        self.state().trace()
    }

    /// The inputs that have neither a value nor a default.
    #[must_use]
    pub fn waiting(&self) -> Vec<String> {
        self.state().waiting()
    }

    /// The first neuron whose net input or output is not finite.
    #[must_use]
    pub fn culprit(&self) -> Option<Unit> {
        self.state().culprit
    }

    /// All warnings of the document.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.state().model.warnings
    }

    /// How many results there were.
    #[must_use]
    pub fn result_count(&self) -> u64 {
        self.counted
    }

    /// Whether the network declares a name: of an input, a neuron, a weight, a bias, a const, an output.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        self.state().model.known.thing(name).is_some()
    }
}

/// The model of a file's bytes, and its warnings.
fn opened(name: &str, text: Vec<u8>, ground: &Ground<'_>) -> Result<(Model, Vec<Diagnostic>), Failure> {
    // Line ends and marks of encodings are made alike before the text is a document.
    let mut sources = Sources::new();
    let text = match sources.add(name, text, ground.limits) {
        Ok(file) => sources.get(file).text().to_owned(),
        Err(error) => return Err(Failure { diagnostics: vec![error], sources }),
    };
    let model = Model::of(name, &text, ("", ""), ground)?;
    let warnings = model.warnings.clone();
    Ok((model, warnings))
}

/// The state after edits of the document.
fn rebuilt(state: &Arc<State>, edits: Vec<Edit>, entry: &Source, ground: &Ground<'_>) -> Result<State, Problem> {
    let model = &state.model;
    let (text, moved) = apply(model.text(), entry.text(), edits);
    if text == model.text() {
        return Ok(State::of(Arc::clone(model), state.set.clone()));
    }
    let entry = (entry.name(), entry.text());
    match Model::of(model.document().name(), &text, entry, ground) {
        Ok(mut model) => {
            model.warnings.iter_mut().for_each(|warning| point_into_entry(warning, &moved));
            Ok(State::of(Arc::new(model), state.set.clone()))
        }
        Err(mut failure) => {
            failure.diagnostics.retain(|report| report.severity == Severity::Error);
            failure.diagnostics.iter_mut().for_each(|report| point_into_entry(report, &moved));
            Err(failure.into())
        }
    }
}

impl Work<'_> {
    fn place(&self, range: Range<usize>) -> Span {
        Span::new(ENTRY, range)
    }

    /// Statements come into the document.
    fn statements(&mut self, range: Range<usize>, beside: bool) -> Result<Changes, Problem> {
        let text = self.entry.text();
        let blank = |part: &str| {
            part.chars()
                .map(|it| if it == '\n' { "\n".to_owned() } else { " ".repeat(it.len_utf8()) })
                .collect::<String>()
        };
        let masked = format!("{}{}{}", blank(&text[..range.start]), &text[range.clone()], blank(&text[range.end..]));
        let (program, diagnostics) = parse(&self.entry.masked(masked), self.ground.limits);
        if diagnostics.has_errors() {
            return Err(Problem::Reports(diagnostics.into_sorted()));
        }
        let merged = merge(&self.state.model, &program, text, range.start, beside)?;
        let before = Arc::clone(&self.state);
        self.state = Arc::new(rebuilt(&before, merged.edits, self.entry, self.ground)?);
        let changes = self.changes(&before, merged.written);
        // Who adds a second one knows of the first.
        self.warnings.retain(|warning| !beside || warning.code != Code::W0205);
        Ok(changes)
    }

    /// Inputs, weights, biases, consts and properties are set, in order.
    fn settings(&mut self, settings: &[entry::Setting]) -> Result<Changes, Problem> {
        let before = Arc::clone(&self.state);
        let mut written = Vec::new();
        for setting in settings {
            let set = assign::assign(self, setting)?;
            self.state = Arc::new(set.state);
            written.extend(set.written);
        }
        Ok(self.changes(&before, written))
    }

    /// What changed, with warnings that are new.
    fn changes(&mut self, before: &Arc<State>, written: Vec<Written>) -> Changes {
        let is_new = |warning: &&Diagnostic| {
            let same = |old: &Diagnostic| old.code == warning.code && old.message == warning.message;
            !before.model.warnings.iter().any(same) && !is_of_unfinished(warning)
        };
        if !Arc::ptr_eq(&before.model, &self.state.model) {
            self.warnings.extend(self.state.model.warnings.iter().filter(is_new).cloned());
        }
        change::changes(before, &self.state, written)
    }

    /// An expression is computed and gets a number.
    fn expression(&mut self, range: Range<usize>) -> Result<Value, Problem> {
        let (value, _) = self.value(range)?;
        Ok(self.keep(value, Arc::clone(&self.state)))
    }

    /// Gives a value of a state a number.
    fn keep(&mut self, value: Tensor, state: Arc<State>) -> Value {
        self.counted += 1;
        let number = self.counted;
        let (shape, values) = (value.shape, value.values.clone());
        self.results.push(Kept { number, value: Arc::new(value), state: Some(state) });
        Value { number, shape, values }
    }

    /// The value of the expression at a range of the entry, and its place.
    fn value(&self, range: Range<usize>) -> Result<(Tensor, Span), Problem> {
        self.value_in(range, &self.state)
    }

    fn value_in(&self, range: Range<usize>, state: &Arc<State>) -> Result<(Tensor, Span), Problem> {
        let typed = compute::read(self.entry, range, self.ground)?;
        let at = typed.expression.span;
        let results = |number| self.result(number).map(|kept| Tensor::clone(&kept.value));
        Ok((compute::value(&typed, state, &results, self.counted, self.ground)?, at))
    }

    fn result(&self, number: u64) -> Option<&Kept> {
        self.results.iter().chain(&self.session.results).find(|kept| kept.number == number)
    }
}

/// Whether a warning only says that something is not connected yet.
fn is_of_unfinished(warning: &Diagnostic) -> bool {
    matches!(warning.code, Code::W0201 | Code::W0202 | Code::W0203 | Code::W0204)
}

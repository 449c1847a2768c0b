//! The engine of a prompt: a document that grows statement by statement, the values of its inputs, and what was asked.
//!
//! The truth is one text, the document; what is typed changes it where it stands, and it is resolved as a whole. So
//! what is saved is what was computed, undoing is an earlier text, and every error has a real place. It reads files
//! through [`Files`] alone and knows no terminal.

mod ask;
mod assign;
mod change;
mod compute;
mod document;
mod edit;
mod entry;
mod error;
mod explore;
mod history;
mod items;
mod merge;
mod model;
mod remove;
mod synapse;
mod unknown;
mod work;

use std::sync::Arc;

pub use ask::{Asked, Swept};
pub use change::{Change, Changes, Of, Written};
pub use explore::{Named, Passage};

use crate::diagnostic::Diagnostic;
use crate::eval::{Inputs, Trace};
use crate::files::Files;
use crate::limits::Limits;
use crate::network::{Network, Unit};
use crate::plan::Plan;
use crate::source::Sources;
use crate::value::{Shape, Tensor};
use entry::{Deed, deeds};
use history::{Document, Step, opened};
use model::{ENTRY, Model, Settings, State, sources_of};
use work::{Problem, Work, rebuilt};

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
/// session.undo(&ground).unwrap();
/// assert_eq!(session.enter("y - $1", &ground).unwrap().answers.len(), 1);
/// assert_eq!(session.text(), "input x = 2\n\nneuron y { bias = 1 }\n\nx -> y : 0.5\n");
/// ```
#[derive(Debug, Clone)]
pub struct Session {
    /// What there is now.
    state: Arc<State>,
    /// What can be undone and redone.
    history: Vec<Step>,
    /// Which of the history is now.
    now: usize,
    /// The documents that steps are of.
    documents: Vec<Document>,
    /// The last results.
    results: Vec<Kept>,
    /// How many results there were.
    counted: u64,
    /// How many entries there were.
    entries: u64,
}

/// A result.
#[derive(Debug, Clone)]
struct Kept {
    number: u64,
    value: Arc<Tensor>,
    /// The evaluation that it is of, while that is kept.
    state: Option<Arc<State>>,
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
        let document = Document::of(&state.model);
        let state = Arc::new(state);
        let first = Step::new(&state, Arc::from(""), 0);
        let (history, documents) = (vec![first], vec![document]);
        Session { state, history, now: 0, documents, results: Vec::new(), counted: 0, entries: 0 }
    }

    /// Does what is typed: statements come into the document, in the place of those with the same names or ends;
    /// `NAME = VALUE` sets something; anything else is computed and gets a number.
    ///
    /// # Errors
    /// Something of it is wrong. The session is as it was.
    pub fn enter(&mut self, text: &str, ground: &Ground<'_>) -> Result<Entered, Failure> {
        self.work("", text, ground, |work| {
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
        self.work(":remove ", what, ground, |work| {
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

    /// Works on an entry, which undoing shows behind `command`; the session changes only if all of it succeeds.
    fn work(
        &mut self,
        command: &str,
        text: &str,
        ground: &Ground<'_>,
        deed: impl FnOnce(&mut Work<'_>) -> Result<Vec<Answer>, Problem>,
    ) -> Result<Entered, Failure> {
        let name = format!("<entry {}>", self.entries + 1);
        let state = Arc::clone(&self.state);
        let sources = sources_of(self.name(), state.model.text(), (&name, text), ground)?;
        let results = Vec::new();
        let entry = sources.get(ENTRY);
        let counted = self.counted;
        let mut work = Work { session: self, ground, entry, state, results, counted, warnings: Vec::new() };
        match deed(&mut work) {
            Ok(answers) => {
                let Work { state, results, counted, warnings, .. } = work;
                let entry = Arc::from(format!("{command}{}", text.trim()));
                self.entries += 1;
                self.counted = counted;
                self.results.extend(results);
                self.go_on(state, entry, self.history[self.now].document);
                Ok(Entered { answers, warnings })
            }
            Err(Problem::Failure(failure)) => Err(*failure),
            Err(Problem::Reports(diagnostics)) => Err(Failure { diagnostics, sources }),
            Err(Problem::Entry(error)) => Err(Failure { diagnostics: vec![error.report()], sources }),
        }
    }

    fn state(&self) -> &Arc<State> {
        &self.state
    }

    /// The name of the document.
    #[must_use]
    pub fn name(&self) -> &str {
        self.state.model.document().name()
    }

    /// Whether the document differs from the one that was loaded or saved last.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        let base = &self.documents[self.history[self.now].document].base;
        self.state.model.text() != base.as_str()
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

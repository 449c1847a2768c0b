//! What was: undoing, going back, other documents, and how much of it is kept.

use std::collections::HashSet;
use std::sync::Arc;

use super::change::{Changes, changes, dropped};
use super::error::EntryError;
use super::model::{Model, Settings, State};
use super::{Failure, Ground, Kept, Session};
use crate::diagnostic::Diagnostic;
use crate::source::Sources;

/// So many bytes the texts and inputs that can be undone may take.
const MOST_HISTORY: usize = 256 << 20;
/// So many steps can be undone.
const MOST_STEPS: usize = 1_000;
/// So many networks around the one of now are kept; those farther away are made of their texts again.
const MOST_MODELS: usize = 4;
/// So many bytes these and their values may take, about.
const MOST_STATES: usize = 256 << 20;
/// So many results can be read.
const MOST_RESULTS: usize = 1_000;
/// So many bytes the evaluations of results may take, about.
const MOST_RESULT_BYTES: usize = 128 << 20;

/// A text that is worked on. Its name is no part of a step, so that what is undone after saving stays the same file's.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub(super) name: String,
    /// How it was loaded or saved last, which `reset` goes back to.
    pub(super) base: Arc<String>,
}

impl Document {
    pub(super) fn of(model: &Model) -> Document {
        Document { name: model.document().name().to_owned(), base: model.document().shared_text() }
    }
}

/// What was at some time, and what led to it.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// Which of the documents it is of.
    pub(super) document: usize,
    entry: Arc<str>,
    text: Arc<String>,
    set: Settings,
    /// What is made of these, while that is kept.
    state: Option<Arc<State>>,
}

impl Step {
    pub(super) fn new(state: &Arc<State>, entry: Arc<str>, document: usize) -> Step {
        let text = state.model.document().shared_text();
        Step { document, entry, text, set: state.set.clone(), state: Some(Arc::clone(state)) }
    }
}

impl Session {
    /// Makes a state the one of now, if it is another.
    pub(super) fn go_on(&mut self, state: Arc<State>, entry: Arc<str>, document: usize) {
        let now = &self.state;
        let is_other = !Arc::ptr_eq(&state.model, &now.model) || state.set != now.set;
        if is_other || self.history[self.now].document != document {
            self.history.truncate(self.now + 1);
            self.history.push(Step::new(&state, entry, document));
            self.now = self.history.len() - 1;
            self.state = state;
        }
        self.forget();
    }

    /// Lets go of what is too old or takes too much.
    fn forget(&mut self) {
        let mut bytes = 0;
        let mut kept = 0;
        for (place, step) in self.history.iter().enumerate().rev() {
            let before = place.checked_sub(1).map(|before| &self.history[before].text);
            let is_own = before.is_none_or(|before| !Arc::ptr_eq(before, &step.text));
            let values: usize = step.set.values().map(Vec::len).sum();
            bytes += values * size_of::<Option<f64>>() + if is_own { step.text.len() } else { 0 };
            if kept > 0 && (bytes > MOST_HISTORY || kept >= MOST_STEPS) {
                break;
            }
            kept += 1;
        }
        let gone = (self.history.len() - kept).min(self.now);
        self.history.drain(..gone);
        self.now -= gone;
        let used: HashSet<usize> = self.history.iter().map(|step| step.document).collect();
        for (place, document) in self.documents.iter_mut().enumerate() {
            if !used.contains(&place) {
                document.base = Arc::default();
            }
        }
        let models = self.forget_states();
        self.forget_results(&models);
    }

    /// Keeps the states of the steps next to the one of now; gives their models.
    fn forget_states(&mut self) -> HashSet<*const Model> {
        let now = self.now;
        let mut places: Vec<usize> = (0..self.history.len()).collect();
        places.sort_by_key(|place| place.abs_diff(now));
        let mut models = HashSet::new();
        let mut bytes = 0;
        for place in places {
            let step = &mut self.history[place];
            let Some(state) = &step.state else { continue };
            let is_new = !models.contains(&Arc::as_ptr(&state.model));
            bytes += state.cost() + if is_new { state.model.cost } else { 0 };
            let is_too_much = is_new && models.len() >= MOST_MODELS || bytes > MOST_STATES;
            if is_too_much && place != now {
                step.state = None;
            } else {
                models.insert(Arc::as_ptr(&state.model));
            }
        }
        models
    }

    /// Forgets results, and the evaluations that they are of; the models of the history cost nothing more.
    fn forget_results(&mut self, history: &HashSet<*const Model>) {
        let gone = self.results.len().saturating_sub(MOST_RESULTS);
        self.results.drain(..gone);
        let mut models = history.clone();
        let mut bytes = 0;
        for result in self.results.iter_mut().rev() {
            bytes += result.value.values.len() * size_of::<f64>();
            let Some(state) = &result.state else { continue };
            bytes += state.cost() + if models.insert(Arc::as_ptr(&state.model)) { state.model.cost } else { 0 };
            if bytes > MOST_RESULT_BYTES {
                result.state = None;
            }
        }
        let values = |kept: &Kept| kept.value.values.len() * size_of::<f64>();
        let mut bytes: usize = self.results.iter().map(values).sum();
        while bytes > MOST_RESULT_BYTES && self.results.len() > 1 {
            bytes -= values(&self.results.remove(0));
        }
    }

    /// The name of the document that undoing leads to.
    #[must_use]
    pub fn name_before(&self) -> Option<&str> {
        self.now.checked_sub(1).map(|place| self.name_at(place))
    }

    /// The name of the document that redoing leads to.
    #[must_use]
    pub fn name_behind(&self) -> Option<&str> {
        (self.now + 1 < self.history.len()).then(|| self.name_at(self.now + 1))
    }

    fn name_at(&self, place: usize) -> &str {
        &self.documents[self.history[place].document].name
    }

    /// Takes back the last change of the network or an input. Gives what led to it, and what changes back. The files of
    /// `ground` are those of the document called [`Session::name_before`].
    ///
    /// # Errors
    /// There is none; or it is so long ago that the network is made of its text again, and a file that this names is no
    /// longer what it was. The session is as it was.
    pub fn undo(&mut self, ground: &Ground<'_>) -> Result<(String, Changes), Failure> {
        let Some(before) = self.now.checked_sub(1) else { return Err(self.nothing_to("undo")) };
        let entry = self.history[self.now].entry.to_string();
        Ok((entry, self.go_to(before, ground)?))
    }

    /// Does again what was undone. Gives what led to it, and what changes. The files of `ground` are those of the
    /// document called [`Session::name_behind`].
    ///
    /// # Errors
    /// Nothing was undone; or as [`Session::undo`].
    pub fn redo(&mut self, ground: &Ground<'_>) -> Result<(String, Changes), Failure> {
        let next = self.now + 1;
        let Some(step) = self.history.get(next) else { return Err(self.nothing_to("redo")) };
        let entry = step.entry.to_string();
        Ok((entry, self.go_to(next, ground)?))
    }

    fn go_to(&mut self, place: usize, ground: &Ground<'_>) -> Result<Changes, Failure> {
        let step = &self.history[place];
        let state = match &step.state {
            Some(state) => Arc::clone(state),
            None => {
                let model = self.model_of(step.document, &step.text, ground)?;
                Arc::new(State::of(model, step.set.clone()))
            }
        };
        let changed = changes(&self.state, &state, Vec::new());
        self.history[place] = Step { state: Some(Arc::clone(&state)), ..self.history[place].clone() };
        self.now = place;
        self.state = state;
        self.forget();
        Ok(changed)
    }

    /// The model of a text of a document: one that is kept, or a new one.
    fn model_of(&self, document: usize, text: &Arc<String>, ground: &Ground<'_>) -> Result<Arc<Model>, Failure> {
        let name = &self.documents[document].name;
        let kept = self.history.iter().filter(|step| step.document == document && Arc::ptr_eq(&step.text, text));
        if let Some(state) = kept.filter_map(|step| step.state.as_ref()).next() {
            return Ok(Arc::clone(&state.model));
        }
        Model::of(name, text, ("", ""), ground).map(Arc::new)
    }

    fn nothing_to(&self, what: &'static str) -> Failure {
        Failure { diagnostics: vec![EntryError::NothingTo { what }.report()], sources: self.sources().clone() }
    }

    /// Goes back to how the document was loaded or saved last, or to nothing, and to the defaults of all inputs. It can
    /// be undone.
    ///
    /// # Errors
    /// A file that the document names is no longer what it was. The session is as it was.
    pub fn reset(&mut self, ground: &Ground<'_>) -> Result<Changes, Failure> {
        let document = self.history[self.now].document;
        let base = Arc::clone(&self.documents[document].base);
        let model = match self.is_changed() {
            true => self.model_of(document, &base, ground)?,
            false => Arc::clone(&self.state.model),
        };
        let state = Arc::new(State::of(model, Settings::new()));
        let changed = changes(&self.state, &state, Vec::new());
        self.go_on(state, Arc::from(":reset"), document);
        Ok(changed)
    }

    /// Takes the text of a file as the document, and keeps the inputs that were set as far as they fit if it is the one
    /// of before; gives what changes, and the warnings. It can be undone, which leads back to the document of before and
    /// its file.
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
        let set = if is_same { self.state.set.clone() } else { Settings::new() };
        let loaded = Document::of(&model);
        let state = Arc::new(State::of(Arc::new(model), set));
        let mut changed = changes(&self.state, &state, Vec::new());
        if is_same {
            changed.dropped = dropped(&self.state, &state);
        }
        let known = self.documents.iter().position(|document| document.name == name);
        let document = known.unwrap_or(self.documents.len());
        match self.documents.get_mut(document) {
            Some(known) => *known = loaded,
            None => self.documents.push(loaded),
        }
        let entry = if is_same { ":reload".to_owned() } else { format!(":load {name}") };
        self.go_on(state, Arc::from(entry), document);
        Ok((changed, warnings))
    }

    /// Takes note that the document was saved as the file `name`. What was before and can be undone is of that file, too.
    ///
    /// # Errors
    /// Under that name the document has errors, as files that it names are not there. The session is as it was.
    pub fn saved(&mut self, name: &str, ground: &Ground<'_>) -> Result<(), Failure> {
        let document = self.history[self.now].document;
        if name != self.name() {
            let model = Model::of(name, self.state.model.text(), ("", ""), ground)?;
            self.state = Arc::new(State::of(Arc::new(model), self.state.set.clone()));
            // The others bear the old name.
            self.history.iter_mut().filter(|step| step.document == document).for_each(|step| step.state = None);
            let entry = Arc::clone(&self.history[self.now].entry);
            self.history[self.now] = Step::new(&self.state, entry, document);
        }
        self.documents[document] = Document::of(&self.state.model);
        Ok(())
    }
}

/// The model of a file's bytes, and its warnings.
pub(super) fn opened(name: &str, text: Vec<u8>, ground: &Ground<'_>) -> Result<(Model, Vec<Diagnostic>), Failure> {
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

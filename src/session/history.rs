//! What was: undoing, going back, other documents, and how much of it is kept.

use std::collections::HashSet;
use std::sync::Arc;

use super::change::{Changes, changes};
use super::error::EntryError;
use super::model::{Model, Settings, State};
use super::{Failure, Ground, Kept, Session, Step};
use crate::diagnostic::Diagnostic;
use crate::source::Sources;

/// So many bytes the states that can be undone may take, about.
const MOST_HISTORY: usize = 512 << 20;
/// So many steps can be undone.
const MOST_STEPS: usize = 1_000;
/// So many results can be read.
const MOST_RESULTS: usize = 1_000;
/// So many bytes the evaluations of results may take, about.
const MOST_RESULT_BYTES: usize = 128 << 20;

impl Session {
    /// Makes a state the one of now, if it is another.
    pub(super) fn go_on(&mut self, state: Arc<State>, entry: Arc<str>, base: Arc<State>) {
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

    /// Takes back the last change of the network or an input. Gives what led to it, and what changes back.
    ///
    /// # Errors
    /// There is none.
    pub fn undo(&mut self) -> Result<(String, Changes), Failure> {
        let Some(before) = self.now.checked_sub(1) else { return Err(self.nothing_to("undo")) };
        let entry = self.history[self.now].entry.to_string();
        let changed = changes(self.state(), &self.history[before].state, Vec::new());
        self.now = before;
        Ok((entry, changed))
    }

    /// Does again what was undone. Gives what led to it, and what changes.
    ///
    /// # Errors
    /// Nothing was undone.
    pub fn redo(&mut self) -> Result<(String, Changes), Failure> {
        let Some(step) = self.history.get(self.now + 1) else { return Err(self.nothing_to("redo")) };
        let entry = step.entry.to_string();
        let changed = changes(self.state(), &step.state, Vec::new());
        self.now += 1;
        Ok((entry, changed))
    }

    fn nothing_to(&self, what: &'static str) -> Failure {
        Failure { diagnostics: vec![EntryError::NothingTo { what }.report()], sources: self.sources().clone() }
    }

    /// Goes back to how the document was loaded or saved last, or to nothing, and to the defaults of all inputs. It can
    /// be undone.
    pub fn reset(&mut self) -> Changes {
        let base = Arc::clone(self.base());
        let changed = changes(self.state(), &base, Vec::new());
        self.go_on(Arc::clone(&base), Arc::from(":reset"), base);
        changed
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
        let changed = changes(self.state(), &state, Vec::new());
        let entry = if is_same { ":reload".to_owned() } else { format!(":load {name}") };
        self.go_on(state, Arc::from(entry), base);
        Ok((changed, warnings))
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

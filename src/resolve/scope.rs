//! The names of a network: what each stands for, where it was declared, whether it is used.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use super::error::{NetworkError, ResolveError};
use crate::activation::Template;
use crate::ast::{Keyword, Name};
use crate::diagnostic::Diagnostic;
use crate::network::{ParameterId, PopulationId, Units};
use crate::span::Span;
use crate::text::closest;

/// What a name stands for; none where its declaration has an error, so that its uses stay silent.
#[derive(Debug, Clone)]
pub(super) enum Meaning {
    Const(Option<f64>),
    Parameter(Keyword, Option<ParameterId>),
    Population(Keyword, Option<PopulationId>),
    /// The new name of an output.
    Output(Option<Vec<Units>>),
    /// An instance, by its place among those of the network.
    Instance(usize),
    /// An output of an instance.
    Port {
        parts: Option<Vec<Units>>,
        is_array: bool,
        instance: usize,
    },
}

impl Meaning {
    /// What it is, with its article.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Meaning::Const(_) => "a const",
            Meaning::Parameter(Keyword::Bias, _) => "a bias",
            Meaning::Parameter(..) => "a weight",
            Meaning::Population(Keyword::Input, _) => "an input",
            Meaning::Population(..) => "a neuron",
            Meaning::Output(_) => "an output",
            Meaning::Instance(_) => "an instance",
            Meaning::Port { .. } => "an output of an instance",
        }
    }
}

impl Meaning {
    /// Whether it is known what the name stands for.
    fn is_known(&self) -> bool {
        match self {
            Meaning::Const(value) => value.is_some(),
            Meaning::Parameter(_, id) => id.is_some(),
            Meaning::Population(_, id) => id.is_some(),
            Meaning::Output(parts) | Meaning::Port { parts, .. } => parts.is_some(),
            Meaning::Instance(_) => false,
        }
    }
}

/// A declared name.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) meaning: Meaning,
    pub(super) declared: Span,
    pub(super) used: Cell<bool>,
}

/// A declared activation; without a template where its declaration has an error.
#[derive(Debug, Clone)]
pub(super) struct ActivationEntry {
    pub(super) template: Option<Arc<Template>>,
    pub(super) declared: Span,
    pub(super) used: Cell<bool>,
}

/// The names of a file that is imported, none where it has an error, and whether anything uses it.
type ImportedScope = (Option<Rc<Scope>>, Rc<Cell<bool>>);

/// So many names are compared with wrong ones; later wrong names get no suggestion. Few of them are read.
const MOST_COMPARED: usize = 500_000;

/// All names of a network.
#[derive(Debug, Default)]
pub(super) struct Scope {
    entries: HashMap<String, Entry>,
    /// The names in the order of their declarations, for suggestions and lints.
    order: Vec<String>,
    /// Activations have names of their own.
    activations: HashMap<String, ActivationEntry>,
    /// Their names in the order of their declarations.
    activation_order: Vec<String>,
    /// Networks and imports, which share the names of activations: what each is and where it got its name.
    networks: HashMap<String, (&'static str, Span)>,
    /// The files that are imported, by the names that they have here.
    imported: HashMap<String, ImportedScope>,
    /// What a network sees of its file.
    outer: Option<Rc<Scope>>,
    /// Names of a file that its networks do not see: what each is and where it is declared.
    hidden: HashMap<String, (&'static str, Span)>,
    /// Names that statements with errors seem to declare.
    broken: HashSet<String>,
    /// How many declarations with errors lack their name, or bear one that another has.
    nameless: usize,
    /// Names that nothing bears, in places where something must.
    unknown: RefCell<HashMap<String, Unknown>>,
    /// How many names were compared in search of what was meant.
    compared: Cell<usize>,
    /// How many operations of declared activations the values took so far.
    pub(super) computed: Cell<u64>,
}

/// What becomes of a name that nothing bears.
#[derive(Debug)]
enum Unknown {
    /// It is probably the name that a declaration with an error lacks.
    Excused,
    /// It was reported at the first place; the others follow from it.
    Reported(Span, Vec<Span>),
}

/// So many names of its file are compared with a wrong one in a network.
const MOST_OUTER: usize = 1_000;

/// A report of an unknown name shows so many of its other uses.
const MOST_USES: usize = 3;

impl Scope {
    /// The scope of a network in a file, of which it sees `outer`.
    pub(super) fn within(outer: Rc<Scope>) -> Scope {
        Scope { outer: Some(outer), ..Scope::default() }
    }

    /// Adds a name; the place of the first declaration if there is one already.
    pub(super) fn declare(&mut self, name: &Name, meaning: Meaning) -> Result<(), ResolveError> {
        if let Some(entry) = self.entries.get(&name.text) {
            // Not always the first in the file: declarations are collected before outputs.
            let (first, at) = (entry.declared.min(name.span), entry.declared.max(name.span));
            // One of the two is probably meant to bear another name.
            self.nameless += 1;
            return Err(ResolveError::Duplicate { name: name.text.clone(), first, at });
        }
        self.order.push(name.text.clone());
        self.entries.insert(name.text.clone(), Entry { meaning, declared: name.span, used: Cell::new(false) });
        Ok(())
    }

    /// Adds the name of an activation; the place of the first declaration if there is one already.
    pub(super) fn declare_activation(&mut self, name: &Name) -> Result<(), NetworkError> {
        self.may_be_called(name, "activation")?;
        self.activation_order.push(name.text.clone());
        let entry = ActivationEntry { template: None, declared: name.span, used: Cell::new(false) };
        self.activations.insert(name.text.clone(), entry);
        Ok(())
    }

    /// Adds the name of a network.
    pub(super) fn declare_network(&mut self, name: &Name) -> Result<(), NetworkError> {
        self.may_be_called(name, "network")?;
        self.networks.insert(name.text.clone(), ("network", name.span));
        Ok(())
    }

    /// Adds the name of a file that is imported, with its activations.
    pub(super) fn declare_import(
        &mut self,
        name: &Name,
        scope: Option<Rc<Scope>>,
        used: Rc<Cell<bool>>,
    ) -> Result<(), NetworkError> {
        self.may_be_called(name, "import")?;
        self.networks.insert(name.text.clone(), ("import", name.span));
        self.imported.insert(name.text.clone(), (scope, used));
        Ok(())
    }

    /// Whether no activation, network or import has that name yet.
    fn may_be_called(&self, name: &Name, what: &'static str) -> Result<(), NetworkError> {
        let activation = self.activations.get(&name.text).map(|entry| ("activation", entry.declared));
        match activation.or(self.networks.get(&name.text).copied()) {
            None => Ok(()),
            Some((before, declared)) => {
                // Not always the first in the file: imports are collected before networks, networks before activations.
                let is_first = declared < name.span;
                let (what, before) = if is_first { (what, before) } else { (before, what) };
                let (first, at) = (declared.min(name.span), declared.max(name.span));
                Err(NetworkError::DuplicateNetwork { name: name.text.clone(), what, before, first, at })
            }
        }
    }

    /// Adds a dotted name of something that an instance has to offer.
    pub(super) fn declare_inside(&mut self, name: String, meaning: Meaning, declared: Span) {
        self.order.push(name.clone());
        self.entries.insert(name, Entry { meaning, declared, used: Cell::new(false) });
    }

    /// Takes an instance or network whose error is reported: nothing that is said of it follows.
    pub(super) fn break_instance(&mut self, name: &str) {
        self.broken.insert(name.to_owned());
    }

    /// What networks see of this file: its consts and activations.
    pub(super) fn seen_inside(&self) -> Scope {
        let consts = self.entries.iter().filter(|(_, entry)| matches!(entry.meaning, Meaning::Const(_)));
        let fresh = |used: &Cell<bool>| used.set(false);
        let entries: HashMap<String, Entry> = consts.map(|(name, entry)| (name.clone(), entry.clone())).collect();
        let activations = self.activations.clone();
        entries.values().for_each(|entry| fresh(&entry.used));
        activations.values().for_each(|entry| fresh(&entry.used));
        let order = self.order.iter().filter(|name| entries.contains_key(*name)).cloned().collect();
        let hidden = self.entries.iter().filter(|(name, _)| !entries.contains_key(*name));
        let hidden = hidden.map(|(name, entry)| (name.clone(), (entry.meaning.kind(), entry.declared))).collect();
        Scope {
            entries,
            order,
            hidden,
            activations,
            activation_order: self.activation_order.clone(),
            imported: self.imported.clone(),
            broken: self.broken.clone(),
            nameless: self.nameless,
            ..Scope::default()
        }
    }

    /// Takes note of what networks used of what they see of this file.
    pub(super) fn use_seen(&self, seen: &Scope) {
        for (name, entry) in seen.entries.iter().filter(|(_, entry)| entry.used.get()) {
            debug_assert!(matches!(entry.meaning, Meaning::Const(_)));
            self.entries[name].used.set(true);
        }
        for (name, _) in seen.activations.iter().filter(|(_, entry)| entry.used.get()) {
            self.activations[name].used.set(true);
        }
        self.compared.set(self.compared.get() + seen.compared.get());
    }

    /// The activation of that name: one of the network, of its file or of a file that it imports.
    pub(super) fn activation(&self, name: &str) -> Option<&ActivationEntry> {
        if let Some(own) = self.activations.get(name) {
            return Some(own);
        }
        if let Some((file, inner)) = name.split_once('.')
            && let Some((scope, used)) = self.imported.get(file)
        {
            used.set(true);
            return scope.as_ref()?.activations.get(inner);
        }
        self.outer.as_ref()?.activation(name)
    }

    pub(super) fn set_activation(&mut self, name: &str, template: Arc<Template>) {
        if let Some(entry) = self.activations.get_mut(name) {
            entry.template = Some(template);
        }
    }

    /// The declared activations, in the order of their declarations.
    pub(super) fn activations(&self) -> impl Iterator<Item = (&str, &ActivationEntry)> {
        self.activation_order.iter().map(|name| (name.as_str(), &self.activations[name]))
    }

    /// All declared activations that can be called, dotted where they are of a file that is imported.
    pub(super) fn all_activations(&self) -> BTreeMap<String, Arc<Template>> {
        let known =
            |(name, entry): (&str, &ActivationEntry)| Some((name.to_owned(), Arc::clone(entry.template.as_ref()?)));
        let mut all: BTreeMap<String, Arc<Template>> = self.activations().filter_map(known).collect();
        for (file, (scope, _)) in &self.imported {
            let inner = scope.iter().flat_map(|scope| scope.activations().filter_map(known));
            all.extend(inner.map(|(name, template)| (format!("{file}.{name}"), template)));
        }
        all
    }

    /// Names of declared activations to compare a wrong one with.
    pub(super) fn activation_names(&self) -> impl Iterator<Item = &str> {
        let budget = self.budget(self.activation_order.len());
        let outer = self.outer.iter().flat_map(|outer| outer.activation_order.iter().take(MOST_OUTER));
        self.activation_order.iter().take(budget).chain(outer).map(String::as_str)
    }

    /// The activation of an imported file that a wrong name probably means: as it is written here.
    pub(super) fn imported_activation(&self, name: &str) -> Option<String> {
        let (file, inner) = name.split_once('.').map_or((None, name), |(file, inner)| (Some(file), inner));
        if let Some((Some(scope), _)) = file.and_then(|file| self.imported.get(file)) {
            let meant = closest(inner, scope.activation_order.iter().map(String::as_str).take(MOST_OUTER))?;
            return Some(format!("{}.{meant}", file.unwrap_or_default()));
        }
        let mut files: Vec<&String> = self.imported.keys().collect();
        files.sort();
        let has = |file: &&&String| {
            self.imported[**file].0.as_ref().is_some_and(|scope| scope.activations.contains_key(name))
        };
        let own = files.iter().find(has).map(|file| format!("{file}.{name}"));
        own.or_else(|| self.outer.as_ref()?.imported_activation(name))
    }

    /// How many of `count` names may be compared now.
    pub(super) fn budget(&self, count: usize) -> usize {
        let compared = self.compared.get();
        let budget = count.min(MOST_COMPARED.saturating_sub(compared));
        self.compared.set(compared + budget);
        budget
    }

    /// Takes a name that a statement with an error declares; it is empty where the name itself is missing.
    pub(super) fn break_name(&mut self, name: &str) {
        if name.is_empty() {
            self.nameless += 1;
        } else {
            self.broken.insert(name.to_owned());
        }
    }

    /// The places at which unknown names were reported, each with other uses of the name.
    pub(super) fn uses_of_unknown(&mut self) -> HashMap<Span, Vec<Span>> {
        let reported = self.unknown.take().into_values().filter_map(|unknown| match unknown {
            Unknown::Reported(first, others) => Some((first, others)),
            Unknown::Excused => None,
        });
        reported.collect()
    }

    /// Whether a name, or the instance or import that it reaches into, has its error reported already.
    pub(super) fn is_broken(&self, name: &str) -> bool {
        let first = name.split('.').next().unwrap_or(name);
        let unread = self.imported.get(first).is_some_and(|(scope, _)| scope.is_none() && first != name);
        let outer = || self.outer.as_ref().is_some_and(|outer| outer.is_broken(name));
        self.broken.contains(name) || self.broken.contains(first) || unread || outer()
    }

    /// What a name stands for: one of the network, or a const of its file.
    pub(super) fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name).or_else(|| self.outer.as_ref()?.entries.get(name))
    }

    /// What a name of the network itself stands for.
    pub(super) fn own(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name)
    }

    pub(super) fn set(&mut self, name: &str, meaning: Meaning) {
        if let Some(entry) = self.entries.get_mut(name) {
            entry.meaning = meaning;
        }
    }

    /// The names with what they stand for, in the order of their declarations.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> + Clone {
        self.order.iter().map(|name| (name.as_str(), &self.entries[name]))
    }

    /// The error for a name that is not what must stand there; none if the reason is reported already.
    pub(super) fn unknown(
        &self,
        name: &Name,
        wanted: &'static str,
        fits: impl Fn(&Meaning) -> bool,
    ) -> Option<Diagnostic> {
        if self.is_broken(&name.text) {
            return None;
        }
        let text = name.text.clone();
        if let Some(entry) = self.get(&name.text) {
            if let Meaning::Instance(_) = entry.meaning {
                let known = self.offers(&name.text, &fits);
                let (declared, wanted) = (entry.declared, one_of(wanted));
                return Some(NetworkError::BareInstance { name: text, wanted, known, declared, at: name.span }.into());
            }
            let (is, declared) = (entry.meaning.kind(), entry.declared);
            let wanted = one_of(wanted);
            return Some(ResolveError::WrongKind { name: text, is, wanted, declared, at: name.span }.into());
        }
        if self.follows(&name.text, name.span) {
            return None;
        }
        if let Some((first, rest)) = text.split_once('.')
            && let Some(entry) = self.own(first)
        {
            let known = self.offers(first, &fits);
            let is = entry.meaning.kind();
            let (instance, inner, declared) = (first.to_owned(), rest.to_owned(), entry.declared);
            return Some(NetworkError::NotOffered { instance, is, inner, known, declared, at: name.span }.into());
        }
        if let Some((is, declared)) = self.outer.as_ref().and_then(|outer| outer.hidden.get(&name.text)) {
            let (is, declared) = (*is, *declared);
            return Some(NetworkError::NotSeen { name: text, is, declared, at: name.span }.into());
        }
        let outer = self.outer.iter().flat_map(|outer| outer.iter());
        let candidates = self.iter().chain(outer).take(self.budget(self.order.len() + MOST_OUTER));
        let candidates = candidates.filter(|(_, entry)| fits(&entry.meaning));
        let meant = closest(&name.text, candidates.clone().map(|(name, _)| name));
        let meant = meant.and_then(|meant| Some((meant.to_owned(), self.get(meant)?.declared)));
        // What has an error, or waits for its own value, is no help.
        let known = candidates.filter(|(_, entry)| meant.is_none() && entry.meaning.is_known());
        let known = known.take(MOST_KNOWN + 1).map(|(name, _)| name.to_owned()).collect();
        Some(ResolveError::Unknown { name: text, wanted, meant, known, at: name.span }.into())
    }

    /// Some of what an instance has to offer that fits.
    fn offers(&self, instance: &str, fits: impl Fn(&Meaning) -> bool) -> Vec<String> {
        let inside = format!("{instance}.");
        let names = self.iter().take(self.budget(self.order.len()));
        let offered = names.filter(|(known, entry)| known.starts_with(&inside) && fits(&entry.meaning));
        offered.take(MOST_KNOWN + 1).map(|(name, _)| name.to_owned()).collect()
    }

    /// Whether an unknown name follows from an error that is reported: of a declaration that lacks its name, or of the
    /// same name before.
    pub(super) fn follows(&self, name: &str, at: Span) -> bool {
        let mut unknown = self.unknown.borrow_mut();
        match unknown.get_mut(name) {
            Some(Unknown::Excused) => true,
            Some(Unknown::Reported(_, others)) => {
                if others.len() < MOST_USES {
                    others.push(at);
                }
                true
            }
            None => {
                let excused = unknown.len() < self.nameless;
                let fate = if excused { Unknown::Excused } else { Unknown::Reported(at, Vec::new()) };
                unknown.insert(name.to_owned(), fate);
                excused
            }
        }
    }
}

/// A report of an unknown name without a close one shows so many of the names that there are.
pub(super) const MOST_KNOWN: usize = 5;

/// What is wanted, in a sentence.
fn one_of(wanted: &'static str) -> &'static str {
    match wanted {
        "weight or const" => "a weight or a const",
        "bias or const" => "a bias or a const",
        "input or neuron" => "an input or a neuron",
        "input" => "an input",
        "neuron" => "a neuron",
        "weight" => "a weight",
        "bias" => "a bias",
        "const" => "a const",
        "weight, bias or const" => "a weight, a bias or a const",
        _ => "a number",
    }
}

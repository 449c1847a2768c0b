//! What instances set: parameters that are shared, or have values of their own, and all that follows from them.

use std::collections::HashMap;
use std::rc::Rc;

use super::Resolver;
use super::definition::{Prototype, Recipe, Target};
use super::error::{NetworkError, ResolveError, ValueOrigin};
use super::generator::fans_of;
use super::names::Values;
use super::scope::{Meaning, Scope};
use crate::ast::{self, Expression, ExpressionKind, Keyword, Property};
use crate::network::{Parameter, ParameterId};
use crate::span::Span;
use crate::text::closest;
use crate::value::{Shape, Tensor, evaluate, visit_references};

impl<'a> Resolver<'a> {
    /// The parameters of an instance: shared, set, or with the values of its network.
    pub(super) fn instance_parameters(&mut self, place: usize) {
        let Some(prototype) = self.instances[place].prototype.clone() else { return };
        let written = self.instances[place].written;
        self.settings(written, &prototype);
        let network = &prototype.network;
        let mut here: Vec<Option<ParameterId>> = vec![None; network.parameters.len()];
        let mut changed = vec![false; network.parameters.len()];
        for setting in written.settings.iter().flatten() {
            let entry = prototype.scope.own(&setting.name.text);
            let Some(Meaning::Parameter(keyword, Some(id))) = entry.map(|entry| &entry.meaning) else { continue };
            let set = self.set_parameter(written, setting, *keyword, network.parameter(*id));
            here[id.0 as usize] = here[id.0 as usize].or(set);
            changed[id.0 as usize] = true;
        }
        let prefix = &written.name.text;
        let here: Vec<ParameterId> = std::iter::zip(here, &network.parameters)
            .map(|(set, parameter)| {
                set.unwrap_or_else(|| {
                    let name = parameter.name.as_ref().map(|name| format!("{prefix}.{name}"));
                    self.unlimited_parameter(Parameter { name, ..parameter.clone() })
                })
            })
            .collect();
        self.follow(&prototype, &here, &mut changed, written.name.span);
        for (name, entry) in prototype.scope.iter() {
            if let Meaning::Parameter(keyword, Some(id)) = entry.meaning {
                let id = here[id.0 as usize];
                self.scope.set(&format!("{prefix}.{name}"), Meaning::Parameter(keyword, Some(id)));
            }
        }
        self.instances[place].parameters = here.into();
    }

    /// Takes over how values follow from parameters, and lets those follow that read what is changed.
    fn follow(&mut self, prototype: &Prototype, here: &[ParameterId], changed: &mut [bool], at: Span) {
        let own: Rc<[ParameterId]> = here.into();
        let mut maps: HashMap<*const ParameterId, Rc<[ParameterId]>> = HashMap::new();
        for recipe in &prototype.recipes {
            let Target::Parameter(target) = recipe.target else { continue };
            if changed[target.0 as usize] {
                continue;
            }
            let copy = self.recipe_here(prototype, recipe, &own, &mut maps);
            let mut follows = false;
            recipe.reads(&prototype.scope, |id| follows |= changed[id.0 as usize]);
            if follows {
                changed[target.0 as usize] = true;
                let id = here[target.0 as usize];
                if let Some(tensor) = self.followed(&copy, at) {
                    self.network.parameters[id.0 as usize].values = tensor.values;
                }
            }
            self.recipes.push(Recipe { target: Target::Parameter(here[target.0 as usize]), ..copy });
        }
    }

    /// A recipe of a network as that of an instance; its target stays that of the network.
    pub(super) fn recipe_here(
        &self,
        prototype: &Prototype,
        recipe: &Recipe,
        own: &Rc<[ParameterId]>,
        maps: &mut HashMap<*const ParameterId, Rc<[ParameterId]>>,
    ) -> Recipe {
        let names = match &recipe.names {
            None => (Rc::clone(&prototype.scope), Rc::clone(own)),
            Some((scope, map)) => {
                let here = || map.iter().map(|id| own[id.0 as usize]).collect();
                (Rc::clone(scope), Rc::clone(maps.entry(map.as_ptr()).or_insert_with(here)))
            }
        };
        Recipe { names: Some(names), ..recipe.clone() }
    }

    /// What a recipe of an instance comes to.
    pub(super) fn followed(&mut self, recipe: &Recipe, at: Span) -> Option<Tensor> {
        let (scope, map) = recipe.names.as_ref().expect("a recipe of an instance has its names");
        let names = Values { scope, map: Some(map), ..self.names() };
        let outcome = evaluate(&recipe.expression, &names);
        let before = self.reports.len();
        let tensor = self.valued(outcome);
        for report in &mut self.reports[before..] {
            report.related.push(crate::diagnostic::Label { span: at, text: "with what this instance sets".to_owned() });
        }
        let Tensor { shape, values } = tensor?;
        if shape == recipe.shape {
            return Some(Tensor { shape, values });
        }
        Some(Tensor { shape: recipe.shape, values: vec![values[0]; recipe.shape.count()?] })
    }

    /// Reports settings that name nothing of the network, or the same twice.
    fn settings(&mut self, written: &ast::Instance, prototype: &Prototype) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for setting in written.settings.iter().flatten() {
            let (name, at) = (setting.name.text.as_str(), setting.name.span);
            if let Some(first) = seen.insert(name, at) {
                self.error(ResolveError::RepeatedProperty { name: name.to_owned(), first, at });
                continue;
            }
            let network = written.network.text.clone();
            match prototype.scope.own(name).map(|entry| &entry.meaning) {
                Some(Meaning::Parameter(..) | Meaning::Population(Keyword::Input, _)) => {}
                Some(Meaning::Const(_)) => self.error(NetworkError::LaterConst { name: name.to_owned(), at }),
                found @ (Some(
                    Meaning::Population(..) | Meaning::Output(_) | Meaning::Port { .. } | Meaning::Instance(_),
                )
                | None) => {
                    let is = found.map(Meaning::kind);
                    let budget = self.scope.budget(prototype.scope.iter().count());
                    let known = prototype.scope.iter().take(budget).filter(|(name, entry)| match entry.meaning {
                        Meaning::Parameter(..) => !name.contains('.'),
                        Meaning::Population(keyword, _) => keyword == Keyword::Input,
                        Meaning::Const(_) | Meaning::Output(_) | Meaning::Port { .. } | Meaning::Instance(_) => false,
                    });
                    let known: Vec<String> = known.map(|(name, _)| name.to_owned()).collect();
                    let meant = closest(name, known.iter().map(String::as_str)).map(str::to_owned);
                    self.error(NetworkError::UnknownSetting { name: name.to_owned(), network, is, meant, known, at });
                }
            }
        }
    }

    /// The parameter that `parameter = VALUE` stands for: a shared one for a bare name, else one of its own.
    fn set_parameter(
        &mut self,
        written: &ast::Instance,
        setting: &Property,
        keyword: Keyword,
        inner: &Parameter,
    ) -> Option<ParameterId> {
        let (value, at) = (&setting.value, setting.name.span);
        let name = format!("{}.{}", written.name.text, setting.name.text);
        if let ExpressionKind::Reference(reference) = &value.kind
            && reference.selector.is_none()
            && let Some(Meaning::Parameter(..)) = self.scope.get(&reference.name.text).map(|entry| &entry.meaning)
        {
            let (id, shape, _) = self.parameter_of(value, keyword)?;
            if shape != inner.shape {
                let (what, wanted) = (crate::text::quoted(&name), inner.shape);
                let (declared, at) = (inner.origin, value.span);
                self.error(NetworkError::SharedShape { what, shape, wanted, declared, at });
                return None;
            }
            return Some(id);
        }
        let (tensor, file, generated) = match self.generator(value) {
            Some(generated) => {
                let generated = generated?;
                let tensor = self.generated(&generated, inner.shape, fans_of(inner.shape))?;
                (tensor, None, Some(Box::new(generated.origin())))
            }
            None => {
                let (tensor, file) = self.value_of(value)?;
                (tensor, file, None)
            }
        };
        let value_origin = ValueOrigin::of(file.as_deref());
        let Tensor { shape, values } =
            self.in_shape(tensor, inner.shape, &name, inner.origin, (value, value_origin))?;
        let (kind, trainable, name) = (inner.kind, inner.trainable, Some(name));
        let parameter = Parameter { name, kind, shape, values, trainable, origin: at, file, generated };
        let id = self.unlimited_parameter(parameter);
        self.note_recipe(Target::Parameter(id), shape, value);
        Some(id)
    }

    /// Whether a value follows from parameters.
    pub(super) fn follows(&self, value: &Expression) -> bool {
        let mut follows = false;
        visit_references(value, &mut |reference| {
            let entry = self.scope.get(&reference.name.text);
            follows |= entry.is_some_and(|entry| matches!(entry.meaning, Meaning::Parameter(..)));
        });
        follows
    }

    /// Keeps how a value follows from parameters, if it does: then it is not trainable itself.
    pub(super) fn note_recipe(&mut self, target: Target, shape: Shape, value: &Expression) {
        if !self.follows(value) {
            return;
        }
        if let Target::Parameter(id) = target {
            self.network.parameters[id.0 as usize].trainable = false;
        }
        self.recipes.push(Recipe { target, shape, expression: Rc::new(value.clone()), names: None });
    }
}

impl Recipe {
    /// Calls `visit` with every parameter that it reads, by its identity in the network whose scope this is.
    pub(super) fn reads(&self, own: &Scope, mut visit: impl FnMut(ParameterId)) {
        let (scope, map) = match &self.names {
            None => (own, None),
            Some((scope, map)) => (&**scope, Some(map)),
        };
        visit_references(&self.expression, &mut |reference| {
            if let Some(Meaning::Parameter(_, Some(id))) = scope.get(&reference.name.text).map(|entry| &entry.meaning) {
                visit(map.map_or(*id, |map| map[id.0 as usize]));
            }
        });
    }
}

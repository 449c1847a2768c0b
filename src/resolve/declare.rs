//! Declarations: consts, weights, biases, inputs and neurons.

use super::definition::Target;
use super::error::{MadeError, ResolveError, ShapeError, ValueOrigin};
use super::generator::{Generated, fans_of};
use super::instance::Placed;
use super::need::Needed;
use super::scope::Meaning;
use super::warning::Lint;
use super::{Resolver, described};
use crate::ast::{Doc, Expression, ExpressionKind, Item, Keyword, Property, StatementKind};
use crate::network::{FileOrigin, GeneratedOrigin, Parameter, ParameterId, ParameterKind};
use crate::span::Span;
use crate::text::closest;
use crate::value::{Shape, Tensor, evaluate};

/// One declared thing and its statement's documentation.
#[derive(Clone, Copy)]
pub(super) struct Declared<'a> {
    pub(super) keyword: Keyword,
    pub(super) item: &'a Item,
    pub(super) doc: Option<&'a Doc>,
    /// Whether a later item of the same statement has a value.
    pub(super) later_has_value: bool,
}

/// What is declared by a name of the network.
enum Thing<'a> {
    Item(Declared<'a>),
    /// An instance, by its place.
    Instance(usize),
}

impl<'a> Resolver<'a> {
    /// All declarations: names first, then values in the order in which they need each other, then populations.
    pub(super) fn declarations(&mut self) {
        let declared = self.collect();
        let (seen_inside, others): (Vec<_>, Vec<_>) =
            self.all_needed(&declared).into_iter().partition(|thing| thing.is_seen_inside());
        self.by_need(&seen_inside);
        self.definitions();
        self.instance_names();
        self.by_need(&others);
        for thing in &declared {
            match thing {
                Thing::Item(thing) => match thing.keyword {
                    Keyword::Input | Keyword::Neuron => self.population(*thing),
                    Keyword::Const | Keyword::Weight | Keyword::Bias => {}
                },
                Thing::Instance(place) => self.instance_populations(*place),
            }
        }
        self.feed_instances();
    }

    /// Every declared thing whose name is its own.
    fn collect(&mut self) -> Vec<Thing<'a>> {
        let mut declared = Vec::new();
        for statement in self.statements {
            match &statement.kind {
                StatementKind::Broken(names) => names.iter().for_each(|name| self.scope.break_name(name)),
                StatementKind::Declare(keyword, items) => {
                    let keyword = *keyword;
                    self.note_last_block(keyword, items);
                    self.note_last_value(keyword, items);
                    let last_value = items.iter().rposition(|item| item.value.is_some());
                    for (place, item) in items.iter().enumerate() {
                        let meaning = match keyword {
                            Keyword::Const => Meaning::Const(None),
                            Keyword::Weight | Keyword::Bias => Meaning::Parameter(keyword, None),
                            Keyword::Input | Keyword::Neuron => Meaning::Population(keyword, None),
                        };
                        match self.scope.declare(&item.name, meaning) {
                            Ok(()) => declared.push(Thing::Item(Declared {
                                keyword,
                                item,
                                doc: statement.doc.as_ref().filter(|_| place == 0),
                                later_has_value: last_value.is_some_and(|last| last > place),
                            })),
                            Err(error) => self.error(error),
                        }
                    }
                }
                StatementKind::Instance(instance) => {
                    let place = self.instances.len();
                    match self.scope.declare(&instance.name, Meaning::Instance(place)) {
                        Ok(()) => {
                            self.instances.push(Placed::new(instance));
                            declared.push(Thing::Instance(place));
                        }
                        Err(error) => self.error(error),
                    }
                }
                StatementKind::Network(_)
                | StatementKind::Define(_)
                | StatementKind::Import(_)
                | StatementKind::Activation(_)
                | StatementKind::Connection(_)
                | StatementKind::Lines(_)
                | StatementKind::Output(_)
                | StatementKind::Expect(_) => {}
            }
        }
        declared
    }

    /// Warns of `neuron a, b { … }` and `input a, b { range = … }`, where all of them may be meant.
    fn note_last_block(&mut self, keyword: Keyword, items: &[Item]) {
        let Some((last, others)) = items.split_last() else { return };
        let has_block = last.properties.as_ref().is_some_and(|properties| !properties.is_empty());
        let alone = others.iter().all(|item| item.properties.is_none());
        let is_range = |property: &Property| property.name.text == "range";
        let may_be_of_all = match keyword {
            Keyword::Neuron => true,
            Keyword::Input => last.properties.iter().flatten().any(is_range),
            Keyword::Weight | Keyword::Bias | Keyword::Const => false,
        };
        if may_be_of_all && has_block && alone && !others.is_empty() {
            let others = others.iter().take(4).map(|item| item.name.text.clone()).collect();
            let (last, at) = (last.name.text.clone(), last.name.span);
            self.warnings.push(Lint::LastOnly { last, others, at }.report());
        }
    }

    /// Warns of `input a, b = 0`, where all of them may be meant.
    fn note_last_value(&mut self, keyword: Keyword, items: &[Item]) {
        let Some((last, others)) = items.split_last() else { return };
        let is_bare = |item: &Item| item.size.is_none() && item.properties.is_none();
        let alone = others.iter().all(|item| item.value.is_none()) && items.iter().all(is_bare);
        let Some(value) = last.value.as_ref().filter(|_| keyword == Keyword::Input && alone) else { return };
        if !others.is_empty() {
            let others = others.iter().take(4).map(|item| item.name.text.clone()).collect();
            let (last, at) = (last.name.text.clone(), value.span);
            self.warnings.push(Lint::LastValue { last, others, at }.report());
        }
    }

    /// The declared activations whose name is their own.
    fn activations(&mut self) -> Vec<Needed<'a>> {
        let mut activations = Vec::new();
        for statement in self.statements {
            let StatementKind::Activation(activation) = &statement.kind else { continue };
            match self.scope.declare_activation(&activation.name) {
                Ok(()) => activations.push(Needed::Activation(activation, statement.doc.as_ref())),
                Err(error) => self.error(error),
            }
        }
        activations
    }

    /// What others may need.
    fn all_needed(&mut self, declared: &[Thing<'a>]) -> Vec<Needed<'a>> {
        let values = declared.iter().filter_map(|thing| match thing {
            Thing::Item(thing) => match thing.keyword {
                Keyword::Const | Keyword::Weight | Keyword::Bias => Some(Needed::Value(*thing)),
                Keyword::Input | Keyword::Neuron => None,
            },
            Thing::Instance(place) => Some(Needed::Instance(self.instances[*place].written, *place)),
        });
        let values: Vec<Needed<'a>> = values.collect();
        values.into_iter().chain(self.activations()).collect()
    }

    /// `const`, `weight`, `bias`
    pub(super) fn named_value(&mut self, thing: Declared<'a>) {
        let Declared { keyword, item, later_has_value, .. } = thing;
        let name = &item.name.text;
        let trainable = self.trainable(keyword, item);
        let sizes = self.sizes(keyword, item);
        let Some(value) = &item.value else {
            let later_has_one = later_has_value;
            return self.error(ResolveError::NoValue {
                keyword,
                name: name.clone(),
                later_has_one,
                at: item.name.span,
            });
        };
        if keyword != Keyword::Const
            && let Some(generated) = self.generator(value)
        {
            if let (Some(generated), Some(declared)) = (generated, sizes) {
                self.generated_value(&generated, declared, keyword, item, trainable);
            }
            return;
        }
        if keyword == Keyword::Const {
            let tensor = evaluate(value, &self.consts());
            let (Some(tensor), Some(_)) = (self.valued(tensor), sizes) else { return };
            if tensor.shape == Shape::Scalar {
                self.scope.set(name, Meaning::Const(Some(tensor.values[0])));
            } else {
                self.error(ShapeError::NotSingle { what: "a const", shape: tensor.shape, at: value.span });
            }
            return;
        }
        let (Some((tensor, file)), Some(declared)) = (self.value_of(value), sizes) else { return };
        let asked = declared.unwrap_or(tensor.shape).count().map(|count| count as u64);
        if !self.room_for_values(asked, item.name.span) {
            return;
        }
        let Some(tensor) = self.fitted(tensor, declared, item, value, ValueOrigin::of(file.as_deref())) else { return };
        let shape = tensor.shape;
        if let Some(id) = self.named_parameter(tensor, keyword, item, trainable, file, None) {
            self.note_recipe(Target::Parameter(id), shape, value);
        }
    }

    /// The weight or bias of a declaration.
    fn named_parameter(
        &mut self,
        tensor: Tensor,
        keyword: Keyword,
        item: &Item,
        trainable: bool,
        file: Option<Box<FileOrigin>>,
        generated: Option<Box<GeneratedOrigin>>,
    ) -> Option<ParameterId> {
        let Tensor { shape, values } = tensor;
        let kind = match keyword {
            Keyword::Bias => ParameterKind::Bias,
            _ => ParameterKind::Weight,
        };
        let (name, origin) = (Some(item.name.text.clone()), item.name.span);
        let id = self.parameter(Parameter { name, kind, shape, values, trainable, origin, file, generated });
        self.scope.set(&item.name.text, Meaning::Parameter(keyword, id));
        id
    }

    /// The weight or bias whose values a generator makes.
    fn generated_value(
        &mut self,
        generated: &Generated,
        declared: Option<Shape>,
        keyword: Keyword,
        item: &Item,
        trainable: bool,
    ) {
        let Some(shape) = self.generated_shape(generated, declared, keyword, item) else { return };
        let sizes = fans_of(shape);
        if !self.room_for_values(shape.count().map(|count| count as u64), item.name.span) {
            return;
        }
        let Some(tensor) = self.generated(generated, shape, sizes) else { return };
        self.named_parameter(tensor, keyword, item, trainable, None, Some(Box::new(generated.origin())));
    }

    /// The declared shape, which a generator needs.
    pub(super) fn generated_shape(
        &mut self,
        generated: &Generated,
        declared: Option<Shape>,
        keyword: Keyword,
        item: &Item,
    ) -> Option<Shape> {
        if declared.is_none() {
            let (generator, name) = (generated.name.clone(), item.name.text.clone());
            self.error(MadeError::GeneratorSize { generator, keyword, name, at: item.name.span });
        }
        declared
    }

    /// A value in the declared shape, where there is one: equal, or a number that is no file's spread over it.
    pub(super) fn fitted(
        &mut self,
        tensor: Tensor,
        declared: Option<Shape>,
        item: &Item,
        value: &Expression,
        value_origin: ValueOrigin,
    ) -> Option<Tensor> {
        let Some(wanted) = declared else { return Some(tensor) };
        let size = item.size.iter().flatten().map(|size| size.span).reduce(Span::to).unwrap_or(item.name.span);
        self.in_shape(tensor, wanted, &item.name.text, size, (value, value_origin))
    }

    /// A value in a shape: equal, or a number that is no file's spread over it; `size` is what asks for the shape, and
    /// `name` what the value is of.
    pub(super) fn in_shape(
        &mut self,
        tensor: Tensor,
        wanted: Shape,
        name: &str,
        size: Span,
        (value, origin): (&Expression, ValueOrigin),
    ) -> Option<Tensor> {
        let Tensor { shape, values } = tensor;
        if shape == wanted {
            return Some(Tensor { shape, values });
        }
        if origin != ValueOrigin::Written || shape != Shape::Scalar {
            let (what, value) = (crate::text::quoted(name), value.span);
            self.error(ShapeError::ValueShape { what, shape, wanted, value, size, origin });
            return None;
        }
        Some(Tensor { shape: wanted, values: vec![values[0]; wanted.count()?] })
    }

    fn trainable(&mut self, keyword: Keyword, item: &Item) -> bool {
        let Some(properties) = &item.properties else { return true };
        let now: &[&'static str] = if keyword == Keyword::Const { &[] } else { &["trainable"] };
        let found = self.properties(properties, described(keyword), now, &[]);
        match found.first().copied().flatten() {
            None => true,
            Some(Property { value: Expression { kind: ExpressionKind::Truth(value), .. }, .. }) => *value,
            Some(property) => {
                let at = property.value.span;
                let mend = match &property.value.kind {
                    ExpressionKind::Number(number) => Some(if number.value == 0.0 { "false" } else { "true" }),
                    ExpressionKind::Reference(word) => match word.name.text.to_lowercase().as_str() {
                        "yes" | "on" => Some("true"),
                        "no" | "off" => Some("false"),
                        word => closest(word, ["true", "false"])
                            .or(["true", "false"].into_iter().find(|truth| *truth == word)),
                    },
                    _ => None,
                };
                let mend = mend.map(str::to_owned);
                self.error(ResolveError::BadProperty { name: "trainable", wanted: "`true` or `false`", mend, at });
                true
            }
        }
    }

    /// The declared shape; the inner option is none where no size is written, the outer one after an error.
    pub(super) fn sizes(&mut self, keyword: Keyword, item: &Item) -> Option<Option<Shape>> {
        let Some(sizes) = &item.size else { return Some(None) };
        let allowed = match keyword {
            Keyword::Const => 0,
            Keyword::Input | Keyword::Neuron | Keyword::Bias => 1,
            Keyword::Weight => 2,
        };
        if sizes.len() > allowed {
            let at = sizes[allowed].span;
            self.error(ShapeError::TooManySizes { what: described(keyword), allowed, at });
            return None;
        }
        let counts: Vec<_> = sizes.iter().map(|size| self.consts().count(size, "a size", 1)).collect();
        let counts: Vec<Option<u64>> = counts.into_iter().map(|count| self.valued(count)).collect();
        let shape = match counts.into_iter().collect::<Option<Vec<u64>>>()?.as_slice() {
            [n] => Shape::Vector(usize::try_from(*n).ok()?),
            [m, n] => Shape::Matrix(usize::try_from(*m).ok()?, usize::try_from(*n).ok()?),
            _ => return Some(None),
        };
        Some(Some(shape))
    }

    /// The parameter that a weight or bias position refers to: a shared one for a bare name, else one of its own.
    /// With it the shape and the place of the first value.
    pub(super) fn parameter_of(&mut self, value: &Expression, position: Keyword) -> Option<(ParameterId, Shape, u32)> {
        if let ExpressionKind::Reference(reference) = &value.kind
            && let Some(entry) = self.scope.get(&reference.name.text)
            && let Meaning::Parameter(is, id) = entry.meaning
        {
            entry.used.set(true);
            let declared = entry.declared;
            if is != position {
                let name = reference.name.text.clone();
                self.error(ResolveError::WrongParameter { name, is, declared, at: reference.span });
                return None;
            }
            let id = id?;
            let selected = self.names().select(id, reference, declared);
            let (shape, range) = self.valued(selected)?;
            return Some((id, shape, u32::try_from(range.start).ok()?));
        }
        let fits = |meaning: &Meaning| match meaning {
            Meaning::Const(_) => true,
            Meaning::Parameter(is, _) => *is == position,
            Meaning::Population(..) | Meaning::Output(_) | Meaning::Instance(_) | Meaning::Port { .. } => false,
        };
        if let ExpressionKind::Reference(reference) = &value.kind
            && self.scope.get(&reference.name.text).is_none_or(|entry| !fits(&entry.meaning))
        {
            let wanted = if position == Keyword::Weight { "weight or const" } else { "bias or const" };
            let error = self.scope.unknown(&reference.name, wanted, fits);
            self.reports.extend(error);
            return None;
        }
        let (Tensor { shape, values }, file) = self.value_of(value)?;
        let kind = if self.follows(value) { ParameterKind::Derived } else { ParameterKind::Literal };
        let id = self.parameter(Parameter { kind, file, ..Parameter::literal(shape, values, value.span) })?;
        self.note_recipe(Target::Parameter(id), shape, value);
        Some((id, shape, 0))
    }
}

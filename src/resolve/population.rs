//! Inputs and neurons.

use super::Resolver;
use super::activation::elsewhere;
use super::declare::Declared;
use super::definition::Target;
use super::error::{ActivationError, ResolveError, ShapeError, ValueOrigin};
use super::port::Owner;
use super::scope::Meaning;
use crate::activation::Activation;
use crate::ast::{ExpressionKind, Item, Keyword, Property};
use crate::codes::Code;
use crate::combine::Combine;
use crate::network::{Population, PopulationKind, View};
use crate::text::closest;
use crate::value::Shape;

impl<'a> Resolver<'a> {
    /// `input`, `neuron`
    pub(super) fn population(&mut self, thing: Declared<'a>) {
        let Declared { keyword, item, doc, .. } = thing;
        let sizes = self.sizes(keyword, item);
        let population = match (keyword, sizes) {
            (Keyword::Input, sizes) => self.input(item, sizes),
            (_, sizes) => self.neuron(item, sizes),
        };
        let Some((size, is_array, kind)) = population else { return };
        let population = Population {
            name: item.name.text.clone(),
            size,
            is_array,
            kind,
            origin: item.name.span,
            doc: doc.map(|doc| doc.lines.as_slice().into()).unwrap_or_default(),
        };
        let (shape, is_input) =
            (if is_array { Shape::Vector(size as usize) } else { Shape::Scalar }, keyword == Keyword::Input);
        let id = self.network.add_population(population);
        if let Some(value) = item.value.as_ref().filter(|_| is_input) {
            self.note_recipe(Target::Default(id), shape, value);
        }
        self.scope.set(&item.name.text, Meaning::Population(keyword, Some(id)));
    }

    fn input(&mut self, item: &Item, sizes: Option<Option<Shape>>) -> Option<(u32, bool, PopulationKind)> {
        let properties = item.properties.as_deref().unwrap_or_default();
        let found = self.properties(properties, "an input", &["range", "column", "columns"], &[]);
        let range = found[0].and_then(|property| self.range(property));
        let generated = item.value.as_ref().and_then(|value| self.generator(value));
        let value = item.value.as_ref().filter(|_| generated.is_none());
        let value = value.map(|value| self.value_of(value));
        let file = value.as_ref().and_then(|value| value.as_ref()?.1.as_deref());
        let value_origin = ValueOrigin::of(file);
        let value = value.map(|value| value.map(|(tensor, _)| tensor));
        let declared = sizes?;
        if let Some(Some(generated)) = &generated {
            self.generated_shape(generated, declared, Keyword::Input, item)?;
        }
        let shape = match (&value, declared) {
            (_, Some(shape)) => shape,
            (Some(Some(tensor)), None) => tensor.shape,
            (Some(None), None) => return None,
            (None, None) => Shape::Scalar,
        };
        if let (Shape::Matrix(..), Some(value)) = (shape, &item.value) {
            self.error(ShapeError::NotSingle { what: "an element of an input", shape, at: value.span });
            return None;
        }
        let size = self.room(shape.count()? as u64, item)?;
        let generated = generated.map(|generated| self.generated(&generated?, shape, None));
        let default = match (generated.or(value), &item.value) {
            (Some(tensor), Some(at)) => {
                let fits = declared.is_none() || tensor.as_ref().is_some_and(|tensor| tensor.shape == shape);
                let tensor = tensor?;
                if let Some(range) = &range {
                    let whole = tensor.shape == Shape::Scalar;
                    let name = |element| match whole {
                        true => crate::text::quoted(&item.name.text),
                        false => crate::text::quoted(&format!("{}[{element}]", item.name.text)),
                    };
                    let what = |element| format!("the default of {}", name(element));
                    self.within_range(range, &tensor.values, what, at.span);
                }
                if fits {
                    Some(tensor.values)
                } else {
                    Some(self.fitted(tensor, declared, item, at, value_origin)?.values)
                }
            }
            _ => None,
        };
        let is_array = shape != Shape::Scalar;
        let owner = Owner { name: &item.name, size: u64::from(size), is_array };
        let columns = self.columns(found[1], found[2], owner);
        let columns = columns.map(|columns| columns.into_iter().map(|column| column.name).collect());
        Some((size, is_array, PopulationKind::Input { default, range: range.map(Box::new), columns }))
    }

    fn neuron(&mut self, item: &Item, sizes: Option<Option<Shape>>) -> Option<(u32, bool, PopulationKind)> {
        if let Some(value) = &item.value {
            self.error(ResolveError::ForbiddenValue { name: item.name.text.clone(), at: value.span });
        }
        let no_properties = Vec::new();
        let properties = item.properties.as_ref().unwrap_or(&no_properties);
        let found = self.properties(properties, "a neuron", &["bias", "activation", "combine"], &[]);
        let shape = sizes.map(|declared| declared.unwrap_or(Shape::Scalar));
        let activation = match found[1] {
            Some(property) => self.activation(property, item, shape),
            None => Some(Activation::Identity {}),
        };
        let shape = shape?;
        if activation.is_none() && shape == Shape::Scalar && found[1].is_some_and(names_whole_array) {
            // Its size is in doubt: nothing that follows from it is told.
            return None;
        }
        let size = self.room(shape.count()? as u64, item)?;
        let combine = found[2].and_then(|property| self.combine(property)).unwrap_or_default();
        let bias = found[0].and_then(|property| self.bias(property, item, size));
        let no_bias = self.no_bias(item.name.span);
        // After an error in a property the neuron stands all the same, so that its connections are checked.
        let bias = bias.unwrap_or(View { parameter: no_bias, offset: 0, row: 0, column: 0 });
        let activation = activation.unwrap_or(Activation::Identity {});
        Some((size, shape != Shape::Scalar, PopulationKind::Neuron { activation, combine, bias }))
    }

    /// The size of a population, counted against the limit.
    fn room(&mut self, size: u64, item: &Item) -> Option<u32> {
        self.tally.neurons = self.tally.neurons.saturating_add(size);
        let (asked, allowed) = (self.tally.neurons, self.limits.neurons);
        if asked > allowed {
            // The rest is counted without this one.
            self.tally.neurons -= size;
            let (code, what) = (Code::E0903, "neurons and inputs");
            self.error(ResolveError::Limit {
                code,
                what,
                asked: Some(asked),
                allowed,
                flag: "neurons",
                at: item.name.span,
            });
            return None;
        }
        u32::try_from(size).ok()
    }

    fn combine(&mut self, property: &Property) -> Option<Combine> {
        let at = property.value.span;
        let name = match &property.value.kind {
            ExpressionKind::Reference(reference) if reference.selector.is_none() => reference.name.text.as_str(),
            _ => "",
        };
        let found = Combine::named(name);
        if found.is_none() {
            let names: Vec<String> = Combine::TABLE.iter().map(|(name, _)| format!("`{name}`")).collect();
            let wanted = crate::text::any_of(&names);
            let meant = closest(name, Combine::TABLE.iter().map(|(name, _)| *name)).or_else(|| elsewhere(name));
            self.error(ActivationError::UnknownCombine { wanted, meant, at });
        }
        found
    }

    fn bias(&mut self, property: &Property, item: &Item, size: u32) -> Option<View> {
        if let Some(generated) = self.generator(&property.value) {
            let parameter = self.generated_parameter(&generated?, Shape::Vector(size as usize), None)?;
            return Some(View { parameter, offset: 0, row: 1, column: 0 });
        }
        let (parameter, shape, offset) = self.parameter_of(&property.value, Keyword::Bias)?;
        let row = match shape {
            Shape::Scalar => 0,
            Shape::Vector(n) if n == size as usize => 1,
            Shape::Vector(_) | Shape::Matrix(..) => {
                let what = format!("the bias of {}", crate::text::quoted(&item.name.text));
                let wanted = if size == 1 { Shape::Scalar } else { Shape::Vector(size as usize) };
                let (value, size) = (property.value.span, item.name.span);
                let origin = ValueOrigin::of(self.network.parameter(parameter).file.as_deref());
                self.error(ShapeError::ValueShape { what, shape, wanted, value, size, origin });
                return None;
            }
        };
        Some(View { parameter, offset, row, column: 0 })
    }
}

/// Whether a property is an activation of whole arrays.
fn names_whole_array(property: &Property) -> bool {
    let name = match &property.value.kind {
        ExpressionKind::Reference(reference) => &reference.name,
        ExpressionKind::Call(name, _) => name,
        _ => return false,
    };
    Activation::named(&name.text).is_some_and(|row| row.whole_array)
}

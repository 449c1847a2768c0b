//! Activations: those that a source declares, and which one a neuron has.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::Resolver;
use super::error::{ActivationError, ResolveError, ShapeError};
use super::names::{Values, named};
use super::scope::Meaning;
use super::warning::Lint;
use crate::activation::{Activation, Applied, Builder, Template, Written};
use crate::ast::{self, Argument, Doc, Expression, ExpressionKind, Item, Name, Parameter, Property, Reference, Sign};
use crate::call::{Callee, Parameters};
use crate::codes::Code;
use crate::function::Function;
use crate::generate::Generator;
use crate::limits::KEPT;
use crate::span::Span;
use crate::text::closest;
use crate::value::{Names, Shape, Tensor, ValueError, activation_parameters, evaluate, visit_references};

impl Resolver<'_> {
    /// `activation NAME(z, p = 1) = EXPR`, once all that it reads and calls is known.
    pub(super) fn declared_activation(&mut self, declaration: &ast::Activation, doc: Option<&Doc>) {
        let name = &declaration.name;
        let hides = |name: &str| {
            Activation::named(name).is_some() || Function::named(name).is_some() || Generator::named(name).is_some()
        };
        if hides(&name.text) {
            self.warnings.push(Lint::HidesBuiltIn { name: name.text.clone(), at: name.span }.report());
        }
        let places = self.parameter_places(&declaration.parameters);
        let defaults = self.defaults(&declaration.parameters);
        let operations = self.names().operations(declaration);
        if operations > self.limits.operations {
            let (code, what, allowed) = (Code::E0906, "operations of one activation", self.limits.operations);
            let asked = Some(operations).filter(|asked| *asked < u64::MAX);
            self.error(ResolveError::Limit { code, what, asked, allowed, flag: "operations", at: name.span });
            return;
        }
        let (Some(places), Some(defaults)) = (places, defaults) else { return };
        if !self.room_for_operations(operations, name.span) {
            return;
        }
        let inputs = u32::try_from(declaration.parameters.len()).expect("each parameter counts as an operation");
        let used = vec![false; declaration.parameters.len()];
        let (consts, calls) = (BTreeMap::new(), BTreeMap::new());
        let written = Written { declaration: declaration.clone(), consts, calls };
        let mut body = Body { names: self.consts(), declaration, places, used, builder: Builder::new(inputs), written };
        let value = body.value(&declaration.body);
        let Body { builder, used, written, .. } = body;
        let Some(value) = self.valued(value) else { return };
        for (parameter, _) in std::iter::zip(&declaration.parameters, used).filter(|(_, used)| !used) {
            let input = &declaration.parameters[0].name;
            let (activation, name) = (name.text.clone(), parameter.name.text.clone());
            let is_input = parameter.name == *input;
            self.warnings.push(Lint::UnusedParameter { activation, name, is_input, at: parameter.name.span }.report());
        }
        let mut names = declaration.parameters.iter().map(|parameter| parameter.name.text.clone());
        let template = Template {
            name: name.text.clone(),
            input: names.next().unwrap_or_default(),
            parameters: std::iter::zip(names, defaults).collect(),
            formula: builder.finish(value),
            operations,
            doc: doc.map(|doc| doc.lines.clone()).unwrap_or_default(),
            origin: name.span,
            place: self.activations.len(),
            written,
        };
        let template = Arc::new(template);
        self.activations.push(Arc::clone(&template));
        self.scope.set_activation(&name.text, template);
    }

    /// The place of each parameter by its name; none if two have one name.
    fn parameter_places<'p>(&mut self, parameters: &'p [Parameter]) -> Option<HashMap<&'p str, u32>> {
        let mut places = HashMap::new();
        let mut distinct = true;
        for (place, parameter) in (0..).zip(parameters) {
            let Name { text, span } = &parameter.name;
            if let Some(first) = places.insert(text.as_str(), place) {
                let first = parameters[first as usize].name.span;
                self.error(ActivationError::RepeatedParameter { name: text.clone(), first, at: *span });
                distinct = false;
            }
        }
        distinct.then_some(places)
    }

    /// The defaults of the parameters behind the net input.
    fn defaults(&mut self, parameters: &[Parameter]) -> Option<Vec<Option<f64>>> {
        let mut defaults = Some(Vec::new());
        let names: HashMap<&str, Span> =
            parameters.iter().map(|parameter| (parameter.name.text.as_str(), parameter.name.span)).collect();
        for parameter in parameters.iter().skip(1) {
            let value = match &parameter.default {
                None => Some(None),
                Some(default) => self.default(default, &names).map(Some),
            };
            defaults = defaults.zip(value).map(|(mut known, value)| {
                known.push(value);
                known
            });
        }
        defaults
    }

    fn default(&mut self, default: &Expression, parameters: &HashMap<&str, Span>) -> Option<f64> {
        let mut parameter = None;
        visit_references(default, &mut |reference| {
            let Name { text, span: at } = &reference.name;
            let declared = parameters.get(text.as_str()).filter(|_| self.scope.get(text).is_none());
            parameter = parameter.or(declared.map(|declared| (text, *declared, *at)));
        });
        if let Some((name, declared, at)) = parameter {
            self.error(ActivationError::ParameterInDefault { name: name.clone(), declared, at });
            return None;
        }
        let tensor = evaluate(default, &self.consts());
        let Tensor { shape, values } = self.valued(tensor)?;
        if shape != Shape::Scalar {
            self.error(ShapeError::NotSingle { what: "a default", shape, at: default.span });
            return None;
        }
        Some(values[0])
    }

    /// Counts the operations of declared activations that are kept against the limit; says once that it is passed.
    fn room_for_operations(&mut self, more: u64, at: Span) -> bool {
        let Some(kept) = self.tally.operations else { return false };
        let asked = kept.saturating_add(more);
        let allowed = self.limits.operations.saturating_mul(KEPT);
        self.tally.operations = Some(asked).filter(|asked| *asked <= allowed);
        if self.tally.operations.is_none() {
            let (code, what) = (Code::E0906, "operations of all activations");
            self.error(ResolveError::Limit { code, what, asked: Some(asked), allowed, flag: "operations", at });
        }
        self.tally.operations.is_some()
    }

    /// The activation that a neuron's property names.
    pub(super) fn activation(&mut self, property: &Property, item: &Item, shape: Option<Shape>) -> Option<Activation> {
        let at = property.value.span;
        let (name, arguments) = match &property.value.kind {
            ExpressionKind::Reference(reference) if reference.selector.is_none() => (&reference.name, [].as_slice()),
            ExpressionKind::Call(name, arguments) => (name, arguments.as_slice()),
            _ => {
                let wanted = "the name of a function, such as `relu` or `step(0.5)`";
                let mend = match &property.value.kind {
                    ExpressionKind::Text(text)
                        if Activation::named(text).is_some() || self.scope.activation(text).is_some() =>
                    {
                        Some(text.clone())
                    }
                    _ => None,
                };
                self.error(ResolveError::BadProperty { name: "activation", wanted, mend, at });
                return None;
            }
        };
        if let Some(template) = self.names().declared(&name.text) {
            let template = template?.clone();
            let parameters = Parameters::of_declared(&template);
            let values = self.parameters(&parameters, &template.input, arguments, at)?;
            return self.bound(&template, values, at);
        }
        let Some(row) = Activation::named(&name.text) else {
            // Activations have names of their own: the blank keeps them apart.
            let follows = || self.scope.follows(&format!("activation {}", name.text), name.span);
            if !self.scope.is_broken(&name.text) && !follows() {
                let declared = self.scope.activation_names();
                let built_in = Activation::TABLE.iter().map(|row| row.name);
                let known: Vec<&str> = declared.chain(built_in).collect();
                let meant = self.scope.imported_activation(&name.text).or_else(|| {
                    let meant = closest(&name.text, known.iter().copied()).or_else(|| elsewhere(&name.text));
                    meant.map(str::to_owned)
                });
                let known = crate::text::abridged(&known);
                self.error(ActivationError::UnknownActivation { name: name.text.clone(), known, meant, at: name.span });
            }
            return None;
        };
        if row.whole_array && shape == Some(Shape::Scalar) {
            self.error(ActivationError::NeedsArray { activation: row.name, name: item.name.text.clone(), at });
            return None;
        }
        Some(row.with(&self.parameters(&Parameters::of_built_in(row), "z", arguments, at)?))
    }

    /// The values of an activation's parameters.
    fn parameters(
        &mut self,
        parameters: &Parameters<'_>,
        input: &str,
        arguments: &[Argument],
        at: Span,
    ) -> Option<Vec<f64>> {
        if let Some((name, at)) = arguments.iter().find_map(|argument| self.net_input(argument, input)) {
            let (name, signature) = (name.to_owned(), parameters.signature());
            self.error(ActivationError::GivenNetInput { name, signature, at });
            return None;
        }
        let values = activation_parameters(parameters, arguments, at, &self.names());
        self.valued(values)
    }

    /// What an argument names as the net input and where, as in `activation = relu(z)` and `activation = relu(x)`.
    fn net_input<'n>(&self, argument: &'n Argument, input: &str) -> Option<(&'n str, Span)> {
        let name = match (&argument.name, &argument.value.kind) {
            (Some(name), _) => return (name.text == input).then_some((name.text.as_str(), name.span)),
            (None, ExpressionKind::Reference(Reference { name, selector: None, .. })) => name,
            (None, _) => return None,
        };
        let is_signal = match self.scope.get(&name.text) {
            Some(entry) => matches!(entry.meaning, Meaning::Population(..)),
            None => name.text == input,
        };
        is_signal.then_some((name.text.as_str(), name.span))
    }

    /// The declared activation with these parameters; neurons that have the same share it.
    fn bound(&mut self, template: &Arc<Template>, values: Vec<f64>, at: Span) -> Option<Activation> {
        let work = self.names().work(1 + values.len() as u64, at);
        self.valued(work)?;
        let bits: Vec<u64> = values.iter().map(|value| value.to_bits()).collect();
        let known = self.bound.get(&template.origin).and_then(|known| known.get(&bits));
        if let Some(known) = known {
            return Some(known.clone());
        }
        if !self.room_for_operations(template.operations, at) {
            return None;
        }
        let activation = Activation::from(template.with(values));
        self.bound.entry(template.origin).or_default().insert(bits, activation.clone());
        Some(activation)
    }
}

impl Values<'_> {
    /// How many operations a declaration has, with those of what it calls, and one for each parameter.
    fn operations(&self, declaration: &ast::Activation) -> u64 {
        (declaration.parameters.len() as u64).saturating_add(self.operations_of(&declaration.body))
    }

    fn operations_of(&self, expression: &Expression) -> u64 {
        let both = |left, right| self.operations_of(left).saturating_add(self.operations_of(right)).saturating_add(1);
        match &expression.kind {
            ExpressionKind::Number(_)
            | ExpressionKind::Numbers(_)
            | ExpressionKind::List(_)
            | ExpressionKind::Pi
            | ExpressionKind::Truth(_)
            | ExpressionKind::Text(_)
            | ExpressionKind::Reference(_) => 0,
            ExpressionKind::Parenthesised(inner) => self.operations_of(inner),
            ExpressionKind::Signed(_, operand) => self.operations_of(operand).saturating_add(1),
            ExpressionKind::Chain(first, rest) => rest.iter().fold(self.operations_of(first), |sum, (_, operand)| {
                sum.saturating_add(self.operations_of(operand)).saturating_add(1)
            }),
            ExpressionKind::Power(left, right) | ExpressionKind::Compare(left, _, right) => both(left, right),
            ExpressionKind::Call(name, arguments) => {
                let template = self.scope.activation(&name.text).and_then(|entry| entry.template.as_ref());
                let called = template.map_or(1, |template| template.operations);
                arguments.iter().fold(called, |sum, argument| sum.saturating_add(self.operations_of(&argument.value)))
            }
        }
    }
}

/// The formula of a declaration while it is built.
struct Body<'a> {
    /// Consts and declared activations.
    names: Values<'a>,
    declaration: &'a ast::Activation,
    /// The parameters, which are the formula's inputs.
    places: HashMap<&'a str, u32>,
    used: Vec<bool>,
    builder: Builder,
    written: Written,
}

impl Body<'_> {
    /// The number of the value of an expression.
    fn value(&mut self, expression: &Expression) -> Result<u32, ValueError> {
        let at = expression.span;
        match &expression.kind {
            ExpressionKind::Number(number) => Ok(self.builder.constant(number.value)),
            ExpressionKind::Pi => Ok(self.builder.constant(std::f64::consts::PI)),
            ExpressionKind::Truth(_) => Err(ValueError::NotANumber { what: "a truth value", at }),
            ExpressionKind::Text(_) => Err(ValueError::NotANumber { what: "text", at }),
            ExpressionKind::Numbers(_) | ExpressionKind::List(_) => Err(ValueError::NotANumber { what: "a list", at }),
            ExpressionKind::Reference(reference) => self.reference(reference),
            ExpressionKind::Parenthesised(inner) => self.value(inner),
            ExpressionKind::Signed(Sign::Plus, operand) => self.value(operand),
            ExpressionKind::Signed(Sign::Minus, operand) => {
                let operand = self.value(operand)?;
                Ok(self.apply(Function::Negate, &[operand]))
            }
            ExpressionKind::Chain(first, rest) => {
                let mut left = self.value(first)?;
                for (operator, operand) in rest {
                    let right = self.value(operand)?;
                    left = self.apply(Function::from(*operator), &[left, right]);
                }
                Ok(left)
            }
            ExpressionKind::Power(base, exponent) => {
                let operands = [self.value(base)?, self.value(exponent)?];
                Ok(self.apply(Function::Power, &operands))
            }
            ExpressionKind::Compare(left, comparison, right) => {
                let operands = [self.value(left)?, self.value(right)?];
                Ok(self.apply(Function::from(*comparison), &operands))
            }
            ExpressionKind::Call(name, arguments) => self.call(name, arguments, at),
        }
    }

    fn apply(&mut self, function: Function, operands: &[u32]) -> u32 {
        self.builder.apply(Applied::Function(function), operands)
    }

    fn call(&mut self, name: &Name, arguments: &[Argument], at: Span) -> Result<u32, ValueError> {
        // Of the scope's lifetime, not of this borrow: operands are built while it is looked at.
        let names = Values { ..self.names };
        let callee = names.callee(name)?;
        let parameters = callee.parameters();
        let bound = parameters.bind(arguments, at)?;
        let mut operands = Vec::with_capacity(bound.len());
        for (given, (_, default)) in std::iter::zip(bound, &parameters.list) {
            operands.push(match given {
                Some(argument) => self.value(&argument.value)?,
                None => self.builder.constant(default.unwrap_or(f64::NAN)),
            });
        }
        Ok(match callee {
            Callee::Function(function) => self.apply(function, &operands),
            Callee::Element(_, element) => self.builder.apply(element, &operands),
            Callee::Declared(template) => {
                self.written.calls.insert(name.text.clone(), template.place);
                self.builder.inline(&template.formula, &operands)
            }
        })
    }

    /// A parameter or a const.
    fn reference(&mut self, reference: &Reference) -> Result<u32, ValueError> {
        let Name { text, span } = &reference.name;
        if let Some(place) = self.places.get(text.as_str()) {
            self.used[*place as usize] = true;
            if reference.selector.is_some() {
                let declared = self.declaration.parameters[*place as usize].name.span;
                return Err(named(ShapeError::NotAnArray { name: text.clone(), declared, at: reference.span }));
            }
            return Ok(*place);
        }
        let is_const = |meaning: &Meaning| match meaning {
            Meaning::Const(_) => true,
            Meaning::Parameter(..)
            | Meaning::Population(..)
            | Meaning::Output(_)
            | Meaning::Instance(_)
            | Meaning::Port { .. } => false,
        };
        let scope = self.names.scope;
        match scope.get(text) {
            Some(entry) if is_const(&entry.meaning) => {
                let value = self.names.value(reference)?.values[0];
                self.written.consts.insert(text.clone(), value);
                return Ok(self.builder.constant(value));
            }
            Some(entry) if !scope.is_broken(text) => {
                let (is, declared) = (entry.meaning.kind(), entry.declared);
                let (activation, input) = (&self.declaration.name.text, &self.declaration.parameters[0].name.text);
                let (activation, input) = (activation.clone(), input.clone());
                return Err(named(ActivationError::NotInFormula {
                    name: text.clone(),
                    is,
                    activation,
                    input,
                    declared,
                    at: *span,
                }));
            }
            Some(_) | None => {}
        }
        let own = || self.declaration.parameters.iter().map(|parameter| &parameter.name);
        let meant = closest(text, own().map(|name| name.text.as_str()));
        let meant = meant.and_then(|meant| own().find(|name| name.text == meant));
        let wanted = "parameter or const";
        let error = match meant.filter(|_| !scope.is_broken(text)) {
            Some(meant) => {
                let meant = Some((meant.text.clone(), meant.span));
                Some(ResolveError::Unknown { name: text.clone(), wanted, meant, known: Vec::new(), at: *span }.report())
            }
            None => scope.unknown(&reference.name, wanted, is_const),
        };
        Err(error.map_or(ValueError::Silent, |report| ValueError::Named(Box::new(report))))
    }
}

/// What an activation, or a way to combine, that other systems call so is called here.
pub(super) fn elsewhere(name: &str) -> Option<&'static str> {
    Some(match name.to_lowercase().as_str() {
        "linear" | "none" | "pass" => "identity",
        "binary" | "heaviside" | "perceptron" | "threshold" => "step",
        "logistic" | "sigm" => "sigmoid",
        "swish" => "silu",
        "signum" => "sign",
        "gauss" | "rbf" => "gaussian",
        "average" | "avg" => "mean",
        "add" | "plus" | "total" => "sum",
        "multiply" | "prod" | "times" => "product",
        "largest" | "maximum" => "max",
        "least" | "minimum" | "smallest" => "min",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::activation::Activation;
    use crate::limits::Limits;
    use crate::network::PopulationKind;
    use crate::source::Sources;

    #[test]
    fn neurons_with_the_same_parameters_share_a_formula_and_its_documentation() {
        let text = "## Bent at 0.\nactivation bent(z, p = 1) = if(z > 0, z, p * z)\n\
                    neuron a { activation = bent }, b { activation = bent(1) }, c { activation = bent(p = 2) }\n\
                    input x\nx -> [a, b, c] : 1\noutput a, b, c\n";
        let (mut sources, limits) = (Sources::new(), Limits::default());
        let file = sources.add("bent.neuron", text.into(), &limits).expect("UTF-8");
        let (program, _) = crate::parser::parse(sources.get(file), &limits);
        let (network, mistakes) = super::super::resolve(&program, sources.get(file), &limits);
        let network = network.unwrap_or_else(|| panic!("{:?}", mistakes.into_sorted()));
        let of = |name: &str| match &network.population(network.find(name).expect("declared")).kind {
            PopulationKind::Neuron { activation: Activation::Declared(declared), .. } => declared,
            other => panic!("{other:?}"),
        };
        assert!(std::sync::Arc::ptr_eq(of("a"), of("b")));
        assert!(!std::sync::Arc::ptr_eq(of("a"), of("c")));
        assert_eq!((of("c").doc(), of("c").values()), (["Bent at 0.".to_owned()].as_slice(), [2.0].as_slice()));
        assert_eq!(sources.get(file).slice(of("c").origin()), "bent");
        assert_eq!(of("c").parameters().collect::<Vec<_>>(), [("p", Some(1.0))]);
    }
}

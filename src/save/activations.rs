//! The activations that a network's source declares, as far as it uses them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::names::Names;
use super::{Writer, number};
use crate::activation::{Activation, Template, Written};
use crate::ast::{Expression, ExpressionKind, Number, Program, Statement, StatementKind};
use crate::network::{Network, PopulationKind};
use crate::printer::print;
use crate::value::{Mention, visit_names};

/// The consts that activations read, by their name in the source and their value.
type Consts<'a> = BTreeMap<(&'a str, u64), String>;

impl Writer<'_> {
    /// The declarations that neurons need, each behind those that it calls, and the consts that they read. `names` are
    /// those of populations, parameters and outputs.
    pub(super) fn activations(&mut self, mut names: Names) {
        let templates = needed(self.network);
        self.activations = called(&templates, &built_in(self.network, &templates));
        let consts = consts(&templates, &mut names);
        // A map's order is that of names: the declarations tell in which order consts are first read.
        let mut written: HashSet<&str> = HashSet::new();
        for (name, value) in templates.iter().flat_map(|template| &template.written.consts) {
            let own = consts[&(name.as_str(), value.to_bits())].as_str();
            if written.insert(own) {
                self.statement("const", &[], &format!("const {own} = {}", number(*value)));
            }
        }
        for template in templates {
            let declaration = self.declaration(template, &consts);
            self.statement("activation", &template.doc, declaration.trim_end());
        }
    }

    /// A declaration as it was written, with the names that are used now and with defaults as numbers.
    fn declaration(&self, template: &Template, consts: &Consts<'_>) -> String {
        let Written { declaration, consts: read, calls } = &template.written;
        let mut declaration = declaration.clone();
        let span = declaration.name.span;
        declaration.name.text.clone_from(&self.activations[&template.place]);
        for (parameter, (_, default)) in std::iter::zip(&mut declaration.parameters[1..], &template.parameters) {
            parameter.default = default.map(|value| {
                let kind = ExpressionKind::Number(Number { value, spelling: number(value) });
                Expression { kind, span }
            });
        }
        let parameters = declaration.parameters.iter().map(|parameter| parameter.name.text.clone()).collect();
        let consts =
            read.iter().map(|(name, value)| (name.as_str(), consts[&(name.as_str(), value.to_bits())].as_str()));
        let calls = calls.iter().map(|(name, place)| (name.as_str(), self.activations[place].as_str()));
        Renames { parameters, consts: consts.collect(), calls: calls.collect() }.expression(&mut declaration.body);
        let statement = Statement { doc: None, kind: StatementKind::Activation(Box::new(declaration)), span };
        print(&Program { file: span.file, doc: None, statements: vec![statement], comments: Vec::new() }, None)
    }
}

/// The declarations that neurons need, directly or not, each behind those that it calls.
fn needed(network: &Network) -> Vec<&Template> {
    let mut is_needed = vec![false; network.declared.len()];
    for (_, population) in network.populations() {
        if let PopulationKind::Neuron { activation: Activation::Declared(declared), .. } = &population.kind {
            is_needed[declared.template().place] = true;
        }
    }
    for (place, template) in network.declared.iter().enumerate().rev() {
        if is_needed[place] {
            template.written.calls.values().for_each(|called| is_needed[*called] = true);
        }
    }
    let all = std::iter::zip(&*network.declared, is_needed);
    all.filter(|(_, is_needed)| *is_needed).map(|(template, _)| &**template).collect()
}

/// The built-in functions and activations that are used, whose names no declaration may hide.
fn built_in<'a>(network: &'a Network, templates: &[&'a Template]) -> HashSet<&'a str> {
    let mut used: HashSet<&str> = HashSet::new();
    for (_, population) in network.populations() {
        if let PopulationKind::Neuron { activation, .. } = &population.kind {
            used.extend(activation.description().map(|row| row.name));
        }
    }
    for template in templates {
        visit_names(&template.written.declaration.body, &mut |mention| match mention {
            Mention::Call(name) if !template.written.calls.contains_key(&name.text) => {
                used.insert(&name.text);
            }
            Mention::Call(_) | Mention::Reference(_) => {}
        });
    }
    used
}

/// Names for declarations, by their places. Of several with one name the last keeps it: the program's own come behind
/// those that it imports.
fn called(templates: &[&Template], built_in: &HashSet<&str>) -> HashMap<usize, String> {
    let mut names = Names::default();
    built_in.iter().for_each(|name| _ = names.take(name));
    let mut called = HashMap::new();
    for template in templates.iter().rev().filter(|template| names.take(&template.name)) {
        called.insert(template.place, template.name.clone());
    }
    for template in templates {
        called.entry(template.place).or_insert_with(|| names.take_like(&template.name));
    }
    called
}

/// Names for consts: their own, if nothing else has it.
fn consts<'a>(templates: &[&'a Template], names: &mut Names) -> Consts<'a> {
    let read = || {
        let all = templates.iter().flat_map(|template| &template.written.consts);
        all.map(|(name, value)| (name.as_str(), value.to_bits()))
    };
    let mut consts = Consts::new();
    for key in read() {
        if !consts.contains_key(&key) && names.take(key.0) {
            consts.insert(key, key.0.to_owned());
        }
    }
    // In a formula, a parameter would hide a const of its name.
    for template in templates {
        template.written.declaration.parameters.iter().for_each(|parameter| _ = names.take(&parameter.name.text));
    }
    for key in read() {
        consts.entry(key).or_insert_with(|| names.take_like(key.0));
    }
    consts
}

/// New names in a formula.
struct Renames<'a> {
    /// Hide consts.
    parameters: HashSet<String>,
    consts: HashMap<&'a str, &'a str>,
    calls: HashMap<&'a str, &'a str>,
}

impl Renames<'_> {
    /// As deep as the source was nested, which is limited.
    fn expression(&self, expression: &mut Expression) {
        match &mut expression.kind {
            ExpressionKind::Number(_)
            | ExpressionKind::Pi
            | ExpressionKind::Truth(_)
            | ExpressionKind::Text(_)
            | ExpressionKind::Numbers(_)
            | ExpressionKind::List(_) => {}
            ExpressionKind::Reference(reference) => {
                let name = &mut reference.name.text;
                if let Some(new) = self.consts.get(name.as_str()).filter(|_| !self.parameters.contains(name)) {
                    *name = (*new).to_owned();
                }
            }
            ExpressionKind::Parenthesised(inner) | ExpressionKind::Signed(_, inner) => self.expression(inner),
            ExpressionKind::Chain(first, rest) => {
                self.expression(first);
                rest.iter_mut().for_each(|(_, operand)| self.expression(operand));
            }
            ExpressionKind::Power(left, right) | ExpressionKind::Compare(left, _, right) => {
                self.expression(left);
                self.expression(right);
            }
            ExpressionKind::Call(name, arguments) => {
                if let Some(new) = self.calls.get(name.text.as_str()) {
                    name.text = (*new).to_owned();
                }
                arguments.iter_mut().for_each(|argument| self.expression(&mut argument.value));
            }
        }
    }
}

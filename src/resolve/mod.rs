//! From what was written to what is meant: names, shapes and values become a network.
//!
//! All independent errors are reported. A name whose declaration has an error stands for nothing and stays silent.

mod activation;
mod check;
mod connect;
mod declare;
mod definition;
mod error;
mod feed;
mod generator;
mod import;
mod instance;
mod known;
mod lint;
mod load;
mod names;
mod need;
mod output;
mod population;
mod port;
mod rule;
mod scope;
mod setting;
mod test;
mod warning;

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::activation::{Activation, Template};
use crate::ast::{Joining, Keyword, Program, Property, Statement, StatementKind};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::files::{Files, NoFiles};
use crate::limits::{COMPUTED, Limits};
use crate::network::{Network, Parameter, ParameterId};
use crate::source::{Source, Sources};
use crate::span::Span;
use crate::text::closest;
use crate::value::Shape;
use definition::{Exports, Networks, Prototype, Recipe, exports};
use error::ResolveError;
use import::{Modules, told_with};
use instance::Placed;
use load::Loads;
use names::Values;
use scope::Scope;
use warning::Lint;

pub(crate) use known::{Known, Moment, Thing};

/// Makes the network that `program` describes: every name found, every value computed, every shape checked.
///
/// There is no network if there is an error among the diagnostics; there may be one with warnings, which are only looked
/// for where there are no errors. Statements that [`parse`](crate::parse) could not read leave no network either; its
/// other errors, such as a forbidden character in a comment, are the caller's to look at.
///
/// `source` is the program's own; it names the network where the file does not ([`Source::stem`]). The limits
/// `neurons`, `synapses` and `parameters` are held before anything of that size is made.
///
/// It reads no files: what a source loads is an error ([`resolve_with_files`] takes them).
#[must_use]
pub fn resolve(program: &Program, source: &Source, limits: &Limits) -> (Option<Network>, Diagnostics) {
    let (found, diagnostics) = resolved(program, source, &import::unread(program), None, &NoFiles, limits);
    (found.map(|(network, _)| network), diagnostics)
}

/// What [`resolve_with_files`] needs beside the program.
pub struct Surroundings<'a> {
    /// The sources, among them the program's own.
    pub sources: &'a mut Sources,
    /// The files that the program names.
    pub files: &'a dyn Files,
    /// What it may cost.
    pub limits: &'a Limits,
}

/// [`resolve`] for a program that names files; each is asked for once, with the program's source as the one that names it.
///
/// ```
/// use std::collections::BTreeMap;
/// use neuronc::{Limits, Sources, Surroundings, parse, resolve_with_files};
///
/// let mut files = BTreeMap::from([("w.csv".to_owned(), b"0.5, -1\n2, 0.25\n".to_vec())]);
/// let mut sources = Sources::new();
/// let text = "input x[2]\nweight W = load(\"w.csv\")\nneuron h[2]\nx -> h : W\noutput h\n";
/// let limits = Limits::default();
/// let file = sources.add("layer.neuron", text.into(), &limits).unwrap();
/// let (program, _) = parse(sources.get(file), &limits);
/// let surroundings = Surroundings { sources: &mut sources, files: &files, limits: &limits };
/// let network = resolve_with_files(&program, surroundings).0.unwrap();
/// let (_, connection) = network.connections().next().unwrap();
/// let weights = network.parameter(connection.weights.parameter);
/// assert_eq!(weights.values, [0.5, -1.0, 2.0, 0.25]);
/// assert_eq!(weights.file.as_ref().unwrap().path, "w.csv");
/// ```
///
/// # Panics
/// If the sources have not the program's.
#[must_use]
pub fn resolve_with_files(program: &Program, surroundings: Surroundings<'_>) -> (Option<Network>, Diagnostics) {
    let (found, diagnostics) = resolve_surrounded(program, surroundings);
    (found.map(|(network, _)| network), diagnostics)
}

/// [`resolve_with_files`] that keeps what the names stand for.
pub(crate) fn resolve_known(
    program: &Program,
    surroundings: Surroundings<'_>,
) -> (Option<(Network, Known)>, Diagnostics) {
    let (found, diagnostics) = resolve_surrounded(program, surroundings);
    let known = found.map(|(network, scope)| {
        let known = Known::new(&scope, &network);
        (network, known)
    });
    (known, diagnostics)
}

fn resolve_surrounded(
    program: &Program,
    surroundings: Surroundings<'_>,
) -> (Option<(Network, Rc<Scope>)>, Diagnostics) {
    let Surroundings { sources, files, limits } = surroundings;
    let modules = import::modules(program, sources, files, limits);
    resolved(program, sources.get(program.file), &modules, Some(sources), files, limits)
}

fn resolved(
    program: &Program,
    source: &Source,
    modules: &Modules,
    sources: Option<&Sources>,
    files: &dyn Files,
    limits: &Limits,
) -> (Option<(Network, Rc<Scope>)>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    diagnostics.extend(modules.reports.iter().cloned());
    let loads = Loads::new(files, modules.read);
    let mut common = Common { limits, loads, tally: Tally::default(), activations: Vec::new() };
    let mut given: Vec<Option<Rc<Exports>>> = Vec::new();
    for module in &modules.list {
        let source = module.file.and_then(|file| Some(sources?.get(file)));
        let (Some(program), Some(source)) = (&module.program, source) else {
            given.push(None);
            continue;
        };
        let text = Text { statements: &program.statements, file: source.name(), is_main: false, is_inner: false };
        let network = Network::empty(source.stem().to_owned(), doc_of(program));
        let mut resolver = Resolver::new(text, network, Scope::default(), common, Networks::default());
        resolver.statements(&given, &module.imports);
        let finished = resolver.finish();
        diagnostics.extend(finished.reports.into_iter().map(|report| told_with(report, &module.chain)));
        given.push(Some(Rc::new(exports(finished.name, finished.prototype, finished.networks))));
        common = finished.common;
    }
    let text = Text { statements: &program.statements, file: source.name(), is_main: true, is_inner: false };
    let network = Network::empty(source.stem().to_owned(), doc_of(program));
    let mut resolver = Resolver::new(text, network, Scope::default(), common, Networks::default());
    resolver.statements(&given, &modules.imports);
    let Finished { prototype, mut networks, reports, warnings, common, .. } = resolver.finish();
    diagnostics.extend(reports);
    if diagnostics.has_errors() || prototype.is_none() {
        return (None, diagnostics);
    }
    diagnostics.extend(warnings);
    let network = prototype.map(|Prototype { mut network, scope, .. }| {
        let order = std::mem::take(&mut networks.order);
        // What made instances of them is gone, so that nobody else holds them.
        let defined = order.iter().filter_map(|name| networks.defined.remove(name).flatten());
        let own = |prototype: Rc<Prototype>| match Rc::try_unwrap(prototype) {
            Ok(prototype) => prototype.network,
            Err(shared) => shared.network.clone(),
        };
        network.networks = defined.map(own).collect();
        network.declared = common.activations.into();
        for inner in &mut network.networks {
            inner.declared = Arc::clone(&network.declared);
        }
        (network, scope)
    });
    (network, diagnostics)
}

fn doc_of(program: &Program) -> Vec<String> {
    program.doc.as_ref().map(|doc| doc.lines.clone()).unwrap_or_default()
}

/// What is resolved: the statements of a file, or of a network in it.
#[derive(Clone, Copy)]
struct Text<'a> {
    statements: &'a [Statement],
    /// The name of the file, from which paths start.
    file: &'a str,
    /// Whether it is of the program's own file, and not of one that is imported.
    is_main: bool,
    /// Whether it is a network in a file.
    is_inner: bool,
}

/// What all networks of a program have in common.
struct Common<'a> {
    limits: &'a Limits,
    /// The files that are loaded.
    loads: Loads<'a>,
    tally: Tally,
    /// The activations that are declared so far, each behind those that it calls.
    activations: Vec<Arc<Template>>,
}

/// What is counted so far, against the limits.
#[derive(Clone, Copy)]
struct Tally {
    /// Elements of inputs and neurons.
    neurons: u64,
    synapses: u64,
    /// Values of parameters.
    values: u64,
    /// Pairs that were drawn, against the limit on synapses.
    pairs: u64,
    /// Values of all outputs.
    given: u64,
    /// What instances copied.
    copies: u64,
    /// Whether it is told that instances copy more than a limit allows.
    is_told: bool,
    /// Operations of declared activations that are kept; none once they passed the limit.
    operations: Option<u64>,
}

impl Default for Tally {
    fn default() -> Tally {
        Tally { neurons: 0, synapses: 0, values: 0, pairs: 0, given: 0, copies: 0, is_told: false, operations: Some(0) }
    }
}

/// What became of a [`Text`].
struct Finished<'a> {
    name: String,
    /// None after an error.
    prototype: Option<Prototype>,
    networks: Networks,
    reports: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
    common: Common<'a>,
}

struct Resolver<'a> {
    text: Text<'a>,
    statements: &'a [Statement],
    limits: &'a Limits,
    scope: Scope,
    network: Network,
    reports: Vec<Diagnostic>,
    /// Told only if there is no error.
    warnings: Vec<Diagnostic>,
    tally: Tally,
    /// Declared activations with their parameters, by the place of their declaration and the parameters' bits.
    bound: HashMap<Span, HashMap<Vec<u64>, Activation>>,
    loads: Loads<'a>,
    activations: Vec<Arc<Template>>,
    /// The parameter that neurons without a bias refer to.
    no_bias: Option<ParameterId>,
    /// The networks that instances can be made of.
    networks: Networks,
    instances: Vec<Placed<'a>>,
    /// How values follow from parameters; what one reads stands before it.
    recipes: Vec<Recipe>,
}

impl<'a> Resolver<'a> {
    fn new(text: Text<'a>, network: Network, scope: Scope, common: Common<'a>, networks: Networks) -> Resolver<'a> {
        let Common { limits, loads, tally, activations } = common;
        Resolver {
            text,
            statements: text.statements,
            limits,
            scope,
            network,
            reports: Vec::new(),
            warnings: Vec::new(),
            tally,
            bound: HashMap::new(),
            loads,
            activations,
            no_bias: None,
            networks,
            instances: Vec::new(),
            recipes: Vec::new(),
        }
    }

    /// A network of the same file.
    fn inner(&mut self, text: Text<'a>, network: Network, scope: Scope) -> Option<Prototype> {
        let loads = std::mem::replace(&mut self.loads, Loads::new(&NoFiles, 0));
        let activations = std::mem::take(&mut self.activations);
        let common = Common { limits: self.limits, loads, tally: self.tally, activations };
        let networks = std::mem::take(&mut self.networks);
        let mut resolver = Resolver::new(text, network, scope, common, networks);
        resolver.statements(&[], &[]);
        let finished = resolver.finish();
        (self.networks, self.tally, self.loads) = (finished.networks, finished.common.tally, finished.common.loads);
        self.activations = finished.common.activations;
        self.reports.extend(finished.reports);
        self.warnings.extend(finished.warnings);
        finished.prototype
    }

    /// What is left to be told once all statements are resolved.
    fn finish(mut self) -> Finished<'a> {
        let is_broken = |statement: &Statement| matches!(statement.kind, StatementKind::Broken(_));
        let broken = self.statements.iter().any(is_broken);
        if self.reports.is_empty() && !broken {
            self.empty_combinations();
        }
        self.loops();
        self.uses_of_unknown();
        let inner = &self.networks.defined;
        let silent =
            self.instances.iter().any(Placed::is_silent) || !self.text.is_inner && inner.values().any(Option::is_none);
        let complete = self.reports.is_empty() && !broken && !silent;
        if complete && self.text.is_main {
            let is_library = self.network.graph.node_count() == 0 && !self.networks.defined.is_empty();
            let unused = if self.text.is_inner { Vec::new() } else { self.networks.unused() };
            let unused = unused.into_iter().map(|(name, at)| Lint::UnusedImport { name: name.to_owned(), at }.report());
            self.warnings.extend(unused);
            let mut lints = lint::lint(&self.scope, &self.network, is_library);
            lints.append(&mut self.warnings);
            self.warnings = lints;
        }
        for recipe in &self.recipes {
            recipe.reads(&self.scope, |id| {
                self.network.read.insert(id);
            });
        }
        let name = self.network.name.clone();
        let prototype = complete.then(|| Prototype::new(self.network, self.scope, self.recipes));
        let activations = self.activations;
        let common = Common { limits: self.limits, loads: self.loads, tally: self.tally, activations };
        let (networks, reports, warnings) = (self.networks, self.reports, self.warnings);
        Finished { name, prototype, networks, reports, warnings, common }
    }

    /// The statements, each kind once the kinds that it reads are known.
    /// `given` is what all files give that are imported, and `imports` which of them each `import` statement names.
    fn statements(&mut self, given: &[Option<Rc<Exports>>], imports: &[Option<usize>]) {
        self.header();
        self.imports(given, imports);
        self.declarations();
        self.output_names();
        for statement in self.statements {
            match statement.kind.joining() {
                Some(Joining::Connection(connection)) => self.connection(connection, statement.span),
                Some(Joining::Lines(lines)) => self.lines(lines),
                None => {}
            }
        }
        for place in 0..self.instances.len() {
            self.instance_connections(place);
        }
        for statement in self.statements {
            let StatementKind::Expect(expect) = &statement.kind else { continue };
            let expectation = self.expectation(expect, statement.span);
            self.network.expectations.extend(expectation);
        }
    }

    /// `network NAME`: once, at the start.
    fn header(&mut self) {
        let mut first: Option<Span> = None;
        for (place, statement) in self.statements.iter().enumerate() {
            let StatementKind::Network(name) = &statement.kind else { continue };
            if first.is_some() || place > 0 {
                self.error(ResolveError::MisplacedNetwork { first, at: statement.span });
            } else {
                self.network.name.clone_from(&name.text);
            }
            first = first.or(Some(statement.span));
        }
    }

    /// The values of the properties that a thing has now, by their places in `now`; errors for all others.
    fn properties<'p>(
        &mut self,
        properties: &'p [Property],
        of: &'static str,
        now: &[&'static str],
        later: &[&'static str],
    ) -> Vec<Option<&'p Property>> {
        let mut found: Vec<Option<&'p Property>> = vec![None; now.len()];
        for property in properties {
            let name = property.name.text.as_str();
            let at = property.name.span;
            if let Some(place) = now.iter().position(|known| *known == name) {
                match found[place] {
                    Some(first) => {
                        let first = first.name.span;
                        self.error(ResolveError::RepeatedProperty { name: name.to_owned(), first, at });
                    }
                    None => found[place] = Some(property),
                }
            } else if later.contains(&name) {
                self.error(ResolveError::LaterProperty { name: name.to_owned(), at });
            } else {
                let known: Vec<&'static str> = now.to_vec();
                let meant = closest(name, now.iter().chain(later).copied());
                self.error(ResolveError::UnknownProperty { name: name.to_owned(), of, known, meant, at });
            }
        }
        found
    }

    /// Adds a parameter to the table, if the limit allows.
    fn parameter(&mut self, parameter: Parameter) -> Option<ParameterId> {
        let count = parameter.values.len() as u64;
        if !self.room_for_values(Some(count), parameter.origin) {
            return None;
        }
        self.tally.values += count;
        Some(self.unlimited_parameter(parameter))
    }

    /// Whether the limit allows so many more values; none is more than can be counted.
    fn room_for_values(&mut self, count: Option<u64>, at: Span) -> bool {
        let asked = count.and_then(|count| count.checked_add(self.tally.values));
        let allowed = self.limits.parameters;
        let fits = asked.is_some_and(|asked| asked <= allowed);
        if !fits {
            let (code, what) = (crate::codes::Code::E0905, "values of weights and biases");
            self.error(ResolveError::Limit { code, what, asked, allowed, flag: "parameters", at });
        }
        fits
    }

    fn unlimited_parameter(&mut self, parameter: Parameter) -> ParameterId {
        self.network.parameters.push(parameter);
        ParameterId(u32::try_from(self.network.parameters.len() - 1).expect("a source is at most 1 GiB"))
    }

    /// The parameter of neurons without a bias.
    fn no_bias(&mut self, origin: Span) -> ParameterId {
        if let Some(known) = self.no_bias {
            return known;
        }
        let zero = Parameter::literal(Shape::Scalar, vec![0.0], origin);
        let added = self.unlimited_parameter(Parameter { trainable: false, ..zero });
        self.no_bias = Some(added);
        added
    }

    fn names(&self) -> Values<'_> {
        Values {
            scope: &self.scope,
            parameters: &self.network.parameters,
            map: None,
            consts_only: false,
            room: self.limits.parameters,
            computed: self.limits.operations.saturating_mul(COMPUTED),
        }
    }

    fn consts(&self) -> Values<'_> {
        Values { consts_only: true, ..self.names() }
    }

    fn error(&mut self, error: impl Into<Diagnostic>) {
        self.reports.push(error.into());
    }

    /// What a fallible value came to; reports why not.
    fn valued<T>(&mut self, result: Result<T, crate::value::ValueError>) -> Option<T> {
        Values::reported(result, &mut self.reports)
    }
}

/// What a declaration's keyword declares, for messages.
fn described(keyword: Keyword) -> &'static str {
    match keyword {
        Keyword::Input => "an input",
        Keyword::Weight => "a weight",
        Keyword::Bias => "a bias",
        Keyword::Const => "a const",
        Keyword::Neuron => "a neuron",
    }
}

/// The values of an expression that names nothing, such as a VALUE on the command line: their shape, and the numbers
/// themselves, a matrix row by row.
///
/// # Errors
/// The expression names something, its shapes do not fit each other, or a value is not finite.
pub fn resolve_value(expression: &crate::ast::Expression) -> Result<(Shape, Vec<f64>), Vec<Diagnostic>> {
    let scope = Scope::default();
    let room = Limits::default().parameters;
    let names = Values { scope: &scope, parameters: &[], map: None, consts_only: true, room, computed: 0 };
    match crate::value::evaluate(expression, &names) {
        Ok(tensor) => Ok((tensor.shape, tensor.values)),
        Err(error) => Err(error.report().into_iter().collect()),
    }
}

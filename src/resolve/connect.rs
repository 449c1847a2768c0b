//! Connections: sources, targets and the weights between them.

use super::Resolver;
use super::error::{ResolveError, ShapeError, ValueOrigin};
use super::generator::{Generated, fans};
use super::rule::Rule;
use super::scope::Meaning;
use crate::ast::{self, Expression, ExpressionKind, Keyword, Operator, Reference, References};
use crate::codes::Code;
use crate::generate::Fans;
use crate::network::{Connection, Parameter, ParameterId, PatternId, PopulationId, PopulationKind, Units, View};
use crate::parser::plain::{End, Line, Weight};
use crate::span::Span;
use crate::value::Shape;

/// The populations that the line before connected.
#[derive(Default)]
struct Ends<'a> {
    source: Option<(&'a str, PopulationId)>,
    target: Option<(&'a str, PopulationId)>,
}

/// A connection whose sources and targets are known, with how many there are of each.
pub(super) struct Joined<'a> {
    pub(super) written: &'a ast::Connection,
    pub(super) sources: Vec<Units>,
    pub(super) targets: Vec<Units>,
    /// Targets.
    pub(super) rows: u64,
    /// Sources.
    pub(super) columns: u64,
    pub(super) origin: Span,
}

/// The weights of a connection: values of a parameter from `offset` on, in a shape.
#[derive(Clone, Copy)]
pub(super) struct Weights {
    pub(super) parameter: ParameterId,
    pub(super) shape: Shape,
    pub(super) offset: u32,
}

/// What stands as the VALUE of a connection.
pub(super) enum Given {
    /// Values that are known.
    Stated(Weights),
    /// A generator, which makes as many as there are synapses.
    Generated(Generated),
}

impl Resolver<'_> {
    /// `SOURCES -> TARGETS : VALUE { … }`
    pub(super) fn connection(&mut self, connection: &ast::Connection, origin: Span) {
        let properties = connection.properties.as_deref().unwrap_or_default();
        let rule = self.properties(properties, "a connection", &["rule"], &["delay"])[0];
        let is_written = rule.is_some();
        let rule = self.rule(rule);
        let sources = self.all_units(&connection.sources, "input or neuron");
        let targets = self.all_units(&connection.targets, "neuron");
        let before = self.network.parameters.len();
        let weights = match self.generator(&connection.value) {
            Some(generated) => generated.map(Given::Generated),
            None => {
                let stated = self.parameter_of(&connection.value, Keyword::Weight);
                stated.map(|(parameter, shape, offset)| Given::Stated(Weights { parameter, shape, offset }))
            }
        };
        let (Some(rule), Some(sources), Some(targets), Some(weights)) = (rule, sources, targets, weights) else {
            // Nothing refers to the weights; there may be millions of such connections.
            self.network.parameters.truncate(before);
            return;
        };
        let count = |parts: &[Units]| parts.iter().map(|part| u64::from(part.count)).sum::<u64>();
        let (rows, columns) = (count(&targets), count(&sources));
        let joined = Joined { written: connection, sources, targets, rows, columns, origin };
        match rule {
            Rule::AllToAll => {
                self.all_to_all(&joined, &weights);
                if let (false, Given::Stated(weights)) = (is_written, &weights) {
                    self.note_unnamed_scalar(&joined, weights);
                }
            }
            Rule::OneToOne => self.one_to_one(&joined, &weights),
            Rule::Random { probability, seed } => self.random(&joined, &weights, probability, seed),
        }
    }

    /// Each source with each target.
    fn all_to_all(&mut self, joined: &Joined<'_>, weights: &Given) {
        let Joined { written, rows, columns, origin, .. } = *joined;
        if !self.room_for_synapses(rows.checked_mul(columns), origin) {
            return;
        }
        let wanted = Shape::Matrix(rows as usize, columns as usize);
        let Some(weights) = self.weights(weights, wanted, Some(fans(columns, rows))) else { return };
        let Weights { parameter, shape, offset } = weights;
        let Some((row, column)) = strides(shape, rows, columns) else {
            let Parameter { origin: declared, ref file, .. } = *self.network.parameter(parameter);
            let value_origin = ValueOrigin::of(file.as_deref());
            self.error(ShapeError::WeightShape {
                shape,
                rows,
                columns,
                value: written.value.span,
                declared: Some(declared).filter(|declared| *declared != written.value.span),
                sources: written.sources.span,
                targets: written.targets.span,
                comma: lacks_comma(&written.value),
                origin: value_origin,
            });
            return;
        };
        let pattern = PatternId::ALL_TO_ALL;
        let mut first_row = 0;
        for targets in &joined.targets {
            let mut first_column = 0;
            for sources in &joined.sources {
                let offset = offset + first_row * row + first_column * column;
                let weights = View { parameter, offset, row, column };
                let (sources, targets) = (*sources, *targets);
                self.network.add_connection(Connection { sources, targets, weights, pattern, origin });
                first_column += sources.count;
            }
            first_row += targets.count;
        }
    }

    /// The weights, which a generator makes in the shape that is wanted.
    pub(super) fn weights(&mut self, given: &Given, wanted: Shape, fans: Option<Fans>) -> Option<Weights> {
        match given {
            Given::Stated(weights) => Some(*weights),
            Given::Generated(generated) => {
                let parameter = self.generated_parameter(generated, wanted, fans)?;
                Some(Weights { parameter, shape: wanted, offset: 0 })
            }
        }
    }

    /// Plain lines, each a synapse. What is not simply right is looked at as any other connection is.
    pub(super) fn lines(&mut self, lines: &ast::Lines) {
        let mut numbers = None;
        let mut ends = Ends::default();
        for line in lines.iter() {
            if self.line(lines, &line, &mut ends, &mut numbers).is_none() {
                let (connection, span) = lines.connection(&line);
                self.connection(&connection, span);
            }
        }
    }

    /// One plain line between two single units whose weight is a number or a single parameter; none if it is anything
    /// else, and nothing is done then. The weights that are numbers share one parameter, `numbers`.
    fn line<'a>(
        &mut self,
        lines: &ast::Lines,
        line: &Line<'a>,
        ends: &mut Ends<'a>,
        numbers: &mut Option<ParameterId>,
    ) -> Option<()> {
        let sources = self.single(&line.sources, &mut ends.source)?;
        let targets = self.single(&line.targets, &mut ends.target)?;
        let is_input =
            |units: Units| matches!(self.network.population(units.population).kind, PopulationKind::Input { .. });
        if is_input(targets)
            || self.tally.synapses >= self.limits.synapses
            || self.tally.values >= self.limits.parameters
        {
            return None;
        }
        let weights = match line.weight {
            Weight::Number { .. } => {
                let origin = lines.span();
                let parameter = *numbers.get_or_insert_with(|| {
                    self.unlimited_parameter(Parameter::literal(Shape::Vector(0), Vec::new(), origin))
                });
                let pool = &mut self.network.parameters[parameter.0 as usize];
                let offset = u32::try_from(pool.values.len()).ok()?;
                pool.values.push(line.number(lines.text())?);
                pool.shape = Shape::Vector(pool.values.len());
                self.tally.values += 1;
                View { parameter, offset, row: 0, column: 0 }
            }
            Weight::Name { name, .. } => {
                let entry = self.scope.get(name)?;
                let Meaning::Parameter(Keyword::Weight, Some(parameter)) = entry.meaning else { return None };
                if self.network.parameter(parameter).shape != Shape::Scalar {
                    return None;
                }
                entry.used.set(true);
                View { parameter, offset: 0, row: 0, column: 0 }
            }
        };
        self.tally.synapses += 1;
        let origin = lines.place_of(line);
        let pattern = PatternId::ALL_TO_ALL;
        self.network.add_connection(Connection { sources, targets, weights, pattern, origin });
        Some(())
    }

    /// The one input or neuron at an end of a line; none if there is an error or there are several. `last` remembers
    /// the population of the line before, which is often the same.
    fn single<'a>(&self, end: &End<'a>, last: &mut Option<(&'a str, PopulationId)>) -> Option<Units> {
        let population = match *last {
            Some((name, id)) if name == end.name => id,
            _ => {
                let entry = self.scope.get(end.name)?;
                let Meaning::Population(_, Some(id)) = entry.meaning else { return None };
                entry.used.set(true);
                *last = Some((end.name, id));
                id
            }
        };
        let whole = self.network.population(population);
        let first = match end.index {
            Some(index) => (whole.is_array && index < whole.size).then_some(index)?,
            None => (whole.size == 1).then_some(0)?,
        };
        Some(Units { population, first, count: 1 })
    }

    /// Warns of a literal number between two arrays of equal size: one_to_one may be meant.
    fn note_unnamed_scalar(&mut self, joined: &Joined<'_>, weights: &Weights) {
        let Joined { written: connection, rows, columns, .. } = *joined;
        let Weights { parameter, shape, .. } = *weights;
        let literal = !matches!(connection.value.kind, ExpressionKind::Reference(_));
        let unnamed = self.network.parameter(parameter).name.is_none();
        if literal && unnamed && shape == Shape::Scalar && rows == columns && rows >= 2 {
            let size = u32::try_from(rows).unwrap_or(u32::MAX);
            self.warnings.push(super::warning::Lint::AllToAll { size, at: connection.value.span }.report());
        }
    }

    /// Whether the limit allows so many more synapses; none is more than can be counted.
    pub(super) fn room_for_synapses(&mut self, count: Option<u64>, at: Span) -> bool {
        let asked = count.and_then(|count| count.checked_add(self.tally.synapses));
        let allowed = self.limits.synapses;
        match asked {
            Some(asked) if asked <= allowed => {
                self.tally.synapses = asked;
                true
            }
            _ => {
                let (code, what) = (Code::E0904, "synapses");
                self.error(ResolveError::Limit { code, what, asked, allowed, flag: "synapses", at });
                false
            }
        }
    }

    /// What a reference list names, in order; none after an error.
    pub(super) fn all_units(&mut self, references: &References, wanted: &'static str) -> Option<Vec<Units>> {
        let mut all = Some(Vec::new());
        for reference in &references.list {
            let parts = self.units(reference, wanted);
            all = all.zip(parts).map(|(mut all, parts)| {
                all.extend(parts);
                all
            });
        }
        all
    }

    /// What one reference names, which of an output of an instance may be of several populations.
    pub(super) fn units(&mut self, reference: &Reference, wanted: &'static str) -> Option<Vec<Units>> {
        let port = self.scope.get(&reference.name.text).filter(|_| wanted == "input or neuron");
        let Some(entry) = port.filter(|entry| matches!(entry.meaning, Meaning::Port { .. })) else {
            return self.unit(reference, wanted).map(|units| vec![units]);
        };
        entry.used.set(true);
        let Meaning::Port { parts: Some(parts), is_array, .. } = &entry.meaning else { return None };
        let parts = self.names().parts(reference, parts, *is_array, entry.declared);
        self.valued(parts)
    }

    /// What one reference names; `wanted` is `input or neuron`, `neuron` or `input`.
    pub(super) fn unit(&mut self, reference: &Reference, wanted: &'static str) -> Option<Units> {
        let fits = |meaning: &Meaning| match meaning {
            Meaning::Population(Keyword::Input, _) => wanted != "neuron",
            Meaning::Population(..) => wanted != "input",
            // For what is known of an instance that is not what is wanted: its outputs are sources.
            Meaning::Port { .. } => wanted == "input or neuron",
            Meaning::Const(_) | Meaning::Parameter(..) | Meaning::Output(_) | Meaning::Instance(_) => false,
        };
        let Some(entry) = self.scope.get(&reference.name.text).filter(|entry| fits(&entry.meaning)) else {
            let error = self.scope.unknown(&reference.name, wanted, fits);
            self.reports.extend(error);
            return None;
        };
        entry.used.set(true);
        let Meaning::Population(_, Some(id)) = entry.meaning else { return None };
        let units = self.names().units(reference, id, self.network.population(id));
        self.valued(units)
    }
}

/// Whether a list holds a difference with one blank in it, as `[1 -1]`: one number where two may be meant.
fn lacks_comma(value: &Expression) -> bool {
    let ExpressionKind::List(items) = &value.kind else { return false };
    items.iter().any(|item| match &item.kind {
        ExpressionKind::Chain(first, rest) => {
            let (operator, operand) = &rest[0];
            *operator == Operator::Subtract && first.span.end + 2 == operand.span.start
        }
        _ => lacks_comma(item),
    })
}

/// How far apart the weights of neighbouring targets and of neighbouring sources stand, if the shape fits.
fn strides(shape: Shape, rows: u64, columns: u64) -> Option<(u32, u32)> {
    let narrow = |stride: usize| u32::try_from(stride).ok();
    match shape {
        Shape::Scalar => Some((0, 0)),
        Shape::Vector(n) if rows == 1 && n as u64 == columns => Some((0, 1)),
        Shape::Vector(n) if columns == 1 && n as u64 == rows => Some((1, 0)),
        Shape::Matrix(m, n) if (m as u64, n as u64) == (rows, columns) => Some((narrow(n)?, 1)),
        Shape::Vector(_) | Shape::Matrix(..) => None,
    }
}

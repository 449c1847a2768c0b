//! Connections as statements. What one statement of a source joined is several connections where its lists name several
//! populations: those that one statement can join again are put together.

use super::{Writer, block, list, matrix, number};
use crate::network::{Connection, ParameterKind, Pattern, Synapses, Units, View};
use crate::value::Shape;

/// So many parts at most are listed in one statement of drawn pairs.
const MOST_LISTED: usize = 1_000;

/// The ends of a statement.
struct Ends {
    sources: Vec<Units>,
    targets: Vec<Units>,
    /// How many units the sources and the targets are.
    columns: u32,
    rows: u32,
    /// How many connections it is.
    connections: usize,
}

impl Writer<'_> {
    pub(super) fn connections(&mut self) {
        let all: Vec<&Connection> = self.network.connections().map(|(_, connection)| connection).collect();
        let mut rest = all.as_slice();
        while let [first, ..] = rest {
            let done = match self.network.pattern(first.pattern) {
                Pattern::AllToAll => self.all_to_all(rest),
                Pattern::OneToOne => self.one_to_one(rest),
                Pattern::Random(_) => self.drawn(first),
            };
            rest = &rest[done..];
        }
    }

    fn connect(&mut self, sources: &[Units], targets: &[Units], value: &str, rule: Option<&str>) {
        let end = |units: &[Units]| match units {
            [only] => self.units(*only),
            several => format!("[{}]", self.all_units(several)),
        };
        let rule = rule.map(|rule| format!("rule = {rule}"));
        let text = format!("{} -> {} : {value}{}", end(sources), end(targets), block(&[rule]));
        self.statement("connection", &[], &text);
    }

    /// The first of some connections, with as many of those behind it as are of its statement; how many that is.
    fn all_to_all(&mut self, rest: &[&Connection]) -> usize {
        let first = rest[0];
        let View { parameter: id, offset, row, column } = first.weights;
        let parameter = self.network.parameter(id);
        let value = |offset: u32| parameter.values[offset as usize];
        let values = |offset: u32, count: u32| &parameter.values[offset as usize..(offset + count) as usize];
        let is_weight = parameter.kind == ParameterKind::Weight;
        let (ends, value, rule) = match (row, column) {
            (0, 0) => {
                let ends = joined(rest, u32::MAX, u32::MAX);
                let name = self.element(id, offset).filter(|_| is_weight);
                // A number between two arrays of one size might be meant for pairs.
                let is_doubtful = name.is_none() && ends.rows == ends.columns && ends.rows > 1;
                let rule = Some("all_to_all").filter(|_| is_doubtful);
                (ends, name.unwrap_or_else(|| number(value(offset))), rule)
            }
            (0, 1) if first.targets.count == 1 => {
                let ends = joined(rest, u32::MAX, 1);
                let name = self.slice(id, offset, ends.columns).filter(|_| is_weight);
                let value = name.unwrap_or_else(|| vector(values(offset, ends.columns)));
                (ends, value, None)
            }
            (1, 0) if first.sources.count == 1 => {
                let ends = joined(rest, 1, u32::MAX);
                let name = self.slice(id, offset, ends.rows).filter(|_| is_weight);
                let value = name.unwrap_or_else(|| vector(values(offset, ends.rows)));
                (ends, value, None)
            }
            _ => match self.whole(rest) {
                Some(ends) => {
                    let name = self.called.parameters[id.0 as usize].clone().filter(|_| is_weight);
                    (ends, name.unwrap_or_else(|| matrix(row as usize, &parameter.values)), None)
                }
                None => (joined(&rest[..1], u32::MAX, u32::MAX), self.cells(first), None),
            },
        };
        self.connect(&ends.sources, &ends.targets, &value, rule);
        ends.connections
    }

    /// The ends of the statement whose weights are all of a matrix, which cannot be referred to in parts.
    fn whole(&self, rest: &[&Connection]) -> Option<Ends> {
        let View { parameter, offset: 0, row, column: 1 } = rest[0].weights else { return None };
        let Shape::Matrix(rows, columns) = self.network.parameter(parameter).shape else { return None };
        let (rows, columns) = (u32::try_from(rows).ok()?, u32::try_from(columns).ok()?);
        let ends = (row == columns).then(|| joined(rest, columns, rows))?;
        (ends.rows == rows && ends.columns == columns).then_some(ends)
    }

    /// The weights of a connection of all with all, written in their place.
    fn cells(&self, connection: &Connection) -> String {
        let (rows, columns) = (connection.targets.count, connection.sources.count);
        let all = &self.network.parameter(connection.weights.parameter).values;
        let cell = |i: u32, j: u32| all[connection.weights.index(i, j)];
        let values: Vec<f64> = (0..rows).flat_map(|i| (0..columns).map(move |j| cell(i, j))).collect();
        if rows == 1 || columns == 1 { vector(&values) } else { matrix(columns as usize, &values) }
    }

    /// As [`all_to_all`](Writer::all_to_all), for pairs.
    fn one_to_one(&mut self, rest: &[&Connection]) -> usize {
        let first = rest[0];
        let View { parameter: id, offset, row, .. } = first.weights;
        let (mut sources, mut targets) = (vec![first.sources], vec![first.targets]);
        let (mut pairs, mut connections) = (first.sources.count, 1);
        for next in &rest[1..] {
            let is_next = next.weights.offset == offset + pairs * row && row < 2;
            if !is_next || !is_of_one_statement(first, next) {
                break;
            }
            // The lists are cut where a part of either ends: one of the two must end here.
            let (from, to) = (sources.last_mut().expect("there is one"), targets.last_mut().expect("there is one"));
            match (goes_on(*from, next.sources), goes_on(*to, next.targets)) {
                (true, false) => {
                    from.count += next.sources.count;
                    targets.push(next.targets);
                }
                (false, true) => {
                    to.count += next.targets.count;
                    sources.push(next.sources);
                }
                (true, true) | (false, false) => {
                    sources.push(next.sources);
                    targets.push(next.targets);
                }
            }
            pairs += next.sources.count;
            connections += 1;
        }
        let parameter = self.network.parameter(id);
        let values = || (0..pairs).map(|pair| parameter.values[first.weights.index(pair, 0)]);
        let named = match row {
            _ if parameter.kind != ParameterKind::Weight => None,
            0 => self.element(id, offset),
            1 => self.slice(id, offset, pairs),
            _ => None,
        };
        let value = named.unwrap_or_else(|| match row {
            0 => number(parameter.values[offset as usize]),
            _ => vector(&values().collect::<Vec<f64>>()),
        });
        self.connect(&sources, &targets, &value, Some("one_to_one"));
        connections
    }

    /// The pairs that a rule drew, target by target.
    fn drawn(&mut self, connection: &Connection) -> usize {
        let Connection { sources, targets, weights, .. } = *connection;
        let network = self.network;
        let parameter = network.parameter(weights.parameter);
        let is_weight = parameter.kind == ParameterKind::Weight;
        for target in 0..targets.count {
            let to = Units { first: targets.first + target, count: 1, ..targets };
            let mut synapses = network.synapses(connection, target).peekable();
            while let Some((_, place)) = synapses.peek().copied() {
                let (from, count) = listed(&mut synapses, sources);
                let offset = u32::try_from(place).expect("values are limited");
                let value = if weights.row == 0 {
                    let name = self.element(weights.parameter, offset).filter(|_| is_weight);
                    name.unwrap_or_else(|| number(parameter.values[place]))
                } else {
                    let name = self.slice(weights.parameter, offset, count).filter(|_| is_weight && weights.row == 1);
                    let values = (0..count as usize).map(|next| parameter.values[place + next * weights.row as usize]);
                    name.unwrap_or_else(|| vector(&values.collect::<Vec<f64>>()))
                };
                self.connect(&from, &[to], &value, None);
            }
        }
        1
    }
}

/// The next sources as parts of neighbours, and how many sources those are.
fn listed(synapses: &mut std::iter::Peekable<Synapses<'_>>, within: Units) -> (Vec<Units>, u32) {
    let mut parts: Vec<Units> = Vec::new();
    let mut count = 0;
    while let Some((source, _)) = synapses.peek() {
        let next = Units { first: within.first + source, count: 1, ..within };
        let is_full = parts.len() == MOST_LISTED;
        match parts.last_mut().filter(|last| goes_on(**last, next)) {
            Some(last) => last.count += 1,
            None if is_full => break,
            None => parts.push(next),
        }
        count += 1;
        synapses.next();
    }
    (parts, count)
}

/// The ends of the statement that the first of some connections of all with all begins, as long as those behind it are
/// what the statement would make: targets outermost, each with the sources in order. It has at most so many columns and
/// rows.
fn joined(rest: &[&Connection], most_columns: u32, most_rows: u32) -> Ends {
    let first = rest[0];
    let View { offset, row, column, .. } = first.weights;
    let mut sources: Vec<Units> = Vec::new();
    let mut columns = 0;
    for next in rest {
        let fits = u64::from(columns) + u64::from(next.sources.count) <= u64::from(most_columns);
        let is_next = next.targets == first.targets && next.weights.offset == offset + columns * column;
        let is_more = sources.is_empty() || fits && is_next && is_of_one_statement(first, next);
        if !is_more {
            break;
        }
        sources.push(next.sources);
        columns += next.sources.count;
    }
    let mut targets = vec![first.targets];
    let mut rows = first.targets.count;
    for block in rest[sources.len()..].chunks_exact(sources.len()) {
        let to = block[0].targets;
        if u64::from(rows) + u64::from(to.count) > u64::from(most_rows) {
            break;
        }
        let mut offset = offset + rows * row;
        let is_next = std::iter::zip(block, &sources).all(|(next, from)| {
            let here = next.sources == *from && next.targets == to && next.weights.offset == offset;
            offset += from.count * column;
            here && is_of_one_statement(first, next)
        });
        if !is_next {
            break;
        }
        targets.push(to);
        rows += to.count;
    }
    let connections = sources.len() * targets.len();
    Ends { sources, targets, columns, rows, connections }
}

/// Whether two connections may be of one statement: all but their ends and the place of their weights agrees.
fn is_of_one_statement(one: &Connection, other: &Connection) -> bool {
    let view = View { offset: one.weights.offset, ..other.weights };
    one.origin == other.origin && one.pattern == other.pattern && one.weights == view
}

/// Whether some units begin where others end.
fn goes_on(units: Units, next: Units) -> bool {
    units.population == next.population && units.first + units.count == next.first
}

/// A list, or a number for one.
fn vector(values: &[f64]) -> String {
    if let [only] = values { number(*only) } else { list(values.iter().copied()) }
}

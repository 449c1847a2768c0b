//! The row of inputs of one evaluation: defaults, then what is set.

use std::collections::HashMap;

use crate::network::{Expectation, Network, PopulationId, PopulationKind, Units};
use crate::numeric::decimal::{shortest, shortest_single};
use crate::text::{closest, counted, quoted};

/// The values of all elements of all inputs, in the order of their declarations: the defaults, then what is set.
///
/// Belongs to the network that it was made for; with another its values are of other inputs, or it panics.
///
/// ```
/// # use neuronc::{Inputs, Limits, Sources, parse, resolve};
/// # let mut sources = Sources::new();
/// # let text = "input a = 1, b[2], c = 3\nneuron y\n[a, b, c] -> y : 1\noutput y\n";
/// # let file = sources.add("y", text.into(), &Limits::default()).unwrap();
/// # let (program, _) = parse(sources.get(file), &Limits::default());
/// # let network = resolve(&program, sources.get(file), &Limits::default()).0.unwrap();
/// // input a = 1, b[2], c = 3
/// let mut inputs = Inputs::new(&network);
/// assert_eq!(inputs.row(&network).unwrap_err().to_string(), "no value and no default for the input `b`");
/// inputs.set(&network, "b", &[0.5, 0.25]).unwrap();
/// assert_eq!(inputs.row(&network).unwrap(), [1.0, 0.5, 0.25, 3.0]);
/// assert!(inputs.set(&network, "b", &[0.5, 0.25, 0.125]).is_err());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Inputs {
    values: Vec<f64>,
    /// Which values are known.
    known: Vec<bool>,
    /// Where each input's values start.
    starts: HashMap<PopulationId, usize>,
}

/// Why inputs could not be set.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum InputError {
    /// No input has that name.
    Unknown {
        /// The name.
        name: String,
        /// What it is instead, if it is something: `neuron`.
        is: Option<&'static str>,
        /// The input that may be meant.
        meant: Option<String>,
    },
    /// Another number of values than the input has.
    Size {
        /// The input.
        name: String,
        /// How many it has.
        size: usize,
        /// How many were given.
        given: usize,
    },
    /// NaN or an infinity.
    NotFinite {
        /// The input.
        name: String,
    },
    /// A value outside the range that the input is declared with.
    OutsideRange {
        /// The input.
        name: String,
        /// Which element, where each has its own value.
        element: Option<usize>,
        /// The value.
        value: f64,
        /// The lowest value that the input takes.
        low: f64,
        /// The highest.
        high: f64,
    },
    /// A value beyond the largest number of single precision.
    TooLargeForSingle {
        /// The input.
        name: String,
        /// The value.
        value: f64,
    },
    /// Inputs without value or default.
    Missing {
        /// Their names.
        names: Vec<String>,
    },
}

impl std::fmt::Display for InputError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            InputError::Unknown { name, is, meant } => {
                match is {
                    Some(kind) => write!(formatter, "{} is a {kind}, not an input", quoted(name))?,
                    None => write!(formatter, "no input is called {}", quoted(name))?,
                }
                meant.as_ref().map_or(Ok(()), |meant| write!(formatter, "; did you mean {}?", quoted(meant)))
            }
            InputError::Size { name, size, given } => {
                let verb = if *given == 1 { "is" } else { "are" };
                let given = counted(*given as u64, "value");
                write!(
                    formatter,
                    "the input {} takes {}, but {given} {verb} given",
                    quoted(name),
                    counted(*size as u64, "value")
                )
            }
            InputError::NotFinite { name } => write!(formatter, "the input {} must be finite", quoted(name)),
            InputError::OutsideRange { name, element, value, low, high } => {
                let name = element.map_or(name.clone(), |element| format!("{name}[{element}]"));
                let [value, low, high] = [value, low, high].map(|number| shortest(*number));
                write!(formatter, "the input {} is {value}, outside its range from {low} to {high}", quoted(&name))
            }
            InputError::TooLargeForSingle { name, value } => write!(
                formatter,
                "the input {} is {}, which is beyond the largest number of single precision, {}",
                quoted(name),
                shortest(*value),
                shortest_single(f32::MAX),
            ),
            InputError::Missing { names } => {
                const MOST: usize = 10;
                let mut shown: Vec<String> = names.iter().take(MOST).map(|name| quoted(name)).collect();
                if names.len() > MOST {
                    shown.push(format!("{} more", names.len() - MOST));
                }
                write!(formatter, "no value and no default for the input {}", crate::text::all_of(&shown))
            }
        }
    }
}

impl std::error::Error for InputError {}

impl Inputs {
    /// The defaults.
    #[must_use]
    pub fn new(network: &Network) -> Inputs {
        let mut inputs = Inputs { values: Vec::new(), known: Vec::new(), starts: HashMap::new() };
        for (id, population) in network.inputs() {
            inputs.starts.insert(id, inputs.values.len());
            let size = population.size as usize;
            match &population.kind {
                PopulationKind::Input { default: Some(values), .. } => inputs.values.extend(values),
                PopulationKind::Input { default: None, .. } | PopulationKind::Neuron { .. } => {
                    inputs.values.resize(inputs.values.len() + size, 0.0);
                }
            }
            let known = matches!(population.kind, PopulationKind::Input { default: Some(_), .. });
            inputs.known.resize(inputs.values.len(), known);
        }
        inputs
    }

    /// The defaults, with what an expectation sets.
    #[must_use]
    pub fn for_expectation(network: &Network, expectation: &Expectation) -> Inputs {
        let mut inputs = Inputs::new(network);
        inputs.give(expectation);
        inputs
    }

    /// Sets what an expectation of the network sets; other inputs keep what they have.
    pub fn give(&mut self, expectation: &Expectation) {
        for (units, values) in &expectation.given {
            self.put(*units, values);
        }
    }

    /// Makes what an expectation sets the defaults again.
    pub fn take_back(&mut self, network: &Network, expectation: &Expectation) {
        for (units, _) in &expectation.given {
            let elements = units.first as usize..(units.first + units.count) as usize;
            match &network.population(units.population).kind {
                PopulationKind::Input { default: Some(values), .. } => self.put(*units, &values[elements]),
                PopulationKind::Input { default: None, .. } | PopulationKind::Neuron { .. } => {
                    let Some(start) = self.starts.get(&units.population) else { continue };
                    self.known[start + elements.start..start + elements.end].fill(false);
                }
            }
        }
    }

    /// Sets a whole input by its name: one value an element, or one that spreads over an array. Allocates nothing.
    ///
    /// # Errors
    /// No input has that name, it has another size, or a value is not finite or outside the input's range. Nothing is
    /// set then.
    pub fn set(&mut self, network: &Network, name: &str, values: &[f64]) -> Result<(), InputError> {
        let Some((id, population)) = network.inputs().find(|(_, population)| population.name == name) else {
            let is = network.find(name).map(|_| "neuron");
            let names = network.inputs().map(|(_, population)| population.name.as_str());
            let meant = closest(name, names).map(str::to_owned);
            return Err(InputError::Unknown { name: name.to_owned(), is, meant });
        };
        let size = population.size as usize;
        if values.iter().any(|value| !value.is_finite()) {
            return Err(InputError::NotFinite { name: name.to_owned() });
        }
        let is_one = values.len() == 1;
        if !is_one && values.len() != size {
            return Err(InputError::Size { name: name.to_owned(), size, given: values.len() });
        }
        let outside = network.range(id).and_then(|range| {
            let element = values.iter().position(|value| !range.holds(*value))?;
            Some((element, range.low, range.high))
        });
        if let Some((element, low, high)) = outside {
            let (name, value) = (name.to_owned(), values[element]);
            let element = Some(element).filter(|_| !is_one);
            return Err(InputError::OutsideRange { name, element, value, low, high });
        }
        let Some(start) = self.starts.get(&id).copied() else { return Ok(()) };
        match values {
            [value] => self.values[start..start + size].fill(*value),
            _ => self.values[start..start + size].copy_from_slice(values),
        }
        self.known[start..start + size].fill(true);
        Ok(())
    }

    /// The value of an element of an input, if it has one.
    pub(crate) fn value(&self, unit: crate::network::Unit) -> Option<f64> {
        let place = self.starts.get(&unit.population)? + unit.element as usize;
        self.known[place].then_some(self.values[place])
    }

    /// The values of all elements, 0 where there is none, and which of them there are.
    pub(crate) fn parts(&self) -> (&[f64], &[bool]) {
        (&self.values, &self.known)
    }

    /// All values; where there is none 0, or the end of the input's range that is nearest to 0.
    pub(crate) fn completed(&self, network: &Network) -> Vec<f64> {
        let mut all = self.values.clone();
        for (id, population) in network.inputs() {
            let (Some(start), Some(range)) = (self.starts.get(&id), network.range(id)) else { continue };
            let own = *start..start + population.size as usize;
            for (value, known) in std::iter::zip(&mut all[own.clone()], &self.known[own]) {
                *value = if *known { *value } else { 0f64.clamp(range.low, range.high) };
            }
        }
        all
    }

    /// Sets some elements of an input; `values` has one for each.
    pub(crate) fn put(&mut self, units: Units, values: &[f64]) {
        let Some(start) = self.starts.get(&units.population) else { return };
        let first = start + units.first as usize;
        self.values[first..first + values.len()].copy_from_slice(values);
        self.known[first..first + values.len()].fill(true);
    }

    /// The row that [`evaluate`](crate::evaluate) takes: all values, in the order of the declarations.
    ///
    /// # Errors
    /// An input has neither a value nor a default.
    pub fn row(&self, network: &Network) -> Result<&[f64], InputError> {
        let missing = |(id, population): (PopulationId, &crate::network::Population)| {
            let start = self.starts.get(&id)?;
            let elements = &self.known[*start..start + population.size as usize];
            elements.iter().any(|known| !known).then(|| population.name.clone())
        };
        let names: Vec<String> = network.inputs().filter_map(missing).collect();
        if names.is_empty() { Ok(&self.values) } else { Err(InputError::Missing { names }) }
    }

    /// The row, each value rounded once to single precision.
    ///
    /// # Errors
    /// An input has neither a value nor a default, or a value that would become infinite.
    #[expect(clippy::cast_possible_truncation, reason = "single precision rounds its inputs once")]
    pub fn single_row(&self, network: &Network) -> Result<Vec<f32>, InputError> {
        let row = self.row(network)?;
        let single: Vec<f32> = row.iter().map(|value| *value as f32).collect();
        let Some(place) = single.iter().position(|value| !value.is_finite()) else { return Ok(single) };
        let holds = |id: &PopulationId| self.starts.get(id).is_some_and(|start| *start <= place);
        let name = network.inputs().take_while(|(id, _)| holds(id)).last().map(|(_, input)| input.name.clone());
        Err(InputError::TooLargeForSingle { name: name.unwrap_or_default(), value: row[place] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::source::Sources;

    #[test]
    fn what_an_expectation_sets_can_be_taken_back() {
        let text = "input a, x[4]\ninput d[2] = [5, 6]\noutput y = [a, x, d]\n\
                    expect x[1..3] = [1, 2], d[1] = 7 => y = 0\n";
        let (mut sources, limits) = (Sources::new(), Limits::default());
        let file = sources.add("inputs.neuron", text.into(), &limits).expect("it is a text");
        let (program, _) = crate::parser::parse(sources.get(file), &limits);
        let network = crate::resolve::resolve(&program, sources.get(file), &limits).0.expect("it has no mistakes");
        let expectation = &network.expectations()[0];
        let mut inputs = Inputs::new(&network);
        for (name, values) in [("a", &[9.0][..]), ("x", &[1.0, 2.0, 3.0, 4.0])] {
            inputs.set(&network, name, values).expect("there is such an input, of this size");
        }
        inputs.give(expectation);
        assert_eq!(inputs.row(&network).expect("all have values"), [9.0, 1.0, 1.0, 2.0, 4.0, 5.0, 7.0]);
        inputs.take_back(&network, expectation);
        match inputs.row(&network) {
            Err(InputError::Missing { names }) => assert_eq!(names, ["x"]),
            other => panic!("{other:?}"),
        }
        inputs.set(&network, "x", &[1.0, 2.0, 3.0, 4.0]).expect("it has four elements");
        assert_eq!(inputs.row(&network).expect("all have values"), [9.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    }

    #[test]
    fn ten_missing_inputs_are_named() {
        let told = |count: usize| {
            let names = (0..count).map(|number| format!("x{number}")).collect();
            InputError::Missing { names }.to_string()
        };
        assert!(told(10).ends_with("`x8` and `x9`"), "{}", told(10));
        assert!(told(12).ends_with("`x9` and 2 more"), "{}", told(12));
    }
}

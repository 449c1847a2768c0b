//! What things are called in the text: names without dots, each of which is one thing's.

use std::collections::{HashMap, HashSet};

use crate::network::{Network, Parameter, ParameterKind};

/// Names that are given, and free ones like those that are not.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    /// The number to try next, by the name that it is put behind.
    next: HashMap<String, u32>,
}

impl Names {
    /// Takes a name; whether it was free.
    pub(super) fn take(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_owned())
    }

    /// Takes the free name that is most like `name`, with `_` for its dots.
    pub(super) fn take_like(&mut self, name: &str) -> String {
        let plain = name.replace('.', "_");
        if self.take(&plain) {
            return plain;
        }
        let next = self.next.entry(plain.clone()).or_insert(2);
        loop {
            let numbered = format!("{plain}_{next}");
            *next += 1;
            if self.taken.insert(numbered.clone()) {
                return numbered;
            }
        }
    }
}

/// What the parts of a network are called.
#[derive(Debug)]
pub(super) struct Called {
    /// By the population's number.
    pub(super) populations: Vec<String>,
    /// By the parameter's number; none where it has no name.
    pub(super) parameters: Vec<Option<String>>,
}

/// Names for all populations and named parameters. Those without dots keep theirs, as outputs do.
pub(super) fn called(network: &Network, names: &mut Names) -> Called {
    let populations = || network.populations().map(|(_, population)| population.name.as_str());
    let parameters = || network.parameters().map(own_name);
    let outputs = network.outputs().iter().map(|output| output.name.as_str());
    let is_plain = |name: &&str| !name.contains('.');
    for name in outputs.chain(populations()).chain(parameters().flatten()).filter(is_plain) {
        names.take(name);
    }
    let mut name = |old: &str| if old.contains('.') { names.take_like(old) } else { old.to_owned() };
    Called {
        populations: populations().map(&mut name).collect(),
        parameters: parameters().map(|own| own.map(&mut name)).collect(),
    }
}

/// The name by which synapses or neurons share a parameter.
fn own_name(parameter: &Parameter) -> Option<&str> {
    match parameter.kind {
        ParameterKind::Weight | ParameterKind::Bias => parameter.name.as_deref(),
        ParameterKind::Literal | ParameterKind::Derived => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_become_underscores_and_names_stay_different() {
        let mut names = Names::default();
        assert!(names.take("a_b") && names.take("a_b_2") && !names.take("a_b"));
        let given: Vec<String> = ["a.b", "a.b", "a.c", "a.b"].iter().map(|name| names.take_like(name)).collect();
        assert_eq!(given, ["a_b_3", "a_b_4", "a_c", "a_b_5"]);
    }
}

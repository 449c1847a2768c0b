//! Why a neuron has its value: what its synapses brought, followed back to the inputs; and what would change whether it
//! fires.

mod behind;
mod cause;
mod change;
mod cone;
mod firing;
mod search;
mod variables;
mod walk;
mod words;

pub use cause::{Contribution, Effect, Explanation, Part, Route, Why, why};
pub use change::{Answer, Change, Flip, Search, WhyNot};
pub(crate) use firing::Firing;
pub use search::why_not;

use crate::network::{Network, Unit};

/// Numbers for all units of a network: element after element, population after population.
struct Numbers {
    /// The number of each population's first element, and at the end how many units there are.
    starts: Vec<u32>,
}

impl Numbers {
    fn of(network: &Network) -> Numbers {
        let mut starts = vec![0];
        for (_, population) in network.populations() {
            starts.push(starts[starts.len() - 1] + population.size);
        }
        Numbers { starts }
    }

    fn count(&self) -> usize {
        self.starts[self.starts.len() - 1] as usize
    }

    /// The number of a unit; none if the network has no such unit.
    fn find(&self, unit: Unit) -> Option<usize> {
        let place = unit.population.0 as usize;
        let (start, end) = (*self.starts.get(place)?, *self.starts.get(place + 1)?);
        (unit.element < end - start).then(|| start as usize + unit.element as usize)
    }

    /// The number of a unit of the network.
    fn of_unit(&self, unit: Unit) -> usize {
        self.starts[unit.population.0 as usize] as usize + unit.element as usize
    }
}

//! Why neurons have their values, in the words that people read.

mod cause;
mod change;

use neuronc::network::Unit;
use neuronc::{Limits, Network, Sources, parse, resolve};

/// The network of a text that has no errors.
fn network(text: &str) -> Network {
    let mut sources = Sources::new();
    let limits = Limits::default();
    let file = sources.add("t.neuron", text.as_bytes().to_vec(), &limits).expect("the text is UTF-8");
    let (program, mistakes) = parse(sources.get(file), &limits);
    assert!(!mistakes.has_errors(), "{:?}\n{text}", mistakes.into_sorted());
    let (network, mistakes) = resolve(&program, sources.get(file), &limits);
    network.unwrap_or_else(|| panic!("{:?}\n{text}", mistakes.into_sorted()))
}

/// Element `element` of the population called `name`.
fn unit(network: &Network, name: &str, element: u32) -> Unit {
    Unit { population: network.find(name).expect("there is one"), element }
}

//! What is told of a network's outputs.

use neuronc::network::Unit;
use neuronc::{Code, Diagnostic, Label, Network, Severity, shown};

use crate::inputs::{abridged, usage};
use crate::messages;

/// The error of a network that gives nothing.
pub fn no_outputs(network: &Network) -> Diagnostic {
    let help = match network.unread_neurons().next() {
        Some(first) => {
            let unread = abridged(network.unread_neurons());
            format!("nobody reads {unread}; add a line such as `output {}`", shown(first))
        }
        None if !network.networks().is_empty() => {
            let names = abridged(network.networks().iter().map(Network::name));
            format!("its networks are for others to make instances of: {names}; `neuronc test` runs their tests")
        }
        None => "it has no neurons; declare one with `neuron NAME`".to_owned(),
    };
    usage(Code::E0601, format!("the network `{}` gives no output", shown(network.name())), Some(help))
}

/// The warning of the first neuron whose numbers are not finite.
pub fn not_finite(unit: Unit, network: &Network) -> Diagnostic {
    let name = shown(&network.unit_name(unit));
    let message = format!("`{name}` is the first neuron whose net input or output is not finite");
    Diagnostic {
        severity: Severity::Warning,
        label: Some(Label { span: network.population(unit.population).origin, text: "computed here".to_owned() }),
        help: Some("what reads it goes on as IEEE 754 says; `--trace` shows what it was computed from".to_owned()),
        ..messages::error(Code::W0301, message)
    }
}

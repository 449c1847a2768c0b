//! Pictures of a network: what is drawn, where it stands, and how it is written.
//!
//! [`draw`] decides what a picture shows: a node for each input, neuron and output, or for many of them where there
//! are many; lines for synapses; frames round the instances of networks. [`svg`](fn@svg) lays it out and writes it as SVG,
//! [`dot`](fn@dot) for Graphviz, [`mermaid`](fn@mermaid) for pages that show Mermaid.

mod card;
mod dot;
mod escape;
mod fold;
mod gather;
mod label;
mod layout;
mod legend;
mod level;
mod mermaid;
mod model;
mod order;
mod place;
mod route;
mod style;
mod svg;
mod text;

use crate::eval::Trace;
use crate::network::{Counts, Network};
use fold::Detail;
use gather::{Gathered, Room};
use level::levels;
use model::NodeKind;

pub use dot::dot;
pub(crate) use escape::xml;
pub use mermaid::mermaid;
pub use style::Theme;
pub use svg::svg;

/// What is shown of a network, by [`draw`].
#[derive(Debug, Clone)]
pub struct Picture {
    name: String,
    doc: String,
    counts: Counts,
    parts: Gathered,
    /// The column of each node.
    columns: Vec<usize>,
    detail: Detail,
    is_evaluated: bool,
}

/// How many nodes, lines and columns a picture has at the most; beyond that more is put together.
const ROOM: Room = Room { nodes: 1_000, lines: 20_000 };
const SMALL_ROOM: Room = Room { nodes: 120, lines: 300 };
const MOST_COLUMNS: usize = 100;
/// Networks of a file that only declares some.
const MOST_NETWORKS: usize = 50;
/// Places where lines cross a column.
const MOST_BENDS: usize = 10_000;

/// What a picture of `network` shows; with what it computed, if a trace for [`Wanted::Everything`](crate::Wanted) is given.
/// One of [`trace_neurons`](crate::trace_neurons) is enough.
///
/// Arrays of more than 32 elements are one node with their number. Where there would be more than 1,000 nodes, 20,000
/// lines, 100 columns or 10,000 places where a line passes a column, so is every array, then every instance of a network, then all neurons at the same place of the
/// order. A file that only declares networks for others shows each of these.
#[must_use]
pub fn draw(network: &Network, trace: Option<&Trace>) -> Picture {
    within(network, trace, ROOM)
}

/// What [`draw`] shows, with more put together: as much as pages that show Mermaid take, 500 lines and 50,000 characters.
#[must_use]
pub fn draw_small(network: &Network, trace: Option<&Trace>) -> Picture {
    within(network, trace, SMALL_ROOM)
}

fn within(network: &Network, trace: Option<&Trace>, room: Room) -> Picture {
    let only_declares = network.populations().next().is_none() && !network.networks().is_empty();
    for detail in Detail::ALL {
        let gathered = if only_declares {
            network.networks().iter().take(MOST_NETWORKS).try_fold(Gathered::default(), |gathered, inner| {
                gathered.add(inner, None, &format!("{}.", inner.name()), detail, room)
            })
        } else {
            Gathered::default().add(network, trace, "", detail, room)
        };
        let Some(parts) = gathered else { continue };
        let columns = columns(&parts);
        let width = columns.iter().max().map_or(0, |last| last + 1);
        let bends: usize = edges(&parts).map(|(from, to)| columns[from].abs_diff(columns[to]).saturating_sub(1)).sum();
        if detail == Detail::Levels || width <= MOST_COLUMNS && bends <= MOST_BENDS {
            let counts = counts(network, only_declares);
            let (name, doc) = (network.name().to_owned(), network.doc().to_vec());
            let doc = doc.into_iter().take_while(|line| !line.trim().is_empty()).collect::<Vec<_>>().join(" ");
            return Picture { name, doc, counts, parts, columns, detail, is_evaluated: trace.is_some() };
        }
    }
    unreachable!("the last detail has room for every network")
}

fn counts(network: &Network, only_declares: bool) -> Counts {
    let mut counts = network.counts();
    if only_declares {
        for inner in network.networks() {
            let more = inner.counts();
            counts.inputs += more.inputs;
            counts.neurons += more.neurons;
            counts.synapses += more.synapses;
        }
    }
    counts
}

/// The lines, from and to.
fn edges(parts: &Gathered) -> impl Iterator<Item = (usize, usize)> + '_ {
    parts.synapses.iter().map(|synapse| (synapse.from, synapse.to)).chain(parts.taps.iter().copied())
}

/// The column of each node.
fn columns(parts: &Gathered) -> Vec<usize> {
    let edges: Vec<(usize, usize)> = edges(parts).collect();
    let mut columns = levels(parts.nodes.len(), &edges);
    // A neuron without synapses stands just before what it feeds; inputs stay at the left.
    let mut nearest = vec![usize::MAX; columns.len()];
    let mut has_source = vec![false; columns.len()];
    for (from, to) in edges {
        nearest[from] = nearest[from].min(columns[to]);
        has_source[to] |= from != to;
    }
    for (node, shown) in parts.nodes.iter().enumerate() {
        if shown.kind == NodeKind::Neuron && !has_source[node] && nearest[node] != usize::MAX {
            columns[node] = nearest[node].saturating_sub(1).max(columns[node]);
        }
    }
    columns
}

/// What is told of a picture in words.
struct Summary {
    title: String,
    counts: String,
    text: String,
}

fn summary(picture: &Picture) -> Summary {
    let Counts { inputs, neurons, synapses } = picture.counts;
    let counted = |count: u64, noun: &str| {
        let plural = if count == 1 { "" } else { "s" };
        format!("{} {noun}{plural}", crate::text::grouped(count))
    };
    let words = [counted(inputs, "input"), counted(neurons, "neuron"), counted(synapses, "synapse")];
    let mut counts = words.join(" · ");
    let mut text = format!("A network of {}.", words.join(", "));
    if let Some(folded) = folded(picture) {
        counts += &format!(" · {folded}");
        text += &format!(" In the picture {folded}.");
    }
    let outputs = picture.parts.nodes.iter().filter(|node| node.kind == NodeKind::Output && node.count == 1);
    let values: Vec<String> = outputs
        .filter_map(|node| node.value.map(|value| format!("{} = {}", node.name, text::exact(value.least))))
        .take(20)
        .collect();
    if !values.is_empty() {
        text += &format!(" Evaluated: {}.", values.join(", "));
    }
    if !picture.doc.is_empty() {
        text += &format!(" {}", picture.doc);
    }
    Summary { title: format!("network {}", picture.name), counts, text }
}

/// What is put together, where it is more than usual.
fn folded(picture: &Picture) -> Option<&'static str> {
    match picture.detail {
        Detail::Elements => None,
        Detail::Arrays => Some("each array is one node"),
        Detail::Instances => Some("each array and instance is one node"),
        Detail::Levels => Some("neurons at the same place are one node"),
    }
}

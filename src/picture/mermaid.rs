//! A picture as text for Mermaid, which pages of GitHub and others show.

use std::fmt::Write;

use super::card::{firing, words};
use super::escape::mermaid as escaped;
use super::label::texts;
use super::model::{Effect, Nested, Node, NodeKind, nested, thickness};
use super::style::{BORDER, INK, colour, fill};
use super::{Picture, folded};

/// Writes a picture in the language of Mermaid's flowcharts; one of [`draw_small`](super::draw_small), as pages show no
/// larger ones.
#[must_use]
pub fn mermaid(picture: &Picture) -> String {
    let parts = &picture.parts;
    let mut text = "flowchart LR\n".to_owned();
    if let Some(folded) = folded(picture) {
        let _ = writeln!(text, "  %% Pages show 500 lines at the most: {folded}.");
    }
    for (depth, step) in nested(&parts.nodes, &parts.frames) {
        let indent = "  ".repeat(depth);
        let _ = match step {
            Nested::Node(place) => writeln!(text, "{indent}n{place}{}", node(picture, &parts.nodes[place])),
            Nested::Begin(frame) => {
                let label = escaped(&parts.frames[frame].label(&parts.frames));
                writeln!(text, "{indent}subgraph f{frame}[\"{label}\"]")
            }
            Nested::End => writeln!(text, "{indent}end"),
        };
    }
    for synapse in &parts.synapses {
        let label = texts(picture, synapse).into_iter().next().unwrap_or_default();
        let arrow = match synapse.effect() {
            Effect::Excitatory | Effect::Mixed => "-->",
            Effect::Inhibitory | Effect::Silent => "-.->",
        };
        let _ = writeln!(text, "  n{} {arrow}|\"{}\"| n{}", synapse.from, escaped(&label), synapse.to);
    }
    for (from, to) in &parts.taps {
        let _ = writeln!(text, "  n{from} --> n{to}");
    }
    styles(&mut text, picture);
    text
}

/// The shape of a node, with its text.
fn node(picture: &Picture, node: &Node) -> String {
    let lines: Vec<String> = words(picture, node).into_iter().map(|(line, _)| line).chain(firing(node)).collect();
    let label = escaped(&lines.join("\n"));
    let (open, close) = match (node.kind, node.count) {
        (NodeKind::Input, _) => ("([", "])"),
        (NodeKind::Neuron, 1) => ("(", ")"),
        (NodeKind::Neuron, _) => ("[[", "]]"),
        (NodeKind::Output, _) => ("[", "]"),
    };
    format!("{open}\"{label}\"{close}")
}

/// Colours and widths: nodes of one kind, and lines of one kind and width, together.
fn styles(text: &mut String, picture: &Picture) {
    let parts = &picture.parts;
    let class = |kind: NodeKind, fires: bool| if fires { "fires" } else { kind.word() };
    for (kind, fires) in
        [(NodeKind::Input, false), (NodeKind::Neuron, false), (NodeKind::Neuron, true), (NodeKind::Output, false)]
    {
        let of_kind = parts
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.kind == kind && node.fires.is_some_and(|(firing, _)| firing > 0) == fires);
        let nodes: Vec<String> = of_kind.map(|(place, _)| format!("n{place}")).collect();
        if !nodes.is_empty() {
            let ((inside, border), class) = (fill(kind, fires), class(kind, fires));
            let width = if fires { 3 } else { 1 };
            let _ =
                writeln!(text, "  classDef {class} fill:{inside},stroke:{border},stroke-width:{width}px,color:{INK}");
            let _ = writeln!(text, "  class {} {class}", nodes.join(","));
        }
    }
    for (_, step) in nested(&parts.nodes, &parts.frames) {
        if let Nested::Begin(frame) = step {
            let _ = writeln!(text, "  style f{frame} fill:none,stroke:{BORDER},stroke-dasharray:2 3");
        }
    }
    let shares = thickness(&parts.synapses);
    for effect in Effect::ALL {
        for width in 1..=4 {
            let of_width = std::iter::zip(&parts.synapses, &shares).enumerate().filter(|(_, (synapse, share))| {
                synapse.effect() == effect && 1 + (*share * 3.0).round() as u32 == width
            });
            link_style(text, of_width.map(|(place, _)| place), colour(effect), width);
        }
    }
    link_style(text, parts.synapses.len()..parts.synapses.len() + parts.taps.len(), BORDER, 1);
}

fn link_style(text: &mut String, lines: impl Iterator<Item = usize>, colour: &str, width: u32) {
    let lines: Vec<String> = lines.map(|line| line.to_string()).collect();
    if !lines.is_empty() {
        let _ = writeln!(text, "  linkStyle {} stroke:{colour},stroke-width:{width}px", lines.join(","));
    }
}

//! A picture as text for Graphviz, which lays it out by itself.

use std::fmt::Write;

use super::card::{firing, words};
use super::escape::dot as escaped;
use super::label::{texts, title};
use super::model::{Effect, Nested, Node, NodeKind, nested, thickness};
use super::style::{BORDER, FAINT, INK, colour, fill};
use super::{Picture, folded, summary};

/// Writes a picture in Graphviz's language DOT.
#[must_use]
pub fn dot(picture: &Picture) -> String {
    let parts = &picture.parts;
    let mut text = String::new();
    if let Some(folded) = folded(picture) {
        let _ = writeln!(text, "// The network is large: {folded}.");
    }
    let _ = write!(
        text,
        "digraph \"{}\" {{
  rankdir=LR
  tooltip=\"{}\"
  graph [fontname=\"Helvetica,Arial,sans-serif\", fontsize=12, fontcolor=\"{FAINT}\", nodesep=0.3, ranksep=1]
  node [fontname=\"Helvetica,Arial,sans-serif\", fontsize=12, fontcolor=\"{INK}\", shape=box, style=\"rounded,filled\"]
  edge [fontname=\"Helvetica,Arial,sans-serif\", fontsize=11, arrowsize=0.8]
",
        escaped(&picture.name),
        escaped(&summary(picture).text),
    );
    for (depth, step) in nested(&parts.nodes, &parts.frames) {
        let indent = "  ".repeat(depth);
        let _ = match step {
            Nested::Node(place) => writeln!(text, "{indent}n{place} {}", node(picture, &parts.nodes[place])),
            Nested::Begin(frame) => {
                let label = escaped(&parts.frames[frame].label(&parts.frames));
                let style = format!("label=\"{label}\"; style=\"rounded,dashed\"; color=\"{BORDER}\"");
                writeln!(text, "{indent}subgraph cluster_{frame} {{ {style}")
            }
            Nested::End => writeln!(text, "{indent}}}"),
        };
    }
    for (synapse, share) in std::iter::zip(&parts.synapses, thickness(&parts.synapses)) {
        let effect = synapse.effect();
        let label = texts(picture, synapse).into_iter().next().unwrap_or_default();
        let style = match effect {
            Effect::Excitatory | Effect::Mixed => "arrowhead=normal",
            Effect::Inhibitory => "arrowhead=tee, style=dashed",
            Effect::Silent => "arrowhead=normal, style=dotted",
        };
        let (from, to, colour) = (synapse.from, synapse.to, colour(effect));
        let (label, title, thick) = (escaped(&label), escaped(&title(picture, synapse)), 1.0 + 3.0 * share);
        let _ = writeln!(
            text,
            "  n{from} -> n{to} [label=\"{label}\", {style}, color=\"{colour}\", fontcolor=\"{colour}\", penwidth={thick:.2}, tooltip=\"{title}\"]",
        );
    }
    for (from, to) in &parts.taps {
        let _ = writeln!(text, "  n{from} -> n{to} [color=\"{BORDER}\"]");
    }
    text.push_str("}\n");
    text
}

/// The attributes of a node.
fn node(picture: &Picture, node: &Node) -> String {
    let lines: Vec<String> = words(picture, node).into_iter().map(|(line, _)| line).chain(firing(node)).collect();
    let fires = node.fires.is_some_and(|(firing, _)| firing > 0);
    let (inside, border) = fill(node.kind, fires);
    let style = match node.kind {
        NodeKind::Neuron if fires => ", penwidth=2.5",
        NodeKind::Neuron | NodeKind::Input => "",
        NodeKind::Output => ", style=filled",
    };
    let many = if node.count > 1 { ", peripheries=2" } else { "" };
    let (label, name) = (escaped(&lines.join("\n")), escaped(&node.name));
    format!("[label=\"{label}\", fillcolor=\"{inside}\", color=\"{border}\"{style}{many}, tooltip=\"{name}\"]")
}

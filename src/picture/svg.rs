//! A picture as SVG.

use std::fmt::Write;

use super::card::{Across, CURVE, Card, MARK, PADDING};
use super::escape::{identity, xml};
use super::label::{LABEL, Label, labels, title, widths};
use super::layout::{Area, HEADER, Layout, MARGIN, layout};
use super::legend::legend;
use super::model::{Effect, Made, Node, NodeKind, Spread, Synapse, thickness};
use super::route::{Piece, Route, radius};
use super::style::{Theme, sheet};
use super::text::{DETAIL, HEADING, SMALL, exact, fitted, width};
use super::{Picture, summary};
use crate::text::neutralise;

/// More lines are drawn thin.
const MANY_LINES: usize = 150;

/// Writes a picture as SVG that stands alone.
///
/// Each node is a group with `data-input`, `data-neuron` or `data-output`, its name, and each line one with `data-from` and
/// `data-to`; their numbers stand in `data-` attributes with all digits. All rules of style begin with the class `neuronc`.
#[must_use]
pub fn svg(picture: &Picture, theme: Theme) -> String {
    let layout = layout(picture, &widths(picture));
    let labels = labels(picture, &layout);
    let about = summary(picture);
    let name = neutralise(&picture.name);
    let content = layout.width.max(MARGIN * 2.0 + width(&about.counts, SMALL)).max(300.0).ceil();
    let (legend, below) = legend(picture, content, layout.height);
    let height = layout.height + below;
    let heading = fitted(&name, content - 2.0 * MARGIN, HEADING);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{content}\" height=\"{height}\" viewBox=\"0 0 {content} {height}\" \
         role=\"img\" aria-labelledby=\"neuronc-title neuronc-desc\" class=\"neuronc\">\n\
         <title id=\"neuronc-title\">{}</title>\n<desc id=\"neuronc-desc\">{}</desc>\n<style>\n{}</style>\n\
         <rect class=\"canvas\" width=\"{content}\" height=\"{height}\"/>\n",
        xml(&about.title),
        xml(&about.text),
        sheet(theme),
    );
    let _ = writeln!(
        svg,
        "<g class=\"header\"><text class=\"heading\" x=\"{MARGIN}\" y=\"{}\">{}</text><text class=\"small\" x=\"{MARGIN}\" y=\"{}\">{}</text></g>",
        MARGIN + 12.0,
        xml(&heading),
        MARGIN + HEADER - 22.0,
        xml(&about.counts),
    );
    frames(&mut svg, picture, &layout);
    lines(&mut svg, picture, &layout);
    svg.push_str("<g class=\"nodes\">\n");
    for (place, node) in picture.parts.nodes.iter().enumerate() {
        self::node(&mut svg, node, &layout.cards[place], layout.nodes[place]);
    }
    svg.push_str("</g>\n<g class=\"labels\">\n");
    labels.iter().for_each(|label| self::label(&mut svg, picture, label));
    svg.push_str("</g>\n");
    svg.push_str(&legend);
    svg.push_str("</svg>\n");
    svg
}

/// A coordinate with at most one decimal.
pub(super) fn coordinate(value: f64) -> String {
    let rounded = format!("{value:.1}");
    let rounded = rounded.strip_suffix(".0").unwrap_or(&rounded);
    if rounded == "-0" { "0".to_owned() } else { rounded.to_owned() }
}

fn rectangle(svg: &mut String, class: &str, area: Area, radius: f64) {
    let [x, y, width, height, radius] = [area.x, area.y, area.width, area.height, radius].map(coordinate);
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    let _ = write!(svg, "<rect{class} x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"/>");
}

fn frames(svg: &mut String, picture: &Picture, layout: &Layout) {
    svg.push_str("<g class=\"frames\">\n");
    for (frame, area) in std::iter::zip(&picture.parts.frames, &layout.frames) {
        if area.height <= 0.0 {
            continue;
        }
        let shown = frame.label(&picture.parts.frames);
        let text = fitted(&neutralise(&shown), area.width - 24.0, DETAIL);
        let _ = write!(svg, "<g class=\"frame\" data-frame=\"{}\"><title>{}</title>", xml(&frame.name), xml(&shown));
        rectangle(svg, "", *area, 14.0);
        let (x, y) = (coordinate(area.x + 14.0), coordinate(area.y + 20.0));
        let _ = writeln!(svg, "<text class=\"detail\" x=\"{x}\" y=\"{y}\">{}</text></g>", xml(&text));
    }
    svg.push_str("</g>\n");
}

fn lines(svg: &mut String, picture: &Picture, layout: &Layout) {
    let parts = &picture.parts;
    let is_dense = parts.synapses.len() > MANY_LINES;
    svg.push_str(if is_dense { "<g class=\"lines dense\">\n" } else { "<g class=\"lines\">\n" });
    let (least, more) = if is_dense { (0.6, 1.9) } else { (1.25, 2.75) };
    let thick = thickness(&parts.synapses).into_iter().map(|share| least + more * share);
    for ((synapse, route), thick) in std::iter::zip(&parts.synapses, &layout.routes).zip(thick) {
        self::synapse(svg, picture, synapse, route, thick);
    }
    for ((from, to), route) in std::iter::zip(&parts.taps, &layout.routes[parts.synapses.len()..]) {
        let (from, to) = (xml(&parts.nodes[*from].name), xml(&parts.nodes[*to].name));
        let _ = write!(svg, "<g class=\"tap\" data-from=\"{from}\" data-output=\"{to}\">");
        way(svg, route, "", Head::of(1.5));
        svg.push_str("</g>\n");
    }
    svg.push_str("</g>\n");
}

fn spread_attributes(svg: &mut String, name: &str, spread: Option<Spread>) {
    match spread.map(|spread| (spread, spread.one())) {
        None => {}
        Some((_, Some(one))) => {
            let _ = write!(svg, " data-{name}=\"{}\"", exact(one));
        }
        Some((spread, None)) => {
            let (least, largest) = (exact(spread.least), exact(spread.largest));
            let _ = write!(svg, " data-{name}-least=\"{least}\" data-{name}-largest=\"{largest}\"");
        }
    }
}

fn synapse(svg: &mut String, picture: &Picture, synapse: &Synapse, route: &Route, thick: f64) {
    let (from, to) = (&picture.parts.nodes[synapse.from].name, &picture.parts.nodes[synapse.to].name);
    let effect = synapse.effect();
    let _ = write!(svg, "<g class=\"synapse {}\" data-from=\"{}\" data-to=\"{}\"", effect.word(), xml(from), xml(to));
    if synapse.count > 1 {
        let _ = write!(svg, " data-count=\"{}\"", synapse.count);
    }
    spread_attributes(svg, "weight", Some(synapse.weight));
    spread_attributes(svg, "contribution", synapse.contribution);
    let _ = write!(svg, "><title>{}</title>", xml(&title(picture, synapse)));
    let style = format!(" stroke-width=\"{}\"", coordinate(thick));
    let head = match effect {
        Effect::Inhibitory => Head::bar(thick),
        Effect::Excitatory | Effect::Mixed | Effect::Silent => Head::of(thick),
    };
    way(svg, route, &style, head);
    svg.push_str("</g>\n");
}

/// What a line ends with: an arrow, or a bar.
pub(super) struct Head {
    is_bar: bool,
    length: f64,
    /// Half of its width.
    half: f64,
}

impl Head {
    pub(super) fn of(thick: f64) -> Head {
        Head { is_bar: false, length: 5.0 + 1.4 * thick, half: 2.4 + 0.8 * thick }
    }

    /// A bar, as textbooks draw the synapses of inhibitory neurons.
    pub(super) fn bar(thick: f64) -> Head {
        Head { is_bar: true, length: 1.5 + 0.4 * thick, half: 3.5 + 0.9 * thick }
    }
}

/// The path of a line and its head.
pub(super) fn way(svg: &mut String, route: &Route, style: &str, head: Head) {
    let (dx, dy) = route.direction;
    let tip = route.tip();
    let mut data = String::new();
    let last = route.pieces.len().saturating_sub(1);
    for (place, piece) in route.pieces.iter().enumerate() {
        let mut piece: Piece = *piece;
        if place == last {
            // The line ends inside of its head.
            let inside = if head.is_bar { head.length / 2.0 } else { head.length - 1.0 };
            piece[3] = (piece[3].0 - dx * inside, piece[3].1 - dy * inside);
            piece[2] = (piece[2].0 - dx * inside, piece[2].1 - dy * inside);
        }
        let point = |(x, y): (f64, f64)| format!("{} {}", coordinate(x), coordinate(y));
        if place == 0 {
            let _ = write!(data, "M{}", point(piece[0]));
        }
        let _ = if piece.iter().all(|(_, y)| *y == piece[0].1) {
            write!(data, "H{}", coordinate(piece[3].0))
        } else {
            write!(data, "C{} {} {}", point(piece[1]), point(piece[2]), point(piece[3]))
        };
    }
    let _ = write!(svg, "<path class=\"line\"{style} d=\"{data}\"/>");
    let at = |back: f64, aside: f64| {
        format!("{} {}", coordinate(tip.0 - dx * back - dy * aside), coordinate(tip.1 - dy * back + dx * aside))
    };
    let corners = if head.is_bar {
        [at(0.0, -head.half), at(head.length, -head.half), at(head.length, head.half), at(0.0, head.half)].join("L")
    } else {
        [at(0.0, 0.0), at(head.length, -head.half), at(head.length, head.half)].join("L")
    };
    let _ = write!(svg, "<path class=\"head\" d=\"M{corners}Z\"/>");
}

fn node(svg: &mut String, node: &Node, card: &Card, area: Area) {
    let kind = node.kind.word();
    let mut class = format!("node {kind}");
    if card.is_compact {
        class += " compact";
    }
    if node.fires.is_some_and(|(firing, _)| firing > 0) {
        class += " fires";
    }
    let _ =
        write!(svg, "<g class=\"{class}\" id=\"{kind}-{}\" data-{kind}=\"{}\"", identity(&node.name), xml(&node.name));
    if node.count > 1 {
        let _ = write!(svg, " data-count=\"{}\"", node.count);
    }
    for (name, spread) in [("bias", node.bias), ("net-input", node.net_input), ("value", node.value)] {
        spread_attributes(svg, name, spread);
    }
    if let Some((firing, all)) = node.fires {
        let _ = write!(svg, " data-fires=\"{firing}\"");
        if node.count > 1 {
            let _ = write!(svg, " data-can-fire=\"{all}\"");
        }
    }
    let _ = write!(svg, "><title>{}</title>", xml(&node_title(node)));
    let radius = if node.kind == NodeKind::Output { 4.0 } else { radius(area) };
    if node.made != Made::Single {
        for step in [2.0, 1.0] {
            let (x, y, width) = (area.x + 4.0 * step, area.y + 4.0 * step, area.width - 8.0 * step);
            rectangle(svg, "box", Area { x, y, width, ..area }, radius);
        }
    }
    rectangle(svg, "box", area, radius);
    if let Some(curve) = &card.curve {
        self::curve(svg, curve, area.right() - PADDING - CURVE.0, area.y + 11.0);
    }
    for line in &card.lines {
        let (anchor, x) = match line.across {
            Across::Left(x) => ("", area.x + x),
            Across::Right(x) => (" text-anchor=\"end\"", area.right() - x),
        };
        let (x, y) = (coordinate(x), coordinate(area.y + line.y));
        let _ =
            write!(svg, "<text class=\"{}\" x=\"{x}\" y=\"{y}\"{anchor}>{}</text>", line.font.class, xml(&line.text));
    }
    if let Some((across, y)) = card.mark {
        let x = match across {
            Across::Left(x) => area.x + x,
            Across::Right(x) => area.right() - x,
        };
        let (x, y) = (coordinate(x), coordinate(area.y + y));
        let _ = write!(svg, "<circle class=\"mark\" cx=\"{x}\" cy=\"{y}\" r=\"{MARK}\"/>");
    }
    svg.push_str("</g>\n");
}

/// The curve of an activation, and its axes.
fn curve(svg: &mut String, curve: &super::card::Curve, x: f64, y: f64) {
    let point = |(across, up): (f64, f64)| (x + across * CURVE.0, y + (1.0 - up) * CURVE.1);
    let (left, zero) = point((0.0, curve.zero));
    let (middle, top) = point((0.5, 1.0));
    let [left, zero, middle, top] = [left, zero, middle, top].map(coordinate);
    let (wide, high) = CURVE;
    let _ = write!(svg, "<path class=\"axis\" d=\"M{left} {zero}h{wide}M{middle} {top}v{high}\"/>");
    let points: Vec<String> =
        curve.points.iter().map(|it| point(*it)).map(|(x, y)| format!("{},{}", coordinate(x), coordinate(y))).collect();
    let _ = write!(svg, "<polyline class=\"curve\" points=\"{}\"/>", points.join(" "));
}

/// Everything that is known of a node, with all digits.
fn node_title(node: &Node) -> String {
    let mut lines = vec![match (&node.made, node.count) {
        (Made::Instance(network), count) => format!("{}: instance of {network}, {count} neurons", node.name),
        (Made::Single, _) | (_, 1) => format!("{} {}", node.kind.word(), node.name),
        (Made::Array | Made::Several, count) => format!("{}: {count} {}s", node.name, node.kind.word()),
    }];
    if !node.doc.is_empty() {
        lines.push(node.doc.clone());
    }
    let numbers = |spread: Spread| match spread.one() {
        Some(one) => exact(one),
        None => format!("from {} to {}", exact(spread.least), exact(spread.largest)),
    };
    lines.extend(node.activation.as_ref().map(|activation| format!("activation {}", activation.written())));
    lines.extend(node.combine.map(|combine| format!("combine {combine}")));
    lines.extend(node.bias.map(|bias| format!("bias {}", numbers(bias))));
    lines.extend(node.net_input.map(|net_input| format!("net input {}", numbers(net_input))));
    lines.extend(node.value.map(|value| format!("value {}", numbers(value))));
    lines.extend(super::card::firing(node));
    lines.join("\n")
}

fn label(svg: &mut String, picture: &Picture, label: &Label) {
    let synapse = &picture.parts.synapses[label.line];
    let (from, to) = (&picture.parts.nodes[synapse.from].name, &picture.parts.nodes[synapse.to].name);
    let effect = synapse.effect().word();
    let _ = write!(svg, "<g class=\"label {effect}\" data-from=\"{}\" data-to=\"{}\">", xml(from), xml(to));
    rectangle(svg, "", label.area, 4.0);
    let (x, y) = (label.area.x + label.area.width / 2.0, label.area.middle() + LABEL.size * 0.35);
    let (x, y) = (coordinate(x), coordinate(y));
    let _ = writeln!(
        svg,
        "<text class=\"weight\" x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{}</text></g>",
        xml(&label.text)
    );
}

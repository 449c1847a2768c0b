//! What a node looks like: its lines of text and its size.

use super::Picture;
use super::model::{Made, Node, NodeKind, Spread};
use super::text::{DETAIL, Font, NAME, SMALL, VALUE, fitted, short, signed, width};
use crate::activation::Activation;
use crate::eval::{Path, output};
use crate::text::grouped;
use crate::text::neutralise;

/// The widest text of a node.
const WIDEST: f64 = 190.0;
/// Between the border and what is inside.
pub(super) const PADDING: f64 = 14.0;
/// A node that has only its name is so high.
const COMPACT: f64 = 26.0;
/// The size of an activation's curve.
pub(super) const CURVE: (f64, f64) = (34.0, 24.0);
/// The circle that tells whether a neuron fires.
pub(super) const MARK: f64 = 4.5;

/// A place inside of a node, whose width may still grow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Across {
    /// So far from the left border: where text starts.
    Left(f64),
    /// So far from the right border: where text ends.
    Right(f64),
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) font: Font,
    pub(super) across: Across,
    /// The baseline, from the upper border.
    pub(super) y: f64,
}

/// How a node is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Card {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) lines: Vec<Line>,
    pub(super) curve: Option<Curve>,
    /// The centre of the circle that tells whether it fires.
    pub(super) mark: Option<(Across, f64)>,
    pub(super) is_compact: bool,
}

/// The curve of an activation: points from 0 to 1, from the left and from below.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve {
    pub(super) points: Vec<(f64, f64)>,
    /// Where an output of 0 is.
    pub(super) zero: f64,
}

/// Nodes of a column, and elements of an array, that have more than their name.
const MOST_ROOMY: usize = 14;
const MOST_ROOMY_ELEMENTS: usize = 8;

/// A card for each node.
pub(super) fn cards(picture: &Picture) -> Vec<Card> {
    let nodes = &picture.parts.nodes;
    let last = picture.columns.iter().copied().max().unwrap_or(0);
    let mut in_column = vec![0usize; last + 1];
    picture.columns.iter().for_each(|column| in_column[*column] += 1);
    let mut cards = Vec::with_capacity(nodes.len());
    let mut start = 0;
    while start < nodes.len() {
        // Elements of one array follow each other.
        let array = |node: &Node| element_of(&node.name).map(|array| (array.to_owned(), node.kind));
        let this = array(&nodes[start]);
        let length = nodes[start..].iter().take_while(|node| this.is_some() && array(node) == this).count().max(1);
        for place in start..start + length {
            let node = &nodes[place];
            let is_compact = node.made == Made::Single
                && (length > MOST_ROOMY_ELEMENTS || in_column[picture.columns[place]] > MOST_ROOMY);
            cards.push(card(picture, node, is_compact));
        }
        start += length;
    }
    cards
}

/// The array that an element's name is of.
fn element_of(name: &str) -> Option<&str> {
    name.strip_suffix(']')?.rsplit_once('[').map(|(array, _)| array)
}

/// The name without those of the frames around it.
pub(super) fn name_in_frame<'a>(picture: &Picture, node: &'a Node) -> &'a str {
    let frame = node.frame.map(|frame| picture.parts.frames[frame].name.as_str()).unwrap_or_default();
    node.name.strip_prefix(frame).and_then(|rest| rest.strip_prefix('.')).unwrap_or(&node.name)
}

fn card(picture: &Picture, node: &Node, is_compact: bool) -> Card {
    if is_compact {
        return compact(node, &neutralise(name_in_frame(picture, node)));
    }
    let mut card = Card { width: 0.0, height: 10.0, lines: Vec::new(), curve: None, mark: None, is_compact };
    card.curve = node.activation.as_ref().and_then(curve_of);
    for (place, (text, font)) in words(picture, node).into_iter().enumerate() {
        // The curve stands beside the first two lines.
        let beside = if place < 2 && card.curve.is_some() { CURVE.0 + 10.0 } else { 0.0 };
        card.width = card.width.max(width(&text, font) + beside);
        card.height += match place {
            0 => 14.0,
            _ if font == VALUE => 20.0,
            _ => 17.0,
        };
        card.lines.push(Line { text, font, across: Across::Left(PADDING), y: card.height });
    }
    if let Some(text) = firing(node).filter(|_| node.value.is_some()) {
        let right = width(&text, SMALL) + 2.0 * MARK + 6.0;
        let used = card.lines.last().map_or(0.0, |line| width(&line.text, line.font));
        card.width = card.width.max(used + 18.0 + right);
        card.mark = Some((Across::Right(PADDING + right - MARK), card.height - 4.5));
        card.lines.push(Line { text, font: SMALL, across: Across::Right(PADDING), y: card.height });
    }
    card.width = (card.width + 2.0 * PADDING).max(72.0).ceil();
    // Even, so that its middle is a whole number.
    card.height = ((card.height + 12.0) / 2.0).ceil() * 2.0;
    card
}

/// All lines of a node: its name, what it is, and what it computed.
pub(super) fn words(picture: &Picture, node: &Node) -> Vec<(String, Font)> {
    let name = neutralise(name_in_frame(picture, node));
    let name = match &node.made {
        Made::Array => format!("{name}[{}]", grouped(node.count)),
        Made::Single | Made::Instance(_) | Made::Several => name.into_owned(),
    };
    let mut lines = vec![(fitted(&name, WIDEST, NAME), NAME)];
    let net_input = node.net_input.filter(|_| node.kind == NodeKind::Neuron);
    let net_input = net_input.map(|net_input| format!("net input {}", range(net_input, short)));
    let details = details(node).into_iter().chain(net_input);
    lines.extend(details.map(|detail| (fitted(&detail, WIDEST, DETAIL), DETAIL)));
    lines.extend(node.value.map(|value| (range(value, short), VALUE)));
    lines
}

/// A node that has its name and perhaps its value in one line.
fn compact(node: &Node, name: &str) -> Card {
    let name = fitted(name, WIDEST, DETAIL);
    let mut card = Card { width: 0.0, height: COMPACT, lines: Vec::new(), curve: None, mark: None, is_compact: true };
    let mut across = 10.0;
    if firing(node).is_some() {
        across += 2.0 * MARK + 5.0;
        card.mark = Some((Across::Left(10.0 + MARK), COMPACT / 2.0));
    }
    let wide = width(&name, DETAIL);
    card.lines.push(Line { text: name, font: DETAIL, across: Across::Left(across), y: 17.0 });
    across += wide;
    if let Some(value) = node.value {
        let text = range(value, short);
        across += 12.0 + width(&text, Font { is_bold: true, ..DETAIL });
        card.lines.push(Line {
            text,
            font: Font { is_bold: true, class: "result", ..DETAIL },
            across: Across::Right(10.0),
            y: 17.0,
        });
    }
    card.width = (across + 10.0).max(44.0).ceil();
    card
}

/// One number, or the smallest and the largest.
pub(super) fn range(spread: Spread, number: fn(f64) -> String) -> String {
    match spread.one() {
        Some(one) => number(one),
        None => format!("{} … {}", number(spread.least), number(spread.largest)),
    }
}

/// What is told below the name.
fn details(node: &Node) -> Vec<String> {
    let many = |noun: &str| (node.count > 1).then(|| format!("{} {noun}s", grouped(node.count)));
    match node.kind {
        NodeKind::Input => vec![many("input").unwrap_or_else(|| "input".to_owned())],
        NodeKind::Output => vec![many("output").unwrap_or_else(|| "output".to_owned())],
        NodeKind::Neuron => {
            let mut lines = Vec::new();
            if let Made::Instance(network) = &node.made {
                lines.push(format!("instance of {}", neutralise(network)));
            }
            lines.extend(many("neuron"));
            let activation = node.activation.as_ref().map(|activation| activation.written());
            let words: Vec<String> = activation.into_iter().chain(node.combine.map(str::to_owned)).collect();
            if !words.is_empty() {
                lines.push(neutralise(&words.join(" of ")).into_owned());
            }
            if let Some(bias) = node.bias.filter(|bias| bias.one() != Some(0.0)) {
                lines.push(format!("bias {}", range(bias, signed)));
            }
            lines
        }
    }
}

/// Whether it fires, in words.
pub(super) fn firing(node: &Node) -> Option<String> {
    let (firing, all) = node.fires?;
    Some(match (node.count, firing) {
        (1, 0) => "silent".to_owned(),
        (1, _) => "fires".to_owned(),
        (_, firing) => format!("{} of {} fire", grouped(firing), grouped(all)),
    })
}

/// The curve of an activation for net inputs from -3 to 3; none if it takes whole arrays, or is the identity.
fn curve_of(activation: &Activation) -> Option<Curve> {
    const STEPS: u32 = 60;
    const REACH: f64 = 3.0;
    if activation.is_whole_array() {
        return None;
    }
    let mut values = Vec::new();
    let mut at = |step: u32| {
        let z = (f64::from(step) / f64::from(STEPS) * 2.0 - 1.0) * REACH;
        (f64::from(step) / f64::from(STEPS), output(activation, z, &mut values, Path::Portable))
    };
    let points: Vec<(f64, f64)> = (0..=STEPS).map(&mut at).collect();
    let mut seen: Option<Spread> = Some(Spread::of(0.0));
    points.iter().filter(|(_, value)| value.is_finite()).for_each(|(_, value)| super::model::take(&mut seen, *value));
    let seen = seen?;
    let height = seen.largest - seen.least;
    if !(height > 0.0 && height.is_finite()) {
        return None;
    }
    let scaled = |value: f64| (value - seen.least) / height;
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for (x, value) in points.into_iter().filter(|(_, value)| value.is_finite()) {
        let point = (x, scaled(value));
        if let [.., before, last] = kept.as_slice()
            && is_between(*before, *last, point)
        {
            kept.pop();
        }
        kept.push(point);
    }
    Some(Curve { points: kept, zero: scaled(0.0) })
}

/// Whether a point of a curve lies straight between two others.
fn is_between(before: (f64, f64), point: (f64, f64), next: (f64, f64)) -> bool {
    let share = (point.0 - before.0) / (next.0 - before.0);
    (before.1 + share * (next.1 - before.1) - point.1).abs() < 0.002
}

//! Labels on lines, where there is room.

use std::collections::HashMap;

use super::Picture;
use super::layout::{Area, Layout};
use super::model::{Effect, Synapse};
use super::place::FRAME_NAME;
use super::route::at;
use super::text::{Font, exact, short, signed, width};
use crate::text::grouped;

pub(super) const LABEL: Font = Font { size: 12.0, is_bold: false, class: "weight" };
/// The height of a label, and the room at its sides.
const HEIGHT: f64 = 18.0;
const SIDE: f64 = 3.0;
/// Between a node and a label.
const END: f64 = 14.0;
/// A picture of more lines has no room for labels.
const MOST_LINES: usize = 3_000;

/// A label that has found its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Label {
    pub(super) line: usize,
    pub(super) text: String,
    pub(super) area: Area,
}

/// What a line is labelled with, the longest first.
pub(super) fn texts(picture: &Picture, synapse: &Synapse) -> Vec<String> {
    let weight = synapse.weight;
    let Some(only) = weight.one().filter(|_| synapse.count == 1) else {
        let count = grouped(synapse.count);
        let weights = match weight.one() {
            Some(one) => signed(one),
            None => format!("{} … {}", signed(weight.least), signed(weight.largest)),
        };
        return vec![format!("{count} × {weights}"), format!("{count} synapses")];
    };
    match synapse.contribution.and_then(|contribution| contribution.one()).filter(|_| picture.is_evaluated) {
        Some(brought) => {
            let value = picture.parts.nodes[synapse.from].value.map_or(f64::NAN, |value| value.least);
            vec![format!("{} × {} = {}", signed(only), short(value), signed(brought)), format!("= {}", signed(brought))]
        }
        None => vec![signed(only)],
    }
}

/// How wide the longest label of each synapse is.
pub(super) fn widths(picture: &Picture) -> Vec<f64> {
    if picture.parts.synapses.len() > MOST_LINES {
        return Vec::new();
    }
    let longest =
        |synapse: &Synapse| texts(picture, synapse).first().map_or(0.0, |text| width(text, LABEL) + 2.0 * SIDE);
    picture.parts.synapses.iter().map(longest).collect()
}

/// All digits of what a line says.
pub(super) fn title(picture: &Picture, synapse: &Synapse) -> String {
    let (from, to) = (&picture.parts.nodes[synapse.from], &picture.parts.nodes[synapse.to]);
    let mut title = format!("{} → {}", from.name, to.name);
    let weight = synapse.weight;
    match weight.one() {
        Some(one) if synapse.count == 1 => title += &format!("\nweight {}", exact(one)),
        Some(one) => title += &format!("\n{} synapses, each of weight {}", grouped(synapse.count), exact(one)),
        None => {
            let (least, largest) = (exact(weight.least), exact(weight.largest));
            title += &format!("\n{} synapses, weights from {least} to {largest}", grouped(synapse.count));
        }
    }
    match synapse.effect() {
        Effect::Excitatory => title += ", excitatory",
        Effect::Inhibitory => title += ", inhibitory",
        Effect::Mixed | Effect::Silent => {}
    }
    match synapse.contribution.map(|brought| (brought, brought.one())) {
        Some((_, Some(brought))) if synapse.count == 1 => {
            let value = from.value.map_or(f64::NAN, |value| value.least);
            title += &format!("\nbrings {} × {} = {}", exact(weight.least), exact(value), exact(brought));
        }
        Some((brought, _)) => {
            title += &format!("\nbring from {} to {}", exact(brought.least), exact(brought.largest));
        }
        None => {}
    }
    title
}

/// Cells of a grid over the picture, with what runs through them.
struct Cells(HashMap<(i32, i32), Vec<Passing>>);

/// A point, and the line that it is of.
type Passing = (f32, f32, u32);

const CELL: f64 = 24.0;
/// Stands for what is no line.
const NO_LINE: u32 = u32::MAX;

impl Cells {
    fn put(&mut self, (x, y): (f64, f64), line: u32) {
        let cell = ((x / CELL).floor() as i32, (y / CELL).floor() as i32);
        self.0.entry(cell).or_default().push((x as f32, y as f32, line));
    }

    /// Whether an area has a point of another line in it.
    fn meets(&self, area: Area, line: u32) -> bool {
        let cells = |from: f64, to: f64| (from / CELL).floor() as i32..=(to / CELL).floor() as i32;
        let inside = |(x, y, other): &Passing| {
            let (x, y) = (f64::from(*x), f64::from(*y));
            *other != line && area.x <= x && x <= area.right() && area.y <= y && y <= area.bottom()
        };
        cells(area.x, area.right()).any(|x| {
            cells(area.y, area.bottom()).any(|y| self.0.get(&(x, y)).is_some_and(|points| points.iter().any(inside)))
        })
    }
}

/// Gives each line a label, where it covers no node, no other line, no frame and no other label.
pub(super) fn labels(picture: &Picture, layout: &Layout) -> Vec<Label> {
    if picture.parts.synapses.len() > MOST_LINES {
        return Vec::new();
    }
    let mut cells = Cells(HashMap::new());
    for (line, route) in layout.routes.iter().enumerate() {
        for piece in &route.pieces {
            let length = (piece[3].0 - piece[0].0).abs() + (piece[3].1 - piece[0].1).abs();
            let steps = (length / 5.0).ceil().max(1.0) as u32;
            for step in 0..=steps {
                cells.put(at(piece, f64::from(step) / f64::from(steps)), line as u32);
            }
        }
    }
    for area in &layout.nodes {
        // The ends of lines stay visible.
        fill(&mut cells, Area { x: area.x - END, width: area.width + 2.0 * END, ..*area });
    }
    for frame in &layout.frames {
        let edge = |x: f64, y: f64, width: f64, height: f64| Area { x, y, width, height };
        fill(&mut cells, edge(frame.x, frame.y, frame.width, FRAME_NAME));
        fill(&mut cells, edge(frame.x, frame.bottom(), frame.width, 0.0));
        fill(&mut cells, edge(frame.x, frame.y, 0.0, frame.height));
        fill(&mut cells, edge(frame.right(), frame.y, 0.0, frame.height));
    }
    let mut labels: Vec<Label> = Vec::new();
    for (line, synapse) in picture.parts.synapses.iter().enumerate() {
        let found = texts(picture, synapse).into_iter().find_map(|text| {
            let area = free(layout, &cells, &labels, line, width(&text, LABEL) + 2.0 * SIDE)?;
            Some(Label { line, text, area })
        });
        labels.extend(found);
    }
    labels
}

fn fill(cells: &mut Cells, area: Area) {
    const STEP: f64 = 6.0;
    let steps = |length: f64| (length / STEP).ceil() as u32;
    let (across, down) = (steps(area.width), steps(area.height));
    for i in 0..=across {
        for j in 0..=down {
            let x = area.x + (f64::from(i) * STEP).min(area.width);
            cells.put((x, area.y + (f64::from(j) * STEP).min(area.height)), NO_LINE);
        }
    }
}

/// A place on a line for a label so wide.
fn free(layout: &Layout, cells: &Cells, labels: &[Label], line: usize, wide: f64) -> Option<Area> {
    const ALONG: [f64; 13] = [0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7, 0.25, 0.75, 0.2, 0.8];
    let pieces = &layout.routes[line].pieces;
    let area_at = |(x, y): (f64, f64)| Area { x: x - wide / 2.0, y: y - HEIGHT / 2.0, width: wide, height: HEIGHT };
    let places = pieces.iter().flat_map(|piece| ALONG.into_iter().map(move |t| at(piece, t)));
    let is_free = |area: &Area| {
        let around = Area { x: area.x - 2.0, y: area.y - 1.0, width: area.width + 4.0, height: area.height + 2.0 };
        !cells.meets(*area, line as u32) && !labels.iter().any(|label| label.area.meets(around))
    };
    places.map(area_at).find(is_free)
}

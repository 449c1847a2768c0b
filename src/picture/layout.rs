//! Where everything of a picture stands.
//!
//! Nodes stand in columns, sources left of targets. A line over several columns has a bend in each between, which
//! takes room as a node does, so that no line runs through a node.

use super::Picture;
use super::card::{Card, cards};
use super::level::listed;
use super::order::order;
use super::place::{across, down};
use super::route::{Route, routes};

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Area {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Area {
    pub(super) fn right(self) -> f64 {
        self.x + self.width
    }

    pub(super) fn bottom(self) -> f64 {
        self.y + self.height
    }

    pub(super) fn middle(self) -> f64 {
        self.y + self.height / 2.0
    }

    pub(super) fn meets(self, other: Area) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }
}

/// What takes room in a column: a node, or the bend of a line.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) column: usize,
    /// Its group: 0 for none, else one more than its frame.
    pub(super) group: usize,
    pub(super) node: Option<usize>,
    pub(super) height: f64,
    /// Above and below it.
    pub(super) margin: f64,
}

/// A frame, or at 0 the whole.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// The groups from the outermost one to this; none of the whole.
    pub(super) chain: Vec<usize>,
    /// The first and the last column.
    pub(super) first: usize,
    pub(super) last: usize,
    /// How many levels of groups are inside.
    pub(super) height: usize,
}

/// For each item those that it is joined with.
#[derive(Debug, Default)]
pub(super) struct Joined {
    starts: Vec<usize>,
    ends: Vec<usize>,
}

impl Joined {
    fn new(count: usize, links: impl Iterator<Item = (usize, usize)> + Clone) -> Joined {
        let (starts, ends) = listed(count, links);
        Joined { starts, ends }
    }

    pub(super) fn of(&self, item: usize) -> &[usize] {
        &self.ends[self.starts[item]..self.starts[item + 1]]
    }
}

/// Items in columns.
#[derive(Debug)]
pub(super) struct Grid {
    /// The nodes by their numbers, then the bends.
    pub(super) items: Vec<Item>,
    pub(super) groups: Vec<Group>,
    /// From an item to one of the next column.
    pub(super) links: Vec<(usize, usize)>,
    pub(super) before: Joined,
    pub(super) behind: Joined,
    /// The items of each column, from above.
    pub(super) columns: Vec<Vec<usize>>,
    /// The place of each item in its column, from its middle.
    pub(super) places: Vec<f64>,
    /// What items and groups are ordered by.
    pub(super) keys: (Vec<f64>, Vec<f64>),
    /// The items of each line, from the left: the node at one end, bends, the node at the other.
    pub(super) chains: Vec<Vec<usize>>,
}

/// Everything with its place.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) cards: Vec<Card>,
    pub(super) nodes: Vec<Area>,
    pub(super) frames: Vec<Area>,
    /// The synapses, then what leads to the outputs.
    pub(super) routes: Vec<Route>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Around everything, and above it for the name.
pub(super) const MARGIN: f64 = 28.0;
pub(super) const HEADER: f64 = 52.0;

/// Lays a picture out; `labels` tells how wide the label of each line is.
pub(super) fn layout(picture: &Picture, labels: &[f64]) -> Layout {
    let mut cards = cards(picture);
    let mut grid = Grid::new(picture, &cards);
    order(&mut grid);
    let middles = down(&grid);
    let (lefts, widths) = across(picture, &grid, &cards, &middles, labels);
    let mut nodes = Vec::with_capacity(cards.len());
    for (place, card) in cards.iter_mut().enumerate() {
        let column = grid.items[place].column;
        card.width = widths[column];
        let y = middles[place] - card.height / 2.0;
        nodes.push(Area { x: lefts[column], y, width: card.width, height: card.height });
    }
    let mut layout = Layout { cards, nodes, frames: Vec::new(), routes: Vec::new(), width: 0.0, height: 0.0 };
    layout.routes = routes(picture, &grid, &layout.nodes, &middles, &lefts, &widths);
    layout.frames = super::place::frames(picture, &grid, &layout.nodes, &middles, &lefts, &widths);
    layout.settle();
    layout
}

impl Layout {
    /// Moves everything to where it is seen, and measures it.
    fn settle(&mut self) {
        let (mut least, mut most) = ((f64::INFINITY, f64::INFINITY), (0.0f64, 0.0f64));
        let mut take = |x: f64, y: f64| {
            least = (least.0.min(x), least.1.min(y));
            most = (most.0.max(x), most.1.max(y));
        };
        for area in self.nodes.iter().chain(self.frames.iter().filter(|frame| frame.height > 0.0)) {
            take(area.x, area.y);
            take(area.right(), area.bottom());
        }
        for point in self.routes.iter().flat_map(|route| &route.pieces).flatten() {
            take(point.0, point.1);
        }
        if self.nodes.is_empty() {
            least = (0.0, 0.0);
        }
        let (x, y) = (MARGIN - least.0.floor(), MARGIN + HEADER - least.1.floor());
        for area in self.nodes.iter_mut().chain(&mut self.frames) {
            (area.x, area.y) = (area.x + x, area.y + y);
        }
        for point in self.routes.iter_mut().flat_map(|route| &mut route.pieces).flatten() {
            *point = (point.0 + x, point.1 + y);
        }
        (self.width, self.height) = ((most.0 + x + MARGIN).ceil(), (most.1 + y + MARGIN).ceil());
    }
}

impl Grid {
    fn new(picture: &Picture, cards: &[Card]) -> Grid {
        let parts = &picture.parts;
        let groups = groups(picture);
        let loops: Vec<bool> = {
            let mut loops = vec![false; cards.len()];
            parts.synapses.iter().filter(|synapse| synapse.from == synapse.to).for_each(|it| loops[it.from] = true);
            loops
        };
        let mut items: Vec<Item> = std::iter::zip(cards, &parts.nodes)
            .enumerate()
            .map(|(place, (card, node))| Item {
                column: picture.columns[place],
                group: node.frame.map_or(0, |frame| frame + 1),
                node: Some(place),
                height: card.height,
                margin: if card.is_compact { 5.0 } else { 13.0 } + if loops[place] { 30.0 } else { 0.0 },
            })
            .collect();
        let mut chains = Vec::new();
        let mut links = Vec::new();
        for (from, to) in super::edges(parts) {
            let (left, right) = if picture.columns[from] <= picture.columns[to] { (from, to) } else { (to, from) };
            let mut chain = vec![left];
            for column in picture.columns[left] + 1..picture.columns[right] {
                let group = group_at(&groups, items[left].group, items[right].group, column);
                chain.push(items.len());
                items.push(Item { column, group, node: None, height: 2.0, margin: 6.0 });
            }
            if left != right {
                chain.push(right);
            }
            links.extend(chain.windows(2).map(|pair| (pair[0], pair[1])));
            chains.push(chain);
        }
        let count = items.len();
        let width = items.iter().map(|item| item.column + 1).max().unwrap_or(0);
        let mut columns = vec![Vec::new(); width];
        items.iter().enumerate().for_each(|(place, item)| columns[item.column].push(place));
        let behind = Joined::new(count, links.iter().copied());
        let before = Joined::new(count, links.iter().map(|(from, to)| (*to, *from)));
        let (places, keys) = (vec![0.0; count], (vec![0.0; count], vec![0.0; groups.len()]));
        Grid { items, groups, links, before, behind, columns, places, keys, chains }
    }
}

fn groups(picture: &Picture) -> Vec<Group> {
    let frames = &picture.parts.frames;
    let mut groups = vec![Group { chain: Vec::new(), first: 0, last: usize::MAX, height: 0 }];
    for (place, frame) in frames.iter().enumerate() {
        let mut chain = frame.parent.map(|parent| groups[parent + 1].chain.clone()).unwrap_or_default();
        chain.push(place + 1);
        groups.push(Group { chain, first: usize::MAX, last: 0, height: 0 });
    }
    for (node, column) in std::iter::zip(&picture.parts.nodes, &picture.columns) {
        let Some(frame) = node.frame else { continue };
        for group in groups[frame + 1].chain.clone() {
            groups[group].first = groups[group].first.min(*column);
            groups[group].last = groups[group].last.max(*column);
        }
    }
    for (place, frame) in frames.iter().enumerate().rev() {
        if let Some(parent) = frame.parent {
            groups[parent + 1].height = groups[parent + 1].height.max(groups[place + 1].height + 1);
        }
    }
    groups
}

/// The group that a bend is in: that of the line's source or target, or one around it, which reaches to this column.
fn group_at(groups: &[Group], from: usize, to: usize, column: usize) -> usize {
    let (start, end) = (&groups[from].chain, &groups[to].chain);
    let common = std::iter::zip(start, end).take_while(|(one, other)| one == other).count();
    let reaches = |group: &&usize| groups[**group].first <= column && column <= groups[**group].last;
    let own = |chain: &[usize]| chain[common..].iter().rev().find(reaches).copied();
    own(start).or_else(|| own(end)).or_else(|| start[..common].last().copied()).unwrap_or(0)
}

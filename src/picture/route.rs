//! The lines between nodes, from border to border.

use super::Picture;
use super::layout::{Area, Grid};

pub(super) type Point = (f64, f64);

/// A cubic curve between two points; one whose points have the same height is straight.
pub(super) type Piece = [Point; 4];

/// The way of a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Route {
    /// From the source's border to the target's.
    pub(super) pieces: Vec<Piece>,
    /// The direction in which it arrives.
    pub(super) direction: Point,
}

impl Route {
    pub(super) fn tip(&self) -> Point {
        self.pieces.last().map_or((0.0, 0.0), |piece| piece[3])
    }
}

/// A point of a curve.
pub(super) fn at([a, b, c, d]: &Piece, t: f64) -> Point {
    let s = 1.0 - t;
    let mix =
        |a: f64, b: f64, c: f64, d: f64| s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d;
    (mix(a.0, b.0, c.0, d.0), mix(a.1, b.1, c.1, d.1))
}

/// The ways of all lines.
pub(super) fn routes(
    picture: &Picture,
    grid: &Grid,
    nodes: &[Area],
    middles: &[f64],
    lefts: &[f64],
    widths: &[f64],
) -> Vec<Route> {
    let ends = Ends::new(grid, nodes, middles);
    let edges = super::edges(&picture.parts);
    let each = std::iter::zip(&grid.chains, edges).enumerate().map(|(line, (chain, (from, _)))| {
        if chain.len() == 1 {
            return around(nodes[chain[0]]);
        }
        let mut pieces = Vec::with_capacity(2 * chain.len());
        let mut here = ends.starts[line];
        for (place, item) in chain.iter().enumerate().skip(1) {
            let column = grid.items[*item].column;
            let next = if place + 1 == chain.len() { ends.ends[line] } else { (lefts[column], middles[*item]) };
            pieces.push(curve(here, next));
            here = next;
            if place + 1 < chain.len() && widths[column] > 0.0 {
                let right = (lefts[column] + widths[column], middles[*item]);
                pieces.push(curve(here, right));
                here = right;
            }
        }
        let mut direction = (1.0, 0.0);
        if from != chain[0] {
            pieces.reverse();
            pieces.iter_mut().for_each(|piece| piece.reverse());
            direction = (-1.0, 0.0);
        }
        Route { pieces, direction }
    });
    each.collect()
}

/// A curve that leaves and arrives level.
fn curve(from: Point, to: Point) -> Piece {
    let reach = (to.0 - from.0) * if from.1 == to.1 { 1.0 / 3.0 } else { 0.45 };
    [from, (from.0 + reach, from.1), (to.0 - reach, to.1), to]
}

/// From the upper border of a node back to it.
fn around(node: Area) -> Route {
    let (middle, reach) = (node.x + node.width / 2.0, 16.0);
    let piece = [
        (middle + reach, node.y),
        (middle + 2.0 * reach, node.y - 34.0),
        (middle - 2.0 * reach, node.y - 34.0),
        (middle - reach, node.y),
    ];
    Route { pieces: vec![piece], direction: (0.0, 1.0) }
}

/// Where lines leave and reach the borders of nodes.
struct Ends {
    starts: Vec<Point>,
    ends: Vec<Point>,
}

impl Ends {
    fn new(grid: &Grid, nodes: &[Area], middles: &[f64]) -> Ends {
        let lines = grid.chains.len();
        let mut ends = Ends { starts: vec![(0.0, 0.0); lines], ends: vec![(0.0, 0.0); lines] };
        // The lines at the right and at the left of each node, with the height that they come from.
        let mut right: Vec<Vec<(f64, usize)>> = vec![Vec::new(); nodes.len()];
        let mut left: Vec<Vec<(f64, usize)>> = vec![Vec::new(); nodes.len()];
        for (line, chain) in grid.chains.iter().enumerate() {
            if let [first, second, ..] = chain.as_slice() {
                let last = chain.len() - 1;
                right[*first].push((middles[*second], line));
                left[chain[last]].push((middles[chain[last - 1]], line));
            }
        }
        for (node, area) in nodes.iter().enumerate() {
            for (line, y) in spread(&mut right[node], *area) {
                ends.starts[line] = (area.right(), y);
            }
            for (line, y) in spread(&mut left[node], *area) {
                ends.ends[line] = (area.x, y);
            }
        }
        ends
    }
}

/// How round the corners of a node are; lines end between them.
pub(super) fn radius(area: Area) -> f64 {
    (area.height / 4.0).min(12.0)
}

/// Lines at one side of a node, in the order of their other ends, spread round its middle.
fn spread(lines: &mut [(f64, usize)], area: Area) -> impl Iterator<Item = (usize, f64)> {
    lines.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    let count = lines.len();
    let room = area.height - 2.0 * radius(area);
    let step = if count > 1 { (room / (count - 1) as f64).min(18.0) } else { 0.0 };
    let first = area.middle() - step * (count as f64 - 1.0) / 2.0;
    lines.iter().enumerate().map(move |(place, (_, line))| (*line, first + step * place as f64))
}

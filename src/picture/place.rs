//! How far down and across everything stands.

use super::Picture;
use super::card::Card;
use super::layout::{Area, Grid};

/// Inside of a frame: beside, above and below what it holds; its name stands above.
const FRAME: f64 = 14.0;
pub(super) const FRAME_NAME: f64 = 24.0;
/// Between a frame and what is above or below.
const APART: f64 = 12.0;
/// Moves of an item that may be made together.
const BUDGET: usize = 4_000_000;

/// A step on the way down through everything.
#[derive(Debug, Clone, Copy)]
enum Step {
    Item(usize),
    Begin(usize),
    End(usize),
}

/// The middle of each item, from above: as near to what it is joined with as its neighbours allow.
///
/// All that stands in one column keeps its order and its distance. Going down, each item stands where it would, or
/// lower, where there is room; going up, there or higher. Both keep all distances, so the mean of both does, too. A
/// column that no frame reaches is better off by itself.
pub(super) fn down(grid: &Grid) -> Vec<f64> {
    let steps = steps(grid);
    let mut middles = vec![0.0; grid.items.len()];
    let is_framed = |column: usize| grid.groups[1..].iter().any(|group| group.first <= column && column <= group.last);
    let plain: Vec<&[usize]> = (0..grid.columns.len())
        .filter(|column| !is_framed(*column))
        .map(|column| grid.columns[column].as_slice())
        .collect();
    let rounds = (BUDGET / (grid.links.len() + grid.items.len() + 1)).clamp(6, 120);
    for round in 0..rounds {
        let wanted = if round == 0 { middles.clone() } else { wanted(grid, &middles) };
        let lower = pass(grid, &steps, &wanted, 1.0);
        let higher = pass(grid, &steps, &wanted, -1.0);
        for (middle, (lower, higher)) in std::iter::zip(&mut middles, std::iter::zip(lower, higher)) {
            *middle = f64::midpoint(lower, higher);
        }
        for column in &plain {
            nearest(grid, column, &wanted, &mut middles);
        }
    }
    // Whole numbers, so that what is nearly level is level.
    middles.iter_mut().for_each(|middle| *middle = middle.round());
    for column in &plain {
        level(grid, column, &mut middles);
    }
    middles
}

/// Makes lines level that nearly are, between items that have no other line on that side, where there is room.
fn level(grid: &Grid, column: &[usize], middles: &mut [f64]) {
    const NEARLY: f64 = 6.0;
    // Back again, since one makes room for another.
    for place in (0..column.len()).chain((0..column.len()).rev()) {
        let item = &column[place];
        let [source] = grid.before.of(*item) else { continue };
        let wanted = middles[*source];
        if grid.behind.of(*source).len() > 1 || (wanted - middles[*item]).abs() > NEARLY {
            continue;
        }
        let room = |other: usize| sized(grid, other).half + sized(grid, *item).half;
        let above = place.checked_sub(1).map(|above| column[above]);
        let below = column.get(place + 1).copied();
        let has_room = above.is_none_or(|above| wanted - middles[above] >= room(above))
            && below.is_none_or(|below| middles[below] - wanted >= room(below));
        if has_room {
            middles[*item] = wanted;
        }
    }
}

/// Where each item would stand: between where it is and the mean of those that it is joined with.
fn wanted(grid: &Grid, middles: &[f64]) -> Vec<f64> {
    let weight = |one: usize, other: usize| match (grid.items[one].node, grid.items[other].node) {
        (None, None) => 4.0,
        (Some(_), None) | (None, Some(_)) => 2.0,
        (Some(_), Some(_)) => 1.0,
    };
    let mean = |item: usize| {
        let (mut sum, mut weights) = (0.0, 0.0);
        for other in grid.before.of(item).iter().chain(grid.behind.of(item)) {
            sum += weight(item, *other) * middles[*other];
            weights += weight(item, *other);
        }
        if weights > 0.0 { sum / weights } else { middles[item] }
    };
    (0..middles.len()).map(|item| 0.35 * middles[item] + 0.65 * mean(item)).collect()
}

/// Everything from above to below, groups with what they hold.
fn steps(grid: &Grid) -> Vec<Step> {
    let (item_keys, group_keys) = &grid.keys;
    // What each group holds: its key, its number, and whether it is a group.
    let mut held: Vec<Vec<(f64, bool, usize)>> = vec![Vec::new(); grid.groups.len()];
    for (place, item) in grid.items.iter().enumerate() {
        held[item.group].push((item_keys[place], false, place));
    }
    for (place, group) in grid.groups.iter().enumerate().skip(1) {
        if group.first <= group.last {
            let outer = group.chain.iter().rev().nth(1).copied().unwrap_or(0);
            held[outer].push((group_keys[place], true, place));
        }
    }
    for held in &mut held {
        // As the columns are sorted: items before groups of the same key.
        held.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)).then(one.2.cmp(&other.2)));
        held.reverse();
    }
    let mut steps = Vec::new();
    let mut open = vec![0];
    while let Some(group) = open.last().copied() {
        match held[group].pop() {
            Some((_, false, item)) => steps.push(Step::Item(item)),
            Some((_, true, inner)) => {
                steps.push(Step::Begin(inner));
                open.push(inner);
            }
            None => {
                steps.push(Step::End(group));
                open.pop();
            }
        }
    }
    steps
}

/// The middles on the way down (`way` 1), or up (-1): each as wanted, or farther, behind what came before.
fn pass(grid: &Grid, steps: &[Step], wanted: &[f64], way: f64) -> Vec<f64> {
    let mut middles = vec![0.0; wanted.len()];
    // How far each column is taken, in the direction of the way.
    let mut taken = vec![f64::NEG_INFINITY; grid.columns.len()];
    let most = |taken: &[f64]| taken.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (name_first, name_last) = if way > 0.0 { (FRAME_NAME, 0.0) } else { (0.0, FRAME_NAME) };
    let mut each = |step: &Step| match *step {
        Step::Item(item) => {
            let Item { column, half } = sized(grid, item);
            let middle = (wanted[item] * way).max(taken[column] + half);
            taken[column] = middle + half;
            middles[item] = middle * way;
        }
        Step::Begin(group) | Step::End(group) if group == 0 => {}
        Step::Begin(group) => {
            let columns = grid.groups[group].first..=grid.groups[group].last;
            let start = most(&taken[columns.clone()]) + APART;
            taken[columns].fill(start + name_first + FRAME / 2.0);
        }
        Step::End(group) => {
            let columns = grid.groups[group].first..=grid.groups[group].last;
            let end = most(&taken[columns.clone()]) + name_last + FRAME / 2.0;
            taken[columns].fill(end + APART);
        }
    };
    if way > 0.0 {
        steps.iter().for_each(&mut each);
    } else {
        let turned = |step: &Step| match *step {
            Step::Begin(group) => Step::End(group),
            Step::End(group) => Step::Begin(group),
            Step::Item(item) => Step::Item(item),
        };
        steps.iter().rev().map(turned).for_each(|step| each(&step));
    }
    middles
}

/// Puts the items of a column as near to where they would stand as their distances allow, by least squares: items that
/// would stand too near to each other are pooled (Barlow, Bartholomew, Bremner and Brunk, "Statistical inference under
/// order restrictions", 1972).
fn nearest(grid: &Grid, column: &[usize], wanted: &[f64], middles: &mut [f64]) {
    // The mean of where the column would start by the items of each pool, and how many these are.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    let mut lower = Vec::with_capacity(column.len());
    let mut down = 0.0;
    for (place, item) in column.iter().enumerate() {
        if place > 0 {
            down += sized(grid, column[place - 1]).half + sized(grid, *item).half;
        }
        lower.push(down);
        let mut pool = (wanted[*item] - down, 1);
        while let Some(before) = pools.pop_if(|before| before.0 >= pool.0) {
            let count = before.1 + pool.1;
            pool = ((before.0 * before.1 as f64 + pool.0 * pool.1 as f64) / count as f64, count);
        }
        pools.push(pool);
    }
    let starts = pools.into_iter().flat_map(|(start, count)| std::iter::repeat_n(start, count));
    for (item, middle) in std::iter::zip(column, std::iter::zip(starts, lower).map(|(start, lower)| start + lower)) {
        middles[*item] = middle;
    }
}

struct Item {
    column: usize,
    /// Half of the room that it takes.
    half: f64,
}

fn sized(grid: &Grid, item: usize) -> Item {
    let item = &grid.items[item];
    Item { column: item.column, half: item.height / 2.0 + item.margin }
}

/// Between two columns, at the least and at the most.
const LEAST_GAP: f64 = 72.0;
const MOST_GAP: f64 = 420.0;

/// Where each column starts, and how wide it is.
pub(super) fn across(
    picture: &Picture,
    grid: &Grid,
    cards: &[Card],
    middles: &[f64],
    labels: &[f64],
) -> (Vec<f64>, Vec<f64>) {
    let count = grid.columns.len();
    let mut widths = vec![0.0f64; count];
    for (place, card) in cards.iter().enumerate() {
        let column = grid.items[place].column;
        widths[column] = widths[column].max(card.width);
    }
    let mut gaps = vec![LEAST_GAP; count.saturating_sub(1)];
    for (chain, label) in std::iter::zip(&grid.chains, labels.iter().copied().chain(std::iter::repeat(0.0))) {
        // A label stands where the line starts.
        let Some(gap) = gaps.get_mut(grid.items[chain[0]].column) else { continue };
        if chain.len() > 1 {
            *gap = gap.max(label + 68.0);
        }
    }
    for (from, to) in &grid.links {
        let steep = (middles[*from] - middles[*to]).abs();
        let gap = &mut gaps[grid.items[*from].column];
        *gap = gap.max(0.4 * steep).min(MOST_GAP);
    }
    let (mut frames_left, mut frames_right) = (vec![0.0f64; count + 1], vec![0.0f64; count + 1]);
    for frame in 0..picture.parts.frames.len() {
        let group = &grid.groups[frame + 1];
        if group.first <= group.last {
            let room = beside(grid, frame + 1);
            frames_left[group.first] = frames_left[group.first].max(room);
            frames_right[group.last] = frames_right[group.last].max(room);
        }
    }
    let mut lefts = Vec::with_capacity(count);
    let mut x = frames_left[0];
    for column in 0..count {
        lefts.push(x);
        x += widths[column];
        if column + 1 < count {
            x += gaps[column] + frames_right[column] + frames_left[column + 1];
        }
    }
    (lefts, widths)
}

/// How far a frame reaches beyond its outer columns.
fn beside(grid: &Grid, group: usize) -> f64 {
    FRAME + 4.0 + 12.0 * grid.groups[group].height as f64
}

/// The frames, round all that they hold.
pub(super) fn frames(
    picture: &Picture,
    grid: &Grid,
    nodes: &[Area],
    middles: &[f64],
    lefts: &[f64],
    widths: &[f64],
) -> Vec<Area> {
    let count = picture.parts.frames.len();
    // Above and below, in coordinates of the picture; empty ones stay as they are.
    let mut reach = vec![(f64::INFINITY, f64::NEG_INFINITY); count];
    let take = |reach: &mut (f64, f64), above: f64, below: f64| {
        *reach = (reach.0.min(above), reach.1.max(below));
    };
    for (place, item) in grid.items.iter().enumerate() {
        if item.group == 0 {
            continue;
        }
        let (above, below) = match item.node {
            Some(node) => (nodes[node].y, nodes[node].bottom()),
            None => (middles[place], middles[place]),
        };
        take(&mut reach[item.group - 1], above, below);
    }
    for (place, frame) in picture.parts.frames.iter().enumerate().rev() {
        if reach[place].0 > reach[place].1 {
            continue;
        }
        reach[place] = (reach[place].0 - FRAME - FRAME_NAME, reach[place].1 + FRAME);
        if let Some(parent) = frame.parent {
            let (above, below) = reach[place];
            take(&mut reach[parent], above, below);
        }
    }
    let area = |(place, (above, below)): (usize, &(f64, f64))| {
        let group = &grid.groups[place + 1];
        if above > below {
            return Area::default();
        }
        let room = beside(grid, place + 1);
        let (left, right) = (lefts[group.first] - room, lefts[group.last] + widths[group.last] + room);
        Area { x: left, y: *above, width: right - left, height: below - above }
    };
    reach.iter().enumerate().map(area).collect()
}

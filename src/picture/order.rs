//! Which node stands above which: as few crossings as a few sweeps find.
//!
//! Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures", 1981: each item
//! of a column goes to the mean place of those that it is joined with in the column before, then of those behind.
//! Items of one frame stay together.

use super::layout::{Grid, Item};

/// Moves of an item that sweeps may take together.
const BUDGET: usize = 3_000_000;

/// Orders the items of each column.
pub(super) fn order(grid: &mut Grid) {
    let mut keys = Keys { items: vec![0.0; grid.items.len()], groups: vec![0.0; grid.groups.len()] };
    for column in &grid.columns {
        for (place, item) in column.iter().enumerate() {
            keys.items[*item] = place as f64;
        }
    }
    let sweeps = (BUDGET / (grid.links.len() + grid.items.len() + 1)).clamp(4, 30);
    let mut best: Option<(u64, Keys)> = None;
    for sweep in 0..sweeps {
        keys.sweep(grid, sweep % 2 == 0);
        let crossings = crossings(grid);
        if best.as_ref().is_none_or(|(fewest, _)| crossings < *fewest) {
            best = Some((crossings, keys.clone()));
        }
        if crossings == 0 {
            break;
        }
    }
    if let Some((_, best)) = best {
        best.sort_all(grid);
        grid.keys = (best.items, best.groups);
    }
}

/// What items and groups of one group are ordered by.
#[derive(Clone)]
struct Keys {
    items: Vec<f64>,
    groups: Vec<f64>,
}

impl Keys {
    /// Goes through the columns, to the right or to the left.
    fn sweep(&mut self, grid: &mut Grid, to_the_right: bool) {
        let count = grid.columns.len();
        for step in 0..count {
            let column = if to_the_right { step } else { count - 1 - step };
            for item in &grid.columns[column] {
                let (near, far) = (&grid.before, &grid.behind);
                let joined = if to_the_right { near.of(*item) } else { far.of(*item) };
                if !joined.is_empty() {
                    let sum: f64 = joined.iter().map(|other| grid.places[*other]).sum();
                    self.items[*item] = sum / joined.len() as f64;
                }
            }
            self.sort(grid, column);
            for item in &grid.columns[column] {
                self.items[*item] = grid.places[*item];
            }
        }
        self.gather(grid);
        self.sort_all(grid);
    }

    /// A group is where its items are in the mean.
    fn gather(&mut self, grid: &Grid) {
        let mut counts = vec![0usize; self.groups.len()];
        self.groups.fill(0.0);
        for (place, item) in grid.items.iter().enumerate() {
            for group in &grid.groups[item.group].chain {
                self.groups[*group] += self.items[place];
                counts[*group] += 1;
            }
        }
        for (key, count) in std::iter::zip(&mut self.groups, counts) {
            *key /= count.max(1) as f64;
        }
    }

    fn sort_all(&self, grid: &mut Grid) {
        for column in 0..grid.columns.len() {
            self.sort(grid, column);
        }
    }

    fn sort(&self, grid: &mut Grid, column: usize) {
        let mut items = std::mem::take(&mut grid.columns[column]);
        items.sort_by(|one, other| {
            let (first, second) = (&grid.items[*one], &grid.items[*other]);
            let by_key = self.key(grid, first, *one, second).total_cmp(&self.key(grid, second, *other, first));
            // Equal ones stay together by their group.
            by_key.then_with(|| divided(grid, first, second).cmp(&divided(grid, second, first))).then(one.cmp(other))
        });
        let middle = (items.len() as f64 - 1.0) / 2.0;
        for (place, item) in items.iter().enumerate() {
            grid.places[*item] = place as f64 - middle;
        }
        grid.columns[column] = items;
    }

    /// The key of an item, or of the group of it that another one is not in.
    fn key(&self, grid: &Grid, item: &Item, place: usize, other: &Item) -> f64 {
        divided(grid, item, other).map_or(self.items[place], |group| self.groups[group])
    }
}

/// The outermost group of an item that another one is not in.
fn divided(grid: &Grid, item: &Item, other: &Item) -> Option<usize> {
    let (chain, others) = (&grid.groups[item.group].chain, &grid.groups[other.group].chain);
    chain.iter().enumerate().find(|(depth, group)| others.get(*depth) != Some(group)).map(|(_, group)| *group)
}

/// How many pairs of links cross, by Barth, Jünger and Mutzel, "Simple and efficient bilayer cross counting", 2002.
fn crossings(grid: &Grid) -> u64 {
    let mut crossings = 0;
    for columns in grid.columns.windows(2) {
        let rank_of = |item: usize| (grid.places[item] + (columns[1].len() as f64 - 1.0) / 2.0) as usize;
        // A Fenwick tree of the ends so far.
        let mut tree = vec![0u64; columns[1].len() + 1];
        let mut total = 0;
        for item in &columns[0] {
            let mut ends: Vec<usize> = grid.behind.of(*item).iter().map(|end| rank_of(*end)).collect();
            ends.sort_unstable();
            for end in &ends {
                // Those that ended further down.
                let (mut node, mut above) = (end + 1, 0);
                while node > 0 {
                    above += tree[node];
                    node &= node - 1;
                }
                crossings += total - above;
            }
            for end in &ends {
                let mut node = end + 1;
                while node < tree.len() {
                    tree[node] += 1;
                    node += node & node.wrapping_neg();
                }
                total += 1;
            }
        }
    }
    crossings
}

//! Which column a node stands in: sources before targets.

/// The level of each of `count` nodes: 0 without a source, else one more than the highest of its sources.
///
/// Nodes that stand for many may feed themselves or each other, though the neurons in them do not. Such a loop is
/// cut at its first node.
pub(super) fn levels(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut waiting = vec![0usize; count];
    let (starts, targets) = listed(count, edges.iter().copied());
    let (before, sources) = listed(count, edges.iter().map(|(from, to)| (*to, *from)));
    edges.iter().filter(|(from, to)| from != to).for_each(|(_, to)| waiting[*to] += 1);
    let mut levels = vec![0usize; count];
    let mut done = vec![false; count];
    let mut ready: Vec<usize> = (0..count).filter(|node| waiting[*node] == 0).collect();
    let (mut next, mut first) = (0, 0);
    loop {
        while let Some(&node) = ready.get(next) {
            next += 1;
            done[node] = true;
            for &target in &targets[starts[node]..starts[node + 1]] {
                if done[target] || target == node {
                    continue;
                }
                levels[target] = levels[target].max(levels[node] + 1);
                waiting[target] -= 1;
                if waiting[target] == 0 {
                    ready.push(target);
                }
            }
        }
        while first < count && done[first] {
            first += 1;
        }
        if first == count {
            break;
        }
        // What still feeds it comes behind it.
        for &source in &sources[before[first]..before[first + 1]] {
            if !done[source] && source != first {
                levels[source] = levels[source].max(levels[first] + 1);
            }
        }
        waiting[first] = 0;
        ready.push(first);
    }
    levels
}

/// For each node where its part of the list starts, and the list of its ends.
pub(super) fn listed(count: usize, edges: impl Iterator<Item = (usize, usize)> + Clone) -> (Vec<usize>, Vec<usize>) {
    let mut starts = vec![0usize; count + 1];
    edges.clone().for_each(|(from, _)| starts[from + 1] += 1);
    for node in 0..count {
        starts[node + 1] += starts[node];
    }
    let mut places = starts.clone();
    let mut ends = vec![0; starts[count]];
    for (from, to) in edges {
        ends[places[from]] = to;
        places[from] += 1;
    }
    (starts, ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_stand_before_targets() {
        assert_eq!(levels(4, &[(0, 1), (1, 2), (0, 2), (2, 3)]), [0, 1, 2, 3]);
        assert_eq!(levels(3, &[(2, 0), (0, 1)]), [1, 2, 0]);
    }

    #[test]
    fn loops_are_cut() {
        assert_eq!(levels(1, &[(0, 0)]), [0]);
        let levels = levels(4, &[(0, 1), (1, 2), (2, 1), (2, 3)]);
        assert!(levels[1] < levels[2] && levels[2] < levels[3], "{levels:?}");
    }
}

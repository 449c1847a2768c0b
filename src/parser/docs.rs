//! Documentation inside statements: `## …` on the lines before a property.

use std::ops::Range;

use super::scan::is_doc;
use crate::ast::{Property, StatementKind};

/// The properties of a statement, in the order in which they stand.
pub(super) fn properties(kind: &mut StatementKind) -> Box<dyn Iterator<Item = &mut Property> + '_> {
    match kind {
        StatementKind::Declare(_, items) => Box::new(items.iter_mut().flat_map(|item| &mut item.properties).flatten()),
        StatementKind::Connection(connection) => Box::new(connection.properties.iter_mut().flatten()),
        StatementKind::Output(list) => Box::new(list.iter_mut().flat_map(|given| &mut given.properties).flatten()),
        StatementKind::Instance(instance) => Box::new(instance.settings.iter_mut().flatten()),
        StatementKind::Network(_)
        | StatementKind::Define(_)
        | StatementKind::Import(_)
        | StatementKind::Lines(_)
        | StatementKind::Activation(_)
        | StatementKind::Expect(_)
        | StatementKind::Broken(_) => Box::new(std::iter::empty()),
    }
}

/// Comments, with consecutive lines of documentation together.
pub(super) fn groups(text: &str, comments: Vec<Range<usize>>) -> Vec<Vec<Range<usize>>> {
    let mut groups: Vec<Vec<Range<usize>>> = Vec::new();
    for comment in comments {
        let goes_on = |lines: &&mut Vec<Range<usize>>| {
            let last = &lines[lines.len() - 1];
            is_doc(text, last.start) && is_doc(text, comment.start) && next_line(text, last.end) == comment.start
        };
        match groups.last_mut().filter(goes_on) {
            Some(lines) => lines.push(comment),
            None => groups.push(vec![comment]),
        }
    }
    groups
}

/// The first character, other than a blank, of the line after the one on which `from` stands.
pub(super) fn next_line(text: &str, from: usize) -> usize {
    let start = text[from..].find('\n').map_or(text.len(), |length| from + length + 1);
    start + text[start..].len() - text[start..].trim_start_matches([' ', '\t']).len()
}

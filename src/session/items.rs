//! The items of a statement, and the comments among them: what becomes of these when an item changes or goes.
//!
//! A comment behind an item on its line goes with it, once nothing else ends on that line; one on lines of its own stays.
//! What is written anew keeps the comment of its line, unless it brings one.

use std::collections::BTreeMap;
use std::ops::Range;

use super::document::lines_of;
use super::edit::{Edit, Part};
use super::entry::split;
use crate::ast::{Statement, StatementKind};
use crate::format::pieces;

/// What becomes of an item of a statement.
#[derive(Debug, Clone)]
pub(super) enum Fate {
    /// By a range of the entry; with the comment behind it there.
    Replaced(Range<usize>, Option<Range<usize>>),
    Removed,
}

/// The ranges of a statement's items, without the commas and comments between them.
pub(super) fn items(text: &str, statement: &Statement) -> Vec<Range<usize>> {
    let range = bare(text, statement.span.range());
    let word = match &statement.kind {
        StatementKind::Declare(keyword, _) => keyword.word(),
        StatementKind::Output(_) => "output",
        StatementKind::Network(_)
        | StatementKind::Define(_)
        | StatementKind::Import(_)
        | StatementKind::Instance(_)
        | StatementKind::Connection(_)
        | StatementKind::Lines(_)
        | StatementKind::Activation(_)
        | StatementKind::Expect(_)
        | StatementKind::Broken(_) => return vec![range],
    };
    let parts = split(text, range.start + word.len()..range.end, ",");
    parts.into_iter().map(|part| bare(text, part)).collect()
}

/// A range without blanks and comments at its ends.
pub(super) fn bare(text: &str, range: Range<usize>) -> Range<usize> {
    let mut tokens = pieces(&text[range.clone()]).filter(|(_, token)| !token.starts_with('#'));
    let Some((first, token)) = tokens.next() else { return range.start..range.start };
    let (last, token) = tokens.last().unwrap_or((first, token));
    range.start + first..range.start + last + token.len()
}

/// The comment that stands behind a place on its line, with nothing but a comma between.
pub(super) fn comment_behind(text: &str, at: usize) -> Option<Range<usize>> {
    let line = text[at..].split('\n').next().unwrap_or_default();
    let comment = line.trim_start_matches([' ', '\t', ',']);
    let start = at + line.len() - comment.len();
    comment.starts_with('#').then(|| start..start + comment.trim_end().len())
}

/// The range of a statement that is written anew, and that of what takes its place: a comment replaces a comment.
pub(super) fn anew(text: &str, old: Range<usize>, typed: &str, new: Range<usize>) -> (Range<usize>, Range<usize>) {
    let (mut old, mut new) = (bare(text, old), bare(typed, new));
    if let Some(comment) = comment_behind(typed, new.end) {
        new.end = comment.end;
        old.end = comment_behind(text, old.end).map_or(old.end, |comment| comment.end);
    }
    (old, new)
}

/// The edits by which items of a statement with several change or go.
pub(super) fn edits_of_items(text: &str, statement: &Statement, fates: &BTreeMap<usize, Fate>) -> Vec<Edit> {
    let ranges = items(text, statement);
    let is_removed = |item: usize| matches!(fates.get(&item), Some(Fate::Removed));
    let mut kept = (0..ranges.len()).filter(|item| !is_removed(*item));
    let Some(first) = kept.next() else { return vec![Edit::removal(lines_of(text, statement))] };
    let last = kept.next_back().unwrap_or(first);
    let mut edits = Vec::new();
    for (item, fate) in fates {
        let Fate::Replaced(typed, comment) = fate else { continue };
        edits.push(Edit::typed(ranges[*item].clone(), typed.clone()));
        if let Some(comment) = comment {
            edits.push(edit_of_comment(text, ranges[*item].end, comment.clone()));
        }
    }
    let mut gone = Gone { text, ranges: &ranges, cuts: Vec::new() };
    (0..ranges.len()).filter(|item| is_removed(*item)).for_each(|item| gone.item(item, last));
    gone.comments(&is_removed);
    let all = statement.span.range().start..ranges[ranges.len() - 1].end;
    if first > 0 && text[all.start..ranges[first].start].contains('\n') {
        edits.extend(gone.head(statement, first));
    }
    gone.blank_lines(all);
    edits.extend(gone.cuts.into_iter().map(Edit::removal));
    edits
}

/// Brings a typed comment to the line on which something ends at `end`.
fn edit_of_comment(text: &str, end: usize, comment: Range<usize>) -> Edit {
    let line = text[end..].split('\n').next().unwrap_or_default();
    let tokens = pieces(line).find(|(_, token)| token.starts_with('#'));
    match tokens {
        Some((start, old)) => Edit::typed(end + start..end + start + old.trim_end().len(), comment),
        None => {
            let at = end + line.trim_end().len();
            Edit { range: at..at, parts: vec![Part::Ours(" ".to_owned()), Part::Typed(comment)] }
        }
    }
}

/// What of a statement goes with items of it.
struct Gone<'a> {
    text: &'a str,
    ranges: &'a [Range<usize>],
    cuts: Vec<Range<usize>>,
}

impl Gone<'_> {
    /// An item with the comma behind it; behind the last that is kept, with the one before it.
    fn item(&mut self, item: usize, last_kept: usize) {
        let range = self.ranges[item].clone();
        let (before, behind) = if item < last_kept { (item, item + 1) } else { (item - 1, item) };
        let gap = self.ranges[before].end..self.ranges[behind].start;
        if self.text[gap.clone()].contains('\n') {
            let comma = self.tokens(gap).into_iter().find(|token| self.text[token.clone()] == *",");
            self.cuts.extend(comma);
            self.cuts.push(range);
        } else {
            self.cuts.push(gap.start.min(range.start)..gap.end.max(range.end));
        }
    }

    /// Comments behind items, where all that ends on their lines goes.
    fn comments(&mut self, is_removed: &dyn Fn(usize) -> bool) {
        let mut is_all_gone = true;
        for (item, range) in self.ranges.iter().enumerate() {
            is_all_gone &= is_removed(item);
            let next = self.ranges.get(item + 1).map_or(self.text.len(), |next| next.start);
            if !self.text[range.end..next].contains('\n') && item + 1 < self.ranges.len() {
                continue;
            }
            if is_all_gone {
                self.cuts.extend(comment_behind(self.text, range.end));
            }
            is_all_gone = true;
        }
    }

    /// All between a statement's word and its first item that is kept, as that must stand on the line of the word; the
    /// comments among it that stay come before the statement.
    fn head(&mut self, statement: &Statement, first: usize) -> Vec<Edit> {
        let start = statement.span.range().start;
        let items = start..self.ranges[first].start;
        let cuts = std::mem::take(&mut self.cuts);
        let is_cut = |token: &Range<usize>| cuts.iter().any(|cut| cut.start <= token.start && token.end <= cut.end);
        let comments = self.tokens(items.clone());
        let comments = comments.into_iter().filter(|token| self.text[token.clone()].starts_with('#') && !is_cut(token));
        let at = lines_of(self.text, statement).start;
        let line = |comment: Range<usize>| Edit {
            range: at..at,
            parts: vec![Part::Ours(format!("{}\n", self.text[comment].trim_end()))],
        };
        let edits = comments.map(line).collect();
        let word = self.text[start..].find([' ', '\t']).map_or(items.end, |length| start + length + 1);
        self.cuts = cuts.into_iter().filter(|cut| cut.end > items.end).collect();
        self.cuts.push(word.min(items.end)..items.end);
        edits
    }

    /// Lines on which nothing is left.
    fn blank_lines(&mut self, all: Range<usize>) {
        let is_left = |at: usize| !self.cuts.iter().any(|cut| cut.contains(&at));
        let end = self.text[all.end..].find('\n').map_or(self.text.len(), |length| all.end + length);
        let mut blank = Vec::new();
        let mut line_end = self.text[all.start..end].find('\n').map(|length| all.start + length);
        while let Some(start) = line_end {
            let next = self.text[start + 1..end].find('\n').map(|length| start + 1 + length);
            let line = start + 1..next.unwrap_or(end);
            let is_used = |(at, character): (usize, char)| !character.is_whitespace() && is_left(line.start + at);
            let has_cut = self.cuts.iter().any(|cut| cut.start < line.end && line.start < cut.end);
            if has_cut && !self.text[line.clone()].char_indices().any(is_used) {
                blank.push(start..line.end);
            }
            line_end = next;
        }
        self.cuts.extend(blank);
    }

    /// Marks, words and comments of a range.
    fn tokens(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let place = |(at, token): (usize, &str)| range.start + at..range.start + at + token.len();
        pieces(&self.text[range.clone()]).map(place).collect()
    }
}

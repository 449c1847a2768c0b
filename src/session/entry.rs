//! What was typed: statements, settings, or an expression.

use std::ops::Range;

use crate::format::pieces;
use crate::parser::{Piece, STATEMENT_WORDS, pieces_of};

/// A part of an entry that is done at once.
#[derive(Debug, PartialEq)]
pub(super) enum Deed {
    /// Statements, from the first to the last.
    Statements(Range<usize>),
    /// `add a -> b : w`: a connection beside those with the same ends; without its word.
    Add(Range<usize>),
    /// `x1 = 2, h.bias = 1`
    Settings(Vec<Setting>),
    /// `c + 1`
    Expression(Range<usize>),
}

/// `TARGET = VALUE`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Setting {
    pub(super) target: Target,
    pub(super) value: Range<usize>,
}

/// What is set.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Target {
    /// `w`, `x[2]`, `h.bias`
    Named(Range<usize>),
    /// `(a -> b)`: the places of the two ends.
    Ends(Range<usize>, Range<usize>),
}

impl Setting {
    /// From its target to its value.
    pub(super) fn range(&self) -> Range<usize> {
        let start = match &self.target {
            Target::Named(name) => name.start,
            Target::Ends(sources, _) => sources.start,
        };
        start..self.value.end
    }
}

/// The parts of an entry, in order.
pub(super) fn deeds(text: &str) -> Vec<Deed> {
    let mut deeds: Vec<Deed> = Vec::new();
    // Where a run of statements starts: behind what was done before.
    let mut start = 0;
    for piece in pieces_of(text) {
        let Piece::Statement { range, .. } = piece else { continue };
        let deed = deed(text, range.clone());
        match (deeds.last_mut(), deed) {
            (Some(Deed::Statements(before)), Deed::Statements(range)) => before.end = range.end,
            (_, Deed::Statements(range)) => deeds.push(Deed::Statements(start..range.end)),
            (_, deed) => deeds.push(deed),
        }
        start = range.end;
    }
    deeds
}

/// What the statement at `range`, or what looks like one, is.
fn deed(text: &str, range: Range<usize>) -> Deed {
    let marks = Marks::of(&text[range.clone()]);
    let statement = Deed::Statements(range.clone());
    let first = marks.words.first().copied().unwrap_or_default();
    if STATEMENT_WORDS.contains(&first) {
        return statement;
    }
    if first == "add" && marks.has_arrow && marks.words.len() > 1 {
        let rest = text[range.start + first.len()..range.end].trim_start();
        return Deed::Add(range.end - rest.len()..range.end);
    }
    if marks.has_arrow || marks.implies || marks.has_block {
        return statement;
    }
    if marks.equals > 0 {
        // Anything else, such as a misspelt keyword, has its own messages as a statement.
        return settings(text, range).map_or(statement, Deed::Settings);
    }
    if marks.has_neighbours { statement } else { Deed::Expression(range) }
}

/// What stands outside of brackets in a statement.
#[derive(Default)]
struct Marks<'a> {
    /// The words before the first mark.
    words: Vec<&'a str>,
    has_arrow: bool,
    implies: bool,
    has_block: bool,
    equals: usize,
    /// Whether two words stand side by side.
    has_neighbours: bool,
}

impl<'a> Marks<'a> {
    fn of(text: &'a str) -> Marks<'a> {
        let mut marks = Marks::default();
        let mut depth = 0usize;
        let mut only_words = true;
        let mut after_word = false;
        for (_, token) in pieces(text).filter(|(_, token)| !token.starts_with('#')) {
            let is_word = token.starts_with(|first: char| first.is_alphabetic() || first == '_');
            if depth == 0 {
                marks.has_arrow |= token == "->";
                marks.implies |= token == "=>";
                marks.has_block |= token == "{";
                marks.equals += usize::from(token == "=");
                marks.has_neighbours |= after_word && is_word;
                only_words &= is_word;
                if only_words {
                    marks.words.push(token);
                }
                after_word = is_word;
            }
            match token {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        marks
    }
}

/// `TARGET = VALUE, TARGET = VALUE`; none if it is anything else. A comma in a value is one in brackets.
pub(super) fn settings(text: &str, range: Range<usize>) -> Option<Vec<Setting>> {
    let mut settings = Vec::new();
    for part in split(text, range, ",") {
        let sides = split(text, part, "=");
        let [target, value] = sides.as_slice() else { return None };
        let target = target_at(text, target.clone())?;
        if value.is_empty() {
            return None;
        }
        settings.push(Setting { target, value: value.clone() });
    }
    Some(settings)
}

fn target_at(text: &str, range: Range<usize>) -> Option<Target> {
    let target = &text[range.clone()];
    if let Some(inner) = target.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let start = range.start + 1;
        let sides = split(text, start..start + inner.len(), "->");
        let [sources, targets] = sides.as_slice() else { return None };
        let has_both = !sources.is_empty() && !targets.is_empty();
        return has_both.then(|| Target::Ends(sources.clone(), targets.clone()));
    }
    let mut tokens = pieces(target);
    let (_, name) = tokens.next()?;
    let is_name = name.starts_with(|first: char| first.is_alphabetic() || first == '_');
    let rest = target[name.len()..].trim_start();
    let is_selector = rest.is_empty() || rest.starts_with('[') && rest.ends_with(']');
    (is_name && is_selector).then_some(Target::Named(range))
}

/// The parts of a text between the marks outside of brackets, without blanks around them.
pub(super) fn split(text: &str, range: Range<usize>, mark: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut depth = 0usize;
    let mut start = range.start;
    for (at, token) in pieces(&text[range.clone()]) {
        match token {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ if depth == 0 && token == mark => {
                parts.push(trimmed(text, start..range.start + at));
                start = range.start + at + token.len();
            }
            _ => {}
        }
    }
    parts.push(trimmed(text, start..range.end));
    parts
}

/// A range without blanks at its ends.
pub(super) fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + part.len() - part.trim_start().len();
    let end = range.start + part.trim_end().len();
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<String> {
        let shown = |deed: &Deed| match deed {
            Deed::Statements(range) => format!("statements {:?}", text[range.clone()].trim()),
            Deed::Add(range) => format!("add {:?}", &text[range.clone()]),
            Deed::Settings(settings) => settings.iter().map(|one| format!("set {}", &text[one.range()])).collect(),
            Deed::Expression(range) => format!("show {}", &text[range.clone()]),
        };
        deeds(text).iter().map(shown).collect()
    }

    #[test]
    fn an_entry_is_what_its_marks_say() {
        assert_eq!(kinds("input x = 1"), ["statements \"input x = 1\""]);
        assert_eq!(kinds("x -> y : 2"), ["statements \"x -> y : 2\""]);
        assert_eq!(kinds("add x -> y : 2"), ["add \"x -> y : 2\""]);
        assert_eq!(kinds("add -> y : 2"), ["statements \"add -> y : 2\""]);
        assert_eq!(kinds("x1 = 2"), ["set x1 = 2"]);
        assert_eq!(kinds("x[1] = 2, h.bias = [1, 2]"), ["set x[1] = 2set h.bias = [1, 2]"]);
        assert_eq!(kinds("(a -> b) = 0.9"), ["set a -> b) = 0.9"]);
        assert_eq!(kinds("c(x1 = 2) + 1"), ["show c(x1 = 2) + 1"]);
        assert_eq!(kinds("a == b"), ["show a == b"]);
        assert_eq!(kinds("$1 - 2 # why"), ["show $1 - 2"]);
        assert_eq!(kinds("imput x = 1"), ["statements \"imput x = 1\""]);
        assert_eq!(
            kinds("## d\ninput x\n\n# c\ninput y\nx\nx = 1"),
            ["statements \"## d\\ninput x\\n\\n# c\\ninput y\"", "show x", "set x = 1",]
        );
        assert!(kinds("  # nothing\n").is_empty());
    }
}

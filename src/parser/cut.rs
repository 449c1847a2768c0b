//! Cuts a source into statements, comments and documentation, without the grammar.
//!
//! A statement ends at the end of its line unless a bracket is open or the line ends in a mark that cannot end one.
//! Where brackets do not match, it ends before the next line that looks like a statement, so that one slip costs one
//! statement. The cut also bounds nesting before the recursive grammar runs, and needs constant memory.

use std::ops::Range;

use super::plain::lines_end;
use super::scan::{
    STATEMENT_WORDS, code_of_line, continues, dull_length, indentation, is_closed, is_doc, is_first_on_line,
    lacks_equals, line_has_arrow, next_code, skip_blank_lines, skip_blanks, starts_statement, string_end, word_at,
};
use crate::text::closest;

/// A part of the source.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// One statement, from its first to after its last character; what is wrong with its brackets.
    Statement(Range<usize>, Option<Fault>),
    /// Consecutive statements, a line each, that are plain connections.
    Lines(Range<usize>),
    /// Consecutive `##` lines: the range of each, from its marks to its last character that is not blank.
    Doc(Vec<Range<usize>>),
    /// `# …`
    Comment(Range<usize>),
    /// `## …` behind something else on its line.
    LateDoc(Range<usize>),
    /// `network NAME {`, from its first to after its last character.
    Head(Range<usize>, Bracket),
    /// `}` of the innermost network that is open; or the end of one that is not closed, an empty range.
    Tail(Range<usize>),
    /// An empty line, or several.
    Gap,
}

/// Where the bracket of a network's head stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    /// At the end of its line, where it belongs.
    Behind,
    OnLaterLine,
    /// Nowhere, though what follows is indented and closed as if it stood there.
    Missing,
}

/// What is wrong with a statement's brackets.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fault {
    /// A bracket that is never closed; before which closing bracket that shows, if one does.
    Unclosed { open: usize, before: Option<usize> },
    /// A closing bracket without an opening one; the innermost that is open, which is of another kind.
    Stray { close: usize, open: Option<usize> },
    /// A text whose line ends before it does.
    OpenText { open: usize, end: usize },
    /// The bracket that is one level too deep.
    TooDeep { open: usize },
}

/// Cuts `text`; yields its parts in order. Comments inside a statement come after it.
pub(super) struct Cutter<'a> {
    text: &'a str,
    at: usize,
    nesting: usize,
    inner: std::collections::VecDeque<Part>,
    /// The indentations of the networks whose statements are being cut.
    networks: Vec<usize>,
    /// Whether a network is never closed, so that one of its statements may have taken its bracket.
    lacks_bracket: bool,
    /// Whether no `}` follows that would close a network without a `{`.
    has_none_to_spare: bool,
}

impl<'a> Cutter<'a> {
    pub(super) fn new(text: &'a str, nesting: usize) -> Cutter<'a> {
        Cutter {
            text,
            at: 0,
            nesting,
            inner: std::collections::VecDeque::new(),
            networks: Vec::new(),
            lacks_bracket: false,
            has_none_to_spare: false,
        }
    }

    /// The range of the comment that starts at `start`.
    fn comment(&self, start: usize) -> Range<usize> {
        let line = &self.text[start..self.line_end(start)];
        start..start + line.trim_end().len()
    }

    fn line_end(&self, from: usize) -> usize {
        self.text[from..].find('\n').map_or(self.text.len(), |length| from + length)
    }

    fn is_doc(&self, start: usize) -> bool {
        is_doc(self.text, start)
    }

    /// Consecutive documentation lines from `start` on.
    fn docs(&mut self, start: usize) -> Part {
        let mut lines = Vec::new();
        let mut at = start;
        loop {
            lines.push(self.comment(at));
            self.at = self.line_end(at);
            let next = skip_blanks(self.text, self.at + 1);
            if next >= self.text.len() || !self.is_doc(next) {
                return Part::Doc(lines);
            }
            at = next;
        }
    }

    /// The statement that starts at `start`.
    fn statement(&mut self, start: usize) -> Part {
        let extent = self.extent(start, false);
        let cut_short = matches!(extent.fault, Some(Fault::TooDeep { .. } | Fault::OpenText { .. }));
        let extent = if extent.left_open || cut_short {
            let recovered = self.extent(start, true);
            Extent { fault: extent.fault, ..recovered }
        } else {
            extent
        };
        self.at = extent.end;
        self.inner.extend(extent.comments);
        let length = self.text[start..extent.last].trim_end().len();
        Part::Statement(start..start + length, extent.fault)
    }

    /// Looks for the end of the statement at `start`; in `recovery`, at the next line that looks like a statement,
    /// whatever is open.
    fn extent(&self, start: usize, recovery: bool) -> Extent {
        let bytes = self.text.as_bytes();
        let mut open: Vec<usize> = Vec::new();
        let mut extent = Extent { end: bytes.len(), last: start, comments: Vec::new(), fault: None, left_open: false };
        let mut at = start;
        let mut line_start = start;
        while at < bytes.len() {
            let dull = dull_length(&bytes[at..]);
            if let Some(last) = bytes[at..at + dull].iter().rposition(|byte| !matches!(byte, b' ' | b'\t')) {
                extent.last = at + last + 1;
            }
            at += dull;
            if at == bytes.len() {
                break;
            }
            match bytes[at] {
                b'\n' => {
                    let in_block = open.last().is_some_and(|last| bytes[*last] == b'{');
                    let statement_follows =
                        starts_statement(self.text, at + 1) && !(in_block && lacks_equals(self.text, start, at + 1));
                    let arrow_follows = || line_has_arrow(self.text, at + 1);
                    if !open.is_empty() && statement_follows {
                        extent.fault =
                            extent.fault.or(Some(Fault::Unclosed { open: open[open.len() - 1], before: None }));
                    }
                    let ends = if recovery {
                        statement_follows || arrow_follows()
                    } else {
                        statement_follows || open.is_empty() && !continues(&self.text[start..extent.last])
                    };
                    if ends {
                        extent.left_open = !open.is_empty();
                        extent.end = at;
                        return extent;
                    }
                    line_start = at + 1;
                }
                b'#' => {
                    let range = self.comment(at);
                    at = self.line_end(at);
                    let first = self.text[line_start..range.start].trim().is_empty() && line_start != start;
                    let late = self.is_doc(range.start) && !first;
                    extent.comments.push(if late { Part::LateDoc(range) } else { Part::Comment(range) });
                    continue;
                }
                b'"' => {
                    let (end, closed) = string_end(bytes, at);
                    if !closed {
                        let end = at + self.text[at..end].trim_end().len();
                        extent.fault = extent.fault.or(Some(Fault::OpenText { open: at, end }));
                    }
                    at = end;
                    extent.last = at;
                    continue;
                }
                b'(' | b'[' | b'{' => {
                    if open.len() < self.nesting {
                        open.push(at);
                    } else if !recovery {
                        extent.fault = Some(Fault::TooDeep { open: at });
                        return extent;
                    }
                }
                b'}' if self.closes_network(start, line_start, at) => {
                    if let Some(open) = open.last() {
                        extent.fault = extent.fault.or(Some(Fault::Unclosed { open: *open, before: Some(at) }));
                    }
                    extent.end = at;
                    return extent;
                }
                close @ (b')' | b']' | b'}') => {
                    let opener = match close {
                        b')' => b'(',
                        b']' => b'[',
                        _ => b'{',
                    };
                    match open.iter().rposition(|open| bytes[*open] == opener) {
                        Some(depth) => {
                            if depth + 1 < open.len() {
                                let inner = open[open.len() - 1];
                                extent.fault = extent.fault.or(Some(Fault::Unclosed { open: inner, before: Some(at) }));
                            }
                            open.truncate(depth);
                        }
                        // It closes the network.
                        None if close == b'}' && !self.networks.is_empty() => {
                            if let Some(open) = open.last() {
                                extent.fault = extent.fault.or(Some(Fault::Unclosed { open: *open, before: Some(at) }));
                            }
                            extent.end = at;
                            return extent;
                        }
                        None => {
                            let open = open.last().copied();
                            extent.fault = extent.fault.or(Some(Fault::Stray { close: at, open }));
                        }
                    }
                }
                _ => {}
            }
            if bytes[at] != b'\n' {
                extent.last = at + 1;
            }
            at += 1;
        }
        extent.left_open = !open.is_empty();
        if let Some(last) = open.last() {
            extent.fault = extent.fault.or(Some(Fault::Unclosed { open: *last, before: None }));
        }
        extent
    }
}

impl Cutter<'_> {
    /// Whether the bracket at `at`, inside the statement at `start`, stands as far left as the network does and the
    /// statement further to the right, so that it closes the network.
    fn closes_network(&self, start: usize, line_start: usize, at: usize) -> bool {
        let network = self.networks.last().filter(|_| self.lacks_bracket);
        network.is_some_and(|network| {
            line_start != start
                && self.text[line_start..at].trim().is_empty()
                && at - line_start <= *network
                && indentation(self.text, start) > *network
        })
    }

    /// The head of a network, and what ends before it, if one starts at `first`.
    fn head(&mut self, first: usize) -> Option<Part> {
        let (end, bracket) = self.head_end(first)?;
        let indentation = indentation(self.text, first);
        // A network never stands in another: one that seems to is behind one that is not closed.
        if self.networks.last().is_some_and(|open| indentation <= *open) {
            self.networks.pop();
            return Some(Part::Tail(first..first));
        }
        self.networks.push(indentation);
        self.lacks_bracket = self.lacks_bracket || !is_closed(self.text, end);
        self.at = end;
        Some(Part::Head(first..end, bracket))
    }

    /// Where the head of a network at `start` ends, if it is one.
    fn head_end(&mut self, start: usize) -> Option<(usize, Bracket)> {
        let text = self.text;
        let word = word_at(text, start);
        if word != "network" && closest(word, STATEMENT_WORDS) != Some("network") {
            return None;
        }
        let code = code_of_line(text, start);
        let open = code.find(['{', '"', '=']).filter(|at| code[*at..].starts_with('{') && !code[..*at].contains("->"));
        if word != "network" {
            let is_head = open.is_some_and(|open| open + 1 == code.len());
            return is_head.then_some((start + code.len(), Bracket::Behind));
        }
        if let Some(open) = open {
            return Some((start + open + 1, Bracket::Behind));
        }
        if code.contains(['"', '=']) || code.contains("->") {
            return None;
        }
        let next = next_code(text, start + code.len());
        if text[next..].starts_with('{') {
            return Some((next + 1, Bracket::OnLaterLine));
        }
        if !self.networks.is_empty() || self.has_none_to_spare || indentation(text, next) <= indentation(text, start) {
            return None;
        }
        self.has_none_to_spare = !is_closed(text, start + code.len());
        (!self.has_none_to_spare).then_some((start + code.len(), Bracket::Missing))
    }
}

struct Extent {
    /// Where the next part starts.
    end: usize,
    /// After the last character that is neither blank nor comment.
    last: usize,
    comments: Vec<Part>,
    fault: Option<Fault>,
    /// Whether a bracket is open at the end.
    left_open: bool,
}

impl Iterator for Cutter<'_> {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        if let Some(part) = self.inner.pop_front() {
            return Some(part);
        }
        let start = self.at;
        let first = skip_blank_lines(self.text, start);
        let line_ends = self.text[start..first].bytes().filter(|byte| *byte == b'\n').count();
        let at_file_start = start == 0;
        if line_ends > usize::from(!at_file_start) && first < self.text.len() {
            // The line ends are passed here; the next call sees none.
            self.at = first;
            return Some(Part::Gap);
        }
        if first >= self.text.len() {
            self.at = first;
            return self.networks.pop().map(|_| Part::Tail(first..first));
        }
        if self.text.as_bytes()[first] == b'}' && self.networks.pop().is_some() {
            self.at = first + 1;
            return Some(Part::Tail(first..first + 1));
        }
        if let Some(part) = self.head(first) {
            if let Part::Tail(_) = part {
                self.at = first;
            }
            return Some(part);
        }
        // A lowered limit is the grammar's to hold.
        let plain = if self.nesting >= DEEPEST_PLAIN { lines_end(self.text, first) } else { None };
        Some(if let Some(end) = plain {
            self.at = end;
            Part::Lines(first..end)
        } else if self.is_doc(first) && !is_first_on_line(self.text, first) {
            // Behind the head or tail of a network.
            self.at = self.line_end(first);
            Part::LateDoc(self.comment(first))
        } else if self.is_doc(first) {
            self.docs(first)
        } else if self.text.as_bytes()[first] == b'#' {
            self.at = self.line_end(first);
            Part::Comment(self.comment(first))
        } else {
            self.statement(first)
        })
    }
}

/// Levels of nesting in a plain connection.
const DEEPEST_PLAIN: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    fn statements(text: &str) -> Vec<(&str, bool)> {
        let of = |part| match part {
            Part::Statement(range, fault) => Some((&text[range], fault.is_some())),
            Part::Lines(range) => Some((&text[range], false)),
            Part::Doc(_) | Part::Comment(_) | Part::LateDoc(_) | Part::Gap | Part::Head(..) | Part::Tail(_) => None,
        };
        Cutter::new(text, 256).filter_map(of).collect()
    }

    #[test]
    fn a_statement_ends_with_its_line_its_brackets_or_its_last_operand() {
        assert_eq!(statements("input a\n  input b # c\n"), [("input a", false), ("input b", false)]);
        assert_eq!(statements("a -> b :\n  1\nx -> y : 2"), [("a -> b :\n  1", false), ("x -> y : 2", false)]);
        assert_eq!(
            statements("weight w = [1,\n\n 2]\ninput x"),
            [("weight w = [1,\n\n 2]", false), ("input x", false)]
        );
        assert_eq!(
            statements("neuron c {\n  bias = b\n  activation = relu\n}\ninput x"),
            [("neuron c {\n  bias = b\n  activation = relu\n}", false), ("input x", false)]
        );
        assert_eq!(statements("input s = \"# {\" # {\ninput b"), [("input s = \"# {\"", false), ("input b", false)]);
    }

    #[test]
    fn an_open_bracket_costs_its_own_statement_only() {
        assert_eq!(
            statements("neuron c { bias = b\na -> c : 1\noutput c"),
            [("neuron c { bias = b", true), ("a -> c : 1", false), ("output c", false)]
        );
        assert_eq!(statements("weight w = [1, 2\ninput x"), [("weight w = [1, 2", true), ("input x", false)]);
        assert_eq!(statements("input a)\ninput b"), [("input a)", true), ("input b", false)]);
        assert_eq!(
            statements("neuron c { bias = (1 }\ninput b"),
            [("neuron c { bias = (1 }", true), ("input b", false)]
        );
        assert_eq!(statements("a -> b :\ninput c"), [("a -> b :", false), ("input c", false)]);
    }

    #[test]
    fn nesting_is_bounded_before_any_recursion() {
        let deep = "(".repeat(300);
        let text = format!("input a = {deep}\ninput b");
        let parts: Vec<Part> = Cutter::new(&text, 256).collect();
        assert_eq!(parts[0], Part::Statement(0..10 + 300, Some(Fault::TooDeep { open: 10 + 256 })));
        assert_eq!(parts[1], Part::Statement(311..318, None));
    }

    #[test]
    fn documentation_is_told_from_comments() {
        let parts: Vec<Part> = Cutter::new("## a\n## b\n\n### c\ninput x ## d\n", 256).collect();
        assert_eq!(
            parts,
            [
                Part::Doc(vec![0..4, 5..9]),
                Part::Gap,
                Part::Comment(11..16),
                Part::Statement(17..24, None),
                Part::LateDoc(25..29),
            ]
        );
    }
}

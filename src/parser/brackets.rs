//! Brackets that do not match: where the missing or surplus one probably is, judged by lines and indentation.

use std::ops::Range;

use super::scan::string_end;

/// Which bracket of a statement is probably never closed.
#[derive(Debug, PartialEq)]
pub(super) struct Unclosed {
    /// The bracket.
    pub(super) open: usize,
    /// The character after which its closing bracket is probably missing; none if nothing follows the bracket.
    pub(super) missing: Option<Range<usize>>,
}

/// An opening bracket that is not closed yet.
struct Open {
    at: usize,
    /// The line on which it stands.
    line: usize,
    /// The indentation of that line.
    indentation: usize,
    /// Whether something follows on that line.
    holds_more: bool,
    /// Whether a later line is indented more than that line.
    indents: bool,
}

/// The bracket of the statement at `range` of a text that is probably not closed, where the one at `open` is not.
///
/// A line that stands as far left as the line of a bracket is probably no part of what that bracket holds, and a
/// closing bracket stands at the start of a line as far left as the line of its bracket.
pub(super) fn unclosed(text: &str, range: Range<usize>, open: usize) -> Unclosed {
    let mut opened: Vec<Open> = Vec::new();
    let mut line = 0;
    // The last byte that is neither blank nor comment nor comma.
    let mut last = range.start;
    let found = |open: usize, last: usize| {
        let start = text.floor_char_boundary(last);
        Unclosed { open, missing: (last > open).then(|| start..text.ceil_char_boundary(start + 1)) }
    };
    for step in Walk::new(text, range) {
        if step.line != line {
            line = step.line;
            let closes = matches!(step.byte, b')' | b']' | b'}');
            let innermost = opened.last();
            let suspect = match innermost {
                Some(innermost) if closes => step.indentation < innermost.indentation,
                Some(innermost) => {
                    step.indentation <= innermost.indentation && (innermost.holds_more || innermost.indents)
                }
                None => false,
            };
            if let Some(innermost) = innermost.filter(|_| suspect) {
                return found(innermost.at, last);
            }
            opened.iter_mut().for_each(|open| open.indents |= step.indentation > open.indentation);
        } else {
            opened.iter_mut().rev().take_while(|open| open.line == line).for_each(|open| open.holds_more = true);
        }
        match step.byte {
            b'(' | b'[' | b'{' => {
                let indentation = step.indentation;
                opened.push(Open { at: step.at, line, indentation, holds_more: false, indents: false });
            }
            b')' | b']' | b'}' => {
                opened.pop();
            }
            // No list, size or selector holds a `=`.
            b'=' if !step.is_compared => {
                let square = opened.last().filter(|open| text.as_bytes()[open.at] == b'[');
                if let Some(square) = square {
                    return found(square.at, last);
                }
            }
            _ => {}
        }
        if step.byte != b',' {
            last = step.last;
        }
    }
    found(open, last)
}

/// The closing bracket, on an earlier line than the one at `close`, with which all brackets of the statement at `range`
/// of a text were closed, the last of them one of a line before.
pub(super) fn closed_before(text: &str, range: Range<usize>, close: usize) -> Option<usize> {
    // The lines of the open brackets.
    let mut opened: Vec<usize> = Vec::new();
    let mut last = None;
    for step in Walk::new(text, range) {
        if step.at >= close {
            return last.filter(|(_, line)| *line < step.line).map(|(at, _)| at);
        }
        match step.byte {
            b'(' | b'[' | b'{' => opened.push(step.line),
            b')' | b']' | b'}' if opened.pop().is_some_and(|line| line < step.line) && opened.is_empty() => {
                last = Some((step.at, step.line));
            }
            _ => {}
        }
    }
    None
}

/// Whether a byte stands in a range of a text, outside quoted texts and comments.
pub(super) fn stands_in(text: &str, range: Range<usize>, byte: u8) -> bool {
    Walk::new(text, range).any(|step| step.byte == byte)
}

/// One byte of a statement that is no blank and stands in no comment, or a whole quoted text.
struct Step {
    at: usize,
    /// The last byte, where it is a quoted text.
    last: usize,
    byte: u8,
    /// Whether the byte beside it makes a longer mark of a `=`: `==`, `<=`, `=>`.
    is_compared: bool,
    line: usize,
    /// The blanks at the start of the line.
    indentation: usize,
}

/// Goes through a statement.
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    line: usize,
    line_start: usize,
    /// The indentation of the line, once something stands on it.
    indentation: Option<usize>,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str, range: Range<usize>) -> Walk<'a> {
        let line_start = text[..range.start].rfind('\n').map_or(0, |end| end + 1);
        Walk { bytes: &text.as_bytes()[..range.end], at: range.start, line: 0, line_start, indentation: None }
    }
}

impl Iterator for Walk<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        loop {
            let (at, byte) = (self.at, *self.bytes.get(self.at)?);
            match byte {
                b'\n' => {
                    (self.line, self.line_start, self.indentation) = (self.line + 1, at + 1, None);
                    self.at += 1;
                }
                b' ' | b'\t' => self.at += 1,
                b'#' => {
                    let length = self.bytes[at..].iter().position(|byte| *byte == b'\n');
                    self.at = length.map_or(self.bytes.len(), |length| at + length);
                }
                _ => {
                    self.at = if byte == b'"' { string_end(self.bytes, at).0 } else { at + 1 };
                    let indentation = *self.indentation.get_or_insert(at - self.line_start);
                    let beside = [at.checked_sub(1).map(|before| self.bytes[before]), self.bytes.get(at + 1).copied()];
                    let is_compared = beside.iter().flatten().any(|beside| b"=<>!".contains(beside));
                    return Some(Step { at, last: self.at - 1, byte, is_compared, line: self.line, indentation });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the brackets that are told are those before which a `«` stands: the one that is not closed, and the
    /// character behind which its closing one is missing.
    fn is_told(marked: &str) -> bool {
        let text = marked.replace('«', "");
        let places: Vec<usize> =
            marked.match_indices('«').enumerate().map(|(before, (at, mark))| at - before * mark.len()).collect();
        let start = text.len() - text.trim_start().len();
        let first = text.find(['(', '[', '{']).expect("a bracket");
        let found = unclosed(&text, start..text.len(), first);
        (found.open, found.missing.map(|range| range.start)) == (places[0], places.get(1).copied())
    }

    #[test]
    fn indentation_tells_which_bracket_is_not_closed() {
        for marked in [
            // The row.
            "weight w = [\n    «[1, «2,\n    [3, 4],\n]",
            "weight w = [\n    [1, 2],\n    «[3, «4\n]",
            "weight w = [\n    «[[1, 2«],\n    [3, 4],\n]",
            // The whole.
            "weight w = «[\n    [1, 2],\n    [3, 4«],\n\n",
            "weight w = «[\n1,\n«2\n",
            // The block.
            "neuron c «{\n  bias = 1\n  activation = b«é",
            "neuron c «{ bias = «1",
            "input x = «(1 + # )\n  «2",
            "neuron c «{",
            "input x«[«4 = [\n  1,\n  2,\n]",
        ] {
            for indentation in ["", "  "] {
                let marked = format!("{indentation}{}", marked.replace('\n', &format!("\n{indentation}")));
                assert!(is_told(&marked), "{marked}");
            }
        }
    }

    #[test]
    fn a_bracket_too_many_closes_before() {
        let text = "weight w = [\n  [1, 2]],\n  [3, 4],\n]";
        let told = closed_before(text, 0..text.len(), text.len() - 1);
        assert_eq!(told, text.find("]]").map(|at| at + 1));
        assert_eq!(closed_before("input x[2] = 1]", 0..15, 14), None);
    }
}

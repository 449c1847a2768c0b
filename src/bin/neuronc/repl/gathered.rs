//! The lines of an entry from a pipe, until it is whole.
//!
//! Looking at the whole entry after each of its lines would take a time that is quadratic in their number. So the
//! brackets that are open are remembered, and it is looked at whole only where it may end.

use neuronc::{TokenKind, is_complete, left_open, tokens};

/// The lines of an entry so far.
#[derive(Debug, Default)]
pub struct Gathered {
    text: String,
    /// The brackets that are open.
    open: Vec<u8>,
    /// Whether it is documentation, or ends in a mark that cannot end a statement.
    goes_on: bool,
    /// Whether it starts a network's block, whose statements stand on lines of their own.
    is_network: bool,
}

impl Gathered {
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub fn take(&mut self) -> String {
        std::mem::take(self).text
    }

    /// Whether a line starts another statement, so that a mark before it goes on to nothing: as in a file.
    pub fn ends_before(&self, line: &str) -> bool {
        self.open.is_empty() && self.goes_on && !self.is_documentation() && starts_statement(line)
    }

    fn is_documentation(&self) -> bool {
        self.text.trim_end().lines().next_back().is_some_and(|line| line.trim_start().starts_with('#'))
    }

    /// Adds a line. Gives what stands before it if a bracket of that was left open by mistake.
    pub fn add(&mut self, line: &str) -> Option<String> {
        if self.text.trim().is_empty() {
            self.is_network = line.split_whitespace().next() == Some("network");
        }
        self.text.push_str(line);
        let was_open = !self.open.is_empty();
        self.read(line);
        if !was_open || self.is_network || !starts_statement(line) {
            return None;
        }
        let rest = self.text.split_off(left_open(&self.text)?);
        let before = self.take();
        self.add(&rest);
        Some(before)
    }

    /// Whether it is whole, so that it can be done.
    pub fn is_whole(&self) -> bool {
        self.open.is_empty() && !self.goes_on && is_complete(&self.text)
    }

    /// Follows the brackets and the end of a line.
    fn read(&mut self, line: &str) {
        let mut code = "";
        let mut comment = None;
        for (range, kind) in tokens(line) {
            match kind {
                TokenKind::Comment | TokenKind::Documentation => {
                    comment = Some(&line[range]);
                    continue;
                }
                TokenKind::Mark => self.mark(&line[range.clone()]),
                TokenKind::Keyword
                | TokenKind::Name
                | TokenKind::Function
                | TokenKind::Property
                | TokenKind::Number
                | TokenKind::Text => {}
            }
            code = &line[..range.end];
        }
        let is_documentation = comment.is_some_and(|text| text.starts_with("##") && !text.starts_with("###"));
        match code {
            // Blank lines and comments change nothing.
            "" => self.goes_on |= is_documentation,
            code => self.goes_on = code.ends_with([',', '=', ':', '>', '<', '+', '-', '*', '/', '^']),
        }
    }

    fn mark(&mut self, marks: &str) {
        for mark in marks.bytes() {
            let opens = match mark {
                b'(' | b'[' | b'{' => {
                    self.open.push(mark);
                    continue;
                }
                b')' => b'(',
                b']' => b'[',
                b'}' => b'{',
                _ => continue,
            };
            if let Some(place) = self.open.iter().rposition(|open| *open == opens) {
                self.open.truncate(place);
            }
        }
    }
}

/// Whether a line starts a statement by its word, so that what is open before it was left so by mistake.
fn starts_statement(line: &str) -> bool {
    line.starts_with(|first: char| first.is_ascii_lowercase())
        && tokens(line).first().is_some_and(|(_, kind)| *kind == TokenKind::Keyword)
}

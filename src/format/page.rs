//! The text that is being written, line by line; comments behind consecutive lines stand in one column.

/// The width that lines keep within where they can.
pub(super) const WIDTH: usize = 100;

/// Comments behind lines whose ends are farther apart than this are not aligned.
const FARTHEST: usize = 40;

/// A text that grows.
#[derive(Debug, Default)]
pub(super) struct Page<'a> {
    text: String,
    /// Characters in the current line.
    pub(super) column: usize,
    /// Blanks at the start of the current line.
    pub(super) indent: usize,
    /// Blanks at the start of every line from the next one on.
    pub(super) margin: usize,
    /// Whether the margin of the current line is not written yet.
    is_bare: bool,
    /// Comments behind consecutive lines, to be written once all are known.
    comments: Vec<Behind<'a>>,
    /// Whether the current line ends with a comment.
    pub(super) is_full: bool,
}

/// A comment behind a line.
#[derive(Debug)]
struct Behind<'a> {
    /// The end of the line's code in the text.
    end: usize,
    column: usize,
    indent: usize,
    text: &'a str,
}

impl<'a> Page<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether nothing but its indentation stands in the current line.
    pub(super) fn is_at_line_start(&self) -> bool {
        self.column == self.indent
    }

    pub(super) fn push(&mut self, text: &str) {
        self.write_margin();
        self.text.push_str(text);
        self.column += width(text);
    }

    fn write_margin(&mut self) {
        if std::mem::take(&mut self.is_bare) {
            self.text.extend(std::iter::repeat_n(' ', self.column));
        }
    }

    /// Takes something from the margin, also from that of the current line, on which nothing stands yet.
    pub(super) fn leave(&mut self, blanks: usize) {
        self.margin -= blanks;
        (self.column, self.indent) = (self.margin, self.margin);
    }

    pub(super) fn blanks(&mut self, count: usize) {
        self.write_margin();
        self.text.extend(std::iter::repeat_n(' ', count));
        self.column += count;
    }

    /// Puts a comment behind what stands in the current line.
    pub(super) fn comment(&mut self, text: &'a str) {
        if self.comments.last().is_some_and(|last| last.indent != self.indent) {
            self.flush();
        }
        self.comments.push(Behind { end: self.text.len(), column: self.column, indent: self.indent, text });
        self.is_full = true;
    }

    /// Ends the current line.
    pub(super) fn end_line(&mut self) {
        if !self.is_full {
            self.flush();
        }
        self.text.push('\n');
        (self.column, self.indent, self.is_full, self.is_bare) = (self.margin, self.margin, false, true);
    }

    /// Ends the current line and indents the next.
    pub(super) fn new_line(&mut self, indent: usize) {
        self.end_line();
        (self.column, self.indent) = (indent, indent);
    }

    pub(super) fn finish(mut self) -> String {
        self.flush();
        self.text
    }

    /// Writes the comments that are waiting.
    fn flush(&mut self) {
        let Some(first) = self.comments.first() else { return };
        let columns = || self.comments.iter().map(|comment| comment.column);
        let (widest, narrowest) = (columns().max().unwrap_or(0), columns().min().unwrap_or(0));
        let aligned = widest - narrowest <= FARTHEST;
        let start = first.end;
        let rest = self.text.split_off(start);
        let mut kept = start;
        for comment in self.comments.drain(..) {
            self.text.push_str(&rest[kept - start..comment.end - start]);
            let gap = if aligned { widest - comment.column } else { 0 };
            self.text.extend(std::iter::repeat_n(' ', gap + 1));
            self.text.push_str(comment.text);
            kept = comment.end;
        }
        self.text.push_str(&rest[kept - start..]);
    }
}

/// Characters.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

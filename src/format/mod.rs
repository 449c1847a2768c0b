//! From text to text: the one layout of a source.
//!
//! Only blanks, line ends and the commas that a bracket may end with are changed; every token and comment stays as it
//! is, in its order. What a line holds is `layout`'s, what stands in columns `columns`'.

mod columns;
mod highlight;
mod layout;
mod page;
mod token;

use std::ops::Range;

use crate::ast::{Lines, Program, Statement, StatementKind};
use crate::source::Source;
use columns::{Family, Row, Run, cells};
pub use highlight::{TokenKind, statement_words, tokens as highlighted};
use layout::{LEVEL, Layout};
use page::{Page, WIDTH};
pub(crate) use token::pieces;
use token::tokens;

/// The text of a source in its one layout; `program` is what [`parse`](crate::parse) made of it.
///
/// Parsing the result gives the program again but for places, with every comment. Numbers keep their spelling,
/// statements and the items of brackets that are opened keep single empty lines between them. Lists and blocks whose
/// opening bracket ends its line stay open; others stand on one line if they fit into 100 columns. Statements with
/// errors are copied. Formatting the result changes nothing. Takes time linear in the length of the text.
#[must_use]
pub fn format(program: &Program, source: &Source) -> String {
    let mut parts = Vec::new();
    collect(&program.statements, &mut parts);
    arrange(source.text(), parts.into_iter())
}

/// The parts of statements, with those of networks in between.
fn collect<'a>(statements: &'a [Statement], parts: &mut Vec<(Range<usize>, PartKind<'a>)>) {
    for statement in statements {
        let range = statement.span.range();
        let kind = match &statement.kind {
            StatementKind::Define(network) => {
                parts.push((network.head.range(), PartKind::Head));
                collect(&network.statements, parts);
                parts.push((range.end - 1..range.end, PartKind::Tail));
                continue;
            }
            StatementKind::Lines(lines) => PartKind::Lines(lines),
            StatementKind::Broken(_) => PartKind::Copied,
            StatementKind::Network(_)
            | StatementKind::Import(_)
            | StatementKind::Instance(_)
            | StatementKind::Declare(..)
            | StatementKind::Connection(_)
            | StatementKind::Activation(_)
            | StatementKind::Output(_)
            | StatementKind::Expect(_) => PartKind::Statement,
        };
        parts.push((range, kind));
    }
}

/// What a statement of a text is to its layout.
#[derive(Debug, Clone, Copy)]
pub(crate) enum PartKind<'a> {
    Statement,
    Lines(&'a Lines),
    /// `network NAME {`
    Head,
    /// `}` behind the statements of a network.
    Tail,
    /// Stays as it is.
    Copied,
}

/// A text in its layout; `parts` are its statements in their order, and all else is blanks and comments.
pub(crate) fn arrange<'a>(text: &'a str, parts: impl Iterator<Item = (Range<usize>, PartKind<'a>)>) -> String {
    let mut writer = Writer { text, at: 0, page: Page::default(), run: Run::default(), opens: false };
    for (range, kind) in parts {
        writer.between(range.start, matches!(kind, PartKind::Tail));
        writer.at = range.end;
        writer.statement(range, kind);
    }
    writer.between(text.len(), true);
    writer.run.end(&mut writer.page);
    writer.page.finish()
}

struct Writer<'a> {
    text: &'a str,
    /// What stands before this offset is written.
    at: usize,
    page: Page<'a>,
    run: Run<'a>,
    /// Whether nothing stands behind the head of a network yet.
    opens: bool,
}

impl<'a> Writer<'a> {
    /// Writes the comments and empty lines up to `end`, where something closes or not.
    fn between(&mut self, end: usize, closes: bool) {
        let text = &self.text[self.at..end];
        self.at = end;
        let mut is_paragraph = false;
        // The last statement's line is written already.
        let mut lines = text.split('\n').skip(usize::from(!self.page.is_empty() || self.run.is_started())).peekable();
        while let Some(line) = lines.next() {
            let line = line.trim();
            // Behind the last line end is the start of the next statement, or nothing.
            if line.is_empty() && lines.peek().is_some() {
                is_paragraph = true;
            } else if !line.is_empty() {
                self.paragraph(is_paragraph);
                is_paragraph = false;
                self.run.end(&mut self.page);
                self.comment(line);
                self.opens = false;
            }
        }
        if !closes {
            self.paragraph(is_paragraph);
        }
        self.opens = false;
    }

    fn paragraph(&mut self, stands: bool) {
        if stands && !std::mem::take(&mut self.opens) {
            self.run.end(&mut self.page);
            if !self.page.is_empty() {
                self.page.end_line();
            }
        }
    }

    /// Writes a comment or line of documentation on a line of its own.
    fn comment(&mut self, line: &str) {
        match line.strip_prefix("##").filter(|rest| !rest.is_empty() && !rest.starts_with(['#', ' '])) {
            Some(rest) => {
                self.page.push("## ");
                self.page.push(rest);
            }
            None => self.page.push(line),
        }
        self.page.end_line();
    }

    fn statement(&mut self, range: Range<usize>, kind: PartKind<'a>) {
        let text = self.text;
        match kind {
            PartKind::Lines(lines) => self.run.add(Family::Connections, Row::Lines(lines), &mut self.page),
            PartKind::Copied => {
                self.run.end(&mut self.page);
                self.page.push(&text[range.clone()]);
                self.finish_line(range.end);
            }
            PartKind::Head => {
                self.run.end(&mut self.page);
                let words = text[range.start..range.end - 1].split_whitespace().chain(["{"]);
                self.page.push(&words.collect::<Vec<_>>().join(" "));
                self.page.margin += LEVEL;
                self.finish_line(range.end);
                self.opens = true;
            }
            PartKind::Tail => {
                self.run.end(&mut self.page);
                self.page.leave(LEVEL);
                self.page.push("}");
                self.finish_line(range.end);
            }
            PartKind::Statement => {
                let layout = Layout::new(tokens(&text[range.clone()]));
                if layout.line_width().is_some_and(|wide| self.page.margin + wide <= WIDTH)
                    && let Some((family, cells)) = cells(&layout)
                {
                    let comment = self.behind(range.end);
                    return self.run.add(family, Row::Cells(cells, comment), &mut self.page);
                }
                self.run.end(&mut self.page);
                layout.write(&mut self.page);
                self.finish_line(range.end);
            }
        }
    }

    fn finish_line(&mut self, end: usize) {
        if let Some(comment) = self.behind(end) {
            self.page.comment(comment);
        }
        self.page.end_line();
    }

    /// The comment behind a statement that ends at `end`, on its line.
    fn behind(&self, end: usize) -> Option<&'a str> {
        let line = self.text[end..].split('\n').next().unwrap_or_default().trim();
        line.starts_with('#').then_some(line)
    }
}

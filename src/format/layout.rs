//! A statement's tokens in lines.
//!
//! What fits on a line stays on one. What does not is broken at its loosest separators first, and brackets are opened:
//! their content stands a level deeper on lines of its own.

use super::page::{Page, WIDTH, width};
use super::token::{Kind, Shape, Start, Token};

/// Blanks a level.
pub(super) const LEVEL: usize = 4;

/// Items up to this width share lines where their list does not fit on one; wider ones take a line each.
const SHORT: usize = 10;

/// A statement's tokens, and sums over them that answer for every part of it at once.
pub(super) struct Layout<'a> {
    pub(super) tokens: Vec<Token<'a>>,
    /// The width of all tokens before each, on one line.
    widths: Vec<usize>,
    /// How many tokens before each keep what is around them from standing on one line.
    breaks: Vec<usize>,
}

impl<'a> Layout<'a> {
    pub(super) fn new(tokens: Vec<Token<'a>>) -> Layout<'a> {
        let mut layout = Layout { widths: vec![0], breaks: vec![0], tokens };
        let (mut wide, mut broken) = (0, 0);
        for token in &layout.tokens {
            wide += usize::from(token.spaced) + width(token.text);
            broken += usize::from(token.opened || token.kind == Kind::Comment);
            layout.widths.push(wide);
            layout.breaks.push(broken);
        }
        layout
    }

    /// Whether a part may stand on one line, however wide.
    fn is_one_line(&self, from: usize, to: usize) -> bool {
        self.breaks[from] == self.breaks[to]
    }

    /// The width of a part on one line, with the blank before it.
    fn width(&self, from: usize, to: usize) -> usize {
        self.widths[to] - self.widths[from]
    }

    /// The whole statement's width, if it stands on one line.
    pub(super) fn line_width(&self) -> Option<usize> {
        let all = self.tokens.len();
        self.is_one_line(0, all).then(|| self.width(0, all))
    }

    /// A part on one line, without the blank before it.
    pub(super) fn line(&self, from: usize, to: usize) -> String {
        let mut line = String::new();
        for token in &self.tokens[from..to] {
            if token.spaced && !line.is_empty() {
                line.push(' ');
            }
            line.push_str(token.text);
        }
        line
    }

    /// The token behind `at` on the same level of brackets.
    pub(super) fn next(&self, at: usize) -> usize {
        match self.tokens[at].kind {
            Kind::Open(_) => self.tokens[at].partner + 1,
            _ => at + 1,
        }
    }

    /// Writes the statement.
    pub(super) fn write(&self, page: &mut Page<'a>) {
        let hang = page.margin + LEVEL;
        Writer { layout: self, page }.part(0, self.tokens.len(), Around { hang, behind: 0 });
    }
}

/// What a part has around it.
#[derive(Debug, Clone, Copy)]
struct Around {
    /// Where its second and following lines start.
    hang: usize,
    /// How many characters follow its end on the same line.
    behind: usize,
}

struct Writer<'l, 'a> {
    layout: &'l Layout<'a>,
    page: &'l mut Page<'a>,
}

impl<'a> Writer<'_, 'a> {
    fn fits(&self, from: usize, to: usize, behind: usize) -> bool {
        let layout = self.layout;
        if !layout.is_one_line(from, to) || self.page.is_full {
            return false;
        }
        let blank = usize::from(self.page.is_at_line_start() && layout.tokens[from].spaced);
        self.page.column + layout.width(from, to) - blank + behind <= WIDTH
    }

    fn fits_alone(&self, from: usize, to: usize, around: Around) -> bool {
        let blank = usize::from(self.layout.tokens[from].spaced);
        let wide = around.hang + self.layout.width(from, to) - blank + around.behind;
        self.layout.is_one_line(from, to) && wide <= WIDTH
    }

    /// Writes a token as it comes.
    fn token(&mut self, at: usize, hang: usize) {
        let token = self.layout.tokens[at];
        if token.kind == Kind::Comment {
            return self.comment(token, hang);
        }
        if self.page.is_full {
            self.page.new_line(hang);
        }
        if token.spaced && !self.page.is_at_line_start() {
            self.page.blanks(1);
        }
        self.page.push(token.text);
    }

    fn comment(&mut self, token: Token<'a>, indent: usize) {
        if token.start == Start::Within && !self.page.is_full && !self.page.is_at_line_start() {
            self.page.comment(token.text);
            return;
        }
        if self.page.is_full || !self.page.is_at_line_start() {
            self.page.new_line(indent);
        }
        self.page.push(token.text);
        self.page.is_full = true;
    }

    fn on_one_line(&mut self, from: usize, to: usize, hang: usize) {
        (from..to).for_each(|at| self.token(at, hang));
    }

    /// Writes a part of one level: an item, a side of a connection, an operand.
    fn part(&mut self, from: usize, to: usize, around: Around) {
        if from >= to {
            return;
        }
        if self.fits(from, to, around.behind) {
            return self.on_one_line(from, to, around.hang);
        }
        let separators = self.loosest(from, to);
        let kind = separators.first().map(|first| self.layout.tokens[*first].kind);
        // The block of a declaration or connection is opened before anything before it is broken.
        let last = self.layout.tokens[to - 1];
        let ends_in_block = last.kind == Kind::Close(Shape::Block) && last.partner > from;
        if ends_in_block && !matches!(kind, Some(Kind::Comma | Kind::Implies)) {
            let block = " {".len();
            self.part(from, last.partner, Around { behind: block, ..around });
            return self.group(last.partner, around.behind, around.hang);
        }
        if separators.is_empty() {
            return self.atoms(from, to, around);
        }
        let mut start = from;
        for (place, &separator) in separators.iter().enumerate() {
            let kind = self.layout.tokens[separator].kind;
            let before = place.checked_sub(1).map(|before| self.layout.tokens[separators[before]].kind);
            let behind = self.layout.width(separator, separator + 1);
            self.segment(before, start, separator, Around { behind, ..around }, kind == Kind::Comma);
            self.token(separator, around.hang);
            start = separator + 1;
        }
        let before = separators.last().map(|last| self.layout.tokens[*last].kind);
        self.segment(before, start, to, around, before == Some(Kind::Comma));
    }

    /// Writes what stands between two separators.
    fn segment(&mut self, before: Option<Kind>, from: usize, to: usize, around: Around, is_item: bool) {
        if from >= to {
            return;
        }
        let starts_here = self.layout.tokens[from].kind == Kind::Comment
            || self.page.is_full
            || self.fits(from, to, around.behind)
            || match before {
                None => true,
                Some(Kind::Equals | Kind::Joint) => {
                    let opens = self.opens_well(from, to);
                    opens == Some(Shape::List) || opens.is_some() && !self.fits_alone(from, to, around)
                }
                // Behind a bracket that closes on a line of its own.
                Some(Kind::Comma) => self.page.column <= self.page.indent + "},".len(),
                Some(_) => false,
            };
        if !starts_here {
            self.page.new_line(around.hang);
        }
        let hang = if is_item || before == Some(Kind::Implies) { around.hang + LEVEL } else { around.hang };
        self.part(from, to, Around { hang, ..around });
    }

    /// Whether a part is one list or call, so that its bracket may stay behind what is before it: which.
    fn opens_well(&self, from: usize, to: usize) -> Option<Shape> {
        let tokens = &self.layout.tokens;
        let open = if tokens[from].kind == Kind::Word { from + 1 } else { from };
        match tokens.get(open)?.kind {
            Kind::Open(Shape::List | Shape::Matrix) if tokens[open].partner + 1 == to => Some(Shape::List),
            Kind::Open(Shape::Call) if tokens[open].partner + 1 == to => Some(Shape::Call),
            _ => None,
        }
    }

    /// The places of the separators of a part that bind least.
    fn loosest(&self, from: usize, to: usize) -> Vec<usize> {
        let rank = |kind| match kind {
            Kind::Implies => Some(0),
            Kind::Comma => Some(1),
            Kind::Joint => Some(2),
            Kind::Equals => Some(3),
            Kind::Comparison => Some(4),
            Kind::Sum => Some(5),
            Kind::Product => Some(6),
            Kind::Word
            | Kind::Tolerance
            | Kind::Open(_)
            | Kind::Close(_)
            | Kind::Power
            | Kind::Sign
            | Kind::Dots
            | Kind::Comment => None,
        };
        let mut found = Vec::new();
        let mut loosest = usize::MAX;
        let mut at = from;
        while at < to {
            if let Some(rank) = rank(self.layout.tokens[at].kind).filter(|rank| *rank <= loosest) {
                if rank < loosest {
                    found.clear();
                    loosest = rank;
                }
                found.push(at);
            }
            at = self.layout.next(at);
        }
        found
    }

    /// Writes a part without separators: names, numbers, brackets.
    fn atoms(&mut self, from: usize, to: usize, around: Around) {
        let mut at = from;
        while at < to {
            let next = self.layout.next(at);
            if let Kind::Open(_) = self.layout.tokens[at].kind {
                let is_open = |token: &Token<'_>| matches!(token.kind, Kind::Open(_));
                let opens = self.layout.tokens[next..to].iter().position(is_open);
                let behind = match opens {
                    Some(opens) => self.layout.width(next, next + opens + 1),
                    None => self.layout.width(next, to) + around.behind,
                };
                self.group(at, behind, around.hang);
            } else {
                self.token(at, around.hang);
            }
            at = next;
        }
    }

    /// Writes a pair of brackets and what it holds.
    fn group(&mut self, open: usize, behind: usize, hang: usize) {
        let close = self.layout.tokens[open].partner;
        if self.fits(open, close + 1, behind) {
            return self.on_one_line(open, close + 1, hang);
        }
        self.token(open, hang);
        let base = self.page.indent;
        let inner = base + LEVEL;
        let Kind::Open(shape) = self.layout.tokens[open].kind else { return };
        let keeping = self.keeping(open, shape);
        let mut start = open + 1;
        while start < close {
            let token = self.layout.tokens[start];
            let is_inside = start > open + 1;
            if token.kind == Kind::Comment {
                if token.start == Start::Within && !self.page.is_full {
                    self.page.comment(token.text);
                } else {
                    self.new_line(inner, token, is_inside);
                    self.page.push(token.text);
                    self.page.is_full = true;
                }
                start += 1;
                continue;
            }
            let (item, comma) = self.item(start, close);
            let same_line = is_inside
                && match keeping {
                    Keeping::Lines => token.start == Start::Within && self.fits(start, item, 1),
                    Keeping::Filled => self.fits(start, item, 1),
                    Keeping::Apart => false,
                };
            if !same_line {
                self.new_line(inner, token, is_inside);
            }
            self.entry(start, item, shape, inner);
            start = item;
            if let Some(comma) = comma {
                self.comma(shape, false);
                start = comma + 1;
            } else {
                self.comma(shape, true);
            }
        }
        self.page.new_line(base);
        self.page.push(self.layout.tokens[close].text);
    }

    /// Starts a line for `token`, behind an empty one where the source has one between what brackets hold.
    fn new_line(&mut self, indent: usize, token: Token<'_>, is_inside: bool) {
        if token.start == Start::Paragraph && is_inside {
            self.page.end_line();
        }
        self.page.new_line(indent);
    }

    fn entry(&mut self, from: usize, to: usize, shape: Shape, inner: usize) {
        let is_row = shape == Shape::Matrix && self.layout.next(from) == to;
        if is_row && self.layout.is_one_line(from, to) {
            return self.on_one_line(from, to, inner);
        }
        let hang = if shape == Shape::Parentheses { inner } else { inner + LEVEL };
        self.part(from, to, Around { hang, behind: 1 });
    }

    /// The comma behind an item.
    fn comma(&mut self, shape: Shape, is_last: bool) {
        let stands = match shape {
            Shape::Call | Shape::List | Shape::Matrix => true,
            Shape::Parentheses | Shape::Picked => !is_last,
            Shape::Block => false,
        };
        if stands {
            self.page.push(",");
        }
    }

    /// Where the item that starts at `start` ends, and its comma.
    fn item(&self, start: usize, close: usize) -> (usize, Option<usize>) {
        let mut at = start;
        while at < close {
            if self.layout.tokens[at].kind == Kind::Comma {
                return (at, Some(at));
            }
            at = self.layout.next(at);
        }
        let comments = self.layout.tokens[start..close].iter().rev().take_while(|token| token.kind == Kind::Comment);
        (close - comments.count(), None)
    }

    fn keeping(&self, open: usize, shape: Shape) -> Keeping {
        match shape {
            Shape::Call | Shape::Parentheses | Shape::Picked | Shape::Matrix | Shape::Block => Keeping::Apart,
            Shape::List => {
                let close = self.layout.tokens[open].partner;
                let (mut at, mut widest, mut comments) = (open + 1, 0, false);
                while at < close {
                    if self.layout.tokens[at].kind == Kind::Comment {
                        (at, comments) = (at + 1, true);
                        continue;
                    }
                    let (item, comma) = self.item(at, close);
                    widest = widest.max(self.layout.width(at, item));
                    at = comma.map_or(close, |comma| comma + 1);
                }
                comments |= self.layout.tokens[close - 1].kind == Kind::Comment;
                match (self.layout.tokens[open].opened || comments, widest <= SHORT + 1) {
                    (true, _) => Keeping::Lines,
                    (false, true) => Keeping::Filled,
                    (false, false) => Keeping::Apart,
                }
            }
        }
    }
}

/// How the items of brackets that are opened stand in lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeping {
    /// As in the source.
    Lines,
    /// As many on each as fit.
    Filled,
    /// A line each.
    Apart,
}

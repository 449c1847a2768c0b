//! Consecutive declarations, or connections, of a line each: their parts stand in columns.

use super::layout::Layout;
use super::page::{Page, WIDTH, width};
use super::token::{Kind, Shape};
use crate::ast::Lines;

/// Columns whose cells differ by more than this are not aligned.
const FARTHEST: usize = 16;

/// Columns of a line.
const COLUMNS: usize = 4;

/// What lines must have in common to be aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// `input`
    Inputs,
    /// `weight`, `bias`
    Parameters,
    /// `const`
    Consts,
    /// `neuron`
    Neurons,
    /// `instance`
    Instances,
    /// `x -> y : w`
    Connections,
}

/// A line of a run.
#[derive(Debug)]
pub(super) enum Row<'a> {
    /// The cells, of which some may be empty, and the comment behind them.
    Cells([String; COLUMNS], Option<&'a str>),
    /// Many lines.
    Lines(&'a Lines),
}

/// Lines of one family that follow each other.
#[derive(Debug, Default)]
pub(super) struct Run<'a> {
    family: Option<Family>,
    rows: Vec<Row<'a>>,
}

impl Family {
    /// What stands before the cells of each column.
    fn marks(self) -> [&'static str; COLUMNS] {
        match self {
            Family::Inputs | Family::Parameters | Family::Consts | Family::Instances => ["", "", "= ", ""],
            Family::Neurons => [""; COLUMNS],
            Family::Connections => ["", "-> ", ": ", ""],
        }
    }
}

impl<'a> Run<'a> {
    /// Adds a row; one of another family starts a run of its own.
    pub(super) fn add(&mut self, family: Family, row: Row<'a>, page: &mut Page<'a>) {
        if self.family != Some(family) {
            self.end(page);
            self.family = Some(family);
        }
        self.rows.push(row);
    }

    /// Whether there are rows that are not written yet.
    pub(super) fn is_started(&self) -> bool {
        self.family.is_some()
    }

    /// Writes the rows.
    pub(super) fn end(&mut self, page: &mut Page<'a>) {
        let Some(family) = self.family.take() else { return };
        let marks = family.marks();
        let columns = self.columns(marks, WIDTH - page.margin.min(WIDTH));
        for row in self.rows.drain(..) {
            match row {
                Row::Cells(cells, comment) => {
                    write(cells.each_ref().map(String::as_str), marks, columns, page);
                    if let Some(comment) = comment {
                        page.comment(comment);
                    }
                    page.end_line();
                }
                Row::Lines(lines) => each(lines, |cells| {
                    write(cells, marks, columns, page);
                    page.end_line();
                }),
            }
        }
    }

    /// The width of each column but a line's last, or nothing where the lines are not alike enough or would be too
    /// long.
    fn columns(&self, marks: [&str; COLUMNS], room: usize) -> Option<[usize; COLUMNS]> {
        let mut narrowest = [usize::MAX; COLUMNS];
        let mut widest = [0; COLUMNS];
        let mut widest_last = [0; COLUMNS];
        self.each(|cells| {
            let last = last(cells);
            for (column, cell) in cells[..last].iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let wide = marks[column].len() + width(cell);
                narrowest[column] = narrowest[column].min(wide);
                widest[column] = widest[column].max(wide);
            }
            widest_last[last] = widest_last[last].max(marks[last].len() + width(cells[last]));
        });
        let mut start = 0;
        for column in 0..COLUMNS {
            let alike = widest[column] <= narrowest[column].saturating_add(FARTHEST);
            let fits = widest_last[column] == 0 || start + widest_last[column] <= room;
            if !alike || !fits {
                return None;
            }
            start += widest[column] + usize::from(widest[column] > 0);
        }
        Some(widest)
    }

    fn each(&self, mut visit: impl FnMut([&str; COLUMNS])) {
        for row in &self.rows {
            match row {
                Row::Cells(cells, _) => visit(cells.each_ref().map(String::as_str)),
                Row::Lines(lines) => each(lines, &mut visit),
            }
        }
    }
}

/// The cells of plain connection lines.
fn each(lines: &Lines, mut visit: impl FnMut([&str; COLUMNS])) {
    for line in lines.iter() {
        let [sources, targets, weight] = line.parts(lines.text());
        visit([sources, targets, weight, ""]);
    }
}

/// The cells of a statement on one line, if it is one of a family.
pub(super) fn cells(layout: &Layout<'_>) -> Option<(Family, [String; COLUMNS])> {
    let tokens = &layout.tokens;
    let all = tokens.len();
    let mut block = all;
    let mut marks = Vec::new();
    let mut at = 0;
    while at < all {
        match tokens[at].kind {
            Kind::Comma | Kind::Implies => return None,
            Kind::Open(Shape::Block) => block = block.min(at),
            Kind::Equals | Kind::Joint => marks.push(at),
            Kind::Word
            | Kind::Tolerance
            | Kind::Open(_)
            | Kind::Close(_)
            | Kind::Comparison
            | Kind::Sum
            | Kind::Product
            | Kind::Power
            | Kind::Sign
            | Kind::Dots
            | Kind::Comment => {}
        }
        at = layout.next(at);
    }
    let line = |from: usize, to: usize| if from < to { layout.line(from, to) } else { String::new() };
    let family = match tokens.first()?.text {
        "input" => Family::Inputs,
        "weight" | "bias" => Family::Parameters,
        "const" => Family::Consts,
        "neuron" => Family::Neurons,
        "instance" => Family::Instances,
        _ => Family::Connections,
    };
    let cells = match (family, marks.as_slice()) {
        (Family::Connections, [arrow, colon]) if tokens[*colon].text == ":" => {
            [line(0, *arrow), line(arrow + 1, *colon), line(colon + 1, block), line(block, all)]
        }
        (Family::Connections, _) | (Family::Neurons, [_, ..]) => return None,
        (_, [equals]) => [line(0, 1), line(1, *equals), line(equals + 1, block), line(block, all)],
        _ => [line(0, 1), line(1, block), String::new(), line(block, all)],
    };
    Some((family, cells))
}

/// The last cell that is not empty.
fn last(cells: [&str; COLUMNS]) -> usize {
    cells.iter().rposition(|cell| !cell.is_empty()).unwrap_or(0)
}

fn write(cells: [&str; COLUMNS], marks: [&str; COLUMNS], columns: Option<[usize; COLUMNS]>, page: &mut Page<'_>) {
    let last = last(cells);
    for (column, cell) in cells[..=last].iter().enumerate() {
        let start = page.column;
        if !cell.is_empty() {
            page.push(marks[column]);
            page.push(cell);
        }
        match columns {
            _ if column == last => {}
            Some(widths) if widths[column] > 0 => page.blanks(start + widths[column] + 1 - page.column),
            Some(_) => {}
            None => page.blanks(usize::from(!cell.is_empty())),
        }
    }
}

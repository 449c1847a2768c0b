//! For a terminal: what is longer than it is wide is broken at blanks.

use std::fmt::Write;

use clap::builder::styling::Style;
use neuronc::{Account, Block, Section, Sources};

use super::place;
use crate::repl::show::{self, page};

const BOLD: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// A paragraph is not broken further out than here, for the eye.
const WIDEST: usize = 100;
/// Columns of a cell that is broken, at the least.
const NARROWEST: usize = 12;

pub(super) fn account(account: &Account, sources: &Sources, width: usize) -> String {
    let width = width.clamp(12, WIDEST);
    let mut text = String::new();
    for (number, section) in account.sections.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        self::section(section, sources, width, &mut text);
    }
    text
}

fn section(section: &Section, sources: &Sources, width: usize, text: &mut String) {
    let indent = if section.is_inner { 2 } else { 0 };
    let where_ = section.place.map(|span| place(sources, span)).unwrap_or_default();
    let used = indent + section.title.chars().count() + where_.chars().count();
    let line = width.min(76);
    let blank = " ".repeat(indent);
    if used + 2 <= line {
        let gap = if where_.is_empty() { String::new() } else { " ".repeat(line - used) };
        let _ = writeln!(text, "{blank}{BOLD}{}{BOLD:#}{gap}{FAINT}{where_}{FAINT:#}", section.title);
    } else {
        for line in paragraph(&section.title, indent, width).lines() {
            let _ = writeln!(text, "{BOLD}{line}{BOLD:#}");
        }
        if !where_.is_empty() {
            let _ = writeln!(text, "{blank}  {FAINT}{where_}{FAINT:#}");
        }
    }
    for block in &section.blocks {
        match block {
            Block::Text(said) => text.push_str(&paragraph(said, indent, width)),
            Block::Item(said) => text.push_str(&wrapped(&format!("{blank}- {said}"), width)),
            Block::Doc(lines) => {
                let told = page(&lines.join("\n"), width.saturating_sub(indent).max(NARROWEST));
                text.extend(told.lines().map(|line| format!("{blank}{line}\n")));
            }
            Block::Formula { left, steps } => formula(left, steps, indent + 2, width, text),
            Block::Table { head, rows } => table(head, rows, indent + 2, width, text),
        }
    }
}

/// Keeps a number and its sign of per cent together.
const NO_BREAK: &str = "\u{A0}%";

/// A line, broken at blanks, but not before the sign of per cent.
fn wrapped(line: &str, width: usize) -> String {
    show::wrapped(&line.replace(" %", NO_BREAK), width).replace(NO_BREAK, " %")
}

/// Broken lines, all as far in as the first.
fn paragraph(said: &str, indent: usize, width: usize) -> String {
    let blank = " ".repeat(indent);
    broken(said, width.saturating_sub(indent).max(NARROWEST)).iter().map(|line| format!("{blank}{line}\n")).collect()
}

/// The lines of a text that is broken at blanks.
fn broken(said: &str, width: usize) -> Vec<String> {
    let length = |text: &str| text.chars().count();
    let said = said.replace(" %", NO_BREAK);
    let mut lines = vec![String::new()];
    for word in show::words(said.trim(), width / 2) {
        let line = lines.last_mut().expect("there is a line");
        if line.is_empty() {
            line.push_str(word);
        } else if length(line) + 1 + length(word) <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.into_iter().map(|line| line.replace(NO_BREAK, " %")).collect()
}

/// On one line, or a step a line, with the signs of equality below each other.
fn formula(left: &str, steps: &[String], indent: usize, width: usize, text: &mut String) {
    let blank = " ".repeat(indent);
    let one = format!("{blank}{left} = {}", steps.join(" = "));
    if one.chars().count() <= width {
        text.push_str(&one);
        text.push('\n');
        return;
    }
    let column = indent + left.chars().count() + 1;
    // A long name has a line of its own.
    let (column, lead) = if column > width / 3 {
        text.push_str(&format!("{blank}{left}\n"));
        (indent + 2, String::new())
    } else {
        (column, format!("{blank}{left}"))
    };
    for (place, step) in steps.iter().enumerate() {
        let start = if place == 0 { lead.as_str() } else { "" };
        let gap = " ".repeat(column - start.chars().count());
        let lines = broken(step, width.saturating_sub(column + 2).max(NARROWEST)).join(
            "
",
        );
        let further = format!("\n{}", " ".repeat(column + 2));
        let _ = writeln!(text, "{start}{gap}= {}", lines.replace('\n', &further));
    }
}

fn table(head: &[String], rows: &[Vec<String>], indent: usize, width: usize, text: &mut String) {
    let Some(widths) = widths(head, rows, width.saturating_sub(indent)) else {
        for row in rows {
            let cells = std::iter::zip(head, row).skip(1).map(|(title, cell)| format!("{title} {cell}"));
            let said =
                format!("- {}: {}", row.first().map_or("", String::as_str), cells.collect::<Vec<_>>().join(", "));
            text.push_str(&wrapped(&said, width));
        }
        return;
    };
    let is_number =
        |column: usize| rows.iter().all(|row| row[column].starts_with(|it: char| "+-0123456789".contains(it)));
    let numbers: Vec<bool> = (0..head.len()).map(is_number).collect();
    let mut line = |cells: &[String], style: Style| {
        let cells: Vec<Vec<String>> =
            std::iter::zip(cells, &widths).map(|(cell, width)| broken(cell, *width)).collect();
        for number in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
            let mut shown = String::new();
            for (column, cell) in cells.iter().enumerate() {
                let part = cell.get(number).map_or("", String::as_str);
                let width = widths[column];
                let gap = if column > 0 { "  " } else { "" };
                let _ = match numbers[column] {
                    true => write!(shown, "{gap}{part:>width$}"),
                    false => write!(shown, "{gap}{part:<width$}"),
                };
            }
            let _ = writeln!(text, "{}{style}{}{style:#}", " ".repeat(indent), shown.trim_end());
        }
    };
    line(head, FAINT);
    for row in rows {
        line(row, Style::new());
    }
}

/// The columns' widths; the widest are broken where all together are too wide. None where there is no room.
fn widths(head: &[String], rows: &[Vec<String>], width: usize) -> Option<Vec<usize>> {
    let all = || std::iter::once(head).chain(rows.iter().map(Vec::as_slice));
    let column = |column: usize| all().map(move |row| row[column].as_str());
    let length = |text: &str| text.chars().count();
    let mut widths: Vec<usize> = (0..head.len()).map(|it| column(it).map(length).max().unwrap_or(0)).collect();
    let room = width.checked_sub(2 * (head.len() - 1))?;
    while widths.iter().sum::<usize>() > room {
        let widest = (0..widths.len()).max_by_key(|column| widths[*column])?;
        widths[widest] -= 1;
        if widths[widest] < NARROWEST {
            return None;
        }
    }
    let longest = |it: usize| column(it).flat_map(|cell| broken(cell, widths[it])).map(|line| length(&line)).max();
    (0..head.len()).all(|it| longest(it).is_none_or(|longest| longest <= widths[it])).then_some(widths)
}

//! For documents: Markdown, in which nobody's text means anything but itself.

use std::fmt::Write;

use neuronc::{Account, Block, Sources};

use super::place;
use crate::repl::show::wrapped;

/// Columns of a line of text.
const WIDTH: usize = 100;

pub(super) fn account(account: &Account, sources: &Sources) -> String {
    let mut text = String::new();
    for (number, section) in account.sections.iter().enumerate() {
        let marks = if number == 0 {
            "#"
        } else if section.is_inner {
            "###"
        } else {
            "##"
        };
        let gap = if number > 0 { "\n" } else { "" };
        let _ = writeln!(text, "{gap}{marks} {}", escaped(&section.title));
        if let Some(span) = section.place {
            let _ = writeln!(text, "\n{}", escaped(&place(sources, span)));
        }
        let mut is_list = false;
        for block in &section.blocks {
            let goes_on = std::mem::replace(&mut is_list, matches!(block, Block::Item(_))) && is_list;
            if !goes_on {
                text.push('\n');
            }
            self::block(block, &mut text);
        }
    }
    text
}

fn block(block: &Block, text: &mut String) {
    match block {
        Block::Text(said) => paragraph(&escaped(said), text),
        Block::Item(said) => text.push_str(&wrapped(&format!("- {}", escaped(said)), WIDTH)),
        Block::Doc(lines) => {
            for line in lines {
                let _ = writeln!(text, "{}", escaped(line.trim_start()));
            }
        }
        Block::Formula { left, steps } => {
            let _ = writeln!(text, "```text\n{left} = {}\n```", steps.join(" = "));
        }
        Block::Table { head, rows } => {
            let mut line = |cells: &[String]| {
                let cells: Vec<String> = cells.iter().map(|cell| escaped(cell).replace('|', "\\|")).collect();
                let _ = writeln!(text, "| {} |", cells.join(" | "));
            };
            line(head);
            line(&vec!["---".to_owned(); head.len()]);
            rows.iter().for_each(|row| line(row));
        }
    }
}

fn paragraph(said: &str, text: &mut String) {
    text.extend(wrapped(said, WIDTH).lines().map(|line| line.trim_start().to_owned() + "\n"));
}

/// Text with a backslash before what Markdown would read as a mark; what stands between backticks stays as it is.
fn escaped(said: &str) -> String {
    let is_closed = said.matches('`').count().is_multiple_of(2);
    let is_code = |part: usize| is_closed && part % 2 == 1;
    let mut text = String::new();
    for (number, part) in said.split('`').enumerate() {
        if number > 0 {
            text.push('`');
        }
        if is_code(number) {
            text.push_str(part);
            continue;
        }
        for character in part.chars() {
            if "\\*_<>[]#~".contains(character) {
                text.push('\\');
            }
            text.push(character);
        }
    }
    text
}

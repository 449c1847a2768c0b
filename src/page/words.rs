//! An account as HTML, in which nobody's text means anything but itself.

use std::fmt::Write;

use crate::explain::{Account, Block};
use crate::picture::xml;
use crate::source::Sources;

/// The sections of an account, but for its title, which the page has.
pub(super) fn sections(account: &Account, sources: &Sources) -> String {
    let mut text = String::new();
    for (number, section) in account.sections.iter().enumerate() {
        if number > 0 {
            let place = section.place.map(|span| {
                let place = format!("{}:{}", sources.get(span.file).name(), sources.position(span).line);
                format!("<span class=\"place\">{}</span>", xml(&place))
            });
            let level = if section.is_inner { "h4" } else { "h3" };
            let _ = writeln!(text, "<{level}>{}{}</{level}>", xml(&section.title), place.unwrap_or_default());
        }
        let mut is_list = false;
        for block in &section.blocks {
            let is_item = matches!(block, Block::Item(_));
            if is_item != is_list {
                text.push_str(if is_item { "<ul>\n" } else { "</ul>\n" });
                is_list = is_item;
            }
            self::block(block, number == 0, &mut text);
        }
        if is_list {
            text.push_str("</ul>\n");
        }
    }
    text
}

fn block(block: &Block, is_first: bool, text: &mut String) {
    match block {
        Block::Text(said) => {
            let _ = writeln!(text, "<p>{}</p>", coded(said));
        }
        Block::Item(said) => {
            let _ = writeln!(text, "<li>{}</li>", coded(said));
        }
        // The page has it at its top.
        Block::Doc(_) if is_first => {}
        Block::Doc(lines) => {
            let _ = writeln!(text, "<p class=\"faint\">{}</p>", xml(&lines.join(" ")));
        }
        Block::Formula { left, steps } => {
            let _ = writeln!(text, "<div class=\"formula\">{} = {}</div>", xml(left), xml(&steps.join(" = ")));
        }
        Block::Table { head, rows } => {
            let cells = |cells: &[String], name: &str| -> String {
                cells.iter().map(|cell| format!("<{name}>{}</{name}>", coded(cell))).collect()
            };
            let _ = writeln!(text, "<div class=\"scroll\"><table><thead><tr>{}</tr></thead><tbody>", cells(head, "th"));
            for row in rows {
                let _ = writeln!(text, "<tr>{}</tr>", cells(row, "td"));
            }
            text.push_str("</tbody></table></div>\n");
        }
    }
}

/// Escaped, with what stands between backticks as code.
fn coded(said: &str) -> String {
    let mut text = String::new();
    let is_closed = said.matches('`').count().is_multiple_of(2);
    for (number, part) in said.split('`').enumerate() {
        if number > 0 {
            text.push_str(match (is_closed, number % 2) {
                (true, 1) => "<code>",
                (true, _) => "</code>",
                (false, _) => "`",
            });
        }
        text.push_str(&xml(part));
    }
    text
}

//! What if: `:with`, `:sweep`, `:diff`.

use std::fmt::Write as _;
use std::io::{self, Write};

use neuronc::session::{Changes, Swept};
use neuronc::{Code, neutralise};

use super::Repl;
use super::commands::Row;
use super::show::{self, FAINT, NAME, number};
use crate::chart::{Characters, Series, chart};
use crate::inputs::usage;

/// Rows of a table of points.
const MOST_ROWS: usize = 24;
/// Columns of values beside the points.
const MOST_SERIES: usize = 6;
/// Rows of a plot, with its labels.
const PLOT_ROWS: usize = 14;
/// Curves of a plot.
const MOST_CURVES: usize = 3;
/// Columns of a plot, where there is room.
const MOST_COLUMNS: usize = 76;

impl Repl<'_> {
    pub(super) fn with(&mut self, text: &str) -> io::Result<()> {
        let typed = text.to_owned();
        match self.working(move |session, ground, _| session.ask(&typed, ground))? {
            None => Ok(()),
            Some(Ok(asked)) => {
                let several = asked.len() > 1;
                for one in asked {
                    let name =
                        if several { format!("{NAME}{}{NAME:#}: ", neutralise(&one.what)) } else { String::new() };
                    write!(self.streams.out, "{name}{}", show::value(&one.value))?;
                }
                Ok(())
            }
            Some(Err(failure)) => self.fail(&failure),
        }
    }

    pub(super) fn sweep(&mut self, text: &str) -> io::Result<()> {
        let typed = text.to_owned();
        match self.working(move |session, ground, stopped| session.sweep(&typed, ground, stopped))? {
            None => Ok(()),
            Some(Ok(swept)) => {
                let width = self.streams.width;
                write!(self.streams.out, "{}{}", table(&swept, width), plot(&swept, width))
            }
            Some(Err(failure)) => self.fail(&failure),
        }
    }

    pub(super) fn diff(&mut self, row: &Row, text: &str) -> io::Result<()> {
        let numbers: Option<Vec<u64>> =
            text.split_whitespace().map(|word| word.strip_prefix('$')?.trim_end_matches(',').parse().ok()).collect();
        let Some(&[one, other]) = numbers.as_deref() else {
            let help = format!("it is used as `:{} {}`", row.name, row.form);
            return self.refuse(usage(Code::E0614, "`:diff` takes two results".to_owned(), Some(help)));
        };
        match self.session.difference(one, other) {
            Ok(values) if values.is_empty() => {
                writeln!(self.streams.out, "{FAINT}${one} and ${other} are of the same values{FAINT:#}")
            }
            Ok(values) => {
                let changes = Changes { values, ..Changes::default() };
                writeln!(self.streams.out, "{FAINT}${one} → ${other}{FAINT:#}")?;
                write!(self.streams.out, "{}", show::changes(&changes, self.streams.width))
            }
            Err(failure) => self.fail(&failure),
        }
    }
}

/// The points and the values at them, in columns; of many points some.
fn table(swept: &Swept, width: usize) -> String {
    let mut columns: Vec<(String, Vec<String>)> = vec![(swept.name.clone(), texts(&swept.points))];
    columns.extend(swept.series.iter().take(MOST_SERIES).map(|(name, values)| (name.clone(), texts(values))));
    let count = swept.points.len();
    let rows: Vec<usize> = if count <= MOST_ROWS {
        (0..count).collect()
    } else {
        (0..MOST_ROWS).map(|row| row * (count - 1) / (MOST_ROWS - 1)).collect()
    };
    let mut text = String::new();
    let mut used = 0;
    let mut kept = Vec::new();
    for (name, values) in &columns {
        let name: String = neutralise(name).chars().take(16).collect();
        let longest =
            rows.iter().map(|row| values[*row].chars().count()).chain([name.chars().count()]).max().unwrap_or(0);
        if used + longest + 2 > width && !kept.is_empty() {
            break;
        }
        used += longest + 2;
        kept.push((name, values, longest));
    }
    for (name, _, longest) in &kept {
        let _ = write!(text, "  {FAINT}{name:>longest$}{FAINT:#}");
    }
    let left_out = columns.len().max(swept.series.len() + 1) - kept.len();
    if left_out > 0 {
        let _ = write!(text, "  {FAINT}…{FAINT:#}");
    }
    text.push('\n');
    for row in rows {
        for (_, values, longest) in &kept {
            let _ = write!(text, "  {:>longest$}", values[row]);
        }
        text.push('\n');
    }
    if count > MOST_ROWS {
        let _ = writeln!(text, "  {FAINT}{MOST_ROWS} of {count} points{FAINT:#}");
    }
    text
}

fn texts(values: &[f64]) -> Vec<String> {
    values.iter().map(|value| number(Some(*value))).collect()
}

/// The first series as curves.
fn plot(swept: &Swept, width: usize) -> String {
    if swept.points.len() < 3 {
        return String::new();
    }
    let points: Vec<(String, Vec<(f64, f64)>)> = swept
        .series
        .iter()
        .take(MOST_CURVES)
        .map(|(name, values)| (name.clone(), std::iter::zip(&swept.points, values).map(|(x, y)| (*x, *y)).collect()))
        .collect();
    let series: Vec<Series<'_>> = points.iter().map(|(label, points)| Series { label, points }).collect();
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let characters = if dumb { Characters::Ascii } else { Characters::Unicode };
    let lines = chart(&series, width.saturating_sub(2).min(MOST_COLUMNS), PLOT_ROWS, characters);
    lines.into_iter().map(|line| format!("  {line}").trim_end().to_owned() + "\n").collect()
}

//! Curves as lines of text: what the values of neurons are while an input moves.

use neuronc::neutralise;
use neuronc::numeric::decimal::rounded;

/// Points to draw, and what they are.
pub struct Series<'a> {
    pub label: &'a str,
    /// x and y, in the order in which they are joined. What is not finite is a gap.
    pub points: &'a [(f64, f64)],
}

/// What a chart is drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Characters {
    /// Dots of Braille for one series, marks for several, and lines for the axes.
    Unicode,
    /// What every terminal shows.
    Ascii,
}

/// Digits of the numbers at the axes.
const DIGITS: usize = 4;
/// Columns and rows that a drawing has at least.
const SMALLEST: (usize, usize) = (8, 3);

/// Draws series into at most `height` lines of at most `width` columns: the labels, the curves, an axis at the left with
/// the lowest and the highest y (and 0 between them), one at the bottom with both ends of x.
///
/// Where there is no room for axes they are left out; a drawing has 8 × 3 characters at least. Without a finite point the
/// labels are all.
pub fn chart(series: &[Series<'_>], width: usize, height: usize, characters: Characters) -> Vec<String> {
    let mut lines = vec![legend(series, width, characters)];
    let finite = || series.iter().flat_map(|series| series.points).filter(|point| is_finite(point));
    let scales = (Scale::of(finite().map(|(x, _)| *x)), Scale::of(finite().map(|(_, y)| *y)));
    let (Some(across), Some(upwards)) = scales else { return lines };
    let [low, high] = [upwards.low, upwards.high].map(|end| rounded(end, DIGITS));
    let labels = low.len().max(high.len());
    let has_axes = width >= SMALLEST.0 + labels + 2 && height >= SMALLEST.1 + 3;
    let (margin, below) = if has_axes { (labels + 2, 2) } else { (0, 0) };
    let columns = width.saturating_sub(margin).max(SMALLEST.0);
    let rows = height.saturating_sub(1 + below).max(SMALLEST.1);
    let mut canvas = Canvas::new(columns, rows, dots(series, characters));
    for (place, series) in series.iter().enumerate() {
        canvas.join(series.points, &across, &upwards, mark(place, characters));
    }
    if !has_axes {
        lines.extend(canvas.lines());
        return lines;
    }
    let (corner, side, tick, floor) = match characters {
        Characters::Unicode => ("└", "│", "┤", "─"),
        Characters::Ascii => ("+", "|", "+", "-"),
    };
    let row_of = |value: f64| rows - 1 - upwards.place(value, rows);
    let is_between = upwards.low < 0.0 && upwards.high > 0.0;
    for (row, drawn) in canvas.lines().into_iter().enumerate() {
        let label = match row {
            low_row if low_row == row_of(upwards.low) => low.as_str(),
            high_row if high_row == row_of(upwards.high) => high.as_str(),
            zero_row if is_between && zero_row == row_of(0.0) => "0",
            _ => "",
        };
        let side = if label.is_empty() { side } else { tick };
        lines.push(format!("{label:>labels$} {side}{drawn}"));
    }
    lines.push(format!("{:labels$} {corner}{}", "", floor.repeat(columns)));
    lines.push(format!("{:margin$}{}", "", ends(&across, columns)));
    lines
}

fn is_finite((x, y): &(f64, f64)) -> bool {
    x.is_finite() && y.is_finite()
}

/// The labels, each with its mark where there are several, and how many values are left out.
fn legend(series: &[Series<'_>], width: usize, characters: Characters) -> String {
    let words = series.iter().enumerate().map(|(place, known)| {
        let label = neutralise(known.label);
        let gaps = known.points.iter().filter(|point| !is_finite(point)).count();
        let gaps = if gaps > 0 { format!(" ({gaps} not finite)") } else { String::new() };
        if series.len() == 1 { format!("{label}{gaps}") } else { format!("{} {label}{gaps}", mark(place, characters)) }
    });
    words.collect::<Vec<String>>().join("   ").chars().take(width).collect()
}

/// The marks of series, in their order; those behind the last share it.
fn mark(place: usize, characters: Characters) -> char {
    let marks = match characters {
        Characters::Unicode => ['●', '○', '■', '□', '▲', '△'],
        Characters::Ascii => ['*', 'o', '+', 'x', '#', '@'],
    };
    marks[place.min(marks.len() - 1)]
}

/// How many dots a character has, across and upwards.
fn dots(series: &[Series<'_>], characters: Characters) -> (usize, usize) {
    // Dots of several series could not be told apart.
    if characters == Characters::Unicode && series.len() == 1 { (2, 4) } else { (1, 1) }
}

/// Both ends of x, at the ends of the axis where there is room for both.
fn ends(across: &Scale, columns: usize) -> String {
    let [low, high] = [across.low, across.high].map(|end| rounded(end, DIGITS));
    let room = columns.saturating_sub(low.len() + high.len());
    if across.low == across.high {
        return format!("{low:^columns$}").trim_end().to_owned();
    }
    if room == 0 { low.chars().take(columns).collect() } else { format!("{low}{}{high}", " ".repeat(room)) }
}

/// From values to places along an axis.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// From the lowest to the highest value; none if there is none.
    fn of(values: impl Iterator<Item = f64>) -> Option<Scale> {
        values.fold(None, |scale, value| {
            let Scale { low, high } = scale.unwrap_or(Scale { low: value, high: value });
            Some(Scale { low: low.min(value), high: high.max(value) })
        })
    }

    /// The place of a value among `count`; the middle where all values are equal.
    fn place(&self, value: f64, count: usize) -> usize {
        // Halves, since the difference of two doubles may be infinite.
        let [low, high, value] = [self.low, self.high, value].map(|number| 0.5 * number);
        let share = if high > low { (value - low) / (high - low) } else { 0.5 };
        let last = count.saturating_sub(1);
        ((share * last as f64).round() as usize).min(last)
    }
}

/// Characters, each of one dot or of many.
struct Canvas {
    columns: usize,
    rows: usize,
    dots: (usize, usize),
    /// What is drawn at each dot, row by row from the top.
    drawn: Vec<Option<char>>,
}

impl Canvas {
    fn new(columns: usize, rows: usize, dots: (usize, usize)) -> Canvas {
        Canvas { columns, rows, dots, drawn: vec![None; columns * rows * dots.0 * dots.1] }
    }

    /// Draws points, with lines between neighbours.
    fn join(&mut self, points: &[(f64, f64)], across: &Scale, upwards: &Scale, mark: char) {
        let (width, height) = (self.columns * self.dots.0, self.rows * self.dots.1);
        let place = |(x, y): &(f64, f64)| (across.place(*x, width), height - 1 - upwards.place(*y, height));
        let places: Vec<Option<(usize, usize)>> =
            points.iter().map(|point| is_finite(point).then(|| place(point))).collect();
        for (number, to) in places.iter().enumerate() {
            let Some(to) = *to else { continue };
            let from = number.checked_sub(1).and_then(|before| places[before]).unwrap_or(to);
            let length = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1)).max(1);
            for step in 0..=length {
                let between = |from: usize, to: usize| {
                    let way = (to as f64 - from as f64) * step as f64 / length as f64;
                    (from as f64 + way).round() as usize
                };
                let (x, y) = (between(from.0, to.0), between(from.1, to.1));
                self.drawn[y * width + x] = Some(mark);
            }
        }
    }

    /// The rows as text, without blanks at the end.
    fn lines(&self) -> Vec<String> {
        (0..self.rows).map(|row| self.line(row).trim_end().to_owned()).collect()
    }

    fn line(&self, row: usize) -> String {
        /// The bits of the dots of a Braille character, row by row (Unicode, U+2800 to U+28FF).
        const BITS: [u32; 8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];
        let width = self.columns * self.dots.0;
        let at = |x: usize, y: usize| self.drawn[y * width + x];
        let character = |column: usize| {
            if self.dots == (1, 1) {
                return at(column, row).unwrap_or(' ');
            }
            let lit = |place: &usize| at(2 * column + place % 2, 4 * row + place / 2).is_some();
            let bits: u32 = (0..BITS.len()).filter(lit).map(|place| BITS[place]).sum();
            char::from_u32(0x2800 + bits).filter(|_| bits > 0).unwrap_or(' ')
        };
        (0..self.columns).map(character).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sampled(function: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
        (-8..=8).map(|step| f64::from(step) / 4.0).map(|x| (x, function(x))).collect()
    }

    fn drawn(label: &str, points: &[(f64, f64)], size: (usize, usize), characters: Characters) -> Vec<String> {
        let lines = chart(&[Series { label, points }], size.0, size.1, characters);
        assert!(lines.len() <= size.1.max(1 + SMALLEST.1), "{lines:#?}");
        assert!(lines.iter().all(|line| line.chars().count() <= size.0.max(SMALLEST.0)), "{lines:#?}");
        lines
    }

    #[test]
    fn a_rectifier_in_ascii() {
        let wanted = [
            "c = relu(x)",
            "2 +               **",
            "  |             **",
            "  |           **",
            "  |         **",
            "0 +*********",
            "  +-----------------",
            "   -2              2",
        ];
        assert_eq!(drawn("c = relu(x)", &sampled(|x| x.max(0.0)), (20, 8), Characters::Ascii), wanted);
    }

    #[test]
    fn a_step_in_dots() {
        let step = sampled(|x| if x > 0.0 { 1.0 } else { -1.0 });
        let lines = drawn("y", &step, (24, 8), Characters::Unicode);
        let wanted = [
            "y",
            " 1 ┤           ⡏⠉⠉⠉⠉⠉⠉⠉⠉",
            "   │          ⢰⠁",
            " 0 ┤          ⢸",
            "   │          ⡸",
            "-1 ┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡇",
            "   └────────────────────",
            "    -2                 2",
        ];
        assert_eq!(lines, wanted);
    }

    #[test]
    fn gaps_are_left_open_and_counted() {
        let lines = drawn("y", &sampled(|x| if x == 0.0 { f64::NAN } else { 1.0 / x }), (40, 9), Characters::Ascii);
        let wanted = [
            "y (1 not finite)",
            " 4 +                    *",
            "   |                     **",
            " 0 +                       *************",
            "   |************",
            "   |            **",
            "-4 +              **",
            "   +------------------------------------",
            "    -2                                 2",
        ];
        assert_eq!(lines, wanted);
    }

    #[test]
    fn what_does_not_change_is_a_line_in_the_middle() {
        let lines = drawn("y", &sampled(|_| 0.25), (20, 8), Characters::Ascii);
        let wanted = [
            "y",
            "     |",
            "     |",
            "0.25 +**************",
            "     |",
            "     |",
            "     +--------------",
            "      -2           2",
        ];
        assert_eq!(lines, wanted);
    }

    #[test]
    fn one_point_and_none() {
        let lines = drawn("y", &[(3.0, 4.0)], (20, 8), Characters::Unicode);
        assert_eq!(drawn("y", &[(0.0, f64::INFINITY)], (20, 8), Characters::Ascii), ["y (1 not finite)"]);
        assert_eq!(drawn("y", &[], (20, 8), Characters::Ascii), ["y"]);
        let wanted = ["y", "  │", "  │", "4 ┤        ⠐", "  │", "  │", "  └─────────────────", "           3"];
        assert_eq!(lines, wanted);
    }

    #[test]
    fn several_series_have_marks() {
        let (up, down) = (sampled(|x| x), sampled(|x| -x / 2.0));
        let series = [Series { label: "up", points: &up }, Series { label: "\u{1b}[1mdown", points: &down }];
        let lines = chart(&series, 30, 9, Characters::Unicode);
        let wanted = [
            "● up   ○ ?[1mdown",
            " 2 ┤                       ●●●",
            "   │○○○                ●●●●",
            " 0 ┤   ○○○○○○○○○○○●●●●●",
            "   │        ●●●●● ○○○○○○○○○",
            "   │   ●●●●●               ○○○",
            "-2 ┤●●●",
            "   └──────────────────────────",
            "    -2                       2",
        ];
        assert_eq!(lines, wanted);
    }

    #[test]
    fn the_ends_of_the_range_and_of_the_terminal() {
        let points = [(f64::MIN, f64::MAX), (0.0, 0.0), (f64::MAX, f64::MIN)];
        let lines = drawn("y", &points, (24, 8), Characters::Ascii);
        assert!(lines[1].starts_with(" 1.798e308 +*") && lines[5].starts_with("-1.798e308 +"), "{lines:#?}");
        for width in 0..30 {
            for height in 0..12 {
                for characters in [Characters::Ascii, Characters::Unicode] {
                    drawn("a label longer than any of these", &sampled(|x| 1000.0 * x), (width, height), characters);
                }
            }
        }
    }
}

//! What the signs of a picture mean.

use std::fmt::Write;

use super::Picture;
use super::escape::xml;
use super::layout::MARGIN;
use super::model::{Effect, Made};
use super::route::Route;
use super::svg::{Head, coordinate, way};
use super::text::{SMALL, width};

/// A sign and its meaning.
struct Entry {
    sign: Sign,
    text: &'static str,
}

enum Sign {
    Line(Effect),
    Thickness,
    Mark { fires: bool },
    Stack,
}

const SIGN: f64 = 34.0;
const ROW: f64 = 24.0;

/// The legend below a picture so high, in rows so wide, and how high it is itself.
pub(super) fn legend(picture: &Picture, wide: f64, top: f64) -> (String, f64) {
    let entries = entries(picture);
    if entries.is_empty() {
        return (String::new(), 0.0);
    }
    let mut text = "<g class=\"legend\" aria-hidden=\"true\">\n".to_owned();
    let (mut x, mut y) = (MARGIN, top);
    for Entry { sign, text: meaning } in &entries {
        let (room, own) = (SIGN + 8.0, width(meaning, SMALL));
        if x > MARGIN && x + room + own > wide - MARGIN {
            (x, y) = (MARGIN, y + ROW);
        }
        text.push_str("<g");
        match sign {
            Sign::Line(effect) => {
                let _ = write!(text, " class=\"synapse {}\">", effect.word());
                let point = |along: f64| (x + along * SIGN, y);
                let pieces = vec![[point(0.0), point(0.3), point(0.7), point(1.0)]];
                let head = if *effect == Effect::Inhibitory { Head::bar(2.0) } else { Head::of(2.0) };
                way(&mut text, &Route { pieces, direction: (1.0, 0.0) }, " stroke-width=\"2\"", head);
            }
            Sign::Thickness => {
                let (left, right) = (coordinate(x), coordinate(x + SIGN));
                let [above, middle, below] = [y - 3.0, y, y + 3.0].map(coordinate);
                let _ = write!(
                    text,
                    " class=\"tap\"><path class=\"head\" d=\"M{left} {middle}L{right} {above}L{right} {below}Z\"/>"
                );
            }
            Sign::Mark { fires } => {
                let class = if *fires { " class=\"fires\"" } else { "" };
                let (x, y) = (coordinate(x + SIGN - 10.0), coordinate(y));
                let _ = write!(text, "{class}><circle class=\"mark\" cx=\"{x}\" cy=\"{y}\" r=\"4.5\"/>");
            }
            Sign::Stack => {
                text.push('>');
                for (inside, lower) in [(6.0, 4.0), (3.0, 2.0), (0.0, 0.0)] {
                    let [x, y, wide] = [x + 4.0 + inside, y - 7.0 + lower, SIGN - 8.0 - 2.0 * inside].map(coordinate);
                    let _ = write!(
                        text,
                        "<rect class=\"box\" x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"11\" rx=\"3\"/>"
                    );
                }
            }
        }
        let (left, base) = (coordinate(x + room), coordinate(y + 4.0));
        let _ = writeln!(text, "<text class=\"small\" x=\"{left}\" y=\"{base}\">{}</text></g>", xml(meaning));
        x += room + own + 24.0;
    }
    text.push_str("</g>\n");
    (text, y - top + MARGIN)
}

fn entries(picture: &Picture) -> Vec<Entry> {
    let parts = &picture.parts;
    let has = |effect: Effect| parts.synapses.iter().any(|synapse| synapse.effect() == effect);
    let mut entries = Vec::new();
    for effect in Effect::ALL.into_iter().filter(|effect| has(*effect)) {
        let text = match effect {
            Effect::Excitatory => "excitatory",
            Effect::Inhibitory => "inhibitory",
            Effect::Mixed => "both",
            Effect::Silent => "weight 0",
        };
        entries.push(Entry { sign: Sign::Line(effect), text });
    }
    let mut weights = parts.synapses.iter().map(|synapse| synapse.weight.magnitude());
    let first = weights.next();
    if weights.any(|weight| Some(weight) != first) {
        entries.push(Entry { sign: Sign::Thickness, text: "the thicker, the larger the weight" });
    }
    if parts.nodes.iter().any(|node| node.made != Made::Single) {
        entries.push(Entry { sign: Sign::Stack, text: "many in one" });
    }
    if parts.nodes.iter().any(|node| node.fires.is_some_and(|(firing, _)| firing > 0)) {
        entries.push(Entry { sign: Sign::Mark { fires: true }, text: "fires" });
    }
    if parts.nodes.iter().any(|node| node.fires.is_some_and(|(firing, all)| firing < all)) {
        entries.push(Entry { sign: Sign::Mark { fires: false }, text: "silent" });
    }
    entries
}

//! The plots of the activations in `docs/activations/`: what the library computes, drawn.

use std::fmt::Write;

use neuronc::{Limits, Network, Path, Plan, Scratch, Sources, Wanted, evaluate, parse, plan, resolve};

/// An activation as a function of the net input: that of a single neuron, or of the first of an array of two whose
/// second has the net input 0.
pub struct Curve {
    network: Network,
    plan: Plan,
}

impl Curve {
    pub fn of(activation: &str, whole_array: bool) -> Curve {
        let count = if whole_array { 2 } else { 1 };
        let text = format!(
            "input x[{count}]\nneuron y[{count}] {{ activation = {activation} }}\nx[0] -> y[0] : 1\noutput y\n"
        );
        let limits = Limits::default();
        let mut sources = Sources::new();
        let file = sources.add("curve", text.into_bytes(), &limits).expect("it is text");
        let (program, _) = parse(sources.get(file), &limits);
        let (network, mistakes) = resolve(&program, sources.get(file), &limits);
        let network = network.unwrap_or_else(|| panic!("{activation}: {:?}", mistakes.into_sorted()));
        let plan = plan(&network, Wanted::Outputs);
        Curve { network, plan }
    }

    pub fn at(&self, z: f64) -> f64 {
        let inputs = [z, 0.0];
        let mut outputs = [0.0; 2];
        let (inputs, outputs) = (&inputs[..self.plan.input_count()], &mut outputs[..self.plan.output_count()]);
        evaluate(&self.network, &self.plan, inputs, outputs, &mut Scratch::new(), Path::best());
        outputs[0]
    }
}

/// What is seen: net inputs from -4 to 4, outputs from -2 to 3, in equal units.
const LEFT: f64 = -4.0;
const RIGHT: f64 = 4.0;
const BOTTOM: f64 = -2.0;
const TOP: f64 = 3.0;
/// Pixels of a unit, and around everything.
const UNIT: f64 = 32.0;
const MARGIN: f64 = 8.0;

/// Net inputs from one to the next; the places of all jumps are among them.
const STEPS_OF_A_UNIT: i32 = 64;
/// Outputs of neighbours that are farther apart may be a jump.
const SUSPICIOUS: f64 = 0.25;

type Point = (f64, f64);

/// The curve as an SVG that reads well on light and on dark.
pub fn svg(title: &str, curve: &Curve) -> String {
    let (width, height) = ((RIGHT - LEFT) * UNIT + 2.0 * MARGIN, (TOP - BOTTOM) * UNIT + 2.0 * MARGIN);
    let (pieces, dots) = pieces(curve);
    let title = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let (x, y) = (|z: f64| short(pixel((z, 0.0)).0), |value: f64| short(pixel((0.0, value)).1));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">
<title>{title}</title>
<clipPath id=\"seen\"><rect x=\"{MARGIN}\" y=\"{MARGIN}\" width=\"{}\" height=\"{}\"/></clipPath>
<g stroke=\"#888\" fill=\"none\">
<path d=\"M{} {}H{}M{} {}V{}\"/>
",
        (RIGHT - LEFT) * UNIT,
        (TOP - BOTTOM) * UNIT,
        x(LEFT),
        y(0.0),
        x(RIGHT),
        x(0.0),
        y(BOTTOM),
        y(TOP),
    );
    for tick in [-1.0, 1.0] {
        let (across, up) = (pixel((tick, 0.0)), pixel((0.0, tick)));
        let _ = writeln!(svg, "<path d=\"M{} {}v8M{} {}h8\"/>", across.0, across.1 - 4.0, up.0 - 4.0, up.1);
    }
    svg.push_str("</g>\n<g fill=\"#777\" font-family=\"sans-serif\" font-size=\"12\">\n");
    for (tick, text) in [(-1.0, "−1"), (1.0, "1")] {
        let (across, up) = (pixel((tick, 0.0)), pixel((0.0, tick)));
        let _ =
            writeln!(svg, "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{text}</text>", across.0, across.1 + 17.0);
        let _ = writeln!(svg, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{text}</text>", up.0 - 8.0, up.1 + 4.0);
    }
    svg.push_str("</g>\n<g clip-path=\"url(#seen)\">\n");
    for piece in pieces {
        let points: Vec<String> = piece.into_iter().map(|(x, y)| format!("{},{}", short(x), short(y))).collect();
        let points = points.join(" ");
        let _ = writeln!(svg, "<polyline points=\"{points}\" fill=\"none\" stroke=\"#2f80d8\" stroke-width=\"2.5\"/>");
    }
    for (x, y) in dots {
        let _ = writeln!(svg, "<circle cx=\"{}\" cy=\"{}\" r=\"4\" fill=\"#2f80d8\"/>", short(x), short(y));
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// The curve in pixels, cut where it jumps or leaves the picture, and its values where it jumps.
fn pieces(curve: &Curve) -> (Vec<Vec<Point>>, Vec<Point>) {
    let mut dots: Vec<Point> = Vec::new();
    let mut pieces: Vec<Vec<Point>> = vec![Vec::new()];
    let mut before: Option<Point> = None;
    for step in (LEFT as i32 * STEPS_OF_A_UNIT)..=(RIGHT as i32 * STEPS_OF_A_UNIT) {
        let z = f64::from(step) / f64::from(STEPS_OF_A_UNIT);
        let here = (z, curve.at(z));
        if let Some((left, right)) = before.and_then(|before| jump(curve, before, here)) {
            // The jump is at one of two neighbours of the grid.
            let place = (left.0 * f64::from(STEPS_OF_A_UNIT)).round() / f64::from(STEPS_OF_A_UNIT);
            pieces.last_mut().expect("there is one").push((place, left.1));
            pieces.push(vec![(place, right.1)]);
            dots.push(pixel((place, curve.at(place))));
        }
        pieces.last_mut().expect("there is one").push(here);
        before = Some(here);
    }
    dots.dedup();
    dots.retain(|(_, y)| y.is_finite());
    let seen = |(_, value): &Point| (BOTTOM - 1.0..=TOP + 1.0).contains(value);
    let pieces = pieces.iter().flat_map(|piece| piece.split(|point| !seen(point)));
    let pieces = pieces.map(|piece| simplified(&piece.iter().copied().map(pixel).collect::<Vec<_>>()));
    (pieces.filter(|piece| piece.len() > 1 && piece.first() != piece.last()).collect(), dots)
}

/// The ends of a jump between two points, by bisection.
fn jump(curve: &Curve, mut left: Point, mut right: Point) -> Option<(Point, Point)> {
    for _ in 0..60 {
        // Written so that what is not finite counts as a jump.
        if (left.1 - right.1).abs() <= SUSPICIOUS {
            return None;
        }
        let middle = left.0.midpoint(right.0);
        let value = curve.at(middle);
        if (value - left.1).abs() <= (value - right.1).abs() {
            left = (middle, value);
        } else {
            right = (middle, value);
        }
    }
    Some((left, right))
}

/// The fewest of the points from which no other is a tenth of a pixel away.
fn simplified(points: &[Point]) -> Vec<Point> {
    let away = |(x0, y0): Point, (x1, y1): Point, (x, y): Point| {
        let share = if x1 == x0 { 0.0 } else { (x - x0) / (x1 - x0) };
        (y0 + share * (y1 - y0) - y).abs() > 0.1
    };
    let mut kept = Vec::from_iter(points.first().copied());
    let mut start = 0;
    while start + 1 < points.len() {
        let mut end = start + 1;
        while end + 1 < points.len()
            && !(start + 1..=end).any(|between| away(points[start], points[end + 1], points[between]))
        {
            end += 1;
        }
        kept.push(points[end]);
        start = end;
    }
    kept
}

fn pixel((z, value): Point) -> Point {
    (MARGIN + (z - LEFT) * UNIT, MARGIN + (TOP - value) * UNIT)
}

/// A coordinate with at most one decimal.
fn short(coordinate: f64) -> String {
    let rounded = format!("{coordinate:.1}");
    rounded.strip_suffix(".0").unwrap_or(&rounded).to_owned()
}

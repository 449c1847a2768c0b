//! Pictures as SVG: they parse, tell what the network is, and nothing in them is in the way of anything else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use neuronc::picture::{Theme, draw, svg};
use neuronc::{Inputs, Network, Path, Trace, Wanted, plan, trace, trace_neurons};
use roxmltree::{Document, Node};

use crate::random::{Description, Random};
use crate::saving::{Folder, load};

/// What the network computes with its defaults, if all inputs have one.
pub fn evaluated(network: &Network) -> Option<Trace> {
    let inputs = Inputs::new(network);
    let row = inputs.row(network).ok()?;
    Some(trace::<f64>(network, &plan(network, Wanted::Everything), row, Path::best()))
}

/// All examples, with their names.
pub fn examples() -> Vec<(String, Network)> {
    let entries = std::fs::read_dir("examples").expect("there are examples");
    let files: Folder = entries
        .map(|entry| entry.expect("it can be listed"))
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).expect("a file")))
        .collect();
    let sources = files.iter().filter(|(name, _)| name.ends_with(".neuron"));
    sources
        .map(|(name, bytes)| (name.clone(), load(name, std::str::from_utf8(bytes).expect("UTF-8"), &files)))
        .collect()
}

#[derive(Debug, Clone, Copy)]
struct Area {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Area {
    fn of(rect: Node<'_, '_>) -> Area {
        let number = |name: &str| rect.attribute(name).map_or(0.0, |value| value.parse::<f64>().expect("a number"));
        let (left, top) = (number("x"), number("y"));
        Area { left, top, right: left + number("width"), bottom: top + number("height") }
    }

    fn meets(self, other: Area) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    fn holds(self, other: Area) -> bool {
        self.left <= other.left && other.right <= self.right && self.top <= other.top && other.bottom <= self.bottom
    }

    fn smaller(self, by: f64) -> Area {
        Area { left: self.left + by, top: self.top + by, right: self.right - by, bottom: self.bottom - by }
    }
}

type Point = (f64, f64);

/// The points of a path that has `M`, `H`, `C`, `L` and `Z`: its corners, and points between them.
fn points(path: &str) -> Vec<Point> {
    let spaced: String = path
        .chars()
        .map(|letter| if letter.is_alphabetic() { format!(" {letter} ") } else { letter.to_string() })
        .collect();
    let mut words = spaced.split_whitespace().peekable();
    let mut points: Vec<Point> = Vec::new();
    while let Some(command) = words.next() {
        let mut numbers = Vec::new();
        while let Some(number) = words.peek().and_then(|word| word.parse::<f64>().ok()) {
            numbers.push(number);
            words.next();
        }
        let here = points.last().copied().unwrap_or_default();
        match (command, numbers.as_slice()) {
            ("M" | "L", [x, y]) => points.push((*x, *y)),
            ("H", [x]) => points.extend((1..=20).map(|step| (here.0 + (x - here.0) * f64::from(step) / 20.0, here.1))),
            ("C", [bx, by, cx, cy, dx, dy]) => points.extend((1..=20).map(|step| {
                let t = f64::from(step) / 20.0;
                let s = 1.0 - t;
                let mix = |a: f64, b: f64, c: f64, d: f64| {
                    s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
                };
                (mix(here.0, *bx, *cx, *dx), mix(here.1, *by, *cy, *dy))
            })),
            ("Z", []) => {}
            other => panic!("{other:?} in {path}"),
        }
    }
    points
}

fn class<'a>(node: Node<'a, '_>) -> &'a str {
    node.attribute("class").unwrap_or_default()
}

fn has_class(node: Node<'_, '_>, name: &str) -> bool {
    class(node).split(' ').any(|class| class == name)
}

/// The elements of a group that has this class.
fn of_class<'a, 'b>(document: &'a Document<'b>, group: &str, name: &'static str) -> Vec<Node<'a, 'b>> {
    let group = document.descendants().find(|node| has_class(*node, group));
    group.map_or_else(Vec::new, |group| group.children().filter(|node| has_class(*node, name)).collect())
}

/// The rectangle in front of a node, or of a label or frame.
fn area(node: Node<'_, '_>) -> Area {
    Area::of(node.children().rfind(|child| child.has_tag_name("rect")).expect("it has a rectangle"))
}

/// Whether a point is on one of the borders; `inside` is the middle of one, from left to right, or from above.
fn is_on_border(area: Area, (x, y): Point, near: f64) -> bool {
    let beside = (x - area.left).abs().min((x - area.right).abs()) <= near && area.top <= y && y <= area.bottom;
    let above = (y - area.top).abs() <= near && area.left <= x && x <= area.right;
    beside || above
}

/// Holds a picture to all its laws.
fn checked(name: &str, network: &Network, trace: Option<&Trace>) {
    let text = svg(&draw(network, trace), Theme::Auto);
    let document = Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let size = |side: &str| root.attribute(side).and_then(|size| size.parse().ok()).expect("a size");
    let canvas = Area { left: 0.0, top: 0.0, right: size("width"), bottom: size("height") };

    let mut nodes: Vec<(String, Area)> = Vec::new();
    for node in of_class(&document, "nodes", "node") {
        let kind = ["input", "neuron", "output"].into_iter().find(|kind| has_class(node, kind)).expect("a kind");
        let full = node.attribute(format!("data-{kind}").as_str()).expect("its name");
        let area = area(node);
        assert!(canvas.holds(area), "{name}: {full} is cut off");
        for text in node.children().filter(|child| child.has_tag_name("text")) {
            let place = |side: &str| text.attribute(side).and_then(|place| place.parse::<f64>().ok()).expect("a place");
            let (x, y) = (place("x"), place("y"));
            assert!(area.smaller(6.0).holds(Area { left: x, top: y, right: x, bottom: y }), "{name}: {full}: {text:?}");
        }
        nodes.push((format!("{kind} {full}"), area));
    }
    for (place, (one, first)) in nodes.iter().enumerate() {
        for (other, second) in &nodes[place + 1..] {
            assert!(!first.meets(*second), "{name}: {one} {first:?} and {other} {second:?} overlap");
        }
    }
    let places: BTreeMap<&str, Area> = nodes.iter().map(|(name, area)| (name.as_str(), *area)).collect();
    assert_eq!(places.len(), nodes.len(), "{name}: names are unique");
    let ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{name}: {ids:?}");
    let source =
        |name: &str| places.get(format!("neuron {name}").as_str()).or(places.get(format!("input {name}").as_str()));

    let mut lines = of_class(&document, "lines", "synapse");
    lines.extend(of_class(&document, "lines", "tap"));
    for line in lines {
        let from = line.attribute("data-from").expect("a source");
        let (from, start) = (from, *source(from).unwrap_or_else(|| panic!("{name}: {from} is not drawn")));
        let end = match line.attribute("data-output") {
            Some(output) => places[format!("output {output}").as_str()],
            None => places[format!("neuron {}", line.attribute("data-to").expect("a target")).as_str()],
        };
        let part = |name: &str| {
            let path = line.children().find(|child| class(*child) == name).expect("a path");
            points(path.attribute("d").expect("data"))
        };
        let (way, head) = (part("line"), part("head"));
        assert!(is_on_border(start, way[0], 0.11), "{name}: from {from} {start:?} at {:?}", way[0]);
        // An arrow begins with its tip; of a bar one side lies on the border.
        let tip =
            if head.len() == 3 { head[0] } else { (head[0].0.midpoint(head[3].0), head[0].1.midpoint(head[3].1)) };
        assert!(is_on_border(end, tip, 0.11), "{name}: {line:?} ends at {tip:?}, not on {end:?}");
        for (other, area) in &nodes {
            let inside = area.smaller(1.0);
            let hit = way
                .iter()
                .find(|(x, y)| inside.left < *x && *x < inside.right && inside.top < *y && *y < inside.bottom);
            assert!(hit.is_none(), "{name}: {line:?} runs through {other}");
        }
        assert!(way.iter().all(|(x, y)| canvas.holds(Area { left: *x, top: *y, right: *x, bottom: *y })), "{name}");
    }

    let labels: Vec<Area> = of_class(&document, "labels", "label").into_iter().map(area).collect();
    for (place, label) in labels.iter().enumerate() {
        assert!(canvas.holds(*label), "{name}: a label is cut off");
        assert!(labels[place + 1..].iter().all(|other| !label.meets(*other)), "{name}: labels overlap");
        assert!(nodes.iter().all(|(_, node)| !label.meets(*node)), "{name}: a label lies on a node");
    }

    let frames: Vec<(&str, Area)> = of_class(&document, "frames", "frame")
        .into_iter()
        .map(|frame| (frame.attribute("data-frame").expect("its name"), area(frame)))
        .collect();
    let is_in = |name: &str, frame: &str| name.strip_prefix(frame).is_some_and(|rest| rest.starts_with('.'));
    for (place, (frame, outer)) in frames.iter().enumerate() {
        assert!(canvas.holds(*outer), "{name}: {frame} is cut off");
        for (node, inner) in &nodes {
            let (_, full) = node.split_once(' ').expect("a kind and a name");
            if is_in(full, frame) {
                assert!(outer.holds(*inner), "{name}: {node} is not in {frame}");
            } else {
                assert!(!outer.meets(*inner), "{name}: {node} is in {frame}");
            }
        }
        for (other, inner) in &frames[place + 1..] {
            let nested = is_in(other, frame) && outer.holds(*inner);
            assert!(nested || !outer.meets(*inner), "{name}: {frame} and {other}");
        }
    }
    tells(name, &document, network, trace);
}

/// The numbers of a picture are those of the network, and of what it computed.
fn tells(name: &str, document: &Document<'_>, network: &Network, trace: Option<&Trace>) {
    let count = |nodes: &[Node<'_, '_>]| -> u64 {
        nodes.iter().map(|node| node.attribute("data-count").map_or(1, |count| count.parse().expect("a count"))).sum()
    };
    let nodes = of_class(document, "nodes", "node");
    let kind = |kind: &str| nodes.iter().copied().filter(|node| has_class(*node, kind)).collect::<Vec<_>>();
    let mut counts = network.counts();
    if counts.neurons == 0 {
        for inner in network.networks().iter().map(Network::counts) {
            counts.inputs += inner.inputs;
            counts.neurons += inner.neurons;
            counts.synapses += inner.synapses;
        }
    }
    let synapses = of_class(document, "lines", "synapse");
    let drawn = (count(&kind("input")), count(&kind("neuron")), count(&synapses));
    assert_eq!(drawn, (counts.inputs, counts.neurons, counts.synapses), "{name}");
    let Some(trace) = trace else {
        assert!(!nodes.iter().any(|node| node.attribute("data-value").is_some()), "{name}");
        return;
    };
    for neuron in &trace.neurons {
        let full = network.unit_name(neuron.neuron);
        let Some(node) = nodes.iter().find(|node| node.attribute("data-neuron") == Some(&full)) else { continue };
        let number = |name: &str| node.attribute(name).and_then(|number| number.parse::<f64>().ok()).expect("a number");
        let same = |got: f64, wanted: f64| got.to_bits() == wanted.to_bits() || got.is_nan() && wanted.is_nan();
        assert!(same(number("data-value"), neuron.output), "{name}: {full}");
        assert!(same(number("data-net-input"), neuron.net_input), "{name}: {full}");
        assert_eq!(has_class(*node, "fires"), neuron.fires == Some(true), "{name}: {full}");
        for synapse in &neuron.synapses {
            let from = network.unit_name(synapse.from);
            let mut lines = synapses
                .iter()
                .filter(|line| line.attribute("data-from") == Some(&from) && line.attribute("data-to") == Some(&full));
            let Some(line) = lines.next().filter(|line| line.attribute("data-count").is_none()) else { continue };
            let number = |name: &str| line.attribute(name).and_then(|number| number.parse::<f64>().ok()).expect("one");
            assert!(same(number("data-weight"), synapse.weight), "{name}: {from} -> {full}");
            assert!(same(number("data-contribution"), synapse.contribution), "{name}: {from} -> {full}");
        }
    }
}

fn checked_both(name: &str, network: &Network) {
    checked(name, network, None);
    if let Some(trace) = evaluated(network) {
        checked(name, network, Some(&trace));
        // A picture needs no synapses of a trace.
        let inputs = Inputs::new(network);
        let row = inputs.row(network).expect("it was evaluated");
        let lighter = trace_neurons::<f64>(network, &plan(network, Wanted::Everything), row, Path::best());
        assert!(lighter.neurons.iter().all(|neuron| neuron.synapses.is_empty()));
        let drawn = |trace: &Trace| svg(&draw(network, Some(trace)), Theme::Light);
        assert_eq!(drawn(&lighter), drawn(&trace), "{name}");
    }
}

#[test]
fn nothing_is_in_the_way_in_pictures_of_the_examples() {
    let examples = examples();
    assert!(examples.len() >= 14);
    examples.iter().for_each(|(name, network)| checked_both(name, network));
}

#[test]
fn nothing_is_in_the_way_in_pictures_of_random_networks() {
    let mut random = Random(1);
    for round in 0..150 {
        let description = Description::random(&mut random, &["relu", "step", "tanh", "identity"]);
        checked_both(&format!("random {round}"), &load("random.neuron", &description.text(), &Folder::new()));
    }
}

/// Neurons of any levels, so that lines pass by many columns.
#[test]
fn nothing_is_in_the_way_in_pictures_of_irregular_networks() {
    let mut random = Random(2);
    for neurons in [1, 5, 20, 40, 60] {
        let mut text = "input n0 = 0.5, n1 = -1, n2 = 2\n".to_owned();
        for neuron in 3..3 + neurons {
            let _ = writeln!(text, "neuron n{neuron} {{ activation = relu, bias = {:?} }}", random.number());
            let sources: BTreeSet<usize> = (0..1 + random.below(3)).map(|_| random.below(neuron)).collect();
            for source in sources {
                let _ = writeln!(text, "n{source} -> n{neuron} : {:?}", random.number());
            }
        }
        let _ = writeln!(text, "output n{}, other = n{}", 2 + neurons, 3 + neurons / 2);
        checked_both(&format!("irregular {neurons}"), &load("irregular.neuron", &text, &Folder::new()));
    }
}

/// Instances in instances, fed by each other and by what is outside.
#[test]
fn frames_hold_their_own() {
    let mut random = Random(3);
    let inner = "network pair {\n input a, b\n neuron one { activation = step }\n neuron two\n a -> one : 1\n\
                 [one, b] -> two : [1, -1]\n output one, two\n}\n";
    let outer = "network nest {\n input a, b\n instance left = pair { a = a, b = b }\n\
                 instance right = pair { a = left.two, b = b }\n neuron end\n [left.one, right.two] -> end : 0.5\n\
                 output end, other = left.one\n}\n";
    for round in 0..60 {
        let mut text = format!("{inner}{outer}input x = 1, y = -0.5\n");
        let mut signals = vec!["x".to_owned(), "y".to_owned()];
        for part in 0..1 + random.below(7) {
            let fed = |random: &mut Random| signals[random.below(signals.len())].clone();
            let (a, b) = (fed(&mut random), fed(&mut random));
            match random.below(3) {
                0 => {
                    let _ = writeln!(text, "neuron m{part} {{ activation = tanh }}\n{a} -> m{part} : 0.5");
                    signals.push(format!("m{part}"));
                }
                1 => {
                    let _ = writeln!(text, "instance p{part} = pair {{ a = {a}, b = {b} }}");
                    signals.extend([format!("p{part}.one"), format!("p{part}.two")]);
                }
                _ => {
                    let _ = writeln!(text, "instance q{part} = nest {{ a = {a}, b = {b} }}");
                    signals.push(format!("q{part}.end"));
                }
            }
        }
        let _ = writeln!(text, "neuron last\n{} -> last : 1\noutput last", signals[signals.len() - 1]);
        checked_both(&format!("frames {round}\n{text}"), &load("frames.neuron", &text, &Folder::new()));
    }
}

/// Arrays that are one node may feed themselves and each other, though their neurons do not.
#[test]
fn loops_of_nodes_are_drawn() {
    let text = "input x = 1\nneuron h[40]\nneuron g[40]\nx -> h[0] : 1\nh[0..39] -> g[1..40] : 2 { rule = one_to_one }\n\
                g[1..40] -> h[1..40] : 0.5 { rule = one_to_one }\nh[0..39] -> h[1..40] : -1 { rule = one_to_one }\noutput g\n";
    checked_both("loops", &load("loops.neuron", text, &Folder::new()));
}

#[test]
fn pictures_of_nothing_and_of_little_are_pictures() {
    for text in
        ["", "input x\n", "neuron c\noutput c\n", "input x = 2\noutput x\n", "input x[3] = 2\noutput y = x[1]\n"]
    {
        checked_both(text, &load("little.neuron", text, &Folder::new()));
    }
}

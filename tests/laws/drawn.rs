//! Pictures in the languages of Graphviz and Mermaid, hostile text in all of them, and how large they get.

use std::fmt::Write;
use std::process::{Command, Stdio};

use neuronc::Network;
use neuronc::picture::{Theme, dot, draw, draw_small, mermaid, svg};
use roxmltree::Document;

use crate::picture::{evaluated, examples};
use crate::saving::{Folder, load};

/// Words of DOT's grammar: `"…"` as its text, names, numbers and signs as they are; none of comments.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                let mut word = "\"".to_owned();
                loop {
                    match letters.next().expect("a string ends") {
                        '"' => break,
                        '\\' => word.extend(['\\', letters.next().expect("a string ends")]),
                        other => word.push(other),
                    }
                }
                words.push(word);
            }
            '/' if letters.peek() == Some(&'/') => while letters.next().is_some_and(|letter| letter != '\n') {},
            '-' if letters.next_if_eq(&'>').is_some() => words.push("->".to_owned()),
            '{' | '}' | '[' | ']' | '=' | ',' | ';' => words.push(letter.to_string()),
            space if space.is_whitespace() => {}
            first => {
                assert!(first.is_ascii_alphanumeric(), "{first:?} in {text}");
                let mut word = first.to_string();
                while let Some(more) =
                    letters.next_if(|letter| letter.is_ascii_alphanumeric() || "._".contains(*letter))
                {
                    word.push(more);
                }
                words.push(word);
            }
        }
    }
    words
}

/// Reads a digraph; how many nodes, edges and clusters it has.
fn read_dot(text: &str) -> (usize, usize, usize) {
    let words = words(text);
    let word = |place: usize| words.get(place).map_or("", String::as_str);
    assert!(word(0) == "digraph" && word(1).starts_with('"') && word(2) == "{", "{text}");
    let (mut place, mut depth, mut counts) = (3, 1, (0, 0, 0));
    while depth > 0 {
        match (word(place), word(place + 1)) {
            ("}", _) => (depth, place) = (depth - 1, place + 1),
            (";", _) => place += 1,
            ("subgraph", name) => {
                assert!(name.starts_with("cluster_") && word(place + 2) == "{", "{text}");
                counts.2 += 1;
                (depth, place) = (depth + 1, place + 3);
            }
            (_, "=") => place += 3,
            (name, "->" | "[") => {
                let is_edge = word(place + 1) == "->";
                place += if is_edge { 3 } else { 1 };
                match name {
                    "graph" | "node" | "edge" => {}
                    _ if is_edge => counts.1 += 1,
                    _ => counts.0 += 1,
                }
                assert_eq!(word(place), "[", "{text}");
                while word(place) != "]" {
                    assert!(word(place + 2) == "=" && !word(place + 3).is_empty(), "{:?}", &words[place..]);
                    place += 4;
                    assert!(matches!(word(place), "," | "]"), "{:?}", &words[place..]);
                }
                place += 1;
            }
            other => panic!("{other:?} in {text}"),
        }
    }
    assert_eq!(place, words.len(), "{text}");
    counts
}

/// Graphviz reads it, too, where it is there.
fn graphviz_reads(text: &str) {
    let mut command = Command::new("dot");
    let piped = command.arg("-Tcanon").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut child) = piped.spawn() else { return };
    std::io::Write::write_all(&mut child.stdin.take().expect("it is piped"), text.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success() && output.stderr.is_empty(), "{}\n{text}", String::from_utf8_lossy(&output.stderr));
}

/// How many lines and nodes a flowchart has; each of its lines is one of the few forms that there are.
fn read_mermaid(text: &str) -> (usize, usize) {
    let mut rows = text.lines();
    assert_eq!(rows.next(), Some("flowchart LR"));
    let (mut nodes, mut lines, mut depth) = (0, 0, 0);
    for row in rows.map(str::trim) {
        // Between quotes nothing ends them, and nothing begins an element.
        let outside: String = row.split('"').step_by(2).collect();
        let inside: String = row.split('"').skip(1).step_by(2).collect();
        assert!(row.matches('"').count().is_multiple_of(2), "{row}");
        assert!(!inside.replace("<br/>", "").contains(['<', '>', '&', '`', '\\', '{', '}']), "{row}");
        let first = outside.split_whitespace().next().unwrap_or_default();
        match first {
            "%%" | "classDef" | "class" | "style" => {}
            "linkStyle" => {
                let list = outside.split_whitespace().nth(1).expect("a list");
                assert!(list.split(',').all(|line| line.parse::<usize>().is_ok_and(|line| line < lines)), "{row}");
            }
            "subgraph" => depth += 1,
            "end" => depth -= 1,
            _ if outside.contains("->") => lines += 1,
            _ => {
                assert!(first.starts_with('n') && row.ends_with([']', ')']), "{row}");
                nodes += 1;
            }
        }
    }
    assert_eq!(depth, 0, "{text}");
    (nodes, lines)
}

/// How many nodes, lines and frames an SVG has.
fn read_svg(text: &str) -> (usize, usize, usize) {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let count = |names: &[&str]| {
        let classes = document
            .descendants()
            .filter_map(|node| node.attribute("id").or(node.attribute("data-from")).and(node.attribute("class")));
        classes.filter(|class| names.iter().any(|name| class.split(' ').next() == Some(name))).count()
    };
    let frames = document.descendants().filter(|node| node.attribute("data-frame").is_some()).count();
    (count(&["node"]), count(&["synapse", "tap"]), frames)
}

fn agree(name: &str, network: &Network) {
    for trace in [None, evaluated(network)] {
        let picture = draw(network, trace.as_ref());
        let text = dot(&picture);
        let (nodes, edges, clusters) = read_dot(&text);
        graphviz_reads(&text);
        assert_eq!((nodes, edges, clusters), read_svg(&svg(&picture, Theme::Light)), "{name}");
        let small = draw_small(network, trace.as_ref());
        let text = mermaid(&small);
        let (nodes, lines) = read_mermaid(&text);
        let (small_nodes, small_lines, _) = read_svg(&svg(&small, Theme::Dark));
        assert_eq!((nodes, lines), (small_nodes, small_lines), "{name}");
        assert!(lines <= 500 && text.len() <= 50_000, "{name}: {lines} lines, {} bytes", text.len());
    }
}

#[test]
fn all_languages_tell_the_same() {
    let examples = examples();
    assert!(examples.len() >= 14);
    examples.iter().for_each(|(name, network)| agree(name, network));
}

/// An instance of a network without neurons is nothing to draw a frame round.
#[test]
fn frames_round_nothing_are_left_out() {
    let text = "network wire {\n input x\n output y = x\n}\nnetwork two {\n input x\n instance one = wire { x = x }\n output y = one.y\n}\n\
                network real {\n input x\n instance in = two { x = x }\n neuron n\n in.y -> n : 1\n output n\n}\n\
                input a = 2\ninstance w = wire { x = a }\ninstance t = two { x = w.y }\ninstance r = real { x = t.y }\noutput y = r.n\n";
    let network = load("wires.neuron", text, &Folder::new());
    assert_eq!(network.instances().len(), 6);
    agree("wires", &network);
    assert_eq!(read_svg(&svg(&draw(&network, None), Theme::Light)), (3, 2, 1));
}

#[test]
fn no_text_of_a_source_gets_out_of_its_place() {
    let evil = "</title><script>alert(1)</script>]]> \" ' & &lt; \\\\ \\N #quot; `x` --> | ; %% {{x}} %& <b>";
    let text = format!(
        "## {evil}\nnetwork 名前\n## {evil}\ninput é = 1\n## {evil}\nneuron ß {{ activation = relu }}\né -> ß : -1.5\noutput ß, ſ = ß\n"
    );
    let network = load("evil.neuron", &text, &Folder::new());
    agree("evil", &network);
    let picture = draw(&network, None);
    let text = svg(&picture, Theme::Auto);
    assert!(!text.contains("<script"), "{text}");
    let document = Document::parse(&text).expect("it parses");
    let told = document
        .descendants()
        .filter(|node| node.is_text() && node.text().is_some_and(|text| text.contains("<script>alert(1)")));
    assert_eq!(
        told.count(),
        3,
        "the network's, the input's and the neuron's documentation are told as they are\n{text}"
    );
}

/// Large networks are put together until they are small enough, and say so.
#[test]
fn large_networks_fit() {
    let mut singles = "input n0 = 1\n".to_owned();
    let mut chain = singles.clone();
    for neuron in 1..3_000 {
        let _ = writeln!(singles, "neuron n{neuron}\nn{} -> n{neuron} : 1", neuron / 7);
        let _ = writeln!(chain, "neuron n{neuron}\nn{} -> n{neuron} : 1", neuron - 1);
    }
    singles += "output n2999\n";
    chain += "output n2999\n";
    let mut arrays = "input a0[20] = 1\n".to_owned();
    for array in 1..90 {
        let _ = writeln!(arrays, "neuron a{array}[20]\na{} -> a{array} : 1", array - 1);
    }
    arrays += "output a89\n";
    let mut instances =
        "network unit {\ninput x\nneuron one\nneuron two\nx -> one : 1\none -> two : 1\noutput two\n}\ninput x = 1\n"
            .to_owned();
    for instance in 0..600 {
        let _ = writeln!(instances, "instance i{instance} = unit {{ x = x }}");
    }
    instances += "output y = i0.two\n";
    let outputs: String = (0..700).map(|place| format!("output o{place} = n0\n")).collect();
    for (name, text, told, most) in [
        ("singles", singles, "neurons at the same place are one node", 30),
        ("chain", chain, "neurons at the same place are one node", 30),
        ("arrays", arrays, "each array is one node", 130),
        ("instances", instances, "each array and instance is one node", 700),
        ("outputs", format!("input n0 = 1\n{outputs}"), "", 10),
    ] {
        let network = load("large.neuron", &text, &Folder::new());
        agree(name, &network);
        let text = svg(&draw(&network, None), Theme::Auto);
        let (nodes, ..) = read_svg(&text);
        assert!(text.contains(told) && nodes <= most && text.len() < 1 << 20, "{name}: {nodes}, {}", text.len());
    }
}

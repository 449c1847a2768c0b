//! Generated files, each with a few independent mistakes planted in statements of their own: all are told, nothing else.

use neuronc::Code;

use crate::{check, is_error, shown};

const FILES: u64 = 200;

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

/// What a statement declares or connects, by the numbers of its names: layer `n` has its size, weights and neurons.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Input,
    Weight,
    Bias,
    Neuron,
    Connection,
    Output,
    Expect,
}

/// One statement, right.
struct Statement {
    kind: Kind,
    text: String,
}

/// A chain of layers with a few single neurons, as statements in a random order.
fn statements(random: &mut Random) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut say = |kind, text: String| statements.push(Statement { kind, text });
    let mut size = 2 + random.below(3);
    say(Kind::Input, format!("input layer0[{size}] = 0.5"));
    let layers = 3 + random.below(4);
    for layer in 1..=layers {
        let next = 2 + random.below(3);
        let row = |random: &mut Random, count: usize| {
            let numbers: Vec<String> = (0..count).map(|_| format!("0.{}", 1 + random.below(99))).collect();
            format!("[{}]", numbers.join(", "))
        };
        let rows: Vec<String> = (0..next).map(|_| row(random, size)).collect();
        say(Kind::Weight, format!("weight strength{layer}[{next}, {size}] = [{}]", rows.join(", ")));
        say(Kind::Bias, format!("bias rest{layer}[{next}] = {}", row(random, next)));
        let activation = random.of(&["relu", "sigmoid", "tanh", "identity"]);
        say(Kind::Neuron, format!("neuron layer{layer}[{next}] {{ activation = {activation}, bias = rest{layer} }}"));
        say(Kind::Connection, format!("layer{} -> layer{layer} : strength{layer}", layer - 1));
        size = next;
    }
    say(Kind::Neuron, "neuron verdict { activation = relu, bias = 0.25 }".to_owned());
    say(Kind::Connection, format!("layer{layers} -> verdict : 0.75"));
    say(Kind::Output, "output verdict".to_owned());
    say(Kind::Expect, "expect layer0 = 0 => verdict = 1 within 1000".to_owned());
    for place in (1..statements.len()).rev() {
        statements.swap(place, random.below(place + 1));
    }
    statements
}

/// The statement with a mistake: what is marked stands between `«` and `»`, or only starts at `«`.
fn planted(statement: &Statement, random: &mut Random) -> (String, Code) {
    let text = &statement.text;
    let (head, rest) = text.split_once(' ').expect("a word and more");
    let change = |from: &str, to: &str| text.replacen(from, to, 1);
    // The same unknown name is told once, wherever it stands.
    let unknown = format!("«strenth{}»", random.below(1_000_000));
    match (statement.kind, random.below(5)) {
        (Kind::Input, 0) => (change("input", "«imput»"), Code::E0104),
        (Kind::Input, 1) => (change("0.5", "«.5»"), Code::E0108),
        (Kind::Input, 2) => (change("0.5", "«1e999»"), Code::E0109),
        (Kind::Input, 3) => (change("= 0.5", "«:» 0.5"), Code::E0114),
        (Kind::Input, _) => (change("= 0.5", "= «[1, 2, 3, 4, 5, 6, 7]»"), Code::E0301),
        (Kind::Weight, 0) => (change("weight", "«wieght»"), Code::E0104),
        (Kind::Weight, 1) => (change("0.", "«0.5f» + 0."), Code::E0108),
        (Kind::Weight, 2) => (change(", 0.", " «0.5», 0."), Code::E0111),
        (Kind::Weight, 3) => (format!("{text}«)»"), Code::E0103),
        (Kind::Weight, _) => (change("0.", &format!("{unknown} * 0.")), Code::E0201),
        (Kind::Bias, 0) => (change("bias", "«bais»"), Code::E0104),
        (Kind::Bias, 1) => (change("[", "«[»["), Code::E0102),
        (Kind::Bias, 2) => (change("0.", "«0x1F» + 0."), Code::E0108),
        (Kind::Bias, 3) => (change("0.", "«sqr»(2) + 0."), Code::E0207),
        (Kind::Bias, _) => (format!("{text} «1»"), Code::E0101),
        (Kind::Neuron, 0) => (change("activation =", "«activaton» ="), Code::E0204),
        (Kind::Neuron, 1) => (change("= ", "= «like_").replacen(", bias", "», bias", 1), Code::E0206),
        (Kind::Neuron, 2) => (change(", bias", " «bias»"), Code::E0111),
        (Kind::Neuron, 3) => (change("neuron", "«nueron»"), Code::E0104),
        (Kind::Neuron, _) => (change("{", "{ «weight» = 1, "), Code::E0204),
        (Kind::Connection, 0) => (format!("«x{head}» {rest}"), Code::E0201),
        (Kind::Connection, 1) => (change("->", "«=>»"), Code::E0114),
        (Kind::Connection, 2) => (change(" : ", " «=» "), Code::E0114),
        (Kind::Connection, 3) => (change(" : ", &format!(" : {unknown} * ")), Code::E0201),
        (Kind::Connection, _) => (format!("«{head}[9]» {rest}"), Code::E0302),
        (Kind::Output, 0) => (change("verdict", "«verdcit»"), Code::E0201),
        (Kind::Output, 1) => (change("output", "«ouput»"), Code::E0104),
        (Kind::Output, 2) => (format!("{text}, «verdict»"), Code::E0205),
        (Kind::Output, 3) => (format!("{text} «layer0»"), Code::E0101),
        (Kind::Output, _) => (format!("{text}«;»"), Code::E0114),
        (Kind::Expect, 0) => (change("expect", "«expct»"), Code::E0104),
        (Kind::Expect, 1) => (change("=>", "«->»"), Code::E0114),
        (Kind::Expect, 2) => (change("layer0", "«laier0»"), Code::E0201),
        (Kind::Expect, 3) => (change("1000", "«-1»"), Code::E0213),
        (Kind::Expect, _) => (change("verdict =", "«strength1» ="), Code::E0203),
    }
}

#[test]
fn all_mistakes_of_generated_files_are_told_and_nothing_else() {
    let (mut planted_in_all, mut right, mut told_in_all) = (0, 0, 0);
    let mut others = String::new();
    for seed in 0..FILES {
        let mut random = Random(seed);
        let mut statements = statements(&mut random);
        let count = 1 + random.below(4);
        let mut wanted = Vec::new();
        let mut text = String::new();
        let places: Vec<usize> = (0..count).map(|_| random.below(statements.len())).collect();
        for (place, statement) in statements.iter_mut().enumerate() {
            let written = if places.contains(&place) {
                let (marked, code) = planted(statement, &mut random);
                let (before, rest) = marked.split_once('«').unwrap_or_else(|| panic!("no mark: {marked}"));
                let start = text.len() + before.len();
                let end = rest.find('»').map(|length| start + length).expect("a mark that ends");
                wanted.push((start, end, code));
                marked.replace(['«', '»'], "")
            } else {
                statement.text.clone()
            };
            text.push_str(&written);
            text.push('\n');
        }
        let (sources, reports) = check(&text);
        let errors: Vec<_> = reports.iter().filter(is_error).collect();
        let told: Vec<_> = errors
            .iter()
            .map(|report| {
                let place = report.label.as_ref().expect("a place").span.range();
                (place.start, place.end, report.code)
            })
            .collect();
        let hits = wanted.iter().filter(|mistake| told.contains(mistake)).count();
        (planted_in_all, right, told_in_all) = (planted_in_all + wanted.len(), right + hits, told_in_all + told.len());
        if hits < wanted.len() || told.len() > wanted.len() {
            let file = errors.first().map(|report| report.label.as_ref().expect("a place").span.file);
            let messages: String =
                errors.iter().map(|report| shown(report, sources.get(file.expect("a place")))).collect();
            let missed: Vec<_> = wanted.iter().filter(|mistake| !told.contains(mistake)).collect();
            others.push_str(&format!("--- seed {seed}, missed {missed:?}\n{text}\n{messages}\n"));
        }
    }
    println!("{FILES} files, {planted_in_all} mistakes: {right} told at their place, {told_in_all} errors in all");
    assert!(right == planted_in_all && told_in_all == planted_in_all, "\n{others}");
}

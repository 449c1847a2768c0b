//! Files beside a source: graphs of imports, and files of weights.

use std::collections::BTreeMap;

use neuronc::Sources;

use super::resolved;

/// A source with files beside it: modules that import each other, and files of weights. A line of `@NAME` starts each.
pub fn files(bytes: &[u8]) {
    let mut parts = bytes.split(|byte| *byte == b'@');
    let main = parts.next().unwrap_or_default().to_vec();
    let mut files = BTreeMap::new();
    for part in parts {
        let end = part.iter().position(|byte| *byte == b'\n').unwrap_or(part.len());
        let name = String::from_utf8_lossy(&part[..end]).into_owned();
        files.insert(name, part.get(end + 1..).unwrap_or_default().to_vec());
    }
    resolved(main, &files, &mut Sources::new());
}

/// Any graph of imports: one with a circle is refused, another is resolved, and its value is what it says.
///
/// Two bytes an import: which of eight files has it, and which it imports.
pub fn imports(bytes: &[u8]) {
    let mut wanted = [[false; 8]; 8];
    for pair in bytes.as_chunks::<2>().0 {
        wanted[usize::from(pair[0] % 8)][usize::from(pair[1] % 8)] = true;
    }
    let written = |from: usize| {
        let mut text = String::new();
        let to: Vec<usize> = (0..8).filter(|to| wanted[from][*to]).collect();
        for to in &to {
            text += &format!("import \"{to}.neuron\" as m{to}\n");
        }
        text += "network one {\ninput x\nneuron y { bias = 1 }\nx -> y : 1\n";
        for to in &to {
            text += &format!("instance i{to} = m{to}.one {{ x = x }}\ni{to}.y -> y : 1\n");
        }
        text + "output y\n}\n"
    };
    let files: BTreeMap<String, Vec<u8>> =
        (0..8).map(|number| (format!("{number}.neuron"), written(number).into_bytes())).collect();
    let main = "import \"0.neuron\" as m\ninput x = 1\ninstance i = m.one { x = x }\noutput o = i.y\n";
    let network = resolved(main.into(), &files, &mut Sources::new());
    // What the first file's network gives; none if it is part of a circle or leads to one.
    fn value(from: usize, wanted: &[[bool; 8]; 8], behind: &mut Vec<usize>) -> Option<f64> {
        if behind.contains(&from) {
            return None;
        }
        behind.push(from);
        let mut sum = Some(2.0);
        for to in (0..8).filter(|to| wanted[from][*to]) {
            sum = Some(sum? + value(to, wanted, behind)?);
        }
        behind.pop();
        sum
    }
    match (value(0, &wanted, &mut Vec::new()), network) {
        (None, network) => assert!(network.is_none(), "a circle is resolved"),
        (Some(expected), Some(network)) => {
            let outputs = super::outputs(&network, &super::row(&network));
            assert_eq!(outputs, [Some(expected.to_bits())]);
        }
        (Some(expected), None) => assert!(expected > 1_000.0, "a graph without circles is refused"),
    }
}

/// Files of weights: the first byte tells the format, the rest is the file.
pub fn tensors(bytes: &[u8]) {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let (name, arguments) = match first % 4 {
        0 => ("w.safetensors", "\"w.safetensors\", \"w\""),
        1 => ("w.safetensors", "\"w.safetensors\", \"w\", transpose = true"),
        2 => ("w.npy", "\"w.npy\""),
        _ => ("w.csv", "\"w.csv\""),
    };
    let files = BTreeMap::from([(name.to_owned(), bytes.to_vec())]);
    for size in ["", "[2, 3]", "[4]"] {
        let text = format!("weight w{size} = load({arguments})\ninput x = 1\noutput x\n");
        let Some(network) = resolved(text.into_bytes(), &files, &mut Sources::new()) else { continue };
        let values: usize = network.parameters().map(|parameter| parameter.values.len()).sum();
        assert!(values <= bytes.len(), "{values} values of {} bytes", bytes.len());
    }
}

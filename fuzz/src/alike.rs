//! What is read in a quick way means what the grammar reads.

use std::collections::BTreeMap;

use neuronc::Sources;

use super::{resolved, row};

/// A list of numbers, and the same with a comment behind each comma, which only the grammar reads.
fn list(text: &str) -> [String; 2] {
    let count = 1 + text.bytes().filter(|byte| *byte == b',').count();
    [text.to_owned(), text.replace(',', ", #\n")]
        .map(|list| format!("weight w = [{list}]\ninput x[{count}] = w\nneuron y\nx -> y : 1\noutput y\n"))
}

/// A plain connection a line, and the same with the weight in parentheses, which only the grammar reads.
fn lines(text: &str) -> [String; 2] {
    let head = "input a = 1\ninput b[4] = [2, 3, 5, 7]\nweight w = 3\nneuron y\nneuron z[4]\noutput y, z\n";
    let line = |line: &str, left: &str, right: &str| match line.split_once(':') {
        Some((ends, weight)) => format!("{ends}:{left}{weight}{right}\n"),
        None => format!("{line}\n"),
    };
    [("", ""), ("(", ")")]
        .map(|(left, right)| head.to_owned() + &text.lines().map(|text| line(text, left, right)).collect::<String>())
}

/// Lists of numbers and plain connections: the quick reader and the grammar give the same values, or both an error.
pub fn alike(bytes: &[u8]) {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b" \t\n.,:-+_[]>".contains(&byte);
    if !text.bytes().all(plain) {
        return;
    }
    let texts = if first & 1 == 0 { list(text) } else { lines(text) };
    let read = texts.each_ref().map(|text| {
        let network = resolved(text.clone().into_bytes(), &BTreeMap::new(), &mut Sources::new())?;
        let weights = network.parameters().flat_map(|parameter| parameter.values.clone());
        Some(weights.chain(row(&network)).map(f64::to_bits).collect::<Vec<_>>())
    });
    assert_eq!(read[0], read[1], "{}", texts[0]);
}

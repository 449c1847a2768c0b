//! Every word and mark of a file dropped, doubled or misspelt, one at a time.

use std::collections::BTreeMap;

use crate::{assert_recorded, base, check, is_error, shown};

const FILES: [&str; 17] = [
    "and",
    "article",
    "excitation",
    "firing_rate",
    "nand",
    "not",
    "or",
    "xor",
    "layers",
    "consts_and_sizes",
    "slices_and_lists",
    "combine",
    "vectors",
    "tolerances",
    "several_items",
    "trailing_commas",
    "derived_values",
];

/// The words, numbers and marks of a text, without its comments.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_part = |character: char| character.is_alphanumeric() || character == '_';
        let length = match first {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("->") || rest.starts_with("=>") || rest.starts_with("..") => 2,
            _ if is_part(first) => rest.find(|next| !is_part(next)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        if first != '#' && !first.is_whitespace() {
            tokens.push(&rest[..length]);
        }
        rest = &rest[length..];
    }
    tokens
}

/// What a slip makes of a token.
fn slips(token: &str) -> Vec<String> {
    let mut slips = vec![String::new()];
    let letters: Vec<char> = token.chars().collect();
    if letters.len() > 1 && letters[0].is_alphabetic() {
        let (last, others) = letters.split_last().expect("it is no empty word");
        let mut swapped = letters.clone();
        swapped.swap(letters.len() - 1, letters.len() - 2);
        slips.extend([others.iter().collect(), letters[1..].iter().collect(), swapped.iter().collect()]);
        slips.extend([token.to_uppercase(), format!("{token}{last}")]);
    } else {
        slips.push(format!("{token} {token}"));
        if !letters[0].is_ascii_digit() {
            slips.push(format!("{token}{token}"));
        }
    }
    slips
}

/// A message without the names and numbers of its file.
fn general(text: &str) -> String {
    let mut parts = text.split('`');
    let mut general = parts.next().unwrap_or("").to_owned();
    while let (Some(_), Some(rest)) = (parts.next(), parts.next()) {
        general.push_str("`…`");
        general.push_str(rest);
    }
    let is_digit = |character: char| character.is_ascii_digit();
    let words: Vec<&str> = general.split(' ').map(|word| if word.contains(is_digit) { "0" } else { word }).collect();
    words.join(" ")
}

#[test]
fn no_slip_gives_a_second_error() {
    let (mut count, mut told) = (0, 0);
    let mut sayings: BTreeMap<String, usize> = BTreeMap::new();
    for name in FILES {
        let text = base(name);
        for token in tokens(&text) {
            let start = token.as_ptr() as usize - text.as_ptr() as usize;
            for slip in slips(token) {
                let slipped = format!("{}{slip}{}", &text[..start], &text[start + token.len()..]);
                let (sources, reports) = check(&slipped);
                let errors: Vec<_> = reports.iter().filter(is_error).collect();
                let file = reports.first().and_then(|report| Some(report.label.as_ref()?.span.file));
                let all = || {
                    errors.iter().map(|report| shown(report, sources.get(file.expect("a place")))).collect::<String>()
                };
                assert!(errors.len() <= 1, "{name}: `{slip}` for `{token}`\n{}", all());
                count += 1;
                told += errors.len();
                for report in &reports {
                    let said = [report.message.as_str(), report.help.as_deref().unwrap_or("")];
                    let [message, help] = said.map(general);
                    let labels = report.label.iter().chain(&report.related).map(|label| general(&label.text));
                    let labels: Vec<String> = labels.collect();
                    *sayings
                        .entry(format!("{} {message} | {} | {help}", report.code, labels.join(", ")))
                        .or_default() += 1;
                }
            }
        }
    }
    // The others are no mistakes to the language: another name of the network, a sign, a trailing comma, …
    let sayings: String = sayings.iter().map(|(said, times)| format!("{times:>5} {said}\n")).collect();
    assert_recorded("slips.txt", &sayings);
    assert!(count > 5_000 && told * 10 > count * 9, "{told} of {count}");
}

//! The language page is true: its files are checked and tested, its outputs and messages are the program's, and its
//! tables are those of the code.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use neuronc::{Code, Combine, Function, Limits};
use serde_json::Value;

use crate::documents::console;
use crate::examples::laid_out;
use crate::{blocks, read};

const PAGE: &str = "docs/language.md";

/// A folder of its own that has what the page writes so far.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        let folder = std::env::temp_dir().join(format!("neuronc-language-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        Folder(folder)
    }

    fn path(&self) -> &Path {
        &self.0
    }

    fn write(&self, name: &str, content: &str) {
        std::fs::write(self.0.join(name), content).expect("the file can be written");
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_neuronc")).args(arguments).current_dir(&self.0).output().expect("it runs")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn its_blocks_are_true() {
    let folder = Folder::new();
    let mut wrong: Option<(String, String)> = None;
    let (mut right, mut mistakes, mut outputs) = (0, 0, 0);
    for (info, content) in blocks(&read(PAGE)) {
        let mut words = info.split_whitespace();
        let kind = words.next().unwrap_or_default();
        let words: Vec<&str> = words.collect();
        if let Some((messages, text)) = wrong.take() {
            assert_eq!(kind, "message", "what is said of a wrong file stands behind it:\n{text}");
            assert_eq!(one_line(&content), one_line(&messages), "{text}");
            mistakes += 1;
            continue;
        }
        match kind {
            "neuron" => {
                let name = words.iter().find(|word| word.ends_with(".neuron")).unwrap_or(&"page.neuron");
                folder.write(name, &content);
                if words.contains(&"wrong") {
                    wrong = Some((messages(&folder, name), content));
                    continue;
                }
                right += 1;
                holds(&folder, name, &content);
                if !words.contains(&"loose") {
                    assert_eq!(laid_out(name, &content), content, "{name} is in the layout of `fmt`");
                }
            }
            "csv" => folder.write(words[0], &content),
            "console" => outputs += console(PAGE, &content, folder.path()),
            // Drawings, and the summary that has a test of its own.
            "picture" | "grammar" => {}
            other => panic!("{PAGE}: nobody executes a block of {other:?}"),
        }
    }
    assert_eq!(wrong, None, "what is said of the last wrong file is missing");
    assert!(right >= 20 && mistakes >= 20 && outputs >= 6, "{right} files, {mistakes} mistakes, {outputs} outputs");
}

/// A file without errors and warnings, whose expectations hold.
fn holds(folder: &Folder, name: &str, text: &str) {
    let commands: &[&str] =
        if text.lines().any(|line| line.starts_with("expect ")) { &["check", "test"] } else { &["check"] };
    for command in commands {
        let output = folder.run(&[command, "--error-on-warning", name]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && stderr.is_empty(), "{command} {name}: {stderr}\n{text}");
    }
}

/// All messages on a file as the page shows them.
fn messages(folder: &Folder, name: &str) -> String {
    let output = folder.run(&["check", "--message-format", "json", name]);
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    let parsed = stderr.lines().map(|line| serde_json::from_str::<Value>(line).expect("a message is JSON"));
    let shown = |message: Value| {
        let text = |key: &str| message[key].as_str().map(str::to_owned);
        let code = text("code")?;
        let help = text("help").map(|help| format!("help: {help}\n")).unwrap_or_default();
        Some(format!("{code} in line {}: {}\n{help}", message["line"], text("message")?))
    };
    parsed.filter_map(shown).collect()
}

/// A text without its line ends: long messages are broken on the page.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines of a section, without its heading.
fn section(heading: &str) -> String {
    let page = read(PAGE);
    let (_, rest) = page.split_once(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no section {heading}"));
    rest.split("\n## ").next().unwrap_or_default().to_owned()
}

/// What stands between backticks.
fn quoted(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn its_limits_are_those_of_the_code() {
    let rows: Vec<String> = Limits::TABLE
        .iter()
        .map(|limit| {
            let (default, ceiling, code) = (grouped(limit.default), grouped(limit.ceiling), limit.code);
            format!("| `{}` | {} | {default} | {ceiling} | [{code}](errors/{code}.md) |", limit.name, limit.what)
        })
        .collect();
    let section = section("Limits");
    let told: Vec<&str> = section.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(told, rows);
}

/// A number with commas between its thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let places = digits.chars().enumerate();
    let comma = |place: usize| if place > 0 && (digits.len() - place).is_multiple_of(3) { "," } else { "" };
    places.map(|(place, digit)| format!("{}{digit}", comma(place))).collect()
}

/// The literals of the grammar.
fn literals(grammar: &str) -> BTreeSet<&str> {
    let code = grammar.lines().map(|line| line.split("//").next().unwrap_or_default());
    code.flat_map(|line| line.split('"').skip(1).step_by(2)).collect()
}

#[test]
fn its_reserved_words_are_those_of_the_grammar() {
    let grammar = read("grammar/neuron.pest");
    let (_, rule) = grammar.split_once("\nreserved = @{").expect("the grammar has reserved words");
    let reserved = literals(rule.split('}').next().unwrap_or_default());
    let section = section("Reserved words");
    assert_eq!(quoted(section.trim_start().split("\n\n").next().unwrap_or_default()), reserved);
}

#[test]
fn its_grammar_has_the_words_and_marks_of_the_grammar() {
    let grammar = read("grammar/neuron.pest");
    let summaries = blocks(&section("Grammar"));
    let [(_, summary)] = summaries.as_slice() else { panic!("there is one summary") };
    let (known, told) = (literals(&grammar), literals(summary));
    let unknown: Vec<_> = told.difference(&known).filter(|literal| !matches!(**literal, "e" | "E")).collect();
    assert!(unknown.is_empty(), "the summary has what the grammar has not: {unknown:?}");
    for (word, _) in grammar.split("SOI ~ \"").skip(1).filter_map(|rest| rest.split_once('"')) {
        assert!(told.contains(word), "the summary lacks the statement `{word}`");
    }
}

#[test]
fn it_names_what_there_is() {
    let page = read(PAGE);
    let call = |name: &str| page.contains(&format!("`{name}(")) || page.contains(&format!(", `{name}("));
    for function in Function::TABLE {
        assert!(call(function.name()), "the page does not tell of {}", function.name());
    }
    for (name, _) in Combine::TABLE {
        assert!(page.contains(&format!("| `{name}` |")), "the page does not tell of {name}");
    }
}

#[test]
fn its_links_lead_to_headings_and_pages_of_codes() {
    let page = read(PAGE);
    let is_kept = |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
    let anchor = |heading: &str| heading.to_lowercase().chars().filter(is_kept).collect::<String>().replace(' ', "-");
    let mut headings = BTreeSet::new();
    let mut inside = false;
    for line in page.lines() {
        inside ^= line.starts_with("```");
        if !inside && line.starts_with('#') {
            let heading = anchor(line.trim_start_matches('#').trim_start());
            assert!(headings.insert(heading), "two headings are called {line}");
        }
    }
    for target in page.split("](#").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(headings.contains(target), "{PAGE} links to #{target}");
    }
    for (code, rest) in page.split("](errors/").skip(1).filter_map(|rest| rest.split_once(".md")) {
        assert!(rest.starts_with(')') && Code::parse(code).is_some(), "{code}");
    }
}

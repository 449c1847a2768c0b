//! Every block of the documents is executed: files are written, commands are run, outputs compared.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{blocks, path, read};

/// Runs the blocks of a document in order, in a folder of its own that has the examples.
fn execute(document: &str) -> usize {
    let folder =
        std::env::temp_dir().join(format!("neuronc-{}-{}", document.replace(['/', '.'], "-"), std::process::id()));
    let examples = folder.join("examples");
    std::fs::create_dir_all(&examples).expect("the folder can be made");
    for entry in std::fs::read_dir(path("examples")).expect("there are examples") {
        let entry = entry.expect("an example can be listed");
        std::fs::copy(entry.path(), examples.join(entry.file_name())).expect("an example can be copied");
    }
    let mut commands = 0;
    for (info, content) in blocks(&read(document)) {
        let (language, name) = info.split_once(' ').unwrap_or((&info, ""));
        match language {
            "neuron" => {
                assert!(!name.is_empty(), "{document}: a neuron block needs a file name");
                std::fs::write(folder.join(name), &content).expect("the file can be written");
            }
            "csv" => std::fs::write(folder.join(name), &content).expect("the file can be written"),
            "written" => {
                let written = std::fs::read_to_string(folder.join(name)).expect("a command has written it");
                assert_eq!(written, content, "{document}: {name}");
            }
            "console" => commands += console(document, &content, &folder),
            "repl" => commands += prompt(document, name, &content, &folder),
            "sh" => commands += shell(document, &content, &folder),
            "rust" => {
                // Executed as documentation of the library; an example too, for those who start from a file.
                let example = read("examples/embed.rs");
                let code = example.split_once("\n\n").expect("a line on what it is").1;
                assert_eq!(content, code, "{document} and examples/embed.rs");
            }
            "imports" | "stages" => {} // Held by the test of the structure.
            other => panic!("{document}: nobody executes a block of {other:?}"),
        }
    }
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
    commands
}

/// `$ neuronc …` and what it prints, standard output first.
pub fn console(document: &str, content: &str, folder: &Path) -> usize {
    let mut count = 0;
    for part in content.split("$ ").filter(|part| !part.is_empty()) {
        let (command, expected) = part.split_once('\n').expect("a command ends with its line");
        assert_eq!(printed(document, command, folder), expected, "{document}: {command}");
        count += 1;
    }
    count
}

/// What is typed at the prompt on a file, behind `> `, and what comes of it.
fn prompt(document: &str, file: &str, content: &str, folder: &Path) -> usize {
    let typed: Vec<&str> = content.lines().filter_map(|line| line.strip_prefix("> ")).collect();
    let mut child = Command::new(env!("CARGO_BIN_EXE_neuronc"))
        .args(["repl", "--echo", file])
        .current_dir(folder)
        .env_remove("COLUMNS")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("TERM")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut input = child.stdin.take().expect("stdin is piped");
    input.write_all((typed.join("\n") + "\n").as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stdout), content, "{document}: the prompt on {file}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{document}: the prompt on {file}");
    typed.len()
}

/// The two commands of the README: the first must print what the text says; the second is what runs this test.
fn shell(document: &str, content: &str, folder: &Path) -> usize {
    let mut lines = content.lines();
    let first = lines.next().and_then(|line| line.strip_prefix("cargo run --release -- ")).expect("the main job");
    assert_eq!(printed(document, &format!("neuronc {first}"), folder), "c = 2.2\n");
    assert_eq!(lines.collect::<Vec<_>>(), ["cargo test"]);
    1
}

fn printed(document: &str, command: &str, folder: &Path) -> String {
    let mut words = command.split_whitespace();
    assert_eq!(words.next(), Some("neuronc"), "{document}: {command}");
    let words: Vec<&str> = words.collect();
    let files: Vec<String> = words.iter().flat_map(|word| expanded(word, folder)).collect();
    let output = Command::new(env!("CARGO_BIN_EXE_neuronc"))
        .args(files)
        .current_dir(folder)
        .env_remove("COLUMNS")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("TERM")
        .output()
        .expect("the program runs");
    String::from_utf8(output.stdout).expect("UTF-8") + &String::from_utf8(output.stderr).expect("UTF-8")
}

/// `examples/*.neuron` as the shell expands it.
fn expanded(word: &str, folder: &Path) -> Vec<String> {
    let Some(parent) = word.strip_suffix("/*.neuron") else { return vec![word.to_owned()] };
    let entries = std::fs::read_dir(folder.join(parent)).expect("the folder is there");
    let names = entries.map(|entry| entry.expect("a file can be listed").file_name().to_string_lossy().into_owned());
    let mut files: Vec<String> =
        names.filter(|name| name.ends_with(".neuron")).map(|name| format!("{parent}/{name}")).collect();
    files.sort();
    files
}

#[test]
fn the_readme_is_true() {
    assert!(execute("README.md") >= 8);
}

#[test]
fn the_page_of_files_of_rows_is_true() {
    assert!(execute("docs/data.md") >= 5);
}

#[test]
fn the_page_of_pictures_is_true() {
    assert!(execute("docs/pictures.md") >= 3);
}

#[test]
fn the_examples_page_is_true() {
    assert!(execute("examples/README.md") >= 1);
}

#[test]
fn the_architecture_page_has_no_block_that_nobody_executes() {
    execute("ARCHITECTURE.md");
}

#[test]
fn links_lead_to_files() {
    for document in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/activations.md",
        "docs/data.md",
        "docs/generators.md",
        "docs/language.md",
        "docs/pictures.md",
        "examples/README.md",
        "benches/README.md",
    ] {
        let text = read(document);
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            if !target.starts_with("http") && !file.is_empty() {
                let found = path(document).parent().expect("a document has a folder").join(file);
                assert!(found.exists(), "{document} links to {target}");
            }
        }
    }
}

#[test]
fn the_readme_names_every_activation_and_combine() {
    let text = read("README.md");
    let rows = neuronc::Activation::TABLE.iter().map(|row| row.name);
    for name in rows.chain(neuronc::Combine::TABLE.iter().map(|(name, _)| *name)) {
        assert!(text.contains(&format!("`{name}`")), "the README does not name `{name}`");
    }
}

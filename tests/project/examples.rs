//! Every example is right: no message, every expectation holds, a run gives something.

use std::process::Command;

use crate::{blocks, path, read};

#[test]
fn every_example_holds() {
    let mut count = 0;
    for entry in std::fs::read_dir(path("examples")).expect("there are examples") {
        let file = entry.expect("an example can be listed").path();
        let name = file.file_name().expect("a file has a name").to_string_lossy().into_owned();
        if !name.ends_with(".neuron") {
            continue;
        }
        count += 1;
        let run = |command: &str| {
            let arguments = [command, "--error-on-warning", file.to_str().expect("the path is UTF-8")];
            let output = Command::new(env!("CARGO_BIN_EXE_neuronc")).args(arguments).output().expect("it runs");
            let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success() && stderr.is_empty(), "{command} {name}: {stderr}");
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        assert_eq!(run("check"), "");
        assert!(run("test").contains("expectations hold"), "{name} has no expectations");
        // It is there for others to import.
        if name != "gates.neuron" {
            assert!(run("run").contains(" = "), "{name}");
        }
        assert!(read("examples/README.md").contains(&name), "examples/README.md does not tell of {name}");
    }
    assert!(count >= 8);
}

/// Every example, starting file and listing of the README is in the layout that `fmt` gives.
#[test]
fn what_is_shown_is_laid_out() {
    let mut texts: Vec<(String, String)> = Vec::new();
    for folder in ["examples", "src/bin/neuronc/templates"] {
        for entry in std::fs::read_dir(path(folder)).expect("the folder is there") {
            let name = entry.expect("a file can be listed").file_name().to_string_lossy().into_owned();
            if name.ends_with(".neuron") {
                texts.push((name.clone(), read(&format!("{folder}/{name}"))));
            }
        }
    }
    texts.extend(blocks(&read("README.md")).into_iter().filter(|(info, _)| info.starts_with("neuron ")));
    assert!(texts.len() >= 14);
    for (name, text) in texts {
        // It shows mistakes.
        if name == "neuron slip.neuron" {
            continue;
        }
        assert_eq!(laid_out(&name, &text), text, "{name}");
    }
}

/// A text in the layout that `fmt` gives.
pub fn laid_out(name: &str, text: &str) -> String {
    let limits = neuronc::Limits::default();
    let mut sources = neuronc::Sources::new();
    let file = sources.add(name, text.to_owned().into(), &limits).expect("it is UTF-8");
    let (program, mistakes) = neuronc::parse(sources.get(file), &limits);
    assert!(!mistakes.has_errors(), "{name}");
    neuronc::format(&program, sources.get(file))
}

//! Every example is right: no message, every expectation holds, a run gives something.

use std::process::Command;

use crate::{path, read};

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
        assert!(run("run").contains(" = "), "{name}");
        assert!(read("examples/README.md").contains(&name), "examples/README.md does not tell of {name}");
    }
    assert!(count >= 8);
}

//! The pictures of the documents are those that the program draws; `UPDATE=1` rewrites them.

use std::process::Command;

use crate::path;

#[test]
fn the_pictures_are_the_programs() {
    for (name, arguments) in [("article", ["--values"].as_slice()), ("xor_gates", &[])] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_neuronc"));
        let output = command.args(["draw", &format!("examples/{name}.neuron")]).args(arguments).current_dir(path("."));
        let drawn = output.output().expect("it runs");
        assert!(drawn.status.success(), "{}", String::from_utf8_lossy(&drawn.stderr));
        let file = path(&format!("docs/pictures/{name}.svg"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(path("docs/pictures")).expect("the folder can be made");
            std::fs::write(&file, &drawn.stdout).expect("the picture can be written");
        }
        let kept = std::fs::read(&file).unwrap_or_default();
        assert!(kept == drawn.stdout, "{name} is another picture: UPDATE=1 cargo test --test project rewrites it");
    }
}

//! Every neuron against a reference in Python, which has a parser and an arithmetic of its own.

use std::path::Path;
use std::process::Command;

/// Where Python is missing, this says so and passes.
#[test]
fn files_mean_what_the_reference_says() {
    if !Command::new("python3").arg("--version").output().is_ok_and(|said| said.status.success()) {
        println!("there is no python3: nothing is compared with the reference");
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/compare.py");
    let program = env!("CARGO_BIN_EXE_neuronc");
    let run = Command::new("python3").arg("-B").arg(script).args([program, "--random", "60"]).output();
    let run = run.expect("python3 can be run");
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    assert!(said.contains("all equal"), "{said}");
}

//! `neuronc fmt`: what it writes, and that nothing is lost on the way.

use std::path::PathBuf;
use std::process::{Command, Output};

use crate::{Test, example};

const UNTIDY: &str = "input x=1 # one\n\n\n\nneuron y{bias=2}\nx->y:0.50\noutput y";
const TIDY: &str = "input x = 1 # one\n\nneuron y { bias = 2 }\nx -> y : 0.50\noutput y\n";

/// A folder in which files are formatted.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("neuronc-fmt-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        Folder(folder)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        std::fs::write(self.0.join(name), content).expect("the file can be written");
        self.0.join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).expect("the file is there")
    }

    /// What a run prints on its two streams, if it ends with `code`.
    #[track_caller]
    fn run(&self, code: i32, arguments: &[&str]) -> (String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_neuronc"));
        let Output { status, stdout, stderr } =
            command.arg("fmt").args(arguments).current_dir(&self.0).output().expect("the program runs");
        let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        assert_eq!(status.code(), Some(code), "{arguments:?}\nstdout:\n{stdout}\nstderr:\n{stderr}");
        (stdout.into_owned(), stderr.into_owned())
    }

    fn count(&self) -> usize {
        std::fs::read_dir(&self.0).expect("the folder is there").count()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).expect("the folder can be removed");
    }
}

#[test]
fn files_are_laid_out_in_place_and_only_where_they_change() {
    let folder = Folder::new("place");
    folder.write("a.neuron", UNTIDY);
    let tidy = folder.write("b.neuron", TIDY);
    let written = |path: &PathBuf| std::fs::metadata(path).and_then(|data| data.modified()).expect("it has a time");
    let before = written(&tidy);
    assert_eq!(folder.run(0, &["a.neuron", "b.neuron"]), (String::new(), String::new()));
    assert_eq!((folder.read("a.neuron"), folder.read("b.neuron")), (TIDY.to_owned(), TIDY.to_owned()));
    assert_eq!(written(&tidy), before);
    assert_eq!(folder.count(), 2, "nothing is left over");
}

#[test]
fn check_names_what_would_change_and_writes_nothing() {
    let folder = Folder::new("check");
    folder.write("a.neuron", UNTIDY);
    folder.write("b.neuron", TIDY);
    assert_eq!(folder.run(1, &["--check", "a.neuron", "b.neuron"]), ("a.neuron\n".to_owned(), String::new()));
    assert_eq!(folder.run(0, &["--check", "b.neuron"]), (String::new(), String::new()));
    assert_eq!(folder.read("a.neuron"), UNTIDY);
    Test::new().args("fmt --check -").input(UNTIDY).run().code(1).stdout("standard input\n").stderr("");
}

#[test]
fn a_dash_reads_standard_input_and_writes_standard_output() {
    Test::new().args("fmt -").input(UNTIDY).run().code(0).stdout(TIDY).stderr("");
    Test::new().args("fmt -").input("").run().code(0).stdout("").stderr("");
    Test::new().args("fmt").run().code(2).stdout("");
}

#[test]
fn a_file_with_errors_is_left_alone_and_the_others_are_not() {
    let folder = Folder::new("errors");
    folder.write("a.neuron", "input x=\nneuron y\n");
    folder.write("b.neuron", UNTIDY);
    let (stdout, stderr) = folder.run(1, &["a.neuron", "b.neuron"]);
    assert!(stdout.is_empty() && stderr.contains("E0101"), "{stderr}");
    assert_eq!((folder.read("a.neuron").as_str(), folder.read("b.neuron").as_str()), ("input x=\nneuron y\n", TIDY));
    folder.run(1, &["--check", "a.neuron"]);
    folder.run(3, &["missing.neuron", "b.neuron"]);
    Test::new().args("fmt -").input("input x=").run().code(1).stdout("").stderr_has("E0101");
    // What the names mean is no matter of layout.
    Test::new().args("fmt -").input("a->b:1").run().code(0).stdout("a -> b : 1\n").stderr("");
    Test::new().args("fmt --limit source=10 -").input(UNTIDY).run().code(4).stdout("").stderr_has("E0901");
}

/// The blanks around a minus are what this warning is about.
#[test]
fn what_cannot_be_seen_afterwards_is_told() {
    let text = "x -> y : [1 -2, 3]\n";
    let laid_out = "x -> y : [1 - 2, 3]\n";
    Test::new().args("fmt -").input(text).run().code(0).stdout(laid_out).stderr_has("W0104");
    Test::new().args("fmt - --quiet").input(text).run().code(0).stdout(laid_out).stderr("");
    Test::new().args("fmt - --error-on-warning").input(text).run().code(1).stdout("").stderr_has("W0104");
}

#[test]
fn line_ends_stay_and_a_byte_order_mark_does_not() {
    let run = |input: &str, expected: &str| Test::new().args("fmt -").input(input).run().code(0).stdout(expected);
    let ends = |text: &str, end: &str| text.replace('\n', end);
    for end in ["\r\n", "\r"] {
        run(&ends(UNTIDY, end), &ends(TIDY, end)).stderr("");
        run(&ends(TIDY, end), &ends(TIDY, end)).stderr("");
    }
    run("input x\r\ninput y\noutput y\r", "input x\r\ninput y\r\noutput y\r\n");
    run(&format!("\u{FEFF}{UNTIDY}"), TIDY).stderr("");
    Test::new().args("fmt --check -").input(&format!("\u{FEFF}{TIDY}")).run().code(1);
}

#[test]
fn numbers_and_examples_stay() {
    let text = "const a = 1_000, b = 1.50E+3, c = 0.5e-1\n";
    Test::new().args("fmt -").input(text).run().code(0).stdout(text);
    let iris = example("iris.neuron");
    Test::new().args("fmt -").input(&iris).run().code(0).stdout(&iris);
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay_and_what_is_protected_is_not_touched() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new("links");
    let set = |path: &PathBuf, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    let mode = |path: &PathBuf| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    let target = folder.write("target.neuron", UNTIDY);
    set(&target, 0o640);
    symlink("target.neuron", folder.0.join("link.neuron")).expect("a link can be made");
    folder.run(0, &["link.neuron"]);
    assert_eq!((folder.read("target.neuron").as_str(), mode(&target)), (TIDY, 0o640));
    assert!(std::fs::symlink_metadata(folder.0.join("link.neuron")).expect("it is there").is_symlink());

    // The superuser may write everything.
    let protected = folder.write("protected.neuron", UNTIDY);
    set(&protected, 0o444);
    if std::fs::File::options().write(true).open(&protected).is_err() {
        let (_, stderr) = folder.run(3, &["protected.neuron"]);
        assert!(stderr.contains("E0702") && stderr.contains("permission denied"), "{stderr}");
        assert_eq!(folder.read("protected.neuron"), UNTIDY);
        set(&protected, 0o644);
        set(&folder.0, 0o555);
        folder.run(3, &["protected.neuron"]);
        set(&folder.0, 0o755);
        assert_eq!(folder.read("protected.neuron"), UNTIDY);
    }
    assert_eq!(folder.count(), 3, "nothing is left over");
}

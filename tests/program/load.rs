//! What a source may read of the disk, and what becomes of files made to hurt.

use std::fs;

use crate::{Ran, Test};

const CSV: &str = "0.5, -1\n2, 0.25\n";
/// The place of the `load` in [`model`].
const PLACE: &str = "1:12: error[";

/// A network that loads its weights from `path`.
fn model(path: &str) -> String {
    format!("weight W = load(\"{path}\")\ninput x[2] = [1, 2]\nneuron h[2]\nx -> h : W\noutput h\n")
}

/// The only message of a network that loads from `path`, behind its place and `error[`; the code is 3.
#[track_caller]
fn refused(test: Test, path: &str) -> String {
    let name = "model/m.neuron";
    let ran = test.file(name, model(path)).args("check --message-format short").arg(name).run().code(3).stdout("");
    only(&ran)
}

#[track_caller]
fn only(ran: &Ran) -> String {
    let lines: Vec<&str> = ran.stderr.lines().collect();
    let [line] = lines.as_slice() else { panic!("not one message:\n{}", ran.stderr) };
    assert!(!ran.stderr.contains("secret"), "content is shown: {}", ran.stderr);
    line.split_once("error[").expect("an error").1.to_owned()
}

fn test() -> Test {
    let test = Test::new();
    fs::create_dir_all(test.folder.join("model/inner")).expect("the folder can be made");
    fs::create_dir_all(test.folder.join("other")).expect("the folder can be made");
    test.file("other/w.csv", "secret, 1\n").file("other/good.csv", CSV)
}

#[test]
fn weights_are_read_beside_the_file_and_below() {
    for path in ["w.csv", "inner/w.csv", "./inner/../w.csv"] {
        let test = test().file("model/w.csv", CSV).file("model/inner/w.csv", CSV).file("model/m.neuron", model(path));
        test.args("model/m.neuron").run().code(0).stdout("h = [-1.5, 2.5]\n");
    }
    Test::new().file("w.csv", CSV).args("run -").input(&model("w.csv")).run().code(0).stdout("h = [-1.5, 2.5]\n");
}

#[test]
fn paths_that_leave_the_folder_are_refused_unless_allowed() {
    assert_eq!(
        refused(test(), "../other/w.csv"),
        "E0704]: `../other/w.csv` leads out of the folders that may be read (files are read from the folder of the file \
         that is run; `--allow-path DIR` allows another)"
    );
    assert!(refused(test(), "../../../../../../../../../../etc/passwd.csv").starts_with("E0704]"));
    // Whether a file is there cannot be told either.
    assert!(refused(test(), "../other/missing.csv").starts_with("E0704]"));
    let allowed = test().file("model/m.neuron", model("../other/good.csv")).args("model/m.neuron --allow-path other");
    allowed.run().code(0).stdout("h = [-1.5, 2.5]\n");
    let missing = test().file("model/m.neuron", model("w.csv")).args("model/m.neuron --allow-path nowhere");
    missing.run().code(3).stderr_has("`nowhere` cannot be read: there is no such file");
}

#[test]
fn paths_that_are_not_relative_are_refused_by_what_they_are() {
    for (path, what) in [
        ("/etc/passwd.csv", "an absolute path"),
        ("~/w.csv", "a path into a home folder"),
        ("https://example.org/w.csv", "an address, which is never fetched"),
        ("file:///etc/passwd.csv", "an address, which is never fetched"),
        ("C:w.csv", "a path with a drive letter"),
        ("//host/w.csv", "a path to another machine"),
        ("\\\\\\\\host\\\\w.csv", "a path to another machine"),
        ("inner\\\\w.csv", "a path with `\\`"),
        ("", "an empty path"),
    ] {
        let said = refused(test(), path);
        assert!(said.starts_with("E0703]") && said.contains(&format!("is {what} (")), "{said}");
    }
}

#[test]
fn missing_files_and_unknown_formats_are_told() {
    assert!(refused(test(), "w.npy").starts_with("E0701]: `w.npy` cannot be read: there is no such file"));
    assert!(refused(test(), "w.csv/w.npy").starts_with("E0701]"));
    let said = refused(test().file("model/w.pt", "secret"), "w.pt");
    assert!(said.ends_with("`w.pt` ends like no file of weights (weights are loaded from files that end in `.safetensors`, `.npy` or `.csv`)"), "{said}");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    #[test]
    fn links_may_stay_inside_but_not_leave() {
        for (target, link) in [("w.csv", "model/a.csv"), ("../w.csv", "model/inner/a.csv"), ("inner", "model/b")] {
            let test = test().file("model/w.csv", CSV).file("model/inner/w.csv", CSV);
            symlink(target, test.folder.join(link)).expect("a link can be made");
            let path = match link {
                "model/b" => "b/w.csv",
                link => &link["model/".len()..],
            };
            let test = test.file("model/m.neuron", model(path));
            test.args("model/m.neuron").run().code(0).stdout("h = [-1.5, 2.5]\n");
        }
        for (target, link, path) in [
            ("../other/w.csv", "a.csv", "a.csv"),
            ("../other", "b", "b/w.csv"),
            ("/etc", "c", "c/passwd.csv"),
            ("/dev/zero", "d.csv", "d.csv"),
            ("../../other/w.csv", "inner/e.csv", "inner/e.csv"),
        ] {
            let test = test();
            symlink(target, test.folder.join("model").join(link)).expect("a link can be made");
            let said = refused(test, path);
            assert!(said.starts_with("E0704]"), "{link}: {said}");
        }
        let test = test();
        symlink("a.csv", test.folder.join("model/a.csv")).expect("a link can be made");
        assert!(refused(test, "a.csv").ends_with("`a.csv` cannot be read: more than 40 links lead to it"));
    }

    #[test]
    fn a_link_may_lead_into_an_allowed_folder() {
        let test = test();
        symlink("../other/good.csv", test.folder.join("model/a.csv")).expect("a link can be made");
        let test = test.file("model/m.neuron", model("a.csv")).args("model/m.neuron --allow-path other");
        test.run().code(0).stdout("h = [-1.5, 2.5]\n");
    }

    #[test]
    fn a_file_with_two_names_is_refused() {
        let test = test();
        fs::hard_link(test.folder.join("other/w.csv"), test.folder.join("model/w.csv")).expect("a link can be made");
        assert_eq!(
            refused(test, "w.csv"),
            "E0705]: `w.csv` has 2 names, so that it may be a file of elsewhere (a copy of the file has one name)"
        );
    }

    #[test]
    fn only_regular_files_are_read_and_nothing_hangs() {
        let made = test();
        fs::create_dir(made.folder.join("model/w.csv")).expect("the folder can be made");
        assert_eq!(refused(made, "w.csv"), "E0706]: `w.csv` is a folder, not a regular file");
        let made = test();
        let pipe = made.folder.join("model/w.csv");
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("there is mkfifo").success());
        assert_eq!(refused(made, "w.csv"), "E0706]: `w.csv` is a pipe, not a regular file");
        let made = test();
        let _listener = UnixListener::bind(made.folder.join("model/w.csv")).expect("a socket can be made");
        assert_eq!(refused(made, "w.csv"), "E0706]: `w.csv` is a socket, not a regular file");
        // A device, where its folder is allowed.
        let made = test();
        symlink("/dev/zero", made.folder.join("model/w.csv")).expect("a link can be made");
        let made = made.file("model/m.neuron", model("w.csv")).args("check --message-format short model/m.neuron");
        let ran = made.args("--allow-path /dev").run().code(3);
        assert_eq!(only(&ran), "E0706]: `w.csv` is a device, not a regular file");
    }
}

#[test]
fn the_limits_hold_before_anything_is_read() {
    let test = test().file("model/w.csv", CSV).file("model/m.neuron", model("w.csv"));
    let ran = test.args("check --message-format short model/m.neuron --limit files=10").run().code(4);
    assert!(ran.stderr.contains(PLACE), "{}", ran.stderr);
    assert!(only(&ran).starts_with("E0908]: `w.csv` has 16 bytes; 10 are left of the limit"));
    // A header that says it is large, in a file that is; sparse, so that it takes no room.
    let test = self::test();
    let file = fs::File::create(test.folder.join("model/w.npy")).expect("the file can be made");
    std::io::Write::write_all(&mut &file, b"\x93NUMPY\x02\x00\x00\x00\x00\x7f").expect("the file can be written");
    file.set_len(3 << 30).expect("the file can be made longer");
    let test = test.file("model/m.neuron", model("w.npy")).args("check --message-format short model/m.neuron");
    let ran = test.run_within(512 * 1024).code(4);
    assert!(only(&ran).starts_with("E0908]: `w.npy` has 3221225472 bytes; 2147483648 are left"), "{}", ran.stderr);
}

#[test]
fn names_in_files_are_inert() {
    let header = "{\"a\\u001b]0;x\\u0007\\u202e\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.bytes().chain([0; 4]));
    let source = "weight w = load(\"w.safetensors\", \"b\")\n";
    let test = Test::new().file("w.safetensors", file).file("m.neuron", source);
    let ran = test.args("check --message-format short m.neuron").run().code(3);
    let said = only(&ran);
    assert!(said.starts_with("E0710]: `w.safetensors` has no tensor called `b`"), "{said}");
    assert!(!said.chars().any(|character| character.is_control() || character == '\u{202e}'), "{said:?}");
}

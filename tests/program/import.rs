//! Networks of other files: which files may be read, and how what is wrong in them is told.

use std::fs;

use crate::Test;

const GATE: &str = "network not {\n    input a\n    bias b = 0.5\n    neuron y { bias = b, activation = step }\n    \
                    a -> y : -1\n    output y\n}\n";

/// A file that turns its input round by the `not` of another one.
fn user(path: &str) -> String {
    format!("import \"{path}\" as gates\ninput x = 0\ninstance no = gates.not {{ a = x }}\noutput y = no.y\n")
}

#[test]
fn files_are_found_beside_the_one_that_names_them() {
    let test = Test::new().file("m.neuron", user("lib/more/gates.neuron")).file("lib/more/gates.neuron", GATE);
    test.args("m.neuron").run().code(0).stdout("y = 1\n").stderr("");
    // What an imported file imports and loads starts from its own folder.
    let middle = "import \"more/gates.neuron\" as inner\ninput x\nweight w = load(\"w.csv\")\n\
                  instance no = inner.not { a = x }\nneuron y\nno.y -> y : w\noutput y\n";
    let main = "import \"lib/middle.neuron\"\ninput x = 0\ninstance m = middle { x = x }\noutput y = m.y\n";
    let test = Test::new().file("m.neuron", main).file("lib/middle.neuron", middle).file("lib/w.csv", "0.25\n");
    test.file("lib/more/gates.neuron", GATE).args("m.neuron").run().code(0).stdout("y = 0.25\n").stderr("");
    Test::new().file("gates.neuron", GATE).args("run -").input(&user("gates.neuron")).run().code(0).stdout("y = 1\n");
}

#[test]
fn a_file_is_read_once_whatever_the_way_to_it() {
    let inner = "import \"gates.neuron\" as gates\ninput x\ninstance no = gates.not { a = x }\noutput y = no.y\n";
    let main = "import \"one.neuron\"\nimport \"./sub/../two.neuron\"\nimport \"gates.neuron\" as gates\ninput x = 1\n\
                instance a = one { x = x }\ninstance b = two { x = a.y }\ninstance c = gates.not { a = b.y }\n\
                output y = c.y\n";
    let test = || {
        let test = Test::new().file("m.neuron", main).file("one.neuron", inner).file("two.neuron", inner);
        test.file("gates.neuron", GATE).file("sub/x.neuron", GATE)
    };
    test().args("m.neuron").run().code(0).stdout("y = 0\n");
    test().args("m.neuron --limit imports=3").run().code(0).stdout("y = 0\n");
    test().args("m.neuron --limit imports=2").run().code(4);
    // Its mistakes are told once.
    let broken = test().file("gates.neuron", GATE.replace("step", "stepp"));
    let ran = broken.args("check m.neuron --message-format short").run().code(1);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.starts_with("gates.neuron:4:"), "{}", ran.stderr);
}

#[test]
fn a_mistake_in_an_imported_file_is_told_there_with_the_way_to_it() {
    let broken = GATE.replace("a -> y", "z -> y");
    let middle = "import \"gates.neuron\" as gates\ninput x\ninstance no = gates.not { a = x }\noutput y = no.y\n";
    let main = "import \"lib/middle.neuron\" as middle\ninput x = 0\ninstance m = middle { x = x }\noutput y = m.y\n";
    let test = || {
        let test = Test::new().file("m.neuron", main).file("lib/middle.neuron", middle);
        test.file("lib/gates.neuron", broken.clone())
    };
    let ran = test().args("check m.neuron").run().code(1).stdout("");
    for part in [
        "no input or neuron is called `z`",
        "lib/gates.neuron:5:5",
        "imported here",
        "lib/middle.neuron:1:8",
        "whose file is imported here",
        "m.neuron:1:8",
    ] {
        assert!(ran.stderr.contains(part), "{part}\n{}", ran.stderr);
    }
    let ran = test().args("check m.neuron --message-format json").run().code(1);
    let message: serde_json::Value = serde_json::from_str(ran.stderr.trim()).expect("one message");
    assert_eq!((&message["file"], &message["line"]), (&"lib/gates.neuron".into(), &5.into()));
    assert_eq!(message["related"][1]["file"], "m.neuron");
    // A mistake of spelling is told alike, and a file that is no text.
    let ran = test().file("lib/gates.neuron", "neuron a b\n").args("check m.neuron").run().code(1);
    assert!(ran.stderr.contains("lib/gates.neuron:1:") && ran.stderr.contains("m.neuron:1:8"), "{}", ran.stderr);
    let ran = test().file("lib/gates.neuron", b"input \xE9\n").args("check m.neuron").run().code(1);
    assert!(ran.stderr.contains("E0001") && ran.stderr.contains("m.neuron:1:8"), "{}", ran.stderr);
}

#[test]
fn files_elsewhere_are_refused_unread() {
    let refused = |test: Test, path: &str| {
        let test = test.file("model/m.neuron", user(path)).file("secret.neuron", "neuron secret secret\n");
        let ran = test.args("check model/m.neuron --message-format short").run().code(3).stdout("");
        assert!(!ran.stderr.contains("secret secret") && ran.stderr.lines().count() == 1, "{}", ran.stderr);
        ran.stderr.split_once("error[").expect("an error").1[..5].to_owned()
    };
    for (path, code) in [
        ("../secret.neuron", "E0704"),
        ("/etc/hostname", "E0703"),
        ("~/m.neuron", "E0703"),
        ("https://example.org/m.neuron", "E0703"),
        ("C:/m.neuron", "E0703"),
        ("none.neuron", "E0701"),
        ("", "E0703"),
    ] {
        assert_eq!(refused(Test::new(), path), code, "{path}");
    }
    let test = Test::new();
    fs::create_dir_all(test.folder.join("model/folder.neuron")).expect("the folder can be made");
    assert_eq!(refused(test, "folder.neuron"), "E0706");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_out_of_the_folder() {
    let test = Test::new().file("secret.neuron", "neuron secret secret\n").file("model/m.neuron", user("link.neuron"));
    std::os::unix::fs::symlink(test.folder.join("secret.neuron"), test.folder.join("model/link.neuron"))
        .expect("a link can be made");
    let ran = test.args("check model/m.neuron --message-format short").run().code(3).stdout("");
    assert!(ran.stderr.contains("E0704") && !ran.stderr.contains("secret secret"), "{}", ran.stderr);
}

#[test]
fn a_chain_and_a_ring_of_files() {
    let link = |number: usize, count: usize| {
        let next = format!("import \"{}.neuron\" as next\n", (number + 1) % count);
        format!("{next}input x = 0\ninstance i = next {{ x = x }}\noutput y = i.y\n")
    };
    let last = "input x\nneuron y { bias = 1 }\nx -> y : 1\noutput y\n";
    let chain = |count: usize| {
        let test = (0..count - 1)
            .fold(Test::new(), |test, number| test.file(&format!("{number}.neuron"), link(number, count)));
        test.file(&format!("{}.neuron", count - 1), last)
    };
    chain(65).args("0.neuron").run().code(0).stdout("y = 1\n").stderr("");
    let ran = chain(66).args("check 0.neuron --message-format short").run().code(4);
    assert!(ran.stderr.starts_with("64.neuron:1:8: error[E0912]"), "{}", ran.stderr);
    let ring = (0..20).fold(Test::new(), |test, number| test.file(&format!("{number}.neuron"), link(number, 20)));
    let ran = ring.args("check 0.neuron --message-format short").run().code(1);
    assert!(ran.stderr.contains("E0218") && ran.stderr.contains("-> 0.neuron"), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
}

#[test]
fn networks_of_networks_grow_without_bounds_only_as_far_as_the_limits() {
    // Each network holds two copies of the one before: a million neurons after twenty, and so on.
    let mut text = "network n0 {\n    input x\n    neuron y\n    x -> y : 1\n    output y\n}\n".to_owned();
    for number in 1..60 {
        text.push_str(&format!(
            "network n{number} {{\n    input x\n    instance a = n{0} {{ x = x }}\n    instance b = n{0} {{ x = a.y }}\n    \
             output y = b.y\n}}\n",
            number - 1
        ));
    }
    let ran = Test::new().file("n.neuron", text.clone()).args("check n.neuron --message-format short").run().code(4);
    assert!(ran.stderr.contains("E0913") && ran.stderr.lines().count() == 1, "{}", ran.stderr);
    // Nothing at all is in them: it is bounded all the same.
    let hollow = text.replace("    neuron y\n    x -> y : 1\n    output y\n", "    output y = x\n");
    let ran = Test::new().file("n.neuron", hollow).args("check n.neuron --message-format short").run().code(4);
    assert!(ran.stderr.contains("E0913"), "{}", ran.stderr);
}

#[test]
fn a_trace_tells_in_which_file_everything_stands() {
    let ran = Test::new().file("m.neuron", user("gates.neuron")).file("gates.neuron", GATE).args("m.neuron --trace");
    let ran = ran.run().code(0);
    assert!(ran.stdout.starts_with("no.y = step(sum)") && ran.stdout.contains("gates.neuron:4"), "{}", ran.stdout);
}

#[test]
fn tests_of_networks_are_run_and_told_apart() {
    let gate = GATE.replace("output y\n", "output y\n    expect a = 0 => y = 1\n    expect a = 1 => y = 1\n");
    let main = format!("{gate}input x = 0\ninstance no = not {{ a = x }}\noutput y = no.y\nexpect x = 0 => no.y = 1\n");
    let ran = Test::new().file("m.neuron", main).args("test m.neuron").run().code(1);
    assert_eq!(ran.stdout, "m.neuron: 1 of 3 expectations FAIL\n");
    assert!(ran.stderr.contains("expected y = 1, but it is 0") && ran.stderr.contains("m.neuron:8:"), "{}", ran.stderr);
}

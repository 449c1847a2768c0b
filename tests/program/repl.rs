//! The prompt from a pipe: transcripts, exit codes, and what no entry may do.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Test, example};

/// What is typed stands behind `> ` and, where it goes on, `… `; all else is what comes of it.
fn entries(transcript: &str) -> String {
    let typed = transcript.lines().filter_map(|line| line.strip_prefix("> ").or_else(|| line.strip_prefix("… ")));
    typed.map(|line| format!("{line}\n")).collect()
}

/// Transcripts, each with the file that its first line names: `# article.neuron`.
fn transcripts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/repl");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "txt"));
    files.sort();
    files
}

/// Both streams, in the order in which they were written.
fn prompted(test: Test, arguments: &str, input: &str) -> (Option<i32>, String) {
    let command = format!("\"$0\" repl --echo {arguments} 2>&1");
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &command, env!("CARGO_BIN_EXE_neuronc")]);
    let ran = test.input(input).run_through(shell);
    (ran.code, ran.stdout)
}

/// Times differ from run to run.
fn without_times(text: &str) -> String {
    let line = |line: &str| match line.strip_prefix("took ") {
        Some(_) => "took 1 ms\n".to_owned(),
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[cfg(unix)]
#[test]
fn transcripts_are_what_happens() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut failures = Vec::new();
    for path in transcripts() {
        let transcript = fs::read_to_string(&path).expect("a transcript is text");
        let header = transcript.lines().next().unwrap_or_default().to_owned();
        let words: Vec<&str> = header.trim_start_matches('#').split_whitespace().collect();
        let mut test = Test::new();
        for name in words.iter().filter(|word| word.ends_with(".neuron")) {
            test = test.file(name, example(name));
        }
        let width = words.iter().find_map(|word| word.strip_prefix("columns="));
        if let Some(width) = width {
            test = test.variable("COLUMNS", width);
        }
        let file = words.first().filter(|word| word.ends_with(".neuron")).copied().unwrap_or_default();
        let (_, got) = prompted(test, file, &entries(&transcript));
        let got = format!("{header}\n{}", without_times(&got));
        if got != transcript {
            if update {
                fs::write(&path, &got).expect("a transcript can be written");
            } else {
                failures.push(format!("{} is now\n{got}", path.display()));
            }
        }
    }
    assert!(failures.is_empty(), "{}\n`UPDATE=1 cargo test --test program repl` rewrites them", failures.join("\n"));
}

#[test]
fn every_command_is_in_a_transcript() {
    let all: String = transcripts().iter().map(|path| fs::read_to_string(path).expect("it is text")).collect();
    let help = Test::new().args("repl").input(":help\n").run().code(0).stdout;
    let mut commands = 0;
    for word in help.split(|letter: char| !(letter.is_alphanumeric() || letter == ':')) {
        if let Some(name) = word.strip_prefix(':').filter(|name| !name.is_empty()) {
            commands += 1;
            assert!(all.contains(&format!("> :{name}")), "no transcript has `:{name}`");
        }
    }
    assert!(commands >= 20, "{commands}");
}

#[test]
fn the_exit_code_tells_whether_an_entry_failed() {
    let run = |input: &str| Test::new().args("repl").input(input).run();
    run("input x = 1\nx\n").code(0).stdout("x = 1\n$1 = 1\n").stderr("");
    run("input x = 1\ny\nx\n").code(1).stdout("x = 1\n$1 = 1\n").stderr_has("E0201");
    run(":nothing\n").code(1).stdout("");
    run("quit\nx\n").code(0).stdout("");
    run("").code(0).stdout("");
    run("# nothing\n\n").code(0).stdout("").stderr("");
    Test::new().args("repl -").run().code(2).stderr_has("where entries come from");
    Test::new().args("repl missing.neuron").run().code(3).stderr_has("cannot be read");
    let ran = Test::new().file("slip.neuron", "neuron c { activation = rleu }\n").args("repl slip.neuron").run();
    ran.code(1).stderr_has("E0206").stderr_has("mend the file");
}

#[test]
fn an_entry_may_have_several_lines_and_ends_where_a_command_starts() {
    let run = |input: &str| Test::new().args("repl --echo").input(input).run();
    let ran = run("neuron y {\n  bias = 2\n}\ny\n").code(0);
    ran.stdout("> neuron y {\n…   bias = 2\n… }\ny = 2\n> y\n$1 = 2\n");
    run("neuron y {\n:list\n").code(1).stderr_has("E0102").stdout_has("> :list\nnothing is declared");
    run("## What it is about.\ninput x = 1\n:show\n").code(0).stdout_has("## What it is about.\ninput x = 1\n");
    // What was left open by mistake does not swallow the rest.
    run("weight w = [1, 2\ninput x = 1\nx\n").code(1).stdout_has("$1 = 1");
    // A mark that cannot end a statement goes on to the next line, as in a file, but not to another statement.
    run("input x =\n# two\n\n2\nx\n").code(0).stdout_has("$1 = 2");
    run("input y = 1\ny =\ninput x = 2\nx\n").code(1).stdout_has("$1 = 2");
    run("## About x.\n\n# more\ninput x = 1\n:show\n").code(0).stdout_has("## About x.");
    run("network n {\ninput a\nneuron b\na -> b : 1\noutput b\n}\ninput x = 2\nx\n").code(0).stdout_has("$1 = 2");
}

/// What is looked at again after every line takes minutes for these.
#[test]
fn entries_of_many_lines_are_read_at_once() {
    let run = |input: &str| Test::new().args("repl").input(input).run().code(0);
    let count = 20_000;
    let list: String = (0..count).map(|number| format!("{number},\n")).collect();
    run(&format!("weight w = [\n{list}0\n]\n1 + 1\n")).stdout_has("$1 = 2");
    let names: String = (0..count).map(|number| format!("x{number} = 1,\n")).collect();
    run(&format!("input\\\n{names}x = 1\nx\n").replace("\\\n", " ")).stdout_has("$1 = 1");
    let inside = "neuron a\n# and\n".repeat(count / 2).replace("neuron a", "bias a = 1");
    let body: String =
        inside.lines().enumerate().map(|(number, line)| line.replace("a =", &format!("a{number} =")) + "\n").collect();
    run(&format!("network n {{\n{body}}}\ninput x = 3\nx\n")).stdout_has("$1 = 3");
    let comments = "# nothing\n".repeat(count);
    run(&format!("## About x.\n{comments}input x = 4\nx\n")).stdout_has("$1 = 4");
}

#[test]
fn nothing_that_is_typed_can_forge_the_screen() {
    let input =
        "x\u{1b}[31m = 1\n:\u{1b}]0;title\u{7}\n:show \u{202e}abc\n\u{1b}[2J\ninput y\u{9b} = 1\n:load \u{1b}[1m\n";
    let ran = Test::new().args("repl --echo").input(input).run().code(1);
    for text in [&ran.stdout, &ran.stderr] {
        let is_harmful = |it: char| it.is_control() && it != '\n' || ('\u{202a}'..='\u{202e}').contains(&it);
        assert!(!text.contains(is_harmful), "{text:?}");
    }
}

#[test]
fn saving_is_whole_and_overwrites_nothing_of_others() {
    let test = Test::new().file("other.neuron", "input z = 1\n");
    let folder = test.folder.clone();
    let input =
        "input x = 1\n:save other.neuron\n:save new.neuron\nx = 3\n:save\ninput y = 2\n:save\n:save -\n:save a.txt\n";
    let check = folder.clone();
    let ran = test.args("repl").input(input).run_and(move || {
        let text = |name: &str| fs::read_to_string(check.join(name)).expect("the file is there");
        assert_eq!(text("other.neuron"), "input z = 1\n");
        assert_eq!(text("new.neuron"), "input x = 1\ninput y = 2\n");
        let count = fs::read_dir(&check).expect("the folder is there").count();
        assert_eq!(count, 2, "nothing is left over");
    });
    ran.code(1).stderr_has("it is there already").stderr_has("E0606").stdout_has("not saved: the values of x");
}

#[test]
fn a_bad_reload_keeps_the_network() {
    let test = Test::new().file("a.neuron", "input x = 1\nneuron y\nx -> y : 2\noutput y\n");
    let folder = test.folder.clone();
    let input =
        format!("x = 3\ny\n:load {0}/b.neuron\ny\n:load {0}/c.neuron\ny\n:undo\n:reload\ny\n", folder.display());
    fs::write(folder.join("b.neuron"), "neuron y { bias = }\n").expect("it can be written");
    fs::write(folder.join("c.neuron"), "input x = 1\nneuron y\nx -> y : 5\noutput y\n").expect("it can be written");
    let ran = test.args("repl a.neuron").input(&input).run().code(1);
    for part in ["$1 = 6", "$2 = 6", "$3 = 5"] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    ran.stderr_has("the network is as it was");
}

#[test]
fn a_watched_file_is_loaded_again_before_the_next_entry() {
    use std::io::{BufRead, BufReader, Write};
    use std::process::{Command, Stdio};

    let test = Test::new().file("a.neuron", "input x = 1\nneuron y\nx -> y : 2\noutput y\n");
    let folder = test.folder.clone();
    let mut child = Command::new(env!("CARGO_BIN_EXE_neuronc"))
        .args(["repl", "a.neuron"])
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("stdin is piped");
    let mut lines = BufReader::new(child.stdout.take().expect("stdout is piped")).lines();
    let mut next = || lines.next().expect("there is a line").expect("it is UTF-8");
    input.write_all(b":watch on\nx = 3\n").expect("it reads");
    assert_eq!(next(), "a.neuron is loaded again when it, or a file that it names, is saved");
    assert_eq!((next(), next()), ("x: 1 → 3".to_owned(), "y: 2 → 6".to_owned()));
    fs::write(folder.join("a.neuron"), "neuron y {\n").expect("it can be written");
    input.write_all(b"y\n").expect("it reads");
    assert_eq!(next(), "$1 = 6");
    fs::write(folder.join("a.neuron"), "input x = 1\nneuron y\nx -> y : 5\noutput y\n").expect("it can be written");
    input.write_all(b"y\n").expect("it reads");
    assert_eq!(next(), "a.neuron: 1 input, 1 neuron, 1 synapse");
    assert_eq!((next(), next()), ("y: 6 → 15".to_owned(), "$2 = 15".to_owned()));
    drop(input);
    assert_eq!(child.wait_with_output().expect("it ends").status.code(), Some(1));
    fs::remove_dir_all(&folder).expect("the folder can be removed");
}

#[test]
fn files_that_a_watched_one_names_are_watched_too() {
    use std::io::{BufRead, BufReader, Write};
    use std::process::{Command, Stdio};

    let text = "import \"part.neuron\"\nweight w = load(\"w.csv\")\ninput x = 2\nneuron y { activation = part.bent }\n\
                x -> y : w[0]\noutput y\n";
    let test =
        Test::new().file("a.neuron", text).file("part.neuron", "activation bent(z) = z / 2\n").file("w.csv", "3,1\n");
    let folder = test.folder.clone();
    let mut child = Command::new(env!("CARGO_BIN_EXE_neuronc"))
        .args(["repl", "a.neuron"])
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("stdin is piped");
    let mut lines = BufReader::new(child.stdout.take().expect("stdout is piped")).lines();
    let mut seen = |part: &str| while !lines.next().expect("there is a line").expect("it is UTF-8").contains(part) {};
    let save = |name: &str, text: &str| fs::write(folder.join(name), text).expect("it can be written");
    input.write_all(b":watch on\ny\n").expect("it reads");
    seen("$1 = 3");
    save("w.csv", "5,10\n");
    input.write_all(b"y\n").expect("it reads");
    seen("y: 3 → 5");
    seen("$2 = 5");
    save("part.neuron", "activation other(z) = z\n");
    input.write_all(b"y\n").expect("it reads");
    seen("$3 = 5");
    save("part.neuron", "activation bent(z) = z * 2\n");
    input.write_all(b"y\n").expect("it reads");
    seen("y: 5 → 20");
    seen("$4 = 20");
    // The mistake was told once.
    drop(input);
    let ended = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&ended.stderr).matches("E0206").count(), 1);
    fs::remove_dir_all(&folder).expect("the folder can be removed");
}

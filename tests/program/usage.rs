//! The command line itself.

use std::process::{Command, Output, Stdio};

use crate::{Test, article, example};

#[test]
fn without_arguments_three_lines_say_what_to_do_next() {
    let ran = Test::new().run().code(0).stderr("");
    assert_eq!(ran.stdout.lines().count(), 3);
    assert!(ran.stdout.contains("`neuronc new`"), "who has no file yet needs one: {}", ran.stdout);
}

#[test]
fn wrong_usage_is_exit_2() {
    article("run").code(2).stdout("");
    article("run article.neuron --nonsense").code(2).stderr_has("--nonsense");
    article("run article.neuron --limit nonsense=1").code(2).stderr_has("nesting");
    article("run article.neuron --limit nesting=1000").code(2).stderr_has("256");
    article("completions nonsense").code(2);
    article("--help").code(0).stdout_has("Usage").stderr("");
    article("--version").code(0).stdout(&format!("neuronc {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn help_is_coloured_as_it_is_told_to_be() {
    let coloured = |arguments: &str| Test::new().args(arguments).run().code(0).stdout.contains('\x1b');
    assert!(!coloured("--help"));
    assert!(coloured("--color always --help"));
    assert!(coloured("run --color=always --help"));
    let forced = |arguments: &str| Test::new().variable("CLICOLOR_FORCE", "1").args(arguments).run().stdout;
    assert!(forced("--help").contains('\x1b'));
    assert!(!forced("--color never --help").contains('\x1b'));
}

#[test]
fn two_dashes_end_the_options() {
    article("-- article.neuron").code(0).stdout("c = 2.2\n");
    article("--color never -- article.neuron x1=2").code(0).stdout("c = 3.4\n");
    article("-- article.neuron --trace").code(2).stdout("").stderr_has("`--trace`");
    Test::new().file("-c.neuron", example("article.neuron")).args("-- -c.neuron").run().code(0).stdout("c = 2.2\n");
    article("--").code(0).stderr("");
}

#[test]
fn what_is_no_command_is_a_file() {
    let ran = Test::new().file("drawn", example("article.neuron")).args("drawn x1=2").run().code(0);
    ran.stdout("c = 3.4\n");
    article("run draw").code(3).stderr_has("there is no such file");
    article("-- draw.neuron").code(3).stderr_has("there is no such file");
}

#[test]
fn a_wrong_command_line_is_told_like_all_else() {
    let short = |arguments: &str| article(&format!("--message-format short {arguments}")).code(2).stdout("").stderr;
    for (arguments, told) in [
        ("run article.neuron --tracs", "error[E0607]: no option is called `--tracs` (did you mean `--trace`?)\n"),
        ("run", "error[E0607]: FILE is missing (it is used as `neuronc run <FILE> [NAME=VALUE]...`)\n"),
        (
            "explain E0101 E0102",
            "error[E0607]: `E0102` is one argument too many (it is used as `neuronc explain CODE`, `neuronc explain neurons` or `neuronc explain FILE`)\n",
        ),
        (
            "check a --color sometimes",
            "error[E0607]: `sometimes` is no value of `--color` (it is `auto`, `always` or `never`)\n",
        ),
        ("check a --color", "error[E0607]: `--color` needs a value (it is `auto`, `always` or `never`)\n"),
        ("check a --max-errors many", "error[E0607]: `--max-errors` cannot be `many` (it is a whole number)\n"),
        ("check a --color never --color never", "error[E0607]: `--color` is given twice (remove one of them)\n"),
        (
            "explain E1",
            "error[E0607]: no error code is called `E1`, and no file (a code is written like E0201; messages show theirs)\n",
        ),
    ] {
        assert_eq!(short(arguments), told);
    }
    let json = article("run article.neuron --message-format=json --nonsense").code(2).stderr;
    let object: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(object["code"], "E0607");
    article("run article.neuron --nonsense").code(2).stderr_has("lists the options");
}

#[test]
fn options_of_later_releases_say_so() {
    for option in ["--input a.json", "--input=a.json", "-v", "--verbose"] {
        let name = option.split([' ', '=']).next().expect("an option");
        let ran = article(&format!("run article.neuron {option}")).code(2).stdout("");
        ran.stderr_has("is not in this release yet")
            .stderr_has("E0501")
            .stderr_has(name.trim_start_matches("--format").trim_start_matches("--in-format"));
    }
}

#[test]
fn what_cannot_be_read_is_exit_3() {
    article("run missing.neuron").code(3).stdout("").stderr_has("there is no such file");
    article("chekc article.neuron").code(3).stderr_has("did you mean the command `check`?");
    article("run .").code(3).stderr_has("it is a folder");
    if cfg!(unix) {
        article("run /dev/zero").code(3).stderr_has("no regular file");
    }
}

#[test]
fn limits_can_be_set_and_are_exit_4() {
    let text = "input x[4] = 1\nneuron h[3]\nx -> h : 1\noutput h\n";
    let run = |arguments: &str| Test::new().file("h.neuron", text).args(arguments).run();
    run("h.neuron --limit synapses=12 --limit neurons=7 --limit parameters=1").code(0);
    run("h.neuron --limit synapses=11").code(4).stderr_has("E0904");
    run("h.neuron --limit neurons=6").code(4).stderr_has("E0903");
    run("h.neuron --limit parameters=0").code(4).stderr_has("E0905");
    run("h.neuron --limit source=10").code(4).stderr_has("E0901");
    let deep = format!("const a = {}1{}\n", "(".repeat(10), ")".repeat(10));
    let run = |arguments: &str| Test::new().file("a.neuron", &deep).args(arguments).run();
    run("check a.neuron --limit nesting=10").code(0);
    run("check a.neuron --limit nesting=9").code(4).stderr_has("E0902");
    let formula = "activation f(z) = z * z + 1\nneuron y { activation = f, bias = 1 }\noutput y\n";
    let run = |arguments: &str| Test::new().file("f.neuron", formula).args(arguments).run();
    run("f.neuron --limit operations=3").code(0);
    run("f.neuron --limit operations=2").code(4).stderr_has("E0906");
}

#[test]
fn a_closed_pipe_ends_quietly_and_a_full_disk_is_told() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let folder = std::env::temp_dir().join(format!("neuronc-pipe-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let file = folder.join("iris.neuron");
    std::fs::write(&file, example("iris.neuron")).expect("the file can be written");
    let trace = [file.to_str().expect("the folder's name is UTF-8"), "--trace"];
    for arguments in [&trace[..], &["completions", "zsh"], &["--help"], &["--version"]] {
        let output = into_a_closed_pipe(arguments);
        assert_eq!(output.stderr, b"", "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(141), "{arguments:?}");
        let output = onto_a_full_disk(arguments);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stderr).contains("could not be written"), "{arguments:?}");
    }
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}

/// A run whose reader has gone before it writes.
fn into_a_closed_pipe(arguments: &[&str]) -> Output {
    let mut pipe =
        Command::new("sh").args(["-c", "exec <&-", "sh"]).stdin(Stdio::piped()).spawn().expect("the shell starts");
    let stdin = pipe.stdin.take().expect("stdin is piped");
    pipe.wait().expect("the shell ends");
    let program = Command::new(env!("CARGO_BIN_EXE_neuronc")).args(arguments).stdout(stdin).output();
    program.expect("the program runs")
}

/// A run whose output finds no room.
fn onto_a_full_disk(arguments: &[&str]) -> Output {
    let full = std::fs::File::options().write(true).open("/dev/full").expect("Linux has it");
    let program = Command::new(env!("CARGO_BIN_EXE_neuronc")).args(arguments).stdout(full).output();
    program.expect("the program runs")
}

#[test]
fn completions_name_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        Test::new().args("completions").arg(shell).run().code(0).stdout_has("explain");
    }
}

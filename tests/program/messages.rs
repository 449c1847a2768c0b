//! Messages: their forms, their counts, and that nothing in them can do harm.

use serde_json::Value;

use crate::{Test, example};

const WRONG: &str = "input x = 1\nneuron c { activation = rleu }\nx -> d : 1\noutput c\n";

#[test]
fn people_see_the_place_and_the_mend() {
    let expected = "E0206

  × no activation is called `rleu`
   ╭─[wrong.neuron:2:25]
 1 │ input x = 1
 2 │ neuron c { activation = rleu }
   ·                         ──┬─
   ·                           ╰── unknown activation
 3 │ x -> d : 1
   ╰────
  help: did you mean `relu`?
";
    let ran = Test::new().file("wrong.neuron", WRONG).args("check wrong.neuron").run().code(1).stdout("");
    assert!(ran.stderr.starts_with(expected), "{}", ran.stderr);
    ran.stderr_has("2 errors");
}

#[test]
fn programs_see_a_line_or_an_object_a_message() {
    let short = Test::new().file("wrong.neuron", WRONG).args("check wrong.neuron --message-format short").run();
    let lines: Vec<&str> = short.stderr.lines().collect();
    assert!(lines[0].starts_with("wrong.neuron:2:25: error[E0206]: "), "{}", lines[0]);
    assert_eq!(lines.len(), 3);
    let json = Test::new().file("wrong.neuron", WRONG).args("check wrong.neuron --message-format json").run().code(1);
    let objects: Vec<Value> = json.stderr.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(objects.len(), 2);
    let first = &objects[0];
    assert_eq!(first["schema"], "neuronc.message/1");
    assert_eq!(first["severity"], "error");
    assert_eq!(first["code"], "E0206");
    assert_eq!(first["file"], "wrong.neuron");
    assert_eq!((&first["line"], &first["column"]), (&2.into(), &25.into()));
    assert_eq!((&first["end_line"], &first["end_column"]), (&2.into(), &29.into()));
}

#[test]
fn errors_are_capped_and_counted() {
    let text: String = (0..250).map(|number| format!("input x{number} = 1 1\n")).collect();
    let run = |arguments: &str| Test::new().file("many.neuron", &text).args(arguments).run().code(1);
    let ran = run("check many.neuron --message-format short");
    assert_eq!(ran.stderr.lines().count(), 101);
    ran.stderr_has("250 errors (150 not shown)");
    run("check many.neuron --message-format short --max-errors 3").stderr_has("250 errors (247 not shown)");
}

#[test]
fn warnings_can_count_as_errors() {
    let text = "input x = 1\ninput unused = 2\nneuron y\nx -> y : 1\noutput y\n";
    let run = |arguments: &str| Test::new().file("y.neuron", text).args(arguments).run();
    run("y.neuron").code(0).stdout("y = 1\n").stderr_has("W0201");
    run("y.neuron --quiet").code(0).stdout("y = 1\n").stderr("");
    run("y.neuron --error-on-warning").code(1).stdout("").stderr_has("W0201");
}

#[test]
fn colour_follows_the_flag_then_the_environment() {
    let run = |test: Test| test.file("wrong.neuron", WRONG).args("check wrong.neuron").run().stderr.contains('\x1b');
    assert!(!run(Test::new()));
    assert!(run(Test::new().args("--color always")));
    assert!(run(Test::new().variable("CLICOLOR_FORCE", "1")));
    assert!(!run(Test::new().variable("CLICOLOR_FORCE", "1").variable("NO_COLOR", "1")));
    assert!(run(Test::new().args("--color always").variable("NO_COLOR", "1")));
    assert!(!run(Test::new().args("--color never").variable("CLICOLOR_FORCE", "1")));
}

#[test]
fn nothing_in_a_message_moves_the_cursor() {
    let hostile = "\u{1b}]0;x\u{7}\u{202e}\u{9b}31m";
    let text = format!("input {hostile} = 1\nneuron c {{ activation = r }} # {hostile}\n");
    let harmful =
        |text: &str| text.chars().any(|c| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c));
    for form in ["human", "short", "json"] {
        let name = format!("{hostile}.neuron");
        let ran = Test::new().file(&name, &text).args("check --message-format").arg(form).arg(&name).run().code(1);
        assert!(!harmful(&ran.stderr), "{form}: {:?}", ran.stderr);
        if form == "json" {
            assert!(ran.stderr.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
        }
        let missing = Test::new().args("run --message-format").arg(form).arg(&name).run().code(3);
        assert!(!harmful(&missing.stderr), "{form}: {:?}", missing.stderr);
    }
    let option = Test::new().arg(&format!("--{hostile}")).run().code(2);
    assert!(!harmful(&option.stderr), "{:?}", option.stderr);
    let value = Test::new().file("a.neuron", example("article.neuron")).arg("a.neuron").arg(&format!("x1={hostile}"));
    assert!(!harmful(&value.run().code(2).stderr));
    let column = Test::new().file("a.neuron", example("article.neuron")).arg("a.neuron").arg(&format!("{hostile}=1"));
    assert!(!harmful(&column.run().code(2).stderr));
}

/// Every control character, of both ranges and bidirectional, and the line ends that only Unicode knows.
fn harmful() -> Vec<char> {
    let ranges = ['\u{0}'..='\u{1f}', '\u{7f}'..='\u{9f}', '\u{202a}'..='\u{202e}', '\u{2066}'..='\u{2069}'];
    let others = ['\u{61c}', '\u{200e}', '\u{200f}', '\u{2028}', '\u{2029}'];
    ranges.into_iter().flatten().chain(others).collect()
}

/// Holds a run's streams to what may stand in them: line ends, tabs, and JSON on every line where that is the form.
#[track_caller]
fn assert_inert(ran: &crate::Ran, form: &str) {
    let harmful = harmful();
    for stream in [&ran.stdout, &ran.stderr] {
        let found = stream.chars().find(|found| !matches!(found, '\n' | '\t') && harmful.contains(found));
        assert_eq!(found, None, "{form}: {stream:?}");
    }
    if form == "json" {
        for line in ran.stderr.lines() {
            let object: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
            assert_eq!(object["schema"], "neuronc.message/1");
            // Unescaped it is as harmless as escaped.
            let text = object.to_string();
            for escape in ["\\u00", "\\u202", "\\u206"] {
                assert!(!text.contains(escape), "{text}");
            }
        }
    }
}

#[test]
fn nothing_harmful_comes_through_whatever_the_door() {
    let all: String = harmful().into_iter().collect();
    let typed: String = all.chars().filter(|character| *character != '\0').collect();
    let right = "input x = 1\nneuron y { activation = relu }\nx -> y : 1\noutput y\nexpect x = 1 => y = 1\n";
    let missed = right.replace("=> y = 1", "=> y = 2");
    for form in ["human", "short", "json"] {
        let test = || Test::new().args("--message-format").arg(form);
        let inert = |ran: crate::Ran| assert_inert(&ran, form);
        // In a text: as a name, in a string, in a comment, behind a mistake, each character alone and all together.
        let alone = harmful().into_iter().map(|character| character.to_string());
        for characters in alone.filter(|_| form == "short").chain([all.clone()]) {
            let text = format!(
                "input x{characters} = 1\nneuron y {{ activation = \"{characters}\" }} # {characters}\nx -> y : r{characters}\n{characters}\noutput y y\n"
            );
            let ran = test().file("t.neuron", text).args("check t.neuron").run();
            assert!(ran.code == Some(1) || ran.code == Some(0), "{characters:?}: {}", ran.stderr);
            inert(ran);
        }
        // In a path: of a file that is there, with and without mistakes and failing tests, and of one that is not.
        if cfg!(unix) {
            let name = format!("a{}.neuron", typed.replace('/', ""));
            for (text, arguments) in [
                (right, "run"),
                (right, "run --trace --exact --all"),
                (right, "run --trace=plain"),
                (right, "test"),
                (missed.as_str(), "test"),
                (right, "check"),
                ("input x 1\n", "check"),
                ("input x\ninput x\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\noutput x = x\n", "check"),
                ("input x\noutput x\n", "run"),
            ] {
                inert(test().file(&name, text).args(arguments).arg(&name).run());
            }
            let traced = test().file(&name, right).args("run --trace=json").arg(&name).run().code(0);
            assert!(traced.stdout.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{}", traced.stdout);
            inert(traced);
        }
        for command in ["run", "check", "test", "explain", "completions", "new"] {
            inert(test().arg(command).arg(&typed).run());
            inert(test().arg(command).arg(&format!("{typed}.neuron")).arg(&typed).run());
        }
        // In any argument.
        for arguments in [
            vec![typed.clone()],
            vec![format!("--{typed}")],
            vec!["--color".to_owned(), typed.clone()],
            vec!["--limit".to_owned(), format!("{typed}=1")],
            vec!["--limit".to_owned(), format!("nesting={typed}")],
            vec!["--max-errors".to_owned(), typed.clone()],
            vec!["run".to_owned(), "r.neuron".to_owned(), format!("--trace={typed}")],
            vec!["run".to_owned(), "r.neuron".to_owned(), typed.clone()],
            vec!["run".to_owned(), "r.neuron".to_owned(), format!("{typed}=1")],
            vec!["run".to_owned(), "r.neuron".to_owned(), format!("x={typed}")],
            vec!["run".to_owned(), "r.neuron".to_owned(), format!("x=1{typed}1")],
            vec!["run".to_owned(), "r.neuron".to_owned(), "x=1".to_owned(), format!("x={typed}")],
            vec!["run".to_owned(), "r.neuron".to_owned(), format!("x[0]={typed}")],
        ] {
            let test = arguments.iter().fold(test().file("r.neuron", right), |test, argument| test.arg(argument));
            inert(test.run());
        }
    }
}

#[test]
fn codes_are_explained() {
    Test::new().args("explain e0206").run().code(0).stdout_has("E0206").stderr("");
    Test::new().args("explain E0999").run().code(2).stdout("").stderr_has("no error code is called `E0999`");
}

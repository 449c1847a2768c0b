//! `neuronc explain FILE --data ROWS`: what rows say about a network.

use std::fmt::Write;

use crate::Test;

/// A neuron that lives, one that is dead, one that always fires and one that is saturated; `b` counts most.
const PLANTED: &str = "input a, b, c\n\
    neuron live   { activation = relu }\n\
    neuron dead   { activation = relu, bias = -100 }\n\
    neuron always { activation = relu, bias = 100 }\n\
    neuron flat   { activation = tanh, bias = 30 }\n\
    neuron all_or_nothing { activation = step }\n\
    neuron y\n\
    [a, b, c] -> live   : [0.01, 1, 0.1]\n\
    [a, b, c] -> dead   : [9, 1, 1]\n\
    [a, b, c] -> always : [0, 0.5, 0]\n\
    a -> flat : 1\n\
    c -> all_or_nothing : 1\n\
    [live, dead, always, flat] -> y : [1, 1, 1, 5]\n\
    output y, all_or_nothing\n";

/// Rows with values between -1 and 1.
fn values() -> Vec<[f64; 3]> {
    let mut state = 7u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / f64::from(1 << 23) - 1.0
    };
    (0..20_000).map(|_| [next(), next(), next()]).collect()
}

fn csv() -> String {
    let mut text = String::from("a,b,c\n");
    for [a, b, c] in values() {
        let _ = writeln!(text, "{a},{b},{c}");
    }
    text
}

fn json_lines() -> String {
    values().iter().fold(String::new(), |mut text, [a, b, c]| {
        let _ = writeln!(text, "{{\"c\":{c},\"a\":{a},\"b\":{b}}}");
        text
    })
}

fn test(data: &str, content: &str) -> Test {
    Test::new().file("n.neuron", PLANTED).file(data, content).args("explain n.neuron --data").arg(data)
}

fn object(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("JSON")
}

fn named<'a>(list: &'a serde_json::Value, name: &str) -> &'a serde_json::Value {
    list.as_array().expect("a list").iter().find(|one| one["name"] == name).expect("it is there")
}

#[test]
fn planted_neurons_and_inputs_are_found() {
    for (data, content) in [("r.csv", csv()), ("r.jsonl", json_lines())] {
        let ran = test(data, &content).args("--format json").run().code(0).stderr("");
        let told = object(&ran.stdout);
        assert_eq!((&told["schema"], &told["rows"]), (&"neuronc.survey/1".into(), &20_000.into()));
        for (name, never, always, saturated, line) in [
            ("live", false, false, false, 2),
            ("dead", true, false, true, 3),
            ("always", false, true, false, 4),
            ("flat", false, true, true, 5),
            ("all_or_nothing", false, false, false, 6),
            ("y", false, true, false, 7),
        ] {
            let neuron = named(&told["neurons"], name);
            let found = ["never_fires", "always_fires", "saturated"].map(|field| neuron[field].as_bool());
            assert_eq!(found, [never, always, saturated].map(Some), "{data}: {name}: {neuron}");
            assert_eq!(neuron["line"], line, "{name}");
        }
        assert_eq!(named(&told["neurons"], "all_or_nothing")["flat"], serde_json::Value::Null);
        let y = named(&told["outputs"], "y");
        assert_eq!(y["inputs"][0]["name"], "b", "{y}");
        assert!(y["inputs"][0]["share"].as_f64() > Some(0.8), "{y}");
        // b -> live counts where it fires, b -> always everywhere.
        let nothing = named(&told["outputs"], "all_or_nothing");
        assert_eq!(nothing["inputs"][0]["name"], "c");
        assert_eq!(nothing["inputs"][0]["share"], 1.0, "{nothing}");
        assert!((nothing["inputs"][0]["mean_magnitude"].as_f64().expect("a number") - 0.5).abs() < 0.02, "{nothing}");
    }
}

#[test]
fn text_tells_the_same_with_places() {
    let ran = test("r.csv", &csv()).run().code(0).stderr("");
    let flat = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "n: what 20000 rows of r.csv say",
        "Of 6 neurons 1 never fire, 3 always fire, and 2 are saturated",
        "dead never fires, saturated 0 % 100 % 0 n.neuron:3",
        "Inputs that count most for y",
        "compared with no signal at all",
    ] {
        assert!(flat.contains(part), "no {part:?} in\n{}", ran.stdout);
    }
    let markdown = test("r.csv", &csv()).args("--format markdown").run().code(0);
    markdown.stdout_has("| dead | never fires, saturated |").stdout_has("n.neuron:3");
}

/// Several blocks on several threads: the same bits.
#[test]
fn threads_change_nothing() {
    let content = format!("a,b,c\n{}", csv().split_once('\n').expect("a header").1.repeat(4));
    let told =
        |threads: &str| test("r.csv", &content).args("--format json --threads").arg(threads).run().code(0).stdout;
    let one = told("1");
    assert_eq!(object(&one)["rows"], 80_000);
    assert_eq!(one, told("2"));
    assert_eq!(one, told("7"));
}

#[test]
fn rows_with_faults_are_treated_as_by_run() {
    let dirty = "a,b,c\n1,2,3\n1,x,3\n4,5,6\n";
    test("r.csv", dirty).run().code(1).stdout("").stderr_has("r.csv:3:3");
    for policy in ["skip", "null"] {
        let ran = test("r.csv", dirty).args("--format json --on-bad-row").arg(policy).run().code(0);
        assert_eq!(object(&ran.stdout)["rows"], 2, "{policy}");
        ran.stderr_has("r.csv: 2 rows looked at, 1 row left out; the first: line 3, column 3");
    }
    test("r.csv", "a,b\n1,2\n").run().code(1).stdout("").stderr_has("`c`");
    let fixed = test("r.csv", "a,b\n1,2\n").args("c=4 --format json").run().code(0);
    assert_eq!(object(&fixed.stdout)["rows"], 1);
    test("r.csv", "a,b,c\n").run().code(0).stdout_has("There are no rows");
    let infinite = test("r.csv", "a,b,c\n1,inf,3\n1,2,3\n").args("--allow-nonfinite --format json").run().code(0);
    let told = object(&infinite.stdout);
    assert_eq!((&told["rows"], &told["not_finite"]), (&2.into(), &1.into()));
    let input = Test::new().file("n.neuron", PLANTED).args("explain n.neuron --data - --in-format jsonl --format json");
    let ran = input.input("{\"a\":1,\"b\":2,\"c\":3}\n").run().code(0);
    assert_eq!(object(&ran.stdout)["rows"], 1);
}

#[test]
fn options_that_do_not_fit_are_refused() {
    let ran = test("r.csv", "a,b,c\n").arg("dead").run().code(2).stdout("");
    ran.stderr_has("with `--data` the whole network is looked at, not `dead` alone");
    Test::new().file("n.neuron", PLANTED).args("explain n.neuron --threads 2").run().code(2).stderr_has("--data");
    let silent = "input x\nneuron y\nx -> y : 0\noutput y\n";
    let ran = Test::new().file("n.neuron", silent).file("r.csv", "x\n1\n").args("explain n.neuron --data r.csv").run();
    ran.code(0).stdout_has("None does");
}

//! `neuronc bench`.

use super::Test;

const GATE: &str = "input a, b\nneuron y { activation = tanh }\n[a, b] -> y : [1, -1]\noutput y\n";

#[test]
fn figures_are_given_as_text_and_as_json() {
    let ran = Test::new().file("a.neuron", GATE).args("bench a.neuron --rows 1000 --threads 2").run();
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{}", ran.stdout);
    assert!(ran.stdout.starts_with("a.neuron: 1,000 rows in f64 on 2 threads\n  rows/s "), "{}", ran.stdout);
    let ran = Test::new().file("a.neuron", GATE).args("bench a.neuron --rows 999 --precision f32 --format json").run();
    let told: serde_json::Value = serde_json::from_str(&ran.stdout).expect("it is one object");
    assert_eq!(told["schema"], "neuronc.bench/1");
    assert_eq!((&told["rows"], &told["synapses"], &told["precision"]), (&999.into(), &2.into(), &"f32".into()));
    let number = |name: &str| told[name].as_f64().expect("it is a number");
    let rows = number("rows_per_second");
    assert!(rows > 0.0, "{told}");
    assert!((number("synapses_per_second") / rows - 2.0).abs() < 1e-9, "{told}");
    let share = number("synapses_per_second") / number("peak_synapses_per_second");
    assert!((number("share_of_peak") / share - 1.0).abs() < 1e-9, "{told}");
}

#[test]
fn more_threads_than_rows_are_not_used() {
    let ran = Test::new().file("a.neuron", GATE).args("bench a.neuron --rows 3 --threads 8 --format json").run();
    let told: serde_json::Value = serde_json::from_str(&ran.stdout).expect("it is one object");
    assert_eq!(told["threads"], 3);
}

#[test]
fn what_cannot_be_measured_is_told() {
    let ran = Test::new().file("a.neuron", GATE).args("bench a.neuron --rows 100000000000").run();
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("100,000,000,000 rows and their outputs need more than 4 GiB"), "{}", ran.stderr);
    let ran = Test::new().file("a.neuron", "input a\n").args("bench a.neuron").run();
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("gives no output"), "{}", ran.stderr);
    let ran = Test::new().args("bench none.neuron").run();
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
}

/// The same bits by other instructions, whatever the machine has.
#[test]
fn every_path_writes_the_same_rows() {
    let mut text =
        "input x[11]\nneuron h[9] { activation = silu }\nneuron o[3] { activation = softmax, bias = [1, 2, 3] }\n"
            .to_owned();
    text += "x -> h : normal(0, 1, seed = 1)\nh -> o : normal(0, 1, seed = 2)\noutput o, p = h[0..2]\n";
    let mut rows = (0..11).map(|column| format!("x[{column}]")).collect::<Vec<_>>().join(",") + "\n";
    for row in 0..1_003 {
        let cells: Vec<String> = (0..11).map(|column| format!("{}", f64::from(row * 11 + column).sin())).collect();
        rows += &(cells.join(",") + "\n");
    }
    for precision in ["f64", "f32"] {
        let run = |path: &str| {
            let test = Test::new().file("a.neuron", &text).file("rows.csv", &rows).variable("NEURONC_PATH", path);
            let ran = test.args("run a.neuron --data rows.csv --precision").args(precision).run();
            assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
            assert_eq!(ran.stdout.lines().count(), 1_004);
            ran.stdout
        };
        let portable = run("portable");
        assert_eq!(run("fused"), portable);
        assert_eq!(run("wide"), portable);
    }
}

//! `run`: values, formats, traces.

use neuronc::numeric::fma::{Fused, Software};
use serde_json::{Value, json};

use crate::{Test, article, example};

#[test]
fn the_article_gives_its_number() {
    article("run article.neuron").code(0).stdout("c = 2.2\n").stderr("");
    article("article.neuron").code(0).stdout("c = 2.2\n");
    article("--color never article.neuron x1=2 x2=-1").code(0).stdout("c = 1.75\n");
    article("run article.neuron x1=(1+1)/4 x2=-0.5e1").code(0).stdout("c = 0\n");
    Test::new().args("run -").input(&example("article.neuron")).run().code(0).stdout("c = 2.2\n");
}

#[test]
fn the_trace_is_a_table() {
    let expected = "\
c = relu(sum)                                              article.neuron:11
  from  value     weight     contribution   sum so far
  x1      0.8  ×   +1.00  =          +0.8          0.8   │████████▉
  x2      1.2  ×   +0.75  =          +0.9          1.7   │██████████
  bias                               +0.5          2.2   │█████▌
  ────────────────────────────────────────────────────
  net input 2.2  →  relu  →  2.2   ● fires      2 excitatory, 0 inhibitory

c = 2.2
";
    article("run article.neuron --trace").code(0).stdout(expected).stderr("");
    article("run article.neuron --trace --exact").code(0).stdout_has("+0.8999999999999999");
}

#[test]
fn bars_grow_left_of_the_axis_when_negative() {
    let text = "input a = 1\ninput b = 1\nneuron c\na -> c : -2\nb -> c : 1\noutput c\n";
    let expected = "\
c = identity(sum)                                                 c.neuron:3
  from  value     weight     contribution   sum so far
  a         1  ×      -2  =            -2           -2   ██████████│
  b         1  ×      +1  =            +1           -1             │█████
  bias                                  0           -1             │
  ────────────────────────────────────────────────────
  net input -1  →  identity  →  -1   ○ rests      1 excitatory, 1 inhibitory

c = -1
";
    Test::new().file("c.neuron", text).args("c.neuron --trace").run().code(0).stdout(expected);
}

#[test]
fn the_trace_speaks_in_sentences_and_in_json() {
    let sentences = "\
Neuron c, article.neuron line 11, activation relu.
From x1: value 0.8 times weight 1 contributes 0.8, excitatory; the sum is 0.8.
From x2: value 1.2 times weight 0.75 contributes 0.9, excitatory; the sum is 1.7.
The bias is 0.5; the net input is 2.2.
relu makes it 2.2. The neuron fires.
2 excitatory, 0 inhibitory.

c = 2.2
";
    article("run article.neuron --trace=plain").code(0).stdout(sentences);
    let ran = article("run article.neuron --trace=json").code(0).stderr("");
    let expected = json!({
        "schema": "neuronc.trace/1", "row": 0, "neuron": "c", "file": "article.neuron", "line": 11, "column": 8,
        "activation": "relu", "combine": "sum",
        "synapses": [
            {"from": "x1", "value": 0.8, "weight": 1.0, "contribution": 0.8, "sum": 0.8, "file": "article.neuron",
             "line": 13, "column": 1, "parameter": "w1"},
            {"from": "x2", "value": 1.2, "weight": 0.75, "contribution": 0.8999999999999999, "sum": 1.7,
             "file": "article.neuron", "line": 14, "column": 1, "parameter": "w2"},
        ],
        "bias": 0.5, "net_input": 2.2, "output": 2.2, "fired": true,
    });
    assert_eq!(serde_json::from_str::<Value>(&ran.stdout).expect("one object"), expected);
}

#[test]
fn places_in_a_long_line_count_characters() {
    let names: Vec<String> = (0..2000).map(|number| format!("é{number}")).collect();
    let line = format!("neuron {}", names.join(", "));
    let text = format!("input x = 1\n{line}\nx -> é1999 : 1\noutput é1999\n");
    let ran = Test::new().file("y.neuron", text).args("y.neuron --quiet --trace=json").run().code(0);
    let neuron: Value = serde_json::from_str(&ran.stdout).expect("an object");
    let place = line.find("é1999").expect("the last name");
    assert_eq!(neuron["column"], line[..place].chars().count() + 1);
}

#[test]
fn a_narrow_terminal_gets_a_narrow_trace() {
    for columns in ["80", "60", "50", "40", "30"] {
        let ran = Test::new()
            .file("article.neuron", example("article.neuron"))
            .args("article.neuron --trace")
            .variable("COLUMNS", columns)
            .run()
            .code(0);
        let widest = ran.stdout.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        let columns: usize = columns.parse().expect("a number");
        assert!(widest <= columns.max(33), "{widest} columns of {columns}:\n{}", ran.stdout);
        assert!(ran.stdout.contains("0.9"), "{}", ran.stdout);
    }
}

#[test]
fn many_synapses_are_abridged_unless_all_are_wanted() {
    let text = "input x[100] = 1\nneuron y\nx -> y : 0.5\nx[7] -> y : 9\noutput y\n";
    let count = |arguments: &str| {
        let ran = Test::new().file("y.neuron", text).args(arguments).run().code(0);
        ran.stdout.lines().filter(|line| line.contains('×')).count()
    };
    assert_eq!(count("y.neuron --trace"), 10);
    assert_eq!(count("y.neuron --trace --all"), 101);
    let ran = Test::new().file("y.neuron", text).args("y.neuron --trace").run();
    ran.stdout_has("and 91 synapses with smaller contributions").stdout_has("+9");
}

#[test]
fn outputs_come_as_json_with_arrays_and_without_lost_values() {
    let text =
        "input x[2] = [1, 2]\nneuron h[2] { activation = relu }\nx -> h : [[1, 0], [0, -1]]\noutput h, first = h[0]\n";
    let ran = Test::new().file("h.neuron", text).args("h.neuron --format json").run().code(0);
    assert_eq!(ran.stdout, "{\"h\":[1.0,0.0],\"first\":1.0}\n");
    Test::new().file("h.neuron", text).args("h.neuron x=3,4").run().code(0).stdout("h = [3, 0]\nfirst = 3\n");
    Test::new().file("h.neuron", text).arg("h.neuron").arg("x=[5, 6]").run().code(0).stdout("h = [5, 0]\nfirst = 5\n");
}

#[test]
fn single_precision_rounds_every_step() {
    let text = "input x = 0.1\nneuron y\nx -> y : 3\noutput y\n";
    Test::new().file("y.neuron", text).args("y.neuron").run().stdout("y = 0.30000000000000004\n");
    Test::new().file("y.neuron", text).args("y.neuron --precision f32").run().code(0).stdout("y = 0.3\n");
    let ran = Test::new().file("y.neuron", text).args("y.neuron --precision f32 --trace=json").run().code(0);
    ran.stdout_has("\"value\":0.1,").stdout_has("\"output\":0.3,");
}

#[test]
fn single_precision_takes_no_input_that_it_cannot_hold() {
    let text = "input a = 1\ninput x[2] = [1, 1e300]\ninput z = 1\nneuron y\nx -> y : 1\noutput y, a, z\n";
    let run = |arguments: &str| Test::new().file("y.neuron", text).args(arguments).run();
    run("y.neuron").code(0).stdout("y = 1e300\na = 1\nz = 1\n");
    let ran = run("y.neuron --precision f32 --message-format short").code(2).stdout("");
    ran.stderr_has("y.neuron:2:7: error[E0604]: the input `x` is 1e300").stderr_has("single precision");
    run("y.neuron --precision f32 x=3.5e38").code(2).stderr_has("E0604");
    run("y.neuron --precision f32 x=1,2 z=1e39").code(2).stderr_has("the input `z` is 1e39");
    run("y.neuron --precision f32 x=3e38,-3e38").code(0).stdout("y = 0\na = 1\nz = 1\n");
}

#[test]
fn inputs_stay_in_their_ranges() {
    let text = "input a = 1 { range = [0, 1] }\ninput b[3] = 0 { range = [-2, 2] }\noutput a, b\n";
    let run = |arguments: &str| Test::new().file("r.neuron", text).args(arguments).run();
    run("r.neuron a=0 b=-2,2,0.5").code(0).stdout("a = 0\nb = [-2, 2, 0.5]\n").stderr("");
    let short = "r.neuron --message-format short";
    let ran = run(&format!("{short} a=1.5")).code(2).stdout("");
    ran.stderr_has("r.neuron:1:15: error[E0604]: the input `a` is 1.5, outside its range from 0 to 1");
    let ran = run(&format!("{short} b=1,2,3 a=-0.1")).code(2).stdout("");
    ran.stderr_has("r.neuron:2:18: error[E0604]: the input `b[2]` is 3, outside its range from -2 to 2");
    run(&format!("{short} b=3")).code(2).stderr_has("the input `b` is 3");
}

#[test]
fn a_declared_activation_is_traced_by_its_name() {
    let text = "activation bent(z, leak = 0.1, lift = 0) = if(z > 0, z, leak * z) + lift\ninput x = -2\n\
                neuron y { activation = bent(leak = 0.5) }\nneuron z { activation = bent }\n\
                x -> y : 1\nx -> z : 1\noutput y, z\n";
    let run = |arguments: &str| Test::new().file("b.neuron", text).args(arguments).run().code(0).stderr("");
    run("b.neuron").stdout("y = -1\nz = -0.2\n");
    run("b.neuron --trace").stdout_has("y = bent(leak = 0.5, sum)").stdout_has("z = bent(sum)");
    run("b.neuron --trace").stdout_has("net input -2  →  bent  →  -1      0 excitatory, 1 inhibitory\n");
    run("b.neuron --trace=plain").stdout_has("bent(leak = 0.5) makes it -1.\n");
    let ran = run("b.neuron --trace=json");
    ran.stdout_has("\"activation\":\"bent(leak = 0.5)\"").stdout_has("\"fired\":null");
    // 0.1 is rounded to single precision once, and so is the product.
    run("b.neuron --precision f32").stdout("y = -1\nz = -0.2\n");
}

#[test]
fn what_is_not_finite_is_passed_on_and_named() {
    let text = "input x = 1e308\nneuron big, next\nx -> big : 10\nbig -> next : 1\noutput next\n";
    let ran = Test::new().file("big.neuron", text).args("big.neuron").run().code(0).stdout("next = inf\n");
    ran.stderr_has("`big` is the first neuron whose net input or output is not finite").stderr_has("W0301");
    let ran = Test::new().file("big.neuron", text).args("big.neuron --format json").run().code(0);
    ran.stdout("{\"next\":\"inf\"}\n");
    let ran = Test::new().file("big.neuron", text).args("big.neuron --error-on-warning").run().code(1);
    ran.stdout("next = inf\n").stderr_has("W0301");
}

#[test]
fn what_an_activation_hides_is_named_with_and_without_a_trace() {
    let step = "input x = 1e308\nneuron fine, y { activation = step }\nx -> fine : 1\nx -> y : 10\noutput fine, y\n";
    let whole = "input x = 1e308\nneuron h[3] { activation = softmax }\nx -> h[2] : 10\noutput h\n";
    for (text, named) in [(step, "`y` is the first"), (whole, "`h[2]` is the first")] {
        for arguments in ["y.neuron", "y.neuron --trace", "y.neuron --precision f32 x=3e38"] {
            Test::new().file("y.neuron", text).args(arguments).run().code(0).stderr_has(named);
        }
    }
}

#[test]
fn inputs_are_explained() {
    let text = "input x\ninput v[3]\nneuron y\nx -> y : 1\nv -> y : 1\noutput y\n";
    let run = |arguments: &str| Test::new().file("y.neuron", text).args(arguments).run();
    run("y.neuron x=1 v=1,2,3").code(0).stdout("y = 7\n");
    run("y.neuron").code(2).stderr_has("E0602").stderr_has("`x`, `v`").stderr_has("x=1 v=1,1,1");
    run("y.neuron x=1 w=2 v=1").code(2).stderr_has("no input is called `w`");
    run("y.neuron x=1 y=2 v=1").code(2).stderr_has("`y` is a neuron, not an input");
    run("y.neuron x=1 v=1,2").code(2).stderr_has("takes 3 values, but 2 values are given");
    run("y.neuron x=1 v=1 x=1").code(2).stdout("").stderr_has("E0205").stderr_has("`x` is given twice");
    run("y.neuron x= v=1").code(2).stderr_has("NAME=VALUE");
    run("y.neuron x=1..2 v=1").code(2).stderr_has("the value of x");
    run("y.neuron x=1/0 v=1").code(2).stderr_has("E0307");
    run("y.neuron x=nan v=1").code(2).stderr_has("E0201");
    run("y.neuron x=1e999 v=1").code(2).stderr_has("E0109");
}

#[test]
fn ten_of_many_missing_inputs_are_shown() {
    let names: Vec<String> = (0..50_000).map(|number| format!("x{number}")).collect();
    let inputs: String = names.iter().map(|name| format!("input {name}\n")).collect();
    let text = format!("{inputs}neuron y {{ bias = 1 }}\noutput y\nexpect x3 = 1 => y = 1\n");
    let run = |arguments: &str| {
        let test = Test::new().file("y.neuron", &text).args("--quiet --message-format short");
        let ran = test.args(arguments).run();
        assert!(ran.stderr.len() < 1_000, "{} bytes", ran.stderr.len());
        ran
    };
    run("run y.neuron x3=1").code(2).stderr_has("49999 inputs have no value: `x0`, `x1`, `x2`, `x4`,");
    run("run y.neuron x3=1").stderr_has("`x10` and 49989 more (");
    run("run y.neuron missing=1").stderr_has("`x9` and 49990 more");
    let ten =
        Test::new().file("t.neuron", inputs.lines().take(10).collect::<Vec<_>>().join("\n") + "\noutput y = x9\n");
    let ran = ten.args("--quiet --message-format short run t.neuron").run().code(2);
    assert!(ran.stderr.contains("`x8`, `x9` (give"), "{}", ran.stderr);
    run("test y.neuron").code(1).stderr_has("`x10` and 49989 more");
}

#[test]
fn one_slip_in_a_value_is_one_error() {
    let text = "input x\ninput v[3]\ninput z[20] = 0\nneuron y\nx -> y : 1\nv -> y : 1\nz -> y : 1\noutput y\n";
    let mend = |arguments: &str, mend: &str| {
        let test = Test::new().file("y.neuron", text).args("y.neuron --message-format short");
        let ran = test.args(arguments).run().code(2).stdout("").stderr_has(mend);
        assert_eq!(ran.stderr.matches("error[").count(), 1, "{}", ran.stderr);
    };
    for spaced in ["x = 1 v=1", "x =1 v=1", "x= 1 v=1", "v=1 x = 1"] {
        mend(spaced, "write it without blanks, as `x=1`");
    }
    mend("x= v=1", "write it without blanks, as `x=2`");
    mend("x v=1", "write it without blanks, as `x=2`");
    mend("x=1 v=[1, 2, 3]", "write it without blanks, as `v=[1,2,3]`");
    mend("x=1 v = 1, 2, 3", "write it without blanks, as `v=1,2,3`");
    mend("x=1 v=1 7", "`7` is not of the form NAME=VALUE");
    mend("x=1 v[0]=1", "give the whole array: `v=1,0,0`");
    mend("x=1 v[2]=-3 v[0]=1", "give the whole array: `v=1,0,-3`");
    mend("x=1 v=1 z[1]=5", "give the whole array: `z=0,5,0,0,0,0,0,0,…`");
    mend("x=1 v=1 x[0]=5", "no input is called `x[0]`");
}

#[test]
fn a_network_without_outputs_can_be_checked_but_not_run() {
    let text = "input x = 1\nneuron y\nx -> y : 1\n";
    Test::new().file("y.neuron", text).args("check y.neuron").run().code(0).stdout("").stderr("");
    let ran = Test::new().file("y.neuron", text).args("y.neuron").run().code(1).stdout("");
    ran.stderr_has("E0601").stderr_has("output y");
}

#[test]
fn sums_replay_bit_for_bit_from_the_json_trace() {
    for name in ["iris.neuron", "article.neuron", "excitation.neuron"] {
        let ran = Test::new().file(name, example(name)).args("run --trace=json").arg(name).run().code(0);
        let mut neurons = 0;
        for line in ran.stdout.lines() {
            let neuron: Value = serde_json::from_str(line).expect("one object a line");
            let number = |value: &Value| value.as_f64().expect("a number");
            let mut sum = 0.0;
            for synapse in neuron["synapses"].as_array().expect("a list") {
                sum = Software::fma64(number(&synapse["weight"]), number(&synapse["value"]), sum);
                assert_eq!(sum.to_bits(), number(&synapse["sum"]).to_bits(), "{name}: {synapse}");
            }
            assert_eq!((sum + number(&neuron["bias"])).to_bits(), number(&neuron["net_input"]).to_bits(), "{name}");
            neurons += 1;
        }
        assert!(neurons > 0, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_watched_file_is_run_again_at_every_save() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};

    Test::new().args("run - --watch").run().code(2).stderr_has("cannot be watched");
    Test::new().args("run missing.neuron --watch").run().code(3);
    let folder = Test::new().file("article.neuron", example("article.neuron")).folder;
    let mut child = Command::new(env!("CARGO_BIN_EXE_neuronc"))
        .args(["run", "article.neuron", "x1=2", "--watch"])
        .current_dir(&folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut messages = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    let mut next = || lines.next().expect("there is a line").expect("it is UTF-8");
    assert_eq!(next(), "c = 3.4");
    let save = |text: String| std::fs::write(folder.join("article.neuron"), text).expect("it can be written");
    save(example("article.neuron").replace("neuron c {", "neuron c "));
    // A mistake is told, and the next save is waited for.
    while !messages.next().expect("there is a line").expect("it is UTF-8").contains("E0103") {}
    save(example("article.neuron").replace("0.75", "1.75"));
    assert_eq!(next(), "c = 4.6");
    child.kill().expect("it runs until it is stopped");
    child.wait().expect("it ends");
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}

#[cfg(unix)]
#[test]
fn what_a_watched_file_names_is_watched_too() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};

    let text = "input x = 2\nneuron y\nx -> y : load(\"w.csv\")\noutput y\n";
    let folder = Test::new().file("a.neuron", text).file("w.csv", "3\n").folder;
    let mut child = Command::new(env!("CARGO_BIN_EXE_neuronc"))
        .args(["run", "a.neuron", "--watch"])
        .current_dir(&folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut messages = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    let mut next = || lines.next().expect("there is a line").expect("it is UTF-8");
    assert_eq!(next(), "y = 6");
    std::fs::write(folder.join("w.csv"), "10\n").expect("it can be written");
    assert_eq!(next(), "y = 20");
    assert_eq!(messages.next().expect("there is a line").expect("it is UTF-8"), "w.csv was saved");
    child.kill().expect("it runs until it is stopped");
    child.wait().expect("it ends");
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}

#[test]
fn a_trace_as_json_tells_what_made_each_synapse() {
    let gates = "network half {\n    input a\n    neuron y\n    a -> y : 0.5\n    output y\n}\n";
    let text = "import \"gates.neuron\" as gates\ninput x[4] = 1\nweight w = load(\"w.csv\")\n\
                weight n[4] = normal(0, 0.5, seed = 7)\nneuron a, b, c\nx -> a : w\nx -> b : n\n\
                x -> c : uniform(0, 1, seed = 9) { rule = random(0.75, seed = 3) }\n\
                instance left = gates.half { a = x[0] }\noutput a, b, c, y = left.y\n";
    let test = Test::new().file("m.neuron", text).file("gates.neuron", gates).file("w.csv", "1,2,3,4\n");
    let ran = test.args("m.neuron --trace=json").run().code(0);
    let first = |neuron: &str| {
        let lines = ran.stdout.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let found = lines.into_iter().find(|line| line["neuron"] == neuron).expect("it is traced");
        found["synapses"][0].clone()
    };
    let (a, b, c, left) = (first("a"), first("b"), first("c"), first("left.y"));
    assert_eq!((&a["file"], &a["line"], &a["parameter"]), (&"m.neuron".into(), &6.into(), &"w".into()));
    assert_eq!(a["loaded"], serde_json::json!({ "file": "w.csv", "tensor": null }));
    assert_eq!(b["generator"], serde_json::json!({ "name": "normal", "arguments": [0.0, 0.5], "seed": 7 }));
    assert_eq!(c["rule"], serde_json::json!({ "name": "random", "probability": 0.75, "seed": 3 }));
    assert_eq!(c["generator"]["seed"], 9);
    assert_eq!((&left["file"], &left["line"], &left["from"]), (&"gates.neuron".into(), &4.into(), &"x[0]".into()));
    assert!(left.get("rule").is_none() && left.get("parameter").is_none(), "{left}");
}

#[test]
fn an_array_that_becomes_infinite_as_a_whole_is_told() {
    let text = "input x[2] = [1.7e308, -1.7e308]\nneuron y[2] { activation = log_softmax }\n\
                x -> y : 1 { rule = one_to_one }\noutput y\n";
    let ran = Test::new().file("s.neuron", text).args("s.neuron --message-format short").run().code(0);
    ran.stdout("y = [0, -inf]\n").stderr_has("warning[W0301]: `y[1]` is the first neuron");
}

/// An output is what its network gives: one element of an array is no array.
#[test]
fn outputs_of_instances_keep_their_shape() {
    let text = "network n {\ninput a\nneuron h[2], k[1]\na -> h : 1\na -> k : 2\noutput one = h[0], all = k\n}\n\
                input x = 3\ninstance i = n { a = x }\noutput one = i.one, all = i.all\n";
    Test::new().file("s.neuron", text).args("s.neuron").run().code(0).stdout("one = 3\nall = [6]\n");
}

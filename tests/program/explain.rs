//! `neuronc explain FILE`: a network and its neurons in words.

use crate::{Ran, Test, article, example};

/// The account of a text, in one line.
fn told(text: &str, arguments: &str) -> String {
    let test = Test::new().file("n.neuron", text).args("explain n.neuron").args(arguments);
    flat(&test.run().code(0))
}

fn flat(ran: &Ran) -> String {
    ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
}

#[test]
fn the_worked_example_is_told_with_its_numbers() {
    let ran = article("explain article.neuron").code(0).stderr("");
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ran.stdout);
    has(
        &flat(&ran),
        &[
            "article: 2 inputs, 1 neuron and 2 synapses",
            "The worked example: one neuron, two inputs.",
            "c = relu(1·x1 + 0.75·x2 + 0.5) = relu(1·0.8 + 0.75·1.2 + 0.5) = 2.2",
            "2 excitatory, 0 inhibitory; bias 0.5",
            "c fires (2.2 > 0): net input 2.2 = x2 +0.9 (41 %) + x1 +0.8 (36 %) + bias +0.5 (23 %)",
            "z if z > 0, else 0. It fires when its output is above 0, that is, when z > 0; exactly at z = 0 the output is 0, and it rests",
            "`w2` = 0.75: the weight of `x2 -> c` (article.neuron:8)",
            "`b` = 0.5: the bias of `c` (article.neuron:9)",
            "`c` = 2.2 (article.neuron:16)",
            "1 expectation",
        ],
    );
    let given = article("explain article.neuron x1=2 x2=-1").code(0).stderr("");
    has(&flat(&given), &["= relu(1·2 + 0.75·(-1) + 0.5) = 1.75", "`x1` = 2 (0.8 by default)"]);
}

#[test]
fn each_vocabulary_has_its_own_words() {
    let words = |vocabulary: &str| flat(&article(&format!("explain article.neuron --vocabulary {vocabulary}")).code(0));
    let (artificial, biological, both) = (words("artificial"), words("biological"), words("both"));
    for word in ["dendrite", "soma", "axon", "excit", "action potential"] {
        assert!(!artificial.contains(word), "{word}");
    }
    for word in ["net input z", "activation", "Activation"] {
        assert!(!biological.contains(word), "{word}");
    }
    for (word, text) in [("soma", &biological), ("dendrites", &biological), ("axon", &biological), ("soma", &both)] {
        assert!(text.contains(word), "{word}");
    }
    for part in ["net input z", "weight times signal", "output", "axon"] {
        assert!(both.contains(part), "{part}");
    }
    article("explain article.neuron --vocabulary latin").code(2).stderr_has("artificial");
}

#[test]
fn without_values_the_formula_stands_alone() {
    let text = "input a, b\ninput v[2]\nneuron y { activation = step, bias = -1.5 }\na -> y : 1\nb -> y : -2\nv -> y : 3\noutput y\n";
    let alone = told(text, "");
    has(
        &alone,
        &[
            "y = step(1·a - 2·b + 3·v[0] + 3·v[1] - 1.5) ",
            "Told without numbers: `a`, `b` and `v` have no default. Give them behind the file, as `a=1`",
            "`v[2]`, without a default",
        ],
    );
    assert!(!alone.contains("fires ("), "{alone}");
    has(&told(text, "a=1 b=0.5 v=1,0"), &["= step(1·1 - 2·0.5 + 3·1 + 3·0 - 1.5) = 1 "]);
    let partly = Test::new().file("n.neuron", text).args("explain n.neuron a=1").run().code(2).stdout("");
    partly.stderr_has("E0602").stderr_has("2 inputs have no value: `b`, `v`");
    let wrong = Test::new().file("n.neuron", text).args("explain n.neuron c=1 --message-format short").run();
    wrong.code(2).stdout("").stderr_has("E0603");
}

#[test]
fn what_happens_exactly_at_the_threshold_is_told() {
    for (activation, told_of) in [
        ("step", "when z > 0; exactly at z = 0 the output is 0, and it rests"),
        ("step(at = 1)", "when z >= 0; exactly at z = 0 the output is 1, and it fires"),
        ("step(1.5, at = 0.25)", "when z >= 1.5; exactly at z = 1.5 the output is 0.25, and it fires"),
        ("step(0.1)", "when z > 0.1; exactly at z = 0.1 the output is 0, and it rests"),
        ("sigmoid", "above 0.5, that is, when z > 0; exactly at z = 0 the output is 0.5, and it rests"),
        ("tanh(-1)", "when z < 0; exactly at z = 0 the output is"),
        ("abs", "when z < 0 or z > 0; exactly at z = 0 the output is 0, and it rests"),
        ("thresholded_relu", "when z > 1; exactly at z = 1 the output is 0, and it rests"),
        ("hard_tanh(lo = 1, hi = 2)", "It fires for every net input: its output is above 0."),
        ("hard_tanh(lo = -2, hi = -1)", "It never fires: no net input gives an output above 0."),
        ("exp", "With `exp` that a neuron fires means nothing"),
        ("leaky_relu(slope = 0.1)", "Here slope = 0.1."),
    ] {
        let text = format!("input x = 1\nneuron y {{ activation = {activation} }}\nx -> y : 1\noutput y\n");
        has(&told(&text, ""), &[told_of]);
    }
    let declared = "const k = 2\nactivation bent(z, p = 1) = if(z > 0, z, p * k * z)\ninput x = -1\nneuron y { activation = bent(3) }\nx -> y : 1\noutput y\n";
    has(
        &told(declared, ""),
        &[
            "`activation bent(z, p = 1) = if(z > 0, z, p * k * z)`",
            "Here p = 3.",
            "y = bent(1·x, p = 3) = bent(1·(-1), p = 3) = -6",
        ],
    );
}

#[test]
fn each_way_to_combine_is_told() {
    for (combine, formula, words) in [
        ("product", "product(2·a, -3·b) + 1", "is multiplied, not added"),
        ("mean", "mean(2·a, -3·b) + 1", "the mean counts"),
        ("min", "min(2·a, -3·b) + 1", "only the smallest counts"),
        ("max", "max(2·a, -3·b) + 1", "only the largest counts"),
        ("max_abs", "max_abs(2·a, -3·b) + 1", "largest in magnitude"),
        ("median", "median(2·a, -3·b) + 1", "only the middle one"),
    ] {
        let text = format!(
            "input a = 1, b = 2\nneuron y {{ combine = {combine}, bias = 1 }}\na -> y : 2\nb -> y : -3\noutput y\n"
        );
        has(&told(&text, ""), &[&format!("y = identity({formula}) = identity("), words]);
    }
    let lonely = "neuron y { bias = -0.5, activation = relu }\noutput y\n";
    has(&told(lonely, ""), &["y = relu(-0.5) = 0 ", "No synapse; bias -0.5."]);
}

#[test]
fn arrays_and_parameters_are_told_at_once() {
    let digits = Test::new()
        .file("digits.neuron", example("digits.neuron"))
        .file("digits.safetensors", std::fs::read("examples/digits.safetensors").expect("the weights are there"))
        .args("explain digits.neuron")
        .run()
        .code(0)
        .stderr("");
    assert!(digits.stdout.lines().count() < 120, "{}", digits.stdout);
    has(
        &flat(&digits),
        &[
            "An array of 32 neurons, with 2048 synapses in all: 1044 excitatory, 1004 inhibitory; bias from -1.08562 to 3.79298.",
            "each of 64 to each of 32, 2048 synapses with the weights `W1[32, 64]` from -1.0639 to 0.923146, loaded from `hidden.weight` of `digits.safetensors`",
            "now 18 of 32 fire: hidden[4], hidden[5]",
            "each of 64 to the one of its own number, 64 synapses",
            "`softmax` looks at the net inputs of the whole array",
            "identity(0·winner[0] + 1·winner[1]",
            "… 4 more …",
        ],
    );
    let siamese = Test::new().file("s.neuron", example("siamese.neuron")).args("explain s.neuron").run().code(0);
    has(
        &flat(&siamese),
        &[
            "`one` is a copy of the network `tower`: its `x` is fed by `first`; its `code` is `one.code`",
            "`one.W[2, 3]` from -1 to 1: the weights of 12 synapses, several of which share one",
            "written where they are used have no name",
        ],
    );
    let shared = "weight w = 2\nbias b = 1\ninput x[3] = 1\nneuron h[5] { bias = b }\nx -> h : w { rule = random(0.5, seed = 1) }\noutput h\n";
    has(
        &told(shared, ""),
        &[
            "synapses that share the weight `w` 2",
            "pairs that were drawn, each with the probability 0.5 (seed 1)",
            "`w` = 2: one weight that",
            "`b` = 1: one bias that 5 neurons share (`h`)",
        ],
    );
    let made = "weight W[3, 2] = uniform(-1, 1, seed = 7)\ninput x[2] = 1\nneuron h[3]\nx -> h : W\noutput h\n";
    has(&told(made, ""), &["made by `uniform(-1, 1, seed = 7)`", "h[2] = identity("]);
}

#[test]
fn networks_for_others_are_told_one_by_one() {
    let gates = Test::new().file("gates.neuron", example("gates.neuron")).args("explain gates.neuron").run().code(0);
    has(
        &flat(&gates),
        &[
            "gates: 3 networks that others make instances of",
            "network nand: 2 inputs, 1 neuron and 2 synapses",
            "nand = step(-1·a - 1·b + 1.5)",
            "output `y`; it is `both`",
        ],
    );
}

#[test]
fn one_neuron_is_told_in_detail() {
    let ran = article("explain article.neuron c").code(0).stderr("");
    let text = flat(&ran);
    has(
        &text,
        &[
            "c: a neuron of article",
            "x2 1.2 +0.75 (w2) +0.9 excitatory article.neuron:14 x1 0.8 +1 (w1) +0.8 excitatory article.neuron:13",
            "declared in article.neuron:11 and computed as number 1 of 1 neuron",
            "as the output `c` (article.neuron:16)",
        ],
    );
    let xor = |what: &str| {
        flat(
            &Test::new()
                .file("xor.neuron", example("xor.neuron"))
                .args("explain xor.neuron")
                .args(what)
                .args("a=1 b=1")
                .run()
                .code(0),
        )
    };
    has(&xor("nand"), &["nand rests (0, not above 0)", "b 1 -1 -1 inhibitory", "to `y` with the weight +1"]);
    has(&xor("a"), &["a: an input of xor", "to `either` with the weight +1", "to `nand` with the weight -1"]);
    let text =
        "input x[3] = 1\nneuron h[30]\nx -> h : 1\nneuron y\nh -> y : 0.1\nh[3] -> y : -2\noutput y, first = h[0]\n";
    has(
        &told(text, "h[3]"),
        &["h[3]: a neuron of the array h", "to `y` with the weight +0.1", "to `y` with the weight -2"],
    );
    has(&told(text, "h[0]"), &["the output `first`"]);
    has(&told(text, "h"), &["h: an array of 30 neurons", "`h` -> `y`: all 30 to it"]);
    has(&told(text, "x"), &["x: an array of 3 inputs"]);
    let short = told(text, "y");
    has(&short, &["h[3] 3 -2 -6 inhibitory", "… and 11 more synapses that are smaller", "… 25 more …"]);
    let long = told(text, "y --all");
    assert!(
        !long.contains("more synapses") && !long.contains("more …") && long.contains("h[29] 3 +0.1 +0.3 excitatory"),
        "{long}"
    );
}

#[test]
fn what_is_not_there_is_an_error_with_the_nearest_name() {
    let short = |arguments: &str| {
        article(&format!("explain article.neuron {arguments} --message-format short")).code(2).stdout("").stderr
    };
    assert_eq!(
        short("d"),
        "error[E0201]: no input or neuron is called `d` (without a name the whole network is explained, with the names that it has)\n"
    );
    assert_eq!(short("X1"), "error[E0201]: no input or neuron is called `X1` (did you mean `x1`?)\n");
    assert_eq!(
        short("w1"),
        "error[E0201]: no input or neuron is called `w1` (it is a parameter: the whole network's account tells which synapses and neurons use it)\n"
    );
    assert_eq!(short("c[0]"), "error[E0201]: `c` has no element `0` (it is no array: `c` alone names it)\n");
    assert_eq!(
        short("c x1"),
        "error[E0604]: `x1` is not of the form NAME=VALUE (write it without blanks, as `x1=2`)\n"
    );
    assert_eq!(
        short("x1 = 3"),
        "error[E0604]: `x1 = 3` is not of the form NAME=VALUE (write it without blanks, as `x1=3`)\n"
    );
    let array = Test::new().file("n.neuron", "input x[3]\noutput x\n").args("explain n.neuron x[3]").run().code(2);
    array.stderr_has("its elements are `x[0]` to `x[2]`");
    article("explain missing.neuron").code(3).stdout("").stderr_has("there is no such file");
    Test::new().file("n.neuron", "input x\nneuron").args("explain n.neuron").run().code(1).stdout("");
}

#[test]
fn a_code_and_a_topic_stay_what_they_are() {
    let with = |arguments: &str| Test::new().file("E0102", example("article.neuron")).args(arguments).run().code(0);
    assert!(with("explain E0102").stdout.starts_with("# E0102"));
    with("explain ./E0102").stdout_has("= 2.2");
    with("explain neurons").stdout_has("dendrite").stdout_has("activation function").stderr("");
    Test::new().args("explain neurns").run().code(2).stderr_has("did you mean `neurons`?");
    Test::new().args("explain neurons c").run().code(2).stderr_has("one argument too many");
    Test::new().file("net", example("article.neuron")).args("explain net").run().code(0).stdout_has("= 2.2");
}

#[test]
fn the_page_of_the_two_neurons_is_the_programs() {
    let ran = Test::new().args("explain neurons --format markdown").run().code(0).stderr("");
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/neurons.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &ran.stdout).expect("the page can be written");
    }
    assert_eq!(std::fs::read_to_string(path).expect("the page is there"), ran.stdout, "UPDATE=1 writes it");
}

#[test]
fn programs_get_one_object() {
    let ran = article("explain article.neuron --format json").code(0).stderr("");
    let object: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(object["schema"], "neuronc.explain/1");
    let sections = object["sections"].as_array().expect("sections");
    let c = sections.iter().find(|section| section["title"] == "c").expect("the neuron");
    assert_eq!((&c["place"]["line"], &c["place"]["column"]), (&11.into(), &8.into()));
    assert_eq!(c["blocks"][0]["formula"]["steps"][1], "relu(1·0.8 + 0.75·1.2 + 0.5)");
    let neuron = article("explain article.neuron c --format json").code(0);
    let object: serde_json::Value = serde_json::from_str(&neuron.stdout).expect("JSON");
    let rows = &object["sections"][1]["blocks"][0]["table"]["rows"];
    assert_eq!(rows[0].as_array().map(Vec::len), Some(6));
}

#[test]
fn nothing_of_a_file_moves_the_cursor_or_marks_a_document() {
    let text = "## <script> *a* [b](c)\t# d\ninput x = 1 { column = \"`<b>`\" }\n## bell | <b>\nneuron y\nx -> y : 1\noutput y\n";
    let name = "n\u{1b}[0m\u{202e}`.neuron";
    for form in ["text", "markdown", "json"] {
        let test = Test::new().file(name, text).args("explain --format").arg(form).arg(name);
        let ran = test.run().code(0).stderr("");
        let harmful = |it: char| it.is_control() && it != '\n' || it == '\u{202e}';
        assert!(!ran.stdout.contains(harmful), "{form}: {:?}", ran.stdout);
        if form == "markdown" {
            has(&flat(&ran), &["\\<script\\> \\*a\\* \\[b\\](c) \\# d", "bell | \\<b\\>", "`'<b>'`"]);
        }
    }
}

#[test]
fn narrow_terminals_keep_their_width() {
    for columns in [40, 60, 100] {
        let test =
            Test::new().file("article.neuron", example("article.neuron")).variable("COLUMNS", &columns.to_string());
        let ran = test.args("explain article.neuron c").run().code(0);
        for line in ran.stdout.lines() {
            assert!(line.chars().count() <= columns, "{columns}: {line}");
        }
        has(&flat(&ran), &["relu(1·0.8 + 0.75·1.2 + 0.5) = 2.2", "excitatory"]);
    }
}

#[test]
fn large_networks_stay_short() {
    let text = "input x[1000] = 0.5\nweight W[1000, 1000] = uniform(-1, 1, seed = 1)\nneuron h[1000] { activation = relu }\nx -> h : W\nneuron y { activation = sigmoid }\nh -> y : 0.01\noutput y, h\n";
    for arguments in ["", "h", "h[999]", "y", "x"] {
        let test = Test::new().file("n.neuron", text).args("explain n.neuron").args(arguments);
        let ran = test.run().code(0).stderr("");
        assert!(ran.stdout.len() < 8_000, "{arguments}: {} bytes", ran.stdout.len());
    }
    let many: String = (0..500)
        .map(|number| {
            format!("neuron n{number} {{ bias = {number} }}\nx -> n{number} : {number}.5\noutput n{number}\n")
        })
        .collect();
    let ran = told(&format!("input x = 1\n{many}"), "");
    has(&ran, &["… and 488 more", "… and 488 more outputs"]);
    assert!(ran.len() < 10_000, "{} bytes", ran.len());
    let formula = vec!["z"; 2_000].join(" + ");
    let doc = "word ".repeat(5_000);
    let text = format!(
        "## {doc}\nnetwork n\n## {doc}\ninput x = 1\nactivation long(z) = {formula}\nneuron y {{ activation = long }}\nx -> y : 1\noutput y\n"
    );
    let long = told(&text, "y");
    assert!(long.len() < 4_000, "{} bytes", long.len());
    has(&long, &["= z + z + z", "…`. "]);
    assert!(told(&text, "").len() < doc.len() + 4_000, "an input's documentation is cropped in the list");
    assert!(told(&text, "x").len() < doc.len() + 2_000, "and told once where it stands alone");
    let all = told(&format!("input x = 1\n{many}"), "--all");
    has(&all, &["n499 = identity(499.5·x + 499) = identity(499.5·1 + 499) = 998.5"]);
}

#[test]
fn a_page_stands_alone_and_has_a_size() {
    let page = article("explain article.neuron --format html x1=2").code(0).stderr("").stdout;
    assert_eq!(page, article("draw article.neuron --format html x1=2").code(0).stderr("").stdout);
    has(&page, &["<!doctype html>", "default-src 'none'; script-src 'sha256-", "\"values\":[2]", "<svg "]);
    assert!(!page.contains("unsafe-inline") && !page.contains("src=\"") && !page.contains("@import"));
    article("draw article.neuron --format html x3=2").code(2).stdout("").stderr_has("E0603");
    let empty = Test::new().file("n.neuron", "input x { range = [3, 4] }\nneuron y\nx -> y : 1\noutput y\n");
    has(&empty.args("draw n.neuron --format html").run().code(0).stdout, &["\"values\":[3],\"range\":[3,4]"]);
    let large = "input x[300]\nneuron h[200] { activation = relu }\nx -> h : 1\noutput h\n";
    for command in ["explain n.neuron --format html", "draw n.neuron -o n.html"] {
        let ran =
            Test::new().file("n.neuron", large).args("--message-format short").args(command).run().code(2).stdout("");
        ran.stderr_has("60,500 inputs, neurons and synapses, and a page 50,000 at the most");
    }
    article("explain article.neuron --format html --data r.csv").code(2).stderr_has("no page");
    let chosen =
        Test::new().file("xor.neuron", example("xor.neuron")).args("explain xor.neuron nand --format html").run();
    has(&chosen.code(0).stdout, &["\"chosen\":3,"]);
    article("explain E0102 --data r.csv").code(2).stdout("").stderr_has("`--data` says what rows show about a network");
    article("explain neurons --format html").code(2).stderr_has("no page");
}

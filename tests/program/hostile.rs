//! Sources made to hurt: one clear error each, in little memory, never a panic, an abort or a hang.

use crate::Test;

/// Half a GiB, for the source, the program and what it needs.
const ROOM: u64 = 512 * 1024;

/// The program's exit code and its only message, `line:column: error[CODE]: …`.
#[track_caller]
fn one_error(name: &str, content: impl AsRef<[u8]>, code: i32) -> String {
    let ran = Test::new()
        .file(name, content)
        .args("check --message-format short")
        .arg(name)
        .run_within(ROOM)
        .code(code)
        .stdout("");
    let errors: Vec<&str> = ran.stderr.lines().filter(|line| line.contains("error[")).collect();
    assert_eq!(errors.len(), 1, "{}", ran.stderr);
    let harmful = |character: char| character.is_control() || ('\u{202a}'..='\u{202e}').contains(&character);
    assert!(!errors[0].chars().any(harmful), "{:?}", errors[0]);
    assert!(errors[0].chars().count() < 800, "{} characters", errors[0].chars().count());
    let (_, message) = errors[0].split_once(".neuron:").expect("a place");
    message.to_owned()
}

#[test]
fn nesting_is_bounded_at_the_257th_level() {
    let brackets = "(".repeat(10_000_000);
    assert!(one_error("b.neuron", format!("const a = {brackets}"), 4).starts_with("1:267: error[E0902]"));
    assert!(one_error("c.neuron", "{".repeat(10_000_000), 4).starts_with("1:257: error[E0902]"));
    let minuses = "-".repeat(1_000_000);
    assert!(one_error("m.neuron", format!("const a = {minuses}1\n"), 4).starts_with("1:267: error[E0902]"));
    let powers = "2^".repeat(300_000);
    assert!(one_error("p.neuron", format!("const a = {powers}1\n"), 4).contains("error[E0902]"));
    for depth in [255, 256] {
        let deep = format!("const a = {}1{}\n", "(".repeat(depth), ")".repeat(depth));
        Test::new().file("d.neuron", deep).args("check d.neuron --error-on-warning").run().code(1).stderr_has("W0202");
    }
    // Levels of all kinds count together.
    let signs = format!("const a = {}1{}\n", ("-".repeat(256) + "(").repeat(255), ")".repeat(255));
    assert!(one_error("f.neuron", signs, 4).contains("error[E0902]"));
    let towers = format!("const a = 1{}\n", ("^".to_owned() + &"-".repeat(255) + "1").repeat(250));
    assert!(one_error("g.neuron", towers, 4).contains("error[E0902]"));
    let calls = format!("const a = {}1{}\n", "exp(".repeat(257), ")".repeat(257));
    assert!(one_error("e.neuron", calls, 4).contains("error[E0902]"));
}

#[test]
fn sizes_are_bounded_before_anything_is_allocated() {
    assert!(one_error("n.neuron", "neuron h[1000000000000]\n", 4).contains("E0903"));
    assert!(one_error("s.neuron", "input x[5000000]\nneuron h[4000000]\nx -> h : 1\n", 4).contains("E0904"));
    assert!(one_error("p.neuron", "weight w[4294967296, 4294967296] = 0\n", 4).contains("E0905"));
    assert!(one_error("q.neuron", "weight w[9007199254740992] = 0\n", 4).contains("E0905"));
    assert!(one_error("f.neuron", "neuron h[1e300]\n", 1).contains("E0304"));
    let list = format!("[{}]", "a, ".repeat(200));
    let bomb = format!("weight a[1000000] = 1\nweight b = {list}\n");
    let limited = |text: &str| {
        let test = Test::new().file("l.neuron", text).args("check l.neuron --limit parameters=2000000");
        test.run_within(ROOM).code(4).stderr_has("E0905");
    };
    limited(&bomb);
    limited(&format!("input x[1000000]\nneuron y\n{}", "expect x = 0 => y = 0\n".repeat(1000)));
    let outputs = format!("input x[1000000] = 1\noutput a = {}\n", list.replace('a', "x"));
    assert!(one_error("o.neuron", outputs, 4).contains("values of outputs"));
}

#[test]
fn other_encodings_and_harmful_characters_are_named() {
    let utf16: Vec<u8> = "\u{feff}input x = 1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(one_error("u.neuron", utf16, 1).contains("UTF-16LE"));
    assert!(one_error("l.neuron", b"input caf\xe9 = 1\n", 1).contains("E0001"));
    assert!(one_error("z.neuron", b"input x\0y = 1\n", 1).starts_with("1:8: error[E0002]"));
    assert!(one_error("e.neuron", b"input x\x1b[31m = 1\n", 1).contains("U+001B"));
    assert!(one_error("b.neuron", "input x = 1 # \u{202e} hidden\n", 1).starts_with("1:15: error[E0003]"));
    assert!(one_error("na\u{1b}[31mme\u{202e}.neuron", "input x = 1 1\n", 1).contains("E0101"));
}

#[test]
fn repetition_is_no_way_to_hurt() {
    assert!(one_error("a.neuron", "a -> ".repeat(200_000) + "b : 1", 1).contains("E0106"));
    assert!(one_error("c.neuron", "input ".to_owned() + &"a,".repeat(100_000), 1).contains("E0101"));
    assert!(one_error("s.neuron", "input a = \"".to_owned() + &"x".repeat(5_000_000), 1).contains("E0110"));
    assert!(one_error("d.neuron", "]".repeat(1_000_000), 1).contains("E0103"));
    assert!(one_error("n.neuron", "input ".to_owned() + &"n".repeat(1_000_000) + " = 1 1", 1).contains("E0101"));
}

#[test]
fn a_message_shows_little_of_a_long_line() {
    let text = format!("input x = {}1 1\n", "1 + ".repeat(50_000));
    let ran = Test::new().file("long.neuron", text).args("check long.neuron").run_within(ROOM).code(1);
    assert!(ran.stderr.len() < 2_000, "{} bytes", ran.stderr.len());
    assert!(ran.stderr.contains("long.neuron:1:200013"), "{}", ran.stderr);
}

#[test]
fn a_chain_of_consts_is_no_recursion() {
    let mut text = String::from("const c0 = 1\n");
    for number in 1..50_000 {
        text.push_str(&format!("const c{number} = c{} + 1\n", number - 1));
    }
    text.push_str("input x = c49999\nneuron y\nx -> y : 1\noutput y\n");
    Test::new().file("c.neuron", text).args("c.neuron").run_within(ROOM).code(0).stdout("y = 50000\n");
}

#[test]
fn activations_that_grow_are_counted_before_they_are_built() {
    let doubling = |last: usize| -> String {
        let next = |number| format!("activation a{number}(z) = a{}(a{}(z))\n", number - 1, number - 1);
        "activation a0(z) = z * z + 1\n".to_owned() + &(1..=last).map(next).collect::<String>()
    };
    let deep = doubling(200) + "neuron y { activation = a200, bias = 0.1 }\noutput y\n";
    assert!(one_error("d.neuron", deep, 4).contains("E0906"));
    // Each set of parameters makes a formula of its own; each value takes the whole of it.
    let big = doubling(11) + "activation big(z, p) = a11(p * z)\n";
    let uses = |number| format!("neuron n{number} {{ activation = big({number}), bias = 1 }}\noutput n{number}\n");
    let many = big.clone() + &(0..2_000).map(uses).collect::<String>();
    assert!(one_error("m.neuron", many, 4).contains("operations of all activations"));
    let values = big + "weight w[1000000] = 1\nweight v[1000000] = big(w, 0)\n";
    assert!(one_error("v.neuron", values, 4).contains("operations of activations in values"));
    let chain: String =
        (1..50_000).map(|number| format!("activation a{number}(z) = a{}(z) + 1\n", number - 1)).collect();
    assert!(one_error("c.neuron", format!("activation a0(z) = z\n{chain}"), 4).contains("E0906"));
    let ring = format!("activation a0(z) = a49999(z)\n{chain}");
    assert!(
        one_error("r.neuron", ring, 1)
            .contains("`a0` calls `a49999` calls `a49998` calls `a49997` calls … 49993 more … calls ")
    );
}

#[test]
fn a_chain_of_neurons_is_no_recursion() {
    let mut text = String::from("input x = 1\nneuron h[20000]\nx -> h[0] : 1\n");
    for number in 1..20_000 {
        text.push_str(&format!("h[{}] -> h[{number}] : 1\n", number - 1));
    }
    let chain = format!("{text}output y = h[19999]\n");
    Test::new().file("h.neuron", chain).args("h.neuron").run_within(ROOM).code(0).stdout("y = 1\n");
    let ring = format!("{text}h[19999] -> h[0] : 1\n");
    assert!(one_error("r.neuron", ring.clone(), 1).contains("h[0] -> h[1] -> h[2] -> h[3] -> …"));
    // The long way round is walked once, so that the short one in its middle is found.
    let both = ring.replacen("x -> h[0]", "h[10000] -> h[9999] : 1\nx -> h[0]", 1);
    assert!(one_error("b.neuron", both, 1).contains("h[9999] -> h[10000] -> h[9999]"));
}

#[test]
fn loops_through_whole_arrays_are_told() {
    let text = "neuron h[2] { activation = softmax }\nh[1] -> h[0] : 1\noutput h\n";
    assert!(one_error("s.neuron", text, 1).contains("a neuron feeds itself: h -> h"));
    let text = "neuron a[3] { activation = softmax }\nneuron b\na[1] -> b : 1\nb -> a[2] : 1\noutput b\n";
    assert!(one_error("t.neuron", text, 1).contains("a -> b -> a"));
}

#[test]
fn many_of_anything_stay_cheap() {
    let many = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
    let names = many(5_000, &|n| format!("neuron n{n:05}\nm{n:05} -> n{n:05} : 1\n"));
    Test::new().file("n.neuron", names).args("check n.neuron").run_within(ROOM).code(1).stderr_has("5000 errors");
    let back = many(20_000, &|n| format!("h[{}] -> h[{n}] : 1\n", (n + 1) % 20_000));
    let back = format!("neuron h[20000]\n{back}h[19998] -> h[19999] : 1\n");
    assert!(one_error("b.neuron", back, 1).contains("E0401"));
    let brackets = format!("input a = {}{}\n", "(".repeat(100_000), "]".repeat(100_000));
    assert!(one_error("c.neuron", brackets, 4).contains("E0902"));
    let outputs = many(20_000, &|n| format!("input x{n} = 1\noutput o{n} = x{n}\n"));
    Test::new().file("o.neuron", outputs).args("check o.neuron").run_within(ROOM).code(0).stderr("");
}

#[test]
fn a_wrong_bracket_costs_one_statement() {
    let text = "input x = 1\nneuron a\nx -> a : (1]\nx -> zzz : 1\nyyy -> a : 1\nx -> a : oops\n";
    let ran = Test::new().file("w.neuron", text).args("check w.neuron --message-format short").run().code(1);
    let codes: Vec<&str> = ran.stderr.lines().filter_map(|line| line.split(['[', ']']).nth(1)).collect();
    assert_eq!(codes[1..4], ["E0201", "E0201", "E0201"], "{}", ran.stderr);
}

/// A limit, how it is set low, a text that stays at it, and one that passes it by one.
fn at_and_past(name: &str) -> (u64, String, String) {
    let sum = |parts: usize| format!("input x = 1{}\n", " + 1".repeat((parts - 3) / 2 - 1));
    match name {
        "source" => (8, "input x\n".to_owned(), "input x1\n".to_owned()),
        "nesting" => (3, "const a = (((1)))\n".to_owned(), "const a = ((((1))))\n".to_owned()),
        "neurons" => {
            let text = |size: u32| format!("input x[1000]\nneuron h[{size}]\nx[0] -> h : 1\noutput h\n");
            (1_000_000, text(999_000), text(999_001))
        }
        "synapses" => {
            let text = |size: u32| format!("input x[1000], y\nneuron h[{size}]\nx -> h : 1\ny -> h[0] : 1\n");
            (1_000_001, text(1000), text(1001))
        }
        "parameters" => {
            let text = |size: u32| format!("weight w[1000, 999] = 0\nbias b[{size}] = 0\n");
            (1_000_000, text(1000), text(1001))
        }
        "operations" => {
            let text = |count: usize| format!("activation f(z) = z{}\n", " + z".repeat(count));
            (6, text(5), text(6))
        }
        "statement" => (1_001, sum(1_001), sum(1_003)),
        "statements" => {
            let declared = |count: usize| (0..count).map(|n| format!("input x{n}\n")).collect::<String>();
            // Any number of plain connections in a row is one.
            let lines = "neuron y\n".to_owned() + &"x0 -> y : 1\n".repeat(2_000);
            (1_000, declared(998) + &lines, declared(999) + &lines)
        }
        // The files that [`limited`] makes.
        "files" => (4, "weight w = load(\"4.csv\")\n".to_owned(), "weight w = load(\"5.csv\")\n".to_owned()),
        // The second file imports the first.
        "imports" => (1, "import \"0.neuron\" as n\n".to_owned(), "import \"1.neuron\" as n\n".to_owned()),
        "import_depth" => (1, "import \"0.neuron\" as n\n".to_owned(), "import \"1.neuron\" as n\n".to_owned()),
        "copies" => {
            let text = |more: &str| {
                let networks =
                    "network two {\ninput a\noutput y = a\n}\nnetwork three {\ninput a, b = 0\noutput y = a\n}\n";
                let instances = format!("instance m = two {{ a = x }}\ninstance n = {more} {{ a = x }}\n");
                format!("{networks}input x = 1\n{instances}output y = [m.y, n.y]\n")
            };
            (4, text("two"), text("three"))
        }
        "header" => (60, "weight w = load(\"60.npy\")\n".to_owned(), "weight w = load(\"61.npy\")\n".to_owned()),
        // Rows for a network of its own.
        "cell" => (5, "x\n12.25\n".to_owned(), "x\n12.125\n".to_owned()),
        "row" => (6, "x\n12.25\n".to_owned(), "x\n12.125\n".to_owned()),
        other => panic!("no test for the limit {other}"),
    }
}

/// A source beside files of 4 and 5 bytes, others with headers of 60 and 61, and a source that imports another.
fn limited(text: &str) -> Test {
    let npy = |length: u8| {
        let header = format!("{:1$}", "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}", length.into());
        [b"\x93NUMPY\x01\x00", &[length, 0][..], header.as_bytes(), &[7]].concat()
    };
    let test = Test::new().file("l.neuron", text).file("4.csv", "1,2\n").file("5.csv", "1,22\n");
    let test = test.file("0.neuron", "input a\noutput a\n").file("1.neuron", "import \"0.neuron\" as zero\n");
    test.file("60.npy", npy(60)).file("61.npy", npy(61))
}

#[test]
fn every_limit_holds_at_its_value_and_is_told_by_its_code_one_past_it() {
    for limit in neuronc::Limits::TABLE {
        let (value, at, past) = at_and_past(limit.name);
        let run = |text: &str, flag: &str| {
            let test = match limit.name {
                "cell" | "row" => {
                    let network = "input x\noutput x\n";
                    Test::new().file("l.neuron", network).file("l.csv", text).args("run l.neuron --data l.csv")
                }
                _ => limited(text).args("check l.neuron"),
            };
            test.args("--message-format short").arg("--limit").arg(flag).run_within(ROOM)
        };
        let flag = format!("{}={value}", limit.name);
        let ran = run(&at, &flag).code(0);
        assert!(!ran.stderr.contains("error["), "{}: {}", limit.name, ran.stderr);
        let code = format!("error[{}]", limit.code);
        let ran = run(&past, &flag).code(4);
        assert_eq!(ran.stderr.matches("error[").count(), 1, "{}: {}", limit.name, ran.stderr);
        assert!(ran.stderr.contains(&code), "{}: {}", limit.name, ran.stderr);
        // Raised by a few, the same text passes.
        run(&past, &format!("{}={}", limit.name, value + 2_000)).code(if limit.ceiling < 1_000 { 2 } else { 0 });
        let above = limit.ceiling + 1;
        run(&at, &format!("{}={above}", limit.name)).code(2).stderr_has(&format!("{} at the most", limit.ceiling));
    }
}

#[test]
fn the_published_limits_hold_before_anything_is_allocated() {
    let fits = |name: &str, text: String| {
        Test::new().file(name, text).args("check -q").arg(name).run_within(ROOM).code(0).stderr("");
    };
    // 10,000,000 neurons and inputs; 2^28 synapses; 2^28 values, which would need more room than there is.
    fits("n.neuron", "input x\nneuron h[9999999]\nx -> h : 1\noutput x\n".to_owned());
    assert!(one_error("n.neuron", "input x\nneuron h[10000000]\n", 4).contains("E0903"));
    let dense = |targets: u32| format!("input x[16384]\nneuron h[{targets}]\nx -> h : 1 + 0\noutput x\n");
    fits("s.neuron", dense(16_384));
    assert!(one_error("s.neuron", dense(16_385), 4).contains("E0904"));
    assert!(one_error("p.neuron", "weight w[268435457] = 0\n", 4).contains("E0905"));
    assert!(one_error("p.neuron", "weight w[16385, 16384] = 0\n", 4).contains("E0905"));
    // 1 GiB and a byte, on no disk.
    let test = Test::new().file("g.neuron", "");
    let file = std::fs::File::options().write(true).open(test.folder.join("g.neuron")).expect("it is there");
    file.set_len((1 << 30) + 1).expect("the file system has sparse files");
    test.args("check g.neuron").run_within(64 * 1024).code(4).stderr_has("1073741825 bytes");
}

#[test]
fn a_mistake_at_the_end_of_a_long_line_is_told_there() {
    for (text, code, place) in [
        (format!("input x = {}1 1\n", "1 + ".repeat(50_000)), "E0101", "1:200013"),
        (format!("weight w = [{}1 1]\n", "0.25, ".repeat(33_333)), "E0111", "1:200013"),
        (format!("weight w = [{}]\n", "1, ".repeat(66_666) + "\"a\""), "E0306", "1:200011"),
        (format!("input {}1x\n", "a, ".repeat(66_666)), "E0101", "1:200005"),
        (format!("input x{} y\n", " ".repeat(200_000)), "E0101", "1:200009"),
        (format!("input {} 1\n", "n".repeat(200_000)), "E0101", "1:200008"),
        (format!("input x # {}\ninput y 1\n", "n".repeat(200_000)), "E0101", "2:9"),
    ] {
        let message = one_error("l.neuron", &text, 1);
        assert!(message.starts_with(&format!("{place}: error[{code}]")), "{place}: {message}");
    }
}

#[test]
fn a_statement_too_long_for_the_grammar_is_told_and_lists_of_numbers_are_not() {
    let statement = 1 << 20;
    for text in [
        "input x = 1".to_owned() + &" + 1".repeat(statement),
        "input ".to_owned() + &"a, ".repeat(statement) + "b",
        "[".to_owned() + &"a, ".repeat(statement) + "a] -> b : 1",
        "weight w = [".to_owned() + &"(1), ".repeat(statement) + "1]",
        "a -> ".repeat(statement) + "b : 1",
    ] {
        assert!(one_error("s.neuron", text, 4).contains("error[E0907]"));
    }
    let numbers = |end: &str| format!("weight w = [{}{end}", "0.5, ".repeat(2 * statement));
    Test::new().file("n.neuron", numbers("1]\n")).args("check -q n.neuron").run_within(ROOM).code(0).stderr("");
    assert!(one_error("n.neuron", numbers("1 1]\n"), 1).starts_with("1:10485775: error[E0111]"));
    assert!(one_error("n.neuron", numbers(",]\n"), 1).starts_with("1:10485773: error[E0101]"));
    let rows = |end: &str| format!("weight w = [{}{end}]\n", "[0.5, -1e-3],\n".repeat(statement));
    assert!(one_error("r.neuron", rows("[1, 2 3]"), 1).starts_with("1048577:7: error[E0111]"));
}

#[test]
fn names_of_any_length_are_cropped_wherever_they_are_told() {
    let long = |letter: &str| letter.repeat(100_000);
    let (a, b) = (long("a"), long("b"));
    for text in [
        format!("input {a}\ninput {a}\n"),
        format!("neuron {a}\n{b} -> {a} : 1\n"),
        format!("neuron {a}, {b}\n{a} -> {b} : 1\n{b} -> {a} : 1\noutput {a}\n"),
        format!("input {a}\nneuron {b}\n{a}[3] -> {b} : 1\noutput {b}\n"),
        format!("input {a}[3]\nneuron {b}\n{a}[1..9] -> {b} : 1\noutput {b}\n"),
        format!("weight {a}\n"),
        format!("weight {a} = {a}\n"),
        format!("neuron {a} {{ activation = softmax }}\noutput {a}\n"),
        format!("neuron {a} {{ activation = {b} }}\noutput {a}\n"),
        format!("neuron {a} {{ {b} = 1 }}\noutput {a}\n"),
        format!("weight {a} = {b}(1)\n"),
        format!("neuron y {{ activation = step({b} = 1) }}\noutput y\n"),
        format!("neuron y\noutput y, y\noutput {a} = y, {a} = y\n"),
        format!("{a} = 1\n"),
        format!("{a} {b}\n"),
        format!("input x {a}\n"),
        format!("input x = {a}1.2.3\n"),
        format!("input x = 1{a}\n"),
        format!("input x = \"{a}\n"),
        format!("activation {a}(z) = {b}\n"),
        format!("expect {a} = 1 => {b} = 2\n"),
    ] {
        for form in ["human", "short", "json"] {
            let test = Test::new().file("n.neuron", &text).args("check n.neuron --message-format").arg(form);
            let ran = test.run_within(ROOM).code(1).stdout("");
            assert!(ran.stderr.len() < 4_000, "{form}: {} bytes: {}", ran.stderr.len(), &ran.stderr[..500]);
        }
    }
    // Names that are no mistake, in warnings; names and values on the command line.
    let unused = format!("input {a}\nweight {b} = 1\nneuron c{a}\ninput x\noutput x\n");
    for form in ["human", "short", "json"] {
        let test = Test::new().file("n.neuron", &unused).args("check n.neuron --message-format").arg(form);
        let ran = test.run_within(ROOM).code(0);
        assert!(ran.stderr.len() < 8_000 && ran.stderr.contains("W0201"), "{form}: {} bytes", ran.stderr.len());
    }
    let text = format!("input x\ninput v[2] = 0\nneuron {a}\nx -> {a} : 1\noutput {a}\n");
    for argument in
        [format!("{a}=1"), format!("x={a}"), format!("x={}", "1,".repeat(50_000)), format!("v[0]={a}"), a, b]
    {
        let ran = Test::new().file("n.neuron", &text).args("n.neuron").arg(&argument).run_within(ROOM).code(2);
        assert!(ran.stderr.len() < 4_000, "{} bytes: {}", ran.stderr.len(), &ran.stderr[..500]);
    }
    for arguments in
        [vec!["--".to_owned() + &long("c")], vec!["run".to_owned(), long("d")], vec!["explain".to_owned(), long("e")]]
    {
        let test = arguments.iter().fold(Test::new(), |test, argument| test.arg(argument));
        let ran = test.run_within(ROOM);
        assert!(matches!(ran.code, Some(2 | 3)) && ran.stderr.len() < 2_000, "{} bytes", ran.stderr.len());
    }
}

#[test]
fn numbers_are_rounded_correctly_or_refused() {
    let digits = |count: usize| "1".repeat(count);
    for (written, told) in [
        ("1e999".to_owned(), Err("E0109")),
        (digits(10_000), Err("E0109")),
        ("1e-999".to_owned(), Ok("0")),
        ("0x10".to_owned(), Err("E0108")),
        ("1_000".to_owned(), Ok("1000")),
        ("-0".to_owned(), Ok("-0")),
        ("1 000".to_owned(), Err("E0101")),
        (format!("0.{}", digits(10_000)), Ok("0.1111111111111111")),
        (format!("{}e-9999", digits(10_000)), Ok("1.1111111111111112")),
        (format!("1.{}1", "0".repeat(10_000)), Ok("1")),
        (format!("1e{}", digits(10_000)), Err("E0109")),
        (format!("1e-{}", digits(10_000)), Ok("0")),
        (".5".to_owned(), Err("E0108")),
        ("inf".to_owned(), Err("E0201")),
        ("nan".to_owned(), Err("E0201")),
    ] {
        let text = format!("input x = {written}\noutput x\n");
        let in_file = Test::new().file("f.neuron", text).args("f.neuron").run_within(ROOM);
        let given = Test::new().file("g.neuron", "input x\noutput x\n").args("g.neuron").arg(&format!("x={written}"));
        let given = given.run_within(ROOM);
        let start = &written[..written.len().min(20)];
        match told {
            Ok(value) => {
                in_file.code(0).stdout(&format!("x = {value}\n"));
                given.code(0).stdout(&format!("x = {value}\n"));
            }
            Err(code) => {
                assert!(in_file.code == Some(1) && in_file.stderr.contains(code), "{start}: {}", in_file.stderr);
                assert!(given.code == Some(2) && given.stdout.is_empty(), "{start}: {}", given.stderr);
            }
        }
    }
    assert!(one_error("c.neuron", "input x = 1,5\n", 1).contains("write `1.5`"));
    let list = Test::new().file("l.neuron", "input x\noutput x\n").args("l.neuron x=1,5").run();
    list.code(2).stderr_has("E0604");
}

#[test]
fn line_ends_and_a_first_mark_move_no_place() {
    let text = "# é\ninput x\n\nneuron y {\n  bias = 1\n  activation = rleu\n}\nx -> y : zz\noutput y\n";
    let messages = |text: String| {
        let test = Test::new().file("e.neuron", text).args("check e.neuron --message-format short");
        test.run().code(1).stderr
    };
    let told = messages(text.to_owned());
    assert!(told.contains("e.neuron:6:16: error[E0206]") && told.contains("e.neuron:8:10: error[E0201]"), "{told}");
    for line_end in ["\r\n", "\r"] {
        assert_eq!(messages(text.replace('\n', line_end)), told, "{line_end:?}");
    }
    let mixed = text.replacen('\n', "\r\n", 1).replacen("1\n", "1\r", 1);
    assert_eq!(messages(mixed), told);
    assert_eq!(messages(format!("\u{feff}{text}")), told);
    // A second mark, or one elsewhere, is refused.
    assert!(one_error("m.neuron", "\u{feff}\u{feff}input x\n", 1).starts_with("1:1: error[E0002]"));
    assert!(one_error("m.neuron", "input x # \u{feff}\n", 1).starts_with("1:11: error[E0002]"));
}

#[test]
fn a_hundred_of_many_errors_are_shown_and_all_are_counted() {
    let count = 20_000;
    let unknown: String = (0..count).map(|number| format!("u{number} -> y : 1\n")).collect();
    let in_one =
        format!("[{}] -> y : 1\n", (0..count).map(|number| format!("u{number}")).collect::<Vec<_>>().join(", "));
    let twice = "input x\n".repeat(count + 1);
    let broken: String = (0..count).map(|number| format!("input x{number} = 1 1\n")).collect();
    for text in [format!("neuron y\n{unknown}"), format!("neuron y\n{in_one}"), twice, broken] {
        let test = Test::new().file("m.neuron", &text).args("check m.neuron --message-format short");
        let ran = test.run_within(ROOM).code(1);
        assert_eq!(ran.stderr.lines().count(), 101, "{}", &ran.stderr[..500]);
        assert!(ran.stderr.ends_with("20000 errors (19900 not shown)\n"), "{}", &ran.stderr[ran.stderr.len() - 200..]);
        let json = Test::new().file("m.neuron", &text).args("check m.neuron --message-format json --max-errors 7");
        assert_eq!(json.run_within(ROOM).code(1).stderr.lines().count(), 7);
    }
}

#[test]
fn declarations_without_number_are_read_in_linear_time() {
    let count = 100_000;
    let names: Vec<String> = (0..count).map(|number| format!("x{number}")).collect();
    let lines: String = names.iter().map(|name| format!("input {name}\n")).collect();
    let one = format!("input {}\n", names.join(", "));
    for text in [lines, one] {
        let test = Test::new().file("d.neuron", &text).args("check d.neuron --message-format short");
        let ran = test.run_within(ROOM).code(0);
        assert!(ran.stderr.ends_with("100000 warnings (99900 not shown)\n"), "{}", &ran.stderr[..500]);
        assert!(one_error("d.neuron", text + "output zz\n", 1).contains("no input or neuron is called `zz`"));
    }
}

/// The limits that several parts of a text share count all of them together.
#[test]
fn outputs_and_instances_count_towards_the_limits() {
    let pair = "network two {\ninput a\nbias b = 1\nneuron y { bias = b }\na -> y : 2\noutput y\n}\ninput x\n";
    let instance = format!("{pair}instance i = two {{ a = x }}\noutput o = i.y\n");
    let outputs = "input x[2]\noutput a = [x, x], b = x\n".to_owned();
    let drawn =
        "input x[10]\nneuron y[10], z[10]\nx -> y : 1\nx -> z : 1 { rule = random(1, seed = 1) }\noutput y, z\n";
    let drawn = drawn.to_owned();
    for (text, flag, fits, what) in [
        (&outputs, "neurons", 6, "values of outputs"),
        (&instance, "neurons", 5, "neurons and inputs"),
        (&instance, "parameters", 5, "values of weights and biases"),
        (&instance, "synapses", 2, "synapses"),
        (&instance, "copies", 7, "parts that instances copy"),
        (&drawn, "synapses", 200, "synapses"),
    ] {
        let within = |limit: u64| {
            let test = Test::new().file("l.neuron", text).args("check l.neuron -q --message-format short --limit");
            test.arg(&format!("{flag}={limit}")).run_within(ROOM)
        };
        within(fits).code(0).stderr("");
        let ran = within(fits - 1).code(4);
        assert!(ran.stderr.contains(what), "{flag}: {}", ran.stderr);
    }
}

#[test]
fn imported_files_count_together() {
    let within = |limit: u64| {
        let test = limited("import \"1.neuron\" as n\n").args("check l.neuron -q --message-format short --limit");
        test.arg(&format!("files={limit}")).run_within(ROOM)
    };
    let both = "input a\noutput a\n".len() + "import \"0.neuron\" as zero\n".len();
    within(both as u64).code(0).stderr("");
    assert!(within(both as u64 - 1).code(4).stderr.contains("error[E0908]"));
}

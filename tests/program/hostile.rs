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
    assert!(one_error("r.neuron", ring, 1).contains("h[0] -> h[1] -> h[2] -> h[3] -> …"));
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

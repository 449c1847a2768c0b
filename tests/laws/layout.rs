//! Layout changes no meaning, loses no comment, and has nothing left to change.

use neuronc::ast::Program;
use neuronc::{Limits, Sources, format, parse, print};
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::test_runner::RngSeed;

use crate::printing::{apart, placeless, program};

/// The text in its layout, if that keeps its laws; none where it has errors.
#[track_caller]
fn laid_out(text: &str) -> Option<String> {
    let limits = Limits::default();
    let mut sources = Sources::new();
    let file = sources.add("before.neuron", text.into(), &limits).expect("it is UTF-8");
    let (before, mistakes) = parse(sources.get(file), &limits);
    if mistakes.has_errors() {
        return None;
    }
    let formatted = format(&before, sources.get(file));
    let mut sources = Sources::new();
    let file = sources.add("after.neuron", formatted.clone().into(), &limits).expect("it is UTF-8");
    let (after, mistakes) = parse(sources.get(file), &limits);
    assert!(!mistakes.has_errors(), "{:?}\n{text}\n---\n{formatted}", mistakes.into_sorted());
    let meaning = |program: Program| placeless(&apart(program));
    assert_eq!(meaning(after.clone()), meaning(before), "\n{text}\n---\n{formatted}");
    assert_eq!(format(&after, sources.get(file)), formatted, "it changes again, from\n{text}");
    assert!(
        !formatted.starts_with('\n') && !formatted.contains("\n\n\n") && !formatted.ends_with("\n\n"),
        "{formatted}"
    );
    assert!(formatted.lines().all(|line| line.trim_end() == line), "{formatted}");
    Some(formatted)
}

/// The text of a program with other blanks, line ends and comments wherever they may stand; `choices` say which.
fn spoilt(text: &str, choices: &[u8]) -> String {
    let mut choices = choices.iter().copied().cycle();
    let mut spoilt = String::new();
    let mut was_doc = true;
    for line in text.lines() {
        let bare = line.trim_start();
        let is_own = bare.starts_with('#');
        if !was_doc && choices.next() == Some(0) {
            spoilt.push_str("\n \n\n");
        }
        was_doc = bare.starts_with("##") && !bare.starts_with("###");
        if is_own {
            spoilt.push_str(line);
        } else {
            spoil(line, &mut choices, &mut spoilt);
        }
        spoilt.push('\n');
    }
    spoilt
}

/// A line of a statement, which may be one of several.
fn spoil(line: &str, choices: &mut impl Iterator<Item = u8>, spoilt: &mut String) {
    let mut last = ' ';
    let mut in_text = false;
    let mut escaped = false;
    for character in line.chars() {
        if in_text {
            in_text = escaped || character != '"';
            escaped = !escaped && character == '\\';
            spoilt.push(character);
            last = character;
            continue;
        }
        in_text = character == '"';
        let may_end =
            "([{,".contains(last) || character == ' ' && "=:>+-*/<".contains(last) || ")]}".contains(character);
        let choice = choices.next().unwrap_or(0);
        match choice % 16 {
            0 if may_end => spoilt.push_str("  # here\n"),
            1 if may_end => spoilt.push_str("\n\n# own\n\t"),
            2 if may_end => spoilt.push_str(" ## late\n"),
            3 | 4 if may_end => spoilt.push('\n'),
            5..8 if character == ' ' => spoilt.push_str(" \t "),
            _ => {}
        }
        spoilt.push(character);
        last = character;
    }
    if choices.next() == Some(1) {
        spoilt.push_str("# behind");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..Default::default() })]

    #[test]
    fn whatever_its_blanks_were_a_program_stays_what_it_is(tree in program(), choices in vec(any::<u8>(), 1..200)) {
        let text = print(&tree, None);
        let spoilt = spoilt(&text, &choices);
        assert!(laid_out(&spoilt).is_some(), "it has errors:\n{spoilt}");
    }
}

/// Every file of the suite that has no errors of spelling, as it is and spoilt.
#[test]
fn the_suite_stays_what_it_is() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for folder in ["tests/suite/values", "tests/suite/errors", "examples", "src/bin/neuronc/templates"] {
        for entry in std::fs::read_dir(root.join(folder)).expect("the folder is there") {
            let path = entry.expect("a file can be listed").path();
            if path.extension().is_some_and(|ending| ending == "neuron") {
                let text = std::fs::read_to_string(&path).expect("it is UTF-8");
                count += usize::from(laid_out(&text).is_some());
            }
        }
    }
    assert!(count > 80, "{count} files");
}

#[track_caller]
fn becomes(text: &str, expected: &str) {
    assert_eq!(laid_out(text).expect("it has no errors"), expected);
}

#[test]
fn consecutive_lines_of_a_kind_stand_in_columns() {
    becomes(
        "weight w1=1.0\nweight  w2 = 0.75 # second\nbias b = 0.5{trainable=false}\n\nbias far = 2\n",
        "weight w1 = 1.0\nweight w2 = 0.75 # second\nbias   b  = 0.5 { trainable = false }\n\nbias far = 2\n",
    );
    becomes(
        "x->c:1 # one\nlonger[2]->neuron2:w\n[a,b] -> c : [1,2] { rule = all_to_all } # three\n# own\ny->c:0.5",
        "x         -> c       : 1 # one\nlonger[2] -> neuron2 : w\n[a, b]    -> c       : [1, 2] { rule = all_to_all } # three\n# own\ny -> c : 0.5\n",
    );
    becomes("input x = 1\nconst long = 2\ninput a, b\n", "input x = 1\nconst long = 2\ninput a, b\n");
    becomes(
        "instance a = n { x = 1 }\ninstance long = net { x = 1 }\ninstance b = n\n",
        "instance a    = n   { x = 1 }\ninstance long = net { x = 1 }\ninstance b    = n\n",
    );
    becomes("input x = 1 # x\nconst long = 2 # long\n", "input x = 1    # x\nconst long = 2 # long\n");
    becomes(
        "neuron a_name_that_is_by_far_the_longest {bias=1}\nneuron b {bias=2}\n",
        "neuron a_name_that_is_by_far_the_longest { bias = 1 }\nneuron b { bias = 2 }\n",
    );
}

#[test]
fn a_list_or_block_that_ends_its_line_stays_open() {
    becomes("weight w = [1,\n2]\n", "weight w = [1, 2]\n");
    becomes("weight w = [\n1,2,\n\n3]\n", "weight w = [\n    1, 2,\n\n    3,\n]\n");
    becomes("weight w = [[1,2],\n [3,4]]\n", "weight w = [\n    [1, 2],\n    [3, 4],\n]\n");
    becomes("weight w = [[1,2], [3,4,],]\n", "weight w = [[1, 2], [3, 4]]\n");
    becomes("neuron c {bias=1\nactivation=relu\n}\n", "neuron c { bias = 1, activation = relu }\n");
    becomes("neuron c {\nbias=1,activation=relu}\n", "neuron c {\n    bias = 1\n    activation = relu\n}\n");
    becomes("input c {\n\n}\n", "input c {}\n");
}

#[test]
fn comments_stay_where_they_belong() {
    becomes(
        "weight w = [ # open\n1, 2 # two\n, 3,# three\n # own\n]# closed\n",
        "weight w = [ # open\n    1, 2, # two\n    3,    # three\n    # own\n] # closed\n",
    );
    becomes(
        "neuron c { # open\n # own\n bias = 1, # behind\n\n ## last\n}\n",
        "neuron c { # open\n    # own\n    bias = 1 # behind\n\n    ## last\n}\n",
    );
    becomes("weight w = # why\n 1 + # one\n 2\n", "weight w = # why\n    1 + # one\n    2\n");
    becomes("\n\n##doc\n\n\n  #a\n\n\n\ninput x # x \n\n\n# end\n\n", "## doc\n\n#a\n\ninput x # x\n\n# end\n");
    becomes("# alone", "# alone\n");
    becomes("\n\n", "");
}

/// What documents a property goes on doing so, and what documents nothing does not begin to.
#[test]
fn documentation_stays_where_it_belongs() {
    becomes(
        "neuron c{\n## of it\nbias=1, activation = relu},d { bias = 1\n  ## of nothing\n, activation = relu }\n",
        "neuron c {\n    ## of it\n    bias = 1\n    activation = relu\n}, d {\n    bias = 1\n    ## of nothing\n\n    activation = relu\n}\n",
    );
    // It belongs to nothing, and must not come to belong to what follows.
    let loose = "network a {\n    ## loose\n\n    input x\n    output y = x\n}\n";
    becomes(loose, loose);
}

#[test]
fn signs_are_told_from_operators() {
    becomes("const a=-2^-1*+3-  - -4<=-(1+pi)\n", "const a = -2^-1 * +3 - --4 <= -(1 + pi)\n");
    becomes("expect x=1=>y=- 2 within-1e-6+1E+2\n", "expect x = 1 => y = -2 within -1e-6 + 1E+2\n");
    becomes("x [ 0 .. n-1 ]->l.w:f ( a,b =-1, )\n", "x[0..n - 1] -> l.w : f(a, b = -1)\n");
}

/// Lists of short items fill lines, others take a line for each; rows of a matrix stay whole.
#[test]
fn what_is_too_long_is_broken() {
    let short = vec!["0.25"; 40].join(",");
    let line = |count: usize| format!("    {},\n", vec!["0.25"; count].join(", "));
    becomes(&format!("weight w=[{short}]\n"), &format!("weight w = [\n{}{}{}]\n", line(16), line(16), line(8)));
    let long = ["0.123456789012345"; 6];
    let lines = |start: &str| long.iter().map(|number| format!("{start}{number},\n")).collect::<String>();
    becomes(&format!("weight w=[{}]\n", long.join(",")), &format!("weight w = [\n{}]\n", lines("    ")));
    let row = long.join(", ");
    becomes(&format!("weight w=[[{row}],[{row}]]\n"), &format!("weight w = [\n    [{row}],\n    [{row}],\n]\n"));
    let (left, right) = (["x = 1.25"; 6].join(", "), ["y = 1.25"; 5].join(", "));
    becomes(&format!("expect {left} => {right}\n"), &format!("expect {left} =>\n    {right}\n"));
    let name = "n".repeat(40);
    becomes(
        &format!("input a = 0.5 {{ range = [0, 1], column = \"{name}{name}\" }}\n"),
        &format!("input a = 0.5 {{\n    range = [0, 1]\n    column = \"{name}{name}\"\n}}\n"),
    );
    becomes(&format!("output {name}, {name}, {name}\n"), &format!("output {name}, {name},\n    {name}\n"));
    becomes(
        &format!("const c = {name} * {name} + {name}\n"),
        &format!("const c =\n    {name} * {name} +\n    {name}\n"),
    );
    becomes(
        &format!("const c = if({name} > 0, {name}, {name})\n"),
        &format!("const c = if(\n    {name} > 0,\n    {name},\n    {name},\n)\n"),
    );
    becomes(&format!("[{name}, {name}] -> {name} : [1, 2]\n"), &format!("[{name}, {name}] ->\n    {name} : [1, 2]\n"));
}

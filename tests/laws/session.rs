//! Laws of sessions: what fails changes nothing, what is saved is what is there, undoing is the inverse.

use std::collections::BTreeMap;

use neuronc::network::Unit;
use neuronc::session::{Answer, Ground, Session};
use neuronc::{Code, Limits, NoFiles, Sources, Wanted, parse, plan, resolve};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::Index;
use proptest::test_runner::RngSeed;

/// Entries over few names, so that they meet often; many of them are mistakes.
fn entry() -> impl Strategy<Value = String> {
    let name = || prop_oneof![Just("a"), Just("b"), Just("x"), Just("y"), Just("w"), Just("n")];
    let number = || prop_oneof![Just("0"), Just("1"), Just("-0.5"), Just("2"), Just("1e-3"), Just("0.1 + 0.2")];
    let value = prop_oneof![
        number().prop_map(str::to_owned),
        name().prop_map(str::to_owned),
        (name(), number()).prop_map(|(name, number)| format!("{name} * {number}")),
        (number(), number()).prop_map(|(one, other)| format!("[{one}, {other}]")),
        Just("$1".to_owned()),
        Just("1 / 0".to_owned()),
    ];
    let keyword = prop_oneof![Just("input"), Just("weight"), Just("bias"), Just("const")];
    let size = prop_oneof![4 => Just(""), 1 => Just("[2]")];
    prop_oneof![
        3 => (keyword, name(), size.clone(), value.clone()).prop_map(|(word, name, size, value)| format!("{word} {name}{size} = {value}")),
        1 => (name(), name(), number()).prop_map(|(one, other, number)| format!("input {one} = 1, {other} = {number}")),
        2 => (name(), size, name()).prop_map(|(name, size, bias)| format!("neuron {name}{size} {{ bias = {bias} }}")),
        1 => name().prop_map(|name| format!("neuron {name} {{ activation = tanh }} # {name}")),
        3 => (name(), name(), value.clone()).prop_map(|(from, to, value)| format!("{from} -> {to} : {value}")),
        1 => (name(), name(), number()).prop_map(|(from, to, number)| format!("add {from} -> {to} : {number}")),
        1 => (name(), name(), name()).prop_map(|(one, other, to)| format!("[{one}, {other}] -> {to} : [1, 2]")),
        1 => name().prop_map(|name| format!("output {name}")),
        1 => (name(), number(), name(), number()).prop_map(|(input, given, wanted, value)| format!("expect {input} = {given} => {wanted} = {value}")),
        3 => (name(), value.clone()).prop_map(|(name, value)| format!("{name} = {value}")),
        1 => (name(), value.clone()).prop_map(|(name, value)| format!("{name}[1] = {value}")),
        1 => (name(), number()).prop_map(|(name, number)| format!("{name}.bias = {number}")),
        1 => (name(), name(), number()).prop_map(|(from, to, number)| format!("({from} -> {to}) = {number}")),
        2 => value.prop_map(|value| value),
        1 => (name(), name(), number()).prop_map(|(asked, name, number)| format!("{asked}({name} = {number})")),
        1 => (name(), number(), name()).prop_map(|(name, number, shown)| format!("{name} = {number}\n{shown}\nneuron {shown}{name}")),
        1 => "[a-z=>(\\[{}\\]) $0-9:,.+#\n-]{0,24}",
    ]
}

/// Everything of a session that can be seen.
fn seen(session: &Session) -> String {
    let network = session.network();
    let names: Vec<String> = session
        .names()
        .iter()
        .map(|named| {
            let bits: Vec<Option<u64>> = named.values.iter().map(|value| value.map(f64::to_bits)).collect();
            format!("{:?} {} {bits:?}", named.of, named.name)
        })
        .collect();
    let set: Vec<&str> = session.set_inputs().collect();
    format!("{}\n{names:?}\n{set:?}\n{}\n{:?}", session.text(), session.result_count(), network.counts())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..Default::default() })]

    #[test]
    fn what_fails_changes_nothing_and_undoing_is_the_inverse(entries in proptest::collection::vec((entry(), any::<bool>()), 1..24)) {
        let limits = Limits::default();
        let ground = Ground { files: &NoFiles, limits: &limits };
        let mut session = Session::new("session", &ground);
        let bare = |session: &Session| {
            let all = seen(session);
            // Results stay when something is undone.
            all.lines().filter(|line| line.parse::<u64>().is_err()).collect::<Vec<_>>().join("\n")
        };
        let mut before = vec![bare(&session)];
        for (text, remove) in &entries {
            let old = seen(&session);
            let outcome = match *remove && text.len() < 8 {
                true => session.remove(text, &ground),
                false => session.enter(text, &ground),
            };
            match outcome {
                Err(failure) => {
                    prop_assert_eq!(seen(&session), old, "{}", text);
                    for report in &failure.diagnostics {
                        for label in report.label.iter().chain(&report.related) {
                            // Every place is one of its sources.
                            let _ = failure.sources.slice(label.span);
                        }
                    }
                }
                Ok(entered) => {
                    for warning in &entered.warnings {
                        let _ = warning.label.as_ref().map(|label| session.sources().slice(label.span));
                    }
                    let is_value = |answer: &Answer| matches!(answer, Answer::Value(_));
                    let values = entered.answers.iter().filter(|answer| is_value(answer)).count();
                    prop_assert!(session.result_count() >= values as u64);
                    let new = bare(&session);
                    if before.last() != Some(&new) {
                        before.push(new);
                    }
                }
            }
        }
        // Back through all states and forwards again; some steps change the text alone.
        let mut back = vec![bare(&session)];
        while session.undo(&ground).is_ok() {
            back.push(bare(&session));
        }
        back.dedup();
        let mut forwards = vec![bare(&session)];
        while session.redo(&ground).is_ok() {
            forwards.push(bare(&session));
        }
        forwards.dedup();
        back.reverse();
        prop_assert_eq!(&back, &forwards);
        prop_assert_eq!(back, before);
    }

    #[test]
    fn what_is_saved_is_the_same_network_bit_for_bit(entries in proptest::collection::vec(entry(), 1..24)) {
        let limits = Limits::default();
        let ground = Ground { files: &NoFiles, limits: &limits };
        let mut session = Session::new("session", &ground);
        for text in &entries {
            let _ = session.enter(text, &ground);
        }
        session.enter("w9 = 1", &ground).expect_err("nothing is called so");
        let text = session.text();
        let mut sources = Sources::new();
        let file = sources.add("session", text.clone().into_bytes(), &limits).expect("it is UTF-8");
        let (program, mistakes) = parse(sources.get(file), &limits);
        prop_assert!(!mistakes.has_errors(), "{}", text);
        let (network, mistakes) = resolve(&program, sources.get(file), &limits);
        prop_assert!(!mistakes.has_errors(), "{}", text);
        let network = network.expect("it has no errors");
        let of = |network: &neuronc::Network| {
            let parameters: Vec<Vec<u64>> =
                network.parameters().map(|one| one.values.iter().map(|value| value.to_bits()).collect()).collect();
            let populations: Vec<(String, u32)> =
                network.populations().map(|(_, one)| (one.name.clone(), one.size)).collect();
            (parameters, populations, network.counts(), network.outputs().len(), network.expectations().len())
        };
        prop_assert_eq!(of(&network), of(session.network()), "{}", text);
        // The same values, once the inputs have them.
        let plan = plan(&network, Wanted::Everything);
        let row = session.inputs().row(session.network()).map(<[f64]>::to_vec);
        if let Ok(row) = row {
            let trace = neuronc::trace::<f64>(&network, &plan, &row, neuronc::Path::best());
            for ((id, population), (_, other)) in std::iter::zip(network.populations(), session.network().populations()) {
                prop_assert_eq!(&population.name, &other.name);
                for element in 0..population.size {
                    let unit = Unit { population: id, element };
                    let (here, there) = (trace.value(&plan, unit), session.value(unit));
                    prop_assert_eq!(here.map(f64::to_bits), there.map(f64::to_bits), "{}", text);
                }
            }
        }
    }
}

/// What is long ago is made of its text again, with the files as they are now.
#[test]
fn undoing_reads_again_what_a_network_names() {
    let limits = Limits::default();
    let part = |text: &str| BTreeMap::from([("part.neuron".to_owned(), text.as_bytes().to_vec())]);
    let files = part("activation bent(z) = z / 2\n");
    let ground = Ground { files: &files, limits: &limits };
    let text = b"import \"part.neuron\"\ninput x = 4\nneuron y { activation = part.bent }\nx -> y : 1\n".to_vec();
    let (mut session, _) = Session::open("a.neuron", text, &ground).expect("it is right");
    let y = |session: &Session| {
        let population = session.network().find("y").expect("it is there");
        session.value(Unit { population, element: 0 })
    };
    for weight in 2..12 {
        session.enter(&format!("x -> y : {weight}"), &ground).expect("it is right");
    }
    assert_eq!(y(&session), Some(22.0));
    let without = part("activation other(z) = z\n");
    let mut undone = 0;
    let failure = loop {
        let before = seen(&session);
        match session.undo(&Ground { files: &without, limits: &limits }) {
            Ok(_) => undone += 1,
            Err(failure) => {
                assert_eq!(seen(&session), before);
                break failure;
            }
        }
    };
    assert!((1..10).contains(&undone), "{undone}");
    assert!(failure.diagnostics.iter().any(|report| report.code == Code::E0206), "{failure:?}");
    let quarter = part("activation bent(z) = z / 4\n");
    session.undo(&Ground { files: &quarter, limits: &limits }).expect("it is there again");
    assert_eq!(y(&session), Some((10 - undone) as f64));
    while session.undo(&ground).is_ok() {}
    assert_eq!(y(&session), Some(2.0));
    while session.redo(&ground).is_ok() {}
    assert_eq!(y(&session), Some(22.0));
}

/// A declaration of several items with comments among them: whether each stands on a line of its own, below a comment,
/// before one.
fn commented() -> impl Strategy<Value = Vec<[bool; 3]>> {
    proptest::collection::vec(
        (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(line, below, before)| [line, below, before]),
        2..7,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, rng_seed: RngSeed::Fixed(11), ..Default::default() })]

    #[test]
    fn items_go_and_change_and_leave_whole_text(items in commented(), order in proptest::collection::vec((any::<Index>(), any::<bool>()), 1..8)) {
        let limits = Limits::default();
        let ground = Ground { files: &NoFiles, limits: &limits };
        let mut text = "input ".to_owned();
        for (place, [line, below, before]) in items.iter().enumerate() {
            if place > 0 && *below && text.ends_with('\n') {
                text.push_str(&format!("  # below {place}, of its own\n"));
            }
            let last = place + 1 == items.len();
            text.push_str(&format!("x{place} = {place}{}", if last { "" } else { "," }));
            match (*before, *line || last) {
                (true, true) => text.push_str(&format!(" # before, {place}\n")),
                (_, true) => text.push('\n'),
                (_, false) => text.push(' '),
            }
        }
        let mut session = Session::new("session", &ground);
        prop_assert!(session.enter(&text, &ground).is_ok(), "{}", text);
        let own = |text: &str| text.matches("of its own").count();
        let mut there: Vec<usize> = (0..items.len()).collect();
        for (number, (index, changes)) in order.iter().enumerate() {
            if there.len() < 2 {
                break;
            }
            let place = index.index(there.len());
            let name = format!("x{}", there[place]);
            let before = session.text();
            let outcome = match changes {
                true => session.enter(&format!("input {name} = {} # anew {number}", 100 + number), &ground),
                false => session.remove(&name, &ground),
            };
            prop_assert!(outcome.is_ok(), "{} of {}", name, before);
            let after = session.text();
            prop_assert_eq!(own(&before), own(&after), "{} of {} is {}", name, before, after);
            if *changes {
                prop_assert!(after.contains(&format!("# anew {number}")), "{}", after);
            } else {
                there.remove(place);
            }
            let mut names: Vec<String> = session.names().into_iter().map(|named| named.name).collect();
            names.sort();
            let mut wanted: Vec<String> = there.iter().map(|place| format!("x{place}")).collect();
            wanted.sort();
            prop_assert_eq!(names, wanted, "{}", after);
        }
        // What is saved is read as the same.
        let (saved, _) = Session::open("session", session.text().into_bytes(), &ground).expect("it is right");
        prop_assert_eq!(saved.names(), session.names());
    }
}

//! Every code's page says what `neuronc` does: its first example gives the code, its mend gives nothing.

use std::collections::{BTreeMap, BTreeSet};

use neuronc::{Code, Diagnostic, Limits, Severity, Sources, Surroundings, parse, resolve_with_files};

/// Codes whose examples are no text: bytes, invisible characters, command lines, files of a length.
const WITHOUT_EXAMPLE: [Code; 49] = [
    Code::E0001,
    Code::E0002,
    Code::E0003,
    Code::E0601,
    Code::E0602,
    Code::E0603,
    Code::E0604,
    Code::E0605,
    Code::E0606,
    Code::E0607,
    Code::E0608,
    Code::E0609,
    Code::E0610,
    Code::E0611,
    Code::E0612,
    Code::E0613,
    Code::E0614,
    Code::E0615,
    Code::E0701,
    Code::E0702,
    Code::E0704,
    Code::E0705,
    Code::E0706,
    Code::E0708,
    Code::E0709,
    Code::E0710,
    Code::E0711,
    Code::E0801,
    Code::E0802,
    Code::E0803,
    Code::E0804,
    Code::E0805,
    Code::E0806,
    Code::E0807,
    Code::E0808,
    Code::E0809,
    Code::E0810,
    Code::E0908,
    Code::E0909,
    Code::E0901,
    Code::E0902,
    Code::E0907,
    Code::E0910,
    Code::E0911,
    Code::E0912,
    Code::E0913,
    Code::E0914,
    Code::W0301,
    Code::W0302,
];

#[test]
fn a_page_has_its_codes_title_and_fits_a_terminal() {
    for code in Code::ALL {
        let page = code.page();
        let title = format!("# {code}: {}", code.title());
        assert_eq!(page.lines().next(), Some(title.as_str()));
        assert!(page.ends_with('\n') && !page.ends_with("\n\n"), "{code} ends with one line end");
        for heading in ["\n## An example\n", "\n## The mend\n"] {
            assert_eq!(page.matches(heading).count(), 1, "{code} has `{}` once", heading.trim());
        }
        for line in page.lines() {
            assert!(line.chars().count() <= 90, "{code}: too long: {line}");
            assert_eq!(line, line.trim_end(), "{code}: blanks at the end");
            assert!(!line.chars().any(char::is_control), "{code}: {line:?}");
        }
    }
}

#[test]
fn the_example_gives_the_code_and_the_mend_gives_nothing() {
    for code in Code::ALL {
        let blocks = neuron_blocks(code.page());
        if WITHOUT_EXAMPLE.contains(code) {
            assert!(blocks.is_empty(), "{code} has an example after all");
            continue;
        }
        let [example, mend] = blocks.as_slice() else { panic!("{code} has {} examples, not two", blocks.len()) };
        let found: BTreeSet<Code> = check(example).iter().map(|report| report.code).collect();
        assert_eq!(found, BTreeSet::from([*code]), "the example of {code}");
        let severity = if code.as_str().starts_with('E') { Severity::Error } else { Severity::Warning };
        assert!(check(example).iter().all(|report| report.severity == severity), "{code}");
        assert_eq!(check(mend), [], "the mend of {code}");
    }
}

/// The texts between "```neuron" and "```".
fn neuron_blocks(page: &str) -> Vec<String> {
    let parts = page.split("```neuron\n").skip(1);
    parts.map(|part| part.split("```").next().expect("a split has a first part").to_owned()).collect()
}

fn check(text: &str) -> Vec<Diagnostic> {
    let limits = Limits::default();
    let mut sources = Sources::new();
    let id = sources.add("page.neuron", text.into(), &limits).expect("a page is text");
    let (program, mut diagnostics) = parse(sources.get(id), &limits);
    // The files that pages name.
    let gates =
        "network inverter {\n input a\n neuron y { bias = 0.5, activation = step }\n a -> y : -1\n output y\n}\n";
    let files = BTreeMap::from([
        ("w.csv".to_owned(), b"0.5, -1\n2, 0.25\n".to_vec()),
        ("two-gates.neuron".to_owned(), gates.into()),
    ]);
    let surroundings = Surroundings { sources: &mut sources, files: &files, limits: &limits };
    let (_, more) = resolve_with_files(&program, surroundings);
    diagnostics.extend(more.into_sorted());
    diagnostics.into_sorted()
}

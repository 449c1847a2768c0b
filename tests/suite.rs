//! Runs the suite: `tests/suite/**/*.neuron`, files of the language that hold what is expected of them.
//!
//! **Values.** Every `expect` of a file without errors must hold.
//!
//! **Messages.** Below the line on which a message points stand comments:
//!
//! ```text
//! x2 -> c : 0.5
//! #@1-2 error[E0201]: no input or neuron is called `x2`
//! # label: unknown name
//! # help: did you mean `x1`?
//! weight w = 1, w = 2
//! #      - E0202: first declared here
//! #             ^ error[E0202]: the name `w` is declared twice
//! # label: declared again
//! ```
//!
//! - `^^^` stands under the characters that the message marks, `---` under those of a place that belongs to it, which
//!   starts with the code of its message. `…` behind them says that the place goes on in the next line.
//! - As column 1 holds the `#`, a place that starts there is written `@FIRST-LAST`, and an empty one `@COLUMN`;
//!   `@FIRST-LAST -` is a place that belongs to another.
//! - `# label:` and `# help:` belong to the message before them.
//! - Messages of one line follow each other by column.
//! - A message about another file stands where the file is imported, with its place.
//!
//! So a comment in these files must not begin with `^`, `-`, `@`, `label:` or `help:`. A line end in a message is a
//! blank here.
//!
//! `UPDATE=1 cargo test --test suite` writes the comments anew. Read what changed before you commit it.
//!
//! A file in `errors/` starts with the code that it is about; a file in `values/` has no message but warnings, and at
//! least one `expect`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path as FilePath, PathBuf};
use std::sync::{Mutex, PoisonError};

use neuronc::network::Unit;
use neuronc::{
    Code, Diagnostic, Inputs, Label, Limits, Network, Path, Severity, Source, Sources, Span, Surroundings, Wanted,
    parse, plan, resolve_with_files, trace,
};

/// Codes that no source text produces: they are of bytes, of command lines and of runs.
const NOT_OF_TEXT: [Code; 44] = [
    Code::E0001,
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
    Code::E0705,
    Code::E0706,
    Code::E0709,
    Code::E0710,
    Code::E0711,
    Code::E0908,
    Code::E0909,
    Code::E0901,
    Code::E0907,
    Code::E0910,
    Code::E0911,
    Code::E0912,
    Code::E0913,
    Code::W0301,
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
    Code::E0914,
    Code::W0302,
];

/// Held by whoever reads or writes the suite's files: the tests run at the same time, and one may rewrite them.
static FILES: Mutex<()> = Mutex::new(());

#[test]
fn every_file_gives_the_messages_and_values_that_it_says() {
    let _held = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    let update = std::env::var_os("UPDATE").is_some();
    let mut failures = Vec::new();
    for path in files("tests/suite") {
        let text = fs::read_to_string(&path).expect("a suite file is text");
        let bare = without_marks(&text);
        let marked = mark(&bare);
        assert_eq!(without_marks(&marked), bare, "{}: a comment looks like a mark", path.display());
        if update {
            fs::write(&path, &marked).expect("a suite file can be written");
        } else if marked != text {
            failures.push(format!("{} should be\n{marked}", path.display()));
        }
        // The marks are comments: they change nothing.
        if words(&marked) != words(&bare) {
            failures.push(format!("{} means something else with its marks", path.display()));
        }
        failures.extend(failed_expectations(&bare).into_iter().map(|line| format!("{}: {line}", path.display())));
    }
    assert!(failures.is_empty(), "{}\n`UPDATE=1 cargo test --test suite` rewrites the files", failures.join("\n"));
}

#[test]
fn every_code_that_text_can_have_has_a_file() {
    let _held = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    let names: Vec<String> = files("tests/suite/errors")
        .iter()
        .map(|path| path.file_name().expect("a file has a name").to_string_lossy().into_owned())
        .collect();
    for code in Code::ALL.iter().filter(|code| !NOT_OF_TEXT.contains(code)) {
        let start = code.as_str().to_lowercase();
        assert!(names.iter().any(|name| name.starts_with(&start)), "no file is about {code}");
    }
    for path in files("tests/suite/errors") {
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let Some(code) = Code::parse(name.split('_').next().unwrap_or("")) else { continue };
        let text = fs::read_to_string(&path).expect("a suite file is text");
        let (_, found, _) = check(&without_marks(&text));
        assert!(found.iter().any(|report| report.code == code), "{name} does not give {code}");
    }
}

#[test]
fn every_file_of_values_has_some() {
    let _held = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    for path in files("tests/suite/values") {
        let text = fs::read_to_string(&path).expect("a suite file is text");
        let (_, found, network) = check(&without_marks(&text));
        let errors = found.iter().filter(|report| report.severity == Severity::Error).count();
        assert_eq!(errors, 0, "{}", path.display());
        assert!(network.is_some_and(|network| !network.expectations().is_empty()), "{}", path.display());
    }
}

#[test]
fn one_file_has_line_ends_of_another_system() {
    let _held = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    let text = fs::read_to_string("tests/suite/values/crlf.neuron").expect("a suite file is text");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
}

/// The `.neuron` files in a folder and below, sorted.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![FilePath::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the suite's folders can be read") {
            let path = entry.expect("the suite's folders can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "neuron") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder} holds files");
    found
}

/// The files that suite files may load and import.
fn beside() -> BTreeMap<String, Vec<u8>> {
    [
        ("row.csv", "0.5, -1.5\n"),
        ("two_by_two.csv", "0.5, -1\n2, 0.25\n"),
        ("three_by_two.csv", "1, 2\n3, 4\n5, 6\n"),
        ("broken.csv", "1, 2\n3, x\n"),
        ("gates.neuron", include_str!("suite_files/gates.neuron")),
        ("broken.neuron", "network broken\ninput a\nneuron b\na -> c : 1\noutput b\n"),
        ("loop.neuron", "import \"suite.neuron\" as back\n"),
        ("two-gates.neuron", "network same {\ninput a\noutput y = a\n}\n"),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text.into()))
    .collect()
}

/// All messages of a text, as the program prints them.
fn check(text: &str) -> (Sources, Vec<Diagnostic>, Option<Network>) {
    let limits = Limits::default();
    let mut sources = Sources::new();
    let id = sources.add("suite.neuron", text.into(), &limits).expect("a suite file is UTF-8");
    let (program, mut diagnostics) = parse(sources.get(id), &limits);
    let surroundings = Surroundings { sources: &mut sources, files: &beside(), limits: &limits };
    let (network, more) = resolve_with_files(&program, surroundings);
    diagnostics.extend(more.into_sorted());
    (sources, diagnostics.into_sorted(), network)
}

/// What the messages of a text say, without their places.
fn words(text: &str) -> Vec<(Code, String, Option<String>)> {
    check(text).1.into_iter().map(|report| (report.code, report.message, report.help)).collect()
}

/// What of a text's expectations does not hold.
fn failed_expectations(text: &str) -> Vec<String> {
    let (sources, found, network) = check(text);
    let Some(network) = network.filter(|_| found.iter().all(|report| report.severity == Severity::Warning)) else {
        return Vec::new();
    };
    let all = network.networks().iter().chain([&network]);
    all.flat_map(|network| failed_expectations_of(network, &sources)).collect()
}

fn failed_expectations_of(network: &Network, sources: &Sources) -> Vec<String> {
    let plan = plan(network, Wanted::Everything);
    let mut failures = Vec::new();
    for expectation in network.expectations() {
        let line = sources.position(expectation.origin).line;
        let inputs = Inputs::for_expectation(network, expectation);
        let row = match inputs.row(network) {
            Ok(row) => row,
            Err(error) => {
                failures.push(format!("line {line} without marks: {error}"));
                continue;
            }
        };
        let trace = trace::<f64>(network, &plan, row, Path::best());
        for wanted in &expectation.wanted {
            for (element, want) in std::iter::zip(wanted.units.elements(), &wanted.values) {
                let unit = Unit { population: wanted.units.population, element };
                let got = trace.value(&plan, unit).expect("everything was wanted");
                if !expectation.accepts(got, *want) {
                    let name = network.unit_name(unit);
                    failures.push(format!("line {line} without marks: {name} should be {want:?}, but is {got:?}"));
                }
            }
        }
    }
    failures
}

/// Whether a line is one of the comments that this test writes.
fn is_mark(line: &str) -> bool {
    let Some(rest) = line.strip_prefix('#') else { return false };
    let rest = rest.trim_start_matches(' ');
    ["^", "-", "@", "label:", "help:"].iter().any(|start| rest.starts_with(start))
}

fn without_marks(text: &str) -> String {
    text.split_inclusive('\n').filter(|line| !is_mark(line)).collect()
}

/// A text with the comments that its messages are.
fn mark(bare: &str) -> String {
    let (sources, reports, _) = check(bare);
    let line_end = if bare.contains("\r\n") { "\r\n" } else { "\n" };
    // Line, column, whether of a place that belongs to a message, and the lines.
    let mut marks: Vec<(usize, usize, bool, Vec<String>)> = Vec::new();
    for report in &reports {
        let own = report.label.as_ref().expect("a message about a source has a place");
        let severity = if report.severity == Severity::Error { "error" } else { "warning" };
        let is_here = |label: &&Label| sources.get(label.span.file).name() == "suite.neuron";
        let label = [own].into_iter().chain(&report.related).find(is_here).expect("something leads to the file");
        let elsewhere = match std::ptr::eq(own, label) {
            true => String::new(),
            false => {
                let position = sources.position(own.span);
                format!(" {}:{}:{}", sources.get(own.span.file).name(), position.line, position.column)
            }
        };
        let head = format!("{severity}[{}]{elsewhere}: {}", report.code, one_line(&report.message));
        let (line, column, place) = place(sources.get(label.span.file), label.span, '^');
        let mut lines = vec![format!("{place} {head}")];
        let label = own;
        lines.extend((!label.text.is_empty()).then(|| format!("# label: {}", one_line(&label.text))));
        lines.extend(report.help.as_ref().map(|help| format!("# help: {}", one_line(help))));
        marks.push((line, column, false, lines));
        let here = report.related.iter().filter(|other| is_here(other) && other.span != label.span);
        for Label { span, text } in here {
            let (line, column, place) = self::place(sources.get(span.file), *span, '-');
            marks.push((line, column, true, vec![format!("{place} {}: {}", report.code, one_line(text))]));
        }
    }
    marks.sort();
    let mut marked = String::new();
    for (index, text) in bare.split_inclusive('\n').enumerate() {
        marked.push_str(text);
        for (_, _, _, lines) in marks.iter().filter(|(line, ..)| *line == index + 1) {
            for line in lines {
                marked.push_str(line);
                marked.push_str(line_end);
            }
        }
    }
    marked
}

/// The line and column of a place, and the comment that points at it with `sign`.
fn place(source: &Source, span: Span, sign: char) -> (usize, usize, String) {
    let start = source.position(span.start as usize);
    let here = source.line_range(start.line);
    let goes_on = if span.range().end > here.end { "…" } else { "" };
    let length = source.text()[span.range().start..span.range().end.min(here.end)].chars().count();
    let mark = match (start.column, length) {
        (_, 0) => format!("#@{}", start.column),
        (1, _) => format!("#@1-{length}{goes_on}"),
        (column, _) => {
            let signs = sign.to_string().repeat(length);
            return (start.line, column, format!("#{}{signs}{goes_on}", " ".repeat(column - 2)));
        }
    };
    let sign = if sign == '-' { " -" } else { "" };
    (start.line, start.column, format!("{mark}{sign}"))
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}

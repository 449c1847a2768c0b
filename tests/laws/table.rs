//! Files of rows on random dirty text: what is read is what the `csv` crate reads, or refused; blocks do not show; a
//! number is the one that the standard library reads; JSON is JSON.

use std::collections::BTreeSet;

use neuronc::table::{Choice, Columns, Fault, Format, Policy, Reading, Rows, Rules, Writing, lines};
use neuronc::{Inputs, Network};
use serde_json::Value;

use crate::oracle::network;
use crate::random::Random;

/// A text of a few pieces that matter.
fn text(random: &mut Random, pieces: &[&str]) -> String {
    let count = random.below(40);
    (0..count).map(|_| pieces[random.below(pieces.len())]).collect()
}

const CELLS: [&str; 16] =
    [",", ",", ",", "\"", "\"", "\n", "\n", "\r\n", "\r", "\"\"", "1", "-2.5", " ", "a", "é", "\t"];

/// Copies every cell of every row; evaluates nothing.
struct Copying {
    network: Network,
    reading: Reading<f64>,
    writing: Writing,
}

impl Copying {
    /// For a text whose first record has so many cells.
    fn new(format: Format, width: usize) -> Copying {
        let network = network("output y = x\ninput x = 1\n");
        let names: Vec<String> = (1..=width).map(|place| format!("c{place}")).collect();
        let fixed = ["x".to_owned()];
        let choice = Choice { format, keep: &names, fixed: &fixed, ..Choice::default() };
        let inputs = Inputs::new(&network);
        let columns = Columns::matched(&network, &inputs, &names, &choice).expect("every name is there once");
        let writing = Writing::new(&network, Format::JsonLines, format, columns.kept(), false);
        let rules = Rules { policy: Policy::Skip, ..Rules::default() };
        Copying { reading: Reading::new(format, columns, &inputs, &rules), network, writing }
    }

    /// The rows of a block as JSON Lines, and the faults.
    fn read(&self, block: &[u8]) -> (String, Vec<Fault>) {
        let (mut rows, mut faults, mut text) = (Rows::new(), Vec::new(), Vec::new());
        let read = self.reading.read(block, &mut rows, &mut |fault| faults.push(fault.clone()));
        assert_eq!(read, Ok(()));
        assert_eq!(self.network.outputs().len(), 1);
        self.writing.rows(block, &rows, &vec![1.0; rows.count()], &mut text);
        (String::from_utf8(text).expect("only text is copied"), faults)
    }
}

/// The cells of rows that were copied.
fn cells(jsonl: &str) -> Vec<Vec<String>> {
    let row = |line: &str| {
        let object: Value = serde_json::from_str(line).expect("what is written is JSON");
        let cells = object.as_object().expect("an object").iter().filter(|(name, _)| name.starts_with('c'));
        cells.map(|(_, cell)| cell.as_str().expect("a text").to_owned()).collect()
    };
    jsonl.lines().map(row).collect()
}

/// Random texts, and how many cells their first records have. Most are well-formed.
fn texts(format: Format, seeds: std::ops::Range<u64>) -> Vec<(String, usize)> {
    let separator = if format == Format::Tsv { "\t" } else { "," };
    let all = seeds.map(|seed| {
        let mut random = Random(seed);
        let mut text = text(&mut random, &CELLS);
        if seed % 2 == 0 {
            let cells = ["1", "\"2\"", "\"a,\tb\"", "", "\"\"\"\"", "\"x\ny\"", "z"];
            let row = |random: &mut Random| {
                let row: Vec<&str> = (0..3).map(|_| cells[random.below(cells.len())]).collect();
                row.join(separator) + ["\n", "\r\n", "\r", "\n\n"][random.below(40).min(3)]
            };
            let rows: String = (0..random.below(6)).map(|_| row(&mut random)).collect();
            text.insert_str(0, &rows);
        }
        text
    });
    let known = |text: String| {
        let header = format.header(text.as_bytes()).ok()?;
        Some((text, header.names.len()))
    };
    all.filter_map(known).collect()
}

#[test]
fn rows_are_those_of_the_csv_crate_or_refused() {
    let mut accepted = 0;
    for (format, separator) in [(Format::Csv, b','), (Format::Tsv, b'\t')] {
        for (text, width) in texts(format, 0..6_000) {
            let (jsonl, faults) = Copying::new(format, width).read(text.as_bytes());
            let refused: BTreeSet<usize> = faults.iter().map(|fault| fault.record.start).collect();
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .delimiter(separator)
                .from_reader(text.as_bytes());
            let mut expected = Vec::new();
            let mut starts = BTreeSet::new();
            for record in reader.records() {
                let record = record.expect("it is text");
                let from = record.position().expect("it is read from a text").byte() as usize;
                let ends = text[from..].bytes().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
                starts.insert(from + ends);
                if !refused.contains(&(from + ends)) {
                    expected.push(record.iter().map(str::to_owned).collect::<Vec<_>>());
                }
            }
            let found = cells(&jsonl);
            assert_eq!(found, expected, "{text:?}");
            accepted += found.len();
            // What is refused is a row there, too, or an empty line.
            for fault in &faults {
                let is_empty = text[fault.record.clone()].trim_matches(['\n', '\r']).is_empty();
                assert!(is_empty || starts.contains(&fault.record.start), "{text:?}: {fault:?}");
            }
        }
    }
    assert!(accepted > 10_000, "{accepted}");
}

#[test]
fn blocks_do_not_show() {
    let mut cuts = 0;
    for format in [Format::Csv, Format::Tsv, Format::JsonLines] {
        for (number, (text, width)) in texts(Format::Csv, 10_000..13_000).into_iter().enumerate() {
            let copying = Copying::new(format, width);
            let (whole, all) = copying.read(text.as_bytes());
            let mut random = Random(number as u64);
            let (mut rest, mut block) = (text.as_bytes(), Vec::new());
            let (mut jsonl, mut places, mut before, mut offset) = (String::new(), Vec::new(), 0, 0);
            while !rest.is_empty() || !block.is_empty() {
                let (read, later) = rest.split_at((1 + random.below(12)).min(rest.len()));
                block.extend_from_slice(read);
                rest = later;
                let end = if read.is_empty() { block.len() } else { format.cut(&block) };
                let (text, faults) = copying.read(&block[..end]);
                jsonl.push_str(&text);
                places.extend(faults.iter().map(|fault| (offset + fault.record.start, before + fault.lines)));
                before += lines(&block[..end]);
                offset += end;
                block.drain(..end);
                cuts += usize::from(end > 0);
            }
            assert_eq!(jsonl, whole, "{text:?}");
            let expected: Vec<(usize, usize)> = all.iter().map(|fault| (fault.record.start, fault.lines)).collect();
            assert_eq!(places, expected, "{text:?}");
        }
    }
    assert!(cuts > 20_000, "{cuts}");
}

/// Reads one column as numbers, and leaves out what is none.
fn numbers(text: &str, format: Format) -> (Vec<f64>, usize) {
    let network = network("input x\noutput x\n");
    let inputs = Inputs::new(&network);
    let names = ["x".to_owned()];
    let choice = Choice { format, ..Choice::default() };
    let columns = Columns::matched(&network, &inputs, &names, &choice).expect("it is there");
    let rules = Rules { policy: Policy::Skip, ..Rules::default() };
    let (mut rows, mut faults) = (Rows::new(), 0);
    let read =
        Reading::<f64>::new(format, columns, &inputs, &rules).read(text.as_bytes(), &mut rows, &mut |_| faults += 1);
    assert_eq!(read, Ok(()));
    (rows.values().to_vec(), faults)
}

/// A spelling that is nearly a number.
fn spelling(random: &mut Random) -> String {
    match random.below(4) {
        0 => random.number().to_string(),
        1 => format!("{:e}", random.number()),
        _ => {
            let pieces = ["1", "0", "27", ".", "e", "E", "-", "+", "9007199254740993", "_", " ", "e-330", "e308", "x"];
            text(&mut Random(random.bits()), &pieces[..]).chars().take(1 + random.below(24)).collect()
        }
    }
}

/// Digits, perhaps a point with digits on both sides, perhaps an exponent.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    digits(whole) && digits(fraction) && digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
}

#[test]
fn a_cell_is_the_number_that_the_standard_library_reads_or_refused() {
    let mut random = Random(3);
    let mut read = 0;
    for _ in 0..40_000 {
        let spelling = spelling(&mut random);
        let trimmed = spelling.trim_matches(' ');
        let expected: Option<f64> = Some(trimmed)
            .filter(|text| is_number(text.strip_prefix(['+', '-']).unwrap_or(text)))
            .and_then(|text| text.parse().ok())
            .filter(|value: &f64| value.is_finite());
        for cell in [format!("{spelling}\n"), format!("\"{spelling}\"\r\n")] {
            let (values, faults) = numbers(&cell, Format::Csv);
            let bits: Vec<u64> = values.iter().map(|value| value.to_bits()).collect();
            assert_eq!(bits, Vec::from_iter(expected.map(f64::to_bits)), "{cell:?}");
            assert_eq!(faults, usize::from(expected.is_none()), "{cell:?}");
        }
        read += usize::from(expected.is_some());
        // The same number as JSON, if it is one there.
        let line = format!("{{\"x\":{spelling}}}\n");
        let expected = serde_json::from_str::<Value>(&line).ok().and_then(|object| object["x"].as_f64());
        let (values, faults) = numbers(&line, Format::JsonLines);
        assert_eq!(values.first().map(|value| value.to_bits()), expected.map(f64::to_bits), "{line:?}");
        assert_eq!(values.len() + faults, 1, "{line:?}");
    }
    assert!(read > 10_000, "{read}");
}

/// Objects in which something was changed, one byte or a few.
#[test]
fn a_line_is_an_object_where_serde_json_says_so() {
    let lines = [
        "{\"c1\":\"a\\u00e9\\n\",\"q\":{\"a\":[1,{\"b\":null}]}}",
        "{ \"q\" : [ true , false ] , \"c1\" : \"\" }",
        "{\"q\":-1.5e-3,\"c1\":\"\\\"\\\\/\\b\\f\\t\\ud83d\\ude00\"}",
    ];
    let copying = Copying::new(Format::JsonLines, 1);
    let bytes = b"\"\\{}[]:,0123-+.eEtrufalsn c1q\t\x01\xC3\xA9";
    let (mut right, mut wrong) = (0, 0);
    for seed in 0..30_000 {
        let mut random = Random(seed);
        let mut line = lines[random.below(lines.len())].as_bytes().to_vec();
        for _ in 0..random.below(3) {
            let (place, byte) = (random.below(line.len()), bytes[random.below(bytes.len())]);
            match random.below(3) {
                0 => line[place] = byte,
                1 => line.insert(place, byte),
                _ => drop(line.remove(place)),
            }
        }
        let expected = serde_json::from_slice::<Value>(&line).ok().filter(Value::is_object);
        let expected = expected.and_then(|object| object.get("c1").cloned());
        let twice = line.windows(4).filter(|window| *window == b"\"c1\"").count() > 1;
        let lone = String::from_utf8_lossy(&line).to_lowercase().contains("\\ud") && expected.is_none();
        let (jsonl, faults) = copying.read(&line);
        if twice || lone {
            continue;
        }
        assert_eq!(faults.is_empty(), expected.is_some(), "{:?}: {faults:?}", String::from_utf8_lossy(&line));
        if let Some(expected) = expected {
            let copied: Value = serde_json::from_str(&jsonl).expect("what is written is JSON");
            assert_eq!(copied["c1"], expected);
            right += 1;
        } else {
            wrong += 1;
        }
    }
    assert!(right > 10_000 && wrong > 5_000, "{right} {wrong}");
}

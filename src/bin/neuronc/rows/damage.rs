//! Files of columns that are cut off or have wrong bits, at every place: all of them are read or told.

use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int32Array, RecordBatch, StringArray};
use neuronc::table::{Cells, Choice, Columns};
use neuronc::{Inputs, Limits, Sources, parse, resolve};

use super::table::Table;
use crate::form::Binary;

fn rows() -> RecordBatch {
    let columns: [(&str, ArrayRef, bool); 4] = [
        ("a", Arc::new(Float64Array::from(vec![Some(1.5), None, Some(-2.0), Some(1e300)])), true),
        ("b", Arc::new(Int32Array::from(vec![1, 2, 3, 4])), false),
        ("c", Arc::new(BooleanArray::from(vec![Some(true), Some(false), None, Some(true)])), true),
        ("t", Arc::new(StringArray::from(vec![Some("one"), None, Some(""), Some("four, five")])), true),
    ];
    RecordBatch::try_from_iter_with_nullable(columns).expect("columns of one length")
}

fn parquet() -> Vec<u8> {
    use ::parquet::basic::Compression;
    let properties = ::parquet::file::properties::WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(3))
        .build();
    let rows = rows();
    let mut writer =
        ::parquet::arrow::ArrowWriter::try_new(Vec::new(), rows.schema(), Some(properties)).expect("a writer");
    writer.write(&rows).expect("rows");
    writer.into_inner().expect("a footer")
}

fn arrow() -> Vec<u8> {
    let rows = rows();
    let mut writer = arrow_ipc::writer::FileWriter::try_new(Vec::new(), &rows.schema()).expect("a writer");
    writer.write(&rows).expect("rows");
    writer.into_inner().expect("a footer")
}

fn stream() -> Vec<u8> {
    let rows = rows();
    let mut writer = arrow_ipc::writer::StreamWriter::try_new(Vec::new(), &rows.schema()).expect("a writer");
    writer.write(&rows).expect("rows");
    writer.into_inner().expect("an end")
}

/// How many rows a file has; or why it cannot be read.
fn count(path: &Path, binary: Binary) -> Result<usize, String> {
    let (mut sources, limits) = (Sources::new(), Limits::default());
    let text = "input a, b, c\nneuron y\n[a, b, c] -> y : 1\noutput y\n";
    let file = sources.add("y", text.into(), &limits).expect("it is short");
    let (program, _) = parse(sources.get(file), &limits);
    let network = resolve(&program, sources.get(file), &limits).0.expect("it is right");
    let mut table = Table::open(path, binary, &limits).map_err(|error| error.reason)?;
    let choice = Choice { keep: &["t".to_owned()], ..Choice::default() };
    let columns = Columns::matched(&network, &Inputs::new(&network), table.names(), &choice);
    let columns = columns.map_err(|reports| reports[0].message.clone())?;
    if let Some(report) = table.refused(&columns, "x").pop() {
        return Err(report.message);
    }
    table.begin(&columns, 2).map_err(|error| error.reason)?;
    let (mut cells, mut count) = (Cells::new(&columns), 0);
    // A file that tells of rows without end has no end.
    for _ in 0..1000 {
        match table.next(&mut cells) {
            Ok(None) => break,
            Ok(Some(_)) => count += cells.count(),
            Err((error, _)) => return Err(error.reason),
        }
    }
    Ok(count)
}

/// Damages a file at every place, in `ways`; how many of the damaged ones are told.
fn told(name: &str, whole: &[u8], binary: Binary, ways: &[u8]) -> usize {
    let path = std::env::temp_dir().join(format!("neuronc-damage-{}-{name}", std::process::id()));
    let read = |bytes: &[u8]| {
        std::fs::write(&path, bytes).expect("the file can be written");
        count(&path, binary)
    };
    assert_eq!(read(whole), Ok(4));
    let mut told = 0;
    for place in 0..whole.len() {
        for way in ways {
            let mut bytes = whole.to_vec();
            bytes[place] ^= way;
            told += usize::from(read(&bytes).is_err());
        }
    }
    for end in 0..whole.len() {
        // The end of a stream may be missing.
        if name != "stream" {
            assert!(read(&whole[..end]).is_err(), "{end} of {} bytes", whole.len());
        } else if end < whole.len() - 8 {
            let rows = read(&whole[..end]);
            assert!(rows.is_err() || rows == Ok(0), "{end} of {} bytes", whole.len());
        }
    }
    let _ = std::fs::remove_file(&path);
    told
}

#[test]
fn a_page_that_tells_of_more_than_it_can_hold_is_told() {
    let zeros = ["a", "b", "c"].map(|name| (name, Arc::new(Float64Array::from(vec![0.0; 200])) as ArrayRef, false));
    let text: ArrayRef = Arc::new(StringArray::from(vec!["t"; 200]));
    let rows = RecordBatch::try_from_iter_with_nullable(zeros.into_iter().chain([("t", text, false)]));
    let rows = rows.expect("columns of one length");
    let properties = ::parquet::file::properties::WriterProperties::builder()
        .set_compression(::parquet::basic::Compression::SNAPPY)
        .set_dictionary_enabled(false)
        .build();
    let mut writer =
        ::parquet::arrow::ArrowWriter::try_new(Vec::new(), rows.schema(), Some(properties)).expect("a writer");
    writer.write(&rows).expect("rows");
    let mut bytes = writer.into_inner().expect("a footer");
    let path = std::env::temp_dir().join(format!("neuronc-damage-{}-page", std::process::id()));
    std::fs::write(&path, &bytes).expect("the file can be written");
    assert_eq!(count(&path, Binary::Parquet), Ok(200));
    // Behind the magic: the kind of the page, and the size of 1,600 bytes, of which its two bytes can make 8,191.
    assert_eq!(bytes[4..9], [0x15, 0x00, 0x15, 0x80, 0x19]);
    bytes[7..9].copy_from_slice(&[0xFE, 0x7F]);
    std::fs::write(&path, &bytes).expect("the file can be written");
    let told = count(&path, Binary::Parquet).expect_err("it cannot hold so much");
    assert!(told.starts_with("its column `a`, byte 4: a page tells of") && told.contains("for 8191"), "{told}");
    let _ = std::fs::remove_file(&path);
}

const WAYS: [u8; 2] = [0x01, 0x80];

#[test]
fn damaged_parquet_is_told() {
    let told = told("parquet", &parquet(), Binary::Parquet, &WAYS);
    assert!(told > 100, "{told}");
}

#[test]
fn damaged_arrow_is_told() {
    let told = told("arrow", &arrow(), Binary::Arrow, &WAYS);
    assert!(told > 100, "{told}");
}

#[test]
fn a_damaged_stream_is_told() {
    let told = told("stream", &stream(), Binary::Arrow, &WAYS);
    assert!(told > 100, "{told}");
}

//! Files of rows in Parquet and Arrow IPC.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader, ParquetMetaDataWriter};
use ::parquet::file::properties::WriterProperties;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float32Array, Float64Array, Int8Array, Int64Array, RecordBatch, StringArray,
    UInt64Array,
};
use arrow_ipc::reader::FileReader;
use arrow_ipc::writer::{FileWriter, StreamWriter};

use arrow_schema::DataType;

use crate::Test;
use crate::data::Folder;

fn columns(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .expect("columns of one length")
}

fn doubles(values: impl IntoIterator<Item = f64>) -> ArrayRef {
    Arc::new(Float64Array::from_iter_values(values))
}

fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from_iter(values))
}

/// Writes rows as the name says: a file of Parquet with groups of three rows, a file or a stream of Arrow IPC.
fn write(path: &Path, rows: &RecordBatch) {
    let file = File::create(path).expect("the file can be made");
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("parquet") => {
            let properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
            let properties = properties.set_max_row_group_row_count(Some(3)).build();
            let mut writer = ArrowWriter::try_new(file, rows.schema(), Some(properties)).expect("a writer");
            writer.write(rows).expect("rows");
            writer.close().expect("a footer");
        }
        Some("stream") => {
            let mut writer = StreamWriter::try_new(file, &rows.schema()).expect("a writer");
            writer.write(rows).expect("rows");
            writer.finish().expect("an end");
        }
        _ => {
            let mut writer = FileWriter::try_new(file, &rows.schema()).expect("a writer");
            writer.write(rows).expect("rows");
            writer.finish().expect("a footer");
        }
    }
}

/// A folder with the article's neuron, one without defaults, and the rows in every format.
fn folder(rows: &RecordBatch) -> Folder {
    let sum = "input x1\ninput x2\nneuron y\nx1 -> y : 1\nx2 -> y : 1\noutput y\n";
    let folder = Folder::new().with("sum.neuron", sum);
    for name in NAMES {
        write(&folder.0.join(name), rows);
    }
    folder
}

const NAMES: [&str; 4] = ["r.parquet", "r.arrow", "r.feather", "r.stream"];

/// What says which format a file is of, where its name does not.
fn format_of(name: &str) -> &'static str {
    if name.ends_with("stream") { "--in-format arrow" } else { "" }
}

#[test]
fn columns_are_read_by_name_whatever_their_types() {
    let rows = columns(vec![
        ("name", texts(&[Some("a"), Some("b, \"c\""), None, Some("é")])),
        ("x2", Arc::new(Int8Array::from(vec![1, -1, 0, 100]))),
        ("x1", Arc::new(Float32Array::from(vec![0.5, 2.0, -10.0, 0.1]))),
        ("far", Arc::new(UInt64Array::from(vec![1 << 63, 1 << 53, 3, 4]))),
        ("yes", Arc::new(BooleanArray::from(vec![true, false, true, false]))),
    ]);
    let folder = folder(&rows);
    for name in NAMES {
        let run = |arguments: &str| {
            let format = format_of(name);
            folder.run(0, &format!("article.neuron --data {name} {format} {arguments}"))
        };
        let (stdout, stderr) = run("");
        // A number of single precision is the double that it is.
        assert_eq!(stdout, "c\n1.75\n1.75\n0\n75.60000000149012\n");
        assert_eq!(stderr, format!("note: nobody reads the columns `name`, `far`, `yes` of {name}\n"));
        assert_eq!(run("--map x1=yes -q --threads 3").0, "c\n2.25\n0\n1.5\n75.5\n");
        let far = "{\"c\":9.223372036854776e18}\n{\"c\":9007199254740992}\n{\"c\":3.5}\n{\"c\":79.5}\n";
        assert_eq!(run("--map x1=far --format jsonl -q").0, far);
        let kept = "name,yes,x1,c\na,true,0.5,1.75\n\"b, \"\"c\"\"\",false,2,1.75\n,true,-10,0\né,false,0.1,75.60000000149012\n";
        assert_eq!(run("--keep name,yes,x1 -q").0, kept);
        let kept = "{\"name\":null,\"far\":3,\"c\":0}\n";
        assert!(run("--keep name,far -q --format jsonl").0.contains(kept));
        // A value that is given is for all rows, and a trace has their numbers.
        assert_eq!(run("x1=1 x2=1 -q").0, "c\n2.25\n2.25\n2.25\n2.25\n");
        assert_eq!(run("--trace=json -q").0.matches("\"row\":").count(), 4);
    }
}

#[test]
fn columns_that_are_not_there_or_of_another_type_are_told() {
    let rows = columns(vec![
        ("x1", doubles([1.0])),
        ("X2", doubles([1.0])),
        ("text", texts(&[Some("1")])),
        ("day", Arc::new(Date32Array::from(vec![1]))),
    ]);
    let folder = folder(&rows);
    for name in NAMES {
        let run = |arguments: &str| {
            let line = format!("sum.neuron --data {name} {} {arguments} --message-format short", format_of(name));
            folder.run(1, &line).1
        };
        assert!(run("").contains(&format!("error[E0801]: `{name}` has no column called `x2` (did you mean `X2`?")));
        let text = run("--map x1=text x2=0");
        let told = format!("error[E0810]: the column `text` of `{name}` has the type Utf8, which is no number");
        assert!(text.contains(&told), "{text}");
        let day = run("--keep day x2=0");
        assert!(day.contains("the column `day`") && day.contains("has the type Date32, which is not copied"), "{day}");
    }
    for (arguments, message) in [
        ("--data r.parquet --no-header", "columns have no header, and names of their own"),
        ("--data r.parquet --format parquet", "Parquet is written to a file only"),
        ("--data r.parquet --on-bad-row skip --rejects r.feather", "rows that are left out are written as text"),
        ("--data - --in-format parquet", "Parquet is not read from standard input"),
    ] {
        let (_, stderr) = folder.run(2, &format!("article.neuron {arguments} --message-format short"));
        assert!(stderr.contains("error[E0607]") && stderr.contains(message), "{stderr}");
    }
}

#[test]
fn bad_cells_have_a_row_and_a_column() {
    let beyond = (1 << 53) + 1;
    let rows = columns(vec![
        ("x1", Arc::new(Float64Array::from(vec![Some(1.0), None, Some(f64::NAN), Some(-0.0), Some(f64::INFINITY)]))),
        ("x2", Arc::new(Int64Array::from(vec![1, 2, 3, beyond, 5]))),
        ("name", texts(&[Some("a"), Some("b"), Some("c"), None, Some("e")])),
    ]);
    let folder = folder(&rows);
    for name in NAMES {
        let format = format_of(name);
        let run =
            |code, arguments: &str| folder.run(code, &format!("article.neuron --data {name} {format} {arguments}"));
        let (stdout, stderr) = run(1, "-q");
        assert_eq!(stdout, "c\n2.25\n");
        for part in ["E0803", "this cell is empty", &format!("{name}:2:"), "the column `x1`", "{\"x1\":null,\"x2\":2}"]
        {
            assert!(stderr.contains(part), "{part}\n{stderr}");
        }
        let (stdout, stderr) = run(0, "--on-bad-row skip --rejects bad.csv --keep name");
        assert_eq!(stdout, "name,c\na,2.25\n");
        assert_eq!(
            stderr,
            format!("{name}: 1 row written, 4 rows left out; the first: row 2, column `x1`: this cell is empty\n")
        );
        let rejects = "line,column,reason,text\n\
            2,x1,this cell is empty,\"{\"\"x1\"\":null,\"\"x2\"\":2,\"\"name\"\":\"\"b\"\"}\"\n\
            3,x1,`NaN` is not finite,\"{\"\"x1\"\":\"\"NaN\"\",\"\"x2\"\":3,\"\"name\"\":\"\"c\"\"}\"\n\
            4,x2,`9007199254740993` is no double: it lies between two,\
            \"{\"\"x1\"\":-0,\"\"x2\"\":9007199254740993,\"\"name\"\":null}\"\n\
            5,x1,`inf` is not finite,\"{\"\"x1\"\":\"\"inf\"\",\"\"x2\"\":5,\"\"name\"\":\"\"e\"\"}\"\n";
        assert_eq!(folder.read("bad.csv"), rejects);
        let nulls = "{\"name\":\"a\",\"c\":2.25}\n{\"name\":\"b\",\"c\":null}\n{\"name\":\"c\",\"c\":null}\n\
            {\"name\":null,\"c\":null}\n{\"name\":\"e\",\"c\":null}\n";
        assert_eq!(run(0, "--on-bad-row null --keep name -q --format jsonl").0, nulls);
        let line = format!("sum.neuron --data {name} {format} --on-bad-row skip --allow-nonfinite -q");
        assert_eq!(folder.run(0, &line).0, "y\n2\nNaN\ninf\n");
        // Numbers that single precision does not hold, and cells that are longer than the limit.
        let (_, stderr) = run(1, "--map x1=x2 x2=0 --precision f32 -q --message-format json");
        let message: serde_json::Value = serde_json::from_str(&stderr).expect("one object");
        assert_eq!((&message["line"], &message["code"]), (&4.into(), &"E0803".into()));
        let (_, stderr) = run(4, "--keep name --limit cell=2 -q --message-format short");
        assert!(stderr.contains("error[E0914]: this cell has 3 bytes; the limit is 2"), "{stderr}");
    }
}

#[test]
fn a_stream_is_read_from_standard_input() {
    let rows = columns(vec![("x1", doubles([0.8, 2.0])), ("x2", doubles([1.2, -1.0]))]);
    let folder = folder(&rows);
    let stream = std::fs::File::open(folder.0.join("r.stream")).expect("it is there");
    let output = folder.command("article.neuron --data - --in-format arrow").stdin(stream).output().expect("it runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "c\n2.2\n1.75\n");
    let broken = Test::new().file("article.neuron", crate::example("article.neuron")).input("no stream");
    let broken = broken.args("article.neuron --data - --in-format arrow").run();
    broken.code(1).stdout("").stderr_has("E0708").stderr_has("standard input");
}

#[test]
fn a_compression_that_is_not_read_is_told() {
    let folder = Folder::new();
    let path = folder.0.join("r.parquet");
    write(&path, &columns(vec![("x1", doubles([1.0])), ("x2", doubles([1.0]))]));
    // The last footer is the one that counts.
    let file = File::options().read(true).append(true).open(&path).expect("it is there");
    let metadata = ParquetMetaDataReader::new().parse_and_finish(&file).expect("a footer");
    let compressed = |column: &ColumnChunkMetaData| {
        let column = column.clone().into_builder().set_compression(Compression::ZSTD(ZstdLevel::default()));
        column.build().expect("a column")
    };
    let groups = metadata.row_groups().iter().map(|group| {
        let columns = group.columns().iter().map(compressed).collect();
        group.clone().into_builder().set_column_metadata(columns).build().expect("a group")
    });
    let metadata = ParquetMetaData::new(metadata.file_metadata().clone(), groups.collect());
    ParquetMetaDataWriter::new(file, &metadata).finish().expect("a footer");
    let (_, stderr) = folder.run(3, "article.neuron --data r.parquet --message-format short");
    assert!(stderr.contains("error[E0701]") && stderr.contains("its column `x1` is compressed with ZSTD"), "{stderr}");
}

#[test]
fn more_rows_than_a_block_has_keep_their_order() {
    let count = 200_000;
    let rows = columns(vec![
        ("x1", doubles((0..count).map(f64::from))),
        ("x2", doubles((0..count).map(|row| f64::from(row % 7)))),
    ]);
    let folder = Folder::new();
    let file = File::create(folder.0.join("r.parquet")).expect("the file can be made");
    let mut writer = ArrowWriter::try_new(file, rows.schema(), None).expect("a writer");
    writer.write(&rows).expect("rows");
    writer.close().expect("a footer");
    let text: String = (0..count).map(|row| format!("{row},{}\n", row % 7)).collect();
    let folder = folder.with("r.csv", format!("x1,x2\n{text}"));
    let expected = folder.silent("article.neuron --data r.csv");
    for threads in [1, 5] {
        assert!(folder.silent(&format!("article.neuron --data r.parquet --threads {threads}")) == expected);
    }
}

/// The rows of a file that the program wrote.
fn written(folder: &Folder, name: &str) -> Vec<RecordBatch> {
    let file = File::open(folder.0.join(name)).expect("it is there");
    if name.ends_with("parquet") {
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("a whole file").build();
        reader.expect("columns").collect::<Result<_, _>>().expect("rows")
    } else {
        FileReader::try_new(file, None).expect("a whole file").collect::<Result<_, _>>().expect("rows")
    }
}

const WRITTEN: [&str; 3] = ["o.parquet", "o.arrow", "o.feather"];

#[test]
fn rows_that_are_written_as_columns_have_the_bits_of_text() {
    let count = 30_000;
    let value = |row: i32, step: f64| (f64::from(row) * step).sin() * 10f64.powi(row % 40 - 20);
    let line = |row: i32| [0.1, 0.7, 1.3, 0.05].map(|step| value(row, step).to_string()).join(",");
    let text: String = (0..count).map(|row| line(row) + "\n").collect();
    let header = "measure[0],measure[1],measure[2],measure[3]\n";
    let folder =
        Folder::new().with("iris.neuron", crate::example("iris.neuron")).with("r.csv", header.to_owned() + &text);
    let measures = "input measure[4]\noutput measure\n";
    let folder = folder.with("same.neuron", measures);
    for precision in ["f64", "f32"] {
        let expected = folder.silent(&format!("iris.neuron --data r.csv --precision {precision}"));
        for name in WRITTEN {
            let run = |arguments: &str| folder.silent(&format!("{arguments} --precision {precision}"));
            // The inputs as columns, then the outputs of these.
            assert_eq!(run(&format!("same.neuron --data r.csv --out {name}")), "");
            assert!(run(&format!("iris.neuron --data {name}")) == expected, "{name} {precision}");
            // The outputs as columns, whose text is that of the doubles that they are.
            let bytes = |threads: u32| {
                run(&format!("iris.neuron --data r.csv --out {name} --threads {threads}"));
                std::fs::read(folder.0.join(name)).expect("it is there")
            };
            assert!(bytes(1) == bytes(3), "{name} {precision}");
            let batches = written(&folder, name);
            let schema = batches[0].schema();
            let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            assert_eq!(names.join(","), expected.lines().next().expect("a header"));
            assert!(
                schema.fields().iter().all(|field| !field.is_nullable() && *field.data_type() == DataType::Float64)
            );
            let mut lines = expected.lines().skip(1);
            for batch in &batches {
                for row in 0..batch.num_rows() {
                    let cells = lines.next().expect("a line").split(',');
                    for (cell, column) in cells.zip(batch.columns()) {
                        let found = column.as_primitive::<Float64Type>().value(row);
                        let wanted = match precision {
                            "f32" => f64::from(cell.parse::<f32>().expect("a number")),
                            _ => cell.parse().expect("a number"),
                        };
                        assert_eq!(found.to_bits(), f64::to_bits(wanted));
                    }
                }
            }
            assert_eq!(lines.next(), None);
        }
    }
}

#[test]
fn columns_that_are_copied_keep_their_types() {
    let rows = columns(vec![
        ("x1", Arc::new(Float64Array::from(vec![Some(0.1), None, Some(-0.0), Some(1e300)]))),
        ("x2", doubles([1.0, 2.0, 3.0, 4.0])),
        ("single", Arc::new(Float32Array::from(vec![Some(0.1), None, Some(f32::INFINITY), Some(-0.0)]))),
        ("far", Arc::new(UInt64Array::from(vec![Some(u64::MAX), None, Some(0), Some(1)]))),
        ("near", Arc::new(Int8Array::from(vec![Some(-128), None, Some(0), Some(127)]))),
        ("yes", Arc::new(BooleanArray::from(vec![Some(true), None, Some(false), Some(true)]))),
        ("text", texts(&[Some("a \"b\"\n"), None, Some(""), Some("null")])),
    ]);
    let folder = folder(&rows);
    for (from, to) in NAMES.into_iter().zip(WRITTEN.into_iter().cycle()) {
        let format = format_of(from);
        let keep = "--keep x1,single,far,near,yes,text --on-bad-row null -q";
        assert_eq!(folder.run(0, &format!("sum.neuron --data {from} {format} --out {to} {keep}")).0, "");
        let batches = written(&folder, to);
        assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 4);
        let mut start = 0;
        for batch in &batches {
            let same = rows.project(&[0, 2, 3, 4, 5, 6]).expect("columns").slice(start, batch.num_rows());
            assert_eq!(&batch.columns()[..6], same.columns(), "{from} {to}");
            start += batch.num_rows();
        }
        let outputs = batches.iter().flat_map(|batch| batch.column(6).as_primitive::<Float64Type>().iter());
        assert_eq!(outputs.collect::<Vec<_>>(), [Some(1.1), None, Some(3.0), Some(1e300)]);
    }
    // From text all that is copied is text; JSON has null.
    let folder = folder.with("t.csv", "name,x1,x2\n\"a, b\",1,2\n,1.50,2\n");
    folder.silent("sum.neuron --data t.csv --keep name,x1 --out o.parquet");
    let batches = written(&folder, "o.parquet");
    assert_eq!(batches[0].column(0), &texts(&[Some("a, b"), Some("")]));
    assert_eq!(batches[0].column(1), &texts(&[Some("1"), Some("1.50")]));
    let folder = folder.with("t.jsonl", "{\"x1\":1,\"x2\":2,\"t\":null}\n{\"x1\":1,\"x2\":2,\"t\":\"=a\\n\"}\n");
    folder.silent("sum.neuron --data t.jsonl --keep t --out o.arrow");
    assert_eq!(written(&folder, "o.arrow")[0].column(0), &texts(&[None, Some("=a\n")]));
}

#[test]
fn a_file_of_columns_is_replaced_whole_or_not_at_all() {
    for name in WRITTEN {
        let folder = Folder::new().with("r.csv", "x1,x2\n1,2\n3,x\n").with("none.csv", "x1,x2\n").with(name, "old");
        let folder = folder.with("c.neuron", "input c\noutput d = c\n");
        folder.run(1, &format!("article.neuron --data r.csv --out {name}"));
        assert_eq!(folder.read(name), "old");
        folder.run(0, &format!("article.neuron --data r.csv --out {name} --on-bad-row skip -q"));
        let [batch] = written(&folder, name).try_into().expect("one block");
        assert_eq!(batch.column(0), &doubles([3.0]), "{name}");
        // A file of no rows has its columns.
        folder.silent(&format!("article.neuron --data none.csv --out {name}"));
        assert_eq!(written(&folder, name).iter().map(RecordBatch::num_rows).sum::<usize>(), 0);
        assert_eq!(folder.silent(&format!("c.neuron --data {name}")), "d\n");
        let (_, stderr) = folder.run(2, &format!("c.neuron --data {name} --out {name}"));
        assert!(stderr.contains("E0808"), "{stderr}");
        let mut entries = std::fs::read_dir(&folder.0).expect("the folder").map(|entry| entry.expect("an entry"));
        assert!(entries.all(|entry| !entry.file_name().to_string_lossy().starts_with('.')));
    }
}

#[test]
fn damaged_files_are_told_and_are_no_bug() {
    let rows = columns(vec![
        ("x1", Arc::new(Float64Array::from(vec![Some(1.0), None, Some(2.0), Some(3.0)]))),
        ("x2", doubles([1.0, 2.0, 3.0, 4.0])),
    ]);
    let folder = folder(&rows);
    let whole = std::fs::read(folder.0.join("r.parquet")).expect("it is there");
    let mut contradictions = 0;
    // The start of a file has the rows.
    for (place, way) in (0..240).flat_map(|place| [(place, 0x80), (place, 0xFF)]) {
        let mut bytes = whole.clone();
        bytes[place] ^= way;
        std::fs::write(folder.0.join("d.parquet"), bytes).expect("it can be written");
        let command = "sum.neuron --data d.parquet --out o.csv --on-bad-row skip -q --message-format short";
        let output = folder.command(command).output().expect("it runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "byte {place}: {stderr}");
        assert_eq!(stderr.lines().count(), usize::from(output.status.code() != Some(0)), "byte {place}: {stderr}");
        contradictions += usize::from(stderr.contains("contradicts itself"));
    }
    assert!(contradictions > 0, "the crates panic on none of them: the guard may go");
}

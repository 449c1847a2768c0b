//! Files of rows: `run FILE --data ROWS`.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::{Test, example};

/// A folder in which several runs follow each other.
pub struct Folder(pub PathBuf);

impl Folder {
    /// One that has the article's neuron, `c = relu(x1 + 0.75 x2 + 0.5)`.
    pub fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("neuronc-data-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).expect("the folder can be made");
        Folder(folder).with("article.neuron", example("article.neuron"))
    }

    pub fn with(self, name: &str, content: impl AsRef<[u8]>) -> Folder {
        fs::write(self.0.join(name), content).expect("the file can be written");
        self
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).expect("the file is there")
    }

    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_neuronc"));
        command.args(arguments.split_whitespace()).current_dir(&self.0);
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM"] {
            command.env_remove(name);
        }
        command
    }

    /// What a run prints on its two streams, if it ends with `code`.
    #[track_caller]
    pub fn run(&self, code: i32, arguments: &str) -> (String, String) {
        let Output { status, stdout, stderr } = self.command(arguments).output().expect("the program runs");
        let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        assert_eq!(status.code(), Some(code), "{arguments}\nstdout:\n{stdout}\nstderr:\n{stderr}");
        (stdout.into_owned(), stderr.into_owned())
    }

    /// What a run prints on its standard output, with nothing to tell.
    #[track_caller]
    pub fn silent(&self, arguments: &str) -> String {
        let (stdout, stderr) = self.run(0, arguments);
        assert_eq!(stderr, "", "{arguments}");
        stdout
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The message of one run on rows for the article's neuron, as a line.
#[track_caller]
fn refused(code: i32, rows: &str, arguments: &str) -> String {
    let folder = Folder::new().with("r.csv", rows);
    let (_, stderr) = folder.run(code, &format!("article.neuron --data r.csv --message-format short -q {arguments}"));
    stderr
}

#[test]
fn every_row_is_one_evaluation() {
    let folder = Folder::new().with("r.csv", "x1,x2\n0.8,1.2\n2,-1\n-1e1,0\n");
    assert_eq!(folder.silent("article.neuron --data r.csv"), "c\n2.2\n1.75\n0\n");
    assert_eq!(
        folder.silent("run article.neuron --data r.csv --format jsonl"),
        "{\"c\":2.2}\n{\"c\":1.75}\n{\"c\":0}\n"
    );
    assert_eq!(folder.silent("article.neuron --data r.csv --out o.csv"), "");
    assert_eq!(folder.read("o.csv"), "c\n2.2\n1.75\n0\n");
    // The columns by name, in any order.
    let folder = folder.with("s.tsv", "x2\tx1\n1.2\t0.8\n-1\t2\n");
    assert_eq!(folder.silent("article.neuron --data s.tsv"), "c\n2.2\n1.75\n");
    let folder = folder.with("t.jsonl", "{\"x1\": 0.8, \"x2\": 1.2}\n{\"x2\":-1,\"x1\":2}\n");
    assert_eq!(folder.silent("article.neuron --data t.jsonl"), "{\"c\":2.2}\n{\"c\":1.75}\n");
    assert_eq!(folder.silent("article.neuron --data t.jsonl --out o.tsv"), "");
    assert_eq!(folder.read("o.tsv"), "c\n2.2\n1.75\n");
}

#[test]
fn rows_give_what_run_gives_one_by_one() {
    let rows: Vec<[f64; 4]> =
        (0..40).map(|row| [0.1, 0.7, 1.3, 0.05].map(|step| f64::from(row % 9) * step + f64::from(row) / 7.0)).collect();
    let line = |row: &[f64; 4]| row.map(|value| value.to_string()).join(",");
    for precision in ["f64", "f32"] {
        let text: String = rows.iter().map(|row| line(row) + "\n").collect();
        let folder = Folder::new().with("iris.neuron", example("iris.neuron")).with("r.csv", text);
        let options = format!("--format jsonl --no-header --precision {precision}");
        let all = folder.silent(&format!("iris.neuron --data r.csv {options}"));
        assert_eq!(all.lines().count(), rows.len());
        for (row, found) in rows.iter().zip(all.lines()) {
            let one =
                folder.run(0, &format!("iris.neuron measure={} --format json --precision {precision}", line(row)));
            let numbers = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
            let (found, one) = (numbers(found), numbers(&one.0));
            let bits = |value: &serde_json::Value| value.to_string().replace(".0", "");
            assert_eq!(bits(&found), bits(&one));
        }
    }
}

#[test]
fn arrays_have_a_column_an_element_or_a_list() {
    let network = "input x[2] = [1, 2]\ninput petal[2] { columns = [\"petal length\", \"petal width\"] }\n\
                   neuron h[2]\n[x, petal] -> h : [[1, 1, 1, 1], [1, -1, 1, -1]]\n\
                   output h, first = h[0] { column = \"the sum\" }, pair = h { columns = [\"p, q\", \"q\"] }\n";
    let folder = Folder::new()
        .with("a.neuron", network)
        .with("r.csv", "petal width,petal length,x[1],x[0]\n1,2,3,4\n")
        .with("r.jsonl", "{\"petal width\":1,\"petal length\":2,\"x\":[4, 3]}\n");
    let expected = "h[0],h[1],the sum,\"p, q\",q\n10,2,10,10,2\n";
    assert_eq!(folder.silent("a.neuron --data r.csv"), expected);
    assert_eq!(folder.silent("a.neuron --data r.jsonl --format csv"), expected);
    let object = "{\"h\":[10,2],\"the sum\":10,\"p, q\":10,\"q\":2}\n";
    assert_eq!(folder.silent("a.neuron --data r.jsonl"), object);
    assert_eq!(folder.silent("a.neuron --data r.csv --format jsonl"), object);
    // Lists of another length, and keys that come and go.
    let run = |line: &str| {
        let first = "{\"petal width\":1,\"petal length\":2,\"x\":[4, 3]}\n";
        let folder = Folder::new().with("a.neuron", network).with("r.jsonl", first.to_owned() + line);
        folder.run(1, "a.neuron --data r.jsonl --message-format short").1
    };
    for (line, message) in [
        (
            "{\"x\":[1],\"petal length\":1,\"petal width\":1}",
            "r.jsonl:2:6: error[E0805]: this list has 1 value, its input takes 2",
        ),
        ("{\"x\":1,\"petal length\":1,\"petal width\":1}", "r.jsonl:2:6: error[E0806]: expected a list of numbers"),
        (
            "{\"x\":[1,2],\"petal length\":1}",
            "r.jsonl:2:1: error[E0805]: this row has no `petal width`, which the first has",
        ),
        ("{\"x\":[1,2],\"x\":[1,2],\"petal length\":1}", "r.jsonl:2:13: error[E0802]: the key `x` is there twice"),
        ("{\"x\":[1,2],\"petal length\":null}", "r.jsonl:2:27: error[E0803]: this cell is empty"),
        ("{\"x\":[1,\"2\"]}", "r.jsonl:2:9: error[E0803]: `\"2\"` is no number"),
        ("{\"x\":[1,02]}", "r.jsonl:2:9: error[E0803]: `02` is no number"),
        ("{\"x\":[1,2]", "r.jsonl:2:11: error[E0806]: expected `,` or `}` behind a value"),
        ("[1]", "r.jsonl:2:1: error[E0806]: expected `{`, as every line is an object"),
        ("{\"x\":[1,2", "r.jsonl:2:10: error[E0806]: expected `,` or `]` behind a value"),
        ("{\"x", "r.jsonl:2:2: error[E0806]: this quote is never closed"),
        ("\n{}", "r.jsonl:2:1: error[E0805]: this line is empty"),
    ] {
        let stderr = run(line);
        assert!(stderr.starts_with(message), "{line}\n{stderr}");
    }
    let late = Folder::new()
        .with("a.neuron", network)
        .with("r.jsonl", "{\"petal width\":1,\"petal length\":2}\n{\"x\":[1,2]}\n");
    let (_, stderr) = late.run(1, "a.neuron --data r.jsonl --message-format short");
    assert!(stderr.contains("r.jsonl:2:3: error[E0805]: this row has `x`, which the first has not"), "{stderr}");
}

#[test]
fn every_refusal_tells_its_place_and_reason() {
    for (rows, message) in [
        ("x1,x2\n1,abc\n", "r.csv:2:3: error[E0803]: `abc` is no number"),
        ("x1,x2\n1,2\r\n1,\r\n", "r.csv:3:3: error[E0803]: this cell is empty"),
        ("x1,x2\n1,  \n", "r.csv:2:3: error[E0803]: this cell is empty"),
        ("x1,x2\n\"1,5\",2\n", "r.csv:2:2: error[E0803]: `1,5` is no number"),
        ("x1,x2\n1_000,2\n", "r.csv:2:1: error[E0803]: `1_000` is no number"),
        ("x1,x2\n1e999,2\n", "r.csv:2:1: error[E0803]: `1e999` is larger than any double"),
        ("x1,x2\n1,-Inf\n", "r.csv:2:3: error[E0803]: `-Inf` is not finite"),
        ("x1,x2\nnan,1\n", "r.csv:2:1: error[E0803]: `nan` is not finite"),
        ("x1,x2\n0x10,1\n", "r.csv:2:1: error[E0803]: `0x10` is no number"),
        ("x1,x2\n.5,1\n", "r.csv:2:1: error[E0803]: `.5` is no number (a point has digits on both sides"),
        ("x1,x2\n1,2\n1,2,3\n", "r.csv:3:1: error[E0805]: this row has 3 cells, the first has 2"),
        ("x1,x2\n1,2\n1\n", "r.csv:3:1: error[E0805]: this row has 1 cell, the first has 2"),
        ("x1,x2\n1,2\n\n3,4\n", "r.csv:3:1: error[E0805]: this line is empty"),
        ("x1,x2\n1,2\n1,\"2\n3,4\n", "r.csv:3:3: error[E0806]: this quote is never closed"),
        ("x1,x2\n1,\"2\"3\n", "r.csv:2:6: error[E0806]: something stands behind the quote that closes this cell"),
        ("x1,x2,\"é\n\"\n1,1,\"a\nb\"\n\"1\",x,é\n", "r.csv:5:5: error[E0803]: `x` is no number"),
        ("é,x1,x2\nüü,1,2\nüü,y,2\n", "r.csv:3:4: error[E0803]: `y` is no number"),
        ("\u{FEFF}x1,x2\nz,1\n", "r.csv:2:1: error[E0803]: `z` is no number"),
        ("x1,x2\r1,2\r1,q\r", "r.csv:3:3: error[E0803]: `q` is no number"),
        ("x1,x2\n1,a\u{1b}[31m\u{202e}\n", "r.csv:2:3: error[E0803]: `a?[31m\u{FFFD}` is no number"),
        ("", "error[E0807]: `r.csv` is empty: it has no header"),
        ("\u{FEFF}\n\r\n", "error[E0807]: `r.csv` is empty: it has no header"),
        ("x1,x2,x1\n1,2,3\n", "article.neuron:4:7: error[E0802]: `r.csv` has several columns called `x1`"),
        ("x1,x2,\"a\n1,2,3\n", "r.csv:1:7: error[E0806]: this quote is never closed"),
    ] {
        let stderr = refused(1, rows, "");
        assert!(stderr.starts_with(message), "{rows:?}\n{stderr}");
        assert_eq!(stderr.matches("error[").count(), 1, "{stderr}");
    }
    // A place that would begin or end inside a character.
    let dirty = Folder::new().with("r.csv", b"x1,x2\n1,\xC3\xC3\xA9\x80\x80\n");
    let (_, stderr) = dirty.run(1, "article.neuron --data r.csv");
    assert!(stderr.contains("is no number") && stderr.contains("[r.csv:2:3]"), "{stderr}");
    let dirty = dirty.with("r.jsonl", "éé\u{FEFF}");
    let (_, stderr) = dirty.run(4, "article.neuron --data r.jsonl --limit row=5");
    assert!(stderr.contains("E0914") && stderr.contains("[r.jsonl:1:1]"), "{stderr}");
    let cell = format!("x1,x2\n1,{}1\n", "0".repeat(1 << 20));
    let stderr = refused(4, &cell, "");
    assert!(
        stderr.starts_with("r.csv:2:3: error[E0914]: this cell has 1048577 bytes; the limit is 1048576"),
        "{stderr}"
    );
    assert!(refused(4, &cell, "--on-bad-row skip").contains("E0914"), "a limit holds whatever is done with bad rows");
    assert!(refused(4, "x1,x2\n1,2\n", "--limit row=3").starts_with("r.csv:2:1: error[E0914]: this row has 4 bytes"));
}

#[test]
fn a_message_shows_the_row() {
    let folder = Folder::new().with("r.csv", "x1,x2\n1,2\n1,abc\n");
    let expected = "\
E0803

  × `abc` is no number
   ╭─[r.csv:3:3]
 3 │ 1,abc
   ·   ─┬─
   ·    ╰── the column `x2`
   ╰────
  help: numbers are written as `-0.5` and `1e-3`; `--on-bad-row skip` leaves
        such rows out

";
    let (stdout, stderr) = folder.run(1, "article.neuron --data r.csv");
    assert_eq!((stdout.as_str(), stderr.as_str()), ("c\n3\n", expected));
    let (_, json) = folder.run(1, "article.neuron --data r.csv --message-format json");
    let message: serde_json::Value = serde_json::from_str(&json).expect("one object");
    assert_eq!((&message["file"], &message["line"], &message["column"]), (&"r.csv".into(), &3.into(), &3.into()));
}

#[test]
fn columns_are_matched_by_name_or_told() {
    let network = "input a\ninput b = 1\ninput x[2]\nneuron y\n[a, b, x] -> y : 1\noutput y\n";
    let run = |code: i32, header: &str, arguments: &str| {
        let row = header.split(',').enumerate().map(|(place, _)| place.to_string()).collect::<Vec<_>>().join(",");
        let folder = Folder::new().with("y.neuron", network).with("r.csv", format!("{header}\n{row}\n"));
        folder.run(code, &format!("y.neuron --data r.csv --message-format short {arguments}"))
    };
    assert_eq!(run(0, "a,b,x[0],x[1]", "").0, "y\n6\n");
    let (stdout, stderr) = run(0, "x[1],a,x[0]", "");
    assert_eq!(
        (stdout.as_str(), stderr.as_str()),
        ("y\n4\n", "note: the input `b` has no column and takes its default\n")
    );
    let (_, stderr) = run(1, "A,b,x0,x1", "");
    assert!(stderr.contains("y.neuron:1:7: error[E0801]: `r.csv` has no columns called `a`, `x[0]` and `x[1]` (did you mean `A`? its columns are A, b, x0, x1; `--map a=COLUMN` reads another one)"), "{stderr}");
    assert_eq!(run(0, "A,b,x0,x1", "--map a=A --map x[0]=x0 --map x[1]=x1").0, "y\n6\n");
    // A value that is given is for all rows, whatever the file has.
    let (stdout, stderr) = run(0, "a,b,x[0],x[1]", "b=10 x=1");
    assert_eq!(stdout, "y\n12\n");
    assert_eq!(stderr, "note: nobody reads the columns `b`, `x[0]`, `x[1]` of r.csv\n");
    // A default is no wrong column's work, and a file that nobody reads is another one's.
    let (_, stderr) = run(0, "a,B,x[0],x[1]", "");
    assert!(stderr.contains("takes its default (did you mean the column `B`?)"), "{stderr}");
    let (_, stderr) = run(1, "a,c", "a=1 x=2");
    assert!(
        stderr.contains("error[E0801]: `r.csv` has no column for any input (its columns are a, c; wanted: b)"),
        "{stderr}"
    );
    assert_eq!(run(0, "c,d", "a=1 b=1 x=2 -q").0, "y\n6\n");
    let (_, stderr) = run(1, "a;b;x[0];x[1]", "");
    assert!(stderr.contains("cells are separated by commas, or by tabs in TSV, and never by `;`"), "{stderr}");
    let (_, stderr) = run(1, "a\tb\tx[0]\tx[1]", "");
    assert!(stderr.contains("`--in-format tsv` reads cells that are separated by tabs"), "{stderr}");
    assert!(run(2, "a,b,x[0],x[1]", "--map c=a").1.contains("error[E0603]: no input is called `c`"));
    assert!(run(2, "a,b,x[0],x[1]", "b=1 --map b=a").1.contains("it has one value for all rows"));
    assert!(
        run(2, "a,b,x[0],x[1]", "--map b=a").1.contains("error[E0607]: two inputs have their values in the column `a`")
    );
    assert!(
        run(1, "a,b,x[0],x[1]", "--keep ab")
            .1
            .contains("error[E0801]: `r.csv` has no column called `ab` (did you mean `a`?")
    );
    assert!(
        run(1, "a,b,x[0],x[1],y", "--keep y").1.contains("error[E0802]: the output would have two columns called `y`")
    );
    // Two columns that nobody reads may have one name.
    assert_eq!(run(0, "a,b,x[0],x[1],q,q", "-q"), ("y\n6\n".to_owned(), String::new()));
}

#[test]
fn a_file_without_a_header_is_read_by_position() {
    let folder = Folder::new().with("r.csv", "0.8,1.2,9\n2,-1,9\n");
    let (stdout, stderr) = folder.run(0, "article.neuron --data r.csv --no-header");
    assert_eq!((stdout.as_str(), stderr.as_str()), ("2.2\n1.75\n", "note: nobody reads the column `3` of r.csv\n"));
    assert_eq!(folder.run(0, "article.neuron --data r.csv --no-header --map x1=3 --keep 1 -q").0, "0.8,10.4\n2,8.75\n");
    assert_eq!(folder.run(0, "article.neuron --data r.csv --no-header x1=1 -q").0, "2.1\n3\n");
    let folder = folder.with("empty.csv", "");
    assert_eq!(folder.silent("article.neuron --data empty.csv --no-header"), "");
    assert_eq!(folder.silent("article.neuron --data empty.csv --in-format jsonl --format csv"), "c\n");
    assert_eq!(folder.silent("article.neuron --data empty.csv --in-format jsonl"), "");
    let folder = folder.with("header.csv", "x1,x2\n\n\n");
    assert_eq!(folder.silent("article.neuron --data header.csv"), "c\n");
}

#[test]
fn columns_are_kept_as_they_stand() {
    let folder = Folder::new().with("r.csv", "name,x1,\"the, note\",x2\n\"a \"\"b\"\"\",1,\"p,\nq\",2\n=1+1,1.50,,3\n");
    let run = |arguments: &str| folder.run(0, &format!("article.neuron --data r.csv -q --keep name,x1 {arguments}")).0;
    assert_eq!(run(""), "name,x1,c\n\"a \"\"b\"\"\",1,3\n=1+1,1.50,4.25\n");
    assert_eq!(run("--format tsv"), "name\tx1\tc\n\"a \"\"b\"\"\"\t1\t3\n=1+1\t1.50\t4.25\n");
    let jsonl = run("--format jsonl");
    assert_eq!(
        jsonl,
        "{\"name\":\"a \\\"b\\\"\",\"x1\":\"1\",\"c\":3}\n{\"name\":\"=1+1\",\"x1\":\"1.50\",\"c\":4.25}\n"
    );
    // A name with a comma in it stands between quotes.
    let mut command = folder.command("article.neuron --data r.csv -q --keep x2 --keep");
    let output = command.arg("\"the, note\",x1").output().expect("it runs");
    let expected = "x2,\"the, note\",x1,c\n2,\"p,\nq\",1,3\n3,,1.50,4.25\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
    let unclosed = folder.command("article.neuron --data r.csv --keep").arg("\"a").output().expect("it runs");
    assert_eq!(unclosed.status.code(), Some(2));
    // What a spreadsheet would compute is told once, where there are spreadsheets.
    let told =
        |arguments: &str| folder.run(0, &format!("article.neuron --data r.csv --message-format short {arguments}")).1;
    let stderr = told("--keep name,x1");
    assert!(
        stderr.contains("warning[W0302]: the text `=1+1` in row 2 of the output begins like a formula"),
        "{stderr}"
    );
    assert!(!told("--keep name --format jsonl").contains("W0302"));
    assert!(!told("--keep x1").contains("W0302"));
    let text = "{\"x1\":1,\"x2\":2,\"t\":\"a\\u00e9,\\n\\\"\",\"n\":null,\"l\":[1, {\"a\":true}]}\n";
    let folder = Folder::new().with("r.jsonl", text);
    assert_eq!(
        folder.silent("article.neuron --data r.jsonl --keep l,n,t"),
        "{\"l\":[1, {\"a\":true}],\"n\":null,\"t\":\"a\\u00e9,\\n\\\"\",\"c\":3}\n"
    );
    assert_eq!(
        folder.silent("article.neuron --data r.jsonl --keep l,n,t --format csv"),
        "l,n,t,c\n\"[1, {\"\"a\"\":true}]\",,\"aé,\n\"\"\",3\n"
    );
    let folder = Folder::new().with("r.csv", b"t,x1,x2\nok,1,2\n\xE9,1,2\n");
    let (_, stderr) = folder.run(1, "article.neuron --data r.csv --keep t --message-format short");
    assert!(stderr.starts_with("r.csv:3:1: error[E0806]: this cell is not UTF-8 text"), "{stderr}");
    assert_eq!(folder.run(0, "article.neuron --data r.csv -q").0, "c\n3\n3\n");
}

const DIRTY: &str = "x1,x2,name\n1,2,a\nx,2,b\n1,2\n,,\"c\nd\"\n\n3,4,e\n";

#[test]
fn bad_rows_are_left_out_or_have_no_outputs() {
    let folder = Folder::new().with("r.csv", DIRTY);
    let (stdout, stderr) = folder.run(1, "article.neuron --data r.csv --message-format short");
    assert_eq!(stdout, "c\n3\n");
    assert!(stderr.contains("r.csv:3:1: error[E0803]: `x` is no number"), "{stderr}");
    let (stdout, stderr) = folder.run(0, "article.neuron --data r.csv --on-bad-row skip --rejects bad.csv --keep name");
    assert_eq!(stdout, "name,c\na,3\ne,6.5\n");
    assert_eq!(stderr, "r.csv: 2 rows written, 4 rows left out; the first: line 3, column 1: `x` is no number\n");
    let rejects = "line,column,reason,text\n3,1,`x` is no number,\"x,2,b\"\n\
                   4,1,\"this row has 2 cells, the first has 3\",\"1,2\"\n\
                   5,1,this cell is empty,\",,\"\"c\nd\"\"\"\n7,1,this line is empty,\n";
    assert_eq!(folder.read("bad.csv"), rejects);
    let (stdout, stderr) = folder.run(0, "article.neuron --data r.csv --on-bad-row null --keep name");
    assert_eq!(stdout, "name,c\na,3\nb,\n,\n\"c\nd\",\n,\ne,6.5\n");
    assert_eq!(
        stderr,
        "r.csv: 6 rows written, 4 rows without outputs; the first: line 3, column 1: `x` is no number\n"
    );
    let (stdout, _) = folder.run(0, "article.neuron --data r.csv --on-bad-row null -q");
    assert_eq!(stdout, "c\n3\n\"\"\n\"\"\n\"\"\n\"\"\n6.5\n");
    let (stdout, stderr) = folder.run(0, "article.neuron --data r.csv --on-bad-row null -q --format jsonl");
    assert_eq!(stdout, "{\"c\":3}\n{\"c\":null}\n{\"c\":null}\n{\"c\":null}\n{\"c\":null}\n{\"c\":6.5}\n");
    assert_eq!(stderr, "");
    folder.run(2, "article.neuron --data r.csv --rejects bad.csv");
}

#[test]
fn what_is_not_finite_is_refused_or_taken() {
    let folder = Folder::new().with("r.csv", "x1,x2\n1,nan\n-inf,1\nInfinity,1\n");
    assert_eq!(folder.silent("article.neuron --data r.csv --allow-nonfinite"), "c\nNaN\n0\ninf\n");
    let jsonl = "{\"c\":\"NaN\"}\n{\"c\":0}\n{\"c\":\"inf\"}\n";
    assert_eq!(folder.silent("article.neuron --data r.csv --allow-nonfinite --format jsonl"), jsonl);
    let folder =
        folder.with("r.jsonl", "{\"x1\":1,\"x2\":\"NaN\"}\n{\"x1\":\"-inf\",\"x2\":1}\n{\"x1\":Infinity,\"x2\":1}\n");
    assert_eq!(folder.silent("article.neuron --data r.jsonl --allow-nonfinite"), jsonl);
    let (_, stderr) = folder.run(1, "article.neuron --data r.jsonl --message-format short");
    assert!(stderr.starts_with("r.jsonl:1:14: error[E0803]: `\"NaN\"` is not finite"), "{stderr}");
    // What a network makes of finite numbers is told once.
    let network = "input x\nneuron big, next\nx -> big : 10\nbig -> next : 1\noutput next\n";
    let folder = folder.with("big.neuron", network).with("b.csv", "x\n1\n1e308\n-1e308\n");
    let (stdout, stderr) = folder.run(0, "big.neuron --data b.csv --message-format short");
    assert_eq!(stdout, "next\n10\ninf\n-inf\n");
    assert!(stderr.contains("warning[W0301]: `big` is the first neuron"), "{stderr}");
    assert!(stderr.contains("in row 2 of the output") && stderr.matches("W0301").count() == 1, "{stderr}");
    folder.run(1, "big.neuron --data b.csv --error-on-warning");
}

#[test]
fn values_stay_in_the_range_of_their_input_and_of_the_precision() {
    let network = "input x { range = [0, 1] }\ninput y = 1e300\noutput x, y\n";
    let folder = Folder::new().with("r.neuron", network).with("r.csv", "x,y\n0,1\n1,3.5e38\n-0.5,1\n");
    let (stdout, stderr) = folder.run(1, "r.neuron --data r.csv --message-format short");
    assert_eq!(stdout, "x,y\n0,1\n1,3.5e38\n");
    assert!(
        stderr.starts_with("r.csv:4:1: error[E0804]: -0.5 is outside the range of its input, from 0 to 1"),
        "{stderr}"
    );
    let (_, stderr) = folder.run(1, "r.neuron --data r.csv --precision f32 y=1 --map x=y --message-format short -q");
    assert!(stderr.starts_with("r.csv:3:3: error[E0804]"), "{stderr}");
    let folder = folder.with("s.csv", "x\n0.1\n");
    let (_, stderr) = folder.run(2, "r.neuron --data s.csv --precision f32 --message-format short");
    assert!(stderr.contains("error[E0604]: the input `y` is 1e300"), "{stderr}");
    assert_eq!(folder.run(0, "r.neuron --data s.csv --precision f32 y=0.1 -q").0, "x,y\n0.1,0.1\n");
}

#[test]
fn an_output_that_is_an_input_is_refused() {
    let folder = Folder::new().with("r.csv", "x1,x2\n1,2\n").with("other.csv", "old");
    let network = folder.read("article.neuron");
    fs::create_dir(folder.0.join("sub")).expect("a folder can be made");
    let mut outputs = vec!["--out r.csv", "--out ./sub/../r.csv", "--out article.neuron"];
    outputs.extend(["--on-bad-row skip --rejects r.csv", "--on-bad-row skip --rejects article.neuron"]);
    outputs.extend(["--out new.csv --on-bad-row skip --rejects ./new.csv"]);
    outputs.extend(["--out other.csv --on-bad-row skip --rejects sub/../other.csv"]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("r.csv", folder.0.join("link.csv")).expect("a link can be made");
        fs::hard_link(folder.0.join("r.csv"), folder.0.join("hard.csv")).expect("a link can be made");
        outputs.extend(["--out link.csv", "--out hard.csv"]);
    }
    for output in outputs {
        let (stdout, stderr) = folder.run(2, &format!("article.neuron --data r.csv {output}"));
        assert!(stderr.contains("E0808") && stdout.is_empty(), "{output}: {stderr}");
    }
    #[cfg(unix)]
    {
        let rows = fs::File::options().append(true).open(folder.0.join("r.csv")).expect("it is there");
        let mut command = folder.command("article.neuron --data r.csv");
        assert_eq!(command.stdout(rows).output().expect("it runs").status.code(), Some(2));
        let rows = fs::File::open(folder.0.join("r.csv")).expect("it is there");
        let mut command = folder.command("article.neuron --data - --in-format csv --out r.csv");
        assert_eq!(command.stdin(rows).output().expect("it runs").status.code(), Some(2));
    }
    assert_eq!((folder.read("r.csv"), folder.read("other.csv")), ("x1,x2\n1,2\n".to_owned(), "old".to_owned()));
    assert_eq!(folder.read("article.neuron"), network);
}

#[test]
fn formats_are_told_by_names_or_options() {
    let rows = "x1,x2\n1,2\n";
    let run = |arguments: &str| {
        Test::new().file("article.neuron", example("article.neuron")).args(arguments).input(rows).run()
    };
    run("article.neuron --data - --in-format csv").code(0).stdout("c\n3\n").stderr("");
    run("article.neuron --data - --format csv").code(0).stdout("c\n3\n").stderr("");
    run("article.neuron --data - --in-format csv --format jsonl").code(0).stdout("{\"c\":3}\n");
    run("article.neuron --data -").code(2).stdout("").stderr_has("E0809").stderr_has("--in-format csv");
    run("article.neuron --data missing.csv").code(3).stderr_has("E0701").stderr_has("there is no such file");
    run("article.neuron --data . --in-format csv").code(3).stderr_has("it is a folder");
    run("- --data - --in-format csv").code(2).stderr_has("standard input cannot be the network and the rows");
    run("article.neuron --data - --format json").code(2).stderr_has("`json` is no format of files of rows");
    run("article.neuron --format csv").code(2).stderr_has("`--format csv` needs `--data ROWS`");
    run("article.neuron --out a.csv").code(2).stderr_has("--data");
    if cfg!(not(feature = "parquet")) {
        let refused = run("article.neuron --data a.parquet").code(2).stdout("");
        refused.stderr_has("this program was built without Parquet").stderr_has("--features parquet");
        run("article.neuron --data - --in-format arrow").code(2).stderr_has("without Arrow IPC");
        run("article.neuron --data - --in-format csv --out o.feather").code(2).stderr_has("without Arrow IPC");
    }
    run("article.neuron --data - --in-format jsonl --no-header").code(2).stderr_has("--no-header");
    run("article.neuron --data - --in-format csv --out missing/o.csv").code(3).stderr_has("there is no such folder");
}

#[test]
fn every_row_can_be_traced() {
    let folder = Folder::new().with("r.csv", "x1,x2\n0.8,1.2\n2,x\n2,-1\n");
    let traced =
        folder.run(0, "article.neuron --data r.csv --trace=json --on-bad-row null -q --out o.csv --threads 4").0;
    let objects = traced.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let found: Vec<(u64, f64)> = objects
        .map(|object| (object["row"].as_u64().expect("a number"), object["output"].as_f64().expect("a number")))
        .collect();
    assert_eq!(found, [(0, 2.2), (2, 1.75)]);
    assert_eq!(folder.read("o.csv"), "c\n2.2\n\"\"\n1.75\n");
    // Without a file for the outputs there are traces alone.
    let (traced, _) = folder.run(0, "article.neuron --data r.csv --trace --on-bad-row skip -q");
    let one = |values: &str| {
        let (one, _) = folder.run(0, &format!("article.neuron {values} --trace"));
        one.rsplit_once("c = ").expect("the output").0.to_owned()
    };
    let expected = format!("row 1\n\n{}row 2\n\n{}", one("x1=0.8 x2=1.2"), one("x1=2 x2=-1"));
    assert_eq!(traced, expected);
}

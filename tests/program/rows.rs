//! Many rows: order, threads, streams, interrupts.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::data::Folder;

/// Rows for the article's neuron, some of them dirty, and how many rows there are.
fn rows(count: usize) -> (String, usize) {
    let mut text = "name,x1,x2\n".to_owned();
    let mut state = 1u64;
    let mut next = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    for row in 0..count {
        let name = match next(20) {
            0 => format!("\"row {row},\nsecond line\""),
            1 => format!("\"the \"\"{row}\"\"\""),
            2 => String::new(),
            _ => format!("row {row}"),
        };
        let mut number = || format!("{}.{}", next(100), next(1_000_000));
        let (x1, x2) = (number(), number());
        let _ = match next(200) {
            0 => write!(text, "{name},{x1}"),
            1 => write!(text, "{name},{x1},{x2},9"),
            2 => write!(text, "{name},,{x2}"),
            3 => write!(text, "{name},{x1},one"),
            4 => Ok(()),
            5 => write!(text, "{name},\"{x1}\"2,{x2}"),
            6 => write!(text, "{name},\"{x1}\", {x2} "),
            _ => write!(text, "{name},{x1},-{x2}"),
        };
        text.push_str(if next(10) == 0 { "\r\n" } else { "\n" });
    }
    text.push_str("last,1,2");
    (text, count + 1)
}

#[test]
fn any_number_of_threads_writes_the_same_bytes_and_loses_no_row() {
    let (text, count) = rows(120_000);
    let folder = Folder::new().with("r.csv", &text);
    let mut first: Option<(String, String, String, String)> = None;
    for threads in [1, 2, 8] {
        let skip = "--on-bad-row skip --rejects bad.csv --out skip.csv --keep name";
        let null = "--on-bad-row null --rejects bad2.csv --out null.jsonl -q";
        let (_, told) = folder.run(0, &format!("article.neuron --data r.csv {skip} --threads {threads}"));
        folder.run(0, &format!("article.neuron --data r.csv {null} --threads {threads}"));
        let written = (told, folder.read("skip.csv"), folder.read("bad.csv"), folder.read("null.jsonl"));
        assert_eq!(folder.read("bad2.csv"), written.2);
        let (told, ..) = &written;
        let number = |before: &str| {
            let (start, _) = told.split_once(before).expect("it is told");
            let digits = start.rsplit([' ', ',', ':']).take_while(|part| part.parse::<u32>().is_ok());
            let digits: Vec<&str> = digits.collect();
            digits.into_iter().rev().collect::<String>().parse::<usize>().expect("a number")
        };
        let (kept, left) = (number(" rows written"), number(" rows left out"));
        assert_eq!(kept + left, count, "{told}");
        assert!(left > 2_000, "{told}");
        assert_eq!(written.3.lines().count(), count);
        assert_eq!(written.3.lines().filter(|line| line.contains("null")).count(), left);
        assert!(written.1.ends_with("\nlast,3\n"));
        match &first {
            None => first = Some(written),
            Some(first) => assert!(*first == written, "{threads} threads"),
        }
    }
    // A stop is at the same row, and what is written until then is the same.
    let mut stopped = Vec::new();
    for threads in [1, 2, 8] {
        stopped
            .push(folder.run(1, &format!("article.neuron --data r.csv --threads {threads} --message-format short -q")));
    }
    assert!(stopped[0] == stopped[1] && stopped[0] == stopped[2], "{:?}", stopped[2].1);
}

#[test]
fn a_fault_far_into_a_file_has_its_line() {
    let mut text = "x1,x2\n".to_owned();
    for row in 0..400_000 {
        let _ = writeln!(text, "{row},0.5");
    }
    text.push_str("1,two\n");
    let folder = Folder::new().with("r.csv", &text).with("o.csv", "old");
    let (_, stderr) = folder.run(1, "article.neuron --data r.csv --out o.csv --message-format short --threads 4");
    assert!(stderr.starts_with("r.csv:400002:3: error[E0803]: `two` is no number"), "{stderr}");
    assert_eq!(folder.read("o.csv"), "old");
    assert_eq!(fs::read_dir(&folder.0).expect("it is there").count(), 3, "nothing is left over");
    let (stdout, _) = folder.run(1, "article.neuron --data r.csv -q");
    assert_eq!(stdout.lines().count(), 400_001);
}

#[test]
fn compressed_rows_are_read_as_they_are() {
    let (text, _) = rows(20_000);
    let compress = |text: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).expect("there is memory");
        encoder.finish().expect("there is memory")
    };
    let whole = compress(text.as_bytes());
    // Two parts behind each other are one file.
    let (start, end) = text.as_bytes().split_at(1_000);
    let parts = [compress(start), compress(end)].concat();
    let folder = Folder::new().with("r.csv", &text).with("r.csv.gz", &whole).with("parts.csv.gz", parts);
    let run = |name: &str| folder.run(0, &format!("article.neuron --data {name} -q --on-bad-row skip --keep name")).0;
    assert_eq!(run("r.csv.gz"), run("r.csv"));
    assert_eq!(run("parts.csv.gz"), run("r.csv"));
    let folder = folder.with("cut.csv.gz", &whole[..whole.len() / 2]);
    let (_, stderr) = folder.run(3, "article.neuron --data cut.csv.gz --on-bad-row skip --out o.csv -q");
    assert!(stderr.contains("E0701") && stderr.contains("the compressed data end too early"), "{stderr}");
    assert!(!folder.0.join("o.csv").exists());
}

/// A row of 80 MB, of which a small file is made, is refused at the limit.
#[cfg(target_os = "linux")]
#[test]
fn a_compressed_row_without_an_end_is_refused() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(b"x1,x2\n1,").expect("there is memory");
    for _ in 0..80 {
        encoder.write_all(&[b'0'; 1 << 20]).expect("there is memory");
    }
    let folder = Folder::new().with("r.csv.gz", encoder.finish().expect("there is memory"));
    let run = "ulimit -v 600000; exec \"$0\" article.neuron --data r.csv.gz --message-format short -q";
    let mut shell = std::process::Command::new("sh");
    let output =
        shell.args(["-c", run, env!("CARGO_BIN_EXE_neuronc")]).current_dir(&folder.0).output().expect("it runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{stderr}");
    assert!(stderr.starts_with("r.csv.gz:2:1: error[E0914]: this row has 6"), "{stderr}");
}

/// A run that waits for more rows.
#[cfg(unix)]
fn waiting(folder: &Folder, arguments: &str) -> Child {
    let mut command = folder.command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
}

#[cfg(unix)]
#[test]
fn rows_that_come_one_by_one_are_answered_one_by_one() {
    let folder = Folder::new();
    let mut child = waiting(&folder, "article.neuron --data - --in-format csv");
    let mut input = child.stdin.take().expect("it is piped");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut next = || lines.next().expect("a line").expect("it is text");
    input.write_all(b"x1,x2\n1,2\n").expect("it reads");
    assert_eq!((next().as_str(), next().as_str()), ("c", "3"));
    for row in 0..5 {
        writeln!(input, "{row},0").expect("it reads");
        assert_eq!(next(), format!("{row}.5"));
    }
    drop(input);
    assert!(child.wait().expect("it ends").success());
    // A fault is told although more rows may come.
    let mut child = waiting(&folder, "article.neuron --data - --in-format csv");
    let mut input = child.stdin.take().expect("it is piped");
    input.write_all(b"x1,x2\n1,\n").expect("it reads");
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    drop(input);
}

#[cfg(unix)]
#[test]
fn who_reads_only_the_first_rows_gets_them() {
    let (text, _) = rows(60_000);
    let folder = Folder::new().with("r.csv", &text);
    let mut child = waiting(&folder, "article.neuron --data r.csv --on-bad-row skip -q");
    let mut first = String::new();
    BufReader::with_capacity(16, child.stdout.take().expect("it is piped")).read_line(&mut first).expect("a line");
    assert_eq!(first, "c\n");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(141), &[][..]), "no reader is no error");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let folder = Folder::new().with("r.csv", "x1,x2\n1,2\n");
    let full = || fs::File::options().write(true).open("/dev/full").expect("it is there");
    let output = folder.command("article.neuron --data r.csv").stdout(full()).output().expect("it runs");
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("could not be written"));
    let (_, stderr) = folder.run(3, "article.neuron --data r.csv --out /dev/full");
    assert!(stderr.contains("E0702") && stderr.contains("`/dev/full` cannot be written"), "{stderr}");
    folder.run(0, "article.neuron --data r.csv --out /dev/null");
    // A file system that takes no more than a part.
    let (text, _) = rows(60_000);
    let folder = folder.with("r.csv", &text).with("o.csv", "old");
    let mut shell = std::process::Command::new("sh");
    let run = "ulimit -f 100; trap '' XFSZ; exec \"$0\" article.neuron --data r.csv --on-bad-row skip --out o.csv";
    let output =
        shell.args(["-c", run, env!("CARGO_BIN_EXE_neuronc")]).current_dir(&folder.0).output().expect("it runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("E0702"), "{stderr}");
    assert_eq!(folder.read("o.csv"), "old");
    assert_eq!(fs::read_dir(&folder.0).expect("it is there").count(), 3, "nothing is left over");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_after_a_whole_row_and_leaves_nothing_over() {
    use rustix::process::{Pid, Signal, kill_process};
    let interrupt = |child: &Child| {
        let pid = Pid::from_raw(child.id().try_into().expect("a process number")).expect("a process");
        kill_process(pid, Signal::INT).expect("it runs");
    };
    let folder = Folder::new().with("o.csv", "old");
    // While it waits for rows that do not come.
    let mut child = waiting(&folder, "article.neuron --data - --in-format csv --out o.csv");
    let mut input = child.stdin.take().expect("it is piped");
    input.write_all(b"x1,x2\n1,2\n").expect("it reads");
    let start = Instant::now();
    while fs::read_dir(&folder.0).expect("it is there").count() < 3 {
        assert!(start.elapsed() < Duration::from_secs(20), "the output is begun");
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(50));
    interrupt(&child);
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert_eq!(folder.read("o.csv"), "old");
    assert_eq!(fs::read_dir(&folder.0).expect("it is there").count(), 2, "nothing is left over");
    drop(input);
    // While rows are written to a file.
    let (text, _) = rows(400_000);
    let folder = folder.with("r.csv", text);
    let mut seen = 0;
    for round in 0..12 {
        fs::write(folder.0.join("o.csv"), "old").expect("it can be written");
        let mut child = waiting(&folder, "article.neuron --data r.csv --on-bad-row skip -q --out o.csv");
        if round % 2 == 0 {
            // When the output has just begun: most of the rows are still to come.
            let start = Instant::now();
            while fs::read_dir(&folder.0).expect("it is there").count() < 4 {
                assert!(start.elapsed() < Duration::from_secs(20), "the output is begun");
                std::thread::sleep(Duration::from_micros(200));
            }
        } else {
            std::thread::sleep(Duration::from_millis(15 * round));
        }
        interrupt(&child);
        let code = child.wait().expect("it ends").code();
        let length = folder.read("o.csv").len();
        // Before there is a handler the system ends it.
        assert!(
            matches!((code, length), (None, 3) | (Some(130), 3) | (Some(130 | 0), 1_600_000..)),
            "{code:?} {length}"
        );
        assert_eq!(fs::read_dir(&folder.0).expect("it is there").count(), 3, "nothing is left over");
        seen += usize::from(code == Some(130));
    }
    assert!(seen > 0, "no run was interrupted");
    // While rows come and go.
    let mut child = waiting(&folder, "article.neuron --data - --in-format csv");
    let mut input = child.stdin.take().expect("it is piped");
    let writer = std::thread::spawn(move || {
        let mut rows = "x1,x2\n".to_owned();
        while input.write_all(rows.as_bytes()).is_ok() {
            rows = "0.25,12\n".repeat(5_000);
        }
    });
    let mut out = child.stdout.take().expect("it is piped");
    let mut first = [0; 100_000];
    out.read_exact(&mut first).expect("many rows");
    interrupt(&child);
    let mut text = first.to_vec();
    out.read_to_end(&mut text).expect("the rest");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    writer.join().expect("it ends with the program");
    let text = String::from_utf8(text).expect("it is text");
    assert!(text.ends_with('\n') && text.lines().skip(1).all(|line| line == "9.75"));
}

#[cfg(unix)]
#[test]
fn a_kill_leaves_the_old_file_or_the_complete_new_one() {
    let (text, _) = rows(100_000);
    let folder = Folder::new().with("r.csv", &text);
    let arguments = "article.neuron --data r.csv --on-bad-row skip -q --out o.csv";
    let start = Instant::now();
    folder.silent(arguments);
    let length = start.elapsed();
    let complete = folder.read("o.csv");
    let mut seen = [0, 0];
    for round in 0..20 {
        fs::write(folder.0.join("o.csv"), "old").expect("it can be written");
        let mut child = waiting(&folder, arguments);
        std::thread::sleep(length * round / 16);
        child.kill().expect("it may be gone already");
        child.wait().expect("it ends");
        let found = folder.read("o.csv");
        assert!(found == "old" || found == complete, "round {round}: {} bytes", found.len());
        seen[usize::from(found == complete)] += 1;
    }
    assert!(seen[0] > 0, "{seen:?}");
}

/// Short rows of which each gives many values take no more memory than others.
#[cfg(target_os = "linux")]
#[test]
fn wide_outputs_of_short_rows_need_little_memory() {
    let network = "input x\nneuron h[5000] { activation = relu }\nx -> h : -1\noutput h\n";
    let folder = Folder::new().with("w.neuron", network).with("w.csv", "x\n".to_owned() + &"1\n".repeat(20_000));
    // All values together are 800 MB.
    let run = "ulimit -v 500000; exec \"$0\" w.neuron --data w.csv --threads 1 --out /dev/null";
    let mut shell = std::process::Command::new("sh");
    let output =
        shell.args(["-c", run, env!("CARGO_BIN_EXE_neuronc")]).current_dir(&folder.0).output().expect("it runs");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

/// A terminal: what the program opens, and all that is written to it until nobody has it open.
#[cfg(unix)]
fn terminal() -> (Box<dyn Fn() -> Stdio>, std::thread::JoinHandle<String>) {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use std::os::unix::ffi::OsStrExt;

    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("there are terminals");
    grantpt(&ours).expect("it is ours");
    unlockpt(&ours).expect("it can be opened");
    let name = std::ffi::OsStr::from_bytes(ptsname(&ours, Vec::new()).expect("it has a name").to_bytes()).to_owned();
    let open = move || Stdio::from(fs::File::options().read(true).write(true).open(&name).expect("it can be opened"));
    let mut screen = fs::File::from(ours);
    let reader = std::thread::spawn(move || {
        let (mut seen, mut bytes) = (Vec::new(), [0; 4096]);
        // At the end of the program there is an error instead of an end.
        while let Ok(count @ 1..) = screen.read(&mut bytes) {
            seen.extend_from_slice(&bytes[..count]);
        }
        String::from_utf8_lossy(&seen).into_owned()
    });
    (Box::new(open), reader)
}

#[cfg(unix)]
#[test]
fn a_terminal_is_told_how_far_a_long_run_is() {
    let folder = Folder::new();
    let (open, reader) = terminal();
    let mut command = folder.command("article.neuron --data - --in-format csv");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(open()).spawn().expect("it starts");
    // Nobody else has the terminal open at the end.
    drop((command, open));
    let mut input = child.stdin.take().expect("it is piped");
    input.write_all(b"x1,x2\n").expect("it reads");
    for _ in 0..32 {
        input.write_all("1,2\n".repeat(100).as_bytes()).expect("it reads");
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(input);
    assert!(child.wait().expect("it ends").success());
    let seen = reader.join().expect("it ends with the program");
    assert!(seen.contains("00 rows, ") && seen.contains(" rows/s\r\u{1b}[K"), "{seen:?}");
    let last = seen.rsplit("\u{1b}[K").next().expect("a last part");
    assert!(last.starts_with("standard input: 3,200 rows, ") && last.ends_with(" rows/s\r\n"), "{seen:?}");
}

#[cfg(unix)]
#[test]
fn what_is_copied_to_a_terminal_is_inert() {
    let folder = Folder::new().with("r.csv", "t,x1,x2\na\u{1b}[2J\u{202e},1,2\n");
    let (open, reader) = terminal();
    let mut command = folder.command("article.neuron --data r.csv --keep t");
    let mut child = command.stdout(open()).stderr(Stdio::null()).spawn().expect("it starts");
    drop((command, open));
    assert!(child.wait().expect("it ends").success());
    assert_eq!(reader.join().expect("it ends with the program"), "t,c\r\na?[2J\u{FFFD},3\r\n");
    assert_eq!(folder.run(0, "article.neuron --data r.csv --keep t").0, "t,c\na\u{1b}[2J\u{202e},3\n");
}

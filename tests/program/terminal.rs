//! The prompt at a terminal: completion, entries of several lines, history, Ctrl-C, pasted text, a file that is watched.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::{Test, example};

/// The program at a terminal of its own.
struct Terminal {
    folder: PathBuf,
    child: Child,
    keys: File,
    output: Receiver<Vec<u8>>,
    /// What was written since the last wait, without colours and moves of the cursor.
    seen: String,
}

/// Much longer than anything takes on a machine that does nothing else.
const PATIENCE: Duration = Duration::from_secs(60);

const UP: &str = "\u{1b}[A";
const CTRL_C: &str = "\u{3}";
const CTRL_D: &str = "\u{4}";

impl Terminal {
    /// `neuronc repl` with these arguments, in a folder with the article's neuron, at a terminal of so many columns.
    fn open(arguments: &str, columns: u16) -> Terminal {
        let folder = Test::new().file("article.neuron", example("article.neuron")).folder;
        Terminal::open_in(folder, arguments, columns)
    }

    fn open_in(folder: PathBuf, arguments: &str, columns: u16) -> Terminal {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("there are terminals");
        grantpt(&ours).expect("it is ours");
        unlockpt(&ours).expect("it can be opened");
        tcsetwinsize(&ours, Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 })
            .expect("it has a size");
        let name = ptsname(&ours, Vec::new()).expect("it has a name");
        let theirs = std::ffi::OsStr::from_bytes(name.to_bytes());
        let open = || Stdio::from(File::options().read(true).write(true).open(theirs).expect("it can be opened"));
        let child = Command::new(env!("CARGO_BIN_EXE_neuronc"))
            .arg("repl")
            .args(arguments.split_whitespace())
            .current_dir(&folder)
            .env("XDG_STATE_HOME", folder.join("state"))
            .env("TERM", "xterm-256color")
            .env_remove("NO_COLOR")
            .env_remove("COLUMNS")
            .stdin(open())
            .stdout(open())
            .stderr(open())
            .spawn()
            .expect("the program starts");
        let keys = File::from(ours);
        let mut screen = keys.try_clone().expect("a terminal can be read and written");
        let (send, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // At the end of the program there is an error instead of an end.
            while let Ok(count @ 1..) = screen.read(&mut bytes) {
                if send.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Terminal { folder, child, keys, output, seen: String::new() }
    }

    fn send(&mut self, keys: &str) -> &mut Terminal {
        self.keys.write_all(keys.as_bytes()).expect("the terminal takes keys");
        self
    }

    /// Waits until something is written; what was written before it is gone then.
    #[track_caller]
    fn see(&mut self, part: &str) -> &mut Terminal {
        let start = Instant::now();
        loop {
            if let Some(at) = self.seen.find(part) {
                self.seen.drain(..at + part.len());
                return self;
            }
            match self.output.recv_timeout(Duration::from_millis(100)) {
                Ok(bytes) => self.seen.push_str(&plain(&String::from_utf8_lossy(&bytes))),
                Err(_) => assert!(start.elapsed() < PATIENCE, "no {part:?} in {:?}", self.seen),
            }
        }
    }

    /// Waits for the prompt, which shows that what was asked before is done.
    #[track_caller]
    fn ready(&mut self) -> &mut Terminal {
        self.see("> ")
    }

    /// Waits for the end; the folder stays until [`Terminal::close`].
    #[track_caller]
    fn end(&mut self) -> Option<i32> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return status.code();
            }
            assert!(start.elapsed() < PATIENCE, "it does not end: {:?}", self.seen);
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn close(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        fs::remove_dir_all(&self.folder).expect("the folder can be removed");
    }
}

/// Text without what moves the cursor or sets colours.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\u{1b}' => {
                if characters.next() == Some('[') {
                    characters.by_ref().find(|it| it.is_ascii_alphabetic());
                }
            }
            '\r' => {}
            _ => plain.push(character),
        }
    }
    plain
}

#[test]
fn a_first_visit_finds_its_way() {
    let mut terminal = Terminal::open("article.neuron", 80);
    terminal.see("neuronc ").see("`:help` tells more, `:quit` leaves.").see("Try `c` to see its value");
    terminal.ready().send("c\r").see("$1 = 2.2").ready().send("x1 = 2\r").see("x1: 0.8 → 2").see("c: 2.2 → 3.4");
    terminal.ready().send("w1 = 0.5\r").see("c: 3.4 → 2.4").ready().send(":help\r").see(":undo, :redo, :reset");
    terminal.ready().send(":undo\r").see("undone: w1 = 0.5").ready().send(":quit\r");
    assert_eq!(terminal.end(), Some(0));
    terminal.close();
}

#[test]
fn tab_completes_by_kind() {
    let mut terminal = Terminal::open("article.neuron", 80);
    terminal.ready().send(":swe\t").see(":sweep").send(CTRL_C).ready();
    terminal.send("neuron z { activation = sigm\t }\r").see("z = ").ready();
    // Names stand with their values.
    terminal.send("w\t").send("\t").see("w1  weight = 1").see("w2  weight = 0.75").see("> w").send(CTRL_C).ready();
    terminal.send(":load art\t").see("article.neuron").send("\r").see("article.neuron: 2 inputs, 1 neuron").ready();
    terminal.send(":watch o\t").send("\t").see("off").send(CTRL_C);
    terminal.close();
}

#[test]
fn an_entry_goes_on_while_a_bracket_is_open() {
    let mut terminal = Terminal::open("", 80);
    terminal.see("an empty network").ready().send("neuron d {\r").send("bias = 2 }\r").see("d = 2").ready();
    terminal.send("weight w = [1,\r").send("2]\r").see("w = [1, 2]").ready();
    // What was typed comes back whole.
    terminal.send(UP).see("2]").send("\r").see("nothing changes");
    terminal.close();
}

#[test]
fn pasted_text_waits_for_enter() {
    let mut terminal = Terminal::open("", 80);
    terminal.ready().send("\u{1b}[200~input a = 1\rinput b = 2\u{1b}[201~").see("input b = 2");
    std::thread::sleep(Duration::from_millis(300));
    terminal.send(" # both\r").see("a = 1\nb = 2\n").ready().send(":undo\r").see("b is gone").ready();
    terminal.send(":undo\r").see("nothing to undo");
    terminal.close();
}

#[test]
fn what_is_typed_ahead_is_the_next_entry() {
    let mut terminal = Terminal::open("article.neuron", 80);
    // Lines that come at once, as pasted text does at a terminal that does not mark it.
    terminal.ready().send("x1 = 2\rw1 = 0.5\rc\r").see("c: 2.2 → 3.4").see("c: 3.4 → 2.4").see("$1 = 2.4").ready();
    // While something is computed, and a part of a line then.
    terminal.send("neuron h[50000]\r").see("h = [0").ready();
    terminal.send(":sweep w1 from 0 to 1 by 0.02 c\r").see("by 0.02 c");
    std::thread::sleep(Duration::from_millis(200));
    terminal.send("x2 = 2\rc").see("c: 2.4 → 3");
    std::thread::sleep(Duration::from_millis(200));
    terminal.send(" + 1\r").see("$2 = 4");
    terminal.close();
}

#[test]
fn ctrl_c_gives_up_an_entry_or_a_computation_and_nothing_else() {
    let mut terminal = Terminal::open("article.neuron", 80);
    terminal.ready().send("x1 = 2\r").see("c: 2.2 → 3.4").ready().send("w1 = (").see("w1 = (").send(CTRL_C).ready();
    // Each of many points makes a network anew.
    terminal.send("neuron h[50000]\r").see("h = [0").ready();
    terminal.send(":sweep w1 from 0 to 1 by 0.00011 c\r").see("by 0.00011 c");
    std::thread::sleep(Duration::from_millis(500));
    let id = rustix::process::Pid::from_child(&terminal.child);
    rustix::process::kill_process(id, rustix::process::Signal::INT).expect("it runs");
    terminal.see("stopped; nothing is changed").ready().send("c\r").see("$1 = 3.4");
    terminal.close();
}

#[test]
fn the_history_is_for_its_owner_alone() {
    let mut terminal = Terminal::open("article.neuron", 80);
    terminal.ready().send("c\r").see("$1").ready().send(" x1\r").see("$2").ready().send("x2\r").see("$3").ready();
    terminal.send(CTRL_D);
    assert_eq!(terminal.end(), Some(0));
    let file = terminal.folder.join("state/neuronc/history");
    let text = fs::read_to_string(&file).expect("there is a history");
    assert!(text.contains("c\n") && text.contains("x2\n") && !text.contains("x1"), "{text}");
    assert_eq!(fs::metadata(&file).expect("it is there").permissions().mode() & 0o777, 0o600);
    // The next visit knows it; one without a history leaves it alone.
    let mut second = Terminal::open_in(terminal.folder.clone(), "article.neuron", 80);
    second.ready().send(UP).see("x2").send(UP).see("c").send("\r").see("$1 = 2.2").ready().send(CTRL_D);
    second.end();
    let before = fs::read_to_string(&file).expect("there is a history");
    let mut third = Terminal::open_in(terminal.folder.clone(), "article.neuron --no-history", 80);
    third.ready().send("b\r").see("$1 = 0.5").ready().send(CTRL_D);
    third.end();
    assert_eq!(fs::read_to_string(&file).expect("there is a history"), before);
    terminal.close();
}

#[test]
fn what_is_not_saved_is_not_left_by_accident() {
    let mut terminal = Terminal::open("article.neuron", 80);
    terminal.ready().send("w1 = 2\r").see("w1: 1 → 2").ready().send(CTRL_D).see("the network is not saved").ready();
    terminal.send(":save\r").see("wrote article.neuron").ready().send(CTRL_D);
    assert_eq!(terminal.end(), Some(0));
    let text = fs::read_to_string(terminal.folder.join("article.neuron")).expect("it is there");
    assert!(text.contains("weight w1 = 2\n"), "{text}");
    let mut second = Terminal::open_in(terminal.folder.clone(), "article.neuron", 80);
    second.ready().send("w1 = 3\r").see("w1: 2 → 3").ready().send(":quit\r").see("not saved").ready().send(":quit\r");
    assert_eq!(second.end(), Some(0));
    terminal.close();
}

#[test]
fn a_watched_file_is_loaded_while_somebody_types() {
    let mut terminal = Terminal::open("article.neuron", 80);
    terminal.ready().send("x1 = 2\r").see("c: 2.2 → 3.4").ready().send(":watch on\r").see("is saved").ready();
    terminal.send("x1 = ").see("x1 = ");
    let path = terminal.folder.join("article.neuron");
    fs::write(&path, example("article.neuron").replace("w2 = 0.75", "w2 = 1.75")).expect("it can be written");
    terminal.see("w2: 0.75 → 1.75").see("c: 3.4 → 4.6").see("x1 = ").send("1\r").see("c: 4.6 → 3.6").ready();
    fs::write(&path, "neuron {\n").expect("it can be written");
    terminal.see("E0102").see("the network is as it was").send("c\r").see("$1 = 3.6");
    terminal.close();
}

#[test]
fn a_narrow_terminal_is_filled_and_not_passed() {
    let mut terminal = Terminal::open("article.neuron", 40);
    terminal
        .see("`:save FILE`")
        .see("keeps.")
        .ready()
        .send(":help\r")
        .see("More: ")
        .ready()
        .send(":list\r")
        .see("output");
    terminal.close();
}

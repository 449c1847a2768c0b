//! The history of a prompt: an entry that cannot be added costs no other.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::{Folder, PROGRAM, can_inject};

/// Much longer than anything takes on a machine that does nothing else.
const PATIENCE: Duration = Duration::from_secs(60);

#[track_caller]
fn wait(is_done: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_done() {
        assert!(start.elapsed() < PATIENCE, "it does not come");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn an_entry_that_cannot_be_kept_costs_no_other() {
    if !can_inject() {
        return;
    }
    let folder = Folder::new();
    let home = folder.0.join("neuronc");
    fs::create_dir(&home).expect("it can be made");
    let file = home.join("history");
    fs::write(&file, "#V2\nx = 1\n").expect("it can be written");
    let log = folder.0.join("log");
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("there are terminals");
    grantpt(&ours).expect("it is ours");
    unlockpt(&ours).expect("it can be opened");
    let name = ptsname(&ours, Vec::new()).expect("it has a name");
    let theirs = std::ffi::OsStr::from_bytes(name.to_bytes());
    let open = || Stdio::from(File::options().read(true).write(true).open(theirs).expect("it can be opened"));
    let mut child = Command::new("strace")
        .args(["-f", "-qq", "-e", "trace=write", "-e", "inject=write:error=ENOSPC:when=1", "-P"])
        .args([&file, std::path::Path::new("-o"), &log])
        .args(["--", PROGRAM, "repl"])
        .current_dir(&folder.0)
        .env("XDG_STATE_HOME", &folder.0)
        .env("TERM", "xterm-256color")
        .stdin(open())
        .stdout(open())
        .stderr(open())
        .spawn()
        .expect("it starts");
    let mut keys = File::from(ours);
    let mut screen = keys.try_clone().expect("it can be read and written");
    let (send, seen) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        // At the end of the program there is an error instead of an end.
        while let Ok(count @ 1..) = screen.read(&mut bytes) {
            let _ = send.send(bytes[..count].to_vec());
        }
    });
    seen.recv_timeout(PATIENCE).expect("it shows itself");
    // Another prompt adds an entry.
    File::options().append(true).open(&file).expect("it is there").write_all(b"y = 2\n").expect("there is room");
    let told = || fs::read_to_string(&log).unwrap_or_default();
    keys.write_all(b"const k = 3\r").expect("it takes keys");
    wait(|| told().contains("INJECTED"));
    assert_eq!(fs::read_to_string(&file).expect("it is there"), "#V2\nx = 1\ny = 2\n");
    keys.write_all(b"const m = 4\r").expect("it takes keys");
    wait(|| told().lines().count() > 1);
    // The first time it says that nothing is saved.
    keys.write_all(b":quit\r:quit\r").expect("it takes keys");
    wait(|| fs::read_to_string(&file).is_ok_and(|text| text.contains(":quit")));
    assert!(child.wait().expect("it ends").success());
    assert_eq!(fs::read_to_string(&file).expect("it is there"), "#V2\nx = 1\ny = 2\nconst k = 3\nconst m = 4\n:quit\n");
}

//! What a full, a broken or a vanishing disk does to files: each is the old one or the new one, whole, and no loss is silent.
//!
//! strace lets the system refuse what the program asks of it. Where it is missing, or may not trace, these tests say so and
//! pass, unless `NEURONC_FAULTS=required`. `FAULTS=all` tries every call and every error, `KILLS=1000` so many kills.
#![cfg(target_os = "linux")]

mod history;
mod injected;
mod killed;
mod quiet;
mod room;
mod saving;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

const PROGRAM: &str = env!("CARGO_BIN_EXE_neuronc");

/// An example of the project.
fn example(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    std::fs::read(path).expect("the example is there")
}

/// Whether all is tried, rather than what is likely to break.
fn is_thorough() -> bool {
    std::env::var_os("FAULTS").is_some_and(|wanted| wanted == "all")
}

/// Whether strace can refuse calls of a program here; without it a test says so.
fn can_inject() -> bool {
    static CAN: LazyLock<bool> = LazyLock::new(|| {
        let trial = ["-f", "-qq", "-o", "/dev/null", "-e", "trace=write", "-e", "inject=write:error=EIO:when=1"];
        let tried = Command::new("strace").args(trial).args(["--", "sh", "-c", "echo 1 || exit 7"]).output();
        tried.is_ok_and(|tried| tried.status.code() == Some(7))
    });
    let is_required = std::env::var_os("NEURONC_FAULTS").is_some_and(|wanted| wanted == "required");
    assert!(*CAN || !is_required, "strace is missing, or may not trace");
    if !*CAN {
        eprintln!("strace is missing, or may not trace: nothing was refused");
    }
    *CAN
}

/// A folder that is removed at the end.
struct Folder(PathBuf);

/// What is in a folder: the names with the bytes of files, or where links lead.
type Content = BTreeMap<String, Vec<u8>>;

impl Folder {
    fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("neuronc-faults-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("the folder can be made");
        Folder(path)
    }

    /// Makes this and nothing else its content.
    fn fill(&self, content: &Content) {
        for entry in std::fs::read_dir(&self.0).expect("it is there") {
            std::fs::remove_file(entry.expect("it can be listed").path()).expect("it can be removed");
        }
        for (name, bytes) in content {
            let path = self.0.join(name);
            match bytes.strip_prefix(LINK) {
                Some(to) => std::os::unix::fs::symlink(String::from_utf8_lossy(to).as_ref(), path),
                None => std::fs::write(path, bytes),
            }
            .expect("it can be written");
        }
    }

    fn content(&self) -> Content {
        let entries = std::fs::read_dir(&self.0).expect("it is there");
        let found = entries.map(|entry| {
            let path = entry.expect("it can be listed").path();
            let bytes = match std::fs::read_link(&path) {
                Ok(to) => [LINK, to.to_string_lossy().as_bytes()].concat(),
                Err(_) => std::fs::read(&path).expect("it can be read"),
            };
            (path.file_name().expect("it has a name").to_string_lossy().into_owned(), bytes)
        });
        found.collect()
    }
}

/// Before the name that a link leads to.
const LINK: &[u8] = b"\0link to ";

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Starts in a folder, with nothing of the surroundings that changes what is said.
fn start(mut command: Command, folder: &Folder, input: &str) -> Child {
    use std::io::Write;
    // With a path of libraries the loader looks for them in many places.
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM", "LD_LIBRARY_PATH"] {
        command.env_remove(name);
    }
    command.current_dir(&folder.0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    // A program that does not read its input may be gone already.
    let _ = child.stdin.take().expect("it is piped").write_all(input.as_bytes());
    child
}

fn run(command: Command, folder: &Folder, input: &str) -> Output {
    start(command, folder, input).wait_with_output().expect("it ends")
}

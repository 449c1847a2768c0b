//! The program as a person or a script meets it: arguments, streams, exit codes.

mod bench;
mod data;
mod draw;
mod explain;
mod fmt;
mod hostile;
mod import;
mod large;
mod load;
mod messages;
mod new;
mod oracle;
#[cfg(feature = "parquet")]
mod parquet;
mod repl;
mod rows;
mod run;
mod survey;
#[cfg(unix)]
mod terminal;
mod test;
mod usage;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// One run of the program in a folder of its own.
struct Test {
    folder: PathBuf,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    input: Vec<u8>,
}

/// What a run gave.
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Test {
    fn new() -> Test {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("neuronc-test-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        Test { folder, arguments: Vec::new(), variables: Vec::new(), input: Vec::new() }
    }

    fn file(self, name: &str, content: impl AsRef<[u8]>) -> Test {
        let path = self.folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
        std::fs::write(path, content).expect("the file can be written");
        self
    }

    /// The arguments, separated by blanks.
    fn args(mut self, arguments: &str) -> Test {
        self.arguments.extend(arguments.split_whitespace().map(str::to_owned));
        self
    }

    fn arg(mut self, argument: &str) -> Test {
        self.arguments.push(argument.to_owned());
        self
    }

    fn variable(mut self, name: &str, value: &str) -> Test {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    fn input(mut self, input: &str) -> Test {
        self.input = input.into();
        self
    }

    fn run(self) -> Ran {
        let program = env!("CARGO_BIN_EXE_neuronc");
        self.run_through(Command::new(program))
    }

    /// Runs, and looks at the folder before it is removed.
    fn run_and(self, look: impl FnOnce()) -> Ran {
        let program = env!("CARGO_BIN_EXE_neuronc");
        self.run_through_and(Command::new(program), look)
    }

    /// Runs with at most so many KiB of address space and half a MiB for the main thread's stack, where the system can hold
    /// it to that.
    fn run_within(self, kibibytes: u64) -> Ran {
        if !cfg!(target_os = "linux") {
            return self.run();
        }
        let mut shell = Command::new("sh");
        shell.args([
            "-c",
            &format!("ulimit -s 512; ulimit -v {kibibytes}; exec \"$0\" \"$@\""),
            env!("CARGO_BIN_EXE_neuronc"),
        ]);
        self.run_through(shell)
    }

    fn run_through(self, command: Command) -> Ran {
        self.run_through_and(command, || {})
    }

    fn run_through_and(self, mut command: Command, look: impl FnOnce()) -> Ran {
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM"] {
            command.env_remove(name);
        }
        let mut child = command
            .args(&self.arguments)
            .envs(self.variables.iter().cloned())
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("stdin is piped");
        // A program that does not read its input may be gone already.
        let _ = stdin.write_all(&self.input);
        drop(stdin);
        let output = child.wait_with_output().expect("the program ends");
        look();
        std::fs::remove_dir_all(&self.folder).expect("the folder can be removed");
        Ran {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }
}

impl Ran {
    #[track_caller]
    fn code(self, code: i32) -> Ran {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    fn stdout(self, expected: &str) -> Ran {
        assert_eq!(self.stdout, expected, "stderr:\n{}", self.stderr);
        self
    }

    #[track_caller]
    fn stderr(self, expected: &str) -> Ran {
        assert_eq!(self.stderr, expected, "stdout:\n{}", self.stdout);
        self
    }

    #[track_caller]
    fn stderr_has(self, part: &str) -> Ran {
        assert!(self.stderr.contains(part), "no {part:?} in stderr:\n{}", self.stderr);
        self
    }

    #[track_caller]
    fn stdout_has(self, part: &str) -> Ran {
        assert!(self.stdout.contains(part), "no {part:?} in stdout:\n{}", self.stdout);
        self
    }
}

/// An example of the project.
fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    std::fs::read_to_string(path).expect("the example is there")
}

/// A run on the article's neuron.
fn article(arguments: &str) -> Ran {
    Test::new().file("article.neuron", example("article.neuron")).args(arguments).run()
}

//! Standard output for results, standard error for everything else; whether they are coloured and how wide they are.

use std::io::{self, BufWriter, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};

use crate::arguments::When;

/// The two streams of the program.
pub struct Streams {
    pub out: BufWriter<AutoStream<Box<dyn Write>>>,
    pub err: AutoStream<io::Stderr>,
    pub err_is_terminal: bool,
    /// Columns of the terminal, or 80.
    pub width: usize,
}

impl Streams {
    pub fn new(when: When) -> Streams {
        let (out, err) = (io::stdout(), io::stderr());
        let (out_is_terminal, err_is_terminal) = (out.is_terminal(), err.is_terminal());
        Streams {
            out: BufWriter::new(AutoStream::new(Box::new(Patient(out)), choice(when, out_is_terminal))),
            err: AutoStream::new(err, choice(when, err_is_terminal)),
            err_is_terminal,
            width: width().unwrap_or(80),
        }
    }

    /// Whether results are coloured.
    pub fn out_is_coloured(&self) -> bool {
        self.out.get_ref().current_choice() != ColorChoice::Never
    }

    /// Whether messages are coloured.
    pub fn err_is_coloured(&self) -> bool {
        self.err.current_choice() != ColorChoice::Never
    }

    /// Writes out what is buffered and tells whether it arrived.
    pub fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Whether standard output takes nothing: what is written to one that is open for reading only is lost in silence.
#[cfg(unix)]
pub fn output_takes_nothing() -> bool {
    use rustix::fs::{OFlags, fcntl_getfl};
    fcntl_getfl(io::stdout()).is_ok_and(|flags| flags & OFlags::RWMODE == OFlags::RDONLY)
}

#[cfg(not(unix))]
pub fn output_takes_nothing() -> bool {
    false
}

/// Standard output for a stream that writes in pieces, and after an interruption of one would write all of them again.
struct Patient(io::Stdout);

impl Write for Patient {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match self.0.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                written => return written,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The flag, then NO_COLOR, then CLICOLOR_FORCE, then whether it is a terminal.
fn choice(when: When, is_terminal: bool) -> ColorChoice {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let forced = set("CLICOLOR_FORCE") && std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| value != "0");
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    match when {
        When::Always => ColorChoice::Always,
        When::Never => ColorChoice::Never,
        When::Auto if set("NO_COLOR") => ColorChoice::Never,
        When::Auto if forced || is_terminal && !dumb => ColorChoice::Always,
        When::Auto => ColorChoice::Never,
    }
}

fn width() -> Option<usize> {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.or_else(|| terminal_size::terminal_size().map(|(width, _)| width.0 as usize)).filter(|width| *width > 0)
}

//! One line on a terminal that tells how far a long run is.

use neuronc::grouped;
use std::io::{self, IsTerminal, Write};

use std::time::{Duration, Instant};

/// How often the line changes.
const PAUSE: Duration = Duration::from_millis(250);
/// When it is shown first.
const START: Duration = Duration::from_secs(1);

pub struct Progress {
    is_wanted: bool,
    start: Instant,
    last: Option<Instant>,
}

impl Progress {
    /// A line where nothing else is written to the terminal.
    pub fn new(is_wanted: bool) -> Progress {
        let is_wanted = is_wanted && io::stderr().is_terminal() && !io::stdout().is_terminal();
        Progress { is_wanted, start: Instant::now(), last: None }
    }

    pub fn tell(&mut self, rows: usize) {
        let now = Instant::now();
        let is_early = now - self.start < START || self.last.is_some_and(|last| now - last < PAUSE);
        if !self.is_wanted || is_early {
            return;
        }
        self.last = Some(now);
        // A terminal that is gone is told nothing.
        let _ = write!(io::stderr(), "\r\x1b[K{} rows, {} rows/s", grouped(rows as u64), self.rate(rows));
    }

    /// Removes the line.
    pub fn clear(&mut self) {
        if self.last.take().is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }

    /// Rows a second so far.
    pub fn rate(&self, rows: usize) -> String {
        let seconds = self.start.elapsed().as_secs_f64().max(1e-6);
        grouped((rows as f64 / seconds) as u64)
    }
}

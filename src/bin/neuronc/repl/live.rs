//! The prompt at a terminal: the editor, what can be stopped, and a file that is watched.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use neuronc::session::{Ground, Session};

use super::editor::{self, Typed, Words};
use super::{Flow, Repl, help, history};
use crate::watch::LOOK;

/// How often it is looked for Ctrl-C while something is computed.
const LISTEN: Duration = Duration::from_millis(10);

/// Whether somebody sits at a terminal.
pub fn is_live() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Set by Ctrl-C while something is computed.
pub type Stop = Arc<AtomicBool>;

/// Listens for Ctrl-C; none where that cannot be done, so that it ends the program as usual.
pub fn listen() -> Option<Stop> {
    let stop: Stop = Arc::new(AtomicBool::new(false));
    let pressed = Arc::clone(&stop);
    ctrlc::set_handler(move || pressed.store(true, Ordering::Relaxed)).ok()?;
    Some(stop)
}

impl Repl<'_> {
    /// Entries from a terminal.
    pub(super) fn live(&mut self, keeps_history: bool) -> io::Result<()> {
        self.stop = listen();
        write!(self.streams.out, "{}", help::banner(&self.session, self.streams.width))?;
        self.streams.out.flush()?;
        let words = Arc::new(Mutex::new(Words::of(&self.session)));
        let history = Some(()).filter(|()| keeps_history).and_then(|()| history::file());
        let editing = editor::start(Arc::clone(&words), history, self.streams.out_is_coloured())?;
        let mut leaves = false;
        loop {
            *words.lock().unwrap_or_else(PoisonError::into_inner) = Words::of(&self.session);
            if editing.next.send(()).is_err() {
                return Ok(());
            }
            let typed = loop {
                match editing.typed.recv_timeout(LOOK) {
                    Ok(typed) => break typed,
                    Err(RecvTimeoutError::Disconnected) => break Typed::End,
                    Err(RecvTimeoutError::Timeout) => {
                        if let Some(told) = self.look_at_file() {
                            *words.lock().unwrap_or_else(PoisonError::into_inner) = Words::of(&self.session);
                            editing.print(self.painted(&told));
                        }
                    }
                }
            };
            let flow = match typed {
                Typed::Entry(text) => self.entry(&text)?,
                Typed::GivenUp => Flow::GoOn,
                Typed::End => {
                    writeln!(self.streams.out)?;
                    Flow::Leave
                }
            };
            let is_lost = flow == Flow::Leave && !leaves && self.session.is_changed();
            if is_lost {
                writeln!(
                    self.streams.out,
                    "the network is not saved: `:save FILE` keeps it, leave once more to drop it"
                )?;
            }
            self.streams.out.flush()?;
            if flow == Flow::Leave && !is_lost {
                return Ok(());
            }
            leaves = is_lost;
        }
    }

    /// What was told, as one text for the terminal.
    fn painted(&self, told: &super::Told) -> String {
        let text = format!("{}{}", told.out, told.err);
        if self.streams.out_is_coloured() { text } else { anstream::adapter::strip_str(&text).to_string() }
    }

    /// Does something with the session that may take long. At a terminal Ctrl-C ends the wait, and the session is as it
    /// was; none then.
    pub(super) fn working<T: Send + 'static>(
        &mut self,
        job: impl FnOnce(&mut Session, &Ground<'_>, &dyn Fn() -> bool) -> T + Send + 'static,
    ) -> io::Result<Option<T>> {
        let Some(stop) = &self.stop else {
            let ground = Ground { files: &*self.disk, limits: &self.limits };
            return Ok(Some(job(&mut self.session, &ground, &|| false)));
        };
        stop.store(false, Ordering::Relaxed);
        let (mut session, disk, limits) = (self.session.clone(), Arc::clone(&self.disk), self.limits.clone());
        let (send, done) = channel();
        let given_up: Stop = Arc::new(AtomicBool::new(false));
        let is_given_up = Arc::clone(&given_up);
        std::thread::Builder::new().stack_size(crate::STACK).spawn(move || {
            let ground = Ground { files: &*disk, limits: &limits };
            let came = job(&mut session, &ground, &|| is_given_up.load(Ordering::Relaxed));
            // Nobody waits any more if it was given up.
            let _ = send.send((session, came));
        })?;
        loop {
            match done.recv_timeout(LISTEN) {
                Ok((session, came)) => {
                    self.session = session;
                    return Ok(Some(came));
                }
                Err(RecvTimeoutError::Timeout) if stop.load(Ordering::Relaxed) => {
                    given_up.store(true, Ordering::Relaxed);
                    writeln!(self.streams.out, "stopped; nothing is changed")?;
                    return Ok(None);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    // The bug was told where it happened.
                    writeln!(self.streams.out, "nothing is changed")?;
                    return Ok(None);
                }
            }
        }
    }
}

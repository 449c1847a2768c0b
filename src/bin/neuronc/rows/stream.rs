//! All blocks of a file: each thread takes the next one, works on it, and writes it if its turn has come, with those that
//! wait behind it; else it leaves what came of it to whoever writes the one before. So the output has the order of the
//! file, no thread waits for a slower one, and few blocks are in memory.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use neuronc::network::Unit;
use neuronc::table::{Cells, Fault};
use neuronc::{Diagnostic, Precision, Sources, Tally};

use super::blocks::{Blocks, Next, Place};
use super::encode::Encoder;
use super::progress::Progress;
use super::table::Table;
use super::work::{Done, Room, Work};
use crate::form::Unread;
use crate::target::{Target, TargetError};

/// What is written, and what is known by then.
pub struct Tail {
    pub out: Option<Target>,
    /// What makes bytes of rows that are written as columns.
    encoder: Option<Encoder>,
    pub rejects: Option<Target>,
    pub traces: Option<Target>,
    /// The number of the block whose turn it is.
    turn: usize,
    /// What came of later blocks, by their numbers.
    waiting: BTreeMap<usize, (Done, Option<End>)>,
    /// Whether no more is written.
    is_over: bool,
    /// How many threads there are.
    running: usize,
    /// Whether one of them has panicked.
    is_broken: bool,
    pub rows: usize,
    pub bad: usize,
    /// Where and what the first fault is.
    pub first: Option<String>,
    /// The first row, counted from 0, that made something not finite.
    pub culprit: Option<(usize, Unit)>,
    /// The first row, counted from 0, that copies a text that begins like a formula; and the text.
    pub formula: Option<(usize, String)>,
    /// What was counted, if rows are looked at.
    pub tally: Option<Tally>,
    pub end: Option<End>,
    progress: Progress,
}

/// What ended all before the end of the file.
pub enum End {
    Fault(Box<(Diagnostic, Sources)>),
    Read(io::Error),
    Unread(Unread),
    Write(TargetError),
}

/// The tail, shared with who interrupts.
pub struct Shared {
    pub tail: Mutex<Tail>,
    /// Whether nothing more is to be written than what is just being.
    pub is_interrupted: AtomicBool,
    moved: Condvar,
}

impl Shared {
    pub fn new(
        [out, rejects, traces]: [Option<Target>; 3],
        encoder: Option<Encoder>,
        progress: Progress,
    ) -> Arc<Shared> {
        let tail = Tail {
            out,
            encoder,
            rejects,
            traces,
            turn: 0,
            waiting: BTreeMap::new(),
            is_over: false,
            running: 0,
            is_broken: false,
            rows: 0,
            bad: 0,
            first: None,
            culprit: None,
            formula: None,
            tally: None,
            end: None,
            progress,
        };
        Arc::new(Shared { tail: Mutex::new(tail), is_interrupted: AtomicBool::new(false), moved: Condvar::new() })
    }

    pub fn lock(&self) -> MutexGuard<'_, Tail> {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands in what came of a block; gives whether there is more to do. Waits only if many later blocks do.
    fn hand_in(&self, number: usize, done: &mut Done, ended: Option<End>) -> bool {
        let waits = |tail: &mut Tail| tail.turn != number && tail.waiting.len() >= tail.running && !tail.is_over;
        let mut tail = self.moved.wait_while(self.lock(), waits).unwrap_or_else(PoisonError::into_inner);
        if tail.is_over || self.is_interrupted.load(Ordering::Relaxed) {
            return false;
        }
        if tail.turn != number {
            tail.waiting.insert(number, (std::mem::take(done), ended));
            return true;
        }
        tail.take(done, ended);
        let mut turn = number + 1;
        while let Some((mut done, ended)) = tail.waiting.remove(&turn).filter(|_| tail.end.is_none()) {
            tail.take(&mut done, ended);
            turn += 1;
        }
        tail.turn = turn;
        tail.is_over = tail.end.is_some();
        drop(tail);
        self.moved.notify_all();
        true
    }
}

/// Lets nobody wait for a thread that is gone.
struct Watch(Arc<Shared>);

impl Drop for Watch {
    fn drop(&mut self) {
        let mut tail = self.0.lock();
        tail.running -= 1;
        if std::thread::panicking() {
            tail.is_over = true;
            tail.is_broken = true;
        }
        drop(tail);
        self.0.moved.notify_all();
    }
}

/// The name of the file, and what is left of it.
pub struct Source {
    pub name: String,
    pub feed: Mutex<Feed>,
}

/// Where rows come from.
pub enum Feed {
    Text(Blocks),
    Table(Box<Table>),
}

/// Takes all blocks, on so many threads, or as many of them as the system gives. Waits for them, but not for rows that may come after all is
/// over: a thread that waits for such ends with the program.
///
/// # Panics
/// If a thread does.
pub fn run<R: Precision>(work: Work<R>, source: Source, threads: usize, shared: &Arc<Shared>) -> io::Result<()> {
    let (work, source) = (Arc::new(work), Arc::new(source));
    for number in 0..threads {
        let (work, source) = (Arc::clone(&work), Arc::clone(&source));
        shared.lock().running += 1;
        let watch = Watch(Arc::clone(shared));
        match std::thread::Builder::new().spawn(move || thread(&work, &source, &watch.0)) {
            Ok(_) => {}
            Err(error) if number == 0 => {
                shared.lock().drop_targets();
                return Err(io::Error::new(error.kind(), format!("no thread could be started: {error}")));
            }
            // Fewer do the same.
            Err(_) => break,
        }
    }
    let waits = |tail: &mut Tail| tail.running > 0 && !tail.is_over;
    let mut tail = shared.moved.wait_while(shared.lock(), waits).unwrap_or_else(PoisonError::into_inner);
    if tail.is_broken {
        tail.drop_targets();
    }
    assert!(!tail.is_broken, "a thread panicked");
    drop(tail);
    // Who interrupts ends the program: what is not complete must not be finished here.
    while shared.is_interrupted.load(Ordering::Relaxed) {
        std::thread::park();
    }
    Ok(())
}

fn thread<R: Precision>(work: &Work<R>, source: &Source, shared: &Shared) {
    let (mut block, mut room, mut done) = (Vec::new(), Room::new(), Done::default());
    let mut cells = Cells::new(work.reading.columns());
    loop {
        let (read, cells) = match &mut *source.feed.lock().unwrap_or_else(PoisonError::into_inner) {
            Feed::Text(blocks) => (blocks.next(&mut block), None),
            Feed::Table(table) => {
                let read = match table.next(&mut cells) {
                    Ok(place) => place.map_or(Next::End, Next::Block),
                    Err((error, place)) => Next::Unread(error, place),
                };
                (read, Some(&cells))
            }
        };
        let (number, ended) = match read {
            Next::End => return,
            Next::Block(place) => {
                work.block(&mut block, cells, place, &mut room, &mut done);
                let told = |fault: &Fault| told(fault, &block, place, &source.name, work);
                (place.number, done.fault.as_ref().map(told))
            }
            Next::Endless(place) => {
                done = Done::default();
                let fault = Fault::endless(&block, work.row_limit);
                (place.number, Some(told(&fault, &block, place, &source.name, work)))
            }
            Next::Failed(error, place) => {
                done = Done::default();
                (place.number, Some(End::Read(error)))
            }
            Next::Unread(error, place) => {
                done = Done::default();
                (place.number, Some(End::Unread(error)))
            }
        };
        if !shared.hand_in(number, &mut done, ended) {
            return;
        }
    }
}

fn told<R: Precision>(fault: &Fault, block: &[u8], place: Place, name: &str, work: &Work<R>) -> End {
    let mut sources = Sources::new();
    let report = fault.report(block, name, place.lines, Some(work.reading.columns()), &mut sources);
    End::Fault(Box::new((report, sources)))
}

impl Tail {
    /// Writes what came of a block.
    fn take(&mut self, done: &mut Done, ended: Option<End>) {
        let encoded = self.encoder.as_mut().zip(done.batch.take()).map(|(encoder, batch)| encoder.rows(&batch));
        let mut written = match encoded.transpose() {
            Ok(encoded) => {
                let text = encoded.as_deref().unwrap_or(&done.text);
                self.out.as_mut().map_or(Ok(()), |out| out.write(text))
            }
            Err(error) => Err(TargetError::Standard(error)),
        };
        if let Some(rejects) = self.rejects.as_mut().filter(|_| !done.rejects.is_empty()) {
            written = written.and_then(|()| rejects.write(&done.rejects));
        }
        if let Some(traces) = &mut self.traces {
            written = written.and_then(|()| traces.write(done.traces.as_bytes()));
        }
        if let Some((row, unit)) = done.culprit.filter(|_| self.culprit.is_none()) {
            self.culprit = Some((self.rows + row, unit));
        }
        if let Some((row, text)) = done.formula.take().filter(|_| self.formula.is_none()) {
            self.formula = Some((self.rows + row, text));
        }
        match (&mut self.tally, done.tally.take()) {
            (Some(tally), Some(more)) => tally.merge(&more),
            (tally @ None, more) => *tally = more,
            (Some(_), None) => {}
        }
        self.rows += done.rows;
        self.bad += done.bad;
        self.first = self.first.take().or(done.first.take());
        self.end = written.err().map(End::Write).or(ended);
        self.progress.tell(self.rows);
    }

    /// Writes what ends columns.
    pub fn encoded(&mut self) {
        let Some(encoder) = self.encoder.take() else { return };
        let last = encoder.end().map_err(TargetError::Standard);
        let written = last.and_then(|last| self.out.as_mut().map_or(Ok(()), |out| out.write(&last)));
        self.end = written.err().map(End::Write);
    }

    /// Leaves targets as they were. Who interrupts holds the tail until the program ends, so that nothing else drops them.
    fn drop_targets(&mut self) {
        (self.out, self.rejects, self.traces) = (None, None, None);
    }

    /// Rows a second so far.
    pub fn rate(&self) -> String {
        self.progress.rate(self.rows)
    }

    /// Ends, and removes the line that tells of progress.
    pub fn clear(&mut self) {
        self.is_over = true;
        self.progress.clear();
    }
}

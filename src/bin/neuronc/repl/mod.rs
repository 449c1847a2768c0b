//! `neuronc repl [FILE]`: the same network, live.

mod commands;
mod editor;
mod explained;
mod explore;
mod gathered;
mod help;
mod history;
mod keep;
mod live;
mod question;
mod reasons;
pub mod show;
mod tree;

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use neuronc::session::{Answer, Entered, Failure, Ground, Session};
use neuronc::{Code, Diagnostic, Limits, Sources, closest, shown};

use crate::Outcome;
use crate::arguments::{self, Everywhere};
use crate::disk::Disk;
use crate::inputs::usage;
use crate::load::tell_file_error;
use crate::messages;
use crate::streams::Streams;
use crate::watch::Watched;
use commands::{COMMANDS, Command, Row};
use gathered::Gathered;

/// A prompt and its network.
struct Repl<'a> {
    session: Session,
    /// What the document may read.
    disk: Arc<Disk>,
    limits: Limits,
    everywhere: &'a Everywhere,
    streams: &'a mut Streams,
    /// The file whose folder that is.
    disk_of: PathBuf,
    /// The files that documents were loaded from or saved to, by their names.
    files: BTreeMap<String, keep::Kept>,
    /// The file that the prompt was to start with.
    asked: Option<PathBuf>,
    /// Whether an entry failed.
    failed: bool,
    /// Whether neurons that change are traced.
    traces: bool,
    /// Which neuron of the trace is shown, while it is gone through.
    at: Option<usize>,
    /// The file as it was when it was read last, while it is watched; the disk knows the others that it names.
    watched: Option<Watched>,
    took: Option<Duration>,
    /// Set by Ctrl-C, at a terminal.
    stop: Option<live::Stop>,
}

/// What is to be told, on both streams.
#[derive(Debug, Default)]
struct Told {
    out: String,
    err: String,
}

/// What becomes of the prompt after an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    GoOn,
    Leave,
}

/// The name of a document without a file.
const UNNAMED: &str = "<session>";
/// The file that stands for it: what it names is sought in the folder where the program runs.
const UNNAMED_FILE: &str = "session.neuron";

pub fn repl(arguments: &arguments::Repl, everywhere: &Everywhere, streams: &mut Streams) -> io::Result<Outcome> {
    if arguments.file.as_ref().is_some_and(|file| file.as_os_str() == "-") {
        let message = "standard input is where entries come from; it cannot be the network, too".to_owned();
        messages::tell(&[usage(Code::E0607, message, None)], &Sources::new(), everywhere, streams)?;
        return Ok(Outcome::Usage);
    }
    let limits = everywhere.limits();
    let first = arguments.file.clone().unwrap_or_else(|| PathBuf::from(UNNAMED_FILE));
    let disk = match Disk::new(&first, &everywhere.allow_path) {
        Ok(disk) => Arc::new(disk),
        Err(error) => return tell_file_error(&error, everywhere, streams),
    };
    let session = Session::new(UNNAMED, &Ground { files: &*disk, limits: &limits });
    let mut repl = Repl {
        session,
        disk,
        disk_of: first,
        files: BTreeMap::new(),
        asked: None,
        limits,
        everywhere,
        streams,
        failed: false,
        traces: false,
        at: None,
        watched: None,
        took: None,
        stop: None,
    };
    if let Some(file) = &arguments.file
        && let Some(outcome) = repl.start(file)?
    {
        return Ok(outcome);
    }
    if live::is_live() {
        repl.live(!arguments.no_history)?;
        return Ok(Outcome::Done);
    }
    repl.piped(arguments.echo)?;
    Ok(if repl.failed { Outcome::Errors } else { Outcome::Done })
}

impl Repl<'_> {
    /// Entries from a pipe: no prompt, no colour of our own.
    fn piped(&mut self, echo: bool) -> io::Result<()> {
        let mut lines = io::stdin().lock();
        let mut entry = Gathered::default();
        let mut line = Vec::new();
        loop {
            line.clear();
            let is_end = lines.read_until(b'\n', &mut line)? == 0;
            let next = String::from_utf8_lossy(&line);
            // What was left open is no part of a command.
            let is_command = next.trim_start().starts_with(':');
            if (is_command || is_end || entry.ends_before(&next))
                && !entry.is_empty()
                && self.echoed(&entry.take(), echo)? == Flow::Leave
            {
                return Ok(());
            }
            if is_end {
                return Ok(());
            }
            if let Some(before) = entry.add(&next)
                && self.echoed(&before, echo)? == Flow::Leave
            {
                return Ok(());
            }
            if (is_command || entry.is_whole()) && self.echoed(&entry.take(), echo)? == Flow::Leave {
                return Ok(());
            }
        }
    }

    /// Does an entry of a pipe, which is written before if that is wanted.
    fn echoed(&mut self, text: &str, echo: bool) -> io::Result<Flow> {
        if echo && !text.trim().is_empty() {
            for (number, line) in text.trim_end().lines().enumerate() {
                let mark = if number == 0 { ">" } else { "…" };
                writeln!(self.streams.out, "{mark} {}", show::inert(line))?;
            }
            self.streams.out.flush()?;
        }
        self.entry(text)
    }

    /// Does one entry; what is written has arrived when it ends.
    fn entry(&mut self, text: &str) -> io::Result<Flow> {
        if let Some(told) = self.look_at_file() {
            self.tell(&told)?;
        }
        self.follow_document();
        let mut flow = Flow::GoOn;
        for part in parts(text) {
            let start = Instant::now();
            flow = self.part(part)?;
            let is_time = part.trim_start().starts_with(":time");
            self.took = if is_time { self.took } else { Some(start.elapsed()) };
            self.streams.out.flush()?;
            if flow == Flow::Leave {
                break;
            }
        }
        Ok(flow)
    }

    /// A command, or what the session does.
    fn part(&mut self, text: &str) -> io::Result<Flow> {
        let text = text.trim_end();
        if let Some(command) = text.trim_start().strip_prefix(':') {
            return self.command(command);
        }
        if let Some(command) = self.bare_command(text) {
            return self.command(&command);
        }
        self.enter(text)?;
        Ok(Flow::GoOn)
    }

    /// `help`, `quit`, `trace c` without a colon, while nothing bears such a name.
    fn bare_command(&self, text: &str) -> Option<String> {
        let mut words = text.split_whitespace();
        let (first, second, rest) = (words.next()?, words.next(), words.next());
        let name = if first == "exit" { "quit" } else { first };
        let is_one = match (name, second) {
            ("help" | "quit", None) => true,
            ("trace" | "why" | "whynot", Some(_)) => rest.is_none(),
            _ => false,
        };
        (is_one && !self.session.knows(first)).then(|| [name, second.unwrap_or_default()].join(" "))
    }

    fn enter(&mut self, text: &str) -> io::Result<()> {
        let before = self.session.clone();
        let typed = text.to_owned();
        match self.working(move |session, ground, _| session.enter(&typed, ground))? {
            Some(Ok(entered)) => self.entered(&before, &entered),
            Some(Err(failure)) => self.fail(&failure),
            None => Ok(()),
        }
    }

    /// Shows what came of an entry.
    fn entered(&mut self, before: &Session, entered: &Entered) -> io::Result<()> {
        let mut changed = false;
        for answer in &entered.answers {
            let text = match answer {
                Answer::Changed(changes) => {
                    changed = true;
                    show::changes(changes, self.streams.width)
                }
                Answer::Value(value) => show::value(value),
            };
            write!(self.streams.out, "{text}")?;
        }
        if changed {
            let text = self.after_change(before);
            write!(self.streams.out, "{text}")?;
        }
        self.streams.out.flush()?;
        self.warn(&entered.warnings)
    }

    /// What follows every change: stepping starts again, and neurons are traced if that is wanted.
    fn after_change(&mut self, before: &Session) -> String {
        self.at = None;
        let mut text = String::new();
        if self.traces {
            text.push_str(&explore::changed_traces(before, &self.session, self.streams.width));
        }
        let not_finite = self.session.culprit().filter(|_| before.culprit() != self.session.culprit());
        if let Some(unit) = not_finite {
            let name = shown(&self.session.network().unit_name(unit));
            text.push_str(&format!("{name} is the first neuron whose net input or output is not finite\n"));
        }
        text
    }

    fn tell(&mut self, told: &Told) -> io::Result<()> {
        write!(self.streams.out, "{}", told.out)?;
        self.streams.out.flush()?;
        write!(self.streams.err, "{}", told.err)
    }

    /// Messages as they look on standard error.
    fn rendered(&self, diagnostics: &[Diagnostic], sources: &Sources) -> String {
        messages::rendered(diagnostics, sources, self.everywhere, messages::Look::of(self.streams))
    }

    fn warn(&mut self, warnings: &[Diagnostic]) -> io::Result<()> {
        self.failed |= self.everywhere.error_on_warning && !warnings.is_empty();
        messages::tell(warnings, self.session.sources(), self.everywhere, self.streams)
    }

    fn fail(&mut self, failure: &Failure) -> io::Result<()> {
        self.failed = true;
        self.streams.out.flush()?;
        messages::tell(&failure.diagnostics, &failure.sources, self.everywhere, self.streams)
    }

    /// Tells what is wrong with a command itself.
    fn refuse(&mut self, report: Diagnostic) -> io::Result<()> {
        self.fail(&Failure { diagnostics: vec![report], sources: Sources::new() })
    }

    fn command(&mut self, text: &str) -> io::Result<Flow> {
        let text = text.trim();
        let end = text.find(|character: char| !(character.is_alphanumeric() || character == '_')).unwrap_or(text.len());
        let (name, rest) = (&text[..end], text[end..].trim());
        let Some(row) = commands::named(name) else {
            let meant = closest(name, COMMANDS.iter().map(|row| row.name));
            let help = match meant {
                Some(meant) => format!("did you mean `:{meant}`?"),
                None => "`:help` lists the commands".to_owned(),
            };
            self.refuse(usage(Code::E0615, format!("no command is called `:{}`", shown(name)), Some(help)))?;
            return Ok(Flow::GoOn);
        };
        match row.command {
            Command::Quit => return Ok(Flow::Leave),
            Command::Help => self.help(rest)?,
            Command::Trace => self.trace(rest)?,
            Command::Why => self.why(row, rest)?,
            Command::WhyNot => self.why_not(row, rest)?,
            Command::Step => self.step(true)?,
            Command::Back => self.step(false)?,
            Command::With => self.with(rest)?,
            Command::Sweep => self.sweep(rest)?,
            Command::Diff => self.diff(row, rest)?,
            Command::List => {
                let text = help::inventory(&self.session, self.streams.width);
                write!(self.streams.out, "{text}")?;
            }
            Command::Show => self.show(rest)?,
            Command::Graph => self.graph(rest)?,
            Command::Explain => self.explain(row, rest)?,
            Command::Expect => self.expect()?,
            Command::Remove => self.remove(row, rest)?,
            Command::Undo => self.undo(true)?,
            Command::Redo => self.undo(false)?,
            Command::Reset => {
                let before = self.session.clone();
                match self.working(|session, ground, _| session.reset(ground))? {
                    Some(Ok(changes)) => {
                        let text = show::changes(&changes, self.streams.width) + &self.after_change(&before);
                        write!(self.streams.out, "{text}")?;
                    }
                    Some(Err(failure)) => self.fail(&failure)?,
                    None => {}
                }
            }
            Command::Load => self.load(row, rest)?,
            Command::Reload => self.reload()?,
            Command::Watch => self.watch(row, rest)?,
            Command::Save => self.save(rest)?,
            Command::Time => return self.time(rest),
        }
        Ok(Flow::GoOn)
    }

    fn help(&mut self, topic: &str) -> io::Result<()> {
        let text = match topic {
            "" => Some(help::overview(self.streams.width)),
            topic => help::about(topic, self.streams.width),
        };
        match text {
            Some(text) => write!(self.streams.out, "{text}"),
            None => {
                let topics = help::TOPICS.iter().map(|(name, _)| *name).chain(COMMANDS.iter().map(|row| row.name));
                let help = match closest(topic, topics) {
                    Some(meant) => format!("did you mean `:help {meant}`?"),
                    None => "`:help` lists the commands and topics".to_owned(),
                };
                self.refuse(usage(Code::E0615, format!("there is no help on `{}`", shown(topic)), Some(help)))
            }
        }
    }

    /// A command that needs something behind it.
    fn lacks(&mut self, row: &Row) -> io::Result<()> {
        let help = format!("it is used as `:{} {}`", row.name, row.form);
        self.refuse(usage(Code::E0614, format!("`:{}` needs something behind it", row.name), Some(help)))
    }

    fn remove(&mut self, row: &Row, what: &str) -> io::Result<()> {
        if what.is_empty() {
            return self.lacks(row);
        }
        let before = self.session.clone();
        let typed = what.to_owned();
        match self.working(move |session, ground, _| session.remove(&typed, ground))? {
            Some(Ok(entered)) => self.entered(&before, &entered),
            Some(Err(failure)) => self.fail(&failure),
            None => Ok(()),
        }
    }

    fn undo(&mut self, back: bool) -> io::Result<()> {
        let before = self.session.clone();
        // What is long ago is made of its text again, with the files beside it.
        let name = if back { self.session.name_before() } else { self.session.name_behind() }.map(str::to_owned);
        if let Some(name) = name {
            self.follow(&name);
        }
        let job = move |session: &mut Session, ground: &Ground<'_>, _: &dyn Fn() -> bool| match back {
            true => session.undo(ground),
            false => session.redo(ground),
        };
        let done = self.working(job)?;
        self.follow_document();
        match done {
            Some(Ok((entry, changes))) => {
                let first = entry.lines().next().unwrap_or_default();
                let word = if back { "undone" } else { "done again" };
                let line = format!("{word}: {}", neuronc::neutralise(first));
                write!(self.streams.out, "{}", show::wrapped(&line, self.streams.width))?;
                let text = show::changes(&changes, self.streams.width) + &self.after_change(&before);
                write!(self.streams.out, "{text}")
            }
            Some(Err(failure)) => self.fail(&failure),
            None => Ok(()),
        }
    }

    fn time(&mut self, entry: &str) -> io::Result<Flow> {
        let mut flow = Flow::GoOn;
        if !entry.is_empty() {
            let start = Instant::now();
            flow = self.part(entry)?;
            self.took = Some(start.elapsed());
        }
        match self.took {
            Some(took) => {
                let milliseconds = took.as_secs_f64() * 1e3;
                writeln!(self.streams.out, "took {} ms", neuronc::numeric::decimal::rounded(milliseconds, 3))?;
            }
            None => writeln!(self.streams.out, "nothing was entered yet")?,
        }
        Ok(flow)
    }
}

/// The parts of an entry of several lines: a line that starts with `:` is a command, what stands between commands is
/// done at once.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with(':') {
            parts.push(&text[start..at]);
            parts.push(line);
            start = at + line.len();
        }
        at += line.len();
    }
    parts.push(&text[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

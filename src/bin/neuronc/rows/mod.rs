//! `neuronc run FILE --data ROWS`: one evaluation for each row of a file.

#[cfg(feature = "parquet")]
mod arrays;
#[cfg(feature = "parquet")]
mod arrow;
mod blocks;
#[cfg(all(test, feature = "parquet"))]
mod damage;
#[cfg(feature = "parquet")]
mod encode;
#[cfg(not(feature = "parquet"))]
#[path = "no_encode.rs"]
mod encode;
mod first;
#[cfg(feature = "parquet")]
mod guard;
mod options;
#[cfg(feature = "parquet")]
mod pages;
#[cfg(feature = "parquet")]
mod parquet;
mod progress;
mod stream;
mod survey;
#[cfg(feature = "parquet")]
mod table;
#[cfg(not(feature = "parquet"))]
#[path = "no_table.rs"]
mod table;
mod work;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use neuronc::table::{Choice, Columns, Format, Header, Quoted, Reading, Rules, Writing};
use neuronc::{
    Batch, Code, Diagnostic, InputError, Inputs, Network, Severity, Sources, Survey, Wanted, closest, grouped, plan,
    shown,
};

use crate::Outcome;
use crate::arguments::{Everywhere, MessageForm, Precision, Run};
use crate::files::{FileError, reason, shown_path};
use crate::form::Form;
use crate::inputs::{abridged, input_error, set_inputs, usage};
use crate::load::{load_or_tell, outcome_of, tell_file_error};
use crate::messages;
use crate::outputs::{no_outputs, not_finite};
use crate::paths::chosen_path;
use crate::streams::Streams;
use crate::target::{Target, TargetError};
use blocks::{Blocks, Place, READ};
use encode::Encoding;
use first::{Unbegun, tell_unread};
#[cfg(feature = "parquet")]
pub use guard::is_guarded;
use options::Plain;
use progress::Progress;
use stream::{End, Feed, Shared, Source};
pub use survey::SurveyWanted;
use table::Table;
use work::{REJECTED, Traces, Work};

/// Evaluates each row and writes its outputs; with `wanted`, says what the rows say about the network instead.
pub fn rows(
    arguments: &Run,
    wanted: Option<SurveyWanted>,
    everywhere: &Everywhere,
    streams: &mut Streams,
) -> io::Result<Outcome> {
    let options = match options::checked(arguments) {
        Ok(options) => options,
        Err(report) => return told(&[*report], Outcome::Usage, &Sources::new(), everywhere, streams),
    };
    let (mut sources, network) = match load_or_tell(&arguments.file, everywhere, streams)? {
        Ok(loaded) => loaded,
        Err(outcome) => return Ok(outcome),
    };
    if network.outputs().is_empty() {
        return told(&[no_outputs(&network)], Outcome::Errors, &sources, everywhere, streams);
    }
    let mut inputs = Inputs::new(&network);
    let set = set_inputs(&arguments.values, everywhere, &network, &mut inputs, &mut sources);
    let set = set.and_then(|()| match arguments.precision {
        Precision::F64 => Ok(()),
        Precision::F32 => fits_single(&network, &inputs).map_err(|report| vec![report]),
    });
    if let Err(reports) = set {
        return told(&reports, Outcome::Usage, &sources, everywhere, streams);
    }
    let feed = match options.from {
        Form::Text(format) => match blocks::open(&options.data) {
            Ok(input) => Feed::Text(Blocks::new(input, format, everywhere.limits().row)),
            Err(error) => return tell_file_error(&error, everywhere, streams),
        },
        Form::Binary(binary) => match Table::open(&options.data, binary, &everywhere.limits()) {
            Ok(table) => Feed::Table(Box::new(table)),
            Err(error) => return tell_unread(&error, &options, everywhere, streams),
        },
    };
    let network = Arc::new(network);
    let survey = wanted.map(|wanted| (wanted, Arc::new(Survey::new(&network, chosen_path()))));
    let run = Rows { arguments, everywhere, options, network, survey, inputs: &inputs };
    match arguments.precision {
        Precision::F64 => run.evaluated::<f64>(feed, &mut sources, streams),
        Precision::F32 => run.evaluated::<f32>(feed, &mut sources, streams),
    }
}

/// One run.
struct Rows<'a> {
    arguments: &'a Run,
    everywhere: &'a Everywhere,
    options: Plain,
    network: Arc<Network>,
    survey: Option<(SurveyWanted, Arc<Survey>)>,
    inputs: &'a Inputs,
}

impl Rows<'_> {
    fn evaluated<R: neuronc::Precision>(
        &self,
        mut feed: Feed,
        sources: &mut Sources,
        streams: &mut Streams,
    ) -> io::Result<Outcome> {
        let (options, everywhere) = (&self.options, self.everywhere);
        let mut block = Vec::new();
        let found = match &mut feed {
            Feed::Text(blocks) => self.first(blocks, &mut block, sources),
            Feed::Table(table) => self.typed(table).map(|columns| (columns, Place::default())),
        };
        let (columns, place) = match found {
            Ok(found) => found,
            Err(Unbegun::Reports(reports)) => {
                let outcome = match outcome_of(&reports, everywhere) {
                    Outcome::Errors if reports.iter().all(|report| is_usage(report.code)) => Outcome::Usage,
                    outcome => outcome,
                };
                return told(&reports, outcome, sources, everywhere, streams);
            }
            Err(Unbegun::Failed(error)) => return self.unread(&error, streams),
            Err(Unbegun::Unread(error)) => return tell_unread(&error, options, everywhere, streams),
        };
        self.notes(&columns, streams)?;
        let to = options.to.named_as();
        let plan = plan(&self.network, Wanted::Outputs);
        let writing = Writing::new(&self.network, to, options.from.copied_as(), columns.kept(), options.has_header);
        let table = match &feed {
            Feed::Text(_) => None,
            Feed::Table(table) => Some(&**table),
        };
        let encoding = options.to.binary().and_then(|_| Encoding::new(&writing, &columns, table, options.policy));
        let rules = Rules {
            policy: options.policy,
            allow_nonfinite: self.arguments.rows.read.allow_nonfinite,
            limits: everywhere.limits(),
        };
        let work = Work {
            network: Arc::clone(&self.network),
            batch: Batch::<R>::new(&self.network, &plan),
            plan,
            reading: Reading::new(options.from.named_as(), columns, self.inputs, &rules),
            writing,
            rejects: options.rejects.as_ref().map(|(_, format)| *format),
            encoding,
            is_typed: options.from.binary().is_some(),
            row_limit: everywhere.limits().row,
            not_finite_in: AtomicUsize::new(usize::MAX),
            formula_in: AtomicUsize::new(usize::MAX),
            traces: self.traces(sources, streams),
            survey: self.survey.as_ref().map(|(_, survey)| Arc::clone(survey)),
        };
        match &mut feed {
            Feed::Text(blocks) => blocks.again(block, place, self.block_size(&work)),
            Feed::Table(table) => {
                if let Err(error) = table.begin(work.reading.columns(), self.rows_at_once(&work)) {
                    return tell_unread(&error, options, everywhere, streams);
                }
            }
        }
        let shared = match self.begin(&work, streams) {
            Ok(shared) => shared,
            Err(error) => return self.unwritten(error, streams),
        };
        let source = Source { name: options.name.clone(), feed: Mutex::new(feed) };
        stream::run(work, source, options.threads, &shared)?;
        self.end(&shared, sources, streams)
    }

    /// How many bytes of the file are taken at once: those of so many rows that their values and text are some MiB.
    fn block_size<R: neuronc::Precision>(&self, work: &Work<R>) -> usize {
        /// Values of all rows of a block.
        const VALUES: usize = 1 << 20;
        // A cell and its separator have at least two bytes.
        let shortest = 2 * work.reading.columns().count().max(1);
        let width = work.batch.input_count() + work.batch.output_count();
        // A trace has many times the bytes of its row.
        let most = if self.arguments.trace.is_some() { 1 << 14 } else { READ };
        (shortest * VALUES / width.max(1)).clamp(1, most)
    }

    /// What the columns are for, from the first block; takes the header off it.
    fn columns(
        &self,
        block: &mut Vec<u8>,
        place: Place,
        sources: &mut Sources,
    ) -> Result<(Columns, Place), Vec<Diagnostic>> {
        let options = &self.options;
        let header = options.from.named_as().header(block);
        let header = header.map_err(|fault| vec![fault.report(block, &options.name, place.lines, None, sources)])?;
        let by_position = self.arguments.rows.read.no_header;
        let Header { names, end } = match by_position {
            true => Header { names: (1..=header.names.len()).map(|place| place.to_string()).collect(), end: 0 },
            false => header,
        };
        let columns = self.matched(&names)?;
        let lines = place.lines + neuronc::table::lines(&block[..end]);
        block.drain(..end);
        Ok((columns, Place { lines, ..place }))
    }

    fn matched(&self, names: &[String]) -> Result<Columns, Vec<Diagnostic>> {
        let options = &self.options;
        let choice = Choice {
            format: options.from.named_as(),
            file: &options.name,
            fixed: &options.fixed,
            map: &self.arguments.rows.read.map,
            keep: &options.keep,
            by_position: self.arguments.rows.read.no_header,
        };
        Columns::matched(&self.network, self.inputs, names, &choice)
    }

    /// A file of no rows whose columns nobody knows.
    fn without_rows(&self) -> Result<Columns, Diagnostic> {
        if self.options.from != Form::Text(Format::JsonLines) && self.options.has_header {
            let message = format!("`{}` is empty: it has no header", shown_path(&self.options.name));
            let help = "the first line names the columns; `--no-header` reads a file without such a line".to_owned();
            return Err(usage(Code::E0807, message, Some(help)));
        }
        Ok(Columns::none(&self.options.keep))
    }

    fn traces(&self, sources: &Sources, streams: &Streams) -> Option<Traces> {
        let Run { precision, exact, all, .. } = *self.arguments;
        let (sources, width, rows) = (sources.clone(), streams.width, AtomicUsize::new(0));
        self.arguments.trace.map(|form| Traces { sources, form, precision, exact, all, width, rows })
    }

    fn begin<R: neuronc::Precision>(&self, work: &Work<R>, streams: &Streams) -> Result<Arc<Shared>, TargetError> {
        let begun = Arc::new(Mutex::new(Begun::default()));
        interruptible(Arc::clone(&begun));
        // An interrupt waits until it can be known what there is to remove.
        let mut begun = begun.lock().unwrap_or_else(PoisonError::into_inner);
        let is_traced = self.arguments.trace.is_some();
        let mut out = match &self.options.out {
            Some(path) => Some(Target::begin(path)?),
            // Traces go there, or what is told at the end.
            None if is_traced || self.survey.is_some() => None,
            None => Some(Target::standard()),
        };
        let mut text = Vec::new();
        let encoder = match work.encoding.as_ref().zip(self.options.to.binary()) {
            Some((encoding, binary)) => Some(encoding.begin(binary).map_err(TargetError::Standard)?),
            None => {
                work.writing.header(&mut text);
                None
            }
        };
        out.as_mut().map_or(Ok(()), |out| out.write(&text))?;
        let mut rejects = None;
        if let Some((path, format)) = &self.options.rejects {
            let mut target = Target::begin(path)?;
            text.clear();
            Quoted(*format).header(&REJECTED, &mut text);
            target.write(&text)?;
            rejects = Some(target);
        }
        let temporary = [&out, &rejects].into_iter().flatten().filter_map(Target::temporary);
        begun.temporary = temporary.map(Path::to_owned).collect();
        let traces = is_traced.then(|| Target::coloured(streams.out.get_ref().current_choice()));
        let shared = Shared::new([out, rejects, traces], encoder, Progress::new(self.notes_are_wanted()));
        begun.shared = Some(Arc::clone(&shared));
        Ok(shared)
    }

    /// Makes what was written last, and tells what there is to tell.
    fn end(&self, shared: &Shared, sources: &Sources, streams: &mut Streams) -> io::Result<Outcome> {
        let mut tail = shared.lock();
        tail.clear();
        if tail.end.is_none() {
            tail.encoded();
        }
        let targets = [tail.out.take(), tail.rejects.take(), tail.traces.take()];
        match tail.end.take() {
            None => {
                let finished = targets.into_iter().flatten().try_for_each(Target::finish);
                if let Err(error) = finished {
                    return self.unwritten(error, streams);
                }
            }
            Some(End::Fault(told_of)) => {
                let (report, sources) = *told_of;
                let outcome = outcome_of(std::slice::from_ref(&report), self.everywhere);
                return told(&[report], outcome, &sources, self.everywhere, streams);
            }
            Some(End::Read(error)) => return self.unread(&error, streams),
            Some(End::Unread(error)) => return tell_unread(&error, &self.options, self.everywhere, streams),
            Some(End::Write(error)) => return self.unwritten(error, streams),
        }
        self.surveyed(&mut tail, sources, streams)?;
        if self.notes_are_wanted() && (tail.bad > 0 || streams.err_is_terminal) {
            self.summary(&tail, streams)?;
        }
        let culprit = tail.culprit.map(|(row, unit)| {
            let report = not_finite(unit, &self.network);
            let message = format!("{}, in row {} of the output", report.message, grouped(row as u64 + 1));
            let help = "what reads it goes on as IEEE 754 says; rows behind it are not told".to_owned();
            Diagnostic { message, help: Some(help), ..report }
        });
        let formula = tail.formula.take().map(|(row, text)| {
            let row = grouped(row as u64 + 1);
            let message = format!("the text `{}` in row {row} of the output begins like a formula", shown(&text));
            let help = "a spreadsheet may compute it; JSON Lines have no formulas".to_owned();
            let report = usage(Code::W0302, message, Some(help));
            Diagnostic { severity: Severity::Warning, ..report }
        });
        let warnings: Vec<Diagnostic> = culprit.into_iter().chain(formula).collect();
        messages::tell(&warnings, sources, self.everywhere, streams)?;
        Ok(outcome_of(&warnings, self.everywhere))
    }

    fn summary(&self, tail: &stream::Tail, streams: &mut Streams) -> io::Result<()> {
        use std::io::Write;
        let name = shown_path(&self.options.name);
        let rows = |count: usize| match count {
            1 => "1 row".to_owned(),
            _ => format!("{} rows", grouped(count as u64)),
        };
        if tail.bad == 0 {
            return writeln!(streams.err, "{name}: {}, {} rows/s", rows(tail.rows), tail.rate());
        }
        let what = match self.options.policy {
            neuronc::table::Policy::Null => "without outputs",
            neuronc::table::Policy::Skip | neuronc::table::Policy::Stop => "left out",
        };
        let first = tail.first.as_ref().map_or(String::new(), |first| format!("; the first: {first}"));
        let (done, what) = if self.survey.is_some() { ("looked at", "left out") } else { ("written", what) };
        writeln!(streams.err, "{name}: {} {done}, {} {what}{first}", rows(tail.rows), rows(tail.bad))
    }

    fn notes_are_wanted(&self) -> bool {
        !self.everywhere.quiet && self.everywhere.message_format != MessageForm::Json
    }

    /// What is perhaps not meant about the columns, once.
    fn notes(&self, columns: &Columns, streams: &mut Streams) -> io::Result<()> {
        use std::io::Write;
        if !self.notes_are_wanted() {
            return Ok(());
        }
        let name = shown_path(&self.options.name);
        let list = |names: &[String]| abridged(names.iter().map(String::as_str));
        let (unread, defaults) = (columns.unread(), columns.defaults());
        if !unread.is_empty() {
            let noun = if unread.len() == 1 { "column" } else { "columns" };
            writeln!(streams.err, "note: nobody reads the {noun} {} of {name}", list(unread))?;
        }
        if !defaults.is_empty() {
            let (inputs, takes) = match defaults.len() {
                1 => ("input", "column and takes its default"),
                _ => ("inputs", "columns and take their defaults"),
            };
            let verb = if defaults.len() == 1 { "has no" } else { "have no" };
            let near = |input: &String| closest(input, unread.iter().map(String::as_str));
            let meant = defaults
                .iter()
                .find_map(near)
                .map_or(String::new(), |meant| format!(" (did you mean the column `{}`?)", shown(meant)));
            writeln!(streams.err, "note: the {inputs} {} {verb} {takes}{meant}", list(defaults))?;
        }
        Ok(())
    }

    fn unread(&self, error: &io::Error, streams: &mut Streams) -> io::Result<Outcome> {
        let why = match error.kind() {
            io::ErrorKind::UnexpectedEof => "the compressed data end too early".to_owned(),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                format!("the compressed data are broken: {error}")
            }
            _ => reason(error),
        };
        let error = FileError { name: self.options.name.clone(), reason: why, kind: error.kind() };
        tell_file_error(&error, self.everywhere, streams)
    }

    fn unwritten(&self, error: TargetError, streams: &mut Streams) -> io::Result<Outcome> {
        match error {
            TargetError::Standard(error) => Err(error),
            TargetError::File(error) => {
                let name = shown_path(&error.name);
                let report = messages::error(Code::E0702, format!("`{name}` cannot be written: {}", error.reason));
                told(&[report], Outcome::InputOutput, &Sources::new(), self.everywhere, streams)
            }
        }
    }
}

/// Whether a code is of the command line rather than of a file.
fn is_usage(code: Code) -> bool {
    code.as_str().starts_with("E06")
}

fn told(
    reports: &[Diagnostic],
    outcome: Outcome,
    sources: &Sources,
    everywhere: &Everywhere,
    streams: &mut Streams,
) -> io::Result<Outcome> {
    messages::tell(reports, sources, everywhere, streams)?;
    Ok(outcome)
}

/// Whether single precision holds what is the same for all rows.
fn fits_single(network: &Network, inputs: &Inputs) -> Result<(), Diagnostic> {
    let mut all = inputs.clone();
    if let Err(InputError::Missing { names }) = inputs.row(network) {
        for (id, input) in network.inputs().filter(|(_, input)| names.contains(&input.name)) {
            let small = network.range(id).map_or(0.0, |range| 0f64.clamp(range.low, range.high));
            // The number fits its input.
            let _ = all.set(network, &input.name, &[small]);
        }
    }
    all.single_row(network).map(|_| ()).map_err(|error| input_error(&error, network))
}

/// How often an interrupt looks whether rows are still being written, before it waits no longer.
const PATIENCE: u32 = 100;

/// What an interrupt has to know.
#[derive(Default)]
struct Begun {
    /// What is there only for now.
    temporary: Vec<PathBuf>,
    shared: Option<Arc<Shared>>,
}

/// The lock, if it can be had in a while.
fn patient<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    for _ in 0..PATIENCE {
        match mutex.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(10)),
        }
    }
    None
}

/// Ends on Ctrl-C: behind a whole row, and without leaving anything that is there only for now.
fn interruptible(begun: Arc<Mutex<Begun>>) {
    let stop = move || {
        let begun = patient(&begun);
        let (shared, temporary) = match &begun {
            Some(begun) => (begun.shared.as_ref(), begun.temporary.as_slice()),
            None => (None, &[][..]),
        };
        if let Some(shared) = shared {
            shared.is_interrupted.store(true, Ordering::Relaxed);
        }
        // It is held until the end, so that nothing is written any more.
        let mut tail = shared.and_then(|shared| patient(&shared.tail));
        if let Some(tail) = &mut tail {
            tail.clear();
        }
        for path in temporary {
            // Gone already where it was moved.
            let _ = std::fs::remove_file(path);
        }
        std::process::exit(130);
    };
    // Without a handler the interrupt ends the program at once.
    let _ = ctrlc::set_handler(stop);
}

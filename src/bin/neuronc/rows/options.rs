//! What the command line says about rows, checked before anything is read.

use std::num::NonZero;
use std::path::{Path, PathBuf};

use neuronc::table::{Format, Policy};
use neuronc::{Code, Diagnostic};

use crate::arguments::{OnBadRow, OutputForm, Run};
use crate::files::{name_of, shown_path};
use crate::form::{Binary, Form};
use crate::inputs::usage;
use crate::same::{is_same, metadata, same_file, standard_output};

/// More threads than this are used only if they are asked for: each has blocks of its own.
const MOST_THREADS: usize = 8;

/// The options, without what is left open.
pub struct Plain {
    pub data: PathBuf,
    /// The name of the data in messages.
    pub name: String,
    pub from: Form,
    pub to: Form,
    pub out: Option<PathBuf>,
    pub rejects: Option<(PathBuf, Format)>,
    pub has_header: bool,
    pub policy: Policy,
    pub threads: usize,
    /// The inputs that have one value for all rows.
    pub fixed: Vec<String>,
    /// The columns that are copied.
    pub keep: Vec<String>,
}

pub fn checked(arguments: &Run) -> Result<Plain, Box<Diagnostic>> {
    let (options, written) = (&arguments.rows.read, &arguments.rows);
    let data = options.data.clone().unwrap_or_default();
    let name = name_of(&data);
    let wrong = |code, message: String, help: &str| Err(Box::new(usage(code, message, Some(help.to_owned()))));
    let form = match arguments.format {
        Some(form @ (OutputForm::Text | OutputForm::Json)) => {
            let form = if form == OutputForm::Text { "text" } else { "json" };
            let help = "it is `csv`, `tsv`, `jsonl` (one object a row), `parquet` or `arrow`";
            return wrong(Code::E0607, format!("`{form}` is no format of files of rows"), help);
        }
        form => form.and_then(OutputForm::of_rows),
    };
    let told = Form::of(&name).filter(|_| data.as_os_str() != "-");
    let Some(from) = options.in_format.or(told).or(form) else {
        let help = if cfg!(feature = "parquet") {
            "say it as `--in-format csv`; the formats are csv, tsv, jsonl, parquet and arrow"
        } else {
            "say it as `--in-format csv`; the formats are csv, tsv and jsonl, and with the feature parquet also parquet and arrow"
        };
        return wrong(Code::E0809, format!("the format of `{}` is not known", shown_path(&name)), help);
    };
    let out = written.out.clone().filter(|out| out.as_os_str() != "-");
    let of_out = out.as_ref().and_then(|out| Form::of(&out.to_string_lossy()));
    // Nobody reads columns of bytes on a screen.
    let of_standard = if from.binary().is_some() && out.is_none() { Form::Text(Format::Csv) } else { from };
    let to = form.or(of_out).unwrap_or(of_standard);
    binary(from, to, &data, out.as_deref())?;
    if options.no_header && !matches!(from, Form::Text(Format::Csv | Format::Tsv)) {
        let what = if from.binary().is_some() { "columns" } else { "rows of JSON" };
        let message = format!("{what} have no header, and names of their own");
        return wrong(Code::E0607, message, "remove `--no-header`");
    }
    let policy = match options.on_bad_row {
        OnBadRow::Stop => Policy::Stop,
        OnBadRow::Skip => Policy::Skip,
        OnBadRow::Null => Policy::Null,
    };
    if policy == Policy::Stop && options.rejects.is_some() {
        let help = "`--on-bad-row skip` leaves rows out, `--on-bad-row null` gives them empty outputs";
        return wrong(Code::E0607, "`--rejects` is for rows that do not end the run".to_owned(), help);
    }
    if arguments.file.as_os_str() == "-" && data.as_os_str() == "-" {
        let help = "give one of them as a file";
        return wrong(Code::E0607, "standard input cannot be the network and the rows".to_owned(), help);
    }
    let rejects = options.rejects.clone().map(|path| {
        let format = Format::of(&path.to_string_lossy()).unwrap_or(from.named_as());
        (path, format)
    });
    if let Some((path, _)) = &rejects
        && Form::of(&path.to_string_lossy()).is_some_and(|form| form.binary().is_some())
    {
        let help = "name a file that ends with `.csv`, `.tsv` or `.jsonl`";
        return wrong(Code::E0607, "rows that are left out are written as text".to_owned(), help);
    }
    for (target, option) in [(&out, "--out"), (&rejects.as_ref().map(|(path, _)| path.clone()), "--rejects")] {
        let Some(target) = target else { continue };
        let sources = [(&arguments.file, "the network"), (&data, "the rows")];
        let mut all = sources.to_vec();
        all.extend(out.as_ref().filter(|_| option == "--rejects").map(|out| (out, "the output")));
        if let Some((_, what)) = all.iter().find(|(path, _)| is_same(path, target)) {
            let message = format!("`{option}` is the file of {what}, `{}`", shown_path(&target.to_string_lossy()));
            return wrong(Code::E0808, message, "write to another file: this one would be lost");
        }
    }
    if out.is_none() && standard_output().zip(metadata(&data)).is_some_and(|(out, data)| same_file(&out, &data)) {
        let message = format!("standard output is the file of the rows, `{}`", shown_path(&name));
        return wrong(Code::E0808, message, "write to another file: this one would be lost");
    }
    let available = std::thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
    let threads = options.threads.map_or(available, usize::from);
    // Traces are numbered as they come.
    let threads = if arguments.trace.is_some() { 1 } else { threads };
    let fixed = arguments.values.iter().filter_map(|argument| argument.split_once('='));
    let fixed = fixed.map(|(name, _)| name.trim().to_owned()).collect();
    let has_header = !options.no_header;
    let keep = written.keep.iter().flat_map(|names| names.0.iter().cloned()).collect();
    Ok(Plain { data, name, from, to, out, rejects, has_header, policy, threads, fixed, keep })
}

/// What keeps columns from being read or written.
fn binary(from: Form, to: Form, data: &Path, out: Option<&Path>) -> Result<(), Box<Diagnostic>> {
    let wrong = |message: String, help: &str| Err(Box::new(usage(Code::E0607, message, Some(help.to_owned()))));
    let (read, written) = (from.binary(), to.binary());
    if let Some(binary) = read.or(written).filter(|_| cfg!(not(feature = "parquet"))) {
        let help = "`cargo install --path . --features parquet` installs one that has it";
        return wrong(format!("this program was built without {}", binary.shown()), help);
    }
    if read == Some(Binary::Parquet) && data.as_os_str() == "-" {
        let help = "its end tells where its columns are: give a file, or Arrow IPC as a stream";
        return wrong("Parquet is not read from standard input".to_owned(), help);
    }
    if let Some(binary) = written.filter(|_| out.is_none()) {
        return wrong(format!("{} is written to a file only", binary.shown()), "say which one: `--out FILE`");
    }
    Ok(())
}

//! What can be written on the command line.

mod rows;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::builder::{OsStringValueParser, PossibleValue, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use neuronc::Limits;
use neuronc::table::Format;

use crate::form::{Binary, Form};
use crate::templates::TEMPLATES;
pub use rows::{OnBadRow, ReadOptions, RowOptions};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Blue.on_default().bold())
    .usage(AnsiColor::Blue.on_default().bold())
    .literal(AnsiColor::Cyan.on_default())
    .placeholder(AnsiColor::Cyan.on_default());

/// Describes neurons in text, checks the text, and shows what they compute.
#[derive(Debug, Parser)]
#[command(name = "neuronc", version, styles = STYLES, disable_help_subcommand = false, infer_subcommands = false)]
#[command(after_help = "`neuronc FILE` is short for `neuronc run FILE`. `-` as FILE is standard input, or output.\n\
    Exit codes: 0 done, 1 errors in the source or rows, 2 usage, 3 input or output, 4 a limit, 70 a bug of neuronc.")]
pub struct Arguments {
    #[command(flatten)]
    pub everywhere: Everywhere,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options of every command.
#[derive(Debug, Args)]
pub struct Everywhere {
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Everywhere")]
    pub color: When,
    /// How messages are written to stderr
    #[arg(long, global = true, value_name = "FORM", default_value = "human", help_heading = "Everywhere")]
    pub message_format: MessageForm,
    /// Warnings count as errors
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub error_on_warning: bool,
    /// Print at most N errors; all are counted
    #[arg(long, global = true, value_name = "N", default_value_t = 100, help_heading = "Everywhere")]
    pub max_errors: usize,
    /// Raise or lower a limit
    #[arg(long, global = true, value_name = "NAME=N", value_parser = limit, help_heading = "Everywhere")]
    #[arg(long_help = limits_help())]
    pub limit: Vec<(String, u64)>,
    /// Let sources name files in this folder, too (repeatable)
    #[arg(long, global = true, value_name = "DIR", help_heading = "Everywhere")]
    #[arg(
        long_help = "Let sources name files in this folder and below, too. May be repeated. Without it they may name \
        files in the folder of FILE and below."
    )]
    pub allow_path: Vec<PathBuf>,
    /// Say nothing but results and errors
    #[arg(short, long, global = true, help_heading = "Everywhere")]
    pub quiet: bool,
}

impl Everywhere {
    /// The limits that hold.
    pub fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        for (name, value) in &self.limit {
            limits.set(name, *value).expect("clap has checked the name and the value");
        }
        limits
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MessageForm {
    /// With the source around the place
    Human,
    /// One line each
    Short,
    /// One JSON object a line
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Evaluate a network once
    Run(Run),
    /// Write a starting file with comments
    New(New),
    /// Report all errors and warnings
    Check(Files),
    /// Run every `expect`
    Test(Files),
    /// Lay out files in the one form; numbers and comments stay as they are
    Fmt(Fmt),
    /// Change a network live and see what follows
    Repl(Repl),
    /// Draw a picture of a network, with values of inputs of what it computes, too
    Draw(Draw),
    /// Measure how many rows a second go through a network
    Bench(Bench),
    /// Tell a network or one of its neurons in words; or explain an error code, with an example and its mend
    Explain(Explain),
    /// Print the completions of a shell
    Completions(Completions),
    /// `neuronc FILE …` is `neuronc run FILE …`
    #[command(external_subcommand)]
    File(Vec<OsString>),
}

#[derive(Debug, Args)]
pub struct Run {
    /// The network
    pub file: PathBuf,
    /// Values of inputs; an array takes `NAME=1,2,3`; others take their defaults
    #[arg(value_name = "NAME=VALUE")]
    pub values: Vec<String>,
    /// Show every synapse of every neuron that the outputs need, with --data for each row
    #[arg(long, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    pub trace: Option<TraceForm>,
    /// Run again at every save of the file, or of one that it names, until Ctrl-C
    #[arg(long, conflicts_with = "data")]
    pub watch: bool,
    /// All digits in the trace, instead of six
    #[arg(long)]
    pub exact: bool,
    /// All synapses in the trace, instead of the ten largest of more than twenty
    #[arg(long)]
    pub all: bool,
    /// How the outputs are written: text or json; csv, tsv, jsonl, parquet or arrow with --data
    #[arg(long, value_name = "FORM", hide_possible_values = true)]
    pub format: Option<OutputForm>,
    /// Double or single precision
    #[arg(long, value_name = "P", default_value = "f64")]
    pub precision: Precision,
    #[command(flatten)]
    pub rows: RowOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TraceForm {
    /// A table with bars
    Text,
    /// Sentences, for screen readers
    Plain,
    /// One JSON object a neuron
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputForm {
    /// `NAME = VALUE`, a line an output
    Text,
    /// One object
    Json,
    /// Cells with commas between them
    Csv,
    /// Cells with tabs between them
    Tsv,
    /// One object a row
    Jsonl,
    /// Columns, compressed
    Parquet,
    /// Columns, as they are in memory
    Arrow,
}

impl OutputForm {
    /// The format of files of rows that is meant, if it is one.
    pub fn of_rows(self) -> Option<Form> {
        match self {
            OutputForm::Text | OutputForm::Json => None,
            OutputForm::Csv => Some(Form::Text(Format::Csv)),
            OutputForm::Tsv => Some(Form::Text(Format::Tsv)),
            OutputForm::Jsonl => Some(Form::Text(Format::JsonLines)),
            OutputForm::Parquet => Some(Form::Binary(Binary::Parquet)),
            OutputForm::Arrow => Some(Form::Binary(Binary::Arrow)),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Precision {
    F64,
    F32,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Without TEMPLATE: `neuronc new` lists the templates, `neuronc new FILE.neuron` writes the first.\n\
    A file that is there already is never overwritten."
)]
pub struct New {
    /// What to start with
    #[arg(value_name = "TEMPLATE", value_parser = template_or_file())]
    pub first: Option<OsString>,
    /// Where to write it: TEMPLATE.neuron by default; `-` is standard output
    pub file: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Rows of random numbers, standard normal, are evaluated in memory; the best of several rounds counts. The peak is what the\n\
    machine's multiply-add instruction reaches beside it: no network can be faster than a synapse each."
)]
pub struct Bench {
    /// The network
    pub file: PathBuf,
    /// How many rows; by default 64 MiB of them, or a million
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub rows: Option<u64>,
    /// How many threads; by default as many as the machine runs at once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    /// Double or single precision
    #[arg(long, value_name = "P", default_value = "f64")]
    pub precision: Precision,
    /// How the figures are written
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub format: BenchForm,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BenchForm {
    /// A line a figure
    Text,
    /// One object
    Json,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Without a value of an input the network is drawn as it is. With one, or with --values, what it\n\
    computes is drawn in. Arrays of more than 32 elements are one node; so is more where there is much."
)]
pub struct Draw {
    /// The network
    pub file: PathBuf,
    /// Values of inputs; an array takes `NAME=1,2,3`; others take their defaults
    #[arg(value_name = "NAME=VALUE")]
    pub values: Vec<String>,
    /// Where the picture goes, complete or not at all; by default to standard output
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// What is written; by default what the name of the output tells, else svg
    #[arg(long, value_name = "FORM")]
    pub format: Option<PictureForm>,
    /// What svg and png are to be looked at on
    #[arg(long, value_name = "THEME", default_value = "auto")]
    pub theme: Theme,
    /// Pixels of png for each unit of svg
    #[arg(long, value_name = "N", default_value = "2", value_parser = clap::value_parser!(u32).range(1..=8))]
    pub scale: u32,
    /// Draw in what it computes, with the inputs' defaults
    #[arg(long = "values")]
    pub is_evaluated: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PictureForm {
    /// For browsers and documents
    Svg,
    /// Pixels, in a program with the feature png
    Png,
    /// For Graphviz
    #[value(alias = "gv")]
    Dot,
    /// For pages of GitHub and others
    #[value(alias = "mmd")]
    Mermaid,
    /// A page with inputs that can be moved, of up to 50,000 inputs, neurons and synapses
    #[value(alias = "htm")]
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Theme {
    /// White
    Light,
    /// Nearly black
    Dark,
    /// What the reader prefers, where the format can tell; else light
    Auto,
}

#[derive(Debug, Args)]
pub struct Files {
    /// The networks
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "A file is written only if it changes, and not at all if it has errors. `-` is standard input and output.\n\
    A list, matrix or block whose opening bracket ends its line stays open; any other stands on one line\n\
    if it fits into 100 columns."
)]
pub struct Fmt {
    /// The networks
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Write nothing; name the files that would change, and fail if there is one
    #[arg(long)]
    pub check: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "At the prompt, `:help` tells what can be typed. From a pipe there is no prompt, and the exit code is 1 if\n\
    any entry failed."
)]
pub struct Repl {
    /// The network to start with
    pub file: Option<PathBuf>,
    /// Keep no history of what is typed
    #[arg(long)]
    pub no_history: bool,
    /// Write each entry of a pipe before what comes of it
    #[arg(long)]
    pub echo: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "A code such as `E0201` is explained even if a file is called so: `./E0201` is the file. `neuronc explain neurons`\n\
    compares the artificial neuron with the biological one."
)]
pub struct Explain {
    /// A network, or a code such as E0201, or `neurons`
    #[arg(value_name = "FILE")]
    pub what: PathBuf,
    /// One input or neuron, as `c` or `h[2]`, and values of inputs; others take their defaults
    #[arg(value_name = "NEURON|NAME=VALUE")]
    pub rest: Vec<String>,
    /// Whose words: those of artificial neurons, of biological ones, or both
    #[arg(long, value_name = "WORDS", default_value = "both")]
    pub vocabulary: Words,
    /// How it is written
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub format: AccountForm,
    /// Everything, instead of the first or the largest of many
    #[arg(long)]
    pub all: bool,
    /// What rows say instead: which neurons never or always fire or are saturated, which inputs count most
    #[command(flatten)]
    pub rows: ReadOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Words {
    /// Weighted sums, activations, outputs
    Artificial,
    /// Dendrites, somata, axons
    Biological,
    /// Each beside the other
    Both,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AccountForm {
    /// Sentences and tables
    Text,
    /// The same for documents
    Markdown,
    /// A page with a picture and inputs that can be moved, as `draw` makes it
    Html,
    /// One object
    Json,
}

#[derive(Debug, Args)]
pub struct Completions {
    pub shell: clap_complete::Shell,
}

/// Takes any text, as it may be a file's name; help and completions name the templates.
fn template_or_file() -> impl TypedValueParser<Value = OsString> {
    #[derive(Clone)]
    struct TemplateOrFile;
    impl TypedValueParser for TemplateOrFile {
        type Value = OsString;
        fn parse_ref(
            &self,
            command: &clap::Command,
            argument: Option<&clap::Arg>,
            value: &std::ffi::OsStr,
        ) -> Result<OsString, clap::Error> {
            OsStringValueParser::new().parse_ref(command, argument, value)
        }
        fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
            Some(Box::new(TEMPLATES.iter().map(|template| PossibleValue::new(template.name).help(template.about))))
        }
    }
    TemplateOrFile
}

/// Reads `NAME=N` of `--limit`.
fn limit(text: &str) -> Result<(String, u64), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=N")?;
    let value: u64 = value.replace('_', "").parse().map_err(|_| format!("`{value}` is no whole number"))?;
    match Limits::default().set(name, value) {
        Ok(()) => Ok((name.to_owned(), value)),
        Err(neuronc::SetLimitError::TooHigh { ceiling }) => {
            Err(format!("`{name}` can be set to {ceiling} at the most"))
        }
        Err(neuronc::SetLimitError::Unknown) => {
            let names: Vec<&str> = Limits::TABLE.iter().map(|limit| limit.name).collect();
            Err(format!("the limits are {}", names.join(", ")))
        }
    }
}

fn limits_help() -> String {
    let rows = Limits::TABLE.iter().map(|limit| format!("  {:<12}{:>12}  {}", limit.name, limit.default, limit.what));
    format!("Raise or lower a limit. The limits and their defaults:\n{}", rows.collect::<Vec<_>>().join("\n"))
}

//! The line editor: completion, hints, colours, history. It runs on a thread of its own, so that a watched file can be
//! loaded while somebody types.

use std::borrow::Cow;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use clap::builder::styling::{AnsiColor, Style};
use neuronc::session::{Of, Session};
use neuronc::{Activation, Combine, Function, TokenKind, is_complete, statement_words, tokens};
use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter};
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{ColorMode, CompletionType, Config, Context, Editor, ExternalPrinter, Helper};

use super::commands::{COMMANDS, Completes, named};
use super::history;
use super::show::{FAINT, listed, word};

/// What came from the terminal.
pub enum Typed {
    Entry(String),
    /// Ctrl-C.
    GivenUp,
    /// Ctrl-D, or the terminal is gone.
    End,
}

/// The editor at work.
pub struct Editing {
    pub typed: Receiver<Typed>,
    /// Asks for the next entry.
    pub next: Sender<()>,
    /// Prints above what is being typed.
    printer: Sender<String>,
}

impl Editing {
    pub fn print(&self, text: String) {
        // An editor that is gone shows nothing.
        let _ = self.printer.send(text);
    }
}

/// What completion and hints know of the network.
#[derive(Default)]
pub struct Words {
    names: Vec<(String, Of, String)>,
    activations: Vec<String>,
}

/// So many names are completed.
const MOST_NAMES: usize = 10_000;

impl Words {
    pub fn of(session: &Session) -> Words {
        let names = session.names().into_iter().take(MOST_NAMES);
        let names = names.map(|named| {
            let value = listed(&named);
            (named.name, named.of, value)
        });
        Words { names: names.collect(), activations: session.activations() }
    }
}

/// Starts the editor.
pub fn start(words: Arc<Mutex<Words>>, history: Option<PathBuf>, coloured: bool) -> io::Result<Editing> {
    let (send_typed, typed) = channel();
    let (next, asked) = channel();
    let (printer, to_print) = channel::<String>();
    std::thread::Builder::new().name("editor".to_owned()).spawn(move || {
        let helper = Prompted { words, coloured, files: FilenameCompleter::new() };
        // What cannot be set up is as good as a terminal that is gone.
        let Ok(mut editor) = editor(helper, coloured) else {
            let _ = send_typed.send(Typed::End);
            return;
        };
        if let Some(history) = &history {
            // There is none the first time.
            let _ = editor.load_history(history);
        }
        if let Ok(mut above) = editor.create_external_printer() {
            // Without it nothing is told before the next entry.
            let _ = std::thread::Builder::new().spawn(move || {
                while let Ok(text) = to_print.recv() {
                    let _ = above.print(text);
                }
            });
        }
        let mut unkept = Vec::new();
        while asked.recv().is_ok() {
            let typed = match editor.readline("> ") {
                Ok(entry) => {
                    let is_new = editor.add_history_entry(entry.as_str()).unwrap_or(false);
                    if let Some(history) = history.as_ref().filter(|_| is_new) {
                        // What cannot be added is tried again with the next one.
                        unkept.push(entry.clone());
                        if history::add(history, &unkept).is_ok() {
                            unkept.clear();
                        }
                    }
                    Typed::Entry(entry)
                }
                Err(ReadlineError::Interrupted) => Typed::GivenUp,
                Err(_) => Typed::End,
            };
            if send_typed.send(typed).is_err() {
                return;
            }
        }
    })?;
    Ok(Editing { typed, next, printer })
}

fn editor(helper: Prompted, coloured: bool) -> rustyline::Result<Editor<Prompted, FileHistory>> {
    let config = Config::builder()
        .max_history_size(history::MOST)?
        .history_ignore_space(true)
        .completion_type(CompletionType::List)
        .color_mode(if coloured { ColorMode::Enabled } else { ColorMode::Disabled })
        .bracketed_paste(true)
        .build();
    let mut editor = Editor::with_config(config)?;
    editor.set_helper(Some(helper));
    Ok(editor)
}

/// What the editor asks while somebody types.
struct Prompted {
    words: Arc<Mutex<Words>>,
    coloured: bool,
    files: FilenameCompleter,
}

impl Helper for Prompted {}

impl Validator for Prompted {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let text = context.input();
        let is_whole = text.trim_start().starts_with(':') || is_complete(text);
        Ok(if is_whole { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

/// A hint that is shown, and what of it Right takes over.
pub struct Suggestion {
    text: String,
    is_typed: bool,
}

impl Hint for Suggestion {
    fn display(&self) -> &str {
        &self.text
    }

    fn completion(&self) -> Option<&str> {
        self.is_typed.then_some(self.text.as_str())
    }
}

/// How statements go on.
const FORMS: [(&str, &str); 11] = [
    ("network", " NAME"),
    ("import", " \"FILE.neuron\" as NAME"),
    ("const", " NAME = 3"),
    ("input", " NAME = 1"),
    ("weight", " NAME = 0.5"),
    ("bias", " NAME = 0.5"),
    ("activation", " NAME(z) = z / 2"),
    ("neuron", " NAME { activation = relu, bias = 0 }"),
    ("instance", " NAME = NETWORK { INPUT = NEURON }"),
    ("output", " NAME"),
    ("expect", " INPUT = 1 => NEURON = 2"),
];

/// The words of statements, each with how it goes on.
fn statements() -> impl Iterator<Item = (&'static str, &'static str)> {
    let form = |word: &str| FORMS.iter().find(|(known, _)| *known == word).map_or("", |(_, form)| form);
    statement_words().iter().map(move |word| (*word, form(word)))
}

impl Hinter for Prompted {
    type Hint = Suggestion;

    fn hint(&self, line: &str, at: usize, _: &Context<'_>) -> Option<Suggestion> {
        if at < line.len() || line.contains('\n') {
            return None;
        }
        if let Some(command) = line.strip_prefix(':') {
            let row = named(command).filter(|row| !row.form.is_empty())?;
            return Some(Suggestion { text: format!(" {}", row.form), is_typed: false });
        }
        if let Some((_, form)) = statements().find(|(word, _)| *word == line) {
            return Some(Suggestion { text: form.to_owned(), is_typed: false });
        }
        let words = self.words();
        let (_, _, value) = words.names.iter().find(|(name, ..)| name == line)?;
        Some(Suggestion { text: format!("  {value}"), is_typed: false })
    }
}

impl Prompted {
    fn words(&self) -> std::sync::MutexGuard<'_, Words> {
        self.words.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What may stand at the cursor, behind what is there of it.
    fn candidates(&self, line: &str, start: usize) -> Vec<Pair> {
        let before = line[..start].trim_end();
        let typed = &line[start..];
        let pair = |name: &str, beside: &str| {
            let display = if beside.is_empty() { name.to_owned() } else { format!("{name}  {beside}") };
            Pair { display, replacement: name.to_owned() }
        };
        let words = self.words();
        let mut found: Vec<Pair> = Vec::new();
        if before.ends_with('=') && before.trim_end_matches('=').trim_end().ends_with("activation") {
            found.extend(Activation::TABLE.iter().map(|row| pair(row.name, "")));
            found.extend(words.activations.iter().map(|name| pair(name, "")));
        } else if before.ends_with('=') && before.trim_end_matches('=').trim_end().ends_with("combine") {
            found.extend(Combine::TABLE.iter().map(|(name, _)| pair(name, "")));
        } else {
            let command = line.strip_prefix(':').and_then(|rest| named(rest.split_whitespace().next()?));
            let only_neurons = command.is_some_and(|row| row.completes == Completes::Neurons);
            let names = words.names.iter().filter(|(_, of, _)| !only_neurons || *of == Of::Neuron);
            found.extend(names.map(|(name, of, value)| pair(name, &format!("{} = {value}", word(*of)))));
            if only_neurons {
                found.extend(
                    ["on", "off"].map(|word| pair(word, "")).into_iter().filter(|_| line.starts_with(":trace")),
                );
            } else if before.is_empty() {
                found.extend(statements().map(|(word, form)| pair(word, form.trim_start())));
            } else if before.ends_with(['{', ',']) && before.contains('{') {
                let properties = ["bias", "activation", "combine", "range", "column", "rule", "trainable"];
                found.extend(properties.map(|name| pair(name, "")));
            }
            if !before.is_empty() && command.is_none() && !typed.is_empty() {
                found.extend(Function::TABLE.iter().map(|function| pair(function.name(), "")));
            }
        }
        found.retain(|pair| pair.replacement.starts_with(typed));
        found
    }
}

impl Completer for Prompted {
    type Candidate = Pair;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let typed = &line[..at];
        if let Some(command) = typed.strip_prefix(':') {
            let Some((name, rest)) = command.split_once(' ') else {
                let rows = COMMANDS.iter().filter(|row| row.name.starts_with(command));
                let pairs = rows.map(|row| Pair {
                    display: format!(":{}  {}", row.name, row.about),
                    replacement: format!(":{}", row.name),
                });
                return Ok((0, pairs.collect()));
            };
            let from = |words: &mut dyn Iterator<Item = &str>| {
                let start = at - rest.len();
                let fitting = words.filter(|word| word.starts_with(rest));
                let pairs = fitting.map(|word| Pair { display: word.to_owned(), replacement: word.to_owned() });
                (start, pairs.collect())
            };
            match named(name).map(|row| row.completes) {
                Some(Completes::Files) => return self.files.complete_path(line, at),
                Some(Completes::Words(words)) => return Ok(from(&mut words.iter().copied())),
                Some(Completes::Topics) => {
                    let topics = super::help::TOPICS.iter().map(|(name, _)| *name);
                    return Ok(from(&mut topics.chain(COMMANDS.iter().map(|row| row.name))));
                }
                Some(Completes::Nothing) | None => return Ok((at, Vec::new())),
                Some(Completes::Names | Completes::Neurons) => {}
            }
        }
        let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '.');
        let start = typed
            .rfind(|character| !is_part(character))
            .map_or(0, |before| before + typed[before..].chars().next().map_or(1, char::len_utf8));
        Ok((start, self.candidates(typed, start)))
    }
}

const KEYWORD: Style = AnsiColor::Blue.on_default().bold();
const FUNCTION: Style = AnsiColor::Cyan.on_default();
const NUMBER: Style = AnsiColor::Magenta.on_default();
const TEXT: Style = AnsiColor::Green.on_default();

impl Highlighter for Prompted {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if !self.coloured {
            return Cow::Borrowed(line);
        }
        let mut coloured = String::with_capacity(line.len() * 2);
        let mut at = 0;
        if line.starts_with(':') {
            let end = line.find(' ').unwrap_or(line.len());
            coloured.push_str(&format!("{KEYWORD}{}{KEYWORD:#}", &line[..end]));
            at = end;
        }
        let skipped = at;
        for (range, kind) in tokens(&line[skipped..]) {
            let range = range.start + skipped..range.end + skipped;
            coloured.push_str(&line[at..range.start]);
            let token = &line[range.clone()];
            let style = match kind {
                TokenKind::Keyword => KEYWORD,
                TokenKind::Function | TokenKind::Property => FUNCTION,
                TokenKind::Number => NUMBER,
                TokenKind::Text => TEXT,
                TokenKind::Comment | TokenKind::Documentation => FAINT,
                TokenKind::Name | TokenKind::Mark => Style::new(),
            };
            coloured.push_str(&format!("{style}{token}{style:#}"));
            at = range.end;
        }
        coloured.push_str(&line[at..]);
        Cow::Owned(coloured)
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        if self.coloured { Cow::Owned(format!("{KEYWORD}{prompt}{KEYWORD:#}")) } else { Cow::Borrowed(prompt) }
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.coloured { Cow::Owned(format!("{FAINT}{hint}{FAINT:#}")) } else { Cow::Borrowed(hint) }
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.coloured && kind != CmdKind::MoveCursor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_a_statement_has_a_form() {
        assert!(statements().all(|(_, form)| !form.is_empty()));
        assert_eq!(statements().count(), FORMS.len());
    }
}

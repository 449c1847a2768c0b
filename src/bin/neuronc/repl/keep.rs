//! Files: what the prompt starts from, loads, watches and saves.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use neuronc::session::{Ground, Session};
use neuronc::{Code, Sources, counted, neutralise, shown};

use super::commands::Row;
use super::show::{self, FAINT};
use super::{Repl, Told, UNNAMED, UNNAMED_FILE};
use crate::Outcome;
use crate::disk::Disk;
use crate::files::{Content, FileError, name_of, read, replace, shown_path, write_new};
use crate::inputs::usage;
use crate::load::{outcome_of, tell_file_error};
use crate::messages;
use crate::watch::Watched;

/// A file that the document was loaded from or saved to.
pub struct Kept {
    path: PathBuf,
    /// Of what it held then.
    hash: u64,
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

impl Repl<'_> {
    /// Starts with a file. One that cannot be read ends the program; one with errors can be mended and loaded again.
    pub(super) fn start(&mut self, file: &Path) -> io::Result<Option<Outcome>> {
        let bytes = match self.bytes(file) {
            Ok(bytes) => bytes,
            Err(Unreadable::File(error)) => return tell_file_error(&error, self.everywhere, self.streams).map(Some),
            Err(Unreadable::TooLong(told)) => {
                let (report, sources) = *told;
                messages::tell(std::slice::from_ref(&report), &sources, self.everywhere, self.streams)?;
                return Ok(Some(outcome_of(&[report], self.everywhere)));
            }
        };
        self.asked = Some(file.to_owned());
        let hash = hash(&bytes);
        let ground = Ground { files: &*self.disk, limits: &self.limits };
        match Session::open(&name_of(file), bytes, &ground) {
            Ok((session, warnings)) => {
                self.session = session;
                self.files.insert(name_of(file), Kept { path: file.to_owned(), hash });
                self.warn(&warnings)?;
            }
            Err(failure) => {
                self.fail(&failure)?;
                writeln!(self.streams.err, "the prompt starts without it; mend the file, then `:reload`")?;
            }
        }
        Ok(None)
    }

    /// The file that the document was loaded from or saved to, or the one that was asked for.
    fn file(&self) -> Option<PathBuf> {
        self.file_of(self.session.name())
    }

    fn file_of(&self, document: &str) -> Option<PathBuf> {
        let kept = self.files.get(document).map(|kept| &kept.path);
        kept.or(self.asked.as_ref().filter(|_| document == UNNAMED)).cloned()
    }

    /// Makes what the document may read that of its own folder, as undoing may have brought back another document.
    pub(super) fn follow_document(&mut self) {
        let name = self.session.name().to_owned();
        self.follow(&name);
    }

    /// The same for the document called `name`.
    pub(super) fn follow(&mut self, name: &str) {
        let file = self.file_of(name).unwrap_or_else(|| PathBuf::from(UNNAMED_FILE));
        if file != self.disk_of
            && let Ok(disk) = Disk::new(&file, &self.everywhere.allow_path)
        {
            self.disk = Arc::new(disk);
            self.disk_of = file;
        }
    }

    fn bytes(&self, file: &Path) -> Result<Vec<u8>, Unreadable> {
        match read(file, self.limits.source) {
            Ok(Content::Bytes(bytes)) => Ok(bytes),
            Ok(Content::TooLong(length)) => {
                let mut sources = Sources::new();
                let report = sources.refuse(&name_of(file), length, &self.limits);
                Err(Unreadable::TooLong(Box::new((report, sources))))
            }
            Err(error) => Err(Unreadable::File(error)),
        }
    }

    pub(super) fn load(&mut self, row: &Row, file: &str) -> io::Result<()> {
        if file.is_empty() {
            return self.lacks(row);
        }
        self.load_path(&path_of(file))
    }

    pub(super) fn reload(&mut self) -> io::Result<()> {
        match self.file() {
            Some(file) => self.load_path(&file),
            None => self.has_no_file("there is no file to load again"),
        }
    }

    fn has_no_file(&mut self, message: &str) -> io::Result<()> {
        let help = "`:load FILE` loads one, `:save FILE` writes one".to_owned();
        self.refuse(usage(Code::E0701, message.to_owned(), Some(help)))
    }

    fn load_path(&mut self, file: &Path) -> io::Result<()> {
        let told = self.loaded(file);
        self.tell(&told)
    }

    /// Loads a file; what is to be told of it.
    fn loaded(&mut self, file: &Path) -> Told {
        let watched = Watched::file(file);
        let bytes = match self.bytes(file) {
            Ok(bytes) => bytes,
            Err(unreadable) => return self.unreadable(unreadable),
        };
        let hash = hash(&bytes);
        self.watched = self.watched.take().map(|_| watched);
        let disk = match Disk::new(file, &self.everywhere.allow_path) {
            Ok(disk) => Arc::new(disk),
            Err(error) => return self.unreadable(Unreadable::File(error)),
        };
        let before = self.session.clone();
        let name = name_of(file);
        let ground = Ground { files: &*disk, limits: &self.limits };
        let mut told = Told::default();
        match self.session.load(&name, bytes, &ground) {
            Ok((changes, warnings)) => {
                (self.disk, self.disk_of) = (disk, file.to_owned());
                self.files.insert(name.clone(), Kept { path: file.to_owned(), hash });
                let counts = self.session.network().counts();
                let size = [(counts.inputs, "input"), (counts.neurons, "neuron"), (counts.synapses, "synapse")];
                let size = size.map(|(count, noun)| counted(count, noun)).join(", ");
                told.out = format!("{FAINT}{}: {size}{FAINT:#}\n", neutralise(&name));
                // Of another document everything differs.
                if before.name() == name {
                    told.out.push_str(&show::changes(&changes, self.streams.width));
                }
                told.out.push_str(&self.after_change(&before));
                told.err = self.rendered(&warnings, self.session.sources());
            }
            Err(failure) => {
                // What has a mistake now is not read again before it changes.
                self.disk.note(disk.seen());
                self.failed = true;
                told.err = self.rendered(&failure.diagnostics, &failure.sources);
                told.err.push_str("the network is as it was\n");
            }
        }
        told
    }

    fn unreadable(&mut self, unreadable: Unreadable) -> Told {
        self.failed = true;
        let (report, sources) = match unreadable {
            Unreadable::File(error) => {
                let message = format!("`{}` cannot be read: {}", shown_path(&error.name), error.reason);
                (messages::error(Code::E0701, message), Sources::new())
            }
            Unreadable::TooLong(told) => *told,
        };
        Told { out: String::new(), err: self.rendered(&[report], &sources) }
    }

    pub(super) fn watch(&mut self, row: &Row, what: &str) -> io::Result<()> {
        match (what, self.file()) {
            ("off", _) => {
                self.watched = None;
                writeln!(self.streams.out, "no file is watched")
            }
            ("on", Some(file)) => match self.bytes(&file) {
                Ok(_) => {
                    self.watched = Some(Watched::file(&file));
                    writeln!(
                        self.streams.out,
                        "{} is loaded again when it, or a file that it names, is saved",
                        shown_path(&name_of(&file))
                    )
                }
                Err(unreadable) => {
                    let told = self.unreadable(unreadable);
                    self.tell(&told)
                }
            },
            ("on", None) => self.has_no_file("there is no file to watch"),
            _ => self.lacks(row),
        }
    }

    /// Loads a watched file again if it, or one that it names, was written; what is to be told then.
    pub(super) fn look_at_file(&mut self) -> Option<Told> {
        let (watched, file) = (self.watched.as_ref()?, self.file()?);
        if !watched.has(&file) {
            // Undoing brought back another document.
            self.watched = Some(Watched::file(&file));
            return None;
        }
        let is_changed = watched.is_changed() || self.disk.seen().is_changed();
        is_changed.then(|| self.loaded(&file))
    }

    pub(super) fn save(&mut self, file: &str) -> io::Result<()> {
        let own = self.files.get(self.session.name());
        let file = match (file, own) {
            ("", Some(own)) => own.path.clone(),
            ("", None) => {
                let help = "say where: `:save NAME.neuron`".to_owned();
                return self.refuse(usage(Code::E0614, "this network has no file yet".to_owned(), Some(help)));
            }
            (file, _) => path_of(file),
        };
        if file.as_os_str() == "-" {
            return write!(self.streams.out, "{}", self.session.text());
        }
        let name = name_of(&file);
        if file.extension().is_none_or(|ending| ending != "neuron") {
            let name = shown_path(&name);
            let help = format!("write `{name}.neuron`");
            let message = format!("the file's name `{name}` does not end with `.neuron`");
            return self.refuse(usage(Code::E0606, message, Some(help)));
        }
        let own = own.filter(|own| own.path == file);
        let is_other = own.is_some_and(|own| matches!(self.bytes(&file), Ok(bytes) if hash(&bytes) != own.hash));
        if is_other {
            let message = format!("`{}` was changed by somebody since it was loaded", shown_path(&name));
            let help = "`:reload` takes what it holds now, `:save OTHER.neuron` writes another file".to_owned();
            return self.refuse(usage(Code::E0702, message, Some(help)));
        }
        let text = self.session.text();
        // A file that is not this document's is never overwritten.
        let written = match own {
            Some(_) => replace(&file, text.as_bytes()),
            None => write_new(&file, text.as_bytes()),
        };
        if let Err(error) = written {
            return self.not_written(&error);
        }
        writeln!(self.streams.out, "wrote {}", shown_path(&name))?;
        let set: Vec<String> = self.session.set_inputs().map(shown).collect();
        if let Some(first) = set.first() {
            let set = set.join(", ");
            writeln!(
                self.streams.out,
                "{FAINT}not saved: the values of {set} (`input {first} = …` changes a default){FAINT:#}"
            )?;
        }
        self.streams.out.flush()?;
        self.saved(file, hash(text.as_bytes()))
    }

    /// The document is now that file's.
    fn saved(&mut self, file: PathBuf, hash: u64) -> io::Result<()> {
        let disk = match Disk::new(&file, &self.everywhere.allow_path) {
            Ok(disk) => Arc::new(disk),
            Err(error) => {
                let told = self.unreadable(Unreadable::File(error));
                return self.tell(&told);
            }
        };
        let name = name_of(&file);
        let ground = Ground { files: &*disk, limits: &self.limits };
        match self.session.saved(&name, &ground) {
            Ok(()) => {
                (self.disk, self.disk_of) = (disk, file.clone());
                self.watched = self.watched.take().map(|_| Watched::file(&file));
                self.files.insert(name, Kept { path: file, hash });
                Ok(())
            }
            Err(failure) => {
                self.fail(&failure)?;
                writeln!(self.streams.err, "the file is written, but what it names is not beside it")
            }
        }
    }

    fn not_written(&mut self, error: &FileError) -> io::Result<()> {
        let message = format!("`{}` cannot be written: {}", shown_path(&error.name), error.reason);
        let is_there = error.kind == io::ErrorKind::AlreadyExists;
        let help = is_there.then(|| "it is as it was; give another name, or `:load` it first".to_owned());
        self.refuse(usage(Code::E0702, message, help))
    }
}

/// Why there are no bytes of a file.
enum Unreadable {
    File(FileError),
    TooLong(Box<(neuronc::Diagnostic, Sources)>),
}

/// The path that was typed; quotes around one with blanks are no part of it.
fn path_of(typed: &str) -> PathBuf {
    PathBuf::from(typed.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(typed))
}

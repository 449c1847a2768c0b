//! How the library gets the files that a source names: through a trait that its caller implements.

use std::collections::BTreeMap;

use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::text::quoted;

/// The files that sources name: a disk, or a map in memory.
///
/// An implementation decides what may be read, and holds a source of anyone's to that: paths are untrusted. Before it
/// is asked, the library refuses every path that is not relative and written with `/` ([`Refusal::NotRelative`]).
///
/// A map from names to bytes is one: a path names what [`beside`] makes of it.
pub trait Files {
    /// The whole content of the file at `path`, which the source called `named_in` names; at most `limit` bytes.
    ///
    /// # Errors
    /// Why it is not given; the library reports it at the place that names the file.
    fn read(&self, path: &str, named_in: &str, limit: u64) -> Result<Vec<u8>, Refusal>;
}

/// No files at all: each is refused with [`Refusal::NoFiles`].
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str, _: &str, _: u64) -> Result<Vec<u8>, Refusal> {
        Err(Refusal::NoFiles)
    }
}

impl Files for BTreeMap<String, Vec<u8>> {
    fn read(&self, path: &str, named_in: &str, limit: u64) -> Result<Vec<u8>, Refusal> {
        let name = beside(named_in, path).ok_or(Refusal::Outside)?;
        let bytes = self.get(&name).ok_or(Refusal::Missing)?;
        let size = bytes.len() as u64;
        if size > limit { Err(Refusal::TooLong { size: Some(size), limit }) } else { Ok(bytes.clone()) }
    }
}

/// Why a file is not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody reads files here.
    NoFiles,
    /// The path is something else than names with `/` between them: what it is, as `an absolute path`.
    NotRelative(&'static str),
    /// The path, or a link on its way, leads out of the folders that may be read.
    Outside,
    /// There is no such file.
    Missing,
    /// The file has so many names (hard links) that it may be one of elsewhere.
    SeveralNames(u64),
    /// It is no regular file, but what is said: `a folder`.
    NotRegular(&'static str),
    /// It has more bytes than may be read; how many, if that is known.
    TooLong {
        /// Its bytes.
        size: Option<u64>,
        /// How many bytes may be read.
        limit: u64,
    },
    /// The system says why not.
    Unreadable(String),
}

impl Refusal {
    /// The report at the place that names the file.
    pub(crate) fn report(self, path: &str, at: Span) -> Diagnostic {
        let file = if path.is_empty() { "this".to_owned() } else { quoted(path) };
        match self {
            Refusal::NoFiles => {
                Diagnostic::error(Code::E0701, format!("{file} cannot be read: no files are read here"))
                    .label(at, "a file")
            }
            Refusal::NotRelative(what) => Diagnostic::error(Code::E0703, format!("{file} is {what}"))
                .label(at, "no relative path")
                .help("paths start from the folder of the file that names them and use `/`: `\"weights/layer.npy\"`"),
            Refusal::Outside => {
                Diagnostic::error(Code::E0704, format!("{file} leads out of the folders that may be read"))
                    .label(at, "leads outside")
                    .help("files are read from the folder of the file that is run; `--allow-path DIR` allows another")
            }
            Refusal::Missing => Diagnostic::error(Code::E0701, format!("{file} cannot be read: there is no such file"))
                .label(at, "not found")
                .help("paths start from the folder of the file that names them"),
            Refusal::SeveralNames(count) => Diagnostic::error(
                Code::E0705,
                format!("{file} has {count} names, so that it may be a file of elsewhere"),
            )
            .label(at, "a hard link")
            .help("a copy of the file has one name"),
            Refusal::NotRegular(what) => {
                Diagnostic::error(Code::E0706, format!("{file} is {what}, not a regular file")).label(at, what)
            }
            Refusal::TooLong { size, limit } => {
                let size = size.map_or("more bytes than may be read".to_owned(), |size| format!("{size} bytes"));
                Diagnostic::error(
                    Code::E0908,
                    format!("{file} has {size}; {limit} are left of the limit on all files that a source names"),
                )
                .label(at, "passes the limit")
                .help("`--limit files=N` allows more")
            }
            Refusal::Unreadable(reason) => {
                Diagnostic::error(Code::E0701, format!("{file} cannot be read: {reason}")).label(at, "unreadable")
            }
        }
    }
}

/// What of a path as written makes it no relative one, if anything does.
pub(crate) fn relative(path: &str) -> Result<(), Refusal> {
    let letter = path.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    let what = match path {
        "" => "an empty path",
        _ if path.chars().any(char::is_control) => "a path with a control character",
        _ if path.contains("://") => "an address, which is never fetched",
        _ if path.starts_with("\\\\") || path.starts_with("//") => "a path to another machine",
        _ if letter && path.as_bytes().get(1) == Some(&b':') => "a path with a drive letter",
        _ if path.starts_with('/') => "an absolute path",
        _ if path.starts_with('~') => "a path into a home folder",
        _ if path.contains('\\') => "a path with `\\`",
        _ => return Ok(()),
    };
    Err(Refusal::NotRelative(what))
}

/// The name of the file at `path` in messages and maps, where the source called `named_in` names it: the path from the
/// folder of `named_in`, without `.` and `..`. None if it leads above where the name starts.
///
/// ```
/// assert_eq!(neuronc::beside("model.neuron", "w.npy").as_deref(), Some("w.npy"));
/// assert_eq!(neuronc::beside("lib/gates.neuron", "../w/a.npy").as_deref(), Some("w/a.npy"));
/// assert_eq!(neuronc::beside("lib/gates.neuron", "../../w.npy"), None);
/// ```
#[must_use]
pub fn beside(named_in: &str, path: &str) -> Option<String> {
    let folder = named_in.rfind('/').map_or("", |end| &named_in[..=end]);
    let absolute = if folder.starts_with('/') { "/" } else { "" };
    let mut parts = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            // A folder above the one where all names start stays in the name.
            ".." if parts.is_empty() && parts_above(folder) => parts.push(part),
            ".." if parts.last().is_some_and(|last| *last == "..") => parts.push(part),
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(format!("{absolute}{}", parts.join("/")))
}

/// Whether a folder's name starts with `..`.
fn parts_above(folder: &str) -> bool {
    folder.split('/').find(|part| !matches!(*part, "" | ".")) == Some("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_relative_paths_pass() {
        for path in ["w.npy", "a/b.csv", "../w.npy", "a b/ü.npy", "..", "c", "aa:b"] {
            assert_eq!(relative(path), Ok(()), "{path}");
        }
        for (path, what) in [
            ("", "an empty path"),
            ("a\0b", "a path with a control character"),
            ("https://x.org/w.npy", "an address, which is never fetched"),
            ("file:///etc/passwd", "an address, which is never fetched"),
            ("\\\\host\\share\\w.npy", "a path to another machine"),
            ("//host/share/w.npy", "a path to another machine"),
            ("C:\\w.npy", "a path with a drive letter"),
            ("c:w.npy", "a path with a drive letter"),
            ("/etc/passwd", "an absolute path"),
            ("~/w.npy", "a path into a home folder"),
            ("~root/w.npy", "a path into a home folder"),
            ("a\\b.npy", "a path with `\\`"),
        ] {
            assert_eq!(relative(path), Err(Refusal::NotRelative(what)), "{path:?}");
        }
    }

    #[test]
    fn names_are_joined_without_steps_back() {
        for (named_in, path, joined) in [
            ("a.neuron", "./b//c.npy", Some("b/c.npy")),
            ("/home/a.neuron", "w.npy", Some("/home/w.npy")),
            ("x/y/a.neuron", "../w.npy", Some("x/w.npy")),
            ("a.neuron", "../w.npy", None),
            ("../m/a.neuron", "w.npy", Some("../m/w.npy")),
            ("../m/a.neuron", "../w.npy", Some("../w.npy")),
            ("../m/a.neuron", "../../w.npy", Some("../../w.npy")),
        ] {
            assert_eq!(beside(named_in, path).as_deref(), joined, "{path} in {named_in}");
        }
    }
}

//! Files that are watched, by when they were written last and how long they are.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often files that are watched are looked at.
pub const LOOK: Duration = Duration::from_millis(200);

/// What tells a file from what it was before.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Stamp {
        Stamp { modified: metadata.modified().ok(), length: metadata.len() }
    }

    fn at(path: &Path) -> Option<Stamp> {
        fs::metadata(path).ok().as_ref().map(Stamp::of)
    }
}

/// Files as they were when they were read; one that was not there has no stamp.
#[derive(Debug, Clone, Default)]
pub struct Watched {
    files: BTreeMap<PathBuf, Option<Stamp>>,
}

impl Watched {
    /// A file as it is now, before it is read.
    pub fn file(path: &Path) -> Watched {
        Watched { files: BTreeMap::from([(path.to_owned(), Stamp::at(path))]) }
    }

    /// Takes note of a file that was opened, or is not there.
    pub fn note(&mut self, path: &Path, metadata: Option<&Metadata>) {
        self.files.insert(path.to_owned(), metadata.map(Stamp::of));
    }

    /// Takes note of others.
    pub fn extend(&mut self, others: Watched) {
        self.files.extend(others.files);
    }

    /// All of them.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.keys().map(PathBuf::as_path)
    }

    pub fn has(&self, path: &Path) -> bool {
        self.files.contains_key(path)
    }

    /// Whether a file is another one than before. One that is not there for a moment is perhaps just being replaced.
    pub fn is_changed(&self) -> bool {
        self.changed().is_some()
    }

    /// The first such file.
    pub fn changed(&self) -> Option<&Path> {
        let is_other = |(path, before): &(&PathBuf, &Option<Stamp>)| {
            let now = Stamp::at(path);
            now.is_some() && now != **before
        };
        self.files.iter().find(is_other).map(|(path, _)| path.as_path())
    }
}

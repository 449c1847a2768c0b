//! The files that a source names, on the disk: only those in the folder of the file that is run, or in folders that the
//! user allows.
//!
//! A source may be anyone's. So a folder is opened first and its files beneath it by handle, a name at a time, without
//! following links: a link is read and its target looked up again from the start. What was checked is what is read,
//! since nothing is opened twice.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use neuronc::{Files, Refusal};

use crate::files::{FileError, name_of, reason};
use crate::watch::Watched;

/// The folders that may be read.
pub struct Disk {
    /// What names of sources start with that are beside the file that is run.
    prefix: String,
    /// The folder of that file, as the user gave it.
    folder: PathBuf,
    /// The same as the system knows it, once it was needed.
    home: OnceLock<PathBuf>,
    /// Others that the user allows, as the system knows them.
    allowed: Vec<PathBuf>,
    /// What was read, or sought and not found.
    seen: Mutex<Watched>,
}

/// So many links may lead to a file.
const MOST_LINKS: usize = 40;

impl Disk {
    /// The folder of `entry`, or the one where the program runs for standard input, and those that are allowed.
    pub fn new(entry: &Path, allowed: &[PathBuf]) -> Result<Disk, FileError> {
        let folder = match entry.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
            _ => PathBuf::from("."),
        };
        let name = name_of(entry);
        let prefix = name.rfind('/').map_or("", |end| &name[..=end]).to_owned();
        let known = |path: &PathBuf| {
            let fail = |error: io::Error| FileError { name: name_of(path), reason: reason(&error), kind: error.kind() };
            match path.canonicalize() {
                Ok(known) if known.is_dir() => Ok(known),
                Ok(_) => Err(fail(io::Error::new(io::ErrorKind::NotADirectory, "it is no folder"))),
                Err(error) => Err(fail(error)),
            }
        };
        let allowed = allowed.iter().map(known).collect::<Result<Vec<PathBuf>, FileError>>()?;
        Ok(Disk { prefix, folder, home: OnceLock::new(), allowed, seen: Mutex::default() })
    }

    /// What was read so far, or sought and not found.
    pub fn seen(&self) -> Watched {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes note that files were read otherwise.
    pub fn note(&self, others: Watched) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).extend(others);
    }

    fn note_one(&self, path: &Path, file: Option<&File>) {
        let metadata = file.and_then(|file| file.metadata().ok());
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).note(path, metadata.as_ref());
    }

    /// The folder of the file that is run, as the system knows it.
    fn home(&self) -> Result<&Path, Refusal> {
        if let Some(home) = self.home.get() {
            return Ok(home);
        }
        let home = self.folder.canonicalize().map_err(|error| refused(&error))?;
        Ok(self.home.get_or_init(|| home))
    }
}

impl Files for Disk {
    fn read(&self, path: &str, named_in: &str, limit: u64) -> Result<Vec<u8>, Refusal> {
        let home = self.home()?;
        // What is beside the file that is run, or beside one that it names.
        let named_in = named_in.strip_prefix(self.prefix.as_str()).unwrap_or(named_in);
        let beside = named_in.rfind('/').map_or("", |end| &named_in[..=end]);
        let mut target = without_steps(home.to_path_buf(), &Path::new(beside).join(path)).ok_or(Refusal::Outside)?;
        for _ in 0..=MOST_LINKS {
            let roots = std::iter::once(home).chain(self.allowed.iter().map(PathBuf::as_path));
            let inside = roots.filter_map(|root| target.strip_prefix(root).ok().map(|rest| (root, rest))).next();
            let Some((root, rest)) = inside else { return Err(Refusal::Outside) };
            let opened = beneath::open(root, rest).inspect_err(|_| self.note_one(&target, None))?;
            match opened {
                Opened::File(file) => {
                    self.note_one(&target, Some(&file));
                    return whole(file, limit);
                }
                Opened::Link { folder, target: link, rest } => {
                    let onward = link.join(rest);
                    target = without_steps(folder, &onward).ok_or(Refusal::Outside)?;
                }
            }
        }
        Err(Refusal::Unreadable(format!("more than {MOST_LINKS} links lead to it")))
    }
}

/// What was found at a path.
enum Opened {
    File(File),
    /// A link in `folder`, and what of the path was still to come.
    Link {
        folder: PathBuf,
        target: PathBuf,
        rest: PathBuf,
    },
}

/// `path` from `folder` on, without `.` and `..`; none if it leads above the root.
fn without_steps(mut folder: PathBuf, path: &Path) -> Option<PathBuf> {
    for component in path.components() {
        match component {
            Component::Prefix(_) | Component::RootDir => folder.push(component),
            Component::CurDir => {}
            Component::ParentDir => {
                if !folder.pop() {
                    return None;
                }
            }
            Component::Normal(name) => folder.push(name),
        }
    }
    Some(folder)
}

/// All bytes of an open file, if it is a regular one with one name and within the limit.
fn whole(mut file: File, limit: u64) -> Result<Vec<u8>, Refusal> {
    let metadata = file.metadata().map_err(|error| refused(&error))?;
    regular(&metadata)?;
    let size = metadata.len();
    let too_long = |size| Err(Refusal::TooLong { size, limit });
    if size > limit {
        return too_long(Some(size));
    }
    let mut bytes = Vec::new();
    let room = usize::try_from(size).ok().and_then(|size| size.checked_add(1));
    if room.is_none_or(|room| bytes.try_reserve_exact(room).is_err()) {
        return Err(Refusal::Unreadable("there is not enough memory for it".to_owned()));
    }
    // It may grow while it is read.
    (&mut file).take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| refused(&error))?;
    if bytes.len() as u64 > limit { too_long(None) } else { Ok(bytes) }
}

fn regular(metadata: &std::fs::Metadata) -> Result<(), Refusal> {
    if metadata.is_dir() {
        return Err(Refusal::NotRegular("a folder"));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::{FileTypeExt, MetadataExt};
        let kind = metadata.file_type();
        let what = match () {
            () if kind.is_fifo() => "a pipe",
            () if kind.is_socket() => "a socket",
            () if kind.is_char_device() || kind.is_block_device() => "a device",
            () if !kind.is_file() => "something special",
            () if metadata.nlink() > 1 => return Err(Refusal::SeveralNames(metadata.nlink())),
            () => return Ok(()),
        };
        Err(Refusal::NotRegular(what))
    }
    #[cfg(not(unix))]
    match metadata.is_file() {
        true => Ok(()),
        false => Err(Refusal::NotRegular("something special")),
    }
}

fn refused(error: &io::Error) -> Refusal {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Refusal::Missing,
        _ => Refusal::Unreadable(reason(error)),
    }
}

/// The names of a path without steps.
fn names(path: &Path) -> VecDeque<OsString> {
    path.components().map(|component| component.as_os_str().to_owned()).collect()
}

#[cfg(unix)]
mod beneath {
    //! By handle: a folder, then what is in it.

    use std::ffi::OsString;
    use std::fs::File;
    use std::os::fd::OwnedFd;
    use std::os::unix::ffi::OsStringExt;
    use std::path::{Path, PathBuf};

    use neuronc::Refusal;
    use rustix::fs::{CWD, FileType, Mode, OFlags, openat, readlinkat, statat};
    use rustix::io::Errno;

    use super::{Opened, names, refused};

    pub(super) fn open(root: &Path, rest: &Path) -> Result<Opened, Refusal> {
        let told = |error: Errno| refused(&error.into());
        // Nothing may wait for the other end of a pipe, or make a terminal ours.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let mut folder: OwnedFd = openat(CWD, root, flags | OFlags::DIRECTORY, Mode::empty()).map_err(told)?;
        let mut at = root.to_path_buf();
        let mut left = names(rest);
        while let Some(name) = left.pop_front() {
            match readlinkat(&folder, &name, Vec::new()) {
                Ok(target) => {
                    let target = PathBuf::from(OsString::from_vec(target.into_bytes()));
                    return Ok(Opened::Link { folder: at, target, rest: left.into_iter().collect() });
                }
                // What the system says of everything that is no link.
                Err(Errno::INVAL) => {}
                Err(error) => return Err(told(error)),
            }
            if left.is_empty() {
                // Some devices act when they are opened, and sockets cannot be.
                let status = statat(&folder, &name, rustix::fs::AtFlags::SYMLINK_NOFOLLOW).map_err(told)?;
                match FileType::from_raw_mode(status.st_mode) {
                    FileType::Socket => return Err(Refusal::NotRegular("a socket")),
                    FileType::CharacterDevice | FileType::BlockDevice => return Err(Refusal::NotRegular("a device")),
                    FileType::RegularFile
                    | FileType::Directory
                    | FileType::Symlink
                    | FileType::Fifo
                    | FileType::Unknown => {}
                }
                return openat(&folder, &name, flags, Mode::empty())
                    .map(|file| Opened::File(file.into()))
                    .map_err(told);
            }
            folder = openat(&folder, &name, flags | OFlags::DIRECTORY, Mode::empty()).map_err(told)?;
            at.push(name);
        }
        Ok(Opened::File(File::from(folder)))
    }
}

#[cfg(not(unix))]
mod beneath {
    //! By name: every part is looked at before, and the open file's place after. Between the two another process of the
    //! same user could swap a folder for a link, which the library cannot see without handles to folders.

    use std::fs::{self, File};
    use std::path::Path;

    use neuronc::Refusal;

    use super::{Opened, names, refused};

    pub(super) fn open(root: &Path, rest: &Path) -> Result<Opened, Refusal> {
        let mut at = root.to_path_buf();
        let mut left = names(rest);
        while let Some(name) = left.pop_front() {
            // A second name for a stream of a file, or of a device.
            if name.to_string_lossy().contains(':') {
                return Err(Refusal::NotRelative("a path with `:`"));
            }
            let next = at.join(name);
            let metadata = fs::symlink_metadata(&next).map_err(|error| refused(&error))?;
            if metadata.is_symlink() {
                let target = fs::read_link(&next).map_err(|error| refused(&error))?;
                return Ok(Opened::Link { folder: at, target, rest: left.into_iter().collect() });
            }
            if left.is_empty() && !metadata.is_file() {
                return Err(Refusal::NotRegular(if metadata.is_dir() { "a folder" } else { "something special" }));
            }
            at = next;
        }
        let file = File::open(&at).map_err(|error| refused(&error))?;
        let found = at.canonicalize().map_err(|error| refused(&error))?;
        if found.starts_with(root) { Ok(Opened::File(file)) } else { Err(Refusal::Outside) }
    }
}

//! The disk: how the library gets its files, and how new ones come to be.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// A file that could not be read or written, and why.
#[derive(Debug)]
pub struct FileError {
    pub name: String,
    pub reason: String,
    pub kind: ErrorKind,
}

/// The name of a file in messages.
pub fn name_of(path: &Path) -> String {
    if path.as_os_str() == "-" { "standard input".to_owned() } else { path.to_string_lossy().into_owned() }
}

/// A path that is perhaps no file's, inert; the end of a long one.
pub fn shown_path(name: &str) -> String {
    const MOST: usize = 200;
    let inert = neuronc::neutralise(name);
    match inert.char_indices().nth_back(MOST) {
        Some((start, first)) => format!("…{}", &inert[start + first.len_utf8()..]),
        None => inert.into_owned(),
    }
}

/// What is in a file.
pub enum Content {
    Bytes(Vec<u8>),
    /// So many bytes, which were not read.
    TooLong(u64),
}

/// The bytes of a file, or of standard input for `-`; a file of more than `limit` is not read, and of standard input, or
/// a file that grows, one more, so that it shows.
pub fn read(path: &Path, limit: u64) -> Result<Content, FileError> {
    let fail = |error: io::Error| FileError { name: name_of(path), reason: reason(&error), kind: error.kind() };
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        io::stdin().lock().take(limit + 1).read_to_end(&mut bytes).map_err(fail)?;
        return Ok(Content::Bytes(bytes));
    }
    let metadata = fs::metadata(path).map_err(fail)?;
    if !metadata.is_file() {
        let what = if metadata.is_dir() { "it is a folder" } else { "it is no regular file" };
        return Err(FileError { name: name_of(path), reason: what.to_owned(), kind: ErrorKind::InvalidInput });
    }
    if metadata.len() > limit {
        return Ok(Content::TooLong(metadata.len()));
    }
    let file = File::open(path).map_err(fail)?;
    file.take(limit + 1).read_to_end(&mut bytes).map_err(fail)?;
    Ok(Content::Bytes(bytes))
}

/// Writes a file that is not there yet: complete or not at all, and never over another.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let fail = |error: io::Error| FileError {
        name: name_of(path),
        reason: match error.kind() {
            ErrorKind::AlreadyExists => "it is there already".to_owned(),
            ErrorKind::NotFound => "there is no such folder".to_owned(),
            _ => reason(&error),
        },
        kind: error.kind(),
    };
    // Told before the folder is tried, which perhaps cannot be written at all. A link to nothing is something, too.
    if fs::symlink_metadata(path).is_ok() {
        return Err(fail(ErrorKind::AlreadyExists.into()));
    }
    let complete = Temporary::beside(path, bytes).map_err(fail)?;
    complete.move_to_nothing(path).map_err(fail)
}

/// Replaces what a file holds: completely or not at all. Its permissions stay, and behind a link the file that it leads
/// to is replaced.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let fail = |error: io::Error| FileError { name: name_of(path), reason: reason(&error), kind: error.kind() };
    let target = fs::canonicalize(path).map_err(fail)?;
    // A rename asks the folder alone: who may not write the file must not replace it either.
    let old = File::options().write(true).open(&target).map_err(fail)?;
    let mut new = Growing::over(target, &old).map_err(fail)?;
    new.write_all(bytes).map_err(fail)?;
    new.finish().map_err(fail)
}

/// A file that is written bit by bit and then replaces what its target holds: completely or not at all.
pub struct Growing {
    file: File,
    temporary: Temporary,
    target: PathBuf,
}

impl Growing {
    /// Begins a file in the place of `path`, whose folder is there. Behind a link the file that it leads to is replaced.
    pub fn begin(path: &Path) -> io::Result<Growing> {
        let target = match fs::canonicalize(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => path.to_owned(),
            found => found?,
        };
        match File::options().write(true).open(&target) {
            Ok(old) => Growing::over(target, &old),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let (file, temporary) = Temporary::create(&target)?;
                Ok(Growing { file, temporary, target })
            }
            Err(error) => Err(error),
        }
    }

    /// Begins a file with the permissions of the old one.
    fn over(target: PathBuf, old: &File) -> io::Result<Growing> {
        let permissions = old.metadata()?.permissions();
        let (file, temporary) = Temporary::create(&target)?;
        file.set_permissions(permissions)?;
        Ok(Growing { file, temporary, target })
    }

    /// The passing name.
    pub fn path(&self) -> &Path {
        &self.temporary.path
    }

    pub fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    /// Puts what was written in the place of the target.
    pub fn finish(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.temporary.path, &self.target)?;
        self.temporary.is_moved = true;
        self.temporary.settle()
    }
}

/// A complete file under a passing name in the folder of its target; removed at the end if it is still there.
struct Temporary {
    path: PathBuf,
    /// Whether the name is no longer ours.
    is_moved: bool,
    /// Open before anything is changed, so that what is moved can be made to last.
    folder: Option<File>,
}

impl Temporary {
    fn beside(target: &Path, bytes: &[u8]) -> io::Result<Temporary> {
        let (mut file, temporary) = Temporary::create(target)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(temporary)
    }

    fn create(target: &Path) -> io::Result<(File, Temporary)> {
        let mut number = 0;
        loop {
            let path = target.with_file_name(format!(".neuronc-{}-{number}.tmp", std::process::id()));
            match File::create_new(&path) {
                // Left by a process that had our number.
                Err(error) if error.kind() == ErrorKind::AlreadyExists && number < 100 => number += 1,
                created => {
                    let file = created?;
                    let mut temporary = Temporary { path, is_moved: false, folder: None };
                    temporary.folder = folder_of(target)?;
                    return Ok((file, temporary));
                }
            }
        }
    }

    /// Moves to where nothing is.
    fn move_to_nothing(mut self, target: &Path) -> io::Result<()> {
        // A link is made only where nothing is, too. File systems without both have another way, with one moment more.
        match rename_to_nothing(&self.path, target) {
            Err(error) if lacks(&error) => match fs::hard_link(&self.path, target) {
                Err(error) if lacks(&error) => {
                    self.fill(target)?;
                    self.is_moved = true;
                }
                linked => linked?,
            },
            moved => {
                moved?;
                self.is_moved = true;
            }
        }
        self.settle()
    }

    /// Takes the name first, so that nobody else can, then moves what is complete there.
    fn fill(&self, target: &Path) -> io::Result<()> {
        File::create_new(target)?;
        fs::rename(&self.path, target).inspect_err(|_| {
            // The empty file is ours. What kept it from being filled is told.
            let _ = fs::remove_file(target);
        })
    }

    /// Lets the new name outlast a loss of power.
    fn settle(&self) -> io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        match folder.sync_all() {
            // Some file systems have no such call for folders.
            Err(error) if lacks(&error) => Ok(()),
            Err(error) => {
                let told = format!("it is complete, but a loss of power may undo that: {error}");
                Err(io::Error::new(error.kind(), told))
            }
            Ok(()) => Ok(()),
        }
    }
}

/// The folder of a file, where the system makes folders last if it is asked to.
fn folder_of(target: &Path) -> io::Result<Option<File>> {
    if !cfg!(unix) {
        return Ok(None);
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match File::open(folder) {
        // Who may write there and not read cannot ask.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(None),
        opened => opened.map(Some),
    }
}

/// Whether it is the file system that cannot do such a thing at all.
fn lacks(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput | ErrorKind::PermissionDenied)
}

/// Renames in one step what must not replace anything.
#[cfg(target_os = "linux")]
fn rename_to_nothing(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}

#[cfg(not(target_os = "linux"))]
fn rename_to_nothing(_: &Path, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.is_moved {
            // What kept it from being moved is told, or it has another name, too.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// What the system says, in a few words.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_nothing_else_goes_a_new_file_is_complete_and_replaces_none() {
        let folder = std::env::temp_dir().join(format!("neuronc-files-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("the folder can be made");
        let target = folder.join("a.neuron");
        let put = |bytes: &[u8]| Temporary::beside(&target, bytes).expect("there is room").fill(&target);
        put(b"first").expect("nothing is there");
        assert_eq!(put(b"second").expect_err("the first is there").kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&target).expect("the file is there"), b"first");
        assert_eq!(fs::read_dir(&folder).expect("the folder is there").count(), 1, "nothing is left over");
        fs::remove_dir_all(&folder).expect("the folder can be removed");
    }
}

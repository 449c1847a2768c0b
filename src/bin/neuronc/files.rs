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
    // A link is made only where nothing is. File systems without links have another way, with one moment more.
    match fs::hard_link(&complete.path, path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(fail(error)),
        Err(_) => move_into_new(complete, path).map_err(fail),
        Ok(()) => Ok(()),
    }
}

/// Replaces what a file holds: completely or not at all. Its permissions stay, and behind a link the file that it leads
/// to is replaced.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let fail = |error: io::Error| FileError { name: name_of(path), reason: reason(&error), kind: error.kind() };
    let target = fs::canonicalize(path).map_err(fail)?;
    let permissions = fs::metadata(&target).map_err(fail)?.permissions();
    // A rename asks the folder alone: who may not write the file must not replace it either.
    File::options().write(true).open(&target).map_err(fail)?;
    let complete = Temporary::beside(&target, bytes).map_err(fail)?;
    fs::set_permissions(&complete.path, permissions).map_err(fail)?;
    fs::rename(&complete.path, &target).map_err(fail)
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
        let old = File::options().write(true).open(&target);
        let (file, temporary) = match old {
            Ok(old) => {
                let permissions = old.metadata()?.permissions();
                let (file, temporary) = Temporary::create(&target)?;
                fs::set_permissions(&temporary.path, permissions)?;
                (file, temporary)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Temporary::create(&target)?,
            Err(error) => return Err(error),
        };
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
    pub fn finish(self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.temporary.path, &self.target)
    }
}

/// Takes the name first, so that nobody else can, then moves what is complete there.
fn move_into_new(complete: Temporary, path: &Path) -> io::Result<()> {
    File::create_new(path)?;
    fs::rename(&complete.path, path).inspect_err(|_| {
        // The empty file is ours. What kept it from being filled is told.
        let _ = fs::remove_file(path);
    })
}

/// A complete file under a passing name in the folder of its target; removed at the end if it is still there.
struct Temporary {
    path: PathBuf,
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
                created => return Ok((created?, Temporary { path })),
            }
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // Gone already where it was moved.
        let _ = fs::remove_file(&self.path);
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
    fn where_there_are_no_links_a_new_file_is_complete_and_replaces_none() {
        let folder = std::env::temp_dir().join(format!("neuronc-files-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("the folder can be made");
        let target = folder.join("a.neuron");
        let put = |bytes: &[u8]| move_into_new(Temporary::beside(&target, bytes).expect("there is room"), &target);
        put(b"first").expect("nothing is there");
        assert_eq!(put(b"second").expect_err("the first is there").kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&target).expect("the file is there"), b"first");
        assert_eq!(fs::read_dir(&folder).expect("the folder is there").count(), 1, "nothing is left over");
        fs::remove_dir_all(&folder).expect("the folder can be removed");
    }
}

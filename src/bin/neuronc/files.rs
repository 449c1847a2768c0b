//! The disk: how the library gets its files.

use std::io::Read;
use std::path::Path;

/// A file that could not be read, and why.
#[derive(Debug)]
pub struct FileError {
    pub name: String,
    pub reason: String,
    /// Whether there is no such file.
    pub missing: bool,
}

/// The name of a file in messages.
pub fn name_of(path: &Path) -> String {
    if path.as_os_str() == "-" { "standard input".to_owned() } else { path.to_string_lossy().into_owned() }
}

/// The bytes of a file, or of standard input for `-`; at most one more than `limit`, so that a longer one shows.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let fail = |error: std::io::Error| FileError {
        name: name_of(path),
        reason: reason(&error),
        missing: error.kind() == std::io::ErrorKind::NotFound,
    };
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin().lock().take(limit + 1).read_to_end(&mut bytes).map_err(fail)?;
        return Ok(bytes);
    }
    let metadata = std::fs::metadata(path).map_err(fail)?;
    if !metadata.is_file() {
        let what = if metadata.is_dir() { "it is a folder" } else { "it is no regular file" };
        return Err(FileError { name: name_of(path), reason: what.to_owned(), missing: false });
    }
    let file = std::fs::File::open(path).map_err(fail)?;
    file.take(limit + 1).read_to_end(&mut bytes).map_err(fail)?;
    Ok(bytes)
}

/// What the system says, in a few words.
fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

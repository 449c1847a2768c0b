//! Whether two names are of one file.

use std::fs::Metadata;
use std::path::Path;

/// Whether two paths lead to the same regular file, or would.
pub fn is_same(one: &Path, other: &Path) -> bool {
    if let (Some(one), Some(other)) = (metadata(one), metadata(other)) {
        return same_file(&one, &other);
    }
    let whole = |path: &Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(folder.canonicalize().ok()?.join(path.file_name()?))
    };
    one.as_os_str() != "-" && whole(one).is_some_and(|one| whole(other) == Some(one))
}

/// What the system knows of a file, or of standard input for `-`.
pub fn metadata(path: &Path) -> Option<Metadata> {
    if path.as_os_str() != "-" {
        return std::fs::metadata(path).ok();
    }
    standard(0)
}

pub fn standard_output() -> Option<Metadata> {
    standard(1)
}

/// A stream that is a file.
#[cfg(unix)]
fn standard(number: usize) -> Option<Metadata> {
    use std::os::fd::AsFd;
    let (stdin, stdout) = (std::io::stdin(), std::io::stdout());
    let stream = if number == 0 { stdin.as_fd() } else { stdout.as_fd() };
    std::fs::File::from(stream.try_clone_to_owned().ok()?).metadata().ok()
}

#[cfg(not(unix))]
fn standard(_: usize) -> Option<Metadata> {
    None
}

#[cfg(unix)]
pub fn same_file(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    one.is_file() && (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
pub fn same_file(_: &Metadata, _: &Metadata) -> bool {
    false
}

//! The history of what was typed: a file in the line editor's form, to which entries are added whole or not at all.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::files::replace;

/// Entries that are kept, at least; the file has up to twice as many.
pub const MOST: usize = 10_000;

/// The first line of the file: what follows is an entry a line, in which `\n` is a new line and `\\` a backslash.
const FORM: &str = "#V2\n";

/// The history file, which only its owner may read; none where there is no place for it.
pub fn file() -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = variable("XDG_STATE_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| variable("LOCALAPPDATA"))
        .or_else(|| variable("HOME").map(|home| home.join(".local/state")))?;
    let folder = state.join("neuronc");
    fs::create_dir_all(&folder).ok()?;
    let file = folder.join("history");
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        options.mode(0o600);
        let opened = options.open(&file).ok()?;
        opened.set_permissions(fs::Permissions::from_mode(0o600)).ok()?;
    }
    #[cfg(not(unix))]
    options.open(&file).ok()?;
    // One that stays long is still right.
    let _ = shorten(&file);
    Some(file)
}

/// Adds entries. Others at their prompts may do so at the same time.
pub fn add(path: &Path, entries: &[String]) -> io::Result<()> {
    let mut file = File::options().read(true).append(true).open(path)?;
    file.lock()?;
    let length = file.metadata()?.len();
    let mut last = [0];
    let start = if length == 0 {
        FORM
    } else {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        // What was cut off is an entry of its own.
        if last == *b"\n" { "" } else { "\n" }
    };
    let line = |entry: &String| entry.replace('\\', "\\\\").replace('\n', "\\n") + "\n";
    let lines: String = entries.iter().map(line).collect();
    file.write_all((start.to_owned() + &lines).as_bytes()).inspect_err(|_| {
        // What kept them from being added is told.
        let _ = file.set_len(length);
    })
}

/// Removes the oldest entries of a file that has become long.
fn shorten(path: &Path) -> io::Result<()> {
    let text = fs::read(path)?;
    let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
    if !text.starts_with(FORM.as_bytes()) || lines.len() <= 2 * MOST {
        return Ok(());
    }
    let kept = [&[FORM.as_bytes()], &lines[lines.len() - MOST..]].concat();
    replace(path, &kept.concat()).map_err(|error| error.kind.into())
}

#[cfg(test)]
mod tests {
    use rustyline::history::{FileHistory, History};

    use super::*;

    #[test]
    fn the_line_editor_reads_what_was_added() {
        let path = std::env::temp_dir().join(format!("neuronc-history-{}", std::process::id()));
        let read = || {
            let mut history = FileHistory::new();
            history.set_max_len(MOST).expect("it can be so long");
            history.load(&path).expect("it can be read");
            history.iter().cloned().collect::<Vec<_>>()
        };
        fs::write(&path, "").expect("it can be written");
        let entries = ["x = 1", "network a {\n  input x = \"\\n\"\n}", "\\", "ä"].map(str::to_owned);
        add(&path, &entries[..1]).expect("there is room");
        add(&path, &entries[1..]).expect("there is room");
        assert_eq!(read(), entries);
        // A loss of power may cut the last one off.
        let text = fs::read(&path).expect("it is there");
        fs::write(&path, &text[..text.len() - 1]).expect("it can be written");
        add(&path, &["y = 2".to_owned()]).expect("there is room");
        assert_eq!(read()[3..], ["ä", "y = 2"]);
        // Nothing is removed before there is much.
        shorten(&path).expect("there is room");
        assert_eq!(read().len(), 5);
        let many: String = (0..2 * MOST).map(|number| format!("{number}\n")).collect();
        fs::write(&path, FORM.to_owned() + &many).expect("it can be written");
        shorten(&path).expect("there is room");
        let left = read();
        assert_eq!((left.len(), left[0].as_str()), (MOST, "10000"));
        fs::remove_file(&path).expect("it can be removed");
    }
}

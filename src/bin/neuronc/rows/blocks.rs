//! A file of rows as blocks of whole records.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use neuronc::table::{Format, lines};

use crate::files::{FileError, name_of, reason};
use crate::form::Unread;

/// Bytes that are read at once.
pub const READ: usize = 1 << 20;

/// What is left of a file.
pub struct Blocks {
    input: Box<dyn Read + Send>,
    format: Format,
    /// Bytes of a block, unless a record is longer.
    size: usize,
    /// Bytes of a record at the most.
    limit: u64,
    /// Where bytes are read to.
    room: Vec<u8>,
    /// What was read behind the last block.
    carry: Vec<u8>,
    ended: bool,
    /// Whether there was a byte-order mark.
    is_marked: bool,
    place: Place,
}

/// A byte-order mark, which says nothing in UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Where a block is in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Its number.
    pub number: usize,
    /// How many lines of the file end before it.
    pub lines: usize,
}

/// What comes next.
#[derive(Debug)]
pub enum Next {
    /// Whole records.
    Block(Place),
    /// The start of a record that is longer than the limit.
    Endless(Place),
    /// Nothing, for this reason.
    Failed(io::Error, Place),
    /// Nothing, for this reason of a file of columns.
    Unread(Unread, Place),
    End,
}

/// Opens a file, or standard input for `-`; a compressed one by what its first bytes say.
pub fn open(path: &Path) -> Result<Box<dyn Read + Send>, FileError> {
    let fail = |error: io::Error| FileError { name: name_of(path), reason: reason(&error), kind: error.kind() };
    let mut input: Box<dyn Read + Send> = if path.as_os_str() == "-" {
        Box::new(io::stdin())
    } else {
        let file = File::open(path).map_err(fail)?;
        if file.metadata().map_err(fail)?.is_dir() {
            let (reason, kind) = ("it is a folder".to_owned(), io::ErrorKind::IsADirectory);
            return Err(FileError { name: name_of(path), reason, kind });
        }
        Box::new(file)
    };
    let mut first = Vec::new();
    input.by_ref().take(2).read_to_end(&mut first).map_err(fail)?;
    let is_compressed = first == [0x1F, 0x8B];
    let whole = Cursor::new(first).chain(input);
    Ok(if is_compressed {
        Box::new(MultiGzDecoder::new(io::BufReader::with_capacity(1 << 17, whole)))
    } else {
        Box::new(whole)
    })
}

impl Blocks {
    pub fn new(input: Box<dyn Read + Send>, format: Format, limit: u64) -> Blocks {
        let (room, carry, place) = (vec![0; READ], Vec::new(), Place::default());
        Blocks { input, format, size: READ, limit, room, carry, ended: false, is_marked: false, place }
    }

    /// Takes a block back, which starts at `place` now, and makes those to come of about so many bytes.
    pub fn again(&mut self, mut block: Vec<u8>, place: Place, size: usize) {
        block.append(&mut self.carry);
        (self.carry, self.place, self.size) = (block, place, size);
    }

    /// Puts the next block in the place of what `block` has.
    pub fn next(&mut self, block: &mut Vec<u8>) -> Next {
        std::mem::swap(block, &mut self.carry);
        self.carry.clear();
        let mut window = self.size;
        // A long record is looked at again when twice as much of it is there.
        let mut least = 0;
        loop {
            let length = block.len();
            let seen = length.min(window);
            let is_last = self.ended && seen == length;
            let end = match is_last {
                true => end_of_last(block),
                false if seen < least => 0,
                false => self.format.cut(&block[..seen]),
            };
            if end > 0 {
                self.carry.extend_from_slice(&block[end..]);
                block.truncate(end);
                let place = self.place;
                self.place = Place { number: place.number + 1, lines: place.lines + lines(block) };
                return Next::Block(place);
            }
            if is_last {
                return Next::End;
            }
            if seen as u64 > self.limit {
                return Next::Endless(self.over());
            }
            if seen < length {
                window = window.saturating_mul(2);
                continue;
            }
            if length >= READ && length >= least {
                least = 2 * length;
            }
            match self.input.read(&mut self.room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Next::Failed(error, self.over()),
                Ok(0) => self.ended = true,
                Ok(count) => block.extend_from_slice(&self.room[..count]),
            }
            if !self.is_marked && self.place == Place::default() && block.starts_with(MARK) {
                block.drain(..MARK.len());
                self.is_marked = true;
            }
        }
    }

    /// Ends before the end of the file; where.
    fn over(&mut self) -> Place {
        self.ended = true;
        self.carry.clear();
        let place = self.place;
        self.place.number += 1;
        place
    }
}

/// Where the last record of a file ends: behind its line end, before empty lines.
fn end_of_last(bytes: &[u8]) -> usize {
    let Some(last) = bytes.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r')) else { return 0 };
    let line_end = match bytes.get(last + 1..).unwrap_or_default() {
        [b'\r', b'\n', ..] => 2,
        [] => 0,
        _ => 1,
    };
    last + 1 + line_end
}

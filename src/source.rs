//! The text of a file, its lines, and the set of all files that one run reads.

use std::sync::{Arc, OnceLock};

use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::span::{FileId, Span};

/// One file's text: UTF-8, line ends as `\n`, without a byte-order mark. Offsets are bytes of this text, and may differ
/// by the mark from those of the file.
#[derive(Debug, Clone)]
pub struct Source {
    id: FileId,
    name: String,
    /// Shared with the parts of syntax trees that stay text.
    text: Arc<String>,
    /// The offset at which each line starts.
    lines: Vec<u32>,
    /// Lines of the file that stand before the text.
    before: usize,
    /// How many characters start before each block of [`BLOCK`] bytes; counted when a long line first asks.
    blocks: OnceLock<Vec<u32>>,
}

/// Bytes in which characters are counted one by one.
const BLOCK: usize = 1024;

/// A place in a file for people: both counted from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl Source {
    /// The name under which the file was given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file's name without folders and ending, as the network's name where the file gives none.
    #[must_use]
    pub fn stem(&self) -> &str {
        stem(&self.name)
    }

    /// Which source this is.
    #[must_use]
    pub fn id(&self) -> FileId {
        self.id
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, to be kept.
    pub(crate) fn shared_text(&self) -> Arc<String> {
        Arc::clone(&self.text)
    }

    /// A source that stands in the place of this one while a part of it is read alone: its places are this one's.
    pub(crate) fn masked(&self, text: String) -> Source {
        Source { text: Arc::new(text), ..self.clone() }
    }

    /// Where byte `offset` stands; the end of the text is a place, too.
    ///
    /// # Panics
    /// If `offset` is behind the end of the text.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let line = self.line_of(offset);
        let start = self.line_range(line).start;
        let offset = offset.max(start);
        let characters = if offset - start <= BLOCK {
            count_characters(&self.text.as_bytes()[start..offset])
        } else {
            self.characters_before(offset) - self.characters_before(start)
        };
        Position { line: self.before + line, column: characters + 1 }
    }

    /// How many characters of the text start before byte `offset`.
    fn characters_before(&self, offset: usize) -> usize {
        let text = self.text.as_bytes();
        let blocks = self.blocks.get_or_init(|| {
            let mut before = 0;
            let mut blocks = vec![0];
            for block in text.chunks(BLOCK) {
                before += count_characters(block) as u32;
                blocks.push(before);
            }
            blocks
        });
        let block = offset / BLOCK;
        blocks[block] as usize + count_characters(&text[block * BLOCK..offset])
    }

    /// The line, counted from 1, that holds byte `offset`.
    #[must_use]
    pub fn line_of(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start as usize <= offset)
    }

    /// How many lines the text has; an empty text has one.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// The bytes of a line, counted from 1, without its line end.
    ///
    /// # Panics
    /// If there is no such line.
    #[must_use]
    pub fn line_range(&self, line: usize) -> std::ops::Range<usize> {
        let start = self.lines[line - 1] as usize;
        let end = self.lines.get(line).map_or(self.text.len(), |next| *next as usize - 1);
        start..end
    }

    /// The text at a span of this source.
    ///
    /// # Panics
    /// If the span is of another source and does not fit.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }
}

/// A file's name without folders and ending.
pub(crate) fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".neuron").unwrap_or(file)
}

/// How many characters start in a part of UTF-8 text: all bytes but those that continue one.
fn count_characters(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// The files that one run reads, each under its [`FileId`].
///
/// The library reads no file itself: its caller gives the bytes, and a name for messages. [`FileId`] and [`Span`] belong
/// to the sources that they are of; with others they may panic or point to something else.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// No file yet.
    #[must_use]
    pub fn new() -> Sources {
        Sources::default()
    }

    /// Takes the bytes of a file called `name` as a source. The name is shown in messages, and a network without a name
    /// of its own takes it ([`Source::stem`]); no file of that name need exist, and two may have the same.
    ///
    /// # Errors
    /// The bytes are more than the limit `source`, or no UTF-8. The file is known under its name all the same, so
    /// that the error can be shown.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>, limits: &Limits) -> Result<FileId, Diagnostic> {
        let outcome = decode(bytes, limits);
        self.know(name, outcome)
    }

    /// Knows a file called `name` of so many bytes, more than the limit `source`, whose content need not be read; what
    /// is to be told of it.
    pub fn refuse(&mut self, name: &str, length: u64, limits: &Limits) -> Diagnostic {
        let error = SourceError::TooLong { length, limit: limits.source };
        self.know(name, Err(error)).expect_err("it is an error")
    }

    /// Knows one line of a file that is too long to be kept; lines are counted from 0, and what is no UTF-8 is replaced.
    pub(crate) fn add_line(&mut self, name: &str, line: &[u8], number: usize) -> FileId {
        let text = String::from_utf8_lossy(line).replace(['\r', '\n'], " ");
        let id = self.know(name, Ok(text)).expect("it is text");
        self.files[id.0 as usize].before = number;
        id
    }

    fn know(&mut self, name: &str, outcome: Result<String, SourceError>) -> Result<FileId, Diagnostic> {
        let id = FileId(u32::try_from(self.files.len()).expect("there are fewer than 2^32 files"));
        let (text, failure) = match outcome {
            Ok(text) => (text, None),
            Err(error) => (String::new(), Some(error.report(id))),
        };
        let starts = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1);
        let lines = std::iter::once(0).chain(starts).collect();
        let text = Arc::new(text);
        self.files.push(Source { id, name: name.to_owned(), text, lines, before: 0, blocks: OnceLock::new() });
        failure.map_or(Ok(id), Err)
    }

    /// The source with that identity.
    ///
    /// # Panics
    /// If these sources have none.
    #[must_use]
    pub fn get(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// Where a span starts.
    ///
    /// # Panics
    /// If the span is of other sources.
    #[must_use]
    pub fn position(&self, span: Span) -> Position {
        self.get(span.file).position(span.start as usize)
    }

    /// The text at a span.
    ///
    /// # Panics
    /// If the span is of other sources.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.file).slice(span)
    }
}

/// The longest source that places of 32 bits can point into with room to spare: 1 GiB.
const CEILING: u64 = 1 << 30;

/// Why bytes are no source.
#[derive(Debug)]
enum SourceError {
    TooLong { length: u64, limit: u64 },
    NotUtf8 { offset: usize, byte: u8, guess: Option<&'static str> },
}

impl SourceError {
    fn report(self, file: FileId) -> Diagnostic {
        let start = Span::new(file, 0..0);
        match self {
            SourceError::TooLong { length, limit } => {
                Diagnostic::error(Code::E0901, format!("the file has {length} bytes; the limit is {limit}"))
                    .label(start, "")
                    .help(if limit < CEILING {
                        "`--limit source=N` allows more, up to 1 GiB"
                    } else {
                        "split the file, or make the network by fewer statements"
                    })
            }
            SourceError::NotUtf8 { offset, byte, guess } => {
                let what = format!("the file is not UTF-8 text: byte {byte:#04x} at offset {offset}");
                let help = match guess {
                    Some(encoding) => format!("it looks like {encoding}; save it as UTF-8"),
                    None => "save it as UTF-8".to_owned(),
                };
                Diagnostic::error(Code::E0001, what).label(start, "").help(help)
            }
        }
    }
}

/// The text of `bytes`, with `\r\n` and `\r` made line ends without changing its length.
fn decode(bytes: Vec<u8>, limits: &Limits) -> Result<String, SourceError> {
    if bytes.len() as u64 > limits.source {
        return Err(SourceError::TooLong { length: bytes.len() as u64, limit: limits.source });
    }
    let guess = guess_encoding(&bytes);
    if guess.is_some()
        && let Some(offset) = memchr::memchr(0, &bytes)
    {
        return Err(SourceError::NotUtf8 { offset, byte: 0, guess });
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let guess = guess.or(Some("Latin-1 or Windows-1252"));
        SourceError::NotUtf8 { offset, byte: error.as_bytes()[offset], guess }
    })?;
    if text.starts_with('\u{FEFF}') {
        text.drain(..'\u{FEFF}'.len_utf8());
    }
    if text.contains('\r') {
        text = text.replace("\r\n", " \n").replace('\r', "\n");
    }
    Ok(text)
}

/// The encoding of two bytes a letter that the first bytes suggest.
fn guess_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, ..] => Some("UTF-16LE"),
        [0xFE, 0xFF, ..] => Some("UTF-16BE"),
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => Some("UTF-16LE"),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => Some("UTF-16BE"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &[u8]) -> Result<Source, Diagnostic> {
        let mut sources = Sources::new();
        let id = sources.add("folder/test.neuron", text.to_vec(), &Limits::default())?;
        Ok(sources.get(id).clone())
    }

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let source = source("é = 1\nab\n".as_bytes()).unwrap();
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position(3), Position { line: 1, column: 3 });
        assert_eq!(source.position(7), Position { line: 2, column: 1 });
        assert_eq!(source.position(10), Position { line: 3, column: 1 });
        assert_eq!(&source.text()[source.line_range(2)], "ab");
        assert_eq!(source.stem(), "test");
    }

    #[test]
    fn long_lines_count_their_characters_as_short_ones_do() {
        let line = "aé→😀".repeat(1000);
        let text = format!("first\n{line}\n{line}");
        let source = source(text.as_bytes()).unwrap();
        for (line, start) in [(2, 6), (3, 6 + line.len() + 1)] {
            let ends = text[start..].char_indices().map(|(at, _)| at).take(4000);
            for (character, at) in ends.enumerate() {
                assert_eq!(source.position(start + at), Position { line, column: character + 1 });
            }
        }
        assert_eq!(source.position(text.len()), Position { line: 3, column: 4001 });
    }

    #[test]
    fn every_line_end_counts_once_and_a_mark_is_dropped() {
        for text in ["a\nb\nc", "a\r\nb\r\nc", "a\rb\rc", "\u{FEFF}a\r\nb\nc"] {
            let source = source(text.as_bytes()).unwrap();
            assert_eq!(source.line_count(), 3, "{text:?}");
            assert_eq!(source.text()[source.line_range(2)].trim_end(), "b", "{text:?}");
        }
    }

    #[test]
    fn other_encodings_are_named() {
        let utf16: Vec<u8> = "\u{FEFF}input x".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(source(&utf16).unwrap_err().help.unwrap().contains("UTF-16LE"));
        let bare: Vec<u8> = "input x".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert!(source(&bare).unwrap_err().help.unwrap().contains("UTF-16BE"));
        assert!(source(b"n\xE9 = 1").unwrap_err().message.contains("0xe9 at offset 1"));
    }
}

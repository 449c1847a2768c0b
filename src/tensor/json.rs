//! As much JSON (RFC 8259) as a header of the safetensors format may hold: objects, texts, lists of whole numbers.

use super::TensorError;
use super::error::Place;

/// Reads a text from its start to its end; every part says what belongs where it is.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Where the text starts in the file.
    start: u64,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, start: u64) -> Reader<'a> {
        Reader { text, at: 0, start }
    }

    /// `{ "key": …, … }`: calls `entry` at each value, which must read it. It does not look for keys that repeat.
    pub(super) fn object(
        &mut self,
        mut entry: impl FnMut(&mut Self, String) -> Result<(), TensorError>,
    ) -> Result<(), TensorError> {
        self.expect(b'{')?;
        if self.takes(b'}') {
            return Ok(());
        }
        loop {
            self.blanks();
            let key = self.string()?;
            self.expect(b':')?;
            entry(self, key)?;
            if !self.takes(b',') {
                return self.expect(b'}');
            }
        }
    }

    /// `[1, 2, …]`
    pub(super) fn numbers(&mut self) -> Result<Vec<u64>, TensorError> {
        let mut numbers = Vec::new();
        self.expect(b'[')?;
        if self.takes(b']') {
            return Ok(numbers);
        }
        loop {
            numbers.push(self.number()?);
            if !self.takes(b',') {
                return self.expect(b']').map(|()| numbers);
            }
        }
    }

    /// A whole number without sign, point, exponent and leading zeros.
    fn number(&mut self) -> Result<u64, TensorError> {
        self.blanks();
        let rest = &self.text[self.at..];
        let digits = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
        let text = &rest[..digits];
        let plain = text == "0" || !text.starts_with('0');
        let goes_on = rest[digits..].starts_with(['.', 'e', 'E']);
        match text.parse() {
            Ok(number) if plain && !goes_on => {
                self.at += digits;
                Ok(number)
            }
            _ => Err(self.broken("a whole number of at most 2^64 belongs here")),
        }
    }

    /// `"…"` with JSON's escapes.
    pub(super) fn string(&mut self) -> Result<String, TensorError> {
        self.expect(b'"')?;
        let mut string = String::new();
        loop {
            let rest = &self.text[self.at..];
            let Some(length) = rest.find(|character: char| character == '"' || character == '\\' || character < ' ')
            else {
                return Err(self.broken("this text is never closed"));
            };
            string.push_str(&rest[..length]);
            self.at += length;
            match rest.as_bytes()[length] {
                b'"' => {
                    self.at += 1;
                    return Ok(string);
                }
                b'\\' => string.push(self.escape()?),
                _ => return Err(self.broken("a control character in a text")),
            }
        }
    }

    /// `\n`, `\u00e9`, `\ud83d\ude00`
    fn escape(&mut self) -> Result<char, TensorError> {
        let escaped = self.text.as_bytes().get(self.at + 1).copied();
        let character = match escaped {
            Some(same @ (b'"' | b'\\' | b'/')) => same as char,
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.broken("an unknown escape")),
        };
        self.at += 2;
        Ok(character)
    }

    fn unicode_escape(&mut self) -> Result<char, TensorError> {
        let unit = |at: usize| {
            let digits = self.text.as_bytes().get(at..at + 6)?.strip_prefix(b"\\u")?;
            let all = digits.iter().all(u8::is_ascii_hexdigit);
            std::str::from_utf8(digits).ok().filter(|_| all).and_then(|digits| u16::from_str_radix(digits, 16).ok())
        };
        let units: Vec<u16> = [unit(self.at), unit(self.at + 6)].into_iter().map_while(|unit| unit).collect();
        match char::decode_utf16(units).next() {
            Some(Ok(character)) => {
                self.at += 6 * character.len_utf16();
                Ok(character)
            }
            _ => Err(self.broken("a broken escape")),
        }
    }

    /// Nothing but blanks is left.
    pub(super) fn end(mut self) -> Result<(), TensorError> {
        self.blanks();
        if self.at == self.text.len() { Ok(()) } else { Err(self.broken("something follows the header's `}`")) }
    }

    fn blanks(&mut self) {
        while matches!(self.text.as_bytes().get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn takes(&mut self, wanted: u8) -> bool {
        self.blanks();
        let found = self.text.as_bytes().get(self.at) == Some(&wanted);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: u8) -> Result<(), TensorError> {
        if self.takes(wanted) { Ok(()) } else { Err(self.broken(format!("`{}` belongs here", wanted as char))) }
    }

    pub(super) fn broken(&self, what: impl Into<String>) -> TensorError {
        TensorError::broken(what, Place::Byte(self.start + self.at as u64))
    }
}

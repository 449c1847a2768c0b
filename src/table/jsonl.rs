//! JSON Lines (RFC 8259, one object a line): a key is a column, an array of inputs a list.

use std::borrow::Cow;
use std::ops::Range;

use super::read::{NONE, Reading, number};
use super::{What, Wrong, is_line_end};
use crate::numeric::Real;
use crate::numeric::decimal::digits;

/// Lists and objects inside each other in one value, at the most.
const DEEPEST: usize = 128;

/// One line, read from `at` on.
struct Line<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// The line that starts at `start`, and where the next one does.
fn line(bytes: &[u8], start: usize) -> Result<(Line<'_>, usize), Wrong> {
    let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |end| start + end);
    let text = &bytes[start..end];
    if text.iter().all(|byte| is_line_end(*byte)) {
        return Err(Wrong::new(What::EmptyLine, start..start));
    }
    if let Err(error) = std::str::from_utf8(text) {
        let at = start + error.valid_up_to();
        return Err(Wrong::new(What::NotText, at..at + 1));
    }
    Ok((Line { bytes: &bytes[..end], at: start }, (end + 1).min(bytes.len())))
}

/// The keys of the object in the first line, in order.
pub(super) fn keys(bytes: &[u8]) -> Result<Vec<String>, Wrong> {
    let mut names = Vec::new();
    let (mut line, _) = line(bytes, 0)?;
    line.object(|line, key| {
        names.push(unescaped(&line.bytes[key]).into_owned());
        line.skip(0)
    })?;
    Ok(names)
}

/// Takes one line; gives where the next one starts.
pub(super) fn row<R: Real>(
    reading: &Reading<R>,
    bytes: &[u8],
    start: usize,
    values: &mut [R],
    kept: &mut [Range<u32>],
) -> Result<usize, Wrong> {
    let (mut line, next) = line(bytes, start)?;
    let columns = &reading.columns;
    let names = columns.names();
    // Keys mostly come in the order of the first object.
    let mut in_order = 0;
    let mut seen: Option<Vec<bool>> = None;
    line.object(|line, key| {
        let raw = &line.bytes[key.clone()];
        let column = if seen.is_none() && names.get(in_order).is_some_and(|name| name.as_bytes() == raw) {
            in_order += 1;
            in_order - 1
        } else {
            let seen = seen.get_or_insert_with(|| (0..names.len()).map(|column| column < in_order).collect());
            let name = unescaped(raw);
            let Some(column) = columns.find(&name) else {
                if columns.is_absent(&name) {
                    return Err(Wrong::new(What::Key { name: name.into_owned(), is_missing: false }, key));
                }
                return line.skip(0);
            };
            if std::mem::replace(&mut seen[column], true) && columns.uses()[column].is_used() {
                return Err(Wrong::new(What::Twice, key));
            }
            column
        };
        line.value(reading, column, values, kept)
    })?;
    let is_seen = |column: usize| seen.as_ref().map_or(column < in_order, |seen| seen[column]);
    let missing = columns.uses().iter().enumerate().find(|(column, feeds)| feeds.is_used() && !is_seen(*column));
    if let Some((column, _)) = missing {
        let what = What::Key { name: names[column].clone(), is_missing: true };
        return Err(Wrong::new(what, start..line.bytes.len()).in_column(column));
    }
    let longest = reading.limits.row.min(u64::from(u32::MAX));
    let length = next - start;
    if length as u64 > longest {
        return Err(Wrong::new(What::LongRow { length, limit: longest }, start..start + 1));
    }
    Ok(next)
}

/// What is to be copied of a line that has a fault: the values before it.
pub(super) fn kept<R: Real>(reading: &Reading<R>, bytes: &[u8], start: usize, kept: &mut [Range<u32>]) {
    let Ok((mut line, _)) = line(bytes, start) else { return };
    // Keys behind what cannot be read stay empty.
    let _ = line.object(|line, key| {
        let first = line.at;
        line.skip(0)?;
        let keep = reading.columns.find(&unescaped(&line.bytes[key])).map(|column| reading.columns.uses()[column].keep);
        if let Some(place) = keep.and_then(|keep| kept.get_mut(keep as usize)) {
            *place = first as u32..line.at as u32;
        }
        Ok(())
    });
}

impl Line<'_> {
    fn next(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.next(), Some(b' ' | b'\t' | b'\r')) {
            self.at += 1;
        }
    }

    fn expected(&self, expected: &'static str) -> Wrong {
        Wrong::new(What::Json { expected }, self.at..(self.at + 1).min(self.bytes.len()))
    }

    fn take(&mut self, byte: u8, expected: &'static str) -> Result<(), Wrong> {
        if self.next() != Some(byte) {
            return Err(self.expected(expected));
        }
        self.at += 1;
        Ok(())
    }

    /// The object that is all of the line. `member` takes the value of each key, whose text it gets without quotes.
    fn object(&mut self, mut member: impl FnMut(&mut Self, Range<usize>) -> Result<(), Wrong>) -> Result<(), Wrong> {
        self.blanks();
        self.members(&mut member)?;
        self.blanks();
        if self.at < self.bytes.len() { Err(self.expected("the end of the line behind the object")) } else { Ok(()) }
    }

    fn members(&mut self, member: &mut impl FnMut(&mut Self, Range<usize>) -> Result<(), Wrong>) -> Result<(), Wrong> {
        self.take(b'{', "`{`, as every line is an object")?;
        self.blanks();
        if self.next() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.blanks();
            let key = self.string("a key between quotes")?;
            self.blanks();
            self.take(b':', "`:` between a key and its value")?;
            self.blanks();
            member(self, key)?;
            self.blanks();
            match self.next() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.expected("`,` or `}` behind a value")),
            }
        }
    }

    /// The text between the quotes that start here.
    fn string(&mut self, expected: &'static str) -> Result<Range<usize>, Wrong> {
        self.take(b'"', expected)?;
        let start = self.at;
        loop {
            match self.next() {
                None => return Err(Wrong::new(What::Unclosed, start - 1..start)),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(start..self.at - 1);
                }
                Some(b'\\') => {
                    let escape = self.bytes.get(self.at + 1).copied().unwrap_or(0);
                    let digits = self.bytes.get(self.at + 2..self.at + 6).unwrap_or_default();
                    let is_right = match escape {
                        b'u' => digits.len() == 4 && digits.iter().all(u8::is_ascii_hexdigit),
                        _ => b"\"\\/bfnrt".contains(&escape),
                    };
                    if !is_right {
                        return Err(self.expected("an escape such as `\\n` or `\\u00e9`"));
                    }
                    self.at += if escape == b'u' { 6 } else { 2 };
                }
                Some(0..0x20) => return Err(self.expected("an escape in place of a control character")),
                Some(_) => self.at += 1,
            }
        }
    }

    /// Any value.
    fn skip(&mut self, depth: usize) -> Result<(), Wrong> {
        if depth > DEEPEST {
            return Err(self.expected("fewer lists and objects inside each other"));
        }
        match self.next() {
            Some(b'"') => self.string("a text").map(|_| ()),
            Some(b'{') => self.members(&mut |line: &mut Self, _| line.skip(depth + 1)),
            Some(b'[') => self.list(|line, _| line.skip(depth + 1)).map(|_| ()),
            _ => {
                let token = self.token();
                let is_word = matches!(&self.bytes[token.clone()], b"true" | b"false" | b"null");
                if is_word || is_number(&self.bytes[token.clone()]) {
                    return Ok(());
                }
                self.at = token.start;
                Err(self.expected("a value"))
            }
        }
    }

    /// The elements of a list, each with its number; how many there are.
    fn list(&mut self, mut element: impl FnMut(&mut Self, usize) -> Result<(), Wrong>) -> Result<usize, Wrong> {
        self.take(b'[', "a list")?;
        self.blanks();
        if self.next() == Some(b']') {
            self.at += 1;
            return Ok(0);
        }
        let mut count = 0;
        loop {
            self.blanks();
            element(self, count)?;
            count += 1;
            self.blanks();
            match self.next() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(count);
                }
                _ => return Err(self.expected("`,` or `]` behind a value")),
            }
        }
    }

    /// What stands here up to a mark or blank.
    fn token(&mut self) -> Range<usize> {
        let start = self.at;
        while self.next().is_some_and(|byte| !b",]}:[{\" \t\r".contains(&byte)) {
            self.at += 1;
        }
        start..self.at
    }

    /// The value of a column: what is to be evaluated of it, and what is to be copied.
    fn value<R: Real>(
        &mut self,
        reading: &Reading<R>,
        column: usize,
        values: &mut [R],
        kept: &mut [Range<u32>],
    ) -> Result<(), Wrong> {
        let feeds = &reading.columns.uses()[column];
        let start = self.at;
        let slot = feeds.slot as usize;
        if feeds.slot == NONE {
            self.skip(0)?;
        } else if feeds.is_list {
            let (size, values) = (feeds.count as usize, &mut values[slot..slot + feeds.count as usize]);
            if self.next() != Some(b'[') {
                self.skip(0)?;
                return Err(Wrong::new(What::Json { expected: "a list of numbers" }, start..self.at).in_column(column));
            }
            let found = self.list(|line, element| {
                let value = line.number(reading, column)?;
                if let Some(place) = values.get_mut(element) {
                    *place = value;
                }
                Ok(())
            })?;
            if found != size {
                return Err(Wrong::new(What::Values { found, wanted: size }, start..self.at).in_column(column));
            }
        } else {
            values[slot] = self.number(reading, column)?;
        }
        let length = self.at - start;
        if length as u64 > reading.limits.cell && !feeds.is_list {
            let what = What::LongCell { length, limit: reading.limits.cell };
            return Err(Wrong::new(what, start..start + 1).in_column(column));
        }
        if let Some(place) = kept.get_mut(feeds.keep as usize) {
            *place = start as u32..self.at as u32;
        }
        Ok(())
    }

    /// A number that the input of a column takes. What is not finite is a word, perhaps between quotes.
    fn number<R: Real>(&mut self, reading: &Reading<R>, column: usize) -> Result<R, Wrong> {
        let feeds = &reading.columns.uses()[column];
        let start = self.at;
        let first = start + usize::from(self.next() == Some(b'-'));
        if let Some(digits) = digits(self.bytes, first).filter(|digits| digits.is_moderate())
            && matches!(self.bytes.get(digits.end), Some(b',' | b'}' | b']' | b' '))
            && (self.bytes[first] != b'0' || !self.bytes.get(first + 1).is_some_and(u8::is_ascii_digit))
        {
            let magnitude = digits.value(self.bytes, first);
            let value = if first > start { -magnitude } else { magnitude };
            if feeds.takes(value) {
                self.at = digits.end;
                return Ok(R::rounded(value));
            }
        }
        let wrong = |what, place| Err(Wrong::new(what, place).in_column(column));
        let content = match self.next() {
            Some(b'"') => self.string("a text")?,
            Some(b'[' | b'{') => {
                self.skip(0)?;
                return wrong(What::NoNumber, start..self.at);
            }
            _ => self.token(),
        };
        let place = start..self.at;
        let text = &self.bytes[content];
        let value = match number(text) {
            Ok(value) if value.is_finite() && !is_number(&self.bytes[place.clone()]) => Err(What::NoNumber),
            Err(What::NoNumber) if text == b"null" => Err(What::Empty),
            Err(What::Empty) if place.is_empty() => return Err(self.expected("a value")),
            Err(What::Empty) => Err(What::NoNumber),
            other => other,
        };
        match value.and_then(|value| reading.checked(feeds, value)) {
            Ok(value) => Ok(R::rounded(value)),
            Err(what) => wrong(what, place),
        }
    }
}

/// Whether a text is a number of JSON: without a plus in front and without zeros that say nothing.
fn is_number(text: &[u8]) -> bool {
    let unsigned = text.strip_prefix(b"-").unwrap_or(text);
    let is_padded = matches!(unsigned, [b'0', b'0'..=b'9', ..]);
    !is_padded && digits(unsigned, 0).is_some_and(|digits| digits.end == unsigned.len())
}

/// The text that is meant between quotes.
pub(super) fn unescaped(text: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(text);
    if !text.contains('\\') {
        return text;
    }
    let mut meant = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some(place) = rest.find('\\') {
        meant.push_str(&rest[..place]);
        let escape = rest[place + 1..].chars().next().unwrap_or_default();
        rest = rest.get(place + 1 + escape.len_utf8()..).unwrap_or_default();
        match escape {
            'u' => {
                let unit = |text: &str| text.get(..4).and_then(|digits| u16::from_str_radix(digits, 16).ok());
                let first = unit(rest).unwrap_or(0xFFFD);
                rest = rest.get(4..).unwrap_or_default();
                let second = rest.strip_prefix("\\u").and_then(unit).filter(|second| matches!(second, 0xDC00..0xE000));
                let pair = second.filter(|_| matches!(first, 0xD800..0xDC00));
                if pair.is_some() {
                    rest = rest.get(6..).unwrap_or_default();
                }
                let units = [first].into_iter().chain(pair);
                meant.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
            }
            'b' => meant.push('\u{8}'),
            'f' => meant.push('\u{c}'),
            'n' => meant.push('\n'),
            'r' => meant.push('\r'),
            't' => meant.push('\t'),
            other => meant.push(other),
        }
    }
    meant.push_str(rest);
    meant.into()
}

//! NumPy's format of one array: `.npy`, versions 1 to 3.
//!
//! Six bytes `\x93NUMPY`, the version, the header's length, and a header that is text in the form of a Python literal
//! with exactly `descr`, `fortran_order` and `shape`; then the elements. It is read by a strict little parser and never
//! evaluated. Source: numpy.lib.format's description.

use super::error::Place;
use super::{Contents, Data, Element, Order, Room, TensorError, bytes_of};
use crate::text::quoted;

const MAGIC: &[u8] = b"\x93NUMPY";

/// Reads the header, and holds the file's size to it.
pub(super) fn open(bytes: Vec<u8>, room: &Room) -> Result<Contents, TensorError> {
    if !bytes.starts_with(MAGIC) {
        return Err(TensorError::broken("no file in NumPy's format starts so", Place::Byte(0)));
    }
    let (length, start) = match *bytes.get(6..).unwrap_or_default() {
        [1, _, a, b, ..] => (u64::from(u16::from_le_bytes([a, b])), 10),
        [2 | 3, _, a, b, c, d, ..] => (u64::from(u32::from_le_bytes([a, b, c, d])), 12),
        [] | [1..=3, ..] => return Err(ends(&bytes)),
        [version, ..] => {
            let what = format!("the format's version {version} is none of 1, 2 and 3");
            return Err(TensorError::broken(what, Place::Byte(6)));
        }
    };
    if length > room.header {
        return Err(TensorError::Header { asked: length, allowed: room.header });
    }
    let end = start + length as usize;
    let Some(text) = bytes.get(start..end) else { return Err(ends(&bytes)) };
    let header = Reader { text, at: 0, start: start as u64 }.header()?;
    let data = match kind(&header.descr) {
        Kind::Number(element, big_endian) => {
            let needed = bytes_of(&header.shape, element.width() as u64);
            let has = (bytes.len() - end) as u64;
            if needed != Some(has) {
                let needed =
                    needed.map_or("more bytes than can be counted".to_owned(), |needed| format!("{needed} bytes"));
                let what = format!(
                    "its shape {} needs {needed} behind the header, but there are {has}",
                    super::dimensions(&header.shape)
                );
                return Err(TensorError::broken(what, Place::Byte(end as u64)));
            }
            let order = Order { big_endian, fortran: header.fortran };
            Data::Bytes { element, order, at: end..bytes.len() }
        }
        Kind::Unusable(what) => Data::Unusable(what),
    };
    Ok(Contents::single(bytes, header.shape, data))
}

fn ends(bytes: &[u8]) -> TensorError {
    TensorError::broken("the file ends in its header", Place::Byte(bytes.len() as u64))
}

enum Kind {
    Number(Element, bool),
    Unusable(String),
}

/// What a `descr` such as `<f4` says.
fn kind(descr: &Descr) -> Kind {
    let Descr::Simple(descr) = descr else { return Kind::Unusable("records of several fields".to_owned()) };
    let (order, name) = descr.split_at_checked(1).unwrap_or_default();
    let element = match name {
        "f2" => Element::F16,
        "f4" => Element::F32,
        "f8" => Element::F64,
        "i1" => Element::I8,
        "i2" => Element::I16,
        "i4" => Element::I32,
        "i8" => Element::I64,
        "u1" => Element::U8,
        "u2" => Element::U16,
        "u4" => Element::U32,
        "u8" => Element::U64,
        _ => {
            let what = match name.chars().next() {
                Some('b') => "truth values",
                Some('O') => "Python objects",
                Some('c') => "complex numbers",
                Some('S' | 'U' | 'a') => "text",
                Some('f') => "extended floating point",
                _ => "elements of another type",
            };
            return Kind::Unusable(format!("{what} ({})", quoted(descr)));
        }
    };
    match order {
        "<" => Kind::Number(element, false),
        ">" => Kind::Number(element, true),
        "|" if element.width() == 1 => Kind::Number(element, false),
        _ => Kind::Unusable(format!("elements of an unknown byte order ({})", quoted(descr))),
    }
}

struct Header {
    descr: Descr,
    fortran: bool,
    shape: Vec<u64>,
}

enum Descr {
    Simple(String),
    /// A list of fields.
    Record,
}

/// A parser of the one literal that may stand in a header.
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    /// Where the text starts in the file.
    start: u64,
}

impl Reader<'_> {
    fn header(mut self) -> Result<Header, TensorError> {
        let (mut descr, mut fortran, mut shape) = (None, None, None);
        self.expect(b'{')?;
        while !self.takes(b'}') {
            let at = self.at;
            let key = self.string()?;
            self.expect(b':')?;
            let again = match key.as_str() {
                "descr" => descr.replace(self.descr()?).is_some(),
                "fortran_order" => fortran.replace(self.truth()?).is_some(),
                "shape" => shape.replace(self.shape()?).is_some(),
                _ => {
                    self.at = at;
                    return Err(self.broken(format!("the header has an unknown key {}", quoted(&key))));
                }
            };
            if again {
                self.at = at;
                return Err(self.broken(format!("the header gives {} twice", quoted(&key))));
            }
            if !self.takes(b',') {
                self.expect(b'}')?;
                break;
            }
        }
        self.blanks();
        if self.at < self.text.len() {
            return Err(self.broken("something follows the header's `}`"));
        }
        match (descr, fortran, shape) {
            (Some(descr), Some(fortran), Some(shape)) => Ok(Header { descr, fortran, shape }),
            (None, ..) => Err(self.broken("the header has no `descr`")),
            (_, None, _) => Err(self.broken("the header has no `fortran_order`")),
            (.., None) => Err(self.broken("the header has no `shape`")),
        }
    }

    /// A text, or a list of fields, which is skipped: nothing of it is used.
    fn descr(&mut self) -> Result<Descr, TensorError> {
        self.blanks();
        if self.peek() != Some(b'[') {
            return self.string().map(Descr::Simple);
        }
        let mut depth = 0u32;
        loop {
            match self.peek() {
                None => return Err(self.broken("the header's `descr` is never closed")),
                Some(b'[' | b'(') => depth += 1,
                Some(b']' | b')') => depth -= 1,
                Some(b'\'' | b'"') => {
                    self.string()?;
                    continue;
                }
                Some(_) => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(Descr::Record);
            }
        }
    }

    fn string(&mut self) -> Result<String, TensorError> {
        self.blanks();
        let quote = match self.peek() {
            Some(quote @ (b'\'' | b'"')) => quote,
            _ => return Err(self.broken("a text in quotes belongs here")),
        };
        let rest = &self.text[self.at + 1..];
        match memchr::memchr2(quote, b'\\', rest) {
            Some(end) if rest[end] == quote => {
                self.at += end + 2;
                Ok(String::from_utf8_lossy(&rest[..end]).into_owned())
            }
            _ => Err(self.broken("this text is never closed, or has an escape")),
        }
    }

    fn truth(&mut self) -> Result<bool, TensorError> {
        self.blanks();
        for (word, value) in [("True", true), ("False", false)] {
            if self.text[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.broken("`True` or `False` belongs here"))
    }

    /// `()`, `(3,)`, `(3, 4)`
    fn shape(&mut self) -> Result<Vec<u64>, TensorError> {
        let mut shape = Vec::new();
        self.expect(b'(')?;
        while !self.takes(b')') {
            self.blanks();
            let digits = self.text[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            let number =
                std::str::from_utf8(&self.text[self.at..self.at + digits]).ok().and_then(|text| text.parse().ok());
            let Some(size) = number else { return Err(self.broken("a size of at most 2^64 belongs here")) };
            self.at += digits;
            shape.push(size);
            if !self.takes(b',') {
                self.expect(b')')?;
                // One number in parentheses is no tuple in Python.
                if shape.len() == 1 {
                    return Err(self.broken("a shape of one size is written `(n,)`"));
                }
                break;
            }
        }
        Ok(shape)
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn takes(&mut self, wanted: u8) -> bool {
        self.blanks();
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: u8) -> Result<(), TensorError> {
        if self.takes(wanted) { Ok(()) } else { Err(self.broken(format!("`{}` belongs here", wanted as char))) }
    }

    fn broken(&self, what: impl Into<String>) -> TensorError {
        TensorError::broken(what, Place::Byte(self.start + self.at as u64))
    }
}

//! The sizes that the pages of a file of Parquet tell, before anybody believes them.
//!
//! A page starts with a structure in Thrift's compact form, which has the two sizes and much that is skipped here.

use std::io::{self, Read};

/// What the start of a page tells.
pub struct Page {
    /// Bytes of its start.
    pub header: u64,
    /// Bytes behind it.
    pub stored: u64,
    /// Bytes of these once they are decompressed.
    pub whole: u64,
}

/// Bytes of the start of a page at the most.
const LONGEST: u64 = 1 << 24;
/// How deep a start is nested at the most; what is known of it has three levels.
const DEEPEST: usize = 16;

/// Reads the start of a page.
///
/// # Errors
/// It ends too early, or is no such structure.
pub fn page(input: &mut dyn Read) -> io::Result<Page> {
    let mut bytes = Bytes { input, read: 0 };
    let (mut field, mut stored, mut whole) = (0, None, None);
    while let Some(kind) = bytes.field(&mut field)? {
        match (field, kind) {
            (2, I32) => whole = u64::try_from(bytes.signed()?).ok(),
            (3, I32) => stored = u64::try_from(bytes.signed()?).ok(),
            _ => bytes.skip(kind, 0)?,
        }
    }
    let sizes = stored.zip(whole).ok_or_else(|| broken("a page does not tell its size"))?;
    Ok(Page { header: bytes.read, stored: sizes.0, whole: sizes.1 })
}

fn broken(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

// The kinds of values.
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I16: u8 = 4;
const I32: u8 = 5;
const I64: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const STRUCT: u8 = 12;

struct Bytes<'a> {
    input: &'a mut dyn Read,
    read: u64,
}

impl Bytes<'_> {
    fn byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        self.input.read_exact(&mut byte)?;
        self.read += 1;
        if self.read > LONGEST { Err(broken("the start of a page has no end")) } else { Ok(byte[0]) }
    }

    fn pass(&mut self, count: u64) -> io::Result<()> {
        for _ in 0..count {
            self.byte()?;
        }
        Ok(())
    }

    /// Seven bits a byte, the lowest first.
    fn unsigned(&mut self) -> io::Result<u64> {
        let mut value = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(broken("a number in the start of a page has no end"))
    }

    /// The sign is the lowest bit.
    fn signed(&mut self) -> io::Result<i64> {
        let value = self.unsigned()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// The kind of the next field, whose number takes the place of that of the one before; none at the end.
    fn field(&mut self, number: &mut i64) -> io::Result<Option<u8>> {
        let byte = self.byte()?;
        let (step, kind) = (byte >> 4, byte & 0x0F);
        if byte == 0 {
            return Ok(None);
        }
        *number = if step == 0 { self.signed()? } else { number.saturating_add(step.into()) };
        Ok(Some(kind))
    }

    fn skip(&mut self, kind: u8, depth: usize) -> io::Result<()> {
        if depth > DEEPEST {
            return Err(broken("the start of a page is nested too deep"));
        }
        match kind {
            TRUE | FALSE => Ok(()),
            BYTE => self.pass(1),
            I16 | I32 | I64 => self.unsigned().map(|_| ()),
            DOUBLE => self.pass(8),
            BINARY => {
                let length = self.unsigned()?;
                self.pass(length)
            }
            LIST | SET => {
                let byte = self.byte()?;
                let count = if byte >> 4 == 15 { self.unsigned()? } else { u64::from(byte >> 4) };
                // In a list a truth has a byte of its own.
                let kind = if byte & 0x0F <= FALSE { BYTE } else { byte & 0x0F };
                for _ in 0..count {
                    self.skip(kind, depth + 1)?;
                }
                Ok(())
            }
            STRUCT => {
                let mut number = 0;
                while let Some(kind) = self.field(&mut number)? {
                    self.skip(kind, depth + 1)?;
                }
                Ok(())
            }
            _ => Err(broken("the start of a page has a value of an unknown kind")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn sizes_are_found_among_what_is_skipped() {
        // Field 1 (a number), 2 and 3 (the sizes), 5 (a structure of numbers, a truth, a list, bytes), 9 by its number.
        let bytes = [
            0x15, 0x00, 0x15, 0xC8, 0x01, 0x15, 0x54, 0x2C, 0x15, 0x06, 0x11, 0x19, 0x25, 0x02, 0x04, 0x18, 0x02, 7, 7,
            0x00, 0x05, 0x12, 0x08, 0x00, 99,
        ];
        let found = page(&mut &bytes[..]).expect("a page");
        assert_eq!((found.header, found.whole, found.stored), (bytes.len() as u64 - 1, 100, 42));
        for end in 0..bytes.len() - 1 {
            assert!(page(&mut &bytes[..end]).is_err(), "{end}");
        }
        // A size below zero, none, an unknown kind, a list without end, nesting without end.
        assert!(page(&mut &[0x15, 0x00, 0x15, 0x01, 0x15, 0x54, 0x00][..]).is_err());
        assert!(page(&mut &[0x15, 0x00, 0x00][..]).is_err());
        assert!(page(&mut &[0x1D, 0x00][..]).is_err());
        assert!(page(&mut std::io::repeat(0x19)).is_err());
        assert!(page(&mut std::io::repeat(0x1C)).is_err());
        assert!(page(&mut std::io::repeat(0xF8)).is_err());
    }
}

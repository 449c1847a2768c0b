//! Rows as text: what is copied, then the outputs.

use std::ops::Range;

use super::{Format, Rows, jsonl};
use crate::network::Network;
use crate::numeric::Real;
use crate::numeric::decimal::{push_shortest, push_shortest_single};

/// Writes the rows of one network in a format.
#[derive(Debug, Clone)]
pub struct Writing {
    format: Format,
    /// The format of what is copied.
    from: Format,
    kept: Vec<String>,
    outputs: Vec<Port>,
    has_header: bool,
}

/// An output as columns.
#[derive(Debug, Clone)]
struct Port {
    /// One name an element, or one for all in a list.
    names: Vec<String>,
    /// What stands before each value, or before the list: `"name":`.
    keys: Vec<Vec<u8>>,
    count: usize,
    is_list: bool,
}

/// The columns of a network's outputs, in order.
pub(super) fn names(network: &Network, format: Format) -> Vec<String> {
    ports(network, format).into_iter().flat_map(|port| port.names).collect()
}

fn ports(network: &Network, format: Format) -> Vec<Port> {
    let port = |output: &crate::network::Output| {
        let count = output.parts.iter().map(|part| part.count as usize).sum();
        let is_list = output.is_array && output.columns.is_none() && format == Format::JsonLines;
        let names: Vec<String> = match &output.columns {
            Some(columns) => columns.to_vec(),
            None if output.is_array && !is_list => {
                (0..count).map(|element| format!("{}[{element}]", output.name)).collect()
            }
            None => vec![output.name.clone()],
        };
        let keys = names.iter().map(|name| key(name)).collect();
        Port { names, keys, count, is_list }
    };
    network.outputs().iter().map(port).collect()
}

impl Writing {
    /// Writes the outputs of `network` as `format`, behind the columns `kept` that are copied from a file of the format
    /// `from`.
    #[must_use]
    pub fn new(network: &Network, format: Format, from: Format, kept: &[String], has_header: bool) -> Writing {
        Writing { format, from, kept: kept.to_vec(), outputs: ports(network, format), has_header }
    }

    /// What the columns are called, those that are copied first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.kept.iter().chain(self.outputs.iter().flat_map(|port| &port.names)).map(String::as_str)
    }

    /// What the `place`th column that is copied holds, row by row: a text, or nothing where JSON has null.
    pub fn copied<'a, R>(
        &'a self,
        block: &'a [u8],
        rows: &'a Rows<R>,
        place: usize,
    ) -> impl Iterator<Item = Option<String>> + 'a {
        let cells = rows.kept.iter().skip(place).step_by(self.kept.len().max(1));
        cells.map(|cell| {
            let cell = &block[cell.start as usize..cell.end as usize];
            let text = match self.from.separator() {
                Some(_) => unquoted(cell),
                None if matches!(cell, b"" | b"null") => return None,
                None => plain(cell),
            };
            Some(String::from_utf8_lossy(&text).into_owned())
        })
    }

    /// Puts the header behind `text`, where there is one.
    pub fn header(&self, text: &mut Vec<u8>) {
        let Some(separator) = self.format.separator().filter(|_| self.has_header) else { return };
        for (place, name) in self.names().enumerate() {
            if place > 0 {
                text.push(separator);
            }
            quote(name.as_bytes(), separator, text);
        }
        text.push(b'\n');
    }

    /// Puts rows behind `text`: what is copied from their `block`, and their `outputs`.
    pub fn rows<R: Real>(&self, block: &[u8], rows: &Rows<R>, outputs: &[R], text: &mut Vec<u8>) {
        let width = self.outputs.iter().map(|port| port.count).sum::<usize>();
        let mut nulls = rows.nulls.iter().copied().peekable();
        for row in 0..rows.count() {
            let is_null = nulls.next_if_eq(&row).is_some();
            let kept = &rows.kept[row * self.kept.len()..][..self.kept.len()];
            let outputs = &outputs[row * width..][..width];
            match self.format.separator() {
                Some(separator) => self.cells(separator, block, kept, outputs, is_null, text),
                None => self.object(block, kept, outputs, is_null, text),
            }
        }
    }

    /// The first row, counted from 0, in which something is copied that a spreadsheet would take for a formula; and
    /// what that is.
    #[must_use]
    pub fn formula<R>(&self, block: &[u8], rows: &Rows<R>) -> Option<(usize, String)> {
        self.format.separator()?;
        let bytes = |cell: &Range<u32>| &block[cell.start as usize..cell.end as usize];
        let is_formula = |cell: &&Range<u32>| {
            let content = bytes(cell).strip_prefix(b"\"").unwrap_or(bytes(cell));
            let begins = matches!(content.first(), Some(b'=' | b'+' | b'-' | b'@'));
            begins && super::read::number(content.strip_suffix(b"\"").unwrap_or(content)).is_err()
        };
        let (place, cell) = rows.kept.iter().enumerate().find(|(_, cell)| is_formula(cell))?;
        let text = match self.from.separator() {
            Some(_) => unquoted(bytes(cell)),
            None => plain(bytes(cell)),
        };
        Some((place / self.kept.len(), String::from_utf8_lossy(&text).into_owned()))
    }

    #[inline(always)]
    fn cells<R: Real>(
        &self,
        separator: u8,
        block: &[u8],
        kept: &[Range<u32>],
        outputs: &[R],
        is_null: bool,
        text: &mut Vec<u8>,
    ) {
        let start = text.len();
        for cell in kept {
            let cell = &block[cell.start as usize..cell.end as usize];
            match self.from.separator() {
                Some(from) if from == separator => text.extend_from_slice(cell),
                Some(_) => quote(&unquoted(cell), separator, text),
                None => quote(&plain(cell), separator, text),
            }
            text.push(separator);
        }
        for value in outputs {
            if !is_null {
                number(*value, text);
            }
            text.push(separator);
        }
        text.pop();
        if text.len() == start {
            // An empty line would be no row.
            text.extend_from_slice(b"\"\"");
        }
        text.push(b'\n');
    }

    fn object<R: Real>(&self, block: &[u8], kept: &[Range<u32>], outputs: &[R], is_null: bool, text: &mut Vec<u8>) {
        text.push(b'{');
        for (name, cell) in self.kept.iter().zip(kept) {
            text.extend_from_slice(&key(name));
            let cell = &block[cell.start as usize..cell.end as usize];
            match self.from.separator() {
                Some(_) => string(&String::from_utf8_lossy(&unquoted(cell)), text),
                None if cell.is_empty() => text.extend_from_slice(b"null"),
                None => text.extend_from_slice(cell),
            }
            text.push(b',');
        }
        let mut rest = outputs;
        for port in &self.outputs {
            let (here, after) = rest.split_at(port.count);
            rest = after;
            if is_null || port.is_list {
                for key in &port.keys {
                    text.extend_from_slice(key);
                    if is_null {
                        text.extend_from_slice(b"null,");
                    }
                }
            }
            match (is_null, port.is_list) {
                (true, _) => {}
                (false, true) => {
                    text.push(b'[');
                    for value in here {
                        json_number(*value, text);
                        text.push(b',');
                    }
                    text.pop();
                    text.extend_from_slice(b"],");
                }
                (false, false) => {
                    for (key, value) in port.keys.iter().zip(here) {
                        text.extend_from_slice(key);
                        json_number(*value, text);
                        text.push(b',');
                    }
                }
            }
        }
        text.pop();
        text.extend_from_slice(b"}\n");
    }
}

#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "a single was widened before")]
fn number<R: Real>(value: R, text: &mut Vec<u8>) {
    if size_of::<R>() == size_of::<f32>() {
        push_shortest_single(value.widened() as f32, text);
    } else {
        push_shortest(value.widened(), text);
    }
}

/// A number, or a text for what JSON's numbers cannot say.
fn json_number<R: Real>(value: R, text: &mut Vec<u8>) {
    if value.widened().is_finite() {
        return number(value, text);
    }
    text.push(b'"');
    number(value, text);
    text.push(b'"');
}

pub(super) fn key(name: &str) -> Vec<u8> {
    let mut key = Vec::new();
    string(name, &mut key);
    key.push(b':');
    key
}

/// A text of JSON.
pub(super) fn string(content: &str, text: &mut Vec<u8>) {
    text.push(b'"');
    for character in content.chars() {
        match character {
            '"' => text.extend_from_slice(b"\\\""),
            '\\' => text.extend_from_slice(b"\\\\"),
            control if (control as u32) < 0x20 => {
                text.extend_from_slice(format!("\\u{:04x}", control as u32).as_bytes())
            }
            other => text.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    text.push(b'"');
}

/// A cell, between quotes where it needs them.
fn quote(cell: &[u8], separator: u8, text: &mut Vec<u8>) {
    let needs = |byte: &u8| *byte == separator || matches!(byte, b'"' | b'\n' | b'\r');
    if !cell.iter().any(needs) {
        return text.extend_from_slice(cell);
    }
    text.push(b'"');
    for byte in cell {
        if *byte == b'"' {
            text.push(b'"');
        }
        text.push(*byte);
    }
    text.push(b'"');
}

/// What a cell holds.
fn unquoted(cell: &[u8]) -> Vec<u8> {
    let Some(inner) = cell.strip_prefix(b"\"") else { return cell.to_vec() };
    let inner = inner.strip_suffix(b"\"").unwrap_or(inner);
    let mut held = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter().peekable();
    while let Some(byte) = bytes.next() {
        held.push(*byte);
        if *byte == b'"' {
            bytes.next_if_eq(&&b'"');
        }
    }
    held
}

/// A value of JSON as a cell: a text without its quotes, nothing for null, all else as it stands.
fn plain(value: &[u8]) -> Vec<u8> {
    match value {
        b"null" => Vec::new(),
        [b'"', inner @ .., b'"'] => jsonl::unescaped(inner).into_owned().into_bytes(),
        other => other.to_vec(),
    }
}

/// A row of texts of a file of rows, for a list of rows that were left out.
#[derive(Debug, Clone, Copy)]
pub struct Quoted(pub Format);

impl Quoted {
    /// Puts one row behind `text`: a cell, or a key and a text, for each pair.
    pub fn row(self, cells: &[(&str, &[u8])], text: &mut Vec<u8>) {
        match self.0.separator() {
            Some(separator) => {
                for (_, cell) in cells {
                    quote(cell, separator, text);
                    text.push(separator);
                }
                text.pop();
                text.push(b'\n');
            }
            None => {
                text.push(b'{');
                for (name, cell) in cells {
                    text.extend_from_slice(&key(name));
                    string(&String::from_utf8_lossy(cell), text);
                    text.push(b',');
                }
                text.pop();
                text.extend_from_slice(b"}\n");
            }
        }
    }

    /// Puts a header behind `text`, where the format has one.
    pub fn header(self, names: &[&str], text: &mut Vec<u8>) {
        if self.0.separator().is_some() {
            let cells: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, name.as_bytes())).collect();
            self.row(&cells, text);
        }
    }
}

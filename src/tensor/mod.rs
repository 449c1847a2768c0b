//! Tensors in files: one file per format, one list of formats.
//!
//! Every byte of a file may be made to hurt. Sizes are multiplied with checks and compared with what the file has
//! before anything of that size is allocated, and nothing in a file is guessed: what does not fit is an error that says
//! where.

mod csv;
mod element;
mod error;
mod json;
mod npy;
mod safetensors;

use std::collections::HashMap;
use std::ops::Range;

use crate::value::{Shape, Tensor};
pub(crate) use element::Element;
pub(crate) use error::TensorError;

/// A format of files that hold tensors.
#[derive(Debug)]
pub(crate) struct Format {
    /// How names of such files end, which is the format's name, too.
    pub(crate) ending: &'static str,
    /// Whether its tensors have names.
    pub(crate) named: bool,
    /// Reads what there is in a file.
    open: fn(Vec<u8>, &Room) -> Result<Contents, TensorError>,
}

/// Every format.
pub(crate) const FORMATS: [Format; 3] = [
    Format { ending: "safetensors", named: true, open: safetensors::open },
    Format { ending: "npy", named: false, open: npy::open },
    Format { ending: "csv", named: false, open: csv::open },
];

/// What a file may cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    /// Bytes of its header.
    pub(crate) header: u64,
    /// Values that are read.
    pub(crate) values: u64,
}

impl Format {
    /// The format that a file's name ends with.
    pub(crate) fn of(path: &str) -> Option<&'static Format> {
        let (_, ending) = path.rsplit_once('.')?;
        FORMATS.iter().find(|format| format.ending.eq_ignore_ascii_case(ending))
    }

    /// What there is in a file of this format.
    pub(crate) fn open(&self, bytes: Vec<u8>, room: &Room) -> Result<Contents, TensorError> {
        (self.open)(bytes, room)
    }
}

/// What there is in a file. Values are decoded when they are asked for.
#[derive(Debug)]
pub(crate) struct Contents {
    bytes: Vec<u8>,
    tensors: Vec<Stored>,
    /// The places of tensors with names.
    index: HashMap<String, usize>,
}

/// One tensor of a file.
#[derive(Debug)]
pub(crate) struct Stored {
    name: String,
    dimensions: Vec<u64>,
    data: Data,
}

/// The values of a tensor.
#[derive(Debug)]
enum Data {
    /// Values that are decoded already.
    Values(Vec<f64>),
    /// Bytes of the file, as many as the dimensions need.
    Bytes { element: Element, order: Order, at: Range<usize> },
    /// Elements that no weight can be made of: what they are.
    Unusable(String),
}

/// How the bytes and the elements of a tensor follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Order {
    /// Whether an element's first byte counts most.
    big_endian: bool,
    /// Whether the first index runs fastest.
    fortran: bool,
}

impl Contents {
    /// A file of one tensor without a name.
    fn single(bytes: Vec<u8>, dimensions: Vec<u64>, data: Data) -> Contents {
        let only = Stored { name: String::new(), dimensions, data };
        Contents { bytes, tensors: vec![only], index: HashMap::new() }
    }

    /// The tensor of that name, or the only one; with its rows and columns swapped if that is asked for. A vector is
    /// the list of its values, a matrix is stored row by row.
    pub(crate) fn tensor(&self, name: Option<&str>, transpose: bool, room: &Room) -> Result<Tensor, TensorError> {
        let stored = match name {
            None => &self.tensors[0],
            Some(name) => match self.index.get(name) {
                Some(place) => &self.tensors[*place],
                None => return Err(self.unknown(name)),
            },
        };
        let stored_shape = stored.shape()?;
        let count = count(&stored.dimensions).ok_or(TensorError::TooMany { count: None, allowed: room.values })?;
        if count > room.values {
            return Err(TensorError::TooMany { count: Some(count), allowed: room.values });
        }
        let shape = match (stored_shape, transpose) {
            (shape, false) => shape,
            (Shape::Matrix(m, n), true) => Shape::Matrix(n, m),
            (shape, true) => return Err(TensorError::NoTranspose { shape }),
        };
        let values = match &stored.data {
            Data::Unusable(what) => return Err(TensorError::Type { what: what.clone() }),
            Data::Values(values) => transposed(values, stored_shape, transpose),
            Data::Bytes { element, order, at } => {
                let bytes = &self.bytes[at.clone()];
                let width = element.width();
                // The matrix as its bytes stand, row by row, has its dimensions swapped in Fortran's order.
                let (laid, swap) = match (stored_shape, order.fortran) {
                    (Shape::Matrix(m, n), true) => (Shape::Matrix(n, m), !transpose),
                    (shape, _) => (shape, transpose),
                };
                let decoded = element.decode(bytes, order.big_endian).map_err(|(place, what)| {
                    let (index, offset) = (index_of(place, laid, order.fortran), at.start + place * width);
                    TensorError::Element { index, offset, what }
                })?;
                match swap {
                    false => decoded,
                    true => transposed(&decoded, laid, true),
                }
            }
        };
        Ok(Tensor { shape, values })
    }

    fn unknown(&self, name: &str) -> TensorError {
        let names = self.tensors.iter().map(|stored| stored.name.as_str());
        let meant = crate::text::closest(name, names).map(str::to_owned);
        TensorError::Unknown { name: name.to_owned(), meant, has: self.described() }
    }

    /// The error for a file of named tensors of which none is named.
    pub(crate) fn nameless(&self) -> TensorError {
        TensorError::Nameless { has: self.described() }
    }

    /// The first tensors, and how many more there are.
    fn described(&self) -> String {
        const SHOWN: usize = 12;
        let mut list: Vec<String> = self.tensors.iter().take(SHOWN).map(Stored::described).collect();
        match (self.tensors.len(), self.tensors.len().saturating_sub(SHOWN)) {
            (0, _) => return "the file has no tensor".to_owned(),
            (_, 0) => {}
            (_, more) => list.push(format!("and {more} more")),
        }
        format!("it has {}", list.join(", "))
    }
}

impl Stored {
    /// Its shape, if it has one that the language has.
    fn shape(&self) -> Result<Shape, TensorError> {
        let refuse = || TensorError::Dimensions { dimensions: self.dimensions.clone() };
        if self.dimensions.contains(&0) {
            return Err(refuse());
        }
        let narrow = |size: u64| usize::try_from(size).map_err(|_| refuse());
        match *self.dimensions.as_slice() {
            [] => Ok(Shape::Scalar),
            [n] => Ok(Shape::Vector(narrow(n)?)),
            [m, n] => Ok(Shape::Matrix(narrow(m)?, narrow(n)?)),
            _ => Err(refuse()),
        }
    }

    /// Its name and dimensions.
    fn described(&self) -> String {
        format!("{} {}", crate::text::quoted(&self.name), dimensions(&self.dimensions))
    }
}

/// Dimensions as messages write them.
pub(crate) fn dimensions(dimensions: &[u64]) -> String {
    const SHOWN: usize = 8;
    let mut shown: Vec<String> = dimensions.iter().take(SHOWN).map(u64::to_string).collect();
    if dimensions.len() > SHOWN {
        shown.push("…".to_owned());
    }
    format!("[{}]", shown.join(", "))
}

/// How many values there are; none where that cannot be counted.
fn count(dimensions: &[u64]) -> Option<u64> {
    if dimensions.contains(&0) {
        return Some(0);
    }
    dimensions.iter().try_fold(1u64, |count, size| count.checked_mul(*size))
}

/// How many bytes so many elements take; none where that cannot be counted.
fn bytes_of(dimensions: &[u64], width: u64) -> Option<u64> {
    count(dimensions)?.checked_mul(width)
}

/// The index, as the file's shape counts, of the element that stands at `place` of the matrix `laid`.
fn index_of(place: usize, laid: Shape, fortran: bool) -> Vec<usize> {
    match laid {
        Shape::Scalar => Vec::new(),
        Shape::Vector(_) => vec![place],
        Shape::Matrix(_, columns) if fortran => vec![place % columns, place / columns],
        Shape::Matrix(_, columns) => vec![place / columns, place % columns],
    }
}

/// The values of a matrix with rows and columns swapped, if that is asked for.
fn transposed(values: &[f64], shape: Shape, swap: bool) -> Vec<f64> {
    let (Shape::Matrix(rows, columns), true) = (shape, swap) else { return values.to_vec() };
    // Small squares, so that what is read and what is written stay in the cache.
    const SIDE: usize = 32;
    let mut swapped = vec![0.0; values.len()];
    for row in (0..rows).step_by(SIDE) {
        for column in (0..columns).step_by(SIDE) {
            for i in row..(row + SIDE).min(rows) {
                for j in column..(column + SIDE).min(columns) {
                    swapped[j * rows + i] = values[i * columns + j];
                }
            }
        }
    }
    swapped
}

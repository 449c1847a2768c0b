//! The safetensors format: eight bytes with the length of a JSON header, the header, the tensors' bytes.
//!
//! Stricter than common readers, as the format's description allows: no name twice, no byte of two tensors, none of no
//! tensor. Source: the format's description at `huggingface/safetensors`.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::error::Place;
use super::json::Reader;
use super::{Contents, Data, Element, Order, Room, Stored, TensorError, bytes_of};
use crate::text::{counted, quoted};

/// Bytes before the header.
const PREFIX: usize = 8;

/// Reads the header, and holds every tensor's place to its shape and to the file's size.
pub(super) fn open(bytes: Vec<u8>, room: &Room) -> Result<Contents, TensorError> {
    let ends = || TensorError::broken("the file ends in its header", Place::Byte(bytes.len() as u64));
    let length = bytes.first_chunk::<PREFIX>().map(|length| u64::from_le_bytes(*length)).ok_or_else(ends)?;
    // Told first where it cannot be: the bytes are no length then, and the file is of another format.
    if length > (bytes.len() - PREFIX) as u64 {
        let what = format!(
            "the header should have {length} bytes, but the file has only {} behind this",
            bytes.len() - PREFIX
        );
        return Err(TensorError::broken(what, Place::Byte(0)));
    }
    if length > room.header {
        return Err(TensorError::Header { asked: length, allowed: room.header });
    }
    let start = PREFIX + length as usize;
    let header = std::str::from_utf8(&bytes[PREFIX..start]).map_err(|error| {
        TensorError::broken("the header is not UTF-8 text", Place::Byte((PREFIX + error.valid_up_to()) as u64))
    })?;
    let tensors = tensors(header, start)?;
    cover(&tensors, start, bytes.len())?;
    let index = tensors.iter().enumerate().map(|(place, listed)| (listed.stored.name.clone(), place)).collect();
    let tensors = tensors.into_iter().map(|listed| listed.stored).collect();
    Ok(Contents { bytes, tensors, index })
}

/// A tensor as the header lists it, and where its bytes start and end behind the header.
struct Listed {
    stored: Stored,
    begin: u64,
    end: u64,
}

/// All tensors that the header lists, in its order; `start` is where their bytes start.
fn tensors(header: &str, start: usize) -> Result<Vec<Listed>, TensorError> {
    let mut reader = Reader::new(header, PREFIX as u64);
    let mut tensors = Vec::new();
    let mut names: HashMap<String, ()> = HashMap::new();
    reader.object(|reader, name| {
        match names.entry(name.clone()) {
            Entry::Occupied(_) => return Err(reader.broken(format!("the header lists {} twice", quoted(&name)))),
            Entry::Vacant(entry) => entry.insert(()),
        };
        if name == "__metadata__" {
            // Texts of the file's author, for which there is no use here.
            return reader.object(|reader, _| {
                reader.string()?;
                Ok(())
            });
        }
        tensors.push(tensor(reader, name, start)?);
        Ok(())
    })?;
    reader.end()?;
    Ok(tensors)
}

/// `{"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}`
fn tensor(reader: &mut Reader<'_>, name: String, start: usize) -> Result<Listed, TensorError> {
    let (mut dtype, mut shape, mut offsets) = (None, None, None);
    reader.object(|reader, key| {
        let again = match key.as_str() {
            "dtype" => dtype.replace(reader.string()?).is_some(),
            "shape" => shape.replace(reader.numbers()?).is_some(),
            "data_offsets" => offsets.replace(reader.numbers()?).is_some(),
            _ => return Err(reader.broken(format!("{} has an unknown key {}", quoted(&name), quoted(&key)))),
        };
        match again {
            true => Err(reader.broken(format!("{} has {} twice", quoted(&name), quoted(&key)))),
            false => Ok(()),
        }
    })?;
    let at = || Place::Tensor(name.clone());
    let (Some(dtype), Some(dimensions), Some(offsets)) = (dtype, shape, offsets) else {
        return Err(TensorError::broken("it has no `dtype`, no `shape` or no `data_offsets`", at()));
    };
    let &[begin, end] = offsets.as_slice() else {
        return Err(TensorError::broken("its `data_offsets` are not two numbers", at()));
    };
    let (width, element) = match kind(&dtype) {
        Kind::Number(element) => (Some(element.width() as u64), Some(element)),
        Kind::Unusable(width) => (width, None),
    };
    let has = end.checked_sub(begin);
    let needed = width.map(|width| bytes_of(&dimensions, width));
    if has.is_none() || needed.is_some_and(|needed| needed != has) {
        let shown = super::dimensions(&dimensions);
        let needs = match needed {
            Some(Some(needed)) => format!("{needed} bytes"),
            Some(None) => "more bytes than can be counted".to_owned(),
            None => "bytes".to_owned(),
        };
        let what =
            format!("its shape {shown} of {} needs {needs}, but it has those from {begin} to {end}", quoted(&dtype));
        return Err(TensorError::broken(what, at()));
    }
    let place = |offset: u64| usize::try_from(offset).ok().and_then(|offset| offset.checked_add(start));
    let data = match (element, place(begin), place(end)) {
        (Some(element), Some(begin), Some(end)) => {
            Data::Bytes { element, order: Order { big_endian: false, fortran: false }, at: begin..end }
        }
        (None, Some(_), Some(_)) => Data::Unusable(format!("elements of the type {}", quoted(&dtype))),
        _ => return Err(TensorError::broken("its bytes are behind what can be counted", at())),
    };
    Ok(Listed { stored: Stored { name, dimensions, data }, begin, end })
}

/// Checks that every byte behind the header is of one tensor, and that no tensor has others.
fn cover(tensors: &[Listed], start: usize, size: usize) -> Result<(), TensorError> {
    let has = (size - start) as u64;
    let mut order: Vec<&Listed> = tensors.iter().collect();
    order.sort_by_key(|listed| (listed.begin, listed.end));
    let mut covered = 0;
    for Listed { stored, begin, end } in order {
        let broken = |what: String| Err(TensorError::broken(what, Place::Tensor(stored.name.clone())));
        if *end > has {
            return broken(format!("its bytes end at {end}, but there are only {has} behind the header"));
        }
        if *begin < covered {
            return broken(format!("its bytes start at {begin}, inside those of another tensor"));
        }
        if *begin > covered {
            return broken(format!("its bytes start at {begin}; those from {covered} on are of no tensor"));
        }
        covered = *end;
    }
    if covered < has {
        let what = format!("the file goes on after its last tensor, by {}", counted(has - covered, "byte"));
        return Err(TensorError::broken(what, Place::Byte(start as u64 + covered)));
    }
    Ok(())
}

enum Kind {
    Number(Element),
    /// Elements that no weight can be made of, and how many bytes one takes, if that is known.
    Unusable(Option<u64>),
}

fn kind(dtype: &str) -> Kind {
    Kind::Number(match dtype {
        "F16" => Element::F16,
        "BF16" => Element::Bf16,
        "F32" => Element::F32,
        "F64" => Element::F64,
        "I8" => Element::I8,
        "I16" => Element::I16,
        "I32" => Element::I32,
        "I64" => Element::I64,
        "U8" => Element::U8,
        "U16" => Element::U16,
        "U32" => Element::U32,
        "U64" => Element::U64,
        "BOOL" => return Kind::Unusable(Some(1)),
        "C64" => return Kind::Unusable(Some(8)),
        _ => return Kind::Unusable(None),
    })
}

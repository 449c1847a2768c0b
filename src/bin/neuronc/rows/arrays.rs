//! Columns in the memory layout of Arrow as cells.

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_schema::DataType;
use neuronc::table::{Cell, Cells};

/// Whether an input can read columns of such a type.
pub fn is_number(kind: &DataType) -> bool {
    matches!(kind, DataType::Float16 | DataType::Float32 | DataType::Float64 | DataType::Boolean) || kind.is_integer()
}

/// Whether columns of such a type can be copied.
pub fn is_copied(kind: &DataType) -> bool {
    is_number(kind) || matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// How many of the first cells have so many bytes of text together; at least one.
pub fn within(array: &dyn Array, bytes: usize) -> usize {
    let length = |row: usize| match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).len(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(row).len(),
        DataType::Utf8View => array.as_string_view().value(row).len(),
        _ => 0,
    };
    let mut sum = 0usize;
    let over = (0..array.len()).position(|row| {
        sum += length(row);
        sum > bytes
    });
    over.map_or(array.len(), |row| row.max(1))
}

/// Fills a column with what an array has, whose type is one of those above.
pub fn fill(cells: &mut Cells, place: usize, array: &dyn Array) {
    match array.data_type() {
        DataType::Float64 => primitive::<Float64Type>(cells, place, array, Cell::Number),
        DataType::Float32 => primitive::<Float32Type>(cells, place, array, Cell::Single),
        DataType::Float16 => primitive::<Float16Type>(cells, place, array, |value| Cell::Single(value.to_f32())),
        DataType::Int8 => primitive::<Int8Type>(cells, place, array, |value| Cell::Integer(value.into())),
        DataType::Int16 => primitive::<Int16Type>(cells, place, array, |value| Cell::Integer(value.into())),
        DataType::Int32 => primitive::<Int32Type>(cells, place, array, |value| Cell::Integer(value.into())),
        DataType::Int64 => primitive::<Int64Type>(cells, place, array, |value| Cell::Integer(value.into())),
        DataType::UInt8 => primitive::<UInt8Type>(cells, place, array, |value| Cell::Integer(value.into())),
        DataType::UInt16 => primitive::<UInt16Type>(cells, place, array, |value| Cell::Integer(value.into())),
        DataType::UInt32 => primitive::<UInt32Type>(cells, place, array, |value| Cell::Integer(value.into())),
        DataType::UInt64 => primitive::<UInt64Type>(cells, place, array, |value| Cell::Integer(value.into())),
        DataType::Boolean => {
            let array = array.as_boolean();
            each(cells, place, array, |row| Cell::Truth(array.value(row)));
        }
        DataType::Utf8 => {
            let array = array.as_string::<i32>();
            each(cells, place, array, |row| Cell::Text(array.value(row)));
        }
        DataType::LargeUtf8 => {
            let array = array.as_string::<i64>();
            each(cells, place, array, |row| Cell::Text(array.value(row)));
        }
        DataType::Utf8View => {
            let array = array.as_string_view();
            each(cells, place, array, |row| Cell::Text(array.value(row)));
        }
        // No column of another type is read.
        _ => {}
    }
}

fn primitive<T: ArrowPrimitiveType>(
    cells: &mut Cells,
    place: usize,
    array: &dyn Array,
    cell: impl Fn(T::Native) -> Cell<'static> + Clone,
) {
    let array = array.as_primitive::<T>();
    let values = array.values();
    if array.null_count() == 0 {
        return cells.fill(place, values.iter().map(|value| cell(*value)));
    }
    each(cells, place, array, |row| cell(values[row]));
}

fn each<'a>(cells: &mut Cells, place: usize, array: &dyn Array, cell: impl Fn(usize) -> Cell<'a> + Clone) {
    let cell = |row| if array.is_null(row) { Cell::Null } else { cell(row) };
    cells.fill(place, (0..array.len()).map(cell));
}

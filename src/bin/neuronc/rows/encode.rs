//! Rows of outputs as columns, for files that are no text.

use std::io::{self, Write};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::Compression;
use ::parquet::file::properties::WriterProperties;
use ::parquet::schema::types::ColumnPath;
use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{ArrayRef, BooleanArray, Float64Array, PrimitiveArray, RecordBatch, RecordBatchOptions, StringArray};
use arrow_ipc::writer::FileWriter;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use neuronc::Precision;
use neuronc::table::{Columns, Policy, Rows, Writing};

use super::table::Table;
use crate::form::Binary;

/// Which columns are written. Never changes and is shared between threads.
pub struct Encoding {
    schema: SchemaRef,
    /// How many of the columns are copied.
    kept: usize,
}

/// The columns of a block.
pub type Batch = RecordBatch;

impl Encoding {
    /// Of what `writing` writes, behind columns that are copied from `table`, or from text.
    pub fn new(writing: &Writing, columns: &Columns, table: Option<&Table>, policy: Policy) -> Option<Encoding> {
        let kept = columns.kept();
        let fields = writing.names().enumerate().map(|(place, name)| {
            let Some(column) = kept.get(place) else {
                return Field::new(name, DataType::Float64, policy == Policy::Null);
            };
            let kind = table.and_then(|table| table.kind(column)).map_or(DataType::Utf8, copy_of);
            Field::new(name, kind, true)
        });
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        Some(Encoding { schema, kept: kept.len() })
    }

    /// What is written of the rows of a block.
    pub fn batch<R: Precision>(&self, writing: &Writing, block: &[u8], rows: &Rows<R>, outputs: &[R]) -> Batch {
        let width = self.schema.fields().len() - self.kept;
        let columns = self.schema.fields().iter().enumerate().map(|(place, field)| -> ArrayRef {
            let Some(output) = place.checked_sub(self.kept) else {
                return copied(field.data_type(), writing.copied(block, rows, place));
            };
            let values = outputs.iter().skip(output).step_by(width).map(|value| value.widened());
            if rows.nulls().is_empty() {
                return Arc::new(Float64Array::from_iter_values(values));
            }
            let mut nulls = rows.nulls().iter().copied().peekable();
            let or_null = |(row, value)| nulls.next_if_eq(&row).is_none().then_some(value);
            Arc::new(Float64Array::from_iter(values.enumerate().map(or_null)))
        });
        let columns = columns.collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows.count()));
        RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)
            .expect("columns of the schema's types, with a value a row")
    }

    /// Begins a file.
    pub fn begin(&self, binary: Binary) -> io::Result<Encoder> {
        /// Values of a group of rows at the most.
        const VALUES: usize = 1 << 22;
        let page = Page::default();
        let writer = match binary {
            Binary::Parquet => {
                let rows = (VALUES / self.schema.fields().len().max(1)).clamp(1, 1 << 20);
                let properties = WriterProperties::builder()
                    .set_compression(Compression::SNAPPY)
                    .set_max_row_group_row_count(Some(rows))
                    .set_max_row_group_bytes(Some(VALUES * size_of::<f64>()));
                // Doubles are rarely the same.
                let outputs = self.schema.fields()[self.kept..].iter();
                let properties = outputs.fold(properties, |properties, field| {
                    properties.set_column_dictionary_enabled(ColumnPath::new(vec![field.name().clone()]), false)
                });
                let properties = Some(properties.build());
                Writer::Parquet(Box::new(ArrowWriter::try_new(page.clone(), self.schema.clone(), properties)?))
            }
            Binary::Arrow => {
                let writer = FileWriter::try_new(page.clone(), &self.schema).map_err(io::Error::other)?;
                Writer::Arrow(Box::new(writer))
            }
        };
        Ok(Encoder { writer, page })
    }
}

/// Makes the bytes of one file of what is to be in it, bit by bit.
pub struct Encoder {
    writer: Writer,
    page: Page,
}

enum Writer {
    Parquet(Box<ArrowWriter<Page>>),
    Arrow(Box<FileWriter<Page>>),
}

impl Encoder {
    /// The next bytes, once the file has these rows, too.
    pub fn rows(&mut self, batch: &Batch) -> io::Result<Vec<u8>> {
        match &mut self.writer {
            Writer::Parquet(writer) => writer.write(batch)?,
            Writer::Arrow(writer) => writer.write(batch).map_err(io::Error::other)?,
        }
        Ok(self.page.take())
    }

    /// The last bytes.
    pub fn end(mut self) -> io::Result<Vec<u8>> {
        match &mut self.writer {
            Writer::Parquet(writer) => writer.finish().map(|_| ())?,
            Writer::Arrow(writer) => writer.finish().map_err(io::Error::other)?,
        }
        Ok(self.page.take())
    }
}

/// Bytes that were made and not taken yet.
#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl Page {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The type of a column that is copied from one of such a type.
fn copy_of(kind: &DataType) -> DataType {
    match kind {
        DataType::Float16 => DataType::Float32,
        DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        other => other.clone(),
    }
}

/// A column of a type that `copy_of` gives, of the texts of its cells; none is null.
fn copied(kind: &DataType, texts: impl Iterator<Item = Option<String>>) -> ArrayRef {
    match kind {
        DataType::Float64 => parsed::<Float64Type>(texts),
        DataType::Float32 => parsed::<Float32Type>(texts),
        DataType::Int8 => parsed::<Int8Type>(texts),
        DataType::Int16 => parsed::<Int16Type>(texts),
        DataType::Int32 => parsed::<Int32Type>(texts),
        DataType::Int64 => parsed::<Int64Type>(texts),
        DataType::UInt8 => parsed::<UInt8Type>(texts),
        DataType::UInt16 => parsed::<UInt16Type>(texts),
        DataType::UInt32 => parsed::<UInt32Type>(texts),
        DataType::UInt64 => parsed::<UInt64Type>(texts),
        DataType::Boolean => Arc::new(BooleanArray::from_iter(texts.map(|text| text.map(|text| text == "true")))),
        _ => Arc::new(StringArray::from_iter(texts)),
    }
}

/// The texts were made of such numbers.
fn parsed<T: ArrowPrimitiveType<Native: FromStr>>(texts: impl Iterator<Item = Option<String>>) -> ArrayRef {
    Arc::new(PrimitiveArray::<T>::from_iter(texts.map(|text| text.and_then(|text| text.parse().ok()))))
}

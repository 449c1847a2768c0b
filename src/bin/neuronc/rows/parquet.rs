//! Files of rows in Parquet.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use ::parquet::basic::Compression;
use ::parquet::errors::{ParquetError, Result};
use ::parquet::file::metadata::ColumnChunkMetaData;
use ::parquet::file::reader::{ChunkReader, Length};
use arrow_schema::SchemaRef;
use bytes::Bytes;
use neuronc::shown;

use super::pages;
use super::table::Batches;
use crate::form::Unread;

/// A file that gives nothing which it does not have, whatever it says of itself.
struct Whole {
    file: File,
    length: u64,
}

impl Length for Whole {
    fn len(&self) -> u64 {
        self.length
    }
}

impl Whole {
    fn at(&self, start: u64) -> Result<File> {
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(start))?;
        Ok(file)
    }
}

/// Snappy copies 64 bytes by three at the most.
const LARGEST_RATIO: u64 = 22;

impl Whole {
    /// Looks at all pages of a column of a group of rows: what they hold is no more than what they store allows.
    fn checked(&self, column: &ColumnChunkMetaData) -> std::result::Result<(), Unread> {
        let name = shown(column.column_path().parts().first().map_or("", String::as_str));
        let ratio = match column.compression() {
            Compression::UNCOMPRESSED => 1,
            Compression::SNAPPY => LARGEST_RATIO,
            other => {
                let method = format!("{other:?}");
                let method = method.split('(').next().unwrap_or_default();
                return Err(Unread::refused(format!(
                    "its column `{name}` is compressed with {method}; \
                     columns are read without compression or with SNAPPY"
                )));
            }
        };
        let start = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
        let place = u64::try_from(start).ok().zip(u64::try_from(column.compressed_size()).ok());
        let place = place.and_then(|(start, size)| Some((start, start.checked_add(size)?)));
        let place = place.filter(|(_, end)| *end <= self.length);
        let Some((mut start, end)) = place else {
            return Err(Unread::broken(&format!("its column `{name}` lies outside of the file")));
        };
        while start < end {
            let mut input = self.get_read(start).map_err(|error| unread(&error))?.take(end - start);
            let page = pages::page(&mut input);
            let page = page.map_err(|error| Unread::broken(&format!("its column `{name}`, byte {start}: {error}")))?;
            let next = start.checked_add(page.header).and_then(|start| start.checked_add(page.stored));
            let next = next.filter(|next| *next <= end && page.whole <= page.stored.saturating_mul(ratio));
            start = next.ok_or_else(|| {
                let sizes = format!("{} bytes that stand for {}", page.stored, page.whole);
                Unread::broken(&format!("its column `{name}`, byte {start}: a page tells of {sizes}"))
            })?;
        }
        Ok(())
    }
}

impl ChunkReader for Whole {
    type T = BufReader<File>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(BufReader::new(self.at(start)?))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        if start.checked_add(length as u64).is_none_or(|end| end > self.length) {
            return Err(ParquetError::EOF(format!("{length} bytes are wanted at byte {start} of {}", self.length)));
        }
        let mut bytes = vec![0; length];
        self.at(start)?.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}

/// A file whose columns are known, and the same again to look at its pages.
pub struct Parquet(ParquetRecordBatchReaderBuilder<Whole>, Whole);

impl Parquet {
    pub fn open(file: File) -> std::result::Result<Parquet, Unread> {
        let length = file.metadata().map_err(|error| Unread::failed(&error))?.len();
        let again = Whole { file: file.try_clone().map_err(|error| Unread::failed(&error))?, length };
        let builder = ParquetRecordBatchReaderBuilder::try_new(Whole { file, length });
        Ok(Parquet(builder.map_err(|error| unread(&error))?, again))
    }

    pub fn schema(&self) -> &SchemaRef {
        self.0.schema()
    }

    /// The rows, so many at once, of the columns at these places.
    pub fn batches(self, places: &[usize], rows: usize) -> std::result::Result<Batches, Unread> {
        let mask = ProjectionMask::roots(self.0.parquet_schema(), places.iter().copied());
        for group in self.0.metadata().row_groups() {
            let read = group.columns().iter().enumerate().filter(|(place, _)| mask.leaf_included(*place));
            for (_, column) in read {
                self.1.checked(column)?;
            }
        }
        let reader = self.0.with_projection(mask).with_batch_size(rows).build().map_err(|error| unread(&error))?;
        Ok(Box::new(reader.map(|batch| batch.map_err(|error| Unread::broken(&error)))))
    }
}

fn unread(error: &ParquetError) -> Unread {
    match error {
        ParquetError::External(inner) => match inner.downcast_ref::<io::Error>() {
            Some(error) if error.kind() != io::ErrorKind::UnexpectedEof => Unread::failed(error),
            _ => Unread::broken(error),
        },
        _ => Unread::broken(error),
    }
}

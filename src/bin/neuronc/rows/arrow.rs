//! Files of rows in Arrow IPC: with a footer that tells where the rows are, or as a stream.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_buffer::{Buffer, MutableBuffer};
use arrow_ipc::reader::{FileDecoder, StreamDecoder, read_footer_length};
use arrow_ipc::{Block, convert, root_as_footer};
use arrow_schema::{ArrowError, SchemaRef};

use super::blocks::READ;
use super::table::Batches;
use crate::form::Unread;

/// A file or stream whose columns are known.
pub enum Arrow {
    File(Whole),
    Stream(Stream),
}

/// A file, and where its rows are.
pub struct Whole {
    file: File,
    schema: SchemaRef,
    decoder: FileDecoder,
    blocks: Vec<Block>,
}

/// What is left of a stream.
pub struct Stream {
    input: Box<dyn Read + Send>,
    schema: SchemaRef,
    decoder: StreamDecoder,
    /// What was read and not decoded yet.
    buffer: Buffer,
    /// Rows that came with the names of the columns.
    first: Option<RecordBatch>,
    /// The places of the columns that are read.
    places: Vec<usize>,
}

/// How a file with a footer begins and ends.
const MAGIC: &[u8] = b"ARROW1";
/// Bytes behind the footer: its length and the magic.
const BEHIND: u64 = 10;
/// Bytes before the metadata of a block: a mark and their length.
const MARKED: u64 = 8;

impl Arrow {
    /// Opens a file, which is a stream if it does not begin as one with a footer. No footer is longer than `limit`.
    pub fn open(mut file: File, limit: u64) -> Result<Arrow, Unread> {
        let failed = |error: io::Error| Unread::failed(&error);
        let mut first = Vec::new();
        file.by_ref().take(MAGIC.len() as u64).read_to_end(&mut first).map_err(failed)?;
        if first != MAGIC {
            file.rewind().map_err(failed)?;
            return Arrow::stream(Box::new(file));
        }
        let length = file.metadata().map_err(failed)?.len();
        let Some(end) = length.checked_sub(BEHIND) else { return Err(Unread::broken(&"it has no footer")) };
        let mut behind = [0; BEHIND as usize];
        read_at(&mut file, end, &mut behind)?;
        let size = read_footer_length(behind).map_err(|error| unread(&error))? as u64;
        let Some(start) = end.checked_sub(size) else {
            return Err(Unread::broken(&format!("it has {length} bytes, and a footer of {size}")));
        };
        if size > limit {
            let reason = format!("its footer has {size} bytes; the limit is {limit} (`--limit header=N` allows more)");
            return Err(Unread::refused(reason));
        }
        let mut footer = vec![0; size as usize];
        read_at(&mut file, start, &mut footer)?;
        let footer = root_as_footer(&footer).map_err(|error| Unread::broken(&error))?;
        let schema = footer.schema().ok_or_else(|| Unread::broken(&"its footer names no columns"))?;
        if !schema.endianness().equals_to_target_endianness() {
            return Err(Unread::refused("its bytes have the order of another machine".to_owned()));
        }
        let schema = Arc::new(convert::try_fb_to_schema(schema).map_err(|error| unread(&error))?);
        let blocks: Vec<Block> = footer.recordBatches().iter().flatten().copied().collect();
        if !blocks.iter().all(|block| is_inside(block, length)) {
            return Err(Unread::broken(&"its footer tells of rows that lie outside of the file"));
        }
        let decoder = FileDecoder::new(schema.clone(), footer.version());
        Ok(Arrow::File(Whole { file, schema, decoder, blocks }))
    }

    /// Opens a stream.
    pub fn stream(input: Box<dyn Read + Send>) -> Result<Arrow, Unread> {
        let (decoder, buffer) = (StreamDecoder::new(), Buffer::from_vec(Vec::<u8>::new()));
        let schema = Arc::new(arrow_schema::Schema::empty());
        let mut stream = Stream { input, schema, decoder, buffer, first: None, places: Vec::new() };
        while stream.decoder.schema().is_none() {
            if !stream.more()? {
                return Err(Unread::broken(&"it ends before its columns are named"));
            }
            stream.first = stream.decoder.decode(&mut stream.buffer).map_err(|error| unread(&error))?;
        }
        stream.schema = stream.decoder.schema().unwrap_or(stream.schema);
        Ok(Arrow::Stream(stream))
    }

    pub fn schema(&self) -> &SchemaRef {
        match self {
            Arrow::File(whole) => &whole.schema,
            Arrow::Stream(stream) => &stream.schema,
        }
    }

    /// The rows, of the columns at these places.
    pub fn batches(self, places: &[usize]) -> Batches {
        match self {
            Arrow::File(Whole { mut file, decoder, blocks, .. }) => {
                let decoder = decoder.with_projection(places.to_vec());
                Box::new(blocks.into_iter().filter_map(move |block| read(&mut file, &decoder, &block).transpose()))
            }
            Arrow::Stream(mut stream) => {
                stream.places = places.to_vec();
                Box::new(std::iter::from_fn(move || stream.next().transpose()))
            }
        }
    }
}

/// Whether a block has room in a file of so many bytes.
fn is_inside(block: &Block, length: u64) -> bool {
    let start = u64::try_from(block.offset()).ok();
    let metadata = u64::try_from(block.metaDataLength()).ok().filter(|metadata| *metadata >= MARKED);
    let end = start.zip(metadata).zip(u64::try_from(block.bodyLength()).ok());
    let end = end.and_then(|((start, metadata), body)| start.checked_add(metadata)?.checked_add(body));
    end.is_some_and(|end| end <= length)
}

fn read_at(file: &mut File, start: u64, bytes: &mut [u8]) -> Result<(), Unread> {
    let read = file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(bytes));
    read.map_err(|error| Unread::failed(&error))
}

/// The rows of a block that is inside of the file.
fn read(file: &mut File, decoder: &FileDecoder, block: &Block) -> Result<Option<RecordBatch>, Unread> {
    let length = block.metaDataLength() as usize + block.bodyLength() as usize;
    let mut bytes = MutableBuffer::from_len_zeroed(length);
    read_at(file, block.offset() as u64, &mut bytes)?;
    decoder.read_record_batch(block, &bytes.into()).map_err(|error| unread(&error))
}

impl Stream {
    /// Reads on; whether there was something.
    fn more(&mut self) -> Result<bool, Unread> {
        let mut bytes = Vec::with_capacity(READ);
        let read = self.input.by_ref().take(READ as u64).read_to_end(&mut bytes);
        read.map_err(|error| Unread::failed(&error))?;
        let is_something = !bytes.is_empty();
        self.buffer = Buffer::from_vec(bytes);
        Ok(is_something)
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, Unread> {
        loop {
            let batch = match self.first.take() {
                Some(first) => Some(first),
                None => self.decoder.decode(&mut self.buffer).map_err(|error| unread(&error))?,
            };
            if let Some(batch) = batch {
                return batch.project(&self.places).map(Some).map_err(|error| unread(&error));
            }
            if !self.more()? {
                return self.decoder.finish().map(|()| None).map_err(|error| unread(&error));
            }
        }
    }
}

fn unread(error: &ArrowError) -> Unread {
    let text = error.to_string();
    // The crate is built without these.
    if text.contains("decompression requires") {
        let reason = "its columns are compressed; those of Arrow IPC are read without compression";
        return Unread::refused(reason.to_owned());
    }
    Unread::broken(error)
}

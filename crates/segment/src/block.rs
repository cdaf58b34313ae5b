//! A file in blocks of 64 KiB with a checksum each, all but its footer.

use std::fs::File;
use std::io::{Seek, Write};
use std::ops::Range;
use std::os::unix::fs::FileExt;

use crate::error::{MirrorError, Result};

/// How many bytes a block has; only the last may have fewer.
pub(crate) const BLOCK: u64 = 64 << 10;
const BLOCK_LENGTH: usize = 64 << 10;

/// Writes bytes in order and takes the checksum of each block.
pub(crate) struct BlockWriter<W> {
    out: W,
    at: u64,
    running: crc32fast::Hasher,
    sums: Vec<u32>,
}

impl<W: Write + Seek> BlockWriter<W> {
    pub(crate) fn new(out: W) -> Self {
        Self {
            out,
            at: 0,
            running: crc32fast::Hasher::new(),
            sums: Vec::new(),
        }
    }

    /// How many bytes were written.
    pub(crate) fn at(&self) -> u64 {
        self.at
    }

    pub(crate) fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        self.out.write_all(bytes)?;
        while !bytes.is_empty() {
            let room = usize::try_from(BLOCK - self.at % BLOCK).unwrap_or(0);
            let (part, rest) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            self.running.update(part);
            self.at += part.len() as u64;
            if self.at.is_multiple_of(BLOCK) {
                self.close();
            }
            bytes = rest;
        }
        Ok(())
    }

    fn close(&mut self) {
        self.sums.push(std::mem::take(&mut self.running).finalize());
    }

    /// The sums of all blocks, and what was written to.
    pub(crate) fn finish(mut self) -> (W, Vec<u32>) {
        if !self.at.is_multiple_of(BLOCK) {
            self.close();
        }
        (self.out, self.sums)
    }
}

/// Reads what a [`BlockWriter`] wrote, and gives out nothing that is not what was written.
#[derive(Debug)]
pub(crate) struct BlockReader {
    file: File,
    /// Where the last block ends.
    end: u64,
    sums: Vec<u32>,
}

impl BlockReader {
    pub(crate) fn new(file: File, end: u64, sums: Vec<u32>) -> Result<Self> {
        if end.div_ceil(BLOCK) != sums.len() as u64 {
            return Err(MirrorError::Torn("it has not a checksum for each block"));
        }
        Ok(Self { file, end, sums })
    }

    /// How many blocks there are.
    pub(crate) fn blocks(&self) -> usize {
        self.sums.len()
    }

    /// The bytes of a range, in `buffer`, once the blocks that hold them are seen to be whole.
    pub(crate) fn read<'b>(&self, range: Range<u64>, buffer: &'b mut Vec<u8>) -> Result<&'b [u8]> {
        let past = || MirrorError::Torn("it points past its own end");
        if range.start > range.end || range.end > self.end {
            return Err(past());
        }
        let first = range.start / BLOCK;
        let end = (range.end.div_ceil(BLOCK) * BLOCK).min(self.end);
        let length = usize::try_from(end.saturating_sub(first * BLOCK)).map_err(|_| past())?;
        buffer.resize(length, 0);
        self.file.read_exact_at(buffer, first * BLOCK)?;
        let first_block = usize::try_from(first).map_err(|_| past())?;
        let sums = self.sums.iter().enumerate().skip(first_block);
        for (block, (at, sum)) in buffer.chunks(BLOCK_LENGTH).zip(sums) {
            if crc32fast::hash(block) != *sum {
                return Err(MirrorError::Damaged(at));
            }
        }
        let within = |at: u64| usize::try_from(at - first * BLOCK).unwrap_or(usize::MAX);
        buffer
            .get(within(range.start)..within(range.end))
            .ok_or_else(past)
    }
}

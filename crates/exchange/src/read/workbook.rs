//! Files of many parts and compressions, whose readers others wrote: told apart here, and copied out row by row.

use std::io::{Read, Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::spool::SpoolWriter;
use super::xlsx_scan::damaged;
use super::{parquet, xls, xlsx};
use crate::FileFault;
use crate::fault::unreadable;

/// What such a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Xlsx,
    Xls,
    Parquet,
}

impl Kind {
    /// By its first bytes.
    pub(crate) fn of(head: &[u8]) -> Option<Self> {
        match head {
            [b'P', b'K', 3 | 5 | 7, ..] => Some(Self::Xlsx),
            [0xD0, 0xCF, 0x11, 0xE0, ..] => Some(Self::Xls),
            [b'P', b'A', b'R', b'1', ..] => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// A file that can be read from anywhere.
pub(crate) trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

/// Why copying out ended before its time.
pub(crate) enum Stop {
    /// The file is at fault.
    Fault(FileFault),
    /// Nobody listens any more.
    Write(std::io::Error),
}

impl From<FileFault> for Stop {
    fn from(fault: FileFault) -> Self {
        Self::Fault(fault)
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Write(error)
    }
}

/// Writes the file's tables as frames ([`super::spool`]), or its fault.
pub(crate) fn copy_out(mut source: Box<dyn Source>, out: &mut dyn Write) -> std::io::Result<()> {
    // The readers behind were written by others for honest files; whatever a hostile one makes them do ends here.
    let copied = catch_unwind(AssertUnwindSafe(|| {
        let mut writer = SpoolWriter::new(out);
        copy(&mut source, &mut writer)?;
        writer.end().map_err(Stop::Write)
    }));
    match copied {
        Ok(Ok(())) => Ok(()),
        Ok(Err(Stop::Write(error))) => Err(error),
        Ok(Err(Stop::Fault(fault))) => SpoolWriter::new(out).fault(&fault),
        Err(_) => SpoolWriter::new(out).fault(&damaged()),
    }
}

fn copy(source: &mut Box<dyn Source>, writer: &mut SpoolWriter<'_>) -> Result<(), Stop> {
    let mut head = [0; 4];
    let read = source.read(&mut head).map_err(|error| unreadable(&error))?;
    source
        .seek(SeekFrom::Start(0))
        .map_err(|error| unreadable(&error))?;
    match Kind::of(head.get(..read).unwrap_or_default()) {
        Some(Kind::Xlsx) => xlsx::copy_out(source, writer),
        Some(Kind::Xls) => xls::copy_out(source, writer),
        Some(Kind::Parquet) => parquet::copy_out(source, writer),
        None => Err(damaged().into()),
    }
}

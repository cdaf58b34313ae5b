//! Which encoding a text file has, and its text.
//!
//! Strict UTF-8 first; what is not UTF-8, or by chance is UTF-8 without a single Chinese character, must be strict GB18030,
//! which covers GBK and GB2312. A mark at the beginning, of UTF-8 or UTF-16, decides: what it says is not tried otherwise. A byte that fits
//! no encoding is a fault and is never replaced.

use std::io::{Cursor, Read, Seek as _, SeekFrom, Write as _};
use std::sync::Arc;

use assess::Text;
use encoding_rs::{CoderResult, Decoder, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;
use rustix::fs::{MemfdFlags, memfd_create};

use super::workbook::Source;
use crate::FileFault;
use crate::fault::unreadable;

/// Where a file's bytes are; read twice, first to probe and then to take in.
#[derive(Debug, Clone)]
pub(crate) enum Data {
    /// In memory, e.g. from an upload.
    Bytes(Arc<[u8]>),
    /// On disk.
    Path(std::path::PathBuf),
    /// Text that is packed, in either of those.
    Packed(Packing, Arc<Data>),
}

/// What a text is packed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    /// gzip (RFC 1952).
    Gzip,
    /// Zstandard (RFC 8878).
    Zstd,
}

/// A text may say that so much of it is looked back at, 2²⁷ bytes, as the tools of the format take by default.
const WINDOW_LOG_MOST: u32 = 27;

impl Packing {
    /// By the first bytes.
    pub(crate) fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1F, 0x8B, ..] => Some(Self::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    fn unpacked(self, packed: Box<dyn Read + Send>) -> std::io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(packed)),
            Self::Zstd => {
                let mut unpacked = zstd::Decoder::new(packed)?;
                unpacked.window_log_max(WINDOW_LOG_MOST)?;
                Box::new(unpacked)
            }
        })
    }
}

impl Data {
    /// A reader from the beginning.
    pub(crate) fn reader(&self) -> Result<Box<dyn Read + Send>, FileFault> {
        match self {
            Self::Packed(by, packed) => by.unpacked(packed.reader()?).map_err(|error| unreadable(&error)),
            _ => Ok(self.source()?),
        }
    }

    /// A reader that can go to any place, of the bytes as they came.
    pub(crate) fn source(&self) -> Result<Box<dyn Source>, FileFault> {
        match self {
            Self::Packed(_, packed) => packed.source(),
            Self::Bytes(bytes) => Ok(Box::new(Cursor::new(Arc::clone(bytes)))),
            Self::Path(path) => {
                let file = std::fs::File::open(path).map_err(|error| unreadable(&error))?;
                Ok(Box::new(file))
            }
        }
    }

    /// The bytes as an open file, for another process. What is in memory stays there.
    pub(crate) fn file(&self) -> std::io::Result<std::fs::File> {
        match self {
            Self::Packed(_, packed) => packed.file(),
            Self::Bytes(bytes) => {
                let mut file = std::fs::File::from(memfd_create(c"upload", MemfdFlags::CLOEXEC)?);
                file.write_all(bytes)?;
                file.seek(SeekFrom::Start(0))?;
                Ok(file)
            }
            Self::Path(path) => std::fs::File::open(path),
        }
    }
}

/// How many bytes are read at a time.
pub(crate) const CHUNK_BYTES: usize = 64 << 10;

/// Reads until the buffer is full or the end is reached.
pub(crate) fn fill(reader: &mut dyn Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Looks at every byte once, chunk by chunk, to find the encoding.
pub(crate) struct Probe {
    mark: Option<&'static Encoding>,
    utf8: Candidate,
    gb18030: Candidate,
    seen: u64,
    lines: u64,
    nul: Option<u64>,
    any_beyond_ascii: bool,
    /// A byte with which no character below U+0800 begins, so that UTF-8 would hold more than Latin, Greek and Cyrillic.
    any_long: bool,
}

struct Candidate {
    decoder: Decoder,
    /// The line that is being decoded. Counted in characters: a byte of 《 in UTF-16 is that of a line's end.
    line: u64,
    /// Where it failed: the line, and whether only the end was missing.
    failed: Option<(u64, bool)>,
}

impl Probe {
    /// Begins with the first bytes of the file, of which at least four are given if there are as many.
    pub(crate) fn new(head: &[u8]) -> Self {
        let mark = match head {
            [0xFF, 0xFE, ..] => Some(UTF_16LE),
            [0xFE, 0xFF, ..] => Some(UTF_16BE),
            [0xEF, 0xBB, 0xBF, ..] => Some(UTF_8),
            _ => None,
        };
        let candidate = |encoding: &'static Encoding| Candidate {
            decoder: encoding.new_decoder_with_bom_removal(),
            line: 1,
            failed: None,
        };
        Self {
            mark,
            utf8: candidate(mark.unwrap_or(UTF_8)),
            gb18030: candidate(GB18030),
            seen: 0,
            lines: 1,
            nul: None,
            any_beyond_ascii: false,
            any_long: false,
        }
    }

    /// Takes the next bytes; the last call has `last` set, if with no bytes.
    pub(crate) fn feed(&mut self, bytes: &[u8], last: bool) {
        if self.nul.is_none()
            && self.mark.is_none_or(|mark| mark == UTF_8)
            && let Some(place) = bytes.iter().position(|b| *b == 0)
        {
            self.nul = Some(self.lines + line_ends(bytes.get(..place).unwrap_or_default()));
        }
        self.utf8.feed(bytes, last);
        if self.mark.is_none() {
            self.gb18030.feed(bytes, last);
        }
        self.any_beyond_ascii |= !bytes.is_ascii();
        self.any_long |= bytes.iter().any(|byte| *byte >= 0xE0);
        self.lines += line_ends(bytes);
        self.seen += bytes.len() as u64;
    }

    /// The encoding, or why there is none.
    pub(crate) fn finish(self) -> Result<&'static Encoding, FileFault> {
        if self.seen == 0 {
            return Err(empty());
        }
        if let Some(line) = self.nul {
            return Err(nul().at(format!("line {line}")));
        }
        match (self.utf8.failed, self.gb18030.failed) {
            // 某某 in GB18030 is ĳĳ in UTF-8. A file of ours that has anything beyond ASCII has Chinese.
            (None, None) if self.mark.is_none() && self.any_beyond_ascii && !self.any_long => Ok(GB18030),
            (None, _) => Ok(self.mark.unwrap_or(UTF_8)),
            // All of it was UTF-8 but the last character, which lacks its end.
            (Some((line, true)), _) if self.any_beyond_ascii => Err(truncated().at(format!("line {line}"))),
            (Some(_), None) if self.mark.is_none() => Ok(GB18030),
            (_, Some((line, true))) => Err(truncated().at(format!("line {line}"))),
            (Some((line, _)), failed) => {
                let line = failed.map_or(line, |(other, _)| line.max(other));
                Err(no_encoding().at(format!("line {line}")))
            }
        }
    }
}

fn line_ends(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |lines, b| lines + u64::from(*b == b'\n'))
}

impl Candidate {
    fn feed(&mut self, bytes: &[u8], last: bool) {
        // Only what is wrong at the very end, with no byte to come, is a character that was cut off.
        self.take(bytes, false);
        if last {
            self.take(&[], true);
        }
    }

    fn take(&mut self, bytes: &[u8], end: bool) {
        if self.failed.is_some() {
            return;
        }
        let mut text = [0_u8; 8 << 10];
        let mut rest = bytes;
        loop {
            let (result, read, written) = self
                .decoder
                .decode_to_utf8_without_replacement(rest, &mut text, end);
            self.line += line_ends(text.get(..written).unwrap_or_default());
            rest = rest.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    self.failed = Some((self.line, end));
                    return;
                }
            }
        }
    }
}

/// Text of a file, chunk by chunk, in UTF-8.
pub(crate) struct Decoded {
    reader: Box<dyn Read + Send>,
    decoder: Decoder,
    bytes: Vec<u8>,
    ended: bool,
}

impl Decoded {
    pub(crate) fn new(reader: Box<dyn Read + Send>, encoding: &'static Encoding) -> Self {
        Self {
            reader,
            decoder: encoding.new_decoder_with_bom_removal(),
            bytes: vec![0; CHUNK_BYTES],
            ended: false,
        }
    }

    /// Puts the next text into `text`, which is emptied first. False at the end.
    pub(crate) fn next_into(&mut self, text: &mut String) -> Result<bool, FileFault> {
        text.clear();
        while text.is_empty() && !self.ended {
            let read = fill(&mut self.reader, &mut self.bytes).map_err(|error| unreadable(&error))?;
            self.ended = read < self.bytes.len();
            let mut rest = self.bytes.get(..read).unwrap_or_default();
            loop {
                text.reserve(
                    self.decoder
                        .max_utf8_buffer_length(rest.len())
                        .unwrap_or(CHUNK_BYTES),
                );
                let (result, read, malformed) = self.decoder.decode_to_string(rest, text, self.ended);
                // The probe found none; only a file that changes under our eyes has one now.
                if malformed {
                    return Err(changed());
                }
                rest = rest.get(read..).unwrap_or_default();
                if result == CoderResult::InputEmpty {
                    break;
                }
            }
        }
        Ok(!text.is_empty())
    }
}

pub(crate) fn empty() -> FileFault {
    FileFault::new(
        "EMPTY",
        Text::new("文件是空的", "the file is empty"),
        Text::new("请重新导出后再报送", "export it again and hand that in"),
    )
}

fn nul() -> FileFault {
    FileFault::new(
        "NUL",
        Text::new(
            "文件含有空字符，不是文本文件，或者已损坏",
            "it has NUL bytes: it is no text, or it is damaged",
        ),
        Text::new(
            "请重新导出为 CSV（UTF-8 或 GB18030）或 XLSX",
            "export it again as CSV (UTF-8 or GB18030) or XLSX",
        ),
    )
}

pub(crate) fn truncated() -> FileFault {
    FileFault::new(
        "TRUNCATED",
        Text::new(
            "文件不完整，在一个字或一项中间断开",
            "the file is cut off in the middle",
        ),
        Text::new("请重新导出或重新传送，不要手工拼接", "export or copy it again"),
    )
}

fn no_encoding() -> FileFault {
    FileFault::new(
        "ENCODING",
        Text::new(
            "文字编码既不是 UTF-8，也不是 GB18030",
            "the text is neither UTF-8 nor GB18030",
        ),
        Text::new(
            "请另存为 CSV UTF-8，或另存为 XLSX",
            "save it as CSV UTF-8 or as XLSX",
        ),
    )
}

fn changed() -> FileFault {
    FileFault::new(
        "CHANGED",
        Text::new("读取过程中文件被改动", "the file changed while it was read"),
        Text::new(
            "请关闭打开它的程序后重新报送",
            "close the program that has it open and hand it in again",
        ),
    )
}

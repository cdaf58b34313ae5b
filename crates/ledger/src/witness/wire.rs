//! The body of add-checkpoint and the answers to it (c2sp.org/tlog-witness).
//!
//! ```text
//! old 20852014
//! PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=      ; a consistency proof from there, at most 63 lines
//!
//! the checkpoint, word for word
//! ```

use std::fmt;

use crate::log_proof::hashes;
use crate::note::before_checkpoint;
use crate::{Format, FormatFault, Hash, LogSize, MAX_NOTE_SIGNATURES, NoteSignature, SignedCheckpoint};

/// A request to cosign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size from which the proof leads on; 0 if the log does not know what the witness holds.
    pub old: LogSize,
    /// The consistency proof.
    pub proof: Vec<Hash>,
    /// The new checkpoint.
    pub checkpoint: SignedCheckpoint,
}

impl AddCheckpoint {
    /// Reads a body.
    ///
    /// # Errors
    /// When it is none; the answer is 400.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatFault> {
        let fault = |why: &str| FormatFault::new(Format::AddCheckpoint, why);
        let (head, note) = before_checkpoint(bytes, Format::AddCheckpoint)?;
        let mut lines = head.split('\n');
        let old = lines
            .next()
            .and_then(|line| line.strip_prefix("old "))
            .and_then(LogSize::parse);
        let old = old.ok_or_else(|| fault("its first line is not `old` and a size"))?;
        let proof = hashes(lines)
            .ok_or_else(|| fault("a line of its proof is no hash, or there are more than 63"))?;
        let checkpoint = SignedCheckpoint::parse(note.as_bytes())?;
        Ok(Self {
            old,
            proof,
            checkpoint,
        })
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

/// What a witness answers to add-checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// 200: its cosignatures.
    Cosigned(Vec<NoteSignature>),
    /// 400: the body is none, or its former size is beyond the checkpoint's.
    BadRequest,
    /// 403: no signature of the log.
    Forbidden,
    /// 404: no such log here.
    UnknownLog,
    /// 409: what is held has this size.
    Conflict(LogSize),
    /// 422: the proof does not prove it.
    Unprocessable,
}

impl Answer {
    /// The status of HTTP.
    pub fn status(&self) -> u16 {
        match self {
            Self::Cosigned(_) => 200,
            Self::BadRequest => 400,
            Self::Forbidden => 403,
            Self::UnknownLog => 404,
            Self::Conflict(_) => 409,
            Self::Unprocessable => 422,
        }
    }

    /// The type of the body; `None` where the specification names none.
    pub fn content_type(&self) -> Option<&'static str> {
        matches!(self, Self::Conflict(_)).then_some("text/x.tlog.size")
    }

    /// The body; empty where the specification asks for none.
    pub fn body(&self) -> String {
        match self {
            Self::Cosigned(signatures) => signatures.iter().map(ToString::to_string).collect(),
            Self::Conflict(size) => format!("{size}\n"),
            _ => String::new(),
        }
    }

    /// Reads an answer. What a refusal says beside its status is passed over.
    ///
    /// # Errors
    /// When the status is not one of these, or the body is not what belongs to it.
    pub fn parse(status: u16, content_type: Option<&str>, body: &[u8]) -> Result<Self, FormatFault> {
        let fault = |why: &str| FormatFault::new(Format::WitnessAnswer, why);
        let text = || {
            std::str::from_utf8(body)
                .ok()
                .and_then(|text| text.strip_suffix('\n'))
        };
        match status {
            200 => {
                let lines = text().ok_or_else(|| fault("its last line has no newline"))?;
                let lines = lines.split('\n').take(MAX_NOTE_SIGNATURES + 1);
                let signatures = lines.map(NoteSignature::parse).collect::<Result<Vec<_>, _>>()?;
                if signatures.len() > MAX_NOTE_SIGNATURES {
                    return Err(fault("it has more than 64 signatures"));
                }
                Ok(Self::Cosigned(signatures))
            }
            400 => Ok(Self::BadRequest),
            403 => Ok(Self::Forbidden),
            404 => Ok(Self::UnknownLog),
            409 => {
                let is_size = content_type == Some("text/x.tlog.size");
                let size = text().filter(|_| is_size).and_then(LogSize::parse);
                size.map(Self::Conflict)
                    .ok_or_else(|| fault("its body is no size"))
            }
            422 => Ok(Self::Unprocessable),
            other => Err(fault(&format!("no witness answers with the status {other}"))),
        }
    }
}

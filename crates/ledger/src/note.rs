//! Signed notes (c2sp.org/signed-note): a text, a blank line, and lines of signatures.
//!
//! ```text
//! This is an example message.
//!
//! — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
//! ```

use std::fmt;

use crate::hash::{from_base64, to_base64};
use crate::{Format, FormatFault, KeyName, VerifierKey};

/// The longest note that is read: room for 64 signatures of any kind known today.
pub const MAX_NOTE_BYTES: usize = 1 << 20;

/// The most signatures that are read. The format wants at least 16.
pub const MAX_NOTE_SIGNATURES: usize = 64;

/// What stands before the checkpoint of a text that ends in one, and the checkpoint: parted by the first blank line.
pub(crate) fn before_checkpoint(bytes: &[u8], format: Format) -> Result<(&str, &str), FormatFault> {
    let fault = |why: &str| FormatFault::new(format, why);
    if bytes.len() > 2 * MAX_NOTE_BYTES {
        return Err(fault("it is longer than 2 MiB"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| fault("it is not UTF-8"))?;
    text.split_once("\n\n")
        .ok_or_else(|| fault("no blank line stands before its checkpoint"))
}

/// A line of signature. What its bytes are, only the key knows that has its name and id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name of the key.
    pub name: KeyName,
    /// The id of the key.
    pub id: u32,
    /// The signature, without the id before it. Not empty.
    pub bytes: Vec<u8>,
}

impl NoteSignature {
    /// Reads a line without its newline.
    ///
    /// # Errors
    /// When it is not a line of signature.
    pub fn parse(line: &str) -> Result<Self, FormatFault> {
        let fault = || {
            let start: String = line.chars().take(80).collect();
            FormatFault::new(Format::Note, format!("`{start}` is no line of signature"))
        };
        let rest = line.strip_prefix("— ").ok_or_else(fault)?;
        let (name, signature) = rest.split_once(' ').ok_or_else(fault)?;
        let name = KeyName::new(name).map_err(|_| fault())?;
        let bytes = from_base64(signature).ok_or_else(fault)?;
        match bytes.split_first_chunk::<4>() {
            Some((id, bytes)) if !bytes.is_empty() => Ok(Self {
                name,
                id: u32::from_be_bytes(*id),
                bytes: bytes.to_vec(),
            }),
            _ => Err(fault()),
        }
    }

    /// Whether it claims to be of this key: name and id are its own.
    pub fn is_of(&self, key: &VerifierKey) -> bool {
        self.id == key.id() && self.name == *key.name()
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = [self.id.to_be_bytes().as_slice(), &self.bytes].concat();
        writeln!(f, "— {} {}", self.name, to_base64(&signature))
    }
}

/// A note. Its text counts for nothing until [`Note::verified`] has been asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// Why a note is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteFault {
    /// It is none.
    #[error(transparent)]
    Format(#[from] FormatFault),
    /// A signature names a known key and is not of it: the note was altered, or the signature.
    #[error("the signature of `{0}` does not fit the text; ask for the note again, from someone else")]
    Forged(KeyName),
    /// No key that is trusted has signed.
    #[error("no trusted key has signed; trusted is {}", listed(.0))]
    Unsigned(Vec<KeyName>),
    /// It is of another log.
    #[error("the checkpoint is of the log `{found}`, and the keys that are trusted are of {}; look at the keys that were given", listed(.wanted))]
    OtherLog {
        /// The origin that it names.
        found: String,
        /// The names of the keys.
        wanted: Vec<KeyName>,
    },
}

fn listed(names: &[KeyName]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    if names.is_empty() {
        "nobody".to_owned()
    } else {
        names.join(", ")
    }
}

impl Note {
    /// A note of a text and signatures over it.
    ///
    /// # Errors
    /// When the text does not end in a newline or has control characters, or signatures are none or too many.
    pub fn new(text: impl Into<String>, signatures: Vec<NoteSignature>) -> Result<Self, FormatFault> {
        let text = text.into();
        let fault = |why: &str| Err(FormatFault::new(Format::Note, why));
        if !text.ends_with('\n') {
            return fault("its text does not end in a newline");
        }
        if text.chars().any(|c| c < ' ' && c != '\n') {
            return fault("it has control characters");
        }
        if signatures.is_empty() {
            return fault("it has no signature");
        }
        if signatures.len() > MAX_NOTE_SIGNATURES {
            return fault("it has more than 64 signatures");
        }
        Ok(Self { text, signatures })
    }

    /// Reads a note: exactly what [`Note`] writes, and nothing else.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatFault> {
        let fault = |why: &str| FormatFault::new(Format::Note, why);
        if bytes.len() > MAX_NOTE_BYTES {
            return Err(fault("it is longer than 1 MiB"));
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| fault("it is not UTF-8"))?;
        let (text, lines) = whole
            .rsplit_once("\n\n")
            .ok_or_else(|| fault("it has no blank line before its signatures"))?;
        let lines = lines
            .strip_suffix('\n')
            .ok_or_else(|| fault("its last line has no newline"))?;
        let signatures = lines
            .split('\n')
            .take(MAX_NOTE_SIGNATURES + 1)
            .map(NoteSignature::parse);
        let signatures = signatures.collect::<Result<Vec<_>, _>>()?;
        Self::new(format!("{text}\n"), signatures)
    }

    /// The text, with its last newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, verified or not.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// The keys, of those that are trusted, which have signed; each with its signature, once, in the order of the keys. Signatures of
    /// keys that are not among them are passed over.
    ///
    /// # Errors
    /// When a signature names a trusted key and is not of it, or when none of them has signed.
    pub fn verified<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k VerifierKey>,
    ) -> Result<Vec<(&'k VerifierKey, &NoteSignature)>, NoteFault> {
        let mut verified = Vec::new();
        let mut wanted = Vec::new();
        for key in keys {
            let mut of_key = self
                .signatures
                .iter()
                .filter(|signature| signature.is_of(key))
                .peekable();
            let first = of_key.peek().copied();
            if of_key.any(|signature| !key.verify(&self.text, &signature.bytes)) {
                return Err(NoteFault::Forged(key.name().clone()));
            }
            verified.extend(first.map(|signature| (key, signature)));
            wanted.push(key.name().clone());
        }
        if verified.is_empty() {
            Err(NoteFault::Unsigned(wanted))
        } else {
            Ok(verified)
        }
    }

    /// The note with one more signature; one of the same key gives way to it.
    ///
    /// # Errors
    /// When it has as many as a note may have.
    pub fn with(mut self, signature: NoteSignature) -> Result<Self, FormatFault> {
        self.signatures
            .retain(|other| other.name != signature.name || other.id != signature.id);
        self.signatures.push(signature);
        Self::new(self.text, self.signatures)
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| signature.fmt(f))
    }
}

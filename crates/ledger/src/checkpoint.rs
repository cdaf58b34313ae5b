//! Checkpoints (c2sp.org/tlog-checkpoint): which log, how large, and its root, in a signed note.
//!
//! ```text
//! example.com/behind-the-sofa
//! 20852163
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//!
//! — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
//! ```

use std::fmt;

use crate::{
    Format, FormatFault, Hash, KeyName, LogSize, Note, NoteFault, NoteSignature, SignatureType, Signer,
    SignerFault, VerifierKey,
};

/// Which log: a line that no other log has, best a web address without its scheme.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

impl Origin {
    /// Reads an origin.
    ///
    /// # Errors
    /// When it is empty or has control characters.
    pub fn new(text: impl Into<String>) -> Result<Self, FormatFault> {
        let text = text.into();
        if text.is_empty() || text.chars().any(|c| c < ' ') {
            return Err(FormatFault::new(
                Format::Checkpoint,
                "its origin is empty, or more than a line",
            ));
        }
        Ok(Self(text))
    }

    /// The origin as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: Origin,
    /// How many leaves it has.
    pub size: LogSize,
    /// The root over them.
    pub root: Hash,
    /// Further lines, opaque. The house writes none.
    extensions: Vec<String>,
}

impl Checkpoint {
    /// A checkpoint without further lines.
    pub fn new(origin: Origin, size: LogSize, root: Hash) -> Self {
        Self {
            origin,
            size,
            root,
            extensions: Vec::new(),
        }
    }

    /// Reads the text of a note.
    ///
    /// # Errors
    /// When it is no checkpoint.
    pub fn parse(text: &str) -> Result<Self, FormatFault> {
        let fault = |why: &str| FormatFault::new(Format::Checkpoint, why);
        let text = text
            .strip_suffix('\n')
            .ok_or_else(|| fault("its last line has no newline"))?;
        let mut lines = text.split('\n');
        let origin = Origin::new(lines.next().unwrap_or_default())?;
        let size = lines.next().and_then(LogSize::parse);
        let size = size.ok_or_else(|| fault("its second line is no size in decimal"))?;
        let root = lines.next().and_then(Hash::parse);
        let root = root.ok_or_else(|| fault("its third line is no hash of 32 bytes in base64"))?;
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if extensions
            .iter()
            .any(|line| line.is_empty() || line.chars().any(|c| c < ' '))
        {
            return Err(fault("a further line is empty or has control characters"));
        }
        Ok(Self {
            origin,
            size,
            root,
            extensions,
        })
    }

    /// Further lines, opaque.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }
}

/// The text of the note, with its last newline.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// A checkpoint as it came, with its signatures, verified or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
}

impl SignedCheckpoint {
    /// Reads a signed note whose text is a checkpoint.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatFault> {
        Self::of(Note::parse(bytes)?)
    }

    fn of(note: Note) -> Result<Self, FormatFault> {
        let checkpoint = Checkpoint::parse(note.text())?;
        Ok(Self { checkpoint, note })
    }

    /// What it says. Believe it once [`SignedCheckpoint::verify`] or a policy has.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note.
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// That the log with one of these keys has signed it, and that it is of this log: the keys' name is the origin. A log has more than
    /// one key while it changes them.
    ///
    /// # Errors
    /// When it is not.
    pub fn verify(&self, log: &[VerifierKey]) -> Result<(), NoteFault> {
        let origin = self.checkpoint.origin.as_str();
        let own: Vec<&VerifierKey> = log.iter().filter(|key| key.name().as_str() == origin).collect();
        if own.is_empty() {
            let wanted = log.iter().map(|key| key.name().clone()).collect();
            return Err(NoteFault::OtherLog {
                found: origin.to_owned(),
                wanted,
            });
        }
        self.note.verified(own).map(drop)
    }

    /// The same with one more signature, e.g. a witness's.
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn with(self, signature: NoteSignature) -> Result<Self, FormatFault> {
        let note = self.note.with(signature)?;
        Ok(Self { note, ..self })
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}

/// Signs the checkpoints of a log. Its name is the log's origin.
///
/// Whoever holds one signs nothing that is no growth of what it signed before: two signatures over different histories are evidence
/// against the log for good.
pub struct LogSigner {
    key: VerifierKey,
    signer: Box<dyn Signer + Send + Sync>,
}

impl LogSigner {
    /// A signer for the log of that name.
    ///
    /// # Errors
    /// When the signer's public key is not of its algorithm's length.
    pub fn new(name: KeyName, signer: Box<dyn Signer + Send + Sync>) -> Result<Self, FormatFault> {
        let signs = SignatureType::of_log(signer.algorithm());
        let key = VerifierKey::new(name, signs, signer.public_key())?;
        Ok(Self { key, signer })
    }

    /// By which others verify.
    pub fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// The checkpoint of a tree, signed.
    ///
    /// # Errors
    /// When the signer does not sign.
    pub fn sign(&self, size: LogSize, root: Hash) -> Result<SignedCheckpoint, SignerFault> {
        let unfit = |_| SignerFault::OtherKey(self.key.name().to_string());
        let origin = Origin::new(self.key.name().as_str()).map_err(unfit)?;
        let text = Checkpoint::new(origin, size, root).to_string();
        let bytes = self.signer.sign(text.as_bytes())?.to_vec();
        if !self.key.verify(&text, &bytes) {
            return Err(SignerFault::OtherKey(self.key.name().to_string()));
        }
        let signature = NoteSignature {
            name: self.key.name().clone(),
            id: self.key.id(),
            bytes,
        };
        Note::new(text, vec![signature])
            .and_then(SignedCheckpoint::of)
            .map_err(unfit)
    }
}

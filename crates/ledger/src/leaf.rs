//! What a leaf says, in deterministic CBOR (RFC 8949 §4.2.1). One leaf has one encoding, and bytes in any other are refused.
//!
//! ```text
//! leaf = [1, 0, record: uint, submission: uint, kind: 0..2, commitment: hash]     ; a record
//!      / [1, 1, submission: uint, statement, signature / null]                    ; a submission
//!      / [1, 2, record: uint, ground: 0..2]                                       ; an erasure
//!      / [1, 3, record: uint, status: 0..3]                                       ; what a record is worth now
//!      / [1, 4, looks: uint, root: hash]                                          ; the log of looks
//! statement = [source: tstr, first: uint, last: uint, previous: hash / null, schema: tstr, root: hash]
//! signature = [algorithm: uint, bstr]
//! hash      = bstr .size 32
//! ```
//!
//! The first 1 is the version. Nothing here is computed from an identifier, a name or the text of a record: a commitment says nothing
//! without its key, and a source signs commitments.

use minicbor::decode::Error as CborError;
use minicbor::{Decoder, Encoder};
use record::{Commitment, RecordNumber, SubmissionId};

use crate::{Hash, LogSize, SubmissionLeaf, Suite};

const VERSION: u8 = 1;

/// A leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaf {
    /// A record has been appended.
    Record(RecordLeaf),
    /// A source handed something in.
    Submission(SubmissionLeaf),
    /// A record has been erased, with its key.
    Erasure {
        /// Which.
        record: RecordNumber,
        /// Why.
        ground: ErasureGround,
    },
    /// What a record is worth has changed, and whoever was handed it is told.
    Status {
        /// Which.
        record: RecordNumber,
        /// What it is worth now.
        status: Status,
    },
    /// What the log of looks is, by its own tree.
    Looks(LookRoot),
}

/// A record's leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordLeaf {
    /// The number of the record.
    pub record: RecordNumber,
    /// What it came with.
    pub submission: SubmissionId,
    /// Of which of four kinds.
    pub kind: RecordKind,
    /// What it is committed to by.
    pub commitment: Commitment,
}

/// The root of the tree whose leaves are looks at files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LookRoot {
    /// How many looks there were.
    pub looks: LogSize,
    /// The root over them.
    pub root: Hash,
}

macro_rules! numbered {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $number:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$of])* $variant,)* }

        impl $name {
            /// The number that stands in leaves. It never changes and is never used for another.
            pub fn number(self) -> u8 {
                match self { $(Self::$variant => $number,)* }
            }

            /// What a number means.
            pub fn from_number(number: u8) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)* _ => None }
            }
        }
    )*};
}

numbered! {
    /// What kind of record it is: never more than four, so that nothing of its content shows; the fourth is free.
    RecordKind {
        /// What a department says.
        Statement = 0,
        /// What somebody in this house did.
        Act = 1,
        /// An edition of the rules.
        Rules = 2,
    }
    /// Why a record was erased.
    ErasureGround {
        /// Its time was over.
        Retention = 0,
        /// Its subject asked, by law.
        Request = 1,
        /// A court or an authority ordered it.
        Order = 2,
    }
    /// What a record is worth.
    Status {
        /// It counts again.
        Counts = 0,
        /// It is suspended while somebody contests it.
        Suspended = 1,
        /// It is repaired, and neither shown nor used.
        Repaired = 2,
        /// Its source took it back.
        Withdrawn = 3,
    }
}

/// Why bytes are not a leaf.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeafFault {
    /// Not CBOR of a leaf's shape.
    #[error("not a leaf in CBOR: {0}; docs/ledger.md says how it is written")]
    Shape(String),
    /// A leaf, but in other bytes than its own.
    #[error("a leaf, but not in its canonical bytes; encode it by RFC 8949 section 4.2.1")]
    NotCanonical,
}

/// Writing to a `Vec` cannot fail; the encoder's `Result` is of an uninhabited error.
pub(crate) type Encoding = Result<(), minicbor::encode::Error<core::convert::Infallible>>;

impl Leaf {
    /// Its bytes: the entry of the log.
    pub fn to_bytes(&self) -> Vec<u8> {
        encoded(|e| self.encode(e))
    }

    /// Its hash in the tree.
    pub fn hash<S: Suite>(&self) -> Hash {
        S::leaf(&self.to_bytes())
    }

    /// Reads a leaf.
    ///
    /// # Errors
    /// When the bytes are none, or another encoding of one.
    pub fn parse(bytes: &[u8]) -> Result<Self, LeafFault> {
        let leaf = decode(&mut Decoder::new(bytes)).map_err(|error| LeafFault::Shape(error.to_string()))?;
        if leaf.to_bytes() == bytes {
            Ok(leaf)
        } else {
            Err(LeafFault::NotCanonical)
        }
    }

    fn encode(&self, e: &mut Encoder<&mut Vec<u8>>) -> Encoding {
        match self {
            Self::Record(leaf) => e
                .array(6)?
                .u8(VERSION)?
                .u8(0)?
                .u64(leaf.record.0)?
                .u64(leaf.submission.0)?
                .u8(leaf.kind.number())?
                .bytes(&leaf.commitment.0)?,
            Self::Submission(leaf) => {
                e.array(5)?.u8(VERSION)?.u8(1)?;
                return leaf.encode(e);
            }
            Self::Erasure { record, ground } => e
                .array(4)?
                .u8(VERSION)?
                .u8(2)?
                .u64(record.0)?
                .u8(ground.number())?,
            Self::Status { record, status } => e
                .array(4)?
                .u8(VERSION)?
                .u8(3)?
                .u64(record.0)?
                .u8(status.number())?,
            Self::Looks(looks) => e
                .array(4)?
                .u8(VERSION)?
                .u8(4)?
                .u64(looks.looks.0)?
                .bytes(&looks.root.0)?,
        };
        Ok(())
    }
}

pub(crate) fn encoded(encode: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Encoding) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(64);
    match encode(&mut Encoder::new(&mut bytes)) {
        Ok(()) => bytes,
        Err(_) => unreachable!("writing to a vector cannot fail"),
    }
}

/// Whether lengths and numbers are in their shortest form is not looked at here: comparing with the re-encoded bytes settles it.
fn decode(d: &mut Decoder<'_>) -> Result<Leaf, CborError> {
    let parts = d.array()?.unwrap_or(0);
    if d.u8()? != VERSION {
        return Err(CborError::message("a version that is not known"));
    }
    match (d.u8()?, parts) {
        (0, 6) => Ok(Leaf::Record(RecordLeaf {
            record: RecordNumber(d.u64()?),
            submission: SubmissionId(d.u64()?),
            kind: number(d, RecordKind::from_number, "a kind of record that is not known")?,
            commitment: Commitment(hash(d)?.0),
        })),
        (1, 5) => SubmissionLeaf::decode(d).map(Leaf::Submission),
        (2, 4) => Ok(Leaf::Erasure {
            record: RecordNumber(d.u64()?),
            ground: number(d, ErasureGround::from_number, "a ground that is not known")?,
        }),
        (3, 4) => Ok(Leaf::Status {
            record: RecordNumber(d.u64()?),
            status: number(d, Status::from_number, "a status that is not known")?,
        }),
        (4, 4) => Ok(Leaf::Looks(LookRoot {
            looks: LogSize(d.u64()?),
            root: hash(d)?,
        })),
        _ => Err(CborError::message(
            "a kind of leaf that is not known, or with too many or too few parts",
        )),
    }
}

fn number<T>(
    d: &mut Decoder<'_>,
    of: impl Fn(u8) -> Option<T>,
    unknown: &'static str,
) -> Result<T, CborError> {
    of(d.u8()?).ok_or_else(|| CborError::message(unknown))
}

pub(crate) fn hash(d: &mut Decoder<'_>) -> Result<Hash, CborError> {
    Hash::from_slice(d.bytes()?).ok_or_else(|| CborError::message("a hash has 32 bytes"))
}

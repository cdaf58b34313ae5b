//! What a source says when it hands something in: who, which of its numbers, what came before, and the root over the commitments.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use minicbor::data::Type;
use minicbor::decode::Error as CborError;
use minicbor::{Decoder, Encoder};
use record::{Commitment, LayoutCode, SourceCode, SubmissionId};

use crate::leaf::{Encoding, encoded, hash};
use crate::{Hash, SignatureAlgorithm, Suite, root_of};

/// What is put before a statement when it is signed or hashed.
const STATEMENT_CONTEXT: &[u8] = b"xinlian/submission/v1";

/// A source's own number of a record that it hands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SequenceNumber(pub u64);

/// The statement of a source. It can be written and signed before the house has seen anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Who hands in.
    pub source: SourceCode,
    /// The source's own number of the first record, without gaps after those of the submission before.
    pub first: SequenceNumber,
    /// That of the last one.
    pub last: SequenceNumber,
    /// [`Statement::hash`] of the source's submission before; `None` for its first.
    pub previous: Option<Hash>,
    /// By which layout it is written.
    pub schema: LayoutCode,
    /// [`Statement::root_of`] its commitments, in the order of the numbers.
    pub root: Hash,
}

/// A source's signature over its statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmissionSignature {
    /// With what.
    pub algorithm: SignatureAlgorithm,
    /// The signature.
    pub bytes: [u8; 64],
}

/// A submission's leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmissionLeaf {
    /// The number that the house gave it.
    pub submission: SubmissionId,
    /// What the source says.
    pub statement: Statement,
    /// What it signed; `None` for what was handed in before sources signed.
    pub signature: Option<SubmissionSignature>,
}

impl Statement {
    /// The root over commitments, as a tree of their own.
    pub fn root_of<S: Suite>(commitments: &[Commitment]) -> Hash {
        root_of::<S>(commitments.iter().map(|commitment| commitment.0))
    }

    /// The statement in bytes: the context and CBOR.
    pub fn to_bytes(&self) -> Vec<u8> {
        [STATEMENT_CONTEXT, &encoded(|e| self.encode(e))].concat()
    }

    /// What the source signs: the statement as the payload of a JWS (RFC 7515) whose header names the algorithm and nothing else, so that
    /// any library of JOSE can sign and verify it.
    pub fn signing_input(&self, algorithm: SignatureAlgorithm) -> String {
        format!("{}.{}", base64url(header(algorithm)), base64url(&self.to_bytes()))
    }

    /// What the source's next statement names as the one before.
    pub fn hash<S: Suite>(&self) -> Hash {
        S::leaf(&self.to_bytes())
    }

    /// How many records it covers; `None` if its numbers are in the wrong order.
    pub fn records(&self) -> Option<u64> {
        self.last.0.checked_sub(self.first.0)?.checked_add(1)
    }

    /// Whether this follows on another of the same source without a gap and names it.
    pub fn follows<S: Suite>(&self, before: &Self) -> bool {
        self.source == before.source
            && self.previous == Some(before.hash::<S>())
            && before.last.0.checked_add(1) == Some(self.first.0)
    }

    fn encode(&self, e: &mut Encoder<&mut Vec<u8>>) -> Encoding {
        e.array(6)?
            .str(self.source.as_str())?
            .u64(self.first.0)?
            .u64(self.last.0)?;
        match self.previous {
            Some(previous) => e.bytes(&previous.0)?,
            None => e.null()?,
        };
        e.str(self.schema.as_str())?.bytes(&self.root.0)?;
        Ok(())
    }

    fn decode(d: &mut Decoder<'_>) -> Result<Self, CborError> {
        if d.array()? != Some(6) {
            return Err(CborError::message("a statement has 6 parts"));
        }
        let statement = Self {
            source: SourceCode::new(d.str()?).map_err(CborError::message)?,
            first: SequenceNumber(d.u64()?),
            last: SequenceNumber(d.u64()?),
            previous: optional(d, hash)?,
            schema: LayoutCode::new(d.str()?).map_err(CborError::message)?,
            root: hash(d)?,
        };
        if statement.records().is_none() {
            return Err(CborError::message(
                "the last number of a statement is below its first",
            ));
        }
        Ok(statement)
    }
}

impl SubmissionLeaf {
    /// Whether the source with this public key signed the statement.
    pub fn is_signed_by(&self, public: &[u8]) -> bool {
        self.signature.as_ref().is_some_and(|signature| {
            let input = self.statement.signing_input(signature.algorithm);
            signature
                .algorithm
                .verify(public, input.as_bytes(), &signature.bytes)
        })
    }

    /// The signature as a detached JWS (RFC 7515 appendix F), whose payload is [`Statement::to_bytes`].
    pub fn detached_jws(&self) -> Option<String> {
        let signature = self.signature.as_ref()?;
        Some(format!(
            "{}..{}",
            base64url(header(signature.algorithm)),
            base64url(&signature.bytes)
        ))
    }

    pub(crate) fn encode(&self, e: &mut Encoder<&mut Vec<u8>>) -> Encoding {
        e.u64(self.submission.0)?;
        self.statement.encode(e)?;
        match &self.signature {
            Some(signature) => e
                .array(2)?
                .u8(signature.algorithm.number())?
                .bytes(&signature.bytes)?,
            None => e.null()?,
        };
        Ok(())
    }

    pub(crate) fn decode(d: &mut Decoder<'_>) -> Result<Self, CborError> {
        Ok(Self {
            submission: SubmissionId(d.u64()?),
            statement: Statement::decode(d)?,
            signature: optional(d, decode_signature)?,
        })
    }
}

/// The protected header. JOSE has registered no name for SM2.
fn header(algorithm: SignatureAlgorithm) -> &'static [u8] {
    match algorithm {
        SignatureAlgorithm::Ed25519 => br#"{"alg":"EdDSA"}"#,
        SignatureAlgorithm::Sm2 => br#"{"alg":"SM2"}"#,
    }
}

fn base64url(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn decode_signature(d: &mut Decoder<'_>) -> Result<SubmissionSignature, CborError> {
    if d.array()? != Some(2) {
        return Err(CborError::message("a signature has 2 parts"));
    }
    let algorithm = SignatureAlgorithm::from_number(d.u8()?);
    Ok(SubmissionSignature {
        algorithm: algorithm.ok_or_else(|| CborError::message("an algorithm that is not known"))?,
        bytes: d
            .bytes()?
            .try_into()
            .map_err(|_| CborError::message("a signature has 64 bytes"))?,
    })
}

fn optional<T>(
    d: &mut Decoder<'_>,
    read: impl Fn(&mut Decoder<'_>) -> Result<T, CborError>,
) -> Result<Option<T>, CborError> {
    if d.datatype()? == Type::Null {
        d.null()?;
        return Ok(None);
    }
    read(d).map(Some)
}

//! The log that every department holds: records, submissions, erasures and looks as leaves of a Merkle tree that only grows, signed by
//! the house and cosigned by witnesses, in formats that clients of other people read (C2SP).
//!
//! This crate knows the tree and its tiles, proofs and how they are verified, the formats on paper and on the wire, what a leaf says,
//! how a record's key is derived and destroyed, what a witness answers, and in which order a sequencer writes.
//!
//! It does **not** know: files, a network, the clock, randomness, a database. Keys, times and readers are handed in. It knows no person
//! either: nothing of what a leaf says can be computed from an identifier, a name or the text of a record.

#![warn(missing_docs)]

mod bundle;
mod checkpoint;
mod cosignature;
mod fault;
mod fork;
mod hash;
mod key;
mod key_tree;
mod leaf;
mod log_proof;
mod note;
mod policy;
mod sequencer;
mod submission;
mod suite;
mod tree;
mod witness;

pub use bundle::{EntryBundle, MAX_ENTRY_BYTES};
pub use checkpoint::{Checkpoint, LogSigner, Origin, SignedCheckpoint};
pub use cosignature::{PosixSeconds, WitnessSigner, cosigned_at};
pub use fault::{Format, FormatFault};
pub use fork::{Fork, NoFork};
pub use hash::{Hash, LeafIndex, LogSize};
pub use key::{KeyName, SignatureType, VerifierKey};
pub use key_tree::{KeyTree, KeyTreeFault, MAX_KEY_TREE_HEIGHT};
pub use leaf::{ErasureGround, Leaf, LeafFault, LookRoot, RecordKind, RecordLeaf, Status};
pub use log_proof::{LogProof, LogProofFault};
pub use note::{MAX_NOTE_BYTES, MAX_NOTE_SIGNATURES, Note, NoteFault, NoteSignature};
pub use policy::{
    Group, Member, Octets, PolicyFault, PolicyLog, PolicyWitness, Quorum, TrustPolicy, Unsafe, Weighed,
};
pub use sequencer::{Batch, RecoveryFault, Sequencer, Step, UnfitCheckpoint};
pub use submission::{SequenceNumber, Statement, SubmissionLeaf, SubmissionSignature};
pub use suite::{
    Ed25519Signer, SM2_DISTINGUISHING_ID, Sha256Ed25519, SignatureAlgorithm, Signer, SignerFault, Sm2Signer,
    Sm3Sm2, Suite,
};
pub use tree::{
    Edge, Frontier, MAX_PROOF_HASHES, NewTile, ProofFault, Proofs, TILE_WIDTH, Tile, TileLevel, TileReader,
    TreeFault, former_root, root_from_inclusion, root_of, verify_consistency, verify_inclusion,
};
pub use witness::{Accepted, AddCheckpoint, Answer, Comparison, Decision, Refusal, compare, decide};

//! Whatever comes in is read or refused; what is read is written again as it came; and no bit of what is signed can be altered.

use std::slice::from_ref;

use ledger::{
    AddCheckpoint, Answer, Checkpoint, EntryBundle, Fork, KeyTree, Leaf, LeafIndex, LogProof, LogSize, Note,
    Sha256Ed25519, SignedCheckpoint, Sm3Sm2, Suite, Tile, TrustPolicy, VerifierKey,
};
use proptest::prelude::*;

use crate::support::{Log, entry, log_signer};

fn read_everything(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let same = |written: String| assert_eq!(written, text, "read and written again");
    if let Ok(note) = Note::parse(bytes) {
        same(note.to_string());
    }
    if let Ok(signed) = SignedCheckpoint::parse(bytes) {
        same(signed.to_string());
    }
    if let Ok(checkpoint) = Checkpoint::parse(&text) {
        same(checkpoint.to_string());
    }
    if let Ok(request) = AddCheckpoint::parse(bytes) {
        same(request.to_string());
    }
    if let Ok(proof) = LogProof::parse(bytes) {
        same(proof.to_string());
    }
    if let Ok(fork) = Fork::parse(bytes) {
        same(fork.to_string());
    }
    if let Ok(key) = VerifierKey::parse(&text) {
        same(key.to_string());
    }
    if let Ok(tile) = Tile::parse(&text) {
        same(tile.to_string());
    }
    if let Ok(leaf) = Leaf::parse(bytes) {
        assert_eq!(leaf.to_bytes(), bytes);
    }
    if let Ok(keys) = KeyTree::parse(bytes) {
        assert_eq!(*keys.to_bytes(), bytes);
    }
    drop(Answer::parse(200, None, bytes));
    drop(Answer::parse(409, Some("text/x.tlog.size"), bytes));
    drop(TrustPolicy::parse(bytes));
    for width in [0, 1, 2, 256, 257] {
        drop(EntryBundle::parse(bytes, width));
    }
}

/// One of each, all of them well-formed.
fn samples() -> Vec<Vec<u8>> {
    let signer = log_signer::<Sha256Ed25519>("city.example/log", 1);
    let log = Log::<Sha256Ed25519>::of(300);
    let checkpoint = log.signed(&signer);
    let path = log.proofs().inclusion(LeafIndex(7)).unwrap();
    let proof = log.proofs().consistency(LogSize(100)).unwrap();
    let mut other = Log::<Sha256Ed25519>::of(90);
    other.grow(120, |index| format!("other {index}").into_bytes());
    let fork = Fork::from_tiles::<Sha256Ed25519, _>(&other.signed(&signer), &checkpoint, &log.folder);
    let mut keys = KeyTree::from_random([3; 32], 10).unwrap();
    keys.puncture(77).unwrap();
    vec![
        checkpoint.to_string().into_bytes(),
        AddCheckpoint {
            old: LogSize(100),
            proof,
            checkpoint: checkpoint.clone(),
        }
        .to_string()
        .into_bytes(),
        LogProof {
            extra: Some(vec![1]),
            index: LeafIndex(7),
            path,
            checkpoint,
        }
        .to_string()
        .into_bytes(),
        fork.unwrap().unwrap().to_string().into_bytes(),
        signer.key().to_string().into_bytes(),
        b"tile/0/x001/x234/067.p/5".to_vec(),
        keys.to_bytes().to_vec(),
        crate::leaves::samples()[1].to_bytes(),
        crate::policy::FOUR.as_bytes().to_vec(),
        log.folder.files["tile/entries/001.p/44"].clone(),
    ]
}

#[test]
fn altered_bytes_are_read_or_refused() {
    for sample in samples() {
        read_everything(&sample);
        for at in 0..sample.len() {
            read_everything(&sample[..at]);
            for flip in [1, 0x20, 0x80] {
                let mut altered = sample.clone();
                altered[at] ^= flip;
                read_everything(&altered);
            }
            let mut doubled = sample.clone();
            doubled.insert(at, sample[at]);
            read_everything(&doubled);
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read_everything(&bytes);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[a-z0-9 +—=/\n]{0,200}") {
        read_everything(text.as_bytes());
    }
}

#[test]
fn no_bit_of_a_checkpoint_can_be_altered() {
    fn check<S: Suite>(origin: &str)
    where
        S::Signer: Send + Sync + 'static,
    {
        let signer = log_signer::<S>(origin, 1);
        let bytes = Log::<S>::of(300).signed(&signer).to_string().into_bytes();
        // Each bit for one suite; the other takes a hundred times as long to verify.
        let step = if S::NAME == "sm3-sm2" { 13 } else { 1 };
        for bit in (0..bytes.len() * 8).step_by(step) {
            let mut altered = bytes.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            let believed = SignedCheckpoint::parse(&altered)
                .is_ok_and(|read| read.verify(from_ref(signer.key())).is_ok());
            assert!(!believed, "bit {bit}");
        }
    }
    check::<Sha256Ed25519>("city.example/log");
    check::<Sm3Sm2>("city.example/log/sm");
}

#[test]
fn no_bit_of_a_proof_of_logging_can_be_altered() {
    let signer = log_signer::<Sha256Ed25519>("city.example/log", 1);
    let log = Log::<Sha256Ed25519>::of(300);
    let policy = TrustPolicy::parse(format!("log {}\nquorum none\n", signer.key()).as_bytes()).unwrap();
    let path = log.proofs().inclusion(LeafIndex(7)).unwrap();
    let proof = LogProof {
        extra: None,
        index: LeafIndex(7),
        path,
        checkpoint: log.signed(&signer),
    };
    let leaf = Sha256Ed25519::leaf(&entry(7));
    assert!(proof.verify::<Sha256Ed25519>(leaf, &policy).is_ok());
    assert!(
        proof
            .verify::<Sha256Ed25519>(Sha256Ed25519::leaf(&entry(8)), &policy)
            .is_err()
    );
    let bytes = proof.to_string().into_bytes();
    for bit in 0..bytes.len() * 8 {
        let mut altered = bytes.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        let believed =
            LogProof::parse(&altered).is_ok_and(|read| read.verify::<Sha256Ed25519>(leaf, &policy).is_ok());
        assert!(!believed, "bit {bit}");
    }
}

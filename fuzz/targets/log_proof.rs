//! Bytes that might be a proof of logging or a proof of fork: what is read is written again as it came, and proves nothing that was not
//! signed.
#![no_main]

use ledger::{Fork, LogProof, Sha256Ed25519, Suite, root_from_inclusion};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(proof) = LogProof::parse(bytes) {
        assert_eq!(proof.to_string().as_bytes(), bytes, "one proof, one text");
        let leaf = Sha256Ed25519::leaf(b"a");
        let size = proof.checkpoint.checkpoint().size;
        drop(root_from_inclusion::<Sha256Ed25519>(
            leaf,
            proof.index,
            size,
            &proof.path,
        ));
    }
    if let Ok(fork) = Fork::parse(bytes) {
        assert_eq!(fork.to_string().as_bytes(), bytes, "one proof, one text");
        assert!(fork.earlier().checkpoint().size <= fork.later().checkpoint().size);
    }
});

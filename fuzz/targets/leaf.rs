//! Bytes that might be a leaf, or the keys of a segment: what is read has exactly these bytes.
#![no_main]

use ledger::{KeyTree, Leaf};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(leaf) = Leaf::parse(bytes) {
        assert_eq!(leaf.to_bytes(), bytes, "one leaf, one encoding");
    }
    if let Ok(mut keys) = KeyTree::parse(bytes) {
        assert_eq!(*keys.to_bytes(), bytes, "one state, one encoding");
        let before = keys.destroyed();
        if keys.puncture(0).is_ok() {
            assert!(keys.key(0).is_err() && keys.destroyed() == before + 1);
            assert_eq!(KeyTree::parse(&keys.to_bytes()), Ok(keys));
        }
    }
});

//! Bytes that might be a bundle of entries: its first byte says how many there are.
#![no_main]

use ledger::{EntryBundle, Sha256Ed25519, Tile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(tile) = Tile::parse(&String::from_utf8_lossy(bytes)) {
        assert_eq!(tile.to_string().as_bytes(), bytes, "one tile, one path");
    }
    let Some((width, bytes)) = bytes.split_first() else {
        return;
    };
    let width = usize::from(*width) + 1;
    if let Ok(bundle) = EntryBundle::parse(bytes, width) {
        assert_eq!(bundle.entries().count(), width);
        assert_eq!(bundle.leaves::<Sha256Ed25519>().count(), width);
        let mut again = EntryBundle::default();
        bundle
            .entries()
            .for_each(|entry| again.push(entry).expect("it was in a bundle"));
        assert_eq!(again, bundle);
        assert_eq!(again.as_bytes(), bytes);
    }
});

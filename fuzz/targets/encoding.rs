//! Which encoding a text has: the same however its bytes are parted, and all of it can be read in that encoding.
#![no_main]

use exchange::fuzzing::{decoded, encoding, encoding_told_the_end};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((at, bytes)) = bytes.split_first() else {
        return;
    };
    let whole = encoding(&[bytes]);
    let (first, second) = bytes.split_at(usize::from(*at).max(4).min(bytes.len()));
    assert_eq!(encoding(&[first, second]), whole, "in two parts");
    assert_eq!(
        encoding_told_the_end(&[first, second]),
        whole,
        "the second told to be the last"
    );
    if let Ok(found) = whole {
        let text = decoded(bytes, found).expect("what has an encoding can be read in it");
        let (expect, malformed) = found.decode_with_bom_removal(bytes);
        assert!(!malformed && text == expect, "as the decoder reads it");
    }
});

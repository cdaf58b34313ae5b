//! Bytes that might be a signed note or a verifier key: what is read is written again as it came.
#![no_main]

use ledger::{Note, NoteSignature, VerifierKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let key = VerifierKey::parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
    let key = key.expect("the key of the specification");
    if let Ok(note) = Note::parse(bytes) {
        assert_eq!(note.to_string().as_bytes(), bytes, "one note, one text");
        if note.verified([&key]).is_ok() {
            assert_eq!(
                note.text(),
                "This is an example message.\n",
                "nothing else was ever signed"
            );
        }
    }
    let text = String::from_utf8_lossy(bytes);
    if let Ok(key) = VerifierKey::parse(&text) {
        assert_eq!(key.to_string(), text, "one key, one text");
    }
    if let Ok(signature) = NoteSignature::parse(&text) {
        assert_eq!(
            signature.to_string().trim_end_matches('\n'),
            text,
            "one signature, one line"
        );
    }
});

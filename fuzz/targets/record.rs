//! Bytes that might be a record: what is read as one has exactly these bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use record::Submitted;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(record) = Submitted(bytes.to_vec()).parse() {
        assert_eq!(record.canonical_bytes(), bytes, "one record, one encoding");
    }
});

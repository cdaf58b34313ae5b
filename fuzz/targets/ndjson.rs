//! An NDJSON file, from its bytes to records or faults of rows.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use xinlian_fuzz::take_in;

fuzz_target!(|bytes: &[u8]| -> Corpus {
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Corpus::Reject;
    }
    take_in(bytes);
    Corpus::Keep
});

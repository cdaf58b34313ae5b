//! A CSV file, from its bytes to records or faults of rows.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use xinlian_fuzz::{is_foreign, take_in};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    if is_foreign(bytes) {
        return Corpus::Reject;
    }
    take_in(bytes);
    Corpus::Keep
});

//! An XLS workbook.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use xinlian_fuzz::{let_foreign_panics_unwind, take_in};

fuzz_target!(init: let_foreign_panics_unwind(), |bytes: &[u8]| -> Corpus {
    if !bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Corpus::Reject;
    }
    take_in(bytes);
    Corpus::Keep
});

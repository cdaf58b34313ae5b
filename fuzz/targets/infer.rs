//! A layout proposed for a table nobody knows: whatever its headers and cells hold, the proposal is TOML.
#![no_main]

use exchange::infer_layout;
use libfuzzer_sys::{Corpus, fuzz_target};
use xinlian_fuzz::{BUNDLE, is_foreign, open};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    if is_foreign(bytes) {
        return Corpus::Reject;
    }
    let Some(file) = open(bytes) else {
        return Corpus::Keep;
    };
    for table in file.peek(30).expect("what was opened is read") {
        let Some(header) = table.header() else { continue };
        let (headers, rows) = table.rows[header..].split_first().expect("the header is a row");
        let proposal = infer_layout(&BUNDLE, "proposed", None, headers, rows);
        let read = proposal.text.parse::<toml::Table>();
        assert!(read.is_ok(), "{}\n{}", read.unwrap_err(), proposal.text);
    }
    Corpus::Keep
});

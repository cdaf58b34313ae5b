//! A layout as somebody wrote it, held against the catalogue of the house.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match exchange::fuzzing::layout(text, &xinlian_fuzz::BUNDLE) {
        Ok(()) => {}
        Err(faults) => assert!(!faults.is_empty()),
    }
});

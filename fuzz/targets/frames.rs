//! What the process that reads foreign formats writes to ours. Whoever took it over could write anything.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _believed = exchange::fuzzing::frames(bytes);
});

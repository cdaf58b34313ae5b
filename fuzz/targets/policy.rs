//! A file of rules among the short ones of the house, so that all is read in milliseconds. The first byte says which file of the house
//! it stands for; the rest is its text. A bundle that is taken has the same bytes when it is read again.
#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use assess::Bundle;
use libfuzzer_sys::fuzz_target;
use record::Realm;
use xinlian_fuzz::policies;

/// The longest file that stands beside the one from the fuzzer, in bytes.
const BESIDE_MOST_BYTES: usize = 2_500;

static FILES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let all = policies().into_iter();
    all.filter(|(name, _)| !name.starts_with("layouts/")).collect()
});
static BESIDE: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let short = FILES.iter().filter(|(_, text)| text.len() <= BESIDE_MOST_BYTES);
    short.map(|(name, text)| (name.clone(), text.clone())).collect()
});

fuzz_target!(|bytes: &[u8]| {
    let _any = Bundle::from_bytes(bytes);
    let Some((which, text)) = bytes.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    let mut files = BESIDE.clone();
    if let Some(name) = FILES.keys().nth(usize::from(*which)) {
        files.insert(name.clone(), text.to_owned());
    }
    match Bundle::parse(files, Realm::Demo) {
        Ok(bundle) => {
            let again = Bundle::from_bytes(&bundle.to_bytes()).expect("its own bytes are a bundle");
            assert_eq!(again.digest(), bundle.digest());
        }
        Err(faults) => assert!(!faults.is_empty()),
    }
});

//! What all tests share: the house's own policies, and records made by hand.

use std::collections::BTreeMap;
use std::path::Path;

use assess::Bundle;
use record::Realm;

/// How many cases of a property: so many, or what `PROPTEST_CASES` says, as in `make assure`.
pub(crate) fn cases(usual: u32) -> u32 {
    let wanted = std::env::var("PROPTEST_CASES").ok();
    wanted.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// The texts below `policies/`, cases included.
pub(crate) fn files() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let mut found = BTreeMap::new();
    walk(&root, &root, &mut found);
    found
}

fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).expect("the folder of policies") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            walk(root, &path, found);
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            let name = path
                .strip_prefix(root)
                .expect("below the root")
                .to_string_lossy()
                .replace('\\', "/");
            found.insert(name, std::fs::read_to_string(&path).expect("text"));
        }
    }
}

/// The house's own bundle.
pub(crate) fn bundle(realm: Realm) -> Bundle {
    parse(files(), realm)
}

/// A bundle that must be whole.
pub(crate) fn parse(files: BTreeMap<String, String>, realm: Realm) -> Bundle {
    Bundle::parse(files, realm).unwrap_or_else(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

/// The files with one text put in the place of another, which must be there.
pub(crate) fn changed_files(file: &str, old: &str, new: &str) -> BTreeMap<String, String> {
    let mut all = files();
    let text = all.get_mut(file).expect("the file");
    assert!(text.contains(old), "`{old}` stands in {file}");
    *text = text.replacen(old, new, 1);
    all
}

/// The bundle of such files.
pub(crate) fn changed(file: &str, old: &str, new: &str, realm: Realm) -> Bundle {
    parse(changed_files(file, old, new), realm)
}

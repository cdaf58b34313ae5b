//! What stands in every house: its staff, the demo's guide, and the rules.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use assess::{Bundle, Text};
use identity::{PasswordHash, TotpSecret};
use record::Realm;
use store::NewStaff;
use web::{DemoGuide, DemoPersona, DemoStaff};

use crate::people::{officer, resident, source};

pub(crate) const PASSWORD: &str = "a long enough password";
const SECRET: &[u8; 20] = b"12345678901234567890";

pub(crate) const STAFF: [(&str, &str, &str); 7] = [
    ("chen", "chancheng.market", "officer"),
    ("lin", "chancheng.market", "officer"),
    ("zhou", "foshan.hrss", "officer"),
    ("li", "nanzhuang.service-centre", "clerk"),
    ("mo", "nanzhuang.service-centre", "clerk"),
    ("shen", "chancheng.audit", "auditor"),
    ("guan", "chancheng.credit-office", "office"),
];

pub(crate) fn new_staff(name: &str, source_code: &str, role: &str) -> NewStaff {
    static HASH: OnceLock<String> = OnceLock::new();
    let hash = HASH.get_or_init(|| PasswordHash::of(PASSWORD).unwrap().as_str().to_owned());
    NewStaff {
        officer: officer(name),
        name: format!("{name}科员"),
        source: source(source_code),
        role: role.to_owned(),
        password: hash.clone(),
        totp: SECRET.to_vec(),
    }
}

pub(crate) fn secret() -> TotpSecret {
    TotpSecret::from_bytes(SECRET).unwrap()
}

pub(crate) fn guide() -> DemoGuide {
    let what = Text {
        zh: "试试".into(),
        en: "try".into(),
    };
    DemoGuide {
        staff: vec![DemoStaff {
            officer: officer("chen"),
            what: what.clone(),
        }],
        password: PASSWORD.to_owned(),
        totp: secret(),
        persons: vec![DemoPersona {
            name: "罗志明1".into(),
            identifier: resident(1).value().to_owned(),
            what,
        }],
        organisations: Vec::new(),
    }
}

/// The repository's policies, parsed once for each realm.
pub(crate) fn bundle(realm: Realm) -> &'static Bundle {
    static DEMO: OnceLock<Bundle> = OnceLock::new();
    static LIVE: OnceLock<Bundle> = OnceLock::new();
    let cell = if realm == Realm::Demo { &DEMO } else { &LIVE };
    cell.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
        let mut files = BTreeMap::new();
        walk(&root, &root, &mut files);
        files.retain(|path, _| !path.starts_with("cases/"));
        Bundle::parse(files, realm).unwrap_or_else(|faults| panic!("{faults:?}"))
    })
}

fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(root, &path, found);
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            found.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}

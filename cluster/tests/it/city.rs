//! A made-up city: a mirror, the rules, and what `xinlian rate --out` makes of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use assess::Bundle;
use batch::{Made, generate, rate, write_outcomes};
use jiff::civil::{Date, date};
use record::Realm;
use segment::Mirror;
use tempfile::TempDir;
use xinlian_cluster::{Asked, Place};

/// The day asked about.
pub(crate) const ON: Date = date(2026, 11, 1);

pub(crate) struct City {
    home: TempDir,
    pub(crate) bundle: Bundle,
}

impl City {
    /// So many records of so many subjects.
    pub(crate) fn of(records: u64, subjects: u64) -> Self {
        let (home, bundle) = (TempDir::new().unwrap(), bundle());
        let city = Self { home, bundle };
        std::fs::create_dir(city.path("mirrors")).unwrap();
        std::fs::write(city.path("rules"), city.bundle.to_bytes()).unwrap();
        city.make(records, subjects, 1);
        city
    }

    /// Makes the mirror, in place of one that is there.
    pub(crate) fn make(&self, records: u64, subjects: u64, seed: u64) {
        let made = Made {
            records,
            subjects,
            seed,
            on: ON,
        };
        generate(&self.mirror(), &self.bundle, made).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub(crate) fn mirror(&self) -> PathBuf {
        self.path("mirrors/people.mirror")
    }

    pub(crate) fn open(&self) -> Mirror {
        Mirror::open(&self.mirror()).unwrap()
    }

    pub(crate) fn asked(&self, place: Place) -> Asked {
        Asked {
            mirror: self.mirror(),
            rules: self.path("rules"),
            on: ON,
            place,
            parts: None,
        }
    }

    /// The bytes that `xinlian rate --out` writes.
    pub(crate) fn expected(&self) -> Vec<u8> {
        let outcomes = rate(&self.bundle, &self.open(), ON, 2, |_| ()).unwrap();
        let place = self.path("expected.parquet");
        write_outcomes(&place, &self.bundle, &outcomes).unwrap();
        std::fs::read(place).unwrap()
    }
}

/// The shipped rules.
pub(crate) fn bundle() -> Bundle {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies");
    let mut files = BTreeMap::new();
    read(&root, &root, &mut files);
    Bundle::parse(files, Realm::Demo).unwrap()
}

fn read(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, files);
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            files.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}

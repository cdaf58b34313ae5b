//! What the targets share: the house's rules, and what holds of every file that is read.
//!
//! A target gets bytes and returns; a failed assertion, a panic of ours, a memory error, a hang or more memory than is allowed ends
//! the run and leaves the bytes in `target/fuzz/found/`.

pub mod ledger_seeds;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use assess::Bundle;
use exchange::{Aliases, FileFault, Format, Intake, Layouts, Reader, SourceFile};
use record::{Date, Realm, SourceCode, Submitted};

/// The rules of the house.
pub static BUNDLE: LazyLock<Bundle> =
    LazyLock::new(|| Bundle::parse(policies(), Realm::Demo).expect("the house's rules have no faults"));

/// The layouts of the house.
pub static LAYOUTS: LazyLock<Layouts> =
    LazyLock::new(|| Layouts::from_bundle(&BUNDLE).expect("the house's layouts have no faults"));

/// Departments whose layouts differ most; the messy files are theirs.
const SOURCES: [&str; 2] = ["chancheng.market", "chancheng.police"];

/// The day on which files are handed in.
const TODAY: Date = Date::constant(2026, 11, 16);

/// Every policy file of the house but its worked cases, by its path below `policies/`.
pub fn policies() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies");
    let mut files = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder of policies") {
            let path = entry.expect("a policy file").path();
            let name = path
                .strip_prefix(&root)
                .expect("below the root")
                .to_string_lossy()
                .into_owned();
            if path.is_dir() && name != "cases" {
                folders.push(path);
            } else if name.ends_with(".toml") {
                files.insert(
                    name,
                    std::fs::read_to_string(&path).expect("a policy file is text"),
                );
            }
        }
    }
    files
}

/// Opens a file and takes it in to its end, for each department.
pub fn take_in(bytes: &[u8]) {
    for source in SOURCES {
        let Some(file) = open(bytes) else { return };
        take_in_for(&SourceCode::new(source).expect("a code"), file);
    }
}

/// Opens a file. Its first rows are as many as it says; a file in memory does not change under our eyes.
pub fn open(bytes: &[u8]) -> Option<SourceFile> {
    let file = match SourceFile::from_bytes("a.bin", bytes.to_vec(), &Reader::Here) {
        Ok(file) => file,
        Err(fault) => {
            said(&fault);
            return None;
        }
    };
    if matches!(file.format(), Format::Csv(_) | Format::Ndjson) {
        let tables = file.peek(usize::MAX).expect("what was opened is read");
        let rows: usize = tables.iter().map(|table| table.rows.len()).sum();
        assert_eq!(rows, file.row_count() as usize, "rows as counted");
    }
    Some(file)
}

fn take_in_for(source: &SourceCode, file: SourceFile) {
    let opened = Intake::new(&BUNDLE, &LAYOUTS, None, source, TODAY, &Aliases::default(), file);
    let mut intake = match opened {
        Ok(intake) => intake,
        Err(fault) => return said(&fault),
    };
    let mut rows = 0;
    let mut last = 0;
    loop {
        let chunk = match intake.next_chunk(100) {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            Err(fault) => return said(&fault),
        };
        for row in chunk {
            rows += 1;
            assert!(row.row > last, "rows come in their order");
            last = row.row;
            match row.result {
                // What a row becomes is a record like any other: its bytes are read again.
                Ok(record) => assert_eq!(Submitted(record.canonical_bytes()).parse().as_ref(), Ok(&record)),
                Err(errors) => {
                    assert!(!errors.is_empty(), "a row is refused for a reason");
                    assert!(
                        errors
                            .iter()
                            .all(|e| e.row == last && !e.message.is_empty() && !e.message_en.is_empty())
                    );
                }
            }
        }
    }
    assert!(rows <= intake.row_count(), "no more rows than were counted");
    drop(intake.notes());
}

/// A fault has a code, says what is wrong and what to do, and is none that only a changing file has.
fn said(fault: &FileFault) {
    assert!(!fault.code.is_empty() && !fault.what.en.is_empty() && !fault.help.zh.is_empty());
    assert_ne!(fault.code, "CHANGED", "the bytes did not change");
}

/// Whether the bytes begin as a workbook or a Parquet file does: those have targets of their own.
pub fn is_foreign(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK") || bytes.starts_with(b"\xD0\xCF\x11\xE0") || bytes.starts_with(b"PAR1")
}

/// Lets panics of readers that others wrote unwind into the crate `exchange`, which makes a fault of them, as it does for users. One of
/// ours ends the run.
pub fn let_foreign_panics_unwind() {
    let fatal = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let house = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
        let ours = panic.location().zip(house).is_none_or(|(at, house)| {
            let file = Path::new(at.file());
            file.is_relative() || file.starts_with(house)
        });
        if ours {
            fatal(panic);
        }
    }));
}

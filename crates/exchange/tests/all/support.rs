//! The house's own bundle, and files read against it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use assess::Bundle;
use exchange::{FileFault, Intake, Layouts, Report, Row, SourceFile, Taken};
use record::{Date, LayoutCode, Realm, SourceCode};

pub(crate) static BUNDLE: LazyLock<Bundle> =
    LazyLock::new(|| Bundle::parse(policies(), Realm::Demo).expect("the house's bundle"));
pub(crate) static LAYOUTS: LazyLock<Layouts> = LazyLock::new(|| match Layouts::from_bundle(&BUNDLE) {
    Ok(layouts) => layouts,
    Err(faults) => panic!("{faults:#?}"),
});

pub(crate) const TODAY: Date = Date::constant(2026, 11, 16);

/// Every policy file of the house.
pub(crate) fn policies() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let mut files = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "toml") {
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .replace('\\', "/");
                files.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

/// How many cases of a property: so many, or what `PROPTEST_CASES` says, as in `make assure`.
pub(crate) fn cases(usual: u32) -> u32 {
    let wanted = std::env::var("PROPTEST_CASES").ok();
    wanted.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

pub(crate) fn layout_code(code: &str) -> LayoutCode {
    LayoutCode::new(code).unwrap()
}

/// Opens a file, its layout found by its headers.
pub(crate) fn intake(source: &str, name: &str, bytes: Vec<u8>) -> Result<Intake<'static>, FileFault> {
    let file = SourceFile::from_bytes(name, bytes, &exchange::Reader::Here)?;
    let source = SourceCode::new(source).unwrap();
    let aliases = exchange::Aliases::default();
    Intake::new(&BUNDLE, &LAYOUTS, None, &source, TODAY, &aliases, file)
}

/// Reads a file, its layout found by its headers.
pub(crate) fn read(source: &str, name: &str, bytes: Vec<u8>) -> Result<(Vec<Row>, Vec<String>), FileFault> {
    let mut intake = intake(source, name, bytes)?;
    let mut rows = Vec::new();
    while let Some(chunk) = intake.next_chunk(7)? {
        rows.extend(chunk);
    }
    Ok((rows, intake.headers().to_vec()))
}

/// A report in which every well-formed row is accepted.
pub(crate) fn report(name: &str, rows: &[Row]) -> Report {
    let mut report = Report::new(name, None);
    for row in rows {
        match &row.result {
            Ok(_) => report.take(Taken::Accepted),
            Err(errors) => report.refuse(errors.clone()),
        }
        report.note(row.notes.clone());
    }
    report
}

/// The faults as lines: row, column, code, value.
pub(crate) fn lines(rows: &[Row]) -> Vec<String> {
    let errors = rows.iter().filter_map(|row| row.result.as_ref().err()).flatten();
    errors
        .map(|e| format!("{} {} {} {}", e.row, e.column, e.code, e.value))
        .collect()
}

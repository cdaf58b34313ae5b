//! Every file of `fixtures/messy/files`, read by a process under bounds as the program starts it, and its report held to the
//! one that was read and found right. `XINLIAN_WRITE_EXPECTED=1` writes them anew, to be read again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use assess::Bundle;
use exchange::{Aliases, FileFault, Intake, Layouts, Reader, Report, Row, SourceFile, Taken};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use record::{Date, Ends, Realm, Record, SourceCode};
use serde_json::{Value, json};

const TODAY: Date = Date::constant(2026, 11, 16);

fn messy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/messy")
}

/// Every policy file of the house.
fn policies() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let mut files = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() && name != "cases" {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "toml") {
                files.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

fn files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for source in std::fs::read_dir(messy().join("files")).unwrap() {
        for file in std::fs::read_dir(source.unwrap().path()).unwrap() {
            files.push(file.unwrap().path());
        }
    }
    files.sort();
    files
}

#[test]
fn every_messy_file_has_the_report_that_was_found_right() {
    let bundle = Bundle::parse(policies(), Realm::Demo).unwrap();
    let layouts = Layouts::from_bundle(&bundle).unwrap();
    let reader = Reader::Child(env!("CARGO_BIN_EXE_xinlian").into());
    let writes = std::env::var_os("XINLIAN_WRITE_EXPECTED").is_some();
    let files = files();
    assert!(files.len() >= 60, "{}", files.len());
    let mut wrong = Vec::new();
    for path in &files {
        let found =
            report(&bundle, &layouts, &reader, path).unwrap_or_else(|fault| json!({ "fault": fault }));
        let inner = path.strip_prefix(messy().join("files")).unwrap();
        let expected = messy().join("expected").join(format!("{}.json", inner.display()));
        if writes {
            std::fs::create_dir_all(expected.parent().unwrap()).unwrap();
            let text = serde_json::to_string_pretty(&found).unwrap();
            std::fs::write(&expected, text + "\n").unwrap();
            continue;
        }
        let text = std::fs::read_to_string(&expected).unwrap_or_default();
        if serde_json::from_str::<Value>(&text).ok() != Some(found.clone()) {
            wrong.push(format!("{}: {found:#}", inner.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn report(bundle: &Bundle, layouts: &Layouts, reader: &Reader, path: &Path) -> Result<Value, FileFault> {
    report_of(bundle, layouts, &source_of(path), SourceFile::open(path, reader)?)
}

fn source_of(path: &Path) -> SourceCode {
    let source = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
    SourceCode::new(source).unwrap()
}

fn report_of(
    bundle: &Bundle,
    layouts: &Layouts,
    source: &SourceCode,
    file: SourceFile,
) -> Result<Value, FileFault> {
    let format = file.format().name();
    let mut intake = Intake::new(bundle, layouts, None, source, TODAY, &Aliases::default(), file)?;
    let mut report = Report::new(intake.file_name(), Some(intake.layout().code()));
    report.note(intake.notes());
    let mut records = Vec::new();
    while let Some(rows) = intake.next_chunk(1_000)? {
        for Row {
            row, result, notes, ..
        } in rows
        {
            report.note(notes);
            match result {
                Ok(record) => {
                    report.take(Taken::Accepted);
                    records.push(said(row, &record));
                }
                Err(errors) => report.refuse(errors),
            }
        }
    }
    Ok(json!({ "format": format, "report": report, "records": records }))
}

/// What was read of a row.
fn said(row: u32, record: &Record) -> String {
    let subject = record.subject.as_ref().unwrap();
    let ends = match record.ends {
        None => String::new(),
        Some(Ends::On(day)) => format!(" to {day}"),
        Some(Ends::OnCorrection { review_by }) => format!(" until corrected, review by {review_by}"),
    };
    let document = record
        .document
        .as_ref()
        .map_or("", |document| document.number.as_str());
    let fields: Vec<String> = record
        .fields
        .iter()
        .map(|(name, value)| format!("{name}={value:?}"))
        .collect();
    format!(
        "{row}: {} {:?} {} | {} {}{ends} | {document} | {}",
        subject.name,
        subject.kind,
        subject
            .identifier
            .as_ref()
            .map_or("-", |identifier| identifier.value()),
        record.item,
        record.occurred,
        fields.join(", ")
    )
}

/// Files of every format with bytes of them changed, cut off, doubled or taken out: each is read to its end or refused, by the
/// bounded process as the program starts it, and the program lives. `make assure` tries a hundred times as many.
#[test]
fn whatever_is_scribbled_into_a_file_it_is_read_or_refused() {
    let bundle = Bundle::parse(policies(), Realm::Demo).unwrap();
    let layouts = Layouts::from_bundle(&bundle).unwrap();
    let reader = Reader::Child(env!("CARGO_BIN_EXE_xinlian").into());
    let wanted = std::env::var("PROPTEST_CASES").ok();
    let usual: u64 = wanted.and_then(|cases| cases.parse().ok()).unwrap_or(120);
    let small = |path: &PathBuf| path.metadata().unwrap().len() <= 256 << 10;
    let mut by_format = BTreeMap::<String, Vec<PathBuf>>::new();
    for path in files().into_iter().filter(small) {
        let ending = path
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        by_format.entry(ending).or_default().push(path);
    }
    for format in ["csv", "ndjson", "parquet", "xls", "xlsx"] {
        assert!(by_format.contains_key(format), "{format}");
    }
    let (mut read, mut refused) = (0, 0);
    for case in 0..usual.min(12_000) {
        let mut random = ChaCha8Rng::seed_from_u64(case);
        let formats: Vec<&Vec<PathBuf>> = by_format.values().collect();
        let files = formats[random.random_range(0..formats.len())];
        let path = &files[random.random_range(0..files.len())];
        let bytes = scribbled(std::fs::read(path).unwrap(), &mut random);
        let name = path.file_name().unwrap().to_str().unwrap();
        let source = source_of(path);
        let found = SourceFile::from_bytes(name, bytes, &reader)
            .and_then(|file| report_of(&bundle, &layouts, &source, file));
        match found {
            Ok(_) => read += 1,
            Err(fault) => {
                assert!(!fault.code.is_empty() && !fault.what.zh.is_empty() && !fault.help.en.is_empty());
                refused += 1;
            }
        }
    }
    assert!(read > 0 && refused > 0, "{read} read, {refused} refused");
}

fn scribbled(mut bytes: Vec<u8>, random: &mut ChaCha8Rng) -> Vec<u8> {
    for _ in 0..random.random_range(1..10) {
        if bytes.is_empty() {
            break;
        }
        let at = random.random_range(0..bytes.len());
        let end = (at + random.random_range(1..64)).min(bytes.len());
        match random.random_range(0..6) {
            0 | 1 => bytes[at] = random.random(),
            2 => bytes[at] ^= 1 << random.random_range(0..8),
            3 => {
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            4 => drop(bytes.drain(at..end)),
            _ if random.random_range(0..4) == 0 => bytes.truncate(at),
            _ => bytes[at..end].fill(0xFF),
        }
    }
    bytes
}

/// A reader that writes for ever, sleeps, or says nothing is no reader: the file is refused and nobody waits.
#[test]
fn a_reader_that_breaks_refuses_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = messy().join("files/chancheng.police/xlsx.xlsx");
    for (name, script) in [
        ("silent", "exit 0"),
        ("killed", "kill -9 $$"),
        ("nonsense", "yes | head -c 100000"),
        ("endless", "exec yes"),
        ("half", "printf 'S\\004\\000\\000\\000name'"),
    ] {
        let program = folder.path().join(name);
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        let mut permissions = std::fs::metadata(&program).unwrap().permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o755);
        std::fs::set_permissions(&program, permissions).unwrap();
        let fault = SourceFile::open(&file, &Reader::Child(program)).unwrap_err();
        assert_eq!(fault.code, "TOO-LARGE", "{name}");
    }
    let fault = SourceFile::open(&file, &Reader::Child(folder.path().join("nowhere"))).unwrap_err();
    assert_eq!(fault.code, "UNREADABLE");
}

//! Writes what the targets begin with into a folder for each: the messy files, the house's rules and layouts, records, workbooks that
//! the house itself writes, a small ledger. `seeds FOLDER`; files that are there are left alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use exchange::{CsvEncoding, Intake, Reader, SourceFile, csv_bytes, template_workbook};
use record::SourceCode;
use xinlian_fuzz::ledger_seeds::of_ledger;
use xinlian_fuzz::{BUNDLE, LAYOUTS, policies};

fn main() {
    let into = PathBuf::from(std::env::args().nth(1).expect("a folder"));
    let seed = |target: &str, name: &str, bytes: &[u8]| {
        let folder = into.join(target);
        fs::create_dir_all(&folder).expect("a folder can be made");
        let path = folder.join(name);
        if !path.exists() {
            fs::write(path, bytes).expect("a seed can be written");
        }
    };
    for (source, path) in messy() {
        let bytes = fs::read(&path).expect("a messy file");
        // What is made to be large is slow to read with every comparison noted.
        let begun = Instant::now();
        drop(SourceFile::from_bytes("a.bin", bytes.clone(), &Reader::Here));
        if begun.elapsed() > Duration::from_secs(2) {
            continue;
        }
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let target = match bytes.as_slice() {
            [b'P', b'K', ..] => "xlsx",
            [0xD0, 0xCF, 0x11, 0xE0, ..] => "xls",
            [b'P', b'A', b'R', b'1', ..] => "parquet",
            [b'{', ..] => "ndjson",
            _ => "csv",
        };
        seed(target, &name, &bytes);
        if matches!(target, "csv" | "ndjson") {
            seed("infer", &name, &bytes);
            seed("encoding", &name, &[b"\x40", bytes.as_slice()].concat());
        }
        for (place, record) in records(&source, &bytes).iter().enumerate() {
            seed("record", &format!("{name}-{place}"), record);
        }
        for line in String::from_utf8_lossy(&bytes)
            .lines()
            .skip(1)
            .filter(|_| target == "csv")
            .take(3)
        {
            for cell in line.split(',') {
                seed("cells", &name_of(cell), &[b"\x01", cell.as_bytes()].concat());
            }
        }
    }
    for layout in LAYOUTS.iter() {
        let headers: Vec<&str> = layout.columns().iter().map(exchange::Column::code).collect();
        seed(
            "csv",
            layout.code().as_str(),
            &csv_bytes([headers], CsvEncoding::Utf8),
        );
        seed(
            "xlsx",
            layout.code().as_str(),
            &template_workbook(layout).expect("a template"),
        );
    }
    let rules = policies();
    let places = rules.iter().filter(|(name, _)| !name.starts_with("layouts/"));
    for (place, (name, text)) in places.enumerate() {
        if let Ok(place) = u8::try_from(place) {
            seed(
                "policy",
                &name.replace('/', "-"),
                &[&[place], text.as_bytes()].concat(),
            );
        }
    }
    for (name, text) in rules.iter().filter(|(name, _)| name.starts_with("layouts/")) {
        seed("layout", &name.replace('/', "-"), text.as_bytes());
    }
    for (target, name, bytes) in of_ledger() {
        seed(target, name, &bytes);
    }
    seed("sheet_xml", "two-rows", SHEET.as_bytes());
    seed("frames", "one-row", b"S\x01\0\0\x001E\0\0\0\0");
}

/// A worksheet with cells of every kind, its shared strings and its styles.
const SHEET: &str = r#"<worksheet><dimension ref="A1:D3"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>XDR_LB</t></is></c><c r="C1" t="str"><f>1+1</f><v>a</v></c></row><row r="2"><c r="A2" s="1"><v>45356</v></c><c r="B2" t="b"><v>1</v></c><c r="C2" t="e"><v>#N/A</v></c><c r="D2" t="d"><v>2024-03-05</v></c></row><row r="3"><c r="A3" s="2"><v>1.5e3</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells></worksheet>
====
<sst count="1" uniqueCount="1"><si><t xml:space="preserve">XDR_MC</t></si><si><r><t>a</t></r><r><t>b</t></r></si></sst>
====
<styleSheet><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy/m/d"/></numFmts><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>"#;

/// The messy files, each with the department that handed it in.
fn messy() -> Vec<(SourceCode, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/messy/files");
    let mut found = Vec::new();
    for source in fs::read_dir(root).expect("the messy files") {
        let folder = source.expect("a folder").path();
        let code = folder.file_name().expect("a name").to_string_lossy().into_owned();
        for file in fs::read_dir(&folder).expect("a folder of messy files") {
            found.push((
                SourceCode::new(&code).expect("a code"),
                file.expect("a file").path(),
            ));
        }
    }
    found
}

/// The canonical bytes of the first records of a file.
fn records(source: &SourceCode, bytes: &[u8]) -> Vec<Vec<u8>> {
    let today = record::Date::constant(2026, 11, 16);
    let rows = SourceFile::from_bytes("a.bin", bytes.to_vec(), &Reader::Here)
        .and_then(|file| {
            Intake::new(
                &BUNDLE,
                &LAYOUTS,
                None,
                source,
                today,
                &exchange::Aliases::default(),
                file,
            )
        })
        .and_then(|mut intake| intake.next_chunk(3));
    let rows = rows.ok().flatten().unwrap_or_default();
    rows.iter()
        .filter_map(|row| Some(row.result.as_ref().ok()?.canonical_bytes()))
        .collect()
}

/// A file name of a cell's text.
fn name_of(cell: &str) -> String {
    let plain: String = cell
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .take(40)
        .collect();
    format!("cell-{plain}")
}

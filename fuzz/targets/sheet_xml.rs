//! The parts of an XLSX workbook, zipped by us, so that the fuzzer need not guess checksums: the worksheet, the shared strings and the
//! styles, parted by a line of `====`.
#![no_main]

use std::io::{Cursor, Write as _};

use libfuzzer_sys::fuzz_target;
use xinlian_fuzz::{let_foreign_panics_unwind, take_in};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const REST: [(&str, &str); 3] = [
    ("[Content_Types].xml", "<Types/>"),
    (
        "xl/workbook.xml",
        "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
    ),
    (
        "xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
    ),
];

const PARTS: [&str; 3] = [
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
];

fuzz_target!(init: let_foreign_panics_unwind(), |bytes: &[u8]| {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut write = |name: &str, content: &[u8]| {
        zip.start_file(name, stored).expect("a part begins");
        zip.write_all(content).expect("a part is written");
    };
    for (name, content) in REST {
        write(name, content.as_bytes());
    }
    let mut rest = bytes;
    for name in PARTS {
        let end = rest.windows(6).position(|six| six == b"\n====\n");
        write(name, &rest[..end.unwrap_or(rest.len())]);
        match end {
            Some(end) => rest = &rest[end + 6..],
            None => break,
        }
    }
    take_in(&zip.finish().expect("a workbook").into_inner());
});

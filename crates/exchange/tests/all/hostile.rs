//! Whatever the bytes, there is a report or a fault, in bounded memory, and never a panic.

use std::fmt::Write as _;
use std::io::{Cursor, Write};

use exchange::{CsvEncoding, SourceFile, csv_bytes};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::support::{LAYOUTS, cases, read};

fn code(name: &str, bytes: &[u8]) -> String {
    match SourceFile::from_bytes(name, bytes.to_vec(), &exchange::Reader::Here) {
        Ok(file) => format!("{} {}", file.format().name(), file.row_count()),
        Err(fault) => format!("{} {}", fault.code, fault.place).trim().to_owned(),
    }
}

#[test]
fn content_decides_and_faults_say_where() {
    let xlsx = one_cell();
    for (bytes, expect) in [
        (&b""[..], "EMPTY"),
        (b"\n \n,,\n", "EMPTY"),
        (b"a,b\n1,2\n", "CSV UTF-8 2"),
        (b"\xEF\xBB\xBFa,b\n", "CSV UTF-8 1"),
        (b"a,b\n1,\x002\n", "NUL line 2"),
        (b"\xD0\xD5\xC3\xFB,b\n", "CSV GB18030 1"),
        ("姓名,证件\n甲".as_bytes(), "CSV UTF-8 2"),
        (
            &"姓名,证件\n甲".as_bytes()[.."姓名,证件\n甲".len() - 1],
            "TRUNCATED line 2",
        ),
        (b"a,b\n\xFF\xFF,1\n", "ENCODING line 2"),
        // What bears the mark of UTF-8 is not taken for GB18030 because of one bad byte.
        (b"\xEF\xBB\xBFa,b\n\xD0\xD5,1\n", "ENCODING line 2"),
        (b"\xEF\xBB\xBFa,b\n\x00,1\n", "NUL line 2"),
        (b"a,b\n1,\"2\n", "QUOTE-UNCLOSED row 2"),
        (b"%PDF-1.7\n", "FORMAT"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "DAMAGED"),
        (b"PAR1garbage", "DAMAGED"),
        (b"  <html><table>", "FORMAT"),
        (b"{\"a\":1}", "NDJSON 2"),
        (b"{\"a\":[1]}", "JSON row 1"),
        (b"{\"a\":\"\xD0\xD5\"}\n", "ENCODING"),
        (b"[{\"a\":1}]", "FORMAT"),
        (b"PK\x03\x04garbage", "DAMAGED"),
        (&xlsx[..xlsx.len() / 2], "DAMAGED"),
        (&xlsx, "XLSX 1"),
    ] {
        assert_eq!(
            code("a.bin", bytes),
            expect,
            "{:?}",
            String::from_utf8_lossy(bytes)
        );
    }
}

/// However long a file is, and so in however many parts it is looked at.
#[test]
fn a_bad_last_byte_is_no_file_cut_off() {
    for lines in [1, 20_000] {
        let text = "姓名,1\n".repeat(lines);
        for (end, expect) in [(&b"\xFF"[..], "ENCODING"), (b"\xE5\xA7", "TRUNCATED")] {
            let said = code("a.csv", &[text.as_bytes(), end].concat());
            assert_eq!(said, format!("{expect} line {}", lines + 1));
        }
    }
}

/// 《 is 0x300A, and its second byte that of a line's end.
#[test]
fn lines_are_counted_in_characters() {
    let text = "名称,依据\n甲,《食品安全法》\n";
    let utf16 = text.encode_utf16().chain([0xD800, u16::from(b'x')]);
    let bytes: Vec<u8> = [0xFEFF]
        .into_iter()
        .chain(utf16)
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(code("a.csv", &bytes), "ENCODING line 3");
}

#[test]
fn what_is_packed_is_a_text_and_whole() {
    let zstd = |bytes: &[u8]| zstd::encode_all(bytes, 3).unwrap();
    let gzip = |bytes: &[u8]| {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(bytes).unwrap();
        gzip.finish().unwrap()
    };
    let mut text = String::new();
    for row in 0..20_000 {
        writeln!(text, "{row},{}", row * 7_919 % 1_000_003).unwrap();
    }
    for pack in [&zstd as &dyn Fn(&[u8]) -> Vec<u8>, &gzip] {
        let packed = pack(text.as_bytes());
        assert_eq!(code("a.bin", &packed), "CSV UTF-8 20000");
        // Two that were joined are the one after the other, as the tools of both formats have it.
        assert_eq!(
            code("a.bin", &[packed.clone(), packed.clone()].concat()),
            "CSV UTF-8 40000"
        );
        for length in [5, 20, packed.len() / 2, packed.len() - 3] {
            assert_eq!(
                code("a.bin", &packed[..length]),
                "DAMAGED",
                "{length} of {}",
                packed.len()
            );
        }
        let mut altered = packed.clone();
        altered[packed.len() / 2] ^= 0xFF;
        altered[packed.len() / 2 + 1] ^= 0xFF;
        assert!(
            ["DAMAGED", "NUL", "ENCODING"]
                .iter()
                .any(|fault| code("a.bin", &altered).starts_with(fault))
        );
        assert_eq!(code("a.bin", &pack(b"")), "EMPTY");
        for other in [
            pack(&packed),
            pack(&one_cell()),
            pack(b"PAR1garbage"),
            pack(b"%PDF-1.7\n"),
        ] {
            assert_eq!(code("a.bin", &other), "FORMAT");
        }
        assert_eq!(code("a.bin", &pack(b"a,b\n1,\x002\n")), "NUL line 2");
    }
    // The digest is of what was handed in.
    let packed = zstd(text.as_bytes());
    let file = SourceFile::from_bytes("a.zst", packed.clone(), &exchange::Reader::Here).unwrap();
    assert_eq!(file.digest(), <[u8; 32]>::from(Sha256::digest(&packed)));
}

fn one_cell() -> Vec<u8> {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write_string(0, 0, "姓名").unwrap();
    workbook.save_to_buffer().unwrap()
}

/// Two cells far apart: the dense rectangle between them would be 65 million cells.
#[test]
fn two_cells_far_apart_are_two_cells() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "姓名").unwrap();
    sheet.write_string(3_999, 16_383, "x").unwrap();
    assert_eq!(
        code("bomb.xlsx", &workbook.save_to_buffer().unwrap()),
        "TOO-LARGE row 4000"
    );
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "姓名").unwrap();
    sheet.write_string(1_048_575, 0, "x").unwrap();
    assert_eq!(code("tall.xlsx", &workbook.save_to_buffer().unwrap()), "XLSX 2");
}

/// A workbook with one part written otherwise.
fn with_part(name: &str, content: &[u8]) -> Vec<u8> {
    let whole = one_cell();
    let mut old = ZipArchive::new(Cursor::new(&whole)).unwrap();
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..old.len() {
        let part = old.by_index(place).unwrap();
        if part.name().unwrap() != name {
            new.raw_copy_file(part).unwrap();
        }
    }
    new.start_file(name, SimpleFileOptions::default()).unwrap();
    new.write_all(content).unwrap();
    new.finish().unwrap().into_inner()
}

#[test]
fn bombs_in_a_workbooks_parts_are_found_before_they_go_off() {
    let shared = "xl/sharedstrings.xml";
    let sheet = "xl/worksheets/sheet1.xml";
    let many = b"<sst uniqueCount=\"99999999999\"><si><t>x</t></si></sst>".to_vec();
    let deep = b"<si><t>x</t></si>".repeat(5_000_000);
    let run = [b"<sst><si><t>".to_vec(), vec![b'x'; 2 << 20]].concat();
    let comment = b"<worksheet><!-- <a><b> --></worksheet>".to_vec();
    for (name, content, expect) in [
        ("xl/sharedStrings.xml", many, format!("TOO-LARGE {shared}")),
        ("xl/sharedStrings.xml", deep, format!("TOO-LARGE {shared}")),
        ("xl/sharedStrings.xml", run, format!("TOO-LARGE {shared}")),
        ("xl/worksheets/sheet1.xml", comment, format!("XML-ODD {sheet}")),
    ] {
        assert_eq!(code("bomb.xlsx", &with_part(name, &content)), expect);
    }
}

#[test]
fn an_endless_row_is_refused_without_being_held() {
    let long = format!("a,b\n1,{}\n", "x".repeat(3 << 20));
    assert_eq!(code("a.csv", long.as_bytes()), "TOO-LARGE row 2");
    assert_eq!(code("a.csv", ",".repeat(300).as_bytes()), "TOO-LARGE row 1");
    assert_eq!(
        code("a.csv", format!("a{}", ",a".repeat(300)).as_bytes()),
        "TOO-LARGE row 1"
    );
    assert_eq!(
        code("a.csv", format!("a,{}\n", "禅".repeat(32_768)).as_bytes()),
        "TOO-LARGE row 1"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(192), ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_file_or_a_fault(bytes in proptest::collection::vec(any::<u8>(), 0..4_000)) {
        let _ = read("chancheng.market", "a.csv", bytes);
    }

    #[test]
    fn any_text_under_a_header_is_rows(text in "(姓名,证件号码,告知书版本,送达日期\n)?([^\u{0}]{0,40}[,\"\n\r;\t]){0,40}") {
        let _ = read("chancheng.credit-office", "a.csv", text.into_bytes());
    }

    #[test]
    fn a_workbook_with_any_bytes_written_otherwise_is_a_file_or_a_fault(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let mut bytes = with_part("xl/sharedStrings.xml", b"<sst count=\"1\" uniqueCount=\"1\"><si><t>XM</t></si></sst>");
        for (place, b) in changes {
            let place = place.index(bytes.len());
            bytes[place] = b;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = read("chancheng.market", "a.xlsx", bytes);
    }

    #[test]
    fn any_sheet_xml_is_a_file_or_a_fault(xml in "(<(row|c|v|is|t|f|sheetData|worksheet)( (r|t|s)=\"[A-Z0-9sinlre-]{0,9}\"){0,3}/?>|</(row|c|v|is|t|sheetData|worksheet)>|[0-9.eE+-]{1,20}|[a-z<&;#]{0,6}){0,60}") {
        let _ = read("chancheng.market", "a.xlsx", with_part("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{xml}").as_bytes()));
    }

    /// Whatever stands in the cells of whichever layout, each row is a record or has faults.
    #[test]
    fn any_cells_are_a_record_or_faults(which in any::<prop::sample::Index>(), cells in proptest::collection::vec("\\PC{0,30}|[0-9年月日/. -]{0,12}|[0-9A-Z]{18}|自然人|法人及非法人组织|罚款|1|0", 31)) {
        let layouts: Vec<_> = LAYOUTS.iter().collect();
        let layout = which.get(&layouts);
        let source = crate::support::BUNDLE.sources().find(|s| layout.items().any(|item| s.items.contains(item))).unwrap();
        let headers: Vec<&str> = layout.columns().iter().map(exchange::Column::code).collect();
        let row: Vec<&str> = cells.iter().take(headers.len()).map(String::as_str).collect();
        let (rows, _) = read(source.code.as_str(), "a.csv", csv_bytes([headers, row], CsvEncoding::Utf8)).unwrap();
        for row in rows {
            if let Err(errors) = row.result {
                prop_assert!(!errors.is_empty());
                prop_assert!(errors.iter().all(|e| !e.message.is_empty() && !e.message_en.is_empty() && e.row == 2));
            }
        }
    }
}

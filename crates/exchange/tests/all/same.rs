//! One table in every dress a department sends it in gives the same records.

use std::io::Write as _;

use encoding_rs::{GB18030, UTF_16LE};
use exchange::{CsvEncoding, csv_bytes};
use flate2::Compression;
use flate2::write::GzEncoder;
use record::{Date, Record, demo_resident_id};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use crate::support::{intake, read};

fn rows() -> Vec<Vec<String>> {
    let header = ["姓名", "证件号码", "缴费月数", "起始日期", "截止日期"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for n in 0..40_u16 {
        let id = demo_resident_id("440604", Date::constant(1980, 1, 2), n).unwrap();
        let name = if n % 2 == 0 {
            "罗㙟\u{20BB7}明"
        } else {
            "欧阳,“静”"
        };
        rows.push(vec![
            name.to_owned(),
            id,
            (n % 12).to_string(),
            "2025-01-01".to_owned(),
            "2025-12-31".to_owned(),
        ]);
    }
    rows
}

fn records(name: &str, bytes: Vec<u8>) -> Vec<Record> {
    let (rows, _) = read("foshan.hrss", name, bytes).unwrap();
    rows.into_iter().map(|row| row.result.unwrap()).collect()
}

fn cells(rows: &[Vec<String>]) -> impl Iterator<Item = impl Iterator<Item = &str>> {
    rows.iter().map(|row| row.iter().map(String::as_str))
}

fn json_line(header: &[String], row: &[String]) -> String {
    let pairs = header.iter().zip(row);
    let object: serde_json::Map<String, serde_json::Value> = pairs
        .map(|(key, cell)| {
            // Numbers as other systems write them.
            let number = cell.parse::<u64>().ok().filter(|_| cell.len() < 10);
            (
                key.clone(),
                number.map_or_else(|| cell.as_str().into(), Into::into),
            )
        })
        .collect();
    serde_json::to_string(&object).unwrap() + "\n"
}

/// Instructions on the first worksheet, the rows on the second, something else on the third.
#[test]
fn the_worksheet_with_the_rows_is_found() {
    let rows = rows();
    let mut workbook = Workbook::new();
    let first = workbook.add_worksheet().set_name("填报说明").unwrap();
    first.write_string(0, 0, "请按模板填写，每行一人。").unwrap();
    workbook.add_worksheet().set_name("空表").unwrap();
    let second = workbook.add_worksheet().set_name("数据").unwrap();
    for (row, cells) in (0..).zip(&rows) {
        for (column, cell) in (0..).zip(cells) {
            second.write_string(row, column, cell).unwrap();
        }
    }
    let third = workbook.add_worksheet().set_name("汇总").unwrap();
    third.write_string(0, 0, "合计").unwrap();
    let hidden = workbook.add_worksheet().set_name("藏").unwrap();
    hidden.set_hidden(true).write_string(0, 0, "看不见").unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let intake = intake("foshan.hrss", "多表.xlsx", bytes.clone()).unwrap();
    let notes: Vec<(String, String)> = intake
        .notes()
        .into_iter()
        .map(|note| (note.code.clone(), note.column.clone()))
        .collect();
    let unread = |sheet: &str| ("SHEET-UNREAD".to_owned(), sheet.to_owned());
    assert_eq!(notes, [unread("填报说明"), unread("汇总")]);
    assert_eq!(intake.row_count(), 40);
    assert_eq!(records("多表.xlsx", bytes).len(), 40);
}

/// A title over all columns, a header two rows high, and one person's cells merged over two rows.
#[test]
fn merged_cells_say_the_same_of_each_row() {
    let rows = rows();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let plain = Format::new();
    sheet
        .merge_range(0, 0, 0, 4, "社会保险缴纳情况（2025 年）", &plain)
        .unwrap();
    for (column, header) in (0..).zip(&rows[0]) {
        sheet.merge_range(1, column, 2, column, header, &plain).unwrap();
    }
    let person = &rows[1];
    for column in 0..2 {
        sheet
            .merge_range(3, column, 4, column, &person[usize::from(column)], &plain)
            .unwrap();
    }
    let halves = [
        ("6", "2025-01-01", "2025-06-30"),
        ("6", "2025-07-01", "2025-12-31"),
    ];
    for (row, (months, from, to)) in (3..).zip(halves) {
        for (column, cell) in (2..).zip([months, from, to]) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    let (found, headers) = read("foshan.hrss", "合并.xlsx", workbook.save_to_buffer().unwrap()).unwrap();
    assert_eq!(headers, rows[0]);
    let said: Vec<(u32, Vec<&str>)> = found.iter().map(|row| (row.row, row.cells().collect())).collect();
    let expect = |row, half: (&'static str, &'static str, &'static str)| {
        (
            row,
            vec![person[0].as_str(), person[1].as_str(), half.0, half.1, half.2],
        )
    };
    assert_eq!(said, [expect(4, halves[0]), expect(5, halves[1])], "{found:#?}");
    assert!(found.iter().all(|row| row.result.is_ok()), "{found:#?}");
}

#[test]
fn the_same_table_in_every_dress() {
    let rows = rows();
    let utf8 = csv_bytes(cells(&rows), CsvEncoding::Utf8);
    let expect = records("a.csv", utf8.clone());
    assert_eq!(expect.len(), 40);

    let gb18030 = csv_bytes(cells(&rows), CsvEncoding::Gb18030);
    assert!(std::str::from_utf8(&gb18030).is_err());
    assert_eq!(records("a.csv", gb18030), expect);
    let bare = utf8[3..].to_vec();
    assert_eq!(records("wrong-extension.xlsx", bare.clone()), expect);
    let text = String::from_utf8(bare).unwrap();
    assert_eq!(records("a.csv", text.replace("\r\n", "\n").into_bytes()), expect);
    let tabs: String = rows.iter().map(|row| row.join("\t") + "\r\n").collect();
    assert_eq!(records("a.txt", tabs.clone().into_bytes()), expect);
    let json: String = rows[1..].iter().map(|row| json_line(&rows[0], row)).collect();
    assert_eq!(records("a.ndjson", json.clone().into_bytes()), expect);
    for text in [utf8.clone(), json.into_bytes()] {
        assert_eq!(
            records("a.zst", zstd::encode_all(text.as_slice(), 3).unwrap()),
            expect
        );
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&text).unwrap();
        assert_eq!(records("a.gz", gzip.finish().unwrap()), expect);
    }
    let mut utf16 = vec![0xFF, 0xFE];
    utf16.extend(tabs.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(UTF_16LE.decode(&utf16).0.len(), tabs.len());
    assert_eq!(records("a.txt", utf16), expect);
    let semicolons: String = rows.iter().map(|row| row.join(";") + "\r").collect();
    assert_eq!(
        records("a.csv", GB18030.encode(&semicolons).0.into_owned()),
        expect
    );
}

#[test]
fn a_workbook_with_real_days_and_numbers_is_the_same_table() {
    let rows = rows();
    let expect = records("a.csv", csv_bytes(cells(&rows), CsvEncoding::Utf8));
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    for (line, row) in rows.iter().enumerate() {
        let line = u32::try_from(line).unwrap();
        for (place, cell) in (0_u16..).zip(row) {
            if line > 0 && place == 2 {
                sheet
                    .write_number(line, place, cell.parse::<f64>().unwrap())
                    .unwrap();
            } else if line > 0 && place > 2 {
                let day_of = ExcelDateTime::parse_from_str(cell).unwrap();
                sheet
                    .write_datetime_with_format(line, place, &day_of, &day)
                    .unwrap();
            } else {
                sheet.write_string(line, place, cell).unwrap();
            }
        }
    }
    assert_eq!(records("a.csv", workbook.save_to_buffer().unwrap()), expect);
}

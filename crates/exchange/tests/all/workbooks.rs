//! Workbooks given back are workbooks that can be handed in.

use calamine::{Reader, Xlsx};
use exchange::{CsvEncoding, Returned, csv_bytes, error_workbook, template_workbook};
use record::{Date, demo_resident_id};

use crate::support::{LAYOUTS, layout_code, lines, read, report};

fn workbook(bytes: &[u8]) -> Xlsx<std::io::Cursor<&[u8]>> {
    Xlsx::new(std::io::Cursor::new(bytes)).unwrap()
}

#[test]
fn refused_rows_are_mended_and_handed_in_again() {
    let id = |n| demo_resident_id("440604", Date::constant(1980, 1, 2), n).unwrap();
    let (good, bad) = (id(1), id(2));
    let rows = [
        ["姓名", "证件号码", "科室", "告知书版本", "送达日期"],
        ["甲", &good, "一科", "2026-1", "2026-01-15"],
        ["乙", &bad, "二科", "2026-1", "2026-02-30"],
        ["丙", "440604", "三科", "", "2026-01-16"],
    ];
    let (read_rows, headers) = read(
        "chancheng.credit-office",
        "n.csv",
        csv_bytes(rows, CsvEncoding::Utf8),
    )
    .unwrap();
    let report = report("n.csv", &read_rows);
    let mut returned = Returned::new(&headers, exchange::Aliases::default());
    read_rows
        .iter()
        .filter(|row| row.result.is_err())
        .for_each(|row| returned.keep(row));
    let layout = LAYOUTS.get(&layout_code("rating-notices")).unwrap();
    let bytes = error_workbook(layout, &report, &returned).unwrap();
    assert_eq!(
        bytes,
        error_workbook(layout, &report, &returned).unwrap(),
        "the same bytes every time"
    );

    let range = workbook(&bytes).worksheet_range("退回").unwrap();
    let table: Vec<Vec<String>> = range
        .rows()
        .map(|row| row.iter().map(ToString::to_string).collect())
        .collect();
    assert_eq!(
        table,
        [
            rows[0].map(str::to_owned),
            rows[2].map(str::to_owned),
            rows[3].map(str::to_owned)
        ]
    );

    let (again, _) = read("chancheng.credit-office", "退回.xlsx", bytes).unwrap();
    assert_eq!(
        lines(&again),
        [
            "2 SDRQ DATE-INVALID 2026-02-30",
            "3 ZJHM ID-LENGTH 4****4",
            "3 GZSBB REQUIRED "
        ]
    );
}

#[test]
fn every_template_is_read_back_as_its_layout() {
    for layout in LAYOUTS.iter() {
        let bytes = template_workbook(layout).unwrap();
        let range = workbook(&bytes).worksheet_range("填报").unwrap();
        let headers: Vec<String> = range
            .rows()
            .next()
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(LAYOUTS.detect(&headers).unwrap().code(), layout.code());
        let own = layout.columns().iter().filter(|column| !column.is_hint());
        assert_eq!(headers.len(), own.count(), "the standard's columns and no others");
        assert_eq!(range.height(), 1, "the sample row stands in the second sheet");
    }
}

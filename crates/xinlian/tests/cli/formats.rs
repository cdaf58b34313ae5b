//! One table in every dress: the bytes say what a file is, and nothing depends on it.

use crate::ingest::counts;
use crate::support::{Home, Kind, on_both, run};
use crate::tables::{HRSS, POLICE, insurance, register};

on_both! {
    four_dresses_of_one_table_are_the_same_records
}

fn four_dresses_of_one_table_are_the_same_records(home: &Home) {
    home.init_demo();
    // Two rows are bad, so that faults are compared too.
    let table = register(9).with(4, 2, "1999-01-01").with(7, 3, "2015年13月1日");
    let dresses = [
        home.write("utf8.csv", table.csv()),
        home.write("bom.csv", table.csv_with_mark()),
        home.write("gb18030.csv", table.csv_gb18030()),
        home.write("book.xlsx", table.xlsx()),
    ];
    let mut reports = Vec::new();
    for file in &dresses {
        let (code, mut report) = home.ingest(POLICE, file, &["--dry-run"]);
        assert_eq!(code, 3);
        assert_eq!(counts(&report), [9, 7, 0, 0, 0, 2], "{file}");
        report.as_object_mut().unwrap().remove("file");
        reports.push(report);
    }
    assert!(reports.windows(2).all(|two| two[0] == two[1]), "{reports:#?}");
    assert_eq!(reports[0]["errors"][0]["code"], "BIRTH-MISMATCH");
    // The first is taken in, and each of the others is the same to the store.
    for (place, file) in dresses.iter().enumerate() {
        let (_, report) = home.ingest(POLICE, file, &[]);
        let expected = if place == 0 {
            [9, 7, 0, 0, 0, 2]
        } else {
            [9, 0, 0, 7, 0, 2]
        };
        assert_eq!(counts(&report), expected, "{file}");
    }
    assert_eq!(home.verify_clean(), 8);
}

#[test]
fn the_name_of_a_file_says_nothing() {
    run(Kind::Sqlite, |home| {
        home.init_demo();
        let file = home.write("really-a-workbook.csv", register(3).xlsx());
        let (code, report) = home.ingest(POLICE, &file, &[]);
        assert_eq!((code, counts(&report)), (0, [3, 3, 0, 0, 0, 0]));
        let file = home.write("really-text.xlsx", insurance(3, 2024).csv_gb18030());
        let (code, report) = home.ingest(HRSS, &file, &[]);
        assert_eq!((code, counts(&report)), (0, [3, 3, 0, 0, 0, 0]));
    });
}

#[test]
fn rows_are_counted_as_a_spreadsheet_counts_them() {
    run(Kind::Sqlite, |home| {
        home.init_demo();
        // A title above the header, a blank line, and tabs in place of commas.
        let bad = register(3).with(4, 3, "昨天").csv().replace(',', "\t");
        let (header, rows) = bad.split_once("\r\n").unwrap();
        let text = format!("2026年人口基础信息\r\n{header}\r\n\r\n{rows}");
        let file = home.write("titled.csv", &text);
        let (_, report) = home.ingest(POLICE, &file, &[]);
        assert_eq!(counts(&report), [3, 2, 0, 0, 0, 1]);
        assert_eq!(report["errors"][0]["row"], 6, "{report}");
        let line = text.lines().nth(5).unwrap();
        assert!(line.contains("昨天"), "{line}");
    });
}

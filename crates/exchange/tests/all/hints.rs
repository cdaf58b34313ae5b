//! Rows without an identifier: what they say of whom they mean is kept for the officer who links them, and of no other row.

use exchange::{CsvEncoding, Row, csv_bytes};
use record::{Date, Value, demo_resident_id};

use crate::support::{LAYOUTS, lines, read};

const HEADER: &str = "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_XDR_ZJHM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_JDRQ,CF_CFJG,\
    出生日期,家庭住址,手机号码";

/// Penalties of a man called 罗某: his number, and what the last three columns say.
fn penalties(rows: &[[&str; 4]]) -> Vec<Row> {
    let header: Vec<String> = HEADER.split(',').map(str::to_owned).collect();
    let row = |(at, [number, born, address, phone]): (usize, &[&str; 4])| {
        let document = format!("佛禅市监处〔2026〕{at}号");
        let cells = [
            "罗某",
            "自然人",
            "",
            number,
            &document,
            "超范围经营",
            "超出许可范围",
            "《食品安全法》",
            "罚款",
            "罚款",
            "0.2",
            "2026-11-05",
            "佛山市禅城区市场监督管理局",
            born,
            address,
            phone,
        ];
        cells.map(str::to_owned).to_vec()
    };
    let rows: Vec<Vec<String>> = rows.iter().enumerate().map(row).collect();
    let all = std::iter::once(&header).chain(&rows);
    let bytes = csv_bytes(all.map(|row| row.iter().map(String::as_str)), CsvEncoding::Utf8);
    read("chancheng.market", "处罚.csv", bytes).unwrap().0
}

/// The hints that a row keeps, as `field=value`.
fn hints(row: &Row) -> Vec<String> {
    let fields = row.result.as_ref().unwrap().fields.iter();
    let hints = fields.filter(|(name, _)| name.as_str().starts_with("subject_"));
    let said = hints.map(|(name, value)| match value {
        Value::Text(text) => format!("{name}={text}"),
        Value::Date(date) => format!("{name}={date}"),
        other => panic!("{other:?} is no hint"),
    });
    said.collect()
}

#[test]
fn what_a_row_says_of_whom_it_means_is_kept_if_nothing_else_tells() {
    let whole = demo_resident_id("440604", Date::constant(1980, 1, 2), 21).unwrap();
    let rows = penalties(&[
        ["", "1980/1/2", "汾江中路12号", "138****1234"],
        ["", "", "", ""],
        ["440604********0021", "", "", ""],
        [&whole, "1980年1月2日", "汾江中路12号", "13800001234"],
    ]);
    assert_eq!(
        hints(&rows[0]),
        [
            "subject_address=汾江中路12号",
            "subject_birth_date=1980-01-02",
            "subject_phone=138****1234"
        ]
    );
    assert_eq!(hints(&rows[1]), [""; 0]);
    assert_eq!(hints(&rows[2]), ["subject_number=440604********0021"]);
    assert_eq!(
        hints(&rows[3]),
        [""; 0],
        "the number tells who it is, and no more is collected"
    );
    let notes = |row: &Row| row.notes.iter().map(|note| note.code.clone()).collect::<Vec<_>>();
    assert_eq!(notes(&rows[2]), ["ID-MASKED-WAITS"]);
    for row in [&rows[0], &rows[1], &rows[3]] {
        assert!(notes(row).is_empty(), "{:?}", row.notes);
    }
}

#[test]
fn a_hint_that_cannot_be_is_refused() {
    let whole = demo_resident_id("440604", Date::constant(1980, 1, 2), 21).unwrap();
    let long = "佛".repeat(301);
    let rows = penalties(&[
        ["", "1980年13月2日", "", ""],
        ["", "2026-11-17", "", ""],
        ["", "", &long, ""],
        [&whole, "1981-01-02", "", ""],
        // Who was a minor then is not taken, whoever tells it.
        ["", "2010-01-02", "", ""],
    ]);
    assert_eq!(
        lines(&rows),
        [
            "2 subject_birth_date DATE-INVALID 1980年13月2日".to_owned(),
            "3 subject_birth_date DATE-FUTURE 2026-11-17".to_owned(),
            format!("4 subject_address TOO-LONG {}", "佛".repeat(80)),
            "5 subject_birth_date BIRTH-MISMATCH 1981-01-02".to_owned(),
            "6 subject_birth_date MINOR 2010-01-02".to_owned(),
        ]
    );
}

/// The official files stay as they are, and who must name an identifier is not asked for less.
#[test]
fn only_layouts_that_can_do_without_an_identifier_have_hints() {
    let with_hints: Vec<&str> = LAYOUTS
        .iter()
        .filter(|layout| layout.columns().iter().any(exchange::Column::is_hint))
        .map(|layout| layout.code().as_str())
        .collect();
    assert_eq!(with_hints, ["sgs-licence-2018", "sgs-penalty-2018"]);
}

//! Reports of files as departments send them, to the letter.

use exchange::{CsvEncoding, csv_bytes};
use record::{Date, Ends, Value, demo_resident_id, demo_uscc};

use crate::support::{lines, read, report};

const PENALTY: [&str; 16] = [
    "CF_XDR_MC",
    "CF_XDR_LB",
    "CF_XDR_SHXYM",
    "CF_XDR_ZJLX",
    "CF_XDR_ZJHM",
    "CF_WSH",
    "CF_WFXW",
    "CF_SY",
    "CF_YJ",
    "CF_CFLB",
    "CF_NR",
    "CF_NR_FK",
    "CF_JDRQ",
    "CF_CFJG",
    "CF_SJLY",
    "BZ",
];

fn firm() -> String {
    demo_uscc("91", "440604", 12).unwrap()
}

fn adult() -> String {
    demo_resident_id("440604", Date::constant(1980, 1, 2), 21).unwrap()
}

/// A whole row about an organisation, with some cells written otherwise.
fn penalty(changes: &[(&str, &str)]) -> Vec<String> {
    let firm = firm();
    let whole = [
        "佛山市南庄某某餐饮有限公司",
        "法人及非法人组织",
        &firm,
        "",
        "",
        "佛禅市监处[2026]12号",
        "超范围经营",
        "超出许可范围制售冷食",
        "《食品安全法》第一百二十二条",
        "罚款",
        "罚款人民币二千元",
        "0.2",
        "2026/11/5",
        "佛山市禅城区市场监督管理局",
        "",
        "",
    ];
    let change = |code: &str| {
        changes
            .iter()
            .find(|(changed, _)| *changed == code)
            .map(|(_, value)| *value)
    };
    let mut row: Vec<String> = PENALTY
        .iter()
        .zip(whole)
        .map(|(code, cell)| change(code).unwrap_or(cell).to_owned())
        .collect();
    row.extend(
        changes
            .iter()
            .filter(|(code, _)| *code == "+")
            .map(|(_, value)| (*value).to_owned()),
    );
    row
}

fn file(rows: &[Vec<String>]) -> Vec<u8> {
    let header: Vec<String> = PENALTY.iter().map(|code| (*code).to_owned()).collect();
    let all: Vec<&Vec<String>> = std::iter::once(&header).chain(rows).collect();
    csv_bytes(
        all.iter().map(|row| row.iter().map(String::as_str)),
        CsvEncoding::Utf8,
    )
}

#[test]
fn a_row_becomes_a_record() {
    let (rows, _) = read("chancheng.market", "p.csv", file(&[penalty(&[])])).unwrap();
    let record = rows[0].result.as_ref().unwrap();
    assert_eq!(record.item.as_str(), "penalty.fine");
    let subject = record.subject.as_ref().unwrap();
    assert_eq!(
        (
            subject.name.as_str(),
            subject.identifier.as_ref().unwrap().value()
        ),
        ("佛山市南庄某某餐饮有限公司", firm().as_str())
    );
    let document = record.document.as_ref().unwrap();
    assert_eq!(document.number, "佛禅市监处〔2026〕12号");
    assert_eq!(
        (document.date, record.occurred),
        (Date::constant(2026, 11, 5), Date::constant(2026, 11, 5))
    );
    assert_eq!(record.field("fine").unwrap().to_string(), "2000.00");
    assert_eq!(record.field("kind"), Some(&Value::Text("罚款".to_owned())));
    assert_eq!(record.fields.len(), 5);
    assert!(rows[0].notes.is_empty());
}

fn trader() -> String {
    demo_uscc("92", "440604", 12).unwrap()
}

fn minor() -> String {
    demo_resident_id("440604", Date::constant(2010, 1, 2), 21).unwrap()
}

/// A code with an `I`, which no code has.
fn slip() -> String {
    firm().replacen("DEM", "DEI", 1)
}

/// Rows with one fault each, from line 2 on; one row has two, and the masked one and the last two have none.
fn faulty_rows() -> Vec<Vec<String>> {
    let (adult, firm, trader, minor, slip) = (adult(), firm(), trader(), minor(), slip());
    let person = |changes: &[(&str, &str)]| {
        let mut all = vec![
            ("CF_XDR_MC", "罗某"),
            ("CF_XDR_LB", "自然人"),
            ("CF_XDR_SHXYM", ""),
            ("CF_XDR_ZJHM", adult.as_str()),
        ];
        all.retain(|(code, _)| changes.iter().all(|(changed, _)| changed != code));
        all.extend(changes);
        penalty(&all)
    };
    vec![
        penalty(&[("CF_XDR_SHXYM", &slip)]),
        penalty(&[("CF_JDRQ", "2026年13月2日"), ("CF_WSH", "")]),
        penalty(&[("CF_JDRQ", "2026-11-17")]),
        penalty(&[("CF_NR_FK", "50,000")]),
        penalty(&[("CF_NR_FK", "两千")]),
        penalty(&[("CF_CFLB", "批评教育")]),
        penalty(&[("CF_XDR_LB", "自然人")]),
        penalty(&[("CF_XDR_SHXYM", "")]),
        penalty(&[("CF_XDR_SHXYM", &trader)]),
        penalty(&[("CF_WSH", &"佛".repeat(65))]),
        penalty(&[("CF_XDR_MC", "#N/A")]),
        penalty(&[("CF_XDR_SHXYM", "9.14406E+17")]),
        penalty(&[("+", "多出来的")]),
        person(&[("CF_XDR_ZJHM", &minor)]),
        person(&[("CF_XDR_ZJHM", "440604********0021")]),
        person(&[("CF_XDR_ZJHM", "11010519491231002X")]),
        person(&[("CF_XDR_LB", "法人及非法人组织"), ("CF_XDR_SHXYM", &firm)]),
        person(&[("CF_XDR_ZJHM", ""), ("CF_WSH", "佛禅市监处〔2026〕13号")]),
        penalty(&[
            ("CF_CFLB", "警告；罚款"),
            ("CF_XDR_LB", "个体户"),
            ("CF_XDR_SHXYM", &trader),
        ]),
    ]
}

#[test]
fn every_fault_of_every_row_is_named() {
    let (adult, firm, trader, minor, slip) = (adult(), firm(), trader(), minor(), slip());
    let (rows, _) = read("chancheng.market", "处罚.csv", file(&faulty_rows())).unwrap();
    let long = "佛".repeat(65);
    assert_eq!(
        lines(&rows),
        [
            format!("2 CF_XDR_SHXYM USCC-ALPHABET {slip}"),
            "3 CF_WSH REQUIRED ".to_owned(),
            "3 CF_JDRQ DATE-INVALID 2026年13月2日".to_owned(),
            "4 CF_JDRQ DATE-FUTURE 2026-11-17".to_owned(),
            "5 CF_NR_FK UNIT? 50,000".to_owned(),
            "6 CF_NR_FK AMOUNT-INVALID 两千".to_owned(),
            "7 CF_CFLB CODE-UNKNOWN 批评教育".to_owned(),
            format!("8 CF_XDR_SHXYM KIND-MISMATCH {firm}"),
            "9 CF_XDR_SHXYM REQUIRED ".to_owned(),
            format!("10 CF_XDR_SHXYM KIND-MISMATCH {trader}"),
            format!("11 CF_WSH TOO-LONG {long}"),
            "12 CF_XDR_MC CELL-ERROR #N/A".to_owned(),
            "13 CF_XDR_SHXYM DIGITS-LOST 9.*******17".to_owned(),
            "14  COLUMN-COUNT ".to_owned(),
            format!("15 CF_XDR_ZJHM MINOR {}", record::mask_identifier(&minor)),
            "17 CF_XDR_ZJHM REAL-IN-DEMO 110105********002X".to_owned(),
            format!("18 CF_XDR_ZJHM KIND-MISMATCH {}", record::mask_identifier(&adult)),
        ]
    );
    let report = report("处罚.csv", &rows);
    assert_eq!((report.rows, report.accepted, report.refused), (19, 3, 16));
    assert_eq!(
        report.rows,
        report.accepted + report.pending + report.duplicate + report.unlinked + report.refused
    );
    let last = rows[18].result.as_ref().unwrap();
    assert_eq!(
        last.item.as_str(),
        "penalty.fine",
        "the gravest of several kinds decides"
    );
    assert!(
        rows[17]
            .result
            .as_ref()
            .unwrap()
            .subject
            .as_ref()
            .unwrap()
            .identifier
            .is_none()
    );
}

#[test]
fn a_report_is_written_as_the_issue_has_it() {
    let (rows, _) = read(
        "chancheng.market",
        "处罚.csv",
        file(&[penalty(&[]), penalty(&[("CF_JDRQ", "2026年13月2日")])]),
    )
    .unwrap();
    insta::assert_json_snapshot!(report("处罚.csv", &rows), @r#"
    {
      "file": "处罚.csv",
      "layout": null,
      "rows": 2,
      "accepted": 1,
      "pending": 0,
      "duplicate": 0,
      "unlinked": 0,
      "refused": 1,
      "errors": [
        {
          "row": 3,
          "column": "CF_JDRQ",
          "code": "DATE-INVALID",
          "message": "没有 13 月；请核对原件",
          "message_en": "there is no month 13; compare it with the document",
          "value": "2026年13月2日"
        }
      ]
    }
    "#);
}

#[test]
fn late_rows_are_noted_and_taken() {
    let rows = [
        penalty(&[("CF_JDRQ", "2026-01-05")]),
        penalty(&[("CF_JDRQ", "2026-02-05"), ("CF_WSH", "佛禅市监处〔2026〕2号")]),
    ];
    let (rows, _) = read("chancheng.market", "p.csv", file(&rows)).unwrap();
    let report = report("p.csv", &rows);
    assert!(report.is_clean());
    assert_eq!(
        (
            report.notes[0].code.as_str(),
            report.notes[0].row,
            report.notes[0].rows
        ),
        ("LATE", 2, 2)
    );
}

#[test]
fn a_title_above_the_header_and_blank_lines_do_not_shift_the_row_numbers() {
    let person = adult();
    let text = format!(
        "禅城区信用评价告知送达表,,,\r\n姓名,证件号码,告知书版本,送达日期\r\n\r\n罗某,{person},2026-1,2026-13-01\r\n"
    );
    let (rows, headers) = read("chancheng.credit-office", "n.csv", text.into_bytes()).unwrap();
    assert_eq!(headers, ["姓名", "证件号码", "告知书版本", "送达日期"]);
    assert_eq!(lines(&rows), ["4 SDRQ DATE-INVALID 2026-13-01"]);
}

#[test]
fn licences_end_after_their_last_day_or_never() {
    let head =
        "XK_XDR_MC,XK_XDR_LB,XK_XDR_ZJHM,XK_WSH,XK_XKLB,XK_NR,XK_JDRQ,XK_YXQZ,XK_YXQZI,XK_XKJG,XK_ZT\r\n";
    let (id, rows) = (adult(), ["2031/3/4", "2099/12/31", "长期", "2025-01-01"]);
    let mut lines = vec![head.to_owned()];
    lines.extend(rows.map(|to| {
        format!(
            "罗某,自然人,{id},佛禅卫许〔2026〕1号,其他-补办,酒店,2026/3/5,2026/3/5,{to},禅城区卫生健康局,1\r\n"
        )
    }));
    let text = lines.concat();
    let (rows, _) = read("chancheng.health", "l.csv", text.into_bytes()).unwrap();
    let ends: Vec<_> = rows
        .iter()
        .map(|row| {
            row.result
                .as_ref()
                .map(|record| record.ends)
                .map_err(|e| e[0].code.clone())
        })
        .collect();
    assert_eq!(
        ends,
        [
            Ok(Some(Ends::On(Date::constant(2031, 3, 5)))),
            Ok(None),
            Ok(None),
            Err("DATE-ORDER".to_owned())
        ]
    );
}

#[test]
fn court_entries_and_their_ends_name_the_same_case() {
    let id = adult();
    let entry = format!(
        "INAME,TYPE,SEX,AGE,CARDNUM,COURTNAME,CASECODE,REGDATE,GISTID,DUTY,PERFORMANCE,DISRUPTTYPENAME,PUBLISHDATE\n甲,0,男,46,{id},禅城区人民法院,(2025)粤0604执123号,2025-03-05,(2024)粤0604民初1号,付款,全部未履行,拒不履行,2025-04-01\n"
    );
    let (rows, _) = read("chancheng.court", "c.csv", entry.into_bytes()).unwrap();
    let entry = rows[0].result.as_ref().unwrap();
    let exit = format!(
        "INAME,TYPE,CARDNUM,CASECODE,COURTNAME,JAWSH,LXWBRQ\n甲,0,{id},〔2025〕粤0604执123号,禅城区人民法院,（2025）粤0604执123号之一,2025-09-01\n"
    );
    let (rows, _) = read("chancheng.court", "e.csv", exit.into_bytes()).unwrap();
    let exit = rows[0].result.as_ref().unwrap();
    assert_eq!(
        exit.field("entry_document"),
        Some(&Value::Text(entry.document.as_ref().unwrap().number.clone()))
    );
    assert_eq!(exit.field("entry_document"), entry.field("case_code"));
    assert!(
        entry
            .fields
            .keys()
            .all(|name| !["sex", "age"].contains(&name.as_str())),
        "what is no item is dropped"
    );
}

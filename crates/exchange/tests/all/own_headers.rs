//! Tables with headers of their own: what is proposed for them, what an officer said of them, and a layout for those nobody knows.

use exchange::{Aliases, CsvEncoding, Intake, Layout, Reader, SourceFile, csv_bytes, infer_layout};
use record::{Date, ItemCode, SourceCode, demo_resident_id};

use crate::support::{BUNDLE, LAYOUTS, TODAY, layout_code};

const REGISTER: &str = "register-persons";

fn layout(code: &str) -> &'static Layout {
    LAYOUTS.get(&layout_code(code)).unwrap()
}

fn strings(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn number() -> String {
    demo_resident_id("440604", Date::constant(1980, 1, 2), 21).unwrap()
}

fn table(headers: &[&str]) -> SourceFile {
    let number = number();
    let row = ["罗家明", &number, "1980-01-02", "2015-06-01"];
    let bytes = csv_bytes([headers.to_vec(), row.to_vec()], CsvEncoding::Utf8);
    SourceFile::from_bytes("a.csv", bytes, &Reader::Here).unwrap()
}

fn intake(headers: &[&str], aliases: &Aliases) -> Result<usize, String> {
    let source = SourceCode::new("chancheng.police").unwrap();
    let file = table(headers);
    let mut intake =
        Intake::new(&BUNDLE, &LAYOUTS, None, &source, TODAY, aliases, file).map_err(|fault| fault.code)?;
    let rows = intake.next_chunk(9).unwrap().unwrap();
    Ok(rows.iter().filter(|row| row.result.is_ok()).count())
}

/// For each layout: its own names, shortened and lengthened as departments do, are proposed as its columns.
#[test]
fn headers_like_a_layouts_own_are_proposed() {
    for layout in LAYOUTS.iter() {
        let names: Vec<String> = layout
            .columns()
            .iter()
            .map(|column| column.name().zh.clone())
            .collect();
        let places = layout.suggest(&names, &[]);
        let expect: Vec<Option<usize>> = (0..names.len()).map(Some).collect();
        assert_eq!(places, expect, "{}", layout.code());
    }
    let register = layout(REGISTER);
    let number = number();
    let rows = [strings(&["罗家明", "2015-06-01", &number, "1980-01-02", "汉族"])];
    let headers = strings(&["人员姓名", "登记时间", "身份号码", "出生年月日", "民族"]);
    let found = register.suggest(&headers, &rows);
    let of = |code: &str| {
        let at = register
            .columns()
            .iter()
            .position(|column| column.code() == code)
            .unwrap();
        found[at].map(|place| headers[place].as_str())
    };
    assert_eq!(of("XM"), Some("人员姓名"));
    assert_eq!(of("ZJHM"), Some("身份号码"));
    assert_eq!(of("CSRQ"), Some("出生年月日"));
    assert_eq!(of("SWRQ"), None, "nothing is proposed that is not like it");
}

/// A header that is like a column, over cells that cannot be its values, is not proposed.
#[test]
fn cells_that_do_not_fit_are_not_proposed() {
    let register = layout(REGISTER);
    let headers = strings(&["出生日"]);
    let date = register
        .columns()
        .iter()
        .position(|column| column.code() == "CSRQ")
        .unwrap();
    assert_eq!(
        register.suggest(&headers, &[strings(&["1980-01-02"])])[date],
        Some(0)
    );
    assert_eq!(register.suggest(&headers, &[strings(&["佛山市"])])[date], None);
}

#[test]
fn what_an_officer_said_of_a_header_is_known_from_then_on() {
    let headers = ["谁", "号", "生日", "何时登记"];
    assert_eq!(
        intake(&headers, &Aliases::default()).unwrap_err(),
        "LAYOUT-UNKNOWN"
    );
    let mut aliases = Aliases::default();
    for (header, column) in headers.iter().zip(["XM", "ZJHM", "CSRQ", "DJRQ"]) {
        aliases.learn(&layout_code(REGISTER), header, column);
    }
    assert_eq!(intake(&headers, &aliases), Ok(1));
    assert_eq!(
        intake(&["谁 ", "*号", "生日：", "何时登记"], &aliases),
        Ok(1),
        "spelt a little otherwise"
    );
    // What the layout says by itself still holds, but for what was said otherwise.
    assert_eq!(intake(&["姓名", "号", "生日", "登记日期"], &aliases), Ok(1));
    aliases.learn(&layout_code(REGISTER), "姓名", "");
    assert_eq!(
        intake(&["姓名", "号", "生日", "登记日期"], &aliases).unwrap_err(),
        "HEADER-MISSING"
    );
    // Kept and read again it is the same; of another layout it says nothing.
    let kept = serde_json::to_string(&aliases).unwrap();
    assert_eq!(serde_json::from_str::<Aliases>(&kept).unwrap(), aliases);
    assert_eq!(aliases.of(&layout_code("sgs-penalty-2018")).count(), 0);
}

#[test]
fn a_look_at_a_file_finds_its_header_and_takes_nothing_away() {
    let text = "人口报送表\n,,,\n谁,号,生日,何时登记\n罗家明,1,1980-01-02,2015-06-01\n"
        .as_bytes()
        .to_vec();
    let file = SourceFile::from_bytes("a.csv", text, &Reader::Here).unwrap();
    for _ in 0..2 {
        let peek = file.peek(10).unwrap();
        assert_eq!(
            (peek.len(), peek[0].rows.len(), peek[0].header()),
            (1, 3, Some(1))
        );
        assert_eq!(peek[0].rows[1], strings(&["谁", "号", "生日", "何时登记"]));
    }
    assert_eq!(file.peek(1).unwrap()[0].rows.len(), 1);
}

/// What is proposed for a table that is clear becomes a layout as it stands; for another, what is to be finished is named.
#[test]
fn a_layout_is_proposed_for_a_table_nobody_knows() {
    let number = number();
    let rows = [strings(&["罗家明", &number, "1980-01-02", "2015-06-01"])];
    let headers = strings(&["姓名", "公民身份号码", "出生日期", "登记日期"]);
    let proposal = infer_layout(&BUNDLE, "new", None, &headers, &rows);
    assert!(
        proposal.unfinished.is_empty(),
        "{:?}\n{}",
        proposal.unfinished,
        proposal.text
    );
    for line in [
        "item = \"person.registration\"",
        "identifier = { person = \"resident_id\" }",
        "to = [\"field.birth_date\"]",
    ] {
        assert!(proposal.text.contains(line), "{line}\n{}", proposal.text);
    }
    // Whose number it is, the header says; a number that looks like one is no identifier.
    let unsaid = infer_layout(
        &BUNDLE,
        "new",
        None,
        &strings(&["姓名", "号码", "出生日期", "登记日期"]),
        &rows,
    );
    assert!(!unsaid.text.contains("kind = \"identifier\""), "{}", unsaid.text);
    // An item that is named is taken; what is missing is said with its place.
    let fine = ItemCode::new("penalty.fine").unwrap();
    let proposal = infer_layout(&BUNDLE, "new", BUNDLE.item(&fine), &strings(&["甲\"乙\n丙"]), &[]);
    assert!(proposal.text.contains("item = \"penalty.fine\""));
    assert!(!proposal.unfinished.is_empty());
    assert!(
        toml::from_str::<toml::Table>(&proposal.text).is_ok(),
        "{}",
        proposal.text
    );
}

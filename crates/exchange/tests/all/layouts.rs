//! The layouts themselves.

use std::collections::BTreeMap;

use exchange::{Layouts, SourceFile, csv_bytes};
use record::{ItemCode, Realm, SubjectKind, demo_resident_id, demo_uscc};

use crate::support::{BUNDLE, LAYOUTS, TODAY, layout_code, policies, read};

#[test]
fn every_layout_of_the_house_is_whole() {
    let codes: Vec<&str> = LAYOUTS.iter().map(|layout| layout.code().as_str()).collect();
    assert_eq!(
        codes,
        [
            "abnormal-operations",
            "abnormal-removals",
            "commitment-breaches",
            "commitments-kept",
            "commitments-made",
            "contract-performance",
            "court-defaulters",
            "court-enforcements",
            "court-judgments",
            "court-performed",
            "honours",
            "housing-fund-months",
            "list-removals",
            "professional-titles",
            "qualifications",
            "rating-notices",
            "red-lists",
            "register-organisations",
            "register-persons",
            "register-representatives",
            "serious-tax-violations",
            "serious-violations",
            "sgs-licence-2015",
            "sgs-licence-2018",
            "sgs-penalty-2015",
            "sgs-penalty-2018",
            "social-insurance-months",
            "tax-grade-a",
            "utility-arrears",
            "wage-arrears-list",
        ]
    );
    let penalty = LAYOUTS.get(&layout_code("sgs-penalty-2018")).unwrap();
    assert_eq!(penalty.columns().len(), 13 + 17 + 4, "with the hints");
    let mut items: Vec<&str> = penalty.items().map(ItemCode::as_str).collect();
    items.dedup();
    assert_eq!(items, ["penalty.minor", "penalty.fine", "penalty.severe"]);
}

/// Both the codes and the Chinese names of a layout's columns are found to be its header, whoever hands in.
#[test]
fn every_layout_is_known_by_its_headers() {
    for layout in LAYOUTS.iter() {
        let codes: Vec<String> = layout.columns().iter().map(|c| c.code().to_owned()).collect();
        let names: Vec<String> = layout
            .columns()
            .iter()
            .map(|c| format!("* {}", c.name().zh))
            .collect();
        for headers in [codes, names] {
            let found = LAYOUTS.detect(&headers).map(|found| found.code().as_str());
            assert_eq!(found, Some(layout.code().as_str()));
        }
    }
}

/// The sample row of a template, once it has an identifier and a name; and a source that hands its item in.
fn sample(layout: &exchange::Layout) -> (&'static str, [Vec<String>; 2]) {
    let person = demo_resident_id("440604", record::Date::constant(1980, 1, 2), 11).unwrap();
    let firm = demo_uscc("91", "440604", 7).unwrap();
    let item = layout.items().next().unwrap();
    let source = BUNDLE.sources().find(|source| source.items.contains(item));
    let source = source.unwrap_or_else(|| panic!("no source hands in {}", layout.code()));
    let is_person = layout
        .columns()
        .iter()
        .any(|c| ["自然人", "0"].contains(&c.example()))
        || layout
            .columns()
            .iter()
            .all(|c| c.code() != "ZTLB" && c.code() != "TYPE" && !c.code().contains("_XDR_"));
    let identifier = if is_person { &person } else { &firm };
    let cell = |column: &exchange::Column| match column.code() {
        _ if !column.example().is_empty() => column.example().to_owned(),
        code if code.ends_with("XDR_ZJHM") || code.ends_with("XDR_SFZ") => String::new(),
        // Whoever represents an organisation is a person.
        "FDDBRZJHM" => person.clone(),
        _ if column.is_identifier() => identifier.clone(),
        _ if column.is_required() => "某某".to_owned(),
        _ => String::new(),
    };
    let headers = layout.columns().iter().map(|c| c.code().to_owned()).collect();
    let row = layout.columns().iter().map(cell).collect();
    (source.code.as_str(), [headers, row])
}

/// The sample row of a template is a row that would be taken in, and it makes the same record in whatever it is written.
#[test]
fn every_sample_row_is_taken_and_the_same_in_every_dress() {
    for layout in LAYOUTS.iter() {
        let (source, rows) = sample(layout);
        let cells = || rows.iter().map(|row| row.iter().map(String::as_str));
        let utf8 = csv_bytes(cells(), exchange::CsvEncoding::Utf8);
        let tabs = String::from_utf8(utf8.clone()).unwrap().replace(',', "\t");
        let [headers, row] = &rows;
        let object: serde_json::Map<String, serde_json::Value> = headers
            .iter()
            .zip(row)
            .map(|(header, cell)| (header.clone(), cell.as_str().into()))
            .collect();
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet();
        for (at, row) in (0..).zip(&rows) {
            for (column, cell) in (0..).zip(row) {
                sheet.write_string(at, column, cell).unwrap();
            }
        }
        let dresses = [
            ("a.csv", utf8),
            ("b.csv", csv_bytes(cells(), exchange::CsvEncoding::Gb18030)),
            ("c.tsv", tabs.into_bytes()),
            ("d.ndjson", serde_json::to_vec(&object).unwrap()),
            ("e.xlsx", workbook.save_to_buffer().unwrap()),
        ];
        let mut made = Vec::new();
        for (name, bytes) in dresses {
            let (rows, _) = read(source, name, bytes).unwrap();
            let row = rows.into_iter().next().unwrap();
            made.push(
                row.result
                    .unwrap_or_else(|errors| panic!("{} {name}: {errors:#?}", layout.code())),
            );
        }
        assert!(
            made.windows(2).all(|two| two[0] == two[1]),
            "{}: {made:#?}",
            layout.code()
        );
    }
}

/// In the layouts of 2015 the identifier says whom a row is about.
#[test]
fn the_identifier_says_the_kind_of_subject() {
    let layout = LAYOUTS.get(&layout_code("sgs-penalty-2015")).unwrap();
    let (source, [headers, row]) = sample(layout);
    let person = demo_resident_id("440604", record::Date::constant(1980, 1, 2), 11).unwrap();
    let firm = demo_uscc("91", "440604", 7).unwrap();
    let trader = demo_uscc("92", "440604", 7).unwrap();
    let read_with = |uscc: &str, card: &str| {
        let cells = headers
            .iter()
            .zip(&row)
            .map(|(header, cell)| match header.as_str() {
                "CF_XDR_SHXYM" => uscc,
                "CF_XDR_SFZ" => card,
                _ => cell,
            });
        let cells: Vec<&str> = cells.collect();
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        let bytes = csv_bytes([headers, cells], exchange::CsvEncoding::Utf8);
        read(source, "2015.csv", bytes).unwrap().0.remove(0).result
    };
    for (uscc, card, expect) in [
        (firm.as_str(), "", SubjectKind::Organisation),
        (trader.as_str(), "", SubjectKind::SoleTrader),
        ("", person.as_str(), SubjectKind::Person),
    ] {
        let record = read_with(uscc, card).unwrap();
        let subject = record.subject.unwrap();
        assert_eq!(subject.kind, expect);
        let given = if uscc.is_empty() { card } else { uscc };
        assert_eq!(subject.identifier.unwrap().value(), given);
    }
    // The card of the representative is not the firm's, and a row of nobody is nobody's.
    let errors = |uscc: &str, card: &str| {
        let errors = read_with(uscc, card).unwrap_err();
        errors
            .iter()
            .map(|error| format!("{} {}", error.column, error.code))
            .collect::<Vec<_>>()
    };
    assert_eq!(errors(&firm, &person), ["CF_XDR_SFZ KIND-MISMATCH"]);
    assert_eq!(errors("", ""), ["CF_XDR_SHXYM SUBJECT-UNKNOWN"]);
}

fn faults_of(text: &str) -> Vec<String> {
    let mut files: BTreeMap<String, String> = policies();
    files.retain(|path, _| !path.starts_with("layouts/"));
    files.insert("layouts/x.toml".to_owned(), text.to_owned());
    let bundle = assess::Bundle::parse(files, Realm::Demo).unwrap();
    let faults = Layouts::from_bundle(&bundle).expect_err("it has faults");
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn faults_of_a_layout_name_their_line() {
    let head =
        "code = \"x\"\nname = { zh = \"甲\", en = \"A\" }\nsubject = \"person\"\nitem = \"notice.rating\"\n";
    let name = "[[column]]\ncode = \"XM\"\nname = { zh = \"姓名\", en = \"Name\" }\nkind = \"text\"\nrequired = true\nto = [\"subject.name\"]\n";
    let day = "[[column]]\ncode = \"RQ\"\nname = { zh = \"日期\", en = \"Day\" }\nkind = \"date\"\nrequired = true\nto = [\"occurred\"]\n";
    assert_eq!(
        faults_of(&format!("{head}{name}colour = 1\n{day}")),
        [
            "layouts/x.toml:11:1: unknown field `colour`, expected one of `code`, `name`, `aliases`, `kind`, `required`, `required_for`, `blank_for`, `max_chars`, `to`, `example`, `help`, `unverified`, `long_term`, `not_after_today`, `not_before`, `is_birth`, `unit`, `ask_from_yuan`, `least`, `most`, `values`, `several`, `identifier`, `identifier_kind_from`, `prefixes`; see docs/layouts.md"
        ]
    );
    let wrong = "[[column]]\ncode = \"GZS\"\nname = { zh = \"姓名\", en = \"Version\" }\nkind = \"amount\"\nlong_term = true\nto = [\"field.version\", \"field.colour\", \"nowhere\"]\n";
    assert_eq!(
        faults_of(&format!("{head}{name}{wrong}")),
        [
            "layouts/x.toml:11:1: column `GZS` has `long_term`, which its kind does not take; leave it out, or change the kind",
            "layouts/x.toml:11:1: column `GZS` goes to `nowhere`, which is no place in a record; see docs/layouts.md for the places",
            "layouts/x.toml:11:1: column `GZS` does not say its unit; set `unit` to \"元\" or \"万元\"",
            "layouts/x.toml:11:1: header `姓名` of column `GZS` belongs to another column too; give it to one of them",
            "layouts/x.toml:1:1: no required column goes to `occurred`; every record has one",
            "layouts/x.toml:11:1: field `version` of `notice.rating` takes another kind of value than column `GZS`; change the column's kind",
            "layouts/x.toml:11:1: `notice.rating` has no field `colour`; name one of its fields, or leave the column without a place",
        ]
    );
}

#[test]
fn a_source_hands_in_its_own_layouts_only() {
    let bytes = csv_bytes([["XM", "ZJHM", "GZSBB", "SDRQ"]], exchange::CsvEncoding::Utf8);
    let file = SourceFile::from_bytes("a.csv", bytes, &exchange::Reader::Here).unwrap();
    let source = record::SourceCode::new("chancheng.court").unwrap();
    let code = layout_code("rating-notices");
    let fault = exchange::Intake::new(
        &BUNDLE,
        &LAYOUTS,
        Some(&code),
        &source,
        TODAY,
        &exchange::Aliases::default(),
        file,
    )
    .err()
    .unwrap();
    assert_eq!(fault.code, "LAYOUT-NOT-OF-SOURCE");
}

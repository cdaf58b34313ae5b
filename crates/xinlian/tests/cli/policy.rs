//! `xinlian policy check`: the built-in policies pass, and what is broken is named with its file and line.

use std::path::Path;

use crate::ingest::counts;
use crate::support::{FOUND_FAULTS, Home, Kind, UNREADABLE, files_below, run, xinlian};
use crate::tables::{COMPANY, MARKET, Table, company, company_code};

/// A copy of the repository's policies; its path as an argument.
pub(crate) fn copy(home: &Home) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    for (name, bytes) in files_below(&root) {
        let path = home.path("policies").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    home.at("policies")
}

/// Puts other text for some that a policy file has once; the line it stands in.
#[track_caller]
pub(crate) fn alter(home: &Home, file: &str, text: &str, other: &str) -> usize {
    let path = home.path("policies").join(file);
    let found = std::fs::read_to_string(&path).unwrap();
    assert_eq!(found.matches(text).count(), 1, "`{text}` once in {file}");
    std::fs::write(&path, found.replace(text, other)).unwrap();
    let before = found.split(text).next().unwrap();
    before.matches('\n').count() + 1
}

#[test]
fn the_built_in_policies_pass() {
    let outcome = xinlian(&["policy", "check", "--json"]).ok().json();
    for none in ["faults", "errors", "cases_failed"] {
        assert_eq!(outcome[none], serde_json::json!([]), "{outcome}");
    }
    assert!(outcome["cases_passed"].as_u64().unwrap() > 20, "{outcome}");
    let notes = outcome["notes"].as_array().unwrap();
    assert!(!notes.is_empty());
    let said = xinlian(&["policy", "check"]).ok();
    said.says(&["0 errors", "0 fail"]);
    let note = notes[0].as_str().unwrap();
    assert!(xinlian(&["policy", "check", "--notes"]).ok().out.contains(note));
}

#[test]
fn a_folder_is_read_as_the_built_in_ones_are() {
    run(Kind::Sqlite, |home| {
        let folder = copy(home);
        let built_in = xinlian(&["policy", "check", "--json"]).ok();
        assert_eq!(
            xinlian(&["policy", "check", "--json", &folder]).ok().out,
            built_in.out
        );
        let gone = home.at("gone");
        xinlian(&["policy", "check", &gone])
            .ends(UNREADABLE)
            .complains(&["cannot read policy folder", "gone"]);
    });
}

#[test]
fn a_broken_clause_is_named_with_file_and_line() {
    let named = |file: &str, text: &str, other: &str, says: &str| {
        run(Kind::Sqlite, |home| {
            let folder = copy(home);
            let line = alter(home, file, text, other);
            let place = format!("{file}:{line}");
            xinlian(&["policy", "check", &folder])
                .ends(FOUND_FAULTS)
                .says(&[&place, says]);
            let outcome = xinlian(&["policy", "check", "--json", &folder])
                .ends(FOUND_FAULTS)
                .json();
            let faults = outcome["faults"].as_array().unwrap();
            assert!(
                !faults.is_empty() && faults[0].as_str().unwrap().contains(&place),
                "{outcome}"
            );
            // No store begins with them, and none is left behind half made.
            home.run("init", &["--policies", &folder])
                .ends(UNREADABLE)
                .complains(&[&place, says]);
            assert!(!home.path("data").exists());
        });
    };
    let list = "lists/court-defaulters.toml";
    named(list, "term_months = 24", "term_monthz = 24", "term_monthz");
    named(
        list,
        "exits = [\"court.performed\"]",
        "exits = [\"court.paid\"]",
        "court.paid",
    );
    named(list, "colour = \"black\"", "colour = black", "");
    named(
        "rating/person.toml",
        "code = \"social-insurance\"",
        "code = \"Social Insurance\"",
        "Social Insurance",
    );
    let layout = "layouts/register-persons.toml";
    named(layout, "is_birth = true", "is_birthday = true", "is_birthday");
}

#[test]
fn what_a_guard_forbids_is_an_error_and_a_case_that_fails_is_named() {
    run(Kind::Sqlite, |home| {
        let folder = copy(home);
        alter(
            home,
            "lists/court-defaulters.toml",
            "term_months = 24",
            "term_months = 12",
        );
        let name = "a court's entry, and what it brings about";
        xinlian(&["policy", "check", &folder])
            .ends(FOUND_FAULTS)
            .says(&[name, "cases/lists.toml", "4 fail"]);
    });
    run(Kind::Sqlite, |home| {
        let folder = copy(home);
        let name = "name = { zh = \"社会保险\", en = \"Social insurance\" }";
        alter(
            home,
            "rating/person.toml",
            name,
            "name = { zh = \"民族\", en = \"Ethnicity\" }",
        );
        xinlian(&["policy", "check", &folder]).ends(FOUND_FAULTS).says(&[
            "error[guard-3-inputs]",
            "rating.person.social-insurance",
            "never rated",
        ]);
    });
}

#[test]
fn a_store_begins_with_the_policies_of_a_folder() {
    run(Kind::Sqlite, |home| {
        let folder = copy(home);
        alter(
            home,
            "bundle.toml",
            "edition = \"2026.1\"",
            "edition = \"2026.1-test\"",
        );
        home.run("init", &["--policies", &folder])
            .ok()
            .says(&["`2026.1-test`"]);
        home.verify_clean();
    });
}

#[test]
fn the_layout_in_the_guide_is_read_and_takes_a_file() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/layouts.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let example = guide.split("```").nth(1).unwrap().strip_prefix("toml\n").unwrap();
    run(Kind::Sqlite, |home| {
        let folder = copy(home);
        std::fs::write(home.path("policies/layouts/patents.toml"), example).unwrap();
        xinlian(&["policy", "check", &folder]).ok();
        home.run("init", &["--demo", "--policies", &folder]).ok();
        let file = home.write("a.csv", company().csv());
        assert_eq!(home.ingest(MARKET, &file, &[]).0, 0);
        let table = Table::new(["专利权人名称", "统一社会信用代码", "专利号 *", "授权公告日"]).row([
            COMPANY,
            &company_code(),
            "ZL202510012345.6",
            "2026年3月5日",
        ]);
        let file = home.write("b.csv", table.csv());
        let (code, report) = home.ingest("chancheng.science", &file, &[]);
        assert_eq!((code, counts(&report)), (0, [1, 1, 0, 0, 0, 0]));
        assert_eq!(report["layout"], "patents");
    });
}

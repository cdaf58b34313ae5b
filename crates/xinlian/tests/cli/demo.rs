//! `xinlian demo`: a whole district from one command, sound and explained.

use serde_json::Value;

use crate::support::{FOUND_FAULTS, Home, Kind, UNREADABLE, USAGE, files_below, run};

/// A demo of sixty people in `data`.
fn made(case: impl FnOnce(&Home)) {
    run(Kind::Sqlite, |home| {
        home.run("demo", &["--no-serve", "--subjects", "60"])
            .ok()
            .says(&["rows taken in"]);
        case(home);
    });
}

/// The identity number of a named person, from the register's file that the demo keeps.
fn number_of(home: &Home, name: &str) -> String {
    let files = files_below(&home.path("data/files/chancheng.police"));
    let found = files.values().find_map(|bytes| {
        let text = std::str::from_utf8(bytes).ok()?;
        let line = text.lines().find(|line| line.starts_with(name))?;
        line.split(',').nth(1).map(str::to_owned)
    });
    found.unwrap()
}

fn explain(home: &Home, name: &str) -> Value {
    home.run("explain", &["--json", &number_of(home, name)])
        .ok()
        .json()
}

#[test]
fn the_district_is_sound_and_mr_luo_has_a_grade() {
    made(|home| {
        assert!(home.verify_clean() > 300);
        home.run("verify", &[]).ok().says(&["0 differences"]);
        let conclusion = explain(home, "罗家明");
        let grade = &conclusion["rating"]["rated"];
        let points = grade["points"].as_i64().unwrap();
        let reasons = grade["reasons"].as_array().unwrap();
        assert!(reasons.len() > 2, "{grade}");
        let sum: i64 = reasons
            .iter()
            .map(|reason| reason["points"].as_i64().unwrap())
            .sum();
        assert_eq!(sum, points, "{grade}");
        assert!(["A", "B"].map(Value::from).contains(&grade["letter"]), "{grade}");
        for reason in reasons {
            for language in ["zh", "en"] {
                assert!(!reason["text"][language].as_str().unwrap().is_empty(), "{reason}");
            }
        }
        let said = home.run("explain", &[&number_of(home, "罗家明")]).ok();
        said.says(&["罗家明", &format!("{points} points"), "rating.person.base"]);
    });
}

#[test]
fn each_story_of_the_guide_is_in_the_records() {
    made(|home| {
        let entries = |name: &str| explain(home, name)["entries"].as_array().unwrap().clone();
        let on = entries("何大伟");
        assert_eq!(on.len(), 1, "{on:?}");
        assert_eq!(on[0]["list"], "court-defaulters");
        assert!(entries("陈志强").is_empty(), "he performed and was taken out");
        let performed = explain(home, "陈志强");
        let ended = |standing: &&Value| standing["standing"]["is"] == "ended";
        assert!(
            performed["standings"]
                .as_array()
                .unwrap()
                .iter()
                .any(|s| ended(&s))
        );
    });
}

#[test]
fn a_finished_demo_is_kept_and_another_is_made_anew() {
    made(|home| {
        let keys = std::fs::read(home.path("data/keys.toml")).unwrap();
        home.run("demo", &["--no-serve", "--subjects", "60"])
            .ok()
            .says(&["ready from before"]);
        assert_eq!(std::fs::read(home.path("data/keys.toml")).unwrap(), keys);
        home.run("demo", &["--no-serve", "--subjects", "60", "--seed", "2"])
            .ok()
            .says(&["rows taken in"]);
        assert_ne!(std::fs::read(home.path("data/keys.toml")).unwrap(), keys);
        home.verify_clean();
    });
}

#[test]
fn a_folder_with_something_else_is_left_alone() {
    run(Kind::Sqlite, |home| {
        home.run("init", &[]).ok();
        let before = files_below(&home.path("data"));
        home.run("demo", &["--no-serve", "--subjects", "60"])
            .ends(UNREADABLE)
            .complains(&["no demo", "--data"]);
        assert_eq!(
            files_below(&home.path("data")).keys().collect::<Vec<_>>(),
            before.keys().collect::<Vec<_>>()
        );
        home.run("demo", &["--no-serve", "--subjects", "3"]).ends(USAGE);
        home.verify_clean();
    });
}

#[test]
fn its_files_are_held_already() {
    made(|home| {
        let folder = home.path("data/files/foshan.hrss");
        let files = files_below(&folder);
        let paths: Vec<String> = files
            .keys()
            .map(|name| format!("{}/{name}", folder.display()))
            .collect();
        let mut args = vec!["--json", "--source", "foshan.hrss"];
        args.extend(paths.iter().map(String::as_str));
        let reports = home.run("ingest", &args).ok().json_lines();
        assert_eq!(reports.len(), files.len());
        for report in &reports {
            assert!(report["rows"].as_u64().unwrap() > 0, "{report}");
            assert_eq!(report["rows"], report["duplicate"], "{report}");
        }
        // A made-up person of a demo is nobody elsewhere.
        let other = home.at("other");
        crate::support::xinlian(&["init", "--data", &other]).ok();
        let mut args = vec!["ingest", "--data", &other, "--source", "foshan.hrss"];
        args.extend(paths.iter().map(String::as_str));
        crate::support::xinlian(&args)
            .ends(FOUND_FAULTS)
            .says(&["DEMO-IDENTITY"]);
    });
}

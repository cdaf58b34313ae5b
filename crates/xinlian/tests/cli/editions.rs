//! `xinlian policy show, diff, publish, editions`: the day the rules change.

use crate::explain::people;
use crate::policy::{alter, copy};
use crate::support::{FOUND_FAULTS, Home, Kind, UNREADABLE, USAGE, run, xinlian};

/// A second edition in the home's policy folder, in force from today on.
fn second_edition(home: &Home) -> String {
    let folder = copy(home);
    alter(
        home,
        "bundle.toml",
        "edition = \"2026.1\"",
        "edition = \"2026.2\"",
    );
    let line = std::fs::read_to_string(home.path("policies/bundle.toml")).unwrap();
    let line = line
        .lines()
        .find(|line| line.starts_with("in_force_from"))
        .unwrap()
        .to_owned();
    let today = store::Clock::System.today();
    alter(home, "bundle.toml", &line, &format!("in_force_from = {today}"));
    folder
}

fn publish(home: &Home, folder: &str, by: &str, approved_by: &str) -> crate::support::Ran {
    let data = home.at("data");
    let people = ["--drafted-by", by, "--approved-by", approved_by];
    xinlian(&[&["policy", "publish", folder, "--data", &data], &people[..]].concat())
}

#[test]
fn a_clause_is_shown_with_its_law_and_cases() {
    let shown = xinlian(&["policy", "show", "rating.person.penalty-fine", "--lang", "en"]).ok();
    shown.says(&[
        "General penalties",
        "bins.1.points = -8",
        "law: ",
        "case, applies, passes",
    ]);
    xinlian(&["policy", "show", "lists.court-defaulters"])
        .ok()
        .says(&["失信被执行人", "not yet verified", "used by measures."]);
    xinlian(&["policy", "show", "penalty.fines"])
        .ends(UNREADABLE)
        .complains(&["no clause `penalty.fines`", "`catalogue.penalty.fine`"]);
}

#[test]
fn a_difference_is_said_in_both_languages() {
    run(Kind::Sqlite, |home| {
        let folder = copy(home);
        xinlian(&["policy", "diff", "built-in", &folder])
            .ok()
            .says(&["0 clauses differ"]);
        alter(home, "rating/person.toml", "\npoints = 70", "\npoints = 71");
        xinlian(&["policy", "diff", "built-in", &folder])
            .ok()
            .says(&["分值 (points)：由 `70` 改为 `71`", "1 clauses differ"]);
        xinlian(&["policy", "diff", "built-in", &folder, "--lang", "en"])
            .ok()
            .says(&["points: `70` becomes `71`"]);
        let found = xinlian(&["policy", "diff", "built-in", &folder, "--json"])
            .ok()
            .json();
        assert_eq!(found["changes"][0]["clause"], "rating.person.base");
        assert_eq!(found["worse"], serde_json::json!([]));
    });
}

#[test]
fn a_worse_ordinary_path_is_refused() {
    run(Kind::Sqlite, |home| {
        home.init_demo();
        let folder = second_edition(home);
        let service = "services/hygiene-licence-renewal.toml";
        alter(
            home,
            service,
            "promised_working_days = 10",
            "promised_working_days = 12",
        );
        xinlian(&["policy", "diff", "built-in", &folder])
            .ends(FOUND_FAULTS)
            .says(&["guard-1-ordinary-path", "`12` working days instead of `10`"]);
        publish(home, &folder, "xu", "xie").ends(FOUND_FAULTS);
        assert_eq!(home.verify_clean(), 1, "nothing was published");
    });
}

#[test]
fn a_second_edition_is_published_by_two_people() {
    run(Kind::Sqlite, |home| {
        home.init_demo();
        let folder = second_edition(home);
        publish(home, &folder, "xu", "xu")
            .ends(UNREADABLE)
            .complains(&["another person approves"]);
        publish(home, &folder, "xu", "").ends(USAGE);
        publish(home, &folder, "xu", "xie")
            .ok()
            .says(&["published as record 1"]);
        let data = home.at("data");
        xinlian(&["policy", "editions", "--data", &data]).ok().says(&[
            "record 1: edition `2026.2`",
            "(now), drafted by xu, approved by xie",
            "record 0: edition `2026.1`",
        ]);
        xinlian(&["policy", "diff", "built-in", "in-force", "--data", &data])
            .ok()
            .says(&["`2026.1` to `2026.2`"]);
        publish(home, &folder, "xu", "xie")
            .ends(UNREADABLE)
            .complains(&["nothing changes"]);
        assert_eq!(home.verify_clean(), 2);
    });
}

#[test]
fn rules_do_not_reach_back_and_failing_cases_stop_them() {
    run(Kind::Sqlite, |home| {
        home.init_demo();
        let folder = copy(home);
        alter(
            home,
            "bundle.toml",
            "edition = \"2026.1\"",
            "edition = \"2026.2\"",
        );
        publish(home, &folder, "xu", "xie")
            .ends(UNREADABLE)
            .complains(&["rules do not reach back", "in_force_from"]);
        alter(home, "rating/person.toml", "\npoints = 70", "\npoints = 71");
        publish(home, &folder, "xu", "xie").ends(FOUND_FAULTS);
        assert_eq!(home.verify_clean(), 1);
    });
}

#[test]
fn for_how_many_a_change_matters_is_counted() {
    run(Kind::Sqlite, |home| {
        people(home);
        let folder = copy(home);
        alter(
            home,
            "rating/person.toml",
            "[base]\npoints = 70",
            "[base]\npoints = 86",
        );
        let data = home.at("data");
        let args = ["policy", "diff", "in-force", &folder, "--count", "--data", &data];
        // One of three has been told of the evaluation, and so only that one is rated.
        xinlian(&args).ok().says(&[
            "person: 1 of 3 are touched; 1 get a better letter",
            "from -: - 2",
            "from B: A 1",
        ]);
        let found = xinlian(&[&args[..], &["--json"]].concat()).ok().json();
        assert_eq!(found["moves"]["person"]["subjects"], 3, "{found}");
        let tables = xinlian(&["policy", "disparity", "--data", &data, "--json"])
            .ok()
            .json();
        assert_eq!(tables["scorecards"][0]["rated"], 1, "{tables}");
        assert_eq!(
            tables["scorecards"][0]["traits"]["age"]["groups"][0]["few"], true,
            "{tables}"
        );
        let out = home.at("out");
        xinlian(&["policy", "disparity", "--data", &data, "--out", &out]).ok();
        let page = std::fs::read_to_string(home.path("out/disparity.en.md")).unwrap();
        assert!(page.starts_with("# Tables of disparity"), "{page}");
    });
}

#[test]
fn a_change_that_no_case_notices_is_named() {
    run(Kind::Sqlite, |home| {
        let folder = copy(home);
        let args = ["policy", "mutate", &folder, "--clause", "lists.tax-grade-a"];
        xinlian(&args).ok().says(&["fail a worked case, 100.0%"]);
        std::fs::remove_dir_all(home.path("policies/cases")).unwrap();
        xinlian(&args)
            .ends(FOUND_FAULTS)
            .says(&["no case notices that", "policies/lists/tax-grade-a.toml:"]);
        xinlian(&["policy", "mutate", &folder, "--clause", "lists.none"])
            .ends(UNREADABLE)
            .complains(&["no clause that decides anything begins with `lists.none`"]);
    });
}

/// Guard 10.
#[test]
fn a_draft_is_tried_on_everyone() {
    run(Kind::Sqlite, |home| {
        home.init_demo();
        let folder = second_edition(home);
        alter(
            home,
            "rating/person.toml",
            "letters = { a = 85",
            "letters = { a = 80",
        );
        let data = home.at("data");
        let simulate = ["simulate", "--policy", folder.as_str(), "--data", data.as_str()];
        xinlian(&[&simulate[..], &["--out", "report.txt"]].concat())
            .ends(UNREADABLE)
            .complains(&["`report.txt`", ".html or .xlsx"]);
        xinlian(&[&simulate[..], &["--on", "2999-01-01"]].concat())
            .ends(UNREADABLE)
            .complains(&["`2999-01-01` is to come"]);
        xinlian(&[&simulate[..], &["--keep", "A 80"]].concat()).ends(USAGE);
        let kept = ["--keep", "A 80", "--drafted-by", "xu", "--why", "half stop at 84"];
        xinlian(&[&simulate[..], &kept[..]].concat()).ok().says(&[
            "edition `2026.2`",
            "kept as simulation 1",
            "/office/simulations/1",
        ]);
        let out = home.at("report.html");
        let found =
            xinlian(&[&simulate[..], &["--json", "--out", out.as_str(), "--lang", "en"]].concat()).ok();
        assert_eq!(found.json()["days"][0]["subjects"]["count"], 0);
        assert!(
            std::fs::read_to_string(out)
                .unwrap()
                .contains("Nothing needs a closer look")
        );
    });
}

/// The same, at the command line: a live store takes no edition whose approver has not read what it would do.
#[test]
fn an_edition_that_nobody_tried_or_read_is_not_published() {
    run(Kind::Sqlite, |home| {
        home.run("init", &[]).ok();
        let folder = second_edition(home);
        alter(
            home,
            "services/elder-card.toml",
            "promised_working_days = 5",
            "promised_working_days = 4",
        );
        let data = home.at("data");
        let refused = |why: &str| {
            publish(home, &folder, "xu", "xie")
                .ends(FOUND_FAULTS)
                .says(&["not yet to be published", why]);
            assert_eq!(home.verify_clean(), 1, "nothing was published");
        };
        refused("no simulation of digest");
        xinlian(&[
            "simulate",
            "--policy",
            &folder,
            "--data",
            &data,
            "--keep",
            "Four days",
            "--drafted-by",
            "xu",
            "--why",
            "five are not needed",
        ])
        .ok();
        refused("`xie` approves it and has not read simulation 1");
        let read = "INSERT INTO simulation_reader (simulation, officer, at_ms) VALUES (1, 'xie', 1)";
        assert_eq!(home.sql(read), 1);
        publish(home, &folder, "xu", "xie")
            .ok()
            .says(&["published as record 1"]);
    });
}

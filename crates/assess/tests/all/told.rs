//! What a bundle tells of itself: by code, in both languages, and as drawings.

use std::sync::LazyLock;

use assess::{Bundle, Letter, PolicyFault, Text};
use jiff::civil::{Date, date};
use record::{Realm, SubjectKind};

use crate::support;

static DEMO: LazyLock<Bundle> = LazyLock::new(|| support::bundle(Realm::Demo));

#[test]
fn by_code() {
    assert_eq!(DEMO.edition(), "2026.1");
    assert_eq!(
        format!("{:?}", *DEMO),
        format!("Bundle(2026.1 Demo {})", DEMO.digest())
    );
    for (kind, code) in [
        (SubjectKind::Person, "person"),
        (SubjectKind::Organisation, "organisation"),
        (SubjectKind::SoleTrader, "sole-trader"),
    ] {
        let card = DEMO.scorecard(kind).expect("a general one");
        assert_eq!(card.code, code);
    }
    for (clause, found) in [
        ("rating.tech-enterprise", Some("tech-enterprise")),
        ("rating.person", Some("person")),
        ("rating.stranger", None),
        ("lists.court-defaulters", None),
    ] {
        let card = DEMO.scorecard_of(&clause.parse().expect("a clause"));
        assert_eq!(card.map(|card| card.code.as_str()), found);
    }
    let list = DEMO
        .list(&"court-defaulters".parse().expect("code"))
        .expect("a list");
    assert_eq!(list.code.as_str(), "court-defaulters");
    assert_eq!(list.step("removal").map(|step| step.to.as_str()), Some("removed"));
    assert!(list.step("release").is_none());
    let roles: Vec<&str> = DEMO.roles().map(|role| role.code.as_str()).collect();
    assert!(roles.is_sorted() && roles.contains(&"clerk"), "{roles:?}");
    assert_eq!(
        DEMO.role("clerk").map(|role| role.name.en.as_str()),
        Some("Counter clerk")
    );
    assert!(DEMO.role("king").is_none());
}

#[test]
fn a_role_may_what_is_named_and_nothing_else() {
    let clerk = DEMO.role("clerk").expect("a role");
    assert!(clerk.may("counter.check") && clerk.may("consent.take"));
    assert!(!clerk.may("record.withdraw") && !clerk.may(""));
    let looks = |purpose: &str| clerk.may_look_for(&purpose.parse().expect("a purpose"));
    assert!(looks("counter.service") && !looks("department.evidence"));
}

#[test]
fn the_calendar_as_it_is_announced() {
    let calendar = DEMO.calendar();
    let first = calendar.holidays().first().expect("a holiday");
    assert_eq!(
        (first.name.en.as_str(), first.from, first.to),
        ("New Year", date(2026, 1, 1), date(2026, 1, 3))
    );
    assert_eq!(calendar.holidays().len(), 7);
    let worked: Vec<Date> = calendar.workdays().collect();
    assert_eq!(worked.first(), Some(&date(2026, 1, 4)));
    assert_eq!(worked.len(), 6);
    assert!(worked.iter().all(|day| calendar.is_working_day(*day)));
    let law = calendar.legal_basis().first().expect("a law");
    assert_eq!(
        law.law.en,
        "General Office of the State Council, holidays of 2026"
    );
}

#[test]
fn the_rules_of_repair_in_words() {
    let rules = DEMO.repair_rules();
    let tiers: Vec<&str> = rules.tiers().iter().map(|tier| tier.tier.code()).collect();
    assert_eq!(tiers, ["minor", "general", "severe"]);
    assert!(!rules.conditions().is_empty() && !rules.channels().is_empty());
    assert_eq!(rules.stops().len(), 3);
    assert!(rules.stops()[1].en.starts_with("Sharing stops"));
    assert_eq!(rules.tells().len(), 2);
    assert_eq!(rules.tells()[0].en, "Everyone who received the record");
}

#[test]
fn a_letter_is_its_sign() {
    for (letter, sign) in [
        (Letter::A, "A"),
        (Letter::B, "B"),
        (Letter::C, "C"),
        (Letter::D, "D"),
    ] {
        assert_eq!(letter.as_str(), sign);
        assert_eq!(letter.to_string(), sign);
    }
}

#[test]
fn a_text_is_english_for_english_alone() {
    let text = Text::new("春", "spring");
    for (language, expect) in [
        ("en", "spring"),
        ("en-GB", "spring"),
        ("zh", "春"),
        ("zh-CN", "春"),
        ("eng", "春"),
        ("", "春"),
    ] {
        assert_eq!(text.of(language), expect, "{language}");
    }
}

/// A clause tells where it stands.
#[test]
fn a_clause_is_found_in_its_file() {
    let files = support::files();
    for (clause, stands) in [
        ("rating.person.honour", "code = \"honour\""),
        ("lists.court-defaulters.removal", "code = \"removal\""),
        ("catalogue.penalty.fine", "code = \"penalty.fine\""),
    ] {
        let clause = DEMO.clause(&clause.parse().expect("an id")).expect("a clause");
        let text = files.get(&clause.file).expect("its file");
        let mut below = text.lines().skip(clause.line - 1);
        assert!(
            below.next().is_some_and(|line| line.starts_with("[[")),
            "{} at {}",
            clause.id,
            clause.line
        );
        assert_eq!(below.next(), Some(stands), "{} at {}", clause.id, clause.line);
    }
}

#[test]
fn a_fault_is_told_with_its_place() {
    let fault = |file: &str, line, column, help: &str| {
        let fault = PolicyFault {
            file: file.to_owned(),
            line,
            column,
            message: "it is wrong".to_owned(),
            help: help.to_owned(),
        };
        fault.to_string()
    };
    assert_eq!(
        fault("a.toml", 3, 7, "mend it"),
        "a.toml:3:7: it is wrong; mend it"
    );
    assert_eq!(fault("a.toml", 1, 1, ""), "a.toml:1:1: it is wrong");
    assert_eq!(fault("a.toml", 0, 0, ""), "a.toml: it is wrong");
    assert_eq!(fault("", 0, 0, "mend it"), "it is wrong; mend it");
}

/// A list with a state whose name holds every sign that Mermaid reads, and a step with all its days.
fn drawn() -> Bundle {
    let mut files = support::files();
    let text = files.get_mut("lists/abnormal-operations.toml").expect("the file");
    for (old, new) in [
        ("en = \"Listed\"", "en = \"Listed: \\\"a|b\\\"; #1:2\""),
        ("code = \"removed\"", "code = \"taken-off\""),
        (
            "who = \"source\"\nwithin_working_days = 5",
            "who = \"source\"\nwaits_working_days = 1\nwaits_months = 3\nwithin_working_days = 5",
        ),
    ] {
        assert!(text.contains(old), "`{old}`");
        *text = text.replacen(old, new, 1);
    }
    *text = text.replace("to = \"removed\"", "to = \"taken-off\"");
    support::parse(files, Realm::Demo)
}

const ENGLISH: &str = r#"stateDiagram-v2
    accTitle: Abnormal operations
    state "Listed – 'a|b', ＃1：2" as listed
    state "Asked to come off" as asked
    state "Taken off" as taken_off
    state "Repaired" as repaired
    state "Off at the end of its term" as expired
    state "Withdrawn" as withdrawn
    [*] --> listed : Decision to list
    listed --> asked : Receipt of the application
    asked --> taken_off : Decision to take off (after 1 working days, after 3 months, within 5 working days)
    asked --> listed : Refusal (within 5 working days)
    listed --> taken_off : Decision to take off
    listed --> repaired : Repaired – display, sharing and use stop
    asked --> repaired : Repaired – display, sharing and use stop
    listed --> expired : The term is over, or no review came in time
    asked --> expired : The term is over, or no review came in time
    listed --> withdrawn : It was wrong, and who decided takes it back
    asked --> withdrawn : It was wrong, and who decided takes it back
    taken_off --> [*]
    repaired --> [*]
    expired --> [*]
    withdrawn --> [*]
    classDef inForce stroke-width:3px
    class listed inForce
    class asked inForce
"#;

#[test]
fn a_procedure_is_drawn() {
    let bundle = drawn();
    let list = bundle
        .list(&"abnormal-operations".parse().expect("code"))
        .expect("a list");
    assert_eq!(list.diagram("en"), ENGLISH);
    assert_eq!(list.diagram("en-GB"), ENGLISH);
    let chinese = list.diagram("zh");
    for line in [
        "    accTitle: 经营异常名录",
        "    [*] --> listed : 列入经营异常名录决定书",
        "    asked --> taken_off : 移出经营异常名录决定书（满1个工作日后、满3个月后、5个工作日内）",
        "    asked --> listed : 不予移出决定书（5个工作日内）",
    ] {
        assert!(chinese.lines().any(|found| found == line), "{line} in {chinese}");
    }
    assert_eq!(chinese.lines().count(), ENGLISH.lines().count());
}

#[test]
fn a_procedure_is_told_as_a_table() {
    let bundle = drawn();
    let list = bundle
        .list(&"abnormal-operations".parse().expect("code"))
        .expect("a list");
    let basis = "Interim Regulation on Enterprise Information Disclosure (unverified)";
    let english = list.steps_table("en");
    let rows: Vec<&str> = english.lines().collect();
    assert_eq!(rows.len(), 2 + list.steps.len());
    assert_eq!(
        rows[0],
        "| From | To | What happens | Who | Document | Days | Law |"
    );
    assert_eq!(
        rows[2],
        format!(
            "| — | Listed: \"a／b\"; #1:2 | The market office decides on an abnormal operation | the deciding office | Decision to list | — | {basis} |"
        )
    );
    assert_eq!(
        rows[4],
        format!(
            "| Asked to come off | Taken off | It was put right: taken off | the deciding office | Decision to take off | after 1 working days, after 3 months, within 5 working days | {basis} |"
        )
    );
    assert!(
        rows[7].starts_with("| Listed: \"a／b\"; #1:2, Asked to come off | Repaired | "),
        "{}",
        rows[7]
    );
    let chinese = list.steps_table("zh");
    let rows: Vec<&str> = chinese.lines().collect();
    assert_eq!(rows[0], "| 从 | 到 | 步骤 | 由谁 | 文书 | 期限 | 依据 |");
    assert_eq!(
        rows[4],
        "| 已申请移出 | 已移出 | 核实已经改正，移出名录 | 列入机关 | 移出经营异常名录决定书 | 满1个工作日后、满3个月后、5个工作日内 | 企业信息公示暂行条例（未核对） |"
    );
}

#[test]
fn a_list_without_a_procedure_draws_nothing() {
    let mut files = support::files();
    let text = files.get_mut("lists/abnormal-operations.toml").expect("the file");
    let from = text.find("[[state]]").expect("a state");
    text.truncate(from);
    let bundle = support::parse(files, Realm::Demo);
    let list = bundle
        .list(&"abnormal-operations".parse().expect("code"))
        .expect("a list");
    assert_eq!(
        (list.diagram("en"), list.steps_table("zh")),
        (String::new(), String::new())
    );
}

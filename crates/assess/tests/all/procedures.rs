//! Lists as procedures, as properties: nobody is listed without decision and delivery, an exit always ends it,
//! replay is the same to the byte, and a holiday never shortens a deadline.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use assess::{Bundle, List, Measure, Procedure, Standing, assess};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use record::{
    Act, AsOf, Document, FieldName, ItemCode, Logged, Realm, Record, RecordNumber, Reference, Relation,
    Stated, SubjectKind, SubmissionId, Target, TreeSize, Value,
};

use crate::made::logged;
use crate::support;

static DEMO: LazyLock<Bundle> = LazyLock::new(|| support::bundle(Realm::Demo));

/// The lists that ask for a notice, a decision and a delivery, and the item that decides each.
const FULL: [(&str, &str, &str); 4] = [
    (
        "serious-violations",
        "serious-violation.market",
        "chancheng.market",
    ),
    ("wage-arrears", "serious-violation.wage", "chancheng.hrss"),
    ("serious-tax", "serious-violation.tax", "foshan.tax"),
    ("food-safety", "serious-violation.food", "foshan.market"),
];

/// What may be done in a case, in any order, as often as one likes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Notice,
    Defence,
    NoEntry,
    Decision,
    Delivery,
    Correction,
    Application,
    Refusal,
    Removal,
    Repair,
    Withdraw,
}

const DEEDS: [Deed; 11] = [
    Deed::Notice,
    Deed::Defence,
    Deed::NoEntry,
    Deed::Decision,
    Deed::Delivery,
    Deed::Correction,
    Deed::Application,
    Deed::Refusal,
    Deed::Removal,
    Deed::Repair,
    Deed::Withdraw,
];

#[derive(Debug, Clone, Copy)]
pub(crate) struct Done {
    deed: Deed,
    day: i32,
    /// One of two cases of the same subject.
    case: u8,
    document: bool,
    stranger: bool,
    confirmed: bool,
}

pub(crate) fn done() -> impl Strategy<Value = Vec<Done>> {
    let one = (
        prop::sample::select(DEEDS.to_vec()),
        0..1_500_i32,
        0..2_u8,
        prop::bool::weighted(0.9),
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.9),
    );
    let one = one.prop_map(|(deed, day, case, document, stranger, confirmed)| Done {
        deed,
        day,
        case,
        document,
        stranger,
        confirmed,
    });
    // Half of them begin nearly as the law has it, so that entries in force are met too, and ones too early.
    let begun = |gap: i32| {
        [
            (Deed::Notice, 0),
            (Deed::Decision, gap),
            (Deed::Delivery, gap + 3),
        ]
        .map(|(deed, day)| Done {
            deed,
            day,
            case: 0,
            document: true,
            stranger: false,
            confirmed: true,
        })
    };
    let gap = prop::option::of(3..14_i32);
    (gap, prop::collection::vec(one, 0..14)).prop_map(move |(gap, mut rest)| {
        rest.extend(gap.map(begun).into_iter().flatten());
        rest
    })
}

pub(crate) fn make(full: usize, done: &[Done]) -> Vec<Logged> {
    let mut records = Vec::new();
    let register = bare("organisation.registration", "chancheng.market", date(2015, 1, 1));
    push(&mut records, &register);
    let mut done = done.to_vec();
    done.sort_by_key(|one| one.day);
    let mut decided: BTreeMap<u8, u64> = BTreeMap::new();
    for one in &done {
        let Some(record) = record_of(full, one, decided.get(&one.case).copied()) else {
            continue;
        };
        let number = push(&mut records, &record);
        if one.deed != Deed::Decision {
            continue;
        }
        decided.insert(one.case, number);
        if one.confirmed {
            let mut confirm = bare(Act::Confirm.code(), record.source.as_str(), record.occurred);
            confirm.references.push(Reference {
                relation: Relation::Confirms,
                target: Target::Submission(SubmissionId(number)),
            });
            push(&mut records, &confirm);
        }
    }
    records
}

/// The record of a deed; none of an act on a decision that has not been made.
fn record_of(full: usize, one: &Done, decided: Option<u64>) -> Option<Record> {
    let (list, item, source) = FULL[full];
    let source = if one.stranger { "chancheng.court" } else { source };
    let decision = format!("列〔2026〕{}号", one.case);
    let removal = format!("{item}-removed");
    let code = match one.deed {
        Deed::Notice => "list.notice",
        Deed::Defence => "list.defence",
        Deed::NoEntry => "list.no-entry",
        Deed::Decision => item,
        Deed::Delivery => "list.delivery",
        Deed::Correction => "list.correction",
        Deed::Application => "list.application",
        Deed::Refusal => "list.refusal",
        Deed::Removal => removal.as_str(),
        Deed::Repair => Act::Repair.code(),
        Deed::Withdraw => Act::Withdraw.code(),
    };
    let mut record = bare(code, source, date(2026, 1, 5).saturating_add(one.day.days()));
    let number = if one.deed == Deed::Decision {
        decision.clone()
    } else {
        format!("{code}{}", one.day)
    };
    record.document = one.document.then(|| Document {
        number,
        authority: source.to_owned(),
        date: record.occurred,
    });
    let relation = match one.deed {
        Deed::Repair => Relation::Repairs,
        Deed::Withdraw => Relation::Withdraws,
        Deed::Notice | Deed::Defence | Deed::NoEntry | Deed::Decision => {
            set(&mut record, "list", list);
            set(&mut record, "case", &format!("立〔2026〕{}号", one.case));
            set(&mut record, "fact", "事实");
            return Some(record);
        }
        _ => {
            set(&mut record, "list", list);
            set(&mut record, "entry_document", &decision);
            return Some(record);
        }
    };
    let target = Target::Number(RecordNumber(decided?));
    record.references.push(Reference { relation, target });
    Some(record)
}

fn bare(item: &str, source: &str, occurred: Date) -> Record {
    Record {
        source: source.parse().expect("code"),
        item: ItemCode::new(item).expect("code"),
        subject: Some(Stated {
            kind: SubjectKind::Organisation,
            name: "样例".to_owned(),
            identifier: None,
        }),
        document: None,
        occurred,
        ends: None,
        fields: BTreeMap::new(),
        references: Vec::new(),
    }
}

fn set(record: &mut Record, name: &str, value: &str) {
    let name = FieldName::new(name).expect("name");
    record.fields.insert(name, Value::Text(value.to_owned()));
}

fn push(records: &mut Vec<Logged>, record: &Record) -> u64 {
    let number = records.len() as u64;
    records.push(logged(number, number, record.clone()));
    number
}

pub(crate) fn on(day: i32, records: &[Logged]) -> AsOf {
    AsOf {
        on: date(2026, 1, 5).saturating_add(day.days()),
        known: TreeSize(records.len() as u64),
    }
}

fn list(full: usize) -> &'static List {
    DEMO.list(&FULL[full].0.parse().expect("code")).expect("a list")
}

/// The codes of the steps that were taken.
fn steps(procedure: &Procedure) -> Vec<&str> {
    let codes = procedure.history.iter().map(|step| step.clause.as_str());
    codes
        .map(|code| code.rsplit('.').next().unwrap_or_default())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: support::cases(120), ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_listed_without_notice_decision_and_delivery(full in 0..4_usize, done in done(), day in 0..1_500_i32, leave in prop::sample::select(vec![Deed::Notice, Deed::Decision, Deed::Delivery])) {
        let without: Vec<Done> = done.iter().filter(|one| one.deed != leave).copied().collect();
        let records = make(full, &without);
        let found = assess(&DEMO, &records, on(day, &records));
        prop_assert!(found.entries.is_empty(), "{:?}", found.entries);
        prop_assert!(found.standings.iter().all(|one| !one.item.as_str().starts_with("serious-violation.") || one.standing != Standing::Counts
            || list(full).exits.contains(&one.item)));
        // And with all of them in whatever order, an entry has each step behind it, in time and on paper.
        let records = make(full, &done);
        let as_of = on(day, &records);
        let found = assess(&DEMO, &records, as_of);
        for entry in &found.entries {
            let procedure = found.procedure_of(entry.record).expect("a procedure");
            prop_assert!(procedure.in_force);
            let steps = steps(procedure);
            for must in ["notice", "delivery"] {
                prop_assert!(steps.contains(&must), "{steps:?}");
            }
            prop_assert!(steps.iter().any(|step| step.starts_with("decision")));
            let notice = procedure.history.first().expect("a notice");
            let decided = procedure.history.iter().find(|step| step.to == "decided").expect("a decision");
            let spoke = steps.contains(&"defence");
            prop_assert!(spoke || decided.on > DEMO.calendar().after_working_days(notice.on, 5));
            let served = procedure.history.iter().find(|step| step.to == "listed").expect("a delivery");
            prop_assert_eq!(entry.from, served.on);
            prop_assert!(entry.from <= as_of.on && as_of.on < entry.ends);
            // No measure outlives its entry, and each is found from it.
            for measure in found.measures_from(entry.record) {
                if let Measure::Restriction(restriction) = measure {
                    prop_assert!(as_of.on < restriction.until() && restriction.until() <= entry.ends);
                }
            }
            for step in &procedure.history {
                let number = step.record.expect("a record").0;
                let record = records[usize::try_from(number).expect("small")].record();
                prop_assert!(record.document.is_some() && record.source.as_str() == FULL[full].2);
                prop_assert!(record.occurred <= as_of.on);
            }
        }
        // The two sides of the same: an entry is in force exactly if its procedure says so.
        for procedure in found.procedures.iter().filter(|procedure| procedure.in_force) {
            prop_assert!(found.entries.iter().any(|entry| Some(entry.record) == procedure.entry), "{procedure:?}");
        }
    }

    #[test]
    fn an_exit_always_ends_it(full in 0..4_usize, done in done(), day in 0..1_400_i32, way in prop::sample::select(vec![Deed::Removal, Deed::Repair, Deed::Withdraw])) {
        // Before the exit nothing of this case is decided later.
        let mut all: Vec<Done> = done.into_iter().filter(|one| one.day < day && one.case == 0).collect();
        all.push(Done { deed: way, day, case: 0, document: false, stranger: false, confirmed: true });
        let records = make(full, &all);
        for later in [0, 1, 400, 1_200] {
            let found = assess(&DEMO, &records, on(day + later, &records));
            let decided: BTreeSet<_> = all.iter().filter(|one| one.deed == Deed::Decision).map(|one| one.stranger).collect();
            // A repair and a withdrawal are of the decision that was last; an exit names the document.
            let of_one = way == Deed::Removal || all.iter().filter(|one| one.deed == Deed::Decision).count() == 1;
            if of_one && !decided.contains(&true) {
                prop_assert!(found.entries.is_empty(), "{:?}", found.procedures);
                prop_assert!(found.procedures.iter().all(|one| !one.in_force), "{:?}", found.procedures);
            }
        }
    }

    #[test]
    fn replay_is_the_same_to_the_byte_in_any_order(
        (records, shuffled) in (0..4_usize, done())
            .prop_map(|(full, done)| make(full, &done))
            .prop_flat_map(|records| (Just(records.clone()), Just(records).prop_shuffle())),
        day in 0..1_500_i32, known in 0..40_u64,
    ) {
        let as_of = AsOf { known: TreeSize(known), ..on(day, &records) };
        let one = assess(&DEMO, &records, as_of);
        prop_assert_eq!(one.to_bytes(), assess(&DEMO, &shuffled, as_of).to_bytes());
        let known_only: Vec<Logged> = records.into_iter().filter(|logged| as_of.knows(logged.number())).collect();
        prop_assert_eq!(one.to_bytes(), assess(&DEMO, &known_only, as_of).to_bytes());
    }

    #[test]
    fn what_comes_later_changes_no_day_before(full in 0..4_usize, done in done(), day in 0..1_500_i32) {
        // Withdrawals are matters of knowledge and reach back; nothing else does.
        let all: Vec<Done> = done.into_iter().filter(|one| one.deed != Deed::Withdraw).collect();
        let until: Vec<Done> = all.iter().filter(|one| one.day <= day).copied().collect();
        let (all, until) = (make(full, &all), make(full, &until));
        let (one, other) = (assess(&DEMO, &all, on(day, &all)), assess(&DEMO, &until, on(day, &until)));
        let states = |found: &assess::Assessment| -> Vec<(String, bool)> {
            found.procedures.iter().map(|one| (one.state.clone(), one.in_force)).collect()
        };
        prop_assert_eq!(states(&one), states(&other));
    }

    #[test]
    fn a_holiday_never_shortens_a_deadline(from in 0..700_i32, length in 0..9_i32, start in 0..700_i32, working_days in 0..60_u32) {
        let (day, first) = (date(2026, 1, 5).saturating_add(start.days()), date(2026, 1, 5).saturating_add(from.days()));
        let holiday = format!("\n[[holiday]]\nname = {{ zh = \"新\", en = \"new\" }}\nfrom = {first}\nto = {}\n", first.saturating_add(length.days()));
        let with = calendar_with(&holiday);
        let (plain, longer) = (DEMO.calendar().after_working_days(day, working_days), with.calendar().after_working_days(day, working_days));
        prop_assert!(longer >= plain, "{longer} < {plain}");
        // And a later beginning never ends earlier, nor do more days.
        let next = day.saturating_add(1.days());
        prop_assert!(DEMO.calendar().after_working_days(next, working_days) >= plain);
        prop_assert!(DEMO.calendar().after_working_days(day, working_days + 1) > plain);
    }
}

/// A bundle of nothing but a calendar.
fn calendar_with(more: &str) -> Bundle {
    let mut files = support::files();
    files.retain(|path, _| path == "bundle.toml" || path == "calendar.toml");
    files
        .get_mut("calendar.toml")
        .expect("the calendar")
        .push_str(more);
    support::parse(files, Realm::Demo)
}

#[test]
fn what_is_drawn_meets_every_step() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut met = BTreeMap::<String, usize>::new();
    for round in 0..1_500 {
        let records = make(round % 4, &done().new_tree(&mut runner).expect("drawn").current());
        let found = assess(&DEMO, &records, on(1_500, &records));
        for procedure in &found.procedures {
            for step in steps(procedure) {
                *met.entry(step.to_owned()).or_default() += 1;
            }
        }
    }
    for step in list(1).steps.iter().map(|step| step.code.as_str()) {
        assert!(met.get(step).is_some_and(|times| *times >= 3), "{step}: {met:?}");
    }
}

fn did(deed: Deed, day: i32) -> Done {
    Done {
        deed,
        day,
        case: 0,
        document: true,
        stranger: false,
        confirmed: true,
    }
}

/// What was done, the day asked about, and the one procedure that must come of it.
fn told(done: &[(Deed, i32)], day: i32) -> Procedure {
    let done: Vec<Done> = done.iter().map(|(deed, day)| did(*deed, *day)).collect();
    let records = make(0, &done);
    let found = assess(&DEMO, &records, on(day, &records));
    assert_eq!(found.procedures.len(), 1, "{:?}", found.procedures);
    found.procedures.into_iter().next().expect("one")
}

const LISTED: [(Deed, i32); 3] = [(Deed::Notice, 0), (Deed::Decision, 10), (Deed::Delivery, 12)];

#[test]
fn the_order_of_days_decides() {
    for (after, day, state, steps_taken) in [
        (vec![], 5, "noticed", 1),
        // Taken back later, but on that day not even decided.
        (vec![(Deed::Withdraw, 20)], 5, "noticed", 1),
        (vec![(Deed::Withdraw, 20)], 15, "withdrawn", 4),
        (vec![(Deed::Repair, 400)], 399, "listed", 3),
        // What ended it first is what ended it, on whatever later day one asks.
        (vec![(Deed::Repair, 400)], 1_400, "repaired", 4),
        (vec![(Deed::Repair, 1_200)], 1_400, "expired", 4),
        (vec![(Deed::Removal, 400)], 1_400, "removed", 4),
        (vec![(Deed::Removal, 1_200)], 1_400, "expired", 4),
    ] {
        let found = told(&[&LISTED[..], &after].concat(), day);
        assert_eq!(
            (found.state.as_str(), found.history.len()),
            (state, steps_taken),
            "{after:?} on {day}"
        );
        assert_eq!(found.in_force, state == "listed");
    }
    let late_exit = told(&[&LISTED[..], &[(Deed::Removal, 1_200)]].concat(), 1_400);
    assert_eq!(
        late_exit.unheard.len(),
        1,
        "an exit after the end is told, and makes nothing"
    );
}

#[test]
fn a_case_that_is_noticed_again_begins_again() {
    let found = told(&[(Deed::Notice, 0), (Deed::Notice, 20)], 22);
    assert_eq!((found.since, found.unheard.len()), (date(2026, 1, 25), 1));
    // Its time for a defence runs from the second notice.
    let early = told(&[(Deed::Notice, 0), (Deed::Notice, 20), (Deed::Decision, 24)], 40);
    assert_eq!(early.state, "noticed");
}

#[test]
fn what_is_late_is_told() {
    let found = told(&[(Deed::Notice, 0)], 8);
    let due = |found: &Procedure| {
        let steps = found.next.iter();
        steps.map(|step| (step.due, step.overdue)).collect::<Vec<_>>()
    };
    // Five working days from Monday the 5th are over on the 12th, twenty on the 2nd of February.
    let (defence, decision) = (Some(date(2026, 1, 12)), Some(date(2026, 2, 2)));
    assert_eq!(due(&found), [(defence, true), (None, false), (decision, false)]);
    assert_eq!(due(&told(&[(Deed::Notice, 0)], 7))[0], (defence, false));
    let late: Vec<bool> = told(
        &[(Deed::Notice, 0), (Deed::Decision, 28), (Deed::Delivery, 40)],
        50,
    )
    .history
    .iter()
    .map(|step| step.late)
    .collect();
    assert_eq!(late, [false, false, true]);
}

#[test]
fn a_step_from_memory_makes_its_entry_unverified() {
    let mut files = support::files();
    let text = files.get_mut("lists/court-defaulters.toml").expect("the file");
    *text = text.replace("unverified = true # terms and exits are from memory\n", "");
    let sure = support::parse(files.clone(), Realm::Demo);
    let text = files.get_mut("lists/court-defaulters.toml").expect("the file");
    let at = text.find("code = \"entry\"").expect("the step");
    let (head, tail) = text.split_at(at);
    *text = format!(
        "{head}{}",
        tail.replacen("no. 7)\" } }", "no. 7)\" }, unverified = true }", 1)
    );
    let unsure = support::parse(files, Realm::Demo);
    let mut entry = bare("court.judgment-defaulter", "chancheng.court", date(2026, 1, 5));
    set(&mut entry, "disrupt_type", "违反财产报告制度");
    entry.document = Some(Document {
        number: "（2026）粤0604执1号".to_owned(),
        authority: "禅城区人民法院".to_owned(),
        date: date(2026, 1, 5),
    });
    let mut confirm = bare(Act::Confirm.code(), "chancheng.court", date(2026, 1, 5));
    confirm.references.push(Reference {
        relation: Relation::Confirms,
        target: Target::Submission(SubmissionId(0)),
    });
    let records = [logged(0, 0, entry), logged(1, 1, confirm)];
    for (bundle, unverified) in [(&sure, false), (&unsure, true)] {
        let found = assess(bundle, &records, on(10, &records));
        assert_eq!(
            found.entries.iter().map(|one| one.unverified).collect::<Vec<_>>(),
            [unverified]
        );
    }
}

/// Two cases of one subject are two procedures, and a notice of the one says nothing of the other.
#[test]
fn two_cases_are_two_procedures() {
    let of = |case: u8, day: i32| Done {
        case,
        ..did(Deed::Notice, day)
    };
    let records = make(0, &[of(0, 0), of(1, 5)]);
    let found = assess(&DEMO, &records, on(20, &records));
    assert_eq!(found.procedures.len(), 2);
    assert!(found.procedures.iter().all(|one| one.unheard.is_empty()));
}

/// A step that asks for a document is not taken without one.
#[test]
fn without_its_document_no_procedure_begins() {
    let bare = Done {
        document: false,
        ..did(Deed::Notice, 0)
    };
    let records = make(0, &[bare]);
    let found = assess(&DEMO, &records, on(5, &records));
    assert!(found.procedures.is_empty(), "{:?}", found.procedures);
}

/// Repaired on the very day its term is over, it is the repair that ended it.
#[test]
fn a_repair_on_the_last_day_comes_before_the_end_of_the_term() {
    let in_force = told(&LISTED, 400);
    let until = DEMO
        .lists()
        .find(|list| list.code == list_code())
        .map_or(0, |list| list.term_months);
    let over = in_force.history[1].on.saturating_add(i64::from(until).months());
    let day = (over - date(2026, 1, 5)).get_days();
    for (when, state) in [(day, "repaired"), (day + 1, "expired"), (day - 1, "repaired")] {
        let found = told(&[&LISTED[..], &[(Deed::Repair, when)]].concat(), 1_400);
        assert_eq!(found.state, state, "{when} of {day}");
    }
}

fn list_code() -> record::ListCode {
    FULL[0].0.parse().expect("code")
}

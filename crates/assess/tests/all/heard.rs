//! Pass one, word by word: who may say what about which record, and from when on it holds.

use std::sync::LazyLock;

use assess::{Bundle, Facts, Measure, Standing, assess, duties};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use record::{
    AsOf, Document, Ends, FieldName, ItemCode, Logged, Realm, Record, RecordNumber, Reference, Relation,
    SubjectKind, SubmissionId, Target, Value,
};

use crate::made::{Making, ON, all_known, bare, logged, make};
use crate::support;

static DEMO: LazyLock<Bundle> = LazyLock::new(|| support::bundle(Realm::Demo));

const MARKET: &str = "chancheng.market";
const POLICE: &str = "chancheng.police";

/// The records of one person, each a submission of its own unless it is said otherwise.
struct Told(Vec<Logged>);

impl Told {
    fn new() -> Self {
        Self(make(&DEMO, Making::PERSON, &[]))
    }

    fn push(&mut self, record: Record) -> u64 {
        let number = self.0.len() as u64;
        self.push_in(number, record)
    }

    fn push_in(&mut self, submission: u64, record: Record) -> u64 {
        let number = self.0.len() as u64;
        self.0.push(logged(number, submission, record));
        number
    }

    /// A fine of the market regulator, a month ago.
    fn fine(&mut self) -> u64 {
        self.push(fine(ON.saturating_sub(1.month())))
    }

    /// What somebody says about something.
    fn says(&mut self, item: &str, source: &str, relation: Relation, target: Target) -> u64 {
        self.says_on(ON, item, source, relation, target)
    }

    fn says_on(&mut self, day: Date, item: &str, source: &str, relation: Relation, target: Target) -> u64 {
        let mut record = bare(item, source, day);
        record.subject = None;
        record.references.push(Reference { relation, target });
        self.push(record)
    }

    fn confirm(&mut self, submission: u64) -> u64 {
        self.says("act.confirm", MARKET, Relation::Confirms, of(submission))
    }

    /// A fine that counts.
    fn confirmed_fine(&mut self) -> u64 {
        let fine = self.fine();
        self.confirm(fine);
        fine
    }

    fn standing(&self, number: u64) -> Standing {
        self.standing_on(ON, number)
    }

    fn standing_on(&self, on: Date, number: u64) -> Standing {
        let as_of = AsOf {
            on,
            ..all_known(&self.0)
        };
        let found = assess(&DEMO, &self.0, as_of);
        found.standing(RecordNumber(number)).expect("known").standing
    }
}

fn fine(occurred: Date) -> Record {
    let mut record = bare("penalty.fine", MARKET, occurred);
    record.document = Some(Document {
        number: "佛禅市监处〔2026〕1号".into(),
        authority: "禅城区市场监督管理局".into(),
        date: occurred,
    });
    record
}

/// An entry of the list of judgment defaulters, a month old.
fn defaulted() -> Record {
    let month_ago = ON.saturating_sub(1.month());
    let mut record = bare("court.judgment-defaulter", "chancheng.court", month_ago);
    record.document = Some(Document {
        number: "（2026）粤0604执1号".into(),
        authority: "禅城区人民法院".into(),
        date: month_ago,
    });
    record
}

fn the(number: u64) -> Target {
    Target::Number(RecordNumber(number))
}

fn of(submission: u64) -> Target {
    Target::Submission(SubmissionId(submission))
}

#[test]
fn only_the_source_confirms_and_only_by_confirming() {
    let mut told = Told::new();
    let fine = told.fine();
    assert_eq!(told.standing(fine), Standing::Pending);
    for (item, source, relation) in [
        ("act.confirm", POLICE, Relation::Confirms),
        ("act.tell", MARKET, Relation::Confirms),
        ("act.confirm", MARKET, Relation::Withdraws),
        ("act.withdraw", MARKET, Relation::Withdraws),
    ] {
        told.says(item, source, relation, of(fine));
        assert_eq!(
            told.standing(fine),
            Standing::Pending,
            "{item} {source} {relation:?}"
        );
    }
    told.confirm(fine);
    assert_eq!(told.standing(fine), Standing::Counts);
}

#[test]
fn what_was_linked_waits_for_a_confirmation_after_its_link() {
    let mut told = Told::new();
    let fine = told.confirmed_fine();
    told.says("act.link", MARKET, Relation::Links, the(fine));
    assert_eq!(
        told.standing(fine),
        Standing::Pending,
        "confirmed before it was linked"
    );
    told.says("act.confirm", POLICE, Relation::Confirms, of(fine));
    assert_eq!(told.standing(fine), Standing::Pending, "by another source");
    told.confirm(fine);
    assert_eq!(told.standing(fine), Standing::Counts);
}

#[test]
fn a_whole_hand_in_is_taken_back_by_its_source_and_two_officers() {
    let mut told = Told::new();
    let fine = told.confirmed_fine();
    let licence = told.push_in(fine, bare("licence.general", MARKET, ON));
    let other = told.confirmed_fine();
    let foreign = told.says("act.withdraw", POLICE, Relation::Withdraws, of(fine));
    told.says("act.confirm", POLICE, Relation::Confirms, of(foreign));
    assert_eq!(told.standing(fine), Standing::Counts, "another's");
    let act = told.says("act.withdraw", MARKET, Relation::Withdraws, of(fine));
    assert_eq!(told.standing(fine), Standing::Counts, "one officer");
    told.says("act.confirm", POLICE, Relation::Confirms, of(act));
    assert_eq!(
        told.standing(fine),
        Standing::Counts,
        "confirmed by another source"
    );
    let by = RecordNumber(act);
    let confirmation = told.confirm(act);
    assert_eq!(told.standing(fine), Standing::Withdrawn { by });
    assert_eq!(told.standing(licence), Standing::Withdrawn { by });
    assert_eq!(told.standing(other), Standing::Counts, "another hand-in");
    // Before the confirmation was known it counted.
    let known = record::TreeSize(confirmation);
    let found = assess(&DEMO, &told.0, AsOf { on: ON, known });
    assert_eq!(
        found.standing(RecordNumber(fine)).expect("known").standing,
        Standing::Counts
    );
    // Taken back once more, the first of both is named; and the first taken back, the second.
    let again = told.says("act.withdraw", MARKET, Relation::Withdraws, of(fine));
    told.confirm(again);
    assert_eq!(told.standing(fine), Standing::Withdrawn { by });
    told.says("act.withdraw", MARKET, Relation::Withdraws, the(act));
    let by = RecordNumber(again);
    assert_eq!(told.standing(fine), Standing::Withdrawn { by });
}

#[test]
fn what_a_dropped_proposal_asked_for_does_not_happen() {
    let mut told = Told::new();
    let fine = told.confirmed_fine();
    let act = told.says("act.withdraw", MARKET, Relation::Withdraws, of(fine));
    told.says("act.withdraw", MARKET, Relation::Withdraws, the(act));
    told.confirm(act);
    assert_eq!(told.standing(fine), Standing::Counts);
}

/// A hand-in of corrections that is taken back leaves what it corrected as it was.
#[test]
fn corrections_that_are_taken_back_correct_nothing() {
    for whole in [false, true] {
        let mut told = Told::new();
        let old = told.confirmed_fine();
        let mut correction = fine(ON);
        correction.references.push(Reference {
            relation: Relation::Corrects,
            target: the(old),
        });
        let new = told.push(correction);
        assert_eq!(
            told.standing(old),
            Standing::Counts,
            "an unconfirmed correction takes no place"
        );
        told.confirm(new);
        assert_eq!(
            told.standing(old),
            Standing::Corrected {
                by: RecordNumber(new)
            }
        );
        let act = told.says(
            "act.withdraw",
            MARKET,
            Relation::Withdraws,
            if whole { of(new) } else { the(new) },
        );
        told.confirm(act);
        assert_eq!(
            told.standing(new),
            Standing::Withdrawn {
                by: RecordNumber(act)
            }
        );
        assert_eq!(told.standing(old), Standing::Counts);
    }
}

#[test]
fn only_its_source_corrects_a_record() {
    let mut told = Told::new();
    let licence = told.push(bare("licence.general", MARKET, ON));
    let mut other = bare("licence.general", POLICE, ON);
    other.references.push(Reference {
        relation: Relation::Corrects,
        target: the(licence),
    });
    told.push(other);
    assert_eq!(told.standing(licence), Standing::Counts);
}

#[test]
fn a_revocation_revokes_consents_and_from_its_day_on() {
    let mut told = Told::new();
    let consent = told.push(bare("act.consent", "subject", date(2026, 1, 1)));
    let fine = told.confirmed_fine();
    told.says("act.revoke", "subject", Relation::Revokes, the(fine));
    assert_eq!(told.standing(fine), Standing::Counts, "no consent");
    let tomorrow = ON.saturating_add(1.day());
    let revocation = told.says_on(tomorrow, "act.revoke", "subject", Relation::Revokes, the(consent));
    assert_eq!(told.standing(consent), Standing::Counts, "not yet");
    let by = RecordNumber(revocation);
    assert_eq!(told.standing_on(tomorrow, consent), Standing::Withdrawn { by });
}

#[test]
fn an_objection_suspends_until_the_day_of_its_answer_or_until_it_is_taken_back() {
    let mut told = Told::new();
    let fine = told.confirmed_fine();
    let yesterday = ON.saturating_sub(1.day());
    let objection = told.says_on(yesterday, "act.object", "subject", Relation::ObjectsTo, the(fine));
    let by = RecordNumber(objection);
    assert_eq!(told.standing(fine), Standing::Disputed { by });
    told.says("act.answer", MARKET, Relation::Answers, the(objection));
    assert_eq!(told.standing(fine), Standing::Counts, "answered today");
    assert_eq!(told.standing_on(yesterday, fine), Standing::Disputed { by });

    let mut told = Told::new();
    let fine = told.confirmed_fine();
    let objection = told.says("act.object", "subject", Relation::ObjectsTo, the(fine));
    told.says("act.withdraw", "subject", Relation::Withdraws, the(objection));
    assert_eq!(
        told.standing(fine),
        Standing::Counts,
        "the objection was taken back"
    );
}

#[test]
fn an_application_that_is_taken_back_is_owed_no_answer() {
    let mut told = Told::new();
    let fine = told.confirmed_fine();
    let application = told.says("act.apply-repair", "subject", Relation::Asks, the(fine));
    let owed = |told: &Told| {
        let since = RecordNumber(application);
        let found = duties(&DEMO, &told.0, all_known(&told.0));
        found.iter().filter(|duty| duty.since == since).count()
    };
    assert!(owed(&told) > 0);
    told.says("act.withdraw", "subject", Relation::Withdraws, the(application));
    assert_eq!(owed(&told), 0);
}

fn stated(item: &str, kind: SubjectKind, source: &str) -> Record {
    let mut record = bare(item, source, date(2020, 1, 1));
    record.subject.as_mut().expect("stated").kind = kind;
    record
}

/// The register says what kind of subject it is; only without one does any other record.
#[test]
fn the_register_says_what_kind_of_subject_it_is() {
    let licence = logged(0, 0, stated("licence.general", SubjectKind::Organisation, MARKET));
    let register = logged(
        1,
        1,
        stated("organisation.registration", SubjectKind::SoleTrader, MARKET),
    );
    let both = [licence.clone(), register];
    assert_eq!(
        assess(&DEMO, &both, all_known(&both)).kind,
        Some(SubjectKind::SoleTrader)
    );
    let alone = [licence];
    assert_eq!(
        assess(&DEMO, &alone, all_known(&alone)).kind,
        Some(SubjectKind::Organisation)
    );
}

/// A date of birth that no register stated makes nobody a minor, who would be rated by nothing.
#[test]
fn only_the_register_says_when_one_was_born() {
    let mut told = Told::new();
    let mut licence = bare("licence.general", MARKET, ON);
    licence.fields.insert(
        FieldName::new("birth_date").expect("name"),
        Value::Date(date(2015, 1, 1)),
    );
    let fine = told.confirmed_fine();
    told.push(licence);
    assert_eq!(told.standing(fine), Standing::Counts);
    assert!(
        assess(&DEMO, &told.0, all_known(&told.0))
            .rating
            .grade()
            .is_some()
    );
}

/// One who is a minor, and one who is dead: each for itself has no procedure of a list.
#[test]
fn the_young_and_the_dead_are_in_no_procedure() {
    let listed = |making: Making, dead: bool| {
        let mut told = Told(make(&DEMO, making, &[]));
        let entry = told.push(defaulted());
        told.says("act.confirm", "chancheng.court", Relation::Confirms, of(entry));
        if dead {
            let mut death = bare("person.registration", POLICE, ON.saturating_sub(1.day()));
            death.fields.insert(
                FieldName::new("death_date").expect("name"),
                Value::Date(ON.saturating_sub(1.day())),
            );
            told.push(death);
        }
        assess(&DEMO, &told.0, all_known(&told.0)).procedures.len()
    };
    let young = Making {
        born: date(2010, 1, 1),
        ..Making::PERSON
    };
    assert_eq!(listed(Making::PERSON, false), 1);
    assert_eq!(listed(young, false), 0);
    assert_eq!(listed(Making::PERSON, true), 0);
}

#[test]
fn a_restriction_tells_what_it_rests_on() {
    let listed = |kind: SubjectKind, bundle: &Bundle| {
        let making = Making {
            kind,
            ..Making::PERSON
        };
        let mut told = Told(make(bundle, making, &[]));
        let mut entry = defaulted();
        entry.subject.as_mut().expect("stated").kind = kind;
        let field = |name: &str| FieldName::new(name).expect("name");
        entry
            .fields
            .insert(field("disrupt_type"), Value::Text("有履行能力而拒不履行".into()));
        let entry = told.push(entry);
        told.says("act.confirm", "chancheng.court", Relation::Confirms, of(entry));
        (told, entry)
    };
    let restrictions = |bundle: &Bundle, told: &Told| {
        let found = assess(bundle, &told.0, all_known(&told.0));
        let restriction = |measure: Measure| match measure {
            Measure::Restriction(restriction) => Some(restriction),
            Measure::Incentive(_) => None,
        };
        found
            .measures
            .into_iter()
            .filter_map(restriction)
            .collect::<Vec<_>>()
    };
    let (mut told, entry) = listed(SubjectKind::Person, &DEMO);
    let found = restrictions(&DEMO, &told);
    assert!(!found.is_empty());
    for restriction in &found {
        assert_eq!(restriction.fact(), "有履行能力而拒不履行");
        assert_eq!(restriction.disputed(), None);
        assert!(restriction.unverified(), "all of them rest on memory so far");
    }
    let objection = told.says("act.object", "subject", Relation::ObjectsTo, the(entry));
    for restriction in restrictions(&DEMO, &told) {
        assert_eq!(restriction.disputed(), Some(RecordNumber(objection)));
    }
    // What is said of some kinds of subject restricts no other.
    let (firm, _) = listed(SubjectKind::Organisation, &DEMO);
    let of = |found: &[assess::Restriction]| -> Vec<String> {
        found.iter().map(|one| one.code().to_string()).collect()
    };
    let (persons, firms) = (of(&found), of(&restrictions(&DEMO, &firm)));
    for rule in DEMO.measures() {
        let assess::MeasureRule::Restriction(rule) = rule else {
            continue;
        };
        let code = rule.code.to_string();
        if !rule.subjects.contains(&SubjectKind::Person) {
            assert!(!persons.contains(&code), "{code}");
        }
        if !rule.subjects.contains(&SubjectKind::Organisation) {
            assert!(!firms.contains(&code), "{code}");
        }
    }
    assert_ne!(persons, firms);
}

/// What is timed is what is concluded.
#[test]
fn facts_fold_to_the_grade() {
    let mut told = Told::new();
    for _ in 0..3 {
        told.confirmed_fine();
    }
    let found = assess(&DEMO, &told.0, all_known(&told.0));
    let grade = found.rating.grade().expect("rated");
    let facts = Facts::of(&DEMO, &told.0, all_known(&told.0)).expect("a scorecard");
    assert!(facts.count() >= 3);
    assert_eq!(facts.fold(), Some((grade.letter, grade.points)));
    assert!(Facts::of(&DEMO, &[], all_known(&[])).is_none());
}

/// Repair may be asked for today, not from today on: no day is named. And the day is counted as its item counts.
#[test]
fn a_step_towards_repair_names_its_first_day_only_while_it_is_to_come() {
    let steps = |occurred: Date, decided: Date| {
        let mut told = Told::new();
        let mut record = fine(occurred);
        record.document.as_mut().expect("a document").date = decided;
        let fine = told.push(record);
        told.confirm(fine);
        let found = assess(&DEMO, &told.0, all_known(&told.0));
        let grade = found.rating.grade().expect("rated");
        let of_fine = grade
            .improvements
            .iter()
            .filter(|step| step.records == [RecordNumber(fine)]);
        let days: Vec<Option<Date>> = of_fine
            .filter(|step| step.step == assess::Step::Repair)
            .map(|step| step.on)
            .collect();
        days
    };
    let item = DEMO
        .item(&ItemCode::new("penalty.fine").expect("code"))
        .expect("an item");
    let least = i32::try_from(item.display_months_least.expect("a tier")).expect("small");
    let open = ON.saturating_sub(least.months());
    assert_eq!(steps(open, open), [None], "open today");
    let later = open.saturating_add(1.day());
    assert_eq!(steps(later, later), [Some(ON.saturating_add(1.day()))]);
    // Counted from the document, not from the fact.
    assert_eq!(
        steps(open.saturating_sub(30.days()), later),
        [Some(later.saturating_add(least.months()))]
    );
}

/// Nothing ends that says so of itself and is taken back on that very day by its source.
#[test]
fn an_end_and_a_withdrawal_of_one_day() {
    let mut told = Told::new();
    let mut record = fine(ON.saturating_sub(1.month()));
    record.ends = Some(Ends::On(ON));
    let fine = told.push(record);
    told.confirm(fine);
    assert_eq!(told.standing(fine), Standing::Ended { on: ON });
    let act = told.says("act.withdraw", MARKET, Relation::Withdraws, the(fine));
    assert_eq!(
        told.standing(fine),
        Standing::Withdrawn {
            by: RecordNumber(act)
        }
    );
}

/// What is not adverse has its effect from its day on, whenever its document was written.
#[test]
fn only_what_is_adverse_waits_for_the_day_of_its_document() {
    let mut told = Told::new();
    let mut licence = bare("licence.general", MARKET, ON);
    licence.document = Some(Document {
        number: "粤禅证〔2026〕1号".into(),
        authority: "禅城区市场监督管理局".into(),
        date: ON.saturating_add(5.days()),
    });
    let licence = told.push(licence);
    assert_eq!(told.standing(licence), Standing::Counts);
    let mut late = fine(ON);
    late.document.as_mut().expect("a document").date = ON.saturating_add(5.days());
    let late = told.push(late);
    told.confirm(late);
    assert_eq!(told.standing(late), Standing::Future);
}

/// An exit names its entry by number, with the relation of an exit; and ends it on its own day, not before.
#[test]
fn an_exit_ends_the_entry_that_it_names_on_its_day() {
    let court = "chancheng.court";
    let entered = || {
        let mut told = Told::new();
        let entry = told.push(defaulted());
        told.says("act.confirm", court, Relation::Confirms, of(entry));
        (told, entry)
    };
    for (relation, days, today, then) in [
        (
            Relation::Exits,
            0,
            Standing::Ended { on: ON },
            Standing::Ended { on: ON },
        ),
        (Relation::Asks, 0, Standing::Counts, Standing::Counts),
        (
            Relation::Exits,
            3,
            Standing::Counts,
            Standing::Ended {
                on: ON.saturating_add(3.days()),
            },
        ),
    ] {
        let (mut told, entry) = entered();
        let mut exit = bare("court.performed", court, ON.saturating_add(days.days()));
        exit.references.push(Reference {
            relation,
            target: the(entry),
        });
        told.push(exit);
        assert_eq!(told.standing(entry), today, "{relation:?} {days}");
        assert_eq!(
            told.standing_on(ON.saturating_add(3.days()), entry),
            then,
            "{relation:?} {days}"
        );
    }
}

/// Each condition of a repair says in its own words whether it is met.
#[test]
fn conditions_of_repair_say_whether_they_are_met() {
    let mut told = Told::new();
    let old = told.push(fine(ON.saturating_sub(6.months())));
    told.confirm(old);
    let conditions = |told: &Told| {
        let found = assess(&DEMO, &told.0, all_known(&told.0));
        let answer = assess::repair(&DEMO, &told.0, &found, RecordNumber(old)).expect("an answer");
        answer.conditions
    };
    let need = |needs: assess::RepairNeed| {
        let words = DEMO
            .repair_rules()
            .conditions()
            .iter()
            .find(|one| one.needs == needs);
        words.expect("words").clone()
    };
    for condition in conditions(&told) {
        let words = need(condition.needs);
        let expect = if condition.met { &words.met } else { &words.missing };
        if !expect.zh.contains('{') {
            assert_eq!(condition.text, *expect, "{:?}", condition.needs);
        }
        assert_ne!(words.met, words.missing);
    }
    let performed = |told: &Told| {
        let found = conditions(told);
        let of = found
            .iter()
            .find(|one| one.needs == assess::RepairNeed::Performed);
        of.expect("a condition").by
    };
    assert_eq!(performed(&told), None);
    // What shows that it was performed names the record, and with the relation for that.
    for (relation, target, shows) in [
        (Relation::Asks, old, false),
        (Relation::Exits, 0, false),
        (Relation::Exits, old, true),
    ] {
        let mut paid = bare("penalty.performed", MARKET, ON);
        paid.references.push(Reference {
            relation,
            target: the(target),
        });
        let paid = told.push(paid);
        assert_eq!(
            performed(&told),
            shows.then_some(RecordNumber(paid)),
            "{relation:?} {target}"
        );
    }
}

/// What counts of months are the months it covers, whenever it was written down.
#[test]
fn months_count_by_what_they_cover() {
    let mut told = Told::new();
    let mut paid = bare(
        "person.social-insurance",
        "foshan.hrss",
        ON.saturating_sub(30.months()),
    );
    let field = |name: &str| FieldName::new(name).expect("name");
    paid.fields
        .insert(field("period_from"), Value::Date(ON.saturating_sub(16.months())));
    paid.fields
        .insert(field("period_to"), Value::Date(ON.saturating_sub(2.months())));
    let paid = told.push(paid);
    let found = assess(&DEMO, &told.0, all_known(&told.0));
    let grade = found.rating.grade().expect("rated");
    let mut recent = grade
        .reasons
        .iter()
        .filter(|one| one.because.clause.as_str().ends_with(".social-insurance-recent"));
    assert!(
        recent.any(|one| one.because.records.contains(&RecordNumber(paid))),
        "{:?}",
        grade.reasons
    );
}

/// A restriction that is not for persons restricts none, whatever list they are on.
#[test]
fn a_restriction_is_for_its_kinds_of_subject() {
    let for_firms = support::changed(
        "measures/restrictions.toml",
        "from_lists = [\"court-defaulters\"]\nsubjects = [\"person\", \"organisation\", \"sole_trader\"]",
        "from_lists = [\"court-defaulters\"]\nsubjects = [\"organisation\"]",
        Realm::Demo,
    );
    for (bundle, restricted) in [(&*DEMO, true), (&for_firms, false)] {
        let mut told = Told(make(bundle, Making::PERSON, &[]));
        let mut entry = defaulted();
        let fact = FieldName::new("disrupt_type").expect("name");
        entry
            .fields
            .insert(fact, Value::Text("有履行能力而拒不履行".into()));
        let entry = told.push(entry);
        told.says("act.confirm", "chancheng.court", Relation::Confirms, of(entry));
        let found = assess(bundle, &told.0, all_known(&told.0));
        let consumption = |measure: &Measure| match measure {
            Measure::Restriction(one) => one.code().as_str() == "limit-consumption",
            Measure::Incentive(_) => false,
        };
        assert_eq!(found.measures.iter().any(consumption), restricted);
    }
}

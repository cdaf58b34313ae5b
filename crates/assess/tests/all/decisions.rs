//! What a decision and an assessment say beside what worked cases hold: words, codes, and ways to find things in them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use assess::{Ask, Bundle, Decision, Measure, ReasonKind, Verdict, assess, decide};
use jiff::ToSpan;
use record::{Act, Document, Logged, Realm, Reference, Relation, SubmissionId, Target, Value};

use crate::made::{Making, ON, all_known, bare, counter, logged, make};
use crate::support;

static DEMO: LazyLock<Bundle> = LazyLock::new(|| support::bundle(Realm::Demo));

fn decided(bundle: &Bundle, records: &[Logged], asked: &Ask) -> Decision {
    let found = assess(bundle, records, all_known(records));
    decide(bundle, records, &found, asked)
}

#[test]
fn each_verdict_has_its_words() {
    let records = make(&DEMO, Making::PERSON, &[]);
    let service = DEMO.service(&counter(&[]).service).expect("a service").clone();
    let everything: Vec<&str> = service
        .materials
        .iter()
        .map(|material| material.code.as_str())
        .collect();
    let complete = decided(&DEMO, &records, &counter(&everything));
    assert_eq!(
        (complete.verdict, &complete.text),
        (Verdict::Complete, &service.complete_text)
    );
    let ordinary = decided(&DEMO, &records, &counter(&[]));
    assert_eq!(
        (ordinary.verdict, &ordinary.text),
        (Verdict::Ordinary, &service.ordinary_text)
    );
    assert_ne!(service.complete_text, service.ordinary_text);
    let deferred = decided(&DEMO, &records, &counter(&["application", "inspection-report"]));
    let Verdict::DeferMaterials { due } = deferred.verdict else {
        panic!("{:?}", deferred.verdict)
    };
    assert!(
        deferred.text.zh.contains(&due.to_string()),
        "{}",
        deferred.text.zh
    );
}

/// The trust path opens for a purpose that may ask for a grade, and that is among the service's: for neither alone.
#[test]
fn the_trust_path_opens_for_the_services_purposes_only() {
    let asked = |purpose: &str| Ask {
        purpose: purpose.parse().expect("a code"),
        ..counter(&["application", "inspection-report"])
    };
    let may_ask = support::changed(
        "access/purposes.toml",
        "code = \"audit.review\"",
        "code = \"audit.review\"\nmay_ask_grade = true",
        Realm::Demo,
    );
    let may_not = support::changed("access/purposes.toml", "may_ask_grade = true\n", "", Realm::Demo);
    for (bundle, purpose, opens) in [
        (&*DEMO, "counter.service", true),
        (&may_ask, "audit.review", false),
        (&may_not, "counter.service", false),
    ] {
        let found = decided(bundle, &make(bundle, Making::PERSON, &[]), &asked(purpose));
        let deferred = matches!(found.verdict, Verdict::DeferMaterials { .. });
        let shut = found
            .reasons
            .iter()
            .any(|reason| reason.kind == ReasonKind::PurposeWithoutGrade);
        assert_eq!((deferred, shut), (opens, !opens), "{purpose}: {found:?}");
    }
}

/// The pages look a reason's words up by its code.
#[test]
fn reasons_have_codes_of_their_own() {
    let all = [
        (ReasonKind::NothingMissing, "nothing_missing"),
        (ReasonKind::NoVisitNeeded, "no_visit_needed"),
        (ReasonKind::Trusted, "trusted"),
        (ReasonKind::CoreMissing, "core_missing"),
        (ReasonKind::NoConsent, "no_consent"),
        (ReasonKind::PurposeWithoutGrade, "purpose_without_grade"),
        (ReasonKind::TrustNotOpen, "trust_not_open"),
        (ReasonKind::NoTrustPath, "no_trust_path"),
        (ReasonKind::OtherSubject, "other_subject"),
        (ReasonKind::UnknownService, "unknown_service"),
    ];
    let codes: BTreeSet<&str> = all.iter().map(|(kind, _)| kind.code()).collect();
    assert_eq!(codes.len(), all.len());
    for (kind, code) in all {
        assert_eq!(kind.code(), code);
    }
}

/// A confirmed adverse record after those that every file has.
fn with_adverse(item: &str, source: &str, days_ago: i32) -> (Vec<Logged>, Logged) {
    let mut records = make(&DEMO, Making::PERSON, &[]);
    let number = records.len() as u64;
    let mut record = bare(item, source, ON.saturating_sub(days_ago.days()));
    record.document = Some(Document {
        number: "样例〔2026〕1号".into(),
        authority: "样例".into(),
        date: record.occurred,
    });
    let fact = "disrupt_type".parse().expect("a name");
    record
        .fields
        .insert(fact, Value::Text("有履行能力而拒不履行".into()));
    let one = logged(number, number, record);
    let mut confirm = bare(Act::Confirm.code(), source, ON);
    confirm.subject = None;
    confirm.references.push(Reference {
        relation: Relation::Confirms,
        target: Target::Submission(SubmissionId(number)),
    });
    records.push(one.clone());
    records.push(logged(number + 1, number + 1, confirm));
    (records, one)
}

#[test]
fn an_entry_leads_to_its_measures() {
    let (records, entry) = with_adverse("court.judgment-defaulter", "chancheng.court", 10);
    let found = assess(&DEMO, &records, all_known(&records));
    assert_eq!(found.entries.len(), 1, "{:?}", found.standing(entry.number()));
    let of_entry: BTreeSet<_> = found
        .measures_from(entry.number())
        .map(|measure| measure.code().clone())
        .collect();
    let all: BTreeSet<_> = DEMO
        .measures_of_list(&found.entries[0].list)
        .map(|rule| rule.code().clone())
        .collect();
    assert!(
        !of_entry.is_empty() && of_entry.is_subset(&all),
        "{of_entry:?} of {all:?}"
    );
    assert_eq!(
        found.measures_from(records[0].number()).count(),
        0,
        "of another record none"
    );
}

/// Guard 6: an entry without number and authority of its document is none, whatever came through the door.
#[test]
fn a_document_names_its_number_and_its_authority() {
    for (number, authority, listed) in [
        ("样例〔2026〕1号", "样例法院", true),
        ("样例〔2026〕1号", " ", false),
        ("", "样例法院", false),
    ] {
        let (mut records, one) = with_adverse("court.judgment-defaulter", "chancheng.court", 10);
        let mut record = one.record().clone();
        let document = record.document.as_mut().expect("a document");
        (document.number, document.authority) = (number.to_owned(), authority.to_owned());
        let at = records
            .iter()
            .position(|other| other.number() == one.number())
            .expect("there");
        records[at] = logged(one.number().0, one.submission().0, record);
        let found = assess(&DEMO, &records, all_known(&records));
        assert_eq!(!found.entries.is_empty(), listed, "`{number}` of `{authority}`");
        let restricted = found
            .measures
            .iter()
            .any(|measure| matches!(measure, Measure::Restriction(_)));
        assert_eq!(restricted, listed);
    }
}

/// Display ends on the day on which the longest display is over, though effect goes on.
#[test]
fn display_ends_on_its_day() {
    let shown_shorter = {
        let mut files = support::files();
        let text = files.get_mut("catalogue/judicial.toml").expect("the file");
        *text = text.replace("display_months_most = 60", "display_months_most = 12");
        support::parse(files, Realm::Demo)
    };
    // 2025-06-01 is 365 days before, and its twelve months are over that day.
    for (days_ago, displayed) in [(364, true), (365, false), (366, false)] {
        let (records, one) = with_adverse("court.judgment-defaulter", "chancheng.court", days_ago);
        let found = assess(&shown_shorter, &records, all_known(&records));
        let standing = found.standing(one.number()).expect("known");
        assert_eq!(standing.displayed, displayed, "{days_ago} days ago: {standing:?}");
    }
}

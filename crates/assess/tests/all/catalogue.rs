//! The catalogue: what it takes and refuses at the door, what its dates end, who sees it, and what may not be
//! published.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use assess::{Bundle, Hint, Level, Severity, Standing, assess, check, check_change};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use record::{
    Document, FieldName, Identifier, IdentifierKind, Realm, Record, Stated, SubjectKind, Value, ValueKind,
};

use crate::made::{Making, ON, all_known, drawn, items, make};
use crate::support;

static DEMO: LazyLock<Bundle> = LazyLock::new(|| support::bundle(Realm::Demo));

const JUDICIAL: &str = "catalogue/judicial.toml";
const UTILITY: &str = "utility.arrears-judgment";
const UTILITY_CODE: &str = "code = \"utility.arrears-judgment\"\n";

/// A record of the item with everything it asks for, each text from its code list.
fn whole(bundle: &Bundle, item: &str, occurred: Date) -> Record {
    let item = bundle.item(&item.parse().expect("code")).expect("an item");
    let source = bundle
        .sources()
        .find(|source| source.items.contains(&item.code))
        .expect("a source");
    let value = |field: &assess::FieldSpec| match field.kind {
        ValueKind::Integer => Value::Integer(12),
        ValueKind::Amount => Value::Amount(record::AmountFen::new(100).expect("small")),
        ValueKind::Date => Value::Date(occurred),
        ValueKind::Bool => Value::Bool(true),
        ValueKind::Bytes => Value::Bytes(Vec::new()),
        ValueKind::Text => {
            let first = field.values.as_ref().and_then(|values| values.first());
            Value::Text(first.map_or("词", |first| first.zh.as_str()).to_owned())
        }
    };
    let fields: BTreeMap<FieldName, Value> = item
        .fields
        .iter()
        .map(|field| (field.name.clone(), value(field)))
        .collect();
    Record {
        source: source.code.clone(),
        item: item.code.clone(),
        subject: Some(Stated {
            kind: item.subjects[0],
            name: "词".to_owned(),
            identifier: None,
        }),
        document: Some(Document {
            number: "一号".to_owned(),
            authority: "某局".to_owned(),
            date: occurred,
        }),
        occurred,
        ends: None,
        fields,
        references: Vec::new(),
    }
}

fn faults(bundle: &Bundle, record: &Record) -> Vec<&'static str> {
    let mut codes: Vec<&str> = bundle
        .check_record(record)
        .iter()
        .map(assess::ItemFault::code)
        .collect();
    codes.sort_unstable();
    codes
}

fn set(record: &mut Record, field: &str, value: Value) {
    record.fields.insert(FieldName::new(field).expect("name"), value);
}

#[test]
fn it_holds_what_a_district_collects() {
    assert!(DEMO.items().count() >= 80, "{}", DEMO.items().count());
    for kind in [SubjectKind::Person, SubjectKind::Organisation] {
        let rateable = DEMO
            .items()
            .filter(|item| item.rateable && item.subjects.contains(&kind));
        assert!(rateable.count() >= 40, "{kind:?}");
    }
    for level in [Level::City, Level::District, Level::Town] {
        assert!(DEMO.sources().any(|source| source.level == level), "{level:?}");
    }
    assert!(DEMO.sources().count() >= 24);
    for item in DEMO.items() {
        assert!(
            !item.legal_basis.is_empty() && !item.seen_for.is_empty(),
            "{}",
            item.code
        );
        let texts = item.fields.iter().filter(|field| field.kind == ValueKind::Text);
        for field in texts {
            assert!(
                field.max_chars.is_some(),
                "{} of {} has no length",
                field.name,
                item.code
            );
        }
    }
}

#[test]
fn every_item_takes_a_whole_record_of_each_of_its_sources() {
    for item in DEMO.items() {
        let day = item
            .until
            .map_or(date(2026, 5, 20), |until| until.yesterday().expect("a day"));
        let mut record = whole(&DEMO, item.code.as_str(), day);
        for source in DEMO.sources().filter(|source| source.items.contains(&item.code)) {
            record.source = source.code.clone();
            assert_eq!(DEMO.check_record(&record), [], "{} of {}", item.code, source.code);
        }
    }
}

#[test]
fn a_code_list_takes_its_own_words_only() {
    let mut record = whole(&DEMO, UTILITY, date(2026, 5, 20));
    assert!(faults(&DEMO, &record).is_empty());
    for (text, expect) in [
        ("供电", vec![]),
        ("供暖", vec!["NOT-IN-LIST"]),
        ("Electricity", vec!["NOT-IN-LIST"]),
        ("供电 ", vec!["NOT-IN-LIST"]),
        ("", vec!["TOO-LONG"]),
    ] {
        set(&mut record, "utility", Value::Text(text.to_owned()));
        assert_eq!(faults(&DEMO, &record), expect, "{text}");
    }
    set(&mut record, "utility", Value::Text("供暖".to_owned()));
    let said = DEMO.check_record(&record);
    assert_eq!(said[0].field(), Some("utility"));
    assert_eq!(
        said[0].to_string(),
        "`utility` is `供暖`; it takes one of: 供水、供电、供气、通信"
    );
}

#[test]
fn a_quantity_is_never_below_nought() {
    for (item, field, number, expect) in [
        (
            "person.social-insurance",
            "months",
            Value::Integer(-1),
            vec!["NEGATIVE"],
        ),
        ("person.social-insurance", "months", Value::Integer(0), vec![]),
        ("penalty.fine", "fine", amount(-1), vec!["NEGATIVE"]),
        ("penalty.fine", "fine", amount(0), vec![]),
    ] {
        let mut record = whole(&DEMO, item, date(2026, 5, 20));
        set(&mut record, field, number);
        assert_eq!(faults(&DEMO, &record), expect, "{item} {:?}", record.fields);
    }
}

fn amount(fen: i64) -> Value {
    Value::Amount(record::AmountFen::new(fen).expect("within bounds"))
}

/// Who was under 18 then is not taken as having failed (guard 13): by the identity number, or else by what the row says.
#[test]
fn nothing_adverse_is_taken_of_a_minor() {
    let (day, child, adult) = (date(2026, 5, 20), date(2008, 5, 21), date(2008, 5, 20));
    let of = |item: &str, kind: SubjectKind, born: Date| {
        let mut record = whole(&DEMO, item, day);
        let number = record::demo_resident_id("440604", born, 1).expect("a number");
        let number = Identifier::parse(IdentifierKind::ResidentId, &number, Realm::Demo);
        record.subject = Some(Stated {
            kind,
            name: "词".to_owned(),
            identifier: Some(number.expect("made up").0),
        });
        record
    };
    for (item, kind, born, expect) in [
        ("penalty.fine", SubjectKind::Person, child, vec!["JUVENILE"]),
        ("penalty.fine", SubjectKind::Person, adult, vec![]),
        ("penalty.fine", SubjectKind::SoleTrader, child, vec![]),
        ("honour.person", SubjectKind::Person, child, vec![]),
    ] {
        assert_eq!(
            faults(&DEMO, &of(item, kind, born)),
            expect,
            "{item} {kind:?} {born}"
        );
    }
    let mut hinted = of("penalty.fine", SubjectKind::Person, adult);
    set(&mut hinted, Hint::BirthDate.field(), Value::Date(child));
    assert_eq!(
        faults(&DEMO, &hinted),
        ["FIELD-UNKNOWN"],
        "the number tells who it is"
    );
    hinted.subject.as_mut().expect("somebody").identifier = None;
    assert_eq!(faults(&DEMO, &hinted), ["JUVENILE"]);
}

#[test]
fn a_hint_is_of_its_kind_and_length() {
    let bare = whole(&DEMO, "penalty.fine", date(2026, 5, 20));
    for (hint, value, expect) in [
        (Hint::BirthDate, Value::Date(date(1980, 1, 2)), vec![]),
        (
            Hint::BirthDate,
            Value::Text("1980".to_owned()),
            vec!["FIELD-KIND"],
        ),
        (Hint::Address, Value::Text("汾江中路".to_owned()), vec![]),
        (Hint::Phone, Value::Integer(120), vec!["FIELD-KIND"]),
        (Hint::Number, Value::Text("4".repeat(300)), vec![]),
        (Hint::Number, Value::Text("4".repeat(301)), vec!["TOO-LONG"]),
        (Hint::Number, Value::Text(String::new()), vec!["TOO-LONG"]),
    ] {
        let mut record = bare.clone();
        set(&mut record, hint.field(), value.clone());
        assert_eq!(faults(&DEMO, &record), expect, "{hint:?} {value:?}");
        assert_eq!(Hint::of_field(hint.field()), Some(hint));
    }
    let mut record = bare;
    set(&mut record, Hint::Phone.field(), Value::Integer(120));
    let said = DEMO.check_record(&record);
    assert_eq!(
        said[0].to_string(),
        "`subject_phone` takes a text, not a whole number"
    );
    assert_eq!(Hint::of_field("fine"), None);
}

/// The house's bundle, with one item that began and ended.
fn dated(since: Date, until: Date) -> Bundle {
    let dates = format!("{UTILITY_CODE}since = {since}\nuntil = {until}\n");
    support::changed(JUDICIAL, UTILITY_CODE, &dates, Realm::Demo)
}

#[test]
fn an_item_takes_what_occurred_within_its_dates() {
    let bundle = dated(date(2020, 1, 1), date(2026, 1, 1));
    for (occurred, expect) in [
        (date(2019, 12, 31), vec!["ITEM-NOT-YET"]),
        (date(2020, 1, 1), vec![]),
        (date(2025, 12, 31), vec![]),
        (date(2026, 1, 1), vec!["ITEM-ENDED"]),
        (date(2030, 1, 1), vec!["ITEM-ENDED"]),
    ] {
        assert_eq!(
            faults(&bundle, &whole(&bundle, UTILITY, occurred)),
            expect,
            "{occurred}"
        );
    }
}

#[test]
fn an_item_that_ended_keeps_what_it_has() {
    let ended = "organisation.code-certificate".parse().expect("code");
    let item = DEMO
        .item(&ended)
        .expect("it stays in the catalogue, so that its records stay readable");
    let until = item.until.expect("it ended");
    assert!(item.takes(until.yesterday().expect("a day")) && !item.takes(until));
    // A judgment from before the end counts until its own months are over, one from the day on never.
    let bundle = dated(date(2020, 1, 1), date(2026, 3, 1));
    let codes = items(&bundle, SubjectKind::Person);
    let at = codes
        .iter()
        .position(|code| code.as_str() == UTILITY)
        .expect("the item");
    for (days_ago, expect) in [(92, Standing::Uncatalogued), (93, Standing::Counts)] {
        let one = crate::made::Drawn {
            item: at,
            days_ago,
            quantity: 1,
            ends_after: None,
            confirmed: true,
            then: Vec::new(),
        };
        let records = make(&bundle, Making::PERSON, &[one]);
        let found = assess(&bundle, &records, all_known(&records));
        let standing = found.standings.iter().find(|one| one.item.as_str() == UTILITY);
        assert_eq!(
            standing.expect("it stands there").standing,
            expect,
            "{days_ago} days ago"
        );
    }
}

#[test]
fn who_may_see_an_item() {
    let seen = |item: &str, purpose: &str| {
        let item = DEMO.item(&item.parse().expect("code")).expect("an item");
        item.is_seen_for(&purpose.parse().expect("code"))
    };
    for (item, purpose, expect) in [
        ("licence.hygiene", "counter.service", true),
        ("licence.hygiene", "curiosity", false),
        ("court.judgment-defaulter", "counter.service", false),
        ("court.judgment-defaulter", "audit.review", true),
        ("person.registration", "department.evidence", true),
    ] {
        assert_eq!(seen(item, purpose), expect, "{item} for {purpose}");
    }
    for item in DEMO.items() {
        assert!(seen(item.code.as_str(), "own-file"), "{}", item.code);
    }
    // Naming none leaves it to publicity.
    let mut files = support::files();
    for text in files.values_mut() {
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| !line.starts_with("seen_for"))
            .collect();
        *text = lines.join("\n");
    }
    let bundle = support::parse(files, Realm::Demo);
    let purpose = "counter.service".parse().expect("code");
    for item in bundle.items() {
        assert_eq!(
            item.is_seen_for(&purpose),
            item.publicity != assess::Publicity::Restricted,
            "{}",
            item.code
        );
    }
}

/// What may not be seen at the counter spares nobody a paper there, and no such service is published.
#[test]
fn a_material_is_held_only_where_it_may_be_seen() {
    let item = "code = \"person.social-insurance\"";
    let files = support::files();
    let text = &files["catalogue/characteristics.toml"];
    let of_item = &text[text.find(item).expect("the item")..];
    let before = of_item[..of_item.find("legal_basis").expect("its law")].to_owned();
    let after = before.replace("\"counter.service\", ", "");
    assert_ne!(before, after);
    let unseen = support::changed("catalogue/characteristics.toml", &before, &after, Realm::Demo);
    let rules = check(&unseen);
    let about = |finding: &&assess::Finding| {
        finding.about == "services.insurance-certificate" && finding.severity == Severity::Error
    };
    let errors: Vec<_> = rules.iter().filter(about).collect();
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(
        errors[0]
            .message
            .contains("`person.social-insurance` is not seen for `counter.service`")
    );
    let case = BTreeMap::from([(
        "cases/one.toml".to_owned(),
        "[[case]]\nname = \"paid\"\non = 2026-06-01\nsubject = \"person\"\n\
        ask = { service = \"insurance-certificate\" }\nexpect = { verdict = \"zero_visit\" }\n\
        [[case.record]]\nitem = \"person.social-insurance\"\noccurred = 2026-01-01\nfields = { months = 3 }\n"
            .to_owned(),
    )]);
    assert!(assess::run_cases(&DEMO, &case)[0].passed());
    let now = &assess::run_cases(&unseen, &case)[0];
    assert_eq!(
        now.differences,
        ["the verdict is `ordinary`, expected `zero_visit`"]
    );
}

#[test]
fn what_no_catalogue_may_say() {
    for (file, old, new, expect) in [
        (
            JUDICIAL,
            UTILITY_CODE,
            "code = \"utility.arrears-judgment\"\nsince = 2026-01-01\nuntil = 2026-01-01\n",
            "ends before it begins",
        ),
        (
            JUDICIAL,
            UTILITY_CODE,
            "code = \"utility.arrears-judgment\"\nuntil = 2026\n",
            "invalid type",
        ),
        (JUDICIAL, "{ zh = \"供电\",", "{ zh = \"供水\",", "stands twice"),
        (JUDICIAL, "{ zh = \"供电\",", "{ zh = \"\",", "lacks a language"),
        (
            JUDICIAL,
            "zh = \"供电\"",
            "zh = \"一二三四五六七八九十一二三四五六七八九十一\"",
            "longer than `max_chars`",
        ),
        (
            "catalogue/tax.toml",
            "kind = \"amount\"\n",
            "kind = \"amount\"\nvalues = [{ zh = \"一\", en = \"1\" }]\n",
            "is no text",
        ),
    ] {
        let found = Bundle::parse(support::changed_files(file, old, new), Realm::Demo).expect_err(expect);
        assert!(
            found
                .iter()
                .any(|fault| fault.file == file && fault.line > 0 && fault.to_string().contains(expect)),
            "{expect}: {found:?}"
        );
    }
}

#[test]
fn what_parses_but_is_not_whole() {
    const RULE: &str = "catalogue-whole";
    let purposes = "seen_for = [\"own-file\", \"department.evidence\"";
    for (file, old, new, expect) in [
        (
            "catalogue/classes.toml",
            "[[class]]\ncode = \"registration\"",
            "[[class]]\ncode = \"astrology\"\nname = { zh = \"星象\", en = \"Stars\" }\nadverse_months_most = 1\nlegal_basis = []\n\n[[class]]\ncode = \"registration\"",
            "class `astrology` has no item",
        ),
        (
            "catalogue/administration.toml",
            "tier = \"general\"\nrateable",
            "rateable",
            "`penalty.fine` states no tier",
        ),
        (
            "catalogue/administration.toml",
            "repairable = true\n",
            "",
            "does not state whether it can be repaired",
        ),
        (
            "catalogue/administration.toml",
            "retention_months = 60\n",
            "",
            "states no retention",
        ),
        (
            "catalogue/judicial.toml",
            "retention_months = 60",
            "retention_months = 59",
            "is kept for `59` months and has effect for `60`",
        ),
        (
            JUDICIAL,
            purposes,
            "seen_for = [\"own-file\", \"curiosity\"",
            "there is no purpose `curiosity`",
        ),
        (
            JUDICIAL,
            purposes,
            "seen_for = [\"department.evidence\"",
            "kept from its own subject",
        ),
        (
            "catalogue/penalties.toml",
            "max_chars = 256\n",
            "max_chars = 256\nvalues = []\n",
            "the code list of field `kind` is empty",
        ),
    ] {
        let found = check(&support::changed(file, old, new, Realm::Demo));
        let told = found
            .iter()
            .find(|finding| finding.rule == RULE && finding.message.contains(expect));
        let told = told.unwrap_or_else(|| panic!("{expect}: {found:?}"));
        assert_eq!(told.severity, Severity::Error);
        let line = told
            .message
            .strip_prefix(&format!("{file}:"))
            .and_then(|rest| rest.split(':').next()?.parse().ok());
        assert!(line.is_some_and(|line: usize| line > 1), "{}", told.message);
        assert!(!told.help.is_empty());
    }
}

#[test]
fn an_item_does_not_vanish() {
    let mut files = support::files();
    let text = files.get_mut("catalogue/conduct.toml").expect("the file");
    *text = text.replace("conduct.clean-report", "conduct.clean-slate");
    let sources = files.get_mut("sources.toml").expect("the file");
    *sources = sources.replace("conduct.clean-report", "conduct.clean-slate");
    for text in files.values_mut() {
        *text = text.replace("\"conduct.clean-report\"", "\"conduct.clean-slate\"");
    }
    let new = support::parse(files, Realm::Demo);
    let gone: Vec<String> = check_change(&DEMO, &new)
        .into_iter()
        .filter(|finding| finding.rule == "catalogue-kept")
        .map(|finding| finding.about)
        .collect();
    assert_eq!(gone, ["conduct.clean-report"]);
    assert!(check_change(&DEMO, &DEMO).is_empty());
}

/// The house's bundle with one item ended on a day.
fn ended(code: &str, until: Date) -> Bundle {
    let mut files = support::files();
    let old = format!("[[item]]\ncode = \"{code}\"\n");
    let text = files
        .iter_mut()
        .filter(|(path, _)| path.starts_with("catalogue/"))
        .find_map(|(_, text)| text.contains(&old).then_some(text))
        .expect("the item");
    *text = text.replacen(&old, &format!("{old}until = {until}\n"), 1);
    support::parse(files, Realm::Demo)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: support::cases(40), ..ProptestConfig::default() })]

    /// What occurred when its item had ended has no effect at all; what occurred before, exactly the one it had.
    #[test]
    fn nothing_has_effect_that_occurred_after_its_item_ended(
        person in prop::bool::ANY, drawn in drawn(), nth in 0..4_096_usize, days in 0..1_200_i32,
    ) {
        let making = if person { Making::PERSON } else { Making::FIRM };
        let codes = items(&DEMO, making.kind);
        let code = &codes[nth % codes.len()];
        let until = ON.saturating_sub(jiff::Span::new().days(days));
        prop_assume!(DEMO.item(code).is_some_and(|item| item.until.is_none()));
        let bundle = ended(code.as_str(), until);
        // The item meets itself more often than chance would have it.
        let drawn: Vec<_> = drawn.into_iter().enumerate().map(|(at, mut one)| {
            if at % 3 == 0 {
                one.item = nth;
            }
            one
        }).collect();
        let records = make(&DEMO, making, &drawn);
        let (before, after) = (assess(&DEMO, &records, all_known(&records)), assess(&bundle, &records, all_known(&records)));
        for (one, other) in before.standings.iter().zip(&after.standings).filter(|(one, _)| one.item == *code) {
            let occurred = records.iter().find(|logged| logged.number() == one.number).expect("it is there").record().occurred;
            if occurred < until {
                prop_assert_eq!(one.standing, other.standing);
                prop_assert_eq!(one.displayed, other.displayed);
                continue;
            }
            prop_assert!(!matches!(other.standing, Standing::Counts | Standing::Disputed { .. } | Standing::Future), "{other:?}");
            prop_assert!(!other.displayed);
            prop_assert!(after.entries.iter().all(|entry| entry.record != one.number));
            if let Some(grade) = after.rating.grade() {
                prop_assert!(grade.reasons.iter().all(|reason| !reason.because.records.contains(&one.number)));
            }
        }
    }

    /// At the door, for every item: taken if and only if it occurred within the dates.
    #[test]
    fn the_door_keeps_the_dates(nth in 0..4_096_usize, days in -800..800_i32) {
        let codes: Vec<_> = DEMO.items().map(|item| item.code.clone()).collect();
        let code = &codes[nth % codes.len()];
        prop_assume!(DEMO.item(code).is_some_and(|item| item.until.is_none()));
        let until = date(2026, 6, 1);
        let bundle = ended(code.as_str(), until);
        let occurred = until.saturating_add(jiff::Span::new().days(days));
        let found = faults(&bundle, &whole(&bundle, code.as_str(), occurred));
        let expect: &[&str] = if occurred < until { &[] } else { &["ITEM-ENDED"] };
        prop_assert_eq!(found, expect);
    }
}

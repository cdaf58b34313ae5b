//! F1: the same file of another person. Whatever a grade must never see is changed, and no grade changes.
//!
//! A twin has the records of its other half, on the same days, with the same numbers. It has another name, sex,
//! age, birthplace and nationality, as far as identifiers, dates of birth and words can tell them; its
//! records come from other towns' and departments' desks; and the population registers hold more of it.
//! `XINLIAN_COUNTERFACTUALS` says how many pairs are drawn.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use assess::{Bundle, Rating, assess};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use record::{
    FieldName, Identifier, IdentifierKind, ItemCode, Logged, Realm, Record, SourceCode, Stated, SubjectKind,
    Target, Value, ValueKind,
};

use crate::made::{Making, ON, all_known, drawn, logged, make};
use crate::support;

static DEMO: LazyLock<Bundle> = LazyLock::new(|| support::bundle(Realm::Demo));

/// Who the other half of a pair is.
#[derive(Debug, Clone)]
struct Other {
    /// Put into every text, name and document: ethnicity, religion, sex, kin, language, neighbourhood.
    words: &'static str,
    /// Of age whenever anything occurred: what happens under 18 never counts, and that is the rule.
    born: Date,
    /// Area of birth and sex, as identity numbers hold them.
    area: u32,
    serial: u32,
    /// Which of the sources that may hand in an item does so.
    source: usize,
    /// How many records the registers hold beside.
    registered: usize,
}

fn others() -> impl Strategy<Value = Other> {
    let words = prop::sample::select(vec![
        "维吾尔族 女 佛教 外来务工 祖庙街道",
        "阿不都热依木",
        "Nguyễn Thị Hoa",
        "78岁 独居 离异 残疾 白血病",
        "粤语 客家 农业户口 丈夫失信",
    ]);
    let born = (1920..=2000_i16, 1..=12_i8, 1..=28_i8).prop_map(|(y, m, d)| date(y, m, d));
    let areas = prop::sample::select(vec![110_101, 440_604, 540_102, 650_102, 810_000]);
    (words, born, areas, 1..=999_u32, 0..6_usize, 0..4_usize).prop_map(
        |(words, born, area, serial, source, registered)| Other {
            words,
            born,
            area,
            serial,
            source,
            registered,
        },
    )
}

impl Other {
    /// Its identity number, checked digit included.
    fn identifier(&self) -> Option<Identifier> {
        let born = format!(
            "{:04}{:02}{:02}",
            self.born.year(),
            self.born.month(),
            self.born.day()
        );
        let body = format!("{}{born}{:03}", self.area, self.serial);
        "0123456789X"
            .chars()
            .find_map(|check| {
                Identifier::parse(IdentifierKind::ResidentId, &format!("{body}{check}"), Realm::Demo).ok()
            })
            .map(|(identifier, _)| identifier)
    }

    /// The other half's records: each of the same item, day, quantity and end.
    fn twin(&self, records: &[Logged]) -> Vec<Logged> {
        let sources = self.sources(records);
        let mut twins: Vec<Logged> = records
            .iter()
            .zip(sources)
            .map(|(one, source)| logged(one.number().0, one.submission().0, self.of(one, source)))
            .collect();
        let next = twins.len() as u64;
        let more = (next..).zip(self.register(records));
        twins.extend(more.map(|(number, record)| logged(number, number, record)));
        twins
    }

    /// Who hands in each record: another that may. Whoever acts on its own record goes with it.
    fn sources(&self, records: &[Logged]) -> Vec<SourceCode> {
        let root = |one: &Logged| {
            let mut at = one.clone();
            while let Some(before) =
                target(&at).and_then(|number| records.iter().find(|one| one.number().0 == number))
            {
                at = before.clone();
            }
            at
        };
        let of = |one: &Logged| {
            let (own, root) = (&one.record().source, root(one));
            if *own == root.record().source {
                self.source(root.record())
            } else {
                own.clone()
            }
        };
        records.iter().map(of).collect()
    }

    fn source(&self, record: &Record) -> SourceCode {
        // Acts keep their source: who may do them is part of the rule.
        let may: Vec<&SourceCode> = DEMO
            .sources()
            .filter(|source| source.items.contains(&record.item))
            .map(|source| &source.code)
            .collect();
        let own = may.contains(&&record.source);
        may.get(self.source % may.len().max(1))
            .filter(|_| own)
            .map_or_else(|| record.source.clone(), |source| (*source).clone())
    }

    fn of(&self, one: &Logged, source: SourceCode) -> Record {
        let mut record = one.record().clone();
        record.source = source;
        let person = record
            .subject
            .as_ref()
            .is_some_and(|stated| stated.kind == SubjectKind::Person);
        if let Some(stated) = &mut record.subject {
            *stated = Stated {
                kind: stated.kind,
                name: self.words.to_owned(),
                identifier: self.identifier().filter(|_| person),
            };
        }
        if let Some(document) = &mut record.document {
            document.authority = self.words.to_owned();
        }
        if record.item.as_str().starts_with("act.") {
            return record;
        }
        let item = DEMO.item(&record.item).expect("an item of the catalogue");
        if item.founds && person {
            record.occurred = self.born;
        }
        for (name, value) in &mut record.fields {
            let spec = item.field(name.as_str());
            match value {
                Value::Text(text) if spec.is_some_and(|spec| spec.values.is_none()) => {
                    self.words.clone_into(text);
                }
                Value::Date(day) if name.as_str() == "birth_date" => *day = self.born,
                _ => {}
            }
        }
        record
    }

    /// What registers hold beside: records that no scorecard may read.
    fn register(&self, records: &[Logged]) -> Vec<Record> {
        let Some(stated) = records.iter().find_map(|one| one.record().subject.clone()) else {
            return Vec::new();
        };
        let unrated = DEMO.items().filter(|item| {
            let plain = !item.founds && !item.rateable && !item.is_adverse();
            plain && item.subjects.contains(&stated.kind) && !decides_elsewhere(&item.code)
        });
        let unrated: Vec<_> = unrated.collect();
        let chosen = (0..self.registered)
            .filter_map(|at| unrated.get((self.serial as usize + at * 7) % unrated.len().max(1)));
        let made = chosen.map(|item| {
            let source = DEMO
                .sources()
                .find(|source| source.items.contains(&item.code))
                .expect("a source");
            let words = item
                .fields
                .iter()
                .filter(|spec| spec.kind == ValueKind::Text && spec.values.is_none());
            Record {
                source: source.code.clone(),
                item: item.code.clone(),
                subject: Some(Stated {
                    name: self.words.to_owned(),
                    ..stated.clone()
                }),
                document: None,
                occurred: ON.yesterday().expect("a day"),
                ends: None,
                fields: words
                    .map(|spec| (spec.name.clone(), Value::Text(self.words.to_owned())))
                    .collect::<BTreeMap<FieldName, Value>>(),
                references: Vec::new(),
            }
        });
        made.collect()
    }
}

/// The earlier record that this one is about.
fn target(one: &Logged) -> Option<u64> {
    let about = one
        .record()
        .references
        .first()
        .map(|reference| reference.target)?;
    match about {
        Target::Number(number) => Some(number.0),
        Target::Submission(submission) => Some(submission.0),
        Target::Commitment(_) => None,
    }
    .filter(|number| *number < one.number().0)
}

/// Items that end or open something by the law's own word: exits, steps, deaths, plans.
fn decides_elsewhere(item: &ItemCode) -> bool {
    let by_step = DEMO.lists().any(|list| {
        list.exits.contains(item) || list.steps.iter().any(|step| step.by.as_ref() == Some(item))
    });
    by_step
        || DEMO
            .item(item)
            .is_some_and(|item| item.class == "life" || item.code.as_str().starts_with("organisation."))
}

fn pairs() -> u32 {
    std::env::var("XINLIAN_COUNTERFACTUALS")
        .ok()
        .and_then(|pairs| pairs.parse().ok())
        .unwrap_or(1_000)
}

fn rating(records: &[Logged]) -> Rating {
    assess(&DEMO, records, all_known(records)).rating
}

proptest! {
    #![proptest_config(ProptestConfig { cases: pairs(), ..ProptestConfig::default() })]

    #[test]
    fn f1_no_grade_sees_who_someone_is(
        making in prop::sample::select(vec![Making::PERSON, Making::PERSON, Making::FIRM]),
        drawn in drawn(),
        other in others(),
    ) {
        let one = make(&DEMO, making, &drawn);
        let twin = other.twin(&one);
        prop_assert_eq!(rating(&one), rating(&twin), "{:?}", other);
    }
}

/// The property would say nothing if pairs were alike, or if grades were blind to everything.
#[test]
fn f1_pairs_differ_and_grades_see_what_they_may() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut identified, mut moved, mut registered, mut seen) = (0, 0, 0, 0);
    for _ in 0..300 {
        let records = make(
            &DEMO,
            Making::PERSON,
            &drawn().new_tree(&mut runner).expect("drawn").current(),
        );
        let other = others().new_tree(&mut runner).expect("drawn").current();
        let twin = other.twin(&records);
        identified += usize::from(
            twin[0]
                .record()
                .subject
                .as_ref()
                .is_some_and(|stated| stated.identifier.is_some()),
        );
        let pairs = records.iter().zip(&twin);
        moved += pairs
            .filter(|(one, other)| one.record().source != other.record().source)
            .count();
        registered += twin.len() - records.len();
        // What a grade may see: the same file a year later.
        let later = record::AsOf {
            on: date(2027, 6, 1),
            ..all_known(&records)
        };
        seen += usize::from(assess(&DEMO, &records, later).rating != rating(&records));
    }
    assert!(identified >= 250, "{identified} twins with an identity number");
    assert!(moved >= 100, "{moved} records from another desk");
    assert!(registered >= 200, "{registered} records more");
    assert!(seen >= 150, "{seen} files whose grade the year changed");
}

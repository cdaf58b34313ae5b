//! Made-up files of one subject: what proptest draws, and the records it becomes.

use std::collections::{BTreeMap, BTreeSet};

use assess::{Ask, Bundle};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use record::{
    Act, AmountFen, AsOf, Commitment, Document, Ends, FieldName, ItemCode, Logged, Record, RecordNumber,
    Reference, Relation, SourceCode, Stated, SubjectKind, SubmissionId, Target, TreeSize, Value, ValueKind,
};

/// The day on which everything is asked.
pub(crate) const ON: Date = date(2026, 6, 1);

/// One drawn record, and what later befalls it.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    pub(crate) item: usize,
    pub(crate) days_ago: i32,
    pub(crate) quantity: i64,
    pub(crate) ends_after: Option<i32>,
    pub(crate) confirmed: bool,
    pub(crate) then: Vec<(Then, i32)>,
}

/// What may befall a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    Objected,
    Rejected,
    Upheld,
    Repaired,
    Withdrawn,
    WithdrawnByAnother,
    Unlinked,
    LinkedAgain,
    Corrected,
    Exited,
}

pub(crate) fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let then = prop::sample::select(vec![
        Then::Objected,
        Then::Rejected,
        Then::Upheld,
        Then::Repaired,
        Then::Withdrawn,
        Then::WithdrawnByAnother,
        Then::Unlinked,
        Then::LinkedAgain,
        Then::Corrected,
        Then::Exited,
    ]);
    let one = (
        0..4_096_usize,
        -30..2_500_i32,
        prop_oneof![60..240_i64, 0..50_000_000_i64],
        prop::option::of(1..4_000_i32),
        prop::bool::weighted(0.8),
        prop::collection::vec((then, -30..400_i32), 0..3),
    );
    let one = one.prop_map(|(item, days_ago, quantity, ends_after, confirmed, then)| Drawn {
        item,
        days_ago,
        quantity,
        ends_after,
        confirmed,
        then,
    });
    // Thin files, thick ones, and thick ones in which nothing adverse was ever confirmed.
    let unconfirmed = one.clone().prop_map(|one| Drawn {
        confirmed: false,
        then: Vec::new(),
        ..one
    });
    prop_oneof![
        prop::collection::vec(one.clone(), 0..4),
        prop::collection::vec(one, 0..32),
        prop::collection::vec(unconfirmed, 8..40),
    ]
}

/// How a file is made of what was drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Making {
    pub(crate) kind: SubjectKind,
    pub(crate) born: Date,
    pub(crate) notice: bool,
    pub(crate) consent: bool,
    /// Put into every text, name and unread field.
    pub(crate) words: &'static str,
    pub(crate) documents: bool,
}

impl Making {
    pub(crate) const PERSON: Self = Self {
        kind: SubjectKind::Person,
        born: date(1980, 1, 1),
        notice: true,
        consent: true,
        words: "词",
        documents: true,
    };
    pub(crate) const FIRM: Self = Self {
        kind: SubjectKind::Organisation,
        ..Self::PERSON
    };
    pub(crate) const TRADER: Self = Self {
        kind: SubjectKind::SoleTrader,
        ..Self::PERSON
    };
}

/// The items that speak of this kind of subject, and eight times more those that a rule reads: of a long
/// catalogue the drawn files would otherwise seldom meet a rule.
pub(crate) fn items(bundle: &Bundle, kind: SubjectKind) -> Vec<ItemCode> {
    let of_kind: Vec<ItemCode> = bundle
        .items()
        .filter(|item| item.subjects.contains(&kind) && !item.founds)
        .map(|item| item.code.clone())
        .collect();
    let features = bundle.scorecards().flat_map(|card| &card.features);
    let lists = bundle
        .lists()
        .flat_map(|list| list.items.iter().chain(&list.exits));
    let read: BTreeSet<&ItemCode> = features.flat_map(|feature| &feature.items).chain(lists).collect();
    let again = of_kind
        .iter()
        .filter(|code| read.contains(code))
        .flat_map(|code| [code; 8]);
    of_kind.iter().chain(again).cloned().collect()
}

pub(crate) fn make(bundle: &Bundle, making: Making, drawn: &[Drawn]) -> Vec<Logged> {
    let mut maker = Maker {
        bundle,
        making,
        found: Vec::new(),
    };
    maker.begin();
    let codes = items(bundle, making.kind);
    for one in drawn {
        maker.add(&codes[one.item % codes.len()], one);
    }
    maker.found
}

pub(crate) fn all_known(records: &[Logged]) -> AsOf {
    let most = records
        .iter()
        .map(|logged| logged.number().0 + 1)
        .max()
        .unwrap_or(0);
    AsOf {
        on: ON,
        known: TreeSize(most),
    }
}

pub(crate) fn counter(in_hand: &[&str]) -> Ask {
    Ask {
        service: "hygiene-licence-renewal".parse().expect("code"),
        purpose: "counter.service".parse().expect("code"),
        in_hand: in_hand.iter().map(ToString::to_string).collect(),
    }
}

/// The same record under another number, or otherwise changed.
pub(crate) fn logged(number: u64, submission: u64, record: Record) -> Logged {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    Logged::danger_from_log(
        RecordNumber(number),
        SubmissionId(submission),
        Commitment(bytes),
        record,
    )
}

struct Maker<'a> {
    bundle: &'a Bundle,
    making: Making,
    found: Vec<Logged>,
}

impl Maker<'_> {
    fn begin(&mut self) {
        let person = self.making.kind == SubjectKind::Person;
        let item = if person {
            "person.registration"
        } else {
            "organisation.registration"
        };
        let mut record = self.bare(item, "chancheng.police", self.making.born);
        if person {
            set(&mut record, "birth_date", Value::Date(self.making.born));
        } else {
            set(&mut record, "address", Value::Text(self.making.words.to_owned()));
        }
        self.push(record);
        if self.making.notice {
            self.push(self.bare(Act::Notice.code(), "subject", date(2015, 1, 1)));
        }
        if self.making.consent {
            let mut consent = self.bare(Act::Consent.code(), "subject", date(2026, 1, 1));
            set(
                &mut consent,
                "service",
                Value::Text("hygiene-licence-renewal".to_owned()),
            );
            set(&mut consent, "purpose", Value::Text("counter.service".to_owned()));
            self.push(consent);
        }
    }

    fn add(&mut self, code: &ItemCode, drawn: &Drawn) {
        let item = self.bundle.item(code).expect("an item of the catalogue");
        let source = self
            .bundle
            .sources()
            .find(|source| source.items.contains(code))
            .expect("a source");
        let source = source.code.as_str();
        let occurred = ON.saturating_sub(drawn.days_ago.days());
        let mut record = self.bare(code.as_str(), source, occurred);
        record.ends = drawn
            .ends_after
            .map(|days| Ends::On(occurred.saturating_add(days.days())));
        if self.making.documents {
            record.document = Some(Document {
                number: format!("{}〔2026〕{}号", self.making.words, drawn.quantity),
                authority: self.making.words.to_owned(),
                date: occurred,
            });
        }
        for spec in &item.fields {
            let read = item.quantity.as_ref() == Some(&spec.name);
            let value = match spec.kind {
                ValueKind::Integer if read => Value::Integer(drawn.quantity % 240),
                ValueKind::Amount if read => Value::Amount(AmountFen::new(drawn.quantity).expect("small")),
                ValueKind::Text if spec.name.as_str() != "entry_document" => {
                    Value::Text(self.making.words.to_owned())
                }
                ValueKind::Integer => Value::Integer(2025),
                _ => continue,
            };
            record.fields.insert(spec.name.clone(), value);
        }
        let number = self.push(record);
        if item.is_adverse() && drawn.confirmed {
            let target = Target::Submission(SubmissionId(number));
            self.act(
                Act::Confirm.code(),
                source,
                occurred,
                Relation::Confirms,
                target,
                None,
            );
        }
        for (then, days) in &drawn.then {
            self.befall(*then, number, code, source, occurred.saturating_add(days.days()));
        }
    }

    fn befall(&mut self, then: Then, number: u64, code: &ItemCode, source: &str, day: Date) {
        let target = Target::Number(RecordNumber(number));
        match then {
            Then::Objected => {
                self.act("act.object", "subject", day, Relation::ObjectsTo, target, None);
            }
            Then::Rejected | Then::Upheld => {
                let objection = self.act("act.object", "subject", day, Relation::ObjectsTo, target, None);
                let target = Target::Number(RecordNumber(objection));
                let upheld = Some(then == Then::Upheld);
                self.act("act.answer", source, day, Relation::Answers, target, upheld);
            }
            Then::Repaired => {
                self.act("act.repair", source, day, Relation::Repairs, target, None);
            }
            Then::Withdrawn => {
                self.act("act.withdraw", source, day, Relation::Withdraws, target, None);
            }
            Then::WithdrawnByAnother => {
                self.act("act.withdraw", "subject", day, Relation::Withdraws, target, None);
            }
            Then::Unlinked => {
                self.act("act.unlink", source, day, Relation::Unlinks, target, None);
            }
            Then::LinkedAgain => {
                self.act("act.link", source, day, Relation::Links, target, None);
            }
            Then::Corrected => {
                self.act(code.as_str(), source, day, Relation::Corrects, target, None);
            }
            Then::Exited => {
                self.act(
                    "court.performed",
                    "chancheng.court",
                    day,
                    Relation::Exits,
                    target,
                    None,
                );
            }
        }
    }

    fn act(
        &mut self,
        item: &str,
        source: &str,
        day: Date,
        relation: Relation,
        target: Target,
        upheld: Option<bool>,
    ) -> u64 {
        let mut record = self.bare(item, source, day);
        record.references.push(Reference { relation, target });
        if let Some(upheld) = upheld {
            set(&mut record, "upheld", Value::Bool(upheld));
        }
        self.push(record)
    }

    fn bare(&self, item: &str, source: &str, occurred: Date) -> Record {
        Record {
            source: SourceCode::new(source).expect("code"),
            item: ItemCode::new(item).expect("code"),
            subject: Some(Stated {
                kind: self.making.kind,
                name: self.making.words.to_owned(),
                identifier: None,
            }),
            document: None,
            occurred,
            ends: None,
            fields: BTreeMap::new(),
            references: Vec::new(),
        }
    }

    fn push(&mut self, record: Record) -> u64 {
        let number = self.found.len() as u64;
        self.found.push(logged(number, number, record));
        number
    }
}

fn set(record: &mut Record, name: &str, value: Value) {
    record.fields.insert(FieldName::new(name).expect("name"), value);
}

/// A record or act about a person, with nothing else in it.
pub(crate) fn bare(item: &str, source: &str, occurred: Date) -> Record {
    Record {
        source: SourceCode::new(source).expect("code"),
        item: ItemCode::new(item).expect("code"),
        subject: Some(Stated {
            kind: SubjectKind::Person,
            name: "词".to_owned(),
            identifier: None,
        }),
        document: None,
        occurred,
        ends: None,
        fields: BTreeMap::new(),
        references: Vec::new(),
    }
}

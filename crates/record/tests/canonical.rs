//! Canonical bytes: known answers (computed by an independent encoder written from RFC 8949 and 2104),
//! one encoding for one record, and nothing else read.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use record::{
    AmountFen, CanonicalError, Commitment, Date, Document, Ends, FieldName, Identifier, IdentifierKind,
    ItemCode, Realm, Record, RecordKey, RecordNumber, Reference, Relation, SourceCode, Stated, SubjectKind,
    SubmissionId, Submitted, Target, Value, demo_resident_id, demo_uscc,
};

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn smallest() -> Record {
    Record {
        source: SourceCode::new("court").unwrap(),
        item: ItemCode::new("act.confirm").unwrap(),
        subject: None,
        document: None,
        occurred: Date::constant(2026, 11, 23),
        ends: None,
        fields: BTreeMap::new(),
        references: Vec::new(),
    }
}

fn penalty() -> Record {
    let value = demo_uscc("91", "440604", 7).unwrap();
    let (identifier, _) = Identifier::parse(IdentifierKind::Uscc, &value, Realm::Demo).unwrap();
    let field = |name: &str, value| (FieldName::new(name).unwrap(), value);
    Record {
        source: SourceCode::new("chancheng.market").unwrap(),
        item: ItemCode::new("penalty.fine").unwrap(),
        subject: Some(Stated {
            kind: SubjectKind::Organisation,
            name: "佛山市示例餐饮有限公司".into(),
            identifier: Some(identifier),
        }),
        document: Some(Document {
            number: "佛禅市监处〔2026〕12号".into(),
            authority: "佛山市禅城区市场监督管理局".into(),
            date: Date::constant(2026, 4, 1),
        }),
        occurred: Date::constant(2026, 4, 1),
        ends: Some(Ends::On(Date::constant(2027, 4, 1))),
        fields: [
            field("fine_fen", Value::Amount(AmountFen::new(500_000).unwrap())),
            field("z", Value::Bool(true)),
            field("paid", Value::Date(Date::constant(2026, 4, 20))),
            field("months", Value::Integer(-3)),
        ]
        .into(),
        references: vec![Reference {
            relation: Relation::Corrects,
            target: Target::Number(RecordNumber(3)),
        }],
    }
}

/// Known answers. These bytes are a promise: a change here is a new version of the format.
#[test]
fn known_answers() {
    let key = RecordKey::from_random(std::array::from_fn(|i| u8::try_from(i).unwrap()));
    for (name, record, bytes, commitment) in [
        (
            "smallest",
            smallest(),
            "a40165636f757274026b6163742e636f6e6669726d05d903ec6a323032362d31312d323307a0",
            include_str!("known/smallest.commitment"),
        ),
        (
            "penalty",
            penalty(),
            include_str!("known/penalty.cbor.hex").trim(),
            include_str!("known/penalty.commitment"),
        ),
    ] {
        let found = record.canonical_bytes();
        assert_eq!(hex(&found), bytes, "{name}");
        assert_eq!(
            Commitment::to(&found, &key).to_string(),
            commitment.trim(),
            "{name}"
        );
        assert_eq!(Submitted(found).parse().unwrap(), record, "{name}");
    }
}

#[test]
fn other_encodings_of_the_same_record_are_refused() {
    let canonical = smallest().canonical_bytes();
    // The map's head written in two bytes, the same map of unknown length, and a byte too many.
    let mut long_head = vec![0xb8, 0x04];
    long_head.extend(&canonical[1..]);
    let mut indefinite = vec![0xbf];
    indefinite.extend(&canonical[1..]);
    indefinite.push(0xff);
    let mut trailing = canonical.clone();
    trailing.push(0);
    for bytes in [long_head, trailing] {
        assert_eq!(Submitted(bytes).parse(), Err(CanonicalError::NotCanonical));
    }
    assert!(matches!(
        Submitted(indefinite).parse(),
        Err(CanonicalError::Shape(_))
    ));
    assert!(matches!(
        Submitted(vec![0; (4 << 20) + 1]).parse(),
        Err(CanonicalError::TooLong(_))
    ));
}

fn any_date() -> impl Strategy<Value = Date> {
    (1900i16..2200, 1i8..13, 1i8..29).prop_map(|(y, m, d)| Date::new(y, m, d).unwrap())
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        "\\PC{0,40}".prop_map(Value::Text),
        any::<i64>().prop_map(Value::Integer),
        any::<bool>().prop_map(Value::Bool),
        any_date().prop_map(Value::Date),
        (-AmountFen::MAX_FEN..=AmountFen::MAX_FEN)
            .prop_map(|fen| Value::Amount(AmountFen::new(fen).unwrap())),
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(Value::Bytes),
    ]
}

fn any_subject() -> impl Strategy<Value = Stated> {
    ("\\PC{1,30}", 0u16..1000, any::<bool>(), any::<bool>()).prop_map(|(name, seq, person, named)| {
        let (kind, id, value) = if person {
            let value = demo_resident_id("440604", Date::constant(1980, 1, 2), seq).unwrap();
            (SubjectKind::Person, IdentifierKind::ResidentId, value)
        } else {
            (
                SubjectKind::Organisation,
                IdentifierKind::Uscc,
                demo_uscc("91", "440604", seq.into()).unwrap(),
            )
        };
        let identifier = named.then(|| Identifier::parse(id, &value, Realm::Demo).unwrap().0);
        Stated {
            kind,
            name,
            identifier,
        }
    })
}

fn any_reference() -> impl Strategy<Value = Reference> {
    let target = prop_oneof![
        any::<[u8; 32]>().prop_map(|bytes| Target::Commitment(Commitment(bytes))),
        any::<u64>().prop_map(|n| Target::Number(RecordNumber(n))),
        any::<u64>().prop_map(|n| Target::Submission(SubmissionId(n))),
    ];
    (proptest::sample::select(&Relation::ALL[..]), target)
        .prop_map(|(relation, target)| Reference { relation, target })
}

prop_compose! {
    fn any_record()(
        subject in proptest::option::of(any_subject()),
        document in proptest::option::of(("\\PC{1,30}", "\\PC{1,30}", any_date())),
        occurred in any_date(),
        ends_in_days in proptest::option::of(1i64..360),
        open in any::<bool>(),
        fields in proptest::collection::btree_map("[a-z][a-z0-9_]{0,40}", any_value(), 0..8),
        references in proptest::collection::vec(any_reference(), 0..4),
    ) -> Record {
        let ends = ends_in_days.map(|days| {
            let day = occurred.saturating_add(jiff::Span::new().days(days));
            if open { Ends::OnCorrection { review_by: day } } else { Ends::On(day) }
        });
        Record {
            source: SourceCode::new("any").unwrap(),
            item: ItemCode::new("any.item").unwrap(),
            subject,
            document: document.map(|(number, authority, date)| Document { number, authority, date }),
            occurred,
            ends,
            fields: fields.into_iter().map(|(name, value)| (FieldName::new(name).unwrap(), value)).collect(),
            references,
        }
    }
}

proptest! {
    #[test]
    fn one_record_one_encoding(record in any_record()) {
        let bytes = record.canonical_bytes();
        prop_assert_eq!(Submitted(bytes).parse().unwrap(), record);
    }

    #[test]
    fn any_change_of_a_byte_is_refused_or_another_record(record in any_record(), place: usize, flip in 1u8..) {
        let mut bytes = record.canonical_bytes();
        let place = place % bytes.len();
        bytes[place] ^= flip;
        if let Ok(other) = Submitted(bytes.clone()).parse() {
            prop_assert_ne!(&other, &record);
            prop_assert_eq!(other.canonical_bytes(), bytes);
        }
    }

    #[test]
    fn hostile_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Submitted(bytes).parse();
    }
}

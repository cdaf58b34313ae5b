//! People, companies and records, made up.

use std::collections::BTreeMap;

use record::{
    Date, Document, FieldName, Identifier, IdentifierKind, ItemCode, OfficerId, Realm, Record, SourceCode,
    Stated, SubjectKind, Value, demo_resident_id, demo_uscc,
};

pub(crate) fn source(code: &str) -> SourceCode {
    SourceCode::new(code).unwrap()
}

pub(crate) fn officer(name: &str) -> OfficerId {
    OfficerId::new(name).unwrap()
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A made-up person: number 0 to 999.
pub(crate) fn person(sequence: u16) -> Stated {
    Stated {
        kind: SubjectKind::Person,
        name: format!("罗志明{sequence}"),
        identifier: Some(resident(sequence)),
    }
}

pub(crate) fn resident(sequence: u16) -> Identifier {
    let id = demo_resident_id("440604", day("1980-01-01"), sequence).unwrap();
    identifier(IdentifierKind::ResidentId, &id)
}

fn identifier(kind: IdentifierKind, value: &str) -> Identifier {
    Identifier::parse(kind, value, Realm::Demo).unwrap().0
}

/// A made-up company.
pub(crate) fn company(number: u32) -> Stated {
    let code = demo_uscc("91", "440604", number).unwrap();
    Stated {
        kind: SubjectKind::Organisation,
        name: format!("佛山市禅城区第{number}陶瓷有限公司"),
        identifier: Some(identifier(IdentifierKind::Uscc, &code)),
    }
}

/// A record of an item about someone, with nothing else in it.
pub(crate) fn record(from: &str, item: &str, subject: Stated) -> Record {
    Record {
        source: source(from),
        item: ItemCode::new(item).unwrap(),
        subject: Some(subject),
        document: None,
        occurred: day("2026-06-01"),
        ends: None,
        fields: BTreeMap::new(),
        references: Vec::new(),
    }
}

pub(crate) fn with(mut record: Record, field: &str, value: Value) -> Record {
    record.fields.insert(FieldName::new(field).unwrap(), value);
    record
}

/// The entry in the base register that founds a person or company.
pub(crate) fn registration(subject: Stated) -> Record {
    match subject.kind {
        SubjectKind::Person => with(
            record("chancheng.police", "person.registration", subject),
            "birth_date",
            Value::Date(day("1980-01-01")),
        ),
        _ => with(
            record("chancheng.market", "organisation.registration", subject),
            "legal_representative",
            Value::Text("陈大文".into()),
        ),
    }
}

/// A record with its document.
pub(crate) fn documented(from: &str, item: &str, subject: Stated, number: &str) -> Record {
    let mut record = record(from, item, subject);
    record.document = Some(Document {
        number: number.to_owned(),
        authority: "禅城区市场监督管理局".into(),
        date: record.occurred,
    });
    record
}

/// An adverse record: it waits for a second officer.
pub(crate) fn penalty(subject: Stated, number: &str) -> Record {
    with(
        documented("chancheng.market", "penalty.fine", subject, number),
        "kind",
        Value::Text("罚款".into()),
    )
}

/// A neutral record: it is in effect at once.
pub(crate) fn licence(subject: Stated, number: &str) -> Record {
    with(
        documented("chancheng.market", "licence.general", subject, number),
        "kind",
        Value::Text("普通".into()),
    )
}

/// A record that belongs to nobody, for the name differs.
pub(crate) fn stray(sequence: u16, number: &str) -> Record {
    let mut stated = person(sequence);
    stated.name = "骆志明".into();
    licence(stated, number)
}

/// The register names a made-up person as the representative of an organisation.
pub(crate) fn represents(organisation: Stated, sequence: u16) -> Record {
    let mut named = with(
        record("chancheng.market", "organisation.representative", organisation),
        "representative",
        Value::Text(person(sequence).name),
    );
    let number = Value::Text(resident(sequence).value().to_owned());
    named = with(named, "representative_number", number);
    named
}

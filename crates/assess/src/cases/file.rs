//! The file of a case: its records, numbered and confirmed as a store would have them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use record::{
    Act, AmountFen, Commitment, Document, Ends, FieldName, ItemCode, Logged, Record, RecordNumber, Reference,
    Relation, SourceCode, Stated, SubjectKind, SubmissionId, Target, Value, ValueKind,
};

use super::served::Way;
use super::written::{Case, CaseRecord};
use crate::policy::{self, Bundle, ItemFault};

/// A made-up file of one subject.
pub(super) struct CaseFile {
    pub(super) records: Vec<Logged>,
    /// The numbers of the case's own records, in its order; none of what the door refused.
    pub(super) places: Vec<Option<RecordNumber>>,
    /// The items of the case's own records that the door took.
    pub(super) taken: BTreeSet<ItemCode>,
    subject: Stated,
}

impl CaseFile {
    pub(super) fn build(bundle: &Bundle, case: &Case, differences: &mut Vec<String>) -> Self {
        let mut file = Self {
            records: Vec::new(),
            places: Vec::new(),
            taken: BTreeSet::new(),
            subject: Stated {
                kind: case.subject,
                name: "样例".to_owned(),
                identifier: None,
            },
        };
        file.found(bundle, case);
        for (at, record) in case.records.iter().enumerate() {
            file.add(bundle, at, record, differences);
        }
        file
    }

    /// What a case has without saying so: registration, notice and the consents it names.
    fn found(&mut self, bundle: &Bundle, case: &Case) {
        let person = case.subject == SubjectKind::Person;
        let register = if person {
            "person.registration"
        } else {
            "organisation.registration"
        };
        let born = case.born.unwrap_or(Date::constant(1980, 1, 1));
        let begun = if person { born } else { Date::constant(2010, 1, 1) };
        let birth = person.then_some(("birth_date", Value::Date(born)));
        self.push_built_in(bundle, register, begun, birth.into_iter().collect());
        if person && case.notice.unwrap_or(true) {
            self.push_built_in(bundle, Act::Notice.code(), Date::constant(2020, 1, 1), Vec::new());
        }
        for service in &case.consent {
            let fields = vec![
                ("service", Value::Text(service.to_string())),
                ("purpose", Value::Text("counter.service".to_owned())),
            ];
            self.push_built_in(bundle, Act::Consent.code(), case.on, fields);
        }
    }

    fn push_built_in(&mut self, bundle: &Bundle, item: &str, occurred: Date, fields: Vec<(&str, Value)>) {
        let (Ok(item), Ok(own)) = (ItemCode::new(item), SourceCode::new("subject")) else {
            return;
        };
        let fields = fields
            .into_iter()
            .filter_map(|(name, value)| Some((FieldName::new(name).ok()?, value)));
        self.push(Record {
            source: source_of(bundle, &item).unwrap_or(own),
            item,
            subject: Some(self.subject.clone()),
            document: None,
            occurred,
            ends: None,
            fields: fields.collect(),
            references: Vec::new(),
        });
    }

    fn add(&mut self, bundle: &Bundle, at: usize, stated: &CaseRecord, differences: &mut Vec<String>) {
        let item = bundle.item(&stated.item);
        let Some(source) = stated.source.clone().or_else(|| source_of(bundle, &stated.item)) else {
            differences.push(format!("record {}: no source hands in `{}`", at + 1, stated.item));
            return;
        };
        let authority = bundle
            .source(&source)
            .map_or_else(|| source.to_string(), |source| source.name.zh.clone());
        let document = stated.document.as_ref().map(|number| Document {
            number: number.clone(),
            authority,
            date: stated.document_date.unwrap_or(stated.occurred),
        });
        let ends = stated.ends.map(Ends::On);
        let review = stated.review_by.map(|review_by| Ends::OnCorrection { review_by });
        let references = stated.refers.iter().filter_map(|reference| {
            let number = (*self.places.get(reference.to.checked_sub(1)?)?)?;
            Some(Reference {
                relation: reference.relation,
                target: Target::Number(number),
            })
        });
        let mut record = Record {
            source: source.clone(),
            item: stated.item.clone(),
            subject: Some(self.subject.clone()),
            document,
            occurred: stated.occurred,
            ends: ends.or(review),
            fields: fields(bundle, at, stated, differences),
            references: references.collect(),
        };
        let way = Way::of(bundle, &stated.item).filter(|_| stated.served);
        if let Some(way) = &way {
            way.complete(&mut record);
            self.push(way.notice(&record));
        }
        for fault in record.faults() {
            differences.push(format!("record {}: {fault}", at + 1));
        }
        let faults = item.map(|item| item.check(&record)).unwrap_or_default();
        if !stated.refused.is_empty() {
            refusal(at, &stated.refused, &faults, differences);
            self.places.push(None);
            return;
        }
        for fault in faults {
            differences.push(format!("record {}: {fault}", at + 1));
        }
        self.taken.insert(stated.item.clone());
        let delivery = way.map(|way| way.delivery(&record));
        let number = self.push(record);
        self.places.push(Some(number));
        if let Some(delivery) = delivery {
            self.push(delivery);
        }
        if item.is_some_and(policy::Item::is_adverse) && !stated.pending {
            self.confirm(source, number, stated.occurred);
        }
    }

    /// The second officer's confirmation of a record's submission.
    fn confirm(&mut self, source: SourceCode, number: RecordNumber, occurred: Date) {
        self.push(Record {
            source,
            item: Act::Confirm.item(),
            subject: None,
            document: None,
            occurred,
            ends: None,
            fields: BTreeMap::new(),
            references: vec![Reference {
                relation: Relation::Confirms,
                target: Target::Submission(SubmissionId(number.0)),
            }],
        });
    }

    fn push(&mut self, record: Record) -> RecordNumber {
        let number = RecordNumber(self.records.len() as u64);
        let mut bytes = [0; 32];
        for (byte, of_number) in bytes.iter_mut().zip(number.0.to_be_bytes()) {
            *byte = of_number;
        }
        let submission = SubmissionId(number.0);
        self.records.push(Logged::danger_from_log(
            number,
            submission,
            Commitment(bytes),
            record,
        ));
        number
    }
}

/// Whether the door refuses the record for these reasons and no others.
fn refusal(at: usize, wanted: &BTreeSet<String>, faults: &[ItemFault], differences: &mut Vec<String>) {
    let found: BTreeSet<String> = faults.iter().map(|fault| fault.code().to_owned()).collect();
    if found != *wanted {
        differences.push(format!(
            "record {}: the door finds {found:?}, expected {wanted:?}",
            at + 1
        ));
    }
}

fn source_of(bundle: &Bundle, item: &ItemCode) -> Option<SourceCode> {
    bundle
        .sources()
        .find(|source| source.items.contains(item))
        .map(|source| source.code.clone())
}

fn fields(
    bundle: &Bundle,
    at: usize,
    stated: &CaseRecord,
    differences: &mut Vec<String>,
) -> BTreeMap<FieldName, Value> {
    let mut found = BTreeMap::new();
    for (name, written) in &stated.fields {
        let spec = bundle
            .item(&stated.item)
            .and_then(|item| item.field(name.as_str()));
        match value(written, spec.map(|spec| spec.kind)) {
            Some(value) => {
                found.insert(name.clone(), value);
            }
            None => differences.push(format!("record {}: `{name}` cannot be `{written}`", at + 1)),
        }
    }
    found
}

/// Amounts are written as text, in yuan.
fn value(written: &toml::Value, kind: Option<ValueKind>) -> Option<Value> {
    match (written, kind) {
        (toml::Value::String(text), Some(ValueKind::Amount)) => {
            AmountFen::parse(text, 100).map(Value::Amount)
        }
        (toml::Value::String(text), _) => Some(Value::Text(text.clone())),
        (toml::Value::Integer(number), _) => Some(Value::Integer(*number)),
        (toml::Value::Boolean(yes), _) => Some(Value::Bool(*yes)),
        (toml::Value::Datetime(day), _) => day.to_string().parse().ok().map(Value::Date),
        _ => None,
    }
}

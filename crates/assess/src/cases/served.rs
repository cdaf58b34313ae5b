//! The notice and the delivery around a decision, for cases that are about something else: `served = true`.

use std::collections::BTreeMap;

use jiff::ToSpan;
use record::{Document, FieldName, ItemCode, Record, Value};

use crate::policy::{Bundle, LIST_FIELD, List, Step};

/// How long before its decision a listing is noticed in such a case: longer than any list waits.
const NOTICED_BEFORE_DAYS: i32 = 90;

/// What a list asks for before and after its decision.
pub(super) struct Way<'a> {
    list: &'a List,
    opening: &'a ItemCode,
    delivery: &'a ItemCode,
}

impl<'a> Way<'a> {
    /// The way onto the list that this item enters; none if its entries are in force as they come.
    pub(super) fn of(bundle: &'a Bundle, item: &ItemCode) -> Option<Self> {
        let list = bundle.lists().find(|list| list.items.contains(item))?;
        let opening = list.steps.iter().find(|step| step.opens() && !step.is_by(item))?;
        let decides = |step: &&Step| step.is_by(item) && step.leaves(&opening.to);
        let decision = list.steps.iter().find(decides)?;
        let serves = |step: &&Step| {
            step.leaves(&decision.to)
                && list.is_in_force(&step.to)
                && step.by.as_ref().is_some_and(|by| !list.exits.contains(by))
        };
        Some(Self {
            list,
            opening: opening.by.as_ref()?,
            delivery: list.steps.iter().find(serves)?.by.as_ref()?,
        })
    }

    /// The case that the decision names, its document's number if it names none.
    pub(super) fn complete(&self, decision: &mut Record) {
        let (Some(name), Some(document)) = (&self.list.case_field, &decision.document) else {
            return;
        };
        let number = Value::Text(document.number.clone());
        decision.fields.entry(name.clone()).or_insert(number);
    }

    pub(super) fn notice(&self, decision: &Record) -> Record {
        let mut notice = self.around(decision, self.opening, "告");
        notice.occurred = decision.occurred.saturating_sub(NOTICED_BEFORE_DAYS.days());
        if let Some(document) = &mut notice.document {
            document.date = notice.occurred;
        }
        let case = self.list.case_field.as_ref();
        if let Some((name, case)) = case.and_then(|name| decision.fields.get_key_value(name)) {
            notice.fields.insert(name.clone(), case.clone());
        }
        notice
    }

    pub(super) fn delivery(&self, decision: &Record) -> Record {
        let mut delivery = self.around(decision, self.delivery, "送");
        let number = decision.document.as_ref().map(|document| document.number.clone());
        if let (Ok(name), Some(number)) = (FieldName::new("entry_document"), number) {
            delivery.fields.insert(name, Value::Text(number));
        }
        delivery
    }

    fn around(&self, decision: &Record, item: &ItemCode, mark: &str) -> Record {
        let named = FieldName::new(LIST_FIELD).ok();
        let named = named.map(|name| (name, Value::Text(self.list.code.to_string())));
        let document = decision.document.as_ref().map(|document| Document {
            number: format!("{}{mark}", document.number),
            ..document.clone()
        });
        Record {
            source: decision.source.clone(),
            item: item.clone(),
            subject: decision.subject.clone(),
            document,
            occurred: decision.occurred,
            ends: None,
            fields: named.into_iter().collect::<BTreeMap<_, _>>(),
            references: Vec::new(),
        }
    }
}

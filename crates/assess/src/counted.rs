//! A record as a scorecard reads it.

use record::{AmountFen, RecordNumber, ValueKind};

use crate::fold::Fact;
use crate::policy::{Feature, Item, Reading};
use crate::resolve::Resolved;

/// A record that the fold reads, beside what it reads of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted<'a> {
    pub(crate) fact: Fact,
    pub(crate) item: &'a Item,
    pub(crate) resolved: &'a Resolved<'a>,
}

impl Counted<'_> {
    pub(crate) fn number(&self) -> RecordNumber {
        self.resolved.logged.number()
    }
}

/// A feature's value as it is written in texts: sums of money in yuan.
pub(crate) fn value_text(feature: &Feature, counted: &[Counted<'_>], value: i64) -> String {
    let of_money = feature.reading == Reading::Sum
        && counted.iter().any(|counted| {
            feature.items.contains(&counted.item.code)
                && counted.item.quantity_kind() == Some(ValueKind::Amount)
        });
    match AmountFen::new(value).filter(|_| of_money) {
        Some(amount) => amount.to_string(),
        None => value.to_string(),
    }
}

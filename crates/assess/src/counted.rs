//! A record as a scorecard reads it.

use jiff::civil::Date;
use record::{AmountFen, FieldName, RecordNumber, Value};

use crate::day::DayStamp;
use crate::fold::{Fold, Period};
use crate::policy::{Item, Reading};
use crate::reading::Fact;
use crate::resolve::{Resolution, Resolved};
use crate::standing::Standing;

/// A record that the fold reads, beside what it reads of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted<'a> {
    /// Its item's place.
    pub(crate) place: u16,
    pub(crate) fact: Fact,
    pub(crate) item: &'a Item,
    pub(crate) resolved: &'a Resolved<'a>,
}

impl Counted<'_> {
    /// Its fact, with its item's place.
    pub(crate) fn placed(&self) -> (u16, &Fact) {
        (self.place, &self.fact)
    }

    pub(crate) fn number(&self) -> RecordNumber {
        self.resolved.logged.number()
    }
}

/// The records that may be rated: in force, undisputed, of a rateable item that the scorecard reads.
pub(crate) fn counted<'a>(fold: &Fold, resolution: &'a Resolution<'a>) -> Vec<Counted<'a>> {
    let mut found = Vec::with_capacity(resolution.records.len());
    for resolved in &resolution.records {
        let Some(item) = resolved.item.filter(|item| item.rateable) else {
            continue;
        };
        if resolved.standing != Standing::Counts {
            continue;
        }
        if let Some(place) = fold.place(&item.code).filter(|place| fold.reads(*place)) {
            let fact = Fact {
                occurred: DayStamp::of(resolved.logged.record().occurred),
                quantity: quantity(item.quantity.as_ref(), resolved),
                covers: fold.period(place).and_then(|period| covers(period, resolved)),
            };
            found.push(Counted {
                place,
                fact,
                item,
                resolved,
            });
        }
    }
    found
}

pub(crate) fn quantity(field: Option<&FieldName>, resolved: &Resolved<'_>) -> i64 {
    match value(field, resolved) {
        Some(Value::Integer(number)) => *number,
        Some(Value::Amount(amount)) => amount.fen(),
        _ => 0,
    }
}

/// The first and the last month of a record's period. It ends when its `to_field` says, or else when the
/// record occurred; it begins when its `from_field` says, and has no more months than its `months_field`
/// says, the last ones. With neither it is one month long. What is not there says nothing; a period that
/// ends before it begins covers nothing.
pub(crate) fn covers(period: &Period, resolved: &Resolved<'_>) -> Option<(i32, i32)> {
    let day = |field: Option<&FieldName>| match value(field, resolved) {
        Some(Value::Date(day)) => Some(*day),
        _ => None,
    };
    let last: Date = day(period.to.as_ref()).unwrap_or(resolved.logged.record().occurred);
    let last = DayStamp::of(last).month();
    let begins = day(period.from.as_ref()).map(|day| DayStamp::of(day).month());
    let most = match value(period.months.as_ref(), resolved) {
        Some(Value::Integer(months)) => {
            let months = i32::try_from((*months).clamp(0, 100_000)).unwrap_or(0);
            Some(last.saturating_sub(months).saturating_add(1))
        }
        _ => None,
    };
    let first = begins.max(most).unwrap_or(last);
    (first <= last).then_some((first, last))
}

fn value<'r>(field: Option<&FieldName>, resolved: &'r Resolved<'_>) -> Option<&'r Value> {
    resolved.logged.record().fields.get(field?)
}

/// A feature's value as it is written in texts: sums of money in yuan, decayed counts with a point.
pub(crate) fn value_text(reading: Reading, of_money: bool, value: i64) -> String {
    match AmountFen::new(value).filter(|_| of_money) {
        Some(amount) => amount.to_string(),
        None if reading == Reading::DecayedCount => thousandths_text(value),
        None => value.to_string(),
    }
}

/// What is still missing to a value: of decayed counts as many new records as it takes.
pub(crate) fn missing_text(reading: Reading, of_money: bool, missing: i64) -> String {
    match reading {
        Reading::DecayedCount => (missing.saturating_add(999) / 1000).to_string(),
        _ => value_text(reading, of_money, missing),
    }
}

fn thousandths_text(value: i64) -> String {
    let text = format!("{}.{:03}", value / 1000, (value % 1000).abs());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_people_write_them() {
        for (reading, of_money, value, text) in [
            (Reading::Count, false, 3, "3"),
            (Reading::Sum, true, 123_450, "1234.50"),
            (Reading::DecayedCount, false, 1_000, "1"),
            (Reading::DecayedCount, false, 1_500, "1.5"),
            (Reading::DecayedCount, false, 62, "0.062"),
            (Reading::DecayedSum, false, 20, "20"),
        ] {
            assert_eq!(value_text(reading, of_money, value), text, "{reading:?} {value}");
        }
        assert_eq!(missing_text(Reading::DecayedCount, false, 1_001), "2");
    }
}

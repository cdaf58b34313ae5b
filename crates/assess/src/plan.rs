//! What rating reads of records at all: which items, and which of their fields.

use std::collections::BTreeSet;

use record::{Act, FieldName, ItemCode};
use serde::{Deserialize, Serialize};

use crate::fold::Period;
use crate::policy::{Bundle, Reading};

/// The items that tell of a notice of rating (guard 2).
pub(crate) const NOTICES: [&str; 2] = ["act.notice", "notice.rating"];

/// An item as rating reads it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The item.
    pub item: ItemCode,
    /// The field with its quantity.
    pub quantity: Option<FieldName>,
    /// Where its period stands, if months of it are counted: where it begins, where it ends, how many months.
    pub period: Option<[Option<FieldName>; 3]>,
}

/// All lines that the scorecards of a bundle may read, in order; a packed record names its line by its place here.
///
/// Every rateable item has a line, read today or not, so that a scorecard in the making can be tried on what was packed for
/// the one in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Plan {
    lines: Vec<Line>,
}

impl Plan {
    /// What the scorecards of a bundle may read.
    pub fn of(bundle: &Bundle) -> Self {
        let mut lines = BTreeSet::new();
        let mut counted: BTreeSet<ItemCode> = bundle
            .scorecards()
            .flat_map(|card| card.applies_with.iter().cloned())
            .collect();
        counted.insert(Act::Notice.item());
        counted.extend(NOTICES.iter().filter_map(|code| ItemCode::new(*code).ok()));
        for item in bundle.items().filter(|item| item.rateable) {
            let line = |period| Line {
                item: item.code.clone(),
                quantity: item.quantity.clone(),
                period,
            };
            let features = bundle.scorecards().flat_map(|card| &card.features);
            let months = features.filter(|feature| feature.reading == Reading::Months);
            let of_item = months.filter(|feature| feature.items.contains(&item.code));
            let periods: BTreeSet<_> = of_item
                .map(|feature| feature.period().map(Option::<&_>::cloned))
                .collect();
            if periods.is_empty() {
                lines.insert(line(None));
            }
            lines.extend(periods.into_iter().map(|period| line(Some(period))));
            counted.remove(&item.code);
        }
        lines.extend(counted.into_iter().map(|item| Line {
            item,
            quantity: None,
            period: None,
        }));
        Self {
            lines: lines.into_iter().collect(),
        }
    }

    /// Its lines, by place.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The lines of an item, by place.
    pub(crate) fn of_item(&self, item: &ItemCode) -> impl Iterator<Item = (u16, &Line)> {
        let first = self.lines.partition_point(|line| line.item < *item);
        let lines = self.lines.iter().zip(0_u16..).skip(first);
        lines
            .take_while(|(line, _)| line.item == *item)
            .map(|(line, at)| (at, line))
    }

    /// Whether a draft reads records that were resolved by the rules in force as its own would be: what makes a record count is the
    /// same in both, and every line of the draft is one of those in force.
    pub fn serves(in_force: &Bundle, draft: &Bundle) -> bool {
        in_force.resolving_digest() == draft.resolving_digest() && Self::of(in_force).covers(&Self::of(draft))
    }

    /// Whether it has every line of another, so that what was packed by it can be read by that one.
    pub fn covers(&self, other: &Self) -> bool {
        other
            .lines
            .iter()
            .all(|line| self.lines.binary_search(line).is_ok())
    }
}

impl Line {
    /// Whether a record of it tells that its subject had notice of being rated (guard 2).
    pub fn tells_of_notice(&self) -> bool {
        NOTICES.contains(&self.item.as_str())
    }

    /// Where its period stands, as the fold asks for it.
    pub(crate) fn period(&self) -> Option<Period> {
        let [from, to, months] = self.period.clone()?;
        Some(Period { from, to, months })
    }
}

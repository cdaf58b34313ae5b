//! Measures in force. The one file in which a restriction can be made, and only from a list entry.

use jiff::civil::Date;
use record::{ClauseId, Document, ListCode, MeasureCode, Realm, RecordNumber};
use serde::Serialize;

use crate::because::Because;
use crate::entry::ListEntry;
use crate::grade::Rating;
use crate::policy::{
    Bundle, Colour, IncentiveRule, Lasts, Letter, MeasureRule, RestrictionClass, RestrictionRule, Text,
    clause_id,
};
use crate::resolve::{Resolution, plus_months};

/// A measure in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Takes something, by law and for a documented fact.
    Restriction(Restriction),
    /// Opens something.
    Incentive(Incentive),
}

impl Measure {
    /// Its code.
    pub fn code(&self) -> &MeasureCode {
        match self {
            Self::Restriction(restriction) => &restriction.code,
            Self::Incentive(incentive) => &incentive.code,
        }
    }

    /// Its name.
    pub fn name(&self) -> &Text {
        match self {
            Self::Restriction(restriction) => &restriction.name,
            Self::Incentive(incentive) => &incentive.name,
        }
    }

    /// What it brings about, in plain words.
    pub fn text(&self) -> &Text {
        match self {
            Self::Restriction(restriction) => &restriction.text,
            Self::Incentive(incentive) => &incentive.text,
        }
    }

    /// The clause and records that it rests on.
    pub fn because(&self) -> &Because {
        match self {
            Self::Restriction(restriction) => &restriction.because,
            Self::Incentive(incentive) => &incentive.because,
        }
    }
}

/// A restriction in force: always from an entry of a statutory list, with its document, fact and authority.
///
/// Guard 1: there is no way from a grade to a restriction, so none can be configured or called.
///
/// ```compile_fail
/// fn punish(grade: &assess::Grade) -> assess::Restriction {
///     assess::Restriction::from(grade)
/// }
/// ```
///
/// ```compile_fail
/// fn punish(grade: assess::Grade) -> assess::Measure {
///     assess::Measure::Restriction(grade.into())
/// }
/// ```
///
/// Nor can one be written down by hand, or read from JSON:
///
/// ```compile_fail
/// fn forge(code: record::MeasureCode) -> assess::Restriction {
///     assess::Restriction { code }
/// }
/// ```
///
/// ```compile_fail
/// fn read(json: &str) -> assess::Restriction {
///     serde_json::from_str(json).unwrap()
/// }
/// ```
///
/// ```compile_fail
/// // Not even from an entry, outside this crate.
/// fn restrict(rule: &assess::RestrictionRule, entry: &assess::ListEntry) -> Option<assess::Restriction> {
///     assess::Restriction::from_entry(rule, entry)
/// }
/// ```
///
/// What can be done is to read it:
///
/// ```
/// fn authority(restriction: &assess::Restriction) -> &str {
///     &restriction.document().authority
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restriction {
    code: MeasureCode,
    name: Text,
    text: Text,
    class: RestrictionClass,
    agency: Text,
    because: Because,
    list: ListCode,
    document: Document,
    fact: String,
    until: Date,
    disputed: Option<RecordNumber>,
    unverified: bool,
}

impl Restriction {
    /// The one way to make one.
    fn from_entry(bundle: &Bundle, rule: &RestrictionRule, entry: &ListEntry, on: Date) -> Option<Self> {
        let clause = clause_id(&["measures", rule.code.as_str()])?;
        let unverified = entry.unverified || bundle.clause(&clause).is_none_or(|found| found.unverified);
        // Guard 14: what was written from memory restricts no one.
        if unverified && bundle.realm() == Realm::Live {
            return None;
        }
        let listed = entry.colour == Colour::Black && rule.from_lists.contains(&entry.list);
        let until = until(rule.lasts, entry);
        (listed && on < until).then(|| Self {
            code: rule.code.clone(),
            name: rule.name.clone(),
            text: rule.text.clone(),
            class: rule.class,
            agency: rule.agency.clone(),
            because: Because {
                clause,
                records: vec![entry.record],
            },
            list: entry.list.clone(),
            document: entry.document.clone(),
            fact: entry.fact.clone(),
            until,
            disputed: entry.disputed,
            unverified,
        })
    }

    /// Its code.
    pub fn code(&self) -> &MeasureCode {
        &self.code
    }

    /// Its class in the national list of measures.
    pub fn class(&self) -> RestrictionClass {
        self.class
    }

    /// Who carries it out.
    pub fn agency(&self) -> &Text {
        &self.agency
    }

    /// The list it comes from.
    pub fn list(&self) -> &ListCode {
        &self.list
    }

    /// The document it rests on: number, authority and date.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The fact, as the source stated it.
    pub fn fact(&self) -> &str {
        &self.fact
    }

    /// The first day it is over.
    pub fn until(&self) -> Date {
        self.until
    }

    /// The open objection against its entry.
    pub fn disputed(&self) -> Option<RecordNumber> {
        self.disputed
    }

    /// Whether it rests on a clause written from memory, which only a demo shows.
    pub fn unverified(&self) -> bool {
        self.unverified
    }
}

/// An incentive in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Incentive {
    /// Its code.
    pub code: MeasureCode,
    /// Its name.
    pub name: Text,
    /// What it opens.
    pub text: Text,
    /// Who carries it out.
    pub agency: Text,
    /// The clause and, from a list, the entry's record.
    pub because: Because,
    /// The list it comes from; `None` if from the grade.
    pub list: Option<ListCode>,
    /// The first day it is over, if from a list.
    pub until: Option<Date>,
}

pub(crate) fn measures(
    bundle: &Bundle,
    resolution: &Resolution<'_>,
    entries: &[ListEntry],
    rating: &Rating,
    on: Date,
) -> Vec<Measure> {
    // A company struck off bears no measure; its records and entries can still be read.
    let Some(kind) = resolution.kind.filter(|_| !resolution.cancelled) else {
        return Vec::new();
    };
    let letter = rating.grade().map(|grade| grade.letter);
    let mut found = Vec::new();
    for rule in bundle.measures() {
        match rule {
            MeasureRule::Restriction(rule) if rule.subjects.contains(&kind) => {
                let made = entries
                    .iter()
                    .filter_map(|entry| Restriction::from_entry(bundle, rule, entry, on));
                found.extend(made.map(Measure::Restriction));
            }
            MeasureRule::Incentive(rule) if rule.subjects.contains(&kind) => {
                found.extend(incentive(rule, entries, letter, on).map(Measure::Incentive));
            }
            _ => {}
        }
    }
    give_way(bundle, &mut found);
    found
}

/// An incentive that contradicts a restriction in force is not opened.
fn give_way(bundle: &Bundle, found: &mut Vec<Measure>) {
    let restricted = found
        .iter()
        .filter(|measure| matches!(measure, Measure::Restriction(_)));
    let restricted: Vec<MeasureCode> = restricted.map(|measure| measure.code().clone()).collect();
    found.retain(|measure| match bundle.measure(measure.code()) {
        Some(MeasureRule::Incentive(rule)) => {
            !rule.conflicts_with.iter().any(|code| restricted.contains(code))
        }
        _ => true,
    });
}

/// The first day a measure from this entry is over: the entry's own end at the latest.
fn until(lasts: Lasts, entry: &ListEntry) -> Date {
    match lasts {
        Lasts::Entry => entry.ends,
        Lasts::Months(months) => plus_months(entry.from, months).min(entry.ends),
    }
}

fn incentive(
    rule: &IncentiveRule,
    entries: &[ListEntry],
    letter: Option<Letter>,
    on: Date,
) -> Option<Incentive> {
    let clause: ClauseId = clause_id(&["measures", rule.code.as_str()])?;
    let mut listed: Vec<&ListEntry> = entries
        .iter()
        .filter(|entry| entry.colour == Colour::Red && rule.from_lists.contains(&entry.list))
        .filter(|entry| on < until(rule.lasts, entry))
        .collect();
    listed.sort_by_key(|entry| std::cmp::Reverse((entry.ends, entry.record)));
    let entry = listed.first();
    let graded = rule
        .from_grade
        .is_some_and(|least| letter.is_some_and(|letter| letter >= least));
    (entry.is_some() || graded).then(|| Incentive {
        code: rule.code.clone(),
        name: rule.name.clone(),
        text: rule.text.clone(),
        agency: rule.agency.clone(),
        because: Because {
            clause,
            records: entry.map(|entry| entry.record).into_iter().collect(),
        },
        list: entry.map(|entry| entry.list.clone()),
        until: entry.map(|entry| until(rule.lasts, entry)),
    })
}

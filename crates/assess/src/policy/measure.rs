//! 奖惩措施: what a list entry, or for incentives a grade, brings about.

use record::{ListCode, MeasureCode, SubjectKind};
use serde::{Deserialize, Serialize};

use super::fault::Faults;
use super::list::{Colour, List};
use super::read::Placed;
use super::scorecard::Letter;
use super::text::{LegalBasis, Text};

/// The class of a restriction in 全国失信惩戒措施基础清单.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RestrictionClass {
    /// Reduces rights or adds duties; needs law.
    A,
    /// Management.
    B,
    /// Of the market.
    C,
}

/// How long a measure lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lasts {
    /// As long as the entry, or the grade.
    #[default]
    Entry,
    /// So many months after the entry began, and never beyond the entry: what repairs or ends it lifts its
    /// measures.
    Months(u32),
}

/// A restriction as policy states it. It has no key for a grade, for there is no such restriction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestrictionRule {
    /// Its code.
    pub code: MeasureCode,
    /// Its name.
    pub name: Text,
    /// What it brings about, in plain words.
    pub text: Text,
    /// Its class.
    pub class: RestrictionClass,
    /// The black lists whose entries bring it about.
    pub from_lists: Vec<ListCode>,
    /// Whom it may meet.
    pub subjects: Vec<SubjectKind>,
    /// Who carries it out.
    pub agency: Text,
    /// What it touches, e.g. `inspection`: what overlaps and contradicts is found by it.
    #[serde(default)]
    pub kind: Option<String>,
    /// Exactly whom it meets, in plain words.
    #[serde(default)]
    pub target: Option<Text>,
    /// How long it lasts.
    #[serde(default)]
    pub lasts: Lasts,
    /// Written from memory: restricts no one in a live realm.
    #[serde(default)]
    pub unverified: bool,
    /// The law that allows it.
    pub legal_basis: Vec<LegalBasis>,
}

/// An incentive as policy states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncentiveRule {
    /// Its code.
    pub code: MeasureCode,
    /// Its name.
    pub name: Text,
    /// What it opens, in plain words.
    pub text: Text,
    /// The red lists whose entries open it.
    #[serde(default)]
    pub from_lists: Vec<ListCode>,
    /// The least letter that opens it.
    #[serde(default)]
    pub from_grade: Option<Letter>,
    /// Whom it may meet.
    pub subjects: Vec<SubjectKind>,
    /// Who carries it out.
    pub agency: Text,
    /// What it touches, e.g. `inspection`: what overlaps and contradicts is found by it.
    #[serde(default)]
    pub kind: Option<String>,
    /// Exactly whom it meets, in plain words.
    #[serde(default)]
    pub target: Option<Text>,
    /// How long it lasts.
    #[serde(default)]
    pub lasts: Lasts,
    /// The restrictions that it contradicts: while one of them is in force it is not opened.
    #[serde(default)]
    pub conflicts_with: Vec<MeasureCode>,
    /// Written from memory.
    #[serde(default)]
    pub unverified: bool,
    /// What it rests on.
    pub legal_basis: Vec<LegalBasis>,
}

/// A measure as policy states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureRule {
    /// From a black list only.
    Restriction(RestrictionRule),
    /// From a red list or a grade.
    Incentive(IncentiveRule),
}

impl MeasureRule {
    /// The lists whose entries bring it about.
    pub fn from_lists(&self) -> &[ListCode] {
        match self {
            Self::Restriction(rule) => &rule.from_lists,
            Self::Incentive(rule) => &rule.from_lists,
        }
    }

    /// The least letter that opens it; none for a restriction, for which there is no such thing.
    pub fn from_grade(&self) -> Option<Letter> {
        match self {
            Self::Restriction(_) => None,
            Self::Incentive(rule) => rule.from_grade,
        }
    }

    /// Whom it may meet.
    pub fn subjects(&self) -> &[SubjectKind] {
        match self {
            Self::Restriction(rule) => &rule.subjects,
            Self::Incentive(rule) => &rule.subjects,
        }
    }

    /// What it touches.
    pub fn kind(&self) -> Option<&str> {
        match self {
            Self::Restriction(rule) => rule.kind.as_deref(),
            Self::Incentive(rule) => rule.kind.as_deref(),
        }
    }

    /// Who carries it out.
    pub fn agency(&self) -> &Text {
        match self {
            Self::Restriction(rule) => &rule.agency,
            Self::Incentive(rule) => &rule.agency,
        }
    }

    /// Its code.
    pub fn code(&self) -> &MeasureCode {
        match self {
            Self::Restriction(rule) => &rule.code,
            Self::Incentive(rule) => &rule.code,
        }
    }

    /// Its name.
    pub fn name(&self) -> &Text {
        match self {
            Self::Restriction(rule) => &rule.name,
            Self::Incentive(rule) => &rule.name,
        }
    }
}

pub(crate) fn verify_restriction(rule: &Placed<RestrictionRule>, lists: &[List], faults: &mut Faults) {
    let Placed { value: rule, place } = rule;
    if rule.from_lists.is_empty() {
        let help = "guard 1: a restriction comes from a statutory list and from nothing else";
        place.fault_at(faults, "from_lists", "no list brings it about", help);
    }
    if rule.legal_basis.is_empty() {
        place.fault(
            faults,
            "no legal basis",
            "guard 1: name the law that allows the restriction",
        );
    }
    verify_lasts(rule.lasts, place, faults);
    verify_lists(&rule.from_lists, Colour::Black, lists, place, faults);
}

fn verify_lasts(lasts: Lasts, place: &super::read::Place, faults: &mut Faults) {
    if let Lasts::Months(months) = lasts
        && !(1..=60).contains(&months)
    {
        let message = format!("`{months}` months are not within 1 to 60");
        place.fault_at(faults, "lasts", message, "guard 7: everything ends");
    }
}

pub(crate) fn verify_incentive(
    rule: &Placed<IncentiveRule>,
    restrictions: &[Placed<RestrictionRule>],
    lists: &[List],
    faults: &mut Faults,
) {
    let Placed { value: rule, place } = rule;
    for code in &rule.conflicts_with {
        if !restrictions.iter().any(|other| other.value.code == *code) {
            let message = format!("there is no restriction `{code}`");
            place.fault_at(
                faults,
                "conflicts_with",
                message,
                "an incentive gives way to restrictions only",
            );
        }
    }
    verify_lasts(rule.lasts, place, faults);
    if rule.from_lists.is_empty() && rule.from_grade.is_none() {
        place.fault(faults, "nothing opens it", "give it `from_lists` or `from_grade`");
    }
    verify_lists(&rule.from_lists, Colour::Red, lists, place, faults);
}

fn verify_lists(
    codes: &[ListCode],
    colour: Colour,
    lists: &[List],
    place: &super::read::Place,
    faults: &mut Faults,
) {
    for code in codes {
        let message = match lists.iter().find(|list| list.code == *code) {
            None => format!("there is no list `{code}`"),
            Some(list) if list.colour != colour => format!("list `{code}` is of the other colour"),
            Some(_) => continue,
        };
        let help = "restrictions come from black lists, incentives from red ones";
        place.fault_at(faults, "from_lists", message, help);
    }
}

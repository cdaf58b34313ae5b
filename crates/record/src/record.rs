//! A record and its parts, and the three stages it passes: `Submitted` bytes, a well-formed
//! [`Record`], and [`crate::Logged`] once it has its number.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    CanonicalError, Commitment, FieldName, Identifier, ItemCode, RecordNumber, SourceCode, SubmissionId,
    Value,
};

/// What kind of subject a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// 自然人
    Person,
    /// 法人及非法人组织
    Organisation,
    /// 个体工商户
    SoleTrader,
}

impl SubjectKind {
    /// Its number in canonical bytes, which never changes.
    pub fn number(self) -> u8 {
        match self {
            Self::Person => 0,
            Self::Organisation => 1,
            Self::SoleTrader => 2,
        }
    }

    /// The kind of a number in canonical bytes.
    pub fn from_number(number: u8) -> Option<Self> {
        [Self::Person, Self::Organisation, Self::SoleTrader]
            .get(usize::from(number))
            .copied()
    }

    /// Its code in policy files, SQL, JSON and locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organisation => "organisation",
            Self::SoleTrader => "sole_trader",
        }
    }
}

/// The subject as the source stated it. Whom that is, is found later and is not part of the statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stated {
    /// What kind of subject.
    pub kind: SubjectKind,
    /// Its name, tidied, 1 to 200 characters.
    pub name: String,
    /// Its identifier, if the source gave one. Without one the record waits for a person to link it.
    pub identifier: Option<Identifier>,
}

/// The document that a record rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Its number, e.g. `佛禅市监处〔2026〕12号`; 1 to 200 characters.
    pub number: String,
    /// Who issued it; 1 to 200 characters.
    pub authority: String,
    /// Its date.
    pub date: Date,
}

/// When a record stops having effect. Policy may end it earlier, never later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ends {
    /// On this day: it has effect before it and none from it on.
    On(Date),
    /// When corrected, with a review by this day; it has no effect from that day on unless reviewed.
    OnCorrection {
        /// The day of the review, within a year.
        review_by: Date,
    },
}

impl Ends {
    /// The first day without effect, if nothing else happens.
    pub fn day(self) -> Date {
        match self {
            Self::On(day) | Self::OnCorrection { review_by: day } => day,
        }
    }
}

/// How a record bears on an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Stands in its place from now on: the target no longer lives.
    Corrects,
    /// Takes it back: the target no longer lives.
    Withdraws,
    /// Contests it: annotated, and suspended in grades.
    ObjectsTo,
    /// Answers an objection or an application (target: either), which ends what it left open; or tells the
    /// recipients of a repair, correction or withdrawal (target: that).
    Answers,
    /// 信用修复: display, sharing and use stop.
    Repairs,
    /// The second officer's confirmation of a submission's adverse records.
    Confirms,
    /// Joins an unlinked record to a subject (field `subject`); in a merge, another subject's founding record.
    Links,
    /// Undoes a link, or a merge (target: the merge).
    Unlinks,
    /// Revokes a consent or an appointment.
    Revokes,
    /// Ends a list entry.
    Exits,
    /// Asks for the repair of a record; alone it changes nothing.
    Asks,
}

impl Relation {
    /// Every relation, in the order of its number in canonical bytes (which never changes).
    pub const ALL: [Self; 11] = [
        Self::Corrects,
        Self::Withdraws,
        Self::ObjectsTo,
        Self::Answers,
        Self::Repairs,
        Self::Confirms,
        Self::Links,
        Self::Unlinks,
        Self::Revokes,
        Self::Exits,
        Self::Asks,
    ];

    /// Its number in canonical bytes and SQL.
    pub fn number(self) -> u8 {
        match self {
            Self::Corrects => 0,
            Self::Withdraws => 1,
            Self::ObjectsTo => 2,
            Self::Answers => 3,
            Self::Repairs => 4,
            Self::Confirms => 5,
            Self::Links => 6,
            Self::Unlinks => 7,
            Self::Revokes => 8,
            Self::Exits => 9,
            Self::Asks => 10,
        }
    }

    /// The relation of a number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

/// What a reference points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A record, by its commitment: a source can point at what it has only signed so far.
    Commitment(Commitment),
    /// A record, by its number.
    Number(RecordNumber),
    /// A whole submission.
    Submission(SubmissionId),
}

impl From<RecordNumber> for Target {
    fn from(number: RecordNumber) -> Self {
        Self::Number(number)
    }
}

impl From<SubmissionId> for Target {
    fn from(submission: SubmissionId) -> Self {
        Self::Submission(submission)
    }
}

/// One record's bearing on an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Reference {
    /// How.
    pub relation: Relation,
    /// On what.
    pub target: Target,
}

/// The built-in items: acts of people in this house, which are records like any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// A policy bundle published; its bytes in field `bundle`.
    PublishPolicy,
    /// A second officer confirms a submission.
    Confirm,
    /// An unlinked record joined to a subject.
    Link,
    /// A link undone.
    Unlink,
    /// Withdrawal of a record by its source.
    Withdraw,
    /// An objection by the subject.
    Object,
    /// The answer to an objection; field `upheld`.
    Answer,
    /// 信用修复.
    Repair,
    /// Notice of rating given to a person.
    Notice,
    /// A person's consent to the use of the grade for a service.
    Consent,
    /// A consent or an appointment revoked.
    Revoke,
    /// The subject asks for the repair of a record; fields `commitment`, `performed`.
    ApplyRepair,
    /// The recipients of a record told that it was repaired, corrected or withdrawn.
    Tell,
    /// One subject found to be another (fields `subject`, `merged`); in effect once a second officer confirms.
    Merge,
    /// A merge undone.
    Unmerge,
    /// A department applies for another's item until `ends` (fields `owner`, `item`, `ways`, `fields`, `what_for`, `basis`, `per_day`).
    ApplyShare,
    /// The owner's answer to it; field `granted`.
    AnswerShare,
    /// What was granted ends, by either side.
    EndShare,
    /// A recipient has put right what was handed to it; fields `record`, `change`.
    Acknowledge,
    /// A person asks about a look at their own file; fields `look`, `ground`.
    AskLook,
    /// The auditor's answer to that; field `ground`.
    AnswerLook,
    /// An auditor reviewed an unusual look; fields `look`, `finding`, `ground`.
    ReviewLook,
    /// 授权委托: an organisation appoints somebody to act for it until `ends`; fields `person`, `name`, `scope`.
    Appoint,
    /// Whoever was appointed accepts, declines or lays it down; fields `person`, `accepted`.
    AnswerAppointment,
    /// Who represents an organisation (fields `person`, `name`, `evidence`); in effect once a second officer confirms.
    NameRepresentative,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 25] = [
        Self::PublishPolicy,
        Self::Confirm,
        Self::Link,
        Self::Unlink,
        Self::Withdraw,
        Self::Object,
        Self::Answer,
        Self::Repair,
        Self::Notice,
        Self::Consent,
        Self::Revoke,
        Self::ApplyRepair,
        Self::Tell,
        Self::Merge,
        Self::Unmerge,
        Self::ApplyShare,
        Self::AnswerShare,
        Self::EndShare,
        Self::Acknowledge,
        Self::AskLook,
        Self::AnswerLook,
        Self::ReviewLook,
        Self::Appoint,
        Self::AnswerAppointment,
        Self::NameRepresentative,
    ];

    /// Its item code, beginning with `act.`, which no catalogue item may.
    pub fn code(self) -> &'static str {
        match self {
            Self::PublishPolicy => "act.publish-policy",
            Self::Confirm => "act.confirm",
            Self::Link => "act.link",
            Self::Unlink => "act.unlink",
            Self::Withdraw => "act.withdraw",
            Self::Object => "act.object",
            Self::Answer => "act.answer",
            Self::Repair => "act.repair",
            Self::Notice => "act.notice",
            Self::Consent => "act.consent",
            Self::Revoke => "act.revoke",
            Self::ApplyRepair => "act.apply-repair",
            Self::Tell => "act.tell",
            Self::Merge => "act.merge",
            Self::Unmerge => "act.unmerge",
            Self::ApplyShare => "act.apply-share",
            Self::AnswerShare => "act.answer-share",
            Self::EndShare => "act.end-share",
            Self::Acknowledge => "act.acknowledge",
            Self::AskLook => "act.ask-look",
            Self::AnswerLook => "act.answer-look",
            Self::ReviewLook => "act.review-look",
            Self::Appoint => "act.appoint",
            Self::AnswerAppointment => "act.answer-appointment",
            Self::NameRepresentative => "act.name-representative",
        }
    }

    /// The act with this item code.
    pub fn of(item: &ItemCode) -> Option<Self> {
        // Of millions of records hardly one is an act.
        if !item.as_str().starts_with("act.") {
            return None;
        }
        Self::ALL.into_iter().find(|act| act.code() == item.as_str())
    }

    /// Its item code, typed.
    pub fn item(self) -> ItemCode {
        ItemCode::new(self.code()).unwrap_or_else(|_| unreachable!("act codes keep to the rule, tested"))
    }
}

/// A well-formed record: one statement by a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Who states it.
    pub source: SourceCode,
    /// Under which catalogue item, or which [`Act`].
    pub item: ItemCode,
    /// About whom, as stated. None for acts that concern no one subject.
    pub subject: Option<Stated>,
    /// The document it rests on. Adverse items always have one.
    pub document: Option<Document>,
    /// The day of the fact or decision.
    pub occurred: Date,
    /// When it ends by its own terms, if it says so.
    pub ends: Option<Ends>,
    /// The item's fields.
    pub fields: BTreeMap<FieldName, Value>,
    /// What earlier records it bears on.
    pub references: Vec<Reference>,
}

/// What makes a record ill-formed. All faults are found, not the first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordFault {
    /// A text that is empty or too long.
    #[error("`{part}` has {found} characters; it takes 1 to {most}")]
    TextLength {
        /// Which part.
        part: &'static str,
        /// How many characters.
        found: usize,
        /// The most it takes.
        most: usize,
    },
    /// It ends before it begins.
    #[error("it ends on {ends}, before or on the day it occurred, {occurred}")]
    EndsBeforeStart {
        /// The day of the fact.
        occurred: Date,
        /// The day it ends.
        ends: Date,
    },
    /// The review of an open-ended record is too far off.
    #[error("the review on {review_by} is more than a year after {occurred}")]
    ReviewTooLate {
        /// The day of the fact.
        occurred: Date,
        /// The day of the review.
        review_by: Date,
    },
    /// Too many of something.
    #[error("it has {found} {part}; the most is {most}")]
    TooMany {
        /// Of what.
        part: &'static str,
        /// How many.
        found: usize,
        /// The most.
        most: usize,
    },
    /// The kind of identifier does not go with the kind of subject.
    #[error("an identifier of kind `{identifier}` cannot name a `{subject}`")]
    IdentifierOfOtherKind {
        /// The identifier's kind.
        identifier: &'static str,
        /// The subject's kind.
        subject: &'static str,
    },
}

/// The longest a name, document number or authority may be, in characters.
const TEXT_MOST: usize = 200;
/// The most fields a record may have.
const FIELDS_MOST: usize = 64;
/// The most references a record may have.
const REFERENCES_MOST: usize = 1024;

impl Record {
    /// Every fault of the record's form; empty if it is well-formed. The catalogue's demands are
    /// checked elsewhere.
    pub fn faults(&self) -> Vec<RecordFault> {
        let mut faults = Vec::new();
        let mut text = |part, text: &str| {
            let found = text.chars().count();
            if !(1..=TEXT_MOST).contains(&found) {
                faults.push(RecordFault::TextLength {
                    part,
                    found,
                    most: TEXT_MOST,
                });
            }
        };
        if let Some(subject) = &self.subject {
            text("name", &subject.name);
        }
        if let Some(document) = &self.document {
            text("document number", &document.number);
            text("document authority", &document.authority);
        }
        faults.extend(self.subject.as_ref().and_then(identifier_fault));
        faults.extend(self.ends.and_then(|ends| ends_fault(self.occurred, ends)));
        for (part, found, most) in [
            ("fields", self.fields.len(), FIELDS_MOST),
            ("references", self.references.len(), REFERENCES_MOST),
        ] {
            if found > most {
                faults.push(RecordFault::TooMany { part, found, most });
            }
        }
        faults
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields.get(name)
    }

    /// The act this record is, if it is one.
    pub fn act(&self) -> Option<Act> {
        Act::of(&self.item)
    }

    /// Its canonical bytes: deterministic CBOR (RFC 8949 §4.2), see ADR 0001.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        crate::canonical::encode(self)
    }
}

fn identifier_fault(subject: &Stated) -> Option<RecordFault> {
    let identifier = subject.identifier.as_ref()?.kind();
    let mismatch = match subject.kind {
        SubjectKind::Person => identifier.is_of_organisation(),
        SubjectKind::Organisation => !identifier.is_of_organisation(),
        // A sole trader is named by a social credit code or, before it had one, by its owner's ID.
        SubjectKind::SoleTrader => false,
    };
    mismatch.then(|| RecordFault::IdentifierOfOtherKind {
        identifier: identifier.code(),
        subject: subject.kind.code(),
    })
}

fn ends_fault(occurred: Date, ends: Ends) -> Option<RecordFault> {
    if ends.day() <= occurred {
        return Some(RecordFault::EndsBeforeStart {
            occurred,
            ends: ends.day(),
        });
    }
    match ends {
        Ends::OnCorrection { review_by } => {
            let latest = occurred.saturating_add(jiff::Span::new().years(1));
            (review_by > latest).then_some(RecordFault::ReviewTooLate { occurred, review_by })
        }
        Ends::On(_) => None,
    }
}

/// Bytes as a source handed them in, not yet looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted(pub Vec<u8>);

impl Submitted {
    /// Reads the bytes strictly: they must be the canonical form of a well-formed record.
    ///
    /// # Errors
    /// When they are anything else, down to the order of a map's keys.
    pub fn parse(&self) -> Result<Record, CanonicalError> {
        crate::canonical::decode(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_has_a_well_formed_code_of_its_own() {
        for act in Act::ALL {
            assert!(act.code().starts_with("act."));
            assert_eq!(Act::of(&act.item()), Some(act));
        }
    }

    #[test]
    fn all_faults_are_found_not_the_first() {
        let record = Record {
            source: SourceCode::new("s").unwrap(),
            item: ItemCode::new("i").unwrap(),
            subject: Some(Stated {
                kind: SubjectKind::Person,
                name: String::new(),
                identifier: None,
            }),
            document: Some(Document {
                number: "x".repeat(201),
                authority: "法院".into(),
                date: Date::constant(2026, 1, 1),
            }),
            occurred: Date::constant(2026, 1, 1),
            ends: Some(Ends::OnCorrection {
                review_by: Date::constant(2027, 1, 2),
            }),
            fields: BTreeMap::new(),
            references: Vec::new(),
        };
        assert_eq!(record.faults().len(), 3);
    }
}

//! Messages: of what a person or organisation is told in its own desk, and how long. Read from `messages.toml`; the words are the
//! desk's.

use record::ItemCode;
use serde::{Deserialize, Serialize};

use super::catalogue::{Item, Nature};
use super::fault::Faults;
use super::read::Placed;

/// What a message is about. A closed set: the engine knows how each follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// A record came in.
    RecordIn,
    /// A record was corrected.
    RecordCorrected,
    /// A record was taken back by its source.
    RecordWithdrawn,
    /// An adverse record has no effect any more.
    RecordEnded,
    /// An objection was answered.
    ObjectionAnswered,
    /// An application for repair was decided.
    RepairDecided,
    /// A question about a look was answered.
    QuestionAnswered,
    /// A consent was used at a counter.
    ConsentUsed,
    /// A consent ends soon.
    ConsentEnds,
    /// The organisation appointed somebody.
    Appointed,
    /// Whoever was appointed accepted, declined or laid it down.
    AppointmentAnswered,
    /// An organisation asks the person to act for it.
    AppointmentAsked,
}

impl MessageKind {
    /// Its code in policy, addresses and locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::RecordIn => "record_in",
            Self::RecordCorrected => "record_corrected",
            Self::RecordWithdrawn => "record_withdrawn",
            Self::RecordEnded => "record_ended",
            Self::ObjectionAnswered => "objection_answered",
            Self::RepairDecided => "repair_decided",
            Self::QuestionAnswered => "question_answered",
            Self::ConsentUsed => "consent_used",
            Self::ConsentEnds => "consent_ends",
            Self::Appointed => "appointed",
            Self::AppointmentAnswered => "appointment_answered",
            Self::AppointmentAsked => "appointment_asked",
        }
    }
}

/// Of what one is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageRule {
    /// What.
    pub kind: MessageKind,
    /// For how many days it stands among the messages.
    pub days: u32,
    /// Of records that come in: only those that speak so.
    #[serde(default)]
    pub natures: Vec<Nature>,
    /// Of records that come in: items of which one is not told.
    #[serde(default)]
    pub leaves_out: Vec<ItemCode>,
    /// Of what ends: how many days before.
    #[serde(default)]
    pub days_before: u32,
}

/// The most days that a message stands.
const DAYS_MOST: u32 = 1_100;

pub(crate) fn verify_messages(rules: &[Placed<MessageRule>], items: &[Placed<Item>], faults: &mut Faults) {
    for (at, Placed { value, place }) in rules.iter().enumerate() {
        if !(1..=DAYS_MOST).contains(&value.days) || value.days_before > DAYS_MOST {
            let message = format!("`{}` days are not 1 to {DAYS_MOST}", value.days);
            place.fault_at(faults, "days", message, "");
        }
        for code in &value.leaves_out {
            if !items.iter().any(|item| item.value.code == *code) {
                let message = format!("item `{code}` is not in the catalogue");
                place.fault_at(faults, "leaves_out", message, "name one that is");
            }
        }
        if rules.iter().take(at).any(|other| other.value.kind == value.kind) {
            let message = format!("messages `{}` have two rules", value.kind.code());
            place.fault_at(faults, "kind", message, "each has one");
        }
    }
}

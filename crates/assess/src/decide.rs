//! The answer to one question of one service. It says what is open and why, never a grade or points.

use std::collections::BTreeSet;

use jiff::civil::Date;
use record::{
    Act, AsOf, BundleDigest, Logged, PurposeCode, RecordNumber, ServiceCode, SourceCode, SubjectKind, Value,
};
use serde::Serialize;

use crate::assessment::Assessment;
use crate::because::Because;
use crate::policy::{Bundle, Material, Service, Text, Trust, clause_id};
use crate::standing::Standing;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Which service.
    pub service: ServiceCode,
    /// For which purpose.
    pub purpose: PurposeCode,
    /// The codes of the materials in hand.
    pub in_hand: BTreeSet<String>,
}

/// The verdict. Greater is better for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Verdict {
    /// The ordinary path: bring what is missing. Nobody's is longer than anybody else's.
    Ordinary,
    /// 可容缺: accepted today, the rest by the day named.
    DeferMaterials {
        /// The last day.
        due: Date,
    },
    /// Everything is there: accepted.
    Complete,
    /// 零跑腿: done without coming.
    ZeroVisit,
}

impl Verdict {
    /// Its code in locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::DeferMaterials { .. } => "defer_materials",
            Self::Complete => "complete",
            Self::ZeroVisit => "zero_visit",
        }
    }
}

/// The answer, with its reasons. It carries no grade and no points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Decision {
    /// The service.
    pub service: ServiceCode,
    /// The verdict.
    pub verdict: Verdict,
    /// The verdict in plain words, from policy.
    pub text: Text,
    /// Why, the weightiest first.
    pub reasons: Vec<DecisionReason>,
    /// The checklist, in the service's order.
    pub materials: Vec<MaterialStatus>,
    /// The promised handling time in working days, the same on every path.
    pub promised_working_days: u32,
    /// The consent that was used.
    pub consent: Option<RecordNumber>,
    /// The two dates.
    pub as_of: AsOf,
    /// The rules.
    pub bundle: BundleDigest,
}

/// One reason of a decision: the clause, and what about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DecisionReason {
    /// What it says.
    pub kind: ReasonKind,
    /// The clause, and the records a clerk may know of.
    pub because: Because,
}

/// What a reason says. None tells a grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// All materials are there.
    NothingMissing,
    /// Nothing is missing and the service is done without a visit.
    NoVisitNeeded,
    /// The trust path is open.
    Trusted,
    /// A core material is missing.
    CoreMissing,
    /// The person has not agreed to the use of the grade for this service.
    NoConsent,
    /// The purpose may not ask for a grade.
    PurposeWithoutGrade,
    /// The trust path is not open; the person sees why in their own file.
    TrustNotOpen,
    /// The service has no trust path.
    NoTrustPath,
    /// The service is not for this kind of subject.
    OtherSubject,
    /// There is no such service in the rules in force.
    UnknownService,
}

impl ReasonKind {
    /// Its code in locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::NothingMissing => "nothing_missing",
            Self::NoVisitNeeded => "no_visit_needed",
            Self::Trusted => "trusted",
            Self::CoreMissing => "core_missing",
            Self::NoConsent => "no_consent",
            Self::PurposeWithoutGrade => "purpose_without_grade",
            Self::TrustNotOpen => "trust_not_open",
            Self::NoTrustPath => "no_trust_path",
            Self::OtherSubject => "other_subject",
            Self::UnknownService => "unknown_service",
        }
    }
}

/// One line of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MaterialStatus {
    /// The material's code.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// Whether it must be there from the start.
    pub core: bool,
    /// Where it is.
    pub state: MaterialState,
}

/// Where a material is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum MaterialState {
    /// On the desk.
    InHand,
    /// A department has it: it is not asked for.
    Held {
        /// Which department.
        source: SourceCode,
        /// In which record.
        record: RecordNumber,
    },
    /// Missing, and needed from the start.
    MissingCore,
    /// Missing, and may follow.
    MissingDeferrable {
        /// By when, if the verdict grants it.
        due: Option<Date>,
    },
}

/// Decides one question from an assessment of the same records under the same bundle.
///
/// The grade only ever opens: with any rating, the verdict is at least what it is with none (guard 1).
pub fn decide(bundle: &Bundle, records: &[Logged], assessment: &Assessment, ask: &Ask) -> Decision {
    let Some(service) = bundle.service(&ask.service) else {
        return unknown(bundle, assessment, ask);
    };
    let question = Question {
        bundle,
        records,
        assessment,
        ask,
        service,
    };
    let mut materials: Vec<MaterialStatus> = service
        .materials
        .iter()
        .map(|material| question.status(material))
        .collect();
    let (verdict, reasons, consent) = question.verdict(&materials);
    let text = match (verdict, &service.trust) {
        (Verdict::DeferMaterials { due }, Some(trust)) => trust.text.with("due", due),
        (Verdict::Complete | Verdict::ZeroVisit, _) => service.complete_text.clone(),
        _ => service.ordinary_text.clone(),
    };
    if matches!(verdict, Verdict::DeferMaterials { .. }) {
        for (status, material) in materials.iter_mut().zip(&service.materials) {
            if let MaterialState::MissingDeferrable { due } = &mut status.state {
                *due = question.due(material);
            }
        }
    }
    Decision {
        service: ask.service.clone(),
        verdict,
        text,
        reasons,
        materials,
        promised_working_days: service.promised_working_days,
        consent,
        as_of: assessment.as_of,
        bundle: assessment.bundle,
    }
}

fn unknown(bundle: &Bundle, assessment: &Assessment, ask: &Ask) -> Decision {
    let clause = clause_id(&["services", ask.service.as_str()]).or_else(|| clause_id(&["services"]));
    Decision {
        service: ask.service.clone(),
        verdict: Verdict::Ordinary,
        text: bundle.name().clone(),
        reasons: clause
            .map(|clause| DecisionReason {
                kind: ReasonKind::UnknownService,
                because: Because {
                    clause,
                    records: Vec::new(),
                },
            })
            .into_iter()
            .collect(),
        materials: Vec::new(),
        promised_working_days: 0,
        consent: None,
        as_of: assessment.as_of,
        bundle: assessment.bundle,
    }
}

struct Question<'a> {
    bundle: &'a Bundle,
    records: &'a [Logged],
    assessment: &'a Assessment,
    ask: &'a Ask,
    service: &'a Service,
}

type Outcome = (Verdict, Vec<DecisionReason>, Option<RecordNumber>);

impl Question<'_> {
    fn verdict(&self, materials: &[MaterialStatus]) -> Outcome {
        let service = self.service;
        let whole = [service.code.as_str()];
        if self
            .assessment
            .kind
            .is_none_or(|kind| !service.subjects.contains(&kind))
        {
            return Self::because(Verdict::Ordinary, ReasonKind::OtherSubject, &whole, None);
        }
        let missing = |core: bool| {
            materials.iter().any(|material| match material.state {
                MaterialState::MissingCore => core,
                MaterialState::MissingDeferrable { .. } => !core,
                _ => false,
            })
        };
        if missing(true) {
            return Self::because(Verdict::Ordinary, ReasonKind::CoreMissing, &whole, None);
        }
        if !missing(false) {
            return if service.zero_visit {
                Self::because(Verdict::ZeroVisit, ReasonKind::NoVisitNeeded, &whole, None)
            } else {
                Self::because(Verdict::Complete, ReasonKind::NothingMissing, &whole, None)
            };
        }
        let Some(trust) = &service.trust else {
            return Self::because(Verdict::Ordinary, ReasonKind::NoTrustPath, &whole, None);
        };
        self.trust(trust, materials)
    }

    /// Only deferrable materials are missing: is the trust path open?
    fn trust(&self, trust: &Trust, materials: &[MaterialStatus]) -> Outcome {
        let clause = [self.service.code.as_str(), "trust"];
        let purpose = self.bundle.purpose(&self.ask.purpose);
        let may_ask = purpose.is_some_and(|purpose| purpose.may_ask_grade)
            && self.service.purposes.contains(&self.ask.purpose);
        if !may_ask {
            return Self::because(Verdict::Ordinary, ReasonKind::PurposeWithoutGrade, &clause, None);
        }
        let of_person = self.assessment.kind == Some(SubjectKind::Person);
        let consent = consent_in_force(
            self.records,
            self.assessment,
            &self.ask.purpose,
            &self.service.code,
        );
        if of_person && consent.is_none() {
            return Self::because(Verdict::Ordinary, ReasonKind::NoConsent, &clause, None);
        }
        let graded = self
            .assessment
            .rating
            .grade()
            .is_some_and(|grade| grade.letter >= trust.grade_at_least);
        let barred = self
            .assessment
            .standings
            .iter()
            .any(|record| record.standing == Standing::Counts && trust.bars.contains(&record.item));
        let missing = materials.iter().zip(&self.service.materials);
        let missing =
            missing.filter(|(status, _)| matches!(status.state, MaterialState::MissingDeferrable { .. }));
        let due = missing.filter_map(|(_, material)| self.due(material)).max();
        match due.filter(|_| graded && !barred) {
            Some(due) => {
                let verdict = Verdict::DeferMaterials { due };
                Self::because(verdict, ReasonKind::Trusted, &clause, consent)
            }
            None => Self::because(Verdict::Ordinary, ReasonKind::TrustNotOpen, &clause, consent),
        }
    }

    fn because(
        verdict: Verdict,
        kind: ReasonKind,
        within: &[&str],
        consent: Option<RecordNumber>,
    ) -> Outcome {
        let id: Vec<&str> = std::iter::once("services")
            .chain(within.iter().copied())
            .collect();
        let reason = clause_id(&id).map(|clause| DecisionReason {
            kind,
            because: Because {
                clause,
                records: consent.into_iter().collect(),
            },
        });
        (verdict, reason.into_iter().collect(), consent)
    }

    fn status(&self, material: &Material) -> MaterialStatus {
        let held = || {
            let item = material.held_as.as_ref()?;
            // What may not be seen for this purpose is not held, as far as the desk is concerned.
            let seen = self.bundle.item(item)?.is_seen_for(&self.ask.purpose);
            if !seen {
                return None;
            }
            let found = self
                .assessment
                .standings
                .iter()
                .rev()
                .find(|record| record.item == *item && record.standing == Standing::Counts)?;
            let logged = self
                .records
                .iter()
                .find(|logged| logged.number() == found.number)?;
            Some(MaterialState::Held {
                source: logged.record().source.clone(),
                record: found.number,
            })
        };
        let state = if self.ask.in_hand.contains(&material.code) {
            MaterialState::InHand
        } else if let Some(held) = held() {
            held
        } else if material.is_core() {
            MaterialState::MissingCore
        } else {
            MaterialState::MissingDeferrable { due: None }
        };
        MaterialStatus {
            code: material.code.clone(),
            name: material.name.clone(),
            core: material.is_core(),
            state,
        }
    }

    /// The last day to hand a material in: never later than the promised handling time.
    fn due(&self, material: &Material) -> Option<Date> {
        let days = material
            .defer_working_days?
            .min(self.service.promised_working_days);
        Some(
            self.bundle
                .calendar()
                .after_working_days(self.assessment.as_of.on, days),
        )
    }
}

/// The newest consent in force to the use of the grade for this purpose and service.
pub fn consent_in_force(
    records: &[Logged],
    assessment: &Assessment,
    purpose: &PurposeCode,
    service: &ServiceCode,
) -> Option<RecordNumber> {
    let mut in_force =
        assessment.standings.iter().rev().filter(|record| {
            record.item.as_str() == Act::Consent.code() && record.standing == Standing::Counts
        });
    let covers = |number: RecordNumber| {
        let logged = records.iter().find(|logged| logged.number() == number)?;
        let says = |field: &str, wanted: &str| match logged.record().field(field) {
            Some(Value::Text(text)) => text == wanted,
            _ => false,
        };
        let fits = says("service", service.as_str()) && says("purpose", purpose.as_str());
        fits.then_some(number)
    };
    in_force.find_map(|record| covers(record.number))
}

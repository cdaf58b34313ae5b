//! The counter: one applicant, one service, one verdict. No view here has a place for a grade.

pub(crate) mod check;
pub(crate) mod decision;
pub(crate) mod ledger;
pub(crate) mod letter;
pub(crate) mod objection;
pub(crate) mod receipt;

use std::collections::BTreeSet;

use assess::{Ask, Assessment, Decision, Service, Verdict};
use jiff::tz::TimeZone;
use record::{CaseNumber, Logged, OfficerId, PurposeCode, ServiceCode, SourceCode, SubjectId, SubjectKind};
use store::{Door, LookPermit, NewLook, Page, SubjectFile, Viewer};

use crate::error::Fault;
use crate::my::{purpose, what};
use crate::view::{Desk, NavItem, Shell};
use crate::visit::Visit;

/// An applicant at a counter, held between two requests of the clerk's session.
#[derive(Debug, Clone)]
pub(crate) struct CounterCase {
    /// Who.
    pub(crate) subject: SubjectId,
    /// Which service.
    pub(crate) service: ServiceCode,
    /// Which case.
    pub(crate) case: CaseNumber,
    /// The materials on the desk.
    pub(crate) in_hand: BTreeSet<String>,
}

/// A case with the applicant's file open. The grade within is for deciding, not for showing: views
/// take the decision, which has none.
pub(crate) struct Opened {
    /// The case.
    pub(crate) case: CounterCase,
    /// The leave to read the file.
    pub(crate) permit: LookPermit,
    /// The file.
    pub(crate) file: SubjectFile,
    /// What follows from it.
    pub(crate) assessment: Assessment,
    /// The answer.
    pub(crate) decision: Decision,
    /// The service as policy has it.
    pub(crate) service: Service,
    /// The purpose of the look.
    pub(crate) purpose: PurposeCode,
}

/// Writes the look under the case's number, then reads the file and decides.
pub(crate) async fn open(visit: &Visit, token: &str) -> Result<Opened, Fault> {
    let session = visit.session()?;
    let case = visit
        .app
        .cases
        .get(session, visit.now, token)
        .ok_or(Fault::NotFound)?;
    let (officer, source) = clerk(visit)?;
    let purpose = visit.permit.purpose().ok_or(Fault::Forbidden)?;
    let look = NewLook {
        viewer: Viewer::staff(officer.clone(), source.clone(), Door::Counter),
        subject: case.subject,
        purpose: purpose.clone(),
        case: Some(case.case.clone()),
        what: format!("verdict {}", case.service),
    };
    let permit = visit.store().look(&look).await.map_err(Fault::internal)?;
    let file = visit.store().file(&permit, None).await.map_err(Fault::internal)?;
    let records = file.all();
    let assessment = assess::assess(&visit.bundle, &records, visit.as_of);
    let ask = Ask {
        service: case.service.clone(),
        purpose: purpose.clone(),
        in_hand: case.in_hand.clone(),
    };
    let decision = assess::decide(&visit.bundle, &records, &assessment, &ask);
    let service = visit
        .bundle
        .service(&case.service)
        .cloned()
        .ok_or(Fault::NotFound)?;
    Ok(Opened {
        case,
        permit,
        file,
        assessment,
        decision,
        service,
        purpose,
    })
}

/// The clerk and the service centre.
pub(crate) fn clerk(visit: &Visit) -> Result<(&OfficerId, &SourceCode), Fault> {
    visit.permit.staff().ok_or(Fault::Forbidden)
}

impl Opened {
    /// The applicant's name: a person's masked, for the clerk has the card and needs no more.
    pub(crate) fn name(&self) -> String {
        if self.file.kind == SubjectKind::Person {
            record::mask_name(&self.file.name)
        } else {
            self.file.name.clone()
        }
    }

    /// The applicant's identifier, in the same way.
    pub(crate) fn identifier(&self) -> String {
        let last = self.file.identifiers.last();
        last.map(|identifier| {
            if identifier.kind().is_of_organisation() {
                identifier.value().to_owned()
            } else {
                identifier.masked()
            }
        })
        .unwrap_or_default()
    }

    /// The applicant's consent in force for this service, whether or not the verdict needed it.
    pub(crate) fn consent(&self) -> Option<&Logged> {
        let number = assess::consent_in_force(
            &self.file.records,
            &self.assessment,
            &self.purpose,
            &self.case.service,
        )?;
        self.file.records.iter().find(|logged| logged.number() == number)
    }

    /// Whether the verdict is the ordinary path.
    pub(crate) fn is_ordinary(&self) -> bool {
        self.decision.verdict == Verdict::Ordinary
    }

    /// The clause that the verdict rests on: its title, and its code.
    pub(crate) fn clause(&self, visit: &Visit) -> (String, String) {
        let reason = self.decision.reasons.first();
        let clause = reason.and_then(|reason| visit.bundle.clause(&reason.because.clause));
        match (clause, reason) {
            (Some(clause), _) => (visit.lang.of(&clause.title), clause.id.to_string()),
            (None, Some(reason)) => (String::new(), reason.because.clause.to_string()),
            (None, None) => (String::new(), String::new()),
        }
    }
}

/// The frame of a page of this desk.
pub(crate) fn shell(visit: &Visit, current: &str) -> Shell {
    let item = |href, key, function_key| NavItem {
        key: function_key,
        ..NavItem::of(visit.lang, href, key, current)
    };
    Shell {
        nav: vec![
            item("/counter", "nav-check", None),
            item(objection::HERE, "nav-counter-object", Some("F7")),
            item("/counter/ledger", "nav-ledger", Some("F8")),
        ],
        ..visit.shell(Desk::Counter)
    }
}

/// What this clerk looked at today: each case and service once, the newest first.
pub(crate) async fn ledger(visit: &Visit) -> Result<Vec<LedgerRow>, Fault> {
    let (officer, _) = clerk(visit)?;
    let midnight = visit
        .today()
        .to_zoned(TimeZone::fixed(jiff::tz::Offset::constant(8)));
    let since_ms = midnight.map_err(Fault::internal)?.timestamp().as_millisecond();
    let looks = visit.store().looks_by(officer, since_ms, Page::new(1, 200)).await;
    let mut seen = BTreeSet::new();
    let mut rows = Vec::new();
    for look in looks.map_err(Fault::internal)?.rows {
        let case = look.case.clone().unwrap_or_default();
        if seen.insert((look.subject, case.clone(), look.what.clone())) {
            rows.push(LedgerRow {
                when: visit.moment(look.at_ms),
                case,
                what: what(visit, &look.what),
                purpose: purpose(visit, &look.purpose),
            });
        }
    }
    Ok(rows)
}

/// One look in the clerk's ledger.
#[derive(Debug, Clone)]
pub(crate) struct LedgerRow {
    /// When.
    pub(crate) when: String,
    /// In which case.
    pub(crate) case: String,
    /// What was looked at.
    pub(crate) what: String,
    /// For which purpose.
    pub(crate) purpose: String,
}

#[cfg(test)]
impl LedgerRow {
    pub(crate) fn samples() -> Vec<Self> {
        vec![Self {
            when: "今天 09:41".into(),
            case: "2026-1123-0419".into(),
            what: "公共场所卫生许可证延续".into(),
            purpose: "窗口办事".into(),
        }]
    }
}

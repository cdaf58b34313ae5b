//! The one authorisation point. Every route names its [`Action`]; [`permit`] answers from the roles of
//! the policy in force, and whatever is not named there is denied.

use std::fmt;

use assess::Bundle;
use identity::Role;
use record::{OfficerId, PurposeCode, SourceCode, SubjectId};

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Viewer {
    /// Nobody in particular.
    Public,
    /// A natural person, at their own file.
    Person {
        /// Which subject.
        subject: SubjectId,
    },
    /// A natural person who acts for the organisation in the address, as its records say today.
    Agent {
        /// Who.
        person: SubjectId,
        /// For which.
        organisation: SubjectId,
        /// What they may.
        role: Role,
    },
    /// A natural person at an organisation's address that they do not act for, or that is none: both look the same.
    Stranger,
    /// A member of staff.
    Staff {
        /// Who.
        officer: OfficerId,
        /// Of which source.
        source: SourceCode,
        /// In which role.
        role: Role,
    },
}

impl Viewer {
    /// The role whose permissions hold.
    pub(crate) fn role(&self) -> Role {
        match self {
            Self::Public | Self::Stranger => Role::Public,
            Self::Person { .. } => Role::Person,
            Self::Staff { role, .. } | Self::Agent { role, .. } => *role,
        }
    }
}

/// What is asked for. There is one for every kind of thing the desks do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Action {
    /// Style, health, signing in and out, the demo's start: says nothing of anyone.
    Open,
    /// To search organisations.
    SearchOrganisations,
    /// To read an organisation's public page.
    ReadOrganisation,
    /// To ask whether a report was made here.
    VerifyReport,
    /// To read the guide.
    ReadGuide,
    /// To see the department's own desk: what is due, history, reports.
    ReadDepartment,
    /// To hand in.
    Upload,
    /// To confirm what a colleague handed in.
    Confirm,
    /// To link an unlinked record.
    Link,
    /// To take a record of one's department back.
    Withdraw,
    /// To say that two files are of one, to confirm it, and to undo it.
    Merge,
    /// To name who represents an organisation, to confirm it, and to take it back.
    NameRepresentative,
    /// To open an objection or an application for repair, and to answer it.
    Answer,
    /// To see what is shared with other departments and by them.
    ReadShares,
    /// To apply for an item of another department, and to end what was granted.
    ApplyShare,
    /// To grant an application or refuse it.
    AnswerShare,
    /// To ask under what was granted, and to put right what was handed out.
    AskShared,
    /// To have events sent to one's department's endpoint again.
    ReplayEvents,
    /// To fetch, by a key, what one's department handed in.
    FetchOwn,
    /// To check an applicant at the counter.
    CheckAtCounter,
    /// To give notice and take consent at the counter.
    TakeConsent,
    /// To enter an objection for a person who is at the counter.
    EnterObjection,
    /// To read one's own ledger of the day.
    ReadLedger,
    /// To see who looked, which looks are unusual, and what was done to the house.
    ReadAudit,
    /// To review an unusual look.
    ReviewLook,
    /// To read what a person asks about a look, and to answer it.
    AnswerQuestion,
    /// To see the whole of the district: counts, queues, rules, health.
    ReadOffice,
    /// To draft rules that are tried on everyone, and to read what came of it.
    Simulate,
    /// To open one example of a simulation, in a case.
    OpenExample,
    /// To write announcements, to publish them and to take them back.
    WriteAnnouncement,
    /// To ask the auditor about a look at one's own file.
    AskLook,
    /// To choose for whom one acts, and to answer whoever appoints one.
    ChooseCompany,
    /// To see who acts for the organisation, and what they did.
    ReadAgents,
    /// To appoint somebody to act for it, and to revoke that.
    Appoint,
    /// To read the messages of one's own file.
    ReadMessages,
    /// To read one's own file.
    ReadOwn,
    /// To see who looked at one's own file.
    ReadOwnLooks,
    /// To acknowledge notice, see and revoke one's own consents.
    OwnConsent,
    /// To object to a record of one's own.
    Object,
    /// To see what the repair of a record of one's own asks for, and to ask for it.
    Repair,
}

impl Action {
    /// The acts of `access/roles.toml` that it needs, all of them.
    pub(crate) fn acts(self) -> &'static [&'static str] {
        match self {
            Self::Open => &[],
            Self::SearchOrganisations => &["organisation.search"],
            Self::ReadOrganisation => &["organisation.read"],
            Self::VerifyReport => &["report.verify"],
            Self::ReadGuide => &["guide.read"],
            Self::ReadDepartment | Self::FetchOwn => &["department.read"],
            Self::Upload => &["submission.upload"],
            Self::Confirm => &["submission.confirm"],
            Self::Link => &["record.link"],
            Self::Withdraw => &["record.withdraw"],
            Self::Merge => &["record.merge"],
            Self::NameRepresentative => &["representative.name"],
            Self::Answer => &["objection.answer", "record.repair"],
            Self::ReadShares => &["share.read"],
            Self::ApplyShare => &["share.apply"],
            Self::AnswerShare => &["share.answer"],
            Self::AskShared => &["share.ask"],
            Self::ReplayEvents => &["share.read", "share.ask"],
            Self::CheckAtCounter => &["counter.check"],
            Self::TakeConsent => &["counter.check", "notice.give", "consent.take"],
            Self::EnterObjection => &["objection.enter"],
            Self::ReadLedger => &["counter.ledger"],
            Self::ReadAudit => &["audit.read"],
            Self::ReviewLook => &["audit.read", "audit.review"],
            Self::AnswerQuestion => &["audit.read", "audit.answer"],
            Self::ReadOffice => &["office.read"],
            Self::Simulate => &["office.read", "simulation.write"],
            Self::OpenExample => &["office.read", "simulation.write", "simulation.example"],
            Self::WriteAnnouncement => &["office.read", "announcement.write"],
            Self::AskLook => &["own.looks", "own.ask-look"],
            Self::ChooseCompany => &["company.choose"],
            Self::ReadAgents => &["company.agents"],
            Self::Appoint => &["company.agents", "company.appoint"],
            Self::ReadMessages => &["own.read", "own.messages"],
            Self::ReadOwn => &["own.read"],
            Self::ReadOwnLooks => &["own.looks"],
            Self::OwnConsent => &["own.consent"],
            Self::Object => &["own.object"],
            Self::Repair => &["own.repair"],
        }
    }

    /// For which purpose it looks at somebody's file, if it does.
    pub(crate) fn purpose(self) -> Option<&'static str> {
        match self {
            Self::Confirm
            | Self::Link
            | Self::Withdraw
            | Self::Merge
            | Self::NameRepresentative
            | Self::Answer
            | Self::FetchOwn => Some("department.evidence"),
            Self::AskShared => Some("department.sharing"),
            Self::CheckAtCounter | Self::TakeConsent => Some("counter.service"),
            Self::EnterObjection => Some("counter.objection"),
            Self::ReadAudit | Self::ReviewLook | Self::AnswerQuestion => Some("audit.review"),
            Self::OpenExample => Some("office.example"),
            Self::ReadOwn
            | Self::ReadOwnLooks
            | Self::AskLook
            | Self::ChooseCompany
            | Self::ReadAgents
            | Self::Appoint
            | Self::ReadMessages
            | Self::OwnConsent
            | Self::Object
            | Self::Repair => Some("own-file"),
            _ => None,
        }
    }
}

/// That a viewer may do an action. Only [`permit`] makes one.
#[derive(Debug, Clone)]
pub(crate) struct Permit {
    viewer: Viewer,
    action: Action,
}

impl Permit {
    /// The officer and source, for staff.
    pub(crate) fn staff(&self) -> Option<(&OfficerId, &SourceCode)> {
        match &self.viewer {
            Viewer::Staff { officer, source, .. } => Some((officer, source)),
            _ => None,
        }
    }

    /// Whose own file it is: the person's, or that of the organisation they act for.
    pub(crate) fn subject(&self) -> Option<SubjectId> {
        match self.viewer {
            Viewer::Person { subject } => Some(subject),
            Viewer::Agent { organisation, .. } => Some(organisation),
            _ => None,
        }
    }

    /// Who reads it: the person, for themself or for an organisation.
    pub(crate) fn reader(&self) -> Option<SubjectId> {
        match self.viewer {
            Viewer::Person { subject } => Some(subject),
            Viewer::Agent { person, .. } => Some(person),
            _ => None,
        }
    }

    /// Who is written down as having looked at that file.
    pub(crate) fn own_viewer(&self) -> Option<store::Result<store::Viewer>> {
        match self.viewer {
            Viewer::Person { .. } => Some(store::Viewer::oneself()),
            Viewer::Agent { person, .. } => Some(store::Viewer::agent(person)),
            _ => None,
        }
    }

    /// The purpose of the looks this permit is good for.
    pub(crate) fn purpose(&self) -> Option<PurposeCode> {
        PurposeCode::new(self.action.purpose()?).ok()
    }
}

/// Not permitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Denied {
    /// Whether signing in could help.
    pub(crate) nobody_signed_in: bool,
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the policy in force does not name this action for this role")
    }
}

/// Whether this viewer may do this, by the policy in force.
///
/// The desks' shells hold it already; beyond roles, the store checks whose record it is.
pub(crate) fn permit(bundle: &Bundle, viewer: &Viewer, action: Action) -> Result<Permit, Denied> {
    let denied = Denied {
        nobody_signed_in: *viewer == Viewer::Public,
    };
    // What everyone may, one keeps when one signs in.
    let of_public = bundle.role(Role::Public.code());
    let own = bundle.role(viewer.role().code());
    let may = |act: &&str| [own, of_public].into_iter().flatten().any(|role| role.may(act));
    if !action.acts().iter().all(may) {
        return Err(denied);
    }
    if let Some(purpose) = action.purpose() {
        let purpose = PurposeCode::new(purpose).map_err(|_| denied)?;
        let known = bundle.purpose(&purpose).is_some();
        if !known || !own.is_some_and(|role| role.may_look_for(&purpose)) {
            return Err(denied);
        }
    }
    Ok(Permit {
        viewer: viewer.clone(),
        action,
    })
}

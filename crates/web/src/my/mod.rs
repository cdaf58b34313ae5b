//! One's own file, a person's or that of the organisation one acts for: everything held, what follows from it and why, who looked,
//! and what one is told. At an organisation's desk the address says for whom one acts.

pub(crate) mod agents;
pub(crate) mod companies;
pub(crate) mod consents;
pub(crate) mod file;
pub(crate) mod home;
mod look_view;
pub(crate) mod looks;
mod message_view;
pub(crate) mod messages;
pub(crate) mod proof;
pub(crate) mod question;
pub(crate) mod record;
pub(crate) mod repair;
pub(crate) mod repair_check;
pub(crate) mod report;
pub(crate) mod reports;

use ::record::{PurposeCode, SubjectId};
use assess::Assessment;
use store::{Look, LookPermit, NewLook, SubjectFile};

use crate::access::Action;
use crate::error::Fault;
use crate::view::{Desk, NavItem, Shell};
use crate::visit::Visit;

pub(crate) use look_view::{LookView, case_shown, look_view, look_views, visits};
use message_view::{MessageView, messages_of};

/// How many looks are read at most.
const LOOKS_MOST: u32 = 2_000;

/// One's own file, opened: by a look of one's own, as every file is.
pub(crate) struct Opened {
    /// The leave to read it.
    pub(crate) permit: LookPermit,
    /// The file.
    pub(crate) file: SubjectFile,
    /// What follows from it.
    pub(crate) assessment: Assessment,
    /// What one is told, the newest first.
    messages: Vec<MessageView>,
}

/// Writes the look, then reads the file and assesses it.
pub(crate) async fn open(visit: &Visit, what: &str) -> Result<Opened, Fault> {
    let permit = permit_to(visit, what).await?;
    let file = visit.store().file(&permit, None).await.map_err(Fault::internal)?;
    let assessment = assess::assess(&visit.bundle, &file.all(), visit.as_of);
    let messages = messages_of(visit, &permit, &file, &assessment).await?;
    Ok(Opened {
        permit,
        file,
        assessment,
        messages,
    })
}

/// Writes the look, which is the leave to read.
pub(crate) async fn permit_to(visit: &Visit, what: &str) -> Result<LookPermit, Fault> {
    let subject = visit.permit.subject().ok_or(Fault::NotFound)?;
    let viewer = visit.permit.own_viewer().ok_or(Fault::NotFound)?;
    let look = NewLook {
        viewer: viewer.map_err(Fault::internal)?,
        subject,
        purpose: visit.permit.purpose().ok_or(Fault::Forbidden)?,
        case: None,
        what: what.to_owned(),
    };
    visit.store().look(&look).await.map_err(Fault::internal)
}

/// The frame of a page of one's own file; `current` is the page below its beginning. Offered is what is permitted.
pub(crate) fn shell(visit: &Visit, opened: &Opened, current: &str) -> Shell {
    let desk = if visit.acting.is_some() {
        Desk::Company
    } else {
        Desk::My
    };
    let shell = visit.shell(desk);
    let here = visit.own(current);
    let unread = opened.messages.iter().filter(|message| message.unread).count();
    let places = [
        (Action::ReadOwn, "", "nav-my"),
        (Action::ReadMessages, "/messages", "nav-messages"),
        (Action::ReadOwnLooks, "/looks", "nav-looks"),
        (Action::OwnConsent, "/consents", "nav-consents"),
        (Action::ReadOwn, "/reports", "nav-reports"),
        (Action::ReadAgents, "/agents", "nav-agents"),
    ];
    let mut nav: Vec<NavItem> = places
        .into_iter()
        .filter(|(action, ..)| visit.may(*action))
        .map(|(_, rest, key)| {
            let count = if rest == "/messages" { unread } else { 0 };
            let key = shell.own_words(key);
            NavItem::of(visit.lang, visit.own(rest), &key, &here).counting(u64::try_from(count).unwrap_or(0))
        })
        .collect();
    // Whoever acts for an organisation changes over to another beside its name.
    if visit.acting.is_none() {
        nav.push(NavItem::of(
            visit.lang,
            companies::HERE,
            "nav-companies",
            if current == companies::HERE { current } else { "" },
        ));
    }
    Shell { nav, ..shell }
}

/// The newest looks at a subject; without its own, and those of who acts for it, unless wanted.
pub(crate) async fn looks(visit: &Visit, subject: SubjectId, own: bool) -> Result<Vec<Look>, Fault> {
    let found = visit.store().newest_looks_at(subject, own, LOOKS_MOST).await;
    found.map_err(Fault::internal)
}

/// The name of a purpose.
pub(crate) fn purpose(visit: &Visit, code: &str) -> String {
    let found = PurposeCode::new(code)
        .ok()
        .and_then(|code| visit.bundle.purpose(&code));
    found.map_or_else(|| code.to_owned(), |purpose| visit.lang.of(&purpose.name))
}

/// What was looked at, in words: the store keeps a code such as `file`, `record 12`, `verdict elder-card`.
pub(crate) fn what(visit: &Visit, code: &str) -> String {
    let (kind, of) = code.split_once(' ').unwrap_or((code, ""));
    if kind == "verdict" {
        let service = ::record::ServiceCode::new(of).ok();
        let service = service.and_then(|code| visit.bundle.service(&code));
        return service.map_or_else(|| of.to_owned(), |service| visit.lang.of(&service.name));
    }
    if kind == "shared" {
        let item = ::record::ItemCode::new(of).ok();
        let item = item.and_then(|code| visit.bundle.item(&code));
        let name = item.map_or_else(|| of.to_owned(), |item| visit.lang.of(&item.name));
        return visit.lang.with("what-shared", &[("of", &name)]);
    }
    if kind == "identifier" {
        let (occasion, number) = of.split_once(' ').unwrap_or((of, ""));
        let known = crate::department::whole::OCCASIONS.contains(&occasion);
        let why = if known {
            visit.lang.t(&format!("reveal-{occasion}"))
        } else {
            occasion.to_owned()
        };
        return visit
            .lang
            .with("what-identifier", &[("of", number), ("why", &why)]);
    }
    let known = [
        "file",
        "record",
        "records",
        "own-records",
        "link",
        "merge",
        "naming",
        "looks",
        "consents",
        "consent",
        "repair",
        "plea",
        "attachment",
        "objection",
        "audit",
        "question",
        "report",
        "reports",
        "messages",
        "companies",
        "agents",
    ];
    if kind == "looks" && visit.acting.is_some() {
        visit.lang.t("company-looks-title")
    } else if known.contains(&kind) {
        visit.lang.with(&format!("what-{kind}"), &[("of", of)])
    } else {
        code.to_owned()
    }
}

//! A person's own file: everything held, what follows from it and why, and who looked.

pub(crate) mod consents;
pub(crate) mod home;
pub(crate) mod looks;
pub(crate) mod question;
pub(crate) mod record;
pub(crate) mod repair;
pub(crate) mod report;
pub(crate) mod reports;

use ::record::{CaseNumber, PurposeCode, SubjectId};
use assess::Assessment;
use store::{Look, LookPermit, NewLook, Page, SubjectFile, Viewer};

use crate::error::Fault;
use crate::view::{Desk, NavItem, Shell};
use crate::visit::{Frame, Visit};

/// How many looks are read to find other people's among one's own.
const LOOK_PAGES_MOST: u32 = 10;

/// The person's own file, opened: by a look of their own, as every file is.
pub(crate) struct Opened {
    /// The leave to read it.
    pub(crate) permit: LookPermit,
    /// The file.
    pub(crate) file: SubjectFile,
    /// What follows from it.
    pub(crate) assessment: Assessment,
}

/// Writes the look, then reads the file and assesses it.
pub(crate) async fn open(visit: &Visit, what: &str) -> Result<Opened, Fault> {
    let permit = permit_to(visit, what).await?;
    let file = visit.store().file(&permit, None).await.map_err(Fault::internal)?;
    let assessment = assess::assess(&visit.bundle, &file.all(), visit.as_of);
    Ok(Opened {
        permit,
        file,
        assessment,
    })
}

/// Writes the look, which is the leave to read.
pub(crate) async fn permit_to(visit: &Visit, what: &str) -> Result<LookPermit, Fault> {
    let subject = visit.permit.person().ok_or(Fault::NotFound)?;
    let look = NewLook {
        viewer: Viewer::oneself().map_err(Fault::internal)?,
        subject,
        purpose: visit.permit.purpose().ok_or(Fault::Forbidden)?,
        case: None,
        what: what.to_owned(),
    };
    visit.store().look(&look).await.map_err(Fault::internal)
}

/// The frame of a page of this desk.
pub(crate) fn shell(visit: &Visit, current: &str) -> Shell {
    let item = |href, key| NavItem::of(visit.lang, href, key, current);
    Shell {
        nav: vec![
            item("/my", "nav-my"),
            item("/my/looks", "nav-looks"),
            item("/my/consents", "nav-consents"),
            item("/my/reports", "nav-reports"),
        ],
        ..visit.shell(Desk::My)
    }
}

/// The newest looks at a subject; without the subject's own unless wanted.
pub(crate) async fn looks(visit: &Visit, subject: SubjectId, own: bool) -> Result<Vec<Look>, Fault> {
    let mut found = Vec::new();
    for number in 1..=LOOK_PAGES_MOST {
        let page = visit.store().looks_at(subject, Page::new(number, 200)).await;
        let page = page.map_err(Fault::internal)?;
        let last = page.page >= page.pages;
        found.extend(
            page.rows
                .into_iter()
                .filter(|look| own || look.viewer_kind != "self"),
        );
        if last {
            break;
        }
    }
    Ok(found)
}

/// Looks as the person reads them: those of one case by one office on one day are one line.
pub(crate) fn look_views(visit: &Visit, looks: &[Look]) -> Vec<LookView> {
    let mut views: Vec<LookView> = Vec::new();
    let mut last: Option<&Look> = None;
    for look in looks {
        let same = last.is_some_and(|last| is_one(last, look));
        if let (true, Some(view)) = (same, views.last_mut()) {
            view.times += 1;
            view.covers.push(look.id);
        } else {
            views.push(look_view(visit, look));
        }
        last = Some(look);
    }
    views
}

fn is_one(one: &Look, other: &Look) -> bool {
    let what = |look: &Look| {
        (
            look.viewer.clone(),
            look.purpose.clone(),
            look.case.clone(),
            look.what.clone(),
        )
    };
    what(one) == what(other) && Frame::day_of(one.at_ms) == Frame::day_of(other.at_ms)
}

pub(crate) fn look_view(visit: &Visit, look: &Look) -> LookView {
    let own = look.viewer_kind == "self";
    let source = look
        .source
        .as_ref()
        .and_then(|code| ::record::SourceCode::new(code.clone()).ok());
    let who = match (&source, own) {
        (_, true) => visit.lang.t("look-self"),
        (Some(source), _) => {
            let door = visit.lang.t(&format!("door-{}", look.door));
            format!("{} · {door}", visit.source_name(source))
        }
        (None, _) => visit.lang.t("look-operator"),
    };
    LookView {
        id: look.id,
        covers: vec![look.id],
        question: None,
        when: visit.moment(look.at_ms),
        who,
        purpose: purpose(visit, &look.purpose),
        case: look
            .case
            .clone()
            .and_then(|case| CaseNumber::new(case).ok())
            .map(|case| case.to_string()),
        what: what(visit, &look.what),
        times: 1,
        own,
    }
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
        let known = crate::department::own_record::OCCASIONS.contains(&occasion);
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
        "file", "record", "records", "link", "merge", "looks", "consents", "consent", "repair", "plea",
        "audit", "question", "report", "reports",
    ];
    if known.contains(&kind) {
        visit.lang.with(&format!("what-{kind}"), &[("of", of)])
    } else {
        code.to_owned()
    }
}

/// One look, or several of the same case on one day, as the person reads it.
#[derive(Debug, Clone)]
pub(crate) struct LookView {
    /// The number of the latest.
    pub(crate) id: u64,
    /// The numbers of all that are this line.
    pub(crate) covers: Vec<u64>,
    /// What the person asked about it, if they did.
    pub(crate) question: Option<question::QuestionView>,
    /// When, the latest.
    pub(crate) when: String,
    /// Which office.
    pub(crate) who: String,
    /// For which purpose.
    pub(crate) purpose: String,
    /// In which case.
    pub(crate) case: Option<String>,
    /// What was looked at.
    pub(crate) what: String,
    /// How many times.
    pub(crate) times: u64,
    /// Whether it was the person.
    pub(crate) own: bool,
}

#[cfg(test)]
impl LookView {
    pub(crate) fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        [false, true]
            .map(|own| Self {
                id: 7,
                covers: vec![7],
                question: question::QuestionView::samples(lang)
                    .into_iter()
                    .nth(1)
                    .filter(|_| !own),
                when: "今天 09:41".into(),
                who: if own {
                    lang.t("look-self")
                } else {
                    lang.t("look-operator")
                },
                purpose: "窗口办事".into(),
                case: Some("2026-1123-0419".into()),
                what: "公共场所卫生许可证延续".into(),
                times: 3,
                own,
            })
            .into()
    }
}

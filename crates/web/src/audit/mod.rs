//! The auditor's desk: who looked, which of it is unusual, what people ask about it, and what was done to the house.
//!
//! Nothing here names a person before the auditor's own look is written: subjects have marks.

pub(crate) mod acts;
pub(crate) mod file;
pub(crate) mod home;
pub(crate) mod looks;
pub(crate) mod question;
pub(crate) mod questions;
pub(crate) mod unusual;
pub(crate) mod unusual_one;

use assess::Due as DueDay;
use jiff::civil::Date;
use record::{CaseNumber, OfficerId, SourceCode, SubjectId, SubjectKind, mask_name};
use store::{Door, LookPermit, NewLook, Page, SeenLook, SubjectFile, UnusualFilter, Viewer};

use crate::error::Fault;
use crate::my::{case_shown, purpose, what};
use crate::view::{Desk, NavItem, Shell, shanghai};
use crate::visit::{Frame, Visit};

/// At whom an auditor asks who looked, and in which case; held between two requests of the auditor's session.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Whom.
    pub(crate) subject: SubjectId,
    /// In which case.
    pub(crate) case: CaseNumber,
}

/// The auditor and their department.
pub(crate) fn auditor(visit: &Visit) -> Result<(&OfficerId, &SourceCode), Fault> {
    visit.permit.staff().ok_or(Fault::Forbidden)
}

/// The auditor's own look, written before anything of the person is shown (guard 9).
pub(crate) async fn look(
    visit: &Visit,
    subject: SubjectId,
    case: Option<CaseNumber>,
    what: String,
) -> Result<LookPermit, Fault> {
    let (officer, source) = auditor(visit)?;
    let look = NewLook {
        viewer: Viewer::staff(officer.clone(), source.clone(), Door::Audit),
        subject,
        purpose: visit.permit.purpose().ok_or(Fault::Forbidden)?,
        case,
        what,
    };
    visit.store().look(&look).await.map_err(Fault::internal)
}

/// Who it is, as an auditor needs it: an organisation by name, a person masked.
pub(crate) fn named(file: &SubjectFile) -> String {
    let identifier = file.identifiers.last();
    if file.kind == SubjectKind::Person {
        let masked = identifier.map(record::Identifier::masked).unwrap_or_default();
        format!("{} {masked}", mask_name(&file.name))
            .trim_end()
            .to_owned()
    } else {
        file.name.clone()
    }
}

/// What waits for the auditor.
pub(crate) struct Waiting {
    /// Questions of people.
    pub(crate) questions: u64,
    /// Of these, those whose day is over.
    pub(crate) questions_late: u64,
    /// Unusual looks nobody has reviewed.
    pub(crate) unusual: u64,
    /// Of these, those whose day is over.
    pub(crate) unusual_late: u64,
    /// Unusual looks to be followed up.
    pub(crate) follow_up: u64,
}

/// How many of what waits are asked whether they are late; what is beyond is late too if these are.
const ASKED_MOST: u32 = 200;

/// Weighs what is new, and counts what waits.
pub(crate) async fn waiting(visit: &Visit) -> Result<Waiting, Fault> {
    let store = visit.store();
    store.weigh_looks().await.map_err(Fault::internal)?;
    let first = Page::new(1, ASKED_MOST);
    let questions = store.look_questions(Some("waiting"), first).await;
    let questions = questions.map_err(Fault::internal)?;
    let in_state = |state: &str| UnusualFilter {
        state: Some(state.to_owned()),
        ..UnusualFilter::default()
    };
    let open = store.unusual_looks(&in_state("open"), first).await;
    let open = open.map_err(Fault::internal)?;
    let follow_up = store.unusual_looks(&in_state("follow_up"), Page::new(1, 1)).await;
    let today = visit.today();
    let late = |due: DueDay| due.on < today;
    let count = |late: usize| u64::try_from(late).unwrap_or(u64::MAX);
    Ok(Waiting {
        questions: questions.total,
        questions_late: count(
            questions
                .rows
                .iter()
                .filter(|question| late(answer_due(visit, question.asked)))
                .count(),
        ),
        unusual: open.total,
        unusual_late: count(
            open.rows
                .iter()
                .filter(|one| late(review_due(visit, one.look.look.at_ms)))
                .count(),
        ),
        follow_up: follow_up.map_err(Fault::internal)?.total,
    })
}

/// By when a question asked on this day is answered.
pub(crate) fn answer_due(visit: &Frame, asked: Date) -> DueDay {
    let days = visit.bundle.look_rules().answer_working_days();
    visit.bundle.calendar().due(asked, days)
}

/// By when an unusual look of this moment is reviewed.
pub(crate) fn review_due(visit: &Frame, at_ms: i64) -> DueDay {
    let days = visit.bundle.look_rules().review_working_days();
    visit.bundle.calendar().due(Frame::day_of(at_ms), days)
}

/// The frame of a page of this desk, with what waits beside its places.
pub(crate) async fn shell(visit: &Visit, current: &str) -> Result<Shell, Fault> {
    Ok(shell_with(visit, current, &waiting(visit).await?))
}

/// The same, of a page that has asked what waits already.
pub(crate) fn shell_with(visit: &Visit, current: &str, waiting: &Waiting) -> Shell {
    let item = |href, key, count| NavItem::of(visit.lang, href, key, current).counting(count);
    Shell {
        nav: vec![
            item("/audit", "nav-due", 0),
            item("/audit/questions", "nav-questions", waiting.questions),
            item("/audit/unusual", "nav-unusual", waiting.unusual),
            item("/audit/looks", "nav-all-looks", 0),
            item("/audit/acts", "nav-acts", 0),
        ],
        ..visit.shell(Desk::Audit)
    }
}

/// One look as a line of a list.
#[derive(Debug, Clone)]
pub(crate) struct LookRow {
    /// Its number.
    pub(crate) id: u64,
    /// When.
    pub(crate) when: String,
    /// The officer's name and sign-in name.
    pub(crate) officer: String,
    /// The department and the door.
    pub(crate) source: String,
    /// An organisation's name, or a mark.
    pub(crate) subject: String,
    /// What for.
    pub(crate) purpose: String,
    /// In which case.
    pub(crate) case: String,
    /// At what.
    pub(crate) what: String,
    /// What it weighs, if it is unusual.
    pub(crate) points: Option<u32>,
}

/// The view of a look.
pub(crate) async fn look_row(visit: &Visit, seen: &SeenLook) -> LookRow {
    let look = &seen.look;
    let source = look
        .source
        .as_ref()
        .and_then(|code| SourceCode::new(code.clone()).ok());
    let door = visit.lang.t(&format!("door-{}", look.door));
    LookRow {
        id: look.id,
        when: visit.moment(look.at_ms),
        officer: officer_shown(visit, &look.viewer).await,
        source: source.map_or_else(
            || door.clone(),
            |source| format!("{} · {door}", visit.source_name(&source)),
        ),
        subject: subject_shown(visit, seen),
        purpose: purpose(visit, &look.purpose),
        case: case_shown(visit, look).unwrap_or_default(),
        what: done(visit, &look.what),
        points: seen.points,
    }
}

/// What was looked at, in words that do not speak to the person.
fn done(visit: &Visit, code: &str) -> String {
    let (kind, of) = code.split_once(' ').unwrap_or((code, ""));
    if ["audit", "question", "link", "plea", "looks"].contains(&kind) {
        visit.lang.with(&format!("audit-did-{kind}"), &[("of", of)])
    } else {
        what(visit, code)
    }
}

/// An officer by name, with the name to filter by.
pub(crate) async fn officer_shown(visit: &Visit, code: &str) -> String {
    match (code, OfficerId::new(code)) {
        ("cli", _) | (_, Err(_)) => visit.lang.t("look-operator"),
        (_, Ok(officer)) => {
            let name = visit.app.officer_name(&officer).await;
            if name == code {
                name
            } else {
                format!("{name} ({code})")
            }
        }
    }
}

/// An organisation's name, which is public; of anyone else a mark.
pub(crate) fn subject_shown(visit: &Visit, seen: &SeenLook) -> String {
    if let Some(name) = &seen.organisation {
        return name.clone();
    }
    let kind = seen.kind.map_or("person", SubjectKind::code);
    let kind = visit.lang.t(&format!("kind-{kind}"));
    visit
        .lang
        .with("audit-mark", &[("kind", &kind), ("mark", &seen.mark)])
}

/// The first moment of a day that an address names, in milliseconds since 1970 UTC.
pub(crate) fn midnight(day: Date) -> Option<i64> {
    let zoned = day.to_zoned(shanghai()).ok()?;
    Some(zoned.timestamp().as_millisecond())
}

/// From the first moment of one day to the last of another, as an address names them; what is no day bounds nothing.
pub(crate) fn period(from: &str, to: &str) -> (Option<i64>, Option<i64>) {
    let day = |text: &str| text.parse::<Date>().ok();
    let until = day(to).and_then(|day| day.tomorrow().ok());
    (day(from).and_then(midnight), until.and_then(midnight))
}

#[cfg(test)]
impl LookRow {
    pub(crate) fn samples() -> Vec<Self> {
        [None, Some(60)]
            .map(|points| Self {
                id: 7,
                when: "今天 09:41".into(),
                officer: "陈科员 (chen)".into(),
                source: "市场监督管理局".into(),
                subject: "自然人 7F3A21C0".into(),
                purpose: "归集部门核对".into(),
                case: "chancheng.market/12".into(),
                what: "全部档案".into(),
                points,
            })
            .into()
    }
}

//! `/office/announcements/new`, `/office/announcements/{id}`, `…/edit`, `…/publish`, `…/take-back`, `…/drop`: one announcement, from its
//! first draft over what everyone will see to the day on which it goes.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use record::{AnnouncementId, Date, OfficerId, SourceCode};
use serde::Deserialize;
use store::{Announcement, AnnouncementState, AnnouncementText};

use super::announcements::{state_says, tone};
use super::shell;
use crate::error::Fault;
use crate::extract::{Form, Path};
use crate::page::{FormFault, page_with, see};
use crate::view::{Given, Run, Shell, Tone, day, leads_out, paragraphs};
use crate::visit::Visit;

const LIST: &str = "/office/announcements";
const TITLE_MOST: usize = 100;
const BODY_MOST: usize = 5_000;
const WHY_LEAST: usize = 5;
const WHY_MOST: usize = 500;

#[derive(Template)]
#[template(path = "office/announcement_edit.html")]
pub(crate) struct EditPage {
    shell: Shell,
    /// Of which draft; a new one has no number.
    id: Option<u64>,
    draft: Draft,
    today: String,
    faults: Vec<FormFault>,
}

#[derive(Template)]
#[template(path = "office/announcement.html")]
pub(crate) struct AnnouncementPage {
    shell: Shell,
    id: u64,
    state: String,
    tone: Tone,
    /// What it says and from when to when; a draft with the way to change each.
    given: Vec<Given>,
    /// What everyone sees, in both languages: the tag of the language, title, paragraphs.
    previews: Vec<(&'static str, String, Vec<Vec<Run>>)>,
    is_draft: bool,
    is_over: bool,
    can_take_back: bool,
    why: String,
    faults: Vec<FormFault>,
}

/// A form as it was filled in.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Draft {
    #[serde(default)]
    title_zh: String,
    #[serde(default)]
    title_en: String,
    #[serde(default)]
    body_zh: String,
    #[serde(default)]
    body_en: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
}

#[derive(Deserialize)]
pub(crate) struct Why {
    #[serde(default)]
    why: String,
}

/// `GET /office/announcements/new`
pub(crate) async fn new(visit: Visit) -> Result<Response, Fault> {
    let draft = Draft {
        from: visit.today().to_string(),
        ..Draft::default()
    };
    edited(&visit, None, draft, Vec::new())
}

/// `POST /office/announcements/new`
pub(crate) async fn create(visit: Visit, Form(draft): Form<Draft>) -> Result<Response, Fault> {
    let (officer, _) = officer(&visit)?;
    match draft.read(&visit) {
        Err(faults) => edited(&visit, None, draft, faults),
        Ok(text) => {
            let id = visit.store().draft_announcement(officer, &text).await;
            Ok(done(id.map_err(Fault::internal)?, "announcement-saved"))
        }
    }
}

/// `GET /office/announcements/{id}/edit`
pub(crate) async fn edit(visit: Visit, Path(id): Path<u64>) -> Result<Response, Fault> {
    let one = found(&visit, id).await?;
    if one.state != AnnouncementState::Draft {
        return Ok(see(&format!("{LIST}/{id}")));
    }
    edited(&visit, Some(id), Draft::of(&one.text), Vec::new())
}

/// `POST /office/announcements/{id}/edit`
pub(crate) async fn save(
    visit: Visit,
    Path(id): Path<u64>,
    Form(draft): Form<Draft>,
) -> Result<Response, Fault> {
    let (officer, _) = officer(&visit)?;
    found(&visit, id).await?;
    match draft.read(&visit) {
        Err(faults) => edited(&visit, Some(id), draft, faults),
        Ok(text) => {
            let id = AnnouncementId(id);
            let changed = visit.store().change_announcement(officer, id, &text).await;
            changed_or_conflict(&visit, changed, "announcement-not-draft")?;
            Ok(done(id, "announcement-saved"))
        }
    }
}

/// `GET /office/announcements/{id}`
pub(crate) async fn show(visit: Visit, Path(id): Path<u64>) -> Result<Response, Fault> {
    let one = found(&visit, id).await?;
    shown(&visit, &one, String::new(), Vec::new()).await
}

/// `POST /office/announcements/{id}/publish`
pub(crate) async fn publish(visit: Visit, Path(id): Path<u64>) -> Result<Response, Fault> {
    let (officer, source) = officer(&visit)?;
    found(&visit, id).await?;
    let id = AnnouncementId(id);
    let published = visit.store().publish_announcement(officer, source, id).await;
    changed_or_conflict(&visit, published, "announcement-not-published")?;
    Ok(done(id, "announcement-published"))
}

/// `POST /office/announcements/{id}/take-back`
pub(crate) async fn take_back(
    visit: Visit,
    Path(id): Path<u64>,
    Form(Why { why }): Form<Why>,
) -> Result<Response, Fault> {
    let (officer, source) = officer(&visit)?;
    let one = found(&visit, id).await?;
    let why = why.trim().to_owned();
    if !(WHY_LEAST..=WHY_MOST).contains(&why.chars().count()) {
        let says = visit.lang.t("announcement-why-fault");
        return shown(&visit, &one, why, vec![FormFault { field: "why", says }]).await;
    }
    let taken = visit
        .store()
        .take_back_announcement(officer, source, one.id, &why)
        .await;
    changed_or_conflict(&visit, taken, "announcement-not-shown")?;
    Ok(done(one.id, "announcement-taken-back"))
}

/// `POST /office/announcements/{id}/drop`
pub(crate) async fn drop(visit: Visit, Path(id): Path<u64>) -> Result<Response, Fault> {
    found(&visit, id).await?;
    let dropped = visit.store().drop_announcement(AnnouncementId(id)).await;
    changed_or_conflict(&visit, dropped, "announcement-not-draft")?;
    Ok(see(&format!("{LIST}?done=announcement-dropped&n={id}")))
}

fn officer(visit: &Visit) -> Result<(&OfficerId, &SourceCode), Fault> {
    visit.permit.staff().ok_or(Fault::Forbidden)
}

async fn found(visit: &Visit, id: u64) -> Result<Announcement, Fault> {
    let one = visit.store().announcement(AnnouncementId(id)).await;
    one.map_err(Fault::internal)?.ok_or(Fault::NotFound)
}

/// What somebody else has done meanwhile is told, and nothing is done a second time.
fn changed_or_conflict(visit: &Visit, changed: store::Result<bool>, key: &str) -> Result<(), Fault> {
    if changed.map_err(Fault::internal)? {
        Ok(())
    } else {
        Err(Fault::Conflict(visit.lang.t(key)))
    }
}

fn done(id: AnnouncementId, what: &str) -> Response {
    see(&format!("{LIST}/{id}?done={what}&n={id}"))
}

fn edited(visit: &Visit, id: Option<u64>, draft: Draft, faults: Vec<FormFault>) -> Result<Response, Fault> {
    let status = if faults.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = EditPage {
        shell: shell(visit, LIST),
        id,
        draft,
        today: visit.today().to_string(),
        faults,
    };
    page_with(status, &page)
}

async fn shown(
    visit: &Visit,
    one: &Announcement,
    why: String,
    faults: Vec<FormFault>,
) -> Result<Response, Fault> {
    let status = if faults.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let is_draft = one.state == AnnouncementState::Draft;
    let page = AnnouncementPage {
        shell: shell(visit, LIST),
        id: one.id.0,
        state: state_says(visit.lang, one.state),
        tone: tone(one.state),
        given: given(visit, one).await,
        previews: vec![
            ("zh-CN", one.text.title_zh.clone(), paragraphs(&one.text.body_zh)),
            ("en", one.text.title_en.clone(), paragraphs(&one.text.body_en)),
        ],
        is_draft,
        is_over: is_draft && one.text.until < visit.today(),
        can_take_back: matches!(one.state, AnnouncementState::Upcoming | AnnouncementState::Shown),
        why,
        faults,
    };
    page_with(status, &page)
}

async fn given(visit: &Visit, one: &Announcement) -> Vec<Given> {
    let lang = visit.lang;
    let edit = |field: &str| {
        let is_draft = one.state == AnnouncementState::Draft;
        is_draft.then(|| format!("{LIST}/{}/edit#{field}", one.id))
    };
    let mut given = vec![
        Given {
            label: lang.t("announcement-from"),
            value: day(lang, one.text.from),
            change: edit("from"),
        },
        Given {
            label: lang.t("announcement-until"),
            value: day(lang, one.text.until),
            change: edit("until"),
        },
    ];
    let written = Some((one.written_by.as_str(), one.written_ms));
    let published = one.published.as_ref().map(|(by, at_ms)| (by.as_str(), *at_ms));
    let taken = one
        .taken_back
        .as_ref()
        .map(|taken| (taken.by.as_str(), taken.at_ms));
    for (key, act) in [
        ("announcement-written", written),
        ("announcement-was-published", published),
        ("announcement-was-taken-back", taken),
    ] {
        let Some((by, at_ms)) = act else { continue };
        let who = match OfficerId::new(by) {
            Ok(officer) => visit.app.officer_name(&officer).await,
            Err(_) => by.to_owned(),
        };
        given.push(Given {
            label: lang.t(key),
            value: format!("{} · {who}", visit.moment(at_ms)),
            change: None,
        });
    }
    if let Some(taken) = &one.taken_back {
        given.push(Given {
            label: lang.t("announcement-why"),
            value: taken.why.clone(),
            change: None,
        });
    }
    given
}

impl Draft {
    fn of(text: &AnnouncementText) -> Self {
        Self {
            title_zh: text.title_zh.clone(),
            title_en: text.title_en.clone(),
            body_zh: text.body_zh.clone(),
            body_en: text.body_en.clone(),
            from: text.from.to_string(),
            until: text.until.to_string(),
        }
    }

    /// What it says, or everything that is wrong with it.
    fn read(&self, visit: &Visit) -> Result<AnnouncementText, Vec<FormFault>> {
        let lang = visit.lang;
        let mut faults = Vec::new();
        let mut text = |field: &'static str, value: &str, most: usize| {
            let value = value.replace("\r\n", "\n").trim().to_owned();
            let count = value.chars().count();
            if count == 0 || count > most {
                let key = format!("announcement-{}-fault", field.replace('_', "-"));
                let says = lang.with(&key, &[("most", &most.to_string())]);
                faults.push(FormFault { field, says });
            } else if let Some(out) = leads_out(&value) {
                let says = lang.with("announcement-leads-out", &[("address", &out)]);
                faults.push(FormFault { field, says });
            }
            value
        };
        let title_zh = text("title_zh", &self.title_zh, TITLE_MOST);
        let body_zh = text("body_zh", &self.body_zh, BODY_MOST);
        let title_en = text("title_en", &self.title_en, TITLE_MOST);
        let body_en = text("body_en", &self.body_en, BODY_MOST);
        let mut wrong = |field, key: &str| {
            let says = lang.t(key);
            faults.push(FormFault { field, says });
        };
        let days = (self.from.parse::<Date>(), self.until.parse::<Date>());
        if days.0.is_err() {
            wrong("from", "announcement-from-fault");
        }
        match days {
            (_, Err(_)) => wrong("until", "announcement-until-fault"),
            (Ok(from), Ok(until)) if until < from => wrong("until", "announcement-order-fault"),
            (_, Ok(until)) if until < visit.today() => wrong("until", "announcement-past-fault"),
            _ => {}
        }
        match days {
            (Ok(from), Ok(until)) if faults.is_empty() => Ok(AnnouncementText {
                title_zh,
                title_en,
                body_zh,
                body_en,
                from,
                until,
            }),
            _ => Err(faults),
        }
    }
}

impl EditPage {
    /// What is wrong with a field, to stand beside it.
    fn fault(&self, field: &str) -> &str {
        let mut faults = self.faults.iter();
        let found = faults.find(|fault| fault.field == field);
        found.map_or("", |fault| fault.says.as_str())
    }
}

#[cfg(test)]
impl crate::page::Samples for EditPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let fault = |field, key: &str| FormFault {
            field,
            says: lang.with(key, &[("most", "100"), ("address", "www.example.org")]),
        };
        let faults = vec![
            fault("title_zh", "announcement-title-zh-fault"),
            fault("body_zh", "announcement-body-zh-fault"),
            fault("title_en", "announcement-title-en-fault"),
            fault("body_en", "announcement-body-en-fault"),
            fault("body_en", "announcement-leads-out"),
            fault("from", "announcement-from-fault"),
            fault("until", "announcement-until-fault"),
            fault("until", "announcement-order-fault"),
            fault("until", "announcement-past-fault"),
        ];
        [(None, Vec::new()), (Some(3), faults)]
            .map(|(id, faults)| Self {
                shell: Shell::sample(lang, crate::view::Desk::Office),
                id,
                draft: Draft::default(),
                today: "2026-11-23".into(),
                faults,
            })
            .into()
    }
}

#[cfg(test)]
impl crate::page::Samples for AnnouncementPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let given = |key: &str, change: Option<&str>| Given {
            label: lang.t(key),
            value: "2026年11月23日".into(),
            change: change.map(str::to_owned),
        };
        AnnouncementState::ALL
            .map(|state| Self {
                shell: Shell::sample(lang, crate::view::Desk::Office),
                id: 3,
                state: state_says(lang, state),
                tone: tone(state),
                given: vec![
                    given("announcement-from", Some("/office/announcements/3/edit#from")),
                    given("announcement-until", None),
                    given("announcement-written", None),
                    given("announcement-was-published", None),
                    given("announcement-was-taken-back", None),
                    given("announcement-why", None),
                ],
                previews: vec![("zh-CN", "提醒".into(), paragraphs("见[指南](/guide)。\n\n第二段"))],
                is_draft: state == AnnouncementState::Draft,
                is_over: state == AnnouncementState::Draft,
                can_take_back: state == AnnouncementState::Shown,
                why: String::new(),
                faults: vec![FormFault {
                    field: "why",
                    says: lang.t("announcement-why-fault"),
                }]
                .into_iter()
                .filter(|_| state == AnnouncementState::Shown)
                .collect(),
            })
            .into()
    }
}

//! `GET /audit/looks`: every look, by who, of which department, what for and when; at whom only for whoever says in which case.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use record::{CaseNumber, Identifier, IdentifierKind, OfficerId, PurposeCode, SourceCode};
use serde::Deserialize;
use store::{Clock, LookFilter, LookPermit, Page};

use super::file::{HandedIn, handed_in};
use super::{Asked, LookRow, look, look_row, named, period, shell};
use crate::download::{ROWS_MOST, csv};
use crate::error::Fault;
use crate::extract::{Form, Query};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Choice, Filter, Pager, Shell, identifier_fault, with_chosen, with_query};
use crate::visit::Visit;

const PER_PAGE: u32 = 50;
/// What a list of a person's looks is, among the looks at that person.
const WHAT: &str = "audit";

#[derive(Template)]
#[template(path = "audit/looks.html")]
pub(crate) struct LooksPage {
    shell: Shell,
    filters: Vec<Filter>,
    wanted: Wanted,
    /// Of whom, once the look is written.
    of: Option<String>,
    /// What they handed in with objections and applications.
    handed_in: Vec<HandedIn>,
    find: FindForm,
    looks: Vec<LookRow>,
    export: String,
    pager: Pager,
    faults: Vec<FormFault>,
}

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    officer: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    page: u32,
}

/// The form by which one asks about somebody.
struct FindForm {
    kinds: Vec<Choice>,
    identifier: String,
    case: String,
}

impl Wanted {
    fn filter<'a>(&self, at: Option<&'a LookPermit>) -> LookFilter<'a> {
        let (from_ms, until_ms) = period(&self.from, &self.to);
        LookFilter {
            at,
            officer: OfficerId::new(self.officer.trim().to_lowercase()).ok(),
            source: SourceCode::new(self.source.clone()).ok(),
            purpose: PurposeCode::new(self.purpose.clone()).ok(),
            from_ms,
            until_ms,
        }
    }

    /// The address of this list, without its page.
    fn href(&self, path: &str) -> String {
        let asked = [
            ("officer", self.officer.as_str()),
            ("source", &self.source),
            ("purpose", &self.purpose),
            ("from", &self.from),
            ("to", &self.to),
            ("person", &self.person),
        ];
        with_chosen(path, &asked)
    }
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    let Some(at) = at(&visit, &wanted.person).await? else {
        return Ok(see("/audit/looks"));
    };
    page(&page_of(&visit, wanted, at, &Find::default(), Vec::new()).await?)
}

/// The auditor's look at whoever is asked about, if somebody is; nothing if the asking is too long ago.
async fn at(visit: &Visit, token: &str) -> Result<Option<Option<LookPermit>>, Fault> {
    if token.is_empty() {
        return Ok(Some(None));
    }
    let asked = visit.app.asked.get(visit.session()?, visit.now, token);
    let Some(Asked { subject, case }) = asked else {
        return Ok(None);
    };
    let permit = look(visit, subject, Some(case), WHAT.to_owned()).await?;
    Ok(Some(Some(permit)))
}

async fn page_of(
    visit: &Visit,
    wanted: Wanted,
    at: Option<LookPermit>,
    find: &Find,
    faults: Vec<FormFault>,
) -> Result<LooksPage, Fault> {
    let store = visit.store();
    let file = match &at {
        Some(permit) => Some(store.file(permit, None).await.map_err(Fault::internal)?),
        None => None,
    };
    let handed_in = file.as_ref().map(|file| handed_in(visit, file, &wanted.person));
    let asked = Page::new(wanted.page, PER_PAGE);
    let shell = shell(visit, "/audit/looks").await?;
    let found = store.all_looks(&wanted.filter(at.as_ref()), asked).await;
    let found = found.map_err(Fault::internal)?;
    let mut looks = Vec::new();
    for seen in &found.rows {
        looks.push(look_row(visit, seen).await);
    }
    Ok(LooksPage {
        shell,
        filters: filters(visit, &wanted),
        of: file.as_ref().map(named),
        handed_in: handed_in.unwrap_or_default(),
        find: find.form(visit),
        looks,
        export: wanted.href("/audit/looks.csv"),
        pager: Pager::new(
            visit.lang,
            &wanted.href("/audit/looks"),
            found.page,
            PER_PAGE,
            found.total,
        ),
        wanted,
        faults,
    })
}

fn filters(visit: &Visit, wanted: &Wanted) -> Vec<Filter> {
    let lang = visit.lang;
    let sources = visit.bundle.sources();
    let sources = sources.map(|source| (source.code.to_string(), lang.of(&source.name)));
    let purposes = visit.bundle.purposes();
    let purposes = purposes.map(|purpose| (purpose.code.to_string(), lang.of(&purpose.name)));
    let all = || lang.t("all");
    vec![
        Filter::new("source", lang.t("audit-source"), all(), sources, &wanted.source),
        Filter::new(
            "purpose",
            lang.t("look-purpose"),
            all(),
            purposes,
            &wanted.purpose,
        ),
    ]
}

/// `GET /audit/looks.csv`: the same list as a file.
pub(crate) async fn export(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    let Some(at) = at(&visit, &wanted.person).await? else {
        return Err(Fault::NotFound);
    };
    let heads = [
        "audit-number",
        "look-when",
        "audit-officer",
        "audit-source",
        "audit-subject",
        "look-purpose",
        "audit-case",
        "look-what",
        "audit-points",
    ];
    let mut rows = vec![heads.map(|key| visit.lang.t(key)).to_vec()];
    let filter = wanted.filter(at.as_ref());
    for number in 1.. {
        let found = visit.store().all_looks(&filter, Page::new(number, 200)).await;
        let found = found.map_err(Fault::internal)?;
        for seen in &found.rows {
            let row = look_row(&visit, seen).await;
            rows.push(vec![
                row.id.to_string(),
                Clock::minute_of(seen.look.at_ms),
                row.officer,
                row.source,
                row.subject,
                row.purpose,
                row.case,
                row.what,
                row.points.map(|points| points.to_string()).unwrap_or_default(),
            ]);
        }
        if found.page >= found.pages || rows.len() > ROWS_MOST {
            break;
        }
    }
    csv("looks.csv", &rows)
}

#[derive(Deserialize, Default)]
pub(crate) struct Find {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    identifier: String,
    #[serde(default)]
    case: String,
}

impl Find {
    fn form(&self, visit: &Visit) -> FindForm {
        let chosen = IdentifierKind::from_code(&self.kind).unwrap_or(IdentifierKind::ResidentId);
        let kind = |kind: IdentifierKind| {
            let says = visit.lang.t(&format!("identifier-{}", kind.code()));
            (kind.code().to_owned(), says, kind == chosen)
        };
        FindForm {
            kinds: IdentifierKind::ALL.map(kind).into(),
            identifier: self.identifier.chars().take(40).collect(),
            case: self.case.chars().take(64).collect(),
        }
    }
}

/// `POST /audit/looks/find`: the identifier goes in the body, never in an address.
pub(crate) async fn find(visit: Visit, Form(form): Form<Find>) -> Result<Response, Fault> {
    let mut faults = Vec::new();
    let kind = IdentifierKind::from_code(&form.kind).unwrap_or(IdentifierKind::ResidentId);
    let read = Identifier::parse(kind, &form.identifier, visit.store().realm());
    let fault = |field, says| FormFault { field, says };
    if let Err(wrong) = &read {
        faults.push(fault("identifier", identifier_fault(visit.lang, wrong)));
    }
    let case = CaseNumber::new(form.case.as_str());
    if case.is_err() {
        faults.push(fault("case", visit.lang.t("audit-bad-case")));
    }
    if let (Ok((identifier, _)), Ok(case)) = (read, case) {
        let found = visit
            .store()
            .find_subject(identifier.kind(), identifier.value())
            .await;
        if let Some(subject) = found.map_err(Fault::internal)? {
            return ask(&visit, subject, case);
        }
        faults.push(fault("identifier", visit.lang.t("audit-nobody")));
    }
    let page = page_of(&visit, Wanted::default(), None, &form, faults).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Goes to the looks at somebody. The look is written there, whenever the list is shown.
pub(super) fn ask(visit: &Visit, subject: record::SubjectId, case: CaseNumber) -> Result<Response, Fault> {
    let asked = Asked { subject, case };
    let put = visit.app.asked.put(visit.session()?, visit.now, asked);
    let token = put.ok_or(Fault::TooMany)?;
    Ok(see(&with_query("/audit/looks", &[("person", &token)])))
}

#[cfg(test)]
impl crate::page::Samples for LooksPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let fault = |says| FormFault {
            field: "identifier",
            says,
        };
        let with = |looks: Vec<LookRow>, of: Option<&str>, faults| Self {
            shell: Shell::sample(lang, crate::view::Desk::Audit),
            filters: vec![Filter::new(
                "source",
                lang.t("audit-source"),
                lang.t("all"),
                [("a".to_owned(), "b".to_owned())],
                "a",
            )],
            wanted: Wanted {
                person: of.unwrap_or_default().to_owned(),
                ..Wanted::default()
            },
            of: of.map(str::to_owned),
            handed_in: of
                .map(|_| HandedIn {
                    title: lang.t("plea-objection"),
                    files: crate::attached::FileView::samples(lang),
                })
                .into_iter()
                .collect(),
            find: FindForm {
                kinds: vec![("resident_id".into(), lang.t("identifier-resident_id"), true)],
                identifier: String::new(),
                case: "审2026-1".into(),
            },
            looks,
            export: "/audit/looks.csv".into(),
            pager: Pager::new(lang, "/audit/looks", 1, 50, 2),
            faults,
        };
        vec![
            with(Vec::new(), None, vec![fault(lang.t("audit-nobody"))]),
            with(Vec::new(), Some("罗*"), Vec::new()),
            with(LookRow::samples(), None, vec![fault(lang.t("audit-bad-case"))]),
        ]
    }
}

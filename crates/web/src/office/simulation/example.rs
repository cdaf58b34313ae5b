//! `/office/simulations/{id}/examples/{number}`: one example of a report, opened for a purpose and in a case: the look is written, and then it says
//! how its subject is rated before and after, and why. Not who that is, and none of their records.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use assess::{Assessment, Bundle, Rating, assess};
use axum::http::StatusCode;
use axum::response::Response;
use batch::SimulationReport;
use record::{AsOf, CaseNumber, SimulationId, SubjectId};
use serde::Deserialize;
use store::{Door, NewLook, SimulationState, Viewer};

use super::words::Names;
use crate::error::Fault;
use crate::extract::{Form, Path};
use crate::office::shell;
use crate::page::{FormFault, page, page_with};
use crate::view::{Shell, day, points};
use crate::visit::Visit;

const LIST: &str = "/office/simulations";

#[derive(Template)]
#[template(path = "office/simulation_example.html")]
pub(crate) struct ExamplePage {
    shell: Shell,
    id: u64,
    name: String,
    number: u32,
    /// What the look is for, in words.
    purpose: String,
    case: String,
    faults: Vec<FormFault>,
    opened: Option<Opened>,
}

/// What is shown of it.
struct Opened {
    on: String,
    before: String,
    after: String,
    /// What gives or takes points: its name, before, after, and by how many they differ.
    rows: Vec<[String; 4]>,
}

#[derive(Deserialize)]
pub(crate) struct Given {
    #[serde(default)]
    case: String,
}

/// An example whose subject the store knows.
struct Found {
    name: String,
    subject: SubjectId,
    draft: Bundle,
    report: SimulationReport,
}

/// `GET`: asks for the case.
pub(crate) async fn show(visit: Visit, Path((id, number)): Path<(u64, u32)>) -> Result<Response, Fault> {
    let found = find(&visit, id, number).await?;
    page(&page_of(&visit, (id, number), &found, String::new()))
}

/// `POST`: writes the look, and shows it.
pub(crate) async fn open(
    visit: Visit,
    Path((id, number)): Path<(u64, u32)>,
    Form(given): Form<Given>,
) -> Result<Response, Fault> {
    let found = find(&visit, id, number).await?;
    let mut shown = page_of(&visit, (id, number), &found, given.case.clone());
    let Ok(case) = CaseNumber::new(given.case.trim()) else {
        shown.faults.push(FormFault {
            field: "case",
            says: visit.lang.t("audit-bad-case"),
        });
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    };
    shown.opened = Some(opened(&visit, (id, number), &found, case).await?);
    page(&shown)
}

async fn find(visit: &Visit, id: u64, number: u32) -> Result<Found, Fault> {
    let store = visit.store();
    let one = store
        .simulation(SimulationId(id))
        .await
        .map_err(Fault::internal)?;
    let one = one.ok_or(Fault::NotFound)?;
    let SimulationState::Done(done) = &one.state else {
        return Err(Fault::NotFound);
    };
    let subject = store.simulation_example(one.id, number).await;
    Ok(Found {
        subject: subject.map_err(Fault::internal)?.ok_or(Fault::NotFound)?,
        report: serde_json::from_str(&done.figures).map_err(Fault::internal)?,
        draft: store.simulation_bundle(one.id).await.map_err(Fault::of_store)?,
        name: one.name,
    })
}

fn page_of(visit: &Visit, (id, number): (u64, u32), found: &Found, case: String) -> ExamplePage {
    let purpose = visit.permit.purpose();
    let purpose = purpose.and_then(|code| visit.bundle.purpose(&code));
    ExamplePage {
        shell: shell(visit, LIST),
        id,
        name: found.name.clone(),
        number,
        purpose: purpose.map_or_else(String::new, |purpose| visit.lang.of(&purpose.text)),
        case,
        faults: Vec::new(),
        opened: None,
    }
}

/// The look, and then what both rules say, as of the last day of the report and of as much of the log.
async fn opened(
    visit: &Visit,
    (id, number): (u64, u32),
    found: &Found,
    case: CaseNumber,
) -> Result<Opened, Fault> {
    let (officer, source) = visit.permit.staff().ok_or(Fault::Forbidden)?;
    let store = visit.store();
    let before = rules_before(visit, &found.report).await?;
    let look = NewLook {
        viewer: Viewer::staff(officer.clone(), source.clone(), Door::Office),
        subject: found.subject,
        purpose: visit.permit.purpose().ok_or(Fault::Forbidden)?,
        case: Some(case),
        what: format!("example {id}/{number}"),
    };
    let permit = store.look(&look).await.map_err(Fault::internal)?;
    let known = record::TreeSize(found.report.known);
    let file = store.file(&permit, Some(known)).await.map_err(Fault::of_store)?;
    let on = found.report.days.last().map_or(visit.today(), |of_day| of_day.on);
    let (as_of, records) = (AsOf { on, known }, file.all());
    let was = assess(&before, &records, as_of);
    let is = assess(&found.draft, &records, as_of);
    let names = Names {
        draft: &found.draft,
        in_force: &before,
        lang: visit.lang,
    };
    Ok(Opened {
        on: day(visit.lang, on),
        before: said(&names, &was),
        after: said(&names, &is),
        rows: rows(&names, &was, &is),
    })
}

/// The rules that were in force when it was tried.
async fn rules_before(visit: &Visit, report: &SimulationReport) -> Result<Arc<Bundle>, Fault> {
    let published = visit.store().publications().await.map_err(Fault::of_store)?;
    let of = published
        .into_iter()
        .find(|one| one.bundle.digest().to_string() == report.before.digest);
    of.map(|one| one.bundle).ok_or(Fault::NotFound)
}

fn said(names: &Names<'_>, found: &Assessment) -> String {
    match &found.rating {
        Rating::Rated(grade) => {
            let card = names.card(grade.scorecard.as_str().trim_start_matches("rating."));
            let (letter, points) = (grade.letter.to_string(), grade.points.to_string());
            let said = [("card", card.as_str()), ("letter", &letter), ("points", &points)];
            names.lang.with("simulation-example-grade", &said)
        }
        Rating::NotRated(why) => {
            let why = why.code().replace('_', "-");
            names.lang.t(&format!("simulation-why-{why}"))
        }
    }
}

/// Each clause that gives or takes points under the one or the other, those that differ first.
fn rows(names: &Names<'_>, was: &Assessment, is: &Assessment) -> Vec<[String; 4]> {
    let mut both: BTreeMap<&str, [i32; 2]> = BTreeMap::new();
    for (at, found) in [was, is].into_iter().enumerate() {
        let reasons = found.rating.grade().map_or(&[][..], |grade| &grade.reasons);
        for reason in reasons {
            let sums = both.entry(reason.because.clause.as_str()).or_default();
            if let Some(sum) = sums.get_mut(at) {
                *sum += reason.points;
            }
        }
    }
    let mut both: Vec<(&str, [i32; 2])> = both.into_iter().collect();
    both.sort_by_key(|(_, [was, is])| std::cmp::Reverse((is - was).abs()));
    let row = |(clause, [was, is]): (&str, [i32; 2])| {
        [names.clause(clause), points(was), points(is), points(is - was)]
    };
    both.into_iter().map(row).collect()
}

#[cfg(test)]
impl crate::page::Samples for ExamplePage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let page = |faults: Vec<FormFault>, opened| Self {
            shell: Shell::sample(lang, crate::view::Desk::Office),
            id: 3,
            name: "A 级下调到 80 分".into(),
            number: 482_913,
            purpose: "…".into(),
            case: "信用办〔2026〕1号".into(),
            faults,
            opened,
        };
        let fault = FormFault {
            field: "case",
            says: lang.t("audit-bad-case"),
        };
        let opened = Opened {
            on: "2026年11月23日".into(),
            before: "B · 84".into(),
            after: "A · 84".into(),
            rows: vec![["…".into(), "+8".into(), "+6".into(), "−2".into()]],
        };
        vec![
            page(Vec::new(), None),
            page(vec![fault], None),
            page(Vec::new(), Some(opened)),
        ]
    }
}

//! `GET /counter/check/{token}/letter`: the commitment, the slip or the one-time notice, to print.

use askama::Template;
use assess::{MaterialState, Verdict};
use axum::response::Response;

use super::{Opened, open, shell};
use crate::counter::decision::{basis, text};
use crate::error::Fault;
use crate::extract::Path;
use crate::page::page;
use crate::view::{Shell, day};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "counter/letter.html")]
pub(crate) struct LetterPage {
    shell: Shell,
    back: String,
    title: String,
    case: String,
    today: String,
    name: String,
    identifier: String,
    service: String,
    verdict: String,
    text: String,
    time: String,
    /// What the verdict rests on, in words, and its code.
    clause: (String, String),
    basis: String,
    missing: Vec<(String, String)>,
    commitment: bool,
}

pub(crate) async fn show(visit: Visit, Path(token): Path<String>) -> Result<Response, Fault> {
    let opened = open(&visit, &token).await?;
    let Opened {
        decision, service, ..
    } = &opened;
    let lang = visit.lang;
    let title = match decision.verdict {
        Verdict::Ordinary => "letter-title-ordinary",
        Verdict::DeferMaterials { .. } => "letter-title-defer",
        Verdict::Complete | Verdict::ZeroVisit => "letter-title-complete",
    };
    page(&LetterPage {
        shell: shell(&visit, "/counter"),
        back: format!("/counter/check/{token}"),
        title: lang.t(title),
        case: opened.case.case.to_string(),
        today: day(lang, visit.today()),
        name: opened.name(),
        identifier: opened.identifier(),
        service: lang.of(&service.name),
        verdict: lang.t(&format!("verdict-{}", decision.verdict.code())),
        text: text(&visit, &opened),
        time: lang.with(
            "letter-time-says",
            &[("n", &decision.promised_working_days.to_string())],
        ),
        clause: opened.clause(&visit),
        basis: basis(&visit, &service.legal_basis),
        missing: missing(&visit, &opened),
        commitment: matches!(decision.verdict, Verdict::DeferMaterials { .. }),
    })
}

/// What is missing, and by when.
fn missing(visit: &Visit, opened: &Opened) -> Vec<(String, String)> {
    let at_start = || visit.lang.t("letter-by-start");
    let missing = opened.decision.materials.iter().filter_map(|status| {
        let by = match status.state {
            MaterialState::MissingCore => at_start(),
            MaterialState::MissingDeferrable { due } => due.map_or_else(at_start, |due| day(visit.lang, due)),
            MaterialState::InHand | MaterialState::Held { .. } => return None,
        };
        Some((visit.lang.of(&status.name), by))
    });
    missing.collect()
}

#[cfg(test)]
impl crate::page::Samples for LetterPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        [
            "letter-title-defer",
            "letter-title-complete",
            "letter-title-ordinary",
        ]
        .map(|key| Self {
            shell: Shell::sample(lang, crate::view::Desk::Counter),
            back: "/counter/check/t".into(),
            title: lang.t(key),
            case: "2026-1123-0419".into(),
            today: "2026年11月23日".into(),
            name: "罗**".into(),
            identifier: "440604********1214".into(),
            service: "公共场所卫生许可证延续".into(),
            verdict: lang.t("verdict-defer_materials"),
            text: "…".into(),
            time: lang.with("letter-time-says", &[("n", "10")]),
            clause: ("…".into(), "services.x.trust".into()),
            basis: "公共场所卫生管理条例 第四条".into(),
            missing: vec![("授权委托书".into(), lang.t("letter-by-start"))],
            commitment: key == "letter-title-defer",
        })
        .into()
    }
}

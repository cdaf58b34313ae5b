//! `GET /counter/check/{token}/letter`: the commitment, the slip or the one-time notice, to print.

use askama::Template;

use crate::view::Shell;

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
    clause: String,
    missing: Vec<(String, String)>,
    commitment: bool,
}

#[cfg(test)]
impl crate::page::Samples for LetterPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        ["letter-title-defer", "letter-title-complete", "letter-title-ordinary"]
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
                clause: "…".into(),
                missing: vec![("授权委托书".into(), lang.t("letter-by-start"))],
                commitment: key == "letter-title-defer",
            })
            .into()
    }
}

//! `/counter/check/{token}`: the verdict with its clause, the checklist, and consent on the spot.

use askama::Template;

use crate::page::FormFault;
use crate::view::Shell;

#[derive(Template)]
#[template(path = "counter/decision.html")]
pub(crate) struct DecisionPage {
    shell: Shell,
    here: String,
    service: String,
    office: String,
    case: String,
    verdict: String,
    ordinary: bool,
    text: String,
    clause: String,
    basis: String,
    name: String,
    identifier: String,
    materials_says: String,
    materials: Vec<MaterialView>,
    /// Whether each is a plus, and its words.
    reasons: Vec<(bool, String)>,
    letter_says: String,
    consent_number: Option<u64>,
    ask_consent: Option<AskConsent>,
    faults: Vec<FormFault>,
}

struct MaterialView {
    code: String,
    name: String,
    core: bool,
    in_hand: bool,
    held: Option<String>,
    due: Option<String>,
}

struct AskConsent {
    notice: String,
    statement: String,
    needs_notice: bool,
}

#[cfg(test)]
impl crate::page::Samples for DecisionPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let material = |core, in_hand, held: Option<String>, due: Option<String>| MaterialView {
            code: format!("m{core}{in_hand}"),
            name: "延续申请书".into(),
            core,
            in_hand,
            held,
            due,
        };
        let held = lang.with("material-held-by", &[("source", "公安分局"), ("number", "7")]);
        let ask = |needs_notice| AskConsent {
            notice: lang.t("consent-notice"),
            statement: lang.with("consent-statement", &[("service", "…"), ("day", "…")]),
            needs_notice,
        };
        let counts = [("core", "3"), ("deferrable", "1"), ("held", "2")];
        let verdicts = [
            ("ordinary", "letter-go-ordinary", Some(ask(true))),
            ("ordinary", "letter-go-ordinary", Some(ask(false))),
            ("defer_materials", "letter-go", None),
            ("complete", "letter-go-complete", None),
            ("zero_visit", "letter-go-complete", None),
        ];
        verdicts
            .into_iter()
            .map(|(verdict, letter, ask_consent)| Self {
                shell: Shell::sample(lang, crate::view::Desk::Counter),
                here: "/counter/check/t".into(),
                service: "公共场所卫生许可证延续".into(),
                office: "禅城区卫生健康局".into(),
                case: "2026-1123-0419".into(),
                verdict: lang.t(&format!("verdict-{verdict}")),
                ordinary: verdict == "ordinary",
                text: "…".into(),
                clause: "…".into(),
                basis: "…".into(),
                name: "罗**".into(),
                identifier: "440604********1214".into(),
                materials_says: lang.with("materials-says", &counts),
                materials: vec![
                    material(true, true, None, None),
                    material(true, false, None, Some(lang.t("material-missing-core"))),
                    material(false, false, None, Some(lang.with("material-due", &[("day", "…")]))),
                    material(false, false, None, Some(lang.t("material-missing-deferrable"))),
                    material(true, false, Some(held.clone()), None),
                ],
                reasons: ["nothing_missing", "core_missing", "trust_not_open"]
                    .map(|code| (code == "nothing_missing", lang.t(&format!("reason-{code}"))))
                    .into(),
                letter_says: lang.t(letter),
                consent_number: ask_consent.is_none().then_some(7),
                ask_consent,
                faults: vec![FormFault {
                    field: "consent",
                    says: lang.t("consent-both"),
                }],
            })
            .collect()
    }
}

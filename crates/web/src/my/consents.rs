//! `/my/consents`: to which services one agreed, and taking it back.

use askama::Template;

use crate::view::{Shell, Tone};

#[derive(Template)]
#[template(path = "my/consents.html")]
pub(crate) struct ConsentsPage {
    shell: Shell,
    consents: Vec<ConsentView>,
}

struct ConsentView {
    number: u64,
    service: String,
    purpose: String,
    given: String,
    until: String,
    state: String,
    tone: Tone,
    can_revoke: bool,
}

#[cfg(test)]
impl crate::page::Samples for ConsentsPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let consent = |state: &str, tone| ConsentView {
            number: 7,
            service: "公共场所卫生许可证延续".into(),
            purpose: "窗口办事".into(),
            given: lang.with("consent-given", &[("day", "…")]),
            until: lang.with("consent-until", &[("day", "…")]),
            state: lang.t(&format!("consent-{state}")),
            tone,
            can_revoke: state == "active",
        };
        let consents = vec![
            consent("active", Tone::Good),
            consent("revoked", Tone::Off),
            consent("ended", Tone::Off),
        ];
        [Vec::new(), consents]
            .map(|consents| Self {
                shell: Shell::sample(lang, crate::view::Desk::My),
                consents,
            })
            .into()
    }
}

//! `/my/records/{number}`: one record whole, what happened to it, and the objection to it.

use askama::Template;

use crate::page::FormFault;
use crate::view::{RecordView, Shell, Tone};

#[derive(Template)]
#[template(path = "my/record.html")]
pub(crate) struct RecordPage {
    shell: Shell,
    record: RecordView,
    timeline: Vec<Step>,
    can_object: bool,
    ground: String,
    faults: Vec<FormFault>,
}

/// One step of what happened to a record.
struct Step {
    what: String,
    when: String,
    who: String,
    says: String,
    tone: Tone,
}

#[cfg(test)]
impl crate::page::Samples for RecordPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let step = |key: &str, tone| Step {
            what: lang.t(key),
            when: "今天 09:41".into(),
            who: lang.with("timeline-received-by", &[("source", "…"), ("submission", "7")]),
            says: lang.t("timeline-waits-says"),
            tone,
        };
        let fault = FormFault {
            field: "ground",
            says: lang.t("object-ground-missing"),
        };
        [(true, vec![fault]), (false, Vec::new())]
            .map(|(can_object, faults)| Self {
                shell: Shell::sample(lang, crate::view::Desk::My),
                record: RecordView::sample(),
                timeline: vec![
                    step("timeline-received", Tone::Good),
                    step("timeline-waits", Tone::Late),
                    step("timeline-objection-waits", Tone::Late),
                    step("timeline-ends", Tone::Off),
                    step("timeline-ended", Tone::Off),
                    step("timeline-upheld", Tone::Good),
                    step("timeline-not-upheld", Tone::Bad),
                    step("timeline-person", Tone::Good),
                ],
                can_object,
                ground: "…".into(),
                faults,
            })
            .into()
    }
}

//! `/demo`: whom one can sign in as and what to try. It exists in demo stores only.

use askama::Template;

use crate::view::Shell;

#[derive(Template)]
#[template(path = "demo.html")]
pub(crate) struct DemoPage {
    shell: Shell,
    lead: String,
    steps: Vec<String>,
    persons: Vec<PersonView>,
    staff: Vec<StaffView>,
    organisations: Vec<OrganisationView>,
    password: String,
    code: String,
    code_seconds: u64,
    secret: String,
}

struct PersonView {
    index: usize,
    name: String,
    what: String,
    identifier: String,
}

struct StaffView {
    name: String,
    shown: String,
    place: String,
    what: String,
}

struct OrganisationView {
    uscc: String,
    name: String,
    what: String,
}

const STEPS: [&str; 5] = ["demo-step-1", "demo-step-2", "demo-step-3", "demo-step-4", "demo-step-5"];

#[cfg(test)]
impl crate::page::Samples for DemoPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let lead = [("persons", "20,000"), ("organisations", "3,000"), ("records", "200,000")];
        vec![Self {
            shell: Shell::sample(lang, crate::view::Desk::Public),
            lead: lang.with("demo-lead", &lead),
            steps: STEPS.iter().map(|key| lang.t(key)).collect(),
            persons: vec![PersonView {
                index: 0,
                name: "罗志明".into(),
                what: "…".into(),
                identifier: "440604198001011234".into(),
            }],
            staff: vec![StaffView {
                name: "chen".into(),
                shown: "陈科员".into(),
                place: "市监局".into(),
                what: "…".into(),
            }],
            organisations: vec![OrganisationView {
                uscc: "91440604DEM0000X".into(),
                name: "…".into(),
                what: "…".into(),
            }],
            password: "demo-xinlian".into(),
            code: "123456".into(),
            code_seconds: 17,
            secret: "JBSWY3DPEHPK3PXP".into(),
        }]
    }
}

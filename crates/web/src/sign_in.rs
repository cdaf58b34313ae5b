//! `/sign-in`, `/sign-out`: staff by name, password and one-time code.

use askama::Template;

use crate::page::FormFault;
use crate::view::Shell;

#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignInPage {
    shell: Shell,
    name: String,
    next: String,
    faults: Vec<FormFault>,
}

#[cfg(test)]
impl crate::page::Samples for SignInPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let with = |demo, faults| Self {
            shell: Shell {
                demo,
                ..Shell::sample(lang, crate::view::Desk::Public)
            },
            name: "chen".into(),
            next: "/department".into(),
            faults,
        };
        let fault = |says| FormFault { field: "name", says };
        vec![
            with(true, Vec::new()),
            with(false, vec![fault(lang.t("sign-in-wrong"))]),
            with(false, vec![fault(lang.with("sign-in-wait", &[("minutes", "5")]))]),
        ]
    }
}

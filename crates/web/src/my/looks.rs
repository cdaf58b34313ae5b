//! `GET /my/looks`: who looked, when, why and in which case.

use askama::Template;

use super::LookView;
use crate::view::{Pager, Shell};

#[derive(Template)]
#[template(path = "my/looks.html")]
pub(crate) struct LooksPage {
    shell: Shell,
    own_shown: bool,
    looks: Vec<LookView>,
    pager: Pager,
}

#[cfg(test)]
impl crate::page::Samples for LooksPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        [Vec::new(), LookView::samples(lang)]
            .map(|looks| Self {
                shell: Shell::sample(lang, crate::view::Desk::My),
                own_shown: looks.is_empty(),
                looks,
                pager: Pager::new(lang, "/my/looks", 1, 50, 2),
            })
            .into()
    }
}

//! `GET /office/rules`: the rules in force in words, part by part or searched through; made from the bundle itself.

use askama::Template;
use assess::book;
use axum::response::Response;
use serde::Deserialize;

use super::shell;
use crate::error::Fault;
use crate::extract::Query;
use crate::lang::Lang;
use crate::page::page;
use crate::view::{Block, Part, Shell, parts, with_query};
use crate::visit::Visit;

/// The longest text that is searched for.
const SEARCH_MOST: usize = 100;

#[derive(Template)]
#[template(path = "office/rules.html")]
pub(crate) struct RulesPage {
    shell: Shell,
    /// Address, title, whether it is open.
    contents: Vec<(String, String, bool)>,
    q: String,
    parts: Vec<Part>,
}

#[derive(Deserialize, Default)]
pub(crate) struct Wanted {
    #[serde(default)]
    part: usize,
    #[serde(default)]
    q: String,
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    let lang = match visit.lang {
        Lang::Zh => book::Lang::Zh,
        Lang::En => book::Lang::En,
    };
    let all = parts(&book::rules(&visit.bundle, lang));
    let q: String = record::tidy_text(&wanted.q).chars().take(SEARCH_MOST).collect();
    let open = wanted.part.min(all.len().saturating_sub(1));
    let contents = all.iter().enumerate().map(|(at, part)| {
        let href = with_query("/office/rules", &[("part", &at.to_string())]);
        (href, part.title.clone(), at == open && q.is_empty())
    });
    page(&RulesPage {
        shell: shell(&visit, "/office/rules"),
        contents: contents.collect(),
        parts: if q.is_empty() {
            all.get(open).cloned().into_iter().collect()
        } else {
            all.iter().filter_map(|part| part.holding(&q)).collect()
        },
        q,
    })
}

#[cfg(test)]
impl crate::page::Samples for RulesPage {
    fn samples(lang: Lang) -> Vec<Self> {
        let text = "# Rules\n\nSaid **first** in `a.toml`.\n\n- one\n\n### Red\n\n| what | how |\n|---|---|\n| a | **c** |\n";
        [(String::new(), parts(text)), ("罗".to_owned(), Vec::new())]
            .map(|(q, parts)| Self {
                shell: Shell::sample(lang, crate::view::Desk::Office),
                contents: vec![("/office/rules?part=0".into(), "Rules".into(), q.is_empty())],
                q,
                parts,
            })
            .into()
    }
}

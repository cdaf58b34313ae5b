//! `/my/messages`: what one is told, unread or all; opening one marks it read, and all can be marked.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;

use super::message_view::MessageView;
use super::{Opened, open, shell};
use crate::error::Fault;
use crate::extract::{Last, Query};
use crate::page::{page, see};
use crate::view::{Pager, Shell, with_query};
use crate::visit::Visit;

const PER_PAGE: u32 = 20;

#[derive(Template)]
#[template(path = "my/messages.html")]
pub(crate) struct MessagesPage {
    shell: Shell,
    /// Whether what was read is shown too.
    all: bool,
    unread: u64,
    messages: Vec<MessageView>,
    pager: Pager,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// `all`, or unread alone.
    #[serde(default)]
    show: String,
    #[serde(default)]
    page: u32,
}

pub(crate) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let opened = open(&visit, "messages").await?;
    let all = asked.show == "all";
    let count = |messages: usize| u64::try_from(messages).unwrap_or(0);
    let shown: Vec<&MessageView> = opened
        .messages
        .iter()
        .filter(|message| all || message.unread)
        .collect();
    let unread = opened.messages.iter().filter(|message| message.unread).count();
    let number = asked.page.clamp(1, 10_000);
    let skip = usize::try_from((number - 1) * PER_PAGE).unwrap_or(0);
    let show = if all { "all" } else { "" };
    let href = with_query(&visit.own("/messages"), &[("show", show)]);
    page(&MessagesPage {
        shell: shell(&visit, &opened, "/messages"),
        all,
        unread: count(unread),
        pager: Pager::new(visit.lang, &href, number, PER_PAGE, count(shown.len())),
        messages: shown
            .into_iter()
            .skip(skip)
            .take(usize::try_from(PER_PAGE).unwrap_or(0))
            .cloned()
            .collect(),
    })
}

/// `GET /my/messages/{key}`: to what it is about; from then on it is read.
pub(crate) async fn follow(visit: Visit, Last(key): Last<String>) -> Result<Response, Fault> {
    let opened = open(&visit, "messages").await?;
    let found = opened.messages.iter().find(|message| message.key == key);
    let message = found.ok_or(Fault::NotFound)?;
    mark(&visit, &opened, std::slice::from_ref(&message.key)).await?;
    Ok(see(&message.href))
}

/// `POST /my/messages/read`: everything is read.
pub(crate) async fn read_all(visit: Visit) -> Result<Response, Fault> {
    let opened = open(&visit, "messages").await?;
    let unread = opened.messages.iter().filter(|message| message.unread);
    let keys: Vec<String> = unread.map(|message| message.key.clone()).collect();
    mark(&visit, &opened, &keys).await?;
    Ok(see(&visit.own("/messages?done=messages-read")))
}

async fn mark(visit: &Visit, opened: &Opened, keys: &[String]) -> Result<(), Fault> {
    let reader = visit.permit.reader().ok_or(Fault::Forbidden)?;
    let marked = visit.store().mark_read(&opened.permit, reader, keys).await;
    marked.map_err(Fault::internal)
}

#[cfg(test)]
impl crate::page::Samples for MessagesPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        [(true, crate::view::Desk::My), (false, crate::view::Desk::Company)]
            .into_iter()
            .flat_map(|(all, desk)| [(all, desk, Vec::new()), (all, desk, MessageView::samples(lang))])
            .map(|(all, desk, messages)| Self {
                shell: Shell::sample(lang, desk),
                all,
                unread: u64::from(!messages.is_empty()),
                messages,
                pager: Pager::new(lang, "/my/messages", 1, PER_PAGE, 2),
            })
            .collect()
    }
}

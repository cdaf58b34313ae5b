//! `/department/sharing/events`: what this department's own system was sent by its endpoint, how far each is, and sending again.

use askama::Template;
use axum::response::Response;
use record::RecordNumber;
use serde::Deserialize;
use store::{ChangeKind, Clock, EventFilter, EventState, Page, PushEvent, Replayed, StoreError, Webhook};

use super::HOME;
use crate::access::Action;
use crate::audit::period;
use crate::department::{officer, shell};
use crate::download::{ROWS_MOST, csv};
use crate::error::Fault;
use crate::extract::{Form, Query};
use crate::lang::Lang;
use crate::page::{page, see};
use crate::view::{Figure, Filter, Pager, Shell, Tone, grouped, with_chosen, with_query};
use crate::visit::Visit;

const LIST: &str = "/department/sharing/events";
const PER_PAGE: u32 = 25;

#[derive(Template)]
#[template(path = "department/sharing/events.html")]
pub(crate) struct EventsPage {
    shell: Shell,
    endpoint: Option<Endpoint>,
    filters: Vec<Filter>,
    wanted: Wanted,
    events: Vec<EventRow>,
    /// How many are chosen, on all pages.
    total: u64,
    /// Whether whoever reads may have them sent again.
    may_replay: bool,
    export: String,
    pager: Pager,
}

/// The department's endpoint.
struct Endpoint {
    url: String,
    since: String,
    figures: Vec<Figure>,
    /// What was wrong last, if something is not sent.
    fault: Option<String>,
}

struct EventRow {
    id: String,
    record: u64,
    share: u64,
    kind: String,
    when: String,
    state: String,
    tone: Tone,
    /// When it was sent, or is tried next.
    then: String,
    tries: u64,
    /// The last answer's status, or what was wrong.
    answer: String,
    replays: u64,
}

/// By what the list is filtered, as its address says it.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    id: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    page: u32,
}

impl Wanted {
    fn filter(&self) -> EventFilter {
        let (from_ms, until_ms) = period(&self.from, &self.to);
        let digits: String = self.number.chars().filter(char::is_ascii_digit).collect();
        EventFilter {
            id: self.id.parse().ok(),
            state: EventState::from_code(&self.state),
            kind: ChangeKind::from_code(&self.kind),
            number: digits.parse().ok().map(RecordNumber),
            from_ms,
            until_ms,
        }
    }

    fn href(&self, path: &str) -> String {
        let asked = [
            ("state", self.state.as_str()),
            ("kind", &self.kind),
            ("number", &self.number),
            ("from", &self.from),
            ("to", &self.to),
        ];
        with_chosen(path, &asked)
    }
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    let (_, source) = officer(&visit)?;
    let at = Page::new(wanted.page, PER_PAGE);
    let found = visit.store().events(source, &wanted.filter(), at).await;
    let found = found.map_err(Fault::internal)?;
    let endpoints = visit.store().webhooks().await.map_err(Fault::internal)?;
    let own = endpoints.iter().find(|endpoint| endpoint.source == *source);
    let here = wanted.href(LIST);
    page(&EventsPage {
        shell: shell(&visit, HOME).await?,
        may_replay: own.is_some() && visit.may(Action::ReplayEvents),
        endpoint: own.map(|own| endpoint(&visit, own)),
        filters: filters(visit.lang, &wanted),
        events: found.rows.iter().map(|event| row(&visit, event)).collect(),
        total: found.total,
        export: wanted.href("/department/sharing/events.csv"),
        pager: Pager::new(visit.lang, &here, found.page, PER_PAGE, found.total),
        wanted,
    })
}

fn endpoint(visit: &Visit, own: &Webhook) -> Endpoint {
    let figure = |number: String, key: &str, class| Figure {
        number,
        says: visit.lang.t(key),
        class,
    };
    let told = own.delivered_ms.map_or("–".to_owned(), |ms| visit.moment(ms));
    let alarming = |count: u64, class| if count > 0 { class } else { "" };
    Endpoint {
        url: own.url.clone(),
        since: visit.moment(own.created_ms),
        figures: vec![
            figure(told, "office-told", ""),
            figure(
                grouped(own.waiting),
                "office-push-waiting",
                alarming(own.waiting, "wait"),
            ),
            figure(
                grouped(own.given_up),
                "office-push-given-up",
                alarming(own.given_up, "minus"),
            ),
        ],
        fault: own.fault.clone(),
    }
}

fn filters(lang: Lang, wanted: &Wanted) -> Vec<Filter> {
    let states = EventState::ALL.map(|state| (state.code().to_owned(), state_says(lang, state)));
    let kinds = ChangeKind::ALL.map(|kind| (kind.code().to_owned(), kind_says(lang, kind)));
    vec![
        Filter::new(
            "state",
            lang.t("event-state"),
            lang.t("all"),
            states,
            &wanted.state,
        ),
        Filter::new("kind", lang.t("change-what"), lang.t("all"), kinds, &wanted.kind),
    ]
}

fn state_says(lang: Lang, state: EventState) -> String {
    lang.t(&format!("event-{}", state.code()))
}

fn kind_says(lang: Lang, kind: ChangeKind) -> String {
    lang.t(&format!("change-{}", kind.code()))
}

fn row(visit: &Visit, event: &PushEvent) -> EventRow {
    let lang = visit.lang;
    let place = event.id.0;
    let then = match (event.next_ms, event.delivered_ms) {
        (Some(next), _) => lang.with("event-next", &[("when", &visit.moment(next))]),
        (None, Some(sent)) => visit.moment(sent),
        (None, None) => event.tried_ms.map_or("–".to_owned(), |ms| visit.moment(ms)),
    };
    let answer = match (event.status, &event.fault) {
        (Some(status), _) => lang.with("event-answered", &[("status", &status.to_string())]),
        (None, Some(fault)) => fault.clone(),
        (None, None) => "–".to_owned(),
    };
    EventRow {
        id: event.id.to_string(),
        record: place.record.0,
        share: place.share.0,
        kind: kind_says(lang, event.kind),
        when: visit.moment(event.at_ms),
        state: state_says(lang, event.state),
        tone: tone(event.state),
        then,
        tries: event.tries,
        answer,
        replays: event.replays,
    }
}

fn tone(state: EventState) -> Tone {
    match state {
        EventState::Waiting => Tone::Late,
        EventState::Sent => Tone::Good,
        EventState::GivenUp => Tone::Bad,
        EventState::Settled => Tone::Off,
    }
}

/// `POST …/replay`: one event, or all that the filter chooses, are sent again.
pub(crate) async fn replay(visit: Visit, Form(wanted): Form<Wanted>) -> Result<Response, Fault> {
    let (by, source) = officer(&visit)?;
    let filter = wanted.filter();
    if !wanted.id.is_empty() && filter.id.is_none() {
        return Err(Fault::NotFound);
    }
    let done = visit
        .store()
        .replay_events(source, by.as_str(), &filter, None)
        .await;
    match done {
        Ok(Replayed::Now(events) | Replayed::Before(events)) => {
            let back = wanted.href(LIST);
            let n = events.to_string();
            Ok(see(&with_query(&back, &[("done", "events-replayed"), ("n", &n)])))
        }
        Ok(Replayed::OtherRequest) | Err(StoreError::NotFound) => Err(Fault::NotFound),
        Err(error) => Err(Fault::internal(error)),
    }
}

/// `GET …/events.csv`: the same list as a file.
pub(crate) async fn export(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    let (_, source) = officer(&visit)?;
    let heads = [
        "event-id",
        "change-what",
        "change-when",
        "event-state",
        "event-sent",
        "event-tries",
        "event-status",
        "event-fault",
        "event-replays",
    ];
    let mut rows = vec![heads.map(|key| visit.lang.t(key)).to_vec()];
    let most = u32::try_from(ROWS_MOST).unwrap_or(u32::MAX);
    let found = visit
        .store()
        .events_after(source, &wanted.filter(), None, most)
        .await;
    for event in found.map_err(Fault::internal)? {
        let minute = |ms: Option<i64>| ms.map(Clock::minute_of).unwrap_or_default();
        rows.push(vec![
            event.id.to_string(),
            kind_says(visit.lang, event.kind),
            Clock::minute_of(event.at_ms),
            state_says(visit.lang, event.state),
            minute(event.delivered_ms),
            event.tries.to_string(),
            event.status.map(|status| status.to_string()).unwrap_or_default(),
            event.fault.unwrap_or_default(),
            event.replays.to_string(),
        ]);
    }
    csv("events.csv", &rows)
}

#[cfg(test)]
impl crate::page::Samples for EventsPage {
    fn samples(lang: Lang) -> Vec<Self> {
        let row = |state| EventRow {
            id: "1204-980-1310".into(),
            record: 980,
            share: 1204,
            kind: kind_says(lang, ChangeKind::Withdrawn),
            when: "今天 09:41".into(),
            state: state_says(lang, state),
            tone: tone(state),
            then: "今天 09:42".into(),
            tries: 3,
            answer: lang.with("event-answered", &[("status", "503")]),
            replays: u64::from(state == EventState::Sent),
        };
        let endpoint = |fault: Option<&str>| Endpoint {
            url: "https://credit.hrss.example/xinlian".into(),
            since: "2026-11-01 09:41".into(),
            figures: vec![Figure {
                number: "7".into(),
                says: lang.t("office-push-waiting"),
                class: "wait",
            }],
            fault: fault.map(str::to_owned),
        };
        let all = EventState::ALL.map(row).into();
        [
            (None, Vec::new(), false),
            (Some(endpoint(None)), Vec::new(), true),
            (Some(endpoint(Some("it did not answer in time"))), all, true),
        ]
        .map(|(endpoint, events, may_replay): (_, Vec<_>, _)| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            endpoint,
            filters: filters(lang, &Wanted::default()),
            wanted: Wanted::default(),
            total: u64::try_from(events.len()).unwrap_or_default(),
            events,
            may_replay,
            export: "/department/sharing/events.csv".into(),
            pager: Pager::new(lang, LIST, 1, PER_PAGE, 4),
        })
        .into()
    }
}

//! Traces and figures by OTLP over HTTP, to a collector that an operator named. A trace is what the log has of a request: its route
//! as the table of routes writes it, method, status and time; never an address, a query or a person.
//!
//! A request never waits for it: what does not fit in the queue is dropped, and counted.

mod context;
mod json;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

pub(crate) use context::Context;

use crate::push::{PushFault, Trust, send_json};
use crate::state::App;

/// So many spans wait at most.
const WAITING_MOST: usize = 2_048;
/// So many go out at once.
const BATCH: usize = 512;
/// Spans go out so often, if there are any.
const SPANS_EVERY: Duration = Duration::from_secs(5);
/// Figures go out so often.
const FIGURES_EVERY: Duration = Duration::from_mins(1);

/// A request that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    /// Of which trace it is a part, and what asked for it.
    pub(crate) context: Context,
    pub(crate) route: String,
    pub(crate) method: &'static str,
    pub(crate) status: u16,
    /// When it was answered, in milliseconds since 1970 UTC.
    pub(crate) ended_ms: i64,
    pub(crate) took: Duration,
}

/// Where spans wait.
pub(crate) struct Otlp {
    endpoint: String,
    waiting: mpsc::Sender<Span>,
    receiver: Mutex<Option<mpsc::Receiver<Span>>>,
    dropped: AtomicU64,
}

impl Otlp {
    /// To this collector, e.g. `http://127.0.0.1:4318`.
    pub(crate) fn new(endpoint: &str) -> Self {
        let (waiting, receiver) = mpsc::channel(WAITING_MOST);
        Self {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            waiting,
            receiver: Mutex::new(Some(receiver)),
            dropped: AtomicU64::new(0),
        }
    }

    /// Puts a request into the queue, or counts that there was no room. One whose caller does not trace is left out.
    pub(crate) fn answered(&self, span: Span) {
        if span.context.is_sampled() && self.waiting.try_send(span).is_err() {
            self.drop_spans(1);
        }
    }

    /// How many spans were dropped since the program began.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    fn drop_spans(&self, count: usize) {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.dropped.fetch_add(count, Ordering::Relaxed);
    }
}

/// Sends what waits until the end is told, and then what is left.
pub(crate) async fn export(app: App, trust: Trust, end: oneshot::Receiver<()>) {
    let Some(otlp) = &app.otlp else { return };
    let receiver = otlp
        .receiver
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    let Some(waiting) = receiver else { return };
    let mut exporter = Exporter {
        app: &app,
        otlp,
        trust,
        waiting,
        batch: VecDeque::new(),
        reached: true,
    };
    exporter.until(end).await;
}

/// What sends.
struct Exporter<'a> {
    app: &'a App,
    otlp: &'a Otlp,
    trust: Trust,
    waiting: mpsc::Receiver<Span>,
    /// Taken from the queue and not yet sent.
    batch: VecDeque<Span>,
    /// Whether the collector took what it was sent last: a change of this is told once.
    reached: bool,
}

impl Exporter<'_> {
    async fn until(&mut self, mut end: oneshot::Receiver<()>) {
        let mut spans_due = Instant::now() + SPANS_EVERY;
        let mut figures_due = Instant::now() + FIGURES_EVERY;
        loop {
            let room = self.batch.len() < BATCH;
            tokio::select! {
                _ = &mut end => break,
                Some(span) = self.waiting.recv(), if room => self.batch.push_back(span),
                () = tokio::time::sleep_until(spans_due) => {
                    self.send_spans().await;
                    spans_due = Instant::now() + SPANS_EVERY;
                }
                () = tokio::time::sleep_until(figures_due) => {
                    self.send_figures().await;
                    figures_due = Instant::now() + FIGURES_EVERY;
                }
            }
            if self.batch.len() >= BATCH && self.reached {
                self.send_spans().await;
            }
        }
        while let Ok(span) = self.waiting.try_recv() {
            self.batch.push_back(span);
        }
        self.send_spans().await;
        self.send_figures().await;
    }

    /// Sends the batch. One that a collector out of reach did not get stays for the next time; one that it refuses is dropped.
    async fn send_spans(&mut self) {
        if self.batch.is_empty() {
            return;
        }
        let body = json::traces(self.batch.make_contiguous());
        match self.send("traces", body).await {
            Ok(()) => self.batch.clear(),
            Err(fault) if fault.is_passing() => {}
            Err(_) => {
                self.otlp.drop_spans(self.batch.len());
                self.batch.clear();
            }
        }
    }

    async fn send_figures(&mut self) {
        let figures = match self.app.store.figures().await {
            Ok(figures) => figures,
            Err(error) => {
                tracing::error!(%error, "there are no figures of the store");
                return;
            }
        };
        let body = json::figures(self.app, &figures);
        // Figures are counted on: what was not sent now is in the next.
        let _ = self.send("metrics", body).await;
    }

    async fn send(&mut self, what: &str, body: String) -> Result<(), PushFault> {
        let url = format!("{}/v1/{what}", self.otlp.endpoint);
        let sent = send_json(&self.trust, &url, body).await;
        match &sent {
            Ok(()) if !self.reached => tracing::info!("the collector takes traces and figures again"),
            Err(fault) if self.reached => tracing::warn!(%fault, "the collector takes no traces or figures"),
            _ => {}
        }
        self.reached = sent.is_ok();
        sent
    }
}

/// Sends a collector nothing, to see whether it takes it.
///
/// # Errors
/// When it is not reached or refuses.
pub async fn otlp_test(trust: &Trust, endpoint: &str) -> Result<(), PushFault> {
    let url = format!("{}/v1/traces", endpoint.trim_end_matches('/'));
    send_json(trust, &url, json::traces(&[])).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_is_counted_and_what_is_not_traced_is_left_out() {
        let otlp = Otlp::new("http://127.0.0.1:4318/");
        let span = |parent: Option<&str>| Span {
            context: Context::of(parent),
            route: "/my".into(),
            method: "GET",
            status: 200,
            ended_ms: 0,
            took: Duration::ZERO,
        };
        let unsampled = format!("00-{}-{}-00", "a".repeat(32), "b".repeat(16));
        for _ in 0..WAITING_MOST {
            otlp.answered(span(None));
            otlp.answered(span(Some(&unsampled)));
        }
        assert_eq!(otlp.dropped(), 0);
        otlp.answered(span(None));
        assert_eq!(otlp.dropped(), 1);
    }
}

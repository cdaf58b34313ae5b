//! Figures in the text format of Prometheus (0.0.4). Their labels are routes as the table of routes writes them, methods and
//! statuses: nothing that a client chose, and nothing of a subject.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use store::Figures;

use crate::error::Fault;
use crate::state::App;

/// Upper bounds of the histogram, in milliseconds and as they are written.
const BOUNDS: [(u128, &str); 11] = [
    (5, "0.005"),
    (10, "0.01"),
    (25, "0.025"),
    (50, "0.05"),
    (100, "0.1"),
    (250, "0.25"),
    (500, "0.5"),
    (1_000, "1"),
    (2_500, "2.5"),
    (5_000, "5"),
    (10_000, "10"),
];

/// What was counted since the program began.
#[derive(Default)]
pub(crate) struct Metrics(Mutex<Counted>);

#[derive(Default)]
struct Counted {
    /// By route, method and status.
    requests: BTreeMap<(String, &'static str, u16), u64>,
    /// By route.
    took: BTreeMap<String, Histogram>,
}

#[derive(Default)]
struct Histogram {
    within: [u64; BOUNDS.len()],
    count: u64,
    sum: Duration,
}

impl Metrics {
    /// Counts an answer.
    pub(crate) fn answered(&self, route: &str, method: &'static str, status: u16, took: Duration) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counted
            .requests
            .entry((route.to_owned(), method, status))
            .or_default() += 1;
        let histogram = counted.took.entry(route.to_owned()).or_default();
        histogram.count += 1;
        histogram.sum += took;
        for (within, (bound, _)) in histogram.within.iter_mut().zip(BOUNDS) {
            *within += u64::from(took.as_micros() <= bound * 1_000);
        }
    }

    /// Hands over how many answers there were of each route, method and status.
    pub(crate) fn each_count(&self, mut hand: impl FnMut(&str, &'static str, u16, u64)) {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for ((route, method, status), count) in &counted.requests {
            hand(route, method, *status, *count);
        }
    }

    /// Hands over of each route how many answers fell between two bounds, the last above all of them; how many there were, and
    /// how long they took together.
    pub(crate) fn each_histogram(&self, mut hand: impl FnMut(&str, &[u64], u64, Duration)) {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (route, took) in &counted.took {
            let below = std::iter::once(&0).chain(&took.within);
            let up_to = took.within.iter().chain([&took.count]);
            let between: Vec<u64> = up_to.zip(below).map(|(upper, lower)| upper - lower).collect();
            hand(route, &between, took.count, took.sum);
        }
    }

    /// What was counted, as text.
    fn write(&self, text: &mut String) {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        head(
            text,
            "xinlian_requests_total",
            "counter",
            "Requests answered, by route, method and status.",
        );
        for ((route, method, status), count) in &counted.requests {
            line(
                text,
                &format!(
                    "xinlian_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}}"
                ),
                count,
            );
        }
        let name = "xinlian_request_seconds";
        head(text, name, "histogram", "How long it took to answer, by route.");
        for (route, took) in &counted.took {
            for (within, (_, bound)) in took.within.iter().zip(BOUNDS) {
                line(
                    text,
                    &format!("{name}_bucket{{route=\"{route}\",le=\"{bound}\"}}"),
                    within,
                );
            }
            line(
                text,
                &format!("{name}_bucket{{route=\"{route}\",le=\"+Inf\"}}"),
                took.count,
            );
            line(
                text,
                &format!("{name}_sum{{route=\"{route}\"}}"),
                took.sum.as_secs_f64(),
            );
            line(text, &format!("{name}_count{{route=\"{route}\"}}"), took.count);
        }
    }
}

/// Everything there is to say.
pub(crate) async fn show(State(app): State<App>) -> Response {
    let figures = match app.store.figures().await {
        Ok(figures) => figures,
        Err(error) => {
            tracing::error!(%error, "there are no figures of the store");
            return Fault::internal(error).into_response();
        }
    };
    let mut text = String::new();
    app.metrics.write(&mut text);
    let figures = of_store(&figures).into_iter();
    for figure in figures.chain(of_process(app.begun_seconds(), app.otlp_dropped())) {
        if let Some(value) = figure.value {
            head(&mut text, figure.name, figure.kind, figure.help);
            line(&mut text, figure.name, value);
        }
    }
    build_info(&mut text);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

/// A figure without labels; one that is not to be had here has no value.
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    /// `counter` or `gauge`.
    pub(crate) kind: &'static str,
    pub(crate) help: &'static str,
    pub(crate) value: Option<u64>,
}

const fn figure(name: &'static str, kind: &'static str, help: &'static str, value: Option<u64>) -> Figure {
    Figure {
        name,
        kind,
        help,
        value,
    }
}

/// What the store says of itself.
pub(crate) fn of_store(figures: &Figures) -> Vec<Figure> {
    vec![
        figure(
            "xinlian_records_total",
            "counter",
            "Records appended.",
            Some(figures.records),
        ),
        figure(
            "xinlian_looks_total",
            "counter",
            "Looks at files written.",
            Some(figures.looks),
        ),
        figure(
            "xinlian_jobs_waiting",
            "gauge",
            "Files handed over and not yet taken in.",
            Some(figures.jobs_waiting),
        ),
        figure(
            "xinlian_pushes_due",
            "gauge",
            "Changes that departments' systems are yet to be told of.",
            Some(figures.pushes_due),
        ),
        figure(
            "xinlian_pushes_given_up",
            "gauge",
            "Changes that a system did not take and is not told of again.",
            Some(figures.pushes_given_up),
        ),
        figure(
            "xinlian_store_bytes",
            "gauge",
            "Size of the database.",
            Some(figures.bytes),
        ),
        figure(
            "xinlian_disk_free_bytes",
            "gauge",
            "Free on the disk of the store's folder.",
            figures.free_bytes,
        ),
    ]
}

/// What the process says of itself; `dropped` where traces are sent anywhere.
pub(crate) fn of_process(begun_seconds: i64, dropped: Option<u64>) -> Vec<Figure> {
    vec![
        figure(
            "process_resident_memory_bytes",
            "gauge",
            "Memory of the process.",
            resident_bytes(),
        ),
        figure(
            "process_start_time_seconds",
            "gauge",
            "When the process began, since 1970 UTC.",
            u64::try_from(begun_seconds).ok(),
        ),
        figure(
            "xinlian_otlp_dropped_total",
            "counter",
            "Traces that were not sent: the queue was full, or the collector refused them.",
            dropped,
        ),
    ]
}

/// The upper bounds of the histogram, in seconds.
pub(crate) fn bounds_seconds() -> Vec<f64> {
    let bounds = BOUNDS.iter().map(|(_, bound)| bound.parse().unwrap_or(0.0));
    bounds.collect()
}

fn build_info(text: &mut String) {
    head(text, "xinlian_build_info", "gauge", "The program's version.");
    line(
        text,
        concat!("xinlian_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"}"),
        1,
    );
}

/// As Linux says it; nothing elsewhere.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}

// Writing into a `String` cannot fail.

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn line(text: &mut String, name: &str, value: impl std::fmt::Display) {
    let _ = writeln!(text, "{name} {value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_route_and_put_below_every_bound_they_keep() {
        let metrics = Metrics::default();
        metrics.answered("/my", "GET", 200, Duration::from_millis(7));
        metrics.answered("/my", "GET", 200, Duration::from_millis(300));
        metrics.answered("/my", "GET", 404, Duration::from_secs(20));
        let mut text = String::new();
        metrics.write(&mut text);
        for expect in [
            "# TYPE xinlian_requests_total counter",
            "xinlian_requests_total{route=\"/my\",method=\"GET\",status=\"200\"} 2",
            "xinlian_requests_total{route=\"/my\",method=\"GET\",status=\"404\"} 1",
            "# TYPE xinlian_request_seconds histogram",
            "xinlian_request_seconds_bucket{route=\"/my\",le=\"0.005\"} 0",
            "xinlian_request_seconds_bucket{route=\"/my\",le=\"0.01\"} 1",
            "xinlian_request_seconds_bucket{route=\"/my\",le=\"0.5\"} 2",
            "xinlian_request_seconds_bucket{route=\"/my\",le=\"10\"} 2",
            "xinlian_request_seconds_bucket{route=\"/my\",le=\"+Inf\"} 3",
            "xinlian_request_seconds_sum{route=\"/my\"} 20.307",
            "xinlian_request_seconds_count{route=\"/my\"} 3",
        ] {
            assert!(
                text.lines().any(|line| line == expect),
                "no `{expect}` in\n{text}"
            );
        }
    }

    #[test]
    fn what_fell_between_two_bounds_adds_up() {
        let metrics = Metrics::default();
        for ms in [1, 7, 8, 300, 20_000] {
            metrics.answered("/my", "GET", 200, Duration::from_millis(ms));
        }
        metrics.each_histogram(|route, between, count, sum| {
            assert_eq!((route, count), ("/my", 5));
            assert_eq!(between, [1, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
            assert_eq!(between.iter().sum::<u64>(), count);
            assert_eq!(sum, Duration::from_millis(20_316));
        });
        assert_eq!(bounds_seconds().first(), Some(&0.005));
        assert_eq!(bounds_seconds().len(), BOUNDS.len());
    }
}

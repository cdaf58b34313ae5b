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
    of_store(&mut text, &figures);
    of_process(&mut text, app.begun_seconds());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

fn of_store(text: &mut String, figures: &Figures) {
    for (name, kind, help, value) in [
        (
            "xinlian_records_total",
            "counter",
            "Records appended.",
            Some(figures.records),
        ),
        (
            "xinlian_looks_total",
            "counter",
            "Looks at files written.",
            Some(figures.looks),
        ),
        (
            "xinlian_jobs_waiting",
            "gauge",
            "Files handed over and not yet taken in.",
            Some(figures.jobs_waiting),
        ),
        (
            "xinlian_pushes_due",
            "gauge",
            "Changes that departments' systems are yet to be told of.",
            Some(figures.pushes_due),
        ),
        (
            "xinlian_pushes_given_up",
            "gauge",
            "Changes that a system did not take and is not told of again.",
            Some(figures.pushes_given_up),
        ),
        (
            "xinlian_store_bytes",
            "gauge",
            "Size of the database.",
            Some(figures.bytes),
        ),
        (
            "xinlian_disk_free_bytes",
            "gauge",
            "Free on the disk of the store's folder.",
            figures.free_bytes,
        ),
    ] {
        if let Some(value) = value {
            head(text, name, kind, help);
            line(text, name, value);
        }
    }
}

fn of_process(text: &mut String, begun_seconds: i64) {
    if let Some(bytes) = resident_bytes() {
        head(
            text,
            "process_resident_memory_bytes",
            "gauge",
            "Memory of the process.",
        );
        line(text, "process_resident_memory_bytes", bytes);
    }
    head(
        text,
        "process_start_time_seconds",
        "gauge",
        "When the process began, since 1970 UTC.",
    );
    line(text, "process_start_time_seconds", begun_seconds);
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
}

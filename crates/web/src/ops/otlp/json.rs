//! What is sent, in the JSON of OTLP 1.x: identifiers are hexadecimal, whole numbers of 64 bits are strings.

use std::time::Duration;

use serde_json::{Value, json};
use store::Figures;

use super::Span;
use crate::ops::metrics::{Figure, of_process, of_store};
use crate::state::App;

/// The kind of a span that answers a request.
const SERVER: u8 = 2;
/// The status of a span that failed.
const FAILED: u8 = 2;
/// Sums and histograms count from the beginning of the program.
const CUMULATIVE: u8 = 2;

/// Spans, as one request to a collector has them.
pub(super) fn traces(spans: &[Span]) -> String {
    let spans: Vec<Value> = spans.iter().map(span).collect();
    let all = if spans.is_empty() {
        json!([])
    } else {
        json!([{ "resource": resource(), "scopeSpans": [{ "scope": { "name": "xinlian" }, "spans": spans }] }])
    };
    json!({ "resourceSpans": all }).to_string()
}

fn span(span: &Span) -> Value {
    let ended = nanoseconds(span.ended_ms);
    let begun = ended.saturating_sub(span.took.as_nanos());
    let mut value = json!({
        "traceId": span.context.trace,
        "spanId": span.context.span,
        "name": format!("{} {}", span.method, span.route),
        "kind": SERVER,
        "startTimeUnixNano": begun.to_string(),
        "endTimeUnixNano": ended.to_string(),
        "attributes": [
            text("http.request.method", span.method),
            text("http.route", &span.route),
            whole("http.response.status_code", u64::from(span.status)),
        ],
        "status": if span.status >= 500 { json!({ "code": FAILED }) } else { json!({}) },
    });
    if let (Some(parent), Some(fields)) = (&span.context.parent, value.as_object_mut()) {
        fields.insert("parentSpanId".to_owned(), json!(parent));
    }
    value
}

/// The figures of `/metrics`, under the same names.
pub(super) fn figures(app: &App, figures: &Figures) -> String {
    let times = Times {
        begun: nanoseconds(app.begun_seconds().saturating_mul(1_000)).to_string(),
        now: nanoseconds(app.store.clock().now_ms()).to_string(),
    };
    let mut metrics = requests(app, &times);
    let one = |figure: Figure| figure.value.map(|value| single(&figure, value, &times));
    let figures = of_store(figures)
        .into_iter()
        .chain(of_process(app.begun_seconds(), app.otlp_dropped()));
    metrics.extend(figures.filter_map(one));
    json!({ "resourceMetrics": [{
        "resource": resource(),
        "scopeMetrics": [{ "scope": { "name": "xinlian" }, "metrics": metrics }],
    }] })
    .to_string()
}

/// Since when is counted, and until when.
struct Times {
    begun: String,
    now: String,
}

fn single(figure: &Figure, value: u64, times: &Times) -> Value {
    let mut point = json!({ "timeUnixNano": times.now, "asInt": value.to_string() });
    let (name, help) = (figure.name, figure.help);
    if figure.kind == "gauge" {
        return json!({ "name": name, "description": help, "gauge": { "dataPoints": [point] } });
    }
    if let Some(fields) = point.as_object_mut() {
        fields.insert("startTimeUnixNano".to_owned(), json!(times.begun));
    }
    let sum = json!({ "aggregationTemporality": CUMULATIVE, "isMonotonic": true, "dataPoints": [point] });
    json!({ "name": name, "description": help, "sum": sum })
}

/// Requests by route, method and status, and how long they took by route.
fn requests(app: &App, times: &Times) -> Vec<Value> {
    let (mut counts, mut histograms) = (Vec::new(), Vec::new());
    app.metrics.each_count(|route, method, status, count| {
        counts.push(json!({
            "attributes": [
                text("route", route),
                text("method", method),
                text("status", &status.to_string()),
            ],
            "startTimeUnixNano": times.begun,
            "timeUnixNano": times.now,
            "asInt": count.to_string(),
        }));
    });
    app.metrics.each_histogram(|route, buckets, count, sum| {
        let buckets: Vec<String> = buckets.iter().map(u64::to_string).collect();
        histograms.push(json!({
            "attributes": [text("route", route)],
            "startTimeUnixNano": times.begun,
            "timeUnixNano": times.now,
            "count": count.to_string(),
            "sum": sum.as_secs_f64(),
            "bucketCounts": buckets,
            "explicitBounds": crate::ops::metrics::bounds_seconds(),
        }));
    });
    let sum = json!({ "aggregationTemporality": CUMULATIVE, "isMonotonic": true, "dataPoints": counts });
    let histogram = json!({ "aggregationTemporality": CUMULATIVE, "dataPoints": histograms });
    vec![
        json!({ "name": "xinlian_requests_total", "description": "Requests answered, by route, method and status.", "sum": sum }),
        json!({ "name": "xinlian_request_seconds", "unit": "s", "description": "How long it took to answer, by route.",
            "histogram": histogram }),
    ]
}

fn resource() -> Value {
    json!({ "attributes": [
        text("service.name", "xinlian"),
        text("service.version", env!("CARGO_PKG_VERSION")),
    ] })
}

fn text(key: &str, value: &str) -> Value {
    json!({ "key": key, "value": { "stringValue": value } })
}

fn whole(key: &str, value: u64) -> Value {
    json!({ "key": key, "value": { "intValue": value.to_string() } })
}

fn nanoseconds(ms: i64) -> u128 {
    Duration::from_millis(u64::try_from(ms).unwrap_or(0)).as_nanos()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::otlp::Context;

    #[test]
    fn a_span_is_what_the_log_has_of_a_request() {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let answered = |parent, status| Span {
            context: Context::of(parent),
            route: "/department/records/{number}".into(),
            method: "GET",
            status,
            ended_ms: 1_795_398_060_000,
            took: Duration::from_millis(250),
        };
        let sent = traces(&[answered(Some(parent), 200), answered(None, 503)]);
        let sent: Value = serde_json::from_str(&sent).unwrap();
        let spans = &sent["resourceSpans"][0]["scopeSpans"][0]["spans"];
        assert_eq!(spans[0]["traceId"], "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(spans[0]["parentSpanId"], "00f067aa0ba902b7");
        assert_eq!(spans[0]["name"], "GET /department/records/{number}");
        assert_eq!(spans[0]["startTimeUnixNano"], "1795398059750000000");
        assert_eq!(spans[0]["endTimeUnixNano"], "1795398060000000000");
        assert_eq!(spans[0]["attributes"][2]["value"]["intValue"], "200");
        assert_eq!(spans[0]["status"], json!({}));
        assert_eq!(spans[1]["status"], json!({ "code": 2 }));
        assert!(spans[1].get("parentSpanId").is_none());
        assert_eq!(traces(&[]), r#"{"resourceSpans":[]}"#);
    }
}

//! `GET /guide/api`: the API's document to read, made from `docs/openapi.json` itself, without a script.

use std::sync::LazyLock;

use askama::Template;
use axum::response::Response;
use serde_json::Value;

use crate::api::openapi::DOCUMENT;
use crate::error::Fault;
use crate::page::page;
use crate::view::{Desk, Shell};
use crate::visit::Visit;

/// The document. A test holds that it is JSON; were it not, the page would be empty.
static PARSED: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(DOCUMENT).unwrap_or_default());

#[derive(Template)]
#[template(path = "public/reference.html")]
pub(crate) struct ReferencePage {
    shell: Shell,
    calls: Vec<Call>,
    told: Vec<Call>,
    shapes: Vec<Shape>,
}

/// An operation.
struct Call {
    id: String,
    method: String,
    path: String,
    what: String,
    fields: Vec<Field>,
    bodies: Vec<Body>,
    answers: Vec<Answer>,
    /// How it is called at a command line.
    curl: Option<String>,
}

/// A parameter, or a member of a shape.
struct Field {
    name: String,
    /// `path`, `query` or `header`; nothing for a member.
    place: String,
    kind: Kind,
    required: bool,
    what: String,
}

/// What a value is, and the shape that it has, if that has a name.
struct Kind {
    words: String,
    shape: Option<String>,
}

/// A kind of body.
struct Body {
    media: String,
    kind: Kind,
}

struct Answer {
    status: String,
    what: String,
    kind: Kind,
}

/// A schema with a name.
struct Shape {
    name: String,
    what: String,
    fields: Vec<Field>,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    page(&of(visit.shell(Desk::Public), &PARSED))
}

fn of(shell: Shell, document: &Value) -> ReferencePage {
    let calls = |part: &str| -> Vec<Call> {
        let paths = members(&document[part]);
        paths
            .flat_map(|(path, operations)| {
                members(operations).map(move |(method, operation)| call(document, path, method, operation))
            })
            .collect()
    };
    ReferencePage {
        calls: calls("paths"),
        told: calls("webhooks"),
        shapes: members(within(document, "/components/schemas"))
            .map(|(name, schema)| Shape {
                name: name.clone(),
                what: text(&schema["description"]),
                fields: fields(schema),
            })
            .collect(),
        shell,
    }
}

fn call(document: &Value, path: &str, method: &str, operation: &Value) -> Call {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let fields: Vec<Field> = parameters
        .map(|parameter| Field {
            name: text(&parameter["name"]),
            place: text(&parameter["in"]),
            kind: kind(&parameter["schema"]),
            required: parameter["required"] == true,
            what: text(&parameter["description"]),
        })
        .collect();
    let bodies: Vec<Body> = members(within(operation, "/requestBody/content"))
        .map(|(media, of)| Body {
            media: media.clone(),
            kind: kind(&of["schema"]),
        })
        .collect();
    let answers = members(&operation["responses"]).map(|(status, answer)| {
        let answer = meant(document, answer);
        let of_body = members(&answer["content"]).next();
        Answer {
            status: status.clone(),
            what: text(&answer["description"]),
            kind: of_body.map_or_else(Kind::none, |(_, of)| kind(&of["schema"])),
        }
    });
    Call {
        id: text(&operation["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        what: text(&operation["summary"]),
        answers: answers.collect(),
        curl: path
            .starts_with('/')
            .then(|| curl(path, method, &fields, &bodies)),
        fields,
        bodies,
    }
}

/// The call as one types it; what is in capitals is to be filled in.
fn curl(path: &str, method: &str, fields: &[Field], bodies: &[Body]) -> String {
    let address: String = path
        .split('/')
        .map(|part| match part.strip_prefix('{') {
            Some(name) => name.trim_end_matches('}').to_uppercase(),
            None => part.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("/");
    let mut lines = vec![
        format!("curl https://HOST{address}"),
        "-H \"Authorization: Bearer $XINLIAN_KEY\"".to_owned(),
    ];
    let needed = fields
        .iter()
        .filter(|field| field.place == "header" && field.required);
    lines.extend(needed.map(|field| format!("-H \"{}: …\"", field.name)));
    if let (Some(body), "post") = (bodies.first(), method) {
        lines.push(format!("-H \"Content-Type: {}\"", body.media));
        lines.push("--data-binary @FILE".to_owned());
    }
    lines.join(" \\\n  ")
}

fn fields(schema: &Value) -> Vec<Field> {
    let required = |name: &str| {
        let required = schema["required"].as_array();
        required.is_some_and(|all| all.iter().any(|one| one == name))
    };
    members(&schema["properties"])
        .map(|(name, of)| Field {
            name: name.clone(),
            place: String::new(),
            kind: kind(of),
            required: required(name),
            what: text(&of["description"]),
        })
        .collect()
}

impl Kind {
    fn none() -> Self {
        Self {
            words: String::new(),
            shape: None,
        }
    }
}

/// A schema in JSON Schema's own words.
fn kind(schema: &Value) -> Kind {
    if let Some(at) = schema["$ref"].as_str() {
        let name = at.rsplit('/').next().unwrap_or_default().to_owned();
        return Kind {
            words: String::new(),
            shape: Some(name),
        };
    }
    if schema["type"] == "array" {
        let of = kind(&schema["items"]);
        return Kind {
            words: format!("array {}", of.words).trim_end().to_owned(),
            shape: of.shape,
        };
    }
    if let Some(options) = schema["anyOf"].as_array() {
        let kinds: Vec<Kind> = options.iter().map(kind).collect();
        return Kind {
            words: kinds
                .iter()
                .map(|one| one.words.as_str())
                .filter(|words| !words.is_empty())
                .collect::<Vec<_>>()
                .join(" | "),
            shape: kinds.into_iter().find_map(|one| one.shape),
        };
    }
    let listed = schema["enum"].as_array().or(schema["type"].as_array());
    let words = match (listed, &schema["const"]) {
        (Some(all), _) => all.iter().map(text).collect::<Vec<_>>().join(" | "),
        (None, Value::Null) => text(&schema["type"]),
        (None, only) => text(only),
    };
    Kind { words, shape: None }
}

fn meant<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let at = value["$ref"].as_str().and_then(|at| at.strip_prefix('#'));
    at.and_then(|at| document.pointer(at)).unwrap_or(value)
}

fn within<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
impl crate::page::Samples for ReferencePage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        vec![of(Shell::sample(lang, Desk::Public), &PARSED)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_the_document_says() {
        let page = of(Shell::sample(crate::lang::Lang::default(), Desk::Public), &PARSED);
        assert_eq!(page.calls.len(), 15);
        let hand_in = page.calls.iter().find(|call| call.id == "handIn").unwrap();
        assert!(
            hand_in
                .fields
                .iter()
                .any(|field| field.name == "Idempotency-Key" && field.required)
        );
        let curl = hand_in.curl.as_ref().unwrap();
        assert!(
            curl.contains("-H \"Idempotency-Key: …\"") && curl.contains("--data-binary @FILE"),
            "{curl}"
        );
        // Whatever is named as a shape is there to be gone to.
        let names: Vec<&str> = page.shapes.iter().map(|shape| shape.name.as_str()).collect();
        let of_calls = page.calls.iter().chain(&page.told).flat_map(|call| {
            let bodies = call.bodies.iter().map(|body| &body.kind);
            bodies.chain(call.answers.iter().map(|answer| &answer.kind))
        });
        let of_shapes = page
            .shapes
            .iter()
            .flat_map(|shape| &shape.fields)
            .map(|field| &field.kind);
        for kind in of_calls.chain(of_shapes) {
            assert!(
                kind.shape
                    .as_ref()
                    .is_none_or(|name| names.contains(&name.as_str())),
                "{:?}",
                kind.shape
            );
        }
    }
}

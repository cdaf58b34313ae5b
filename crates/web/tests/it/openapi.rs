//! The API's document says what is there: every route and method, and of every answer each member.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::access::table;
use crate::support::{House, Jar};

/// The document as it is kept.
pub(crate) fn document() -> Value {
    serde_json::from_str(include_str!("../../../../docs/openapi.json")).unwrap()
}

/// What is meant by a schema.
fn meant<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(at) => document
            .pointer(at.strip_prefix('#').unwrap())
            .unwrap_or_else(|| panic!("{at} is nowhere")),
        None => schema,
    }
}

/// Whether a value is as its schema says, in the part of JSON Schema that the document uses.
pub(crate) fn fits(document: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let schema = meant(document, schema);
    if let Some(options) = schema["anyOf"].as_array() {
        let fits = options.iter().any(|option| fits(document, option, value).is_ok());
        return fits
            .then_some(())
            .ok_or(format!("{value} is none of {options:?}"));
    }
    if schema.get("const").is_some_and(|only| only != value) {
        return Err(format!("{value} is not {}", schema["const"]));
    }
    if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        return Err(format!("{value} is none of {}", schema["enum"]));
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.clone(),
        one => vec![one.clone()],
    };
    let own = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !types.contains(&Value::Null) && !types.contains(&own.into()) {
        return Err(format!("{value} is no {types:?}"));
    }
    for one in value.as_array().into_iter().flatten() {
        fits(document, &schema["items"], one)?;
    }
    let Some(members) = value.as_object() else {
        return Ok(());
    };
    for (name, member) in members {
        match schema["properties"].get(name) {
            Some(of) => fits(document, of, member).map_err(|why| format!("{name}: {why}"))?,
            None if schema["additionalProperties"] == false => {
                return Err(format!("`{name}` is not in the document"));
            }
            None => {}
        }
    }
    let required = schema["required"].as_array().into_iter().flatten();
    for name in required.map(|name| name.as_str().unwrap()) {
        members.get(name).ok_or(format!("`{name}` is missing"))?;
    }
    Ok(())
}

/// Holds an answer to what the document says of a status of an operation; `what` is e.g. `get /api/v1/shares`.
pub(crate) fn check(what: &str, status: u16, value: &Value) {
    let document = document();
    let (method, path) = what.split_once(' ').unwrap();
    let response = &document["paths"][path][method]["responses"][status.to_string()];
    let response = meant(&document, response);
    let content = response["content"]
        .as_object()
        .unwrap_or_else(|| panic!("{what} {status} is not in the document"));
    let schema = &content.values().next().unwrap()["schema"];
    fits(&document, schema, value).unwrap_or_else(|why| panic!("{what} {status}: {why}: {value}"));
}

/// Every reference in it leads somewhere.
fn references(document: &Value, value: &Value, count: &mut usize) {
    if value["$ref"].is_string() {
        meant(document, value);
        *count += 1;
    }
    let members = value.as_object().into_iter().flat_map(|members| members.values());
    for member in members.chain(value.as_array().into_iter().flatten()) {
        references(document, member, count);
    }
}

#[test]
fn it_has_every_route_and_no_other() {
    let document = document();
    let mut count = 0;
    references(&document, &document, &mut count);
    assert!(count > 50, "{count}");
    let mut written = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            written.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let served = table().into_iter().filter(|row| row.path.starts_with("/api/v1/"));
    let served: BTreeSet<String> = served.map(|row| format!("{} {}", row.method, row.path)).collect();
    assert_eq!(written, served);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_served_as_it_is_kept() {
    let house = House::new().await;
    let answer = house.get(&Jar::none(), "/api/openapi.json").await;
    assert_eq!(answer.header("content-type"), "application/json");
    let served: Value = serde_json::from_str(&answer.page(200)).unwrap();
    assert_eq!(served, document());
}

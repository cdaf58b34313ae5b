//! `docs/schema/scorecard-1.json`: every scorecard of the house satisfies it, broken ones do not, and it knows
//! the keys that the parser knows.

use std::collections::BTreeSet;
use std::path::Path;

use assess::Bundle;
use record::Realm;
use serde_json::{Value, json};

use crate::support;

fn schema() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema/scorecard-1.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the schema")).expect("JSON")
}

fn as_json(text: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Table>(text).expect("TOML")).expect("JSON")
}

/// What a value lacks or has too much of: as much of JSON Schema as the file uses, and a panic at any more.
fn faults(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    for (keyword, wanted) in schema.as_object().expect("a schema") {
        let holds = match keyword.as_str() {
            "$ref" => {
                let path = wanted
                    .as_str()
                    .and_then(|path| path.strip_prefix('#'))
                    .expect("a path");
                faults(root, root.pointer(path).expect("a definition"), value, at, found);
                true
            }
            "type" => match wanted.as_str().expect("a type") {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "integer" => value.is_i64(),
                "boolean" => value.is_boolean(),
                other => panic!("type {other}"),
            },
            "enum" => wanted.as_array().expect("a list").contains(value),
            "minimum" => value.as_i64() >= wanted.as_i64(),
            "maximum" => value.as_i64() <= wanted.as_i64(),
            "minLength" => {
                value.as_str().map(str::len) >= wanted.as_u64().and_then(|n| usize::try_from(n).ok())
            }
            "maxLength" => {
                value.as_str().map(str::len) <= wanted.as_u64().and_then(|n| usize::try_from(n).ok())
            }
            "minItems" => {
                value.as_array().map(Vec::len) >= wanted.as_u64().and_then(|n| usize::try_from(n).ok())
            }
            "required" => wanted
                .as_array()
                .expect("a list")
                .iter()
                .all(|key| value.get(key.as_str().expect("a key")).is_some()),
            "additionalProperties" => {
                let known = &schema["properties"];
                value
                    .as_object()
                    .is_none_or(|table| table.keys().all(|key| known.get(key).is_some()))
            }
            "properties" => {
                for (key, of_key) in wanted.as_object().expect("a table") {
                    if let Some(value) = value.get(key) {
                        faults(root, of_key, value, &format!("{at}.{key}"), found);
                    }
                }
                true
            }
            "items" => {
                for (n, value) in value.as_array().into_iter().flatten().enumerate() {
                    faults(root, wanted, value, &format!("{at}[{n}]"), found);
                }
                true
            }
            "$schema" | "$id" | "$defs" | "title" | "description" => true,
            other => panic!("keyword {other}"),
        };
        if !holds {
            found.push(format!("{at}: {keyword} {wanted}"));
        }
    }
}

fn check(value: &Value) -> Vec<String> {
    let (schema, mut found) = (schema(), Vec::new());
    faults(&schema, &schema, value, "", &mut found);
    found
}

#[test]
fn every_scorecard_of_the_house_satisfies_it() {
    let cards = support::files();
    let cards = cards.iter().filter(|(path, _)| path.starts_with("rating/"));
    let mut count = 0;
    for (path, text) in cards {
        assert_eq!(check(&as_json(text)), Vec::<String>::new(), "{path}");
        count += 1;
    }
    assert!(count >= 4, "{count} scorecards");
}

#[test]
fn broken_ones_do_not() {
    let card = as_json(&support::files()["rating/person.toml"]);
    for (path, broken, says) in [
        ("/code", json!(""), ".code: minLength"),
        ("/base/points", json!("70"), ".base.points: type"),
        ("/subjects", json!([]), ".subjects: minItems"),
        ("/subjects/0", json!("robot"), ".subjects[0]: enum"),
        ("/letters", json!({ "a": 1, "b": 2 }), ".letters: required"),
        ("/model_card", json!({}), ".model_card: required"),
        ("/dimension/1/most", json!(-1), ".dimension[1].most: minimum"),
        (
            "/feature/0/reading",
            json!("average"),
            ".feature[0].reading: enum",
        ),
        ("/feature/0/bins", json!([]), ".feature[0].bins: minItems"),
        (
            "/feature/0/bins/0",
            json!({ "from": 0.5, "points": 1 }),
            ".feature[0].bins[0].from: type",
        ),
        (
            "/feature/0/text",
            json!({ "zh": "字", "fr": "mot" }),
            ".feature[0].text: additional",
        ),
        (
            "/feature/0/half_life_months",
            json!(0),
            ".feature[0].half_life_months: minimum",
        ),
    ] {
        let mut card = card.clone();
        let (table, key) = path.rsplit_once('/').expect("a path");
        let table = card.pointer_mut(table).expect("it is there");
        match table {
            Value::Array(entries) => entries[key.parse::<usize>().expect("a place")] = broken,
            _ => table[key] = broken,
        }
        let found = check(&card);
        assert!(
            found.iter().any(|fault| fault.starts_with(says)),
            "{says}: {found:?}"
        );
        // The parser does not take it either.
        let mut files = support::files();
        let text = toml::to_string(&card).expect("TOML");
        files.insert("rating/person.toml".to_owned(), text);
        assert!(Bundle::parse(files, Realm::Demo).is_err(), "{says}");
    }
}

#[test]
fn it_knows_the_keys_that_the_parser_knows() {
    let (schema, bundle) = (schema(), support::bundle(Realm::Demo));
    let card = serde_json::to_value(bundle.scorecards().next().expect("a card")).expect("JSON");
    let keys =
        |value: &Value| -> BTreeSet<String> { value.as_object().expect("a table").keys().cloned().collect() };
    let known = |path: &str| keys(schema.pointer(path).expect("a table"));
    assert_eq!(known("/$defs/feature/properties"), keys(&card["features"][0]));
    assert_eq!(known("/$defs/dimension/properties"), keys(&card["dimensions"][0]));
    assert_eq!(
        known("/$defs/bin/properties"),
        keys(&card["features"][0]["bins"][0])
    );
    assert_eq!(
        known("/$defs/legal_basis/properties"),
        keys(&card["legal_basis"][0])
    );
    assert_eq!(
        known("/properties/model_card/properties"),
        keys(&card["model_card"])
    );
    assert_eq!(known("/properties/letters/properties"), keys(&card["letters"]));
    // In the file, dimensions and features are lists of tables with singular names.
    let in_file = |key: String| match key.as_str() {
        "dimensions" => "dimension".to_owned(),
        "features" => "feature".to_owned(),
        _ => key,
    };
    assert_eq!(
        known("/properties"),
        keys(&card).into_iter().map(in_file).collect()
    );
}

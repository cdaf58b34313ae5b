//! The list of components of the program (SBOM) in CycloneDX 1.5: what `cargo metadata` says that it is built from, on Linux,
//! without what only tests and this crate use. With the digests of the lock file, and without an address of any registry.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde_json::{Map, Value, json};

/// The program.
const ROOT: &str = "xinlian";
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// Writes it for the workspace in this folder.
pub(crate) fn sbom(root: &Path) -> anyhow::Result<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let said = Command::new(cargo)
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--filter-platform",
            PLATFORM,
        ])
        .current_dir(root)
        .output()
        .context("`cargo metadata` cannot be run")?;
    ensure!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let metadata = serde_json::from_slice(&said.stdout)?;
    let lock = toml::from_str(&std::fs::read_to_string(root.join("Cargo.lock"))?)?;
    Ok(serde_json::to_string_pretty(&of(&metadata, &lock)?)? + "\n")
}

/// From what `cargo metadata` says and the lock file.
fn of(metadata: &Value, lock: &toml::Table) -> anyhow::Result<Value> {
    let packages: BTreeMap<&str, &Value> = list(metadata, "packages")
        .filter_map(|package| Some((text(package, "id")?, package)))
        .collect();
    let root = packages
        .iter()
        .find(|(_, package)| text(package, "name") == Some(ROOT))
        .map(|(id, _)| *id)
        .context("the workspace has no program")?;
    let needs = needs(&metadata["resolve"]);
    let (mut reached, mut next) = (BTreeSet::from([root]), vec![root]);
    while let Some(id) = next.pop() {
        for needed in needs.get(id).into_iter().flatten() {
            if reached.insert(needed) {
                next.push(needed);
            }
        }
    }
    let digests = digests(lock);
    let component = |kind: &str, id: &str| Some(component(kind, packages.get(id)?, &digests));
    let components: Vec<Value> = reached
        .iter()
        .filter(|id| **id != root)
        .filter_map(|id| component("library", id))
        .collect();
    let reference = |id: &str| packages.get(id).map(|package| purl(package)).unwrap_or_default();
    let dependencies: Vec<Value> = reached
        .iter()
        .map(|id| {
            let on: BTreeSet<String> = needs
                .get(id)
                .into_iter()
                .flatten()
                .map(|id| reference(id))
                .collect();
            json!({ "ref": reference(id), "dependsOn": on })
        })
        .collect();
    let program = component("application", root);
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": program },
        "components": components,
        "dependencies": dependencies,
    }))
}

/// What each package needs to run or to be built, not to be tested.
fn needs(resolve: &Value) -> BTreeMap<&str, Vec<&str>> {
    let for_tests_only =
        |dependency: &Value| list(dependency, "dep_kinds").all(|kind| text(kind, "kind") == Some("dev"));
    list(resolve, "nodes")
        .filter_map(|node| {
            let on = list(node, "deps")
                .filter(|dependency| !for_tests_only(dependency))
                .filter_map(|dependency| text(dependency, "pkg"))
                .collect();
            Some((text(node, "id")?, on))
        })
        .collect()
}

/// The digests of the lock file, by name and version.
fn digests(lock: &toml::Table) -> BTreeMap<(&str, &str), &str> {
    let packages = lock.get("package").and_then(toml::Value::as_array);
    packages
        .into_iter()
        .flatten()
        .filter_map(|package| {
            let of = |name: &str| package.get(name)?.as_str();
            Some(((of("name")?, of("version")?), of("checksum")?))
        })
        .collect()
}

fn component(kind: &str, package: &Value, digests: &BTreeMap<(&str, &str), &str>) -> Value {
    let (name, version) = (
        text(package, "name").unwrap_or_default(),
        text(package, "version").unwrap_or_default(),
    );
    let mut component = Map::from_iter([
        ("type".to_owned(), json!(kind)),
        ("bom-ref".to_owned(), json!(purl(package))),
        ("name".to_owned(), json!(name)),
        ("version".to_owned(), json!(version)),
        ("purl".to_owned(), json!(purl(package))),
    ]);
    if let Some(license) = text(package, "license") {
        // Long ago a slash meant `OR`.
        let license = license.replace('/', " OR ").replace("  ", " ");
        component.insert("licenses".to_owned(), json!([{ "expression": license }]));
    }
    if let Some(digest) = digests.get(&(name, version)) {
        let hashes = json!([{ "alg": "SHA-256", "content": digest }]);
        component.insert("hashes".to_owned(), hashes);
    }
    Value::Object(component)
}

/// A package's name across all lists, as `pkg:cargo/name@version`.
fn purl(package: &Value) -> String {
    let of = |name| text(package, name).unwrap_or_default();
    // A `+` in a version is written so in an address.
    format!("pkg:cargo/{}@{}", of("name"), of("version").replace('+', "%2B"))
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shape that CycloneDX 1.5 asks for, of the real program.
    #[test]
    fn the_programs_list_is_whole_and_in_shape() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let list: Value = serde_json::from_str(&sbom(root).unwrap()).unwrap();
        assert_eq!(
            (&list["bomFormat"], &list["specVersion"]),
            (&json!("CycloneDX"), &json!("1.5"))
        );
        assert_eq!(list["metadata"]["component"]["type"], "application");
        let components = list["components"].as_array().unwrap();
        let names: BTreeSet<&str> = components
            .iter()
            .map(|one| one["name"].as_str().unwrap())
            .collect();
        for needed in ["xinlian-store", "sqlx", "libsqlite3-sys", "hyper", "clap"] {
            assert!(names.contains(needed), "{needed} is missing");
        }
        for absent in ["xtask", "proptest", "insta", "tempfile"] {
            assert!(!names.contains(absent), "{absent} is no part of the program");
        }
        let mut references = BTreeSet::from([list["metadata"]["component"]["bom-ref"].as_str().unwrap()]);
        for one in components {
            assert_eq!(one["type"], "library");
            let reference = one["bom-ref"].as_str().unwrap();
            assert!(
                reference.starts_with("pkg:cargo/") && references.insert(reference),
                "{one}"
            );
            assert!(
                one["version"].as_str().is_some_and(|version| !version.is_empty()),
                "{one}"
            );
            assert!(one["licenses"][0]["expression"].is_string(), "{one}");
            let ours = one["name"].as_str().unwrap().starts_with("xinlian-");
            let digest = one["hashes"][0]["content"].as_str();
            assert!(ours || digest.is_some_and(|digest| digest.len() == 64), "{one}");
        }
        for dependency in list["dependencies"].as_array().unwrap() {
            for on in dependency["dependsOn"].as_array().unwrap() {
                assert!(
                    references.contains(on.as_str().unwrap()),
                    "{on} is not in the list"
                );
            }
        }
    }
}

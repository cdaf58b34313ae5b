//! The policy bundle to begin with: the one built into the program, or a folder.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};
use assess::{Bundle, PolicyFault};
use record::Realm;
use rust_embed::RustEmbed;

/// The repository's `policies/`, as it stood when the program was built.
#[derive(RustEmbed)]
#[folder = "../../policies"]
struct Seed;

/// Policy files by their path below the policy folder, in two parts: the bundle's own, and the worked
/// cases, which are no part of its bytes.
pub(crate) struct PolicyFiles {
    /// What the bundle is made of.
    pub(crate) bundle: BTreeMap<String, String>,
    /// `cases/*.toml`.
    pub(crate) cases: BTreeMap<String, String>,
}

/// Reads the policy folder, or the built-in policies where none is named.
pub(crate) fn read(folder: Option<&Path>) -> anyhow::Result<PolicyFiles> {
    let mut files = BTreeMap::new();
    match folder {
        Some(folder) => read_folder(folder, folder, &mut files)?,
        None => {
            for path in Seed::iter() {
                let file = Seed::get(&path).context("a built-in policy file is gone")?;
                files.insert(path.to_string(), String::from_utf8(file.data.into_owned())?);
            }
        }
    }
    let (cases, bundle) = files
        .into_iter()
        .partition(|(path, _)| path.starts_with("cases/"));
    Ok(PolicyFiles { bundle, cases })
}

fn read_folder(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("cannot read policy folder `{}`", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            read_folder(root, &path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("cannot read `{}`", path.display()))?;
            files.insert(name, text);
        }
    }
    Ok(())
}

/// The bundle that the folder or the program holds, for one realm.
pub(crate) fn bundle(folder: Option<&Path>, realm: Realm) -> anyhow::Result<Bundle> {
    match Bundle::parse(read(folder)?.bundle, realm) {
        Ok(bundle) => Ok(bundle),
        Err(faults) => bail!("the policies cannot be read:\n{}", list(&faults)),
    }
}

/// Faults, one a line.
pub(crate) fn list(faults: &[PolicyFault]) -> String {
    faults
        .iter()
        .map(|fault| format!("  {fault}"))
        .collect::<Vec<_>>()
        .join("\n")
}

//! The text files of the repository, read once, so that a rule is a function of them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;

/// Endings of the files that are read. Pictures and data of the tests are not looked into.
const ENDINGS: [&str; 14] = [
    "rs", "toml", "md", "sql", "html", "ftl", "css", "js", "mjs", "sh", "json", "service", "timer", "conf",
];

/// Files read in spite of having no ending.
const NAMES: [&str; 3] = ["Makefile", "Containerfile", "run"];

/// Folders that are no part of the repository, or none of its text.
const NOT_READ: [&str; 9] = [
    ".git",
    "target",
    "node_modules",
    "demo-data",
    "shots",
    "test-results",
    "generated",
    "out",
    "geo",
];

/// Every text file by its path from the root, with `/` between the parts.
pub(crate) struct House {
    files: BTreeMap<String, String>,
}

impl House {
    /// Reads the repository.
    pub(crate) fn read(root: &Path) -> anyhow::Result<Self> {
        let mut files = BTreeMap::new();
        read_folder(root, root, &mut files)?;
        Ok(Self { files })
    }

    /// How many files there are.
    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }

    /// One file's text.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Whether there is such a file.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// All files, in the order of their paths.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The files below a folder that have an ending; the folder is named with a `/` at its end.
    pub(crate) fn below<'a>(
        &'a self,
        folder: &'a str,
        ending: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files()
            .filter(move |(path, _)| path.starts_with(folder) && path.ends_with(ending))
    }

    /// Names of the crates: the folders in `crates/` that have a manifest.
    pub(crate) fn crates(&self) -> impl Iterator<Item = &str> {
        self.files
            .keys()
            .filter_map(|path| path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml"))
    }
}

fn read_folder(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            if !NOT_READ.contains(&name.as_str()) {
                read_folder(root, &path, files)?;
            }
        } else if is_text(&path, &name) {
            let from_root = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("`{from_root}` is not text in UTF-8"))?;
            files.insert(from_root, text);
        }
    }
    Ok(())
}

fn is_text(path: &Path, name: &str) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    NAMES.contains(&name) || ending.is_some_and(|ending| ENDINGS.contains(&ending))
}

#[cfg(test)]
impl House {
    /// A house of these files.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        Self {
            files: files
                .iter()
                .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
                .collect(),
        }
    }
}

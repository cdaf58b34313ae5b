//! What every clause carries: words in two languages, and the law it rests on.

use std::fmt::Display;

use record::ClauseId;
use serde::{Deserialize, Serialize};

/// A text in both languages of the house. Neither may be empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// 中文
    pub zh: String,
    /// English
    pub en: String,
}

impl Text {
    /// A text in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// The text in a language: English for `en` and its kin, Chinese for anything else.
    pub fn of(&self, language: &str) -> &str {
        if is_english(language) { &self.en } else { &self.zh }
    }

    /// Puts a value in the place of `{key}` in both languages.
    pub(crate) fn with(&self, key: &str, value: impl Display) -> Self {
        let (slot, value) = (format!("{{{key}}}"), value.to_string());
        Self {
            zh: self.zh.replace(&slot, &value),
            en: self.en.replace(&slot, &value),
        }
    }

    pub(crate) fn is_whole(&self) -> bool {
        !self.zh.trim().is_empty() && !self.en.trim().is_empty()
    }

    /// The names of the `{slots}` in either language.
    pub(crate) fn slots(&self) -> Vec<&str> {
        let mut found = Vec::new();
        for text in [&self.zh, &self.en] {
            for part in text.split('{').skip(1) {
                found.push(part.split('}').next().unwrap_or_default());
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Whether a language is English: `en` and its kin.
pub(super) fn is_english(language: &str) -> bool {
    language == "en" || language.starts_with("en-")
}

/// A law, regulation or published document that a clause rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalBasis {
    /// Its title and number.
    pub law: Text,
    /// The article within it, as it is cited.
    #[serde(default)]
    pub article: Option<String>,
    /// Written from memory: it supports no restriction in a live realm (guard 14).
    #[serde(default)]
    pub unverified: bool,
}

/// A clause of policy that conclusions cite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// Its id: file and item within it, e.g. `rating.person.social-insurance`.
    pub id: ClauseId,
    /// What it says, in short.
    pub title: Text,
    /// What it rests on.
    pub legal_basis: Vec<LegalBasis>,
    /// Whether it, or anything it rests on, was written from memory.
    pub unverified: bool,
    /// The file it stands in, below `policies/`.
    pub file: String,
    /// The line on which it begins there, from 1.
    pub line: usize,
}

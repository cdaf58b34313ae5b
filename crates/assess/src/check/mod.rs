//! `policy check`: the guards as rules over a bundle that parses.
//!
//! What the language itself forbids (signs, slopes, a base below B, restrictions without a list) cannot be
//! parsed at all. Here stand the rules that a growing list of words or a legal bound decides, and that a
//! bundle must pass before it is published; bundles published earlier stay readable.

mod catalogue;
mod change;
mod ends;
mod grade_adds;
mod inputs;
mod lists;
mod measures;
mod model_cards;
mod sources;
mod truth;

use record::ClauseId;
use serde::Serialize;

use crate::policy::Bundle;

pub use change::check_change;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Such a bundle is not published.
    Error,
    /// Look at it before publishing.
    Warning,
    /// To know.
    Note,
}

impl Severity {
    /// Its name in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// How grave.
    pub severity: Severity,
    /// Which rule, e.g. `guard-3-inputs`.
    pub rule: &'static str,
    /// What it is about: a clause id or a code.
    pub about: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The file it stands in, below `policies/`; empty if it is of no clause.
    pub file: String,
    /// The line on which the clause begins; 0 if it is of none.
    pub line: usize,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            severity,
            rule,
            about,
            message,
            help,
            file,
            line,
        } = self;
        if !file.is_empty() {
            write!(f, "{file}:{line}: ")?;
        }
        write!(f, "{}[{rule}] `{about}`: {message}", severity.as_str())?;
        if help.is_empty() {
            Ok(())
        } else {
            write!(f, "; {help}")
        }
    }
}

/// Checks a bundle against every rule. The gravest findings come first.
pub fn check(bundle: &Bundle) -> Vec<Finding> {
    let mut found = Findings::default();
    grade_adds::check(bundle, &mut found);
    inputs::check(bundle, &mut found);
    model_cards::check(bundle, &mut found);
    ends::check(bundle, &mut found);
    lists::check(bundle, &mut found);
    measures::check(bundle, &mut found);
    catalogue::check(bundle, &mut found);
    sources::check(bundle, &mut found);
    truth::check(bundle, &mut found);
    found.place(bundle);
    found.sorted()
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(
        &mut self,
        severity: Severity,
        rule: &'static str,
        about: impl AsRef<str>,
        message: impl Into<String>,
        help: &str,
    ) {
        self.0.push(Finding {
            severity,
            rule,
            about: about.as_ref().to_owned(),
            message: message.into(),
            help: help.to_owned(),
            file: String::new(),
            line: 0,
        });
    }

    /// Says of each finding where its clause stands: `about` is the clause's id, or its code.
    fn place(&mut self, bundle: &Bundle) {
        for finding in &mut self.0 {
            let about = &finding.about;
            let ids = ["", "catalogue.", "lists.", "measures.", "services.", "class."];
            let mut ids = ids
                .iter()
                .filter_map(|of| ClauseId::new(format!("{of}{about}")).ok());
            if let Some(clause) = ids.find_map(|id| bundle.clause(&id)) {
                finding.file.clone_from(&clause.file);
                finding.line = clause.line;
            }
        }
    }

    fn sorted(mut self) -> Vec<Finding> {
        self.0.sort();
        self.0.dedup();
        self.0
    }
}

/// Whether a text has one of these words: Latin ones as whole words, Chinese ones anywhere.
fn banned<'w>(text: &str, words: &[&'w str]) -> Option<&'w str> {
    let lower = text.to_lowercase();
    let tokens: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    words.iter().copied().find(|word| {
        if word.is_ascii() {
            tokens.contains(word)
        } else {
            lower.contains(word)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole() {
        for (text, found) in [
            ("wage.arrears", None),
            ("age", Some("age")),
            ("age_band", Some("age")),
            ("person.Age", Some("age")),
            ("年龄段", Some("年龄")),
        ] {
            assert_eq!(banned(text, &["age", "年龄"]), found, "{text}");
        }
    }
}

//! What changes between two bundles, clause by clause, in words, and for whom it can matter.

mod statement;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::policy::{Bundle, Text};
pub use statement::{Statement, statements};

/// One clause that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ClauseChange {
    /// Its id.
    pub clause: String,
    /// Its name; the new one where it was renamed.
    pub name: Text,
    /// What became of it.
    #[serde(flatten)]
    pub change: Change,
    /// The kinds of subject it can matter to: `person`, `organisation`, `sole_trader`; empty if to all or none.
    pub subjects: BTreeSet<String>,
}

/// What became of a clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum Change {
    /// It was not there.
    Added,
    /// It is not there any more.
    Removed,
    /// It says something else.
    Changed {
        /// Every key that differs.
        keys: Vec<KeyChange>,
    },
}

/// One key that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct KeyChange {
    /// As in the file, e.g. `bins.1.points`.
    pub key: String,
    /// In words.
    pub label: Text,
    /// What it was; `None` if it was not there.
    pub from: Option<String>,
    /// What it is; `None` if it is not there any more.
    pub to: Option<String>,
}

/// Everything that differs from `old` to `new`, by clause.
pub fn diff(old: &Bundle, new: &Bundle) -> Vec<ClauseChange> {
    let (old, new) = (statements(old), statements(new));
    let ids: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    ids.into_iter()
        .filter_map(|id| compare(id, old.get(id), new.get(id)))
        .collect()
}

fn compare(id: &str, old: Option<&Statement>, new: Option<&Statement>) -> Option<ClauseChange> {
    let change = match (old, new) {
        (None, None) => return None,
        (None, Some(_)) => Change::Added,
        (Some(_), None) => Change::Removed,
        (Some(old), Some(new)) => {
            let keys = key_changes(&old.keys, &new.keys);
            if keys.is_empty() {
                return None;
            }
            Change::Changed { keys }
        }
    };
    let stated = new.or(old)?;
    let subjects = old
        .into_iter()
        .chain(new)
        .flat_map(|one| one.subjects.iter().cloned());
    Some(ClauseChange {
        clause: id.to_owned(),
        name: Text::new(&stated.zh, &stated.en),
        change,
        subjects: subjects.collect(),
    })
}

fn key_changes(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<KeyChange> {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changed = keys.into_iter().filter(|key| old.get(*key) != new.get(*key));
    changed
        .map(|key| KeyChange {
            key: key.clone(),
            label: label(key),
            from: old.get(key).cloned(),
            to: new.get(key).cloned(),
        })
        .collect()
}

/// Words of the keys that a lawyer asks about; others stand as they are in the file.
const LABELS: [(&str, &str, &str); 30] = [
    ("points", "分值", "points"),
    ("from", "起点", "from"),
    ("least", "下限", "the least"),
    ("most", "上限", "the most"),
    ("within_months", "统计月数", "months looked back"),
    ("half_life_months", "减半月数", "months to halve"),
    ("reading", "计算方式", "reading"),
    ("items", "信息项", "items"),
    ("base", "起点分", "base"),
    ("a", "A 级起点", "where A begins"),
    ("b", "B 级起点", "where B begins"),
    ("c", "C 级起点", "where C begins"),
    ("subjects", "适用主体", "subjects"),
    ("effect_months_most", "最长影响月数", "longest effect in months"),
    (
        "display_months_least",
        "最短公示月数",
        "shortest display in months",
    ),
    ("display_months_most", "最长公示月数", "longest display in months"),
    ("retention_months", "保存月数", "retention in months"),
    ("tier", "严重程度", "tier"),
    ("publicity", "公开属性", "publicity"),
    ("repairable", "可否修复", "repair is open"),
    ("rateable", "可否评价", "may be rated"),
    ("document_required", "须有文书", "needs a document"),
    ("term_months", "期限（月）", "term in months"),
    ("from_lists", "依据名单", "from lists"),
    ("from_grade", "依据等级", "from grade"),
    ("grade_at_least", "最低等级", "least grade"),
    ("promised_working_days", "承诺工作日", "promised working days"),
    ("defer_working_days", "容缺工作日", "working days to follow"),
    ("unverified", "未核实", "unverified"),
    ("law", "依据", "law"),
];

fn label(key: &str) -> Text {
    let last = key
        .rsplit('.')
        .find(|part| !matches!(*part, "zh" | "en"))
        .unwrap_or(key);
    let known = LABELS.iter().find(|(code, ..)| *code == last);
    known.map_or_else(|| Text::new(key, key), |(_, zh, en)| Text::new(*zh, *en))
}

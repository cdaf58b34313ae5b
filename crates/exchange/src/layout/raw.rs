//! A layout file as it is written: keys, nothing held together yet. Unknown keys are refused.

use std::collections::BTreeMap;

use assess::Text;
use record::{ItemCode, LayoutCode, SubjectKind};
use serde::Deserialize;
use toml::Spanned;

use crate::cell::AmountUnit;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLayout {
    pub(super) code: LayoutCode,
    pub(super) name: Text,
    #[serde(default)]
    pub(super) subject: Option<SubjectKind>,
    #[serde(default)]
    pub(super) subject_by_identifier: bool,
    #[serde(default)]
    pub(super) item: Option<ItemCode>,
    #[serde(default)]
    pub(super) on_correction_months: Option<i32>,
    #[serde(default)]
    pub(super) late_after_working_days: Option<u32>,
    #[serde(rename = "column")]
    pub(super) columns: Vec<Spanned<RawColumn>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RawKind {
    Text,
    DocumentNumber,
    CaseNumber,
    Date,
    Amount,
    Integer,
    Code,
    Identifier,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the keys of a column as they are written, most of them left out"
)]
pub(super) struct RawColumn {
    pub(super) code: String,
    pub(super) name: Text,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    pub(super) kind: RawKind,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) required_for: Vec<SubjectKind>,
    #[serde(default)]
    pub(super) blank_for: Vec<SubjectKind>,
    #[serde(default)]
    pub(super) max_chars: Option<usize>,
    #[serde(default)]
    pub(super) to: Vec<String>,
    #[serde(default)]
    pub(super) example: String,
    #[serde(default)]
    pub(super) help: Option<Text>,
    /// A value or a length was written from memory; see `docs/layouts.md`.
    #[serde(default, rename = "unverified")]
    pub(super) _unverified: bool,
    // date
    #[serde(default)]
    pub(super) long_term: bool,
    #[serde(default)]
    pub(super) not_after_today: bool,
    #[serde(default)]
    pub(super) not_before: Option<String>,
    #[serde(default)]
    pub(super) is_birth: bool,
    // amount
    #[serde(default)]
    pub(super) unit: Option<AmountUnit>,
    #[serde(default)]
    pub(super) ask_from_yuan: Option<i64>,
    // integer
    #[serde(default)]
    pub(super) least: Option<i64>,
    #[serde(default)]
    pub(super) most: Option<i64>,
    // code
    #[serde(default)]
    pub(super) values: Vec<RawValue>,
    #[serde(default)]
    pub(super) several: bool,
    // identifier
    #[serde(default)]
    pub(super) identifier: BTreeMap<SubjectKind, String>,
    #[serde(default)]
    pub(super) identifier_kind_from: Option<String>,
    #[serde(default)]
    pub(super) prefixes: Vec<RawPrefix>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawValue {
    pub(super) zh: String,
    #[serde(default)]
    pub(super) also: Vec<String>,
    #[serde(default)]
    pub(super) detail: bool,
    #[serde(default)]
    pub(super) means: Option<String>,
    #[serde(default)]
    pub(super) refused: Option<Text>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPrefix {
    pub(super) starts: String,
    pub(super) only: Vec<SubjectKind>,
}

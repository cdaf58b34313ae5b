//! A worked case as it is written. Unknown keys are refused.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use record::{FieldName, ItemCode, PurposeCode, Relation, ServiceCode, SourceCode, SubjectKind};
use serde::Deserialize;

use super::after::ExpectRepair;
use crate::policy::{self, Letter};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Empty {}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub(super) name: String,
    #[serde(deserialize_with = "policy::date")]
    pub(super) on: Date,
    pub(super) subject: SubjectKind,
    #[serde(default, deserialize_with = "policy::optional_date")]
    pub(super) born: Option<Date>,
    #[serde(default)]
    pub(super) notice: Option<bool>,
    #[serde(default)]
    pub(super) consent: Vec<ServiceCode>,
    #[serde(default, rename = "record")]
    pub(super) records: Vec<CaseRecord>,
    #[serde(default)]
    pub(super) ask: Option<CaseAsk>,
    #[serde(default)]
    pub(super) shows: Vec<String>,
    #[serde(default)]
    pub(super) near: Vec<String>,
    pub(super) expect: Expect,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseRecord {
    pub(super) item: ItemCode,
    #[serde(default)]
    pub(super) source: Option<SourceCode>,
    #[serde(deserialize_with = "policy::date")]
    pub(super) occurred: Date,
    #[serde(default)]
    pub(super) document: Option<String>,
    #[serde(default, deserialize_with = "policy::optional_date")]
    pub(super) document_date: Option<Date>,
    #[serde(default, deserialize_with = "policy::optional_date")]
    pub(super) ends: Option<Date>,
    #[serde(default, deserialize_with = "policy::optional_date")]
    pub(super) review_by: Option<Date>,
    #[serde(default)]
    pub(super) pending: bool,
    /// The notice, the waiting and the delivery that its list asks for are made too.
    #[serde(default)]
    pub(super) served: bool,
    /// The codes of the faults for which the door refuses it; then it is no part of the file.
    #[serde(default)]
    pub(super) refused: BTreeSet<String>,
    #[serde(default)]
    pub(super) fields: BTreeMap<FieldName, toml::Value>,
    #[serde(default)]
    pub(super) refers: Vec<CaseReference>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseReference {
    pub(super) relation: Relation,
    /// The record's place in the case, from 1.
    pub(super) to: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseAsk {
    pub(super) service: ServiceCode,
    #[serde(default)]
    pub(super) purpose: Option<PurposeCode>,
    #[serde(default)]
    pub(super) in_hand: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expect {
    #[serde(default)]
    pub(super) letter: Option<Letter>,
    #[serde(default)]
    pub(super) points: Option<i32>,
    /// The code of the scorecard that gave the grade.
    #[serde(default)]
    pub(super) scorecard: Option<String>,
    #[serde(default)]
    pub(super) not_rated: Option<String>,
    #[serde(default)]
    pub(super) lists: Option<Vec<String>>,
    #[serde(default)]
    pub(super) measures: Option<Vec<String>>,
    #[serde(default)]
    pub(super) standings: Option<Vec<String>>,
    /// `list state`, in the order of the assessment.
    #[serde(default)]
    pub(super) procedures: Option<Vec<String>>,
    /// Of the last procedure: `step first-day due`, with `-` where there is none.
    #[serde(default)]
    pub(super) next: Option<Vec<String>>,
    #[serde(default)]
    pub(super) displayed: Option<Vec<bool>>,
    #[serde(default)]
    pub(super) verdict: Option<String>,
    #[serde(default, deserialize_with = "policy::optional_date")]
    pub(super) due: Option<Date>,
    #[serde(default)]
    pub(super) repair: Vec<ExpectRepair>,
    /// `objection_answer 1 2026-06-10`, with ` late` and ` provisional` behind it.
    #[serde(default)]
    pub(super) duties: Option<Vec<String>>,
}

//! The whole of what follows for one subject: standings, grade, list entries, measures.

use jiff::civil::Date;
use record::{AsOf, BundleDigest, ItemCode, Logged, RecordNumber, SubjectKind};
use serde::Serialize;

use crate::entry::{self, ListEntry};
use crate::grade::{Rating, grade};
use crate::measure::{Measure, measures};
use crate::policy::{Bundle, Publicity, Tier};
use crate::procedure::Procedure;
use crate::resolve::{Resolution, Resolved, plus_months, resolve};
use crate::standing::Standing;

/// One record and its standing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RecordStanding {
    /// The record.
    pub number: RecordNumber,
    /// Its item, or act.
    pub item: ItemCode,
    /// What it is worth.
    pub standing: Standing,
    /// The first day without effect, if it is known.
    pub ends: Option<Date>,
    /// Whether it may be published on that day.
    pub displayed: bool,
}

/// Everything that follows for one subject from policy, records and the two dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Assessment {
    /// The version of the engine's meaning.
    pub semantics: u32,
    /// The rules.
    pub bundle: BundleDigest,
    /// The two dates.
    pub as_of: AsOf,
    /// What kind of subject it is, if any record says so.
    pub kind: Option<SubjectKind>,
    /// Every known record with its standing, by number; of acts, notices and consents.
    pub standings: Vec<RecordStanding>,
    /// The grade.
    pub rating: Rating,
    /// The list entries in force.
    pub entries: Vec<ListEntry>,
    /// Where each entry of a list with a procedure stands, those in the making among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub procedures: Vec<Procedure>,
    /// The measures in force.
    pub measures: Vec<Measure>,
}

impl Assessment {
    /// Its canonical bytes, equal whenever it is reached from the same records, rules and dates.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Every map in it has text keys, so it always has a JSON form.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// What an entry's record brings about.
    pub fn measures_from(&self, entry: RecordNumber) -> impl Iterator<Item = &Measure> {
        let rests = move |measure: &&Measure| measure.because().records.contains(&entry);
        self.measures.iter().filter(rests)
    }

    /// The procedure of an entry's record, if its list has one.
    pub fn procedure_of(&self, entry: RecordNumber) -> Option<&Procedure> {
        self.procedures
            .iter()
            .find(|procedure| procedure.entry == Some(entry))
    }

    /// The standing of a record.
    pub fn standing(&self, number: RecordNumber) -> Option<&RecordStanding> {
        let at = self
            .standings
            .binary_search_by_key(&number, |standing| standing.number)
            .ok()?;
        self.standings.get(at)
    }
}

/// Assesses one subject. Pure: the same arguments give the same bytes, in whatever order the records come.
///
/// `records` are the subject's records and every act that refers to them or to their submissions. Records
/// not yet known at `as_of.known` are left out of account, so a caller may hand in more.
pub fn assess(bundle: &Bundle, records: &[Logged], as_of: AsOf) -> Assessment {
    let resolution = resolve(bundle, records, as_of);
    let rating = grade(bundle, &resolution, as_of.on);
    let entries = entry::entries(bundle, &resolution);
    let measures = measures(bundle, &resolution, &entries, &rating, as_of.on);
    Assessment {
        semantics: crate::SEMANTICS,
        bundle: bundle.digest(),
        as_of,
        kind: resolution.kind,
        standings: standings(bundle, &resolution, as_of.on),
        rating,
        entries,
        procedures: resolution.procedures,
        measures,
    }
}

fn standings(bundle: &Bundle, resolution: &Resolution<'_>, on: Date) -> Vec<RecordStanding> {
    let protected = resolution.minor || resolution.deceased;
    let standing = |resolved: &Resolved<'_>| RecordStanding {
        number: resolved.logged.number(),
        item: resolved.logged.record().item.clone(),
        standing: resolved.standing,
        ends: resolved.ends,
        displayed: !protected && is_displayed(bundle, resolved, on),
    };
    resolution.records.iter().map(standing).collect()
}

fn is_displayed(bundle: &Bundle, resolved: &Resolved<'_>, on: Date) -> bool {
    let lives = matches!(resolved.standing, Standing::Counts | Standing::Disputed { .. });
    let Some(item) = resolved.item.filter(|_| lives) else {
        return false;
    };
    let most = bundle.repair_rules().months_most(item);
    item.publicity == Publicity::Public
        && item.tier != Some(Tier::Minor)
        && most.is_none_or(|months| on < plus_months(resolved.starts, months))
}

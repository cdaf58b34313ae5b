//! What a simulation says. All of it may be shown: nobody can be found in it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::told::Told;

/// A simulation, on one day or on several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimulationReport {
    /// The rules in force.
    pub before: Rules,
    /// The draft.
    pub after: Rules,
    /// How much of the log was known.
    pub known: u64,
    /// The days, in their order.
    pub days: Vec<DayReport>,
    /// How many come under a list or a measure of a list, or leave it, on the last day; nothing if the draft changes scorecards
    /// alone.
    pub lists: Option<Vec<ListMove>>,
}

/// Which rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Their edition.
    pub edition: String,
    /// Their digest, in hexadecimal.
    pub digest: String,
}

/// One day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayReport {
    /// The day.
    pub on: Date,
    /// How many subjects there are.
    pub subjects: Told,
    /// By scorecard.
    pub cards: Vec<CardReport>,
    /// Those whom neither rates, by why.
    pub not_rated: Vec<NotRatedRow>,
    /// What somebody should look at before the draft is put in force.
    pub attention: Vec<Attention>,
}

/// Those whom neither the rules in force nor the draft rates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotRatedRow {
    /// Why not, as a code.
    pub why: String,
    /// How many.
    pub count: Told,
}

/// One scorecard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardReport {
    /// Its code.
    pub card: String,
    /// How many it rates, by the one or the other.
    pub people: Told,
    /// From a letter, A to D and not rated, to a letter; with the sums of the lines. Empty if there are too few to tell of.
    pub matrix: Vec<Vec<Told>>,
    /// How many get a better letter, keep theirs, get a worse one, are rated by the draft alone, and no more by it.
    pub moved: [Told; 5],
    /// How many have points in each ten, before.
    pub points_before: Vec<Told>,
    /// And after.
    pub points_after: Vec<Told>,
    /// By how many points they move, see [`Self::SHIFTS`].
    pub shifts: Vec<Told>,
    /// The stability index over the points, in thousandths.
    pub stability_points: u32,
    /// The stability index over the letters, in thousandths.
    pub stability_letters: u32,
    /// The features whose points differ most.
    pub reasons: Vec<ReasonMove>,
    /// By trait, its groups.
    pub groups: Vec<TraitReport>,
    /// What a letter opens.
    pub openings: Vec<Opening>,
    /// Some of those who moved.
    pub examples: Vec<Example>,
}

impl CardReport {
    /// From how many points on, for each but the first of the shifts: fewer than -19, -19 to -10, and so on.
    pub const SHIFTS: [i32; 8] = [-19, -9, -4, 0, 1, 5, 10, 20];
}

/// How a feature's points differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonMove {
    /// The feature's code.
    pub feature: String,
    /// For how many.
    pub people: Told,
    /// The points that it gives more, over all of them, before the bounds of its dimension; nothing if they are few.
    pub more: Option<u64>,
    /// The points that it gives less.
    pub less: Option<u64>,
}

/// The groups of one trait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraitReport {
    /// The trait's code.
    pub code: String,
    /// Its groups.
    pub rows: Vec<GroupRow>,
}

/// One group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRow {
    /// Its label.
    pub group: String,
    /// How many it has.
    pub people: Told,
    /// How many get a better letter, keep theirs, get a worse one, and are rated by one of the two alone.
    pub moved: [Told; 4],
    /// Its share of B and above over that of the best group, in thousandths, before; nothing if it would tell of few.
    pub ratio_before: Option<u64>,
    /// And after.
    pub ratio_after: Option<u64>,
    /// Whether it was under four fifths.
    pub flagged_before: bool,
    /// Whether it is.
    pub flagged_after: bool,
}

/// What a letter opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// What kind of thing.
    pub what: Opened,
    /// Its code.
    pub code: String,
    /// The least letter that opened it; nothing if no letter did.
    pub least_before: Option<String>,
    /// The least letter that opens it; nothing if no letter does.
    pub least_after: Option<String>,
    /// To how many it opens.
    pub opens: Told,
    /// To how many it closes.
    pub closes: Told,
}

/// What kind of thing a letter opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opened {
    /// The trust of a service.
    Service,
    /// An incentive.
    Measure,
}

/// Somebody who moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// Its number, drawn for this report.
    pub number: u32,
    /// The letter before; nothing for not rated.
    pub from: Option<String>,
    /// The letter after.
    pub to: Option<String>,
}

/// How many come under a list or a measure, and leave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListMove {
    /// The list or measure, as a clause.
    pub clause: String,
    /// How many come under it.
    pub gained: Told,
    /// How many leave it.
    pub lost: Told,
}

/// What somebody should look at before the draft is put in force.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Attention {
    /// A group comes out under four fifths of the best, and did not before.
    Ratio {
        /// The scorecard.
        card: String,
        /// The trait.
        #[serde(rename = "trait")]
        of: String,
        /// The group.
        group: String,
    },
    /// Something that a letter opens closes for somebody.
    Closes {
        /// The scorecard.
        card: String,
        /// The service or measure.
        code: String,
    },
    /// The distribution of points moves much.
    Unstable {
        /// The scorecard.
        card: String,
    },
}

impl SimulationReport {
    /// What to look at, each once over all days.
    pub fn attention(&self) -> Vec<&Attention> {
        let all: BTreeSet<&Attention> = self.days.iter().flat_map(|day| &day.attention).collect();
        all.into_iter().collect()
    }
}

impl ListMove {
    /// Moves counted elsewhere, by clause.
    pub fn of(gained: &BTreeMap<String, u64>, lost: &BTreeMap<String, u64>) -> Vec<Self> {
        let clauses: BTreeSet<&String> = gained.keys().chain(lost.keys()).collect();
        let count = |of: &BTreeMap<String, u64>, clause| Told::of(of.get(clause).copied().unwrap_or(0));
        let moves = clauses.into_iter().map(|clause| Self {
            clause: clause.clone(),
            gained: count(gained, clause),
            lost: count(lost, clause),
        });
        moves.collect()
    }
}

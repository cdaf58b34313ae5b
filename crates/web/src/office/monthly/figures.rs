//! What a monthly report says: tables of counts, with codes for names, so that both languages read the same report. Where a cell counts people it
//! says how many only from ten on.

use std::collections::{BTreeMap, BTreeSet};

use assess::{Bundle, DutyKind, Level};
use record::{Date, SourceCode};
use serde::{Deserialize, Serialize};
use store::{Held, MonthFacts, PleaFact, PleaKind};

/// From how many people on a cell says how many.
const PEOPLE_LEAST: u64 = 10;

/// All tables of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Figures {
    pub(super) tables: Vec<Table>,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Table {
    /// Its code in locale keys; so too those of its columns.
    pub(super) code: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<TableRow>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TableRow {
    pub(super) of: RowName,
    pub(super) cells: Vec<Cell>,
}

/// What a row is about, by its code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RowName {
    /// A department.
    Source(String),
    /// A class of the catalogue.
    Class(String),
    /// A purpose of looks.
    Purpose(String),
    /// Something that the locale names.
    Words(String),
}

/// One value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Cell {
    /// A count.
    Count(u64),
    /// People, fewer than ten and at least one.
    Few,
    /// Of a hundred.
    Percent(u64),
    /// There is nothing of which it could be one.
    None,
}

impl Cell {
    /// A count of people.
    fn people(count: u64) -> Self {
        if (1..PEOPLE_LEAST).contains(&count) {
            Self::Few
        } else {
            Self::Count(count)
        }
    }

    fn share(part: u64, whole: u64) -> Self {
        (part * 100).checked_div(whole).map_or(Self::None, Self::Percent)
    }
}

impl Figures {
    /// The report of what was counted, by the rules that held on the day.
    pub(super) fn of(bundle: &Bundle, facts: &MonthFacts, on: Date) -> Self {
        let tables = vec![
            subjects(facts),
            sources(facts),
            classes(bundle, facts),
            timeliness(facts),
            queues(bundle, facts, on),
            pleas(bundle, facts, on),
            looks(facts),
            rating(facts),
        ];
        Self { tables }
    }
}

fn table(code: &str, columns: &[&str], rows: impl IntoIterator<Item = (RowName, Vec<Cell>)>) -> Table {
    Table {
        code: code.to_owned(),
        columns: columns.iter().map(|&column| column.to_owned()).collect(),
        rows: rows
            .into_iter()
            .map(|(of, cells)| TableRow { of, cells })
            .collect(),
    }
}

fn source(code: &SourceCode) -> RowName {
    RowName::Source(code.to_string())
}

fn subjects(facts: &MonthFacts) -> Table {
    let rows = ["person", "organisation", "sole_trader"].map(|kind| {
        let held = facts.subjects.get(kind).copied().unwrap_or_default();
        // Who trades alone is a person too.
        let cell = if kind == "organisation" {
            Cell::Count
        } else {
            Cell::people
        };
        (
            RowName::Words(format!("kind-{kind}")),
            vec![cell(held.all), cell(held.new)],
        )
    });
    table("subjects", &["held", "new"], rows)
}

fn summed<K: Ord>(records: impl Iterator<Item = (K, Held)>) -> BTreeMap<K, Held> {
    let mut sums: BTreeMap<K, Held> = BTreeMap::new();
    for (key, held) in records {
        let sum = sums.entry(key).or_default();
        sum.all += held.all;
        sum.new += held.new;
    }
    sums
}

fn held_cells(held: &Held) -> Vec<Cell> {
    vec![Cell::Count(held.all), Cell::Count(held.new)]
}

fn sources(facts: &MonthFacts) -> Table {
    let records = facts.records.iter();
    let sums = summed(records.map(|(_, of, held)| (source(of), *held)));
    table(
        "sources",
        &["held", "new"],
        sums.iter().map(|(of, held)| (of.clone(), held_cells(held))),
    )
}

fn classes(bundle: &Bundle, facts: &MonthFacts) -> Table {
    let class = |item| match bundle.item(item) {
        Some(item) => RowName::Class(item.class.clone()),
        None => RowName::Words("office-others".to_owned()),
    };
    let records = facts.records.iter();
    let sums = summed(records.map(|(item, _, held)| (class(item), *held)));
    table(
        "classes",
        &["held", "new"],
        sums.iter().map(|(of, held)| (of.clone(), held_cells(held))),
    )
}

fn timeliness(facts: &MonthFacts) -> Table {
    let rows = facts.files.iter().map(|(of, files)| {
        let cells = vec![
            Cell::Count(files.files),
            Cell::Count(files.rows),
            Cell::Count(files.refused),
            Cell::Count(files.timed),
            Cell::Count(files.late),
            Cell::share(files.timed.saturating_sub(files.late), files.timed),
        ];
        (source(of), cells)
    });
    let columns = ["files", "rows", "refused", "timed", "late", "in-time"];
    table("timeliness", &columns, rows)
}

/// What a plea came to within the month.
struct Outcome {
    open: bool,
    late: bool,
}

fn outcome(bundle: &Bundle, plea: &PleaFact, on: Date) -> Outcome {
    let duties: &[DutyKind] = match plea.kind {
        PleaKind::Objection => &[DutyKind::ObjectionAnswer],
        PleaKind::Repair => &[DutyKind::RepairDecision, DutyKind::RepairAnswer],
    };
    let deadlines = duties.iter().filter_map(|duty| bundle.deadline(*duty));
    let due = deadlines
        .map(|deadline| deadline.due(bundle.calendar(), plea.began).on)
        .min();
    let until = plea.answered.unwrap_or(on);
    Outcome {
        open: plea.answered.is_none() && !plea.settled,
        late: due.is_some_and(|due| due < until),
    }
}

fn queues(bundle: &Bundle, facts: &MonthFacts, on: Date) -> Table {
    let mut late: BTreeMap<&SourceCode, (u64, u64)> = BTreeMap::new();
    for plea in &facts.pleas {
        let found = outcome(bundle, plea, on);
        let of = late.entry(&plea.source).or_default();
        of.0 += u64::from(found.open);
        of.1 += u64::from(found.open && found.late);
    }
    let of_subjects = |code: &&SourceCode| {
        bundle
            .source(code)
            .is_some_and(|source| source.level == Level::Subject)
    };
    let waiting = facts.to_confirm.keys().chain(facts.unlinked.keys());
    let sources: BTreeSet<&SourceCode> = waiting.chain(late.keys().copied()).collect();
    let rows = sources.into_iter().filter(|code| !of_subjects(code)).map(|code| {
        let (open, overdue) = late.get(code).copied().unwrap_or_default();
        let of = |counts: &BTreeMap<SourceCode, u64>| Cell::Count(counts.get(code).copied().unwrap_or(0));
        let cells = vec![
            of(&facts.to_confirm),
            of(&facts.unlinked),
            Cell::Count(open),
            Cell::Count(overdue),
        ];
        (source(code), cells)
    });
    table("queues", &["to-confirm", "unlinked", "open", "overdue"], rows)
}

fn pleas(bundle: &Bundle, facts: &MonthFacts, on: Date) -> Table {
    let rows = [PleaKind::Objection, PleaKind::Repair].map(|kind| {
        let mut counts = [0_u64; 6];
        let [received, answered, in_time, late, open, overdue] = &mut counts;
        for plea in facts.pleas.iter().filter(|plea| plea.kind == kind) {
            let found = outcome(bundle, plea, on);
            let is_answered = plea.answered.is_some();
            *received += u64::from(plea.began >= on.first_of_month());
            *answered += u64::from(is_answered);
            *in_time += u64::from(is_answered && !found.late);
            *late += u64::from(is_answered && found.late);
            *open += u64::from(found.open);
            *overdue += u64::from(found.open && found.late);
        }
        let of = RowName::Words(format!("plea-{}", kind.code()));
        (of, counts.map(Cell::Count).to_vec())
    });
    let columns = [
        "received",
        "answered",
        "answered-in-time",
        "answered-late",
        "open",
        "overdue",
    ];
    table("pleas", &columns, rows)
}

/// If few were looked at, how often they were is as telling.
fn looks(facts: &MonthFacts) -> Table {
    let rows = facts.looks.iter().map(|(purpose, looks, people)| {
        let people = Cell::people(*people);
        let looks = if people == Cell::Few {
            Cell::Few
        } else {
            Cell::Count(*looks)
        };
        (RowName::Purpose(purpose.to_string()), vec![looks, people])
    });
    table("looks", &["looks", "looked-at"], rows)
}

/// Grades come about when somebody asks for one and are kept nowhere; what there is to count is who was told, and who agreed.
fn rating(facts: &MonthFacts) -> Table {
    let rows = ["notice", "consent", "revoke"].map(|act| {
        let count = facts.acts.get(&format!("act.{act}")).copied().unwrap_or(0);
        (RowName::Words(format!("act-{act}")), vec![Cell::people(count)])
    });
    table("rating", &["times"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_people_are_not_told_how_few() {
        for (count, cell) in [
            (0, Cell::Count(0)),
            (1, Cell::Few),
            (9, Cell::Few),
            (10, Cell::Count(10)),
        ] {
            assert_eq!(Cell::people(count), cell);
        }
        assert_eq!(Cell::share(1, 0), Cell::None);
        assert_eq!(Cell::share(2, 3), Cell::Percent(66));
    }

    #[test]
    fn few_looked_at_say_no_number_at_all() {
        let purpose = |code| record::PurposeCode::new(code).unwrap();
        let facts = MonthFacts {
            known: record::TreeSize(1),
            subjects: BTreeMap::new(),
            records: Vec::new(),
            files: BTreeMap::new(),
            to_confirm: BTreeMap::new(),
            unlinked: BTreeMap::new(),
            pleas: Vec::new(),
            looks: vec![(purpose("own-file"), 40, 3), (purpose("audit.review"), 40, 30)],
            acts: BTreeMap::new(),
        };
        let rows = looks(&facts).rows;
        assert_eq!(rows[0].cells, [Cell::Few, Cell::Few]);
        assert_eq!(rows[1].cells, [Cell::Count(40), Cell::Count(30)]);
    }
}

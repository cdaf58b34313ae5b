//! A month of the district in counts, as it stood when the month was over; and the reports that were made of it. Counts only: nothing here
//! opens a record or says who anybody is.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::{Span, Timestamp};
use record::{Date, ItemCode, PurposeCode, Relation, SourceCode, TreeSize};

use crate::db::{Row, Tx, args};
use crate::plea::PleaKind;
use crate::quality::SubmissionQuality;
use crate::submission::UNDO;
use crate::{Clock, Result, Store, StoreError};

/// A month of the calendar, in Asia/Shanghai: `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(Date);

impl Month {
    /// The month of a day.
    pub fn of(day: Date) -> Self {
        Self(day.first_of_month())
    }

    /// Its first day.
    pub fn first(self) -> Date {
        self.0
    }

    /// Its last day.
    pub fn last(self) -> Date {
        self.0.last_of_month()
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(Span::new().months(1)).first_of_month())
    }

    /// Its first moment, in milliseconds since 1970 UTC.
    pub fn begin_ms(self) -> i64 {
        Clock::midnight_ms(self.0)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl FromStr for Month {
    type Err = jiff::Error;
    fn from_str(text: &str) -> std::result::Result<Self, jiff::Error> {
        format!("{text}-01").parse().map(Self)
    }
}

/// How many there were at the end, and how many of them came within the month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// At the end.
    pub all: u64,
    /// Of these, within the month.
    pub new: u64,
}

/// The files that a department handed in within the month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FilesOf {
    /// How many.
    pub files: u64,
    /// Their rows.
    pub rows: u64,
    /// Rows refused.
    pub refused: u64,
    /// Rows of layouts with a deadline.
    pub timed: u64,
    /// Of these, rows that came after it.
    pub late: u64,
}

/// An objection or an application that was open within the month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PleaFact {
    /// What was asked.
    pub kind: PleaKind,
    /// Who owes the answer.
    pub source: SourceCode,
    /// The day it was made.
    pub began: Date,
    /// The day it was answered, if it was by the end.
    pub answered: Option<Date>,
    /// Whether its record was taken back or corrected by the end, so that no answer is owed.
    pub settled: bool,
}

/// A month in counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthFacts {
    /// How much of the log there was at its end: what is counted rests on that and on nothing later.
    pub known: TreeSize,
    /// Subjects of each kind, by its code.
    pub subjects: BTreeMap<String, Held>,
    /// Records of each item by each source; acts are not among them.
    pub records: Vec<(ItemCode, SourceCode, Held)>,
    /// Files handed in.
    pub files: BTreeMap<SourceCode, FilesOf>,
    /// Hand-ins that waited for a second officer at the end.
    pub to_confirm: BTreeMap<SourceCode, u64>,
    /// Records that belonged to nobody at the end.
    pub unlinked: BTreeMap<SourceCode, u64>,
    /// Objections and applications that were open within the month.
    pub pleas: Vec<PleaFact>,
    /// Looks of each purpose, and at how many different subjects; how often people read their own file is nobody's business.
    pub looks: Vec<(PurposeCode, u64, u64)>,
    /// Acts of each kind within the month, by its code.
    pub acts: BTreeMap<String, u64>,
}

/// A report that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictReport {
    /// Of which month.
    pub month: Month,
    /// How much of the log it rests on.
    pub known: TreeSize,
    /// The rules that held on its last day.
    pub edition: String,
    /// When it was made, in milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// What it says, in the form of whoever made it.
    pub figures: String,
}

/// Between which numbers and moments one counts.
struct Bounds {
    begin_ms: i64,
    end_ms: i64,
    begins: TreeSize,
    known: TreeSize,
}

impl Store {
    /// The first month in which there was anything.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn first_month(&self) -> Result<Option<Month>> {
        let mut tx = self.inner.db.read().await?;
        let row = tx.row("SELECT MIN(received_ms) FROM submission", args![]).await?;
        let first = row.map(|row| row.int_or_none(0)).transpose()?.flatten();
        first.map(|ms| day_of(ms).map(Month::of)).transpose()
    }

    /// What a month comes to. As long as it has not ended: up to now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn month_facts(&self, month: Month) -> Result<MonthFacts> {
        let mut tx = self.inner.db.read().await?;
        let (begin_ms, end_ms) = (month.begin_ms(), month.next().begin_ms());
        let bounds = Bounds {
            begins: known_at(&mut tx, begin_ms).await?,
            known: known_at(&mut tx, end_ms).await?,
            begin_ms,
            end_ms,
        };
        let (to_confirm, unlinked) = waiting(&mut tx, &bounds).await?;
        Ok(MonthFacts {
            known: bounds.known,
            subjects: subjects(&mut tx, month).await?,
            records: records(&mut tx, month).await?,
            files: files(&mut tx, &bounds).await?,
            to_confirm,
            unlinked,
            pleas: pleas(&mut tx, &bounds).await?,
            looks: looks(&mut tx, &bounds).await?,
            acts: acts(&mut tx, month).await?,
        })
    }

    /// Keeps a report. Of a month that has one the first stays.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_district_report(
        &self,
        month: Month,
        known: TreeSize,
        edition: &str,
        figures: &str,
    ) -> Result<()> {
        let mut tx = self.inner.db.write().await?;
        let columns = ["month", "known", "edition", "made_ms", "figures"];
        let line = args![month.to_string(), known, edition, self.clock().now_ms(), figures];
        let ending = " ON CONFLICT (month) DO NOTHING";
        tx.insert("district_report", &columns, vec![line], ending).await?;
        tx.commit().await
    }

    /// Every report that was made, the newest month first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn district_reports(&self) -> Result<Vec<DistrictReport>> {
        let mut tx = self.inner.db.read().await?;
        let sql = "SELECT month, known, edition, made_ms, figures FROM district_report ORDER BY month DESC";
        let rows = tx.rows(sql, args![]).await?;
        rows.iter().map(report_of).collect()
    }

    /// The report of a month, if it was made.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn district_report(&self, month: Month) -> Result<Option<DistrictReport>> {
        let mut tx = self.inner.db.read().await?;
        let sql = "SELECT month, known, edition, made_ms, figures FROM district_report WHERE month = $1";
        let row = tx.row(sql, args![month.to_string()]).await?;
        row.as_ref().map(report_of).transpose()
    }
}

/// How much of the log there was at a moment.
async fn known_at(tx: &mut Tx, at_ms: i64) -> Result<TreeSize> {
    let sql = "SELECT MIN((SELECT r.number FROM record r WHERE r.submission = s.id ORDER BY r.number LIMIT 1)) \
        FROM submission s WHERE s.received_ms >= $1";
    let first = tx.row(sql, args![at_ms]).await?;
    let first = first.map(|row| row.int_or_none(0)).transpose()?.flatten();
    let number = if let Some(number) = first {
        number
    } else {
        let sql = "SELECT next FROM counter WHERE name = 'record'";
        tx.one_int(sql, args![]).await?
    };
    Ok(TreeSize::from_i64(number))
}

async fn subjects(tx: &mut Tx, month: Month) -> Result<BTreeMap<String, Held>> {
    let sql = "SELECT kind, CAST(SUM(subjects) AS BIGINT), CAST(SUM(CASE WHEN month = $1 THEN subjects ELSE 0 END) AS BIGINT) \
        FROM subject_tally WHERE month <= $1 GROUP BY kind";
    let rows = tx.rows(sql, args![month.to_string()]).await?;
    rows.iter().map(|row| Ok((row.text(0)?, held(row, 1)?))).collect()
}

async fn records(tx: &mut Tx, month: Month) -> Result<Vec<(ItemCode, SourceCode, Held)>> {
    let sql = "SELECT item, source, CAST(SUM(records) AS BIGINT), CAST(SUM(CASE WHEN month = $1 THEN records ELSE 0 END) AS BIGINT) \
        FROM tally WHERE month <= $1 AND item NOT LIKE 'act.%' GROUP BY item, source ORDER BY item, source";
    let rows = tx.rows(sql, args![month.to_string()]).await?;
    let one = |row: &Row| {
        let item = ItemCode::new(row.text(0)?).map_err(|_| StoreError::NotFound)?;
        Ok((item, source(row, 1)?, held(row, 2)?))
    };
    rows.iter().map(one).collect()
}

async fn files(tx: &mut Tx, bounds: &Bounds) -> Result<BTreeMap<SourceCode, FilesOf>> {
    let sql = "SELECT source, row_count, refused, quality FROM submission \
        WHERE layout IS NOT NULL AND finished = 1 AND received_ms >= $1 AND received_ms < $2";
    let mut files: BTreeMap<SourceCode, FilesOf> = BTreeMap::new();
    for row in tx.rows(sql, args![bounds.begin_ms, bounds.end_ms]).await? {
        let said: SubmissionQuality = row
            .text_or_none(3)?
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let of = files.entry(source(&row, 0)?).or_default();
        of.files += 1;
        of.rows += count(row.int(1)?);
        of.refused += count(row.int(2)?);
        of.timed += said.timed;
        of.late += said.late;
    }
    Ok(files)
}

type Counts = BTreeMap<SourceCode, u64>;

/// What waited at the end: hand-ins for a second officer, and records that belong to nobody.
async fn waiting(tx: &mut Tx, bounds: &Bounds) -> Result<(Counts, Counts)> {
    let sql = format!(
        "SELECT s.source, COUNT(*) FROM submission s LEFT JOIN confirmation c ON c.submission = s.id {UNDO} \
        WHERE s.finished = 1 AND s.pending > 0 AND s.received_ms < $1 AND (c.number IS NULL OR c.number >= $2) \
        AND (u.number IS NULL OR u.number >= $2) GROUP BY s.source"
    );
    let rows = tx.rows(sql, args![bounds.end_ms, bounds.known]).await?;
    let to_confirm = rows.iter().map(by_source).collect::<Result<Counts>>()?;
    let withdraws = Relation::Withdraws.number();
    // Who belongs to nobody now, and who was joined to somebody since.
    let sql = format!(
        "SELECT r.source, COUNT(*) FROM record r WHERE r.number < $1 AND r.number IN (SELECT n.number FROM unlinked n UNION \
        SELECT f.target_number FROM reference f JOIN record l ON l.number = f.number WHERE l.home IS NULL AND l.item = 'act.link' AND l.number >= $1) \
        AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.number = r.number AND m.from_number < $1 \
        AND (m.until_number IS NULL OR m.until_number >= $1)) \
        AND NOT EXISTS (SELECT 1 FROM reference t WHERE t.target_number = r.number AND t.relation = {withdraws} \
        AND t.number < $1) GROUP BY r.source"
    );
    let rows = tx.rows(sql, args![bounds.known]).await?;
    Ok((
        to_confirm,
        rows.iter().map(by_source).collect::<Result<Counts>>()?,
    ))
}

async fn pleas(tx: &mut Tx, bounds: &Bounds) -> Result<Vec<PleaFact>> {
    let (corrects, withdraws) = (Relation::Corrects.number(), Relation::Withdraws.number());
    let sql = format!(
        "SELECT a.item, p.source, s.received_ms, ans.received_ms, (SELECT COUNT(*) FROM reference f \
        JOIN record m ON m.number = f.number WHERE f.target_number = p.about AND f.relation IN ({corrects}, {withdraws}) \
        AND f.number > p.number AND f.number < $2 AND m.source = p.source) \
        FROM plea p JOIN record a ON a.number = p.number JOIN submission s ON s.id = a.submission \
        LEFT JOIN record n ON n.number = p.answered_number AND n.number < $2 \
        LEFT JOIN submission ans ON ans.id = n.submission \
        WHERE p.number < $2 AND (p.answered_number IS NULL OR p.answered_number >= $1) ORDER BY p.number"
    );
    let rows = tx.rows(sql, args![bounds.begins, bounds.known]).await?;
    let one = |row: &Row| {
        Ok(PleaFact {
            kind: PleaKind::of(&row.text(0)?).ok_or(StoreError::NotFound)?,
            source: source(row, 1)?,
            began: day_of(row.int(2)?)?,
            answered: row.int_or_none(3)?.map(day_of).transpose()?,
            settled: row.int(4)? > 0,
        })
    };
    rows.iter().map(one).collect()
}

async fn looks(tx: &mut Tx, bounds: &Bounds) -> Result<Vec<(PurposeCode, u64, u64)>> {
    let sql = "SELECT purpose, COUNT(*), COUNT(DISTINCT subject) FROM look WHERE at_ms >= $1 AND at_ms < $2 AND viewer_kind <> 'self' \
        GROUP BY purpose ORDER BY purpose";
    let rows = tx.rows(sql, args![bounds.begin_ms, bounds.end_ms]).await?;
    let one = |row: &Row| {
        let purpose = PurposeCode::new(row.text(0)?).map_err(|_| StoreError::NotFound)?;
        Ok((purpose, count(row.int(1)?), count(row.int(2)?)))
    };
    rows.iter().map(one).collect()
}

async fn acts(tx: &mut Tx, month: Month) -> Result<BTreeMap<String, u64>> {
    let sql = "SELECT item, CAST(SUM(records) AS BIGINT) FROM tally WHERE month = $1 AND item LIKE 'act.%' GROUP BY item";
    let rows = tx.rows(sql, args![month.to_string()]).await?;
    rows.iter()
        .map(|row| Ok((row.text(0)?, count(row.int(1)?))))
        .collect()
}

fn report_of(row: &Row) -> Result<DistrictReport> {
    let month = row.text(0)?;
    Ok(DistrictReport {
        month: month
            .parse()
            .map_err(|_| StoreError::DoesNotOpen(format!("the report of the month `{month}`")))?,
        known: TreeSize::from_i64(row.int(1)?),
        edition: row.text(2)?,
        made_ms: row.int(3)?,
        figures: row.text(4)?,
    })
}

fn by_source(row: &Row) -> Result<(SourceCode, u64)> {
    Ok((source(row, 0)?, count(row.int(1)?)))
}

fn source(row: &Row, place: usize) -> Result<SourceCode> {
    SourceCode::new(row.text(place)?).map_err(|_| StoreError::NotFound)
}

fn held(row: &Row, place: usize) -> Result<Held> {
    Ok(Held {
        all: count(row.int(place)?),
        new: count(row.int(place + 1)?),
    })
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// The day of a moment in milliseconds since 1970 UTC.
pub(crate) fn day_of(ms: i64) -> Result<Date> {
    let at = Timestamp::from_millisecond(ms).map_err(|_| StoreError::NotFound)?;
    Ok(Clock::day_of(at))
}

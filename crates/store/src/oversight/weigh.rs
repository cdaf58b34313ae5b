//! Weighing looks: what is known of each, counted from the looks before it, and the rules in force. Each is weighed once, in the
//! order of their numbers, so that what comes later changes nothing.
//!
//! Names are opened inside, to be compared with the officer's; a yes or a no comes out.

use std::fmt::Write as _;

use assess::{Bundle, LookFacts, LookSign};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use record::{PurposeCode, RecordNumber, SubjectId};

use super::list::LOOK;
use crate::db::{Arg, Row, Tx, args};
use crate::keys::Generation;
use crate::look::{Look, look_of};
use crate::merger::{Groups, NOW};
use crate::{Result, Store, StoreError, tags};

/// How many looks are weighed in one transaction, and how often at one asking.
const AT_ONCE: i64 = 200;
const TURNS_MOST: u32 = 50;
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;
/// Asia/Shanghai.
const SHANGHAI_MS: i64 = 8 * 3_600_000;

/// Surnames of two characters; all others have one.
const COMPOUND: [&str; 20] = [
    "欧阳", "司徒", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯", "长孙",
    "宇文", "轩辕", "端木", "百里", "南宫", "独孤", "西门",
];

impl Store {
    /// Weighs what was looked at since the last time, and says how many looks are new in the queue. A long pause is made up for
    /// over several askings.
    ///
    /// # Errors
    /// When the database fails or a record does not open.
    pub async fn weigh_looks(&self) -> Result<u64> {
        let bundle = self.bundle(self.now_as_of().await?).await?;
        let mut unusual = 0;
        for _ in 0..TURNS_MOST {
            let (weighed, found) = self.weigh_some(&bundle).await?;
            unusual += found;
            if weighed == 0 {
                break;
            }
        }
        Ok(unusual)
    }

    /// How many were weighed, and how many of them are unusual.
    async fn weigh_some(&self, bundle: &Bundle) -> Result<(usize, u64)> {
        let mut read = self.inner.db.read().await?;
        let sql = "SELECT c.next, (SELECT next FROM counter WHERE name = 'look') FROM counter c WHERE c.name = 'weighed'";
        let row = read.row(sql, args![]).await?.ok_or(StoreError::NotFound)?;
        if row.int(0)? >= row.int(1)? {
            return Ok((0, 0));
        }
        drop(read);
        let mut tx = self.inner.db.write().await?;
        let from = tx.locked_counter("weighed").await?;
        let sql =
            format!("SELECT {LOOK}, l.together_with FROM look l WHERE l.id >= $1 ORDER BY l.id LIMIT $2");
        let rows = tx.rows(sql, args![from, AT_ONCE]).await?;
        let Some(last) = rows.last() else {
            return Ok((0, 0));
        };
        let next = last.int(0)? + 1;
        let mut lines = Vec::new();
        for row in &rows {
            lines.extend(self.weighed(&mut tx, bundle, row).await?);
        }
        let found = u64::try_from(lines.len()).unwrap_or(0);
        let columns = ["look", "points", "reasons", "edition"];
        tx.insert("unusual_look", &columns, lines, "").await?;
        let sql = "UPDATE counter SET next = $1 WHERE name = 'weighed'";
        tx.execute(sql, args![next]).await?;
        tx.commit().await?;
        Ok((rows.len(), found))
    }

    /// The row of a look that weighs enough. People's own looks, and the others of one look at several, are not weighed.
    async fn weighed(&self, tx: &mut Tx, bundle: &Bundle, row: &Row) -> Result<Option<Vec<Arg>>> {
        let look = look_of(row)?;
        let rules = bundle.look_rules();
        let bulk = |what: &str| {
            rules
                .bulk()
                .iter()
                .any(|bulk| what.split(' ').next() == Some(bulk))
        };
        let Some(from) = rules.review_from() else {
            return Ok(None);
        };
        if look.viewer_kind != "staff" || row.int_or_none(10)?.is_some() || bulk(&look.what) {
            return Ok(None);
        }
        let facts = self.facts(tx, bundle, &look).await?;
        let weight = rules.weigh(bundle.calendar(), &facts);
        let reasons = serde_json::to_string(&weight.reasons).unwrap_or_default();
        let id = row.int(0)?;
        Ok((weight.points >= from).then(|| args![id, i64::from(weight.points), reasons, bundle.edition()]))
    }

    async fn facts(&self, tx: &mut Tx, bundle: &Bundle, look: &Look) -> Result<LookFacts> {
        let (keys, index) = self.keys(tx).await?;
        let (own_name, same_surname) = self.names(tx, keys.generation(index)?, look).await?;
        let counts = counts(tx, bundle, look).await?;
        // Business is a record of the department in the file, or that it named the person to represent an organisation.
        let has_any = match &look.source {
            Some(source) => {
                let merged = Groups::load(tx, &[look.subject], NOW)
                    .await?
                    .merged_into(look.subject);
                let subjects: Vec<SubjectId> = merged.into_iter().chain([look.subject]).collect();
                self.has_any_of(tx, &subjects, source, None).await?
            }
            None => false,
        };
        let sql = "SELECT (SELECT COUNT(*) FROM honey WHERE subject = $1), \
            (SELECT COUNT(*) FROM mandate d JOIN record n ON n.number = d.number WHERE d.person = $1 AND n.source = $2)";
        let row = tx
            .row(sql, args![look.subject, look.source.clone()])
            .await?
            .ok_or(StoreError::NotFound)?;
        let at = Timestamp::from_millisecond(look.at_ms).map_err(|_| StoreError::NotFound)?;
        let [lately, today, former_days, former, days_again] = counts;
        Ok(LookFacts {
            at: TimeZone::fixed(Offset::constant(8)).to_datetime(at),
            purpose: PurposeCode::new(look.purpose.clone()).map_err(|_| StoreError::NotFound)?,
            what: look.what.clone(),
            own_name,
            same_surname,
            lately,
            today,
            former_days,
            former,
            days_again,
            has_business: has_any || row.int(1)? != 0,
            decoy: row.int(0)? != 0,
        })
    }

    /// Whether the file is in the officer's name, and whether it bears their surname.
    async fn names(&self, tx: &mut Tx, keys: &Generation, look: &Look) -> Result<(bool, bool)> {
        let sql = "SELECT name FROM staff WHERE officer = $1";
        let Some(staff) = tx.row(sql, args![look.viewer.as_str()]).await? else {
            return Ok((false, false));
        };
        let officer = staff.text(0)?;
        let tag = tags::of_name(keys, &officer);
        let sql = "SELECT n.number, n.tag FROM subject_name n JOIN subject s ON s.id = n.subject \
            WHERE n.subject = $1 AND s.kind = 'person' ORDER BY n.number";
        let rows = tx.rows(sql, args![look.subject]).await?;
        let mut numbers = Vec::new();
        let mut own_name = false;
        for row in &rows {
            numbers.push(RecordNumber::from_i64(row.int(0)?));
            own_name |= row.hash(1)? == tag;
        }
        let surname = surname(&officer);
        let logged = self.logged_in(tx, &numbers).await?;
        let mut names = logged.iter().filter_map(|one| one.record().subject.as_ref());
        let same = surname.is_some_and(|own| names.any(|stated| stated.name.starts_with(own)));
        Ok((own_name, same))
    }
}

/// The surname of a name in Chinese characters.
fn surname(name: &str) -> Option<&str> {
    if name.is_ascii() || name.contains('·') {
        return None;
    }
    let compound = COMPOUND.into_iter().find(|surname| name.starts_with(surname));
    compound.or_else(|| name.char_indices().nth(1).and_then(|(end, _)| name.get(..end)))
}

/// Of the officer's looks up to this one: people within a burst, people today, former days, people on them, days at this person.
async fn counts(tx: &mut Tx, bundle: &Bundle, look: &Look) -> Result<[u64; 5]> {
    let rules = bundle.look_rules();
    let minutes = rules.rule(LookSign::Burst).and_then(|rule| rule.within_minutes);
    let burst_ms = i64::from(minutes.unwrap_or(0)) * MINUTE_MS;
    let midnight = (look.at_ms + SHANGHAI_MS).div_euclid(DAY_MS) * DAY_MS - SHANGHAI_MS;
    let since = midnight - i64::from(rules.days_back()) * DAY_MS;
    let id = i64::try_from(look.id).unwrap_or(i64::MAX);
    let mut values = args![
        look.viewer.as_str(),
        id,
        since,
        look.at_ms - burst_ms,
        midnight,
        look.subject
    ];
    let mut of = "l.viewer = $1 AND l.viewer_kind = 'staff' AND l.together_with IS NULL AND l.id <= $2 AND l.at_ms >= $3".to_owned();
    for bulk in rules.bulk() {
        values.push(Arg::Text(format!("{bulk} %")));
        let _infallible = write!(of, " AND l.what NOT LIKE ${}", values.len());
    }
    // A day of Asia/Shanghai as a number; whole numbers divide to whole numbers in both databases.
    let day = format!("(l.at_ms + {SHANGHAI_MS}) / {DAY_MS}");
    let person_days = format!("CAST({day} AS TEXT) || ' ' || CAST(l.subject AS TEXT)");
    let sql = format!(
        "SELECT COUNT(DISTINCT CASE WHEN l.at_ms > $4 THEN l.subject END), \
        COUNT(DISTINCT CASE WHEN l.at_ms >= $5 THEN l.subject END), \
        COUNT(DISTINCT CASE WHEN l.at_ms < $5 THEN {day} END), \
        COUNT(DISTINCT CASE WHEN l.at_ms < $5 THEN {person_days} END), \
        COUNT(DISTINCT CASE WHEN l.subject = $6 THEN {day} END) FROM look l WHERE {of}"
    );
    let row = tx.row(sql, values).await?.ok_or(StoreError::NotFound)?;
    let mut counts = [0; 5];
    for (place, count) in counts.iter_mut().enumerate() {
        *count = u64::try_from(row.int(place)?).unwrap_or(0);
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_surname_is_one_character_or_a_known_pair() {
        for (name, expect) in [
            ("罗家明", Some("罗")),
            ("欧阳明月", Some("欧阳")),
            ("欧明月", Some("欧")),
            ("买买提·艾力", None),
            ("Li Ming", None),
            ("罗", None),
        ] {
            assert_eq!(surname(name), expect, "{name}");
        }
    }
}

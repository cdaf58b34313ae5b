//! Two subjects who were one: merging files and undoing it, without moving a record (ADR 0008).
//!
//! A merge is proposed by an officer of the register that founded the subject to be merged, who looked at both files,
//! and takes effect when a second officer who looked at both confirms it. From then on the one file has the records of
//! both; undone, it has its own again, and what came in meanwhile is where its identifier says.

use std::collections::{HashMap, HashSet};

use record::{
    Act, OfficerId, Record, RecordNumber, Reference, Relation, SourceCode, SubjectId, SubmissionId, Target,
    TreeSize, Value,
};

use crate::act::{reason, said, text};
use crate::bundle::named;
use crate::db::{Arg, Row, Tx, args};
use crate::project::{Numbered, Placement, Rows};
use crate::targets::Targets;
use crate::{ActFault, LookPermit, Result, Store, StoreError};

/// A size of the log beyond any: what is merged now.
pub(crate) const NOW: TreeSize = TreeSize(i64::MAX as u64);

/// Merged at a size of the log, `$1`.
const ACTIVE: &str = "from_number < $1 AND (until_number IS NULL OR until_number >= $1)";

impl Store {
    /// An officer who looked at both files says that two subjects are one. It has no effect before a second officer
    /// confirms it.
    ///
    /// # Errors
    /// When the looks are not the officer's, the subjects are one already or of two kinds, the merged one was founded
    /// by another source, or no evidence is named.
    pub async fn merge(
        &self,
        kept: &LookPermit,
        merged: &LookPermit,
        officer: &OfficerId,
        officer_source: &SourceCode,
        evidence: &str,
    ) -> Result<RecordNumber> {
        let evidence = reason(evidence)?;
        check_looks(officer, &[kept, merged])?;
        let (kept, merged) = (kept.subject(), merged.subject());
        let mut tx = self.inner.db.write_log().await?;
        check_two(&mut tx, kept, merged).await?;
        let founding = RecordNumber(merged.0);
        self.check_of_source(&mut tx, founding, officer_source).await?;
        let open = "SELECT 1 FROM merger WHERE merged = $1 AND subject = $2 AND until_number IS NULL";
        if tx.row(open, args![merged, kept]).await?.is_some() {
            return Err(ActFault::AlreadyMerged.into());
        }
        let fields = named([
            ("subject", Value::Integer(kept.to_i64())),
            ("merged", Value::Integer(merged.to_i64())),
            ("officer", text(officer.as_str())),
            ("evidence", text(&evidence)),
        ])?;
        let mut act = self.bare(Act::Merge, officer_source.clone(), None, fields);
        // Both founding records, so that both persons find it in their files.
        act.references = [founding, RecordNumber(kept.0)]
            .map(|number| Reference {
                relation: Relation::Links,
                target: Target::Number(number),
            })
            .to_vec();
        let number = self.append_act_in(&mut tx, officer, act).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// A second officer, who looked at both files too, confirms a merge; from then on the two files are one.
    ///
    /// # Errors
    /// When it is the first officer or one of another source, the looks are not theirs or at others, or the merge is
    /// confirmed or undone already.
    pub async fn confirm_merge(
        &self,
        merge: RecordNumber,
        kept: &LookPermit,
        merged: &LookPermit,
        officer: &OfficerId,
        officer_source: &SourceCode,
    ) -> Result<RecordNumber> {
        check_looks(officer, &[kept, merged])?;
        let mut tx = self.inner.db.write_log().await?;
        self.check_of_source(&mut tx, merge, officer_source).await?;
        let proposed = Proposed::load(&mut tx, merge).await?.ok_or(ActFault::WrongKind)?;
        if proposed.closed {
            return Err(ActFault::AlreadyMerged.into());
        }
        if proposed.by == *officer {
            return Err(ActFault::SameOfficer.into());
        }
        if (proposed.subject, proposed.merged) != (kept.subject(), merged.subject()) {
            return Err(ActFault::NoLook.into());
        }
        check_two(&mut tx, proposed.subject, proposed.merged).await?;
        let fields = named([
            ("officer", text(officer.as_str())),
            ("merge", Value::Integer(merge.to_i64())),
        ])?;
        self.on_target(
            tx,
            Act::Confirm,
            Relation::Confirms,
            proposed.submission,
            officer,
            officer_source,
            fields,
        )
        .await
    }

    /// Undoes a merge, or takes a proposal back: two files again, at once. An error that joins two persons is not left
    /// standing for want of a second officer.
    ///
    /// # Errors
    /// When the look is not the officer's or at another, the officer is of another source, it is undone already, or
    /// no reason is given.
    pub async fn unmerge(
        &self,
        merge: RecordNumber,
        kept: &LookPermit,
        officer: &OfficerId,
        officer_source: &SourceCode,
        why: &str,
    ) -> Result<RecordNumber> {
        let why = reason(why)?;
        check_looks(officer, &[kept])?;
        let mut tx = self.inner.db.write_log().await?;
        self.check_of_source(&mut tx, merge, officer_source).await?;
        let proposed = Proposed::load(&mut tx, merge).await?.ok_or(ActFault::WrongKind)?;
        if proposed.undone {
            return Err(ActFault::NotMerged.into());
        }
        let groups = Groups::load(&mut tx, &[proposed.subject], NOW).await?;
        if groups.root(proposed.subject) != kept.subject() {
            return Err(ActFault::NoLook.into());
        }
        let fields = named([("officer", text(officer.as_str())), ("ground", text(&why))])?;
        self.on_target(
            tx,
            Act::Unmerge,
            Relation::Unlinks,
            merge,
            officer,
            officer_source,
            fields,
        )
        .await
    }
}

/// Where a merge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeState {
    /// Waits for a second officer; without effect.
    Proposed,
    /// The two files are one.
    InForce,
    /// Taken back or undone: two files.
    Undone,
}

impl MergeState {
    /// Its code in locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::InForce => "in-force",
            Self::Undone => "undone",
        }
    }
}

/// A merge as a list names it: numbers, and nothing of whom they are.
#[derive(Debug, Clone)]
pub struct MergeInfo {
    /// The act that proposed it.
    pub number: RecordNumber,
    /// Whose file stays.
    pub subject: SubjectId,
    /// Whose file goes into it.
    pub merged: SubjectId,
    /// Who proposed it.
    pub by: OfficerId,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// Where it stands.
    pub state: MergeState,
}

/// How many a list of merges holds, the newest first.
const MERGES_MOST: i64 = 500;

const MERGE_INFO: &str = "SELECT g.number, g.subject, g.merged, s.officer, s.received_ms, g.from_number, g.until_number \
    FROM merger g JOIN record r ON r.number = g.number JOIN submission s ON s.id = r.submission";

impl MergeInfo {
    fn of(row: &Row) -> Result<Self> {
        let (from, until) = (row.int_or_none(5)?, row.int_or_none(6)?);
        Ok(Self {
            number: RecordNumber::from_i64(row.int(0)?),
            subject: SubjectId::from_i64(row.int(1)?),
            merged: SubjectId::from_i64(row.int(2)?),
            by: OfficerId::new(row.text(3)?).map_err(|_| StoreError::NotFound)?,
            at_ms: row.int(4)?,
            state: match (from, until) {
                (_, Some(_)) => MergeState::Undone,
                (Some(_), None) => MergeState::InForce,
                (None, None) => MergeState::Proposed,
            },
        })
    }
}

impl Store {
    /// The merges that officers of this source proposed, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn merges(&self, source: &SourceCode) -> Result<Vec<MergeInfo>> {
        let mut tx = self.inner.db.read().await?;
        // Asked one by one: there are few merges and many records.
        let sql = format!(
            "{MERGE_INFO} WHERE (SELECT o.source FROM record o WHERE o.number = g.number) = $1 \
             ORDER BY g.number DESC LIMIT $2"
        );
        let rows = tx.rows(sql, args![source.as_str(), MERGES_MOST]).await?;
        rows.iter().map(MergeInfo::of).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// When there is none of this number from this source.
    pub async fn merge_info(&self, source: &SourceCode, merge: RecordNumber) -> Result<MergeInfo> {
        let mut tx = self.inner.db.read().await?;
        let sql = format!("{MERGE_INFO} WHERE r.source = $1 AND g.number = $2");
        let row = tx.row(sql, args![source.as_str(), merge]).await?;
        MergeInfo::of(&row.ok_or(StoreError::NotFound)?)
    }
}

/// Guard 9: whoever acts on a file looked at it, under their own name.
pub(crate) fn check_looks(officer: &OfficerId, permits: &[&LookPermit]) -> Result<()> {
    if permits.iter().all(|permit| permit.is_of(officer)) {
        Ok(())
    } else {
        Err(ActFault::NoLook.into())
    }
}

/// Two subjects, each with a file of its own, of one kind.
async fn check_two(tx: &mut Tx, kept: SubjectId, merged: SubjectId) -> Result<()> {
    let groups = Groups::load(tx, &[kept, merged], NOW).await?;
    if groups.root(kept) == groups.root(merged) {
        return Err(ActFault::AlreadyMerged.into());
    }
    if groups.root(kept) != kept || groups.root(merged) != merged {
        return Err(ActFault::NoLook.into());
    }
    let both = [Arg::from(kept), Arg::from(merged)];
    let rows = tx
        .rows_in("SELECT kind FROM subject WHERE id IN ({in})", &[], &both)
        .await?;
    match rows.as_slice() {
        [one, other] if one.text(0)? == other.text(0)? => Ok(()),
        [_, _] => Err(ActFault::WrongKind.into()),
        _ => Err(StoreError::NotFound),
    }
}

/// A merge as its row and its hand-in have it.
struct Proposed {
    subject: SubjectId,
    merged: SubjectId,
    submission: SubmissionId,
    by: OfficerId,
    closed: bool,
    undone: bool,
}

impl Proposed {
    async fn load(tx: &mut Tx, merge: RecordNumber) -> Result<Option<Self>> {
        let sql = "SELECT g.subject, g.merged, s.id, s.officer, g.from_number, g.until_number FROM merger g \
            JOIN record r ON r.number = g.number JOIN submission s ON s.id = r.submission WHERE g.number = $1";
        let Some(row) = tx.row(sql, args![merge]).await? else {
            return Ok(None);
        };
        let (from, until) = (row.int_or_none(4)?, row.int_or_none(5)?);
        Ok(Some(Self {
            subject: SubjectId::from_i64(row.int(0)?),
            merged: SubjectId::from_i64(row.int(1)?),
            submission: SubmissionId::from_i64(row.int(2)?),
            by: OfficerId::new(row.text(3)?).map_err(|_| StoreError::NotFound)?,
            closed: from.is_some() || until.is_some(),
            undone: until.is_some(),
        }))
    }
}

/// Whose file has whose records, around some subjects, at a size of the log.
#[derive(Debug, Clone, Default)]
pub(crate) struct Groups {
    /// By merged subject: into which.
    into: HashMap<SubjectId, SubjectId>,
}

impl Groups {
    pub(crate) async fn load(tx: &mut Tx, subjects: &[SubjectId], known: TreeSize) -> Result<Self> {
        let mut found = Self::default();
        // Merges are rare: mostly there is none at all.
        let any = "SELECT COUNT(*) FROM (SELECT 1 FROM merger LIMIT 1) AS one";
        if tx.fact(any).await? == 0 {
            return Ok(found);
        }
        found
            .walk(tx, subjects.iter().copied().collect(), known, true)
            .await?;
        let roots = subjects.iter().map(|subject| found.root(*subject)).collect();
        found.walk(tx, roots, known, false).await?;
        Ok(found)
    }

    async fn walk(
        &mut self,
        tx: &mut Tx,
        mut from: HashSet<SubjectId>,
        known: TreeSize,
        up: bool,
    ) -> Result<()> {
        let (asked, next) = if up { ("merged", 1) } else { ("subject", 0) };
        let sql = format!("SELECT merged, subject FROM merger WHERE {ACTIVE} AND {asked} IN ({{in}})");
        // Projection never makes a circle; should a table hold one all the same, nothing is walked twice.
        let mut seen = from.clone();
        while !from.is_empty() {
            let values: Vec<Arg> = from.iter().map(|subject| Arg::from(*subject)).collect();
            let mut fresh = HashSet::new();
            for row in tx.rows_in(&sql, &[Arg::from(known)], &values).await? {
                self.into
                    .insert(SubjectId::from_i64(row.int(0)?), SubjectId::from_i64(row.int(1)?));
                let reached = SubjectId::from_i64(row.int(next)?);
                if seen.insert(reached) {
                    fresh.insert(reached);
                }
            }
            from = fresh;
        }
        Ok(())
    }

    /// Whether nobody among those asked about was merged.
    pub(crate) fn is_empty(&self) -> bool {
        self.into.is_empty()
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.into.extend(other.into);
    }

    /// The subject whose file it is.
    pub(crate) fn root(&self, subject: SubjectId) -> SubjectId {
        let mut at = subject;
        // A path has fewer steps than there are merges.
        for _ in 0..self.into.len() {
            match self.into.get(&at) {
                Some(next) => at = *next,
                None => break,
            }
        }
        at
    }

    /// Every subject that is merged into this one, by however many steps; itself not.
    pub(crate) fn merged_into(&self, subject: SubjectId) -> Vec<SubjectId> {
        let mut found = vec![subject];
        let mut at = 0;
        while let Some(parent) = found.get(at).copied() {
            let children = self.into.iter().filter(|(_, into)| **into == parent);
            let children: Vec<SubjectId> = children.map(|(merged, _)| *merged).collect();
            found.extend(children.into_iter().filter(|child| *child != subject));
            at += 1;
            if at > self.into.len() {
                break;
            }
        }
        found.remove(0);
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Every subject that was met on the way.
    pub(crate) fn all(&self) -> impl Iterator<Item = SubjectId> {
        self.into.iter().flat_map(|(merged, into)| [*merged, *into])
    }
}

/// Whether a record changes whose file is whose.
pub(crate) fn is_merging(record: &Record) -> bool {
    match record.act() {
        Some(Act::Merge | Act::Unmerge) => true,
        Some(Act::Confirm) => record.field("merge").is_some(),
        _ => false,
    }
}

/// The projection of a merge, its confirmation and its undoing.
pub(crate) async fn remerge(tx: &mut Tx, one: Numbered<'_>) -> Result<Placement> {
    let mut rows = Rows::default();
    rows.take_references(one, &Targets::none());
    rows.take_confirmations(tx, &[one]).await?;
    rows.write(tx).await?;
    let integer = |name| match one.record.field(name) {
        Some(Value::Integer(number)) => Some(*number),
        _ => None,
    };
    match one.record.act() {
        Some(Act::Merge) => {
            if let (Some(subject), Some(merged)) = (integer("subject"), integer("merged"))
                && subject != merged
            {
                let line = args![
                    one.number,
                    SubjectId::from_i64(subject),
                    SubjectId::from_i64(merged)
                ];
                tx.insert("merger", &["number", "subject", "merged"], vec![line], "")
                    .await?;
            }
        }
        Some(Act::Confirm) => {
            if let Some(merge) = integer("merge") {
                take_effect(tx, one, RecordNumber::from_i64(merge)).await?;
            }
        }
        _ => {
            let undone = one
                .record
                .references
                .iter()
                .find_map(|r| match (r.relation, r.target) {
                    (Relation::Unlinks, Target::Number(merge)) => Some(merge),
                    _ => None,
                });
            if let Some(merge) = undone {
                let sql = "UPDATE merger SET until_number = $1 WHERE number = $2 AND until_number IS NULL";
                tx.execute(sql, args![one.number, merge]).await?;
            }
        }
    }
    Ok(Placement::NoSubject)
}

/// A confirmation by another officer, of the hand-in that the merge came with, for two who are not one yet: or none.
async fn take_effect(tx: &mut Tx, one: Numbered<'_>, merge: RecordNumber) -> Result<()> {
    let Some(proposed) = Proposed::load(tx, merge).await? else {
        return Ok(());
    };
    let confirms = one
        .record
        .references
        .iter()
        .any(|r| r.relation == Relation::Confirms && r.target == Target::Submission(proposed.submission));
    let Some(by) = said(one.record, "officer") else {
        return Ok(());
    };
    let two = check_two(tx, proposed.subject, proposed.merged).await.is_ok();
    if !confirms || by == proposed.by.as_str() || proposed.closed || !two {
        return Ok(());
    }
    let sql = "UPDATE merger SET from_number = $1 WHERE number = $2";
    tx.execute(sql, args![one.number, merge]).await?;
    Ok(())
}

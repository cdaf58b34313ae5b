//! Leaves that are no records, written in the transaction that makes them true.

use ledger::{Frontier, Hash, Leaf, SequenceNumber, Statement, SubmissionLeaf, Suite as _};
use record::{LayoutCode, SourceCode, SubmissionId};

use super::entries::{BLOCK, Leaves};
use super::{HouseSuite, LogFault};
use crate::db::{Tx, args};
use crate::{Result, Store, StoreError};

/// What is handed in by no layout is written as the house's own canonical bytes.
const OWN_SCHEMA: &str = "record";
/// A source's first number.
const FIRST: u64 = 1;

/// Makes the leaf of a submission that is finished now; one of which nothing became a record has none. The transaction holds the counter of
/// records.
pub(crate) async fn log_submission(
    tx: &mut Tx,
    submission: SubmissionId,
    source: &SourceCode,
    schema: Option<&LayoutCode>,
) -> Result<()> {
    let (records, root) = root_of(tx, submission).await?;
    if records == 0 {
        return Ok(());
    }
    let before = last_statement(tx, source).await?;
    let statement = following(before.as_ref(), source, schema, records, root)?;
    let leaf = Leaf::Submission(SubmissionLeaf {
        submission,
        statement,
        signature: None,
    });
    put(tx, Some(source), &leaf).await
}

/// Puts a leaf after all that there are.
async fn put(tx: &mut Tx, source: Option<&SourceCode>, leaf: &Leaf) -> Result<()> {
    let all = Leaves::all(tx).await?;
    let row = args![
        all.count(),
        all.records,
        source.map(SourceCode::as_str),
        leaf.to_bytes()
    ];
    tx.insert(
        "ledger_leaf",
        &["leaf", "records", "source", "entry"],
        vec![row],
        "",
    )
    .await
}

/// What a source says next, as the house counts for it until sources sign for themselves.
pub(super) fn following(
    before: Option<&Statement>,
    source: &SourceCode,
    schema: Option<&LayoutCode>,
    records: u64,
    root: Hash,
) -> Result<Statement> {
    let own = || LayoutCode::new(OWN_SCHEMA).map_err(|_| StoreError::NotFound);
    let first = before.map_or(FIRST, |before| before.last.0 + 1);
    Ok(Statement {
        source: source.clone(),
        first: SequenceNumber(first),
        last: SequenceNumber(first + records - 1),
        previous: before.map(Statement::hash::<HouseSuite>),
        schema: schema.cloned().map_or_else(own, Ok)?,
        root,
    })
}

/// How many records a submission has, and the root over their commitments.
pub(super) async fn root_of(tx: &mut Tx, submission: SubmissionId) -> Result<(u64, Hash)> {
    let mut tree = Frontier::<HouseSuite>::default();
    let mut from = 0;
    loop {
        let sql = "SELECT number, commitment FROM record WHERE submission = $1 AND number >= $2 ORDER BY number LIMIT $3";
        let rows = tx.rows(sql, args![submission, from, BLOCK]).await?;
        for row in &rows {
            from = row.int(0)? + 1;
            tree.push(HouseSuite::leaf(&row.hash(1)?));
        }
        if i64::try_from(rows.len()).is_ok_and(|read| read < BLOCK) {
            return Ok((tree.size().0, tree.root()));
        }
    }
}

/// What a source said last.
async fn last_statement(tx: &mut Tx, source: &SourceCode) -> Result<Option<Statement>> {
    let sql = "SELECT leaf, entry FROM ledger_leaf WHERE source = $1 ORDER BY leaf DESC LIMIT 1";
    let Some(row) = tx.row(sql, args![source.as_str()]).await? else {
        return Ok(None);
    };
    let leaf = row.int(0)?;
    if let Ok(Leaf::Submission(said)) = Leaf::parse(&row.bytes(1)?) {
        return Ok(Some(said.statement));
    }
    let what = format!("leaf {leaf} is not the hand-in that its row says");
    Err(LogFault::Damaged(what).into())
}

impl Store {
    /// Makes the leaves of what was finished before there was a log, in the order in which it was begun: they come after all records of then.
    pub(crate) async fn complete_ledger(&self) -> Result<()> {
        let Some(mut tx) = self.take_what_is_due("ledger").await? else {
            return Ok(());
        };
        let mut from = 0;
        loop {
            let sql = "SELECT id, source, layout FROM submission WHERE finished = 1 AND id >= $1 ORDER BY id LIMIT $2";
            let rows = tx.rows(sql, args![from, BLOCK]).await?;
            let Some(last) = rows.last() else { break };
            from = last.int(0)? + 1;
            for row in &rows {
                let source = SourceCode::new(row.text(1)?).map_err(|_| StoreError::NotFound)?;
                let schema = row.text_or_none(2)?.and_then(|code| LayoutCode::new(code).ok());
                let id = SubmissionId::from_i64(row.int(0)?);
                log_submission(&mut tx, id, &source, schema.as_ref()).await?;
            }
        }
        tx.commit().await
    }
}

//! Honey records: made-up subjects whom nobody has cause to ask about. Who does is noted, and learns nothing of it.

use record::{OfficerId, RecordNumber, SourceCode, SubjectId};

use crate::db::{Tx, args};
use crate::{Result, Store, StoreError};

/// Somebody asked about a honey record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoneyHit {
    /// Under which share.
    pub share: RecordNumber,
    /// Who.
    pub officer: OfficerId,
    /// Of which department.
    pub source: SourceCode,
    /// About whom.
    pub subject: SubjectId,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
}

impl Store {
    /// Makes a subject a honey record. It must be made up; the note says why it was planted.
    ///
    /// # Errors
    /// When there is no such subject.
    pub async fn plant_honey(&self, subject: SubjectId, note: &str) -> Result<()> {
        let mut tx = self.inner.db.write().await?;
        let sql = "SELECT 1 FROM subject WHERE id = $1";
        if tx.row(sql, args![subject]).await?.is_none() {
            return Err(StoreError::NotFound);
        }
        let sql =
            "INSERT INTO honey (subject, note, at_ms) VALUES ($1, $2, $3) ON CONFLICT (subject) DO NOTHING";
        tx.execute(sql, args![subject, note, self.clock().now_ms()])
            .await?;
        tx.commit().await
    }

    /// Who asked about honey records, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn honey_hits(&self) -> Result<Vec<HoneyHit>> {
        let mut tx = self.inner.db.read().await?;
        let sql = "SELECT share, officer, source, subject, at_ms FROM honey_hit ORDER BY at_ms DESC, subject LIMIT 1000";
        let mut hits = Vec::new();
        for row in tx.rows(sql, args![]).await? {
            hits.push(HoneyHit {
                share: RecordNumber::from_i64(row.int(0)?),
                officer: OfficerId::new(row.text(1)?).map_err(|_| StoreError::NotFound)?,
                source: SourceCode::new(row.text(2)?).map_err(|_| StoreError::NotFound)?,
                subject: SubjectId::from_i64(row.int(3)?),
                at_ms: row.int(4)?,
            });
        }
        Ok(hits)
    }

    /// Notes it if one of these is a honey record.
    pub(super) async fn note_honey(
        &self,
        tx: &mut Tx,
        share: RecordNumber,
        officer: &OfficerId,
        source: &SourceCode,
        subject: SubjectId,
    ) -> Result<()> {
        let sql = "INSERT INTO honey_hit (share, subject, officer, source, at_ms) \
            SELECT $1, subject, $2, $3, $4 FROM honey WHERE subject = $5";
        let at_ms = self.clock().now_ms();
        let args = args![share, officer.as_str(), source.as_str(), at_ms, subject];
        tx.execute(sql, args).await?;
        Ok(())
    }
}

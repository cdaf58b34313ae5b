//! What each department's own headers mean, so that the file of next month is read without asking again.

use record::{LayoutCode, OfficerId, SourceCode};

use crate::db::args;
use crate::{Result, Store};

/// A header of a department's own, and the column of a layout that it means; no column if the code is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnHeader {
    /// In which layout.
    pub layout: LayoutCode,
    /// As it stands in the files.
    pub header: String,
    /// The column's official code.
    pub column: String,
}

impl Store {
    /// What a department's officers said of its own headers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn own_headers(&self, source: &SourceCode) -> Result<Vec<OwnHeader>> {
        let sql =
            "SELECT layout, header, column_code FROM own_header WHERE source = $1 ORDER BY layout, header";
        let mut tx = self.inner.db.read().await?;
        let mut found = Vec::new();
        for row in tx.rows(sql, args![source.as_str()]).await? {
            if let Ok(layout) = LayoutCode::new(row.text(0)?) {
                let (header, column) = (row.text(1)?, row.text(2)?);
                found.push(OwnHeader {
                    layout,
                    header,
                    column,
                });
            }
        }
        Ok(found)
    }

    /// Keeps what a department's own headers mean in a layout, in the place of what was said of that layout before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_own_headers(
        &self,
        source: &SourceCode,
        layout: &LayoutCode,
        officer: &OfficerId,
        said: &[OwnHeader],
    ) -> Result<()> {
        let now = self.clock().now_ms();
        let mut tx = self.inner.db.write().await?;
        let sql = "DELETE FROM own_header WHERE source = $1 AND layout = $2";
        tx.execute(sql, args![source.as_str(), layout.as_str()]).await?;
        let rows = said.iter().map(|own| {
            args![
                source.as_str(),
                layout.as_str(),
                own.header.as_str(),
                own.column.as_str(),
                officer.as_str(),
                now
            ]
        });
        let columns = ["source", "layout", "header", "column_code", "officer", "at_ms"];
        tx.insert("own_header", &columns, rows.collect(), "").await?;
        tx.commit().await
    }
}

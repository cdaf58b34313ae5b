//! A view of a PostgreSQL.

use anyhow::Context as _;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};

use super::{Lines, STATEMENT_MOST, quoted};

/// Rows fetched at a time.
const FETCH_ROWS: usize = 5_000;

/// Every row as one JSON object a line. The transaction can read and nothing else.
pub(super) async fn read(url: &str, view: &str) -> anyhow::Result<Vec<u8>> {
    let options: PgConnectOptions = url.parse().context("`--from` is no address of a PostgreSQL")?;
    let mut connection = options
        .disable_statement_logging()
        .connect()
        .await
        .context("the department’s database does not answer")?;
    let mut tx = connection.begin().await?;
    for sql in [
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY".to_owned(),
        format!("SET LOCAL statement_timeout = '{}s'", STATEMENT_MOST.as_secs()),
        // A moment becomes a day of this house's calendar.
        "SET LOCAL TIME ZONE INTERVAL '+08:00' HOUR TO MINUTE".to_owned(),
        format!(
            "DECLARE rows NO SCROLL CURSOR FOR SELECT row_to_json(t)::text FROM {} t",
            quoted(view, '"')
        ),
    ] {
        let done = sqlx::query(AssertSqlSafe(sql)).execute(&mut *tx).await;
        done.with_context(|| format!("the view `{view}` cannot be read"))?;
    }
    let mut lines = Lines::new(view);
    loop {
        let sql = AssertSqlSafe(format!("FETCH {FETCH_ROWS} FROM rows"));
        let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut *tx).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            lines.push(row.as_bytes())?;
        }
    }
    tx.rollback().await?;
    close(connection).await;
    Ok(lines.text)
}

/// That it ends politely is nice to have.
async fn close(connection: PgConnection) {
    _ = connection.close().await;
}

//! A view of a MySQL or MariaDB.
//!
//! The server may ask a client for files of its machine (`LOAD DATA LOCAL`): this one has none to give.

use anyhow::{Context as _, bail};
use mysql_async::consts::ColumnType;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Column, Conn, Opts, OptsBuilder, Row, Value};
use serde_json::{Map, Value as Json};
use tokio::time::timeout;

use super::{Lines, STATEMENT_MOST, quoted};

/// The largest answer that is taken, in bytes. A row of ours is far below.
const PACKET_MOST_BYTES: usize = 16 << 20;
/// The character set of what is no text.
const BINARY: u16 = 63;

/// Every row as one JSON object a line. The transaction can read and nothing else.
pub(super) async fn read(url: &str, view: &str) -> anyhow::Result<Vec<u8>> {
    // The driver knows one name for both.
    let url = url.replacen("mariadb://", "mysql://", 1);
    // What the driver says of an address could hold its password.
    let Ok(options) = Opts::from_url(&url) else {
        bail!("`--from` is no address of a MySQL or MariaDB; write `mysql://USER:PASSWORD@HOST/DATABASE`");
    };
    let options = OptsBuilder::from_opts(options)
        .prefer_socket(false)
        .max_allowed_packet(Some(PACKET_MOST_BYTES));
    let mut connection = timeout(STATEMENT_MOST, Conn::new(options))
        .await?
        .context("the department’s database does not answer")?;
    let read = timeout(STATEMENT_MOST, read_rows(&mut connection, view)).await;
    let lines = read.with_context(|| format!("reading the view `{view}` takes more than ten minutes"))??;
    // That it ends politely is nice to have.
    _ = connection.disconnect().await;
    Ok(lines)
}

async fn read_rows(connection: &mut Conn, view: &str) -> anyhow::Result<Vec<u8>> {
    let cannot = || format!("the view `{view}` cannot be read");
    // The two have other names for it, and old ones none: then the time of this program's own is the bound.
    let milliseconds = STATEMENT_MOST.as_millis();
    let seconds = STATEMENT_MOST.as_secs();
    for sql in [
        format!("SET SESSION max_execution_time = {milliseconds}"),
        format!("SET SESSION max_statement_time = {seconds}"),
    ] {
        _ = connection.query_drop(sql).await;
    }
    for sql in [
        "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        // A moment becomes a day of this house's calendar.
        "SET SESSION time_zone = '+08:00'",
        "START TRANSACTION READ ONLY",
    ] {
        connection.query_drop(sql).await.with_context(cannot)?;
    }
    let select = format!("SELECT * FROM {}", quoted(view, '`'));
    let mut rows = connection.query_iter(select).await.with_context(cannot)?;
    let mut lines = Lines::new(view);
    while let Some(row) = rows.next().await.with_context(cannot)? {
        lines.push(&serde_json::to_vec(&object(&row)?)?)?;
    }
    drop(rows);
    connection.query_drop("ROLLBACK").await?;
    Ok(lines.text)
}

/// A row as one flat object of texts.
fn object(row: &Row) -> anyhow::Result<Map<String, Json>> {
    let mut object = Map::new();
    for (place, column) in row.columns_ref().iter().enumerate() {
        let name = column.name_str().into_owned();
        let value = row.as_ref(place).unwrap_or(&Value::NULL);
        let Some(text) = text_of(column, value) else {
            bail!("the column `{name}` holds bytes that are no text; leave it out of the view");
        };
        object.insert(name, text.map_or(Json::Null, Json::String));
    }
    Ok(object)
}

/// A value as a person would type it, all its digits included; `Some(None)` if there is none, `None` if it is no text.
#[expect(
    clippy::option_option,
    reason = "no value and no text are two things, and live for a line"
)]
fn text_of(column: &Column, value: &Value) -> Option<Option<String>> {
    // Asked in the plain protocol, the server writes every value as text.
    let Value::Bytes(bytes) = value else {
        return matches!(value, Value::NULL).then_some(None);
    };
    match column.column_type() {
        ColumnType::MYSQL_TYPE_BIT => {
            let number = bytes.iter().try_fold(0_u64, |sum, byte| {
                sum.checked_mul(256)?.checked_add(u64::from(*byte))
            });
            Some(Some(number?.to_string()))
        }
        ColumnType::MYSQL_TYPE_GEOMETRY => None,
        kind => {
            let text = std::str::from_utf8(bytes).ok()?;
            let has_day = matches!(
                kind,
                ColumnType::MYSQL_TYPE_DATE
                    | ColumnType::MYSQL_TYPE_NEWDATE
                    | ColumnType::MYSQL_TYPE_DATETIME
                    | ColumnType::MYSQL_TYPE_TIMESTAMP
            );
            // What MySQL writes where a day is not known.
            let no_day = has_day && text.starts_with("0000-00-00");
            // Bytes that are declared as such may look like text by chance.
            let no_text = column.character_set() == BINARY && text.contains('\0');
            (!no_text).then(|| (!no_day).then(|| text.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_texts_as_people_type_them() {
        const UTF8: u16 = 45;
        let some = |text: &str| Some(Some(text.to_owned()));
        for (kind, set, bytes, expect) in [
            (
                ColumnType::MYSQL_TYPE_VAR_STRING,
                UTF8,
                "罗志明".as_bytes(),
                some("罗志明"),
            ),
            (
                ColumnType::MYSQL_TYPE_NEWDECIMAL,
                BINARY,
                b"123456789012345678.90",
                some("123456789012345678.90"),
            ),
            (
                ColumnType::MYSQL_TYPE_DATETIME,
                BINARY,
                b"2015-06-01 00:00:00",
                some("2015-06-01 00:00:00"),
            ),
            (ColumnType::MYSQL_TYPE_DATE, BINARY, b"0000-00-00", Some(None)),
            (
                ColumnType::MYSQL_TYPE_VAR_STRING,
                UTF8,
                b"0000-00-00",
                some("0000-00-00"),
            ),
            (ColumnType::MYSQL_TYPE_BIT, UTF8, b"\x01", some("1")),
            (
                ColumnType::MYSQL_TYPE_BIT,
                UTF8,
                b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
                some("18446744073709551615"),
            ),
            (ColumnType::MYSQL_TYPE_BLOB, BINARY, b"\x89PNG", None),
            (ColumnType::MYSQL_TYPE_BLOB, BINARY, b"a\0b", None),
            (ColumnType::MYSQL_TYPE_GEOMETRY, BINARY, b"a", None),
        ] {
            let column = Column::new(kind).with_character_set(set);
            assert_eq!(
                text_of(&column, &Value::Bytes(bytes.to_vec())),
                expect,
                "{kind:?}"
            );
        }
        assert_eq!(
            text_of(&Column::new(ColumnType::MYSQL_TYPE_DATE), &Value::NULL),
            Some(None)
        );
    }
}

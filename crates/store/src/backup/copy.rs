//! Tables from one database into another. Both have the same tables with the same columns of three types, which `xtask tidy`
//! holds, so that one way of copying serves all: what they are is read from the SQLite side.

use crate::db::{Arg, Db, Row, Tx, args};
use crate::{Result, StoreError};

/// The tables of the keys of records and segments.
pub(super) const KEYS: [&str; 2] = ["record_key", "segment_key"];
/// Who is signed in, and who tried to: not for another place or day.
const LEFT_OUT: [&str; 2] = ["session", "sign_in_attempt"];
/// Rows at a time.
const BLOCK: i64 = 500;
/// Of these one row may be a whole file.
const LARGE: [(&str, i64); 3] = [("attachment", 1), ("job", 1), ("submission", 20)];

/// A table.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: String,
    columns: Vec<(String, Type)>,
    /// The primary key; none is read at once.
    key: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
enum Type {
    Int,
    Text,
    Bytes,
}

pub(super) fn is_left_out(table: &str) -> bool {
    LEFT_OUT.contains(&table)
}

/// All tables of a store, read from SQLite, in the order in which they were made: what refers to another comes after it.
pub(super) async fn tables(tx: &mut Tx) -> Result<Vec<Table>> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
               AND name <> '_sqlx_migrations' ORDER BY rowid";
    let mut tables = Vec::new();
    for row in tx.rows(sql, args![]).await? {
        let name = row.text(0)?;
        let sql = "SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid";
        let (mut columns, mut key) = (Vec::new(), Vec::new());
        for row in tx.rows(sql, args![name.as_str()]).await? {
            let column = row.text(0)?;
            let of = match row.text(1)?.as_str() {
                "BIGINT" | "INTEGER" => Type::Int,
                "TEXT" => Type::Text,
                _ => Type::Bytes,
            };
            if row.int(2)? > 0 {
                key.push((row.int(2)?, column.clone()));
            }
            columns.push((column, of));
        }
        key.sort();
        let key = key.into_iter().map(|(_, column)| column).collect();
        tables.push(Table { name, columns, key });
    }
    Ok(tables)
}

/// The statement that made a table of SQLite.
pub(super) async fn made_by(tx: &mut Tx, table: &str) -> Result<String> {
    let sql = "SELECT sql FROM sqlite_master WHERE name = $1";
    let row = tx.row(sql, args![table]).await?;
    row.ok_or(StoreError::NotFound)?.text(0)
}

/// How many rows there are.
pub(super) async fn rows(tx: &mut Tx, table: &Table) -> Result<u64> {
    let count = tx
        .one_int(format!("SELECT COUNT(*) FROM {}", table.name), args![])
        .await?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// Removes what the migrations put into new tables, which comes with what is copied.
pub(super) async fn empty(db: &Db, tables: &[Table]) -> Result<()> {
    let mut tx = db.write().await?;
    empty_in(&mut tx, tables).await?;
    tx.commit().await
}

/// The same in a transaction.
pub(super) async fn empty_in(tx: &mut Tx, tables: &[Table]) -> Result<()> {
    for table in tables.iter().rev() {
        tx.execute(format!("DELETE FROM {}", table.name), args![]).await?;
    }
    Ok(())
}

/// Copies all rows of a table, and tells how many after each block.
pub(super) async fn copy(from: &mut Tx, to: &mut Tx, table: &Table, mut tell: impl FnMut(u64)) -> Result<()> {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
    let block = LARGE
        .iter()
        .find(|(name, _)| *name == table.name)
        .map_or(BLOCK, |(_, rows)| *rows);
    let mut after = Vec::new();
    loop {
        let sql = select(table, &names, &after, block);
        let read = from.rows(sql, after.clone()).await?;
        let rows = read
            .iter()
            .map(|row| values(table, row))
            .collect::<Result<Vec<_>>>()?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = table
            .columns
            .iter()
            .zip(last)
            .filter(|((name, _), _)| table.key.contains(name))
            .map(|(_, value)| value.clone())
            .collect();
        let count = u64::try_from(rows.len()).unwrap_or_default();
        to.insert(&table.name, &names, rows, "").await?;
        tell(count);
        if table.key.is_empty() || count < block.unsigned_abs() {
            return Ok(());
        }
    }
}

/// The rows after one, by the primary key; all of them where there is none.
fn select(table: &Table, names: &[&str], after: &[Arg], block: i64) -> String {
    // In the order of the columns, as `after` is.
    let key: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| table.key.iter().any(|key| key == name))
        .collect();
    let (list, of) = (names.join(", "), &table.name);
    if key.is_empty() {
        return format!("SELECT {list} FROM {of}");
    }
    let key = key.join(", ");
    let places: Vec<String> = (1..=after.len()).map(|place| format!("${place}")).collect();
    let beyond = if after.is_empty() {
        String::new()
    } else {
        format!(" WHERE ({key}) > ({})", places.join(", "))
    };
    format!("SELECT {list} FROM {of}{beyond} ORDER BY {key} LIMIT {block}")
}

fn values(table: &Table, row: &Row) -> Result<Vec<Arg>> {
    let value = |(place, (_, of)): (usize, &(String, Type))| {
        Ok(match of {
            Type::Int => Arg::from(row.int_or_none(place)?),
            Type::Text => Arg::from(row.text_or_none(place)?),
            Type::Bytes => Arg::from(row.bytes_or_none(place)?),
        })
    };
    table.columns.iter().enumerate().map(value).collect()
}

//! Many rows inserted at once, column by column: a tenth of the work of handing over each value by itself.

use sqlx::{AssertSqlSafe, Postgres};

use crate::Result;
use crate::db::{Arg, Tx};

/// The values of one column.
#[derive(Debug, Clone)]
pub(crate) enum Column<'a> {
    /// The same in each row.
    One(Arg),
    /// Whole numbers, none below nothing.
    Ints(Vec<i64>),
    /// Texts without a blank at their end.
    Texts(Vec<&'a str>),
    /// Hashes.
    Hashes(Vec<[u8; 32]>),
}

impl Tx {
    /// Inserts so many rows.
    pub(crate) async fn insert_columns(
        &mut self,
        table: &str,
        columns: Vec<(&str, Column<'_>)>,
        count: usize,
    ) -> Result<()> {
        if count == 0 {
            return Ok(());
        }
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let names = names.join(", ");
        match self {
            Self::Sqlite(_) | Self::Shared(_) => {
                let mut args = vec![Arg::from(i64::try_from(count).unwrap_or(i64::MAX))];
                let values: Vec<String> = columns
                    .into_iter()
                    .map(|(_, column)| packed(column, &mut args))
                    .collect();
                let sql = format!(
                    "WITH RECURSIVE i (n) AS (VALUES (0) UNION ALL SELECT n + 1 FROM i WHERE n + 1 < $1) \
                    INSERT OR FAIL INTO {table} ({names}) SELECT {} FROM i",
                    values.join(", ")
                );
                self.execute(sql, args).await?;
            }
            Self::Postgres(tx) => {
                let (sql, columns) = unnested(table, &names, columns);
                let mut query = sqlx::query::<Postgres>(AssertSqlSafe(sql));
                for column in columns {
                    query = match column {
                        Column::One(Arg::Int(value)) => query.bind(value),
                        Column::One(Arg::Text(value)) => query.bind(value),
                        Column::One(Arg::Bytes(value)) => query.bind(value),
                        Column::One(Arg::NoInt) => query.bind(None::<i64>),
                        Column::One(Arg::NoText) => query.bind(None::<String>),
                        Column::One(Arg::NoBytes) => query.bind(None::<Vec<u8>>),
                        Column::Ints(values) => query.bind(values),
                        Column::Texts(values) => {
                            query.bind(values.into_iter().map(str::to_owned).collect::<Vec<String>>())
                        }
                        Column::Hashes(values) => {
                            query.bind(values.into_iter().map(Vec::from).collect::<Vec<Vec<u8>>>())
                        }
                    };
                }
                query.execute(&mut **tx).await?;
            }
        }
        Ok(())
    }
}

/// A column in one parameter, as its values one behind the other in as many bytes each, and the expression that takes the value of
/// row `n` out of it.
fn packed(column: Column<'_>, args: &mut Vec<Arg>) -> String {
    let (width, bytes, open, close) = match column {
        Column::One(arg) => {
            args.push(arg);
            return format!("${}", args.len());
        }
        Column::Ints(values) => {
            let width = values.iter().max().map_or(1, |most| most.to_string().len());
            let mut bytes = Vec::with_capacity(width * values.len());
            for value in values {
                push_digits(&mut bytes, value, width);
            }
            (width, bytes, "CAST(", " AS INTEGER)")
        }
        Column::Texts(values) => {
            let width = values.iter().map(|value| value.len()).max().unwrap_or(0).max(1);
            let mut bytes = Vec::with_capacity(width * values.len());
            for (row, value) in values.iter().enumerate() {
                bytes.extend_from_slice(value.as_bytes());
                bytes.resize((row + 1) * width, b' ');
            }
            (width, bytes, "rtrim(CAST(", " AS TEXT))")
        }
        Column::Hashes(values) => (32, values.concat(), "", ""),
    };
    args.push(Arg::Bytes(bytes));
    format!("{open}substr(${}, n * {width} + 1, {width}){close}", args.len())
}

/// The decimal digits of a number, with noughts before them.
fn push_digits(bytes: &mut Vec<u8>, mut value: i64, width: usize) {
    let from = bytes.len();
    bytes.resize(from + width, b'0');
    for digit in bytes.iter_mut().skip(from).rev() {
        *digit += u8::try_from(value % 10).unwrap_or(0);
        value /= 10;
    }
}

/// The statement for PostgreSQL, which takes lists, and the columns in the order of its parameters.
fn unnested<'a>(table: &str, names: &str, columns: Vec<(&str, Column<'a>)>) -> (String, Vec<Column<'a>>) {
    let (mut values, mut lists, mut listed) = (Vec::new(), Vec::new(), Vec::new());
    for (place, (name, column)) in columns.iter().enumerate() {
        let (kind, is_list) = match column {
            Column::One(Arg::Int(_) | Arg::NoInt) => ("bigint", false),
            Column::One(Arg::Text(_) | Arg::NoText) => ("text", false),
            Column::One(Arg::Bytes(_) | Arg::NoBytes) => ("bytea", false),
            Column::Ints(_) => ("bigint[]", true),
            Column::Texts(_) => ("text[]", true),
            Column::Hashes(_) => ("bytea[]", true),
        };
        let parameter = format!("${}::{kind}", place + 1);
        if is_list {
            values.push(format!("u.{name}"));
            lists.push(parameter);
            listed.push(*name);
        } else {
            values.push(parameter);
        }
    }
    let sql = format!(
        "INSERT INTO {table} ({names}) SELECT {} FROM unnest({}) AS u ({})",
        values.join(", "),
        lists.join(", "),
        listed.join(", ")
    );
    (sql, columns.into_iter().map(|(_, column)| column).collect())
}

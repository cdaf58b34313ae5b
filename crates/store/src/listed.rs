//! Rows of many values at once: `… WHERE column IN (…)`, in as many statements as it takes.

use serde::de::DeserializeOwned;

use crate::db::{Arg, Row, Tx, not_32, places};
use crate::keys::from_hex;
use crate::{Result, StoreError};

/// What is listed in `IN (…)`: values of one type.
pub(crate) trait Listed: Ord + Clone {
    /// As a parameter of its own.
    fn arg(&self) -> Arg;
    /// Many as SQLite takes them in one parameter or two, from this place on: a statement that gives each as `value`, and the parameters. Bound
    /// one by one, they cost it more than to find what they name.
    fn list(place: usize, values: &[Self]) -> (String, Vec<Arg>);
}

/// As JSON, in which bytes are hexadecimal digits.
impl Listed for Arg {
    fn arg(&self) -> Arg {
        self.clone()
    }

    fn list(place: usize, values: &[Self]) -> (String, Vec<Arg>) {
        let mut of_bytes = false;
        let mut json = String::from("[");
        for value in values {
            if json.len() > 1 {
                json.push(',');
            }
            of_bytes = matches!(value, Self::Bytes(_));
            match value {
                Self::Int(value) => json.push_str(&value.to_string()),
                Self::Text(text) => json.push_str(&serde_json::Value::from(text.as_str()).to_string()),
                Self::Bytes(bytes) => push_hex(&mut json, bytes),
                Self::NoInt | Self::NoText | Self::NoBytes => json.push_str("null"),
            }
        }
        json.push(']');
        let value = if of_bytes { "unhex(value)" } else { "value" };
        let list = format!("SELECT {value} AS value FROM json_each(${place})");
        (list, vec![Self::Text(json)])
    }
}

/// One behind the other.
impl<const N: usize> Listed for [u8; N] {
    fn arg(&self) -> Arg {
        Arg::Bytes(self.to_vec())
    }

    fn list(place: usize, values: &[Self]) -> (String, Vec<Arg>) {
        let list = format!(
            "WITH RECURSIVE i (n) AS (VALUES (0) UNION ALL SELECT n + 1 FROM i WHERE n + 1 < ${}) \
            SELECT substr(${place}, n * {N} + 1, {N}) AS value FROM i",
            place + 1
        );
        let count = i64::try_from(values.len()).unwrap_or(i64::MAX);
        (list, vec![Arg::Bytes(values.concat()), Arg::Int(count)])
    }
}

/// The first eight bytes of a hash, by which its row is sought: the indexes hold no more, and whoever seeks compares the rest.
pub(crate) fn sought(hash: &[u8; 32]) -> [u8; 8] {
    hash.first_chunk().copied().unwrap_or_default()
}

/// A hash, a number, and a hash that may be missing.
type Hashes = ([u8; 32], i64, Option<[u8; 32]>);

/// Those of a line, which has the hashes in hexadecimal digits.
fn hashes(line: &str) -> Option<Hashes> {
    let mut parts = line.splitn(3, ' ');
    let (one, number, other) = (parts.next()?, parts.next()?, parts.next()?);
    let other = if other.is_empty() {
        None
    } else {
        Some(from_hex(other)?)
    };
    Some((from_hex(one)?, number.parse().ok()?, other))
}

/// Rows that SQLite has put into one text.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<Vec<T>> {
    serde_json::from_str(text).map_err(|_| StoreError::DoesNotOpen("rows of the database".to_owned()))
}

impl Tx {
    /// Rows of `select … where column in (values)`, in as many statements as it takes. `sql` holds `{in}`
    /// where the list goes; its parameters come first, `first` of them.
    pub(crate) async fn rows_in<V: Listed>(
        &mut self,
        sql: &str,
        first: &[Arg],
        values: &[V],
    ) -> Result<Vec<Row>> {
        // In order, so that each page of an index is come to once.
        let mut values = values.to_vec();
        values.sort_unstable();
        values.dedup();
        let mut rows = Vec::new();
        for chunk in values.chunks(self.in_most()) {
            let (list, listed) = match self {
                Self::Sqlite(_) | Self::Shared(_) => V::list(first.len() + 1, chunk),
                Self::Postgres(_) => many_places(first.len() + 1, chunk),
            };
            let args = first.iter().cloned().chain(listed).collect();
            rows.extend(self.rows(sql.replace("{in}", &list), args).await?);
        }
        Ok(rows)
    }

    /// Rows of `select` from `table` whose `expression`, of which there is an index, is one of many values, in no order. SQLite
    /// would write the list of an `IN` down first, which takes it a quarter of the time; so it goes through the list itself.
    pub(crate) async fn rows_with<const N: usize>(
        &mut self,
        [select, table, expression]: [&str; 3],
        values: &[[u8; N]],
    ) -> Result<Vec<Row>> {
        let sql = match self {
            Self::Sqlite(_) | Self::Shared(_) => format!(
                "SELECT {select} FROM ({{in}}) AS sought CROSS JOIN {table} ON {expression} = sought.value"
            ),
            Self::Postgres(_) => format!("SELECT {select} FROM {table} WHERE {expression} IN ({{in}})"),
        };
        self.rows_in(&sql, &[], values).await
    }

    /// A hash, a number, and a hash that may be missing, of many values: what linking asks for by ten thousands. `rest` is a statement
    /// from `FROM` on. SQLite hands every row over from a thread of its own, which costs more than to find it; so from there
    /// they come as one text.
    pub(crate) async fn hashes_in(
        &mut self,
        [one, number, other]: [&str; 3],
        rest: &str,
        values: &[[u8; 32]],
    ) -> Result<Vec<Hashes>> {
        let mut found = Vec::with_capacity(values.len());
        match self {
            Self::Sqlite(_) | Self::Shared(_) => {
                let line = format!("hex({one}) || ' ' || {number} || ' ' || coalesce(hex({other}), '')");
                let sql = format!("SELECT group_concat({line}, ',') {rest}");
                for row in self.rows_in(&sql, &[], values).await? {
                    let lines = row.text_or_none(0)?.unwrap_or_default();
                    for line in lines.split_terminator(',') {
                        found.push(hashes(line).ok_or_else(not_32)?);
                    }
                }
            }
            Self::Postgres(_) => {
                let sql = format!("SELECT {one}, {number}, {other} {rest}");
                for row in self.rows_in(&sql, &[], values).await? {
                    found.push((row.hash(0)?, row.int(1)?, row.hash_or_none(2)?));
                }
            }
        }
        Ok(found)
    }

    /// Two numbers of many values; `rest` is a statement from `FROM` on. From SQLite they come as one text, as hashes do.
    pub(crate) async fn pairs_in(
        &mut self,
        [one, other]: [&str; 2],
        rest: &str,
        values: &[Arg],
    ) -> Result<Vec<(i64, i64)>> {
        let select = format!("SELECT {one} AS one, {other} AS other {rest}");
        let mut found = Vec::with_capacity(values.len());
        match self {
            Self::Sqlite(_) | Self::Shared(_) => {
                let sql = format!("SELECT json_group_array(json_array(one, other)) FROM ({select})");
                for row in self.rows_in(&sql, &[], values).await? {
                    found.extend(from_json::<(i64, i64)>(&row.text(0)?)?);
                }
            }
            Self::Postgres(_) => {
                for row in self.rows_in(&select, &[], values).await? {
                    found.push((row.int(0)?, row.int(1)?));
                }
            }
        }
        Ok(found)
    }

    /// The most values in one `IN (…)`.
    fn in_most(&self) -> usize {
        match self {
            Self::Sqlite(_) | Self::Shared(_) => 16_000,
            Self::Postgres(_) => 500,
        }
    }
}

/// A list of values as PostgreSQL takes it: always of the same length, so that it is planned once; the last value is repeated.
fn many_places<V: Listed>(first: usize, values: &[V]) -> (String, Vec<Arg>) {
    let wanted = if values.len() > 16 { 500 } else { 16 };
    let last = values.last().map_or(Arg::NoInt, Listed::arg);
    let mut listed: Vec<Arg> = values.iter().map(Listed::arg).collect();
    listed.resize(wanted, last);
    (places(first, wanted), listed)
}

/// Bytes as a text of hexadecimal digits in JSON.
fn push_hex(json: &mut String, bytes: &[u8]) {
    json.push('"');
    json.extend(bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(digit));
    json.push('"');
}

fn digit(half: u8) -> char {
    char::from(if half < 10 { b'0' + half } else { b'a' - 10 + half })
}

//! NDJSON: one flat object a line, in UTF-8. Its keys are the headers, whichever line has them first.

use std::fmt;
use std::io::{BufRead as _, BufReader, Read};
use std::sync::Arc;

use assess::Text;
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::Value;

use super::text::Data;
use super::{CELL_MOST_CHARS, COLUMNS_MOST, CSV_ROWS_MOST, ROW_MOST_BYTES, RawRow};
use crate::FileFault;
use crate::fault::{row_place, too_large, unreadable};

/// A stream of the rows of an NDJSON file: first its headers, as row 0, then a row for each line.
pub(crate) struct JsonRows {
    lines: Lines,
    headers: Arc<[String]>,
    begun: bool,
}

impl JsonRows {
    /// Reads the file once for its headers, and counts its rows with that of the headers.
    pub(crate) fn probe(data: &Data) -> Result<(Arc<[String]>, u32), FileFault> {
        let mut lines = Lines::new(data)?;
        let mut headers: Vec<String> = Vec::new();
        let mut count = 1_u32;
        while let Some((row, object)) = lines.next()? {
            count += 1;
            for (key, _) in object.0 {
                if !headers.contains(&key) {
                    headers.push(key);
                }
            }
            if headers.len() > COLUMNS_MOST {
                return Err(too_large("columns", COLUMNS_MOST).at(row_place(row)));
            }
        }
        Ok((headers.into(), count))
    }

    pub(crate) fn new(data: &Data, headers: Arc<[String]>) -> Result<Self, FileFault> {
        Ok(Self {
            lines: Lines::new(data)?,
            headers,
            begun: false,
        })
    }

    pub(crate) fn next_row(&mut self) -> Result<Option<RawRow>, FileFault> {
        if !std::mem::replace(&mut self.begun, true) {
            return Ok(Some(row_of(0, self.headers.iter().map(String::as_str))));
        }
        let Some((row, object)) = self.lines.next()? else {
            return Ok(None);
        };
        let cell = |header: &String| {
            let found = object.0.iter().find(|(key, _)| key == header);
            found.map_or("", |(_, cell)| cell.as_str())
        };
        Ok(Some(row_of(row, self.headers.iter().map(cell))))
    }
}

fn row_of<'c>(number: u32, cells: impl Iterator<Item = &'c str>) -> RawRow {
    let mut row = RawRow::new(number);
    for cell in cells {
        row.push_text(cell);
        row.end_cell();
    }
    row
}

/// Line after line, each parsed.
struct Lines {
    reader: BufReader<Box<dyn Read + Send>>,
    line: Vec<u8>,
    row: u32,
}

impl Lines {
    fn new(data: &Data) -> Result<Self, FileFault> {
        Ok(Self {
            reader: BufReader::new(data.reader()?),
            line: Vec::new(),
            row: 0,
        })
    }

    /// The next line that is not blank, with its number.
    fn next(&mut self) -> Result<Option<(u32, Object)>, FileFault> {
        loop {
            self.line.clear();
            let most = u64::try_from(ROW_MOST_BYTES)
                .unwrap_or(u64::MAX)
                .saturating_add(1);
            let mut bounded = (&mut self.reader).take(most);
            let read = bounded.read_until(b'\n', &mut self.line);
            if read.map_err(|error| unreadable(&error))? == 0 {
                return Ok(None);
            }
            self.row = self.row.saturating_add(1);
            let place = || row_place(self.row);
            if self.line.len() > ROW_MOST_BYTES {
                return Err(too_large("bytes of a row", ROW_MOST_BYTES).at(place()));
            }
            if self.row > CSV_ROWS_MOST {
                return Err(too_large("rows", CSV_ROWS_MOST));
            }
            let line = self.line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.line);
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let object: Object =
                serde_json::from_slice(line).map_err(|error| not_flat(&error).at(place()))?;
            let long = object
                .0
                .iter()
                .any(|(_, cell)| cell.chars().count() > CELL_MOST_CHARS);
            if long {
                return Err(too_large("characters of a cell", CELL_MOST_CHARS).at(place()));
            }
            return Ok(Some((self.row, object)));
        }
    }
}

fn not_flat(error: &serde_json::Error) -> FileFault {
    let column = error.column();
    FileFault::new(
        "JSON",
        Text::new(
            format!("这一行不是一个平的 JSON 对象（第 {column} 个字节附近）"),
            format!("this line is not one flat JSON object (near byte {column})"),
        ),
        Text::new(
            "NDJSON 每行一个对象，值只能是文字、数字、是否或空，例如 {\"姓名\":\"样例\"}",
            "NDJSON has one object a line, of texts, numbers, booleans and nulls, e.g. {\"name\":\"sample\"}",
        ),
    )
}

/// The keys and texts of one line, in their order; no key twice.
struct Object(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Flat;
        impl<'de> Visitor<'de> for Flat {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a flat object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut pairs: Vec<(String, String)> = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, Value>()? {
                    let cell = match value {
                        Value::Null => String::new(),
                        Value::String(text) => text,
                        Value::Number(number) => number.to_string(),
                        Value::Bool(yes) => if yes { "TRUE" } else { "FALSE" }.to_owned(),
                        Value::Array(_) | Value::Object(_) => {
                            return Err(serde::de::Error::custom("a value is not flat"));
                        }
                    };
                    if pairs.iter().any(|(known, _)| *known == key) {
                        return Err(serde::de::Error::custom("a key stands twice"));
                    }
                    pairs.push((key, cell));
                }
                Ok(Object(pairs))
            }
        }
        deserializer.deserialize_map(Flat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(u32, Vec<String>)>, FileFault> {
        let data = Data::Bytes(text.as_bytes().into());
        let (headers, count) = JsonRows::probe(&data)?;
        let mut rows = JsonRows::new(&data, headers)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next_row()? {
            found.push((row.row, row.cells().map(str::to_owned).collect()));
        }
        assert_eq!(found.len(), count as usize);
        Ok(found)
    }

    #[test]
    fn keys_are_headers_and_lines_are_rows() {
        let text = "\u{feff}{\"姓名\":\"甲\",\"months\":12}\n\n{\"months\":440604198001012345,\"on\":true,\"姓名\":null}\r\n";
        let expect: [(u32, &[&str]); 3] = [
            (0, &["姓名", "months", "on"]),
            (1, &["甲", "12", ""]),
            (3, &["", "440604198001012345", "TRUE"]),
        ];
        let expect: Vec<(u32, Vec<String>)> = expect
            .iter()
            .map(|(row, cells)| (*row, cells.iter().map(|cell| (*cell).to_owned()).collect()))
            .collect();
        assert_eq!(read(text).unwrap(), expect);
    }

    #[test]
    fn what_is_not_flat_names_its_line() {
        for (text, code, place) in [
            ("{\"a\":1}\n{\"a\":[1]}\n", "JSON", "row 2"),
            ("{\"a\":{\"b\":1}}\n", "JSON", "row 1"),
            ("{\"a\":1}\n\n{\"a\":1,\"a\":2}\n", "JSON", "row 3"),
            ("{\"a\":1}{\"a\":2}\n", "JSON", "row 1"),
            ("{\"a\":1,\n", "JSON", "row 1"),
            ("{\"a\":1}\n[1]\n", "JSON", "row 2"),
        ] {
            let fault = read(text).unwrap_err();
            assert_eq!(
                (fault.code.as_str(), fault.place.as_str()),
                (code, place),
                "{text}"
            );
        }
        let wide: Vec<String> = (0..300).map(|n| format!("\"k{n}\":1")).collect();
        assert_eq!(
            read(&format!("{{{}}}\n", wide.join(","))).unwrap_err().code,
            "TOO-LARGE"
        );
        let endless = format!("{{\"a\":\"{}", "x".repeat(ROW_MOST_BYTES + 10));
        assert_eq!(read(&endless).unwrap_err().code, "TOO-LARGE");
        let deep = format!("{{\"a\":{}", "[".repeat(100_000));
        assert_eq!(read(&deep).unwrap_err().code, "JSON");
    }
}

//! One file against one layout: rows in, records or faults out.

mod build;
mod cells;

use assess::{Bundle, RecordCheck, Text};
use jiff::civil::Date;
use record::{LayoutCode, Record, SourceCode};

use crate::file::Table;
use crate::layout::{Aliases, HeaderMap, detect, nearest};
use crate::read::spool::SheetNote;
use crate::read::{RawRow, Rows};
use crate::{FileFault, Format, Layout, Layouts, RowError, SourceFile};

/// Among how many rows at the top of a file its header is looked for, as a title may stand above it.
const ROWS_BEFORE_HEADER: usize = 5;

/// One row of a file, and what it says.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its number as the officer sees it in the spreadsheet.
    pub row: u32,
    raw: RawRow,
    /// The record it makes, or all of its faults.
    pub result: Result<Record, Vec<RowError>>,
    /// What should be known and refuses nothing: that it is late, that a code's check character is odd.
    pub notes: Vec<RowError>,
    places: std::sync::Arc<[Option<usize>]>,
}

impl Row {
    /// The cell of this column, by its official code.
    pub fn cell(&self, layout: &Layout, code: &str) -> Option<&str> {
        let column = layout.columns.iter().position(|column| column.code == code)?;
        let place = (*self.places.get(column)?)?;
        (place < self.raw.len()).then(|| self.raw.cell(place))
    }

    /// Its cells as they stand in the file, under [`Intake::headers`].
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.raw.cells()
    }
}

/// One file being read by one layout.
pub struct Intake<'a> {
    bundle: &'a Bundle,
    check: RecordCheck<'a>,
    layout: &'a Layout,
    source: SourceCode,
    today: Date,
    file_name: String,
    format: Format,
    digest: [u8; 32],
    row_count: u32,
    headers: HeaderMap,
    /// The names of worksheets that were not read.
    unread: Vec<String>,
    sheet_notes: Vec<SheetNote>,
    places: std::sync::Arc<[Option<usize>]>,
    rows: Rows,
}

impl<'a> Intake<'a> {
    /// Finds the header row and the layout, if none is given, among those of the source. `aliases` are its own headers.
    ///
    /// # Errors
    /// When the source may hand in nothing of the layout, no layout fits, or a column that must be there is not.
    pub fn new(
        bundle: &'a Bundle,
        layouts: &'a Layouts,
        layout: Option<&LayoutCode>,
        source: &SourceCode,
        today: Date,
        aliases: &Aliases,
        file: SourceFile,
    ) -> Result<Self, FileFault> {
        let name = file.name().to_owned();
        let layouts = (layouts, layout, aliases);
        Self::begin(bundle, layouts, source, today, file).map_err(|fault| fault.of(&name))
    }

    fn begin(
        bundle: &'a Bundle,
        (layouts, layout, aliases): (&'a Layouts, Option<&LayoutCode>, &Aliases),
        source: &SourceCode,
        today: Date,
        file: SourceFile,
    ) -> Result<Self, FileFault> {
        let candidates: Vec<&Layout> = layouts.of_source(bundle, source).collect();
        let chosen = match layout {
            None => None,
            Some(code) => {
                let layout = layouts.get(code).ok_or_else(|| layout_unknown(code, layouts))?;
                let of_source = candidates.iter().any(|candidate| candidate.code == *code);
                Some(if of_source {
                    layout
                } else {
                    return Err(not_of_source(layout, source));
                })
            }
        };
        let (file_name, format, digest) = (file.name().to_owned(), file.format(), file.digest());
        let (found, unread) = find_table(file.into_tables()?, chosen, &candidates, aliases)?;
        let Found {
            before,
            layout,
            headers,
            table:
                Table {
                    row_count,
                    notes,
                    rows,
                    ..
                },
        } = found;
        let headers = HeaderMap::new(layout, headers, aliases)?;
        Ok(Self {
            bundle,
            check: bundle.record_check(),
            layout,
            source: source.clone(),
            today,
            file_name,
            format,
            digest,
            row_count: row_count.saturating_sub(before),
            places: headers.places.clone().into(),
            headers,
            unread,
            sheet_notes: notes,
            rows,
        })
    }

    /// The layout it is read by.
    pub fn layout(&self) -> &'a Layout {
        self.layout
    }

    /// The file's name.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    /// What the file is by its content.
    pub fn format(&self) -> Format {
        self.format
    }

    /// SHA-256 over the file's bytes.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// How many rows there are in all under the header, for progress.
    pub fn row_count(&self) -> u32 {
        self.row_count
    }

    /// The file's headers as they stand there.
    pub fn headers(&self) -> &[String] {
        &self.headers.headers
    }

    /// What should be known of the file as a whole: columns that the layout does not know, worksheets beside the one
    /// with the rows, which are not read, and formulas.
    pub fn notes(&self) -> Vec<RowError> {
        let sheets = self.unread.iter().map(|sheet| {
            let text = Text::new(
                format!("工作表 `{sheet}` 未读取：一个文件只读一张表"),
                format!("the worksheet `{sheet}` was not read: of a file one table is"),
            );
            RowError::new(1, sheet, "SHEET-UNREAD", text, "")
        });
        let formulas = self.sheet_notes.iter().map(|SheetNote::Formulas(cells)| {
            let text = Text::new(
                format!("工作簿有 {cells} 个公式单元格，按上次保存时算出的值读取；请核对"),
                format!("{cells} cells hold formulas; the values computed when it was saved were read, please check them"),
            );
            RowError::new(1, "", "FORMULA", text, "")
        });
        self.unknown_columns()
            .into_iter()
            .chain(sheets)
            .chain(formulas)
            .collect()
    }

    fn unknown_columns(&self) -> Vec<RowError> {
        let header = |place: &usize| self.headers.headers.get(*place);
        self.headers
            .unknown
            .iter()
            .filter_map(header)
            .map(|header| {
                let text = Text::new(
                    format!("报送格式没有 `{header}` 这一列，未读取"),
                    format!("the layout does not know the column `{header}`; it was not read"),
                );
                RowError::new(1, header, "COLUMN-UNKNOWN", text, "")
            })
            .collect()
    }

    /// The next rows, at most so many; `None` at the end. Blank rows are left out, and rows that are the header again.
    ///
    /// # Errors
    /// When the file changed on its disk since it was opened. The rows before stand.
    pub fn next_chunk(&mut self, max: usize) -> Result<Option<Vec<Row>>, FileFault> {
        let max = max.max(1);
        let left = usize::try_from(self.row_count).unwrap_or(usize::MAX);
        let mut chunk = Vec::with_capacity(max.min(left.saturating_add(1)));
        while chunk.len() < max {
            match self.rows.next().map_err(|fault| fault.of(&self.file_name))? {
                // A header two rows high, or printed anew on each page.
                Some(raw) if self.is_header(&raw) => {}
                Some(raw) => chunk.push(self.read_row(raw)),
                None => break,
            }
        }
        Ok((!chunk.is_empty()).then_some(chunk))
    }

    fn is_header(&self, raw: &RawRow) -> bool {
        let headers = self.headers.headers.iter();
        raw.len() == headers.len()
            && raw
                .cells()
                .zip(headers)
                .all(|(cell, header)| record::tidied(cell) == *header)
    }

    fn read_row(&self, raw: RawRow) -> Row {
        let (result, notes) = build::build(self, &raw);
        Row {
            row: raw.row,
            raw,
            result,
            notes,
            places: std::sync::Arc::clone(&self.places),
        }
    }
}

/// The table that is read, from its header on.
struct Found<'a> {
    /// How many rows stand before the first under the header.
    before: u32,
    layout: &'a Layout,
    headers: Vec<String>,
    table: Table,
}

/// The first table with a header that fits, and the names of the others; if none does, the fault of the first.
fn find_table<'a>(
    tables: Vec<Table>,
    chosen: Option<&'a Layout>,
    candidates: &[&'a Layout],
    aliases: &Aliases,
) -> Result<(Found<'a>, Vec<String>), FileFault> {
    let mut found = None;
    let mut unread = Vec::new();
    let mut first = None;
    for mut table in tables {
        if found.is_some() {
            unread.extend(table.sheet);
            continue;
        }
        match find_header(&mut table.rows, chosen, candidates, aliases) {
            Ok((before, layout, headers)) => {
                found = Some(Found {
                    before,
                    layout,
                    headers,
                    table,
                });
            }
            Err(fault) => {
                unread.extend(table.sheet);
                first.get_or_insert(fault);
            }
        }
    }
    match (found, first) {
        (Some(found), _) => Ok((found, unread)),
        (None, Some(fault)) => Err(fault),
        (None, None) => Err(no_layout(candidates)),
    }
}

/// The first rows until one is a header of the chosen layout or of a candidate.
fn find_header<'a>(
    rows: &mut Rows,
    chosen: Option<&'a Layout>,
    candidates: &[&'a Layout],
    aliases: &Aliases,
) -> Result<(u32, &'a Layout, Vec<String>), FileFault> {
    let mut rows_before = Vec::new();
    for before in 1..=ROWS_BEFORE_HEADER {
        let Some(raw) = rows.next()? else { break };
        let headers: Vec<String> = raw.cells().map(record::tidy_text).collect();
        let among: Vec<&Layout> = chosen.map_or_else(|| candidates.to_vec(), |layout| vec![layout]);
        if let Some(layout) = detect(among.into_iter(), &headers, aliases) {
            return Ok((u32::try_from(before).unwrap_or(u32::MAX), layout, headers));
        }
        rows_before.push(headers);
    }
    // Its own fault says which columns are missing.
    let fault = match chosen {
        Some(layout) => nearest(&[layout], &rows_before, aliases).or_else(|| {
            let first = rows_before.into_iter().next().unwrap_or_default();
            HeaderMap::new(layout, first, aliases).err()
        }),
        None => nearest(candidates, &rows_before, aliases),
    };
    Err(fault.unwrap_or_else(|| no_layout(candidates)))
}

fn no_layout(candidates: &[&Layout]) -> FileFault {
    let names: Vec<&str> = candidates.iter().map(|layout| layout.name.zh.as_str()).collect();
    let codes: Vec<&str> = candidates.iter().map(|layout| layout.code.as_str()).collect();
    FileFault::new(
        "LAYOUT-UNKNOWN",
        Text::new(
            format!(
                "表头与本部门的报送格式都对不上，或同时对上几种；本部门可用：{}",
                names.join("、")
            ),
            format!(
                "its headers fit none, or several, of the layouts of this source: {}",
                codes.join(", ")
            ),
        ),
        Text::new(
            "请下载模板对照表头，或指定报送格式",
            "compare the headers with the template, or name the layout",
        ),
    )
}

fn layout_unknown(code: &LayoutCode, layouts: &Layouts) -> FileFault {
    let codes: Vec<&str> = layouts.iter().map(|layout| layout.code.as_str()).collect();
    FileFault::new(
        "LAYOUT-UNKNOWN",
        Text::new(
            format!("没有报送格式 `{code}`"),
            format!("there is no layout `{code}`"),
        ),
        Text::new(
            format!("可用：{}", codes.join("、")),
            format!("there are {}", codes.join(", ")),
        ),
    )
}

fn not_of_source(layout: &Layout, source: &SourceCode) -> FileFault {
    FileFault::new(
        "LAYOUT-NOT-OF-SOURCE",
        Text::new(
            format!("`{source}` 不报送「{}」", layout.name.zh),
            format!("`{source}` does not hand in `{}`", layout.code),
        ),
        Text::new(
            "请核对部门和报送格式；如需新增请联系信用办",
            "check the source and the layout; ask the credit office for a new one",
        ),
    )
}

//! Workbooks: refused rows to be mended and handed in again, and templates.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, Note, Workbook,
    Worksheet,
};

use crate::layout::HeaderMap;
use crate::{Column, Layout, Report, Returned, RowError};

/// A workbook could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be written: {0}")]
pub struct WorkbookFault(#[from] rust_xlsxwriter::XlsxError);

/// The most rows that a template's drop-downs reach.
const TEMPLATE_ROWS: u32 = 5_000;
/// The longest list of a drop-down, in characters, that the format takes.
const LIST_MOST_CHARS: usize = 255;
/// The longest comment, in characters.
const NOTE_MOST_CHARS: usize = 2_000;

/// The refused rows under the header they came with, faulty cells coloured and with a comment that says what
/// to do. It has no columns of its own, so that it can be mended and handed in as it is.
///
/// # Errors
/// When the workbook cannot be written, which only rows beyond the format's bounds can cause.
pub fn error_workbook(
    layout: &Layout,
    report: &Report,
    returned: &Returned,
) -> Result<Vec<u8>, WorkbookFault> {
    let places = HeaderMap::new(layout, returned.headers.clone(), &returned.aliases).ok();
    let place_of = |code: &str| -> Option<usize> {
        let column = layout.columns.iter().position(|column| column.code == code)?;
        places.as_ref()?.places.get(column).copied().flatten()
    };
    let mut by_row: BTreeMap<u32, Vec<&RowError>> = BTreeMap::new();
    for error in &report.errors {
        by_row.entry(error.row).or_default().push(error);
    }
    let mut workbook = dated_workbook();
    let sheet = workbook.add_worksheet();
    sheet.set_name("退回")?;
    let text = Format::new().set_num_format("@");
    let faulty = Format::new()
        .set_num_format("@")
        .set_background_color(Color::RGB(0x00FB_D9D3));
    write_header(sheet, returned.headers.iter().map(String::as_str), |place| {
        layout_column(places.as_ref(), layout, place).is_some_and(|column| column.required)
    })?;
    for (line, row) in (1_u32..).zip(&returned.rows) {
        for (place, cell) in (0_u16..).zip(&row.cells) {
            sheet.write_string_with_format(line, place, cell, &text)?;
        }
        let mut notes: BTreeMap<u16, Vec<String>> = BTreeMap::new();
        for error in by_row.get(&row.row).into_iter().flatten() {
            let place = place_of(&error.column).unwrap_or(0);
            let place = u16::try_from(place).unwrap_or(0);
            notes
                .entry(place)
                .or_default()
                .push(format!("{} {}\n{}", error.code, error.message, error.message_en));
        }
        for (place, said) in notes {
            let cell = row.cells.get(usize::from(place)).map_or("", String::as_str);
            sheet.write_string_with_format(line, place, cell, &faulty)?;
            let words: String = format!("原第 {} 行 (row {})\n{}", row.row, row.row, said.join("\n"))
                .chars()
                .take(NOTE_MOST_CHARS)
                .collect();
            let note = Note::new(words)
                .set_author("信链 Xinlian")
                .add_author_prefix(false)
                .set_width(360)
                .set_height(120);
            sheet.insert_note(line, place, &note)?;
        }
    }
    Ok(workbook.save_to_buffer()?)
}

fn layout_column<'l>(places: Option<&HeaderMap>, layout: &'l Layout, place: usize) -> Option<&'l Column> {
    let column = places?.places.iter().position(|found| *found == Some(place))?;
    layout.columns.get(column)
}

/// A workbook to fill in: the official codes as header with drop-downs under code lists, and a second sheet
/// with a sample row and what each column takes.
///
/// # Errors
/// When the workbook cannot be written.
pub fn template_workbook(layout: &Layout) -> Result<Vec<u8>, WorkbookFault> {
    let mut workbook = dated_workbook();
    let sheet = workbook.add_worksheet();
    sheet.set_name("填报")?;
    let columns = || (0_u16..).zip(layout.template());
    let text = Format::new().set_num_format("@");
    for (place, _) in columns() {
        sheet.set_column_format(place, &text)?;
    }
    write_header(
        sheet,
        layout.template().iter().map(|column| column.code.as_str()),
        |place| layout.template().get(place).is_some_and(|column| column.required),
    )?;
    for (place, column) in columns() {
        sheet.insert_note(
            0,
            place,
            &Note::new(describe(column))
                .add_author_prefix(false)
                .set_width(280),
        )?;
        let values: Vec<&str> = column.values().collect();
        let length: usize = values.iter().map(|value| value.chars().count() + 1).sum();
        if !values.is_empty() && length <= LIST_MOST_CHARS {
            let list = DataValidation::new()
                .allow_list_strings(&values)?
                .set_error_style(DataValidationErrorStyle::Warning);
            sheet.add_data_validation(1, place, TEMPLATE_ROWS, place, &list)?;
        }
    }
    sample_sheet(workbook.add_worksheet(), layout)?;
    Ok(workbook.save_to_buffer()?)
}

/// The second sheet, which is never read: one sample row, and each column in words.
fn sample_sheet(sheet: &mut Worksheet, layout: &Layout) -> Result<(), WorkbookFault> {
    sheet.set_name("示例与说明")?;
    write_header(
        sheet,
        layout.template().iter().map(|column| column.code.as_str()),
        |place| layout.template().get(place).is_some_and(|column| column.required),
    )?;
    for (place, column) in (0_u16..).zip(layout.template()) {
        sheet.write_string(1, place, &column.example)?;
    }
    let head = Format::new().set_bold();
    for (place, title) in (0_u16..).zip(["列", "名称", "Name", "必填", "最长", "说明"]) {
        sheet.write_string_with_format(3, place, title, &head)?;
    }
    for (line, column) in (4_u32..).zip(layout.template()) {
        let most = column.max_chars.map(|most| most.to_string()).unwrap_or_default();
        let help = column.help.as_ref().map_or("", |help| help.zh.as_str());
        let cells = [
            &column.code,
            &column.name.zh,
            &column.name.en,
            need(column),
            &most,
            help,
        ];
        for (place, cell) in (0_u16..).zip(cells) {
            sheet.write_string(line, place, cell)?;
        }
    }
    Ok(())
}

fn need(column: &Column) -> &'static str {
    if column.required {
        "是"
    } else if column.required_for.is_empty() {
        ""
    } else {
        "视主体类别"
    }
}

fn describe(column: &Column) -> String {
    let mut lines = vec![column.name.zh.clone(), column.name.en.clone()];
    if let Some(help) = &column.help {
        lines.extend([help.zh.clone(), help.en.clone()]);
    }
    if !column.example.is_empty() {
        lines.push(format!("例：{}", column.example));
    }
    lines.join("\n")
}

fn write_header<'h>(
    sheet: &mut Worksheet,
    headers: impl Iterator<Item = &'h str>,
    is_required: impl Fn(usize) -> bool,
) -> Result<(), WorkbookFault> {
    let plain = Format::new()
        .set_bold()
        .set_num_format("@")
        .set_background_color(Color::RGB(0x00EE_EDE8));
    let required = plain.clone().set_font_color(Color::RGB(0x009C_2A1F));
    for (place, header) in (0_u16..).zip(headers) {
        let format = if is_required(usize::from(place)) {
            &required
        } else {
            &plain
        };
        sheet.write_string_with_format(0, place, header, format)?;
        sheet.set_column_width(place, 18)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// A workbook whose bytes depend on its content alone: it carries a fixed day of creation, not the clock's.
pub(super) fn dated_workbook() -> Workbook {
    let mut workbook = Workbook::new();
    if let Ok(day) = ExcelDateTime::from_ymd(2026, 1, 1) {
        workbook.set_properties(
            &DocProperties::new()
                .set_author("信链 Xinlian")
                .set_creation_datetime(&day),
        );
    }
    workbook
}

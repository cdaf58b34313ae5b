//! Cells to a record: every value to its place, then the catalogue's own word on the whole.

use std::collections::BTreeMap;

use assess::{Hint, ItemFault, Text};
use jiff::ToSpan;
use jiff::civil::Date;
use record::{
    Document, Ends, FieldName, Identifier, IdentifierWarning, ItemCode, Record, RecordFault, Stated,
    SubjectKind, Value,
};

use super::Intake;
use super::cells::{Cells, Parsed};
use crate::RowError;
use crate::cell::{CellFault, item_fault, record_fault};
use crate::layout::{Aim, Column, Layout};
use crate::read::RawRow;

/// What the cells of a row add up to, before it is known to be whole.
#[derive(Default)]
struct Draft {
    name: Option<String>,
    identifier: Option<Identifier>,
    item: Option<ItemCode>,
    number: Option<String>,
    authority: Option<String>,
    document_date: Option<Date>,
    occurred: Option<Date>,
    ends: Option<Date>,
    fields: BTreeMap<FieldName, Value>,
    /// Kept only if the row has no identifier.
    hints: BTreeMap<Hint, Value>,
}

/// The record that a row makes, or all of its faults; and what should be known of it.
pub(super) fn build(intake: &Intake<'_>, raw: &RawRow) -> (Result<Record, Vec<RowError>>, Vec<RowError>) {
    let layout = intake.layout;
    let mut cells = Cells::new(layout, &intake.places, raw, intake.bundle.realm(), intake.today);
    let mut notes = Vec::new();
    row_shape(intake, raw, &mut cells);
    let kind = cells.subject_kind();
    let mut draft = Draft {
        item: layout.item.clone(),
        ..Draft::default()
    };
    let mut births = Vec::new();
    for (place, column) in layout.columns.iter().enumerate() {
        let Some(parsed) = cells.parse(place, column, kind) else {
            continue;
        };
        if let Parsed::Value(Value::Date(date)) = &parsed
            && column.is_birth()
        {
            births.push((column, *date));
        }
        if let Parsed::Identifier(_, warnings) = &parsed
            && warnings.contains(&IdentifierWarning::UsccChecksum)
        {
            notes.push(checksum_note(raw.row, column));
        }
        if let Parsed::Masked(_) = &parsed {
            notes.push(masked_note(raw.row, column));
        }
        draft.put(column, parsed);
    }
    for (column, date) in births {
        cells.check_birth(column, date, draft.identifier.as_ref());
    }
    let Some(record) = draft.finish(intake, kind) else {
        if cells.errors.is_empty() {
            // Every required part has its own fault; this only speaks if a layout slipped through.
            let fault = CellFault::new(
                "INCOMPLETE",
                "这一行不完整；请对照模板补填",
                "the row is not whole; compare it with the template",
            );
            cells.refuse("", fault);
        }
        return (Err(cells.errors), notes);
    };
    // A record that lacks what its faulty cells should give is not judged by the catalogue for lacking it.
    if cells.errors.is_empty() {
        judge(intake, &record, &mut cells);
    } else {
        minor(intake, &record, &mut cells);
    }
    if cells.errors.is_empty() {
        notes.extend(late_note(intake, raw.row, &record));
        (Ok(record), notes)
    } else {
        (Err(cells.errors), notes)
    }
}

/// A row with more cells than headers is shifted, and one that the file ends in is cut: neither is believed.
fn row_shape(intake: &Intake<'_>, raw: &RawRow, cells: &mut Cells<'_>) {
    let headers = intake.headers.headers.len();
    if raw.cells().skip(headers).any(|cell| !cell.trim().is_empty()) {
        let found = raw.len();
        let fault = CellFault::new(
            "COLUMN-COUNT",
            format!("此行有 {found} 格，表头只有 {headers} 列，各格可能已错位；请检查多出的逗号或引号"),
            format!(
                "the row has {found} cells under {headers} headers and may be shifted; look for a stray comma or quote"
            ),
        );
        cells.refuse("", fault);
    } else if raw.unended && raw.len() < headers {
        let fault = CellFault::new(
            "ROW-CUT",
            "文件在此行中间结束，此行不完整；请重新导出".to_owned(),
            "the file ends inside this row; export it again",
        );
        cells.refuse("", fault);
    }
}

impl Draft {
    fn put(&mut self, column: &Column, parsed: Parsed) {
        match parsed {
            Parsed::Said => {}
            Parsed::Identifier(identifier, _) => {
                if column.to.contains(&Aim::Identifier) && self.identifier.is_none() {
                    self.identifier = Some(identifier);
                } else {
                    self.put_value(column, &Value::Text(identifier.value().to_owned()));
                }
            }
            Parsed::Masked(number) => {
                self.hints.insert(Hint::Number, Value::Text(number));
            }
            Parsed::Item(item, value) => {
                if column.to.contains(&Aim::Item) {
                    self.item = Some(item);
                }
                self.put_value(column, &value);
            }
            Parsed::Value(value) => self.put_value(column, &value),
        }
    }

    fn put_value(&mut self, column: &Column, value: &Value) {
        for aim in &column.to {
            match (aim, value) {
                (Aim::Field(name), value) => {
                    self.fields.insert(name.clone(), value.clone());
                }
                (Aim::Hint(hint), value) => {
                    self.hints.entry(*hint).or_insert_with(|| value.clone());
                }
                (Aim::Name, Value::Text(text)) => self.name = Some(text.clone()),
                (Aim::DocumentNumber, Value::Text(text)) => self.number = Some(text.clone()),
                (Aim::DocumentAuthority, Value::Text(text)) => self.authority = Some(text.clone()),
                (Aim::DocumentDate, Value::Date(date)) => self.document_date = Some(*date),
                (Aim::Occurred, Value::Date(date)) => self.occurred = Some(*date),
                (Aim::Ends, Value::Date(date)) => self.ends = Some(*date),
                _ => {}
            }
        }
    }

    fn finish(mut self, intake: &Intake<'_>, kind: Option<SubjectKind>) -> Option<Record> {
        let occurred = self.occurred?;
        let own_name = || match intake.bundle.source(&intake.source) {
            Some(source) => source.name.zh.clone(),
            None => intake.source.to_string(),
        };
        let document = self.number.map(|number| Document {
            number,
            authority: self.authority.unwrap_or_else(own_name),
            date: self.document_date.unwrap_or(occurred),
        });
        if self.identifier.is_none() {
            let hints = std::mem::take(&mut self.hints).into_iter();
            let named = hints.filter_map(|(hint, value)| Some((FieldName::new(hint.field()).ok()?, value)));
            self.fields.extend(named);
        }
        let on_correction = intake
            .layout
            .on_correction_months
            .map(|months| Ends::OnCorrection {
                review_by: occurred.saturating_add(months.months()),
            });
        Some(Record {
            source: intake.source.clone(),
            item: self.item?,
            subject: Some(Stated {
                kind: kind?,
                name: self.name?,
                identifier: self.identifier,
            }),
            document,
            occurred,
            // A file names the last day of effect; a record the first day without.
            ends: on_correction.or(self.ends.and_then(|last| last.tomorrow().ok()).map(Ends::On)),
            fields: self.fields,
            references: Vec::new(),
        })
    }
}

/// The record's own form, and the catalogue in force.
fn judge(intake: &Intake<'_>, record: &Record, cells: &mut Cells<'_>) {
    for fault in record.faults() {
        let column = column_of_record_fault(intake.layout, &fault);
        cells.refuse(column, record_fault(&fault));
    }
    for fault in intake.check.faults(record) {
        let column = column_of_item_fault(intake.layout, record, &fault);
        cells.refuse(column, item_fault(&fault));
    }
}

/// That the person was a minor is said even if the row has other faults, so that nobody mends it first.
fn minor(intake: &Intake<'_>, record: &Record, cells: &mut Cells<'_>) {
    let faults = intake.check.faults(record);
    if let Some(fault) = faults
        .iter()
        .find(|fault| matches!(fault, ItemFault::Juvenile(_)))
    {
        let column = column_of_item_fault(intake.layout, record, fault);
        cells.refuse(column, item_fault(fault));
    }
}

fn code_of<'l>(layout: &'l Layout, aim: &Aim) -> &'l str {
    layout.aimed(aim).map_or("", |column| column.code.as_str())
}

fn column_of_item_fault<'l>(layout: &'l Layout, record: &Record, fault: &ItemFault) -> &'l str {
    let aim = match fault {
        ItemFault::Uncatalogued(_) | ItemFault::NotOfSource { .. } => Aim::Item,
        ItemFault::NotYet { .. } | ItemFault::Over { .. } => Aim::Occurred,
        ItemFault::SubjectMissing => Aim::Name,
        ItemFault::SubjectKind { .. } => Aim::Kind,
        ItemFault::DocumentMissing => Aim::DocumentNumber,
        ItemFault::Juvenile(_) if record.field(Hint::BirthDate.field()).is_some() => {
            Aim::Hint(Hint::BirthDate)
        }
        ItemFault::Juvenile(_) => {
            return layout
                .identifier_column(SubjectKind::Person)
                .map_or("", Column::code);
        }
        other if let Some(hint) = other.field().and_then(Hint::of_field) => Aim::Hint(hint),
        other => match other.field().and_then(|name| FieldName::new(name).ok()) {
            Some(name) => Aim::Field(name),
            None => return "",
        },
    };
    code_of(layout, &aim)
}

fn column_of_record_fault<'l>(layout: &'l Layout, fault: &RecordFault) -> &'l str {
    let aim = match fault {
        RecordFault::TextLength { part: "name", .. } => Aim::Name,
        RecordFault::TextLength {
            part: "document number",
            ..
        } => Aim::DocumentNumber,
        RecordFault::TextLength { .. } => Aim::DocumentAuthority,
        RecordFault::EndsBeforeStart { .. } | RecordFault::ReviewTooLate { .. } => Aim::Ends,
        RecordFault::IdentifierOfOtherKind { .. } => Aim::Identifier,
        RecordFault::TooMany { .. } => return "",
    };
    code_of(layout, &aim)
}

fn checksum_note(row: u32, column: &Column) -> RowError {
    let text = Text::new(
        "统一社会信用代码的校验位不符；早年有此类代码，登记库有的照常入库，没有的待人工关联",
        "the check character does not fit; some early codes are so: it counts where the register has it, and otherwise waits for a person to link it",
    );
    RowError::new(row, &column.code, "USCC-CHECKSUM", text, "")
}

fn masked_note(row: u32, column: &Column) -> RowError {
    let text = Text::new(
        "号码被遮盖，不能据此认定是谁；此行待人工关联，有完整号码请补报",
        "it is masked and names nobody: the row waits for a person to link it; hand in the whole number if there is one",
    );
    RowError::new(row, &column.code, "ID-MASKED-WAITS", text, "")
}

fn late_note(intake: &Intake<'_>, row: u32, record: &Record) -> Option<RowError> {
    let days = intake.layout.late_after_working_days?;
    let decided = record
        .document
        .as_ref()
        .map_or(record.occurred, |document| document.date);
    let due = intake.bundle.calendar().after_working_days(decided, days);
    (intake.today > due).then(|| {
        let text = Text::new(
            format!("作出决定后超过 {days} 个工作日才报送"),
            format!("handed in more than {days} working days after the decision"),
        );
        RowError::new(row, code_of(intake.layout, &Aim::DocumentDate), "LATE", text, "")
    })
}

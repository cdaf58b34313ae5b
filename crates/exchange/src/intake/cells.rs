//! The cells of one row by the columns of the layout: what must be there is there, and each is a value.

use std::borrow::Cow;

use jiff::civil::Date;
use record::{
    Identifier, IdentifierKind, IdentifierWarning, ItemCode, Realm, SubjectKind, Value, mask_identifier,
    resident_birth_date, same_name_key, tidied,
};

use crate::RowError;
use crate::cell::{
    CellFault, has_lost_digits, identifier_fault, is_formula_error, parse_amount, parse_date, parse_integer,
    tidy_case_number, tidy_document_number,
};
use crate::layout::{CellKind, CodeValue, Column, Layout, Means, Prefix};
use crate::read::RawRow;

/// What a cell says.
#[derive(Debug, Clone)]
pub(super) enum Parsed {
    Value(Value),
    /// A value that says how the others are read, and was taken note of before them.
    Said,
    Item(ItemCode, Value),
    Identifier(Identifier, Vec<IdentifierWarning>),
    /// An identifier as far as it is shown: a hint.
    Masked(String),
}

/// One row's cells, tidied, and what is wrong with them.
pub(super) struct Cells<'a> {
    pub(super) layout: &'a Layout,
    pub(super) row: u32,
    /// Where the file has each column of the layout.
    places: &'a [Option<usize>],
    raw: &'a RawRow,
    pub(super) errors: Vec<RowError>,
    realm: Realm,
    today: Date,
}

impl<'a> Cells<'a> {
    pub(super) fn new(
        layout: &'a Layout,
        places: &'a [Option<usize>],
        raw: &'a RawRow,
        realm: Realm,
        today: Date,
    ) -> Self {
        Self {
            layout,
            row: raw.row,
            places,
            raw,
            errors: Vec::new(),
            realm,
            today,
        }
    }

    /// The tidied text of the column in this place of the layout.
    pub(super) fn text(&self, place: usize) -> Cow<'a, str> {
        let place = self.places.get(place).copied().flatten();
        place
            .map(|place| tidied(self.raw.cell(place)))
            .unwrap_or_default()
    }

    fn text_of(&self, code: &str) -> Cow<'a, str> {
        let place = self.layout.columns.iter().position(|column| column.code == code);
        place.map(|place| self.text(place)).unwrap_or_default()
    }

    pub(super) fn refuse(&mut self, column: &str, fault: CellFault) {
        let value = self.shown(column);
        self.errors
            .push(RowError::of_cell(self.row, column, fault, &value));
    }

    /// The value as a report may repeat it: an identifier is shown whole only if it cannot be a person's.
    pub(super) fn shown(&self, column: &str) -> String {
        let text = self.text_of(column);
        let is_identifier = self.layout.column(column).is_some_and(Column::is_identifier);
        let of_organisation = text.chars().count() == 18
            && text.starts_with(['1', '5', '9', 'Y', 'N'])
            && !is_digits(&text, 17);
        if is_identifier && !of_organisation {
            mask_identifier(&text)
        } else {
            text.into_owned()
        }
    }

    /// The row's kind of subject.
    pub(super) fn subject_kind(&mut self) -> Option<SubjectKind> {
        if self.layout.subject.is_some() {
            return self.layout.subject;
        }
        if self.layout.subject_by_identifier {
            return self.kind_by_identifier();
        }
        let (place, column) = self.place_of(&crate::layout::Aim::Kind)?;
        match self.code_value(place, column) {
            Some(Means::Kind(kind)) => Some(kind),
            _ => None,
        }
    }

    /// The kind of subject of the first identifier that the row gives; without any the row is refused.
    fn kind_by_identifier(&mut self) -> Option<SubjectKind> {
        let columns = self.layout.columns.iter().enumerate();
        let mut blank: Vec<&Column> = Vec::new();
        for (place, column) in
            columns.filter(|(_, column)| column.to.contains(&crate::layout::Aim::Identifier))
        {
            let (CellKind::Identifier { kinds, prefixes, .. }, text) = (&column.kind, self.text(place))
            else {
                continue;
            };
            if !text.is_empty() {
                let mut kinds = kinds.keys().copied();
                return kinds.find(|kind| check_prefix(prefixes, *kind, &text).is_ok());
            }
            blank.push(column);
        }
        let names = |of: fn(&Column) -> &str| blank.iter().map(|column| of(column)).collect::<Vec<_>>();
        let fault = CellFault::new(
            "SUBJECT-UNKNOWN",
            format!(
                "{}均为空，无法确定是谁；请至少填写一项",
                names(|column| &column.name.zh).join("、")
            ),
            format!(
                "nothing says who it is; fill in one of: {}",
                names(|column| &column.name.en).join(", ")
            ),
        );
        self.refuse(blank.first().map_or("", |column| &column.code), fault);
        None
    }

    fn place_of(&self, aim: &crate::layout::Aim) -> Option<(usize, &'a Column)> {
        let mut columns = self.layout.columns.iter().enumerate();
        columns.find(|(_, column)| column.to.contains(aim))
    }

    fn code_value(&self, place: usize, column: &Column) -> Option<Means> {
        match &column.kind {
            CellKind::Code { values, several } => find_codes(values, *several, &self.text(place))
                .ok()?
                .means
                .clone(),
            _ => None,
        }
    }

    /// The value of one column, `None` if the cell is blank or its fault was noted.
    pub(super) fn parse(
        &mut self,
        place: usize,
        column: &'a Column,
        kind: Option<SubjectKind>,
    ) -> Option<Parsed> {
        let text = self.text(place);
        if let Some(fault) = presence(column, kind, &text) {
            self.refuse(&column.code, fault);
            return None;
        }
        if text.is_empty() || is_not_for(column, kind) {
            return None;
        }
        let found = check_text(column, &text).and_then(|()| self.value(column, kind, &text));
        match found {
            Ok(parsed) => parsed,
            Err(fault) => {
                self.refuse(&column.code, fault);
                None
            }
        }
    }

    fn value(
        &self,
        column: &Column,
        kind: Option<SubjectKind>,
        text: &str,
    ) -> Result<Option<Parsed>, CellFault> {
        Ok(Some(match &column.kind {
            CellKind::Text => Parsed::Value(Value::Text(text.to_owned())),
            CellKind::DocumentNumber => Parsed::Value(Value::Text(tidy_document_number(text))),
            CellKind::CaseNumber => Parsed::Value(Value::Text(tidy_case_number(text))),
            CellKind::Date { .. } => return self.date(column, text),
            CellKind::Amount { unit, ask_from_yuan } => {
                Parsed::Value(Value::Amount(parse_amount(text, *unit, *ask_from_yuan)?))
            }
            CellKind::Integer { least, most } => {
                Parsed::Value(Value::Integer(parse_integer(text, *least, *most)?))
            }
            CellKind::Code { values, several } => {
                let value = find_codes(values, *several, text)?;
                let text = Value::Text(if *several {
                    text.to_owned()
                } else {
                    value.zh.clone()
                });
                match &value.means {
                    Some(Means::Kind(_) | Means::Identifier(_)) => Parsed::Said,
                    Some(Means::Item(item)) => Parsed::Item(item.clone(), text),
                    None => Parsed::Value(text),
                }
            }
            CellKind::Identifier {
                kinds,
                kind_from,
                prefixes,
            } => {
                let Some(stated) = kind.and_then(|kind| kinds.get(&kind)) else {
                    return Ok(None);
                };
                if is_masked(text) && self.layout.takes_hints() && !is_required(column, kind) {
                    return Ok(Some(Parsed::Masked(text.to_owned())));
                }
                let stated = self.stated_kind(kind_from.as_deref(), *stated);
                if let Some(kind) = kind {
                    check_prefix(prefixes, kind, text)?;
                }
                self.identifier(stated, text)?
            }
        }))
    }

    /// The kind that the row's own column states, or the usual one if that is blank.
    fn stated_kind(&self, kind_from: Option<&str>, usual: IdentifierKind) -> IdentifierKind {
        let column = kind_from.and_then(|code| {
            self.layout
                .columns
                .iter()
                .enumerate()
                .find(|(_, c)| c.code == code)
        });
        match column.and_then(|(place, column)| self.code_value(place, column)) {
            Some(Means::Identifier(kind)) => kind,
            _ => usual,
        }
    }

    fn identifier(&self, kind: IdentifierKind, text: &str) -> Result<Parsed, CellFault> {
        // What keeps a spreadsheet from taking it for a number may come along.
        let text = text.trim_start_matches(['\'', '’', '‘', '`']);
        if has_lost_digits(text) {
            return Err(CellFault::new(
                "DIGITS-LOST",
                "表格软件把号码当成数字，末几位已丢失；请把该列设为文本格式后重新填写".to_owned(),
                "the spreadsheet took it for a number and lost its last digits; set the column to text and fill it in again",
            ));
        }
        if is_masked(text) {
            return Err(CellFault::new(
                "ID-MASKED",
                "号码被星号遮盖，无法对应到主体；请填写完整号码".to_owned(),
                "it is masked and names nobody; write the whole identifier",
            ));
        }
        let (identifier, warnings) =
            Identifier::parse(kind, text, self.realm).map_err(|fault| identifier_fault(&fault))?;
        Ok(Parsed::Identifier(identifier, warnings))
    }

    fn date(&self, column: &Column, text: &str) -> Result<Option<Parsed>, CellFault> {
        let CellKind::Date {
            long_term,
            not_after_today,
            not_before,
            is_birth: _,
        } = &column.kind
        else {
            return Ok(None);
        };
        if *long_term && matches!(text, "长期" | "长期有效" | "永久" | "永久有效" | "无固定期限")
        {
            return Ok(None);
        }
        let nine = text.starts_with("9999");
        if *long_term && nine {
            return Ok(None);
        }
        let date = parse_date(text)?;
        if *long_term && date == Date::constant(2099, 12, 31) {
            return Ok(None);
        }
        if *not_after_today && date > self.today {
            return Err(CellFault::new(
                "DATE-FUTURE",
                format!("{date} 在今天（{}）之后；请核对原件", self.today),
                format!(
                    "{date} lies after today, {}; compare it with the document",
                    self.today
                ),
            ));
        }
        if let Some(code) = not_before
            && let Ok(earlier) = parse_date(&self.text_of(code))
            && date < earlier
        {
            let name = self
                .layout
                .column(code)
                .map_or(code.as_str(), |column| column.name.zh.as_str());
            return Err(CellFault::new(
                "DATE-ORDER",
                format!("{date} 早于{name}（{earlier}）；请核对原件"),
                format!("{date} lies before `{code}`, {earlier}; compare it with the document"),
            ));
        }
        Ok(Some(Parsed::Value(Value::Date(date))))
    }

    /// The stated date of birth is the one in the identifier.
    pub(super) fn check_birth(&mut self, column: &Column, date: Date, identifier: Option<&Identifier>) {
        let carried = identifier.and_then(resident_birth_date);
        if let Some(carried) = carried
            && carried != date
        {
            let fault = CellFault::new(
                "BIRTH-MISMATCH",
                "与证件号码中的出生日期不一致；请核对证件".to_owned(),
                "it is not the date of birth in the identity number; compare both with the card",
            );
            self.refuse(&column.code, fault);
        }
    }
}

fn is_masked(text: &str) -> bool {
    text.contains(['*', '＊', '×'])
}

fn is_required(column: &Column, kind: Option<SubjectKind>) -> bool {
    column.required || kind.is_some_and(|kind| column.required_for.contains(&kind))
}

/// What must be there is there, and what must not is not.
fn presence(column: &Column, kind: Option<SubjectKind>, text: &str) -> Option<CellFault> {
    if text.is_empty() {
        return is_required(column, kind).then(|| missing(column));
    }
    let blank = kind.is_some_and(|kind| column.blank_for.contains(&kind));
    blank.then(|| {
        let (zh, en) = kind.map_or(("", ""), kind_words);
        CellFault::new(
            "KIND-MISMATCH",
            format!("主体类别是{zh}，此列应为空；请核对主体类别，或清空此格"),
            format!(
                "the subject is {en}, so this cell is blank; check the kind of subject, or clear the cell"
            ),
        )
    })
}

fn check_text(column: &Column, text: &str) -> Result<(), CellFault> {
    if is_formula_error(text) {
        return Err(CellFault::new(
            "CELL-ERROR",
            format!("单元格是公式错误 `{text}`；请改为实际的值"),
            format!("the cell holds the error of a formula, `{text}`; write the value"),
        ));
    }
    let found = text.chars().count();
    match column.max_chars {
        Some(most) if found > most => Err(CellFault::new(
            "TOO-LONG",
            format!("共 {found} 个字符，最多 {most} 个；请缩短，不要删去文书号和金额"),
            format!(
                "it has {found} characters, at most {most}; shorten it, but keep document numbers and amounts"
            ),
        )),
        _ => Ok(()),
    }
}

/// Whether a column says nothing about this kind of subject: an identifier of another kind.
fn is_not_for(column: &Column, kind: Option<SubjectKind>) -> bool {
    match (&column.kind, kind) {
        (CellKind::Identifier { kinds, .. }, Some(kind)) => !kinds.contains_key(&kind),
        (CellKind::Identifier { .. }, None) => true,
        _ => false,
    }
}

fn is_digits(text: &str, first: usize) -> bool {
    text.chars().take(first).all(|c| c.is_ascii_digit())
}

fn kind_words(kind: SubjectKind) -> (&'static str, &'static str) {
    match kind {
        SubjectKind::Person => ("自然人", "a natural person"),
        SubjectKind::Organisation => ("法人及非法人组织", "an organisation"),
        SubjectKind::SoleTrader => ("个体工商户", "a sole trader"),
    }
}

fn missing(column: &Column) -> CellFault {
    let is_document = column.to.contains(&crate::layout::Aim::DocumentNumber);
    let (zh, en) = if is_document {
        (
            "没有文书号的记录不能入库；请按文书补填",
            "a record without the number of its document is not taken; fill it in from the document",
        )
    } else {
        ("不能为空；请补填", "it must not be blank; fill it in")
    };
    CellFault::new("REQUIRED", zh, en)
}

fn check_prefix(prefixes: &[Prefix], kind: SubjectKind, text: &str) -> Result<(), CellFault> {
    let broken = prefixes
        .iter()
        .find(|prefix| text.starts_with(&prefix.starts) && !prefix.only.contains(&kind));
    let Some(prefix) = broken else { return Ok(()) };
    let allowed: Vec<(&str, &str)> = prefix.only.iter().map(|kind| kind_words(*kind)).collect();
    let zh: Vec<&str> = allowed.iter().map(|(zh, _)| *zh).collect();
    let en: Vec<&str> = allowed.iter().map(|(_, en)| *en).collect();
    Err(CellFault::new(
        "KIND-MISMATCH",
        format!(
            "以 {} 开头的代码只属于{}；请核对主体类别或代码",
            prefix.starts,
            zh.join("、")
        ),
        format!(
            "a code that begins with {} is only of {}; check the kind of subject or the code",
            prefix.starts,
            en.join(" or ")
        ),
    ))
}

/// The value that the text is, or the last in the list of those that it names.
fn find_codes<'v>(values: &'v [CodeValue], several: bool, text: &str) -> Result<&'v CodeValue, CellFault> {
    let one = |part: &str| {
        let key = same_name_key(part);
        values.iter().position(|value| is_value(value, &key))
    };
    let found = match one(text) {
        Some(place) => Some(place),
        None if several => text
            .split([';', '；', '、', ',', '，', '/'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(one)
            .collect::<Option<Vec<usize>>>()
            .and_then(|places| places.into_iter().max()),
        None => None,
    };
    let Some(value) = found.and_then(|place| values.get(place)) else {
        let known: Vec<&str> = values.iter().map(|value| value.zh.as_str()).collect();
        let known = known.join("、");
        return Err(CellFault::new(
            "CODE-UNKNOWN",
            format!("`{text}` 不在代码表内；请填其中之一：{known}"),
            format!("`{text}` is not in the code list; write one of: {known}"),
        ));
    };
    match &value.refused {
        Some(words) => Err(CellFault {
            code: "VALUE-REFUSED",
            text: words.clone(),
        }),
        None => Ok(value),
    }
}

fn is_value(value: &CodeValue, key: &str) -> bool {
    value.keys.iter().any(|name| {
        let rest = key.strip_prefix(name.as_str());
        rest.is_some_and(|rest| {
            rest.is_empty() || (value.detail && rest.starts_with(['-', '—', '(', ':', '：']))
        })
    })
}

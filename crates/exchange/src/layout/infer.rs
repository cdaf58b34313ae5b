//! A layout proposed for a spreadsheet nobody knows: what its headers and cells look like, for a person to finish.
//!
//! Nothing of it is believed by anyone: it is a text, and becomes a layout when it has been read, finished, checked and
//! published. Whose number a column holds is taken from the words of its header, never from the shape of the numbers.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use assess::{Bundle, FieldSpec, Item, PolicyFault};
use record::ValueKind;

use super::parse;
use super::suggest::likeness;
use crate::cell::{AmountUnit, parse_amount, parse_date};
use crate::layout::header_key;

/// A layout file as proposed.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The TOML, with what is guessed said so in comments.
    pub text: String,
    /// What it lacks to be a layout, each with its line.
    pub unfinished: Vec<PolicyFault>,
}

/// Below so many of a hundred a header is not taken for a field of the item.
const LIKE_LEAST: u32 = 34;
/// A column with at most so many different values may be a code list.
const VALUES_MOST: usize = 8;

/// Proposes a layout named `code` for rows of this item under these headers. Without an item, that of the catalogue is named whose
/// fields the headers are most like.
pub fn infer_layout(
    bundle: &Bundle,
    code: &str,
    item: Option<&Item>,
    headers: &[String],
    rows: &[Vec<String>],
) -> Proposal {
    let guessed = item.is_none();
    let item = item.or_else(|| likeliest(bundle, headers));
    let mut text = String::new();
    let mut line = |said: String| {
        let _infallible = writeln!(text, "{said}");
    };
    line("# Proposed by `xinlian layout infer` from a file: read every line, finish it, then `xinlian policy check`.".to_owned());
    line(String::new());
    line(format!("code = {}", quoted(code)));
    line(format!(
        "name = {{ zh = {0}, en = {0} }} # to be named",
        quoted(code)
    ));
    match item {
        Some(item) => {
            if let [only] = item.subjects.as_slice() {
                line(format!("subject = {}", quoted(only.code())));
            } else {
                line(
                    "# subject: say which kind every row is about, or send a column to `subject.kind`"
                        .to_owned(),
                );
            }
            let said = if guessed {
                " # the likeliest by its fields"
            } else {
                ""
            };
            line(format!("item = {}{said}", quoted(item.code.as_str())));
        }
        None => line("# item: no item of the catalogue is like this table".to_owned()),
    }
    let mut taken = BTreeSet::new();
    for (place, header) in headers
        .iter()
        .enumerate()
        .filter(|(_, header)| !header.is_empty())
    {
        let cells = rows.iter().filter_map(|row| row.get(place)).map(String::as_str);
        let cells: Vec<&str> = cells.filter(|cell| !cell.is_empty()).collect();
        let column = Guess::of(place, header, &cells, rows.len(), item, &mut taken);
        text.push_str(&column.toml());
    }
    let path = format!("layouts/{code}.toml");
    let unfinished = parse::parse(&path, &text, bundle).err().unwrap_or_default();
    Proposal { text, unfinished }
}

/// The item with the fields that the headers are most like.
fn likeliest<'b>(bundle: &'b Bundle, headers: &[String]) -> Option<&'b Item> {
    let keys: Vec<String> = headers.iter().map(|header| header_key(header)).collect();
    let like = |item: &Item| -> u32 {
        let fields = item.fields.iter().map(|field| {
            let label = header_key(&field.label.zh);
            keys.iter().map(|key| likeness(&label, key)).max().unwrap_or(0)
        });
        fields.filter(|likeness| *likeness >= 60).sum()
    };
    let scored = bundle.items().map(|item| (like(item), item));
    let best = scored.max_by_key(|(score, item)| (*score, std::cmp::Reverse(item.code.clone())))?;
    (best.0 > 0).then_some(best.1)
}

/// What a column seems to be.
struct Guess {
    code: String,
    header: String,
    kind: String,
    /// Further keys of the column, one a line.
    keys: Vec<String>,
    required: bool,
    to: Vec<String>,
    example: Option<String>,
}

/// A kind, its further keys, and where the value goes.
type Kind = (&'static str, Option<String>, Option<&'static str>);

/// What the words of a header and the cells below it say of a column.
fn kind_of(header: &str, cells: &[&str], rows: usize) -> Kind {
    let has = |words: &[&str]| words.iter().any(|word| header.contains(word));
    let most = |test: &dyn Fn(&str) -> bool| {
        let good = cells.iter().filter(|cell| test(cell)).count();
        !cells.is_empty() && good * 5 >= cells.len() * 4
    };
    if has(&["信用代码", "SHXYM", "XYDM"]) {
        let keys = "identifier = { organisation = \"uscc\", sole_trader = \"uscc\" }";
        return ("identifier", Some(keys.to_owned()), Some("subject.identifier"));
    }
    if has(&["身份证", "身份号", "公民身份", "SFZ"]) {
        let keys = "identifier = { person = \"resident_id\" }";
        return ("identifier", Some(keys.to_owned()), Some("subject.identifier"));
    }
    let dated = most(&|cell| parse_date(cell).is_ok() || cell.contains("长期"));
    // A number alone may be a day by a spreadsheet's count, or anything.
    let said = has(&["日", "期", "时间", "RQ"]) || most(&|cell| !cell.bytes().all(|b| b.is_ascii_digit()));
    if dated && said {
        let words = [
            "决定", "认定", "作出", "发生", "登记", "列入", "评定", "立案", "取得", "JDRQ",
        ];
        return ("date", None, has(&words).then_some("occurred"));
    }
    let unit = if has(&["万元"]) {
        AmountUnit::TenThousandYuan
    } else {
        AmountUnit::Yuan
    };
    if has(&["金额", "款", "元", "资本", "税额"]) && most(&|cell| parse_amount(cell, unit, None).is_ok())
    {
        return ("amount", Some(format!("unit = {}", quoted(unit.name()))), None);
    }
    if has(&["案号"]) {
        return ("case_number", None, Some("document.number"));
    }
    if has(&["文号", "文书号", "决定书", "证书号", "编号", "WSH"]) {
        return ("document_number", None, Some("document.number"));
    }
    if most(&|cell| cell.len() <= 9 && cell.bytes().all(|b| b.is_ascii_digit())) {
        return ("integer", None, None);
    }
    if let Some(values) = code_list(cells, rows) {
        return (
            "code",
            Some(format!("values = [{values}] # those that were seen")),
            None,
        );
    }
    if has(&["名称", "姓名", "当事人", "相对人", "XM", "MC"]) {
        ("text", None, Some("subject.name"))
    } else if has(&["机关", "部门", "法院"]) {
        ("text", None, Some("document.authority"))
    } else {
        ("text", None, None)
    }
}

impl Guess {
    fn of(
        place: usize,
        header: &str,
        cells: &[&str],
        rows: usize,
        item: Option<&Item>,
        taken: &mut BTreeSet<String>,
    ) -> Self {
        let (kind, keys, aim) = kind_of(header, cells, rows);
        let field = item.and_then(|item| field_of(item, header, kind));
        let aims = aim.map(str::to_owned).into_iter();
        let aims = aims.chain(field.map(|field| format!("field.{}", field.name)));
        let to: Vec<String> = aims.filter(|aim| taken.insert(aim.clone())).collect();
        let mut keys: Vec<String> = keys.into_iter().collect();
        if matches!(kind, "text" | "document_number" | "case_number") {
            let length = cells.iter().map(|cell| cell.chars().count()).max().unwrap_or(0);
            let most = (length * 2).max(20);
            keys.push(format!("max_chars = {most} # twice the longest that was seen"));
        }
        let plain = header.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let shown = matches!(kind, "date" | "amount");
        Self {
            code: if plain {
                header.to_owned()
            } else {
                format!("L{:02}", place + 1)
            },
            header: header.to_owned(),
            kind: kind.to_owned(),
            keys,
            required: rows > 0 && cells.len() == rows,
            to,
            example: cells.first().filter(|_| shown).map(|cell| (*cell).to_owned()),
        }
    }

    fn toml(&self) -> String {
        let mut text = format!(
            "\n[[column]]\ncode = {}\nname = {{ zh = {1}, en = {1} }}\nkind = {2}\n",
            quoted(&self.code),
            quoted(&self.header),
            quoted(&self.kind)
        );
        if self.required {
            text.push_str("required = true # no cell of it was blank\n");
        }
        for key in &self.keys {
            let _infallible = writeln!(text, "{key}");
        }
        if self.to.is_empty() {
            text.push_str("# to: nowhere; checked and dropped\n");
        } else {
            let to: Vec<String> = self.to.iter().map(|aim| quoted(aim)).collect();
            let _infallible = writeln!(text, "to = [{}]", to.join(", "));
        }
        if let Some(example) = &self.example {
            let _infallible = writeln!(text, "example = {}", quoted(example));
        }
        text
    }
}

/// The values of a column that has few of them, as TOML.
fn code_list(cells: &[&str], rows: usize) -> Option<String> {
    let values: BTreeSet<&str> = cells.iter().copied().collect();
    let short = values.iter().all(|value| value.chars().count() <= 20);
    // A few rows say nothing about how many values there are.
    let few = values.len() <= VALUES_MOST && rows >= 20 && values.len() * 4 <= cells.len();
    (few && short && !values.is_empty()).then(|| {
        let values: Vec<String> = values
            .iter()
            .map(|value| format!("{{ zh = {} }}", quoted(value)))
            .collect();
        values.join(", ")
    })
}

/// The field of the item that a header is most like, if it takes such values.
fn field_of<'i>(item: &'i Item, header: &str, kind: &str) -> Option<&'i FieldSpec> {
    let key = header_key(header);
    let takes = |field: &&FieldSpec| match field.kind {
        ValueKind::Date => kind == "date",
        ValueKind::Amount => kind == "amount",
        ValueKind::Integer => kind == "integer",
        ValueKind::Text => matches!(kind, "text" | "code" | "document_number" | "case_number"),
        _ => false,
    };
    let like = |field: &FieldSpec| likeness(&header_key(&field.label.zh), &key);
    let fields = item.fields.iter().filter(takes).map(|field| (like(field), field));
    let best = fields.max_by_key(|(likeness, _)| *likeness)?;
    (best.0 >= LIKE_LEAST).then_some(best.1)
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    toml::Value::String(text.replace(['\n', '\r'], " ")).to_string()
}

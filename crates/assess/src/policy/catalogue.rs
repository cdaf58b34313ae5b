//! 信息目录: what may be collected at all, and who may hand it in.

use jiff::civil::Date;
use record::{FieldName, ItemCode, PurposeCode, SourceCode, SubjectKind, ValueKind};
use serde::{Deserialize, Serialize};

use super::fault::Faults;
use super::read::{self, Placed};
use super::text::{LegalBasis, Text};

/// A class of the catalogue, e.g. 行政管理, with the caps that no item of it may exceed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Its code, e.g. `administration`.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// The longest that an adverse record of this class may have effect, in months.
    pub adverse_months_most: u32,
    /// Whether a natural person's characteristics in a scorecard may be of this class (guard 3).
    #[serde(default)]
    pub characteristic_of_persons: bool,
    /// What the class and its caps rest on.
    pub legal_basis: Vec<LegalBasis>,
}

/// Which way an item speaks of its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// Against it: needs a document and a second officer, and ends.
    Adverse,
    /// For it.
    Good,
    /// Neither.
    Neutral,
}

/// Who may see an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Publicity {
    /// Everyone, for organisations; within the display months.
    Public,
    /// The subject and who has a purpose.
    Subject,
    /// The subject, its source, and who has a purpose that names it.
    Restricted,
}

/// 轻微, 一般, 严重: the tiers of 信用修复管理办法, which bound display.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// 轻微: not published.
    Minor,
    /// 一般.
    General,
    /// 严重.
    Severe,
}

impl Tier {
    /// Its code in clause ids and locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Minor => "minor",
            Self::General => "general",
            Self::Severe => "severe",
        }
    }

    /// The shortest display before repair, in months (NDRC order 36).
    pub fn display_months_least(self) -> u32 {
        match self {
            Self::Minor => 0,
            Self::General => 3,
            Self::Severe => 12,
        }
    }

    /// The longest display, in months (NDRC order 36).
    pub fn display_months_most(self) -> u32 {
        match self {
            Self::Minor => 3,
            Self::General => 12,
            Self::Severe => 36,
        }
    }
}

/// From which day an item's months are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountsFrom {
    /// The day of the fact or decision.
    #[default]
    Occurred,
    /// The date of the document.
    Document,
}

/// One field of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSpec {
    /// Its name in records.
    pub name: FieldName,
    /// Its name on pages.
    pub label: Text,
    /// What it takes.
    pub kind: ValueKind,
    /// Whether a record must have it.
    #[serde(default)]
    pub required: bool,
    /// The longest text it takes, in characters.
    #[serde(default)]
    pub max_chars: Option<u32>,
    /// The only texts it takes, if it has a code list: records hold the Chinese, as departments hand it in.
    #[serde(default)]
    pub values: Option<Vec<Text>>,
}

impl FieldSpec {
    /// Whether its code list has this text; true if it has no list.
    pub fn takes_text(&self, text: &str) -> bool {
        let values = self.values.as_ref();
        values.is_none_or(|values| values.iter().any(|value| value.zh == text))
    }
}

/// A catalogue item: what may be collected, on which ground, for how long and who sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a key of the policy file, read one by one"
)]
pub struct Item {
    /// Its code, e.g. `penalty.fine`.
    pub code: ItemCode,
    /// Its name.
    pub name: Text,
    /// The code of its [`Class`].
    pub class: String,
    /// About whom it may speak.
    pub subjects: Vec<SubjectKind>,
    /// Which way it speaks.
    pub nature: Nature,
    /// The first day on which what it names may have occurred; nothing older is taken.
    #[serde(default, deserialize_with = "read::optional_date")]
    pub since: Option<Date>,
    /// The day it ended: what occurred from then on is not taken and has no effect. What it has stays
    /// readable, and keeps its effect by its own dates.
    #[serde(default, deserialize_with = "read::optional_date")]
    pub until: Option<Date>,
    /// Whether a record of it may found a subject: a base register's items.
    #[serde(default)]
    pub founds: bool,
    /// Whether a record of it must name its document. Adverse ones always must.
    #[serde(default)]
    pub document_required: bool,
    /// Who may see it.
    pub publicity: Publicity,
    /// For which purposes it may be seen; see [`Item::is_seen_for`].
    #[serde(default)]
    pub seen_for: Vec<PurposeCode>,
    /// Its tier, if it is a penalty.
    #[serde(default)]
    pub tier: Option<Tier>,
    /// Whether scorecards may count it.
    #[serde(default)]
    pub rateable: bool,
    /// The one whole number or amount in it that scorecards and statistics may add up.
    #[serde(default)]
    pub quantity: Option<FieldName>,
    /// Whether the subject may have it repaired (信用修复).
    #[serde(default)]
    pub repairable: bool,
    /// From which day its months are counted.
    #[serde(default)]
    pub counts_from: CountsFrom,
    /// The shortest it is shown before it can be repaired, in months.
    #[serde(default)]
    pub display_months_least: Option<u32>,
    /// The longest it is shown to the public, in months.
    #[serde(default)]
    pub display_months_most: Option<u32>,
    /// The longest it has any effect, in months; whatever the record says, it ends then.
    #[serde(default)]
    pub effect_months_most: Option<u32>,
    /// How long it is kept after it ended, in months.
    #[serde(default)]
    pub retention_months: Option<u32>,
    /// The field with the identity number of whoever may act for the subject by law (法定代表人). The newest of its records in
    /// force says who that is; a page shows the number masked.
    #[serde(default)]
    pub represents: Option<FieldName>,
    /// What it may be collected on.
    pub legal_basis: Vec<LegalBasis>,
    /// Its fields.
    #[serde(default, rename = "field")]
    pub fields: Vec<FieldSpec>,
}

impl Item {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&FieldSpec> {
        self.fields.iter().find(|field| field.name.as_str() == name)
    }

    /// Whether what occurred on this day is within its dates: from `since` on and before `until`.
    pub fn takes(&self, occurred: Date) -> bool {
        self.since.is_none_or(|since| since <= occurred) && self.until.is_none_or(|until| occurred < until)
    }

    /// Whether who looks for this purpose may see it. An item that names no purposes is seen for all of
    /// them, a restricted one for none.
    pub fn is_seen_for(&self, purpose: &PurposeCode) -> bool {
        if self.seen_for.is_empty() {
            self.publicity != Publicity::Restricted
        } else {
            self.seen_for.contains(purpose)
        }
    }

    /// Whether it speaks against its subject.
    pub fn is_adverse(&self) -> bool {
        self.nature == Nature::Adverse
    }

    /// Whether a field holds the identifier of somebody else, which no page shows whole.
    pub fn is_masked(&self, field: &FieldName) -> bool {
        self.represents.as_ref() == Some(field)
    }

    /// What kind of number the quantity is.
    pub fn quantity_kind(&self) -> Option<ValueKind> {
        self.field(self.quantity.as_ref()?.as_str())
            .map(|field| field.kind)
    }
}

/// At which level of government a source sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 市级
    City,
    /// 区级
    District,
    /// 镇街
    Town,
    /// The subject itself.
    Subject,
}

/// 归集部门: who hands records in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its code, e.g. `chancheng.market`.
    pub code: SourceCode,
    /// Its name.
    pub name: Text,
    /// Its level.
    pub level: Level,
    /// The items it may hand in.
    #[serde(default)]
    pub items: Vec<ItemCode>,
    /// Whether it may repair records of other sources (谁认定谁修复 is the rule, the credit office's
    /// one window the exception).
    #[serde(default)]
    pub repairs_for_others: bool,
    /// The town that it serves, for statistics alone.
    #[serde(default)]
    pub town: Option<Town>,
}

/// A town of the district, by whose name statistics are broken down. Nothing that is concluded of anyone reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Town {
    /// Its name.
    pub name: Text,
    /// Words of which an address in it has one.
    pub addresses: Vec<String>,
}

/// The bounds of law that an item keeps, as far as they are part of the language itself.
pub(crate) fn verify_item(item: &Placed<Item>, classes: &[Class], faults: &mut Faults) {
    let Placed { value: item, place } = item;
    if item.code.as_str().starts_with("act.") {
        let help = "`act.` belongs to what people do in this house";
        place.fault_at(
            faults,
            "code",
            format!("item `{}` begins with `act.`", item.code),
            help,
        );
    }
    let class = classes.iter().find(|class| class.code == item.class);
    if class.is_none() {
        let message = format!("class `{}` is not in catalogue/classes.toml", item.class);
        place.fault_at(
            faults,
            "class",
            message,
            "name one of the classes, or add it there",
        );
    }
    if item.subjects.is_empty() {
        place.fault_at(faults, "subjects", "no kind of subject", "name at least one");
    }
    if item
        .since
        .zip(item.until)
        .is_some_and(|(since, until)| since >= until)
    {
        let message = format!("item `{}` ends before it begins", item.code);
        place.fault_at(faults, "until", message, "set `until` after `since`");
    }
    verify_fields(item, place, faults);
    verify_represents(item, place, faults);
    if item.is_adverse() {
        verify_adverse(item, class, place, faults);
    }
    if item.rateable && item.publicity == Publicity::Restricted {
        let help = "a rating must be explainable to its subject line by line";
        place.fault_at(faults, "rateable", "a restricted item cannot be rated", help);
    }
}

fn verify_fields(item: &Item, place: &read::Place, faults: &mut Faults) {
    for (at, field) in item.fields.iter().enumerate() {
        if item.fields.iter().take(at).any(|other| other.name == field.name) {
            place.fault_at(
                faults,
                "field",
                format!("field `{}` stands twice", field.name),
                "",
            );
        }
        if field.max_chars.is_some() && field.kind != ValueKind::Text {
            let message = format!("field `{}` has `max_chars` but is no text", field.name);
            place.fault_at(faults, "field", message, "leave it out");
        }
        verify_values(field, place, faults);
    }
    let Some(quantity) = &item.quantity else {
        return;
    };
    if !matches!(item.quantity_kind(), Some(ValueKind::Integer | ValueKind::Amount)) {
        let message = format!(
            "quantity `{quantity}` is not an integer or amount field of `{}`",
            item.code
        );
        place.fault_at(
            faults,
            "quantity",
            message,
            "only whole numbers and amounts are ever added up",
        );
    }
}

/// Whoever acts for another does so for no natural person, and is named in what nobody publishes or shares.
fn verify_represents(item: &Item, place: &read::Place, faults: &mut Faults) {
    let Some(name) = &item.represents else { return };
    let required_text = item
        .field(name.as_str())
        .is_some_and(|field| field.kind == ValueKind::Text && field.required);
    let message = if !required_text {
        format!(
            "`represents` names `{name}`, which is no required text of `{}`",
            item.code
        )
    } else if item.subjects.contains(&SubjectKind::Person) {
        "nobody represents a natural person here".to_owned()
    } else if item.publicity != Publicity::Restricted || item.is_adverse() {
        format!(
            "item `{}` names somebody by number and is not restricted",
            item.code
        )
    } else {
        return;
    };
    let help = "a restricted item about organisations, with a required text field";
    place.fault_at(faults, "represents", message, help);
}

fn verify_values(field: &FieldSpec, place: &read::Place, faults: &mut Faults) {
    let values = field.values.as_deref().unwrap_or_default();
    if field.values.is_some() && field.kind != ValueKind::Text {
        let message = format!("field `{}` has `values` but is no text", field.name);
        place.fault_at(faults, "field", message, "leave them out");
    }
    for (at, value) in values.iter().enumerate() {
        let long = field
            .max_chars
            .is_some_and(|most| value.zh.chars().count() > most as usize);
        let twice = values.iter().take(at).any(|other| other.zh == value.zh);
        let wrong = match (value.is_whole(), long, twice) {
            (false, _, _) => "lacks a language",
            (_, true, _) => "is longer than `max_chars`",
            (_, _, true) => "stands twice",
            _ => continue,
        };
        let message = format!("value `{}` of field `{}` {wrong}", value.zh, field.name);
        place.fault_at(faults, "field", message, "each value once, in both languages");
    }
}

fn verify_adverse(item: &Item, class: Option<&Class>, place: &read::Place, faults: &mut Faults) {
    if !item.document_required {
        let message = format!("adverse item `{}` does not ask for a document", item.code);
        place.fault_at(
            faults,
            "document_required",
            message,
            "guard 4: set `document_required = true`",
        );
    }
    if item.founds {
        place.fault_at(faults, "founds", "an adverse item founds no subject", "");
    }
    let Some(months) = item.effect_months_most else {
        let message = format!("adverse item `{}` never ends", item.code);
        return place.fault(faults, message, "guard 7: set `effect_months_most`");
    };
    let most = class.map_or(u32::MAX, |class| class.adverse_months_most);
    if months > most {
        let message = format!(
            "`{months}` months are more than the {most} of class `{}`",
            item.class
        );
        place.fault_at(faults, "effect_months_most", message, "guard 7: shorten it");
    }
}

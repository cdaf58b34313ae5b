//! One record as a page shows it: item, source, document, dates, fields, standing and seal.

use assess::{Assessment, Bundle, Hint, Item, RecordStanding, Standing};
use record::{Act, Ends, Logged, Record, Relation, SubjectKind, Target, Value, mask_identifier, mask_name};

use super::{day, money, seal};
use crate::lang::Lang;

/// How a thing is coloured: never the only sign of it, the words say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// In force, for the subject or neither.
    Good,
    /// Waiting.
    Late,
    /// Against the subject.
    Bad,
    /// Without effect.
    Off,
}

impl Tone {
    /// The class that colours it.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Good => "",
            Self::Late => "late",
            Self::Bad => "bad",
            Self::Off => "off",
        }
    }
}

/// A record's standing in words.
#[derive(Debug, Clone)]
pub(crate) struct StandingView {
    /// In words, with its date.
    pub(crate) says: String,
    /// What it means for the subject.
    pub(crate) means: String,
    /// Its colour.
    pub(crate) tone: Tone,
}

/// A record ready for a template.
#[derive(Debug, Clone)]
pub(crate) struct RecordView {
    /// Its number.
    pub(crate) number: u64,
    /// Its item's name.
    pub(crate) item: String,
    /// Its first facts, on one line.
    pub(crate) summary: String,
    /// Who handed it in.
    pub(crate) source: String,
    /// The document's number.
    pub(crate) document: Option<String>,
    /// The document's authority.
    pub(crate) authority: Option<String>,
    /// The document's date.
    pub(crate) document_date: Option<String>,
    /// The day of the fact.
    pub(crate) occurred: String,
    /// Every field with its label.
    pub(crate) facts: Vec<(String, String)>,
    /// The record that it corrects.
    pub(crate) corrects: Option<u64>,
    /// Whether it is adverse and in effect, so that its repair can be asked about.
    pub(crate) repairs: bool,
    /// What it is worth.
    pub(crate) standing: StandingView,
    /// The first day without effect.
    pub(crate) ends: Option<String>,
    /// The subject's name as stated, masked where a person's.
    pub(crate) stated_name: String,
    /// The subject's identifier as stated, masked where a person's.
    pub(crate) stated_identifier: String,
    /// The short seal.
    pub(crate) seal: String,
    /// The whole commitment.
    pub(crate) commitment: String,
}

/// What a record says before it has its number.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    /// The subject's name as stated, masked where a person's.
    pub(crate) name: String,
    /// Its identifier, in the same way.
    pub(crate) identifier: String,
    /// The item's name.
    pub(crate) item: String,
    /// Its first facts, on one line.
    pub(crate) summary: String,
}

/// What a record is read with.
#[derive(Clone, Copy)]
pub(crate) struct RecordContext<'a> {
    /// The rules.
    pub(crate) bundle: &'a Bundle,
    /// What follows for the subject, if that was asked.
    pub(crate) assessment: Option<&'a Assessment>,
    /// The language.
    pub(crate) lang: Lang,
}

impl RecordContext<'_> {
    /// The view of one record.
    pub(crate) fn view(&self, logged: &Logged) -> RecordView {
        let record = logged.record();
        let item = self.bundle.item(&record.item);
        let facts = self.facts(item, record);
        let standing = self.assessment.and_then(|known| known.standing(logged.number()));
        let adverse = item.is_some_and(Item::is_adverse);
        let document = record.document.as_ref();
        let (stated_name, stated_identifier) = stated(record);
        RecordView {
            number: logged.number().0,
            item: self.item_name(logged),
            summary: summary(self.lang, &facts),
            source: self.source_name(logged),
            document: document.map(|document| document.number.clone()),
            authority: document.map(|document| document.authority.clone()),
            document_date: document.map(|document| day(self.lang, document.date)),
            occurred: day(self.lang, record.occurred),
            facts,
            corrects: corrects(record),
            repairs: adverse
                && matches!(
                    standing.map(|found| found.standing),
                    Some(Standing::Counts | Standing::Disputed { .. })
                ),
            standing: self.standing(standing, adverse),
            ends: standing
                .and_then(|standing| standing.ends)
                .or(record.ends.map(Ends::day))
                .map(|ends| day(self.lang, ends)),
            stated_name,
            stated_identifier,
            seal: seal(logged.commitment()),
            commitment: logged.commitment().to_string(),
        }
    }

    /// What a record says before it has its number.
    pub(crate) fn said(&self, record: &Record) -> Said {
        let item = self.bundle.item(&record.item);
        let (name, identifier) = stated(record);
        Said {
            name,
            identifier,
            item: item.map_or_else(|| record.item.to_string(), |item| self.lang.of(&item.name)),
            summary: summary(self.lang, &self.facts(item, record)),
        }
    }

    /// The name of a record's item or act.
    pub(crate) fn item_name(&self, logged: &Logged) -> String {
        let record = logged.record();
        match (self.bundle.item(&record.item), record.act()) {
            (Some(item), _) => self.lang.of(&item.name),
            (None, Some(act)) => act_name(self.lang, act),
            (None, None) => record.item.to_string(),
        }
    }

    /// The name of a record's source.
    pub(crate) fn source_name(&self, logged: &Logged) -> String {
        let code = &logged.record().source;
        self.bundle
            .source(code)
            .map_or_else(|| code.to_string(), |source| self.lang.of(&source.name))
    }

    fn facts(&self, item: Option<&Item>, record: &Record) -> Vec<(String, String)> {
        let Some(item) = item else { return Vec::new() };
        let of_item = item.fields.iter().filter_map(|spec| {
            let value = record.fields.get(&spec.name)?;
            let says = self.value(value);
            let says = if item.is_masked(&spec.name) {
                mask_identifier(&says)
            } else {
                says
            };
            Some((self.lang.of(&spec.label), says))
        });
        let hints = Hint::ALL.into_iter().filter_map(|hint| {
            let value = record.field(hint.field())?;
            Some((self.lang.of(&hint.name()), self.value(value)))
        });
        of_item.chain(hints).collect()
    }

    /// A field's value as one reads it.
    pub(crate) fn value(&self, value: &Value) -> String {
        match value {
            Value::Amount(amount) => money(self.lang, *amount),
            Value::Date(date) => day(self.lang, *date),
            Value::Bool(true) => self.lang.t("yes"),
            Value::Bool(false) => self.lang.t("no"),
            Value::Text(_) | Value::Integer(_) | Value::Bytes(_) => value.to_string(),
        }
    }

    fn standing(&self, standing: Option<&RecordStanding>, adverse: bool) -> StandingView {
        let Some(RecordStanding { standing, .. }) = standing else {
            return StandingView {
                says: self.lang.t("standing-unknown"),
                means: String::new(),
                tone: Tone::Off,
            };
        };
        let key = format!("standing-{}", standing.code());
        let says = match standing {
            Standing::Ended { on } => self.lang.with(&key, &[("day", &day(self.lang, *on))]),
            _ => self.lang.t(&key),
        };
        StandingView {
            says,
            means: self.lang.t(&format!("{key}-means")),
            tone: match standing {
                Standing::Counts if adverse => Tone::Bad,
                Standing::Counts => Tone::Good,
                Standing::Pending | Standing::Underway | Standing::Disputed { .. } => Tone::Late,
                _ => Tone::Off,
            },
        }
    }
}

/// The name of an act.
pub(crate) fn act_name(lang: Lang, act: Act) -> String {
    lang.t(&act.code().replace('.', "-"))
}

/// The subject as stated: masked, unless it is an organisation, whose name is public.
fn stated(record: &Record) -> (String, String) {
    let Some(stated) = &record.subject else {
        return (String::new(), String::new());
    };
    let person = stated.kind == SubjectKind::Person;
    let name = if person {
        mask_name(&stated.name)
    } else {
        stated.name.clone()
    };
    let identifier = stated.identifier.as_ref().map(|identifier| {
        if identifier.kind().is_of_organisation() {
            identifier.value().to_owned()
        } else {
            identifier.masked()
        }
    });
    (name, identifier.unwrap_or_default())
}

/// The first facts on one line, each cut to what fits.
fn summary(lang: Lang, facts: &[(String, String)]) -> String {
    const FACTS: usize = 3;
    const CHARS: usize = 40;
    let shown: Vec<String> = facts
        .iter()
        .take(FACTS)
        .map(|(label, value)| {
            let cut: String = value.chars().take(CHARS).collect();
            let more = if value.chars().count() > CHARS { "…" } else { "" };
            match lang {
                Lang::Zh => format!("{label}：{cut}{more}"),
                Lang::En => format!("{label}: {cut}{more}"),
            }
        })
        .collect();
    shown.join(" · ")
}

/// The record that this one takes the place of.
fn corrects(record: &Record) -> Option<u64> {
    let mut references = record.references.iter();
    references.find_map(|reference| match (reference.relation, reference.target) {
        (Relation::Corrects, Target::Number(held)) => Some(held.0),
        _ => None,
    })
}

#[cfg(test)]
impl RecordView {
    /// A record for rendering samples.
    pub(crate) fn sample() -> Self {
        Self {
            number: 4711,
            item: "行政处罚（一般）".to_owned(),
            summary: "罚款 2,000 元".to_owned(),
            source: "禅城区市场监督管理局".to_owned(),
            document: Some("佛禅市监处〔2026〕12号".to_owned()),
            authority: Some("佛山市禅城区市场监督管理局".to_owned()),
            document_date: Some("2026年1月2日".to_owned()),
            occurred: "2026年1月2日".to_owned(),
            facts: vec![("罚款".to_owned(), "2,000 元".to_owned())],
            corrects: Some(4700),
            repairs: true,
            standing: StandingView {
                says: "计入".to_owned(),
                means: "…".to_owned(),
                tone: Tone::Bad,
            },
            ends: Some("2027年1月2日".to_owned()),
            stated_name: "罗*".to_owned(),
            stated_identifier: "440604********1214".to_owned(),
            seal: "a1b2c3d4".to_owned(),
            commitment: "a1b2c3d4".repeat(8),
        }
    }
}

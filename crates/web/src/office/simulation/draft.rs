//! `/office/simulations/new`: a scorecard in force with other numbers, to be tried on everyone. What breaks a guard is told beside the
//! number that breaks it, and nothing is tried.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use assess::{
    Bundle, PolicyFault, Scorecard, ScorecardNumber, Severity, check, check_change, diff, scorecard_numbers,
    with_numbers,
};
use axum::http::StatusCode;
use axum::response::Response;
use record::Date;
use serde::Deserialize;
use store::NewSimulation;

use crate::error::Fault;
use crate::extract::{Filled, Query};
use crate::lang::Lang;
use crate::office::shell;
use crate::page::{page_with, see};
use crate::view::{Choice, Shell};
use crate::visit::Visit;

const LIST: &str = "/office/simulations";
const NAME_MOST: usize = 100;
const WHY_LEAST: usize = 5;
const WHY_MOST: usize = 500;
const EDITION_MOST: usize = 40;
/// The names of the fields of days: the first must be filled in.
const DAYS: [&str; 3] = ["on", "on2", "on3"];

#[derive(Template)]
#[template(path = "office/simulation_new.html")]
pub(crate) struct DraftPage {
    shell: Shell,
    cards: Vec<Choice>,
    card: String,
    name: String,
    why: String,
    edition: String,
    from: String,
    /// Name in the form, label and value.
    days: Vec<(&'static str, String, String)>,
    today: String,
    parts: Vec<PartView>,
    faults: Vec<DraftFault>,
}

/// A fault and its field, whose name comes from the rules.
struct DraftFault {
    field: String,
    says: String,
}

/// The numbers of one part of a scorecard: its letters, a dimension with its features.
struct PartView {
    title: String,
    rows: Vec<NumberRow>,
}

/// The numbers of one clause.
struct NumberRow {
    title: String,
    /// How its values are counted.
    hint: String,
    numbers: Vec<NumberField>,
}

struct NumberField {
    name: String,
    label: String,
    value: String,
    /// What is in force, if the form says something else.
    was: String,
    fault: String,
}

#[derive(Deserialize, Default)]
pub(crate) struct Wanted {
    #[serde(default)]
    card: String,
}

/// `GET /office/simulations/new`
pub(crate) async fn new(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    let form = Form::new(&visit, &wanted.card)?;
    form.page(&visit, &Filled::default(), Vec::new())
}

/// `POST /office/simulations/new`
pub(crate) async fn create(visit: Visit, filled: Filled) -> Result<Response, Fault> {
    let (officer, source) = visit.permit.staff().ok_or(Fault::Forbidden)?;
    let form = Form::new(&visit, filled.text("card"))?;
    match form.read(&visit, &filled) {
        Err(faults) => form.page(&visit, &filled, faults),
        Ok((bundle, days)) => {
            let new = NewSimulation {
                name: filled.text("name").trim().to_owned(),
                why: filled.text("why").trim().to_owned(),
                by: officer.clone(),
                source: Some(source.clone()),
                bundle,
                days,
            };
            let id = visit
                .store()
                .draft_simulation(&new)
                .await
                .map_err(Fault::internal)?;
            tokio::spawn(super::all(visit.app.clone()));
            Ok(see(&format!("{LIST}/{id}")))
        }
    }
}

/// A scorecard whose numbers are changed.
struct Form {
    bundle: Arc<Bundle>,
    card: Scorecard,
    numbers: Vec<ScorecardNumber>,
}

impl Form {
    /// The scorecard of this code, or the first one.
    fn new(visit: &Visit, code: &str) -> Result<Self, Fault> {
        let bundle = Arc::clone(&visit.bundle);
        let named = bundle.scorecards().find(|card| card.code == code);
        let card = named.or_else(|| bundle.scorecards().next()).cloned();
        let card = card.ok_or_else(|| Fault::internal("rules without a scorecard"))?;
        Ok(Self {
            numbers: scorecard_numbers(&bundle, &card.code),
            bundle,
            card,
        })
    }

    /// The draft and its days, or all that is wrong.
    fn read(&self, visit: &Visit, filled: &Filled) -> Result<(Bundle, Vec<Date>), Vec<DraftFault>> {
        let lang = visit.lang;
        let mut faults = Vec::new();
        let mut wrong = |field: &str, says: String| {
            faults.push(DraftFault {
                field: field.to_owned(),
                says,
            });
        };
        let length = |field: &str| filled.text(field).trim().chars().count();
        if !(1..=NAME_MOST).contains(&length("name")) {
            wrong("name", lang.t("simulation-name-fault"));
        }
        if !(WHY_LEAST..=WHY_MOST).contains(&length("why")) {
            wrong("why", lang.t("simulation-why-fault"));
        }
        let edition = filled.text("edition").trim();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        if !(1..=EDITION_MOST).contains(&edition.len()) || !edition.chars().all(is_plain) {
            wrong("edition", lang.t("simulation-edition-fault"));
        }
        let from = filled.text("from").parse::<Date>();
        if from.as_ref().map_or(true, |from| *from < visit.today()) {
            wrong("from", lang.t("simulation-from-fault"));
        }
        let mut days = Vec::new();
        for field in DAYS {
            match (filled.text(field).trim(), field) {
                ("", "on") => wrong(field, lang.t("simulation-day-fault")),
                ("", _) => {}
                (text, _) => match text.parse::<Date>() {
                    Ok(day) if day <= visit.today() => days.push(day),
                    _ => wrong(field, lang.t("simulation-day-fault")),
                },
            }
        }
        let mut changed = Vec::new();
        for number in &self.numbers {
            let name = number.name();
            match filled.text(&name).trim().replace('−', "-").parse::<i64>() {
                Ok(value) if value == number.value => {}
                Ok(value) => changed.push((number.clone(), value)),
                Err(_) => wrong(&name, lang.t("simulation-number-fault")),
            }
        }
        match from {
            Ok(from) if faults.is_empty() => {
                let draft = self.draft(lang, edition, from, &changed)?;
                Ok((draft, days))
            }
            _ => Err(faults),
        }
    }

    /// The draft, if it breaks no rule of the language and no guard, and differs.
    fn draft(
        &self,
        lang: Lang,
        edition: &str,
        from: Date,
        changed: &[(ScorecardNumber, i64)],
    ) -> Result<Bundle, Vec<DraftFault>> {
        let mut files = with_numbers(self.bundle.files(), changed);
        if let Some(about) = files.get_mut("bundle.toml") {
            *about = about_with(about, edition, from);
        }
        let realm = self.bundle.realm();
        let draft = Bundle::parse(files, realm).map_err(|faults| {
            faults
                .iter()
                .map(|fault| self.at_line(lang, fault, changed))
                .collect::<Vec<_>>()
        })?;
        let found = check(&draft)
            .into_iter()
            .chain(check_change(&self.bundle, &draft));
        let faults: Vec<DraftFault> = found
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| {
                let clause = [finding.about.clone(), format!("rating.{}", finding.about)];
                let of = |number: &&ScorecardNumber| clause.contains(&number.clause);
                let field = changed.iter().map(|(number, _)| number).find(of);
                let field = field.or_else(|| self.numbers.iter().find(of));
                let says = format!("{} {}", finding.message, finding.help);
                self.guarded(lang, field, says.trim())
            })
            .collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        if !diff(&self.bundle, &draft)
            .iter()
            .any(|one| one.clause.starts_with("rating."))
        {
            return Err(vec![DraftFault {
                field: self
                    .numbers
                    .first()
                    .map(ScorecardNumber::name)
                    .unwrap_or_default(),
                says: lang.t("simulation-same-fault"),
            }]);
        }
        Ok(draft)
    }

    /// A fault of the text, at the number on its line: a changed one first.
    fn at_line(&self, lang: Lang, fault: &PolicyFault, changed: &[(ScorecardNumber, i64)]) -> DraftFault {
        let on_line = |number: &&ScorecardNumber| number.file == fault.file && number.line == fault.line;
        let of = changed.iter().map(|(number, _)| number).find(on_line);
        let of = of.or_else(|| self.numbers.iter().find(on_line));
        // A fault of the whole is most often of what was changed.
        let of = of.or_else(|| changed.first().map(|(number, _)| number));
        let says = format!("{} {}", fault.message, fault.help);
        self.guarded(lang, of, says.trim())
    }

    fn guarded(&self, lang: Lang, of: Option<&ScorecardNumber>, says: &str) -> DraftFault {
        let name = of.map_or_else(String::new, |number| self.title(lang, &number.clause));
        DraftFault {
            field: of.map_or_else(|| "name".to_owned(), ScorecardNumber::name),
            says: lang.with("simulation-guard-fault", &[("name", &name), ("says", says)]),
        }
    }

    fn page(&self, visit: &Visit, filled: &Filled, faults: Vec<DraftFault>) -> Result<Response, Fault> {
        let lang = visit.lang;
        let sent = !filled.text("card").is_empty();
        let said = |field: &str, first: String| {
            if sent {
                filled.text(field).to_owned()
            } else {
                first
            }
        };
        let status = if faults.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        let cards = self.bundle.scorecards().map(|card| {
            let chosen = card.code == self.card.code;
            (card.code.clone(), lang.of(&card.name), chosen)
        });
        let today = visit.today().to_string();
        let days = DAYS.into_iter().enumerate().map(|(at, field)| {
            let first = if at == 0 { today.clone() } else { String::new() };
            let label = lang.t(if at == 0 {
                "simulation-day-first"
            } else {
                "simulation-day-more"
            });
            (field, format!("{label} {}", at + 1), said(field, first))
        });
        page_with(
            status,
            &DraftPage {
                shell: shell(visit, LIST),
                cards: cards.collect(),
                card: self.card.code.clone(),
                name: said("name", String::new()),
                why: said("why", String::new()),
                edition: said("edition", next_edition(self.bundle.edition())),
                from: said("from", today.clone()),
                days: days.collect(),
                parts: self.parts(lang, filled, sent, &faults),
                today,
                faults,
            },
        )
    }

    /// The numbers, by dimension.
    fn parts(&self, lang: Lang, filled: &Filled, sent: bool, faults: &[DraftFault]) -> Vec<PartView> {
        let mut of_clause: BTreeMap<&str, Vec<NumberField>> = BTreeMap::new();
        for number in &self.numbers {
            let name = number.name();
            let in_force = number.value.to_string();
            let value = if sent {
                filled.text(&name).to_owned()
            } else {
                in_force.clone()
            };
            let fault = faults.iter().find(|fault| fault.field == name);
            of_clause.entry(&number.clause).or_default().push(NumberField {
                label: label(lang, &number.key),
                was: if value.trim() == in_force {
                    String::new()
                } else {
                    in_force
                },
                fault: fault.map_or_else(String::new, |fault| fault.says.clone()),
                value,
                name,
            });
        }
        let clause = format!("rating.{}", self.card.code);
        let mut row = |clause: &str, hint: String| {
            let numbers = of_clause.remove(clause)?;
            Some(NumberRow {
                title: self.title(lang, clause),
                hint,
                numbers,
            })
        };
        let whole = [clause.clone(), format!("{clause}.base")];
        let mut parts = vec![PartView {
            title: lang.t("simulation-letters"),
            rows: whole
                .iter()
                .filter_map(|clause| row(clause, String::new()))
                .collect(),
        }];
        for dimension in &self.card.dimensions {
            let bound = row(
                &format!("{clause}.bound.{}", dimension.code),
                lang.t("simulation-bound-hint"),
            );
            let features = self
                .card
                .features
                .iter()
                .filter(|one| one.dimension == dimension.code);
            let features = features.filter_map(|feature| {
                let counted = serde_json::to_value(feature.reading).unwrap_or_default();
                let counted = counted.as_str().unwrap_or_default().replace('_', "-");
                row(
                    &format!("{clause}.{}", feature.code),
                    lang.t(&format!("simulation-unit-{counted}")),
                )
            });
            let features: Vec<NumberRow> = features.collect();
            parts.push(PartView {
                title: lang.of(&dimension.name),
                rows: bound.into_iter().chain(features).collect(),
            });
        }
        parts
    }

    /// What a clause of the scorecard is called.
    fn title(&self, lang: Lang, clause: &str) -> String {
        let of_card = format!("rating.{}", self.card.code);
        let rest = clause
            .strip_prefix(&of_card)
            .unwrap_or(clause)
            .trim_start_matches('.');
        if rest.is_empty() {
            return lang.t("simulation-letters-row");
        }
        if rest == "base" {
            return lang.t("simulation-base");
        }
        if rest.starts_with("bound.") {
            return lang.t("simulation-bound");
        }
        let feature = self.card.features.iter().find(|feature| feature.code == rest);
        feature.map_or_else(|| rest.to_owned(), |feature| lang.of(&feature.name))
    }
}

impl DraftPage {
    /// What is wrong with a field, to stand beside it.
    fn fault(&self, field: &str) -> &str {
        let found = self.faults.iter().find(|fault| fault.field == field);
        found.map_or("", |fault| fault.says.as_str())
    }
}

/// A key in words: `letters.a`, `bins.2.points`.
fn label(lang: Lang, key: &str) -> String {
    let parts: Vec<&str> = key.split('.').collect();
    match parts.as_slice() {
        ["letters", letter] => lang.with("simulation-letter-from", &[("letter", &letter.to_uppercase())]),
        ["bins", place, what] => lang.with(&format!("simulation-bin-{what}"), &[("place", place)]),
        _ => lang.t(&format!("simulation-key-{}", key.replace('_', "-"))),
    }
}

/// `bundle.toml` of another edition, in force from another day.
fn about_with(text: &str, edition: &str, from: Date) -> String {
    let line = |line: &str| {
        if line.starts_with("edition =") {
            format!("edition = \"{edition}\"\n")
        } else if line.starts_with("in_force_from =") {
            format!("in_force_from = {from}\n")
        } else {
            line.to_owned()
        }
    };
    text.split_inclusive('\n').map(line).collect()
}

/// `2026.1` and then `2026.2`; what ends in no number gets one.
fn next_edition(edition: &str) -> String {
    let counted = edition.rsplit_once('.').and_then(|(before, last)| {
        let last: u32 = last.parse().ok()?;
        Some(format!("{before}.{}", last.saturating_add(1)))
    });
    counted.unwrap_or_else(|| format!("{edition}.2"))
}

#[cfg(test)]
impl crate::page::Samples for DraftPage {
    fn samples(lang: Lang) -> Vec<Self> {
        let page = |faults: Vec<DraftFault>| Self {
            shell: Shell::sample(lang, crate::view::Desk::Office),
            cards: vec![("person".into(), "自然人信用评价".into(), true)],
            card: "person".into(),
            name: String::new(),
            why: String::new(),
            edition: "2026.2".into(),
            from: "2026-11-23".into(),
            days: vec![("on", lang.t("simulation-day-first"), "2026-11-23".into())],
            today: "2026-11-23".into(),
            parts: vec![PartView {
                title: lang.t("simulation-letters"),
                rows: vec![NumberRow {
                    title: lang.t("simulation-letters-row"),
                    hint: lang.t("simulation-unit-count"),
                    numbers: vec![NumberField {
                        name: "rating.person.letters.a".into(),
                        label: label(lang, "letters.a"),
                        value: "80".into(),
                        was: "85".into(),
                        fault: faults.first().map_or_else(String::new, |one| one.says.clone()),
                    }],
                }],
            }],
            faults,
        };
        let fault = |field: &str, key: &str| DraftFault {
            field: field.into(),
            says: lang.with(key, &[("name", "…"), ("says", "…")]),
        };
        let faults = vec![
            fault("rating.person.letters.a", "simulation-number-fault"),
            fault("rating.person.letters.a", "simulation-guard-fault"),
            fault("rating.person.letters.a", "simulation-same-fault"),
            fault("name", "simulation-name-fault"),
            fault("why", "simulation-why-fault"),
            fault("edition", "simulation-edition-fault"),
            fault("from", "simulation-from-fault"),
            fault("on", "simulation-day-fault"),
        ];
        vec![page(Vec::new()), page(faults)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_follows_the_one_before() {
        for (edition, next) in [("2026.1", "2026.2"), ("2026.9", "2026.10"), ("first", "first.2")] {
            assert_eq!(next_edition(edition), next);
        }
        let day: Date = "2027-01-01".parse().unwrap();
        let text =
            "# 规则\nedition = \"2026.1\"\nin_force_from = 2026-04-01 # since\nname = { zh = \"x\" }\n";
        assert_eq!(
            about_with(text, "2026.2", day),
            "# 规则\nedition = \"2026.2\"\nin_force_from = 2027-01-01\nname = { zh = \"x\" }\n"
        );
    }

    #[test]
    fn every_number_of_every_scorecard_has_words() {
        for key in [
            "letters.a",
            "bins.1.from",
            "bins.1.points",
            "points",
            "least",
            "most",
            "within_months",
            "half_life_months",
            "each_most",
        ] {
            for lang in Lang::ALL {
                assert!(!label(lang, key).contains(crate::lang::MISSING.0), "{key}");
            }
        }
    }
}

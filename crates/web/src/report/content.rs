//! What stands in a report: the same on the page that is printed and in the PDF, in plain words.

use std::collections::BTreeMap;

use assess::{Rating, Standing};
use record::{Logged, SourceCode};

use crate::lang::Lang;
use crate::my::Opened;
use crate::view::{EntryView, GradeView, RecordContext, RecordView, day, entries, grade, grouped};
use crate::visit::Visit;

/// A report's content.
pub(crate) struct Content {
    /// In which language.
    pub(crate) lang: Lang,
    /// The words that are the same in every report.
    pub(crate) words: Words,
    /// Whose file it is.
    pub(crate) name: String,
    /// By which number they are known, masked unless it is an organisation's.
    pub(crate) identifier: String,
    /// The day.
    pub(crate) day: String,
    /// As of which day, by which rules, from how many records held.
    pub(crate) as_of_says: String,
    /// The grade with its reasons.
    pub(crate) grade: Option<GradeView>,
    /// The grade in one line.
    pub(crate) grade_says: String,
    /// Why there is none.
    pub(crate) not_rated: String,
    /// The entries of lists.
    pub(crate) entries: Vec<EntryView>,
    /// What is contested or repaired, a line each; or that nothing is.
    pub(crate) contested: Vec<String>,
    /// The records of each source.
    pub(crate) groups: Vec<Group>,
    /// Whether what is without effect stands in it too.
    pub(crate) all: bool,
}

/// The records of one source.
pub(crate) struct Group {
    /// Its name, and how many.
    pub(crate) title: String,
    /// The records, the newest first.
    pub(crate) records: Vec<RecordView>,
}

/// Words of every report.
pub(crate) struct Words {
    /// Who makes it.
    pub(crate) brand: String,
    /// What it is.
    pub(crate) title: String,
    /// Headings and what stands below them when there is nothing.
    pub(crate) grade: String,
    pub(crate) grade_only_adds: String,
    pub(crate) entries: String,
    pub(crate) entries_none: String,
    pub(crate) contested: String,
    pub(crate) contested_tag: String,
    pub(crate) records: String,
    pub(crate) records_none: String,
    pub(crate) scope: String,
    pub(crate) scope_all: String,
    pub(crate) object_title: String,
    pub(crate) object: Vec<String>,
    pub(crate) verify_title: String,
    pub(crate) seal_who: String,
    pub(crate) seal_says: Vec<String>,
}

impl Words {
    fn of(lang: Lang) -> Self {
        let t = |key: &str| lang.t(key);
        Self {
            brand: t("report-brand"),
            title: t("report-title"),
            grade: t("report-grade"),
            grade_only_adds: t("report-grade-only-adds"),
            entries: t("report-entries"),
            entries_none: t("report-entries-none"),
            contested: t("report-contested"),
            contested_tag: t("standing-disputed"),
            records: t("report-records"),
            records_none: t("report-records-none"),
            scope: t("report-scope"),
            scope_all: t("report-scope-all"),
            object_title: t("report-object"),
            object: ["report-object-1", "report-object-2", "report-object-3"]
                .map(t)
                .into(),
            verify_title: t("report-verify"),
            seal_who: t("report-seal-who"),
            seal_says: ["report-seal-1", "report-seal-2"].map(t).into(),
        }
    }
}

impl Content {
    /// The content of a file that was opened. With `all`, what is without effect stands in it too: what has ended, was repaired,
    /// corrected or taken back, or waits.
    pub(crate) fn of(visit: &Visit, opened: &Opened, all: bool) -> Self {
        let lang = visit.lang;
        let (file, assessment) = (&opened.file, &opened.assessment);
        let (grade, not_rated) = match &assessment.rating {
            Rating::Rated(found) => {
                let view = grade(lang, &visit.bundle, assessment, found, &file.records);
                (Some(view), String::new())
            }
            Rating::NotRated(why) => (None, lang.t(&format!("rating-{}", why.code()))),
        };
        let as_of = [
            ("day", day(lang, visit.today())),
            ("edition", visit.bundle.edition().to_owned()),
            ("known", grouped(visit.as_of.known.0)),
        ];
        let as_of = as_of.each_ref().map(|(name, value)| (*name, value.as_str()));
        let shown = shown(visit, opened, all);
        let context = RecordContext {
            bundle: &visit.bundle,
            assessment: Some(assessment),
            lang,
        };
        let identifier = file.identifiers.last();
        Self {
            lang,
            words: Words::of(lang),
            name: file.name.clone(),
            identifier: identifier.map_or_else(String::new, |identifier| {
                let kind = lang.t(&format!("identifier-{}", identifier.kind().code()));
                let value = if identifier.kind().is_of_organisation() {
                    identifier.value().to_owned()
                } else {
                    identifier.masked()
                };
                format!("{kind} {value}")
            }),
            day: day(lang, visit.today()),
            as_of_says: lang.with("report-as-of", &as_of),
            grade_says: grade
                .as_ref()
                .map_or_else(String::new, |grade| grade_says(lang, grade)),
            grade,
            not_rated,
            entries: entries(lang, &visit.bundle, assessment),
            contested: contested(&context, opened, &shown),
            groups: groups(visit, &context, shown),
            all,
        }
    }

    /// What the file is called.
    pub(crate) fn title(&self) -> String {
        format!("{} · {}", self.words.title, self.day)
    }

    /// Which records stand in it.
    pub(crate) fn scope(&self) -> &str {
        if self.all {
            &self.words.scope_all
        } else {
            &self.words.scope
        }
    }

    /// Until when, in words.
    pub(crate) fn until(&self, day: &str) -> String {
        self.lang.with("report-until", &[("day", day)])
    }

    /// Document, authority and days of a record on one line.
    pub(crate) fn facts_of(&self, record: &RecordView) -> String {
        let number = record.number.to_string();
        let ends = record.ends.as_ref().map(|ends| self.until(ends));
        let parts = [
            record.document.clone(),
            record.authority.clone(),
            Some(record.occurred.clone()),
            ends,
            Some(self.lang.with("seal-number", &[("number", &number)])),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// What stands at the foot of every page.
    pub(crate) fn foot(&self) -> String {
        self.as_of_says.clone()
    }

    /// Which page of how many.
    pub(crate) fn pages(&self, number: usize, count: usize) -> String {
        let (number, count) = (number.to_string(), count.to_string());
        self.lang
            .with("report-page", &[("number", &number), ("count", &count)])
    }
}

fn grade_says(lang: Lang, grade: &GradeView) -> String {
    let points = grade.points.to_string();
    lang.with(
        "report-grade-is",
        &[("letter", grade.letter), ("points", &points)],
    )
}

/// Which records stand in the report, the newest first.
fn shown<'f>(visit: &'f Visit, opened: &'f Opened, all: bool) -> Vec<&'f Logged> {
    let in_force = |logged: &&Logged| {
        let standing = opened.assessment.standing(logged.number());
        standing.is_some_and(|found| matches!(found.standing, Standing::Counts | Standing::Disputed { .. }))
    };
    let seen = opened.file.seen_for(&visit.bundle, opened.permit.purpose());
    let records = seen.filter(|logged| logged.record().act().is_none());
    records.rev().filter(|logged| all || in_force(logged)).collect()
}

/// What is contested or repaired among what is shown, so that nobody has to seek it.
fn contested(context: &RecordContext<'_>, opened: &Opened, shown: &[&Logged]) -> Vec<String> {
    let mut lines = Vec::new();
    for logged in shown {
        let standing = opened
            .assessment
            .standing(logged.number())
            .map(|found| found.standing);
        if matches!(
            standing,
            Some(Standing::Disputed { .. } | Standing::Repaired { .. })
        ) {
            let view = context.view(logged);
            let document = view
                .document
                .map(|number| format!(" · {number}"))
                .unwrap_or_default();
            lines.push(format!("{}{document} · {}", view.item, view.standing.says));
        }
    }
    if lines.is_empty() {
        lines.push(context.lang.t("report-contested-none"));
    }
    lines
}

fn groups(visit: &Visit, context: &RecordContext<'_>, shown: Vec<&Logged>) -> Vec<Group> {
    let mut by_source: BTreeMap<&SourceCode, Vec<RecordView>> = BTreeMap::new();
    for logged in shown {
        let of_source = by_source.entry(&logged.record().source).or_default();
        of_source.push(context.view(logged));
    }
    let title = |code: &SourceCode, count: usize| {
        let (source, count) = (visit.source_name(code), count.to_string());
        visit
            .lang
            .with("report-source", &[("source", &source), ("count", &count)])
    };
    let groups = by_source.into_iter();
    groups
        .map(|(code, records)| Group {
            title: title(code, records.len()),
            records,
        })
        .collect()
}

#[cfg(test)]
impl Content {
    /// A report for rendering samples and drawing.
    pub(crate) fn sample(lang: Lang, full: bool) -> Self {
        use crate::view::sample_grade;
        let as_of = [
            ("day", "2026年11月23日"),
            ("edition", "2026.1"),
            ("known", "1,204"),
        ];
        let grade = full.then(|| sample_grade(lang));
        Self {
            lang,
            words: Words::of(lang),
            name: "罗志明".into(),
            identifier: "身份证号 440604********1214".into(),
            day: "2026年11月23日".into(),
            as_of_says: lang.with("report-as-of", &as_of),
            grade_says: grade
                .as_ref()
                .map_or_else(String::new, |grade| grade_says(lang, grade)),
            grade,
            not_rated: lang.t("rating-no_notice"),
            entries: if full {
                vec![EntryView::sample(true), EntryView::sample(false)]
            } else {
                Vec::new()
            },
            contested: vec![lang.t("report-contested-none")],
            groups: if full {
                vec![Group {
                    title: lang.with("report-source", &[("source", "市监局"), ("count", "40")]),
                    records: vec![RecordView::sample(); 40],
                }]
            } else {
                Vec::new()
            },
            all: full,
        }
    }
}

//! What follows for a subject, in words: its grade with reasons and steps, its list entries, its incentives.

use std::collections::BTreeMap;

use assess::{Assessment, Bundle, Colour, Grade, Letter, ListEntry, Measure};
use record::{Logged, RecordNumber};

use super::{day, points};
use crate::lang::Lang;

/// One entry of a list.
#[derive(Debug, Clone)]
pub(crate) struct EntryView {
    /// Whether it warns.
    pub(crate) black: bool,
    /// The list's name.
    pub(crate) list: String,
    /// The fact as stated.
    pub(crate) fact: String,
    /// The document's number.
    pub(crate) document: String,
    /// Who issued it.
    pub(crate) authority: String,
    /// From when.
    pub(crate) from: String,
    /// Until when.
    pub(crate) ends: String,
    /// How one gets off it.
    pub(crate) exit: String,
    /// What it brings about.
    pub(crate) measures: Vec<String>,
    /// Whether it is contested.
    pub(crate) disputed: bool,
    /// The record that is the entry.
    pub(crate) record: u64,
}

impl EntryView {
    /// The class that colours its answer.
    pub(crate) fn tone(&self) -> &'static str {
        if self.black { "no" } else { "" }
    }
}

/// The entries of an assessment.
pub(crate) fn entries(lang: Lang, bundle: &Bundle, assessment: &Assessment) -> Vec<EntryView> {
    let view = |entry: &ListEntry| {
        let list = bundle.list(&entry.list);
        EntryView {
            black: entry.colour == Colour::Black,
            list: list.map_or_else(|| entry.list.to_string(), |list| lang.of(&list.name)),
            fact: entry.fact.clone(),
            document: entry.document.number.clone(),
            authority: entry.document.authority.clone(),
            from: day(lang, entry.from),
            ends: day(lang, entry.ends),
            exit: list.map(|list| lang.of(&list.exit_text)).unwrap_or_default(),
            measures: measures_of(lang, assessment, entry.record),
            disputed: entry.disputed.is_some(),
            record: entry.record.0,
        }
    };
    assessment.entries.iter().map(view).collect()
}

fn measures_of(lang: Lang, assessment: &Assessment, record: RecordNumber) -> Vec<String> {
    assessment
        .measures
        .iter()
        .filter(|measure| measure.because().records.contains(&record))
        .map(|measure| format!("{} · {}", lang.of(measure.name()), lang.of(measure.text())))
        .collect()
}

/// The incentives of an assessment: name and what each opens.
pub(crate) fn incentives(lang: Lang, assessment: &Assessment) -> Vec<(String, String)> {
    assessment
        .measures
        .iter()
        .filter(|measure| matches!(measure, Measure::Incentive(_)))
        .map(|measure| (lang.of(measure.name()), lang.of(measure.text())))
        .collect()
}

/// A grade in words. Shown to nobody but its subject.
#[derive(Debug, Clone)]
pub(crate) struct GradeView {
    /// The letter.
    pub(crate) letter: &'static str,
    /// The points.
    pub(crate) points: i32,
    /// What it opens.
    pub(crate) opens: String,
    /// Why: sums to the points.
    pub(crate) reasons: Vec<ReasonView>,
    /// What the sum says.
    pub(crate) sum_says: String,
    /// What would improve it.
    pub(crate) improvements: Vec<ImprovementView>,
    /// The letters from the least to the best, and where this one is.
    pub(crate) scale: Vec<LetterStep>,
}

/// One letter of the scale.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LetterStep {
    /// The letter.
    pub(crate) letter: &'static str,
    /// From how many points; nought for the least.
    pub(crate) from: i32,
    /// Whether it is the grade's.
    pub(crate) here: bool,
}

/// One reason.
#[derive(Debug, Clone)]
pub(crate) struct ReasonView {
    /// Its points, signed.
    pub(crate) points: String,
    /// Whether it takes.
    pub(crate) minus: bool,
    /// In words.
    pub(crate) text: String,
    /// Sources and documents.
    pub(crate) from: String,
    /// The record to look at, if it is about some.
    pub(crate) record: Option<u64>,
}

/// One step that would improve it.
#[derive(Debug, Clone)]
pub(crate) struct ImprovementView {
    /// Its points.
    pub(crate) points: String,
    /// In words.
    pub(crate) text: String,
    /// From when.
    pub(crate) on: Option<String>,
    /// Whether the letter rises.
    pub(crate) opens: bool,
    /// To which letter.
    pub(crate) letter_then: String,
}

/// The view of a grade, its reasons traced to their records.
pub(crate) fn grade(
    lang: Lang,
    bundle: &Bundle,
    assessment: &Assessment,
    grade: &Grade,
    records: &[Logged],
) -> GradeView {
    let by_number: BTreeMap<RecordNumber, &Logged> =
        records.iter().map(|logged| (logged.number(), logged)).collect();
    let reasons = grade.reasons.iter().map(|reason| ReasonView {
        points: points(reason.points),
        minus: reason.points < 0,
        text: lang.of(&reason.text),
        from: from(lang, bundle, &reason.because.records, &by_number),
        record: reason.because.records.last().map(|number| number.0),
    });
    let improvements = grade.improvements.iter().map(|step| ImprovementView {
        points: points(step.points),
        text: lang.of(&step.text),
        on: step
            .on
            .map(|on| lang.with("better-on", &[("day", &day(lang, on))])),
        opens: step.letter_then > grade.letter,
        letter_then: lang.with("better-letter", &[("letter", step.letter_then.as_str())]),
    });
    let open = incentives(lang, assessment).len();
    GradeView {
        letter: grade.letter.as_str(),
        points: grade.points,
        opens: lang.count("grade-opens", u64::try_from(open).unwrap_or(u64::MAX)),
        reasons: reasons.collect(),
        sum_says: sum_says(lang, bundle, grade),
        improvements: improvements.collect(),
        scale: scale(bundle, grade),
    }
}

fn scale(bundle: &Bundle, grade: &Grade) -> Vec<LetterStep> {
    let card = bundle.scorecard_of(&grade.scorecard);
    let Some(letters) = card.map(|card| card.letters) else {
        return Vec::new();
    };
    let steps = [
        (Letter::D, 0),
        (Letter::C, letters.c),
        (Letter::B, letters.b),
        (Letter::A, letters.a),
    ];
    let step = |(letter, from): (Letter, i32)| LetterStep {
        letter: letter.as_str(),
        from,
        here: letter == grade.letter,
    };
    steps.map(step).into()
}

fn sum_says(lang: Lang, bundle: &Bundle, grade: &Grade) -> String {
    let letters = bundle.scorecard_of(&grade.scorecard).map(|card| card.letters);
    let from = letters.and_then(|letters| match grade.letter {
        Letter::A => Some(letters.a),
        Letter::B => Some(letters.b),
        Letter::C => Some(letters.c),
        Letter::D => None,
    });
    match from {
        Some(from) => {
            let values = [("letter", grade.letter.as_str()), ("from", &from.to_string())];
            lang.with("grade-sum", &values)
        }
        None => lang.t("grade-sum-least"),
    }
}

/// Where a reason comes from: sources, each once, and the document if there is but one.
fn from(
    lang: Lang,
    bundle: &Bundle,
    numbers: &[RecordNumber],
    by_number: &BTreeMap<RecordNumber, &Logged>,
) -> String {
    let records: Vec<&&Logged> = numbers
        .iter()
        .filter_map(|number| by_number.get(number))
        .collect();
    let mut parts: Vec<String> = Vec::new();
    for logged in &records {
        let code = &logged.record().source;
        let name = bundle
            .source(code)
            .map_or_else(|| code.to_string(), |source| lang.of(&source.name));
        if !parts.contains(&name) {
            parts.push(name);
        }
    }
    if let [only] = records.as_slice()
        && let Some(document) = &only.record().document
    {
        parts.push(document.number.clone());
    }
    parts.join(" · ")
}

#[cfg(test)]
impl EntryView {
    /// An entry for rendering samples.
    pub(crate) fn sample(black: bool) -> Self {
        Self {
            black,
            list: "失信被执行人名单".into(),
            fact: "有履行能力而拒不履行".into(),
            document: "（2026）粤0604执12号".into(),
            authority: "佛山市禅城区人民法院".into(),
            from: "2026年1月2日".into(),
            ends: "2028年1月2日".into(),
            exit: "履行完毕后三个工作日内删除".into(),
            measures: vec!["限制高消费".into()],
            disputed: black,
            record: 7,
        }
    }
}

/// A grade for rendering samples.
#[cfg(test)]
pub(crate) fn sample_grade(lang: Lang) -> GradeView {
    let reason = |by: i32, record| ReasonView {
        points: points(by),
        minus: by < 0,
        text: "连续缴纳社会保险 126 个月".into(),
        from: "人社局".into(),
        record,
    };
    GradeView {
        letter: "A",
        points: 92,
        opens: lang.count("grade-opens", 14),
        reasons: vec![reason(70, None), reason(28, Some(7)), reason(-6, Some(8))],
        sum_says: lang.with("grade-sum", &[("letter", "A"), ("from", "85")]),
        improvements: vec![ImprovementView {
            points: points(4),
            text: "…".into(),
            on: Some(lang.with("better-on", &[("day", "…")])),
            opens: true,
            letter_then: lang.with("better-letter", &[("letter", "A")]),
        }],
        scale: vec![LetterStep {
            letter: "A",
            from: 85,
            here: true,
        }],
    }
}

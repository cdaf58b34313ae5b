//! Looks as whoever the file is about reads them: what belongs together is one line, which opens.

use std::collections::BTreeMap;

use assess::Bundle;
use record::{SourceCode, SubjectId};
use store::{Look, Mandated};

use super::question::QuestionView;
use super::{purpose, what};
use crate::lang::Lang;
use crate::visit::Visit;

/// Looks by the same, for the same, that lie no further apart are one visit.
const VISIT_MS: i64 = 30 * MINUTE_MS;
/// A moment is told to the minute.
const MINUTE_MS: i64 = 60_000;

/// One visit: a look, or several by the same viewer for the same purpose and case within half an hour.
#[derive(Debug, Clone)]
pub(crate) struct LookView {
    /// The number of the latest look.
    pub(crate) id: u64,
    /// What was asked about it, if anything was.
    pub(crate) question: Option<QuestionView>,
    /// When, the latest.
    pub(crate) when: String,
    /// Which office, or who for the organisation.
    pub(crate) who: String,
    /// For which purpose.
    pub(crate) purpose: String,
    /// In which case, in words.
    pub(crate) case: Option<String>,
    /// What was looked at, each thing once.
    pub(crate) what: String,
    /// How many looks it was.
    pub(crate) times: u64,
    /// Each of them, the newest first.
    pub(crate) each: Vec<OneLook>,
    /// Whether it was the person, or somebody who acts for the organisation.
    pub(crate) own: bool,
}

/// One of the looks of a visit.
#[derive(Debug, Clone)]
pub(crate) struct OneLook {
    /// Its number.
    pub(crate) id: u64,
    /// When.
    pub(crate) when: String,
    /// At what.
    pub(crate) what: String,
}

impl LookView {
    /// Whether a look is one of this visit.
    pub(crate) fn covers(&self, look: u64) -> bool {
        self.each.iter().any(|one| one.id == look)
    }
}

/// Looks, the newest first, by visit.
pub(crate) fn visits(looks: &[Look]) -> impl Iterator<Item = &[Look]> {
    looks.chunk_by(is_one_visit)
}

/// Visits in words. Nothing is left out: each look can be seen within its visit.
pub(crate) fn look_views<'l>(
    visit: &Visit,
    visits: impl Iterator<Item = &'l [Look]>,
    mandated: Option<&Mandated>,
) -> Vec<LookView> {
    visits.filter_map(|looks| view(visit, looks, mandated)).collect()
}

/// One look, as a visit of its own.
pub(crate) fn look_view(visit: &Visit, look: &Look) -> Option<LookView> {
    view(visit, std::slice::from_ref(look), None)
}

fn is_one_visit(later: &Look, earlier: &Look) -> bool {
    fn of(look: &Look) -> impl PartialEq {
        (
            &look.viewer_kind,
            &look.viewer,
            &look.source,
            &look.door,
            &look.purpose,
            &look.case,
        )
    }
    of(later) == of(earlier) && later.at_ms - earlier.at_ms <= VISIT_MS
}

fn view(visit: &Visit, looks: &[Look], mandated: Option<&Mandated>) -> Option<LookView> {
    let latest = looks.first()?;
    // A visit may be hundreds of looks at a few things, within half an hour: each thing and each minute is put into words once.
    let mut whats: BTreeMap<&str, String> = BTreeMap::new();
    let mut whens: BTreeMap<i64, String> = BTreeMap::new();
    let mut things: Vec<String> = Vec::new();
    let mut each = Vec::new();
    for look in looks {
        let thing = whats.entry(&look.what).or_insert_with(|| what(visit, &look.what));
        let minute = look.at_ms.div_euclid(MINUTE_MS);
        let when = whens.entry(minute).or_insert_with(|| visit.moment(look.at_ms));
        if !things.contains(thing) {
            things.push(thing.clone());
        }
        each.push(OneLook {
            id: look.id,
            when: when.clone(),
            what: thing.clone(),
        });
    }
    Some(LookView {
        id: latest.id,
        question: None,
        when: visit.moment(latest.at_ms),
        who: who(visit, latest, mandated),
        purpose: if latest.agent().is_some() {
            visit.lang.t("look-purpose-agent")
        } else {
            purpose(visit, &latest.purpose)
        },
        case: case_shown(visit, latest),
        what: visit.lang.list(things),
        times: u64::try_from(looks.len()).unwrap_or(1),
        each,
        own: latest.is_own(),
    })
}

fn who(visit: &Visit, look: &Look, mandated: Option<&Mandated>) -> String {
    if let Some(person) = look.agent() {
        return agent_name(visit, person, mandated);
    }
    if look.is_own() {
        return visit.lang.t("look-self");
    }
    match look.source.clone().and_then(|code| SourceCode::new(code).ok()) {
        Some(source) => {
            let door = visit.lang.t(&format!("door-{}", look.door));
            format!("{} · {door}", visit.source_name(&source))
        }
        None => visit.lang.t("look-operator"),
    }
}

/// Somebody who acts for the organisation, by the masked name that it knows them by.
pub(crate) fn agent_name(visit: &Visit, person: SubjectId, mandated: Option<&Mandated>) -> String {
    let name = mandated.and_then(|mandated| mandated.name_of(person));
    visit.lang.with(
        "look-agent",
        &[("name", name.unwrap_or(&visit.lang.t("agent-unknown")))],
    )
}

/// The case that a look names, in words.
pub(crate) fn case_shown(visit: &Visit, look: &Look) -> Option<String> {
    let case = look.case.as_deref()?;
    Some(case_words(&visit.bundle, visit.lang, case, &look.what))
}

/// A case in words. A department's own begins with its code: `chancheng.market/41` is its matter no. 41, and `chancheng.market#41` the
/// hand-in of that number; what else a clerk wrote stays as it is.
fn case_words(bundle: &Bundle, lang: Lang, case: &str, looked_at: &str) -> String {
    let Some(at) = case.find(['/', '#']) else {
        return lang.with("counter-case-number", &[("case", case)]);
    };
    let (source, rest) = case.split_at(at);
    let known = SourceCode::new(source).ok();
    let known = known.and_then(|code| bundle.source(&code));
    let number = rest.trim_start_matches(['/', '#']);
    let Some(source) =
        known.filter(|_| number.bytes().all(|b| b.is_ascii_digit() || b == b'-') && !number.is_empty())
    else {
        return lang.with("counter-case-number", &[("case", case)]);
    };
    let kinds = BTreeMap::from([
        ("plea", "case-plea"),
        ("link", "case-link"),
        ("merge", "case-merge"),
        ("naming", "case-naming"),
        ("record", "case-record"),
        ("question", "case-question"),
    ]);
    let kind = looked_at.split(' ').next().unwrap_or_default();
    let key = match (rest.starts_with('#'), kinds.get(kind)) {
        (true, _) => "case-hand-in",
        (false, Some(key)) => key,
        (false, None) => "case-matter",
    };
    lang.with(key, &[("source", &lang.of(&source.name)), ("number", number)])
}

#[cfg(test)]
impl LookView {
    pub(crate) fn samples(lang: Lang) -> Vec<Self> {
        [false, true]
            .map(|own| Self {
                id: 7,
                question: QuestionView::samples(lang).into_iter().nth(1).filter(|_| !own),
                when: "今天 09:41".into(),
                who: if own {
                    lang.t("look-self")
                } else {
                    lang.t("look-operator")
                },
                purpose: "窗口办事".into(),
                case: Some(lang.with("case-plea", &[("source", "…"), ("number", "41")])),
                what: "公共场所卫生许可证延续".into(),
                times: if own { 1 } else { 2 },
                each: [7, 8]
                    .map(|id| OneLook {
                        id,
                        when: "今天 09:41".into(),
                        what: "…".into(),
                    })
                    .into(),
                own,
            })
            .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(id: u64, viewer: &str, case: &str, minute: i64) -> Look {
        Look {
            id,
            at_ms: minute * 60_000,
            viewer_kind: "staff".into(),
            viewer: viewer.into(),
            source: Some("chancheng.market".into()),
            door: "department".into(),
            subject: SubjectId(1),
            purpose: "department.evidence".into(),
            case: Some(case.into()),
            what: format!("record {id}"),
        }
    }

    #[test]
    fn one_visit_is_one_viewer_and_case_within_half_an_hour() {
        let looks = [
            look(6, "lin", "a/1", 100),
            look(5, "lin", "a/1", 90),
            look(4, "lin", "a/1", 59),
            look(3, "chen", "a/1", 58),
            look(2, "lin", "a/1", 57),
            look(1, "lin", "a/2", 56),
        ];
        let visits: Vec<Vec<u64>> = looks
            .chunk_by(is_one_visit)
            .map(|looks| looks.iter().map(|look| look.id).collect())
            .collect();
        assert_eq!(visits, [vec![6, 5], vec![4], vec![3], vec![2], vec![1]]);
    }
}

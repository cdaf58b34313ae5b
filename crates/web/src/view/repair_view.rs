//! A record's repair as a page shows it: from when it is open, what it asks for, what stops, and by when it is
//! decided.

use assess::{Bundle, ConditionMet, Due, RepairAnswer, RepairNeed};

use super::{Tone, day};
use crate::lang::Lang;

/// What can be said of a record's repair.
#[derive(Debug, Clone)]
pub(crate) struct RepairView {
    /// The first day on which its shortest display is over.
    pub(crate) open_from: String,
    /// The tasks.
    pub(crate) conditions: Vec<ConditionView>,
    /// What stops when it is granted.
    pub(crate) stops: Vec<String>,
    /// Who is told then.
    pub(crate) tells: Vec<String>,
    /// How long the department and the window have, in words.
    pub(crate) within: Vec<String>,
}

/// One condition, met or not.
#[derive(Debug, Clone)]
pub(crate) struct ConditionView {
    /// Its name.
    pub(crate) name: String,
    /// How it is met, or what to do.
    pub(crate) says: String,
    /// What it rests on.
    pub(crate) basis: String,
    /// Met, stated and to be checked, to be done in the form, or missing: in words.
    pub(crate) state: String,
    /// How that is coloured.
    pub(crate) tone: Tone,
}

/// The view of what the rules say of a record's repair. With `form`, what the application itself says is still to be
/// said.
pub(crate) fn repair_view(lang: Lang, bundle: &Bundle, found: &RepairAnswer, form: bool) -> RepairView {
    let all = |texts: &[assess::Text]| texts.iter().map(|text| lang.of(text)).collect();
    let within = [
        ("repair-within-decision", found.authority_working_days),
        ("repair-within-answer", found.answer_working_days),
    ];
    RepairView {
        open_from: day(lang, found.open_from),
        conditions: found
            .conditions
            .iter()
            .map(|condition| {
                // Who waits for an answer has said it, and nobody has looked at it yet.
                let stated = condition.needs == RepairNeed::Performed
                    && found.applied.is_some()
                    && condition.by == found.applied;
                condition_view(lang, bundle, condition, (form, stated))
            })
            .collect(),
        stops: all(&found.stops),
        tells: all(&found.tells),
        within: within
            .into_iter()
            .filter_map(|(key, days)| Some(lang.count(key, days?.into())))
            .collect(),
    }
}

fn condition_view(
    lang: Lang,
    bundle: &Bundle,
    condition: &ConditionMet,
    (form, stated): (bool, bool),
) -> ConditionView {
    let mut rules = bundle.repair_rules().conditions().iter();
    let rule = rules.find(|rule| rule.needs == condition.needs);
    let basis = rule.map(|rule| {
        let laws = rule.legal_basis.iter().map(|basis| lang.of(&basis.law));
        laws.collect::<Vec<_>>().join(lang.t("list-comma").as_str())
    });
    let below = form && matches!(condition.needs, RepairNeed::Performed | RepairNeed::Commitment);
    let (state, tone) = match (condition.met, below) {
        (true, _) if stated => ("repair-stated", Tone::Late),
        (true, _) => ("repair-met", Tone::Good),
        (false, true) => ("repair-below", Tone::Late),
        (false, false) => ("repair-missing", Tone::Bad),
    };
    ConditionView {
        name: rule.map_or_else(|| lang.of(&condition.text), |rule| lang.of(&rule.name)),
        says: lang.of(&condition.text),
        basis: basis.unwrap_or_default(),
        state: lang.t(state),
        tone,
    }
}

/// A day by which something is due, and that it may still move.
pub(crate) fn due_day(lang: Lang, due: Due) -> String {
    let on = day(lang, due.on);
    if due.provisional {
        lang.with("due-provisional", &[("day", &on)])
    } else {
        on
    }
}

#[cfg(test)]
impl RepairView {
    /// For rendering samples: a task of each state.
    pub(crate) fn sample(lang: Lang) -> Self {
        let task = |state: &str, tone| ConditionView {
            name: "最短公示期已满".to_owned(),
            says: "最短公示期未满：2026-12-01 起可以申请".to_owned(),
            basis: "信用修复管理办法".to_owned(),
            state: lang.t(state),
            tone,
        };
        Self {
            open_from: "2026年12月1日".to_owned(),
            conditions: vec![
                task("repair-met", Tone::Good),
                task("repair-stated", Tone::Late),
                task("repair-below", Tone::Late),
                task("repair-missing", Tone::Bad),
            ],
            stops: vec!["停止公示".to_owned()],
            tells: vec!["上级平台".to_owned()],
            within: vec![
                lang.count("repair-within-decision", 3),
                lang.count("repair-within-answer", 10),
            ],
        }
    }
}

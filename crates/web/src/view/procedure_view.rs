//! Where an entry of a list stands in its procedure, in words: what happened, what may follow, whose step it is.

use assess::{Assessment, Bundle, Procedure, StepAhead};

use super::{Step, Tone, day};
use crate::lang::Lang;

/// One procedure that is not over.
#[derive(Debug, Clone)]
pub(crate) struct ProcedureView {
    /// The list's name.
    pub(crate) list: String,
    /// The state's name.
    pub(crate) state: String,
    /// How it is coloured.
    pub(crate) tone: Tone,
    /// The steps that were taken.
    pub(crate) history: Vec<Step>,
    /// What may follow.
    pub(crate) next: Vec<NextView>,
}

/// A step that may follow.
#[derive(Debug, Clone)]
pub(crate) struct NextView {
    /// Whose it is.
    pub(crate) who: String,
    /// What it is.
    pub(crate) text: String,
    /// From when, and until when.
    pub(crate) when: String,
    /// Whether its day is over.
    pub(crate) overdue: bool,
}

/// The procedures of an assessment that a step may still follow.
pub(crate) fn procedures(lang: Lang, bundle: &Bundle, assessment: &Assessment) -> Vec<ProcedureView> {
    let view = |procedure: &Procedure| ProcedureView {
        list: bundle
            .list(&procedure.list)
            .map_or_else(|| procedure.list.to_string(), |list| lang.of(&list.name)),
        state: lang.of(&procedure.name),
        tone: if procedure.in_force { Tone::Bad } else { Tone::Late },
        history: procedure
            .history
            .iter()
            .map(|step| taken(day(lang, step.on), lang.of(&step.text)))
            .collect(),
        next: procedure.next.iter().map(|step| next(lang, step)).collect(),
    };
    let open = assessment.procedures.iter().filter(|one| !one.next.is_empty());
    open.map(view).collect()
}

fn taken(when: String, what: String) -> Step {
    Step {
        what,
        when,
        who: String::new(),
        says: String::new(),
        tone: Tone::Good,
    }
}

fn next(lang: Lang, step: &StepAhead) -> NextView {
    let from = day(lang, step.from_day);
    let when = match step.due {
        // What comes by itself comes on its day.
        Some(due) if step.by.is_none() => lang.with("procedure-on", &[("day", &day(lang, due))]),
        Some(due) => lang.with(
            "procedure-between",
            &[("from", &from), ("until", &day(lang, due))],
        ),
        None => lang.with("procedure-from", &[("from", &from)]),
    };
    NextView {
        who: lang.of(&step.who.name()),
        text: lang.of(&step.text),
        when,
        overdue: step.overdue,
    }
}

#[cfg(test)]
impl ProcedureView {
    /// A procedure for rendering samples.
    pub(crate) fn sample(lang: Lang) -> Self {
        let next = |overdue| NextView {
            who: "当事人".into(),
            text: "陈述、申辩".into(),
            when: lang.with("procedure-from", &[("from", "2026年3月2日")]),
            overdue,
        };
        Self {
            list: "拖欠农民工工资失信联合惩戒对象名单".into(),
            state: "已告知".into(),
            tone: Tone::Late,
            history: vec![taken("2026年3月2日".into(), "送达事先告知书".into())],
            next: vec![next(false), next(true)],
        }
    }
}

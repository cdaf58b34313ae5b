//! What a report's codes are called: a scorecard, a feature, a service, a list, by the rules that are at hand.

use assess::{Bundle, Text};
use batch::{Attention, Opened, Opening};
use record::{ClauseId, MeasureCode, ServiceCode};

use crate::lang::Lang;

/// The rules whose names are used, the draft's first, and the language.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) draft: &'a Bundle,
    pub(super) in_force: &'a Bundle,
    pub(super) lang: Lang,
}

impl Names<'_> {
    fn first(&self, code: &str, find: impl Fn(&Bundle) -> Option<Text>) -> String {
        let found = find(self.draft).or_else(|| find(self.in_force));
        found.map_or_else(|| code.to_owned(), |name| self.lang.of(&name))
    }

    pub(super) fn card(&self, code: &str) -> String {
        self.first(code, |rules| {
            let card = rules.scorecards().find(|card| card.code == code);
            Some(card?.name.clone())
        })
    }

    pub(super) fn feature(&self, card: &str, code: &str) -> String {
        self.first(code, |rules| {
            let card = rules.scorecards().find(|one| one.code == card)?;
            let feature = card.features.iter().find(|feature| feature.code == code);
            Some(feature?.name.clone())
        })
    }

    pub(super) fn opened(&self, one: &Opening) -> String {
        match one.what {
            Opened::Service => self.service_or_measure(&one.code, true),
            Opened::Measure => self.service_or_measure(&one.code, false),
        }
    }

    fn service_or_measure(&self, code: &str, service_first: bool) -> String {
        let service = |rules: &Bundle| {
            let code = ServiceCode::new(code).ok()?;
            Some(rules.service(&code)?.name.clone())
        };
        let measure = |rules: &Bundle| {
            let code = MeasureCode::new(code).ok()?;
            Some(rules.measure(&code)?.name().clone())
        };
        self.first(code, |rules| {
            if service_first {
                service(rules).or_else(|| measure(rules))
            } else {
                measure(rules).or_else(|| service(rules))
            }
        })
    }

    pub(super) fn clause(&self, clause: &str) -> String {
        self.first(clause, |rules| {
            let id = ClauseId::new(clause).ok()?;
            Some(rules.clause(&id)?.title.clone())
        })
    }

    pub(super) fn group(&self, code: &str) -> String {
        match code {
            "male" | "female" | "here" | "elsewhere" => self.lang.t(&format!("simulation-group-{code}")),
            "?" => self.lang.t("simulation-group-unknown"),
            years => years.to_owned(),
        }
    }

    pub(super) fn of_trait(&self, code: &str) -> String {
        self.lang.t(&format!("simulation-trait-{code}"))
    }

    /// What to look at, in a sentence.
    pub(super) fn attention(&self, one: &Attention) -> String {
        let lang = self.lang;
        match one {
            Attention::Ratio { card, of, group } => lang.with(
                "simulation-attention-ratio",
                &[
                    ("card", &self.card(card)),
                    ("trait", &self.of_trait(of)),
                    ("group", &self.group(group)),
                ],
            ),
            Attention::Closes { card, code } => lang.with(
                "simulation-attention-closes",
                &[
                    ("card", &self.card(card)),
                    ("what", &self.service_or_measure(code, true)),
                ],
            ),
            Attention::Unstable { card } => {
                lang.with("simulation-attention-unstable", &[("card", &self.card(card))])
            }
        }
    }
}

/// Thousandths with a point: `0.041`.
pub(super) fn thousandths(value: u64) -> String {
    format!("{}.{:03}", value / 1000, value % 1000)
}

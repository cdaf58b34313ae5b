//! The scorecards: what counts, and how much.

use crate::{Dimension, Feature, Scorecard};

use super::{Chapter, words};

impl Chapter<'_> {
    pub(super) fn scorecards(&mut self) {
        self.heading(2, self.say(&words::RATING));
        self.paragraph(self.say(&words::RATING_IS));
        let bundle = self.bundle;
        for card in bundle.scorecards() {
            self.scorecard(card);
        }
    }

    fn scorecard(&mut self, card: &Scorecard) {
        self.heading(3, format!("{} `rating.{}`", self.of(&card.name), card.code));
        let subjects: Vec<&str> = card
            .subjects
            .iter()
            .map(|kind| self.say(words::of_kind(*kind)))
            .collect();
        let letters = format!(
            "A ≥ {}，B ≥ {}，C ≥ {}",
            card.letters.a, card.letters.b, card.letters.c
        );
        let rows = [
            (&words::SUBJECTS, subjects.join(self.say(&words::COMMA))),
            (
                &words::BASE,
                format!("{} · {}", card.base.points, self.of(&card.base.text)),
            ),
            (&words::LETTERS, letters),
            (&words::LAW, self.law(&card.legal_basis, false)),
        ];
        self.facts(&rows);
        self.model_card(card);
        for dimension in &card.dimensions {
            self.dimension(card, dimension);
        }
    }

    /// What the card is for and not for, and where its table of disparity stands.
    fn model_card(&mut self, card: &Scorecard) {
        let Some(model) = &card.model_card else { return };
        let rows = [
            (&words::CARD_PURPOSE, self.of(&model.purpose).to_owned()),
            (&words::CARD_NOT_FOR, self.of(&model.not_for).to_owned()),
            (&words::CARD_DATA, self.of(&model.data).to_owned()),
            (&words::CARD_METHOD, self.of(&model.method).to_owned()),
            (&words::CARD_LIMITS, self.of(&model.limits).to_owned()),
            (&words::CARD_ANSWERS, self.of(&model.answers).to_owned()),
        ];
        self.facts(&rows);
        self.paragraph(self.say(&words::DISPARITY_IS));
    }

    fn dimension(&mut self, card: &Scorecard, dimension: &Dimension) {
        self.heading(
            4,
            format!(
                "{}（{} … {}）",
                self.of(&dimension.name),
                dimension.least,
                dimension.most
            ),
        );
        let heads = [
            self.say(&words::FEATURE),
            self.say(&words::READS),
            self.say(&words::LOOKS_BACK),
            self.say(&words::POINTS),
            self.say(&words::IMPROVE),
        ];
        let features = card
            .features
            .iter()
            .filter(|feature| feature.dimension == dimension.code);
        let rows: Vec<Vec<String>> = features.map(|feature| self.feature(feature)).collect();
        self.table(&heads, rows);
    }

    fn feature(&self, feature: &Feature) -> Vec<String> {
        let items: Vec<String> = feature.items.iter().map(|item| self.item_name(item)).collect();
        let bins: Vec<String> = feature
            .bins
            .iter()
            .map(|bin| format!("≥ {}：{:+}", bin.from, bin.points))
            .collect();
        let months = feature
            .within_months
            .map(|months| format!("{months}{}", self.say(&words::MONTHS)));
        vec![
            format!("{}<br>`{}`", self.of(&feature.name), feature.code),
            items.join(self.say(&words::COMMA)),
            months.unwrap_or_default(),
            bins.join("<br>"),
            feature
                .improve
                .as_ref()
                .map(|text| self.of(text).to_owned())
                .unwrap_or_default(),
        ]
    }
}

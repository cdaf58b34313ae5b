//! How looks are overseen.

use super::{Chapter, words};

impl Chapter<'_> {
    pub(super) fn looks(&mut self) {
        let rules = self.bundle.look_rules();
        let Some(from) = rules.review_from() else {
            return;
        };
        self.heading(2, self.say(&words::LOOKS));
        self.paragraph(self.say(&words::LOOKS_ARE));
        let days = |days: u32| format!("{days}{}", self.say(&words::WORKING_DAYS));
        let rows = [
            (&words::REVIEWED_FROM, from.to_string()),
            (&words::REVIEWED_WITHIN, days(rules.review_working_days())),
            (&words::QUESTION_ANSWERED, days(rules.answer_working_days())),
        ];
        self.facts(&rows);
        let heads = [
            self.say(&words::SIGN),
            self.say(&words::WHAT),
            self.say(&words::POINTS),
            self.say(&words::LAW),
        ];
        let rows: Vec<Vec<String>> = rules
            .rules()
            .iter()
            .map(|rule| {
                vec![
                    self.of(&rule.name).to_owned(),
                    self.of(&rule.text).to_owned(),
                    rule.points.to_string(),
                    self.law(&rule.legal_basis, rule.unverified),
                ]
            })
            .collect();
        self.table(&heads, rows);
    }
}

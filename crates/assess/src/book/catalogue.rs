//! The catalogue: what may be collected at all.

use crate::{Item, Nature, Publicity, Tier};

use super::{Chapter, words};

impl Chapter<'_> {
    pub(super) fn catalogue(&mut self) {
        self.heading(2, self.say(&words::CATALOGUE));
        self.paragraph(self.say(&words::CATALOGUE_IS));
        let bundle = self.bundle;
        for class in bundle.classes() {
            let items: Vec<&Item> = bundle.items().filter(|item| item.class == class.code).collect();
            if items.is_empty() {
                continue;
            }
            self.heading(3, self.of(&class.name));
            let law = self.law(&class.legal_basis, false);
            self.paragraph(format!(
                "{}{}{law}",
                self.say(&words::LAW),
                self.say(&words::COLON)
            ));
            let heads = [
                self.say(&words::ITEM),
                self.say(&words::NATURE),
                self.say(&words::SUBJECTS),
                self.say(&words::PUBLICITY),
                self.say(&words::DISPLAY),
                self.say(&words::EFFECT),
                self.say(&words::REPAIR),
                self.say(&words::HANDED_IN_BY),
                self.say(&words::LAW),
            ];
            let rows: Vec<Vec<String>> = items.into_iter().map(|item| self.item(item)).collect();
            self.table(&heads, rows);
        }
    }

    fn item(&self, item: &Item) -> Vec<String> {
        let sources: Vec<&str> = self
            .bundle
            .sources()
            .filter(|source| source.items.contains(&item.code))
            .map(|source| self.of(&source.name))
            .collect();
        let subjects: Vec<&str> = item
            .subjects
            .iter()
            .map(|kind| self.say(words::of_kind(*kind)))
            .collect();
        let adverse = item.nature == Nature::Adverse;
        vec![
            format!("{}<br>`{}`", self.of(&item.name), item.code),
            self.nature(item),
            subjects.join(self.say(&words::COMMA)),
            self.say(match item.publicity {
                Publicity::Public => &words::PUBLIC,
                Publicity::Subject => &words::SUBJECT_ONLY,
                Publicity::Restricted => &words::RESTRICTED,
            })
            .to_owned(),
            display(item),
            item.effect_months_most
                .map(|months| months.to_string())
                .unwrap_or_default(),
            match (adverse, item.repairable) {
                (false, _) => String::new(),
                (true, true) => self.say(&words::YES).to_owned(),
                (true, false) => self.say(&words::NO).to_owned(),
            },
            sources.join(self.say(&words::COMMA)),
            self.law(&item.legal_basis, false),
        ]
    }

    fn nature(&self, item: &Item) -> String {
        let nature = self.say(match item.nature {
            Nature::Adverse => &words::ADVERSE,
            Nature::Good => &words::GOOD,
            Nature::Neutral => &words::NEUTRAL,
        });
        let tier = item.tier.map(|tier| {
            self.say(match tier {
                Tier::Minor => &words::MINOR,
                Tier::General => &words::GENERAL,
                Tier::Severe => &words::SEVERE,
            })
        });
        let rated = if item.rateable {
            self.say(&words::RATED)
        } else {
            self.say(&words::NOT_RATED)
        };
        let parts = [Some(nature), tier, Some(rated)];
        parts
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(self.say(&words::COMMA))
    }
}

/// Months shown to the public: at least and at most.
fn display(item: &Item) -> String {
    match (item.display_months_least, item.display_months_most) {
        (Some(least), Some(most)) => format!("{least}–{most}"),
        (Some(least), None) => format!("≥ {least}"),
        (None, Some(most)) => format!("≤ {most}"),
        (None, None) => String::new(),
    }
}

//! The chapter "the rules of a district", written from the policies, so that it can say nothing else than they do.

mod catalogue;
mod looks;
mod rating;
mod repair;
mod words;

use crate::{Bundle, LegalBasis, MeasureRule, Service, Text};

pub use words::{Lang, Words};

/// A chapter that is being written.
struct Chapter<'b> {
    bundle: &'b Bundle,
    lang: Lang,
    text: String,
}

/// The whole chapter in one language, as Markdown.
pub fn rules(bundle: &Bundle, lang: Lang) -> String {
    let mut chapter = Chapter {
        bundle,
        lang,
        text: String::new(),
    };
    chapter.preface();
    chapter.catalogue();
    chapter.scorecards();
    chapter.lists();
    chapter.measures();
    chapter.services();
    chapter.repair();
    chapter.deadlines();
    chapter.looks();
    chapter.life();
    format!("{}\n", chapter.text.trim_end())
}

impl Chapter<'_> {
    fn say(&self, words: &'static Words) -> &'static str {
        words.of(self.lang)
    }

    fn of<'t>(&self, text: &'t Text) -> &'t str {
        match self.lang {
            Lang::Zh => &text.zh,
            Lang::En => &text.en,
        }
    }

    /// A line; two empty ones in a row are one.
    fn line(&mut self, line: impl AsRef<str>) {
        let line = line.as_ref().trim_end();
        if line.is_empty() && (self.text.is_empty() || self.text.ends_with("\n\n")) {
            return;
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn heading(&mut self, level: usize, title: impl AsRef<str>) {
        self.line("");
        self.line(format!("{} {}", "#".repeat(level), title.as_ref()));
        self.line("");
    }

    fn paragraph(&mut self, text: impl AsRef<str>) {
        self.line(text);
        self.line("");
    }

    /// A table: its heads, then its rows.
    fn table(&mut self, heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
        self.line(format!("| {} |", heads.join(" | ")));
        self.line(format!("|{}", "---|".repeat(heads.len())));
        for row in rows {
            let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
            self.line(format!("| {} |", cells.join(" | ")));
        }
        self.line("");
    }

    /// The laws a clause rests on, each marked where it is not yet verified.
    fn law(&self, basis: &[LegalBasis], unverified: bool) -> String {
        let laws = basis.iter().map(|law| {
            let article = law.article.as_deref().unwrap_or_default();
            let mark = if law.unverified || unverified { "†" } else { "" };
            format!("{}{article}{mark}", self.of(&law.law))
        });
        let laws: Vec<String> = laws.collect();
        laws.join(self.say(&words::SEMICOLON))
    }

    fn preface(&mut self) {
        self.line(format!("# {}", self.say(&words::TITLE)));
        self.line("");
        let edition = self.bundle.edition().to_owned();
        let from = self.bundle.in_force_from();
        let name = self.of(self.bundle.name()).to_owned();
        self.paragraph(format!(
            "{name} · {edition} · {}{from}",
            self.say(&words::IN_FORCE_FROM)
        ));
        self.paragraph(self.say(&words::MADE_FROM));
        for right in &words::PRINCIPLES {
            self.line(format!("- {}", right.of(self.lang)));
        }
        self.line("");
        self.paragraph(self.say(&words::DAGGER));
    }

    fn lists(&mut self) {
        self.heading(2, self.say(&words::LISTS));
        self.paragraph(self.say(&words::LISTS_ARE));
        for list in self.bundle.lists() {
            self.heading(3, format!("{} `lists.{}`", self.of(&list.name), list.code));
            let law = self.law(&list.legal_basis, list.unverified);
            let items = list
                .items
                .iter()
                .map(|item| self.item_name(item))
                .collect::<Vec<_>>();
            let colour = match list.colour {
                crate::Colour::Red => self.say(&words::RED),
                crate::Colour::Black => self.say(&words::BLACK),
            };
            let exit = self.of(&list.exit_text).to_owned();
            let brought = self.brought_about(list);
            let rows = [
                (&words::COLOUR, colour.to_owned()),
                (&words::ENTRY, items.join(self.say(&words::COMMA))),
                (
                    &words::TERM,
                    format!("{}{}", list.term_months, self.say(&words::MONTHS)),
                ),
                (&words::EXIT, exit),
                (&words::BRINGS, brought),
                (&words::LAW, law),
            ];
            self.facts(&rows);
            self.procedure(list);
        }
    }

    /// The states of an entry as a drawing, and the same as a table for who cannot see it.
    fn procedure(&mut self, list: &crate::List) {
        let language = match self.lang {
            Lang::Zh => "zh",
            Lang::En => "en",
        };
        let drawing = list.diagram(language);
        if drawing.is_empty() {
            return;
        }
        self.line("```mermaid");
        self.line(drawing);
        self.line("```");
        self.line("");
        self.paragraph(list.steps_table(language));
    }

    /// What an entry of a list brings about, by name.
    fn brought_about(&self, list: &crate::List) -> String {
        let names: Vec<&str> = self
            .bundle
            .measures()
            .filter(|measure| match measure {
                MeasureRule::Restriction(rule) => rule.from_lists.contains(&list.code),
                MeasureRule::Incentive(rule) => rule.from_lists.contains(&list.code),
            })
            .map(|measure| self.of(measure_name(measure)))
            .collect();
        names.join(self.say(&words::COMMA))
    }

    fn measures(&mut self) {
        self.heading(2, self.say(&words::MEASURES));
        self.paragraph(self.say(&words::MEASURES_ARE));
        let heads = [
            self.say(&words::MEASURE),
            self.say(&words::WHAT),
            self.say(&words::AGENCY),
            self.say(&words::COMES_FROM),
            self.say(&words::LAW),
        ];
        let bundle = self.bundle;
        let rows: Vec<Vec<String>> = bundle.measures().map(|measure| self.measure(measure)).collect();
        self.table(&heads, rows);
    }

    fn measure(&self, measure: &MeasureRule) -> Vec<String> {
        let list_names = |codes: &[record::ListCode]| {
            let names: Vec<&str> = codes
                .iter()
                .filter_map(|code| self.bundle.list(code))
                .map(|list| self.of(&list.name))
                .collect();
            names.join(self.say(&words::COMMA))
        };
        match measure {
            MeasureRule::Restriction(rule) => vec![
                format!("{} {:?}", self.of(&rule.name), rule.class),
                self.of(&rule.text).to_owned(),
                self.of(&rule.agency).to_owned(),
                list_names(&rule.from_lists),
                self.law(&rule.legal_basis, rule.unverified),
            ],
            MeasureRule::Incentive(rule) => vec![
                self.of(&rule.name).to_owned(),
                self.of(&rule.text).to_owned(),
                self.of(&rule.agency).to_owned(),
                match rule.from_grade {
                    Some(letter) => format!("{}{letter:?}", self.say(&words::FROM_GRADE)),
                    None => list_names(&rule.from_lists),
                },
                self.law(&rule.legal_basis, rule.unverified),
            ],
        }
    }

    fn services(&mut self) {
        self.heading(2, self.say(&words::SERVICES));
        self.paragraph(self.say(&words::SERVICES_ARE));
        let bundle = self.bundle;
        for service in bundle.services() {
            self.service(service);
        }
    }

    fn service(&mut self, service: &Service) {
        self.heading(
            3,
            format!("{} `services.{}`", self.of(&service.name), service.code),
        );
        let trust = match &service.trust {
            Some(trust) => format!("{:?}{}", trust.grade_at_least, self.say(&words::AND_ABOVE)),
            None => self.say(&words::NO_GRADE).to_owned(),
        };
        let rows = [
            (&words::OFFICE, self.of(&service.office).to_owned()),
            (
                &words::PROMISED,
                format!(
                    "{}{}",
                    service.promised_working_days,
                    self.say(&words::WORKING_DAYS)
                ),
            ),
            (&words::TRUST, trust),
            (&words::ORDINARY, self.of(&service.ordinary_text).to_owned()),
            (&words::LAW, self.law(&service.legal_basis, service.unverified)),
        ];
        self.facts(&rows);
        let heads = [self.say(&words::MATERIAL), self.say(&words::HOW)];
        let rows: Vec<Vec<String>> = service
            .materials
            .iter()
            .map(|material| {
                let how = match (material.defer_working_days, &material.held_as) {
                    (Some(days), _) => format!(
                        "{}{days}{}",
                        self.say(&words::MAY_FOLLOW),
                        self.say(&words::WORKING_DAYS)
                    ),
                    (None, Some(_)) => self.say(&words::HELD).to_owned(),
                    (None, None) => self.say(&words::CORE).to_owned(),
                };
                vec![self.of(&material.name).to_owned(), how]
            })
            .collect();
        self.table(&heads, rows);
    }

    /// Pairs of what is asked and what is so.
    fn facts(&mut self, rows: &[(&'static Words, String)]) {
        for (label, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
            self.line(format!(
                "- **{}**{}{value}",
                self.say(label),
                self.say(&words::COLON)
            ));
        }
        self.line("");
    }

    fn item_name(&self, code: &record::ItemCode) -> String {
        let item = self.bundle.item(code);
        item.map_or_else(|| code.to_string(), |item| self.of(&item.name).to_owned())
    }
}

fn measure_name(measure: &MeasureRule) -> &Text {
    match measure {
        MeasureRule::Restriction(rule) => &rule.name,
        MeasureRule::Incentive(rule) => &rule.name,
    }
}

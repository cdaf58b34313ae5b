//! Repair, objection, deadlines with their calendar, and what happens in a life.

use assess::{DutyKind, RepairNeed};

use super::{Chapter, words};

impl Chapter<'_> {
    pub(super) fn repair(&mut self) {
        self.heading(2, self.say(&words::REPAIR_CHAPTER));
        self.paragraph(self.say(&words::REPAIR_IS));
        self.tiers();
        self.conditions();
        let rules = self.bundle.repair_rules();
        for (title, texts) in [(&words::STOPS, rules.stops()), (&words::TELLS, rules.tells())] {
            self.heading(3, self.say(title));
            for text in texts {
                self.line(format!("- {}", self.of(text)));
            }
        }
        self.channels();
        self.heading(2, self.say(&words::OBJECTION));
        self.paragraph(self.say(&words::OBJECTION_IS));
    }

    fn tiers(&mut self) {
        let heads = [
            self.say(&words::TIER),
            self.say(&words::SHORTEST),
            self.say(&words::LONGEST),
            self.say(&words::LAW),
        ];
        let months = self.say(&words::MONTHS);
        let bundle = self.bundle;
        let rows = bundle.repair_rules().tiers().iter().map(|tier| {
            vec![
                self.of(&tier.name).to_owned(),
                format!("{}{months}", tier.display_months_least),
                format!("{}{months}", tier.display_months_most),
                self.law(&tier.legal_basis, false),
            ]
        });
        let rows: Vec<Vec<String>> = rows.collect();
        self.table(&heads, rows);
    }

    fn conditions(&mut self) {
        let heads = [
            self.say(&words::CONDITION),
            self.say(&words::WHEN_MISSING),
            self.say(&words::LAW),
        ];
        let bundle = self.bundle;
        let rows = bundle.repair_rules().conditions().iter().map(|condition| {
            vec![
                self.of(&condition.name).to_owned(),
                self.of(&condition.missing).replace("{open_from}", "…"),
                self.law(&condition.legal_basis, false),
            ]
        });
        let rows: Vec<Vec<String>> = rows.collect();
        self.table(&heads, rows);
    }

    fn channels(&mut self) {
        self.heading(3, self.say(&words::CHANNELS));
        let bundle = self.bundle;
        for channel in bundle.repair_rules().channels() {
            self.line(format!("- {}", self.of(&channel.text)));
            let opened: Vec<String> = channel
                .opened_by
                .iter()
                .map(|item| self.item_name(item))
                .collect();
            let waived: Vec<&str> = channel.waives.iter().map(|need| self.need(*need)).collect();
            let comma = self.say(&words::COMMA);
            let rows = [
                (&words::OPENED_BY, opened.join(comma)),
                (&words::WAIVES, waived.join(comma)),
                (&words::LAW, self.law(&channel.legal_basis, channel.unverified)),
            ];
            for (label, value) in rows {
                self.line(format!(
                    "  - {}{}{value}",
                    self.say(label),
                    self.say(&words::COLON)
                ));
            }
        }
    }

    fn need(&self, need: RepairNeed) -> &str {
        let conditions = self.bundle.repair_rules().conditions();
        let named = conditions.iter().find(|condition| condition.needs == need);
        named.map_or(need.code(), |condition| self.of(&condition.name))
    }

    pub(super) fn deadlines(&mut self) {
        self.heading(2, self.say(&words::DEADLINES));
        self.paragraph(self.say(&words::DEADLINES_ARE));
        let heads = [
            self.say(&words::DUTY),
            self.say(&words::DUE),
            self.say(&words::WHAT),
            self.say(&words::LAW),
        ];
        let bundle = self.bundle;
        let deadlines = DutyKind::ALL.iter().filter_map(|duty| bundle.deadline(*duty));
        let rows = deadlines.map(|deadline| {
            let days = format!("{}{}", deadline.working_days, self.say(&words::WORKING_DAYS));
            let most = deadline
                .days_most
                .map(|most| self.say(&words::AT_MOST_DAYS).replace("{}", &most.to_string()));
            vec![
                self.of(&deadline.name).to_owned(),
                format!("{}{}", days.trim_start(), most.unwrap_or_default()),
                self.of(&deadline.text).to_owned(),
                self.law(&deadline.legal_basis, deadline.unverified),
            ]
        });
        let rows: Vec<Vec<String>> = rows.collect();
        self.table(&heads, rows);
        self.calendar();
    }

    fn calendar(&mut self) {
        self.heading(3, self.say(&words::CALENDAR));
        let calendar = self.bundle.calendar();
        let heads = [self.say(&words::HOLIDAY), self.say(&words::DAYS)];
        let rows = calendar.holidays().iter().map(|holiday| {
            let days = format!("{} … {}", holiday.from, holiday.to);
            vec![self.of(&holiday.name).to_owned(), days]
        });
        let rows: Vec<Vec<String>> = rows.collect();
        self.table(&heads, rows);
        let worked: Vec<String> = calendar.workdays().map(|day| day.to_string()).collect();
        let announced = calendar
            .announced_to()
            .map(|day| format!("{}{day}", self.say(&words::ANNOUNCED_TO)));
        let rows = [
            (&words::MADE_UP, worked.join(self.say(&words::COMMA))),
            (&words::CALENDAR, announced.unwrap_or_default()),
            (&words::LAW, self.law(calendar.legal_basis(), false)),
        ];
        self.facts(&rows);
    }

    pub(super) fn life(&mut self) {
        self.heading(2, self.say(&words::LIFE));
        for event in &words::LIFE_EVENTS {
            self.line(format!("- {}", event.of(self.lang)));
        }
    }
}

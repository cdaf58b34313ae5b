//! Repair, objection, deadlines with their calendar, and what happens in a life.

use crate::{DutyKind, RepairNeed};

use super::words::Words;
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
        for event in &LIFE_EVENTS {
            self.line(format!("- {}", event.of(self.lang)));
        }
    }
}

/// What happens in a life, and what follows.
static LIFE_EVENTS: [Words; 7] = [
    Words {
        zh: "**未成年人**：不满 18 周岁的人没有等级，不公示，当时的不利记录永不计入。",
        en: "**Minors**: nobody under 18 has a grade or is shown to the public; what spoke against them then never counts.",
    },
    Words {
        zh: "**死亡**：从死亡之日起没有等级，措施终止，不再公示；记录仍可依法查阅。",
        en: "**Death**: from that day on there is no grade, measures end and nothing is shown; the records stay readable by law.",
    },
    Words {
        zh: "**身份号码、统一社会信用代码变更**：登记机关说明原号码的，归入同一份档案；其他的等待两名工作人员核对。",
        en: "**Identifiers that change**: where the register names the former one, the records join one file; all others wait for two officers.",
    },
    Words {
        zh: "**更名**：档案以最近的登记为准，旧名称的记录仍属同一主体。",
        en: "**Names that change**: the file bears the newest registered one; records under the old name stay with the same subject.",
    },
    Words {
        zh: "**合并、分立**：承继写在双方档案里；不利记录不自动转给承继者。",
        en: "**Merger and division**: the succession stands in both files; what speaks against one does not pass to the other by itself.",
    },
    Words {
        zh: "**注销**：从注销之日起没有等级，措施终止；记录仍可查阅。",
        en: "**Struck off**: from that day on there is no grade and measures end; the records stay readable.",
    },
    Words {
        zh: "**一人两档、两人一档**：合并须两名工作人员查看双方档案后提出和确认；合并可以撤销，之后的结论随之改变。",
        en: "**One who was two, two who were one**: a merge is proposed and confirmed by two officers who have looked at both files; it can be undone, and what followed from it follows.",
    },
];

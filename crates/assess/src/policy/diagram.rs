//! A list's procedure drawn from its data: a Mermaid diagram, and the same as a table of words.

use std::fmt::Write as _;

use super::list::List;
use super::step::Step;
use super::text::is_english;

impl List {
    /// Its procedure as a Mermaid `stateDiagram-v2`, in Chinese or English; empty if it has none. States in
    /// which the entry has effect are drawn apart. For who cannot see it there is [`List::steps_table`].
    pub fn diagram(&self, language: &str) -> String {
        let mut out = String::new();
        if self.steps.is_empty() {
            return out;
        }
        // Writing to a string cannot fail.
        _ = self.draw(language, &mut out);
        out
    }

    fn draw(&self, language: &str, out: &mut String) -> std::fmt::Result {
        writeln!(out, "stateDiagram-v2")?;
        writeln!(out, "    accTitle: {}", label(self.name.of(language)))?;
        for state in &self.states {
            writeln!(
                out,
                "    state \"{}\" as {}",
                label(state.name.of(language)),
                id(&state.code)
            )?;
        }
        for step in &self.steps {
            let said = label(&step.label(language));
            if step.opens() {
                writeln!(out, "    [*] --> {} : {said}", id(&step.to))?;
            }
            for from in &step.from {
                writeln!(out, "    {} --> {} : {said}", id(from), id(&step.to))?;
            }
        }
        for state in &self.states {
            if !self.steps.iter().any(|step| step.leaves(&state.code)) {
                writeln!(out, "    {} --> [*]", id(&state.code))?;
            }
        }
        writeln!(out, "    classDef inForce stroke-width:3px")?;
        for state in self.states.iter().filter(|state| state.in_force) {
            writeln!(out, "    class {} inForce", id(&state.code))?;
        }
        Ok(())
    }

    /// Its procedure as a Markdown table, one step a row: from, to, what, who, document, days, law.
    pub fn steps_table(&self, language: &str) -> String {
        if self.steps.is_empty() {
            return String::new();
        }
        let mut out = String::from(if is_english(language) {
            "| From | To | What happens | Who | Document | Days | Law |\n"
        } else {
            "| 从 | 到 | 步骤 | 由谁 | 文书 | 期限 | 依据 |\n"
        });
        out.push_str("|---|---|---|---|---|---|---|\n");
        for step in &self.steps {
            let cells = self.cells(step, language).map(|cell| cell.replace('|', "／"));
            _ = writeln!(out, "| {} |", cells.join(" | "));
        }
        out
    }

    fn cells(&self, step: &Step, language: &str) -> [String; 7] {
        let name = |code: &String| {
            let state = self.state(code);
            state.map_or_else(|| code.clone(), |state| state.name.of(language).to_owned())
        };
        let from: Vec<String> = step.from.iter().map(name).collect();
        let laws = step.legal_basis.iter().map(|basis| {
            let article = basis.article.as_deref().unwrap_or_default();
            let unread = match (basis.unverified, is_english(language)) {
                (false, _) => "",
                (true, true) => " (unverified)",
                (true, false) => "（未核对）",
            };
            format!("{}{article}{unread}", basis.law.of(language))
        });
        let document = step.document.as_ref();
        [
            if from.is_empty() {
                "—".to_owned()
            } else {
                from.join(separator(language))
            },
            name(&step.to),
            step.text.of(language).to_owned(),
            step.who.name().of(language).to_owned(),
            document.map_or_else(|| "—".to_owned(), |document| document.of(language).to_owned()),
            step.days(language).unwrap_or_else(|| "—".to_owned()),
            laws.collect::<Vec<_>>().join(separator(language)),
        ]
    }
}

impl Step {
    /// Its document, or what happens if it rests on none, and its days.
    fn label(&self, language: &str) -> String {
        let what = self.document.as_ref().unwrap_or(&self.text).of(language);
        match self.days(language) {
            Some(days) if is_english(language) => format!("{what} ({days})"),
            Some(days) => format!("{what}（{days}）"),
            None => what.to_owned(),
        }
    }

    /// From when and until when it is taken, in words; none if it has no days of its own.
    pub fn days(&self, language: &str) -> Option<String> {
        let english = is_english(language);
        let mut said = Vec::new();
        let mut say = |days: u32, en: [&str; 2], zh: [&str; 2]| {
            let [before, after] = if english { en } else { zh };
            if days > 0 {
                said.push(format!("{before}{days}{after}"));
            }
        };
        say(
            self.waits_working_days,
            ["after ", " working days"],
            ["满", "个工作日后"],
        );
        say(self.waits_months, ["after ", " months"], ["满", "个月后"]);
        let within = self.within_working_days.unwrap_or(0);
        say(within, ["within ", " working days"], ["", "个工作日内"]);
        (!said.is_empty()).then(|| said.join(separator(language)))
    }
}

fn separator(language: &str) -> &'static str {
    if is_english(language) { ", " } else { "、" }
}

/// Mermaid ids have no hyphen.
fn id(code: &str) -> String {
    code.replace('-', "_")
}

/// Without the signs that end a label in Mermaid.
fn label(text: &str) -> String {
    text.replace(": ", " – ")
        .replace(':', "：")
        .replace(';', ",")
        .replace('"', "'")
        .replace('#', "＃")
}

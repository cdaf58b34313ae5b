//! Guard 1: only purposes named in policy ask for a grade, and never employment, housing or schooling.

use super::{Findings, Severity, banned};
use crate::policy::{Bundle, Text};

const RULE: &str = "guard-1-purposes";

const NEVER: &[&str] = &[
    "employment",
    "employer",
    "recruitment",
    "recruit",
    "hiring",
    "job",
    "housing",
    "tenancy",
    "rent",
    "school",
    "schooling",
    "education",
    "enrolment",
    "enrollment",
    "kindergarten",
    "university",
    "就业",
    "招聘",
    "录用",
    "用工",
    "求职",
    "住房",
    "租房",
    "租赁",
    "购房",
    "入学",
    "招生",
    "升学",
    "教育",
    "学校",
    "幼儿园",
];

pub(super) fn check(bundle: &Bundle, found: &mut Findings) {
    for purpose in bundle.purposes().filter(|purpose| purpose.may_ask_grade) {
        refuse(purpose.code.as_str(), &purpose.name, found);
    }
    for service in bundle.services().filter(|service| service.trust.is_some()) {
        refuse(service.code.as_str(), &service.name, found);
        let asks = |code| bundle.purpose(code).is_some_and(|purpose| purpose.may_ask_grade);
        if !service.purposes.iter().any(asks) {
            let help = "name a purpose with `may_ask_grade`, or take the trust path out";
            found.add(
                Severity::Warning,
                RULE,
                service.code.as_str(),
                "its trust path can never open",
                help,
            );
        }
    }
}

fn refuse(code: &str, name: &Text, found: &mut Findings) {
    for text in [code, &name.zh, &name.en] {
        if let Some(word) = banned(text, NEVER) {
            let message = format!("`{word}` never asks for a grade");
            found.add(
                Severity::Error,
                RULE,
                code,
                message,
                "take `may_ask_grade` or `trust` out",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schooling_is_refused_in_both_languages() {
        for (code, zh, en, errors) in [
            ("counter.service", "窗口办事", "Service at the counter", 0),
            ("school-place", "入学报名", "A place at school", 3),
        ] {
            let mut found = Findings::default();
            refuse(code, &Text::new(zh, en), &mut found);
            assert_eq!(found.0.len(), errors, "{code}");
        }
    }
}

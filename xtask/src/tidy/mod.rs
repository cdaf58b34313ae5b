//! The rules. Each is one file: what it is for, the rule as a function of the house, and its tests.

mod adr;
mod architecture;
mod clock;
mod danger;
mod dependencies;
mod layers;
mod links;
mod locales;
mod migrations;
mod opening;
mod sizes;
mod templates;
mod words;

use std::fmt;

use crate::house::House;

/// A rule: every fault it finds, not the first.
type Rule = fn(&House) -> Vec<Fault>;

/// All rules, by name.
pub(crate) const RULES: [(&str, Rule); 13] = [
    ("adr", adr::faults),
    ("architecture", architecture::faults),
    ("clock", clock::faults),
    ("danger", danger::faults),
    ("dependencies", dependencies::faults),
    ("layers", layers::faults),
    ("links", links::faults),
    ("locales", locales::faults),
    ("migrations", migrations::faults),
    ("opening", opening::faults),
    ("sizes", sizes::faults),
    ("templates", templates::faults),
    ("words", words::faults),
];

/// One place that breaks a rule.
#[derive(Debug)]
pub(crate) struct Fault {
    rule: &'static str,
    file: String,
    line: usize,
    what: String,
    help: String,
}

impl Fault {
    /// A fault in a line, counted from 1, with what to do about it.
    fn at(file: &str, line: usize, what: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            rule: "",
            file: file.to_owned(),
            line,
            what: what.into(),
            help: help.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rule,
            file,
            line,
            what,
            help,
        } = self;
        write!(f, "{file}:{line}: {what}\n    do: {help}  [{rule}]")
    }
}

/// All faults of all rules.
pub(crate) fn faults(house: &House) -> Vec<Fault> {
    let named = RULES
        .iter()
        .flat_map(|(rule, find)| find(house).into_iter().map(|fault| Fault { rule, ..fault }));
    named.collect()
}

/// The line, counted from 1, in which `wanted` first stands; 1 if nowhere.
fn line_of(text: &str, wanted: &str) -> usize {
    text.lines()
        .position(|line| line.contains(wanted))
        .map_or(1, |place| place + 1)
}

/// The lines of a text with their numbers from 1.
fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(place, line)| (place + 1, line))
}

/// Whether a path ends so. Paths of this house are in lower case.
fn has_ending(path: &str, ending: &str) -> bool {
    path.ends_with(ending)
}

/// Whether a line of Rust is nothing but a comment.
fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

/// The names in backticks of a line.
fn in_backticks(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// Runs one rule on a small house and compares what it says, one line `file:line: what` a fault.
#[cfg(test)]
fn check(rule: Rule, files: &[(&str, &str)], expect: &[&str]) {
    let faults = rule(&House::of(files));
    let said: Vec<_> = faults
        .iter()
        .map(|fault| format!("{}:{}: {}", fault.file, fault.line, fault.what))
        .collect();
    assert_eq!(said, expect);
}

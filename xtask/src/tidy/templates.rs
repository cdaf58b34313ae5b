//! Pages: every template has a page that renders it, that page has samples, and no template holds words of
//! its own: what a person reads stands in `locales/` or in a policy.

use super::{Fault, numbered};
use crate::house::House;

const TEMPLATES: &str = "crates/web/templates/";
const CODE: &str = "crates/web/src/";

pub(super) fn faults(house: &House) -> Vec<Fault> {
    let mut faults = without_samples(house);
    for (path, text) in house.below(TEMPLATES, ".html") {
        let name = path.strip_prefix(TEMPLATES).unwrap_or(path);
        if !is_used(house, name) {
            let what = "no page renders or includes this template";
            faults.push(Fault::at(path, 1, what, "write its page, or remove it"));
        }
        for (line, words) in words_of_its_own(text) {
            let what = format!("`{words}` is visible text outside `locales/`");
            faults.push(Fault::at(
                path,
                line,
                what,
                "give it a key in locales/zh-CN and locales/en",
            ));
        }
    }
    faults
}

/// Page structs that no `impl Samples` shows to the test that renders every page in both languages.
fn without_samples(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in house.below(CODE, ".rs") {
        let mut of_page = false;
        for (line, code) in numbered(text) {
            of_page |= code.trim_start().starts_with("#[template(path");
            let Some((_, name)) = code.split_once("struct ").filter(|_| of_page) else {
                continue;
            };
            of_page = false;
            let name: String = name
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if !text.contains(&format!("Samples for {name}")) {
                let help = format!(
                    "write `impl Samples for {name}` below it, a sample for each state that looks different"
                );
                faults.push(Fault::at(path, line, format!("`{name}` has no samples"), help));
            }
        }
    }
    faults
}

fn is_used(house: &House, name: &str) -> bool {
    let quoted = format!("\"{name}\"");
    house
        .below(CODE, ".rs")
        .chain(house.below(TEMPLATES, ".html"))
        .any(|(_, text)| text.contains(&quoted))
}

/// What a person does not read as words: names of CSS classes, comments, names of keys, what Rust fills in
/// or decides, tags.
const NO_WORDS: [(&str, &str); 6] = [
    ("{% block frame %}", "{% endblock %}"),
    ("{#", "#}"),
    ("<kbd>", "</kbd>"),
    ("{{", "}}"),
    ("{%", "%}"),
    ("<", ">"),
];

/// What is left of a template without them, where it has letters.
fn words_of_its_own(template: &str) -> Vec<(usize, String)> {
    let mut bare = template.to_owned();
    for (open, close) in NO_WORDS {
        bare = without(&bare, open, close);
    }
    let lines = numbered(&bare).map(|(line, words)| (line, without_entities(words).trim().to_owned()));
    lines
        .filter(|(_, words)| words.chars().filter(|c| c.is_alphabetic()).count() > 1)
        .collect()
}

/// Blanks everything between `open` and `close`, keeping the line breaks.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut parts = text.split(open);
    let mut bare = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (inside, after) = part.split_once(close).unwrap_or((part, ""));
        bare.push(' ');
        bare.extend(inside.chars().filter(|c| *c == '\n'));
        bare.push_str(after);
    }
    bare
}

/// A line without `&nbsp;` and its like.
fn without_entities(line: &str) -> String {
    let mut bare = String::with_capacity(line.len());
    for (place, part) in line.split('&').enumerate() {
        let rest = part
            .split_once(';')
            .filter(|(name, _)| place > 0 && name.len() < 8);
        bare.push_str(rest.map_or(part, |(_, rest)| rest));
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn a_page_has_samples() {
        let page = "#[derive(Template)]\n#[template(path = \"a.html\")]\nstruct Home<'a> {\n";
        let samples = format!("{page}}}\nimpl Samples for Home<'_> {{}}\n");
        check(faults, &[("crates/web/src/home.rs", &samples)], &[]);
        check(
            faults,
            &[("crates/web/src/home.rs", page)],
            &["crates/web/src/home.rs:3: `Home` has no samples"],
        );
    }

    #[test]
    fn a_template_has_a_page_and_no_words() {
        let page = ("crates/web/src/home.rs", "#[template(path = \"home.html\")]");
        let good =
            "{# why\n not #}<p class=\"a\">{{ t(\"hello\") }}&nbsp;· 1</p>{% if a > b %}<hr>{% endif %}";
        check(faults, &[page, ("crates/web/templates/home.html", good)], &[]);
        check(
            faults,
            &[
                page,
                ("crates/web/templates/home.html", "<p>\n禅城 {{ x }}</p>"),
                ("crates/web/templates/b.html", ""),
            ],
            &[
                "crates/web/templates/b.html:1: no page renders or includes this template",
                "crates/web/templates/home.html:2: `禅城` is visible text outside `locales/`",
            ],
        );
    }
}

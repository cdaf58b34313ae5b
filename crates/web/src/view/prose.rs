//! Plain text that people write for everyone: paragraphs, and links to pages of the house alone.
//!
//! A blank line begins a new paragraph; `[words](/address)` is a link if its address is a public page here. Nothing else means anything.

/// Where a link may lead: these pages, and what is below them.
const PAGES: [&str; 10] = [
    "/organisations",
    "/licences",
    "/penalties",
    "/guide",
    "/verify",
    "/open-data",
    "/announcements",
    "/o",
    "/my",
    "/sign-in",
];

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    /// Its words.
    pub(crate) text: String,
    /// Where it leads, if it is a link.
    pub(crate) href: Option<String>,
}

/// The paragraphs of a text.
pub(crate) fn paragraphs(text: &str) -> Vec<Vec<Run>> {
    let mut paragraphs = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim).chain([""]) {
        if !line.is_empty() {
            lines.push(line);
        } else if !lines.is_empty() {
            paragraphs.push(runs(&lines.join("\n")));
            lines.clear();
        }
    }
    paragraphs
}

/// The first thing in a text that would lead out of the house, or to no public page of it.
pub(crate) fn leads_out(text: &str) -> Option<String> {
    let outside = |word: &&str| {
        let word = word.to_ascii_lowercase();
        word.contains("://") || word.contains("www.") || word.contains("mailto:")
    };
    let mut words = text.split_whitespace();
    words.find(outside).map(str::to_owned).or_else(|| {
        let mut links = links(text);
        links
            .find(|(_, address)| !is_of_house(address))
            .map(|(_, address)| address.to_owned())
    })
}

/// Every `[words](address)`.
fn links(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('[').skip(1).filter_map(|rest| {
        let (words, rest) = rest.split_once("](")?;
        let (address, _) = rest.split_once(')')?;
        Some((words, address))
    })
}

fn is_of_house(address: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._?=&%#".contains(&byte);
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let below = |page: &&str| {
        path.strip_prefix(*page)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    address.bytes().all(plain)
        && !address.contains("..")
        && !address.contains("//")
        && (path == "/" || PAGES.iter().any(below))
}

fn runs(text: &str) -> Vec<Run> {
    let plain = |text: &str| Run {
        text: text.to_owned(),
        href: None,
    };
    let mut runs = Vec::new();
    let mut rest = text;
    while let Some((before, link, after)) = next_link(rest) {
        if !before.is_empty() {
            runs.push(plain(before));
        }
        runs.push(link);
        rest = after;
    }
    if !rest.is_empty() {
        runs.push(plain(rest));
    }
    runs
}

/// The first link of a text, with what stands before and after it.
fn next_link(text: &str) -> Option<(&str, Run, &str)> {
    for (at, _) in text.match_indices('[') {
        let (before, rest) = text.split_at(at);
        let found = rest.get(1..)?.split_once("](").and_then(|(words, rest)| {
            let (address, after) = rest.split_once(')')?;
            let is_link = !words.is_empty() && !words.contains(['[', ']']) && is_of_house(address);
            let run = Run {
                text: words.to_owned(),
                href: Some(address.to_owned()),
            };
            is_link.then_some((run, after))
        });
        if let Some((run, after)) = found {
            return Some((before, run, after));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `words>address|words`, a paragraph a line.
    fn shown(text: &str) -> String {
        let run = |run: &Run| match &run.href {
            Some(href) => format!("{}>{href}", run.text),
            None => run.text.clone(),
        };
        let line = |runs: &Vec<Run>| runs.iter().map(run).collect::<Vec<_>>().join("|");
        paragraphs(text).iter().map(line).collect::<Vec<_>>().join("¶")
    }

    #[test]
    fn paragraphs_and_links_of_the_house() {
        for (text, expect) in [
            ("", ""),
            ("一段\n同一段\n\n\n第二段\n", "一段\n同一段¶第二段"),
            ("见[指南](/guide/object)。", "见|指南>/guide/object|。"),
            (
                "[首页](/)和[查询](/organisations?q=a#b)",
                "首页>/|和|查询>/organisations?q=a#b",
            ),
            ("[外面](https://example.org)", "[外面](https://example.org)"),
            ("[工作台](/department)", "[工作台](/department)"),
            ("[近](/guidebook)", "[近](/guidebook)"),
            ("[a[b](/guide)", "[a|b>/guide"),
            ("[空](", "[空]("),
            ("<b>&", "<b>&"),
        ] {
            assert_eq!(shown(text), expect, "{text}");
        }
    }

    #[test]
    fn nothing_leads_out() {
        for (text, expect) in [
            ("见[指南](/guide/object)", None),
            ("见 https://example.org 一文", Some("https://example.org")),
            ("WWW.example.org", Some("WWW.example.org")),
            ("[外](//example.org/x)", Some("//example.org/x")),
            ("[外](/guide/../office)", Some("/guide/../office")),
            ("[内](/office)", Some("/office")),
            ("[码](javascript:alert)", Some("javascript:alert")),
        ] {
            assert_eq!(leads_out(text).as_deref(), expect, "{text}");
        }
    }
}

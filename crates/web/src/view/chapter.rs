//! The chapter of the rules as a page shows it: the few shapes that `assess::book` writes, taken from its Markdown.

/// A part of the chapter: what stands under one heading of the second level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// Its heading.
    pub(crate) title: String,
    /// What stands in it.
    pub(crate) blocks: Vec<Block>,
}

/// One shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    /// A heading within the part.
    Heading(Vec<Span>),
    /// A paragraph.
    Text(Vec<Span>),
    /// A list.
    List(Vec<Vec<Span>>),
    /// A table: its heads, its rows.
    Table(Vec<String>, Vec<Vec<Vec<Span>>>),
}

/// A stretch of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    /// The words.
    pub(crate) text: String,
    /// Whether they are strong.
    pub(crate) strong: bool,
    /// Whether they are a code.
    pub(crate) code: bool,
    /// Whether they begin a new line.
    pub(crate) line: bool,
}

/// The parts of a chapter; the first is what stands before any heading of the second level.
pub(crate) fn parts(markdown: &str) -> Vec<Part> {
    let mut parts = vec![Part::default()];
    let mut drawing = false;
    for line in markdown.lines() {
        if line.starts_with("```") {
            // A drawing; the table after it says the same.
            drawing = !drawing;
            continue;
        }
        if drawing {
            continue;
        }
        if let Some(title) = line.strip_prefix("## ") {
            parts.push(Part {
                title: title.to_owned(),
                blocks: Vec::new(),
            });
        } else if let Some(part) = parts.last_mut() {
            part.take(line);
        }
    }
    parts
}

impl Part {
    fn take(&mut self, line: &str) {
        if let Some(title) = line.strip_prefix("# ") {
            title.clone_into(&mut self.title);
        } else if line.starts_with('#') {
            let title = line.trim_start_matches('#').trim_start();
            self.blocks.push(Block::Heading(spans(title)));
        } else if let Some(entry) = line.strip_prefix("- ") {
            match self.blocks.last_mut() {
                Some(Block::List(entries)) => entries.push(spans(entry)),
                _ => self.blocks.push(Block::List(vec![spans(entry)])),
            }
        } else if line.starts_with('|') {
            self.take_row(line);
        } else if !line.trim().is_empty() {
            self.blocks.push(Block::Text(spans(line)));
        }
    }

    fn take_row(&mut self, line: &str) {
        let cells = cells(line);
        let rule = cells
            .iter()
            .all(|cell| !cell.is_empty() && cell.chars().all(|c| c == '-' || c == ':'));
        match self.blocks.last_mut() {
            Some(Block::Table(..)) if rule => {}
            Some(Block::Table(_, rows)) => rows.push(cells.iter().map(|cell| spans(cell)).collect()),
            _ => self.blocks.push(Block::Table(cells, Vec::new())),
        }
    }

    /// What of it holds these words, with the headings above; nothing if nothing does.
    pub(crate) fn holding(&self, words: &str) -> Option<Self> {
        let words = words.to_lowercase();
        let holds = |spans: &[Span]| said(spans).to_lowercase().contains(&words);
        let mut found = Vec::new();
        let mut heading: Option<&Block> = None;
        for block in &self.blocks {
            let kept = match block {
                Block::Heading(title) => {
                    heading = Some(block);
                    if !holds(title) {
                        continue;
                    }
                    None
                }
                Block::Text(text) if holds(text) => Some(block.clone()),
                Block::Text(_) => continue,
                Block::List(entries) => {
                    let entries: Vec<_> = entries.iter().filter(|entry| holds(entry)).cloned().collect();
                    Some(Block::List(entries)).filter(|list| *list != Block::List(Vec::new()))
                }
                Block::Table(heads, rows) => {
                    let row = |row: &&Vec<Vec<Span>>| row.iter().any(|cell| holds(cell));
                    let rows: Vec<_> = rows.iter().filter(row).cloned().collect();
                    (!rows.is_empty()).then(|| Block::Table(heads.clone(), rows))
                }
            };
            if kept.is_some() || matches!(block, Block::Heading(_)) {
                found.extend(heading.take().cloned());
                found.extend(kept);
            }
        }
        (!found.is_empty()).then(|| Self {
            title: self.title.clone(),
            blocks: found,
        })
    }
}

fn said(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}

/// The cells of a row; `\|` is a stroke within one.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim().trim_start_matches('|');
    let line = line.strip_suffix('|').unwrap_or(line);
    line.replace("\\|", "\u{0}")
        .split('|')
        .map(|cell| cell.trim().replace('\u{0}', "|"))
        .collect()
}

/// Strong words and codes, and of links their words.
fn spans(text: &str) -> Vec<Span> {
    let text = without_links(text);
    let mut spans = Vec::new();
    for (number, line) in text.split("<br>").enumerate() {
        let mut line_begins = number > 0;
        for (place, part) in line.split("**").enumerate() {
            for (inner, piece) in part.split('`').enumerate() {
                if !piece.is_empty() {
                    spans.push(Span {
                        text: piece.to_owned(),
                        strong: place % 2 == 1,
                        code: inner % 2 == 1,
                        line: line_begins,
                    });
                    line_begins = false;
                }
            }
        }
    }
    spans
}

fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        out.push_str(before);
        let link = after.split_once("](").and_then(|(words, after)| {
            let (_, after) = after.split_once(')')?;
            Some((words, after))
        });
        // What is no link stands as it is.
        let (words, after) = link
            .filter(|(words, _)| !words.contains('['))
            .unwrap_or(("[", after));
        out.push_str(words);
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAPTER: &str = "# Rules\n\nSaid **first** in `a.toml`.\n\n- one\n- two [there](x.md)\n\n## Lists\n\n### Red `lists.a`\n\n\
        ```mermaid\nstateDiagram\n```\n\n| what | how |\n|---|---|\n| a\\|b | **c** |\n| d | e |\n";

    #[test]
    fn what_the_book_writes_is_read() {
        let found = parts(CHAPTER);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].title, "Rules");
        assert_eq!(
            found[0].blocks[1],
            Block::List(vec![spans("one"), spans("two there")])
        );
        let [Block::Heading(heading), Block::Table(heads, rows)] = found[1].blocks.as_slice() else {
            panic!("{found:?}")
        };
        assert!(heading[1].code);
        assert_eq!(heads, &["what", "how"]);
        assert_eq!(said(&rows[0][0]), "a|b");
        assert!(rows[0][1][0].strong);
    }

    #[test]
    fn what_holds_the_words_stands_below_its_heading() {
        let found = parts(CHAPTER);
        let held = found[1].holding("E").unwrap();
        assert_eq!(held.blocks.len(), 2, "{held:?}");
        assert!(matches!(&held.blocks[1], Block::Table(_, rows) if rows.len() == 1));
        assert!(found[0].holding("nothing").is_none());
    }

    #[test]
    fn the_whole_chapter_is_read_in_both_languages() {
        for (file, least) in [("rules.zh.md", 9), ("rules.en.md", 9)] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../../docs/book")
                .join(file);
            let found = parts(&std::fs::read_to_string(path).unwrap());
            assert!(found.len() >= least, "{}", found.len());
            assert!(found.iter().skip(1).all(|part| !part.blocks.is_empty()));
        }
    }
}

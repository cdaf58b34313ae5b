//! Text on pages of A4: lines are broken as Chinese is, what belongs together stays together, and a page that is full is followed
//! by another. Sizes and places are in points, from the upper left.

use ttf_parser::Face;

use super::structure::{Leaf, Structure};

/// A4.
pub(super) const WIDTH: f32 = 595.28;
/// A4.
pub(super) const HEIGHT: f32 = 841.89;
/// What is left free at the left and the right.
pub(super) const MARGIN: f32 = 56.0;
/// The first line lies below the head of the page.
pub(super) const TOP: f32 = 78.0;
/// The last line lies above its foot.
const BOTTOM: f32 = HEIGHT - 70.0;
/// From line to line, in sizes.
const LEADING: f32 = 1.5;
/// From the upper end of a line to its base, in sizes.
const RISE: f32 = 1.1;
/// What does not begin a line.
const NEVER_FIRST: &str = "，。、；：？！）》〉」』】〕”’%,.;:?!)]}·";
/// What does not end one.
const NEVER_LAST: &str = "（《〈「『【〔“‘([{";

/// The colours of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// Text.
    Black,
    /// What stands beside it.
    Grey,
    /// Headings, and what is good.
    Celadon,
    /// The seal, and what is against one.
    Kiln,
    /// What waits.
    Ochre,
    /// Hairlines.
    Line,
}

/// Something on a page.
#[derive(Debug, Clone)]
pub(super) enum Mark {
    /// A line of text from its base.
    Text {
        /// From the left.
        x: f32,
        /// The base.
        y: f32,
        /// How large.
        size: f32,
        /// In which colour.
        ink: Ink,
        /// What.
        text: String,
        /// Of what it is a line.
        leaf: Leaf,
    },
    /// A hairline across the page.
    Rule {
        /// Where.
        y: f32,
    },
}

/// A piece of text that is set: where it begins, how large, and what may stand at the right of its first line.
pub(super) struct Piece<'t> {
    /// How far from the margin.
    pub(super) indent: f32,
    /// How large.
    pub(super) size: f32,
    /// In which colour.
    pub(super) ink: Ink,
    /// What.
    pub(super) text: &'t str,
    /// At the right of its first line, in the colour given.
    pub(super) right: Option<(&'t str, Ink)>,
}

impl<'t> Piece<'t> {
    /// Ordinary text.
    pub(super) fn plain(text: &'t str) -> Self {
        Self {
            indent: 0.0,
            size: 10.0,
            ink: Ink::Black,
            text,
            right: None,
        }
    }

    /// Small text beside it.
    pub(super) fn small(text: &'t str) -> Self {
        Self {
            size: 8.5,
            ink: Ink::Grey,
            ..Self::plain(text)
        }
    }
}

/// Pages that are being filled.
pub(super) struct Flow<'a> {
    face: &'a Face<'a>,
    /// What stands on each.
    pub(super) pages: Vec<Vec<Mark>>,
    /// What it is, in the order of reading.
    pub(super) structure: Structure,
    /// Where the next line begins on the last.
    pub(super) y: f32,
    /// What is kept free at the right, beside the square code.
    pub(super) beside: f32,
}

impl<'a> Flow<'a> {
    /// One empty page.
    pub(super) fn new(face: &'a Face<'a>) -> Self {
        Self {
            face,
            pages: vec![Vec::new()],
            structure: Structure::default(),
            y: TOP,
            beside: 0.0,
        }
    }

    /// The report's own heading.
    pub(super) fn title(&mut self, piece: &Piece<'_>) {
        self.need(piece.size * LEADING);
        let leaf = self.structure.heading(1, piece.text, self.pages.len() - 1);
        self.put(std::slice::from_ref(piece), &[(leaf, None)]);
    }

    /// A line that begins a part; what follows it is on its page.
    pub(super) fn heading(&mut self, text: &str) {
        self.gap(10.0);
        self.need(64.0);
        let heading = Piece {
            size: 12.5,
            ink: Ink::Celadon,
            ..Piece::plain(text)
        };
        let leaf = self.structure.heading(2, text, self.pages.len() - 1);
        self.put(&[heading], &[(leaf, None)]);
        let y = self.y + 1.0;
        self.mark(Mark::Rule { y });
        self.gap(6.0);
    }

    /// Paragraphs that stay on one page, if they fit on any.
    pub(super) fn set(&mut self, pieces: &[Piece<'_>]) {
        let leaves = self.leaves(pieces);
        for leaf in in_order(&leaves) {
            self.structure.paragraph(leaf);
        }
        self.put(pieces, &leaves);
    }

    /// A row of a table: what it is about, and at the right what it comes to.
    pub(super) fn row(&mut self, pieces: &[Piece<'_>]) {
        let leaves = self.leaves(pieces);
        let head = leaves.iter().map(|(leaf, _)| *leaf).collect();
        let cell = leaves.iter().filter_map(|(_, right)| *right).collect();
        self.structure.row(head, cell);
        self.put(pieces, &leaves);
    }

    /// An entry of a list.
    pub(super) fn entry(&mut self, pieces: &[Piece<'_>]) {
        let leaves = self.leaves(pieces);
        self.structure.entry(in_order(&leaves));
        self.put(pieces, &leaves);
    }

    /// Each piece and what stands at its right are read one after the other.
    fn leaves(&mut self, pieces: &[Piece<'_>]) -> Vec<(Leaf, Option<Leaf>)> {
        let structure = &mut self.structure;
        pieces
            .iter()
            .map(|piece| (structure.leaf(), piece.right.map(|_| structure.leaf())))
            .collect()
    }

    fn put(&mut self, pieces: &[Piece<'_>], leaves: &[(Leaf, Option<Leaf>)]) {
        let lines: Vec<Vec<String>> = pieces.iter().map(|piece| self.broken(piece)).collect();
        let height: f32 = pieces
            .iter()
            .zip(&lines)
            .map(|(piece, lines)| lines.iter().map(|_| piece.size * LEADING).sum::<f32>())
            .sum();
        self.need(height.min(BOTTOM - TOP));
        for ((piece, (leaf, right_leaf)), lines) in pieces.iter().zip(leaves).zip(lines) {
            let mut right = piece.right.zip(*right_leaf);
            for line in lines {
                self.need(piece.size * LEADING);
                let y = self.y + piece.size * RISE;
                if let Some(((right, ink), leaf)) = right.take() {
                    let x = WIDTH - MARGIN - width(self.face, right, piece.size);
                    self.text((x, y), piece.size, ink, right.to_owned(), leaf);
                }
                let from = (MARGIN + piece.indent, y);
                self.text(from, piece.size, piece.ink, line, *leaf);
                self.y += piece.size * LEADING;
            }
        }
    }

    /// Leaves so much free.
    pub(super) fn gap(&mut self, height: f32) {
        self.y += height;
    }

    /// Begins another page unless so much is free on this one.
    pub(super) fn need(&mut self, height: f32) {
        if self.y + height > BOTTOM && self.y > TOP {
            self.pages.push(Vec::new());
            self.y = TOP;
        }
    }

    fn text(&mut self, (x, y): (f32, f32), size: f32, ink: Ink, text: String, leaf: Leaf) {
        self.mark(Mark::Text {
            x,
            y,
            size,
            ink,
            text,
            leaf,
        });
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    fn broken(&self, piece: &Piece<'_>) -> Vec<String> {
        let right = piece
            .right
            .map_or(0.0, |(text, _)| width(self.face, text, piece.size) + 12.0);
        let room = WIDTH - 2.0 * MARGIN - piece.indent - right - self.beside;
        broken(piece.text, room, |text| width(self.face, text, piece.size))
    }
}

fn in_order(leaves: &[(Leaf, Option<Leaf>)]) -> Vec<Leaf> {
    leaves
        .iter()
        .flat_map(|(leaf, right)| [Some(*leaf), *right])
        .flatten()
        .collect()
}

/// How wide a text is.
pub(super) fn width(face: &Face<'_>, text: &str, size: f32) -> f32 {
    let units = f32::from(face.units_per_em());
    let advance = |c: char| {
        f32::from(
            face.glyph_index(c)
                .and_then(|glyph| face.glyph_hor_advance(glyph))
                .unwrap_or(0),
        )
    };
    text.chars().map(advance).sum::<f32>() / units * size
}

/// A text in lines no wider than the room: between any two Chinese characters, and between Latin words.
fn broken(text: &str, room: f32, width: impl Fn(&str) -> f32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in words(text) {
        let longer = format!("{line}{word}");
        if line.is_empty() || width(longer.trim_end()) <= room {
            line = longer;
        } else {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            line = word.trim_start().to_owned();
        }
        // A word that is wider than a whole line is cut where it must be.
        while width(line.trim_end()) > room && line.chars().count() > 1 {
            let mut kept = String::new();
            for c in line.chars() {
                if !kept.is_empty() && width(&format!("{kept}{c}")) > room {
                    break;
                }
                kept.push(c);
            }
            line = line.split_off(kept.len());
            lines.push(kept);
        }
    }
    if !line.trim().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// What is not broken: a Latin word with the blank after it, or a Chinese character with the marks that stay with it.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = None;
    for c in text.chars() {
        let joins = before.is_some_and(|before: char| {
            let in_word = before != ' ' && before.is_ascii() && c.is_ascii();
            in_word || c == ' ' || NEVER_FIRST.contains(c) || NEVER_LAST.contains(before)
        });
        match words.last_mut() {
            Some(word) if joins => word.push(c),
            _ => words.push(c.to_string()),
        }
        before = Some(c);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As if every character were as wide as the other.
    fn lines(text: &str, room: f32) -> Vec<String> {
        broken(text, room, |text| text.chars().map(|_| 1.0).sum())
    }

    #[test]
    fn lines_are_broken_as_chinese_is() {
        for (text, expect) in [
            ("", vec![""]),
            ("一二三四五六", vec!["一二三四五", "六"]),
            ("一二三四五。六", vec!["一二三四", "五。六"]),
            ("一二三四（五六）", vec!["一二三四", "（五六）"]),
            ("one two", vec!["one", "two"]),
            ("abcdefghijklm", vec!["abcde", "fghij", "klm"]),
        ] {
            assert_eq!(lines(text, 5.0), expect, "{text}");
        }
    }

    #[test]
    fn nothing_is_lost_and_no_line_is_too_long() {
        let text =
            "依据《个人信息保护法》第二十四条 and the rules 2026.1，合计 82 分；〔2026〕12号、〔2026〕13号。"
                .repeat(5);
        for room in [1.0, 3.0, 7.0, 20.0, 200.0] {
            let lines = lines(&text, room);
            let bare = |text: &str| text.replace(' ', "");
            assert_eq!(bare(&lines.concat()), bare(&text));
        }
    }
}

//! What the marks on the pages are to somebody who hears them: headings, paragraphs, rows of a table, entries of a list, in the
//! order in which they are read (PDF/UA-1).

use std::num::NonZeroU16;

use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::outline::{Outline, OutlineNode};
use krilla::tagging::{Identifier, ListNumbering, TableHeaderScope, Tag, TagGroup, TagTree};

/// Something that is read as one: which text it is made of is told by its place among all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Leaf(usize);

/// What is read, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// A heading: its level, its words, the page and the height at which it stands.
    Heading(u16, String, usize, Leaf),
    Paragraph(Leaf),
    /// Rows: what each is about, and what stands at its right.
    Table(Vec<(Vec<Leaf>, Vec<Leaf>)>),
    /// Entries, each of some paragraphs.
    List(Vec<Vec<Leaf>>),
    /// A picture and what it shows.
    Figure(String, Leaf),
}

/// The parts of a report, while they are set.
#[derive(Debug, Default)]
pub(super) struct Structure {
    parts: Vec<Part>,
    leaves: usize,
}

impl Structure {
    /// A new leaf, which must be put into a part once.
    pub(super) fn leaf(&mut self) -> Leaf {
        self.leaves += 1;
        Leaf(self.leaves - 1)
    }

    /// A heading of a level, on a page.
    pub(super) fn heading(&mut self, level: u16, text: &str, page: usize) -> Leaf {
        let leaf = self.leaf();
        self.parts.push(Part::Heading(level, text.to_owned(), page, leaf));
        leaf
    }

    pub(super) fn paragraph(&mut self, leaf: Leaf) {
        self.parts.push(Part::Paragraph(leaf));
    }

    /// A picture with what it shows in words.
    pub(super) fn figure(&mut self, says: &str) -> Leaf {
        let leaf = self.leaf();
        self.parts.push(Part::Figure(says.to_owned(), leaf));
        leaf
    }

    /// A row; rows that follow each other are one table.
    pub(super) fn row(&mut self, head: Vec<Leaf>, cell: Vec<Leaf>) {
        match self.parts.last_mut() {
            Some(Part::Table(rows)) => rows.push((head, cell)),
            _ => self.parts.push(Part::Table(vec![(head, cell)])),
        }
    }

    /// An entry; entries that follow each other are one list.
    pub(super) fn entry(&mut self, leaves: Vec<Leaf>) {
        match self.parts.last_mut() {
            Some(Part::List(entries)) => entries.push(leaves),
            _ => self.parts.push(Part::List(vec![leaves])),
        }
    }

    /// The headings, for whoever goes by them.
    pub(super) fn outline(&self) -> Outline {
        let mut outline = Outline::new();
        for part in &self.parts {
            if let Part::Heading(_, text, page, _) = part {
                let top = XyzDestination::new(*page, Point::from_xy(0.0, 0.0));
                outline.push_child(OutlineNode::new(text.clone(), top));
            }
        }
        outline
    }

    /// The tree of tags, from what was drawn of each leaf.
    pub(super) fn tree(&self, drawn: &Drawn, lang: &str) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(lang.to_owned()));
        for part in &self.parts {
            match part {
                Part::Heading(level, text, _, leaf) => {
                    let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
                    let tag = Tag::Hn(level, Some(text.clone()));
                    tree.push(drawn.group(TagGroup::new(tag), &[*leaf]));
                }
                Part::Paragraph(leaf) => tree.push(drawn.group(TagGroup::new(Tag::P), &[*leaf])),
                Part::Figure(says, leaf) => {
                    let tag = Tag::Figure(Some(says.clone()));
                    tree.push(drawn.group(TagGroup::new(tag), &[*leaf]));
                }
                Part::Table(rows) => tree.push(table(rows, drawn)),
                Part::List(entries) => tree.push(list(entries, drawn)),
            }
        }
        tree
    }
}

fn table(rows: &[(Vec<Leaf>, Vec<Leaf>)], drawn: &Drawn) -> TagGroup {
    let mut table = TagGroup::new(Tag::Table);
    for (head, cell) in rows {
        let mut row = TagGroup::new(Tag::TR);
        row.push(drawn.group(TagGroup::new(Tag::TH(TableHeaderScope::Row)), head));
        row.push(drawn.group(TagGroup::new(Tag::TD), cell));
        table.push(row);
    }
    table
}

fn list(entries: &[Vec<Leaf>], drawn: &Drawn) -> TagGroup {
    let mut list = TagGroup::new(Tag::L(ListNumbering::None));
    for leaves in entries {
        let mut body = TagGroup::new(Tag::LBody);
        for leaf in leaves {
            body.push(drawn.group(TagGroup::new(Tag::P), &[*leaf]));
        }
        let mut entry = TagGroup::new(Tag::LI);
        entry.push(body);
        list.push(entry);
    }
    list
}

/// What was drawn of each leaf, in the order of its lines.
#[derive(Default)]
pub(super) struct Drawn(Vec<Vec<Identifier>>);

impl Drawn {
    pub(super) fn add(&mut self, leaf: Leaf, identifier: Identifier) {
        if self.0.len() <= leaf.0 {
            self.0.resize(leaf.0 + 1, Vec::new());
        }
        if let Some(of_leaf) = self.0.get_mut(leaf.0) {
            of_leaf.push(identifier);
        }
    }

    fn group(&self, mut group: TagGroup, leaves: &[Leaf]) -> TagGroup {
        for identifier in leaves.iter().filter_map(|leaf| self.0.get(leaf.0)).flatten() {
            group.push(*identifier);
        }
        group
    }
}

//! From a report's content to the bytes of a PDF: four kinds of marks on A4, a head and a foot on each page, a square code and
//! a seal on the first. It is tagged (PDF/UA-1): who hears it hears headings, tables and lists in their order.

use krilla::color::rgb;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};
use krilla::text::{GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};
use qrcode::{EcLevel, QrCode};
use record::ReportCode;
use ttf_parser::Face;

use super::content::Content;
use super::flow::{Flow, HEIGHT, Ink, MARGIN, Mark, Piece, TOP, WIDTH, width};
use super::font::ReportFont;
use super::structure::{Drawn, Leaf};
use crate::view::{EntryView, GradeView, RecordView, Tone};

/// In the file's keywords, before its code: so that a file that was changed is still told from one that was never ours.
pub(crate) const MARKER: &str = "xinlian-report ";
/// The square code's side.
const SQUARE: f32 = 84.0;
/// Half the seal's.
const SEAL: f32 = 38.0;

/// What makes a report this one.
pub(crate) struct Stamp {
    /// Its code.
    pub(crate) code: ReportCode,
    /// The last day on which it can be verified, in words.
    pub(crate) until: String,
    /// What its square code holds: the address of the page that verifies it, or the code alone.
    pub(crate) square: String,
    /// Where it is verified, in words.
    pub(crate) where_verified: String,
}

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PdfFault {
    /// The font does not read.
    #[error("the font of reports does not read")]
    Font,
    /// The square code does not hold it.
    #[error("the square code: {0}")]
    Square(#[from] qrcode::types::QrError),
    /// The file could not be written.
    #[error("the PDF: {0}")]
    Write(String),
}

/// The bytes of a report.
pub(crate) fn draw(font: &ReportFont, content: &Content, stamp: &Stamp) -> Result<Vec<u8>, PdfFault> {
    let face = font.face().ok_or(PdfFault::Font)?;
    let square = QrCode::with_error_correction_level(&stamp.square, EcLevel::M)?;
    let mut flow = Flow::new(&face);
    let of_square = fill(&mut flow, content, stamp);
    verification(&mut flow, content, stamp);
    let Flow { pages, structure, .. } = flow;
    let mut document = Document::new_with(accessible()?);
    document.set_metadata(
        Metadata::new()
            .title(content.title())
            .language(content.lang.tag().to_owned())
            .keywords(vec![format!("{MARKER}{}", stamp.code)]),
    );
    let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| PdfFault::Write("A4".to_owned()))?;
    let count = pages.len();
    let mut drawn = Drawn::default();
    for (number, marks) in (1..).zip(pages) {
        let mut page = document.start_page_with(settings.clone());
        {
            let mut pen = Pen {
                surface: page.surface(),
                font,
                face: &face,
                drawn: &mut drawn,
            };
            pen.frame(content, stamp, number, count);
            for mark in &marks {
                pen.mark(mark);
            }
            if number == 1 {
                pen.square(&square, WIDTH - MARGIN - SQUARE, TOP - 8.0, of_square);
                pen.seal(
                    content,
                    WIDTH - MARGIN - SQUARE - SEAL - 18.0,
                    TOP - 8.0 + SQUARE / 2.0,
                );
            }
        }
        page.finish();
    }
    document.set_outline(structure.outline());
    document.set_tag_tree(structure.tree(&drawn, content.lang.tag()));
    document
        .finish()
        .map_err(|error| PdfFault::Write(format!("{error:?}")))
}

/// What is written keeps to PDF/UA-1, or is not written.
fn accessible() -> Result<SerializeSettings, PdfFault> {
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| PdfFault::Write(format!("{error:?}")))?;
    Ok(SerializeSettings {
        configuration,
        enable_tagging: true,
        ..SerializeSettings::default()
    })
}

/// Everything that the page shows, in its order. Gives back what the square code is drawn as.
fn fill(flow: &mut Flow<'_>, content: &Content, stamp: &Stamp) -> Leaf {
    let title = Piece {
        size: 20.0,
        ..Piece::plain(&content.words.title)
    };
    flow.beside = SQUARE + 2.0 * SEAL + 30.0;
    flow.title(&title);
    flow.set(&[Piece {
        size: 12.0,
        ..Piece::plain(&content.name)
    }]);
    flow.set(&[Piece::plain(&content.identifier)]);
    flow.set(&[Piece::small(&content.as_of_says)]);
    let of_square = flow.structure.figure(&stamp.where_verified);
    flow.beside = 0.0;
    flow.y = flow.y.max(TOP + SQUARE - 8.0);
    flow.heading(&content.words.grade);
    match &content.grade {
        Some(grade) => reasons(flow, content, grade),
        None => flow.set(&[Piece::plain(&content.not_rated)]),
    }
    flow.set(&[Piece::small(&content.words.grade_only_adds)]);
    flow.heading(&content.words.entries);
    if content.entries.is_empty() {
        flow.set(&[Piece::plain(&content.words.entries_none)]);
    }
    for entry in &content.entries {
        list_entry(flow, content, entry);
    }
    flow.heading(&content.words.contested);
    for line in &content.contested {
        flow.entry(&[Piece::plain(line)]);
    }
    for group in &content.groups {
        flow.heading(&group.title);
        for record in &group.records {
            record_lines(flow, content, record);
        }
    }
    if content.groups.is_empty() {
        flow.heading(&content.words.records);
        flow.set(&[Piece::plain(&content.words.records_none)]);
    }
    flow.gap(4.0);
    flow.set(&[Piece::small(content.scope())]);
    flow.heading(&content.words.object_title);
    for line in &content.words.object {
        flow.entry(&[Piece::plain(line)]);
    }
    of_square
}

fn reasons(flow: &mut Flow<'_>, content: &Content, grade: &GradeView) {
    flow.set(&[Piece {
        size: 15.0,
        ..Piece::plain(&content.grade_says)
    }]);
    flow.gap(2.0);
    for reason in &grade.reasons {
        let ink = if reason.minus { Ink::Kiln } else { Ink::Celadon };
        let text = Piece {
            right: Some((&reason.points, ink)),
            ..Piece::plain(&reason.text)
        };
        if reason.from.is_empty() {
            flow.row(&[text]);
        } else {
            flow.row(&[text, Piece::small(&reason.from)]);
        }
    }
    let sum = grade.points.to_string();
    flow.row(&[Piece {
        size: 11.0,
        right: Some((&sum, Ink::Black)),
        ..Piece::plain(&grade.sum_says)
    }]);
}

fn list_entry(flow: &mut Flow<'_>, content: &Content, entry: &EntryView) {
    let ink = if entry.black { Ink::Kiln } else { Ink::Celadon };
    let contested = entry
        .disputed
        .then_some((content.words.contested_tag.as_str(), Ink::Ochre));
    let where_from = [&entry.document, &entry.authority, &entry.from]
        .map(String::as_str)
        .join(" · ");
    let until = content.until(&entry.ends);
    flow.entry(&[
        Piece {
            ink,
            right: contested,
            ..Piece::plain(&entry.list)
        },
        Piece::plain(&entry.fact),
        Piece::small(&format!("{where_from} · {until}")),
        Piece::small(&entry.exit),
    ]);
    flow.gap(4.0);
}

fn record_lines(flow: &mut Flow<'_>, content: &Content, record: &RecordView) {
    let ink = match record.standing.tone {
        Tone::Good => Ink::Celadon,
        Tone::Late => Ink::Ochre,
        Tone::Bad => Ink::Kiln,
        Tone::Off => Ink::Grey,
    };
    let facts = content.facts_of(record);
    let mut pieces = vec![Piece {
        right: Some((&record.standing.says, ink)),
        ..Piece::plain(&record.item)
    }];
    if !record.summary.is_empty() {
        pieces.push(Piece {
            size: 9.0,
            ..Piece::plain(&record.summary)
        });
    }
    pieces.push(Piece::small(&facts));
    flow.entry(&pieces);
    flow.gap(4.0);
}

/// How the report is verified.
fn verification(flow: &mut Flow<'_>, content: &Content, stamp: &Stamp) {
    flow.heading(&content.words.verify_title);
    let (code, until) = (stamp.code.to_string(), content.until(&stamp.until));
    let code = Piece {
        size: 13.0,
        right: Some((&until, Ink::Black)),
        ..Piece::plain(&code)
    };
    let says = content.words.seal_says.iter().map(|line| Piece::small(line));
    let pieces: Vec<Piece<'_>> = [code, Piece::plain(&stamp.where_verified)]
        .into_iter()
        .chain(says)
        .collect();
    flow.set(&pieces);
}

/// What draws on one page.
struct Pen<'p> {
    surface: Surface<'p>,
    font: &'p ReportFont,
    face: &'p Face<'p>,
    drawn: &'p mut Drawn,
}

impl Pen<'_> {
    /// What belongs to what is read.
    fn tagged(&mut self, leaf: Leaf, draw: impl FnOnce(&mut Self)) {
        let identifier = self.surface.start_tagged(ContentTag::Span(SpanTag::empty()));
        draw(self);
        self.surface.end_tagged();
        self.drawn.add(leaf, identifier);
    }

    /// What is there for the eye alone.
    fn ornament(&mut self, kind: ArtifactType, draw: impl FnOnce(&mut Self)) {
        let artifact = Artifact::with_kind(kind);
        self.surface.start_tagged(ContentTag::Artifact(artifact));
        draw(self);
        self.surface.end_tagged();
    }

    fn frame(&mut self, content: &Content, stamp: &Stamp, number: usize, count: usize) {
        let code = stamp.code.to_string();
        self.ornament(ArtifactType::Header, |pen| {
            pen.line(MARGIN, 44.0, 8.5, Ink::Celadon, &content.words.brand);
            let x = WIDTH - MARGIN - width(pen.face, &code, 8.5);
            pen.line(x, 44.0, 8.5, Ink::Grey, &code);
            pen.rule(52.0);
        });
        let pages = content.pages(number, count);
        self.ornament(ArtifactType::Footer, |pen| {
            pen.rule(HEIGHT - 52.0);
            pen.line(MARGIN, HEIGHT - 38.0, 8.5, Ink::Grey, &content.foot());
            let x = WIDTH - MARGIN - width(pen.face, &pages, 8.5);
            pen.line(x, HEIGHT - 38.0, 8.5, Ink::Grey, &pages);
        });
    }

    fn mark(&mut self, mark: &Mark) {
        match mark {
            Mark::Text {
                x,
                y,
                size,
                ink,
                text,
                leaf,
            } => self.tagged(*leaf, |pen| pen.line(*x, *y, *size, *ink, text)),
            Mark::Rule { y } => self.ornament(ArtifactType::Layout, |pen| pen.rule(*y)),
        }
    }

    /// One line of text. Chinese and Latin are written from left to right, a glyph a character, so that nothing has to be shaped.
    fn line(&mut self, x: f32, y: f32, size: f32, ink: Ink, text: &str) {
        let units = f32::from(self.face.units_per_em());
        let glyph = |(at, c): (usize, char)| {
            // Marks of the byte order mean nothing to a reader, and PDF/UA has no place for them.
            if c.is_control() || matches!(c, '\u{feff}' | '\u{fffe}') {
                return None;
            }
            let glyph = self.face.glyph_index(c)?;
            let advance = f32::from(self.face.glyph_hor_advance(glyph).unwrap_or(0)) / units;
            let range = at..at + c.len_utf8();
            Some(KrillaGlyph::new(
                GlyphId::new(u32::from(glyph.0)),
                advance,
                0.0,
                0.0,
                0.0,
                range,
                None,
            ))
        };
        let glyphs: Vec<KrillaGlyph> = text.char_indices().filter_map(glyph).collect();
        if glyphs.is_empty() {
            return;
        }
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(filled(ink)));
        let start = Point::from_xy(x, y);
        self.surface
            .draw_glyphs(start, &glyphs, self.font.font(), text, size, false);
    }

    fn rule(&mut self, y: f32) {
        let mut path = PathBuilder::new();
        path.extend_rect(MARGIN, y, WIDTH - 2.0 * MARGIN, 0.6);
        self.fill(path, Ink::Line);
    }

    fn square(&mut self, code: &QrCode, x: f32, y: f32, leaf: Leaf) {
        let side = u16::try_from(code.width()).unwrap_or(u16::MAX);
        let module = SQUARE / f32::from(side.max(1));
        let mut path = PathBuilder::new();
        let mut colours = code.to_colors().into_iter();
        for row in 0..side {
            for column in 0..side {
                if colours.next() == Some(qrcode::Color::Dark) {
                    let (left, top) = (f32::from(column) * module, f32::from(row) * module);
                    path.extend_rect(x + left, y + top, module, module);
                }
            }
        }
        let identifier = self.surface.start_tagged(ContentTag::Other);
        self.fill(path, Ink::Black);
        self.surface.end_tagged();
        self.drawn.add(leaf, identifier);
    }

    /// Two rings, and in them who made it and when: all of which is read elsewhere.
    fn seal(&mut self, content: &Content, x: f32, y: f32) {
        self.ornament(ArtifactType::Other, |pen| pen.rings(content, x, y));
    }

    fn rings(&mut self, content: &Content, x: f32, y: f32) {
        for (radius, thick) in [(SEAL, 1.6), (SEAL - 4.0, 0.6)] {
            if let Some(path) = ring(x, y, radius) {
                self.surface.set_fill(None);
                self.surface.set_stroke(Some(Stroke {
                    paint: colour(Ink::Kiln).into(),
                    width: thick,
                    ..Stroke::default()
                }));
                self.surface.draw_path(&path);
            }
        }
        let lines = [
            (&content.words.seal_who, 11.0, -6.0),
            (&content.words.title, 8.0, 7.0),
            (&content.day, 7.0, 19.0),
        ];
        for (text, size, down) in lines {
            let at = x - width(self.face, text, size) / 2.0;
            self.line(at, y + down, size, Ink::Kiln, text);
        }
    }

    fn fill(&mut self, path: PathBuilder, ink: Ink) {
        if let Some(path) = path.finish() {
            self.surface.set_stroke(None);
            self.surface.set_fill(Some(filled(ink)));
            self.surface.draw_path(&path);
        }
    }
}

/// Adds a rectangle to a path.
trait ExtendRect {
    fn extend_rect(&mut self, x: f32, y: f32, width: f32, height: f32);
}

impl ExtendRect for PathBuilder {
    fn extend_rect(&mut self, x: f32, y: f32, width: f32, height: f32) {
        if let Some(rect) = Rect::from_xywh(x, y, width, height) {
            self.push_rect(rect);
        }
    }
}

/// A circle of four curves.
fn ring(x: f32, y: f32, radius: f32) -> Option<Path> {
    let bend = radius * 0.5523;
    let mut path = PathBuilder::new();
    path.move_to(x + radius, y);
    path.cubic_to(x + radius, y + bend, x + bend, y + radius, x, y + radius);
    path.cubic_to(x - bend, y + radius, x - radius, y + bend, x - radius, y);
    path.cubic_to(x - radius, y - bend, x - bend, y - radius, x, y - radius);
    path.cubic_to(x + bend, y - radius, x + radius, y - bend, x + radius, y);
    path.close();
    path.finish()
}

fn filled(ink: Ink) -> Fill {
    Fill {
        paint: colour(ink).into(),
        opacity: krilla::num::NormalizedF32::ONE,
        rule: FillRule::NonZero,
    }
}

/// The glazes of the pages, on paper.
fn colour(ink: Ink) -> rgb::Color {
    let (red, green, blue) = match ink {
        Ink::Black => (0x1d, 0x25, 0x28),
        Ink::Grey => (0x56, 0x63, 0x6a),
        Ink::Celadon => (0x1f, 0x6b, 0x5c),
        Ink::Kiln => (0xa6, 0x34, 0x23),
        Ink::Ochre => (0x80, 0x53, 0x00),
        Ink::Line => (0xc9, 0xd0, 0xcb),
    };
    rgb::Color::new(red, green, blue)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    fn stamp() -> Stamp {
        let code = ReportCode::of_random(&[7; 32]).unwrap();
        Stamp {
            square: format!("https://credit.example/verify?code={code}"),
            code,
            until: "2027年2月21日".into(),
            where_verified: "核验：https://credit.example/verify".into(),
        }
    }

    /// A machine without a Chinese font cannot draw; what is asked of it then is that it says so.
    fn font() -> Option<ReportFont> {
        match ReportFont::find(None) {
            Ok(font) => Some(font),
            Err(fault) => {
                assert!(fault.to_string().contains("--report-font"), "{fault}");
                None
            }
        }
    }

    #[test]
    fn it_is_a_pdf_of_a_few_pages_that_names_its_code() {
        let Some(font) = font() else { return };
        for lang in Lang::ALL {
            let mut counts = Vec::new();
            for full in [false, true] {
                let bytes = draw(&font, &Content::sample(lang, full), &stamp()).unwrap();
                assert!(bytes.starts_with(b"%PDF-"));
                let text = String::from_utf8_lossy(&bytes);
                let marked = format!("{MARKER}{}", stamp().code);
                assert!(text.contains(&marked), "the code stands in clear");
                counts.push(text.matches("/Type/Page/").count() + text.matches("/Type /Page\n").count());
                assert!(bytes.len() < 400_000, "{} bytes", bytes.len());
            }
            assert!(counts[0] < counts[1], "{counts:?}");
        }
    }

    #[test]
    fn the_same_report_is_the_same_bytes() {
        let Some(font) = font() else { return };
        let one = draw(&font, &Content::sample(Lang::Zh, true), &stamp()).unwrap();
        let other = draw(&font, &Content::sample(Lang::Zh, true), &stamp()).unwrap();
        assert!(one == other);
    }

    #[test]
    fn who_hears_it_hears_headings_rows_and_entries() {
        let Some(font) = font() else { return };
        for lang in Lang::ALL {
            let bytes = draw(&font, &Content::sample(lang, true), &stamp()).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            let bare: String = text.split_whitespace().collect();
            let count = |what: &str| bare.matches(what).count();
            for (what, least) in [
                ("pdfuaid:part>1<", 1),
                ("/StructTreeRoot", 1),
                ("/Marked", 1),
                ("/DisplayDocTitle", 1),
                ("/S/H1", 1),
                ("/S/H2", 4),
                ("/S/Table", 1),
                ("/S/TH", 2),
                ("/S/LI", 40),
                ("/S/Figure", 1),
                ("/Outlines", 1),
            ] {
                assert!(count(what) >= least, "{what} {}", count(what));
            }
            assert!(count(&format!("/Lang({})", lang.tag())) >= 1);
        }
    }
}

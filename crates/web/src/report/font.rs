//! The font of reports: the one that the settings name, or one of the system's that has Chinese characters.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use krilla::text::Font;
use ttf_parser::{Face, fonts_in_collection, name_id};

/// Folders in which fonts lie on Linux.
const FOLDERS: [&str; 2] = ["/usr/share/fonts", "/usr/local/share/fonts"];
/// How deep they are looked through.
const DEPTH: u8 = 4;
/// Parts of the file names of fonts with Chinese characters, the best first.
const CHINESE: [&str; 9] = [
    "notosanscjk-regular",
    "notosanssc-regular",
    "sourcehansanssc-regular",
    "sourcehansanscn-regular",
    "wqy-microhei",
    "wqy-zenhei",
    "msyh.",
    "simhei",
    "droidsansfallback",
];
/// What a font must have to write a report.
const NEEDED: &str = "信用报告〔2026〕第1页，有异议";

/// Why there is no font to write with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FontFault {
    /// There is none on this machine.
    #[error(
        "no font with Chinese characters; install `fonts-wqy-microhei`, or name one with `--report-font`"
    )]
    None,
    /// What the settings name cannot be read.
    #[error("the font `{path}` cannot be read: {why}; name another with `--report-font`")]
    Unreadable {
        /// Which file.
        path: String,
        /// What the system says.
        why: String,
    },
    /// It is no font, or has no Chinese characters.
    #[error("`{path}` is no font with Chinese characters; name another with `--report-font`")]
    NotChinese {
        /// Which file.
        path: String,
    },
}

/// A font that has been read.
#[derive(Clone)]
pub struct ReportFont {
    path: PathBuf,
    data: Arc<Vec<u8>>,
    /// Which of the fonts in the file.
    index: u32,
    font: Font,
}

impl std::fmt::Debug for ReportFont {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReportFont({})", self.path.display())
    }
}

impl ReportFont {
    /// The font that the settings name; if they name none, the best of the system's.
    ///
    /// # Errors
    /// When there is none that can write a report.
    pub fn find(named: Option<&Path>) -> Result<Self, FontFault> {
        if let Some(path) = named {
            return Self::read(path);
        }
        let mut files = Vec::new();
        for folder in FOLDERS {
            collect(Path::new(folder), DEPTH, &mut files);
        }
        files.sort();
        let mut found = files.iter().map(|(_, path)| path);
        found
            .find_map(|path| Self::read(path).ok())
            .ok_or(FontFault::None)
    }

    fn read(path: &Path) -> Result<Self, FontFault> {
        let said = path.display().to_string();
        let data = std::fs::read(path).map_err(|error| FontFault::Unreadable {
            path: said.clone(),
            why: error.to_string(),
        })?;
        let data = Arc::new(data);
        let not_chinese = FontFault::NotChinese { path: said };
        let index = simplified_face(&data).ok_or_else(|| not_chinese.clone())?;
        let font = Font::new(Arc::clone(&data).into(), index).ok_or(not_chinese)?;
        Ok(Self {
            path: path.to_owned(),
            data,
            index,
            font,
        })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// As the PDF takes it.
    pub(super) fn font(&self) -> Font {
        self.font.clone()
    }

    /// Its table of characters and widths.
    pub(super) fn face(&self) -> Option<Face<'_>> {
        Face::parse(&self.data, self.index).ok()
    }
}

/// Which face of a file writes simplified Chinese; the first that has the characters if none says so.
fn simplified_face(data: &[u8]) -> Option<u32> {
    let count = fonts_in_collection(data).unwrap_or(1).min(64);
    let faces: Vec<(u32, Face<'_>)> = (0..count)
        .filter_map(|index| Some((index, Face::parse(data, index).ok()?)))
        .filter(|(_, face)| NEEDED.chars().all(|c| face.glyph_index(c).is_some()))
        .collect();
    let is_simplified = |face: &Face<'_>| {
        let mut names = face.names().into_iter();
        names.any(|name| {
            name.name_id == name_id::FAMILY && name.to_string().is_some_and(|name| name.ends_with(" SC"))
        })
    };
    let simplified = faces.iter().find(|(_, face)| is_simplified(face));
    simplified.or(faces.first()).map(|(index, _)| *index)
}

/// The fonts below a folder that should have Chinese characters, with their places in the order of preference.
fn collect(folder: &Path, depth: u8, found: &mut Vec<(usize, PathBuf)>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            if let Some(depth) = depth.checked_sub(1) {
                collect(&path, depth, found);
            }
            continue;
        }
        let Some(name) = path
            .file_name()
            .map(|name| name.to_string_lossy().to_ascii_lowercase())
        else {
            continue;
        };
        let is_font = [".ttc", ".ttf", ".otf"]
            .iter()
            .any(|ending| name.ends_with(ending));
        if let (true, Some(place)) = (is_font, CHINESE.iter().position(|part| name.contains(part))) {
            found.push((place, path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_font_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.ttf");
        let found = ReportFont::find(Some(&path)).unwrap_err();
        assert!(matches!(found, FontFault::Unreadable { .. }), "{found}");
        for bytes in [b"".as_slice(), b"no font at all", &[0, 1, 0, 0, 255, 255]] {
            std::fs::write(&path, bytes).unwrap();
            let found = ReportFont::find(Some(&path)).unwrap_err();
            assert!(matches!(found, FontFault::NotChinese { .. }), "{found}");
        }
    }
}

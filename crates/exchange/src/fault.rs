//! What can be wrong with a file as a whole, so that none of its rows is taken.

use std::fmt;

use assess::Text;
use serde::{Deserialize, Serialize};

/// Why a file cannot be read at all. No row of such a file was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFault {
    /// The file's name.
    pub file: String,
    /// A stable code, e.g. `ENCODING`.
    pub code: String,
    /// Where in the file, e.g. `row 37` or `sheet xl/worksheets/sheet1.xml`; empty if it is the whole file.
    pub place: String,
    /// What is wrong.
    pub what: Box<Text>,
    /// What to do about it.
    pub help: Box<Text>,
}

impl FileFault {
    pub(crate) fn new(code: &str, what: Text, help: Text) -> Self {
        Self {
            file: String::new(),
            code: code.to_owned(),
            place: String::new(),
            what: Box::new(what),
            help: Box::new(help),
        }
    }

    pub(crate) fn at(mut self, place: impl Into<String>) -> Self {
        self.place = place.into();
        self
    }

    pub(crate) fn of(mut self, file: &str) -> Self {
        file.clone_into(&mut self.file);
        self
    }
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.file, self.code)?;
        if !self.place.is_empty() {
            write!(f, " at {}", self.place)?;
        }
        write!(f, ": {}; {}", self.what.en, self.help.en)
    }
}

impl std::error::Error for FileFault {}

/// A row of the file as the officer sees it there, for [`FileFault::at`].
pub(crate) fn row_place(row: u32) -> String {
    format!("row {row}")
}

/// The code of a file that is not there, or not to be read.
pub(crate) const UNREADABLE: &str = "UNREADABLE";

/// The file could not be read from its disk.
pub(crate) fn unreadable(error: &std::io::Error) -> FileFault {
    FileFault::new(
        UNREADABLE,
        Text::new(
            format!("读不到文件：{error}"),
            format!("the file cannot be read: {error}"),
        ),
        Text::new(
            "请确认文件存在、未被占用且有读取权限",
            "check that it is there and that you may read it",
        ),
    )
}

/// The file is larger than anything a department hands in.
pub(crate) fn too_large(what: &str, most: impl fmt::Display) -> FileFault {
    FileFault::new(
        "TOO-LARGE",
        Text::new(
            format!("文件超出上限：{what}，上限 {most}"),
            format!("the file is beyond the bound of {most} for {what}"),
        ),
        Text::new("请拆成几个文件分批报送", "split it into several files"),
    )
}

//! The faults of a layout file, each with its line.

use assess::PolicyFault;

/// Collects the faults of one file, each with its line.
pub(super) struct Faults<'a> {
    path: &'a str,
    text: &'a str,
    pub(super) found: Vec<PolicyFault>,
}

impl<'a> Faults<'a> {
    pub(super) fn new(path: &'a str, text: &'a str) -> Self {
        Self {
            path,
            text,
            found: Vec::new(),
        }
    }

    pub(super) fn at(&mut self, offset: usize, message: impl Into<String>, help: impl Into<String>) {
        let (line, column) = line_and_column(self.text, offset);
        self.found.push(PolicyFault {
            file: self.path.to_owned(),
            line,
            column,
            message: message.into(),
            help: help.into(),
        });
    }
}

/// A fault of a file as a whole.
pub(super) fn fault_of_file(path: &str, message: String, help: String) -> PolicyFault {
    PolicyFault {
        file: path.to_owned(),
        line: 0,
        column: 0,
        message,
        help,
    }
}

fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before: String = text
        .char_indices()
        .take_while(|(at, _)| *at < offset)
        .map(|(_, c)| c)
        .collect();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

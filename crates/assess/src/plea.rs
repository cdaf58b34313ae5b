//! Objections and applications for repair, and who answers them.

use jiff::civil::Date;
use record::{Act, Logged, RecordNumber, SourceCode};

/// An objection or an application for repair, and how it was decided.
#[derive(Debug, Clone)]
pub(crate) struct Plea<'a> {
    pub(crate) logged: &'a Logged,
    pub(crate) act: Act,
    /// The record that it is about.
    pub(crate) about: RecordNumber,
    /// The answer, its day, and whether the plea was upheld.
    pub(crate) answer: Option<(RecordNumber, Date, bool)>,
}

/// An answer that was heard.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) number: RecordNumber,
    pub(crate) source: SourceCode,
    pub(crate) occurred: Date,
    pub(crate) upheld: bool,
}

impl<'a> Plea<'a> {
    pub(crate) fn of(logged: &'a Logged, act: Act, about: RecordNumber, answer: Option<&Answer>) -> Self {
        Self {
            logged,
            act,
            about,
            answer: answer.map(|answer| (answer.number, answer.occurred, answer.upheld)),
        }
    }
}

/// The first answer by who may answer: the record's own source, or one that repairs for others.
pub(crate) fn first_heard<'h>(
    answers: &'h [Answer],
    for_others: &[bool],
    source: &SourceCode,
) -> Option<&'h Answer> {
    let answers = answers.iter().zip(for_others);
    answers
        .filter(|(answer, for_others)| **for_others || answer.source == *source)
        .map(|(answer, _)| answer)
        .min_by_key(|answer| answer.number)
}

//! How a rating of everyone came out, in counts.

use std::collections::BTreeMap;
use std::fmt;

use assess::Bundle;
use jiff::civil::Date;
use segment::Mirror;
use serde::Serialize;

use crate::outcome::Row;

/// How it came out, in counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Counts {
    edition: String,
    on: Date,
    known: u64,
    subjects: u64,
    facts: u64,
    /// By scorecard and letter.
    grades: BTreeMap<String, BTreeMap<String, u64>>,
    not_rated: BTreeMap<String, u64>,
    seconds: f64,
}

impl Counts {
    /// Those of a mirror's subjects on a day, of whom none was counted yet.
    pub fn new(bundle: &Bundle, mirror: &Mirror, on: Date) -> Self {
        Self {
            edition: bundle.edition().to_owned(),
            on,
            known: mirror.about().known.0,
            subjects: 0,
            facts: mirror.rows(),
            grades: BTreeMap::new(),
            not_rated: BTreeMap::new(),
            seconds: 0.0,
        }
    }

    /// Counts one more.
    pub fn add(&mut self, row: &Row<'_>) {
        self.subjects += 1;
        let (of, what) = match (row.scorecard, row.grade) {
            (Some(card), Some(grade)) => (self.grades.entry(card.to_owned()).or_default(), grade),
            _ => (&mut self.not_rated, row.not_rated.unwrap_or_default()),
        };
        *of.entry(what.to_owned()).or_default() += 1;
    }

    /// How many were counted.
    pub fn subjects(&self) -> u64 {
        self.subjects
    }

    /// The same, with how long it took.
    #[must_use]
    pub fn in_seconds(self, seconds: f64) -> Self {
        Self { seconds, ..self }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} subjects, {} facts, on {} by edition {}: {:.2} s",
            self.subjects, self.facts, self.on, self.edition, self.seconds
        )?;
        for (card, letters) in &self.grades {
            let letters: Vec<String> = letters
                .iter()
                .map(|(letter, n)| format!("{letter} {n}"))
                .collect();
            write!(f, "\n  {card}: {}", letters.join(", "))?;
        }
        for (why, n) in &self.not_rated {
            write!(f, "\n  not rated, {why}: {n}")?;
        }
        Ok(())
    }
}

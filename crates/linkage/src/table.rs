//! Rows as columns of numbers: each distinct value of a field is read once and has a number.

use std::collections::HashMap;

use crate::compare::{Part, Value};
use crate::field::Field;
use crate::mix::MixMap;
use crate::model::{MISSING, Seen};

/// The number of no value, no term and no key.
pub(crate) const NONE: u32 = u32::MAX;

/// The distinct values of one field, on all sides.
#[derive(Debug)]
pub(crate) struct Pool {
    values: Vec<Value>,
    terms: Vec<u32>,
    by_text: HashMap<String, u32>,
    by_term: HashMap<String, u32>,
}

impl Pool {
    pub(crate) fn new() -> Self {
        Self {
            values: Vec::new(),
            terms: Vec::new(),
            by_text: HashMap::new(),
            by_term: HashMap::new(),
        }
    }

    /// The number of a value; [`NONE`] if it is empty or cannot be read.
    pub(crate) fn number(&mut self, field: &Field, text: &str) -> u32 {
        if let Some(known) = self.by_text.get(text) {
            return *known;
        }
        let number = match field.compare.read(text) {
            None => NONE,
            Some(value) => {
                let next = number(self.by_term.len());
                let term = value
                    .term()
                    .map_or(NONE, |term| *self.by_term.entry(term).or_insert(next));
                self.terms.push(term);
                self.values.push(value);
                number(self.values.len() - 1)
            }
        };
        self.by_text.insert(text.to_owned(), number);
        number
    }

    pub(crate) fn value(&self, number: u32) -> Option<&Value> {
        self.values.get(place(number))
    }

    pub(crate) fn term(&self, number: u32) -> u32 {
        self.terms.get(place(number)).copied().unwrap_or(NONE)
    }

    pub(crate) fn term_of(&self, value: &Value) -> u32 {
        let known = value.term().and_then(|term| self.by_term.get(&term).copied());
        known.unwrap_or(NONE)
    }

    pub(crate) fn terms(&self) -> usize {
        self.by_term.len()
    }

    /// For each value the number of its part, the same for values that share it.
    pub(crate) fn parts(&self, part: Part) -> Vec<u32> {
        if part == Part::Whole {
            return self.terms.clone();
        }
        let mut known: HashMap<String, u32> = HashMap::new();
        let numbers = self.values.iter().map(|value| {
            let next = number(known.len());
            value
                .part(part)
                .map_or(NONE, |text| *known.entry(text).or_insert(next))
        });
        numbers.collect()
    }
}

/// How often each term occurs on one side.
#[derive(Debug)]
pub(crate) struct Counts {
    by_term: Vec<u32>,
    total: f64,
}

impl Counts {
    pub(crate) fn of(pool: &Pool, column: &[u32]) -> Self {
        let mut by_term = vec![0; pool.terms()];
        let mut total = 0_u32;
        for term in column.iter().map(|value| pool.term(*value)) {
            if let Some(count) = by_term.get_mut(place(term)) {
                *count += 1;
                total += 1;
            }
        }
        Self {
            by_term,
            total: f64::from(total),
        }
    }

    pub(crate) fn count(&self, term: u32) -> f64 {
        self.by_term.get(place(term)).copied().map_or(0.0, f64::from)
    }

    pub(crate) fn total(&self) -> f64 {
        self.total
    }

    /// The term's share of all, drawn towards the field's mean by as much as [`DRAWN`] further rows would.
    pub(crate) fn frequency(&self, term: u32, mean: f64) -> f64 {
        share(self.count(term), self.total, mean)
    }
}

/// What share of so many values a term is that so many have, drawn towards the field's mean.
pub(crate) fn share(count: f64, total: f64, mean: f64) -> f64 {
    (count.max(1.0) + DRAWN * mean) / (total + DRAWN)
}

/// With few rows their shares say little.
const DRAWN: f64 = 50.0;

/// The levels of pairs of values of one field, each worked out once.
#[derive(Debug, Default)]
pub(crate) struct Known(MixMap<u64, u8>);

impl Known {
    /// For pairs that come again and again.
    pub(crate) fn place(&mut self, field: &Field, pool: &Pool, one: u32, other: u32) -> u8 {
        let (low, high) = if one <= other { (one, other) } else { (other, one) };
        if high == NONE {
            return MISSING;
        }
        let key = u64::from(low) << 32 | u64::from(high);
        *self
            .0
            .entry(key)
            .or_insert_with(|| fresh_place(field, pool, low, high))
    }
}

/// For pairs that come once.
pub(crate) fn fresh_place(field: &Field, pool: &Pool, one: u32, other: u32) -> u8 {
    match (pool.value(one), pool.value(other)) {
        (Some(one), Some(other)) => level_place(field, one, other),
        _ => MISSING,
    }
}

pub(crate) fn level_place(field: &Field, one: &Value, other: &Value) -> u8 {
    let level = one.level(other);
    let at = field.compare.levels().iter().position(|known| *known == level);
    at.and_then(|at| u8::try_from(at).ok()).unwrap_or(MISSING)
}

/// Whether it matters at this place how frequent the values are: they are there, and have something in common.
pub(crate) fn goes_by_rarity(field: &Field, place: u8) -> bool {
    field.rarity && usize::from(place) + 1 < field.compare.levels().len()
}

pub(crate) fn seen(place: u8, frequency: Option<f64>) -> Seen {
    Seen { place, frequency }
}

pub(crate) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(NONE)
}

pub(crate) fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

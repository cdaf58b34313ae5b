//! Two sets of rows brought together: which pairs are looked at, how they compare, what they weigh.

use crate::compare::Part;
use crate::field::Field;
use crate::mix::MixMap;
use crate::model::{Block, FieldEvidence, Model, ModelFault, Seen, Weighed, probability};
use crate::table::{Counts, Known, NONE, Pool, goes_by_rarity, number, place, seen};

/// Rows of two sides, without duplicates within a side, each field's distinct values read once.
///
/// The order in which rows are handed in changes nothing: each side is sorted by its ids.
#[derive(Debug)]
pub struct Linkage<Id> {
    pub(crate) left: Side<Id>,
    pub(crate) right: Side<Id>,
    pub(crate) pools: Vec<Pool>,
    pub(crate) known: Vec<Known>,
}

#[derive(Debug)]
pub(crate) struct Side<Id> {
    ids: Vec<Id>,
    /// For each field the numbers of the rows' values.
    pub(crate) columns: Vec<Vec<u32>>,
    pub(crate) counts: Vec<Counts>,
}

impl<Id> Side<Id> {
    pub(crate) fn rows(&self) -> u32 {
        number(self.ids.len())
    }

    pub(crate) fn value(&self, field: usize, row: u32) -> u32 {
        let column = self.columns.get(field);
        column
            .and_then(|column| column.get(place(row)))
            .copied()
            .unwrap_or(NONE)
    }
}

/// A pair that came out at or above the probability asked for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Pair<Id> {
    /// The row of the left side.
    pub left: Id,
    /// The row of the right side.
    pub right: Id,
    /// Prior and evidence together, in bits.
    pub bits: f64,
    /// The match probability that these bits are.
    pub probability: f64,
    /// Whether it passes the model's threshold ([`Certain`](crate::Certain)). It stays a proposal.
    pub almost_certain: bool,
    /// What each field says. `bits` is the prior's bits and all of these.
    pub because: Vec<FieldEvidence>,
}

impl<Id: Copy + Ord> Linkage<Id> {
    /// Reads rows of two sides: an id and a text for each field, empty for none, in the order of the model's
    /// fields; what lies beyond is left out.
    pub fn new<Text: AsRef<str>>(
        fields: &[Field],
        left: impl IntoIterator<Item = (Id, Vec<Text>)>,
        right: impl IntoIterator<Item = (Id, Vec<Text>)>,
    ) -> Self {
        let mut pools: Vec<Pool> = fields.iter().map(|_| Pool::new()).collect();
        let left = read(fields, &mut pools, left);
        let right = read(fields, &mut pools, right);
        Self {
            left: counted(left, &pools),
            right: counted(right, &pools),
            known: fields.iter().map(|_| Known::default()).collect(),
            pools,
        }
    }

    /// All candidates that come out at or above this probability, by left and right id.
    pub fn pairs(&mut self, model: &Model, least: f64) -> Result<Vec<Pair<Id>>, ModelFault> {
        let mut pairs = Vec::new();
        for (left, right) in self.candidates(model, model.blocks())? {
            let all = self.seen(model, left, right);
            let Weighed { bits, almost_certain } = model.weigh(all.iter().copied());
            let probability = probability(bits);
            let ids = (self.left.ids.get(place(left)), self.right.ids.get(place(right)));
            if let (true, (Some(left), Some(right))) = (probability >= least, ids) {
                pairs.push(Pair {
                    left: *left,
                    right: *right,
                    bits,
                    probability,
                    almost_certain,
                    because: model.evidence(all.iter().copied()),
                });
            }
        }
        pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
        Ok(pairs)
    }

    /// Pairs of rows that share all keys of at least one block, each once, in a fixed order.
    pub(crate) fn candidates(&self, model: &Model, blocks: &[Block]) -> Result<Vec<(u32, u32)>, ModelFault> {
        let mut pairs = Vec::new();
        let mut before: Vec<(Vec<u32>, Vec<u32>)> = Vec::new();
        for block in blocks {
            let keys = self.keys_of(&model.keys(block)?);
            let found_before = |left: u32, right: u32| {
                before.iter().any(|(lefts, rights)| {
                    let key = lefts.get(place(left)).copied().unwrap_or(NONE);
                    key != NONE && rights.get(place(right)) == Some(&key)
                })
            };
            join(&keys.0, &keys.1, |left, right| {
                if !found_before(left, right) {
                    pairs.push((left, right));
                }
            });
            before.push(keys);
        }
        Ok(pairs)
    }

    /// For each row of both sides the number of its key; rows share it if they share all parts.
    fn keys_of(&self, keys: &[(usize, Part)]) -> (Vec<u32>, Vec<u32>) {
        let mut joined: Option<(Vec<u32>, Vec<u32>)> = None;
        for (field, part) in keys {
            let parts = self
                .pools
                .get(*field)
                .map(|pool| pool.parts(*part))
                .unwrap_or_default();
            let of = |side: &Side<Id>| -> Vec<u32> {
                let values = side.columns.get(*field).map(Vec::as_slice).unwrap_or_default();
                let part = |value: &u32| parts.get(place(*value)).copied().unwrap_or(NONE);
                values.iter().map(part).collect()
            };
            let (mut left, mut right) = (of(&self.left), of(&self.right));
            if let Some((first_left, first_right)) = &joined {
                let mut known: MixMap<u64, u32> = MixMap::default();
                let mut merge = |first: &[u32], second: &mut [u32]| {
                    for (first, second) in first.iter().zip(second) {
                        let next = number(known.len());
                        *second = match (*first, *second) {
                            (NONE, _) | (_, NONE) => NONE,
                            (one, two) => *known.entry(u64::from(one) << 32 | u64::from(two)).or_insert(next),
                        };
                    }
                };
                merge(first_left, &mut left);
                merge(first_right, &mut right);
            }
            joined = Some((left, right));
        }
        joined.unwrap_or_default()
    }

    pub(crate) fn place(&mut self, field: &Field, at: usize, left: u32, right: u32) -> u8 {
        let (one, other) = (self.left.value(at, left), self.right.value(at, right));
        match (self.known.get_mut(at), self.pools.get(at)) {
            (Some(known), Some(pool)) => known.place(field, pool, one, other),
            _ => crate::model::MISSING,
        }
    }

    fn seen(&mut self, model: &Model, left: u32, right: u32) -> Vec<Seen> {
        let fields = model.fields().iter().enumerate();
        let all = fields.map(|(at, field)| {
            let place = self.place(field, at, left, right);
            let frequency = goes_by_rarity(field, place).then(|| self.frequency(field, at, left, right));
            seen(place, frequency)
        });
        all.collect()
    }

    /// How frequent the more frequent of the two values is, on the side where it is more frequent.
    fn frequency(&self, field: &Field, at: usize, left: u32, right: u32) -> f64 {
        let Some(pool) = self.pools.get(at) else {
            return 1.0;
        };
        let mean = field.u_of_same_value();
        let terms = [self.left.value(at, left), self.right.value(at, right)].map(|value| pool.term(value));
        let sides = [self.left.counts.get(at), self.right.counts.get(at)];
        let shares = sides.into_iter().flatten().map(|counts| {
            let [one, other] = terms.map(|term| counts.frequency(term, mean));
            one.max(other)
        });
        shares.fold(f64::MIN_POSITIVE, f64::max)
    }
}

fn read<Id: Copy + Ord, Text: AsRef<str>>(
    fields: &[Field],
    pools: &mut [Pool],
    rows: impl IntoIterator<Item = (Id, Vec<Text>)>,
) -> (Vec<Id>, Vec<Vec<u32>>) {
    let mut rows: Vec<(Id, Vec<Text>)> = rows.into_iter().collect();
    rows.sort_by_key(|(id, _)| *id);
    let mut columns: Vec<Vec<u32>> = fields.iter().map(|_| Vec::with_capacity(rows.len())).collect();
    for (_, texts) in &rows {
        for (at, (field, (pool, column))) in fields.iter().zip(pools.iter_mut().zip(&mut columns)).enumerate()
        {
            let text = texts.get(at).map_or("", AsRef::as_ref);
            column.push(pool.number(field, text));
        }
    }
    (rows.into_iter().map(|(id, _)| id).collect(), columns)
}

fn counted<Id>((ids, columns): (Vec<Id>, Vec<Vec<u32>>), pools: &[Pool]) -> Side<Id> {
    let counts = pools
        .iter()
        .zip(&columns)
        .map(|(pool, column)| Counts::of(pool, column));
    Side {
        counts: counts.collect(),
        ids,
        columns,
    }
}

/// Calls back for each pair of rows with the same key, in the order of the right side, then of the left.
fn join(left: &[u32], right: &[u32], mut found: impl FnMut(u32, u32)) {
    let highest = left.iter().filter(|key| **key != NONE).max().copied();
    let Some(highest) = highest else { return };
    // Where the rows of each key begin in `rows`, by counting.
    let mut begins = vec![0_u32; place(highest) + 2];
    for key in left.iter().filter(|key| **key != NONE) {
        if let Some(count) = begins.get_mut(place(*key) + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for begin in &mut begins {
        sum += *begin;
        *begin = sum;
    }
    let mut next = begins.clone();
    let mut rows = vec![0_u32; place(sum)];
    for (row, key) in left.iter().enumerate().filter(|(_, key)| **key != NONE) {
        if let Some(at) = next.get_mut(place(*key)) {
            if let Some(slot) = rows.get_mut(place(*at)) {
                *slot = number(row);
            }
            *at += 1;
        }
    }
    for (row, key) in right.iter().enumerate() {
        let key = place(*key);
        let range = begins.get(key).zip(begins.get(key.saturating_add(1)));
        let same = range.and_then(|(from, until)| rows.get(place(*from)..place(*until)));
        for other in same.into_iter().flatten() {
            found(*other, number(row));
        }
    }
}

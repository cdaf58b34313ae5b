//! A register of profiles that is asked for one row at a time.

use std::collections::BTreeSet;
use std::hash::Hasher;

use crate::compare::{Part, Value};
use crate::mix::Mix;
use crate::model::{FieldEvidence, MISSING, Model, ModelFault, Seen, probability};
use crate::profile::{Kind, Profile};
use crate::table::{Counts, NONE, Pool, goes_by_rarity, level_place, number, place, seen};

/// Of rows without an identifier, how many are about someone who is in the register. A guess, and a prior only.
pub(crate) const COVERED: f64 = 0.9;

/// A proposal: this one may be meant. It says how likely and why, and has no effect.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Proposal<Id> {
    /// Who may be meant.
    pub id: Id,
    /// The match probability, 0 to 1. Only as good as the model's numbers.
    pub probability: f64,
    /// The same in bits of odds: `prior_bits` and all of `because`.
    pub bits: f64,
    /// What the register's size alone says, before anything is compared; negative.
    pub prior_bits: f64,
    /// What each field says, in the model's order.
    pub because: Vec<FieldEvidence>,
    /// Whether it passes the model's threshold. Even then a person confirms it.
    pub almost_certain: bool,
}

impl<Id> Proposal<Id> {
    /// By what was seen in each field of the model.
    pub(crate) fn of(model: &Model, id: Id, all: &[Seen]) -> Self {
        let weighed = model.weigh(all.iter().copied());
        Self {
            id,
            probability: probability(weighed.bits),
            bits: weighed.bits,
            prior_bits: model.prior_bits(),
            because: model.evidence(all.iter().copied()),
            almost_certain: weighed.almost_certain,
        }
    }
}

/// The profiles of a register, ready to be asked.
#[derive(Debug)]
pub struct Index<Id> {
    persons: OfKind<Id>,
    organisations: OfKind<Id>,
}

impl<Id: Copy + Ord> Index<Id> {
    /// An index with the shipped models. The order in which profiles are handed in changes nothing.
    ///
    /// ```
    /// use linkage::{Index, Profile};
    /// let register = [
    ///     (1_u64, Profile::person("欧阳明月").born(1990, 3, 4).phone("13812341234")),
    ///     (2, Profile::person("王伟").born(1985, 11, 26)),
    /// ];
    /// let index = Index::new(register)?;
    /// let row = Profile::person("歐陽明月").born(1990, 3, 4).phone("138****1234");
    /// let proposals = index.propose(&row, 5);
    /// assert_eq!(proposals[0].id, 1);
    /// let sum: f64 = proposals[0].because.iter().map(|field| field.bits + field.rarity_bits).sum();
    /// assert!((proposals[0].prior_bits + sum - proposals[0].bits).abs() < 1e-9);
    /// # Ok::<(), linkage::ModelFault>(())
    /// ```
    pub fn new(profiles: impl IntoIterator<Item = (Id, Profile)>) -> Result<Self, ModelFault> {
        Self::with(
            Model::shipped_for_persons()?,
            Model::shipped_for_organisations()?,
            profiles,
        )
    }

    /// An index with these models. Their fields are matched with profiles by name
    /// ([`PROFILE_FIELDS`](crate::PROFILE_FIELDS)); their priors are replaced by what the register's size says.
    pub fn with(
        persons: Model,
        organisations: Model,
        profiles: impl IntoIterator<Item = (Id, Profile)>,
    ) -> Result<Self, ModelFault> {
        let (of_persons, of_organisations): (Vec<_>, Vec<_>) = profiles
            .into_iter()
            .partition(|(_, profile)| profile.kind == Kind::Person);
        Ok(Self {
            persons: OfKind::new(persons, &of_persons)?,
            organisations: OfKind::new(organisations, &of_organisations)?,
        })
    }

    /// The likeliest of the register, at most so many, best first; equals by id. Only those that share a key with
    /// the row are looked at, and only profiles of its kind.
    pub fn propose(&self, row: &Profile, most: usize) -> Vec<Proposal<Id>> {
        match row.kind {
            Kind::Person => self.persons.propose(row, most),
            Kind::Organisation => self.organisations.propose(row, most),
        }
    }
}

/// The profiles of one kind.
#[derive(Debug)]
struct OfKind<Id> {
    model: Model,
    ids: Vec<Id>,
    pools: Vec<Pool>,
    columns: Vec<Vec<u32>>,
    counts: Vec<Counts>,
    /// One for each block of the model.
    shelves: Vec<Shelf>,
}

/// The rows by what they have for the keys of one block.
#[derive(Debug)]
struct Shelf {
    keys: Vec<(usize, Part)>,
    /// Sorted by key. Should two texts have one key, there are candidates too many, which then do not agree.
    rows: Vec<(u64, u32)>,
}

impl Shelf {
    fn rows_at(&self, key: u64) -> impl Iterator<Item = u32> {
        let from = self.rows.partition_point(|(known, _)| *known < key);
        let rows = self.rows.iter().skip(from);
        rows.take_while(move |(known, _)| *known == key)
            .map(|(_, row)| *row)
    }
}

impl<Id: Copy + Ord> OfKind<Id> {
    fn new(model: Model, profiles: &[(Id, Profile)]) -> Result<Self, ModelFault> {
        let rows = f64::from(number(profiles.len().max(1)));
        let model = model.with_prior(COVERED / (rows + 1.0))?;
        let mut pools: Vec<Pool> = model.fields().iter().map(|_| Pool::new()).collect();
        let mut columns: Vec<Vec<u32>> = vec![Vec::with_capacity(profiles.len()); pools.len()];
        for (_, profile) in profiles {
            let texts = profile.texts(&model);
            let fields = model.fields().iter().zip(&texts);
            for ((field, text), (pool, column)) in fields.zip(pools.iter_mut().zip(&mut columns)) {
                column.push(pool.number(field, text));
            }
        }
        let counts = pools
            .iter()
            .zip(&columns)
            .map(|(pool, column)| Counts::of(pool, column));
        let mut index = Self {
            counts: counts.collect(),
            ids: profiles.iter().map(|(id, _)| *id).collect(),
            shelves: Vec::new(),
            pools,
            columns,
            model,
        };
        for block in index.model.blocks() {
            let keys = index.model.keys(block)?;
            let rows = 0..number(index.ids.len());
            let keyed = rows.filter_map(|row| Some((key(&keys, |field| index.value(field, row))?, row)));
            let mut rows: Vec<(u64, u32)> = keyed.collect();
            rows.sort_unstable();
            index.shelves.push(Shelf { keys, rows });
        }
        Ok(index)
    }

    fn value(&self, field: usize, row: u32) -> Option<&Value> {
        let number = *self.columns.get(field)?.get(place(row))?;
        self.pools.get(field)?.value(number)
    }

    fn propose(&self, row: &Profile, most: usize) -> Vec<Proposal<Id>> {
        let asked = row.values(&self.model);
        let of_asked = |field: usize| asked.get(field)?.as_ref();
        let mut candidates = BTreeSet::new();
        for shelf in &self.shelves {
            let same = key(&shelf.keys, of_asked).map(|key| shelf.rows_at(key));
            candidates.extend(same.into_iter().flatten());
        }
        let proposals = candidates
            .into_iter()
            .filter_map(|row| self.proposal(row, &asked));
        likeliest_first(proposals.collect(), most)
    }

    fn proposal(&self, row: u32, asked: &[Option<Value>]) -> Option<Proposal<Id>> {
        let all: Vec<Seen> = (asked.iter().enumerate())
            .map(|(at, asked)| self.seen(at, asked.as_ref(), row))
            .collect();
        Some(Proposal::of(&self.model, *self.ids.get(place(row))?, &all))
    }

    fn seen(&self, at: usize, asked: Option<&Value>, row: u32) -> Seen {
        let (Some(asked), Some(held), Some(field)) =
            (asked, self.value(at, row), self.model.fields().get(at))
        else {
            return seen(MISSING, None);
        };
        let place = level_place(field, asked, held);
        let frequency = goes_by_rarity(field, place).then(|| {
            let term = |value: &Value| self.pools.get(at).map_or(NONE, |pool| pool.term_of(value));
            let mean = field.u_of_same_value();
            let frequency = |term| {
                self.counts
                    .get(at)
                    .map_or(1.0, |counts| counts.frequency(term, mean))
            };
            frequency(term(asked)).max(frequency(term(held)))
        });
        seen(place, frequency)
    }
}

pub(crate) fn likeliest_first<Id: Ord>(mut proposals: Vec<Proposal<Id>>, most: usize) -> Vec<Proposal<Id>> {
    proposals.sort_by(|one, other| other.bits.total_cmp(&one.bits).then(one.id.cmp(&other.id)));
    proposals.truncate(most);
    proposals
}

/// The parts of a row's values for these keys as one number; nothing if one of them is missing.
fn key<'a>(keys: &[(usize, Part)], value: impl Fn(usize) -> Option<&'a Value>) -> Option<u64> {
    let mut mix = Mix::default();
    for (field, part) in keys {
        mix.write(value(*field)?.part(*part)?.as_bytes());
        mix.write_u64(SEPARATOR);
    }
    Some(mix.finish())
}

/// No byte.
const SEPARATOR: u64 = 256;

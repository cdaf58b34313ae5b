//! A register that lies elsewhere, such as in a database: what it keeps of each profile, so that a row can be
//! answered from a few of them without all of them in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::compare::{Part, Value};
use crate::field::Field;
use crate::index::{COVERED, Proposal, likeliest_first};
use crate::model::{MISSING, Model, ModelFault, Seen};
use crate::profile::{Kind, Profile};
use crate::table::{goes_by_rarity, level_place, seen, share};

/// The models for a register that keeps for each profile its [marks](Register::marks), and can say who has a mark
/// and how many have it. A mark tells a name or a birthday: whoever keeps marks, keeps them keyed and hashed.
///
/// What it proposes is what an [`Index`](crate::Index) of the same profiles proposes.
#[derive(Debug, Clone)]
pub struct Register {
    persons: Model,
    organisations: Model,
}

impl Register {
    /// A register by the shipped models.
    pub fn shipped() -> Result<Self, ModelFault> {
        Ok(Self {
            persons: Model::shipped_for_persons()?,
            organisations: Model::shipped_for_organisations()?,
        })
    }

    /// Everything that the register keeps of a profile: what it is found by, and what of it is counted.
    pub fn marks(&self, profile: &Profile) -> BTreeSet<String> {
        let mut marks = self.found_by(profile);
        marks.extend(self.counted_by(profile));
        marks
    }

    /// Whoever of the register has one of these marks is to be compared with this row.
    pub fn found_by(&self, row: &Profile) -> BTreeSet<String> {
        let model = self.model(row.kind);
        let values = row.values(model);
        let blocks = model.blocks().iter().filter_map(|block| {
            let mut mark = of_all(row.kind);
            for (at, part) in model.keys(block).ok()? {
                let (field, value) = (model.fields().get(at)?, values.get(at)?.as_ref()?);
                push(&mut mark, field, part, &value.part(part)?);
            }
            Some(mark)
        });
        blocks.collect()
    }

    /// The marks of which it matters how many of the register have them: that there is a profile at all, a value in a
    /// field that goes by rarity, and this value. Of the row, and of everybody who is compared with it.
    pub fn counted_by(&self, profile: &Profile) -> BTreeSet<String> {
        let model = self.model(profile.kind);
        let mut marks = BTreeSet::from([of_all(profile.kind)]);
        for (field, value) in model.fields().iter().zip(profile.values(model)) {
            let term = value.and_then(|value| of_term(profile.kind, field, &value));
            if let Some(term) = term.filter(|_| field.rarity) {
                marks.extend([term, of_any(profile.kind, field)]);
            }
        }
        marks
    }

    /// Those who may be meant by a row, likeliest first, at most so many; equals by id. `held` are the profiles of all
    /// who share a mark of [`found_by`](Self::found_by), under each name that they have had; `count` says how many
    /// of the register have a mark of [`counted_by`](Self::counted_by).
    pub fn propose<Id: Copy + Ord>(
        &self,
        row: &Profile,
        held: &[(Id, Profile)],
        count: impl Fn(&str) -> u64,
        most: usize,
    ) -> Result<Vec<Proposal<Id>>, ModelFault> {
        let size = float(count(&of_all(row.kind)));
        let model = self.model(row.kind).clone();
        let model = model.with_prior(COVERED / (size.max(1.0) + 1.0))?;
        let asked = row.values(&model);
        let mut best: BTreeMap<Id, Proposal<Id>> = BTreeMap::new();
        for (id, profile) in held.iter().filter(|(_, profile)| profile.kind == row.kind) {
            let held = profile.values(&model);
            let fields = model.fields().iter().zip(asked.iter().zip(&held));
            let all: Vec<Seen> = fields
                .map(|(field, (asked, held))| {
                    compared(row.kind, field, asked.as_ref(), held.as_ref(), &count)
                })
                .collect();
            let proposal = Proposal::of(&model, *id, &all);
            if best.get(id).is_none_or(|known| known.bits < proposal.bits) {
                best.insert(*id, proposal);
            }
        }
        Ok(likeliest_first(best.into_values().collect(), most))
    }

    fn model(&self, kind: Kind) -> &Model {
        match kind {
            Kind::Person => &self.persons,
            Kind::Organisation => &self.organisations,
        }
    }
}

fn compared(
    kind: Kind,
    field: &Field,
    asked: Option<&Value>,
    held: Option<&Value>,
    count: impl Fn(&str) -> u64,
) -> Seen {
    let (Some(asked), Some(held)) = (asked, held) else {
        return seen(MISSING, None);
    };
    let place = level_place(field, asked, held);
    let frequency = goes_by_rarity(field, place).then(|| {
        let total = float(count(&of_any(kind, field)));
        let frequency = |value| {
            let have = of_term(kind, field, value).map_or(0, |term| count(&term));
            share(float(have), total, field.u_of_same_value())
        };
        frequency(asked).max(frequency(held))
    });
    seen(place, frequency)
}

/// The mark of every profile of a kind.
fn of_all(kind: Kind) -> String {
    match kind {
        Kind::Person => "person".to_owned(),
        Kind::Organisation => "organisation".to_owned(),
    }
}

/// That there is a value in this field.
fn of_any(kind: Kind, field: &Field) -> String {
    format!("{}\n{}", of_all(kind), field.name())
}

/// This value as a whole, folded. A block on it alone has the same mark.
fn of_term(kind: Kind, field: &Field, value: &Value) -> Option<String> {
    let mut mark = of_all(kind);
    push(&mut mark, field, Part::Whole, &value.term()?);
    Some(mark)
}

/// Values are tidied and hold no line break.
fn push(mark: &mut String, field: &Field, part: Part, value: &str) {
    // Writing to a string cannot fail.
    _ = write!(mark, "\n{} {part:?} {value}", field.name());
}

#[expect(clippy::cast_precision_loss, reason = "counts of people stay far below 2^52")]
fn float(count: u64) -> f64 {
    count as f64
}

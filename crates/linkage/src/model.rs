//! A model: the fields with their weights, which pairs are looked at, and when one is almost certain.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::compare::Part;
use crate::field::{Demand, Field, agrees};
use crate::level::Level;

/// Fields beyond this many do not fit the way patterns are counted.
pub const MOST_FIELDS: usize = 15;

/// Why numbers are no model.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ModelFault {
    /// The field has not one m and one u for each of its levels.
    #[error("field `{0}` does not have one m and one u for each level; count them against its comparison")]
    WrongCount(String),
    /// An m or u is not above 0 and at most 1, or they do not sum to 1.
    #[error("field `{0}`: each m and u must be above 0 and at most 1, and each of the two must sum to 1")]
    NotProbabilities(String),
    /// A weaker level is worth more than a stronger one.
    #[error("field `{0}`: a weaker level weighs more than a stronger one; order them")]
    NotFalling(String),
    /// The prior is not between 0 and 1.
    #[error("the prior `{0}` is not between 0 and 1")]
    Prior(f64),
    /// There is no field, or there are more than [`MOST_FIELDS`].
    #[error("a model has 1 to {MOST_FIELDS} fields, not `{0}`")]
    FieldCount(usize),
    /// Two fields have this name.
    #[error("two fields are called `{0}`")]
    SameName(String),
    /// A block names a field that is not there.
    #[error("a block asks for the field `{0}`, which the model does not have")]
    UnknownField(String),
    /// A block without keys would join everything with everything.
    #[error("a block has no key; name at least one")]
    EmptyBlock,
}

/// One key of a block: a part of a field's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    field: String,
    part: Part,
}

/// Pairs are looked at that share all keys of at least one block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Block(Vec<Key>);

impl Block {
    /// A block of these keys, each a field's name and the part that must be shared.
    pub fn on<'a>(keys: impl IntoIterator<Item = (&'a str, Part)>) -> Self {
        let keys = keys.into_iter().map(|(field, part)| Key {
            field: field.to_owned(),
            part,
        });
        Self(keys.collect())
    }
}

/// When a proposal is called almost certain. It stays a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certain {
    /// At least so many bits in all, the prior's included.
    pub bits: f64,
    /// In at least so many fields the values agree: are the same, or the same as far as both tell. What is only
    /// close does not count here, though its bits do.
    pub agreeing: usize,
}

/// A model of Fellegi and Sunter: a prior, and for each field what each level of agreement is worth.
///
/// It is checked when it is made and when it is read: probabilities are probabilities, weights fall from level
/// to level, blocks name fields that exist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked", deny_unknown_fields)]
pub struct Model {
    prior: f64,
    fields: Vec<Field>,
    blocks: Vec<Block>,
    certain: Certain,
    #[serde(skip)]
    weights: Vec<Weights>,
}

/// The weights of one field in bits, worked out once.
#[derive(Debug, Clone, PartialEq)]
struct Weights {
    bits: Vec<f64>,
    m: Vec<f64>,
    u_of_same_value: f64,
    /// How many of the levels, from the strongest, are of one value.
    same_value: usize,
}

impl Weights {
    /// What the frequency of a value adds to its level, in bits.
    ///
    /// Values that differ gain nothing. But whoever is called 王维 meets, of those who sound alike, at least all
    /// the 王伟: u is no less than their frequency, and 王维 for 王伟 never weighs more than 王伟 for 王伟.
    fn rarity(&self, place: usize, bits: f64, frequency: f64) -> f64 {
        let rarity = (self.u_of_same_value / frequency).log2();
        if place < self.same_value {
            return rarity;
        }
        let weakest_same = self.same_value.checked_sub(1).and_then(|at| self.bits.get(at));
        let first = weakest_same.map_or(f64::INFINITY, |bits| bits + rarity);
        let levels = self
            .bits
            .iter()
            .zip(&self.m)
            .take(place + 1)
            .skip(self.same_value);
        let worth = levels.fold(first, |worth, (bits, m)| {
            worth.min(*bits).min((m / frequency).log2())
        });
        worth - bits
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    prior: f64,
    fields: Vec<Field>,
    blocks: Vec<Block>,
    certain: Certain,
}

impl TryFrom<Unchecked> for Model {
    type Error = ModelFault;

    fn try_from(raw: Unchecked) -> Result<Self, ModelFault> {
        Self::new(raw.prior, raw.fields, raw.blocks, raw.certain)
    }
}

/// What one field says about a pair.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FieldEvidence {
    /// The field's name.
    pub field: String,
    /// How far the two values agree.
    pub level: Level,
    /// What that level is worth, log2(m / u); 0 if one of them is missing.
    pub bits: f64,
    /// What is added because the shared value is rare, or taken away because it is frequent. Values that differ
    /// gain nothing, but are not worth more than the more frequent of them would be if both were it.
    pub rarity_bits: f64,
}

/// A pair weighed. `bits` is the prior's and all the fields' together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Weighed {
    pub bits: f64,
    pub almost_certain: bool,
}

/// A level's place in its field's levels, or [`MISSING`]; and how frequent the more frequent of the two values
/// is, if the field goes by rarity.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub place: u8,
    pub frequency: Option<f64>,
}

/// The place of no level.
pub(crate) const MISSING: u8 = 15;

impl Model {
    /// A model of these fields. The prior is the probability that a row of the one side and a row of the other,
    /// taken at random, are about the same.
    pub fn new(
        prior: f64,
        fields: Vec<Field>,
        blocks: Vec<Block>,
        certain: Certain,
    ) -> Result<Self, ModelFault> {
        if !(prior > 0.0 && prior < 1.0) {
            return Err(ModelFault::Prior(prior));
        }
        if fields.is_empty() || fields.len() > MOST_FIELDS {
            return Err(ModelFault::FieldCount(fields.len()));
        }
        if let Some(fault) = fields.iter().find_map(Field::fault) {
            return Err(fault);
        }
        for (at, field) in fields.iter().enumerate() {
            if fields.iter().skip(at + 1).any(|other| other.name == field.name) {
                return Err(ModelFault::SameName(field.name.clone()));
            }
        }
        for block in &blocks {
            places(block, &fields)?;
        }
        let weights = fields.iter().map(|field| Weights {
            bits: field.weights().map(|(_, bits)| bits).collect(),
            m: field.m.clone(),
            u_of_same_value: field.u_of_same_value(),
            same_value: field.levels_of_same_value(),
        });
        Ok(Self {
            weights: weights.collect(),
            prior,
            fields,
            blocks,
            certain,
        })
    }

    /// The same model for another register: how likely two rows taken at random are about the same.
    pub fn with_prior(self, prior: f64) -> Result<Self, ModelFault> {
        Self::new(prior, self.fields, self.blocks, self.certain)
    }

    /// How likely two rows taken at random are about the same.
    pub fn prior(&self) -> f64 {
        self.prior
    }

    /// The prior in bits: log2 of its odds, below 0 for any register worth the name.
    pub fn prior_bits(&self) -> f64 {
        (self.prior / (1.0 - self.prior)).log2()
    }

    /// The fields, in the order in which rows give their values.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// When a proposal is called almost certain.
    pub fn certain(&self) -> Certain {
        self.certain
    }

    pub(crate) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// A block's keys as places of fields and parts.
    pub(crate) fn keys(&self, block: &Block) -> Result<Vec<(usize, Part)>, ModelFault> {
        places(block, &self.fields)
    }

    /// What a field at this place adds for what was seen there: bits of the level, and bits of rarity.
    pub(crate) fn bits(&self, place: usize, seen: Seen) -> (f64, f64) {
        let Some(weights) = self.weights.get(place) else {
            return (0.0, 0.0);
        };
        let Some(bits) = weights.bits.get(usize::from(seen.place)) else {
            return (0.0, 0.0);
        };
        let rarity = seen.frequency.map_or(0.0, |frequency| {
            weights.rarity(usize::from(seen.place), *bits, frequency)
        });
        (*bits, rarity)
    }

    pub(crate) fn weigh(&self, seen: impl Iterator<Item = Seen>) -> Weighed {
        let (mut bits, mut agreeing, mut demands_met) = (self.prior_bits(), 0, true);
        for (at, (seen, field)) in seen.zip(&self.fields).enumerate() {
            let (of_level, of_rarity) = self.bits(at, seen);
            bits += of_level + of_rarity;
            agreeing += usize::from(agrees(level(field, seen.place)));
            demands_met &= is_met(field, seen.place);
        }
        Weighed {
            bits,
            almost_certain: demands_met && bits >= self.certain.bits && agreeing >= self.certain.agreeing,
        }
    }

    pub(crate) fn evidence(&self, seen: impl Iterator<Item = Seen>) -> Vec<FieldEvidence> {
        let fields = seen.zip(&self.fields).enumerate();
        let evidence = fields.map(|(at, (seen, field))| {
            let (bits, rarity_bits) = self.bits(at, seen);
            FieldEvidence {
                field: field.name.clone(),
                level: level(field, seen.place),
                bits,
                rarity_bits,
            }
        });
        evidence.collect()
    }
}

fn level(field: &Field, place: u8) -> Level {
    let levels = field.compare.levels();
    levels.get(usize::from(place)).copied().unwrap_or(Level::Missing)
}

fn is_met(field: &Field, place: u8) -> bool {
    let at_least = |least: Level| {
        let levels = field.compare.levels();
        let least = levels.iter().position(|level| *level == least);
        least.is_some_and(|least| usize::from(place) <= least)
    };
    match field.demand {
        Demand::Nothing => true,
        Demand::IfPresent(least) => place == MISSING || at_least(least),
        Demand::Always(least) => at_least(least),
    }
}

fn places(block: &Block, fields: &[Field]) -> Result<Vec<(usize, Part)>, ModelFault> {
    if block.0.is_empty() {
        return Err(ModelFault::EmptyBlock);
    }
    let places = block.0.iter().map(|key| {
        let at = fields.iter().position(|field| field.name == key.field);
        at.map(|at| (at, key.part))
            .ok_or_else(|| ModelFault::UnknownField(key.field.clone()))
    });
    places.collect()
}

/// The match probability that so many bits of odds are: 0 bits are one half.
///
/// ```
/// assert_eq!(linkage::probability(0.0), 0.5);
/// assert!(linkage::probability(10.0) > 0.999 && linkage::probability(-10.0) < 0.001);
/// ```
pub fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits).exp2())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Compare;
    use proptest::prelude::*;

    fn models() -> [Model; 2] {
        [
            Model::shipped_for_persons().unwrap(),
            Model::shipped_for_organisations().unwrap(),
        ]
    }

    proptest! {
        #[test]
        fn a_stronger_level_never_makes_it_less_likely(
            places in prop::collection::vec(0_u8..6, 5),
            frequency in prop::option::of(1e-7_f64..1.0),
            at in 0_usize..5,
        ) {
            for model in models() {
                let weigh = |places: &[u8]| {
                    let all = places.iter().map(|place| Seen { place: *place, frequency });
                    probability(model.weigh(all).bits)
                };
                let levels = model.fields()[at].compare().levels().len();
                let mut before = 1.0;
                for place in 0..levels {
                    let mut places = places.clone();
                    places[at] = u8::try_from(place).unwrap();
                    let now = weigh(&places);
                    prop_assert!(now <= before * (1.0 + 1e-12), "{} at {place}: {now} after {before}", model.fields()[at].name());
                    before = now;
                }
            }
        }
    }

    #[test]
    fn almost_certain_needs_bits_and_agreement_and_what_fields_demand() {
        let model = &models()[0];
        let weigh = |places: [u8; 5]| {
            let all = places.iter().map(|place| Seen {
                place: *place,
                frequency: Some(1e-4),
            });
            model.weigh(all).almost_certain
        };
        let none = MISSING;
        // name, birth date, address, telephone, number
        for (places, expect) in [
            ([0, 0, 0, none, none], true),
            ([1, 0, none, 0, none], true),
            ([0, 0, none, none, 1], true),
            ([0, 0, none, none, none], false),
            ([0, 0, 2, none, none], false), // the same road is no agreement
            ([2, 0, 0, 0, none], false),    // a homophone
            ([3, 0, 0, 0, none], false),    // a twin
            ([0, 1, 0, 0, none], false),    // day and month swapped
            ([0, none, 0, 0, none], false), // father and son
            ([0, 0, 0, 0, 3], false),       // another identifier
            ([none, 0, 0, 0, none], false),
        ] {
            assert_eq!(weigh(places), expect, "{places:?}");
        }
    }

    #[test]
    fn a_frequent_name_by_sound_is_not_worth_more_than_the_name_itself() {
        let model = &models()[0];
        let bits = |place| {
            let (level, rarity) = model.bits(
                0,
                Seen {
                    place,
                    frequency: Some(0.2),
                },
            );
            level + rarity
        };
        assert!(bits(2) <= bits(0) && bits(2) < 3.0, "{} {}", bits(2), bits(0));
    }

    #[test]
    fn faults_are_all_found() {
        let field = || Field::new("one", Compare::Exact);
        let certain = Certain {
            bits: 14.0,
            agreeing: 1,
        };
        let made = |prior, fields, blocks| Model::new(prior, fields, blocks, certain).err();
        let block = |name| vec![Block::on([(name, Part::Whole)])];
        for (fault, expect) in [
            (made(0.5, vec![field()], block("one")), None),
            (
                made(0.0, vec![field()], block("one")),
                Some(ModelFault::Prior(0.0)),
            ),
            (made(0.5, vec![], vec![]), Some(ModelFault::FieldCount(0))),
            (
                made(0.5, vec![field(), field()], vec![]),
                Some(ModelFault::SameName("one".into())),
            ),
            (
                made(0.5, vec![field()], block("two")),
                Some(ModelFault::UnknownField("two".into())),
            ),
            (
                made(0.5, vec![field()], vec![Block::on([])]),
                Some(ModelFault::EmptyBlock),
            ),
        ] {
            assert_eq!(fault, expect);
        }
    }
}

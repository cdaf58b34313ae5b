//! The models that the house ships, for persons and for organisations of a Chinese district.
//!
//! **Where the numbers come from.** They were set by hand in November 2026, not estimated from any real register:
//! nobody has given us one, and none should leave its city. m is a guess at how cleanly departments write; u follows
//! from arithmetic where it can (a birthday is shared by 1 in some 22,000; eight telephone digits by none) and from a
//! guess at how Chinese names are spread where it cannot. The names of the register itself correct the largest
//! error, through rarity. A city trains the numbers on its own rows with [`Linkage::train`](crate::Linkage::train)
//! and writes the model down; until then an order of proposals is good to have and a probability is not to be quoted.

use crate::compare::{Compare, Part};
use crate::field::{Demand, Field};
use crate::level::Level;
use crate::model::{Block, Certain, Model, ModelFault};
use crate::profile::{ADDRESS, BIRTH_DATE, NAME, NUMBER, PHONE, REPRESENTATIVE};

/// The prior before a register is known; an [`Index`](crate::Index) puts its own in place.
const PRIOR: f64 = 1e-6;

/// Odds of 16,000 to 1. Set so that nothing wrong passes it on FEBRL4 and on the made-up Chinese set of the tests.
const CERTAIN_BITS: f64 = 14.0;

impl Model {
    /// The shipped model for persons: name, date of birth, address, telephone, masked identifier.
    ///
    /// Almost certain needs the same name (traditional and simplified are the same, a homophone is not), the same
    /// date of birth, a third field that agrees, and 14 bits. So twins, namesakes, and a father and son of one name
    /// at one address stay proposals, and so does whoever's date of birth is not known.
    pub fn shipped_for_persons() -> Result<Self, ModelFault> {
        let fields = vec![
            // same, otherwise written, same sound, close, other
            Field::new(NAME, Compare::Person)
                .with(
                    &[0.90, 0.03, 0.03, 0.02, 0.02],
                    &[1.6e-4, 6e-6, 2.34e-4, 2e-3, 0.9976],
                )
                .by_rarity()
                .demanding(Demand::Always(Level::OtherwiseWritten)),
            // same, swapped, one off, same year, other
            Field::new(BIRTH_DATE, Compare::Date)
                .with(
                    &[0.94, 0.006, 0.034, 0.01, 0.01],
                    &[4.5e-5, 2e-5, 8.35e-4, 0.0171, 0.982],
                )
                .demanding(Demand::Always(Level::Same)),
            // same, same house, same road, other
            Field::new(ADDRESS, Compare::Address)
                .with(&[0.55, 0.10, 0.05, 0.30], &[1e-5, 9e-5, 9.9e-3, 0.99])
                .by_rarity(),
            // same, as far as shown, one off, other
            Field::new(PHONE, Compare::Phone).with(&[0.65, 0.09, 0.01, 0.25], &[2e-6, 1e-5, 8e-6, 0.99998]),
            Field::new(NUMBER, Compare::Number)
                .with(&[0.50, 0.48, 0.01, 0.01], &[1e-7, 2e-4, 1e-5, 0.999_789_9])
                .demanding(Demand::IfPresent(Level::AsFarAsShown)),
        ];
        let blocks = vec![
            Block::on([(NAME, Part::Whole)]),
            Block::on([(NAME, Part::Sound)]),
            Block::on([(BIRTH_DATE, Part::Whole), (NAME, Part::Start(1))]),
            Block::on([(BIRTH_DATE, Part::Whole), (ADDRESS, Part::House)]),
            Block::on([(PHONE, Part::Whole)]),
            Block::on([(ADDRESS, Part::Whole)]),
            Block::on([(NUMBER, Part::Whole)]),
            Block::on([(NUMBER, Part::End(4)), (NAME, Part::Start(1))]),
        ];
        let certain = Certain {
            bits: CERTAIN_BITS,
            agreeing: 3,
        };
        Self::new(PRIOR, fields, blocks, certain)
    }

    /// The shipped model for organisations: name, representative, address, telephone, masked identifier.
    ///
    /// Almost certain needs the same whole name, two more fields that agree, and 14 bits. The same trade name under
    /// another place or form is not enough: an owner has sister firms in two districts, with one telephone.
    /// A branch is never its head office.
    pub fn shipped_for_organisations() -> Result<Self, ModelFault> {
        let fields = vec![
            // same, otherwise written, trade name, same sound, close, other
            Field::new(NAME, Compare::Organisation)
                .with(
                    &[0.80, 0.02, 0.10, 0.02, 0.03, 0.03],
                    &[2e-6, 5e-8, 4e-6, 4e-6, 2e-5, 0.999_969_95],
                )
                .by_rarity()
                .demanding(Demand::Always(Level::OtherwiseWritten)),
            Field::new(REPRESENTATIVE, Compare::Person)
                .with(
                    &[0.78, 0.025, 0.025, 0.02, 0.15],
                    &[1.6e-4, 6e-6, 2.34e-4, 2e-3, 0.9976],
                )
                .by_rarity(),
            Field::new(ADDRESS, Compare::Address)
                .with(&[0.50, 0.15, 0.10, 0.25], &[1e-5, 9e-5, 9.9e-3, 0.99])
                .by_rarity(),
            Field::new(PHONE, Compare::Phone).with(&[0.55, 0.09, 0.01, 0.35], &[1e-5, 1e-5, 1e-5, 0.99997]),
            Field::new(NUMBER, Compare::Number)
                .with(&[0.50, 0.48, 0.01, 0.01], &[1e-7, 2e-4, 1e-5, 0.999_789_9])
                .demanding(Demand::IfPresent(Level::AsFarAsShown)),
        ];
        let blocks = vec![
            Block::on([(NAME, Part::Whole)]),
            Block::on([(NAME, Part::TradeName)]),
            Block::on([(NAME, Part::Sound)]),
            Block::on([(PHONE, Part::Whole)]),
            Block::on([(ADDRESS, Part::Whole)]),
            Block::on([(REPRESENTATIVE, Part::Whole), (ADDRESS, Part::House)]),
            Block::on([(NUMBER, Part::Whole)]),
            Block::on([(NUMBER, Part::End(4)), (NAME, Part::Start(4))]),
        ];
        let certain = Certain {
            bits: CERTAIN_BITS,
            agreeing: 3,
        };
        Self::new(PRIOR, fields, blocks, certain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_models_are_valid_and_survive_being_written_down() {
        for model in [Model::shipped_for_persons(), Model::shipped_for_organisations()] {
            let model = model.unwrap();
            let json = serde_json::to_string(&model).unwrap();
            let read: Model = serde_json::from_str(&json).unwrap();
            assert_eq!(read, model);
        }
    }

    #[test]
    fn a_model_with_a_fault_is_not_read() {
        let good = serde_json::to_value(Model::shipped_for_persons().unwrap()).unwrap();
        for (pointer, bad, expect) in [
            ("/prior", serde_json::json!(1.5), "the prior `1.5`"),
            ("/fields/1/m/0", serde_json::json!(0.5), "field `birth_date`"),
            (
                "/fields/1/name",
                serde_json::json!("name"),
                "two fields are called `name`",
            ),
            (
                "/blocks/0/0/field",
                serde_json::json!("shoe_size"),
                "the field `shoe_size`",
            ),
            ("/blocks/0", serde_json::json!([]), "a block has no key"),
            ("/certain/sure", serde_json::json!(1), "unknown field `sure`"),
        ] {
            let mut json = good.clone();
            match json.pointer_mut(pointer) {
                Some(place) => *place = bad,
                None => json["certain"]["sure"] = bad,
            }
            let fault = serde_json::from_value::<Model>(json).unwrap_err().to_string();
            assert!(fault.contains(expect), "{pointer}: {fault}");
        }
    }
}

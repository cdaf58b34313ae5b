//! What is known of a person or an organisation when no identifier is.

use crate::compare::Value;
use crate::model::Model;

/// Whether a profile is of a person or of an organisation. The two are never compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A natural person, sole traders included.
    Person,
    /// A legal person or another organisation.
    Organisation,
}

/// What a row or the register says about someone, as it is written there. Every part may be missing, and then says
/// nothing. There is no place for sex, ethnicity, birthplace or kin: they are not compared (guard 3).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// A person or an organisation.
    pub kind: Kind,
    /// The name, in any script.
    pub name: Option<String>,
    /// Year, month and day of birth; of persons only.
    pub birth_date: Option<(i16, u8, u8)>,
    /// The address of residence or of business.
    pub address: Option<String>,
    /// A telephone number, whole or masked (138****1234).
    pub phone: Option<String>,
    /// An identifier as far as it is shown (440604********1234). A whole one is looked up and needs no proposal.
    pub number: Option<String>,
    /// The legal representative; of organisations only.
    pub representative: Option<String>,
}

impl Profile {
    /// A person of whom only this name is known.
    pub fn person(name: &str) -> Self {
        Self::named(Kind::Person, name)
    }

    /// An organisation of which only this name is known.
    pub fn organisation(name: &str) -> Self {
        Self::named(Kind::Organisation, name)
    }

    fn named(kind: Kind, name: &str) -> Self {
        Self {
            kind,
            name: Some(name.to_owned()),
            birth_date: None,
            address: None,
            phone: None,
            number: None,
            representative: None,
        }
    }

    /// Adds the date of birth.
    #[must_use]
    pub fn born(mut self, year: i16, month: u8, day: u8) -> Self {
        self.birth_date = Some((year, month, day));
        self
    }

    /// Adds the address.
    #[must_use]
    pub fn at(mut self, address: &str) -> Self {
        self.address = Some(address.to_owned());
        self
    }

    /// Adds the telephone number.
    #[must_use]
    pub fn phone(mut self, phone: &str) -> Self {
        self.phone = Some(phone.to_owned());
        self
    }

    /// Adds the identifier as far as it is shown.
    #[must_use]
    pub fn number(mut self, number: &str) -> Self {
        self.number = Some(number.to_owned());
        self
    }

    /// Adds the legal representative.
    #[must_use]
    pub fn represented_by(mut self, name: &str) -> Self {
        self.representative = Some(name.to_owned());
        self
    }

    /// The values in the order of a model's fields; nothing for what is missing or cannot be read.
    pub(crate) fn values(&self, model: &Model) -> Vec<Option<Value>> {
        let texts = self.texts(model);
        let fields = model.fields().iter().zip(&texts);
        fields.map(|(field, text)| field.compare().read(text)).collect()
    }

    /// The texts in the order of a model's fields, which it knows by their names; empty for what is missing.
    pub(crate) fn texts(&self, model: &Model) -> Vec<String> {
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        let texts = model.fields().iter().map(|field| match field.name() {
            NAME => text(&self.name),
            BIRTH_DATE => self.birth_date.map_or_else(String::new, |(year, month, day)| {
                format!("{year:04}-{month:02}-{day:02}")
            }),
            ADDRESS => text(&self.address),
            PHONE => text(&self.phone),
            NUMBER => text(&self.number),
            REPRESENTATIVE => text(&self.representative),
            _ => String::new(),
        });
        texts.collect()
    }
}

pub(crate) const NAME: &str = "name";
pub(crate) const BIRTH_DATE: &str = "birth_date";
pub(crate) const ADDRESS: &str = "address";
pub(crate) const PHONE: &str = "phone";
pub(crate) const NUMBER: &str = "number";
pub(crate) const REPRESENTATIVE: &str = "representative";

/// The names by which a model's fields are matched with the parts of a profile.
pub const PROFILE_FIELDS: [&str; 6] = [NAME, BIRTH_DATE, ADDRESS, PHONE, NUMBER, REPRESENTATIVE];

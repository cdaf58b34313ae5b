//! Identifiers of subjects: which kinds there are, how each is checked, and the demo's own.
//!
//! The kind is stated by the submitter and never guessed from the format: an ID-card number can
//! pass the check of a social credit code by chance.

mod organisation;
mod resident;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use organisation::demo_uscc;
use organisation::{check_organisation_code, check_uscc};
use resident::{check_resident_id, check_resident_id_old};
pub use resident::{demo_resident_id, resident_birth_date};

/// Whose identities are taken in: real ones, or only the demo's made-up ones.
///
/// Demo identities carry a check digit that is wrong on purpose, by one. A live store refuses them,
/// and a demo store refuses real ones, so that no real person's data ends up in a demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Realm {
    /// Real identities.
    Live,
    /// Made-up identities with the demo's check digit.
    Demo,
}

/// What kind of identifier a submitter states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentifierKind {
    /// 公民身份号码, GB 11643-1999, 18 characters.
    ResidentId,
    /// The 15-digit resident number used before 1999.
    ResidentIdOld,
    /// A passport.
    Passport,
    /// 港澳居民来往内地通行证.
    HkMacaoPermit,
    /// 台湾居民来往大陆通行证.
    TaiwanPermit,
    /// 外国人永久居留身份证.
    ForeignPermanentResident,
    /// 统一社会信用代码, GB 32100-2015.
    Uscc,
    /// 组织机构代码, GB 11714.
    OrganisationCode,
    /// 工商注册号.
    BusinessRegistration,
}

impl IdentifierKind {
    /// Every kind, in the order of its number in canonical bytes (which never changes).
    pub const ALL: [Self; 9] = [
        Self::ResidentId,
        Self::ResidentIdOld,
        Self::Passport,
        Self::HkMacaoPermit,
        Self::TaiwanPermit,
        Self::ForeignPermanentResident,
        Self::Uscc,
        Self::OrganisationCode,
        Self::BusinessRegistration,
    ];

    /// Its number in canonical bytes.
    pub fn number(self) -> u8 {
        match self {
            Self::ResidentId => 0,
            Self::ResidentIdOld => 1,
            Self::Passport => 2,
            Self::HkMacaoPermit => 3,
            Self::TaiwanPermit => 4,
            Self::ForeignPermanentResident => 5,
            Self::Uscc => 6,
            Self::OrganisationCode => 7,
            Self::BusinessRegistration => 8,
        }
    }

    /// The kind of a number in canonical bytes.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// Its code in policy files, JSON and locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::ResidentId => "resident_id",
            Self::ResidentIdOld => "resident_id_old",
            Self::Passport => "passport",
            Self::HkMacaoPermit => "hk_macao_permit",
            Self::TaiwanPermit => "taiwan_permit",
            Self::ForeignPermanentResident => "foreign_permanent_resident",
            Self::Uscc => "uscc",
            Self::OrganisationCode => "organisation_code",
            Self::BusinessRegistration => "business_registration",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether it names an organisation or sole trader, not a person.
    pub fn is_of_organisation(self) -> bool {
        matches!(
            self,
            Self::Uscc | Self::OrganisationCode | Self::BusinessRegistration
        )
    }
}

/// What is wrong with an identifier. Each has a stable code for reports.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierFault {
    /// Nothing there.
    #[error("the identifier is empty; fill it in")]
    Empty,
    /// Not the length the kind has.
    #[error("the identifier has {found} characters, `{kind}` has {wanted}; compare it with the document", kind = .kind.code())]
    Length {
        /// The stated kind.
        kind: IdentifierKind,
        /// How many characters it has.
        found: usize,
        /// How many it should have.
        wanted: &'static str,
    },
    /// A character that the kind does not use.
    #[error("character {place} is `{found}`, which this identifier never has{hint}")]
    Alphabet {
        /// The stated kind.
        kind: IdentifierKind,
        /// Counted from 1.
        place: usize,
        /// The character.
        found: char,
        /// What it may be a slip for; empty or beginning with `; `.
        hint: &'static str,
    },
    /// Characters 7–14 of a resident number are no day, or one before 1850.
    #[error("characters 7 to 14, `{found}`, are not a date of birth")]
    BirthDate {
        /// The eight (or six) digits.
        found: String,
    },
    /// The check digit does not fit.
    #[error("the check digit is `{found}` and should be `{wanted}`; one of the characters is a slip")]
    CheckDigit {
        /// As given.
        found: char,
        /// As computed.
        wanted: char,
    },
    /// A made-up identity of the demo in a live store.
    #[error("this is a made-up identity of the demo; a live store does not take it")]
    DemoIdentity,
    /// A real identity in a demo store.
    #[error(
        "a demo store takes only the demo's made-up identities, never a real one; start a live store with `--data` for real files"
    )]
    RealInDemo,
}

impl IdentifierFault {
    /// The stable code in row reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "REQUIRED",
            Self::Length { .. } => "ID-LENGTH",
            Self::Alphabet {
                kind: IdentifierKind::Uscc,
                ..
            } => "USCC-ALPHABET",
            Self::Alphabet { .. } => "ID-ALPHABET",
            Self::BirthDate { .. } => "ID-BIRTH-DATE",
            Self::CheckDigit { .. } => "ID-CHECK-DIGIT",
            Self::DemoIdentity => "DEMO-IDENTITY",
            Self::RealInDemo => "REAL-IN-DEMO",
        }
    }
}

/// Something odd that does not refuse an identifier by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentifierWarning {
    /// A social credit code whose check character does not fit. Some issued before 2016 are so
    /// (e.g. `91350203M0001QKT19`): it counts only where the base register has it.
    UsccChecksum,
}

/// A well-formed identifier of a stated kind, in its normal form (upper case, no spaces).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Identifier {
    kind: IdentifierKind,
    value: String,
}

impl fmt::Debug for Identifier {
    /// Masked, so that no log or panic message ever shows an identifier.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.code(), crate::mask_identifier(&self.value))
    }
}

impl Identifier {
    /// Checks an identifier of the stated kind. Address codes are not checked, for abolished ones are
    /// still in use, as are 81/82/83 for residents of Hong Kong, Macao and Taiwan.
    ///
    /// # Errors
    /// When the text cannot be one of that kind, or belongs to the other realm.
    pub fn parse(
        kind: IdentifierKind,
        text: &str,
        realm: Realm,
    ) -> Result<(Self, Vec<IdentifierWarning>), IdentifierFault> {
        let is_normal = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase();
        let value: String = if text.bytes().all(is_normal) {
            text.to_owned()
        } else {
            crate::tidied(text)
                .chars()
                .filter(|c| !c.is_whitespace())
                .flat_map(char::to_uppercase)
                .collect()
        };
        if value.is_empty() {
            return Err(IdentifierFault::Empty);
        }
        let identifier = Self { kind, value };
        let warnings = identifier.check(realm)?;
        Ok((identifier, warnings.into_iter().collect()))
    }

    /// Checks one that was read before once more, e.g. that it is of this realm.
    ///
    /// # Errors
    /// As [`Identifier::parse`].
    pub fn check(&self, realm: Realm) -> Result<Option<IdentifierWarning>, IdentifierFault> {
        let (kind, value) = (self.kind, self.value.as_str());
        match kind {
            IdentifierKind::ResidentId => check_resident_id(value, realm)?,
            IdentifierKind::ResidentIdOld => check_resident_id_old(value, realm)?,
            IdentifierKind::Uscc => return check_uscc(value, realm),
            IdentifierKind::OrganisationCode => check_organisation_code(value, realm)?,
            IdentifierKind::Passport
            | IdentifierKind::HkMacaoPermit
            | IdentifierKind::TaiwanPermit
            | IdentifierKind::ForeignPermanentResident
            | IdentifierKind::BusinessRegistration => check_plain(kind, value)?,
        }
        Ok(None)
    }

    /// Rebuilds an identifier from canonical bytes, whose form was checked when they were made.
    pub(crate) fn from_canonical(kind: IdentifierKind, value: String) -> Option<Self> {
        let fits = (1..=64).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_graphic());
        fits.then_some(Self { kind, value })
    }

    /// The stated kind.
    pub fn kind(&self) -> IdentifierKind {
        self.kind
    }

    /// The whole value: show it only where the viewer may see it.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The value with its middle hidden.
    pub fn masked(&self) -> String {
        crate::mask_identifier(&self.value)
    }
}

fn all_digits(kind: IdentifierKind, text: &str) -> Result<(), IdentifierFault> {
    match text.chars().enumerate().find(|(_, c)| !c.is_ascii_digit()) {
        None => Ok(()),
        Some((place, found)) => {
            let hint = match found {
                'O' => "; is it the digit 0?",
                'I' | 'L' => "; is it the digit 1?",
                _ => "",
            };
            Err(IdentifierFault::Alphabet {
                kind,
                place: place + 1,
                found,
                hint,
            })
        }
    }
}

fn exact_length(
    kind: IdentifierKind,
    value: &str,
    wanted: usize,
    said: &'static str,
) -> Result<(), IdentifierFault> {
    let found = value.chars().count();
    if found == wanted {
        Ok(())
    } else {
        Err(IdentifierFault::Length {
            kind,
            found,
            wanted: said,
        })
    }
}

/// A check that fits is real, one that is off by one is the demo's, any other is a slip.
fn realm_check(
    realm: Realm,
    fits: bool,
    of_demo: bool,
    slip: impl Fn() -> IdentifierFault,
) -> Result<(), IdentifierFault> {
    match (realm, fits, of_demo) {
        (Realm::Live, true, _) | (Realm::Demo, _, true) => Ok(()),
        (Realm::Live, _, true) => Err(IdentifierFault::DemoIdentity),
        (Realm::Demo, true, _) => Err(IdentifierFault::RealInDemo),
        _ => Err(slip()),
    }
}

fn check_plain(kind: IdentifierKind, value: &str) -> Result<(), IdentifierFault> {
    let found = value.chars().count();
    if !(5..=32).contains(&found) {
        return Err(IdentifierFault::Length {
            kind,
            found,
            wanted: "5 to 32",
        });
    }
    match value
        .chars()
        .enumerate()
        .find(|(_, c)| !c.is_ascii_alphanumeric())
    {
        None => Ok(()),
        Some((place, found)) => Err(IdentifierFault::Alphabet {
            kind,
            place: place + 1,
            found,
            hint: "",
        }),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::organisation::uscc_check;
    use super::resident::resident_check;
    use super::*;

    fn check(kind: IdentifierKind, text: &str, expect: &str) {
        let found = match Identifier::parse(kind, text, Realm::Live) {
            Ok((_, warnings)) if warnings.is_empty() => "ok",
            Ok(_) => "warn",
            Err(fault) => fault.code(),
        };
        assert_eq!(found, expect, "{kind:?} {text}");
    }

    #[test]
    fn known_identifiers() {
        use IdentifierKind::{OrganisationCode, Passport, ResidentId, ResidentIdOld, Uscc};
        // Examples of the standards themselves and of public registers of organisations.
        check(ResidentId, "11010519491231002X", "ok");
        check(ResidentId, "11010519491231002x", "ok");
        check(ResidentId, "１１０１０５１９４９１２３１００２Ｘ", "ok");
        check(ResidentId, "110105194912310021", "ID-CHECK-DIGIT");
        check(ResidentId, "110105194913310029", "ID-BIRTH-DATE");
        check(ResidentId, "11010519491231002", "ID-LENGTH");
        check(ResidentId, "1101O5194912310021", "ID-ALPHABET");
        check(ResidentId, "", "REQUIRED");
        check(ResidentIdOld, "110105491231002", "ok");
        check(Uscc, "91350100M000100Y43", "ok");
        check(Uscc, "91350203M0001QKT19", "warn");
        check(Uscc, "91440604MA4W0000I2", "USCC-ALPHABET");
        check(Uscc, "914406O4MA4W000012", "USCC-ALPHABET");
        check(Uscc, "91440604MA4W00001", "ID-LENGTH");
        check(OrganisationCode, "D2143569X", "ok");
        check(OrganisationCode, "D21435690", "ID-CHECK-DIGIT");
        check(Passport, "E12345678", "ok");
        check(Passport, "E1-45678", "ID-ALPHABET");
    }

    #[test]
    fn a_code_that_ends_in_0_is_valid() {
        // Found by search: the sum is a multiple of 31.
        let ending_in_0 = (0..31)
            .map(|n| format!("91440604MA4W0{n:04}"))
            .filter(|body| body.len() == 17)
            .find_map(|body| (uscc_check(&body, 0) == Some('0')).then(|| format!("{body}0")));
        check(
            IdentifierKind::Uscc,
            &ending_in_0.expect("one in 31 ends in 0"),
            "ok",
        );
    }

    #[test]
    fn the_realms_never_mix() {
        let born = Date::constant(1980, 1, 2);
        let person = demo_resident_id("440604", born, 121).unwrap();
        let firm = demo_uscc("91", "440604", 42).unwrap();
        for (kind, text) in [
            (IdentifierKind::ResidentId, &person),
            (IdentifierKind::Uscc, &firm),
        ] {
            assert!(Identifier::parse(kind, text, Realm::Demo).is_ok());
            assert_eq!(
                Identifier::parse(kind, text, Realm::Live),
                Err(IdentifierFault::DemoIdentity)
            );
        }
        for (kind, text) in [
            (IdentifierKind::ResidentId, "11010519491231002X"),
            (IdentifierKind::Uscc, "91350100M000100Y43"),
        ] {
            assert_eq!(
                Identifier::parse(kind, text, Realm::Demo),
                Err(IdentifierFault::RealInDemo)
            );
        }
        let (id, _) = Identifier::parse(IdentifierKind::ResidentId, &person, Realm::Demo).unwrap();
        assert_eq!(resident_birth_date(&id), Some(born));
        assert!(!format!("{id:?}").contains(&person), "debug output is masked");
    }

    proptest::proptest! {
        #[test]
        fn one_slip_in_a_digit_is_always_caught(seq in 0u16..1000, day in 1i8..28, place in 14usize..17, by in 1u32..10) {
            let body = format!("440604198001{day:02}{seq:03}");
            let id = format!("{body}{}", resident_check(&body, 0).unwrap());
            check(IdentifierKind::ResidentId, &id, "ok");
            let slipped: String = id.chars().enumerate().map(|(i, c)| {
                if i == place { char::from_digit((c.to_digit(10).unwrap() + by) % 10, 10).unwrap() } else { c }
            }).collect();
            proptest::prop_assert!(Identifier::parse(IdentifierKind::ResidentId, &slipped, Realm::Live).is_err());
        }
    }
}

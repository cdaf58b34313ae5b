//! Identifiers of subjects: which kinds there are, how each is checked, and the demo's own.
//!
//! The kind is stated by the submitter and never guessed from the format: an ID-card number can
//! pass the check of a social credit code by chance.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

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
        matches!(self, Self::Uscc | Self::OrganisationCode | Self::BusinessRegistration)
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
    #[error("a demo store takes only the demo's made-up identities, never a real one; start a live store with `--data` for real files")]
    RealInDemo,
}

impl IdentifierFault {
    /// The stable code in row reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "REQUIRED",
            Self::Length { .. } => "ID-LENGTH",
            Self::Alphabet { kind: IdentifierKind::Uscc, .. } => "USCC-ALPHABET",
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
    pub fn parse(kind: IdentifierKind, text: &str, realm: Realm) -> Result<(Self, Vec<IdentifierWarning>), IdentifierFault> {
        let value: String =
            crate::tidy_text(text).chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
        if value.is_empty() {
            return Err(IdentifierFault::Empty);
        }
        let mut warnings = Vec::new();
        match kind {
            IdentifierKind::ResidentId => check_resident_id(&value, realm)?,
            IdentifierKind::ResidentIdOld => check_resident_id_old(&value, realm)?,
            IdentifierKind::Uscc => warnings.extend(check_uscc(&value, realm)?),
            IdentifierKind::OrganisationCode => check_organisation_code(&value, realm)?,
            IdentifierKind::Passport
            | IdentifierKind::HkMacaoPermit
            | IdentifierKind::TaiwanPermit
            | IdentifierKind::ForeignPermanentResident
            | IdentifierKind::BusinessRegistration => check_plain(kind, &value)?,
        }
        Ok((Self { kind, value }, warnings))
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

const RESIDENT_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const RESIDENT_CHECK: &[u8; 11] = b"10X98765432";
const USCC_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// The check character of 17 digits by GB 11643; `slip` turns it on by so many places (1 for the demo).
fn resident_check(body: &str, slip: u32) -> Option<char> {
    let mut sum = 0;
    for (c, weight) in body.chars().zip(RESIDENT_WEIGHTS) {
        sum += c.to_digit(10)? * weight;
    }
    let place = usize::try_from((sum + slip) % 11).ok()?;
    RESIDENT_CHECK.get(place).map(|b| char::from(*b))
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
            Err(IdentifierFault::Alphabet { kind, place: place + 1, found, hint })
        }
    }
}

fn exact_length(kind: IdentifierKind, value: &str, wanted: usize, said: &'static str) -> Result<(), IdentifierFault> {
    let found = value.chars().count();
    if found == wanted { Ok(()) } else { Err(IdentifierFault::Length { kind, found, wanted: said }) }
}

fn check_resident_id(value: &str, realm: Realm) -> Result<(), IdentifierFault> {
    let kind = IdentifierKind::ResidentId;
    exact_length(kind, value, 18, "18")?;
    let body: String = value.chars().take(17).collect();
    all_digits(kind, &body)?;
    let found = value.chars().last().unwrap_or(' ');
    if !(found.is_ascii_digit() || found == 'X') {
        return Err(IdentifierFault::Alphabet { kind, place: 18, found, hint: "" });
    }
    birth_date(&body.chars().skip(6).take(8).collect::<String>())?;
    let wanted = resident_check(&body, 0).unwrap_or('?');
    let of_demo = resident_check(&body, 1) == Some(found);
    realm_check(realm, found == wanted, of_demo, || IdentifierFault::CheckDigit { found, wanted })
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

fn birth_date(digits: &str) -> Result<Date, IdentifierFault> {
    let fault = || IdentifierFault::BirthDate { found: digits.to_owned() };
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|s| s.parse::<i16>().ok());
    let (Some(year), Some(month), Some(day)) = (part(0, 4), part(4, 6), part(6, 8)) else { return Err(fault()) };
    let small = |n: i16| i8::try_from(n).map_err(|_| fault());
    let date = Date::new(year, small(month)?, small(day)?).map_err(|_| fault())?;
    if date.year() < 1850 { Err(fault()) } else { Ok(date) }
}

fn check_resident_id_old(value: &str, realm: Realm) -> Result<(), IdentifierFault> {
    let kind = IdentifierKind::ResidentIdOld;
    exact_length(kind, value, 15, "15")?;
    all_digits(kind, value)?;
    birth_date(&format!("19{}", value.chars().skip(6).take(6).collect::<String>()))?;
    // It has no check digit, so that a demo one could not be told from a real one.
    if realm == Realm::Demo { Err(IdentifierFault::RealInDemo) } else { Ok(()) }
}

/// Place of a character in the alphabet of GB 32100.
fn uscc_place(c: char) -> Option<u32> {
    let byte = u8::try_from(c).ok()?;
    USCC_ALPHABET.iter().position(|b| *b == byte).and_then(|place| u32::try_from(place).ok())
}

/// The check character of 17 characters by GB 32100: weights 3^(i-1) mod 31, then
/// `alphabet[(31 - sum mod 31) % 31]`. Without the last `% 31` codes that end in 0 would fail.
fn uscc_check(body: &str, slip: u32) -> Option<char> {
    let mut sum = 0;
    let mut weight = 1;
    for c in body.chars() {
        sum += uscc_place(c)? * weight;
        weight = weight * 3 % 31;
    }
    let place = usize::try_from((31 - sum % 31 + slip) % 31).ok()?;
    USCC_ALPHABET.get(place).map(|b| char::from(*b))
}

/// Letters that open the organisation code of every made-up organisation of the demo.
const DEMO_ORGANISATION: &str = "DEM";

fn check_uscc(value: &str, realm: Realm) -> Result<Option<IdentifierWarning>, IdentifierFault> {
    let kind = IdentifierKind::Uscc;
    exact_length(kind, value, 18, "18")?;
    if let Some((place, found)) = value.chars().enumerate().find(|(_, c)| uscc_place(*c).is_none()) {
        let hint = match found {
            'I' => "; it has no I O S V Z: is it the digit 1?",
            'O' => "; it has no I O S V Z: is it the digit 0?",
            'S' => "; it has no I O S V Z: is it the digit 5?",
            'Z' => "; it has no I O S V Z: is it the digit 2?",
            'V' => "; it has no I O S V Z: is it a U or Y?",
            _ => "",
        };
        return Err(IdentifierFault::Alphabet { kind, place: place + 1, found, hint });
    }
    let body: String = value.chars().take(17).collect();
    all_digits(kind, &body.chars().skip(2).take(6).collect::<String>()).map_err(|fault| match fault {
        IdentifierFault::Alphabet { kind, place, found, hint } => {
            IdentifierFault::Alphabet { kind, place: place + 2, found, hint }
        }
        other => other,
    })?;
    let found = value.chars().last().unwrap_or(' ');
    let marked = value.get(8..11) == Some(DEMO_ORGANISATION);
    let of_demo = marked && uscc_check(&body, 1) == Some(found);
    match realm {
        Realm::Demo if of_demo => Ok(None),
        Realm::Demo => Err(IdentifierFault::RealInDemo),
        Realm::Live if of_demo => Err(IdentifierFault::DemoIdentity),
        Realm::Live => Ok((uscc_check(&body, 0) != Some(found)).then_some(IdentifierWarning::UsccChecksum)),
    }
}

fn check_organisation_code(value: &str, realm: Realm) -> Result<(), IdentifierFault> {
    let kind = IdentifierKind::OrganisationCode;
    exact_length(kind, value, 9, "9 (without the dash)")?;
    let body: String = value.chars().take(8).collect();
    let mut sum = 0;
    for ((place, found), weight) in body.chars().enumerate().zip(ORGANISATION_WEIGHTS) {
        let digit = found.to_digit(36).filter(|_| found.is_ascii_alphanumeric());
        sum += digit.ok_or(IdentifierFault::Alphabet { kind, place: place + 1, found, hint: "" })? * weight;
    }
    if realm == Realm::Demo {
        return if value.starts_with(DEMO_ORGANISATION) { Ok(()) } else { Err(IdentifierFault::RealInDemo) };
    }
    let wanted = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('?'),
    };
    let found = value.chars().last().unwrap_or(' ');
    if found == wanted { Ok(()) } else { Err(IdentifierFault::CheckDigit { found, wanted }) }
}

fn check_plain(kind: IdentifierKind, value: &str) -> Result<(), IdentifierFault> {
    let found = value.chars().count();
    if !(5..=32).contains(&found) {
        return Err(IdentifierFault::Length { kind, found, wanted: "5 to 32" });
    }
    match value.chars().enumerate().find(|(_, c)| !c.is_ascii_alphanumeric()) {
        None => Ok(()),
        Some((place, found)) => Err(IdentifierFault::Alphabet { kind, place: place + 1, found, hint: "" }),
    }
}

/// The date of birth that a checked resident number carries, if the identifier is one.
pub fn resident_birth_date(identifier: &Identifier) -> Option<Date> {
    match identifier.kind {
        IdentifierKind::ResidentId => birth_date(identifier.value.get(6..14)?).ok(),
        IdentifierKind::ResidentIdOld => birth_date(&format!("19{}", identifier.value.get(6..12)?)).ok(),
        _ => None,
    }
}

/// A made-up resident number: address code, birth date and a sequence of three digits, with the
/// demo's check digit, which no real number has.
///
/// `None` if the parts do not make 17 digits.
pub fn demo_resident_id(address_code: &str, born: Date, sequence: u16) -> Option<String> {
    let body = format!("{address_code}{:04}{:02}{:02}{sequence:03}", born.year(), born.month(), born.day());
    if body.len() != 17 {
        return None;
    }
    resident_check(&body, 1).map(|check| format!("{body}{check}"))
}

/// A made-up social credit code: kind (`91` company, `92` sole trader, …), address code and a number
/// below 100 000, marked `DEM` and with the demo's check character.
///
/// `None` if the parts do not make a code.
pub fn demo_uscc(kind: &str, address_code: &str, number: u32) -> Option<String> {
    let body = format!("{kind}{address_code}{DEMO_ORGANISATION}{number:05}D");
    if body.len() != 17 {
        return None;
    }
    uscc_check(&body, 1).map(|check| format!("{body}{check}"))
}

#[cfg(test)]
mod tests {
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
        let ending_in_0 = (0..31).map(|n| format!("91440604MA4W0{n:04}")).filter(|body| body.len() == 17).find_map(|body| {
            (uscc_check(&body, 0) == Some('0')).then(|| format!("{body}0"))
        });
        check(IdentifierKind::Uscc, &ending_in_0.expect("one in 31 ends in 0"), "ok");
    }

    #[test]
    fn the_realms_never_mix() {
        let born = Date::constant(1980, 1, 2);
        let person = demo_resident_id("440604", born, 121).unwrap();
        let firm = demo_uscc("91", "440604", 42).unwrap();
        for (kind, text) in [(IdentifierKind::ResidentId, &person), (IdentifierKind::Uscc, &firm)] {
            assert!(Identifier::parse(kind, text, Realm::Demo).is_ok());
            assert_eq!(Identifier::parse(kind, text, Realm::Live), Err(IdentifierFault::DemoIdentity));
        }
        for (kind, text) in
            [(IdentifierKind::ResidentId, "11010519491231002X"), (IdentifierKind::Uscc, "91350100M000100Y43")]
        {
            assert_eq!(Identifier::parse(kind, text, Realm::Demo), Err(IdentifierFault::RealInDemo));
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

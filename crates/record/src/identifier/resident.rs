//! Resident identity numbers: GB 11643, 18 digits and the 15 before them.

use jiff::civil::Date;

use super::{Identifier, IdentifierFault, IdentifierKind, Realm, all_digits, exact_length, realm_check};

const RESIDENT_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const RESIDENT_CHECK: &[u8; 11] = b"10X98765432";

pub(super) fn check_resident_id(value: &str, realm: Realm) -> Result<(), IdentifierFault> {
    let kind = IdentifierKind::ResidentId;
    exact_length(kind, value, 18, "18")?;
    let found = value.chars().last().unwrap_or(' ');
    let body = value.strip_suffix(found).unwrap_or_default();
    all_digits(kind, body)?;
    if !(found.is_ascii_digit() || found == 'X') {
        return Err(IdentifierFault::Alphabet {
            kind,
            place: 18,
            found,
            hint: "",
        });
    }
    birth_date(body.get(6..14).unwrap_or_default())?;
    let sum = weighed(body).unwrap_or_default();
    let wanted = check_of(sum).unwrap_or('?');
    let of_demo = check_of(sum + 1) == Some(found);
    realm_check(realm, found == wanted, of_demo, || IdentifierFault::CheckDigit {
        found,
        wanted,
    })
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
    let body = format!(
        "{address_code}{:04}{:02}{:02}{sequence:03}",
        born.year(),
        born.month(),
        born.day()
    );
    if body.len() != 17 {
        return None;
    }
    resident_check(&body, 1).map(|check| format!("{body}{check}"))
}

fn birth_date(digits: &str) -> Result<Date, IdentifierFault> {
    let fault = || IdentifierFault::BirthDate {
        found: digits.to_owned(),
    };
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|s| s.parse::<i16>().ok());
    let (Some(year), Some(month), Some(day)) = (part(0, 4), part(4, 6), part(6, 8)) else {
        return Err(fault());
    };
    let small = |n: i16| i8::try_from(n).map_err(|_| fault());
    let date = Date::new(year, small(month)?, small(day)?).map_err(|_| fault())?;
    if date.year() < 1850 {
        Err(fault())
    } else {
        Ok(date)
    }
}

pub(super) fn check_resident_id_old(value: &str, realm: Realm) -> Result<(), IdentifierFault> {
    let kind = IdentifierKind::ResidentIdOld;
    exact_length(kind, value, 15, "15")?;
    all_digits(kind, value)?;
    birth_date(&format!(
        "19{}",
        value.chars().skip(6).take(6).collect::<String>()
    ))?;
    // It has no check digit, so that a demo one could not be told from a real one.
    if realm == Realm::Demo {
        Err(IdentifierFault::RealInDemo)
    } else {
        Ok(())
    }
}

/// The check character of 17 digits by GB 11643; `slip` turns it on by so many places (1 for the demo).
pub(super) fn resident_check(body: &str, slip: u32) -> Option<char> {
    check_of(weighed(body)? + slip)
}

/// The digits, each by its weight.
fn weighed(body: &str) -> Option<u32> {
    let digits = body.chars().zip(RESIDENT_WEIGHTS);
    digits.map(|(c, weight)| Some(c.to_digit(10)? * weight)).sum()
}

fn check_of(sum: u32) -> Option<char> {
    let place = usize::try_from(sum % 11).ok()?;
    RESIDENT_CHECK.get(place).map(|b| char::from(*b))
}

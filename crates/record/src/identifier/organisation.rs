//! Identifiers of organisations: social credit codes (GB 32100) and organisation codes (GB 11714).

use super::{IdentifierFault, IdentifierKind, IdentifierWarning, Realm, all_digits, exact_length};

const USCC_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// Place of a character in the alphabet of GB 32100.
fn uscc_place(c: char) -> Option<u32> {
    let byte = u8::try_from(c).ok()?;
    USCC_ALPHABET
        .iter()
        .position(|b| *b == byte)
        .and_then(|place| u32::try_from(place).ok())
}

/// The check character of 17 characters by GB 32100: weights 3^(i-1) mod 31, then
/// `alphabet[(31 - sum mod 31) % 31]`. Without the last `% 31` codes that end in 0 would fail.
pub(super) fn uscc_check(body: &str, slip: u32) -> Option<char> {
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

pub(super) fn check_uscc(value: &str, realm: Realm) -> Result<Option<IdentifierWarning>, IdentifierFault> {
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
        return Err(IdentifierFault::Alphabet {
            kind,
            place: place + 1,
            found,
            hint,
        });
    }
    let body: String = value.chars().take(17).collect();
    all_digits(kind, &body.chars().skip(2).take(6).collect::<String>()).map_err(|fault| match fault {
        IdentifierFault::Alphabet {
            kind,
            place,
            found,
            hint,
        } => IdentifierFault::Alphabet {
            kind,
            place: place + 2,
            found,
            hint,
        },
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

pub(super) fn check_organisation_code(value: &str, realm: Realm) -> Result<(), IdentifierFault> {
    let kind = IdentifierKind::OrganisationCode;
    exact_length(kind, value, 9, "9 (without the dash)")?;
    let body: String = value.chars().take(8).collect();
    let mut sum = 0;
    for ((place, found), weight) in body.chars().enumerate().zip(ORGANISATION_WEIGHTS) {
        let digit = found.to_digit(36).filter(|_| found.is_ascii_alphanumeric());
        sum += digit.ok_or(IdentifierFault::Alphabet {
            kind,
            place: place + 1,
            found,
            hint: "",
        })? * weight;
    }
    if realm == Realm::Demo {
        return if value.starts_with(DEMO_ORGANISATION) {
            Ok(())
        } else {
            Err(IdentifierFault::RealInDemo)
        };
    }
    let wanted = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('?'),
    };
    let found = value.chars().last().unwrap_or(' ');
    if found == wanted {
        Ok(())
    } else {
        Err(IdentifierFault::CheckDigit { found, wanted })
    }
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

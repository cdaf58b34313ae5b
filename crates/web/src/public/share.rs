//! `GET /o/{code}`: an organisation's short address. It stays when the name or the social credit code changes, and after a merger.

use std::fmt::Write as _;

use axum::http::{HeaderMap, header};
use axum::response::Response;
use qrcode::{EcLevel, QrCode};
use record::{IdentifierKind, SubjectId};
use store::StoreError;

use crate::error::Fault;
use crate::extract::Path;
use crate::page::see;
use crate::visit::{Frame, Visit};

/// As in social credit codes (GB 32100): none of I O S V Z, which are misread.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Longer is no code.
const CODE_MOST: usize = 14;

/// A square code, as one path of unit squares.
pub(crate) struct Square {
    /// How many squares a side has, with the quiet margin.
    pub(crate) side: usize,
    /// The dark ones, as an SVG path.
    pub(crate) dark: String,
}

/// Follows a short address. One that was mistyped leads nowhere, as does one of a natural person.
pub(crate) async fn go(visit: Visit, Path(code): Path<String>) -> Result<Response, Fault> {
    let subject = subject_of(&code).ok_or(Fault::NotFound)?;
    let file = match visit.store().public_file(subject).await {
        Err(StoreError::NotFound) => return Err(Fault::NotFound),
        found => found.map_err(Fault::internal)?,
    };
    let mut own = file.identifiers.iter().rev();
    let uscc = own.find(|one| one.kind() == IdentifierKind::Uscc);
    let uscc = uscc.ok_or(Fault::NotFound)?;
    Ok(see(&format!("/organisations/{}", uscc.value())))
}

/// The whole short address of an organisation, as one sends it to somebody.
pub(crate) fn address(frame: &Frame, headers: &HeaderMap, subject: SubjectId) -> String {
    let code = code_of(subject);
    if let Some(base) = &frame.app.report.address {
        return format!("{}/o/{code}", base.trim_end_matches('/'));
    }
    let scheme = if frame.app.secure_cookies { "https" } else { "http" };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    host.map_or_else(
        || format!("/o/{code}"),
        |host| format!("{scheme}://{host}/o/{code}"),
    )
}

/// The square code of an address; nothing if it is too long for one.
pub(crate) fn square(address: &str) -> Option<Square> {
    const MARGIN: usize = 4;
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    let width = code.width();
    let mut dark = String::new();
    for (at, colour) in code.to_colors().into_iter().enumerate() {
        if colour == qrcode::Color::Dark {
            let (x, y) = (at % width + MARGIN, at / width + MARGIN);
            let _infallible = write!(dark, "M{x} {y}h1v1h-1z");
        }
    }
    Some(Square {
        side: width + 2 * MARGIN,
        dark,
    })
}

/// The number of a subject in 31 letters, and one that checks them.
pub(crate) fn code_of(subject: SubjectId) -> String {
    let mut places = Vec::new();
    let mut rest = subject.0;
    while rest > 0 || places.is_empty() {
        places.push(rest % 31);
        rest /= 31;
    }
    places.reverse();
    let check = check_of(&places);
    let letter = |place: u64| {
        let at = usize::try_from(place).ok()?;
        ALPHABET.get(at).copied().map(char::from)
    };
    places.into_iter().chain([check]).filter_map(letter).collect()
}

fn subject_of(code: &str) -> Option<SubjectId> {
    if code.len() > CODE_MOST {
        return None;
    }
    let place = |byte: u8| {
        let at = ALPHABET
            .iter()
            .position(|letter| *letter == byte.to_ascii_uppercase())?;
        u64::try_from(at).ok()
    };
    let places = code.bytes().map(place).collect::<Option<Vec<u64>>>()?;
    let (check, places) = places.split_last()?;
    if places.is_empty() || check_of(places) != *check {
        return None;
    }
    let number = places
        .iter()
        .try_fold(0_u64, |sum, place| sum.checked_mul(31)?.checked_add(*place))?;
    // One address each: no zeros before it.
    let subject = SubjectId(number);
    (code_of(subject).eq_ignore_ascii_case(code)).then_some(subject)
}

/// 31 is prime, so that one slip, or two neighbours that changed places, never check.
fn check_of(places: &[u64]) -> u64 {
    let weighed = (2_u64..)
        .zip(places.iter().rev())
        .map(|(weight, place)| weight * place);
    weighed.sum::<u64>() % 31
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_back_and_a_slip_is_found() {
        for number in [0, 1, 30, 31, 4711, 4_294_967_295] {
            let code = code_of(SubjectId(number));
            assert_eq!(subject_of(&code), Some(SubjectId(number)), "{code}");
            assert_eq!(subject_of(&code.to_lowercase()), Some(SubjectId(number)));
            for at in 0..code.len() {
                let mut slip = code.clone().into_bytes();
                slip[at] = if slip[at] == b'7' { b'8' } else { b'7' };
                let slip = String::from_utf8(slip).unwrap();
                assert_eq!(subject_of(&slip), None, "{code} mistyped as {slip}");
            }
        }
        for none in ["", "1", "0120", "OOPS", "1234567890123456", "é1"] {
            assert_eq!(subject_of(none), None, "{none}");
        }
    }

    #[test]
    fn a_square_holds_the_address() {
        let square = square("https://credit.example/o/1K7").unwrap();
        assert!(square.side > 25 && square.dark.starts_with('M'));
    }
}
